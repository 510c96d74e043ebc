"""The palette: everything that can stand on the canvas, by family, to be searched, dragged and picked."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QByteArray,
    QCoreApplication,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QDrag,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from nndesigner import catalogue, library
from nndesigner.catalogue.kind import Kind
from nndesigner.ui import icons
from nndesigner.ui.adding.habits import Habits
from nndesigner.ui.facts import quiet_button
from nndesigner.ui.fields import explained
from nndesigner.ui.theme import font, look, mixed

MIME = "application/x-nndesigner-kind"
ROLES = ("data", "input", "output", "layer", "loss", "block")
NAME = Qt.ItemDataRole.UserRole
FAMILY = Qt.ItemDataRole.UserRole + 1
TOLD = Qt.ItemDataRole.UserRole + 2
FAVOURITES, MOST_USED, LIBRARY = "favourites", "most used", "library"
_ROW = 28
_MOST_USED = 6
_CARD = QSize(168, 40)

Index = QModelIndex | QPersistentModelIndex


def family_word(family: str) -> str:
    """A family's name for people."""
    words = {
        "data": QCoreApplication.translate("Family", "Data"),
        "linear": QCoreApplication.translate("Family", "Linear"),
        "convolution": QCoreApplication.translate("Family", "Convolution"),
        "padding": QCoreApplication.translate("Family", "Padding"),
        "pooling": QCoreApplication.translate("Family", "Pooling"),
        "resampling": QCoreApplication.translate("Family", "Resampling"),
        "normalization": QCoreApplication.translate("Family", "Normalization"),
        "activation": QCoreApplication.translate("Family", "Activation"),
        "dropout": QCoreApplication.translate("Family", "Dropout"),
        "recurrent": QCoreApplication.translate("Family", "Recurrent"),
        "attention": QCoreApplication.translate("Family", "Attention"),
        "embedding": QCoreApplication.translate("Family", "Embedding"),
        "shaping": QCoreApplication.translate("Family", "Shaping"),
        "joining": QCoreApplication.translate("Family", "Joining"),
        "distance": QCoreApplication.translate("Family", "Distance"),
        "arithmetic": QCoreApplication.translate("Family", "Arithmetic"),
        "reduction": QCoreApplication.translate("Family", "Reduction"),
        "selecting": QCoreApplication.translate("Family", "Selecting"),
        "constants": QCoreApplication.translate("Family", "Constants and masks"),
        "loss": QCoreApplication.translate("Family", "Loss"),
        "optimizer": QCoreApplication.translate("Family", "Optimizer"),
        "scheduler": QCoreApplication.translate("Family", "Scheduler"),
        "block": QCoreApplication.translate("Family", "Blocks"),
        LIBRARY: QCoreApplication.translate("Family", "Library"),
        "own": QCoreApplication.translate("Family", "Layers of your own"),
        FAVOURITES: QCoreApplication.translate("Family", "Favourites"),
        MOST_USED: QCoreApplication.translate("Family", "Most used"),
    }
    return words.get(family, family.capitalize())


def found_by(kind: Kind, query: str) -> int | None:
    """How well a query finds a kind, best first: 0 by the start of its name, 1 by its name, 2 by a synonym
    or its family, 3 by its sentence; None not at all.
    """
    words = query.casefold().split()
    places = (
        library.plain(kind.name),
        f"{kind.synonyms} {kind.family} {family_word(kind.family)}",
        kind.sentence,
    )
    name, synonyms, sentence = map(str.casefold, places)

    def one(part: str) -> int | None:
        if name.startswith(part):
            return 0
        return next(
            (rank for rank, place in ((1, name), (2, synonyms), (3, sentence)) if part in place), None
        )

    whole = [one("".join(words)), one(" ".join(words))]
    each = [one(word) for word in words]
    ranks = [rank for rank in whole if rank is not None]
    ranks += [max(rank for rank in each if rank is not None)] if words and None not in each else []
    return min(ranks, default=None)


