"""Losses: how wrong a prediction is, as one number that training makes small."""

from nndesigner.catalogue.kind import CHECK_BATCH, Kind, Param, Port, TensorType

_ROW = TensorType((CHECK_BATCH, 8))
_CLASS = TensorType((CHECK_BATCH,), "int64")
_ONE = TensorType((CHECK_BATCH,))
_SCALE = Param(
    "scale", "float", 1.0, "How much this loss counts in the objective", minimum=0, initial=1.0, own=True
)
_REDUCTION = Param(
    "reduction", "choice", "mean", "How the losses of single values become one", choices=("mean", "sum")
)
_IGNORE = Param("ignore_index", "int", -100, "A class number that does not count")
_NUMBER = Port("target", dtype="int", sentence="The number of the right class")


def _loss(
    name: str,
    sentence: str,
    formula: str,
    inputs: tuple[Port, ...],
    example: tuple[TensorType, ...],
    *params: Param,
    metric: str = "",
    synonyms: str = "",
) -> Kind:
    return Kind(
        name, "loss", f"torch.nn.{name}", sentence, formula, "loss", inputs=inputs, outputs=(),
        params=(*params, _SCALE), example=example, synonyms=f"objective criterion error {synonyms}".rstrip(),
        metric=metric, stem="loss",
    )  # fmt: skip


def _against(target: str, prediction: str = "The prediction") -> tuple[Port, ...]:
    """A prediction and a target of the same shape."""
    return Port("input", sentence=prediction), Port("target", like="input", sentence=target)


def _eps(default: float) -> Param:
    return Param("eps", "float", default, "Added where there could be a zero", above=0)


def _margin(default: float, sentence: str) -> Param:
    return Param("margin", "float", default, sentence)


