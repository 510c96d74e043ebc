"""What is measured beside the loss, and the running means of both."""

from collections.abc import Callable

import torch


def accuracy(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """How many records have their highest score at the right class."""
    right = target.argmax(1) if target.is_floating_point() else target
    hits = (prediction.argmax(1) == right).float()
    return hits.flatten(1).mean(1).sum() if hits.dim() > 1 else hits.sum()


def binary_accuracy(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """How many records have a logit of the right sign."""
    right = ((prediction > 0) == (target > 0.5)).float()
    return right.reshape(len(prediction), -1).mean(1).sum()


def mean_absolute_error(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """The sum over records of the mean distance between prediction and target."""
    return (prediction - target).abs().reshape(len(prediction), -1).mean(1).sum()


# Each gives the sum over the records of a batch, of prediction and target as the loss got them.
METRICS: dict[str, Callable[[torch.Tensor, torch.Tensor], torch.Tensor]] = {
    "accuracy": accuracy,
    "binary_accuracy": binary_accuracy,
    "mean_absolute_error": mean_absolute_error,
}


class Tally:
    """Sums of loss and metric over the batches seen, each batch weighing as many records as it has."""

    def __init__(self, metric: str) -> None:
        self.metric = metric
        self._function = METRICS.get(metric)
        self._loss = 0.0
        self._measured = 0.0
        self._count = 0

    def add(self, loss: torch.Tensor, prediction: torch.Tensor, target: torch.Tensor) -> float:
        """Counts a batch; gives its loss."""
        value = loss.item()
        self._loss += value * len(prediction)
        self._count += len(prediction)
        if self._function is not None:
            self._measured += self._function(prediction.detach(), target).item()
        return value

    def means(self) -> dict[str, float]:
        """`loss` and, where there is one, the metric."""
        found = {"loss": self._loss / self._count}
        if self._function is not None:
            found[self.metric] = self._measured / self._count
        return found
