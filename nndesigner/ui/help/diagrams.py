"""Diagrams of what has parts: dense wires, a network unrolled in time, attention, transformers, a table of rows."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QFont

from nndesigner.catalogue.kind import Kind
from nndesigner.graph import Value
from nndesigner.ui.help.ink import Ink, centred

_TOKENS = 6
# How well each of six words fits each: made up, but rows sum to 1 once they are weighed.
_FITS = (
    (2.0, 0.6, 0.2, 0.4, 0.1, 0.3),
    (1.2, 1.6, 0.3, 0.2, 0.5, 0.1),
    (0.2, 1.0, 1.8, 0.4, 0.2, 0.6),
    (0.5, 0.1, 1.9, 0.8, 0.3, 0.2),
    (0.1, 0.4, 0.2, 1.5, 1.7, 0.3),
    (0.8, 0.2, 0.5, 0.1, 1.1, 1.6),
)


def said(words: str) -> str:
    """Words of the pictures for people."""
    return QCoreApplication.translate("Sketch", words)


def paint_dense(ink: Ink, area: QRectF, kind: Kind, params: Mapping[str, Value]) -> None:
    """Every unit wired to every other."""
    several = kind.name == "Bilinear"
    room = centred(area, min(area.width() - 80, 280), area.height() - 44)
    left = _column(room.left(), room.top(), room.height(), 6)
    right = _column(room.right(), room.top(), room.height(), 4)
    for place in left:
        for end in right:
            chosen = end is right[1]
            ink.painter.setPen(ink.line(1.6 if chosen else 0.8, "secondary" if chosen else "line"))
            ink.painter.drawLine(place, end)
    for number, place in enumerate(left):
        ink.dot(place, 7, 0.15 + 0.13 * ((number * 3) % 6) if not several or number < 3 else 0.1)
    for end in right:
        ink.dot(end, 7, 0.85 if end is right[1] else 0.3)
    outs = kind.values(params).get("out_features")
    ink.words(
        QRectF(room.left() - 60, room.bottom() + 6, 120, 14), said("two inputs") if several else said("in")
    )
    words = said("out: {}").format(outs) if isinstance(outs, int) else said("out")
    ink.words(QRectF(room.right() - 60, room.bottom() + 6, 120, 14), words)


def _column(x: float, top: float, height: float, count: int) -> list[QPointF]:
    step = height / count
    return [QPointF(x, top + (number + 0.5) * step) for number in range(count)]


def paint_unrolled(ink: Ink, area: QRectF, kind: Kind, params: Mapping[str, Value]) -> None:
    """The same layer at each step of a sequence, handing its state on; one step only of a cell."""
    values = kind.values(params)
    cell = kind.name.endswith("Cell")
    layers = values.get("num_layers", 1)
    rows = min(layers, 3) if isinstance(layers, int) else 1
    both = values.get("bidirectional") is True
    steps = 1 if cell else 4
    states = said("h, c") if kind.name.startswith("LSTM") else said("h")
    step, row = 104.0, min(58.0, (area.height() - 76) / rows)
    size = (64.0, min(34.0, row - 18))
    left = area.center().x() - (steps - 1) * step / 2
    bottom = area.center().y() - 8 + (rows - 1) * row / 2
    for level in range(rows):
        y = bottom - level * row
        for place in range(steps):
            x = left + place * step
            box = QRectF(x - size[0] / 2, y - size[1] / 2, *size)
            ink.box(box, kind.name.removesuffix("Cell"), strong=True)
            top = QPointF(x, box.top())
            ink.arrow(
                QPointF(x, box.bottom() + (row - size[1] if level else 22)), QPointF(x, box.bottom() + 1)
            )
            if level == rows - 1:
                ink.arrow(top, QPointF(x, box.top() - 22))
                ink.words(
                    QRectF(x - 24, box.top() - 38, 48, 14),
                    f"y{'₁₂₃₄'[place]}" if not cell else "h′",
                    12,
                    "ink",
                )
            if level == 0:
                ink.words(
                    QRectF(x - 24, box.bottom() + 24, 48, 14),
                    f"x{'₁₂₃₄'[place]}" if not cell else "x",
                    12,
                    "ink",
                )
            shift = 6 if both else 0
            begin, end = box.right() + 1, box.right() + step - size[0] - 2
            if place < steps - 1 or cell:
                ink.arrow(QPointF(begin, y - shift), QPointF(end, y - shift), colour="ink")
                ink.words(QRectF(begin, y - shift - 16, end - begin, 14), states)
                if both:
                    ink.arrow(QPointF(end, y + shift), QPointF(begin, y + shift), colour="ink")
            if cell:
                ink.arrow(QPointF(box.left() - 38, y), QPointF(box.left() - 1, y), colour="ink")
                ink.words(QRectF(box.left() - 40, y - 16, 38, 14), states)
    told = said("one step of a sequence") if cell else said("the same weights at every step")
    ink.words(QRectF(area.left(), area.bottom() - 16, area.width(), 14), told)


def weights_of(*, causal: bool) -> list[list[float]]:
    """The attention of six words, each row summing to 1; `causal` ones see nothing that comes later."""
    found = []
    for row, fits in enumerate(_FITS):
        seen = [
            2.718281828 ** (2 * fit) if column <= row or not causal else 0.0
            for column, fit in enumerate(fits)
        ]
        found.append([one / sum(seen) for one in seen])
    return found


def paint_attention(ink: Ink, area: QRectF, kind: Kind, params: Mapping[str, Value]) -> None:
    """How much each position of query looks at each of key, and what the mixture is."""
    values = kind.values(params)
    causal = values.get("is_causal") is True
    heads = values.get("num_heads")
    cell = min(24.0, (area.height() - 56) / _TOKENS)
    side = _TOKENS * cell
    left, top = area.center().x() - side / 2 - 40, area.top() + 28
    if isinstance(heads, int) and heads > 1:
        for behind in (2, 1):
            ink.frame(QRectF(left + behind * 5, top - behind * 5, side, side), 1.0, ink.tint(0.5))
    for row, weights in enumerate(weights_of(causal=causal)):
        for column, weight in enumerate(weights):
            place = QRectF(left + column * cell, top + row * cell, cell, cell)
            ink.painter.fillRect(place, ink.theme.raised)
            ink.cell(place, None if causal and column > row else 0.06 + 0.94 * weight)
    ink.frame(QRectF(left, top + 3 * cell, side, cell))
    ink.words(QRectF(left, top - 26, side, 14), said("key"))
    ink.words(QRectF(left - 56, top, 50, side), said("query"))
    y = top + 3.5 * cell
    ink.arrow(QPointF(left + side + 6, y), QPointF(left + side + 46, y), colour="ink")
    for number in range(3):
        ink.cell(QRectF(left + side + 52 + number * cell, y - cell / 2, cell, cell), 0.3 + 0.25 * number)
    ink.words(QRectF(left + side + 52, y + cell / 2 + 4, 3 * cell, 14), said("mixture of value"))
    told = said("each row sums to 1; later positions are not seen") if causal else said("each row sums to 1")
    if isinstance(heads, int):
        told = said("{} heads, each with its own").format(heads) + " · " + told
    ink.words(QRectF(area.left(), area.bottom() - 20, area.width(), 14), told)


def paint_transformer(ink: Ink, area: QRectF, kind: Kind, params: Mapping[str, Value]) -> None:
    """The parts of a transformer's layer in their order, with what goes round them."""
    values = kind.values(params)
    if kind.name == "Transformer":
        _paint_whole(ink, area, values)
        return
    decoder = kind.name == "TransformerDecoderLayer"
    first = values.get("norm_first") is True
    hidden = values.get("dim_feedforward")
    inner = [
        said("self-attention"),
        *([said("attention to memory")] if decoder else []),
        said("feed-forward {}").format(hidden),
    ]
    wide, gap, norm = (124.0, 18.0, 44.0) if decoder else (120.0, 20.0, 48.0)
    whole = len(inner) * (wide + gap + norm + gap)
    x, y = area.center().x() - whole / 2 + gap / 2, area.center().y() + 6
    scale = min(1.0, (area.width() - 24) / (whole + gap))
    ink.painter.translate(area.center())
    ink.painter.scale(scale, scale)
    ink.painter.translate(-area.center())
    for number, words in enumerate(inner):
        start = x - gap / 2
        for is_norm in (True, False) if first else (False, True):
            width = norm if is_norm else wide
            box = QRectF(x, y - 18, width, 36)
            ink.arrow(QPointF(x - gap, y), QPointF(x - 1, y))
            ink.box(box, said("norm") if is_norm else words, filled=not is_norm)
            if decoder and number == 1 and not is_norm:
                ink.arrow(QPointF(box.center().x(), y + 56), QPointF(box.center().x(), y + 19))
                ink.words(QRectF(box.left(), y + 58, width, 14), said("memory"))
            x += width + gap
            if not is_norm:
                end = x - gap / 2
        ink.arrow(QPointF(start, y), QPointF(start, y - 40), QPointF(end, y - 40), QPointF(end, y - 2))
        ink.words(QRectF(start, y - 58, end - start, 14), said("+ what came in"))
    ink.arrow(QPointF(x - gap, y), QPointF(x + 8, y))


