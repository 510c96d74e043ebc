"""What the program is, in a small dialog."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from nndesigner import __version__


def show_about(parent: QWidget) -> None:
    """Shows its name, its version and what it is for."""
    box = QMessageBox(parent)
    box.setObjectName("about")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setText(f"nndesigner {__version__}")
    words = "Draw a neural network, train it, and leave with a PyTorch script."
    box.setInformativeText(QCoreApplication.translate("About", words))
    box.open()
