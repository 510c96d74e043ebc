from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pilot import Pilot
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidget, QWidget

from nndesigner import examples, nnd
from nndesigner.graph import Block, Frame, Node
from nndesigner.project import Project
from nndesigner.training import runs
from nndesigner.ui import theme
from nndesigner.ui.compare.choice import CompareDialog
from nndesigner.ui.compare.marks import CardMark, FrameMark, Ghost, WireMark
from nndesigner.ui.compare.page import ComparePage, Side
from nndesigner.ui.theme import look
from tests.conftest import residual_digits


@pytest.fixture
def saved(pilot: Pilot, tmp_path: Path) -> Path:
    """The digits, open from a file."""
    path = tmp_path / "mine.nnd"
    nnd.save(examples.load("digits"), path)
    pilot.window.filing.open(path)
    pilot.settle()
    return path


def edited(project: Project) -> Project:
    """One layer changed, one gone, one new."""
    graph = project.graph.replace_node(project.graph.nodes["conv2"].with_param("out_channels", 32))
    return replace(project, graph=graph.remove(["dropout1"]).add(Node("extra", "ReLU", position=(400, 0))))


def compared(pilot: Pilot) -> ComparePage:
    pilot.wait(lambda: pilot.window.comparing.shown)
    return pilot.window.comparing.page


def marks(sheet: object) -> set[tuple[str, str]]:
    """The signs on a sheet, and the cards they are on."""
    cards = {
        (round(card.x()), round(card.y())): name
        for name, card in sheet.cards().items()  # type: ignore[attr-defined]
    }
    return {
        (one.sign, cards[round(one.card.x()), round(one.card.y())])
        for one in sheet.stage.overlays  # type: ignore[attr-defined]
        if isinstance(one, CardMark)
    }


def test_the_canvas_is_compared_with_the_version_last_saved(pilot: Pilot, saved: Path) -> None:
    pilot.window.document.edit("Change", edited(pilot.window.document.project))
    pilot.window.actions_["compare"].trigger()
    choices = pilot.find("compareChoices")
    assert isinstance(choices, QListWidget) and choices.item(0).text() == "mine.nnd as it was last saved"
    pilot.click("compareGo")
    page = compared(pilot)
    assert "~ conv2 out_channels 64 → 32" in page.listing.lines()
    assert marks(page.before) == {("~", "conv2"), ("-", "dropout1")}
    assert marks(page.after) == {("~", "conv2"), ("+", "extra")}
    assert {one.sign for one in page.before.stage.overlays if isinstance(one, WireMark)} == {"-"}
    assert [one.name for one in page.after.stage.overlays if isinstance(one, Ghost)] == ["dropout1"]
    assert not pilot.window.actions_["train"].isEnabled()
    pilot.click("compareBack")
    assert pilot.window.pages.currentWidget() is pilot.canvas
    assert pilot.window.actions_["train"].isEnabled()


def test_a_frame_that_differs_is_marked_and_shown_with_what_stands_in_it(pilot: Pilot, saved: Path) -> None:
    project = pilot.window.document.project
    place = project.graph.nodes["conv2"].position
    frame = Frame("Second", (place[0] - 20, place[1] - 50), (300.0, 200.0))
    pilot.window.document.edit("Frame", replace(project, graph=replace(project.graph, frames=(frame,))))
    pilot.window.comparing.with_saved()
    page = compared(pilot)
    assert page.listing.lines() == ["+ frame “Second”"]
    assert not [one for one in page.before.stage.overlays if isinstance(one, FrameMark)]
    (mark,) = [one for one in page.after.stage.overlays if isinstance(one, FrameMark)]
    assert (mark.sign, mark.area.topLeft()) == ("+", QPointF(*frame.position))
    page.listing.choose(0)
    assert "conv2" in page.after.chosen_names


