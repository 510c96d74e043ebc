"""Edits of the layers of one's own in a project."""

from dataclasses import replace

from nndesigner.code import defined
from nndesigner.graph import Code, Graph
from nndesigner.project import Project

TEMPLATE = '''import torch
from torch import nn


class {name}(nn.Module):
    """Scales its input by a learned number."""

    def __init__(self, start: float = 1.0):
        super().__init__()
        self.scale = nn.Parameter(torch.tensor(start))

    def forward(self, x):
        return self.scale * x
'''


def fresh(project: Project, stem: str = "Own") -> Code:
    """A layer to begin with, under a name that is free."""
    number = 1
    while f"{stem}{number}" in {*project.code, *project.blocks}:
        number += 1
    name = f"{stem}{number}"
    return Code(name, TEMPLATE.format(name=name))


def recoded(project: Project, name: str, text: str) -> tuple[Code, Project]:
    """With another text for a layer; where the text gives it another name, so do all its nodes.

    Raises `GraphError` for a name that is taken.
    """
    code = Code(_named(name, text), text)
    if code.name == name:
        return code, project.with_code(code)

    def renamed(graph: Graph) -> Graph:
        for node in [node for node in graph.nodes.values() if node.kind == name]:
            graph = graph.replace_node(replace(node, kind=code.name))
        return graph

    rest = replace(project, code={key: value for key, value in project.code.items() if key != name})
    changed = rest.with_code(code)
    blocks = {key: replace(block, graph=renamed(block.graph)) for key, block in changed.blocks.items()}
    return code, replace(changed, graph=renamed(changed.graph), blocks=blocks)


def removed(project: Project, name: str) -> Project:
    """Without a layer of one's own; its nodes stay, of a kind that is not known."""
    return replace(project, code={key: value for key, value in project.code.items() if key != name})


def _named(name: str, text: str) -> str:
    """The name a text gives its layer: as before, or that of the one class or function in it."""
    try:
        names = defined(Code(name, text), callables=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return name
    return next(iter(names)) if len(names) == 1 and name not in names else name
