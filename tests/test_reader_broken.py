"""Sources that are wrong: what can be read of them is read, and each remark names the line that is to blame."""

import ast
import os
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nndesigner import nnd
from nndesigner.script.reader.parsing import parsed
from nndesigner.script.reader.reading import Reading, ReadingError, Source, read
from tests.sampling import sampled

pytestmark = pytest.mark.usefixtures("young_heap")

PUBLISHED = sorted((Path(__file__).parent / "sources" / "published").glob("*.py"))
HEAD = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n\n\n"
NET = (
    HEAD
    + """class Net(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 3, padding=1)
        self.conv2 = nn.Conv2d(width, 16, 3, padding=1)
        self.fc = nn.Linear(16, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = x.mean((2, 3))
        return self.fc(x)
"""
)
INPUTS = ((1, 3, 8, 8),)
OFTEN = int(
    os.environ.get("NNDESIGNER_DAMAGED", "1")
)  # of each file that many are read; all of them are parsed


def opened(text: str, *inputs: tuple[int, ...]) -> Reading:
    """What is read of a text; sees to it that each remark is fit to be shown and names a line there is."""
    found = read(Source(text, inputs=inputs or INPUTS))
    assert all(0 <= one.line <= text.count("\n") + 1 for one in found.remarks)
    assert all(one.message.isprintable() and 0 < len(one.message) <= 400 for one in found.remarks)
    assert nnd.from_text(nnd.to_text(found.project)) == found.project
    return found


def opened_or_refused(text: str) -> Reading | ReadingError:
    try:
        return opened(text)
    except ReadingError as error:
        return error


def line_of(text: str, words: str) -> int:
    """The line some words stand in, which are there once."""
    assert text.count(words) == 1
    return text.count("\n", 0, text.index(words)) + 1


def lines(found: Reading) -> set[int]:
    return {one.line for one in found.errors}


# A class with very many layers, no forward, cut off.


def big(repeated: str, last: str) -> str:
    """A class with 180 convolutions and no forward; one is given an argument twice, and the last line is cut off."""
    convs = [f"        self.conv{i} = nn.Conv2d({i}, {i + 1}, kernel_size=3)" for i in range(1, 181)]
    convs[89] = f"        self.conv90 = {repeated}"
    convs[179] = f"        self.conv180 = {last}"
    return (
        HEAD
        + "class Big(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        + "\n".join(convs)
    )


@pytest.mark.parametrize(
    "repeated",
    [
        "nn.Conv2d(90, 91, kernel_size=3, padding=1, kernel_size=5)",
        "nn.Conv2d(90, 91, 3, kernel_size=5)",
        "nn.Conv2d(90, out_channels=91, kernel_size=3, in_channels=90)",
    ],
)
@pytest.mark.parametrize(
    "last",
    ["nn.Conv2d(180, 181, kernel_si", "nn.Conv2d(180,", "nn.Conv2d(", "nn.", "nn.Conv2d(180, 181, padding_mode='zer"],
)  # fmt: skip
def test_a_class_cut_off_with_an_argument_twice_and_no_forward_opens(repeated: str, last: str) -> None:
    text = big(repeated, last)

    found = opened(text, (1, 1, 512, 512))

    convolutions = {name for name, node in found.project.graph.nodes.items() if node.kind == "Conv2d"}
    assert convolutions == {f"conv{i}" for i in range(1, 180) if i != 90}
    assert {line_of(text, "self.conv90 ="), line_of(text, "self.conv180 =")} <= lines(found)
    twice = next(one for one in found.errors if one.line == line_of(text, "self.conv90 ="))
    assert "twice" in twice.message
    assert any("forward" in one.message for one in found.errors)


def test_layers_of_a_class_without_forward_keep_their_arguments_and_lines() -> None:
    text = NET.partition("    def forward")[0]

    found = opened(text)

    nodes = found.project.graph.nodes
    assert nodes["conv1"].params["kernel_size"] == 3
    assert nodes["conv1"].params["out_channels"] == 8
    assert nodes["fc"].params["out_features"] == 10
    assert line_of(text, "self.conv2 =") in found.lines["conv2"]
    assert [
        one for one in found.errors if "forward" in one.message and one.line == line_of(text, "class Net")
    ]


