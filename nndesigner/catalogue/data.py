"""Where tensors come from and go to: what a data set is, how its fields are prepared; inputs and outputs."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from nndesigner.catalogue.kind import CHECK_BATCH, Kind, Param, Port, TensorType
from nndesigner.graph import Value, frozen_params

Preparation = Literal["", "standardize"]
Sort = Literal["numbers", "label", "image", "sound", "text", "pair", "corpus"]
PADDED = -100  # the class number that cross entropy leaves out: the place after a sentence's end


@dataclass(frozen=True, slots=True)
class Field:
    """One tensor of each record: its sizes without the batch, and how it is prepared before training.

    `standardize` brings each column, or each channel of a picture, to mean 0 and variance 1, as fitted on the training
    part. `sort` says what it is before that: a `sound` becomes a log-mel spectrogram, `text` becomes the numbers of its
    tokens. Text of a `pair` is what is to be written: it gives the words so far and, at `next`, the words that follow;
    so does a `corpus`, a long text cut into pieces. `count` is the number of classes where they have no names.
    """

    name: str
    sizes: tuple[int, ...]
    sentence: str
    dtype: str = "float32"
    classes: tuple[str, ...] = ()
    prepare: Preparation = ""
    sort: Sort = "numbers"
    count: int = 0

    @property
    def type(self) -> TensorType:
        """What flows along a wire from this field."""
        classes = len(self.classes) or self.count or None
        return TensorType((CHECK_BATCH, *self.sizes), self.dtype, classes)

    def outputs(self, values: Mapping[str, Value]) -> tuple["Field", ...]:
        """The fields that come of it, prepared as the values of the data set's params say."""
        if self.sort == "sound":
            sizes = (1, _whole(values, "mels"), _whole(values, "frames"))
            return (replace(self, sizes=sizes, prepare="standardize"),)
        if self.sort in ("text", "pair", "corpus"):
            whole, count = _whole(values, "length"), _whole(values, "vocabulary")
            tokens = replace(self, sizes=(whole,), dtype="int64", count=count)
            if self.sort == "text":
                return (tokens,)
            return tokens, replace(tokens, name="next", sentence="The token that follows, place by place")
        return (self,)


