"""How long one node takes, or the whole network with its slowest layers, as it was measured."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from nndesigner.ui import figures
from nndesigner.ui.facts import Fact, Facts, head, plain_label
from nndesigner.ui.theme import font
from nndesigner.ui.timing import Timed

_SLOWEST = 8


class TimeFacts(QWidget):
    """Milliseconds forwards and backwards with the share of all; hidden while nothing was measured."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._head = head("")
        self._stale = plain_label(
            self.tr("Outdated: something has changed since it was measured."), "warning", font(11), wrap=True
        )
        self._stale.setObjectName("timeStale")
        self._facts = Facts(self)
        self._facts.setObjectName("timeFacts")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        for part in (self._head, self._stale, self._facts):
            column.addWidget(part)
        self.hide()

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What is shown."""
        return self._facts.facts

    def show_times(self, timed: Timed | None, path: str = "", stale: bool = False) -> None:
        """Shows how long the node of this path takes, or without one the network, the slowest layers first."""
        facts = [] if timed is None else self._of_node(timed, path) if path else self._of_whole(timed)
        if timed is not None:
            words = self.tr("Time measured with a batch of {count}")
            self._head.setText(words.format(count=figures.thousands(timed.times.batch)))
        self._stale.setVisible(stale)
        self._facts.show_facts(facts)
        self.setVisible(bool(facts))

    def _of_node(self, timed: Timed, path: str) -> list[Fact]:
        time, whole = timed.times.of.get(path), timed.times.whole
        if time is None:
            return []
        share = self.tr("{share} of the network").format(share=figures.share(time.both, whole.both))
        return [
            Fact(self.tr("forwards"), figures.brief(time.forwards)),
            Fact(self.tr("backwards"), figures.brief(time.backwards)),
            Fact(self.tr("both"), figures.brief(time.both), share),
        ]

    def _of_whole(self, timed: Timed) -> list[Fact]:
        times = timed.times
        tops = sorted(
            ((name, one) for name, one in times.of.items() if "." not in name), key=lambda row: -row[1].both
        )
        facts = [
            Fact(self.tr("forwards"), figures.brief(times.whole.forwards)),
            Fact(
                self.tr("backwards"),
                figures.brief(times.whole.backwards),
                self.tr("in all; the slowest layers are"),
            ),
        ]
        facts += [
            Fact(name, f"{figures.brief(one.both)}  {figures.share(one.both, times.whole.both)}")
            for name, one in tops[:_SLOWEST]
        ]
        return facts if tops else []
