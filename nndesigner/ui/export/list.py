"""The list of forms: each with its name, how its file ends, and a sentence."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from nndesigner.ui.export.forms import Form, heads
from nndesigner.ui.theme import font, look, mixed

_FORM = Qt.ItemDataRole.UserRole
_SIDE, _TOP = 8, 6
_SCROLLBAR = 10
WIDTH = 248
Index = QModelIndex | QPersistentModelIndex


class FormList(QListWidget):
    """The forms, in groups. **Signals:** `chosen` with the one that is picked."""

    chosen = Signal(object)

    def __init__(self, forms: Sequence[Form], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportForms")
        self.setAccessibleName(self.tr("Forms to export in"))
        self.setProperty("bare", True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setFixedWidth(WIDTH)
        self.setItemDelegate(_Lines(self))
        group = ""
        for form in forms:
            if form.sort != group:
                group = form.sort
                head = QListWidgetItem(heads()[group], self)
                head.setFlags(Qt.ItemFlag.NoItemFlags)
            item = QListWidgetItem(form.title, self)
            item.setData(_FORM, form)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, form.sentence)
        self.currentItemChanged.connect(self._tell)
        look.changed.connect(self.viewport().update)

    @property
    def current(self) -> Form:
        """The form that is picked."""
        found: Form = self.currentItem().data(_FORM)
        return found

    def choose(self, name: str) -> None:
        """Picks a form, the first where there is none of that name."""
        items = [item for item in map(self.item, range(self.count())) if item.data(_FORM) is not None]
        self.setCurrentItem(next((one for one in items if one.data(_FORM).name == name), items[0]))

    def _tell(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.data(_FORM) is not None:
            self.chosen.emit(item.data(_FORM))


class _Lines(QStyledItemDelegate):
    """A form in two or three lines; the head of a group in one."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, form = look.theme, index.data(_FORM)
        room = option.rect.adjusted(_SIDE, _TOP, -_SIDE, -_TOP)
        painter.save()
        if form is None:
            painter.setFont(font(11, QFont.Weight.DemiBold))
            painter.setPen(QColor(theme.secondary))
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, index.data())
            painter.restore()
            return
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        lives = bool(state & QStyle.StateFlag.State_Enabled)
        over = lives and state & QStyle.StateFlag.State_MouseOver
        shade = 0.16 if chosen else 0.06 if over else 0.0
        pale = mixed(theme.secondary, theme.paper, 0.6)
        ink, quiet = (theme.ink, theme.secondary) if lives or chosen else (pale, pale)
        if shade:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(mixed(theme.accent if chosen else theme.ink, theme.paper, shade)))
            painter.drawRoundedRect(QRectF(option.rect.adjusted(0, 1, 0, -1)), 6, 6)
        if chosen and state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(theme.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(option.rect).adjusted(0.5, 1.5, -0.5, -1.5), 6, 6)
        top = room.top() + QFontMetrics(font()).ascent()
        painter.setFont(font(weight=QFont.Weight.DemiBold if chosen else QFont.Weight.Normal))
        painter.setPen(QColor(ink))
        painter.drawText(QPointF(room.left(), top), form.title)
        painter.setFont(font(11, mono=True))
        painter.setPen(QColor(quiet))
        ending = form.suffix or "/"
        wide = painter.fontMetrics().horizontalAdvance(ending)
        painter.drawText(QPointF(room.right() - wide + 1, top), ending)
        painter.setFont(font(11))
        below = room.adjusted(0, QFontMetrics(font()).height() + 1, 0, 0)
        painter.drawText(below, Qt.TextFlag.TextWordWrap, form.sentence)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        form = index.data(_FORM)
        if form is None:
            return QSize(0, 24 if index.row() == 0 else 36)
        view = self.parent()
        assert isinstance(view, QListWidget)
        # What it will be: the list is measured before it is laid out.
        wide = view.maximumWidth() - 2 * _SIDE - _SCROLLBAR
        words = QFontMetrics(font(11)).boundingRect(
            QRect(0, 0, wide, 1000), Qt.TextFlag.TextWordWrap, form.sentence
        )
        return QSize(0, 2 * _TOP + QFontMetrics(font()).height() + 1 + words.height())
