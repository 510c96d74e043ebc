"""A window that slides over a map: convolution, its way back, pooling and patches, with the params they really have."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF, QRectF

from nndesigner.catalogue.kind import Kind
from nndesigner.graph import Value
from nndesigner.ui.help.ink import Ink

_LARGEST_CELL, _APART, _WORDS = 26.0, 76.0, 22.0
_MOST = 26  # cells along an axis that are drawn


@dataclass(frozen=True, slots=True)
class Slide:
    """How a window moves along one axis of `size` places, and how many places come out: as torch counts them."""

    size: int
    kernel: int
    stride: int
    padding: int
    dilation: int
    count: int
    windows: tuple[tuple[int, ...], ...]

    @property
    def reach(self) -> int:
        """From the first place of the window to behind its last."""
        return self.dilation * (self.kernel - 1) + 1


def slide(size: int, kernel: int, stride: int, padding: int, dilation: int, *, ceil: bool = False) -> Slide:
    """A window along one axis. With `ceil`, one that is not full counts if it does not begin in the padding behind."""
    reach = dilation * (kernel - 1) + 1
    over = size + 2 * padding - reach
    count = (-(-over // stride) if ceil else over // stride) + 1
    if ceil and (count - 1) * stride >= size + padding:
        count -= 1
    windows = tuple(
        tuple(place * stride - padding + tap * dilation for tap in range(kernel)) for place in range(count)
    )
    return Slide(size, kernel, stride, padding, dilation, count, windows)


def fitted(size: int, count: int) -> Slide:
    """Windows chosen so that `count` places come out."""
    windows = tuple(
        tuple(range(place * size // count, -(-(place + 1) * size // count))) for place in range(count)
    )
    return Slide(size, max(map(len, windows)), 1, 0, 1, count, windows)


def backwards(size: int, kernel: int, stride: int, padding: int, dilation: int, more: int) -> Slide:
    """A transposed convolution: the windows lie on what comes out, `count` places long."""
    count = (size - 1) * stride - 2 * padding + dilation * (kernel - 1) + more + 1
    windows = tuple(
        tuple(place * stride - padding + tap * dilation for tap in range(kernel)) for place in range(size)
    )
    return Slide(size, kernel, stride, padding, dilation, count, windows)


def slides_of(kind: Kind, params: Mapping[str, Value]) -> tuple[Slide, ...]:
    """How the window of a kind moves along its axes, over a map just large enough to show it."""
    axes = next((int(sign) for sign in "123" if kind.name.endswith(f"{sign}d")), 2)
    values = kind.values(params)

    def each(name: str, otherwise: int) -> tuple[int, ...]:
        value = values.get(name)
        several = value if isinstance(value, tuple) else (value,) * axes
        return tuple(
            one if isinstance(one, int) and not isinstance(one, bool) else otherwise for one in several
        )

    if kind.name.startswith("Adaptive"):
        return tuple(fitted(max(7, count), count) for count in each("output_size", 7))
    kernels = each("kernel_size", 3)
    strides, dilations = each("stride", 0), each("dilation", 1)
    same = values.get("padding") == "same"
    found = []
    for axis, kernel in enumerate(kernels):
        dilation = dilations[axis]
        stride = strides[axis] or (kernel if kind.family == "pooling" else 1)
        reach = dilation * (kernel - 1) + 1
        padding = (reach - 1) // 2 if same else each("padding", 0)[axis]
        if kind.name.startswith("ConvTranspose"):
            more = each("output_padding", 0)[axis]
            found.append(backwards(3, kernel, stride, padding, dilation, more))
            continue
        size = max(5, reach + 2 * stride - 2 * padding, 1)
        size += (stride - (size + 2 * padding - reach) % stride) % stride
        found.append(slide(size, kernel, stride, padding, dilation, ceil=values.get("ceil_mode") is True))
    return tuple(found)


def paint(ink: Ink, area: QRectF, kind: Kind, params: Mapping[str, Value], at: QPointF | None = None) -> None:
    """Paints the map, one window on it and the place it becomes; `at` is where the pointer asks for another window."""
    slides = slides_of(kind, params)
    turned = kind.name.startswith("ConvTranspose")
    down = slides[-2] if len(slides) > 1 else slide(1, 1, 1, 0, 1)
    across = slides[-1]
    if max(across.size, across.count, down.size, down.count) > _MOST:
        across, down = (_shortened(one) for one in (across, down))
    around = (0, 0) if turned else (across.padding, down.padding)
    wide, tall = across.size + 2 * around[0], down.size + 2 * around[1]
    room = area.adjusted(8, _WORDS, -8, -_WORDS)
    cell = min(
        _LARGEST_CELL,
        (room.width() - _APART) / (wide + across.count),
        room.height() / max(tall, down.count),
    )
    whole = (wide + across.count) * cell + _APART
    left = area.center().x() - whole / 2
    first = QRectF(left, room.center().y() - tall * cell / 2, wide * cell, tall * cell)
    second = QRectF(
        first.right() + _APART,
        room.center().y() - down.count * cell / 2,
        across.count * cell,
        down.count * cell,
    )
    seen = first if turned else second  # whose cells each have a window
    counts = (across.size, down.size) if turned else (across.count, down.count)
    chosen = _chosen(seen, cell, counts, at)
    behind = min(len(slides) - 2, 1) if len(slides) > 2 else 0
    for step in range(behind + behind, 0, -1):
        for place in (first, second):
            ink.frame(place.translated(step * 4, -step * 4), 1.0, ink.tint(0.4))
    _paint_map(ink, first, cell, (wide, tall), around)
    _paint_map(ink, second, cell, (across.count, down.count), (0, 0))
    low, high = (second, first) if turned else (first, second)
    taps_across, taps_down = across.windows[chosen[0]], down.windows[chosen[1]]
    taps = [
        QRectF(low.left() + (x + around[0]) * cell, low.top() + (y + around[1]) * cell, cell, cell)
        for x in taps_across
        for y in taps_down
    ]
    inside = [tap for tap in taps if low.adjusted(-1, -1, 1, 1).contains(tap)]
    for number, tap in enumerate(inside):
        ink.cell(tap, 0.45 + 0.3 * ((number * 7) % 5) / 5 if kind.family == "convolution" else 0.5)
    result = QRectF(high.left() + chosen[0] * cell, high.top() + chosen[1] * cell, cell, cell)
    ink.cell(result, 0.85)
    if inside:
        window = inside[0]
        for tap in inside:
            window = window.united(tap)
        ink.frame(window)
        begin, end = (result, window) if turned else (window, result)
        ink.arrow(
            QPointF(begin.right() + 3, begin.center().y()),
            QPointF(end.left() - 4, end.center().y()),
            colour="ink",
        )
    ink.frame(result)
    names = _words(kind)
    sizes = tuple(one.size for one in slides), tuple(one.count for one in slides)
    for place, word, size in zip((first, second), names, sizes, strict=True):
        text = f"{word} {'×'.join(map(str, size))}"
        ink.words(QRectF(place.left(), room.bottom() + 4, place.width(), 16), text)
    told = _told(across, kind)
    ink.words(QRectF(area.left(), area.top() + 3, area.width(), 16), told)


def _paint_map(
    ink: Ink, place: QRectF, cell: float, counts: tuple[int, int], around: tuple[int, int]
) -> None:
    wide, tall = counts
    for x in range(wide):
        for y in range(tall):
            edge = not (around[0] <= x < wide - around[0] and around[1] <= y < tall - around[1])
            spot = QRectF(place.left() + x * cell, place.top() + y * cell, cell, cell)
            if not edge:
                ink.cell(spot, 0.1)
            elif cell >= 9:
                ink.cell(spot, None, dashed=True)
                ink.words(spot, "0", size=max(8, min(10, int(cell * 0.6))))
            else:
                ink.cell(spot, None)


def _chosen(seen: QRectF, cell: float, counts: tuple[int, int], at: QPointF | None) -> tuple[int, int]:
    """The place whose window is shown: the pointer's, else the second each way, from which one sees the step."""
    if at is not None and seen.contains(at):
        x, y = (int(part) for part in ((at.x() - seen.left()) // cell, (at.y() - seen.top()) // cell))
        return min(max(x, 0), counts[0] - 1), min(max(y, 0), counts[1] - 1)
    return min(1, counts[0] - 1), min(1, counts[1] - 1)


def _shortened(one: Slide) -> Slide:
    if one.size <= _MOST and one.count <= _MOST:
        return one
    count = max(1, min(one.count, _MOST // 2))
    size = min(one.size, _MOST)
    windows = tuple(tuple(tap for tap in window if tap < size) or (0,) for window in one.windows[:count])
    return Slide(size, one.kernel, one.stride, min(one.padding, 2), one.dilation, count, windows)


def _words(kind: Kind) -> tuple[str, str]:
    return (
        QCoreApplication.translate("Sketch", "in"),
        QCoreApplication.translate("Sketch", "patches" if kind.name == "Unfold" else "out"),
    )


def _told(one: Slide, kind: Kind) -> str:
    """The window's own numbers along its last axis."""
    if kind.name.startswith("Adaptive"):
        return QCoreApplication.translate("Sketch", "windows chosen to fit")
    parts = [QCoreApplication.translate("Sketch", "window {}").format(one.kernel)]
    parts.append(QCoreApplication.translate("Sketch", "stride {}").format(one.stride))
    parts.append(QCoreApplication.translate("Sketch", "padding {}").format(one.padding))
    if one.dilation > 1:
        parts.append(QCoreApplication.translate("Sketch", "dilation {}").format(one.dilation))
    return " · ".join(parts)
