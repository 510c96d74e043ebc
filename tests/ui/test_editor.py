"""What keys do in a text of Python, and how words are found in it."""

import statistics
import time

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from nndesigner.ui.text.editor import WIDEST, Editor, shifted_lines
from nndesigner.ui.text.find_bar import FindBar
from nndesigner.ui.text.folding import folded, plain, unfolded
from nndesigner.ui.text.marks import Sign

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PLAIN = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def editor(qtbot):
    holder = QWidget()
    qtbot.addWidget(holder)
    found = Editor(holder)
    holder.resize(600, 400)
    found.resize(600, 400)
    holder.show()
    qtbot.waitExposed(holder)
    found.setFocus()
    yield found


def write(editor, text, place=None, anchor=None):
    """Shows a text with the caret at a place, or a selection up to it."""
    editor.show_lines(text.split("\n"))
    cursor = editor.textCursor()
    cursor.setPosition(len(text) if place is None else place if anchor is None else anchor)
    if anchor is not None:
        cursor.setPosition(place, QTextCursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)


def press(editor, key, modifiers=PLAIN):
    QTest.keyClick(editor, key, modifiers)
    return editor.toPlainText()


def test_enter_keeps_the_margin_and_goes_deeper_behind_what_opens(editor):
    write(editor, "    def forward(self, x):")
    assert press(editor, Qt.Key.Key_Return) == "    def forward(self, x):\n        "
    QTest.keyClicks(editor, "return x")
    assert press(editor, Qt.Key.Key_Return).endswith("return x\n        ")


def test_tab_goes_to_the_next_step_and_moves_selected_lines(editor):
    write(editor, "ab")
    assert press(editor, Qt.Key.Key_Tab) == "ab  "
    write(editor, "a\n\nb\nc", 4, 0)
    assert press(editor, Qt.Key.Key_Tab) == "    a\n\n    b\nc"
    assert press(editor, Qt.Key.Key_Backtab, SHIFT) == "a\n\nb\nc"
    assert press(editor, Qt.Key.Key_Z, CONTROL) == "    a\n\n    b\nc", "one step to undo"


def test_backspace_on_the_margin_takes_a_step_back(editor):
    write(editor, "        x", 8)
    assert press(editor, Qt.Key.Key_Backspace) == "    x"
    write(editor, "      x", 6)
    assert press(editor, Qt.Key.Key_Backspace) == "    x"
    write(editor, "ab")
    assert press(editor, Qt.Key.Key_Backspace) == "a"


def test_lines_become_comments_and_code_again(editor):
    write(editor, "  a\n\n    b", 8, 0)
    assert press(editor, Qt.Key.Key_Slash, CONTROL) == "  # a\n\n  #   b"
    assert press(editor, Qt.Key.Key_Slash, CONTROL) == "  a\n\n    b"


def test_a_line_is_doubled_and_home_goes_to_where_it_begins(editor):
    write(editor, "  ab\nc", 3)
    assert press(editor, Qt.Key.Key_D, CONTROL) == "  ab\n  ab\nc"
    assert editor.textCursor().blockNumber() == 1
    press(editor, Qt.Key.Key_Home)
    assert editor.textCursor().positionInBlock() == 2
    press(editor, Qt.Key.Key_Home)
    assert editor.textCursor().positionInBlock() == 0


def test_keys_of_the_text_are_not_those_of_the_window(editor, qtbot):
    for signal, key, modifiers in (
        (editor.undo_wanted, Qt.Key.Key_Z, CONTROL),
        (editor.redo_wanted, Qt.Key.Key_Z, CONTROL | SHIFT),
        (editor.find_wanted, Qt.Key.Key_F, CONTROL),
        (editor.leave_wanted, Qt.Key.Key_Escape, PLAIN),
    ):
        with qtbot.waitSignal(signal):
            QTest.keyClick(editor, key, modifiers)


def brackets(editor):
    found = [one for one in editor.extraSelections() if one.cursor.hasSelection()]
    return sorted((one.cursor.selectionStart(), one.format.background().color().name()) for one in found)


