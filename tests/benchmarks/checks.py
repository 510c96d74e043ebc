"""How long a check takes after one edit: the plan of a chain of convolutions with skips, or of an example made of
blocks, one param changed.
"""

import statistics
import time
from collections.abc import Iterator
from dataclasses import replace

from nndesigner import examples
from nndesigner.graph import Edge, Graph, Node
from nndesigner.plan import make
from nndesigner.project import Project

TIMES = 15
_STAGE = 40  # layers until the channels change, as they do in a real network


def project_of(layers: int) -> Project:
    """The digits, `layers` layers of conv, norm, relu and every so often a skip around six of them, ten classes."""
    nodes = [Node("data", "Data", {"dataset": "digits"})]
    edges: list[Edge] = []
    before = ("data", "image")
    skip: tuple[str, str] | None = None

    def put(node: Node, *sources: tuple[str, str]) -> tuple[str, str]:
        ports = ["input"] if len(sources) == 1 else ["input1", "input2"]
        edges.extend(Edge(*source, node.name, port) for source, port in zip(sources, ports, strict=True))
        nodes.append(node)
        return (node.name, "output")

    for number in range(layers - 3):
        width = 16 + 8 * (number // _STAGE % 5)
        match number % 7:
            case 0 | 3:
                conv = {"out_channels": width, "kernel_size": 3, "padding": "same", "bias": False}
                before = put(Node(f"conv{number}", "Conv2d", conv), before)
                skip = before if number % 7 == 0 else skip
            case 1 | 4:
                before = put(Node(f"norm{number}", "BatchNorm2d"), before)
            case 6 if skip and (number - 6) // _STAGE == (number - 3) // _STAGE:
                before = put(Node(f"add{number}", "Add"), skip, before)
            case _:
                before = put(Node(f"relu{number}", "ReLU"), before)
    before = put(Node("pool", "AdaptiveAvgPool2d", {"output_size": 1}), before)
    before = put(Node("flatten", "Flatten"), before)
    before = put(Node("head", "Linear", {"out_features": 10}), before)
    put(Node("digit", "Output"), before)
    nodes.append(Node("loss", "CrossEntropyLoss"))
    edges += [Edge(*before, "loss", "input"), Edge("data", "label", "loss", "target")]
    return Project(Graph.of(nodes, edges))


def measure(layers: int) -> float:
    """Median milliseconds of a check after one param in the middle was edited, the plan before still remembered."""
    project = project_of(layers)
    convolutions = [node for node in project.graph.nodes.values() if node.kind == "Conv2d"]
    middle = convolutions[len(convolutions) // 2]
    return _measured(project, (middle.with_param("dilation", number + 2) for number in range(TIMES)))


# The block in the middle, and a param of it on which the sizes of all that follows depend.
EXAMPLES = {"googlenet": ("inception4c", "three"), "densenet121": ("transition2", "width")}


def measure_example(name: str) -> float:
    """The same for an example: a width in the middle, so that every layer behind it has other sizes."""
    project = examples.load(name)
    node, param = EXAMPLES[name]
    middle = project.graph.nodes[node]
    width = middle.params[param]
    assert isinstance(width, int)
    return _measured(project, (middle.with_param(param, width + number + 1) for number in range(TIMES)))


def _measured(project: Project, edits: Iterator[Node]) -> float:
    assert not make(project).problems
    times = []
    for node in edits:
        edited = project.graph.replace_node(node)
        began = time.perf_counter()
        plan = make(replace(project, graph=edited))
        times.append((time.perf_counter() - began) * 1000)
        assert not plan.problems
    return statistics.median(times)


if __name__ == "__main__":
    for count, limit in ((50, 5), (200, 16), (1000, 80)):
        print(f"{count} layers: {measure(count):.2f} ms, at most {limit}")
    for example in EXAMPLES:
        print(f"{example}: {measure_example(example):.2f} ms, at most 16")
