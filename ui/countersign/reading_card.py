"""The card on which a record is read before signing: its paragraphs with their marks, and comments below paragraphs.

Arrows move through the paragraphs, and Ctrl+M comments on the highlighted one. Typed comments are saved as a draft. Must not
decide who may sign.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from hipss_desktop.kinds.comments import COMMENTS
from hipss_desktop.services.countersigning import with_comments
from hipss_desktop.services.ports import Draft
from hipss_desktop.views.countersigning import CommentView, ReadingView
from ui.base.announce import announce
from ui.base.focus import tab_in_reading_order
from ui.base.page import Context
from ui.parts import Card, Field, LinkButton, TextArea, column, label, row
from ui.records.autosave import Autosave
from ui.records.paragraph_list import ParagraphList, ParagraphRow
from ui.records.record_page import Scroller

WHOLE = ""
"""The unit of a comment on the record as a whole."""


class Paragraphs(Scroller):
    """The scroll area of the paragraphs. Signal: ``moved(int)`` when Down (1) or Up (-1) is pressed."""

    moved = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Send ``moved`` for Down and Up."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None and not event.modifiers():
            self.moved.emit(step)
            return
        super().keyPressEvent(event)


class ReadingCard(Card):
    """The card. ``show_view`` shows a record; None shows that no record is chosen.

    Signals:
        commented(): a comment was begun, changed or emptied.
        asked_for(record, kind): the user wants to open the whole record.
    """

    commented = Signal()
    asked_for = Signal(str, str)

    def __init__(self, context: Context) -> None:
        super().__init__("Nothing chosen", pad=0, aside=())
        self._context = context
        self.view: ReadingView | None = None
        self.draft: Draft | None = None
        self.keeper: Autosave | None = None
        self._boxes: dict[str, Field] = {}
        self._rows: list[tuple[str, ParagraphRow]] = []
        self._at = -1
        self.about = label("", "small", "muted", wrap=True)
        self.whole = LinkButton("Whole record")
        self.whole.clicked.connect(self._open_whole)
        self.marks = label("", "small", "muted", wrap=True)
        self.marks.setAccessibleName("Marks")
        self.stands = QVBoxLayout()
        self.area = Paragraphs("Paragraphs")
        self.area.moved.connect(self._move)
        head = QWidget()
        line = row(self.about, self.whole, gap=12)
        line.setStretch(0, 1)
        head.setLayout(column(line, self.marks, self.stands, gap=6, margins=(16, 10, 16, 10)))
        self.head = head
        head.hide()  # until there is a record
        self.add_flush(head)
        self.add_rule()
        self.add_flush(self.area, 1)

    def show_view(self, view: ReadingView | None, draft: Draft | None = None) -> None:
        """Show a record with the unfinished comments on it; do nothing if it is unchanged."""
        if view == self.view and (draft is None) == (self.draft is None):
            return
        at = self._rows[self._at][0] if 0 <= self._at < len(self._rows) else ""
        typed = self._leave(view)
        self.view, self.draft, self.keeper = view, draft, None
        self._boxes, self._rows, self._at = {}, [], -1
        self.head.setVisible(view is not None)
        if self.heading is not None:
            self.heading.setText(view.name if view is not None else "Nothing chosen")
        inside = QWidget()
        inside.setLayout(
            column(*(self._parts(view) if view is not None else ()), None, gap=12, margins=(16, 12, 16, 16))
        )
        self.area.setWidget(inside)
        if view is None:
            return
        self.area.setAccessibleName(f"Paragraphs of {view.name}")
        self.about.setText(" · ".join(part for part in (view.about, view.reference, view.written) if part))
        self.marks.setText(view.marks)
        self.marks.setVisible(bool(view.marks))
        _fill(self.stands, [label(words, "small", "muted", wrap=True) for words in view.stands])
        if draft is not None:
            self.keeper = Autosave(self, self._context, self._typed)
            comments = {comment.unit: comment.words for comment in COMMENTS.read(draft.fields).comments}
            for unit, words in {**comments, **typed}.items():
                self._comment_on(unit, words)
            tab_in_reading_order(self)
        places = [unit for unit, _ in self._rows]
        self._point_out(places.index(at) if at in places else -1)

    def _leave(self, view: ReadingView | None) -> dict[str, str]:
        """Save the comments before the record is shown again; return them if the version is the same, else {}."""
        if self.keeper is None or self.view is None:
            return {}
        typed = self.comments()
        self.keeper.may_leave()
        self.keeper.stop()
        self.keeper.deleteLater()
        same = view is not None and (view.record, view.digest) == (self.view.record, self.view.digest)
        return typed if same else {}

    def comments(self) -> dict[str, str]:
        """The comments by the unit of their paragraph, without blank ones."""
        written = {unit: _area(box).toPlainText() for unit, box in self._boxes.items()}
        return {unit: words for unit, words in written.items() if words.strip()}

    def comment(self) -> None:
        """Begin or focus the comment on the highlighted paragraph, or on the whole record if none is highlighted."""
        if self.draft is None:
            return
        unit = self._rows[self._at][0] if 0 <= self._at < len(self._rows) else WHOLE
        box = self._comment_on(unit, "")
        tab_in_reading_order(self)
        _area(box).setFocus(Qt.FocusReason.OtherFocusReason)

    def pointed_out(self) -> str:
        """The words for what a comment would be about: "paragraph 5", or "the whole record"."""
        return f"paragraph {self._at + 1}" if self._at >= 0 else "the whole record"

    def typed_draft(self) -> Draft | None:
        """The draft with the present comments, None if the record cannot be commented on."""
        return self._typed() if self.draft is not None else None

    def _typed(self) -> Draft:
        assert self.draft is not None, "comments are kept by whom they are offered"
        return with_comments(self.draft, self.comments())

    def _parts(self, view: ReadingView) -> list[QWidget]:
        """The comments returned to the author, then each text with its paragraphs."""
        parts: list[QWidget] = []
        many = len(view.sections) > 1
        for section in view.sections:
            if many:
                parts.append(label(section.label, "small_strong", "muted", wrap=True))
            shown = ParagraphList(section.label, section.paragraphs)
            for paragraph in section.paragraphs:
                paragraph_row = shown.row_of(paragraph.id)
                if paragraph_row is not None:
                    unit = f"{section.field}/{paragraph.id}"
                    self._rows.append((unit, paragraph_row))
                    paragraph_row.installEventFilter(self)
            parts.append(shown)
        if not view.sections:
            parts.append(
                label("This record has no text by paragraph. Open the whole record to read it.", "body", wrap=True)
            )
        self._whole_place = QVBoxLayout()
        holder = QWidget()
        holder.setLayout(self._whole_place)
        self._whole_place.setContentsMargins(0, 0, 0, 0)
        parts.append(holder)
        if view.returned:
            parts.insert(0, self._returned(view.returned, "Returned"))
        if view.earlier:
            parts.append(self._returned(view.earlier, "Comments on earlier versions"))
        return parts

    def _returned(self, comments: tuple[CommentView, ...], title: str) -> QWidget:
        holder = QWidget()
        lines = [label(title, "small_strong", "muted")]
        lines += [label(self._comment_words(comment), "body", wrap=True) for comment in comments]
        holder.setLayout(column(*lines, gap=4))
        return holder

    def _comment_words(self, comment: CommentView) -> str:
        """A comment's words with its paragraph, author and time."""
        places = [unit for unit, _ in self._rows]
        about = f"Paragraph {places.index(comment.unit) + 1}: " if comment.unit in places else ""
        return f"{about}{comment.words} ({comment.by}, {comment.at})"

    def _comment_on(self, unit: str, words: str) -> Field:
        """Return the box of a comment, and make it if there is none."""
        if unit in self._boxes:
            return self._boxes[unit]
        places = [place for place, _ in self._rows]
        number = places.index(unit) + 1 if unit in places else 0
        name = f"Your comment on paragraph {number}" if number else "Your comment on the whole record"
        area = TextArea(words, name=name)
        seen_by = self.view.author if self.view is not None else ""
        box = Field(name, area, note=f"{seen_by} will see it" if seen_by else "")
        area.textChanged.connect(self._changed)
        self._boxes[unit] = box
        if number:
            self._rows[number - 1][1].put_below(box)
            self._rows[number - 1][1].point_out(on=True)
        else:
            self._whole_place.addWidget(box)
        box.show()
        return box

    def _changed(self) -> None:
        if self.keeper is not None:
            self.keeper.note()
        self.commented.emit()

    def _move(self, step: int) -> None:
        if self._rows:
            self._point_out(min(max(self._at + step, 0), len(self._rows) - 1))
            _, shown = self._rows[self._at]
            self.area.ensureWidgetVisible(shown)
            announce(self.area, shown.shown.spoken)

    def _point_out(self, at: int) -> None:
        """Highlight a paragraph; paragraphs with a comment stay highlighted."""
        self._at = at
        for place, (unit, shown) in enumerate(self._rows):
            shown.point_out(on=place == at or unit in self._boxes)
        self.commented.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Highlight a paragraph on a press of the mouse."""
        if event.type() == QEvent.Type.MouseButtonPress:
            places = [shown for _, shown in self._rows]
            if watched in places:
                self._point_out(places.index(watched))
                self.area.setFocus(Qt.FocusReason.MouseFocusReason)
        return super().eventFilter(watched, event)

    def _open_whole(self) -> None:
        if self.view is not None:
            self.asked_for.emit(self.view.record, self.view.kind)


def _area(box: Field) -> TextArea:
    area = box.findChild(TextArea)
    assert area is not None, "a comment is typed into a box"
    return area


def _fill(box: QVBoxLayout, widgets: Sequence[QWidget]) -> None:
    """Replace the contents of a layout by widgets."""
    while (item := box.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()
    for widget in widgets:
        box.addWidget(widget)
