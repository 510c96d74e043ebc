"""A process of its own in which data are read and looked at, so that no long call keeps a window waiting.

It answers one question at a time and keeps the data set it read last. What is asked too long, or not wanted any more, is
ended by ending the process; the next question starts another.
"""

import contextlib
import copyreg
import logging
import multiprocessing
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from nndesigner.catalogue.data import DataSet
from nndesigner.data.problem import DataError
from nndesigner.graph import Value
from nndesigner.project import Training

if TYPE_CHECKING:
    from nndesigner.data.showing.opened import Opened

_log = logging.getLogger(__name__)
_LOOK = 0.02  # seconds between two looks at whether the answer is still wanted
_GRACE = 1.0  # seconds in which an answer nobody wants any more may still come, before the process is ended
_PACE = 0.05  # seconds between two words of how far it is


def _plain(
    proxy: "MappingProxyType[Any, Any]",
) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    return _proxy, (dict(proxy),)


def _proxy(values: dict[Any, Any]) -> "MappingProxyType[Any, Any]":
    return MappingProxyType(values)


copyreg.pickle(
    MappingProxyType, _plain
)  # so that a data set can be handed to another process


class NotWanted(Exception):
    """Nobody waits for the answer any more."""


@dataclass(frozen=True)
class LookAt:
    """What is in this file or folder? `choices` are those a person made. Answered by a `Found`."""

    path: Path
    name: str
    choices: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Survey:
    """What is to be told of this data set as a whole? Answered by an `Overview`."""

    data_set: DataSet
    params: Mapping[str, Value]
    training: Training


@dataclass(frozen=True)
class Turn:
    """What do these samples look like? Answered by a `Page`; see `showing.page`."""

    data_set: DataSet
    params: Mapping[str, Value]
    training: Training
    first: int = 0
    count: int = 24
    of_class: int = -1
    seed: int = 0


Question = LookAt | Survey | Turn
Progress = Callable[[int, int], None]


class Desk:
    """The process, started when it is needed first."""

    def __init__(self) -> None:
        self._process: Any = None
        self._ours: Connection | None = None

    def ask(
        self,
        question: Question,
        progress: Progress = lambda done, total: None,
        wanted: Callable[[], bool] = lambda: True,
    ) -> Any:
        """The answer to a question; raises `DataError` with a sentence, and `NotWanted` once it is not `wanted`."""
        ours = self.open()
        try:
            ours.send(question)
            return self._answer(ours, progress, wanted)
        except (EOFError, OSError):
            self.close()
            raise DataError(
                "The data could not be looked at: reading them ended its process. They may need more memory than there is."
            ) from None

    def _answer(
        self, ours: Connection, progress: Progress, wanted: Callable[[], bool]
    ) -> Any:
        given_up = 0.0
        while True:
            if ours.poll(_LOOK):
                word, *what = ours.recv()
                if word == "progress" and not given_up:
                    progress(*what)
                elif word == "refused" and not given_up:
                    raise DataError(what[0])
                elif word in ("refused", "answer"):
                    if given_up or not wanted():
                        raise NotWanted
                    return what[0]
            elif given_up and time.monotonic() - given_up > _GRACE:
                self.close()
                raise NotWanted
            if not given_up and not wanted():
                given_up = time.monotonic()

    def stop(self) -> None:
        """Ends the process from another thread than that which asks; what is asked is answered by `DataError`."""
        if (process := self._process) is not None:
            process.kill()

    def close(self) -> None:
        """Ends the process, whatever it does."""
        process, ours = self._process, self._ours
        self._process = self._ours = None
        if ours is not None:
            ours.close()
        if process is not None:
            process.kill()
            process.join()

    def open(self) -> Connection:
        """Starts the process if there is none."""
        if self._process is not None and not self._process.is_alive():
            self.close()
        if self._ours is None:
            context = multiprocessing.get_context("spawn")
            self._ours, theirs = context.Pipe()
            self._process = context.Process(
                target=serve, args=(theirs,), daemon=True, name="data desk"
            )
            self._process.start()
            theirs.close()
        return self._ours


def serve(connection: Connection) -> None:
    """Answers questions until nobody is there to ask."""
    from nndesigner.data import adding  # noqa: F401  loaded before the first question comes

    if not connection.poll(0):
        from nndesigner.data.showing import overview, page  # noqa: F401  bring torch

    clerk = Clerk()
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            question = connection.recv()
            told = 0.0

            def progress(done: int, total: int) -> None:
                nonlocal told
                if time.monotonic() - told > _PACE:
                    told = time.monotonic()
                    connection.send(("progress", done, total))

            try:
                answer = ("answer", clerk.answer(question, progress))
            except DataError as error:
                answer = ("refused", str(error))
            except OSError as error:
                answer = (
                    "refused",
                    f"{error.filename or 'A file'} can't be read: {error.strerror or error}.",
                )
            except MemoryError:
                answer = ("refused", "There is not enough memory to read these data.")
            except Exception as error:
                _log.exception("data could not be looked at")
                answer = (
                    "refused",
                    f"The data could not be looked at: {type(error).__name__}: {error}",
                )
            connection.send(answer)


class Clerk:
    """Who answers, and keeps what was read last."""

    def __init__(self) -> None:
        self._kept: Opened | None = None

    def answer(
        self, question: Question, progress: Progress = lambda done, total: None
    ) -> Any:
        """The answer; raises `DataError` and `OSError`."""
        if isinstance(question, LookAt):
            from nndesigner.data import adding

            return adding.look_at(
                question.path, question.name, progress=progress, **question.choices
            )
        from nndesigner.data.showing.opened import opened  # these bring torch
        from nndesigner.data.showing.overview import overview
        from nndesigner.data.showing.page import page

        if self._kept is None or self._kept.data_set != question.data_set:
            self._kept = None
            self._kept = opened(question.data_set)
        given = (self._kept, question.params, question.training)
        if isinstance(question, Survey):
            return overview(*given)
        return page(
            *given, question.first, question.count, question.of_class, question.seed
        )
