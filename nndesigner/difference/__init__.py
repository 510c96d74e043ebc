"""What makes one project differ from another, as values: nodes, params, wires, frames, blocks, code, settings, data.

Nodes are known by their names. Where a name is gone and another is new, the two are one node that was renamed if kind,
params and wires say so, and no third could be meant. Where things stand makes no difference; it is told apart.
"""

from nndesigner.difference.change import (
    Change,
    Difference,
    FrameDifference,
    GraphDifference,
    NodeDifference,
    Sign,
)
from nndesigner.difference.comparing import difference
from nndesigner.difference.telling import Group, Line, told

__all__ = [
    "Change",
    "Difference",
    "FrameDifference",
    "GraphDifference",
    "Group",
    "Line",
    "NodeDifference",
    "Sign",
    "difference",
    "told",
]
