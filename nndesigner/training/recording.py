"""A run put into its folder while it goes on, and gone on with from there after it was left, stopped or killed."""

import contextlib
import json
import time
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from nndesigner import files, nnd, trust
from nndesigner.nnd import ProjectError
from nndesigner.project import Project
from nndesigner.training import checkpoint, journal, lock, prepared, receipt, runs, tensorboard, weights
from nndesigner.training.checkpoint import CheckpointError
from nndesigner.training.incoming import Start
from nndesigner.training.report import Diverged, EpochEnded, Finished, Report
from nndesigner.training.run import TrainingError, prepare
from nndesigner.training.runs import words
from nndesigner.training.session import Session

_SHARE = 20  # leaving a checkpoint takes no more than this part of the time
_LONGEST = 60.0  # seconds after which one is left in the middle of an epoch, too


class Recording:
    """A run that is being kept in a folder: `reports()` yields what the run tells, once it is written down.

    A checkpoint is left after each epoch; where epochs are so short that this would take more than a twentieth of the
    time, not after each; and within an epoch once a minute. `leave()` leaves one between two reports, as does closing
    the generator. `kept` says up to where the last one goes, in words; nothing where there is none yet.
    """

    def __init__(self, session: Session, folder: Path, *, with_tensorboard: bool = False) -> None:
        self.session, self.folder = session, folder
        self.kept = ""
        self._with_tensorboard = with_tensorboard
        self._receipt: dict[str, Any] = {}
        self._sitting: dict[str, Any] = {}
        self._journal: journal.Journal | None = None
        self._board: tensorboard.Board | None = None
        self._best_kept = 0
        self._left, self._cost = time.monotonic(), 0.0

    def reports(self) -> Generator[Report, None, None]:
        """The reports of the session, written down before they are yielded.

        Raises `TrainingError` as the session does, and where the folder can't be written or another process is at work
        on this run.
        """
        with contextlib.ExitStack() as held:
            with self._writing():
                self.folder.mkdir(parents=True, exist_ok=True)
                try:
                    held.enter_context(lock.held(self.folder / runs.LOCK))
                except lock.Held:
                    raise TrainingError(f"another process is training the run in {self.folder}") from None
            with self._writing():
                self._begin()
            held.callback(self._close)
            try:
                for report in self.session.reports():
                    with self._writing():
                        self._take(report)
                    yield report
            except GeneratorExit:
                self._stop()
                raise
            except TrainingError as error:
                self._end("failed", str(error))
                raise TrainingError(f"{error}. {self._way_back()}") from error.__cause__
            except BaseException as error:
                self._end("interrupted", str(error) or type(error).__name__)
                raise

    def leave(self) -> None:
        """Leaves a checkpoint and the weights as they are; only between two reports. Raises `TrainingError`."""
        with self._writing():
            self._leave()

    # Beginning.

    def _begin(self) -> None:
        session = self.session
        for left in self.folder.glob(".*.tmp"):  # of a process that was killed while it wrote
            left.unlink(missing_ok=True)
        before = runs.receipt_of(self.folder)
        self._receipt = _going_on(before, session) | receipt.of(session)
        self._sitting = receipt.sitting(session)
        self._receipt["sittings"] = [*self._receipt.pop("before", []), self._sitting]
        files.write(self.folder / runs.PROJECT, nnd.to_text(session.run.project).encode())
        prepared.save(self.folder / runs.PREPARED, session.data.fitted)
        earlier = journal.read(self.folder / runs.JOURNAL) if session.step else []
        self._journal = journal.Journal(
            self.folder / runs.JOURNAL, journal.before(earlier, session.epoch, session.step)
        )
        if self._with_tensorboard:
            self._board = tensorboard.Board(self.folder / runs.TENSORBOARD, session.step)
        if session.step:
            self.kept = _place(session)
            self._keep_weights()
        else:
            # What an earlier run left in this folder must not be taken for this one's.
            for name in (runs.CHECKPOINT, runs.BEST, runs.LAST):
                (self.folder / name).unlink(missing_ok=True)
        self._write_receipt()
        self._left = time.monotonic()

    # While it goes on.

    def _take(self, report: Report) -> None:
        assert self._journal is not None
        self._journal.add(report)
        if self._board is not None:
            self._board.add(report)
        since = time.monotonic() - self._left
        match report:
            case EpochEnded() if since >= _SHARE * self._cost:
                self._leave(lasting=False)
            case Finished():
                self._finish(report)
            case Diverged():
                pass  # the weights may be ruined: what is kept is better
            case _ if since >= max(_LONGEST, _SHARE * self._cost):
                self._leave(lasting=False)

    def _leave(self, lasting: bool = True) -> None:
        """Leaves a checkpoint; weights and receipt beside it can be made again from it, so they need not be `lasting`."""
        if not _sound(self.session):
            return
        began = time.monotonic()
        assert self._journal is not None
        self._journal.flush()
        self._keep_weights(lasting)
        checkpoint.write(self.folder / runs.CHECKPOINT, self.session.state())
        self.kept = _place(self.session)
        self._write_receipt(lasting)
        self._left = time.monotonic()
        self._cost = self._left - began

    def _keep_weights(self, lasting: bool = True) -> None:
        session, kept = self.session, self._receipt["weights"]
        if session.best and session.best_epoch != self._best_kept:
            kept[runs.BEST] = weights.save(self.folder / runs.BEST, session.best, lasting=lasting)
            self._best_kept = session.best_epoch
        kept[runs.LAST] = weights.save(self.folder / runs.LAST, session.trained.state_dict(), lasting=lasting)

    # Ending.

    def _finish(self, report: Finished) -> None:
        if self.session.training.patience:
            # The network has its best weights now: going on is from what was left before.
            self._keep_weights()
        else:
            self._leave()
        self._end("finished", report.reason)

    def _stop(self) -> None:
        if self._receipt["status"] == "finished":
            return
        with contextlib.suppress(OSError):
            self._leave()
        self._end("stopped", "")

    def _end(self, status: str, reason: str) -> None:
        self._receipt |= {"status": status, "reason": reason}
        self._sitting |= {"ended": receipt.now(), "to_step": self.session.step}
        with contextlib.suppress(OSError):
            self._write_receipt()

    def _close(self) -> None:
        if self._journal is not None:
            self._journal.close()
        if self._board is not None:
            self._board.close()

    def _write_receipt(self, lasting: bool = True) -> None:
        self._receipt["seconds"] = self.session.elapsed()
        content = json.dumps(self._receipt, indent=1) + "\n"
        files.write(self.folder / runs.RECEIPT, content.encode(), lasting=lasting)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise TrainingError(f"the run can't be kept in {self.folder}: {words(error)}") from error

    def _way_back(self) -> str:
        return f"What was learned up to {self.kept} is kept" if self.kept else "Nothing was kept yet"


