from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QTreeView
from pytestqt.qtbot import QtBot

from nndesigner import catalogue
from nndesigner.catalogue.kind import Kind
from nndesigner.ui import theme
from nndesigner.ui.palette import FAMILY, MIME, NAME, Palette, card_of, found_by


@pytest.fixture(autouse=True)
def styled(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, theme.LIGHT)
    yield


@pytest.fixture
def palette(qtbot: QtBot) -> Palette:
    made = Palette()
    qtbot.addWidget(made)
    made.resize(240, 700)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def search(palette: Palette) -> QLineEdit:
    return palette.findChild(QLineEdit, "paletteSearch")


def listed(palette: Palette) -> QTreeView:
    return palette.findChild(QTreeView, "paletteList")


def row(palette: Palette, name: str) -> QPoint:
    index = next(index for index in listed(palette).rows() if index.data(NAME) == name)
    listed(palette).scrollTo(index)
    return listed(palette).visualRect(index).center()


def header(palette: Palette, family: str) -> QPoint:
    model = listed(palette).model()
    index = next(
        index for n in range(model.rowCount()) if (index := model.index(n, 0)).data(FAMILY) == family
    )
    return listed(palette).visualRect(index).center()


def test_all_that_can_stand_on_the_canvas_is_listed_and_nothing_else(palette: Palette) -> None:
    names = palette.names()
    assert {"Data", "Input", "Output", "Conv2d", "Add", "MSELoss"} <= set(names)
    assert not {"Adam", "StepLR"} & set(names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("conv2", "Conv2d"),
        ("relu", "ReLU"),
        ("dense", "Linear"),
        ("conv", "Conv2d"),
        ("batch norm", "BatchNorm2d"),
        ("max pool", "MaxPool2d"),
        ("logistic", "Sigmoid"),
        ("residual", "Add"),
        ("joining", "Add"),
        ("fully connected, or dense", "Linear"),
        ("deconvolution", "ConvTranspose2d"),
        ("depth to space", "PixelShuffle"),
        ("mirror", "ReflectionPad2d"),
        ("euclidean", "PairwiseDistance"),
        ("segnet", "MaxUnpool2d"),
        ("mean squared", "MSELoss"),
    ],
)
def test_typing_finds_a_layer_by_name_synonym_family_or_sentence(
    palette: Palette, query: str, first: str
) -> None:
    QTest.keyClicks(search(palette), query)
    if query != "mean squared":
        assert palette.names()[0] == first
    assert first in palette.names()


def test_a_name_that_begins_so_comes_before_one_that_holds_it_and_a_sentence_last() -> None:
    ranks = {
        name: found_by(catalogue.BY_NAME[name], "relu") for name in ("ReLU", "LeakyReLU", "GELU", "Linear")
    }
    assert ranks == {"ReLU": 0, "LeakyReLU": 1, "GELU": 3, "Linear": None}
    assert found_by(catalogue.BY_NAME["Linear"], "dense") == 2


def test_enter_in_the_search_chooses_the_first_hit(palette: Palette, qtbot: QtBot) -> None:
    QTest.keyClicks(search(palette), "conv3")
    with qtbot.waitSignal(palette.chosen) as told:
        QTest.keyClick(search(palette), Qt.Key.Key_Return)
    assert told.args == ["Conv3d"]


def test_arrow_keys_in_the_search_go_down_the_list(palette: Palette, qtbot: QtBot) -> None:
    QTest.keyClicks(search(palette), "conv")
    second, third = palette.names()[1:3]
    QTest.keyClick(search(palette), Qt.Key.Key_Down)
    assert listed(palette).currentIndex().data(NAME) == second
    QTest.keyClick(search(palette), Qt.Key.Key_Down)
    with qtbot.waitSignal(palette.chosen) as told:
        QTest.keyClick(search(palette), Qt.Key.Key_Return)
    assert told.args == [third]
    assert search(palette).hasFocus()


def test_enter_without_a_search_chooses_nothing(palette: Palette) -> None:
    told: list[str] = []
    palette.chosen.connect(told.append)
    QTest.keyClick(search(palette), Qt.Key.Key_Return)
    assert told == []


