"""Copying, cutting and pasting parts of a network."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication

from nndesigner.graph import Graph, GraphError
from nndesigner.project import Project
from nndesigner.ui.canvas import edits
from nndesigner.ui.canvas.fragment import fragment_from_text, fragment_to_text
from nndesigner.ui.canvas.gestures import title_of
from nndesigner.ui.sources.texts import holds_network

if TYPE_CHECKING:
    from nndesigner.ui.canvas.view import Canvas

OFFSET = 24.0


def copy(canvas: Canvas) -> bool:
    """Puts the selected nodes and the wires among them on the clipboard. Says whether there were any."""
    names = canvas.selected_names()
    if not names:
        return False
    project = canvas.document.seen
    text = fragment_to_text(project, edits.part_of(project.graph, names))
    QGuiApplication.clipboard().setText(text)
    return True


def cut(canvas: Canvas) -> None:
    """Copies the selected nodes, and deletes them."""
    names = canvas.selected_names()
    if copy(canvas):
        canvas.document.edit_graph(title_of("cut", names), canvas.document.graph.remove(names))


def paste(canvas: Canvas) -> None:
    """Puts in what is on the clipboard, if it is a part of a network, or hands on the source of one."""
    text = QGuiApplication.clipboard().text()
    fragment = fragment_from_text(text)
    if fragment is None and holds_network(text):
        canvas.source_pasted.emit(text)
        return
    if fragment is None or not fragment.graph.nodes:
        canvas.hint.emit(
            QCoreApplication.translate(
                "Canvas", "There is no part of a network and no source of one on the clipboard"
            )
        )
        return
    _put_in(canvas, fragment.graph, "paste", fragment)


def duplicate(canvas: Canvas) -> None:
    """Puts the selected nodes in once more."""
    names = canvas.selected_names()
    if names:
        _put_in(canvas, edits.part_of(canvas.document.graph, names), "duplicate", None)


def _put_in(canvas: Canvas, part: Graph, verb: str, brought: Project | None) -> None:
    project = canvas.document.seen
    try:
        for block in brought.blocks.values() if brought else ():
            if block.name not in project.blocks:
                project = project.with_block(block)
        for code in brought.code.values() if brought else ():
            if code.name not in project.code:
                project = project.with_code(code)
    except GraphError as error:
        canvas.hint.emit(str(error))
        return
    offset = _free_offset(project.graph, part)
    grown, names = edits.pasted(project.graph, part, (offset, offset))
    canvas.document.edit_seen(title_of(verb, names), replace(project, graph=grown))
    canvas.select(names)


def _free_offset(graph: Graph, part: Graph) -> float:
    """24 to the right and down, further where an earlier copy lies already."""
    taken = {node.position for node in graph.nodes.values()}
    offset = OFFSET
    while any(
        (node.position[0] + offset, node.position[1] + offset) in taken for node in part.nodes.values()
    ):
        offset += OFFSET
    return offset
