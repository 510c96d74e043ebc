"""What a project that was read keeps of the one that is drawn."""

from dataclasses import replace

from nndesigner import examples
from nndesigner.graph import Graph, Node
from nndesigner.project import Project
from nndesigner.ui.likeness import drawn_alike, placed_like
from tests.conftest import chain


def moved(project: Project) -> Project:
    """The same with all nodes elsewhere, in the main graph and in the blocks."""

    def shift(graph: Graph) -> Graph:
        return graph.move({name: (7.0 * place, 5.0) for place, name in enumerate(graph.nodes)})

    blocks = {name: replace(block, graph=shift(block.graph)) for name, block in project.blocks.items()}
    return replace(project, graph=shift(project.graph), blocks=blocks)


def test_projects_are_alike_whatever_lies_where() -> None:
    project = examples.load("resnet18")
    assert drawn_alike(project, moved(project))
    assert not drawn_alike(project, replace(project, title="Another"))
    node = next(node for node in project.graph.nodes.values() if node.kind == "Conv2d")
    changed = project.graph.replace_node(node.with_param("out_channels", 7))
    assert not drawn_alike(project, replace(project, graph=changed))


def test_what_was_read_lies_where_the_drawing_has_it() -> None:
    drawn = examples.load("resnet18")
    assert moved(drawn) != drawn
    assert placed_like(moved(drawn), drawn) == drawn
    assert placed_like(moved(drawn), drawn).graph is drawn.graph, "nothing to draw anew"


def test_a_changed_node_keeps_its_place_and_the_others_are_the_same_values() -> None:
    drawn = Project(Graph.of([Node("a", "Input"), Node("b", "ReLU", {}, (8.0, 96.0))], chain("a", "b")))
    read = Project(Graph.of([Node("a", "Input", {}, (1.0, 2.0)), Node("b", "Tanh")], chain("a", "b")))
    placed = placed_like(read, drawn)
    assert placed.graph.nodes["b"] == Node("b", "Tanh", {}, (8.0, 96.0))
    assert placed.graph.nodes["a"] is drawn.graph.nodes["a"]


def test_a_renamed_node_keeps_its_place_and_a_new_one_has_that_of_the_reader() -> None:
    drawn = Project(Graph.of([Node("a", "ReLU", {}, (8.0, 96.0))]))
    read = Project(Graph.of([Node("act", "ReLU", {}, (1.0, 2.0)), Node("new", "Tanh", {}, (3.0, 4.0))]))
    placed = placed_like(read, drawn)
    assert placed.graph.nodes["act"].position == (8.0, 96.0)
    assert placed.graph.nodes["new"].position == (3.0, 4.0)
