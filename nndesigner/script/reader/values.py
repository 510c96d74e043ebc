"""What the names of a source stand for while it is read: numbers that know where they come from, layers, tensors.

Plain Python values (text, lists, …) stand for themselves.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nndesigner.script.reader.sheet import Sheet


class Unreadable(Exception):
    """What is not understood, and in which line; its text is meant for people. `raises` is the exception that Python
    itself would raise there, if it would.
    """

    def __init__(self, message: str, line: int = 0, raises: str = "") -> None:
        super().__init__(message)
        self.message, self.line, self.raises = message, line, raises


_FOLLOWS = re.compile(r"(line (\d+): )+")


def because(message: str, line: int) -> str:
    """Why something is not known: what was said of a line, or of the line that says why that is so."""
    return message if _FOLLOWS.match(message) else f"line {line}: {message}"


def cause(message: str) -> tuple[int, str]:
    """The line a reason is to be looked for in, 0 for the one it is said of, and the reason itself."""
    found = _FOLLOWS.match(message)
    return (int(found[2]), message[found.end() :]) if found else (0, message)


class Returned(Exception):
    """`return`, on its way out of a function."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value: Any = value


class Number(int):
    """A whole number that knows how it is computed from the arguments (`text`) of the constructor of its `owner`, or
    of which axis of which tensor it is the size (`axis`).
    """

    text: str
    axis: "tuple[Tensor, int] | None"
    owner: "Instance | None"

    def __new__(  # noqa: D102
        cls,
        value: int,
        text: str = "",
        owner: "Instance | None" = None,
        axis: "tuple[Tensor, int] | None" = None,
    ) -> "Number":
        made = super().__new__(cls, value)
        made.text, made.axis, made.owner = text, axis, owner
        return made


@dataclass(frozen=True)
class Library:
    """A module of Python or NumPy of which some functions are known."""

    name: str


@dataclass(eq=False)
class Unknown:
    """A value that could not be read; whoever needs it learns why."""

    reason: str


@dataclass(eq=False)
class Weight(Unknown):
    """A weight of a layer of torch: only where it lies and of which dtype it is can be asked, and whether it is that of
    a `layer` under this `name`.
    """

    layer: Any = None
    name: str = ""


@dataclass(eq=False)
class Count(Unknown):
    """How many weights there are, or what is computed of that: told to people, and else of no use before it is drawn."""


@dataclass(eq=False)
class Tensor:
    """What flows while `forward` is followed: the output of a node on a sheet. A change in place moves it on.

    `zeros` says that it is a constant of zeros. `kin` are the tensors that share its memory, as views do; one of them
    changed in its place makes the others `stale`, which says why they can't be used any more.
    """

    sheet: "Sheet"
    place: tuple[str, str]
    zeros: bool = False
    stale: str = ""
    kin: "list[Tensor]" = field(default_factory=list)

    def views(self, other: "Tensor") -> None:
        """Notes that this is a view of another."""
        if not other.kin:
            other.kin.append(other)
        self.kin = other.kin
        self.kin.append(self)

    def change(self, after: "Tensor") -> None:
        """Moves it on to what it is after a change in its place."""
        self.place = after.place
        for one in self.kin:
            if one is not self:
                one.stale = (
                    "a tensor is used after a view of it was changed in its place, which can't be drawn"
                )


@dataclass(eq=False)
class Constant:
    """A tensor that is known without any input, such as `torch.zeros(1, 8)`, until it is drawn: a function of torch
    that fills it, its shape and a factor, and what is done to it then, each as a function of the tensor so far.

    One of zeros of which every other column is set has those as `columns`, by the column that is first.
    """

    init: str
    shape: tuple[int, ...]
    scale: float = 1.0
    after: "tuple[Callable[[Any], Any], ...]" = ()
    columns: dict[int, Any] = field(default_factory=dict)

    def then(self, work: "Callable[[Any], Any]") -> "Constant":
        """It with something more done to it."""
        return Constant(self.init, self.shape, self.scale, (*self.after, work), self.columns)


@dataclass(eq=False)
class Thing:
    """Something a network holds: it knows where, so that its node gets that name."""

    line: int = 0
    owner: "Thing | None" = None
    name: str = ""
    notes: dict[str, Any] = field(default_factory=dict, kw_only=True)  # what a source notes on it beside

    def held(self, owner: "Thing", name: str) -> None:
        """Notes by whom it is held, and as what; the first counts."""
        if self.owner is None and owner is not self:
            self.owner, self.name = owner, name

    def path(self, root: "Thing | None") -> str:
        """Its name as seen from `root`: the attributes on the way, joined by _; its own where `root` does not hold it."""
        words: list[str] = []
        one: Thing = self
        while one.owner is not None and one is not root and len(words) < 20:
            words.append(one.name)
            one = one.owner
        if root is not None and one is not root and self.name.isidentifier():
            return self.name
        return "_".join(reversed(words))


@dataclass(eq=False)
class Layer(Thing):
    """A layer of torch: its kind, the params a node stores, and the arguments that follow from shapes as written."""

    kind: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    followed: Mapping[str, Any] = field(default_factory=dict)
    inplace: bool = False
    frozen: bool = False


