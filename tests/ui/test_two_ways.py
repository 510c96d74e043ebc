"""Text and canvas at once: what is typed beside the canvas, by a person who has a keyboard and a mouse."""

import re
import statistics
import threading
import time
from dataclasses import replace

import pytest
from pilot import Pilot
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from nndesigner import examples, script
from nndesigner.graph import Graph
from nndesigner.project import Project
from nndesigner.script.reader import reading
from nndesigner.script.reader.reading import Reading, ReadingError, Remark, Source

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class StandIn:
    """Reads the widths of layers, and nothing else, from the scripts of one project."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.texts: list[str] = []
        self.held = threading.Event()
        self.held.set()

    def __call__(self, source) -> Reading:
        if not source.text:
            raise ReadingError("there is nothing")
        self.texts.append(source.text)
        assert self.held.wait(30)
        try:
            compile(source.text, "source", "exec", dont_inherit=True)
        except SyntaxError as error:
            raise ReadingError(f"line {error.lineno}: {error.msg}") from None
        nodes, lines = [], {}
        for name, node in self.project.graph.nodes.items():
            found = re.search(rf"self\.{name} = nn\.\w+\(\d+, (\d+)", source.text)
            key = {"Linear": "out_features", "Conv2d": "out_channels"}.get(node.kind)
            nodes.append(node.with_param(key, int(found[1])) if found and key else node)
            if found:
                lines[name] = (source.text[: found.start()].count("\n") + 1,)
        remarks = tuple(
            Remark("this can't be read: a loop without an end", number)
            for number, line in enumerate(source.text.split("\n"), 1)
            if "while True" in line
        )
        return Reading(replace(self.project, graph=Graph.of(nodes, self.project.graph.edges)), remarks, lines)


class Typist:
    """A person at the pilot's window who types in the text beside the canvas."""

    def __init__(self, pilot: Pilot, name: str = "digits") -> None:
        self.pilot, self.window = pilot, pilot.window
        self.window.filing.example(name)
        self.window.parts.docks["code"].show()
        self.conversation = self.window.parts.conversation
        self.view = self.window.parts.code
        self.text = self.view.text
        self.project = self.window.document.project
        self.reader = StandIn(self.project)
        self.conversation.reader.reading = self.reader
        pilot.settle()
        pilot.wait(lambda: self.view.shows_text and self.text.isVisible())
        self.script = self.view.code

    @property
    def shown(self) -> str:
        return self.text.toPlainText()

    def step_in(self, before: str, *, behind: bool = False) -> None:
        """Clicks into the text, before some words of it or behind them."""
        place = self.shown.index(before) + (len(before) if behind else 0)
        cursor = self.text.textCursor()
        cursor.setPosition(place)
        self.text.reveal(cursor.blockNumber() + 1)
        at = QPoint(4, self.text.cursorRect(cursor).center().y())
        QTest.mouseClick(self.text.viewport(), Qt.MouseButton.LeftButton, pos=at)
        self.text.setTextCursor(cursor)
        self.pilot.wait(lambda: self.view.is_used)

    def type(self, words: str) -> None:
        QTest.keyClicks(self.text, words)

    def key(self, key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.text, key, modifiers)

    @property
    def layer(self) -> str:
        """The first convolution."""
        return next(name for name, node in self.project.graph.nodes.items() if node.kind == "Conv2d")

    def width(self) -> int:
        """How many channels it has on the canvas."""
        return self.window.document.graph.nodes[self.layer].params["out_channels"]

    def widen(self) -> None:
        """Types a 1 before the number of its channels."""
        found = re.search(rf"self\.{self.layer} = nn\.Conv2d\(\d+, ", self.shown)
        assert found
        self.step_in(found[0], behind=True)
        self.type("1")

    def step_out(self) -> None:
        """Clicks on the empty canvas."""
        canvas = self.window.parts.canvas
        QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=canvas.rect().bottomLeft() * 0.9)
        self.pilot.wait(lambda: not self.view.is_used)

    def wait_for(self, state: str) -> None:
        self.pilot.wait(lambda: self.conversation.state == state and not self.conversation.waits)


@pytest.fixture
def typist(pilot: Pilot) -> Typist:
    return Typist(pilot)


