"""What bad input gets: one sentence that names the thing, the last good checkpoint, and a program that goes on."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from nndesigner import examples, files, nnd
from nndesigner.catalogue.data import DataSet, Field
from nndesigner.data import fingerprint
from nndesigner.graph import Code, Graph, Node
from nndesigner.plan import make
from nndesigner.project import Choice, Project, Training
from nndesigner.training import checkpoint, runs
from nndesigner.training.recording import Recording, resume
from nndesigner.training.report import Began, Diverged, EpochEnded, Finished, Report, Stepped
from nndesigner.training.run import TrainingError, prepare, train
from nndesigner.training.session import Session
from tests.conftest import chain, small_digits, wired

BATCH = 420  # three steps an epoch


@pytest.fixture(autouse=True)
def goes_on() -> Iterator[None]:
    """After whatever happened, a run in the same process gives what it always gives."""
    yield
    *_, last = train(prepare(small_digits(epochs=1, batch_size=BATCH)))
    assert isinstance(last, Finished) and 0 < last.test["loss"] < 3


def refused(project: Project) -> str:
    """The sentence a run of this project ends with."""
    with pytest.raises(TrainingError) as caught:
        list(train(prepare(project)))
    return str(caught.value)


def recorded(project: Project, folder: Path) -> tuple[list[Report], str]:
    """What a run tells that is kept in a folder, and the sentence it ends with."""
    told: list[Report] = []
    with pytest.raises(TrainingError) as caught:
        told.extend(iter_into(told, Recording(Session(prepare(project)), folder).reports()))
    return told, str(caught.value)


def iter_into(told: list[Report], reports: Iterator[Report]) -> list[Report]:
    for report in reports:
        told.append(report)
    return []


def with_own(code: Code, after: str = "relu1", **training: object) -> Project:
    """The digits with a layer of one's own behind a node."""
    project = small_digits(**{"epochs": 3, "batch_size": BATCH, **training})
    edge = next(edge for edge in project.graph.edges if edge.source == after)
    graph = project.graph.insert(Node(f"{code.name.lower()}1", code.name), edge, "x", "output")
    return replace(project, graph=graph, code={code.name: code}, trusted=frozenset({code.sha256}))


def behind(project: Project, after: str, *kinds: str) -> Project:
    """With nodes of these kinds behind a node."""
    graph = project.graph
    for kind in reversed(kinds):
        edge = next(edge for edge in graph.edges if edge.source == after)
        graph = graph.insert(Node(f"{kind.lower()}1", kind), edge, "input", "output")
    return replace(project, graph=graph)


# A loss that is no number.


def test_a_learning_rate_that_is_far_too_high_names_the_layer_and_keeps_what_was_good(tmp_path: Path) -> None:
    # From the fourth step on, the first of the second epoch, the rate is enormous.
    cliff = Choice("StepLR", {"step_size": 1, "gamma": 1e30})
    project = small_digits(epochs=5, batch_size=BATCH, optimizer=Choice("SGD", {"lr": 0.01}), scheduler=cliff)
    told, sentence = recorded(project, tmp_path / "run")
    diverged = told[-1]
    assert isinstance(diverged, Diverged) and diverged.step == 5
    assert diverged.node == "conv1" or diverged.node == "linear1"
    assert sentence.startswith(f"the loss is no number any more in step 5: {diverged.node} ")
    assert "Lower the learning rate" in sentence and "up to step 3 (epoch 1) is kept" in sentence
    kept = checkpoint.read(tmp_path / "run" / runs.CHECKPOINT)
    assert kept["numbers"]["step"] == 3
    assert all(torch.isfinite(weight).all() for weight in kept["network"].values())
    gentler = replace(project, training=replace(project.training, scheduler=None))
    *_, last = Recording(resume(tmp_path / "run", gentler), tmp_path / "run").reports()
    assert isinstance(last, Finished) and last.test["loss"] < 3


