"""From what was read to what a network takes: numbers of mean 0, spectrograms.

What is fitted is fitted on the training part alone. The text of these functions is also what an exported script
contains, so each uses nothing but what this file imports and other functions of it.
"""

import numpy as np
import torch


def fit_scale(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and deviation of each column (N, k), or of each channel of pictures (N, channels, height, width).

    Missing numbers, NaN, are left out.
    """
    axes = (0, *range(2, values.ndim))
    if values.dtype == np.uint8:
        counts = [
            np.bincount(values[:, c].ravel(), minlength=256)
            for c in range(values.shape[1])
        ]
        levels = np.arange(256)
        mean = np.array([(levels * one).sum() / one.sum() for one in counts])
        square = np.array([(levels**2 * one).sum() / one.sum() for one in counts])
        return mean, np.sqrt(square - mean**2)
    if values.dtype == np.float32 and values.ndim == 2 and not np.isnan(values).any():
        return values.mean(axis=0), values.std(axis=0)
    mean = np.asarray(np.nanmean(values, axis=axes, dtype=np.float64))
    return mean, np.asarray(np.nanstd(values, axis=axes, dtype=np.float64))


def scaled(values: np.ndarray, fitted: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Each column or channel to mean 0 and deviation 1; a missing number becomes the mean. Gives float32."""
    shape = (-1, *[1] * (values.ndim - 2))
    mean, deviation = (one.astype(np.float32).reshape(shape) for one in fitted)
    result = (values - mean) / np.maximum(deviation, np.float32(1e-8))
    known: np.ndarray = np.nan_to_num(result, copy=False)
    return known.astype(np.float32, copy=False)


def filled(values: np.ndarray, fitted: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Missing numbers (N, k) become the mean of their column. Gives float32."""
    return np.where(np.isnan(values), fitted[0].astype(np.float32), values).astype(
        np.float32
    )


def unit_scaled(values: np.ndarray) -> np.ndarray:
    """Pixels from 0 to 255 as float32 from 0 to 1; others as they are."""
    return (
        values.astype(np.float32) / 255
        if values.dtype == np.uint8
        else values.astype(np.float32)
    )


def log_mel(
    sound: np.ndarray,
    length: np.ndarray,
    rate: int,
    mels: int,
    frames: int,
    seconds: float,
    window: int,
) -> np.ndarray:
    """Log-mel spectrograms (N, 1, mels, frames), float32, of sounds (N, samples) of these lengths.

    The first `seconds` of each sound, shorter ones in the middle of silence, are cut into `frames` overlapping Hann
    windows of `window` samples, padded to twice that. Bands are triangles of equal width on the mel scale of O'Shaughnessy, 1987,
    2595 log10(1 + f / 700). Each spectrogram holds the natural logarithm of its power.
    """
    samples = round(seconds * rate)
    frequencies = np.linspace(0, rate / 2, window + 1)
    edges = 700 * (
        10 ** (np.linspace(0, 2595 * np.log10(1 + rate / 1400), mels + 2) / 2595) - 1
    )
    rising = (frequencies[None] - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[
        :, None
    ]
    falling = (edges[2:, None] - frequencies[None]) / (edges[2:] - edges[1:-1])[:, None]
    bands = torch.from_numpy(
        np.maximum(0, np.minimum(rising, falling)).astype(np.float32)
    )
    starts = np.linspace(0, max(samples - window, 0), frames).round().astype(np.int64)
    places = torch.from_numpy(starts[:, None] + np.arange(window))
    shape = torch.hann_window(window)
    found = np.empty((len(sound), 1, mels, frames), np.float32)
    for first in range(0, len(sound), 256):
        piece = np.zeros(
            (min(256, len(sound) - first), max(samples, window)), np.float32
        )
        for row, (one, size) in enumerate(
            zip(sound[first : first + 256], length[first : first + 256], strict=True)
        ):
            kept = min(int(size), samples)
            begin = (samples - kept) // 2
            piece[row, begin : begin + kept] = one[:kept]
        cut = torch.from_numpy(piece)[:, places] * shape
        power = torch.fft.rfft(cut, n=2 * window).abs() ** 2
        found[first : first + 256, 0] = (
            (power @ bands.T + 1e-6).log().transpose(1, 2).numpy()
        )
    return found
