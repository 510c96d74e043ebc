"""Training, told in a line that moves and a line an epoch; kept as a run, and gone on with."""

import argparse
import contextlib
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nndesigner import nnd
from nndesigner.cli import beginning, choosing, options, stopping
from nndesigner.cli.answer import FAILED, Answer, Command, WrongUse, say
from nndesigner.project import Project

if TYPE_CHECKING:
    from nndesigner.training.report import Metrics, Report
    from nndesigner.training.session import Session

_LAST = ""  # --resume without a number
_PACE = 0.1  # seconds between two looks of the line that moves


def _train(chosen: argparse.Namespace) -> Answer:
    _fit_together(chosen)
    found = choosing.find(chosen)
    from nndesigner.training import runs
    from nndesigner.training.ranks import ranks
    from nndesigner.training.run import TrainingError

    if not (leads := ranks().leads):
        chosen.json, chosen.quiet = False, True
    seen: list[Report] = []
    try:
        session, folder = _session(found, chosen, leads)
        return _run(session, folder, chosen, seen)
    except runs.RunsError as error:
        return FAILED, {"error": str(error)}
    except TrainingError as error:
        from nndesigner.training import result

        return FAILED, {"error": str(error), **result.summary(seen)}


def _fit_together(chosen: argparse.Namespace) -> None:
    """Raises `WrongUse` for options that contradict one another."""
    if chosen.resume is not None:
        for name in ("data", "output", "weights"):
            if getattr(chosen, name):
                raise WrongUse(f"--resume goes on with a run as it was: it can't be given --{name}")
        if chosen.no_keep:
            raise WrongUse("--resume goes on with a run that is kept: it can't be given --no-keep")
    elif chosen.no_keep and (chosen.output or chosen.tensorboard):
        raise WrongUse("--no-keep keeps nothing: it can't be given --output or --tensorboard")
    if not chosen.slower > 0:
        raise WrongUse(f"--slower is a number above 0, such as 0.1, not {chosen.slower:g}")


def _session(found: Project, chosen: argparse.Namespace, leads: bool) -> "tuple[Session, Path | None]":
    """The session that is to be run, and the folder it is to be kept in; none where it is not kept, or not by this process."""
    from nndesigner.training import recording, runs
    from nndesigner.training.run import prepare
    from nndesigner.training.session import Session

    if chosen.resume is not None:
        folder = _kept(chosen.resume, choosing.home(chosen, found))
        changed = None
        if choosing.is_set(chosen):
            changed = choosing.with_settings(
                choosing.trusted(nnd.load(folder / runs.PROJECT), chosen), chosen
            )
        say(chosen, f"going on with {folder}")
        return recording.resume(folder, changed, slower=chosen.slower), folder if leads else None
    found = choosing.with_settings(choosing.with_data(found, chosen), chosen)
    _check_there(found)
    run = prepare(found, beginning.start(chosen))
    where = chosen.output or choosing.home(chosen, found)
    if leads and not chosen.no_keep:
        _check_writable(where, chosen)  # before hours of work, not after
    session = Session(run, slower=chosen.slower)
    if session.started is not None:
        say(chosen, f"begins with {chosen.weights}: {session.started}")
    if chosen.no_keep or not leads:
        return session, None
    return session, chosen.output or runs.new(where)


def _kept(which: str, home: Path) -> Path:
    """The folder of the run that is meant: by its number, by its folder, or the last one."""
    from nndesigner.training import runs

    if which == _LAST:
        return runs.find(home)
    if which.isdecimal():
        return runs.find(home, int(which))
    if (Path(which) / runs.RECEIPT).is_file():
        return Path(which)
    raise WrongUse(f"{which} is neither the number of a run nor the folder of one")


def _check_there(found: Project) -> None:
    from nndesigner.data import fetching
    from nndesigner.training.run import TrainingError

    data_set = found.data_set()
    if data_set is not None and data_set.fetched and not fetching.present(data_set.name):
        raise TrainingError(
            f"{data_set.title} is not on this computer yet: get it with “nndesigner data get {data_set.name}”"
        )


def _check_writable(where: Path, chosen: argparse.Namespace) -> None:
    from nndesigner.training import runs

    if chosen.output and (where / runs.RECEIPT).exists():
        raise WrongUse(
            f"there is a run in {where} already: go on with it by --resume {where}, or choose another folder"
        )
    try:
        where.mkdir(parents=True, exist_ok=True)
        probe = where / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise runs.RunsError(
            f"the run can't be kept in {where}: {runs.words(error)}. Choose a folder with -o, or train with --no-keep"
        ) from None


