"""A project checked: what does not fit, all shapes, what it costs."""

import argparse
from collections import deque
from typing import TYPE_CHECKING, Any

from nndesigner import amounts
from nndesigner.cli import choosing, options
from nndesigner.cli.answer import FAILED, Answer, Command, WrongUse, say, table
from nndesigner.project import Project

if TYPE_CHECKING:
    from nndesigner.costs import Costs
    from nndesigner.plan import Plan

_MOST_ROWS = 12


def _check(chosen: argparse.Namespace) -> Answer:
    if chosen.batch is not None and chosen.batch < 1:
        raise WrongUse(f"a batch has one record or more, and not {chosen.batch}")
    found = choosing.find(chosen)
    from nndesigner import plan  # brings torch, which the commands above do without

    made = plan.make(found)
    for problem in made.problems:
        where = f"{problem.node}: " if problem.node else ""
        say(chosen, f"{problem.severity}: {where}{problem.message}")
        if problem.expected:
            say(chosen, f"  expected {problem.expected}, got {problem.actual}")
        for cure in problem.cures:
            say(chosen, f"  cure: {cure.title}" + (f" ({cure.gives})" if cure.gives else ""))
    say(
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
        **(_times(chosen, found, made) if chosen.time and not made.errors else {}),
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
    table(chosen, [("layer", "parameters", "forwards", "", "memory", ""), *rows], right=range(1, 6))
    if len(layers) > _MOST_ROWS:
        say(chosen, f"and {len(layers) - _MOST_ROWS} layers that take fewer operations")
    say(
        chosen,
        f"with a batch of {result.batch}: {amounts.operations(whole.flops)} forwards and "
        f"{amounts.operations(whole.flops_backward)} backwards; about {amounts.memory(whole.training(copies))} to train "
        f"({amounts.memory(whole.kept)} of it activations), {amounts.memory(result.running)} to run",
    )


def _times(chosen: argparse.Namespace, found: Project, made: "Plan") -> dict[str, Any]:
    """How long each layer takes on this machine, the slowest first; in milliseconds."""
    from nndesigner import timing
    from nndesigner.training.run import TrainingError

    batch = found.training.batch_size if chosen.batch is None else chosen.batch
    try:
        rounds = deque(timing.timed(made, found.training, batch), maxlen=1)
    except TrainingError as error:
        say(chosen, f"the time could not be measured: {error}")
        return {"times_refused": str(error)}
    if not rounds or not rounds[-1].of:
        return {}
    result = rounds[-1]
    whole = result.whole
    layers = [(step.name, result.of[step.name]) for step in made.steps]
    layers.sort(key=lambda row: row[1].both, reverse=True)
    rows = [
        (
            name,
            amounts.seconds(one.forwards),
            amounts.seconds(one.backwards),
            f"{100 * one.both / whole.both:.1f} %",
        )
        for name, one in layers[:_MOST_ROWS]
    ]
    table(chosen, [("layer", "forwards", "backwards", ""), *rows], right=range(1, 4))
    if len(layers) > _MOST_ROWS:
        say(chosen, f"and {len(layers) - _MOST_ROWS} layers that take less time")
    say(
        chosen,
        f"measured on {result.device} with a batch of {batch}, the median of {result.rounds}: "
        f"{amounts.seconds(whole.forwards)} forwards and {amounts.seconds(whole.backwards)} backwards",
    )

    def told(one: timing.Time) -> dict[str, float]:
        return {"forwards": 1000 * one.forwards, "backwards": 1000 * one.backwards}

    return {
        "times": {
            "device": result.device,
            "rounds": result.rounds,
            **told(whole),
            "nodes": {name: told(one) for name, one in result.of.items()},
        }
    }


def _check_options(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "--batch",
        type=int,
        metavar="N",
        help="how many records the costs are for (default: as in the training)",
    )
    one.add_argument(
        "--time", action="store_true", help="measure how long each layer takes on this machine, too"
    )


CHECK = Command(
    _check, "say what does not fit, all shapes, and what it costs", (options.project, _check_options)
)
