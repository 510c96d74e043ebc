import contextlib
import json
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from sklearn.metrics import accuracy_score, mean_absolute_error

from nndesigner import data, examples, metrics
from nndesigner.catalogue.data import DataSet
from nndesigner.catalogue.datasets import BY_NAME
from nndesigner.data import parts
from nndesigner.graph import Edge, Graph, Node
from nndesigner.model import weights_sha256
from nndesigner.plan import make
from nndesigner.project import Choice, Project, Training
from nndesigner.training import result
from nndesigner.training.report import Began, Diverged, EpochEnded, Finished, Report, Stepped
from nndesigner.training.run import TrainingError, prepare, train
from tests.conftest import residual_digits, small_digits, wired

OF_SKLEARN = [BY_NAME[name] for name in ("digits", "iris", "wine", "breast-cancer", "diabetes")]


def finished(project: Project) -> Finished:
    last = list(train(prepare(project)))[-1]
    assert isinstance(last, Finished)
    return last


def test_the_digits_example_reaches_98_percent_on_what_was_kept_apart() -> None:
    assert finished(examples.load("digits")).test["accuracy"] >= 0.98


def test_the_same_seed_gives_the_same_weights_and_another_seed_others() -> None:
    first, again, other = (finished(small_digits(seed=seed)) for seed in (3, 3, 4))
    assert first.weights_sha256 == again.weights_sha256 != other.weights_sha256
    assert first.test == again.test


def test_checking_and_drawing_beside_a_run_does_not_change_its_weights() -> None:
    """The window plans in another thread while a run draws from torch's global generator."""
    alone = finished(residual_digits()).weights_sha256
    going = threading.Event()

    def check() -> None:
        width = 0
        while not going.is_set():
            width += 1
            project = residual_digits()
            head = project.graph.nodes["head"].with_param("out_features", 10 + width)
            make(replace(project, graph=project.graph.replace_node(head)))

    thread = threading.Thread(target=check)
    thread.start()
    try:
        assert finished(residual_digits()).weights_sha256 == alone
    finally:
        going.set()
        thread.join()


def test_reports_come_in_order_with_all_figures() -> None:
    reports: list[Report] = list(train(prepare(small_digits(epochs=2, batch_size=100))))
    began = reports[0]
    assert began == Began(2, 13, (1257, 180, 360), began.parameters)  # type: ignore[union-attr]
    steps = [report for report in reports if isinstance(report, Stepped)]
    assert [report.step for report in steps] == list(range(1, 27))
    epochs = [report for report in reports if isinstance(report, EpochEnded)]
    assert [report.epoch for report in epochs] == [1, 2]
    sizes = [100] * 12 + [57]
    mean = sum(report.loss * size for report, size in zip(steps[:13], sizes, strict=True)) / 1257
    assert epochs[0].train["loss"] == pytest.approx(mean)
    assert set(epochs[0].validation) == {"loss", "accuracy"}
    assert isinstance(reports[-1], Finished)


def test_training_learns() -> None:
    reports = [report for report in train(prepare(small_digits(epochs=5))) if isinstance(report, EpochEnded)]
    assert reports[-1].validation["accuracy"] > 0.9 > reports[0].train["accuracy"]


def test_the_scheduler_sets_the_learning_rate() -> None:
    project = small_digits(epochs=3, scheduler=Choice("StepLR", {"step_size": 1, "gamma": 0.5}))
    rates = [report.learning_rate for report in train(prepare(project)) if isinstance(report, EpochEnded)]
    assert rates == [0.01, 0.005, 0.0025]


def rates(**training: object) -> list[float]:
    project = small_digits(batch_size=126, **training)
    return [report.learning_rate for report in train(prepare(project)) if isinstance(report, EpochEnded)]


def test_one_cycle_rises_and_sinks_step_by_step_over_the_whole_training() -> None:
    cycle = Choice("OneCycleLR", {"max_lr": 0.01, "pct_start": 0.5, "anneal_strategy": "linear"})
    first, second, last = rates(epochs=3, scheduler=cycle)
    assert 0.0004 < first < 0.01 and 0.0004 < second < 0.01
    assert last == pytest.approx(0.01 / 25 / 1e4)


