"""Looking at a data set: what is worth showing of its records, its fields and its parts, made into plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
import torch
from PIL import Image
from tokenizers import Tokenizer

from nndesigner.catalogue.data import DataSet, Field
from nndesigner.data import own, parts
from nndesigner.data.preparing import log_mel
from nndesigner.data.problem import DataError
from nndesigner.data.recipe import Recipe, recipe
from nndesigner.data.shown import (
    ColumnFacts,
    Distribution,
    Overview,
    Page,
    Sample,
    Sort,
    Text,
    Token,
)
from nndesigner.data.wording import pieces
from nndesigner.graph import Value
from nndesigner.project import Training

_LARGEST = 160  # pixels of the longer side of a picture that is shown
_POINTS = 320  # of a waveform
_BINS = 24
_LOOKED_AT = 2000  # pictures whose pixels are counted
_MOST_READ = 300  # of the records of a data set that is too large to be held
_MOST_COLUMNS = 40
_MOST_CLASSES = 60


@dataclass
class Opened:
    """A data set that was read, kept to be looked at again and again.

    Where it is too large to be held, `arrays` are those of its `records` alone, and `known` is what is known of all.
    """

    data_set: DataSet
    arrays: Mapping[str, np.ndarray]
    records: np.ndarray | None = None
    known: "Opened | None" = None
    scaled: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    worded: dict[tuple[object, ...], list[str]] = field(default_factory=dict)
    split: dict[Training, tuple[np.ndarray, ...]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many records there are."""
        return len(next(iter(self.arrays.values())))

    def number(self, row: int) -> int:
        """The number that a record in the arrays has in the data set."""
        return int(row if self.records is None else self.records[row])

    @property
    def label(self) -> Field | None:
        """The field that tells the class, if there is one."""
        return next((one for one in self.data_set.fields if one.sort == "label"), None)

    def training_part(self, how: Recipe, training: Training) -> tuple[np.ndarray, ...]:
        """The records of the training, validation and test part; raises `DataError`."""
        key = Training(
            split=training.split,
            validation=training.validation,
            test=training.test,
            split_seed=training.split_seed,
        )
        if key not in self.split:
            by = self.arrays[how.split_by] if how.split_by else self.size
            try:
                self.split[key] = how.split.function(by, **how.split.arguments)
            except ValueError as error:
                raise DataError(
                    f"{self.data_set.title} can't be split like that: {error}"
                ) from None
        return self.split[key]


def opened(data_set: DataSet) -> Opened:
    """Reads a data set, or some of the records of a large one; raises `DataError`."""
    arrays = parts.read(data_set, {}, Training())
    reading = recipe(data_set, {}, Training()).reading
    if reading is None:
        return Opened(data_set, arrays)
    records, some = parts.read_some(data_set, arrays, reading, _MOST_READ)
    return Opened(data_set, some, records, Opened(data_set, arrays))


# The whole.


def overview(
    shown: Opened, params: Mapping[str, Value], training: Training
) -> Overview:
    """What is told of the whole data set, prepared and split like that."""
    how = recipe(shown.data_set, params, training)
    every = shown.known or shown
    problem = ""
    sizes: tuple[tuple[str, int], ...] = ()
    try:
        split = every.training_part(how, training)
        sizes = tuple(
            zip(("train", "validation", "test"), map(len, split), strict=True)
        )
    except DataError as error:
        problem = str(error)
    label = shown.label
    columns, told = _columns(shown)
    found: list[Distribution] = []
    for one in shown.data_set.fields:
        found += _distributions(shown, one, params)
    names = _class_names(label)[:_MOST_CLASSES] if label is not None else ()
    return Overview(every.size, sizes, problem, names, (*found, *told), columns)


def _class_names(label: Field) -> tuple[str, ...]:
    return label.classes or tuple(str(number) for number in range(label.count))


