"""A walk through the program: every page, workspace and dialog, one after the other."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pilot import Pilot
from PySide6.QtWidgets import QDialog, QWidget

from nndesigner import nnd
from nndesigner.graph import Node
from nndesigner.project import Project
from nndesigner.training.incoming import Start
from nndesigner.ui.compare.choice import CompareDialog
from nndesigner.ui.question import Role, ask, nothing
from nndesigner.ui.sources.dialog import SourceDialog
from nndesigner.ui.weights.dialog import WeightsDialog
from nndesigner.ui.weights.work import Looked
from tests.conftest import residual_digits, small_digits

Stop = tuple[str, QWidget]


def faulty() -> Project:
    """A network in which something is wrong, something frozen, something bypassed, and a layer that nobody knows."""
    project = small_digits(epochs=1)
    graph = project.graph.replace_node(replace(project.graph.nodes["relu1"], bypassed=True))
    graph = graph.replace_node(replace(graph.nodes["linear1"], frozen=True))
    graph = graph.replace_node(graph.nodes["conv1"].with_param("kernel_size", 30))
    return replace(project, graph=graph.add(Node("odd1", "Odd", position=(400, 0))))


def glance(pilot: Pilot, folder: Path) -> Iterator[Stop]:
    """The most important stops of the tour."""
    window = pilot.window
    yield "welcome", window
    nnd.save(faulty(), folder / "faulty.nnd")
    window.filing.open(folder / "faulty.nnd")
    pilot.settle()
    pilot.canvas.select(["conv1"])
    window.workspaces.set_shown("problems", True)
    yield "design", window
    window.show_workspace("training")
    yield "training", window


def tour(pilot: Pilot, folder: Path) -> Iterator[Stop]:
    """Every stop by its name, and the window or dialog that is looked at there."""
    yield "welcome", pilot.window
    yield from _designing(pilot, folder)
    yield from _training(pilot)
    yield from _dialogs(pilot, folder)


def _designing(pilot: Pilot, folder: Path) -> Iterator[Stop]:
    window = pilot.window
    window.filing.new()
    pilot.settle()
    yield "empty", window
    seen = {"blocks": ("data", "res1", "again", "aux_loss"), "faulty": ("conv1", "relu1", "odd1")}
    for name, project in (("blocks", residual_digits()), ("faulty", faulty())):
        nnd.save(project, folder / f"{name}.nnd")
        window.filing.open(folder / f"{name}.nnd")
        pilot.settle()
        for node in seen[name]:
            pilot.canvas.select([node])
            yield f"{name}-{node}", window
    pilot.canvas.select_all()
    yield "all", window
    for dock in ("code", "problems", "history"):
        window.workspaces.set_shown(dock, True)
    pilot.wait(
        lambda: "class" in window.parts.code.text.toPlainText() or bool(pilot.canvas.stage.plan.problems)
    )
    yield "everything", window
    for action in ("type_line", "add_here", "replace", "wire_to", "rename", "make_block", "note"):
        pilot.canvas.setFocus()
        pilot.canvas.select(["linear1"])
        window.actions_[action].trigger()
        yield action, window
    window.workspaces.reset()


def _training(pilot: Pilot) -> Iterator[Stop]:
    window = pilot.window
    window.document.edit("Mend", small_digits(epochs=1))
    window.show_workspace("training")
    pilot.settle()
    yield "training", window
    window.train()
    pilot.wait(lambda: window.run.state == "finished")
    yield "trained", window
    window.actions_["layers"].trigger()
    yield "layers", window


def _dialogs(pilot: Pilot, folder: Path) -> Iterator[Stop]:
    window = pilot.window
    window.actions_["commands"].trigger()
    yield "commands", window
    window.actions_["commands"].trigger()
    for action in ("keys", "about", "data", "export"):
        window.actions_[action].trigger()
        dialog = _open(window)
        yield action, dialog
        dialog.close()
    window.show_workspace("design")
    shapes = {"linear.weight": (10, 32), "linear.bias": (10,)}
    looked = Looked(Start(folder / "some.pt", ""), shapes, {**shapes, "conv.weight": (4, 1, 3, 3)})
    for made in (
        CompareDialog("digits", [], window),
        WeightsDialog(looked, window),
        SourceDialog("net.py", ("Small", "Other"), "Small", {}, (), "Shapes are tried out.", window),
        ask(window, "Save?", "It has changes.", ("save", "Save", Role.AcceptRole, nothing), ("no", "Cancel", Role.RejectRole, nothing)),
    ):  # fmt: skip
        made.open()
        yield made.objectName(), made
        made.close()


def _open(window: QWidget) -> QDialog:
    return next(one for one in window.findChildren(QDialog) if one.isVisible())
