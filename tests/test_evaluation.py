import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import sacrebleu
import torch
from sklearn import metrics

from nndesigner.catalogue.data import DataSet, Field
from nndesigner.data import parts, wording
from nndesigner.graph import Graph, Node
from nndesigner.model import Network
from nndesigner.project import Choice, Project, Training
from nndesigner.training.evaluation import WORDS, Evaluation, evaluate, restored
from nndesigner.training.goal import Goal
from nndesigner.training.report import Finished
from nndesigner.training.run import Run, TrainingError, prepare, train
from nndesigner.training.translating import decoded, pair_of, spelled, translate
from tests.conftest import chain, small_digits, wired

NUMBERS = {"one": "un", "two": "deux", "three": "trois", "four": "quatre", "five": "cinq", "six": "six"}


def trained(project: Project) -> tuple[Run, dict[str, torch.Tensor], Finished]:
    run, kept = prepare(project), []
    *_, last = train(run, kept.append)
    return run, kept[0].state_dict(), last


def answers(
    run: Run, weights: dict[str, torch.Tensor], part: str = "test"
) -> tuple[torch.Tensor, torch.Tensor]:
    """What the network says to a whole part, and the targets, with no other code than torch's."""
    data = parts.load(run.data_set, run.params, run.project.training)
    goal, network = Goal(run.plan), restored(run, weights)
    with torch.no_grad():
        _, (prediction, target) = goal(network, data.named(part).tensors)
    return prediction, target


def regression(loss: str = "MSELoss", **training: object) -> Project:
    nodes = [
        Node("data", "Data", {"dataset": "diabetes"}),
        Node("linear1", "Linear", {"out_features": 1}),
        Node("loss", loss),
    ]
    edges = wired("data.features > linear1", "linear1 > loss", "data.progression > loss.target")
    settings = {"epochs": 5, "optimizer": Choice("Adam", {"lr": 0.05}), **training}
    return Project(Graph.of(nodes, edges), {}, Training(**settings))


def tumours(last: str = "BCEWithLogitsLoss") -> Project:
    nodes = [
        Node("data", "Data", {"dataset": "breast-cancer"}),
        Node("linear1", "Linear", {"out_features": 1}),
        Node("sigmoid1", "Sigmoid", bypassed=last != "BCELoss"),
        Node("loss", last),
    ]
    edges = [
        *wired("data.features > linear1", "sigmoid1 > loss", "data.benign > loss.target"),
        *chain("linear1", "sigmoid1"),
    ]
    return Project(Graph.of(nodes, edges), {}, Training(epochs=2))


