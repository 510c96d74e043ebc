"""Blocks as a person works with them: looked into, made of a selection, unpacked, named, given params; all pure.

A block is one value, so a change of its inside is a change of every use of it.
"""

from nndesigner.blocks.adopting import adopted
from nndesigner.blocks.enclosing import enclosed, suggested_name
from nndesigner.blocks.naming import deleted, free_block_name, node_renamed, renamed, with_new_block
from nndesigner.blocks.params import exposed, filled, param_renamed, with_default, with_param, withdrawn
from nndesigner.blocks.parting import parted
from nndesigner.blocks.places import (
    MAIN,
    Place,
    block_named,
    graph_at,
    inside,
    outside,
    place_of,
    settled,
    stands_in,
    through,
    uses,
    with_graph_at,
)
from nndesigner.blocks.unpacking import unpacked

__all__ = [
    "MAIN",
    "Place",
    "adopted",
    "block_named",
    "deleted",
    "enclosed",
    "exposed",
    "filled",
    "free_block_name",
    "graph_at",
    "inside",
    "node_renamed",
    "outside",
    "param_renamed",
    "parted",
    "place_of",
    "renamed",
    "settled",
    "stands_in",
    "suggested_name",
    "through",
    "unpacked",
    "uses",
    "with_default",
    "with_graph_at",
    "with_new_block",
    "with_param",
    "withdrawn",
]
