"""What an export will look like: code in its colours, a picture, or a sentence on why there is none."""

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QScrollArea, QStackedWidget, QWidget

from nndesigner.ui.export.work import Preview
from nndesigner.ui.facts import plain_label
from nndesigner.ui.highlighter import Highlighter
from nndesigner.ui.theme import font, look

_ROOM = 12


class PreviewPane(QStackedWidget):
    """The preview, in a frame."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportPreview")
        self.setAccessibleName(self.tr("Preview"))
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._text = QPlainTextEdit(self)
        self._text.setObjectName("exportCode")
        self._text.setAccessibleName(self.tr("What will be written"))
        self._text.setReadOnly(True)
        self._text.setUndoRedoEnabled(False)
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setFrameShape(QFrame.Shape.NoFrame)
        self._text.setFont(font(12, mono=True))
        self._text.setTabChangesFocus(True)
        self._colours = Highlighter(self._text.document())
        self._picture = _Picture(self)
        self._area = QScrollArea(self)
        self._area.setObjectName("exportPicture")
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._area.viewport().setAutoFillBackground(False)
        self._area.setWidget(self._picture)
        self._picture.area = self._area
        self._words = plain_label("", "secondary", wrap=True)
        self._words.setObjectName("exportMessage")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setMargin(32)
        for page in (self._text, self._area, self._words):
            self.addWidget(page)
        self.preview = Preview()
        look.changed.connect(self._recolour)
        self._recolour()

    @property
    def words(self) -> str:
        """The text that is shown, or the sentence in its place."""
        if self.currentWidget() is self._text:
            return self._text.toPlainText()
        return self._words.text() if self.currentWidget() is self._words else ""

    @property
    def image(self) -> QImage | None:
        """The picture that is shown."""
        return self._picture.image if self.currentWidget() is self._area else None

    def wait(self, words: str) -> None:
        """Shows a sentence until the preview is there."""
        self.show_preview(Preview(refusal=words))

    def show_preview(self, preview: Preview) -> None:
        """Shows it."""
        self.preview = preview
        if preview.images:
            self._picture.show_images(preview.images)
            self.setCurrentWidget(self._area)
        elif preview.text:
            self._colours.read(preview.text.split("\n") if preview.is_python else [])
            self._text.setPlainText(preview.text)
            self.setCurrentWidget(self._text)
        else:
            self._words.setText(preview.refusal)
            self.setCurrentWidget(self._words)

    def _recolour(self) -> None:
        theme = look.theme
        self.setStyleSheet(
            f"#exportPreview {{ background: {theme.surface}; border: 1px solid {theme.line}; border-radius: 6px; }}"
            f"#exportCode {{ border: none; background: transparent; padding: 8px; }}"
            f"#exportPicture {{ border: none; background: transparent; }}"
        )
        self._colours.recolour()
        self._picture.update()


class _Picture(QWidget):
    """A picture that fits its area; a click shows it in its size, and another fits it again."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(False)
        self.image: QImage | None = None
        self._images: tuple[QImage, ...] = ()
        self.area: QScrollArea | None = None
        self._fits = True

    def show_images(self, images: tuple[QImage, ...]) -> None:
        """Shows another one, given in its size, half of it, and so on."""
        if self.image is None or self.image.size() != images[0].size():
            self._fits = True
        self.image, self._images = images[0], images
        self._measure()
        self.update()

    def _measure(self) -> None:
        if self.area is None or self.image is None:
            return
        self.area.setWidgetResizable(self._fits)
        self.setMinimumSize(QSize(0, 0))
        if not self._fits:
            self.resize(self.image.size() + QSize(2 * _ROOM, 2 * _ROOM))
        whole = self.image.width() > self.area.width() or self.image.height() > self.area.height()
        self.setCursor(Qt.CursorShape.PointingHandCursor if whole else Qt.CursorShape.ArrowCursor)
        self.setToolTip(
            ""
            if not whole
            else self.tr("Click to see it in its size")
            if self._fits
            else self.tr("Click to fit it")
        )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        image, area = self.image, self.area
        if image is None or area is None:
            return
        place = self._place()
        across = (event.position().x() - place.x()) / max(place.width(), 1)
        down = (event.position().y() - place.y()) / max(place.height(), 1)
        self._fits = not self._fits
        self._measure()
        if not self._fits:
            area.horizontalScrollBar().setValue(round(across * image.width() - area.width() / 2))
            area.verticalScrollBar().setValue(round(down * image.height() - area.height() / 2))

    def _place(self) -> QRectF:
        """Where the picture is in the widget."""
        assert self.image is not None
        size = QSizeF(self.image.size())
        room = QSizeF(self.width() - 2 * _ROOM, self.height() - 2 * _ROOM)
        if self._fits:
            scale = min(1.0, room.width() / size.width(), room.height() / size.height())
            size *= max(scale, 0.01)
        left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        return QRectF(left, top, size.width(), size.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.image is None:
            return
        painter = QPainter(self)
        place = self._place()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        enough = place.width() * self.devicePixelRatioF()
        painter.drawImage(
            place, [one for one in self._images if one is self.image or one.width() >= enough][-1]
        )
        painter.setPen(QColor(look.theme.line))
        painter.drawRect(place.adjusted(-0.5, -0.5, 0.5, 0.5))
        painter.end()
