"""The page a person begins at: examples as pictures of their networks, a new network, recent files."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import (
    QCoreApplication,
    QDate,
    QDateTime,
    QEvent,
    QLocale,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QVariantAnimation,
    Signal,
    SignalInstance,
)
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFont,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from nndesigner.catalogue import BY_NAME
from nndesigner.graph import Graph
from nndesigner.project import Project
from nndesigner.ui import icons
from nndesigner.ui.theme import font, look, mixed
from nndesigner.ui.thumbnail import paint_network

_LIFT = 3.0
_SIDE = 248
_WIDEST = 1240
_NARROW_CARD = 216
_MOST_COLUMNS = 3
_AT_ONCE = 6


class ExampleCard(QAbstractButton):
    """The picture of a project's network, its title and what it is made of."""

    def __init__(self, name: str, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self._project = project
        self._title = project.title or name
        layers = _layers(project, project.graph)
        words = self.tr("1 layer") if layers == 1 else self.tr("{} layers").format(layers)
        self._about = " · ".join([*_taken(project), words])
        self.setObjectName(f"example_{name}")
        self.setAccessibleName(self._title)
        self.setAccessibleDescription(self._about)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        # The grid alone says how wide a card is; else wide rows would keep the page from getting narrower.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(248)
        self._lift = 0.0
        self._motion = QVariantAnimation(self)
        self._motion.valueChanged.connect(self._lifted)
        look.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(260, 248)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = (
            QRectF(self.rect())
            .adjusted(0.5, 5.5, -0.5, -5.5)
            .translated(0, 0 if self.isDown() else -self._lift)
        )
        self._paint_shadow(painter, card)
        edge = mixed(theme.accent, theme.line, 0.7 * self._lift / _LIFT)
        painter.setPen(QPen(QColor(theme.accent if self.hasFocus() else edge), 2 if self.hasFocus() else 1))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(card, 8, 8)
        picture = card.adjusted(1, 1, -1, -54)
        paint_network(painter, picture, self._project, theme)
        painter.setPen(QPen(QColor(theme.line), 1))
        below = round(picture.bottom()) + 0.5
        painter.drawLine(QPointF(card.left() + 1, below), QPointF(card.right() - 1, below))
        words = QRectF(card.left() + 12, below + 8, card.width() - 24, 18)
        for text, face, color in (
            (self._title, font(13, QFont.Weight.DemiBold), theme.ink),
            (self._about, font(11), theme.secondary),
        ):
            painter.setFont(face)
            painter.setPen(QColor(color))
            shown = QFontMetricsF(face).elidedText(text, Qt.TextElideMode.ElideRight, words.width())
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, shown)
            words.translate(0, 19)
        painter.end()

    def _paint_shadow(self, painter: QPainter, card: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        for spread in (3, 2, 1):
            shade = QColor(0, 0, 0, round(12 * self._lift / _LIFT))
            painter.setBrush(shade)
            painter.drawRoundedRect(card.adjusted(-spread, 0, spread, spread + 1), 8 + spread, 8 + spread)

    def _lifted(self, value: object) -> None:
        self._lift = float(value)  # type: ignore[arg-type]
        self.update()

    def _lift_to(self, height: float) -> None:
        time = self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self)
        self._motion.stop()
        self._motion.setDuration(min(120, max(0, time)))
        self._motion.setStartValue(self._lift)
        self._motion.setEndValue(height)
        self._motion.start()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._lift_to(_LIFT)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._lift_to(0.0)


def _layers(project: Project, graph: Graph) -> int:
    """How many layers there are, those inside blocks counted."""
    count = 0
    for node in graph.nodes.values():
        if (block := project.blocks.get(node.kind)) is not None:
            count += node.repeat * _layers(project, block.graph)
        elif (kind := project.kind_of(node)) is None or kind.role == "layer":
            count += node.repeat
    return count


def _taken(project: Project) -> list[str]:
    """What the network looks at: its data set, or the shapes of its inputs."""
    if data := project.data_set():
        return [data.title]
    inputs = [node for node in project.graph.nodes.values() if node.kind == "Input"]
    shapes = [node.params.get("shape", BY_NAME["Input"].by_name["shape"].default) for node in inputs]
    return ["×".join(map(str, shape)) for shape in shapes if isinstance(shape, tuple)]


