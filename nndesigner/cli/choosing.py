"""The project a command is about, with the data set and the settings that were chosen beside it."""

import argparse
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from nndesigner import catalogue, examples, nnd, shelf
from nndesigner.catalogue.data import DataSet
from nndesigner.catalogue.datasets import BY_NAME as DATA_SETS
from nndesigner.catalogue.kind import Kind, Param
from nndesigner.catalogue.reading import read
from nndesigner.cli.answer import WrongUse, say
from nndesigner.graph import GraphError, Value
from nndesigner.nnd import ProjectError
from nndesigner.project import TRAINING_PARAMS, Choice, Project, Training

SETTINGS = ("epochs", "batch_size", "seed", "steps", "minutes", "threads", "device", "precision")
_BY_NAME = {param.name: param for param in TRAINING_PARAMS}


def find(chosen: argparse.Namespace) -> Project:
    """The project that is named; raises `WrongUse` where there is none, `ProjectError` where it can't be read."""
    return trusted(_found(chosen.project, chosen), chosen)


def named(words: str, chosen: argparse.Namespace) -> Project:
    """The project in a file, an example, a script, or that of a run: `FILE:RUN`, or its folder; raises as `find` does."""
    home, colon, number = words.rpartition(":")
    if Path(words).is_dir() or (colon and not os.path.lexists(words)):
        from nndesigner.training import runs

        if Path(words).is_dir():
            folder = Path(words)
        elif number.isdecimal() and (os.path.lexists(home) or home in examples.names()):
            path = None if home in examples.names() and not os.path.lexists(home) else Path(home)
            try:
                folder = runs.find(runs.home(path, Project(), "" if path else home), int(number))
            except runs.RunsError as error:
                raise WrongUse(str(error)) from None
        else:
            raise WrongUse(f"there is no file {words}; a run is named by FILE:RUN, such as digits:3")
        if not (folder / runs.PROJECT).is_file():
            raise WrongUse(f"there is no run in the folder {folder}")
        return trusted(nnd.load(folder / runs.PROJECT), chosen)
    return trusted(_found(words, chosen), chosen)


def _found(words: str, chosen: argparse.Namespace) -> Project:
    if not os.path.lexists(words) and words not in examples.names():
        raise WrongUse(
            f"there is no file {words}, and no example of that name ({', '.join(examples.names())})"
        )
    path = Path(words)
    if path.suffix != ".py" or not path.is_file():
        return examples.find(words)
    from nndesigner.script.reader.reading import ReadingError, read_file

    try:
        reading = read_file(path)
    except ReadingError as error:
        raise ProjectError(f"{path.name}: {error}") from None
    for remark in reading.remarks:
        say(chosen, f"{path.name}: {remark}")
    return reading.project


def trusted(found: Project, chosen: argparse.Namespace) -> Project:
    """With what its own code may do."""
    if not found.code:
        return found
    from nndesigner import trust

    known = trust.trust(*found.code.values()) if chosen.trust else trust.trusted()
    return replace(found, trusted=known)


def file_of(chosen: argparse.Namespace) -> Path | None:
    """The file of the project, or nothing where it is an example."""
    path = Path(chosen.project)
    return path if path.is_file() or chosen.project not in examples.names() else None


def home(chosen: argparse.Namespace, found: Project) -> Path:
    """Where its runs are kept."""
    from nndesigner.training import runs

    path = file_of(chosen)
    return runs.home(path, found, "" if path else chosen.project)


# Settings.


def setting_options(one: argparse.ArgumentParser) -> None:
    """The settings of the training that are set most often, by themselves, and all others by name."""
    for name in SETTINGS:
        param = _BY_NAME[name]
        sentence = param.sentence.replace("%", "%%")
        option = f"--{name.replace('_', '-')}"
        if param.choices:
            one.add_argument(option, choices=param.choices, help=sentence)
        else:
            one.add_argument(option, type=int if param.type == "int" else float, metavar="N", help=sentence)
    one.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="any setting of the training, optimizer=NAME, optimizer.lr=VALUE, scheduler=NAME, scheduler.PARAM=VALUE, or "
        "NODE.PARAM=VALUE; as often as wanted",
    )


def with_settings(found: Project, chosen: argparse.Namespace) -> Project:
    """With all that was set; raises `WrongUse` with what is possible."""
    for name in SETTINGS:
        value = getattr(chosen, name)
        if value is not None:
            if problem := _BY_NAME[name].problem(value):
                raise WrongUse(problem)
            found = _trained(found, {name: value})
    for words in chosen.set:
        name, equals, text = words.partition("=")
        if not equals:
            raise WrongUse(f"--set takes NAME=VALUE, such as clip=1 or optimizer.lr=0.01, not {words!r}")
        found = _set(found, name.strip(), text.strip())
    if found.training.validation + found.training.test > 0.95:
        raise WrongUse("validation and test leave less than 5 % of the data to train on")
    return found


