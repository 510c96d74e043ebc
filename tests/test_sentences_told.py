"""What is told of a project begins as a sentence does, and names stay as they are."""

import pytest

from nndesigner.graph import Block, Graph, Node
from nndesigner.problem import sentence
from nndesigner.project import Project

PROJECT = Project(
    Graph.of([Node("linear1", "Linear"), Node("stem", "Stem")]),
    {"Stem": Block("Stem", Graph.of([Node("conv1", "Conv2d")]))},
)


@pytest.mark.parametrize(
    "words, told",
    [
        ("the data is empty", "The data is empty"),
        ("linear1 gets nothing at 'input'", "linear1 gets nothing at 'input'"),
        ("linear1: width is missing", "linear1: width is missing"),
        ("conv1 expects 3 axes", "conv1 expects 3 axes"),
        ("linear layers are all there is", "Linear layers are all there is"),
        ("", ""),
    ],
)
def test_a_sentence_begins_with_a_capital_and_a_name_as_it_is(words: str, told: str) -> None:
    assert sentence(words, PROJECT) == told


def test_without_a_project_there_are_no_names() -> None:
    assert sentence("linear1 is missing", None) == "Linear1 is missing"
