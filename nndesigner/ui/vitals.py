"""How the layers of the run that goes on learn: what each look at them says, and how it came there."""

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from PySide6.QtCore import QCoreApplication, QObject, Signal

from nndesigner.blocks import MAIN
from nndesigner.training.report import Began, Diverged, Examined, Health, Report
from nndesigner.ui import figures
from nndesigner.ui.canvas.marks import Marks, Pulse
from nndesigner.ui.canvas.view import Canvas
from nndesigner.ui.document import Document
from nndesigner.ui.live_run import LiveRun

Verdict = Literal["learns", "still", "vanishes", "explodes", "leaps", "dead", "broken"]
KEPT = 240  # looks back
SMALLEST, LARGEST = 1e-7, 1e2  # gradient norms at the ends of the bar
_FAR_BELOW = 1e-5  # of the largest gradient in the network
_EXPLODES = 1e3
_LEAPS = 0.5  # of its weights a layer should not change in one step
_DEAD = 0.5
_OVER = ("idle", "stopped", "finished")
_TONES: dict[Verdict, str] = {
    "learns": "good",
    "still": "good",
    "vanishes": "warning",
    "leaps": "warning",
    "dead": "warning",
    "explodes": "error",
    "broken": "error",
}
_SIGNS: dict[Verdict, str] = {
    "vanishes": "↓",
    "leaps": "↑",
    "explodes": "↑",
    "dead": "∅",
    "broken": "!",
    "learns": "",
    "still": "",
}


@dataclass(frozen=True)
class Vital:
    """How one layer did when it was looked at last."""

    name: str
    health: Health
    verdict: Verdict

    @property
    def tone(self) -> str:
        """ "good", "warning" or "error"."""
        return _TONES[self.verdict]

    @property
    def learns(self) -> bool:
        """Whether there are weights in it that are to learn."""
        return self.health.weight != 0

    @property
    def word(self) -> str:
        """The verdict in a word, with its sign; a dash where there is nothing to learn."""
        words = {
            "learns": QCoreApplication.translate("Vitals", "learns"),
            "still": "–",
            "vanishes": QCoreApplication.translate("Vitals", "vanishing"),
            "explodes": QCoreApplication.translate("Vitals", "exploding"),
            "leaps": QCoreApplication.translate("Vitals", "leaps"),
            "dead": QCoreApplication.translate("Vitals", "{} dead").format(percents(self.health.dead)),
            "broken": QCoreApplication.translate("Vitals", "not a number"),
        }
        return f"{_SIGNS[self.verdict]} {words[self.verdict]}".strip()

    @property
    def sentence(self) -> str:
        """What the verdict means and what can be done; nothing where all is well."""
        return {
            "vanishes": QCoreApplication.translate(
                "Vitals",
                "Almost no gradient reaches it. A normalization, a skip or another activation before the loss may help.",
            ),
            "explodes": QCoreApplication.translate(
                "Vitals", "Its gradient is very large. Clip the gradients, or lower the learning rate."
            ),
            "leaps": QCoreApplication.translate(
                "Vitals", "One step changes its weights by half and more. Lower the learning rate."
            ),
            "dead": QCoreApplication.translate(
                "Vitals", "Many of its units give 0 for every record of the batch. Lower the learning rate, "
                "or use an activation that is not flat below 0."
            ),
            "broken": QCoreApplication.translate("Vitals", "Some of its numbers are no numbers any more."),
        }.get(self.verdict, "")  # fmt: skip

    @property
    def pulse(self) -> Pulse:
        """What its card shows."""
        words = "" if self.verdict == "still" else self.word
        if self.verdict == "learns":
            words = f"∇ {scientific(self.health.gradient)}"
        return Pulse(level(self.health.gradient) if self.learns else None, self.tone, words)


def level(gradient: float) -> float:
    """Where a gradient's norm stands between the smallest and the largest worth telling apart, from 0 to 1, by its
    logarithm.
    """
    if not gradient > 0:
        return 1.0 if gradient != gradient else 0.0
    span = math.log10(LARGEST) - math.log10(SMALLEST)
    return min(1.0, max(0.0, (math.log10(min(gradient, 1e300)) - math.log10(SMALLEST)) / span))


