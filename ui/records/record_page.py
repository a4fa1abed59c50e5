"""Shows one record: what it says, whom it is about, what was changed last, and its whole history.

``RecordCard`` shows a record beside a timeline or alone. ``RecordPage`` is a page with that card, for any kind. Must not write
anything but the answers to the card's questions (``ui.records.card_questions``): a withdrawal, or a new row.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from hipss_desktop.kinds.catalogue import may_write
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.incident import INCIDENT
from hipss_desktop.services.ports import ChangeSet, Draft
from hipss_desktop.services.questions import WITHDRAW, add_to
from hipss_desktop.views.record import Growing, RecordView, Reference
from ui.base.kind_style import style_of
from ui.base.page import Context, Page
from ui.base.shortcuts import bind
from ui.base.sync_words import SYNC_WORDS
from ui.parts import (
    Banner,
    Button,
    Card,
    EmptyState,
    FlowLayout,
    Heading,
    LinkButton,
    Rule,
    Tag,
    TextButton,
    TitleLine,
    column,
    grows,
    label,
    reveal,
    row,
    tone_named,
)
from ui.records.card_questions import CardQuestion, question_of
from ui.records.fold import Fold
from ui.records.history import History, VersionItem
from ui.records.record_lines import LineGrid, RecordLines
from ui.records.undecided import DecideTag
from ui.theme import theme_of
from ui.theme.sight import keep_at

BOOKKEEPING = "/"
"""The name of the button that unfolds the bookkeeping, among the buttons that keep the focus when the record is read again."""
MEASURE = 1040
"""Pixels at 100 % text size: longer lines are hard to read, so a wider page keeps its record in the middle."""


def tag_of(words: str, tone: str, icon: str) -> Tag:
    """A tag in the tone that a view names."""
    return Tag(icon, words, tone_named(tone))


def flow(widgets: Sequence[QWidget], *, inside: QWidget | None = None) -> QWidget:
    """Lay widgets out like words, on as many lines as they need, each in the middle of its line.

    Widgets that are in a window already keep their place in the Tab order if the result is made ``inside`` that window.
    """
    holder = QWidget(inside)
    box = FlowLayout(holder, line_gap=6)
    for widget in widgets:
        box.addWidget(widget)
    grows(holder)
    return holder


def _held_words(view: RecordView) -> str:
    """The sentence above the versions that are held back: what that means for the record."""
    if not view.held:
        return "The sync centre says why and what to do."
    if not view.counts:
        return "It counts nowhere until it is released. This is what you wrote. Ask your manager."
    return "What follows counts nowhere until it is released; the rest of the record does. Ask your manager."


def _notices(context: Context, view: RecordView) -> list[QWidget]:
    """The notices above a record: it was withdrawn, waits for a decision, is held back, or has unreadable answers."""
    notices: list[QWidget] = []
    if view.withdrawn:
        why = next((version.why for version in view.versions if version.action == "withdraw"), "")
        notices.append(Banner("Withdrawn.", f"Why: {why}" if why else "", tone="neutral", icon="xc"))
    opens: Button | None = None
    if view.needs_decision:
        words = "Both versions are kept in the history, whatever you choose."
        notices.append(Banner("Two laptops changed the same record", "", tone="amber", icon="merge"))
        notices.append(label(words, "small", wrap=True))
        opens = DecideTag(view.title)
    elif view.state == "needs_you":
        notices.append(Banner("The council holds this back", "", tone="amber", icon="alert"))
        notices.append(label(_held_words(view), "small", wrap=True))
        opens = Button("Open the sync centre", size=28)
    notices += [VersionItem(version, last=True) for version in view.held]
    if opens is not None:
        opens.clicked.connect(lambda: context.go("sync", record=view.record))
        holder = QWidget()
        holder.setLayout(row(opens, None))
        notices.append(holder)
    if view.unconfirmed:
        notices.append(Banner("Locked screens show something else", "", tone="amber", icon="lock"))
        notices.append(label(view.unconfirmed, "small", wrap=True))
    if view.unreadable:
        answers = "1 answer cannot be read" if view.unreadable == 1 else f"{view.unreadable} answers cannot be read"
        stand = "It is shown as it stands." if view.unreadable == 1 else "They are shown as they stand."
        mend = f" Amend the record to put {'it' if view.unreadable == 1 else 'them'} right." if view.may_amend else ""
        notices.append(Banner(answers, "", tone="amber", icon="alert"))
        notices.append(label(stand + mend, "small", wrap=True))
    return notices


class Scroller(QScrollArea):
    """The scroll area of a card. It takes the focus, so that arrow keys scroll it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)


