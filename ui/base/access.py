"""Roles for screen readers that Qt has no widget for: headings, groups, lists and their items, regions and dialogs.

A part sets its role with ``spoken_as``; an accessibility factory then supplies it. Python would free the objects of the
factory, so this module keeps them while the widget lives. An exception in the factory would be silent, so the factory does as
little as possible and tests check the roles.
"""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QLabel, QScrollArea, QStackedWidget, QWidget

Role = QAccessible.Role
_ROLE, _WHOLE, _QUIET = "spoken_as", "spoken_whole", "quiet_while_hidden"
_OWN, _WORDS = "own_description", "words_before_description"
_interfaces: dict[int, QAccessibleInterface] = {}
_installed: list[object] = []


def spoken_as(widget: QWidget, role: QAccessible.Role, name: str = "", *, whole: bool = False) -> None:
    """Give a widget a role and, if ``name`` is set, a name. ``whole`` means that the name says all of its contents."""
    _install()
    widget.setProperty(_ROLE, role.value)
    widget.setProperty(_WHOLE, whole)
    heard_anew(widget)
    if name:
        widget.setAccessibleName(name)


def drawn_only(widget: QWidget) -> None:
    """Hide a widget from screen readers, because the name of a widget beside it says the same."""
    spoken_as(widget, Role.Whitespace)


def quiet_while_hidden(widget: QWidget) -> None:
    """Hide a widget from screen readers until it is visible; its show and hide events must call ``heard_anew``.

    Otherwise Qt reports the chosen tab of hidden tabs.
    """
    _install()
    widget.setProperty(_QUIET, "true")


def heard_anew(widget: QWidget) -> None:
    """Make screen readers query a widget again after it was shown, hidden or given a role."""
    if QAccessible.isActive():
        QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(QAccessible.queryAccessibleInterface(widget)))


def describe(widget: QWidget, words: str) -> None:
    """Put ``words`` before a widget's own description; '' removes earlier words."""
    if widget.property(_OWN) is None:
        widget.setProperty(_OWN, widget.accessibleDescription())
    widget.setProperty(_WORDS, words)
    _show_description(widget)


def describe_itself(widget: QWidget, own: str) -> None:
    """Change a widget's own description, and leave the words that ``describe`` put before it."""
    widget.setProperty(_OWN, own)
    _show_description(widget)


def _show_description(widget: QWidget) -> None:
    words, own = str(widget.property(_WORDS) or ""), str(widget.property(_OWN) or "")
    description = f"{words.rstrip('.')}. {own}" if words and own else words or own
    if description != widget.accessibleDescription():
        widget.setAccessibleDescription(description)


class _Spoken(QAccessibleWidget):
    """A widget with its given role. PySide never frees these objects, so it keeps no widget and asks Qt for it each time."""

    def __init__(self, widget: QWidget, role: QAccessible.Role) -> None:
        super().__init__(widget, role)

    def state(self) -> QAccessible.State:
        state = super().state()
        if self.role() == Role.Dialog:
            state.modal = True
        return state

    def childCount(self) -> int:
        widget = self.object()  # None after it was destroyed
        return 0 if isinstance(widget, QWidget) and widget.property(_WHOLE) else super().childCount()

    def text(self, kind: QAccessible.Text, /) -> str:
        words, widget = super().text(kind), self.object()
        if kind == QAccessible.Text.Name and not words and isinstance(widget, QLabel):
            return widget.text()
        headed = self.role() == Role.Heading and isinstance(widget, QWidget)
        if kind == QAccessible.Text.Description and not words and headed:
            return f"Heading level {widget.property('heading')}"
        return words


class _Area(_Spoken):
    """A scroll area. If it takes the focus, it is a region, which a screen reader can reach."""

    def __init__(self, area: QScrollArea) -> None:
        super().__init__(area, Role.Client)

    def role(self) -> QAccessible.Role:
        area = self.object()
        held = isinstance(area, QScrollArea) and area.focusPolicy() & Qt.FocusPolicy.TabFocus
        return Role.Section if held else Role.Client


class _Stack(_Spoken):
    """A stack of pages: a screen reader finds only the visible page and does not say the stack itself."""

    def __init__(self, stack: QStackedWidget) -> None:
        super().__init__(stack, Role.Client)

    def childCount(self) -> int:
        return int(self._page() is not None)

    def child(self, index: int, /) -> QAccessibleInterface | None:  # type: ignore[override]  # Qt allows none
        page = self._page()
        return QAccessible.queryAccessibleInterface(page) if page is not None and index == 0 else None

    def indexOfChild(self, child: QAccessibleInterface, /) -> int:
        return 0 if child.object() is self._page() else -1

    def _page(self) -> QWidget | None:
        stack = self.object()
        return stack.currentWidget() if isinstance(stack, QStackedWidget) else None


class _Quiet(QAccessibleWidget):
    """A widget that is hidden from screen readers at present."""

    def isValid(self) -> bool:
        return False


def _make(_key: str, thing: QObject) -> QAccessibleInterface | None:
    if not isinstance(thing, QWidget):
        return None
    role = thing.property(_ROLE)
    interface: QAccessibleWidget
    if role is not None:
        interface = _Spoken(thing, Role(role))
    elif isinstance(thing, QScrollArea):
        interface = _Area(thing)
    elif isinstance(thing, QStackedWidget):
        interface = _Stack(thing)
    elif thing.property(_QUIET) and not thing.isVisible():
        interface = _Quiet(thing)
    else:
        return None
    number = id(thing)
    if number not in _interfaces:
        thing.destroyed.connect(lambda: _interfaces.pop(number, None))
    _interfaces[number] = interface
    return interface


def _install() -> None:
    if not _installed:
        _installed.append(_make)
        QAccessible.installFactory(_make)
