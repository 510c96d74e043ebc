"""What is measured beside the loss, and the running means of both.

Each function gives what was measured, summed up, and over how many it was: of prediction and target as the loss got
them. Their text is also what an exported script contains.
"""

from collections.abc import Callable, Sequence

import torch

Measured = tuple[torch.Tensor, torch.Tensor | int]


def accuracy(prediction: torch.Tensor, target: torch.Tensor) -> Measured:
    """How many records have the highest score at the right class, of how many.

    In sequences it is places; padding, a class below 0, is left out.
    """
    right = target.argmax(1) if target.is_floating_point() else target
    return (prediction.argmax(1) == right).sum(), (right >= 0).sum()


def binary_accuracy(prediction: torch.Tensor, target: torch.Tensor) -> Measured:
    """How many logits have the right sign."""
    return ((prediction > 0) == (target > 0.5)).sum(), target.numel()


def rounded_accuracy(prediction: torch.Tensor, target: torch.Tensor) -> Measured:
    """How many probabilities round to the right one of 0 and 1."""
    return ((prediction > 0.5) == (target > 0.5)).sum(), target.numel()


def mean_absolute_error(prediction: torch.Tensor, target: torch.Tensor) -> Measured:
    """The distances between prediction and target."""
    return (prediction - target).detach().abs().sum(), target.numel()


METRICS: dict[str, Callable[[torch.Tensor, torch.Tensor], Measured]] = {
    "accuracy": accuracy,
    "binary_accuracy": binary_accuracy,
    "rounded_accuracy": rounded_accuracy,
    "mean_absolute_error": mean_absolute_error,
}
RISING = frozenset({"accuracy", "binary_accuracy", "rounded_accuracy"})  # the more, the better


def _accuracy_of_all(prediction: torch.Tensor, target: torch.Tensor) -> Measured:
    """`accuracy` where no place is padding, which need not be looked for."""
    return (prediction.argmax(1) == target).sum(), target.numel()


class Tally:
    """Sums of loss and metric over the batches seen: the loss by records, the metric by what it is measured of.

    Where all targets are `whole`, none of them is padding.
    """

    def __init__(self, metric: str, *, whole: bool = False) -> None:
        self.metric = metric
        self._function = METRICS.get(metric)
        if whole and metric == "accuracy":
            self._function = _accuracy_of_all
        self.sums = [0.0, 0.0, 0.0, 0.0]  # of losses, of records; of what was measured, of how many

    def add(self, count: int, loss: torch.Tensor, compared: Sequence[torch.Tensor]) -> float:
        """Counts a batch of `count` records; gives its loss. `compared` are prediction and target, for the metric."""
        value = loss.item()
        sums = self.sums
        sums[0] += value * count
        sums[1] += count
        if self._function is not None:
            prediction, target = compared
            measured, of = self._function(prediction.detach(), target)
            sums[2] += measured.item()
            sums[3] += of if isinstance(of, int) else of.item()
        return value

    def means(self) -> dict[str, float]:
        """`loss` and, where there is one, the metric."""
        losses, records, measured, of = self.sums
        found = {"loss": losses / records}
        if self._function is not None:
            found[self.metric] = measured / max(of, 1)
        return found
