"""The diagram of a project as SVG, PDF or PNG, fit for a paper: drawn by what draws the canvas, but for print.

Lines and letters stay lines and letters. Nothing depends on the window: neither its theme nor its fonts, nor what is
selected there. The same project gives the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import re
import sys
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, ProcessPoolExecutor, TimeoutError
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil
from pathlib import Path
from xml.etree import ElementTree

from PySide6.QtCore import (
    QBuffer,
    QHashSeed,
    QIODevice,
    QMarginsF,
    QPointF,
    QRectF,
    QSize,
    QSizeF,
    Qt,
)
from PySide6.QtGui import (
    QFont,
    QGuiApplication,
    QImage,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPolygonF,
)
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication, QStyleOptionGraphicsItem

from nndesigner import blocks, examples, files, nnd, trust
from nndesigner.catalogue.kind import TensorType
from nndesigner.nnd import ProjectError
from nndesigner.project import Project
from nndesigner.steps import Place as Port
from nndesigner.steps import Plan
from nndesigner.ui.canvas import metrics
from nndesigner.ui.canvas.face import Face, Spot
from nndesigner.ui.canvas.ink import Ink, printing
from nndesigner.ui.canvas.items import EdgeItem, NodeItem
from nndesigner.ui.canvas.metrics import Lettering
from nndesigner.ui.canvas.scene import Scene
from nndesigner.ui.canvas.sheets import FrameItem, NoteItem
from nndesigner.ui.theme import DARK, LIGHT

SUFFIXES = (".svg", ".pdf", ".png")
LONGEST = 16_384  # pixels of a side of a PNG
SMALLEST_SCALE, LARGEST_SCALE = 0.05, 4.0
# Helvetica, Arial, Liberation Sans and Nimbus Sans have the same measures: whichever is there, words fit.
_SANS = ("Helvetica", "Arial", "Liberation Sans", "Nimbus Sans", "DejaVu Sans")
_MONO = ("Menlo", "DejaVu Sans Mono", "Consolas", "Liberation Mono")
_DPI = 96  # a unit of the canvas is a pixel of this size: names are set in 10 points
_LONGEST_PAGE = 14_400.0  # points of a side of a page that every reader opens
_RESOLUTION = 1200
_PAGE = 1.3  # how much higher than wide a page is
_MARGIN = 16.0
_GAP = 32.0  # between figures
_INSIDE = 16.0  # from the frame of a block's figure to what is in it
_CAPTION = 36.0
_BESIDE = 24.0  # between cards that were made wider
_WIDEST = 480
_SECONDS = 120.0
Types = Mapping[str, Mapping[Port, TensorType]]


class PictureError(ValueError):
    """A picture that can't be; its text is meant for people."""


@dataclass(frozen=True, slots=True)
class Style:
    """How it is drawn: with the inside of each block as a figure of its own, with shapes on the wires, dark, without a
    ground. `scale` is the pixels of a PNG to a unit of the canvas.
    """

    blocks: bool = False
    shapes: bool = False
    dark: bool = False
    transparent: bool = False
    scale: float = 2.0


def write(project: Project, path: Path, style: Style = Style(), types: Types | None = None) -> None:
    """Draws the project into a file, which its suffix says the format of; raises `PictureError`."""
    data = picture(project, path.suffix.lower(), style, types)
    try:
        files.write(path, data)
    except OSError as error:
        raise PictureError(f"{path} can't be written: {error.strerror or error}") from None


def write_apart(project: Project, path: Path, style: Style, plan: Plan | None = None) -> None:
    """`write()` in a process of its own, for a window that goes on meanwhile; raises `PictureError`, also where it ends or
    takes too long.

    That process knows no torch, so shapes are found here, from the project's `plan` where it is known.
    """
    types = types_of(project, style, plan)
    with _lock:
        try:
            message = (
                _painter().submit(_answer, nnd.to_text(project), str(path), style, types).result(_SECONDS)
            )
        except TimeoutError:
            stop()
            message = f"the picture was not drawn within {_SECONDS:g} seconds"
        except (BrokenProcessPool, CancelledError):
            stop()
            message = "the picture was not drawn: the process for it ended"
    if message:
        raise PictureError(message)


