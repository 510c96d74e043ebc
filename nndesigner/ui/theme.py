"""The colours of the window, light and dark, and how they are put on it."""

import string
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from nndesigner import resources
from nndesigner.ui.drawings import coloured

Mode = Literal["system", "light", "dark"]
BODY = 13
_SCHEMES: dict[Mode, Qt.ColorScheme] = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}

# A hue a family, equal in lightness and strength so that none shouts.
_LIGHT_FAMILIES = {
    "data": "#5B6B82",
    "linear": "#2F6FDB",
    "convolution": "#0B7F83",
    "padding": "#7D6B52",
    "pooling": "#2E7D4F",
    "resampling": "#5B7F00",
    "normalization": "#8A6A00",
    "activation": "#C2571A",
    "dropout": "#8D5A6B",
    "shaping": "#6A5ACD",
    "joining": "#9A3FA8",
    "distance": "#3E6F8A",
    "arithmetic": "#A8407A",
    "reduction": "#007A66",
    "selecting": "#7B4FC9",
    "constants": "#6B6B2E",
    "loss": "#C23B4B",
    "block": "#4A5A9A",
    "own": "#2F7263",
    "recurrent": "#A0522D",
    "attention": "#1F6F9E",
    "embedding": "#4F7A28",
    "unknown": "#707C8C",
}
_DARK_FAMILIES = {
    "data": "#9AA9BF",
    "linear": "#6FA3FF",
    "convolution": "#3FB8BC",
    "padding": "#C4AE8D",
    "pooling": "#5FBE86",
    "resampling": "#A9C94F",
    "normalization": "#CFAA3C",
    "activation": "#F08A4B",
    "dropout": "#C790A3",
    "shaping": "#A598F5",
    "joining": "#CF7EDC",
    "distance": "#86B6D0",
    "arithmetic": "#E08BBD",
    "reduction": "#45C2AA",
    "selecting": "#B794F6",
    "constants": "#B8B86A",
    "loss": "#F2717F",
    "block": "#8E9DE0",
    "own": "#7FC4AE",
    "recurrent": "#D99A76",
    "attention": "#63B3E0",
    "embedding": "#94C066",
    "unknown": "#98A4B4",
}


@dataclass(frozen=True)
class Theme:
    """A table of colours as #RRGGBB. `paper` is what cards (`surface`) lie on, `ink` what is written on both.

    `line` parts one thing from another; `edge` is the border of what can be filled in, and can be seen by
    itself. Words in the accent's colour take `accent_text`; words and icons in `on_accent` stand on `fill`,
    which is the accent made just strong enough for them.
    """

    name: str
    paper: str
    surface: str
    raised: str
    line: str
    edge: str
    ink: str
    secondary: str
    accent: str
    accent_text: str
    fill: str
    on_accent: str
    good: str
    warning: str
    error: str
    families: Mapping[str, str]

    def family(self, name: str) -> str:
        """The colour of a family of kinds."""
        return self.families.get(name, self.families["unknown"])

    def colour(self, name: str) -> str:
        """The colour called `name`; one that is #RRGGBB already stays."""
        return name if name.startswith("#") else str(getattr(self, name))


LIGHT = Theme(
    "light",
    paper="#FAFBFC",
    surface="#FFFFFF",
    raised="#F1F4F8",
    line="#D5DCE5",
    edge="#7E8B9C",
    ink="#1B2430",
    secondary="#586577",
    accent="#3D6BFF",
    accent_text="#2F5BEA",
    fill="#3A67FA",
    on_accent="#FFFFFF",
    good="#1E7F4B",
    warning="#9A5B00",
    error="#C4283C",
    families=_LIGHT_FAMILIES,
)
DARK = Theme(
    "dark",
    paper="#14181F",
    surface="#1B212B",
    raised="#242C38",
    line="#343E4D",
    edge="#738196",
    ink="#E6EAF0",
    secondary="#A3AFBF",
    accent="#7C9BFF",
    accent_text="#7C9BFF",
    fill="#7C9BFF",
    on_accent="#10141A",
    good="#57C08A",
    warning="#E0A84A",
    error="#FF7A88",
    families=_DARK_FAMILIES,
)


