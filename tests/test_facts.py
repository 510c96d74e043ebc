"""What the pictures of the examples show is what their plans say. Written anew with NNDESIGNER_WRITE=1."""

import json
import os

from nndesigner import examples, plan, resources


def worked_out() -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for name in examples.names():
        project = examples.load(name)
        made = plan.make(project)
        sizes: dict[str, list[int]] = {}
        for (node, _), given in made.types.items():
            if node in project.graph.nodes:
                sizes.setdefault(node, list(given.at(1)[1:] if given.batched else given.sizes))
        found[name] = {"parameters": made.parameters, "sizes": sizes}
    return found


def test_the_facts_of_every_example_are_those_of_its_plan() -> None:
    found = worked_out()
    path = resources.folder("examples") / examples.FACTS
    if os.environ.get("NNDESIGNER_WRITE"):
        lines = (f"{json.dumps(name)}: {json.dumps(facts)}" for name, facts in found.items())
        path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    assert json.loads(path.read_text("utf-8")) == found
    facts = examples.facts("digits")
    assert facts is not None
    assert (facts.parameters, facts.sizes["pool1"]) == (29_258, (64, 4, 4))
    assert examples.facts("no example") is None
