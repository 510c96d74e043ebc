import json
import math
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from nndesigner import nnd
from nndesigner.graph import Code, Graph, Node
from nndesigner.model import Network, weights_sha256
from nndesigner.project import Choice, Project, Training
from nndesigner.training import checkpoint
from nndesigner.training.report import Diverged, EpochEnded, Examined, Finished, Report, Stepped
from nndesigner.training.run import TrainingError, prepare, train
from nndesigner.training.session import Session
from tests.conftest import chain, residual_digits, small_digits, wired

BATCH = 180  # seven steps an epoch
NOISY = Code(
    "noisy",
    "import random\n\nimport numpy as np\n\n\ndef noisy(x):\n    return x * (0.9 + 0.1 * random.random() + 0.1 * np.random.rand())\n",
)


def varied(**training: object) -> Project:
    """Dropout, noise and shifts, and a layer of one's own that draws from the generators of NumPy and Python."""
    project = small_digits(**{"batch_size": BATCH, **training})
    data = replace(
        project.graph.nodes["data"], params={"dataset": "digits", "noise": 0.1, "shift": 1.0, "rotate": 10.0}
    )
    graph = project.graph.replace_node(data).insert(
        Node("noisy1", "noisy"), project.graph.incoming["linear1"]["input"], "x", "output"
    )
    trusted = frozenset({NOISY.sha256})
    return replace(project, graph=graph, code={"noisy": NOISY}, trusted=trusted)


def disturb() -> None:
    """Draws from all generators, as other code of the program might."""
    torch.rand(1000), np.random.rand(1000), random.random()


def losses(reports: Iterator[Report]) -> list[float]:
    return [report.loss for report in reports if isinstance(report, Stepped)]


def plain_sha256(session: Session) -> str:
    return weights_sha256(session.trained.state_dict())


def images(session: Session) -> tuple[torch.Tensor, torch.Tensor]:
    return session.data.train.tensors["image"], session.data.train.tensors["label"]


SETTINGS = {
    "plain": {},
    "a schedule by steps": {"scheduler": Choice("OneCycleLR", {"max_lr": 0.02})},
    "a schedule by epochs": {"scheduler": Choice("CosineAnnealingLR")},
    "a warm-up": {"scheduler": Choice("CosineAnnealingLR", {"warmup": 2}), "epochs": 4},
    "a schedule by validation": {"scheduler": Choice("ReduceLROnPlateau", {"patience": 0, "threshold": 10.0})},
    "an average": {"average": 0.9},
    "accumulating": {"accumulate": 3, "batch_size": 50, "epochs": 2},
    "clipping and patience": {"clip": 0.5, "patience": 1, "optimizer": Choice("SGD", {"lr": 0.1, "momentum": 0.9})},
    "LBFGS": {"optimizer": Choice("LBFGS", {"max_iter": 3}), "epochs": 2},
    "bf16": {"precision": "bf16"},
    "pixel by pixel": {"channels_last": True},
    "steps": {"steps": 17},
}  # fmt: skip


