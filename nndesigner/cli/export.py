"""A project written as a script."""

import argparse

from nndesigner import files
from nndesigner.cli import choosing, options
from nndesigner.cli.answer import FAILED, Answer, Command, say


def _export(chosen: argparse.Namespace) -> Answer:
    found = choosing.find(chosen)
    from nndesigner import script

    try:
        written = script.write(found)
    except script.ScriptError as error:
        return FAILED, {"error": str(error)}
    files.write(chosen.output, written.text.encode())
    what = "training script" if written.trains else "network alone, as there is no data or no loss"
    say(chosen, f"wrote {chosen.output}: the {what}")
    return 0, {"path": str(chosen.output), "trains": written.trains}


EXPORT = Command(_export, "write a project as a training script", (options.project, options.output("FILE")))
