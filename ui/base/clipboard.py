"""Copies a telephone number or page for a minute at most, and removes it when the window locks or closes.

It removes only what it copied itself. Must not use or save anything else in the clipboard.
"""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication

KEPT_MS = 60_000


class _State:
    copied = ""
    timer: QTimer | None = None


def copy_number(number: str) -> None:
    """Copy a number and remove it from the clipboard after a minute."""
    copy_for_a_minute(number)


def copy_for_a_minute(words: str) -> None:
    """Copy a number or a page and remove it from the clipboard after a minute."""
    QGuiApplication.clipboard().setText(words)
    _State.copied = words
    if _State.timer is None:
        _State.timer = QTimer(QGuiApplication.instance())
        _State.timer.setSingleShot(True)
        _State.timer.setInterval(KEPT_MS)
        _State.timer.timeout.connect(forget)
    _State.timer.start()


def forget() -> None:
    """Remove what was copied from the clipboard, if it is still there."""
    copied, _State.copied = _State.copied, ""
    clipboard = QGuiApplication.clipboard()
    if copied and clipboard.text() == copied:
        clipboard.clear()
