"""Everything a person can pick."""

import argparse
from typing import Any

from nndesigner import catalogue
from nndesigner.catalogue.kind import Kind, Required
from nndesigner.cli.answer import Answer, Command, table


def _catalogue(chosen: argparse.Namespace) -> Answer:
    table(chosen, [(kind.name, kind.family, kind.sentence) for kind in catalogue.KINDS])
    return 0, {"kinds": [_told_kind(kind) for kind in catalogue.KINDS]}


def _told_kind(kind: Kind) -> dict[str, Any]:
    """All that a catalogue entry says, as JSON can hold it."""
    params = [
        {
            "name": param.name,
            "type": param.type,
            "sentence": param.sentence,
            **({} if isinstance(param.default, Required) else {"default": param.default}),
            "expects": param.expects(),
        }
        for param in kind.params
    ]
    return {
        "name": kind.name,
        "family": kind.family,
        "target": kind.target,
        "role": kind.role,
        "sentence": kind.sentence,
        "formula": kind.formula,
        "documentation": kind.documentation,
        "inputs": [
            {"name": port.name, "dtype": port.dtype, "optional": port.optional} for port in kind.inputs
        ],
        "outputs": [port.name for port in kind.outputs],
        "params": params,
        "example": [{"shape": list(one.named), "dtype": one.dtype} for one in kind.example],
    }


CATALOGUE = Command(_catalogue, "list all layers, losses, optimizers and schedulers")
