"""Tells a screen reader something that no focus change would tell.

One function. Polite for what can wait (saved, results counted), assertive for errors and for a save that did
not happen. Timers and clocks never announce. ``signals.announced`` lets a test hear the same.
"""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent, QGuiApplication
from PySide6.QtWidgets import QWidget

from ui.base.access import spoken_as

ON_A_BUS = ("xcb", "wayland")
"""Platforms on which screen readers listen on the accessibility bus, Orca among them."""

KEPT = 4
"""Notifications that stay for a while: a screen reader asks for the words of one later than it hears that it is there."""


class _Signals(QObject):
    announced = Signal(QWidget, str, bool)


signals = _Signals()


def announce(widget: QWidget, text: str, *, assertive: bool = False) -> None:
    """Has ``text`` spoken on behalf of ``widget``; ``assertive`` interrupts what is being read."""
    if QGuiApplication.platformName() in ON_A_BUS:
        _notify(widget.window(), text)
    else:
        event = QAccessibleAnnouncementEvent(widget, text)
        politeness = QAccessible.AnnouncementPoliteness
        event.setPoliteness(politeness.Assertive if assertive else politeness.Polite)
        QAccessible.updateAccessibility(event)
    signals.announced.emit(widget, text, assertive)


class _Notification(QWidget):
    """Words announced in a window; nothing is drawn."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        spoken_as(self, QAccessible.Role.Notification)
        self.hide()


def _notify(window: QWidget, text: str) -> None:
    """Shows a notification to the bus: Orca says one in every version, an announcement only since version 45."""
    earlier = window.findChildren(_Notification)
    for old in earlier[:-KEPT]:
        old.deleteLater()
    notification = _Notification(window)
    notification.setAccessibleName(text)
    QAccessible.updateAccessibility(QAccessibleEvent(notification, QAccessible.Event.ObjectShow))
