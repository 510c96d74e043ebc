"""What an exported script does where nothing of this program is: its model's keys, outputs and first steps.

Run as a file by a Python that is started clean, it stands ready with torch and answers each question in a process of its
own, so that no script meets what another left behind: one that it forks, or where the system can't, this one, which ends
with its answer. A script is run statement by
statement, as a module called `exported`; what reads its data gives made-up records instead, and after a few steps of its
optimizer it is stopped. The same functions, called by `reference`, look at the program's own model, so both are asked
the same. Nothing of the program can be imported here.
"""

import ast
import contextlib
import hashlib
import importlib
import json
import linecache
import os
import re
import select
import signal
import sys
import threading
import time
import traceback
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

Question = Mapping[str, Any]
Tell = Callable[[dict[str, Any]], None]
NAME = "exported"
_PROGRAM = "nndesigner"
_IDLE = 90.0  # seconds after which a process that nobody asks ends
_DIVIDES = sys.platform == "linux" and hasattr(
    os, "fork"
)  # elsewhere torch does not outlive it, or there is none
# What scripts import that takes its time: loaded once, before the process is divided.
_KNOWN = ("numpy", "sklearn", "scipy", "pandas", "tokenizers", "soundfile", "PIL")


# A process that stands ready.


def serve(answer: Callable[[Question, Tell], None]) -> None:
    """Answers the questions that come on stdin, a JSON object a line, on what stdout was when this began.

    A line says that it begins. What `answer` tells goes back a line each; then a line says how the process ended that it ran in: `exit`, a code or
    the negative number of a signal, or `late`, where it did not come to an end within the question's `seconds`.
    """
    replies = os.fdopen(os.dup(1), "wb", buffering=0)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 1)  # whatever a script prints must not be taken for a reply

    def tell(words: dict[str, Any]) -> None:
        replies.write(json.dumps(words).encode() + b"\n")

    while line := _awaited():
        question = json.loads(line)
        for module in question.get("needs", ()):
            with contextlib.suppress(Exception):
                importlib.import_module(module)
        tell({"begun": True})
        if not _DIVIDES:
            os.dup2(nothing, 0)
            threading.Thread(target=_watch, args=(question["seconds"], tell), daemon=True).start()
            answer(question, tell)
            tell({"exit": 0, "last": True})
            return
        child = os.fork()
        if child == 0:
            os.setpgid(0, 0)
            os.dup2(nothing, 0)
            _limit(question["memory"])
            code = 1
            try:
                answer(question, tell)
                code = 0
            finally:
                os._exit(code)
        tell(_ended(child, question["seconds"]))


def _awaited() -> bytes:
    """The next question; nothing where nobody asks for a while, or nobody is left who could."""
    if _DIVIDES:
        return sys.stdin.buffer.readline() if select.select([0], [], [], _IDLE)[0] else b""
    idle = threading.Timer(_IDLE, os._exit, (0,))  # Windows can't wait for a pipe and a time at once
    idle.daemon = True
    idle.start()
    try:
        return sys.stdin.buffer.readline()
    finally:
        idle.cancel()


def _watch(seconds: float, tell: Tell) -> None:
    """Ends this process when its time is over, or when the one that asked is gone."""
    until, asking = time.monotonic() + seconds, os.getppid()
    while os.getppid() == asking:
        if time.monotonic() > until:
            tell({"late": seconds})
            break
        time.sleep(0.1)
    os._exit(0)


def _ended(child: int, seconds: float) -> dict[str, Any]:
    """How a process ended, which is killed when its time is over, or when nobody waits for it any more."""
    until = time.monotonic() + seconds
    while True:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)  # what it may have started
            return {"exit": os.waitstatus_to_exitcode(status)}
        left = bool(select.select([0], [], [], 0.005)[0])
        if left or time.monotonic() > until:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            if left:
                os._exit(0)
            return {"late": seconds}


def _limit(memory: int) -> None:
    """Ends with the process that asked, and takes no more than so many bytes of address space beyond what it has."""
    with contextlib.suppress(ImportError, OSError, ValueError, AttributeError):
        import ctypes
        import resource

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG, linux/prctl.h
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + memory, hard))


def needed(sources: Iterable[str]) -> list[str]:
    """Which of the libraries that take their time to load these texts import, and what of them."""
    found: dict[str, None] = {}
    for module in re.findall(r"^(?:from|import) ([\w.]+)", "\n".join(sources), re.MULTILINE):
        if module.partition(".")[0] in _KNOWN:
            found.setdefault(module)
    return list(found)


# What a model is and does.


def described(model: Any) -> dict[str, Any]:
    """How many parameters a model has, and of each tensor of its state dict, in order: key, shape, type, whether it learns."""
    learning = {name: weight.requires_grad for name, weight in model.named_parameters(remove_duplicate=False)}
    keys = [
        (name, list(tensor.shape), str(tensor.dtype).removeprefix("torch."), learning.get(name, False))
        for name, tensor in model.state_dict().items()
    ]
    return {"parameters": sum(weight.numel() for weight in model.parameters()), "keys": keys}


