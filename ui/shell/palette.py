"""The command palette: type, choose with the arrows, press Enter. It covers the window and returns the focus at the end.

``services.palette`` finds the results off the window's thread, and gets the window's commands. Only the answer to the latest
typed words is shown. Must not do what a result names itself: it closes, then asks the window (``context``) or the clipboard.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QAccessible, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from hipss_desktop.records.folding import folded
from hipss_desktop.views.palette import GAP, Command, PaletteFindings, Result
from ui.base.access import spoken_as
from ui.base.announce import announce
from ui.base.clipboard import copy_number
from ui.base.kind_style import style_of
from ui.base.layers import paint_scrim
from ui.base.page import Context
from ui.parts import (
    EmptyState,
    IconLabel,
    Keycap,
    LinkButton,
    Rule,
    SearchEdit,
    TagSpec,
    label,
    paint,
    row,
    spoken_label,
)
from ui.parts.tags import paint_tag, tag_size, tone_named
from ui.theme import Theme, icons, set_state, theme_in, theme_of

WIDTH, TOP, SIDE = 720, 72, 20
"""Pixels: the panel's width (at 100 % text size), and its distance from the top and the sides (at every text size)."""
ROW, HEAD = 40, 28
SETTLED = 300
"""Milliseconds after the last answer at which the number of results is announced."""
_INDEX = QModelIndex()


@dataclass(frozen=True)
class _Heading:
    """The name of a group, which cannot be chosen."""

    words: str


def matches(typed: str, words: str) -> list[tuple[str, bool]]:
    """Split words into (piece, matches) pairs; a piece matches if it begins a word and was typed."""
    plain, places = "", list[int]()
    for at, letter in enumerate(words):
        base = " " if letter.isspace() else folded(letter)
        plain += base
        places += [at] * len(base)
    marked = [False] * len(words)
    for part in folded(typed).split():
        begins = plain.find(part)
        while begins >= 0:
            if begins == 0 or not plain[begins - 1].isalnum():
                first, last = places[begins], places[begins + len(part) - 1]
                marked[first : last + 1] = [True] * (last + 1 - first)
            begins = plain.find(part, begins + 1)
    for at in sorted({*range(1, len(words))} - {*places}):  # a separate accent sign is marked like its letter
        marked[at] = marked[at - 1]
    pieces: list[tuple[str, bool]] = []
    for letter, hit in zip(words, marked, strict=True):
        if pieces and pieces[-1][1] == hit:
            pieces[-1] = (pieces[-1][0] + letter, hit)
        else:
            pieces.append((letter, hit))
    return pieces


def phrase(result: Result) -> str:
    """A result as one phrase for a screen reader."""
    tag = result.tag.words if result.tag else ""
    parts = (result.title, result.more.replace(GAP, ", "), tag, result.right, result.keys)
    return ", ".join(part for part in parts if part)