def stop() -> None:
    """Ends the process that draws, whatever it does; who waits for it gets a `PictureError`."""
    global _pool
    pool, _pool = _pool, None
    if pool is None:
        return
    for process in list((pool._processes or {}).values()):
        process.kill()
    pool.shutdown(wait=False, cancel_futures=True)


def types_of(project: Project, style: Style, plan: Plan | None = None) -> Types:
    """What is at each place of each graph that is drawn, by the graph's path; nothing where no shapes are wanted."""
    if not style.shapes:
        return {}
    from nndesigner.plan import make
    from nndesigner.ui.insight import plan_at

    made = plan if plan is not None else make(project)
    found = {place.path: plan_at(project, made, place) for place in _places(project, style)}
    return {path: dict(one.types) for path, one in found.items() if one is not None}


def picture(project: Project, suffix: str, style: Style, types: Types | None = None) -> bytes:
    """The picture as the bytes of a file; raises `PictureError`. `types` are those of `types_of`, where they are known."""
    if suffix not in SUFFIXES:
        raise PictureError(f"a picture is .svg, .pdf or .png, not {suffix or 'a file without a suffix'}")
    if not project.graph.nodes and not project.graph.notes:
        raise PictureError("there is nothing to draw: the network is empty")
    with _for_print(style) as colors:
        sheet = _Sheet(project, style, colors, types_of(project, style) if types is None else types)
        makers = {".svg": _svg, ".pdf": _pdf, ".png": _png}
        return makers[suffix](sheet, project, style)


@contextmanager
def _for_print(style: Style) -> Iterator[Ink]:
    theme = DARK if style.dark else replace(LIGHT, paper="#FFFFFF")
    with printing(theme) as colors, metrics.set_in(_font(_SANS), _font(_MONO)):
        yield colors


def _font(families: Sequence[str]) -> QFont:
    found = QFont(list(families))
    # Letters keep their places at any scale.
    found.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return found


# What is drawn.