def test_a_cycle_is_of_steps() -> None:
    cycle = Choice(
        "CyclicLR", {"base_lr": 0.001, "max_lr": 0.009, "step_size_up": 4, "cycle_momentum": False}
    )
    # Ten steps an epoch: the tenth is 1 of 4 up, the twentieth 3 of 4.
    assert rates(epochs=2, scheduler=cycle) == pytest.approx([0.003, 0.007])


def test_a_warm_up_rises_before_the_learning_rate_sinks() -> None:
    warm = Choice("PolynomialLR", {"warmup": 3})
    expected = [0.001, 0.004, 0.007, 0.01, 0.005]
    assert rates(epochs=5, scheduler=warm) == pytest.approx(expected)


def test_a_plateau_is_one_of_the_validation_loss() -> None:
    never = {"factor": 0.5, "patience": 1, "threshold": 1e6, "threshold_mode": "abs"}
    assert rates(epochs=5, scheduler=Choice("ReduceLROnPlateau", never)) == [0.01, 0.01, 0.01, 0.005, 0.005]
    assert set(rates(epochs=5, scheduler=Choice("ReduceLROnPlateau", {"patience": 1}))) == {0.01}


def test_a_step_that_asks_for_the_loss_several_times_tells_what_it_was_before() -> None:
    lbfgs = small_digits(epochs=1, batch_size=2000, optimizer=Choice("LBFGS"))
    sgd = small_digits(epochs=1, batch_size=2000, optimizer=Choice("SGD"))
    (one,), (other,) = (
        [report.loss for report in train(prepare(project)) if isinstance(report, Stepped)]
        for project in (lbfgs, sgd)
    )
    assert one == other


@pytest.mark.parametrize(
    ("training", "message"),
    [
        ({"optimizer": Choice("Muon")}, "Muon takes weights with two axes only; conv1.weight has 4"),
        ({"optimizer": Choice("SparseAdam")}, "SparseAdam takes sparse gradients only"),
        ({"optimizer": Choice("SGD", {"nesterov": True})}, "momentum above 0"),
        (
            {"optimizer": Choice("SGD", {"nesterov": True, "momentum": 0.9, "dampening": 0.1})},
            "dampening of 0",
        ),
        ({"optimizer": Choice("Rprop", {"etas": (0.5, 0.9)})}, "below 1 and one above 1"),
        (
            {"optimizer": Choice("Adagrad"), "scheduler": Choice("OneCycleLR", {"max_lr": 0.1})},
            "OneCycleLR: cycle_momentum needs an optimizer with momentum, which Adagrad has not",
        ),
        ({"scheduler": Choice("MultiStepLR")}, "milestones is missing"),
        ({"scheduler": Choice("CosineAnnealingLR", {"warmup": 2})}, "leaves nothing of the 2"),
    ],
)
def test_settings_that_do_not_go_together_are_refused_with_the_reason(
    training: dict[str, object], message: str
) -> None:
    with pytest.raises(TrainingError, match=message):
        list(train(prepare(small_digits(**training))))


def test_muon_names_the_bias_that_stands_in_its_way() -> None:
    project = small_digits(optimizer=Choice("Muon"))
    frozen = replace(project.graph.nodes["conv1"], frozen=True)
    with pytest.raises(TrainingError, match=r"linear1.bias has 1.*turn that bias off"):
        list(train(prepare(replace(project, graph=project.graph.replace_node(frozen)))))


