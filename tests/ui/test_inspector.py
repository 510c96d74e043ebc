from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from nndesigner import plan as plans
from nndesigner.expression import Expression
from nndesigner.graph import Edge, Graph, Node
from nndesigner.plan import Plan
from nndesigner.problem import Cure, Problem
from nndesigner.ui import theme
from nndesigner.ui.document import Document
from nndesigner.ui.facts import Facts
from nndesigner.ui.form import Form, Refusal
from nndesigner.ui.inspector import Inspector
from nndesigner.ui.problems import CureButton


@pytest.fixture(autouse=True)
def styled(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, theme.LIGHT)
    yield


def sketch() -> Graph:
    return Graph.of(
        [
            Node("data", "Data", {"dataset": "digits"}),
            Node("conv1", "Conv2d", {"out_channels": 16, "kernel_size": 3, "padding": "same"}),
            Node("conv2", "Conv2d", {"out_channels": 32, "kernel_size": 3}),
            Node("relu1", "ReLU"),
            Node("join", "Add"),
            Node("odd", "FancyLayer", {"depth": 3, "sizes": (1, 2), "width": Expression("w * 2")}),
        ],
        [
            Edge("data", "image", "conv1", "input"),
            Edge("conv1", "output", "conv2", "input"),
            Edge("conv2", "output", "relu1", "input"),
            Edge("conv1", "output", "join", "input1"),
        ],
    )


@pytest.fixture
def document() -> Document:
    made = Document()
    made.edit_graph("Sketch", sketch())
    return made


@pytest.fixture
def inspector(qtbot: QtBot, document: Document) -> Inspector:
    made = Inspector(document)
    qtbot.addWidget(made)
    made.resize(300, 900)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def field(inspector: Inspector, name: str) -> QWidget:
    return inspector.findChild(QWidget, f"param_{name}")


def name_field(inspector: Inspector) -> QLineEdit:
    return inspector.findChild(QLineEdit, "nodeName")


def facts(inspector: Inspector, name: str = "nodeFacts") -> list[tuple[str, ...]]:
    found = inspector.findChild(Facts, name).facts
    return [tuple(filter(None, (fact.name, fact.value, fact.remark))) for fact in found]


def retype(target: QWidget, text: str) -> None:
    target.setFocus()
    target.selectAll()
    QTest.keyClicks(target, text)


def words(inspector: Inspector) -> str:
    return "\n".join(label.text() for label in inspector.findChildren(QLabel) if label.isVisible())


def test_one_node_shows_what_it_is(inspector: Inspector) -> None:
    inspector.show_nodes(("conv1",))
    assert name_field(inspector).text() == "conv1"
    shown = words(inspector)
    assert "Conv2d · Convolution" in shown
    assert "Looks for small patterns" in shown
    assert inspector.findChild(QWidget, "nodeFormula").accessibleName().startswith("y[o] = b[o]")
    assert field(inspector, "out_channels").lineEdit().text() == "16"


def test_typing_into_a_param_changes_the_document_as_one_step(
    inspector: Inspector, document: Document
) -> None:
    inspector.show_nodes(("conv1",))
    before = document.graph
    retype(field(inspector, "out_channels"), "128")
    assert document.graph.nodes["conv1"].params["out_channels"] == 128
    assert document.stack.undoText() == "Set conv1.out_channels"
    document.stack.undo()
    assert document.graph == before
    assert field(inspector, "out_channels").lineEdit().text() == "16"


def test_leaving_a_field_ends_the_step(inspector: Inspector, document: Document) -> None:
    inspector.show_nodes(("conv1",))
    retype(field(inspector, "out_channels"), "8")
    QTest.keyClick(field(inspector, "out_channels"), Qt.Key.Key_Return)
    retype(field(inspector, "out_channels"), "9")
    document.stack.undo()
    assert document.graph.nodes["conv1"].params["out_channels"] == 8


def test_a_value_that_is_the_default_is_not_stored(inspector: Inspector, document: Document) -> None:
    inspector.show_nodes(("conv1",))
    retype(field(inspector, "stride"), "2")
    assert document.graph.nodes["conv1"].params["stride"] == 2
    retype(field(inspector, "stride"), "1")
    assert "stride" not in document.graph.nodes["conv1"].params


