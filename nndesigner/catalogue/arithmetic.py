"""Arithmetic on each number by itself: with a number that is set, or by a function."""

from nndesigner.catalogue.kind import CHECK_BATCH, Kind, Param, Passing, Port, TensorType

_ANY = (Port("input", dtype="any"),)
_ROW = (TensorType((CHECK_BATCH, 8)),)
_INDEX = (TensorType((CHECK_BATCH, 6), "int64"),)


def _with_number(
    name: str,
    sign: str,
    param: Param,
    sentence: str,
    formula: str,
    synonyms: str,
) -> Kind:
    return Kind(
        name,
        "arithmetic",
        f"operator.{sign}",
        sentence,
        formula,
        inputs=_ANY,
        params=(param,),
        example=_ROW,
        synonyms=synonyms,
    )


def _number(name: str, sentence: str, initial: float, passed: Passing = "positional") -> Param:
    return Param(name, "float", sentence=sentence, initial=initial, passed=passed)


def _function(
    name: str, function: str, sentence: str, formula: str, synonyms: str = "", *, whole: bool = False
) -> Kind:
    """A function of each number, which may be `whole` numbers too where they stay so."""
    return Kind(
        name,
        "arithmetic",
        f"torch.{function}",
        sentence,
        formula,
        inputs=_ANY if whole else (Port("input"),),
        example=_ROW,
        synonyms=f"{function} {synonyms}".strip(),
    )


def _converted(name: str, method: str, sentence: str, formula: str, example: tuple[TensorType, ...]) -> Kind:
    return Kind(
        name,
        "arithmetic",
        f"torch.Tensor.{method}",
        sentence,
        formula,
        inputs=_ANY,
        example=example,
        synonyms=f"{method} cast dtype type convert",
    )


KINDS = (
    _with_number(
        "Scale",
        "mul",
        _number("factor", "What each number is multiplied by", 0.5),
        "Multiplies each number by the same factor.",
        "y = x · factor",
        "mul times multiply gain",
    ),
    _with_number(
        "Shift",
        "add",
        _number("amount", "What is added to each number", 1),
        "Adds the same amount to each number.",
        "y = x + amount",
        "add plus minus subtract offset bias",
    ),
    _with_number(
        "DivideBy",
        "truediv",
        Param("divisor", "float", sentence="What each number is divided by", initial=2, passed="positional"),
        "Divides each number by the same divisor.",
        "y = x / divisor",
        "div divide quotient",
    ),
    _with_number(
        "SubtractFrom",
        "sub",
        _number("start", "What each number is taken from", 1, "first"),
        "Takes each number from the same start: 1 − z is the other side of a gate z.",
        "y = start − x",
        "rsub one minus complement gate",
    ),
    _with_number(
        "DivideInto",
        "truediv",
        _number("dividend", "What is divided by each number", 1, "first"),
        "Divides the same number by each number.",
        "y = dividend / x",
        "reciprocal inverse one over",
    ),
    _with_number(
        "Power",
        "pow",
        _number("exponent", "How often each number is multiplied by itself", 2),
        "Raises each number to the same power.",
        "y = x ^ exponent",
        "pow square cube root",
    ),
    _with_number(
        "PowerOf",
        "pow",
        _number("base", "What is multiplied by itself", 2, "first"),
        "Raises the same number to each number.",
        "y = base ^ x",
        "pow exponential base frequencies",
    ),
    Kind(
        "Negate",
        "arithmetic",
        "operator.neg",
        "Turns the sign of each number.",
        "y = −x",
        inputs=_ANY,
        example=_ROW,
        synonyms="neg negative minus",
    ),
    Kind(
        "Clamp",
        "arithmetic",
        "torch.Tensor.clamp",
        "Keeps each number between two limits.",
        "y = min(max(x, lowest), highest)",
        params=(
            Param("min", "float", None, "The lowest number; nothing for no limit", initial=0),
            Param("max", "float", None, "The highest number; nothing for no limit", initial=1),
        ),
        example=_ROW,
        synonyms="clip limit bound range",
    ),
    _function("Exp", "exp", "e to the power of each number.", "y = eˣ", "exponential"),
    _function("Log", "log", "The natural logarithm of each number, which must be above 0.", "y = ln x", "ln"),
    _function(
        "Log1p", "log1p", "The natural logarithm of 1 + x, exact near 0.", "y = ln(1 + x)", "logarithm"
    ),
    _function("Sqrt", "sqrt", "The square root of each number.", "y = √x", "root"),
    _function("Rsqrt", "rsqrt", "One over the square root of each number.", "y = 1 / √x", "root inverse"),
    _function("Square", "square", "Each number times itself.", "y = x²", "pow power", whole=True),
    _function("Abs", "abs", "Each number without its sign.", "y = |x|", "absolute magnitude", whole=True),
    _function(
        "Sign",
        "sign",
        "−1, 0 or 1: the sign of each number. It passes no gradient back.",
        "y = sgn x",
        whole=True,
    ),
    _function("Sin", "sin", "The sine of each number, in radians.", "y = sin x", "sine wave siren"),
    _function("Cos", "cos", "The cosine of each number, in radians.", "y = cos x", "cosine wave"),
    _function("Erf", "erf", "The error function, an S from −1 to 1.", "y = 2/√π ∫₀ˣ e^(−t²) dt", "gauss"),
    _function(
        "Round", "round", "The nearest whole number. It passes no gradient back.", "y = ⌊x⌉", "quantize"
    ),
    _function(
        "Floor",
        "floor",
        "The next whole number below. It passes no gradient back.",
        "y = ⌊x⌋",
        "quantize integer",
    ),
    _converted(
        "ToFloat", "float", "The same values as fractional numbers, float32.", "int64 → float32", _INDEX
    ),
    _converted(
        "ToLong",
        "long",
        "The same values as whole numbers, int64, cut towards 0. It passes no gradient back.",
        "float32 → int64",
        _ROW,
    ),
    _converted(
        "ToBool",
        "bool",
        "True wherever a value is not 0. It passes no gradient back.",
        "float32 → bool",
        _ROW,
    ),
    Kind(
        "Detach",
        "arithmetic",
        "torch.Tensor.detach",
        "Gives the same values and passes no gradient back.",
        "y = x, ∂y/∂x = 0",
        inputs=_ANY,
        example=_ROW,
        synonyms="stop gradient freeze",
    ),
)
