"""The loaders of data of one's own give what stands in the files, with everything told in their arguments."""

import ast
import gzip
import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pandas as pd
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from nndesigner import shelf
from nndesigner.data import own
from nndesigner.data.own.arrays import idx_array, load_idx, load_npz
from nndesigner.data.own.columns import numbers_in
from nndesigner.data.own.pairs import load_pairs
from nndesigner.data.own.pictures import load_images
from nndesigner.data.own.sounds import load_sounds
from nndesigner.data.own.tables import load_table
from nndesigner.script.sources import gathered


def written(path: Path, text: str, encoding: str = "utf-8") -> str:
    """A text file, as the path a loader takes."""
    path.write_bytes(text.encode(encoding))
    return str(path)


def idx(values: np.ndarray) -> bytes:
    """An array as an IDX file."""
    code = {"u1": 8, "i1": 9, "i2": 11, "i4": 12, "f4": 13, "f8": 14}[values.dtype.str[1:]]
    big = values.astype(values.dtype.newbyteorder(">"))
    return bytes((0, 0, code, values.ndim)) + np.array(values.shape, ">u4").tobytes() + big.tobytes()


FLOWERS = "length,colour,seen,when,species\n1.5,red,yes,2020-01-02,rose\n?,white,no,,tulip\n2,NA,,1970-01-01,rose\n3,red,no,x,\n"
COLUMNS = {
    "length": ("number",),
    "colour": ("category", "red", "white"),
    "seen": ("boolean", "no", "yes"),
    "when": ("date", "%Y-%m-%d"),
    "species": ("category", "rose", "tulip"),
}


@pytest.mark.parametrize("name", sorted(shelf.LOADERS))
def test_the_schema_of_a_loader_takes_what_its_function_takes(name: str) -> None:
    function = own.loader(name.removeprefix("own."))
    taken = inspect.signature(function).parameters
    declared = {one.name: one for one in msgspec.structs.fields(shelf.LOADERS[name])}

    assert list(taken) == list(declared)
    for key, param in taken.items():
        assert (param.default is inspect.Parameter.empty) == declared[key].required
        default = declared[key].default if declared[key].default is not msgspec.NODEFAULT else None
        if isinstance(default, str | int | float | bool):
            assert param.default == default


def test_a_table_gives_numbers_kinds_booleans_and_days(tmp_path: Path) -> None:
    path = written(tmp_path / "flowers.csv", FLOWERS)

    arrays = load_table(path, tuple(COLUMNS), COLUMNS, "species")

    nan = np.nan
    expected = [[1.5, 1, 0, 1, 18263], [nan, 0, 1, 0, nan], [2, 0, 0, nan, 0]]
    np.testing.assert_array_equal(arrays["features"], np.array(expected, dtype=np.float32))
    assert arrays["features"].dtype == np.float32
    assert arrays["label"].tolist() == [0, 1, 0]
    assert list(arrays) == ["features", "label"]


def test_a_number_to_predict_stands_in_one_column_and_rows_without_it_are_left_out(tmp_path: Path) -> None:
    path = written(tmp_path / "flowers.csv", FLOWERS)

    arrays = load_table(
        path, tuple(COLUMNS), {"length": ("number",), "seen": ("boolean", "no", "yes")}, "length"
    )

    assert arrays["target"].tolist() == [[1.5], [2.0], [3.0]]


def test_a_table_gives_groups_parts_and_texts(tmp_path: Path) -> None:
    path = written(
        tmp_path / "t.csv", "who,split,review,good\nann,train,so fine,1\nbob,VAL,no,0\nann,Test,NA,1\n"
    )
    columns = {"review": ("text",), "good": ("boolean", "0", "1")}

    arrays = load_table(path, ("who", "split", "review", "good"), columns, "good", group="who", part="split")

    assert arrays["text"].tolist() == ["so fine", "no", ""]
    assert arrays["group"].tolist() == ["ann", "bob", "ann"]
    assert arrays["part"].tolist() == ["train", "validation", "test"]


def test_further_files_of_a_table_are_its_parts(tmp_path: Path) -> None:
    first = written(tmp_path / "a.csv", "x,y\n1,2\n3,4\n")
    second = written(tmp_path / "b.csv", "x,y\n5,6\n")

    arrays = load_table(first, ("x", "y"), {"x": ("number",), "y": ("number",)}, "y", test=second)

    assert arrays["features"].ravel().tolist() == [1, 3, 5]
    assert arrays["part"].tolist() == ["train", "train", "test"]


