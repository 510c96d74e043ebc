"""Layers of one's own: read by parsing, run only when trusted; and kinds that packages add."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from nndesigner import child, nnd, script, trust
from nndesigner.catalogue.kind import Kind
from nndesigner.cli import main
from nndesigner.code import CodeProblem, parts, read
from nndesigner.costs import costs
from nndesigner.graph import Code, Edge, Graph, GraphError, Node
from nndesigner.model import Network
from nndesigner.plan import make
from nndesigner.project import Project
from nndesigner.training.report import Finished
from nndesigner.training.run import prepare, train
from tests.conftest import small_digits, wired

GATED = Code(
    "Gated",
    '''import math

import torch
from torch import nn


class Gated(nn.Module):
    """Lets through what its gate lets through."""

    def __init__(self, in_features, width: int = 8, slope=0.5):
        super().__init__()
        self.value = nn.Linear(in_features, width)
        self.gate = nn.Linear(in_features, width)
        self.slope = slope

    def forward(self, x, mask=None):
        y = self.value(x) * torch.sigmoid(self.gate(x)) * self.slope / math.sqrt(2)
        return y if mask is None else y * mask
''',
)
SWISH = Code("swish", "import torch\n\n\ndef swish(x, beta=1.0):\n    return x * torch.sigmoid(beta * x)\n")


def with_own(*codes: Code, shape: tuple[int, ...] = (6,), **params: object) -> Project:
    """A project with each of these in a row, trusted."""
    nodes = [Node("given", "Input", {"shape": shape})]
    edges = []
    for code in codes:
        kind = read(code)
        assert isinstance(kind, Kind), kind
        node = Node(f"{code.name.lower()}1", code.name, params if code is codes[0] else {})
        edges.append(Edge(nodes[-1].name, "output", node.name, kind.inputs[0].name))
        nodes.append(node)
    edges.append(Edge(nodes[-1].name, "output", "out", "input"))
    made = Project(Graph.of([*nodes, Node("out", "Output")], edges))
    for code in codes:
        made = made.with_code(code)
    return replace(made, trusted=frozenset(code.sha256 for code in codes))


def test_a_class_is_read_without_running_it() -> None:
    kind = read(GATED)
    assert isinstance(kind, Kind)
    assert [port.name for port in kind.inputs] == ["x", "mask"]
    assert [port.optional for port in kind.inputs] == [False, True]
    assert [(one.argument, one.port, one.axis) for one in kind.follows] == [("in_features", "x", -1)]
    assert {param.name: param.default for param in kind.params} == {"width": 8, "slope": 0.5}
    assert kind.sentence == "Lets through what its gate lets through."


def test_a_functions_defaults_are_its_params_and_its_tuple_its_outputs() -> None:
    kind = read(Code("halves", "def halves(x, at=2):\n    return x[:, :at], x[:, at:]\n"))
    assert isinstance(kind, Kind)
    assert [port.name for port in kind.inputs] == ["x"]
    assert [port.name for port in kind.outputs] == ["output1", "output2"]
    assert [param.name for param in kind.params] == ["at"]


@pytest.mark.parametrize(
    ("name", "text", "words", "line"),
    [
        ("Gated", "class Gated(nn.Module)\n    pass", "not Python", 1),
        ("Gated", "class Other(nn.Module):\n    pass", "expected one class or function named Gated, got none", 0),
        ("Gated", "class Gated:\n    def forward(self, x):\n        return x", "must derive from nn.Module", 1),
        ("Gated", "class Gated(nn.Module):\n    pass", "has no forward", 1),
        ("Gated", "class Gated(nn.Module):\n    def forward(self):\n        return 1", "takes no tensor", 2),
        ("f", "import os\nos.remove('x')\ndef f(x):\n    return x", "constants, functions and classes only", 2),
        ("f", "from .x import y\ndef f(x):\n    return x", "relative import", 1),
        ("f", "def f(*x):\n    return x", "must name its arguments", 1),
        ("f", "def f(x, y=print()):\n    return x", "must be a plain value, not print()", 1),
        ("f", "def f(x):\n    if x:\n        return x\n    return x, x", "same number of tensors", 1),
        ("F_", "def F_(x):\n    return x", "begins with a small letter", 1),
        ("f", "def f(x):\n    return x\n" + "#" * 20_000, "at most 20,000", 0),
        ("f", "\x00", "not Python", 0),
        ("f", "(" * 5000, "not Python", 0),
    ],
)  # fmt: skip
def test_a_text_that_is_no_layer_is_told_with_its_line(name: str, text: str, words: str, line: int) -> None:
    found = read(Code(name, text))
    assert isinstance(found, CodeProblem)
    assert words in found.message
    assert not line or found.line == line


def test_untrusted_code_is_a_problem_of_its_node_and_the_rest_works(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    evil = Code("evil", f"def evil(x, y=1):\n    open({str(mark)!r}, 'w')\n    return x\n")
    made = replace(with_own(evil), trusted=frozenset())
    graph = made.graph.add(Node("side", "Flatten")).connect(Edge("given", "output", "side", "input"))
    read_back = nnd.from_text(nnd.to_text(replace(made, graph=graph)))
    plan = make(read_back)
    assert [(one.node, one.message) for one in plan.errors] == [
        ("evil1", "evil1 is code that comes with this project. Read it, and let it run if you trust it")
    ]
    assert plan.types["side", "output"].at(2) == (2, 6)
    with pytest.raises(script.ScriptError, match="comes with this project"):
        script.write(read_back)
    assert not mark.exists()


def test_trusted_code_is_planned_built_and_written() -> None:
    made = with_own(GATED, SWISH, width=5)
    plan = make(made)
    assert not plan.problems
    assert str(plan.types["gated1", "output"]) == "N×5" and plan.parameters == 70
    text = script.write(made).text
    torch.manual_seed(0)
    network = Network(plan)
    torch.manual_seed(0)
    names: dict[str, type[torch.nn.Module]] = {}
    exec(compile(text, "exported.py", "exec"), names)  # type: ignore[arg-type]
    exported = names["Network"]()
    assert list(network.state_dict()) == list(exported.state_dict())
    given = torch.randn(3, 6)
    assert torch.equal(network(given), exported(given))
    assert text.index("import math") < text.index("import torch") < text.index("class Gated")


def test_a_changed_text_is_asked_for_anew() -> None:
    made = with_own(SWISH)
    changed = made.with_code(Code("swish", SWISH.text.replace("beta * x", "x")))
    assert not make(made).errors
    assert [one.node for one in make(changed).errors] == ["swish1"]


def test_the_project_with_code_goes_through_its_file() -> None:
    made = with_own(GATED, SWISH)
    text = nnd.to_text(made)
    assert '        "    def forward(self, x, mask=None):",\n' in text
    back = nnd.from_text(text)
    assert back == made and back.code == made.code and not back.trusted


def test_a_project_of_version_1_is_still_read() -> None:
    text = nnd.to_text(small_digits())
    old = text.replace('"version": 2', '"version": 1').replace('  "code": [],\n', "")
    assert '"code"' not in old
    assert nnd.from_text(old) == small_digits()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (Code("f", "def f(x):\n    while True:\n        pass\n    return x\n"), "did not come to an end"),
        (Code("f", "import os\ndef f(x):\n    os._exit(3)\n    return x\n"), "ended its process"),
        (Code("f", "import torch\ndef f(x):\n    return torch.ones(10**11, device='cpu').sum() + x\n"), "memory"),
        (Code("f", "def f(x):\n    y = x\n    return y.nothing\n"), "line 3 of f: 'Tensor' object has no attribute"),
        (Code("f", "def f(x):\n    return 3\n"), "must return tensors, and returned int"),
    ],
)  # fmt: skip
def test_code_that_goes_wrong_is_a_problem_of_its_node(
    code: Code, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = child.ask
    monkeypatch.setattr(child, "ask", lambda *given: ask(*given, seconds=3))
    errors = make(with_own(code)).errors
    assert [one.node for one in errors] == ["f1"]
    assert words in errors[0].message


def test_code_that_needs_values_is_tried_on_the_cpu_and_keeps_its_batch() -> None:
    code = Code(
        "rows", "def rows(x):\n    if float(x.sum()) > -1:\n        x = x.reshape(-1, 2)\n    return x\n"
    )
    plan = make(with_own(code))
    assert not plan.errors
    assert str(plan.types["rows1", "output"]) == "3N×2"


def test_code_trains() -> None:
    base = small_digits(epochs=1)
    graph = base.graph.replace_node(replace(base.graph.nodes["relu1"], kind="swish", params={}))
    graph = graph.disconnect(wired("conv1 > relu1")).connect(Edge("conv1", "output", "relu1", "x"))
    made = replace(base, graph=graph).with_code(SWISH)
    reports = list(train(prepare(replace(made, trusted=frozenset([SWISH.sha256])))))
    assert isinstance(reports[-1], Finished)


@pytest.mark.parametrize("name", ["Conv2d", "print", "forward", "Residual!"])
def test_a_name_that_is_taken_is_refused(name: str) -> None:
    with pytest.raises(GraphError):
        Project().with_code(Code(name, ""))


def test_two_texts_that_define_the_same_name_are_refused() -> None:
    first = Code("f", "def middle(x):\n    return x / 2\n\n\ndef f(x):\n    return middle(x)\n")
    second = Code("g", "def middle(x):\n    return x / 2\n\n\ndef g(x):\n    return middle(x)\n")
    errors = make(with_own(first, second)).errors
    assert [one.node for one in errors] == ["f1", "g1"]
    assert "it defines 'middle', and so does g" in errors[0].message


def test_imports_are_taken_apart_from_the_text() -> None:
    imports, rest = parts(GATED)
    assert imports == ["import math", "import torch", "from torch import nn"]
    assert rest.startswith("class Gated(nn.Module):")


def test_the_command_line_asks_for_trust_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    file = tmp_path / "own.nnd"
    nnd.save(with_own(SWISH), file)
    assert main(["check", str(file), "--json"]) == 1
    assert (
        "let it run if you trust it"
        in json.loads(capsys.readouterr().out.splitlines()[-1])["problems"][0]["message"]
    )
    assert main(["check", str(file), "--trust", "--json"]) == 0
    assert main(["check", str(file), "--json"]) == 0
    assert trust.trusted() == {SWISH.sha256}


def test_an_installed_package_adds_kinds(tmp_path: Path) -> None:
    (tmp_path / "friendly.py").write_text(
        "from nndesigner.catalogue.kind import Kind\n"
        "import torch\n"
        "class Double(torch.nn.Module):\n"
        "    def forward(self, x):\n"
        "        return 2 * x\n"
        "KINDS = (Kind('Double', 'friendly', 'friendly.Double', 'Doubles.', 'y = 2·x'),)\n"
    )
    (tmp_path / "broken.py").write_text("raise RuntimeError('not today')\n")
    info = tmp_path / "friendly-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: friendly\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[nndesigner.kinds]\nbroken = broken:KINDS\nfriendly = friendly:KINDS\n"
    )
    program = (
        "from nndesigner.graph import *; from nndesigner.project import Project; from nndesigner.plan import make\n"
        "from nndesigner import script\n"
        "nodes = [Node('a', 'Input', {'shape': (4,)}), Node('double1', 'Double'), Node('b', 'Output')]\n"
        "wires = [Edge('a', 'output', 'double1', 'input'), Edge('double1', 'output', 'b', 'input')]\n"
        "project = Project(Graph.of(nodes, wires))\n"
        "assert str(make(project).types['double1', 'output']) == 'N×4'\n"
        "print(script.write(project).text)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "import friendly\n" in done.stdout and "self.double1 = friendly.Double()" in done.stdout
    assert "can't be loaded" in done.stderr


def test_code_costs_what_the_same_layers_cost() -> None:
    """A Linear in a text of one's own takes as many operations, and keeps as much, as a Linear on the canvas."""
    text = (
        "from torch import nn\n\n\nclass Wide(nn.Module):\n"
        "    def __init__(self, in_features, width: int = 8):\n        super().__init__()\n"
        "        self.inner = nn.Linear(in_features, width)\n\n"
        "    def forward(self, x):\n        return self.inner(x)\n"
    )
    own = costs(make(with_own(Code("Wide", text))), 4).of["wide1"]
    nodes = [
        Node("given", "Input", {"shape": (6,)}),
        Node("wide1", "Linear", {"out_features": 8}),
        Node("out", "Output"),
    ]
    drawn = costs(make(Project(Graph.of(nodes, wired("given > wide1", "wide1 > out")))), 4).of["wide1"]
    assert own == drawn and own.flops == 2 * 4 * 6 * 8
