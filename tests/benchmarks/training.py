"""Samples a second of the engine against the loop one writes by hand, and against the usual script with a DataLoader.

All three train the same network, the hand-written two in the form the exported script gives it, on the same data in
memory with the same settings, but without variation, schedule, average and clipping, so that it is the loop that is
measured. The usual script makes its optimizer as most scripts do, without fused. They take short turns in one process, in mixed order, and each turn of the engine is held against those of the
others beside it, as the speed of a shared machine drifts. Real data where they are on this computer, else random numbers of the same shapes.
"""

import argparse
import gc
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch
from torch.utils.data import DataLoader, TensorDataset

from nndesigner import examples, script
from nndesigner.data import parts
from nndesigner.data.problem import DataError
from nndesigner.graph import Edge, Graph, Node
from nndesigner.model import Network
from nndesigner.project import Choice, Project, Training
from nndesigner.script.writer import class_name
from nndesigner.training import session
from nndesigner.training.choices import chosen_from
from nndesigner.training.report import Stepped
from nndesigner.training.run import Run, prepare


@dataclass(frozen=True)
class Case:
    """What is trained, how many steps make a turn, and how many turns there are."""

    project: Callable[[], Project]
    steps: int
    turns: int


def lenet() -> Project:
    """LeNet-5 for MNIST, with all maps connected, after LeCun and others, 1998."""
    names = [
        "conv1",
        "tanh1",
        "pool1",
        "conv2",
        "tanh2",
        "pool2",
        "flatten1",
        "linear1",
        "tanh3",
        "linear2",
        "tanh4",
        "linear3",
        "loss",
    ]
    nodes = [
        Node("data", "Data", {"dataset": "mnist"}),
        Node("conv1", "Conv2d", {"out_channels": 6, "kernel_size": 5, "padding": 2}),
        Node("conv2", "Conv2d", {"out_channels": 16, "kernel_size": 5}),
        *(Node(f"tanh{number}", "Tanh") for number in range(1, 5)),
        *(Node(f"pool{number}", "AvgPool2d", {"kernel_size": 2}) for number in (1, 2)),
        Node("flatten1", "Flatten"),
        *(Node(f"linear{number}", "Linear", {"out_features": size}) for number, size in ((1, 120), (2, 84), (3, 10))),
        Node("loss", "CrossEntropyLoss"),
    ]  # fmt: skip
    edges = [Edge(first, "output", second, "input") for first, second in pairwise(names)]
    edges += [Edge("data", "image", "conv1", "input"), Edge("data", "label", "loss", "target")]
    return Project(
        Graph.of(nodes, edges), {}, Training(optimizer=Choice("SGD", {"lr": 0.05, "fused": True})), "LeNet"
    )


CASES = {
    "mlp": Case(lambda: examples.load("digits-mlp"), 30, 150),
    "lenet": Case(lenet, 4, 150),
    "googlenet": Case(lambda: examples.load("googlenet-digits"), 1, 24),
    "vgg": Case(lambda: examples.load("vgg-spoken-digits"), 1, 30),
    "transformer": Case(lambda: examples.load("transformer-translation"), 1, 40),
}


def ready(name: str) -> Run:
    """The run of a case, without all that is not the loop."""
    project = CASES[name].project()
    node = project.data_node()
    assert node is not None
    plain = {name: value for name, value in node.params.items() if name not in _VARYING}
    training = replace(
        project.training,
        scheduler=None,
        average=0.0,
        clip=0.0,
        patience=0,
        epochs=1,
        accumulate=1,
        device="cpu",
    )
    graph = project.graph.replace_node(replace(node, params=plain))
    return prepare(replace(project, graph=graph, training=training))


_VARYING = frozenset(
    [
        "shift",
        "rotate",
        "scale",
        "shear",
        "flip",
        "crop",
        "noise",
        "time_shift",
        "time_mask",
        "frequency_mask",
    ]
)


