"""Weights in a file: safetensors, written whole or not at all, with the SHA-256 that tells damage."""

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors import torch as safetensors

from nndesigner import files
from nndesigner.model import weights_sha256


class WeightsError(ValueError):
    """A file that holds no weights, or damaged ones; its text is meant for people."""


def save(
    path: Path,
    state: Mapping[str, torch.Tensor],
    *,
    lasting: bool = True,
    told: Mapping[str, str] | None = None,
) -> str:
    """Writes a state dict; gives its SHA-256, which also stands in the file. Raises `OSError` as the system gives it.

    Weights that are tied, one tensor under two names, are written under both. What is `told` stands in the file too. For
    `lasting`, see `files.write`.
    """
    apart: dict[str, torch.Tensor] = {}
    seen: set[int] = set()
    for name, tensor in state.items():
        plain = tensor.detach().cpu().contiguous()
        place = plain.untyped_storage().data_ptr()
        apart[name] = plain.clone() if place in seen else plain
        seen.add(place)
    digest = weights_sha256(apart)
    files.write(path, safetensors.save(apart, {**(told or {}), "weights_sha256": digest}), lasting=lasting)
    return digest


def load(path: Path) -> dict[str, torch.Tensor]:
    """The state dict in a file; raises `WeightsError` where it can't be read, or is not what was written."""
    try:
        with safe_open(path, "pt") as file:
            expected = (file.metadata() or {}).get("weights_sha256")
            found = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118, it is no dict
    except FileNotFoundError:
        raise WeightsError(f"there is no file {path}") from None
    except OSError as error:
        raise WeightsError(f"{path} can't be read: {error.strerror or error}") from None
    except SafetensorError as error:
        raise WeightsError(f"{path} holds no weights as safetensors, or is damaged: {error}") from None
    if expected is not None and weights_sha256(found) != expected:
        raise WeightsError(f"{path} is damaged: its weights are not those that were written")
    return found
