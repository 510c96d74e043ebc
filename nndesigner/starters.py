"""A network to begin with for a data set, drawn as a person would: it fits, it trains, and it is there to be changed.

Tables get a perceptron of two hidden layers, pictures and sounds a small convolutional network, texts embeddings, pairs
of sentences the transformer of the examples, and a long text its small GPT. The last layer and the loss follow from
what is to be told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from nndesigner import examples
from nndesigner.catalogue.data import DataSet, Field
from nndesigner.catalogue.datasets import BY_NAME
from nndesigner.graph import Edge, Graph, Node, Value
from nndesigner.project import Choice, Project, Training

_STEP, _FIRST = 88.0, 112.0  # from card to card, and from the data to the first of them
_ASIDE = 128.0
_SMALLEST_SIDE = 8  # of a picture that is worth another convolution and pooling
_MOST_FLAT = 8192  # numbers that a linear layer is given; more are averaged first
_WIDTHS = (32, 64, 128, 128)
_LONGEST = 64  # tokens of a text that attention looks at


@dataclass(frozen=True)
class _Loss:
    """What is to be told: the loss, how many numbers the network ends with, and the field they are held against."""

    kind: str
    width: int
    target: str
    answer: str


def project_for(data_set: DataSet) -> Project:
    """A project that learns from this data set, one of one's own or of the program.

    It has no problems when it is checked, and trains at once in a reasonable time on a processor.
    """
    outputs = data_set.outputs({})
    sorts = {one.sort for one in data_set.fields}
    if "pair" in sorts:
        return _from_example(data_set, "transformer-translation")
    if "corpus" in sorts:
        return _from_example(data_set, "char-gpt")
    loss = _loss_for(data_set, outputs)
    inputs = [one for one in outputs if one.name != (loss.target if loss else "")]
    rows = [_tower(one) for one in inputs if one.sort != "label"]
    nodes, edges = _drawn(data_set, rows, loss)
    project = Project(Graph.of(nodes, edges), training=_training(data_set), title=data_set.title)
    return _owned(project, data_set)


def _owned(project: Project, data_set: DataSet) -> Project:
    return project if data_set.name in BY_NAME else project.with_data(data_set)


def _loss_for(data_set: DataSet, outputs: Sequence[Field]) -> _Loss | None:
    """The loss that fits the answers of a data set; None where it has none."""
    label = next((one for one in outputs if one.sort == "label"), None)
    if label is not None:
        return _Loss("CrossEntropyLoss", label.type.classes or 2, label.name, "scores")
    numbers = [one for one in outputs if one.sort == "numbers"]
    target = next((one for one in numbers if one.name == "target"), None)
    if target is None and len(outputs) > 1 and len(numbers[1:]) == 1:
        target = numbers[-1]
    if target is None:
        return None
    width = target.sizes[0] if target.sizes else 1
    binary = data_set.loader == "bundled.load_breast_cancer"  # the one whose answer is 0 or 1 as a number
    return _Loss("BCEWithLogitsLoss" if binary else "MSELoss", width, target.name, "prediction")


Layer = tuple[str, str, Mapping[str, Value]]  # its stem, its kind, its params


@dataclass(frozen=True)
class _Tower:
    """A field, and the layers that make a row of numbers of it."""

    field: str
    layers: tuple[Layer, ...]
    size: int  # of the row


def _tower(one: Field) -> _Tower:
    if one.sort == "text":
        words: dict[str, Value] = {"num_embeddings": one.count, "embedding_dim": 64, "padding_idx": 0}
        mean: Layer = ("mean", "Mean", {"dim": 1})
        return _Tower(one.name, (("embedding", "Embedding", words), mean), 64)
    if one.sort in ("image", "sound") and len(one.sizes) == 3 and min(one.sizes[1:]) >= 3:
        return _pictures(one)
    size = 1
    for each in one.sizes:
        size *= each
    flat: tuple[Layer, ...] = () if len(one.sizes) == 1 else (("flatten", "Flatten", {}),)
    return _Tower(one.name, flat, size)


def _pictures(one: Field) -> _Tower:
    """Convolutions, each with a batch norm, and a pooling as long as the picture is large enough for it."""
    height, width = one.sizes[1:]
    layers: list[Layer] = []
    channels = 0
    for channels in _WIDTHS:
        layers += [
            ("conv", "Conv2d", {"out_channels": channels, "kernel_size": 3, "padding": 1}),
            ("norm", "BatchNorm2d", {}),
            ("relu", "ReLU", {}),
        ]
        if min(height, width) < _SMALLEST_SIDE:
            break
        layers.append(("pool", "MaxPool2d", {"kernel_size": 2}))
        height, width = height // 2, width // 2
    if channels * height * width > _MOST_FLAT or one.sort == "sound":
        layers.append(("pool", "AdaptiveAvgPool2d", {"output_size": 1}))
        height = width = 1
    layers += [("flatten", "Flatten", {}), ("dropout", "Dropout", {"p": 0.25})]
    return _Tower(one.name, tuple(layers), channels * height * width)


def _head(towers: Sequence[_Tower], loss: _Loss | None) -> list[Layer]:
    """From the row of numbers to the answer: two hidden layers for a table, none after convolutions."""
    last = loss.width if loss else sum(one.size for one in towers)
    if any(kind == "Conv2d" for one in towers for _, kind, _ in one.layers) and loss:
        return [("linear", "Linear", {"out_features": last})]
    hidden = (128, 32, 128) if loss is None else (64, 64)
    layers: list[Layer] = []
    for width in hidden:
        layers += [("linear", "Linear", {"out_features": width}), ("relu", "ReLU", {})]
    return [*layers, ("linear", "Linear", {"out_features": last})]


class _Drawing:
    """Nodes and wires as they are put down, each below the one before."""

    def __init__(self, data: Node) -> None:
        self.nodes: dict[str, Node] = {data.name: data}
        self.edges: list[Edge] = []

    def add(self, stem: str, kind: str, params: Mapping[str, Value], x: float, y: float) -> str:
        number = 1
        while f"{stem}{number}" in self.nodes:
            number += 1
        name = f"{stem}{number}"
        self.nodes[name] = Node(name, kind, dict(params), position=(x, y))
        return name

    def wire(self, source: tuple[str, str], target: str, into: str = "input") -> tuple[str, str]:
        self.edges.append(Edge(*source, target, into))
        return target, "output"


def _drawn(data_set: DataSet, towers: list[_Tower], loss: _Loss | None) -> tuple[list[Node], list[Edge]]:
    drawing = _Drawing(Node("data", "Data", {"dataset": data_set.name}))
    if loss is None and towers:
        towers = towers[:1]
        if any(kind != "Flatten" for _, kind, _ in towers[0].layers):
            one = data_set.outputs({})[0]
            towers = [_flat(one)]
    ends: list[tuple[str, str]] = []
    bottom = 0.0
    for index, tower in enumerate(towers):
        place, y = ("data", tower.field), _FIRST
        for stem, kind, params in tower.layers:
            name = drawing.add(stem, kind, params, 256.0 * index, y)
            place, y = drawing.wire(place, name), y + _STEP
        ends.append(place)
        bottom = max(bottom, y)
    place, y = ends[0], max(bottom, _FIRST)
    if len(ends) > 1:
        joined = drawing.add("concat", "Concat", {"dim": 1}, 0.0, y + 24)
        for number, end in enumerate(ends, start=1):
            drawing.wire(end, joined, f"input{number}")
        place, y = (joined, "output"), y + 24 + _STEP
    begin = place
    for stem, kind, params in _head(towers, loss):
        name = drawing.add(stem, kind, params, 0.0, y)
        place, y = drawing.wire(place, name), y + _STEP
    output = Node(loss.answer if loss else "rebuilt", "Output", position=(-_ASIDE, y + 24))
    judged = Node("loss", loss.kind if loss else "MSELoss", position=(_ASIDE, y + 24))
    drawing.nodes |= {output.name: output, judged.name: judged}
    drawing.wire(place, output.name)
    drawing.wire(place, judged.name)
    drawing.wire(("data", loss.target) if loss else begin, judged.name, "target")
    return list(drawing.nodes.values()), drawing.edges


def _flat(one: Field) -> _Tower:
    return _tower(replace(one, sort="numbers"))


def _training(data_set: DataSet) -> Training:
    """Settings for so many records: small data is seen often and in small batches."""
    size = data_set.parts.get("train", data_set.size)
    labelled = any(one.sort == "label" for one in data_set.fields)
    heavy = any(one.sort in ("image", "sound") for one in data_set.fields)
    if size < 1000:
        epochs, batch = 60, 16
    elif size < 10_000:
        epochs, batch = 20, 32 if heavy else 64
    else:
        epochs, batch = (5 if heavy else 15), 128
    fewest = _rarest(data_set)
    return Training(
        Choice("AdamW", {"lr": 0.003 if size < 1000 and not heavy else 0.001}),
        Choice("CosineAnnealingLR"),
        epochs=epochs,
        batch_size=batch,
        split="given" if data_set.parts or not labelled or fewest < 20 else "stratified",
    )


def _rarest(data_set: DataSet) -> int:
    """About how many records a class has; few can't be divided evenly."""
    label = next((one for one in data_set.fields if one.sort == "label"), None)
    classes = label.type.classes if label is not None else None
    return data_set.size // classes if classes else data_set.size


