"""Pictures as they are, and as training varies them."""

from typing import Any

import numpy as np
from PIL import Image

from nndesigner.catalogue.data import Field
from nndesigner.data.showing.asked import Asked
from nndesigner.data.shown import Sample

_LARGEST = 160  # pixels of the longer side of a picture that is shown


def pictures_of(asked: Asked, one: Field) -> list[Sample]:
    """The pictures in a field as samples, each with what training makes of it, if it varies them."""
    raw = asked.of(one.name)
    low, high = (0.0, 255.0)
    if raw.dtype != np.uint8:
        low, high = _bounds(asked.shown.arrays[one.name])
    varied: list[np.ndarray | None] = [None] * len(raw)
    if asked.is_varied(one):
        values, factor, summand = _prepared(asked, one.name)
        back = asked.varied(one, values) * factor + summand
        varied = [_shown(picture, low, high) for picture in back]
    return [
        Sample(
            asked.shown.number(row),
            asked.shown.label_of(row),
            picture=_shown(picture, low, high),
            varied=other,
        )
        for row, picture, other in zip(asked.rows, raw, varied, strict=True)
    ]


def _prepared(asked: Asked, name: str) -> tuple[np.ndarray, Any, Any]:
    """The records as they reach the network, float32, and the factor and summand that lead back."""
    raw, scaled = asked.of(name), asked.shown.scaled
    step = next((one for one in asked.how.prepare if one.inputs == (name,)), None)
    if step is None:
        return raw.astype(np.float32), 1.0, 0.0
    if step.fit is None:
        values = step.apply.function(raw, **step.apply.arguments)
        return values, 255.0 if raw.dtype == np.uint8 else 1.0, 0.0
    if name not in scaled:
        scaled[name] = step.fit.function(asked.shown.arrays[name][asked.training_part])
    mean, deviation = (each.reshape(-1, *[1] * (raw.ndim - 2)) for each in scaled[name])
    return step.apply.function(raw, scaled[name]), np.maximum(deviation, 1e-8), mean


def _bounds(values: np.ndarray) -> tuple[float, float]:
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    return low, high if high > low else low + 1


def _shown(picture: np.ndarray, low: float, high: float) -> np.ndarray:
    """A picture (channels, height, width) as bytes (height, width, 1 or 3), made smaller if it is large."""
    grey = picture.shape[0] not in (3, 4)
    planes = picture[:1] if grey else picture[:3]
    pixels = np.clip((planes.astype(np.float64) - low) / (high - low), 0, 1)
    plain = (np.nan_to_num(pixels) * 255).round().astype(np.uint8)
    image = Image.fromarray(plain[0] if grey else plain.transpose(1, 2, 0))
    image.thumbnail((_LARGEST, _LARGEST))
    made = np.asarray(image)
    return np.ascontiguousarray(made[:, :, None] if made.ndim == 2 else made)
