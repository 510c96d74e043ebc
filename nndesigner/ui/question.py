"""A question that must be answered before something goes on, as a dialog that does not block the program."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QMessageBox, QPushButton, QWidget

Role = QMessageBox.ButtonRole


def ask(
    parent: QWidget, text: str, detail: str, *choices: tuple[str, str, Role, Callable[[], object]]
) -> QMessageBox:
    """Asks, and calls what belongs to the answer. A choice is its object name, its words, its role, what it does.

    The first choice is the default; Escape chooses the one with `RejectRole`.
    """
    box = QMessageBox(parent)
    box.setObjectName("question")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    box.setInformativeText(detail)
    answers: dict[QAbstractButton, Callable[[], object]] = {}
    for number, (name, words, role, action) in enumerate(choices):
        button = QPushButton(words)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setProperty("primary", number == 0)
        box.addButton(button, role)
        answers[button] = action
        if number == 0:
            box.setDefaultButton(button)
        if role == Role.RejectRole:
            box.setEscapeButton(button)
    box.buttonClicked.connect(lambda button: answers[button]())
    box.open()
    return box


def nothing() -> None:
    """What happens on Cancel."""
