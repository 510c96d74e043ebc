"""Looking at the pictures in a folder."""

import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from nndesigner.catalogue.data import Field
from nndesigner.data.looking.folders.layout import layout_of
from nndesigner.data.looking.folders.remarks import remarks_of
from nndesigner.data.looking.folders.sifted import Sifted, Unusable, label_field
from nndesigner.data.looking.found import Found, Progress, counted, found, only
from nndesigner.data.own.files import PICTURES
from nndesigner.data.own.pictures import picture
from nndesigner.data.problem import DataError

Size = tuple[int, int]
_LARGEST = 256


def look_at_pictures(
    path: Path, name: str, choices: Mapping[str, Any], progress: Progress | None = None
) -> Found:
    """The pictures in a folder; raises `DataError`."""
    only(choices, "a folder of pictures", "kind", "size", "grey")
    layout = layout_of(path, PICTURES)
    if not layout.paths:
        raise DataError(
            f"{path} has no pictures in folders: expected a folder for each class, with its pictures in it."
            if layout.loose
            else f"{path} has no pictures in it: expected files that end in {', '.join(PICTURES)}."
        )
    sifted, seen = Sifted(layout), _Seen()
    seen.shapes.update(sifted.each(seen.look, progress))
    classes = sifted.classes(path, "pictures")
    grey = bool(choices.get("grey", seen.grey))
    size = _size(choices.get("size"), seen.shapes)
    records, sort = sum(seen.shapes.values()), "grey" if grey else "coloured"
    values = "Grey values" if grey else "Red, green and blue"
    image = Field(
        "image",
        (1 if grey else 3, *size),
        f"{values} from 0 to 255",
        prepare="standardize",
        sort="image",
    )
    return found(
        name,
        path,
        f"{counted(records, 'picture')} of {_by(size)} {sort} pixels, of {len(classes)} classes.",
        records,
        (image, label_field("What is shown", classes)),
        "own.load_images",
        {
            "folder": str(layout.root),
            "size": size,
            "classes": classes,
            **({"grey": True} if grey else {}),
            **sifted.arguments,
        },
        sifted.files(),
        [*_of_sizes(seen.shapes, size), *remarks_of(sifted, "pictures")],
        parts=sifted.parts,
    )


@dataclass
class _Seen:
    """What was seen of the pictures so far: how many there are of each height and width, and whether all are grey."""

    shapes: Counter[Size] = field(default_factory=Counter)
    grey: bool = True

    def look(self, path: Path) -> Size:
        """Height and width of a picture; raises `Unusable`."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", Image.DecompressionBombWarning)
                return self._look(path)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise Unusable("would be too large unpacked") from None
        except PermissionError:
            raise
        except (
            OSError,
            SyntaxError,
            ValueError,
            EOFError,
            IndexError,
            KeyError,
            TypeError,
            OverflowError,
        ):
            raise Unusable("can't be read as a picture") from None

    def _look(self, path: Path) -> Size:
        with Image.open(path) as file:
            turned = file.getexif().get(0x0112, 1) >= 5
            width, height = file.size
            size = (width, height) if turned else (height, width)
            plain = file.mode in ("1", "L", "LA", "I", "F")
            plain = plain or file.mode.startswith("I;")
            if plain or not self.grey:
                file.load()
                self.grey = self.grey and plain
                return size
        # Colour is only looked for where all before have none.
        pixels = picture(path, size, False)
        self.grey = bool((pixels == pixels[:1]).all())
        return pixels.shape[1], pixels.shape[2]


def _of_sizes(shapes: Counter[Size], size: Size) -> list[str]:
    """What is done where pictures are not of the size that all are brought to."""
    if set(shapes) == {size}:
        return []
    seen = f"{len(shapes)} sizes" if len(shapes) > 1 else f"{_by(*shapes)} pixels"
    return [
        f"They are of {seen} and are brought to {_by(size)}: scaled, and cut off where their shape is another."
    ]


def _by(size: Sequence[int]) -> str:
    return f"{size[0]}×{size[1]}"


def _size(chosen: Any, shapes: Counter[Size]) -> Size:
    """Height and width all pictures are brought to: the most frequent, or else a square, of 256 pixels at most."""
    if chosen is not None:
        size = (chosen, chosen) if isinstance(chosen, int) else tuple(chosen)
        if len(size) != 2 or not all(
            isinstance(one, int) and 1 <= one <= 10_000 for one in size
        ):
            raise DataError(
                f"expected a size of one number or two, height and width, from 1 to 10,000, got {chosen!r}."
            )
        return size[0], size[1]
    shape, count = shapes.most_common(1)[0]
    if count < 0.5 * sum(shapes.values()):
        side = round(float(np.median([min(one) for one in shapes.elements()])))
        shape = (side, side)
    shrink = min(1.0, _LARGEST / max(shape))
    return max(1, round(shape[0] * shrink)), max(1, round(shape[1] * shrink))