def _from_example(data_set: DataSet, example: str) -> Project:
    """An example that works on tokens, with this data set in its Data node, and as many tokens and places as that has."""
    drawn = examples.load(example)
    before, old = drawn.data_node(), drawn.data_set()
    assert before is not None and old is not None
    were = old.values(before.params)
    wanted = dict(data_set.values({}))
    if example == "char-gpt":
        wanted |= were
    length = wanted["length"] = min(_whole(wanted["length"]), _LONGEST)
    starts = {param.name: param.start for param in data_set.params}
    params = {name: value for name, value in wanted.items() if starts[name] != value}
    sizes = _Sizes(_whole(were["vocabulary"]), _whole(wanted["vocabulary"]), _whole(were["length"]), length)
    graph = drawn.graph
    for node in graph.nodes.values():
        graph = graph.replace_node(_resized(node, sizes, drawn))
    graph = graph.replace_node(replace(before, params={"dataset": data_set.name, **params}))
    names = zip(old.outputs(before.params), data_set.outputs(params), strict=True)
    renamed = {one.name: other.name for one, other in names}
    for edge in drawn.graph.sorted_edges:
        if edge.source == before.name and renamed[edge.output] != edge.output:
            moved = Edge(edge.source, renamed[edge.output], edge.target, edge.input)
            graph = graph.disconnect([edge]).connect(moved)
    return _owned(replace(drawn, graph=graph, title=data_set.title), data_set)


@dataclass(frozen=True)
class _Sizes:
    """How many tokens there are and how many of a text are looked at: in the example, and now."""

    old_vocabulary: int
    vocabulary: int
    old_length: int
    length: int


def _resized(node: Node, sizes: _Sizes, drawn: Project) -> Node:
    """A node of an example that is to work on other texts."""
    params = dict(node.params)
    match node.kind:
        case "Embedding" if params["num_embeddings"] == sizes.old_vocabulary:
            params["num_embeddings"] = sizes.vocabulary
        case "Linear" if params["out_features"] == sizes.old_vocabulary:
            params["out_features"] = sizes.vocabulary
        case "Parameter" | "Reshape":
            shape = params["shape"]
            assert isinstance(shape, tuple)
            params["shape"] = tuple(sizes.length if one == sizes.old_length else one for one in shape)
        case kind if kind in drawn.blocks and "length" in (given := drawn.blocks[kind].params):
            params["length"] = sizes.length
            if given["length"] == sizes.length:
                del params["length"]
    return replace(node, params=params)


def _whole(value: Value) -> int:
    assert isinstance(value, int)
    return value
