"""Lets the household choose the text size while the screen is turned, by three letters, each as large as the text will be.

The choice lasts while the household reads. Afterwards the worker's own size returns.
"""

from functools import partial

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QButtonGroup, QSizePolicy, QWidget

from hipss_desktop.records.codes import within
from ui import theme
from ui.base.announce import announce
from ui.base.shortcuts import bind
from ui.parts import label, paint, row

SIDE = 44
SIZES = ((1.0, "Usual text"), (1.3, "Large text"), (1.5, "Largest text"))
SCALES = [scale for scale, _ in SIZES]


class SizeButton(QAbstractButton):
    """The button for one text size. ``scale`` is the scale of the theme."""

    def __init__(self, scale: float, words: str) -> None:
        super().__init__()
        self.scale = scale
        self.setCheckable(True)
        self.setText("A")
        self.setAccessibleName(f"A, {within(words)}")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter, on = theme.theme_of(self), QPainter(self), self.isChecked()
        paint.frame(
            painter,
            QRectF(self.rect()),
            fill=look.accent_tint if on else look.surface,
            edge=look.accent if on else look.control,
            width=2 if on else 1,
        )
        font = look.font("body", weight=600 if on else 500)
        font.setPixelSize(round(14 * self.scale))
        paint.words(painter, QRectF(self.rect()), self.text(), font, look.ink, align=paint.CENTRE)
        painter.end()


class TextSizes(QWidget):
    """The buttons for the three sizes. Their shortcuts work wherever the focus is in ``window``."""

    def __init__(self, window: QWidget, app: QApplication) -> None:
        super().__init__()
        self._app, self._before = app, theme.current().scale
        self.buttons = [SizeButton(scale, words) for scale, words in SIZES]
        self._group = QButtonGroup(self)
        across = row(label("Text size", "body", "muted"), gap=12)
        for button in self.buttons:
            self._group.addButton(button)
            button.setChecked(button.scale == self._nearest())
            button.clicked.connect(partial(self.resize_text, button.scale))
            across.addWidget(button)
        self.setLayout(across)
        for keys, change in (
            ("Ctrl++", partial(self._step, 1)),
            ("Ctrl+=", partial(self._step, 1)),
            ("Ctrl+-", partial(self._step, -1)),
            ("Ctrl+0", partial(self.resize_text, SCALES[0])),
        ):
            bind(window, keys, change)

    def _nearest(self) -> float:
        return min(SCALES, key=lambda scale: abs(scale - theme.current().scale))

    def resize_text(self, scale: float) -> None:
        """Show all text at this size."""
        theme.apply(self._app, theme.theme_for(self._app, theme.current().name, scale))
        for button in self.buttons:
            button.setChecked(button.scale == scale)
        announce(self, f"Text size {round(scale * 100)}%")

    def _step(self, by: int) -> None:
        self.resize_text(SCALES[min(max(SCALES.index(self._nearest()) + by, 0), len(SCALES) - 1)])

    def put_back(self) -> None:
        """Restore the text size that the worker had."""
        if theme.current().scale != self._before:
            theme.apply(self._app, theme.theme_for(self._app, theme.current().name, self._before))
