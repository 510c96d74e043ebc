"""What comes of reading a source, and the ways to ask for it: here, or in a child process with limits."""

import contextlib
import signal
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from nndesigner import child, nnd
from nndesigner.project import Project
from nndesigner.script.reader.beside import LONGEST, ReadingError, modules_beside, shown, text_of

__all__ = [
    "LONGEST",
    "SECONDS",
    "Reading",
    "ReadingError",
    "Remark",
    "Source",
    "read",
    "read_apart",
    "read_file",
]

SECONDS = 19.0  # until an answer must be there, by the clock
_STARTING = 120.0  # for a process to be ready to read
_SOONER = 5.0  # seconds of work after which the child gives up by itself, where it can
_MEMORY = 1 * 2**30  # bytes that reading may take


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said of a line: that it can't be read and why (an error), or what was decided there (a note).

    `line` is counted from 1, 0 for the whole file; `node` is the node of the main graph it became, if it did.
    A `misfit` is an error where the source says another size than arrives; the project has what arrives.
    """

    message: str
    line: int = 0
    severity: Literal["error", "note"] = "error"
    node: str = ""
    misfit: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", shown(self.message))

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" if self.line else self.message


@dataclass(frozen=True)
class Source:
    """A text to be read, and how. `main` names the class that is the network; without it the last that no other uses.

    `inputs` are the shapes of what it takes, the batch first; without them they are told by the source, or tried out.
    `siblings` are the texts of the modules beside it, by name, for its relative imports; `own` names the classes and
    functions in it that are layers of one's own, not to be looked into.
    """

    text: str
    name: str = "the source"
    main: str = ""
    inputs: tuple[tuple[int, ...], ...] = ()
    siblings: Mapping[str, str] = field(default_factory=dict)
    own: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """What was read: the project, what is to be said of the source, and where each node of the main graph stands in it.

    `classes` are the networks in the source, of which `main` was taken.
    """

    project: Project
    remarks: tuple[Remark, ...] = ()
    lines: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    classes: tuple[str, ...] = ()
    main: str = ""

    @property
    def errors(self) -> tuple[Remark, ...]:
        """What could not be read."""
        return tuple(remark for remark in self.remarks if remark.severity == "error")


def read(source: Source) -> Reading:
    """What a source holds; raises `ReadingError` where nothing of it can be read."""
    from nndesigner.script.reader.again import drawn_again  # which needs what is above

    return drawn_again(source)


def read_apart(source: Source) -> Reading:
    """`read()` in a child process with limits; raises `ReadingError` too where it takes too long or too much memory."""
    if len(source.text) > LONGEST:
        raise ReadingError(f"{source.name} is longer than is read: at most {LONGEST:,} characters")
    try:
        child.ask(_ready, seconds=_STARTING)
        answer = child.ask(_answer, replace(source, siblings=dict(source.siblings)), seconds=SECONDS)
    except child.ChildError as error:
        raise ReadingError(f"{source.name} could not be read: {error}") from None
    if isinstance(answer, str):
        raise ReadingError(answer)
    text, remarks, lines, classes, main = answer
    return Reading(nnd.from_text(text), remarks, MappingProxyType(lines), classes, main)


def read_file(path: Path, main: str = "", inputs: tuple[tuple[int, ...], ...] = ()) -> Reading:
    """`read_apart()` of a file and the modules beside it that it imports; raises `ReadingError` and `OSError`."""
    text = text_of(path)
    return read_apart(Source(text, path.name, main, inputs, modules_beside(path, text)))


def _ready() -> None:
    """Loads what torch needs for its first shapes: that takes seconds, and is no fault of a source."""
    from nndesigner.inference import warm

    warm()


_Answer = tuple[str, tuple[Remark, ...], dict[str, tuple[int, ...]], tuple[str, ...], str]


def _answer(source: Source) -> _Answer | str:
    """What `read()` gives in a form that can be sent from one process to another, or why it gives nothing."""
    try:
        with _timed(), _limited():
            found = read(source)
            return (nnd.to_text(found.project), found.remarks, dict(found.lines), found.classes, found.main)
    except ReadingError as error:
        return str(error)
    except _Late:
        return (
            f"{source.name} could not be read: it did not come to an end within {_SOONER:g} seconds of work"
        )
    except MemoryError:
        return f"{source.name} could not be read: it takes more memory than it may have"
    except Exception as error:
        where = error.__traceback__
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        place = f"{Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno}" if where else "?"
        return (
            f"{source.name} could not be read: the reader failed, which is a fault of this program "
            f"({type(error).__name__}: {str(error)[:100]}, {place})"
        )


class _Late(BaseException):
    """The time is up. It is no `Exception`, so that nothing in between takes it for one of its own."""


@contextlib.contextmanager
def _timed() -> Iterator[None]:
    """A limit for the time, so that the process need not be killed and started anew, where the system has an alarm. It is of the
    work done, not of the clock: a machine may have other things to do."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def end(*_: object) -> None:
        raise _Late

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, _SOONER)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    """A limit for the memory, stricter than that of the child process as a whole, where the system has one."""
    try:
        import resource

        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (used + _MEMORY, hard))
    except (ImportError, OSError, ValueError):
        yield
        return
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
