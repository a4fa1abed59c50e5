"""Tells a screen reader something that no focus change would tell.

One function. Polite for what can wait (saved, results counted), assertive for errors and for a save that did
not happen. Timers and clocks never announce. ``signals.announced`` lets a test hear the same.
"""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


class _Signals(QObject):
    announced = Signal(QWidget, str, bool)


signals = _Signals()


def announce(widget: QWidget, text: str, *, assertive: bool = False) -> None:
    """Has ``text`` spoken on behalf of ``widget``; ``assertive`` interrupts what is being read."""
    event = QAccessibleAnnouncementEvent(widget, text)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if assertive else politeness.Polite)
    QAccessible.updateAccessibility(event)
    signals.announced.emit(widget, text, assertive)
