"""A file worked on before, on the welcome page: a picture of it, its name, its folder and when it was saved."""

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from nndesigner.project import Project
from nndesigner.ui import icons
from nndesigner.ui.theme import font, look, mixed
from nndesigner.ui.thumbnail import paint_network

_HEIGHT, _PICTURE = 48, QSize(56, 38)


class RecentRow(QAbstractButton):
    """A file worked on before: a picture of it, its name, its folder and when it was saved. Disabled where it is gone."""

    def __init__(self, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path = path
        try:
            saved = path.stat().st_mtime
            self._when = _day(datetime.fromtimestamp(saved))
        except OSError:
            self.setEnabled(False)
            self._when = self.tr("not found")
        self._project: Project | None = None
        self.setObjectName("recentFile")
        self.setAccessibleName(path.stem)
        self.setAccessibleDescription(f"{path.parent}, {self._when}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if self.isEnabled() else Qt.CursorShape.ArrowCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedHeight(_HEIGHT)
        self.setToolTip(str(path))
        look.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    def show_project(self, project: Project) -> None:
        """Shows the picture of what is in the file."""
        self._project = project
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inside = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.isEnabled() and (self.underMouse() or self.hasFocus()):
            painter.setPen(QPen(QColor(theme.accent), 2) if self.hasFocus() else QPen(Qt.PenStyle.NoPen))
            painter.setBrush(QColor(theme.raised))
            painter.drawRoundedRect(inside, 6, 6)
        picture = QRectF(inside.left() + 5, inside.top() + 4, _PICTURE.width(), _PICTURE.height())
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.setBrush(QColor(theme.surface if self.isEnabled() else theme.paper))
        painter.drawRoundedRect(picture.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if self._project is not None:
            paint_network(painter, picture, self._project, theme, 4)
        elif not self.isEnabled():
            icons.icon("problem", colour="secondary").paint(
                painter, QRectF(picture).toRect().adjusted(20, 11, -20, -11)
            )
        left = picture.right() + 10
        room = inside.right() - 8 - left
        pale = mixed(theme.secondary, theme.paper, 0.7)
        face, small = font(13), font(11)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(face)
        painter.setPen(QColor(theme.ink if self.isEnabled() else pale))
        name = QFontMetricsF(face).elidedText(self.path.stem, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(left, inside.top() + 5, room, 18), middle, name)
        painter.setFont(small)
        painter.setPen(QColor(theme.secondary if self.isEnabled() else pale))
        about = QRectF(left, inside.top() + 24, room, 16)
        taken = QFontMetricsF(small).horizontalAdvance(self._when) + 12
        folder = _at_home(self.path.parent)
        folder = QFontMetricsF(small).elidedText(folder, Qt.TextElideMode.ElideMiddle, room - taken)
        painter.drawText(about, middle, folder)
        painter.drawText(about, middle | Qt.AlignmentFlag.AlignRight, self._when)
        painter.end()


def _at_home(folder: Path) -> str:
    try:
        return str(Path("~") / folder.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(folder)


def _day(time: datetime) -> str:
    """Today's and yesterday's by name, others by date."""
    moment = QDateTime.fromSecsSinceEpoch(round(time.timestamp()))
    ago = moment.date().daysTo(QDate.currentDate())
    if ago == 0:
        return QLocale().toString(moment.time(), QLocale.FormatType.ShortFormat)
    if ago == 1:
        return QCoreApplication.translate("Welcome", "yesterday")
    return QLocale().toString(moment.date(), QLocale.FormatType.ShortFormat)
