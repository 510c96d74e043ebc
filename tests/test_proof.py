"""Scripts run where the program is not: those of every example are proven, and one that was tampered with is found out."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nndesigner import apart, examples, script
from nndesigner.apart import Apart
from nndesigner.graph import Code, Graph, Node
from nndesigner.plan import make
from nndesigner.project import Project
from nndesigner.script import alone, formats, proof
from nndesigner.script.notebook import notebook
from nndesigner.training import weights
from tests.conftest import nested_digits, residual_digits, small_digits, wired
from tests.sampling import sampled
from tests.test_data_script import CASES
from tests.test_training_script import ANYTHING, FEEDS, with_loss

ENOUGH = "verified: outputs identical, 3 steps identical"


@pytest.fixture(scope="module", autouse=True)
def processes() -> Iterator[None]:
    """The two processes stand ready for all tests here, and end with them."""
    apart.begin(nice=0)
    yield
    apart.stop()


def proven(project: Project, form: str = "train", **more: object) -> proof.Proof:
    plan = make(project)
    text = notebook(project, plan) if form == "notebook" else script.write(project, plan, form).text  # type: ignore[arg-type]
    return proof.prove(project, text, form, plan, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", sampled(examples.names(), 3))
def test_the_script_of_every_example_is_proven(name: str) -> None:
    project = examples.load(name)
    found = proven(project)
    trains = script.write(project).trains
    assert found.words == (ENOUGH if trains else "verified: outputs identical")
    assert (found.verified, found.max_difference, found.steps) == (True, 0.0, 3 if trains else 0)
    if trains:
        alone = proven(project, "model")
        assert (alone.verified, alone.steps, alone.words) == (True, 0, "verified: outputs identical")


@pytest.mark.parametrize(
    "name", sampled(["digits", "vae", "char-gpt", "transformer-translation", "resnet18"], 2)
)
def test_the_cells_of_a_notebook_are_run_in_order_and_proven(name: str) -> None:
    project = examples.load(name)
    found = proven(project, "notebook")
    assert found.words == (ENOUGH if script.write(project).trains else "verified: outputs identical")


@pytest.mark.parametrize("build", [residual_digits, nested_digits])
def test_blocks_with_shared_and_frozen_layers_are_proven(build: object) -> None:
    assert proven(build()).words == ENOUGH  # type: ignore[operator]


@pytest.mark.parametrize("name", sampled(list(CASES), 3))
def test_any_data_and_settings_are_proven_without_the_data(name: str, tmp_path: Path) -> None:
    project = replace(CASES[name](tmp_path), title=name)
    data_set = project.data_set()
    assert data_set is not None
    if name.startswith("large"):
        # So large that its records are read from their files, of which the proof makes up some.
        project = project.with_data(replace(data_set, size=10**9))
    assert proven(project).words == ENOUGH
    assert proven(project, "notebook").words == ENOUGH


def anything(loss: str) -> Project:
    """A project with this loss, whose data is a file that is not there."""
    project = with_loss(loss, {})
    data = replace(ANYTHING, name="anything", loader="own.load_npz", arguments={"path": "/no.npz", "x": "x"})
    node = replace(project.graph.nodes["data"], params={"dataset": "anything"})
    return replace(project, graph=project.graph.replace_node(node)).with_data(data)


@pytest.mark.parametrize("loss", sampled([loss for loss in FEEDS if loss != "CTCLoss"], 3))
def test_every_loss_learns_from_made_up_records(loss: str) -> None:
    assert proven(anything(loss)).words == ENOUGH


def test_where_nothing_can_be_learned_from_made_up_records_it_is_said() -> None:
    found = proven(anything("CTCLoss"))
    assert found.verified and found.steps == 0
    assert found.words.startswith(
        "verified: outputs identical; the steps were not compared: Anything can't be"
    )


# What is changed in the script of the small network, and what is said of it.
TAMPERED = {
    "a constant": ("kernel_size=2", "kernel_size=2, padding=1", "the script can't be run in line"),
    "a number": ("nn.ReLU()", "nn.LeakyReLU(0.001)", "the output digit differs by up to"),
    "a name": ("self.conv1", "self.convolution", "lacks conv1.weight and 1 more and has convolution.weight"),
    "a width": ("nn.Conv2d(1, 8, kernel_size=3)", "nn.Conv2d(1, 8, kernel_size=(3, 3), bias=False)", "lacks conv1.bias"),
    "a layer left out": ("self.dropout1(x)", "x", "the output digit differs by up to"),
    "a loss": ("nn.CrossEntropyLoss()", "nn.CrossEntropyLoss(label_smoothing=0.1)", "step 1 has the loss"),
    "a rate": ("default=0.01", "default=0.02", "the weights after step 1 are others in the script"),
    "an optimizer": ("torch.optim.Adam(", "torch.optim.AdamW(", "the weights after step 1 are others in the script"),
    "a class of another name": ("class SmallDigits", "class Digits", "there is no class SmallDigits in it"),
    "an import of the program": ("import torch\n", "import torch\nimport nndesigner\n", "imports nndesigner, which is not there"),
    "no Python": ("def forward", "def forward forward", "in line"),
    "a value that is missing": ("x = self.relu1(x)", "x = self.relu1(y)", "NameError: name 'y' is not defined"),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERED)
def test_a_script_that_was_tampered_with_is_not_verified(what: str) -> None:
    old, new, words = TAMPERED[what]
    project = small_digits()
    text = script.write(project).text
    assert old in text, text
    found = proof.prove(project, text.replace(old, new))
    assert not found.verified
    assert found.words.startswith("not verified: ") and words in found.words


# What a script does besides, at its top, and what is said of it.
GONE_ASTRAY = {
    "an endless loop": ("while True:\n    pass\n", "the script did not come to an end within 3 seconds"),
    "a crash": ("import ctypes\n\nctypes.string_at(0)\n", "the script ended its process: a crash"),
    "too much memory": ("held = bytearray(2**40)\n", "it needs more memory than it may have"),
    "an end": ("raise SystemExit('no')\n", "it ended itself (no)"),
    "an exit": ("import os\n\nos._exit(3)\n", "the script ended its process: exit code 3"),
}


@pytest.mark.parametrize("what", GONE_ASTRAY)
def test_a_script_that_goes_astray_is_stopped_and_the_next_is_proven(what: str) -> None:
    top, words = GONE_ASTRAY[what]
    project = small_digits()
    text = script.write(project).text
    found = proof.prove(project, f"{top}\n{text}", seconds=3.0)
    assert not found.verified and words in found.words
    assert proof.prove(project, text).words == ENOUGH


def test_a_proof_that_is_not_wanted_any_more_is_stopped(tmp_path: Path) -> None:
    text = f"import time\n\nopen({str(tmp_path / 'begun')!r}, 'w').close()\ntime.sleep(600)\n{script.write(small_digits()).text}"

    def stop() -> None:
        while not (tmp_path / "begun").exists():
            time.sleep(0.01)
        apart.stop()

    stopping = threading.Thread(target=stop)
    stopping.start()
    found = proof.prove(small_digits(), text)
    stopping.join()
    assert found.words == "not verified: the script was stopped"


def test_what_a_script_prints_or_asks_for_disturbs_nothing() -> None:
    text = script.write(small_digits()).text
    assert proof.prove(small_digits(), f"print('{{}}\\n' * 10000, flush=True)\n{text}").words == ENOUGH
    found = proof.prove(small_digits(), f"input()\n{text}")
    assert "EOFError" in found.words


def test_a_script_can_write_nowhere_but_into_an_empty_folder(tmp_path: Path) -> None:
    text = script.write(small_digits()).text
    looked = "import os\n\nassert os.listdir() == [], os.listdir()\nassert 'nndesigner' not in os.environ.get('PYTHONPATH', '')\n"
    assert proof.prove(small_digits(), f"{looked}{text}").words == ENOUGH


def test_given_weights_are_those_that_are_compared(tmp_path: Path) -> None:
    import torch

    from nndesigner.model import Network

    project = small_digits()
    torch.manual_seed(7)
    file = tmp_path / "mine.safetensors"
    weights.save(file, Network(make(project)).state_dict())
    assert proven(project, weights=file).words == ENOUGH
    other = tmp_path / "other.safetensors"
    weights.save(other, {"conv1.weight": torch.zeros(8, 1, 3, 3)})
    found = proven(project, weights=other)
    assert not found.verified and "lacks conv1.bias and 2 more" in found.words


# Where a system can't divide a process, as Windows can't, and torch does not outlive it on macOS.

LACKING = """
import os, select, signal, sys

