"""Data of every sort and every setting of the training: script and engine end with the same weights."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from nndesigner import script
from nndesigner.data.adding import look_at
from nndesigner.graph import Graph, Node, Value
from nndesigner.model import weights_sha256
from nndesigner.plan import make
from nndesigner.project import Choice, Project, Training
from nndesigner.training.report import EpochEnded, Finished
from nndesigner.training.run import prepare, train
from tests import clean
from tests.conftest import chain, residual_digits, small_digits, wired
from tests.files import many_pictures, many_sounds, reading_files


def pictures(params: dict[str, Value], **training: object) -> Project:
    """The small network for digits, its data prepared and varied as these params say."""
    made = small_digits(**training)
    node = made.graph.nodes["data"]
    return replace(made, graph=made.graph.replace_node(replace(node, params={**node.params, **params})))


def sounds() -> Project:
    nodes = [
        Node("data", "Data", {"dataset": "spoken-digits", "mels": 16, "frames": 20, "seconds": 0.5,
                              "time_shift": 0.1, "time_mask": 4, "frequency_mask": 3, "noise": 0.1}),
        Node("conv1", "Conv2d", {"out_channels": 4, "kernel_size": 3, "stride": 2}),
        Node("relu1", "ReLU"),
        Node("flatten1", "Flatten"),
        Node("linear1", "Linear", {"out_features": 10}),
        Node("digit", "Output"),
        Node("loss", "CrossEntropyLoss"),
    ]  # fmt: skip
    edges = [
        *wired("data.sound > conv1", "linear1 > loss", "data.label > loss.target"),
        *chain("conv1", "relu1", "flatten1", "linear1", "digit"),
    ]
    return Project(Graph.of(nodes, edges), {}, Training(epochs=1, batch_size=256), "Sounds")


def words(dataset: str, field: str, **params: Value) -> Project:
    """Guesses each word from the one before it alone."""
    nodes = [
        Node("data", "Data", {"dataset": dataset, **params}),
        Node(
            "embedding1", "Embedding", {"num_embeddings": params.get("vocabulary", 1400), "embedding_dim": 8}
        ),
        Node("linear1", "Linear", {"out_features": params.get("vocabulary", 1400)}),
        Node("turned", "Transpose", {"dim0": 1, "dim1": 2}),
        Node("word", "Output"),
        Node("loss", "CrossEntropyLoss"),
    ]
    edges = [
        *wired(f"data.{field} > embedding1", "turned > loss", "data.next > loss.target"),
        *chain("embedding1", "linear1", "turned", "word"),
    ]
    training = Training(epochs=1, batch_size=512, optimizer=Choice("Adam", {"lr": 0.02}), steps=9)
    return Project(Graph.of(nodes, edges), {}, training, "Words")


def table(folder: Path) -> Project:
    """A table of one's own, with missing numbers, categories and a long list of columns."""
    draw = np.random.default_rng(0)
    rows = ["weight;colour of the whole thing;height;is_round;species"]
    for number in range(120):
        species = ("adelie", "gentoo")[number % 2]
        weight = "?" if number % 11 == 0 else f"{draw.normal(3 + number % 2):.3f}"
        rows.append(
            f"{weight};{('red', 'green', 'blue')[number % 3]};{draw.normal():.2f};{number % 5 < 2};{species}"
        )
    (folder / "things.csv").write_text("\n".join(rows), encoding="utf-8")
    data_set = look_at(folder / "things.csv", "things", target="species").data_set
    nodes = [
        Node("data", "Data", {"dataset": "things", "noise": 0.05}),
        Node("linear1", "Linear", {"out_features": 6}),
        Node("relu1", "ReLU"),
        Node("linear2", "Linear", {"out_features": 2}),
        Node("species", "Output"),
        Node("loss", "CrossEntropyLoss"),
    ]
    edges = [
        *wired("data.features > linear1", "linear2 > loss", "data.label > loss.target"),
        *chain("linear1", "relu1", "linear2", "species"),
    ]
    training = Training(epochs=2, batch_size=16, split="stratified")
    return Project(Graph.of(nodes, edges), {}, training, "Things").with_data(data_set)


