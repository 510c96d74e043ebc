"""Every kind of layer as ONNX, compared with torch by ONNX Runtime; those that can't be expressed are refused in words."""

import json
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from nndesigner import apart, catalogue, cli, nnd
from nndesigner.catalogue.kind import Kind
from nndesigner.graph import Graph, Node
from nndesigner.project import Project
from nndesigner.script import formats
from tests.conftest import wired
from tests.sampling import sampled
from tests.test_kinds import LAYERS, named, project_of

pytestmark = pytest.mark.skipif(find_spec("onnxruntime") is None, reason="ONNX Runtime is not installed")

# All kinds that ONNX can't express, as the export says it, and why that is so.
REFUSED = {
    # It draws where its windows lie, also in evaluation mode, and ONNX pools in fixed windows only.
    "FractionalMaxPool2d": "it has nothing like torch's fractional_max_pool2d",
    "FractionalMaxPool3d": "it has nothing like torch's fractional_max_pool3d",
}
# Spelled with other operations than torch's own, see `script.respelled`; and what has no input at all.
SPECIAL = ("RReLU", "Cumprod", "Parameter")


@pytest.fixture(scope="module", autouse=True)
def processes() -> Iterator[None]:
    """The process that writes stands ready for all tests here, and ends with them."""
    apart.begin(nice=0)
    yield
    apart.stop()


@pytest.mark.parametrize("kind", sampled([kind for kind in LAYERS if kind.name not in REFUSED], 3), ids=named)
def test_every_kind_computes_in_onnx_what_it_computes_in_torch(kind: Kind, tmp_path: Path) -> None:
    assert_alike(project_of(kind), tmp_path)


@pytest.mark.parametrize("name", SPECIAL)
def test_what_torch_does_not_write_is_written_otherwise(name: str, tmp_path: Path) -> None:
    assert_alike(project_of(catalogue.BY_NAME[name]), tmp_path)


def assert_alike(project: Project, folder: Path) -> None:
    """Its ONNX computes what torch computes, for any number of samples."""
    made = formats.export(project, folder / "network.onnx", "onnx")
    assert made.proof is not None and made.proof.verified
    assert made.proof.max_difference < 1e-4
    assert made.proof.words.endswith("on batches of 1 and 5") == any(
        node.kind == "Input" for node in project.graph.nodes.values()
    )


@pytest.mark.parametrize("mask", sampled([(3, 6, 6), (6, 6)], 1))
def test_attention_without_heads_keeps_its_mask(mask: tuple[int, ...], tmp_path: Path) -> None:
    words = Node("words", "Input", {"shape": (6, 8)})
    if len(mask) == 2:
        later, wires = [Node("later", "CausalMask")], ["words > later", "later > allowed"]
        allowed = Node("allowed", "Not")
    else:
        later, wires = [], []
        allowed = Node("allowed", "Input", {"shape": (6, 6)})  # numbers that are added
    nodes = [words, *later, allowed, Node("looked", "scaled_dot_product_attention"), Node("out", "Output")]
    ports = ("query", "key", "value")
    wires += [*(f"words > looked.{port}" for port in ports), "allowed > looked.attn_mask", "looked > out"]
    made = formats.export(Project(Graph.of(nodes, wired(*wires))), tmp_path / "network.onnx", "onnx")
    assert made.proof is not None and made.proof.verified, made.proof


@pytest.mark.parametrize("name", sampled(list(REFUSED), 1))
def test_what_onnx_lacks_is_refused_with_its_layer_and_leaves_no_file(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nnd.save(project_of(catalogue.BY_NAME[name]), tmp_path / "drawn.nnd")
    out = tmp_path / "network.onnx"
    assert cli.main(["export", str(tmp_path / "drawn.nnd"), "-o", str(out), "--json"]) == 1
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert re.fullmatch(f"layer can't be expressed in ONNX: {REFUSED[name]}", found["error"])
    assert [one.name for one in tmp_path.iterdir()] == ["drawn.nnd"]
