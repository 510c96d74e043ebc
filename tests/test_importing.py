import json
from pathlib import Path

import pytest

from nndesigner import child, cli, examples, nnd, script
from nndesigner.difference import difference

NET = '''import torch
from torch import nn


class Net(nn.Module):
    """A convolutional network."""

    def __init__(self, width=32):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        self.fc = nn.Linear(16 * width, 10)

    def forward(self, x):
        return self.fc(torch.flatten(self.features(x), 1))
'''
BROKEN = """

class Other(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(3, 4)
        self.b = nn.Linear(4, 4, bias=True, bias=False)

    def forward(self, x):
        return self.a(x)
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "net.py"
    path.write_text(NET)
    return path


@pytest.fixture(autouse=True, scope="module")
def _ended() -> object:
    yield
    child.stop()


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert isinstance(found, dict)
    return found


def test_a_script_becomes_a_project_file(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = source.with_suffix(".nnd")
    arguments = ["import", str(source), "--input", "1,1,8,8", "-o", str(path)]
    assert cli.main(arguments) == 0
    said = capsys.readouterr().out
    assert "Net: " in said and "5,450 parameters" in said and f"wrote {path}" in said
    project = nnd.load(path)
    assert project.graph.nodes["fc"].kind == "Linear"
    assert cli.main(arguments) == 2  # it is there already
    assert cli.main([*arguments, "--force", "--json"]) == 0
    found = told(capsys)
    assert {**found, "remarks": []} == {
        "path": str(path),
        "main": "Net",
        "classes": ["Net"],
        "parameters": 5450,
        "remarks": [],
        "read": True,
    }


def test_what_cannot_be_read_is_told_by_line_and_the_rest_is_written(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source.write_text(NET + BROKEN)
    path = source.with_suffix(".nnd")
    assert cli.main(["import", str(source), "-o", str(path)]) == 1
    said = capsys.readouterr().out
    assert f"{source}:21: error: bias is given twice" in said
    assert "with what could be read" in said and "Net" in said
    assert "a" in nnd.load(path).graph.nodes
    assert cli.main(["import", str(source), "-o", str(path), "--force", "--json"]) == 1
    found = told(capsys)
    assert found["read"] is False and found["main"] == "Other"
    assert {"line": 21, "message": "bias is given twice", "severity": "error"} in found["remarks"]  # type: ignore[operator]


def test_of_several_classes_one_is_named(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source.write_text(NET + BROKEN)
    path = source.with_suffix(".nnd")
    arguments = ["--input", "1,1,8,8", "-o", str(path), "--json"]
    assert cli.main(["import", f"{source}:Net", *arguments]) == 0
    found = told(capsys)
    assert found["main"] == "Net" and set(found["classes"]) == {"Net", "Other"}  # type: ignore[call-overload]
    assert cli.main(["import", f"{source}:Nowhere", *arguments, "--force"]) == 1
    assert "it has" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [["nowhere.py"], ["{source}", "--input", "1,a"], ["{source}:2x"], ["{source}", "--input", "0"]],
)
def test_wrong_use_is_told(source: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    given = [words.format(source=source) for words in arguments]
    assert cli.main(["import", *given, "-o", str(source.with_suffix(".nnd"))]) == 2
    assert capsys.readouterr().err.startswith("nndesigner: ")
    assert not source.with_suffix(".nnd").exists()


def test_a_script_stands_where_a_project_is_expected(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = source.with_suffix(".nnd")
    assert cli.main(["import", str(source), "-o", str(path)]) in (0, 1)
    capsys.readouterr()
    assert cli.main(["diff", str(source), str(path)]) == 0
    assert cli.main(["check", str(source), "--json"]) in (0, 1)
    assert told(capsys)["parameters"] == 63_050  # for pictures of 28 by 28, which were tried out


def test_an_exported_script_comes_back_as_the_project_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "digits.py"
    path.write_text(script.write(examples.load("digits")).text)
    assert cli.main(["import", str(path), "-o", str(tmp_path / "back.nnd"), "--json"]) == 0
    found = difference(examples.load("digits"), nnd.load(tmp_path / "back.nnd"))
    assert not found, found
    assert cli.main(["diff", "digits", str(path)]) == 0
