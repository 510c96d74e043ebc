"""How long layers take: measured for every layer wherever it stands, and nobody else's random numbers are touched."""

import json

import pytest
import torch

from nndesigner import amounts, cli, examples, timing
from nndesigner.costs import costs
from nndesigner.graph import Graph, Node
from nndesigner.plan import make
from nndesigner.project import Project, Training
from nndesigner.timing import ROUNDS, Time, Times, timed
from nndesigner.training.run import TrainingError
from tests.conftest import chain, nested_digits, residual_digits


def last(project: Project, batch: int = 2, rounds: int = 2) -> Times:
    found = timed(make(project), project.training, batch)
    return [next(found) for _ in range(rounds)][-1]


@pytest.mark.parametrize("project", [residual_digits(), nested_digits(), examples.load("digits")])
def test_every_layer_has_a_time_and_blocks_are_the_sum_of_their_inside(project: Project) -> None:
    found = last(project)
    assert found.rounds == 2 and found.batch == 2
    assert found.of.keys() == costs(make(project), 2).of.keys()
    assert all(one.forwards > 0 for one in found.of.values())
    tops = [one for name, one in found.of.items() if "." not in name]
    assert sum(one.both for one in tops) == pytest.approx(found.whole.both)
    for name, one in found.of.items():
        inner = [other.both for path, other in found.of.items() if path.rpartition(".")[0] == name]
        assert not inner or sum(inner) == pytest.approx(one.both)


def test_what_nothing_comes_back_to_takes_no_time_backwards() -> None:
    found = last(residual_digits()).of
    assert found["flatten1"].backwards > 0 and found["linear2"].backwards > 0
    nodes = [
        Node("inp", "Input", {"shape": (3, 8, 8)}),
        Node("pool", "MaxPool2d", {"kernel_size": 2}),
        Node("out", "Output"),
    ]
    plain = Project(Graph.of(nodes, chain("inp", "pool", "out")))
    assert last(plain).of["pool"].backwards == 0


def test_a_layer_with_more_to_do_takes_longer() -> None:
    nodes = [
        Node("inp", "Input", {"shape": (256,)}),
        Node("large", "Linear", {"out_features": 4096}),
        Node("small", "Linear", {"out_features": 1}),
        Node("out", "Output"),
    ]
    found = last(Project(Graph.of(nodes, chain("inp", "large", "small", "out"))), 256, 5)
    assert found.of["large"].both > found.of["small"].both


def test_it_ends_by_itself_and_when_nobody_wants_it() -> None:
    project = examples.load("digits")
    plan = make(project)
    assert len(list(timed(plan, project.training, 1))) == ROUNDS
    asked = iter([False] * 3)
    assert list(timed(plan, project.training, 1, lambda: next(asked, True))) == []


def test_random_numbers_of_others_go_on_as_if_nothing_had_been_measured() -> None:
    torch.manual_seed(3)
    wanted = torch.rand(4)
    torch.manual_seed(3)
    last(residual_digits())
    assert torch.equal(torch.rand(4), wanted)


def test_what_does_not_fit_is_refused_in_words() -> None:
    project = examples.load("digits")
    broken = Project(project.graph.disconnect(project.graph.incoming["conv2"].values()))
    with pytest.raises(TrainingError, match="conv2"):
        next(timed(make(broken), Training(), 1))
    nodes = [Node("inp", "Input", {"shape": (4,)}), Node("norm", "BatchNorm1d"), Node("out", "Output")]
    alone = Project(Graph.of(nodes, chain("inp", "norm", "out")))
    with pytest.raises(TrainingError, match="measuring the layers failed in norm"):
        next(timed(make(alone), Training(), 1))


def test_it_ends_in_words_before_the_memory_does(monkeypatch: pytest.MonkeyPatch) -> None:
    left = iter([1 << 40] * 4)
    monkeypatch.setattr(timing, "_memory_left", lambda: next(left, 1 << 20))
    with pytest.raises(TrainingError, match="needs more memory than there is: choose a smaller batch"):
        last(residual_digits())


def test_the_command_line_tells_the_slowest_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "digits", "--time", "--batch", "4", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["times"]
    assert told["device"] and told["rounds"] == ROUNDS
    assert set(told["nodes"]) == set(costs(make(examples.load("digits")), 4).of)
    assert cli.main(["check", "digits", "--time", "--batch", "4"]) == 0
    assert "median of 9" in capsys.readouterr().out


def test_seconds_are_written_short() -> None:
    written = [amounts.seconds(one) for one in (0.0, 3.43e-6, 0.00343, 0.1234, 2.5)]
    assert written == ["0 µs", "3.43 µs", "3.43 ms", "123 ms", "2.50 s"]
    assert Time(1, 2) + Time(3, 4) == Time(4, 6)
