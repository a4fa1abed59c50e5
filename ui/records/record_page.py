"""One record as it reads: what it says, whom it is about, what was changed last, and its whole history.

``RecordCard`` is the view, beside a timeline or alone; ``RecordPage`` is it as a page, for any kind. Must not write but to
withdraw, which asks why.
"""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from hipss_desktop.errors import HipssError
from hipss_desktop.services.ports import ChangeSet
from hipss_desktop.views.record import Line, RecordView, Reference
from ui.base.page import Context, Page
from ui.base.sync_words import SYNC_WORDS
from ui.parts import (
    Banner,
    Button,
    Card,
    DangerButton,
    EmptyState,
    Field,
    FlowLayout,
    Heading,
    LinkButton,
    Rule,
    Tag,
    TextArea,
    TextButton,
    column,
    grows,
    label,
    row,
    tone_named,
)
from ui.records.history import History
from ui.records.versions import Piece, VersionWords, pieces
from ui.shell.screens import RAILS
from ui.theme import theme_of

LEAD: Mapping[str, tuple[str, ...]] = {"contact": ("happening", "advice", "risk_why")}
"""What is read first; the first of them needs no label."""
SAID_ABOVE: Mapping[str, frozenset[str]] = {
    "contact": frozenset({"type", "channel", "told", "ended", "concerns", "risk", "caller"})
}
"""What the title, the date and the tags have said already."""
LONG = 56
"""Characters: a longer line takes the width under its label."""
PAGES: Mapping[str, str] = {"child": "child", "carer": "carer"}


def open_record(context: Context, record: str, kind: str) -> None:
    """Go to a record's own page: a child's, a household's, or the plain one."""
    context.go(PAGES.get(kind, "record"), record=record)


def tag_of(words: str, tone: str, icon: str) -> Tag:
    """A tag in a tone the use cases name."""
    return Tag(icon, words, tone_named(tone))


