"""Numbers as they are written for people: thin spaces by thousands, few digits, units."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from nndesigner import amounts

THIN = "\u202f"  # narrow and no-break: a number is never torn at the end of a line


def thousands(number: int) -> str:
    """`1234567` as `1 234 567`, with thin spaces."""
    return f"{number:,}".replace(",", THIN)


def percent(fraction: float) -> str:
    """`0.9861` as `98.6 %`."""
    return f"{100 * fraction:.1f}{THIN}%"


def share(part: float, whole: float) -> str:
    """How much of the whole a part is: `38 %`, `< 1 %`; nothing where there is no whole."""
    if not whole:
        return ""
    whole_percents = round(100 * part / whole)
    return f"<{THIN}1{THIN}%" if part and not whole_percents else f"{whole_percents}{THIN}%"


def operations(count: int) -> str:
    """`4833280` as `4.83 MFLOPs`."""
    return amounts.operations(count, THIN)


def memory(count: int) -> str:
    """`132352` bytes as `132 kB`."""
    return amounts.memory(count, THIN)


def difference(number: int, written: Callable[[int], str]) -> str:
    """A change with its sign, so written: `+38.2 MFLOPs`, `−640`; nothing where there is none."""
    return f"{'+' if number > 0 else '−'}{written(abs(number))}" if number else ""


def count(number: int) -> str:
    """`147456` as `147 k`."""
    return amounts.count(number, THIN)


def measured(value: float) -> str:
    """A loss or an error with about three digits that count."""
    if value != value:
        return QCoreApplication.translate("Figures", "not a number")
    if value in (float("inf"), float("-inf")):
        return QCoreApplication.translate("Figures", "infinite")
    size = abs(value)
    if size >= 10000:
        return thousands(round(value))
    if size >= 100:
        return f"{value:.1f}"
    if size >= 1:
        return f"{value:.3f}"
    if size >= 0.001 or size == 0:
        return f"{value:.4f}"
    return f"{value:.2e}"


def duration(seconds: float) -> str:
    """A time in its two largest units: `0.8 s`, `14 s`, `1 min 20 s`, `2 h 5 min`."""
    if seconds < 9.95:
        return f"{max(0.0, seconds):.1f}".removesuffix(".0") + f"{THIN}s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole}{THIN}s"
    if whole < 3600:
        rest = f" {whole % 60}{THIN}s" if whole % 60 else ""
        return f"{whole // 60}{THIN}min{rest}"
    minutes = round(seconds / 60)
    rest = f" {minutes % 60}{THIN}min" if minutes % 60 else ""
    return f"{minutes // 60}{THIN}h{rest}"


def brief(seconds: float) -> str:
    """`0.00343` as `3.43 ms`."""
    return amounts.seconds(seconds, THIN)
