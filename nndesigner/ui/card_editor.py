"""The params of a node in fields on its card: what stands in its second line, changed where it stands."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from nndesigner.catalogue.kind import Kind, Param, Required
from nndesigner.graph import Node, Value
from nndesigner.ui.canvas import metrics
from nndesigner.ui.canvas.view import Canvas
from nndesigner.ui.facts import plain_label
from nndesigner.ui.fields import Entry, Field, field_for
from nndesigner.ui.form import Refusal
from nndesigner.ui.ladder import has_rungs
from nndesigner.ui.line import LEAVING
from nndesigner.ui.node_page import without_default
from nndesigner.ui.scrub import Scrub
from nndesigner.ui.shown import MISSING
from nndesigner.ui.theme import font, look

_MOST = 3
_NARROWEST = 72
_LEFT = metrics.TEXT_LEFT - 10  # where it begins on a card, so that its words are below the name
_SENTENCE = 240  # how wide a sentence is at least
_LARGEST = 1.5  # how much the letters grow with the canvas


def main_params(node: Node, kind: Kind) -> tuple[Param, ...]:
    """The params that stand on a card, or that come first where none does."""
    if kind.role == "data":
        return ()
    stand = [
        param
        for param in kind.params
        if isinstance(param.default, Required)
        or (param.name in node.params and node.params[param.name] != param.start)
    ]
    return tuple((stand or kind.params)[:_MOST])


class CardEditor(QFrame):
    """Fields in a row, with their names above, and below them why a value can't be.

    **Signals:** `taken` with the values that were changed, by the names of their params; `left` when none is; `tried`
    with those that are typed so far.
    """

    taken = Signal(object)
    left = Signal()
    tried = Signal(object)

    def __init__(
        self, params: tuple[Param, ...], values: Mapping[str, Value], arguments: Mapping[str, Value] | None,
        scale: float, room: int, parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("cardEditor")
        self.setAccessibleName(self.tr("Values of the layer"))
        self._begun, self._room = dict(values), room
        self.values: dict[str, Value] = {}
        self._fields: list[Field] = []
        self._over = False
        self._refusal = Refusal(self)
        self._refusal.setObjectName("cardEditorProblem")
        row = QGridLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setHorizontalSpacing(8)
        row.setVerticalSpacing(2)
        for place, param in enumerate(params):
            field = self._field(param, values, arguments, scale)
            row.addWidget(self._name(param, field, scale), 0, place)
            row.addWidget(field, 1, place)
            row.setColumnStretch(place, 1)
        # A press beside the fields is not one on the canvas.
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(self._fields[0])
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 8)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._refusal)
        look.changed.connect(self._recolour)
        self._recolour()

    def _field(
        self, param: Param, values: Mapping[str, Value], arguments: Mapping[str, Value] | None, scale: float
    ) -> Field:
        field = field_for(param, self)
        field.setObjectName(f"card_{param.name}")
        field.setAccessibleName(param.name)
        field.setFont(font(round(13 * scale)))
        field.setFixedHeight(round(28 * scale))
        field.setMinimumWidth(round(_NARROWEST * scale))
        field.set_value(values.get(param.name, MISSING))
        if isinstance(field, Entry):
            field.set_arguments(arguments)
        field.edited.connect(lambda value, name=param.name: self._edited(name, value))
        field.refused.connect(self._refused)
        field.installEventFilter(self)
        self._fields.append(field)
        return field

    def _name(self, param: Param, field: Field, scale: float) -> QLabel:
        """The name above a field, by which a number is dragged here too."""
        words = param.name.replace("_", " ")
        if not isinstance(field, Entry) or field.isReadOnly():
            return plain_label(words, "secondary", font(round(11 * scale)))
        name = Scrub(words, param, lambda: field.value, self)
        name.setObjectName(f"cardLabel_{param.name}")
        name.setProperty("tone", "secondary")
        name.setFont(font(round(11 * scale)))
        name.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        name.setFocusProxy(field)
        name.set_drags(has_rungs(param, field.value))
        name.moved.connect(field.try_value)
        name.moved.connect(lambda value: self.tried.emit({**self.values, param.name: value}))
        name.dropped.connect(field.take)
        name.let_be.connect(field.let_be)
        name.let_be.connect(lambda: self.tried.emit(dict(self.values)))
        return name

    def begin(self) -> None:
        """Puts the cursor into the first field."""
        wanted = self._fields[0]
        wanted.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(wanted, Entry):
            wanted.selectAll()

    def take(self) -> bool:
        """Hands on what was typed, and is over; what can't be read is refused, and stays."""
        for field in self._fields:
            if isinstance(field, Entry) and not field.isReadOnly() and not field.fits:
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                field.selectAll()
                return False
        self._end()
        changed = {name: value for name, value in self.values.items() if value != self._begun.get(name)}
        self.taken.emit(changed)
        return True

    def leave(self) -> None:
        """Is over, and nothing was changed."""
        if not self._over:
            self._end()
            self.left.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Before the fields: Enter and Escape are the editor's, and Tab goes round in it.
        if self._over:
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            match event.key():
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    self.take()
                    return True
                case Qt.Key.Key_Escape:
                    self.leave()
                    return True
                case Qt.Key.Key_Tab | Qt.Key.Key_Backtab:
                    self._go_on(watched, 1 if event.key() == Qt.Key.Key_Tab else -1)
                    return True
        mine = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.type() == QEvent.Type.ShortcutOverride and event.key() in mine:
            event.accept()
            return True
        if event.type() == QEvent.Type.FocusOut and event.reason() not in LEAVING:
            self._look_for_focus()
        return super().eventFilter(watched, event)

    def _go_on(self, field: QObject, way: int) -> None:
        place = next((index for index, one in enumerate(self._fields) if one is field), 0)
        following = self._fields[(place + way) % len(self._fields)]
        following.setFocus(Qt.FocusReason.TabFocusReason)
        if isinstance(following, Entry):
            following.selectAll()

    def _look_for_focus(self) -> None:
        """Who goes on elsewhere has finished here; what can't be read is let be."""
        here = QApplication.focusWidget()
        if not self._over and here is not None and not self.isAncestorOf(here) and not self.take():
            self.leave()

    def _end(self) -> None:
        self._over = True
        held = QApplication.focusWidget()
        if held is not None and self.isAncestorOf(held):
            self.parentWidget().setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()

    def _edited(self, name: str, value: Value) -> None:
        self.values[name] = value
        if not self._over:
            self.tried.emit(dict(self.values))

    def _refused(self, reason: str) -> None:
        self._refusal.show_reason(reason)
        self.fit()

    def fit(self) -> None:
        """Is as large as what it shows."""
        self.layout().activate()
        width = max(self.sizeHint().width(), self._room, 0 if self._refusal.isHidden() else _SENTENCE)
        height = self.layout().heightForWidth(width) if self.layout().hasHeightForWidth() else -1
        self.resize(width, height if height > 0 else self.sizeHint().height())

    def _recolour(self) -> None:
        theme = look.theme
        self.setStyleSheet(
            f"#cardEditor {{ background: {theme.surface}; border: 2px solid {theme.accent}; border-radius: 8px; }}"
        )