@pytest.mark.parametrize("name", SETTINGS)
def test_a_run_left_at_any_step_ends_with_the_weights_of_an_unbroken_one(name: str, tmp_path: Path) -> None:
    run = prepare(varied(**{"epochs": 3, "batch_size": BATCH, **SETTINGS[name]}))
    session = Session(run)
    left: list[Path] = []
    unbroken: list[Report] = []
    for report in session.reports():
        unbroken.append(report)
        if isinstance(report, Stepped | EpochEnded):
            left.append(tmp_path / f"{len(left)}.pt")
            checkpoint.write(left[-1], session.state())
    finished = unbroken[-1]
    assert isinstance(finished, Finished)
    for path in left[:: max(1, len(left) // 10)]:
        disturb()
        state = checkpoint.read(path)
        again = Session(run, state)
        reports = list(again.reports())
        last = reports[-1]
        assert isinstance(last, Finished)
        assert last.weights_sha256 == finished.weights_sha256
        assert (last.test, last.reason, last.epoch) == (finished.test, finished.reason, finished.epoch)
        assert losses(iter(reports)) == losses(iter(unbroken))[state["numbers"]["step"] :]


def test_a_run_that_is_asked_for_its_state_and_looked_at_ends_with_the_same_weights() -> None:
    run = prepare(varied(epochs=2))
    *_, expected = train(run)
    session = Session(run)
    session.examine = 1e-9
    for report in session.reports():
        session.state()
        last = report
    assert isinstance(last, Finished) and isinstance(expected, Finished)
    assert last.weights_sha256 == expected.weights_sha256


def test_two_runs_are_not_in_one_anothers_way_when_one_waits() -> None:
    run = prepare(small_digits(epochs=1))
    *_, expected = train(run)
    first = Session(run)
    reports = first.reports()
    for _ in range(5):
        next(reports)
    left = first.state()
    list(train(prepare(small_digits(epochs=1, seed=7))))
    *_, last = Session(run, left).reports()
    assert isinstance(last, Finished) and isinstance(expected, Finished)
    assert last.weights_sha256 == expected.weights_sha256


def plain(**training: object) -> Project:
    """Without dropout, so that a batch can be computed in pieces."""
    project = small_digits(**training)
    bypassed = replace(project.graph.nodes["dropout1"], bypassed=True)
    return replace(project, graph=project.graph.replace_node(bypassed))


def test_small_batches_summed_up_learn_what_one_large_batch_does() -> None:
    large = losses(train(prepare(plain(batch_size=240, epochs=2))))
    small = losses(train(prepare(plain(batch_size=60, accumulate=4, epochs=2))))
    assert len(large) == len(small) == 12
    assert small == pytest.approx(large, rel=1e-4)


def test_a_last_step_of_fewer_batches_weighs_its_records_as_one_batch_would() -> None:
    large, small = (
        prepare(plain(batch_size=size, accumulate=times, epochs=1, optimizer=Choice("SGD", {"lr": 0.1})))
        for size, times in ((1000, 1), (100, 10))
    )
    first, second = Session(large), Session(small)
    assert losses(first.reports()) == pytest.approx(losses(second.reports()), rel=1e-5)
    for one, other in zip(first.network.parameters(), second.network.parameters(), strict=True):
        assert torch.allclose(one, other, atol=1e-6)


def test_gradients_are_clipped_to_the_norm_that_is_set_and_their_norm_is_told() -> None:
    session = Session(prepare(plain(epochs=1, clip=0.01, optimizer=Choice("SGD", {"lr": 1.0}))))
    reports = session.reports()
    next(reports)
    for _ in range(5):
        before = [weight.detach().clone() for weight in session.network.parameters()]
        report = next(reports)
        changes = [one - other for one, other in zip(session.network.parameters(), before, strict=True)]
        norm = torch.stack([change.norm() for change in changes]).norm().item()
        assert isinstance(report, Stepped) and report.gradient > 0.01
        assert norm == pytest.approx(0.01, rel=1e-3)


def test_without_clipping_no_norm_is_told() -> None:
    assert all(
        report.gradient == 0 for report in train(prepare(plain(epochs=1))) if isinstance(report, Stepped)
    )


def test_the_average_is_that_of_the_weights_of_all_steps() -> None:
    session = Session(prepare(plain(epochs=2, batch_size=BATCH, average=0.8)))
    expected: dict[str, torch.Tensor] = {}
    for report in session.reports():
        if isinstance(report, Stepped):
            now = {name: weight.detach().clone() for name, weight in session.network.named_parameters()}
            expected = {
                name: 0.8 * expected[name] + 0.2 * weight if expected else weight
                for name, weight in now.items()
            }
        if isinstance(report, EpochEnded):
            assert report.validation == session.objective.evaluate(session.trained, session.data.validation)
    assert session.trained is not session.network
    for name, weight in session.trained.named_parameters():
        assert torch.allclose(weight, expected[name], atol=1e-6)


def test_patience_ends_a_run_and_gives_back_the_best_weights() -> None:
    project = plain(epochs=50, patience=2, optimizer=Choice("SGD", {"lr": 0.5, "momentum": 0.9}))
    session = Session(prepare(project))
    kept: dict[int, str] = {}
    ends: list[EpochEnded] = []
    for report in session.reports():
        if isinstance(report, EpochEnded):
            ends.append(report)
            kept[report.epoch] = plain_sha256(session)
        last = report
    assert isinstance(last, Finished)
    best = min(ends, key=lambda one: one.validation["loss"])
    assert best.best and best.epoch == last.epoch == len(ends) - 2
    assert last.reason == "the validation loss has not sunk for 2 epochs"
    assert last.weights_sha256 == kept[best.epoch] != kept[len(ends)]


def test_a_run_ends_after_the_steps_that_are_set_also_within_an_epoch() -> None:
    reports = list(train(prepare(small_digits(epochs=3, batch_size=BATCH, steps=10))))
    last = reports[-1]
    assert len(losses(iter(reports))) == 10
    assert sum(isinstance(report, EpochEnded) for report in reports) == 2
    assert isinstance(last, Finished) and last.reason == "10 steps were made"


def test_a_run_ends_after_the_minutes_that_are_set() -> None:
    reports = list(train(prepare(small_digits(epochs=100_000, minutes=0.02))))
    last = reports[-1]
    assert isinstance(last, Finished) and last.reason == "0.02 minutes were over"
    assert 1.2 <= last.seconds < 5


def rated() -> Project:
    """Rates of their own for a layer, for a block, for a layer inside it, and for a block that is repeated."""
    project = residual_digits(
        optimizer=Choice("SGD", {"lr": 0.05, "momentum": 0.9}), scheduler=None, batch_size=300
    )
    graph = project.graph
    for name, rate in (("res1", 0.1), ("head", 3.0), ("pair1", 2.0)):
        graph = graph.replace_node(replace(graph.nodes[name], rate=rate))
    block = project.blocks["Residual"]
    slow = replace(block.graph.nodes["skip"], rate=0.5)
    inner = replace(block, graph=block.graph.replace_node(slow))
    return replace(project, graph=graph, blocks={**project.blocks, "Residual": inner})


def test_layers_with_rates_of_their_own_learn_as_groups_made_by_hand_do() -> None:
    session = Session(prepare(rated()))
    list(session.reports())
    torch.manual_seed(0)
    network = Network(session.plan)

    def rate(name: str) -> float:
        first, *rest = name.split(".")
        own = {"res1": 0.1, "head": 3.0, "pair1": 2.0}.get(first, 1.0)
        return own * (0.5 if "skip" in rest else 1.0)

    groups = [
        {"params": [weight], "lr": 0.05 * rate(name)}
        for name, weight in network.named_parameters()
        if weight.requires_grad
    ]
    assert {round(group["lr"], 9) for group in groups} == {0.05, 0.005, 0.0025, 0.025, 0.15, 0.1}
    optimizer = torch.optim.SGD(groups, momentum=0.9)
    shuffle = torch.Generator().manual_seed(0)
    image, label = images(session)
    for _ in range(2):
        for chosen in torch.randperm(len(label), generator=shuffle).split(300):
            optimizer.zero_grad()
            head, aux = network(image[chosen])
            loss = nn.functional.cross_entropy(head, label[chosen])
            loss = loss + 0.3 * nn.functional.cross_entropy(aux, label[chosen])
            loss.backward()
            optimizer.step()
    for name, weight in session.network.named_parameters():
        assert torch.allclose(weight, network.get_parameter(name), atol=1e-5), name


def test_bf16_learns_on_the_processor_with_weights_that_stay_fp32() -> None:
    session = Session(prepare(small_digits(epochs=3, precision="bf16")))
    *_, last = session.reports()
    assert isinstance(last, Finished) and last.test["accuracy"] > 0.8
    assert {weight.dtype for weight in session.network.parameters()} == {torch.float32}
    exact = losses(train(prepare(small_digits(epochs=3))))
    rounded = losses(Session(prepare(small_digits(epochs=3, precision="bf16"))).reports())
    assert rounded != exact and rounded[:5] == pytest.approx(exact[:5], rel=0.02)


def test_pictures_lying_pixel_by_pixel_give_the_same_but_for_rounding() -> None:
    apart = losses(train(prepare(plain(epochs=1))))
    together = losses(train(prepare(plain(epochs=1, channels_last=True))))
    assert together == pytest.approx(apart, rel=1e-3)


def looked_at(project: Project) -> tuple[Session, Iterator[Report]]:
    session = Session(prepare(project))
    session.examine = 1e-9
    reports = session.reports()
    next(reports)
    return session, reports


@pytest.mark.parametrize("optimizer", [Choice("SGD", {"lr": 0.1, "momentum": 0.9}), Choice("LBFGS")])
def test_the_health_of_a_layer_is_what_one_computes_by_hand(optimizer: Choice) -> None:
    session, reports = looked_at(plain(epochs=1, batch_size=BATCH, optimizer=optimizer))
    image, label = images(session)
    for step in (1, 2, 3):
        before = {name: weight.detach().clone() for name, weight in session.network.named_parameters()}
        stepped, examined = next(reports), next(reports)
        assert isinstance(stepped, Stepped) and isinstance(examined, Examined)
        assert stepped.step == examined.step == step
        assert list(examined.layers) == ["conv1", "relu1", "pool1", "flatten1", "linear1"]
        chosen = session.order[(step - 1) * BATCH : step * BATCH]  # type: ignore[index]
        hand = Network(session.plan)
        hand.load_state_dict(before)
        taken = image[chosen]
        convolved = hand.conv1(taken)
        nn.functional.cross_entropy(
            hand.linear1(hand.pool1(convolved.relu()).flatten(1)), label[chosen]
        ).backward()
        for name in ("conv1", "linear1"):
            layer, health = hand.get_submodule(name), examined.layers[name]
            now = session.network.get_submodule(name)
            gradient = math.sqrt(sum(weight.grad.square().sum().item() for weight in layer.parameters()))
            size = math.sqrt(sum(weight.square().sum().item() for weight in now.parameters()))
            moved = math.sqrt(
                sum(
                    (one - other).square().sum().item()
                    for one, other in zip(now.parameters(), layer.parameters(), strict=True)
                )
            )
            assert health.gradient == pytest.approx(gradient, rel=1e-3)
            assert health.weight == pytest.approx(size, rel=1e-4)
            assert health.update == pytest.approx(moved / size, rel=1e-3)
        assert examined.layers["conv1"].mean == pytest.approx(convolved.mean().item(), rel=1e-3)
        assert examined.layers["conv1"].deviation == pytest.approx(
            convolved.std(correction=0).item(), rel=1e-3
        )
        dead = (convolved.relu() == 0).all(3).all(2).all(0).double().mean().item()
        assert examined.layers["relu1"].dead == pytest.approx(dead)
        assert not any(layer._forward_hooks for layer in session.network.modules())


def test_units_that_give_nothing_for_a_whole_batch_are_dead() -> None:
    session, reports = looked_at(plain(epochs=1, optimizer=Choice("SGD", {"lr": 1e-6})))
    with torch.no_grad():
        session.network.conv1.bias[:2] = -1e3
    next(reports)
    examined = next(reports)
    assert isinstance(examined, Examined) and examined.layers["relu1"].dead >= 2 / 8


def test_layers_inside_of_blocks_are_looked_at_by_their_paths_each_copy_by_itself() -> None:
    session, reports = looked_at(residual_digits(batch_size=BATCH))
    _, examined = next(reports), next(reports)
    assert isinstance(examined, Examined)
    layers, network = examined.layers, session.network
    inner = ["conv1", "relu1", "conv2", "skip"]
    copies = [f"res1/{copy}/{name}" for copy in (1, 2) for name in inner]
    assert list(layers)[:9] == ["res1", *copies]
    assert [name for name in layers if name.startswith("pair1")] == [
        "pair1", "pair1/first", *(f"pair1/first/{name}" for name in inner)
    ]  # fmt: skip
    for path, key in {"res1/2/conv2": "res1.1.conv2", "pair1/first/skip": "pair1.first.skip"}.items():
        layer = network.get_submodule(key)
        gradient = math.sqrt(sum(weight.grad.square().sum().item() for weight in layer.parameters()))
        assert layers[path].gradient == pytest.approx(gradient, rel=1e-3)
    for outer, within in {"res1": copies, "pair1": ["pair1/first"]}.items():
        whole = math.hypot(*(layers[name].gradient for name in within))
        assert layers[outer].gradient == pytest.approx(whole, rel=1e-5)
    assert layers["pair1/first"].deviation == layers["pair1"].deviation > 0
    assert not any(layer._forward_hooks for layer in network.modules())
    assert session.examination is not None and session.examination.seconds > 0


@pytest.mark.parametrize(
    ("key", "value", "path", "words"),
    [
        ("res1.1.conv2.weight", math.nan, "res1/2/conv2", "the weights of res1.1.conv2.weight are no numbers"),
        ("pair1.first.skip.weight", math.inf, "pair1/first/skip", "the weights of pair1.first.skip.weight"),
        ("res1.1.conv2.weight", 3e38, "res1/2/conv2", "inside copy 2 of res1, conv2 is the first that gives"),
        ("pair2.first.conv1.weight", 3e38, "pair2/first/conv1", "inside pair2, inside first, conv1 is the first"),
    ],
)  # fmt: skip
def test_the_first_node_that_gives_no_numbers_is_named_inside_of_blocks(
    key: str, value: float, path: str, words: str
) -> None:
    session, reports = looked_at(residual_digits(batch_size=BATCH))
    with torch.no_grad():
        session.network.get_parameter(key).fill_(value)
    diverged = next(reports)
    assert isinstance(diverged, Diverged)
    assert (diverged.node, diverged.path) == (path.partition("/")[0], path)
    assert words in diverged.reason


def test_a_checkpoint_of_another_network_or_of_other_data_is_refused() -> None:
    session = Session(prepare(small_digits()))
    state = session.state()
    project = small_digits()
    wider = project.graph.replace_node(project.graph.nodes["conv1"].with_param("out_channels", 9))
    with pytest.raises(TrainingError, match="has changed since the run was left"):
        Session(prepare(replace(project, graph=wider)), state)
    with pytest.raises(TrainingError, match="1,257 records to learn from, and there are 1,077 now"):
        Session(prepare(small_digits(test=0.3)), state)


# Processes can form a group only once, so that of the first run is left to the others.
TOGETHER = """
import json, sys
from pathlib import Path
from torch import distributed
from nndesigner import nnd
from nndesigner.training.report import Finished, Stepped
from nndesigner.training.run import prepare
from nndesigner.training.session import Session

ended = []
end, distributed.destroy_process_group = distributed.destroy_process_group, lambda: ended.append(True)
for name in sys.argv[1:]:
    session = Session(prepare(nnd.load(Path(name + ".nnd"))))
    reports = list(session.reports())
    if session.ranks.leads:
        found = {"losses": [one.loss for one in reports if isinstance(one, Stepped)],
                 "epochs": [dict(one.train) for one in reports if hasattr(one, "train")],
                 "sha256": reports[-1].weights_sha256, "test": dict(reports[-1].test)}
        Path(name + ".json").write_text(json.dumps(found))
end()
assert ended == [True]
"""


def ran_together(projects: Mapping[str, Project], folder: Path, processes: int) -> None:
    """Some processes share a run of each project, one after the other; what their leading one tells is in a file each."""
    for name, project in projects.items():
        (folder / f"{name}.nnd").write_text(nnd.to_text(project), encoding="utf-8")
    (folder / "together.py").write_text(TOGETHER, encoding="utf-8")
    command = [
        sys.executable, "-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}",
        "together.py", *projects,
    ]  # fmt: skip
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path(nnd.__file__).parents[1])}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