def no_sockets(*_):
    raise OSError("an operation was attempted on something that is not a socket")

for name in ("fork", "killpg", "setpgid"):
    delattr(os, name)
del signal.SIGKILL
select.select = no_sockets
"""


@pytest.fixture
def undivided(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The two processes on such a system."""
    clean = f"{LACKING}\nimport runpy; runpy.run_path({alone.__file__!r}, run_name='__main__')"
    processes = {
        "CLEAN": Apart([sys.executable, "-I", "-c", clean], (), apart._environment(), "/"),
        "OWN": Apart([sys.executable, "-c", f"{LACKING}\n{apart._START}"], sys.path),
    }
    for name, one in processes.items():
        one.nice = 0
        for module in (apart, proof, formats):
            monkeypatch.setattr(module, name, one, raising=False)
    yield
    apart.stop()


def test_without_fork_a_script_is_proven_and_weights_are_written(undivided: None, tmp_path: Path) -> None:
    assert proven(small_digits()).words == ENOUGH
    made = formats.export(small_digits(), tmp_path / "out.safetensors", "weights")
    assert made.proof is not None and made.proof.words == "verified: 4 tensors read back identical"


@pytest.mark.thorough
@pytest.mark.parametrize("what", [what for what in GONE_ASTRAY if what != "too much memory"])
def test_without_fork_a_script_that_goes_astray_is_stopped_and_the_next_is_proven(
    what: str, undivided: None
) -> None:
    top, words = GONE_ASTRAY[what]
    text = script.write(small_digits()).text
    found = proof.prove(small_digits(), f"{top}\n{text}", seconds=3.0)
    assert not found.verified and words in found.words
    assert proof.prove(small_digits(), text).words == ENOUGH
    assert proven(nested_digits(), "notebook").words == ENOUGH


