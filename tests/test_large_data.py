"""Data too large for memory: read from their files while they are learned from, to the same end as data that are held."""

import multiprocessing
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from nndesigner import script
from nndesigner.data import parts, recipe
from nndesigner.data.large import BatchReader, FilePart, FilesDataset
from nndesigner.data.own.pictures import find_images, read_images
from nndesigner.data.own.sounds import find_sounds, read_sounds
from nndesigner.data.parts import HeldPart, Parts
from nndesigner.data.showing import opened
from nndesigner.data.showing.overview import overview
from nndesigner.data.showing.page import page
from nndesigner.model import weights_sha256
from nndesigner.project import Project, Training
from nndesigner.training import checkpoint, runs
from nndesigner.training.evaluation import evaluate
from nndesigner.training.recording import Recording, resume
from nndesigner.training.report import Began, Finished, Report, Stepped
from nndesigner.training.run import TrainingError, prepare, train
from nndesigner.training.session import Session
from nndesigner.training.trials import Finding, initial_loss
from tests.files import many_pictures, many_sounds, reading_files


@pytest.fixture(autouse=True)
def none_is_left() -> Iterator[None]:
    """No process that reads outlives what it was started for."""
    before = set(multiprocessing.active_children())
    yield
    assert set(multiprocessing.active_children()) <= before


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Every folder counts as large."""
    reading_files(monkeypatch)
    return monkeypatch


def loaded(project: Project) -> Parts:
    data_set, node = project.data_set(), project.data_node()
    assert data_set is not None and node is not None
    return parts.load(data_set, node.params, project.training)


def held(project: Project, large: pytest.MonkeyPatch) -> Parts:
    """The same data in memory, fitted on the same sample."""
    fitted = loaded(project).fitted
    data_set, node = project.data_set(), project.data_node()
    assert data_set is not None and node is not None
    with large.context() as patch:
        patch.setattr(recipe, "LARGE", 1 << 40)
        return parts.load(data_set, node.params, project.training, fitted)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the weights of three epochs hash to, read from files and never disturbed."""
    with pytest.MonkeyPatch.context() as patch:
        reading_files(patch)
        *_, last = train(prepare(many_pictures(tmp_path_factory.mktemp("whole"), {}, epochs=3)))
    assert isinstance(last, Finished)
    return last.weights_sha256


def readers() -> int:
    return len(multiprocessing.active_children())


