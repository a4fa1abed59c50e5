"""What a screen reader finds where Qt has no widget for it: headings, groups, lists and their items, regions and dialogs.

A part says with ``spoken_as`` what it is, before it is shown; the role then comes from an accessibility factory. Python
would free what the factory makes, so it is kept here for as long as the widget lives. An exception inside the factory
would be silent, so it does the least possible and tests ask for the roles.
"""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QLabel, QScrollArea, QWidget

Role = QAccessible.Role
_ROLE, _WHOLE, _OWN = "spoken_as", "spoken_whole", "own_description"
_interfaces: dict[int, QAccessibleInterface] = {}
_installed: list[object] = []


def spoken_as(widget: QWidget, role: QAccessible.Role, name: str = "", *, whole: bool = False) -> None:
    """Gives a widget a role and, where given, a name. ``whole``: its name says all that lies in it."""
    _install()
    widget.setProperty(_ROLE, role.value)
    widget.setProperty(_WHOLE, whole)
    if name:
        widget.setAccessibleName(name)


def describe(widget: QWidget, words: str) -> None:
    """Has ``words`` said before a widget's own description; '' takes earlier words away."""
    own = widget.property(_OWN)
    if own is None:
        own = widget.accessibleDescription()
        widget.setProperty(_OWN, own)
    description = " ".join(filter(None, (words, str(own))))
    if description != widget.accessibleDescription():
        widget.setAccessibleDescription(description)


class _Spoken(QAccessibleWidget):
    """A widget in the role it was given."""

    def __init__(self, widget: QWidget, role: QAccessible.Role) -> None:
        super().__init__(widget, role)
        self._widget = widget

    def state(self) -> QAccessible.State:
        state = super().state()
        if self.role() == Role.Dialog:
            state.modal = True
        return state

    def childCount(self) -> int:
        return 0 if self._widget.property(_WHOLE) else super().childCount()

    def text(self, kind: QAccessible.Text, /) -> str:
        words = super().text(kind)
        if kind == QAccessible.Text.Name and not words and isinstance(self._widget, QLabel):
            return self._widget.text()
        if kind == QAccessible.Text.Description and not words and self.role() == Role.Heading:
            return f"Heading level {self._widget.property('heading')}"
        return words


class _Area(_Spoken):
    """What scrolls. One that takes the focus is a region, which a screen reader comes to."""

    def __init__(self, area: QScrollArea) -> None:
        super().__init__(area, Role.Client)

    def role(self) -> QAccessible.Role:
        return Role.Section if self._widget.focusPolicy() & Qt.FocusPolicy.TabFocus else Role.Client


def _make(_key: str, thing: QObject) -> QAccessibleInterface | None:
    if not isinstance(thing, QWidget):
        return None
    role = thing.property(_ROLE)
    if role is not None:
        interface = _Spoken(thing, Role(role))
    elif isinstance(thing, QScrollArea):
        interface = _Area(thing)
    else:
        return None
    number = id(thing)
    _interfaces[number] = interface
    thing.destroyed.connect(lambda: _interfaces.pop(number, None))
    return interface


def _install() -> None:
    if not _installed:
        _installed.append(_make)
        QAccessible.installFactory(_make)
