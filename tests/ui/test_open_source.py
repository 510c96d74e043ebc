"""Python sources come into the window: opened, dropped, pasted; read in a child process, never run."""

import threading
from pathlib import Path

import pytest
from pilot import LEFT, PLAIN, Pilot
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget

from nndesigner import blocks, examples, script
from nndesigner.graph import Block, GraphError, Node
from nndesigner.project import Project
from nndesigner.script.reader import reading
from nndesigner.ui.sources.reader import read_apart
from nndesigner.ui.sources.texts import holds_network, lines_of_classes, shapes_in, words_of

SMALL = """\
import torch
from torch import nn


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3)
        self.act = nn.ReLU()
        self.head = nn.Linear(8, 10)

    def forward(self, x):
        x = self.act(self.conv1(x))
        return self.head(x.mean((2, 3)))
"""
TWO = SMALL + (
    """

class Other(nn.Module):
    def __init__(self):
        super().__init__()
        self.only = nn.Linear(5, 7)

    def forward(self, x):
        return self.only(x)
"""
)
BROKEN = SMALL.replace(
    "        return self.head", "        if x.sum() > 0:\n            x = x * 2\n        return self.head"
)


@pytest.fixture
def pilot(pilot: Pilot) -> Pilot:
    """A person at a window that reads in a thread, without the child process, which would start anew in each test."""
    pilot.window.sources.reader.reading = reading.read
    pilot.window.parts.conversation.reader.reading = reading.read
    return pilot


@pytest.fixture
def at_work(pilot: Pilot) -> Pilot:
    """A window with a network in it."""
    pilot.window.filing.example("digits-mlp")
    pilot.settle()
    return pilot


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def nodes(pilot: Pilot) -> set[str]:
    return set(pilot.window.document.graph.nodes)


def drop(target, text="", *paths: Path) -> bool:
    """Drops a text or files; says whether they could be."""
    data = QMimeData()
    if paths:
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    else:
        data.setText(text)
    at, copy = target.rect().center(), Qt.DropAction.CopyAction
    over = QDragEnterEvent(at, copy, data, LEFT, PLAIN)
    QApplication.sendEvent(target, over)
    if over.isAccepted():
        QApplication.sendEvent(target, QDropEvent(QPointF(at), copy, data, LEFT, PLAIN))
    return over.isAccepted()


def test_a_source_is_opened_from_the_menu(at_work: Pilot, tmp_path: Path) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    at_work.window.actions_["open"].trigger()
    at_work.choose_file(write(folder, "small.py", SMALL))
    at_work.wait(lambda: "conv1" in nodes(at_work))
    assert {"act", "head"} <= nodes(at_work)
    assert at_work.window.document.path is None and not at_work.window.document.unsaved


def test_a_source_is_opened_from_the_welcome_page_by_dropping_it(pilot: Pilot, tmp_path: Path) -> None:
    pilot.drop_files(write(tmp_path, "small.py", SMALL))
    pilot.wait(lambda: "conv1" in nodes(pilot))
    assert pilot.window.parts.canvas.isVisible()


def test_a_source_is_read_in_a_child_process(
    pilot: Pilot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "SECONDS", 60.0)  # the machine may be busy with other tests
    pilot.window.sources.reader.reading = read_apart
    pilot.drop_files(write(tmp_path, "small.py", SMALL))
    pilot.wait(lambda: "conv1" in nodes(pilot))
    assert not pilot.window.notice.asks or "Reading" not in pilot.window.notice.text


def test_unsaved_work_is_asked_about_before_a_source_takes_its_place(at_work: Pilot, tmp_path: Path) -> None:
    document = at_work.window.document
    document.edit_graph("Add", document.graph.add(Node("mine", "ReLU")))
    drop(at_work.window, "", write(tmp_path, "small.py", SMALL))
    at_work.wait(lambda: any(one.objectName() == "question" for one in QApplication.topLevelWidgets()))
    at_work.click("questionCancel")
    assert "mine" in nodes(at_work)


