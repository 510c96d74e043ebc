"""The example projects that come with the program."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nndesigner import nnd, resources
from nndesigner.nnd import ProjectError
from nndesigner.project import Project

FACTS = "facts.json"

# The welcome page shows the first of these at once: what trains in seconds, then designs people have heard of.
_FIRST = (
    *("digits", "digits-residual", "autoencoder", "googlenet", "unet", "resnet18"),
    *("digits-mlp", "digits-inception", "digits-autoencoder", "breast-cancer", "lstm-classifier", "vae"),
    *("lenet5", "alexnet", "vgg16", "resnet50", "densenet121", "mobilenetv2"),
    *("googlenet-digits", "vgg-spoken-digits", "char-gpt", "transformer-translation"),
)


def names() -> list[str]:
    """All examples, the handwritten digits first and those the list above does not know last."""
    found = sorted(path.stem for path in resources.folder("examples").glob("*" + nnd.SUFFIX))
    return sorted(found, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))


@functools.cache
def load(name: str) -> Project:
    """An example by name; raises `ProjectError` for one that is not there."""
    if name not in names():
        raise ProjectError(f"there is no example {name!r}; there are {', '.join(names())}")
    return nnd.load(resources.folder("examples") / (name + nnd.SUFFIX))


@dataclass(frozen=True, slots=True)
class Facts:
    """What a picture of an example shows and its file does not say: how many parameters it has, and for each node the
    sizes of what it gives, the batch left out. Worked out before, as torch is not loaded when the picture is drawn.
    """

    parameters: int
    sizes: Mapping[str, tuple[int, ...]]


@functools.cache
def facts(name: str) -> Facts | None:
    """What is known of an example; None of one that is new."""
    known = json.loads((resources.folder("examples") / FACTS).read_text("utf-8")).get(name)
    if known is None:
        return None
    return Facts(known["parameters"], {node: tuple(sizes) for node, sizes in known["sizes"].items()})


def find(file_or_example: str) -> Project:
    """The project in a file, or else the example of that name."""
    path = Path(file_or_example)
    if not path.is_file() and file_or_example in names():
        return load(file_or_example)
    return nnd.load(path)
