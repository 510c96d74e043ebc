"""The blocks a person keeps for all projects, one file each in a folder of their own.

A file of the library is a project in which nothing is drawn and that has the block, the blocks it uses and the layers of
one's own in them; so it has the schema, the versions and the checks of the project file. What it holds of Python stays
text until the person trusts it, as in any project.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import platformdirs

from nndesigner import blocks, catalogue, files, nnd
from nndesigner.blocks import block_named
from nndesigner.catalogue.kind import Kind
from nndesigner.graph import Block, Code, Graph, GraphError, Node
from nndesigner.project import Project, block_kind

_LARGEST = 2**20  # bytes
_LONGEST = 64


_MARK = "library:"  # before the name of a block that is not of the project, where both can be picked


class LibraryError(ValueError):
    """A block that can't be kept or had; its text is meant for people."""


def folder() -> Path:
    """Where the files are."""
    return Path(platformdirs.user_data_dir("nndesigner", appauthor=False)) / "blocks"


def name_problem(name: str) -> str | None:
    """Why no block of the library can be called so, as a sentence; None if one can."""
    try:
        Block(name, Graph())
    except GraphError as error:
        return str(error)
    if name in catalogue.BY_NAME:
        return f"{name!r} is a layer of torch; give the block another name"
    if files.is_device(name) or len(name) > _LONGEST:
        return f"a file can't be called {name[:80]!r} on every computer; give the block another name"
    return None


def marked(name: str) -> str:
    """The name by which a block of the library is picked, so that it is no other's."""
    return _MARK + name


def is_marked(name: str) -> bool:
    """Whether a block of the library is meant."""
    return name.startswith(_MARK)


def plain(name: str) -> str:
    """How what is picked by this name is called."""
    return name.removeprefix(_MARK)


def kind_of(kept: Project) -> Kind:
    """A block of the library as a kind to be picked."""
    block = kept.blocks[kept.title]
    count = len(block.graph.nodes)
    others = [name for name in (*kept.blocks, *kept.code) if name != kept.title]
    sentence = f"A block of your library: a network of {count} nodes used as a layer."
    if others:
        sentence += f" It brings {', '.join(others[:4])}{', …' if len(others) > 4 else ''} along."
    return replace(block_kind(block), name=marked(kept.title), sentence=sentence, synonyms="library kept")


def names() -> tuple[str, ...]:
    """The names of all blocks that are kept, in order; none where there is no library yet."""
    try:
        found = sorted(one.stem for one in folder().glob(f"*{nnd.SUFFIX}"))
    except OSError:
        return ()
    return tuple(name for name in found if name_problem(name) is None)


def find(name: str) -> Project | None:
    """What is kept under that name, None if nothing is; raises `LibraryError` where its file is broken."""
    if name_problem(name):
        return None
    path = folder() / f"{name}{nnd.SUFFIX}"
    try:
        if path.stat().st_size > _LARGEST:
            raise LibraryError(f"{path} is larger than a block may be: expected at most {_LARGEST:,} bytes")
        return _checked(nnd.from_text(path.read_bytes()), name)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise LibraryError(f"{path} can't be read: {error.strerror or error}") from None
    except (nnd.ProjectError, GraphError, RecursionError) as error:
        raise LibraryError(f"{path} is no block of the library: {error}") from None


def read() -> tuple[dict[str, Project], tuple[str, ...]]:
    """All that is kept, by name; and a sentence for each file that is broken."""
    found: dict[str, Project] = {}
    broken = []
    for name in names():
        try:
            kept = find(name)
        except LibraryError as error:
            broken.append(str(error))
            continue
        if kept is not None:
            found[name] = kept
    return found, tuple(broken)


def kept_of(project: Project, block: str, name: str = "") -> Project:
    """What the library keeps of a block: itself, called `name`, and all it uses. Raises `GraphError`."""
    names = [block, *_used(project, block)]
    kept = Project(
        blocks={one: block_named(project, one) for one in names if one in project.blocks},
        code={one: project.code[one] for one in names if one in project.code},
        title=name or block,
    )
    return blocks.renamed(kept, block, name) if name and name != block else kept


def put(kept: Project) -> bool:
    """Keeps what `kept_of` gave; tells whether it was not there yet.

    Raises `LibraryError` where another block is kept under its name or it can't be kept, `OSError` where it can't be written.
    """
    name = kept.title
    if problem := name_problem(name):
        raise LibraryError(problem)
    for other in names():
        if other.casefold() == name.casefold():
            if other == name and _same(find(name), kept):
                return False
            raise LibraryError(
                f"the library has another block named {other!r}; choose another name, or remove that one first"
            )
    text = nnd.to_text(_checked(kept, name)).encode()
    if len(text) > _LARGEST:
        raise LibraryError(f"{name} is larger than a block of the library may be: {len(text):,} bytes")
    path = folder() / f"{name}{nnd.SUFFIX}"
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write(path, text)
    return True


