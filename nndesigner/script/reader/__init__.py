"""The way back: a PyTorch source read into a project, by parsing alone; nothing of it is ever imported or run."""

from nndesigner.script.reader.reading import (
    Reading,
    ReadingError,
    Remark,
    Source,
    read,
    read_apart,
    read_file,
)

__all__ = ["Reading", "ReadingError", "Remark", "Source", "read", "read_apart", "read_file"]