def _paint_whole(ink: Ink, area: QRectF, values: Mapping[str, object]) -> None:
    wide, tall, apart = 132.0, 42.0, 92.0
    left, middle = area.center().x() - wide - apart / 2, area.center().y() - 6
    encoder, decoder = (
        QRectF(left, middle - tall / 2, wide, tall),
        QRectF(left + wide + apart, middle - tall / 2, wide, tall),
    )
    for box, name, count, words in (
        (encoder, said("encoder"), values.get("num_encoder_layers"), "src"),
        (decoder, said("decoder"), values.get("num_decoder_layers"), "tgt"),
    ):
        for behind in (2, 1):
            ink.frame(box.translated(behind * 4, -behind * 4), 1.0, ink.tint(0.5))
        ink.box(box, f"{name} ×{count}", strong=True)
        x = box.center().x()
        ink.arrow(QPointF(x, box.bottom() + 34), QPointF(x, box.bottom() + 1))
        ink.words(QRectF(box.left(), box.bottom() + 36, wide, 14), words, mono=True)
    ink.arrow(QPointF(encoder.right() + 10, middle), QPointF(decoder.left() - 1, middle), colour="ink")
    ink.words(QRectF(encoder.right() + 8, middle - 20, apart - 8, 14), said("memory"))
    x = decoder.center().x()
    ink.arrow(QPointF(x, decoder.top() - 9), QPointF(x, decoder.top() - 36))
    ink.words(QRectF(decoder.left(), decoder.top() - 52, wide, 14), said("out"))


