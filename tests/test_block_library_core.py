"""Blocks kept for all projects: found again, brought into others, and read only as what they may be; one use made unique."""

import json
from dataclasses import replace
from pathlib import Path

import platformdirs
import pytest

from nndesigner import blocks, cli, library, nnd
from nndesigner.graph import Block, Code, Edge, Graph, GraphError, Node
from nndesigner.library import LibraryError
from nndesigner.project import Project
from tests.conftest import residual_digits

OWN = Code(
    "Twice",
    "from torch import nn\n\n\nclass Twice(nn.Module):\n    def forward(self, x):\n        return x\n",
)


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(platformdirs, "user_data_dir", lambda *_, **__: str(tmp_path / "person"))
    return tmp_path / "person" / "blocks"


def with_own() -> Project:
    """A block that uses a block that uses a layer of one's own."""
    inner = Graph.of(
        [Node("a", "Input"), Node("scale1", "Twice"), Node("b", "Output")],
        [Edge("a", "output", "scale1", "x"), Edge("scale1", "output", "b", "input")],
    )
    outer = Graph.of(
        [Node("a", "Input"), Node("inner1", "Inner"), Node("b", "Output")],
        [Edge("a", "output", "inner1", "a"), Edge("inner1", "b", "b", "input")],
    )
    return Project().with_code(OWN).with_block(Block("Inner", inner)).with_block(Block("Outer", outer))


def keep(project: Project, block: str, name: str = "") -> Project:
    kept = library.kept_of(project, block, name)
    library.put(kept)
    return kept


def test_a_block_is_found_again_with_all_it_uses_and_nothing_else() -> None:
    project = residual_digits().with_code(OWN)
    keep(project, "Pair")
    assert library.names() == ("Pair",)
    found = library.find("Pair")
    assert found is not None
    assert found.blocks == {name: project.blocks[name] for name in ("Residual", "Pair")}
    assert found.code == {} and not found.graph.nodes


def test_source_of_ones_own_goes_along_as_text() -> None:
    keep(with_own(), "Outer")
    found = library.find("Outer")
    assert found is not None and found.code == {"Twice": OWN}
    assert found.trusted == frozenset()


def test_kept_under_another_name_it_is_that_block() -> None:
    keep(residual_digits(), "Residual", "Skip")
    found = library.find("Skip")
    assert found is not None and found.blocks["Skip"].graph == residual_digits().blocks["Residual"].graph


def test_what_is_kept_already_is_no_clash_and_another_is() -> None:
    kept = library.kept_of(residual_digits(), "Residual")
    assert library.put(kept) is True
    assert library.put(kept) is False
    block = kept.blocks["Residual"]
    other = kept.with_block(replace(block, params={"width": 5}))
    with pytest.raises(LibraryError, match="another block named 'Residual'"):
        library.put(other)


@pytest.mark.parametrize("name", ["../evil", "lower", "Conv2d", "Con", "A" * 65, "two words"])
def test_a_name_that_can_be_no_file_and_no_class_is_refused(name: str, shelf: Path) -> None:
    kept = library.kept_of(residual_digits(), "Residual")
    with pytest.raises(LibraryError):
        library.put(replace(kept, title=name))
    assert library.find(name) is None and not shelf.exists()


def test_renamed_and_removed() -> None:
    keep(with_own(), "Outer")
    library.rename("Outer", "Whole")
    assert library.names() == ("Whole",)
    found = library.find("Whole")
    assert found is not None and set(found.blocks) == {"Inner", "Whole"}
    assert library.remove("Whole") is True and library.remove("Whole") is False
    assert library.names() == ()


def test_brought_into_an_empty_project_it_is_what_it_was() -> None:
    kept = keep(with_own(), "Outer")
    project, name = library.brought(Project(), kept)
    assert name == "Outer"
    assert project.blocks == kept.blocks and project.code == kept.code


def test_brought_twice_it_is_there_once_even_if_it_lies_otherwise() -> None:
    kept = keep(with_own(), "Outer")
    project, _ = library.brought(Project(), kept)
    moved = project.blocks["Outer"]
    project = project.with_block(replace(moved, graph=moved.graph.move({"inner1": (99.0, 7.0)})))
    again, name = library.brought(project, kept)
    assert (again, name) == (project, "Outer")