SHARED: dict[str, dict[str, object]] = {
    "clipped": {"optimizer": Choice("SGD", {"lr": 0.1, "momentum": 0.9}), "clip": 1.0},
    "averaged": {"accumulate": 2, "average": 0.9},
    # The last step has one record, for two processes.
    "one_left": {"batch_size": 628, "optimizer": Choice("SGD", {"lr": 0.1})},
}


@pytest.fixture(scope="module")
def shared() -> dict[str, Project]:
    """Projects that two processes train together."""
    always = {"epochs": 2, "batch_size": 64, "threads": 1}
    return {name: plain(**{**always, **training}) for name, training in SHARED.items()}


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory, shared: dict[str, Project]) -> Path:
    """The folder with what came of them; all in the same two processes, as these take long to begin."""
    folder = tmp_path_factory.mktemp("together")
    ran_together(shared, folder, 2)
    return folder


@pytest.mark.parametrize("name", SHARED)
def test_two_processes_learn_what_one_does_with_the_same_batches(
    name: str, shared: dict[str, Project], together: Path
) -> None:
    alone = list(train(prepare(shared[name])))
    last = alone[-1]
    assert isinstance(last, Finished)
    found = json.loads((together / f"{name}.json").read_text())
    assert found["losses"] == pytest.approx(losses(iter(alone)), rel=1e-5)
    epochs = [report.train for report in alone if isinstance(report, EpochEnded)]
    assert [one["loss"] for one in found["epochs"]] == pytest.approx(
        [one["loss"] for one in epochs], rel=1e-5
    )
    assert [one["accuracy"] for one in found["epochs"]] == pytest.approx([one["accuracy"] for one in epochs])
    assert found["test"]["loss"] == pytest.approx(last.test["loss"], rel=1e-4)


def words_alone(**training: object) -> Project:
    nodes = [
        Node("data", "Data", {"dataset": "wine"}),
        Node("linear1", "Linear", {"out_features": 3}),
        Node("loss", "CrossEntropyLoss"),
    ]
    edges = [*wired("data.features > linear1", "data.label > loss.target"), *chain("linear1", "loss")]
    return Project(Graph.of(nodes, edges), {}, Training(**training))


def test_two_sessions_of_the_same_seed_begin_alike_whatever_was_drawn_before() -> None:
    first = Session(prepare(words_alone(seed=3)))
    disturb()
    second = Session(prepare(words_alone(seed=3)))
    assert plain_sha256(first) == plain_sha256(second)