def test_a_line_brings_its_node_to_the_middle_of_both(pilot: Pilot, saved: Path) -> None:
    pilot.window.document.edit("Change", edited(pilot.window.document.project))
    pilot.window.comparing.with_saved()
    page = compared(pilot)
    row = page.listing.lines().index("~ conv2 out_channels 64 → 32")
    page.listing.choose(row)
    for sheet in (page.before, page.after):
        pilot.wait(lambda sheet=sheet: sheet.camera.still)
        away = sheet.cards()["conv2"].center() - sheet.middle
        assert abs(away.x()) < 3 and abs(away.y()) < 3 and sheet.chosen_names == ("conv2",)
    gone = next(row for row, line in enumerate(page.listing.lines()) if line.startswith("- dropout1"))
    page.listing.choose(gone)
    pilot.wait(lambda: page.after.camera.still and page.before.camera.still)
    ghost = next(one for one in page.after.stage.overlays if isinstance(one, Ghost))
    assert (ghost.card.center() - page.after.middle).manhattanLength() < 4


def test_both_are_moved_and_zoomed_together(pilot: Pilot, saved: Path) -> None:
    pilot.window.document.edit("Change", edited(pilot.window.document.project))
    pilot.window.comparing.with_saved()
    page = compared(pilot)
    pilot.wait(lambda: page.before.middle == page.after.middle or page.before.scale_ == page.after.scale_)
    apart = page.after.middle - page.before.middle
    at = QPointF(page.before.viewport().rect().center()) + QPointF(60, 40)
    wheel = QWheelEvent(
        at, page.before.viewport().mapToGlobal(at), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    scale = page.before.scale_
    QApplication.sendEvent(page.before.viewport(), wheel)
    assert page.before.scale_ > scale and page.after.scale_ == page.before.scale_
    for _ in range(20):
        pilot.hand.drag(page.after.viewport(), QPoint(200, 200), QPoint(213, 187))
    drift = (page.after.middle - page.before.middle) - apart
    assert drift.manhattanLength() * page.after.scale_ < 3


def test_a_node_that_is_clicked_is_found_in_the_list_and_on_the_other_side(pilot: Pilot, saved: Path) -> None:
    pilot.window.document.edit("Change", edited(pilot.window.document.project))
    pilot.window.comparing.with_saved()
    page = compared(pilot)
    pilot.wait(lambda: page.before.scale_ < 1 or page.before.viewport().height() > 900)
    place = page.before.mapFromScene(page.before.cards()["conv2"].center())
    pilot.hand.click(page.before.viewport(), place)
    assert page.before.chosen_names == page.after.chosen_names == ("conv2",)
    assert "conv2" in page.listing.tree.currentItem().text(0)


def test_a_run_is_compared_from_the_table_of_runs(pilot: Pilot, saved: Path) -> None:
    folder = runs.home(saved, Project()) / "0001"
    folder.mkdir(parents=True)
    (folder / runs.RECEIPT).write_text('{"status": "finished"}')
    project = examples.load("digits")
    nnd.save(replace(project, training=replace(project.training, epochs=3)), folder / runs.PROJECT)
    pilot.window.running._list()
    panel = pilot.window.parts.runs
    pilot.wait(lambda: len(panel.runs) == 1)
    panel.select({folder})
    pilot.window.show_workspace("training")
    panel._actions["compare"].trigger()
    page = compared(pilot)
    assert page.listing.lines() == ["~ epochs 3 → 15"]
    pilot.hand.click(page.after.viewport(), QPoint(4, 4))
    pilot.hand.keys("Escape")
    pilot.wait(lambda: pilot.window.workspaces.current == "training")


def test_what_cannot_be_read_is_told_and_the_canvas_stays(pilot: Pilot, saved: Path) -> None:
    broken = saved.with_name("broken.nnd")
    broken.write_text("{")
    pilot.window.comparing.with_file(broken)
    pilot.wait(lambda: "Broken.nnd" in pilot.window.notice.text or "broken.nnd" in pilot.window.notice.text)
    assert pilot.window.pages.currentWidget() is pilot.canvas


def test_where_there_is_nothing_else_to_compare_with_enter_asks_for_a_file(qtbot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = CompareDialog("", (), window)
    with qtbot.waitExposed(dialog):
        dialog.show()
    with qtbot.waitSignal(dialog.file_wanted):
        QTest.keyClick(dialog, Qt.Key.Key_Return)


def test_an_edit_that_is_undone_is_followed(pilot: Pilot, saved: Path) -> None:
    pilot.window.document.edit("Change", edited(pilot.window.document.project))
    pilot.window.comparing.with_saved()
    page = compared(pilot)
    assert page.listing.total > 2
    pilot.window.document.stack.undo()
    assert page.listing.total == 0 and not marks(page.before) and not marks(page.after)


@pytest.fixture
def page(qtbot) -> Callable[[Project, Project], ComparePage]:  # type: ignore[no-untyped-def]
    theme.apply(QApplication.instance(), theme.LIGHT)  # type: ignore[arg-type]

    def show(before: Project, after: Project) -> ComparePage:
        made = ComparePage()
        qtbot.addWidget(made)
        made.resize(1280, 800)
        with qtbot.waitExposed(made):
            made.show()
        made.show_sides(Side("before", before), Side("after", after))
        return made

    return show


def test_the_inside_of_a_block_is_shown_when_its_line_is_chosen(
    page: Callable[[Project, Project], ComparePage],
) -> None:
    drawn = residual_digits()
    places = {name: (0.0, 96.0 * number) for number, name in enumerate(drawn.graph.nodes)}
    before = replace(drawn, graph=drawn.graph.move(places))
    block = before.blocks["Residual"]
    inside = block.graph.replace_node(block.graph.nodes["conv1"].with_param("kernel_size", 5))
    after = replace(before, blocks={**before.blocks, "Residual": Block("Residual", inside, block.params)})
    graph = after.graph.replace_node(after.graph.nodes["head"].with_param("bias", False))
    made = page(before, replace(after, graph=graph))
    assert made.block == "" and {("~", "head"), ("~", "res1"), ("~", "res2")} <= marks(made.after)
    made.listing.choose(made.listing.lines().index("~ conv1 kernel_size 3 → 5"))
    assert made.block == "Residual" and set(made.after.cards()) == set(inside.nodes)
    assert [one.words for one in made.after.stage.overlays if isinstance(one, CardMark)] == ["kernel_size 5"]
    made.listing.choose(0)
    assert made.block == ""


@pytest.mark.parametrize("mode", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    "names", [("resnet18", "resnet50"), ("digits", "vae"), ("densenet121", "densenet121")]
)
def test_any_two_are_painted_near_and_far(
    page: Callable[[Project, Project], ComparePage], mode: theme.Theme, names: tuple[str, str]
) -> None:
    theme.apply(QApplication.instance(), mode)  # type: ignore[arg-type]
    made = page(*map(examples.load, names))
    assert look.theme is mode
    for scale in (1.0, 0.45, 0.2):
        for sheet in (made.before, made.after):
            sheet.look_at(scale, sheet.middle)
    image = QImage(made.size(), QImage.Format.Format_RGB32)
    made.render(image)
    assert image.pixelColor(5, 300).name().upper() == mode.paper


def test_signs_tell_what_colours_tell(page: Callable[[Project, Project], ComparePage]) -> None:
    project = examples.load("digits")
    made = page(project, edited(project))
    spoken = [item.data(0, Qt.ItemDataRole.AccessibleTextRole) for item in made.listing._items()]
    assert any(words.startswith("removed: dropout1") for words in spoken)
    assert any(words.startswith("changed: conv2") for words in spoken)
    assert all(item.text(0)[0] in "+−~" for item in made.listing._items())