def test_what_is_called_alike_and_is_something_else_stays_and_the_new_one_gets_a_free_name() -> None:
    kept = keep(with_own(), "Outer")
    plain = blocks.with_new_block(Project(), "Inner")
    plain = blocks.with_new_block(plain, "Outer").with_code(replace(OWN, text=OWN.text + "\n# mine\n"))
    project, name = library.brought(plain, kept)
    assert name == "Outer2"
    assert project.blocks["Outer"] == plain.blocks["Outer"] and project.code["Twice"] == plain.code["Twice"]
    assert project.blocks["Outer2"].graph.nodes["inner1"].kind == "Inner2"
    assert project.blocks["Inner2"].graph.nodes["scale1"].kind == "Twice2"
    assert "class Twice2(nn.Module)" in project.code["Twice2"].text
    assert library.brought(project, kept) == (project, "Outer2")


def changed(shelf: Path, change: object) -> str:
    """What is told when the file of a block was changed so."""
    keep(with_own(), "Outer")
    path = shelf / "Outer.nnd"
    if callable(change):
        content = json.loads(path.read_text())
        change(content)
        path.write_text(json.dumps(content))
    else:
        path.write_bytes(change)  # type: ignore[arg-type]
    found, broken = library.read()
    assert found == {} and len(broken) == 1
    with pytest.raises(LibraryError):
        library.find("Outer")
    return broken[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (b"", "empty"),
        (b"\x80\x04pickle", "Outer.nnd is no block of the library"),
        (b"[" * 100_000, "is no block of the library"),
        (b'{"format": "nndesigner", "version": 99}', "newer"),
        (lambda c: c.update(title="Other"), "expected the block Outer, got Other"),
        (lambda c: c["blocks"].pop(), "expected the block Outer"),
        (lambda c: c["blocks"].append({**c["blocks"][0], "name": "More"}), "got more"),
        (lambda c: c["graph"]["nodes"].append({"name": "fc", "kind": "Linear"}), "got more"),
        (lambda c: c.update(run="os.system"), "unknown field"),
        (lambda c: c["blocks"][0]["graph"]["nodes"][1].update(kind="Outer"), "contain itself"),
        (b" " * (2 * 2**20), "larger than a block may be"),
    ],
)
def test_a_broken_or_hostile_file_is_refused_in_a_sentence(change: object, words: str, shelf: Path) -> None:
    assert words in changed(shelf, change)


def test_a_broken_file_leaves_the_others_to_be_had(shelf: Path) -> None:
    keep(residual_digits(), "Residual")
    (shelf / "Bad.nnd").write_text("{")
    (shelf / "lost+found.nnd").write_text("{")
    found, broken = library.read()
    assert set(found) == {"Residual"} and len(broken) == 1


def test_one_use_made_unique_leaves_the_others_and_computes_the_same() -> None:
    project = residual_digits()
    parted, copy = blocks.parted(project, "", "res2")
    assert copy == "Residual2"
    assert parted.graph.nodes["res2"].kind == "Residual2" and parted.graph.nodes["res1"].kind == "Residual"
    assert parted.blocks["Residual2"].graph == project.blocks["Residual"].graph
    assert parted.blocks["Pair"] == project.blocks["Pair"]
    with pytest.raises(GraphError, match="only use of Residual2"):
        blocks.parted(parted, "", "res2")


def test_what_shares_its_weights_goes_along() -> None:
    project = residual_digits()
    graph = project.graph
    shared = replace(project, graph=graph.replace_node(replace(graph.nodes["res2"], shares="res1")))
    parted, copy = blocks.parted(shared, "", "res2")
    assert {parted.graph.nodes[name].kind for name in ("res1", "res2")} == {copy}


def test_a_layer_is_unique_already() -> None:
    with pytest.raises(GraphError, match="no block"):
        blocks.parted(residual_digits(), "", "head")


def test_the_library_without_a_window(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "digits.nnd"
    nnd.save(residual_digits(), path)
    assert cli.main(["blocks", "add", str(path), "Pair", "--name", "Double"]) == 0
    assert cli.main(["blocks", "rename", "Double", "Two"]) == 0
    capsys.readouterr()
    assert cli.main(["blocks", "list", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)["blocks"]
    assert told == {
        "name": "Two", "nodes": 3, "inputs": ["a"], "outputs": ["b"], "params": {"size": 3},
        "uses": ["Residual"], "own_layers": [],
    }  # fmt: skip
    assert cli.main(["blocks", "remove", "Two"]) == 0
    assert cli.main(["blocks", "remove", "Two"]) == 2
    assert cli.main(["blocks", "add", str(path), "None"]) == 2