def test_the_reset_button_brings_back_the_default(inspector: Inspector, document: Document) -> None:
    inspector.show_nodes(("conv1",))
    QTest.mouseClick(inspector.findChild(QWidget, "paramReset_padding"), Qt.MouseButton.LeftButton)
    assert "padding" not in document.graph.nodes["conv1"].params
    assert field(inspector, "padding").lineEdit().text() == "0"


def test_an_edit_from_elsewhere_is_shown(inspector: Inspector, document: Document) -> None:
    inspector.show_nodes(("conv1",))
    node = document.graph.nodes["conv1"].with_param("out_channels", 99)
    document.edit_graph("Elsewhere", document.graph.replace_node(node))
    assert field(inspector, "out_channels").lineEdit().text() == "99"


def test_a_name_is_given_when_the_person_is_done(
    inspector: Inspector, document: Document, qtbot: QtBot
) -> None:
    inspector.show_nodes(("conv1",))
    retype(name_field(inspector), "stem")
    assert "conv1" in document.graph.nodes
    with qtbot.waitSignal(inspector.renamed) as told:
        QTest.keyClick(name_field(inspector), Qt.Key.Key_Return)
    assert told.args == ["conv1", "stem"]
    assert "stem" in document.graph.nodes
    assert inspector.names == ("stem",)
    assert name_field(inspector).hasFocus()
    assert Edge("data", "image", "stem", "input") in document.graph.edges


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("conv2", "already"),
        ("class", "already means something"),
        ("2nd", "does not fit"),
        ("", "does not fit"),
    ],
)
def test_a_name_that_can_not_be_is_refused_with_the_reason(
    inspector: Inspector, document: Document, typed: str, reason: str
) -> None:
    inspector.show_nodes(("conv1",))
    retype(name_field(inspector), typed)
    if not typed:
        QTest.keyClick(name_field(inspector), Qt.Key.Key_Backspace)
    told = inspector.findChild(Refusal, "nodeNameProblem")
    assert told.isVisible()
    assert reason in told.reason
    QTest.keyClick(name_field(inspector), Qt.Key.Key_Return)
    assert document.graph == sketch()
    field(inspector, "stride").setFocus()
    assert name_field(inspector).text() == "conv1"
    assert not told.isVisible()


def test_selecting_another_node_finishes_the_name_that_is_typed(
    inspector: Inspector, document: Document
) -> None:
    inspector.show_nodes(("conv1",))
    retype(name_field(inspector), "stem")
    inspector.show_nodes(("conv2",))
    assert "stem" in document.graph.nodes
    assert "conv2" in document.graph.nodes
    assert name_field(inspector).text() == "conv2"


def test_another_node_of_the_same_kind_is_edited_for_itself(inspector: Inspector, document: Document) -> None:
    inspector.show_nodes(("conv1",))
    retype(field(inspector, "out_channels"), "x")
    inspector.show_nodes(("conv2",))
    assert field(inspector, "out_channels").lineEdit().text() == "32"
    retype(field(inspector, "out_channels"), "5")
    assert document.graph.nodes["conv2"].params["out_channels"] == 5
    assert document.graph.nodes["conv1"].params["out_channels"] == 16


def test_shapes_and_what_follows_from_them_are_told(inspector: Inspector, document: Document) -> None:
    inspector.set_plan(plans.make(document.project))
    inspector.show_nodes(("conv2",))
    assert facts(inspector) == [
        ("in", "N×16×8×8", "from conv1"),
        ("in_channels", "16", "follows from conv1"),
        ("out", "N×32×6×6"),
        ("parameters", "4\u202f640"),
    ]


def test_inputs_without_a_wire_are_told(inspector: Inspector, document: Document) -> None:
    inspector.set_plan(plans.make(document.project))
    inspector.show_nodes(("join",))
    assert facts(inspector)[:2] == [("input1", "N×16×8×8", "from conv1"), ("input2", "not connected")]


def test_fields_of_a_data_set_are_told_with_their_types(inspector: Inspector, document: Document) -> None:
    inspector.set_plan(plans.make(document.project))
    inspector.show_nodes(("data",))
    assert facts(inspector) == [("image", "N×1×8×8"), ("label", "N int64")]


def test_a_plan_that_lags_behind_does_no_harm(inspector: Inspector, document: Document) -> None:
    inspector.set_plan(plans.make(document.project))
    document.edit_graph("Rename", document.graph.rename("conv2", "other"))
    inspector.show_nodes(("other",))
    assert ("in", "N×16×8×8", "from conv1") in facts(inspector)
    inspector.set_plan(Plan())
    inspector.set_plan(None)
    assert facts(inspector) == []


