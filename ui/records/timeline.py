"""A list of records under the headings of their days, drawn row by row and fetched a page at a time.

Arrows skip the headings. The signal ``wants_more`` reports that the user is near the end of the loaded rows; the page then
fetches more and calls ``append``. Must not read the store.
"""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from hipss_desktop.views.tags import Tag
from hipss_desktop.views.timeline import Entry
from ui.base.kind_style import style_of
from ui.base.sync_words import SYNC_WORDS
from ui.parts import paint
from ui.parts.tags import TagSpec, paint_tag, tag_size, tone_named
from ui.theme import Theme, icons, ring, styled, theme_in, theme_of

ENTRY_ROLE = Qt.ItemDataRole.UserRole
NEAR = 20
"""More rows are requested if the current row is one of this many last loaded rows."""
PAD, TIME, ICON = 14, 60, 32
"""Pixels at 100 % text size: the margin, and the widths of the columns of times and of icons."""

_NOWHERE = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


def spec(tag: Tag) -> TagSpec:
    """Return a tag of an entry as the specification with which it is drawn."""
    return TagSpec(tag.icon, tag.words, tone_named(tag.tone))


def spoken(entry: Entry) -> str:
    """A row in the words of a screen reader."""
    parts = (entry.day, entry.time, entry.title, *(tag.words for tag in entry.tags), entry.summary, entry.author)
    return ". ".join(part.rstrip(".") for part in (*parts, SYNC_WORDS[entry.state].row) if part) + "."


class TimelineModel(QAbstractListModel):
    """The days and entries in one list; a day is a str, an entry an ``Entry``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.items: list[str | Entry] = []

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.items)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and isinstance(self.items[index.row()], Entry):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        item = self.items[index.row()]
        if role == ENTRY_ROLE:
            return item
        if role == Qt.ItemDataRole.DisplayRole:
            return item.title if isinstance(item, Entry) else item
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(item) if isinstance(item, Entry) else item
        return None

    def replace(self, entries: Sequence[Entry]) -> None:
        """Replace all entries."""
        self.beginResetModel()
        self.items = _with_days("", entries)
        self.endResetModel()

    def append(self, entries: Sequence[Entry]) -> None:
        """Add entries at the end."""
        last = self.items[-1] if self.items else None
        fresh = _with_days(last.day if isinstance(last, Entry) else "", entries)
        if fresh:
            self.beginInsertRows(QModelIndex(), len(self.items), len(self.items) + len(fresh) - 1)
            self.items += fresh
            self.endInsertRows()

    def row_of(self, record: str) -> int:
        """The row of a record, -1 if it is not loaded."""
        rows = (row for row, item in enumerate(self.items) if isinstance(item, Entry) and item.record == record)
        return next(rows, -1)


def _with_days(day: str, entries: Sequence[Entry]) -> list[str | Entry]:
    days_and_entries: list[str | Entry] = []
    for entry in entries:
        if entry.day != day:
            day = entry.day
            days_and_entries.append(day)
        days_and_entries.append(entry)
    return days_and_entries


class TimelineDelegate(QStyledItemDelegate):
    """Draws the days and entries."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        theme = theme_in(option)
        if not isinstance(index.data(ENTRY_ROLE), Entry):
            return QSize(0, theme.px(26))
        return QSize(0, theme.px(55))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, view = theme_in(option), option.widget
        box = QRectF(option.rect)
        item = index.data(ENTRY_ROLE)
        painter.save()
        painter.setClipRect(box)
        if isinstance(item, Entry):
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            over = bool(option.state & QStyle.StateFlag.State_MouseOver)
            painter.fillRect(box, theme.select if chosen else theme.sunken if over else theme.surface)
            if chosen:
                painter.fillRect(QRectF(box.x(), box.y(), 4, box.height() - 1), theme.accent)
            self._entry(painter, box, item, theme, chosen=chosen)
        else:
            painter.fillRect(box, theme.sunken)
            place = box.adjusted(PAD, 0, -PAD, 0)
            paint.words(painter, place, str(item), theme.font("small_strong"), theme.muted)
        painter.fillRect(QRectF(box.x(), box.bottom() - 1, box.width(), 1), theme.color("line"))
        if isinstance(view, QAbstractItemView) and view.hasFocus() and view.currentIndex() == index:
            ring.paint_row_ring(painter, box.adjusted(0, 0, 0, -1), theme)
        painter.restore()

    def _entry(self, painter: QPainter, box: QRectF, entry: Entry, theme: Theme, *, chosen: bool) -> None:
        top, low = theme.line_height("body"), theme.line_height("small")
        start = box.y() + (box.height() - 1 - top - low) / 2
        quiet = theme.ink if chosen else theme.muted
        left = box.x() + PAD
        right = box.right() - PAD
        first = QRectF(left, start, right - left, top)
        paint.words(painter, first, entry.time, theme.font("body"), theme.ink)
        side = theme.size("icon")
        x = left + theme.px(TIME)
        icons.paint(painter, QPointF(x, start + (top - side) / 2), style_of(entry.kind).icon, theme.accent, side)
        x += theme.px(ICON)
        state = SYNC_WORDS[entry.state].row
        sizes = [tag_size(theme, spec(tag)) for tag in entry.tags]
        room, end = _room(entry, box, theme)
        paint.words(
            painter, QRectF(end, start, right - end, top), entry.author, theme.font("small"), quiet, align=paint.RIGHT
        )
        needs = entry.state == "needs_you"
        paint.words(
            painter,
            QRectF(end, start + top, right - end, low),
            state,
            theme.font("small_strong" if needs else "small"),
            theme.amber if needs and not chosen else quiet,
            align=paint.RIGHT,
        )
        strong = theme.font("body_strong")
        paint.words(painter, QRectF(x, start, room, top), entry.title, strong, theme.ink)
        at = x + min(paint.advance(entry.title, strong), room) + 8
        for tag, size in zip(entry.tags, sizes, strict=True):
            place = QRectF(at, start + (top - size.height()) / 2, min(float(size.width()), end - at), size.height())
            if place.width() > theme.px(40):
                paint_tag(painter, place, spec(tag), theme)
            at += size.width() + 6
        below = QRectF(x, start + top, end - x, low)
        paint.words(painter, below, entry.summary, theme.font("small"), quiet)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """Show all words of a row as a tooltip, if the row cuts some of them."""
        entry = index.data(ENTRY_ROLE)
        if event.type() == QEvent.Type.ToolTip and isinstance(entry, Entry):
            words = "\n".join(filter(None, (entry.title, entry.summary)))
            QToolTip.showText(
                event.globalPos(), words if _is_cut(entry, QRectF(option.rect), theme_of(view)) else "", view
            )
            return True
        return super().helpEvent(event, view, option, index)


