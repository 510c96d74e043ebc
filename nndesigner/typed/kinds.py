"""Which kinds a line can speak of, by which words, and in which order their arguments are written."""

import difflib
import functools
from collections.abc import Iterable, Mapping, Sequence

from nndesigner import catalogue, library
from nndesigner.catalogue.kind import Kind
from nndesigner.code import read
from nndesigner.project import Project, block_kind

SHARED = "library"  # before the name of a block of the library that is to be no other: `library.Residual`
_ROLES = ("data", "input", "output", "layer", "loss", "block")
_LISTED = tuple(kind for kind in catalogue.KINDS if kind.role in _ROLES)
_DIMENSIONS = {"2d": 0, "1d": 1, "3d": 2}
# Arguments that torch takes by name only in practice: our order of them is not torch's.
_BY_NAME_ONLY = {"EmbeddingBag": 2}
_LAST_OF_LOSSES = ("ignore_index", "reduction", "label_smoothing")


def kinds_of(project: Project) -> tuple[Kind, ...]:
    """All that can stand on the canvas: the project's blocks and own layers first, then the catalogue's."""
    if not project.blocks and not project.code:
        return _LISTED
    own = [kind for kind in map(read, project.code.values()) if isinstance(kind, Kind)]
    blocks = map(block_kind, project.blocks.values())
    hidden = {*project.blocks, *project.code}
    return (*blocks, *own, *(kind for kind in _LISTED if kind.name not in hidden))


def dimension(kind: Kind) -> int:
    """Where it stands among kinds that differ in their dimensions only: the most used one first."""
    return _DIMENSIONS.get(kind.name[-2:], 0)


class Calls:
    """By which words kinds are called: by name, in capitals or not, without its dimensions (`conv`), or by a synonym.

    `names` has the kind that goes by each name: what the project or the catalogue has goes before what is `shared`, the
    blocks of the library.
    """

    def __init__(self, kinds: Sequence[Kind], shared: Iterable[Kind] = ()) -> None:
        self.shared = {library.plain(kind.name): kind for kind in shared}
        self.kinds = (*kinds, *self.shared.values())
        self.names = {library.plain(kind.name): kind for kind in reversed(self.kinds)}
        ways: tuple[dict[str, Kind], ...] = ({}, {}, {})
        for kind in sorted(self.kinds, key=dimension):
            name = library.plain(kind.name)
            stems = (kind.name_stem.casefold(), _stem(name).casefold())
            synonyms = [] if library.is_marked(kind.name) else kind.synonyms.casefold().split()
            for way, words in zip(ways, ((name.casefold(),), stems, synonyms), strict=True):
                for word in words:
                    way.setdefault(word, kind)
        self._ways = ways

    def called(self, word: str) -> Kind | None:
        """The kind that is called so."""
        wanted = word.casefold()
        found = (way[wanted] for way in self._ways if wanted in way)
        return self.names.get(word) or next(found, None)

    def called_in_library(self, word: str) -> Kind | None:
        """The block of the library that is called so."""
        same = (kind for name, kind in self.shared.items() if name.casefold() == word.casefold())
        return self.shared.get(word) or next(same, None)


def calls_of(project: Project, kept: Mapping[str, Project] | None = None) -> Calls:
    """How the kinds of a project are called, and the blocks `kept` in the library."""
    kinds = kinds_of(project)
    if kinds is _LISTED and not kept:
        return _listed_calls()
    return Calls(kinds, map(library.kind_of, (kept or {}).values()))


@functools.cache
def _listed_calls() -> Calls:
    return Calls(_LISTED)


def near_names(names: Iterable[str], word: str) -> list[str]:
    """Those that a misspelled word may have meant, likeliest first."""
    folded = {name.casefold(): name for name in names}
    return [folded[one] for one in difflib.get_close_matches(word.casefold(), folded, 2, 0.6)]


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
