"""How long the costs take after one edit: those of a chain of convolutions with skips, one param changed."""

import statistics
import time
from dataclasses import replace

from checks import TIMES, project_of

from nndesigner.costs import costs
from nndesigner.plan import make


def measure(layers: int) -> float:
    """Median milliseconds for all costs after one param in the middle was edited, the costs before still remembered."""
    project = project_of(layers)
    batch = project.training.batch_size
    assert costs(make(project), batch).whole.flops
    convolutions = [node for node in project.graph.nodes.values() if node.kind == "Conv2d"]
    node = convolutions[len(convolutions) // 2]
    times = []
    for number in range(TIMES):
        edited = project.graph.replace_node(node.with_param("dilation", number + 2))
        plan = make(replace(project, graph=edited))
        began = time.perf_counter()
        found = costs(plan, batch)
        times.append((time.perf_counter() - began) * 1000)
        assert found.whole.flops
    return statistics.median(times)


if __name__ == "__main__":
    for count, limit in ((50, 5), (200, 10), (1000, 50)):
        print(f"{count} layers: {measure(count):.2f} ms, at most {limit}")
