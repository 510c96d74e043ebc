"""What is picked by name comes into the project: a kind that is there, or a block of the library with all it uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nndesigner import library
from nndesigner.catalogue.kind import Kind
from nndesigner.graph import GraphError
from nndesigner.project import Project
from nndesigner.ui.canvas import edits

if TYPE_CHECKING:
    from nndesigner.ui.canvas.view import Canvas


def offered(canvas: Canvas, name: str) -> tuple[Project, Kind] | None:
    """The project, as it is seen from here, with the kind of this name in it, and the kind; None where nobody knows it."""
    project = canvas.document.seen
    kept = canvas.kept.get(library.plain(name)) if library.is_marked(name) else None
    if kept is not None:
        try:
            project, name = library.brought(project, kept)
        except GraphError as error:
            canvas.hint.emit(str(error))
            return None
    kind = edits.kind_named(project, name)
    return (project, kind) if kind is not None else None
