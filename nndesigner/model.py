"""A plan as a torch module: what is trained, in the window, on the command line, in a child process."""

import hashlib
import traceback
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch
from torch import nn

from nndesigner.catalogue.kind import Structure
from nndesigner.inference import call, construct, resolved, unpacked
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
        calls: list[tuple[_Call, tuple[int, ...], tuple[int, ...]]] = []
        for step in plan.steps:
            if step.owns:
                setattr(self, step.name, _held(step))
            for place in step.outputs:
                slots[place] = len(slots)
            inputs = tuple(slots[place] for place in step.inputs.values())
            calls.append((_call(step), inputs, tuple(slots[place] for place in step.outputs)))
        self._names = [step.name for step in plan.steps]
        self._count = len(slots)
        self._inputs = tuple(slots[place] for place in plan.inputs.values())
        self._results = tuple(slots[place] for place in plan.results)
        # A tensor that is held for longer than it is needed costs its memory, and the next one its place in the cache.
        last = {slot: number for number, (_, took, gave) in enumerate(calls) for slot in (*took, *gave)}
        kept = set(self._results)
        self._calls = [
            (*one, tuple(slot for slot in {*one[1], *one[2]} - kept if last[slot] == number))
            for number, one in enumerate(calls)
        ]

    def forward(self, *inputs: torch.Tensor) -> Any:
        """Runs every step; see the class for shapes."""
        values: list[Any] = [None] * self._count
        for slot, value in zip(self._inputs, inputs, strict=True):
            values[slot] = value
        for one, took, gave, done in self._calls:
            results = one(self, [values[slot] for slot in took])
            if len(gave) == 1:
                values[gave[0]] = results
            else:
                for slot, value in zip(gave, results, strict=True):
                    values[slot] = value
            del results
            for slot in done:
                values[slot] = None
        found = tuple(values[slot] for slot in self._results)
        return found[0] if len(found) == 1 else found

    def trace(self, *inputs: torch.Tensor) -> Iterator[tuple[int, list[Any], list[Any]]]:
        """Runs step by step: which step of the plan it was, what it took, and what it gave."""
        values: list[Any] = [None] * self._count
        for slot, value in zip(self._inputs, inputs, strict=True):
            values[slot] = value
        for number, (one, took, gave, _) in enumerate(self._calls):
            given = [values[slot] for slot in took]
            results = one(self, given)
            several = [results] if len(gave) == 1 else list(results)
            for slot, value in zip(gave, several, strict=True):
                values[slot] = value
            yield number, given, several

    def begun(self, *inputs: torch.Tensor | None) -> Callable[[torch.Tensor], Any]:
        """The network with all inputs given but one, which is None: what it gives for that one, as often as it is asked.

        What does not depend on that one is computed once, as the encoder of a translation is.
        """
        values: list[Any] = [None] * self._count
        for slot, value in zip(self._inputs, inputs, strict=True):
            values[slot] = value
        (open_slot,) = (slot for slot, value in zip(self._inputs, inputs, strict=True) if value is None)
        late, later = {open_slot}, []
        for one, took, gave, _ in self._calls:
            if late.isdisjoint(took):
                self._run(values, one, took, gave)
            else:
                late.update(gave)
                later.append((one, took, gave))

        def go_on(value: torch.Tensor) -> Any:
            own = list(values)
            own[open_slot] = value
            for one, took, gave in later:
                self._run(own, one, took, gave)
            found = tuple(own[slot] for slot in self._results)
            return found[0] if len(found) == 1 else found

        return go_on

    def _run(self, values: list[Any], one: "_Call", took: tuple[int, ...], gave: tuple[int, ...]) -> None:
        results = one(self, [values[slot] for slot in took])
        for slot, value in zip(gave, [results] if len(gave) == 1 else results, strict=True):
            values[slot] = value


def alone(network: Network, number: int, inputs: list[Any]) -> Any:
    """What one step of a network's plan makes of these inputs: its output, or all of them in order."""
    return network._calls[number][0](network, inputs)


_Call = Callable[[Network, list[Any]], Any]


def _call(step: Step) -> _Call:
    """What a step does with its inputs in the network it is in: it gives its output, or all of them in order."""
    name, kind, ports = step.attribute, step.kind, tuple(step.inputs)
    arguments = step.parts[0].arguments
    if kind.is_tensor:
        return lambda network, _: getattr(network, name)
    if kind.role == "block":
        if step.is_chained:
            return lambda network, inputs: _through(network._modules[name], inputs)
        return lambda network, inputs: network._modules[name](*inputs)  # type: ignore[misc]
    by_place = all(not port.many and not port.optional and not port.group for port in kind.inputs)
    called = any(param.passed == "call" and param.name in arguments for param in kind.params)
    one = isinstance(kind.structure, str)
    if kind.is_module and by_place and not called and one:
        if step.is_chained:
            return lambda network, inputs: _through(network._modules[name], inputs)
        return lambda network, inputs: network._modules[name](*inputs)  # type: ignore[misc]

    def run(network: Network, inputs: list[Any]) -> Any:
        if not kind.is_module:
            result = call(kind, resolved(kind), dict(zip(ports, inputs, strict=True)), arguments)
        else:
            held: Any = network._modules[name]
            for layer in held if step.is_chained else [held]:
                result = call(kind, layer, dict(zip(ports, inputs, strict=True)), arguments)
                result = _only(kind.structure, result)
                inputs = [result, *inputs[1:]]
            return result
        return _only(kind.structure, result)

    return run


def _only(structure: Structure, result: Any) -> Any:
    found = tuple(unpacked(structure, result))
    return found[0] if len(found) == 1 else found


def _through(layers: Any, inputs: list[Any]) -> Any:
    """A repeated layer of several inputs: the first goes through all of them, the others are the same for each."""
    first, *others = inputs
    for layer in layers:
        first = layer(first, *others)
    return first


def _held(step: Step) -> Any:
    """What the network holds for a step: a layer, several behind one another, a parameter or a buffer."""
    made = [_part(step, part) for part in step.parts]
    held = made[0]
    if len(made) > 1:
        held = nn.ModuleList(made) if step.is_chained else nn.Sequential(*made)
    return held.requires_grad_(False) if step.node.frozen else held


def _part(step: Step, part: Part) -> Any:
    return Network(part.inner) if part.inner is not None else construct(step.kind, part.arguments)


def node_in(error: BaseException) -> str:
    """The node of a network in which an error came up, after those it is inside of, divided by “/”; else nothing."""
    names = []
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if frame.f_code in _RUNNING:
            known = frame.f_locals
            network, one = known["self"], known.get("one")
            names += [
                name for name, (other, *_) in zip(network._names, network._calls, strict=True) if other is one
            ]
    return "/".join(names)


_RUNNING = frozenset(run.__code__ for run in (Network.forward, Network.trace, Network._run))


def weights_sha256(state: Mapping[str, torch.Tensor]) -> str:
    """SHA-256 over names, dtypes, shapes and bytes of all weights, in the order of the names."""
    digest = hashlib.sha256()
    for name in sorted(state):
        tensor = state[name].detach().cpu().contiguous()
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
