import contextlib
import errno
import json
import math
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from nndesigner import files, nnd
from nndesigner.catalogue.datasets import BY_NAME
from nndesigner.data import adding, parts
from nndesigner.graph import Graph, Node
from nndesigner.model import weights_sha256
from nndesigner.project import Choice, Project, Training
from nndesigner.training import checkpoint, journal, prepared, recording, runs, weights
from nndesigner.training.journal import Journal
from nndesigner.training.recording import Recording, record, resume
from nndesigner.training.report import (
    Began,
    Diverged,
    EpochEnded,
    Examined,
    Finished,
    Health,
    Report,
    Stepped,
)
from nndesigner.training.run import TrainingError, prepare, train
from nndesigner.training.session import Session
from tests.conftest import residual_digits, small_digits, wired
from tests.sampling import sampled

ROOT = Path(__file__).parent.parent


def began(project: Project) -> Session:
    return Session(prepare(project))


def finished(reports: list[Report]) -> Finished:
    assert isinstance(reports[-1], Finished)
    return reports[-1]


def stopped_after(project: Project, folder: Path, step: int) -> None:
    """Trains a project in a folder and stops it after a step."""
    reports = record(began(project), folder)
    for report in reports:
        if isinstance(report, Stepped) and report.step == step:
            reports.close()  # type: ignore[attr-defined]


# Folders.


def test_the_numbers_of_runs_rise(tmp_path: Path) -> None:
    made = [runs.new(tmp_path / "x.runs") for _ in range(3)]
    assert [folder.name for folder in made] == ["0001", "0002", "0003"]
    assert runs.runs_of(tmp_path / "x.runs") == []


def test_processes_that_begin_at_once_never_share_a_run(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from nndesigner.training import runs;"
        "sys.stdin.readline(); [print(runs.new(Path(sys.argv[1])).name) for _ in range(40)]"
    )
    several = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "x.runs")],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(3)
    ]  # fmt: skip
    for one in several:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    made = [name for one in several for name in one.communicate(timeout=60)[0].split()]
    assert len(made) == len(set(made)) == 120


def test_runs_are_kept_beside_the_file_or_under_the_name_of_what_has_none(tmp_path: Path) -> None:
    project = replace(small_digits(), title="Ziffern & mehr")
    assert runs.home(tmp_path / "a" / "mine.nnd", project) == tmp_path / "a" / "mine.runs"
    assert runs.home(None, project).parts[-2:] == ("runs", "ziffern-mehr")
    assert runs.home(None, project, "digits").name == "digits"
    assert runs.home(None, replace(project, title="…")).name == "untitled"


def test_runs_that_can_not_be_kept_are_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "x.runs").write_text("")
    with pytest.raises(runs.RunsError, match=r"runs can't be kept in .*x.runs: it is no folder"):
        runs.new(tmp_path / "x.runs")


# What is kept.


def test_a_run_is_kept_with_all_that_belongs_to_it(tmp_path: Path) -> None:
    project = small_digits(epochs=2, seed=7)
    session = began(project)
    reports = list(record(session, tmp_path))
    last = finished(reports)
    assert nnd.load(tmp_path / "project.nnd") == project
    assert weights_sha256(load_file(tmp_path / "last.safetensors")) == last.weights_sha256
    best = max(
        (report for report in reports if isinstance(report, EpochEnded)),
        key=lambda one: (one.best, one.epoch),
    )
    assert weights.load(tmp_path / "best.safetensors").keys() == session.network.state_dict().keys()
    receipt = json.loads((tmp_path / "receipt.json").read_text())
    (sitting,) = receipt["sittings"]
    assert (receipt["status"], receipt["seed"], sitting["to_step"]) == ("finished", 7, 40)
    assert sitting["torch"] == torch.__version__ and sitting["threads"] == torch.get_num_threads()
    assert sitting["cpu_capability"] == torch.backends.cpu.get_cpu_capability()
    assert receipt["weights"]["last.safetensors"] == last.weights_sha256
    assert receipt["data"]["sha256"] == parts.sha256(parts.read(BY_NAME["digits"], {}, project.training))
    found = runs.info(tmp_path)
    assert (found.epochs, found.epochs_set, found.best_epoch, found.test) == (2, 2, best.epoch, last.test)
    assert runs.curves(tmp_path) == reports


