"""The project: main graph, blocks, layers of one's own and training settings, as a value. Its file is in `nnd`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from nndesigner import catalogue
from nndesigner.catalogue.data import DATASET, DataSet, Field
from nndesigner.catalogue.datasets import BY_NAME as DATA_SETS
from nndesigner.catalogue.kind import Kind, Param, ParamType, Port
from nndesigner.code import name_refused, read
from nndesigner.graph import Block, Code, Graph, GraphError, Node, Value, frozen_params, loop_in, snake_case


@dataclass(frozen=True, slots=True)
class Choice:
    """An optimizer or scheduler picked from the catalogue, with the params that differ from its defaults."""

    kind: str
    params: Mapping[str, Value] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "params", frozen_params(self.params))


@dataclass(frozen=True, slots=True)
class Training:
    """How the network is trained: each setting is told in `TRAINING_PARAMS`.

    `validation` and `test` are fractions of the data, drawn by `split_seed` where the data does not come divided.
    """

    optimizer: Choice = Choice("Adam", {"fused": True})
    scheduler: Choice | None = None
    epochs: int = 10
    batch_size: int = 64
    seed: int = 0
    validation: float = 0.1
    test: float = 0.2
    split_seed: int = 0
    threads: int = 0
    split: str = "given"
    steps: int = 0
    minutes: float = 0.0
    accumulate: int = 1
    clip: float = 0.0
    patience: int = 0
    average: float = 0.0
    device: str = "auto"
    precision: str = "fp32"
    channels_last: bool = False
    compile: bool = False


TRAINING_PARAMS: tuple[Param, ...] = (
    Param("epochs", "int", 10, "How often the network sees the whole training part", minimum=1, maximum=100000),
    Param("batch_size", "int", 64, "How many records make one step", minimum=1, maximum=1000000),
    Param("seed", "int", 0, "The same seed gives the same weights", minimum=0, maximum=2**32 - 1),
    Param("validation", "float", 0.1, "Part of the data that is watched, but not learned from", minimum=0.01, maximum=0.9),
    Param("test", "float", 0.2, "Part of the data that is kept for the end", minimum=0.01, maximum=0.9),
    Param("split_seed", "int", 0, "Which records fall into which part", minimum=0, maximum=2**32 - 1),
    Param(
        "threads", "int", 0, "How many threads torch computes with; 0: one less than the machine has",
        minimum=0, maximum=1024,
    ),
    Param(
        "split", "choice", "given",
        "How the data is divided: given, by the parts it comes in, where it has some, else at random; stratified, each class "
        "as often in each part; grouped, no speaker or patient in two parts",
        choices=("given", "random", "stratified", "grouped"),
    ),
    Param("steps", "int", 0, "The run ends after so many steps, if not before; 0: no limit", minimum=0, maximum=10**9),
    Param("minutes", "float", 0.0, "The run ends after so many minutes, if not before; 0: no limit", minimum=0, maximum=1e6),
    Param("accumulate", "int", 1, "From how many batches the gradients are summed up for one step", minimum=1, maximum=4096),
    Param("clip", "float", 0.0, "Gradients whose norm is larger are shortened to it; 0: not", minimum=0, maximum=1e6),
    Param(
        "patience", "int", 0, "The run ends after so many epochs without a lower validation loss; 0: not",
        minimum=0, maximum=100000,
    ),
    Param(
        "average", "float", 0.0,
        "Exponential moving average (EMA) of the weights: how much of it stays at each step, such as 0.999; 0: none. "
        "Validation, test and the weights kept are those of the average",
        minimum=0, maximum=0.99999,
    ),
    Param(
        "device", "choice", "auto", "What it is computed on; auto: a graphics card, if torch finds one",
        choices=("auto", "cpu", "cuda", "mps"),
    ),
    Param(
        "precision", "choice", "fp32",
        "The numbers it is computed with: fp32; bf16, half the size, quick on new processors and cards; fp16, for cards",
        choices=("fp32", "bf16", "fp16"),
    ),
    Param("channels_last", "bool", False, "Pictures lie in memory pixel by pixel: quicker for many convolutions"),
    Param("compile", "bool", False, "torch.compile: slow to begin, often quicker after that"),
)  # fmt: skip


@dataclass(frozen=True)
class Project:
    """Everything that is in a file: graph, blocks, layers of one's own (`code`), data sets of one's own, training.

    `trusted` are the hashes of the code this person lets run; it is of the person, not of the project, so it is not in
    the file and makes no difference between two projects.
    """

    graph: Graph = field(default_factory=Graph)
    blocks: Mapping[str, Block] = field(default_factory=dict)
    training: Training = Training()
    title: str = ""
    code: Mapping[str, Code] = field(default_factory=dict)
    data: Mapping[str, DataSet] = field(default_factory=dict)
    trusted: frozenset[str] = field(default=frozenset(), compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "blocks", MappingProxyType(dict(self.blocks)))
        object.__setattr__(self, "code", MappingProxyType(dict(self.code)))
        object.__setattr__(self, "data", MappingProxyType(dict(self.data)))

    def with_block(self, block: Block, *, hides: bool = False) -> "Project":
        """With this block, new or changed; raises `GraphError` for a name taken or a block inside itself.

        A block that `hides` may have the name of a layer of torch: a file may be older than that layer in the catalogue.
        """
        if block.name in self.code:
            raise GraphError(f"{block.name!r} is a layer of your own; give the block another name")
        if block.name in catalogue.BY_NAME and block.name not in self.blocks and not hides:
            raise GraphError(f"{block.name!r} is a layer of torch; give the block another name")
        grown = replace(self, blocks={**self.blocks, block.name: block})
        for holder in grown.blocks.values():
            for hidden in holder.params.keys() & grown.blocks.keys():
                raise GraphError(f"{hidden!r} is a block and a param of the block {holder.name}; rename one")
        used = (
            (inner.name, node.kind)
            for inner in grown.blocks.values()
            for node in inner.graph.nodes.values()
            if node.kind in grown.blocks
        )
        if loop := loop_in(used):
            raise GraphError(f"a block can't contain itself: {' → '.join(loop)}")
        return grown

    def with_code(self, code: Code, *, hides: bool = False) -> "Project":
        """With this layer of one's own, new or changed; raises `GraphError` for a name taken. For `hides`, see above."""
        if refusal := name_refused(code.name):
            raise GraphError(refusal)
        hiding = code.name in catalogue.BY_NAME and code.name not in self.code and not hides
        if hiding or code.name in self.blocks:
            what = "a block of this project" if code.name in self.blocks else "a layer of torch"
            raise GraphError(f"{code.name!r} is {what}; give your layer another name")
        return replace(self, code={**self.code, code.name: code})

    def kind_of(self, node: Node) -> Kind | None:
        """What a node is: its catalogue entry, with the ports its data set or its block gives it; None if unknown."""
        if (code := self.code.get(node.kind)) is not None:
            found = read(code)
            return found if isinstance(found, Kind) else None
        if (block := self.blocks.get(node.kind)) is not None:
            return block_kind(block)
        kind = catalogue.BY_NAME.get(node.kind)
        if kind is not None and kind.role == "data":
            return _data_kind(kind, self.data_named(node.params.get("dataset")), tuple(self.data), node)
        return kind.at(node.params) if kind is not None else None

    def with_data(self, data_set: DataSet) -> "Project":
        """With this data set of one's own, new or changed, to be picked in a Data node."""
        return replace(self, data={**self.data, data_set.name: data_set})

    def learning_from(self, name: str) -> "Project":
        """With its Data node set to another data set; raises `GraphError` where there is no such node or data set.

        What is set of the preparation stays, as far as the other data set is prepared that way too.
        """
        node = self.data_node()
        if node is None:
            raise GraphError("there is no Data node to choose a data set for; add one first")
        data_set = self.data_named(name)
        if data_set is None:
            raise GraphError(f"there is no data set {name!r} in this project")
        known = {param.name for param in data_set.params}
        kept = {key: value for key, value in node.params.items() if key in known}
        return replace(self, graph=self.graph.replace_node(replace(node, params={"dataset": name, **kept})))

    def data_node(self) -> Node | None:
        """The first Data node."""
        return next((node for node in self.graph.nodes.values() if node.kind == "Data"), None)

    def data_named(self, name: Value) -> DataSet | None:
        """A data set by name: of this project, or of the program."""
        if not isinstance(name, str):
            return None
        return self.data.get(name) or DATA_SETS.get(name)

    def data_set(self) -> DataSet | None:
        """The data set on the canvas: that of the first Data node."""
        node = self.data_node()
        return self.data_named(node.params.get("dataset")) if node is not None else None

    def data_fields(self) -> tuple[Field, ...]:
        """The fields of the data set on the canvas as they reach the network."""
        node, data_set = self.data_node(), self.data_set()
        return data_set.outputs(node.params) if node is not None and data_set is not None else ()