def record(session: Session, folder: Path, *, with_tensorboard: bool = False) -> Iterator[Report]:
    """Trains and yields the reports of a session while the run is put into its folder; see `Recording`."""
    return Recording(session, folder, with_tensorboard=with_tensorboard).reports()


def resume(folder: Path, project: Project | None = None, *, slower: float = 1.0) -> Session:
    """The session of the run in a folder as it was left, to be recorded there again.

    A `project` takes the place of the run's own: with more epochs, or another learning rate. `slower` multiplies all
    learning rates from here on. Without both, the run ends with the very weights it would have had without a break.
    Raises `TrainingError`, also where the data are not what they were.
    """
    before = runs.receipt_of(folder)
    if not before:
        raise TrainingError(f"there is no run in {folder}")
    place = folder / runs.CHECKPOINT
    try:
        # Where it was killed before it left one, it goes on from its beginning.
        state = checkpoint.read(place) if place.exists() else None
        own = nnd.load(folder / runs.PROJECT) if project is None else project
    except (CheckpointError, ProjectError) as error:
        raise TrainingError(str(error)) from None
    if project is None and own.code:
        own = replace(own, trusted=trust.trusted())
    run = prepare(own, _start_of(before))
    threads = int(state["numbers"]["threads"]) if state is not None else run.threads
    if threads != run.threads and not own.training.threads:
        # The number of threads decides the last bits, and this machine would choose another.
        run = prepare(replace(own, training=replace(own.training, threads=threads)), run.start)
    session = Session(run, state, slower=slower)
    _check_data(session, before)
    return session


def _check_data(session: Session, before: dict[str, Any]) -> None:
    """Raises `TrainingError` where a run would go on with other data, or another split, than it began with."""
    data = before.get("data", {})
    title = session.run.data_set.title
    if data.get("sha256") != session.data.data_sha256:
        raise TrainingError(
            f"{title} is not what it was when the run began, so the run can't go on with it: put the data back as it "
            "was, or begin a new run"
        )
    if data.get("split_sha256") != session.data.split_sha256:
        raise TrainingError(
            f"{title} is split otherwise than when the run began, so that records kept for the test would be learned "
            "from: set the split as it was, or begin a new run"
        )


def _going_on(before: dict[str, Any], session: Session) -> dict[str, Any]:
    sittings = before.get("sittings")
    kept = {"start": before["start"]} if session.run.start is not None and "start" in before else {}
    return {"before": sittings if isinstance(sittings, list) else [], **kept}


def _start_of(before: dict[str, Any]) -> Start | None:
    """The weights a run began with, as its receipt says."""
    start = before.get("start")
    if not isinstance(start, dict):
        return None
    return Start(Path(str(start.get("path"))), str(start.get("sha256")), bool(start.get("by_order")))


def _place(session: Session) -> str:
    done = session.epoch - 1
    return f"step {session.step:,}" + (f" (epoch {done})" if session.order is None and done else "")


@torch.no_grad()
def _sound(session: Session) -> bool:
    """Whether all weights are numbers; those that are not are no way back."""
    return all(
        bool(torch.isfinite(value).all())
        for value in session.network.state_dict().values()
        if value.is_floating_point()
    )
