"""The optimizer and the scheduler of a run, made from what the settings say."""

from typing import Any

from torch import nn
from torch.optim import lr_scheduler

from nndesigner import catalogue
from nndesigner.checks.sequences import SPARSE
from nndesigner.graph import Value
from nndesigner.inference import resolve
from nndesigner.project import Choice


class Rates:
    """The learning rates of a run, as its scheduler sets them."""

    def __init__(self, choice: Choice | None, optimizer: Any, epochs: int, steps: int) -> None:
        self._optimizer = optimizer
        self._stepped = ""
        self._scheduler: Any = None
        if choice is not None:
            kind = catalogue.BY_NAME[choice.kind]
            warmup = kind.values(choice.params).get("warmup")
            rising = warmup if isinstance(warmup, int) else 0
            first = [lr_scheduler.LinearLR(optimizer, 0.1, total_iters=rising)] if rising else []
            known = {"epochs": epochs - rising, "steps_per_epoch": steps}
            followed = {one.argument: known[one.port] for one in kind.follows}
            self._stepped, self._scheduler = kind.stepped, chosen_from(choice, optimizer, **followed)
            if first:
                both = [*first, self._scheduler]
                self._scheduler = lr_scheduler.SequentialLR(optimizer, both, milestones=[rising])

    def after_step(self) -> float:
        """Gives the rate a step was made with, and sets that of the next."""
        rate: float = self._optimizer.param_groups[0]["lr"]
        if self._stepped == "step":
            self._scheduler.step()
        return rate

    def after_epoch(self, validation_loss: float) -> None:
        """Sets the rate of the next epoch."""
        if self._stepped == "epoch":
            self._scheduler.step()
        elif self._stepped == "validation":
            self._scheduler.step(validation_loss)

    def state(self) -> dict[str, Any]:
        """What decides the rates to come; an empty dict where nothing does."""
        found: dict[str, Any] = self._scheduler.state_dict() if self._scheduler is not None else {}
        return found

    def restore(self, state: dict[str, Any]) -> None:
        """Goes on from a state."""
        self._warn_no_more()
        if self._scheduler is not None and state:
            self._scheduler.load_state_dict(state)

    def catch_up(self, steps: int, epochs: int) -> None:
        """Goes to where so many steps and epochs lead, from the start; what follows the validation loss stays there."""
        self._warn_no_more()
        for _ in range({"step": steps, "epoch": epochs}.get(self._stepped, 0)):
            self._scheduler.step()

    def _warn_no_more(self) -> None:
        self._optimizer._opt_called = True  # else torch warns that no step of the optimizer came before

    def slow_down(self, factor: float) -> None:
        """Multiplies all rates, those now and those to come."""
        for group in self._optimizer.param_groups:
            for name in ("lr", "initial_lr", "max_lr", "min_lr"):
                if isinstance(group.get(name), float):
                    group[name] *= factor
        inner = getattr(self._scheduler, "_schedulers", [self._scheduler])
        for scheduler in [self._scheduler, *inner]:
            if getattr(scheduler, "base_lrs", None):
                scheduler.base_lrs = [rate * factor for rate in scheduler.base_lrs]
            if getattr(scheduler, "max_lrs", None):
                scheduler.max_lrs = [rate * factor for rate in scheduler.max_lrs]


def chosen_from(choice: Choice, subject: Any, **followed: Value) -> Any:
    """The optimizer of some weights, or the scheduler of an optimizer."""
    kind = catalogue.BY_NAME[choice.kind]
    return resolve(kind.target)(subject, **followed, **kind.arguments(choice.params))


def unfit(choice: Choice, network: nn.Module) -> str:
    """Why an optimizer can't change the weights of this network, in words for people, or nothing."""
    kind = catalogue.BY_NAME[choice.kind]
    takes, fused = kind.weights, kind.values(choice.params).get("fused", False)
    for path, owner in network.named_modules():
        for name, weight in owner.named_parameters(path, recurse=False):
            if not weight.requires_grad:
                continue
            if takes == "matrices" and weight.dim() != 2:
                cure = "turn that bias off" if name.endswith(".bias") else "freeze that layer"
                return (
                    f"{choice.kind} takes weights with two axes only; {name} has {weight.dim()}. Choose another "
                    f"optimizer, or {cure}"
                )
            if getattr(owner, "sparse", False) and (fused or choice.kind not in SPARSE):
                switch = "fused off, or " if choice.kind in SPARSE else ""
                return (
                    f"{choice.kind} takes no sparse gradients{' with fused on' if switch else ''}, as {name} has them. "
                    f"Turn {switch}sparse of that layer off"
                )
            if takes == "sparse" and not getattr(owner, "sparse", False):
                return (
                    f"{choice.kind} takes sparse gradients only, as an Embedding has with sparse on; {name} has "
                    "others. Choose another optimizer, such as Adam"
                )
    return ""
