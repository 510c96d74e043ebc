"""Kills runs with SIGKILL at random moments, resumes them, and holds their weights against those of unbroken runs.

`python tests/benchmarks/kills.py [COUNT] [SEED]`: after each kill every file of the run must be whole, and each resumed
run must end with the very weights. Ends with 1 where one does not.
"""

import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from nndesigner import nnd  # noqa: E402
from nndesigner.project import Choice, Project  # noqa: E402
from nndesigner.training import checkpoint, runs, weights  # noqa: E402
from nndesigner.training.report import Finished  # noqa: E402
from tests.conftest import residual_digits, small_digits  # noqa: E402


def projects() -> dict[str, Project]:
    """Runs of a few seconds in which much decides the weights: dropout, variation, averages, schedules."""
    varied = small_digits(
        epochs=25, batch_size=16, threads=1, average=0.99, scheduler=Choice("CosineAnnealingLR"), clip=1.0
    )
    data = varied.graph.nodes["data"].with_param("shift", 1.0).with_param("noise", 0.1)
    return {
        "varied": replace(varied, graph=varied.graph.replace_node(data)),
        "residual": residual_digits(
            epochs=3, threads=1, accumulate=2, patience=2, scheduler=Choice("OneCycleLR", {"max_lr": 0.01})
        ),
        "many short epochs": small_digits(
            epochs=60, batch_size=200, threads=1, optimizer=Choice("SGD", {"momentum": 0.9})
        ),
    }


def trained(*words: str) -> subprocess.Popen[bytes]:
    """The command line at work."""
    return subprocess.Popen(
        [sys.executable, "-m", "nndesigner", "train", *words],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def weights_of(folder: Path) -> str:
    """The SHA-256 of the weights a finished run in a folder ended with."""
    last = runs.curves(folder)[-1]
    return last.weights_sha256 if isinstance(last, Finished) else ""


def broken(folder: Path) -> list[str]:
    """The files of a run that can't be read."""
    found = []
    checks = {
        runs.CHECKPOINT: checkpoint.read, runs.BEST: weights.load, runs.LAST: weights.load, runs.PROJECT: nnd.load,
    }  # fmt: skip
    for name, check in checks.items():
        path = folder / name
        if path.exists():
            try:
                check(path)
            except ValueError as error:
                found.append(str(error))
    if (folder / runs.RECEIPT).exists() and not runs.receipt_of(folder):
        found.append(f"{folder / runs.RECEIPT} can't be read")
    return found


def main(count: int, seed: int) -> int:
    """Kills so many runs; tells each and the sum."""
    chance = random.Random(seed)
    place = Path(tempfile.mkdtemp(prefix="kills-"))
    expected, lengths = {}, {}
    for name, project in projects().items():
        nnd.save(project, place / f"{name}.nnd")
        folder = place / f"{name} unbroken"
        assert trained(str(place / f"{name}.nnd"), "-o", str(folder)).wait() == 0
        expected[name], lengths[name] = weights_of(folder), runs.info(folder).seconds
        print(f"{name}: {lengths[name]:.1f} s, {expected[name][:16]}", flush=True)
    names = list(expected)
    bad = killed = begun = 0
    while killed < count:
        name, begun = names[killed % len(names)], begun + 1
        file, folder = str(place / f"{name}.nnd"), place / str(begun)
        one = trained(file, "-o", str(folder))
        while not (folder / runs.RECEIPT).exists() and one.poll() is None:
            time.sleep(0.002)
        moment = chance.uniform(0, lengths[name])
        time.sleep(moment)
        one.send_signal(signal.SIGKILL)
        code, status, wrong = one.wait(), runs.info(folder).status, broken(folder)
        if code != -signal.SIGKILL or status == "finished":
            continue  # it was quicker this time
        killed += 1
        step = (
            checkpoint.read(folder / runs.CHECKPOINT)["numbers"]["step"]
            if (folder / runs.CHECKPOINT).exists()
            else 0
        )
        again = trained(file, "--resume", str(folder))
        code = again.wait()
        equal = code == 0 and weights_of(folder) == expected[name]
        bad += not equal or bool(wrong)
        print(
            f"{killed}: {name}, killed after {moment:.2f} s ({status}), gone on with from step {step}: "
            f"{'the same weights' if equal else f'OTHER WEIGHTS, exit code {code}'}{', '.join(['', *wrong])}",
            flush=True,
        )
    print(f"{killed} runs were killed and gone on with; {bad} with other weights or a broken file")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in (*sys.argv[1:], *("50", "1")[len(sys.argv) - 1 :]))))
