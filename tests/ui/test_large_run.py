"""A run in the window's thread whose data are read from files by processes of their own."""

import multiprocessing

from nndesigner.training.report import Finished, Stepped
from nndesigner.training.run import prepare, train
from nndesigner.ui.training_thread import Job, TrainingThread
from tests.files import many_pictures, reading_files

LONG = 120_000


def steps(seen):
    return [report for report in seen if isinstance(report, Stepped)]


def running(job, places):
    thread, seen = TrainingThread(job), []
    thread.placed.connect(places.append)
    thread.reported.connect(seen.extend)
    thread.failed.connect(lambda words: seen.append(words))
    thread.start()
    return thread, seen


def test_a_run_that_reads_files_is_paused_stepped_stopped_and_gone_on_with(qtbot, tmp_path, monkeypatch):
    reading_files(monkeypatch)
    project = many_pictures(tmp_path / "animals", {"shift": 1.0}, epochs=3)
    *_, expected = train(prepare(project))
    before = set(multiprocessing.active_children())
    places = []

    thread, seen = running(Job(tmp_path / "runs", project), places)
    thread.pause()
    qtbot.waitUntil(lambda: len(steps(seen)) == 1, timeout=LONG)
    thread.step()
    qtbot.waitUntil(lambda: len(steps(seen)) == 2, timeout=LONG)
    assert set(multiprocessing.active_children()) > before
    thread.finish()
    assert set(multiprocessing.active_children()) == before

    qtbot.waitUntil(lambda: bool(places), timeout=LONG)
    thread, seen = running(Job(places[0]), [])
    qtbot.waitUntil(thread.isFinished, timeout=LONG)
    qtbot.waitUntil(lambda: bool(seen) and isinstance(seen[-1], Finished), timeout=LONG)
    assert seen[-1].weights_sha256 == expected.weights_sha256
    assert set(multiprocessing.active_children()) == before


def test_a_run_stopped_before_its_first_batch_leaves_nothing_behind(qtbot, tmp_path, monkeypatch):
    reading_files(monkeypatch)
    project = many_pictures(tmp_path / "animals", {})
    before = set(multiprocessing.active_children())
    thread, seen = running(Job(tmp_path / "runs", project), [])
    thread.finish()
    qtbot.waitUntil(thread.isFinished, timeout=LONG)
    assert not [one for one in seen if isinstance(one, str)]
    assert set(multiprocessing.active_children()) == before
