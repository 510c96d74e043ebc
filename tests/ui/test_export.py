"""The dialog a project leaves by, at the window and by itself."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from pilot import LONG, Pilot
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from safetensors.torch import load_file

from nndesigner import examples, script
from nndesigner.blocks import MAIN
from nndesigner.graph import Node
from nndesigner.script import formats
from nndesigner.training import runs
from nndesigner.training.recording import record
from nndesigner.training.run import prepare
from nndesigner.training.session import Session
from nndesigner.ui.checker import Checked
from nndesigner.ui.export.dialog import ExportDialog
from nndesigner.ui.export.forms import forms
from nndesigner.ui.export.work import Outcome, Work
from tests.conftest import small_digits


@pytest.fixture
def dialog(qtbot, own_folders):
    work = Work()
    made = ExportDialog(work)
    qtbot.addWidget(made)
    made.resize(1080, 720)
    yield made
    work.close()


def checked(project):
    plan = formats.ready(project, None)
    return Checked(project, plan, script.write(project, plan), "", MAIN, plan)


def show(dialog, project, name="", known=None, home=Path("nowhere"), anew=True):
    dialog.open()
    dialog.show_for(project, known, name or "mine", home, anew)


def button(dialog, name):
    return next(one for one in dialog.findChildren(object, name))


def shown(dialog):
    """The buttons that can be seen."""
    names = ("exportNow", "exportStop", "exportDone", "exportShow", "exportCopy")
    return {name for name in names if button(dialog, name).isVisible()}


def settled(qtbot, dialog):
    qtbot.waitUntil(lambda: bool(dialog.preview.preview.text or dialog.preview.preview.images), timeout=LONG)


def test_the_dialog_offers_just_what_there_is_to_export_as():
    assert [(one.name, one.suffix, one.weights) for one in forms()] == [
        (one.name, one.suffix, one.weights) for one in formats.FORMATS
    ]
    sorts = {"text": "code", "tensors": "tensors", "picture": "picture"}
    assert all(
        one.sort == ("code" if one.name == "folder" else sorts[formats.BY_NAME[one.name].sort])
        for one in forms()
    )


def test_a_script_is_exported_and_proven_by_one_key(dialog, qtbot, tmp_path):
    project = small_digits()
    show(dialog, project, "Small digits", checked(project))
    assert dialog.place.path.name == "small-digits.py"
    dialog.place.set_path(tmp_path / "mine.py")
    settled(qtbot, dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.verdict.words == "Proving…"
    assert shown(dialog) == {"exportStop", "exportCopy"}
    qtbot.waitUntil(lambda: "exportDone" in shown(dialog), timeout=LONG)
    assert dialog.verdict.words == "Verified: outputs identical, 3 steps identical"
    assert dialog.verdict.remarks.startswith("mine.py · ")
    assert (tmp_path / "mine.py").read_text() == script.write(project).text
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("model", "class "),
        ("notebook", "# %%\n# "),
        ("folder", "requirements.txt\nREADME.md\n"),
        ("onnx", "in\n    image  N×1×8×8  float32\n\nout\n    digit  N×10  float32\n"),
        ("weights", "conv1.weight    8×1×3×3  float32\n"),
    ],
)
def test_a_form_is_seen_before_it_is_exported(form, words, dialog, qtbot):
    project = small_digits()
    show(dialog, project, "", checked(project))
    dialog.choose(form)
    qtbot.waitUntil(lambda: words in dialog.preview.words, timeout=LONG)
    QTest.mouseClick(button(dialog, "exportCopy"), Qt.MouseButton.LeftButton)
    assert words in QGuiApplication.clipboard().text()


def test_a_picture_is_seen_and_drawn_as_it_was_set(dialog, qtbot, tmp_path):
    show(dialog, examples.load("unet"), "unet")
    dialog.choose("svg")
    settled(qtbot, dialog)
    narrow = dialog.preview.image.width()
    button(dialog, "exportBlocks").click()
    qtbot.waitUntil(
        lambda: (dialog.preview.image or 0) and dialog.preview.image.width() > narrow, timeout=LONG
    )
    dialog.place.set_path(tmp_path / "net.svg")
    button(dialog, "exportNow").click()
    qtbot.waitUntil(lambda: "exportDone" in shown(dialog), timeout=LONG)
    assert dialog.verdict.words == "Wrote net.svg"
    assert ">DoubleConv<" in (tmp_path / "net.svg").read_text()


def test_each_form_has_just_its_own_options(dialog):
    show(dialog, examples.load("unet"))
    names = ("exportWeights", "exportShapes", "exportBlocks", "exportGround", "exportScale")
    seen = {}
    for form in forms():
        dialog.choose(form.name)
        seen[form.name] = {name for name in names if button(dialog, name).isVisible()}
    drawn = {"exportShapes", "exportBlocks", "exportGround"}
    assert seen == {
        **{key: set() for key in ("train", "model", "notebook")},
        **{key: {"exportWeights"} for key in ("folder", "onnx", "pt2", "weights")},
        **dict.fromkeys(("svg", "pdf"), drawn),
        "png": {*drawn, "exportScale"},
    }


def test_blocks_can_be_unfolded_only_where_there_are_some(dialog):
    show(dialog, examples.load("lenet5"))
    dialog.choose("svg")
    assert not button(dialog, "exportBlocks").isEnabled()


def test_the_name_follows_the_form_and_a_name_of_ones_own_stays(dialog, tmp_path):
    show(dialog, small_digits(), "Small digits")
    dialog.place.set_path(tmp_path / "small-digits.py")
    dialog.choose("model")
    assert dialog.place.path == tmp_path / "small-digits_model.py"
    dialog.choose("folder")
    assert dialog.place.path == tmp_path / "small-digits"
    field = button(dialog, "exportPlace")
    field.selectAll()
    QTest.keyClicks(field, str(tmp_path / "mine"))
    dialog.choose("onnx")
    assert dialog.place.path == tmp_path / "mine.onnx"
    show(dialog, small_digits(), "Another")
    assert dialog.place.path.name == "another.py"


def test_what_is_there_already_is_told(dialog, qtbot, tmp_path):
    (tmp_path / "mine.py").write_text("mine\n")
    show(dialog, small_digits())
    dialog.place.set_path(tmp_path / "mine.py")
    assert dialog.place.remark == "mine.py is there already and will be replaced"
    assert button(dialog, "exportNow").text() == "Replace"
    dialog.place.set_path(tmp_path / "nowhere" / "mine.py")
    assert dialog.place.remark == f"There is no folder {tmp_path / 'nowhere'}"
    dialog.place.set_path(tmp_path / "other.py")
    assert dialog.place.remark == ""
    assert button(dialog, "exportNow").text() == "Export"


def test_form_and_folder_are_remembered(dialog, qtbot, tmp_path):
    show(dialog, small_digits())
    dialog.choose("svg")
    settled(qtbot, dialog)
    dialog.place.set_path(tmp_path / "mine.svg")
    button(dialog, "exportNow").click()
    qtbot.waitUntil(lambda: "exportDone" in shown(dialog), timeout=LONG)
    assert QSettings().value("export/form") == "svg"
    show(dialog, small_digits(), "Again")
    assert dialog.form.name == "svg"
    assert dialog.place.path == tmp_path / "again.svg"


def test_a_network_with_problems_is_refused_as_a_script_but_drawn(dialog, qtbot, build):
    project = build([Node("data", "Data"), Node("relu1", "ReLU")])
    refusal = "The data set of data is not chosen yet"
    known = replace(checked(small_digits()), project=project, script=None, refusal=refusal)
    show(dialog, project, "", known)
    qtbot.waitUntil(lambda: dialog.preview.words == refusal, timeout=LONG)
    assert not button(dialog, "exportNow").isEnabled()
    dialog.choose("png")
    settled(qtbot, dialog)
    assert button(dialog, "exportNow").isEnabled()


def test_a_network_that_can_not_train_is_told_to_be_alone_in_its_script(dialog, qtbot):
    project = examples.load("lenet5")
    show(dialog, project, "", checked(project))
    note = button(dialog, "exportNote")
    words = "There is no data or no loss to train with, so this is the network alone."
    qtbot.waitUntil(lambda: note.isVisible() and note.text() == words, timeout=LONG)
    dialog.choose("model")
    assert not note.isVisible()


def test_what_can_not_be_written_is_told_with_the_reason(dialog, qtbot, tmp_path):
    project = small_digits()
    show(dialog, project, "", checked(project))
    settled(qtbot, dialog)
    dialog.place.set_path(tmp_path / "nowhere" / "mine.py")
    button(dialog, "exportNow").click()
    qtbot.waitUntil(lambda: "can’t be written" in dialog.verdict.words, timeout=LONG)
    assert shown(dialog) == {"exportNow", "exportCopy"}


def test_a_proof_goes_on_when_the_dialog_is_closed(dialog, qtbot, tmp_path):
    project = small_digits()
    show(dialog, project, "", checked(project))
    settled(qtbot, dialog)
    dialog.place.set_path(tmp_path / "mine.py")
    button(dialog, "exportNow").click()
    with qtbot.waitSignal(dialog.ended, timeout=LONG) as told:
        dialog.close()
    assert told.args[0].verified


def test_a_difference_is_told_in_plain_words(dialog):
    show(dialog, small_digits())
    words = "not verified: the output digit differs by 0.25"
    dialog._take_outcome(Outcome(Path("mine.py"), words, False, (), 3.0))
    assert dialog.verdict.words == "Not verified: the output digit differs by 0.25"
    assert shown(dialog) >= {"exportDone", "exportShow"}


def keep_run(home, project):
    """Trains a project and keeps the run in a home of runs."""
    folder = runs.new(home)
    for _ in record(Session(prepare(project)), folder):
        pass


def test_the_weights_of_runs_that_fit_are_offered_the_best_of_the_newest_first(dialog, qtbot, tmp_path):
    home = tmp_path / "mine.runs"
    project = small_digits(epochs=1)
    wider = replace(project.graph.nodes["conv1"], params={"out_channels": 4, "kernel_size": 3})
    for one in (project, replace(project, graph=project.graph.replace_node(wider))):
        keep_run(home, one)
    show(dialog, project, "", checked(project), home)
    dialog.choose("weights")
    combo = button(dialog, "exportWeights")
    qtbot.waitUntil(lambda: combo.count() == 3, timeout=LONG)
    assert combo.itemText(0) == "Freshly initialised, seed 0"
    assert combo.itemText(1).startswith("Run 1, best epoch (1) · ")
    assert combo.itemText(2) == "Run 1, last epoch (1)"
    assert dialog.options.weights == home / "0001" / runs.BEST
    settled(qtbot, dialog)
    dialog.place.set_path(tmp_path / "mine.safetensors")
    button(dialog, "exportNow").click()
    qtbot.waitUntil(lambda: "exportDone" in shown(dialog), timeout=LONG)
    assert dialog.verdict.words.startswith("Verified")
    mine, kept = load_file(tmp_path / "mine.safetensors"), load_file(home / "0001" / runs.BEST)
    assert mine.keys() == kept.keys() and all(torch.equal(mine[name], kept[name]) for name in kept)


def test_at_the_window_ctrl_e_and_enter_are_enough(pilot: Pilot, tmp_path: Path) -> None:
    pilot.window.filing.example("digits")
    pilot.wait(lambda: pilot.canvas.isVisible())
    pilot.settle()
    QSettings().setValue("export/folder", str(tmp_path))
    pilot.hand.keys("Ctrl+E")
    pilot.wait(
        lambda: pilot.window.exporting.dialog is not None and pilot.window.exporting.dialog.isVisible()
    )
    field = pilot.find("exportPlace")
    pilot.hand.click(field, field.rect().center())
    pilot.hand.keys("Return")
    pilot.wait(lambda: pilot.window.exporting.dialog.verdict.words.startswith("Verified"))
    assert (tmp_path / "handwritten-digits.py").is_file()


# What ends a proof ends the processes for it, and these take seconds to begin: it stands after all others.


def test_escape_stops_a_proof_and_the_file_stays(dialog, qtbot, tmp_path):
    project = small_digits()
    show(dialog, project, "", checked(project))
    settled(qtbot, dialog)
    dialog.place.set_path(tmp_path / "mine.py")
    button(dialog, "exportNow").click()
    qtbot.waitUntil((tmp_path / "mine.py").exists, timeout=LONG)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    qtbot.waitUntil(
        lambda: dialog.verdict.words == "Stopped. mine.py is written and not proven.", timeout=LONG
    )
    assert dialog.verdict.drawing == ("stop", "secondary")  # a tick would say that it is proven
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_closing_the_window_ends_a_proof(pilot: Pilot, tmp_path: Path) -> None:
    pilot.window.filing.example("digits")
    pilot.wait(lambda: pilot.canvas.isVisible())
    pilot.settle()
    pilot.window.exporting.open()
    dialog = pilot.window.exporting.dialog
    dialog.place.set_path(tmp_path / "mine.py")
    pilot.click("exportNow")
    pilot.wait((tmp_path / "mine.py").exists)
    pilot.window.leaving.agreed = True
    pilot.window.close()
    assert not dialog.isVisible() and not pilot.window.exporting._work.busy
