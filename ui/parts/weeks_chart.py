"""A chart of weeks as bars over the usual band: a picture beside words that say the same.

For a screen reader it is one picture, whose name says every number. A page with this chart must offer a table as well. It
takes no focus, because there is nothing to press. Must not know what is counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.base.access import spoken_as
from ui.parts import paint
from ui.theme import theme_of

FEWEST_HIGH = 4
"""The least number at the top of the chart, so that a bar of one is not as high as the chart."""
WIDE, HIGH = 320, 44
"""Pixels at 100 % text size: the preferred width of the chart, and the height of its bars."""
FILLED = 0.7
"""The width of a bar as a share of its week's width."""


@dataclass(frozen=True)
class Bar:
    """One week: its number, and whether the bar is highlighted with the number and another colour."""

    count: int
    stands_out: bool = False


class WeeksChart(QWidget):
    """Bars with the usual band behind them, and below them the first week, the name of the band, and the last week."""

    def __init__(self) -> None:
        super().__init__()
        self._bars: tuple[Bar, ...] = ()
        self._band: tuple[int, int] | None = None
        self._first = self._last = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        spoken_as(self, QAccessible.Role.Chart, "Weeks", whole=True)

    def show_weeks(self, bars: Sequence[Bar], band: tuple[int, int] | None, first: str, last: str, spoken: str) -> None:
        """Show weeks, the oldest first.

        Args:
            bars: the weeks.
            band: the least and the greatest usual number, None if unknown.
            first: the words under the first bar.
            last: the words under the last.
            spoken: the contents as a sentence for a screen reader.
        """
        self._bars, self._band, self._first, self._last = tuple(bars), band, first, last
        self.setAccessibleName(spoken)
        self.setToolTip(spoken)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        theme = theme_of(self)
        return QSize(theme.px(WIDE), theme.px(HIGH) + theme.line_height("caption") + theme.line_height("caption") + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme_of(self).px(WIDE // 2), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._bars:
            return
        theme, painter = theme_of(self), QPainter(self)
        caption = theme.font("caption")
        line = theme.line_height("caption")
        room = QRectF(0, line, self.width(), self.height() - 2 * line - 4)
        most = max(FEWEST_HIGH, *(bar.count for bar in self._bars), self._band[1] if self._band else 0)
        unit_height = room.height() / most
        if self._band is not None:
            low, high = self._band
            top = room.bottom() - high * unit_height
            # A band from 2 to 2 is still visible, as a line at the height of a usual week.
            painter.fillRect(QRectF(0, top, room.width(), max((high - low) * unit_height, 3)), theme.color("sunken"))
        step = room.width() / len(self._bars)
        for place, bar in enumerate(self._bars):
            left = place * step + step * (1 - FILLED) / 2
            high_of_bar = bar.count * unit_height
            colour = theme.color("amber_line" if bar.stands_out else "fill")
            painter.fillRect(QRectF(left, room.bottom() - high_of_bar, step * FILLED, high_of_bar), colour)
            if bar.stands_out:
                over = QRectF(place * step - step, room.bottom() - high_of_bar - line, 3 * step, line)
                strong = theme.font("small_strong")
                paint.words(painter, over, str(bar.count), strong, theme.ink, align=paint.CENTRE)
        painter.fillRect(QRectF(0, room.bottom(), room.width(), 1), theme.color("control"))
        below = QRectF(0, room.bottom() + 3, self.width(), line)
        paint.words(painter, below, self._first, caption, theme.muted)
        paint.words(painter, below, self._last, caption, theme.muted, align=paint.RIGHT)
        words = "Grey band: usual" if self._band is not None else ""
        ends = max(paint.advance(self._first, caption), paint.advance(self._last, caption)) + 8
        if words and paint.advance(words, caption) <= self.width() - 2 * ends:
            paint.words(painter, below, words, caption, theme.muted, align=paint.CENTRE)
        painter.end()
