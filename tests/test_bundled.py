"""The data that comes with the program: what it promises, and that its makers still make it."""

import gzip
import re
import shutil
import sys
from collections.abc import Iterator
from importlib import import_module
from itertools import groupby, pairwise
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neighbors import KNeighborsClassifier

from nndesigner.data import bundled

DATA = Path(__file__).parent.parent / "resources" / "data"
CODES = ("fr", "de", "zh")
TOYS = (
    bundled.load_moons,
    bundled.load_circles,
    bundled.load_spirals,
    bundled.load_xor,
    bundled.load_gauss,
)


@pytest.fixture(scope="module")
def makers() -> Iterator[None]:
    """The makers are programs, not a package: they find each other in their own folder."""
    sys.path.insert(0, str(DATA / "makers"))
    before, writing = set(sys.modules), sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    yield
    sys.dont_write_bytecode = writing
    sys.path.remove(str(DATA / "makers"))
    for name in set(sys.modules) - before:
        path = getattr(sys.modules[name], "__file__", None)
        if path and Path(path).parent == DATA / "makers":
            del sys.modules[name]


def maker(name: str) -> ModuleType:
    return import_module(name)


def sentences(code: str) -> dict[str, np.ndarray]:
    return bundled.load_translation(str(DATA / f"translation-{code}.tsv.gz"))


def spoken() -> dict[str, np.ndarray]:
    return bundled.load_spoken_digits(str(DATA / "spoken-digits.ogg"), str(DATA / "spoken-digits.csv"))


@pytest.mark.parametrize("code", CODES)
def test_more_than_20000_pairs_are_all_different(code: str) -> None:
    data = sentences(code)

    assert len(data["source"]) == 26_000
    assert len(set(zip(data["source"], data["target"], strict=True))) == 26_000
    assert dict(zip(*np.unique(data["part"], return_counts=True), strict=True)) == {
        "train": 24_000,
        "validation": 1_000,
        "test": 1_000,
    }


@pytest.mark.parametrize("code", CODES)
def test_an_english_sentence_has_one_translation(code: str) -> None:
    data = sentences(code)

    assert len(set(data["source"])) == len(data["source"])


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("side", ["source", "target"])
def test_no_held_out_sentence_is_trained_on(code: str, side: str) -> None:
    data = sentences(code)
    trained = set(data[side][data["part"] == "train"])
    validated = set(data[side][data["part"] == "validation"])
    tested = set(data[side][data["part"] == "test"])

    assert not trained & tested
    assert not trained & validated
    assert not validated & tested


def test_the_same_english_stands_in_all_three_files() -> None:
    first, *others = (sentences(code) for code in CODES)

    for other in others:
        assert (first["source"] == other["source"]).all()
        assert (first["part"] == other["part"]).all()


def test_sentences_are_3_to_16_words_and_chinese_has_no_spaces() -> None:
    lengths = [len(sentence.split()) for sentence in sentences("fr")["source"]]

    assert (min(lengths), max(lengths)) == (3, 16)
    assert not any(" " in sentence for sentence in sentences("zh")["target"])


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        # "en train de le voir" keeps its pronoun; "le onze" and "le huit" do not elide.
        (
            "fr",
            r"(?<!en train )\bde les? |\bà les? |\bsi il|\b(?:je|de|que|ne|le|la) (?!onze|huit)[aeiouéêhœ]",
        ),
        ("de", r"\b(?:in dem|in das|zu der|zu dem|an dem)\b"),
        ("zh", r"(?<!十)二[个只本位]|不有|没有了"),
    ],
)
def test_what_the_grammar_must_contract_is_contracted(code: str, wrong: str) -> None:
    found = [text for text in sentences(code)["target"] if re.search(wrong, text)]

    assert found == []


def test_the_sentences_are_made_again_byte_for_byte(makers: None) -> None:
    translation = maker("translation")

    rows = translation.make_rows()

    for code, language in translation.LANGUAGES.items():
        with gzip.open(DATA / f"translation-{code}.tsv.gz") as file:
            assert translation.table(rows, language) == file.read()


