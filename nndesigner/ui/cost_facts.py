"""What the costs of one node, or of the whole network, are called and how they are listed."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from nndesigner.ui import figures
from nndesigner.ui.checker import Costed
from nndesigner.ui.facts import Fact, Facts, head
from nndesigner.ui.time_facts import TimeFacts
from nndesigner.ui.timing import Timed


class CostFacts(QWidget):
    """Operations and memory with their share of the whole network; hidden while nothing is known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head = head("")
        self._facts = Facts(self)
        self._facts.setObjectName("costFacts")
        self.times = TimeFacts(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._head)
        column.addWidget(self._facts)
        column.addWidget(self.times)
        self.hide()

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What is shown."""
        return self._facts.facts

    def show_costs(
        self, costed: Costed | None, path: str = "", timed: Timed | None = None, stale: bool = False
    ) -> None:
        """Shows what the node of this path costs, or without one the network; and what was measured of its time."""
        self.times.show_times(timed, path, stale)
        facts = [] if costed is None else self._of_node(costed, path) if path else self._of_whole(costed)
        if costed is not None:
            self._head.setText(self._head_words(costed.costs.batch))
        self._facts.show_facts(facts)
        self.setVisible(bool(facts))

    def _head_words(self, batch: int) -> str:
        return self.tr("Costs with a batch of {count}").format(count=figures.thousands(batch))

    def _of_node(self, costed: Costed, path: str) -> list[Fact]:
        cost, whole = costed.costs.of.get(path), costed.costs.whole
        if cost is None:
            return []
        memory, all_ = cost.training(costed.copies), whole.training(costed.copies)
        facts = [
            Fact(self.tr("forwards"), figures.operations(cost.flops), self._share(cost.flops, whole.flops)),
            Fact(self.tr("backwards"), figures.operations(cost.flops_backward)),
            Fact(self.tr("memory to train"), figures.memory(memory), self._share(memory, all_)),
        ]
        if cost.kept:
            facts.append(Fact(self.tr("of it activations"), figures.memory(cost.kept)))
        return facts

    def _share(self, part: int, whole: int) -> str:
        share = figures.share(part, whole)
        return self.tr("{share} of the network").format(share=share) if part else ""

    def _of_whole(self, costed: Costed) -> list[Fact]:
        whole, copies = costed.costs.whole, costed.copies
        facts = [
            Fact(self.tr("forwards"), figures.operations(whole.flops)),
            Fact(self.tr("backwards"), figures.operations(whole.flops_backward)),
            Fact(
                self.tr("memory to train"),
                figures.memory(whole.training(copies)),
                self.tr("estimated, of which"),
            ),
            Fact(self.tr("activations"), figures.memory(whole.kept)),
            Fact(self.tr("weights"), figures.memory(whole.weights)),
            Fact(self.tr("gradients"), figures.memory(whole.gradients)),
            Fact(self.tr("optimizer"), figures.memory(round(copies * whole.gradients))),
            Fact(self.tr("memory to run"), figures.memory(costed.costs.running)),
        ]
        return facts if costed.costs.of else []
