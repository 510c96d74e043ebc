import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nndesigner import examples, files, nnd, resources
from nndesigner.data.adding import look_at
from nndesigner.expression import Expression
from nndesigner.graph import Block, Edge, Frame, Graph, GraphError, Node, Note
from nndesigner.nnd import ProjectError, from_text, to_text
from nndesigner.project import Choice, Project, Training
from tests.conftest import residual_digits, small_digits, wired

NAMES = st.from_regex(r"[a-z]{2,6}[0-9]{1,3}", fullmatch=True)
PLAIN = (
    st.none()
    | st.booleans()
    | st.integers(-(2**50), 2**50)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
VALUES = st.recursive(
    PLAIN | st.sampled_from(["width * 2", "a + 1"]).map(Expression),
    lambda inner: st.lists(inner, max_size=3).map(tuple),
)
NODES = st.builds(
    Node,
    NAMES,
    st.sampled_from(["Conv2d", "ReLU", "Add", "Unheard", "Data"]),
    st.dictionaries(NAMES, VALUES, max_size=3),
    st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)),
    st.booleans(),
    st.booleans(),
    st.integers(1, 9),
    st.none(),
    st.sampled_from([0.1, 1.0, 2.5]),
)
TRAININGS = st.builds(
    Training,
    st.just(Choice("SGD", {"lr": 0.5})),
    st.none() | st.just(Choice("StepLR", {"step_size": 3})),
    epochs=st.integers(1, 500),
    split=st.sampled_from(["given", "random", "stratified", "grouped"]),
    steps=st.integers(0, 1000),
    minutes=st.floats(0, 100),
    accumulate=st.integers(1, 9),
    clip=st.floats(0, 10),
    patience=st.integers(0, 9),
    average=st.floats(0, 0.999),
    device=st.sampled_from(["auto", "cpu", "cuda"]),
    precision=st.sampled_from(["fp32", "bf16", "fp16"]),
    channels_last=st.booleans(),
    compile=st.booleans(),
)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    nodes = draw(st.lists(NODES, max_size=6, unique_by=lambda node: node.name))
    edges = {}
    for first, second in draw(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=8)):
        if first < second < len(nodes):
            port = draw(st.sampled_from(["input", "input1", "input2"]))
            edges[nodes[second].name, port] = Edge(nodes[first].name, "output", nodes[second].name, port)
    notes = draw(st.lists(st.builds(Note, st.text()), max_size=2))
    return Graph.of(nodes, edges.values(), notes)


@given(graphs(), graphs(), st.text(max_size=20), TRAININGS)
def test_what_was_written_is_read_back_equal(
    main: Graph, inside: Graph, title: str, training: Training
) -> None:
    before = Project(main, {}, training, title).with_block(Block("Inside", inside, {"width": 4}))
    text = to_text(before)
    assert from_text(text) == before
    assert to_text(from_text(text)) == text


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(ProjectError) as error:
        from_text(data)
    assert "\n" not in str(error.value) and len(str(error.value)) > 10


@given(st.integers(0, 5000))
def test_a_file_that_is_cut_off_is_told_with_its_last_line(length: int) -> None:
    text = to_text(small_digits())
    cut = text[: min(length, len(text) - 3)]
    with pytest.raises(ProjectError, match=r"cut off: it ends in line|empty|no nndesigner project"):
        from_text(cut)


