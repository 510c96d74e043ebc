"""The data sets a person added: kept, found again, and read back from a file only as what they may be."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import platformdirs
import pytest

from nndesigner import shelf
from nndesigner.catalogue.data import DataSet, Field

FLOWERS = DataSet(
    "flowers",
    "flowers",
    "A table of 3 rows.",
    3,
    "flowers.csv",
    "not stated",
    (
        Field("features", (3,), "length, colour", prepare="standardize"),
        Field("label", (), "species", "int64", ("rose", "tulip"), sort="label"),
    ),
    "own.load_table",
    {
        "path": "/data/flowers.csv",
        "names": ("length", "colour", "species"),
        "columns": {
            "length": ("number",),
            "colour": ("category", "red", "white"),
            "species": ("category", "rose", "tulip"),
        },
        "target": "species",
        "separator": ";",
    },
    {"train": 2, "test": 1},
    known="Made up.",
    start={"normalize": False},
    files={"/data/flowers.csv": "0" * 64},
)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platformdirs, "user_data_dir", lambda *_, **__: str(tmp_path / "person"))


def test_a_data_set_is_found_again_as_it_was_put() -> None:
    shelf.put(FLOWERS)

    assert shelf.names() == ("flowers",)
    assert shelf.find("flowers") == FLOWERS


def test_an_empty_shelf_has_no_names() -> None:
    assert shelf.names() == ()
    assert shelf.find("flowers") is None
    assert shelf.remove("flowers") is False


def test_a_removed_data_set_is_gone() -> None:
    shelf.put(FLOWERS)

    assert shelf.remove("flowers") is True
    assert shelf.names() == ()


def test_what_is_read_back_from_json_is_the_same_value() -> None:
    text = json.dumps(shelf.content(FLOWERS))

    assert shelf.data_set_of(json.loads(text)) == FLOWERS


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """What `flowers` gives as content, with one change."""
    content: dict[str, Any] = json.loads(json.dumps(shelf.content(FLOWERS)))
    change(content)
    return content


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda c: c.update(loader="os.system"),
            "expected a loader out of own.load_table, .* got 'os.system'",
        ),
        (lambda c: c.update(loader="bundled.load_iris"), "expected a loader"),
        (lambda c: c["arguments"].update(shell="rm"), "unknown field 'shell', at arguments"),
        (lambda c: c["arguments"].pop("path"), "missing required field 'path', at arguments"),
        (lambda c: c["arguments"].update(path=7), "expected 'str', got 'int', at arguments.path"),
        (lambda c: c["arguments"].update(encoding="no such"), "is no encoding of text"),
        (lambda c: c.update(name="../evil"), "'../evil' does not fit"),
        (lambda c: c.update(name="MNIST"), "MNIST is a data set of the program"),
        (lambda c: c.update(size=0), "at size"),
        (lambda c: c["fields"][0].update(name="import os"), "at fields\\[0\\].name"),
        (lambda c: c["fields"][0].update(name="class"), "at fields\\[0\\].name"),
        (lambda c: c["fields"][1].update(name="features"), "two fields are named 'features'"),
        (lambda c: c["fields"][0].update(sizes=[0]), "at fields\\[0\\].sizes"),
        (lambda c: c["fields"][0].update(sizes=[100000, 100000]), "expected at most 1,000,000,000 numbers"),
        (lambda c: c["fields"][0].update(sort="spell"), "invalid enum value 'spell'"),
        (lambda c: c.update(fields=[]), "at fields"),
        (lambda c: c.update(files={"/data/flowers.csv": "short"}), "at files"),
        (lambda c: c.update(parts={"secret": 3}), "at .*parts"),
        (lambda c: c.update(surprise=1), "unknown field 'surprise'"),
    ],
)
def test_content_that_does_not_fit_is_refused_with_its_place(
    change: Callable[[dict[str, Any]], object], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        shelf.data_set_of(changed(change))


@pytest.mark.parametrize("name", ["a", "penguins-2", "Fahrräder", "x_1", "9lives"])
def test_a_name_may_have_letters_digits_dashes_and_underscores(name: str) -> None:
    assert shelf.name_problem(name) is None


@pytest.mark.parametrize(
    "name", ["", "-a", ".x", "a b", "a/b", "a.b", "con", "x" * 65, "iris", "digits", "a\n"]
)
def test_other_names_are_refused(name: str) -> None:
    assert shelf.name_problem(name)


def test_a_broken_file_is_told_and_named(tmp_path: Path) -> None:
    shelf.put(FLOWERS)
    path = tmp_path / "person" / "data" / "flowers.json"
    path.write_text('{"name": ')

    with pytest.raises(ValueError, match=r"flowers.json is broken: .* Add the data set again"):
        shelf.find("flowers")


def test_a_file_that_holds_another_name_is_broken(tmp_path: Path) -> None:
    shelf.put(FLOWERS)
    folder = tmp_path / "person" / "data"
    (folder / "flowers.json").rename(folder / "trees.json")

    with pytest.raises(ValueError, match="it holds flowers"):
        shelf.find("trees")


def test_nothing_that_could_not_be_read_back_is_put(tmp_path: Path) -> None:
    odd = DataSet("odd", "odd", "", 1, "", "", FLOWERS.fields, "own.load_anything")

    with pytest.raises(ValueError, match="expected a loader"):
        shelf.put(odd)
    assert not (tmp_path / "person").exists()