@dataclass(eq=False)
class Operation(Thing):
    """What stands among layers and holds no weights: when it is called, it is drawn as what it does."""

    work: Callable[..., Any] = field(default=lambda *_: None)


@dataclass(eq=False)
class Held(Thing):
    """A parameter or a buffer of a network."""

    kind: str = "Parameter"
    constant: Constant = field(default_factory=lambda: Constant("zeros", ()))
    frozen: bool = False


@dataclass(eq=False)
class Container(Thing):
    """An `nn.Sequential`, `nn.ModuleList` or `nn.ModuleDict`: layers by name."""

    sort: str = "Sequential"
    items: dict[str, Any] = field(default_factory=dict)

    def put(self, name: str, value: Any) -> None:
        """With this layer too."""
        self.items[name] = value
        if isinstance(value, Thing):
            value.held(self, name)


@dataclass(eq=False)
class Instance(Thing):
    """An object of a class of the source: its attributes, and the arguments it was constructed with.

    One of a class that derives from a container or a layer of torch has that as its `inside`. `arguments` are all it was
    constructed with.
    """

    cls: "Class" = None  # type: ignore[assignment]
    attributes: dict[str, Any] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)
    inside: "Container | Layer | None" = None
    frozen: bool = False
    arguments: tuple[tuple[Any, ...], Mapping[str, Any]] = ((), {})

    def put(self, name: str, value: Any) -> None:
        """With this attribute."""
        self.attributes[name] = value
        if isinstance(value, Thing):
            value.held(self, name)


@dataclass(eq=False)
class Class:
    """A class of the source. `bases` are its bases: classes, names of torch, or what is not known."""

    name: str
    node: ast.ClassDef
    scope: "Scope"
    bases: list[Any]
    body: dict[str, Any] = field(default_factory=dict)

    def lineage(self) -> "Iterator[Class]":
        """It and the classes of the source it derives from, nearest first."""
        open_, seen = [self], set[int]()
        while open_:
            one = open_.pop(0)
            if id(one) in seen:
                continue
            seen.add(id(one))
            yield one
            open_ += [base for base in one.bases if isinstance(base, Class)]

    def find(self, name: str, after: "Class | None" = None) -> Any:
        """What its body, or that of a base, calls so; `after` begins behind that class. None where nobody does."""
        found = list(self.lineage())
        start = found.index(after) + 1 if after in found else 0
        for one in found[start:]:
            if name in one.body:
                return one.body[name]
        return None

    @property
    def torch_base(self) -> str:
        """The class of torch it derives from in the end, such as `torch.nn.Module`, or nothing."""
        for one in self.lineage():
            for base in one.bases:
                if isinstance(base, Torch):
                    return base.name
        return ""

    @property
    def is_network(self) -> bool:
        """Whether its objects are modules."""
        return self.torch_base.startswith("torch.nn.")


@dataclass(eq=False)
class Function:
    """A function of the source, with the scope it closes over; a method also has whom it is `bound` to."""

    node: ast.FunctionDef | ast.Lambda
    scope: "Scope"
    bound: Any = None
    cls: Class | None = None
    decorators: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What it is called."""
        return "lambda" if isinstance(self.node, ast.Lambda) else self.node.name


@dataclass(frozen=True)
class Torch:
    """A name of torch, in full: `torch.nn.functional.relu`."""

    name: str


@dataclass(frozen=True)
class Known:
    """A function of Python that may be called: what it does is written in this program."""

    name: str
    call: Callable[..., Any] = field(compare=False)


@dataclass(eq=False)
class Bound:
    """A method of a value, not yet called."""

    value: Any
    name: str


@dataclass(eq=False)
class Super:
    """`super()` in a method of an object."""

    instance: Instance
    cls: Class


@dataclass(eq=False)
class Partial:
    """`functools.partial`: what is called, and with what already."""

    function: Any
    args: tuple[Any, ...]
    keywords: dict[str, Any]


class Training:
    """`self.training`: neither true nor false for who reads."""


TRAINING = Training()


@dataclass(eq=False)
class Scope:
    """Names and what they stand for; what is not here is looked for in the `parent`."""

    names: dict[str, Any] = field(default_factory=dict)
    parent: "Scope | None" = None
    outer: frozenset[str] = frozenset()

    def get(self, name: str) -> Any:
        """What a name stands for; raises `KeyError`."""
        one: Scope | None = self
        while one is not None:
            if name in one.names:
                return one.names[name]
            one = one.parent
        raise KeyError(name)


def what(found: Any) -> str:
    """A value in words."""
    match found:
        case Tensor() | Held() | Constant():
            return "a tensor"
        case Layer():
            return f"a layer {found.kind}"
        case Container():
            return f"an nn.{found.sort}"
        case Instance():
            return f"an object of {found.cls.name}"
        case Class():
            return f"the class {found.name}"
        case Function() | Known():
            return f"the function {found.name}"
        case Torch():
            return found.name
        case Unknown():
            return "what is not known"
        case str() | int() | float() | None:
            return f"{found!r:.40}"
        case Thing():
            return "a layer"
    return f"a {type(found).__name__}"