KINDS = (
    _loss(
        "CrossEntropyLoss",
        "For choosing one of several classes. Expects a score (a logit) for each class, without Softmax, and the number of the right one.",
        "−log softmax(x)[target]",
        (
            Port("input", sentence="A score for each class"),
            Port("target", dtype="any", sentence="The number of the right class, or a probability for each"),
        ),
        (_ROW, _CLASS),
        _REDUCTION,
        Param("label_smoothing", "float", 0.0, "How much of the target is spread over all classes", minimum=0, maximum=1),
        _IGNORE,
        metric="accuracy",
        synonyms="classification softmax",
    ),
    _loss(
        "MSELoss",
        "The mean of the squared differences: for numbers, and for pictures made anew.",
        "mean (x − target)²",
        _against("The right values"),
        (_ROW, _ROW),
        _REDUCTION,
        metric="mean_absolute_error",
        synonyms="mean squared regression l2",
    ),
    _loss(
        "BCEWithLogitsLoss",
        "For yes or no. Expects a score (a logit), without Sigmoid, and 0 or 1.",
        "−t·log σ(x) − (1 − t)·log(1 − σ(x))",
        _against("0 or 1"),
        (_ROW, _ROW),
        _REDUCTION,
        metric="binary_accuracy",
        synonyms="binary cross entropy",
    ),
    _loss(
        "BCELoss",
        "For yes or no. Expects a probability, from a Sigmoid, and 0 or 1; BCEWithLogitsLoss is the safer way.",
        "−t·log x − (1 − t)·log(1 − x)",
        _against("0 or 1", "A probability from 0 to 1"),
        (_ROW, _ROW),
        _REDUCTION,
        metric="rounded_accuracy",
        synonyms="binary cross entropy",
    ),
    _loss(
        "L1Loss",
        "The mean distance: for numbers, where single values far off should not count too much.",
        "mean |x − target|",
        _against("The right values"),
        (_ROW, _ROW),
        _REDUCTION,
        metric="mean_absolute_error",
        synonyms="mean absolute regression",
    ),
    _loss(
        "SmoothL1Loss",
        "The distance, with its tip rounded off: squared for differences below beta, straight above.",
        "½·d² / β below β, else d − β / 2",
        _against("The right values"),
        (_ROW, _ROW),
        _REDUCTION,
        Param("beta", "float", 1.0, "From which difference it is straight", minimum=0),
        metric="mean_absolute_error",
        synonyms="regression boxes",
    ),
    _loss(
        "HuberLoss",
        "Squared for small differences, straight for large ones, so that single values far off count less.",
        "½·d² below δ, else δ·(d − δ / 2)",
        _against("The right values"),
        (_ROW, _ROW),
        _REDUCTION,
        Param("delta", "float", 1.0, "From which difference it is straight", above=0),
        metric="mean_absolute_error",
        synonyms="regression robust",
    ),
    _loss(
        "NLLLoss",
        "For choosing one of several classes. Expects log-probabilities, from a LogSoftmax, and the number of the right class.",
        "−x[target]",
        (Port("input", sentence="A log-probability for each class"), _NUMBER),
        (_ROW, _CLASS),
        _REDUCTION,
        _IGNORE,
        metric="accuracy",
        synonyms="negative log likelihood classification",
    ),
    _loss(
        "MultiMarginLoss",
        "For choosing one of several classes: the right score should be above the others by a margin.",
        "mean max(0, margin − x[target] + x[i])^p",
        (Port("input", ranks=(2,), axes="N×classes", sentence="A score for each class"), _NUMBER),
        (_ROW, _CLASS),
        _REDUCTION,
        Param("p", "int", 1, "The power a difference is taken to", minimum=1, maximum=2),
        _margin(1.0, "By how much the right score should be above"),
        metric="accuracy",
        synonyms="hinge svm classification",
    ),
    _loss(
        "KLDivLoss",
        "How far one distribution is from another. Expects log-probabilities (LogSoftmax) and probabilities.",
        "Σ t·(log t − x)",
        _against("The right probabilities", "Log-probabilities"),
        (_ROW, _ROW),
        Param(
            "reduction", "choice", "mean", "How the losses become one; batchmean is the true divergence",
            initial="batchmean", choices=("mean", "sum", "batchmean"),
        ),
        Param("log_target", "bool", False, "Whether the target is log-probabilities too"),
        synonyms="kullback leibler distillation",
    ),
    _loss(
        "PoissonNLLLoss",
        "For counts: how many times something happens. Expects the logarithm of the mean count.",
        "exp(x) − target·x",
        _against("The count", "The logarithm of the mean count"),
        (_ROW, _ROW),
        _REDUCTION,
        Param("log_input", "bool", True, "Whether the prediction is a logarithm"),
        Param("full", "bool", False, "Adds an approximation of log target!"),
        _eps(1e-8),
        synonyms="negative log likelihood regression",
    ),
    _loss(
        "GaussianNLLLoss",
        "For numbers with a doubt: the network predicts a value and its variance, such as from a Softplus.",
        "½·(log var + (x − target)² / var)",
        (*_against("The right values"), Port("var", like="input", sentence="The variance, above 0")),
        (_ROW, _ROW, _ROW),
        _REDUCTION,
        Param("full", "bool", False, "Adds the constant ½·log 2π"),
        _eps(1e-6),
        metric="mean_absolute_error",
        synonyms="negative log likelihood regression uncertainty",
    ),
    _loss(
        "SoftMarginLoss",
        "For yes or no, said as 1 and −1. Expects a score, without Sigmoid.",
        "mean log(1 + exp(−target·x))",
        _against("1 or −1"),
        (_ROW, _ROW),
        _REDUCTION,
        metric="binary_accuracy",
        synonyms="logistic",
    ),
    _loss(
        "HingeEmbeddingLoss",
        "Expects a distance: small where the target is 1, and above the margin where it is −1.",
        "x where target is 1, else max(0, margin − x)",
        _against("1 for alike, −1 for unlike", "The distance of two things"),
        (_ROW, _ROW),
        _REDUCTION,
        _margin(1.0, "How far apart unlike things should be"),
        synonyms="similarity",
    ),
    _loss(
        "MultiLabelSoftMarginLoss",
        "For several classes that can be right at the same time. Expects a score for each class, and 0 or 1 for each.",
        "mean of −t·log σ(x) − (1 − t)·log σ(−x)",
        (
            Port("input", ranks=(2,), axes="N×classes", sentence="A score for each class"),
            Port("target", like="input", sentence="0 or 1 for each class"),
        ),
        (_ROW, _ROW),
        _REDUCTION,
        metric="binary_accuracy",
        synonyms="tags",
    ),
    _loss(
        "MultiLabelMarginLoss",
        "For several classes that can be right at the same time: each right score should be above each wrong one by 1.",
        "Σ max(0, 1 − x[right] + x[wrong]) / classes",
        (
            Port("input", ranks=(2,), axes="N×classes", sentence="A score for each class"),
            Port("target", dtype="int", like="input", sentence="The numbers of the right classes, then −1"),
        ),
        (_ROW, TensorType((CHECK_BATCH, 8), "int64")),
        _REDUCTION,
        synonyms="hinge tags",
    ),
    _loss(
        "CosineEmbeddingLoss",
        "For pairs: brings two rows into the same direction where the target is 1, and apart where it is −1.",
        "1 − cos where target is 1, else max(0, cos − margin)",
        (
            Port("input1", ranks=(2,), axes="N×features", sentence="The rows of the first"),
            Port("input2", like="input1", sentence="The rows of the second"),
            Port("target", ranks=(1,), dtype="any", axes="N", sentence="1 for alike, −1 for unlike"),
        ),
        (_ROW, _ROW, _ONE),
        _REDUCTION,
        Param("margin", "float", 0.0, "A cosine below this is far enough apart", minimum=-1, maximum=1),
        synonyms="similarity siamese",
    ),
    _loss(
        "MarginRankingLoss",
        "For putting things in order: the first score should be above the second where the target is 1, else below.",
        "max(0, −target·(x₁ − x₂) + margin)",
        (
            Port("input1", sentence="The score of the first"),
            Port("input2", like="input1", sentence="The score of the second"),
            Port("target", like="input1", sentence="1 if the first is to be above, else −1"),
        ),
        (_ROW, _ROW, _ROW),
        _REDUCTION,
        _margin(0.0, "By how much one should be above the other"),
        synonyms="order preference siamese",
    ),
    _loss(
        "TripletMarginLoss",
        "For threes: brings the anchor closer to the positive than to the negative, by a margin.",
        "max(0, |a − p| − |a − n| + margin)",
        (
            Port("anchor", ranks=(2,), axes="N×features", sentence="The rows that are compared"),
            Port("positive", like="anchor", sentence="Rows that are alike"),
            Port("negative", like="anchor", sentence="Rows that are not"),
        ),
        (_ROW, _ROW, _ROW),
        _REDUCTION,
        Param("margin", "float", 1.0, "By how much closer", above=0),
        Param("p", "float", 2.0, "The power of the distance: 2 is the usual one", above=0),
        _eps(1e-6),
        Param("swap", "bool", False, "Takes the negative's distance to the positive, where that is smaller"),
        synonyms="similarity siamese metric learning",
    ),
    _loss(
        "CTCLoss",
        "For reading a text off a longer sequence, such as speech, without knowing which letter stands where.",
        "−log Σ p(every way to place target)",
        (
            Port("input", ranks=(3,), axes="time×N×letters", sentence="Log-probabilities, the time first"),
            Port("target", ranks=(2,), dtype="int", axes="N×letters", sentence="The numbers of the right letters"),
            Port("input_lengths", ranks=(1,), dtype="int", axes="N", sentence="How long each sequence is"),
            Port("target_lengths", ranks=(1,), dtype="int", axes="N", sentence="How long each text is"),
        ),
        (TensorType((16, CHECK_BATCH, 8)), TensorType((CHECK_BATCH, 4), "int64"), _CLASS, _CLASS),
        _REDUCTION,
        Param("blank", "int", 0, "The number of the letter that stands for none", minimum=0),
        Param("zero_infinity", "bool", False, "Leaves out texts that are too long for their sequence"),
        synonyms="speech handwriting connectionist",
    ),
)  # fmt: skip
