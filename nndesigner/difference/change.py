"""What differs, as values: a param, a node, a frame, a graph, a project."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from nndesigner.catalogue.data import DataSet
from nndesigner.difference.spelling import call, described, quoted, words
from nndesigner.graph import Block, Code, Edge, Frame, Node, Value

Sign = Literal["+", "-", "~"]
FLAGS = ("bypassed", "frozen", "repeat", "shares", "rate")


@dataclass(frozen=True, slots=True)
class Change:
    """A param, a flag or a setting: what it was and what it is; None also where there is none.

    Where it is `named`, the values are names of something, and no text.
    """

    name: str
    before: Value
    after: Value
    named: bool = False

    def __str__(self) -> str:
        return f"{self.name} {self._said(self.before)} → {self._said(self.after)}"

    @property
    def said_before(self) -> str:
        """What it was, in words: `out_channels 32`."""
        return f"{self.name} {self._said(self.before)}"

    @property
    def said_after(self) -> str:
        """What it is, in words."""
        return f"{self.name} {self._said(self.after)}"

    def _said(self, value: Value) -> str:
        return str(value) if self.named and value is not None else words(value)


@dataclass(frozen=True, slots=True)
class NodeDifference:
    """A node that was added (no `before`), removed (no `after`), renamed, or changed in what `changes` tell.

    Where its kind was replaced, only params that both kinds have are compared.
    """

    before: Node | None
    after: Node | None
    changes: tuple[Change, ...] = ()

    @property
    def sign(self) -> Sign:
        """`+`, `-` or `~`."""
        return "+" if self.before is None else "-" if self.after is None else "~"

    @property
    def renamed(self) -> bool:
        """Whether it goes by another name."""
        return self.before is not None and self.after is not None and self.before.name != self.after.name

    def __str__(self) -> str:
        if self.before is None or self.after is None:
            return described(self.after or self.before)
        name = f"{self.before.name} is now {self.after.name}" if self.renamed else self.after.name
        shown = [str(change) for change in self.changes if change.name != "kind"]
        if len(shown) < len(self.changes):
            was, now = (call(node.kind, node.params) for node in (self.before, self.after))
            flags = (str(change) for change in self.changes if change.name in FLAGS)
            shown = [f"{was} → {now}", *flags]
        return (", " if self.renamed else " ").join([name, *([", ".join(shown)] if shown else [])])


@dataclass(frozen=True, slots=True)
class FrameDifference:
    """A frame that was added (no `before`), removed (no `after`), has another title or colour, or other nodes in it.

    `held_before` and `held_after` are the nodes in it, by the names they have on that side; `entered` are those that
    were outside of it before, `left` those that are outside of it now.
    """

    before: Frame | None
    after: Frame | None
    held_before: tuple[str, ...] = ()
    held_after: tuple[str, ...] = ()
    entered: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    @property
    def sign(self) -> Sign:
        """`+`, `-` or `~`."""
        return "+" if self.before is None else "-" if self.after is None else "~"

    @property
    def changes(self) -> tuple[str, ...]:
        """What of it is another but its title, in words."""
        if self.before is None or self.after is None:
            return ()
        before, after = self.before.color, self.after.color
        return (
            *((f"{before} → {after}",) if before != after else ()),
            *((f"now round {', '.join(self.entered)}",) if self.entered else ()),
            *((f"no longer round {', '.join(self.left)}",) if self.left else ()),
        )

    def __str__(self) -> str:
        known = self.after or self.before
        name = f"frame {quoted(known.title)}" if known is not None else ""
        if self.before is not None and self.after is not None and self.before.title != self.after.title:
            name = f"frame {quoted(self.before.title)} is now {quoted(self.after.title)}"
        return ", ".join((name, *self.changes))


@dataclass(frozen=True)
class GraphDifference:
    """What differs in one graph: the main one, or that of the block named. `renamed` are names before, to names after.

    Wires have the names their nodes had on their side; one that only follows a new name is none. `moved` are the nodes,
    by the names they have after, that stand elsewhere, and `sheets_moved` the notes and frames, in words: no difference.
    """

    block: str = ""
    nodes: tuple[NodeDifference, ...] = ()
    wires_added: tuple[Edge, ...] = ()
    wires_removed: tuple[Edge, ...] = ()
    notes_added: tuple[str, ...] = ()
    notes_removed: tuple[str, ...] = ()
    frames: tuple[FrameDifference, ...] = ()
    params: tuple[Change, ...] = ()
    moved: tuple[str, ...] = ()
    sheets_moved: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(
            (
                self.nodes,
                self.wires_added,
                self.wires_removed,
                self.notes_added,
                self.notes_removed,
                self.frames,
                self.params,
            )
        )


@dataclass(frozen=True)
class Difference:
    """All that differs from one project to the other; false where they are equal but for where things stand.

    `graphs` are those on both sides in which anything differs or stands elsewhere, the main one first. `settings` are
    those of the training, and the title.
    """

    graphs: tuple[GraphDifference, ...] = ()
    blocks_added: tuple[Block, ...] = ()
    blocks_removed: tuple[Block, ...] = ()
    blocks_renamed: Mapping[str, str] = field(default_factory=dict)
    code: tuple[tuple[Code | None, Code | None], ...] = ()
    data: tuple[tuple[DataSet | None, DataSet | None], ...] = ()
    settings: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        several = (
            self.blocks_added,
            self.blocks_removed,
            self.blocks_renamed,
            self.code,
            self.data,
            self.settings,
        )
        return any(self.graphs) or any(several)

    def graph(self, block: str = "") -> GraphDifference:
        """That of a graph, by the name its block has after; the main one without."""
        return next((one for one in self.graphs if one.block == block), GraphDifference(block))
