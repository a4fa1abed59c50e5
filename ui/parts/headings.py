"""Labels that a screen reader finds as headings.

Qt has no heading widget: the role comes from an accessibility factory. Python would free what the factory
makes, so it is kept here for as long as the label lives. An exception inside the factory would be silent, so
it does the least possible and a test asks for the role.
"""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QLabel, QVBoxLayout, QWidget

from ui.parts.layout import grows
from ui.theme import styled, theme_of

_kept: dict[int, QAccessibleInterface] = {}


class Heading(QLabel):
    """A heading: ``level`` 1 is the page's title (style 'title'), 2 a section's ('heading')."""

    def __init__(self, text: str, level: int = 2, *, style: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        install()
        self.level = level
        self.setProperty("heading", level)
        styled(self, style or ("title" if level == 1 else "heading"))


class TitleLine(QWidget):
    """Holds a page's title as high as where a button stands beside it, so that every page's title stands on one line."""

    def __init__(self, title: QWidget) -> None:
        super().__init__()
        self.setProperty("paints", "true")  # told again when the text size changes
        self._box = QVBoxLayout(self)
        self._box.addWidget(title)
        self.fit()
        grows(self)

    def fit(self) -> None:
        """Leave the room that the text size of now asks for."""
        theme = theme_of(self)
        room = max((theme.size("control") - theme.line_height("title")) // 2, 0)
        self._box.setContentsMargins(0, room, 0, room)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_box"):
            self.fit()


class _HeadingInterface(QAccessibleWidget):
    def __init__(self, label: Heading) -> None:
        super().__init__(label, QAccessible.Role.Heading, label.text())
        self._label = label

    def text(self, kind: QAccessible.Text, /) -> str:
        if kind == QAccessible.Text.Name:
            return self._label.accessibleName() or self._label.text()
        if kind == QAccessible.Text.Description:
            return self._label.accessibleDescription() or f"Heading level {self._label.level}"
        return ""


def _make(_key: str, thing: QObject) -> QAccessibleInterface | None:
    if not isinstance(thing, Heading):
        return None
    interface = _HeadingInterface(thing)
    number = id(thing)
    _kept[number] = interface
    thing.destroyed.connect(lambda: _kept.pop(number, None))
    return interface


_installed: list[Callable[..., Any]] = []


def install() -> None:
    """Installs the factory, once per process; making a Heading does it too."""
    if not _installed:
        _installed.append(_make)
        QAccessible.installFactory(_make)