def test_what_is_typed_changes_the_canvas_as_one_step(typist: Typist) -> None:
    before = typist.width()
    typist.widen()
    typist.wait_for("read")
    assert typist.width() == int(f"1{before}")
    typist.type("1")
    typist.pilot.wait(lambda: typist.width() == int(f"11{before}"))
    stack = typist.window.document.stack
    assert stack.count() == 1 and stack.undoText() == "Edit the script"
    typist.step_out()
    stack.undo()
    assert typist.window.document.project == typist.project


def test_the_text_is_not_touched_while_one_is_in_it_and_the_script_again_after(typist: Typist) -> None:
    typist.widen()
    typist.key(Qt.Key.Key_End)
    typist.type("   # mine")
    typist.wait_for("read")
    typist.pilot.settle()
    place, scroll = typist.text.textCursor().position(), typist.text.verticalScrollBar().value()
    assert "   # mine" in typist.shown
    assert typist.text.textCursor().position() == place
    typist.step_out()
    typist.wait_for("script")
    assert "# mine" not in typist.shown
    assert typist.text.verticalScrollBar().value() == scroll
    assert str(typist.width()) in typist.shown


def test_a_text_with_an_error_leaves_the_canvas_and_says_where(typist: Typist) -> None:
    typist.step_in("def forward", behind=True)
    typist.key(Qt.Key.Key_Home)
    typist.type("if while")
    typist.wait_for("wrong")
    line = typist.text.textCursor().blockNumber() + 1
    assert typist.window.document.project == typist.project
    assert list(typist.text.marks.signs) == [line]
    assert typist.view.said.startswith(f"line {line}: ")
    assert not typist.view.bar.isVisible(), "nothing jumps while one types"
    typist.step_out()
    assert typist.view.bar.isVisible() and f"line {line}" in typist.view.bar.text
    assert "if while" in typist.shown
    typist.pilot.click("codeGo")
    assert typist.text.textCursor().blockNumber() + 1 == line
    typist.step_out()
    typist.pilot.click("codeBack")
    assert typist.view.code == typist.script
    assert not typist.text.marks.signs and not typist.view.bar.isVisible()


def test_taking_back_the_script_can_be_undone(typist: Typist) -> None:
    typist.step_in("def forward", behind=True)
    typist.type("((")
    typist.wait_for("wrong")
    typist.step_out()
    typist.pilot.click("codeBack")
    typist.step_in("def forward")
    typist.key(Qt.Key.Key_Z, CONTROL)
    assert "def forward((" in typist.shown
    typist.wait_for("wrong")


def test_an_error_that_is_mended_lets_the_canvas_follow(typist: Typist) -> None:
    before = typist.width()
    typist.widen()
    typist.type("(")
    typist.wait_for("wrong")
    assert typist.width() == before
    typist.key(Qt.Key.Key_Backspace)
    typist.wait_for("read")
    assert typist.width() == int(f"1{before}")
    assert not typist.text.marks.signs


def test_what_was_typed_is_undone_in_the_text_and_the_canvas_goes_back(typist: Typist) -> None:
    typist.widen()
    typist.wait_for("read")
    assert typist.window.document.unsaved
    typist.key(Qt.Key.Key_Z, CONTROL)
    typist.pilot.wait(lambda: typist.window.document.project == typist.project)
    assert typist.window.document.stack.count() == 0, "there and back is no step"
    assert typist.view.code == typist.script
    typist.key(Qt.Key.Key_Z, CONTROL | SHIFT)
    typist.pilot.wait(lambda: typist.window.document.project != typist.project)


def test_undoing_on_and_on_goes_back_to_how_it_was(typist: Typist) -> None:
    typist.widen()
    typist.wait_for("read")
    typist.key(Qt.Key.Key_A, CONTROL)
    typist.key(Qt.Key.Key_Delete)
    typist.pilot.wait(lambda: not typist.conversation.waits)
    for _ in range(10):
        typist.key(Qt.Key.Key_Z, CONTROL)
    typist.wait_for("script")
    assert typist.window.document.project == typist.project and typist.view.code == typist.script
    assert not typist.view.bar.isVisible()


