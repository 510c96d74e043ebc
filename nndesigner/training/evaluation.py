"""How good a trained network is on a part of the data, in all figures that mean something for what it learned.

For classes: accuracy, top-k, F1, each class, which is taken for which. For yes or no: accuracy, F1, AUROC. For numbers:
MAE, RMSE, R². For words: the accuracy over all tokens and the perplexity; for translations BLEU besides.
"""

import contextlib
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import torch
from torchmetrics import Metric, MetricCollection
from torchmetrics.classification import (
    BinaryAUROC,
    BinaryF1Score,
    BinaryPrecision,
    BinaryRecall,
    MulticlassAccuracy,
    MulticlassConfusionMatrix,
    MulticlassF1Score,
    MulticlassPrecision,
    MulticlassRecall,
    MultilabelAUROC,
    MultilabelF1Score,
)
from torchmetrics.regression import MeanAbsoluteError, MeanSquaredError, R2Score
from torchmetrics.text import Perplexity

from nndesigner.catalogue.data import PADDED
from nndesigner.data import parts, wording
from nndesigner.data.problem import DataError
from nndesigner.model import Network
from nndesigner.training.chance import Chance
from nndesigner.training.goal import EVALUATION_BATCH, Goal
from nndesigner.training.run import Run, TrainingError, told
from nndesigner.training.translating import decoded, pair_of, spelled

WORDS: Mapping[str, str] = {
    "loss": "loss",
    "accuracy": "accuracy",
    "top3": "right class among the first 3",
    "top5": "right class among the first 5",
    "macro_f1": "F1, mean over the classes",
    "f1": "F1",
    "precision": "precision",
    "recall": "recall",
    "auroc": "area under the ROC curve",
    "mae": "mean absolute error",
    "rmse": "root of the mean squared error",
    "r2": "R²",
    "mae_in_units": "mean absolute error, as measured",
    "rmse_in_units": "root of the mean squared error, as measured",
    "token_accuracy": "accuracy over all tokens",
    "perplexity": "perplexity",
    "bleu": "BLEU",
    "exact": "translations exactly as in the data",
    "translated": "sentences translated",
}
_MOST_MISTAKES, _MOST_SAMPLES = 32, 32
_MOST_CLASSES = 1000  # beyond, nobody reads a table of who is taken for whom


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """How well one class is found; `records` counts those that are of it."""

    name: str
    precision: float
    recall: float
    f1: float
    records: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """A record of the data set the network was wrong about: what it is, and what was said.

    `score` is the probability that was given to the truth; for numbers, the distance.
    """

    record: int
    truth: str
    said: str
    score: float


