"""The stories once more on a real X server, every click and key through it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_STORIES = (
    "test_story.py::test_the_whole_story",
    "test_by_keyboard.py::test_lenet_is_typed_wired_trained_and_exported_by_keys_alone",
    "test_two_ways.py::test_the_story_of_a_text",
    "test_by_mouse.py::test_lenet_is_drawn_wired_trained_and_exported_by_the_mouse_alone",
)


@pytest.mark.skipif(
    not (shutil.which("xvfb-run") and shutil.which("xdotool") and shutil.which("openbox")),
    reason="needs Xvfb, xdotool and openbox",
)
def test_the_stories_with_real_events_on_an_x_server() -> None:
    """One server and one process for all of them, as starting these takes longer than most of what is told."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb", "NNDESIGNER_HAND": "x"}
    told = subprocess.run(
        [
            *("xvfb-run", "-a", "-s", "-screen 0 1280x832x24", "sh", "-c", 'openbox & exec "$0" "$@"'),
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n0"),
            *(str(_HERE / story) for story in _STORIES),
        ],
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert told.returncode == 0, told.stdout[-8000:] + told.stderr[-2000:]