def translating(folder: Path, *, flat: bool = False, **training: object) -> Project:
    """Number words from English into French, each word from the one at its place: a network without a memory can."""
    generator = np.random.default_rng(0)
    lines = []
    for _ in range(400):
        words = generator.choice(list(NUMBERS), generator.integers(1, 7))
        lines.append(" ".join(words) + "!\t" + " ".join(NUMBERS[word] for word in words) + " !")
    (folder / "numbers.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    source = Field("source", (), "In English", sort="text")
    target = Field("target", (), "In French", sort="pair")
    data_set = DataSet(
        "numbers", "Numbers", "Number words.", 400, "", "", (source, target), "own.load_pairs",
        {"path": str(folder / "numbers.tsv")},
    )  # fmt: skip
    nodes = [
        Node("data", "Data", {"dataset": "numbers", "length": 10, "vocabulary": 12}),
        Node("heard", "Embedding", {"num_embeddings": 12, "embedding_dim": 24}),
        Node("said", "Embedding", {"num_embeddings": 12, "embedding_dim": 24}),
        Node("both", "Add"),
        Node("linear1", "Linear", {"out_features": 32}),
        Node("gelu1", "GELU"),
        Node("linear2", "Linear", {"out_features": 12}),
        Node("turned", "Reshape", {"shape": (-1, 12)}) if flat else Node("turned", "Transpose", {"dim0": 1, "dim1": 2}),
        Node("loss", "CrossEntropyLoss"),
        *([Node("right", "Reshape", {"shape": (-1,)})] if flat else []),
    ]  # fmt: skip
    edges = [
        *wired("data.source > heard", "data.target > said", "heard > both.input1", "said > both.input2"),
        *chain("both", "linear1", "gelu1", "linear2", "turned", "loss"),
        *(wired("data.next > right", "right > loss.target") if flat else wired("data.next > loss.target")),
    ]
    settings = {"epochs": 12, "batch_size": 16, "optimizer": Choice("Adam", {"lr": 0.01}), **training}
    return Project(Graph.of(nodes, edges), {}, Training(**settings)).with_data(data_set)


def test_classes_are_judged_as_scikit_learn_judges_them() -> None:
    run, weights, last = trained(small_digits(epochs=1))
    found = evaluate(run, weights)
    prediction, target = answers(run, weights)
    said = prediction.argmax(1)
    assert found.figures["loss"] == last.test["loss"]
    assert found.figures["accuracy"] == pytest.approx(metrics.accuracy_score(target, said))
    assert found.figures["macro_f1"] == pytest.approx(metrics.f1_score(target, said, average="macro"))
    for k in (3, 5):
        expected = metrics.top_k_accuracy_score(target, prediction.softmax(1), k=k)
        assert found.figures[f"top{k}"] == pytest.approx(expected)
    assert found.confusion == tuple(map(tuple, metrics.confusion_matrix(target, said).tolist()))
    precision, recall, f1, records = metrics.precision_recall_fscore_support(target, said, zero_division=0)
    for number, one in enumerate(found.classes):
        assert (one.name, one.records) == (str(number), records[number])
        assert (one.precision, one.recall, one.f1) == pytest.approx(
            (precision[number], recall[number], f1[number])
        )


def test_the_worst_mistakes_come_first_with_the_numbers_of_their_records() -> None:
    run, weights, _ = trained(small_digits(epochs=1))
    found = evaluate(run, weights)
    labels = parts.read(run.data_set, run.params, run.project.training)["label"]
    scores = [one.score for one in found.mistakes]
    assert scores == sorted(scores) and max(scores) < 0.5
    assert len(found.mistakes) == min(32, round((1 - found.figures["accuracy"]) * found.records))
    for one in found.mistakes:
        assert str(labels[one.record]) == one.truth != one.said


def test_each_part_can_be_asked_for() -> None:
    run, weights, _ = trained(small_digits(epochs=1))
    assert [evaluate(run, weights, part).records for part in ("train", "validation", "test")] == [
        1257,
        180,
        360,
    ]


@pytest.mark.parametrize("last", ["BCEWithLogitsLoss", "BCELoss"])
def test_yes_and_no_are_judged_as_scikit_learn_judges_them(last: str) -> None:
    run, weights, _ = trained(tumours(last))
    found = evaluate(run, weights)
    prediction, target = answers(run, weights)
    given = prediction.sigmoid() if last == "BCEWithLogitsLoss" else prediction
    said = given > 0.5
    assert found.figures["accuracy"] == pytest.approx(metrics.accuracy_score(target, said))
    assert found.figures["f1"] == pytest.approx(metrics.f1_score(target, said))
    assert found.figures["precision"] == pytest.approx(metrics.precision_score(target, said))
    assert found.figures["recall"] == pytest.approx(metrics.recall_score(target, said))
    assert found.figures["auroc"] == pytest.approx(metrics.roc_auc_score(target, given))
    assert found.confusion == tuple(map(tuple, metrics.confusion_matrix(target, said).tolist()))


def test_numbers_are_judged_as_scikit_learn_judges_them_also_in_their_own_unit() -> None:
    run, weights, _ = trained(regression())
    found = evaluate(run, weights)
    prediction, target = answers(run, weights)
    assert found.figures["mae"] == pytest.approx(metrics.mean_absolute_error(target, prediction))
    assert found.figures["rmse"] == pytest.approx(math.sqrt(metrics.mean_squared_error(target, prediction)))
    assert found.figures["r2"] == pytest.approx(metrics.r2_score(target, prediction))
    data = parts.load(run.data_set, run.params, run.project.training)
    mean, deviation = data.fitted["progression"]
    measured = parts.read(run.data_set, run.params, run.project.training)["progression"][data.records["test"]]
    as_measured = metrics.mean_absolute_error(measured, prediction.numpy() * deviation + mean)
    assert found.figures["mae_in_units"] == pytest.approx(as_measured, rel=1e-5)
    assert found.mistakes[0].score == pytest.approx((prediction - target).abs().max().item())


def test_a_variance_is_judged_with_the_numbers_it_belongs_to() -> None:
    project = regression("GaussianNLLLoss")
    graph = project.graph.add(Node("linear2", "Linear", {"out_features": 1}), Node("plus", "Softplus"))
    for edge in wired("data.features > linear2", "linear2 > plus", "plus > loss.var"):
        graph = graph.connect(edge)
    run, weights, _ = trained(replace(project, graph=graph))
    prediction, target = answers(run, weights)
    expected = metrics.mean_absolute_error(target, prediction)
    assert evaluate(run, weights).figures["mae"] == pytest.approx(expected)


@pytest.mark.parametrize("flat", [False, True])
def test_words_are_judged_over_all_of_them_and_padding_does_not_count(tmp_path: Path, flat: bool) -> None:
    run, weights, _ = trained(translating(tmp_path, flat=flat, epochs=2))
    found = evaluate(run, weights)
    prediction, target = answers(run, weights)
    scores = prediction if flat else prediction.transpose(1, 2).reshape(-1, 12)
    right, counted = target.flatten(), target.flatten() != -100
    accuracy = (scores.argmax(1) == right)[counted].double().mean().item()
    assert found.figures["token_accuracy"] == pytest.approx(accuracy)
    entropy = torch.nn.functional.cross_entropy(scores, right, ignore_index=-100).item()
    assert found.figures["perplexity"] == pytest.approx(math.exp(entropy), rel=1e-4)


@pytest.mark.parametrize("flat", [False, True])
def test_sentences_are_translated_freely_and_held_against_the_data(tmp_path: Path, flat: bool) -> None:
    run, weights, _ = trained(translating(tmp_path, flat=flat))
    found = evaluate(run, weights)
    assert found.figures["exact"] == 1 and found.figures["bleu"] == pytest.approx(100)
    assert found.figures["translated"] == found.records == 80
    lines = (tmp_path / "numbers.tsv").read_text(encoding="utf-8").splitlines()
    for one in found.translations:
        assert f"{one.source}\t{one.truth}" == lines[one.record]
        assert one.exact and one.said == one.truth.replace(" !", "!")


def test_what_a_poor_translator_says_gets_the_bleu_of_sacrebleu(tmp_path: Path) -> None:
    run, weights, _ = trained(translating(tmp_path, epochs=2, optimizer=Choice("Adam", {"lr": 0.004})))
    found = evaluate(run, weights, translations=50)
    data = parts.load(run.data_set, run.params, run.project.training)
    numbers = decoded(run, restored(run, weights), data.test.tensors["source"][:50])
    said = wording.written(numbers.numpy(), data.fitted["target"], "words")
    texts = parts.read(run.data_set, run.params, run.project.training)["target"][data.records["test"][:50]]
    assert found.figures["bleu"] == pytest.approx(sacrebleu.corpus_bleu(said, [list(texts)]).score)
    assert 0 < found.figures["bleu"] < 100 and found.figures["translated"] == 50


def test_each_word_said_is_the_likeliest_after_those_said_before(tmp_path: Path) -> None:
    run, weights, _ = trained(translating(tmp_path, epochs=1))
    network = restored(run, weights)
    sources = parts.load(run.data_set, run.params, run.project.training).test.tensors["source"][:5]
    said = decoded(run, network, sources)
    for row, source in enumerate(sources):
        so_far, whole = torch.tensor([[2] + [0] * 9]), []
        for place in range(10):
            with torch.no_grad():
                scores = network(source[None], so_far)[0, :, place]
            scores[:3] = -torch.inf
            whole.append(int(scores.argmax()))
            if whole[-1] == 3:
                break
            if place < 9:
                so_far[0, place + 1] = whole[-1]
        assert said[row].tolist() == whole + [0] * (10 - len(whole))


def test_a_sentence_one_types_is_translated(tmp_path: Path) -> None:
    run, weights, _ = trained(translating(tmp_path))
    fitted = parts.load(run.data_set, run.params, run.project.training).fitted
    network = restored(run, weights)
    assert translate(run, network, fitted, ["two six one!", "five!"]) == ["deux six un!", "cinq!"]
    assert translate(run, network, fitted, []) == []


def test_a_network_for_digits_translates_nothing() -> None:
    assert pair_of(prepare(small_digits())) is None


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("l ' homme dit : oui , non .", "l'homme dit: oui, non."),
        ("peut - être ( ou non ) !", "peut-être (ou non)!"),
        ("我 喜欢 你 。", "我喜欢你。"),
        ("3 , 5 kg", "3, 5 kg"),
    ],
)
def test_words_are_spelled_as_one_writes_them(words: str, text: str) -> None:
    assert spelled(words) == text


