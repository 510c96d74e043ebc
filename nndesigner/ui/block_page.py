"""The page of the block that is looked at: its name, its params, how often it is used."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QToolButton, QVBoxLayout, QWidget

from nndesigner import blocks
from nndesigner.catalogue.kind import Param
from nndesigner.graph import Block, GraphError, Value, name_problem
from nndesigner.project import Project, block_kind
from nndesigner.ui import icons
from nndesigner.ui.block_picture import BlockPicture
from nndesigner.ui.block_work import block_name_problem
from nndesigner.ui.document import Document
from nndesigner.ui.facts import Fact, Facts, head, indented, plain_label, quiet_button
from nndesigner.ui.fields import HEIGHT, explained, field_for
from nndesigner.ui.figures import thousands
from nndesigner.ui.form import GUTTER, Refusal
from nndesigner.ui.line import Line
from nndesigner.ui.theme import font

if TYPE_CHECKING:
    from nndesigner.plan import Plan

_FIRST = 16  # the default of a param that is added
_MOST_NAMES = 4


class BlockPage(QWidget):
    """One block, to be read and edited. **Signals:** `keep_wanted` when it is to be kept in the library."""

    keep_wanted = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._name = Line(self._name_problem, self)
        self._name.setObjectName("blockName")
        self._name.setAccessibleName(self.tr("Name of the block"))
        self._name.setProperty("quiet", True)
        self._name.setFont(font(15, QFont.Weight.DemiBold))
        self._name.setFixedHeight(32)
        self._about = plain_label("", "secondary", font(11), wrap=True)
        self._about.setObjectName("blockUses")
        self._about.setContentsMargins(0, 0, 0, 0)
        self._refusal = Refusal(self)
        self._refusal.setObjectName("blockProblem")
        self._params = BlockParams(self)
        self._facts = Facts(self)
        self._facts.setObjectName("blockFacts")
        self._picture = BlockPicture(self)
        self._keep = quiet_button(self.tr("Keep in the library…"), "blockKeep", "star")
        self._keep.setToolTip(explained(self.tr("Every project can use it then (Alt+K)")))
        self._delete = quiet_button(self.tr("Delete block"), "blockDelete", "delete", "error")
        self._lay_out()
        self._name.taken.connect(self._rename)
        self._name.refused.connect(self._refusal.show_reason)
        self._delete.clicked.connect(self._remove)
        self._keep.clicked.connect(self.keep_wanted)
        self._params.edited.connect(self._set_default)
        self._params.finished.connect(document.seal)
        self._params.renamed.connect(self._rename_param)
        self._params.removed.connect(self._remove_param)
        self._params.added.connect(self._add_param)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 16, 16)
        column.setSpacing(8)
        title = indented(self._name)
        title.setContentsMargins(GUTTER - 10, 0, 0, 0)
        column.addLayout(title)
        column.addLayout(indented(self._about))
        column.addLayout(indented(self._refusal))
        column.addLayout(indented(self._picture))
        column.addSpacing(8)
        column.addLayout(indented(head(self.tr("Params"))))
        column.addWidget(self._params)
        column.addSpacing(8)
        column.addLayout(indented(self._facts))
        foot = indented(self._keep)
        foot.addWidget(self._delete)
        foot.setContentsMargins(GUTTER - 8, 8, 0, 0)
        foot.addStretch(1)
        column.addLayout(foot)
        column.addStretch(1)

    def show_plan(self, plan: "Plan | None") -> None:
        """Shows the block as it is now."""
        block = self._block()
        if block is None:
            return
        self._name.set_text(block.name)
        found = blocks.uses(self._document.project, block.name)
        self._about.setText(self._use_words(found))
        self._params.show_block(block)
        self._picture.show_block(self._document.project, block.name)
        facts = [Fact(self.tr("nodes"), thousands(len(block.graph.nodes)))]
        if plan is not None:
            facts.append(Fact(self.tr("parameters"), thousands(plan.parameters)))
        self._facts.show_facts(facts)
        self._delete.setVisible(not found)

    def _use_words(self, found: tuple[tuple[str, str], ...]) -> str:
        if not found:
            return self.tr("A block that nothing uses yet: drag it from the list at the left into a network.")
        names = [f"{name} ({path})" if path else name for path, name in found[:_MOST_NAMES]]
        listed = ", ".join(names) + (", …" if len(found) > _MOST_NAMES else "")
        if len(found) == 1:
            return self.tr("A block, used once: {names}").format(names=listed)
        return self.tr("A block, used {count} times: {names}").format(count=len(found), names=listed)

    def _block(self) -> Block | None:
        return self._document.project.blocks.get(self._document.place.path)

    def _name_problem(self, name: str) -> str | None:
        return block_name_problem(self._document.project, name, self._document.place.path)

    # The edits.

    def _edit(self, title: str, edit: Callable[[Project, str], Project], merge: str = "") -> None:
        path = self._document.place.path
        try:
            after = edit(self._document.project, path)
        except GraphError as error:
            self._refusal.show_reason(str(error))
            return
        self._refusal.show_reason("")
        self._document.edit(title, after, merge and f"{path} {merge}")

    def _rename(self, name: str) -> None:
        title = self.tr("Rename {old} to {new}").format(old=self._document.place.path, new=name)
        self._document.seal()
        self._edit(title, lambda project, path: blocks.renamed(project, path, name))

    def _remove(self) -> None:
        title = self.tr("Delete the block {name}").format(name=self._document.place.path)
        self._edit(title, blocks.deleted)

    def _set_default(self, name: str, value: Value) -> None:
        title = self.tr("Set the default of {name}").format(name=name)
        self._edit(
            title, lambda project, path: blocks.with_default(project, path, name, value), f"default {name}"
        )

    def _rename_param(self, old: str, new: str) -> None:
        title = self.tr("Rename {old} to {new}").format(old=old, new=new)
        self._edit(title, lambda project, path: blocks.param_renamed(project, path, old, new))

    def _remove_param(self, name: str) -> None:
        title = self.tr("Take the param {name} away").format(name=name)
        self._edit(title, lambda project, path: blocks.withdrawn(project, path, name))

    def _add_param(self, name: str) -> None:
        title = self.tr("Add the param {name}").format(name=name)
        self._edit(title, lambda project, path: blocks.with_param(project, path, name, _FIRST))


class BlockParams(QWidget):
    """The params of a block, a row each: name, default, and a button to take it away; and one to add another.

    **Signals:** `edited` with a name and its new default, `finished` when the person is done with it; `renamed` with
    the old and the new name; `removed` and `added` with a name.
    """

    edited = Signal(str, object)
    finished = Signal()
    renamed = Signal(str, str)
    removed = Signal(str)
    added = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._block: Block | None = None
        self._rows: dict[str, _ParamRow] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(GUTTER - 8, 0, 0, 0)
        self._grid.setHorizontalSpacing(4)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self._none = plain_label(
            self.tr(
                "Params are set at each use. Inside, a number is computed from them: type “= width * 2”."
            ),
            "secondary",
            font(11),
            wrap=True,
        )
        self._none.setContentsMargins(8, 0, 0, 4)
        self._add = quiet_button(self.tr("Add a param"), "blockAddParam", "plus")
        self._add.clicked.connect(self._add_one)

    def show_block(self, block: Block) -> None:
        """Shows the params of a block."""
        self._block = block
        params = {param.name: param for param in block_kind(block).params}
        if list(params) != list(self._rows) or any(
            row.param.type != params[name].type for name, row in self._rows.items()
        ):
            self._fill(list(params.values()))
        for name, row in self._rows.items():
            row.show_value(block.params[name])

    def _fill(self, params: list[Param]) -> None:
        for row in self._rows.values():
            row.remove()
        while self._grid.takeAt(0):
            pass
        self._rows = {param.name: _ParamRow(param, self) for param in params}
        for place, row in enumerate(self._rows.values()):
            row.lay_out(self._grid, 2 * place)
        self._grid.addWidget(self._none, 2 * len(params), 0, 1, 3)
        self._grid.addWidget(self._add, 2 * len(params) + 1, 0, 1, 2, Qt.AlignmentFlag.AlignLeft)

    def problem(self, name: str, own: str) -> str | None:
        """Why a param can't be called `name`, or None; `own` is what it is called now."""
        if self._block is not None and name != own and name in self._block.params:
            return self.tr("There is a param named {name} already; names are unique").format(name=name)
        found = name_problem(name)
        return found and found[:1].upper() + found[1:]

    def _add_one(self) -> None:
        taken = self._block.params if self._block is not None else {}
        name, number = "width", 2
        while name in taken:
            name, number = f"width{number}", number + 1
        self.added.emit(name)