def test_escape_clears_the_search(palette: Palette) -> None:
    QTest.keyClicks(search(palette), "conv")
    QTest.keyClick(search(palette), Qt.Key.Key_Escape)
    assert search(palette).text() == ""
    assert "Linear" in palette.names()


def test_an_empty_result_says_so_and_what_to_try(palette: Palette) -> None:
    nothing = palette.findChild(QLabel, "paletteNothing")
    assert not nothing.isVisible()
    QTest.keyClicks(search(palette), "<b>xyz")
    assert palette.names() == []
    assert nothing.isVisible()
    assert nothing.text().startswith("Nothing is called “<b>xyz”. ")
    assert nothing.textFormat() is Qt.TextFormat.PlainText


def test_a_double_click_chooses(palette: Palette, qtbot: QtBot) -> None:
    place = row(palette, "Linear")
    view = listed(palette).viewport()
    with qtbot.waitSignal(palette.chosen) as told:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=place)
    assert told.args == ["Linear"]


def test_enter_in_the_list_chooses(palette: Palette, qtbot: QtBot) -> None:
    QTest.mouseClick(listed(palette).viewport(), Qt.MouseButton.LeftButton, pos=row(palette, "Linear"))
    QTest.keyClick(listed(palette), Qt.Key.Key_Down)
    with qtbot.waitSignal(palette.chosen) as told:
        QTest.keyClick(listed(palette), Qt.Key.Key_Return)
    assert told.args == ["Bilinear"]


def test_a_click_on_a_family_folds_it_and_it_stays_so_over_a_search(palette: Palette) -> None:
    QTest.mouseClick(listed(palette).viewport(), Qt.MouseButton.LeftButton, pos=header(palette, "linear"))
    assert "Linear" not in palette.names()
    QTest.keyClicks(search(palette), "lin")
    assert "Linear" in palette.names()
    QTest.keyClick(search(palette), Qt.Key.Key_Escape)
    assert "Linear" not in palette.names()
    QTest.mouseClick(listed(palette).viewport(), Qt.MouseButton.LeftButton, pos=header(palette, "linear"))
    assert "Linear" in palette.names()


def test_blocks_of_the_project_can_be_offered_too(palette: Palette) -> None:
    block = Kind("Inception", "block", "", "A block: a network of its own used as a layer.", role="block")
    palette.set_kinds((*catalogue.KINDS, block))
    assert palette.names()[-1] == "Inception"


def test_a_row_says_what_it_is_on_hovering_and_to_a_screen_reader(palette: Palette) -> None:
    index = next(index for index in listed(palette).rows() if index.data(NAME) == "Linear")
    linear = catalogue.BY_NAME["Linear"]
    assert linear.formula in index.data(Qt.ItemDataRole.ToolTipRole)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Linear, Linear"
    assert index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == linear.sentence


def test_the_card_at_the_pointer_is_sharp(qapp: QApplication) -> None:
    card = card_of(catalogue.BY_NAME["Conv2d"], 2.0)
    assert (card.width(), card.devicePixelRatio()) == (336, 2.0)
    assert card.toImage().pixelColor(4, 40).name().upper() == theme.LIGHT.family("convolution")


class Births(QObject):
    """Counts the objects made under another: a drag is made under the list it starts from."""

    def __init__(self, watched: QObject) -> None:
        super().__init__()
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.ChildAdded
        return False


def pull(palette: Palette, place: QPoint) -> None:
    handle = palette.windowHandle()
    begin = listed(palette).viewport().mapTo(palette, place)
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, begin)
    QTest.mouseMove(handle, begin + QPoint(30, 5))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, begin)


def test_pulling_a_row_drags_it_and_pulling_a_family_does_not(palette: Palette) -> None:
    births = Births(listed(palette))
    pull(palette, row(palette, "Linear"))
    assert births.count == 1
    pull(palette, header(palette, "linear"))
    assert births.count == 1


def test_a_drag_carries_the_name_of_the_kind_and_a_small_node(palette: Palette) -> None:
    index = next(index for index in listed(palette).rows() if index.data(NAME) == "Linear")
    drag = listed(palette).drag_of(index)
    assert bytes(drag.mimeData().data(MIME).data()) == b"Linear"
    assert drag.pixmap().deviceIndependentSize().toSize().width() == 168
    assert listed(palette).drag_of(index.parent()) is None
