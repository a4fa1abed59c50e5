"""The missing-person pack beside the steps: its lines in the order in which police ask, and which facts are missing.

Must not read or write the pack.
"""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from hipss_desktop.views.missing_guide import Pack, PackLine
from ui.base.access import spoken_as
from ui.parts import Button, Card, IconLabel, Tag, TagSpec, column, grows, label, paint, row, tone_named
from ui.theme import theme_of

PHOTO = (72, 84)
"""The width and height of a photo in pixels at 100 % text size."""
LABEL = 96
"""The width of the lines' names in pixels at 100 % text size."""


class PackLines(QWidget):
    """The lines of the pack as a list, each with its name."""

    def __init__(self, lines: Sequence[PackLine]) -> None:
        super().__init__()
        spoken_as(self, QAccessible.Role.List, "Missing-person pack")
        self.setLayout(column(*(self._line(line) for line in lines), gap=8, margins=(16, 4, 16, 12)))
        grows(self)

    def _line(self, line: PackLine) -> QWidget:
        holder, name = QWidget(), label(line.label, "small", "muted", wrap=True)
        name.setFixedWidth(theme_of(self).px(LABEL))
        across: QHBoxLayout = row(gap=12)
        across.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
        across.addWidget(label(line.words, "body", wrap=True), 1)
        holder.setLayout(across)
        grows(holder)
        spoken_as(holder, QAccessible.Role.ListItem, f"{line.label}: {line.words}", whole=True)
        return holder


class Silhouette(QWidget):
    """A head and shoulders in the place of a photo. It is decoration only: words beside it say that there is no photo."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("paints", "true")  # so that it gets a StyleChange when the text size changes
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        theme = theme_of(self)
        return QSize(theme.px(PHOTO[0]), theme.px(PHOTO[1]))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, box = theme_of(self), QRectF(self.rect())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint.frame(painter, box, fill=theme.sunken, edge=theme.control, radius=4)
        painter.setClipRect(box.adjusted(1, 1, -1, -1))
        painter.setPen(QPen(theme.control, 1))
        painter.setBrush(theme.color("surface"))
        wide, high = box.width(), box.height()
        painter.drawEllipse(QRectF(wide * 0.3, high * 0.16, wide * 0.4, high * 0.36))
        painter.drawEllipse(QRectF(wide * 0.14, high * 0.6, wide * 0.72, high * 0.9))
        painter.end()


class PackCard(Card):
    """The pack of one child. Signal: ``wanted()`` when the user wants to write or amend it."""

    wanted = Signal()

    def __init__(self, *, may_write: bool) -> None:
        self._tag = Tag("", "")
        super().__init__("Missing-person pack", aside=(self._tag,))
        self._may_write = may_write
        self._pack: Pack | None = None
        self._checked = IconLabel("user", "", "small", "muted")
        self._asks = IconLabel("alert", "", "small", "amber")
        for words in (self._checked, self._asks):
            words.setWordWrap(True)
        self.write = Button("Write the pack", icon="pen", size=28)
        self.write.clicked.connect(self.wanted)
        head = QWidget()
        stands = column(self._checked, self._asks, row(self.write, None), None, gap=6)
        beside = row(Silhouette(), stands, gap=12, margins=(16, 10, 16, 4))
        beside.setStretch(1, 1)
        head.setLayout(beside)
        grows(head)
        self.add_flush(head)
        self._lines = PackLines(())
        self.add_flush(self._lines)
        self.box.addStretch(1)

    def show_pack(self, pack: Pack) -> None:
        """Show the present pack."""
        if pack == self._pack:
            return
        self._pack = pack
        self._tag.set_spec(TagSpec(pack.tag.icon, pack.tag.words, tone_named(pack.tag.tone)))
        self._checked.setText(f"No photo. {pack.checked}." if pack.checked else "No photo. Nobody has written a pack.")
        self._asks.setText(f"Not written down: {', '.join(name[:1].lower() + name[1:] for name in pack.asks)}.")
        self._asks.setVisible(bool(pack.asks))
        self.write.setText("Amend the pack" if pack.record else "Write the pack")
        self.write.setVisible(self._may_write)
        fresh = PackLines(pack.lines)
        self.box.replaceWidget(self._lines, fresh)
        self._lines.hide()
        self._lines.deleteLater()
        self._lines = fresh