class _Figure:
    """One graph: the main network, or the inside of a block with its name above."""

    def __init__(self, project: Project, place: blocks.Place, plan: Plan | None) -> None:
        self.caption = place.path
        self.arguments = ", ".join(project.blocks[place.path].params) if place.path else ""
        self._scene = Scene()
        graph = blocks.graph_at(project, place.path)
        self._scene.sync(replace(project, graph=graph), place)
        self._scene.set_plan(plan)
        self._scene.detours.settle()
        self._nodes = [self._scene.node_items[name] for name in graph.nodes]
        order = {name: number for number, name in enumerate(graph.nodes)}
        wires = sorted(
            self._scene.edge_items.values(),
            key=lambda wire: (order[wire.edge.source], order[wire.edge.target], wire.edge),
        )
        self._wires = [wire for wire in wires if wire.line.length() > 0]
        self._notes = self._scene.sheets.notes
        self._frames = sorted(self._scene.sheets.frames, key=FrameItem.zValue)
        self._say_on_cards()
        self._make_room()
        places = self._free_places()
        self._labels = [
            (wire, area or _on(wire)) for wire, area in places.items() if wire not in self._silent
        ]
        self._area = self._bounds()

    @property
    def size(self) -> QSizeF:
        """How large it is, with its caption."""
        if not self.caption:
            return self._area.size()
        return self._area.size() + QSizeF(2 * _INSIDE, _CAPTION + _INSIDE)

    def paint(self, painter: QPainter, colors: Ink) -> None:
        """Paints it with its upper left corner at the painter's origin."""
        painter.save()
        if self.caption:
            self._paint_caption(painter, colors)
            painter.translate(_INSIDE, _CAPTION)
        painter.translate(-self._area.topLeft())
        for frame in self._frames:
            _paint(painter, frame)
        for note in self._notes:
            _paint(painter, note)
        for wire in self._wires:
            _paint(painter, wire)
        for wire, area in self._labels:
            wire.paint_label(painter, colors, area)
        for item in self._nodes:
            _paint(painter, item)
        painter.restore()

    def _paint_caption(self, painter: QPainter, colors: Ink) -> None:
        painter.setPen(colors.outline)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(QPointF(), self.size), metrics.CORNER, metrics.CORNER)
        painter.setPen(colors.text)
        painter.setFont(metrics.font(Lettering.NAME))
        painter.drawStaticText(QPointF(_INSIDE, 10), metrics.laid_out(self.caption, Lettering.NAME))
        if self.arguments:
            left = _INSIDE + metrics.text_width(self.caption, Lettering.NAME) + 8
            painter.setPen(colors.secondary)
            painter.setFont(metrics.font(Lettering.SMALL))
            painter.drawStaticText(QPointF(left, 12), metrics.laid_out(self.arguments, Lettering.SMALL))

    def _free_places(self) -> dict[EdgeItem, QRectF | None]:
        """Where the words of each wire that has some may stand, None where anything else is in the way."""
        courses = {wire: _course(wire) for wire in self._wires}
        cards = [item.card for item in self._nodes]
        said = [wire for wire in self._wires if wire.label and wire.has_room]
        return {wire: _free_place(wire, courses, cards) for wire in said}

    def _say_on_cards(self) -> None:
        """What finds no place of its own on a wire, the card says that it comes from."""
        places = self._free_places()
        told = {wire.edge.source for wire, area in places.items() if area is not None}
        self._silent: set[EdgeItem] = set()
        for wire, area in places.items():
            item = self._scene.node_items[wire.edge.source]
            if area is None and len(item.face.outputs) == 1:
                self._silent.add(wire)
                if wire.edge.source not in told:
                    item.tell(wire.label, "")

    def _make_room(self) -> None:
        """Makes all cards wide enough for their words, and moves them apart where they have to be."""
        wanted = max((self._width_for(item) for item in self._nodes), default=metrics.CARD_WIDTH)
        if wanted <= metrics.CARD_WIDTH:
            return
        cards = {item: QRectF(item.card) for item in self._nodes}
        closest = min(_apart(list(cards.values())), default=wanted + _BESIDE)
        spread = max(1.0, (wanted + _BESIDE) / closest)
        held = {frame: frame.members(self._nodes) for frame in self._frames}
        middle = min((card.center().x() for card in cards.values()), default=0.0)
        for item, card in cards.items():
            face = _widened(item.face, wanted)
            left = middle + (card.center().x() - middle) * spread - face.width / 2
            item.show(replace(item.node, position=(left, card.y())), face)
        for note in self._notes:
            nearest = min(self._nodes, key=lambda item: _away(cards[item], note.sceneBoundingRect()))
            before, now = cards[nearest], nearest.card
            left = note.x() + now.center().x() - before.center().x()
            if note.x() >= before.right():
                left = now.right() + note.x() - before.right()
            elif note.sceneBoundingRect().right() <= before.left():
                left = now.left() + note.x() - before.left()
            note.setX(left)
        for frame, members in held.items():
            frame.surround(members)
        self._scene.reroute(self._scene.node_items)
        self._scene.detours.settle()

    def _width_for(self, item: NodeItem) -> int:
        face, width = item.face, item.face.width
        while not item.says_all() and width < _WIDEST:
            width += 2 * metrics.GRID
            item.show(item.node, _widened(face, width))
        item.show(item.node, face)
        return width

    def _bounds(self) -> QRectF:
        area = QRectF()
        for item in self._nodes:
            area = area.united(item.card)
            if item.face.repeat > 1:
                area = area.united(item.card.translated(6, 6))
        area = area.united(self._scene.sheets.bounds())
        for wire in self._wires:
            area = area.united(wire.path.boundingRect().translated(wire.pos()).adjusted(-4, 0, 4, 0))
        for _, words in self._labels:
            area = area.united(words)
        return area.adjusted(-1, -1, 1, 1)


def _paint(painter: QPainter, item: NodeItem | EdgeItem | NoteItem | FrameItem) -> None:
    painter.save()
    painter.translate(item.pos())
    item.paint(painter, QStyleOptionGraphicsItem())
    painter.restore()


def _widened(face: Face, width: int) -> Face:
    """The face of a wider card, its ports as far from its middle as before."""
    width = max(width, face.width)
    aside = (width - face.width) / 2

    def moved(spots: tuple[Spot, ...]) -> tuple[Spot, ...]:
        return tuple(replace(spot, x=spot.x + aside) for spot in spots)

    return replace(face, width=width, inputs=moved(face.inputs), outputs=moved(face.outputs))


def _apart(cards: list[QRectF]) -> Iterator[float]:
    """How far the middles of cards are apart that stand beside each other."""
    cards = sorted(cards, key=lambda card: card.top())
    for number, card in enumerate(cards):
        for other in cards[number + 1 :]:
            if other.top() >= card.bottom():
                break
            if away := abs(other.center().x() - card.center().x()):
                yield away


