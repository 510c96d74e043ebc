"""Adding data: what a file or folder holds is found out at one look, and told; what is no use is said in a sentence."""

import csv
import gzip
import io
import os
import pickle
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from nndesigner import shelf
from nndesigner.data import own
from nndesigner.data.adding import Found, look_at
from nndesigner.data.fingerprint import check, digest
from nndesigner.data.own.columns import MISSING
from nndesigner.data.problem import DataError

SHARED = Path(__file__).parent.parent.parent / "shared" / "data"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the data shared for tests are not here")
ANIMALS = ("cat", "dog", "owl")


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A text file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


def rows(count: int, seed: int = 0) -> list[list[str]]:
    """Rows of length, weight, colour and kind, of which the kind depends on the length, but not quite."""
    generator = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        kind = int(generator.integers(3))
        length = generator.normal(kind, 1)
        weight = generator.normal(5, 2)
        colour = ("red", "green", "blue")[int(generator.integers(3))]
        found.append([f"{length:.3f}", f"{weight:.2f}", colour, ANIMALS[kind]])
    return found


def table(path: Path, body: list[list[str]], header: str = "length,weight,colour,kind") -> Path:
    """A table with commas."""
    lines = [header] if header else []
    return written(path, "\n".join([*lines, *(",".join(row) for row in body)]) + "\n")


def arrays_of(found: Found) -> dict[str, np.ndarray]:
    """What the data set gives when it is read again, after it went through a file."""
    data_set = shelf.data_set_of(shelf.content(found.data_set))
    assert data_set == found.data_set
    arrays: dict[str, np.ndarray] = own.loader(data_set.loader.removeprefix("own."))(**data_set.arguments)
    for field in data_set.fields:
        assert len(arrays[field.name]) == data_set.size
        if field.sort in ("numbers", "image", "label"):
            assert arrays[field.name].shape[1:] == field.sizes
    if data_set.parts:
        assert {part: int((arrays["part"] == part).sum()) for part in data_set.parts} == data_set.parts
    assert ("group" in arrays) == bool(data_set.group)
    return arrays


def roles(found: Found) -> dict[str, str]:
    """What each column of a table is used as."""
    return {column.name: column.role for column in found.columns}


def said(found: Found) -> str:
    """All remarks."""
    return " ".join(found.remarks)


# Tables


def test_a_plain_table_is_read_with_the_last_column_as_its_classes(tmp_path: Path) -> None:
    found = look_at(table(tmp_path / "animals.csv", rows(100)), "animals")

    arrays = arrays_of(found)
    assert arrays["features"].shape == (100, 5)
    assert found.data_set.fields[1].classes == ANIMALS
    assert [column.type for column in found.columns] == ["number", "number", "category", "category"]
    assert "kind was taken for what is to be predicted, as one of 3 classes." in found.remarks
    assert found.data_set.files == {str(tmp_path / "animals.csv"): digest(tmp_path / "animals.csv")}


def test_choices_set_right_what_was_guessed(tmp_path: Path) -> None:
    path = table(tmp_path / "animals.csv", rows(100))

    found = look_at(path, "animals", target="weight", types={"colour": "text"}, ignore=("length",))

    assert roles(found) == {"length": "", "weight": "target", "colour": "text", "kind": "feature"}
    assert set(arrays_of(found)) == {"features", "text", "target"}


def test_few_whole_numbers_are_classes_unless_a_person_says_otherwise(tmp_path: Path) -> None:
    body = [[*row[:2], str(ANIMALS.index(row[3]))] for row in rows(100)]
    path = table(tmp_path / "t.csv", body, "a,b,quality")

    assert look_at(path, "t").data_set.fields[1].classes == ("0", "1", "2")
    assert look_at(path, "t", types={"quality": "number"}).data_set.fields[1].name == "target"


@pytest.mark.parametrize("word", ["", "?", "NA", "NaN", "-", "null"])
def test_missing_values_are_known_by_their_words(tmp_path: Path, word: str) -> None:
    body = rows(100)
    body[3][0] = body[4][2] = body[7][3] = word

    found = look_at(table(tmp_path / "t.csv", body), "t")

    arrays = arrays_of(found)
    assert len(arrays["label"]) == 99
    assert np.isnan(arrays["features"][3, 0])
    assert arrays["features"][4, 2:].tolist() == [0, 0, 0]
    assert "1 row without kind was left out." in found.remarks
    written_so = f", written {word}" if word else ""
    assert f"Values are missing in length (1{written_so}), colour (1{written_so})." in found.remarks


def test_a_few_words_among_numbers_count_as_missing(tmp_path: Path) -> None:
    body = rows(100)
    body[3][0] = "broken"

    found = look_at(table(tmp_path / "t.csv", body), "t")

    assert np.isnan(arrays_of(found)["features"][:, 0]).sum() == 1
    assert (
        "length is read as a number, of which 1 can't be read and count as missing: 'broken'."
        in found.remarks
    )