def test_a_forward_that_only_passes_leaves_the_layers() -> None:
    found = opened(NET.partition("        x = F.relu(self.conv1")[0] + "        pass\n")

    assert {"conv1", "conv2", "fc"} <= found.project.graph.nodes.keys()
    assert found.errors


# What is wrong in one line.


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ("nn.Conv2d(width, 16, 3, padding=1)", "nn.Conv2d(width, 16, 3, padding=1, padding=2)", "padding"),
        ("nn.Conv2d(width, 16, 3, padding=1)", "nn.Conv2d(width, 16, 3, kernel_size=3)", "kernel_size"),
        ("nn.Conv2d(width, 16, 3, padding=1)", "nn.Conv2d(width, 16, 3, paddin=1)", "paddin"),
        ("nn.Conv2d(width, 16, 3, padding=1)", "nn.Conv2d(width, 16)", "kernel_size"),
        ("nn.Conv2d(width, 16, 3, padding=1)", "nn.Conv2d(width, 16, 3, padding=1", ""),
        ("nn.Conv2d(width, 16, 3, padding=1)", "nn.Conv2d(width, 16, 3 padding=1)", ""),
        ("nn.Conv2d(width, 16, 3, padding=1)", "nn.Conv2d(width, 16, 3, padding=1))", ""),
        ("nn.Conv2d(width, 16, 3, padding=1)", "nn.Conv2d(width, 16, 'three')", "kernel_size"),
        ("nn.Conv2d(width, 16, 3, padding=1)", "nn.Conv2d(width, missing, 3)", "missing"),
        ("nn.Conv2d(width, 16, 3, padding=1)", "nn.Conv9d(width, 16, 3)", "Conv9d"),
        ("nn.Conv2d(width, 16, 3, padding=1)", "timm.create_model('resnet18')", "timm"),
        ("nn.Conv2d(width, 16, 3, padding=1)", "", ""),
        ("nn.Conv2d(width, 16, 3, padding=1)", "nn.Conv2d(width, 16, 3, padding_mode='zeros)", ""),
        ("nn.Conv2d(width, 16, 3, padding=1)", "nn.Conv2d(width, 16 / 0, 3)", ""),
    ],
)
def test_one_wrong_layer_is_named_with_its_line_and_the_others_are_read(
    right: str, wrong: str, words: str
) -> None:
    text = NET.replace(right, wrong)

    found = opened(text)

    nodes = found.project.graph.nodes
    assert {"conv1", "fc"} <= nodes.keys()
    told = [one for one in found.errors if one.line == line_of(text, "self.conv2 =")]
    assert told
    assert any(words in one.message for one in told)


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ("x = F.relu(self.conv2(x))", "x = F.relu(self.conv2(x)", ""),
        ("x = F.relu(self.conv2(x))", "x = F.relu(self.conv3(x))", "conv3"),
        ("x = F.relu(self.conv2(x))", "x = F.no_such_function(self.conv2(x))", "no_such_function"),
        ("x = F.relu(self.conv2(x))", "x = self.conv2(x).no_such_method()", "no_such_method"),
        ("x = F.relu(self.conv2(x))", "x = F.relu(self.conv2(y))", "y"),
        ("x = F.relu(self.conv2(x))", "x = F.relu(self.conv2(x, 3, 4))", ""),
        ("x = F.relu(self.conv2(x))", "if x.sum() > 0:\n            x = self.conv2(x)", "tensor"),
        ("x = F.relu(self.conv2(x))", "while x.norm() > 1:\n            x = x / 2", "tensor"),
        ("x = F.relu(self.conv2(x))", "x = x if x.max() > 0 else -x", "tensor"),
        ("x = F.relu(self.conv2(x))", "x[:, 0] = 0", ""),
        ("x = F.relu(self.conv2(x))", "x[:, :4] += self.conv2(x)[:, :4]", ""),
        ("x = F.relu(self.conv2(x))", "x = torch.from_numpy(np.fft.fft(x.numpy()))", "numpy"),
        ("x = F.relu(self.conv2(x))", "x = np.maximum(x, 0)", ""),
        ("x = F.relu(self.conv2(x))", "for _ in range(int(x.sum())):\n            x = self.conv2(x)", ""),
        ("x = F.relu(self.conv2(x))", "raise NotImplementedError", "raise"),
    ],
)
def test_what_forward_does_that_is_not_drawn_is_named_with_its_line(
    right: str, wrong: str, words: str
) -> None:
    text = NET.replace("import torch\n", "import torch\nimport numpy as np\n").replace(right, wrong)

    found = opened(text)

    assert {"conv1", "conv2", "fc"} <= found.project.graph.nodes.keys()
    told = [one for one in found.errors if one.line == line_of(text, wrong.partition("\n")[0])]
    assert told, [str(one) for one in found.remarks]
    assert any(words in one.message for one in told)


