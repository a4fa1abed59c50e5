"""Tables and lists. A page describes their cells, and the delegate draws them.

A page's model answers CELL_ROLE with a ``Cell``. The delegate draws it in the theme, with tags, a second line, and
the focus ring inside the current row. ``CellModel`` is a base that answers the other roles from the cell, including
what a screen reader says. Rows have one height unless ``Table.fit_rows`` is called, so a million rows cost no more than a
screenful.
"""

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QFont, QHelpEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from ui.parts import paint
from ui.parts.tags import TagSpec, paint_tag, tag_size
from ui.theme import Theme, icons, ring, theme_in, theme_of

CELL_ROLE = Qt.ItemDataRole.UserRole + 40
Index = QModelIndex | QPersistentModelIndex
RowHeight = Literal["row", "row_compact", "row_two_line"]
_PAD = 12
_EDGE = 16
_AIR = 7
"""Pixels above and below the words of a row, if the row's height follows from its words."""
BLANK = "\u00a0"
"""An empty second line. It keeps the words on the first line of a two-line row."""
_NOWHERE = QModelIndex()


class Cell(msgspec.Struct, frozen=True):
    """What one cell shows: words, a quieter second line, an icon, tags; ``tone`` is a text colour token.

    ``spoken`` replaces what a screen reader says. ``wrap`` lets the words take up to ``lines`` lines, and ``second_wraps``
    lets the second line take two. A two-line row has room for two lines of words; ``Table.fit_rows`` gives a row the height
    for all lines. ``struck`` strikes the words through. ``second_tone`` is the colour token of the second line. With a
    ``second_icon``, the second line is written strong.
    """

    words: str = ""
    second: str = ""
    strong: bool = False
    tone: str = "ink"
    icon: str = ""
    tags: Sequence[TagSpec] = ()
    right: bool = False
    ids: bool = False
    wrap: bool = False
    second_wraps: bool = False
    lines: int = 2
    struck: bool = False
    spoken: str = ""
    second_tone: str = "muted"
    second_icon: str = ""

    @property
    def second_style(self) -> str:
        """The style of the second line."""
        return "small_strong" if self.second_icon else "small"

    def phrase(self) -> str:
        """What a screen reader says for the cell."""
        return self.spoken or ", ".join(
            words for words in (self.words, self.second, *(tag.words for tag in self.tags)) if words.strip()
        )