def data_of(run: Run, count: int, *, varied: bool = False) -> parts.Parts:
    """The data of a run with `count` records to learn from, over and over, and a few to watch."""
    try:
        found = parts.load(run.data_set, run.params, run.project.training)
        print(f"{run.data_set.title}: real data", file=sys.stderr)
    except DataError:
        found = _random(run)
        print(f"{run.data_set.title}: random numbers", file=sys.stderr)
    train = parts.HeldPart(found.train.batch(torch.arange(count) % len(found.train)))
    few = parts.HeldPart(found.validation.batch(torch.arange(64)))
    return parts.Parts(train, few, few, found.fitted, found.vary if varied else None, found.records)


def _random(run: Run) -> parts.Parts:
    generator = torch.Generator().manual_seed(0)

    def part(count: int) -> parts.HeldPart:
        tensors = {
            one.name: torch.randint(0, one.type.classes or 2, (count, *one.sizes), generator=generator)
            if one.dtype == "int64"
            else torch.randn((count, *one.sizes), generator=generator)
            for one in run.data_set.outputs(run.params)
        }
        return parts.HeldPart(tensors)

    return parts.Parts(part(2048), part(64), part(64))


def engine(run: Run, data: parts.Parts, steps: int) -> Iterator[None]:
    """The engine, so many steps at a time."""
    session.read = lambda *_: data  # type: ignore[assignment]
    done = 0
    for report in session.Session(run).reports():
        if isinstance(report, Stepped):
            done += 1
            if done % steps == 0:
                yield


def by_hand(run: Run, data: parts.Parts, steps: int, *, loader: bool) -> Iterator[None]:
    """The loop one writes by hand, so many steps at a time: with indices of tensors, or with a DataLoader."""
    training = run.project.training
    given: dict[str, Any] = {"__name__": "script"}
    exec(script.write(run.project).text, given)
    model = given[class_name(run.project)]()
    torch.manual_seed(training.seed)
    model.load_state_dict(Network(run.plan).state_dict())
    if training.channels_last:
        model = model.to(memory_format=torch.channels_last)
    usual = {
        name: value for name, value in training.optimizer.params.items() if name != "fused" or not loader
    }
    optimizer = chosen_from(replace(training.optimizer, params=usual), model.parameters())
    assert isinstance(data.train, parts.HeldPart)
    tensors = data.train.tensors
    objective, names = given["objective"], list(tensors)
    right = counted = 0
    total = 0.0
    count = len(data.train)
    model.train()
    if loader:
        batches: Any = DataLoader(
            TensorDataset(*tensors.values()), batch_size=training.batch_size, shuffle=True
        )
    else:
        batches = torch.randperm(count).split(training.batch_size)
    for done, chosen in enumerate(batches, start=1):
        if loader:
            batch = dict(zip(names, chosen, strict=True))
        else:
            batch = {name: values[chosen] for name, values in tensors.items()}
        optimizer.zero_grad()
        loss, prediction, target = objective(model, batch)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(batch[names[0]])
        right += (prediction.argmax(1) == target).sum().item()
        counted += target.numel()
        if done % steps == 0:
            yield


def measure(name: str) -> dict[str, float]:
    """Time of the engine by that of the others, and its samples a second."""
    case = CASES[name]
    run = ready(name)
    torch.set_num_threads(run.threads)
    batch = run.project.training.batch_size
    data = data_of(run, (case.turns + 2) * case.steps * batch)
    ways = {
        "ours": engine(run, data, case.steps),
        "hand": by_hand(run, data, case.steps, loader=False),
        "loader": by_hand(run, data, case.steps, loader=True),
    }
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    gc.disable()
    mixed = random.Random(0)
    for turn in range(case.turns + 1):
        for way in mixed.sample(list(ways), len(ways)):
            began = time.perf_counter()
            next(ways[way])
            if turn:  # the first warms up
                seconds[way].append(time.perf_counter() - began)
        if turn % 10 == 0:
            gc.collect()
    ratios = {
        way: statistics.median(
            ours / other for ours, other in zip(seconds["ours"], seconds[way], strict=True)
        )
        for way in ("hand", "loader")
    }
    a_second = case.steps * batch / statistics.median(seconds["ours"])
    return {
        f"{name}_hand_ratio": ratios["hand"],
        f"{name}_loader_ratio": ratios["loader"],
        f"{name}_samples": a_second,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", default=list(CASES), metavar="CASE", help=", ".join(CASES))
    for one in parser.parse_args().cases:
        print(measure(one), flush=True)
