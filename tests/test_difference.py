import itertools
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nndesigner import cli, examples, nnd
from nndesigner.difference import Difference, GraphDifference, difference, told
from nndesigner.expression import Expression
from nndesigner.graph import FRAME_COLORS, Block, Code, Edge, Frame, Graph, Node, Note
from nndesigner.project import Choice, Project, Training
from nndesigner.training import runs
from tests.conftest import chain, residual_digits, small_digits, wired
from tests.test_project import TRAININGS, graphs

OWN = Code("Swish", "class Swish(nn.Module):\n    def forward(self, x):\n        return x * x.sigmoid()\n")

# Graphs are long to draw where the machine has other things to do.
UNHURRIED = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


def lines(found: Difference) -> list[str]:
    return [f"{line.sign} {line.text}" for group in told(found) for line in group.lines]


def at_rest(graph: Graph) -> object:
    """A graph without what makes no difference: where things stand, and whether a param is at its default by itself."""
    project = Project()

    def params(node: Node) -> object:
        kind = project.kind_of(node)
        found = {**(kind.values(node.params) if kind else {}), **node.params}
        return {name: value for name, value in found.items() if value is not None}

    nodes = {
        name: (params(node), replace(node, params={}, position=(0, 0))) for name, node in graph.nodes.items()
    }
    return nodes, graph.edges, sorted(note.text for note in graph.notes)


def applied(before: Graph, found: GraphDifference) -> Graph:
    """The graph after, made from the one before and what differs."""
    gone = [one.before.name for one in found.nodes if one.after is None and one.before is not None]
    graph = before.remove(gone).disconnect(found.wires_removed)
    for old in found.renamed:
        graph = graph.rename(old, f"between_{old}")
    for old, new in found.renamed.items():
        graph = graph.rename(f"between_{old}", new)
    for one in found.nodes:
        if one.after is not None:
            graph = graph.add(one.after) if one.before is None else graph.replace_node(one.after)
    notes = [note.text for note in graph.notes]
    for text in found.notes_removed:
        notes.remove(text)
    return replace(
        graph,
        edges=graph.edges | set(found.wires_added),
        notes=tuple(map(Note, (*notes, *found.notes_added))),
    )


@UNHURRIED
@given(graphs(), TRAININGS)
def test_a_project_does_not_differ_from_itself(graph: Graph, training: Training) -> None:
    project = Project(graph, {}, training).with_block(Block("Inside", graph)).with_code(OWN)
    found = difference(project, nnd.from_text(nnd.to_text(project)))
    assert not found and not told(found) and not found.graphs


@pytest.mark.parametrize("name", examples.names())
def test_no_example_differs_from_itself(name: str) -> None:
    assert not difference(examples.load(name), nnd.from_text(nnd.to_text(examples.load(name))))


@UNHURRIED
@given(graphs(), graphs())
def test_what_differs_makes_one_graph_of_the_other(before: Graph, after: Graph) -> None:
    found = difference(Project(before), Project(after)).graph()
    assert at_rest(applied(before, found)) == at_rest(after)
    assert bool(found) == (at_rest(before) != at_rest(after))


@UNHURRIED
@given(graphs(), graphs(), TRAININGS, TRAININGS, st.text(max_size=5))
def test_every_difference_is_told_in_words(
    before: Graph, after: Graph, one: Training, other: Training, title: str
) -> None:
    was = Project(before, {}, one).with_block(Block("Inside", after))
    now = Project(before, {}, other, title).with_block(Block("Inside", before))
    found = difference(was, now)
    expected = (one, "") != (other, title) or at_rest(before) != at_rest(after)
    assert bool(found) == bool(told(found)) == expected


@st.composite
def framed(draw: st.DrawFn) -> Graph:
    """A graph whose nodes stand in two rows, with frames that hold some of them."""
    graph = draw(graphs())
    graph = graph.move({name: (draw(st.sampled_from([0.0, 500.0])), 0.0) for name in graph.nodes})
    frame = st.builds(
        Frame,
        st.sampled_from(["", "Head", "Tail"]),
        st.sampled_from([(-8.0, -8.0), (492.0, -8.0)]),
        st.sampled_from([(100.0, 100.0), (600.0, 100.0)]),
        st.sampled_from(FRAME_COLORS[:2]),
    )
    return replace(graph, frames=tuple(draw(st.lists(frame, max_size=3))))


