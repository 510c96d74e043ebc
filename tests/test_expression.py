import pytest
from hypothesis import given
from hypothesis import strategies as st

from nndesigner.expression import Expression, ExpressionError


@pytest.mark.parametrize(
    ("text", "value"),
    [("width * 2", 12), ("(width + 1) // 2", 3), ("-width", -6), ("7", 7), ("width % 4", 2)],
)
def test_an_expression_computes_whole_numbers(text: str, value: int) -> None:
    assert Expression(text).value({"width": 6}) == value


@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "width.real", "f(1)", "[1]", "1.5", "True", "width ** 9", "1 if 1 else 2", "", "a b", "'x'",
     "lambda: 1", "(" * 300, "width := 3", "1\n2"],
)  # fmt: skip
def test_anything_but_arithmetic_is_refused_when_it_is_read(text: str) -> None:
    with pytest.raises(ExpressionError):
        Expression(text)


@given(st.text(max_size=60))
def test_no_text_does_anything_but_be_read_or_refused(text: str) -> None:
    try:
        expression = Expression(text)
    except ExpressionError:
        return
    assert (
        isinstance(expression.value(dict.fromkeys(expression.names(), 3)), int)
        if "/" not in text and "%" not in text
        else True
    )


def test_a_missing_name_and_a_division_by_zero_are_told() -> None:
    with pytest.raises(ExpressionError, match="width"):
        Expression("width").value({})
    with pytest.raises(ExpressionError, match="zero"):
        Expression("1 // width").value({"width": 0})


@pytest.mark.parametrize(
    ("text", "source"), [(" width*2 ", "width * 2"), ("((width))", "width"), ("(width\n+1)", "width + 1")]
)
def test_its_source_is_one_line_spaced_as_people_do(text: str, source: str) -> None:
    assert Expression(text).source() == source