def test_the_best_weights_are_those_of_the_best_epoch(tmp_path: Path) -> None:
    # From the second epoch on, the rate is so high that the loss rises.
    project = small_digits(
        epochs=3,
        scheduler=Choice("StepLR", {"step_size": 1, "gamma": 100.0}),
    )
    after_first = ""
    session = began(project)
    for report in record(session, tmp_path):
        if isinstance(report, EpochEnded) and report.epoch == 1:
            after_first = weights_sha256(session.network.state_dict())
    assert runs.info(tmp_path).best_epoch == 1
    assert weights_sha256(weights.load(tmp_path / "best.safetensors")) == after_first
    assert weights_sha256(weights.load(tmp_path / "last.safetensors")) != after_first


def test_what_was_fitted_on_the_data_comes_back_to_the_bit(tmp_path: Path) -> None:
    fitted = dict(parts.load(BY_NAME["wine"], {}, Training()).fitted)
    fitted["words"] = ["<pad>", "Zürich", "\u2028"]
    fitted["holes"] = (np.array([0.1, np.nan], dtype=np.float32), np.float64(1 / 3))
    prepared.save(tmp_path / "prepared.json", fitted)
    found = prepared.load(tmp_path / "prepared.json")
    assert found["words"] == fitted["words"]
    for name in ("features", "holes"):
        for one, other in zip(found[name], fitted[name], strict=True):
            assert one.dtype == other.dtype
            np.testing.assert_array_equal(one, other)


def test_tied_weights_are_kept_under_both_names(tmp_path: Path) -> None:
    layer = torch.nn.Linear(3, 3)
    state = {"a": layer.weight, "b": layer.weight, "part": layer.weight[1:], "turned": layer.weight.t()}
    digest = weights.save(tmp_path / "w.safetensors", state)
    found = weights.load(tmp_path / "w.safetensors")
    assert weights_sha256(found) == digest
    assert all(torch.equal(found[name], tensor) for name, tensor in state.items())


def test_a_damaged_file_of_weights_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    weights.save(path, {"a": torch.arange(100.0)})
    content = bytearray(path.read_bytes())
    content[-10] ^= 1
    path.write_bytes(content)
    with pytest.raises(weights.WeightsError, match="is damaged"):
        weights.load(path)
    path.write_bytes(content[:50])
    with pytest.raises(weights.WeightsError, match="damaged"):
        weights.load(path)
    with pytest.raises(weights.WeightsError, match="there is no file"):
        weights.load(tmp_path / "none")


# The journal.


def stepped(step: int) -> Stepped:
    return Stepped(1, step, 0.5, 0.01)


def test_a_line_that_is_cut_off_is_left_out(tmp_path: Path) -> None:
    written = Journal(tmp_path / "j", [])
    for step in (1, 2, 3):
        written.add(stepped(step))
    written.close()
    path = tmp_path / "j"
    path.write_bytes(path.read_bytes()[:-9])
    assert journal.read(path) == [stepped(1), stepped(2)]


