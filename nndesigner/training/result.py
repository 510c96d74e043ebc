"""What is left of a run: the project, its weights and its report, in a folder."""

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch

from nndesigner import files, nnd
from nndesigner.project import Project
from nndesigner.training import weights
from nndesigner.training.report import EpochEnded, Finished, Metrics, Report


def summary(reports: Iterable[Report]) -> dict[str, Any]:
    """Reports as plain values for JSON: `epochs`, and once finished `test`, `weights_sha256`, `seconds`."""
    found: dict[str, Any] = {"epochs": []}
    for report in reports:
        if isinstance(report, EpochEnded):
            found["epochs"].append(
                {
                    "epoch": report.epoch,
                    "train": _finite(report.train),
                    "validation": _finite(report.validation),
                    **_finite({"learning_rate": report.learning_rate}),
                    "seconds": report.seconds,
                }
            )
        elif isinstance(report, Finished):
            found |= {
                "test": _finite(report.test),
                "weights_sha256": report.weights_sha256,
                "seconds": report.seconds,
            }
    return found


def save(folder: Path, trained: Project, network: torch.nn.Module, reports: Iterable[Report]) -> None:
    """Writes `project.nnd`, `weights.safetensors` and `report.json`; raises `OSError` as the system gives it."""
    folder.mkdir(parents=True, exist_ok=True)
    weights.save(folder / "weights.safetensors", network.state_dict())
    files.write(folder / "project.nnd", nnd.to_text(trained).encode())
    files.write(folder / "report.json", (json.dumps(summary(reports), indent=2) + "\n").encode())


def _finite(metrics: Metrics) -> dict[str, float | None]:
    """JSON knows no NaN: what is none is null."""
    return {name: value if math.isfinite(value) else None for name, value in metrics.items()}