def test_a_column_that_gives_the_target_away_is_left_out_and_told(tmp_path: Path) -> None:
    body = [
        [*row[:3], f"is {row[3]}", str(ANIMALS.index(row[3]) * 10 + i % 5 / 10), row[3]]
        for i, row in enumerate(rows(200))
    ]

    found = look_at(table(tmp_path / "t.csv", body, "a,b,c,word,code,kind"), "t")

    assert roles(found)["word"] == roles(found)["code"] == ""
    assert "word is left out: it gives kind away: it alone tells it in nearly every row." in found.remarks
    assert roles(look_at(tmp_path / "t.csv", "t", types={"word": "category"}))["word"] == "feature"


def test_a_column_that_gives_a_number_away_is_left_out(tmp_path: Path) -> None:
    generator = np.random.default_rng(1)
    price = generator.uniform(1, 1000, 200)
    body = [[f"{p + generator.normal(0, 300):.2f}", f"{p * 1.17:.2f}", f"{p:.2f}"] for p in price]

    found = look_at(table(tmp_path / "t.csv", body, "size,euros,price"), "t")

    assert roles(found) == {"size": "feature", "euros": "", "price": "target"}


def test_constant_empty_and_naming_columns_are_left_out(tmp_path: Path) -> None:
    body = [[str(i), f"name {i}", "same", "", *row] for i, row in enumerate(rows(60))]

    found = look_at(table(tmp_path / "t.csv", body, "id,name,same,nothing,a,b,c,kind"), "t")

    assert [name for name, role in roles(found).items() if not role] == ["id", "name", "same", "nothing"]
    assert "id is left out: it is different in every row, so it only names the rows." in found.remarks
    assert "same is left out: it is the same in every row, 'same'." in found.remarks
    assert "nothing is left out: it is empty." in found.remarks


def test_duplicates_and_columns_that_say_the_same_are_told(tmp_path: Path) -> None:
    body = [[*row[:3], row[2].upper(), row[3]] for row in rows(60)]

    found = look_at(table(tmp_path / "t.csv", [*body, body[0]], "a,b,c,C,kind"), "t")

    assert "c and C say the same." in found.remarks
    assert "1 row repeats another, so the test part may hold rows that were trained on." in found.remarks


def test_dates_are_days(tmp_path: Path) -> None:
    body = [[f"{1 + i % 28:02d}.{1 + i % 12:02d}.2020", *row] for i, row in enumerate(rows(60))]

    found = look_at(table(tmp_path / "t.csv", body, "when,a,b,c,kind"), "t")

    assert found.columns[0].type == "date"
    assert arrays_of(found)["features"][0, 0] == 18262


def test_booleans_are_read_whatever_their_case(tmp_path: Path) -> None:
    body = [[("Yes", "NO", "no", "yes")[i % 4], *row] for i, row in enumerate(rows(60))]

    found = look_at(table(tmp_path / "t.csv", body, "flag,a,b,c,kind"), "t")

    assert found.columns[0].type == "boolean"
    assert arrays_of(found)["features"][:4, 0].tolist() == [1, 0, 0, 1]


def test_codes_with_leading_zeros_are_no_numbers(tmp_path: Path) -> None:
    body = [[("01067", "80331", "10115")[i % 3], *row] for i, row in enumerate(rows(60))]

    assert look_at(table(tmp_path / "t.csv", body, "zip,a,b,c,kind"), "t").columns[0].type == "category"