class Look(QObject):
    """The theme in use. **Signals:** `changed` when another theme was chosen."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.theme = LIGHT
        self.mode: Mode = "system"

    def use(self, theme: Theme) -> None:
        """Shows everything in this theme."""
        if theme is not self.theme:
            self.theme = theme
            self.changed.emit()

    def follow(self, scheme: Qt.ColorScheme) -> None:
        """Shows the program as the system asks, unless a person set it otherwise."""
        wanted = scheme if self.mode == "system" else _SCHEMES[self.mode]
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply(app, DARK if wanted is Qt.ColorScheme.Dark else LIGHT)


look = Look()


def mixed(first: str, second: str, share: float) -> str:
    """A colour between two, `share` of it the first."""
    one, other = QColor(first), QColor(second)
    parts = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02X}" for a, b in parts)


def contrast(first: str, second: str) -> float:
    """How well one colour stands out from the other, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    found = QColor(colour)
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (found.redF(), found.greenF(), found.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def font(size: int = BODY, weight: QFont.Weight = QFont.Weight.Normal, *, mono: bool = False) -> QFont:
    """The interface's font, or the monospaced one for shapes, numbers and code; `size` in pixels."""
    found = (
        QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont) if mono else QFont(QApplication.font())
    )
    found.setPixelSize(size)
    found.setWeight(weight)
    return found


def apply(app: QApplication, theme: Theme) -> None:
    """Shows the whole program in `theme`: style, palette, font and style sheet."""
    # Once there is a sheet, its own style stands before Fusion; set again, every widget would be dressed twice.
    if not app.styleSheet() and app.style().name() != "fusion":
        app.setStyle("Fusion")
    body = app.font()
    if body.pixelSize() != BODY:
        body.setPixelSize(BODY)
        app.setFont(body)
    app.setPalette(_palette(theme))
    app.setStyleSheet(style_sheet(theme))
    look.use(theme)


def follow_system(app: QApplication) -> None:
    """Shows the program in the system's light or dark, now and whenever the system changes."""
    app.styleHints().colorSchemeChanged.connect(look.follow)
    set_mode("system")


def set_mode(mode: Mode) -> None:
    """Shows the program light, dark, or as the system has it."""
    look.mode = mode
    hints = QGuiApplication.styleHints()
    # The hint brings the system's own title bars and dialogs along; not every platform heeds it.
    hints.setColorScheme(_SCHEMES[mode])
    look.follow(hints.colorScheme())


def style_sheet(theme: Theme) -> str:
    """The style sheet of the window, in the colours of `theme`."""
    template = string.Template((resources.folder("style") / "window.qss").read_text("utf-8"))
    table = {field.name: getattr(theme, field.name) for field in fields(theme)}
    drawn = {
        "picture_down": ("chevron-down", theme.secondary),
        "picture_up": ("chevron-up", theme.secondary),
        "picture_right": ("chevron-right", theme.secondary),
        "picture_check": ("check", theme.on_accent),
        "picture_check_ink": ("check", theme.ink),
        "picture_check_pale": ("check", theme.secondary),
        "picture_partial": ("partial", theme.on_accent),
    }
    return template.substitute(
        table,
        hover=mixed(theme.ink, theme.surface, 0.06),
        pressed=mixed(theme.ink, theme.surface, 0.12),
        chosen=mixed(theme.accent, theme.surface, 0.16),
        pale=mixed(theme.secondary, theme.surface, 0.6),
        fill_hover=mixed(theme.fill, theme.ink, 0.88),
        fill_pressed=mixed(theme.fill, theme.ink, 0.76),
        handle=mixed(theme.edge, theme.surface, 0.55),
        error_hover=mixed(theme.error, theme.surface, 0.1),
        **{name: coloured(*drawing).as_posix() for name, drawing in drawn.items()},
    )


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    colours = {
        role.Window: theme.paper,
        role.WindowText: theme.ink,
        role.Base: theme.surface,
        role.AlternateBase: theme.raised,
        role.Text: theme.ink,
        role.Button: theme.surface,
        role.ButtonText: theme.ink,
        role.BrightText: theme.error,
        role.ToolTipBase: theme.ink,
        role.ToolTipText: theme.surface,
        role.PlaceholderText: theme.secondary,
        role.Highlight: theme.fill,
        role.HighlightedText: theme.on_accent,
        role.Accent: theme.accent,
        role.Link: theme.accent_text,
        role.LinkVisited: theme.accent_text,
        role.Light: theme.surface,
        role.Midlight: theme.raised,
        role.Mid: theme.line,
        role.Dark: theme.edge,
        role.Shadow: theme.line,
    }
    for one, colour in colours.items():
        palette.setColor(one, QColor(colour))
    for one in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(
            QPalette.ColorGroup.Disabled, one, QColor(mixed(theme.secondary, theme.surface, 0.6))
        )
    return palette
