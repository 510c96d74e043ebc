"""A model as ONNX, written by torch and tried with ONNX Runtime.

Only torch's newer exporter is used (`dynamo=True`): the older one leaves a branch away without a word. Random numbers are
drawn otherwise by another program, so while both are compared, they are zeros in both.
"""

import contextlib
import io
import logging
import math
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from nndesigner.model import Network, node_in
from nndesigner.plan import Plan
from nndesigner.project import Project
from nndesigner.script import alone
from nndesigner.script.reference import drawn
from nndesigner.script.respelled import Respelled
from nndesigner.script.tensors import (
    FIRST,
    Behind,
    FormatError,
    apart,
    batches,
    described,
    exportable,
    filled,
    first_line,
    names_of,
    sizes,
    told_batches,
    written,
)

NEEDS = ("onnx", "onnxscript", "onnxruntime")
WITHIN = 1e-4
_WHOLE = 2**31 - 2**20  # bytes a file of ONNX may have; larger ones keep their weights in a second file
_RANDOM = ("RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike")
_AT_RANDOM = ("randn", "randn_like", "rand", "rand_like", "normal_functional")
_MOST_TRIED = 40
_UNKNOWN = re.compile(r"No ONNX function found for <OpOverload\(op='[\w.]*?(\w+)'")


def write(project: Project, plan: Plan, question: alone.Question, tell: alone.Tell) -> None:
    """Writes a model as ONNX, for any number of samples where that can be, and compares it with torch's."""
    path = Path(question["path"])
    made = filled(project, plan, question)
    with _quiet():
        program, free = _exported(made, plan)
        _describe(program, project, plan)
        if sum(one.numel() * one.element_size() for one in made.state_dict().values()) > _WHOLE:
            program.save(path, external_data=True)
        else:
            with written(path) as temporary:
                program.save(temporary, external_data=False)
    if not question["prove"]:
        return
    session = _session(path, question["threads"])
    most, worst = 0.0, ""
    for many in batches(free):
        given = drawn(plan, many, many)
        with torch.no_grad(), _Zeros():
            ours = alone.flat(made(*given))
        wanted = {one.name for one in session.get_inputs()}
        named = {
            name: one.numpy() for name, one in zip(names_of(plan)[0], given, strict=True) if name in wanted
        }
        theirs = [torch.as_tensor(one) for one in session.run(None, named)]
        for name, one, other in zip(names_of(plan)[1], ours, theirs, strict=True):
            difference = apart(one, other)
            if difference > most or math.isnan(difference):
                most, worst = difference, name
    if most > WITHIN:
        words = f"the output {worst} of ONNX Runtime differs by up to {most:.3g}"
    else:
        words = f"outputs of ONNX Runtime within {most:.2g}{told_batches(plan, free)}"
    tell({"verified": most <= WITHIN, "difference": most, "words": words})


def _exported(made: Network, plan: Plan) -> tuple[Any, bool]:
    reason: Exception | None = None
    for free in (True, False):
        try:
            return _program(made, plan, free), free
        except Exception as error:  # torch raises whatever it likes
            reason = error
            if _UNKNOWN.search(_words(error)):
                break
    assert reason is not None
    node = node_in(reason) or _culprit(made, plan)
    words = _words(reason)
    unknown = _UNKNOWN.search(words)
    words = f"it has nothing like torch's {unknown[1]}" if unknown else words
    raise FormatError(f"{node or 'the network'} can't be expressed in ONNX: {words}")


def _program(made: Network, plan: Plan, free: bool) -> Any:
    given = tuple(drawn(plan, 0, FIRST))
    inputs, outputs = names_of(plan)
    with Respelled():
        return torch.onnx.export(
            exportable(made),
            given,
            dynamo=True,
            verbose=False,
            input_names=inputs,
            output_names=outputs,
            dynamic_shapes=sizes(given, free),
        )


def _describe(program: Any, project: Project, plan: Plan) -> None:
    words = described(project, plan)
    model = program.model
    model.metadata_props.update(words)
    model.producer_name = "nndesigner"
    model.graph.name = words["class"]
    model.graph.doc_string = words["title"]
    for value in list(model.graph.initializers.values()):
        value.name = value.name.removeprefix(f"{Behind.NAME}.")
    for node in model.graph.all_nodes():
        for name in [name for name in node.metadata_props if name.startswith("pkg.torch")]:
            del node.metadata_props[name]  # classes and files of this program


def _culprit(network: Network, plan: Plan) -> str:
    """The first node that can't be expressed by itself; nothing where all can."""
    seen: set[tuple[str, str, int]] = set()
    steps = iter(network.trace(*drawn(plan, 0, FIRST)))
    with contextlib.suppress(Exception), torch.no_grad():
        for number, given, _ in steps:
            step = plan.steps[number]
            key = (step.kind.name, repr(step.parts), len(given))
            if key in seen or len(seen) > _MOST_TRIED:
                continue
            seen.add(key)
            try:
                with Respelled():
                    torch.onnx.export(_Step(network, number), tuple(given), dynamo=True, verbose=False)
            except Exception:
                return step.name
    return ""


class _Step(torch.nn.Module):
    """One step of a network alone."""

    def __init__(self, network: Network, number: int) -> None:
        super().__init__()
        self.network, self.number = network, number

    def forward(self, *given: torch.Tensor) -> Any:
        """What the step gives."""
        return self.network._calls[self.number][0](self.network, list(given))


def _words(error: BaseException) -> str:
    """The cause of an error of the exporter, without the advice it wraps it in."""
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    return first_line(cause)


def _session(path: Path, threads: int) -> Any:
    """The model of a file in ONNX Runtime, its random numbers zeros."""
    import onnx
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    model = onnx.load(str(path), load_external_data=False)
    if not _without_chance(model):
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def _without_chance(model: Any) -> bool:
    """Makes zeros of the random numbers of a model; gives whether there are any."""
    import onnx

    found = False
    for node in model.graph.node:
        if node.op_type not in _RANDOM:
            continue
        found = True
        if node.op_type.endswith("Like"):
            del node.attribute[:]
            node.op_type, source = "Sub", node.input[0]
            node.input[:] = [source, source]
        else:
            shape = next(list(one.ints) for one in node.attribute if one.name == "shape")
            del node.attribute[:]
            node.op_type = "ConstantOfShape"
            name = f"{node.output[0]}_shape"
            model.graph.initializer.append(onnx.helper.make_tensor(name, 7, [len(shape)], shape))
            node.input[:] = [name]
    return found


class _Zeros(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """While this lasts, the numbers torch draws are zeros."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def __torch_dispatch__(self, function: Any, _types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = function(*args, **(kwargs or {}))
        return (
            torch.zeros_like(result) if function._schema.name.removeprefix("aten::") in _AT_RANDOM else result
        )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """What the exporter says on the way is for those who write it."""
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)
