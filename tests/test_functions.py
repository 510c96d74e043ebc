"""Functions and tensor methods: how they read in a script, and what is said where they do not fit."""

import pytest
import torch

from nndesigner import functions, script
from nndesigner.catalogue.kind import CHECK_BATCH, TensorType
from nndesigner.expression import Expression
from nndesigner.graph import Block, Edge, Graph, Node, Value
from nndesigner.inference import infer
from nndesigner.model import Network
from nndesigner.plan import Plan, make
from nndesigner.project import Project


def between(
    kind: str, params: dict[str, Value], *shapes: tuple[int, ...], ports: str = "input", **kinds: str
) -> Project:
    """A node `f` fed by Input nodes `a`, `b`, … of these shapes, at these ports, and an Output for each output."""
    names = "abcd"[: len(shapes)]
    nodes = [
        Node(name, "Input", {"shape": shape, "dtype": kinds.get(name, "float32")})
        for name, shape in zip(names, shapes, strict=True)
    ]
    nodes.append(Node("f", kind, params))
    edges = [Edge(name, "output", "f", port) for name, port in zip(names, ports.split(), strict=True)]
    project = Project(Graph.of(nodes, edges))
    found = project.kind_of(project.graph.nodes["f"])
    assert found is not None
    for number, port in enumerate(found.outputs):
        nodes.append(Node(f"out{number}", "Output"))
        edges.append(Edge("f", port.name, f"out{number}", "input"))
    return Project(Graph.of(nodes, edges))


def told(project: Project) -> str:
    plan: Plan = make(project)
    assert [problem.node for problem in plan.errors] == ["f"]
    return plan.errors[0].message


def line(project: Project) -> str:
    """The line of `forward` that calls it."""
    assert not make(project).errors
    rows = script.write(project).text.split("def forward")[1].splitlines()
    return rows[1].partition("  #")[0].strip()


PAIR = "input other"


