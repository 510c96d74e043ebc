"""What a layout knows of a node's card: its size and where its ports are on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

WIDTH, HEIGHT, TALL = 208.0, 56.0, 96.0
Position = tuple[float, float]


@dataclass(frozen=True)
class Card:
    """A card and its ports, which are as far from its left side as these say: inputs above, outputs below."""

    width: float = WIDTH
    height: float = HEIGHT
    inputs: Mapping[str, float] = field(default_factory=dict)
    outputs: Mapping[str, float] = field(default_factory=dict)

    def into(self, port: str) -> float:
        """Where a wire arrives."""
        return self.inputs.get(port, self.width / 2)

    def out(self, port: str) -> float:
        """Where a wire leaves."""
        return self.outputs.get(port, self.width / 2)
