import json
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from nndesigner import cli, examples, nnd
from nndesigner.graph import Graph, Node
from nndesigner.project import Choice, Project, Training
from nndesigner.training.incoming import Start, chosen
from nndesigner.training.run import Run, TrainingError, prepare, train
from nndesigner.training.trials import Finding, Probe, initial_loss, learning_rate_range, overfit_one_batch
from tests.conftest import chain, nested_digits, residual_digits, small_digits, wired

Trial = Callable[[Run], Iterator[Probe | Finding]]
TRIALS = [initial_loss, overfit_one_batch, learning_rate_range]


def found(trial: Trial, project: Project) -> Finding:
    *probes, last = trial(prepare(project))
    assert all(isinstance(one, Probe) for one in probes)
    assert isinstance(last, Finding)
    return last


def on_numbers(loss: str, normalize: bool = True) -> Project:
    nodes = [
        Node("data", "Data", {"dataset": "diabetes", "normalize": normalize}),
        Node("linear1", "Linear", {"out_features": 16}),
        Node("relu1", "ReLU"),
        Node("linear2", "Linear", {"out_features": 1}),
        Node("loss", loss),
    ]
    edges = [*wired("data.features > linear1", "linear2 > loss", "data.progression > loss.target")]
    return Project(Graph.of(nodes, [*edges, *chain("linear1", "relu1", "linear2")]), {}, Training())


def test_a_classifier_begins_at_the_logarithm_of_its_classes() -> None:
    finding = found(initial_loss, small_digits())
    assert finding.good
    assert finding.value == pytest.approx(math.log(10), rel=0.05)
    assert "expected was 2.303, ln 10, that of equal scores for 10 classes. That fits." in finding.sentence


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Start:
    """The weights of the small network once it has learned."""
    kept: list[torch.nn.Module] = []
    list(train(prepare(small_digits(epochs=6)), kept.append))
    path = tmp_path_factory.mktemp("learned") / "weights.pt"
    torch.save(kept[0].state_dict(), path)
    return chosen(path)


def test_weights_that_have_learned_begin_below_the_expected_loss(learned: Start) -> None:
    *_, fresh = initial_loss(prepare(small_digits()))
    *_, finding = initial_loss(prepare(small_digits(), learned))
    assert isinstance(fresh, Finding) and isinstance(finding, Finding)
    assert finding.good and finding.value < 0.5 < 2 < fresh.value
    assert finding.sentence.startswith(
        "With the weights of weights.pt, of which 4 of 4 fit, the loss begins at"
    )
    assert "random weights would begin near 2.303, ln 10" in finding.sentence
    assert finding.sentence.endswith("So they know something of it.")


def test_learning_by_heart_begins_with_the_weights_that_were_chosen(learned: Start) -> None:
    *_, finding = overfit_one_batch(prepare(small_digits(), learned))
    assert isinstance(finding, Finding) and finding.good
    assert finding.curve[0][1] < 0.5


def test_where_weights_know_it_already_no_rate_need_make_the_loss_sink(learned: Start) -> None:
    project = small_digits(optimizer=Choice("SGD", {"lr": 0.1}))
    first, *_ = learning_rate_range(prepare(project, learned))
    assert isinstance(first, Probe) and first.loss < 0.5
    graph = project.graph.insert(
        Node("nothing", "Scale", {"factor": 0.0}),
        project.graph.incoming["linear1"]["input"],
        "input",
        "output",
    )
    frozen = replace(graph.nodes["linear1"], frozen=True)
    still = replace(project, graph=graph.replace_node(frozen))
    *_, finding = learning_rate_range(prepare(still, learned))
    assert isinstance(finding, Finding)
    assert "the weights it begins with may know this already, or the network may not" in finding.sentence


def test_weights_that_learned_something_else_are_found_in_the_first_loss(
    learned: Start, tmp_path: Path
) -> None:
    state = torch.load(learned.path, weights_only=True)
    for name in ("linear1.weight", "linear1.bias"):  # the digits in another order
        state[name] = state[name].roll(3, 0)
    torch.save(state, tmp_path / "other.pt")
    *_, finding = initial_loss(prepare(small_digits(), chosen(tmp_path / "other.pt")))
    assert isinstance(finding, Finding)
    assert not finding.good and "they may have learned something else" in finding.sentence


def test_weights_that_changed_since_they_were_chosen_are_refused(learned: Start, tmp_path: Path) -> None:
    path = tmp_path / "weights.pt"
    path.write_bytes(learned.path.read_bytes())
    start = chosen(path)
    path.write_bytes(b"something else")
    with pytest.raises(TrainingError, match="is not what it was when it was chosen"):
        list(initial_loss(prepare(small_digits(), start)))


