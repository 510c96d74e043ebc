"""What is found in a project by words and params, in the main graph and in blocks."""

from dataclasses import replace

import pytest

from nndesigner import query
from nndesigner.graph import Block, Frame, Graph, Node, Note
from nndesigner.project import Project

NODES = (
    Node("stem", "Conv2d", {"out_channels": 64, "kernel_size": (7, 7), "padding": "same"}, (0.0, 0.0)),
    Node("pool", "MaxPool2d", {"kernel_size": 3}, (0.0, 200.0)),
    Node("head", "Linear", {"out_features": 10, "bias": False}, (0.0, 400.0), frozen=True),
    Node("act", "ReLU", {}, (0.0, 300.0), repeat=3),
    Node("stage", "Stage", {}, (0.0, 500.0)),
)
INSIDE = (Node("conv", "Conv2d", {"out_channels": 64, "kernel_size": (3, 3), "stride": 2}),)


@pytest.fixture
def project() -> Project:
    graph = Graph.of(
        NODES,
        (),
        [Note("Why a bias\nis not needed here")],
        [Frame("The stem", (0.0, 0.0), (9.0, 9.0), "grey")],
    )
    stage = Block("Stage", Graph.of(INSIDE, (), [Note("skip connection", (0.0, 99.0))]))
    return replace(Project(graph), blocks={"Stage": stage})


def found(project: Project, text: str, problems: query.Problems | None = None) -> list[str]:
    hits = query.search(project, text, problems)
    return [f"{hit.path}/{hit.node or 'sheet'}" for hit in hits if hit is not None]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("", []),
        ("conv", ["/stem", "Stage/conv"]),
        ("CONV2D 64", ["/stem", "Stage/conv"]),
        ("pooling", ["/pool"]),
        ("6", []),
        ("same", ["/stem"]),
        ("frozen", ["/head"]),
        ("kernel_size=3", ["/pool", "Stage/conv"]),
        ("kernel_size = 7×7", ["/stem"]),
        ("kernel=(3, 3)", ["Stage/conv"]),
        ("size>3 conv", ["/stem"]),
        ("stride=1", ["/stem"]),
        ("bias=no", ["/head"]),
        ("bias!=no conv", ["/stem", "Stage/conv"]),
        ("repeat>1", ["/act"]),
        ("padding=sa", ["/stem"]),
        ("out_features=", ["/head"]),
        ("bias", ["/head", "/sheet"]),
        ('"bias is"', ["/sheet"]),
        ("skip conn", ["Stage/sheet"]),
        ("the stem", ["/sheet"]),
        ("kernel_size=3 linear", []),
        ('"', []),
        ("=", []),
        ("size<three", []),
    ],
)
def test_a_query_finds(project: Project, text: str, places: list[str]) -> None:
    assert found(project, text) == places


def test_what_is_wrong_is_found_by_its_words_and_said(project: Project) -> None:
    problems = {("", "head"): ["error: head expects 10, got 7"], ("Stage", "conv"): ["warning: wide"]}

    assert found(project, "expects", problems) == ["/head"]
    assert found(project, "warning", problems) == ["Stage/conv"]
    hits = [hit for hit in query.search(project, "error", problems) if hit]
    assert [hit.why for hit in hits] == ["error: head expects 10, got 7"]


def test_a_hit_says_by_what_it_was_found(project: Project) -> None:
    def whys(text: str) -> list[str]:
        return [hit.why for hit in query.search(project, text) if hit]

    assert whys("conv kernel_size=7") == ["kernel_size = 7×7"]
    assert whys("stem") == ["Conv2d", "The stem"]
    assert whys("activation") == ["activation"]
    assert whys("needed") == ["Why a bias is not needed here"]


def test_a_search_can_be_paused_after_every_node(project: Project) -> None:
    looked_at = list(query.search(project, "nothing like this"))

    assert looked_at == [None] * 9