class ResultModel(QAbstractListModel):
    """The rows of the list: group names and results."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[_Heading | Result] = []
        self.typed = ""

    def show_results(self, typed: str, results: Sequence[Result]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self.typed, self.rows, group = typed, [], ""
        for result in results:
            if result.group != group:
                group = result.group
                self.rows.append(_Heading(group))
            self.rows.append(result)
        self.endResetModel()

    def result(self, at: int) -> Result | None:
        """The result in a row, None for a group's name."""
        entry = self.rows[at] if 0 <= at < len(self.rows) else None
        return entry if isinstance(entry, Result) else None

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _INDEX) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        entry = self.rows[index.row()]
        return entry.words if isinstance(entry, _Heading) else phrase(entry)

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        if self.result(index.row()) is None:
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _Delegate(QStyledItemDelegate):
    """Draws a row: icon, words (the typed ones bold and in the accent colour), and a tag, number or key at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        model = index.model()
        theme = theme_in(option)
        heading = isinstance(model, ResultModel) and model.result(index.row()) is None
        return QSize(100, theme.px(HEAD if heading else ROW))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        if not isinstance(model, ResultModel):
            return
        theme, box = theme_in(option), QRectF(option.rect)
        result = model.result(index.row())
        if result is None:
            words = str(index.data())
            paint.words(painter, box.adjusted(20, 0, -20, 0), words, theme.font("small_strong"), theme.muted)
            return
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            inner = box.adjusted(8, 0, -8, 0)
            paint.frame(painter, inner, fill=theme.select, bar=theme.accent)
        _paint_result(painter, box.adjusted(22, 0, -20, 0), result, model.typed, theme, chosen=chosen)


def _paint_result(painter: QPainter, box: QRectF, result: Result, typed: str, theme: Theme, *, chosen: bool) -> None:
    side = theme.size("icon_large")
    icons.paint(
        painter,
        QPointF(box.x(), box.y() + (box.height() - side) / 2),
        result.icon or style_of(result.kind).icon,
        theme.ink,
        side,
    )
    box = box.adjusted(side + 12, 0, 0, 0)
    strong = chosen or result.group in ("Children", "Carers")
    box = _paint_right(painter, box, result, theme, chosen=chosen)
    quiet = theme.ink if chosen else theme.muted
    x = _paint_pieces(painter, box, matches(typed, result.title), theme, "body_strong" if strong else "body", theme.ink)
    if result.more:
        rest = box.adjusted(x - box.x() + 12, 0, 0, 0)
        _paint_pieces(painter, rest, matches(typed, result.more), theme, "small", quiet)


def _paint_right(painter: QPainter, box: QRectF, result: Result, theme: Theme, *, chosen: bool) -> QRectF:
    """Draw the tag, words or key at the end of the row; return the rectangle that is left."""
    width = 0.0
    if result.tag is not None:
        spec = TagSpec(result.tag.icon, result.tag.words, tone_named(result.tag.tone))
        size = tag_size(theme, spec)
        width = float(size.width())
        place = QRectF(box.right() - width, box.y() + (box.height() - size.height()) / 2, width, size.height())
        paint_tag(painter, place, spec, theme)
    elif result.right:
        dialled = bool(result.number) and result.right.startswith(result.number)
        font = theme.font("body_strong" if dialled and result.does == "copy_number" else "body" if dialled else "small")
        width = float(paint.advance(result.right, font))
        paint.words(
            painter, box, result.right, font, theme.ink if dialled or chosen else theme.muted, align=paint.RIGHT
        )
    elif chosen or result.keys:
        shown = result.keys or "Enter"
        cap = paint.keycap_size(shown, theme)
        width = float(cap.width())
        corner = QRectF(box.right() - width, box.y() + (box.height() - cap.height()) / 2, width, cap.height())
        paint.keycap(painter, corner, shown, theme)
    return box.adjusted(0, 0, -width - (16 if width else 0), 0)


def _paint_pieces(
    painter: QPainter, box: QRectF, pieces: Sequence[tuple[str, bool]], theme: Theme, style: str, ink: Any
) -> float:
    """Draw words on one line, the marked ones bold and in the accent colour; return the x at which they end."""
    x = box.x()
    for words, hit in pieces:
        if x >= box.right() - 8:
            break
        font = theme.font(style, weight=700) if hit else theme.font(style)
        wide = paint.advance(words, font)
        place = QRectF(x, box.y(), min(float(wide) + 1, box.right() - x), box.height())
        paint.words(painter, place, words, font, theme.accent if hit else ink)
        x += wide
    return x


class _Results(QListView):
    """The list; the focus stays in the search field."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Results")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setItemDelegate(_Delegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        set_state(self, "surface", "raised")

    def full_height(self) -> int:
        """The height in pixels at which all rows are visible."""
        return sum(self.sizeHintForRow(at) for at in range(self.model().rowCount())) + 8


class _Edit(SearchEdit):
    """The search field. Its focus ring surrounds the whole head of the panel, because nothing else there takes the focus."""

    def ring_shape(self) -> tuple[QRectF, float]:
        """The rectangle of the panel's head without the width of the ring, and the radius of the ring's corners."""
        head = self.parentWidget()
        if head is None:
            return QRectF(self.rect()), 4.0
        return QRectF(head.rect().translated(-self.pos())).adjusted(5, 5, -5, -5), 4.0


class _Panel(QFrame):
    """The raised sheet with its edge."""

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        painter = QPainter(self)
        paint.frame(painter, QRectF(self.rect()), fill=theme.raised, edge=theme.control, radius=6)
        painter.end()


class PaletteLayer(QWidget):
    """The palette over a window. It opens and takes the focus when made; Esc or a click beside it closes it."""

    def __init__(self, context: Context, parent: QWidget, commands: Sequence[Command] = ()) -> None:
        super().__init__(parent)
        self.context, self._over, self._commands = context, parent, commands
        self._before: QWidget | None = None
        self._newest_text = ""
        self._searching = False
        self._findings = PaletteFindings(())
        spoken_as(self, QAccessible.Role.Dialog, "Search and commands")
        self.edit = _Edit("Search, or type a command", placeholder="Search, or type a command")
        spoken_label(self.edit.accessibleName(), self.edit)
        self.edit.setProperty("bare", "true")
        self.count = label("", "small", "muted")
        self.model = ResultModel(self)
        self.list = _Results()
        self.list.setModel(self.model)
        self.empty = QWidget()
        self._empty_box = QVBoxLayout(self.empty)
        self._empty_box.setContentsMargins(12, 8, 12, 16)
        self.suggestion: LinkButton | None = None
        self.where = IconLabel("laptop", "", "small", "muted")
        self._panel = self._lay_out()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLED)
        self._settle.timeout.connect(self._announce)
        self.edit.textChanged.connect(self._search)
        self.edit.installEventFilter(self)
        self.list.clicked.connect(lambda index: self._do(self.model.result(index.row())))
        parent.installEventFilter(self)
        self.hide()
        self.open()

    def _lay_out(self) -> _Panel:
        panel = _Panel(self)
        box = QVBoxLayout(panel)
        box.setContentsMargins(1, 1, 1, 1)
        box.setSpacing(0)
        head = QWidget()
        head.setLayout(row(self.edit, self.count, Keycap("Esc"), gap=12, margins=(14, 14, 20, 14)))
        box.addWidget(head)
        box.addWidget(Rule())
        box.addWidget(self.list)
        box.addWidget(self.empty)
        box.addWidget(Rule())
        keys: list[QWidget | int | None] = [Keycap("↑"), Keycap("↓"), label("Move", "small", "muted"), 8]
        keys += [Keycap("Enter"), label("Open", "small", "muted"), 8]
        keys += [Keycap("Ctrl+C"), label("Copy number", "small", "muted"), None, self.where]
        foot = QWidget()
        foot.setLayout(row(*keys, gap=8, margins=(20, 8, 20, 8)))
        box.addWidget(foot)
        return panel

    def open(self) -> None:
        """Show the palette, empty, with the focus in it; if it is open already, only focus it."""
        if not self.isVisible():
            before = self.window().focusWidget()
            self._before = before if before is not None and not self.isAncestorOf(before) else None
            self.edit.clear()
            online = self.context.session.status().connection in ("online", "sending")
            self.where.setText("Searching this laptop only." + ("" if online else " You are offline."))
            self._show(PaletteFindings(()), "")
            self._search("")
        self.setGeometry(self._over.rect())
        self.show()
        self.raise_()
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_layer(self) -> None:
        """Hide the palette and give the focus back to where it was."""
        before, self._before = self._before, None
        self._settle.stop()
        self.hide()
        self._show(PaletteFindings(()), "")
        if before is not None:
            try:
                before.setFocus(Qt.FocusReason.OtherFocusReason)
            except RuntimeError:  # its page was deleted meanwhile
                self._over.setFocus()

    def _search(self, text: str) -> None:
        """Find results for a text; while another search runs, only remember the newest text for the next search."""
        self._newest_text = text
        if self._searching:
            return
        self._searching = True
        services, commands = self.context.services, self._commands
        self.context.runner.read(
            lambda: services.palette.find(text, commands),
            lambda findings: self._answered(text, findings),
            context=self,
            failed=lambda _: self._answered(text, PaletteFindings(())),
        )

    def _answered(self, text: str, findings: PaletteFindings) -> None:
        self._searching = False
        if text != self._newest_text:
            self._search(self._newest_text)
        elif self.isVisible():
            self._show(findings, text)
            self._settle.start()

    def _show(self, findings: PaletteFindings, text: str) -> None:
        self._findings = findings
        self.model.show_results(text, findings.results)
        self.count.setText(_count_words(len(findings.results)) if text.strip() else "")
        nothing = bool(text.strip()) and not findings.results
        self.list.setVisible(not nothing)
        self.empty.setVisible(nothing)
        if nothing:
            self._show_nothing(text.strip(), findings.did_you_mean)
        self._choose(next((at for at in range(self.model.rowCount()) if self.model.result(at)), -1))
        self._place()

    def _show_nothing(self, typed: str, near: str) -> None:
        while (item := self._empty_box.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        advice = "Check the spelling, or try a first name, a local ID or a phone number."
        shown: list[QWidget] = [EmptyState(f"No match for “{typed}”", advice, icon="search")]
        self.suggestion = None
        if near:
            self.suggestion = LinkButton(f"Did you mean {near}?")
            self.suggestion.clicked.connect(lambda: self._take(near))
            shown.append(self.suggestion)
        for part in shown:
            middle = Qt.AlignmentFlag.AlignHCenter if part is self.suggestion else Qt.AlignmentFlag(0)
            self._empty_box.addWidget(part, 0, middle)
            part.show()  # now, so that the panel's height is known

    def _take(self, words: str) -> None:
        self.edit.setText(words)
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _announce(self) -> None:
        typed = self.edit.text().strip()
        if not self.isVisible() or not typed:
            return
        count = len(self._findings.results)
        near = f" Did you mean {self._findings.did_you_mean}?" if self._findings.did_you_mean else ""
        announce(self.edit, _count_words(count) if count else f"No match for {typed}.{near}")

    def chosen(self) -> Result | None:
        """The result that Enter would do."""
        return self.model.result(self.list.currentIndex().row())

    def _choose(self, at: int) -> None:
        index = self.model.index(at) if at >= 0 else QModelIndex()
        self.list.setCurrentIndex(index)
        if at == 1:  # the first result: keep the name of its group visible
            self.list.scrollToTop()
        elif index.isValid():
            self.list.scrollTo(index)
        result = self.model.result(at)
        self.edit.setAccessibleDescription(phrase(result) if result else "")

    def _move(self, step: int) -> None:
        places = [at for at in range(self.model.rowCount()) if self.model.result(at)]
        if not places:
            return
        current_row = self.list.currentIndex().row()
        at = places[(places.index(current_row) + step) % len(places)] if current_row in places else places[0]
        self._choose(at)
        result = self.model.result(at)
        if result is not None:
            announce(self.edit, phrase(result))

    def _copy(self, result: Result | None) -> bool:
        if result is None or not result.number:
            return False
        copy_number(result.number)
        self.context.done(f"{result.number} copied")
        return True

    def _do(self, result: Result | None) -> None:
        """Close, then do what the result names."""
        if result is None:
            return
        self.close_layer()
        if result.does == "copy_number":
            self._copy(result)
        elif result.does == "log_contact":
            caller_and_child: dict[str, Any] = {}
            if result.person is not None:
                caller_and_child["caller"] = result.person
            if result.child:
                caller_and_child["child"] = result.child
            self.context.go("log_contact", **caller_and_child)
        elif result.does == "caller_card":
            self.context.go("caller_card", record=result.target, caller=result.person)
        elif result.does == "open":
            self.context.open(result.target, result.kind)
        elif result.kind:
            self.context.new(result.kind, **({"child": result.child} if result.child else {}))
        else:
            self.context.go(result.target)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._over and self.isVisible():
            self.setGeometry(self._over.rect())
        if watched is self.edit and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        if watched is self.edit and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            mine = event.key() == Qt.Key.Key_Escape or event.matches(QKeySequence.StandardKey.Copy)
            event.setAccepted(mine or event.isAccepted())
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        """Handle a key of the palette that was pressed in the search field; return whether it was one."""
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._move(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._do_typed()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            if self.suggestion is not None and self.suggestion.isVisible():
                self.suggestion.setFocus(Qt.FocusReason.TabFocusReason)
        elif event.matches(QKeySequence.StandardKey.Copy) and not self.edit.hasSelectedText():
            self._copy(self.chosen())
        else:
            return False
        return True

    def _do_typed(self) -> None:
        """Do the chosen result; if a search still runs, search for the typed words and do the first result."""
        if not self._searching:
            self._do(self.chosen())
            return
        typed = self.edit.text()
        services, commands = self.context.services, self._commands

        def first(findings: PaletteFindings) -> None:
            if self.isVisible() and self.edit.text() == typed and findings.results:
                self._do(findings.results[0])

        self.context.runner.read(lambda: services.palette.find(typed, commands), first, context=self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_layer()
        elif event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self.edit.setFocus(Qt.FocusReason.TabFocusReason)

    def focusNextPrevChild(self, forward: bool, /) -> bool:
        """Keep Tab inside the palette: it moves between the field and the suggestion, if there is one."""
        self.edit.setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._panel.geometry().contains(event.position().toPoint()):
            self.close_layer()

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_settle"):
            self._place()

    def _place(self) -> None:
        """Place the panel at the top of the window, as high as its rows need and no higher than the window."""
        theme = theme_of(self)
        width = min(theme.px(WIDTH), self.width() - 2 * SIDE)
        room = self.height() - TOP - SIDE
        self.list.setFixedHeight(max(min(self.list.full_height(), room - theme.px(140)), theme.px(ROW)))
        for layout in (self._empty_box, self._panel.layout()):
            if layout is not None:
                layout.activate()
        height = self._panel.sizeHint().height()
        if self._panel.hasHeightForWidth():
            height = self._panel.heightForWidth(width)
        self._panel.setGeometry((self.width() - width) // 2, TOP, width, min(height, room))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_scrim(self)


def _count_words(count: int) -> str:
    return f"{count} result" if count == 1 else f"{count} results"