def test_a_frozen_layer_keeps_its_weights() -> None:
    project = residual_digits()
    kept: list[torch.nn.Module] = []
    reports = train(prepare(project), kept.append)
    next(reports)
    frozen = kept[0].get_submodule("linear2")
    before = {name: weight.clone() for name, weight in frozen.state_dict().items()}
    list(reports)
    assert all(torch.equal(weight, before[name]) for name, weight in frozen.state_dict().items())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p: replace(p, graph=p.graph.remove(["loss"])), "needs a loss"),
        (lambda p: replace(p, graph=p.graph.remove(["data"])), "gets nothing"),
        (lambda p: replace(p, graph=p.graph.replace_node(Node("relu1", "Unheard"))), "unknown kind"),
        (lambda p: replace(p, training=replace(p.training, optimizer=Choice("Magic"))), "'Magic'"),
        (
            lambda p: replace(p, training=replace(p.training, optimizer=Choice("Adam", {"lr": -1.0}))),
            "above 0",
        ),
        (lambda p: replace(p, training=replace(p.training, validation=0.0001)), "too few"),
        (
            lambda p: replace(
                p,
                graph=p.graph.remove(["data"])
                .add(
                    Node("given", "Input", {"shape": (1, 8, 8)}),
                    Node("right", "Input", {"shape": (1,), "dtype": "int64"}),
                )
                .connect(Edge("given", "output", "conv1", "input"))
                .remove(["loss"]),
            ),
            "add a Data node",
        ),
        (
            lambda p: replace(
                p,
                graph=p.graph.replace_node(replace(p.graph.nodes["conv1"], frozen=True)).replace_node(
                    replace(p.graph.nodes["linear1"], frozen=True)
                ),
            ),
            "nothing to learn",
        ),
    ],
)
def test_what_can_not_be_trained_is_refused_with_the_reason(change: object, message: str) -> None:
    with pytest.raises(TrainingError, match=message):
        list(train(prepare(change(small_digits()))))  # type: ignore[operator]


def test_a_last_batch_that_is_too_small_to_normalize_is_told() -> None:
    project = small_digits(batch_size=1256)
    graph = project.graph.insert(
        Node("norm1", "BatchNorm1d"), Edge("dropout1", "output", "linear1", "input"), "input", "output"
    )
    with pytest.raises(TrainingError, match=r"norm1 needs more than one value .* one record"):
        list(train(prepare(replace(project, graph=graph))))


@pytest.mark.parametrize("one", OF_SKLEARN, ids=lambda one: one.name)
def test_a_data_set_holds_what_its_card_says(one: DataSet) -> None:
    arrays = parts.read(one, {}, Training())
    assert list(arrays) == [field.name for field in one.fields]
    for field in one.fields:
        array = arrays[field.name]
        assert array.shape == (one.size, *field.sizes)
        assert str(array.dtype) == field.dtype or field.sort == "image"
        if field.classes:
            assert set(np.unique(array)) == set(range(len(field.classes)))


def test_parts_are_disjoint_cover_everything_and_are_prepared_on_the_training_part() -> None:
    whole = parts.load(BY_NAME["wine"], {}, Training())
    rows = torch.cat([part.tensors["features"] for part in (whole.train, whole.validation, whole.test)])
    assert len(torch.unique(rows, dim=0)) == 178
    assert torch.allclose(whole.train.tensors["features"].mean(0), torch.zeros(13), atol=1e-5)
    assert torch.allclose(whole.train.tensors["features"].std(0, unbiased=False), torch.ones(13), atol=1e-4)
    assert not torch.allclose(whole.test.tensors["features"].mean(0), torch.zeros(13), atol=1e-3)
    assert data.__doc__


def measured(metric: str, prediction: torch.Tensor, target: torch.Tensor) -> float:
    """The metric over two batches, as it is kept while a network is trained."""
    tally = metrics.Tally(metric)
    for chosen in (slice(0, 17), slice(17, None)):
        tally.add(len(prediction[chosen]), torch.zeros(()), (prediction[chosen], target[chosen]))
    return tally.means()[metric]


