"""Optimizers that take each step in one kernel, in everything that trains: engine, script, notebook, and several processes."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from nndesigner import script
from nndesigner.graph import Graph, Node
from nndesigner.model import Network, weights_sha256
from nndesigner.plan import make
from nndesigner.project import Choice, Project, Training
from nndesigner.script.notebook import notebook
from nndesigner.training.choices import unfit
from nndesigner.training.report import EpochEnded, Finished, Report
from nndesigner.training.run import Run, TrainingError, prepare, train
from nndesigner.training.session import Session
from nndesigner.training.trials import learning_rate_range
from tests import clean
from tests.conftest import small_digits, wired
from tests.sampling import sampled

FUSED = ("SGD", "Adam", "AdamW")


def fused(name: str = "Adam", **params: object) -> Choice:
    return Choice(name, {"lr": 0.01, "fused": True, **params})


def frozen_and_rated(optimizer: Choice, **settings: object) -> Project:
    """A layer that does not learn, and one that learns faster than the last."""
    project = small_digits(optimizer=optimizer, batch_size=256, **settings)
    graph = project.graph.insert(
        Node("conv2", "Conv2d", {"out_channels": 8, "kernel_size": 3}, rate=4.0),
        project.graph.incoming["pool1"]["input"],
        "input",
        "output",
    )
    return replace(
        project, graph=graph.replace_node(replace(graph.nodes["conv1"], frozen=True)), title="Frozen"
    )


def printed(reports: list[Report]) -> list[str]:
    """The losses of each epoch as a script prints them."""
    epochs = [one for one in reports if isinstance(one, EpochEnded)]
    return [f"{one.train['loss']:.6f} {one.validation['loss']:.6f}" for one in epochs]


def losses(rows: list[str]) -> list[str]:
    return [" ".join(re.findall(r"loss ([\d.]+)", row)) for row in rows if row.startswith("epoch")]


@pytest.mark.parametrize("name", FUSED)
def test_script_and_notebook_say_it_where_it_is_on_and_only_there(name: str) -> None:
    for on in (True, False):
        project = small_digits(optimizer=Choice(name, {"lr": 0.01, "fused": on}))
        cells = json.loads(notebook(project))["cells"]
        texts = [script.write(project).text, "\n".join("".join(cell["source"]) for cell in cells)]
        for text, rate in zip(texts, ("args.lr", "lr"), strict=True):
            made = f"torch.optim.{name}(model.parameters(), lr={rate}{', fused=True' if on else ''})"
            assert made in text


@pytest.mark.parametrize("name", sampled(FUSED, 1))
def test_frozen_layers_and_rates_of_ones_own_stay_what_they_are(name: str, tmp_path: Path) -> None:
    project = frozen_and_rated(fused(name))
    kept: list[torch.nn.Module] = []
    run = prepare(project)
    torch.manual_seed(project.training.seed)
    before = Network(run.plan).state_dict()
    reports = list(train(run, kept.append))
    after = kept[0].state_dict()
    assert torch.equal(before["conv1.weight"], after["conv1.weight"])
    assert not torch.equal(before["conv2.weight"], after["conv2.weight"])
    (tmp_path / "frozen.py").write_text(script.write(project).text)
    clean.run(tmp_path, ["frozen"])
    assert losses((tmp_path / "frozen.txt").read_text().splitlines()) == printed(reports)
    assert weights_sha256(torch.load(tmp_path / "frozen.pt", weights_only=True)) == weights_sha256(after)


@pytest.mark.filterwarnings("ignore:.*lr_scheduler.step:UserWarning")
@pytest.mark.parametrize(
    ("name", "clip"),
    sampled([pytest.param("SGD", 0.5), pytest.param("AdamW", 0.0), pytest.param("SGD", 0.0)], 1),
)
def test_gradients_that_are_scaled_for_fp16_are_stepped_with_alike(
    name: str, clip: float, tmp_path: Path
) -> None:
    """On the processor, which is slow at it, so that no program lets it: engine and script do the same as on a card."""
    project = small_digits(optimizer=fused(name), precision="fp16", clip=clip, batch_size=512, device="cpu")
    plan, data_set, node = make(project), project.data_set(), project.data_node()
    assert data_set is not None and node is not None
    session = Session(Run(project, plan, data_set, node.params))
    reports = list(session.reports())
    assert isinstance(reports[-1], Finished)
    assert session.optimizer._step_supports_amp_scaling
    (tmp_path / "scaled.py").write_text(script.write(replace(project, title="Scaled")).text)
    clean.run(tmp_path, ["scaled"])
    assert losses((tmp_path / "scaled.txt").read_text().splitlines()) == printed(reports)
    written = torch.load(tmp_path / "scaled.pt", weights_only=True)
    assert weights_sha256(written) == weights_sha256(session.trained.state_dict())


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["SGD", "Adam"])
def test_two_processes_step_as_one_does(name: str, tmp_path: Path) -> None:
    """But for the last bits, as gradients are summed in another order."""
    project = frozen_and_rated(fused(name), epochs=2)
    graph = project.graph.remove(["dropout1"])  # each process drops others
    edges = wired("flatten1 > linear1")
    project = replace(project, graph=replace(graph, edges=graph.edges | set(edges)))
    (tmp_path / "frozen.py").write_text(script.write(project).text)
    command = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    for more, name_of in ((["frozen.py"], "one.pt"), ([*command, "frozen.py"], "two.pt")):
        done = subprocess.run(
            [sys.executable, *more, "--device", "cpu", "--threads", "1", "--output", name_of],
            cwd=tmp_path,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
    one, two = (torch.load(tmp_path / name, weights_only=True) for name in ("one.pt", "two.pt"))
    for key, value in one.items():
        torch.testing.assert_close(two[key], value, rtol=1e-3, atol=1e-4)


def looked_up(optimizer: Choice) -> Project:
    """A table whose gradients are sparse."""
    nodes = [
        Node("data", "Data", {"dataset": "digits"}),
        Node("rows", "Embedding", {"num_embeddings": 10, "embedding_dim": 10, "sparse": True}),
        Node("loss", "CrossEntropyLoss"),
    ]
    edges = wired("data.label > rows", "rows > loss", "data.label > loss.target")
    return Project(Graph.of(nodes, edges), {}, Training(optimizer, epochs=1, batch_size=256))


def test_sparse_gradients_are_refused_before_the_first_step() -> None:
    project = looked_up(fused("SGD"))
    with pytest.raises(
        TrainingError, match="rows gives sparse gradients, which SGD can't take with fused on"
    ):
        prepare(project)
    assert list(train(prepare(looked_up(Choice("SGD", {"lr": 0.1})))))


@pytest.mark.parametrize(
    ("optimizer", "words"),
    [
        (fused("SGD"), "SGD takes no sparse gradients with fused on, as weight has them. Turn fused off, or sparse of "),
        (fused("Adam"), "Adam takes no sparse gradients, as weight has them. Turn sparse of that layer off"),
        (Choice("Adam"), "Adam takes no sparse gradients, as weight has them. Turn sparse of that layer off"),
    ],
)  # fmt: skip
def test_sparse_layers_of_ones_own_code_are_refused_too(optimizer: Choice, words: str) -> None:
    layer = torch.nn.Embedding(3, 2, sparse=True)
    assert unfit(optimizer, layer).startswith(words)
    assert not unfit(Choice("SGD"), layer)
    layer.weight.requires_grad_(False)
    assert not unfit(optimizer, layer)


def test_a_learning_rate_is_looked_for_with_the_same_kernel() -> None:
    *_, last = learning_rate_range(prepare(frozen_and_rated(fused("Adam"))), steps=40)
    *_, other = learning_rate_range(
        prepare(frozen_and_rated(Choice("Adam", {"lr": 0.01, "fused": False}))), steps=40
    )
    for (rate, loss), (rate_too, loss_too) in zip(last.curve[:15], other.curve[:15], strict=True):
        assert rate == rate_too and loss == pytest.approx(loss_too, rel=1e-3)
