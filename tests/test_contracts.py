"""What holds the house up: imports go down only, classes stay small, and Qt's binding counts its references right."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QApplication, QGraphicsScene, QVBoxLayout, QWidget

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "nndesigner"
LONGEST_CLASS = 300
CALLS = 1000


def contracts(folder: Path) -> tuple[int, str]:
    """Exit code and words of import-linter for the package and the contracts in `folder`."""
    code = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    done = subprocess.run(
        [sys.executable, "-c", code, "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=120
    )
    return done.returncode, done.stdout + done.stderr


def test_the_contracts_hold() -> None:
    code, words = contracts(ROOT)
    assert code == 0, words
    assert "4 kept, 0 broken" in words


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("graph.py", "import torch", "Window and palette stand before torch is loaded"),
        ("files.py", "import numpy", "Window and palette stand before torch is loaded"),
        ("cli/train.py", "import PySide6.QtCore", "Only ui knows Qt"),
        ("training/run.py", "from pyqtgraph import mkPen", "Only ui knows Qt"),
        ("ui/main_window.py", "import pyqtgraph", "Only the plots know pyqtgraph"),
        ("ui/canvas/scene.py", "from pyqtgraph import mkPen", "Only the plots know pyqtgraph"),
        ("plan.py", "def late():\n    from nndesigner import model", "Imports only go down"),
        ("catalogue/linear.py", "from nndesigner.project import Project", "Imports only go down"),
        ("newcomer.py", "from nndesigner import graph", "Imports only go down"),
    ],
)
def test_a_contract_fails_when_it_is_broken(tmp_path: Path, file: str, line: str, contract: str) -> None:
    shutil.copytree(PACKAGE, tmp_path / "nndesigner", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "nndesigner" / file).open("a") as broken:
        broken.write(f"\n{line}\n")
    code, words = contracts(tmp_path)
    assert code == 1, words
    assert f"{contract} BROKEN" in words


def test_the_window_is_imported_without_torch() -> None:
    code = "import sys, nndesigner.ui.main_window; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


def test_no_class_is_over_300_lines() -> None:
    sizes = {
        f"{path.relative_to(ROOT)}: {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
    }
    assert len(sizes) > 50
    assert not {name: size for name, size in sizes.items() if size > LONGEST_CLASS}


def test_a_thousand_calls_of_qt_leave_none_as_often_referenced_as_before(qapp: QApplication) -> None:
    """PySide6 6.12.0 on Python 3.10 and 3.11 loses a reference to None a call, until the program dies."""
    widget, layout, scene = QWidget(), QVBoxLayout(), QGraphicsScene()
    image = QImage(8, 8, QImage.Format.Format_ARGB32)
    painter, path, pen = QPainter(image), QPainterPath(), QPen()
    item = scene.addRect(0, 0, 1, 1)
    calls = {
        "setPos": lambda: item.setPos(1, 2),
        "setZValue": lambda: item.setZValue(1),
        "setVisible": lambda: item.setVisible(True),
        "item.update": lambda: item.update(),
        "setPen": lambda: item.setPen(pen),
        "setSceneRect": lambda: scene.setSceneRect(0, 0, 9, 9),
        "clearSelection": lambda: scene.clearSelection(),
        "scene.update": lambda: scene.update(),
        "setWidth": lambda: pen.setWidth(2),
        "setColor": lambda: pen.setColor(QColor(1, 2, 3)),
        "moveTo": lambda: path.moveTo(0, 0),
        "lineTo": lambda: path.lineTo(1, 1),
        "save and restore": lambda: (painter.save(), painter.restore()),
        "drawLine": lambda: painter.drawLine(QPoint(0, 0), QPoint(7, 7)),
        "drawPath": lambda: painter.drawPath(path),
        "fillRect": lambda: painter.fillRect(QRect(0, 0, 8, 8), Qt.GlobalColor.red),
        "image.fill": lambda: image.fill(0),
        "widget.update": lambda: widget.update(),
        "resize": lambda: widget.resize(QSize(30, 30)),
        "setEnabled": lambda: widget.setEnabled(True),
        "setToolTip": lambda: widget.setToolTip("words"),
        "setSpacing": lambda: layout.setSpacing(2),
        "processEvents": lambda: qapp.processEvents(),
    }
    drift = {}
    for name, call in calls.items():
        call()
        before = sys.getrefcount(None)
        for _ in range(CALLS):
            call()
        drift[name] = sys.getrefcount(None) - before
    painter.end()
    assert not {name: change for name, change in drift.items() if abs(change) > 10}
