"""Where tensors come from and go to: data sets, inputs, outputs; and what each bundled data set holds."""

from dataclasses import dataclass
from typing import Literal

from nndesigner.catalogue.kind import CHECK_BATCH, Kind, Param, Port, TensorType

Preparation = Literal["", "standardize"]


@dataclass(frozen=True, slots=True)
class Field:
    """One tensor of each record: its sizes without the batch, and how it is prepared before training.

    `standardize` brings each column to mean 0 and variance 1, as fitted on the training part.
    """

    name: str
    sizes: tuple[int, ...]
    sentence: str
    dtype: str = "float32"
    classes: tuple[str, ...] = ()
    prepare: Preparation = ""

    @property
    def type(self) -> TensorType:
        """What flows along a wire from this field."""
        return TensorType((CHECK_BATCH, *self.sizes), self.dtype, len(self.classes) or None)


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set one can train on. `size` counts its records."""

    name: str
    title: str
    sentence: str
    size: int
    source: str
    licence: str
    fields: tuple[Field, ...]


_UCI = "UCI Machine Learning Repository, as shipped with scikit-learn"
_CC_BY = "CC BY 4.0"


DATA_SETS = (
    DataSet(
        "digits",
        "Handwritten digits",
        "Pictures of 8×8 grey pixels of digits written by 43 people.",
        1797,
        f"Optical Recognition of Handwritten Digits, {_UCI}",
        _CC_BY,
        (
            Field("image", (1, 8, 8), "Grey values from 0 to 1"),
            Field("label", (), "Which digit it is", "int64", tuple("0123456789")),
        ),
    ),
    DataSet(
        "iris",
        "Iris flowers",
        "Four lengths of a flower, and which of three species it is.",
        150,
        f"R. A. Fisher, 1936; {_UCI}",
        _CC_BY,
        (
            Field("features", (4,), "Sepal and petal lengths and widths", prepare="standardize"),
            Field("label", (), "The species", "int64", ("setosa", "versicolor", "virginica")),
        ),
    ),
    DataSet(
        "wine",
        "Wine",
        "Thirteen chemical measurements of wines from three growers.",
        178,
        f"M. Forina and others, 1988; {_UCI}",
        _CC_BY,
        (
            Field("features", (13,), "Alcohol, malic acid, ash, …", prepare="standardize"),
            Field("label", (), "The grower", "int64", ("grower 1", "grower 2", "grower 3")),
        ),
    ),
    DataSet(
        "breast-cancer",
        "Breast cancer",
        "Thirty measurements of cell nuclei, and whether the tumour was benign.",
        569,
        f"W. H. Wolberg and others, 1995; {_UCI}",
        _CC_BY,
        (
            Field("features", (30,), "Radius, texture, perimeter, …", prepare="standardize"),
            Field("benign", (1,), "1 where the tumour was benign, else 0"),
        ),
    ),
    DataSet(
        "diabetes",
        "Diabetes",
        "Ten measurements of a patient, and how far the disease had gone a year later.",
        442,
        "B. Efron and others, 2004, as shipped with scikit-learn",
        "none stated",
        (
            Field("features", (10,), "Age, sex, body mass, blood pressure, …", prepare="standardize"),
            Field("progression", (1,), "Disease progression", prepare="standardize"),
        ),
    ),
)
BY_NAME = {data_set.name: data_set for data_set in DATA_SETS}

KINDS = (
    Kind(
        "Data",
        "data",
        "",
        "A data set. Its ports are the fields of each record.",
        role="data",
        inputs=(),
        outputs=(),
        params=(
            Param(
                "dataset", "choice", sentence="Which data set", initial="digits", choices=tuple(BY_NAME), own=True
            ),
        ),
        example=(),
        synonyms="dataset source samples",
        stem="data",
    ),
    Kind(
        "Input",
        "data",
        "",
        "An input of the network that no data set feeds, or a port of a block.",
        role="input",
        inputs=(),
        outputs=(Port("output", dtype="any"),),
        params=(
            Param(
                "shape", "shape", (1, 28, 28), "The sizes of one sample, without the batch", minimum=1, own=True,
            ),
            Param("dtype", "choice", "float32", "The type of its numbers", choices=("float32", "int64", "bool"), own=True),
        ),
        example=(),
        synonyms="placeholder",
    ),
    Kind(
        "Output",
        "data",
        "",
        "What feeds it is the network's answer.",
        role="output",
        inputs=(Port("input", dtype="any"),),
        outputs=(),
        synonyms="result answer prediction",
    ),
)  # fmt: skip
