"""The way out to Python text: classes from plans, a training loop around them."""

from nndesigner.script.writer import Script, ScriptError, write

__all__ = ["Script", "ScriptError", "write"]
