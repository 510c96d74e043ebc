"""Few of many cases in the suite; the others run with `pytest -m thorough`."""

from collections.abc import Sequence
from typing import Any

import pytest


def sampled(cases: Sequence[Any], few: int) -> list[Any]:
    """The cases as parameters: `few` of them, evenly spaced, and the rest marked as thorough."""
    count = len(cases)
    kept = {round(number * (count - 1) / max(1, few - 1)) for number in range(min(few, count))}
    return [case if number in kept else _marked(case) for number, case in enumerate(cases)]


def _marked(case: Any) -> Any:
    if isinstance(case, type(pytest.param())):
        return pytest.param(*case.values, marks=[*case.marks, pytest.mark.thorough], id=case.id)
    return pytest.param(case, marks=pytest.mark.thorough)
