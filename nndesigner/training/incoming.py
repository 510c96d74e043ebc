"""Weights from elsewhere: read from a file without running anything in it, and fitted onto a network."""

import hashlib
import pickle
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from nndesigner.matching import Match, Shape, match
from nndesigner.model import Network
from nndesigner.plan import Plan
from nndesigner.training import weights
from nndesigner.training.run import TrainingError
from nndesigner.training.weights import WeightsError

SUFFIXES = (".safetensors", ".pt", ".pth", ".bin", ".ckpt")
# Under which names a checkpoint keeps the state dict among other things.
_WRAPPERS = ("state_dict", "model_state_dict", "model", "module", "network", "net", "params", "weights")
_SAFETENSORS_HEAD = 9  # bytes: the length of the header, and the bracket it begins with


@dataclass(frozen=True, slots=True)
class Start:
    """The weights a run begins with: a file, and the SHA-256 it had when it was chosen. For `by_order` see `match`."""

    path: Path
    sha256: str
    by_order: bool = False


def chosen(path: Path, by_order: bool = False) -> Start:
    """The start from a file as it is now; raises `WeightsError`."""
    return Start(path.absolute(), file_sha256(path), by_order)


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes; raises `WeightsError`."""
    try:
        with path.open("rb") as file:
            digest = hashlib.sha256()
            while part := file.read(2**20):
                digest.update(part)
            return digest.hexdigest()
    except FileNotFoundError:
        raise WeightsError(f"there is no file {path}") from None
    except OSError as error:
        raise WeightsError(f"{path} can't be read: {error.strerror or error}") from None


def read(path: Path) -> dict[str, torch.Tensor]:
    """The tensors in a file by name: safetensors, or what torch.save wrote, also within a checkpoint.

    The latter is read with `weights_only=True` and never otherwise, so nothing in it is run. Raises `WeightsError`.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_SAFETENSORS_HEAD)
    except FileNotFoundError:
        raise WeightsError(f"there is no file {path}") from None
    except OSError as error:
        raise WeightsError(f"{path} can't be read: {error.strerror or error}") from None
    if path.suffix == ".safetensors" or _is_safetensors(head):
        return weights.load(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what torch means to change about loading
            content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # whatever a damaged or hostile file makes torch raise
        raise WeightsError(_refusal(path, str(error), isinstance(error, pickle.UnpicklingError))) from None
    found = _state_of(path, content)
    if not found:
        raise WeightsError(
            f"{path} holds no weights: expected tensors by name, as torch.save(model.state_dict(), …) writes"
        )
    return found


def wanted(plan: Plan) -> dict[str, Shape]:
    """The shapes of all tensors in the state dict of a plan's network, by name, without building it."""
    with torch.device("meta"):
        return _shapes(Network(plan).state_dict())


def constants(plan: Plan) -> frozenset[str]:
    """Which of those are tensors that stand in the drawing itself: a file need not have them."""
    with torch.device("meta"):
        return _constants(Network(plan))


def fitted(plan: Plan, found: Mapping[str, torch.Tensor], by_order: bool = False) -> Match:
    """What of the tensors of a file fits the network of a plan."""
    return match(wanted(plan), _shapes(found), by_order, constants(plan))


def begin_with(network: nn.Module, start: Start | None) -> Match | None:
    """Puts the weights of a file into a network, as far as they fit; without a start it stays as it is.

    Raises `TrainingError` where the file is not what it was when it was chosen, or nothing in it fits.
    """
    if start is None:
        return None
    try:
        if file_sha256(start.path) != start.sha256:
            raise WeightsError(
                f"{start.path} is not what it was when it was chosen: choose the weights again"
            )
        return pour(network, read(start.path), start.path, start.by_order)
    except WeightsError as error:
        raise TrainingError(str(error)) from None


def pour(network: nn.Module, found: Mapping[str, torch.Tensor], path: Path, by_order: bool = False) -> Match:
    """Puts tensors that were read from a file into a network, as far as they fit; raises `WeightsError` where none do."""
    state = network.state_dict()
    matched = match(_shapes(state), _shapes(found), by_order, _constants(network))
    if not matched.pairs:
        raise WeightsError(
            f"nothing in {path} fits this network: of its {len(found):,} tensors none has the name and shape of one of "
            f"the {len(state):,} here"
        )
    with torch.no_grad():
        for own, name in matched.pairs:
            state[own].copy_(found[name])
    return matched


def whole(plan: Plan, path: Path) -> dict[str, torch.Tensor]:
    """The state dict of a plan's network from a file that has all of it; raises `WeightsError` with what is missing.

    Constants that the file lacks are as they are drawn.
    """
    found = read(path)
    matched = fitted(plan, found)
    if not matched.is_whole:
        lacking = [*matched.missing, *(str(one) for one in matched.misfits)]
        more = f" and {len(lacking) - 3} more" if len(lacking) > 3 else ""
        raise WeightsError(
            f"{path} does not hold the weights of this network, only {matched}; it lacks {', '.join(lacking[:3])}{more}"
        )
    state = {own: found[name] for own, name in matched.pairs}
    if lacking_constants := constants(plan) - state.keys():
        plain = Network(plan).state_dict()
        state |= {name: plain[name] for name in lacking_constants}
    return state


def _constants(network: nn.Module) -> frozenset[str]:
    return frozenset(
        f"{prefix}.{name}" if prefix else name
        for prefix, module in network.named_modules()
        if isinstance(module, Network)
        for name in module._buffers
    )


def _shapes(state: Mapping[str, torch.Tensor]) -> dict[str, Shape]:
    return {name: tuple(tensor.shape) for name, tensor in state.items()}


def _state_of(path: Path, content: Any) -> dict[str, torch.Tensor]:
    """The tensors of a state dict, or of the one that a checkpoint wraps."""
    if not isinstance(content, Mapping):
        return {}
    for name in _WRAPPERS:
        if isinstance(content.get(name), Mapping) and (inside := _state_of(path, content[name])):
            return inside
    if own := {str(name): tensor for name, tensor in content.items() if _is_weight(tensor)}:
        return own
    several = {
        str(name): inside
        for name, one in content.items()
        if isinstance(one, Mapping) and (inside := _state_of(path, one))
    }
    if len(several) > 1:
        raise WeightsError(
            f"{path} holds several sets of weights ({', '.join(several)}): save the one that is meant as a file of its own"
        )
    return next(iter(several.values()), {})


def _is_weight(value: Any) -> bool:
    plain = isinstance(value, torch.Tensor) and value.layout == torch.strided
    return plain and not (value.is_quantized or value.is_complex())


def _refusal(path: Path, words: str, pickled: bool) -> str:
    if "TorchScript" in words:
        return (
            f"{path} is a TorchScript program, which would have to be run: save its state dict instead, with "
            "torch.save(model.state_dict(), …)"
        )
    if (pickled and "nsupported" in words) or "GLOBAL" in words:
        named = re.search(r"GLOBAL ([\w.]+)|class ([\w.]+)", words)
        what = f" ({named[1] or named[2]})" if named else ""
        return (
            f"{path} holds Python objects besides tensors{what}, which would have to be run to be read: open it where it is "
            "trusted and save its weights alone, with torch.save(model.state_dict(), …) or as safetensors"
        )
    return (
        f"{path} is no file of weights, or it is damaged: expected safetensors, or what "
        "torch.save(model.state_dict(), …) writes"
    )


def _is_safetensors(head: bytes) -> bool:
    return len(head) == _SAFETENSORS_HEAD and head[8:] == b"{" and int.from_bytes(head[:8], "little") < 2**32