def likely(kinds: Sequence[Kind]) -> list[Kind]:
    """The kinds in their order, but of those that differ in their dimensions only the most used one first."""
    stems = {stem: place for place, stem in enumerate(dict.fromkeys(_stem(kind.name) for kind in kinds))}
    dimensions = {"2d": 0, "1d": 1, "3d": 2}
    return sorted(kinds, key=lambda kind: (stems[_stem(kind.name)], dimensions.get(kind.name[-2:], 0)))


def _stem(name: str) -> str:
    return name[:-2] if name.endswith(("1d", "2d", "3d")) else name


def mime_of(name: str) -> QMimeData:
    """What is dragged from the palette: a kind's name."""
    data = QMimeData()
    data.setData(MIME, QByteArray(name.encode()))
    return data


def card_of(kind: Kind, ratio: float) -> QPixmap:
    """A small node to hold at the pointer, drawn for a device pixel ratio."""
    theme = look.theme
    picture = QPixmap(_CARD * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shape = QPainterPath()
    shape.addRoundedRect(QRectF(0.5, 0.5, _CARD.width() - 1, _CARD.height() - 1), 8, 8)
    painter.fillPath(shape, QColor(theme.surface))
    painter.save()
    painter.setClipPath(shape)
    painter.fillRect(0, 0, 4, _CARD.height(), QColor(theme.family(kind.family)))
    painter.restore()
    painter.strokePath(shape, QPen(QColor(theme.edge), 1))
    icons.family_icon(kind.family).paint(painter, QRect(14, 12, 16, 16))
    painter.setPen(QColor(theme.ink))
    painter.setFont(font(13, QFont.Weight.DemiBold))
    space = QRect(38, 0, _CARD.width() - 46, _CARD.height())
    words = QFontMetrics(painter.font()).elidedText(
        library.plain(kind.name), Qt.TextElideMode.ElideRight, space.width()
    )
    painter.drawText(space, Qt.AlignmentFlag.AlignVCenter, words)
    painter.end()
    return picture


class Palette(QWidget):
    """The list of kinds with its search field, and a button for a new block.

    **Signals:** `chosen` with the name of one picked from it; `block_wanted` and `own_wanted` when the button for a
    new block, or for a new layer of one's own, is clicked; `menu_opening` with the menu of a kind and its name.
    """

    chosen = Signal(str)
    menu_opening = Signal(object, str)
    block_wanted = Signal()
    own_wanted = Signal()

    def __init__(self, parent: QWidget | None = None, habits: Habits | None = None) -> None:
        super().__init__(parent)
        self._habits = habits
        self._kinds: tuple[Kind, ...] = ()
        self._closed: set[str] = set()
        self._search = SearchField(self)
        self._model = QStandardItemModel(self)
        self._list = _List(self._model, self)
        self._nothing = QLabel(self)
        self._nothing.setObjectName("paletteNothing")
        self._nothing.setTextFormat(Qt.TextFormat.PlainText)
        self._nothing.setWordWrap(True)
        self._nothing.setProperty("tone", "secondary")
        self._nothing.setContentsMargins(16, 8, 16, 8)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._lay_out()
        self._search.textChanged.connect(self._fill)
        self._search.stepped.connect(self._step)
        self._search.entered.connect(self._choose_current)
        self._list.picked.connect(self.chosen)
        self._list.menu_opening.connect(self.menu_opening)
        if habits is not None:
            self._list.habits = habits
            habits.changed.connect(self._refill)
        self._list.expanded.connect(self._opened)
        self._list.collapsed.connect(self._shut)
        self.setFocusProxy(self._search)
        self.set_kinds(catalogue.KINDS)

    def set_kinds(self, kinds: Sequence[Kind]) -> None:
        """Offers these kinds, as far as they can stand on the canvas."""
        self._kinds = tuple(kind for kind in kinds if kind.role in ROLES)
        self._list.kinds = {kind.name: kind for kind in self._kinds}
        self._fill()

    def set_fitting(self, names: frozenset[str] | None) -> None:
        """Only kinds of these names stand out, as those that fit the wire that is being pulled; None: all do."""
        self._list.painter.fitting = names
        self._list.viewport().update()

    def names(self) -> list[str]:
        """The kinds that are listed now, in order."""
        return [index.data(NAME) for index in self._list.rows()]

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(8)
        top = QHBoxLayout()
        top.setContentsMargins(16, 0, 16, 0)
        top.addWidget(self._search)
        layout.addLayout(top)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._nothing, 1)
        block = quiet_button(self.tr("New block"), "paletteNewBlock", "plus")
        block.setToolTip(explained(self.tr("A network of its own, to be used as a layer")))
        block.clicked.connect(self.block_wanted)
        own = quiet_button(self.tr("Own layer"), "paletteNewOwn", "plus")
        own.setToolTip(explained(self.tr("A layer written in a few lines of Python")))
        own.clicked.connect(self.own_wanted)
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 0, 8, 8)
        foot.setSpacing(0)
        foot.addWidget(block)
        foot.addWidget(own)
        foot.addStretch(1)
        layout.addLayout(foot)

    def _fill(self) -> None:
        query = self._search.text().strip()
        self._model.clear()
        if query:
            kinds = likely(self._kinds)
            ranked = [(rank, kind) for kind in kinds if (rank := found_by(kind, query)) is not None]
            for _, kind in sorted(ranked, key=lambda pair: pair[0]):
                self._model.appendRow(row_of(kind))
        else:
            for section, kinds in self._sections():
                header = _header(section)
                header.appendRows([row_of(kind) for kind in kinds])
                self._model.appendRow(header)
                self._list.setExpanded(header.index(), section not in self._closed)
        empty = self._model.rowCount() == 0
        self._nothing.setText(
            self.tr(
                "Nothing is called “{query}”. Try a part of a name, or what it does: “normalize”."
            ).format(query=query)
        )
        self._list.setVisible(not empty)
        self._nothing.setVisible(empty)
        if query and not empty:
            self._list.setCurrentIndex(self._model.index(0, 0))
        self._list.scrollToTop()

    def _sections(self) -> list[tuple[str, list[Kind]]]:
        """The kinds by family; before them what the person likes, and uses most."""
        found: list[tuple[str, list[Kind]]] = []
        if self._habits is not None:
            known = self._list.kinds
            for section, names in (
                (FAVOURITES, self._habits.favourites),
                (MOST_USED, self._habits.most_used(_MOST_USED)),
            ):
                if kinds := [known[name] for name in names if name in known]:
                    found.append((section, kinds))
        for section in dict.fromkeys(map(section_of, self._kinds)):
            found.append((section, [kind for kind in self._kinds if section_of(kind) == section]))
        return found

    def _refill(self) -> None:
        """Shows what became a favourite or was used, and stays where it is."""
        if self._search.text().strip():
            self._list.viewport().update()
            return
        place = self._list.verticalScrollBar().value()
        self._fill()
        self._list.verticalScrollBar().setValue(place)

    def _step(self, steps: int) -> None:
        rows = self._list.rows()
        current = self._list.currentIndex()
        place = rows.index(current) + steps if current in rows else 0
        if rows:
            self._list.setCurrentIndex(rows[min(max(place, 0), len(rows) - 1)])

    def _choose_current(self) -> None:
        if name := self._list.currentIndex().data(NAME):
            self.chosen.emit(name)

    def _opened(self, index: QModelIndex) -> None:
        self._closed.discard(index.data(FAMILY))

    def _shut(self, index: QModelIndex) -> None:
        self._closed.add(index.data(FAMILY))