def _run(session: "Session", folder: Path | None, chosen: argparse.Namespace, seen: "list[Report]") -> Answer:
    from nndesigner.training import recording, result
    from nndesigner.training.report import Stepped
    from nndesigner.training.run import TrainingError

    recorded = (
        recording.Recording(session, folder, with_tensorboard=chosen.tensorboard)
        if folder is not None
        else None
    )
    reports = recorded.reports() if recorded is not None else session.reports()
    where = {"path": str(folder)} if folder is not None else {}
    try:
        with stopping.noted() as asked, contextlib.closing(reports), _Line(session, chosen) as line:
            for report in reports:
                line.show(report)
                if not isinstance(report, Stepped):
                    seen.append(report)
                if asked:
                    break
    except TrainingError as error:
        return FAILED, {"error": _with_hint(str(error), folder, chosen), **result.summary(seen), **where}
    answer = {**result.summary(seen), **where}
    if asked and "test" not in answer:
        left = f", and is kept: go on with {_resuming(folder, chosen)}" if folder is not None else ""
        return FAILED, {"error": f"stopped after step {session.step:,}{left}", **answer}
    if folder is not None:
        say(chosen, f"kept in {folder}")
    return 0, answer


def _with_hint(words: str, folder: Path | None, chosen: argparse.Namespace) -> str:
    from nndesigner.training import runs

    if folder is None or not (folder / runs.CHECKPOINT).exists():
        return words
    slower = " --slower 0.1" if "no number any more" in words else ""
    return f"{words}. Go on from there with {_resuming(folder, chosen)}{slower}"


def _resuming(folder: Path | None, chosen: argparse.Namespace) -> str:
    which = folder if folder is None or not folder.name.isdecimal() else int(folder.name)
    return f"“nndesigner train {chosen.project} --resume {which}”"


class _Line:
    """The line that moves while a run goes on, and the lines that stay."""

    def __init__(self, session: "Session", chosen: argparse.Namespace) -> None:
        from tqdm import tqdm

        self._chosen, self._records = chosen, session.records_per_step
        self._bar: Any = tqdm(
            unit="step",
            disable=True if getattr(chosen, "quiet", False) else None,
            leave=False,
            bar_format="{percentage:3.0f}% {bar} {n_fmt}/{total_fmt}, {remaining} left{postfix}",
        )
        self._metrics = ""
        self._shown, self._step = time.monotonic(), 0

    def __enter__(self) -> "_Line":
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def show(self, report: "Report") -> None:
        """Shows a report."""
        from nndesigner.training import report as reports

        match report:
            case reports.Stepped():
                self._move(report)
            case reports.Began():
                self._bar.total = report.epochs * report.steps_per_epoch
                self._bar.initial = self._bar.n = self._step = report.step
                self._bar.reset(self._bar.total) if not report.step else self._bar.refresh()
            case reports.EpochEnded():
                others = [name for name in report.validation if name != "loss"]
                self._metrics = "".join(
                    f", validation {name.replace('_', ' ')} {report.validation[name]:.4f}" for name in others
                )
                self._say(epoch_line(report))
            case reports.Finished():
                reason = f"ended early: {report.reason}\n" if report.reason else ""
                self._say(f"{reason}test {figures(report.test)}\nweights {report.weights_sha256}")

    def _move(self, report: Any) -> None:
        now = time.monotonic()
        if (since := now - self._shown) < _PACE or self._bar.disable:
            return
        made = report.step - self._step
        rate = f"{report.learning_rate:.3g}"
        self._bar.set_postfix_str(
            f"loss {report.loss:.4f}{self._metrics}, rate {rate}, {made * self._records / since:,.0f} samples/s",
            refresh=False,
        )
        self._bar.update(made)
        self._shown, self._step = now, report.step

    def _say(self, words: str) -> None:
        with self._bar.external_write_mode():
            say(self._chosen, words)


def figures(metrics: "Metrics") -> str:
    """Metrics in the words of the exported script."""
    return ", ".join(
        f"{name.replace('_', ' ')} {value:.{6 if name == 'loss' else 4}f}" for name, value in metrics.items()
    )


def epoch_line(report: Any) -> str:
    """An epoch's figures, in the words of the exported script."""
    return f"epoch {report.epoch}: train {figures(report.train)}; validation {figures(report.validation)}"


def _options(one: argparse.ArgumentParser) -> None:
    choosing.data_option(one)
    choosing.setting_options(one)
    beginning.weights_option(one)
    one.add_argument(
        "--resume", nargs="?", const=_LAST, metavar="RUN",
        help="go on with a run, by its number or folder; without one, with the last. Settings that are given take the "
        "place of the run's own, such as more epochs",
    )  # fmt: skip
    one.add_argument(
        "--slower", type=float, default=1.0, metavar="FACTOR",
        help="multiply all learning rates, such as by 0.1 after a run that went to infinity",
    )  # fmt: skip
    one.add_argument(
        "--tensorboard",
        action="store_true",
        help="write event files for TensorBoard too, into the run's folder",
    )
    one.add_argument(
        "-o", "--output", type=Path, metavar="FOLDER",
        help="the folder of the run, in place of a numbered one beside the project",
    )  # fmt: skip
    one.add_argument("--no-keep", action="store_true", help="keep no run")


TRAIN = Command(
    _train,
    "train a project, and keep the run beside it",
    (options.project, _options),
)
