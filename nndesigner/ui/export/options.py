"""The options that belong to a form: whose weights go into it, how a picture is drawn. What was set is remembered."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QWidget

from nndesigner.ui.export.forms import Form
from nndesigner.ui.export.work import Kept
from nndesigner.ui.facts import plain_label
from nndesigner.ui.picture import Style
from nndesigner.ui.runs_model import told

_SCALES = (1.0, 2.0, 3.0, 4.0)


class Options(QWidget):
    """One line of options. **Signals:** `changed` when another was set."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        settings = QSettings()
        self._form: Form | None = None
        self._fresh = ""
        self._weights_label = plain_label(self.tr("Weights"), "secondary")
        self._weights = self._combo("exportWeights", self.tr("Weights"), ())
        self._weights_label.setBuddy(self._weights)
        self._shapes = self._check("exportShapes", self.tr("Shapes on the wires"), True)
        self._blocks = self._check("exportBlocks", self.tr("Inside of blocks"), False)
        grounds = ((self.tr("White"), "white"), (self.tr("No ground"), "none"), (self.tr("Dark"), "dark"))
        self._ground_label = plain_label(self.tr("Ground"), "secondary")
        self._ground = self._combo("exportGround", self.tr("Ground"), grounds)
        self._scale_label = plain_label(self.tr("Scale"), "secondary")
        scales = tuple((f"{scale:g}×", scale) for scale in _SCALES)
        self._scale = self._combo("exportScale", self.tr("Scale"), scales)
        self._ground.setCurrentIndex(max(0, self._ground.findData(settings.value("export/ground", "white"))))
        self._scale.setCurrentIndex(_SCALES.index(2.0))
        self._rows: dict[str, tuple[QWidget, ...]] = {
            "weights": (self._weights_label, self._weights),
            "picture": (self._shapes, self._blocks, self._ground_label, self._ground),
            "scale": (self._scale_label, self._scale),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for name, widgets in self._rows.items():
            for widget in widgets:
                row.addWidget(widget)
                if isinstance(widget, QCheckBox) or (widget is self._ground):
                    row.addSpacing(8)
            if name == "weights":
                row.setStretchFactor(self._weights, 1)
        row.addStretch(1)

    def show_form(self, form: Form, has_blocks: bool) -> None:
        """Shows what can be set of a form."""
        self._form = form
        shown = {
            "weights": bool(form.weights),
            "picture": form.sort == "picture",
            "scale": form.name == "png",
        }
        for name, widgets in self._rows.items():
            for widget in widgets:
                widget.setVisible(shown[name])
        self._blocks.setEnabled(has_blocks)
        self._name_none()
        self.setVisible(any(shown.values()))

    def offer(self, kept: Sequence[Kept], seed: int, loaded: Path | None = None) -> None:
        """Offers the weights that fit, and those of a file that were loaded; the best of the newest run is set."""
        blocked = self._weights.blockSignals(True)
        self._weights.clear()
        self._fresh = self.tr("Freshly initialised, seed {}").format(seed)
        self._weights.addItem(self._fresh, None)
        for one in kept:
            epoch = one.run.best_epoch if one.is_best else one.run.epochs
            words = self.tr("Run {}, best epoch ({})") if one.is_best else self.tr("Run {}, last epoch ({})")
            text = words.format(one.run.number, epoch)
            if one.is_best and one.run.best:
                text += f" · {told(one.run.best)}"
            self._weights.addItem(text, one.path)
        if loaded is not None:
            self._weights.addItem(self.tr("Loaded, {}").format(loaded.name), loaded)
        self._weights.setCurrentIndex(1 if kept or loaded is not None else 0)
        self._weights.blockSignals(blocked)
        self._name_none()

    @property
    def weights(self) -> Path | None:
        """The file of the weights that go into it, or None for fresh ones."""
        found: Path | None = self._weights.currentData() if self._form and self._form.weights else None
        return found

    @property
    def style(self) -> Style:
        """How a picture is to be drawn."""
        ground = self._ground.currentData()
        blocks = self._blocks.isChecked() and self._blocks.isEnabled()
        scale = self._scale.currentData()
        return Style(blocks, self._shapes.isChecked(), ground == "dark", ground == "none", scale)

    def keep(self) -> None:
        """Remembers how pictures are drawn."""
        settings = QSettings()
        settings.setValue("export/shapes", self._shapes.isChecked())
        settings.setValue("export/blocks", self._blocks.isChecked())
        settings.setValue("export/ground", self._ground.currentData())

    def _name_none(self) -> None:
        """A folder does without weights where none are chosen; other forms take fresh ones."""
        if self._form is not None and self._weights.count():
            without = self._form.weights == "wanted"
            self._weights.setItemText(0, self.tr("None") if without else self._fresh)

    def _check(self, name: str, words: str, begins: bool) -> QCheckBox:
        box = QCheckBox(words, self)
        box.setObjectName(name)
        key = f"export/{name.removeprefix('export').lower()}"
        box.setChecked(str(QSettings().value(key, begins)).lower() == "true")
        box.toggled.connect(self.changed)
        return box

    def _combo(self, name: str, words: str, choices: Sequence[tuple[str, Any]]) -> QComboBox:
        combo = QComboBox(self)
        combo.setObjectName(name)
        combo.setAccessibleName(words)
        for text, value in choices:
            combo.addItem(text, value)
        combo.currentIndexChanged.connect(self.changed)
        return combo
