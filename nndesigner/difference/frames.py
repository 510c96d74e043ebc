"""The frames and notes of two graphs held against one another.

A frame has no name that two could not have, so it is known by its title, and where that is gone, by what stands in it or
where it lies. A node stands in it where its corner does.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from nndesigner.difference.change import FrameDifference
from nndesigner.difference.spelling import quoted
from nndesigner.graph import Frame, Graph

_POINT = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Held:
    """A frame, the nodes in it, and those of them that are on both sides, by the names they have after."""

    frame: Frame
    nodes: tuple[str, ...]
    common: tuple[str, ...]


_Pair = tuple[_Held, _Held]
_LIKENESSES: tuple[Callable[[_Held], object], ...] = (
    lambda one: (one.frame.title, one.common, one.frame.color),
    lambda one: (one.frame.title, one.common),
    lambda one: one.frame.title,
    lambda one: one.common or one.frame,
    lambda one: (one.frame.position, one.frame.size),
)


class Frames:
    """The frames of two graphs; `names` are those of the nodes that are on both sides, before to after."""

    def __init__(self, was: Graph, now: Graph, names: Mapping[str, str]) -> None:
        back = {new: new for new in names.values()}
        self._gone = [_held(frame, was, names) for frame in was.frames]
        self._new = [_held(frame, now, back) for frame in now.frames]
        self._pairs = [pair for likeness in _LIKENESSES for pair in self._paired(likeness)]

    def _paired(self, likeness: Callable[[_Held], object]) -> Iterator[_Pair]:
        """Those that are alike, and not known from a surer likeness; of several, in their order."""
        for before in list(self._gone):
            after = next((one for one in self._new if likeness(one) == likeness(before)), None)
            if after is not None:
                self._gone.remove(before)
                self._new.remove(after)
                yield before, after

    def differing(self) -> tuple[FrameDifference, ...]:
        """What differs: those that are gone, those that are new, those that changed."""
        changed = (_compared(*pair) for pair in self._pairs)
        return (
            *(FrameDifference(one.frame, None, one.nodes) for one in self._gone),
            *(FrameDifference(None, one.frame, (), one.nodes) for one in self._new),
            *(one for one in changed if one.changes or _title(one.before) != _title(one.after)),
        )

    def moved(self) -> Iterator[str]:
        """Those that lie elsewhere, or are larger or smaller, in words."""
        for before, after in self._pairs:
            if (before.frame.position, before.frame.size) != (after.frame.position, after.frame.size):
                yield f"frame {quoted(after.frame.title)}"


def _held(frame: Frame, graph: Graph, names: Mapping[str, str]) -> _Held:
    nodes = tuple(name for name, node in graph.nodes.items() if frame.holds(node.position, _POINT))
    return _Held(frame, nodes, tuple(sorted(names[name] for name in nodes if name in names)))


def _compared(before: _Held, after: _Held) -> FrameDifference:
    entered = tuple(name for name in after.common if name not in before.common)
    left = tuple(name for name in before.common if name not in after.common)
    return FrameDifference(before.frame, after.frame, before.nodes, after.nodes, entered, left)


def _title(frame: Frame | None) -> str:
    return frame.title if frame is not None else ""


def notes(was: Graph, now: Graph) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The texts of notes that are new, and of those that are gone."""
    before, after = (Counter(note.text for note in graph.notes) for graph in (was, now))
    return tuple((after - before).elements()), tuple((before - after).elements())


def notes_moved(was: Graph, now: Graph) -> Iterator[str]:
    """Notes that are on both sides, and lie elsewhere or are larger or smaller, in words."""
    places = Counter((note.text, note.position, note.size) for note in was.notes)
    places.subtract((note.text, note.position, note.size) for note in now.notes)
    gone = Counter(text for (text, *_), count in places.items() for _ in range(count))
    new = Counter(text for (text, *_), count in places.items() for _ in range(-count))
    yield from (f"note {quoted(text)}" for text in (gone & new).elements())
