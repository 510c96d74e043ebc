"""The same project without a window: examples, new, check, train, export, catalogue, data."""

import argparse
import contextlib
import io
import json
import os
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nndesigner import __version__, amounts, catalogue, examples, files, nnd
from nndesigner.catalogue.datasets import DATA_SETS
from nndesigner.catalogue.kind import Kind, Required
from nndesigner.nnd import ProjectError
from nndesigner.process import ready_for_torch
from nndesigner.project import TRAINING_PARAMS, Project

if TYPE_CHECKING:
    from nndesigner.costs import Costs
    from nndesigner.plan import Plan

Answer = tuple[int, dict[str, Any]]
FAILED, WRONG_USE = 1, 2
_MOST_ROWS = 12


class _WrongUse(Exception):
    """The command was called with something that can't be meant; its text is for people."""


def main(arguments: Sequence[str]) -> int:
    """Runs one command; gives its exit code: 0 all well, 1 a project's problems or a failed run, 2 wrong use."""
    ready_for_torch()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that knows no × must not end a run
    try:
        chosen = _parsed(arguments)
        code, answer = _ran(chosen)
        if "error" in answer:
            print(f"nndesigner: {answer['error']}", file=sys.stderr)
        if chosen.json:
            _print_json(answer)
    except BrokenPipeError:
        # Who read along has left, as `head` does: nothing is wrong, and nobody is there to be told.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return code


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments read; what can't be is told by argparse, and with --json as an object too."""
    told = io.StringIO()
    try:
        with contextlib.redirect_stderr(told):
            return parser().parse_args(arguments)
    except SystemExit as stop:
        sys.stderr.write(told.getvalue())
        if stop.code and "--json" in arguments:
            _print_json({"error": told.getvalue().strip().rpartition("error: ")[2]})
        raise


def _ran(chosen: argparse.Namespace) -> Answer:
    """What the command answers, or the error that ended it."""
    command: Callable[[argparse.Namespace], Answer] = chosen.command
    try:
        return command(chosen)
    except BrokenPipeError:
        raise
    except _WrongUse as error:
        return WRONG_USE, {"error": str(error)}
    except ProjectError as error:
        return FAILED, {"error": str(error)}
    except OSError as error:
        place = getattr(chosen, "output", None) or error.filename or "the file"
        return FAILED, {"error": f"{place}: {error.strerror or error}"}
    except KeyboardInterrupt:
        return FAILED, {"error": "stopped"}


def _print_json(answer: dict[str, Any]) -> None:
    print(json.dumps(answer, ensure_ascii=False, allow_nan=False), flush=True)


def commands() -> tuple[str, ...]:
    """The names of all commands."""
    return tuple(_COMMANDS)


def parser() -> argparse.ArgumentParser:
    """What can be said on the command line."""
    top = argparse.ArgumentParser(
        "nndesigner",
        description="Draw a neural network, see at once whether it fits, train it and export it as a PyTorch script. "
        "Alone, or with the name of a project file, opens the window.",
    )
    top.add_argument("--version", action="version", version=f"nndesigner {__version__}")
    several = top.add_subparsers(required=True, metavar="command")
    for name, (run, sentence, options) in _COMMANDS.items():
        one = several.add_parser(name, help=sentence, description=sentence)
        one.set_defaults(command=run)
        for option in options:
            option(one)
        one.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    return top


def _project_option(one: argparse.ArgumentParser) -> None:
    one.add_argument("project", metavar="FILE|EXAMPLE", help="a project file, or the name of an example")
    one.add_argument("--trust", action="store_true", help="let the code inside the project run, from now on")


def _find(chosen: argparse.Namespace) -> Project:
    if not os.path.lexists(chosen.project) and chosen.project not in examples.names():
        raise _WrongUse(
            f"there is no file {chosen.project}, and no example of that name ({', '.join(examples.names())})"
        )
    found = examples.find(chosen.project)
    if not found.code:
        return found
    from nndesigner import trust

    known = trust.trust(*found.code.values()) if chosen.trust else trust.trusted()
    return replace(found, trusted=known)


def _examples(chosen: argparse.Namespace) -> Answer:
    rows = [{"name": name, "title": examples.load(name).title} for name in examples.names()]
    _table(chosen, [(row["name"], row["title"]) for row in rows])
    return 0, {"examples": rows}


def _new(chosen: argparse.Namespace) -> Answer:
    if chosen.example not in examples.names():
        raise _WrongUse(f"there is no example {chosen.example!r}; there are {', '.join(examples.names())}")
    if chosen.output.exists() and not chosen.force:
        raise _WrongUse(f"{chosen.output} is there already; --force writes over it")
    nnd.save(examples.load(chosen.example), chosen.output)
    _say(chosen, f"wrote {chosen.output}")
    return 0, {"path": str(chosen.output)}


