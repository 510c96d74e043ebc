"""Short trials before a run, told in words."""

import argparse

from nndesigner.cli import beginning, choosing, options, stopping
from nndesigner.cli.answer import FAILED, Answer, Command, say

_TRIALS = ("loss", "batch", "rate")


def _probe(chosen: argparse.Namespace) -> Answer:
    found = choosing.with_settings(choosing.with_data(choosing.find(chosen), chosen), chosen)
    from tqdm import tqdm

    from nndesigner.training import trials
    from nndesigner.training.run import TrainingError, prepare

    by_name = {
        "loss": trials.initial_loss, "batch": trials.overfit_one_batch, "rate": trials.learning_rate_range,
    }  # fmt: skip
    findings: list[trials.Finding] = []
    told: list[dict[str, object]] = []
    try:
        run = prepare(found, beginning.start(chosen))
        with stopping.noted() as asked:
            for name in chosen.only or _TRIALS:
                with tqdm(
                    disable=None, leave=False, bar_format="{desc} {n_fmt}/{total_fmt} {bar}{postfix}"
                ) as bar:
                    for one in by_name[name](run):
                        if isinstance(one, trials.Finding):
                            findings.append(one)
                            break
                        bar.total, bar.n = one.steps, one.step
                        bar.set_postfix_str(f"loss {one.loss:.4g}", refresh=False)
                        bar.update(0)
                        if asked:
                            return FAILED, {"error": "stopped", "findings": told}
                finding = findings[-1]
                say(chosen, f"{'fine' if finding.good else 'look'}: {finding.sentence}")
                told.append(
                    {
                        "name": name,
                        "good": finding.good,
                        "sentence": finding.sentence,
                        "value": _plain(finding.value),
                    }
                )
    except TrainingError as error:
        return FAILED, {"error": str(error), "findings": told}
    return (0 if all(one.good for one in findings) else FAILED), {"findings": told}


def _plain(value: float) -> float | None:
    return value if abs(value) < float("inf") else None


def _options(one: argparse.ArgumentParser) -> None:
    choosing.data_option(one)
    choosing.setting_options(one)
    beginning.weights_option(one)
    one.add_argument(
        "--only", action="append", choices=_TRIALS,
        help="only the first loss held against the expected one, whether one batch can be learned by heart, or which "
        "learning rate suits; as often as wanted",
    )  # fmt: skip


PROBE = Command(
    _probe,
    "try before a run whether the network can learn: its first loss, one batch by heart, the learning rate",
    (options.project, _options),
)
