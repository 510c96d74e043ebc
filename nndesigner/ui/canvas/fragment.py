"""A part of a network as text for the clipboard: the text of a project that holds just that part."""

from nndesigner.graph import Block, Graph
from nndesigner.nnd import ProjectError, from_text, to_text
from nndesigner.project import Project

LONGEST = 20_000_000


def fragment_to_text(project: Project, part: Graph) -> str:
    """The text of this part, with the blocks and the layers of one's own that it uses."""
    blocks = _used_blocks(project, part)
    kinds = {
        node.kind
        for graph in (part, *(block.graph for block in blocks.values()))
        for node in graph.nodes.values()
    }
    code = {name: code for name, code in project.code.items() if name in kinds}
    return to_text(Project(part, blocks, code=code))


def fragment_from_text(text: str) -> Project | None:
    """The part a text holds, with what it uses; None for any other text."""
    if len(text) > LONGEST or not text.lstrip().startswith("{"):
        return None
    try:
        return from_text(text)
    except ProjectError:
        return None


def fragment_problem(text: str) -> str:
    """Why a text that is meant as a part of a network is none, as after a slip in an editor; "" for any other text."""
    if len(text) > LONGEST or not text.lstrip().startswith("{") or '"nndesigner"' not in text:
        return ""
    try:
        from_text(text)
    except ProjectError as error:
        return str(error)
    return ""


def _used_blocks(project: Project, part: Graph) -> dict[str, Block]:
    wanted = [node.kind for node in part.nodes.values()]
    used: dict[str, Block] = {}
    while wanted:
        name = wanted.pop()
        if name in project.blocks and name not in used:
            used[name] = project.blocks[name]
            wanted.extend(node.kind for node in project.blocks[name].graph.nodes.values())
    return used
