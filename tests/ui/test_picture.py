import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from nndesigner import blocks, examples
from nndesigner.graph import Graph, Node, Note
from nndesigner.project import Project
from nndesigner.ui import picture, theme
from nndesigner.ui.canvas import metrics
from nndesigner.ui.canvas.ink import ink
from nndesigner.ui.canvas.metrics import Lettering
from nndesigner.ui.picture import PictureError, Style

ALL = Style(blocks=True, shapes=True)


@pytest.fixture(autouse=True)
def application(qtbot):
    return QApplication.instance()


def words(data):
    return [one.text for one in ElementTree.fromstring(data).iter("{http://www.w3.org/2000/svg}text")]


def used_graphs(project):
    return [blocks.graph_at(project, place.path) for place in picture._places(project, ALL)]


@pytest.mark.parametrize("name", examples.names())
def test_every_word_of_an_example_is_in_its_picture_as_text(name):
    project = examples.load(name)
    found = words(picture.picture(project, ".svg", ALL))
    assert "…" not in "".join(found)
    for graph in used_graphs(project):
        for node in graph.nodes.values():
            assert node.name in found
        for note in graph.notes:
            assert set(note.text.split()) <= set(" ".join(found).split())
    assert {block.name for block in project.blocks.values()} <= set(found)


@pytest.mark.parametrize("suffix", picture.SUFFIXES)
def test_the_same_project_gives_the_same_bytes_in_every_process(suffix, tmp_path):
    command = [sys.executable, "-m", "nndesigner.ui.picture", "googlenet", "--blocks"]
    for number in (1, 2):
        subprocess.run([*command, str(tmp_path / f"{number}{suffix}")], check=True, timeout=120)
    first, second = (tmp_path / f"{number}{suffix}" for number in (1, 2))
    assert first.read_bytes() == second.read_bytes()


def test_neither_the_theme_nor_the_font_of_the_window_is_in_it(qtbot):
    project = examples.load("unet")
    before = picture.picture(project, ".svg", Style())
    app = QApplication.instance()
    font = app.font()
    theme.apply(app, theme.DARK)
    app.setFont("Courier")
    try:
        assert picture.picture(project, ".svg", Style()) == before
        assert ink().theme is theme.DARK
        assert metrics.font(Lettering.NAME).family() == "Courier"
    finally:
        app.setFont(font)
        theme.apply(app, theme.LIGHT)
        metrics._forget()


def test_a_page_is_as_large_as_the_picture():
    data = picture.picture(examples.load("digits"), ".pdf", Style())
    left, top, right, bottom = map(float, re.search(rb"/MediaBox \[([^\]]+)\]", data)[1].split())
    svg = ElementTree.fromstring(picture.picture(examples.load("digits"), ".svg", Style()))
    _, _, width, height = map(float, svg.get("viewBox").split())
    assert (left, top) == (0, 0)
    assert right == pytest.approx(width * 0.75, abs=1)
    assert bottom == pytest.approx(height * 0.75, abs=1)
    assert data.count(b"/Type /Page\n") == 1
    assert data.count(b"/FontFile2") + data.count(b"/FontFile3") >= 2


def test_a_picture_has_no_more_room_around_it_than_a_margin():
    image = QImage.fromData(picture.picture(examples.load("lenet5"), ".png", Style(scale=1)))
    white = 0xFFFFFFFF
    rows = [y for y in range(image.height()) if any(image.pixel(x, y) != white for x in range(image.width()))]
    columns = [
        x for x in range(image.width()) if any(image.pixel(x, y) != white for y in range(image.height()))
    ]
    assert 14 <= rows[0] <= 18 and 14 <= columns[0] <= 18
    assert 14 <= image.height() - 1 - rows[-1] <= 18 and 14 <= image.width() - 1 - columns[-1] <= 18


def test_the_ground_is_white_or_dark_or_none():
    project = examples.load("digits")
    corners = [
        QImage.fromData(picture.picture(project, ".png", style)).pixelColor(1, 1).name()
        for style in (Style(), Style(dark=True))
    ]
    assert corners == ["#ffffff", theme.DARK.paper.lower()]
    clear = QImage.fromData(picture.picture(project, ".png", Style(transparent=True)))
    assert clear.pixelColor(1, 1).alpha() == 0


def test_shapes_stand_on_wires_only_if_they_are_wanted():
    project = examples.load("digits")
    data = picture.picture(project, ".svg", Style(shapes=True))
    fonts = {one.text: one.get("font-family") for one in ElementTree.fromstring(data).iter() if one.text}
    assert fonts["N×32×8×8"].endswith("monospace") and fonts["conv1"].endswith("sans-serif")
    assert not any(text.startswith("N×") for text in words(picture.picture(project, ".svg", Style())))


def test_a_name_too_long_for_a_card_makes_all_cards_wider(build):
    project = build(
        [Node("data", "Data"), Node("a_name_that_no_card_of_the_usual_width_has_room_for", "ReLU")],
        "data.image > a_name_that_no_card_of_the_usual_width_has_room_for",
    )
    assert "a_name_that_no_card_of_the_usual_width_has_room_for" in words(
        picture.picture(project, ".svg", Style())
    )


def test_a_note_alone_is_a_picture():
    project = Project(Graph.of([], notes=[Note("Nothing yet", (0, 0), (200, 60))]))
    assert words(picture.picture(project, ".svg", Style())) == ["Nothing yet"]


def test_what_can_not_be_drawn_says_why(tmp_path):
    with pytest.raises(PictureError, match="the network is empty"):
        picture.picture(Project(), ".svg", Style())
    with pytest.raises(PictureError, match=r"is \.svg, \.pdf or \.png, not \.gif"):
        picture.picture(examples.load("digits"), ".gif", Style())
    tall = Project(Graph.of([Node("a", "ReLU"), Node("b", "ReLU", position=(0, 8000))]))
    with pytest.raises(PictureError, match=r"a side may have 16384: choose a scale of 2\.02 at most"):
        picture.picture(tall, ".png", Style(scale=4))
    with pytest.raises(PictureError, match="can't be written"):
        picture.write(examples.load("digits"), tmp_path / "nowhere" / "a.svg")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing-of-that-name", "a.svg"], "there is no file"),
        (["digits", "a.gif"], "a picture is .svg, .pdf or .png, not .gif"),
        (["digits", "a.png", "--scale", "9"], "--scale expects 0.05 to 4, not 9"),
    ],
)
def test_the_command_refuses_with_one_sentence(arguments, message, capsys):
    assert picture.main(arguments) == 1
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1


def test_a_window_has_it_drawn_by_another_process(tmp_path):
    project, style = examples.load("densenet121"), Style(blocks=True, shapes=True)
    picture.write_apart(project, tmp_path / "a.svg", style)
    assert (tmp_path / "a.svg").read_bytes() == picture.picture(project, ".svg", style)
    with pytest.raises(PictureError, match="the network is empty"):
        picture.write_apart(Project(), tmp_path / "b.svg", Style())
    picture.stop()
    picture.write_apart(project, tmp_path / "c.svg", Style())
    assert (tmp_path / "c.svg").is_file()
    picture.stop()