def test_a_long_run_keeps_every_epoch_and_so_many_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "MOST_STEPS", 100)
    monkeypatch.setattr(journal, "MOST_LOOKS", 10)
    written = Journal(tmp_path / "j", [])
    ends = [
        EpochEnded(step // 10, {"loss": float("nan")}, {"loss": 1.0}, 0.1, 1.0, step)
        for step in range(10, 1001, 10)
    ]
    for step in range(1, 1001):
        written.add(stepped(step))
        written.add(Examined(step, {"conv1": Health(1.0)}))
        if step % 10 == 0:
            written.add(ends[step // 10 - 1])
    written.close()
    found = journal.read(tmp_path / "j")
    steps = [report.step for report in found if isinstance(report, Stepped)]
    assert steps == list(range(16, 1001, 16))
    assert [report.epoch for report in found if isinstance(report, EpochEnded)] == list(range(1, 101))
    looks = [report.step for report in found if isinstance(report, Examined)]
    assert 5 <= len(looks) <= 10 and looks == sorted(looks)


def test_looks_at_many_layers_are_short_and_fewer_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "MOST_LOOKS", 40)
    health = Health(0.123456789, 2.3456789e-7, math.nan, 0.0, -1.0, 0.0)
    layers = {f"block{block}/conv{number}": health for block in range(20) for number in range(10)}
    written = Journal(tmp_path / "j", [])
    for step in range(1, 101):
        written.add(Examined(step, layers))
    written.close()
    looks = [report for report in journal.read(tmp_path / "j") if isinstance(report, Examined)]
    assert 5 <= len(looks) <= 10  # each counts as four looks at fifty layers
    seen = looks[-1].layers["block19/conv9"]
    assert (seen.gradient, seen.weight, seen.mean, seen.deviation) == (0.12346, 2.3457e-7, 0.0, -1.0)
    assert math.isnan(seen.update)
    assert (tmp_path / "j").stat().st_size < len(looks) * len(layers) * 100


def test_what_earlier_versions_kept_is_read(tmp_path: Path) -> None:
    (tmp_path / "j").write_text(
        '{"report":"Examined","step":3,"layers":{"conv1":{"gradient":0.25,"weight":3.0,"update":null,"mean":0.0,'
        '"deviation":1.0,"dead":0.5}}}\n'
        '{"report":"Diverged","epoch":1,"step":4,"node":"conv1","reason":"so"}\n'
    )
    looked, diverged = journal.read(tmp_path / "j")
    assert isinstance(looked, Examined) and isinstance(diverged, Diverged)
    assert looked.layers["conv1"].dead == 0.5 and math.isnan(looked.layers["conv1"].update)
    assert (diverged.node, diverged.path) == ("conv1", "")


# Going on.

MANY = {
    "as it is": {},
    "with an average and a schedule": {
        "average": 0.9,
        "scheduler": Choice("StepLR", {"step_size": 1, "gamma": 0.5}),
    },
    "by steps and with patience": {
        "scheduler": Choice("OneCycleLR", {"max_lr": 0.01}),
        "optimizer": Choice("SGD", {"momentum": 0.9}),
        "patience": 2,
    },
    "with the plateau of the loss": {
        "scheduler": Choice("ReduceLROnPlateau", {"patience": 0}),
        "accumulate": 2,
    },
    "until so many steps are made": {"steps": 25, "patience": 1},
}


@pytest.mark.parametrize(
    ("build", "settings"),
    [
        *(pytest.param(small_digits, settings, id=f"small-{name}") for name, settings in MANY.items()),
        *sampled(
            [
                pytest.param(residual_digits, settings, id=f"residual-{name}")
                for name, settings in MANY.items()
            ],
            1,
        ),
    ],
)
def test_a_run_stopped_anywhere_ends_with_the_weights_of_an_unbroken_one(
    build: Callable[..., Project], settings: dict[str, object], tmp_path: Path
) -> None:
    project = build(epochs=2, **settings)
    unbroken = finished(list(train(prepare(project))))
    stops = random.Random(5).sample(range(1, 20 if "accumulate" not in settings else 9), 2)
    for step in [*stops, 25 if "steps" in settings else 20 if "accumulate" not in settings else 10]:
        folder = tmp_path / str(step)
        stopped_after(project, folder, step)
        assert runs.info(folder).status == "stopped"
        torch.rand(7), np.random.rand(), random.random()
        again = finished(list(record(resume(folder), folder)))
        assert (again.weights_sha256, again.test) == (unbroken.weights_sha256, unbroken.test), step
        told = [report.step for report in runs.curves(folder) if isinstance(report, Stepped)]
        assert told == list(range(1, told[-1] + 1))
        assert runs.info(folder).status == "finished"


def test_leaving_a_run_between_two_reports_keeps_where_it_stands(tmp_path: Path) -> None:
    project = small_digits(epochs=2)
    recorded = Recording(began(project), tmp_path)
    reports = recorded.reports()
    for report in reports:
        if isinstance(report, Stepped) and report.step == 7:
            recorded.leave()
            assert recorded.kept == "step 7"
            break
    kept = checkpoint.read(tmp_path / "checkpoint.pt")
    assert kept["numbers"]["step"] == 7
    unbroken = finished(list(reports))
    assert unbroken.weights_sha256 == finished(list(train(prepare(project)))).weights_sha256


def test_a_run_is_one_process_s_alone(tmp_path: Path) -> None:
    project = small_digits(epochs=2)
    reports = record(began(project), tmp_path)
    next(reports)
    assert runs.info(tmp_path).status == "running"
    with pytest.raises(TrainingError, match="another process is training"):
        list(record(began(project), tmp_path))
    with pytest.raises(runs.RunsError, match="is going on"):
        runs.delete(tmp_path)
    reports.close()  # type: ignore[attr-defined]
    assert runs.info(tmp_path).status == "stopped"


def test_more_epochs_go_on_with_the_rates_of_a_longer_run(tmp_path: Path) -> None:
    def rates(project: Project) -> list[float]:
        return [report.learning_rate for report in train(prepare(project)) if isinstance(report, EpochEnded)]

    for scheduler in (Choice("CosineAnnealingLR"), Choice("OneCycleLR", {"max_lr": 0.02})):
        short = small_digits(epochs=2, scheduler=scheduler, optimizer=Choice("AdamW"))
        longer = replace(short, training=replace(short.training, epochs=4))
        folder = tmp_path / scheduler.kind
        list(record(began(short), folder))
        list(record(resume(folder, longer), folder))
        found = [report for report in runs.curves(folder) if isinstance(report, EpochEnded)]
        assert [report.epoch for report in found] == [1, 2, 3, 4]
        assert [report.learning_rate for report in found[2:]] == pytest.approx(rates(longer)[2:])
        assert (runs.info(folder).status, runs.info(folder).epochs_set) == ("finished", 4)


def test_another_learning_rate_holds_from_where_the_run_goes_on(tmp_path: Path) -> None:
    project = small_digits(epochs=2)
    stopped_after(project, tmp_path, 20)
    changed = replace(project, training=replace(project.training, optimizer=Choice("Adam", {"lr": 0.002})))
    found = [report for report in record(resume(tmp_path, changed), tmp_path) if isinstance(report, Stepped)]
    assert {report.learning_rate for report in found} == {0.002}


def test_slower_multiplies_all_rates_also_when_it_is_gone_on_with_again(tmp_path: Path) -> None:
    project = small_digits(epochs=2, scheduler=Choice("StepLR", {"step_size": 1, "gamma": 0.5}))
    stopped_after(project, tmp_path, 5)
    reports = record(resume(tmp_path, slower=0.1), tmp_path)
    for report in reports:
        if isinstance(report, Stepped) and report.step == 9:
            reports.close()  # type: ignore[attr-defined]
    list(record(resume(tmp_path), tmp_path))
    told = {
        report.step: report.learning_rate for report in runs.curves(tmp_path) if isinstance(report, Stepped)
    }
    assert [told[step] for step in (5, 6, 9, 10, 20, 21, 40)] == pytest.approx(
        [0.01] + [0.001] * 4 + [0.0005] * 2
    )


def test_a_run_that_goes_to_infinity_leaves_a_way_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "_SHARE", 0)  # a checkpoint each epoch, however short
    project = small_digits(
        epochs=4,
        optimizer=Choice("SGD", {"lr": 0.01}),
        scheduler=Choice("StepLR", {"step_size": 2, "gamma": 1e30}),
    )
    with pytest.raises(
        TrainingError, match=r"no number any more .* What was learned up to step 40 \(epoch 2\) is kept"
    ):
        list(record(began(project), tmp_path))
    found = runs.info(tmp_path)
    assert (found.status, found.epochs) == ("failed", 2) and "no number" in found.reason
    calmer = replace(project, training=replace(project.training, scheduler=None))
    again = finished(list(record(resume(tmp_path, calmer), tmp_path)))
    assert again.weights_sha256 == finished(list(train(prepare(calmer)))).weights_sha256


def table(path: Path, name: str = "flowers") -> Project:
    """A project that learns from a file of one's own."""
    random_numbers = np.random.default_rng(0)
    rows = random_numbers.normal(size=(60, 2)).round(3)
    text = "\n".join(f"{one},{other},{'yes' if one > 0 else 'no'}" for one, other in rows)
    path.write_text(f"length,width,answer\n{text}\n")
    own = adding.look_at(path, name, target="answer").data_set
    nodes = [
        Node("data", "Data", {"dataset": name}),
        Node("linear1", "Linear", {"out_features": 2}),
        Node("loss", "CrossEntropyLoss"),
    ]
    edges = wired("data.features > linear1", "linear1 > loss", "data.label > loss.target")
    project = Project(Graph.of(nodes, edges), training=Training(epochs=2, batch_size=8))
    return project.with_data(own)


def test_data_that_have_changed_since_the_run_began_are_refused_with_their_file(tmp_path: Path) -> None:
    path = tmp_path / "flowers.csv"
    project = table(path)
    stopped_after(project, tmp_path / "run", 3)
    assert finished(list(record(resume(tmp_path / "run"), tmp_path / "run"))).test
    kept = path.read_text()
    path.write_text(kept.replace(kept.splitlines()[3], "0.5,0.5,no"))
    with pytest.raises(TrainingError, match=r"flowers.csv has changed"):
        resume(tmp_path / "run")
    path.unlink()
    with pytest.raises(TrainingError, match=r"flowers.csv is no longer there"):
        resume(tmp_path / "run")


def test_another_split_is_refused_as_the_test_part_would_be_learned_from(tmp_path: Path) -> None:
    project = small_digits()
    stopped_after(project, tmp_path, 3)
    changed = replace(project, training=replace(project.training, split_seed=1))
    with pytest.raises(TrainingError, match="split otherwise than when the run began"):
        resume(tmp_path, changed)


def test_another_network_is_refused(tmp_path: Path) -> None:
    project = small_digits()
    stopped_after(project, tmp_path, 3)
    wider = project.graph.nodes["conv1"].with_param("out_channels", 9)
    with pytest.raises(TrainingError, match="has changed since the run was left"):
        resume(tmp_path, replace(project, graph=project.graph.replace_node(wider)))


def test_a_full_disk_ends_the_run_with_a_sentence_and_keeps_the_last_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, write = small_digits(epochs=3), files.write
    monkeypatch.setattr(recording, "_SHARE", 0)

    def full(path: Path, data: bytes, **_: bool) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    reports = record(began(project), tmp_path)
    with pytest.raises(TrainingError, match=r"the disk is full.*up to step 20 \(epoch 1\) is kept"):
        for report in reports:
            if isinstance(report, EpochEnded):
                monkeypatch.setattr(files, "write", full)
    monkeypatch.setattr(files, "write", write)
    again = finished(list(record(resume(tmp_path), tmp_path)))
    assert again.weights_sha256 == finished(list(train(prepare(project)))).weights_sha256


# The table.


def test_the_table_tells_what_each_run_was_and_came_to(tmp_path: Path) -> None:
    home = tmp_path / "x.runs"
    first, second = (
        small_digits(epochs=1),
        small_digits(epochs=2, scheduler=Choice("StepLR", {"step_size": 1})),
    )
    wider = second.graph.nodes["conv1"].with_param("out_channels", 9)
    second = replace(second, graph=second.graph.replace_node(wider))
    list(record(began(first), runs.new(home)))
    stopped_after(second, runs.new(home), 25)
    one, other = runs.runs_of(home)
    assert (one.number, one.status, one.epochs, one.changes) == (1, "finished", 1, ())
    assert set(one.test) == {"loss", "accuracy"} and one.seconds > 0
    assert (other.number, other.status, other.epochs, other.epochs_set) == (2, "stopped", 1, 2)
    assert other.changes == (
        "epochs 1 → 2",
        "scheduler None → StepLR(step_size=1)",
        "conv1 out_channels 8 → 9",
    )
    runs.set_note(one.folder, " the first\none ")
    assert runs.runs_of(home)[0].note == "the first\none"
    runs.set_note(one.folder, "")
    assert runs.runs_of(home)[0].note == "" and not (one.folder / "note.txt").exists()
    runs.delete(one.folder)
    assert [found.number for found in runs.runs_of(home)] == [2]
    assert runs.find(home) == other.folder
    with pytest.raises(runs.RunsError, match=r"there is no run 1 .* there are 2"):
        runs.find(home, 1)
    assert runs.new(home).name == "0003"


def test_a_broken_receipt_or_project_hides_no_run(tmp_path: Path) -> None:
    home = tmp_path / "x.runs"
    list(record(began(small_digits(epochs=1)), runs.new(home)))
    (home / "0001" / "receipt.json").write_text("{")
    (home / "0001" / "project.nnd").write_text("")
    (found,) = runs.runs_of(home)
    assert (found.status, found.epochs, found.started) == ("interrupted", 1, None)


def test_the_table_needs_no_torch() -> None:
    code = "import sys, nndesigner.training.runs; sys.exit(any(one in sys.modules for one in ('torch', 'numpy')))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60).returncode == 0


# TensorBoard.


def test_the_curves_are_written_for_tensorboard_on_request(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    project = small_digits(epochs=2)
    reports = record(began(project), tmp_path, with_tensorboard=True)
    for report in reports:
        if isinstance(report, Stepped) and report.step == 30:
            reports.close()  # type: ignore[attr-defined]
    list(record(resume(tmp_path), tmp_path, with_tensorboard=True))
    code = (
        "import sys, json; from tensorboard.backend.event_processing.event_accumulator import EventAccumulator as E;"
        "e = E(sys.argv[1]); e.Reload();"
        "print(json.dumps({t: [[s.step, s.value] for s in e.Scalars(t)] for t in e.Tags()['scalars']}))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(tmp_path / "tensorboard")],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout)
    kept = runs.curves(tmp_path)
    losses = [[report.step, pytest.approx(report.loss)] for report in kept if isinstance(report, Stepped)]
    assert found["step/loss"] == losses
    ends = [report for report in kept if isinstance(report, EpochEnded)]
    assert found["validation/accuracy"] == [
        [report.step, pytest.approx(report.validation["accuracy"])] for report in ends
    ]


# Killed.


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("kills", sampled([2, 4], 1))
def test_a_run_killed_again_and_again_ends_with_the_weights_of_an_unbroken_one(
    kills: int, tmp_path: Path
) -> None:
    project = small_digits(
        epochs=24, batch_size=16, average=0.99, threads=1, scheduler=Choice("CosineAnnealingLR")
    )
    nnd.save(project, tmp_path / "x.nnd")
    chance = random.Random(11)
    folder = tmp_path / "x.runs" / "0001"
    for time in range(kills):
        which = ["--resume"] if folder.exists() and (folder / "receipt.json").exists() else []
        one = subprocess.Popen(
            [sys.executable, "-m", "nndesigner", "train", str(tmp_path / "x.nnd"), *which],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert one.stdout is not None
        one.stdout.readline()  # the first epoch, or which run it goes on with
        if which:
            one.stdout.readline()
        with contextlib.suppress(subprocess.TimeoutExpired):
            one.wait(chance.uniform(0, 0.2))
        one.send_signal(signal.SIGKILL)
        one.stdout.close()
        one.wait()
        found = runs.info(folder)
        assert found.status == "interrupted", (time, found)
        for name in ("best.safetensors", "last.safetensors"):
            if (folder / name).exists():
                weights.load(folder / name)
    again = finished(list(record(resume(folder), folder)))
    assert again.weights_sha256 == finished(list(train(prepare(project)))).weights_sha256
    epochs = [report.epoch for report in runs.curves(folder) if isinstance(report, EpochEnded)]
    assert epochs == list(range(1, 25))
    assert not list(folder.glob(".*"))
    assert len(json.loads((folder / "receipt.json").read_text())["sittings"]) == kills + 1
    assert isinstance(runs.curves(folder)[0], Began)