def test_with_nothing_typed_undo_is_that_of_the_canvas(typist: Typist) -> None:
    window = typist.window
    window.parts.canvas.select([typist.layer])
    window.parts.canvas.delete_selection()
    typist.pilot.settle()
    window.document.stack.undo()
    typist.pilot.settle()
    typist.pilot.wait(lambda: typist.view.code == typist.script)
    typist.step_in("def forward")
    typist.key(Qt.Key.Key_Y, CONTROL)
    assert typist.layer not in window.document.graph.nodes
    typist.pilot.wait(lambda: not typist.view.shows_text)


def test_the_canvas_changed_while_the_text_had_an_error_and_the_person_chooses(typist: Typist) -> None:
    document = typist.window.document
    typist.widen()
    typist.type("(")
    typist.wait_for("wrong")
    typist.step_out()
    other = document.graph.nodes[typist.layer].with_param("kernel_size", 5)
    document.edit_graph("Change", document.graph.replace_node(other))
    typist.wait_for("apart")
    typist.pilot.settle()
    assert "(" in typist.shown and "stays as it is" in typist.view.bar.text
    typist.step_in("def forward")
    found = re.search(rf"self\.{typist.layer} = nn\.Conv2d\(\d+, 1\(", typist.shown)
    typist.step_in(found[0], behind=True)
    typist.key(Qt.Key.Key_Backspace)
    typist.pilot.wait(lambda: not typist.conversation.waits)
    assert document.graph.nodes[typist.layer] == other, "nothing is put in place of it unasked"
    widened = typist.reader(Source(typist.view.code)).project
    typist.pilot.click("codeTake")
    assert document.project == widened and document.stack.count() == 2
    document.stack.undo()
    assert document.graph.nodes[typist.layer] == other


def test_only_moved_nodes_keep_their_places_while_the_text_is_wrong(typist: Typist) -> None:
    document = typist.window.document
    typist.widen()
    typist.type("(")
    typist.wait_for("wrong")
    document.edit_graph("Move", document.graph.move({typist.layer: (500.0, 40.0)}))
    assert typist.conversation.state == "wrong"
    typist.key(Qt.Key.Key_Backspace)
    typist.wait_for("read")
    assert document.graph.nodes[typist.layer].position == (500.0, 40.0)


def test_moving_a_node_does_not_touch_the_text(typist: Typist) -> None:
    document, revision = typist.window.document, typist.text.revision
    document.edit_graph("Move", document.graph.move({typist.layer: (500.0, 40.0)}))
    typist.pilot.settle()
    assert typist.text.revision == revision and typist.conversation.state == "script"


def test_an_answer_to_an_older_text_is_dropped(typist: Typist) -> None:
    before = typist.width()
    typist.reader.held.clear()
    typist.widen()
    typist.pilot.wait(lambda: len(typist.reader.texts) == 1)
    typist.type("1")
    typist.reader.held.set()
    typist.wait_for("read")
    assert typist.width() == int(f"11{before}")
    assert typist.window.document.stack.count() == 1


def test_selecting_a_node_lights_its_lines_and_going_to_a_line_selects_its_node(typist: Typist) -> None:
    canvas = typist.window.parts.canvas
    canvas.select([typist.layer])
    assert typist.view.lit_lines
    line = typist.view.lit_lines[0]
    canvas.select([])
    assert typist.view.lit_lines == ()
    typist.text.go_to(line - 1)
    typist.key(Qt.Key.Key_Down)
    typist.pilot.wait(lambda: canvas.selected_names() == (typist.layer,))
    assert line in typist.view.lit_lines and typist.view.is_used


def test_lit_lines_move_along_with_the_text(typist: Typist) -> None:
    typist.window.parts.canvas.select([typist.layer])
    before = typist.view.lit_lines
    typist.step_in("class ")
    typist.key(Qt.Key.Key_Return)
    assert typist.view.lit_lines == tuple(line + 1 for line in before)
    typist.text.go_to(before[0] + 1)
    typist.pilot.wait(lambda: typist.window.parts.canvas.selected_names() == (typist.layer,))


