"""How long the layers take on this machine, measured in a thread of its own."""

import contextlib
import logging
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

from nndesigner.graph import Graph, Node
from nndesigner.project import Project, Training

if TYPE_CHECKING:
    from nndesigner.timing import Times

_log = logging.getLogger(__name__)
_NICE = 1


@dataclass(frozen=True)
class Timed:
    """What was measured of a project."""

    project: Project
    times: "Times"

    def holds_for(self, project: Project, batch: int) -> bool:
        """Whether it is still true: the network is the same, wherever its nodes lie, and so is the batch."""
        same_way = _way(self.project.training) == _way(project.training)
        return self.times.batch == batch and same_way and _same_network(self.project, project)


class TimingThread(QThread):
    """Measures one project with a batch of so many records.

    **Signals:** `measured` with a `Timed` after each round; `failed` with a sentence.
    """

    measured = Signal(object)
    failed = Signal(str)

    def __init__(self, project: Project, batch: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timing")
        self._project, self._batch = project, batch

    def run(self) -> None:
        with contextlib.suppress(AttributeError, OSError):  # the window's thread goes first, if barely
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
        from nndesigner import plan, timing  # brings torch
        from nndesigner.training.run import TrainingError

        try:
            made = plan.make(self._project)
            if made.errors:
                self.failed.emit(made.errors[0].message)
                return
            rounds = timing.timed(made, self._project.training, self._batch, self.isInterruptionRequested)
            with contextlib.closing(rounds):
                for times in rounds:
                    self.measured.emit(Timed(self._project, times))
        except TrainingError as error:
            words = str(error)
            self.failed.emit(words[:1].upper() + words[1:])
        except Exception as error:
            _log.exception("the layers could not be measured")
            self.failed.emit(f"{type(error).__name__}: {error}")


class Timing(QObject):
    """At most one measurement at a time, and none while something else computes: each would spoil the other.

    It is `active` until all that was measured is told; `refusal` is why there is none, in a sentence. **Signals:** `changed` when more is known or it ends; `ended` when
    the thread is gone.
    """

    changed = Signal()
    ended = Signal()

    def __init__(self, is_busy: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.timed: Timed | None = None
        self.refusal = ""
        self.active = False
        self._is_busy = is_busy
        self._thread: TimingThread | None = None

    def start(self, project: Project, batch: int) -> None:
        """Measures this project, unless that goes on already."""
        if self.active:
            return
        if self._is_busy():
            self.refusal = self.tr("Something is being trained. Measure when it has ended.")
            self.changed.emit()
            return
        self.refusal = ""
        if self._thread is not None:
            self._thread.deleteLater()
        self._thread = TimingThread(project, batch, self)
        self._thread.measured.connect(self._take)
        self._thread.failed.connect(self._fail)
        self._thread.finished.connect(self._end)
        self._thread.start()
        self.active = True
        self.changed.emit()

    def stop(self) -> None:
        """Ends after the layer that is being measured; returns at once."""
        if self._thread is not None:
            self._thread.requestInterruption()

    def forget(self) -> None:
        """Another project: nothing is known of it."""
        self.stop()
        self.timed, self.refusal = None, ""
        self.changed.emit()

    def finish(self) -> None:
        """Stops and waits for the end."""
        if self._thread is not None:
            self._thread.requestInterruption()
            self._thread.wait()

    def _take(self, timed: Timed) -> None:
        if self._thread is not None and not self._thread.isInterruptionRequested():
            self.timed = timed
            self.changed.emit()

    def _fail(self, words: str) -> None:
        self.refusal = words
        self.changed.emit()

    def _end(self) -> None:
        self.active = False
        self.changed.emit()
        self.ended.emit()


def _way(training: Training) -> tuple[object, ...]:
    """All of the training that the time hangs on."""
    return training.device, training.precision, training.channels_last, training.threads


def _same_network(one: Project, other: Project) -> bool:
    if one is other or (one.graph is other.graph and one.blocks is other.blocks):
        return True
    if one.blocks.keys() != other.blocks.keys() or one.code != other.code:
        return False
    return _same_graph(one.graph, other.graph) and all(
        block is other.blocks[name]
        or (block.params == other.blocks[name].params and _same_graph(block.graph, other.blocks[name].graph))
        for name, block in one.blocks.items()
    )


def _same_graph(one: Graph, other: Graph) -> bool:
    return one is other or (one.edges == other.edges and _same_nodes(one.nodes, other.nodes))


def _same_nodes(one: Mapping[str, Node], other: Mapping[str, Node]) -> bool:
    return one.keys() == other.keys() and all(
        node is other[name] or _computed(node) == _computed(other[name]) for name, node in one.items()
    )


def _computed(node: Node) -> tuple[object, ...]:
    """All of a node that what is computed hangs on."""
    return node.kind, node.params, node.bypassed, node.frozen, node.repeat, node.shares
