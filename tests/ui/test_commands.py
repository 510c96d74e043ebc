"""The command palette and the sheet of keys, by keyboard and by mouse; the graph walked and wired without a mouse."""

from collections import Counter

from pilot import PLAIN, Pilot
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from nndesigner.ui import actions
from nndesigner.ui.chooser import Choice, found_in
from nndesigner.ui.commands import Commands
from nndesigner.ui.key_sheet import KeySheet, as_text, groups_of
from nndesigner.ui.keys import GESTURES, key_of


def opened(pilot: Pilot, example: str = "digits") -> Pilot:
    pilot.window.filing.example(example)
    pilot.wait(lambda: pilot.window._drawing and bool(pilot.graph.nodes))
    return pilot


def asked(pilot: Pilot, query: str = "") -> Commands:
    pilot.window.actions_["commands"].trigger()
    sheet = pilot.window.findChild(Commands)
    QTest.keyClicks(sheet.search, query)
    return sheet


def test_every_word_must_be_found_or_all_letters_in_order() -> None:
    choice = Choice("align_left", "Align left", "Arrange")

    ranks = [found_in(choice, query) for query in ("align l", "left", "eft", "arrange", "agl", "right")]

    assert ranks == [0, 1, 3, 8, 100, None]


def test_every_action_has_a_key_and_no_key_is_given_twice() -> None:
    without = [record.name for record in actions.RECORDS if not key_of(record.name, "".join(record.keys))]
    counted = Counter(key for record in actions.RECORDS for key in record.keys)

    assert without == []
    assert [key for key, count in counted.items() if count > 1] == []


def test_a_command_is_found_by_a_word_and_run_by_enter(pilot: Pilot) -> None:
    opened(pilot)
    sheet = asked(pilot, "select all")

    QTest.keyClick(sheet.search, Qt.Key.Key_Return)

    assert sheet.isHidden()
    assert len(pilot.canvas.selected_names()) == len(pilot.graph.nodes)


def test_the_palette_lists_every_action_and_every_node(pilot: Pilot) -> None:
    opened(pilot)

    sheet = asked(pilot)

    nodes = {f"node {name}" for name in pilot.graph.nodes}
    assert set(sheet.keys()) == {name for name, _ in actions.listed() if name != "commands"} | nodes
    assert sheet.list.painter.fitting is not None
    assert "pause" not in sheet.list.painter.fitting
    assert "fit" in sheet.list.painter.fitting


def test_no_two_commands_have_the_same_name(pilot: Pilot) -> None:
    sheet = asked(opened(pilot))

    counted = Counter(choice.text for choice in sheet._commands())

    assert [name for name, count in counted.items() if count > 1] == []


def test_what_is_not_possible_now_is_said_and_not_run(pilot: Pilot) -> None:
    sheet = asked(pilot, "zoom in")

    QTest.keyClick(sheet.search, Qt.Key.Key_Return)

    assert not sheet.isHidden()
    assert sheet.search.accessibleDescription().endswith("not possible now")


def test_what_was_run_last_comes_first_also_in_the_next_window(pilot: Pilot) -> None:
    opened(pilot)
    for query in ("zoom to 100", "arrange all"):
        QTest.keyClick(asked(pilot, query).search, Qt.Key.Key_Return)

    sheet = asked(pilot)

    assert sheet.keys()[:2] == ["arrange", "zoom_reset"]
    assert list(QSettings().value("commands/recent")) == ["arrange", "zoom_reset"]


def test_a_node_is_gone_to_by_its_name_and_kind(pilot: Pilot) -> None:
    opened(pilot)
    name = next(node.name for node in pilot.graph.nodes.values() if node.kind == "Linear")
    sheet = asked(pilot, f"go to {name} linear")

    QTest.mouseClick(
        sheet.list.viewport(),
        Qt.MouseButton.LeftButton,
        PLAIN,
        sheet.list.visualRect(sheet.list.currentIndex()).center(),
    )

    assert pilot.canvas.selected_names() == (name,)


def test_escape_leaves_and_gives_the_keys_back(pilot: Pilot) -> None:
    opened(pilot)
    pilot.canvas.setFocus()
    sheet = asked(pilot, "zoo")

    QTest.keyClick(sheet.search, Qt.Key.Key_Escape)

    assert sheet.isHidden()
    assert pilot.canvas.hasFocus()


def test_nothing_found_is_said(pilot: Pilot) -> None:
    sheet = asked(pilot, "xyzzy")

    assert sheet.keys() == []
    assert "xyzzy" in sheet.search.accessibleDescription()


def test_the_sheet_holds_every_action_and_every_gesture(pilot: Pilot) -> None:
    groups = groups_of(pilot.window.actions_)

    alone = [one for gestures in GESTURES.values() for one in gestures if not one.action]
    assert sum(len(group.rows) for group in groups) == len(actions.listed()) + len(alone)
    assert ("Save", "Ctrl+S") in groups[0].rows


