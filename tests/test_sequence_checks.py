"""What does not fit at recurrent layers, attention and embeddings is told in plain words, with cures that work."""

from dataclasses import replace

import pytest
from test_sequences import FEATURES, HEADS, ROWS, SEQUENCE, SHORT, STATE, TOKENS, N, mask, project_of

from nndesigner.catalogue.kind import TensorType
from nndesigner.graph import Edge, Graph, Node, Value
from nndesigner.plan import Problem, make
from nndesigner.project import Choice, Project, Training
from tests.conftest import wired

CASES: list[tuple[str, dict[str, TensorType], dict[str, Value], str, str, int]] = [
    ("LSTM", {"input": SEQUENCE, "h_0": TensorType((1, N, 5))}, {"hidden_size": 5}, "c_0", "c_0 gets nothing", 0),
    (
        "LSTM", {"input": SEQUENCE, "h_0": TensorType((1, N, 5)), "c_0": TensorType((1, N, 5))},
        {"hidden_size": 5, "bidirectional": True}, "h_0",
        "expects h_0 of 2×N×5 (num_layers and directions, batch, hidden_size), in_h_0_at gives 1×N×5", 0,
    ),
    (
        "LSTM", {"input": SEQUENCE, "h_0": TensorType((1, N, 5)), "c_0": TensorType((1, N, 5))},
        {"hidden_size": 5, "proj_size": 3}, "h_0", "h_0 of 1×N×3 (num_layers, batch, proj_size)", 0,
    ),
    ("GRU", {"input": SEQUENCE, "hx": TensorType((1, N, 4))}, {"hidden_size": 5}, "hx", "hx of 1×N×5", 0),
    ("GRU", {"input": SEQUENCE, "hx": TensorType((1, N, 5))}, {"hidden_size": 5, "batch_first": False}, "hx", "of 1×6×5", 0),
    ("GRUCell", {"input": ROWS, "hx": STATE}, {"hidden_size": 4}, "hx", "hx of N×4 (batch, hidden_size)", 0),
    ("LSTM", {"input": SEQUENCE}, {"hidden_size": 5, "proj_size": 5}, "proj_size", "less than its hidden_size, 5", 1),
    ("Embedding", {"input": TOKENS}, {"num_embeddings": 9, "padding_idx": 9}, "padding_idx", "token below 9", 1),
    ("EmbeddingBag", {"input": TOKENS}, {"mode": "max", "scale_grad_by_freq": True}, "scale_grad_by_freq", "mode max", 2),
    ("EmbeddingBag", {"input": TOKENS}, {"include_last_offset": True}, "include_last_offset", "gets none", 1),
    (
        "EmbeddingBag", {"input": TOKENS, "per_sample_weights": TensorType((N, 6))}, {}, "per_sample_weights",
        "only with the mode sum", 1,
    ),
    ("EmbeddingBag", {"input": TensorType((6 * N,), "int64")}, {}, "offsets", "needs offsets", 0),
    ("EmbeddingBag", {"input": TOKENS, "offsets": TensorType((6,), "int64")}, {}, "offsets", "no use for offsets", 0),
    ("MultiheadAttention", FEATURES, {"num_heads": 3}, "num_heads", "must divide the 8 features of in_query", 1),
    ("TransformerEncoderLayer", {"src": SEQUENCE}, {"nhead": 5}, "nhead", "must divide the 8 features of in_src", 1),
    (
        "MultiheadAttention", {**FEATURES, "value": SHORT}, {}, "value",
        "as many positions at value as at key: in_key gives 6 (N×6×8), in_value gives 4 (N×4×8)", 0,
    ),
    ("MultiheadAttention", FEATURES, {"batch_first": False}, "key", "as many records at key as at query", 1),
    ("MultiheadAttention", {**FEATURES, "attn_mask": mask(6, 4)}, {}, "attn_mask", "attn_mask of 4×6, positions of query", 0),
    (
        "MultiheadAttention", {**FEATURES, "key_padding_mask": mask(N, 4)}, {}, "key_padding_mask",
        "key_padding_mask of N×6, records by positions of key; in_key_padding_mask gives N×4", 0,
    ),
    (
        "MultiheadAttention", {**FEATURES, "key_padding_mask": TOKENS}, {}, "key_padding_mask",
        "expects a mask (bool)", 1,
    ),
    ("MultiheadAttention", FEATURES, {"is_causal": True}, "attn_mask", "says that its attn_mask hides", 1),
    (
        "MultiheadAttention", dict.fromkeys(FEATURES, SEQUENCE), {"is_causal": True}, "attn_mask", "wire a CausalMask", 1,
    ),
    ("TransformerEncoderLayer", {"src": SEQUENCE}, {"is_causal": True}, "src_mask", "wire a CausalMask to it", 2),
    (
        "TransformerDecoderLayer", {"tgt": SHORT, "memory": TensorType((N, 6, 4))}, {}, "memory",
        "as many features at memory as at tgt", 0,
    ),
    (
        "Transformer", {"src": SEQUENCE, "tgt": SHORT, "memory_mask": mask(6, 4)}, {}, "memory_mask",
        "memory_mask of 4×6, positions of tgt by positions of src", 0,
    ),
    (
        "scaled_dot_product_attention", {**FEATURES, "key": TensorType((N, 6, 4))}, {}, "key",
        "as many features at key as at query", 0,
    ),
    ("scaled_dot_product_attention", {**FEATURES, "value": SHORT}, {}, "value", "as many positions at value as at key", 0),
    ("scaled_dot_product_attention", {**FEATURES, "query": HEADS}, {}, "key", "as many axes at key as at query", 0),
    (
        "scaled_dot_product_attention", {**FEATURES, "attn_mask": mask(4, 6)}, {"is_causal": True}, "attn_mask",
        "not by both", 2,
    ),
    (
        "scaled_dot_product_attention", {**FEATURES, "attn_mask": mask(6, 6)}, {}, "attn_mask",
        "attn_mask of N×4×6, or with ones in it or without the first axes; in_attn_mask_at gives 6×6", 0,
    ),
    (
        "scaled_dot_product_attention",
        {"query": HEADS, "key": TensorType((N, 3, 5, 8)), "value": TensorType((N, 3, 5, 8))}, {"enable_gqa": True}, "key",
        "as many heads at key as at query", 0,
    ),
]  # fmt: skip


