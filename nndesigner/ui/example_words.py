"""What each example is for, in which part of the list it stands, and what it reached where that was measured."""

from PySide6.QtCore import QCoreApplication

SECTIONS = ("Trains in seconds", "Designs people know", "On real data")

# Its section, what it is for, and what was reached on two processor cores: README, "On real data", and each as it is set.
_KNOWN = {
    "digits": (0, "Tells ten handwritten digits apart", "99 % in 20 s"),
    "digits-mlp": (0, "With fully connected layers alone", ""),
    "digits-residual": (0, "A way round layers, added to them", ""),
    "digits-inception": (0, "Windows of several sizes side by side", ""),
    "autoencoder": (0, "Squeezes a picture through 16 numbers", ""),
    "digits-autoencoder": (0, "Squeezes a digit into 12 numbers", ""),
    "vae": (0, "Draws digits nobody wrote", ""),
    "lstm-classifier": (0, "Reads a picture row by row, as a sequence", ""),
    "breast-cancer": (0, "Tells tumours apart by 30 measurements", ""),
    "lenet5": (1, "The convolutional network of 1998", ""),
    "alexnet": (1, "Won ImageNet in 2012", ""),
    "vgg16": (1, "Thirteen convolutions of 3×3 in a row", ""),
    "googlenet": (1, "Inception blocks with heads at the side", ""),
    "resnet18": (1, "Residual blocks, 18 layers deep", ""),
    "resnet50": (1, "Residual blocks with narrow middles", ""),
    "densenet121": (1, "Each layer sees all that came before it", ""),
    "mobilenetv2": (1, "Small enough for a phone", ""),
    "unet": (1, "Says of every pixel what it belongs to", ""),
    "googlenet-digits": (2, "Handwritten digits of MNIST", "99.7 % in 16 min"),
    "vgg-spoken-digits": (2, "Hears which digit is spoken", "100 % in 4 min"),
    "char-gpt": (2, "Goes on writing, letter by letter", ""),
    "transformer-translation": (2, "Translates English into French", "99.6 % in 6 min"),
}


def sections() -> tuple[str, ...]:
    """All heads, in order."""
    return tuple(map(_said, SECTIONS))


def section_of(name: str) -> str:
    """The head under which an example stands."""
    known = _KNOWN.get(name)
    return _said(SECTIONS[known[0]] if known else "More")


def purpose_of(name: str) -> str:
    """What an example is for, or nothing."""
    return _said(_KNOWN[name][1]) if name in _KNOWN else ""


def reached_by(name: str) -> str:
    """What it reached, and in which time, or nothing."""
    return _KNOWN[name][2] if name in _KNOWN else ""


def _said(words: str) -> str:
    return QCoreApplication.translate("Examples", words)
