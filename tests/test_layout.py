"""Where nodes stand when a program places them, and how wires go round cards."""

import json
import shutil
import subprocess
import time
from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nndesigner import examples, script
from nndesigner.graph import Edge, Frame, Graph, Node, Note
from nndesigner.layout import Card, arranged, placed
from nndesigner.layout.aligning import Lines, aligned, distributed
from nndesigner.layout.crossing import crossings_of
from nndesigner.layout.following import followed, framed
from nndesigner.layout.ground import Box, Ground
from nndesigner.layout.routes import routes
from nndesigner.layout.wires import Ends, Lane, course, points
from nndesigner.project import Project
from nndesigner.script import reader
from tests.conftest import chain, small_digits, wired

NAMED = ("googlenet", "densenet121", "transformer-translation")
STEP = 32.0


def cards_of(project: Project, graph: Graph) -> dict[str, Card]:
    """Cards as the canvas has them: as wide as their ports need, blocks taller, ports in the middle 32 apart."""
    cards = {}
    for name, node in graph.nodes.items():
        kind = project.kind_of(node)
        inputs = (
            kind.input_names(graph.incoming.get(name, {})) if kind else tuple(graph.incoming.get(name, {}))
        )
        outputs = tuple(port.name for port in kind.outputs) if kind else ("output",)
        width = max(208.0, -(-(STEP * max(len(inputs), len(outputs)) + 8) // 8) * 8)
        height = 96.0 if node.kind in project.blocks else 56.0
        cards[name] = Card(width, height, spread(inputs, width), spread(outputs, width))
    return cards


def spread(names: tuple[str, ...], width: float) -> dict[str, float]:
    left = (width - STEP * (len(names) - 1)) / 2
    return {name: left + STEP * index for index, name in enumerate(names)}


def boxes_of(positions, cards) -> dict[str, Box]:
    return {
        name: Box(x, y, x + cards[name].width, y + cards[name].height) for name, (x, y) in positions.items()
    }


def lines_of(graph: Graph, positions, cards) -> dict[Edge, list[tuple[float, float]]]:
    """The wires as they are drawn."""
    boxes = boxes_of(positions, cards)
    ends = {}
    for edge in graph.sorted_edges:
        source, target = boxes[edge.source], boxes[edge.target]
        start = (source.left + cards[edge.source].out(edge.output), source.bottom)
        ends[edge] = Ends(start, (target.left + cards[edge.target].into(edge.input), target.top))
    lanes = routes(boxes, ends)
    return {edge: points(one.start, course(*one, lanes.get(edge, ()))) for edge, one in ends.items()}


def overlapping(boxes) -> list[tuple[str, str]]:
    return [
        (first, second)
        for (first, a), (second, b) in combinations(boxes.items(), 2)
        if a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom
    ]


def hidden(boxes, lines) -> list[tuple[Edge, set[str]]]:
    ground = Ground(boxes)
    found = [(edge, ground.hit_by(line, (edge.source, edge.target))) for edge, line in lines.items()]
    return [one for one in found if one[1]]


def crossings(lines) -> int:
    return sum(crossings_of(first, second) for first, second in combinations(lines.values(), 2))


def graphs_of(name: str) -> list[tuple[str, Project, Graph]]:
    project = examples.load(name)
    return [
        (name, project, project.graph),
        *((f"{name} {block.name}", project, block.graph) for block in project.blocks.values()),
    ]


EVERY = [one for name in examples.names() for one in graphs_of(name)]
every_graph = pytest.mark.parametrize(
    ("project", "graph"), [one[1:] for one in EVERY], ids=[one[0] for one in EVERY]
)


@every_graph
def test_no_card_lies_on_another_and_no_wire_runs_through_one(project: Project, graph: Graph) -> None:
    cards = cards_of(project, graph)
    for across in (False, True):
        positions = arranged(graph, cards=cards, across=across)
        boxes = boxes_of(positions, cards)
        assert list(positions) == list(graph.nodes)
        assert overlapping(boxes) == []
        assert hidden(boxes, lines_of(graph, positions, cards)) == []
        assert all(part % 8 == 0 for place in positions.values() for part in place)


@every_graph
def test_layers_run_one_way(project: Project, graph: Graph) -> None:
    cards = cards_of(project, graph)
    down, across = arranged(graph, cards=cards), arranged(graph, cards=cards, across=True)
    for edge in graph.edges:
        assert down[edge.target][1] >= down[edge.source][1] + cards[edge.source].height + 32
        assert across[edge.target][0] >= across[edge.source][0] + cards[edge.source].width + 32


def drawn_by_dot(graph: Graph, cards) -> dict[Edge, list[tuple[float, float]]]:
    """The wires as Graphviz draws them between the same ports of cards as large."""
    text = ["digraph{node[shape=plain];"]
    for name, card in cards.items():
        rows = [
            f"<tr>{cells(side, ports, card)}</tr>"
            for side, ports in (("i", card.inputs), ("o", card.outputs))
            if ports
        ]
        table = '<table border="0" cellborder="0" cellspacing="0" cellpadding="0">'
        text.append(f"{name}_[label=<{table}{''.join(rows)}</table>>];")
    for number, edge in enumerate(graph.sorted_edges):
        text.append(f'{edge.source}_:o_{edge.output}:s->{edge.target}_:i_{edge.input}:n[id="{number}"];')
    return wires_of_dot(text, graph)


def wires_of_dot(text: list[str], graph: Graph) -> dict[Edge, list[tuple[float, float]]]:
    edges = graph.sorted_edges
    done = subprocess.run(
        ["dot", "-Tjson"], input="\n".join(text) + "}", text=True, capture_output=True, check=True
    )
    found = {}
    for one in json.loads(done.stdout).get("edges", []):
        corners = [
            tuple(map(float, part.split(","))) for part in one["pos"].split() if part[:2] not in ("e,", "s,")
        ]
        pieces = [tuple(corners[index : index + 3]) for index in range(1, len(corners), 3)]
        found[edges[int(one["id"])]] = points(corners[0], pieces)
    return found


def cells(side: str, ports, card: Card) -> str:
    width = card.width / len(ports)
    cell = f'width="{width:.0f}" height="{card.height / 2:.0f}" fixedsize="true"'
    inner = "".join(f'<td port="{side}_{port}" {cell}></td>' for port in sorted(ports, key=ports.__getitem__))
    table = '<table border="0" cellborder="1" cellspacing="0" cellpadding="0">'
    return f"<td>{table}<tr>{inner}</tr></table></td>"


def drawn_without_ports(graph: Graph, cards) -> dict[Edge, list[tuple[float, float]]]:
    """The wires as Graphviz draws them between cards as large, wherever on these it likes."""
    text = ['digraph{node[shape=box,fixedsize=true,label=""];']
    text += [f"{name}_[width={card.width / 72},height={card.height / 72}];" for name, card in cards.items()]
    text += [
        f'{edge.source}_->{edge.target}_[id="{number}"];' for number, edge in enumerate(graph.sorted_edges)
    ]
    return wires_of_dot(text, graph)


# What Graphviz can draw with fewer crossings only as it may choose the order of the ports.
FORCED = {"transformer-translation": 5}


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
@pytest.mark.parametrize(("name", "project", "graph"), [pytest.param(*one, id=one[0]) for one in EVERY])
def test_wires_cross_no_more_often_than_graphviz_draws_them(
    name: str, project: Project, graph: Graph
) -> None:
    """Neither with the same ports nor without any.

    Of all graphs one cannot be drawn with as few crossings as without ports: the translating transformer, which has 5,
    and 2 where the order of ports is free. That is the least: a search through every order of the nodes and of the
    wires beside one another, from top to bottom, a swap of two neighbours being a crossing (143,861 states of the
    graph without what has one wire only), finds no way with 4 if wires run downwards and ports keep their order, and
    finds one with 2 if they do not. Two crossings are those of the target's words, which begin right of the source's
    and arrive left of them, with the wires to the source's words and to their mask; three are those of the memory of
    the second and the third decoder, one for each decoder above that it must pass, with a wire of that decoder.
    """
    cards = cards_of(project, graph)
    ours = crossings(lines_of(graph, arranged(graph, cards=cards), cards))
    assert ours <= crossings(drawn_by_dot(graph, cards))
    assert ours <= FORCED.get(name, crossings(drawn_without_ports(graph, cards)))


@pytest.mark.parametrize("name", NAMED)
def test_a_large_example_is_laid_out_in_less_than_three_tenths_of_a_second(name: str) -> None:
    for _, project, graph in graphs_of(name):
        cards = cards_of(project, graph)
        arranged(graph, cards=cards)
        begun = time.process_time()
        lines_of(graph, arranged(graph, cards=cards), cards)
        assert time.process_time() - begun < 0.3


def test_the_main_line_is_one_column_and_what_joins_it_keeps_the_order_of_the_ports() -> None:
    nodes = [
        Node(name, kind)
        for name, kind in (("image", "Input"), ("f", "ReLU"), ("g", "ReLU"), ("out", "Output"))
    ]
    graph = Graph.of(
        [*nodes, Node("total", "Add")],
        [*chain("image", "f", "g"), *wired("g > total.input1", "image > total.input2", "total > out")],
    )
    cards = {name: Card() for name in graph.nodes} | {"total": Card(inputs={"input1": 88.0, "input2": 120.0})}
    positions = arranged(graph, cards=cards)
    assert len({x for x, _ in positions.values()}) == 1
    line = lines_of(graph, positions, cards)[Edge("image", "output", "total", "input2")]
    assert max(x for x, _ in line) > positions["f"][0] + 208


def test_data_stands_at_the_top_and_losses_below_all_they_judge() -> None:
    graph = small_digits().graph
    positions = arranged(graph)
    assert positions["data"][1] == 0
    assert positions["loss"][1] == max(y for _, y in positions.values())


def test_parts_that_no_wire_joins_stand_beside_one_another() -> None:
    graph = Graph.of([Node(name, "ReLU") for name in "abcde"], [*chain("a", "b"), *chain("c", "d")])
    positions = arranged(graph)
    columns = {name: x for name, (x, _) in positions.items()}
    assert columns["a"] == columns["b"] != columns["c"] == columns["d"] != columns["e"] != columns["a"]
    assert {y for name, (_, y) in positions.items() if name in "ace"} == {0.0}


def test_nothing_is_laid_out_of_nothing() -> None:
    assert arranged(Graph()) == {}


def test_what_is_known_stays_and_the_rest_comes_near_it() -> None:
    graph = Graph.of([Node(name, "ReLU") for name in "abc"], chain("a", "b", "c"))
    known = {"a": (400.0, 80.0), "b": (400.0, 168.0)}
    found = placed(graph, known)
    assert {name: found.nodes[name].position for name in "ab"} == known
    assert found.nodes["c"].position == (400.0, 256.0)
    assert placed(graph, {}).nodes["c"].position == arranged(graph)["c"]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Graph, dict[str, Card]]:
    """Any graph without loops, its cards of any size."""
    count = draw(st.integers(1, 24))
    names = [f"n{number}" for number in range(count)]
    pairs = draw(st.sets(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=3 * count))
    edges = [
        Edge(names[first], "output", names[second], f"input{first}")
        for first, second in pairs
        if first < second
    ]
    graph = Graph.of([Node(name, "Add") for name in names], edges)
    cards = {}
    for name in names:
        inputs = tuple(sorted(graph.incoming.get(name, {})))
        width = max(draw(st.sampled_from((208.0, 240.0))), STEP * len(inputs) + 8)
        cards[name] = Card(
            width, draw(st.sampled_from((56.0, 96.0))), spread(inputs, width), spread(("output",), width)
        )
    return graph, cards


@settings(max_examples=60, deadline=None)
@given(graphs(), st.booleans())
def test_any_graph_is_laid_out_without_overlap_and_always_the_same(
    drawn: tuple[Graph, dict[str, Card]], across: bool
) -> None:
    graph, cards = drawn
    positions = arranged(graph, cards=cards, across=across)
    assert positions.keys() == graph.nodes.keys()
    assert overlapping(boxes_of(positions, cards)) == []
    again = Graph.of(graph.nodes.values(), sorted(graph.edges, reverse=True))
    assert arranged(again, cards=cards, across=across) == positions
    for edge in graph.edges:
        side = 0 if across else 1
        assert positions[edge.source][side] < positions[edge.target][side]


@settings(max_examples=60, deadline=None)
@given(graphs(), st.randoms(use_true_random=False))
def test_a_wire_that_goes_round_is_clear_of_every_card_wherever_they_stand(
    drawn: tuple[Graph, dict[str, Card]], chance
) -> None:
    graph, cards = drawn
    positions = {name: (8.0 * chance.randrange(150), 8.0 * chance.randrange(150)) for name in graph.nodes}
    boxes = boxes_of(positions, cards)
    ends = {
        edge: Ends(
            (boxes[edge.source].left + cards[edge.source].out(edge.output), boxes[edge.source].bottom),
            (boxes[edge.target].left + cards[edge.target].into(edge.input), boxes[edge.target].top),
        )
        for edge in graph.sorted_edges
    }
    found = routes(boxes, ends)
    assert found == routes(boxes, dict(reversed(ends.items())))
    ground = Ground(boxes)
    for edge, lanes in found.items():
        line = points(ends[edge].start, course(*ends[edge], lanes))
        assert not ground.hit_by(line, (edge.source, edge.target))


# Wires.


def test_a_free_wire_keeps_its_plain_course() -> None:
    boxes = {"a": Box(0, 0, 208, 56), "b": Box(0, 88, 208, 144), "c": Box(400, 40, 608, 96)}
    edge = Edge("a", "output", "b", "input")
    assert routes(boxes, {edge: Ends((104, 56), (104, 88))}) == {}


def test_a_wire_passes_a_card_in_its_way_on_the_nearer_side() -> None:
    boxes = {"a": Box(0, 0, 208, 56), "b": Box(-40, 120, 168, 176), "c": Box(0, 240, 208, 296)}
    edge = Edge("a", "output", "c", "input")
    (lane,) = routes(boxes, {edge: Ends((104, 56), (104, 240))})[edge]
    assert lane.x == 184 and lane.begin < 120 and lane.end > 176


def test_two_wires_that_mirror_each_other_cross_once() -> None:
    first, second = ((0.0, 0.0), (100.0, 100.0)), ((100.0, 0.0), (0.0, 100.0))
    lines = [points(start, course(start, end)) for start, end in (first, second)]
    assert crossings_of(*lines) == 1


def test_two_wires_round_one_card_do_not_lie_on_each_other() -> None:
    boxes = {name: Box(0, 120 * row, 208, 120 * row + 56) for row, name in enumerate("abcd")}
    first, second = Edge("a", "output", "c", "input"), Edge("b", "output", "d", "input")
    found = routes(boxes, {first: Ends((104, 56), (104, 240)), second: Ends((104, 176), (104, 360))})
    assert found[first][0].x != found[second][0].x or found[first][0].end <= found[second][0].begin


def test_a_wire_that_runs_back_turns_beside_what_is_in_its_way() -> None:
    boxes = {"a": Box(0, 400, 208, 456), "b": Box(200, 200, 408, 256), "c": Box(0, 0, 208, 56)}
    edge = Edge("a", "output", "c", "input")
    plain = points((104, 456), course((104, 456), (104, 0)))
    assert Ground(boxes).hit_by(plain, ("a", "c")) == {"b"}
    (lane,) = routes(boxes, {edge: Ends((104, 456), (104, 0))})[edge]
    assert lane.x < 0 or lane.x > 408


def test_the_pieces_of_a_wire_hang_together_and_end_at_its_port() -> None:
    for end, lanes in (
        ((300.0, 80.0), ()),
        ((300.0, 900.0), ()),
        ((0.0, -200.0), ()),
        ((0.0, 400.0), (Lane(200.0, 40.0, 180.0), Lane(-60.0, 220.0, 380.0))),
    ):
        line = points((0.0, 0.0), course((0.0, 0.0), end, lanes))
        assert line[0] == (0.0, 0.0) and line[-1] == end
        assert line[1][1] > 0 and line[-2][1] < end[1]  # it leaves downwards and arrives from above


# Aligning.


def test_sides_and_middles_of_cards_of_several_sizes_are_put_in_line() -> None:
    boxes = {"a": Box(0, 0, 208, 56), "b": Box(100, 100, 340, 196)}
    assert aligned(boxes, "left") == {"a": (0, 0), "b": (0, 100)}
    assert aligned(boxes, "right") == {"a": (132, 0), "b": (100, 100)}
    assert aligned(boxes, "center") == {"a": (66, 0), "b": (50, 100)}
    assert aligned(boxes, "top") == {"a": (0, 0), "b": (100, 0)}
    assert aligned(boxes, "bottom") == {"a": (0, 140), "b": (100, 100)}
    assert aligned(boxes, "middle") == {"a": (0, 70), "b": (100, 50)}


def test_cards_without_room_between_the_outer_ones_are_moved_apart() -> None:
    boxes = {name: Box(0, 10.0 * row, 208, 10.0 * row + 56) for row, name in enumerate("abc")}
    places = distributed(boxes, across=False)
    assert [y for _, y in places.values()] == [0, 72, 144]
    assert all(y2 - y1 >= 56 for (_, y1), (_, y2) in pairwise(places.values()))


def test_a_card_is_pulled_to_the_nearest_line_within_reach() -> None:
    lines = Lines([Box(0, 0, 208, 56), Box(300, 0, 508, 56)], across=True)
    assert lines.pull(5, 213, 6) == -5
    assert lines.pull(297, 505, 6) == 3
    assert lines.pull(100, 308, 6) is None
    assert [line.at for line in lines.at(300, 508)] == [300, 404, 508]


# Notes and frames.


def test_a_note_goes_with_the_card_beside_it_and_a_frame_round_what_it_held() -> None:
    graph = Graph.of(
        [Node("a", "ReLU", {}, (0, 0)), Node("b", "ReLU", {}, (900, 0))],
        chain("a", "b"),
        [Note("About b", (1140, 0), (200, 80))],
        [Frame("B", (876, -40), (256, 120), "red")],
    )
    cards = {name: Card() for name in graph.nodes}
    after = followed(graph, {"a": (0, 0), "b": (0, 88)}, cards)
    assert after.notes[0].position == (240, 88)
    assert after.frames[0].holds((0, 88), (208, 56)) and not after.frames[0].holds((0, 0), (208, 56))


def test_a_frame_is_a_comment_in_the_script_and_comes_back_from_it() -> None:
    project = small_digits()
    graph = project.graph.move(arranged(project.graph))
    frame = framed(("conv1", "relu1"), graph, cards_of(project, graph), Frame("Stem", color="violet"))
    project = replace(project, graph=replace(graph, frames=(frame,)))
    text = script.write(project).text
    assert "# Stem: conv1, relu1\nclass SmallDigits(nn.Module):" in text
    assert reader.read(reader.Source(text)).project.graph.frames == (frame,)