def the(project: Project, severity: str = "error") -> Problem:
    """The one problem there is at the layer."""
    found = [one for one in make(project).problems if one.severity == severity and one.node == "layer"]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(("kind", "inputs", "params", "port", "words", "cures"), CASES, ids=str)
def test_what_does_not_fit_is_told_in_plain_words(
    kind: str, inputs: dict[str, TensorType], params: dict[str, Value], port: str, words: str, cures: int
) -> None:
    project = project_of(kind, inputs, **params)
    problem = the(project)
    assert problem.port == port and words in problem.message and "layer" in problem.message
    assert len(problem.cures) >= cures
    for cure in problem.cures:
        assert not make(cure.applied(project)).errors, cure.title


def test_dropout_between_the_layers_of_one_layer_is_told_as_advice() -> None:
    project = project_of("LSTM", {"input": SEQUENCE}, dropout=0.5)
    problem = the(project, "warning")
    assert "it has only one" in problem.message
    assert not any(one.node == "layer" for one in make(problem.cures[0].applied(project)).problems)


def test_a_batch_read_as_steps_is_told_as_advice() -> None:
    project = project_of("LSTM", {"input": SEQUENCE}, batch_first=False)
    problem = the(project, "warning")
    assert "takes the first axis of N×6×8 from in_input as the steps, and it is the batch" in problem.message
    assert problem.cures[0].applied(project).graph.nodes["layer"].params["batch_first"] is True


def test_a_mask_that_hides_is_turned_for_the_function_that_looks_where_it_is_true() -> None:
    project = project_of("scaled_dot_product_attention", dict.fromkeys(FEATURES, SEQUENCE))
    graph = project.graph.add(Node("causal", "CausalMask"))
    graph = graph.connect(Edge("in_query", "output", "causal", "input"))
    project = replace(project, graph=graph.connect(Edge("causal", "output", "layer", "attn_mask")))
    problem = the(project, "warning")
    assert "causal is true where one may not look" in problem.message
    cured = problem.cures[0].applied(project)
    assert not any(one.node == "layer" for one in make(cured).problems)


def trained(optimizer: Choice, **params: Value) -> Project:
    """An embedding of digits' labels on the way to a loss."""
    nodes = [
        Node("data", "Data", {"dataset": "digits"}),
        Node("layer", "Embedding", {"num_embeddings": 10, "embedding_dim": 10, **params}),
        Node("answer", "Output"),
        Node("loss", "CrossEntropyLoss"),
    ]
    wires = wired("data.label > layer", "layer > answer", "layer > loss", "data.label > loss.target")
    return Project(Graph.of(nodes, wires), {}, Training(optimizer=optimizer))


def test_more_tokens_than_entries_are_told_with_the_number_to_set() -> None:
    project = trained(Choice("Adam"), num_embeddings=7)
    problem = the(project)
    assert problem.message == "layer has 7 entries, data has 10 different tokens"
    cured = problem.cures[0].applied(project)
    assert problem.cures[0].title == "Set num_embeddings of layer to 10"
    assert not make(cured).problems


@pytest.mark.parametrize(
    ("optimizer", "words"),
    [
        (Choice("Adam"), "which Adam can't take; SGD, Adagrad and SparseAdam can"),
        (Choice("SGD", {"weight_decay": 0.1}), "for which SGD has no weight_decay"),
        (Choice("SGD", {"weight_decay": 0.1, "fused": True}), "for which SGD has no weight_decay"),
        (Choice("SGD", {"fused": True}), "which SGD can't take with fused on"),
    ],
    ids=str,
)
def test_sparse_gradients_are_held_against_the_optimizer(optimizer: Choice, words: str) -> None:
    project = trained(optimizer, sparse=True)
    problem = the(project)
    assert words in problem.message
    for cure in problem.cures:
        assert not make(cure.applied(project)).problems, cure.title
    assert not make(trained(Choice("SGD"), sparse=True)).problems
