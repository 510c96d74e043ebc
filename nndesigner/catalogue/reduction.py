"""Operations that make one number of many along an axis: sums, means, extremes; and what goes along an axis."""

from nndesigner.catalogue.kind import CHECK_BATCH, Kind, Param, Port, Structure, TensorType
from nndesigner.graph import Value

_MAPS = (TensorType((CHECK_BATCH, 4, 6, 6)),)
_SEQUENCE = (TensorType((CHECK_BATCH, 6, 8)),)
_ANY = (Port("input", dtype="any"),)
_FLOAT = (Port("input"),)
_KEEPDIM = Param("keepdim", "bool", False, "Whether the axis stays, with size 1")
_INT = (Port("output", dtype="int"),)
_BOTH = (Port("values", dtype="any"), Port("indices", dtype="int"))


def _dims(initial: Value = (2, 3)) -> Param:
    return Param("dim", "axes", None, "The axis, or several; nothing for all, the batch too", initial=initial)


def _dim(initial: int = 1, default: Value = None) -> Param:
    return Param("dim", "axis", default, "The axis; 0 is the batch", initial=initial)


def _required(initial: int = 1) -> Param:
    return Param("dim", "axis", sentence="The axis; 0 is the batch", initial=initial)


def _reduction(
    name: str,
    target: str,
    sentence: str,
    formula: str,
    params: tuple[Param, ...],
    synonyms: str,
    inputs: tuple[Port, ...] = _FLOAT,
    outputs: tuple[Port, ...] = (Port("output", dtype="any"),),
    example: tuple[TensorType, ...] = _MAPS,
    returns: Structure = (),
) -> Kind:
    return Kind(
        name,
        "reduction",
        f"torch.{target}",
        sentence,
        formula,
        inputs=inputs,
        outputs=outputs,
        params=params,
        example=example,
        synonyms=synonyms,
        returns=returns,
    )