def computed(model: Any, inputs: Sequence[Any], seed: int) -> tuple[list[Any], list[Any], list[str]]:
    """What a model gives for these inputs in training, seeded, and then in evaluation; between the two, what became of its
    state, as a SHA-256 for each tensor.
    """
    import torch

    with torch.no_grad():
        torch.manual_seed(seed)
        training = flat(model.train()(*inputs))
        state = [sha256(tensor) for tensor in model.state_dict().values()]
        return training, flat(model.eval()(*inputs)), state


def flat(results: Any) -> list[Any]:
    """The tensors a model gave, one after the other, as it may change none of them later."""
    if isinstance(results, Mapping):
        return [one for result in results.values() for one in flat(result)]
    if isinstance(results, list | tuple):
        return [one for result in results for one in flat(result)]
    return [results.detach().clone()]


def sha256(*tensors: Any) -> str:
    """SHA-256 over the bytes of tensors."""
    import torch

    digest = hashlib.sha256()
    for tensor in tensors:
        plain = tensor.detach().cpu().contiguous().reshape(-1)
        digest.update(plain.view(torch.uint8).numpy() if plain.numel() else b"")
    return digest.hexdigest()


class Enough(BaseException):
    """All steps that are wanted were made."""


class Steps:
    """The first steps of a training as they are made: the losses of the batches of each, and what became of the weights.

    Raises `Enough` after the last that is wanted.
    """

    def __init__(self, wanted: int) -> None:
        self.wanted = wanted
        self.losses: list[list[float]] = []
        self.weights: list[str] = []
        self._heard: list[float] = []

    def heard(self, loss: Any) -> None:
        """A loss that is learned from."""
        self._heard.append(float(loss.detach()))

    def after(self, optimizer: Any, _arguments: Any, _named: Any) -> None:
        """Called by torch after a step of an optimizer."""
        self.losses.append(self._heard)
        self._heard = []
        weights = [weight for group in optimizer.param_groups for weight in group["params"]]
        self.weights.append(sha256(*weights))
        if len(self.weights) >= self.wanted:
            raise Enough

    @contextlib.contextmanager
    def counted(self) -> Iterator[None]:
        """While this lasts, every step of every optimizer counts."""
        from torch.optim import optimizer

        hook = optimizer.register_optimizer_step_post_hook(self.after)
        try:
            yield
        except Enough:
            pass
        finally:
            hook.remove()

    def plain(self) -> dict[str, Any]:
        """As plain values."""
        return {"losses": self.losses, "weights": self.weights}


# A script, run where it can't see the program.


class _Without:
    """What finds modules, all but the program's: they are not there where the script will run."""

    def __init__(self, finder: Any) -> None:
        self.finder = finder

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """As its finder finds it."""
        return None if name.partition(".")[0] == _PROGRAM else self.finder.find_spec(name, path, target)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.finder, name)


class Wrong(Exception):
    """What is wrong with a script, as the question's reply says it."""


class _Exported:
    """A script as the module it becomes; `cells` are its texts, one or several that are run one after the other."""

    def __init__(self, question: Question) -> None:
        self.question, self.folder = question, Path(question["folder"])
        self.module = types.ModuleType(NAME)
        self.module.__file__ = str(Path.cwd() / f"{NAME}.py")
        self.names = self.module.__dict__
        sys.modules[NAME] = self.module
        self.steps = Steps(question["steps"])
        self.stand_ins = _stand_ins(self.folder, question) if question["steps"] else {}

    def run(self, tell: Tell) -> None:
        """Runs it, and tells what it found on the way."""
        import torch

        torch.set_num_threads(self.question["threads"])
        main: list[ast.stmt] = []
        told = False
        with self.steps.counted():
            for statement, file in self._statements():
                if guarded := _main(statement):
                    main += guarded
                    continue
                self._execute(statement, file)
                # In a notebook, the cells behind that of the model train it.
                if self.question["cells"] and not told and self.question["class"] in self.names:
                    tell(self._compared())
                    told = True
            if not told:
                tell(self._compared())
            for statement in main if self.question["steps"] else ():
                self._execute(statement, f"{NAME}.py")
        if self.question["steps"]:
            tell(self.steps.plain())

    def _statements(self) -> Iterator[tuple[ast.stmt, str]]:
        cells = self.question["sources"]
        for number, text in enumerate(cells, 1):
            file = f"{NAME}.py" if len(cells) == 1 else f"cell {number}"
            linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
            for statement in ast.parse(text, file).body:
                yield statement, file

    def _execute(self, statement: ast.stmt, file: str) -> None:
        exec(compile(ast.Module([statement], []), file, "exec", dont_inherit=True), self.names)
        for name in _bound(statement):
            if name in self.question["settings"]:
                self.names[name] = type(self.names[name])(self.question["settings"][name])
            elif name in self.stand_ins:
                self.names[name] = self.stand_ins[name]
            elif name == "objective" and callable(self.names.get(name)):
                self.names[name] = self._heard(self.names[name])

    def _heard(self, objective: Callable[..., Any]) -> Callable[..., Any]:
        """The function that gives the loss of a batch; what is learned from is noted."""
        import torch

        def objective_heard(*given: Any, **named: Any) -> Any:
            found = objective(*given, **named)
            if torch.is_grad_enabled():
                self.steps.heard(found[0] if isinstance(found, tuple) else found)
            return found

        return objective_heard

    def _compared(self) -> dict[str, Any]:
        """The model of the script, with the program's weights in it."""
        import torch
        from safetensors.torch import load_file

        made = self.names.get(self.question["class"])
        if not isinstance(made, type):
            raise Wrong(f"there is no class {self.question['class']} in it")
        torch.manual_seed(self.question["seed"])
        model = made()
        found = described(model)
        weights = load_file(self.folder / "weights.safetensors")
        fits = {name: list(tensor.shape) for name, tensor in weights.items()}
        if {name: shape for name, shape, *_ in found["keys"]} != fits:
            return found
        model.load_state_dict(weights)
        del weights
        inputs = torch.load(self.folder / "inputs.pt", weights_only=True)
        training, evaluation, state = computed(model, inputs, self.question["seed"])
        torch.save([training, evaluation], self.folder / "alone.pt")
        return {**found, "state": state}


