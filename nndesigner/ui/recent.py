"""The files worked on last."""

from pathlib import Path

from PySide6.QtCore import QSettings

_KEY = "recent"
MOST = 10


class Recent:
    """At most ten paths, the last used first, kept in the program's settings."""

    def __init__(self, settings: QSettings | None = None) -> None:
        self._settings = settings if settings is not None else QSettings()

    def paths(self) -> tuple[Path, ...]:
        """All of them, those that are gone included."""
        kept = self._settings.value(_KEY, [])
        # QSettings gives a list of one back as the one.
        words = [kept] if isinstance(kept, str) else list(kept or [])
        return tuple(Path(word) for word in words if isinstance(word, str) and word)[:MOST]

    def add(self, path: Path) -> None:
        """Puts a path first."""
        whole = path.absolute()
        self._keep([whole, *(other for other in self.paths() if other != whole)])

    def remove(self, path: Path) -> None:
        """Forgets a path."""
        self._keep([other for other in self.paths() if other not in (path, path.absolute())])

    def _keep(self, paths: list[Path]) -> None:
        self._settings.setValue(_KEY, [str(path) for path in paths[:MOST]])
