"""The one row at the foot of the window: how large the network is, on what it is trained, what is wrong."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStatusBar, QWidget

from nndesigner.ui import figures, icons
from nndesigner.ui.batch_menu import BatchMenu
from nndesigner.ui.elided import ElidedLabel
from nndesigner.ui.fields import explained
from nndesigner.ui.theme import font, look

if TYPE_CHECKING:
    from nndesigner.plan import Plan
    from nndesigner.ui.checker import Costed


def reading_time(text: str) -> float:
    """Seconds until words that came up unasked are noticed and read, even slowly."""
    return 4 + len(text) / 12


class Foot(QStatusBar):
    """Holds the row from edge to edge, where a status bar's own layout would leave a margin round it."""

    def __init__(self, row: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("foot")
        self.setSizeGripEnabled(False)
        self.setFixedHeight(row.height())
        self._row = row
        row.setParent(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._row.setGeometry(self.rect())


class StatusRow(QWidget):
    """A row 28 pixels high; what is written at its right is a click away from its view.

    **Signals:** `parameters_clicked`, `flops_clicked`, `memory_clicked`, `device_clicked`, `problems_clicked`,
    `zoom_clicked`; `batch_clicked` when the training's batch is to be set, `batch_chosen` with another for which the
    costs are to be told, 0 for the training's.
    """

    parameters_clicked = Signal()
    flops_clicked = Signal()
    memory_clicked = Signal()
    batch_clicked = Signal()
    batch_chosen = Signal(int)
    device_clicked = Signal()
    problems_clicked = Signal()
    zoom_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusRow")
        self.setFixedHeight(28)
        self._hint = ElidedLabel(parent=self)
        self._hint.setObjectName("statusHint")
        self._hint.setFont(font(11))
        self._hint.setProperty("tone", "secondary")
        self._over = QTimer(self, singleShot=True)
        self._over.timeout.connect(self._hint.clear)
        self._fresh = QTimer(self, singleShot=True, interval=0)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 1, 8, 0)
        row.setSpacing(4)
        row.addWidget(self._hint, 1)
        self._parameters = self._button("statusParameters", self.tr("Shows which layers they are in"))
        self._flops = self._button("statusFlops", "")
        self._memory = self._button("statusMemory", "")
        self._batch = self._button(
            "statusBatch", self.tr("How many records operations and memory are told for")
        )
        self._device = self._button("statusDevice", self.tr("What torch computes on"))
        self._problems = self._button("statusProblems", self.tr("Shows the problems"))
        self._zoom = self._button("statusZoom", self.tr("Shows the whole network"))
        for button, clicked in (
            (self._parameters, self.parameters_clicked),
            (self._flops, self.flops_clicked),
            (self._memory, self.memory_clicked),
            (self._batch, self._choose_batch),
            (self._device, self.device_clicked),
            (self._problems, self.problems_clicked),
            (self._zoom, self.zoom_clicked),
        ):
            button.clicked.connect(clicked)
            row.addWidget(button)
        for button in (self._parameters, self._flops, self._memory):
            button.setCheckable(True)
        self._trained_with, self._own_batch = 0, 0
        self._batches = BatchMenu(self)
        self._batches.chosen.connect(self._take_batch)
        self._batches.settings_wanted.connect(self.batch_clicked)
        look.changed.connect(self.update)
        self.set_plan(None)
        self.set_costs(None)
        self.set_batch(0)
        self.set_device("CPU")
        self.set_zoom(1.0)

    def _button(self, name: str, tip: str) -> QPushButton:
        button = QPushButton(self)
        button.setObjectName(name)
        button.setToolTip(tip)
        button.setProperty("quiet", True)
        button.setProperty("small", True)
        button.setFont(font(11))
        button.setFixedHeight(24)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def set_plan(self, plan: "Plan | None") -> None:
        """What is known of the network; None before anything is."""
        if plan is None:
            self._say(self._parameters, self.tr("… parameters"))
            self._say(self._problems, self.tr("checking…"))
            icons.dress(self._problems, "clock", "secondary")
            return
        one = self.tr("1 parameter")
        count = figures.thousands(plan.parameters)
        self._say(self._parameters, one if plan.parameters == 1 else self.tr("{} parameters").format(count))
        errors = sum(1 for problem in plan.problems if problem.severity == "error")
        self._show_problems(errors, len(plan.problems) - errors)

    def set_costs(self, costed: "Costed | None") -> None:
        """What the network costs; None before that is known."""
        there = costed is not None and costed.costs.whole.given > 0
        self._flops.setVisible(there)
        self._memory.setVisible(there)
        if costed is None:
            return
        whole, copies = costed.costs.whole, costed.copies
        self._say(self._flops, figures.operations(whole.flops))
        back = figures.operations(whole.flops_backward)
        self._flops.setToolTip(
            explained(
                self.tr("Additions and multiplications of one pass forwards."),
                self.tr("The pass backwards takes {} more.").format(back),
                self.tr("A click shows which layers they are in."),
            )
        )
        self._say(self._memory, figures.memory(whole.training(copies)))
        self._memory.setAccessibleName(self.tr("{} of memory to train").format(self._memory.text()))
        parts = (whole.kept, whole.weights, whole.gradients, round(copies * whole.gradients))
        self._memory.setToolTip(
            explained(
                self.tr("Memory that training takes, as an estimate:"),
                self.tr("{} activations, {} weights, {} gradients, {} for the optimizer.").format(
                    *map(figures.memory, parts)
                ),
                self.tr("Once it is trained it takes {}.").format(figures.memory(costed.costs.running)),
                self.tr("A click shows which layers it is in."),
            )
        )

    def set_measure(self, measure: str) -> None:
        """Marks what the cards are looked at by: "parameters", "flops", "memory", or "off"."""
        for name, button in (
            ("parameters", self._parameters),
            ("flops", self._flops),
            ("memory", self._memory),
        ):
            button.setChecked(name == measure)

    def set_batch(self, records: int) -> None:
        """How many records make one step of the training."""
        self._trained_with = records
        self._show_batch()

    @property
    def own_batch(self) -> int:
        """How many records were chosen to tell the costs for; 0 stands for the training's."""
        return self._own_batch

    def _show_batch(self) -> None:
        records = self._own_batch or self._trained_with
        self._say(self._batch, self.tr("batch {}").format(figures.thousands(records)))
        self._batch.setVisible(records > 0)
        self._batches.show_choice(self._trained_with, self._own_batch)

    def _choose_batch(self) -> None:
        place = self._batch.mapToGlobal(QPoint(0, -self._batches.sizeHint().height()))
        self._batches.popup(place)

    def _take_batch(self, records: int) -> None:
        self._own_batch = records
        self._show_batch()
        self.batch_chosen.emit(records)

    def set_device(self, name: str) -> None:
        """What torch computes on."""
        self._say(self._device, name)

    def set_zoom(self, scale: float) -> None:
        """How large the canvas is shown; 1 is as large as it is."""
        self._say(self._zoom, f"{round(100 * scale)}{figures.THIN}%")
        self._zoom.setAccessibleName(self.tr("Zoom {}").format(self._zoom.text()))

    def set_hint(self, text: str, seconds: float = 0.0) -> None:
        """Words at the left, for so many seconds; where none are given, for as long as it takes to read them at leisure."""
        self._hint.setText(text)
        self._fresh.start()
        self._over.start(round(1000 * (seconds or reading_time(text))))

    def let_hint_go(self) -> None:
        """Something else was done: what is at the left belongs to the past, unless it was said of that very thing."""
        if not self.is_fresh:
            self._over.stop()
            self._hint.clear()

    @property
    def is_fresh(self) -> bool:
        """Whether the words at the left came up with what is being done right now."""
        return self._fresh.isActive()

    @property
    def hint(self) -> str:
        """The words at the left."""
        return self._hint.text()

    def _say(self, button: QPushButton, text: str) -> None:
        button.setText(text)
        button.setAccessibleName(text)

    def _show_problems(self, errors: int, warnings: int) -> None:
        words = []
        if errors:
            words.append(self.tr("1 problem") if errors == 1 else self.tr("{} problems").format(errors))
        if warnings:
            words.append(self.tr("1 warning") if warnings == 1 else self.tr("{} warnings").format(warnings))
        self._say(self._problems, " · ".join(words) or self.tr("no problems"))
        name, color = (
            ("problem", "error") if errors else ("warning", "warning") if warnings else ("ok", "good")
        )
        icons.dress(self._problems, name, color)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = look.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.paper))
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawLine(0, 0, self.width(), 0)
        painter.end()
