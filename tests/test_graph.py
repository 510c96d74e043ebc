import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from nndesigner.expression import Expression
from nndesigner.graph import RESERVED, Block, Edge, Graph, GraphError, Node
from tests.conftest import chain, small_digits


def three() -> Graph:
    return Graph.of([Node("a", "ReLU"), Node("b", "ReLU"), Node("c", "ReLU")], chain("a", "b", "c"))


def test_an_edit_leaves_the_graph_it_began_with_alone() -> None:
    before = three()
    after = before.remove(["b"])
    assert list(before.nodes) == ["a", "b", "c"] and len(before.edges) == 2
    assert list(after.nodes) == ["a", "c"] and not after.edges


def test_params_can_not_be_changed_from_outside() -> None:
    params = {"p": 0.5}
    node = Node("a", "Dropout", params)
    params["p"] = 1.0
    assert node.params["p"] == 0.5
    with pytest.raises(TypeError):
        node.params["p"] = 1.0  # type: ignore[index]


def test_connecting_backwards_is_refused_with_the_loop() -> None:
    with pytest.raises(GraphError, match="c → a → b → c"):
        three().connect(Edge("c", "output", "a", "input"))


def test_a_node_can_not_feed_itself() -> None:
    with pytest.raises(GraphError, match="loop"):
        three().connect(Edge("a", "output", "a", "input"))


def test_a_second_wire_into_a_port_takes_the_place_of_the_first() -> None:
    graph = three().connect(Edge("a", "output", "c", "input"))
    assert graph.edges == {Edge("a", "output", "b", "input"), Edge("a", "output", "c", "input")}


def test_a_file_with_a_loop_a_double_name_or_a_loose_wire_is_refused() -> None:
    nodes = [Node("a", "Add"), Node("b", "Add")]
    with pytest.raises(GraphError, match="close a loop"):
        Graph.of(nodes, [Edge("a", "output", "b", "input1"), Edge("b", "output", "a", "input1")])
    with pytest.raises(GraphError, match="two nodes are named 'a'"):
        Graph.of([Node("a", "ReLU"), Node("a", "ReLU")])
    with pytest.raises(GraphError, match="'ghost'"):
        Graph.of(nodes, [Edge("a", "output", "ghost", "input1")])
    with pytest.raises(GraphError, match="a port takes one"):
        Graph.of(
            [*nodes, Node("c", "ReLU")],
            [Edge("a", "output", "c", "input"), Edge("b", "output", "c", "input")],
        )


def test_renaming_takes_wires_place_and_shared_weights_along() -> None:
    graph = three().add(Node("d", "ReLU", shares="b")).rename("b", "middle")
    assert list(graph.nodes) == ["a", "middle", "c", "d"]
    assert graph.nodes["d"].shares == "middle"
    assert graph.edges == set(chain("a", "middle", "c"))


@pytest.mark.parametrize(
    "name", ["class", "forward", "training", "1st", "a b", "", "_hidden", "self", "é", "nn"]
)
def test_a_name_that_would_break_the_script_is_refused(name: str) -> None:
    with pytest.raises(GraphError):
        three().rename("a", name)


def test_every_public_attribute_of_a_module_is_reserved() -> None:
    assert {name for name in dir(torch.nn.Module()) if not name.startswith("_")} <= RESERVED


def test_a_node_put_into_a_wire_takes_both_ends() -> None:
    graph = three().insert(Node("n", "ReLU"), Edge("a", "output", "b", "input"), "input", "output")
    assert graph.edges == set(chain("a", "n", "b", "c"))


def test_removing_what_others_share_leaves_them_their_own_weights() -> None:
    graph = three().add(Node("d", "ReLU", shares="b")).remove(["b"])
    assert graph.nodes["d"].shares is None


def test_the_order_depends_on_the_value_only() -> None:
    graph = small_digits().graph
    assert Graph.of(graph.nodes.values(), sorted(graph.edges)).order == graph.order
    again = Graph.of([graph.nodes[name] for name in graph.order], graph.edges)
    assert again.order == graph.order


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=40))
def test_no_sequence_of_wires_ever_makes_a_loop(pairs: list[tuple[int, int]]) -> None:
    graph = Graph.of([Node(f"n{number}", "Add") for number in range(8)])
    for index, (source, target) in enumerate(pairs):
        try:
            graph = graph.connect(Edge(f"n{source}", "output", f"n{target}", f"input{index + 1}"))
        except GraphError:
            assert graph.loop_of(f"n{source}", f"n{target}")
    assert len(graph.order) == 8
    assert Graph.of(graph.nodes.values(), graph.edges) == graph


@pytest.mark.parametrize("repeat", [0, -1, 1001, 10**9])
def test_a_node_is_repeated_a_sensible_number_of_times(repeat: int) -> None:
    with pytest.raises(GraphError, match="1 to 1000 times"):
        Node("a", "ReLU", repeat=repeat)


def test_ancestors_are_all_that_feed_any_of_several() -> None:
    graph = three().add(Node("d", "ReLU"), Node("e", "ReLU"))
    assert graph.ancestors(["b", "d"]) == {"a", "b", "d"}
    assert graph.ancestors([]) == set()


def test_a_block_is_named_like_a_class_and_its_params_are_plain() -> None:
    with pytest.raises(GraphError, match="capital letter"):
        Block("print", Graph())
    with pytest.raises(GraphError, match="width of the block Wide"):
        Block("Wide", Graph(), {"width": Expression("other * 2")})
