"""A whole project comes into another as one of its blocks."""

from nndesigner.blocks.naming import ENDS, free_block_name
from nndesigner.graph import Block, GraphError
from nndesigner.project import Project


def adopted(project: Project, other: Project, stem: str) -> tuple[Project, str]:
    """With the network of another project as a block, and the name of that block, which is `stem` where it is free.

    Raises `GraphError` where the other network has data or losses, no way in or out, or brings a block or a layer
    that is called like one of this project and is not the same.
    """
    _check(other, stem)
    for name, block in other.blocks.items():
        if project.blocks.get(name, block) != block:
            raise GraphError(f"there is another block named {name!r} already; rename one of them")
        project = project.with_block(block)
    for name, code in other.code.items():
        if project.code.get(name, code) != code:
            raise GraphError(f"there is another layer of your own named {name!r} already; rename one of them")
        project = project.with_code(code)
    block = Block(stem, other.graph)
    if project.blocks.get(stem) == block:
        return project, stem
    name = free_block_name(project, stem)
    return project.with_block(Block(name, other.graph)), name


def _check(other: Project, stem: str) -> None:
    kinds = [other.kind_of(node) for node in other.graph.nodes.values()]
    roles = {kind.role for kind in kinds if kind is not None}
    if roles & {"data", "loss"}:
        raise GraphError(
            f"{stem} has data or losses of its own, which stand in no block; open it as a project"
        )
    if not {node.kind for node in other.graph.nodes.values()}.issuperset(ENDS):
        raise GraphError(f"{stem} has no input or no output, so that it can't be a block")
