"""A clean process for scripts that can't see this program: one for many, one after another, as torch takes seconds to begin."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

DRIVER = """
import contextlib, runpy, sys, traceback
names, sys.argv[1:] = sys.argv[1:], []
for name in names:
    with open(name + ".txt", "w") as out, contextlib.redirect_stdout(out):
        try:
            runpy.run_path(name + ".py", run_name="__main__")
        except Exception:
            traceback.print_exc(file=out)
"""


def run(folder: Path, names: Iterable[str]) -> None:
    """Runs the scripts with these names in a folder; what one prints, or fails with, is in its file `.txt` afterwards."""
    (folder / "driver.py").write_text(DRIVER)
    done = subprocess.run(
        [sys.executable, "-I", "-W", "error", "driver.py", *names],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=1800,
    )
    assert done.returncode == 0, done.stderr


def check(paths: Iterable[Path], *rules: str) -> None:
    """Ruff finds nothing in these files by these rules, whatever its defaults are, and would format nothing otherwise."""
    files = [*map(str, paths)]
    for command in (["check", *rules], ["format", "--diff"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", command[0], "--isolated", *command[1:], *files],
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
