"""What a data set looks like: its samples page by page, its distributions, its columns."""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from nndesigner.catalogue.data import DataSet
from nndesigner.data.desk import Question, Survey, Turn
from nndesigner.data.shown import Overview, Page
from nndesigner.graph import Value
from nndesigner.project import Training
from nndesigner.ui import icons
from nndesigner.ui.data.charts import Charts
from nndesigner.ui.data.columns import type_word, use_word
from nndesigner.ui.data.parts_bar import PartsBar
from nndesigner.ui.data.pictures import PictureGrid
from nndesigner.ui.data.reading import Reading
from nndesigner.ui.data.sentences import SentenceRows
from nndesigner.ui.data.sounds import SoundRows
from nndesigner.ui.data.tables import WordsTable
from nndesigner.ui.data.words import PREPARING
from nndesigner.ui.facts import plain_label
from nndesigner.ui.figures import thousands
from nndesigner.ui.form import Refusal
from nndesigner.ui.theme import font

_EACH = {"image": 48, "sound": 12, "text": 20, "pair": 20, "corpus": 12}
_ROWS = 100
_NOTHING: Mapping[str, Value] = MappingProxyType({})


class Preview(QWidget):
    """Asks for what it shows, and shows what is answered; with or without a list of the columns of a table.

    **Signals:** `failed` with a sentence, when the data can't be read.
    """

    failed = Signal(str)

    def __init__(self, reading: Reading, parent: QWidget | None = None, *, columns: bool = True) -> None:
        super().__init__(parent)
        self.setObjectName("dataPreview")
        self._with_columns = columns
        self._reading = reading
        self._data_set: DataSet | None = None
        self._params: Mapping[str, Value] = _NOTHING
        self._training = Training()
        self._first = self._seed = 0
        self._page: Page | None = None
        self._asked: tuple[Question, ...] = ()
        self._pictures, self._sounds, self._texts = PictureGrid(), SoundRows(), SentenceRows()
        self._rows = WordsTable("dataRows")
        self._rows.setAccessibleName(self.tr("First rows"))
        self._columns = WordsTable("dataColumns")
        self._columns.setAccessibleName(self.tr("Columns"))
        self._charts = Charts()
        self._parts = PartsBar(self)
        self._split_problem = Refusal(self)
        self._split_problem.setObjectName("dataSplitProblem")
        self._state = plain_label("", "secondary", wrap=True)
        self._state.setObjectName("dataState")
        self._state.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._problem = Refusal(self)
        self._problem.setObjectName("dataProblem")
        self._make_controls()
        self._lay_out()
        reading.answered.connect(self._take)
        reading.failed.connect(self._refuse)

    @property
    def page(self) -> Page | None:
        """The samples that are shown."""
        return self._page

    @property
    def settled(self) -> bool:
        """Whether all that was asked was answered."""
        return not self._asked

    def show_data_set(
        self, data_set: DataSet, params: Mapping[str, Value] = _NOTHING, training: Training | None = None
    ) -> None:
        """Looks at this data set, prepared and split like that."""
        self._data_set, self._params = data_set, params
        self._training = training or Training()
        self._first, self._page = 0, None
        self._parts.show_parts(())
        self._split_problem.show_reason("")
        self._classes.clear()
        self._classes.addItem(self.tr("All classes"))
        self._classes.hide()
        varies = any(params.get(one.name) for one in data_set.params if one.name not in PREPARING) and any(
            one.sort in ("image", "sound") for one in data_set.fields
        )
        self._varied.setVisible(varies)
        self._again.setVisible(varies and self._varied.isChecked())
        self._tabs.setCurrentIndex(0)
        for tab in (1, 2):
            self._tabs.setTabVisible(tab, False)
        self._wait(self.tr("Reading {} …").format(data_set.title))
        self._ask(self._turn(), Survey(data_set, self._params, self._training))

    def add_tab(self, widget: QWidget, title: str) -> None:
        """A further tab, behind the others."""
        self._tabs.addTab(_scrolled(widget, 12), title)

    def show_nothing(self, words: str) -> None:
        """Says why there is nothing to see."""
        self._data_set, self._page, self._asked = None, None, ()
        self._reading.ask()
        self._parts.show_parts(())
        self._split_problem.show_reason("")
        for tab in (1, 2):
            self._tabs.setTabVisible(tab, False)
        self._tabs.setCurrentIndex(0)
        self._wait(words)

    # How it is laid out.

    def _make_controls(self) -> None:
        self._classes = QComboBox()
        self._classes.setObjectName("dataClass")
        self._classes.setAccessibleName(self.tr("Class"))
        self._classes.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._classes.activated.connect(self._turn_to_class)
        self._varied = QCheckBox(self.tr("As varied in training"))
        self._varied.setObjectName("dataVaried")
        self._varied.setChecked(True)
        self._varied.toggled.connect(self._vary)
        self._again = QToolButton()
        self._again.setObjectName("dataAgain")
        self._again.setText(self.tr("Draw again"))
        self._again.setAccessibleName(self._again.text())
        self._again.setToolTip(self.tr("Varies the same records anew"))
        self._again.clicked.connect(self._draw_again)
        self._legend = plain_label("", "secondary", font(11))
        self._legend.setObjectName("dataLegend")
        self._where = plain_label("", "secondary")
        self._where.setObjectName("dataWhere")
        self._back = self._arrow("dataBack", self.tr("Samples before"), "chevron-left", -1)
        self._on = self._arrow("dataOn", self.tr("Next samples"), "chevron-right", 1)

    def _arrow(self, name: str, words: str, icon: str, step: int) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setToolTip(words)
        button.setIconSize(QSize(16, 16))
        button.setFixedSize(28, 28)
        icons.dress(button, icon)
        button.clicked.connect(partial(self._leaf, step))
        return button

    def _lay_out(self) -> None:
        controls = QHBoxLayout()
        controls.setContentsMargins(0, 0, 0, 0)
        controls.setSpacing(8)
        for widget in (self._classes, self._varied, self._again, self._legend):
            controls.addWidget(widget)
        controls.addStretch(1)
        for widget in (self._where, self._back, self._on):
            controls.addWidget(widget)
        self._controls = QWidget()
        self._controls.setLayout(controls)
        self._controls.setFixedHeight(32)
        waiting = QWidget()
        middle = QVBoxLayout(waiting)
        middle.addStretch(1)
        middle.addWidget(self._state)
        middle.addWidget(self._problem)
        middle.addStretch(1)
        self._stack = QStackedWidget()
        self._views = {
            "pictures": _scrolled(self._pictures),
            "sounds": _scrolled(self._sounds),
            "texts": _scrolled(self._texts),
            "rows": self._rows,
        }
        for view in (waiting, *self._views.values()):
            self._stack.addWidget(view)
        samples = QWidget()
        column = QVBoxLayout(samples)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._controls)
        column.addWidget(self._stack, 1)
        self._tabs = QTabWidget(self)
        self._tabs.setObjectName("dataTabs")
        self._tabs.setDocumentMode(True)
        self._tabs.addTab(samples, self.tr("Samples"))
        self._tabs.addTab(_scrolled(self._charts, 12), self.tr("Distributions"))
        self._tabs.addTab(_padded(self._columns), self.tr("Columns"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addWidget(self._parts)
        whole.addWidget(self._split_problem)
        whole.addWidget(self._tabs, 1)

    # What is asked.

    def _ask(self, *questions: Question) -> None:
        self._asked = questions
        self._reading.ask(*questions)

    def _turn(self) -> Turn:
        assert self._data_set is not None
        varied = self._varied.isChecked() and not self._varied.isHidden()
        params = {name: value for name, value in self._params.items() if varied or name in PREPARING}
        return Turn(
            self._data_set, params, self._training, self._first, self._each, self._classes.currentIndex() - 1,
            self._seed,
        )  # fmt: skip

    @property
    def _each(self) -> int:
        assert self._data_set is not None
        return next((_EACH[one.sort] for one in self._data_set.fields if one.sort in _EACH), _ROWS)

    def _leaf(self, step: int) -> None:
        self._first = max(0, self._first + step * self._each)
        self._turn_over()

    def _turn_to_class(self) -> None:
        self._first = 0
        self._turn_over()

    def _vary(self, on: bool) -> None:
        self._again.setVisible(on)
        self._turn_over()

    def _draw_again(self) -> None:
        self._seed += 1
        self._turn_over()

    def _turn_over(self) -> None:
        """Asks for other samples; what was asked before and not answered yet is asked again behind."""
        if self._data_set is not None:
            left = [one for one in self._asked if isinstance(one, Survey)]
            self._ask(self._turn(), *left)

    # What is answered.

    def _take(self, question: object, answer: object) -> None:
        if not any(question is one for one in self._asked):
            return
        self._asked = tuple(one for one in self._asked if one is not question)
        if isinstance(answer, Page):
            self._show_page(answer)
        elif isinstance(answer, Overview):
            self._show_overview(answer)

    def _refuse(self, question: object, reason: str) -> None:
        if not any(question is one for one in self._asked):
            return
        self._asked = ()
        self._reading.ask()
        self._wait("")
        self._problem.show_reason(reason)
        self.failed.emit(reason)

    def _wait(self, words: str) -> None:
        self._state.setText(words)
        self._problem.show_reason("")
        self._controls.setVisible(False)
        self._stack.setCurrentIndex(0)

    def _show_page(self, page: Page) -> None:
        self._page = page
        match page.sort:
            case "pictures":
                self._pictures.show_samples(page.samples)
            case "sounds":
                self._sounds.show_samples(page.samples)
            case "texts":
                self._texts.show_samples(page.samples)
            case "rows":
                self._rows.show_rows(page.columns, [one.cells for one in page.samples])
        lost = {one.lost for each in page.samples for text in each.texts for one in text.tokens}
        told = [self.tr("Outlined: not in the vocabulary.")] if "unknown" in lost else []
        told += [self.tr("Pale: beyond the length that is looked at.")] if "cut" in lost else []
        self._legend.setText(" ".join(told))
        view = self._views[page.sort]
        self._stack.setCurrentWidget(view)
        view.verticalScrollBar().setValue(0)
        self._controls.setVisible(True)
        last = page.first + len(page.samples)
        span = self.tr("{first} – {last} of {total}").format(
            first=thousands(page.first + 1 if last else 0), last=thousands(last), total=thousands(page.total)
        )
        self._where.setText(span)
        self._back.setEnabled(page.first > 0)
        self._on.setEnabled(last < page.total)

    def _show_overview(self, found: Overview) -> None:
        self._parts.show_parts(found.parts)
        self._split_problem.show_reason(found.problem)
        self._charts.show_distributions(found.distributions)
        self._tabs.setTabVisible(1, bool(found.distributions))
        rows = [
            (
                one.name,
                type_word(one.type),
                use_word(one.use),
                thousands(one.missing) if one.missing else "",
                one.range,
            )
            for one in found.columns
        ]
        heads = (self.tr("Column"), self.tr("Type"), self.tr("Use"), self.tr("Missing"), self.tr("Values"))
        self._columns.show_rows(heads, rows)
        self._tabs.setTabVisible(2, self._with_columns and bool(rows))
        if (
            found.classes
            and self._page is not None
            and self._page.sort != "rows"
            and self._classes.count() == 1
        ):
            self._classes.addItems(list(found.classes))
            self._classes.show()


def _scrolled(widget: QWidget, above: int = 0) -> QScrollArea:
    area = QScrollArea()
    area.setProperty("bare", True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFont(font())
    area.viewport().setAutoFillBackground(False)
    widget.setAutoFillBackground(False)
    if above:
        widget.setContentsMargins(0, above, 12, above)
    area.setWidget(widget)
    return area


def _padded(widget: QWidget) -> QWidget:
    around = QWidget()
    column = QVBoxLayout(around)
    column.setContentsMargins(0, 12, 0, 0)
    column.addWidget(widget)
    return around