def rename(old: str, new: str) -> Project:
    """Keeps a block under another name; gives it. Raises `LibraryError` and `OSError`."""
    kept = find(old)
    if kept is None:
        raise LibraryError(f"there is no block {old!r} in the library")
    if old == new:
        return kept
    try:
        moved = replace(blocks.renamed(kept, old, new), title=new)
    except GraphError as error:
        raise LibraryError(str(error)) from None
    if old.casefold() == new.casefold():
        remove(old)
    put(moved)
    remove(old)
    return moved


def remove(name: str) -> bool:
    """Forgets a block; projects that have it keep it. False if there was none. Raises `OSError`."""
    if name not in names():
        return False
    (folder() / f"{name}{nnd.SUFFIX}").unlink()
    return True


def brought(project: Project, kept: Project) -> tuple[Project, str]:
    """With a block of the library and all it uses, and the name the block has here.

    What the project has already is used again, even if it lies otherwise; what is called like something else gets a
    free name. Raises `GraphError` where it can't be.
    """
    named: dict[str, str] = {}
    for code in kept.code.values():
        for one in _free_codes(code):
            if project.code.get(one.name) == one:
                break
            if not _is_taken(project, one.name):
                project = project.with_code(one)
                break
        named[code.name] = one.name
    for name in _inner_first(kept):
        block = _with_kinds(kept.blocks[name], named)
        for free in _numbered(name):
            known = project.blocks.get(free)
            if known is not None and _alike(known, block):
                break
            if not _is_taken(project, free):
                project = project.with_block(replace(block, name=free))
                break
        named[name] = free
    return project, named[kept.title]


def has(project: Project, kept: Project) -> bool:
    """Whether a project has a block of the library as it is, under its name."""
    try:
        there, name = brought(project, kept)
    except GraphError:
        return False
    return there is project and name == kept.title


def _checked(kept: Project, name: str) -> Project:
    """`kept` itself; raises `GraphError` where it is not one block and what it uses."""
    if kept.title != name or name not in kept.blocks:
        raise GraphError(f"expected the block {name}, got {kept.title[:80] or 'none'}")
    more = {*kept.blocks, *kept.code} - {name, *_used(kept, name)}
    if more or kept.graph.nodes or kept.data:
        raise GraphError(f"expected the block {name} and what it uses, got more")
    ends = {node.kind for node in kept.blocks[name].graph.nodes.values()}
    if not ends & {"Input", "Output"}:
        raise GraphError(f"{name} has no input and no output, so it can't be used as a layer")
    return kept


def _used(project: Project, block: str) -> tuple[str, ...]:
    """The blocks and layers of one's own that a block uses, directly or not."""
    found: dict[str, None] = {}
    open_ = [block]
    while open_:
        for node in block_named(project, open_.pop()).graph.nodes.values():
            if node.kind in found or node.kind == block:
                continue
            if node.kind in project.blocks:
                open_.append(node.kind)
            if node.kind in project.blocks or node.kind in project.code:
                found[node.kind] = None
    return tuple(found)


def _inner_first(kept: Project) -> Iterator[str]:
    """The names of the blocks, each after those it uses."""
    seen: set[str] = set()
    open_ = [(name, False) for name in [*kept.blocks][::-1]]
    while open_:
        name, entered = open_.pop()
        if entered:
            yield name
        elif name not in seen:
            seen.add(name)
            open_.append((name, True))
            kinds = {node.kind for node in kept.blocks[name].graph.nodes.values()}
            open_ += [(one, False) for one in kept.blocks if one in kinds]


def _is_taken(project: Project, name: str) -> bool:
    return name in project.blocks or name in project.code or name in catalogue.BY_NAME


def _numbered(name: str) -> Iterator[str]:
    """A name, and then others like it."""
    stem = name.rstrip("0123456789") or name
    yield name
    number = int(name[len(stem) :] or 1)
    while True:
        number += 1
        yield f"{stem}{number}"


def _free_codes(code: Code) -> Iterator[Code]:
    for name in _numbered(code.name):
        yield Code(name, re.sub(rf"\b{code.name}\b", name, code.text))


def _with_kinds(block: Block, named: Mapping[str, str]) -> Block:
    """The block with other names of what its nodes are."""
    nodes = {
        name: replace(node, kind=named[node.kind]) if named.get(node.kind, node.kind) != node.kind else node
        for name, node in block.graph.nodes.items()
    }
    return replace(block, graph=replace(block.graph, nodes=nodes))


def _alike(one: Block, other: Block) -> bool:
    """Whether two blocks compute the same in the same way, however they are called and wherever their nodes lie."""
    return (
        one.params == other.params
        and list(one.params) == list(other.params)
        and one.graph.edges == other.graph.edges
        and list(map(_unplaced, one.graph.nodes.values())) == list(map(_unplaced, other.graph.nodes.values()))
    )


def _unplaced(node: Node) -> Node:
    return replace(node, position=(0.0, 0.0))


def _same(one: Project | None, other: Project) -> bool:
    return one is not None and (one.blocks, one.code) == (other.blocks, other.code)
