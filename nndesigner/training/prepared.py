"""What was fitted on the training part, in a file, so that inputs can be prepared without the data: means, vocabularies."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from nndesigner import files


class PreparedError(ValueError):
    """A file that does not hold what was fitted; its text is meant for people."""


def save(path: Path, fitted: Mapping[str, Any]) -> None:
    """Writes what was fitted, by field; raises `OSError` as the system gives it."""
    content = {name: _plain(value) for name, value in fitted.items()}
    files.write(path, (json.dumps(content, ensure_ascii=False, allow_nan=False) + "\n").encode())


def load(path: Path) -> dict[str, Any]:
    """What was fitted, by field, to the bit; raises `PreparedError`."""
    try:
        content = json.loads(path.read_bytes())
        return {name: _value(one) for name, one in content.items()}
    except FileNotFoundError:
        raise PreparedError(f"there is no file {path}") from None
    except OSError as error:
        raise PreparedError(f"{path} can't be read: {error.strerror or error}") from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise PreparedError(f"{path} does not hold what was fitted on data, or is damaged: {error}") from None


def _plain(value: Any) -> Any:
    match value:
        case np.ndarray():
            return {"dtype": str(value.dtype), "values": _without_nan(value.tolist())}
        case np.generic():
            return {"dtype": str(value.dtype), "values": _without_nan(value.item())}
        case tuple():
            return {"several": [_plain(one) for one in value]}
        case list():
            return [_plain(one) for one in value]
        case _:
            return value


def _value(content: Any) -> Any:
    match content:
        case {"dtype": str(dtype), "values": values}:
            return np.array(_with_nan(values), dtype=np.dtype(dtype))[()]
        case {"several": list(several)}:
            return tuple(_value(one) for one in several)
        case list():
            return [_value(one) for one in content]
        case _:
            return content


def _without_nan(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_nan(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _with_nan(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_nan(one) for one in value]
    return math.nan if value is None else value