def test_flags_are_edits_of_the_node(inspector: Inspector, document: Document) -> None:
    inspector.show_nodes(("conv1",))
    for flag in ("bypassed", "frozen"):
        field(inspector, flag).setFocus()
        QTest.keyClick(field(inspector, flag), Qt.Key.Key_Space)
    retype(field(inspector, "repeat"), "3")
    node = document.graph.nodes["conv1"]
    assert (node.bypassed, node.frozen, node.repeat) == (True, True, 3)
    QTest.mouseClick(inspector.findChild(QWidget, "paramReset_repeat"), Qt.MouseButton.LeftButton)
    assert document.graph.nodes["conv1"].repeat == 1


def test_only_what_has_weights_can_be_frozen_and_only_layers_have_flags(
    inspector: Inspector, document: Document
) -> None:
    inspector.set_plan(plans.make(document.project))
    inspector.show_nodes(("relu1",))
    assert field(inspector, "bypassed") is not None
    assert field(inspector, "frozen") is None
    inspector.show_nodes(("data",))
    QApplication.sendPostedEvents(None, 52)
    assert field(inspector, "bypassed") is None


def test_a_problem_stands_with_its_node_and_its_cure_is_one_click(
    inspector: Inspector, document: Document
) -> None:
    cured = document.graph.replace_node(document.graph.nodes["conv2"].with_param("out_channels", 10))
    problem = Problem("conv2", "conv2 gives <b>32</b>, 10 are wanted", cures=(Cure("Set 10 outputs", cured),))
    inspector.show_nodes(("conv2",))
    inspector.set_plan(Plan(problems=(problem, Problem("conv1", "elsewhere"))))
    assert "conv2 gives <b>32</b>, 10 are wanted" in words(inspector)
    assert "Elsewhere" not in words(inspector)
    QTest.mouseClick(inspector.findChild(CureButton), Qt.MouseButton.LeftButton)
    assert document.graph == cured
    assert document.stack.undoText() == "Set 10 outputs"


def test_what_a_problem_says_has_the_width_of_its_frame(inspector: Inspector, document: Document) -> None:
    said = "conv1 gets nothing at 'input'; pull a wire to it, or take it out of the network altogether"
    inspector.show_nodes(("conv1",))
    inspector.set_plan(
        Plan(problems=(Problem("conv1", said, cures=(Cure("Remove conv1", document.graph),)),))
    )
    label = next(label for label in inspector.findChildren(QLabel) if label.text() == said)
    QTest.qWait(0)
    assert label.width() > label.parentWidget().width() - 16 - 8 - 16 - 8


def test_a_cure_of_an_older_graph_takes_nothing_back(inspector: Inspector, document: Document) -> None:
    cure = Cure("Set 10 outputs", document.graph)
    inspector.show_nodes(("conv2",))
    inspector.set_plan(Plan(problems=(Problem("conv2", "too many", cures=(cure,)),)))
    newer = document.graph.remove(["odd"])
    document.edit_graph("Remove", newer)
    QTest.mouseClick(inspector.findChild(CureButton), Qt.MouseButton.LeftButton)
    assert document.graph == newer


def test_nothing_selected_shows_the_project(inspector: Inspector, document: Document) -> None:
    inspector.set_plan(plans.make(document.project))
    assert facts(inspector, "projectFacts") == [("nodes", "6"), ("parameters", "4\u202f800")]
    title = inspector.findChild(QLineEdit, "projectTitle")
    retype(title, "Small digits")
    QTest.keyClick(title, Qt.Key.Key_Return)
    assert document.project.title == "Small digits"
    assert (
        inspector.findChild(QLabel, "projectHint").text() == "Select a node to see and change what it does."
    )
    document.edit_graph("Empty", Graph())
    assert inspector.findChild(QLabel, "projectHint").text().startswith("Drag a layer")


