"""The text inputs: one line, search, passphrase, several lines, and text that cannot be changed here.

Every input takes its accessible ``name``; inside a Field the label gives it. An input never refuses a key: the page saves
what was typed.
"""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy, QToolTip, QWidget

from ui.parts import paint
from ui.parts.buttons import TextButton
from ui.theme import icons, styled, theme_of

FRAME = 14
"""Pixels of a line's edges and padding."""
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_CTRL = Qt.KeyboardModifier.ControlModifier


class LineEdit(QLineEdit):
    """One line of text; optional ``icon`` before it and one after (``trailing``), and a ``keycap`` at the end."""

    def __init__(
        self,
        text: str = "",
        *,
        name: str = "",
        placeholder: str = "",
        icon: str = "",
        trailing: str = "",
        keycap: str = "",
        ids: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.icon_name, self.trailing, self.keycap = icon, trailing, keycap
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        styled(self, "body", ids=ids)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.fit()

    def fit(self) -> None:
        """Leave room for the icons and keycap at the present text size."""
        theme = theme_of(self)
        left = theme.size("icon") + 8 if self.icon_name else 0
        right = theme.size("icon") + 1 if self.trailing else 0
        if self.keycap:
            right = paint.keycap_size(self.keycap, theme).width() + 6
        self.setTextMargins(left, 0, right, 0)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "keycap"):
            self.fit()

    def is_cut(self) -> bool:
        """Whether the words do not fit into the line; False for a hidden passphrase."""
        inside = self.width() - self.textMargins().left() - self.textMargins().right() - FRAME
        return (
            self.echoMode() == QLineEdit.EchoMode.Normal and self.fontMetrics().horizontalAdvance(self.text()) > inside
        )

    def event(self, event: QEvent) -> bool:
        """Show the full text as a tooltip if the line cuts it."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self.is_cut():
            QToolTip.showText(event.globalPos(), self.text(), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        theme = theme_of(self)
        painter = QPainter(self)
        side = theme.size("icon")
        top = (self.height() - side) / 2
        colour = theme.ink if self.isEnabled() else theme.faint
        if self.icon_name:
            icons.paint(painter, QPointF(11, top), self.icon_name, colour, side)
        if self.trailing:
            quiet = theme.muted if self.isEnabled() else theme.faint
            icons.paint(painter, QPointF(self.width() - side - 11, top), self.trailing, quiet, side)
        if self.keycap:
            cap = paint.keycap_size(self.keycap, theme)
            corner = QPointF(self.width() - cap.width() - 9, (self.height() - cap.height()) / 2)
            place = QRectF(corner, QSizeF(cap))
            paint.keycap(painter, place, self.keycap, theme)
        painter.end()


class SearchEdit(LineEdit):
    """A search field with a magnifying glass and the shortcut that focuses it."""

    def __init__(
        self, name: str = "Search", *, placeholder: str = "Search", keycap: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(name=name, placeholder=placeholder, icon="search", keycap=keycap, parent=parent)


class ReadOnlyField(LineEdit):
    """Text that can be read and copied here but not changed; a lock says so, and the name ends 'read only'."""

    def __init__(self, text: str, *, name: str = "", ids: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, name=name, trailing="lock", ids=ids, parent=parent)
        self.setReadOnly(True)


class PassphraseEdit(LineEdit):
    """A passphrase with Show and Hide inside; paste is allowed. Hidden again each time ``hide_words`` is called."""

    shown = Signal(bool)

    def __init__(self, *, name: str = "Passphrase", placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(name=name, placeholder=placeholder, parent=parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.toggle = TextButton("Show", icon="eye", size=28, parent=self)
        self.toggle.clicked.connect(self.switch)
        self._name_toggle()

    def _name_toggle(self) -> None:
        """Add the field's name to the button's name, so that two on one form sound different."""
        self.toggle.setAccessibleName(f"{self.toggle.text()}, {self.accessibleName()}")

    def switch(self) -> None:
        """Show the passphrase, or hide it again."""
        hidden = self.echoMode() == QLineEdit.EchoMode.Password
        self.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)
        self.toggle.setText("Hide" if hidden else "Show")
        self._name_toggle()
        self.shown.emit(hidden)

    def hide_words(self) -> None:
        """Hide the words if they are shown."""
        if self.echoMode() == QLineEdit.EchoMode.Normal:
            self.switch()

    def fit(self) -> None:
        toggle: TextButton | None = getattr(self, "toggle", None)
        if toggle is not None:
            self.setTextMargins(0, 0, toggle.sizeHint().width(), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self.toggle.sizeHint()
        corner = QPoint(self.width() - size.width() - 4, (self.height() - size.height()) // 2)
        self.toggle.setGeometry(QRect(corner, size))
        self.fit()


class TextArea(QPlainTextEdit):
    """A text area that grows from ``lines`` to ``most`` and then scrolls. Tab leaves it. Signal: ``left`` when it loses the
    focus."""

    left = Signal()

    def __init__(
        self,
        text: str = "",
        *,
        name: str = "",
        placeholder: str = "",
        lines: int = 2,
        most: int = 8,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._least, self._most = lines, most
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        styled(self, "body")
        self.document().documentLayout().documentSizeChanged.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        lines = round(self.document().size().height())
        shown = min(max(lines, self._least), self._most)
        frame = 2 * (round(self.document().documentMargin()) + 7)  # with two pixels less a scroll bar appears too early
        return QSize(320, max(shown * self.fontMetrics().lineSpacing() + frame, theme_of(self).size("control")))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ignore Ctrl+Enter, so that it triggers the screen's main action instead of a new line."""
        if event.key() in _ENTER and event.modifiers() & _CTRL:
            event.ignore()
            return
        super().keyPressEvent(event)
