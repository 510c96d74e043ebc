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

_GRACE = 5.0  # seconds beyond those of the question in which the process may say itself that it was too slow
_BEGINNING = 120.0  # seconds in which it loads its libraries
_ALONE = Path(__file__).parent / "script" / "alone.py"
_START = "import sys; sys.path[:] = sys.argv[2:]; from nndesigner.script import works; works.main(int(sys.argv[1]))"
_KEPT = (
    "HOME", "LANG", "LD_LIBRARY_PATH", "PATH", "TEMP", "TMP", "TMPDIR",
    # Without these, Python and torch don't begin on Windows, or don't know who and where they are.
    "COMSPEC", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE", "SYSTEMDRIVE", "SYSTEMROOT", "USERNAME", "USERPROFILE",
)  # fmt: skip
_CRASHED = 0xC0000000  # from here on, exit codes of Windows say how a process broke down
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # where each process would show a console of its own


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
            creationflags=_NO_WINDOW,
        )

    def ask(self, question: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Asks, and gives what is told as it comes; raises `ApartError` where it does not come to its end.

        The question says how many `seconds` and how many bytes of `memory` its answer may take.
        """
        self._stopped = False
        if self._busy:  # nobody read the last reply to its end
            self._close()
        line = json.dumps(dict(question)).encode() + b"\n"
        for last in (False, True):
            process = self._send(line)
            begun = False
            timer = _Timer(process, question["seconds"])
            try:
                for found in _read(process):
                    if "begun" in found:
                        begun = True
                        timer.begin(question["seconds"] + _GRACE)
                    elif "late" in found:
                        self._busy = False
                        raise ApartError(timer.words)
                    elif "exit" in found:
                        self._busy = False
                        if found.get("last"):
                            self._close()
                        if found["exit"] == 0:
                            return
                        raise ApartError(f"ended its process: {_cause(found['exit'])}")
                    else:
                        yield found
            finally:
                timer.cancel()
            if self._stopped:
                raise ApartError("was stopped")
            if begun or last:
                raise ApartError(
                    timer.words if timer.over else f"ended its process: {_cause(process.wait())}"
                )
            self._close()  # it ended by itself just before it was asked

    def _send(self, line: bytes) -> "subprocess.Popen[bytes]":
        for _ in range(2):
            self.begin()
            process = self._process
            assert process is not None and process.stdin is not None
            try:
                process.stdin.write(line)
                process.stdin.flush()
                self._busy = True
                return process
            except OSError:
                self._close()
        raise ApartError("can't be computed: the process for it does not start")

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


class _Timer:
    """Ends a process some time after its libraries are loaded, or after it began to answer."""

    def __init__(self, process: "subprocess.Popen[bytes]", seconds: float) -> None:
        self.process, self.over = process, False
        self.words = f"did not come to an end within {seconds:g} seconds"
        self._timer: threading.Timer | None = None
        self.begin(_BEGINNING)

    def begin(self, seconds: float) -> None:
        """Counts anew."""
        self.cancel()
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._timer.start()

    def cancel(self) -> None:
        """Counts no more."""
        if self._timer is not None:
            self._timer.cancel()

    def _end(self) -> None:
        self.over = True
        self.process.kill()


def _read(process: "subprocess.Popen[bytes]") -> Iterator[dict[str, Any]]:
    """What a process says, until it ends or is ended."""
    assert process.stdout is not None
    with contextlib.suppress(ValueError, OSError):  # another thread closes the pipe
        while line := process.stdout.readline():
            yield json.loads(line)


def _cause(code: int) -> str:
    if code == -9:
        return "it took more memory than there is"
    return "a crash" if code < 0 or code >= _CRASHED else f"exit code {code}"


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