def test_the_sheet_is_searched_and_copied_as_text(pilot: Pilot) -> None:
    pilot.window.actions_["keys"].trigger()
    sheet = pilot.window.findChild(KeySheet)
    QTest.keyClicks(sheet.search, "zoom ctrl")

    pilot.click("keySheetCopy")

    text = QGuiApplication.clipboard().text()
    assert text == as_text(sheet.groups)
    assert "Zoom to fit" in text
    assert "Save" not in text
    QTest.keyClick(sheet.search, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_ctrl_and_arrows_walk_along_wires_and_to_neighbours(pilot: Pilot) -> None:
    opened(pilot)
    pilot.canvas.select(["relu1"])
    met = []

    for keys in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up):
        QTest.keyClick(pilot.canvas, keys, Qt.KeyboardModifier.ControlModifier)
        met += pilot.canvas.selected_names()

    assert met == ["conv2", "norm2", "conv2", "relu1", "norm1"]
    pilot.canvas.select(["digit"])
    QTest.keyClick(pilot.canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert pilot.canvas.selected_names() == ("loss",)


def test_what_a_screen_reader_says_follows_the_node(pilot: Pilot) -> None:
    opened(pilot)
    pilot.settle()

    pilot.canvas.select(["conv2"])

    said = pilot.canvas.accessibleDescription()
    assert said.startswith("conv2, Conv2d, 64 · 3×3 · padding 1, gives ")
    assert said.endswith("from relu1, to norm2")


def test_a_wire_is_led_by_keys_alone_and_undone(pilot: Pilot) -> None:
    opened(pilot)
    pilot.settle()
    before = pilot.graph
    pilot.canvas.select(["flatten1"])
    pilot.canvas.setFocus()
    pilot.window.actions_["wire_to"].trigger()
    chooser = pilot.window.parts.joining.chooser
    QTest.keyClicks(chooser.search, "linear")

    QTest.keyClick(chooser.search, Qt.Key.Key_Return)

    assert chooser.isHidden()
    assert pilot.graph.incoming["linear1"]["input"].source == "flatten1"
    assert pilot.window.document.stack.undoText() == "Connect flatten1 to linear1"
    pilot.window.document.stack.undo()
    assert pilot.graph == before


def test_only_what_closes_no_loop_is_offered_as_a_wires_end(pilot: Pilot) -> None:
    opened(pilot)
    pilot.canvas.select(["conv2"])

    pilot.window.actions_["wire_from"].trigger()

    sources = {edge.source for edge in pilot.window.parts.joining._edges.values()}
    assert "conv1" in sources
    assert not sources & {"conv2", "norm2", "linear1", "loss"}
    QTest.keyClick(pilot.window.parts.joining.chooser.search, Qt.Key.Key_Escape)
    assert pilot.window.parts.joining.chooser.isHidden()
    assert not pilot.canvas.stage.overlays


def test_a_wire_needs_one_node_to_begin_at(pilot: Pilot) -> None:
    opened(pilot)
    pilot.canvas.select([])

    with_hint = []
    pilot.canvas.hint.connect(with_hint.append)
    pilot.window.actions_["wire_to"].trigger()

    assert with_hint == ["Select the one node where the wire is to begin"]


def test_a_click_in_the_history_goes_to_that_step(pilot: Pilot) -> None:
    opened(pilot)
    first = pilot.window.document.project
    for name in ("relu1", "relu2"):
        pilot.canvas.select([name])
        QTest.keyClick(pilot.canvas, Qt.Key.Key_Delete)
    last = pilot.window.document.project
    pilot.window.actions_["history"].trigger()
    steps = pilot.find("historyList")

    def click(row: int) -> None:
        at = steps.visualRect(steps.model().index(row, 0)).center()
        QTest.mouseClick(steps.viewport(), Qt.MouseButton.LeftButton, PLAIN, at)

    assert [steps.model().index(row, 0).data() for row in range(3)] == [
        "As it was opened",
        "Delete relu1",
        "Delete relu2",
    ]
    click(0)
    assert pilot.window.document.project == first
    assert steps.accessibleDescription() == "Step 0 of 2: As it was opened"
    click(2)
    assert pilot.window.document.project == last


def test_a_layer_is_bypassed_and_frozen_by_a_key_and_back(pilot: Pilot) -> None:
    opened(pilot)
    pilot.settle()
    before = pilot.graph
    pilot.canvas.select(["conv1", "relu1", "data"])
    pilot.canvas.setFocus()

    pilot.hand.keys("Ctrl+B")
    pilot.hand.keys("Ctrl+I")

    assert [name for name, node in pilot.graph.nodes.items() if node.bypassed] == ["conv1", "relu1"]
    assert [name for name, node in pilot.graph.nodes.items() if node.frozen] == ["conv1"]
    assert pilot.window.document.stack.undoText() == "Freeze conv1"
    assert pilot.canvas.selected_names() == ("data", "conv1", "relu1")
    pilot.hand.keys("Ctrl+B")
    pilot.hand.keys("Ctrl+I")
    assert pilot.graph == before


def test_f2_renames_the_node_where_it_stands(pilot: Pilot) -> None:
    opened(pilot)
    pilot.canvas.select(["conv1"])
    pilot.canvas.setFocus()

    pilot.hand.keys("F2")
    pilot.hand.type("conv2")
    pilot.hand.keys("Return")
    assert "There is a node named conv2 already" in pilot.find("namingProblem").accessibleName() + "".join(
        label.text() for label in pilot.find("namingProblem").findChildren(QLabel)
    )
    pilot.hand.keys("Ctrl+A")
    pilot.hand.type("edges")
    pilot.hand.keys("Return")

    pilot.wait(lambda: "edges" in pilot.graph.nodes)
    assert pilot.canvas.selected_names() == ("edges",)
    assert pilot.window.document.stack.undoText() == "Rename conv1 to edges"
    assert pilot.canvas.hasFocus()
