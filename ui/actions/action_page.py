"""The page of an action: what to do, about whom, by whom, by when, whom to ring, and its buttons.

The record with its history, amendments and the council's answers is folded below. Must write only when the user presses
something.
"""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from hipss_desktop.kinds.action import ACTION
from hipss_desktop.services.people import cares_about_people
from hipss_desktop.services.ports import ChangeSet
from hipss_desktop.services.questions import WITHDRAW, parted
from hipss_desktop.views.actions import ActionView
from hipss_desktop.views.record import RecordView, Reference
from ui.actions.presses import Presses
from ui.actions.verbs import ActionVerbs, in_order
from ui.base.focus import stops
from ui.base.kind_style import style_of
from ui.base.page import Context, Page
from ui.base.shortcuts import bind
from ui.parts import (
    Button,
    Card,
    EmptyState,
    Heading,
    LinkButton,
    Rule,
    Tag,
    TextButton,
    TitleLine,
    column,
    label,
    row,
    tone_named,
)
from ui.records.record_page import RecordCard, Scroller, flow
from ui.theme import theme_of

WIDEST = 860
"""Pixels at 100 % text size: longer lines are hard to read."""
SHOW, HIDE = "Show history", "Hide history"


class ActionPage(Page):
    """The page of one action; ``question`` names the question that is being answered, '' for none."""

    rail = style_of(ACTION.name).list

    def __init__(self, context: Context, record: str, question: str = "") -> None:
        super().__init__(context)
        self.record, self._asks = record, question
        self.presses = Presses(context, self)
        self.title = Heading("Action", 1)
        self.title.setWordWrap(True)
        self.verbs = ActionVerbs(context, self.presses, size=36, filled=True)
        self.amend = Button("Amend", icon="pen")
        self.amend.setToolTip("Ctrl+E")
        self.amend.clicked.connect(self._amend)
        self.verbs.add(self.amend)
        self.printing = Button("Print", icon="printer")
        self.printing.setToolTip("Ctrl+P")
        self.printing.clicked.connect(self._print)
        self.verbs.add(self.printing)
        self._tags, self._facts = QVBoxLayout(), QVBoxLayout()
        self.sheet = Card(pad=16)
        self.body = QWidget()
        self.body.setLayout(column(self._tags, self.verbs, Rule(), self._facts, gap=12))
        self.sheet.add(self.body)
        self.fold = TextButton(SHOW, icon="history", size=28)
        self.fold.setCheckable(True)
        self.fold.toggled.connect(self._unfold)
        self.history = RecordCard(context, titled=False, unfolded=True)
        self.history.hide()
        self.gone = EmptyState(
            "This record is not on this laptop", "It may come with the next sync.", icon="inbox", framed=True
        )
        self.gone.hide()
        self.area = Scroller("Action")
        inside = QWidget()
        inside.setMaximumWidth(theme_of(self).px(WIDEST))
        inside.setLayout(
            column(
                TitleLine(self.title),
                self.gone,
                self.sheet,
                row(self.fold, None),
                self.history,
                None,
                gap=12,
                margins=(12, 6, 14, 16),
            )
        )
        self.area.setWidget(inside)
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 10, 6, 0)
        box.addWidget(self.area)
        self.presses.changed.connect(self.refresh)
        self.verbs.left.connect(self._focus_action)
        bind(self, "Ctrl+E", self._amend)
        bind(self, "Ctrl+P", self._print)

    def cares(self, changes: ChangeSet) -> bool:
        """Whether a change may alter the page: the action, people, or the sync state."""
        return self.record in changes.records or changes.sync or cares_about_people(changes)

    def refresh(self) -> None:
        """Read the action again."""
        actions, records, record = self.services.action_views, self.services.record_views, self.record
        self.context.runner.read(lambda: (actions.view(record), records.view(record)), self._show, context=self)

    def first_focus(self) -> QWidget | None:
        """The scroll area, so that arrows scroll the action."""
        return self.area

    def _focus_action(self) -> None:
        self.area.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, views: tuple[ActionView | None, RecordView | None]) -> None:
        view, whole = views
        for part in (self.title, self.sheet, self.fold):
            part.setVisible(view is not None)
        self.gone.setVisible(view is None)
        self.verbs.show_action(view)
        if view is None or whole is None:
            self.history.hide()
            return
        self.title.setText(view.title)
        self.area.setAccessibleName(f"Action, {view.title}")
        self.amend.setVisible(view.may_amend)
        _fill(self._tags, flow(list(_tags(view))))
        self._facts_now = self._fact_grid(view)
        _fill(self._facts, self._facts_now)
        self.history.show_view(whole)
        for own in (self.history.amend, self.history.printing):
            own.hide()  # the page has these buttons itself
        if whole.needs_decision or whole.withdrawn or whole.unreadable or whole.state == "needs_you":
            self.fold.setChecked(True)
        self.history.setVisible(self.fold.isChecked())
        in_order([*stops(self.verbs), *stops(self._facts_now), self.fold, *stops(self.history)])
        asks, self._asks = self._asks, ""
        if asks == WITHDRAW:
            self.fold.setChecked(True)
            self.history.ask_again(asks)
        elif asks:
            self.verbs.ask_again(parted(asks)[1])

    def _fact_grid(self, view: ActionView) -> QWidget:
        """Return the facts of the action, each beside its label."""
        holder, grid = QWidget(), QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        facts: list[tuple[str, QWidget]] = [(about.label, self._link(about)) for about in view.about]
        facts += [("Owner", label(view.owner or "Nobody named", "body", wrap=True))]
        facts += [("Handed to", label(view.waits, "body", wrap=True))] if view.waits else []
        facts += [("Due", label(view.due or "Not recorded", "body"))]
        facts += [(name, label(words, "body", wrap=True)) for name, words in view.answers]
        for source in view.sources:
            has_record = bool(source.kind)
            facts.append(
                (source.label, self._link(source) if has_record else label(source.name, "small", "muted", wrap=True))
            )
        for place, (name, answer) in enumerate(facts):
            grid.addWidget(label(name, "small", "muted"), place, 0)
            grid.addLayout(row(answer, None) if isinstance(answer, LinkButton) else row(answer), place, 1)
        holder.setLayout(grid)
        return holder

    def _link(self, reference: Reference) -> LinkButton:
        link = LinkButton(reference.name)
        link.clicked.connect(lambda: self.context.open(reference.record, reference.kind))
        return link

    def _unfold(self, shown: bool) -> None:
        self.fold.setText(HIDE if shown else SHOW)
        self.history.setVisible(shown)

    def _print(self) -> None:
        if self.verbs.view is not None:
            self.context.go("print", record=self.record)

    def _amend(self) -> None:
        if self.verbs.view is not None:  # for a person who may not amend it, ``go`` says who may
            self.context.go("amend", record=self.record)


def _tags(view: ActionView) -> Iterator[Tag]:
    if view.state is not None:
        yield Tag(view.state.icon, view.state.words, tone_named(view.state.tone))
    if view.overdue:
        yield Tag("clock", view.overdue, "amber")
    for tag in view.standing:
        yield Tag(tag.icon, tag.words, tone_named(tag.tone))


def _fill(box: QVBoxLayout, widget: QWidget) -> None:
    """Replace the contents of a layout by a widget."""
    while (item := box.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()
    box.addWidget(widget)
    widget.show()
