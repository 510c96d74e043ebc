"""Folders of pictures and of sounds, as many people have them, and projects that learn from them."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image

from nndesigner.data import recipe
from nndesigner.data.adding import look_at
from nndesigner.graph import Graph, Node, Value
from nndesigner.project import Project, Training
from tests.conftest import chain, wired

ANIMALS = ("cat", "dog", "owl")
WORDS = ("no", "yes")


def reading_files(patch: pytest.MonkeyPatch) -> None:
    """Has all folders count as large, be read a few records at a time, and fitted on few of them."""
    patch.setattr(recipe, "LARGE", 0)
    patch.setattr(recipe, "_PIECE", 5 * 4 * 3 * 8 * 8)
    patch.setattr(recipe, "_MOST_SAMPLED", 40)


def many_pictures(folder: Path, params: Mapping[str, Value], count: int = 40, **training: object) -> Project:
    """So many pictures of each class, 8×8, and a network for them."""
    draw = np.random.default_rng(0)
    for number, name in enumerate(ANIMALS):
        (folder / name).mkdir(parents=True)
        for one in range(count):
            pixels = draw.integers(0, 120 + 60 * number, (8, 8, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{one:03}.png")
    nodes = [
        Node("data", "Data", {"dataset": "animals", **params}),
        Node("conv1", "Conv2d", {"out_channels": 4, "kernel_size": 3}),
        Node("relu1", "ReLU"),
        Node("flatten1", "Flatten"),
        Node("dropout1", "Dropout"),
        Node("linear1", "Linear", {"out_features": 3}),
        Node("animal", "Output"),
        Node("loss", "CrossEntropyLoss"),
    ]
    edges = [
        *wired("data.image > conv1", "linear1 > loss", "data.label > loss.target"),
        *chain("conv1", "relu1", "flatten1", "dropout1", "linear1", "animal"),
    ]
    settings = {"epochs": 2, "batch_size": 16, **training}
    project = Project(Graph.of(nodes, edges), {}, Training(**settings), "Animals")  # type: ignore[arg-type]
    return project.with_data(look_at(folder, "animals").data_set)


def many_sounds(folder: Path, params: Mapping[str, Value], **training: object) -> Project:
    """Words of unequal length, said by eight speakers, and a network for them."""
    draw = np.random.default_rng(0)
    for number, name in enumerate(WORDS):
        (folder / name).mkdir(parents=True)
        for one in range(40):
            samples = np.arange(1200 + int(draw.integers(0, 1200)))
            tone = np.sin(samples * (0.2 + 0.1 * number)) + 0.3 * draw.normal(size=len(samples))
            soundfile.write(folder / name / f"{'abcdefgh'[one % 8]}_{one}.wav", tone * 0.3, 8000)
    nodes = [
        Node("data", "Data", {"dataset": "words", "mels": 16, "frames": 12, **params}),
        Node("conv1", "Conv2d", {"out_channels": 4, "kernel_size": 3, "stride": 2}),
        Node("relu1", "ReLU"),
        Node("flatten1", "Flatten"),
        Node("linear1", "Linear", {"out_features": 2}),
        Node("word", "Output"),
        Node("loss", "CrossEntropyLoss"),
    ]
    edges = [
        *wired("data.sound > conv1", "linear1 > loss", "data.label > loss.target"),
        *chain("conv1", "relu1", "flatten1", "linear1", "word"),
    ]
    settings = {"epochs": 2, "batch_size": 16, **training}
    project = Project(Graph.of(nodes, edges), {}, Training(**settings), "Words")  # type: ignore[arg-type]
    return project.with_data(look_at(folder, "words").data_set)
