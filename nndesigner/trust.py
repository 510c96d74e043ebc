"""Which layers of one's own this person lets run, by the SHA-256 of their text, kept from one start to the next."""

import json
from pathlib import Path

import platformdirs

from nndesigner import files
from nndesigner.graph import Code

_MOST = 10_000


def trusted() -> frozenset[str]:
    """All that was trusted on this computer; nothing where the record can't be read."""
    try:
        found = json.loads(_record().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return frozenset()
    return frozenset(one for one in found if isinstance(one, str)) if isinstance(found, list) else frozenset()


def trust(*codes: Code) -> frozenset[str]:
    """Remembers that these may run; gives all that may. Raises `OSError` where the record can't be written."""
    known = list(dict.fromkeys([*sorted(trusted()), *(code.sha256 for code in codes)]))[-_MOST:]
    path = _record()
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write(path, json.dumps(known, indent=0).encode())
    return frozenset(known)


def _record() -> Path:
    return Path(platformdirs.user_config_dir("nndesigner", appauthor=False)) / "trusted.json"
