import re
from dataclasses import fields

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QAction, QColor, QIcon, QPainterPath
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from nndesigner import catalogue, resources
from nndesigner.ui import drawings, icons, theme
from nndesigner.ui.canvas.glyphs import glyph
from nndesigner.ui.theme import DARK, LIGHT, Theme, contrast, look

THEMES = pytest.mark.parametrize("table", [LIGHT, DARK], ids=lambda table: table.name)
GROUNDS = ("paper", "surface", "raised")


@pytest.fixture(autouse=True)
def light_afterwards(qapp: QApplication):
    yield
    theme.apply(qapp, LIGHT)


def test_contrast_is_that_of_the_published_formula() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@THEMES
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("words", ["ink", "secondary", "accent_text", "good", "warning", "error"])
def test_words_can_be_read_on_every_ground(table: Theme, words: str, ground: str) -> None:
    assert contrast(table.colour(words), table.colour(ground)) >= 4.5


@THEMES
def test_words_can_be_read_where_something_is_filled_or_chosen(table: Theme) -> None:
    assert contrast(table.on_accent, table.fill) >= 4.5
    assert contrast(table.ink, theme.mixed(table.accent, table.surface, 0.16)) >= 4.5


@THEMES
@pytest.mark.parametrize("ground", GROUNDS)
def test_marks_stand_out_from_every_ground(table: Theme, ground: str) -> None:
    marks = {"accent": table.accent, "edge": table.edge, "fill": table.fill, **table.families}
    weak = {name: colour for name, colour in marks.items() if contrast(colour, table.colour(ground)) < 3}
    assert weak == {}


@THEMES
def test_both_tables_hold_colours_for_every_family(table: Theme) -> None:
    assert set(table.families) == set(LIGHT.families)
    canvas = {kind.family for kind in catalogue.KINDS if kind.role not in ("optimizer", "scheduler")}
    assert canvas <= set(table.families)
    assert all(re.fullmatch("#[0-9A-F]{6}", colour) for colour in table.families.values())


@THEMES
def test_the_style_sheet_uses_no_colour_from_outside_the_table(table: Theme) -> None:
    template = (resources.folder("style") / "window.qss").read_text("utf-8")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", template) == []
    assert "$" not in theme.style_sheet(table)


@THEMES
def test_applying_a_theme_colours_widgets_and_tells_the_rest(
    qtbot: QtBot, qapp: QApplication, table: Theme
) -> None:
    other = DARK if table is LIGHT else LIGHT
    theme.apply(qapp, other)
    field = QLineEdit()
    qtbot.addWidget(field)
    field.resize(80, 28)
    with qtbot.waitSignal(look.changed):
        theme.apply(qapp, table)
    assert look.theme is table
    assert field.grab().toImage().pixelColor(40, 20) == QColor(table.surface)
    assert qapp.font().pixelSize() == 13


@THEMES
def test_the_arrow_of_a_combo_box_can_be_seen(qtbot: QtBot, qapp: QApplication, table: Theme) -> None:
    theme.apply(qapp, table)
    combo = QComboBox()
    qtbot.addWidget(combo)
    combo.resize(120, 28)
    picture = combo.grab().toImage()
    arrow = {picture.pixelColor(x, y).name() for x in range(98, 116) for y in range(6, 22)}
    assert max(contrast(colour, table.surface) for colour in arrow) >= 3


def test_the_one_primary_button_is_filled(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, LIGHT)
    button = QPushButton("")
    button.setProperty("primary", True)
    qtbot.addWidget(button)
    button.resize(80, 28)
    assert button.grab().toImage().pixelColor(20, 14) == QColor(LIGHT.fill)


def test_a_set_mode_holds_against_the_system(qapp: QApplication) -> None:
    theme.set_mode("dark")
    assert look.theme is DARK
    from PySide6.QtCore import Qt

    look.follow(Qt.ColorScheme.Light)
    assert look.theme is DARK
    theme.set_mode("light")
    assert look.theme is LIGHT


def test_following_the_system_shows_what_it_asks_for(qapp: QApplication) -> None:
    from PySide6.QtCore import Qt

    theme.follow_system(qapp)
    look.follow(Qt.ColorScheme.Dark)
    assert look.theme is DARK
    look.follow(Qt.ColorScheme.Light)
    assert look.theme is LIGHT


@pytest.mark.parametrize("name", sorted(drawings.names()))
def test_every_drawing_is_drawn_in_its_colour(qapp: QApplication, name: str) -> None:
    picture = icons.icon(name, LIGHT, "#FF0000").pixmap(QSize(20, 20), 2.0).toImage()
    assert picture.width() == 40
    drawn = [picture.pixelColor(x, y) for x in range(40) for y in range(40)]
    solid = [colour for colour in drawn if colour.alpha() == 255]
    assert solid
    assert {colour.name() for colour in solid} == {"#ff0000"}


def test_a_disabled_icon_is_paler(qapp: QApplication) -> None:
    icon = icons.icon("stop", LIGHT)
    size = QSize(20, 20)
    on = icon.pixmap(size, 1.0, QIcon.Mode.Normal).toImage().pixelColor(10, 10).name()
    off = icon.pixmap(size, 1.0, QIcon.Mode.Disabled).toImage().pixelColor(10, 10).name()
    assert contrast(off, LIGHT.surface) < contrast(on, LIGHT.surface)


def test_a_dressed_action_follows_the_theme(qapp: QApplication) -> None:
    theme.apply(qapp, LIGHT)
    owner = QWidget()
    action = QAction(owner)
    icons.dress(action, "stop")
    theme.apply(qapp, DARK)
    assert action.icon().pixmap(20, 20).toImage().pixelColor(10, 10) == QColor(DARK.ink)


def test_an_unknown_drawing_is_refused_and_an_unknown_family_has_one(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        icons.icon("no such drawing")
    assert icons.family_drawing("something new") == "family-unknown"


@pytest.mark.parametrize("family", [*LIGHT.families])
def test_a_family_has_the_same_sign_in_the_panels_and_on_the_canvas(family: str) -> None:
    file = (resources.folder("icons") / f"family-{family}.svg").read_text("utf-8")
    assert f'd="{_svg_path(glyph(family))}"' in file


def _svg_path(path: QPainterPath) -> str:
    words = {
        QPainterPath.ElementType.MoveToElement: "M",
        QPainterPath.ElementType.LineToElement: "L",
        QPainterPath.ElementType.CurveToElement: "C",
        QPainterPath.ElementType.CurveToDataElement: " ",
    }
    elements = [path.elementAt(index) for index in range(path.elementCount())]
    return "".join(f"{words[one.type]}{round(one.x, 3):g} {round(one.y, 3):g}" for one in elements)


def test_all_colours_of_a_table_are_colours() -> None:
    for table in (LIGHT, DARK):
        for field in fields(table):
            if field.name not in ("name", "families"):
                assert QColor(getattr(table, field.name)).isValid()