class CellModel(QAbstractTableModel):
    """The base of a table's model. Subclasses implement ``rowCount`` and ``cell``; the headings do not change."""

    def __init__(self, headings: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.headings = tuple(headings)

    def cell(self, row: int, column: int) -> Cell:
        """The cell at ``row``, ``column``."""
        raise NotImplementedError  # each subclass has its own; Qt's metaclass allows no abstract class

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.headings)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        cell = self.cell(index.row(), index.column())
        answers = {
            CELL_ROLE: cell,
            Qt.ItemDataRole.DisplayRole: cell.words,
            Qt.ItemDataRole.AccessibleTextRole: cell.phrase(),
        }
        return answers.get(role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.headings[section]
        return None


class Rows(CellModel):
    """A ``CellModel`` with all rows in memory, for short tables."""

    def __init__(
        self, headings: Sequence[str], rows: Sequence[Sequence[Cell]] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(headings, parent)
        self._rows = [tuple(row) for row in rows]

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def cell(self, row: int, column: int) -> Cell:
        return self._rows[row][column]

    def set_rows(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self._rows = [tuple(row) for row in rows]
        self.endResetModel()


class CellDelegate(QStyledItemDelegate):
    """Draws cells. The current row of a focused view has the focus ring inside it. A chosen row has an accent bar."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        theme = theme_in(option)
        cell = index.data(CELL_ROLE)
        if not isinstance(cell, Cell):
            return super().sizeHint(option, index)
        wide = paint.advance(cell.words, theme.font("body_strong" if cell.strong else "body"))
        wide += sum(tag_size(theme, tag).width() + 6 for tag in cell.tags)
        wide += theme.size("icon") + 8 if cell.icon else 0
        if cell.second:
            beside = theme.size("icon") + 6 if cell.second_icon else 0
            wide = max(wide, paint.advance(cell.second, theme.font(cell.second_style)) + beside)
        return QSize(wide + 2 * _PAD, theme.size("row_two_line" if cell.second or cell.wrap else "row"))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = theme_in(option)
        view = option.widget
        box = QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setClipRect(box)
        under = isinstance(view, Table) and view.row_under_mouse == index.row()
        painter.fillRect(box, theme.select if chosen else theme.sunken if under else theme.surface)
        painter.fillRect(QRectF(box.x(), box.bottom() - 1, box.width(), 1), theme.color("line"))
        first, last = _ends(view, index)
        if chosen and first:
            painter.fillRect(QRectF(box.x(), box.y(), 4, box.height() - 1), theme.accent)
        cell = index.data(CELL_ROLE)
        if isinstance(cell, Cell):
            self._cell(painter, _inside(box, cell, first=first, last=last), cell, theme)
        if isinstance(view, QAbstractItemView) and view.hasFocus() and view.currentIndex().row() == index.row():
            grown = box.adjusted(0 if first else -40, 0, 0 if last else 40, -1)
            ring.paint_row_ring(painter, grown, theme)
        painter.restore()

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """Show all words of a cut cell in a tooltip. A cell that shows all its words has none."""
        cell = index.data(CELL_ROLE)
        if isinstance(cell, Cell) and cell_is_cut(view, index):
            QToolTip.showText(
                event.globalPos(), "\n".join(filter(None, (cell.words, cell.second))) or cell.phrase(), view
            )
            return True
        return bool(super().helpEvent(event, view, option, index))

    def _cell(self, painter: QPainter, box: QRectF, cell: Cell, theme: Theme) -> None:
        align = paint.RIGHT if cell.right else paint.LEFT
        font = theme.font("body_strong" if cell.strong else "body", ids=cell.ids)
        font.setStrikeOut(cell.struck)
        broken, second = broken_words(cell, font, theme.font("small"), _room_for_words(box, cell, theme))
        top, low = theme.line_height("body"), theme.line_height("small")
        high = top * len(broken) + low * len(second)
        line = QRectF(box.x(), box.y() + (box.height() - high) / 2, box.width(), top)
        if cell.icon:
            side = theme.size("icon")
            corner = QPointF(box.x(), line.y() + (line.height() - side) / 2)
            icons.paint(painter, corner, cell.icon, theme.color(cell.tone), side)
            line.adjust(side + 8, 0, 0, 0)
        for number, words in enumerate(broken):
            paint.words(painter, line.translated(0, number * top), words, font, theme.color(cell.tone), align=align)
        below = QRectF(line.x(), line.y() + top * len(broken), line.width(), low)
        tone, small = theme.color(cell.second_tone), theme.font(cell.second_style)
        if cell.second_icon:
            side = theme.size("icon")
            icons.paint(painter, QPointF(below.x(), below.y() + (low - side) / 2), cell.second_icon, tone, side)
            below.adjust(side + 6, 0, 0, 0)
        for number, words in enumerate(second):
            paint.words(painter, below.translated(0, number * low), words, small, tone, align=align)
        x = line.x() + (paint.advance(cell.words, font) + 10 if cell.words else 0)
        if cell.right:
            x = max(x, box.right() + 6 - sum(tag_size(theme, tag).width() + 6 for tag in cell.tags))
        for tag in cell.tags:
            size = tag_size(theme, tag)
            width = min(float(size.width()), max(box.right() - x, 0.0))
            place = QRectF(x, line.y() + (line.height() - size.height()) / 2, width, size.height())
            paint_tag(painter, place, tag, theme)
            x += width + 6


def cell_is_cut(view: QAbstractItemView, index: Index) -> bool:
    """Whether a cell has more words than its place has room for."""
    cell, theme = index.data(CELL_ROLE), theme_of(view)
    first, last = _ends(view, index)
    room = _room_for_words(_inside(QRectF(view.visualRect(index)), cell, first=first, last=last), cell, theme)
    font, small = theme.font("body_strong" if cell.strong else "body"), theme.font(cell.second_style)
    broken, second = broken_words(cell, font, small, room)
    whole = " ".join(broken) == " ".join(cell.words.split()) if cell.wrap else paint.advance(cell.words, font) <= room
    return not whole or any(paint.advance(line, small) > room for line in second)


def broken_words(cell: Cell, font: QFont, small: QFont, room: float) -> tuple[list[str], list[str]]:
    """The lines of a cell's words, and the lines of its second line. A ``BLANK`` second line gives way to words that need two."""
    below = [cell.second] if cell.second else []
    if not cell.wrap:
        return [cell.words], below
    broken = paint.lines(cell.words, font, room, cell.lines)
    if cell.second == BLANK and len(broken) > 1:
        return broken, []
    return broken, paint.lines(cell.second, small, room, 2) if cell.second and cell.second_wraps else below


def _inside(box: QRectF, cell: Cell, *, first: bool, last: bool) -> QRectF:
    """The part of a cell's box for its words. ``first`` and ``last`` say whether the cell is at an end of its row."""
    left = 4 if cell.right else _PAD
    return box.adjusted(_EDGE if first else left, 0, -_EDGE if last and cell.right else -4, -1)


def _room_for_words(box: QRectF, cell: Cell, theme: Theme) -> float:
    """The width in pixels that a cell has left for its words beside the icon."""
    return box.width() - (theme.size("icon") + 8 if cell.icon else 0)


def _ends(view: object, index: Index) -> tuple[bool, bool]:
    """Whether the cell is drawn first and last in its row."""
    if not isinstance(view, QTableView):
        return True, True
    header = view.horizontalHeader()
    place = header.visualIndex(index.column())
    shown = [header.visualIndex(c) for c in range(header.count()) if not header.isSectionHidden(c)]
    return place == min(shown, default=0), place == max(shown, default=0)


class Header(QHeaderView):
    """Column headings. This class paints them, because Qt forgets a header's font when its table is put into a page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setHighlightSections(False)
        self.setSectionsClickable(False)
        self.setMinimumSectionSize(40)

    def sectionSizeFromContents(self, section: int) -> QSize:
        theme = theme_of(self)
        wide = paint.advance(self._words(section), theme.font("small_strong"))
        return QSize(wide + 2 * _PAD, theme.px(28) + 1)

    def _words(self, section: int) -> str:
        return str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        theme = theme_of(self)
        painter.fillRect(rect, theme.sunken)
        painter.fillRect(QRect(rect.x(), rect.bottom(), rect.width(), 1), theme.color("line"))
        first, _ = _ends(self.parent(), self.model().index(0, section))
        place = QRectF(rect).adjusted(_EDGE if first else _PAD, 0, -4, -1)
        paint.words(painter, place, self._words(section), theme.font("small_strong"), theme.muted)


class Table(QTableView):
    """A table of cells in which people choose whole rows with the arrow keys.

    Enter or a double click emits ``opened(row)``. ``stretch`` is the column that gets the spare width. A page handles keys of
    its own in ``key_pressed``; the table handles only those that the page did not accept.
    """

    opened = Signal(int)
    row_changed = Signal(int)
    key_pressed = Signal(QKeyEvent)

    def __init__(
        self,
        name: str,
        model: QAbstractTableModel | None = None,
        *,
        height: RowHeight = "row",
        stretch: int | None = None,
        heading: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._height: RowHeight = height
        self.row_under_mouse = -1
        self.setMouseTracking(True)
        self.entered.connect(self._over)
        self.setProperty("ring", "row")
        self.setAccessibleName(name)
        self.setItemDelegate(CellDelegate(self))
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setCornerButtonEnabled(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setHorizontalHeader(Header(self))
        self.horizontalHeader().setVisible(heading)
        self._stretch = stretch
        self.activated.connect(lambda index: self.opened.emit(index.row()))
        if model is not None:
            self.setModel(model)
        self.fit()

    def setModel(self, model: Any) -> None:
        super().setModel(model)
        across = self.horizontalHeader()
        if self._stretch is None:
            across.setStretchLastSection(True)
        else:
            across.setSectionResizeMode(self._stretch, QHeaderView.ResizeMode.Stretch)
        choice = self.selectionModel()
        if choice is not None:
            choice.currentRowChanged.connect(self._moved)

    def widths(self, *widths: int) -> None:
        """Set the widths of the columns in pixels at 100 % text size. 0 does not change a column."""
        self._widths = widths
        for column, width in enumerate(widths):
            if width:
                self.setColumnWidth(column, theme_of(self).px(width))

    def by_content(self, *columns: int) -> None:
        """Make these columns as wide as their words need, at any text size."""
        for column in columns:
            self.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)

    def fit(self) -> None:
        """Set the row height and the column widths for the current text size."""
        self.verticalHeader().setDefaultSectionSize(theme_of(self).size(self._height))
        self.verticalHeader().setMinimumSectionSize(24)
        self.widths(*getattr(self, "_widths", ()))

    def height_for_rows(self, rows: int) -> int:
        """The height in pixels at which ``rows`` rows and the headings show without scrolling."""
        head = self.horizontalHeader().sizeHint().height() if not self.horizontalHeader().isHidden() else 0
        return rows * theme_of(self).size(self._height) + head

    def fit_rows(self) -> int:
        """Give each row the height that its words need at the current width. Return the table's height in pixels."""
        model, theme = self.model(), theme_of(self)
        for place in range(model.rowCount()):
            indexes = (model.index(place, at) for at in range(model.columnCount()) if not self.isColumnHidden(at))
            needed = max((self._height_needed(index, theme) for index in indexes), default=0)
            self.setRowHeight(place, max(needed, theme.size(self._height)))
        return self.height_for_rows(0) + self.verticalHeader().length() + 2 * self.frameWidth()

    def _height_needed(self, index: QModelIndex, theme: Theme) -> int:
        cell = index.data(CELL_ROLE)
        if not isinstance(cell, Cell) or not cell.wrap:
            return 0
        first, last = _ends(self, index)
        inside = _inside(QRectF(0, 0, self.columnWidth(index.column()), 0), cell, first=first, last=last)
        room = _room_for_words(inside, cell, theme)
        font = theme.font("body_strong" if cell.strong else "body")
        broken, second = broken_words(cell, font, theme.font("small"), room)
        low = theme.line_height("small") * len(second)
        return round(len(broken) * theme.line_height("body") + low + 2 * _AIR)

    def _over(self, index: QModelIndex) -> None:
        self.row_under_mouse = index.row()
        self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._over(QModelIndex())

    def _moved(self, now: QModelIndex, before: QModelIndex) -> None:
        self.viewport().update()
        ring.refresh(self)
        if now.isValid():
            self.row_changed.emit(now.row())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        model = self.model()
        if not self.currentIndex().isValid() and model is not None and model.rowCount() > 0:
            self.selectRow(0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_height"):
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if self.currentIndex().isValid():
                self.opened.emit(self.currentIndex().row())
            return
        event.ignore()
        self.key_pressed.emit(event)
        if not event.isAccepted():
            super().keyPressEvent(event)


class ListTable(Table):
    """A list: a Table without headings, two lines to a row, first column stretched."""

    def __init__(
        self,
        name: str,
        model: QAbstractTableModel | None = None,
        *,
        height: RowHeight = "row_two_line",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, model, height=height, stretch=0, heading=False, parent=parent)
