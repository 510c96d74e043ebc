"""An epoch in the window's worker thread against the plain loop one writes by hand, and how late the window is meanwhile.

Both train the same small convolutional network on the same data in memory with the same number of threads, in turn,
in one process, while the window shows its curves. A timer of 5 ms tells in further runs how late its events are.
"""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import statistics
import tempfile
import time
from dataclasses import replace

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from nndesigner.process import ready_for_torch

ROUNDS = 15
EPOCHS = 8
TICK = 5.0


def plain_epochs(epochs: int, seed: int) -> list[float]:
    """Seconds of each epoch, training and validation, of the loop a good engineer writes."""
    import torch
    from torch import nn

    from nndesigner.catalogue.datasets import BY_NAME
    from nndesigner.data import parts
    from nndesigner.project import Training

    torch.set_num_threads(max(1, (os.cpu_count() or 2) - 1))
    torch.manual_seed(seed)
    data = parts.load(BY_NAME["digits"], {}, Training(validation=0.1, test=0.2))
    train, validation = data.train.tensors, data.validation.tensors
    images, labels = train["image"], train["label"]
    model = nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.Conv2d(32, 64, 3, padding=1),
        nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(), nn.Linear(1024, 10),
    )  # fmt: skip
    optimizer = torch.optim.Adam(model.parameters(), lr=0.002)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=epochs)
    criterion = nn.CrossEntropyLoss()
    seconds = []
    for _ in range(epochs):
        began = time.perf_counter()
        model.train()
        total, right = 0.0, 0.0
        for chosen in torch.randperm(len(labels)).split(64):
            image, label = images[chosen], labels[chosen]
            optimizer.zero_grad()
            logits = model(image)
            loss = criterion(logits, label)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(label)
            right += (logits.argmax(1) == label).sum().item()
        scheduler.step()
        model.eval()
        with torch.no_grad():
            logits = model(validation["image"])
            criterion(logits, validation["label"]).item()
            (logits.argmax(1) == validation["label"]).sum().item()
        seconds.append(time.perf_counter() - began)
    return seconds


def wait_until(loop_done: object) -> None:
    """Runs the event loop until the condition holds."""
    loop = QEventLoop()
    timer = QTimer()
    timer.timeout.connect(lambda: loop.quit() if loop_done() else None)  # type: ignore[operator]
    timer.start(20)
    loop.exec()
    timer.stop()


def measure() -> dict[str, float]:
    """`epoch_ratio`, and `lateness_p99` in ms."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["HOME"] = home
        ready_for_torch()
        app = QApplication.instance() or QApplication([])
        from nndesigner import examples
        from nndesigner.training.report import EpochEnded
        from nndesigner.ui.app import start

        window = start(app)
        window.resize(1280, 800)
        window.filing.example("digits")
        wait_until(lambda: window.parts.checked_project is window.document.project)
        project = examples.load("digits")
        late: list[float] = []
        ratios: list[float] = []
        plain_epochs(2, 0)
        before = statistics.median(plain_epochs(EPOCHS, 0)[1:])
        for number in range(ROUNDS):
            training = replace(project.training, seed=number, epochs=EPOCHS)
            window.document.edit("Settings", replace(project, training=training))
            _run(window)
            seconds = [report.seconds for report in window.run.reports if isinstance(report, EpochEnded)]
            # The speed of a shared machine drifts: each run is held against the plain loops before and after it.
            after = statistics.median(plain_epochs(EPOCHS, number)[1:])
            ratios.append(statistics.median(seconds[1:]) * 2 / (before + after))
            before = after
        for _ in range(2):
            late += _timed_run(window)
        window.document.stack.setClean()
        window.leaving.agreed = True
        window.close()
    late.sort()
    return {
        "epoch_ratio": statistics.median(ratios),
        "lateness_p99": late[int(len(late) * 0.99)],
    }


def _run(window: object) -> None:
    """Trains once, with nothing else to do for the event loop than what the window does itself."""
    loop = QEventLoop()
    window.run.ended.connect(loop.quit)  # type: ignore[attr-defined]
    window.train()  # type: ignore[attr-defined]
    loop.exec()
    window.run.ended.disconnect(loop.quit)  # type: ignore[attr-defined]


def _timed_run(window: object) -> list[float]:
    """Trains once and gives how many ms each tick of a 5 ms timer came late."""
    late: list[float] = []
    last = [time.perf_counter()]

    def tick() -> None:
        now = time.perf_counter()
        late.append(max(0.0, 1000 * (now - last[0]) - TICK))
        last[0] = now

    window.train()  # type: ignore[attr-defined]
    wait_until(lambda: len(window.run.reports) > 2)  # type: ignore[attr-defined]
    timer = QTimer()
    from PySide6.QtCore import Qt

    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    last[0] = time.perf_counter()
    timer.start(int(TICK))
    wait_until(lambda: not window.run.active)  # type: ignore[attr-defined]
    timer.stop()
    return late


if __name__ == "__main__":
    print(measure())
