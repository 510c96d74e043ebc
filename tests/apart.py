"""A home for tests: their runs, data sets and caches are apart from those of the person who runs them.

So are those of the processes they start. It is set when this is imported, and gone when Python ends.
"""

import os
import tempfile

FOLDER = tempfile.TemporaryDirectory(prefix="nndesigner-tests-", ignore_cleanup_errors=True)
for _name in ("DATA", "CACHE", "CONFIG", "STATE"):
    os.environ[f"XDG_{_name}_HOME"] = f"{FOLDER.name}/{_name.lower()}"
