"""A part of a network as text: from one window to another, to an editor, changed there, and back."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from nndesigner import nnd
from nndesigner.graph import Edge, Graph, Node
from nndesigner.project import Project
from nndesigner.ui.canvas.view import Canvas
from nndesigner.ui.document import Document


def canvas_of(qtbot, graph: Graph) -> Canvas:
    document = Document()
    document.load(Project(graph), None)
    canvas = Canvas(document)
    qtbot.addWidget(canvas)
    return canvas


@pytest.fixture
def first(qtbot) -> Iterator[Canvas]:
    nodes = [
        Node("conv1", "Conv2d", {"out_channels": 4, "kernel_size": 3}, (0, 0)),
        Node("relu1", "ReLU", {}, (0, 88), frozen=True),
        Node("flatten1", "Flatten", {}, (0, 176)),
    ]
    edges = [Edge("conv1", "output", "relu1", "input"), Edge("relu1", "output", "flatten1", "input")]
    yield canvas_of(qtbot, Graph.of(nodes, edges))


def test_what_is_copied_is_the_text_of_a_project(first: Canvas) -> None:
    first.select(["conv1", "relu1"])

    first.copy()

    part = nnd.from_text(QGuiApplication.clipboard().text()).graph
    assert list(part.nodes) == ["conv1", "relu1"]
    assert part.edges == {Edge("conv1", "output", "relu1", "input")}


def test_a_part_goes_from_one_window_to_another(first: Canvas, qtbot) -> None:
    second = canvas_of(qtbot, Graph.of([Node("conv1", "Conv2d", {"out_channels": 9}, (0, 0))], []))
    first.select(["conv1", "relu1"])
    first.copy()

    second.paste()

    graph = second.document.graph
    assert list(graph.nodes) == ["conv1", "conv2", "relu1"]
    assert graph.nodes["relu1"].frozen
    assert graph.edges == {Edge("conv2", "output", "relu1", "input")}
    assert second.selected_names() == ("conv2", "relu1")


def test_a_part_goes_to_an_editor_is_changed_there_and_comes_back(first: Canvas, qtbot) -> None:
    editor = QPlainTextEdit()
    qtbot.addWidget(editor)
    first.select(["conv1"])
    first.copy()
    editor.paste()
    editor.moveCursor(QTextCursor.MoveOperation.Start)
    assert editor.find('"out_channels": 4')
    editor.textCursor().insertText('"out_channels": 32')
    editor.selectAll()
    editor.copy()

    first.paste()

    assert first.document.graph.nodes["conv2"].params == {"out_channels": 32, "kernel_size": 3}


def test_a_slip_made_in_an_editor_is_told_with_its_place(first: Canvas) -> None:
    first.select(["conv1"])
    first.copy()
    before, told = first.document.graph, []
    first.hint.connect(told.append)
    QGuiApplication.clipboard().setText(QGuiApplication.clipboard().text().replace('"conv1"', '"1conv"'))

    first.paste()

    assert first.document.graph is before
    assert told[0].startswith("The part on the clipboard can't be read: a name has letters")
    assert told[0].endswith("at graph.nodes[0]")