def test_the_bracket_that_belongs_to_the_one_at_the_caret_is_marked(editor, qtbot):
    text = 'f(a, ")", [1,\n  (2)])'
    write(editor, text, 1)
    qtbot.waitUntil(lambda: editor.colours.settled)
    editor.marks.show()
    assert [place for place, _ in brackets(editor)] == [1, len(text) - 1]
    write(editor, "f(a]", 1)
    assert len(brackets(editor)) == 1, "one without the other"
    write(editor, "f(a)", 3)
    assert [place for place, _ in brackets(editor)] == [1, 3], "before the caret and behind it"


def test_signs_move_along_with_their_lines(editor):
    write(editor, "a\nb\nc", 0)
    editor.marks.sign([Sign(2, "wrong"), Sign(2, "a remark", "note"), Sign(9, "not there")])
    press(editor, Qt.Key.Key_Return)
    assert {line: sign.message for line, sign in editor.marks.signs.items()} == {3: "wrong"}


def test_lines_of_nodes_move_with_what_comes_in_and_goes():
    lines = {"a": (2, 5), "b": (3,)}
    assert shifted_lines(lines, 3, 2) == {"a": (2, 7), "b": (5,)}
    assert shifted_lines(lines, 3, -1) == {"a": (2, 4), "b": ()}


def test_a_text_too_wide_or_of_no_words_is_not_put_in(editor, qtbot):
    data = QMimeData()
    data.setText("x" * (WIDEST + 1))
    with qtbot.waitSignal(editor.refused):
        editor.insertFromMimeData(data)
    assert editor.toPlainText() == ""
    data.setUrls([QUrl.fromLocalFile("/there/net.py")])
    assert not editor.canInsertFromMimeData(data), "files are opened by the window"


def test_what_is_pasted_has_plain_breaks_and_margins():
    assert plain("a\r\nb\rc\u2028d\te\x00\x0c") == "a\nb\nc\nd\te"
    assert plain("\tif x:\n\t\ty\tz") == "    if x:\n        y\tz"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb\n", "a\nb"),
        ("a\n\n# nndesigner x\n# nndesigner y\n", "a"),
        ("# nndesigner x\n", ""),
        ("a  # nndesigner x\n", "a  # nndesigner x"),
        ("# nndesigner x\nb", "# nndesigner x\nb"),
        ("", ""),
    ],
)
def test_a_text_is_folded_and_unfolded_as_it_was(text, shown):
    assert folded(text)[0] == shown
    assert unfolded(*folded(text)) == text


def test_finding_goes_round_and_says_how_many(editor, qtbot):
    write(editor, "conv1\nrelu1\nCONV2\nconv3", 0)
    bar = FindBar(editor, editor.parentWidget())
    bar.open_bar()
    QTest.keyClicks(bar.field, "conv")
    count = bar.findChild(object, "findCount")
    assert count.text() == "1 of 3"
    for place in (1, 2, 0):
        QTest.keyClick(bar.field, Qt.Key.Key_Return)
        assert count.text() == f"{place + 1} of 3"
    QTest.keyClick(bar.field, Qt.Key.Key_Return, SHIFT)
    assert editor.textCursor().selectedText() == "conv" and editor.textCursor().blockNumber() == 3
    QTest.keyClicks(bar.field, "x")
    assert count.text() == "not there"
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert bar.isHidden() and isinstance(bar.field, QLineEdit)


def test_typing_in_a_thousand_lines_is_smooth(editor, qtbot):
    text = "\n".join(
        f"        self.layer{i} = nn.Linear({i}, 64, bias=False)  # layer {i}" for i in range(1000)
    )
    write(editor, text)
    qtbot.waitUntil(lambda: editor.colours.settled)
    editor.go_to(500)
    spent = []
    for letter in "nn.Conv2d(3, 64, kernel_size=3)":
        start = time.thread_time()
        QTest.keyClicks(editor, letter)
        editor.viewport().repaint()
        spent.append(time.thread_time() - start)
    print("key to paint", statistics.median(spent), max(spent))
    assert statistics.median(spent) < 0.016
