"""Going from node to node by keys, and what a screen reader says of the node one is at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF

from nndesigner.ui.canvas import nudging

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nndesigner.ui.canvas.view import Canvas

_ASIDE = 2.0  # how much further away a node is for each unit beside the way that is gone


def walk(canvas: Canvas, across: int, down: int) -> None:
    """Selects the next node that way: up and down along the wires, else the nearest one. Brings it into view."""
    names = canvas.selected_names()
    found = (
        _next(canvas, names[-1 if down > 0 or across > 0 else 0], across, down) if names else _middle(canvas)
    )
    if found is not None:
        canvas.select([found])
        nudging.bring_into_view(canvas, found)


def _next(canvas: Canvas, name: str, across: int, down: int) -> str | None:
    graph, here = canvas.document.graph, _center(canvas, name)
    wired: set[str] = set()
    if down > 0:
        wired = {edge.target for edge in graph.outgoing.get(name, ())}
    elif down < 0:
        wired = {edge.source for edge in graph.incoming.get(name, {}).values()}
    if wired:
        return _nearest(canvas, here, wired)
    best, nearest = None, float("inf")
    for other in canvas.stage.node_items:
        way = _center(canvas, other) - here
        along = way.x() * across + way.y() * down
        aside = abs(way.x() * down) + abs(way.y() * across)
        if along > 1 and (away := along + _ASIDE * aside) < nearest:
            best, nearest = other, away
    return best


def _middle(canvas: Canvas) -> str | None:
    """The node nearest to the middle of what is seen."""
    middle = canvas.in_scene(QPointF(canvas.viewport().rect().center()))
    return _nearest(canvas, middle, canvas.stage.node_items)


def _nearest(canvas: Canvas, here: QPointF, names: Iterable[str]) -> str | None:
    known = [name for name in names if name in canvas.stage.node_items]
    return min(known, key=lambda name: ((_center(canvas, name) - here).manhattanLength(), name), default=None)


def _center(canvas: Canvas, name: str) -> QPointF:
    return canvas.stage.node_items[name].card.center()


def spoken(canvas: Canvas, name: str) -> str:
    """A node in words: its name, kind, params, states, what it gives, its wires, and what is wrong with it."""
    node = canvas.document.graph.nodes[name]
    face, plan = canvas.stage.node_items[name].face, canvas.stage.plan
    parts = [name, node.kind]
    if face.summary and face.summary != node.kind:
        parts.append(face.summary)
    if node.bypassed:
        parts.append(QCoreApplication.translate("Canvas", "bypassed"))
    if node.frozen:
        parts.append(QCoreApplication.translate("Canvas", "frozen"))
    if node.repeat > 1:
        parts.append(QCoreApplication.translate("Canvas", "repeated {count} times").format(count=node.repeat))
    given = [plan.types.get((name, spot.name)) for spot in face.outputs] if plan else []
    if shapes := [str(one) for one in given if one is not None]:
        parts.append(QCoreApplication.translate("Canvas", "gives {shapes}").format(shapes=", ".join(shapes)))
    graph = canvas.document.graph
    if sources := sorted({edge.source for edge in graph.incoming.get(name, {}).values()}):
        parts.append(QCoreApplication.translate("Canvas", "from {names}").format(names=", ".join(sources)))
    if targets := sorted({edge.target for edge in graph.outgoing.get(name, ())}):
        parts.append(QCoreApplication.translate("Canvas", "to {names}").format(names=", ".join(targets)))
    wrong = [problem.message for problem in plan.problems if problem.node == name] if plan else []
    return "; ".join((", ".join(parts), *wrong))
