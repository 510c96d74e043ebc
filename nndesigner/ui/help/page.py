"""The help page of a kind: its sentence, picture, formula, shapes, settings, use, and where to read on."""

import html
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QFont
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from nndesigner import catalogue
from nndesigner.catalogue.kind import Kind
from nndesigner.graph import Value
from nndesigner.project import Project
from nndesigner.ui import icons
from nndesigner.ui.facts import Fact, Facts, head, plain_label, quiet_button
from nndesigner.ui.figures import thousands
from nndesigner.ui.help.picture import KindPicture
from nndesigner.ui.help.typeset import FormulaView
from nndesigner.ui.help.uses import use_of
from nndesigner.ui.palette import family_word
from nndesigner.ui.theme import font, look

if TYPE_CHECKING:
    from nndesigner.catalogue.kind import TensorType
    from nndesigner.ui.help.findings import Findings

_MARGIN = 24
_MOST_ALSO = 8
_ICONS = {"optimizer": "optimizer", "scheduler": "scheduler"}


def siblings(kind: Kind, kinds: Sequence[Kind] = catalogue.KINDS) -> tuple[str, ...]:
    """What else to look at: the same for other dimensions, then the others of its family, those nearest first."""
    family = [one for one in kinds if one.family == kind.family]
    if kind not in family:
        return tuple(one.name for one in family if one.name != kind.name)[:_MOST_ALSO]
    stem, place = kind.name.rstrip("123d"), family.index(kind)
    near = sorted(
        (one for one in family if one.name != kind.name),
        key=lambda one: (one.name.rstrip("123d") != stem, abs(family.index(one) - place)),
    )
    seen = dict.fromkeys(one.name for one in near)
    return tuple(seen)[:_MOST_ALSO]


def value_words(value: Value) -> str:
    """A param's value for people."""
    match value:
        case None:
            return "–"
        case bool():
            return _said("on") if value else _said("off")
        case tuple():
            return ", ".join(map(value_words, value))
        case int() | float():
            return (
                f"{value:.6g}".replace("-", "−") if isinstance(value, float) else str(value).replace("-", "−")
            )
        case _:
            return str(value)


def _said(words: str) -> str:
    return QCoreApplication.translate("KindPage", words)


def call_words(kind: Kind, arguments: Mapping[str, Value]) -> str:
    """How a script writes it for these arguments: `nn.Conv2d(4, 32, kernel_size=3)`."""
    if not kind.is_module or not arguments:
        return f"{kind.spelled}()" if kind.is_module else kind.spelled
    first = [repr(arguments[name]) for name in kind.positional if name in arguments]
    rest = [f"{name}={value!r}" for name, value in arguments.items() if name not in kind.positional]
    return f"{kind.spelled}({', '.join([*first, *rest])})"


