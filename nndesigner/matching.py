"""Which tensor of a file belongs to which of a network, by name and shape.

A drawing has no containers: what a script calls `features.0.weight` is `features_0.weight` here, and a layer that had only
a number in its container is called after its kind and that number, `conv0`. So names are compared as they are first, then
with dots and underscores alike, then with the number alone, then without what only the drawing has: the one layer that a
class of its own is made of, or the number of a name that was taken. Two that could both be meant are left alone.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, replace

Shape = tuple[int, ...]
_NUMBERED = re.compile(r"[A-Za-z_]+?(\d+)")
_AGAIN = re.compile(r"_[2-9](?=\.)")
_WRAPPED = "_orig_mod"  # what torch.compile puts a network into
_PARALLEL = "module."  # and what runs it on several devices, or averages it


@dataclass(frozen=True, slots=True)
class Misfit:
    """Two that have the same name, and not the same shape."""

    name: str
    found: str
    wanted_shape: Shape
    found_shape: Shape

    def __str__(self) -> str:
        return f"{self.name} is {shape_words(self.wanted_shape)}, in the file {shape_words(self.found_shape)}"


@dataclass(frozen=True, slots=True)
class Match:
    """What fits: `pairs` of a name in the network and one in the file, in the network's order.

    `missing` are names of the network that nothing was found for, `unexpected` names of the file nobody wants.
    """

    pairs: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()
    misfits: tuple[Misfit, ...] = ()

    @property
    def wanted(self) -> int:
        """How many the network wants."""
        return len(self.pairs) + len(self.missing) + len(self.misfits)

    @property
    def is_whole(self) -> bool:
        """Whether the network gets all it wants."""
        return not self.missing and not self.misfits

    def __str__(self) -> str:
        return f"{len(self.pairs):,} of {self.wanted:,} fit"


def shape_words(shape: Shape) -> str:
    """A shape in words: `64×3×7×7`."""
    return "×".join(map(str, shape)) or "one number"


def match(
    wanted: Mapping[str, Shape],
    found: Mapping[str, Shape],
    by_order: bool = False,
    constants: Set[str] = frozenset(),
) -> Match:
    """What of `found` fits what is `wanted`, both by name and in order.

    With `by_order`, what the names leave over is matched in order, up to the first two shapes that differ. Names among the
    `constants` have their value from the drawing: they are not missing where nothing is found for them.
    """
    work = _Matching(wanted, found)
    work.by_name(lambda own, other: own == other, lambda name: name)
    work.by_name(lambda own, other: _parts(own) == _parts(other), _parts)
    work.by_name(_numbered_alike, _numbers)
    work.by_name(_alike_within, _ending)
    work.by_name(_alike_again, _ending)
    if by_order:
        work.by_order()
    found_all = work.result()
    return replace(found_all, missing=tuple(name for name in found_all.missing if name not in constants))


class _Matching:
    """What is matched already, and what is left."""

    def __init__(self, wanted: Mapping[str, Shape], found: Mapping[str, Shape]) -> None:
        self.wanted, self.found = wanted, found
        self.names = _common(wanted, _unwrapped(found), found)  # of the file's, as they are compared
        self.pairs: dict[str, str] = {}
        self.misfits: dict[str, str] = {}
        self.left = dict.fromkeys(found)

    def by_name(self, alike: Callable[[str, str], bool], key: Callable[[str], object]) -> None:
        """Matches what is alike by name. The `key` of two that are alike is the same."""
        groups: dict[object, list[str]] = {}
        for name in self.left:
            groups.setdefault(key(self.names[name]), []).append(name)
        named = {
            own: [one for one in groups.get(key(own), ()) if alike(own, self.names[one])]
            for own in self._open()
        }
        fitting = {
            own: [one for one in several if self.found[one] == self.wanted[own]]
            for own, several in named.items()
        }
        self.pairs |= (matched := _mutual(fitting))
        taken = set(matched.values())
        # A name that no other could be meant by, but with another shape: it is told, and not used for anything else.
        rest = {own: [one for one in several if one not in taken] for own, several in named.items()}
        free = {own: several for own, several in rest.items() if own not in matched and not fitting[own]}
        self.misfits |= (misfits := _mutual(free))
        for name in (*matched.values(), *misfits.values()):
            self.left.pop(name, None)

    def by_order(self) -> None:
        """Matches what is left in order, as long as shapes agree."""
        for own, name in zip(list(self._open()), list(self.left), strict=False):
            if self.wanted[own] != self.found[name]:
                break
            self.pairs[own] = name
            del self.left[name]

    def result(self) -> Match:
        """What came of it."""
        return Match(
            tuple((own, self.pairs[own]) for own in self.wanted if own in self.pairs),
            tuple(self._open()),
            tuple(self.left),
            tuple(
                Misfit(own, name, self.wanted[own], self.found[name]) for own, name in self.misfits.items()
            ),
        )

    def _open(self) -> Iterable[str]:
        return (own for own in self.wanted if own not in self.pairs and own not in self.misfits)


def _mutual(candidates: Mapping[str, list[str]]) -> dict[str, str]:
    """Those that have one candidate, which is that of no other."""
    counts: dict[str, int] = {}
    for several in candidates.values():
        for name in several:
            counts[name] = counts.get(name, 0) + 1
    return {
        own: several[0]
        for own, several in candidates.items()
        if len(several) == 1 and counts[several[0]] == 1
    }


def _parts(name: str) -> tuple[str, ...]:
    """A name in parts, whatever parts it."""
    return tuple(part for part in re.split(r"[._]", name) if part)


def _ending(name: str) -> str:
    return _parts(name)[-1] if _parts(name) else ""


def _numbers(name: str) -> tuple[str, ...]:
    return (*re.findall(r"\d+", name), _ending(name))


def _numbered_alike(own: str, other: str) -> bool:
    """Whether they are the same where the file has the number alone of what is `conv0` here."""

    def fits(segments: list[str], parts: tuple[str, ...]) -> bool:
        if not segments:
            return not parts
        first, rest = _parts(segments[0]), segments[1:]
        if parts[: len(first)] == first and fits(rest, parts[len(first) :]):
            return True
        numbered = _NUMBERED.fullmatch(segments[0])
        return bool(numbered and parts and numbered[1] == parts[0] and fits(rest, parts[1:]))

    return fits(own.split("."), _parts(other))


def _alike_within(own: str, other: str) -> bool:
    """Whether they are the same but for one layer here that the file does not name: what a class of its own consists of."""
    segments = own.split(".")
    return any(
        _parts(".".join(segments[:place] + segments[place + 1 :])) == _parts(other)
        for place in range(1, len(segments) - 1)
    )


def _alike_again(own: str, other: str) -> bool:
    """Whether they are the same but for a number that a layer got here because its name was taken."""
    return _parts(_AGAIN.sub("", own)) == _parts(other)


def _unwrapped(found: Iterable[str]) -> dict[str, str]:
    """The names without what compiling and running in parallel put around a network; as they were where two would clash."""
    plain: dict[str, str] = {}
    for name in found:
        short = ".".join(part for part in name.split(".") if part != _WRAPPED)
        while short.startswith(_PARALLEL):
            short = short.removeprefix(_PARALLEL)
        plain[name] = short
    return plain if len(set(plain.values())) == len(plain) else {name: name for name in plain}


def _common(
    wanted: Mapping[str, Shape], names: Mapping[str, str], found: Mapping[str, Shape]
) -> dict[str, str]:
    """The names without what stands before all of them that fit, as `model.` does, or with what stands before the own ones.

    Taken is what makes the most names fit; where two would do so equally well, none.
    """
    own = {(_parts(name), shape) for name, shape in wanted.items()}
    parts = {name: _parts(plain) for name, plain in names.items()}

    def hits(change: Callable[[tuple[str, ...]], tuple[str, ...]]) -> int:
        return sum((change(several), found[name]) in own for name, several in parts.items())

    best, most, tied = "", hits(lambda several: several), False
    chosen: tuple[str, tuple[str, ...]] = ("", ())
    choices = [("without", lead, count) for lead, count in _leads(names.values())]
    choices += [("with", lead, count) for lead, count in _leads(wanted)]
    for way, lead, count in sorted(choices, key=lambda choice: -choice[2]):
        if count < most:
            break
        change = _without(_parts(lead)) if way == "without" else _with(_parts(lead))
        number = hits(change)
        if number > most:
            best, most, tied, chosen = lead, number, False, (way, _parts(lead))
        elif number == most and best:
            tied = True
    if tied or not best:
        return dict(names)
    change = _without(chosen[1]) if chosen[0] == "without" else _with(chosen[1])
    return {name: ".".join(change(several)) for name, several in parts.items()}


def _leads(names: Iterable[str]) -> list[tuple[str, int]]:
    """What names begin with, one or two parts of them, and how many do."""
    counts: dict[str, int] = {}
    for name in names:
        parts = name.split(".")
        for length in range(1, min(3, len(parts))):
            lead = ".".join(parts[:length])
            counts[lead] = counts.get(lead, 0) + 1
    return list(counts.items())


def _without(lead: tuple[str, ...]) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    return lambda parts: parts[len(lead) :] if parts[: len(lead)] == lead else parts


def _with(lead: tuple[str, ...]) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    return lambda parts: (*lead, *parts)
