"""What the network costs, shown everywhere: on the cards, in the inspector, at the foot of the window."""

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, get_args

from PySide6.QtCore import QObject, Signal

from nndesigner.ui.canvas.load import Load, loads
from nndesigner.ui.canvas.view import Canvas
from nndesigner.ui.checker import Costed
from nndesigner.ui.document import Document
from nndesigner.ui.inspector import Inspector
from nndesigner.ui.status_row import StatusRow

if TYPE_CHECKING:
    from nndesigner.costs import Cost

Measure = Literal["off", "parameters", "flops", "memory"]
MEASURES: tuple[Measure, ...] = get_args(Measure)


class Lens(QObject):
    """Looks at the network by what it costs: parameters, operations or memory.

    **Signals:** `changed` with what it is looked at by now.
    """

    changed = Signal(str)

    def __init__(
        self, document: Document, canvas: Canvas, inspector: Inspector, status: StatusRow, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.measure: Measure = "off"
        self._document, self._canvas, self._inspector, self._status = document, canvas, inspector, status
        self._costed: Costed | None = None
        self._place = document.place
        document.changed.connect(self._go_along)
        status.parameters_clicked.connect(self._by_parameters)
        status.flops_clicked.connect(self._by_flops)
        status.memory_clicked.connect(self._by_memory)

    def take(self, costed: Costed) -> None:
        """Shows these costs."""
        self._costed = costed
        self._status.set_costs(costed)
        self._refresh()

    def show(self, measure: Measure) -> None:
        """Shows on the cards which nodes take most of this."""
        self.measure = measure
        self._status.set_measure(measure)
        self._refresh()
        self.changed.emit(measure)

    def _by_parameters(self) -> None:
        self.show("off" if self.measure == "parameters" else "parameters")

    def _by_flops(self) -> None:
        self.show("off" if self.measure == "flops" else "flops")

    def _by_memory(self) -> None:
        self.show("off" if self.measure == "memory" else "memory")

    def _go_along(self) -> None:
        """The graph that is looked at now may be the inside of a block."""
        if self._document.place != self._place:
            self._refresh()

    def _refresh(self) -> None:
        self._place = self._document.place
        place = self._place
        known = bool(place.trail) or not place.path  # a block that is looked at by itself costs nothing yet
        prefix = "".join(f"{name}." for name in place.trail)
        self._inspector.set_costs(self._costed if known else None, prefix)
        marks = self._canvas.stage.marks
        self._canvas.mark(replace(marks, loads=self._loads(prefix) if known else {}))

    def _loads(self, prefix: str) -> dict[str, Load]:
        costed = self._costed
        if costed is None or self.measure == "off":
            return {}
        found = {
            name: self._amount(cost)
            for name in self._document.graph.nodes
            if (cost := costed.costs.of.get(prefix + name)) is not None
        }
        return loads(found, self._amount(costed.costs.whole))

    def _amount(self, cost: "Cost") -> int:
        match self.measure:
            case "parameters":
                return cost.parameters
            case "flops":
                return cost.flops
        return cost.training(self._costed.copies) if self._costed is not None else 0
