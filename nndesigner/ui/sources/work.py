"""Sources in the window's work: a file opened or dropped, a text dropped or pasted, read elsewhere and taken in."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from nndesigner.graph import GraphError, Node
from nndesigner.project import Project
from nndesigner.ui.document import Document
from nndesigner.ui.filing import SOURCE, Filing
from nndesigner.ui.notice import Notice
from nndesigner.ui.sources.reader import Read, SourceReader
from nndesigner.ui.sources.signs import of_input
from nndesigner.ui.sources.texts import LONGEST, holds_network, lines_of_classes
from nndesigner.ui.text.folding import folded

if TYPE_CHECKING:
    from nndesigner.script.reader.reading import Reading, Remark
    from nndesigner.ui.sources.dialog import Shapes

_SOON = 400  # milliseconds until it is said that something is being read


@dataclass(frozen=True)
class Wanted:
    """A source that is to be read: a file, or a text; which class of it, and what that takes, if that is said."""

    name: str
    path: Path | None = None
    text: str = ""
    main: str = ""
    shapes: "Shapes" = ()
    replaces: Project | None = None  # what was read from it before, which is not asked about


@dataclass(frozen=True)
class Came:
    """What came of it, with the text that it was."""

    wanted: Wanted
    text: str
    reading: "Reading"

    @property
    def remarks(self) -> "tuple[Remark, ...]":
        """What is to be said of it; of a script that this program wrote, what can't be read in it."""
        own = bool(folded(self.text)[1].strip())
        return self.reading.errors if own else self.reading.remarks

    @property
    def heading(self) -> str:
        """What the source is called where nothing stands before it."""
        name = self.wanted.name
        return name if self.wanted.path is not None else name[:1].upper() + name[1:]

    @property
    def title(self) -> str:
        """The class that was taken, or what the source is called."""
        return self.reading.main or self.wanted.name


