import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nndesigner import catalogue, cli, nnd
from nndesigner.catalogue.data import DATA_SETS
from nndesigner.examples import names
from tests.conftest import small_digits


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
    assert sorted(name.name for name in folder.iterdir()) == [
        "project.nnd",
        "report.json",
        "weights.safetensors",
    ]
    assert nnd.load(folder / "project.nnd").training.seed == 5


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
    environment = {**os.environ, "PYTHONPATH": str(Path(cli.__file__).parent.parent)}
    return subprocess.run(
        ["bash", "-c", line], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize("words", ["catalogue", "catalogue --json"])
def test_a_reader_that_leaves_ends_the_command_quietly(words: str, tmp_path: Path) -> None:
    done = shell(f"nndesigner {words} | (exec <&-; sleep 1)", tmp_path)
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("words", "about"), [("train", "required"), ("bogus x", "bogus"), ("train digits --epochs abc", "abc")]
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
    assert "taken" in str(found["error"]) and "epochs" not in found
    code, found, _ = run(capsys, "export", small, "-o", str(tmp_path))
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
