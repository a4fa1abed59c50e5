"""Chips: short choices, several of which may be chosen; a chosen chip has a tick and semibold words, not only a colour.

Qt tells a screen reader that a checkable button is a check box, which is what a chip is.
"""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from ui.parts import paint
from ui.parts.group import Group
from ui.parts.layout import FlowLayout, grows
from ui.parts.words import PlainWords
from ui.theme import Theme, icons, theme_of

LONG = 320
"""Pixels at 100 % text size: the words of a wider chip may wrap."""


class Chip(PlainWords, QPushButton):
    """One choice, with ``toggled(bool)`` as for any checkable button. ``key`` identifies it for the page."""

    def __init__(self, text: str, *, key: str = "", checked: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.key = key or text
        self.setCheckable(True)
        self.setChecked(checked)
        self.setAutoDefault(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.toggled.connect(self.updateGeometry)

    def _font(self, theme: Theme) -> QFont:
        return theme.font("small_strong" if self.isChecked() else "small")

    def sizeHint(self) -> QSize:
        theme = theme_of(self)
        tick = theme.size("icon") + 6 if self.isChecked() else 0
        return QSize(paint.advance(self.text(), self._font(theme)) + tick + 26, theme.size("chip"))

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(hint.width(), theme_of(self).px(LONG)), hint.height())

    def heightForWidth(self, width: int, /) -> int:
        """The height that shows all words; long words wrap if one line has no room for them."""
        theme, hint = theme_of(self), self.sizeHint()
        if width >= hint.width():
            return hint.height()
        room = width - (hint.width() - paint.advance(self.text(), self._font(theme)))
        return max(hint.height(), paint.wrapped_height(self.text(), self._font(theme), room) + 12)

    def ring_shape(self) -> tuple[QRectF, float]:
        """The shape of the focus ring, with round ends."""
        return QRectF(self.rect()), self._radius()

    def _radius(self) -> float:
        return min(self.height(), self.sizeHint().height()) / 2

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        on, enabled = self.isChecked(), self.isEnabled()
        painter = QPainter(self)
        box = QRectF(self.rect())
        fill = theme.accent_tint if on else theme.surface
        if self.underMouse() and enabled and not on:
            fill = theme.sunken
        edge = theme.line if not enabled else theme.accent if on else theme.control
        paint.frame(painter, box, fill=fill if enabled else None, edge=edge, radius=self._radius())
        colour = theme.faint if not enabled else theme.accent_ink if on else theme.ink
        x = 13.0
        if on:
            side = theme.size("icon")
            corner = QPointF(11, (box.height() - side) / 2)
            icons.paint(painter, corner, "check", theme.accent if enabled else theme.faint, side)
            x = 11.0 + side + 8
        place = QRectF(x, 0, box.width() - x - 9, box.height())
        wrap = self.width() < self.sizeHint().width()
        paint.words(painter, place, self.text(), self._font(theme), colour, wrap=wrap)
        painter.end()


class ChipGroup(Group):
    """A flow of chips. Arrows move, a letter moves to the next chip that starts with it, Space chooses.

    ``options`` are (key, words); ``changed()`` after each choice; ``exclusive`` allows exactly one choice.
    """

    changed = Signal()

    def __init__(
        self,
        name: str,
        options: Sequence[tuple[str, str]],
        *,
        chosen: Sequence[str] = (),
        exclusive: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, single=exclusive, parent=parent)
        self._exclusive = exclusive
        self._chips: list[Chip] = []
        self._flow = FlowLayout(self)
        grows(self)
        self.set_options(options)
        self.choose(chosen)

    def set_options(self, options: Sequence[tuple[str, str]]) -> None:
        """Replace the choices; a chip whose key remains keeps its state and the focus."""
        known = {chip.key: chip for chip in self._chips}
        self._chips = [known.pop(key) if key in known else self._make_chip(key) for key, _ in options]
        for chip in known.values():
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        for chip, (_, words) in zip(self._chips, options, strict=True):
            self._flow.removeWidget(chip)
            self._flow.addWidget(chip)
            chip.setText(words)
            chip.updateGeometry()
        self.set_members(self._chips)

    def _make_chip(self, key: str) -> Chip:
        chip = Chip("", key=key, parent=self)
        chip.toggled.connect(lambda on: self._toggled(chip, on=on))
        chip.setVisible(True)
        return chip

    def chips(self) -> list[Chip]:
        """The chips in order."""
        return list(self._chips)

    def chosen(self) -> list[str]:
        """The keys of the chosen chips, in the order they are shown."""
        return [chip.key for chip in self._chips if chip.isChecked()]

    def choose(self, keys: Sequence[str]) -> None:
        """Choose exactly ``keys``; send ``changed`` once if that changed the choice."""
        before = self.chosen()
        for chip in self._chips:
            with QSignalBlocker(chip):
                chip.setChecked(chip.key in keys)
            chip.updateGeometry()
            chip.update()
        self.rest()
        if self.chosen() != before:
            self.changed.emit()

    def _toggled(self, chip: Chip, *, on: bool) -> None:
        if self._exclusive:
            self.choose([chip.key])
        self.changed.emit()
