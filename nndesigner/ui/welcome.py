"""The page a person begins at: examples as pictures of their networks, a new network, recent files."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QFont, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from nndesigner.project import Project
from nndesigner.ui import icons
from nndesigner.ui.example_grid import MOST_COLUMNS, ExampleGrid
from nndesigner.ui.fields import explained
from nndesigner.ui.recent_pictures import RecentPictures
from nndesigner.ui.recent_row import RecentRow
from nndesigner.ui.theme import font

_SIDE = 264
_WIDEST = 1680
_NARROW_CARD = 216
_WIDE_CARD = 300  # from which on there may be a fourth beside it


class Welcome(QScrollArea):
    """The welcome page.

    **Signals:** `example_chosen` with its name; `new_chosen`; `data_chosen`, to begin with data; `open_chosen`;
    `recent_chosen` with a path; `left` when Escape leads back to where one came from.
    """

    example_chosen = Signal(str)
    new_chosen = Signal()
    data_chosen = Signal()
    open_chosen = Signal()
    recent_chosen = Signal(str)
    left = Signal()

    def __init__(
        self,
        examples: Sequence[tuple[str, Project]],
        recent: Sequence[Path] = (),
        forget: Callable[[Path], object] = lambda _: None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self._forget = forget
        self._pictures = RecentPictures(self)
        self._pictures.found.connect(self._show_picture)
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
            self._rows.addWidget(row if row.isEnabled() else self._with_end(row))
        self._none.setVisible(not paths)
        self._pictures.ask(paths)

    def _with_end(self, row: RecentRow) -> QWidget:
        """The row of a file that is gone, with a button that takes it from the list."""
        both = QWidget(self._page)
        line = QHBoxLayout(both)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        end = QToolButton(both)
        end.setObjectName("recentForget")
        end.setAutoRaise(True)
        end.setFixedSize(28, 28)
        end.setIconSize(QSize(16, 16))
        words = self.tr("Take {name} from the list").format(name=row.path.stem)
        end.setAccessibleName(words)
        end.setToolTip(explained(words))
        icons.dress(end, "close", "secondary")
        end.clicked.connect(lambda _=False, path=row.path: self._forget(path))
        line.addWidget(row, 1)
        line.addWidget(end)
        return both

    def _show_picture(self, path: Path, project: Project) -> None:
        for row in self._page.findChildren(RecentRow):
            if row.path == path and not row.isHidden():
                row.show_project(project)

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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = self.viewport().width()
        aside = max(32, (width - _WIDEST) // 2)
        above = max(24, min(96, self.viewport().height() // 12))
        self._column.setContentsMargins(aside, above, aside, 32)
        room = width - 2 * aside - _SIDE - 32
        columns = max(1, min(MOST_COLUMNS, (room + 16) // (_NARROW_CARD + 16)))
        if columns == MOST_COLUMNS and room < MOST_COLUMNS * (_WIDE_CARD + 16) - 16:
            columns -= 1
        self._examples.set_columns(columns)
        # The page must know how tall it is now, before the scroll area asks.
        self._column.invalidate()
        self._column.activate()
        super().resizeEvent(event)


def _digits_first(example: tuple[str, Project]) -> bool:
    return example[0] != "digits"