def _course(wire: EdgeItem) -> QPolygonF:
    """The points along a wire."""
    return wire.path.translated(wire.pos()).toSubpathPolygons()[0]


def _on(wire: EdgeItem) -> QRectF:
    """Where the words of a wire are on it."""
    area = wire.label_area().translated(wire.pos())
    return area.translated(0, -2) if wire.line.dx() == 0 else area  # between the card above and the head


def _free_place(
    wire: EdgeItem, courses: Mapping[EdgeItem, QPolygonF], cards: Sequence[QRectF]
) -> QRectF | None:
    """Where the words of a wire touch nothing else: beside it where it runs down, or else on it."""
    on_it = _on(wire)
    places = [on_it]
    if abs(on_it.center().x() - wire.line.x2()) < 1:
        aside = on_it.width() / 2 + wire.thickness
        places = [on_it.translated(aside, 0), on_it.translated(-aside, 0), on_it]
    others = [course for other, course in courses.items() if other is not wire]
    for place in places:
        if not any(map(place.intersects, cards)) and not any(_crosses(place, course) for course in others):
            return place
    return None


def _crosses(area: QRectF, course: QPolygonF) -> bool:
    """Whether a line touches an area."""
    return any(
        min(one.x(), other.x()) < area.right()
        and max(one.x(), other.x()) > area.left()
        and min(one.y(), other.y()) < area.bottom()
        and max(one.y(), other.y()) > area.top()
        for one, other in pairwise(course.toList())
    )


def _away(card: QRectF, note: QRectF) -> float:
    """How far a note is from a card."""
    across = max(card.left() - note.right(), note.left() - card.right(), 0.0)
    down = max(card.top() - note.bottom(), note.top() - card.bottom(), 0.0)
    return across + down


