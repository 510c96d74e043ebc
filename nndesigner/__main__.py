"""The command `nndesigner`: with a command it works in the terminal, else it opens the window."""

import sys
from collections.abc import Sequence

from nndesigner import cli


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the program; gives its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    opens = len(given) == 1 and not given[0].startswith("-") and given[0] not in cli.commands()
    if not given or opens:
        from nndesigner.ui import app  # only here: everything else works without Qt

        code: int = app.main(given)
        return code
    return cli.main(given)


if __name__ == "__main__":
    sys.exit(main())