class ExampleGrid(QWidget):
    """Cards side by side, the first few at once and the others when they are asked for.

    **Signals:** `chosen` with the name of an example.
    """

    chosen = Signal(str)

    def __init__(self, examples: Sequence[tuple[str, Project]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._examples = examples
        self._cards: list[ExampleCard] = []
        self._columns = 1
        self._all = QPushButton(self.tr("All {} examples").format(len(examples)), self)
        self._all.setObjectName("welcomeAll")
        self._all.setAccessibleName(self._all.text())
        self._all.setProperty("quiet", True)
        self._all.setCheckable(True)
        self._all.setVisible(len(examples) > _AT_ONCE)
        self._all.toggled.connect(self._show_all)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._grid)
        column.addWidget(self._all, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self._show_all(False)

    def set_columns(self, columns: int) -> None:
        """Shows so many cards side by side."""
        if columns != self._columns:
            self._columns = columns
            self._place()

    def _show_all(self, on: bool) -> None:
        icons.dress(self._all, "chevron-down" if on else "chevron-right", "secondary")
        shown = len(self._examples) if on else _AT_ONCE
        for name, project in self._examples[len(self._cards) : shown]:
            card = ExampleCard(name, project, self)
            card.clicked.connect(self._choose)
            if self._cards:
                QWidget.setTabOrder(self._cards[-1], card)
            self._cards.append(card)
        for index, card in enumerate(self._cards):
            card.setVisible(index < shown)
        self._place()

    def _place(self) -> None:
        for card in self._cards:
            self._grid.removeWidget(card)
        shown = [card for card in self._cards if not card.isHidden()]
        for index, card in enumerate(shown):
            self._grid.addWidget(card, index // self._columns, index % self._columns)
        for column in range(_MOST_COLUMNS):
            self._grid.setColumnStretch(column, 1 if column < self._columns else 0)

    def _choose(self) -> None:
        card = self.sender()
        if isinstance(card, ExampleCard):
            self.chosen.emit(card.name)


class RecentRow(QAbstractButton):
    """A file worked on before: its name, its folder and when it was saved. Disabled where it is gone."""

    def __init__(self, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path = path
        try:
            saved = path.stat().st_mtime
            self._when = _day(datetime.fromtimestamp(saved))
        except OSError:
            self.setEnabled(False)
            self._when = self.tr("not found")
        self.setObjectName("recentFile")
        self.setAccessibleName(path.stem)
        self.setAccessibleDescription(f"{path.parent}, {self._when}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if self.isEnabled() else Qt.CursorShape.ArrowCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedHeight(44)
        look.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(200, 44)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inside = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.isEnabled() and (self.underMouse() or self.hasFocus()):
            painter.setPen(QPen(QColor(theme.accent), 2) if self.hasFocus() else QPen(Qt.PenStyle.NoPen))
            painter.setBrush(QColor(theme.raised))
            painter.drawRoundedRect(inside, 6, 6)
        room = inside.width() - 16
        pale = mixed(theme.secondary, theme.paper, 0.7)
        face, small = font(13), font(11)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(face)
        painter.setPen(QColor(theme.ink if self.isEnabled() else pale))
        name = QFontMetricsF(face).elidedText(self.path.stem, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(inside.left() + 8, inside.top() + 4, room, 18), middle, name)
        painter.setFont(small)
        painter.setPen(QColor(theme.secondary if self.isEnabled() else pale))
        about = QRectF(inside.left() + 8, inside.top() + 22, room, 16)
        taken = QFontMetricsF(small).horizontalAdvance(self._when) + 12
        folder = _at_home(self.path.parent)
        folder = QFontMetricsF(small).elidedText(folder, Qt.TextElideMode.ElideMiddle, room - taken)
        painter.drawText(about, middle, folder)
        painter.drawText(about, middle | Qt.AlignmentFlag.AlignRight, self._when)
        painter.end()


def _at_home(folder: Path) -> str:
    try:
        return str(Path("~") / folder.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(folder)


def _day(time: datetime) -> str:
    """Today's and yesterday's by name, others by date."""
    moment = QDateTime.fromSecsSinceEpoch(round(time.timestamp()))
    ago = moment.date().daysTo(QDate.currentDate())
    if ago == 0:
        return QLocale().toString(moment.time(), QLocale.FormatType.ShortFormat)
    if ago == 1:
        return QCoreApplication.translate("Welcome", "yesterday")
    return QLocale().toString(moment.date(), QLocale.FormatType.ShortFormat)


class Welcome(QScrollArea):
    """The welcome page.

    **Signals:** `example_chosen` with its name; `new_chosen`; `data_chosen`, to begin with data; `open_chosen`;
    `recent_chosen` with a path.
    """

    example_chosen = Signal(str)
    new_chosen = Signal()
    data_chosen = Signal()
    open_chosen = Signal()
    recent_chosen = Signal(str)

    def __init__(
        self,
        examples: Sequence[tuple[str, Project]],
        recent: Sequence[Path] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self.setAccessibleName(self.tr("Welcome"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("bare", True)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self._page = QWidget()
        self._page.setAutoFillBackground(False)
        self.setWidget(self._page)
        self._examples = ExampleGrid(sorted(examples, key=_digits_first), self._page)
        self._examples.chosen.connect(self.example_chosen)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._lay_out()
        self.set_recent(recent)

    def set_recent(self, paths: Sequence[Path]) -> None:
        """Shows these files, the last used first."""
        while (item := self._rows.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.hide()
                row.deleteLater()
        for path in paths:
            row = RecentRow(path, self._page)
            row.clicked.connect(self._choose_recent)
            self._rows.addWidget(row)
        self._none.setVisible(not paths)

    def _choose_recent(self) -> None:
        row = self.sender()
        if isinstance(row, RecentRow):
            self.recent_chosen.emit(str(row.path))

    def _lay_out(self) -> None:
        head = QLabel("nndesigner", self._page)
        head.setObjectName("welcomeHead")
        head.setFont(font(28, QFont.Weight.DemiBold))
        sentence = self._label(
            self.tr("Draw a neural network, train it live and leave with a PyTorch script."), 15
        )
        sentence.setProperty("tone", "secondary")
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self._label(self.tr("Start from an example"), 13, QFont.Weight.DemiBold))
        left.addWidget(self._examples, 1)
        self._none = self._label(self.tr("Files you save appear here."), 11)
        self._none.setProperty("tone", "secondary")
        side = QVBoxLayout()
        side.setSpacing(8)
        side.addWidget(self._label(self.tr("Start from nothing"), 13, QFont.Weight.DemiBold))
        side.addSpacing(5)
        side.addWidget(self._button("welcomeNew", self.tr("New network"), "new", self.new_chosen))
        side.addWidget(self._button("welcomeData", self.tr("From my data…"), "family-data", self.data_chosen))
        side.addWidget(self._button("welcomeOpen", self.tr("Open…"), "open", self.open_chosen))
        side.addSpacing(16)
        side.addWidget(self._label(self.tr("Recent"), 13, QFont.Weight.DemiBold))
        side.addWidget(self._none)
        side.addLayout(self._rows)
        side.addStretch(1)
        sides = QWidget(self._page)
        sides.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        sides.setFixedWidth(_SIDE)
        body = QHBoxLayout()
        body.setSpacing(32)
        body.addLayout(left, 1)
        body.addWidget(sides)
        self._column = QVBoxLayout(self._page)
        self._column.setSpacing(4)
        self._column.addWidget(head)
        self._column.addWidget(sentence)
        self._column.addSpacing(28)
        self._column.addLayout(body, 1)

    def _label(self, text: str, size: int, weight: QFont.Weight = QFont.Weight.Normal) -> QLabel:
        label = QLabel(text, self._page)
        label.setFont(font(size, weight))
        return label

    def _button(self, name: str, text: str, icon: str, chosen: SignalInstance) -> QPushButton:
        button = QPushButton(text, self._page)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setMinimumHeight(34)
        icons.dress(button, icon)
        button.clicked.connect(chosen)
        return button

    # Qt.

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Tab leads to the first card; no button of the row above has the focus before anyone asked for it.
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = self.viewport().width()
        aside = max(32, (width - _WIDEST) // 2)
        above = max(24, min(96, self.viewport().height() // 12))
        self._column.setContentsMargins(aside, above, aside, 32)
        room = width - 2 * aside - _SIDE - 32
        self._examples.set_columns(max(1, min(_MOST_COLUMNS, (room + 16) // (_NARROW_CARD + 16))))
        # The page must know how tall it is now, before the scroll area asks.
        self._column.invalidate()
        self._column.activate()
        super().resizeEvent(event)


def _digits_first(example: tuple[str, Project]) -> bool:
    return example[0] != "digits"