def rated() -> Project:
    made = residual_digits(epochs=1, scheduler=None)
    graph = made.graph.replace_node(replace(made.graph.nodes["head"], rate=0.1))
    graph = graph.replace_node(replace(graph.nodes["res1"], rate=3.0))
    return replace(made, graph=graph)


CASES: dict[str, Callable[[Path], Project]] = {
    "moved": lambda _: pictures({"shift": 1.0, "rotate": 10.0, "scale": 0.1, "shear": 5.0, "normalize": True}),
    "cropped": lambda _: pictures({"crop": 1, "flip": True, "noise": 0.1}, split="stratified"),
    "averaged": lambda _: pictures({"shift": 1.0}, average=0.9, clip=0.5, accumulate=3, batch_size=40),
    "patient": lambda _: pictures({}, epochs=8, patience=1, optimizer=Choice("Adam", {"lr": 0.1})),
    "halved": lambda _: pictures({}, precision="bf16", channels_last=True, scheduler=Choice("OneCycleLR", {"max_lr": 0.02})),
    "limited": lambda _: pictures({}, steps=25),
    "closed": lambda _: pictures({"noise": 0.1}, optimizer=Choice("LBFGS", {"max_iter": 3}), batch_size=600, clip=1.0),
    "rated": lambda _: rated(),
    "sounds": lambda _: sounds(),
    "french": lambda _: words("translation-fr", "target", length=8),
    "pieces": lambda _: words("translation-de", "target", tokens="bpe", vocabulary=600, length=12),
    "corpus": lambda _: words("stories", "text", vocabulary=96),
    "table": table,
    "large_pictures": lambda folder: many_pictures(
        folder / "animals", {"shift": 1.0, "noise": 0.1}, epochs=3, batch_size=16, accumulate=2
    ),
    "large_pictures_as_they_are": lambda folder: many_pictures(
        folder / "as they are", {"normalize": False}, batch_size=16, split="stratified", steps=7
    ),
    "large_sounds": lambda folder: many_sounds(folder / "words", {"time_shift": 0.1, "time_mask": 4}, split="grouped"),
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def large() -> Iterator[None]:
    """Folders of one's own are large, whatever is in them."""
    with pytest.MonkeyPatch.context() as patch:
        reading_files(patch)
        yield


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Project]:
    """All cases, with a title each."""
    folder = tmp_path_factory.mktemp("data")
    return {name: replace(build(folder), title=name) for name, build in CASES.items()}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory, projects: dict[str, Project]) -> Path:
    """The folder with all scripts, what they printed, and their weights."""
    folder = tmp_path_factory.mktemp("scripts")
    for name, project in projects.items():
        assert not make(project).errors, (name, make(project).errors)
        (folder / f"{name}.py").write_text(script.write(project).text)
    clean.run(folder, projects)
    return folder


@pytest.mark.parametrize("name", CASES)
def test_engine_and_script_agree_to_the_bit(name: str, alone: Path, projects: dict[str, Project]) -> None:
    reports = list(train(prepare(projects[name])))
    printed = (alone / f"{name}.txt").read_text().splitlines()
    epochs = [report for report in reports if isinstance(report, EpochEnded)]
    assert len(printed) == len(epochs) + 1, "\n".join(printed)
    for line, report in zip(printed[:-1], epochs, strict=True):
        assert line.startswith(f"epoch {report.epoch}: train loss {report.train['loss']:.6f}"), line
    finished = reports[-1]
    assert isinstance(finished, Finished)
    assert printed[-1].startswith(f"test loss {finished.test['loss']:.6f}")
    weights = torch.load(alone / f"{name}.pt", weights_only=True)
    assert weights_sha256(weights) == finished.weights_sha256


def test_all_these_scripts_are_clean_and_formatted(alone: Path) -> None:
    scripts = [alone / f"{name}.py" for name in CASES]
    clean.check(scripts, "--select", "E,F,W,I,B,UP", "--ignore", "E501")
