"""Registers the bundled Inter faces with Qt, once per process.

``load()`` is cheap to call again. The program uses no other faces than these four static ones.
Must not choose sizes or weights: ``ui/theme/__init__.py`` does.
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
