"""Looking at a table: its dialect, the types of its columns, the one that is to be predicted, those that give it away."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from nndesigner.catalogue.data import Field
from nndesigner.data.fingerprint import digest
from nndesigner.data.looking.columns import (
    BOOLEANS,
    Facts,
    Tally,
    facts_of,
    is_category,
    is_identifier,
    ordered,
    same_as,
    tells,
    type_of,
    whole_numbers,
)
from nndesigner.data.looking.dialect import Dialect, dialect_of
from nndesigner.data.looking.found import (
    Column,
    Found,
    counted,
    found,
    frozen,
    listed,
    only,
)
from nndesigner.data.looking.text import encoding_of, head
from nndesigner.data.own import MISSING, PARTS, load_table, numbers_in, table_rows
from nndesigner.data.problem import DataError
from nndesigner.graph import Value

CHOICES = (
    "kind", "target", "types", "ignore", "group", "part", "separator", "encoding", "quote", "header", "decimal",
    "thousands", "validation", "test",
)  # fmt: skip
TYPES = ("number", "category", "boolean", "date", "text")
_SURE_TARGETS = ("target", "label", "labels")
_TARGETS = (
    "y", "survived", "species", "outcome", "diagnosis", "class", "classes", "response",
    "output", "variety", "churn", "income", "sentiment", "default", "quality", "price", "saleprice", "medv", "mpg",
)  # fmt: skip
_GROUP = re.compile(
    r"(?i)(patient|subject|speaker|person|participant|user|customer|group|household|session)([ _-]?(id|no|nr|number|name))?"
)
_PART = re.compile(r"(?i)split|part|partition|subset|set|fold|usage")
_MOST_TOLD = 20
_TELLS_CLASS, _TELLS_NUMBER, _TELLS_NEARLY = 0.99, 0.999, 0.95


def look(path: Path, name: str, choices: Mapping[str, Any]) -> Found:
    """The table in a file, and what is to be known of it; raises `DataError`."""
    only(choices, "a table", *CHOICES)
    encoding = choices.get("encoding") or encoding_of(path)
    lines, _ = head(path, encoding)
    try:
        dialect = dialect_of(
            lines,
            choices.get("separator"),
            choices.get("quote"),
            choices.get("header"),
            choices.get("decimal"),
            choices.get("thousands"),
        )
    except DataError as error:
        raise DataError(f"{path}: {error}.") from None
    if dialect.regular < 0.5:
        raise DataError(
            f"{path} is no table: its lines don't have the same number of cells, whatever sign is taken to divide them."
        )
    how = (dialect.separator, encoding, dialect.skip, dialect.quote)
    further = {
        part: choices[part] for part in ("validation", "test") if choices.get(part)
    }
    files = {"train": path, **{part: Path(other) for part, other in further.items()}}

    chunks = (
        chunk
        for file in files.values()
        for chunk in table_rows(str(file), len(dialect.names), *how)
    )
    facts = facts_of(chunks, dialect.names, dialect.decimal, dialect.thousands)
    if not facts.rows:
        raise DataError(f"{path} has names of columns, but no rows.")
    return _found(path, name, choices, dialect, encoding, facts, files)


@dataclass(frozen=True)
class _Reading:
    """How the columns of a table are read: the type of each with its details, and what stands in three of them."""

    types: Mapping[str, tuple[str, ...]]
    target: str
    group: str
    part: str


def _found(
    path: Path,
    name: str,
    choices: Mapping[str, Any],
    dialect: Dialect,
    encoding: str,
    facts: Facts,
    files: Mapping[str, Path],
) -> Found:
    reading = _reading(path, choices, facts)
    columns, used = _columns(choices, facts, reading, dialect)
    arguments: dict[str, Value] = {
        "path": str(path),
        "names": dialect.names,
        "columns": frozen(used),
    }
    told: dict[str, tuple[Value, Value]] = {
        "target": (reading.target, ""),
        "separator": (dialect.separator, ","),
        "encoding": (encoding, "utf-8-sig"),
        "skip": (dialect.skip, 1),
        "quote": (dialect.quote, '"'),
        "decimal": (dialect.decimal, "."),
        "thousands": (dialect.thousands, ""),
        "group": (reading.group, ""),
        "part": (reading.part, ""),
        "validation": (str(files["validation"]) if "validation" in files else "", ""),
        "test": (str(files["test"]) if "test" in files else "", ""),
    }
    arguments |= {
        key: value for key, (value, default) in told.items() if value != default
    }
    if not any(one.role in ("feature", "text") for one in columns):
        raise DataError(
            f"{path} has no column to predict {reading.target} from: "
            + "; ".join(
                f"{one.name} {one.why}" for one in columns if one.name != reading.target
            )
            + "."
        )
    try:
        arrays = load_table(**arguments)  # type: ignore[arg-type]
    except ValueError as error:
        raise DataError(str(error)) from None
    size = len(next(iter(arrays.values())))
    fields = _fields(path, reading, columns, arrays)
    parts = (
        {
            part: int((arrays["part"] == part).sum())
            for part in ("train", "validation", "test")
        }
        if "part" in arrays
        else {}
    )
    remarks = _remarks(
        choices, dialect, encoding, facts, reading, columns, size, arrays
    )
    return found(
        name,
        path,
        f"A table of {counted(size, 'row')}: {reading.target} from "
        + listed([one.name for one in columns if one.role in ("feature", "text")], 8)
        + ".",
        size,
        fields,
        "own.load_table",
        arguments,
        {str(file): digest(file) for file in files.values()},
        remarks,
        parts=parts,
        group=reading.group,
        columns=columns,
    )


def _reading(path: Path, choices: Mapping[str, Any], facts: Facts) -> _Reading:
    types = {name: type_of(tally) for name, tally in facts.tallies.items()}
    for column, kind in dict(choices.get("types") or {}).items():
        types[_column(path, column, facts)] = _as_type(kind, facts.tallies[column])
    ignored = tuple(_column(path, one, facts) for one in choices.get("ignore") or ())
    part = choices.get("part")
    if part is None:
        part = next(
            (
                one
                for one in types
                if one not in ignored and _is_part(facts.tallies[one])
            ),
            "",
        )
    elif part:
        _column(path, part, facts)
        if (
            not all(word.lower() in PARTS for word in facts.tallies[part].counts)
            or facts.tallies[part].missing
        ):
            raise DataError(
                f"{path}: the column {part} does not tell a part, such as train or test, in every row."
            )
    group = choices.get("group")
    if group is None:
        group = next(
            (
                one
                for one in types
                if one not in ignored and _is_group(facts.tallies[one])
            ),
            "",
        )
    elif group:
        _column(path, group, facts)
    asked = choices.get("target")
    target = (
        _column(path, asked, facts)
        if asked
        else _guessed_target(types, facts, {*ignored, part, group}, choices)
    )
    if not target:
        raise DataError(
            f"{path} has no column that could be predicted: say which one, as target."
        )
    if target == group:
        group = ""
    types[target] = _as_target(
        path,
        types[target],
        facts.tallies[target],
        target in (choices.get("types") or {}),
    )
    return _Reading(types, target, group, part)


def _column(path: Path, name: str, facts: Facts) -> str:
    if name not in facts.tallies:
        raise DataError(
            f"{path} has no column {name!r}; it has {listed(facts.tallies, 20)}."
        )
    return name


def _as_type(kind: str, tally: Tally) -> tuple[str, ...]:
    """A column read as a person says."""
    if kind == "category":
        if tally.more:
            raise DataError(
                f"the column {tally.name} has more than 20,000 values, too many for a category."
            )
        return ("category", *ordered(tally))
    if kind == "boolean":
        words = sorted({value.lower() for value in tally.counts})
        pair = next((one for one in BOOLEANS if set(one) == set(words)), tuple(words))
        if len(pair) != 2:
            raise DataError(
                f"the column {tally.name} is not boolean: it has {counted(len(words), 'value')}."
            )
        return ("boolean", *pair)
    if kind == "date":
        found = type_of(tally)
        if found[:1] != ("date",):
            raise DataError(
                f"the column {tally.name} holds no dates in a form that is known."
            )
        return found
    if kind not in TYPES:
        raise DataError(
            f"{kind!r} is no type of a column; expected {', '.join(TYPES)}."
        )
    return (kind,)


def _is_part(tally: Tally) -> bool:
    words = {value.lower() for value in tally.counts} if tally.distinct <= 6 else set()
    return (
        _PART.fullmatch(tally.name) is not None
        and not tally.missing
        and len(words) > 1
        and "train" in {PARTS.get(word) for word in words}
        and all(word in PARTS for word in words)
    )


def _is_group(tally: Tally) -> bool:
    return (
        _GROUP.fullmatch(tally.name) is not None
        and not tally.all_different
        and 3 < tally.distinct <= tally.present / 2
    )


def _guessed_target(
    types: Mapping[str, tuple[str, ...]],
    facts: Facts,
    left_out: set[str],
    choices: Mapping[str, Any],
) -> str:
    """The column that is most likely to be predicted: by its name, or the last that could be, or the first."""

    def could_be(name: str) -> bool:
        tally, kind = facts.tallies[name], types[name]
        if name in left_out or not kind or tally.distinct < 2 or kind[0] == "date":
            return False
        if name in (choices.get("types") or {}):
            return kind[0] != "text"
        return kind[0] != "text" and not is_identifier(tally, kind[0])

    lowered: dict[str, str] = {}
    for name in types:
        lowered.setdefault(re.sub("[ _-]", "", name.lower()), name)
    for word in _SURE_TARGETS:
        if word in lowered and lowered[word] not in left_out:
            return lowered[word]
    for word in _TARGETS:
        if word == "y" and {"x", "z"} <= set(lowered):
            continue  # a place in space
        if word in lowered and could_be(lowered[word]):
            return lowered[word]
    possible = [name for name in types if could_be(name)]
    if not possible:
        return ""
    names = list(types)
    classes = [name for name in possible if types[name][0] in ("category", "boolean")]
    if names[-1] not in possible and names[0] in possible:
        return names[0]
    if len(classes) == 1 and classes[0] in (names[0], names[-1]):
        return classes[0]
    first = facts.tallies[names[0]]
    if (
        names[0] in possible
        and whole_numbers(first)
        and first.distinct <= 10
        and not whole_numbers(facts.tallies[possible[-1]])
    ):
        return names[0]
    return possible[-1]


def _as_target(
    path: Path, kind: tuple[str, ...], tally: Tally, chosen: bool
) -> tuple[str, ...]:
    """How the column that is to be predicted is read: few whole numbers are classes, unless a person says otherwise."""
    if not kind:
        raise DataError(
            f"{path}: the column {tally.name} is empty, so it can't be predicted."
        )
    if (
        kind[0] == "number"
        and not chosen
        and whole_numbers(tally)
        and tally.distinct <= 10
        and is_category(tally)
    ):
        kind = ("category", *ordered(tally))
    if kind[0] == "text":
        if tally.more or tally.distinct > tally.present / 2:
            raise DataError(
                f"{path}: the column {tally.name} can't be predicted: it has {tally.distinct:,} different texts in "
                f"{tally.present:,} rows."
            )
        kind = ("category", *ordered(tally))
    if kind[0] in ("category", "boolean") and tally.distinct < 2:
        raise DataError(
            f"{path}: the column {tally.name} has one class only, {next(iter(tally.counts))!r}: there is nothing to tell apart."
        )
    return kind


def _columns(
    choices: Mapping[str, Any], facts: Facts, reading: _Reading, dialect: Dialect
) -> tuple[tuple[Column, ...], dict[str, Value]]:
    """What is done with each column, and those that are used with their types as the loader takes them."""
    ignored, chosen = set(choices.get("ignore") or ()), dict(choices.get("types") or {})
    target_values, kept = _target_values(facts, reading, dialect)
    found: list[Column] = []
    used: dict[str, Value] = {}
    texts = [name for name, kind in reading.types.items() if kind[:1] == ("text",)]
    written = [name for name in texts if name in chosen]
    alone = not any(
        kind
        and kind[0] != "text"
        and name not in (reading.target, reading.part, reading.group)
        and name not in ignored
        for name, kind in reading.types.items()
    )
    if not written and alone:
        prose = [
            name
            for name in texts
            if not is_identifier(facts.tallies[name], "number") and name not in ignored
        ]
        written = sorted(prose, key=lambda one: -facts.tallies[one].characters)[:1]
    for name, tally in facts.tallies.items():
        kind = reading.types[name]
        sort = kind[0] if kind else "text"
        role, why = "feature", _read_as(kind, tally)
        if name == reading.target:
            role, why = "target", "is what is to be predicted"
        elif name == reading.part:
            role, why = "part", "tells the part a row is in"
        elif name == reading.group:
            role, why = (
                "group",
                "tells what belongs together, so that a split can keep it together",
            )
        elif name in ignored:
            role, why = "", "is left out as you chose"
        elif not tally.present:
            role, why = "", "is empty"
        elif tally.distinct < 2 and name not in chosen:
            role, why = "", f"is the same in every row, {next(iter(tally.counts))!r}"
        elif sort == "text" and name in written[:1]:
            role, why = "text", "is read as text"
        elif name not in chosen and is_identifier(tally, sort):
            role, why = "", "is different in every row, so it only names the rows"
        elif sort == "text":
            role, why = "", f"is text, with {_many(tally)} different values"
        else:
            cells = facts.sample[name][kept]
            numbers = None
            if sort == "number":
                numbers = numbers_in(cells, dialect.decimal, dialect.thousands)
                numbers = None if np.isnan(numbers).all() else numbers
            told = tells(cells, numbers, target_values)
            if (
                told
                >= (_TELLS_NUMBER if target_values.dtype.kind == "f" else _TELLS_CLASS)
                and name not in chosen
            ):
                role, why = (
                    "",
                    f"gives {reading.target} away: it alone tells it in nearly every row",
                )
            elif told >= _TELLS_NEARLY:
                why += f"; it alone tells {reading.target} in most rows"
        if role in ("feature", "target", "text"):
            used[name] = kind
        examples = tuple(value for value, _ in tally.counts.most_common(5))
        found.append(
            Column(name, sort, examples, tally.missing, tally.distinct, role, why)
        )
    return tuple(found), used


def _holes(tally: Tally) -> str:
    """A column with the number of its missing values, and how they are written if not by nothing."""
    words = [word for word in tally.holes if word]
    return f"{tally.name} ({tally.missing:,}{', written ' + listed(words) if words else ''})"


def _read_as(kind: tuple[str, ...], tally: Tally) -> str:
    if not kind:
        return ""
    if kind[0] == "number":
        unread = tally.present - tally.numbers
        return "is read as a number" + (
            f", of which {unread:,} can't be read and count as missing"
            if unread
            else ""
        )
    if kind[0] == "date":
        return "is read as a date, in days since 1970"
    if kind[0] == "boolean":
        return f"is read as 0 for {kind[1]} and 1 for {kind[2]}"
    return f"is read as one of {len(kind) - 1} kinds"


def _many(tally: Tally) -> str:
    return f"more than {tally.distinct:,}" if tally.more else f"{tally.distinct:,}"


def _target_values(
    facts: Facts, reading: _Reading, dialect: Dialect
) -> tuple[np.ndarray, np.ndarray]:
    """The target in the sample, as class numbers or as numbers, and which rows of the sample have it."""
    cells = facts.sample[reading.target]
    kind = reading.types[reading.target]
    present = ~cells.isin(MISSING).to_numpy()
    if kind[0] == "number":
        values = numbers_in(cells, dialect.decimal, dialect.thousands)
        present &= ~np.isnan(values)
        return values[present], present
    if kind[0] == "date":
        dates = pd.to_datetime(cells, format=kind[1], errors="coerce", utc=True)
        present &= dates.notna().to_numpy()
        return dates[present].astype("int64").to_numpy().astype(float), present
    return pd.factorize(
        cells[present].str.lower() if kind[0] == "boolean" else cells[present]
    )[0], present


def _fields(
    path: Path,
    reading: _Reading,
    columns: tuple[Column, ...],
    arrays: Mapping[str, np.ndarray],
) -> tuple[Field, ...]:
    found: list[Field] = []
    names = [one.name for one in columns if one.role == "feature"]
    if "features" in arrays:
        found.append(
            Field(
                "features",
                (arrays["features"].shape[1],),
                listed(names, 8),
                prepare="standardize",
            )
        )
    if "text" in arrays:
        found.append(
            Field(
                "text",
                (),
                next(one.name for one in columns if one.role == "text"),
                sort="text",
            )
        )
    if "target" in arrays:
        found.append(Field("target", (1,), reading.target, prepare="standardize"))
    else:
        classes = reading.types[reading.target][1:]
        if len(np.unique(arrays["label"])) < 2:
            raise DataError(
                f"{path}: the column {reading.target} has one class only: there is nothing to tell apart."
            )
        found.append(Field("label", (), reading.target, "int64", classes, sort="label"))
    return tuple(found)


def _remarks(
    choices: Mapping[str, Any],
    dialect: Dialect,
    encoding: str,
    facts: Facts,
    reading: _Reading,
    columns: tuple[Column, ...],
    size: int,
    arrays: Mapping[str, np.ndarray],
) -> list[str]:
    said: list[str] = []
    target = reading.target
    kind = (
        "a number"
        if "target" in arrays
        else f"one of {len(reading.types[target]) - 1} classes"
    )
    if not choices.get("target"):
        said.append(f"{target} was taken for what is to be predicted, as {kind}.")
    if dropped := facts.rows - size:
        said.append(
            f"{counted(dropped, 'row')} without {target} {'was' if dropped == 1 else 'were'} left out."
        )
    told = []
    for one in columns:
        if not one.used and one.name not in (choices.get("ignore") or ()):
            told.append(f"{one.name} is left out: it {one.why}.")
        elif one.role == "feature" and "can't be read" in one.why:
            words = listed([repr(word) for word in facts.tallies[one.name].unread], 3)
            told.append(f"{one.name} {one.why}: {words}.")
        elif one.role == "feature" and "it alone tells" in one.why:
            told.append(f"{one.name} {one.why}.")
    said += told[:_MOST_TOLD]
    if rest := len(told[_MOST_TOLD:]):
        said.append(
            f"{counted(rest, 'further column')} of such kinds: see the list of columns."
        )
    holes = [
        _holes(facts.tallies[one.name])
        for one in columns
        if one.role == "feature" and one.missing
    ]
    if holes:
        said.append(f"Values are missing in {listed(holes, 8)}.")
    features = [one.name for one in columns if one.role == "feature"]
    for first, second in same_as(facts.sample, features):
        said.append(f"{first} and {second} say the same.")
    if duplicates := int(facts.sample.duplicated().sum()):
        said.append(
            f"{counted(duplicates, 'row')} {'repeats' if duplicates == 1 else 'repeat'} another, so the test part may "
            "hold rows that were trained on."
        )
    if "label" in arrays:
        classes = reading.types[target][1:]
        counts = np.bincount(arrays["label"], minlength=len(classes))
        if rare := [
            name for name, count in zip(classes, counts, strict=True) if count < 5
        ]:
            said.append(f"Fewer than 5 rows are of the class {listed(rare)}.")
        if counts.max() > 0.8 * size:
            said.append(
                f"{counts.max() / size:.0%} of the rows are of the class {classes[int(counts.argmax())]}."
            )
    if encoding in ("cp1252", "latin-1") and not choices.get("encoding"):
        said.append(
            "The text is not UTF-8 and was read as Western European: look whether its letters are right."
        )
    if not dialect.header:
        said.append("The table has no names of columns, so they are numbered.")
    if dialect.before:
        said.append(
            f"{counted(len(dialect.before), 'line')} above the table {'was' if len(dialect.before) == 1 else 'were'} passed over."
        )
    for name, details in reading.types.items():
        if (
            details[:1] == ("date",)
            and details[1].startswith("%m/%d")
            and any(one.name == name and one.used for one in columns)
        ):
            said.append(f"The dates of {name} were read with the month first.")
    if reading.group and not choices.get("group"):
        said.append(
            f"Rows of the same {reading.group} can be kept together when the data are split."
        )
    return said
