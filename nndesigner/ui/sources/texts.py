"""What can be seen of a source without reading it: whether it may hold a network, where its classes begin."""

import re

LONGEST = 1_000_000  # characters
_NETWORK = re.compile(
    r"^[ \t]*class[ \t]+\w+[ \t]*\([^\n)]*Module\b|\b(?:nn\.)?Sequential[ \t]*\(|^[ \t]*class[ \t]+\w+[ \t]*\([^\n)]*nn\.",
    re.MULTILINE,
)
_CLASS = re.compile(r"^class[ \t]+(\w+)", re.MULTILINE)
_SIZES = re.compile(r"\d+(?:\s*[×x*,]\s*\d+)*")


def holds_network(text: str) -> bool:
    """Whether a text looks like Python that defines a network."""
    return len(text) <= LONGEST and _NETWORK.search(text) is not None


def lines_of_classes(text: str) -> dict[str, int]:
    """The line, counted from 1, at which each class begins; of two of a name the last, which is the one that counts."""
    return {found[1]: text.count("\n", 0, found.start()) + 1 for found in _CLASS.finditer(text)}


def shapes_in(words: str) -> tuple[tuple[int, ...], ...]:
    """The shapes a person typed, such as `3×224×224`, or several after one another with `;` between them.

    Raises `ValueError` with a sentence for anything else.
    """
    shapes = []
    for part in words.strip().strip(";").split(";"):
        part = part.strip().strip("()[]")
        if not _SIZES.fullmatch(part):
            raise ValueError("A shape is written as 3×224×224; several of them with ; between them")
        sizes = tuple(int(size) for size in re.findall(r"\d+", part))
        if not all(0 < size < 10**6 for size in sizes):
            raise ValueError("A size is a whole number from 1 to 999999")
        shapes.append(sizes)
    return tuple(shapes)


def words_of(shapes: tuple[tuple[int, ...], ...]) -> str:
    """Shapes as a person types them."""
    return "; ".join("×".join(map(str, shape)) for shape in shapes)
