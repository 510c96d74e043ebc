"""Recordings as waves and as spectrograms, as they are and as training varies them."""

from typing import Any

import numpy as np

from nndesigner.catalogue.data import Field
from nndesigner.data.preparing import log_mel
from nndesigner.data.showing.asked import Asked
from nndesigner.data.shown import Sample

_POINTS = 320  # of a waveform


def sounds_of(asked: Asked, one: Field) -> list[Sample]:
    """The recordings in a field as samples, each with what training makes of it, if it varies them."""
    if not len(asked.rows):
        return []
    shown = asked.shown
    setting = shown.data_set.values(asked.params)
    wanted: dict[str, Any] = {
        name: setting[name] for name in ("mels", "frames", "seconds", "window")
    }
    sound, length = asked.of(one.name), asked.of("length")
    mels = log_mel(sound, length, shown.rate, **wanted)
    varied: list[np.ndarray | None] = [None] * len(mels)
    if asked.is_varied(one):
        mean, deviation = mels.mean(), mels.std() + 1e-8
        back = asked.varied(one, (mels - mean) / deviation) * deviation + mean
        varied = [
            _heat(each[0], float(mel.max()))
            for each, mel in zip(back, mels, strict=True)
        ]
    return [
        Sample(
            shown.number(row),
            shown.label_of(row),
            wave=_wave(each[: int(size)]),
            spectrogram=_heat(mel[0], float(mel.max())),
            varied=other,
            seconds=int(size) / shown.rate,
        )
        for row, each, size, mel, other in zip(
            asked.rows, sound, length, mels, varied, strict=True
        )
    ]


def _heat(values: np.ndarray, loudest: float) -> np.ndarray:
    """What is less than 9 nepers of power, 39 dB, below the loudest, as bytes."""
    found: np.ndarray = (
        (np.clip(1 + (values - loudest) / 9, 0, 1) * 255).round().astype(np.uint8)
    )
    return found


def _wave(sound: np.ndarray) -> np.ndarray:
    """The lowest and highest sample of each of at most 320 stretches."""
    if not len(sound):
        return np.zeros((1, 2), np.float32)
    starts = np.unique(
        np.linspace(0, len(sound), min(_POINTS, len(sound)), endpoint=False).astype(
            np.int64
        )
    )
    low, high = np.minimum.reduceat(sound, starts), np.maximum.reduceat(sound, starts)
    return np.stack([low, high], axis=1).astype(np.float32)
