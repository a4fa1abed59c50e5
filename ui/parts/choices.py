"""Check boxes, radio buttons and drop-down lists.

The boxes and circles are 16 px wide, but a click on the label works too; the target is at least 24 px high. The mouse wheel
alone never changes a drop-down.
"""

from collections.abc import Sequence

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRectF,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QListView,
    QRadioButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.parts import paint
from ui.parts.layout import grows
from ui.parts.words import PlainWords
from ui.theme import icons, set_state, styled, theme_of

KEY_ROLE = Qt.ItemDataRole.UserRole
SECOND_ROLE = Qt.ItemDataRole.UserRole + 1
ICON_ROLE = Qt.ItemDataRole.UserRole + 2
TICK_ROLE = Qt.ItemDataRole.UserRole + 3


def _size(button: QAbstractButton) -> QSize:
    theme = theme_of(button)
    wide = paint.advance(button.text(), theme.font("body")) + theme.size("icon") + 9
    return QSize(wide, max(theme.px(24), 24))


def _height(button: QAbstractButton, width: int) -> int:
    theme = theme_of(button)
    room = width - theme.size("icon") - 8
    return max(paint.wrapped_height(button.text(), theme.font("body"), room) + 4, theme.px(24))


def _least(button: QAbstractButton) -> QSize:
    theme = theme_of(button)
    longest = max(button.text().split() or [""], key=len)
    return QSize(paint.advance(longest, theme.font("body")) + theme.size("icon") + 9, _size(button).height())


def _mark(button: QAbstractButton) -> QRectF:
    """The rectangle of the box or circle: beside the words, or beside the first of several lines."""
    theme = theme_of(button)
    side = theme.size("icon")
    several = _height(button, button.width()) > theme.px(34)
    first = min(float(max(theme.px(24), 24)), float(button.height())) if several else button.height()
    return QRectF(0, (first - side) / 2, side, side)


def _paint_words(button: QAbstractButton, painter: QPainter) -> None:
    theme = theme_of(button)
    side = theme.size("icon")
    place = QRectF(button.rect()).adjusted(side + 8, 0, 0, 0)
    ink = theme.ink if button.isEnabled() else theme.faint
    paint.words(painter, place, button.text(), theme.font("body"), ink, wrap=True)


