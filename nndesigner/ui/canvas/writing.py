"""Words written on the canvas itself: those of a note, or the title of a frame."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from nndesigner.ui.canvas.metrics import Lettering, font

if TYPE_CHECKING:
    from nndesigner.ui.canvas.view import Canvas

_SMALLEST, _LARGEST = 11, 26


class Writing(QPlainTextEdit):
    """A field over an area of the scene. What was written is told once, when it is left: by Ctrl+Return or by anything
    else that takes the focus, for a single line by Return too. Escape leaves everything as it was.
    """

    def __init__(
        self,
        canvas: Canvas,
        area: QRectF,
        words: str,
        single: bool,
        done: Callable[[str | None], None],
    ) -> None:
        super().__init__(canvas.viewport())
        self._canvas, self._area, self._single, self._done = canvas, area, single, done
        self._over = False
        self.setObjectName("canvasWriting")
        self.setAccessibleName(self.tr("Title of the frame") if single else self.tr("Words of the note"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        if single:
            self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.document().setDocumentMargin(3)
        self.setPlainText(words)
        self.selectAll()
        self._place()
        canvas.camera.zoomed.connect(self.finish)
        self.show()
        self.setFocus()

    def finish(self, *_: object) -> None:
        """Keeps what was written."""
        self._end(self.toPlainText().strip())

    def cancel(self) -> None:
        """Forgets what was written."""
        self._end(None)

    def _end(self, words: str | None) -> None:
        if self._over:
            return
        self._over = True
        self.hide()
        self._done(words)
        self._canvas.setFocus()
        self.deleteLater()

    def _place(self) -> None:
        scale = self._canvas.camera.scale
        shown = self._canvas.viewportTransform().mapRect(self._area).toRect().adjusted(2, 2, -2, -2)
        face = QFont(font(Lettering.NAME if self._single else Lettering.SMALL))
        face.setPixelSize(round(min(max(face.pixelSize() * scale, _SMALLEST), _LARGEST)))
        self.setFont(face)
        shown.setWidth(max(shown.width(), 120))
        shown.setHeight(max(shown.height(), face.pixelSize() + 12))
        self.setGeometry(shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
        elif enter and (self._single or event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            self.finish()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.finish()

    def event(self, event: QEvent) -> bool:
        # Escape is the field's own as long as it is written in, whatever it means elsewhere.
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)
