import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from nndesigner import catalogue, cli, nnd
from nndesigner.catalogue.datasets import DATA_SETS
from nndesigner.examples import names
from nndesigner.model import weights_sha256
from nndesigner.project import Choice
from nndesigner.training import runs, weights
from tests.conftest import small_digits

SHARED = Path(cli.__file__).parents[2].parent / "shared" / "data"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object], str]:
    """Exit code, the JSON of the last line, and what went to stderr."""
    code = cli.main([*arguments, "--json"])
    out, err = capsys.readouterr()
    return code, json.loads(out.splitlines()[-1]), err


@pytest.fixture
def small(tmp_path: Path) -> str:
    path = tmp_path / "small.nnd"
    nnd.save(small_digits(), path)
    return str(path)


def test_lists_have_their_keys(capsys: pytest.CaptureFixture[str]) -> None:
    _, found, _ = run(capsys, "examples")
    assert [row["name"] for row in found["examples"]] == names()  # type: ignore[index, attr-defined]
    _, found, _ = run(capsys, "catalogue")
    assert len(found["kinds"]) == len(catalogue.KINDS)  # type: ignore[arg-type]
    by_name = {kind["name"]: kind for kind in found["kinds"]}  # type: ignore[attr-defined]
    assert list(by_name["LSTM"])[:3] == ["name", "family", "target"]
    assert by_name["LSTM"]["outputs"] == ["output", "h_n", "c_n"]
    assert by_name["LSTM"]["example"] == [{"shape": ["N", 6, 8], "dtype": "float32"}]
    assert all(kind["sentence"] for kind in by_name.values())
    _, found, _ = run(capsys, "data")
    assert [row["size"] for row in found["datasets"]] == [one.size for one in DATA_SETS]  # type: ignore[index, attr-defined]


def test_new_writes_an_example_and_never_over_a_file_unasked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "mine.nnd"
    assert run(capsys, "new", "digits", "-o", str(path))[0] == 0
    path.write_text("precious")
    assert run(capsys, "new", "digits", "-o", str(path))[0] == 2
    assert path.read_text() == "precious"
    assert run(capsys, "new", "nothing", "-o", str(path))[0] == 2


def test_check_gives_problems_parameters_and_shapes(capsys: pytest.CaptureFixture[str], small: str) -> None:
    code, found, _ = run(capsys, "check", small)
    assert code == 0
    assert found["problems"] == []
    assert found["parameters"] == 810
    assert found["shapes"]["conv1.output"] == ["N", 8, 6, 6]  # type: ignore[index]
    text = Path(small).read_text().replace('"out_features": 10', '"out_features": 3')
    Path(small).write_text(text)
    code, found, _ = run(capsys, "check", small)
    assert code == 1
    (problem,) = found["problems"]  # type: ignore[misc]
    assert problem["node"] == "loss" and problem["port"] == "input"
    assert problem["cures"] == ["Set out_features of linear1 to 10"]