class CheckBox(PlainWords, QCheckBox):
    """A check box with its words; long words wrap."""

    def __init__(self, text: str, *, key: str = "", checked: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.key = key or text
        self.setChecked(checked)
        grows(self)

    def hitButton(self, pos: object, /) -> bool:
        return True

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return _height(self, width)

    def sizeHint(self) -> QSize:
        return _size(self)

    def minimumSizeHint(self) -> QSize:
        return _least(self)

    def ring_shape(self) -> tuple[QRectF, float]:
        """The shape of the focus ring: round the box only, because round a long label it would be hard to see."""
        return _mark(self), 3.0

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        painter = QPainter(self)
        edge = theme.risk if self.property("problem") else theme.control
        if not self.isEnabled():
            edge = theme.line
        paint.tick_box(painter, _mark(self), theme, on=self.isChecked(), edge=edge, enabled=self.isEnabled())
        _paint_words(self, painter)
        painter.end()


class Radio(PlainWords, QRadioButton):
    """A radio button with its words; buttons that exclude each other need the same parent."""

    def __init__(self, text: str, *, key: str = "", checked: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.key = key or text
        self.setChecked(checked)
        grows(self)

    def hitButton(self, pos: object, /) -> bool:
        return True

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return _height(self, width)

    def sizeHint(self) -> QSize:
        return _size(self)

    def minimumSizeHint(self) -> QSize:
        return _least(self)

    def ring_shape(self) -> tuple[QRectF, float]:
        """The shape of the focus ring: round the circle."""
        mark = _mark(self)
        return mark, mark.width() / 2

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        painter = QPainter(self)
        on = self.isChecked()
        colour = theme.accent if self.isEnabled() else theme.faint
        edge = theme.risk if self.property("problem") else colour if on else theme.control
        paint.radio_dot(painter, _mark(self), theme, on=on, colour=colour, edge=edge)
        _paint_words(self, painter)
        painter.end()


AROUND, EDGE = 52, 8
"""Pixels: the space around the words of a choice, and the least distance of a list from the window's edges."""
MOST_LINES = 4


class OptionDelegate(QStyledItemDelegate):
    """Draws a line of a menu: tick or icon, words, and quieter second words. Words that are too long take more lines."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        widget = _widget(option)
        theme = theme_of(widget)
        words = str(index.data() or "")
        wide = paint.advance(words, theme.font("body_strong"))
        second = str(index.data(SECOND_ROLE) or "")
        wide += paint.advance(f" · {second}", theme.font("body")) if second else 0
        most = widget.widest - AROUND if isinstance(widget, OptionList) else 0
        if not 0 < most < wide or second:
            return QSize(wide + AROUND, theme.px(32))
        lines = paint.lines(words, theme.font("body_strong"), most, MOST_LINES)
        return QSize(most + AROUND, theme.px(32) + (len(lines) - 1) * theme.line_height("body"))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        widget = _widget(option)
        theme = theme_of(widget)
        box = QRectF(option.rect)
        lit = bool(option.state & QStyle.StateFlag.State_Selected)
        chosen = bool(index.data(TICK_ROLE))
        if isinstance(widget, OptionList) and widget.owner is not None:
            chosen = widget.owner.currentIndex() == index.row()
        if lit or option.state & QStyle.StateFlag.State_MouseOver:
            paint.frame(painter, box, fill=theme.select if lit else theme.sunken)
        side = theme.size("icon")
        name = "check" if chosen else str(index.data(ICON_ROLE) or "")
        if name:
            corner = QPointF(box.x() + 10, box.y() + (box.height() - side) / 2)
            icons.paint(painter, corner, name, theme.accent if chosen else theme.ink, side)
        first, second = str(index.data() or ""), str(index.data(SECOND_ROLE) or "")
        font = theme.font("body_strong" if chosen else "body")
        place = box.adjusted(30 + (side - 16), 0, -10, 0)
        if not second and paint.advance(first, font) > place.width():
            high = theme.line_height("body")
            broken = paint.lines(first, font, place.width(), MOST_LINES)
            line = place.adjusted(0, (place.height() - high * len(broken)) / 2, 0, 0)
            line.setHeight(high)
            for number, words in enumerate(broken):
                paint.words(painter, line.translated(0, number * high), words, font, theme.ink)
            return
        paint.words(painter, place, first, font, theme.ink)
        if second:
            rest = place.adjusted(paint.advance(first, font), 0, 0, 0)
            paint.words(painter, rest, f" · {second}", theme.font("body"), theme.ink if lit else theme.muted)


def _widget(option: QStyleOptionViewItem) -> QWidget | None:
    widget = getattr(option, "widget", None)
    return widget if isinstance(widget, QWidget) else None


class OptionList(QListView):
    """The list of a drop-down or of suggestions. ``widest`` is the greatest width of a line in pixels, 0 for no limit."""

    def __init__(self, name: str = "Choices", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.owner: QComboBox | None = None
        self.widest = 0
        self.setAccessibleName(name)
        set_state(self, "menu", "true")
        self.setItemDelegate(OptionDelegate(self))
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        styled(self, "body")


class ComboBox(QComboBox):
    """A drop-down of (key, words); ``picked(str)`` gives the key when a person chooses. Nothing chosen reads 'Choose one'."""

    picked = Signal(str)

    def __init__(
        self,
        options: Sequence[tuple[str, str]] = (),
        *,
        name: str = "",
        chosen: str = "",
        placeholder: str = "Choose one",
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.icon_name = icon
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        view = OptionList(name or "Choices")
        view.owner = self
        self.setView(view)
        styled(self, "body")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.set_options(options)
        self.choose(chosen)
        self.activated.connect(lambda _: self.picked.emit(self.chosen()))

    def set_options(self, options: Sequence[tuple[str, str]]) -> None:
        """Replace the choices; keep the chosen key if it is among them."""
        chosen_key = self.chosen()
        self.clear()
        for key, words in options:
            self.addItem(words, key)
            self.setItemData(self.count() - 1, words, Qt.ItemDataRole.ToolTipRole)
        self.choose(chosen_key)

    def chosen(self) -> str:
        """The chosen key, '' if none is chosen."""
        return str(self.currentData(KEY_ROLE) or "")

    def choose(self, key: str) -> None:
        """Choose by key; '' or an unknown key chooses none."""
        self.setCurrentIndex(self.findData(key, KEY_ROLE) if key else -1)

    def sizeHint(self) -> QSize:
        theme = theme_of(self)
        texts = [self.itemText(i) for i in range(self.count())] + [self.placeholderText()]
        wide = max(paint.advance(text, theme.font("body")) for text in texts)
        return QSize(wide + 2 * theme.size("icon") + (24 if self.icon_name else 14) + 12, theme.size("control"))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), theme_of(self).px(96)), theme_of(self).size("control"))

    def showPopup(self) -> None:
        """Open the list inside the window, as wide as its longest choice; choices wider than the window wrap."""
        view, theme = self.view(), theme_of(self)
        frame = view.verticalScrollBar().sizeHint().width() + 2 * theme.px(8)
        room = self.window().width() - 2 * EDGE
        if isinstance(view, OptionList):
            view.widest = 0
            whole = view.sizeHintForColumn(0) <= room - frame
            view.widest = 0 if whole else room - frame
            view.setUniformItemSizes(whole)
        view.setMinimumWidth(min(view.sizeHintForColumn(0) + frame, room))
        super().showPopup()
        popup, window = view.window(), self.window()
        left = window.mapToGlobal(QPoint(0, 0)).x() + EDGE
        popup.move(max(left, min(popup.x(), left + room - popup.width())), popup.y())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Make Down choose the first real choice, if nothing is chosen; it skips a choice with an empty key."""
        down = event.key() == Qt.Key.Key_Down and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if down and self.currentIndex() < 0 and self.count() and not self.itemData(0, KEY_ROLE):
            with QSignalBlocker(self):
                self.setCurrentIndex(0)
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        enabled = self.isEnabled()
        painter = QPainter(self)
        box = QRectF(self.rect())
        problem = bool(self.property("problem"))
        edge = theme.risk if problem else theme.control if enabled else theme.line
        fill = theme.surface if enabled else theme.canvas
        paint.frame(painter, box, fill=fill, edge=edge, width=2 if problem else 1)
        side = theme.size("icon")
        top = (box.height() - side) / 2
        ink = theme.ink if enabled else theme.faint
        x = 11.0
        if self.icon_name:
            icons.paint(painter, QPointF(x, top), self.icon_name, ink, side)
            x += side + 8
        icons.paint(painter, QPointF(box.width() - side - 10, top), "down", theme.muted if enabled else ink, side)
        text = self.currentText() if self.currentIndex() >= 0 else self.placeholderText()
        paint.words(painter, QRectF(x, 0, box.width() - x - side - 14, box.height()), text, theme.font("body"), ink)
        painter.end()
