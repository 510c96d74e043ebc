"""Random edits of a project on a canvas, and what must be true after each of them: a hypothesis state machine."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from PySide6.QtCore import QCoreApplication, QEvent, QPointF
from PySide6.QtGui import QGuiApplication

from nndesigner import blocks
from nndesigner.graph import Edge, GraphError, Node, Note
from nndesigner.project import Project
from nndesigner.ui.block_work import BlockWork
from nndesigner.ui.canvas import edits
from nndesigner.ui.canvas.face import face_of
from nndesigner.ui.canvas.gestures import MoveNodes
from nndesigner.ui.canvas.items import EdgeItem, NodeItem
from nndesigner.ui.canvas.view import Canvas
from nndesigner.ui.document import Document

KINDS = ("Conv2d", "ReLU", "Linear", "Add", "Concat", "Dropout", "LSTM", "Input", "Output")
_MOST_NODES = 16  # in one graph, so that an edit of it takes no time
_MOST_BLOCKS = 6
_numbers = st.integers(0, 10**6)
_places = st.tuples(st.integers(-40, 40), st.integers(-40, 40)).map(lambda at: (at[0] * 8.0, at[1] * 8.0))


def settings_for(edits_wanted: int, steps: int = 100) -> settings:
    """So many edits in all, in rows of `steps`."""
    return settings(
        max_examples=max(1, edits_wanted // steps),
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


class RandomEdits(RuleBasedStateMachine):
    """What a person does, in any order. `states` is the project at each step of the history, the first one first."""

    count = 0  # of edits, over all machines

    def __init__(self) -> None:
        super().__init__()
        self.document = Document()
        self.canvas = Canvas(self.document)
        self.canvas.resize(800, 600)
        self.work = BlockWork(self.document, self.canvas)
        self.states = [self.document.project]
        QGuiApplication.clipboard().clear()  # what is done again must go as it went

    @property
    def _names(self) -> list[str]:
        return list(self.document.graph.nodes)

    def _node(self, number: int) -> Node:
        names = self._names
        return self.document.graph.nodes[names[number % len(names)]]

    def _some(self, numbers: list[int]) -> list[str]:
        names = self._names
        return list(dict.fromkeys(names[number % len(names)] for number in numbers)) if names else []

    def _edited(self) -> None:
        """Takes the history down after what may have been one edit, or none."""
        index = self.document.stack.index()
        if self.document.project != self.states[min(index, len(self.states) - 1)] or index >= len(
            self.states
        ):
            del self.states[index:]
            self.states.append(self.document.project)
        else:
            del self.states[self.document.stack.count() + 1 :]
        type(self).count += 1

    def _tried(self, change: Callable[[], Project], title: str) -> None:
        """An edit that may be refused."""
        try:
            after = change()
        except GraphError:
            return
        self.document.edit(title, after)
        self._edited()

    def _has_nodes(self) -> bool:
        return bool(self.document.graph.nodes)

    def _has_room(self) -> bool:
        return len(self.document.graph.nodes) < _MOST_NODES

    # Edits.

    @initialize(count=st.integers(0, 8))
    def load(self, count: int) -> None:
        self._load(count)

    @rule(number=_numbers, count=st.integers(0, 8))
    def load_another(self, number: int, count: int) -> None:
        if number % 16 == 0:  # seldom, so that a history grows long
            self._load(count)

    def _load(self, count: int) -> None:
        project = Project()
        for index in range(count):
            kind = edits.kind_named(project, KINDS[index % 5])
            assert kind is not None
            node = edits.new_node(project, kind, (8.0 * index, 96.0 * index))
            before = list(project.graph.nodes.values())
            project = replace(project, graph=edits.chained(project, node, before[-1] if before else None))
        self.document.load(project, None)
        self.states = [self.document.project]

    @precondition(_has_room)
    @rule(kind=st.sampled_from(KINDS))
    def add(self, kind: str) -> None:
        self.canvas.add_kind(kind)
        self._edited()

    @precondition(_has_nodes)
    @rule(numbers=st.lists(_numbers, max_size=6))
    def select(self, numbers: list[int]) -> None:
        self.canvas.select(self._some(numbers))

    @rule(number=_numbers)
    def select_a_wire(self, number: int) -> None:
        if wires := self.document.graph.sorted_edges:
            wire = wires[number % len(wires)]
            self.canvas.stage.select((), [wire])
            assert self.canvas.stage.selected_edges() == (wire,)

    @rule()
    def delete_selection(self) -> None:
        self.canvas.delete_selection()
        self._edited()

    @rule()
    def delete_everything(self) -> None:
        if len(self.document.graph.nodes) > 8:
            self.canvas.select_all()
            self.canvas.delete_selection()
            self._edited()

    @precondition(_has_nodes)
    @rule(one=_numbers, other=_numbers, port=_numbers)
    def connect(self, one: int, other: int, port: int) -> None:
        source, target, seen = self._node(one), self._node(other), self.document.seen
        outputs, inputs = edits.outputs_of(seen, source), edits.inputs_of(seen, target)
        if outputs and inputs:
            wire = Edge(source.name, outputs[port % len(outputs)], target.name, inputs[port % len(inputs)])
            try:
                after = self.document.graph.connect(wire)
            except GraphError:
                return
            self.document.edit_graph("Connect", after)
            self._edited()

    @rule(number=_numbers)
    def disconnect(self, number: int) -> None:
        if wires := self.document.graph.sorted_edges:
            self.document.edit_graph(
                "Disconnect", self.document.graph.disconnect([wires[number % len(wires)]])
            )
            self._edited()

    @precondition(_has_nodes)
    @rule(number=_numbers, name=st.sampled_from(("first", "second", "third", "relu1", "conv1")))
    def rename(self, number: int, name: str) -> None:
        document, old = self.document, self._node(number).name
        self._tried(lambda: blocks.node_renamed(document.project, document.place.path, old, name), "Rename")

    @precondition(_has_nodes)
    @rule(number=_numbers, flag=st.sampled_from(("bypassed", "frozen", "repeat", "param")))
    def change(self, number: int, flag: str) -> None:
        node = self._node(number)
        if flag == "repeat":
            changed = replace(node, repeat=node.repeat % 3 + 1)
        elif flag == "param":
            changed = node.with_param("bias", not node.params.get("bias", True))
        else:
            changed = replace(node, **{flag: not getattr(node, flag)})
        self.document.edit_graph("Change", self.document.graph.replace_node(changed))
        self._edited()

    @precondition(_has_nodes)
    @rule(number=_numbers, way=_places)
    def drag(self, number: int, way: tuple[float, float]) -> None:
        """With the hand, the grabbed one and all that is selected."""
        name = self._node(number).name
        chosen = self.canvas.selected_names()
        names = chosen if name in chosen else (name,)
        at = QPointF(300, 200)
        gesture = MoveNodes(self.canvas, at, name, names, None)
        self.canvas.begin(gesture)
        for share in (0.5, 1.0):
            gesture.move(at + QPointF(*way) * share)
        self.canvas.gesture = None
        gesture.release(at + QPointF(*way))
        self._edited()

    @precondition(_has_nodes)
    @rule(number=_numbers, way=_places)
    def drag_and_think_better_of_it(self, number: int, way: tuple[float, float]) -> None:
        name = self._node(number).name
        gesture = MoveNodes(self.canvas, QPointF(), name, (name,), None)
        self.canvas.begin(gesture)
        gesture.move(QPointF(*way))
        self.canvas.end_gesture()

    @rule()
    def copy(self) -> None:
        self.canvas.copy()

    @rule()
    def cut(self) -> None:
        self.canvas.cut()
        self._edited()

    @precondition(_has_room)
    @rule()
    def paste(self) -> None:
        self.canvas.paste()
        self._edited()

    @precondition(_has_room)
    @rule()
    def duplicate(self) -> None:
        self.canvas.duplicate()
        self._edited()

    @rule(words=st.sampled_from(("", "a", "two\nlines")), at=_places)
    def note(self, words: str, at: tuple[float, float]) -> None:
        graph = self.document.graph
        notes = (*graph.notes[-2:], Note(words, at)) if words else ()
        self.document.edit_graph("Note", replace(graph, notes=notes))
        self._edited()

    @precondition(_has_nodes)
    @rule(numbers=st.lists(_numbers, min_size=1, max_size=4))
    def make_a_block(self, numbers: list[int]) -> None:
        project, path = self.document.project, self.document.place.path
        if len(project.blocks) < _MOST_BLOCKS:
            names = self._some(numbers)
            name = blocks.suggested_name(project, path, names)
            self._tried(lambda: blocks.enclosed(project, path, names, name), "Make a block")

    @precondition(_has_nodes)
    @rule()
    def unpack(self) -> None:
        if len(self.document.graph.nodes) < _MOST_NODES:
            nodes = self.document.graph.nodes.values()
            self.canvas.select([node.name for node in nodes if node.kind in self.document.project.blocks])
            self.work.unpack()
            self._edited()

    @rule(number=_numbers)
    def rename_a_block(self, number: int) -> None:
        project = self.document.project
        if project.blocks and not self.document.place.path:
            old = list(project.blocks)[number % len(project.blocks)]
            new = blocks.free_block_name(project, "Renamed")
            self._tried(lambda: blocks.renamed(project, old, new), "Rename the block")

    # Looking and the history: these change no project.

    @rule(number=_numbers)
    def enter(self, number: int) -> None:
        inner = [node.name for node in self.document.graph.nodes.values()]
        inner = [
            name for name in inner if self.document.graph.nodes[name].kind in self.document.project.blocks
        ]
        if inner:
            self.work.passage.enter(inner[number % len(inner)])
            assert self.document.place.path
        self._stands_at(self.document.stack.index())

    @rule()
    def leave(self) -> None:
        self.work.passage.leave()
        self._stands_at(self.document.stack.index())

    @rule()
    def undo(self) -> None:
        index = self.document.stack.index()
        self.document.stack.undo()
        self._stands_at(max(0, index - 1))

    @rule()
    def redo(self) -> None:
        index = self.document.stack.index()
        self.document.stack.redo()
        self._stands_at(min(len(self.states) - 1, index + 1))

    @rule(number=_numbers)
    def jump(self, number: int) -> None:
        index = number % len(self.states)
        self.document.stack.setIndex(index)
        self._stands_at(index)

    def _stands_at(self, index: int) -> None:
        assert self.document.stack.index() == index
        assert self.document.project == self.states[index]
        type(self).count += 1

    # What is always true.

    @invariant()
    def items_are_the_graph(self) -> None:
        stage, graph, seen = self.canvas.stage, self.document.graph, self.document.seen
        assert stage.raft is None
        assert stage.node_items.keys() == graph.nodes.keys()
        assert stage.edge_items.keys() == graph.edges
        assert [item.note for item in stage.note_items] == list(graph.notes)
        lying = stage.items()
        assert sum(isinstance(item, NodeItem) for item in lying) == len(graph.nodes)
        assert sum(isinstance(item, EdgeItem) for item in lying) == len(graph.edges)
        assert set(stage.note_items) <= set(lying)
        for name, node in graph.nodes.items():
            item = stage.node_items[name]
            ends_in = {edge.input for edge in graph.edges if edge.target == name}
            ends_out = {edge.output for edge in graph.edges if edge.source == name}
            face = face_of(node, seen.kind_of(node), ends_in, ends_out, item.face.inside)
            assert (item.node, item.face) == (node, face)
            assert (item.face.inside is not None) == (node.kind in seen.blocks)
            if item.face.inside is not None:
                assert item.face.inside.project.graph == seen.blocks[node.kind].graph
            assert item.scenePos().toTuple() == item.card.topLeft().toTuple() == node.position
        for edge in graph.edges:
            line = stage.edge_items[edge].line
            assert line.p1() == stage.spot_of(edge.source, edge.output, True)
            assert line.p2() == stage.spot_of(edge.target, edge.input, False)
            assert stage.edge_items[edge].scenePos() == line.p1()
        assert set(self.canvas.selected_names()) <= graph.nodes.keys()

    def teardown(self) -> None:
        stack = self.document.stack
        assert stack.count() == len(self.states) - 1
        while stack.canUndo():
            stack.undo()
        assert self.document.project == self.states[0]
        self.items_are_the_graph()
        while stack.canRedo():
            stack.redo()
        assert self.document.project == self.states[-1]
        self.items_are_the_graph()
        stack.clear()
        self.canvas.close()
        self.canvas.deleteLater()
        self.document.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
