"""The model card of a network: what it is, what it learned from, how, what it reached, and how to use it."""

import math
from collections.abc import Mapping
from typing import Any

from nndesigner import catalogue
from nndesigner.catalogue.data import DataSet
from nndesigner.plan import Plan
from nndesigner.project import Choice, Project
from nndesigner.script.lines import literal
from nndesigner.script.shapes import arriving, leaving

_FEW = 10_000  # records of which too few are tested to tell one percent from another


def card(
    project: Project,
    plan: Plan,
    name: str,
    script: str,
    *,
    trains: bool,
    weights: bool = False,
    result: Mapping[str, Any] | None = None,
) -> str:
    """The card in Markdown. `name` is the network's class, `script` the file it stands in.

    `result` is what a run says of itself: the report of its folder, with `test`, `epochs`, `seconds`, and what of its
    receipt is to be told (`data`, `sittings`).
    """
    data_set = project.data_set() if trains else None
    passages = [
        [f"# {_plain(project.title) or 'A network'}"],
        _what(plan),
        _shapes(plan),
        _data(project, data_set) if data_set else [],
        _training(project, script) if trains else [],
        _reached(result or {}),
        _use(plan, name, script, trains=trains, weights=weights),
        _limits(plan, data_set, tested=bool((result or {}).get("test")), weights=weights),
    ]
    return "\n\n".join("\n".join(rows) for rows in passages if rows) + "\n"


def credits(data_set: DataSet) -> list[str]:
    """Whose data it is and under which licence, in sentences."""
    found = {"Source": data_set.source, "Licence": data_set.licence}
    return [f"{what}: {_ended(_plain(words))}" for what, words in found.items() if words.strip()]


def _what(plan: Plan) -> list[str]:
    kinds = [step.kind.name for step in plan.steps if step.owns]
    layers = ", ".join(
        f"{kinds.count(kind)} × {kind}" if kinds.count(kind) > 1 else kind for kind in dict.fromkeys(kinds)
    )
    size = f"A network of {plan.parameters:,} parameters ({_bytes(4 * plan.parameters)} as float32)"
    return [f"{size}{f', made of {layers}' if layers else ''}."]


def _shapes(plan: Plan) -> list[str]:
    rows = ["## In and out", "", "| | name | shape |", "|---|---|---|"]
    for what, tensors in (("in", arriving(plan)), ("out", leaving(plan))):
        rows += [f"| {what} | `{one.name}` | `{one.shape}` |" for one in tensors]
    return [*rows, "", "N is the number of records. What no type stands behind is float32."]


def _data(project: Project, data_set: DataSet) -> list[str]:
    rows = [
        "## Data",
        "",
        f"{_plain(data_set.title)}, {data_set.size:,} records. {_plain(data_set.sentence)}",
        "",
    ]
    rows += [f"- {one}" for one in credits(data_set)]
    if data_set.known:
        rows.append(f"- Known of it: {_ended(_plain(data_set.known))}")
    node = project.data_node()
    values = data_set.values(node.params if node else {})
    set_so = [f"{name} {literal(value)}" for name, value in values.items() if value not in (0, 0.0, False)]
    if set_so:
        rows.append(f"- Prepared with {', '.join(set_so)}.")
    for one in data_set.outputs(node.params if node else {}):
        if one.classes:
            rows.append(f"- `{one.name}` is one of {_listed(one.classes)}.")
    return rows


def _training(project: Project, script: str) -> list[str]:
    training = project.training
    rows = ["## Training", "", f"`python {script}` trains it; `--help` lists what can be set.", ""]
    settings = {
        "epochs": training.epochs,
        "batch size": training.batch_size,
        "optimizer": _chosen(training.optimizer),
        "schedule": _chosen(training.scheduler) if training.scheduler else "",
        "loss": ", ".join(
            node.kind
            for node in project.graph.nodes.values()
            if node.kind in catalogue.BY_NAME and catalogue.BY_NAME[node.kind].role == "loss"
        ),
        "batches per step": training.accumulate if training.accumulate > 1 else "",
        "gradients clipped at": training.clip or "",
        "moving average of the weights": training.average or "",
        "ends after epochs without progress": training.patience or "",
        "ends after steps": training.steps or "",
        "ends after minutes": f"{training.minutes:g}" if training.minutes else "",
        "precision": training.precision,
        "split": _split(project),
        "seed": training.seed,
    }
    rows += ["| setting | value |", "|---|---|"]
    return rows + [f"| {what} | {value} |" for what, value in settings.items() if value != ""]


