"""What the machine must have before a window can open, and the sentence for each thing it lacks."""

import ctypes
import os
import re
import sys
from importlib import metadata
from pathlib import Path

# The Debian package that brings a library, for those Qt needs and small systems lack.
_PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
}


def obstacle() -> str:
    """Why no window can open here, in one line that says what to do; "" where nothing stands against it."""
    return _bad_qt() or _missing_display() or _missing_library()


def _bad_qt() -> str:
    version = metadata.version("PySide6_Essentials")
    if version.startswith("6.12.0") and sys.version_info < (3, 12):
        return (
            f"PySide6 {version} crashes on Python {sys.version_info[0]}.{sys.version_info[1]}; "
            "install another: pip install 'PySide6-Essentials<6.12'"
        )
    return ""


def _missing_display() -> str:
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return ""
    hint = "there is no display to open a window on; without one, nndesigner train FILE and its other commands work"
    if os.environ.get("WAYLAND_DISPLAY"):
        return ""
    if not os.environ.get("DISPLAY"):
        return hint
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError as error:
        return _lacks(str(error))
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    failed = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return hint if failed else ""


def _missing_library() -> str:
    """Qt ends the whole process where its platform plugin can't be loaded, so it is tried beforehand."""
    if sys.platform != "linux":
        return ""
    try:
        import PySide6
        from PySide6 import QtGui, QtSvg, QtWidgets  # noqa: F401
    except ImportError as error:
        return _lacks(str(error))
    if os.environ.get("QT_QPA_PLATFORM", "xcb") == "xcb" and not os.environ.get("WAYLAND_DISPLAY"):
        try:
            ctypes.CDLL(str(Path(PySide6.__file__).parent / "Qt/plugins/platforms/libqxcb.so"))
        except OSError as error:
            return _lacks(str(error))
    return ""


def _lacks(error: str) -> str:
    found = re.search(r"(lib[\w.+-]+\.so[.\d]*): cannot open", error)
    if not found:
        return f"Qt can't be loaded: {error}"
    library = found[1]
    package = _PACKAGES.get(library)
    how = (
        f"on Debian and Ubuntu: sudo apt install {package}" if package else "install the package that has it"
    )
    return f"the system library {library}, which Qt needs, is missing; {how}"