@pytest.mark.parametrize(
    ("project", "text"),
    [
        (between("Mean", {"dim": (2, 3)}, (4, 6, 6)), "x = a.mean(dim=(2, 3))"),
        (between("Mean", {"dim": 1, "keepdim": True}, (4,)), "x = a.mean(dim=1, keepdim=True)"),
        (between("Transpose", {"dim0": 1, "dim1": 2}, (4, 6)), "x = a.transpose(1, 2)"),
        (between("Permute", {"dims": (0, 2, 1)}, (4, 6)), "x = a.permute(0, 2, 1)"),
        (between("Unsqueeze", {"dim": 1}, (4,)), "x = a.unsqueeze(1)"),
        (between("Slice", {"index": ":, 0"}, (4, 6)), "x = a[:, 0]"),
        (between("Slice", {"index": ":,1:3,  ..."}, (4, 6)), "x = a[:, 1:3, ...]"),
        (between("MatMul", {}, (4, 6), (6, 2), ports=PAIR), "x = a @ b"),
        (between("Einsum", {"equation": "bij,bjk->bik"}, (4, 6), (6, 2), ports="input1 input2"),
         'x = torch.einsum("bij,bjk->bik", a, b)'),
        (between("Scale", {"factor": 0.5}, (4,)), "x = a * 0.5"),
        (between("Shift", {"amount": -1}, (4,)), "x = a - 1"),
        (between("SubtractFrom", {"start": 1}, (4,)), "x = 1 - a"),
        (between("PowerOf", {"base": 10000}, (4,)), "x = 10000 ** a"),
        (between("Greater", {"value": 0.5}, (4,), ports="input1"), "x = a > 0.5"),
        (between("Greater", {"value": None}, (4,), (4,), ports="input1 input2"), "x = a > b"),
        (between("Not", {}, (4,), a="bool"), "x = ~a"),
        (between("Where", {}, (4,), (4,), (4,), ports="condition input other", a="bool"), "x = torch.where(a, b, c)"),
        (between("MaskedFill", {"value": -1e9}, (4,), (4,), ports="input mask", b="bool"), "x = a.masked_fill(b, -1e9)"),
        (between("Gather", {"dim": 1}, (4,), (2,), ports="input index", b="int64"), "x = torch.gather(a, index=b, dim=1)"),
        (between("Roll", {"shifts": (-1, -1), "dims": (2, 3)}, (4, 6, 6)), "x = torch.roll(a, shifts=(-1, -1), dims=(2, 3))"),
        (between("Chunk", {"chunks": 2, "dim": 1}, (4,)), "f_output1, f_output2 = a.chunk(2, dim=1)"),
        (between("Unbind", {"count": 3, "dim": 1}, (3, 4)), "f_output1, f_output2, f_output3 = a.unbind(dim=1)"),
        (between("CausalMask", {}, (6, 4)), "x = causal_mask(a)"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)  # fmt: skip
def test_a_call_reads_as_an_engineer_writes_it(project: Project, text: str) -> None:
    assert line(project) == text


@pytest.mark.parametrize(
    ("project", "words"),
    [
        (between("Permute", {"dims": (0, 2)}, (4, 6)), "dims of f must name each axis once"),
        (between("Flip", {"dims": (1, 4)}, (4, 6)), "are axes from -3 to 2, as a gives N×4×6 (3 axes); set are 1, 4"),
        (between("Sum", {"dim": (1, -1)}, (4,)), "dim of f name an axis twice: 1, -1"),
        (between("Chunk", {"chunks": 4, "dim": 1}, (6,)), "can't make 4 pieces: axis 1 of a (N×6) has 6, which gives 3"),
        (between("Chunk", {"chunks": 2, "dim": 0}, (6,)), "f can't cut the batch, whose size varies"),
        (between("Split", {"split_size": (2, 3), "dim": 1}, (6,)), "2, 3, must add up to those of the axis: axis 1 of a (N×6) has 6"),
        (between("Split", {"split_size": (6,), "dim": 1}, (6,)), "f needs two sizes or more"),
        (between("Unbind", {"count": 2, "dim": 1}, (3, 4)), "f has 2 outputs, one for each place of the axis, but axis 1"),
        (between("MatMul", {}, (4, 6), (5, 2), ports=PAIR), "as many columns in input as rows in other; a gives N×4×6, so 6 columns"),
        (between("Einsum", {"equation": "bij->bi"}, (4,), ports="input1"), "has 3 letters (bij) for input1, and a gives N×4"),
        (between("Einsum", {"equation": "bi,bj->bij"}, (4,), ports="input1"), "is for 2 inputs, and it has 1"),
        (between("Einsum", {"equation": "bi->bk"}, (4,), ports="input1"), "the result in the equation of f has k, which no input has"),
        (between("Einsum", {"equation": "bi->bii"}, (4,), ports="input1"), "the result in the equation of f has i twice"),
        (between("Einsum", {"equation": "bi,bi->b"}, (4,), (5,), ports="input1 input2"), "i in the equation of f is 4 in a and 5 in b"),
        (between("Less", {"value": 0}, (4,), (4,), ports="input1 input2"), "with a number or with a second input, and has both"),
        (between("Less", {"value": None}, (4,), ports="input1"), "with a number or with a second input, and has neither"),
        (between("Clamp", {"min": None, "max": None}, (4,)), "f needs min, or max, or both"),
        (between("Interpolate", {"size": 3, "scale_factor": 2.0}, (4, 6, 6)), "f takes size or scale_factor, not both"),
        (between("Interpolate", {"size": None, "scale_factor": None}, (4, 6, 6)), "f needs size or scale_factor"),
        (between("Pad", {"pad": (1, 1, 1)}, (4,)), "an even number of them, not 3"),
        (between("Pad", {"pad": (1,) * 6}, (4,)), "pad of f is for 3 axes, and a gives N×4 (2 axes)"),
        (between("Pad", {"pad": (1,) * 4}, (4,)), "depend on how many samples"),
        (between("Reshape", {"shape": (-1, -1)}, (4,)), "may leave one size open (−1), not 2"),
        (between("Reshape", {"shape": (-1, 3)}, (4,)), "can't lay N×4 from a, 4N numbers, out as -1×3"),
        (between("Slice", {"index": ":2"}, (4,)), "depend on how many samples"),
        (between("TopK", {"k": 9}, (4,)), "f can't take the 9 largest of 4 along axis -1 of N×4"),
        (between("Not", {}, (4,)), "f expects a mask (bool), such as a comparison gives at input, a gives float32"),
        (between("OneHot", {"num_classes": 4}, (4,), a="bool"), "f expects whole numbers (int64) at input, a gives bool"),
        (between("Subtract", {}, (4,), (4,), ports=PAIR, b="bool"), "f expects numbers, b gives a mask (bool)"),
        (between("Unsqueeze", {"dim": 3}, (4,)), "dim of f is an axis from -3 to 2"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_in_plain_words(project: Project, words: str) -> None:
    assert words in told(project)


def test_a_new_axis_may_stand_behind_the_last() -> None:
    plan = make(between("Unsqueeze", {"dim": 2}, (4,)))
    assert plan.types["f", "output"].at(2) == (2, 4, 1)


def test_one_and_one_point_nought_are_two_numbers() -> None:
    whole = (TensorType((CHECK_BATCH, 4), "int64"),)
    assert infer("Shift", (("amount", 1),), whole).outputs[0].dtype == "int64"
    assert infer("Shift", (("amount", 1.0),), whole).outputs[0].dtype == "float32"


def test_a_factor_that_is_computed_stands_in_brackets() -> None:
    inner = [
        Node("inp", "Input"),
        Node("down", "DivideBy", {"divisor": Expression("width * 2")}),
        Node("out", "Output"),
    ]
    edges = [Edge("inp", "output", "down", "input"), Edge("down", "output", "out", "input")]
    block = Block("Down", Graph.of(inner, edges), {"width": 4})
    nodes = [Node("a", "Input", {"shape": (4,)}), Node("smaller", "Down", {"width": 2}), Node("b", "Output")]
    graph = Graph.of(nodes, [Edge("a", "output", "smaller", "inp"), Edge("smaller", "out", "b", "input")])
    project = Project(graph).with_block(block)
    text = script.write(project).text
    assert "x = inp / (self.width * 2)" in text
    names: dict[str, type[torch.nn.Module]] = {}
    exec(compile(text, "exported.py", "exec"), names)  # type: ignore[arg-type]
    given = torch.randn(2, 4)
    assert torch.equal(names["Network"]()(given), given / 4)
    assert torch.equal(Network(make(project))(given), given / 4)


def test_masks_are_true_where_one_may_not_look() -> None:
    tokens = torch.tensor([[5, 6, 0], [7, 0, 0]])
    causal, padding = functions.causal_mask(tokens), functions.padding_mask(tokens)
    assert causal.tolist() == [[False, True, True], [False, False, True], [False, False, False]]
    assert padding.tolist() == [[False, False, True], [False, True, True]]
    attention = torch.nn.MultiheadAttention(4, 1, batch_first=True)
    x = torch.randn(2, 3, 4)
    _, weights = attention(x, x, x, attn_mask=causal, key_padding_mask=padding)
    assert (weights[:, causal] == 0).all()
    assert (weights[0, :, 2] == 0).all() and (weights[1, :, 1:] == 0).all()
