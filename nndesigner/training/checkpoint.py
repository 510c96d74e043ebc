"""All that decides the rest of a run, in a file: written whole or not at all, read without running anything from it."""

import io
import pickle
import random
from pathlib import Path
from typing import Any

import numpy as np
import torch

from nndesigner import files

VERSION = 1


class CheckpointError(ValueError):
    """A checkpoint that can't be read or does not belong to the run; its text is meant for people."""


def write(path: Path, state: dict[str, Any]) -> None:
    """Writes a state; raises `OSError` as the system gives it and leaves the file that was there."""
    room = io.BytesIO()
    torch.save({"version": VERSION, "torch_version": str(torch.__version__), **state}, room)
    files.write(path, room.getvalue())


def read(path: Path) -> dict[str, Any]:
    """The state in a file; raises `CheckpointError`."""
    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise CheckpointError(f"there is no checkpoint {path}") from None
    except OSError as error:
        raise CheckpointError(f"{path} can't be read: {error.strerror or error}") from None
    except (RuntimeError, ValueError, EOFError, KeyError, pickle.UnpicklingError) as error:
        words = str(error).partition("\n")[0]
        raise CheckpointError(f"{path} is no checkpoint of a run, or it is damaged: {words}") from None
    if not isinstance(found, dict) or found.get("version") != VERSION:
        raise CheckpointError(f"{path} is no checkpoint that this version of the program can go on from")
    return found


def random_state() -> dict[str, Any]:
    """The state of all generators that code of a run may draw from: those of torch, NumPy and Python."""
    name, keys, position, has_gauss, gauss = np.random.get_state()
    version, words, following = random.getstate()
    return {
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        "numpy": [name, torch.from_numpy(np.asarray(keys).astype(np.int64)), position, has_gauss, gauss],
        "python": [version, list(words), following],
    }


def restore_random(state: dict[str, Any]) -> None:
    """Sets all generators as they were."""
    torch.set_rng_state(state["torch"])
    if state["cuda"] and torch.cuda.device_count() == len(state["cuda"]):
        torch.cuda.set_rng_state_all(state["cuda"])
    name, keys, position, has_gauss, gauss = state["numpy"]
    np.random.set_state((name, keys.numpy().astype(np.uint32), position, has_gauss, gauss))
    version, words, following = state["python"]
    random.setstate((version, tuple(words), following))