def test_a_shape_that_does_not_fit_is_a_problem_of_the_canvas_and_not_of_the_source() -> None:
    found = opened(NET.replace("nn.Linear(16, 10)", "nn.Linear(17, 10)"))

    assert found.project.graph.nodes["fc"].kind == "Linear"


# The tolerant parser.


@pytest.mark.parametrize(
    ("wrong", "line", "kept"),
    [
        ("a = 1\nb = = 2\nc = 3\n", 2, "a c"),
        ("a = 1\nb = (1,\nc = 3\nd = 4\n", 2, "a c d"),
        ("a = 1\nif a\n    b = 2\nc = 3\n", 2, "a c"),
        ("a = 1\n    b = 2\nc = 3\n", 2, "a c"),
        ("a = 1\ndef f():\nc = 3\n", 2, "a c"),
        ("a = 1\nb = 'text\nc = 3\n", 2, "a c"),
        ("a = 1\nb = '''text\nc = 3\n", 2, "a"),
        ("a = 1)\nb = 2\nc = 3\n", 1, "b c"),
        ("a = 1\nb = 0777\nc = 3\n", 2, "a c"),
        ("a = 1\nprint 'b'\nc = 3\n", 2, "a c"),
        ("a = 1\nb = [1, 2\n\nclass C:\n    pass\n\nd = 1\n", 2, "a C d"),
        ("a = 1\nb = {1: 2\n\n@x\ndef f():\n    pass\n\nd = 1\n", 2, "a f d"),
        ("class C:\n    a = 1\n    def f(self):\n        x = (1\n        y = 2\n    def g(self):\n        pass\nd = 1\n", 4, "C d"),
        ("try:\n    a = 1\nb = 2\n", 1, "a b"),
        ("a = 1\nelse:\n    b = 2\nc = 3\n", 2, "a c"),
        ("a = 1\n<<<<<<< HEAD\nb = 2\n=======\nb = 3\n>>>>>>> other\nc = 3\n", 2, "a b c"),
        ("a = 1\nb = “text”\nc = 3\n", 2, "a c"),
        ("```python\na = 1\n```\n", 1, "a"),
        (">>> a = 1\n>>> b = 2\n", 1, ""),
        ("%matplotlib inline\n!pip install torch\na = 1\n", 1, "a"),
        ("a = 1\nf() = 2\nc = 3\n", 2, "a c"),
        ("a = 1\nNone = 2\nc = 3\n", 2, "a c"),
        ("a = 1\nb = 1 +\\\nc = 3\nd = 4\n", 2, "a d"),
        ("a = 1\n\tb = 2\n        c = 3\nd = 4\n", 2, "a d"),
    ],
)  # fmt: skip
def test_a_wrong_statement_is_left_out_and_those_around_it_stay(wrong: str, line: int, kept: str) -> None:
    tree, remarks = parsed(wrong)

    names = {one.id for one in ast.walk(tree) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    names |= {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.ClassDef)}
    assert set(kept.split()) <= names
    assert line in {one.line for one in remarks}


def test_a_wrong_method_leaves_the_class_and_its_other_methods() -> None:
    text = NET.replace("x = x.mean((2, 3))", "x = x.mean((2, 3)")

    tree, remarks = parsed(text)

    network = next(one for one in tree.body if isinstance(one, ast.ClassDef))
    methods = {one.name: one for one in network.body if isinstance(one, ast.FunctionDef)}
    assert [one.line for one in remarks] == [line_of(text, "x.mean")]
    assert len(methods["__init__"].body) == 4
    assert isinstance(methods["forward"].body[-1], ast.Return)


def test_a_right_source_is_parsed_as_it_is() -> None:
    tree, remarks = parsed(NET)

    assert ast.dump(tree, include_attributes=True) == ast.dump(ast.parse(NET), include_attributes=True)
    assert not remarks


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_lines_may_end_as_on_other_systems(end: str) -> None:
    tree, remarks = parsed(NET.replace("\n", end))

    assert ast.dump(tree) == ast.dump(ast.parse(NET))
    assert not remarks