def test_the_packed_files_hold_no_time_and_no_name(makers: None) -> None:
    for code in CODES:
        head = (DATA / f"translation-{code}.tsv.gz").read_bytes()[:10]

        assert head[3] == 0
        assert head[4:8] == bytes(4)
    assert gzip.decompress(maker("translation").packed(b"words")) == b"words"


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_any_seed_gives_one_translation_a_sentence(makers: None, seed: int) -> None:
    rows = maker("translation").make_rows(seed, {"train": 300})

    for language in ("english", "french", "german", "chinese"):
        said = [getattr(row, language) for row in rows]
        assert len(set(said)) == 300
        assert all(text[-1] in ".?。？" and "  " not in text and "_" not in text for text in said)


def test_no_voice_of_the_test_part_is_trained_on() -> None:
    data = spoken()
    voices = {part: set(data["group"][data["part"] == part]) for part in ("train", "validation", "test")}
    timbres = {part: {voice.split("+")[1] for voice in names} for part, names in voices.items()}

    assert {part: len(names) for part, names in voices.items()} == {"train": 64, "validation": 16, "test": 16}
    assert not timbres["train"] & timbres["test"]
    assert not timbres["train"] & timbres["validation"]
    assert not timbres["validation"] & timbres["test"]


def test_every_digit_is_said_as_often_as_any_other() -> None:
    data = spoken()

    for part, count in (("train", 128), ("validation", 32), ("test", 32)):
        assert (np.bincount(data["label"][data["part"] == part]) == count).all()


def test_no_clip_is_silent_or_too_long() -> None:
    data = spoken()
    seconds = data["length"] / 8_000
    loudness = np.sqrt((data["sound"].astype(np.float64) ** 2).sum(1) / data["length"])

    assert data["sound"].dtype == np.float32
    assert data["sound"].shape == (1_920, data["length"].max())
    assert seconds.min() >= 0.3
    assert seconds.max() <= 0.9
    assert loudness.min() > 0.02
    assert np.abs(data["sound"]).max() <= 1
    for clip, length in zip(data["sound"], data["length"], strict=True):
        assert not clip[length:].any()


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_a_clip_is_made_again(makers: None) -> None:
    spoken_digits = maker("spoken_digits")
    data = spoken()

    for number in (0, 777, 1_919):
        clip = list(spoken_digits.clips())[number]
        made = spoken_digits.sound(clip)
        kept = data["sound"][number, : data["length"][number]]
        assert (clip.digit, clip.voice, clip.part) == (
            data["label"][number],
            data["group"][number],
            data["part"][number],
        )
        assert len(made) == len(kept)
        assert np.corrcoef(made, kept)[0, 1] > 0.9


def test_the_stories_are_made_again_byte_for_byte(makers: None) -> None:
    assert maker("stories").make_stories().encode("ascii") == (DATA / "stories.txt").read_bytes()


def test_the_stories_are_printable_letters() -> None:
    text = (DATA / "stories.txt").read_text(encoding="ascii")

    assert 300_000 < len(text) < 600_000
    assert all(letter == "\n" or " " <= letter <= "~" for letter in set(text))
    assert not set("<>{}/_") & set(text)


def test_a_text_is_cut_into_pieces_that_go_on_from_one_another() -> None:
    data = bundled.load_text(str(DATA / "stories.txt"), piece=65)
    text, part = data["text"], data["part"]

    assert {len(piece) for piece in text} == {65}
    assert all(one[-1] == other[0] for one, other in pairwise(text))
    assert [name for name, _ in groupby(part)] == ["train", "validation", "test"]
    assert abs((part == "train").mean() - 0.8) < 0.01


@pytest.mark.parametrize("load", TOYS)
def test_a_toy_is_1000_points_the_same_each_time(load) -> None:
    data, again = load(), load()

    assert data["point"].shape == (1_000, 2)
    assert data["point"].dtype == np.float32
    assert data["label"].dtype == np.int64
    assert np.array_equal(data["point"], again["point"])
    assert np.bincount(data["label"]).min() > 300


@pytest.mark.parametrize(("load", "score"), list(zip(TOYS, (0.95, 0.95, 0.95, 0.88, 0.93), strict=True)))
def test_a_toy_can_be_learnt_from_its_neighbors(load, score: float) -> None:
    data = load()

    learnt = KNeighborsClassifier(9).fit(data["point"][::2], data["label"][::2])

    assert learnt.score(data["point"][1::2], data["label"][1::2]) > score


def test_all_bundled_files_together_are_small() -> None:
    packed = sum((DATA / f"translation-{code}.tsv.gz").stat().st_size for code in CODES)

    assert packed <= 2_000_000
    assert (DATA / "spoken-digits.ogg").stat().st_size <= 3_000_000