def _check(chosen: argparse.Namespace) -> Answer:
    if chosen.batch is not None and chosen.batch < 1:
        raise _WrongUse(f"a batch has one record or more, and not {chosen.batch}")
    found = _find(chosen)
    from nndesigner import plan  # brings torch, which the commands above do without

    made = plan.make(found)
    for problem in made.problems:
        where = f"{problem.node}: " if problem.node else ""
        _say(chosen, f"{problem.severity}: {where}{problem.message}")
        if problem.expected:
            _say(chosen, f"  expected {problem.expected}, got {problem.actual}")
        for cure in problem.cures:
            _say(chosen, f"  cure: {cure.title}" + (f" ({cure.gives})" if cure.gives else ""))
    _say(
        chosen,
        f"{made.parameters:,} parameters, {len(made.errors)} errors, {len(made.problems) - len(made.errors)} warnings",
    )
    answer = {
        "problems": [
            {
                "node": problem.node,
                "port": problem.port,
                "severity": problem.severity,
                "message": problem.message,
                "expected": problem.expected,
                "actual": problem.actual,
                "culprit": problem.culprit or problem.node,
                "cures": [cure.title for cure in problem.cures],
                "cures_give": [{"title": cure.title, "gives": cure.gives} for cure in problem.cures],
            }
            for problem in made.problems
        ],
        "parameters": made.parameters,
        "shapes": {f"{node}.{port}": list(given.named) for (node, port), given in made.types.items()},
        **_costs(chosen, found, made),
    }
    return (FAILED if made.errors else 0), answer


def _costs(chosen: argparse.Namespace, found: Project, made: "Plan") -> dict[str, Any]:
    """What the network costs, with the batch that is asked for or else that of the training; memory is in bytes."""
    from nndesigner import costs

    batch = found.training.batch_size if chosen.batch is None else chosen.batch
    result, optimizer = costs.costs(made, batch), found.training.optimizer
    copies = costs.copies_of(optimizer.kind, optimizer.params)
    whole = result.whole
    _say_costs(chosen, made, result, copies)
    return {
        "batch": batch,
        "flops": whole.flops,
        "flops_backward": whole.flops_backward,
        "memory": whole.training(copies),
        "memory_parts": {
            "weights": whole.weights,
            "gradients": whole.gradients,
            "optimizer": round(copies * whole.gradients),
            "activations": whole.kept,
        },
        "memory_inference": result.running,
        "nodes": {
            name: {
                "parameters": one.parameters,
                "flops": one.flops,
                "flops_backward": one.flops_backward,
                "memory": one.training(copies),
                "activations": one.kept,
            }
            for name, one in result.of.items()
        },
    }


def _say_costs(chosen: argparse.Namespace, made: "Plan", result: "Costs", copies: float) -> None:
    """The most expensive layers of the network, the most operations first, and what all take together."""
    whole = result.whole
    layers = [(name, result.of[name]) for name in (step.name for step in made.steps)]
    layers.sort(key=lambda row: (row[1].flops, row[1].parameters), reverse=True)
    if not layers:
        return

    def share(part: int, all_: int) -> str:
        return f"{100 * part / all_:.1f} %" if all_ else ""

    rows = [
        (
            name,
            f"{one.parameters:,}",
            amounts.operations(one.flops),
            share(one.flops, whole.flops),
            amounts.memory(one.training(copies)),
            share(one.training(copies), whole.training(copies)),
        )
        for name, one in layers[:_MOST_ROWS]
    ]
    _table(chosen, [("layer", "parameters", "forwards", "", "memory", ""), *rows], right=range(1, 6))
    if len(layers) > _MOST_ROWS:
        _say(chosen, f"and {len(layers) - _MOST_ROWS} layers that take fewer operations")
    _say(
        chosen,
        f"with a batch of {result.batch}: {amounts.operations(whole.flops)} forwards and "
        f"{amounts.operations(whole.flops_backward)} backwards; about {amounts.memory(whole.training(copies))} to train "
        f"({amounts.memory(whole.kept)} of it activations), {amounts.memory(result.running)} to run",
    )


def _train(chosen: argparse.Namespace) -> Answer:
    found = _with_settings(_find(chosen), chosen)
    if chosen.output:
        chosen.output.mkdir(parents=True, exist_ok=True)  # before hours of work, not after
    from tqdm import tqdm

    from nndesigner.training import report as reports
    from nndesigner.training import result
    from nndesigner.training.run import TrainingError, prepare, train

    seen: list[reports.Report] = []
    kept: list[Any] = []
    try:
        run = prepare(found)
        with tqdm(unit="step", disable=None, leave=False) as bar:
            for one in train(run, kept.append):
                match one:
                    case reports.Began(epochs=epochs, steps_per_epoch=steps):
                        bar.reset(epochs * steps)
                    case reports.Stepped():
                        bar.update()
                        continue
                    case reports.EpochEnded() | reports.Finished():
                        with bar.external_write_mode():
                            _say(chosen, _line(one))
                seen.append(one)
    except TrainingError as error:
        return FAILED, {"error": str(error), **result.summary(seen)}
    answer = result.summary(seen)
    if chosen.output:
        result.save(chosen.output, found, kept[0], seen)
        answer["path"] = str(chosen.output)
        _say(chosen, f"wrote {chosen.output}")
    return 0, answer