def test_train_gives_epochs_test_and_weights_and_keeps_them(
    capsys: pytest.CaptureFixture[str], small: str, tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    code, found, _ = run(capsys, "train", small, "--epochs", "1", "--seed", "5", "-o", str(folder))
    assert code == 0
    (epoch,) = found["epochs"]  # type: ignore[misc]
    assert epoch["epoch"] == 1 and {"loss", "accuracy"} == set(epoch["train"]) == set(epoch["validation"])
    assert set(found["test"]) == {"loss", "accuracy"}  # type: ignore[call-overload]
    assert len(found["weights_sha256"]) == 64 and found["seconds"] > 0  # type: ignore[arg-type, operator]
    assert found["path"] == str(folder)
    assert {
        "project.nnd",
        "reports.jsonl",
        "receipt.json",
        "checkpoint.pt",
        "best.safetensors",
        "last.safetensors",
    } <= {one.name for one in folder.iterdir()}
    assert nnd.load(folder / "project.nnd").training.seed == 5
    assert weights_sha256(weights.load(folder / "last.safetensors")) == found["weights_sha256"]


def test_a_run_that_can_not_be_is_exit_code_1(capsys: pytest.CaptureFixture[str], small: str) -> None:
    text = (
        Path(small)
        .read_text()
        .replace('["data", "label", "loss", "target"]', '["data", "lable", "loss", "target"]')
    )
    Path(small).write_text(text)
    code, found, err = run(capsys, "train", small)
    assert code == 1
    assert "lable" in str(found["error"]) and "image, label" in err


def test_export_writes_the_script(capsys: pytest.CaptureFixture[str], small: str, tmp_path: Path) -> None:
    code, found, _ = run(capsys, "export", small, "-o", str(tmp_path / "out.py"))
    assert (code, found["trains"]) == (0, True)
    assert "class SmallDigits" in (tmp_path / "out.py").read_text()
    code, found, _ = run(capsys, "export", small, "-o", str(tmp_path / "no" / "out.py"))
    assert code == 1


@pytest.mark.parametrize(
    "arguments", [["train", "nosuch"], ["check", "nosuch.nnd"], ["train", "digits", "--epochs", "0"]]
)
def test_wrong_use_is_exit_code_2(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    code, found, err = run(capsys, *arguments)
    assert code == 2
    assert err == f"nndesigner: {found['error']}\n"


def test_wrong_words_are_exit_code_2() -> None:
    with pytest.raises(SystemExit) as error:
        cli.main(["train"])
    assert error.value.code == 2


def test_a_broken_file_is_exit_code_1(capsys: pytest.CaptureFixture[str], small: str) -> None:
    Path(small).write_text(Path(small).read_text()[:300])
    code, found, _ = run(capsys, "check", small)
    assert code == 1
    assert str(found["error"]).startswith("small.nnd: the file is cut off")


def test_without_a_display_the_window_says_so_in_one_line() -> None:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    done = subprocess.run(
        [sys.executable, "-m", "nndesigner"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and "display" in done.stderr and "nndesigner train" in done.stderr


def test_the_short_commands_do_without_torch_and_qt() -> None:
    code = (
        "import sys; from nndesigner.__main__ import main; main(['examples']);"
        "sys.exit(any(name in sys.modules for name in ('torch', 'PySide6', 'sklearn')))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60).returncode == 0


def shell(words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A line for bash, in which `nndesigner` is this program."""
    line = f'set -o pipefail; nndesigner() {{ {sys.executable} -m nndesigner "$@"; }}; {words}'
    environment = {**os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[2])}
    return subprocess.run(
        ["bash", "-c", line], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize("words", ["catalogue", "catalogue --json"])
def test_a_reader_that_leaves_ends_the_command_quietly(words: str, tmp_path: Path) -> None:
    done = shell(f"nndesigner {words} | (exec <&-; sleep 1)", tmp_path)
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("words", "about"),
    [
        ("train", "required"),
        ("bogus x", "bogus"),
        ("train digits --epochs abc", "abc"),
        ("data bogus", "bogus"),
    ],
)
def test_wrong_words_are_told_as_json_too(words: str, about: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as error:
        cli.main([*words.split(), "--json"])
    out, err = capsys.readouterr()
    assert error.value.code == 2
    assert about in json.loads(out)["error"] and about in err


def test_several_words_that_are_no_command_are_wrong_use(tmp_path: Path) -> None:
    done = shell("nndesigner trian digits", tmp_path)
    assert done.returncode == 2 and "trian" in done.stderr


def test_where_nothing_can_be_written_is_told_before_the_training(
    capsys: pytest.CaptureFixture[str], small: str, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("")
    code, found, _ = run(capsys, "train", small, "-o", str(tmp_path / "taken"))
    assert code == 1
    assert "taken: it is no folder" in str(found["error"]) and "epochs" not in found
    code, found, _ = run(capsys, "export", small, "-o", str(tmp_path), "--form", "train")
    assert code == 1 and str(found["error"]) == f"{tmp_path}: it is a folder"


def test_a_terminal_that_knows_ascii_only_gets_the_tables(tmp_path: Path) -> None:
    done = shell(
        "PYTHONIOENCODING=ascii nndesigner data && PYTHONIOENCODING=ascii nndesigner data --json", tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["datasets"]


def test_the_progress_bar_is_for_terminals_only(small: str, tmp_path: Path) -> None:
    done = shell(f"nndesigner train {small} --epochs 1", tmp_path)
    assert done.returncode == 0 and done.stderr == ""


# Settings.


def test_any_setting_can_be_set_by_its_name(capsys: pytest.CaptureFixture[str], small: str) -> None:
    words = [
        "epochs=1",
        "optimizer=sgd",
        "optimizer.lr=0.05",
        "optimizer.nesterov=on",
        "optimizer.momentum=0.9",
    ]
    words += ["scheduler=StepLR", "scheduler.step_size=3", "conv1.kernel_size=5, 3", "data.shift=1", "clip=2"]
    options = [word for one in words for word in ("--set", one)]
    code, found, err = run(capsys, "train", small, "--batch-size", "100", *options)
    assert code == 0, err
    project = nnd.load(Path(str(found["path"])) / "project.nnd")
    training = project.training
    assert (training.epochs, training.batch_size, training.clip) == (1, 100, 2.0)
    assert training.optimizer == Choice("SGD", {"lr": 0.05, "nesterov": True, "momentum": 0.9})
    assert training.optimizer.params == {"lr": 0.05, "nesterov": True, "momentum": 0.9}
    assert training.scheduler is not None and training.scheduler.params == {"step_size": 3}
    assert project.graph.nodes["conv1"].params["kernel_size"] == (5, 3)
    assert project.graph.nodes["data"].params["shift"] == 1.0


@pytest.mark.parametrize(
    ("word", "about"),
    [
        ("magic=1", "there is no setting 'magic'; there are epochs, batch_size"),
        ("epochs", "--set takes NAME=VALUE"),
        ("epochs=0", "epochs is a whole number from 1 to 100000, not 0"),
        ("device=gpu", "device is auto or cpu or cuda or mps, not 'gpu'"),
        ("optimizer=Magic", "there is no optimizer 'Magic'; there are "),
        ("optimizer.magic=1", "Adam has no magic; it has lr"),
        ("optimizer.lr=-1", "lr is a number above 0"),
        ("scheduler.gamma=1", "there is no scheduler to set gamma of"),
        ("conv1.magic=1", "conv1 has no magic; it has out_channels"),
        ("conv1.kernel_size=big", "kernel_size is a whole number from 1"),
        ("conv9.kernel_size=3", "there is no layer conv9; there are data, conv1"),
        ("validation=0.9", "less than 5 % of the data"),
    ],
)
def test_what_can_not_be_set_is_wrong_use_with_what_is_possible(
    capsys: pytest.CaptureFixture[str], small: str, word: str, about: str
) -> None:
    code, found, _ = run(capsys, "train", small, "--set", word)
    assert code == 2
    assert about in str(found["error"])


@pytest.mark.parametrize(
    "words",
    [
        "--resume --no-keep",
        "--resume -o x",
        "--no-keep --tensorboard",
        "--slower 0",
        "--resume nosuch",
        "--data nosuch",
    ],
)
def test_options_that_contradict_one_another_are_wrong_use(
    capsys: pytest.CaptureFixture[str], small: str, words: str
) -> None:
    assert run(capsys, "train", small, *words.split())[0] == 2


# Runs.


def test_a_run_is_kept_beside_the_file_gone_on_with_and_told(
    capsys: pytest.CaptureFixture[str], small: str, tmp_path: Path
) -> None:
    _, first, _ = run(capsys, "train", small, "--epochs", "1")
    assert first["path"] == str(tmp_path / "small.runs" / "0001")
    _, further, _ = run(capsys, "train", small, "--resume", "--epochs", "2")
    assert further["path"] == first["path"]
    assert [epoch["epoch"] for epoch in further["epochs"]] == [2]  # type: ignore[attr-defined]
    _, whole, _ = run(capsys, "train", small, "--epochs", "2")
    assert whole["weights_sha256"] == further["weights_sha256"]
    code, found, _ = run(capsys, "runs", small, "--note", "2", "in one go")
    one, other = found["runs"]  # type: ignore[misc]
    assert code == 0 and (one["number"], one["status"], one["epochs"], one["note"]) == (1, "finished", 2, "")
    assert (other["note"], other["changes"], other["test"]) == ("in one go", [], whole["test"])
    _, found, _ = run(capsys, "runs", small, "--delete", "1")
    assert [one["number"] for one in found["runs"]] == [2]  # type: ignore[attr-defined]
    assert run(capsys, "runs", small, "--delete", "7")[0] == 1
    assert run(capsys, "train", small, "--resume", "7")[0] == 1


def test_nothing_is_kept_where_nothing_is_to_be_kept(
    capsys: pytest.CaptureFixture[str], small: str, tmp_path: Path
) -> None:
    code, found, _ = run(capsys, "train", small, "--epochs", "1", "--no-keep")
    assert code == 0 and "path" not in found
    assert [one.name for one in tmp_path.iterdir()] == ["small.nnd"]
    assert run(capsys, "runs", small)[1]["runs"] == []
    assert run(capsys, "train", small, "--resume")[0] == 1


def test_runs_of_an_example_are_with_the_data_of_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    _, found, _ = run(capsys, "train", "digits-mlp", "--steps", "3")
    path = Path(str(found["path"]))
    assert path.parent.name == "digits-mlp" and path.is_relative_to(os.environ["XDG_DATA_HOME"])


def test_a_folder_that_holds_a_run_is_not_written_over(
    capsys: pytest.CaptureFixture[str], small: str, tmp_path: Path
) -> None:
    folder = str(tmp_path / "run")
    assert run(capsys, "train", small, "--epochs", "1", "-o", folder)[0] == 0
    code, found, _ = run(capsys, "train", small, "-o", folder)
    assert code == 2 and "there is a run in" in str(found["error"])
    assert run(capsys, "train", small, "--resume", folder)[1]["path"] == folder


def test_weights_are_evaluated_as_they_were_at_the_end_of_the_run(
    capsys: pytest.CaptureFixture[str], small: str, tmp_path: Path
) -> None:
    _, trained, _ = run(capsys, "train", small, "--epochs", "2")
    code, found, _ = run(capsys, "evaluate", small)
    assert code == 0 and found["records"] == 360
    for name in ("loss", "accuracy"):
        assert found["figures"][name] == pytest.approx(trained["test"][name])  # type: ignore[index]
    own = str(Path(str(trained["path"])) / "best.safetensors")
    _, other, _ = run(capsys, "evaluate", small, "--weights", own, "--part", "validation")
    _, same, _ = run(capsys, "evaluate", str(trained["path"]), "--weights", "best", "--part", "validation")
    assert other["figures"] == same["figures"]
    assert run(capsys, "evaluate", small, "--weights", str(tmp_path / "none"))[0] == 1
    assert run(capsys, "evaluate", str(tmp_path))[0] == 2
    assert run(capsys, "evaluate", small, "--run", "9")[0] == 2


def test_a_trial_before_the_run_is_told_in_words(capsys: pytest.CaptureFixture[str], small: str) -> None:
    code, found, _ = run(capsys, "probe", small, "--only", "loss")
    ((one),) = found["findings"]  # type: ignore[misc]
    assert code == 0 and one["good"] and one["sentence"].startswith("The loss begins at 2.")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals to other processes")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_asked_to_stop_leaves_a_checkpoint_and_says_how_to_go_on(
    small: str, number: int
) -> None:
    one = subprocess.Popen(
        [sys.executable, "-m", "nndesigner", "train", small, "--epochs", "500"],
        cwd=Path(cli.__file__).parents[2], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert one.stdout is not None
    assert one.stdout.readline().startswith("epoch 1: ")
    one.send_signal(number)
    _, err = one.communicate(timeout=60)
    assert one.returncode == 1
    assert "Traceback" not in err
    assert err.startswith("nndesigner: stopped after step ")
    assert f"go on with “nndesigner train {small} --resume 1”" in err
    folder = Path(small).with_name("small.runs") / "0001"
    assert runs.info(folder).status == "stopped"
    assert (folder / "checkpoint.pt").exists()


# Data.


def test_data_of_one_s_own_are_added_shown_trained_on_and_taken_off_again(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table = tmp_path / "flowers.csv"
    rows = "\n".join(f"{one % 7},{one % 5 / 10},{'red' if one % 7 > 3 else 'blue'}" for one in range(80))
    table.write_text(f"petals,height,colour\n{rows}\n")
    code, found, err = run(
        capsys,
        "data",
        "add",
        str(table),
        "--name",
        "flowers",
        "--type",
        "petals=category",
        "--target",
        "colour",
    )
    assert code == 0, err
    types = {column["name"]: (column["type"], column["role"]) for column in found["columns"]}  # type: ignore[attr-defined]
    assert types == {
        "petals": ("category", "feature"),
        "height": ("number", "feature"),
        "colour": ("category", "target"),
    }
    _, found, _ = run(capsys, "data", "show", "flowers")
    assert (found["size"], found["state"]) == (80, "yours")
    assert "flowers" in [one["name"] for one in run(capsys, "data", "list")[1]["datasets"]]  # type: ignore[attr-defined]
    path = str(tmp_path / "begun.nnd")
    assert run(capsys, "new", "--data", "flowers", "-o", path)[0] == 0
    assert run(capsys, "train", path, "--epochs", "1")[0] == 0
    assert run(capsys, "data", "remove", "flowers")[0] == 0
    assert run(capsys, "data", "remove", "flowers")[0] == 2
    assert run(capsys, "train", path, "--epochs", "1")[0] == 0, "the project knows its data by itself"
    assert run(capsys, "train", path, "--epochs", "1", "--data", str(table))[0] == 0


def test_another_data_set_takes_the_place_of_the_project_s(capsys: pytest.CaptureFixture[str]) -> None:
    code, found, _ = run(capsys, "train", "digits", "--data", "iris", "--no-keep")
    assert code == 1 and "features, label" in str(found["error"])


def test_data_that_are_not_there_are_told_with_the_command_that_gets_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, found, _ = run(capsys, "train", "digits", "--data", "mnist", "--no-keep")
    assert code == 1
    assert "get it with “nndesigner data get mnist”" in str(found["error"])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("get digits", 2),
        ("get nosuch", 2),
        ("get mnist --from /nowhere/at/all", 1),
        ("forget iris", 2),
        ("remove iris", 2),
        ("show nosuch", 2),
        ("add /nowhere.csv --name mine", 1),
        ("add /nowhere.csv --name iris", 1),
    ],
)
def test_data_that_can_not_be_had_are_told_in_a_sentence(
    capsys: pytest.CaptureFixture[str], words: str, code: int
) -> None:
    came, found, err = run(capsys, "data", *words.split())
    assert came == code
    assert err == f"nndesigner: {found['error']}\n"


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the data sets in ../shared/data")
def test_a_data_set_is_fetched_from_a_folder_and_deleted_again(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NNDESIGNER_CACHE", str(tmp_path))
    code, found, err = run(capsys, "data", "get", "multi30k", "--from", str(SHARED))
    assert code == 0, err
    assert Path(str(found["path"])).is_relative_to(tmp_path) and found["bytes"] > 1_290_000  # type: ignore[operator]
    states = {one["name"]: one["state"] for one in run(capsys, "data")[1]["datasets"]}  # type: ignore[attr-defined]
    assert (states["multi30k"], states["mnist"]) == ("here", "to be fetched")
    assert run(capsys, "data", "forget", "multi30k")[0] == 0
    assert run(capsys, "data", "show", "multi30k")[1]["state"] == "to be fetched"
