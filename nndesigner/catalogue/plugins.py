"""Kinds that installed packages add, through the entry point `nndesigner.kinds`: each names a tuple of `Kind`.

What a person installs runs with the person's rights already; still, a package that fails costs no more than its kinds.
"""

import logging
from collections.abc import Collection
from importlib import metadata

from nndesigner.catalogue.kind import Kind

GROUP = "nndesigner.kinds"
_log = logging.getLogger(__name__)


def kinds(taken: Collection[str]) -> tuple[Kind, ...]:
    """The kinds of all installed packages, those with a name that is `taken` left out."""
    found: dict[str, Kind] = {}
    for point in metadata.entry_points(group=GROUP):
        try:
            added = tuple(point.load())
        except Exception:
            _log.exception("the layers of the package behind %s can't be loaded", point.value)
            continue
        for kind in added:
            if not isinstance(kind, Kind) or not kind.target or kind.role not in ("layer", "loss"):
                _log.error("%s gives %r, which is no layer and no loss", point.value, kind)
            elif kind.name in taken or kind.name in found:
                _log.error("%s gives %s, and that name is taken", point.value, kind.name)
            else:
                found[kind.name] = kind
    return tuple(found.values())
