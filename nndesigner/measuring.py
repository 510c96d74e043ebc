"""What one layer does with its inputs: what it gives, the operations it takes, what it keeps for the pass backwards.

Nothing is estimated that can be measured: the layer runs once on the meta device, forwards and backwards, as it would
in the network: with inputs of the same sizes and strides, gradients asked for where the network asks for them. What
its operations are is counted as `torch.utils.flop_counter.FlopCounterMode` counts them (two for each multiply and add;
norms, activations and embeddings none), what autograd keeps is told by `saved_tensors_hooks`. Answers are remembered.
"""

import functools
import weakref
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from nndesigner import catalogue, child
from nndesigner.catalogue.kind import Kind
from nndesigner.code import read
from nndesigner.graph import Code
from nndesigner.inference import Arguments, call, construct, resolved, unpacked


@dataclass(frozen=True, slots=True)
class Layout:
    """How a tensor lies in memory."""

    sizes: tuple[int, ...]
    strides: tuple[int, ...]
    dtype: str

    @staticmethod
    def of(tensor: torch.Tensor) -> "Layout":
        """That of a tensor."""
        return Layout(tuple(tensor.shape), tensor.stride(), str(tensor.dtype).removeprefix("torch."))

    @staticmethod
    def plain(sizes: tuple[int, ...], dtype: str) -> "Layout":
        """That of a tensor whose last axis lies together, as it comes from the data."""
        strides, step = [], 1
        for size in reversed(sizes):
            strides.append(step)
            step *= max(size, 1)
        return Layout(sizes, tuple(reversed(strides)), dtype)

    @property
    def bytes(self) -> int:
        """The memory of its elements."""
        count = getattr(torch, self.dtype).itemsize
        for size in self.sizes:
            count *= size
        return int(count)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a layer was seen to do. Memory goes by numbers: that of the inputs first, then what the layer took itself,
    whose bytes are `own`; `memory` is where each of the outputs lies, whose elements take so many `bytes`, and `kept` is what autograd keeps of it.

    `needs` tells for each output whether it has a gradient, `flows` for each input whether one flows back to it.
    """

    outputs: tuple[Layout, ...] = ()
    bytes: tuple[int, ...] = ()
    memory: tuple[int, ...] = ()
    own: tuple[int, ...] = ()
    kept: tuple[int, ...] = ()
    needs: tuple[bool, ...] = ()
    flows: tuple[bool, ...] = ()
    flops: int = 0
    flops_backward: int = 0
    weights: int = 0
    gradients: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be measured: a layer with these inputs, of which some `need` a gradient; its own parameters need
    one unless it is `frozen`, and gradients come back to the outputs that are `wanted`. `code` is the text of a layer
    of one's own, which is trusted if it gets here.
    """

    kind: str
    arguments: Arguments
    ports: tuple[str, ...]
    inputs: tuple[Layout, ...]
    need: tuple[bool, ...]
    frozen: bool = False
    wanted: tuple[bool, ...] = ()  # none: all
    code: Code | None = None


_SEQUENCES = ("torch.nn.RNN", "torch.nn.LSTM", "torch.nn.GRU")
_SHORT = 3


@functools.lru_cache(maxsize=16384)
def measure(question: Question) -> Measured:
    """What a layer does, asked on the meta device; raises whatever torch does.

    The meta device goes through a sequence step by step, so a recurrent layer is asked for a short one and for one
    longer by a step: all that is counted grows by the same from step to step. A test holds that equal to torch. A layer
    of one's own is measured in a child process with limits.
    """
    if question.code is not None:
        return child.ask(_measured, question)
    kind = catalogue.BY_NAME[question.kind]
    if kind.target not in _SEQUENCES:
        return _measured(question)
    first = question.inputs[0]
    axis = 1 if dict(question.arguments).get("batch_first") and len(first.sizes) == 3 else 0
    if first.sizes[axis] <= _SHORT + 1:
        return _measured(question)
    short, longer = (_measured(_of_length(question, axis, length)) for length in (_SHORT, _SHORT + 1))
    grown: Measured = _continued(short, longer, first.sizes[axis] - _SHORT)
    return grown


