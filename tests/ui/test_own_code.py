"""Layers of one's own in the window: made, typed, asked for before they run."""

import sys
from dataclasses import replace
from pathlib import Path

from pilot import Pilot
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton

from nndesigner import nnd, trust
from nndesigner.graph import Code, Edge, Graph, Node
from nndesigner.project import Project

SWISH = Code("swish", "import torch\n\n\ndef swish(x, beta=1.0):\n    return x * torch.sigmoid(beta * x)\n")


def with_swish() -> Project:
    nodes = [
        Node("a", "Input", {"shape": (6,)}),
        Node("swish1", "swish", {}, (0.0, 120.0)),
        Node("b", "Output", {}, (0.0, 240.0)),
    ]
    wires = [Edge("a", "output", "swish1", "x"), Edge("swish1", "output", "b", "input")]
    return Project(Graph.of(nodes, wires)).with_code(SWISH)


def messages(pilot: Pilot) -> list[str]:
    checked = pilot.window.parts._checked
    return [problem.message for problem in checked.plan.problems] if checked else []


def test_a_layer_that_came_with_a_project_is_asked_for_with_its_text_in_view(
    pilot: Pilot, tmp_path: Path
) -> None:
    file = tmp_path / "own.nnd"
    nnd.save(with_swish(), file)
    pilot.window.filing.open(file)
    pilot.settle()
    assert any("comes with this project" in words for words in messages(pilot))
    pilot.canvas.fit()
    pilot.select("swish1")
    shown = pilot.find("ownCode")
    assert isinstance(shown, QPlainTextEdit) and shown.toPlainText() == SWISH.text
    assert pilot.find("ownAsked").isVisible()
    pilot.click("ownAllow")
    pilot.settle()
    assert not [words for words in messages(pilot) if "comes with" in words]
    assert trust.trusted() == {SWISH.sha256}
    assert not pilot.window.document.unsaved
    assert pilot.window.findChild(QPushButton, "ownAllow").isHidden()


def test_ones_own_layer_is_made_typed_and_undone(pilot: Pilot) -> None:
    pilot.window.document.load(Project(Graph.of([Node("a", "Input", {"shape": (6,)})])), None)
    pilot.window._opened()
    pilot.settle()
    pilot.click("paletteNewOwn")
    pilot.settle()
    assert pilot.graph.nodes["own11"].kind == "Own1"
    assert "Own1" in pilot.window.parts.palette.names()
    editor = pilot.find("ownCode")
    assert isinstance(editor, QPlainTextEdit)
    editor.setFocus()
    text = editor.toPlainText().replace("Own1", "Scaled").replace("start: float = 1.0", "start: float = 2.0")
    editor.selectAll()
    QTest.keyClicks(editor, "class Broken(")
    problem = pilot.find("ownProblem")
    assert isinstance(problem, QLabel) and "line 1" in problem.text() and problem.isVisible()
    editor.setPlainText(text)
    QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    pilot.settle()
    assert pilot.graph.nodes["own11"].kind == "Scaled"
    assert list(pilot.window.document.project.code) == ["Scaled"]
    kind = pilot.window.document.project.kind_of(pilot.graph.nodes["own11"])
    assert kind is not None and kind.by_name["start"].default == 2.0
    assert not [words for words in messages(pilot) if "comes with" in words], "what one types oneself may run"
    pilot.window.document.stack.undo()
    assert list(pilot.window.document.project.code) == ["Own1"]
    pilot.window.document.stack.undo()
    assert not pilot.window.document.project.code and "own11" not in pilot.graph.nodes


def test_a_copied_layer_of_ones_own_brings_its_text_but_no_trust(pilot: Pilot) -> None:
    pilot.window.document.load(with_swish(), None)
    pilot.window._opened()
    pilot.settle()
    pilot.window.parts.canvas.select(["swish1"])
    pilot.window.parts.canvas.copy()
    pilot.window.document.load(Project(Graph.of([Node("a", "Input")])), None)
    pilot.window.parts.canvas.paste()
    pilot.settle()
    assert pilot.window.document.project.code == {"swish": SWISH}
    assert not pilot.window.document.project.trusted
    assert pilot.graph.nodes["swish1"].kind == "swish"


def test_a_name_that_is_taken_is_refused_beside_the_text(pilot: Pilot) -> None:
    made = with_swish()
    pilot.window.document.load(replace(made, trusted=frozenset()), None)
    pilot.window._opened()
    pilot.settle()
    pilot.window.parts.canvas.select(["swish1"])
    editor = pilot.find("ownCode")
    assert isinstance(editor, QPlainTextEdit)
    editor.setPlainText("def print(x):\n    return x\n")
    editor.left.emit()
    problem = pilot.find("ownProblem")
    assert isinstance(problem, QLabel) and "already means something" in problem.text()
    assert pilot.window.document.project == made
    button = pilot.find("ownAllow")
    assert isinstance(button, QPushButton) and button.isVisible()


def test_the_window_closes_while_code_of_ones_own_hangs(pilot: Pilot) -> None:
    hanging = Code("forever", "def forever(x):\n    while True:\n        pass\n    return x\n")
    nodes = [Node("a", "Input", {"shape": (6,)}), Node("forever1", "forever"), Node("b", "Output")]
    wires = [Edge("a", "output", "forever1", "x"), Edge("forever1", "output", "b", "input")]
    pilot.window.document.load(Project(Graph.of(nodes, wires)).with_code(hanging), None)
    pilot.window._opened()
    pilot.settle()
    pilot.window.document.trust(hanging)
    pilot.wait(lambda: "nndesigner.child" in sys.modules and child_at_work())
    pilot.window.checker.finish()
    assert not pilot.window.checker.isRunning()


def child_at_work() -> bool:
    from nndesigner import child

    return child._pool is not None and bool(child._pool._processes)
