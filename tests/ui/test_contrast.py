"""What is written can be read and what is drawn can be seen, in both themes, on all that it stands on."""

import re
from collections.abc import Iterator
from itertools import chain

import pytest
from PySide6.QtGui import QColor

from nndesigner.ui import theme
from nndesigner.ui.canvas.ink import Ink
from nndesigner.ui.highlighter import colors_of
from nndesigner.ui.plots.plot import text_colour
from nndesigner.ui.theme import DARK, LIGHT, Theme, contrast, look, mixed

THEMES = pytest.mark.parametrize("table", [LIGHT, DARK], ids=lambda table: table.name)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")


def rules(table: Theme) -> Iterator[tuple[str, dict[str, str]]]:
    """Every rule of the style sheet but those of what can't be used now, for which no contrast is asked."""
    for chosen, body in _RULE.findall(re.sub(r"/\*.*?\*/", "", theme.style_sheet(table), flags=re.S)):
        said = dict(part.split(":", 1) for part in body.split(";") if ":" in part)
        if ":disabled" not in chosen:
            yield chosen.strip(), {name.strip(): words.strip() for name, words in said.items()}


def weak(pairs: dict[str, tuple[str, str]], least: float) -> dict[str, float]:
    ratios = {name: contrast(*pair) for name, pair in pairs.items()}
    return {name: round(ratio, 2) for name, ratio in ratios.items() if ratio < least}


@THEMES
def test_words_of_the_style_sheet_can_be_read_on_their_ground(table: Theme) -> None:
    pairs = {}
    for chosen, said in rules(table):
        words = said.get("color") or said.get("selection-color")
        ground = said.get("background") or said.get("selection-background-color")
        if words and words.startswith("#"):
            own = bool(ground) and ground.startswith("#")
            for one in (ground,) if own else (table.paper, table.surface, table.raised):
                pairs[f"{chosen} on {one}"] = (words, str(one))

    assert len(pairs) > 20
    assert weak(pairs, 4.5) == {}


@THEMES
def test_focus_and_the_edges_of_fields_can_be_seen(table: Theme) -> None:
    pairs = {}
    for chosen, said in rules(table):
        if ":focus" in chosen or chosen.startswith(("QLineEdit", "QCheckBox", "QRadioButton")):
            for line in (said.get("border", ""), said.get("border-color", "")):
                for color in re.findall("#[0-9A-F]{6}", line):
                    if color != table.line:
                        pairs[f"{chosen} {color}"] = (color, table.surface)
                        pairs[f"{chosen} {color} on paper"] = (color, table.paper)

    assert len(pairs) > 8
    assert weak(pairs, 3) == {}


@THEMES
def test_words_in_rows_that_are_chosen_or_under_the_pointer_can_be_read(table: Theme) -> None:
    grounds = {
        "chosen": mixed(table.accent, table.surface, 0.16),
        "hovered": mixed(table.ink, table.surface, 0.06),
        "pressed": mixed(table.ink, table.surface, 0.12),
        "warned of": mixed(table.warning, table.surface, 0.08),
        "in the lit lines of code": mixed(table.accent, table.surface, 0.14),
        "in the line of the caret": mixed(table.ink, table.surface, 0.05),
    }
    words = {"ink": table.ink, "secondary": table.secondary}
    pairs = {f"{word} {name}": (words[word], ground) for name, ground in grounds.items() for word in words}

    assert weak(pairs, 4.5) == {}


@THEMES
def test_the_canvas_is_seen(table: Theme) -> None:
    ink = Ink(table)
    grounds = {"paper": table.paper, "surface": table.surface}
    marks = {
        "wire": ink.wire,
        "wire hovered": ink.wire_pen("hovered", 2, "float", True).color(),
        "wire selected": ink.wire_pen("selected", 2, "float", True).color(),
        "port": ink.port.color(),
        "ring": ink.ring.color(),
        **{f"ring of an {name}": pen.color() for name, pen in ink.problem_ring.items()},
        **{f"family {name}": QColor(table.family(name)) for name in table.families},
    }
    pairs = {
        f"{mark} on {name}": (color.name(), ground)
        for mark, color in marks.items()
        for name, ground in grounds.items()
    }

    assert weak(pairs, 3) == {}
    words = {"words": ink.text, "shapes": ink.secondary}
    written = {
        f"{word} on {name}": (pen.color().name(), ground)
        for word, pen in words.items()
        for name, ground in chain(grounds.items(), [("a note", ink.note.color().name())])
    }
    assert weak(written, 4.5) == {}


@THEMES
def test_code_can_be_read_in_every_line(table: Theme) -> None:
    grounds = {
        "paper": table.surface,
        "the line of the caret": mixed(table.ink, table.surface, 0.05),
        "a lit line": mixed(table.accent, table.surface, 0.14),
        "found words": mixed(table.warning, table.surface, 0.2),
    }
    pairs = {
        f"{name} on {ground}": (color, grounds[ground])
        for name, color in colors_of(table).items()
        for ground in grounds
    }

    assert weak(pairs, 4.5) == {}


@THEMES
def test_labels_of_curves_can_be_read(table: Theme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(look, "theme", table)
    names = ("accent", *table.families)
    pairs = {
        f"{name} on {on}": (text_colour(name), on) for name in names for on in (table.paper, table.surface)
    }

    assert weak(pairs, 4.5) == {}