@UNHURRIED
@given(framed(), framed())
def test_what_differs_of_frames_makes_those_of_one_graph_of_the_other(before: Graph, after: Graph) -> None:
    found = difference(Project(before), Project(after)).graph()
    frames = [(frame.title, frame.color) for frame in before.frames]
    for one in found.frames:
        if one.before is not None:
            frames.remove((one.before.title, one.before.color))
        if one.after is not None:
            frames.append((one.after.title, one.after.color))
    assert sorted(frames) == sorted((frame.title, frame.color) for frame in after.frames)
    common = {new: old for old, new in found.renamed.items()}
    common |= {name: name for name in after.nodes if name in before.nodes and name not in common}

    def shown(graph: Graph, names: dict[str, str]) -> list[object]:
        held = (
            [name for name in names if frame.holds(graph.nodes[name].position, (0, 0))]
            for frame in graph.frames
        )
        return sorted(
            (frame.title, frame.color, sorted(names[name] for name in inside))
            for frame, inside in zip(graph.frames, held, strict=True)
        )

    same = {old: old for old in common.values()}
    assert bool(found.frames) == (shown(before, same) != shown(after, common))


@UNHURRIED
@given(graphs(), st.data())
def test_new_names_alone_never_change_a_wire(graph: Graph, data: st.DataObject) -> None:
    renamed = graph
    for name in data.draw(st.permutations(list(graph.nodes))):
        renamed = renamed.rename(name, f"{name}_too")
    found = difference(Project(graph), Project(renamed)).graph()
    kept = {one.after.name for one in found.nodes if one.renamed and one.after is not None}
    assert all(new == f"{old}_too" or old in graph.nodes for old, new in found.renamed.items())
    assert all(not {edge.source, edge.target} <= kept for edge in found.wires_added)


def test_a_chain_renamed_from_end_to_end_is_known_again() -> None:
    before = small_digits()
    graph = before.graph
    for name in before.graph.nodes:
        graph = graph.rename(name, f"{name}_new")
    graph = graph.replace_node(graph.nodes["conv1_new"].with_param("kernel_size", 5))
    found = difference(before, replace(before, graph=graph))
    assert found.graph().renamed == {name: f"{name}_new" for name in before.graph.nodes}
    assert "~ conv1 is now conv1_new, kernel_size 3 → 5" in lines(found)
    assert not found.graph().wires_added and not found.graph().wires_removed


def test_a_long_chain_of_equal_parts_is_known_again_under_other_names() -> None:
    kinds = ("Conv2d", "BatchNorm2d", "ReLU")

    def drawn(stem: str) -> Project:
        nodes = [Node(f"{stem}{number}", kinds[number % 3]) for number in range(900)]
        return Project(Graph.of(nodes, chain(*(node.name for node in nodes))))

    found = difference(drawn("a"), drawn("b")).graph()
    assert found.renamed == {f"a{number}": f"b{number}" for number in range(900)}
    assert not found.wires_added and not found.wires_removed


def test_equals_are_never_taken_for_one_another() -> None:
    twins = Graph.of([Node("a1", "ReLU"), Node("a2", "ReLU")])
    others = Graph.of([Node("b1", "ReLU"), Node("b2", "ReLU")])
    assert not difference(Project(twins), Project(others)).graph().renamed


def test_each_edit_has_its_line() -> None:
    before = small_digits()
    graph = before.graph.remove(["dropout1"]).connect(Edge("flatten1", "output", "linear1", "input"))
    graph = graph.add(Node("norm1", "BatchNorm2d")).disconnect([Edge("conv1", "output", "relu1", "input")])
    for edge in chain("conv1", "norm1", "relu1"):
        graph = graph.connect(edge)
    graph = graph.replace_node(graph.nodes["conv1"].with_param("out_channels", 32))
    graph = graph.replace_node(replace(graph.nodes["relu1"], kind="GELU", params={"approximate": "tanh"}))
    graph = graph.replace_node(replace(graph.nodes["linear1"], frozen=True, rate=0.5))
    training = replace(before.training, epochs=9, optimizer=Choice("SGD", {"lr": 0.1}))
    after = replace(before, graph=replace(graph, notes=(Note("Look here"),)), training=training).with_code(
        OWN
    )
    assert lines(difference(before, after)) == [
        "~ conv1 out_channels 8 → 32",
        "~ relu1 ReLU → GELU(approximate='tanh')",
        "- dropout1 Dropout(p=0.2)",
        "~ linear1 frozen False → True, rate 1 → 0.5",
        "+ norm1 BatchNorm2d",
        "- wire conv1 → relu1",
        "+ wire norm1 → relu1",
        "+ wire flatten1 → linear1",
        "+ wire conv1 → norm1",
        "+ note “Look here”",
        *(f"+ {line}" for line in OWN.text.splitlines()),
        "~ epochs 2 → 9",
        "~ optimizer Adam(lr=0.01) → SGD(lr=0.1)",
    ]
    back = lines(difference(after, before))
    assert "+ dropout1 Dropout(p=0.2)" in back and "- norm1 BatchNorm2d" in back


