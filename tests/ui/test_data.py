"""Data in the window: its page in the inspector, the dialog, previews, fetching, adding and choosing."""

import gzip
import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pilot import Pilot
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QTabWidget, QTreeWidget

from nndesigner import examples, shelf
from nndesigner.catalogue import sources
from nndesigner.catalogue.datasets import BY_NAME
from nndesigner.catalogue.sources import Source, SourceFile
from nndesigner.data import fetching
from nndesigner.graph import Edge, Graph, Node
from nndesigner.project import Project
from nndesigner.ui.data.adding import name_for
from nndesigner.ui.data.choosing import with_data_set
from nndesigner.ui.data.columns import PREDICT, TYPE, USE
from nndesigner.ui.data.dialog import DataDialog

LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
TABLE = "size,colour,weight,price,costs\n" + "".join(
    f"{row % 7},{'red' if row % 3 else 'blue'},{row % 11},{row * 1.5},{row * 3}\n" for row in range(80)
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "my prices.csv"
    path.write_text(TABLE)
    return path


@pytest.fixture
def cache(own_folders: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NNDESIGNER_CACHE", str(own_folders / "cache"))
    return own_folders / "cache"


def dialog_of(pilot: Pilot) -> DataDialog:
    dialog = pilot.window.data.dialog
    assert dialog is not None and dialog.isVisible()
    return dialog


def pick(pilot: Pilot, name: str) -> DataDialog:
    """Clicks a data set in the list."""
    dialog, tree = dialog_of(pilot), pilot.find("dataList")
    assert isinstance(tree, QTreeWidget)
    item = dialog.shelves.item(name)
    tree.scrollToItem(item)
    QTest.mouseClick(tree.viewport(), LEFT, PLAIN, tree.visualItemRect(item).center())
    return dialog


def see(pilot: Pilot, name: str) -> DataDialog:
    """Clicks a data set in the list and waits until its samples are there."""
    dialog = pick(pilot, name)
    pilot.wait(lambda: dialog.preview.settled and dialog.preview.page is not None)
    return dialog


def turn_to(tabs: QTabWidget, title: str) -> None:
    index = [tabs.tabText(number) for number in range(tabs.count())].index(title)
    assert tabs.isTabVisible(index)
    QTest.mouseClick(tabs.tabBar(), LEFT, PLAIN, tabs.tabBar().tabRect(index).center())


def choose_in(pilot: Pilot, column: str, cell: int, word: str) -> None:
    """Clicks a cell of the table of columns and picks a word of what it offers."""
    adding = dialog_of(pilot).adding
    adding.columns.scrollTo(adding.columns.columns.index(0, 0))
    QTest.mouseClick(adding.columns.viewport(), LEFT, PLAIN, adding.columns.cell(column, cell).center())
    combo = adding.columns.findChild(QComboBox, "columnChoice")
    view = combo.view()
    place = view.visualRect(combo.model().index(combo.findText(word), 0)).center()
    QTest.mouseClick(view.viewport(), LEFT, PLAIN, place)
    settle(pilot)


def settle(pilot: Pilot) -> None:
    adding = dialog_of(pilot).adding
    pilot.wait(lambda: not adding.looking and adding.preview.settled)


def open_example(pilot: Pilot) -> None:
    pilot.click("example_digits")
    pilot.wait(lambda: pilot.canvas.isVisible() and pilot.canvas.width() > 300)
    pilot.wait(lambda: "data" in pilot.canvas.stage.node_items)
    pilot.select("data")


# The page of a Data node.


def test_a_data_node_shows_its_card_and_what_can_be_set_in_words(pilot: Pilot) -> None:
    open_example(pilot)
    page = pilot.find("nodeData")
    wanted = {"Handwritten digits", "1\u202f797", "10 classes", "Licence: CC BY 4.0", "Rotate, degrees"}
    pilot.wait(lambda: wanted <= {one.text() for one in page.findChildren(QLabel) if one.isVisible()})
    pilot.set_param("rotate", "15")
    assert pilot.graph.nodes["data"].params["rotate"] == 15.0
    pilot.window.document.stack.undo()
    assert "rotate" not in pilot.graph.nodes["data"].params


def test_choosing_another_data_set_is_one_step_and_keeps_the_wires(pilot: Pilot) -> None:
    open_example(pilot)
    before = pilot.graph
    pilot.click("nodeDataChoose")
    pick(pilot, "fashion-mnist")
    pilot.click("dataUse")
    assert pilot.graph.nodes["data"].params == {"dataset": "fashion-mnist"}
    assert pilot.graph.edges == before.edges
    assert pilot.canvas.selected_names() == ("data",)
    pilot.window.document.stack.undo()
    assert pilot.graph == before


def test_a_network_without_data_gets_a_node_for_it(pilot: Pilot) -> None:
    pilot.click("welcomeNew")
    pilot.wait(lambda: pilot.canvas.isVisible())
    pilot.window.actions_["data"].trigger()
    pick(pilot, "iris")
    pilot.click("dataUse")
    assert [(node.kind, dict(node.params)) for node in pilot.graph.nodes.values()] == [
        ("Data", {"dataset": "iris"})
    ]


def test_wires_follow_to_the_field_that_takes_the_place_of_the_old_one() -> None:
    nodes = [Node("data", "Data", {"dataset": "iris"}), Node("flat", "Flatten"), Node("loss", "MSELoss")]
    edges = [
        Edge("data", "features", "flat", "input"),
        Edge("flat", "output", "loss", "input"),
        Edge("data", "label", "loss", "target"),
    ]
    after, node = with_data_set(Project(Graph.of(nodes, edges)), BY_NAME["diabetes"])
    assert node == "data"
    assert Edge("data", "progression", "loss", "target") in after.graph.edges
    assert Edge("data", "features", "flat", "input") in after.graph.edges


def test_what_a_network_was_drawn_for_stays_with_another_data_set() -> None:
    project = examples.load("transformer-translation")
    values = project.data_set().values(project.data_node().params)
    after, _ = with_data_set(project, BY_NAME["multi30k"])
    now = after.data_set().values(after.data_node().params)
    assert (now["vocabulary"], now["length"]) == (values["vocabulary"], values["length"])


# The dialog.


def test_previews_show_pictures_classes_and_distributions(pilot: Pilot) -> None:
    open_example(pilot)
    pilot.click("nodeDataPreview")
    dialog = see(pilot, "digits")
    assert len(dialog.preview.page.samples) == 48
    assert pilot.find("dataWhere").text() == "1 – 48 of 1\u202f797"
    assert "1\u202f257 training" in pilot.find("dataParts").words
    first = dialog.preview.page.samples[0].record
    pilot.click("dataOn")
    pilot.wait(lambda: dialog.preview.page.first == 48)
    assert dialog.preview.page.samples[0].record != first
    classes = pilot.find("dataClass")
    QTest.keyClick(classes, Qt.Key.Key_Down)
    pilot.wait(lambda: {one.label for one in dialog.preview.page.samples} == {"0"})
    turn_to(pilot.find("dataTabs"), "Distributions")
    assert pilot.find("dataCharts").titles == ["pixel values", "label"]


def test_what_the_node_varies_stands_beside_the_originals(pilot: Pilot) -> None:
    open_example(pilot)
    pilot.set_param("rotate", "30")
    pilot.click("nodeDataPreview")
    dialog = see(pilot, "digits")
    assert all(one.varied is not None for one in dialog.preview.page.samples)
    before = dialog.preview.page.samples[0].varied
    pilot.click("dataAgain")
    pilot.wait(lambda: dialog.preview.settled and (dialog.preview.page.samples[0].varied != before).any())
    pilot.hand.click(pilot.find("dataVaried"), QPoint(10, 10))
    pilot.wait(lambda: all(one.varied is None for one in dialog.preview.page.samples))


def test_another_selection_takes_the_place_of_the_one_that_is_read(pilot: Pilot) -> None:
    pilot.click("welcomeData")
    for name in ("digits", "wine", "diabetes", "breast-cancer"):
        pick(pilot, name)
        QTest.qWait(150)
    dialog = see(pilot, "iris")
    assert dialog.preview.page.columns[0] == "sepal length (cm)"
    assert dialog.preview.page.total == 150


def test_the_search_finds_by_name_and_sentence(pilot: Pilot) -> None:
    pilot.click("welcomeData")
    field = pilot.find("dataSearch")
    QTest.keyClicks(field, "mnist")
    assert dialog_of(pilot).shelves.names() == ["mnist", "fashion-mnist"]
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, "tumour")
    assert dialog_of(pilot).shelves.names() == ["breast-cancer"]


def test_the_window_goes_on_while_data_are_read(pilot: Pilot) -> None:
    pilot.click("welcomeData")
    see(pilot, "iris")
    late, last = [], time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        late.append(now - last - 0.005)
        last = now

    timer = QTimer(interval=5)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beat)
    dialog = pick(pilot, "translation-fr")
    timer.start()
    last = time.perf_counter()
    pilot.wait(lambda: dialog.preview.settled and dialog.preview.page is not None)
    timer.stop()
    assert sorted(late)[len(late) // 2] < 0.016


def test_closing_while_it_reads_is_clean(pilot: Pilot) -> None:
    pilot.click("welcomeData")
    pick(pilot, "translation-de")
    reading = pilot.window.data.reading
    pilot.wait(lambda: reading.busy)
    QTest.keyClick(dialog_of(pilot), Qt.Key.Key_Escape)
    assert not pilot.window.data.dialog.isVisible()
    began = time.monotonic()
    reading.finish()
    assert not reading.isRunning() and time.monotonic() - began < 5


# Fetching.


@pytest.fixture
def small(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Multi30k in small, in a folder; what is published of it is this."""
    folder = tmp_path / "published"
    folder.mkdir()
    files = []
    for stem, count in (("train", 60), ("val", 10), ("test_2016_flickr", 10)):
        for language, word in (("en", "dog"), ("de", "Hund")):
            text = "".join(f"A {word} number {stem} {row} .\n" for row in range(count))
            path = folder / f"{stem}.{language}.gz"
            path.write_bytes(gzip.compress(text.encode(), mtime=0))
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            files.append(SourceFile(path.name, f"sha256:{digest}", path.stat().st_size))
    source = Source("multi30k", ((tmp_path / "nowhere").as_uri(),), tuple(files))
    monkeypatch.setitem(sources.BY_NAME, "multi30k", source)
    yield folder


def test_a_data_set_that_does_not_come_says_why_and_comes_from_a_folder(pilot: Pilot, small: Path) -> None:
    pilot.click("welcomeData")
    dialog = pick(pilot, "multi30k")
    assert dialog.shelves.item("multi30k").text(1) == "to fetch"
    pilot.click("dataGet")
    fetches = pilot.window.data.library.fetches
    pilot.wait(lambda: not fetches.state("multi30k").running)
    assert fetches.state("multi30k").error
    assert pilot.find("dataGetProblem").reason == fetches.state("multi30k").error
    assert pilot.find("dataGet").text() == "Try again"
    pilot.click("dataGetFrom")
    box = next(one for one in QApplication.topLevelWidgets() if one.objectName() == "dataFolderDialog")
    box.fileSelected.emit(str(small))
    box.close()
    pilot.wait(lambda: fetches.present("multi30k"))
    pilot.wait(lambda: dialog.preview.settled and dialog.preview.page is not None)
    assert dialog.preview.page.total == 80
    assert dialog.shelves.item("multi30k").text(1) == ""
    assert fetching.present("multi30k")


# Adding.


def test_a_file_that_is_dropped_is_looked_at_set_right_and_added(pilot: Pilot, table: Path) -> None:
    pilot.drop_files(table)
    settle(pilot)
    dialog = dialog_of(pilot)
    roles = {one.name: one.role for one in dialog.adding._found.columns}
    assert roles["price"] == "target" and roles["costs"] == ""
    assert any("costs is left out: it gives price away" in words for words in dialog.adding.remarks)

    QTest.mouseClick(
        dialog.adding.columns.viewport(), LEFT, PLAIN, dialog.adding.columns.cell("colour", PREDICT).center()
    )
    settle(pilot)
    assert dialog.adding.data_set.fields[-1].classes == ("blue", "red")
    choose_in(pilot, "weight", TYPE, "category")
    assert dialog.adding.data_set.arguments["columns"]["weight"][0] == "category"
    choose_in(pilot, "size", USE, "not used")
    assert "size" not in dialog.adding.data_set.arguments["columns"]

    assert pilot.find("addName").text() == "my-prices"
    pilot.click("dataPut")
    assert shelf.find("my-prices").fields[-1].classes == ("blue", "red")
    assert dialog.current.name == "my-prices"
    pilot.click("dataBuild")
    pilot.wait(lambda: pilot.canvas.isVisible())
    assert pilot.window.document.project.data_set().name == "my-prices"
    pilot.settle()
    assert pilot.canvas.stage.plan.problems == ()


def test_what_can_not_be_chosen_is_told_and_what_was_there_stays(pilot: Pilot, table: Path) -> None:
    pilot.drop_files(table)
    settle(pilot)
    dialog = dialog_of(pilot)
    before = dialog.adding.data_set
    choose_in(pilot, "colour", TYPE, "date")
    assert "holds no dates" in pilot.find("addProblem").reason
    assert dialog.adding.data_set == before


def test_a_name_that_can_not_be_is_refused_while_it_is_typed(pilot: Pilot, table: Path) -> None:
    pilot.drop_files(table)
    settle(pilot)
    field = pilot.find("addName")
    field.selectAll()
    QTest.keyClicks(field, "digits")
    assert "is a data set of the program" in pilot.find("addNameProblem").reason
    assert not pilot.find("dataPut").isEnabled()
    field.selectAll()
    QTest.keyClicks(field, "prices")
    assert pilot.find("dataPut").isEnabled()


def test_a_file_that_is_no_data_says_so_in_the_place(pilot: Pilot, tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(b"%PDF-1.4")
    pilot.drop_files(path)
    settle(pilot)
    assert "is a PDF document" in pilot.find("addProblem").reason
    assert not pilot.find("dataPut").isEnabled()


def test_what_is_added_while_a_network_is_open_is_in_its_project(pilot: Pilot, table: Path) -> None:
    open_example(pilot)
    pilot.drop_files(table)
    settle(pilot)
    pilot.click("dataPut")
    assert list(pilot.window.document.project.data) == ["my-prices"]
    pilot.click("dataUse")
    assert pilot.window.document.project.data_set().name == "my-prices"


def test_a_data_set_whose_files_are_gone_is_marked_and_can_be_removed(pilot: Pilot, table: Path) -> None:
    pilot.drop_files(table)
    settle(pilot)
    pilot.click("dataPut")
    table.unlink()
    pilot.window.data.library.refresh()
    dialog = pick(pilot, "my-prices")
    assert dialog.shelves.item("my-prices").text(1) == "missing"
    pick(pilot, "iris")
    pick(pilot, "my-prices")
    assert "is no longer there" in pilot.find("dataMissing").reason
    pilot.click("dataRemove")
    pilot.click("dataRemoveYes")
    assert shelf.names() == ()


def test_names_are_made_of_what_a_file_is_called(tmp_path: Path) -> None:
    for name in ("my prices.csv", "digits.csv", "talk.en.gz", "…"):
        (tmp_path / name).touch()
    (tmp_path / "birds" / "images").mkdir(parents=True)
    made = [name_for(tmp_path / name) for name in ("my prices.csv", "digits.csv", "talk.en.gz", "…")]
    assert made == ["my-prices", "my-digits", "talk", "data"]
    (tmp_path / "birds" / "train.csv").touch()
    assert name_for(tmp_path / "birds" / "images") == name_for(tmp_path / "birds" / "train.csv") == "birds"


def test_the_window_closes_while_data_are_read_and_fetched(pilot: Pilot, small: Path) -> None:
    for path in small.iterdir():
        path.write_bytes(path.read_bytes() * 2)
    pilot.click("welcomeData")
    pick(pilot, "translation-zh")
    pilot.wait(lambda: pilot.window.data.reading.busy)
    fetches = pilot.window.data.library.fetches
    fetches.start("multi30k", str(small))
    pilot.window.leaving.agreed = True
    assert pilot.window.close()
    assert not pilot.window.data.reading.isRunning()
    assert not fetches.present("multi30k")
