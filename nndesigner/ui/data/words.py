"""What is said of data sets in the window: sizes, parts, fields, and the names of what can be set."""

from PySide6.QtCore import QCoreApplication

from nndesigner.catalogue.data import DataSet, Field
from nndesigner.ui.figures import thousands

# Which of a data set's params prepare it; the others vary it while training.
PREPARING = ("normalize", "seconds", "mels", "frames", "window", "tokens", "vocabulary", "length")


def _said(text: str) -> str:
    return QCoreApplication.translate("Data", text)


def labels() -> dict[str, str]:
    """How the params of data sets are called in a form."""
    return {
        "dataset": _said("Data set"),
        "normalize": _said("Normalize"),
        "seconds": _said("Length in seconds"),
        "mels": _said("Bands of pitch"),
        "frames": _said("Moments"),
        "window": _said("Samples a moment"),
        "tokens": _said("Divided into"),
        "vocabulary": _said("Vocabulary"),
        "length": _said("Tokens of a text"),
        "noise": _said("Noise"),
        "shift": _said("Shift, pixels"),
        "rotate": _said("Rotate, degrees"),
        "scale": _said("Scale, fraction"),
        "shear": _said("Shear, degrees"),
        "flip": _said("Flip left to right"),
        "crop": _said("Crop, pixels around"),
        "time_shift": _said("Shift in time, fraction"),
        "time_mask": _said("Mask moments, up to"),
        "frequency_mask": _said("Mask bands, up to"),
    }


def part_name(part: str) -> str:
    """How a part of the data is called."""
    names = {
        "train": _said("training"),
        "validation": _said("validation"),
        "test": _said("test"),
    }
    return names.get(part, part)


def parts_of(data_set: DataSet) -> str:
    """The parts a data set comes divided into; nothing where it comes whole."""
    given = [
        (part, data_set.parts[part]) for part in ("train", "validation", "test") if part in data_set.parts
    ]
    return " · ".join(f"{thousands(count)} {part_name(part)}" for part, count in given)


def field_words(one: Field) -> str:
    """What a field holds, in a few words."""
    if one.sort == "label":
        return _said("{} classes").format(thousands(one.type.classes or 0))
    if one.sort == "sound":
        return _said("a recording")
    if one.sort in ("text", "pair"):
        return _said("a text")
    if one.sort == "corpus":
        return _said("a long text")
    if not one.sizes or one.sizes == (1,):
        return _said("a number")
    if len(one.sizes) == 1:
        return _said("{} numbers").format(thousands(one.sizes[0]))
    return "×".join(map(str, one.sizes))
