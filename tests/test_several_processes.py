"""Scripts and runs in several processes: all of them see the same figures, and so do the same and end together."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from nndesigner import nnd, script
from nndesigner.graph import Node
from nndesigner.project import Choice, Project
from tests.conftest import small_digits

REPOSITORY = str(Path(__file__).parents[1])
START = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]

# Runs a script, and writes what each process has measured.
WATCHED = """
import json, os, sys
import exported

measured, evaluate = [], exported.evaluate


def evaluate_and_note(*given):
    found = evaluate(*given)
    measured.append(found)
    return found


exported.evaluate = evaluate_and_note
if __name__ == "__main__":
    exported.main(["--device", "cpu", "--threads", "1", *sys.argv[1:]])
    weights = sum(float(weight.double().abs().sum()) for weight in MODELS[-1].parameters())
    with open(f"measured{exported.RANK}.json", "w") as file:
        json.dump([measured, weights], file)
"""
KEPT = (
    "exported.fit, MODELS = (lambda fit: lambda *a: MODELS.append(fit(*a)) or MODELS[-1])(exported.fit), []\n"
)


def normalized(**training: object) -> Project:
    """With a batch norm, whose statistics each process has of its own records."""
    project = small_digits(batch_size=128, **training)
    place = project.graph.incoming["relu1"]["input"]
    graph = project.graph.insert(Node("norm1", "BatchNorm2d"), place, "input", "output")
    return replace(project, graph=graph)


def started(folder: Path, words: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*START, *words],
        cwd=folder,
        env={**os.environ, "OMP_NUM_THREADS": "1", **environment},
        capture_output=True,
        text=True,
        timeout=500,
    )
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.thorough
@pytest.mark.parametrize(
    "settings",
    [
        {"epochs": 4, "scheduler": Choice("ReduceLROnPlateau", {"patience": 0}), "patience": 2},
        {"epochs": 200, "minutes": 0.1},
        {"epochs": 2, "optimizer": Choice("LBFGS", {"max_iter": 3, "line_search_fn": "strong_wolfe"})},
    ],
    ids=["plateau", "minutes", "LBFGS"],
)
def test_all_processes_of_a_script_measure_the_same_and_end_together(
    settings: dict[str, object], tmp_path: Path
) -> None:
    (tmp_path / "exported.py").write_text(script.write(normalized(**settings)).text)
    (tmp_path / "watched.py").write_text(
        WATCHED.replace("measured, evaluate", KEPT + "measured, evaluate", 1)
    )
    started(tmp_path, ["watched.py"])
    (one, weights), (two, weights_too) = (
        json.loads((tmp_path / f"measured{rank}.json").read_text()) for rank in (0, 1)
    )
    assert len(one) > 1 and one == two
    assert weights == weights_too


@pytest.mark.thorough
@pytest.mark.parametrize(
    "settings",
    [
        {"epochs": 3, "scheduler": Choice("ReduceLROnPlateau", {"patience": 0}), "patience": 2},
        {"epochs": 200, "minutes": 0.1},
        {"epochs": 2, "optimizer": Choice("LBFGS", {"max_iter": 3, "line_search_fn": "strong_wolfe"})},
    ],
    ids=["plateau", "minutes", "LBFGS"],
)
def test_all_processes_of_a_run_end_together(settings: dict[str, object], tmp_path: Path) -> None:
    nnd.save(normalized(threads=1, device="cpu", **settings), tmp_path / "small.nnd")
    words = ["-m", "nndesigner", "train", "small.nnd", "--json"]
    done = started(tmp_path, words, PYTHONPATH=REPOSITORY)
    found = json.loads(done.stdout.splitlines()[-1])
    assert "error" not in found and found["weights_sha256"]