def test_a_logarithm_of_zero_in_the_middle_is_named_and_not_the_layer_after_it() -> None:
    project = behind(small_digits(epochs=1), "relu1", "Log")
    reports: list[Report] = []
    with pytest.raises(TrainingError, match=r"step 1: log1 is the first that gives .* numbers from 0 to"):
        reports += iter_into(reports, train(prepare(project)))
    assert isinstance(reports[-1], Diverged) and reports[-1].node == "log1"


def test_a_logarithm_of_zero_whose_minus_infinity_becomes_no_number_later_is_named() -> None:
    project = behind(small_digits(epochs=1), "relu1", "Log", "BatchNorm2d")
    assert "step 1: log1 is the first that gives" in refused(project)


def test_a_logarithm_of_zero_right_before_the_loss_is_named() -> None:
    project = small_digits(epochs=1)
    graph = project.graph.remove(["loss"]).add(
        Node("relu2", "ReLU"), Node("log1", "Log"), Node("loss", "NLLLoss")
    )
    for edge in [*chain("linear1", "relu2", "log1", "loss"), *wired("data.label > loss.target")]:
        graph = graph.connect(edge)
    assert "log1 is the first that gives" in refused(replace(project, graph=graph))


def test_a_root_of_a_negative_number_inside_a_block_is_named_with_its_block() -> None:
    from nndesigner.graph import Block

    rooted = Block(
        "Rooted",
        Graph.of(
            [Node("inp", "Input"), Node("root1", "Sqrt"), Node("out", "Output")], chain("inp", "root1", "out")
        ),
    )
    project = small_digits(epochs=1).with_block(rooted)
    edge = next(edge for edge in project.graph.edges if edge.source == "conv1")
    graph = project.graph.insert(Node("rooted1", "Rooted"), edge, "inp", "out")
    assert "step 1: inside rooted1, root1 is the first that gives" in refused(replace(project, graph=graph))


def test_masks_of_minus_infinity_are_not_to_blame() -> None:
    hidden = Code(
        "hidden",
        "import torch\n\n\ndef hidden(x):\n    return torch.softmax(x.masked_fill(x < x.mean(), -torch.inf), 1)\n",
    )
    reports = list(train(prepare(with_own(hidden, "linear1", epochs=1))))
    assert isinstance(reports[-1], Finished)


@pytest.mark.parametrize(("wrong", "column"), [(np.inf, "x"), (np.nan, "y"), (-np.inf, "y")])
def test_a_number_in_the_data_that_is_none_is_named_with_its_record(
    wrong: float, column: str, tmp_path: Path
) -> None:
    arrays = {"x": np.random.default_rng(0).normal(size=(50, 3)), "y": np.arange(50.0)}
    arrays[column][17] = wrong
    np.savez(tmp_path / "numbers.npz", **arrays)
    name = {"x": "features", "y": "target"}[column]
    assert (
        refused(of_numbers(tmp_path / "numbers.npz"))
        == f"record 17 of Numbers has a {name} that is no number"
    )


def of_numbers(path: Path, **changes: object) -> Project:
    features = Field("features", (3,), "Numbers", prepare="standardize")
    target = Field("target", (1,), "A number", prepare="standardize")
    data_set = DataSet(
        "numbers", "Numbers", "Numbers.", 50, "", "", (features, target), "own.load_npz",
        {"path": str(path), "x": "x", "y": "y"}, files={str(path): fingerprint.digest(path)},
    )  # fmt: skip
    nodes = [
        Node("data", "Data", {"dataset": "numbers"}),
        Node("linear1", "Linear", {"out_features": 1}),
        Node("loss", "MSELoss"),
    ]
    edges = wired("data.features > linear1", "linear1 > loss", "data.target > loss.target")
    return Project(Graph.of(nodes, edges), {}, Training(epochs=2)).with_data(replace(data_set, **changes))