def test_several_nodes_are_counted_bypassed_frozen_and_deleted_together(
    inspector: Inspector, document: Document
) -> None:
    inspector.set_plan(plans.make(document.project))
    inspector.show_nodes(("data", "conv1", "conv2"))
    assert inspector.findChild(QLabel, "severalHead").text() == "3 nodes selected"
    assert facts(inspector, "severalFacts") == [("parameters", "4\u202f800")]
    for flag in ("bypassed", "frozen"):
        box = inspector.findChild(QWidget, f"several_{flag}")
        box.setFocus()
        QTest.keyClick(box, Qt.Key.Key_Space)
    nodes = document.graph.nodes
    assert [nodes[name].bypassed for name in ("data", "conv1", "conv2")] == [False, True, True]
    assert [nodes[name].frozen for name in ("data", "conv1", "conv2")] == [False, True, True]
    document.stack.undo()
    assert not document.graph.nodes["conv1"].frozen
    QTest.mouseClick(inspector.findChild(QPushButton, "severalDelete"), Qt.MouseButton.LeftButton)
    assert set(document.graph.nodes) == {"relu1", "join", "odd"}


def test_a_mixed_flag_becomes_the_same_for_all(inspector: Inspector, document: Document) -> None:
    node = replace(document.graph.nodes["conv1"], bypassed=True)
    document.edit_graph("Mix", document.graph.replace_node(node))
    inspector.show_nodes(("conv1", "conv2"))
    box = inspector.findChild(QWidget, "several_bypassed")
    assert box.checkState() is Qt.CheckState.PartiallyChecked
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert document.graph.nodes["conv2"].bypassed
    assert box.checkState() is Qt.CheckState.Checked
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert not document.graph.nodes["conv1"].bypassed


def test_an_unknown_kind_is_shown_as_it_is_and_kept(inspector: Inspector, document: Document) -> None:
    inspector.show_nodes(("odd",))
    raw = inspector.findChild(QPlainTextEdit, "nodeRawParams")
    assert raw.isReadOnly()
    assert raw.toPlainText().split() == ['{', '"depth":', "3,", '"sizes":', "[", "1,", "2", "],", '"width":', "{",
                                         '"=":', '"w', "*", '2"', "}", "}"]  # fmt: skip
    assert "This version does not know “FancyLayer”" in words(inspector)
    assert document.graph == sketch()


def test_delete_removes_the_node_and_shows_the_project(inspector: Inspector, document: Document) -> None:
    inspector.show_nodes(("conv1",))
    QTest.mouseClick(inspector.findChild(QPushButton, "nodeDelete"), Qt.MouseButton.LeftButton)
    assert "conv1" not in document.graph.nodes
    assert document.stack.undoText() == "Delete conv1"
    assert inspector.findChild(QLineEdit, "projectTitle").isVisible()


class Browser(QObject):
    """Takes web addresses in place of the person's browser, as Qt lets a program do."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toString())


def test_the_documentation_of_a_layer_is_a_click_away(inspector: Inspector) -> None:
    browser = Browser()
    QDesktopServices.setUrlHandler("https", browser, "open")  # the stub wants bytes, the library a str
    inspector.show_nodes(("conv1",))
    QTest.mouseClick(inspector.findChild(QPushButton, "nodeDocumentation"), Qt.MouseButton.LeftButton)
    QDesktopServices.unsetUrlHandler("https")
    assert browser.opened == ["https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html"]


def test_the_cursor_is_put_where_a_problem_is(inspector: Inspector) -> None:
    inspector.show_nodes(("conv1",))
    assert inspector.focus_param("stride")
    assert field(inspector, "stride").hasFocus()
    inspector.focus_name()
    assert name_field(inspector).hasFocus()


@pytest.mark.parametrize("name", ["conv1", "relu1", "join", "odd", "data"])
def test_no_page_is_wider_than_the_panel(inspector: Inspector, document: Document, name: str) -> None:
    inspector.set_plan(plans.make(document.project))
    inspector.show_nodes((name,))
    page = name_field(inspector).parentWidget().parentWidget()
    assert page.minimumSizeHint().width() <= 290


def test_everything_a_person_can_use_has_a_name(inspector: Inspector, document: Document) -> None:
    inspector.set_plan(plans.make(document.project))
    inspector.show_nodes(("conv1",))
    used = (QPushButton, QAbstractSpinBox, QLineEdit)
    inside = {entry.lineEdit() for entry in inspector.findChildren(QAbstractSpinBox)}
    for kind in used:
        for widget in inspector.findChildren(kind):
            if widget not in inside:
                assert widget.objectName(), widget
                assert widget.accessibleName(), widget
    assert len(inspector.findChildren(Form)) == 2


def test_the_fields_keep_their_room_in_a_narrow_dock(inspector: Inspector) -> None:
    assert inspector.minimumSizeHint().width() >= 248
