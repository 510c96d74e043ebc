"""Data of one's own dropped on the window: looked at, added, and learned from at once, with nothing edited by hand."""

import dataclasses
import itertools
from pathlib import Path

import pytest
from pilot import Pilot

DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the data to try it with are not here")


def drop(pilot: Pilot, path: Path) -> None:
    """Drops a file or folder and waits until it was looked at."""
    pilot.drop_files(path)
    pilot.wait(lambda: pilot.window.data.dialog is not None)
    adding = pilot.window.data.dialog.adding
    pilot.wait(lambda: not adding.looking and adding.preview.settled)
    assert adding.data_set is not None, pilot.find("addProblem").reason


def begun(path: Path, folder: Path) -> Path:
    """A copy of a text with its first lines alone: of all its words, torch would have to learn for half a minute."""
    folder.mkdir()
    with path.open("rb") as text:
        (folder / path.name).write_bytes(b"".join(itertools.islice(text, 3000)))
    return folder / path.name


def train(pilot: Pilot) -> None:
    """A few steps of what is drawn."""
    document = pilot.window.document
    short = dataclasses.replace(document.project.training, steps=3, validation=0.02, test=0.02)
    document.edit("Train for a moment", dataclasses.replace(document.project, training=short))
    pilot.settle()
    assert pilot.window.parts.canvas.stage.plan.problems == ()
    pilot.click("trainButton")
    pilot.wait(lambda: pilot.window.run.state not in ("idle", "running"))
    assert pilot.window.run.state == "finished", pilot.window.notice.text


@pytest.mark.parametrize(
    ("place", "name", "kind", "loss"),
    [
        ("csv/penguins.csv", "penguins", "rows", "CrossEntropyLoss"),
        ("csv/titanic.csv", "titanic", "rows", "CrossEntropyLoss"),
        pytest.param("csv/mpg_raw.csv", "mpg_raw", "rows", "MSELoss", marks=pytest.mark.thorough),
        pytest.param("csv/diamonds.csv", "diamonds", "rows", "MSELoss", marks=pytest.mark.thorough),
        ("cifar10_small", "cifar10_small", "pictures", "CrossEntropyLoss"),
        ("fsdd/recordings", "my-fsdd", "sounds", "CrossEntropyLoss"),
        pytest.param("multi30k", "my-multi30k", "texts", "CrossEntropyLoss", marks=pytest.mark.thorough),
        ("tatoeba/cmn.txt", "cmn", "texts", "CrossEntropyLoss"),
    ],
)
def test_it_comes_in_by_a_drop_and_is_learned_from_at_once(
    pilot: Pilot, tmp_path: Path, place: str, name: str, kind: str, loss: str
) -> None:
    path = DATA / place
    if not path.exists():
        pytest.skip(f"{place} is not here")
    drop(pilot, begun(path, tmp_path / "begun") if place.endswith(".txt") else path)
    adding = pilot.window.data.dialog.adding
    assert adding.preview.page is not None and adding.preview.page.sort == kind
    assert adding.data_set.name == name
    pilot.click("dataPut")
    pilot.click("dataBuild")
    pilot.wait(lambda: pilot.window.document.project.data_set() is not None)
    assert pilot.window.document.project.data_set().name == name
    assert {node.kind for node in pilot.graph.nodes.values()} >= {"Data", "Output", loss}
    train(pilot)
