"""A model as its weights, and as the program that torch.export makes of it: written, read again, and compared."""

import contextlib
import json
import math
import os
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_model
from torch import nn

from nndesigner.model import Network, node_in
from nndesigner.plan import Plan
from nndesigner.project import Project
from nndesigner.script import alone
from nndesigner.script.folder import WEIGHTS, write_folder
from nndesigner.script.reference import drawn, network, some
from nndesigner.script.writer import class_name
from nndesigner.training import weights

FIRST = 3  # samples a model is exported with
BATCHES = 1, 5  # samples it is tried with once it is written, where it takes any number


class FormatError(ValueError):
    """A project that can't be written in a format; its text is meant for people."""


class Answering(Network):
    """A network that gives what feeds the Outputs of the canvas alone; where there are none, all it gives."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.count = len(plan.outputs) or len(plan.results)

    def forward(self, *inputs: torch.Tensor) -> Any:
        """The outputs, as a tuple where there are several."""
        found = super().forward(*inputs)
        several = found if isinstance(found, tuple) else (found,)
        return several[0] if self.count == 1 else several[: self.count]


class Behind(nn.Module):
    """A network under the name `network`: torch can't export one with a layer called `code`, as its own graphs have a
    `code`, and some more.
    """

    NAME = "network"

    def __init__(self, made: Network) -> None:
        super().__init__()
        self.network = made

    def forward(self, *inputs: torch.Tensor) -> Any:
        """What the network gives."""
        return self.network(*inputs)


def exportable(made: Network) -> nn.Module:
    """The network, or, where the names of its layers are in torch's way, the network behind another."""
    held = [
        name
        for name, _ in (
            *made.named_children(),
            *made.named_parameters(recurse=False),
            *made.named_buffers(recurse=False),
        )
    ]
    return Behind(made).eval() if any(hasattr(torch.fx.GraphModule, name) for name in held) else made


def names_of(plan: Plan) -> tuple[list[str], list[str]]:
    """What inputs and outputs are called: as on the canvas; no two the same."""
    inputs = list(plan.inputs)
    outputs = list(plan.outputs) or [place[0] for place in plan.results]
    taken = set(inputs)
    for number, name in enumerate(outputs):
        longer = name
        while longer in taken:
            longer += "_out"
        outputs[number] = longer
        taken.add(longer)
    return inputs, outputs


def described(project: Project, plan: Plan) -> dict[str, str]:
    """What a file says of what is in it."""
    return {
        "title": project.title or class_name(project),
        "class": class_name(project),
        "parameters": str(plan.parameters),
    }


def filled(project: Project, plan: Plan, question: alone.Question) -> Answering:
    """The network an export is made of, in evaluation mode: with the weights of a file, or freshly initialised."""
    torch.set_num_threads(question["threads"])
    file = Path(question["weights"]) if question["weights"] else None
    return network(plan, project.training.seed, file, Answering).eval()


def write_weights(project: Project, plan: Plan, question: alone.Question, tell: alone.Tell) -> None:
    """Writes the weights as safetensors, with their SHA-256 in the file, and reads them again."""
    path = Path(question["path"])
    state = filled(project, plan, question).state_dict()
    weights.save(path, state, told=described(project, plan))
    if not question["prove"]:
        return
    found = weights.load(path)
    differing = [name for name in state if name not in found or not equal(state[name], found[name])]
    if differing or len(found) != len(state):
        tell(
            {
                "verified": False,
                "difference": math.inf,
                "words": f"{some(differing)} is not read back as it was written",
            }
        )
    else:
        tell({"verified": True, "difference": 0.0, "words": f"{len(state):,} tensors read back identical"})