class RecordCard(Card):
    """A card with a record and its history. ``show_view`` shows a record, or with None that no record is chosen.

    ``titled`` shows the record's title, unless its page does. ``back`` returns the arguments of ``go`` for the way back after an
    amendment from this card. Without it, the record's own page follows.

    Signals:
        withdrawn(): the record was withdrawn in this card.
        shown(object): the view that is shown now, of another record or of the same one; None if no record is shown.
        asking(): a question of the card was opened or closed.
    """

    withdrawn = Signal()
    shown = Signal(object)
    asking = Signal()

    def __init__(
        self, context: Context, *, level: int = 2, aside: Sequence[QWidget] = (), titled: bool = True,
        back: Callable[[], Mapping[str, Any]] | None = None, unfolded: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self.gives_way = True
        self._back = back
        self.context = context
        self._titled = titled
        self.view: RecordView | None = None
        self.title = Heading("Record", level, style="heading")
        self.reference = label("", "body", "muted", ids=True)
        self.amend = Button("Amend", icon="pen", size=28)
        self.amend.setToolTip("Ctrl+E")
        self.amend.clicked.connect(self.go_amend)
        self.printing = Button("Print", icon="printer", size=28)
        self.printing.setToolTip("Ctrl+P")
        self.printing.clicked.connect(self.go_print)
        head = flow([self.title, self.reference])
        self.box.addLayout(row(head, *aside, self.printing, self.amend, gap=8, margins=(16, 10, 16, 10)))
        self.box.setStretch(0, 0)
        self.add_rule()
        self._below_head = column()
        self.box.addLayout(self._below_head)
        self.area = Scroller("Record")
        self.add_flush(self.area, 1)
        self._unfolded = unfolded
        self._question: CardQuestion | None = None
        self._question_name = ""
        self._openers: dict[str, Button] = {}
        self._places: dict[str, QVBoxLayout] = {}
        self._fill(None)

    def show_view(self, view: RecordView | None, *, anew: bool = False) -> None:
        """Show a record. If it is shown already, its place on the screen, its open question and the focus stay.

        ``anew`` fills the card again though the view is the same, because something else in the card has changed.
        """
        if view is not None and view == self.view and not anew:
            self.shown.emit(view)
            return
        same = view is not None and self.view is not None and view.record == self.view.record
        place = self.area.verticalScrollBar().value() if same else 0
        focused = self.window().focusWidget()
        had_focus = focused is not None and focused is not self.area and self.area.isAncestorOf(focused)
        opener = next((unit for unit, button in self._openers.items() if button is focused), None)
        if not same:
            self._end_question()
        question, self._question = self._question, None
        if question is not None:
            question.setParent(self)  # or Qt deletes it with the lines around it
        self._fill(view)
        if question is not None:
            self._put(question)
        keep_at(self.area, place)
        if had_focus and focused is not None and question is not None and question.isAncestorOf(focused):
            focused.setFocus(Qt.FocusReason.OtherFocusReason)
            reveal(self.area, question)
        elif had_focus:
            button = self._openers.get(opener) if same and opener is not None else None
            (button or self.area).setFocus(Qt.FocusReason.OtherFocusReason)
        self.shown.emit(view)

    def put_below_head(self, part: QWidget) -> None:
        """Put a part of the page between the head and the scroll area. It stays when another record is shown."""
        self._below_head.addWidget(part)

    def go_amend(self) -> None:
        """Amend the record that is shown. A person who may not amend it is told who may."""
        if self.view is not None:
            back = {"back": self._back()} if self._back is not None else {}
            self.context.go("amend", record=self.view.record, **back)

    def go_print(self) -> None:
        """Show how the record is printed. A record that counts nowhere is not printed."""
        if self.view is not None and self.view.counts:
            self.context.go("print", record=self.view.record)

    def make_incident(self) -> None:
        """Begin an incident that names the contact shown. Do nothing if another kind of record is shown."""
        if self.view is None or self.view.kind != CONTACT.name or not self.view.counts:
            return
        services, record = self.context.services, self.view.record

        def read() -> dict[str, Any]:
            contact = services.store.get(record)
            return services.incidents.from_contact(contact) if contact is not None else {}

        self.context.runner.read(read, lambda fields: self.context.new(INCIDENT.name, **fields), context=self)

    def ask_again(self, question_name: str) -> bool:
        """Open a question that was being answered, with the caret where it was. Return False if it was in no text.

        The typed words are shown even if the question is no longer offered.
        """
        self._open(question_name)
        question = self._question
        typing = question is not None and question.keeper.type_on()
        if question is not None:
            QTimer.singleShot(
                0, question, partial(reveal, self.area, question)
            )  # after the lines around it are laid out
        return typing

    def focus_question(self) -> None:
        """Move the focus to the open question of the card."""
        if self._question is not None:
            self._question.go()

    def asks(self) -> bool:
        """Whether a question is open in the card."""
        return self._question is not None

    def focus_record(self) -> None:
        """Move the focus to the record."""
        self.area.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _fill(self, view: RecordView | None) -> None:
        self.view = view
        self.title.setText(view.label if view else "Record")
        self.reference.setText(view.reference if view else "")
        self.reference.setVisible(view is not None)
        self.amend.setVisible(view is not None and view.may_amend)
        self.printing.setVisible(view is not None and view.counts)
        self.area.setAccessibleName(f"{view.label}, {view.title}, {view.when}" if view else "Record")
        inside = QWidget()
        self._box = column(gap=8, margins=(16, 12, 16, 16))
        inside.setLayout(self._box)
        self._openers, self._places = {}, {}
        if view is None:
            self._box.addWidget(EmptyState("No record chosen", "Choose one in the list.", icon="file"))
        else:
            self._tell(view)
        self._box.addStretch(1)
        self.area.setWidget(inside)

    def _tell(self, view: RecordView) -> None:
        for notice in _notices(self.context, view):
            self._box.addWidget(notice)
        if self._titled and view.title != view.label:
            self._box.addWidget(label(view.title, "body_strong", wrap=True))
        if view.when:
            self._box.addWidget(label(view.when, "small", "muted", wrap=True))
        sync = SYNC_WORDS[view.state]
        tags = [tag_of(tag.words, tag.tone, tag.icon) for tag in view.tags]
        if not view.needs_decision:  # the notice says that, and opens the decision
            tags.append(tag_of(sync.record, sync.tone, sync.icon))
        if tags:
            self._box.addWidget(flow(tags))
        self._box.addWidget(self.lines(view))
        if (
            view.kind == CONTACT.name
            and view.counts
            and may_write(self.context.services.store.seat.role, INCIDENT.name)
        ):
            style = style_of(INCIDENT.name)
            incident = Button(style.begun_from, icon=style.icon, size=28)
            incident.setToolTip("Ctrl+I")
            incident.clicked.connect(self.make_incident)
            self._box.addLayout(row(incident, None))
            self._openers[style.begun_from] = incident
        self._box.addSpacing(8)
        self._box.addWidget(Rule())
        fold = self._bookkeeping(view)
        self._box.addWidget(fold)
        self._openers[BOOKKEEPING] = fold.button
        if view.may_withdraw:
            end = column(gap=8)
            self._box.addLayout(end)
            self.offer(WITHDRAW, TextButton("Withdraw this record", icon="xc", size=28, tone="risk"), end)

    def lines(self, view: RecordView) -> QWidget:
        """The answers of a record."""
        return RecordLines(view, self._link, self.offer_row)

    def _bookkeeping(self, view: RecordView) -> Fold:
        """Who wrote the record and when, its identifiers, and its history. It is folded until somebody opens it."""
        grid = LineGrid()
        for line in view.bookkeeping:
            words = label(line.words, "body", wrap=True, ids=True)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.add(line.label, words)
        grid.arrange()
        inside = QWidget()
        inside.setLayout(column(grid, History(view.versions), gap=16))
        versions = [version for version in view.versions if version.number]
        count = f"{len(versions)} version{'' if len(versions) == 1 else 's'}" if view.counts else ""
        fold = Fold("About this record", count, inside, unfolded=self._unfolded)

        def turned(unfolded: bool) -> None:
            self._unfolded = unfolded
            reveal(self.area, fold)

        fold.turned.connect(turned)
        return fold

    def offer_row(self, growing: Growing, place: QVBoxLayout) -> None:
        """Put the button that adds a row to a list that grows. A kind with verbs needs none: its verbs add the rows."""
        if self.view is not None and style_of(self.view.kind).has_verbs:
            return
        self.offer(add_to(growing.unit), Button(growing.adds, icon="plus", size=28), place)

    def offer(self, question_name: str, opener: Button, place: QVBoxLayout) -> None:
        """Put a button that opens the question ``question_name`` (``services.questions``) below itself."""
        opener.clicked.connect(lambda: self.ask(question_name))
        place.addLayout(row(opener, None))
        self._openers[question_name], self._places[question_name] = opener, place

    def _link(self, reference: Reference) -> LinkButton:
        link = LinkButton(reference.name)
        link.clicked.connect(lambda: self.context.open(reference.record, reference.kind))
        return link

    # Questions asked in the card

    def ask(self, question_name: str) -> None:
        """Open a question, or move the focus to it if it is open. Another open question is closed."""
        self._open(question_name)
        if self._question is not None:
            self._question.go()
            reveal(self.area, self._question)

    def _open(self, question_name: str) -> None:
        if self.view is None or (self._question is not None and self._question_name == question_name):
            return
        self._end_question()
        question = self.question_of(
            self.context.services.questions.draft(self.view.record, self.view.kind, question_name)
        )
        question.closed.connect(self._close_question)
        question.answered.connect(self._answered)
        question.gone_to.connect(lambda goal: reveal(self.area, goal))
        self._question_name = question_name
        self._put(question)

    def question_of(self, before: Draft) -> CardQuestion:
        """Make the question whose answers are in a draft."""
        return question_of(self.context, before)

    def _put(self, question: CardQuestion) -> None:
        """Put a question below the button that opened it, or at the end if that button is gone."""
        self._question = question
        place = self._places.get(self._question_name)
        if place is not None:
            place.addWidget(question)
        else:
            self._box.insertWidget(self._box.count() - 1, question)
        question.show()
        self.asking.emit()
        self._box.activate()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._question is not None:
            self._close_question()
            return
        super().keyPressEvent(event)

    def _end_question(self) -> None:
        if self._question is not None:
            self._question.keeper.may_leave()  # the typed words are shown when this question is opened again
            self._question.hide()
            self._question.deleteLater()
            self._question = None
            self.asking.emit()

    def _close_question(self) -> None:
        self._end_question()
        opener = self._openers.get(self._question_name)
        if opener is not None:
            opener.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.focus_record()

    def _answered(self) -> None:
        self._close_question()
        if self._question_name == WITHDRAW:
            self.withdrawn.emit()
            self.focus_record()


class RecordPage(Page):
    """One record of any kind as a page; ``question`` names the question in it that is being answered, '' for none."""

    measure = MEASURE
    route = "record"
    """Where an amendment goes back to."""
    card_of: type[RecordCard] = RecordCard
    """The class of the card that shows the record."""

    def __init__(self, context: Context, record: str, question: str = "") -> None:
        super().__init__(context)
        self.record, self._asks = record, question
        known = self.services.people.record(record)
        self.rail = style_of(known.kind).list if known else None
        self.title = Heading("Record", 1)
        self.title.setWordWrap(True)
        self.view_card = self.card_of(context, titled=False, back=lambda: {"route": self.route, "record": record})
        self.gone = EmptyState(
            "This record is not on this laptop", "It may come with the next sync.", icon="inbox", framed=True
        )
        self.gone.hide()
        self._inside = QWidget()
        self._inside.setLayout(column(TitleLine(self.title), self.gone, self.view_card, gap=12))
        across = row(self._inside, margins=(20, 16, 20, 16))  # in the middle, as wide as the page up to its measure
        self.setLayout(across)
        self._fit()
        bind(self, "Ctrl+E", self.view_card.go_amend)
        bind(self, "Ctrl+P", self.view_card.go_print)
        bind(self, "Ctrl+I", self.view_card.make_incident)

    def _fit(self) -> None:
        self._inside.setMaximumWidth(theme_of(self).px(self.measure))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_inside"):
            self._fit()

    def cares(self, changes: ChangeSet) -> bool:
        """Whether this record, the sync state or a certificate changed."""
        return self.record in changes.records or changes.sync or "certificate" in changes.kinds

    def refresh(self) -> None:
        """Read the record again."""
        views, record = self.services.record_views, self.record
        self.context.runner.read(lambda: views.view(record), self._show, context=self)

    def first_focus(self) -> QWidget | None:
        """The record, so that arrows scroll it."""
        return self.view_card.area

    def _show(self, view: RecordView | None) -> None:
        self.gone.setVisible(view is None)
        self.view_card.setVisible(view is not None)
        self.rail = style_of(view.kind).list if view is not None else ""
        self.rail_known.emit()
        if view is not None:
            self.title.setText(view.title)
            self.view_card.show_view(view)
            asks, self._asks = self._asks, ""
            if asks and not self.view_card.ask_again(asks):
                self.view_card.focus_question()
