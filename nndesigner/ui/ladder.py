"""The rungs that a number takes while it is stepped or dragged: whole numbers, channels, shares, rates.

A rung is a number a person would have typed: channels go by ones, then by eights and sixteens, shares by twentieths,
rates by 1, 2, 5, 10. Fine rungs lie closer, coarse ones are powers of two or of ten.
"""

import math
from decimal import Decimal
from typing import Literal

from nndesigner.catalogue.kind import Param
from nndesigner.expression import Expression
from nndesigner.graph import Value
from nndesigner.ui.shown import Missing, Shown, Various

Pace = Literal["fine", "plain", "coarse"]
_HIGHEST = 65536  # where rungs end; a larger number is typed
_LOWEST = 1e-12
_FROM_NOTHING = 1e-6  # the first rung of a rate above 0
_SHARES = {"fine": 0.01, "plain": 0.05, "coarse": 0.25}
_SIZES = {"fine": 0.1, "plain": 1.0, "coarse": 10.0}
_RATES = {"fine": (1, 2, 3, 4, 5, 6, 7, 8, 9), "plain": (1, 2, 5), "coarse": (1,)}


def stepped(param: Param, value: Shown, steps: int) -> Value:
    """The value so many steps up or down, or None where that leads out of the param's range."""
    found: Value
    match value:
        case float() if param.type == "float":
            found = value
            for _ in range(abs(steps)):
                found = _next_number(found, 1 if steps > 0 else -1, param.maximum)
        case bool() | str() | float() | Expression():
            return None
        case int():
            found = float(value + steps) if param.type == "float" else value + steps
        case tuple() if all(isinstance(number, int) for number in value):
            found = tuple(int(number) + steps for number in value if isinstance(number, int))
        case Various(values=values):
            return stepped(param, values[0], steps)
        case None | Missing() if param.type != "float":
            found = max(1, math.ceil(param.minimum or 0)) if steps > 0 else None
        case _:
            return None
    return None if found is None or param.problem(found) else found


def has_rungs(param: Param, value: Shown) -> bool:
    """Whether a value can be dragged up and down."""
    return any(climbed(param, value, one) != value for one in (1, -1))


def climbed(param: Param, value: Shown, rungs: int, pace: Pace = "plain") -> Shown:
    """The value so many rungs up or down, as far as the param allows; one that has no rungs stays as it is.

    Values that do not agree begin at the first of them.
    """
    direction = 1 if rungs > 0 else -1
    match value:
        case Various(values=values):
            first = climbed(param, values[0], rungs, pace)
            return first if has_rungs(param, values[0]) else value
        case bool():
            return value
        case int() | float() if param.type in ("int", "float", "size", "axis"):
            found: int | float = value
            for _ in range(abs(rungs)):
                if (following := _rung(param, found, direction, pace, value)) is None:
                    break
                found = following
            return found
        case tuple() if all(isinstance(number, int) for number in value):
            ways = range(rungs, 0, -direction)
            return next((one for way in ways if (one := stepped(param, value, way)) is not None), value)
        case None | Missing() if rungs > 0 and (first := stepped(param, value, 1)) is not None:
            return climbed(param, first, rungs - 1, pace)
    return value


def _rung(
    param: Param, value: int | float, direction: int, pace: Pace, begun: int | float
) -> int | float | None:
    """The next rung, or None where there is none."""
    found: int | float
    if param.type == "float":
        found = _next_real(param, value, direction, pace, begun)
        low, high = param.minimum, param.maximum
    else:
        found = _next_whole(int(value), direction, pace, param.type == "axis")
        low = None if param.minimum is None else math.ceil(param.minimum)
        high = None if param.maximum is None else math.floor(param.maximum)
    if direction > 0 and pace != "fine" and found > _HIGHEST:
        return None
    if low is not None and found < low <= value and round(low, 2) == low:
        found = low
    if high is not None and found > high >= value and round(high, 2) == high:
        found = high
    if param.type == "float":
        found = float(found)
    return None if found == value or param.problem(found) else found


def _next_whole(value: int, direction: int, pace: Pace, by_ones: bool) -> int:
    outwards = (value > 0) == (direction > 0)
    size = abs(value) if outwards else abs(value) - 1
    if pace == "fine" or by_ones or size < 1:
        return value + direction
    if pace == "coarse":
        power = 1 << (abs(value).bit_length() if outwards else size.bit_length() - 1)
        return power if value > 0 else -power
    step = 1 if size < 16 else max(8, 1 << (size.bit_length() - 5))
    return (value // step + 1) * step if direction > 0 else (-(-value // step) - 1) * step


def _next_real(param: Param, value: float, direction: int, pace: Pace, begun: float) -> float:
    floor = param.minimum if param.minimum is not None else param.above
    if floor is not None and param.maximum is not None and param.maximum - floor <= 2:
        return _multiple(value, direction, _SHARES[pace])
    if floor is not None and floor >= 0:
        return _next_rate(value, direction, _RATES[pace], begun)
    size = abs(begun) or 1.0
    return _multiple(value, direction, _SIZES[pace] * 10 ** min(math.floor(math.log10(size)), 0) / 10)


def _multiple(value: float, direction: int, step: float) -> float:
    """The next multiple of a step above or below a value."""
    place = round(value / step, 6)
    return round((math.floor(place) + 1 if direction > 0 else math.ceil(place) - 1) * step, 12)


def _next_rate(value: float, direction: int, digits: tuple[int, ...], begun: float) -> float:
    """The next number whose first digit is one of these and whose others are 0; 0 lies below the lowest."""
    lowest = _LOWEST if 0 < begun < _FROM_NOTHING else _FROM_NOTHING
    if value <= 0:
        return lowest if direction > 0 else 0.0
    exponent = math.floor(math.log10(value))
    near = [float(f"{digit}e{power}") for power in range(exponent - 1, exponent + 2) for digit in digits]
    if direction > 0:
        return min(one for one in near if one > value * (1 + 1e-9))
    found = max(one for one in near if one < value * (1 - 1e-9))
    return found if found >= lowest else 0.0


def _next_number(value: float, direction: int, maximum: float | None) -> float:
    """The next number with as many digits: 0.001 → 0.002, 0.25 → 0.26; down from 0.001 → 0.0009."""
    number = Decimal(repr(value)).normalize()
    if not number:
        return direction * (0.1 if maximum is not None else 0.001)
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    towards_zero = (number > 0) == (direction < 0)
    if towards_zero and abs(number) == Decimal(1).scaleb(exponent):
        exponent -= 1
    return float(number + direction * Decimal(1).scaleb(exponent))
