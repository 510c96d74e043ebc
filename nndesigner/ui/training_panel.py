"""The settings of the training: how long, with which steps, on which parts of the data, on what it is computed."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from nndesigner import catalogue
from nndesigner.graph import Value
from nndesigner.project import TRAINING_PARAMS, Choice, Training
from nndesigner.ui import figures
from nndesigner.ui.choice_form import ChoiceForm
from nndesigner.ui.document import Document
from nndesigner.ui.form import GUTTER, Form, Refusal
from nndesigner.ui.theme import BODY, font
from nndesigner.ui.unit import Unit

_LENGTH = ("epochs", "steps", "minutes", "patience")
_STEPS = ("batch_size", "accumulate", "clip")
_PARTS = ("split", "validation", "test", "split_seed")
_COMPUTING = ("device", "precision", "channels_last", "compile", "threads")
_MORE = ("seed", "average")
_NARROWEST = 240
_MOST_KEPT = 0.95  # of the data; the rest must be enough to train on
_BY_NAME = {param.name: param for param in TRAINING_PARAMS}


class TrainingPanel(QWidget):
    """A view of `document.project.training`, and the only place where a person edits it."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trainingPanel")
        self.setAccessibleName(self.tr("Training settings"))
        self._document = document
        self._shown: Training | None = None
        kinds = catalogue.KINDS
        self._later = QLabel(self.tr("Changes apply to the next run."), self)
        self._later.setObjectName("trainingLater")
        self._later.setFont(font(11))
        self._later.setProperty("tone", "secondary")
        self._later.hide()
        self._forms = {names: self._form(names) for names in (_LENGTH, _STEPS, _PARTS, _COMPUTING, _MORE)}
        self._optimizer = ChoiceForm(
            "trainingOptimizer",
            self.tr("Optimizer"),
            [one for one in kinds if one.role == "optimizer"],
            "",
            self,
        )
        self._scheduler = ChoiceForm(
            "trainingScheduler",
            self.tr("Schedule of the learning rate"),
            [one for one in kinds if one.role == "scheduler"],
            self.tr("The learning rate stays as it is."),
            self,
        )
        self._refusal = Refusal(self)
        self._refusal.setObjectName("trainingRefusal")
        self._connect_choices()
        self._lay_out()
        document.changed.connect(self._refresh)
        self._refresh()

    def set_running(self, running: bool) -> None:
        """Whether a run goes on, which keeps the settings it began with."""
        self._later.setVisible(running)

    @property
    def refusal(self) -> str:
        """Why the last edit was not taken, or nothing."""
        return self._refusal.reason

    def _form(self, names: tuple[str, ...]) -> Form:
        form = Form(tuple(_BY_NAME[name] for name in names), self, labels=self._words(), units=self._units())
        form.edited.connect(self._set)
        form.reset.connect(self._reset)
        form.finished.connect(self._finish)
        return form

    def _words(self) -> dict[str, str]:
        return {
            "epochs": self.tr("Epochs"),
            "steps": self.tr("At most"),
            "minutes": self.tr("Time limit"),
            "patience": self.tr("Stop early after"),
            "batch_size": self.tr("Batch size"),
            "accumulate": self.tr("Batches a step"),
            "clip": self.tr("Clip gradients"),
            "split": self.tr("Divided"),
            "validation": self.tr("Validation part"),
            "test": self.tr("Test part"),
            "split_seed": self.tr("Split seed"),
            "device": self.tr("Device"),
            "precision": self.tr("Precision"),
            "channels_last": self.tr("Channels last"),
            "compile": self.tr("Compile"),
            "threads": self.tr("Threads"),
            "seed": self.tr("Seed"),
            "average": self.tr("Average weights"),
        }

    def _units(self) -> dict[str, Unit]:
        """What is said behind a value; what 0 means, where it is no amount."""
        limit, off = self.tr("no limit"), self.tr("off")
        return {
            "steps": lambda value: self.tr("steps") if value else limit,
            "minutes": lambda value: self.tr("min") if value else limit,
            "patience": lambda value: self.tr("epochs") if value else off,
            "batch_size": lambda _: self.tr("records"),
            "accumulate": lambda value: self.tr("batch") if value == 1 else self.tr("batches"),
            "clip": lambda value: self.tr("norm") if value else off,
            "validation": _percents,
            "test": _percents,
            "threads": lambda value: "" if value else self.tr("all but one"),
            "average": lambda value: self.tr("a step") if value else off,
        }

    def _connect_choices(self) -> None:
        self._optimizer.picked.connect(self._pick_optimizer)
        self._optimizer.edited.connect(self._edit_optimizer)
        self._scheduler.picked.connect(self._pick_scheduler)
        self._scheduler.edited.connect(self._edit_scheduler)
        for form in (self._optimizer, self._scheduler):
            form.finished.connect(self._document.seal)

    def _lay_out(self) -> None:
        inside = QWidget(self)
        inside.setObjectName("trainingInside")
        groups = QVBoxLayout(inside)
        groups.setContentsMargins(0, 8, 16, 16)
        groups.setSpacing(8)
        groups.addLayout(_indented(self._later))
        groups.addSpacing(4)
        for title, form in (
            (self.tr("How long"), self._forms[_LENGTH]),
            (self.tr("Steps"), self._forms[_STEPS]),
            (self.tr("Optimizer"), self._optimizer),
            (self.tr("Schedule"), self._scheduler),
            (self.tr("Data parts"), self._forms[_PARTS]),
            (self.tr("Computing"), self._forms[_COMPUTING]),
            (self.tr("More"), self._forms[_MORE]),
        ):
            heading = QLabel(title, self)
            heading.setFont(font(BODY, QFont.Weight.DemiBold))
            groups.addLayout(_indented(heading))
            groups.addWidget(form)
            if form is self._forms[_PARTS]:
                groups.addLayout(_indented(self._refusal))
            groups.addSpacing(8)
        groups.addStretch(1)
        area = QScrollArea(self)
        area.setProperty("bare", True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setMinimumWidth(_NARROWEST)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidgetResizable(True)
        area.setWidget(inside)
        area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)

    def _refresh(self) -> None:
        training = self._document.project.training
        if training is self._shown:
            return
        self._shown = training
        self._refusal.show_reason("")
        self._show(training)

    def _show(self, training: Training) -> None:
        values: dict[str, Value] = {name: getattr(training, name) for name in _BY_NAME}
        stored = frozenset(name for name, value in values.items() if value != _BY_NAME[name].default)
        for names, form in self._forms.items():
            form.set_values({name: values[name] for name in names}, stored)
        self._optimizer.show_choice(training.optimizer)
        self._scheduler.show_choice(training.scheduler)

    def _edit(self, title: str, training: Training, merge: str = "") -> None:
        kept = training.validation + training.test
        if kept > _MOST_KEPT + 1e-9:
            words = self.tr(
                "Validation and test together take {} of the data; at least 5 % must be left to train on"
            )
            self._refusal.show_reason(words.format(figures.percent(kept)))
            return
        self._refusal.show_reason("")
        project = self._document.project
        self._document.edit(title, replace(project, training=training), f"training.{merge}" if merge else "")

    def _finish(self) -> None:
        self._document.seal()
        if self._refusal.reason:
            # What was refused stays while it is typed; the field then tells the truth again.
            self._show(self._document.project.training)

    def _with(self, name: str, value: Value) -> Training:
        changed: dict[str, Any] = {name: value}
        return replace(self._document.project.training, **changed)

    def _set(self, name: str, value: Value) -> None:
        param = _BY_NAME[name]
        title = self.tr("Set {}").format(name.replace("_", " "))
        if param.problem(value) is None:
            self._edit(title, self._with(name, value), name)

    def _reset(self, name: str) -> None:
        title = self.tr("Reset {}").format(name.replace("_", " "))
        self._edit(title, self._with(name, _BY_NAME[name].start))

    def _pick_optimizer(self, choice: Choice) -> None:
        title = self.tr("Optimizer {}").format(choice.kind)
        self._edit(title, replace(self._document.project.training, optimizer=choice))

    def _edit_optimizer(self, choice: Choice, name: str) -> None:
        title = self.tr("Set {}").format(name)
        self._edit(title, replace(self._document.project.training, optimizer=choice), f"optimizer.{name}")

    def _pick_scheduler(self, choice: Choice | None) -> None:
        title = self.tr("Schedule {}").format(choice.kind) if choice else self.tr("No schedule")
        self._edit(title, replace(self._document.project.training, scheduler=choice))

    def _edit_scheduler(self, choice: Choice, name: str) -> None:
        title = self.tr("Set {}").format(name)
        self._edit(title, replace(self._document.project.training, scheduler=choice), f"scheduler.{name}")


def _percents(value: Value) -> str:
    return (
        figures.percent(value).replace(f".0{figures.THIN}", figures.THIN)
        if isinstance(value, float | int)
        else ""
    )


def _indented(widget: QWidget, by: int = GUTTER) -> QHBoxLayout:
    """In line with the names in a form, which keeps a gutter."""
    row = QHBoxLayout()
    row.setContentsMargins(by, 0, 0, 0)
    row.addWidget(widget)
    return row