def _of_length(question: Question, axis: int, length: int) -> Question:
    first, *others = question.inputs
    sizes = (*first.sizes[:axis], length, *first.sizes[axis + 1 :])
    # Its strides stay in their order; how far they are apart changes nothing that is counted.
    order = sorted(range(len(sizes)), key=lambda one: -first.strides[one])
    plain = Layout.plain(tuple(sizes[one] for one in order), first.dtype)
    strides = tuple(plain.strides[order.index(one)] for one in range(len(sizes)))
    return replace(question, inputs=(Layout(sizes, strides, first.dtype), *others))


def _continued(short: Any, longer: Any, steps: int) -> Any:
    """All numbers carried on by so many steps of the difference between the two."""
    match short:
        case bool() | str():
            return short
        case int():
            return short + steps * (longer - short)
        case tuple():
            return tuple(_continued(one, two, steps) for one, two in zip(short, longer, strict=True))
    parts = {one.name: (getattr(short, one.name), getattr(longer, one.name)) for one in fields(short)}
    return type(short)(**{name: _continued(*both, steps) for name, both in parts.items()})


class _Counter(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts operations as `FlopCounterMode` does, but without its hooks on all modules of the process, which would
    also count what a training thread computes meanwhile.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.flops = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        given = kwargs or {}
        with self:
            if (result := func.decompose(*args, **given)) is not NotImplemented:
                return result
        result = func(*args, **given)
        if (count := flop_registry.get(func._overloadpacket)) is not None:
            self.flops += count(*args, **given, out_val=result)
        return result


class _Keepsake:
    """A tensor that autograd keeps; it goes when the pass backwards no longer needs it."""

    def __init__(self, tensor: torch.Tensor) -> None:
        self.tensor = tensor.detach()


def _measured(question: Question) -> Measured:
    try:
        return _seen(question, training=True)
    except (RuntimeError, ValueError):
        # A norm refuses to learn from a single record; it can still be used with one.
        return _seen(question, training=False)


def _seen(question: Question, training: bool) -> Measured:
    arriving = [_arriving(*one) for one in zip(question.inputs, question.need, strict=True)]
    inputs = [tensor for _, tensor in arriving]
    kind = _kind(question)
    keepsakes: list[weakref.ref[_Keepsake]] = []

    def pack(tensor: torch.Tensor) -> _Keepsake:
        keepsake = _Keepsake(tensor)
        keepsakes.append(weakref.ref(keepsake))
        return keepsake

    counter = _Counter()
    with torch.device("meta"):
        run, held = _built(kind, question, training)
        with counter, torch.autograd.graph.saved_tensors_hooks(pack, lambda keepsake: keepsake.tensor):
            result = run(dict(zip(question.ports, inputs, strict=True)), dict(question.arguments))
        flops = counter.flops
        outputs = list(unpacked(kind.structure, result))
        del result
        memory = _Memory([*map(_address, inputs)], {_address(one) for one in held})
        numbers = tuple(memory.number(one) for one in outputs)
        needs = tuple(one.requires_grad for one in outputs)
        layouts = tuple(map(Layout.of, outputs))
        plain = [one.detach() for one in outputs]  # hold the memory, and nothing of how it came about
        wanted = question.wanted or (True,) * len(outputs)
        back = [one for one, asked in zip(outputs, wanted, strict=True) if asked and one.requires_grad]
        del outputs
        alive = [keepsake.tensor for one in keepsakes if (keepsake := one()) is not None]
        kept = memory.kept(alive)
        del alive, plain
        with counter:
            passed_back = _passed_back(back)
    flows = tuple(leaf.grad is not None if passed_back else leaf.requires_grad for leaf, _ in arriving)
    return Measured(
        layouts,
        tuple(one.bytes for one in layouts),
        numbers,
        tuple(memory.own),
        kept,
        needs,
        flows,
        flops,
        counter.flops - flops,
        sum(map(_bytes, held)),
        sum(_bytes(one) for one in held if isinstance(one, torch.nn.Parameter)),
    )


def _kind(question: Question) -> Kind:
    found = read(question.code) if question.code is not None else catalogue.BY_NAME[question.kind]
    assert isinstance(found, Kind)
    return found.at(dict(question.arguments))


def _built(
    kind: Kind, question: Question, training: bool
) -> tuple[Callable[..., Any], Sequence[torch.Tensor]]:
    """What is to be called with the inputs and the arguments, and the parameters and buffers it holds."""
    arguments = dict(question.arguments)
    if arguments.get("momentum", 0) is None:
        # A norm without one asks how many batches it has seen, which the meta device can't tell.
        del arguments["momentum"]
    if kind.is_tensor:
        tensor = construct(kind, arguments)
        tensor.requires_grad_(kind.target.endswith("Parameter") and not question.frozen)
        return functools.partial(_itself, tensor), [tensor]
    if kind.is_module:
        layer = construct(kind, arguments).train(training).requires_grad_(not question.frozen)
        called: Callable[..., Any] = layer
        if kind.target == "torch.nn.Transformer":
            # It looks into its masks for whether they are causal, and there is nothing to see on the meta device.
            called = functools.partial(layer, src_is_causal=False, tgt_is_causal=False)
        return functools.partial(call, kind, called), [*layer.parameters(), *layer.buffers()]
    return functools.partial(call, kind, resolved(kind)), []


def _passed_back(outputs: Sequence[torch.Tensor]) -> bool:
    """Runs the pass backwards from these; tells whether the meta device knows how."""
    try:
        if outputs:
            torch.autograd.backward(outputs, [torch.empty_like(one) for one in outputs])
    except NotImplementedError:
        return False
    return True


def _itself(tensor: torch.Tensor, _inputs: object, _arguments: object) -> torch.Tensor:
    return tensor


def _arriving(layout: Layout, need: bool) -> tuple[torch.Tensor, torch.Tensor]:
    """A tensor as it comes from a layer before, so that it may be changed in place; first what its gradient comes to."""
    dtype = getattr(torch, layout.dtype)
    need = need and (dtype.is_floating_point or dtype.is_complex)
    leaf = torch.empty_strided(layout.sizes, layout.strides, dtype=dtype, device="meta").requires_grad_(need)
    inner = leaf.clone()
    if inner.stride() == layout.strides:
        return leaf, inner
    span = 1 + sum((size - 1) * step for size, step in zip(layout.sizes, layout.strides, strict=True))
    leaf = torch.empty(max(span, 1), dtype=dtype, device="meta").requires_grad_(need)
    return leaf, leaf.clone().as_strided(layout.sizes, layout.strides)


def _bytes(tensor: torch.Tensor) -> int:
    return tensor.numel() * tensor.element_size()


def _address(tensor: torch.Tensor) -> int:
    return int(tensor.untyped_storage()._cdata)


class _Memory:
    """The pieces of memory a layer touches, by number: those of the inputs, then what it took itself."""

    def __init__(self, inputs: Sequence[int], weights: Iterable[int]) -> None:
        self._numbers = {address: number for number, address in enumerate(inputs)}
        self._first = len(inputs)
        self._weights = frozenset(weights)
        self.own: list[int] = []

    def number(self, tensor: torch.Tensor) -> int:
        """Where an output lies."""
        address = _address(tensor)
        if address not in self._numbers:
            self._numbers[address] = self._first + len(self.own)
            # A weight that is given out is counted with the weights.
            self.own.append(0 if address in self._weights else tensor.untyped_storage().nbytes())
        return self._numbers[address]

    def kept(self, tensors: Iterable[torch.Tensor]) -> tuple[int, ...]:
        """Which pieces these lie in, weights left out; what is neither input nor output comes as one piece."""
        found: dict[int, None] = {}
        inner: dict[int, int] = {}
        for tensor in tensors:
            address = _address(tensor)
            if address in self._numbers:
                found[self._numbers[address]] = None
            elif address not in self._weights:
                inner[address] = tensor.untyped_storage().nbytes()
        if inner:
            found[self._first + len(self.own)] = None
            self.own.append(sum(inner.values()))
        return tuple(found)