def test_a_class_that_was_not_there_before_is_told(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", "x,y\n1,a\n2,c\n")

    with pytest.raises(ValueError, match="'c' in the column y is none of the classes a, b"):
        load_table(path, ("x", "y"), {"x": ("number",), "y": ("category", "a", "b")}, "y")


def test_a_table_of_many_rows_is_read_in_pieces(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", "x,y\n" + "".join(f"{i},{i % 3}\n" for i in range(25_000)))

    arrays = load_table(path, ("x", "y"), {"x": ("number",), "y": ("category", "0", "1", "2")}, "y")

    assert np.array_equal(arrays["features"][:, 0], np.arange(25_000))
    assert np.array_equal(arrays["label"], np.arange(25_000) % 3)


@pytest.mark.parametrize(
    ("text", "decimal", "thousands", "number"),
    [
        ("1.5", ".", "", 1.5),
        ("-1,5", ",", "", -1.5),
        ("1,234,567.8", ".", ",", 1234567.8),
        ("1.234,5", ",", ".", 1234.5),
        ("1\u00a0234,5", ",", " ", 1234.5),
        ("1'000", ".", "'", 1000),
        ("$3.50", ".", "", 3.5),
        ("12 %", ".", "", 12),
        ("−7", ".", "", -7),
        ("2e-3", ".", "", 0.002),
        (".5", ".", "", 0.5),
        ("5.", ".", "", 5),
        ("12,34", ".", ",", np.nan),
        ("1_000", ".", "", np.nan),
        ("0x10", ".", "", np.nan),
        ("inf", ".", "", np.nan),
        ("1e300", ".", "", np.nan),
        ("twelve", ".", "", np.nan),
        ("", ".", "", np.nan),
    ],
)
def test_numbers_are_read_as_they_are_written(text: str, decimal: str, thousands: str, number: float) -> None:
    found = numbers_in(pd.Series([text], dtype=str), decimal, thousands)

    np.testing.assert_array_equal(found, [number])


@given(st.lists(st.floats(-1e30, 1e30), min_size=1, max_size=20))
def test_every_number_written_in_full_is_read_back(values: list[float]) -> None:
    found = numbers_in(pd.Series([repr(one) for one in values], dtype=str), ".", "")

    assert found.tolist() == values


def picture(
    path: Path, colour: Any, size: tuple[int, int] = (4, 3), mode: str = "RGB", **options: Any
) -> None:
    """A picture of one colour, width and height given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, colour).save(path, **options)


def test_pictures_are_read_by_class_and_part(tmp_path: Path) -> None:
    picture(tmp_path / "train" / "cat" / "b.png", (10, 20, 30))
    picture(tmp_path / "train" / "dog" / "a.png", (40, 50, 60))
    picture(tmp_path / "test" / "cat" / "c.PNG", (70, 80, 90))
    picture(tmp_path / "test" / "cat" / ".hidden.png", (0, 0, 0))

    arrays = load_images(str(tmp_path), (3, 4), ("cat", "dog"), parts={"train": "train", "test": "test"})

    assert arrays["image"].shape == (3, 3, 3, 4)
    assert arrays["image"].dtype == np.uint8
    assert arrays["image"][:, :, 0, 0].tolist() == [[10, 20, 30], [40, 50, 60], [70, 80, 90]]
    assert arrays["label"].tolist() == [0, 1, 0]
    assert arrays["part"].tolist() == ["train", "train", "test"]


def test_a_picture_is_scaled_and_its_middle_cut_out(tmp_path: Path) -> None:
    wide = np.zeros((10, 30), dtype=np.uint8)
    wide[:, 10:20] = 200
    (tmp_path / "a").mkdir()
    Image.fromarray(wide).save(tmp_path / "a" / "wide.png")

    arrays = load_images(str(tmp_path), (10, 10), ("a",), grey=True)

    assert (arrays["image"] == 200).all()


def test_odd_pictures_are_brought_to_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    picture(folder / "1.png", (255, 0, 0, 0), mode="RGBA")
    Image.fromarray(np.full((3, 4), 32768, dtype=np.uint16)).save(folder / "2.png")
    picture(folder / "3.png", 1, mode="1")
    picture(folder / "4.gif", 7, mode="L")
    picture(folder / "5.jpg", (0, 100, 255, 0), mode="CMYK")
    turned = Image.Exif()
    turned[0x0112] = 6
    picture(folder / "6.jpg", (9, 9, 9), size=(3, 4), exif=turned)

    arrays = load_images(str(tmp_path), (3, 4), ("a",), grey=True)

    assert arrays["image"].shape == (6, 1, 3, 4)
    assert arrays["image"][[0, 1, 2, 3, 5], 0, 0, 0].tolist() == [255, 127, 255, 7, 9]


def test_files_to_skip_are_left_out_and_others_that_are_broken_are_told(tmp_path: Path) -> None:
    picture(tmp_path / "a" / "good.png", (1, 2, 3))
    (tmp_path / "a" / "bad.png").write_bytes(b"no picture")

    arrays = load_images(str(tmp_path), (3, 4), ("a",), skip=("a/bad.png",))

    assert len(arrays["image"]) == 1
    with pytest.raises(ValueError, match=r"bad.png can't be read as a picture"):
        load_images(str(tmp_path), (3, 4), ("a",))


@pytest.mark.parametrize("zipped", [False, True])
def test_idx_files_give_pictures_labels_and_parts(tmp_path: Path, zipped: bool) -> None:
    pictures = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
    paths = []
    for name, values in (("images", pictures), ("labels", np.array([7, 3], dtype=np.uint8))):
        data = idx(values)
        path = tmp_path / name
        path.write_bytes(gzip.compress(data, mtime=0) if zipped else data)
        paths.append(str(path))

    arrays = load_idx(*paths, (3, 7), *paths)

    assert np.array_equal(arrays["image"], np.concatenate([pictures, pictures])[:, None])
    assert arrays["label"].tolist() == [1, 0, 1, 0]
    assert arrays["part"].tolist() == ["train", "train", "test", "test"]


@pytest.mark.parametrize("kind", ["i1", "i2", "i4", "f4", "f8"])
def test_idx_files_of_other_numbers_become_float32(tmp_path: Path, kind: str) -> None:
    values = np.array([[1, -2, 3], [4, 5, -6]], dtype=kind)
    (tmp_path / "x").write_bytes(idx(values))
    (tmp_path / "y").write_bytes(idx(np.array([0, 1], dtype=np.uint8)))

    arrays = load_idx(str(tmp_path / "x"), str(tmp_path / "y"), (0, 1))

    assert arrays["features"].dtype == np.float32
    assert np.array_equal(arrays["features"], values)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "isn't an IDX file"),
        (b"PNG....", "isn't an IDX file"),
        (
            idx(np.zeros((2, 3), dtype=np.uint8))[:-1],
            "is cut short or damaged: expected 6 bytes for 2 × 3 values, got 5",
        ),
        (gzip.compress(idx(np.zeros((200, 3), dtype=np.uint8)), mtime=0)[:-9], "is cut short or damaged"),
    ],
)
def test_a_damaged_idx_file_is_told(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "x").write_bytes(data)

    with pytest.raises(ValueError, match=words):
        idx_array(str(tmp_path / "x"))


def test_npz_files_give_pictures_with_their_channels_in_front(tmp_path: Path) -> None:
    values = np.arange(2 * 4 * 5 * 3, dtype=np.uint8).reshape(2, 4, 5, 3)
    np.savez(
        tmp_path / "a.npz", x=values, y=np.array(["cat", "dog"]), t=np.array([[1.5], [2.5]]), one=np.eye(2)
    )

    by_word = load_npz(str(tmp_path / "a.npz"), "x", "y", ("dog", "cat"), "last")
    by_place = load_npz(str(tmp_path / "a.npz"), "x", "one", (0, 1), "last", test_x="x", test_y="one")
    number = load_npz(str(tmp_path / "a.npz"), "t", "t")

    assert np.array_equal(by_word["image"], values.transpose(0, 3, 1, 2))
    assert by_word["label"].tolist() == [1, 0]
    assert by_place["label"].tolist() == [0, 1, 0, 1]
    assert by_place["part"].tolist() == ["train", "train", "test", "test"]
    assert number["features"].dtype == number["target"].dtype == np.float32


def test_python_objects_in_an_npz_file_are_never_read(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=np.array([{"a": 1}], dtype=object))

    with pytest.raises(ValueError, match="allow_pickle=False"):
        load_npz(str(tmp_path / "a.npz"), "x")


def sound(path: Path, seconds: float, rate: int = 8000, tone: float = 440, channels: int = 1) -> None:
    """A tone, half as loud as can be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    wave = 0.5 * np.sin(2 * np.pi * tone * np.arange(round(seconds * rate)) / rate)
    soundfile.write(path, np.tile(wave[:, None], channels), rate)


def test_sounds_are_brought_to_one_rate_one_channel_and_one_length(tmp_path: Path) -> None:
    sound(tmp_path / "no" / "a.wav", 0.5)
    sound(tmp_path / "yes" / "b.flac", 0.25, rate=16000, channels=2)
    sound(tmp_path / "yes" / "c.ogg", 2.0, rate=44100)

    arrays = load_sounds(str(tmp_path), 8000, 1.0, ("no", "yes"))

    assert arrays["sound"].shape == (3, 8000)
    assert arrays["sound"].dtype == np.float32
    assert arrays["length"].tolist() == [4000, 2000, 8000]
    assert arrays["label"].tolist() == [0, 1, 1]
    assert not arrays["sound"][0, 4000:].any()
    for one, length in zip(arrays["sound"], arrays["length"], strict=True):
        middle = one[500 : int(length) - 500]
        spectrum = np.abs(np.fft.rfft(middle))
        assert abs(spectrum.argmax() * 8000 / len(middle) - 440) < 8000 / len(middle)


def test_sounds_tell_their_class_and_speaker_by_name(tmp_path: Path) -> None:
    for name in ("1_ann_0", "0_ann_0", "0_bob_0"):
        sound(tmp_path / f"{name}.wav", 0.1)

    arrays = load_sounds(str(tmp_path), 8000, 1.0, ("0", "1"), "name", speaker=1, skip=("0_bob_0.wav",))

    assert arrays["label"].tolist() == [0, 1]
    assert arrays["group"].tolist() == ["ann", "ann"]
    assert arrays["sound"].shape == (2, 800)


def test_pairs_stand_in_columns_or_in_two_files(tmp_path: Path) -> None:
    columns = written(tmp_path / "a.txt", "\ufeffHi.\t嗨。\tCC-BY\r\nRun!\t快跑\tCC-BY\r\nEmpty\t\tCC-BY\r\n")
    first, second = written(tmp_path / "b.en", "One.\nTwo.\n"), str(tmp_path / "b.de.gz")
    Path(second).write_bytes(gzip.compress(b"Eins.\nZwei.\n", mtime=0))

    one = load_pairs(columns)
    two = load_pairs(first, second, test=(first, second))

    assert one["source"].tolist() == ["Hi.", "Run!"]
    assert one["target"].tolist() == ["嗨。", "快跑"]
    assert one["source"].dtype == object
    assert list(one) == ["source", "target"]
    assert two["target"].tolist() == ["Eins.", "Zwei."] * 2
    assert two["part"].tolist() == ["train", "train", "test", "test"]


def test_quoted_pairs_may_have_the_separator_in_them(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", 'id,english,french\n1,"Well, yes.","Eh bien, oui."\n')

    arrays = load_pairs(path, separator=",", columns=(2, 1), skip=1, quoted=True)

    assert arrays["source"].tolist() == ["Eh bien, oui."]
    assert arrays["target"].tolist() == ["Well, yes."]


def test_files_of_unequal_length_are_no_pairs(tmp_path: Path) -> None:
    first, second = written(tmp_path / "a", "1\n2\n"), written(tmp_path / "b", "1\n")

    with pytest.raises(ValueError, match=re.escape("has 2 lines and") + ".*has 1: expected as many of each"):
        load_pairs(first, second)


@pytest.mark.parametrize("name", sorted(own.MODULES))
def test_every_loader_reads_on_its_own_text_alone(name: str) -> None:
    imports, texts = gathered([own.loader(name)])
    whole = "\n".join([*imports, *texts])

    assert "nndesigner" not in whole
    known: dict[str, Any] = {}
    exec(whole, known)
    used = {one.id for one in ast.walk(ast.parse(whole)) if isinstance(one, ast.Name)}
    bound = {one.arg for one in ast.walk(ast.parse(whole)) if isinstance(one, ast.arg)}
    assert used >= {"np"} and {one for one in used if one.isupper()} <= known.keys() | bound
    with pytest.raises((OSError, ValueError), match="nowhere"):
        arguments: dict[str, tuple[Any, ...]] = {
            "load_table": ("nowhere", ("a", "b"), {}),
            "load_images": ("nowhere", (8, 8), ("a",)),
            "load_idx": ("nowhere", "nowhere", ()),
            "load_npz": ("nowhere", "x"),
            "load_sounds": ("nowhere", 8000, 1.0, ("a",)),
            "load_pairs": ("nowhere",),
        }
        known[name](*arguments[name])


def test_only_the_module_of_the_loader_that_is_asked_for_is_loaded() -> None:
    code = (
        "import sys; from nndesigner.data import own; assert 'pandas' not in sys.modules; "
        "own.loader('load_npz'); assert not {'pandas', 'PIL', 'soundfile'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
