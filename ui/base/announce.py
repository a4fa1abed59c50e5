"""Announces to a screen reader what no change of focus would tell it.

There is one function. It is polite for what can wait (saved, results counted), and assertive for errors and failed saves.
Timers and clocks never announce. ``signals.announced`` gives tests the same words.
"""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent, QGuiApplication
from PySide6.QtWidgets import QWidget

from ui.base.access import spoken_as

ON_A_BUS = ("xcb", "wayland")
"""Platforms on which screen readers, such as Orca, listen on the accessibility bus."""

KEPT = 4
"""The number of notifications kept, because a screen reader asks for the words some time after the notification."""


class _Signals(QObject):
    announced = Signal(QWidget, str, bool)


signals = _Signals()


def announce(widget: QWidget, text: str, *, assertive: bool = False) -> None:
    """Announce ``text`` on behalf of ``widget``; ``assertive`` interrupts what is being read."""
    if QGuiApplication.platformName() in ON_A_BUS:
        _notify(widget.window(), text)
    else:
        event = QAccessibleAnnouncementEvent(widget, text)
        politeness = QAccessible.AnnouncementPoliteness
        event.setPoliteness(politeness.Assertive if assertive else politeness.Polite)
        QAccessible.updateAccessibility(event)
    signals.announced.emit(widget, text, assertive)


class _Notification(QWidget):
    """Words announced in a window; it draws nothing."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        spoken_as(self, QAccessible.Role.Notification)
        self.hide()


def _notify(window: QWidget, text: str) -> None:
    """Show a notification to the bus: every version of Orca says it, but says announcements only since version 45."""
    earlier = window.findChildren(_Notification)
    for old in earlier[:-KEPT]:
        old.deleteLater()
    notification = _Notification(window)
    notification.setAccessibleName(text)
    QAccessible.updateAccessibility(QAccessibleEvent(notification, QAccessible.Event.ObjectShow))