KINDS = (
    _reduction(
        "Mean",
        "Tensor.mean",
        "The mean along one or more axes: over height and width, global average pooling.",
        "y = 1/n Σ x",
        (_dims(), _KEEPDIM),
        "average pooling global gap",
    ),
    _reduction(
        "Sum",
        "Tensor.sum",
        "The sum along one or more axes.",
        "y = Σ x",
        (_dims(), _KEEPDIM),
        "add total",
        _ANY,
    ),
    _reduction(
        "Amax",
        "Tensor.amax",
        "The largest value along one or more axes.",
        "y = max x",
        (_dims(), _KEEPDIM),
        "max maximum largest pooling global",
        _ANY,
    ),
    _reduction(
        "Amin",
        "Tensor.amin",
        "The smallest value along one or more axes.",
        "y = min x",
        (_dims(), _KEEPDIM),
        "min minimum smallest",
        _ANY,
    ),
    _reduction(
        "Max",
        "Tensor.max",
        "The largest value along an axis, and at which place it stands.",
        "y, i = max x",
        (_required(), _KEEPDIM),
        "maximum largest",
        _ANY,
        _BOTH,
    ),
    _reduction(
        "Min",
        "Tensor.min",
        "The smallest value along an axis, and at which place it stands.",
        "y, i = min x",
        (_required(), _KEEPDIM),
        "minimum smallest",
        _ANY,
        _BOTH,
    ),
    _reduction(
        "Std",
        "Tensor.std",
        "The standard deviation along one or more axes.",
        "y = √(Σ(x − x̄)² / (n − correction))",
        (_dims(), Param("correction", "int", 1, "1 divides by n − 1, 0 by n", minimum=0), _KEEPDIM),
        "deviation spread",
    ),
    _reduction(
        "Var",
        "Tensor.var",
        "The variance along one or more axes.",
        "y = Σ(x − x̄)² / (n − correction)",
        (_dims(), Param("correction", "int", 1, "1 divides by n − 1, 0 by n", minimum=0), _KEEPDIM),
        "variance spread",
    ),
    _reduction(
        "Prod",
        "Tensor.prod",
        "The product along an axis.",
        "y = Π x",
        (_dim(), _KEEPDIM),
        "product multiply",
        _ANY,
        example=_SEQUENCE,
    ),
    _reduction(
        "LogSumExp",
        "Tensor.logsumexp",
        "The logarithm of the sum of the exponentials: a smooth maximum.",
        "y = ln Σ eˣ",
        (
            Param(
                "dim", "axes", sentence="The axis, or several; 0 is the batch", initial=1, passed="keyword"
            ),
            _KEEPDIM,
        ),
        "softmax smooth maximum",
        example=_SEQUENCE,
    ),
    _reduction(
        "Norm",
        "linalg.vector_norm",
        "The length of the vectors along one or more axes.",
        "y = (Σ |x|ᵖ)^(1/p)",
        (
            Param("ord", "float", 2, "The exponent p: 2 is the length, 1 the sum of the absolute values"),
            _dims(1),
            _KEEPDIM,
        ),
        "length magnitude euclidean l1 l2",
        example=_SEQUENCE,
    ),
    _reduction(
        "Argmax",
        "Tensor.argmax",
        "The place of the largest value along an axis. It passes no gradient back.",
        "i = argmax x",
        (_dim(), _KEEPDIM),
        "class prediction index best",
        _ANY,
        _INT,
    ),
    _reduction(
        "Argmin",
        "Tensor.argmin",
        "The place of the smallest value along an axis. It passes no gradient back.",
        "i = argmin x",
        (_dim(), _KEEPDIM),
        "index nearest",
        _ANY,
        _INT,
    ),
    _reduction(
        "Cumsum",
        "Tensor.cumsum",
        "The sum of all values up to each place along an axis.",
        "yᵢ = x₁ + … + xᵢ",
        (_required(),),
        "cumulative running total integral",
        _ANY,
        example=_SEQUENCE,
    ),
    _reduction(
        "Cumprod",
        "Tensor.cumprod",
        "The product of all values up to each place along an axis.",
        "yᵢ = x₁ · … · xᵢ",
        (_required(),),
        "cumulative running product",
        _ANY,
        example=_SEQUENCE,
    ),
    _reduction(
        "TopK",
        "Tensor.topk",
        "The k largest values along an axis, and at which places they stand.",
        "y, i = the k largest of x",
        (
            Param("k", "int", sentence="How many", initial=2, minimum=1, passed="positional"),
            _dim(-1, -1),
            Param("largest", "bool", True, "Whether the largest; else the smallest"),
        ),
        "top-k best experts beam routing",
        _ANY,
        _BOTH,
        _SEQUENCE,
    ),
    _reduction(
        "Sort",
        "Tensor.sort",
        "The values in order along an axis, and at which places they stood.",
        "y₁ ≤ y₂ ≤ …",
        (_dim(-1, -1), Param("descending", "bool", False, "Whether the largest comes first")),
        "order rank argsort",
        _ANY,
        _BOTH,
        _SEQUENCE,
    ),
    _reduction(
        "Normalize",
        "nn.functional.normalize",
        "Brings the vectors along an axis to length 1.",
        "y = x / max(‖x‖ₚ, ε)",
        (
            Param("p", "float", 2.0, "The exponent of the norm", above=0),
            Param("dim", "axis", 1, "The axis along which the vectors lie"),
            Param("eps", "float", 1e-12, "The least length that is divided by", above=0),
        ),
        "unit length l2 cosine embedding",
        example=_SEQUENCE,
    ),
    _reduction(
        "OneHot",
        "nn.functional.one_hot",
        "A row for each class number: 1 at its place, 0 elsewhere. Numbers run from 0 to num_classes − 1.",
        "2 → 0 0 1 0",
        (
            Param(
                "num_classes",
                "int",
                sentence="How many classes there are",
                initial=4,
                minimum=1,
                maximum=10**6,
            ),
        ),
        "dummy categorical indicator encoding",
        (Port("input", dtype="int"),),
        _INT,
        (TensorType((CHECK_BATCH, 6), "int64"),),
    ),
)
