"""What goes into a network and what comes out of it, in words and as zeros to try it with."""

from dataclasses import dataclass

from nndesigner.catalogue.kind import TensorType
from nndesigner.plan import Plan


@dataclass(frozen=True)
class Tensor:
    """A tensor that arrives or leaves, by its name in the script."""

    name: str
    type: TensorType

    @property
    def shape(self) -> str:
        """Its axes and, where it is not float32, its type: `(N, 64) int64`."""
        axes = self.type.axes
        shown = f"({', '.join(axes)}{',' if len(axes) == 1 else ''})"
        return shown if self.type.dtype == "float32" else f"{shown} {self.type.dtype}"

    def zeros(self, count: int) -> str:
        """The expression for so many records of nothing but zeros."""
        sizes = ", ".join([str(count), *map(str, self.type.sizes[1:])])
        dtype = "" if self.type.dtype == "float32" else f", dtype=torch.{self.type.dtype}"
        return f"torch.zeros({sizes}{dtype})"


def arriving(plan: Plan) -> list[Tensor]:
    """What goes in, in the order `forward` takes it."""
    return [Tensor(name, plan.types[place]) for name, place in plan.inputs.items()]


def leaving(plan: Plan) -> list[Tensor]:
    """What comes out, in the order it is returned, by the names of the outputs or of the layers."""
    names = {place: name for name, place in reversed(list(plan.outputs.items()))}
    return [Tensor(names.get(place, place[0]), plan.types[place]) for place in plan.results]
