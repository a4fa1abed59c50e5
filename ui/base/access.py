"""What a screen reader finds where Qt has no widget for it: headings, groups, lists and their items, regions and dialogs.

A part says with ``spoken_as`` what it is; the role then comes from an accessibility factory. Python
would free what the factory makes, so it is kept here for as long as the widget lives. An exception inside the factory
would be silent, so it does the least possible and tests ask for the roles.
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
    """Gives a widget a role and, where given, a name. ``whole``: its name says all that lies in it."""
    _install()
    widget.setProperty(_ROLE, role.value)
    widget.setProperty(_WHOLE, whole)
    heard_anew(widget)
    if name:
        widget.setAccessibleName(name)


def drawn_only(widget: QWidget) -> None:
    """Keeps a widget from being said on its own: what it shows is in the name of what stands beside it."""
    spoken_as(widget, Role.Whitespace)


def quiet_while_hidden(widget: QWidget) -> None:
    """Leaves a widget out of what is found and heard until it is shown; its show and hide events call ``heard_anew``.

    Qt tells of the chosen tab of a row of tabs also while nobody can see one.
    """
    _install()
    widget.setProperty(_QUIET, "true")


def heard_anew(widget: QWidget) -> None:
    """Has a widget looked at again that was shown, hidden or given a role."""
    if QAccessible.isActive():
        QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(QAccessible.queryAccessibleInterface(widget)))


def describe(widget: QWidget, words: str) -> None:
    """Has ``words`` said before a widget's own description; '' takes earlier words away."""
    if widget.property(_OWN) is None:
        widget.setProperty(_OWN, widget.accessibleDescription())
    widget.setProperty(_WORDS, words)
    _show_description(widget)


def describe_itself(widget: QWidget, own: str) -> None:
    """Changes a widget's own description, and leaves what a question says before it."""
    widget.setProperty(_OWN, own)
    _show_description(widget)


def _show_description(widget: QWidget) -> None:
    words, own = str(widget.property(_WORDS) or ""), str(widget.property(_OWN) or "")
    description = f"{words.rstrip('.')}. {own}" if words and own else words or own
    if description != widget.accessibleDescription():
        widget.setAccessibleDescription(description)


class _Spoken(QAccessibleWidget):
    """A widget in the role it was given. PySide frees none of these, so it holds no widget: it asks Qt for its own."""

    def __init__(self, widget: QWidget, role: QAccessible.Role) -> None:
        super().__init__(widget, role)

    def state(self) -> QAccessible.State:
        state = super().state()
        if self.role() == Role.Dialog:
            state.modal = True
        return state

    def childCount(self) -> int:
        widget = self.object()  # nothing once it is destroyed
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
    """What scrolls. One that takes the focus is a region, which a screen reader comes to."""

    def __init__(self, area: QScrollArea) -> None:
        super().__init__(area, Role.Client)

    def role(self) -> QAccessible.Role:
        area = self.object()
        held = isinstance(area, QScrollArea) and area.focusPolicy() & Qt.FocusPolicy.TabFocus
        return Role.Section if held else Role.Client


class _Stack(_Spoken):
    """Pages of which one shows: the others are not found, and the stack itself is not said."""

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
    """A widget that is not there for now."""

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
