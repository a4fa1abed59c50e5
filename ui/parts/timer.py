"""The call timer: shows how long a call has lasted and updates once a second. A screen reader does not announce it."""

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.parts import paint
from ui.theme import icons, theme_of


def in_words(seconds: int) -> str:
    """Seconds as '02:41', or as '1:02:41' from an hour on."""
    minutes, second = divmod(max(seconds, 0), 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02}:{second:02}" if hour else f"{minute:02}:{second:02}"


class CallTimer(QWidget):
    """Counts the seconds between ``start`` and ``stop``. It shows ``caption`` before the time ('Call time').

    The time is painted, so that a tick changes nothing that a screen reader watches.
    """

    def __init__(self, caption: str = "Call time", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption = caption
        self._before = 0
        self._clock = QElapsedTimer()
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self.update)
        self.setAccessibleName(caption or "Call time")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def start(self, seconds: int = 0) -> None:
        """Start to count, from ``seconds`` that have already passed."""
        self._before = seconds
        self._clock.start()
        self._tick.start()
        self.update()

    def stop(self) -> None:
        """Stop counting and show the time reached."""
        self._before = self.seconds()
        self._clock.invalidate()
        self._tick.stop()
        self.update()

    def is_running(self) -> bool:
        """Whether the timer counts."""
        return self._tick.isActive()

    def seconds(self) -> int:
        """Whole seconds counted so far."""
        running = self._clock.elapsed() // 1000 if self._clock.isValid() else 0
        return self._before + int(running)

    def set_seconds(self, seconds: int) -> None:
        """Show ``seconds`` and stop counting."""
        self._before = seconds
        self._clock.invalidate()
        self._tick.stop()
        self.update()

    def sizeHint(self) -> QSize:
        theme = theme_of(self)
        wide = theme.size("icon_large") + 9 + paint.advance("0:00:00", theme.font("timer"))
        if self._caption:
            wide += paint.advance(self._caption, theme.font("small")) + 9
        return QSize(wide, theme.size("control"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        painter = QPainter(self)
        box = QRectF(self.rect())
        text = in_words(self.seconds())
        wide = paint.advance(text, theme.font("timer"))
        left = box.width() - wide
        paint.words(painter, box.adjusted(left, 0, 0, 0), text, theme.font("timer"), theme.ink)
        if self._caption:
            caption = paint.advance(self._caption, theme.font("small"))
            left -= caption + 9
            place = QRectF(left, 0, caption + 2, box.height())
            paint.words(painter, place, self._caption, theme.font("small"), theme.muted)
        side = theme.size("icon_large") - 2
        corner = QRectF(left - side - 8, (box.height() - side) / 2, side, side).topLeft()
        icons.paint(painter, corner, "timer", theme.ink, side)
        painter.end()