def test_a_class_that_is_pasted_into_an_empty_network_is_drawn_at_once(pilot: Pilot) -> None:
    pilot.window.filing.new()
    QApplication.clipboard().setText(SMALL)
    pilot.canvas.setFocus()
    QTest.keyClick(pilot.canvas, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    pilot.wait(lambda: "conv1" in nodes(pilot))
    assert pilot.window.document.unsaved, "it is in no file"


def test_a_class_that_is_pasted_beside_a_network_is_offered_as_a_block(at_work: Pilot) -> None:
    before = at_work.window.document.project
    QApplication.clipboard().setText(SMALL)
    at_work.window.parts.canvas.paste()
    at_work.wait(lambda: "Small" in at_work.window.notice.text)
    assert at_work.window.document.project == before
    at_work.click("noticeChoice2")
    project = at_work.window.document.project
    assert "conv1" in project.blocks["Small"].graph.nodes
    assert [node for node in project.graph.nodes.values() if node.kind == "Small"]
    at_work.window.document.stack.undo()
    assert at_work.window.document.project == before


def test_a_class_that_is_dropped_beside_a_network_can_be_opened(at_work: Pilot) -> None:
    assert drop(at_work.window, SMALL)
    at_work.wait(lambda: "Small" in at_work.window.notice.text)
    at_work.click("noticeChoice1")
    at_work.wait(lambda: "conv1" in nodes(at_work))


def test_a_class_is_dropped_on_the_canvas(pilot: Pilot) -> None:
    pilot.window.filing.new()
    assert drop(pilot.canvas.viewport(), SMALL)
    pilot.wait(lambda: "conv1" in nodes(pilot))


def test_a_script_that_was_exported_comes_back_as_the_project_it_was(pilot: Pilot, tmp_path: Path) -> None:
    project = examples.load("digits")
    pilot.window.filing.open(write(tmp_path, "digits.py", script.write(project).text))
    pilot.wait(lambda: pilot.window.document.project == project)
    pilot.settle()
    parts = pilot.window.parts
    pilot.wait(lambda: parts.conversation.state == "script")
    assert not parts.remarks.isVisible() and not pilot.window.notice.isVisible()


def test_words_that_are_no_source_are_not_taken(at_work: Pilot) -> None:
    assert not drop(at_work.window, "Buy milk and a Module (nn).")
    QApplication.clipboard().setText("print('hello')")
    at_work.window.parts.canvas.paste()
    assert not at_work.window.notice.isVisible()


def test_what_can_not_be_read_is_listed_and_shown_at_its_line(at_work: Pilot, tmp_path: Path) -> None:
    window = at_work.window
    window.filing.open(write(tmp_path, "broken.py", BROKEN))
    at_work.wait(lambda: "conv1" in nodes(at_work))
    line = BROKEN.split("\n").index("        if x.sum() > 0:") + 1
    at_work.wait(lambda: window.parts.remarks.isVisible())
    assert window.parts.remarks.words[0].startswith(f"line {line}: ")
    assert "can’t be read" in window.notice.text
    at_work.click(f"remark_{line}")
    code = window.parts.code
    at_work.wait(lambda: code.isVisible() and code.text.textCursor().blockNumber() + 1 == line)
    assert code.text.toPlainText() == BROKEN.rstrip("\n")
    assert line in code.text.marks.signs
    at_work.click("remarksClose")
    assert not window.parts.remarks.isVisible()


def test_what_was_said_of_a_source_goes_when_another_project_comes(at_work: Pilot, tmp_path: Path) -> None:
    window = at_work.window
    window.filing.open(write(tmp_path, "broken.py", BROKEN))
    at_work.wait(lambda: window.parts.remarks.isVisible())
    assert "broken.py" in window.notice.text and window.notice.isVisible()
    window.filing.new()
    assert not window.notice.isVisible() and not window.parts.remarks.isVisible()
    at_work.wait(lambda: not window.parts.docks["problems"].isVisible())


def test_mending_the_line_of_an_opened_source_lets_the_canvas_follow(at_work: Pilot, tmp_path: Path) -> None:
    window = at_work.window
    window.filing.open(write(tmp_path, "broken.py", BROKEN))
    at_work.wait(lambda: "conv1" in nodes(at_work) and window.parts.remarks.isVisible())
    line = BROKEN.split("\n").index("        if x.sum() > 0:") + 1
    at_work.click(f"remark_{line}")
    text = window.parts.code.text
    QTest.keyClick(text, Qt.Key.Key_Home)
    QTest.keyClick(text, Qt.Key.Key_Home)
    for _ in range(2):
        QTest.keyClick(text, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(text, Qt.Key.Key_Delete)
    assert text.toPlainText() == SMALL.rstrip("\n")
    conversation = window.parts.conversation
    at_work.wait(lambda: conversation.state == "read")
    assert not [
        node for node in window.document.graph.nodes.values() if node.kind in window.document.project.code
    ]


def test_another_class_of_a_source_and_its_input_can_be_chosen(at_work: Pilot, tmp_path: Path) -> None:
    window = at_work.window
    window.filing.open(write(tmp_path, "two.py", TWO))
    at_work.wait(lambda: "Small" in window.notice.text and "Other" in window.notice.text)
    at_work.click("noticeChoice1")
    choice = at_work.find("sourceClasses")
    assert isinstance(choice, QListWidget)
    assert [choice.item(row).text().split()[0] for row in range(choice.count())] == ["Small", "Other"]
    shape = at_work.find("sourceShapes")
    assert isinstance(shape, QLineEdit)
    chosen = choice.currentItem().text().split()[0]
    choice.setCurrentRow(0)
    shape.setText("")
    QTest.keyClicks(shape, "3×x")
    assert not at_work.find("sourceRead").isEnabled()
    shape.setText("")
    QTest.keyClicks(shape, "3, 20, 24")
    at_work.click("sourceRead")
    at_work.wait(
        lambda: any(node.params.get("shape") == (3, 20, 24) for node in window.document.graph.nodes.values())
    )
    assert chosen in ("Small", "Other") and "conv1" in nodes(at_work)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import os\nprint('no network here')\n", "no network"),
        ("x" * 2_000_000, "longer"),
        ("\x00\x01\x02" * 50, ""),
    ],
)
def test_a_source_that_can_not_be_read_changes_nothing(
    at_work: Pilot, tmp_path: Path, text: str, said: str
) -> None:
    before = at_work.window.document.project
    at_work.window.filing.open(write(tmp_path, "hostile.py", text))
    at_work.wait(lambda: at_work.window.notice.isVisible() and "Reading" not in at_work.window.notice.text)
    assert said in at_work.window.notice.text and "hostile.py" in at_work.window.notice.text
    assert at_work.window.document.project == before and not at_work.window.notice.asks


