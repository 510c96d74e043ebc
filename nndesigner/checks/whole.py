"""What is to be said of a whole network, beyond its single nodes."""

from nndesigner.problem import Problem
from nndesigner.project import Project


def advice(project: Project) -> list[Problem]:
    """What is not wrong yet but will be missed: parts that nothing uses, a network without an end."""
    graph = project.graph
    if not graph.nodes:
        return []
    kinds = {name: project.kind_of(node) for name, node in graph.nodes.items()}
    roles = {name: kind.role if kind else "" for name, kind in kinds.items()}
    found = []
    ends = [name for name, role in roles.items() if role in ("output", "loss")]
    sources = [name for name, role in roles.items() if role == "data"]
    if len(sources) > 1:
        found.append(Problem(sources[1], f"{sources[1]} is a second Data node; a network learns from one"))
    if not ends:
        found.append(
            Problem(
                "",
                "The network has no end yet: wire its last layer to an Output, and to a loss",
                severity="warning",
            )
        )
        return found
    used = graph.ancestors(ends)
    for name in graph.nodes:
        if name not in used and roles[name] != "data":
            found.append(
                Problem(name, f"nothing uses {name}: it leads to no Output and no loss", severity="warning")
            )
    if "output" not in roles.values():
        found.append(
            Problem("", "There is no Output: wire the layer that gives the answer to one", severity="warning")
        )
    if "loss" not in roles.values() and sources:
        found.append(
            Problem(
                "",
                "There is no loss, so there is nothing to learn from: add one to train",
                severity="warning",
            )
        )
    return found