class CardEditing(QObject):
    """The editing on the cards of one canvas.

    **Signals:** `tried` with the graph as it would be and the editor in which a value is typed; `let_be` when none is
    typed any more.
    """

    tried = Signal(object, object)
    let_be = Signal()

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas, self._document = canvas, canvas.document
        self._editor: CardEditor | None = None
        self._node: Node | None = None
        self._place = canvas.document.place
        canvas.values_wanted.connect(self.edit)
        canvas.camera.zoomed.connect(self._follow)
        canvas.horizontalScrollBar().valueChanged.connect(self._follow)
        canvas.verticalScrollBar().valueChanged.connect(self._follow)
        canvas.installEventFilter(self)
        self._document.changed.connect(self._changed)

    def edit_selected(self) -> None:
        """Opens the fields of the selected node."""
        names = self._canvas.selected_names()
        if len(names) == 1:
            self.edit(names[0])
        else:
            self._canvas.hint.emit(self.tr("Select the one node whose values are to be changed"))

    def edit(self, name: str) -> None:
        """Opens the fields of a node on its card."""
        self._close()
        node = self._document.graph.nodes.get(name)
        kind = self._document.seen.kind_of(node) if node is not None else None
        params = main_params(node, kind) if node is not None and kind is not None else ()
        if node is None or kind is None or not params or node.shares is not None:
            self._canvas.hint.emit(self._why_not(node))
            return
        if self._canvas.selected_names() != (name,):
            self._canvas.select([name])
        block = self._document.project.blocks.get(self._document.place.path)
        scale = min(max(self._canvas.camera.scale, 1.0), _LARGEST)
        self._node, self._place = node, self._document.place
        card = self._canvas.stage.node_items[name].card
        room = round((card.width() - _LEFT) * self._canvas.camera.scale)
        given = block.params if block else None
        editor = CardEditor(params, kind.values(node.params), given, scale, room, self._canvas)
        editor.taken.connect(self._take)
        editor.left.connect(self._leave)
        editor.tried.connect(self._try)
        self._editor = editor
        editor.fit()
        self._follow()
        if self._editor is editor:
            editor.show()
            editor.raise_()
            editor.begin()

    def _why_not(self, node: Node | None) -> str:
        if node is not None and node.shares is not None:
            words = self.tr("{name} computes with the weights of {lender}: change the values there")
            return words.format(name=node.name, lender=node.shares)
        name = node.name if node is not None else ""
        return self.tr("{name} has no values to be changed on its card").format(name=name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            QTimer.singleShot(0, self, self._follow)
        elif event.type() == QEvent.Type.Hide:
            self._close()
        return super().eventFilter(watched, event)

    def _follow(self) -> None:
        """Stays on the card; is over where that is out of sight."""
        editor, node = self._editor, self._node
        if editor is None or node is None:
            return
        item = self._canvas.stage.node_items.get(node.name)
        if item is None:
            self._close()
            return
        seen = self._canvas.viewportTransform().mapRect(item.card)
        room = self._canvas.viewport().rect()
        if not room.contains(seen.center().toPoint()):
            self._close()
            return
        near = self._canvas.camera.scale >= metrics.FULL_FROM
        line = self._canvas.viewportTransform().map(QPointF(item.card.left() + _LEFT, item.card.top() + 28))
        at = line if near else QPointF(seen.left(), seen.bottom() + 4)
        x = min(max(round(at.x()), 4), room.width() - editor.width() - 4)
        y = min(max(round(at.y()), 4), room.height() - editor.height() - 4)
        editor.move(x, y)

    def _changed(self) -> None:
        """What is typed is for the node as it was."""
        node = self._node
        if node is not None and (
            self._document.place != self._place or self._document.graph.nodes.get(node.name) != node
        ):
            self._close()
        self._follow()

    def _with(self, values: Mapping[str, Value]) -> Node | None:
        node = self._node
        kind = self._document.seen.kind_of(node) if node is not None else None
        if node is None or kind is None:
            return None
        for name, value in values.items():
            node = without_default(kind, node, name, value)
        return node

    def _try(self, values: Mapping[str, Value]) -> None:
        if (node := self._with(values)) is not None and node.name in self._document.graph.nodes:
            self.tried.emit(self._document.graph.replace_node(node), self._editor)

    def _take(self, values: Mapping[str, Value]) -> None:
        node = self._with(values)
        self._forget()
        if node is not None and values:
            title = (
                self.tr("Set {name}.{param}").format(name=node.name, param=next(iter(values)))
                if len(values) == 1
                else self.tr("Set the values of {name}").format(name=node.name)
            )
            self._document.seal()
            self._document.edit_graph(title, self._document.graph.replace_node(node))
        self.let_be.emit()

    def _leave(self) -> None:
        self._forget()
        self.let_be.emit()

    def _close(self) -> None:
        if self._editor is not None:
            self._editor.leave()

    def _forget(self) -> None:
        editor, self._editor, self._node = self._editor, None, None
        if editor is not None:
            editor.deleteLater()
