"""Variations of a batch while training, so that a network sees no record twice the same.

Each function takes a batch and a generator of random numbers on the CPU, and gives a batch of the same shape. Their
text is also what an exported script contains, so each stands alone.
"""

import math

import torch
import torch.nn.functional as F


def moved(
    images: torch.Tensor,
    generator: torch.Generator,
    shift: float = 0.0,
    rotate: float = 0.0,
    scale: float = 0.0,
    shear: float = 0.0,
) -> torch.Tensor:
    """Pictures (N, channels, height, width), each moved by up to `shift` pixels, turned by up to `rotate` degrees, larger
    or smaller by up to the fraction `scale`, slanted by up to `shear` degrees; beyond the edge the picture goes on as at it.
    """
    count, _, height, width = images.shape
    drawn = torch.rand((6, count), generator=generator) * 2 - 1
    turn, slant = (
        drawn[0] * math.radians(rotate),
        (drawn[1] * math.radians(shear)).tan(),
    )
    size = 1 + drawn[2] * scale
    cosine, sine = turn.cos() / size, turn.sin() / size
    across, down = drawn[4] * 2 * shift / width, drawn[5] * 2 * shift / height
    rows = torch.stack(
        [cosine, slant * cosine - sine, across, sine, slant * sine + cosine, down],
        dim=1,
    ).view(count, 2, 3)
    grid = F.affine_grid(
        rows.to(images.device), list(images.shape), align_corners=False
    )
    return F.grid_sample(
        images,
        grid.to(images.dtype),
        mode="bilinear",
        padding_mode="border",
        align_corners=False,
    )


def flipped(images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Pictures (N, channels, height, width), half of them mirrored left to right."""
    chosen = (torch.rand(len(images), generator=generator) < 0.5).to(images.device)
    return torch.where(chosen.view(-1, 1, 1, 1), images.flip(3), images)


def cropped(
    images: torch.Tensor, generator: torch.Generator, crop: int
) -> torch.Tensor:
    """Pictures (N, channels, height, width), each cut out at random after `crop` pixels of 0 were added around."""
    count, _, height, width = images.shape
    padded = F.pad(images, (crop, crop, crop, crop))
    left, top = torch.randint(0, 2 * crop + 1, (2, count), generator=generator).to(
        images.device
    )
    rows = (top.view(-1, 1) + torch.arange(height, device=images.device)).view(
        count, 1, height, 1
    )
    columns = (left.view(-1, 1) + torch.arange(width, device=images.device)).view(
        count, 1, 1, width
    )
    records = torch.arange(count, device=images.device).view(-1, 1, 1, 1)
    channels = torch.arange(images.shape[1], device=images.device).view(1, -1, 1, 1)
    return padded[records, channels, rows, columns]


def noisy(
    values: torch.Tensor, generator: torch.Generator, noise: float
) -> torch.Tensor:
    """Values of any shape, with normal noise of the deviation `noise` added."""
    return values + noise * torch.randn(values.shape, generator=generator).to(
        values.device
    )


def time_shifted(
    spectrograms: torch.Tensor, generator: torch.Generator, time_shift: float
) -> torch.Tensor:
    """Spectrograms (N, 1, bands, frames), each moved in time by up to the fraction `time_shift`, its edge repeated."""
    count, _, _, frames = spectrograms.shape
    most = round(time_shift * frames)
    by = torch.randint(-most, most + 1, (count, 1), generator=generator)
    places = (torch.arange(frames) - by).clamp(0, frames - 1).to(spectrograms.device)
    return spectrograms.gather(
        3, places.view(count, 1, 1, frames).expand(spectrograms.shape)
    )


def masked(
    spectrograms: torch.Tensor,
    generator: torch.Generator,
    time_mask: int = 0,
    frequency_mask: int = 0,
) -> torch.Tensor:
    """Spectrograms (N, 1, bands, frames), in each up to so many neighbouring frames and bands set to 0.

    D. S. Park and others, SpecAugment, 2019, with one mask of each sort.
    """
    for axis, most in ((3, time_mask), (2, frequency_mask)):
        if not most:
            continue
        count, size = len(spectrograms), spectrograms.shape[axis]
        width = torch.randint(0, min(most, size) + 1, (count, 1), generator=generator)
        start = (
            torch.rand((count, 1), generator=generator) * (size - width + 1)
        ).long()
        places = torch.arange(size)
        wiped = ((places >= start) & (places < start + width)).to(spectrograms.device)
        shape = [count, 1, 1, 1]
        shape[axis] = size
        spectrograms = spectrograms.masked_fill(wiped.view(shape), 0.0)
    return spectrograms