def _split(project: Project) -> str:
    training, data_set = project.training, project.data_set()
    if training.split == "given" and data_set is not None and data_set.parts:
        return "as the data comes divided"
    way = {"given": "random"}.get(training.split, training.split)
    return f"{way}, {training.validation:.0%} to validate and {training.test:.0%} to test"


def _chosen(choice: Choice) -> str:
    kind = catalogue.BY_NAME[choice.kind]
    values = {name: value for name, value in kind.values(choice.params).items() if name == "lr"}
    values |= dict(choice.params)
    return f"{choice.kind}({', '.join(f'{name}={literal(value)}' for name, value in values.items())})"


def _reached(result: Mapping[str, Any]) -> list[str]:
    """What a run reached, as its report says."""
    test, epochs = result.get("test") or {}, result.get("epochs") or []
    if not test and not epochs:
        return []
    rows = [
        "## Reached",
        "",
        "| part | " + " | ".join(_words(name) for name in test or epochs[-1]["validation"]) + " |",
    ]
    rows.append("|---" * (1 + len(test or epochs[-1]["validation"])) + "|")
    if epochs:
        last = epochs[-1]
        rows += [
            f"| {part}, epoch {last['epoch']} | {_figures(last[part])} |" for part in ("train", "validation")
        ]
    if test:
        rows.append(f"| test | {_figures(test)} |")
    told = []
    if seconds := result.get("seconds"):
        told.append(
            f"It took {seconds / 60:.1f} minutes" if seconds >= 90 else f"It took {seconds:.0f} seconds"
        )
    for sitting in (result.get("sittings") or [])[-1:]:
        if sitting.get("device_name"):
            told.append(
                f"computed on {_plain(str(sitting['device_name']))} with torch {sitting.get('torch')}"
            )
    return [*rows, "", f"{', '.join(told)}."] if told else rows


def _figures(metrics: Mapping[str, Any]) -> str:
    return " | ".join("none" if value is None else f"{value:.4f}" for value in metrics.values())


def _use(plan: Plan, name: str, script: str, *, trains: bool, weights: bool) -> list[str]:
    given = ", ".join(one.zeros(1) for one in arriving(plan))
    stem = script.removesuffix(".py")
    rows = ["## Use", "", "```python", "import torch"]
    rows += ["from safetensors.torch import load_model"] if weights else []
    rows += [f"from {stem} import {name}", "", f"model = {name}()"]
    rows += ['load_model(model, "weights.safetensors")'] if weights else []
    rows += ["model.eval()", "with torch.no_grad():", f"    prediction = model({given})", "```"]
    if trains:
        rows += [
            "",
            f"Put your records in place of the zeros, prepared as `load_data` in `{script}` prepares them.",
        ]
    return rows


def _limits(plan: Plan, data_set: DataSet | None, *, tested: bool, weights: bool) -> list[str]:
    rows = ["## Limits", ""]
    if not weights:
        rows.append("- There are no trained weights here: what it predicts is chance until it is trained.")
    if data_set is not None:
        rows.append(
            f"- It knows what is like {_plain(data_set.title)}; for anything else its figures say nothing, and it gives an "
            "answer all the same."
        )
        if tested and data_set.size < _FEW:
            rows.append(
                f"- It was tested on a part of {data_set.size:,} records: the last digits of the figures are chance."
            )
        rows.append(
            "- Nobody looked at whether it treats all people and cases alike. Do so before you rely on it."
        )
    sizes = [one for one in arriving(plan) if len(one.type.sizes) > 1]
    if sizes:
        rows.append(
            f"- It takes {', '.join(f'{one.name} as {one.shape}' for one in sizes)} and was checked for no other."
        )
    return rows if len(rows) > 2 else []


def _listed(classes: tuple[str, ...]) -> str:
    shown = [f"`{_plain(one)}`" for one in classes[:20]]
    return ", ".join(shown) + (f" and {len(classes) - 20:,} more" if len(classes) > 20 else "")


def _plain(words: str) -> str:
    """Words in one line, without what Markdown or HTML would make something of."""
    line = "".join(letter for letter in " ".join(words.split()) if letter.isprintable())
    return line.replace("<", "‹").replace(">", "›").replace("|", "/").replace("`", "'")


def _ended(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _words(name: str) -> str:
    return name.replace("_", " ")


def _bytes(count: int) -> str:
    if count < 1000:
        return f"{count} bytes"
    power = min(3, int(math.log10(count) // 3))
    return f"{count / 1000**power:.3g} {('kB', 'MB', 'GB')[power - 1]}"
