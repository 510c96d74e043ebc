from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import torch

from nndesigner import examples, script
from nndesigner.expression import Expression
from nndesigner.graph import Block, Edge, Graph, Node
from nndesigner.model import Network, weights_sha256
from nndesigner.nnd import from_text, to_text
from nndesigner.plan import make
from nndesigner.project import Choice, Project
from nndesigner.training.report import EpochEnded, Finished, Report
from nndesigner.training.run import prepare, train
from tests import clean
from tests.conftest import chain, nested_digits, residual_digits, small_digits, wired


def trained(project: Project) -> tuple[list[Report], str]:
    reports = [report for report in train(prepare(project)) if isinstance(report, EpochEnded | Finished)]
    assert isinstance(reports[-1], Finished)
    return reports, reports[-1].weights_sha256


# What is learned from where nothing is fetched.
IN_PLACE_OF = {"mnist": "digits", "fsdd": "spoken-digits"}


def short(project: Project) -> Project:
    """The project with data that is always there: two epochs of a tenth, or two small steps where an epoch takes minutes."""
    data_set = project.data_set()
    assert data_set is not None
    training = replace(project.training, epochs=2, validation=0.1, test=0.8)
    if data_set.parts:
        training = replace(
            training, epochs=1, steps=2, batch_size=8, split="random", validation=0.005, test=0.005
        )
    if data_set.name in IN_PLACE_OF:
        project = project.learning_from(IN_PLACE_OF[data_set.name])
    return replace(project, training=training)


