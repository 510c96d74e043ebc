"""Shapes of kinds for which the meta device is slow: it goes through a sequence step by step.

A test holds each rule equal to torch.
"""

from collections.abc import Callable, Mapping

from nndesigner.catalogue.kind import TensorType
from nndesigner.graph import Value

Rule = Callable[[Mapping[str, Value], Mapping[str, TensorType]], tuple[tuple[TensorType, ...], int]]

# Each gives the outputs and the number of parameters, of the arguments and the inputs by their ports.
RULES: dict[str, Rule] = {}
