"""Makes spoken-digits: the digits 0 to 9 as many voices of espeak-ng say them, at 8 kHz, with noise.

Run it as `python resources/data/makers/spoken_digits.py [FOLDER]`; it needs espeak-ng 1.51 on the path. A clip depends
on nothing but its voice, its digit and its take, so any one can be made again; only Vorbis and its random stream number
keep the file from being the same bytes each time.
"""

import csv
import io
import subprocess
import sys
from collections.abc import Iterator
from math import gcd
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
from scipy import signal

RATE = 8_000
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
ACCENTS = (
    "en-gb", "en-us", "en-gb-scotland", "en-gb-x-gbclan", "en-gb-x-rp", "en-gb-x-gbcwmd", "en-029", "en-us-nyc",
)  # fmt: skip
# A timbre of the validation or test part speaks in no other part, whatever its accent.
TIMBRES = {
    "train": ("m1", "m3", "m5", "m6", "m7", "f1", "f3", "f4"),
    "validation": ("m2", "f5"),
    "test": ("m4", "f2"),
}
TAKES = 2
SHORTEST, LONGEST = 0.3, 0.9


class Clip(NamedTuple):
    """One digit said once."""

    voice: str
    digit: int
    take: int
    part: str


def clips() -> Iterator[Clip]:
    """All clips, in the order of the file."""
    for part, timbres in TIMBRES.items():
        for accent in ACCENTS:
            for timbre in timbres:
                for digit in range(10):
                    for take in range(TAKES):
                        yield Clip(f"{accent}+{timbre}", digit, take, part)


def spoken(clip: Clip, speed: int, pitch: int) -> np.ndarray:
    """The word as espeak-ng says it, at its own rate brought to `RATE`, without the silence around it."""
    command = [
        "espeak-ng",
        "--stdout",
        "-v",
        clip.voice,
        "-s",
        str(speed),
        "-p",
        str(pitch),
        WORDS[clip.digit],
    ]
    wave = subprocess.run(command, check=True, capture_output=True).stdout
    samples, rate = soundfile.read(io.BytesIO(wave), dtype="float64")
    shared = gcd(rate, RATE)
    samples = signal.resample_poly(samples, RATE // shared, rate // shared)
    loud = np.flatnonzero(np.abs(samples) > 0.02 * np.abs(samples).max())
    return samples[loud[0] : loud[-1] + 1]


def noise(random: np.random.Generator, samples: int) -> np.ndarray:
    """Noise of one of three colours, of root mean square 1."""
    white = random.normal(size=samples)
    fading = random.choice([0.0, 0.5, 0.9])
    coloured = signal.lfilter([1.0], [1.0, -fading], white)
    return coloured / np.sqrt(np.mean(coloured**2))


def sound(clip: Clip) -> np.ndarray:
    """The clip as float32 from -1 to 1: a speed, a pitch, a loudness and a noise of its own, 0.3 to 0.9 s long."""
    random = np.random.default_rng([ord(letter) for letter in f"{clip.voice} {clip.digit} {clip.take}"])
    speed, pitch = int(random.integers(130, 211)), int(random.integers(25, 76))
    speech = spoken(clip, speed, pitch)[: int(LONGEST * RATE) - 400]
    before, after = random.integers(80, 400), random.integers(80, 400)
    before = min(int(before), int(LONGEST * RATE) - len(speech))
    length = min(int(LONGEST * RATE), max(int(SHORTEST * RATE), before + len(speech) + int(after)))
    whole = np.zeros(length)
    whole[before : before + len(speech)] = speech
    decibels = random.uniform(5, 35)
    whole += noise(random, length) * np.sqrt(np.mean(speech**2)) * 10 ** (-decibels / 20)
    return (whole / np.abs(whole).max() * random.uniform(0.3, 0.9)).astype(np.float32)


def main(folder: Path) -> None:
    """Write the sound and its table."""
    start = 0
    with (
        soundfile.SoundFile(
            folder / "spoken-digits.ogg", "w", RATE, 1, format="OGG", subtype="VORBIS", compression_level=0.6
        ) as file,
        (folder / "spoken-digits.csv").open("w", encoding="utf-8", newline="") as table,
    ):
        rows = csv.writer(table, lineterminator="\n")
        rows.writerow(["start", "length", "digit", "voice", "part"])
        for clip in clips():
            samples = sound(clip)
            file.write(samples)
            rows.writerow([start, len(samples), clip.digit, clip.voice, clip.part])
            start += len(samples)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent)
