"""Every optimizer, scheduler and loss: script and engine print the same losses and end with the same weights.

All scripts run in one clean child process, one after the other, as torch takes a second to begin.
"""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn import datasets

from nndesigner import catalogue, script
from nndesigner import project as projects
from nndesigner.catalogue.data import DataSet, Field
from nndesigner.catalogue.datasets import BY_NAME as DATA_SETS
from nndesigner.catalogue.kind import Kind
from nndesigner.data import bundled
from nndesigner.graph import Graph, Node, Value
from nndesigner.model import weights_sha256
from nndesigner.project import Choice, Project, Training
from nndesigner.training.report import EpochEnded, Finished
from nndesigner.training.run import prepare, train
from tests import clean
from tests.conftest import chain, small_digits, wired


def load_anything() -> dict[str, np.ndarray]:
    """60 records with a target for every loss."""
    draw = np.random.default_rng(0)
    right = np.argsort(draw.random((60, 8)), axis=1)
    return {
        "features": datasets.load_digits().data[:60, 18:26].astype(np.float32) / 16,
        "numbers": draw.normal(size=(60, 8)).astype(np.float32),
        "bits": draw.integers(0, 2, (60, 8)).astype(np.float32),
        "signs": draw.integers(0, 2, (60, 8)).astype(np.float32) * 2 - 1,
        "sign": draw.integers(0, 2, 60).astype(np.float32) * 2 - 1,
        "label": draw.integers(0, 8, 60),
        "labels": np.where(np.arange(8) < 3, right, -1),
        "letters": draw.integers(1, 8, (60, 4)),
        "four": np.full(60, 4),
        "twelve": np.full(60, 12),
    }


ANYTHING = DataSet(
    "iris",
    "Anything",
    "A target for every loss.",
    60,
    "",
    "",
    tuple(
        Field(name, array.shape[1:], "", str(array.dtype), tuple("abcdefgh") if name == "label" else ())
        for name, array in load_anything().items()
    ),
    "bundled.load_iris",
)