BUILDS: dict[str, Callable[[], Project]] = {
    "small": small_digits,
    "blocks": residual_digits,
    "blocks_three_deep": nested_digits,
    "sgd": lambda: small_digits(optimizer=Choice("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True})),
    "adamw_cosine": lambda: small_digits(
        optimizer=Choice("AdamW", {"betas": (0.8, 0.99)}),
        scheduler=Choice("CosineAnnealingLR", {"eta_min": 1e-4}),
    ),
    "rmsprop_exponential": lambda: small_digits(
        optimizer=Choice("RMSprop"), scheduler=Choice("ExponentialLR", {"gamma": 0.5}), threads=2
    ),
}
EXAMPLES = [name for name in examples.names() if examples.load(name).data_set()]
NAMES = [*BUILDS, *(name.replace("-", "_") for name in EXAMPLES)]


@pytest.fixture(scope="module")
def projects() -> dict[str, Project]:
    """All of them, with a title each that is also the name of its script."""
    built = [build() for build in BUILDS.values()] + [short(examples.load(name)) for name in EXAMPLES]
    return {name: replace(one, title=name) for name, one in zip(NAMES, built, strict=True)}


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory, projects: dict[str, Project]) -> Path:
    """The folder with the script of each."""
    folder = tmp_path_factory.mktemp("scripts")
    for name, project in projects.items():
        (folder / f"{name}.py").write_text(script.write(project).text)
    return folder


@pytest.fixture(scope="module")
def alone(scripts: Path) -> Path:
    """The folder when all scripts have run, with what they printed and their weights."""
    clean.run(scripts, NAMES)
    return scripts


@pytest.mark.parametrize("name", NAMES)
def test_the_script_alone_prints_the_same_losses_and_ends_with_the_same_weights(
    name: str, projects: dict[str, Project], alone: Path
) -> None:
    reports, sha256 = trained(projects[name])
    printed = (alone / f"{name}.txt").read_text().splitlines()
    assert len(printed) == len(reports), "\n".join(printed)
    for report, line in zip(reports, printed, strict=True):
        if isinstance(report, EpochEnded):
            assert line.startswith(f"epoch {report.epoch}: train loss {report.train['loss']:.6f}")
            assert f"validation loss {report.validation['loss']:.6f}" in line
        elif isinstance(report, Finished):
            assert line.startswith(f"test loss {report.test['loss']:.6f}")
    assert weights_sha256(torch.load(alone / f"{name}.pt", weights_only=True)) == sha256


def test_every_script_is_clean_and_formatted(scripts: Path) -> None:
    paths = [scripts / f"{name}.py" for name in NAMES]
    clean.check(paths, "--select", "E,F,W,I,B,UP", "--ignore", "E501")
    clean.check(paths)


def test_weights_go_from_the_program_into_the_exported_class_and_back() -> None:
    project = residual_digits()
    names: dict[str, object] = {"__name__": "exported"}
    exec(compile(script.write(project).text, "exported.py", "exec"), names)
    theirs = names["ResidualDigits"]()  # type: ignore[operator]
    ours = Network(make(project))
    theirs.load_state_dict(ours.state_dict())
    image = torch.rand(3, 1, 8, 8)
    for mine, other in zip(ours.eval()(image), theirs.eval()(image), strict=True):
        assert torch.equal(mine, other)
    ours.load_state_dict(theirs.state_dict())


def test_a_block_is_one_class_with_its_params_and_what_differs_as_arguments() -> None:
    text = script.write(residual_digits()).text
    assert text.count("class Residual(nn.Module):") == 1
    assert "def __init__(self, in_channels, width=16):" in text
    assert "nn.Conv2d(in_channels, width, kernel_size=3, padding=1)" in text
    assert "Residual(in_channels=1, width=8), Residual(in_channels=8, width=8)" in text
    assert "width=size * 2" in text
    assert text.index("class Residual") < text.index("class Pair") < text.index("class ResidualDigits")


def test_lines_know_their_nodes() -> None:
    written = script.write(small_digits())
    rows = written.text.splitlines()
    assert [rows[number - 1].strip() for number in written.lines["relu1"]] == [
        "self.relu1 = nn.ReLU()",
        "x = self.relu1(x)",
    ]
    assert any("CrossEntropyLoss" in rows[number - 1] for number in written.lines["loss"])


def test_names_that_meet_in_the_script_are_kept_apart() -> None:
    """Nodes called like the data's field, the functions and the variables of the script around them."""
    project = small_digits()
    graph = project.graph
    for old, new in {
        "conv1": "image",
        "relu1": "model",
        "pool1": "batch",
        "linear1": "accuracy",
        "digit": "total",
    }.items():
        graph = graph.rename(old, new)
    graph = graph.rename("loss", "epochs")
    renamed = replace(project, graph=graph)
    names: dict[str, object] = {"__name__": "exported"}
    exec(compile(script.write(renamed).text, "exported.py", "exec"), names)
    model = names["SmallDigits"]()  # type: ignore[operator]
    label = torch.zeros(2, dtype=torch.int64)
    loss, prediction, target = names["objective"](model, {"image": torch.rand(2, 1, 8, 8), "label": label})  # type: ignore[operator]
    assert prediction.shape == (2, 10) and target is label and loss.dim() == 0


@pytest.mark.parametrize(
    "title", ['"""', "\\", "class", "3 layers", "Residual", "", "os", 'a" + quit() + "', "np\nimport os"]
)
def test_no_title_breaks_the_script(title: str) -> None:
    text = script.write(replace(residual_digits(), title=title)).text
    names: dict[str, object] = {"__name__": "exported"}
    exec(compile(text, "exported.py", "exec"), names)
    assert "quit" not in names


def test_a_project_without_data_gives_the_network_alone() -> None:
    nodes = [Node("a", "Input", {"shape": (4,)}), Node("cat1", "Concat", {"dim": 1}), Node("out", "Output")]
    written = script.write(
        Project(Graph.of(nodes, wired("a > cat1.input1", "a > cat1.input2", "cat1 > out")))
    )
    assert not written.trains
    assert "import torch\nfrom torch import nn\n" in written.text
    assert "torch.cat([a, a], dim=1)" in written.text


def test_a_project_with_an_error_is_refused_with_it() -> None:
    project = small_digits()
    broken = replace(project, graph=project.graph.disconnect([Edge("conv1", "output", "relu1", "input")]))
    with pytest.raises(script.ScriptError, match="relu1 gets nothing"):
        script.write(broken)
    with pytest.raises(script.ScriptError, match="no layer yet"):
        script.write(Project())


def loaded(text: str) -> dict[str, Any]:
    """What the text of a script defines, its `main` not called."""
    names: dict[str, Any] = {"__name__": "exported"}
    exec(compile(text, "exported.py", "exec"), names)
    return names


def agree(project: Project) -> str:
    """The script of a project; its class and the module have the same keys and compute the same."""
    plan, text = make(project), script.write(project).text
    torch.manual_seed(0)
    ours = Network(plan)
    torch.manual_seed(0)
    theirs = loaded(text)[script.writer.class_name(project)]()
    assert list(ours.state_dict()) == list(theirs.state_dict())
    given = [torch.rand(3, *plan.types[place].sizes[1:]) for place in plan.inputs.values()]
    for mine, other in zip(ours(*given), theirs(*given), strict=True):
        assert torch.equal(mine, other)
    return text


def check(text: str, folder: Path) -> None:
    """Ruff finds nothing in a script, and would format nothing otherwise."""
    (folder / "exported.py").write_text(text)
    clean.check([folder / "exported.py"])


def doubled(name: str = "width") -> Block:
    """A block of two convolutions, the second repeated, with as many channels as its param says."""
    nodes = [
        Node("i", "Input"),
        Node("conv1", "Conv2d", {"out_channels": Expression(f"{name}*2"), "kernel_size": 1}, repeat=3),
        Node("conv2", "Conv2d", {"out_channels": Expression(f"({name} +1)"), "kernel_size": 1}),
        Node("o", "Output"),
    ]
    return Block("Doubled", Graph.of(nodes, chain("i", "conv1", "conv2", "o")), {name: 2})


@pytest.mark.parametrize("name", ["width", "out_channels", "in_channels", "conv1_in_channels"])
def test_a_block_used_with_other_channels_each_time_is_constructed_right(name: str, tmp_path: Path) -> None:
    """`out_channels` is an argument with a default like any other; what is found out never takes its name."""
    nodes = [
        Node("data", "Data", {"dataset": "digits"}),
        *(Node(f"use{width}", "Doubled", {name: width}) for width in (3, 4, 5)),
        Node("out", "Output"),
        Node("other", "Output"),
    ]
    wires = wired(
        "data.image > use3.i", "use3.o > use4.i", "use4.o > use5.i", "use5.o > out", "use4.o > other"
    )
    text = agree(Project(Graph.of(nodes, wires)).with_block(doubled(name)))
    assert f"{name} * 2" in text and f"({name} +1)" not in text.partition("# How it was drawn")[0]
    check(text, tmp_path)


def test_what_is_drawn_out_of_a_block_keeps_names_apart(tmp_path: Path) -> None:
    """The variable of a block's output is not that of a node; what nothing uses is called _."""
    inner = Graph.of(
        [Node("i", "Input"), *(Node(name, "Output") for name in ("b", "c", "d")), Node("r", "ReLU")],
        wired("i > r", "r > b", "i > c", "r > d"),
    )
    nodes = [
        Node("data", "Data", {"dataset": "digits"}),
        Node("a", "Parting"),
        Node("a_b", "Tanh"),
        Node("add1", "Add"),
        Node("out", "Output"),
        Node("other", "Output"),
    ]
    wires = wired(
        "data.image > a.i", "data.image > a_b", "a.b > add1.input1", "a_b > add1.input2", "add1 > out"
    )
    project = Project(Graph.of(nodes, [*wires, *wired("a.c > other")])).with_block(Block("Parting", inner))
    text = agree(project)
    assert "a_b_, a_c, _ = self.a(image)" in text
    check(text, tmp_path)


def test_a_loss_and_an_output_named_after_its_function_are_kept_apart() -> None:
    project = small_digits()
    renamed = replace(project, graph=project.graph.rename("digit", "loss_function"))
    names = loaded(script.write(renamed).text)
    batch = {"image": torch.rand(2, 1, 8, 8), "label": torch.zeros(2, dtype=torch.int64)}
    assert names["objective"](names["SmallDigits"](), batch)[0].dim() == 0


def test_titles_and_settings_of_all_sorts_make_clean_scripts(tmp_path: Path) -> None:
    odd = small_digits(split_seed=2**32 - 1, validation=0.123456789)
    titles = ["  spaces  ", "tab\there", "nul\0", "line\r\nfeed", "\x0c", "Lone \ud800", "l" * 90]
    paths = []
    for number, project in enumerate([odd, *(replace(small_digits(), title=title) for title in titles)]):
        paths.append(tmp_path / f"exported_{number}.py")
        paths[-1].write_text(script.write(project).text)
    clean.check(paths)


def test_long_names_are_broken_the_way_ruff_breaks_them(tmp_path: Path) -> None:
    """A dense network of long names: long calls, sums, lists, results, losses, a frozen and a repeated layer."""
    names = [f"a_rather_long_name_of_a_layer_{number}" for number in range(6)]
    conv = {"out_channels": 2, "kernel_size": 3, "padding": 1, "padding_mode": "replicate", "bias": False}
    nodes = [Node("data", "Data", {"dataset": "digits"})]
    nodes += [
        Node(name, "Conv2d", conv, repeat=1 + index % 3, frozen=index > 3) for index, name in enumerate(names)
    ]
    nodes += [
        Node("all_of_them_one_behind_the_other", "Concat", {"dim": 1}),
        Node("all_of_them_added_to_one_another", "Add"),
        Node("two_of_them_multiplied_by_one_another_to_make_a_gate", "Multiply"),
    ]
    edges = [Edge("data", "image", name, "input") for name in names]
    for index, name in enumerate(names, 1):
        edges.append(Edge(name, "output", "all_of_them_one_behind_the_other", f"input{index}"))
        edges.append(Edge(name, "output", "all_of_them_added_to_one_another", f"input{index}"))
    edges += [
        Edge(name, "output", "two_of_them_multiplied_by_one_another_to_make_a_gate", f"input{index}")
        for index, name in enumerate(names[:2], 1)
    ]
    for index, name in enumerate([node.name for node in nodes[1:]]):
        nodes.append(Node(f"answer_number_{index}", "Output"))
        edges.append(Edge(name, "output", f"answer_number_{index}", "input"))
    for first, second in pairwise(names):
        loss = Node(f"far_{first}", "MSELoss", {"scale": 0.25})
        nodes.append(loss)
        edges += [Edge(first, "output", loss.name, "input"), Edge(second, "output", loss.name, "target")]
    text = agree(Project(Graph.of(nodes, edges)))
    check(text, tmp_path)


def test_an_unknown_optimizer_is_refused_with_a_sentence() -> None:
    with pytest.raises(script.ScriptError, match="'Lion' is no optimizer"):
        script.write(small_digits(optimizer=Choice("Lion")))


def test_functions_in_blocks_take_the_blocks_params_and_repeats_may_have_several_inputs() -> None:
    """A class keeps what its functions need; a repeated layer of two inputs is a loop over a ModuleList."""
    heads = Block(
        "Heads",
        Graph.of(
            [
                Node("inp", "Input"),
                Node("q", "Linear", {"out_features": Expression("width")}),
                Node(
                    "split",
                    "Reshape",
                    {"shape": (-1, 6, Expression("heads"), Expression("width // heads"))},
                ),
                Node("out", "Output"),
            ],
            wired("inp > q", "q > split", "split > out"),
        ),
        {"width": 8, "heads": 2},
    )
    pair = Block(
        "Pair",
        Graph.of(
            [
                Node("a", "Input"),
                Node("b", "Input"),
                Node("both", "Bilinear", {"out_features": 8}),
                Node("o", "Output"),
            ],
            wired("a > both.input1", "b > both.input2", "both > o"),
        ),
    )
    nodes = [
        Node("sequence", "Input", {"shape": (6, 8)}),
        Node("heads1", "Heads"),
        Node("heads2", "Heads", {"width": 16, "heads": 4}),
        Node("pair1", "Pair", repeat=3),
        Node("bilinear1", "Bilinear", {"out_features": 8}, repeat=2),
        *(Node(name, "Output") for name in ("out1", "out2", "out3")),
    ]
    edges = [
        *wired("sequence > heads1.inp", "sequence > heads2.inp", "heads1.out > out1", "heads2.out > out2"),
        *wired("sequence > pair1.a", "sequence > pair1.b", "pair1.o > bilinear1.input1"),
        *wired("sequence > bilinear1.input2", "bilinear1 > out3"),
    ]
    project = Project(Graph.of(nodes, edges)).with_block(heads).with_block(pair)
    plan = make(project)
    assert not plan.errors
    text = script.write(project).text
    assert "x = x.reshape(-1, 6, self.heads, self.width // self.heads)" in text
    assert "        for layer in self.pair1:\n            pair1 = layer(pair1, sequence)" in text
    torch.manual_seed(0)
    network = Network(plan)
    torch.manual_seed(0)
    names: dict[str, type[torch.nn.Module]] = {}
    exec(compile(text, "exported.py", "exec"), names)  # type: ignore[arg-type]
    exported = names["Network"]()
    assert list(network.state_dict()) == list(exported.state_dict())
    given = torch.randn(2, 6, 8)
    assert all(
        torch.equal(ours, theirs) for ours, theirs in zip(network(given), exported(given), strict=True)
    )


def test_blocks_three_deep_go_through_the_file_and_share_their_weights() -> None:
    project = from_text(to_text(nested_digits()))
    assert project == nested_digits()
    plan = make(project)
    assert not plan.problems
    network = Network(plan)
    assert plan.parameters == sum(weight.numel() for weight in network.parameters())
    names = list(network.state_dict())
    assert "tower1.stack1.2.mix1.1.first.weight" in names
    assert not any("tower2" in name or "mix2" in name or "again" in name for name in names)
