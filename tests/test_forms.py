"""The forms a project is written in: network, training script, notebook, folder; and what a person may do with them."""

import ast
import inspect
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
import torch
from safetensors.torch import load_file, load_model

from nndesigner import examples, functions, script
from nndesigner.data import (
    augmenting,
    bundled,
    fetched,
    fetching,
    large,
    places,
    preparing,
    splitting,
    wording,
)
from nndesigner.data.own import arrays, columns, files, pairs, tables, texts
from nndesigner.data.own import pictures as own_pictures
from nndesigner.data.own import sounds as own_sounds
from nndesigner.data.places import bundled_folder, cache_folder
from nndesigner.graph import Code, Graph, Node, Note
from nndesigner.model import Network, weights_sha256
from nndesigner.plan import make
from nndesigner.project import Choice, Project
from nndesigner.script.card import card
from nndesigner.script.folder import FolderError, requirements, write_folder
from nndesigner.script.notebook import notebook
from nndesigner.script.writer import NAMES, class_name
from tests.conftest import nested_digits, residual_digits, small_digits, wired
from tests.files import many_pictures, reading_files
from tests.test_data_script import pictures, rated, sounds, table, words

RULES = "E4,E7,E9,F,I,UP,B,C4,SIM,PERF,RET,PIE"
REPOSITORY = str(Path(__file__).parents[1])

TRAINED: dict[str, Callable[[Path], Project]] = {
    "varied": lambda _: pictures({"shift": 1.0, "noise": 0.1}, epochs=4),
    "averaged": lambda _: pictures({}, epochs=4, average=0.9, clip=0.5, accumulate=3, batch_size=40),
    "patient": lambda _: pictures({}, epochs=6, patience=2, optimizer=Choice("Adam", {"lr": 0.05})),
    "cycled": lambda _: pictures({}, epochs=4, scheduler=Choice("OneCycleLR", {"max_lr": 0.02})),
    "swung": lambda _: pictures(
        {},
        epochs=4,
        scheduler=Choice("CyclicLR", {"base_lr": 0.001, "max_lr": 0.01, "cycle_momentum": False}),
    ),
    "stepped": lambda _: pictures(
        {}, epochs=4, scheduler=Choice("MultiStepLR", {"milestones": (1, 3), "warmup": 1})
    ),
    "watched": lambda _: pictures({}, epochs=4, scheduler=Choice("ReduceLROnPlateau", {"patience": 0})),
    "limited": lambda _: pictures({}, epochs=9, steps=55, minutes=100.0),
    "closed": lambda _: pictures(
        {}, epochs=4, optimizer=Choice("LBFGS", {"max_iter": 2}), batch_size=300, clip=1.0
    ),
    "halved": lambda _: pictures({}, epochs=4, precision="bf16", channels_last=True),
    "rated": lambda _: rated(),
    "table": table,
    "files": lambda folder: many_pictures(
        folder / "animals", {"shift": 1.0}, epochs=4, batch_size=16, accumulate=2
    ),
}

# Where each run is left, to be gone on with from its checkpoint; those of one epoch are not.
LEFT = {name: 0 if name == "rated" else 1 if name == "table" else 2 for name in TRAINED}

DRIVER = """
import contextlib, importlib, json, sys, traceback


class Stopped(Exception):
    pass


def printing(path, main, *words):
    with open(path, "w") as out, contextlib.redirect_stdout(out):
        try:
            main(*words)
        except Stopped:
            pass
        except Exception:
            traceback.print_exc(file=out)


def stopping(module, left):
    save = module.save_checkpoint

    def save_and_stop(output, kept, generators, progress):
        save(output, kept, generators, progress)
        if progress["epoch"] == left:
            raise Stopped

    module.save_checkpoint = save_and_stop
    return module.main


def run_cells(name):
    with open(name + ".ipynb") as file:
        cells = json.load(file)["cells"]
    names = {"__name__": "__main__"}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), cell["id"], "exec"), names)


if __name__ == "__main__":
    for name, left in json.loads(sys.argv[1]).items():
        module = importlib.import_module(name)
        printing(name + ".whole", module.main, ["--output", name + "_whole.pt"])
        if left:
            parts = ["--output", name + "_parts.pt"]
            printing(name + ".first", stopping(module, left), parts)
            checkpoint = name + "_parts.checkpoint.pt"
            printing(name + ".second", importlib.reload(module).main, [*parts, "--resume", checkpoint])
        printing(name + ".cells", run_cells, name)
"""


