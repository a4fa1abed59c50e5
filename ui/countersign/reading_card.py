"""One record as the person who signs it reads it: its paragraphs with their marks, and a comment below those it is about.

Arrows move through the paragraphs, Ctrl+M comments on the one that is pointed out. What is typed is a draft of comments, kept
like any other. Must not decide who may sign.
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
    """The scrolled paragraphs; the keys that move through them are passed on. ``moved(int)`` by one down or up."""

    moved = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down and Up move to the next paragraph and the one before."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None and not event.modifiers():
            self.moved.emit(step)
            return
        super().keyPressEvent(event)


class ReadingCard(Card):
    """The card. ``show_view`` shows a record, None that none is chosen.

    Signals:
        commented(): a comment was begun, changed or emptied.
        asked_for(record, kind): the whole record is wanted.
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
        head.hide()  # there is no record yet
        self.add_flush(head)
        self.add_rule()
        self.add_flush(self.area, 1)

    def show_view(self, view: ReadingView | None, draft: Draft | None = None) -> None:
        """Show a record with the comments that were begun on it before; what is shown stays where nothing of it changed."""
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
            kept = {comment.unit: comment.words for comment in COMMENTS.read(draft.fields).comments}
            for unit, words in {**kept, **typed}.items():
                self._comment_on(unit, words)
            tab_in_reading_order(self)
        places = [unit for unit, _ in self._rows]
        self._point_out(places.index(at) if at in places else -1)

    def _leave(self, view: ReadingView | None) -> dict[str, str]:
        """Save what is typed before the record is shown anew; what was typed on the version that is shown then."""
        if self.keeper is None or self.view is None:
            return {}
        typed = self.comments()
        self.keeper.may_leave()
        self.keeper.stop()
        self.keeper.deleteLater()
        same = view is not None and (view.record, view.digest) == (self.view.record, self.view.digest)
        return typed if same else {}

    def comments(self) -> dict[str, str]:
        """What is written, by the unit of the paragraph that it is about; blank comments are left out."""
        written = {unit: _area(box).toPlainText() for unit, box in self._boxes.items()}
        return {unit: words for unit, words in written.items() if words.strip()}

    def comment(self) -> None:
        """Begin a comment on the paragraph that is pointed out, else on the whole record, or go on with it."""
        if self.draft is None:
            return
        unit = self._rows[self._at][0] if 0 <= self._at < len(self._rows) else WHOLE
        box = self._comment_on(unit, "")
        tab_in_reading_order(self)
        _area(box).setFocus(Qt.FocusReason.OtherFocusReason)

    def pointed_out(self) -> str:
        """What a comment would be about: "paragraph 5", or "the whole record"."""
        return f"paragraph {self._at + 1}" if self._at >= 0 else "the whole record"

    def typed_draft(self) -> Draft | None:
        """The draft of the comments as they are typed now."""
        return self._typed() if self.draft is not None else None

    def _typed(self) -> Draft:
        assert self.draft is not None, "comments are kept by whom they are offered"
        return with_comments(self.draft, self.comments())

    def _parts(self, view: ReadingView) -> list[QWidget]:
        """What is returned to the author, then each text with its paragraphs."""
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
        lines += [label(self._comment_words(one), "body", wrap=True) for one in comments]
        holder.setLayout(column(*lines, gap=4))
        return holder

    def _comment_words(self, comment: CommentView) -> str:
        """A comment with what it is about, by whom and when."""
        places = [unit for unit, _ in self._rows]
        about = f"Paragraph {places.index(comment.unit) + 1}: " if comment.unit in places else ""
        return f"{about}{comment.words} ({comment.by}, {comment.at})"

    def _comment_on(self, unit: str, words: str) -> Field:
        """The box of a comment, made where it is not there."""
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
        """Point a paragraph out; those with a comment stay so."""
        self._at = at
        for place, (unit, shown) in enumerate(self._rows):
            shown.point_out(on=place == at or unit in self._boxes)
        self.commented.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A press on a paragraph points it out."""
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
    """Put widgets into a layout in place of what was there."""
    while (item := box.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()
    for widget in widgets:
        box.addWidget(widget)
