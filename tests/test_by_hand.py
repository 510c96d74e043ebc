"""A script that was edited by hand: the canvas follows, what was known keeps its place, and nothing is lost in silence."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from nndesigner import examples, script
from nndesigner.graph import Edge
from nndesigner.project import Choice, Project
from nndesigner.script.reader import Reading, Source, read


def edited(name: str, *changes: tuple[str, str]) -> tuple[Project, Reading]:
    project = examples.load(name)
    text = script.write(project).text
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return project, read(Source(text))


def test_an_argument_is_followed_and_the_rest_stays_where_it_was() -> None:
    project, found = edited(
        "digits",
        ("nn.Conv2d(32, 64, kernel_size=3", "nn.Conv2d(32, 64, kernel_size=5"),
        ("padding=1)\n        self.norm2", "padding=2)\n        self.norm2"),
    )
    conv = project.graph.nodes["conv2"]
    wanted = replace(conv, params={**conv.params, "kernel_size": 5, "padding": 2})
    assert not found.errors
    assert found.project == replace(project, graph=project.graph.replace_node(wanted))


def test_a_new_layer_is_laid_out_beside_what_it_is_wired_with() -> None:
    project, found = edited(
        "digits",
        ("        self.pool1 =", "        self.extra = nn.Dropout2d(0.3)\n        self.pool1 ="),
        ("        x = self.pool1(x)", "        x = self.extra(x)\n        x = self.pool1(x)"),
    )
    graph = found.project.graph
    assert graph.nodes["extra"].kind == "Dropout2d" and graph.nodes["extra"].params == {"p": 0.3}
    assert {
        Edge("relu2", "output", "extra", "input"),
        Edge("extra", "output", "pool1", "input"),
    } <= graph.edges
    assert {name: node.position for name, node in graph.nodes.items() if name != "extra"} == {
        name: node.position for name, node in project.graph.nodes.items()
    }
    assert graph.nodes["extra"].position not in {node.position for node in project.graph.nodes.values()}
    assert not found.errors


def test_a_layer_taken_out_of_forward_is_gone_and_the_wires_close_behind_it() -> None:
    project, found = edited(
        "digits", ("        x = self.dropout1(x)\n", ""), ("        self.dropout1 = nn.Dropout()\n", "")
    )
    assert "dropout1" not in found.project.graph.nodes
    assert Edge("flatten1", "output", "linear1", "input") in found.project.graph.edges
    assert found.project.graph.nodes.keys() == project.graph.nodes.keys() - {"dropout1"}


def test_a_layer_after_the_last_one_feeds_the_loss() -> None:
    project, found = edited(
        "digits",
        (
            "        self.linear1 = nn.Linear(1024, 10)",
            "        self.linear1 = nn.Linear(1024, 64)\n        self.last = nn.Linear(64, 10)",
        ),
        ("        x = self.linear1(x)  # (N, 10)", "        x = self.linear1(x)\n        x = self.last(x)"),
    )
    ends = {edge.target for edge in project.graph.edges if edge.source == "linear1"}
    assert {edge.target for edge in found.project.graph.edges if edge.source == "last"} == ends
    assert found.project.graph.nodes["linear1"].params["out_features"] == 64


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        (
            '"--epochs", type=int, default=15',
            '"--epochs", type=int, default=40',
            lambda one: replace(one, epochs=40),
        ),
        (
            '"--batch-size", type=int, default=64',
            '"--batch-size", type=int, default=8',
            lambda one: replace(one, batch_size=8),
        ),
        (
            '"--lr", type=float, default=0.002',
            '"--lr", type=float, default=0.01',
            lambda one: replace(one, optimizer=Choice("Adam", {"lr": 0.01, "fused": True})),
        ),
        (
            "torch.optim.Adam(model.parameters(), lr=args.lr, fused=True)",
            "torch.optim.SGD(model.parameters(), lr=args.lr, momentum=0.9)",
            lambda one: replace(one, optimizer=Choice("SGD", {"momentum": 0.9, "lr": 0.002})),
        ),
    ],
)
def test_settings_are_followed(old: str, new: str, wanted: Callable[..., object]) -> None:
    project, found = edited("digits", (old, new))
    assert found.project.training == wanted(project.training)
    assert found.project.graph == project.graph
    assert not found.remarks


def test_a_loss_is_followed() -> None:
    project, found = edited("digits", ("nn.CrossEntropyLoss()", "nn.CrossEntropyLoss(label_smoothing=0.1)"))
    loss = next(node for node in found.project.graph.nodes.values() if node.kind == "CrossEntropyLoss")
    assert loss.params == {"label_smoothing": 0.1}
    assert not found.remarks
    assert found.project.training == project.training


def test_a_setting_that_can_not_be_is_told_with_its_line() -> None:
    _, found = edited("digits", ('"--epochs", type=int, default=15', '"--epochs", type=int, default=0'))
    (error,) = found.errors
    assert error.message.startswith("epochs is a whole number from 1")
    assert error.line


def test_a_change_that_can_not_be_drawn_is_told() -> None:
    project, found = edited("digits", ("    model.eval()\n", "    model.eval()\n    print('here')\n"))
    assert found.project == project
    (remark,) = found.remarks
    assert remark.severity == "note" and remark.message.startswith("evaluate was changed by hand")


def test_a_block_is_edited_once_for_all_its_uses() -> None:
    project, found = edited(
        "googlenet", ("nn.BatchNorm2d(width, eps=0.001)", "nn.BatchNorm2d(width, eps=0.01)")
    )
    assert not found.errors
    assert found.project.blocks["ConvNorm"].graph.nodes["norm"].params == {"eps": 0.01}
    assert found.project.graph == project.graph


def test_a_default_of_a_block_is_followed() -> None:
    project, found = edited(
        "googlenet",
        ("in_channels, one=64", "in_channels, one=48")
        if "in_channels, one=64" in script.write(examples.load("googlenet")).text
        else ("one=64,", "one=48,"),
    )
    assert found.project.blocks["Inception"].params["one"] == 48
    assert project.blocks["Inception"].params["one"] == 64


def test_a_comment_that_is_damaged_costs_the_layout_and_is_told() -> None:
    project = examples.load("digits-mlp")
    text = script.write(project).text
    damaged = text.replace('"said"', '"sai', 1)
    found = read(Source(damaged))
    assert any("laid out anew" in remark.message for remark in found.remarks)
    assert {node.kind for node in found.project.graph.nodes.values()} >= {"Linear", "Sigmoid"}