def test_a_folder_is_large_by_its_numbers_not_by_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = many_pictures(tmp_path / "animals", {}, count=4)
    data_set = project.data_set()
    assert data_set is not None
    record = 4 * 3 * 8 * 8
    assert not recipe.is_large(replace(data_set, size=2 * 2**30 // record), {})
    assert recipe.is_large(replace(data_set, size=2 * 2**30 // record + 1), {})
    assert isinstance(loaded(project).train, HeldPart)
    monkeypatch.setattr(recipe, "LARGE", 12 * record)
    assert isinstance(loaded(project).train, FilePart)


def test_batches_come_as_they_were_asked_for_are_those_of_memory_and_are_forgotten_when_left(
    tmp_path: Path, large: pytest.MonkeyPatch
) -> None:
    project = many_pictures(tmp_path / "animals", {})
    in_memory = held(project, large)
    order = torch.randperm(len(in_memory.train), generator=torch.Generator().manual_seed(3))
    wanted = [*torch.split(order, 13), order[:0], order[:1]]
    with closing(loaded(project)) as data:
        assert (data.data_sha256, data.split_sha256) != ("", in_memory.data_sha256)
        for _ in range(2):
            for batch, expected in zip(
                data.train.batches(wanted), in_memory.train.batches(wanted), strict=True
            ):
                assert batch.keys() == expected.keys() == {"image", "label"}
                assert all(torch.equal(batch[name], expected[name]) for name in batch)
        for one in ("validation", "test"):
            read, known = data.named(one).in_order(7), in_memory.named(one).in_order(7)
            for batch, expected in zip(read, known, strict=True):
                assert all(torch.equal(batch[name], expected[name]) for name in batch)
        assert torch.equal(
            data.test.batch(torch.tensor([2, 0]))["image"],
            in_memory.test.batch(torch.tensor([2, 0]))["image"],
        )
        left = data.train.batches(torch.split(torch.arange(80), 4))
        next(left)
        (batch,) = data.test.batches([torch.tensor([5, 1])])
        assert torch.equal(batch["image"], in_memory.test.batch(torch.tensor([5, 1]))["image"])


def test_sounds_read_from_files_are_those_of_memory(tmp_path: Path, large: pytest.MonkeyPatch) -> None:
    project = many_sounds(tmp_path / "words", {})
    in_memory = held(project, large)
    wanted = [torch.tensor([5, 40, 2]), torch.arange(20)]
    with closing(loaded(project)) as data:
        for batch, expected in zip(data.train.batches(wanted), in_memory.train.batches(wanted), strict=True):
            assert torch.allclose(batch["sound"], expected["sound"], atol=1e-5)
            assert torch.equal(batch["label"], expected["label"])
    assert set(find_sounds(str(tmp_path / "words"), ("no", "yes"), speaker=0)["group"]) == set("abcdefgh")


def test_a_run_that_reads_files_ends_with_the_weights_of_one_in_memory(
    tmp_path: Path, large: pytest.MonkeyPatch
) -> None:
    large.setattr(recipe, "_MOST_SAMPLED", 1000)
    run = prepare(many_pictures(tmp_path / "animals", {"shift": 1.0, "noise": 0.1}, split="stratified"))
    began, *_, read = train(run)
    assert isinstance(began, Began) and isinstance(read, Finished)
    assert began.notes == (
        "animals is too large for memory, so its 120 files are read while the network learns",
    )
    large.setattr(recipe, "LARGE", 1 << 40)
    began, *_, kept = train(run)
    assert isinstance(began, Began) and isinstance(kept, Finished)
    assert began.notes == ()
    assert (read.weights_sha256, read.test) == (kept.weights_sha256, kept.test)


def test_what_is_fitted_is_fitted_on_a_sample_of_the_training_part(
    tmp_path: Path, large: pytest.MonkeyPatch
) -> None:
    project = many_pictures(tmp_path / "animals", {})
    few = loaded(project)
    assert few.notes[0].endswith("; mean and deviation are those of 40 of them")
    assert few.fitted["image"][0].tolist() == loaded(project).fitted["image"][0].tolist()
    large.setattr(recipe, "_MOST_SAMPLED", 1000)
    every = loaded(project).fitted["image"][0]
    pixels = read_images(find_images(str(tmp_path / "animals"), ("cat", "dog", "owl"))["path"], (8, 8))[
        "image"
    ]
    assert every == pytest.approx(pixels[few.records["train"]].mean(axis=(0, 2, 3)))
    assert few.fitted["image"][0] == pytest.approx(every, rel=0.05)
    assert few.fitted["image"][0].tolist() != every.tolist()


def test_a_run_left_in_the_middle_of_an_epoch_ends_with_the_same_weights(
    tmp_path: Path, large: pytest.MonkeyPatch
) -> None:
    run = prepare(many_pictures(tmp_path / "animals", {"shift": 1.0}, accumulate=2, batch_size=10))
    session = Session(run)
    unbroken: list[Report] = []
    for report in session.reports():
        unbroken.append(report)
        if isinstance(report, Stepped) and report.step in (2, 6):
            checkpoint.write(tmp_path / f"{report.step}.pt", session.state())
    finished = unbroken[-1]
    assert isinstance(finished, Finished)
    for step in (2, 6):
        torch.rand(100)
        *_, last = Session(run, checkpoint.read(tmp_path / f"{step}.pt")).reports()
        assert isinstance(last, Finished)
        assert (last.weights_sha256, last.test) == (finished.weights_sha256, finished.test)


def test_the_processes_end_with_the_run_and_a_run_that_was_stopped_goes_on(
    tmp_path: Path, large: pytest.MonkeyPatch, whole: str
) -> None:
    run = prepare(many_pictures(tmp_path / "animals", {}, epochs=3))
    before = readers()
    recording = Recording(Session(run), tmp_path / "run")
    reports = recording.reports()
    while not isinstance(next(reports), Stepped):
        assert readers() == before  # they begin when the first batch is asked for
    assert readers() > before
    reports.close()
    assert readers() == before
    *_, last = Recording(resume(tmp_path / "run"), tmp_path / "run").reports()
    assert isinstance(last, Finished) and last.weights_sha256 == whole
    assert readers() == before
    assert runs.receipt_of(tmp_path / "run")["status"] == "finished"


def test_a_file_that_goes_or_breaks_in_the_middle_of_a_run_is_named(
    tmp_path: Path, large: pytest.MonkeyPatch, whole: str
) -> None:
    run = prepare(many_pictures(tmp_path / "animals", {}, epochs=3))
    recording = Recording(Session(run), tmp_path / "run")
    for epoch, harm, problem in (
        (2, Path.unlink, "there is no"),
        (3, lambda path: path.write_bytes(b"no picture"), "can't be read as a picture"),
    ):
        reports, kept = recording.reports(), 6 * (epoch - 1)
        while not isinstance(report := next(reports), Stepped) or report.step <= kept:
            pass
        session = recording.session
        assert session.order is not None and session.epoch == epoch
        path = Path(session.data.train.reader.files.paths[session.data.records["train"][session.order[-1]]])  # type: ignore[attr-defined]
        before = path.read_bytes()
        harm(path)
        with pytest.raises(TrainingError) as raised:
            list(reports)
        words = str(raised.value)
        assert words.count(str(path)) == 1 and "\n" not in words and "worker" not in words
        assert problem in words
        assert words.endswith(f"What was learned up to step {kept} (epoch {epoch - 1}) is kept")
        path.write_bytes(before)
        recording = Recording(resume(tmp_path / "run"), tmp_path / "run")
    *_, last = recording.reports()
    assert isinstance(last, Finished) and last.weights_sha256 == whole


def test_a_sound_that_goes_or_breaks_is_named(tmp_path: Path) -> None:
    many_sounds(tmp_path / "words", {})
    gone, broken = tmp_path / "words" / "no" / "a_99.wav", tmp_path / "words" / "no" / "a_0.wav"
    broken.write_bytes(b"no sound")
    with pytest.raises(FileNotFoundError, match="a_99"):
        read_sounds([str(gone)], 8000, 1.0)
    with pytest.raises(ValueError, match=r"a_0.wav can't be read as sound"):
        read_sounds([str(broken)], 8000, 1.0)


def test_a_file_that_is_gone_before_the_run_is_named(tmp_path: Path, large: pytest.MonkeyPatch) -> None:
    run = prepare(many_pictures(tmp_path / "animals", {}))
    (tmp_path / "animals" / "cat" / "000.png").unlink()
    with pytest.raises(TrainingError, match="animals has changed since it was added"):
        Session(run)


def test_a_network_is_evaluated_and_tried_on_files(tmp_path: Path, large: pytest.MonkeyPatch) -> None:
    run = prepare(many_pictures(tmp_path / "animals", {}, epochs=1))
    session = Session(run)
    *_, last = session.reports()
    assert isinstance(last, Finished)
    found = evaluate(run, session.trained.state_dict())
    assert found.figures["loss"] == pytest.approx(last.test["loss"])
    assert found.records == 24 and sum(map(sum, found.confusion)) == 24
    *_, finding = initial_loss(run)
    assert isinstance(finding, Finding) and finding.value > 0.5
    assert weights_sha256(session.trained.state_dict()) == last.weights_sha256


def test_the_script_of_large_data_alone_has_a_data_loader(tmp_path: Path, large: pytest.MonkeyPatch) -> None:
    project = many_pictures(tmp_path / "animals", {})
    text = script.write(project).text
    assert "DataLoader(" in text and "class FilesDataset(Dataset" in text and "import nndesigner" not in text
    large.setattr(recipe, "LARGE", 1 << 40)
    assert "DataLoader" not in script.write(project).text


HOLDING = """
import resource, sys
from contextlib import closing
from functools import partial
from pathlib import Path
import numpy as np
import torch
from nndesigner.data.own.pictures import find_images, read_images
from nndesigner.data.large import BatchReader, FilePart, FilesDataset

def most(who):
    return resource.getrusage(who).ru_maxrss / 1024

if __name__ == "__main__":
    paths = find_images(sys.argv[1], ("a",))["path"]
    read = partial(read_images, size=(256, 256))
    files = FilesDataset(paths, {"label": np.zeros(len(paths), np.int64)}, read)
    with closing(FilePart(BatchReader(files, 4), np.arange(len(paths)))) as part:
        batches = part.in_order(8)
        next(batches)
        before, seen = most(resource.RUSAGE_SELF), 8
        for batch in batches:
            seen += len(batch["label"])
    print(seen, most(resource.RUSAGE_SELF) - before, most(resource.RUSAGE_CHILDREN) - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory otherwise")
def test_only_what_is_looked_at_is_in_memory(tmp_path: Path) -> None:
    from PIL import Image

    (tmp_path / "pictures" / "a").mkdir(parents=True)
    for number in range(800):
        Image.new("RGB", (256, 256), (number % 256, 0, 0)).save(tmp_path / "pictures" / "a" / f"{number}.bmp")
    (tmp_path / "holding.py").write_text(HOLDING)
    done = subprocess.run(
        [sys.executable, tmp_path / "holding.py", tmp_path / "pictures"],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    seen, grown, in_processes = map(float, done.stdout.split())
    assert seen == 800
    assert grown < 40 and in_processes < 40, "MiB, where all pictures have 150"


def test_the_reading_processes_are_few_and_shared_by_runs_on_one_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from nndesigner.data import large

    monkeypatch.setattr(large.os, "sched_getaffinity", lambda _: set(range(64)), raising=False)
    assert large.processes() == 8
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "16")
    assert large.processes() == 3
    monkeypatch.setattr(large.os, "sched_getaffinity", lambda _: {0}, raising=False)
    assert large.processes() == 1


def test_readers_can_be_closed_twice_and_begin_again_and_draw_from_no_generator_of_a_run(
    tmp_path: Path, large: pytest.MonkeyPatch
) -> None:
    data = loaded(many_pictures(tmp_path / "animals", {}))
    part = data.train
    assert isinstance(part, FilePart) and isinstance(part.reader, BatchReader)
    assert isinstance(part.reader.files, FilesDataset)
    torch.manual_seed(4)
    expected = torch.rand(3)
    torch.manual_seed(4)
    part.close()
    first = next(part.in_order(4))
    list(part.batches(torch.split(torch.arange(20), 6)))
    list(data.validation.in_order(8))
    part.close()
    part.close()
    again = next(part.in_order(4))
    part.close()
    assert torch.equal(first["image"], again["image"])
    assert torch.equal(torch.rand(3), expected)


def test_a_large_folder_is_shown_by_some_of_its_records(tmp_path: Path, large: pytest.MonkeyPatch) -> None:
    large.setattr(opened, "_MOST_READ", 12)
    project = many_pictures(tmp_path / "animals", {})
    data_set = project.data_set()
    assert data_set is not None
    shown = opened.opened(data_set)
    whole = overview(shown, {}, Training())
    assert whole.size == 120 and whole.parts == (("train", 84), ("validation", 12), ("test", 24))
    classes = next(one for one in whole.distributions if one.names)
    assert classes.counts == (40, 40, 40)
    samples = page(shown, {}, Training(), 0, 50).samples
    names = {number: ("cat", "dog", "owl")[number // 40] for number in range(120)}
    assert len(samples) == 12 and {one.record for one in samples} >= {0, 119}
    assert all(one.picture is not None and names[one.record] == one.label for one in samples)


def test_a_large_folder_of_sounds_is_shown(tmp_path: Path, large: pytest.MonkeyPatch) -> None:
    data_set = many_sounds(tmp_path / "words", {}).data_set()
    assert data_set is not None
    shown = opened.opened(data_set)
    assert overview(shown, {}, Training()).size == 80
    assert page(shown, {}, Training(), 0, 5).samples[0].spectrogram is not None