# Memory and disk.

OUT_OF_MEMORY = """
import resource, sys
from pathlib import Path
from nndesigner import nnd
from nndesigner.training.recording import Recording
from nndesigner.training.report import EpochEnded, Finished
from nndesigner.training.run import TrainingError, prepare, train
from nndesigner.training.session import Session

small, large = (prepare(nnd.load(Path(name))) for name in ("small.nnd", "large.nnd"))
*_, last = train(small)
before = last.weights_sha256
with open("/proc/self/status") as status:
    used = next(int(line.split()[1]) for line in status if line.startswith("VmSize")) * 1024
resource.setrlimit(resource.RLIMIT_AS, (used + 300 * 2**20, resource.RLIM_INFINITY))
try:
    for report in Recording(Session(large), Path("run")).reports():
        pass
except TrainingError as error:
    print(error)
*_, last = train(small)
print(last.weights_sha256 == before)
"""


def out_of_memory(large: Project, folder: Path) -> list[str]:
    """What a process with little memory left tells of a run, and whether it can go on."""
    (folder / "small.nnd").write_text(nnd.to_text(small_digits(epochs=1, batch_size=BATCH)), encoding="utf-8")
    (folder / "large.nnd").write_text(nnd.to_text(large), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(Path(nnd.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", OUT_OF_MEMORY],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a process like that")
def test_a_batch_that_does_not_fit_into_memory_is_told_and_the_process_goes_on(tmp_path: Path) -> None:
    project = small_digits(epochs=1, batch_size=1257)
    graph = project.graph.replace_node(project.graph.nodes["conv1"].with_param("out_channels", 4000))
    sentence, goes_on = out_of_memory(replace(project, graph=graph), tmp_path)
    assert sentence.startswith(
        "step 1 on a batch of 1257 needs more memory than there is: set a smaller batch size"
    )
    assert goes_on == "True"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a process like that")
def test_a_network_that_does_not_fit_into_memory_is_told_and_the_process_goes_on(tmp_path: Path) -> None:
    project = small_digits(epochs=1)
    edge = next(edge for edge in project.graph.edges if edge.source == "flatten1")
    graph = project.graph.insert(Node("huge", "Linear", {"out_features": 2_000_000}), edge, "input", "output")
    sentence, goes_on = out_of_memory(replace(project, graph=graph), tmp_path)
    assert sentence.startswith(
        "building the network needs more memory than there is: make its largest layers smaller"
    )
    assert goes_on == "True"


def test_a_full_disk_ends_a_run_with_its_last_checkpoint_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = small_digits(epochs=6, batch_size=BATCH)
    writing, written = files.write, []

    def full(path: Path, data: bytes, **options: bool) -> None:
        if path.name == runs.CHECKPOINT:
            written.append(path)
            if len(written) > 2:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        writing(path, data, **options)

    monkeypatch.setattr(files, "write", full)
    monkeypatch.setattr("nndesigner.training.recording._SHARE", 0)  # a checkpoint after each epoch
    _, sentence = recorded(project, tmp_path / "run")
    assert "the disk is full" in sentence and str(tmp_path / "run") in sentence
    assert checkpoint.read(tmp_path / "run" / runs.CHECKPOINT)["numbers"]["step"] == 6
    monkeypatch.undo()
    *_, last = Recording(resume(tmp_path / "run"), tmp_path / "run").reports()
    *_, unbroken = train(prepare(project))
    assert isinstance(last, Finished) and isinstance(unbroken, Finished)
    assert last.weights_sha256 == unbroken.weights_sha256


@pytest.fixture
def little_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 208 KB."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=208k", "none", str(place)]
    try:
        done = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        done = False
    if not done:
        pytest.skip("no disk can be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_disk_that_is_really_full_leaves_no_broken_file(
    little_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nndesigner.training.recording._SHARE", 0)
    project = small_digits(epochs=6, batch_size=BATCH)
    graph = project.graph.replace_node(project.graph.nodes["conv1"].with_param("out_channels", 64))
    _, sentence = recorded(replace(project, graph=graph), little_disk / "run")
    assert "the disk is full" in sentence
    assert not list(little_disk.rglob("*.tmp"))
    assert checkpoint.read(little_disk / "run" / runs.CHECKPOINT)["numbers"]["step"] == 3


# Data that is not what it was.


def numbers(folder: Path) -> Path:
    generator = np.random.default_rng(0)
    np.savez(folder / "numbers.npz", x=generator.normal(size=(50, 3)), y=generator.normal(size=50))
    return folder / "numbers.npz"


def test_a_file_of_data_that_is_gone_is_named(tmp_path: Path) -> None:
    project = of_numbers(numbers(tmp_path))
    (tmp_path / "numbers.npz").unlink()
    assert refused(project).startswith(f"{tmp_path / 'numbers.npz'} is no longer there. Put it back")


def test_a_file_of_data_that_has_changed_is_named(tmp_path: Path) -> None:
    project = of_numbers(numbers(tmp_path))
    np.savez(tmp_path / "numbers.npz", x=np.zeros((60, 3)), y=np.zeros(60))
    assert refused(project).startswith(f"{tmp_path / 'numbers.npz'} has changed since it was added")


def test_a_run_is_not_gone_on_with_when_its_file_has_changed(tmp_path: Path) -> None:
    project = of_numbers(numbers(tmp_path))
    reports = Recording(Session(prepare(project)), tmp_path / "run").reports()
    for report in reports:
        if isinstance(report, EpochEnded):
            break
    reports.close()
    np.savez(tmp_path / "numbers.npz", x=np.zeros((50, 3)), y=np.zeros(50))
    with pytest.raises(TrainingError, match=r"numbers\.npz has changed since it was added"):
        resume(tmp_path / "run")
    assert checkpoint.read(tmp_path / "run" / runs.CHECKPOINT)["numbers"]["step"] >= 1


def test_a_file_of_data_that_is_cut_short_is_named(tmp_path: Path) -> None:
    path = numbers(tmp_path)
    path.write_bytes(path.read_bytes()[:200])
    assert refused(of_numbers(path)).startswith(f"Numbers can't be read from {path}: ")


# Layers of one's own.

BREAKS = Code(
    "Breaks",
    """import torch
from torch import nn


class Breaks(nn.Module):
    def __init__(self):
        super().__init__()
        self.calls = 0

    def forward(self, x):
        if self.training and x.device.type != "meta" and torch.is_grad_enabled():
            self.calls += 1
            if self.calls == 5:
                raise KeyError("the fifth time is too much")
        return x
""",
)


def test_an_exception_inside_a_layer_of_ones_own_names_the_layer_and_keeps_the_run(tmp_path: Path) -> None:
    told, sentence = recorded(with_own(BREAKS), tmp_path / "run")
    assert [report.step for report in told if isinstance(report, Stepped)] == [1, 2, 3, 4]
    assert sentence.startswith(
        f"step 5 on a batch of {BATCH} failed in breaks1: 'the fifth time is too much'"
    )
    assert "up to step 3 (epoch 1) is kept" in sentence
    assert checkpoint.read(tmp_path / "run" / runs.CHECKPOINT)["numbers"]["step"] == 3


def test_an_exception_inside_a_block_names_the_way_to_its_layer() -> None:
    from nndesigner.graph import Block

    holder = Block(
        "Holder",
        Graph.of(
            [Node("inp", "Input"), Node("breaks1", "Breaks"), Node("out", "Output")],
            wired("inp > breaks1.x", "breaks1 > out"),
        ),
    )
    project = with_own(BREAKS)
    graph = project.graph.remove(["breaks1"]).connect(wired("relu1 > pool1")[0])
    project = replace(project, graph=graph).with_block(holder)
    graph = project.graph.insert(Node("holder1", "Holder"), wired("relu1 > pool1")[0], "inp", "out")
    assert "failed in holder1/breaks1:" in refused(replace(project, graph=graph))


def test_a_layer_of_ones_own_that_gives_no_number_is_named() -> None:
    odd = Code("odd", "import torch\n\n\ndef odd(x):\n    return x / torch.zeros_like(x)\n")
    assert "step 1: odd1 is the first that gives something that is no number" in refused(with_own(odd))


# Records nobody can learn from.


def of_classes(path: Path, labels: np.ndarray, classes: tuple[str, ...], **training: object) -> Project:
    generator = np.random.default_rng(0)
    np.savez(path, x=generator.normal(size=(len(labels), 3)), y=labels)
    features = Field("features", (3,), "Numbers", prepare="standardize")
    label = Field("label", (), "A class", "int64", classes, sort="label")
    data_set = DataSet(
        "kinds", "Kinds", "Kinds.", len(labels), "", "", (features, label), "own.load_npz",
        {"path": str(path), "x": "x", "y": "y", "classes": tuple(range(max(3, labels.max() + 1)))},
    )  # fmt: skip
    nodes = [
        Node("data", "Data", {"dataset": "kinds"}),
        Node("linear1", "Linear", {"out_features": 3}),
        Node("loss", "CrossEntropyLoss"),
    ]
    edges = wired("data.features > linear1", "linear1 > loss", "data.label > loss.target")
    return Project(Graph.of(nodes, edges), {}, Training(**{"epochs": 1, **training})).with_data(data_set)


def test_a_label_outside_the_classes_is_named_with_its_record(tmp_path: Path) -> None:
    labels = np.arange(60) % 3
    labels[23] = 7
    sentence = refused(of_classes(tmp_path / "kinds.npz", labels, ("cat", "dog", "cow")))
    assert sentence == "record 23 of Kinds has the label 7, but there are 3 classes, numbered from 0 to 2"


def test_a_class_without_any_record_is_named(tmp_path: Path) -> None:
    sentence = refused(of_classes(tmp_path / "kinds.npz", np.arange(60) % 2, ("cat", "dog", "cow")))
    assert sentence.startswith("Kinds has no record of the class “cow”")


def test_a_class_that_is_missing_in_the_training_part_is_named(tmp_path: Path) -> None:
    labels = np.arange(60) % 2
    for one in range(60):  # wherever it lies, some seed puts it into another part
        labels[one] = 2
        project = of_classes(tmp_path / "kinds.npz", labels, ("cat", "dog", "cow"), test=0.5)
        labels[one] = one % 2
        try:
            list(train(prepare(project)))
        except TrainingError as error:
            assert str(error).startswith("no record of the class “cow” is in the training part of Kinds")
            return
    pytest.fail("it always fell into the training part")


def spoken(folder: Path, silent: int | None, label_from: str = "folder") -> Project:
    generator = np.random.default_rng(0)
    for number in range(40):
        word = ("no", "yes")[number % 2]
        place = (
            folder / word / f"{number:02}.wav"
            if label_from == "folder"
            else folder / f"{word}_{number:02}.wav"
        )
        place.parent.mkdir(exist_ok=True, parents=True)
        sound = generator.normal(size=1600) * (0 if number == silent else 0.1)
        soundfile.write(place, sound.astype(np.float32), 8000)
    label = Field("label", (), "A word", "int64", ("no", "yes"), sort="label")
    data_set = DataSet(
        "spoken", "Spoken", "Words.", 40, "", "", (Field("sound", (), "The sound", sort="sound"), label),
        "own.load_sounds",
        {"folder": str(folder), "rate": 8000, "seconds": 1.0, "classes": ("no", "yes"), "label_from": label_from},
    )  # fmt: skip
    nodes = [
        Node("data", "Data", {"dataset": "spoken", "mels": 8, "frames": 8, "seconds": 0.2}),
        Node("flatten1", "Flatten"),
        Node("linear1", "Linear", {"out_features": 2}),
        Node("loss", "CrossEntropyLoss"),
    ]
    edges = [
        *wired("data.sound > flatten1", "data.label > loss.target"),
        *chain("flatten1", "linear1", "loss"),
    ]
    return Project(Graph.of(nodes, edges), {}, Training(epochs=1)).with_data(data_set)


@pytest.mark.parametrize("label_from", ["folder", "name"])
def test_a_silent_file_of_sound_is_named(label_from: str, tmp_path: Path) -> None:
    sentence = refused(spoken(tmp_path, 13, label_from))
    name = "yes/13.wav" if label_from == "folder" else "yes_13.wav"
    assert sentence.startswith(f"{tmp_path / name} is silent from beginning to end")


def test_sounds_that_are_not_silent_are_learned_from(tmp_path: Path) -> None:
    assert isinstance(list(train(prepare(spoken(tmp_path, None))))[-1], Finished)


def sentences(folder: Path, length: int, positions: int = 8) -> Project:
    lines = [" ".join(["word"] * (1 + number % 10)) + "\tWort" for number in range(100)]
    (folder / "pairs.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    fields = (Field("source", (), "A", sort="text"), Field("target", (), "B", sort="pair"))
    data_set = DataSet(
        "pairs", "Pairs", "Pairs.", 100, "", "", fields, "own.load_pairs", {"path": str(folder / "pairs.tsv")}
    )
    nodes = [
        Node("data", "Data", {"dataset": "pairs", "length": length, "vocabulary": 10}),
        Node("words", "Embedding", {"num_embeddings": 10, "embedding_dim": 4}),
        Node("place", "Parameter", {"shape": (1, positions, 4)}),
        Node("both", "Add"),
        Node("linear1", "Linear", {"out_features": 10}),
        Node("turned", "Transpose", {"dim0": 1, "dim1": 2}),
        Node("loss", "CrossEntropyLoss"),
    ]
    edges = [
        *wired(
            "data.source > words", "words > both.input1", "place > both.input2", "data.next > loss.target"
        ),
        *chain("both", "linear1", "turned", "loss"),
    ]
    return Project(Graph.of(nodes, edges), {}, Training(epochs=1)).with_data(data_set)


def test_sentences_longer_than_the_positions_are_found_in_checking(tmp_path: Path) -> None:
    (problem,) = make(sentences(tmp_path, length=12)).errors
    assert problem.node == "both"
    assert "12" in problem.message and "8" in problem.message


def test_sentences_that_are_cut_off_are_counted(tmp_path: Path) -> None:
    began = next(train(prepare(sentences(tmp_path, length=8))))
    assert isinstance(began, Began)
    assert began.notes == (
        "30 of 100 texts of source are longer than 8 tokens and are cut off; the longest has 10, and one more for its end",
    )


def test_nothing_is_told_where_all_sentences_fit(tmp_path: Path) -> None:
    began = next(train(prepare(sentences(tmp_path, length=11, positions=11))))
    assert isinstance(began, Began) and began.notes == ()


def test_more_words_than_an_embedding_has_are_found_in_checking(tmp_path: Path) -> None:
    project = sentences(tmp_path, length=8)
    few = project.graph.nodes["words"].with_param("num_embeddings", 6)
    errors = make(replace(project, graph=project.graph.replace_node(few))).errors
    assert [problem.node for problem in errors] == ["words"]


def test_the_example_of_the_transformer_is_held_to_its_positions() -> None:
    project = examples.load("transformer-translation")
    node = project.data_node()
    if node is None:
        pytest.skip("the example has no data")
    longer = replace(project, graph=project.graph.replace_node(node.with_param("length", 48)))
    assert make(longer).errors and not make(project).errors
