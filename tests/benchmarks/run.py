"""All figures of the program, measured side by side in one run: a table, or with --json one object.

Each measurement runs in a process of its own, so that none warms or burdens another.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
TRAINED = {
    "mlp": "an MLP on digits",
    "lenet": "LeNet-5 on MNIST",
    "googlenet": "googlenet-digits",
    "vgg": "vgg-spoken-digits",
    "transformer": "the Transformer",
}
NODES = (100, 500, 2000, 10000)
MOVEMENTS = {
    "frame": "a frame of all that follows",
    "pan": "a frame of panning",
    "zoom": "a frame of zooming",
    "drag_one": "a frame of dragging one node",
    "drag_hundred": "a frame of dragging a hundred nodes",
    "rubber_band": "a frame of the rubber band",
}
BESIDE = {name: words for name, words in MOVEMENTS.items() if name != "frame"}
RATIOS = {"used": "ms", "ratio": "×"}
LIMITS: dict[str, tuple[float | None, str]] = {
    "epoch_ratio": (1.02, "×"),
    "lateness_p99": (16.0, "ms"),
    "check_50": (5.0, "ms"),
    "check_200": (16.0, "ms"),
    "check_1000": (80.0, "ms"),
    "check_googlenet": (16.0, "ms"),
    "check_densenet121": (16.0, "ms"),
    "costs_200": (16.0, "ms"),
    "read_densenet121": (500.0, "ms"),
    "write_densenet121": (100.0, "ms"),
    "startup_ratio": (3.0, "×"),
    **{
        f"{name}_{nodes}": (limit, "ms")
        for nodes, limit in ((100, 8.0), (500, 8.0), (2000, 8.0), (10000, 16.0))
        for name in MOVEMENTS
    },
    **{f"{name}_{nodes}_used": (None, "ms") for nodes in NODES for name in MOVEMENTS},
    **{f"bare_{nodes}": (None, "ms") for nodes in NODES},
    **{f"bare_{nodes}_used": (None, "ms") for nodes in NODES},
    "open_200_used": (None, "ms"),
    "memory_200": (20.0, "kB"),
    "open_2000": (500.0, "ms"),
    "open_2000_used": (None, "ms"),
    "undo_2000": (100.0, "ms"),
    "undo_2000_used": (None, "ms"),
    "memory_2000": (20.0, "kB"),
    **{f"beside_{name}_200_{kind}": (None, unit) for name in BESIDE for kind, unit in RATIOS.items()},
    "beside_open_200_used": (None, "ms"),
    "beside_open_200_ratio": (None, "×"),
    "beside_memory_200": (None, "kB"),
    "beside_memory_200_ratio": (None, "×"),
    **{f"{name}_samples": (None, "a second") for name in TRAINED},
    **{f"{name}_hand_ratio": (1.02, "×") for name in TRAINED},
    **{f"{name}_loader_ratio": (1.0, "×") for name in TRAINED},
    **{f"{name}_lateness": (16.0, "ms") for name in TRAINED},
}
WORDS = {
    "epoch_ratio": "an epoch in the window's thread against a plain loop",
    "lateness_p99": "lateness of the window's events while training, p99",
    "check_50": "check after one edit, 50 layers",
    "check_200": "check after one edit, 200 layers",
    "check_1000": "check after one edit, 1,000 layers",
    "check_googlenet": "check after one edit, a width in the middle of GoogLeNet",
    "check_densenet121": "check after one edit, a width in the middle of DenseNet-121",
    "costs_200": "costs after one edit, 200 layers, once the shapes are shown",
    "read_densenet121": "reading the source of DenseNet-121 for the first time",
    "write_densenet121": "writing it again, the plan included",
    "startup_ratio": "time to a window one can click against a bare Qt window",
    **{
        f"{name}_{nodes}": f"{words}, {nodes:,} nodes, p95"
        for nodes in NODES
        for name, words in MOVEMENTS.items()
    },
    **{
        f"{name}_{nodes}_used": f"{words}, {nodes:,} nodes: time of the processor, p95"
        for nodes in NODES
        for name, words in MOVEMENTS.items()
    },
    **{f"bare_{nodes}": f"for comparison: zooming {nodes:,} plain rectangles, p95" for nodes in NODES},
    **{f"bare_{nodes}_used": f"the processor's time of that, {nodes:,}, p95" for nodes in NODES},
    "open_200_used": "the processor's time of opening a project of 200 nodes",
    "memory_200": "memory for a node, of 200",
    "open_2000": "opening a project of 2,000 nodes, to the painted canvas",
    "open_2000_used": "the processor's time of that",
    "undo_2000": "undoing that all 2,000 were deleted, to the painted canvas",
    "undo_2000_used": "the processor's time of that",
    "memory_2000": "memory for a node, of 2,000",
    **{
        f"beside_{name}_200_used": f"NodeGraphQt: {words}, 200 nodes: time of the processor, p95"
        for name, words in BESIDE.items()
    },
    **{f"beside_{name}_200_ratio": "that against ours in the same process" for name in BESIDE},
    "beside_open_200_used": "NodeGraphQt: loading a session of 200 nodes: time of the processor",
    "beside_open_200_ratio": "that against ours",
    "beside_memory_200": "NodeGraphQt: memory for a node, of 200",
    "beside_memory_200_ratio": "that against ours",
    **{f"{name}_samples": f"{words}: samples the engine learns from" for name, words in TRAINED.items()},
    **{
        f"{name}_hand_ratio": f"{words}: time of a step against a loop by hand, data in memory"
        for name, words in TRAINED.items()
    },
    **{
        f"{name}_loader_ratio": f"{words}: time of a step against the usual script with a DataLoader"
        for name, words in TRAINED.items()
    },
    **{
        f"{name}_lateness": f"{words}: lateness of the window's events while it trains, p99"
        for name, words in TRAINED.items()
    },
}
PARTS = (
    "import window_training; found = window_training.measure()",
    "import checks; found = {f'check_{n}': checks.measure(n) for n in (50, 200, 1000)}",
    "import checks; found = {f'check_{n}': checks.measure_example(n) for n in checks.EXAMPLES}",
    "import costs; found = {'costs_200': costs.measure(200)}",
    "import scripts; found = scripts.measure()",
    "import startup; ours, bare, torch = startup.measure(); assert not torch; found = {'startup_ratio': ours / bare}",
    *(f"import frames; found = frames.measure({n})" for n in NODES),
    *(f"import opening; found = opening.measure({n})" for n in (200, 2000)),
    "import beside; found = beside.measure(200)",
    *(f"import training; found = training.measure({name!r})" for name in TRAINED),
    *(f"import lateness; found = lateness.measure({name!r})" for name in TRAINED),
)


def measured(part: str) -> dict[str, float]:
    """The figures of one part."""
    code = f"{part}; import json; print(json.dumps(found))"
    path = [str(HERE), str(HERE.parents[1])]
    code = f"import sys; sys.path[:0] = {path!r}; {code}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{part}\n{done.stderr}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> int:
    """Measures all; gives 1 where a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    chosen = parser.parse_args()
    found: dict[str, float] = {}
    for part in PARTS:
        found |= measured(part)
    for name, unit in (("open", "_used"), ("memory", "")):
        if f"beside_{name}_200{unit}" in found:  # where NodeGraphQt is installed
            found[f"beside_{name}_200_ratio"] = found[f"beside_{name}_200{unit}"] / found[f"{name}_200{unit}"]
    rows = {
        name: {"value": found[name], "limit": limit, "unit": unit}
        for name, (limit, unit) in LIMITS.items()
        if name in found or not name.startswith("beside_")
    }
    if chosen.json:
        print(json.dumps(rows))
    else:
        print("| what | measured | limit |\n|---|---|---|")
        for name, row in rows.items():
            limit = "" if row["limit"] is None else f"≤ {row['limit']:g} {row['unit']}"
            print(f"| {WORDS[name]} | {row['value']:.2f} {row['unit']} | {limit} |")
    return int(any(row["limit"] is not None and row["value"] > row["limit"] for row in rows.values()))


if __name__ == "__main__":
    sys.exit(main())