def row_of(kind: Kind) -> QStandardItem:
    """The row of a kind, with what a screen reader says of it."""
    shown, section = library.plain(kind.name), family_word(section_of(kind))
    item = QStandardItem(shown)
    item.setData(kind.name, NAME)
    item.setData(kind.family, FAMILY)
    if section_of(kind) == LIBRARY:
        item.setData(section, TOLD)
    item.setToolTip(explained(kind.sentence, kind.formula))
    item.setData(f"{shown}, {section}", Qt.ItemDataRole.AccessibleTextRole)
    item.setData(kind.sentence, Qt.ItemDataRole.AccessibleDescriptionRole)
    flags = Qt.ItemFlag
    item.setFlags(flags.ItemIsEnabled | flags.ItemIsSelectable | flags.ItemIsDragEnabled)
    return item


def section_of(kind: Kind) -> str:
    """Under which heading a kind stands: that of its family, or of the library."""
    return LIBRARY if library.is_marked(kind.name) else kind.family


def _header(family: str) -> QStandardItem:
    item = QStandardItem(family_word(family))
    item.setData(family, FAMILY)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
    return item


class SearchField(QLineEdit):
    """The search field. **Signals:** `stepped` by the arrow keys, `entered` by Enter."""

    stepped = Signal(int)
    entered = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("paletteSearch")
        self.setAccessibleName(self.tr("Search layers"))
        self.setPlaceholderText(self.tr("Search layers"))
        self.setFixedHeight(_ROW)
        lens = self.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        icons.dress(lens, "search", "secondary")
        self._clear = QAction(self.tr("Clear"), self)
        icons.dress(self._clear, "close", "secondary")
        self._clear.triggered.connect(self.clear)
        self.textChanged.connect(self._offer_to_clear)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 10, Qt.Key.Key_PageUp: -10}
        key = event.key()
        if key in steps:
            self.stepped.emit(steps[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif key == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif key == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _offer_to_clear(self, text: str) -> None:
        if text and self._clear not in self.actions():
            self.addAction(self._clear, QLineEdit.ActionPosition.TrailingPosition)
        elif not text:
            self.removeAction(self._clear)


class _List(QTreeView):
    """The kinds, under their families or, while one searches, by how well they fit.

    **Signals:** `picked` with a kind's name by double click or Enter; `menu_opening` with the menu of a kind and its
    name, before it is shown.
    """

    picked = Signal(str)
    menu_opening = Signal(object, str)

    def __init__(self, model: QStandardItemModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.kinds: dict[str, Kind] = {}
        self.habits: Habits | None = None
        self.painter = RowPainter(self)
        self.setModel(model)
        self.setObjectName("paletteList")
        self.setAccessibleName(self.tr("Layers"))
        self.setProperty("bare", True)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setExpandsOnDoubleClick(False)
        self.setUniformRowHeights(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(self.painter)
        self.clicked.connect(self._toggle)
        self.doubleClicked.connect(self._pick)
        look.changed.connect(self.viewport().update)

    def rows(self) -> list[QModelIndex]:
        """The kinds that can be reached, without the families' headers, in order."""
        found = []
        index = self.model().index(0, 0)
        while index.isValid():
            if index.data(NAME):
                found.append(index)
            index = self.indexBelow(index)
        return found

    def startDrag(self, actions: Qt.DropAction) -> None:
        if (drag := self.drag_of(self.currentIndex())) is not None:
            drag.exec(Qt.DropAction.CopyAction)

    def drag_of(self, index: QModelIndex) -> QDrag | None:
        """The drag of a row, with a small node to hold at the pointer; a family has none."""
        kind = self.kinds.get(index.data(NAME) or "")
        if kind is None:
            return None
        drag = QDrag(self)
        drag.setMimeData(mime_of(kind.name))
        drag.setPixmap(card_of(kind, self.devicePixelRatioF()))
        drag.setHotSpot(QPoint(24, _CARD.height() // 2))
        return drag

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        return

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        starred = self.habits is not None and index.data(NAME)
        if starred and star_of(self.visualRect(index)).contains(event.position().toPoint()):
            self.setCurrentIndex(index)
            self.habits.toggle(index.data(NAME))
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if self.habits is not None and star_of(self.visualRect(index)).contains(event.position().toPoint()):
            self.mousePressEvent(event)  # clicked twice in a row
            return
        super().mouseDoubleClickEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        name = self.indexAt(event.pos()).data(NAME)
        if self.habits is None or not name:
            return
        menu = QMenu(self)
        menu.setObjectName("paletteMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        liked = name in self.habits.favourites
        words = self.tr("Remove from favourites") if liked else self.tr("Add to favourites")
        menu.addAction(words, lambda: self.habits.toggle(name))
        self.menu_opening.emit(menu, name)
        menu.popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Asterisk and self.habits is not None:
            if name := self.currentIndex().data(NAME):
                self.habits.toggle(name)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._toggle(self.currentIndex())
            self._pick(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _toggle(self, index: QModelIndex) -> None:
        if index.isValid() and not index.data(NAME):
            self.setExpanded(index, not self.isExpanded(index))

    def _pick(self, index: QModelIndex) -> None:
        if name := index.data(NAME):
            self.picked.emit(name)


def star_of(row: QRect) -> QRect:
    """Where the star of a row is."""
    return QRect(row.right() - 27, row.top(), 24, row.height())


class RowPainter(QStyledItemDelegate):
    """Draws the rows: a family's header, or a kind with its family's icon; faded where it is not `fitting`."""

    def __init__(self, parent: QAbstractItemView) -> None:
        super().__init__(parent)
        self.fitting: frozenset[str] | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_state(painter, option)
        if index.data(NAME):
            self._paint_kind(painter, option, index)
        else:
            self._paint_family(painter, option, index)
        painter.restore()

    def _paint_state(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        theme, state = look.theme, QStyle.StateFlag
        body = QRectF(option.rect).adjusted(4, 0, -4, 0)
        chosen = bool(option.state & state.State_Selected)
        if chosen or option.state & state.State_MouseOver:
            strength = (theme.accent, theme.surface, 0.16) if chosen else (theme.ink, theme.surface, 0.06)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(mixed(*strength)))
            painter.drawRoundedRect(body, 6, 6)
        if option.state & state.State_HasFocus:
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(body.adjusted(1, 1, -1, -1), 5, 5)

    def _paint_family(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect = option.rect
        opened = bool(option.state & QStyle.StateFlag.State_Open)
        sign = icons.icon("chevron-down" if opened else "chevron-right", colour="secondary")
        sign.paint(painter, QRect(rect.left() + 13, rect.center().y() - 6, 14, 14))
        painter.setFont(font(11, QFont.Weight.DemiBold))
        painter.setPen(QColor(look.theme.secondary))
        words = rect.adjusted(32, 0, -16, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, index.data(Qt.ItemDataRole.DisplayRole))

    def _paint_kind(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect, name = option.rect, index.data(NAME)
        if self.fitting is not None and name not in self.fitting:
            painter.setOpacity(0.35)
        right = rect.right() - 16
        habits = getattr(self.parent(), "habits", None)
        if habits is not None:
            liked = name in habits.favourites
            if liked or option.state & QStyle.StateFlag.State_MouseOver:
                drawing, colour = ("star-full", "accent") if liked else ("star", "secondary")
                star = star_of(rect)
                icons.icon(drawing, colour=colour).paint(
                    painter, QRect(star.left() + 4, star.center().y() - 7, 16, 16)
                )
                right = star.left() - 4
        nested = index.parent().isValid()
        left = rect.left() + (32 if nested else 16)
        if family := index.data(FAMILY):
            icons.family_icon(family).paint(painter, QRect(left, rect.center().y() - 7, 16, 16))
            left += 24
        painter.setFont(font())
        painter.setPen(QColor(look.theme.ink))
        space = QRect(left, rect.top(), right - left, rect.height())
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(
            index.data(Qt.ItemDataRole.DisplayRole), Qt.TextElideMode.ElideRight, space.width()
        )
        painter.drawText(space, Qt.AlignmentFlag.AlignVCenter, shown)
        if nested:
            return
        told = index.data(TOLD)
        word = family_word(family) if told is None and family else told or ""
        painter.setFont(font(11))
        painter.setPen(QColor(look.theme.secondary))
        room = space.width() - metrics.horizontalAdvance(shown) - 12
        small = painter.fontMetrics()
        if told is not None:
            word = small.elidedText(word, Qt.TextElideMode.ElideRight, max(room, 0))
        if word and small.horizontalAdvance(word) <= room + 4:
            painter.drawText(space, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, word)
