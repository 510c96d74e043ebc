"""What stands on the receipt of a run: all that decides its weights to the last bit, as plain values for JSON."""

import hashlib
import os
import platform
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
import torch

from nndesigner import __version__, nnd
from nndesigner.project import Project
from nndesigner.training.session import Session

VERSION = 1


def of(session: Session) -> dict[str, Any]:
    """The receipt of a run that is about to begin: settings, and hashes of project, data, split and own code."""
    run, data_set = session.run, session.run.data_set
    return {
        "version": VERSION,
        "status": "running",
        "reason": "",
        "seed": session.training.seed,
        "precision": session.training.precision,
        "project_sha256": project_sha256(run.project),
        "code_sha256": {name: code.sha256 for name, code in run.project.code.items()},
        "data": {
            "name": data_set.name,
            "title": data_set.title,
            "sha256": session.data.data_sha256,
            "split_sha256": session.data.split_sha256,
            "files": dict(data_set.files),
        },
        **_start(session),
        "weights": {},
        "sittings": [],
    }


def _start(session: Session) -> dict[str, Any]:
    """The weights it began with, where they are not random: the file, and what of it fitted."""
    start, matched = session.run.start, session.started
    if start is None or matched is None:
        return {}
    told = {
        "path": str(start.path),
        "sha256": start.sha256,
        "by_order": start.by_order,
        "pairs": len(matched.pairs),
        "wanted": matched.wanted,
        "missing": list(matched.missing),
        "unexpected": list(matched.unexpected),
        "misfits": [one.name for one in matched.misfits],
    }
    return {"start": told}


def sitting(session: Session) -> dict[str, Any]:
    """One stretch of a run without a break: when it began and from which step, on what and with what it is computed."""
    return {
        "began": now(),
        "ended": None,
        "from_step": session.step,
        "to_step": None,
        "threads": torch.get_num_threads(),
        "processes": session.ranks.world,
        "device": session.device,
        "device_name": _device_name(session.device),
        "cpu_capability": torch.backends.cpu.get_cpu_capability(),
        "nndesigner": __version__,
        "python": platform.python_version(),
        "torch": str(torch.__version__),
        "numpy": np.__version__,
        "system": platform.platform(),
    }


def project_sha256(project: Project) -> str:
    """The SHA-256 of the text of a project's file."""
    return hashlib.sha256(nnd.to_text(project).encode()).hexdigest()


def now() -> str:
    """This moment, in UTC, to the second."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def _device_name(device: str) -> str:
    if device.startswith("cuda"):
        return torch.cuda.get_device_name(device)
    try:
        lines = (
            Path("/proc/cpuinfo").read_text().splitlines()
        )  # where Python itself knows no more than x86_64
        name = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        name = platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} cores"
