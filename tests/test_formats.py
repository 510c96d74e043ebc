"""Every form a project is exported as: written, read by what it is for, and compared."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from nndesigner import apart, cli, examples, nnd
from nndesigner.graph import Graph, Node
from nndesigner.model import Network, weights_sha256
from nndesigner.plan import make
from nndesigner.project import Project
from nndesigner.script import formats
from nndesigner.training import result, runs, weights
from nndesigner.training.run import prepare, train
from tests.conftest import chain, residual_digits, small_digits, wired
from tests.sampling import sampled

ROOT = Path(cli.__file__).parents[2]
# Whose ONNX takes up to half a minute each, and has no layer that those of the others lack.
LONG = {"vgg16", "alexnet", "unet", "resnet50", "densenet121", "googlenet"}
needs_onnx = pytest.mark.skipif(find_spec("onnxruntime") is None, reason="ONNX Runtime is not installed")


@pytest.fixture(scope="module", autouse=True)
def processes() -> Iterator[None]:
    """The two processes stand ready for all tests here, and end with them."""
    apart.begin(nice=0)
    yield
    apart.stop()


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, object]]:
    """Exit code and the JSON of the last line."""
    code = cli.main([*arguments, "--json"])
    return code, json.loads(capsys.readouterr().out.splitlines()[-1])


@pytest.fixture
def small(tmp_path: Path) -> str:
    path = tmp_path / "small.nnd"
    nnd.save(small_digits(), path)
    return str(path)


def test_the_table_says_what_the_suffix_of_a_file_means() -> None:
    meant = {"a.py": "train", "a.ipynb": "notebook", "a": "folder", "a.onnx": "onnx", "a.pt2": "pt2"}
    meant |= {"a.safetensors": "weights", "a.SVG": "svg", "a.pdf": "pdf", "a.png": "png"}
    assert {name: formats.form_of(Path(name)) for name in meant} == meant
    with pytest.raises(formats.FormatError, match=r"nothing is exported as \.h5: expected \.py"):
        formats.form_of(Path("a.h5"))
    assert len({one.name for one in formats.FORMATS}) == len(formats.FORMATS)


def test_the_name_that_pip_knows_is_that_of_the_project() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'\nname = "{formats.DISTRIBUTION}"\n' in text
    (extra,) = re.findall(r"^onnx = \[(.*)\]$", text, re.MULTILINE)
    assert set(re.findall(r'"(\w+)>', extra)) == {"onnx", "onnxruntime", "onnxscript"}


@needs_onnx
@pytest.mark.parametrize("name", sampled([name for name in examples.names() if name not in LONG], 2))
def test_the_onnx_of_an_example_computes_what_torch_computes(name: str, tmp_path: Path) -> None:
    project = examples.load(name)
    made = formats.export(project, tmp_path / "network.onnx", "onnx")
    assert made.proof is not None and made.proof.verified
    assert made.proof.max_difference < 1e-4
    assert made.proof.words.endswith("on batches of 1 and 5")


@needs_onnx
def test_an_onnx_has_the_names_of_the_canvas_and_says_what_it_is(tmp_path: Path) -> None:
    import onnx

    path = tmp_path / "network.onnx"
    formats.export(residual_digits(), path, "onnx")
    model = onnx.load(str(path))
    assert [one.name for one in model.graph.input] == ["image"]
    assert [one.name for one in model.graph.output] == ["digit"]  # not what only the losses want
    assert model.graph.input[0].type.tensor_type.shape.dim[0].dim_param == "batch"
    told = {one.key: one.value for one in model.metadata_props}
    assert told == {"title": "Residual digits", "class": "ResidualDigits", "parameters": told["parameters"]}
    assert str(ROOT).encode() not in path.read_bytes()


@needs_onnx
@pytest.mark.parametrize("kind", ["RandnLike", "RandLike"])
def test_random_numbers_are_zeros_while_onnx_is_compared(kind: str, tmp_path: Path) -> None:
    nodes = [
        Node("a", "Input", {"shape": (3,)}),
        Node("noise", kind),
        Node("sum", "Add"),
        Node("out", "Output"),
    ]
    wires = wired("a > noise", "noise > sum.input1", "a > sum.input2", "sum > out")
    made = formats.export(Project(Graph.of(nodes, wires)), tmp_path / "noisy.onnx", "onnx")
    assert made.proof is not None and made.proof.verified


@needs_onnx
def test_what_onnx_can_not_express_is_refused_with_its_node(tmp_path: Path) -> None:
    nodes = [
        Node("picture", "Input", {"shape": (2, 8, 8)}),
        Node("relu1", "ReLU"),
        Node("drawn", "FractionalMaxPool2d", {"kernel_size": 2, "output_size": 4}),
        Node("out", "Output"),
    ]
    project = Project(Graph.of(nodes, chain("picture", "relu1", "drawn", "out")))
    words = "drawn can't be expressed in ONNX: it has nothing like torch's fractional_max_pool2d"
    with pytest.raises(formats.FormatError, match=f"^{words}$"):
        formats.export(project, tmp_path / "out.onnx", "onnx")
    assert not (tmp_path / "out.onnx").exists()


def test_without_its_libraries_onnx_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(formats.FormatError, match=r"pip install 'nndesigner-app\[onnx\]'"):
        formats.export(small_digits(), Path("never.onnx"), "onnx")


@pytest.mark.parametrize(
    "name", sampled(["digits", "digits-autoencoder", "vae", "lstm-classifier", "char-gpt"], 2)
)
def test_the_program_of_torch_export_computes_the_same_for_any_number_of_samples(
    name: str, tmp_path: Path
) -> None:
    project, path = examples.load(name), tmp_path / "network.pt2"
    made = formats.export(project, path, "pt2")
    assert made.proof is not None
    assert made.proof.words == "verified: outputs identical on batches of 1 and 5"
    assert str(ROOT).encode() not in path.read_bytes()


def test_weights_are_those_that_were_given_and_say_whose_they_are(tmp_path: Path) -> None:
    project = small_digits()
    torch.manual_seed(3)
    state = Network(make(project)).state_dict()
    torch.save(state, tmp_path / "given.pt")
    made = formats.export(project, tmp_path / "out.safetensors", "weights", tmp_path / "given.pt")
    assert made.proof is not None and made.proof.words == "verified: 4 tensors read back identical"
    assert made.remarks == ()
    assert weights_sha256(load_file(made.path)) == weights_sha256(state)
    with open(made.path, "rb") as file:  # noqa: PTH123
        length = int.from_bytes(file.read(8), "little")
        told = json.loads(file.read(length))["__metadata__"]
    assert told == {
        "title": "Small digits", "class": "SmallDigits", "parameters": "810",
        "weights_sha256": weights_sha256(state),
    }  # fmt: skip


def test_where_no_weights_are_given_they_are_those_the_seed_gives_and_it_is_said(tmp_path: Path) -> None:
    project = small_digits(seed=5)
    made = formats.export(project, tmp_path / "out.safetensors", "weights")
    assert made.remarks == ("no weights were given, so they are freshly initialised with the seed 5",)
    torch.manual_seed(5)
    assert weights_sha256(weights.load(made.path)) == weights_sha256(Network(make(project)).state_dict())


def test_weights_of_another_network_are_refused_with_the_first_that_do_not_fit(tmp_path: Path) -> None:
    file = tmp_path / "other.safetensors"
    weights.save(file, {"conv1.weight": torch.zeros(4, 1, 3, 3)})
    for form in ("weights", "onnx", "pt2", "folder"):
        if formats.lacking(form):
            continue
        with pytest.raises(formats.FormatError, match=r"does not fit this network: conv1\.weight is 8×1×3×3"):
            formats.export(small_digits(), tmp_path / f"out-{form}", form, file)
        assert not (tmp_path / f"out-{form}").exists()


def test_a_file_in_which_code_waits_is_not_let_run_it(tmp_path: Path) -> None:
    file = tmp_path / "evil.pt"
    torch.save({"conv1.weight": Bomb()}, file)
    with pytest.raises(formats.FormatError, match=r"evil\.pt"):
        formats.export(small_digits(), tmp_path / "out.safetensors", "weights", file)


class Bomb:
    def __reduce__(self) -> tuple[object, ...]:
        return (Path("bomb").touch, ())


def test_a_folder_has_all_that_is_handed_on_and_is_proven_with_its_weights(tmp_path: Path) -> None:
    project = small_digits(epochs=1)
    kept: list[torch.nn.Module] = []
    reports = list(train(prepare(project), kept.append))
    result.save(tmp_path / "run", project, kept[0], reports)
    folder = tmp_path / "out"
    made = formats.export(project, folder, "folder", tmp_path / "run" / "weights.safetensors")
    assert made.trains and made.proof is not None
    assert made.proof.words == "verified: outputs identical, 3 steps identical, weights read back identical"
    assert {one.name for one in folder.iterdir()} == {
        "train.py", "weights.safetensors", "requirements.txt", "README.md",
    }  # fmt: skip
    assert weights_sha256(load_file(folder / "weights.safetensors")) == weights_sha256(kept[0].state_dict())


@pytest.mark.parametrize("suffix, first", [("svg", b"<?xml"), ("pdf", b"%PDF"), ("png", b"\x89PNG")])
def test_a_diagram_is_drawn_by_a_process_with_qt(suffix: str, first: bytes, tmp_path: Path) -> None:
    made = formats.export(small_digits(), tmp_path / f"out.{suffix}", suffix)
    assert made.path.read_bytes().startswith(first)
    assert made.proof is None


def test_what_can_not_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(formats.FormatError, match="no layer yet"):
        formats.export(Project(), tmp_path / "out.py", "train")
    with pytest.raises(FileNotFoundError):
        formats.export(small_digits(), tmp_path / "no" / "out.pt2", "pt2")
    (tmp_path / "full").mkdir()
    with pytest.raises(IsADirectoryError, match="it is a folder"):
        formats.export(small_digits(), tmp_path / "full", "weights")
    (tmp_path / "full" / "precious").touch()
    with pytest.raises(formats.FormatError, match="has something in it already"):
        formats.export(small_digits(), tmp_path / "full", "folder")
    with pytest.raises(formats.FormatError, match="there is no form 'keras'; there are train, model"):
        formats.export(small_digits(), tmp_path / "out", "keras")


# The command.


def test_the_command_writes_what_the_suffix_says_and_tells_what_came_of_it(
    capsys: pytest.CaptureFixture[str], small: str, tmp_path: Path
) -> None:
    code, found = run(capsys, "export", small, "-o", str(tmp_path / "out.py"))
    assert (code, found) == (
        0,
        {
            "path": str(tmp_path / "out.py"),
            "form": "train",
            "trains": True,
            "verified": True,
            "max_difference": 0.0,
            "words": "verified: outputs identical, 3 steps identical",
        },
    )
    code, found = run(
        capsys, "export", small, "-o", str(tmp_path / "out.py"), "--form", "model", "--no-proof"
    )
    assert code == 0 and (found["form"], found["trains"], found["verified"]) == ("model", False, None)
    assert "def main" not in (tmp_path / "out.py").read_text()
    code, found = run(capsys, "export", small, "-o", str(tmp_path / "out.ipynb"))
    assert code == 0 and found["form"] == "notebook" and found["verified"] is True
    code, found = run(capsys, "export", small, "-o", str(tmp_path / "out"))
    assert code == 0 and found["form"] == "folder"
    assert (tmp_path / "out" / "train.py").is_file()


def test_the_command_says_it_in_words(capsys: pytest.CaptureFixture[str], small: str, tmp_path: Path) -> None:
    assert cli.main(["export", small, "-o", str(tmp_path / "out.safetensors")]) == 0
    wrote, fresh, verified = capsys.readouterr().out.splitlines()
    assert wrote == f"wrote {tmp_path / 'out.safetensors'}: the weights"
    assert fresh == "no weights were given, so they are freshly initialised with the seed 0"
    assert verified.startswith("verified: 4 tensors read back identical (")


def test_the_command_takes_the_weights_of_a_run(
    capsys: pytest.CaptureFixture[str], small: str, tmp_path: Path
) -> None:
    code, trained = run(capsys, "train", small, "--epochs", "1")
    assert code == 0
    sha256 = trained["weights_sha256"]
    home = runs.home(Path(small), small_digits())
    for named in ("1", "last", str(home / "0001"), str(home / "0001" / runs.LAST)):
        out = tmp_path / "out.safetensors"
        code, found = run(capsys, "export", small, "-o", str(out), "--weights", named)
        assert code == 0, found
        assert weights_sha256(weights.load(out)) == sha256
    code, found = run(capsys, "export", small, "-o", str(tmp_path / "out"), "--weights", "1")
    assert code == 0 and found["verified"] is True
    assert "## Reached" in (tmp_path / "out" / "README.md").read_text()
    code, found = run(capsys, "export", small, "-o", str(tmp_path / "b.pt2"), "--weights", "7")
    assert code == 2 and "there is no run 7" in str(found["error"])


@pytest.mark.parametrize(
    "arguments",
    [
        ["-o", "out.h5"],
        ["-o", "out.py", "--form", "keras"],
        ["-o", "out.svg", "--weights", "x.safetensors"],
        ["-o", "out.onnx", "--weights", "nowhere.safetensors"],
    ],
)
def test_wrong_use_is_exit_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str], small: str
) -> None:
    code, found = run(capsys, "export", small, *arguments)
    assert code == 2 and found["error"]


def test_where_the_proof_fails_the_file_stays_and_the_exit_code_is_1(
    capsys: pytest.CaptureFixture[str], small: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(*given: object) -> object:
        made = written(*given)  # type: ignore[arg-type]
        return replace(made, text=made.text.replace("kernel_size=3", "kernel_size=3, bias=False"))

    written = formats.write
    monkeypatch.setattr(formats, "write", half)
    out = tmp_path / "out.py"
    code, found = run(capsys, "export", small, "-o", str(out))
    assert code == 1 and out.is_file()
    assert found["verified"] is False and found["max_difference"] is None
    assert found["words"] == "not verified: the script's model lacks conv1.bias"
