"""Losses: how wrong a prediction is, as one number that training makes small."""

from nndesigner.catalogue.kind import CHECK_BATCH, Kind, Param, Port, TensorType

_ROW = TensorType((CHECK_BATCH, 8))
_SCALE = Param(
    "scale", "float", 1.0, "How much this loss counts in the objective", minimum=0, initial=1.0, own=True
)
_REDUCTION = Param(
    "reduction", "choice", "mean", "How the losses of single values become one", choices=("mean", "sum")
)


def _loss(
    name: str, sentence: str, formula: str, target: Port, metric: str, *params: Param, example: TensorType
) -> Kind:
    return Kind(
        name,
        "loss",
        f"torch.nn.{name}",
        sentence,
        formula,
        role="loss",
        inputs=(Port("input", sentence="The prediction"), target),
        outputs=(),
        params=(*params, _SCALE),
        example=(_ROW, example),
        synonyms="objective criterion error",
        metric=metric,
        stem="loss",
    )


KINDS = (
    _loss(
        "CrossEntropyLoss",
        "For choosing one of several classes. Expects a score (a logit) for each class, without Softmax, and the number of the right one.",
        "−log softmax(x)[target]",
        Port("target", dtype="any", sentence="The number of the right class, or a probability for each"),
        "accuracy",
        _REDUCTION,
        Param(
            "label_smoothing",
            "float",
            0.0,
            "How much of the target is spread over all classes",
            minimum=0,
            maximum=1,
        ),
        example=TensorType((CHECK_BATCH,), "int64"),
    ),
    _loss(
        "MSELoss",
        "The mean of the squared differences: for numbers, and for pictures made anew.",
        "mean (x − target)²",
        Port("target", like="input", sentence="The right values"),
        "mean_absolute_error",
        _REDUCTION,
        example=_ROW,
    ),
    _loss(
        "BCEWithLogitsLoss",
        "For yes or no. Expects a score (a logit), without Sigmoid, and 0 or 1.",
        "−t·log σ(x) − (1 − t)·log(1 − σ(x))",
        Port("target", like="input", sentence="0 or 1"),
        "binary_accuracy",
        _REDUCTION,
        example=_ROW,
    ),
    _loss(
        "KLDivLoss",
        "How far one distribution is from another. Expects log-probabilities (LogSoftmax) and probabilities.",
        "Σ t·(log t − x)",
        Port("target", like="input", sentence="The right probabilities"),
        "",
        Param(
            "reduction",
            "choice",
            "mean",
            "How the losses become one; batchmean is the true divergence",
            initial="batchmean",
            choices=("mean", "sum", "batchmean"),
        ),
        Param("log_target", "bool", False, "Whether the target is log-probabilities too"),
        example=_ROW,
    ),
)
