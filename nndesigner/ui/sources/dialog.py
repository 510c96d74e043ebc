"""A small dialog that asks which class of a source is the network, and what it takes."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from nndesigner.ui.facts import head, plain_label
from nndesigner.ui.form import Refusal
from nndesigner.ui.line import mark_refused
from nndesigner.ui.sources.texts import shapes_in, words_of
from nndesigner.ui.theme import font

Shapes = tuple[tuple[int, ...], ...]
_ROW = 28
_MOST_ROWS = 10


class SourceDialog(QDialog):
    """Which class, and which input. **Signals:** `chosen` with the name of a class and the shapes, the batch first."""

    chosen = Signal(str, object)

    def __init__(
        self,
        name: str,
        classes: Sequence[str],
        main: str,
        lines: Mapping[str, int],
        shapes: Shapes,
        remark: str,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("sourceDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Read {}").format(name))
        self.setMinimumWidth(400)
        self._before = words_of(shapes)
        self._list = QListWidget(self)
        self._list.setObjectName("sourceClasses")
        self._list.setAccessibleName(self.tr("Class"))
        for one in classes:
            line = lines.get(one, 0)
            words = self.tr("{}   line {}").format(one, line) if line else one
            item = QListWidgetItem(words, self._list)
            item.setData(Qt.ItemDataRole.UserRole, one)
            if one == main:
                self._list.setCurrentItem(item)
        self._list.setFixedHeight(min(_MOST_ROWS, max(2, len(classes))) * _ROW + 8)
        self._list.itemDoubleClicked.connect(self._accept)
        self._shapes = QLineEdit(self._before, self)
        self._shapes.setObjectName("sourceShapes")
        self._shapes.setAccessibleName(self.tr("Shape of the input, without the batch"))
        self._shapes.setFont(font(13, mono=True))
        self._shapes.textEdited.connect(self._judge)
        self._refusal = Refusal(self)
        self._buttons = QDialogButtonBox(self)
        read, cancel = QPushButton(self.tr("Read")), QPushButton(self.tr("Cancel"))
        read.setObjectName("sourceRead")
        read.setProperty("primary", True)
        read.setDefault(True)
        cancel.setObjectName("sourceCancel")
        self._buttons.addButton(read, QDialogButtonBox.ButtonRole.AcceptRole)
        self._buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        self._read = read
        self._buttons.accepted.connect(self._accept)
        self._buttons.rejected.connect(self.reject)
        self._lay_out(len(classes), remark)

    def _lay_out(self, count: int, remark: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(4)
        words = head(self.tr("The class that is the network"))
        column.addWidget(words)
        column.addWidget(self._list)
        words.setVisible(count > 0)
        self._list.setVisible(count > 0)
        column.addSpacing(12)
        column.addWidget(head(self.tr("Shape of the input, without the batch")))
        column.addWidget(self._shapes)
        column.addWidget(self._refusal)
        if remark:
            column.addWidget(plain_label(remark, "secondary", font(11), wrap=True))
        column.addSpacing(12)
        column.addWidget(self._buttons)

    def _judge(self) -> None:
        words = ""
        if self._shapes.text().strip():
            try:
                shapes_in(self._shapes.text())
            except ValueError as error:
                words = str(error)
        mark_refused(self._shapes, bool(words))
        self._refusal.show_reason(words)
        self._read.setEnabled(not words)

    def _accept(self) -> None:
        item = self._list.currentItem()
        main = str(item.data(Qt.ItemDataRole.UserRole)) if item is not None else ""
        words = self._shapes.text().strip()
        # A shape that was found and not changed is found again, for this class or another.
        changed = bool(words) and words != self._before
        shapes = tuple((1, *shape) for shape in shapes_in(words)) if changed else ()
        self.accept()
        self.chosen.emit(main, shapes)
