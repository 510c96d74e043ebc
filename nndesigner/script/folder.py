"""A project as a folder that can be handed on: script, weights, requirements, model card."""

import ast
import secrets
import shutil
import sys
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import torch
from safetensors import torch as safetensors

from nndesigner import resources
from nndesigner.model import Network
from nndesigner.plan import Plan
from nndesigner.project import Project
from nndesigner.script.card import card
from nndesigner.script.data import Data
from nndesigner.script.writer import DISTRIBUTIONS, class_name, ready, write

WEIGHTS = "weights.safetensors"


class FolderError(ValueError):
    """A folder that can't be written; its text is meant for people."""


def write_folder(
    project: Project,
    path: Path,
    plan: Plan | None = None,
    weights: Mapping[str, torch.Tensor] | None = None,
    result: Mapping[str, Any] | None = None,
) -> tuple[Path, ...]:
    """Writes the folder whole or not at all; gives the files in it.

    It holds `train.py`, or `model.py` where there is nothing to train with, `requirements.txt`, `README.md`, with
    `weights` (a state dict) `weights.safetensors`, in which a tensor under two names stands once, and the files of data
    that come with this program. `result` is what a run says of itself, for the card. Raises `ScriptError` with what stands against the
    project, `FolderError` where there is something at `path` or the weights do not fit, `OSError` as the system gives it.
    """
    plan = ready(project, plan)
    path = path.absolute()
    _refuse(path)
    written = write(project, plan)
    script = "train.py" if written.trains else "model.py"
    needed = "from safetensors.torch import load_model" if weights is not None else ""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        temporary.mkdir()
        (temporary / script).write_text(written.text, encoding="utf-8", newline="\n")
        (temporary / "requirements.txt").write_text(
            requirements(f"{written.text}\n{needed}"), encoding="utf-8"
        )
        if weights is not None:
            _save(plan, weights, temporary / WEIGHTS)
        if written.trains:
            for name in _bundled(project):
                shutil.copyfile(resources.folder("data") / name, temporary / name)
        told = card(
            project,
            plan,
            class_name(project),
            script,
            trains=written.trains,
            weights=weights is not None,
            result=result,
        )
        (temporary / "README.md").write_text(told, encoding="utf-8", newline="\n")
        if path.exists():
            path.rmdir()
        temporary.replace(path)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    return tuple(sorted(path.iterdir()))


def requirements(text: str) -> str:
    """What a script imports beside Python's own library, one a line, from the version on that is installed here."""
    rows = []
    for name in dict.fromkeys(_imported(text)):
        distribution = DISTRIBUTIONS.get(name, name)
        try:
            version = metadata.version(distribution)
        except metadata.PackageNotFoundError:
            rows.append(distribution)
            continue
        rows.append(f"{distribution}>={'.'.join(version.partition('+')[0].split('.')[:2])}")
    return "\n".join(sorted(rows, key=str.lower)) + "\n"


def _imported(text: str) -> Iterator[str]:
    for statement in ast.walk(ast.parse(text)):
        names: list[str] = []
        if isinstance(statement, ast.Import):
            names = [alias.name for alias in statement.names]
        elif isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
            names = [statement.module]
        for name in names:
            top = name.partition(".")[0]
            if top not in sys.stdlib_module_names:
                yield top


def _refuse(path: Path) -> None:
    if path.is_symlink():
        raise FolderError(f"{path} is a link: name a folder that is not there yet")
    if path.exists() and not path.is_dir():
        raise FolderError(f"{path} is a file: name a folder that is not there yet")
    if path.is_dir() and any(path.iterdir()):
        raise FolderError(
            f"{path} has something in it already: name a folder that is not there yet, or empty it"
        )


def _save(plan: Plan, weights: Mapping[str, torch.Tensor], path: Path) -> None:
    """Weights as a model of this project holds them: what is tied stands in the file once."""
    network = Network(plan)
    try:
        network.load_state_dict(dict(weights))
    except RuntimeError as error:
        first = str(error).strip().splitlines()
        raise FolderError(f"the weights do not fit the network: {(first[1:] or first)[0].strip()}") from None
    safetensors.save_model(network, str(path))


def _bundled(project: Project) -> tuple[str, ...]:
    data_set, node = project.data_set(), project.data_node()
    if data_set is None or node is None:
        return ()
    source = Data(project, data_set, node.params).source
    return source.bundled if source is not None else ()
