"""Where a run stands: all that decides the rest of it, taken from a session, and put back into one."""

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nndesigner.training import checkpoint
from nndesigner.training.run import TrainingError

if TYPE_CHECKING:
    from nndesigner.training.session import Session


def of(session: "Session") -> dict[str, Any]:
    """The position of a session between two reports, as values a checkpoint can hold."""
    return {
        "network": session.network.state_dict(),
        "average": session.average.state_dict() if session.average is not None else None,
        "optimizer": session.optimizer.state_dict(),
        "rates": copy.deepcopy(session.rates.state()),
        "scaler": session.scaler.state_dict(),
        "best": session.best,
        "planned": _planned(session),
        "numbers": {
            "epoch": session.epoch, "step": session.step, "done": session.done, "since_best": session.since_best,
            "best_loss": session.best_loss, "best_epoch": session.best_epoch, "rate": session.rate,
            "epoch_seconds": session.epoch_seconds, "seconds": session.elapsed(), "threads": session.run.threads,
            "records": session.count, "slowed": session.slowed,
        },
        "tally": list(session.tally.sums),
        "order": session.order,
        "shuffle": session.shuffle.get_state(),
        "variation": session.variation.get_state(),
        "random": checkpoint.random_state(),
    }  # fmt: skip


def restore(session: "Session", state: Mapping[str, Any]) -> None:
    """Puts a fresh session where another stood; raises `TrainingError` where it is not one of the same run."""
    numbers = state["numbers"]
    if numbers["records"] != session.count:
        raise TrainingError(
            f"the run began with {numbers['records']:,} records to learn from, and there are {session.count:,} now: the "
            "data or its split has changed. Begin a new run"
        )
    try:
        session.network.load_state_dict(state["network"])
        if session.average is not None and state["average"] is not None:
            session.average.load_state_dict(state["average"])
        _restore_rates(session, state)
    except (RuntimeError, ValueError, KeyError) as error:
        words = str(error).strip().partition("\n")[0]
        raise TrainingError(
            f"the network or its optimizer has changed since the run was left: {words}"
        ) from None
    session.scaler.load_state_dict(state["scaler"])
    session.best, session.order = state["best"], state["order"]
    session.epoch, session.step, session.done = numbers["epoch"], numbers["step"], numbers["done"]
    session.since_best, session.rate = numbers["since_best"], numbers["rate"]
    session.best_loss, session.best_epoch = numbers["best_loss"], numbers["best_epoch"]
    session.seconds, session.epoch_seconds = numbers["seconds"], numbers["epoch_seconds"]
    session.tally.sums = list(state["tally"])
    session.shuffle.set_state(state["shuffle"])
    session.variation.set_state(state["variation"])
    checkpoint.restore_random(state["random"])


def _planned(session: "Session") -> list[str]:
    """The settings that the learning rates follow from: the optimizer, and all else in one text."""
    training = session.training
    optimizer, scheduler = training.optimizer, training.scheduler
    chosen = (dict(optimizer.params), scheduler and (scheduler.kind, dict(scheduler.params)))
    return [optimizer.kind, repr((*chosen, training.epochs, session.steps))]


def _restore_rates(session: "Session", state: Mapping[str, Any]) -> None:
    """What the optimizer has gathered; and its rates, or where settings have changed, those that the new ones give."""
    numbers, planned = state["numbers"], _planned(session)
    if state["planned"] == planned:
        session.optimizer.load_state_dict(state["optimizer"])
        session.rates.restore(state["rates"])
    else:
        session.rates.catch_up(numbers["step"], numbers["epoch"] - 1)
        wanted = [
            {name: value for name, value in group.items() if name != "params"}
            for group in session.optimizer.param_groups
        ]
        if state["planned"][0] == planned[0]:
            session.optimizer.load_state_dict(state["optimizer"])
        for group, values in zip(session.optimizer.param_groups, wanted, strict=True):
            group.update(values)
        session.rates.slow_down(numbers["slowed"])
    session.slowed = numbers["slowed"]
