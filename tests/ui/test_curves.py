import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QTest

from nndesigner.training.report import Began, EpochEnded, Finished, Stepped
from nndesigner.ui import theme
from nndesigner.ui.figures import THIN
from nndesigner.ui.plots.axes import linear_ticks, log_ticks
from nndesigner.ui.plots.curves import Curves
from nndesigner.ui.plots.plot import Line, Plot, apart_by, value_range
from nndesigner.ui.plots.samples import Samples


def began(epochs=4, steps=10):
    return Began(epochs, steps, (640, 80, 160), 1000)


def steps(epoch, count=10, loss=1.0):
    return [Stepped(epoch, (epoch - 1) * count + index + 1, loss / (index + 1)) for index in range(count)]


def ended(epoch, loss, accuracy=None, name="accuracy"):
    extra = {} if accuracy is None else {name: accuracy}
    return EpochEnded(epoch, {"loss": loss, **extra}, {"loss": loss + 0.1, **extra}, 1e-3, 0.5)


@pytest.fixture
def curves(qtbot):
    found = Curves()
    qtbot.addWidget(found)
    found.resize(900, 640)
    found.show()
    qtbot.waitExposed(found)
    return found


def test_series_hold_what_was_reported_in_epochs(curves):
    curves.begin(began())
    curves.add(steps(1))
    curves.add([ended(1, 0.5, 0.8)])
    x, y = curves.series("loss", "steps")
    assert x.tolist() == pytest.approx([0.1 * step for step in range(1, 11)])
    assert y.tolist() == pytest.approx([1 / step for step in range(1, 11)])
    assert [part.tolist() for part in curves.series("loss", "train")] == [[1.0], [0.5]]
    assert [part.tolist() for part in curves.series("loss", "validation")] == [[1.0], [0.6]]
    assert [part.tolist() for part in curves.series("accuracy", "validation")] == [[1.0], [0.8]]


def test_there_is_no_second_plot_without_a_metric(curves):
    curves.add([began(), *steps(1), ended(1, 0.5)])
    assert curves.findChild(object, "curvesPlot_loss").isVisible()
    assert len(curves.findChildren(object, "curvesPlot_accuracy")) == 0
    assert curves.series("accuracy", "train")[0].size == 0


def test_a_new_run_begins_empty(curves):
    curves.add([began(), *steps(1), ended(1, 0.5, 0.8)])
    curves.begin(began())
    assert curves.series("loss", "steps")[0].size == 0
    assert curves.series("accuracy", "train")[0].size == 0


def test_reports_before_a_run_are_left_alone(curves):
    curves.add(steps(1))
    assert curves.series("loss", "steps")[0].size == 0


def test_the_best_accuracy_is_named_with_its_epoch(curves):
    curves.add([began(), ended(1, 0.5, 0.8), ended(2, 0.3, 0.986), ended(3, 0.4, 0.9)])
    assert curves.best == f"Best validation accuracy 98.6{THIN}% at epoch 2"


def test_the_best_error_is_the_lowest(curves):
    curves.add(
        [began(), *(ended(epoch, 1.0, mae, "mean_absolute_error") for epoch, mae in ((1, 3.0), (2, 2.0)))]
    )
    assert curves.best == "Lowest validation mean absolute error 2.000 at epoch 2"


def test_the_test_value_stands_beside_the_best(curves):
    curves.add([began(), ended(1, 0.5, 0.8), Finished({"loss": 0.4, "accuracy": 0.75}, "", 1.0)])
    assert curves.best == f"Best validation accuracy 80.0{THIN}% at epoch 1 · test 75.0{THIN}%"


def test_a_loss_that_is_no_number_is_told(curves):
    curves.add([began(), *steps(1), Stepped(2, 11, float("nan"))])
    assert "not a number" in curves.best


