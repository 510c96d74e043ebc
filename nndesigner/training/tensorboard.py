"""The figures of a run as event files for TensorBoard, which is asked for only where it is wanted."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nndesigner.training.report import EpochEnded, Examined, Finished, Report, Stepped
from nndesigner.training.run import TrainingError


class Board:
    """Event files in a folder, added to from a step on. Raises `TrainingError` where TensorBoard is not installed."""

    def __init__(self, folder: Path, step: int) -> None:
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError:
            raise TrainingError(
                "TensorBoard is not installed: install it with “pip install tensorboard”, or train without --tensorboard"
            ) from None
        self._writer: Any = SummaryWriter(str(folder), purge_step=step + 1 if step else None)

    def add(self, report: Report) -> None:
        """Adds the figures of a report under its step."""
        match report:
            case Stepped():
                self._write(
                    report.step, {"step/loss": report.loss, "step/learning_rate": report.learning_rate}
                )
                if report.gradient:
                    self._write(report.step, {"step/gradient": report.gradient})
            case Examined():
                for name, health in report.layers.items():
                    found = {"gradient": health.gradient, "weight": health.weight, "update": health.update}
                    self._write(report.step, {f"{key}/{name}": value for key, value in found.items()})
            case EpochEnded():
                for part, metrics in (("train", report.train), ("validation", report.validation)):
                    self._write(report.step, {f"{part}/{name}": value for name, value in metrics.items()})
                self._writer.flush()
            case Finished():
                self._writer.add_text(
                    "test", ", ".join(f"{name} {value:.6g}" for name, value in report.test.items())
                )

    def close(self) -> None:
        """Writes what is left."""
        self._writer.close()

    def _write(self, step: int, figures: Mapping[str, float]) -> None:
        for name, value in figures.items():
            self._writer.add_scalar(name, value, step)