def _main(statement: ast.stmt) -> list[ast.stmt]:
    """What a script does where it is run itself, and nothing for another statement."""
    match statement:
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return statement.body
        case _:
            return []


def _bound(statement: ast.stmt) -> set[str]:
    """The names a statement of a module gives a value to."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    return {
        one.id for one in ast.walk(statement) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    }


def _stand_ins(folder: Path, question: Question) -> dict[str, Any]:
    """What stands in the place of what reads a script's data."""
    data = arrays(folder / "data.npz")
    known = {name: data[name] for name in question["known"]}

    def load(*_given: Any, **_named: Any) -> dict[str, Any]:
        return dict(known)

    def read(paths: Sequence[str], **_named: Any) -> dict[str, Any]:
        records = [int(path) for path in paths]
        return {name: values[records] for name, values in data.items() if name not in known}

    if not question["read"]:
        return {question["load"]: load}
    return {question["load"]: load, question["read"]: read, "BatchReader": _Reader}


class _Reader:
    """Reads batches in this process, as no file has to be waited for; see `nndesigner.data.large`."""

    def __init__(self, files: Any, piece: int) -> None:
        self.files, self.piece = files, piece

    def batches(self, wanted: Iterable[Any]) -> Iterator[dict[str, Any]]:
        return map(self.batch, wanted)

    def batch(self, records: Any) -> dict[str, Any]:
        import torch

        pieces = [self.files[one.numpy()] for one in torch.split(records, self.piece)]
        for piece in pieces:
            if isinstance(piece, Exception):
                raise piece
        return {name: torch.cat([piece[name] for piece in pieces]) for name in pieces[0]}

    def close(self) -> None:
        """Nothing has to be ended."""


def arrays(path: Path) -> dict[str, Any]:
    """The arrays in a file by name, texts as objects."""
    import numpy as np

    with np.load(path, allow_pickle=False) as file:
        found = {name: file[name] for name in file.files}
    return {
        name: values.astype(object) if values.dtype.kind == "U" else values for name, values in found.items()
    }


def try_script(question: Question, tell: Tell) -> None:
    """Runs a script and tells what its model is and does, and its first steps; or what went wrong, and in which line."""
    os.chdir(question["folder"])
    room = Path("room")
    room.mkdir()
    os.chdir(room)
    sys.argv = [f"{NAME}.py", *question["arguments"]]
    try:
        _Exported(question).run(tell)
    except Wrong as error:
        tell({"error": str(error)})
    except MemoryError:
        tell({"error": "it needs more memory than it may have"})
    except SystemExit as error:
        tell({"error": f"it ended itself ({error.code})", "line": _line(error)})
    except Exception as error:
        tell({"error": _words(error), "line": _line(error)})


def _words(error: Exception) -> str:
    words = str(error).strip().partition("\n")[0].rstrip(".")
    if isinstance(error, ImportError) and (error.name or "").partition(".")[0] == _PROGRAM:
        return f"it imports {error.name}, which is not there where it will run"
    if isinstance(error, SyntaxError):
        return f"it is no Python: {error.msg}"
    if "allocate memory" in words or "not enough memory" in words:
        return "it needs more memory than it may have"
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def _line(error: BaseException) -> str:
    """Where in the script an error came up."""
    if isinstance(error, SyntaxError):
        return f"line {error.lineno}" if error.lineno else ""
    frames = traceback.extract_tb(error.__traceback__)
    for frame in reversed(frames):
        if frame.filename == f"{NAME}.py":
            return f"line {frame.lineno}"
        if frame.filename.startswith("cell "):
            return f"line {frame.lineno} of {frame.filename}"
    return ""


if __name__ == "__main__":
    sys.meta_path[:] = [_Without(finder) for finder in sys.meta_path]
    with contextlib.suppress(OSError, AttributeError):
        os.nice(int(sys.argv[1]))
    import safetensors.torch  # noqa: F401  what takes its time, once
    import torch  # noqa: F401

    serve(try_script)
