"""Data of one's own, read from files by one plain function a kind of file, with everything told in its arguments.

Nothing is guessed here, so what is read today is read the same tomorrow; `nndesigner.data.adding` finds the arguments.
The text of these functions is also what an exported script contains, so each uses nothing but what its module imports
and functions and constants of this package. Each loader gives a dict of arrays by field. `part` says of each record
which part it comes in, `group` what it belongs to, such as its speaker. All raise `OSError`, and `ValueError` with the
file and what is wrong with it.

Projects and scripts name a loader alone, as `own.load_table`; which module it stands in may change, and only that one
is loaded, as each brings libraries of its own.
"""

import importlib
from collections.abc import Callable
from typing import Any

MODULES = {
    "load_table": "tables",
    "load_images": "pictures",
    "load_idx": "arrays",
    "load_npz": "arrays",
    "load_sounds": "sounds",
    "load_pairs": "pairs",
}


def loader(name: str) -> Callable[..., Any]:
    """The loader of this name, such as `load_table`."""
    module = importlib.import_module(f"{__name__}.{MODULES[name]}")
    function: Callable[..., Any] = getattr(module, name)
    return function