def test_rubbish_and_nothing_at_all_change_nothing(typist: Typist) -> None:
    typist.step_in("class ")
    for text in ("\x00\x01 \u2028)))\r\n\t:=", ""):
        typist.key(Qt.Key.Key_A, CONTROL)
        QApplication.clipboard().setText(text)
        typist.key(Qt.Key.Key_V, CONTROL) if text else typist.key(Qt.Key.Key_Delete)
        typist.pilot.wait(lambda: not typist.conversation.waits)
        if text:
            assert typist.conversation.state == "wrong"
            assert typist.window.document.project == typist.project
    for _ in range(10):
        typist.key(Qt.Key.Key_Z, CONTROL)
    typist.wait_for("script")
    assert typist.view.code == typist.script
    assert typist.window.document.project == typist.project


def test_another_project_takes_the_text_along(typist: Typist) -> None:
    typist.step_in("import torch")
    typist.type("((")
    typist.wait_for("wrong")
    typist.window.document.load(examples.load("lenet5"), None)
    typist.pilot.settle()
    assert typist.conversation.state == "script"
    typist.pilot.wait(lambda: "class LeNet" in typist.shown)


def test_leaving_a_text_with_an_error_for_another_project_is_asked_about(typist: Typist) -> None:
    typist.step_in("import torch")
    typist.type("((")
    typist.wait_for("wrong")
    typist.window.filing.new()
    typist.pilot.click("questionStay")
    assert typist.window.document.project == typist.project and "((import" in typist.shown
    typist.window.filing.new()
    typist.pilot.click("questionLeave")
    typist.pilot.wait(lambda: typist.window.document.project == Project())


def test_saving_waits_for_what_is_being_typed(typist: Typist, tmp_path) -> None:
    window = typist.window
    window.document.save(tmp_path / "mine.nnd")
    typist.widen()
    window.actions_["save"].trigger()
    typist.pilot.wait(lambda: window.document.project != typist.project and not window.document.unsaved)


def test_the_window_closes_while_one_types(typist: Typist) -> None:
    typist.widen()
    typist.window.close()
    typist.pilot.wait(lambda: typist.window.document.unsaved)
    typist.pilot.click("questionDiscard")
    typist.pilot.wait(lambda: not typist.window.isVisible())


def test_a_network_that_does_not_fit_keeps_the_text_and_says_why(pilot: Pilot) -> None:
    typist = Typist(pilot)
    last = [name for name, node in typist.project.graph.nodes.items() if node.kind == "Linear"][-1]
    typist.step_in(re.search(rf"self\.{last} = nn\.Linear\(\d+, ", typist.shown)[0], behind=True)
    typist.type("1")
    typist.wait_for("read")
    typist.step_out()
    pilot.settle()
    assert typist.view.shows_text
    pilot.wait(lambda: "needs a score" in typist.view.said)


def test_sizes_that_follow_from_what_was_typed_do_not_hold_the_canvas_back(typist: Typist) -> None:
    typist.conversation.reader.reading = reading.read
    before = typist.width()
    typist.widen()
    typist.wait_for("read")
    assert typist.width() == int(f"1{before}")
    assert [sign.severity for sign in typist.text.marks.signs.values()] == ["note", "note"]
    typist.step_out()
    typist.wait_for("script")
    assert typist.view.code == script.write(typist.window.document.project).text
    assert not typist.text.marks.signs


@pytest.mark.parametrize("name", ["digits", "densenet121"])
def test_a_layer_typed_into_the_script_comes_onto_the_canvas_and_the_rest_stays(
    pilot: Pilot, name: str
) -> None:
    typist = Typist(pilot, name)
    typist.conversation.reader.reading = reading.read
    places = {node.name: node.position for node in typist.project.graph.nodes.values()}
    main = typist.shown.rindex("class ") if name == "densenet121" else typist.shown.index("class ")
    relu = re.compile(r"\n( +)self\.(\w+) = nn\.ReLU\(.*\)").search(typist.shown, main)
    call = re.compile(rf"\n( +)(\w+) = self\.{relu[2]}\((\w+)\).*").search(typist.shown, relu.end())
    cursor = typist.text.textCursor()
    for place, words in (
        (call.end(), f"\n{call[1]}{call[2]} = self.mine({call[2]})"),
        (relu.end(), f"\n{relu[1]}self.mine = nn.Tanh()"),
    ):
        typist.step_in("import torch" if "import torch" in typist.shown else "from torch")
        cursor.setPosition(place)
        typist.text.setTextCursor(cursor)
        typist.text.insertPlainText(words)
    typist.wait_for("read")
    graph = typist.window.document.graph
    assert graph.nodes["mine"].kind == "Tanh"
    assert {name: graph.nodes[name].position for name in places} == places
    assert graph.incoming["mine"]["input"].source == relu[2]
    assert typist.window.document.stack.count() == 1