@contextlib.contextmanager
def anything_for_iris() -> Iterator[None]:
    """The made-up data in place of a bundled data set."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(DATA_SETS, "iris", ANYTHING)
        patch.setattr(bundled, "load_iris", load_anything)
        patch.setattr(projects, "_data_kinds", {})
        yield


# What each loss gets at its ports: a field of the data, or what a layer makes of a Linear of its own.
FEEDS: dict[str, tuple[str, ...]] = {
    "CrossEntropyLoss": ("Identity", "label"),
    "MSELoss": ("Identity", "numbers"),
    "BCEWithLogitsLoss": ("Identity", "bits"),
    "BCELoss": ("Sigmoid", "bits"),
    "L1Loss": ("Identity", "numbers"),
    "SmoothL1Loss": ("Identity", "numbers"),
    "HuberLoss": ("Identity", "numbers"),
    "NLLLoss": ("LogSoftmax", "label"),
    "MultiMarginLoss": ("Identity", "label"),
    "KLDivLoss": ("LogSoftmax", "Softmax"),
    "PoissonNLLLoss": ("Softplus", "bits"),
    "GaussianNLLLoss": ("Identity", "numbers", "Softplus"),
    "SoftMarginLoss": ("Identity", "signs"),
    "HingeEmbeddingLoss": ("Softplus", "signs"),
    "MultiLabelSoftMarginLoss": ("Identity", "bits"),
    "MultiLabelMarginLoss": ("Identity", "labels"),
    "CosineEmbeddingLoss": ("Identity", "Identity", "sign"),
    "MarginRankingLoss": ("Identity", "Identity", "signs"),
    "TripletMarginLoss": ("Identity", "Identity", "Identity"),
    "CTCLoss": ("Permute", "letters", "twelve", "four"),
}


def with_loss(name: str, params: Mapping[str, Value]) -> Project:
    kind = catalogue.BY_NAME[name]
    nodes = [Node("data", "Data", {"dataset": "iris"}), Node("loss", name, {**kind.start_params(), **params})]
    edges = []
    for port, feed in zip(kind.input_names(), FEEDS[name], strict=True):
        if feed.islower():
            edges += wired(f"data.{feed} > loss.{port}")
            continue
        width = 12 * 8 if name == "CTCLoss" else 8
        nodes += [
            Node(f"{port}_linear", "Linear", {"out_features": width}),
            Node(f"{port}_made", feed, catalogue.BY_NAME[feed].start_params()),
        ]
        between = []
        if name == "CTCLoss":
            nodes[-1] = Node(f"{port}_made", feed, {"dims": (1, 0, 2)})
            nodes += [
                Node("rows", "Reshape", {"shape": (-1, 12, 8)}),
                Node("sure", "LogSoftmax", {"dim": -1}),
            ]
            between = ["rows", "sure"]
        edges += wired(f"data.features > {port}_linear", f"{port}_made > loss.{port}")
        edges += chain(f"{port}_linear", *between, f"{port}_made")
    return Project(
        Graph.of(nodes, edges), {}, Training(Choice("Adam", {"lr": 0.01}), epochs=2, batch_size=16)
    )


def flat_digits(optimizer: Choice) -> Project:
    """Matrices alone."""
    nodes = [
        Node("data", "Data", {"dataset": "digits"}),
        Node("flat", "Flatten"),
        Node("linear1", "Linear", {"out_features": 16, "bias": False}),
        Node("relu1", "ReLU"),
        Node("linear2", "Linear", {"out_features": 10, "bias": False}),
        Node("loss", "CrossEntropyLoss"),
    ]
    edges = wired("data.image > flat", "linear2 > loss", "data.label > loss.target")
    edges += chain("flat", "linear1", "relu1", "linear2")
    return Project(Graph.of(nodes, edges), {}, Training(optimizer, epochs=2, batch_size=256))


def sparse_digits(optimizer: Choice) -> Project:
    """Rows that are looked up, alone."""
    nodes = [
        Node("data", "Data", {"dataset": "digits"}),
        Node("rows", "Embedding", {"num_embeddings": 10, "embedding_dim": 10, "sparse": True}),
        Node("loss", "CrossEntropyLoss"),
    ]
    edges = wired("data.label > rows", "rows > loss", "data.label > loss.target")
    return Project(Graph.of(nodes, edges), {}, Training(optimizer, epochs=2, batch_size=256))


def variants(kind: Kind) -> list[dict[str, Value]]:
    """As it begins, and with each switch and choice otherwise."""
    found: list[dict[str, Value]] = [{}]
    for param in kind.params:
        start = kind.start_params().get(param.name, param.start)
        if param.type == "bool":
            found.append({param.name: not start})
        if param.name == "warmup":
            found.append({param.name: 2})
        if param.default is None:
            found.append({param.name: 4 if param.type == "int" else None})
        found += [{param.name: choice} for choice in param.choices if choice != start]
    return found


@dataclass(frozen=True)
class Case:
    """A kind with some params, in a project that trains with it."""

    kind: Kind
    params: Mapping[str, Value]

    @property
    def name(self) -> str:
        """Also the title of its project, and so the name of its files."""
        return "".join(filter(str.isalnum, f"{self.kind.name}{[*self.params.items()]}"))

    def project(self) -> Project:
        params = {**self.kind.start_params(), **self.params}
        if self.kind.role == "loss":
            return replace(with_loss(self.kind.name, self.params), title=self.name)
        if self.kind.role == "scheduler":
            made = small_digits(
                epochs=4,
                batch_size=256,
                optimizer=Choice("SGD", {"lr": 0.05, "momentum": 0.5}),
                scheduler=Choice(self.kind.name, params),
            )
            return replace(made, title=self.name)
        if params.get("nesterov"):
            params["momentum"] = 0.9
        choice = Choice(self.kind.name, params)
        by_weights = {"matrices": flat_digits, "sparse": sparse_digits}
        if build := by_weights.get(self.kind.weights):
            return replace(build(choice), title=self.name)
        return replace(small_digits(optimizer=choice, batch_size=256), title=self.name)


CASES = [
    Case(kind, params)
    for kind in catalogue.KINDS
    if kind.role in ("optimizer", "scheduler", "loss")
    for params in variants(kind)
    if not (kind.weights == "sparse" and "Embedding" not in catalogue.BY_NAME)
    and not (kind.name == "CTCLoss" and "Permute" not in catalogue.BY_NAME)
    and params != {"reduction": "mean"}  # of KLDivLoss; torch warns of it
]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with all scripts, what they printed, and their weights."""
    folder = tmp_path_factory.mktemp("scripts")
    with anything_for_iris():
        for case in CASES:
            (folder / f"{case.name}.py").write_text(script.write(case.project()).text)
    clean.run(folder, (case.name for case in CASES))
    return folder


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind.name}-{dict(case.params)}")
def test_engine_and_script_agree(case: Case, alone: Path) -> None:
    with anything_for_iris():
        reports = list(train(prepare(case.project())))
    expected = []
    metric = ""
    for report in reports:
        if isinstance(report, EpochEnded):
            metric = next((name for name in report.train if name != "loss"), "")
            train_, watched = (
                f"loss {part['loss']:.6f}"
                + (f", {metric.replace('_', ' ')} {part[metric]:.4f}" if metric else "")
                for part in (report.train, report.validation)
            )
            expected.append(f"epoch {report.epoch}: train {train_}; validation {watched}")
        elif isinstance(report, Finished):
            shown = f", {metric.replace('_', ' ')} {report.test[metric]:.4f}" if metric else ""
            expected.append(f"test loss {report.test['loss']:.6f}{shown}")
    assert (alone / f"{case.name}.txt").read_text().splitlines() == expected
    (weights,) = (path for path in alone.glob("*.pt") if path.stem.replace("_", "") == case.name.lower())
    finished = reports[-1]
    assert isinstance(finished, Finished)
    assert weights_sha256(torch.load(weights, weights_only=True)) == finished.weights_sha256


def test_all_these_scripts_are_clean_and_formatted(alone: Path) -> None:
    scripts = [alone / f"{case.name}.py" for case in CASES]
    clean.check(scripts, "--select", "E,F,W,I,B,UP", "--ignore", "E501")


def test_every_loss_is_fed_here() -> None:
    assert set(FEEDS) == {kind.name for kind in catalogue.KINDS if kind.role == "loss"}


@pytest.mark.parametrize("case", [case for case in CASES if case.kind.role == "optimizer" and not case.params],
                         ids=lambda case: case.kind.name)  # fmt: skip
def test_every_optimizer_as_it_begins_makes_the_loss_smaller(case: Case) -> None:
    project = case.project()
    longer = replace(project, training=replace(project.training, epochs=4, batch_size=32))
    losses = [report.train["loss"] for report in train(prepare(longer)) if isinstance(report, EpochEnded)]
    assert losses[-1] < 0.98 * losses[0]