def test_the_file_has_one_node_and_one_wire_a_line() -> None:
    lines = to_text(small_digits()).splitlines()
    for name in small_digits().graph.nodes:
        assert sum(f'"name": "{name}"' in line for line in lines) == 1
    assert sum('"relu1", "output", "pool1", "input"' in line for line in lines) == 1


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"version": 4', '"version": 5', "newer nndesigner"),
        ('"format": "nndesigner"', '"format": "other"', "no nndesigner project"),
        ('"epochs": 2', '"epochs": "two"', "training.epochs"),
        ('"epochs": 2', '"epochs": 0', "epochs is a whole number from 1"),
        ('"validation": 0.1', '"validation": 0.9', "less than 5 %"),
        ('"name": "conv1"', '"name": "class"', r"graph.nodes\[1\]"),
        ('"kind": "Conv2d"', '"kind": 5', r"graph.nodes\[1\].kind"),
        ('"position": [0.0, 0.0]', '"position": [0.0]', "position"),
        (
            '"out_channels": 8',
            '"out_channels": {"=": "os.system()"}',
            r"graph.nodes\[1\].params.out_channels",
        ),
        ('["conv1", "output", "relu1", "input"]', '["conv1", "output", "ghost", "input"]', "ghost"),
        ('["conv1", "output", "relu1", "input"]', '["conv1", "output", "relu1"]', r"graph.edges\["),
        ('"title": "Small digits"', '"title": "Small digits", "extra": 1', "extra"),
        ("{", "[", "line 1|no nndesigner|line"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(old: str, new: str, expected: str) -> None:
    text = to_text(small_digits())
    assert old in text
    with pytest.raises(ProjectError, match=expected):
        from_text(text.replace(old, new, 1))


def test_an_unknown_layer_is_kept_with_all_it_had_and_saved_unharmed() -> None:
    text = to_text(small_digits()).replace(
        '"kind": "ReLU"', '"kind": "FutureLayer", "params": {"curve": {"points": [1, [2, 3]]}, "on": true}'
    )
    assert to_text(from_text(text)) == text


def _unfused(project: Project) -> Project:
    """As it was before an optimizer could be fused."""
    optimizer = project.training.optimizer
    params = {name: value for name, value in optimizer.params.items() if name != "fused"}
    return replace(project, training=replace(project.training, optimizer=replace(optimizer, params=params)))


def test_a_file_of_version_2_is_the_same_project(tmp_path: Path) -> None:
    """The file as version 0.1 of the program wrote it, before data sets of one's own."""
    old = nnd.load(Path(__file__).parent / "golden" / "version-2.nnd")
    assert old == _unfused(examples.load("digits"))
    assert '"version": 4' in to_text(old)


def test_a_file_of_version_3_is_the_same_project() -> None:
    """The file as it was written before there were frames."""
    old = nnd.load(Path(__file__).parent / "golden" / "version-3.nnd")
    note = Note("Both ways learn the same.", (320.0, 40.0), (184.0, 64.0))
    project = _unfused(residual_digits())
    assert old == replace(project, graph=replace(project.graph, notes=(note,)))
    assert '"version": 4' in to_text(old)


def test_frames_are_in_the_file_and_one_of_another_colour_is_refused() -> None:
    frame = Frame("Encoder", (-16.0, 80.0), (240.0, 320.0), "violet")
    project = small_digits()
    framed = replace(project, graph=replace(project.graph, frames=(frame,)))
    assert from_text(to_text(framed)) == framed
    with pytest.raises(ProjectError, match="not 'pink'"):
        from_text(to_text(framed).replace('"violet"', '"pink"'))


def test_a_data_set_of_ones_own_is_in_the_file(tmp_path: Path) -> None:
    rows = "\n".join(f"{number},{number * 2 % 7},{'ab'[number % 2]}" for number in range(40))
    (tmp_path / "rows.csv").write_text(f"x,y,kind\n{rows}\n")
    data_set = look_at(tmp_path / "rows.csv", "rows").data_set
    project = small_digits()
    project = replace(project, graph=project.graph.remove([])).with_data(data_set).learning_from("rows")
    text = to_text(project)
    assert from_text(text) == project
    assert from_text(text).data["rows"] == data_set
    evil = text.replace("own.load_table", "os.system")
    with pytest.raises(ProjectError, match=r"at data\[0\]"):
        from_text(evil)


def test_another_data_set_keeps_what_is_set_of_the_preparation() -> None:
    project = small_digits()
    node = project.graph.nodes["data"].with_param("shift", 1.5)
    project = replace(project, graph=project.graph.replace_node(node))
    assert project.learning_from("mnist").data_node().params == {"dataset": "mnist", "shift": 1.5}
    assert project.learning_from("iris").data_node().params == {"dataset": "iris"}


def test_a_block_can_not_contain_itself_or_hide_a_layer() -> None:
    inner = Graph.of([Node("a", "Input"), Node("b", "Outer")])
    holder = Project().with_block(Block("Inner", inner))
    with pytest.raises(GraphError, match="contain itself"):
        holder.with_block(Block("Outer", Graph.of([Node("c", "Inner")])))
    with pytest.raises(GraphError, match="layer of torch"):
        Project().with_block(Block("Linear", Graph()))


def test_saving_keeps_the_file_before_it_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.nnd"
    nnd.save(small_digits(), path)
    nnd.save(residual_digits(), path)
    assert nnd.load(path) == residual_digits()
    assert nnd.load(tmp_path / "a.nnd~") == small_digits()
    assert sorted(name.name for name in tmp_path.iterdir()) == ["a.nnd", "a.nnd~"]


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.nnd"
    nnd.save(small_digits(), path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ProjectError, match="No space left"):
        nnd.save(residual_digits(), path)
    assert nnd.load(path) == small_digits()
    assert [name.name for name in tmp_path.iterdir()] == ["a.nnd"]


def test_a_stale_temporary_file_is_swept_up(tmp_path: Path) -> None:
    stale = tmp_path / ".a.nnd.999.tmp"
    stale.write_text("half")
    os.utime(stale, (0, 0))
    files.write(tmp_path / "a.nnd", b"whole")
    assert [name.name for name in tmp_path.iterdir()] == ["a.nnd"]


def test_a_missing_and_an_unreadable_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="no file"):
        nnd.load(tmp_path / "none.nnd")
    with pytest.raises(ProjectError, match="can't be read"):
        nnd.load(tmp_path)


