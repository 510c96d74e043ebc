"""What goes wrong with data: one error, whose text is meant for people."""


class DataError(ValueError):
    """Data that can't be used; the text says what was expected, what came and what can be done."""
