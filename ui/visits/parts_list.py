"""The list of the parts of a visit: a tick for each finished part, a count, and the progress of the whole visit.

It is at the left, or a drop-down in a narrow window. Must not know how a part is answered.
"""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hipss_desktop.views.supervision import SIGN, Part, progress
from ui.parts import ComboBox, Rule, column, grows, label, paint, row, spoken_label
from ui.parts.buttons import Pressable
from ui.theme import icons, theme_of

NEXT = "Ctrl+Page Down goes to the next part."


def state_of(part: Part) -> tuple[str, str]:
    """The icon of a part's state and its words for a screen reader."""
    if part.done:
        return "checkc", "done"
    if part.left_for_later:
        return "clock", "left for later"
    return ("pen", "after finishing") if part.code == SIGN else ("circle", "not done")


class PartItem(Pressable):
    """One part; Up and Down move between the parts, Enter opens one."""

    def __init__(self, part: Part) -> None:
        super().__init__(part.label)
        self.part = part
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_part(part)

    def show_part(self, part: Part) -> None:
        """Show the state of the part."""
        self.part = part
        _, spoken = state_of(part)
        count = f", {part.count}" if part.count else ""
        self.setAccessibleName(f"{part.label}{count}, {spoken}")
        self.update()

    def sizeHint(self) -> QSize:
        theme = theme_of(self)
        wide = paint.advance(self.text(), theme.font("body_strong")) + theme.size("icon") + 56
        return QSize(wide, max(theme.px(40), 44))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme_of(self).px(120), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        around = self.parentWidget()
        if step is None or around is None:
            super().keyPressEvent(event)
            return
        items = [item for item in around.findChildren(PartItem) if item.isVisible()]
        items[(items.index(self) + step) % len(items)].setFocus(Qt.FocusReason.TabFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, on = theme_of(self), self.isChecked()
        painter = QPainter(self)
        box = QRectF(self.rect())
        if on or self.underMouse():
            paint.frame(painter, box, fill=theme.accent_tint if on else theme.surface)
        side = theme.size("icon")
        icon, _ = state_of(self.part)
        quiet = theme.accent if self.part.done or on else theme.muted
        icons.paint(painter, QPointF(10, (box.height() - side) / 2), icon, quiet, side)
        count = str(self.part.count) if self.part.count else ""
        font = theme.font("body_strong" if on else "body")
        room = paint.advance(count, theme.font("body_strong")) + 14 if count else 8
        place = box.adjusted(10 + side + 10, 0, -room, 0)
        paint.words(painter, place, self.text(), font, theme.accent_ink if on else theme.ink)
        if count:
            place = QRectF(box.width() - room + 4, 0, room - 10, box.height())
            paint.words(painter, place, count, theme.font("body_strong"), theme.ink)
        painter.end()


class PartsList(QWidget):
    """The list at the left. Signal: ``chosen(str)`` with the code of the part to show."""

    chosen = Signal(str)

    def __init__(self, parts: Sequence[Part]) -> None:
        super().__init__()
        self.setAccessibleName("Parts of the visit")
        self.items = {part.code: PartItem(part) for part in parts}
        for code, item in self.items.items():
            item.clicked.connect(lambda _=False, code=code: self.chosen.emit(code))
        self.far = label(progress(parts), "small", "muted", wrap=True)
        self.keys = label(NEXT, "small", "muted", wrap=True)
        self.setLayout(column(column(*self.items.values(), gap=0), 6, Rule(), 6, self.far, self.keys, None, gap=4))

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show the state of each part, and hide parts that are not asked."""
        shown = {part.code: part for part in parts}
        for code, item in self.items.items():
            item.setVisible(code in shown)
            if code in shown:
                item.show_part(shown[code])
        self.far.setText(progress(parts))

    def choose(self, code: str) -> None:
        """Show which part is read now; no signal."""
        if code in self.items:
            self.items[code].setChecked(True)


class PartsChoice(QWidget):
    """The list as a drop-down, for a narrow window."""

    chosen = Signal(str)

    def __init__(self, parts: Sequence[Part]) -> None:
        super().__init__()
        self.box = ComboBox(_options(parts), name="Part of the visit")
        self.box.picked.connect(self.chosen)
        spoken_label("Part of the visit", self.box)
        self.far = label(progress(parts), "small", "muted")
        line = row(self.box, self.far, gap=12)
        line.setStretch(0, 1)
        self.setLayout(line)
        grows(self)

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show how far each is."""
        options = _options(parts)
        if [(self.box.itemData(at), self.box.itemText(at)) for at in range(self.box.count())] != options:
            self.box.set_options(options)
        self.far.setText(progress(parts))

    def choose(self, code: str) -> None:
        """Show which part is read now; no signal."""
        self.box.choose(code)


def _options(parts: Sequence[Part]) -> list[tuple[str, str]]:
    return [(part.code, f"{part.label}, {state_of(part)[1]}") for part in parts]