class _Sheet:
    """All figures of a picture, each in its place."""

    def __init__(self, project: Project, style: Style, colors: Ink, types: Types) -> None:
        self._colors = colors
        self.ground = None if style.transparent else colors.paper
        known = {path: Plan(types=found) for path, found in types.items()}
        self._figures = [_Figure(project, place, known.get(place.path)) for place in _places(project, style)]
        self._spots, self._whole = _arranged([figure.size for figure in self._figures])

    @property
    def size(self) -> QSize:
        """How large it is, in whole units of the canvas."""
        return QSize(ceil(self._whole.width() + 2 * _MARGIN), ceil(self._whole.height() + 2 * _MARGIN))

    def paint(self, painter: QPainter) -> None:
        """Paints all of it."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(metrics.font(Lettering.SMALL))  # else the application's is mentioned
        if self.ground is not None:
            painter.fillRect(QRectF(QPointF(), QSizeF(self.size)), self.ground)
        for figure, spot in zip(self._figures, self._spots, strict=True):
            painter.save()
            painter.translate(spot + QPointF(_MARGIN, _MARGIN))
            figure.paint(painter, self._colors)
            painter.restore()


def _places(project: Project, style: Style) -> list[blocks.Place]:
    """The graphs that are drawn: the main one and, if wanted, the blocks that are used, in the order one meets them."""
    names = dict.fromkeys(_used(project, blocks.MAIN.path)) if style.blocks else ()
    return [blocks.MAIN, *(blocks.place_of(project, name) for name in names)]


def _used(project: Project, path: str) -> Iterator[str]:
    for node in blocks.graph_at(project, path).nodes.values():
        if node.kind in project.blocks:
            yield node.kind
            yield from _used(project, node.kind)


def _arranged(sizes: list[QSizeF]) -> tuple[list[QPointF], QSizeF]:
    """Where each figure has its corner, and how large all are together: the others below the first or beside it, as a
    page shows them largest.
    """
    first, *others = sizes
    if not others:
        return [QPointF()], first
    ways = [_below(first, others, width) for width in _sums(first.width(), [one.width() for one in others])]
    turned = [one.transposed() for one in others]
    for height in _sums(first.height(), [one.height() for one in others]):
        spots, whole = _below(first.transposed(), turned, height, centred=False)
        ways.append(([QPointF(spot.y(), spot.x()) for spot in spots], whole.transposed()))
    return min(ways, key=lambda way: max(way[1].width(), way[1].height() / _PAGE))


def _sums(least: float, parts: list[float]) -> list[float]:
    """How wide rows may be: as the first figure, or as the first so many of the others."""
    found, whole = [least], -_GAP
    for part in parts:
        whole += part + _GAP
        found.append(max(least, whole))
    return found


def _below(
    first: QSizeF, others: list[QSizeF], width: float, centred: bool = True
) -> tuple[list[QPointF], QSizeF]:
    """Rows of at most this width under the first."""
    width = max(width, *(one.width() for one in others))
    rows: list[list[QSizeF]] = [[]]
    for one in others:
        if rows[-1] and _width_of([*rows[-1], one]) > width:
            rows.append([])
        rows[-1].append(one)
    wide = max(first.width(), *map(_width_of, rows))
    spots, top = [QPointF((wide - first.width()) / 2 if centred else 0, 0)], first.height() + _GAP
    for row in rows:
        left = (wide - _width_of(row)) / 2 if centred else 0.0
        for one in row:
            spots.append(QPointF(left, top))
            left += one.width() + _GAP
        top += max(one.height() for one in row) + _GAP
    return spots, QSizeF(wide, top - _GAP)


def _width_of(row: list[QSizeF]) -> float:
    return sum(one.width() for one in row) + _GAP * (len(row) - 1)


# The formats.


def _svg(sheet: _Sheet, project: Project, style: Style) -> bytes:
    held = QBuffer()
    held.open(QIODevice.OpenModeFlag.WriteOnly)
    made = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    made.setOutputDevice(held)
    made.setResolution(_DPI)
    made.setSize(sheet.size)
    made.setViewBox(QRectF(QPointF(), QSizeF(sheet.size)))
    painter = QPainter(made)
    sheet.paint(painter)
    painter.end()
    return _tidied(bytes(held.data().data()), project.title or "Network")


_SVG = "http://www.w3.org/2000/svg"


def _tidied(data: bytes, title: str) -> bytes:
    """With fonts that are to be found anywhere, words that keep their width in any of them, and no empty groups."""
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(data)
    for parent in list(root.iter()):
        for one in [one for one in parent if one.tag == f"{{{_SVG}}}g" and not len(one)]:
            parent.remove(one)
    for one in root.iter(f"{{{_SVG}}}text"):
        mono = (one.get("font-family") or "").startswith(_MONO[0])
        families = _MONO if mono else _SANS
        generic = "monospace" if mono else "sans-serif"
        one.set(
            "font-family", ", ".join([*(f"'{name}'" if " " in name else name for name in families), generic])
        )
        face = (
            Lettering.SHAPE
            if mono
            else Lettering.NAME
            if one.get("font-weight") == "600"
            else Lettering.SMALL
        )
        one.set("textLength", f"{metrics.text_width(one.text or '', face):.1f}")
        one.set("lengthAdjust", "spacingAndGlyphs")
    for name in ("title", "desc"):
        for one in root.findall(f"{{{_SVG}}}{name}"):
            root.remove(one)
    named = ElementTree.Element(f"{{{_SVG}}}title")
    named.text = title
    root.insert(0, named)
    return ElementTree.tostring(root, "utf-8", xml_declaration=True) + b"\n"


def _pdf(sheet: _Sheet, project: Project, style: Style) -> bytes:
    held = QBuffer()
    held.open(QIODevice.OpenModeFlag.WriteOnly)
    made = QPdfWriter(held)
    made.setCreator("nndesigner")
    made.setTitle(project.title or "Network")
    made.setResolution(_RESOLUTION)
    points = QSizeF(sheet.size) * 72 / _DPI
    smaller = min(1.0, _LONGEST_PAGE / max(points.width(), points.height()))
    made.setPageSize(
        QPageSize(points * smaller, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch)
    )
    made.setPageMargins(QMarginsF())
    QHashSeed.setDeterministicGlobalSeed()  # the fonts of a file are written in the order of a hash
    painter = QPainter(made)
    painter.scale(smaller * _RESOLUTION / _DPI, smaller * _RESOLUTION / _DPI)
    sheet.paint(painter)
    painter.end()
    QHashSeed.resetRandomGlobalSeed()
    return _timeless(bytes(held.data().data()))


def _timeless(data: bytes) -> bytes:
    """Without the moment it was made, and numbered by what is in it; everything keeps its place in the file."""
    data = re.sub(rb"(?<=Date \(D:)\d{14}", b"20000101000000", data)
    data = re.sub(rb'(?<=Date=")[^"+]{19}', b"2000-01-01T00:00:00", data)
    drawn = re.search(rb"DocumentID=\"uuid:([0-9a-f-]{36})\"", data)
    if drawn is None:
        return data
    number = str(uuid.UUID(hashlib.sha256(_nameless(data, drawn[1], b"0" * 36)).hexdigest()[:32])).encode()
    return _nameless(data, drawn[1], number)


def _nameless(data: bytes, drawn: bytes, number: bytes) -> bytes:
    return data.replace(drawn, number).replace(drawn.hex().encode(), number.hex().encode())


def _png(sheet: _Sheet, project: Project, style: Style) -> bytes:
    size = sheet.size * style.scale
    longest = max(size.width(), size.height())
    if longest > LONGEST:
        most = int(100 * LONGEST / max(sheet.size.width(), sheet.size.height())) / 100
        raise PictureError(
            f"at scale {style.scale:g} the picture would be {size.width()} × {size.height()} pixels, and a side may have "
            f"{LONGEST}: choose a scale of {most:g} at most, or SVG or PDF"
        )
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    dots = round(_DPI * style.scale / 0.0254)
    image.setDotsPerMeterX(dots)
    image.setDotsPerMeterY(dots)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.scale(style.scale, style.scale)
    sheet.paint(painter)
    painter.end()
    if sheet.ground is not None:
        image = image.convertToFormat(QImage.Format.Format_RGB32)
    held = QBuffer()
    held.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(held, "PNG")
    return bytes(held.data().data())


# In a process of its own.


_lock = threading.Lock()
_pool: ProcessPoolExecutor | None = None


def _painter() -> ProcessPoolExecutor:
    """The process that draws; it stays for the next picture."""
    global _pool
    if _pool is None:
        _pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _be_application)
    return _pool


def _answer(text: str, path: str, style: Style, types: Types) -> str:
    """Draws, and gives what went wrong as a sentence."""
    try:
        write(nnd.from_text(text), Path(path), style, types)
    except (PictureError, ProjectError) as error:
        return str(error)
    return ""


def _trusted(project: Project) -> Project:
    return replace(project, trusted=trust.trusted()) if project.code else project


_application: list[QGuiApplication] = []


def _be_application() -> None:
    """Begins Qt without a screen, unless it is there."""
    if QGuiApplication.instance() is None:
        _application.append(QApplication(["nndesigner", "-platform", "offscreen"]))


def main(arguments: Sequence[str] | None = None) -> int:
    """`python -m nndesigner.ui.picture PROJECT OUT`: draws a file or an example; gives the exit code."""
    parser = argparse.ArgumentParser(
        "nndesigner.ui.picture", description="Draw the diagram of a network as SVG, PDF or PNG."
    )
    parser.add_argument("project", metavar="PROJECT", help="a project file, or the name of an example")
    parser.add_argument("out", metavar="OUT", type=Path, help="the file to write: .svg, .pdf or .png")
    parser.add_argument(
        "--blocks", action="store_true", help="the inside of each block as a figure of its own"
    )
    parser.add_argument("--shapes", action="store_true", help="shapes on the wires")
    parser.add_argument("--dark", action="store_true", help="light on dark")
    parser.add_argument("--transparent", action="store_true", help="no ground")
    parser.add_argument(
        "--scale", type=float, default=2.0, metavar="N", help="pixels to a unit of a PNG, up to 4"
    )
    chosen = parser.parse_args(arguments)
    if not SMALLEST_SCALE <= chosen.scale <= LARGEST_SCALE:
        return _refuse(f"--scale expects {SMALLEST_SCALE:g} to {LARGEST_SCALE:g}, not {chosen.scale:g}")
    style = Style(chosen.blocks, chosen.shapes, chosen.dark, chosen.transparent, chosen.scale)
    _be_application()
    try:
        write(_trusted(examples.find(chosen.project)), chosen.out, style)
    except (PictureError, ProjectError) as error:
        return _refuse(str(error))
    return 0


def _refuse(message: str) -> int:
    print(message, file=sys.stderr)  # noqa: T201  this is a command
    return 1


if __name__ == "__main__":
    sys.exit(main())
