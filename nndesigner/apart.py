"""Two processes that stand ready with torch for an export: one in which the program is, one in which it is not.

In the first, the program's own models are built, as that draws random numbers which a run in the window must not miss (see
`script.works`). In the other, scripts are tried (see `script.alone`). Nothing here needs torch, so both can load it while
this process does.
"""

import atexit
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

_GRACE = 10.0  # seconds beyond those of the question in which the process may say itself that it was too slow
_BEGINNING = 120.0  # seconds in which it loads its libraries
_ALONE = Path(__file__).parent / "script" / "alone.py"
_START = "import sys; sys.path[:] = sys.argv[2:]; from nndesigner.script import works; works.main(int(sys.argv[1]))"
_KEPT = ("HOME", "LANG", "LD_LIBRARY_PATH", "PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "USERPROFILE")


class ApartError(RuntimeError):
    """No whole reply came; its text is meant for people, and goes on after the name of what was asked for."""


class Apart:
    """A process that answers one question at a time, started when it is first needed.

    `command`, then its niceness, then `more` start it in the folder `where`, with nothing in its environment but
    `environment`, or with this process's own where that is None. It ends by itself when nobody asks it for a while, and
    with this process.
    """

    def __init__(
        self,
        command: Sequence[str],
        more: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        where: str | None = None,
    ) -> None:
        self._command, self._more, self._environment, self._where = command, more, environment, where
        self.nice = 5  # so that a window is not kept waiting
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False
        self._busy = False
        self.lock = threading.Lock()  # to be held from `ask` to the last reply
        atexit.register(self.stop)

    def begin(self) -> None:
        """Starts the process unless it runs, so that it loads its libraries while something else is done."""
        if self._process is not None and self._process.poll() is None:
            return
        self._close()
        self._process = subprocess.Popen(
            [*self._command, str(self.nice), *self._more],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=None if self._environment is None else dict(self._environment),
            cwd=self._where,
        )

    def ask(self, question: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Asks at once, and gives what is told as it comes; raises `ApartError` where it does not come to its end.

        The question says how many `seconds` and how many bytes of `memory` its answer may take.
        """
        self._stopped = False
        if self._busy:  # nobody read the last reply to its end
            self._close()
        line = json.dumps(dict(question)).encode() + b"\n"
        for _ in range(2):  # it may just have ended, as nobody had asked for long
            self.begin()
            process = self._process
            assert process is not None and process.stdin is not None
            try:
                process.stdin.write(line)
                process.stdin.flush()
                self._busy = True
                break
            except (BrokenPipeError, OSError):
                self._close()
        else:
            raise ApartError("can't be computed: the process for it does not start")
        return self._replies(process, question["seconds"])

    def _replies(self, process: "subprocess.Popen[bytes]", seconds: float) -> Iterator[dict[str, Any]]:
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(seconds + _GRACE + _BEGINNING, end)
        timer.daemon = True
        timer.start()
        try:
            assert process.stdout is not None
            for line in process.stdout:
                found: dict[str, Any] = json.loads(line)
                self._busy = "late" not in found and "exit" not in found
                if "late" in found:
                    raise ApartError(f"did not come to an end within {seconds:g} seconds")
                if "exit" not in found:
                    yield found
                elif found["exit"] == 0:
                    return
                else:
                    raise ApartError(f"ended its process: {_cause(found['exit'])}")
            if self._stopped:
                raise ApartError("was stopped")
            if late.is_set():
                raise ApartError(f"did not come to an end within {seconds:g} seconds")
            raise ApartError(f"ended its process: {_cause(process.wait())}")
        finally:
            timer.cancel()

    def stop(self) -> None:
        """Ends the process, whatever it does; who waits for its reply gets an `ApartError`."""
        self._stopped = True
        self._close()

    def _close(self) -> None:
        process, self._process, self._busy = self._process, None, False
        if process is None:
            return
        with contextlib.suppress(OSError):
            process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError, ValueError):
                if pipe is not None:
                    pipe.close()


def _cause(code: int) -> str:
    if code == -9:
        return "it took more memory than there is"
    return "a crash" if code < 0 else f"exit code {code}"


def _environment() -> dict[str, str]:
    """What a clean process is told: where things lie, and that there is no graphics card."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, "CUDA_VISIBLE_DEVICES": "", "OMP_WAIT_POLICY": "PASSIVE", "TORCHDYNAMO_DISABLE": "1"}


OWN = Apart([sys.executable, "-c", _START], sys.path)
CLEAN = Apart([sys.executable, "-I", str(_ALONE)], (), _environment(), tempfile.gettempdir())


def begin(nice: int | None = None) -> None:
    """Starts both, so that it takes seconds less when they are wanted soon; where no window waits, they need not be nice."""
    for one in (CLEAN, OWN):
        one.nice = one.nice if nice is None else nice
        one.begin()


def stop() -> None:
    """Ends what both do; who waits for it is told so."""
    CLEAN.stop()
    OWN.stop()
