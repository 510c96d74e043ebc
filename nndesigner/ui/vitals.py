"""How the layers of the run that goes on learn: what each look at them says, and how it came there."""

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from PySide6.QtCore import QCoreApplication, QObject, Signal

from nndesigner.blocks import Place
from nndesigner.training.report import Began, Diverged, Examined, Health, Report
from nndesigner.ui import figures
from nndesigner.ui.canvas.marks import Marks, Pulse
from nndesigner.ui.canvas.view import Canvas
from nndesigner.ui.document import Document
from nndesigner.ui.live_run import LiveRun

Verdict = Literal["learns", "still", "vanishes", "explodes", "leaps", "dead", "broken"]
KEPT = 240  # looks back
SMALLEST, LARGEST = 1e-7, 1e2  # gradient norms at the ends of the bar
_LONGEST = 12  # letters of a name inside of a block, on its card
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


_RANKS = {"good": 0, "warning": 1, "error": 2}


@dataclass(frozen=True)
class Vital:
    """How one layer did when it was looked at last. `name` is its path by the names of nodes: `inception3a/conv1`.

    Of a layer inside of a block that is repeated, it is the worst of all copies, and `copies` tell which, from the outer
    block to the inner one. A block has the `worst` inside of it, where that stands out as much as the block itself does.
    """

    name: str
    health: Health
    verdict: Verdict
    copies: tuple[int, ...] = ()
    worst: "Vital | None" = None

    @property
    def key(self) -> tuple[str, tuple[int, ...]]:
        """What it goes by among all layers and copies."""
        return self.name, self.copies

    @property
    def rank(self) -> int:
        """How much it stands out: 0 to 3."""
        told = (self.worst or self).verdict
        return 3 if told == "broken" else _RANKS[_TONES[told]]

    @property
    def tone(self) -> str:
        """ "good", "warning" or "error"."""
        return _TONES[(self.worst or self).verdict]

    @property
    def learns(self) -> bool:
        """Whether there are weights in it that are to learn."""
        return self.health.weight != 0

    @property
    def word(self) -> str:
        """The verdict in a word, with its sign; a dash where there is nothing to learn. Of a block, what in it is meant."""
        if self.worst is not None:
            sign = _SIGNS[self.worst.verdict]
            inner = self._within(self.worst).partition("/")[0]
            inner = inner if len(inner) <= _LONGEST else f"{inner[: _LONGEST - 1]}…"
            return f"{sign} {inner} {self.worst.word.removeprefix(sign).strip()}"
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
        if self.worst is not None:
            where = self._within(self.worst)
            words = QCoreApplication.translate("Vitals", "Worst inside is {where}. {sentence}")
            if self.worst.copies:
                copy = ", ".join(map(str, self.worst.copies))
                where = QCoreApplication.translate("Vitals", "{layer} in copy {number}").format(
                    layer=where, number=copy
                )
            return words.format(where=where, sentence=self.worst.sentence)
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
        words = "" if self.verdict == "still" and self.worst is None else self.word
        if self.verdict == "learns" and self.worst is None:
            words = f"∇ {scientific(self.health.gradient)}"
        return Pulse(level(self.health.gradient) if self.learns else None, self.tone, words)

    def _within(self, inner: "Vital") -> str:
        return inner.name[len(self.name) + 1 :]


def level(gradient: float) -> float:
    """Where a gradient's norm stands between the smallest and the largest worth telling apart, from 0 to 1, by its
    logarithm.
    """
    if not gradient > 0:
        return 1.0 if gradient != gradient else 0.0
    span = math.log10(LARGEST) - math.log10(SMALLEST)
    return min(1.0, max(0.0, (math.log10(min(gradient, 1e300)) - math.log10(SMALLEST)) / span))


def judged(layers: Mapping[str, Health]) -> dict[str, Vital]:
    """Each layer with the verdict on it, by its path without copies; some are told by comparison with the others."""
    largest = max((one.gradient for one in layers.values() if math.isfinite(one.gradient)), default=0.0)
    found: dict[str, Vital] = {}
    for path, one in layers.items():
        name, copies = _key(path)
        vital = Vital(name, one, _verdict(one, largest), copies)
        known = found.get(vital.name)
        if known is None or (-vital.rank, one.gradient) < (-known.rank, known.health.gradient):
            found[vital.name] = vital
    for name in sorted(found, key=lambda name: -name.count("/")):
        vital, outer = found[name], name.rpartition("/")[0]
        if vital.rank and outer in found:
            block = found[outer]
            if vital.rank > block.rank or (vital.rank == block.rank and block.worst is None):
                found[outer] = replace(block, worst=vital.worst or vital)
    return found


def _key(path: str) -> tuple[str, tuple[int, ...]]:
    """A path without the numbers of copies, and these."""
    parts = path.split("/")
    names = (part for part in parts if not part.isdecimal())
    return "/".join(names), tuple(int(part) for part in parts if part.isdecimal())


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


def prefix_of(place: Place) -> str | None:
    """What stands before the names of the nodes at a place; None for a block that is looked at by itself."""
    return None if place.path and not place.trail else "".join(f"{name}/" for name in place.trail)


class Vitals(QObject):
    """The layers of the live run, or of one that was opened. While it goes on, the cards on the canvas show them.

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
        self._looks: dict[tuple[str, tuple[int, ...]], deque[float]] = {}
        self._broken = ""
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

    def under(self, prefix: str) -> list[Vital]:
        """The layers within a block, or all; not the blocks they are in."""
        outer = {name.rpartition("/")[0] for name in self.known}
        return [one for name, one in self.known.items() if name.startswith(prefix) and name not in outer]

    def history(self, vital: Vital) -> Sequence[float]:
        """The gradients of a layer in the last looks, the latest last."""
        return self._looks.get(vital.key, ())

    def last(self, lasting: bool) -> None:
        """Shows the layers on the cards after the run, too, or only while it goes on."""
        if lasting != self._lasting:
            self._lasting = lasting
            self._show()

    def recall(self, reports: Sequence[Report]) -> None:
        """Shows what was seen of a run that is over, whose project is open now."""
        self._forget()
        self._take(reports)

    def _take(self, reports: Sequence[Report]) -> None:
        last: Examined | None = None
        for report in reports:
            match report:
                case Began():
                    self._forget()
                case Examined():
                    last = report
                    for path, health in report.layers.items():
                        self._looks.setdefault(_key(path), deque(maxlen=KEPT)).append(health.gradient)
                case Diverged():
                    self._broken, _ = _key(report.path or report.node)
                    self._show()
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
        self._looks, self._broken = {}, ""
        self._mark(replace(self._canvas.stage.marks, pulses={}, broken=""))
        self.changed.emit()

    def _show(self) -> None:
        """On the cards of what is looked at, the main network or a block where it is used."""
        over = self._run.state in _OVER
        prefix = prefix_of(self._document.place)
        pulses, broken = {}, ""
        if prefix is not None and not (over and (self._foreign or not self._lasting)):
            inside = {
                name.removeprefix(prefix): one for name, one in self.layers.items() if name.startswith(prefix)
            }
            pulses = {name: vital.pulse for name, vital in inside.items() if "/" not in name}
        if prefix is not None and self._broken.startswith(prefix) and not self._foreign:
            broken = self._broken.removeprefix(prefix).partition("/")[0]
        self._mark(replace(self._canvas.stage.marks, pulses=pulses, broken=broken))

    def _go_along(self) -> None:
        if self._document.place != self._place:
            self._place = self._document.place
            self._show()

    def _mark(self, marks: Marks) -> None:
        if marks != self._canvas.stage.marks:
            self._canvas.mark(marks)
