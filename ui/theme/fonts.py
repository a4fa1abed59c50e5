"""Puts the bundled Inter faces at Qt's disposal, once per process.

Promises that ``load()`` is cheap to call again and that the four static faces are the only ones asked for.
Must not choose sizes or weights: that is ui/theme/__init__.py.
"""

from functools import cache
from importlib.resources import files

from PySide6.QtGui import QFontDatabase

FACES = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf", "Inter-Bold.otf")


@cache
def load() -> tuple[str, ...]:
    """Registers the faces with Qt and returns their family names; needs a running QGuiApplication."""
    folder = files("resources") / "fonts"
    families: list[str] = []
    for face in FACES:
        number = QFontDatabase.addApplicationFontFromData((folder / face).read_bytes())
        families += QFontDatabase.applicationFontFamilies(number)
    return tuple(dict.fromkeys(families))