def _room(entry: Entry, box: QRectF, theme: Theme) -> tuple[float, float]:
    """The room for a row's title, and the x at which the author's column begins: no other words pass it."""
    small = theme.font("small")
    beside = max(paint.advance(entry.author, small), paint.advance(SYNC_WORDS[entry.state].row, small))
    end = box.right() - PAD - beside - 12
    tags = sum(tag_size(theme, spec(tag)).width() + 8 for tag in entry.tags)
    return max(end - _words_at(box, theme) - tags, theme.px(60)), end


def _words_at(box: QRectF, theme: Theme) -> float:
    return box.x() + PAD + theme.px(TIME) + theme.px(ICON)


def _is_cut(entry: Entry, box: QRectF, theme: Theme) -> bool:
    room, end = _room(entry, box, theme)
    wide = paint.advance(entry.summary, theme.font("small"))
    return paint.advance(entry.title, theme.font("body_strong")) > room or wide > end - _words_at(box, theme)


class TimelineList(QListView):
    """The list. Signals: ``moved(record)`` on arrows, ``opened(record)`` on Enter or a double click."""

    moved = Signal(str)
    opened = Signal(str)
    wants_more = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.entries = TimelineModel(self)
        self.setModel(self.entries)
        self.setItemDelegate(TimelineDelegate(self))
        self.setAccessibleName(name)
        self.setProperty("ring", "row")
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("paints", "true")  # so that it gets a StyleChange when the text size changes
        styled(self, "body")
        self.activated.connect(self._open)
        self.verticalScrollBar().valueChanged.connect(lambda _: self._look())

    def entry(self) -> Entry | None:
        """The current entry, None if there is none."""
        item = self.currentIndex().data(ENTRY_ROLE)
        return item if isinstance(item, Entry) else None

    def show_entries(self, entries: Sequence[Entry], *, chosen: str = "") -> None:
        """Show entries, with the record ``chosen`` or else the first one as the current entry."""
        self.entries.replace(entries)
        row = self.entries.row_of(chosen) if chosen else -1
        if row < 0 and entries:
            row = self.entries.row_of(entries[0].record)
        if row >= 0:
            self.setCurrentIndex(self.entries.index(row))
            self.scrollTo(self.currentIndex())

    def append(self, entries: Sequence[Entry]) -> None:
        """Show more entries below."""
        self.entries.append(entries)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        ring.refresh(self)
        entry = current.data(ENTRY_ROLE) if current.isValid() else None
        if isinstance(entry, Entry):
            self.moved.emit(entry.record)
        if current.isValid() and current.row() >= len(self.entries.items) - NEAR:
            self.wants_more.emit()

    def _look(self) -> None:
        bar = self.verticalScrollBar()
        if bar.value() >= bar.maximum() - 2 * bar.pageStep():
            self.wants_more.emit()

    def _open(self, index: Index) -> None:
        entry = index.data(ENTRY_ROLE)
        if isinstance(entry, Entry):
            self.opened.emit(entry.record)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "entries"):
            self.scheduleDelayedItemsLayout()