def _whole(values: Mapping[str, Value], name: str) -> int:
    value = values[name]
    assert isinstance(value, int)
    return value


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set one can train on. `size` counts its records.

    `loader` names the function of `nndesigner.data` that reads it, with `arguments`; a path among them that begins with
    `resource:` lies in the program's folder of data, one with `cache:` where fetched files are kept. `parts` counts the
    records of each part it comes divided into, `group` says in a word what must not be torn apart by a split, such as
    a speaker. `known` is what is known of it; `start` are values its params begin with. `files` are the SHA-256 of a
    data set of one's own, by path.
    """

    name: str
    title: str
    sentence: str
    size: int
    source: str
    licence: str
    fields: tuple[Field, ...]
    loader: str = ""
    arguments: Mapping[str, Value] = field(default_factory=dict, hash=False)
    parts: Mapping[str, int] = field(default_factory=dict, hash=False)
    group: str = ""
    known: str = ""
    fetched: bool = False
    start: Mapping[str, Value] = field(default_factory=dict, hash=False)
    files: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        for name in ("arguments", "start"):
            object.__setattr__(self, name, frozen_params(getattr(self, name)))
        for name in ("parts", "files"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def params(self) -> tuple[Param, ...]:
        """How it can be prepared and varied."""
        sorts = {one.sort for one in self.fields}
        found: list[Param] = []
        if sorts & {"image"} or any(one.prepare for one in self.fields):
            found.append(_NORMALIZE)
        for sort in ("sound", "text", "pair", "corpus", "image"):
            if sort in sorts:
                found += [param for param in _OF_SORT[sort] if param not in found]
        if sorts & {"image", "sound"} or any(one.prepare and not one.classes for one in self.fields):
            found.append(_NOISE)
        return tuple(
            replace(param, default=self.start[param.name]) if param.name in self.start else param
            for param in found
        )

    def values(self, params: Mapping[str, Value]) -> dict[str, Value]:
        """All values of its params, those that are not set at their defaults."""
        return {
            param.name: params[param.name]
            if param.name in params and param.problem(params[param.name]) is None
            else param.start
            for param in self.params
        }

    def outputs(self, params: Mapping[str, Value]) -> tuple[Field, ...]:
        """Its fields as they reach the network."""
        values = self.values(params)
        return tuple(output for one in self.fields for output in one.outputs(values))


_NORMALIZE = Param(
    "normalize", "bool", True, "To mean 0 and variance 1, as they are in the training part", own=True
)
_NOISE = Param(
    "noise", "float", 0.0, "Varied in training: noise of this deviation is added", minimum=0, maximum=10, own=True,
)  # fmt: skip
_OF_SORT: dict[str, tuple[Param, ...]] = {
    "image": (
        Param("shift", "float", 0.0, "Varied in training: moved by up to so many pixels", minimum=0, maximum=256, own=True),
        Param("rotate", "float", 0.0, "Varied in training: turned by up to so many degrees", minimum=0, maximum=180, own=True),
        Param("scale", "float", 0.0, "Varied in training: larger or smaller by up to this fraction", minimum=0, maximum=0.9, own=True),
        Param("shear", "float", 0.0, "Varied in training: slanted by up to so many degrees", minimum=0, maximum=60, own=True),
        Param("flip", "bool", False, "Varied in training: every second one is mirrored", own=True),
        Param("crop", "int", 0, "Varied in training: cut out after so many pixels were added around", minimum=0, maximum=256, own=True),
    ),
    "sound": (
        Param("seconds", "float", 1.0, "How much of each sound is looked at", above=0, maximum=60, own=True),
        Param("mels", "int", 64, "Into how many bands of pitch it is divided", minimum=4, maximum=256, own=True),
        Param("frames", "int", 64, "Into how many moments it is divided", minimum=4, maximum=4096, own=True),
        Param("window", "int", 256, "How many samples make one moment", minimum=16, maximum=8192, own=True),
        Param("time_shift", "float", 0.0, "Varied in training: moved by up to this fraction of its length", minimum=0, maximum=0.5, own=True),
        Param("time_mask", "int", 0, "Varied in training: up to so many moments are wiped out", minimum=0, maximum=4096, own=True),
        Param("frequency_mask", "int", 0, "Varied in training: up to so many bands are wiped out", minimum=0, maximum=256, own=True),
    ),
}  # fmt: skip
_OF_SORT["text"] = (
    Param("tokens", "choice", "words", "What a text is divided into", choices=("words", "characters", "bpe"), own=True),
    Param("vocabulary", "int", 4000, "How many different tokens are told apart", minimum=5, maximum=1000000, own=True),
    Param("length", "int", 32, "How many tokens of each text are looked at", minimum=2, maximum=8192, own=True),
)  # fmt: skip
_OF_SORT["pair"] = _OF_SORT["corpus"] = _OF_SORT["text"]

DATASET = Param("dataset", "choice", sentence="Which data set", initial="digits", own=True)

KINDS = (
    Kind(
        "Data",
        "data",
        "",
        "A data set. Its ports are the fields of each record.",
        role="data",
        inputs=(),
        outputs=(),
        params=(DATASET,),
        example=(),
        synonyms="dataset source samples",
        stem="data",
    ),
    Kind(
        "Input",
        "data",
        "",
        "An input of the network that no data set feeds, or a port of a block.",
        role="input",
        inputs=(),
        outputs=(Port("output", dtype="any"),),
        params=(
            Param(
                "shape", "shape", (1, 28, 28), "The sizes of one sample, without the batch", minimum=1, own=True,
                bare=True,
            ),
            Param("dtype", "choice", "float32", "The type of its numbers", choices=("float32", "int64", "bool"), own=True),
        ),
        example=(),
        synonyms="placeholder",
    ),
    Kind(
        "Output",
        "data",
        "",
        "What feeds it is the network's answer.",
        role="output",
        inputs=(Port("input", dtype="any"),),
        outputs=(),
        synonyms="result answer prediction",
    ),
)  # fmt: skip