def test_a_network_can_be_begun_and_asked_for_the_rest_several_times(tmp_path: Path) -> None:
    network = Network(prepare(translating(tmp_path)).plan).eval()
    source, target = torch.randint(0, 12, (2, 3, 10))
    go_on = network.begun(source, None)
    for other in (target, source):
        assert torch.equal(go_on(other), network(source, other))


def test_weights_of_another_network_are_refused_with_the_first_that_does_not_fit() -> None:
    run = prepare(small_digits())
    weights = Network(run.plan).state_dict()
    wider = prepare(
        replace(
            small_digits(),
            graph=small_digits().graph.replace_node(
                small_digits().graph.nodes["conv1"].with_param("out_channels", 9)
            ),
        )
    )
    with pytest.raises(TrainingError, match=r"conv1\.weight has 9×1×3×3 here, and 8×1×3×3 there"):
        evaluate(wider, weights)
    del weights["linear1.bias"]
    with pytest.raises(TrainingError, match=r"linear1\.bias is missing"):
        evaluate(run, weights)


def test_without_weights_it_is_judged_as_it_begins_and_no_generator_is_touched() -> None:
    torch.manual_seed(5)
    before = torch.get_rng_state()
    found = evaluate(prepare(small_digits()), None)
    assert torch.equal(torch.get_rng_state(), before)
    assert found.figures["accuracy"] < 0.3
    assert found == evaluate(prepare(small_digits()), None)


