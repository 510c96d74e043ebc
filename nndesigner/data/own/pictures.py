"""Pictures of one's own, in one folder a class."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from nndesigner.data.own.files import PICTURES, files_by_class


def load_images(
    folder: str,
    size: Sequence[int],
    classes: Sequence[str],
    grey: bool = False,
    parts: Mapping[str, str] | None = None,
    skip: Sequence[str] = (),
) -> dict[str, np.ndarray]:
    """Pictures in one folder a class: image (N, 1 or 3, height, width) as bytes from 0 to 255, label (N,).

    `size` is height and width; a picture of another shape is scaled until it covers them, and its middle is cut out.
    `parts` tells the part of each folder that the folders of the classes lie in, if they lie in such. The files `skip`
    are left out; they are named as seen from `folder`.
    """
    found = find_images(folder, classes, parts, skip)
    return read_images(found.pop("path"), size, grey) | found


def find_images(
    folder: str,
    classes: Sequence[str],
    parts: Mapping[str, str] | None = None,
    skip: Sequence[str] = (),
) -> dict[str, np.ndarray]:
    """Where the pictures of `load_images` lie, path (N,), with their label (N,)."""
    paths, label, part = files_by_class(folder, classes, parts, skip, PICTURES)
    found = {"path": np.array(list(map(str, paths)), dtype=object), "label": label}
    return found | ({"part": part} if parts else {})


def read_images(
    paths: Sequence[str] | np.ndarray, size: Sequence[int], grey: bool = False
) -> dict[str, np.ndarray]:
    """The pictures at these paths: image (N, 1 or 3, height, width), as `load_images` gives them."""
    image = np.empty((len(paths), 1 if grey else 3, *size), dtype=np.uint8)
    for place, path in zip(image, paths, strict=True):
        try:
            place[:] = picture(Path(path), size, grey)
        except FileNotFoundError:
            raise
        except UnidentifiedImageError:
            raise ValueError(
                f"{path} can't be read as a picture: it is none, or damaged."
            ) from None
        except (
            OSError,
            SyntaxError,
            ValueError,
            Image.DecompressionBombError,
        ) as error:
            raise ValueError(f"{path} can't be read as a picture: {error}.") from error
    return {"image": image}


def picture(path: Path, size: Sequence[int], grey: bool) -> np.ndarray:
    """A picture (1 or 3, height, width) as bytes: turned upright, on white where it is transparent, the first of many."""
    with Image.open(path) as file:
        image: Image.Image = ImageOps.exif_transpose(file)
        if image.mode.startswith("I") or image.mode == "F":
            values = np.asarray(image, dtype=np.float64)
            most = (
                65535
                if image.mode.startswith("I") and values.max(initial=0) > 255
                else 255
            )
            image = Image.fromarray(
                (np.clip(values / most, 0, 1) * 255).astype(np.uint8)
            )
        if image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info:
            image = image.convert("RGBA")
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
        image = image.convert("L" if grey else "RGB")
    if image.size != (size[1], size[0]):
        image = ImageOps.fit(image, (size[1], size[0]), Image.Resampling.BICUBIC)
    pixels = np.asarray(image)
    return pixels[None] if grey else pixels.transpose(2, 0, 1)