def test_training_settings_typed_into_the_script_are_the_projects(pilot: Pilot) -> None:
    typist = Typist(pilot, "digits")
    typist.conversation.reader.reading = reading.read
    found = re.search(r"\"--epochs\".*?default=|epochs = ", typist.shown)
    if found is None:
        pytest.skip("this script says its epochs another way")
    typist.step_in(found[0], behind=True)
    typist.type("1")
    typist.wait_for("read")
    assert typist.window.document.project.training.epochs == int(f"1{typist.project.training.epochs}")


def test_typing_in_a_large_script_is_smooth_while_it_is_read_elsewhere(pilot: Pilot) -> None:
    typist = Typist(pilot, "densenet121")
    typist.conversation.reader.reading = reading.read
    pilot.wait(lambda: typist.view.settled)
    typist.step_in("self.conv1 = nn.Conv2d(", behind=True)
    spent = []
    for letter in "64, 64, kernel_size=7, stride=2" * 2:
        start = time.thread_time()
        typist.type(letter)
        typist.text.viewport().repaint()
        spent.append(time.thread_time() - start)
    print("key to paint", statistics.median(spent), max(spent))
    assert statistics.median(spent) < 0.016


def test_dragging_a_node_of_a_large_network_leaves_the_text_alone(pilot: Pilot) -> None:
    typist = Typist(pilot, "densenet121")
    document, revision = typist.window.document, typist.text.revision
    name = next(iter(document.graph.nodes))
    spent = []
    for step in range(20):
        start = time.thread_time()
        document.edit_graph("Move", document.graph.move({name: (24.0 * step, 8.0)}), merge="drag")
        QApplication.processEvents()
        spent.append(time.thread_time() - start)
    pilot.settle()
    print("move", statistics.median(spent), max(spent))
    assert typist.text.revision == revision
    assert typist.view.code == script.write(document.project).text
    assert statistics.median(spent) < 0.016


def test_the_story_of_a_text(pilot: Pilot) -> None:
    """Typed, followed, undone, spoilt, left and brought back, by a hand and nothing else."""
    window = pilot.window
    window.filing.example("digits")
    pilot.wait(lambda: pilot.canvas.isVisible())
    pilot.hand.click(pilot.canvas.viewport(), QPoint(8, pilot.canvas.height() - 40))
    pilot.hand.keys("Ctrl+K")
    view, text, conversation = window.parts.code, window.parts.code.text, window.parts.conversation
    pilot.settle()
    pilot.wait(lambda: text.isVisible() and view.settled)
    before, written = window.document.project, view.code
    place = text.toPlainText().index("nn.Conv2d(1, ") + len("nn.Conv2d(1, ")
    cursor = text.textCursor()
    cursor.setPosition(place)
    text.reveal(cursor.blockNumber() + 1)
    pilot.hand.click(text.viewport(), text.cursorRect(cursor).center())
    pilot.wait(lambda: view.is_used and text.textCursor().position() == place)
    pilot.wait(lambda: pilot.canvas.selected_names() == ("conv1",))

    pilot.hand.type("1")
    pilot.wait(lambda: pilot.graph.nodes["conv1"].params["out_channels"] == 132)
    pilot.hand.keys("Ctrl+Z")
    pilot.wait(lambda: window.document.project == before and conversation.state == "script")
    pilot.hand.type("((")
    pilot.wait(lambda: conversation.state == "wrong")
    assert window.document.project == before
    pilot.hand.click(pilot.canvas.viewport(), QPoint(8, pilot.canvas.height() - 40))
    pilot.wait(lambda: view.bar.isVisible())
    pilot.click("codeBack")
    pilot.wait(lambda: view.code == written and not view.bar.isVisible())