def test_blocks_are_compared_inside_and_known_under_another_name() -> None:
    before = residual_digits()
    block = before.blocks["Residual"]
    inside = block.graph.replace_node(block.graph.nodes["skip"].with_param("bias", False))
    wider = replace(before, blocks={**before.blocks, "Residual": Block("Residual", inside, {"width": 24})})
    found = difference(before, wider)
    assert [(group.title, group.block) for group in told(found)] == [("block Residual", "Residual")]
    assert lines(found) == ["~ width 16 → 24", "~ skip bias True → False"]
    renamed = {
        ("Pairs" if name == "Pair" else name): (
            Block("Pairs", one.graph, one.params) if name == "Pair" else one
        )
        for name, one in before.blocks.items()
    }
    graph = before.graph
    for name in ("pair1", "pair2"):
        graph = graph.replace_node(replace(graph.nodes[name], kind="Pairs"))
    assert lines(difference(before, replace(before, graph=graph, blocks=renamed))) == ["~ Pair → Pairs"]


def test_where_a_node_stands_is_told_apart() -> None:
    before = small_digits()
    after = replace(before, graph=before.graph.move({"conv1": (64.0, 8.0)}))
    found = difference(before, after)
    assert not found and found.graph().moved == ("conv1",) and not lines(found)


def drawn(frames: list[Frame], **places: tuple[float, float]) -> Project:
    """The small network with two of its layers in a frame at the left, one at the right, and these frames."""
    graph = small_digits().graph
    graph = graph.move(dict.fromkeys(graph.nodes, (2000.0, 2000.0)))
    graph = graph.move({"conv1": (0.0, 0.0), "relu1": (0.0, 200.0), "linear1": (900.0, 0.0), **places})
    return Project(replace(graph, frames=tuple(frames)))


LEFT = Frame("Features", (-20.0, -40.0), (400.0, 500.0))
RIGHT = Frame("Head", (880.0, -40.0), (400.0, 500.0), "blue")


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (drawn([LEFT]), ["- frame “Head”"]),
        (drawn([RIGHT, LEFT, Frame("More")]), ["+ frame “More”"]),
        (drawn([LEFT, replace(RIGHT, title="Classifier")]), ["~ frame “Head” is now “Classifier”"]),
        (drawn([replace(LEFT, color="red"), RIGHT]), ["~ frame “Features”, grey → red"]),
        (
            drawn([replace(LEFT, position=(-20.0, 120.0)), RIGHT]),
            ["~ frame “Features”, no longer round conv1"],
        ),
        (
            drawn([LEFT, RIGHT], relu1=(900.0, 300.0)),
            ["~ frame “Features”, no longer round relu1", "~ frame “Head”, now round relu1"],
        ),
    ],
)
def test_a_frame_differs_by_what_it_is_called_and_what_stands_in_it(
    after: Project, expected: list[str]
) -> None:
    before = drawn([LEFT, RIGHT])
    assert lines(difference(before, after)) == expected
    (line,) = (line for group in told(difference(before, after)) for line in group.lines[:1])
    assert line.before or line.after or line.text == "frame “More”"


def test_a_frame_round_a_new_layer_is_the_frame_it_was() -> None:
    after = drawn([LEFT, RIGHT])
    graph = after.graph.add(Node("norm1", "BatchNorm2d", position=(0.0, 300.0)))
    assert lines(difference(drawn([LEFT, RIGHT]), replace(after, graph=graph))) == ["+ norm1 BatchNorm2d"]