def serving(more: str) -> list[str]:
    """A process without fork that answers with the text `more`, and has not to wait for torch."""
    folder = str(Path(alone.__file__).parent)
    return [
        sys.executable,
        "-c",
        f"{LACKING}\nsys.path.insert(0, {folder!r})\nimport alone, time\n{more}\nalone.serve(answer)",
    ]


def test_without_fork_a_process_that_nobody_asks_ends() -> None:
    code = "alone._IDLE = 0.1\nanswer = None"
    with subprocess.Popen(serving(code), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.wait(60) == 0
        assert process.stdout is not None and process.stdout.read() == b""


def test_without_fork_a_process_ends_with_the_one_that_asked_it(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    code = f"def answer(*_):\n    open({str(file)!r}, 'w').write(str(os.getpid()))\n    time.sleep(600)"
    asking = (
        "import json, os, subprocess, sys, time\n"
        f"process = subprocess.Popen({serving(code)!r}, stdin=subprocess.PIPE)\n"
        f"process.stdin.write({json.dumps({'seconds': 600}).encode() + chr(10).encode()!r})\n"
        "process.stdin.flush()\n"
        f"while not os.path.exists({str(file)!r}) or not os.path.getsize({str(file)!r}):\n    time.sleep(0.01)\n"
        "os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", asking], check=True, timeout=60, stdout=subprocess.DEVNULL)
    number = int(file.read_text())
    until = time.monotonic() + 60
    while is_there(number) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_there(number)


def is_there(number: int) -> bool:
    """Whether a process runs, and is not only waited for."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(("code", "words"), [(3, "exit code 3"), (-11, "a crash"), (0xC0000005, "a crash")])
def test_how_a_process_ended_is_told(code: int, words: str) -> None:
    assert apart._cause(code) == words


def own(text: str, name: str) -> Project:
    nodes = [
        Node("image", "Input", {"shape": (4,)}),
        Node("mine", name),
        Node("out", "Output"),
    ]
    code = Code(name, text)
    return Project(Graph.of(nodes, wired("image > mine.x", "mine > out"))).with_code(code)


DOUBLE = '''
import torch
from torch import nn


class Double(nn.Module):
    """Twice its input, and a bit."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.full((1,), 2.0))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.scale
'''


def test_layers_of_ones_own_are_run_only_where_they_are_trusted() -> None:
    project = own(DOUBLE.lstrip(), "Double")
    (code,) = project.code.values()
    trusted = replace(project, trusted=frozenset((code.sha256,)))
    text = script.write(trusted).text
    with pytest.raises(
        proof.ProofError, match="Double is code that comes with this project and is not trusted"
    ):
        proof.prove(project, text, "model")
    assert proof.prove(trusted, text, "model").words == "verified: outputs identical"


def test_tokens_of_an_input_are_those_its_embedding_knows() -> None:
    nodes = [
        Node("tokens", "Input", {"shape": (5,), "dtype": "int64"}),
        Node("embedding1", "Embedding", {"num_embeddings": 3, "embedding_dim": 4}),
        Node("out", "Output"),
    ]
    project = Project(Graph.of(nodes, wired("tokens > embedding1", "embedding1 > out")))
    assert proven(project).words == "verified: outputs identical"


def test_once_the_processes_stand_ready_a_proof_takes_a_second_or_two() -> None:
    proven(small_digits())
    began = time.perf_counter()
    found = proven(small_digits())
    assert found.seconds <= time.perf_counter() - began < 30
