from types import SimpleNamespace

import pytest
from PySide6.QtCore import QRectF, QSettings, QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu

from nndesigner import examples, nnd
from nndesigner.project import Project
from nndesigner.ui import status_row, theme
from nndesigner.ui.example_card import HEIGHT, ExampleCard
from nndesigner.ui.example_words import SECTIONS, purpose_of, section_of
from nndesigner.ui.figures import THIN
from nndesigner.ui.recent import Recent
from nndesigner.ui.recent_row import RecentRow
from nndesigner.ui.status_row import StatusRow
from nndesigner.ui.thumbnail import by_height, cards_of, thumbnail
from nndesigner.ui.title_row import TitleRow
from nndesigner.ui.welcome import Welcome
from tests.conftest import small_digits


@pytest.fixture
def welcome(qtbot):
    found = Welcome([("other", small_digits()), ("digits", small_digits())])
    qtbot.addWidget(found)
    found.resize(1280, 720)
    found.show()
    qtbot.waitExposed(found)
    return found


def test_digits_come_first(welcome):
    cards = welcome.findChildren(ExampleCard)
    assert sorted(cards, key=lambda card: (card.y(), card.x()))[0].name == "digits"


def test_an_example_is_chosen_by_mouse_and_by_keyboard(welcome, qtbot):
    card = welcome.findChild(object, "example_other")
    for act in (
        lambda: QTest.mouseClick(card, Qt.MouseButton.LeftButton),
        lambda: QTest.keyClick(card, Qt.Key.Key_Space),
    ):
        with qtbot.waitSignal(welcome.example_chosen) as caught:
            act()
        assert caught.args == ["other"]


def test_six_examples_stand_there_and_the_others_are_shown_and_hidden_again(qtbot):
    found = Welcome([(f"example{number}", small_digits()) for number in range(9)])
    qtbot.addWidget(found)
    found.resize(1280, 720)
    found.show()
    qtbot.waitExposed(found)
    button = found.findChild(object, "welcomeAll")
    assert button.text() == "All 9 examples"

    def shown():
        return [card.name for card in found.findChildren(ExampleCard) if card.isVisible()]

    assert shown() == [f"example{number}" for number in range(6)]
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert shown() == [f"example{number}" for number in range(9)]
    with qtbot.waitSignal(found.example_chosen) as caught:
        QTest.keyClick(found.findChild(object, "example_example8"), Qt.Key.Key_Space)
    assert caught.args == ["example8"]
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert len(shown()) == 6


def test_few_examples_need_no_button(welcome):
    assert not welcome.findChild(object, "welcomeAll").isVisible()


def test_a_card_says_what_the_network_looks_at_and_counts_the_layers_in_blocks(qtbot):
    card = ExampleCard("vgg16", examples.load("vgg16"))
    qtbot.addWidget(card)
    assert (
        card.accessibleDescription()
        == f"Thirteen convolutions of 3×3 in a row. 3×224×224 · 39 layers · 138{THIN}M parameters"
    )
    card = ExampleCard("digits", examples.load("digits"))
    qtbot.addWidget(card)
    assert (
        card.accessibleDescription()
        == f"Tells ten handwritten digits apart. 99 % in 20 s. Handwritten digits · 29.3{THIN}k parameters"
    )


