"""A copied telephone number or page: in the clipboard for a minute at most, and gone when the window locks or closes.

Only what was put there from here is taken away again. Must not read or keep anything else of the clipboard.
"""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication

KEPT_MS = 60_000


class _State:
    copied = ""
    timer: QTimer | None = None


def copy_number(number: str) -> None:
    """Puts a number into the clipboard and takes it out again after a minute."""
    copy_for_a_minute(number)


def copy_for_a_minute(words: str) -> None:
    """Puts a number or a page into the clipboard and takes it out again after a minute."""
    QGuiApplication.clipboard().setText(words)
    _State.copied = words
    if _State.timer is None:
        _State.timer = QTimer(QGuiApplication.instance())
        _State.timer.setSingleShot(True)
        _State.timer.setInterval(KEPT_MS)
        _State.timer.timeout.connect(forget)
    _State.timer.start()


def forget() -> None:
    """Takes what was copied out of the clipboard, if it is still there."""
    copied, _State.copied = _State.copied, ""
    clipboard = QGuiApplication.clipboard()
    if copied and clipboard.text() == copied:
        clipboard.clear()
