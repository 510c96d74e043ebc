"""Runs kept beside the project, each in a numbered folder: where they are, what came of them, notes, deleting.

Nothing here needs torch, so a table of runs is there at once. What puts a run into its folder, and goes on with it, is
in `recording`.
"""

import errno
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import platformdirs

from nndesigner import files, nnd
from nndesigner.nnd import ProjectError
from nndesigner.project import Project
from nndesigner.training import journal, lock
from nndesigner.training.changes import changes
from nndesigner.training.report import Began, EpochEnded, Finished, Metrics, Report

PROJECT, JOURNAL, RECEIPT, CHECKPOINT = "project.nnd", "reports.jsonl", "receipt.json", "checkpoint.pt"
BEST, LAST, PREPARED, NOTE, LOCK = "best.safetensors", "last.safetensors", "prepared.json", "note.txt", "lock"
TENSORBOARD = "tensorboard"
Status = Literal["running", "finished", "stopped", "failed", "interrupted"]
_ENDED: tuple[Status, ...] = ("finished", "stopped", "failed")
_SLUG = 64


class RunsError(RuntimeError):
    """A run that is not there, or can't be kept or changed; its text is meant for people."""


@dataclass(frozen=True)
class RunInfo:
    """A run as it stands in a table. `epochs` are those it has done, `epochs_set` those it was to do.

    `best` are the validation metrics of `best_epoch`, the one with the lowest validation loss; `test` what was measured
    at its end. `interrupted` means that its process is gone without a word. `seconds` are those of training. `changes`
    tells what was set otherwise than in the run before; `reason` why it failed, or ended early.
    """

    number: int
    folder: Path
    started: datetime | None
    status: Status
    epochs: int = 0
    epochs_set: int = 0
    best: Metrics = field(default_factory=dict)
    best_epoch: int = 0
    test: Metrics = field(default_factory=dict)
    seconds: float = 0.0
    changes: tuple[str, ...] = ()
    note: str = ""
    reason: str = ""


def home(path: Path | None, project: Project, example: str = "") -> Path:
    """Where the runs of a project are kept: beside its file, or else with the data of the program under its name."""
    if path is not None:
        return path.with_name(f"{path.stem}.runs")
    name = re.sub(r"[^\w-]+", "-", (example or project.title or "untitled").lower()).strip("-_")[:_SLUG]
    return Path(platformdirs.user_data_dir("nndesigner", appauthor=False)) / "runs" / (name or "untitled")


def new(where: Path) -> Path:
    """Makes the folder of the next run in a home of runs, for this process alone; raises `RunsError`."""
    try:
        where.mkdir(parents=True, exist_ok=True)
        number = max(_numbers(where), default=0) + 1
        while True:
            folder = where / f"{number:04}"
            try:
                folder.mkdir()
                return folder
            except FileExistsError:
                number += 1
    except OSError as error:
        raise RunsError(f"runs can't be kept in {where}: {words(error)}") from None


def runs_of(where: Path) -> list[RunInfo]:
    """All runs in a home of runs, the first one first; nothing where there is none."""
    found: list[RunInfo] = []
    earlier: Project | None = None
    weights = ""  # of the run before
    for number in sorted(_numbers(where)):
        folder = where / f"{number:04}"
        if not (folder / RECEIPT).is_file():
            continue  # just being made, or half deleted
        try:
            project: Project | None = nnd.load(folder / PROJECT)
        except ProjectError:
            project = None
        differing = changes(earlier, project) if earlier is not None and project is not None else ()
        before, weights = weights, _start(folder)
        if weights != before:
            differing += (f"starts from {weights}" if weights else "starts from random weights",)
        found.append(info(folder, differing))
        earlier = project or earlier
    return found