@dataclass(frozen=True, slots=True)
class Translation:
    """A sentence of the data set, its translation there, and what the network says."""

    record: int
    source: str
    truth: str
    said: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was found on `records` records of a part. `figures` are told in `WORDS`.

    `confusion` counts records by their class, in rows, and by the class they were taken for. `mistakes` are the worst,
    the worst first.
    """

    part: str
    records: int
    figures: Mapping[str, float]
    classes: tuple[ClassFigures, ...] = ()
    confusion: tuple[tuple[int, ...], ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    translations: tuple[Translation, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As plain values for JSON, which knows no NaN: what is none is None."""
        found: dict[str, Any] = _finite(asdict(replace(self, figures=dict(self.figures))))
        return found


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _finite(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def restored(run: Run, weights: Mapping[str, torch.Tensor] | None) -> Network:
    """The network of a run with these weights, or as it begins without; raises `TrainingError` where they don't fit."""
    with told("building the network"), Chance(run.project.training.seed).drawn():
        network = Network(run.plan)
    if weights is not None:
        try:
            network.load_state_dict(weights)
        except RuntimeError:
            raise TrainingError(_unfit(network.state_dict(), weights)) from None
    if run.project.training.channels_last:
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    network.to(run.device)
    return network.eval()


def _unfit(wanted: Mapping[str, torch.Tensor], came: Mapping[str, torch.Tensor]) -> str:
    beginning = "these weights are not those of this network"
    for name in (*wanted, *came):
        if name not in came:
            return f"{beginning}: {name} is missing"
        if name not in wanted:
            return f"{beginning}: it has no {name}"
        if wanted[name].shape != came[name].shape:
            sizes = ("×".join(map(str, one[name].shape)) or "one number" for one in (wanted, came))
            return "{}: {} has {} here, and {} there".format(beginning, name, *sizes)
    return beginning


def evaluate(
    run: Run,
    weights: Mapping[str, torch.Tensor] | None,
    part: str = "test",
    fitted: Mapping[str, Any] | None = None,
    *,
    translations: int = 2000,
    progress: Callable[[float], None] = lambda _: None,
) -> Evaluation:
    """How good the network of a run with these weights is on a part of the data: train, validation or test.

    `fitted` is what was fitted for it, by field; without, it is fitted anew on the training part. At most as many
    sentences as `translations` says are translated freely, the first of the part. `progress` is told the share that is
    done, and may raise to end it. Raises `TrainingError`.
    """
    torch.set_num_threads(run.threads)
    try:
        data = parts.load(run.data_set, run.params, run.project.training, fitted)
    except DataError as error:
        raise TrainingError(str(error)) from None
    network, goal = restored(run, weights), Goal(run.plan, run.device)
    count, records = len(data.named(part)), data.records[part]
    tally, judge = goal.tally(), _judge(run, data)
    doing = f"evaluating the {part} part"
    batches = data.named(part).in_order(EVALUATION_BATCH)
    with contextlib.closing(data):
        for start in range(0, count, EVALUATION_BATCH):
            progress(start / count)
            with told(doing), torch.no_grad():
                batch = {name: values.to(run.device) for name, values in next(batches).items()}
                loss, compared = goal(network, batch)
                tally.add(len(next(iter(batch.values()))), loss, compared)
                if compared:
                    judge.add(compared[0].cpu(), compared[1].cpu())
    with told(doing):
        found = judge.found(records)
    found = replace(found, part=part, records=count, figures={"loss": tally.means()["loss"], **found.figures})
    if pair_of(run) is not None and isinstance(judge, _Tokens):
        found = _translated(run, network, data, part, found, translations, progress)
    return found


class _Judge:
    """Looks at predictions and their targets, batch by batch; this one has no opinion."""

    def add(self, prediction: torch.Tensor, target: torch.Tensor) -> None:
        """Takes a batch into account."""

    def found(self, records: np.ndarray) -> Evaluation:
        """What was found on these records of the data set."""
        return Evaluation("", 0, {})


def _judge(run: Run, data: parts.Parts) -> _Judge:
    """What fits the first loss and what it is judged by."""
    first = run.plan.objectives[0]
    if first.target is None or not first.kind.metric:
        return _Judge()
    node, port = first.target
    outputs = run.data_set.outputs(run.params) if run.project.graph.nodes[node].kind == "Data" else ()
    target = next((one for one in outputs if one.name == port), None)
    if first.kind.metric == "accuracy":
        ignored = first.arguments.get("ignore_index", PADDED)
        assert isinstance(ignored, int)
        worded = any(one.sort in ("pair", "corpus") for one in run.data_set.fields)
        if worded and (target is None or target.name == "next"):
            return _Tokens(ignored)
        return _Classes(target.classes if target else (), ignored)
    if first.kind.metric in ("binary_accuracy", "rounded_accuracy"):
        return _YesNo(logits=first.kind.metric == "binary_accuracy")
    scale = data.fitted.get(target.name) if target is not None and target.prepare else None
    return _Numbers(float(scale[1].item()) if scale is not None and scale[1].size == 1 else 0.0)


class _Classes(_Judge):
    """One of several classes, for each record or for each place in it."""

    def __init__(self, names: tuple[str, ...], ignored: int) -> None:
        self._names, self._ignored = names, ignored
        self._metrics: MetricCollection | None = None
        self._rows: list[torch.Tensor] = []

    def add(self, prediction: torch.Tensor, target: torch.Tensor) -> None:
        scores = prediction.float()
        right = target.argmax(1) if target.is_floating_point() else target
        if self._metrics is None:
            self._metrics = self._begin(scores.shape[1])
        self._metrics.update(scores, right)
        if right.dim() == 1:
            given = torch.softmax(scores, 1).gather(1, right.clamp(min=0).view(-1, 1)).flatten()
            self._rows.append(torch.stack([right.double(), scores.argmax(1).double(), given.double()]))

    def _begin(self, count: int) -> MetricCollection:
        if len(self._names) != count:
            self._names = tuple(map(str, range(count)))
        sizes: dict[str, Any] = {"num_classes": count, "ignore_index": self._ignored}
        one: dict[str, Metric] = {
            "accuracy": MulticlassAccuracy(average="micro", **sizes),
            "macro_f1": MulticlassF1Score(average="macro", **sizes),
            "each_precision": MulticlassPrecision(average="none", **sizes),
            "each_recall": MulticlassRecall(average="none", **sizes),
            "each_f1": MulticlassF1Score(average="none", **sizes),
        }
        one |= {f"top{k}": MulticlassAccuracy(average="micro", top_k=k, **sizes) for k in (3, 5) if k < count}
        if count <= _MOST_CLASSES:
            one["confusion"] = MulticlassConfusionMatrix(**sizes)
        return MetricCollection(one)  # type: ignore[arg-type]

    def found(self, records: np.ndarray) -> Evaluation:
        assert self._metrics is not None
        values = self._metrics.compute()
        confusion = values.pop("confusion", torch.empty(0, 0, dtype=torch.int64))
        each = [values.pop(f"each_{name}").tolist() for name in ("precision", "recall", "f1")]
        classes: tuple[ClassFigures, ...] = ()
        if len(confusion):
            counted = confusion.sum(1).tolist()
            classes = tuple(
                ClassFigures(*figures) for figures in zip(self._names, *each, counted, strict=True)
            )
        return Evaluation(
            "", 0,
            {name: values[name].item() for name in WORDS if name in values},
            classes,
            tuple(map(tuple, confusion.tolist())),
            self._mistakes(records),
        )  # fmt: skip

    def _mistakes(self, records: np.ndarray) -> tuple[Mistake, ...]:
        if not self._rows:
            return ()
        right, said, given = torch.cat(self._rows, 1)
        wrong = torch.nonzero((right != said) & (right != self._ignored)).flatten()
        worst = wrong[torch.argsort(given[wrong], stable=True)][:_MOST_MISTAKES]
        return tuple(
            Mistake(
                int(records[row]),
                self._names[int(right[row])],
                self._names[int(said[row])],
                given[row].item(),
            )
            for row in worst.tolist()
        )


class _YesNo(_Judge):
    """Yes or no, once or several times for each record."""

    def __init__(self, *, logits: bool) -> None:
        self._logits = logits
        self._given: list[torch.Tensor] = []
        self._right: list[torch.Tensor] = []

    def add(self, prediction: torch.Tensor, target: torch.Tensor) -> None:
        scores = prediction.float()
        self._given.append(torch.sigmoid(scores) if self._logits else scores)
        self._right.append(target.float())

    def found(self, records: np.ndarray) -> Evaluation:
        given, right = torch.cat(self._given), torch.cat(self._right)
        if not torch.isin(right, torch.tensor([-1.0, 0.0, 1.0])).all():
            numbers = _Numbers(0.0)  # such as the grey of pixels
            numbers.add(given, right)
            return numbers.found(records)
        yes = (right > 0.5).long()
        figures = {"accuracy": ((given > 0.5) == yes.bool()).double().mean().item()}
        columns = given[0].numel()
        if columns == 1:
            figures |= self._of_one(given.flatten(), yes.flatten())
        else:
            sizes: dict[str, Any] = {"num_labels": columns}
            shape = (len(given), columns)
            several = {"macro_f1": MultilabelF1Score(**sizes), "auroc": MultilabelAUROC(**sizes)}
            shares = yes.view(shape).double().mean(0)
            if shares.min() == 0 or shares.max() == 1:  # no curve for a column that is always the same
                del several["auroc"]
            for name, metric in several.items():
                figures[name] = metric(given.view(shape), yes.view(shape)).item()
            return Evaluation("", 0, figures)
        truth = torch.where(yes.bool(), given, 1 - given).flatten()
        table = torch.bincount(2 * yes.flatten() + (given > 0.5).long().flatten(), minlength=4).view(2, 2)
        wrong = torch.nonzero((given > 0.5).flatten() != yes.bool().flatten()).flatten()
        worst = wrong[torch.argsort(truth[wrong], stable=True)][:_MOST_MISTAKES].tolist()
        answers = ("no", "yes")
        mistakes = tuple(
            Mistake(
                int(records[row]), answers[int(yes.flatten()[row])], answers[1 - int(yes.flatten()[row])],
                truth[row].item(),
            )
            for row in worst
        )  # fmt: skip
        return Evaluation("", 0, figures, (), tuple(map(tuple, table.tolist())), mistakes)

    def _of_one(self, given: torch.Tensor, yes: torch.Tensor) -> dict[str, float]:
        metrics = {"f1": BinaryF1Score(), "precision": BinaryPrecision(), "recall": BinaryRecall()}
        found = {name: metric(given, yes).item() for name, metric in metrics.items()}
        if 0 < yes.sum() < len(yes):  # else there is no curve
            found["auroc"] = BinaryAUROC()(given, yes).item()
        return found


class _Numbers(_Judge):
    """Numbers; `unit` is how much 1 is in what was measured, where they were scaled, else 0."""

    def __init__(self, unit: float) -> None:
        self._unit = unit
        self._mae, self._mse = MeanAbsoluteError(), MeanSquaredError()
        self._r2 = R2Score(multioutput="variance_weighted")
        self._rows: list[torch.Tensor] = []
        self._count = 0

    def add(self, prediction: torch.Tensor, target: torch.Tensor) -> None:
        said, right = (one.double().reshape(len(one), -1) for one in (prediction, target))
        self._count += len(said)
        for metric in (self._mae, self._mse):
            metric.update(said.flatten(), right.flatten())
        self._r2.update(*(one.flatten() if one.shape[1] == 1 else one for one in (said, right)))
        distance = (said - right).abs().mean(1)
        self._rows.append(torch.stack([right[:, 0], said[:, 0], distance]))
        self._single = said.shape[1] == 1

    def found(self, records: np.ndarray) -> Evaluation:
        figures = {"mae": self._mae.compute().item(), "rmse": math.sqrt(self._mse.compute().item())}
        if self._count > 1:
            figures["r2"] = self._r2.compute().item()
        if self._unit:
            figures |= {f"{name}_in_units": figures[name] * self._unit for name in ("mae", "rmse")}
        right, said, distance = torch.cat(self._rows, 1)
        worst = torch.argsort(distance, descending=True, stable=True)[:_MOST_MISTAKES].tolist()
        mistakes = tuple(
            Mistake(
                int(records[row]),
                f"{right[row].item():.6g}" if self._single else "",
                f"{said[row].item():.6g}" if self._single else "",
                distance[row].item(),
            )
            for row in worst
        )
        return Evaluation("", 0, figures, (), (), mistakes)


class _Tokens(_Judge):
    """The token that follows, at each place of a text; padding does not count."""

    def __init__(self, ignored: int) -> None:
        self._ignored = ignored
        self._accuracy: MulticlassAccuracy | None = None
        self._perplexity = Perplexity(ignore_index=ignored)

    def add(self, prediction: torch.Tensor, target: torch.Tensor) -> None:
        scores, right = prediction.float(), target
        if scores.dim() == 2:
            scores, right = scores.T[None], right[None]
        if self._accuracy is None:
            self._accuracy = MulticlassAccuracy(scores.shape[1], average="micro", ignore_index=self._ignored)
        self._accuracy.update(scores, right)
        self._perplexity.update(scores.transpose(1, 2), right)

    def found(self, records: np.ndarray) -> Evaluation:
        assert self._accuracy is not None
        figures = {
            "token_accuracy": self._accuracy.compute().item(),
            "perplexity": self._perplexity.compute().item(),
        }
        return Evaluation("", 0, figures)


def _translated(
    run: Run,
    network: Network,
    data: parts.Parts,
    part: str,
    found: Evaluation,
    most: int,
    progress: Callable[[float], None],
) -> Evaluation:
    """What was found so far, with the sentences of the part translated freely.

    BLEU is that of sacrebleu over the first so many sentences, with its tokenizer 13a, for Chinese zh. Where texts were
    divided into words, the sentences of the data are divided in the same way before, so that spaces don't count.
    """
    from sacrebleu.metrics.bleu import BLEU

    pair = pair_of(run)
    assert pair is not None
    records = data.records[part][:most]
    tokens = run.data_set.values(run.params)["tokens"]
    assert isinstance(tokens, str)
    numbers = decoded(
        run, network, data.named(part).batch(torch.arange(len(records)))[pair[0]].cpu(), progress
    )
    said = wording.written(numbers.numpy(), data.fitted[pair[1]], tokens)
    arrays = parts.read(run.data_set, run.params, run.project.training)
    source, truth = ([str(one) for one in arrays[name][records]] for name in pair)
    divided = [" ".join(wording.pieces(one, tokens)) for one in truth] if tokens == "words" else truth
    chinese = sum(len(re.findall(r"[\u3400-\u9fff]", one)) for one in truth) > 0.3 * sum(map(len, truth))
    # Texts are put together from tokens on both sides, so sacrebleu need not warn of a full stop that stands alone.
    metric = BLEU(tokenize="zh" if chinese else "13a", force=True)
    bleu = metric.corpus_score(said, [divided]).score
    exact = [one == other for one, other in zip(said, divided, strict=True)]
    figures = {"bleu": bleu, "exact": sum(exact) / len(exact), "translated": float(len(said))}
    shown = [spelled(one) if tokens == "words" else one for one in said[:_MOST_SAMPLES]]
    samples = tuple(
        Translation(int(records[row]), source[row], truth[row], shown[row], exact[row])
        for row in range(len(shown))
    )
    return replace(found, figures={**found.figures, **figures}, translations=samples)