def write_program(project: Project, plan: Plan, question: alone.Question, tell: alone.Tell) -> None:
    """Writes the program torch.export makes of the network, for any number of samples where that can be, and reads it
    again.
    """
    path = Path(question["path"])
    made = filled(project, plan, question)
    program, free = exported(made, plan)
    with written(path) as temporary, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.export.save(
            program, temporary, extra_files={"project.json": json.dumps(described(project, plan))}
        )
    if not question["prove"]:
        return
    read = torch.export.load(path).module()
    most = 0.0
    for many in batches(free):
        given = drawn(plan, many, many)
        with torch.no_grad():
            torch.manual_seed(many)
            ours = alone.flat(made(*given))
            torch.manual_seed(many)
            theirs = alone.flat(read(*given))
        for name, one, other in zip(names_of(plan)[1], ours, theirs, strict=True):
            if not equal(one, other):
                most = max(most, apart(one, other))
                tell(
                    {
                        "verified": False,
                        "difference": most,
                        "words": f"its output {name} differs by up to {most:.3g}",
                    }
                )
                return
    tell({"verified": True, "difference": 0.0, "words": f"outputs identical{told_batches(plan, free)}"})


def write_shared(project: Project, plan: Plan, question: alone.Question, tell: alone.Tell) -> None:
    """Writes a folder to hand on, with weights where a file of them is given, which are read again as its card says."""
    path, state = Path(question["path"]), None
    if question["weights"]:
        state = filled(project, plan, question).state_dict()
    write_folder(project, path, plan, state, question["result"])
    if state is None or not question["prove"]:
        return
    again = Network(plan)
    load_model(again, path / WEIGHTS)
    read = again.state_dict()
    differing = [name for name in state if not equal(state[name], read[name])]
    words = (
        f"{some(differing)} is not read back as it was written"
        if differing
        else "weights read back identical"
    )
    tell({"verified": not differing, "difference": math.inf if differing else 0.0, "words": words})


def sizes(given: Sequence[torch.Tensor], free: bool) -> tuple[Any, ...]:
    """Which sizes of the inputs torch's exporters leave open: how many samples there are, where that is `free`."""
    batch = {0: torch.export.Dim("batch", min=1)} if free else None
    return (tuple(batch for _ in given),) if given else ()


def exported(made: Answering, plan: Plan) -> tuple[Any, bool]:
    """The network as a program, and whether it takes any number of samples; raises `FormatError`, which names the node."""
    given = tuple(drawn(plan, 0, FIRST))
    reason: Exception | None = None
    for free in (True, False):
        try:
            with warnings.catch_warnings(), torch.no_grad():
                warnings.simplefilter("ignore")
                program: Any = torch.export.export(exportable(made), given, dynamic_shapes=sizes(given, free))
        except Exception as error:  # torch raises whatever it likes
            reason = error
            continue
        for node in program.graph.nodes:
            node.meta.pop("stack_trace", None)  # it names files of this machine
        return program, free
    assert reason is not None
    raise FormatError(
        f"{node_in(reason) or 'the network'} can't be exported by torch.export: {first_line(reason)}"
    )


def first_line(error: BaseException) -> str:
    """What an error says, in one line."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0].rstrip(".") if lines else type(error).__name__


def batches(free: bool) -> tuple[int, ...]:
    """How many samples a written model is tried with."""
    return BATCHES if free else (FIRST,)


def told_batches(plan: Plan, free: bool) -> str:
    """How many samples it was tried with, in words; nothing where it takes none."""
    if not plan.inputs:
        return ""
    return f" on batches of {' and '.join(map(str, BATCHES))}" if free else f", always with {FIRST} samples"


def equal(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Whether two tensors are the same to the bit, NaN being equal to NaN."""
    if one.shape != other.shape or one.dtype != other.dtype:
        return False
    floating = one.is_floating_point() or one.is_complex()
    return (
        bool(((one == other) | (one.isnan() & other.isnan())).all()) if floating else torch.equal(one, other)
    )


def apart(one: torch.Tensor, other: torch.Tensor) -> float:
    """How far two tensors are apart at most; infinity where their shapes differ, or one has no number where the other has."""
    if one.shape != other.shape:
        return math.inf
    wide = torch.complex128 if one.is_complex() else torch.float64
    one, other = one.to(wide), other.to(wide)
    differing = (one != other) & ~(one.isnan() & other.isnan())
    if not differing.any():
        return 0.0
    return float((one - other).abs()[differing].nan_to_num(math.inf, math.inf).max())


@contextlib.contextmanager
def written(path: Path) -> Iterator[Path]:
    """A temporary file beside a path, which takes its place at the end, so that none is left half written."""
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.tmp{path.suffix}")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
