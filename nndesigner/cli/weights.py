"""A file of weights held against a project: what fits, what is missing, what nobody wants."""

import argparse
from pathlib import Path

from nndesigner.cli import choosing, options
from nndesigner.cli.answer import FAILED, Answer, Command, say

_MOST = 20


def _weights(chosen: argparse.Namespace) -> Answer:
    found = choosing.find(chosen)
    from nndesigner import plan
    from nndesigner.matching import shape_words
    from nndesigner.training import incoming, weights

    made = plan.make(found)
    if made.errors:
        return FAILED, {"error": made.errors[0].message}
    try:
        start = incoming.chosen(chosen.weights, chosen.by_order)
        tensors = incoming.read(start.path)
    except weights.WeightsError as error:
        return FAILED, {"error": str(error)}
    matched = incoming.fitted(made, tensors, chosen.by_order)
    say(chosen, f"{chosen.weights}: {matched}")
    _say(chosen, "under another name", [f"{own} ← {name}" for own, name in matched.pairs if own != name])
    _say(chosen, "of another shape", [str(one) for one in matched.misfits])
    shapes = incoming.wanted(made)
    _say(chosen, "missing", [f"{name} {shape_words(shapes[name])}" for name in matched.missing])
    listed = [f"{name} {shape_words(tuple(tensors[name].shape))}" for name in matched.unexpected]
    _say(chosen, "not used", listed)
    answer = {
        "path": str(start.path),
        "sha256": start.sha256,
        "fit": len(matched.pairs),
        "wanted": matched.wanted,
        "pairs": [list(pair) for pair in matched.pairs],
        "missing": list(matched.missing),
        "unexpected": list(matched.unexpected),
        "misfits": [
            {
                "name": one.name,
                "found": one.found,
                "wanted_shape": list(one.wanted_shape),
                "found_shape": list(one.found_shape),
            }
            for one in matched.misfits
        ],
    }
    return (0 if matched.is_whole else FAILED), answer


def _say(chosen: argparse.Namespace, title: str, lines: list[str]) -> None:
    if not lines:
        return
    say(chosen, f"{title}:")
    for line in lines[:_MOST]:
        say(chosen, f"  {line}")
    if len(lines) > _MOST:
        say(chosen, f"  and {len(lines) - _MOST:,} more")


def _options(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "weights",
        type=Path,
        metavar="WEIGHTS",
        help="a file of weights: .safetensors, or .pt or .pth as torch writes",
    )
    options.by_order(one)


WEIGHTS = Command(
    _weights,
    "say which weights of a file fit a project, by name and shape",
    (options.project, _options),
)