class _ParamRow:
    """The widgets of one param."""

    def __init__(self, param: Param, form: BlockParams) -> None:
        self.param, self._form = param, form
        self._name = Line(self._problem, form)
        self._name.setObjectName(f"blockParamName_{param.name}")
        self._name.setAccessibleName(form.tr("Name of the param {name}").format(name=param.name))
        self._name.setProperty("quiet", True)
        self._name.setFixedHeight(HEIGHT)
        self._name.set_text(param.name)
        self._field = field_for(param, form)
        self._field.setObjectName(f"blockParam_{param.name}")
        self._field.setAccessibleName(form.tr("Default of {name}").format(name=param.name))
        self._remove = QToolButton(form)
        self._remove.setObjectName(f"blockParamRemove_{param.name}")
        self._remove.setAccessibleName(form.tr("Take {name} away").format(name=param.name))
        self._remove.setToolTip(explained(form.tr("What is computed from it gets its default")))
        self._remove.setAutoRaise(True)
        self._remove.setFixedSize(24, 24)
        icons.dress(self._remove, "close", "secondary")
        self._refusal = Refusal(form)
        self._name.taken.connect(self._renamed)
        self._name.refused.connect(self._refusal.show_reason)
        self._field.edited.connect(self._edited)
        self._field.refused.connect(self._refusal.show_reason)
        self._field.finished.connect(form.finished)
        self._remove.clicked.connect(self._removed)

    def lay_out(self, grid: QGridLayout, row: int) -> None:
        """Takes its place, in two rows of the page."""
        for column, widget in enumerate((self._name, self._field, self._remove)):
            grid.addWidget(widget, row, column)
        grid.addWidget(self._refusal, row + 1, 0, 1, 3)

    def show_value(self, value: Value) -> None:
        """Shows a default."""
        self._field.set_value(value)

    def remove(self) -> None:
        """Takes its widgets away."""
        for widget in (self._name, self._field, self._remove, self._refusal):
            widget.hide()
            widget.deleteLater()

    def _problem(self, name: str) -> str | None:
        return self._form.problem(name, self.param.name)

    def _renamed(self, name: str) -> None:
        self._form.renamed.emit(self.param.name, name)

    def _edited(self, value: object) -> None:
        self._form.edited.emit(self.param.name, value)

    def _removed(self) -> None:
        self._form.removed.emit(self.param.name)