def test_what_was_fitted_before_is_taken_as_it_is() -> None:
    run, weights, _ = trained(regression())
    data = parts.load(run.data_set, run.params, run.project.training)
    shifted = {**data.fitted, "features": (data.fitted["features"][0] + 100, data.fitted["features"][1])}
    assert evaluate(run, weights, fitted=data.fitted) == evaluate(run, weights)
    assert evaluate(run, weights, fitted=shifted).figures["mae"] > 10


def test_an_evaluation_is_told_in_plain_json_with_figures_that_have_words() -> None:
    run, weights, _ = trained(small_digits(epochs=1))
    found = evaluate(run, weights)
    assert set(found.figures) <= set(WORDS)
    plain = json.loads(json.dumps(found.plain(), allow_nan=False))
    assert plain["figures"] == found.figures and plain["classes"][3]["name"] == "3"
    assert Evaluation("test", 1, {"loss": math.nan}).plain()["figures"] == {"loss": None}


def test_who_is_told_of_the_progress_may_end_it(tmp_path: Path) -> None:
    run, weights, _ = trained(translating(tmp_path, epochs=1))
    told: list[float] = []
    evaluate(run, weights, progress=told.append)
    assert told[0] == 0 and max(told) < 1

    class Enough(Exception):
        pass

    def stop(_share: float) -> None:
        raise Enough

    with pytest.raises(Enough):
        evaluate(run, weights, progress=stop)
