"""Amounts as they are written for people: operations and memory, with three digits that count and a unit."""

_STEPS = ("", "k", "M", "G", "T", "P", "E")


def operations(count: int, space: str = " ") -> str:
    """`4833280` as `4.83 MFLOPs`; a FLOP is one addition or one multiplication."""
    return _scaled(count, "FLOPs", space)


def memory(count: int, space: str = " ") -> str:
    """`132352` bytes as `132 kB`; a kilobyte has 1,000 bytes."""
    return _scaled(count, "B", space)


def count(number: int, space: str = " ") -> str:
    """`147456` as `147 k`."""
    return _scaled(number, "", space).rstrip()


def _scaled(count: int, unit: str, space: str) -> str:
    value, step = float(count), 0
    while value >= 999.5 and step < len(_STEPS) - 1:
        value, step = value / 1000, step + 1
    digits = 0 if step == 0 or value >= 99.95 else 1 if value >= 9.995 else 2
    return f"{value:.{digits}f}{space}{_STEPS[step]}{unit}"


def seconds(time: float, space: str = " ") -> str:
    """`0.00343` as `3.43 ms`."""
    factor, unit = (1e6, "µs") if time < 0.0009995 else (1e3, "ms") if time < 0.9995 else (1.0, "s")
    value = factor * time
    digits = 0 if value >= 99.95 or not value else 1 if value >= 9.995 else 2
    return f"{value:.{digits}f}{space}{unit}"