def test_probe_takes_the_weights_that_train_takes(
    learned: Start, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nnd.save(small_digits(), tmp_path / "small.nnd")
    probe = ["probe", str(tmp_path / "small.nnd"), "--only", "loss"]
    assert cli.main([*probe, "--weights", str(learned.path), "--json"]) == 0
    (finding,) = json.loads(capsys.readouterr().out.splitlines()[-1])["findings"]
    assert finding["value"] < 0.5
    assert cli.main([*probe, "--by-order"]) == 2
    assert cli.main([*probe, "--weights", str(tmp_path / "nowhere.pt")]) == 1


def test_yes_and_no_begin_at_the_logarithm_of_two() -> None:
    finding = found(initial_loss, examples.load("breast-cancer"))
    assert finding.good and "0.6931, ln 2" in finding.sentence


def test_numbers_begin_at_the_variance_of_their_target() -> None:
    finding = found(initial_loss, on_numbers("MSELoss"))
    assert finding.good and "the variance of the target" in finding.sentence


def test_a_target_that_is_not_normalized_is_found_in_the_first_loss() -> None:
    finding = found(initial_loss, on_numbers("MSELoss", normalize=False))
    assert not finding.good
    assert finding.value > 20_000
    assert "Normalize the data or the target" in finding.sentence


def test_scores_that_are_too_large_are_found_in_the_first_loss() -> None:
    project = small_digits()
    graph = project.graph.insert(
        Node("louder", "Scale", {"factor": 100.0}), project.graph.incoming["loss"]["input"], "input", "output"
    )
    finding = found(initial_loss, replace(project, graph=graph))
    assert not finding.good and "strong opinions that are wrong" in finding.sentence


@pytest.mark.parametrize("loss", ["L1Loss", "SmoothL1Loss", "HuberLoss", "MSELoss", "PoissonNLLLoss"])
def test_every_loss_of_numbers_has_something_to_expect(loss: str) -> None:
    assert "expected was" in found(initial_loss, on_numbers(loss)).sentence


def test_several_losses_are_expected_together_with_their_weights() -> None:
    finding = found(initial_loss, residual_digits())
    assert f"expected was {1.3 * math.log(10):.4g}" in finding.sentence


def test_what_can_learn_learns_a_batch_by_heart() -> None:
    finding = found(overfit_one_batch, small_digits())
    assert finding.good and finding.value <= 0.01
    assert finding.sentence.startswith("The network learned 32 records by heart: in ")
    assert finding.curve[0][1] == pytest.approx(math.log(10), rel=0.1)


def test_what_lets_nothing_through_can_not_learn_by_heart() -> None:
    project = small_digits()
    graph = project.graph.insert(
        Node("nothing", "Scale", {"factor": 0.0}),
        project.graph.incoming["linear1"]["input"],
        "input",
        "output",
    )
    finding = found(overfit_one_batch, replace(project, graph=graph))
    assert not finding.good
    assert finding.sentence.startswith("The network can't learn 32 records by heart")


def test_a_learning_rate_that_is_far_too_high_is_told_when_learning_by_heart() -> None:
    project = on_numbers("MSELoss", normalize=False)
    training = replace(project.training, optimizer=Choice("SGD", {"lr": 1e3}))
    finding = found(overfit_one_batch, replace(project, training=training))
    assert not finding.good and "lower the learning rate" in finding.sentence


@pytest.mark.parametrize("name", ["Adam", "SGD", "LBFGS"])
def test_the_rate_that_is_suggested_learns(name: str) -> None:
    project = small_digits(optimizer=Choice(name, {"lr": 1e-9}), epochs=1)
    finding = found(learning_rate_range, project)
    assert finding.good and finding.value > 1e-4
    assert f"about {finding.value:g}" in finding.sentence
    tried = replace(project.training, optimizer=Choice(name, {"lr": finding.value}))
    heart = found(overfit_one_batch, replace(project, training=tried))
    assert heart.good


def test_where_it_diverges_is_told() -> None:
    finding = found(learning_rate_range, small_digits(optimizer=Choice("SGD", {"lr": 0.1, "momentum": 0.9})))
    assert "on it rises again" in finding.sentence
    rates = [rate for rate, _ in finding.curve]
    assert rates == sorted(rates) and rates[0] == pytest.approx(1e-6)
    assert finding.value < rates[-1]


def test_layers_that_learn_a_hundred_times_as_fast_ask_for_a_rate_a_hundred_times_lower() -> None:
    project = small_digits(optimizer=Choice("SGD"))
    graph = project.graph
    for name in ("conv1", "linear1"):
        graph = graph.replace_node(replace(graph.nodes[name], rate=100.0))
    plain = found(learning_rate_range, project).value
    assert found(learning_rate_range, replace(project, graph=graph)).value == pytest.approx(
        plain / 100, rel=0.6
    )


def test_nothing_sinks_where_nothing_can_be_learned() -> None:
    project = small_digits()
    graph = project.graph.insert(
        Node("nothing", "Scale", {"factor": 0.0}),
        project.graph.incoming["linear1"]["input"],
        "input",
        "output",
    )
    frozen = replace(graph.nodes["linear1"], frozen=True)
    finding = found(learning_rate_range, replace(project, graph=graph.replace_node(frozen)))
    assert not finding.good and "With no learning rate" in finding.sentence


@pytest.mark.parametrize("trial", TRIALS)
def test_a_trial_gives_the_same_each_time_and_leaves_all_generators_as_they_were(trial: Trial) -> None:
    project = nested_digits(batch_size=64)
    torch.manual_seed(1), np.random.seed(1), random.seed(1)
    first = found(trial, project)
    drawn = torch.rand(1).item(), np.random.rand(), random.random()
    torch.manual_seed(1), np.random.seed(1), random.seed(1)
    assert (torch.rand(1).item(), np.random.rand(), random.random()) == drawn
    running = trial(prepare(project))
    for _ in range(3):
        next(running)
        torch.rand(7)  # between two steps others may draw
    *_, last = running
    assert last == first


@pytest.mark.parametrize("trial", TRIALS)
def test_a_trial_of_pictures_lying_pixel_by_pixel_in_bf16_works(trial: Trial) -> None:
    assert found(trial, small_digits(channels_last=True, precision="bf16")).good
