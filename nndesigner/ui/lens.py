"""What the network is looked at by, on the cards, in the inspector, at the foot of the window: what its layers cost, how
they learn, how long they take.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, get_args

from PySide6.QtCore import QObject, Signal

from nndesigner.ui import legends
from nndesigner.ui.canvas.legend import Key, Legend
from nndesigner.ui.canvas.load import Load, durations, loads
from nndesigner.ui.canvas.view import Canvas
from nndesigner.ui.checker import Costed
from nndesigner.ui.document import Document
from nndesigner.ui.inspector import Inspector
from nndesigner.ui.status_row import StatusRow
from nndesigner.ui.timing import Timed, Timing
from nndesigner.ui.vitals import Vitals, prefix_of

if TYPE_CHECKING:
    from nndesigner.costs import Cost

Measure = Literal["off", "parameters", "flops", "memory", "gradients", "time"]
MEASURES: tuple[Measure, ...] = get_args(Measure)


class Lens(QObject):
    """Looks at the network by one measure.

    **Signals:** `changed` with what it is looked at by now; `training_wanted` when a run is to show how it learns.
    """

    changed = Signal(str)
    training_wanted = Signal()

    def __init__(
        self,
        document: Document,
        canvas: Canvas,
        inspector: Inspector,
        status: StatusRow,
        vitals: Vitals,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.measure: Measure = "off"
        self._document, self._canvas, self._inspector, self._status = document, canvas, inspector, status
        self._vitals = vitals
        self._timing: Timing | None = None
        self._costed: Costed | None = None
        self._place = document.place
        self.legend = Legend(canvas)
        self.legend.closed.connect(self._close)
        self.legend.wanted.connect(self._do)
        document.changed.connect(self._go_along)
        vitals.changed.connect(self._tell)
        status.parameters_clicked.connect(self._by_parameters)
        status.flops_clicked.connect(self._by_flops)
        status.memory_clicked.connect(self._by_memory)
        status.batch_chosen.connect(self._refresh)

    def follow(self, timing: Timing) -> None:
        """Shows what is measured there."""
        self._timing = timing
        timing.changed.connect(self._refresh)
        self._document.loaded.connect(timing.forget)

    def take(self, costed: Costed) -> None:
        """Shows these costs."""
        self._costed = costed
        self._status.set_costs(costed)
        self._refresh()

    def show(self, measure: Measure) -> None:
        """Shows on the cards which nodes take most of this, or how they learn."""
        self.measure = measure
        self._status.set_measure(measure)
        self._vitals.last(measure == "gradients")
        if measure == "time" and self._timing is not None and self._timing.timed is None:
            self.measure_time()
        self._refresh()
        self.changed.emit(measure)

    def measure_time(self) -> None:
        """Measures how long the layers take, anew."""
        if self._timing is not None:
            self._timing.start(self._document.project, self._batch)

    @property
    def _batch(self) -> int:
        return self._status.own_batch or self._document.project.training.batch_size

    def _close(self) -> None:
        self.show("off")
        self._canvas.setFocus()

    def _do(self) -> None:
        """What the button of the legend says."""
        if self.measure == "gradients":
            self.training_wanted.emit()
        elif self._timing is not None and self._timing.active:
            self._timing.stop()
        else:
            self.measure_time()

    def _by_parameters(self) -> None:
        self.show("off" if self.measure == "parameters" else "parameters")

    def _by_flops(self) -> None:
        self.show("off" if self.measure == "flops" else "flops")

    def _by_memory(self) -> None:
        self.show("off" if self.measure == "memory" else "memory")

    def _go_along(self) -> None:
        """The graph that is looked at now may be the inside of a block; what was measured may hold no more."""
        if self._document.place != self._place or self.measure == "time":
            self._refresh()

    @property
    def _prefix(self) -> str:
        """What stands before the names of the nodes that are looked at."""
        return "".join(f"{name}." for name in self._document.place.trail)

    @property
    def _known(self) -> bool:
        """Whether anything can be known here: a block that is looked at by itself costs nothing yet."""
        return bool(self._document.place.trail) or not self._document.place.path

    @property
    def _timed(self) -> Timed | None:
        return self._timing.timed if self._timing is not None else None

    @property
    def _stale(self) -> bool:
        timed = self._timed
        return timed is not None and not timed.holds_for(self._document.project, self._batch)

    def _refresh(self) -> None:
        self._place = self._document.place
        known = self._known
        costed, timed = (self._costed, self._timed) if known else (None, None)
        self._inspector.set_costs(costed, self._prefix, timed, self._stale)
        found = {} if not known else self._durations() if self.measure == "time" else self._loads()
        marks = self._canvas.stage.marks
        if found != marks.loads:
            self._canvas.mark(replace(marks, loads=found))
        self._tell()

    def _loads(self) -> dict[str, Load]:
        costed = self._costed
        if costed is None or self.measure not in ("parameters", "flops", "memory"):
            return {}
        return loads(self._amounts(costed), self._amount(costed.costs.whole))

    def _amounts(self, costed: Costed) -> dict[str, int]:
        of, prefix = costed.costs.of, self._prefix
        return {
            name: self._amount(cost)
            for name in self._document.graph.nodes
            if (cost := of.get(prefix + name)) is not None
        }

    def _durations(self) -> dict[str, Load]:
        timed = self._timed
        return durations(self._seconds(timed), timed.times.whole.both, self._stale) if timed else {}

    def _seconds(self, timed: Timed) -> dict[str, float]:
        of, prefix = timed.times.of, self._prefix
        return {
            name: time.both
            for name in self._document.graph.nodes
            if (time := of.get(prefix + name)) is not None
        }

    def _amount(self, cost: "Cost") -> int:
        match self.measure:
            case "parameters":
                return cost.parameters
            case "flops":
                return cost.flops
        return cost.training(self._costed.copies) if self._costed is not None else 0

    # The legend.

    def _tell(self) -> None:
        self.legend.show_key(self._key())

    def _key(self) -> Key | None:
        match self.measure:
            case "off":
                return None
            case "gradients":
                return legends.of_gradients(self._vitals, prefix_of(self._document.place))
            case "time":
                timing, timed = self._timing, self._timed if self._known else None
                return legends.of_time(timing, self._seconds(timed) if timed else {}, self._stale)
        costed = self._costed if self._known else None
        amounts = self._amounts(costed) if costed is not None else None
        return legends.of_costs(self.measure, amounts, costed.costs.batch if costed is not None else 0)
