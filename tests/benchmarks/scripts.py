"""How long it takes to read the source of DenseNet-121 and to write it again, in a process that read something before."""

import statistics
import time
from pathlib import Path

from nndesigner.script import write
from nndesigner.script.reader import Reading, Source, read

SOURCES = Path(__file__).parents[1] / "sources" / "published"
TIMES = 7


def _source(file: str, main: str, *shape: int) -> Source:
    return Source((SOURCES / file).read_text(), file, main, (shape,))


def _read() -> tuple[Reading, float]:
    """DenseNet-121 as it is read, and the milliseconds it took: none of its shapes was ever worked out."""
    read(_source("lenet5.py", "LeNet5", 1, 1, 32, 32))
    source = _source("densenet.py", "densenet121", 1, 3, 224, 224)
    began = time.perf_counter()
    reading = read(source)
    taken = (time.perf_counter() - began) * 1000
    assert not reading.errors
    assert reading.project.graph.nodes
    return reading, taken


def measure() -> dict[str, float]:
    """Milliseconds of the first reading, and the median of writing what was read, its plan made each time."""
    reading, first = _read()
    times = []
    for _ in range(TIMES):
        began = time.perf_counter()
        script = write(reading.project, form="model")
        times.append((time.perf_counter() - began) * 1000)
        assert "class" in script.text
    return {"read_densenet121": first, "write_densenet121": statistics.median(times)}


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name}: {value:.1f} ms")
