"""What torch has is in the catalogue, or left out with a reason."""

import importlib
import inspect

import pytest
import torch
from torch import nn

from nndesigner import catalogue
from nndesigner.catalogue.exclusions import EXCLUDED, EXCLUDED_ARGUMENTS
from nndesigner.catalogue.kind import Kind

TARGETS = {kind.target for kind in catalogue.KINDS}
TORCHS = {f"torch.nn.{name}" for name in nn.modules.__all__}


def unaccounted(module: str, names: list[str]) -> list[str]:
    """What is neither in the catalogue nor left out."""
    return [name for name in (f"{module}.{name}" for name in names) if name not in TARGETS | EXCLUDED.keys()]


def classes_of(module: str, base: type) -> list[str]:
    """The names a module gives to its users that are classes of this sort."""
    holder = importlib.import_module(module)
    found = ((name, getattr(holder, name)) for name in holder.__all__)
    return [name for name, one in found if inspect.isclass(one) and issubclass(one, base)]


def test_every_optimizer_of_torch_is_there_or_left_out_with_a_reason() -> None:
    names = classes_of("torch.optim", torch.optim.Optimizer)
    assert {"SGD", "LBFGS"} <= set(names)
    assert not unaccounted("torch.optim", names)


def test_every_scheduler_of_torch_is_there_or_left_out_with_a_reason() -> None:
    names = classes_of("torch.optim.lr_scheduler", object)
    assert {"StepLR", "ReduceLROnPlateau", "ChainedScheduler"} <= set(names)
    assert not unaccounted("torch.optim.lr_scheduler", names)


def test_every_loss_of_torch_is_there_or_left_out_with_a_reason() -> None:
    names = [name for name in dir(nn) if "Loss" in name and inspect.isclass(getattr(nn, name))]
    assert {"MSELoss", "CTCLoss"} <= set(names)
    assert set(importlib.import_module("torch.nn.modules.loss").__all__) <= set(names)
    assert not unaccounted("torch.nn", names)


def test_every_layer_of_torch_is_there_or_left_out_with_a_reason() -> None:
    assert {"Conv2d", "LSTM", "Fold"} <= set(nn.modules.__all__)
    assert not unaccounted("torch.nn", nn.modules.__all__)


MODULES = [
    kind for kind in catalogue.KINDS if kind.is_module and kind.role == "layer" and kind.target in TORCHS
]


@pytest.mark.parametrize("kind", MODULES, ids=lambda kind: kind.name)
def test_every_argument_of_a_layer_is_there_or_left_out_with_a_reason(kind: Kind) -> None:
    parameters = inspect.signature(getattr(nn, kind.name)).parameters.values()
    taken = {one.name for one in parameters if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)}
    known = {param.name for param in kind.params} | {one.argument for one in kind.follows}
    left_out = {name.removeprefix(f"{kind.name}.") for name in EXCLUDED_ARGUMENTS}
    private = {name for name in taken if name.startswith("_")}
    assert taken <= known | left_out | private
    assert not known & left_out


def test_nothing_is_both_there_and_left_out() -> None:
    assert not TARGETS & EXCLUDED.keys()


@pytest.mark.parametrize("name", EXCLUDED)
def test_what_is_left_out_has_a_name_and_a_reason(name: str) -> None:
    assert name.startswith("torch.") and len(EXCLUDED[name].split()) > 2


def test_names_are_unique() -> None:
    assert len(catalogue.BY_NAME) == len(catalogue.KINDS)