@pytest.mark.parametrize("name", examples.names())
def test_every_example_is_written_as_the_program_writes_it(name: str) -> None:
    text = (resources.folder("examples") / f"{name}.nnd").read_text()
    assert json.loads(text)["title"]
    assert to_text(examples.load(name)) == text


def test_a_file_with_a_byte_order_mark_and_windows_newlines_is_read() -> None:
    text = to_text(small_digits())
    assert from_text("\ufeff" + text.replace("\n", "\r\n")) == small_digits()


@pytest.mark.parametrize("depth", [60, 600, 900, 100_000])
def test_params_nested_too_deeply_are_refused(depth: int) -> None:
    text = to_text(small_digits()).replace('"p": 0.2', f'"p": {"[" * depth}{"]" * depth}')
    with pytest.raises(ProjectError, match=r"inside one another|nested too deeply"):
        from_text(text)


def test_something_behind_the_project_is_not_called_cut_off() -> None:
    with pytest.raises(ProjectError, match=r"line 44, column 2 has something unexpected"):
        from_text(to_text(small_digits()) + "x")


def test_an_unknown_optimizer_is_kept_and_saved_unharmed() -> None:
    text = to_text(small_digits()).replace(
        '"optimizer": {"kind": "Adam", "params": {"lr": 0.01}}',
        '"optimizer": {"kind": "Lion", "params": {"lr": 0.01, "curve": [1, {"a": null}]}}',
    )
    assert '"Lion"' in text and to_text(from_text(text)) == text


def test_a_block_and_a_param_of_a_block_can_not_have_one_name() -> None:
    holder = Project().with_block(Block("Wide", Graph(), {"Inner": 3}))
    with pytest.raises(GraphError, match="'Inner' is a block and a param"):
        holder.with_block(Block("Inner", Graph()))


def test_a_file_may_be_called_like_a_pattern(tmp_path: Path) -> None:
    path = tmp_path / "a**[1].nnd"
    nnd.save(small_digits(), path)
    assert nnd.load(path) == small_digits()


def test_a_folder_is_not_written_over(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="it is a folder"):
        nnd.save(small_digits(), tmp_path)


def test_a_folder_named_like_an_example_does_not_hide_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "digits").mkdir()
    monkeypatch.chdir(tmp_path)
    assert examples.find("digits") == examples.load("digits")


def test_a_block_named_as_a_layer_that_came_later_is_still_read() -> None:
    """A file may be older than a layer in the catalogue; what it calls so is its block, as it was."""
    block = Block("Mish", Graph.of([Node("a", "Input"), Node("b", "Output")], wired("a > b")))
    text = to_text(Project(Graph.of([Node("mish1", "Mish")])).with_block(block, hides=True))
    project = from_text(text)
    kind = project.kind_of(project.graph.nodes["mish1"])
    assert kind is not None and kind.role == "block"
    with pytest.raises(GraphError, match="is a layer of torch"):
        Project().with_block(block)