def test_where_frames_and_notes_lie_is_told_apart(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    before = drawn([LEFT, RIGHT])
    before = replace(before, graph=replace(before.graph, notes=(Note("Look here"),)))
    after = drawn([LEFT, replace(RIGHT, position=(800.0, -60.0))])
    after = replace(after, graph=replace(after.graph, notes=(Note("Look here", (8.0, 0.0)),)))
    found = difference(before, after)
    assert not found and found.graph().sheets_moved == ("frame “Head”", "note “Look here”")
    for name, project in (("before", before), ("after", after)):
        nnd.save(project, tmp_path / f"{name}.nnd")
    names = [str(tmp_path / f"{name}.nnd") for name in ("before", "after")]
    assert cli.main(["diff", *names, "--moves"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "no difference",
        "  frame “Head” stands elsewhere",
        "  note “Look here” stands elsewhere",
    ]
    nnd.save(drawn([RIGHT]), tmp_path / "after.nnd")
    assert cli.main(["diff", *names, "--json"]) == 1
    (graph,) = json.loads(capsys.readouterr().out)["graphs"]
    assert graph["frames"] == [
        {
            "sign": "-",
            "before": {"title": "Features", "color": "grey"},
            "after": None,
            "entered": [],
            "left": [],
        }
    ]


def test_a_default_that_is_spelled_out_makes_no_difference() -> None:
    before = Project(Graph.of([Node("a", "Linear", {"out_features": 3})]))
    after = Project(Graph.of([Node("a", "Linear", {"out_features": 3, "bias": True})]))
    assert not difference(before, after)
    computed = Project(Graph.of([Node("a", "Linear", {"out_features": Expression("width * 2")})]))
    assert lines(difference(before, computed)) == ["~ a out_features 3 → width * 2"]


# On the command line.


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.nnd"
    nnd.save(small_digits(), path)
    return path


def test_diff_says_equal_by_its_exit_code(capsys: pytest.CaptureFixture[str], small: Path) -> None:
    assert cli.main(["diff", str(small), str(small)]) == 0
    assert capsys.readouterr().out == "no difference\n"
    assert cli.main(["diff", str(small), "digits"]) == 1
    assert cli.main(["diff", str(small), "nowhere.nnd"]) == 2
    small.with_name("broken.nnd").write_text("{")
    assert cli.main(["diff", str(small), str(small.with_name("broken.nnd"))]) == 2


def test_diff_of_a_run_is_grouped_and_has_no_colours_in_a_pipe(
    capsys: pytest.CaptureFixture[str], small: Path
) -> None:
    folder = runs.home(small, small_digits()) / "0003"
    folder.mkdir(parents=True)
    (folder / runs.RECEIPT).write_text("{}")
    project = small_digits(epochs=7)
    wider = project.graph.replace_node(project.graph.nodes["conv1"].with_param("out_channels", 32))
    nnd.save(replace(project, graph=wider), folder / runs.PROJECT)
    assert cli.main(["diff", str(small), f"{small}:3"]) == 1
    assert capsys.readouterr().out == ("network\n  ~ conv1 out_channels 8 → 32\nsettings\n  ~ epochs 2 → 7\n")
    assert cli.main(["diff", str(small), str(folder), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["equal"] is False and found["count"] == 2
    assert found["graphs"][0]["nodes"][0]["changes"] == [{"name": "out_channels", "before": 8, "after": 32}]
    assert found["settings"] == [{"name": "epochs", "before": 2, "after": 7}]
    assert cli.main(["diff", str(small), f"{small}:4"]) == 2
    assert "there are 3" in capsys.readouterr().err


def test_diff_of_more_examples_can_be_read_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    names = examples.names()
    for before, after in itertools.pairwise(names):
        assert cli.main(["diff", before, after, "--json", "--moves"]) == 1
        assert json.loads(capsys.readouterr().out)["graphs"]


def test_a_wire_says_its_ports_where_a_node_has_several() -> None:
    project = Project(Graph.of([Node("a", "ReLU"), Node("b", "Add")], wired("a > b.input1")))
    after = replace(project, graph=project.graph.connect(Edge("a", "output", "b", "input2")))
    assert lines(difference(project, after)) == ["+ wire a → b.input2"]
