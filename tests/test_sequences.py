"""Recurrent layers, attention and embeddings: with all that may be wired to them, the module is the script is torch."""

import itertools
import warnings
from collections.abc import Mapping
from typing import Any

import pytest
import torch
from torch import nn

from nndesigner import catalogue, functions, script
from nndesigner.catalogue.kind import CHECK_BATCH as N
from nndesigner.catalogue.kind import TensorType
from nndesigner.graph import Edge, Graph, Node, Value
from nndesigner.inference import infer
from nndesigner.model import Network
from nndesigner.plan import Plan, make
from nndesigner.project import Project
from tests.conftest import chain, wired

SEQUENCE, SHORT = TensorType((N, 6, 8)), TensorType((N, 4, 8))
ROWS, STATE = TensorType((N, 8)), TensorType((N, 5))
TOKENS = TensorType((N, 6), "int64")


def mask(*sizes: int, dtype: str = "bool") -> TensorType:
    return TensorType(sizes, dtype)


def supplied(name: str, given: TensorType) -> tuple[list[Node], list[Edge], str]:
    """An Input, and what brings the batch from the front to where it is wanted."""
    sizes = given.sizes
    if not any(size % N == 0 for size in sizes):
        shape, then = sizes, Node(f"{name}_at", "Select", {"dim": 0, "index": 0})
    elif sizes[0] == N:
        return [Node(name, "Input", {"shape": sizes[1:], "dtype": given.dtype})], [], name
    elif sizes[0] % N == 0:
        shape = (sizes[0] // N, *sizes[1:])
        then = Node(f"{name}_at", "Flatten", {"start_dim": 0, "end_dim": 1})
    else:
        shape, then = (sizes[0], *sizes[2:]), Node(f"{name}_at", "Transpose", {"dim0": 0, "dim1": 1})
    before = Node(name, "Input", {"shape": shape, "dtype": given.dtype})
    return [before, then], [Edge(name, "output", then.name, "input")], then.name


def project_of(kind_name: str, inputs: Mapping[str, TensorType], repeat: int = 1, **params: Value) -> Project:
    """A node with these tensors at its ports, all it gives being the network's answer."""
    kind = catalogue.BY_NAME[kind_name]
    layer = Node("layer", kind_name, {**kind.start_params(), **params}, repeat=repeat)
    nodes, edges = [layer], []
    for port, given in inputs.items():
        more, wires, last = supplied(f"in_{port}", given)
        nodes, edges = [*nodes, *more], [*edges, *wires, Edge(last, "output", "layer", port)]
    for port in kind.at(layer.params).outputs:
        nodes.append(Node(f"out_{port.name}", "Output"))
        edges.append(Edge("layer", port.name, f"out_{port.name}", "input"))
    return Project(Graph.of(nodes, edges))


def planned(project: Project) -> Plan:
    plan = make(project)
    assert not plan.errors
    return plan


def tensor(given: TensorType, batch: int = 2) -> torch.Tensor:
    sizes = given.at(batch)
    match given.dtype:
        case "bool":
            return torch.ones(sizes, dtype=torch.bool).triu(1)  # so that no position sees nothing
        case "int64":
            return torch.randint(0, 4, sizes)
    return torch.randn(sizes)


def class_of(project: Project) -> type[nn.Module]:
    names: dict[str, Any] = {}
    exec(compile(script.write(project).text, "exported.py", "exec"), names)
    return names["Network"]


def assert_alike(project: Project) -> None:
    """Module and script agree bit for bit, learning and not, and their shapes are the planned ones."""
    plan = planned(project)
    torch.manual_seed(1)
    network = Network(plan)
    torch.manual_seed(1)
    exported = class_of(project)()
    assert list(network.state_dict()) == list(exported.state_dict())
    assert plan.parameters == sum(weight.numel() for weight in network.parameters())
    inputs = [tensor(plan.types[place]) for place in plan.inputs.values()]
    for mode, learns in ((True, True), (False, True), (False, False)):
        results = []
        for one in (network, exported):
            one.train(mode)
            torch.manual_seed(2)
            with torch.set_grad_enabled(learns):
                given = one(*inputs)
            results.append(given if isinstance(given, tuple) else (given,))
        for place, ours, theirs in zip(plan.results, *results, strict=True):
            assert torch.equal(ours, theirs) and torch.isfinite(ours).all()
            assert tuple(ours.shape) == plan.types[place].at(2)


# Recurrent layers.

PROJECTED = pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")


@PROJECTED
@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU"])
@pytest.mark.parametrize("batch_first", [True, False])
@pytest.mark.parametrize("layers, bidirectional", [(1, False), (2, True), (3, False)])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("projected", [0, 3])
def test_the_rule_for_recurrent_layers_says_what_torch_gives(
    name: str, batch_first: bool, layers: int, bidirectional: bool, bias: bool, projected: int
) -> None:
    given: dict[str, Any] = {
        "input_size": 4,
        "hidden_size": 5,
        "num_layers": layers,
        "batch_first": batch_first,
        "bidirectional": bidirectional,
        "bias": bias,
    }
    if projected and name == "LSTM":
        given["proj_size"] = projected
    sizes = (N, 6, 4) if batch_first else (6, N, 4)
    found = infer(name, tuple(given.items()), (TensorType(sizes),), ("input",))
    layer = getattr(nn, name)(**given)
    output, states = layer(torch.zeros(TensorType(sizes).at(2)))
    real = [output, *(states if isinstance(states, tuple) else (states,))]
    assert [one.at(2) for one in found.outputs] == [tuple(one.shape) for one in real]
    assert found.parameters == sum(weight.numel() for weight in layer.parameters())


def test_hidden_states_have_the_batch_on_their_second_axis() -> None:
    plan = planned(project_of("LSTM", {"input": SEQUENCE}, hidden_size=5, num_layers=2, bidirectional=True))
    shapes = {port: str(plan.types["layer", port]) for port in ("output", "h_n", "c_n")}
    assert shapes == {"output": "N×6×10", "h_n": "4×N×5", "c_n": "4×N×5"}


@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU"])
@pytest.mark.parametrize(
    "params", [{}, {"num_layers": 2, "bidirectional": True, "dropout": 0.5}, {"batch_first": False}], ids=str
)
def test_recurrent_layers_begin_with_the_state_they_are_given(name: str, params: dict[str, Value]) -> None:
    count = 4 if params.get("num_layers") else 1
    batch = 6 if params.get("batch_first") is False else N
    state = TensorType((count, batch, 5))
    states = {"h_0": state, "c_0": state} if name == "LSTM" else {"hx": state}
    assert_alike(project_of(name, {"input": SEQUENCE, **states}, hidden_size=5, **params))


@PROJECTED
def test_a_projected_lstm_begins_with_a_smaller_hidden_state() -> None:
    states = {"h_0": TensorType((1, N, 3)), "c_0": TensorType((1, N, 5))}
    project = project_of("LSTM", {"input": SEQUENCE, **states}, hidden_size=5, proj_size=3)
    assert_alike(project)
    assert (
        "layer_output, (layer_h_n, layer_c_n) = self.layer(in_input, hx=(in_h_0_at, x))"
        in script.write(project).text
    )


@pytest.mark.parametrize("name", ["RNNCell", "LSTMCell", "GRUCell"])
def test_cells_begin_with_the_state_they_are_given(name: str) -> None:
    states = {"h_0": STATE, "c_0": STATE} if name == "LSTMCell" else {"hx": STATE}
    assert_alike(project_of(name, {"input": ROWS, **states}, hidden_size=5))


def test_what_nobody_uses_of_an_lstm_is_left_unnamed() -> None:
    nodes = [
        Node("a", "Input", {"shape": (6, 8)}),
        Node("lstm1", "LSTM", {"hidden_size": 5, "batch_first": True}),
    ]
    text = script.write(Project(Graph.of([*nodes, Node("b", "Output")], chain("a", "lstm1", "b")))).text
    assert "self.lstm1 = nn.LSTM(8, hidden_size=5, batch_first=True)" in text
    assert ", _ = self.lstm1(a)" in text


# Attention.

FEATURES = {"query": SHORT, "key": SEQUENCE, "value": SEQUENCE}
ATTENTION = [
    {},
    {"attn_mask": mask(4, 6)},
    {"attn_mask": mask(4, 6, dtype="float32")},
    {"attn_mask": mask(4 * N, 4, 6)},
    {"key_padding_mask": mask(N, 6)},
    {"attn_mask": mask(4, 6), "key_padding_mask": mask(N, 6)},
]


@pytest.mark.parametrize("masks", ATTENTION, ids=str)
@pytest.mark.parametrize("needed", [True, False])
def test_attention_takes_masks(masks: dict[str, TensorType], needed: bool) -> None:
    assert_alike(project_of("MultiheadAttention", {**FEATURES, **masks}, need_weights=needed))


@pytest.mark.parametrize(
    "params", [{"average_attn_weights": False}, {"add_bias_kv": True}, {"add_zero_attn": True}]
)
def test_attention_shows_the_weights_of_each_head_and_of_what_is_added(params: dict[str, Value]) -> None:
    assert_alike(project_of("MultiheadAttention", FEATURES, need_weights=True, **params))


def test_the_widths_of_key_and_value_are_said_only_where_they_differ() -> None:
    wide = {"query": SHORT, "key": TensorType((N, 6, 3)), "value": TensorType((N, 6, 8))}
    project = project_of("MultiheadAttention", wide)
    assert_alike(project)
    text = script.write(project).text
    assert "nn.MultiheadAttention(8, kdim=3, num_heads=4, batch_first=True)" in text
    plain = script.write(project_of("MultiheadAttention", FEATURES)).text
    assert "nn.MultiheadAttention(8, num_heads=4, batch_first=True)" in plain
    assert "_ = self.layer(in_query, in_key, in_value, need_weights=False)" in plain


def test_a_causal_attention_can_leave_out_its_weights() -> None:
    same = dict.fromkeys(("query", "key", "value"), SEQUENCE)
    given = {**same, "attn_mask": mask(6, 6)}
    assert_alike(project_of("MultiheadAttention", given, is_causal=True))
    assert_alike(project_of("MultiheadAttention", given, is_causal=True, need_weights=True))


LAYERS: list[tuple[str, dict[str, TensorType], dict[str, Value]]] = [
    ("TransformerEncoderLayer", {"src": SEQUENCE}, {}),
    ("TransformerEncoderLayer", {"src": SEQUENCE, "src_mask": mask(6, 6)}, {"is_causal": True}),
    ("TransformerEncoderLayer", {"src": SEQUENCE, "src_mask": mask(4 * N, 6, 6)}, {}),
    ("TransformerEncoderLayer", {"src": SEQUENCE, "src_key_padding_mask": mask(N, 6)}, {"norm_first": True}),
    ("TransformerDecoderLayer", {"tgt": SHORT, "memory": SEQUENCE}, {}),
    (
        "TransformerDecoderLayer",
        {"tgt": SHORT, "memory": SEQUENCE, "tgt_mask": mask(4, 4), "memory_mask": mask(4, 6)},
        {"tgt_is_causal": True, "memory_is_causal": True},
    ),
    (
        "TransformerDecoderLayer",
        {
            "tgt": SHORT, "memory": SEQUENCE, "tgt_key_padding_mask": mask(N, 4),
            "memory_key_padding_mask": mask(N, 6),
        },
        {"activation": "gelu"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "inputs", "params"), LAYERS, ids=str)
@pytest.mark.parametrize("repeat", [1, 6])
def test_transformer_layers_take_masks_also_when_repeated(
    name: str, inputs: dict[str, TensorType], params: dict[str, Value], repeat: int
) -> None:
    assert_alike(project_of(name, inputs, repeat, dim_feedforward=16, **params))


def test_a_repeated_decoder_shares_memory_and_masks_in_a_loop() -> None:
    inputs = {"tgt": SHORT, "memory": SEQUENCE, "tgt_mask": mask(4, 4)}
    text = script.write(project_of("TransformerDecoderLayer", inputs, 6)).text
    assert "nn.ModuleList(" in text and "for _ in range(6)" in text
    assert "layer = layer_(layer, in_memory, tgt_mask=x)" in text


MASKS = {
    "src_mask": mask(6, 6),
    "tgt_mask": mask(4, 4),
    "memory_mask": mask(4, 6),
    "src_key_padding_mask": mask(N, 6),
    "tgt_key_padding_mask": mask(N, 4),
    "memory_key_padding_mask": mask(N, 6),
}
QUIET = pytest.mark.filterwarnings(
    "ignore:enable_nested_tensor is True", "ignore:The PyTorch API of nested tensors"
)


@QUIET
@pytest.mark.parametrize("names", [(), ("tgt_mask",), tuple(MASKS), ("src_key_padding_mask",)], ids=str)
@pytest.mark.parametrize("params", [{}, {"norm_first": True}, {"bias": False}], ids=str)
def test_a_transformer_takes_masks(names: tuple[str, ...], params: dict[str, Value]) -> None:
    given = {"src": SEQUENCE, "tgt": SHORT, **{name: MASKS[name] for name in names}}
    small = {"num_encoder_layers": 2, "num_decoder_layers": 1, "dim_feedforward": 16, "nhead": 4}
    assert_alike(project_of("Transformer", given, **small, **params))


def test_the_rule_for_transformers_counts_what_torch_makes() -> None:
    for readers, writers, bias in itertools.product((1, 2), (1, 3), (True, False)):
        given: dict[str, Any] = {
            "d_model": 8,
            "nhead": 2,
            "dim_feedforward": 16,
            "bias": bias,
            "batch_first": True,
        }
        given |= {"num_encoder_layers": readers, "num_decoder_layers": writers}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            real = nn.Transformer(**given)
        found = infer("Transformer", tuple(given.items()), (SEQUENCE, SHORT), ("src", "tgt"))
        assert found.parameters == sum(weight.numel() for weight in real.parameters())
        assert found.outputs == (SHORT,)


HEADS, FEWER = TensorType((N, 4, 5, 8)), TensorType((N, 2, 5, 8))
PRODUCTS: list[tuple[dict[str, TensorType], dict[str, Value]]] = [
    (FEATURES, {}),
    ({**FEATURES, "value": TensorType((N, 6, 3))}, {"scale": 0.5}),
    (FEATURES, {"is_causal": True}),
    ({**FEATURES, "attn_mask": mask(4, 6, dtype="float32")}, {}),
    (dict.fromkeys(FEATURES, HEADS), {"is_causal": True}),
    ({**dict.fromkeys(FEATURES, HEADS), "attn_mask": TensorType((5, 5))}, {}),
    ({**dict.fromkeys(FEATURES, HEADS), "attn_mask": TensorType((N, 1, 5, 5))}, {}),
    ({"query": HEADS, "key": FEWER, "value": FEWER}, {"enable_gqa": True}),
]


@pytest.mark.parametrize(("inputs", "params"), PRODUCTS, ids=str)
def test_the_function_for_attention_takes_heads_and_masks(
    inputs: dict[str, TensorType], params: dict[str, Value]
) -> None:
    assert_alike(project_of("scaled_dot_product_attention", inputs, **params))


# Embeddings.


@pytest.mark.parametrize("sizes", [(N,), (N, 6), (N, 3, 6)], ids=str)
def test_an_embedding_takes_tokens_of_any_shape(sizes: tuple[int, ...]) -> None:
    nodes = [Node("a", "Input", {"shape": sizes[1:] or (1,), "dtype": "int64"})]
    nodes += [Node("b", "Squeeze", {"dim": 1})] if len(sizes) == 1 else []
    nodes += [
        Node("e", "Embedding", {"num_embeddings": 4, "embedding_dim": 5, "padding_idx": 0}),
        Node("z", "Output"),
    ]
    project = Project(Graph.of(nodes, chain(*(node.name for node in nodes))))
    assert_alike(project)
    assert planned(project).types["e", "output"] == TensorType((*sizes, 5))


def test_gradients_come_to_the_rows_that_were_looked_up_only() -> None:
    for sparse in (False, True):
        plan = planned(
            project_of("Embedding", {"input": TOKENS}, num_embeddings=9, embedding_dim=2, sparse=sparse)
        )
        network = Network(plan)
        network(torch.tensor([[1, 1, 3, 4, 5, 8]])).sum().backward()
        found = network.layer.weight.grad
        rows = (found.to_dense() if sparse else found)[:, 0]
        assert found.is_sparse is sparse and rows.tolist() == [0, 2, 0, 1, 1, 1, 0, 0, 1]


@pytest.mark.parametrize("ends", [True, False])
def test_bags_may_stand_behind_one_another(ends: bool) -> None:
    flat, offsets = TensorType((6 * N,), "int64"), TensorType((N,), "int64")
    weights = TensorType((6 * N,))
    inputs = {"input": flat, "offsets": offsets, "per_sample_weights": weights}
    found = infer(
        "EmbeddingBag",
        (("num_embeddings", 9), ("embedding_dim", 5), ("mode", "sum"), ("include_last_offset", ends)),
        tuple(inputs.values()),
        tuple(inputs),
    )
    bag = nn.EmbeddingBag(9, 5, mode="sum", include_last_offset=ends)
    places = torch.tensor([0, 12] if ends else [0, 6])
    real = bag(torch.ones(12, dtype=torch.int64), places, torch.ones(12))
    assert not found.failure
    assert found.outputs[0].sizes == (N - ends, 5) and tuple(real.shape) == (2 - ends, 5)


def test_positions_are_marked_with_sines_and_cosines() -> None:
    x = torch.zeros(2, 7, 5)
    marked = functions.positional_encoding(x)
    for place, feature in itertools.product(range(7), range(5)):
        angle = torch.tensor(place / 10000 ** (feature // 2 * 2 / 5))
        expected = angle.cos() if feature % 2 else angle.sin()
        torch.testing.assert_close(marked[1, place, feature], expected)


# Stories.


def test_a_classifier_of_texts_is_drawn_without_problems() -> None:
    nodes = [
        Node("tokens", "Input", {"shape": (12,), "dtype": "int64"}),
        Node("right", "Input", {"shape": (1,), "dtype": "int64"}),
        Node("squeeze1", "Squeeze", {"dim": 1}),
        Node("embedding1", "Embedding", {"num_embeddings": 100, "embedding_dim": 16}),
        Node("lstm1", "LSTM", {"hidden_size": 8, "batch_first": True}),
        Node("last", "Select", {"dim": 0, "index": -1}),
        Node("linear1", "Linear", {"out_features": 3}),
        Node("answer", "Output"),
        Node("loss", "CrossEntropyLoss"),
    ]
    edges = wired(
        "tokens > embedding1", "embedding1 > lstm1", "lstm1.h_n > last", "last > linear1", "linear1 > answer",
        "linear1 > loss", "right > squeeze1", "squeeze1 > loss.target",
    )  # fmt: skip
    project = Project(Graph.of(nodes, edges))
    plan = planned(project)
    assert str(plan.types["last", "output"]) == "N×8"
    assert plan.parameters == 100 * 16 + 4 * 8 * (16 + 8 + 2) + 9 * 3
    assert "_, (lstm1_h_n, _) = self.lstm1(x)" in script.write(project).text


def test_a_translator_with_a_causal_mask_is_the_same_in_plan_module_and_script() -> None:
    words = {"num_embeddings": 4, "embedding_dim": 8}
    nodes = [
        Node("source", "Input", {"shape": (6,), "dtype": "int64"}),
        Node("target", "Input", {"shape": (4,), "dtype": "int64"}),
        Node("read", "Embedding", words),
        Node("write", "Embedding", words),
        Node("read_places", "PositionalEncoding"),
        Node("write_places", "PositionalEncoding"),
        Node("causal", "CausalMask"),
        Node("filled", "PaddingMask", {"padding_idx": 3}),
        Node("both", "Transformer", {"nhead": 2, "dim_feedforward": 16, "batch_first": True, "dropout": 0.1}),
        Node("linear1", "Linear", {"out_features": 4}),
        Node("answer", "Output"),
    ]
    edges = wired(
        "source > read", "read > read_places", "target > write", "write > write_places", "read_places > both.src",
        "write_places > both.tgt", "target > causal", "causal > both.tgt_mask", "both > linear1", "linear1 > answer",
    )  # fmt: skip
    project = Project(Graph.of(nodes[:7] + nodes[8:], edges))
    assert_alike(project)
    plan = planned(project)
    network = Network(plan).eval()
    torch.manual_seed(1)
    said, heard = torch.randint(0, 4, (2, 4)), torch.randint(0, 4, (2, 6))
    other = said.clone()
    other[:, -1] = (said[:, -1] + 1) % 4
    before, after = network(heard, said), network(heard, other)
    torch.testing.assert_close(before[:, :-1], after[:, :-1])  # no position looks at a later one
    assert not torch.allclose(before[:, -1], after[:, -1])