def _with_settings(found: Project, chosen: argparse.Namespace) -> Project:
    settings = {
        name: getattr(chosen, name) for name in ("epochs", "seed") if getattr(chosen, name) is not None
    }
    by_name = {param.name: param for param in TRAINING_PARAMS}
    for name, value in settings.items():
        if problem := by_name[name].problem(value):
            raise _WrongUse(problem)
    return replace(found, training=replace(found.training, **settings))


def _line(one: Any) -> str:
    """An epoch's or the test's figures, in the words of the exported script."""

    def words(metrics: dict[str, float]) -> str:
        return ", ".join(
            f"{name.replace('_', ' ')} {value:.{6 if name == 'loss' else 4}f}"
            for name, value in metrics.items()
        )

    if hasattr(one, "test"):
        return f"test {words(one.test)}\nweights {one.weights_sha256}"
    return f"epoch {one.epoch}: train {words(one.train)}; validation {words(one.validation)}"


def _export(chosen: argparse.Namespace) -> Answer:
    found = _find(chosen)
    from nndesigner import script

    try:
        written = script.write(found)
    except script.ScriptError as error:
        return FAILED, {"error": str(error)}
    files.write(chosen.output, written.text.encode())
    what = "training script" if written.trains else "network alone, as there is no data or no loss"
    _say(chosen, f"wrote {chosen.output}: the {what}")
    return 0, {"path": str(chosen.output), "trains": written.trains}


def _catalogue(chosen: argparse.Namespace) -> Answer:
    _table(chosen, [(kind.name, kind.family, kind.sentence) for kind in catalogue.KINDS])
    return 0, {"kinds": [_told_kind(kind) for kind in catalogue.KINDS]}


def _told_kind(kind: Kind) -> dict[str, Any]:
    """All that a catalogue entry says, as JSON can hold it."""
    params = [
        {
            "name": param.name,
            "type": param.type,
            "sentence": param.sentence,
            **({} if isinstance(param.default, Required) else {"default": param.default}),
            "expects": param.expects(),
        }
        for param in kind.params
    ]
    return {
        "name": kind.name,
        "family": kind.family,
        "target": kind.target,
        "role": kind.role,
        "sentence": kind.sentence,
        "formula": kind.formula,
        "documentation": kind.documentation,
        "inputs": [
            {"name": port.name, "dtype": port.dtype, "optional": port.optional} for port in kind.inputs
        ],
        "outputs": [port.name for port in kind.outputs],
        "params": params,
        "example": [{"shape": list(one.named), "dtype": one.dtype} for one in kind.example],
    }


def _data(chosen: argparse.Namespace) -> Answer:
    _table(chosen, [(one.name, f"{one.size:,}", one.sentence) for one in DATA_SETS])
    rows = [
        {
            "name": one.name,
            "title": one.title,
            "fields": [
                {
                    "name": field.name,
                    "sizes": list(field.sizes),
                    "dtype": field.dtype,
                    "classes": list(field.classes),
                }
                for field in one.fields
            ],
            "size": one.size,
            "source": one.source,
            "licence": one.licence,
        }
        for one in DATA_SETS
    ]
    return 0, {"datasets": rows}


def _say(chosen: argparse.Namespace, words: str) -> None:
    if not chosen.json:
        print(words, flush=True)


def _table(chosen: argparse.Namespace, rows: Sequence[tuple[str, ...]], right: Collection[int] = ()) -> None:
    """Rows under one another, the columns of numbers on the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        _say(chosen, "  ".join(cells).rstrip())


def _output(what: str, required: bool = True) -> Callable[[argparse.ArgumentParser], None]:
    def add(one: argparse.ArgumentParser) -> None:
        one.add_argument(
            "-o", "--output", type=Path, required=required, metavar=what, help=f"where the {what} goes"
        )

    return add


def _new_options(one: argparse.ArgumentParser) -> None:
    one.add_argument("example", metavar="EXAMPLE", help="the name of an example")
    one.add_argument("--force", action="store_true", help="write over a file that is there")


def _check_options(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "--batch",
        type=int,
        metavar="N",
        help="how many records the costs are for (default: as in the training)",
    )


def _train_options(one: argparse.ArgumentParser) -> None:
    one.add_argument("--epochs", type=int, metavar="N", help="how often the network sees the training part")
    one.add_argument("--seed", type=int, metavar="N", help="the same seed gives the same weights")


_COMMANDS: dict[str, tuple[Callable[[argparse.Namespace], Answer], str, tuple[Callable[..., None], ...]]] = {
    "examples": (_examples, "list the example projects", ()),
    "new": (_new, "write an example as a project file", (_new_options, _output("FILE"))),
    "check": (
        _check,
        "say what does not fit, all shapes, and what it costs",
        (_project_option, _check_options),
    ),
    "train": (
        _train,
        "train a project",
        (_project_option, _train_options, _output("FOLDER", required=False)),
    ),
    "export": (_export, "write a project as a training script", (_project_option, _output("FILE"))),
    "catalogue": (_catalogue, "list all layers, losses, optimizers and schedulers", ()),
    "data": (_data, "list the data sets", ()),
}