# Damage by chance.


@pytest.mark.parametrize("path", sampled(PUBLISHED, 12), ids=lambda path: path.stem)
def test_a_source_cut_anywhere_is_parsed_and_read_or_refused(path: Path) -> None:
    text, chance = path.read_text(), random.Random(path.stem)
    ends = [chance.randrange(len(text)) for _ in range(20)]

    for end in ends:
        _, remarks = parsed(text[:end])
        assert len(remarks) <= 3
    for end in ends[:OFTEN]:
        opened_or_refused(text[:end])


@pytest.mark.parametrize("path", sampled(PUBLISHED, 12), ids=lambda path: path.stem)
def test_a_source_with_a_wrong_character_is_parsed_and_read_or_refused(path: Path) -> None:
    text, chance = path.read_text(), random.Random(path.stem)
    damaged = []
    for _ in range(20):
        place = chance.randrange(len(text))
        sign = chance.choice(["", *"()[]{}:;,.='\"\\#@ \n\t0x*+-/%&|~<>!\0é"])
        damaged.append(text[:place] + sign + text[place + chance.randrange(2) :])

    for one in damaged:
        parsed(one)
    for one in damaged[:OFTEN]:
        opened_or_refused(one)


@pytest.mark.parametrize("path", sampled(PUBLISHED, 12), ids=lambda path: path.stem)
def test_a_source_without_some_of_its_lines_is_parsed_and_read_or_refused(path: Path) -> None:
    every, chance = path.read_text().splitlines(keepends=True), random.Random(path.stem)
    damaged = ["".join(line for line in every if chance.random() > 0.05) for _ in range(20)]

    for one in damaged:
        parsed(one)
    for one in damaged[:OFTEN]:
        opened_or_refused(one)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_network_with_any_edit_is_read_or_refused(data: st.DataObject) -> None:
    text = NET
    for _ in range(data.draw(st.integers(1, 4))):
        first = data.draw(st.integers(0, len(text)))
        last = data.draw(st.integers(first, min(len(text), first + 30)))
        text = text[:first] + data.draw(st.text(max_size=8)) + text[last:]

    opened_or_refused(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_parsed_with_remarks_at_its_lines(text: str) -> None:
    _, remarks = parsed(text)

    assert all(0 <= one.line <= text.count("\n") + text.count("\r") + 1 for one in remarks)


_TOKENS = st.sampled_from(
    [
        "x",
        "self",
        "nn",
        "torch",
        "F",
        "Linear",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ":",
        ",",
        ".",
        "=",
        "==",
        "+",
        "-",
        "*",
        "**",
        "/",
        "//",
        "@",
        "\n",
        "\n",
        "\n",
        "if",
        "else",
        "for",
        "in",
        "while",
        "def",
        "class",
        "return",
        "lambda",
        "not",
        "and",
        "or",
        "is",
        "None",
        "True",
        "0",
        "1",
        "3.5",
        "'a'",
        '"b"',
        "'''",
        "\n",
        "",
        "",
        "",
        "",
        "\n\t",
        "#",
        "\\",
        "import",
        "from",
        "as",
        "with",
        "try",
        "except",
        "raise",
        "del",
        "global",
        "yield",
        "await",
        "async",
        "match",
        "case",
        ":=",
        "->",
        "...",
        "_",
        ";",
        "%",
        "&",
        "|",
        "^",
        "~",
        "<<",
        "<",
        ">",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(_TOKENS, max_size=60))
def test_words_of_python_in_any_order_are_parsed(words: list[str]) -> None:
    text = " ".join(words)

    _, remarks = parsed(text)

    assert all(0 <= one.line <= text.count("\n") + 1 for one in remarks)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_TOKENS, max_size=25), st.sampled_from(["module", "constructor", "forward"]))
def test_words_of_python_in_any_place_of_a_network_are_read_or_refused(words: list[str], place: str) -> None:
    text = " ".join(words)
    if place == "module":
        source = NET.replace("class Net", text + "\nclass Net")
    else:
        line = "self.conv2 = " if place == "constructor" else "x = F.relu(self.conv2(x))"
        source = NET.replace(line, text.replace("\n", "\n        ") + "\n        " + line)

    opened_or_refused(source)
