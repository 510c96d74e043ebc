"""A script read back: its code followed like any other, then given the places, names and settings its comment tells."""

import ast
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nndesigner import catalogue
from nndesigner.code import CodeProblem, parts
from nndesigner.code import read as read_code
from nndesigner.graph import Code, Value
from nndesigner.project import TRAINING_PARAMS, Choice, Project, Training
from nndesigner.script import drawing
from nndesigner.script.reader.calling import ours
from nndesigner.script.reader.reading import Reading, Remark, Source
from nndesigner.script.reader.source import understood


def drawn_again(source: Source) -> Reading:
    """What a source holds, and where it stood; raises `ReadingError` where there is no network in it."""
    code, told, problem = drawing.parted(source.text)
    own = tuple(told.project.code) if told is not None else source.own
    read = understood(replace(source, text=code, own=own))
    if problem:
        read = replace(read, remarks=(*read.remarks, Remark(problem, severity="note")))
    training, said = settings(code, told.project.training if told is not None else Training())
    if told is None:
        return replace(read, project=replace(read.project, training=training), remarks=(*read.remarks, *said))
    project, names = drawing.restored(read.project, told)
    project, changed = _losses(project, code)
    project = replace(project, training=training, code=_codes(project, told.project))
    said += [*changed, *_by_hand(code, told, project)]
    lines = {names.get(name, name): found for name, found in read.lines.items()}
    remarks = tuple(replace(one, node=names.get(one.node, one.node)) for one in (*read.remarks, *said))
    return replace(read, project=project, lines=lines, remarks=remarks)


def _codes(project: Project, told: Project) -> Mapping[str, Code]:
    """Layers of one's own, as they were typed where the script has them unchanged."""
    found = {}
    for name, code in project.code.items():
        known = told.code.get(name)
        same = (
            known is not None
            and not isinstance(read_code(known), CodeProblem)
            and parts(known)[1] == parts(code)[1]
        )
        found[name] = known if same and known is not None else code
    return found


def _losses(project: Project, code: str) -> tuple[Project, list[Remark]]:
    """The losses of a project as a script has them: `loss_function = nn.CrossEntropyLoss(label_smoothing=0.1)`."""
    remarks: list[Remark] = []
    graph = project.graph
    for node in _top(code):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        name = drawing.name_of(node).rstrip("_").removesuffix("_function")
        known = graph.nodes.get(name)
        kind = project.kind_of(known) if known is not None else None
        if known is None or kind is None or kind.role != "loss":
            continue
        found = _choice(ast.unparse(node.value.func), node.value)
        new = catalogue.BY_NAME.get(found.kind)
        if (
            new is None
            or new.role != "loss"
            or [port.name for port in new.inputs] != [port.name for port in kind.inputs]
        ):
            remarks.append(
                Remark(
                    f"{found.kind} can't stand in the place of {known.kind}; it stays", node.lineno, "note"
                )
            )
            continue
        wrong = [words for key, words in new.problems(found.params) if key in found.params]
        if wrong:
            remarks.append(Remark(wrong[0], node.lineno))
            continue
        own = {
            key: value for key, value in known.params.items() if key in new.by_name and new.by_name[key].own
        }
        if known.kind != new.name or kind.arguments(known.params) != new.arguments(found.params):
            graph = graph.replace_node(replace(known, kind=new.name, params={**found.params, **own}))
    return replace(project, graph=graph), remarks


