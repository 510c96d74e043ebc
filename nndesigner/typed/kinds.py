"""Which kinds a line can speak of, by which words, and in which order their arguments are written."""

import difflib
from collections.abc import Iterable, Sequence

from nndesigner import catalogue
from nndesigner.catalogue.kind import Kind
from nndesigner.code import read
from nndesigner.project import Project, block_kind

_ROLES = ("data", "input", "output", "layer", "loss", "block")
_DIMENSIONS = {"2d": 0, "1d": 1, "3d": 2}
# Arguments that torch takes by name only in practice: our order of them is not torch's.
_BY_NAME_ONLY = {"EmbeddingBag": 2}
_LAST_OF_LOSSES = ("ignore_index", "reduction", "label_smoothing")


def kinds_of(project: Project) -> tuple[Kind, ...]:
    """All that can stand on the canvas: the project's blocks and own layers first, then the catalogue's."""
    own = [kind for kind in map(read, project.code.values()) if isinstance(kind, Kind)]
    blocks = map(block_kind, project.blocks.values())
    hidden = {*project.blocks, *project.code}
    listed = (kind for kind in catalogue.KINDS if kind.role in _ROLES and kind.name not in hidden)
    return (*blocks, *own, *listed)


def dimension(kind: Kind) -> int:
    """Where it stands among kinds that differ in their dimensions only: the most used one first."""
    return _DIMENSIONS.get(kind.name[-2:], 0)


def kind_called(kinds: Sequence[Kind], word: str) -> Kind | None:
    """The kind of that name, in capitals or not, or without its dimensions (`conv`), or else with that synonym."""
    wanted = word.casefold()
    for same in (
        lambda kind: kind.name == word,
        lambda kind: kind.name.casefold() == wanted,
        lambda kind: wanted in (kind.name_stem.casefold(), _stem(kind.name).casefold()),
        lambda kind: wanted in kind.synonyms.casefold().split(),
    ):
        if found := [kind for kind in kinds if same(kind)]:
            return min(found, key=dimension)
    return None


def near_names(kinds: Iterable[Kind], word: str) -> list[str]:
    """The names that a misspelled word may have meant, likeliest first."""
    names = {kind.name.casefold(): kind.name for kind in kinds}
    return [names[one] for one in difflib.get_close_matches(word.casefold(), names, 2, 0.6)]


def positional(kind: Kind, torch_order: bool = False) -> tuple[str, ...]:
    """The arguments that may be written without their names, in order.

    In `torch_order`, as in a line of PyTorch (`nn.Conv2d(3, 32, 5)`), those that follow from the shape come first.
    """
    names = [param.name for param in kind.params if param.passed not in ("call", "wrapped")]
    if kind.role == "loss":
        names.sort(key=lambda name: _LAST_OF_LOSSES.index(name) if name in _LAST_OF_LOSSES else -1)
    if kind.family == "convolution" and "output_padding" not in names:
        names.insert(names.index("padding") + 1, names.pop(names.index("dilation")))
    names = names[: _BY_NAME_ONLY.get(kind.name, len(names))]
    follows = [one.argument for one in kind.follows if not one.unless] if torch_order else []
    return (*follows, *names)


def _stem(name: str) -> str:
    return name[:-2] if name.endswith(tuple(_DIMENSIONS)) else name
