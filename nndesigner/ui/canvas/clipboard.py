"""Copying, cutting and pasting parts of a network."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication

from nndesigner.graph import Graph, GraphError
from nndesigner.project import Project
from nndesigner.ui.canvas import edits
from nndesigner.ui.canvas.fragment import fragment_from_text, fragment_problem, fragment_to_text
from nndesigner.ui.canvas.gestures import title_of
from nndesigner.ui.sources.texts import holds_network

if TYPE_CHECKING:
    from nndesigner.ui.canvas.view import Canvas

OFFSET = 24.0


def copy(canvas: Canvas) -> bool:
    """Puts the selected nodes and the wires among them on the clipboard. Says whether there were any."""
    names, sheets = canvas.selected_names(), canvas.stage.sheets
    chosen = sheets.selected()
    if not names and not chosen:
        return False
    project = canvas.document.seen
    text = fragment_to_text(project, edits.part_of(project.graph, names, *sheets.places(chosen)))
    QGuiApplication.clipboard().setText(text)
    return True


def cut(canvas: Canvas) -> None:
    """Copies the selected nodes, and deletes them."""
    names, sheets = canvas.selected_names(), canvas.stage.sheets
    chosen = sheets.selected()
    if copy(canvas):
        after = edits.deleted(canvas.document.graph, names, (), *sheets.places(chosen))
        canvas.document.edit_graph(title_of("cut", names, 0, len(chosen)), after)


def delete(canvas: Canvas) -> None:
    """Deletes what is selected: nodes, wires, notes and frames."""
    names, edges = canvas.selected_names(), canvas.stage.selected_edges()
    sheets = canvas.stage.sheets.selected()
    if names or edges or sheets:
        after = edits.deleted(canvas.document.graph, names, edges, *canvas.stage.sheets.places(sheets))
        canvas.document.edit_graph(title_of("delete", names, len(edges), len(sheets)), after)


def paste(canvas: Canvas) -> None:
    """Puts in what is on the clipboard, if it is a part of a network, or hands on the source of one."""
    text = QGuiApplication.clipboard().text()
    fragment = fragment_from_text(text)
    if fragment is None and holds_network(text):
        canvas.source_pasted.emit(text)
        return
    if fragment is None and (problem := fragment_problem(text)):
        words = QCoreApplication.translate("Canvas", "The part on the clipboard can't be read: {problem}")
        canvas.hint.emit(words.format(problem=problem))
        return
    if fragment is None or not (fragment.graph.nodes or fragment.graph.notes or fragment.graph.frames):
        canvas.hint.emit(
            QCoreApplication.translate(
                "Canvas", "There is no part of a network and no source of one on the clipboard"
            )
        )
        return
    _put_in(canvas, fragment.graph, "paste", fragment)


def duplicate(canvas: Canvas) -> None:
    """Puts the selected nodes in once more."""
    names, sheets = canvas.selected_names(), canvas.stage.sheets
    chosen = sheets.selected()
    if names or chosen:
        part = edits.part_of(canvas.document.graph, names, *sheets.places(chosen))
        _put_in(canvas, part, "duplicate", None)


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
    count = len(part.notes) + len(part.frames)
    canvas.document.edit_seen(title_of(verb, names, 0, count), replace(project, graph=grown))
    canvas.select(names)
    canvas.stage.sheets.select_last(len(part.notes), len(part.frames))


def _free_offset(graph: Graph, part: Graph) -> float:
    """24 to the right and down, further where an earlier copy lies already."""
    things = (*part.nodes.values(), *part.notes, *part.frames)
    taken = {one.position for one in (*graph.nodes.values(), *graph.notes, *graph.frames)}
    offset = OFFSET
    while any((one.position[0] + offset, one.position[1] + offset) in taken for one in things):
        offset += OFFSET
    return offset