def _by_hand(code: str, told: drawing.Drawing, project: Project) -> list[Remark]:
    """What was changed by hand besides network, losses and settings, which the canvas can't show."""
    now = drawing.rest(code)
    if not now:
        return []
    lines = {drawing.name_of(node): node.lineno for node in _top(code)}
    shown = {f"{name}_function" for name in project.graph.nodes} | {*project.code}
    if project.training != told.project.training:
        shown |= {"fit", "parse_arguments", "parse", "main"}
    remarks = []
    for name in dict.fromkeys([*told.rest, *now]):
        if (
            told.rest
            and name.rstrip("_") not in shown
            and told.rest.get(name) != now.get(name)
            and not _is_ours(name, code)
        ):
            what = "is new" if name not in told.rest else "is gone" if name not in now else "was changed"
            words = f"{name} {what} by hand; the canvas shows the network, so this stays in the text alone"
            remarks.append(Remark(words, lines.get(name, 0), "note"))
    return remarks


def _is_ours(name: str, code: str) -> bool:
    """Whether a function is one that comes and goes with a layer, such as `causal_mask`."""
    return any(isinstance(node, ast.FunctionDef) and node.name == name and ours(node) for node in _top(code))


def _top(code: str) -> list[ast.stmt]:
    try:
        return ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


# Settings.


def settings(code: str, known: Training) -> tuple[Training, list[Remark]]:
    """The settings a script tells: the defaults of its options, and its optimizer and scheduler."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return known, []
    remarks: list[Remark] = []
    options: dict[str, tuple[Any, int]] = {}
    choices: dict[str, tuple[Choice, int]] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        words = ast.unparse(node.func) if isinstance(node.func, ast.Attribute) else ""
        if words.endswith(".add_argument") and node.args and isinstance(node.args[0], ast.Constant):
            for keyword in node.keywords:
                if keyword.arg == "default" and isinstance(keyword.value, ast.Constant):
                    name = str(node.args[0].value).lstrip("-").replace("-", "_")
                    options[name] = (keyword.value.value, node.lineno)
        elif words.startswith(("torch.optim.lr_scheduler.", "optim.lr_scheduler.", "lr_scheduler.")):
            choices.setdefault("scheduler", (_choice(words, node), node.lineno))
        elif words.startswith(("torch.optim.", "optim.")) and words.count(".") == 1 + words.startswith(
            "torch."
        ):
            choices.setdefault("optimizer", (_choice(words, node), node.lineno))
    training = known
    for param in TRAINING_PARAMS:
        found, line = options.get(param.name, (None, 0))
        if found is None or found == getattr(known, param.name):
            continue
        if problem := param.problem(found):
            remarks.append(Remark(problem, line))
        else:
            training = replace(training, **{param.name: found})
    optimizer = _optimizer(training.optimizer, choices.get("optimizer"), options.get("lr"), remarks)
    return replace(training, optimizer=optimizer), remarks


def _choice(words: str, node: ast.Call) -> Choice:
    params: dict[str, Value] = {}
    for keyword in node.keywords:
        try:
            found = ast.literal_eval(keyword.value)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            continue
        if keyword.arg is not None:
            params[keyword.arg] = tuple(found) if isinstance(found, list) else found
    return Choice(words.rpartition(".")[2], params)


def _optimizer(
    known: Choice, found: tuple[Choice, int] | None, lr: tuple[Any, int] | None, remarks: list[Remark]
) -> Choice:
    """The optimizer a script has; as it was drawn where it says the same."""
    if found is None:
        return known
    choice, line = found
    kind = catalogue.BY_NAME.get(choice.kind)
    if kind is None or kind.role != "optimizer":
        remarks.append(
            Remark(f"{choice.kind} is no optimizer of the catalogue; {known.kind} stays", line, "note")
        )
        return known
    params = {name: value for name, value in choice.params.items() if name in kind.by_name}
    if lr is not None and "lr" in kind.by_name and "lr" not in params:
        params["lr"] = lr[0]
    wrong = [words for name, words in kind.problems(params) if name in params]
    if wrong:
        remarks.append(Remark(wrong[0], line))
        return known
    if known.kind == choice.kind and kind.values(known.params) == {
        **kind.values({}),
        **params,
    }:
        return known
    return Choice(
        choice.kind, {name: value for name, value in params.items() if value != kind.by_name[name].default}
    )
