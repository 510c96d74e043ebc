"""What the inspector shows of a layer while it learns: its numbers at the last look, and how its gradient came there."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from nndesigner.ui import figures
from nndesigner.ui.facts import Fact, Facts, head, plain_label
from nndesigner.ui.spark import Spark
from nndesigner.ui.theme import font
from nndesigner.ui.vitals import Vital, Vitals, percents, scientific


class HealthFacts(QWidget):
    """Norms, update ratio, activations and dead units of one layer; hidden while nothing is known of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("healthFacts")
        self._head = head("")
        self._facts = Facts(self)
        self._word = plain_label("", face=font(11), wrap=True)
        self._word.setObjectName("healthSentence")
        self._spark = Spark(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        for part in (self._head, self._word, self._facts, self._spark):
            column.addWidget(part)
        self.hide()

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What is shown."""
        return self._facts.facts

    def show_vitals(self, vitals: Vitals | None, name: str) -> None:
        """Shows what is known of the layer of this path."""
        vital = vitals.layers.get(name) if vitals is not None else None
        self.setVisible(vital is not None)
        if vital is None or vitals is None:
            return
        self._head.setText(self.tr("While training, at step {}").format(figures.thousands(vitals.step)))
        self._facts.show_facts(self._of(vital))
        self._word.setText(vital.sentence)
        self._word.setVisible(bool(vital.sentence))
        if self._word.property("tone") != vital.tone:
            self._word.setProperty("tone", vital.tone)
            self._word.style().polish(self._word)
        history = vitals.history(vital)
        self._spark.setVisible(vital.learns and len(history) > 1)
        self._spark.show_values(history)
        said = self.tr("Gradient norm over the last {} looks").format(len(history))
        self._spark.setAccessibleName(said)
        self._spark.setToolTip(said)

    def _of(self, vital: Vital) -> list[Fact]:
        health = vital.health
        facts = []
        if health.weight:
            facts = [
                Fact(self.tr("gradient norm"), scientific(health.gradient)),
                Fact(self.tr("weight norm"), scientific(health.weight)),
                Fact(self.tr("update ratio"), scientific(health.update)),
            ]
        facts.append(
            Fact(self.tr("activations"), f"{scientific(health.mean)} ± {scientific(health.deviation)}")
        )
        facts.append(Fact(self.tr("dead units"), percents(health.dead)))
        if vital.copies:
            facts.append(
                Fact(self.tr("of copy"), ", ".join(map(str, vital.copies)), self.tr("the worst of all"))
            )
        return facts
