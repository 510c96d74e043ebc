"""What is measured beside the loss, and the running means of both."""

from collections.abc import Callable, Sequence

import torch


def accuracy(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """The share of records, or places in them, with the highest score at the right class."""
    right = target.argmax(1) if target.is_floating_point() else target
    return (prediction.argmax(1) == right).double().mean()


def binary_accuracy(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """The share of logits with the right sign."""
    return ((prediction > 0) == (target > 0.5)).double().mean()


def rounded_accuracy(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """The share of probabilities that round to the right one of 0 and 1."""
    return ((prediction > 0.5) == (target > 0.5)).double().mean()


def mean_absolute_error(prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """The mean distance between prediction and target."""
    return (prediction - target).abs().mean()


# Each gives the mean over a batch, of prediction and target as the loss got them.
METRICS: dict[str, Callable[[torch.Tensor, torch.Tensor], torch.Tensor]] = {
    "accuracy": accuracy,
    "binary_accuracy": binary_accuracy,
    "rounded_accuracy": rounded_accuracy,
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

    def add(self, count: int, loss: torch.Tensor, compared: Sequence[torch.Tensor]) -> float:
        """Counts a batch of `count` records; gives its loss. `compared` are prediction and target, for the metric."""
        value = loss.item()
        self._loss += value * count
        self._count += count
        if self._function is not None:
            prediction, target = compared
            self._measured += self._function(prediction.detach(), target).item() * count
        return value

    def means(self) -> dict[str, float]:
        """`loss` and, where there is one, the metric."""
        found = {"loss": self._loss / self._count}
        if self._function is not None:
            found[self.metric] = self._measured / self._count
        return found