def is_set(chosen: argparse.Namespace) -> bool:
    """Whether anything was set."""
    return bool(chosen.set) or any(getattr(chosen, name) is not None for name in SETTINGS)


def _set(found: Project, name: str, text: str) -> Project:
    if name in ("optimizer", "scheduler"):
        return _trained(found, {name: _choice(name, text)})
    if (param := _BY_NAME.get(name)) is not None:
        return _trained(found, {name: _value(param, text)})
    owner, dot, inner = name.rpartition(".")
    if owner in ("optimizer", "scheduler"):
        choice: Choice | None = getattr(found.training, owner)
        if choice is None:
            raise WrongUse(
                f"there is no scheduler to set {inner} of; choose one first, with --set scheduler=NAME"
            )
        kind = catalogue.BY_NAME.get(choice.kind)
        params = kind.params if kind is not None else ()
        value = _value(_among(params, inner, f"{choice.kind} has no {inner}"), text)
        return _trained(found, {owner: Choice(choice.kind, {**choice.params, inner: value})})
    if dot and (node := found.graph.nodes.get(owner)) is not None:
        of_node = found.kind_of(node)
        params = of_node.params if of_node is not None else ()
        value = _value(_among(params, inner, f"{owner} has no {inner}"), text)
        return replace(found, graph=found.graph.replace_node(node.with_param(inner, value)))
    if dot:
        raise WrongUse(f"there is no layer {owner}; there are {', '.join(found.graph.nodes)}")
    listed = ", ".join(
        (*_BY_NAME, "optimizer", "optimizer.PARAM", "scheduler", "scheduler.PARAM", "NODE.PARAM")
    )
    raise WrongUse(f"there is no setting {name!r}; there are {listed}")


def _choice(role: str, text: str) -> Choice | None:
    if role == "scheduler" and text.lower() in ("", "none", "nothing"):
        return None
    kinds: list[Kind] = [kind for kind in catalogue.KINDS if kind.role == role]
    for kind in kinds:
        if kind.name.lower() == text.lower():
            return Choice(kind.name)
    raise WrongUse(f"there is no {role} {text!r}; there are {', '.join(kind.name for kind in kinds)}")


def _among(params: Iterable[Param], name: str, refusal: str) -> Param:
    by_name = {param.name: param for param in params}
    if name not in by_name:
        raise WrongUse(f"{refusal}; it has {', '.join(by_name) or 'nothing to set'}")
    return by_name[name]


def _value(param: Param, text: str) -> Value:
    try:
        return read(param, text)
    except ValueError as error:
        raise WrongUse(str(error)) from None


def _trained(found: Project, settings: dict[str, object]) -> Project:
    training: Training = replace(found.training, **settings)  # type: ignore[arg-type]
    return replace(found, training=training)


# Data.


def data_option(one: argparse.ArgumentParser) -> None:
    """Which data set takes the place of the project's own."""
    one.add_argument(
        "--data",
        metavar="NAME|PATH",
        help="another data set by its name, or a file or folder that is looked at on the fly",
    )


def with_data(found: Project, chosen: argparse.Namespace) -> Project:
    """With the data set that was chosen; raises `WrongUse` where there is none, `DataError` where it can't be read."""
    if not chosen.data:
        return found
    name = chosen.data
    if found.data_named(name) is None:
        own = data_set(name, chosen, tuple(found.data))
        found, name = found.with_data(own), own.name
    try:
        return found.learning_from(name)
    except GraphError as error:
        raise WrongUse(str(error)) from None


def data_set(name: str, chosen: argparse.Namespace, others: Sequence[str] = ()) -> DataSet:
    """A data set of the program or of this person by its name, or that in a file or folder; raises as `with_data` does."""
    try:
        known = DATA_SETS.get(name) or shelf.find(name)
    except ValueError as error:
        raise WrongUse(str(error)) from None
    if known is not None:
        return known
    path = Path(name)
    if not path.exists():
        names = dict.fromkeys((*DATA_SETS, *others, *shelf.names()))
        raise WrongUse(f"there is no data set, file or folder {name!r}; there are {', '.join(names)}")
    from nndesigner.data import adding

    own = re.sub(r"\W+", "-", path.resolve().name.partition(".")[0]).strip("-_") or "mine"
    looked = adding.look_at(path, f"my-{own}" if shelf.name_problem(own) else own)
    for remark in looked.remarks:
        say(chosen, remark)
    return looked.data_set
