import json
import os
import pickle
from argparse import Namespace
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from nndesigner import cli, examples, nnd
from nndesigner.graph import Graph, Node
from nndesigner.model import Network, weights_sha256
from nndesigner.plan import make
from nndesigner.project import Project
from nndesigner.training import incoming, recording, runs, weights
from nndesigner.training.report import Finished
from nndesigner.training.run import TrainingError, prepare
from nndesigner.training.session import Session
from nndesigner.training.weights import WeightsError
from tests.conftest import chain, nested_digits, residual_digits, small_digits


class _Runs:
    """What, if it were unpickled, would leave a file behind."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (f"touch {Path.cwd() / 'was-run'}",)


class Original(nn.Module):
    """A network as people write it, with containers."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten())
        self.classifier = nn.Sequential(OrderedDict(fc=nn.Linear(144, 10)))

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return self.classifier(self.features(image))  # type: ignore[no-any-return]


def drawn() -> Project:
    """The same, as it is drawn."""
    nodes = [
        Node("image", "Input", {"shape": (1, 8, 8)}),
        Node("features_0", "Conv2d", {"out_channels": 4, "kernel_size": 3}),
        Node("features_1", "BatchNorm2d"),
        Node("features_2", "ReLU"),
        Node("features_3", "Flatten"),
        Node("classifier_fc", "Linear", {"out_features": 10}),
        Node("digit", "Output"),
    ]
    return Project(Graph.of(nodes, chain(*(node.name for node in nodes))))


def trained(project: Project, start: incoming.Start | None = None) -> tuple[Session, str]:
    session = Session(prepare(project, start))
    (finished,) = (report for report in session.reports() if isinstance(report, Finished))
    return session, finished.weights_sha256


# Reading.


@pytest.mark.parametrize("wrapped", ["", "state_dict", "model", "model_state_dict", "net"])
@pytest.mark.parametrize("suffix", [".pt", ".pth"])
def test_a_state_dict_is_found_in_what_torch_saved(tmp_path: Path, wrapped: str, suffix: str) -> None:
    state = Original().state_dict()
    content = {wrapped: state, "epoch": 3, "optimizer": {"state": {}}} if wrapped else state
    path = tmp_path / f"some{suffix}"
    torch.save(content, path)
    assert weights_sha256(incoming.read(path)) == weights_sha256(state)


def test_safetensors_are_known_by_their_content_too(tmp_path: Path) -> None:
    state = Original().state_dict()
    weights.save(tmp_path / "some.safetensors", state)
    (tmp_path / "other.bin").write_bytes((tmp_path / "some.safetensors").read_bytes())
    for name in ("some.safetensors", "other.bin"):
        assert weights_sha256(incoming.read(tmp_path / name)) == weights_sha256(state)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (_Runs(), "Python objects besides tensors"),
        ({"state_dict": Original().state_dict(), "hook": _Runs()}, "Python objects besides tensors"),
        ({"state_dict": Original().state_dict(), "args": Namespace(lr=1)}, "argparse.Namespace"),
        (nn.Linear(2, 2), "save its weights alone"),
        ([1, 2, 3], "expected tensors by name"),
        ({"epoch": 3}, "expected tensors by name"),
        (
            {"teacher": nn.Linear(2, 2).state_dict(), "student": nn.Linear(2, 2).state_dict()},
            "teacher, student",
        ),
    ],
)
def test_what_is_no_weights_alone_is_refused_and_never_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: object, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    torch.save(content, tmp_path / "some.pt")
    with pytest.raises(WeightsError, match=words) as refused:
        incoming.read(tmp_path / "some.pt")
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "was-run").exists()


