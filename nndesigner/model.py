"""A plan as a torch module: what is trained, in the window, on the command line, in a child process."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn

from nndesigner.inference import call_function, construct
from nndesigner.plan import Part, Place, Plan, Step


class Network(nn.Module):
    """The layers of a plan under their nodes' names, run in the plan's order.

    Takes the plan's `inputs` in order; gives its `results`: the tensor itself where there is one, else a tuple. Its
    state dict has the same keys as that of the class the script writer writes.
    """

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        slots: dict[Place, int] = {}
        for place in plan.inputs.values():
            slots[place] = len(slots)
        calls: list[tuple[str, Callable[..., Any] | None, tuple[int, ...], tuple[int, ...]]] = []
        for step in plan.steps:
            if step.owns:
                self.add_module(step.name, _layer(step))
            for place in step.outputs:
                slots[place] = len(slots)
            inputs = tuple(slots[place] for place in step.inputs)
            outputs = tuple(slots[place] for place in step.outputs)
            calls.append((step.attribute, None if step.is_called else _function(step), inputs, outputs))
        self._count = len(slots)
        self._inputs = tuple(slots[place] for place in plan.inputs.values())
        self._results = tuple(slots[place] for place in plan.results)
        # A tensor that is held for longer than it is needed costs its memory, and the next one its place in the cache.
        last = {
            slot: number for number, (_, _, taken, given) in enumerate(calls) for slot in (*taken, *given)
        }
        kept = set(self._results)
        self._calls = [
            (*call, tuple(slot for slot in {*call[2], *call[3]} - kept if last[slot] == number))
            for number, call in enumerate(calls)
        ]

    def forward(self, *inputs: torch.Tensor) -> Any:
        """Runs every step; see the class for shapes."""
        values: list[Any] = [None] * self._count
        for slot, value in zip(self._inputs, inputs, strict=True):
            values[slot] = value
        modules = self._modules
        for attribute, function, taken, given, done in self._calls:
            arguments = [values[slot] for slot in taken]
            result = function(arguments) if function else modules[attribute](*arguments)  # type: ignore[misc]
            if len(given) == 1:
                values[given[0]] = result
            else:
                for slot, value in zip(given, result, strict=True):
                    values[slot] = value
            for slot in done:
                values[slot] = None
        results = tuple(values[slot] for slot in self._results)
        return results[0] if len(results) == 1 else results


def _layer(step: Step) -> nn.Module:
    made = [_part(step, part) for part in step.parts]
    layer = made[0] if len(made) == 1 else nn.Sequential(*made)
    return layer.requires_grad_(False) if step.node.frozen else layer


def _part(step: Step, part: Part) -> nn.Module:
    return Network(part.inner) if part.inner is not None else construct(step.kind, part.arguments)


def _function(step: Step) -> Callable[..., Any]:
    kind, arguments = step.kind, step.parts[0].arguments
    return lambda inputs: call_function(kind, inputs, arguments)


def weights_sha256(state: Mapping[str, torch.Tensor]) -> str:
    """SHA-256 over names, dtypes, shapes and bytes of all weights, in the order of the names."""
    digest = hashlib.sha256()
    for name in sorted(state):
        tensor = state[name].detach().cpu().contiguous()
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
