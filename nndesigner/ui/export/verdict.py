"""How an export goes: that it is being proven, and then what came of it, with its mark."""

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from nndesigner.ui import figures, icons
from nndesigner.ui.export.work import Outcome
from nndesigner.ui.facts import plain_label
from nndesigner.ui.theme import font, look

_TURN = 60  # milliseconds of a twelfth of a turn


class Spinner(QWidget):
    """A ring, a part of which goes round while one waits."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(16, 16)
        self._angle = 0
        self._timer = QTimer(self, interval=_TURN)
        self._timer.timeout.connect(self._turn)

    def _turn(self) -> None:
        self._angle = (self._angle + 30) % 360
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QRectF(2, 2, 12, 12)
        pen = QPen(QColor(look.theme.line), 2)
        painter.setPen(pen)
        painter.drawEllipse(ring)
        pen.setColor(QColor(look.theme.accent))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(ring, -16 * self._angle, -16 * 100)
        painter.end()


class Verdict(QWidget):
    """One line, and a quieter one below it where there is more to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportVerdict")
        self._spinner = Spinner(self)
        self.drawing = "ok", "good"
        self._mark = icons.Picture("ok", 16, "good", self)
        self._words = plain_label("", wrap=True)
        self._words.setObjectName("exportWords")
        self._more = plain_label("", "secondary", font(11), wrap=True)
        self._more.setObjectName("exportRemarks")
        for label in (self._words, self._more):
            label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._seconds = 0
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self._count)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self._words)
        column.addWidget(self._more)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._spinner)
        row.addWidget(self._mark)
        row.addLayout(column, 1)
        self.clear()

    @property
    def words(self) -> str:
        """What it says."""
        return self._words.text()

    @property
    def remarks(self) -> str:
        """What it says below."""
        return self._more.text()

    def clear(self) -> None:
        """Says nothing."""
        self._clock.stop()
        self._say("", "")
        self._spinner.hide()
        self._mark.hide()

    def begin(self, proves: bool) -> None:
        """Says that it goes on."""
        self._seconds = 0
        self._mark.hide()
        self._spinner.show()
        self._going = self.tr("Proving…") if proves else self.tr("Drawing…")
        self._say(self._going, "")
        self._clock.start()

    def tell(self, outcome: Outcome) -> None:
        """Says what came of it."""
        self._clock.stop()
        self._spinner.hide()
        self._mark.show()
        self.drawing = _drawing_of(outcome)
        self._mark.show_icon(*self.drawing)
        words = outcome.words
        if outcome.path is not None and outcome.verified is not None:
            words = words[:1].upper() + words[1:]
        elif outcome.path is not None and not words:
            words = self.tr("Wrote {}").format(outcome.path.name)
        more = list(outcome.remarks)
        if outcome.verified is not None:
            name = outcome.path.name if outcome.path is not None else ""
            more.insert(0, f"{name} · {figures.duration(outcome.seconds)}")
        self._say(words, "\n".join(more))

    def _count(self) -> None:
        self._seconds += 1
        self._words.setText(f"{self._going} {figures.duration(self._seconds)}")

    def _say(self, words: str, more: str) -> None:
        self._words.setText(words)
        self._more.setText(more)
        self._more.setVisible(bool(more))
        self.setAccessibleName(words)


def _drawing_of(outcome: "Outcome") -> tuple[str, str]:
    """The icon that tells at a glance what came of it, and its colour: only what is proven, or had nothing to prove, is ticked."""
    if outcome.stopped:
        return "stop", "secondary"
    if outcome.verified is False:
        return "warning", "error"
    return ("ok", "good") if outcome.path is not None else ("warning", "warning")