def _distributions(
    shown: Opened, one: Field, params: Mapping[str, Value]
) -> list[Distribution]:
    values = shown.arrays[one.name]
    own_column = shown.data_set.loader == "own.load_table" and one.sort in (
        "label",
        "numbers",
    )
    title = one.sentence if own_column else one.name  # which is then that of the column
    if one.sort == "label":
        values = (shown.known or shown).arrays[one.name]
        counts = np.bincount(values, minlength=len(_class_names(one)))
        return [Distribution(title, _whole(counts), names=_class_names(one))]
    if one.sort == "image":
        step = max(1, len(values) // _LOOKED_AT)
        return [_histogram("pixel values", values[::step].ravel())]
    if one.sort == "sound":
        rate = _rate(shown.data_set)
        silent = int((np.abs(values).max(axis=1) < 1e-4).sum())
        remark = f"{silent:,} of them are silent." if silent else ""
        return [_histogram("seconds", shown.arrays["length"] / rate, remark)]
    if one.sort in ("text", "pair", "corpus"):
        setting = shown.data_set.values(params)
        divided, length = str(setting["tokens"]), int(str(setting["length"]))
        kind = "characters" if divided == "characters" else "words"
        lengths = np.array([len(pieces(str(text), kind)) for text in values])
        long = int((lengths > length - 1).sum())
        remark = (
            f"{long:,} are longer than {length - 1} {kind}, and are cut off."
            if long
            else ""
        )
        if divided == "bpe" or one.sort == "corpus":
            remark = ""
        return [_histogram(f"{kind} in {one.name}", lengths, remark)]
    if one.name == "target" or (values.ndim == 2 and values.shape[1] == 1):
        return [_histogram(title, column) for column in values.T[:3]]
    return []


def _whole(counts: np.ndarray) -> tuple[int, ...]:
    return tuple(int(count) for count in counts)


def _histogram(title: str, values: np.ndarray, remark: str = "") -> Distribution:
    known = values[np.isfinite(values)] if values.dtype.kind == "f" else values
    if not len(known):
        return Distribution(title, (), remark="There are no numbers.")
    low, high = float(known.min()), float(known.max())
    bins = _BINS
    if known.dtype.kind in "iu" or bool((known == np.rint(known)).all()):
        span = high - low
        if span < _BINS:
            counts = np.bincount(
                (known - low).astype(np.int64), minlength=int(span) + 1
            )
            names = tuple(f"{low + number:g}" for number in range(len(counts)))
            return Distribution(title, _whole(counts), names, (), remark)
    counts, edges = np.histogram(
        known, bins=bins, range=(low, high if high > low else low + 1)
    )
    return Distribution(title, _whole(counts), (), tuple(map(float, edges)), remark)


# The columns of tables.


def _columns(shown: Opened) -> tuple[tuple[ColumnFacts, ...], tuple[Distribution, ...]]:
    features = shown.arrays.get("features")
    if shown.data_set.loader == "own.load_table":
        return _own_columns(
            shown, np.empty((shown.size, 0)) if features is None else features
        )
    if features is None or features.ndim != 2:
        return (), ()
    facts: list[ColumnFacts] = []
    told: list[Distribution] = []
    for name, values in zip(_feature_names(shown), features.T, strict=False):
        missing = int(np.isnan(values).sum())
        facts.append(ColumnFacts(name, "number", "feature", missing, _range(values)))
        told.append(_histogram(name, values))
    return tuple(facts), tuple(told[:_MOST_COLUMNS])


def _feature_names(shown: Opened) -> tuple[str, ...]:
    """The names of the columns, where scikit-learn tells them, else their numbers."""
    count = shown.arrays["features"].shape[1]
    module, _, name = shown.data_set.loader.partition(".")
    if module == "bundled":
        from sklearn import datasets

        loader = getattr(datasets, name, None)
        names = getattr(loader(), "feature_names", None) if loader is not None else None
        if names is not None and len(names) == count:
            return tuple(map(str, names))
    return tuple(str(number + 1) for number in range(count))


def _range(values: np.ndarray) -> str:
    known = values[np.isfinite(values)]
    if not len(known):
        return ""
    return f"{known.min():g} – {known.max():g}"


def _own_columns(
    shown: Opened, features: np.ndarray
) -> tuple[tuple[ColumnFacts, ...], tuple[Distribution, ...]]:
    arguments: dict[str, Any] = dict(shown.data_set.arguments)
    names: list[str] = list(arguments["names"])
    columns: dict[str, Sequence[str]] = dict(arguments["columns"])
    special = {arguments.get(one, ""): one for one in ("target", "group", "part")}
    missing = dict.fromkeys(names, 0)
    for chunk in _chunks(arguments):
        for name, cells in zip(names, zip(*chunk, strict=True), strict=True):
            missing[name] += sum(cell in own.MISSING for cell in cells)
    told = _own_distributions(columns, arguments.get("target", ""), features)
    facts = []
    for name in names:
        sort = columns[name][0] if name in columns else ""
        use = special.get(name, "feature" if sort else "")
        words = ""
        if name in told and sort == "category":
            words = f"{len(told[name].counts):,} values"
        elif name in told and told[name].edges:
            words = f"{told[name].edges[0]:g} – {told[name].edges[-1]:g}"
        facts.append(ColumnFacts(name, sort, use, missing[name], words))
    return tuple(facts), tuple(told.values())[:_MOST_COLUMNS]


def _own_distributions(
    columns: Mapping[str, Sequence[str]], target: str, features: np.ndarray
) -> dict[str, Distribution]:
    """How often each value of a column comes, out of the features that were made of it."""
    found: dict[str, Distribution] = {}
    at = 0
    for name, (sort, *details) in columns.items():
        if name == target or sort == "text":
            continue
        if sort == "category":
            counts = features[:, at : at + len(details)].sum(axis=0)
            found[name] = Distribution(name, _whole(counts), tuple(details))
            at += len(details)
            continue
        values = features[:, at]
        if sort == "boolean":
            known = values[np.isfinite(values)].astype(np.int64)
            found[name] = Distribution(
                name, _whole(np.bincount(known, minlength=2)), tuple(details)
            )
        else:
            found[name] = _histogram(name, values)
        at += 1
    return found


def _chunks(arguments: Mapping[str, Any]) -> Any:
    """The rows of a table of one's own, as they are written."""
    return own.table_rows(
        arguments["path"],
        len(arguments["names"]),
        arguments.get("separator", ","),
        arguments.get("encoding", "utf-8-sig"),
        arguments.get("skip", 1),
        arguments.get("quote", '"'),
    )


# Samples.


def page(
    shown: Opened,
    params: Mapping[str, Value],
    training: Training,
    first: int,
    count: int,
    of_class: int = -1,
    seed: int = 0,
) -> Page:
    """`count` samples from the `first` on, of one class or, for -1, of all; tables in their order, others mixed.

    What is varied in training is drawn by `seed`.
    """
    sorts = {one.sort: one for one in shown.data_set.fields}
    order = np.arange(shown.size)
    kind: Sort = "rows"
    if "image" in sorts:
        kind = "pictures"
    elif "sound" in sorts:
        kind = "sounds"
    elif sorts.keys() & {"text", "pair", "corpus"} and "features" not in shown.arrays:
        kind = "texts"
    if kind != "rows" and "corpus" not in sorts:
        order = np.random.default_rng(0).permutation(order)
    label = shown.label
    if of_class >= 0 and label is not None:
        order = order[shown.arrays[label.name][order] == of_class]
    rows = order[first : first + count]
    if kind == "rows":
        columns, cells = _cells(shown, first, count, rows)
        samples = tuple(
            Sample(shown.number(row), cells=one)
            for row, one in zip(rows, cells, strict=False)
        )
        return Page(kind, samples, first, len(order), columns)
    how = recipe(shown.data_set, params, training)
    if kind == "texts":
        texts = _texts(shown, how, params, training, rows)
        made = [
            Sample(shown.number(row), _label(shown, row), texts=one)
            for row, one in zip(rows, texts, strict=True)
        ]
    elif kind == "pictures":
        made = _pictures(shown, sorts["image"], how, training, rows, seed)
    else:
        made = _sounds(shown, sorts["sound"], how, params, rows, seed)
    return Page(kind, tuple(made), first, len(order))


def _label(shown: Opened, row: int) -> str:
    one = shown.label
    if one is not None:
        number, names = int(shown.arrays[one.name][row]), _class_names(one)
        return names[number] if 0 <= number < len(names) else str(number)
    target = shown.arrays.get("target")
    if target is None or target.dtype.kind != "f":
        return ""
    return f"{float(np.ravel(target[row])[0]):g}"


def _cells(
    shown: Opened, first: int, count: int, rows: np.ndarray
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The rows of a table: of one's own as they stand in the file, of others by their numbers."""
    arguments = dict(shown.data_set.arguments)
    if shown.data_set.loader == "own.load_table":
        every = (tuple(row) for chunk in _chunks(arguments) for row in chunk)
        return tuple(arguments["names"]), list(islice(every, first, first + count))  # type: ignore[arg-type]
    features = shown.arrays["features"].reshape(shown.size, -1)[:, :_MOST_COLUMNS]
    names = list(_feature_names(shown))[:_MOST_COLUMNS] if shown.arrays["features"].ndim == 2 else [
        str(number + 1) for number in range(features.shape[1])
    ]  # fmt: skip
    others = [one for one in shown.data_set.fields if one.name != "features"]
    cells = []
    for row in rows:
        told = [f"{value:.5g}" for value in features[row]]
        for one in others:
            value = shown.arrays[one.name][row]
            told.append(
                _label(shown, row)
                if one.sort == "label"
                else f"{float(np.ravel(value)[0]):.5g}"
            )
        cells.append(tuple(told))
    return (*names, *(one.name for one in others)), cells


def _texts(
    shown: Opened,
    how: Recipe,
    params: Mapping[str, Value],
    training: Training,
    rows: np.ndarray,
) -> list[tuple[Text, ...]]:
    setting = shown.data_set.values(params)
    divided, length = str(setting["tokens"]), int(str(setting["length"]))
    # A text of its own is followed by its end; a piece of a long one by the next token, which is to be told.
    seen = (
        length + 1
        if any(one.sort == "corpus" for one in shown.data_set.fields)
        else length - 1
    )
    fields = [
        one.name
        for one in shown.data_set.fields
        if one.sort in ("text", "pair", "corpus")
    ]
    fitted = {
        name: _vocabulary(shown, how, training, name, divided, setting["vocabulary"])
        for name in fields
    }
    learned = {
        name: Tokenizer.from_str(words[0])
        for name, words in fitted.items()
        if divided == "bpe"
    }
    known = {name: frozenset(words) for name, words in fitted.items()}
    found = []
    for row in rows:
        texts = []
        for name in fields:
            text = str(shown.arrays[name][row])[:4000]
            if divided == "bpe":
                came = learned[name].encode(text).tokens
                tokens = [
                    Token(one, "unknown" if one == "<unknown>" else "") for one in came
                ]
            else:
                tokens = [
                    Token(one, "" if one in known[name] else "unknown")
                    for one in pieces(text, divided)
                ]
            tokens = [
                one if place < seen else Token(one.text, "cut")
                for place, one in enumerate(tokens)
            ]
            texts.append(Text(name, text, tuple(tokens[:400])))
        found.append(tuple(texts))
    return found


def _vocabulary(
    shown: Opened, how: Recipe, training: Training, name: str, divided: str, size: Value
) -> list[str]:
    key = (
        name,
        divided,
        size,
        training.split,
        training.split_seed,
        training.validation,
        training.test,
    )
    if key not in shown.worded:
        step = next(one for one in how.prepare if one.inputs[0] == name)
        assert step.fit is not None
        train = shown.training_part(how, training)[0]
        shown.worded[key] = step.fit.function(
            shown.arrays[name][train], **step.fit.arguments
        )
    return shown.worded[key]


def _pictures(
    shown: Opened,
    one: Field,
    how: Recipe,
    training: Training,
    rows: np.ndarray,
    seed: int,
) -> list[Sample]:
    raw = shown.arrays[one.name][rows]
    low, high = (0.0, 255.0) if raw.dtype == np.uint8 else _bounds(shown, one.name)
    varied: list[np.ndarray | None] = [None] * len(rows)
    if len(rows) and any(name == one.name for name, _ in how.augment):
        values, undo = _prepared(shown, one.name, how, training, rows)
        batch = torch.from_numpy(values)
        generator = torch.Generator().manual_seed(seed)
        for name, call in how.augment:
            if name == one.name:
                batch = call.function(batch, generator, **call.arguments)
        back = batch.numpy() * undo[0] + undo[1]
        varied = [_shown(picture, low, high) for picture in back]
    return [
        Sample(
            shown.number(row),
            _label(shown, row),
            picture=_shown(picture, low, high),
            varied=other,
        )
        for row, picture, other in zip(rows, raw, varied, strict=True)
    ]


def _prepared(
    shown: Opened, name: str, how: Recipe, training: Training, rows: np.ndarray
) -> tuple[np.ndarray, tuple[Any, Any]]:
    """The records as they reach the network, float32, and the factor and summand that lead back."""
    raw = shown.arrays[name][rows]
    step = next((one for one in how.prepare if one.inputs == (name,)), None)
    if step is None:
        return raw.astype(np.float32), (1.0, 0.0)
    if step.fit is None:
        values = step.apply.function(raw, **step.apply.arguments)
        return values, (255.0 if raw.dtype == np.uint8 else 1.0, 0.0)
    if name not in shown.scaled:
        train = shown.training_part(how, training)[0]
        shown.scaled[name] = step.fit.function(shown.arrays[name][train])
    mean, deviation = (
        each.reshape(-1, *[1] * (raw.ndim - 2)) for each in shown.scaled[name]
    )
    return step.apply.function(raw, shown.scaled[name]), (
        np.maximum(deviation, 1e-8),
        mean,
    )


def _bounds(shown: Opened, name: str) -> tuple[float, float]:
    values = shown.arrays[name]
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


def _rate(data_set: DataSet) -> int:
    return int(str(data_set.arguments.get("rate", 8000)))


def _sounds(
    shown: Opened,
    one: Field,
    how: Recipe,
    params: Mapping[str, Value],
    rows: np.ndarray,
    seed: int,
) -> list[Sample]:
    rate = _rate(shown.data_set)
    setting = shown.data_set.values(params)
    wanted: dict[str, Any] = {
        name: setting[name] for name in ("mels", "frames", "seconds", "window")
    }
    sound, length = shown.arrays[one.name][rows], shown.arrays["length"][rows]
    if not len(rows):
        return []
    mels = log_mel(sound, length, rate, **wanted)
    varied: list[np.ndarray | None] = [None] * len(rows)
    if any(name == one.name for name, _ in how.augment):
        mean, deviation = mels.mean(), mels.std() + 1e-8
        batch = torch.from_numpy((mels - mean) / deviation)
        generator = torch.Generator().manual_seed(seed)
        for name, call in how.augment:
            if name == one.name:
                batch = call.function(batch, generator, **call.arguments)
        varied = [
            _heat(each[0], float(mel.max()))
            for each, mel in zip(batch.numpy() * deviation + mean, mels, strict=True)
        ]
    return [
        Sample(
            shown.number(row),
            _label(shown, row),
            wave=_wave(each[: int(size)]),
            spectrogram=_heat(mel[0], float(mel.max())),
            varied=other,
            seconds=int(size) / rate,
        )
        for row, each, size, mel, other in zip(
            rows, sound, length, mels, varied, strict=True
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