class Sources(QObject):
    """What becomes of sources.

    **Signals:** `came` with a `Came` whose project is now the document's; `block_wanted` with one whose network is to
    be a block of this project.
    """

    came = Signal(object)
    block_wanted = Signal(object)

    def __init__(self, document: Document, filing: Filing, notice: Notice, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._filing, self._notice, self._window = document, filing, notice, window
        self.reader = SourceReader(self)
        self.drawing = False  # whether a network is open, and not the welcome page
        self._wanted: Wanted | None = None
        self._question = 0
        self._told = ""  # what was told of the source that was opened last
        document.loaded.connect(self._leave)
        self._soon = QTimer(self, singleShot=True, interval=_SOON)
        self._soon.timeout.connect(self._say_reading)
        self.reader.read.connect(self._take)
        self.reader.refused.connect(self._refuse)

    # The ways in.

    def open_file(self, path: Path) -> None:
        """Reads a file and opens what is in it."""
        self._read(Wanted(path.name, path))

    def take_text(self, text: str) -> None:
        """Reads a text and opens what is in it, or offers to, where there is a network already."""
        if len(text) > LONGEST:
            words = self.tr("The text has {:,} characters; at most {:,} are read").format(len(text), LONGEST)
            self._notice.tell(words, warning=True)
            return
        self._read(Wanted(self.tr("the text"), text=text))

    def can_take(self, data: QMimeData) -> bool:
        """Whether what is dragged is a source."""
        return self._file_in(data) is not None or self._text_in(data) != ""

    def take_dropped(self, data: QMimeData) -> bool:
        """Takes what was dropped, if it is a source; says whether it is."""
        if (path := self._file_in(data)) is not None:
            self.open_file(path)
        elif text := self._text_in(data):
            self.take_text(text)
        else:
            return False
        return True

    def cancel(self) -> None:
        """Leaves what is being read."""
        self._end_question()
        self.reader.cancel()

    def _file_in(self, data: QMimeData) -> Path | None:
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        return next((path for path in paths if path.suffix.lower() == SOURCE), None)

    def _text_in(self, data: QMimeData) -> str:
        text = data.text() if data.hasText() and not data.hasUrls() else ""
        return text if holds_network(text) else ""

    # Reading.

    def _read(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._question = self.reader.ask(lambda read: _read(wanted, read))
        self._soon.start()

    def _say_reading(self) -> None:
        if self._wanted is not None:
            words = self.tr("Reading {}…").format(self._wanted.name)
            self._notice.tell(words, (self.tr("Cancel"), self.cancel), waiting=True)

    def _end_question(self) -> None:
        if self._wanted is not None and not self._soon.isActive():
            self._notice.hide()
        self._soon.stop()
        self._wanted, self._question = None, 0

    def _refuse(self, question: int, words: str) -> None:
        if question == self._question and self._wanted is not None:
            wanted, name = self._wanted, self._wanted.name
            self._end_question()
            told = words if words.startswith(name) else self.tr("{} can’t be read: {}").format(name, words)
            if wanted.path is None:
                told = told[:1].upper() + told[1:]
            self._notice.tell(told, warning=True)

    def _take(self, question: int, came: Came) -> None:
        if question != self._question:
            return
        self._end_question()
        wanted = came.wanted
        if wanted.replaces is not None and wanted.replaces is self._document.project:
            self._open(came)
        elif wanted.path is None and self.drawing and self._document.project.graph.nodes:
            self._offer(came)
        else:
            self._filing.when_safe(lambda: self._open(came))

    def _offer(self, came: Came) -> None:
        count = len(came.reading.project.graph.nodes)
        words = self.tr("The text holds {} with {} nodes.").format(came.title, count)
        self._notice.tell(
            words,
            (self.tr("Open as a project"), lambda: self._filing.when_safe(lambda: self._open(came))),
            (self.tr("Add as a block"), lambda: self.block_wanted.emit(came)),
        )

    def _open(self, came: Came) -> None:
        self._filing.take_in(came.reading.project, unsaved=came.wanted.path is None)
        opened = replace(came, wanted=replace(came.wanted, replaces=self._document.project))
        self.came.emit(opened)
        self._tell(opened)

    def _tell(self, came: Came) -> None:
        """What was read, and what of it can be chosen otherwise."""
        reading, name = came.reading, came.wanted.name
        others = [one for one in reading.classes if one != reading.main]
        words = [self.tr("Read {} from {}.").format(came.title, name)] if others else []
        if others:
            listed = ", ".join(others[:4]) + ("…" if len(others) > 4 else "")
            words.append(self.tr("It also holds {}.").format(listed))
        if errors := len(reading.errors):
            one, more = self.tr("1 place of it can’t be read."), self.tr("{} places of it can’t be read.")
            words.append(one if errors == 1 else more.format(errors))
        if tried := of_input(reading):
            words.append(tried)
        if not words:
            return
        if not others:
            words.insert(0, self.tr("Read {} from {}.").format(came.title, name))
        choose = (self.tr("Class or input…"), lambda: self.ask_again(came))
        self._told = " ".join(words)
        self._notice.tell(self._told, choose, warning=bool(errors))

    def _leave(self) -> None:
        """Takes away what was told of a source, as another project is there."""
        if self._told and self._notice.text == self._told:
            self._notice.hide()
        self._told = ""

    def ask_again(self, came: Came) -> None:
        """Asks which class of a source is meant and what it takes, and reads it so."""
        from nndesigner.ui.sources.dialog import SourceDialog

        reading = came.reading
        shapes = tuple(filter(None, map(_shape_of, reading.project.graph.nodes.values())))
        remark = of_input(reading) or self.tr(
            "Where the source does not tell it, shapes are tried out until one fits."
        )
        lines = lines_of_classes(came.text)
        dialog = SourceDialog(
            came.wanted.name, reading.classes, reading.main, lines, shapes, remark, self._window
        )
        dialog.chosen.connect(lambda main, shapes: self._read(replace(came.wanted, main=main, shapes=shapes)))
        dialog.open()


def with_block(project: Project, came: Came) -> tuple[Project, str]:
    """With the network that came as a block; raises `GraphError` with a sentence."""
    from nndesigner import blocks

    stem = came.title if came.title.isidentifier() else "Network"
    try:
        return blocks.adopted(project, came.reading.project, stem)
    except GraphError as error:
        words = str(error)
        raise GraphError(words[:1].upper() + words[1:]) from None


def _read(wanted: Wanted, read: Read) -> Came:
    """Reads a source in the thread of the reader; raises `ReadingError` with a sentence."""
    from nndesigner.script.reader import beside, reading

    text, siblings = wanted.text, {}
    if wanted.path is not None:
        try:
            text = beside.text_of(wanted.path)
            siblings = beside.modules_beside(wanted.path, text)
        except OSError as error:
            raise reading.ReadingError(error.strerror or str(error)) from None
    return Came(wanted, text, read(reading.Source(text, wanted.name, wanted.main, wanted.shapes, siblings)))


def _shape_of(node: Node) -> tuple[int, ...]:
    """What an input takes, without the batch; nothing for any other node."""
    shape = node.params.get("shape") if node.kind == "Input" else None
    return tuple(size for size in shape if isinstance(size, int)) if isinstance(shape, tuple) else ()
