"""Tabs, and a progress bar that says its progress in words."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QAccessible, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from ui.base.access import heard_anew, quiet_while_hidden, spoken_as
from ui.parts import paint
from ui.parts.words import label, whole_words
from ui.theme import ring, theme_of


class Tabs(QTabBar):
    """A row of tabs; arrows move, ``currentChanged(int)`` as any QTabBar. ``name`` says what the tabs show."""

    def __init__(self, name: str, words: Sequence[str] = (), *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        quiet_while_hidden(self)
        self.setAccessibleName(name)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for word in words:
            self.addTab(word)
        self.currentChanged.connect(lambda _: ring.refresh(self))

    def addTab(self, words: str) -> int:  # type: ignore[override]  # a tab here has only words, never an icon
        """Add a tab at the end and return its place."""
        return super().addTab(whole_words(words))

    def setTabText(self, index: int, words: str) -> None:
        """Change the words of a tab."""
        super().setTabText(index, whole_words(words))

    def tabText(self, index: int) -> str:
        """The words of a tab, as they were given."""
        return super().tabText(index).replace("&&", "&")

    def tabSizeHint(self, index: int) -> QSize:
        theme = theme_of(self)
        wide = paint.advance(self.tabText(index), theme.font("body_strong"))
        return QSize(wide + 26, theme.px(36))

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        heard_anew(self)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        heard_anew(self)

    def ring_shape(self) -> tuple[QRectF, float]:
        """The shape of the focus ring: round the current tab."""
        return QRectF(self.tabRect(self.currentIndex())).adjusted(2, 3, -2, -3), 4.0

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color("line"))
        for index in range(self.count()):
            on = index == self.currentIndex()
            box = QRectF(self.tabRect(index))
            ink = theme.accent if on else theme.muted
            if not self.isTabEnabled(index):
                ink = theme.faint
            font = theme.font("body_strong" if on else "body")
            paint.words(painter, box.adjusted(2, 0, -2, 0), self.tabText(index), font, ink, align=paint.CENTRE)
            if on:
                painter.fillRect(QRectF(box.x() + 6, self.height() - 3, box.width() - 12, 3), theme.accent)
        painter.end()


class TabPages(QWidget):
    """Tabs with a page under each; the window handles Ctrl+Tab and may call ``step``."""

    def __init__(self, name: str, pages: Sequence[tuple[str, QWidget]], *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tabs = Tabs(name, [words for words, _ in pages])
        self.stack = QStackedWidget()
        for _, page in pages:
            self.stack.addWidget(page)
        self.tabs.currentChanged.connect(self.stack.setCurrentIndex)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        box.addWidget(self.tabs)
        box.addWidget(self.stack, 1)

    def step(self, by: int = 1) -> None:
        """Open the next (1) or previous (-1) tab; after the last comes the first."""
        self.tabs.setCurrentIndex((self.tabs.currentIndex() + by) % max(self.tabs.count(), 1))


class Bar(QWidget):
    """A flat bar, 6 px high. A screen reader finds a picture, so words beside it must say what it measures."""

    def __init__(self, name: str, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        spoken_as(self, QAccessible.Role.Graphic, name)
        self._value, self._most = 0, 100
        self.setFixedHeight(6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_value(self, value: int, most: int = 100) -> None:
        """Show ``value`` of ``most``."""
        self._value, self._most = value, max(most, 1)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        painter = QPainter(self)
        box = QRectF(self.rect())
        paint.frame(painter, box, fill=theme.sunken, edge=theme.control, radius=2)
        share = min(self._value / self._most, 1.0)
        if share > 0:
            paint.frame(painter, QRectF(0, 0, box.width() * share, box.height()), fill=theme.accent, radius=2)
        painter.end()


class Progress(QWidget):
    """A progress bar with words above it ('Sending 4 of 9') and the share in per cent."""

    def __init__(self, words: str = "", value: int = 0, most: int = 100, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = label("", "small")
        self._share = label("", "small_strong")
        self.bar = Bar(words or "Progress")
        head = QHBoxLayout()
        head.addWidget(self._words)
        head.addStretch(1)
        head.addWidget(self._share)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addLayout(head)
        box.addWidget(self.bar)
        self.set_progress(words, value, most)

    def set_progress(self, words: str, value: int, most: int) -> None:
        """Show ``value`` of ``most`` with its words."""
        self._words.setText(words)
        self._share.setText(f"{round(100 * value / most) if most else 0}%")
        self.bar.setAccessibleName(words or "Progress")
        self.bar.set_value(value, most)