def judged(layers: Mapping[str, Health]) -> dict[str, Vital]:
    """Each layer with the verdict on it; some are told by comparison with the others."""
    largest = max((one.gradient for one in layers.values() if math.isfinite(one.gradient)), default=0.0)
    return {name: Vital(name, one, _verdict(one, largest)) for name, one in layers.items()}


def _verdict(one: Health, largest: float) -> Verdict:
    if not all(map(math.isfinite, (one.gradient, one.weight, one.update, one.mean, one.deviation))):
        return "broken"
    if one.gradient > _EXPLODES:
        return "explodes"
    if one.update > _LEAPS:
        return "leaps"
    if one.dead > _DEAD:
        return "dead"
    if one.weight and one.gradient <= _FAR_BELOW * largest:
        return "vanishes"
    return "learns" if one.weight else "still"


def scientific(value: float) -> str:
    """A number of any size in few signs: `0.21`, `3.1e-5`."""
    if value != value or value in (math.inf, -math.inf):
        return figures.measured(value)
    if value == 0 or 0.01 <= abs(value) < 1000:
        return f"{value:.2g}" if abs(value) < 100 else f"{value:.0f}"
    mantissa, _, exponent = f"{value:.1e}".partition("e")
    return f"{mantissa}e{int(exponent)}"


def percents(part: float) -> str:
    """`0.62` as `62 %`."""
    return f"{round(100 * part)}{figures.THIN}%"


class Vitals(QObject):
    """The layers of the live run. While it goes on, the cards on the canvas show them.

    **Signals:** `changed` when they were looked at, or when nothing is known of them any more.
    """

    changed = Signal()

    def __init__(
        self, run: LiveRun, document: Document, canvas: Canvas, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._run, self._document, self._canvas = run, document, canvas
        self.layers: dict[str, Vital] = {}
        self.step = 0
        self._looks: dict[str, deque[Health]] = {}
        self._lasting = self._foreign = False
        run.reported.connect(self._take)
        run.state_changed.connect(self._enter)
        document.changed.connect(self._go_along)
        document.loaded.connect(self._leave)
        self._place = document.place

    @property
    def known(self) -> Mapping[str, Vital]:
        """The layers of the project that is open; none where the run was that of another."""
        return {} if self._foreign else self.layers

    def history(self, name: str) -> Sequence[Health]:
        """What was seen of a layer in the last looks, the latest last."""
        return self._looks.get(name, ())

    def last(self, lasting: bool) -> None:
        """Shows the layers on the cards after the run, too, or only while it goes on."""
        if lasting != self._lasting:
            self._lasting = lasting
            self._show()

    def _take(self, reports: Sequence[Report]) -> None:
        last: Examined | None = None
        for report in reports:
            match report:
                case Began():
                    self._forget()
                case Examined():
                    last = report
                    for name, health in report.layers.items():
                        self._looks.setdefault(name, deque(maxlen=KEPT)).append(health)
                case Diverged():
                    self._mark(replace(self._canvas.stage.marks, broken=report.node))
        if last is not None:
            self.layers, self.step = judged(last.layers), last.step
            self._show()
            self.changed.emit()

    def _enter(self, state: str) -> None:
        if state == "running" and not self._run.reports:
            self._forget()
        elif state in _OVER:
            self._show()

    def _leave(self) -> None:
        """Another project is open: what was seen is not of its layers."""
        self._foreign = bool(self.layers) or self._run.active
        self._show()
        self.changed.emit()

    def _forget(self) -> None:
        self._foreign = False
        self.layers, self.step = {}, 0
        self._looks = {}
        self._mark(replace(self._canvas.stage.marks, pulses={}, broken=""))
        self.changed.emit()

    def _show(self) -> None:
        """On the cards, unless a block is looked at: a run looks at the nodes of the main network."""
        over = self._run.state in _OVER
        there = self._document.place == MAIN and not (over and (self._foreign or not self._lasting))
        pulses = {name: vital.pulse for name, vital in self.layers.items()} if there else {}
        self._mark(replace(self._canvas.stage.marks, pulses=pulses))

    def _go_along(self) -> None:
        if self._document.place != self._place:
            self._place = self._document.place
            self._show()

    def _mark(self, marks: Marks) -> None:
        if marks != self._canvas.stage.marks:
            self._canvas.mark(marks)
