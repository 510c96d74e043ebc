"""Leaving the program: what is asked before, and what is offered when it was left without a word."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from nndesigner.ui.filing import Filing
from nndesigner.ui.live_run import LiveRun
from nndesigner.ui.notice import Notice
from nndesigner.ui.question import Role, ask, nothing
from nndesigner.ui.recovery import Rescued, rescued


class Leaving(QObject):
    """The questions between a person and a closed window. `agreed` once all are answered."""

    def __init__(self, window: QWidget, filing: Filing, run: LiveRun) -> None:
        super().__init__(window)
        self._window, self._filing, self._run = window, filing, run
        self.agreed = False

    def ask(self) -> None:
        """Asks what must be asked, and closes the window when nothing stands against it."""
        if not self._run.active:
            self._filing.when_safe(self._close)
            return
        words = self.tr("Training goes on. Stop it and close?"), self.tr("Go on training")
        if self._run.state == "paused":
            words = self.tr("Training is paused. End it and close?"), self.tr("Stay")
        ask(
            self._window,
            words[0],
            self.tr("What it has learned so far is kept, and it can be resumed."),
            ("questionStop", self.tr("Stop and close"), Role.AcceptRole, self._stop_and_close),
            ("questionCancel", words[1], Role.RejectRole, nothing),
        )

    def _stop_and_close(self) -> None:
        self._run.stop()
        self._filing.when_safe(self._close)

    def _close(self) -> None:
        self.agreed = True
        self._window.close()


def offer_rescued(notice: Notice, filing: Filing) -> None:
    """Offers the newest work that a program which is gone left behind."""
    for left in rescued():
        name = left.path.name if left.path else left.project.title or notice.tr("an untitled network")

        def recover(left: Rescued = left) -> None:
            filing.restore(left.project, left.path)
            left.discard()

        notice.tell(
            notice.tr("Work on {} was not saved when the program ended.").format(name),
            (notice.tr("Recover"), recover),
            (notice.tr("Discard"), left.discard),
        )
        return
