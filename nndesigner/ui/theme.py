"""The colours and measures of the window, light and dark, and the icons in them."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

# A hue a family, equal in lightness and strength so that none shouts.
_LIGHT_FAMILIES = {
    "data": "#5B6B82", "linear": "#2F6FDB", "convolution": "#0B7F83", "pooling": "#2E7D4F", "normalization": "#8A6A00",
    "activation": "#C2571A", "dropout": "#8D5A6B", "shaping": "#6A5ACD", "joining": "#9A3FA8", "loss": "#C23B4B",
    "block": "#4A5A9A", "unknown": "#707C8C",
}  # fmt: skip
_DARK_FAMILIES = {
    "data": "#9AA9BF", "linear": "#6FA3FF", "convolution": "#3FB8BC", "pooling": "#5FBE86", "normalization": "#CFAA3C",
    "activation": "#F08A4B", "dropout": "#C790A3", "shaping": "#A598F5", "joining": "#CF7EDC", "loss": "#F2717F",
    "block": "#8E9DE0", "unknown": "#98A4B4",
}  # fmt: skip


@dataclass(frozen=True)
class Theme:
    """A table of colours as #RRGGBB. `paper` is what cards (`surface`) lie on, `ink` what is written on both."""

    name: str
    paper: str
    surface: str
    raised: str
    line: str
    ink: str
    secondary: str
    accent: str
    on_accent: str
    good: str
    warning: str
    error: str
    families: Mapping[str, str]

    def family(self, name: str) -> str:
        """The colour of a family of kinds."""
        return self.families.get(name, self.families["unknown"])


LIGHT = Theme(
    "light", paper="#FAFBFC", surface="#FFFFFF", raised="#F1F4F8", line="#D5DCE5", ink="#1B2430", secondary="#586577",
    accent="#3D6BFF", on_accent="#FFFFFF", good="#1E7F4B", warning="#9A5B00", error="#C4283C", families=_LIGHT_FAMILIES,
)  # fmt: skip
DARK = Theme(
    "dark", paper="#14181F", surface="#1B212B", raised="#242C38", line="#343E4D", ink="#E6EAF0", secondary="#A3AFBF",
    accent="#7C9BFF", on_accent="#10141A", good="#57C08A", warning="#E0A84A", error="#FF7A88", families=_DARK_FAMILIES,
)  # fmt: skip


class Look(QObject):
    """The theme in use. **Signals:** `changed` when another theme was chosen."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.theme = LIGHT

    def use(self, theme: Theme) -> None:
        """Shows everything in this theme."""
        if theme is not self.theme:
            self.theme = theme
            self.changed.emit()


look = Look()