def paint_table(ink: Ink, area: QRectF, kind: Kind, params: Mapping[str, Value]) -> None:
    """Tokens that each look up their row; of a bag, the rows become one."""
    values = kind.values(params)
    bag = kind.name == "EmbeddingBag"
    tokens, rows, wide = (3, 1, 3), 6, 6
    cell = min(22.0, (area.height() - 56) / rows)
    table = QRectF(area.center().x() - wide * cell / 2, area.top() + 22, wide * cell, rows * cell)
    table.translate(-wide * cell / 2, 0)
    left, right = table.left() - 96, table.right() + 70
    for row in range(rows):
        for column in range(wide):
            place = QRectF(table.left() + column * cell, table.top() + row * cell, cell, cell)
            ink.cell(place, _value(row, column) * (1.0 if row in tokens else 0.3))
        ink.words(QRectF(table.left() - 20, table.top() + row * cell, 16, cell), str(row), 10, mono=True)
    for row in sorted(set(tokens)):
        ink.frame(QRectF(table.left(), table.top() + row * cell, table.width(), cell))
    for number, token in enumerate(tokens):
        y = table.center().y() + (number - 1) * cell * 1.5
        ink.box(QRectF(left - cell / 2, y - cell / 2, cell, cell), str(token), filled=False)
        ink.arrow(
            QPointF(left + cell / 2 + 4, y), QPointF(table.left() - 22, table.top() + (token + 0.5) * cell)
        )
        if not bag:
            _paint_row(ink, right, y, cell, [_value(token, column) for column in range(wide)])
    if bag:
        mean = [sum(_value(token, column) for token in tokens) / len(tokens) for column in range(wide)]
        _paint_row(ink, right, table.center().y(), cell, mean)
    ink.arrow(
        QPointF(table.right() + 12, table.center().y()), QPointF(right - 12, table.center().y()), colour="ink"
    )
    sizes = "×".join(str(values.get(name, "")) for name in ("num_embeddings", "embedding_dim"))
    ink.words(
        QRectF(table.left() - 30, table.bottom() + 6, table.width() + 60, 14),
        said("a table of {}").format(sizes),
    )
    ink.words(QRectF(left - 40, table.bottom() + 6, 80, 14), said("tokens"))
    mode = values.get("mode") if bag else said("rows")
    ink.words(QRectF(right, table.bottom() + 6, wide * cell, 14), str(mode))


def _value(row: int, column: int) -> float:
    return 0.1 + 0.8 * ((row * 5 + column * 3 + row * column) % 7) / 6


def _paint_row(ink: Ink, x: float, y: float, cell: float, values: list[float]) -> None:
    for column, value in enumerate(values):
        ink.cell(QRectF(x + column * cell, y - cell / 2, cell, cell), value)


def paint_card(ink: Ink, area: QRectF, kind: Kind, params: Mapping[str, Value]) -> None:
    """A node with its ports by name: what has no inside to show."""
    seen = kind.at(params)
    card = centred(area, 190, 54)
    ink.box(card, strong=True)
    ink.words(card, kind.name, 14, "ink", weight=QFont.Weight.DemiBold)
    for ports, y, out in ((seen.inputs, card.top(), -1), (seen.outputs, card.bottom(), 1)):
        names = [port.name for port in ports][:5]
        for number, name in enumerate(names):
            x = card.left() + card.width() * (number + 1) / (len(names) + 1)
            ink.wire(QPointF(x, y), QPointF(x, y + out * 30))
            ink.dot(QPointF(x, y), 5)
            ink.words(
                QRectF(x - 50, y + out * 40 - 7, 100, 14), name, where=Qt.AlignmentFlag.AlignCenter, mono=True
            )
