import math

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from nndesigner.graph import Graph, Node
from nndesigner.project import Project
from nndesigner.training.report import Health
from nndesigner.ui.canvas.marks import Marks, Pulse
from nndesigner.ui.canvas.view import Canvas
from nndesigner.ui.document import Document
from nndesigner.ui.figures import THIN
from nndesigner.ui.layers_table import DEAD, GRADIENT, NAME, LayersModel, LayersTable
from nndesigner.ui.live_run import LiveRun
from nndesigner.ui.spark import Spark
from nndesigner.ui.vitals import Vitals, judged, level, scientific

WELL = Health(0.1, 3.0, 1e-3, 0.0, 1.0, 0.0)


def test_a_layer_that_learns_is_told_by_its_gradient():
    (vital,) = judged({"conv1": WELL}).values()
    assert (vital.verdict, vital.tone, vital.word) == ("learns", "good", "learns")
    assert vital.pulse == Pulse(level(0.1), "good", "∇ 0.1")


@pytest.mark.parametrize(
    ("health", "verdict", "tone", "word"),
    [
        (Health(1e-9, 3.0, 1e-3), "vanishes", "warning", "↓ vanishing"),
        (Health(5e3, 3.0, 1e-3), "explodes", "error", "↑ exploding"),
        (Health(0.1, 3.0, 0.8), "leaps", "warning", "↑ leaps"),
        (Health(0.1, 3.0, 1e-3, dead=0.62), "dead", "warning", f"∅ 62{THIN}% dead"),
        (Health(0.0, 0.0, 0.0, dead=0.7), "dead", "warning", f"∅ 70{THIN}% dead"),
        (Health(0.0, 3.0, 0.0), "vanishes", "warning", "↓ vanishing"),
        (Health(math.nan, 3.0, 1e-3), "broken", "error", "! not a number"),
        (Health(0.0, 0.0, 0.0, dead=0.3), "still", "good", "–"),
    ],
)
def test_what_ails_a_layer_is_told_by_a_word_and_a_sign(health, verdict, tone, word):
    vital = judged({"well": WELL, "ill": health})["ill"]
    assert (vital.verdict, vital.tone, vital.word) == (verdict, tone, word)
    assert bool(vital.sentence) == (tone != "good")


def test_of_the_copies_of_a_block_the_worst_is_told_and_the_block_tells_which_it_is():
    found = judged(
        {
            "stage1": WELL,
            "stage1/1/inner": WELL,
            "stage1/1/inner/conv": WELL,
            "stage1/2/inner": WELL,
            "stage1/2/inner/conv": Health(1e-9, 3.0, 1e-3),
            "fc": WELL,
        }
    )
    assert list(found) == ["stage1", "stage1/inner", "stage1/inner/conv", "fc"]
    conv, block = found["stage1/inner/conv"], found["stage1"]
    assert (conv.verdict, conv.copies, conv.word) == ("vanishes", (2,), "↓ vanishing")
    assert (block.verdict, block.worst, block.tone) == ("learns", conv, "warning")
    assert block.word == "↓ inner vanishing" and found["stage1/inner"].word == "↓ conv vanishing"
    assert block.pulse == Pulse(level(0.1), "warning", "↓ inner vanishing")
    assert block.sentence.startswith("Worst inside is inner/conv in copy 2. Almost no gradient")
    assert found["fc"].worst is None


def test_a_block_that_is_worse_than_all_inside_speaks_for_itself():
    found = judged(
        {"a": Health(2e3, 3.0, 1e-3), "a/x": Health(900.0, 3.0, 1e-3), "a/y": Health(1.0, 3.0, 0.9)}
    )
    assert found["a"].worst is None and found["a"].word == "↑ exploding"
    long = judged({"a": WELL, "a/a_name_that_is_long": Health(0.0, 0.0, dead=0.7)})["a"]
    assert long.word == f"∅ a_name_that… 70{THIN}% dead"


def test_the_bar_shows_the_logarithm_of_the_gradient():
    assert [level(value) for value in (1e-7, 1e2, 0.0, math.inf)] == [0.0, 1.0, 0.0, 1.0]
    assert level(10**-2.5) == pytest.approx(0.5)


def test_numbers_of_any_size_are_short():
    written = [scientific(value) for value in (0.0, 0.214, 12.3, 151.0, 3.14e-5, 2e7, math.nan)]
    assert written == ["0", "0.21", "12", "151", "3.1e-5", "2.0e7", "not a number"]


def test_the_rows_of_the_table_are_sorted_by_what_they_hold(qtbot):
    document = Document()
    canvas = Canvas(document)
    qtbot.addWidget(canvas)
    vitals = Vitals(LiveRun(), document, canvas)
    table = LayersTable(vitals)
    qtbot.addWidget(table)
    table.show()
    layers = {"a": Health(0.1, 1.0), "b": Health(2.0, 1.0), "c": Health(0.0, 0.0, dead=0.9)}
    vitals.layers = judged(layers)
    vitals.changed.emit()
    model = table.table.model()

    def names():
        return [model.index(row, NAME).data() for row in range(model.rowCount())]

    assert names() == ["a", "b", "c"]
    head = table.table.horizontalHeader()
    for column in (GRADIENT, DEAD):
        place = QPoint(head.sectionPosition(column) + head.sectionSize(column) // 2, head.height() // 2)
        QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert names()[0 if head.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder else -1] == (
            "b" if column == GRADIENT else "c"
        )
    document.stack.setClean()


def test_the_table_rests_where_only_numbers_change(qtbot):
    model = LayersModel()
    model.show_layers(judged({"a": WELL}))
    resets = []
    model.modelReset.connect(lambda: resets.append(1))
    model.show_layers(judged({"a": Health(0.3, 2.0)}))
    assert resets == [] and model.index(0, GRADIENT).data() == "0.3"
    model.show_layers(judged({"b": WELL}))
    assert resets == [1]


def test_a_card_shows_its_pulse_and_where_it_broke_from_near_and_far(qtbot):
    document = Document()
    canvas = Canvas(document)
    qtbot.addWidget(canvas)
    canvas.resize(500, 300)
    canvas.show()
    document.load(Project(Graph.of([Node("fc", "Linear", {"out_features": 3})], [])), None)
    for scale in (1.0, 0.5, 0.2):
        canvas.camera.zoom_to(scale)
        canvas.fit() if scale == 1.0 else None
        plain = canvas.grab().toImage()
        canvas.mark(Marks(pulses={"fc": Pulse(0.7, "error", "↑ exploding")}))
        marked = canvas.grab().toImage()
        canvas.mark(Marks(broken="fc"))
        broken = canvas.grab().toImage()
        canvas.mark(Marks())
        assert plain == canvas.grab().toImage()
        assert marked != plain and broken != plain
        assert scale == 0.2 or marked != broken
    document.stack.setClean()


def test_a_spark_leaves_out_what_is_no_number(qtbot):
    spark = Spark()
    qtbot.addWidget(spark)
    spark.resize(120, 36)
    spark.show_values([0.1, math.nan, 10.0])
    places = spark._places(spark.rect().toRectF())
    assert len(places) == 2 and places[0].y() > places[1].y()
    spark.grab()