def test_a_file_that_is_gone_is_said_to_be(at_work: Pilot, tmp_path: Path) -> None:
    at_work.window.filing.open(tmp_path / "gone.py")
    at_work.wait(lambda: "gone.py" in at_work.window.notice.text and not at_work.window.notice.asks)
    assert "No such file" in at_work.window.notice.text


def test_reading_can_be_left(at_work: Pilot) -> None:
    sources = at_work.window.sources
    before = at_work.window.document.project
    held = threading.Event()
    sources.reader.reading = lambda source: held.wait(60)
    sources.take_text(SMALL)
    at_work.wait(lambda: at_work.window.notice.asks)
    assert "Reading" in at_work.window.notice.text
    at_work.click("noticeChoice1")
    held.set()
    assert not at_work.window.notice.isVisible()
    assert at_work.window.document.project == before


def test_a_network_with_data_is_no_block() -> None:
    whole = examples.load("digits-mlp")
    with pytest.raises(GraphError, match="data or losses"):
        blocks.adopted(Project(), whole, "Whole")


def test_a_block_of_the_same_name_and_another_inside_is_refused_or_named_anew() -> None:
    inner = Project().with_block(blocks.with_new_block(Project(), "Pair").blocks["Pair"])
    network = blocks.with_new_block(Project(), "Net").blocks["Net"].graph
    project, name = blocks.adopted(inner, Project(network), "Net")
    assert name == "Net" and set(project.blocks) == {"Pair", "Net"}
    assert blocks.adopted(project, Project(network), "Net") == (project, "Net")
    other = Project(network.add(Node("relu1", "ReLU")))
    assert blocks.adopted(project, other, "Net")[1] == "Net2"
    clash = Project(network).with_block(Block("Pair", other.graph))
    with pytest.raises(GraphError, match="another block named 'Pair'"):
        blocks.adopted(project, clash, "Third")


def test_what_looks_like_a_network() -> None:
    assert holds_network(SMALL)
    assert holds_network("net = nn.Sequential(nn.Linear(2, 3))")
    assert holds_network("class A(torch.nn.Module):")
    assert not holds_network("class A: pass")
    assert not holds_network("{}")
    assert lines_of_classes(TWO) == {"Small": 5, "Other": 17}


def test_shapes_as_people_type_them() -> None:
    assert (
        shapes_in("3×224×224") == shapes_in("3, 224, 224") == shapes_in("(3 x 224 x 224)") == ((3, 224, 224),)
    )
    assert shapes_in("3×8; 5") == ((3, 8), (5,))
    assert words_of(((3, 8), (5,))) == "3×8; 5"
    for words in ("", "a", "3××4", "0×3", "-1"):
        with pytest.raises(ValueError, match=r"\w"):
            shapes_in(words)
