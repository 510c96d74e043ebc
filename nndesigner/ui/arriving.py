"""What is dropped on the window: projects, sources, weights, data, each to the part that takes it."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData

from nndesigner.nnd import SUFFIX
from nndesigner.ui.data.dropping import paths_in

if TYPE_CHECKING:
    from nndesigner.ui.main_window import MainWindow


def can_take(window: "MainWindow", data: QMimeData) -> bool:
    """Whether any part takes what is dragged."""
    return _project_in(data) is not None or window.sources.can_take(data) or bool(paths_in(data))


def take(window: "MainWindow", data: QMimeData) -> bool:
    """Gives what was dropped to the part that takes it; says whether there is one."""
    if (project := _project_in(data)) is not None:
        window.filing.open(project)
    elif window.sources.take_dropped(data):
        pass
    elif window.sources.drawing and (path := window.weights.file_in(data)) is not None:
        window.weights.look_at(path)
    elif paths := paths_in(data):
        window.data.add(paths)
    else:
        return False
    return True


def _project_in(data: QMimeData) -> Path | None:
    paths = (Path(url.toLocalFile()) for url in data.urls())
    return next((path for path in paths if path.suffix == SUFFIX), None)