def test_the_buttons_ask_for_a_new_network_and_a_file(welcome, qtbot):
    with qtbot.waitSignal(welcome.new_chosen):
        QTest.mouseClick(welcome.findChild(object, "welcomeNew"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(welcome.open_chosen):
        QTest.mouseClick(welcome.findChild(object, "welcomeOpen"), Qt.MouseButton.LeftButton)


def test_recent_files_are_chosen_and_missing_ones_are_not(welcome, qtbot, tmp_path):
    kept = tmp_path / "kept.nnd"
    kept.write_text("{}")
    welcome.set_recent([kept, tmp_path / "gone.nnd"])
    rows = welcome.findChildren(RecentRow)
    qtbot.waitUntil(lambda: all(row.isVisible() for row in rows))
    assert [row.isEnabled() for row in rows] == [True, False]
    with qtbot.waitSignal(welcome.recent_chosen) as caught:
        QTest.mouseClick(rows[0], Qt.MouseButton.LeftButton)
    assert caught.args == [str(kept)]


def test_a_file_of_yesterday_says_so(qtbot, tmp_path):
    import os
    import time

    path = tmp_path / "old.nnd"
    path.write_text("{}")
    os.utime(path, (time.time() - 86400,) * 2)
    row = RecentRow(path)
    qtbot.addWidget(row)
    assert row.accessibleDescription().endswith("yesterday")


@pytest.mark.parametrize("width", [700, 900, 1280, 2560])
def test_the_page_fits_its_width_and_cards_do_not_overlap(qtbot, width):
    found = Welcome([(name, examples.load(name)) for name in examples.names()])
    qtbot.addWidget(found)
    found.resize(width, 700)
    found.show()
    qtbot.waitExposed(found)
    qtbot.waitUntil(lambda: found.widget().width() <= found.viewport().width())
    assert len(found.findChildren(ExampleCard)) == (8 if width == 2560 else 6)
    QTest.mouseClick(found.findChild(object, "welcomeAll"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: all(card.y() for card in found.findChildren(ExampleCard)[6:]))
    cards = [card.geometry() for card in found.findChildren(ExampleCard)]
    assert len(cards) == len(examples.names())
    assert all(card.width() >= 180 and card.height() == HEIGHT for card in cards)
    assert not any(one.intersects(other) for i, one in enumerate(cards) for other in cards[:i])


@pytest.mark.parametrize("name", examples.names())
def test_a_thumbnail_shows_every_node_within_its_bounds(qapp, name):
    project = examples.load(name)
    cards = cards_of(project.graph.nodes, QRectF(12, 12, 236, 106))
    assert set(cards) == set(project.graph.nodes)
    room = QRectF(11.5, 11.5, 237, 107)
    assert all(room.contains(card) for card in cards.values())
    picture = thumbnail(project, QSize(260, 130), theme.LIGHT, 2.0).toImage()
    assert picture.size() == QSize(520, 260)
    found = {picture.pixelColor(x, y).name() for x in range(0, 520, 2) for y in range(0, 260, 2)}
    families = {project.kind_of(node).family for node in project.graph.nodes.values()}
    shown = {family for family in families if QColor(theme.LIGHT.family(family)).name() in found}
    assert shown >= families & {"loss", "data"}


def test_a_tall_network_lies_on_its_side_and_fills_the_picture(qapp):
    nodes = examples.load("digits").graph.nodes
    room = QRectF(12, 12, 276, 158)
    cards = cards_of(nodes, room)
    order = ["data", "conv1", "relu1", "pool1", "linear1", "loss"]
    lefts = [cards[name].left() for name in order]
    assert lefts == sorted(lefts)
    assert cards["loss"].right() - cards["data"].left() == pytest.approx(room.width())
    upright = cards_of(nodes, QRectF(0, 0, 100, 900))
    tops = [upright[name].top() for name in order]
    assert tops == sorted(tops)


def test_train_glows_once_until_it_was_clicked(title, qtbot):
    button = title.findChild(object, "trainButton")

    def ground():
        return button.grab().toImage().pixelColor(6, 6)

    plain = ground()
    title.invite()
    qtbot.waitUntil(lambda: ground() != plain)
    qtbot.waitUntil(lambda: ground() == plain)
    title.set_running("running")
    title.set_running("finished")
    title.invite()
    assert ground() == plain


def test_a_thumbnail_of_nothing_is_empty(qapp):
    picture = thumbnail(Project(), QSize(40, 40), theme.DARK).toImage()
    assert picture.pixelColor(20, 20).alpha() == 0


def test_recent_keeps_ten_with_the_last_first(tmp_path):
    recent = Recent(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    assert recent.paths() == ()
    paths = [tmp_path / f"{number}.nnd" for number in range(12)]
    for path in paths:
        recent.add(path)
    recent.add(paths[5])
    assert recent.paths()[:2] == (paths[5], paths[11])
    assert len(recent.paths()) == 10
    recent.remove(paths[5])
    assert paths[5] not in recent.paths()


def test_a_single_recent_file_survives_the_settings_file(tmp_path):
    place = str(tmp_path / "s.ini")
    settings = QSettings(place, QSettings.Format.IniFormat)
    Recent(settings).add(tmp_path / "one.nnd")
    settings.sync()
    assert Recent(QSettings(place, QSettings.Format.IniFormat)).paths() == (tmp_path / "one.nnd",)


@pytest.fixture
def title(qtbot):
    names = ("undo", "redo", "design", "training", "export", "train", "pause", "resume", "stop")
    actions = {name: QAction(name.capitalize()) for name in names}
    group = QActionGroup(actions["design"])
    for name in ("design", "training"):
        actions[name].setCheckable(True)
        group.addAction(actions[name])
    actions["design"].setChecked(True)
    menu = QMenu()
    row = TitleRow(actions, menu)
    row.actions_given, row.menu_given = actions, menu
    qtbot.addWidget(row)
    row.resize(1200, 44)
    row.show()
    qtbot.waitExposed(row)
    return row


def test_the_workspaces_stand_in_the_middle_and_switch(title):
    spaces = title.findChild(object, "workspaces")
    assert abs(spaces.geometry().center().x() - 600) <= 2
    QTest.mouseClick(title.findChild(object, "workspace_training"), Qt.MouseButton.LeftButton)
    assert title.actions_given["training"].isChecked()
    assert not title.actions_given["design"].isChecked()


def test_the_name_says_what_is_unsaved(title):
    title.set_name("digits", True)
    name = title.findChild(object, "projectName")
    assert name.text() == "digits ●"
    assert name.accessibleName() == "digits, unsaved changes"
    title.set_name("digits", False)
    assert name.text() == "digits"


def test_train_gives_way_to_pause_and_stop(title, qtbot):
    def shown():
        names = ("train", "pause", "resume", "stop")
        return [name for name in names if title.findChild(object, f"{name}Button").isVisible()]

    assert shown() == ["train"]
    with qtbot.waitSignal(title.actions_given["train"].triggered):
        QTest.mouseClick(title.findChild(object, "trainButton"), Qt.MouseButton.LeftButton)
    title.set_running("running")
    assert shown() == ["pause", "stop"]
    title.set_running("paused")
    assert shown() == ["resume", "stop"]
    title.set_running("finished")
    assert shown() == ["train"]


def test_the_ring_grows_with_the_progress(title):
    title.set_running("running")
    button = title.findChild(object, "pauseButton")
    accent = QColor(theme.look.theme.accent)

    def coloured():
        picture = button.grab().toImage()
        return sum(
            picture.pixelColor(x, y) == accent
            for x in range(picture.width())
            for y in range(picture.height())
        )

    title.set_progress(0.1)
    little = coloured()
    title.set_progress(0.9)
    assert coloured() > 2 * little > 0


def test_a_disabled_action_disables_its_button(title):
    title.actions_given["train"].setEnabled(False)
    assert not title.findChild(object, "trainButton").isEnabled()


@pytest.fixture
def status(qtbot):
    row = StatusRow()
    qtbot.addWidget(row)
    row.resize(1200, 28)
    row.show()
    return row


def test_the_status_tells_the_plan(status):
    def words(name):
        return status.findChild(object, name).text()

    assert words("statusParameters") == "… parameters"
    problems = (SimpleNamespace(severity="error"), SimpleNamespace(severity="warning"))
    status.set_plan(SimpleNamespace(parameters=1234567, problems=problems))
    assert words("statusParameters") == f"1{THIN}234{THIN}567 parameters"
    assert words("statusProblems") == "1 problem · 1 warning"
    status.set_batch(64)
    assert words("statusBatch") == "batch 64"
    status.set_zoom(0.5)
    assert words("statusZoom") == f"50{THIN}%"


def test_what_is_in_the_status_can_be_clicked(status, qtbot):
    status.set_batch(64)
    for name in ("parameters", "device", "problems", "zoom"):
        with qtbot.waitSignal(getattr(status, f"{name}_clicked")):
            QTest.mouseClick(
                status.findChild(object, f"status{name.capitalize()}"), Qt.MouseButton.LeftButton
            )


def test_a_hint_goes_after_its_time(status, qtbot):
    status.set_hint("Saved", seconds=0.01)
    qtbot.waitUntil(lambda: status.hint == "")


def test_a_hint_that_is_given_no_time_goes_too_once_it_could_be_read(status, qtbot, monkeypatch):
    monkeypatch.setattr(status_row, "reading_time", lambda text: len(text) / 1000)
    status.set_hint("Drag from a port")
    assert status.hint == "Drag from a port"
    qtbot.waitUntil(lambda: status.hint == "")


def test_longer_hints_stay_longer():
    assert 4 < status_row.reading_time("There are no problems") < status_row.reading_time("relu1 " * 20) < 15


def test_a_recent_file_is_pictured_and_one_that_is_gone_can_be_taken_from_the_list(qtbot, tmp_path):
    kept, broken, gone = (tmp_path / f"{name}.nnd" for name in ("kept", "broken", "gone"))
    nnd.save(small_digits(), kept)
    broken.write_text("{}")
    forgotten = []
    found = Welcome([], [kept, broken, gone], forgotten.append)
    qtbot.addWidget(found)
    found.resize(1280, 720)
    found.show()
    qtbot.waitExposed(found)
    rows = {row.path: row for row in found.findChildren(RecentRow)}

    def picture(path):
        image = rows[path].grab().toImage().copy(6, 5, 54, 36)
        return {image.pixelColor(x, y).name() for x in range(4, 50) for y in range(4, 32)}

    qtbot.waitUntil(lambda: len(picture(kept)) > 5)
    assert len(picture(broken)) == 1
    QTest.mouseClick(found.findChild(object, "recentForget"), Qt.MouseButton.LeftButton)
    assert forgotten == [gone]
    with qtbot.waitSignal(found.recent_chosen) as caught:
        QTest.keyClick(rows[kept], Qt.Key.Key_Return)
    assert caught.args == [str(kept)]


def test_arrow_keys_go_from_card_to_card_and_enter_opens(qtbot):
    found = Welcome([(f"example{number}", small_digits()) for number in range(9)])
    qtbot.addWidget(found)
    found.resize(1280, 720)
    found.show()
    found.activateWindow()
    qtbot.waitExposed(found)
    cards = found.findChildren(ExampleCard)
    cards[0].setFocus()
    for key, reached in (
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Down, 4),
        (Qt.Key.Key_Left, 3),
        (Qt.Key.Key_Up, 0),
    ):
        QTest.keyClick(found.focusWidget(), key)
        assert found.focusWidget() is cards[reached]
    QTest.keyClick(cards[0], Qt.Key.Key_Left)
    assert found.focusWidget() is cards[0]
    with qtbot.waitSignal(found.example_chosen) as caught:
        QTest.keyClick(cards[0], Qt.Key.Key_Return)
    assert caught.args == ["example0"]


def test_all_examples_stand_under_heads_and_each_says_what_it_is_for(qtbot):
    found = Welcome([(name, examples.load(name)) for name in examples.names()])
    qtbot.addWidget(found)
    found.resize(1280, 720)
    found.show()
    QTest.mouseClick(found.findChild(object, "welcomeAll"), Qt.MouseButton.LeftButton)

    def heads():
        shown = [head for head in found.findChildren(QLabel, "welcomeSection") if head.isVisible()]
        return [head.text() for head in sorted(shown, key=lambda head: head.y())]

    qtbot.waitUntil(lambda: heads() == list(SECTIONS))
    for name in examples.names():
        assert 0 < len(purpose_of(name)) <= 42
        assert section_of(name) in SECTIONS
        assert examples.facts(name) is not None


def test_cards_of_large_maps_are_tall_and_stand_free(qapp):
    facts = examples.facts("resnet18")
    nodes = examples.load("resnet18").graph.nodes
    room = QRectF(16, 16, 270, 134)
    plain = cards_of(nodes, room)
    grown = by_height(plain, {name: min(1.0, sizes[-1] / 224) for name, sizes in facts.sizes.items()}, room)
    assert all(room.adjusted(-0.5, -0.5, 0.5, 0.5).contains(card) for card in grown.values())
    assert grown["image"].height() > grown["pool1"].height() > grown["stage4"].height()
    several = list(grown.values())
    assert not any(one.intersects(other) for place, one in enumerate(several) for other in several[:place])
