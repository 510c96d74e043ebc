"""What is dropped on the window: files and folders that may be data."""

from pathlib import Path

from PySide6.QtCore import QMimeData

from nndesigner.nnd import SUFFIX


def paths_in(data: QMimeData) -> list[Path]:
    """The files and folders of this computer that are dragged; none where a project is among them."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [] if any(path.suffix == SUFFIX for path in paths) else paths
