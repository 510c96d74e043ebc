"""The process in which a project's model is built for an export: apart, so that the window's random numbers stay its own.

It is asked as the process is in which a script is tried; see `alone` and `apart`.
"""

import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import replace

from nndesigner.process import ready_for_torch
from nndesigner.script import alone

_log = logging.getLogger(__name__)


def question(work: str, text: str, trusted: frozenset[str], **more: object) -> dict[str, object]:
    """What is asked of this process: a work on a project, as the text of its file, with what of its code may run."""
    return {"work": work, "project": text, "trusted": sorted(trusted), **more}


def answer(asked: alone.Question, tell: alone.Tell) -> None:
    """Does what is asked for with the project; tells `error` where that can't be."""
    from nndesigner import nnd
    from nndesigner.plan import make
    from nndesigner.script import onnx, reference, tensors
    from nndesigner.script.folder import FolderError
    from nndesigner.script.writer import ScriptError
    from nndesigner.training.weights import WeightsError

    works: Mapping[str, Callable[..., None]] = {
        "refer": reference.refer,
        "onnx": onnx.write,
        "program": tensors.write_program,
        "weights": tensors.write_weights,
        "folder": tensors.write_shared,
    }
    try:
        project = replace(nnd.from_text(asked["project"]), trusted=frozenset(asked["trusted"]))
        plan = make(project)
        if plan.errors:
            raise tensors.FormatError(plan.errors[0].message)
        works[asked["work"]](project, plan, asked, tell)
    except (nnd.ProjectError, WeightsError, FolderError, ScriptError, tensors.FormatError) as error:
        tell({"error": str(error)})
    except OSError as error:
        tell({"error": str(error.strerror or error).lower(), "number": error.errno or 0})
    except MemoryError:
        tell({"error": "it needs more memory than it may have"})
    except Exception as error:  # torch, and code of one's own, raise whatever they like
        _log.exception("the %s of a project", asked["work"])
        tell({"error": tensors.first_line(error)})


def main(nice: int) -> None:
    """Stands ready and answers."""
    ready_for_torch()
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    os.environ["TORCHDYNAMO_DISABLE"] = "1"
    if hasattr(os, "nice"):
        os.nice(nice)
    from nndesigner import child, examples, plan

    child.be_apart()
    plan.make(examples.load(examples.names()[0]))  # the first plan takes a second or two, the next none
    alone.serve(answer)