_block_kinds: dict[int, tuple[Block, Kind]] = {}


def block_kind(block: Block) -> Kind:
    """A block seen from outside: a kind whose ports are its Input and Output nodes."""
    if (known := _block_kinds.get(id(block))) is None:
        if len(_block_kinds) > 1000:
            _block_kinds.clear()
        known = _block_kinds[id(block)] = (block, _seen_from_outside(block))
    return known[1]


def _seen_from_outside(block: Block) -> Kind:
    nodes = block.graph.nodes.values()
    return Kind(
        block.name,
        "block",
        "",
        "A block: a network of its own used as a layer.",
        role="block",
        inputs=tuple(Port(node.name, dtype="any") for node in nodes if node.kind == "Input"),
        outputs=tuple(Port(node.name, dtype="any") for node in nodes if node.kind == "Output"),
        params=tuple(Param(name, _type_of(value), value, own=True) for name, value in block.params.items()),
        keywords_only=True,
        stem=snake_case(block.name),
    )


def _type_of(value: Value) -> ParamType:
    match value:
        case bool():
            return "bool"
        case int():
            return "int"
        case float():
            return "float"
        case tuple():
            return "shape"
        case _:
            return "choice"


_data_kinds: dict[tuple[object, ...], tuple[DataSet, Kind]] = {}


def _data_kind(kind: Kind, data_set: DataSet | None, own: tuple[str, ...], node: Node) -> Kind:
    """The Data kind of a node: its params and ports are those of its data set, prepared as the node says."""
    names = tuple(dict.fromkeys([*DATA_SETS, *own]))
    if data_set is None:
        return replace(kind, params=(replace(DATASET, choices=names),))
    key = (id(data_set), names, tuple(data_set.values(node.params).items()))
    if (known := _data_kinds.get(key)) is None:
        if len(_data_kinds) > 1000:
            _data_kinds.clear()
        fields = data_set.outputs(node.params)
        made = replace(
            kind,
            outputs=tuple(Port(one.name, dtype="any", sentence=one.sentence) for one in fields),
            params=(replace(DATASET, choices=names), *data_set.params),
        )
        known = _data_kinds[key] = (data_set, made)
    return known[1]