def info(folder: Path, differing: tuple[str, ...] = ()) -> RunInfo:
    """What came of the run in a folder, as far as it can be read."""
    receipt = receipt_of(folder)
    try:
        reports = journal.read(folder / JOURNAL, Began, EpochEnded, Finished)
    except OSError:
        reports = []
    epochs = [report for report in reports if isinstance(report, EpochEnded)]
    began = next((report for report in reversed(reports) if isinstance(report, Began)), None)
    finished = next((report for report in reversed(reports) if isinstance(report, Finished)), None)
    best = next((report for report in reversed(epochs) if report.best), None)
    return RunInfo(
        int(folder.name) if folder.name.isdecimal() else 0,
        folder,
        _moment(receipt),
        _status(folder, receipt),
        epochs[-1].epoch if epochs else 0,
        began.epochs if began else 0,
        best.validation if best else {},
        best.epoch if best else 0,
        finished.test if finished else {},
        finished.seconds if finished else _seconds(receipt) or sum(report.seconds for report in epochs),
        differing,
        note(folder),
        str(receipt.get("reason") or ""),
    )


def find(where: Path, number: int | None = None) -> Path:
    """The folder of a run by its number, or of the last run; raises `RunsError` with those there are."""
    numbers = [one for one in sorted(_numbers(where)) if (where / f"{one:04}" / RECEIPT).is_file()]
    if not numbers:
        raise RunsError(f"there is no run in {where}")
    if number is not None and number not in numbers:
        listed = ", ".join(map(str, numbers))
        raise RunsError(f"there is no run {number} in {where}; there are {listed}")
    return where / f"{numbers[-1] if number is None else number:04}"


def curves(folder: Path) -> list[Report]:
    """The reports of a run that were kept, in order; raises `RunsError` where they can't be read."""
    try:
        return journal.read(folder / JOURNAL)
    except OSError as error:
        raise RunsError(f"the reports of {folder} can't be read: {words(error)}") from None


def receipt_of(folder: Path) -> dict[str, Any]:
    """What stands on the receipt of a run; nothing where it can't be read."""
    try:
        found = json.loads((folder / RECEIPT).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def note(folder: Path) -> str:
    """What a person wrote about a run."""
    try:
        return (folder / NOTE).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def set_note(folder: Path, text: str) -> None:
    """Writes a note to a run, or takes it away where the text is empty; raises `RunsError`."""
    try:
        if text.strip():
            files.write(folder / NOTE, f"{text.strip()}\n".encode())
        else:
            (folder / NOTE).unlink(missing_ok=True)
    except OSError as error:
        raise RunsError(f"the note of {folder} can't be written: {words(error)}") from None


def delete(folder: Path) -> None:
    """Deletes a run with all that was kept of it; raises `RunsError`, also while it is going on."""
    if not (folder / RECEIPT).is_file():
        raise RunsError(f"{folder} holds no run")
    if lock.is_held(folder / LOCK):
        raise RunsError(f"run {folder.name.lstrip('0')} is going on: stop it before it is deleted")
    try:
        # First the receipt: what is left of a deletion that was cut short is no run any more.
        (folder / RECEIPT).unlink()
        shutil.rmtree(folder)
    except OSError as error:
        raise RunsError(f"{folder} can't be deleted: {words(error)}") from None


def words(error: OSError) -> str:
    """What the system says, in words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full"
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "it is no folder"
    return (error.strerror or str(error)).lower()


def _start(folder: Path) -> str:
    """The name of the file of weights that a run began with, if it did not begin with random ones."""
    start = receipt_of(folder).get("start")
    return Path(str(start.get("path"))).name if isinstance(start, dict) else ""


def _numbers(where: Path) -> list[int]:
    try:
        return [int(one.name) for one in where.iterdir() if re.fullmatch(r"\d{4,}", one.name)]
    except OSError:
        return []


def _status(folder: Path, receipt: Mapping[str, Any]) -> Status:
    if lock.is_held(folder / LOCK):
        return "running"
    told = receipt.get("status")
    return next((status for status in _ENDED if status == told), "interrupted")


def _seconds(receipt: Mapping[str, Any]) -> float:
    found = receipt.get("seconds")
    return float(found) if isinstance(found, int | float) else 0.0


def _moment(receipt: Mapping[str, Any]) -> datetime | None:
    try:
        return datetime.fromisoformat(receipt["sittings"][0]["began"])
    except (KeyError, IndexError, TypeError, ValueError):
        return None
