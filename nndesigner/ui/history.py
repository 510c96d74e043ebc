"""The history: every step by its name, the present marked, steps that were undone faded; a click goes there."""

from PySide6.QtCore import QCoreApplication, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QUndoStack
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QUndoView, QWidget

from nndesigner.ui.theme import font, look, mixed

_ROW = 28


class History(QUndoView):
    """The steps of a document."""

    def __init__(self, stack: QUndoStack, parent: QWidget | None = None) -> None:
        super().__init__(stack, parent)
        self.setObjectName("historyList")
        self.setAccessibleName(self.tr("History"))
        self.setEmptyLabel(self.tr("As it was opened"))
        self.setProperty("bare", True)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Steps(stack, self))
        look.changed.connect(self.viewport().update)
        stack.indexChanged.connect(self._tell)
        self._tell()

    def _tell(self) -> None:
        stack = self.stack()
        here = stack.text(stack.index() - 1) if stack.index() else self.emptyLabel()
        words = self.tr("Step {step} of {count}: {name}")
        self.setAccessibleDescription(words.format(step=stack.index(), count=stack.count(), name=here))


class _Steps(QStyledItemDelegate):
    """Draws the steps; the row of a step is the number of steps that are done there."""

    def __init__(self, stack: QUndoStack, parent: QWidget) -> None:
        super().__init__(parent)
        self._stack = stack

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, row = look.theme, index.row()
        here, undone = row == self._stack.index(), row > self._stack.index()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(option.rect).adjusted(4, 0, -4, 0)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if here or hovered:
            strength = (theme.accent, theme.surface, 0.16) if here else (theme.ink, theme.surface, 0.06)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(mixed(*strength)))
            painter.drawRoundedRect(body, 6, 6)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(body.adjusted(1, 1, -1, -1), 5, 5)
        room = option.rect.adjusted(16, 0, -16, 0)
        told = ""
        if here:
            told = QCoreApplication.translate("History", "now")
        elif row == self._stack.cleanIndex() and row:
            told = QCoreApplication.translate("History", "saved")
        painter.setFont(font(11))
        painter.setPen(QColor(theme.secondary))
        right, middle = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, right | middle, told)
        used = painter.fontMetrics().horizontalAdvance(told) + 8 if told else 0
        face = font(weight=QFont.Weight.DemiBold if here else QFont.Weight.Normal)
        face.setItalic(undone)
        painter.setFont(face)
        painter.setPen(QColor(theme.secondary if undone else theme.ink))
        space = QRect(room.left(), room.top(), room.width() - used, room.height())
        words = index.data(Qt.ItemDataRole.DisplayRole)
        words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, space.width())
        painter.drawText(space, middle, words)
        painter.restore()
