import dataclasses

import pytest

from nndesigner import examples, plan, starters
from nndesigner.catalogue.data import DataSet, Field
from nndesigner.catalogue.datasets import BY_NAME, DATA_SETS
from nndesigner.training.report import Finished
from nndesigner.training.run import prepare, train


def own(*fields: Field, size: int = 500) -> DataSet:
    return DataSet("mine", "mine", "Of my own.", size, "mine.csv", "not stated", fields, "own.load_table")


FEATURES = Field("features", (7,), "Seven numbers", prepare="standardize")
NOTE = Field("text", (), "A note", sort="text")
LABEL = Field("label", (), "Which it is", "int64", ("a", "b", "c"), sort="label")
TARGET = Field("target", (1,), "How much", prepare="standardize")
PHOTO = Field("image", (3, 96, 128), "A photograph", sort="image", prepare="standardize")
SOUND = Field("sound", (), "A recording", sort="sound")
OF_ONES_OWN = {
    "numbers and classes": own(FEATURES, LABEL),
    "numbers and a number": own(FEATURES, TARGET),
    "numbers, a text and a number": own(FEATURES, NOTE, TARGET),
    "a text and classes": own(NOTE, LABEL),
    "photographs and classes": own(PHOTO, LABEL),
    "photographs and a number": own(PHOTO, TARGET),
    "photographs alone": own(PHOTO),
    "numbers alone": own(FEATURES),
    "lines of pixels": own(Field("image", (1, 1, 20), "A line", sort="image"), LABEL),
    "sounds": own(SOUND, LABEL),
    "pairs": own(Field("source", (), "A", sort="text"), Field("target", (), "B", sort="pair"), size=20_000),
    "a long text": own(Field("text", (), "A book", sort="corpus")),
}  # fmt: skip


@pytest.mark.parametrize("data_set", DATA_SETS, ids=lambda one: one.name)
def test_each_data_set_of_the_program_gets_a_network_without_a_problem(data_set: DataSet) -> None:
    assert plan.make(starters.project_for(data_set)).problems == ()


@pytest.mark.parametrize("data_set", OF_ONES_OWN.values(), ids=OF_ONES_OWN.keys())
def test_data_of_ones_own_get_a_network_without_a_problem(data_set: DataSet) -> None:
    project = starters.project_for(data_set)
    made = plan.make(project)
    assert made.problems == ()
    assert made.objectives and made.parameters > 0
    assert project.data == {"mine": data_set} and project.data_set() == data_set


def losses(data_set: DataSet) -> list[str]:
    project = starters.project_for(data_set)
    return [node.kind for node in project.graph.nodes.values() if project.kind_of(node).role == "loss"]


def test_the_loss_follows_from_what_is_to_be_told() -> None:
    assert losses(BY_NAME["iris"]) == ["CrossEntropyLoss"]
    assert losses(BY_NAME["breast-cancer"]) == ["BCEWithLogitsLoss"]
    assert losses(BY_NAME["diabetes"]) == losses(OF_ONES_OWN["numbers and a number"]) == ["MSELoss"]


def test_pairs_get_the_transformer_of_the_examples_as_wide_and_as_long_as_they_need_it() -> None:
    pairs = dataclasses.replace(OF_ONES_OWN["pairs"], start={"tokens": "words", "length": 45})
    project = starters.project_for(pairs)
    values = pairs.values(project.data_node().params)
    nodes = project.graph.nodes.values()
    assert project.blocks == examples.load("transformer-translation").blocks
    assert values["length"] == 45
    assert {node.params["num_embeddings"] for node in nodes if node.kind == "Embedding"} == {
        values["vocabulary"]
    }
    assert {node.params["length"] for node in nodes if node.kind == "EncoderLayer"} == {45}
    assert plan.make(project).problems == ()


@pytest.mark.parametrize(("name", "better"), [("iris", 0.5), ("digits", 0.3), ("diabetes", 0.8)])
def test_it_learns_at_once(name: str, better: float) -> None:
    project = starters.project_for(BY_NAME[name])
    short = dataclasses.replace(project.training, epochs=min(project.training.epochs, 20), threads=1)
    reports = list(train(prepare(dataclasses.replace(project, training=short))))
    assert isinstance(reports[-1], Finished)
    losses = [one.train["loss"] for one in reports if type(one).__name__ == "EpochEnded"]
    assert losses[-1] < better * losses[0]
