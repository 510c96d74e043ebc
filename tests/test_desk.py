import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from nndesigner.catalogue.datasets import BY_NAME
from nndesigner.data.desk import Clerk, Desk, LookAt, NotWanted, Survey, Turn
from nndesigner.data.looking.found import Found
from nndesigner.data.problem import DataError
from nndesigner.data.shown import Overview, Page
from nndesigner.project import Training

TABLE = "size,colour,price\n" + "".join(
    f"{row % 7},{'red' if row % 3 else 'blue'},{row * 1.5}\n" for row in range(60)
)


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.close()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "prices.csv"
    path.write_text(TABLE)
    return path


def overview(name: str, **params: object) -> Overview:
    return Clerk().answer(Survey(BY_NAME[name], params, Training()))


def page(name: str, clerk: Clerk | None = None, **given: object) -> Page:
    params = given.pop("params", {})
    return (clerk or Clerk()).answer(Turn(BY_NAME[name], params, Training(), **given))


def test_a_file_is_looked_at_in_the_process(desk: Desk, table: Path) -> None:
    found = desk.ask(LookAt(table, "prices", {"target": "colour"}))
    assert isinstance(found, Found)
    assert [one.role for one in found.columns] == ["feature", "target", "feature"]
    assert found.data_set.size == 60


def test_what_was_found_can_be_shown(desk: Desk, table: Path) -> None:
    data_set = desk.ask(LookAt(table, "prices")).data_set
    whole = desk.ask(Survey(data_set, {}, Training()))
    rows = desk.ask(Turn(data_set, {}, Training(), first=10, count=5))
    assert sum(count for _, count in whole.parts) == 60
    assert rows.columns == ("size", "colour", "price")
    assert rows.samples[0].cells == ("3", "red", "15.0")


def test_what_can_not_be_read_is_told_in_a_sentence(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"there is no file or folder .*nowhere"):
        desk.ask(LookAt(tmp_path / "nowhere.csv", "gone"))


def test_an_answer_nobody_wants_does_not_come(desk: Desk, table: Path) -> None:
    with pytest.raises(NotWanted):
        desk.ask(LookAt(table, "prices"), wanted=lambda: False)
    assert isinstance(desk.ask(LookAt(table, "prices")), Found)


def test_the_process_can_be_ended_while_it_is_asked(table: Path) -> None:
    desk = Desk()
    threading.Timer(0.2, desk.stop).start()
    began = time.monotonic()
    with pytest.raises(DataError, match="ended its process"):
        desk.ask(LookAt(table, "prices"))
    assert time.monotonic() - began < 10
    desk.close()


def test_pictures_are_bytes_with_their_labels() -> None:
    shown = page("digits", count=6)
    assert shown.sort == "pictures" and shown.total == 1797
    one = shown.samples[0]
    assert one.picture.shape == (8, 8, 1) and one.picture.dtype == np.uint8 and one.picture.max() > 200
    assert one.label in "0123456789" and one.varied is None


def test_a_class_can_be_looked_at_alone() -> None:
    shown = page("digits", count=30, of_class=4)
    assert {one.label for one in shown.samples} == {"4"}
    assert shown.total == 181


def test_what_is_varied_in_training_stands_beside_and_is_drawn_by_the_seed() -> None:
    clerk = Clerk()
    first, again, other = (
        page("digits", clerk, count=4, params={"shift": 2.0}, seed=seed).samples[0].varied
        for seed in (1, 1, 2)
    )
    assert first.shape == (8, 8, 1)
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_pages_do_not_overlap() -> None:
    clerk = Clerk()
    first, second = (page("digits", clerk, first=at, count=20) for at in (0, 20))
    assert not {one.record for one in first.samples} & {one.record for one in second.samples}


def test_class_balance_and_columns_are_told() -> None:
    found = overview("iris")
    assert found.parts == (("train", 105), ("validation", 15), ("test", 30))
    told = {one.title: one for one in found.distributions}
    assert told["label"].counts == (50, 50, 50)
    assert found.columns[0].name == "sepal length (cm)" and found.columns[0].range == "4.3 – 7.9"
    assert sum(told["sepal length (cm)"].counts) == 150


def test_missing_values_are_counted_column_by_column(tmp_path: Path) -> None:
    path = tmp_path / "holes.csv"
    path.write_text(TABLE.replace("3,red", "?,red"))
    clerk = Clerk()
    data_set = clerk.answer(LookAt(path, "holes")).data_set
    found = clerk.answer(Survey(data_set, {}, Training()))
    assert [(one.name, one.missing) for one in found.columns] == [("size", 6), ("colour", 0), ("price", 0)]


def test_a_split_that_can_not_be_made_is_told_and_the_rest_is_shown() -> None:
    rare = Training(split="stratified", test=0.01, validation=0.01)
    found = Clerk().answer(Survey(BY_NAME["iris"], {}, rare))
    assert "can't be split like that" in found.problem and found.parts == ()
    assert found.distributions


def test_sentences_are_shown_in_their_tokens(tmp_path: Path) -> None:
    path = tmp_path / "pairs.txt"
    path.write_text("".join(f"The dog number {row} runs.\tLe chien {row} court.\n" for row in range(200)))
    clerk = Clerk()
    data_set = clerk.answer(LookAt(path, "pairs")).data_set
    shown = clerk.answer(
        Turn(data_set, {"tokens": "words", "vocabulary": 12, "length": 5}, Training(), count=3)
    )
    source = shown.samples[0].texts[0]
    assert [one.text for one in source.tokens][:2] == ["The", "dog"]
    assert {one.lost for one in source.tokens} >= {"", "cut"}
