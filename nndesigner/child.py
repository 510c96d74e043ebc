"""Work in a child process with limits, for what might hang, eat the memory or crash: code of one's own, mostly.

The child is started when first asked, kept for the next question, and killed when an answer takes too long.
"""

import contextlib
import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, TimeoutError
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TypeVar

Answer = TypeVar("Answer")
_MEMORY = 4 * 2**30  # bytes of address space beyond what it takes to start
_lock = threading.Lock()
_pool: ProcessPoolExecutor | None = None
_is_apart = False


class ChildError(RuntimeError):
    """No answer came; its text is meant for people."""


def ask(work: Callable[..., Answer], *given: object, seconds: float = 20.0) -> Answer:
    """What `work` gives in the child; raises what it raises there, and `ChildError` where no answer comes.

    `work` must be a function of a module, and what it is given and gives must be picklable.
    """
    global _pool
    if _is_apart:
        return work(*given)
    with _lock:
        try:
            pool = _pool
            if pool is None:
                pool = _pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _limited)
                pool.submit(_ready).result(
                    120
                )  # its imports take their time, which is not that of the question
            return pool.submit(work, *given).result(seconds)
        except TimeoutError:
            stop()
            raise ChildError(f"it did not come to an end within {seconds:g} seconds") from None
        except BrokenProcessPool:
            stop()
            raise ChildError("it ended its process: a crash, or more memory than it may have") from None


def be_apart() -> None:
    """Has this process, which has limits of its own, do itself what it is asked."""
    global _is_apart
    _is_apart = True


def stop() -> None:
    """Ends the child, whatever it does; who waits for its answer gets a `ChildError`."""
    global _pool
    pool, _pool = _pool, None
    if pool is None:
        return
    for process in list((pool._processes or {}).values()):
        process.kill()
    pool.shutdown(wait=False, cancel_futures=True)


def _ready() -> None:
    """Comes back when the child is there, and torch with it."""


def _limited() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):  # where the system has no such limits
        import os
        import resource

        os.nice(5)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        import torch  # noqa: F401  what it maps is not counted

        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + _MEMORY, hard))
