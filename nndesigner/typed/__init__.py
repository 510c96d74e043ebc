"""A network written as a line: `Conv2d(32, 3) > BatchNorm2d > ReLU > x3 > Flatten > Linear(10)`.

The line is read by a small closed parser of its own: names of layers, literals, wires, nothing else, and nothing is ever run.
What it says is a value: the graph with the new part wired in, and where in the text each node of it stands.
"""

from nndesigner.typed.completing import Completion, Offer, complete
from nndesigner.typed.kinds import Calls, calls_of, kinds_of, positional
from nndesigner.typed.reading import Ends, Mistake, Step, Typed, read

__all__ = [
    "Calls",
    "Completion",
    "Ends",
    "Mistake",
    "Offer",
    "Step",
    "Typed",
    "calls_of",
    "complete",
    "kinds_of",
    "positional",
    "read",
]