def by_itself(folder: Path, *words: str) -> str:
    """What a Python in a folder prints; fails with what it complains of."""
    done = subprocess.run(
        [sys.executable, "-W", "error", *words], cwd=folder, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.thorough
def test_runs_resumed_and_the_cells_of_notebooks_end_as_the_whole_scripts(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name, build in TRAINED.items():
            if name == "files":
                reading_files(patch)
            project = replace(build(tmp_path), title=name)
            assert not make(project).errors
            (tmp_path / f"{name}.py").write_text(script.write(project).text)
            (tmp_path / f"{name}.ipynb").write_text(notebook(project))
    (tmp_path / "driver.py").write_text(DRIVER)
    by_itself(
        tmp_path, "driver.py", json.dumps(LEFT)
    )  # one process for all, as torch takes a second to begin

    def rows(name: str, part: str) -> list[str]:
        return (tmp_path / f"{name}.{part}").read_text().splitlines()

    for name, left in LEFT.items():
        whole = rows(name, "whole")
        assert whole[-1].startswith("test loss"), name
        assert [row for row in rows(name, "cells") if "loss" in row] == whole, name
        expected = digest(tmp_path / f"{name}_whole.pt")
        assert digest(tmp_path / f"{name}.pt") == expected, name
        if left:
            first, second = rows(name, "first"), rows(name, "second")
            assert len(first) == left and first + second == whole, name
            assert digest(tmp_path / f"{name}_parts.pt") == expected, name
            best = digest(tmp_path / f"{name}_whole.best.pt")
            assert digest(tmp_path / f"{name}_parts.best.pt") == best, name
    assert not list(tmp_path.glob("*.tmp"))


def digest(path: Path) -> str:
    return weights_sha256(torch.load(path, weights_only=True))


@pytest.mark.thorough
def test_two_processes_train_and_go_on_from_their_checkpoint(tmp_path: Path) -> None:
    project = residual_digits(epochs=3, batch_size=157)  # the last of 1,257 records makes a batch of its own
    (tmp_path / "train.py").write_text(script.write(project).text)
    start = [
        "-m",
        "torch.distributed.run",
        "--standalone",
        "--nproc-per-node=2",
        "train.py",
        "--device",
        "cpu",
    ]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}

    def run(*words: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, *start, *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            env=environment,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    rows = run("--threads", "1")
    assert [row.partition(":")[0] for row in rows[:-1]] == ["epoch 1", "epoch 2", "epoch 3"]
    losses = [float(row.split()[4].rstrip(",")) for row in rows[:-1]]
    assert losses[2] < losses[1] < losses[0]
    checkpoint = torch.load(tmp_path / "residual_digits.checkpoint.pt", weights_only=True)
    assert len(checkpoint["generators"]) == 2 and checkpoint["progress"]["epoch"] == 3
    more = run("--threads", "1", "--epochs", "4", "--resume", "residual_digits.checkpoint.pt")
    assert [row.partition(":")[0] for row in more[:-1]] == ["epoch 4"] and more[-1].startswith("test loss")
    alone = subprocess.run(
        [sys.executable, "train.py", "--resume", "residual_digits.checkpoint.pt"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert alone.returncode == 1 and "is of 2 processes, and here are 1" in alone.stderr


# Every text.


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with each example, and each way to train, in all forms that are one file."""
    folder = tmp_path_factory.mktemp("forms")
    projects = {name: examples.load(name) for name in examples.names()}
    with pytest.MonkeyPatch.context() as patch:
        for name, build in TRAINED.items():
            projects[f"way_{name}"] = build(folder)
        projects |= {
            "nested": nested_digits(),
            "sounds": sounds(),
            "words": words("stories", "text", vocabulary=96),
        }
        projects["everything"] = pictures(
            {"shift": 1.0},
            average=0.9,
            clip=1.0,
            accumulate=2,
            steps=9,
            minutes=2.5,
            patience=3,
            precision="fp16",
            channels_last=True,
            compile=True,
            device="cuda",
            threads=2,
            scheduler=Choice("OneCycleLR", {"max_lr": 0.5}),
            optimizer=Choice(
                "RMSprop", {"lr": 0.001, "momentum": 0.9, "weight_decay": 0.01, "centered": True}
            ),
        )
        reading_files(patch)
        projects["files"] = many_pictures(folder / "zoo", {"shift": 1.0}, accumulate=2)
        for name, project in projects.items():
            stem, plan = name.replace("-", "_"), make(project)
            (folder / f"{stem}.py").write_text(script.write(project, plan).text)
            (folder / f"{stem}_model.py").write_text(script.write(project, plan, "model").text)
            (folder / f"{stem}.ipynb").write_text(notebook(project, plan))
    return folder


def test_ruff_finds_nothing_in_any_text(written: Path) -> None:
    for command in (["check", "--select", RULES, "--ignore", "RET504"], ["check"], ["format", "--diff"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", command[0], "--isolated", *command[1:], "."],
            cwd=written,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_type_checker_finds_nothing_in_any_script(written: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "mypy",
            "--config-file=",
            "--ignore-missing-imports",
            "--cache-dir",
            Path(REPOSITORY) / ".mypy_cache" / "scripts",  # torch alone takes most of the time
            *sorted(written.glob("*.py")),
        ],
        cwd=written,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_notebook_is_valid(written: Path) -> None:
    paths = sorted(written.glob("*.ipynb"))
    assert len(paths) >= len(examples.names())
    for path in paths:
        found = nbformat.reads(path.read_text(), nbformat.NO_CONVERT)
        nbformat.validate(found)
        assert (found.nbformat, found.nbformat_minor) == (4, 5)
        code = "\n".join(cell.source for cell in found.cells if cell.cell_type == "code")
        assert not {"argparse", "RANK", "WORLD", "args."} & set(code.replace("(", " ").split())
        ast.parse(code)


def test_what_scripts_name_in_capitals_is_kept_from_networks_and_blocks(written: Path) -> None:
    loaders = [arrays, columns, files, pairs, own_pictures, own_sounds, tables, texts]
    modules = [
        *loaders,
        fetched,
        bundled,
        preparing,
        splitting,
        wording,
        augmenting,
        large,
        places,
        functions,
    ]
    for text in [*map(inspect.getsource, modules), *(path.read_text() for path in written.glob("*.py"))]:
        tree = ast.parse(text)
        found = {one.id for one in ast.walk(tree) if isinstance(one, ast.Name) and one.id[0].isupper()}
        classes = {one.name for one in tree.body if isinstance(one, ast.ClassDef)}
        assert found - classes <= NAMES


def test_no_text_names_a_place_of_this_machine_but_that_of_ones_own_data(written: Path) -> None:
    places = {str(Path.home()), REPOSITORY, sys.prefix, str(fetching.folder("mnist"))}
    for path in [*written.glob("*.py"), *written.glob("*.ipynb")]:
        if "table" in path.stem or "files" in path.stem:
            continue
        text = path.read_text()
        assert not [place for place in places if place != "/" and place in text], path


# A script with each of these words, all in one clean process, as torch takes seconds to begin.
SAID = """
import contextlib, json, os, runpy, sys

for folder, name, *words in json.loads(sys.argv[1]):
    os.chdir(folder)
    sys.argv[:] = [name, *words]
    with open("out.txt", "w") as out, contextlib.redirect_stdout(out):
        try:
            runpy.run_path(name, run_name="__main__")
            print("ended")
        except SystemExit as error:
            print("left with", error.code)
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders of scripts that were started with words of the command line, and what they printed."""
    folder = tmp_path_factory.mktemp("said")
    told = {
        "help": (replace(small_digits(), title="100 % of it"), "--help"),
        "settings": (
            small_digits(),
            "--epochs",
            "1",
            "--lr",
            "0",
            "--seed",
            "3",
            "--output",
            "deep/in/it.pt",
        ),
        "nowhere": (words("stories", "text", vocabulary=96), "--data", "nowhere"),
    }
    for name, (project, *_) in told.items():
        (folder / name).mkdir()
        (folder / name / "train.py").write_text(script.write(project).text)
    (folder / "said.py").write_text(SAID)
    by_itself(
        folder,
        "said.py",
        json.dumps([(str(folder / name), "train.py", *given) for name, (_, *given) in told.items()]),
    )
    return folder


def test_every_script_lists_its_settings(said: Path) -> None:
    help_text = " ".join((said / "help/out.txt").read_text().split())
    assert "100 % of it" in help_text and help_text.endswith("left with 0")
    for option in (
        "--epochs",
        "--batch-size",
        "--lr",
        "--seed",
        "--threads",
        "--device",
        "--output",
        "--resume",
    ):
        assert option in help_text
    assert "(default: 0.01)" in help_text


def test_settings_of_the_command_line_are_those_that_count(said: Path) -> None:
    rows = (said / "settings/out.txt").read_text().splitlines()
    assert len(rows) == 3 and rows[-1] == "ended"
    torch.manual_seed(3)
    kept = torch.load(said / "settings/deep/in/it.pt", weights_only=True)
    assert weights_sha256(kept) == weights_sha256(Network(make(small_digits())).state_dict())


def test_data_that_is_not_there_is_asked_for_in_a_sentence(said: Path) -> None:
    (row,) = (said / "nowhere/out.txt").read_text().splitlines()
    assert row.startswith("left with there is no nowhere")
    assert row.endswith("say with --data where the data is")


# The network alone.


@pytest.mark.parametrize("name", ["googlenet-digits", "char-gpt", "vae"])
def test_the_form_model_is_the_network_alone(name: str) -> None:
    project = examples.load(name)
    plan = make(project)
    alone = script.write(project, plan, "model")
    assert not alone.trains and script.write(project, plan).trains
    assert "def main" not in alone.text and "load" not in alone.text
    names: dict[str, Any] = {"__name__": "exported"}
    exec(compile(alone.text, "exported.py", "exec"), names)
    model = names[class_name(project)]()
    assert list(model.state_dict()) == list(Network(plan).state_dict())


# Names and notes.


@pytest.mark.parametrize("title", ["Path", "Tokenizer", "any", "RANK", "ValueError", "True"])
def test_a_title_does_not_hide_what_the_script_imports(title: str) -> None:
    assert class_name(replace(small_digits(), title=title)) == "Network"


def test_what_hides_something_the_script_needs_is_refused_with_a_sentence() -> None:
    project = residual_digits()
    taken = project.with_block(replace(project.blocks["Residual"], name="Path"))
    with pytest.raises(
        script.ScriptError, match="something else that is named Path: give your block another"
    ):
        script.write(taken)
    assert not script.write(taken, form="model").trains
    own = project.with_code(Code("accuracy", "def accuracy(x):\n    return x\n"))
    with pytest.raises(script.ScriptError, match="something else that is named accuracy"):
        script.write(own)


NOTES = (
    "The stem keeps the size.\n\nWhat follows halves it, " + "again and " * 20 + "again.",
    'quit()\x0bquit()\x0cquit()\x1cquit()\u2028quit()\u2029quit()\x85quit()\r\nquit() """ \\',
    "\u202eevil\x00\x1b[31m \ud800",
    "type: ignore\nfmt: off\nruff: noqa\ncoding=latin-1",
    "   \n\n",
    "https://a.place/" + "long" * 40,
)


def test_notes_are_comments_above_their_class_and_nothing_but_comments(tmp_path: Path) -> None:
    project = residual_digits()
    plain = script.write(project).text
    block = project.blocks["Pair"]
    noted = replace(project, graph=replace(project.graph, notes=tuple(Note(text) for text in NOTES)))
    inner = replace(block.graph, notes=(Note("Two of them."),))
    noted = replace(noted, blocks={**project.blocks, "Pair": replace(block, graph=inner)})
    found = script.write(noted)
    assert ast.dump(ast.parse(found.text)) == ast.dump(ast.parse(plain))
    assert "# Two of them.\nclass Pair(nn.Module):" in found.text
    rows = found.text.splitlines()
    start = rows.index("# The stem keeps the size.")
    end = rows.index("class ResidualDigits(nn.Module):")
    assert all(row.startswith("#") and row.isprintable() for row in rows[start:end])
    assert [row for row in rows[start:end] if len(row) > 88] == ["# " + NOTES[-1]]
    assert {"# type : ignore", "# fmt : off", "# ruff : noqa", "# coding =latin-1"} <= set(rows[start:end])
    for name, numbers in script.write(project).lines.items():
        assert [plain.splitlines()[number - 1] for number in numbers] == [
            rows[number - 1] for number in found.lines[name]
        ]
    (tmp_path / "exported.py").write_text(found.text)
    for command in ("check", "format"):
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "ruff",
                command,
                "--isolated",
                *(["--diff"] if command == "format" else []),
                ".",
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr


# Where data lies.


def test_fetched_data_is_looked_for_where_the_program_keeps_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert cache_folder("mnist") == fetching.folder("mnist")
    monkeypatch.setenv("NNDESIGNER_CACHE", str(tmp_path))
    assert cache_folder("fsdd") == fetching.folder("fsdd") == tmp_path / "data" / "fsdd"
    monkeypatch.delenv("NNDESIGNER_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder("mnist") == fetching.folder("mnist")


def test_data_of_the_program_is_looked_for_beside_the_script_first(tmp_path: Path) -> None:
    assert (bundled_folder("stories.txt", tmp_path) / "stories.txt").is_file()
    (tmp_path / "stories.txt").write_text("Once.")
    assert bundled_folder("stories.txt", tmp_path) == tmp_path
    assert bundled_folder("nowhere.txt", tmp_path) == tmp_path


def test_ones_own_data_in_the_home_folder_is_named_from_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    project = table(tmp_path)
    assert f'default=Path("{tmp_path.as_posix()}/things.csv")' in script.write(project).text
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    text = script.write(project).text
    assert 'default=Path.home() / "things.csv"' in text and str(tmp_path) not in text
    assert 'data_file = Path.home() / "things.csv"' in "".join(
        "".join(cell["source"]) for cell in json.loads(notebook(project))["cells"]
    )


# The folder.


def test_a_folder_holds_all_it_takes_to_use_the_network(tmp_path: Path) -> None:
    project = examples.load("transformer-translation")
    plan = make(project)
    network = Network(plan)
    result = {
        "epochs": [{"epoch": 6, "train": {"loss": 0.5}, "validation": {"loss": 0.75}}],
        "test": {"loss": 0.625, "accuracy": None},
        "seconds": 240.0,
    }
    files = write_folder(project, tmp_path / "out", plan, network.state_dict(), result)
    names = ["README.md", "requirements.txt", "train.py", "translation-fr.tsv.gz", "weights.safetensors"]
    assert [path.name for path in files] == names and [path.name for path in tmp_path.iterdir()] == ["out"]
    assert load_file(tmp_path / "out/weights.safetensors").keys() == network.state_dict().keys()
    told = (tmp_path / "out/README.md").read_text()
    for part in (
        "1,935,736 parameters",
        "`(N, 32) int64`",
        "Licence: MIT.",
        "AdamW(lr=0.002, fused=True)",
        "| 0.6250 | none |",
    ):
        assert part in told
    assert "It took 4.0 minutes." in told and "There are no trained weights" not in told
    example = (
        told.split("```python\n")[1].split("```")[0]
        + "\nprint(prediction[0].shape, prediction[0].sum().item())"
    )
    (tmp_path / "out/example.py").write_text(example)
    with torch.no_grad():
        zeros = torch.zeros(1, 32, dtype=torch.int64)
        expected = network.eval()(zeros, zeros)[0]
    printed = float(by_itself(tmp_path / "out", "example.py").split("]) ")[1])
    assert printed == pytest.approx(
        expected.sum().item(), rel=1e-5
    )  # how a sum is cut decides the last digits
    needed = (tmp_path / "out/requirements.txt").read_text().split()
    assert [row.partition(">=")[0] for row in needed] == [
        "numpy",
        "safetensors",
        "scikit-learn",
        "tokenizers",
        "torch",
    ]


def test_a_folder_without_data_or_weights_says_so(tmp_path: Path) -> None:
    files = write_folder(examples.load("resnet18"), tmp_path / "out")
    assert [path.name for path in files] == ["README.md", "model.py", "requirements.txt"]
    told = (tmp_path / "out/README.md").read_text()
    assert "There are no trained weights here" in told and "## Data" not in told and "## Reached" not in told
    assert (tmp_path / "out/requirements.txt").read_text().startswith("torch>=")


def test_what_is_there_already_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine.txt").write_text("mine")
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    for name, reason in {"full": "has something in it", "file": "is a file", "link": "is a link"}.items():
        with pytest.raises(FolderError, match=reason):
            write_folder(small_digits(), tmp_path / name)
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]
    assert len(write_folder(small_digits(), tmp_path / "empty")) == 3


def test_weights_that_do_not_fit_leave_nothing_behind(tmp_path: Path) -> None:
    state = Network(make(small_digits())).state_dict()
    state["linear1.weight"] = torch.zeros(3, 3)
    with pytest.raises(FolderError, match="the weights do not fit the network: size mismatch for linear1"):
        write_folder(small_digits(), tmp_path / "out", weights=state)
    assert not list(tmp_path.iterdir())


TIED = Code(
    "Tied",
    '''from torch import nn


class Tied(nn.Module):
    """Two layers with the same weights."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(6, 6)
        self.second = nn.Linear(6, 6, bias=False)
        self.second.weight = self.first.weight

    def forward(self, x):
        return self.second(self.first(x))
''',
)


def test_tied_weights_stand_in_the_file_once_and_come_back(tmp_path: Path) -> None:
    nodes = [Node("given", "Input", {"shape": (6,)}), Node("tied1", "Tied"), Node("out", "Output")]
    project = Project(Graph.of(nodes, wired("given > tied1.x", "tied1 > out"))).with_code(TIED)
    project = replace(project, trusted=frozenset([TIED.sha256]), title="Tied network")
    plan = make(project)
    network = Network(plan)
    apart = {name: values.clone() for name, values in network.state_dict().items()}
    write_folder(project, tmp_path / "out", plan, apart)
    kept = load_file(tmp_path / "out/weights.safetensors")
    assert len(kept) == 2 and len(apart) == 3
    other = Network(plan)
    load_model(other, str(tmp_path / "out/weights.safetensors"))
    assert weights_sha256(other.state_dict()) == weights_sha256(network.state_dict())


def test_requirements_name_packages_as_they_are_installed() -> None:
    text = "import os\nimport sklearn.svm\nfrom PIL import Image\n\n\ndef f():\n    import no_such_thing\n    from . import x\n"
    rows = requirements(text).split()
    assert [row.partition(">=")[0] for row in rows] == ["no_such_thing", "Pillow", "scikit-learn"]
    assert rows[0] == "no_such_thing" and rows[2].count(".") == 1


def test_a_card_takes_no_markup_from_a_title() -> None:
    project = replace(small_digits(), title="# <script>alert(1)</script>\n| x `")
    told = card(project, make(project), "Network", "train.py", trains=True)
    assert "<" not in told.split("## In and out")[0] and told.splitlines()[0].startswith("# # ‹script›")


def test_no_layer_and_errors_are_refused_in_every_form(tmp_path: Path) -> None:
    for attempt in (
        lambda: script.write(Project(), form="model"),
        lambda: notebook(Project()),
        lambda: write_folder(Project(), tmp_path / "out"),
    ):
        with pytest.raises(script.ScriptError, match="no layer yet"):
            attempt()
    assert not list(tmp_path.iterdir())