class KindPage(QWidget):
    """One kind, to be read. **Signals:** `wanted` with the name of another kind to be shown."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("kindPage")
        self.kind: Kind | None = None
        self._icon = icons.Picture("help", 24)
        self._name = plain_label("", face=font(20, QFont.Weight.DemiBold))
        self._name.setObjectName("kindPageName")
        self._what = plain_label("", "secondary", font(11))
        self._sentence = plain_label("", wrap=True)
        self._sentence.setObjectName("kindPageSentence")
        self._sentence.setFont(font(14))
        self.picture = KindPicture()
        self.formula = FormulaView()
        self._shapes_head = head("")
        self._shapes = Facts()
        self._shapes.setObjectName("kindPageShapes")
        self._params_head = head(self.tr("Settings"))
        self._params = QWidget()
        self._params.setObjectName("kindPageParams")
        self._use_head = head(self.tr("Often used like this"))
        self._use = _code_label("kindPageUse")
        self._script_head = head(self.tr("In a script"))
        self._script = _code_label("kindPageScript")
        self._also_head = head(self.tr("See also"))
        self._also = QLabel()
        self._also.setObjectName("kindPageAlso")
        self._also.setTextFormat(Qt.TextFormat.RichText)
        self._also.setWordWrap(True)
        self._also.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self._also.linkActivated.connect(self.wanted)
        self._link = quiet_button(self.tr("Read the documentation of PyTorch"), "kindPageLink", "external")
        self._link.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._link.clicked.connect(self._read)
        self._lay_out()
        look.changed.connect(self._show_icon)

    def _lay_out(self) -> None:
        top = QGridLayout()
        top.setHorizontalSpacing(12)
        top.setVerticalSpacing(0)
        top.setColumnStretch(1, 1)
        top.addWidget(self._icon, 0, 0, 2, 1)
        top.addWidget(self._name, 0, 1)
        top.addWidget(self._what, 1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, 16, _MARGIN, 24)
        column.setSpacing(8)
        column.addLayout(top)
        column.addSpacing(8)
        for told in (self._sentence, self.picture, self.formula):
            column.addWidget(told)
            column.addSpacing(4)
        for title, widget in (
            (self._shapes_head, self._shapes),
            (self._params_head, self._params),
            (self._use_head, self._use),
            (self._script_head, self._script),
            (self._also_head, self._also),
        ):
            column.addSpacing(8)
            column.addWidget(title)
            column.addWidget(widget)
        column.addSpacing(8)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._link)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)

    def show_kind(
        self,
        kind: Kind,
        params: Mapping[str, Value] | None = None,
        inside: Project | None = None,
        known: "Mapping[str, TensorType] | None" = None,
        kinds: Sequence[Kind] = catalogue.KINDS,
        said: str = "",
    ) -> None:
        """Shows a kind; `params` are those of the node it is asked for, `known` the types at its ports, `inside` what a
        block holds, `said` what its author says of it.
        """
        self.kind = kind
        given = dict(params) if params is not None else kind.start_params()
        self._name.setText(kind.name)
        spelled = kind.spelled if kind.target and kind.code is None else ""
        word = family_word(kind.family)
        self._what.setText(" · ".join(part for part in (word, spelled) if part))
        self._sentence.setText(said or kind.sentence)
        self._show_icon()
        self.picture.show_kind(kind, given, inside)
        self.formula.show_formula(kind.formula)
        self._show_shapes(self.tr("Shapes here"), tuple((known or {}).items()), 0)
        self._show_params(kind, given, params or {})
        self._show_line(self._use_head, self._use, use_of(kind))
        self._show_line(self._script_head, self._script, "")
        self._show_also(siblings(kind, kinds))
        self._link.setVisible(bool(kind.documentation))
        self._link.setToolTip(kind.documentation)

    def take(self, found: "Findings") -> None:
        """Shows what was computed for the kind that is shown."""
        if self.kind is None:
            return
        self.picture.show_drawn(found.drawn)
        if found.outputs and not self._shapes.facts:
            self._show_shapes(
                self.tr("Shapes of an example"), (*found.inputs, *found.outputs), found.parameters
            )
        if found.outputs and self.kind.target and self.kind.role in ("layer", "loss"):
            self._show_line(self._script_head, self._script, call_words(self.kind, found.arguments))

    def _show_icon(self) -> None:
        if self.kind is not None:
            family = self.kind.family
            drawing = _ICONS.get(family) or icons.family_drawing(family)
            colour = "accent" if family in _ICONS else look.theme.family(family)
            self._icon.show_icon(drawing, colour)

    def _show_shapes(self, title: str, types: "Sequence[tuple[str, TensorType]]", parameters: int) -> None:
        facts = [
            Fact(name, str(one) if one.dtype == "float32" else f"{one} {one.dtype}") for name, one in types
        ]
        if facts and parameters:
            facts.append(Fact(self.tr("parameters"), thousands(parameters)))
        self._shapes.show_facts(facts)
        self._shapes_head.setText(title)
        for widget in (self._shapes_head, self._shapes):
            widget.setVisible(bool(facts))

    def _show_params(self, kind: Kind, given: Mapping[str, Value], own: Mapping[str, Value]) -> None:
        """All params with their values; those that are the node's `own` stand out."""
        values = kind.values(given)
        fresh = QWidget()
        fresh.setObjectName("kindPageParams")
        grid = QGridLayout(fresh)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, 120)
        for row, param in enumerate(kind.params):
            name = plain_label(param.name, face=font(12, mono=True))
            tone = "" if param.name in own else "secondary"
            told = plain_label(value_words(values.get(param.name)), tone, font(12, mono=True))
            sentence = plain_label(param.sentence or param.expects().capitalize(), "secondary", wrap=True)
            top = Qt.AlignmentFlag.AlignTop
            grid.addWidget(name, row, 0, top)
            grid.addWidget(sentence, row, 1, top)
            grid.addWidget(told, row, 2, top | Qt.AlignmentFlag.AlignRight)
        layout = self.layout()
        assert layout is not None
        layout.replaceWidget(self._params, fresh)
        self._params.hide()
        self._params.deleteLater()
        self._params = fresh
        for widget in (self._params_head, self._params):
            widget.setVisible(bool(kind.params))

    @staticmethod
    def _show_line(title: QLabel, label: QLabel, text: str) -> None:
        label.setText(text)
        for widget in (title, label):
            widget.setVisible(bool(text))

    def _show_also(self, names: Sequence[str]) -> None:
        links = (
            f'<a href="{html.escape(name)}" style="text-decoration: none">{html.escape(name)}</a>'
            for name in names
        )
        self._also.setText("&nbsp; ·&nbsp; ".join(links))
        for widget in (self._also_head, self._also):
            widget.setVisible(bool(names))

    def _read(self) -> None:
        if self.kind is not None and self.kind.documentation:
            QDesktopServices.openUrl(QUrl(self.kind.documentation))


def _code_label(name: str) -> QLabel:
    label = plain_label("", face=font(12, mono=True), wrap=True)
    label.setObjectName(name)
    label.setProperty("formula", True)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return label