def test_a_bare_pickle_and_damaged_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    torch.save(Original().state_dict(), tmp_path / "whole.pt")
    whole = (tmp_path / "whole.pt").read_bytes()
    contents = [pickle.dumps(_Runs()), b"", b"PK\x03\x04", b"hello", whole[: len(whole) // 2], b"(" * 99]
    for number, content in enumerate(contents):
        path = tmp_path / f"{number}.pt"
        path.write_bytes(content)
        with pytest.raises(WeightsError, match=r"no file of weights|Python objects"):
            incoming.read(path)
    assert not (tmp_path / "was-run").exists()
    with pytest.raises(WeightsError, match="there is no file"):
        incoming.read(tmp_path / "nowhere.pt")


# Fitting.


@pytest.mark.parametrize(
    "project", [small_digits(), residual_digits(), nested_digits()], ids=lambda one: one.title
)
def test_what_a_network_wants_is_known_without_building_it(project: Project) -> None:
    plan = make(project)
    state = Network(plan).state_dict()
    assert incoming.wanted(plan) == {name: tuple(tensor.shape) for name, tensor in state.items()}
    assert list(incoming.wanted(plan)) == list(state)


def test_the_weights_of_the_original_make_the_drawing_compute_the_same(tmp_path: Path) -> None:
    original = Original().eval()
    torch.save({"state_dict": nn.DataParallel(original).state_dict()}, tmp_path / "original.pt")
    network = Network(make(drawn())).eval()
    matched = incoming.pour(network, incoming.read(tmp_path / "original.pt"), tmp_path / "original.pt")
    assert matched.is_whole and not matched.unexpected
    image = torch.randn(2, 1, 8, 8)
    assert torch.equal(network(image), original(image))


# Training.


def test_a_run_that_begins_with_weights_is_the_one_it_says(tmp_path: Path) -> None:
    first, _ = trained(small_digits(epochs=1))
    weights.save(tmp_path / "first.safetensors", first.trained.state_dict())
    start = incoming.chosen(tmp_path / "first.safetensors")
    begun = Session(prepare(small_digits(), start))
    assert begun.started is not None and begun.started.is_whole
    assert weights_sha256(begun.network.state_dict()) == weights_sha256(first.trained.state_dict())
    assert (
        trained(small_digits(), start)[1] == trained(small_digits(), start)[1] != trained(small_digits())[1]
    )


def test_without_weights_nothing_is_other_than_before() -> None:
    plain = Session(prepare(small_digits()))
    assert plain.started is None
    torch.manual_seed(0)
    assert weights_sha256(Network(plain.plan).state_dict()) == weights_sha256(plain.network.state_dict())


def test_what_does_not_fit_begins_as_it_would_have(tmp_path: Path) -> None:
    first, _ = trained(small_digits(epochs=1))
    state = first.trained.state_dict()
    torch.save(
        {name: value for name, value in state.items() if name.startswith("conv1")}, tmp_path / "part.pt"
    )
    begun = Session(prepare(small_digits(), incoming.chosen(tmp_path / "part.pt")))
    fresh = Session(prepare(small_digits())).network.state_dict()
    for name, value in begun.network.state_dict().items():
        assert torch.equal(value, (state if name.startswith("conv1") else fresh)[name]), name
    assert begun.started is not None and begun.started.missing == ("linear1.weight", "linear1.bias")


def test_frozen_layers_keep_the_weights_they_were_given(tmp_path: Path) -> None:
    first, _ = trained(small_digits(epochs=1))
    state = first.trained.state_dict()
    torch.save(state, tmp_path / "first.pt")
    project = small_digits(epochs=1, seed=5)
    frozen = project.graph.replace_node(replace(project.graph.nodes["conv1"], frozen=True))
    session, _ = trained(replace(project, graph=frozen), incoming.chosen(tmp_path / "first.pt"))
    after = session.trained.state_dict()
    assert torch.equal(after["conv1.weight"], state["conv1.weight"])
    assert not torch.equal(after["linear1.weight"], state["linear1.weight"])


def test_weights_that_fit_nothing_or_changed_since_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.pt"
    torch.save(nn.Linear(7, 5).state_dict(), path)
    start = incoming.chosen(path)
    with pytest.raises(TrainingError, match=r"nothing in .* fits this network"):
        Session(prepare(small_digits(), start))
    torch.save(nn.Linear(7, 6).state_dict(), path)
    with pytest.raises(TrainingError, match="not what it was when it was chosen"):
        Session(prepare(small_digits(), start))


def test_the_receipt_tells_the_weights_and_a_run_goes_on_from_them(tmp_path: Path) -> None:
    first, _ = trained(small_digits(epochs=1))
    path = tmp_path / "first.pt"
    torch.save(first.trained.state_dict(), path)
    start, folder = incoming.chosen(path), tmp_path / "run"
    expected = trained(small_digits(), start)[1]
    reports = recording.record(Session(prepare(small_digits(), start)), folder)
    next(reports)
    reports.close()  # type: ignore[attr-defined]
    receipt = runs.receipt_of(folder)
    assert receipt["start"]["sha256"] == incoming.file_sha256(path) and receipt["start"]["pairs"] == 4
    (folder / runs.CHECKPOINT).unlink()  # as if it had been killed before it left one
    *_, finished = recording.record(recording.resume(folder), folder)
    assert isinstance(finished, Finished) and finished.weights_sha256 == expected
    path.unlink()  # what was learned since stands in the checkpoint
    assert recording.resume(folder, small_digits(epochs=3)).started is None
    assert runs.receipt_of(folder)["start"]["pairs"] == 4
    assert "start" not in _receipt(small_digits(epochs=1), tmp_path / "plain")


def _receipt(project: Project, folder: Path) -> dict[str, Any]:
    list(recording.record(Session(prepare(project)), folder))
    return runs.receipt_of(folder)


# On the command line.


def test_the_command_weights_tells_what_fits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nnd.save(drawn(), tmp_path / "drawn.nnd")
    state = Original().state_dict()
    del state["classifier.fc.bias"]
    torch.save({**state, "head.weight": torch.ones(2)}, tmp_path / "some.pt")
    arguments = ["weights", str(tmp_path / "drawn.nnd"), str(tmp_path / "some.pt")]
    assert cli.main(arguments) == 1
    said = capsys.readouterr().out
    assert "8 of 9 fit" in said
    assert "features_0.weight ← features.0.weight" in said
    assert "missing:\n  classifier_fc.bias 10\n" in said and "not used:\n  head.weight 2\n" in said
    assert cli.main([*arguments, "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["fit"] == found["wanted"] - 1 and found["missing"] == ["classifier_fc.bias"]
    assert ["features_0.weight", "features.0.weight"] in found["pairs"] and len(found["sha256"]) == 64
    torch.save(Original(), tmp_path / "whole.pt")
    assert cli.main([*arguments[:2], str(tmp_path / "whole.pt")]) == 1
    assert "save its weights alone" in capsys.readouterr().err


def test_train_and_evaluate_take_weights_of_ones_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = str(tmp_path / "small.nnd")
    nnd.save(small_digits(), Path(project))
    assert cli.main(["train", project, "--json"]) == 0
    checkpoint = tmp_path / "small.runs" / "0001" / runs.CHECKPOINT
    assert cli.main(["train", project, "--epochs", "1", "--weights", str(checkpoint)]) == 0
    assert f"begins with {checkpoint}: 4 of 4 fit" in capsys.readouterr().out
    assert runs.receipt_of(tmp_path / "small.runs" / "0002")["start"]["path"] == str(checkpoint)
    assert runs.runs_of(tmp_path / "small.runs")[1].changes == ("epochs 2 → 1", "starts from checkpoint.pt")
    assert cli.main(["evaluate", project, "--weights", str(checkpoint), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert cli.main(["evaluate", project, "--run", "1", "--json"]) == 0
    assert told["figures"] == json.loads(capsys.readouterr().out)["figures"]
    assert cli.main(["evaluate", "lenet5", "--weights", str(checkpoint)]) == 1
    assert cli.main(["train", project, "--by-order"]) == 2
    assert cli.main(["train", project, "--resume", "--weights", str(checkpoint)]) == 2
    assert cli.main(["train", project, "--weights", str(tmp_path / "nowhere.pt")]) == 1


@pytest.mark.parametrize("name", ["resnet18", "char-gpt"])
def test_weights_of_an_example_come_back_by_name_alone(name: str, tmp_path: Path) -> None:
    plan = make(examples.load(name))
    state = Network(plan).state_dict()
    torch.save({"model": {f"_orig_mod.{key}": value for key, value in state.items()}}, tmp_path / "some.pt")
    assert weights_sha256(incoming.whole(plan, tmp_path / "some.pt")) == weights_sha256(state)
