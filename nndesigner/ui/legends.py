"""What the legend on the canvas says of each measure the network is looked at by."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from nndesigner.ui import figures
from nndesigner.ui.canvas.legend import Key
from nndesigner.ui.timing import Timing
from nndesigner.ui.vitals import LARGEST, SMALLEST, Vitals, scientific


def _said(text: str) -> str:
    return QCoreApplication.translate("Legend", text)


def of_costs(measure: str, amounts: Mapping[str, int] | None, batch: int) -> Key:
    """Parameters, operations or memory of the nodes in sight, with a batch of so many records."""
    title, written = {
        "parameters": (_said("Parameters of each layer"), figures.thousands),
        "flops": (_said("Operations of each layer, forwards"), figures.operations),
        "memory": (_said("Memory of each layer, to train"), figures.memory),
    }[measure]
    if amounts is None:
        return Key(title, remarks=(_said("Not known yet"),))
    there = {name: amount for name, amount in amounts.items() if amount > 0}
    if not there:
        return Key(title, remarks=(_said("No layer in sight takes any"),))
    most = max(there, key=lambda name: there[name])
    remarks = () if measure == "parameters" else (_with_batch(batch),)
    return Key(
        title, "0", f"{written(there[most])}  {most}", (*remarks, _said("In per cent: share of the network"))
    )


def _with_batch(batch: int) -> str:
    return _said("With a batch of {count}").format(count=figures.thousands(batch))


def of_gradients(vitals: Vitals, prefix: str | None) -> Key:
    """How the layers of the run learn: all, or those within a block, whose names begin with `prefix`."""
    title = _said("Gradients of each layer")
    if not vitals.known:
        return Key(title, remarks=(_said("No run yet. Train to see this."),), action=_said("Train"))
    layers = vitals.under(prefix) if prefix is not None else []
    if not layers:
        return Key(title, remarks=(_said("The run tells nothing of the layers in here."),))
    ailing = sum(vital.tone != "good" for vital in layers)
    learning = sum(vital.learns for vital in layers)
    well = _said("{count} layers learn, {ailing} stand out").format(count=learning, ailing=ailing)
    if not ailing:
        well = _said("All {count} layers learn").format(count=learning)
    return Key(
        title,
        scientific(SMALLEST),
        scientific(LARGEST),
        (
            _said("∇ gradient norm at step {step}").format(step=figures.thousands(vitals.step)),
            _said("↓ vanishing   ↑ exploding, leaps"),
            _said("∅ dead units   ! not a number"),
            well,
        ),
        tones=True,
    )  # fmt: skip


def of_time(timing: Timing | None, seconds: Mapping[str, float], stale: bool) -> Key:
    """How long the layers in sight take, forwards and backwards."""
    title = _said("Time of each layer, measured")
    timed, goes_on = (timing.timed, timing.active) if timing is not None else (None, False)
    refusal = timing.refusal if timing is not None else ""
    action = _said("Stop") if goes_on else _said("Measure again") if timed else _said("Measure")
    if timed is None or not seconds:
        words = refusal or (_said("Measuring …") if goes_on else _said("Not measured yet."))
        return Key(title, remarks=(words,), action=action)
    times = timed.times
    most = max(seconds, key=lambda name: seconds[name])
    remarks = [
        _said("{forwards} forwards, {backwards} backwards").format(
            forwards=figures.brief(times.whole.forwards), backwards=figures.brief(times.whole.backwards)
        ),
        _said("{device} · batch {count} · median of {rounds}").format(
            device=times.device.upper(), count=figures.thousands(times.batch), rounds=times.rounds
        ),
    ]
    if refusal:
        remarks.append(refusal)
    elif goes_on:
        remarks.append(_said("Measuring …"))
    elif stale:
        remarks.append(_said("Outdated: something changed since"))
    return Key(title, "0", f"{figures.brief(seconds[most])}  {most}", tuple(remarks), action, stale)