def test_at_most_two_thousand_points_are_drawn_of_a_long_run(curves):
    curves.begin(began(3000, 100))
    numbers = np.random.default_rng(0).random(20_000)
    curves.add([Stepped(1 + i // 100, i + 1, float(number)) for i, number in enumerate(numbers)])
    curves.add([ended(epoch, 0.5) for epoch in range(1, 2001)])
    plot = curves.findChild(object, "curvesPlot_loss")
    assert 0 < plot.points <= 2000
    assert curves.series("loss", "steps")[1].size == 20_000


def test_log_scale_draws_logarithms_and_keeps_the_values(curves):
    curves.add([began(), *steps(1), ended(1, 0.5), ended(2, 0.05)])
    plot = curves.findChild(object, "curvesPlot_loss")
    QTest.mouseClick(curves.findChild(object, "curvesLog"), Qt.MouseButton.LeftButton)
    low, high = plot.getViewBox().viewRange()[1]
    assert low < np.log10(0.05) < np.log10(0.6) < high
    assert low < 0
    assert curves.series("loss", "train")[1].tolist() == [0.5, 0.05]


def test_pointing_reads_all_values_and_leaving_ends_it(curves, qtbot):
    curves.add([began(), *steps(1), ended(1, 0.5, 0.8), *steps(2), ended(2, 0.25, 0.9)])
    plot = curves.findChild(object, "curvesPlot_loss")
    QTest.mouseMove(plot.viewport(), QPoint(round(plot.pixel(2.05)), 60))
    readouts = curves.findChildren(object, "curvesReadout")
    qtbot.waitUntil(lambda: all(readout.isVisible() for readout in readouts))
    assert len(readouts) == 2
    assert readouts[0].text.splitlines() == [
        "Epoch 2",
        "training 0.2500",
        "validation 0.3500",
        "step 20 0.1000",
    ]
    assert f"validation 90.0{THIN}%" in readouts[1].text
    plot.pointed.emit(None)
    assert not any(readout.isVisible() for readout in readouts)


def test_the_arrow_keys_move_the_cross_hair(curves):
    curves.add([began(), ended(1, 0.5), ended(2, 0.25), ended(3, 0.125)])
    chart = curves.findChild(object, "curvesPlot_loss").parentWidget()
    readout = curves.findChild(object, "curvesReadout")
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert readout.text.startswith("Epoch 3")
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert readout.text.startswith("Epoch 2")


def test_a_double_click_shows_all_epochs_again(curves):
    curves.add([began(), *steps(1), ended(1, 0.5)])
    plot = curves.findChild(object, "curvesPlot_loss")
    whole = plot.shown
    plot.getViewBox().scaleBy((0.5, 1.0))
    plot.getViewBox().sigRangeChangedManually.emit([True, False])
    assert plot.shown[1] - plot.shown[0] < whole[1]
    QTest.mouseDClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(300, 100))
    assert plot.shown == pytest.approx(whole)


def test_a_long_run_shows_the_epochs_reached_and_doubles(curves):
    curves.begin(began(1000, 1))
    plot = curves.findChild(object, "curvesPlot_loss")
    assert plot.edge == 20
    curves.add([Stepped(epoch, epoch, 1.0) for epoch in range(1, 31)])
    assert plot.edge == 40


def test_curves_follow_the_theme(curves, qapp):
    before = theme.look.theme
    curves.add([began(), *steps(1), ended(1, 0.5, 0.8)])
    try:
        theme.look.use(theme.DARK)
        assert curves.palette().color(curves.backgroundRole()).name().upper() == theme.DARK.surface
    finally:
        theme.look.use(before)


def test_samples_keep_the_extremes_when_there_are_too_many():
    samples = Samples()
    y = np.random.default_rng(1).random(300_000)
    y[123_456], y[200_001] = 9.0, -9.0
    for part in np.array_split(np.arange(300_000), 37):
        samples.extend(part.astype(float), y[part])
    x, drawn = samples.drawn(1000, 0.0, 3e5)
    assert len(x) <= 1000
    assert drawn.max() == 9.0
    assert drawn.min() == -9.0
    assert (np.diff(x) >= 0).all()


def test_samples_average_exactly_and_leave_out_what_is_no_number():
    samples = Samples()
    y = np.array([1.0, 2.0, float("nan"), 4.0, 5.0])
    samples.extend(np.arange(5.0), y)
    x, means = samples.averaged(10, 0.0, 5.0, 2)
    assert x.tolist() == [0, 1, 2, 3, 4]
    assert means.tolist() == [1.0, 1.5, 2.0, 4.0, 4.5]


def test_a_single_spike_does_not_squeeze_the_curve():
    y = np.ones(1000)
    y[3] = 1e6
    _, high = value_range([Line("faint", np.arange(1000.0), y)], percent=False, logarithmic=False)
    assert high < 10


def test_per_cent_never_has_room_for_more_than_a_hundred():
    line = Line("solid", np.array([1.0]), np.array([99.0]))
    assert 100 <= value_range([line], percent=True, logarithmic=False)[1] < 101


def test_ticks_are_round_numbers():
    assert linear_ticks(0.0, 1.0, 5)[1] == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    assert linear_ticks(0.0, 2.0, 20, whole=True)[1] == [0, 1, 2]
    assert [10**tick for tick in log_ticks(-2.0, 1.0, 4)] == pytest.approx([0.01, 0.1, 1, 10])


def test_every_tick_of_a_low_chart_has_its_number(qtbot):
    plot = Plot(percent=True)
    qtbot.addWidget(plot)
    plot.resize(620, 140)
    plot.set_edge(10.0)
    plot.show_lines([Line("solid", np.arange(1.0, 4.0), np.array([61.0, 90.0, 97.0]), "training")])
    with qtbot.waitExposed(plot):
        plot.show()
    canvas = QPixmap(620, 140)
    painter = QPainter(canvas)
    _, _, words = plot._values.generateDrawSpecs(painter)
    painter.end()
    assert {word for _, _, word in words} == {f"{number}{THIN}%" for number in (60, 80, 100)}
    tops = [plot._values.mapToScene(place.topLeft()).y() for place, _, _ in words]
    assert min(tops) >= 0 and len(tops) == 3


def test_what_is_told_at_each_step_is_shown_on_request(curves):
    curves.begin(began())
    curves.add([Stepped(1, 1, 1.0, 0.1, 5.0), Stepped(1, 2, 0.9, 0.05, 4.0)])
    curves.add_pace(1234.0)
    assert [one.quantity for one in curves._every()] == ["loss"]
    for name in ("learning_rate", "gradient", "pace"):
        curves.findChild(object, f"curvesShow_{name}").trigger()
    assert curves.series("learning_rate", "steps")[1].tolist() == [0.1, 0.05]
    assert curves.series("gradient", "steps")[1].tolist() == [5.0, 4.0]
    assert curves.series("pace", "steps")[1].tolist() == [1234.0]
    assert all(curves.findChild(object, f"curvesPlot_{name}").isVisible() for name in ("gradient", "pace"))
    curves.findChild(object, "curvesShow_pace").trigger()
    assert curves.series("pace", "steps")[1].size == 0


def test_the_norm_of_the_gradients_is_offered_only_where_it_is_told(curves):
    curves.add([began(), *steps(1)])
    assert not curves.findChild(object, "curvesShow_gradient").isEnabled()
    curves.add([Stepped(2, 11, 0.5, 0.1, 2.0)])
    assert curves.findChild(object, "curvesShow_gradient").isEnabled()


def test_a_run_that_goes_on_keeps_its_curves_up_to_where_it_goes_on(curves):
    curves.add([began(), *steps(1), ended(1, 0.5, 0.8), *steps(2), ended(2, 0.4, 0.9)])
    curves.add([Began(4, 10, (640, 80, 160), 1000, step=10), Stepped(2, 11, 0.7)])
    assert curves.series("loss", "validation")[0].tolist() == [1.0]
    assert curves.series("accuracy", "train")[0].tolist() == [1.0]
    x, y = curves.series("loss", "steps")
    assert x.tolist() == pytest.approx([0.1 * step for step in range(1, 12)]) and y[-1] == 0.7


def test_a_run_resumed_in_one_list_of_reports_is_whole(curves):
    again = Began(4, 10, (640, 80, 160), 1000, step=10)
    curves.add([began(), *steps(1), ended(1, 0.5), again, *steps(2)])
    assert len(curves.series("loss", "steps")[0]) == 20
    assert curves.series("loss", "train")[0].tolist() == [1.0]


def test_samples_cut_back_go_on_as_if_nothing_had_been_there():
    cut, plain = Samples(), Samples()
    y = np.random.default_rng(2).random(1000)
    cut.extend(np.arange(1000.0), y)
    cut.cut(499.5)
    cut.extend(np.arange(500.0, 700.0), y[:200])
    plain.extend(np.arange(700.0), np.concatenate([y[:500], y[:200]]))
    for one, other in zip(cut.drawn(100, 0, 700), plain.drawn(100, 0, 700), strict=True):
        assert one.tolist() == other.tolist()
    assert cut.averaged(50, 0, 700, 10)[1] == pytest.approx(plain.averaged(50, 0, 700, 10)[1])


def test_labels_are_moved_apart_as_little_as_can_be():
    assert apart_by(10, [50, 52], 0, 100) == [46, 56]
    assert apart_by(10, [5, 50, 95], 0, 100) == [5, 50, 95]
    assert apart_by(10, [98, 99, 100], 0, 100) == [80, 90, 100]
    assert apart_by(10, [0, 0], 0, 100) == [0, 10]


def test_without_curves_it_is_told_what_to_do_or_to_wait_for(curves):
    idle = curves._empty.words
    curves.set_going(True)
    assert curves._empty.words != idle
    curves.set_going(False)
    assert curves._empty.words == idle
