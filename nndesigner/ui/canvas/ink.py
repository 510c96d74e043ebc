"""The pens and brushes of the canvas, made once for each theme."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QPen

from nndesigner.ui.theme import Theme, look


def mixed(one: str, other: str, part: float) -> QColor:
    """A colour on the way from one to the other."""
    first, second = QColor(one), QColor(other)
    return QColor.fromRgbF(
        first.redF() + (second.redF() - first.redF()) * part,
        first.greenF() + (second.greenF() - first.greenF()) * part,
        first.blueF() + (second.blueF() - first.blueF()) * part,
    )


def line_pen(color: QColor, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """A pen of this width on the screen, whatever the scale."""
    pen = QPen(QBrush(color), width, style)
    pen.setCosmetic(True)
    return pen


class Ink:
    """The pens and brushes of one theme. What `prints` is for paper: nothing on it can be taken hold of, its lines grow
    with it, and wires have heads.
    """

    def __init__(self, theme: Theme, prints: bool = False) -> None:
        self.theme, self.prints = theme, prints
        self.paper = QColor(theme.paper)
        self.surface = QBrush(QColor(theme.surface))
        self.raised = QBrush(QColor(theme.raised))
        self.text = QPen(QColor(theme.ink))
        self.secondary = QPen(QColor(theme.secondary))
        edge = mixed(theme.line, theme.secondary, 0.3)
        self.outline = line_pen(edge, 1)
        self.lifted_outline = line_pen(mixed(theme.line, theme.secondary, 0.7), 1)
        self.dashed_outline = line_pen(mixed(theme.line, theme.secondary, 0.7), 1, Qt.PenStyle.DashLine)
        self.shade = QColor(0, 0, 0, 14 if theme.name == "light" else 50)
        self.quiet = QBrush(mixed(theme.surface, theme.secondary, 0.3))
        self.track = mixed(theme.surface, theme.secondary, 0.16)
        self.dots = mixed(theme.paper, theme.secondary, 0.16)
        self.accent = QColor(theme.accent)
        self.on_accent = QBrush(QColor(theme.on_accent))
        self.accent_brush = QBrush(self.accent)
        self.accent_veil = QColor(self.accent)
        self.accent_veil.setAlpha(28)
        self.accent_halo = QColor(self.accent)
        self.accent_halo.setAlpha(64)
        self.ring = line_pen(self.accent, 2)
        self.severity = {"error": QColor(theme.error), "warning": QColor(theme.warning)}
        self.tones = {"good": QColor(theme.good), **self.severity}
        self.broken_text = QPen(QColor(theme.surface))
        self.problem_ring = {name: line_pen(color, 1.5) for name, color in self.severity.items()}
        self.wire = mixed(theme.line, theme.secondary, 0.7)
        self.port = line_pen(self.wire, 1.5)
        self.faded_port = line_pen(mixed(theme.surface, theme.secondary, 0.25), 1.5)
        self.badge_rim = line_pen(self.paper, 1.5)
        self.wire_brush = QBrush(self.wire)
        self.note = QBrush(mixed(theme.surface, theme.warning, 0.06))
        self.note_outline = line_pen(mixed(theme.line, theme.warning, 0.2), 1)
        self._family: dict[str, QBrush] = {}
        self._wires: dict[tuple[str, float, str, bool], QPen] = {}
        if prints:
            for pen in (self.outline, self.dashed_outline, self.note_outline):
                pen.setCosmetic(False)

    def family(self, name: str) -> QBrush:
        """The colour of a family."""
        if name not in self._family:
            self._family[name] = QBrush(QColor(self.theme.family(name)))
        return self._family[name]

    def wire_pen(self, state: str, width: float, dtype: str, near: bool) -> QPen:
        """The pen of a wire: `state` is "", "hovered", "selected", "marked", "faded" or "cut"."""
        key = (state, width, dtype, near)
        if key not in self._wires:
            self._wires[key] = self._made_wire_pen(state, width, dtype, near)
        return self._wires[key]

    def _made_wire_pen(self, state: str, width: float, dtype: str, near: bool) -> QPen:
        color = {
            "": self.wire,
            "hovered": QColor(self.theme.ink),
            "selected": self.accent,
            "marked": self.accent,
            "faded": mixed(self.theme.paper, self.theme.secondary, 0.3),
            "cut": self.severity["error"],
        }[state]
        strong = state in ("selected", "marked")
        thick = width + strong if near else 1.0 + strong
        pen = QPen(QBrush(color), thick)
        pen.setCosmetic(not near)  # a line of one pixel is by far the fastest
        if dtype == "int" or state == "cut":
            pen.setDashPattern([8 / thick, 5 / thick] if near else [4, 3])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        elif dtype == "bool":
            pen.setDashPattern([0.01, 6 / thick] if near else [1, 3])
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        return pen


_current: list[Ink] = []
_printing: list[Ink] = []


@contextmanager
def printing(theme: Theme) -> Iterator[Ink]:
    """All that is painted meanwhile is painted for paper, in this theme."""
    _printing.append(Ink(theme, prints=True))
    try:
        yield _printing[-1]
    finally:
        _printing.pop()


def ink() -> Ink:
    """The pens and brushes of the theme in use."""
    if _printing:
        return _printing[-1]
    if not _current or _current[0].theme is not look.theme:
        _current[:] = [Ink(look.theme)]
    return _current[0]