def test_metrics_agree_with_scikit_learn() -> None:
    generator = torch.Generator().manual_seed(0)
    scores, classes = torch.randn(50, 4, generator=generator), torch.randint(0, 4, (50,), generator=generator)
    assert measured("accuracy", scores, classes) == accuracy_score(classes, scores.argmax(1))
    logits, labels = (
        torch.randn(50, 1, generator=generator),
        torch.randint(0, 2, (50, 1), generator=generator).float(),
    )
    assert measured("binary_accuracy", logits, labels) == accuracy_score(labels, logits > 0)
    assert measured("rounded_accuracy", logits.sigmoid(), labels) == accuracy_score(labels, logits > 0)
    values, right = torch.randn(50, 3, generator=generator), torch.randn(50, 3, generator=generator)
    assert measured("mean_absolute_error", values, right) == pytest.approx(mean_absolute_error(right, values))


def test_each_place_of_a_picture_counts_for_the_accuracy() -> None:
    scores = torch.zeros(2, 3, 2, 2)
    scores[:, 1] = 1
    target = torch.tensor([[[1, 1], [1, 0]], [[1, 2], [0, 0]]])
    right, of = metrics.accuracy(scores, target)
    assert (int(right), int(of)) == (4, 8)


def test_what_pads_a_sentence_counts_for_no_accuracy() -> None:
    scores = torch.zeros(1, 3, 4)
    scores[:, 1] = 1
    right, of = metrics.accuracy(scores, torch.tensor([[1, 2, -100, -100]]))
    assert (int(right), int(of)) == (1, 2)


def test_a_run_is_saved_with_its_weights_and_report(tmp_path: Path) -> None:
    kept: list[torch.nn.Module] = []
    reports = list(train(prepare(small_digits()), kept.append))
    result.save(tmp_path / "run", small_digits(), kept[0], reports)
    report = json.loads((tmp_path / "run" / "report.json").read_text())
    assert weights_sha256(load_file(tmp_path / "run" / "weights.safetensors")) == report["weights_sha256"]
    assert [epoch["epoch"] for epoch in report["epochs"]] == [1, 2]


def test_a_network_that_does_not_fit_into_memory_is_refused_with_the_reason() -> None:
    project = small_digits()
    graph = project.graph.insert(
        Node("huge", "Linear", {"out_features": 10**12}), Edge("dropout1", "output", "linear1", "input"), "input", "output"
    )  # fmt: skip
    with pytest.raises(TrainingError, match="building the network needs more memory than there is"):
        list(train(prepare(replace(project, graph=graph))))


@pytest.mark.parametrize("kind", ["MSELoss", "BCEWithLogitsLoss"])
def test_predictions_of_one_axis_are_measured(kind: str) -> None:
    nodes = [
        Node("data", "Data", {"dataset": "breast-cancer"}),
        Node("linear1", "Linear", {"out_features": 1}),
        Node("flat", "Reshape", {"shape": (-1,)}),
        Node("right", "Reshape", {"shape": (-1,)}),
        Node("loss", kind),
    ]
    edges = wired("data.features > linear1", "linear1 > flat", "data.benign > right")
    edges += wired("flat > loss", "right > loss.target")
    done = finished(Project(Graph.of(nodes, edges), {}, Training(epochs=1)))
    assert len(done.test) == 2


def test_a_run_that_goes_to_infinity_ends_with_the_layer_that_is_to_blame() -> None:
    project = small_digits(epochs=3, optimizer=Choice("SGD", {"lr": 1e30}))
    with pytest.raises(
        TrainingError, match=r"step 2: linear1 is the first that gives .* Lower the learning rate"
    ):
        list(train(prepare(project)))
    seen = collected(project)
    assert isinstance(seen[-1], Diverged)
    assert (seen[-1].epoch, seen[-1].step, seen[-1].node) == (1, 2, "linear1")


def collected(project: Project) -> list[Report]:
    """All reports of a run up to where it fails."""
    found: list[Report] = []
    with contextlib.suppress(TrainingError):
        for report in train(prepare(project)):
            found.append(report)
    return found


def test_what_is_no_number_is_null_in_json() -> None:
    ended = EpochEnded(1, {"loss": float("nan")}, {"loss": float("inf")}, float("inf"), 1.0)
    (row,) = result.summary([ended])["epochs"]
    told = json.loads(json.dumps(row, allow_nan=False))
    assert told["train"]["loss"] is None and told["learning_rate"] is None
