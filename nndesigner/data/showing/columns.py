"""The columns of a table, and how their values are spread."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np

from nndesigner.data.own.columns import MISSING
from nndesigner.data.own.tables import table_rows
from nndesigner.data.showing.distributions import histogram, whole
from nndesigner.data.showing.opened import Opened
from nndesigner.data.shown import ColumnFacts, Distribution

_MOST_COLUMNS = 40


def columns_of(
    shown: Opened,
) -> tuple[tuple[ColumnFacts, ...], tuple[Distribution, ...]]:
    """What the columns are used for, and how the values of each are spread."""
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
        told.append(histogram(name, values))
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
            missing[name] += sum(cell in MISSING for cell in cells)
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
            found[name] = Distribution(name, whole(counts), tuple(details))
            at += len(details)
            continue
        values = features[:, at]
        if sort == "boolean":
            known = values[np.isfinite(values)].astype(np.int64)
            found[name] = Distribution(
                name, whole(np.bincount(known, minlength=2)), tuple(details)
            )
        else:
            found[name] = histogram(name, values)
        at += 1
    return found


def _chunks(arguments: Mapping[str, Any]) -> Any:
    """The rows of a table of one's own, as they are written."""
    return table_rows(
        arguments["path"],
        len(arguments["names"]),
        arguments.get("separator", ","),
        arguments.get("encoding", "utf-8-sig"),
        arguments.get("skip", 1),
        arguments.get("quote", '"'),
    )


def cells_of(
    shown: Opened, rows: np.ndarray, first: int, count: int
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
                shown.label_of(row)
                if one.sort == "label"
                else f"{float(np.ravel(value)[0]):.5g}"
            )
        cells.append(tuple(told))
    return (*names, *(one.name for one in others)), cells
