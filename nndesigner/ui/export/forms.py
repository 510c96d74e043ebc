"""The forms a project can leave in, in words: what a person picks from."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QCoreApplication

Sort = Literal["code", "tensors", "picture"]


@dataclass(frozen=True, slots=True)
class Form:
    """One form. `ending` is what the name of its file ends with by itself; a folder has no suffix.

    `weights` tells whether weights go into it: always ("needed"), if there are any ("wanted"), or never.
    """

    name: str
    sort: Sort
    suffix: str
    title: str
    sentence: str
    ending: str = ""
    weights: Literal["", "wanted", "needed"] = ""


def forms() -> tuple[Form, ...]:
    """All of them, in groups by their sort."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("Export", text)

    return (
        Form("train", "code", ".py", tr("Training script"), tr("All it takes to train it, and nothing of this program")),
        Form("model", "code", ".py", tr("Model alone"), tr("The classes of the network, for code of your own"), "_model"),
        Form("notebook", "code", ".ipynb", tr("Notebook"), tr("The training script in cells, with words between")),
        Form("folder", "code", "", tr("Folder"), tr("Script, weights, requirements and a model card"), "", "wanted"),
        Form("onnx", "tensors", ".onnx", tr("ONNX"), tr("For programs that run networks without PyTorch"), "", "needed"),
        Form("pt2", "tensors", ".pt2", tr("PyTorch program"), tr("Runs where its source is not (torch.export)"), "", "needed"),
        Form("weights", "tensors", ".safetensors", tr("Weights"), tr("The state dict alone, as safetensors"), "", "needed"),
        Form("svg", "picture", ".svg", tr("Diagram as SVG"), tr("For web pages, and to go on drawing")),
        Form("pdf", "picture", ".pdf", tr("Diagram as PDF"), tr("For papers: lines and letters, sharp at any size")),
        Form("png", "picture", ".png", tr("Diagram as PNG"), tr("For slides and chats")),
    )  # fmt: skip


def heads() -> dict[str, str]:
    """What each sort is called above its forms."""
    return {
        "code": QCoreApplication.translate("Export", "Code"),
        "tensors": QCoreApplication.translate("Export", "For other programs"),
        "picture": QCoreApplication.translate("Export", "Picture"),
    }