def flow(widgets: Sequence[QWidget]) -> QWidget:
    """Widgets like words on as many lines as they need, each in the middle of its line."""
    holder = QWidget()
    box = FlowLayout(holder, line_gap=6)
    tallest = max((each.sizeHint().height() for each in widgets), default=0)
    for each in widgets:
        spare = tallest - each.sizeHint().height()
        if spare > 1:
            middle = QWidget()
            middle.setLayout(column(each, margins=(0, spare // 2, 0, spare - spare // 2)))
            box.addWidget(middle)
        else:
            box.addWidget(each)
    grows(holder)
    return holder


class Scroller(QScrollArea):
    """What a card scrolls; it takes the focus, so that arrows scroll it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)


class RecordCard(Card):
    """A record with its history. ``show_view`` shows one, None shows that none is chosen. It is ``titled`` unless the page is.

    Signals:
        withdrawn(): it was withdrawn from here.
    """

    withdrawn = Signal()

    def __init__(self, context: Context, *, level: int = 2, aside: Sequence[QWidget] = (), titled: bool = True) -> None:
        super().__init__()
        self.context = context
        self._titled = titled
        self.view: RecordView | None = None
        self.title = Heading("Record", level, style="heading")
        self.reference = label("", "body", "muted", ids=True)
        self.amend = Button("Amend", icon="pen", size=28)
        self.amend.setToolTip("Ctrl+E")
        self.amend.clicked.connect(self.go_amend)
        head = flow([self.title, self.reference])
        self.box.addLayout(row(head, *aside, self.amend, gap=8, margins=(16, 10, 16, 10)))
        self.box.setStretch(0, 0)
        self.add_rule()
        self.area = Scroller("Record")
        self.add_flush(self.area, 1)
        self._ask: QWidget | None = None
        self._why = TextArea(name="Why are you withdrawing this?")
        self.show_view(None)

    def show_view(self, view: RecordView | None) -> None:
        """Show a record; one shown already keeps its place on the screen."""
        same = view is not None and self.view is not None and view.record == self.view.record
        place = self.area.verticalScrollBar().value() if same else 0
        asking = self._why.toPlainText() if same and self._ask is not None else None
        self.view, self._ask = view, None
        self.title.setText(view.label if view else "Record")
        self.reference.setText(view.reference if view else "")
        self.reference.setVisible(view is not None)
        self.amend.setVisible(view is not None and view.may_amend)
        self.area.setAccessibleName(f"{view.label}, {view.title}, {view.when}" if view else "Record")
        inside = QWidget()
        self._box = column(gap=8, margins=(16, 12, 16, 16))
        inside.setLayout(self._box)
        if view is None:
            self._box.addWidget(EmptyState("No record chosen", "Choose one in the list.", icon="file"))
        else:
            self._fill(view)
        self._box.addStretch(1)
        self.area.setWidget(inside)
        self.area.verticalScrollBar().setValue(place)
        if asking is not None:
            self._ask_why(asking)

    def go_amend(self) -> None:
        """Amend what is shown, if this person may."""
        if self.view is not None and self.view.may_amend:
            self.context.go("amend", record=self.view.record)

    def focus_record(self) -> None:
        """Move to the record."""
        self.area.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _fill(self, view: RecordView) -> None:
        for notice in self._notices(view):
            self._box.addWidget(notice)
        if self._titled and view.title != view.label:
            self._box.addWidget(label(view.title, "body_strong", wrap=True))
        self._box.addWidget(label(view.when, "small", "muted", wrap=True))
        sync = SYNC_WORDS[view.state]
        tags = [tag_of(each.words, each.tone, each.icon) for each in view.tags]
        self._box.addWidget(flow([*tags, tag_of(sync.record, sync.tone, sync.icon)]))
        about = [each for each in view.about if each.kind]
        for name in dict.fromkeys(each.label for each in about):
            links = [self._link(each) for each in about if each.label == name]
            self._box.addLayout(row(label(name, "small", "muted"), *links, None, gap=12))
        self._lines(view)
        self._box.addSpacing(8)
        self._box.addWidget(Rule())
        self._box.addSpacing(4)
        self._box.addWidget(History(view.versions))
        if view.may_amend:
            self._withdraw = TextButton("Withdraw this record", icon="xc", size=28, tone="risk")
            self._withdraw.clicked.connect(lambda: self._ask_why(""))
            self._box.addLayout(row(self._withdraw, None))

    def _notices(self, view: RecordView) -> list[QWidget]:
        found: list[QWidget] = []
        if view.withdrawn:
            why = next((each.why for each in view.versions if each.action == "withdraw"), "")
            found.append(Banner("Withdrawn.", f"Why: {why}" if why else "", tone="neutral", icon="xc"))
        if view.needs_decision or view.state == "needs_you":
            button = Button("Open the sync centre", size=28)
            button.clicked.connect(lambda: self.context.go("sync", record=view.record))
            if view.needs_decision:
                words = "Both versions are kept in the history, whatever you choose."
                found.append(Banner("Two laptops changed the same record", "", tone="amber", icon="merge"))
                found.append(label(words, "small", wrap=True))
            else:
                found.append(Banner("The council holds this back", "", tone="amber", icon="alert"))
                found.append(label("The sync centre says why and what to do.", "small", wrap=True))
            holder = QWidget()
            holder.setLayout(row(button, None))
            found.append(holder)
        return found

    def _link(self, each: Reference) -> LinkButton:
        link = LinkButton(each.name)
        link.clicked.connect(lambda: open_record(self.context, each.record, each.kind))
        return link

    def _lines(self, view: RecordView) -> None:
        newest = next((each for each in view.versions if each.action != "add"), None)
        changes = newest.differences if newest and newest.action == "amend" else ()
        was = {each.unit.partition("/")[0]: each for each in changes}
        linked = {each.unit for each in view.about if each.kind}
        lead = LEAD.get(view.kind, ())
        above = SAID_ABOVE.get(view.kind, frozenset()) | linked
        lines = {
            each.unit: each
            for each in view.lines
            if each.conflict or each.unit in was or (each.unit not in above and each.words != view.title)
        }
        first = [lines.pop(unit) for unit in lead if unit in lines]
        for each in first:
            words = _words(each, was[each.unit].was if each.unit in was else None)
            if each.unit != lead[0]:
                self._box.addWidget(label(each.label, "small", "muted"))
            else:
                words.setAccessibleDescription(each.label)
            self._box.addWidget(words)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for at, each in enumerate(lines.values()):
            words = _words(each, was[each.unit].was if each.unit in was else None)
            name = label(each.label, "small", "muted", wrap=True)
            if len(each.words) > LONG or "\n" in each.words:
                holder = QWidget()
                holder.setLayout(column(name, words, gap=0))
                grid.addWidget(holder, at, 0, 1, 2)
            else:
                name.setFixedWidth(theme_of(self).px(132))
                grid.addWidget(name, at, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(words, at, 1, Qt.AlignmentFlag.AlignTop)
        self._box.addLayout(grid)

    def _ask_why(self, words: str) -> None:
        """Ask why it is withdrawn, in the card itself; Esc or 'Keep it' closes the question."""
        if self._ask is not None:
            self._why.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        self._why = TextArea(words, name="Why are you withdrawing this?")
        question = Field(
            "Why are you withdrawing this?", self._why, note="It stays readable, with your reason and its history."
        )
        confirm = DangerButton("Withdraw", size=36)
        keep = Button("Keep it", size=36)
        confirm.clicked.connect(lambda: self._do_withdraw(question))
        keep.clicked.connect(self._close_ask)
        self._ask = Card(tone="risk")
        self._ask.add(question)
        self._ask.body.addLayout(row(confirm, keep, None))
        self._box.insertWidget(self._box.count() - 1, self._ask)
        self._why.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._ask.show()
        self._box.activate()
        self.area.ensureWidgetVisible(self._ask)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._ask is not None:
            self._close_ask()
            return
        super().keyPressEvent(event)

    def _close_ask(self) -> None:
        if self._ask is not None:
            self._ask.hide()
            self._ask.deleteLater()
            self._ask = None
            self._withdraw.setFocus(Qt.FocusReason.OtherFocusReason)

    def _do_withdraw(self, question: Field) -> None:
        view, why = self.view, self._why.toPlainText()
        if view is None:
            return
        if not why.strip():
            question.set_error("Enter why this is withdrawn")
            question.go()
            return

        def done(_: object) -> None:
            self._ask = None
            self.context.say("Withdrawn. It stays readable with its reason.")
            self.withdrawn.emit()
            self.focus_record()

        def failed(error: HipssError) -> None:
            question.set_error(str(error))

        records = self.context.desk.records
        self.context.runner.write(lambda: records.withdraw(view.record, why), done, context=self, failed=failed)


def _words(line: Line, was: str | None) -> QWidget:
    """A line's words; what the newest version changed in it is underlined. In a conflict the line says so."""
    cut: list[Piece] = [(line.words, "")]
    if was is not None:
        cut = [each for each in pieces(was, "", line.words) if each[1] != "taken"] or cut
        if not was:
            cut = [(line.words, "added")]
    words = VersionWords(cut)
    words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if not line.conflict:
        return words
    holder = QWidget()
    holder.setLayout(column(words, row(Tag("merge", "Two versions", "amber"), None), gap=4))
    return holder


class RecordPage(Page):
    """One record of any kind as a page."""

    def __init__(self, context: Context, record: str) -> None:
        super().__init__(context)
        self.record = record
        known = self.desk.people.record(record)
        self.rail = RAILS.get(known.kind, "") if known else ""
        self.title = Heading("Record", 1)
        self.view_card = RecordCard(context, titled=False)
        self.view_card.setMaximumWidth(theme_of(self).px(860))
        self.gone = EmptyState(
            "This record is not on this laptop", "It may come with the next sync.", icon="inbox", framed=True
        )
        self.gone.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(12)
        box.addWidget(self.title)
        box.addWidget(self.gone)
        box.addWidget(self.view_card, 1)
        amend = QShortcut(QKeySequence("Ctrl+E"), self)
        amend.activated.connect(self.view_card.go_amend)

    def cares(self, changes: ChangeSet) -> bool:
        """Only the record itself, and how it stands with the council."""
        return self.record in changes.records or changes.sync or "certificate" in changes.kinds

    def refresh(self) -> None:
        """Read the record again."""
        views, record = self.desk.record_views, self.record
        self.context.runner.read(lambda: views.view(record), self._show, context=self)

    def first_focus(self) -> QWidget | None:
        """The record, so that arrows scroll it."""
        return self.view_card.area

    def _show(self, view: RecordView | None) -> None:
        self.gone.setVisible(view is None)
        self.view_card.setVisible(view is not None)
        if view is not None:
            self.title.setText(view.title)
            self.view_card.show_view(view)