def test_a_text_with_a_label_is_read_as_text(tmp_path: Path) -> None:
    words = ["fine", "awful", "good", "bad", "nice", "poor"]
    body = [[f"It was {words[i % 6]} for the {i}th time", str((i + i // 7) % 2)] for i in range(60)]

    found = look_at(table(tmp_path / "t.csv", body, "review,sentiment"), "t")

    assert [(field.name, field.sort) for field in found.data_set.fields] == [
        ("text", "text"),
        ("label", "label"),
    ]
    assert arrays_of(found)["text"][1] == "It was awful for the 1th time"


def test_groups_and_parts_are_known_by_their_names(tmp_path: Path) -> None:
    body = [[f"p{i % 10}", "test" if i % 5 == 0 else "train", *row] for i, row in enumerate(rows(60))]

    found = look_at(table(tmp_path / "t.csv", body, "patient_id,split,a,b,c,kind"), "t")

    assert found.data_set.group == "patient_id"
    assert found.data_set.parts == {"train": 48, "test": 12}
    assert len(set(arrays_of(found)["group"])) == 10


def test_a_folder_with_a_table_a_part_is_one_data_set(tmp_path: Path) -> None:
    table(tmp_path / "train.csv", rows(80))
    table(tmp_path / "test.csv", rows(20, seed=1))

    found = look_at(tmp_path, "t")

    assert found.data_set.parts == {"train": 80, "test": 20}
    assert len(arrays_of(found)["features"]) == 100


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_separators_and_encodings_are_found_out(tmp_path: Path, separator: str, encoding: str) -> None:
    lines = ["länge,gewicht,farbe,tier", *(",".join(row).replace("red", "weiß") for row in rows(60))]
    path = written(tmp_path / "t.csv", "\r\n".join(lines).replace(",", separator) + "\r\n", encoding)

    found = look_at(path, "t")

    assert [column.name for column in found.columns] == ["länge", "gewicht", "farbe", "tier"]
    assert "weiß" in found.columns[2].examples
    assert arrays_of(found)["features"].shape == (60, 5)


def test_columns_may_be_set_apart_by_spaces(tmp_path: Path) -> None:
    text = "".join(f"  {a}   {b}\t'{c}'  {kind}\n" for a, b, c, kind in rows(60))

    found = look_at(written(tmp_path / "t.data", text), "t")

    assert arrays_of(found)["features"].shape == (60, 5)
    assert "The table has no names of columns, so they are numbered." in found.remarks


@pytest.mark.parametrize(
    "above", ["Animals of 2020\n\n", "# made by hand\n# in 2020\n", "Animals;;;\n", "sep=;\n"]
)
def test_lines_above_the_table_are_passed_over(tmp_path: Path, above: str) -> None:
    text = above + "a;b;c;kind\n" + "".join(";".join(row) + "\n" for row in rows(60))

    found = look_at(written(tmp_path / "t.csv", text), "t")

    assert [column.name for column in found.columns] == ["a", "b", "c", "kind"]
    assert len(arrays_of(found)["label"]) == 60


def test_two_columns_of_one_name_get_names_that_no_other_has(tmp_path: Path) -> None:
    body = "".join(f"{i},{i * i % 7},{i % 5},{'ab'[i % 2]}\n" for i in range(40))
    path = written(tmp_path / "t.csv", "size,size,size 2,kind\n" + body)

    found = look_at(path, "mine")

    assert [one.name for one in found.columns] == ["size", "size 3", "size 2", "kind"]
    assert "Several columns have one name, so they were told apart as size 3." in found.remarks


def test_arrays_of_python_objects_are_left_out_and_told(tmp_path: Path) -> None:
    objects = np.array([{"a": 1}] * 40, dtype=object)
    np.savez(tmp_path / "a.npz", x=np.arange(80.0).reshape(40, 2), y=objects)

    found = look_at(tmp_path / "a.npz", "mine")

    assert "y" not in found.data_set.arguments
    assert "y holds Python objects, which are not read, as they could run code." in found.remarks


def test_names_in_a_comment_are_names(tmp_path: Path) -> None:
    found = look_at(table(tmp_path / "t.csv", rows(60), "# a,b,c,kind"), "t")

    assert [column.name for column in found.columns] == ["a", "b", "c", "kind"]


def test_a_table_without_names_gets_numbered_columns(tmp_path: Path) -> None:
    found = look_at(table(tmp_path / "t.csv", rows(60), ""), "t")

    assert [column.name for column in found.columns] == [f"column {i}" for i in (1, 2, 3, 4)]
    assert len(arrays_of(found)["label"]) == 60


def test_names_of_rows_without_a_name_of_their_own_are_left_out(tmp_path: Path) -> None:
    body = [[f"r{i}", *row] for i, row in enumerate(rows(60))]

    found = look_at(table(tmp_path / "t.csv", body), "t")

    assert roles(found) == {
        "row": "",
        "length": "feature",
        "weight": "feature",
        "colour": "feature",
        "kind": "target",
    }


def test_decimal_commas_and_points_of_thousands_are_found_out(tmp_path: Path) -> None:
    body = [[f"1.{i:03d},5", row[1].replace(".", ","), row[2], row[3]] for i, row in enumerate(rows(60))]
    text = "a;b;c;kind\n" + "".join(";".join(row) + "\n" for row in body)

    found = look_at(written(tmp_path / "t.csv", text), "t")

    assert arrays_of(found)["features"][:3, 0].tolist() == [1000.5, 1001.5, 1002.5]


def test_rows_with_too_many_cells_are_left_out(tmp_path: Path) -> None:
    body = rows(60)
    body[20] = [*body[20], "more", "still more"]

    assert look_at(table(tmp_path / "t.csv", body), "t").data_set.size == 59


CELLS = st.text(
    st.characters(codec="cp1252", categories=("Lu", "Ll", "Zs", "Po")), min_size=1, max_size=12
).filter(lambda cell: cell.strip() and cell.strip() not in MISSING)
WORDS = st.text(st.sampled_from("abcdefghijäöüéß "), min_size=1, max_size=8).map(str.strip).filter(
    lambda word: word and word not in MISSING and word not in ("n", "f", "t", "y")
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    numbers=st.lists(st.floats(-1e6, 1e6).map(lambda one: round(one, 3)), min_size=30, max_size=60),
    kinds=st.lists(WORDS, min_size=2, max_size=4, unique_by=str.lower),
    texts=st.lists(CELLS, min_size=30, max_size=30),
    separator=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    ends=st.sampled_from(["\n", "\r\n"]),
    comma=st.booleans(),
    title=st.sampled_from(["", "Made up for a test", "# a comment"]),
)
def test_a_table_written_in_any_dialect_is_read_as_it_was(
    tmp_path: Path,
    numbers: list[float],
    kinds: list[str],
    texts: list[str],
    separator: str,
    encoding: str,
    quoting: Any,
    ends: str,
    comma: bool,
    title: str,
) -> None:
    comma = comma and separator != ","
    file = io.StringIO(newline="")
    if title:
        file.write(title + ends)
    writer = csv.writer(file, delimiter=separator, quoting=quoting, lineterminator=ends)
    writer.writerow(["größe", "note", "kind"])
    for index, number in enumerate(numbers):
        shown = repr(number).replace(".", ",") if comma else repr(number)
        writer.writerow([shown, texts[index % 30], kinds[index % len(kinds)]])
    path = written(tmp_path / "t.csv", file.getvalue(), encoding)

    found = look_at(path, "t", target="kind", types={"größe": "number", "note": "text"})

    arrays = arrays_of(found)
    assert [column.name for column in found.columns] == ["größe", "note", "kind"]
    np.testing.assert_array_equal(arrays["features"][:, 0], np.array(numbers, dtype=np.float32))
    classes = found.data_set.fields[-1].classes
    assert [classes[label] for label in arrays["label"]] == [
        kinds[i % len(kinds)] for i in range(len(numbers))
    ]
    expected = [texts[i % 30].strip() for i in range(len(numbers))]
    assert arrays["text"].tolist() == expected


# Folders


def picture(path: Path, value: int, size: tuple[int, int] = (6, 5), mode: str = "RGB") -> None:
    """A picture of its own, in one colour that is not grey unless its mode is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    colour = value if mode == "L" else (value, 255 - value, 7)
    Image.new(mode, size, colour).save(path)


def pictures(folder: Path, classes: tuple[str, ...] = ANIMALS, count: int = 4, **options: Any) -> Path:
    """A folder of pictures, a folder a class."""
    for index, name in enumerate(classes):
        for number in range(count):
            picture(folder / name / f"{number}.png", index * 50 + number, **options)
    return folder


def test_a_folder_a_class_holds_pictures(tmp_path: Path) -> None:
    found = look_at(pictures(tmp_path / "set"), "set")

    arrays = arrays_of(found)
    assert arrays["image"].shape == (12, 3, 5, 6)
    assert found.data_set.fields[1].classes == ANIMALS
    assert found.remarks == ()
    assert list(found.data_set.files) == [str(tmp_path / "set")]


def test_folders_of_parts_are_parts(tmp_path: Path) -> None:
    pictures(tmp_path / "Train")
    pictures(tmp_path / "val", count=1)
    pictures(tmp_path / "test", count=2)

    found = look_at(tmp_path, "set")

    arrays_of(found)
    assert found.data_set.parts == {"train": 12, "validation": 3, "test": 6}
    assert "9 files outside the training part are in it too." in found.remarks


def test_a_folder_around_the_folders_is_looked_into(tmp_path: Path) -> None:
    pictures(tmp_path / "unpacked" / "inner")

    assert look_at(tmp_path, "set").data_set.arguments["folder"] == str(tmp_path / "unpacked" / "inner")


def test_grey_pictures_have_one_channel_whatever_their_mode(tmp_path: Path) -> None:
    pictures(tmp_path, mode="L")
    Image.new("RGB", (6, 5), (9, 9, 9)).save(tmp_path / "cat" / "rgb.png")

    assert arrays_of(look_at(tmp_path, "set"))["image"].shape == (13, 1, 5, 6)
    assert arrays_of(look_at(tmp_path, "set", grey=False))["image"].shape == (13, 3, 5, 6)


def test_broken_empty_and_odd_files_are_listed_not_fatal(tmp_path: Path) -> None:
    pictures(tmp_path)
    (tmp_path / "cat" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    whole = (tmp_path / "dog" / "1.png").read_bytes()
    (tmp_path / "dog" / "cut.png").write_bytes(whole[: len(whole) - 30])
    (tmp_path / "dog" / "empty.png").write_bytes(b"")
    (tmp_path / "dog" / "notes.txt").write_text("hello")
    (tmp_path / "stray.png").write_bytes(whole)
    (tmp_path / "bird").mkdir()

    found = look_at(tmp_path, "set")

    assert len(arrays_of(found)["image"]) == 12
    assert (
        "2 files left out, as they can't be read as a picture: cat/broken.jpg, dog/cut.png." in found.remarks
    )
    assert "1 file left out, as it is empty: dog/empty.png." in found.remarks
    assert "The folder bird has no pictures in it, so it is no class." in found.remarks
    assert "1 file in no folder of a class left out: stray.png." in found.remarks
    assert "1 other file passed over: dog/notes.txt." in found.remarks


def test_a_picture_that_would_fill_the_memory_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures(tmp_path)
    picture(tmp_path / "cat" / "huge.png", 1, size=(60, 60))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)

    assert (
        "1 file left out, as it would be too large unpacked: cat/huge.png."
        in look_at(tmp_path, "set").remarks
    )


def test_pictures_of_several_sizes_are_brought_to_one(tmp_path: Path) -> None:
    pictures(tmp_path)
    picture(tmp_path / "cat" / "wide.png", 1, size=(40, 20))

    found = look_at(tmp_path, "set")

    assert arrays_of(found)["image"].shape == (13, 3, 5, 6)
    assert said(found).startswith("They are of 2 sizes and are brought to 5×6")
    assert arrays_of(look_at(tmp_path, "set", size=8))["image"].shape == (13, 3, 8, 8)


def test_large_pictures_are_made_smaller(tmp_path: Path) -> None:
    pictures(tmp_path, count=1, size=(1000, 500))

    assert look_at(tmp_path, "set").data_set.fields[0].sizes == (3, 128, 256)


def test_progress_is_told_file_by_file(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    look_at(pictures(tmp_path), "set", lambda done, all_of_them: told.append((done, all_of_them)))

    assert told == [(i, 12) for i in range(1, 13)]


def sound(path: Path, value: int, seconds: float = 0.2, rate: int = 8000, loud: float = 0.5) -> None:
    """A tone of its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, loud * np.sin(np.arange(round(seconds * rate)) * (0.1 + value / 1000)), rate)


def test_sounds_in_a_folder_a_class(tmp_path: Path) -> None:
    for index, name in enumerate(("no", "yes")):
        for number, ending in enumerate(("wav", "flac", "ogg")):
            sound(tmp_path / name / f"{number}.{ending}", index * 10 + number, 0.2 + number / 10)

    found = look_at(tmp_path, "words")

    arrays = arrays_of(found)
    assert found.data_set.fields[1].classes == ("no", "yes")
    assert arrays["sound"].shape == (6, 3200)
    assert found.data_set.start == {"seconds": 0.4, "window": 256}
    assert found.data_set.group == ""


def test_sounds_named_by_class_and_speaker(tmp_path: Path) -> None:
    for digit in range(3):
        for speaker in ("ann", "bob"):
            for number in range(3):
                sound(
                    tmp_path / "recordings" / f"{digit}_{speaker}_{number}.wav",
                    digit * 100 + len(speaker) + number,
                )

    found = look_at(tmp_path, "digits-of-mine")

    assert found.data_set.group == "speaker"
    assert set(arrays_of(found)["group"]) == {"ann", "bob"}
    assert found.data_set.fields[1].classes == ("0", "1", "2")


def test_silent_empty_and_broken_sounds_are_listed(tmp_path: Path) -> None:
    for index, name in enumerate(("no", "yes")):
        for number in range(3):
            sound(tmp_path / name / f"{number}.wav", index * 10 + number)
    sound(tmp_path / "no" / "silent.wav", 1, loud=0)
    sound(tmp_path / "no" / "nothing.wav", 1, seconds=0)
    (tmp_path / "no" / "broken.wav").write_bytes(b"RIFF no sound")
    (tmp_path / "no" / "void.wav").write_bytes(b"")

    found = look_at(tmp_path, "words")

    assert len(arrays_of(found)["sound"]) == 6
    for name, reason in (
        ("silent", "is silent"), ("nothing", "has no samples"), ("broken", "can't be read as sound"), ("void", "is empty"),
    ):  # fmt: skip
        assert f"1 file left out, as it {reason}: no/{name}.wav." in found.remarks


def test_sounds_of_several_rates_are_brought_to_one(tmp_path: Path) -> None:
    for index, name in enumerate(("no", "yes")):
        for number, rate in enumerate((44100, 44100, 8000)):
            sound(tmp_path / name / f"{number}.wav", index * 10 + number, rate=rate)

    found = look_at(tmp_path, "words")

    assert found.data_set.arguments["rate"] == 16000
    assert "They have 8,000, 44,100 samples a second, and are brought to 16,000." in found.remarks
    assert arrays_of(found)["length"].tolist() == [3200] * 6


# Arrays


def idx(path: Path, values: np.ndarray, zipped: bool = True) -> None:
    """An IDX file of bytes."""
    data = (
        bytes((0, 0, 8, values.ndim))
        + np.array(values.shape, ">u4").tobytes()
        + values.astype(np.uint8).tobytes()
    )
    path.write_bytes(gzip.compress(data) if zipped else data)


def test_a_folder_of_idx_files_is_paired_by_name(tmp_path: Path) -> None:
    for part, count in (("train", 8), ("t10k", 4)):
        idx(tmp_path / f"{part}-images-idx3-ubyte.gz", np.arange(count * 9).reshape(count, 3, 3))
        idx(tmp_path / f"{part}-labels-idx1-ubyte.gz", np.arange(count) % 3 + 1)

    found = look_at(tmp_path, "mine")

    assert arrays_of(found)["image"].shape == (12, 1, 3, 3)
    assert found.data_set.fields[1].classes == ("1", "2", "3")
    assert found.data_set.parts == {"train": 8, "test": 4}
    assert len(found.data_set.files) == 4
    assert (
        look_at(tmp_path / "train-images-idx3-ubyte.gz", "mine").data_set.arguments
        == found.data_set.arguments
    )


def test_an_npz_file_is_picked_apart_by_the_names_of_its_arrays(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    picture_bytes = generator.integers(0, 256, (20, 8, 8), dtype=np.uint8)
    np.savez(
        tmp_path / "a.npz", x_train=picture_bytes[:15], y_train=np.arange(15) % 2, x_test=picture_bytes[15:],
        y_test=np.arange(5) % 2, extra=np.zeros(3),
    )  # fmt: skip

    found = look_at(tmp_path / "a.npz", "a")

    assert arrays_of(found)["image"].shape == (20, 1, 8, 8)
    assert found.data_set.parts == {"train": 15, "test": 5}
    assert "Not used: extra." in found.remarks


def test_an_npz_file_of_numbers_has_features_and_a_target(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    np.savez_compressed(
        tmp_path / "a.npz", inputs=generator.normal(size=(50, 3)), result=generator.normal(size=50)
    )

    found = look_at(tmp_path / "a.npz", "a")

    assert [(field.name, field.sizes) for field in found.data_set.fields] == [
        ("features", (3,)),
        ("target", (1,)),
    ]
    arrays_of(found)


# Pairs


ENGLISH = [f"This is sentence number {i}, is it not?" for i in range(40)]
FRENCH = [f"C'est la phrase numéro {i}, n'est-ce pas ?" for i in range(40)]


@pytest.mark.parametrize("ending", [".tsv", ".txt.gz"])
def test_two_columns_of_sentences_are_pairs(tmp_path: Path, ending: str) -> None:
    text = "\ufeff" + "".join(
        f"{one}\t{other}\tCC-BY 2.0 #{i}\n"
        for i, (one, other) in enumerate(zip(ENGLISH, FRENCH, strict=True))
    )
    path = tmp_path / f"fra{ending}"
    path.write_bytes(gzip.compress(text.encode()) if ending.endswith("gz") else text.encode())

    found = look_at(path, "fra")

    arrays = arrays_of(found)
    assert arrays["source"].tolist() == ENGLISH
    assert arrays["target"].tolist() == FRENCH
    assert [field.sort for field in found.data_set.fields] == ["text", "pair"]
    assert "1 further column not used." in found.remarks


def test_quoted_pairs_with_names_are_pairs(tmp_path: Path) -> None:
    file = io.StringIO()
    csv.writer(file).writerows([["english", "french"], *zip(ENGLISH, FRENCH, strict=True)])

    found = look_at(written(tmp_path / "pairs.csv", file.getvalue()), "fra")

    assert arrays_of(found)["target"].tolist() == FRENCH
    assert "The first line has names, and was passed over." in found.remarks


def test_two_files_are_pairs_line_by_line(tmp_path: Path) -> None:
    first = written(tmp_path / "one.txt", "\n".join([*ENGLISH, "Alone."]) + "\n")
    second = written(tmp_path / "two.txt", "\n".join([*FRENCH, ""]) + "\n")

    found = look_at(first, "fra", second=second)

    assert arrays_of(found)["source"].tolist() == ENGLISH
    assert "1 pair with an empty side left out." in found.remarks


def test_one_of_two_files_finds_the_other_by_its_name(tmp_path: Path) -> None:
    first = written(tmp_path / "train.en", "\n".join(ENGLISH) + "\n")
    second = written(tmp_path / "train.fr", "\n".join(FRENCH) + "\n")

    assert look_at(first, "fra").data_set.arguments == {"path": str(first), "second": str(second)}


def test_a_folder_of_sentences_has_parts(tmp_path: Path) -> None:
    for stem, count in (("train", 40), ("val", 4), ("test_2016", 5), ("test_2017", 6)):
        for language, texts in (("en", ENGLISH), ("fr", FRENCH)):
            (tmp_path / f"{stem}.{language}.gz").write_bytes(
                gzip.compress("".join(f"{one}\n" for one in texts[:count]).encode())
            )

    found = look_at(tmp_path, "fra")

    arrays_of(found)
    assert found.data_set.parts == {"train": 40, "validation": 4, "test": 5}
    assert "test_2017 was left out, as there is test_2016.en.gz already." in found.remarks
    assert "9 pairs outside the training part are in it too." in found.remarks
    assert look_at(tmp_path, "fra", source="fr").data_set.arguments["path"] == str(tmp_path / "train.fr.gz")


# What can't be used


def _empty(folder: Path) -> Path:
    return written(folder / "a.csv", "")


def _blank(folder: Path) -> Path:
    return written(folder / "a.csv", "\n  \n\n")


def _header_only(folder: Path) -> Path:
    return written(folder / "a.csv", "length,weight\n")


def _one_column(folder: Path) -> Path:
    return written(folder / "a.csv", "length\n1\n2\n3\n")


def _one_class(folder: Path) -> Path:
    return table(folder / "a.csv", [[*row[:3], "cat"] for row in rows(30)], "a,b,c,label")


def _cut(folder: Path) -> Path:
    data = gzip.compress("".join(",".join(row) + "\n" for row in rows(2000)).encode())
    (folder / "a.csv.gz").write_bytes(data[: len(data) // 2])
    return folder / "a.csv.gz"


def _binary(folder: Path) -> Path:
    (folder / "a.csv").write_bytes(bytes(range(256)) * 20)
    return folder / "a.csv"


def _prose(folder: Path) -> Path:
    return written(
        folder / "a.txt",
        "Once upon a time, there was\na king who had three daughters,\n\neach more, and more,\nand more beautiful\nthan the other, the sun, the moon.\n",
    )


def _no_pictures(folder: Path) -> Path:
    return written(folder / "set" / "notes.md", "nothing here").parent


def _loose(folder: Path) -> Path:
    picture(folder / "a.png", 1)
    return folder


def _one_folder(folder: Path) -> Path:
    return pictures(folder, ("cat",))


def _all_broken(folder: Path) -> Path:
    written(folder / "cat" / "a.png", "no")
    written(folder / "dog" / "a.png", "no")
    return folder


def _nameless_sounds(folder: Path) -> Path:
    for number in range(4):
        sound(folder / f"recording{number}.wav", number)
    return folder


def _unequal(folder: Path) -> Path:
    written(folder / "train.fr", "Un.\nDeux.\n")
    return written(folder / "train.en", "One.\n")


def _alone(folder: Path) -> Path:
    idx(folder / "train-images-idx3-ubyte", np.zeros((2, 2, 2)), zipped=False)
    return folder / "train-images-idx3-ubyte"


def _objects(folder: Path) -> Path:
    np.savez(folder / "a.npz", x=np.array([{}], dtype=object))
    return folder / "a.npz"


def _no_zip(folder: Path) -> Path:
    return written(folder / "a.npz", "no zip")


def _excel(folder: Path) -> Path:
    return written(folder / "a.xlsx", "PK")


def _no_array(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "a.npz", "w") as archive:
        archive.writestr("x.npy", pickle.dumps([1, 2, 3]))
    return folder / "a.npz"


def _locked(folder: Path) -> Path:
    """An archive that says of its array that a password is needed."""
    np.savez(folder / "a.npz", x=np.zeros((4, 2)))
    data = bytearray((folder / "a.npz").read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    (folder / "a.npz").write_bytes(bytes(data))
    return folder / "a.npz"


def _zip_by_another_name(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "a.csv", "w") as archive:
        archive.writestr("inner.csv", "x,y\n1,2\n")
    return folder / "a.csv"


def _pickle_by_another_name(folder: Path) -> Path:
    (folder / "a.csv").write_bytes(pickle.dumps({"x": [1, 2, 3]}))
    return folder / "a.csv"


def _long_cell(folder: Path) -> Path:
    return written(folder / "a.csv", "x,y\n" + "z" * 200_000 + ",1\n" + "z,2\n" * 50)


def _web_page(folder: Path) -> Path:
    return written(folder / "a.csv", "\n<!DOCTYPE html>\n<html><body>Not found, sorry</body></html>\n")


def _json(folder: Path) -> Path:
    return written(folder / "a.csv", '[\n  {"x": 1, "y": 2},\n  {"x": 3, "y": 4}\n]\n')


def _no_frames(folder: Path) -> Path:
    for name in ("no", "yes"):
        (folder / "set" / name).mkdir(parents=True)
        for number in range(2):
            soundfile.write(folder / "set" / name / f"{number}.wav", np.zeros(0, np.float32), 8000)
    return folder / "set"


def _empty_folder(folder: Path) -> Path:
    (folder / "set").mkdir()
    return folder / "set"


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda folder: folder / "nothing.csv", "there is no file or folder .*nothing.csv"),
        (_empty, "a.csv is empty"),
        (_blank, "a.csv is empty"),
        (_header_only, "a.csv has names of columns, but no rows"),
        (_one_column, "a.csv: expected at least two columns, got one"),
        (_one_class, "the column label has one class only, 'cat'"),
        (_cut, "a.csv.gz is cut short or damaged"),
        (_binary, "a.csv is no text"),
        (_prose, "a.txt is no table"),
        (_no_pictures, "set holds nothing that can be read: expected pictures or sounds"),
        (_loose, "expected a folder for each class, with its pictures in it"),
        (_one_folder, "has one class only, cat"),
        (_all_broken, "has no pictures that can be read. 2 files left out"),
        (_nameless_sounds, "tells no classes: expected a folder for each class, or names"),
        (_unequal, "train.en has 1 lines and .*train.fr has 2: expected as many of each"),
        (_alone, "has no labels beside it"),
        (_objects, "holds Python objects .* could run code"),
        (_no_zip, "a.npz is no NPZ file, or is cut short: expected arrays as numpy.savez writes them"),
        (_no_array, "a.npz is damaged: x.npy in it is no array of NumPy"),
        (_locked, "a.npz can't be unpacked: .* encrypted"),
        (_zip_by_another_name, "a.csv is a ZIP archive, as workbooks of Excel are too: unpack it"),
        (_pickle_by_another_name, "a.csv is a pickle, which could run code: save it as NPZ or CSV"),
        (_long_cell, "a.csv: no line can be divided into cells: a cell may have 131,072 characters at most"),
        (_web_page, "a.csv is a web page: fetch the file itself"),
        (_json, "a.csv is JSON: save its records as a table in CSV"),
        (_no_frames, "set has no sounds that can be read. 4 files left out, as they have no samples"),
        (_excel, "is an Excel workbook: save it as CSV"),
        (_empty_folder, "is an empty folder"),
    ],
)  # fmt: skip
def test_what_can_not_be_used_is_said_in_a_sentence(
    tmp_path: Path, made: Callable[[Path], Path], words: str
) -> None:
    path = made(tmp_path)

    with pytest.raises(DataError, match=words) as told:
        look_at(path, "mine")
    assert str(told.value).endswith(".")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_said(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", rows(30))
    path.chmod(0)

    with pytest.raises(DataError, match=r"a.csv can't be read: Permission denied"):
        look_at(path, "mine")


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"target": "size"}, "has no column 'size'; it has length, weight, colour, kind"),
        ({"types": {"length": "prime"}}, "'prime' is no type of a column"),
        ({"types": {"weight": "boolean"}}, "the column weight is not boolean"),
        ({"types": {"colour": "date"}}, "the column colour holds no dates"),
        ({"part": "colour"}, "the column colour does not tell a part"),
        ({"ignore": ("length", "weight", "colour")}, "has no column to predict kind from"),
        ({"separator": ";"}, "';' does not divide the lines"),
        ({"encoding": "klingon"}, "'klingon' is no encoding"),
        ({"encoding": "utf-16"}, "is not text in utf-16"),
        ({"mels": 3}, "mels can't be chosen for a table"),
        ({"kind": "opera"}, "not 'opera'"),
    ],
)
def test_a_choice_that_does_not_fit_is_said(tmp_path: Path, choices: dict[str, Any], words: str) -> None:
    path = table(tmp_path / "t.csv", rows(60))

    with pytest.raises(DataError, match=words):
        look_at(path, "t", **choices)


@pytest.mark.parametrize("name", ["iris", "a b", ""])
def test_a_name_that_is_taken_or_no_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError):
        look_at(table(tmp_path / "t.csv", rows(60)), name)


# Whether the data are still what they were


def test_data_that_have_changed_or_gone_are_told(tmp_path: Path) -> None:
    data_set = look_at(table(tmp_path / "t.csv", rows(60)), "t").data_set
    check(data_set)

    table(tmp_path / "t.csv", rows(61))
    with pytest.raises(DataError, match=r"t.csv has changed since it was added"):
        check(data_set)
    (tmp_path / "t.csv").unlink()
    with pytest.raises(DataError, match=r"t.csv is no longer there"):
        check(data_set)


def test_a_folder_of_which_one_file_was_renamed_has_changed(tmp_path: Path) -> None:
    data_set = look_at(pictures(tmp_path / "set"), "set").data_set
    written(tmp_path / "set" / "notes.txt", "this does not matter")
    check(data_set)

    (tmp_path / "set" / "cat" / "0.png").rename(tmp_path / "set" / "cat" / "9.png")
    with pytest.raises(DataError, match="set has changed since it was added"):
        check(data_set)


# The data everyone tries first


@needs_shared
@pytest.mark.parametrize(
    ("path", "size", "target", "left_out", "width"),
    [
        ("csv/penguins.csv", 344, "species", set(), 9),
        ("csv/titanic.csv", 891, "survived", {"alive"}, 28),
        ("csv/mpg_raw.csv", 398, "mpg", {"name"}, 7),
        ("csv/diamonds.csv", 53940, "price", set(), 26),
    ],
)
def test_a_well_known_table_needs_no_choices(
    path: str, size: int, target: str, left_out: set[str], width: int
) -> None:
    found = look_at(SHARED / path, "known")

    assert found.data_set.size == size
    assert roles(found)[target] == "target"
    assert {name for name, role in roles(found).items() if not role} == left_out
    assert arrays_of(found)["features"].shape == (size, width)


@needs_shared
def test_the_leak_of_the_titanic_and_the_holes_of_the_cars_are_told() -> None:
    titanic, cars = look_at(SHARED / "csv/titanic.csv", "known"), look_at(SHARED / "csv/mpg_raw.csv", "known")

    assert (
        "alive is left out: it gives survived away: it alone tells it in nearly every row." in titanic.remarks
    )
    assert "Values are missing in horsepower (6, written ?)." in cars.remarks


@needs_shared
@pytest.mark.parametrize(
    ("path", "size", "parts", "group"),
    [
        ("cifar10_small", 2400, {"train": 2000, "test": 400}, ""),
        ("fsdd", 3000, {}, "speaker"),
        ("multi30k", 31014, {"train": 29000, "validation": 1014, "test": 1000}, ""),
        ("tatoeba/cmn.txt", 29155, {}, ""),
        ("mnist", 70000, {"train": 60000, "test": 10000}, ""),
    ],
)
def test_other_well_known_data_need_no_choices(
    path: str, size: int, parts: dict[str, int], group: str
) -> None:
    found = look_at(SHARED / path, "known")

    assert (found.data_set.size, found.data_set.parts, found.data_set.group) == (size, parts, group)
    arrays_of(found)


def test_a_remark_is_a_sentence(tmp_path: Path) -> None:
    found = look_at(table(tmp_path / "t.csv", rows(60)), "t")

    assert all(re.fullmatch(r"[^\n]+\.", remark) for remark in found.remarks)
    assert found.data_set.known == " ".join(found.remarks)
