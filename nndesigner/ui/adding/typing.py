"""The typed line at work: what it begins after, what is known of it while one types, and the edit it makes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Signal

from nndesigner import typed
from nndesigner.graph import Graph, GraphError
from nndesigner.project import Project
from nndesigner.ui.adding.habits import Habits
from nndesigner.ui.adding.line import Given, TypedLine
from nndesigner.ui.adding.placing import placed
from nndesigner.ui.canvas import edits, nudging

if TYPE_CHECKING:
    from nndesigner.catalogue.kind import TensorType
    from nndesigner.plan import Plan
    from nndesigner.ui.canvas.view import Canvas


class Typing(QObject):
    """The typed line over a canvas.

    **Signals:** `asked` with a project that is being typed, and the place of its graph, to be looked at where it takes
    no time from the window.
    """

    asked = Signal(object, object)

    def __init__(self, canvas: Canvas, habits: Habits, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas, self._document, self._habits = canvas, canvas.document, habits
        self.line = TypedLine(habits, canvas)
        self._found: typed.Typed | None = None
        self._shown: Project | None = None
        self._after: typed.Ends = ()
        self._at = QPointF()
        self.line.typed.connect(self._read)
        self.line.entered.connect(self._draw)
        self.line.closed.connect(self._closed)
        self._document.changed.connect(self._changed)

    def open(self) -> None:
        """Opens the line."""
        self._at = self._canvas.in_scene(nudging.place_of_pointer(self._canvas))
        self._aim()
        self.line.begin(self._head())

    def take(self, project: Project, plan: Plan | None) -> None:
        """What was found out about a line."""
        if project is not self._shown or self.line.isHidden() or self._found is None:
            return
        self._show(self._found, plan)

    def _aim(self) -> None:
        """After what the line is drawn: what is selected, else the one end that is free."""
        seen, graph = self._document.seen, self._document.graph
        names = [name for name in self._canvas.selected_names() if name in graph.nodes]
        if not names:
            ends = [
                name
                for name, node in graph.nodes.items()
                if name not in graph.outgoing and edits.outputs_of(seen, node)
            ]
            names = ends if len(ends) == 1 else []
        found = [(name, edits.free_output(seen, graph.nodes[name])) for name in names]
        self._after = tuple((name, port) for name, port in found if port is not None)

    def _head(self) -> str:
        if not self._after:
            return self.tr("Begins anew; name a node to go on after it: conv1 > ReLU")
        names = ", ".join(name for name, _ in self._after)
        given = self._type(self._after[0]) if len(self._after) == 1 else None
        return self.tr("After {name}").format(name=names) + (f"  ·  {given}" if given is not None else "")

    def _read(self, line: str) -> None:
        found = self._found = self._read_as(line)
        self.line.show_completion(
            typed.complete(line, self.line.at, self._document.seen, self._habits.rank, self._canvas.kept)
        )
        self._shown = None
        self._show(found, None)
        if found.steps:
            whole = self._whole(found.project)
            if whole is not None:
                self._shown = whole
                self.asked.emit(whole, self._document.place)

    def _read_as(self, line: str) -> typed.Typed:
        """What a line says here, where blocks of the library can be spoken of too."""
        path = self._document.place.path
        return typed.read(line, self._document.seen, self._after, path, self._canvas.kept)

    def _whole(self, seen: Project) -> Project | None:
        """The project that looks so from here."""
        try:
            return self._document.whole(seen)
        except GraphError:
            return None

    def _show(self, found: typed.Typed, plan: Plan | None) -> None:
        mistake, steps = found.mistake, []
        before = {one.name: one for one in self.line.shapes.steps}
        for step in found.steps:
            problem = self._problem(found, step.name, plan)
            shape = self._shape(found.graph, step.name, plan)
            if plan is None and (known := before.get(step.name)) is not None:
                shape = known.shape  # until more is known, rather than a flicker
            shape = "✕" if problem else shape
            steps.append(Given(step.name, shape, bool(problem), step.start, step.end))
            if problem and (mistake is None or mistake.unfinished):
                mistake = typed.Mistake(step.start, step.end, problem)
        self.line.show_steps(steps)
        self.line.show_mistake(mistake)

    def _problem(self, found: typed.Typed, name: str, plan: Plan | None) -> str:
        """What is wrong with a node of the line, except that nothing leads to it yet."""
        if plan is None or (name in found.added and not found.graph.incoming.get(name)):
            return ""
        one = next((one for one in plan.errors if one.node == name), None)
        return one.message if one is not None else ""

    def _shape(self, graph: Graph, name: str, plan: Plan | None) -> str:
        if plan is None:
            return "…"
        types = [str(found) for (node, _), found in plan.types.items() if node == name]
        if len(types) > 2:
            types = [*types[:2], "…"]
        return ", ".join(types) or ("" if name not in graph.outgoing else "?")

    def _draw(self, line: str) -> None:
        found = self._read_as(line)
        if found.mistake is not None:
            self.line.show_mistake(found.mistake, insist=True)
            return
        if found.graph == self._document.graph:
            self.line.close_up()
            self._canvas.setFocus()
            return
        names = [name for name, _ in self._after if self._leads(found, name)]
        graph, area = placed(self._canvas, found, names, self._at)
        empty = not self._document.graph.nodes
        self._habits.keep_line(line.strip())
        self._habits.use(dict.fromkeys(graph.nodes[name].kind for name in found.added))
        self.line.close_up()
        self._document.edit_seen(self._title(found), replace(found.project, graph=graph))
        self._canvas.setFocus()
        if found.added:
            self._canvas.select(found.added[-1:])
        shown = self._canvas.mapToScene(self._canvas.viewport().rect()).boundingRect()
        if empty:
            self._canvas.fit()
        elif area.isValid() and not shown.contains(area):
            self._canvas.camera.fit(area.adjusted(-64, -96, 64, 32))

    def _leads(self, found: typed.Typed, name: str) -> bool:
        return any(edge.source == name and edge.target in found.added for edge in found.graph.edges)

    def _title(self, found: typed.Typed) -> str:
        if not found.added:
            return self.tr("Wire {name}").format(name=found.steps[-1].name)
        if len(found.added) == 1:
            return self.tr("Type {name}").format(name=found.added[0])
        return self.tr("Type {first} to {last}, {count} layers").format(
            first=found.added[0], last=found.added[-1], count=len(found.added)
        )

    def _type(self, place: tuple[str, str]) -> TensorType | None:
        plan = self._canvas.stage.plan
        return plan.types.get(place) if plan else None

    def _closed(self, escaped: bool) -> None:
        if escaped:
            self._canvas.setFocus()

    def _changed(self) -> None:
        """The drawing changed under the line: it is read anew, after what is there now."""
        if not self.line.isHidden():
            self._aim()
            self._read(self.line.edit.text())
