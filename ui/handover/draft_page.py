"""The night worker's draft of a handover, which fills itself. The user orders and adds items, and says whom each is for.

No item can be removed. ``ui.records.draft_page`` saves, publishes and leaves, as for every draft.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from hipss_desktop.errors import HipssError
from hipss_desktop.kinds.action import ACTION
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.handover import CONTACTS, DO_TODAY, HANDOVER, Item
from hipss_desktop.records.fields import Problem
from hipss_desktop.services.handovers import Night, item_of, items_body
from hipss_desktop.services.ports import ChangeSet, Draft
from hipss_desktop.views.handovers import ItemView, in_parts, night_words
from ui.actions.verbs import in_order
from ui.base.announce import announce
from ui.base.focus import stops
from ui.base.kind_style import style_of
from ui.base.page import Context
from ui.handover.adding import AddRecord
from ui.handover.item_list import ItemList
from ui.handover.questions import WhoQuestion
from ui.parts import (
    Button,
    ErrorSummary,
    Field,
    Heading,
    IconLabel,
    Tag,
    TextArea,
    TitleLine,
    column,
    reveal,
)
from ui.records.action_bar import ActionBar
from ui.records.caret import TextField
from ui.records.draft_page import DraftPage
from ui.records.record_page import flow
from ui.theme import theme_of

SURE = "Discard this draft? The list builds itself again; its order and the names in it are lost."
BUILDS = "This list builds itself from the night’s records. Put it into order, add to it, say whom an item is for."
WIDEST = 1040
ADDED = {ACTION.name: DO_TODAY, CONTACT.name: CONTACTS}
"""The kinds of record that may be added, and the part of the handover for each."""


class HandOverPage(DraftPage):
    """The page of one draft."""

    rail = style_of(HANDOVER.name).list

    def __init__(self, context: Context, draft: Draft) -> None:
        super().__init__(context, draft, ActionBar(SURE))
        handover = HANDOVER.read(draft.fields)
        self._items: list[Item] = list(handover.items)
        self._views: dict[str, ItemView] = {}
        self.question: WhoQuestion | None = None
        self._asked_item = ""
        self.bar.finish_button.setText("Publish")
        self.title = Heading("Hand over", 1)
        self.night = IconLabel("moon", night_words(handover), "body", "muted")
        self.night.setWordWrap(True)
        self.summary = ErrorSummary()
        self.words = IconLabel("info", BUILDS, "small", "muted")
        self.words.setWordWrap(True)
        self.quiet = TextArea(name="What was done?")
        self.quiet.setPlainText(handover.quiet)
        self.quiet_field = Field(
            "What was done?", self.quiet, note="A quiet night is handed over too: ‘Pack read through’"
        )
        self.items = ItemList("Items", self._buttons, lambda _: True)
        self.adding = AddRecord(context, tuple(ADDED))
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = flow([TitleLine(self.title), Tag("pen", "Draft"), self.night])
        inside = QWidget()
        inside.setMaximumWidth(theme_of(self).px(WIDEST))
        inner = QVBoxLayout(inside)
        inner.setContentsMargins(6, 6, 14, 24)
        inner.setSpacing(12)
        for part in (self.summary, self.words, self.quiet_field, self.items):
            inner.addWidget(part)
        inner.addWidget(self.adding)
        inner.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(inside)
        self.setLayout(column(column(head, margins=(6, 0, 14, 0)), self.area, gap=8, margins=(14, 12, 6, 0)))

    def _connect(self) -> None:
        self.quiet.textChanged.connect(self.autosave.note)
        self.items.opened.connect(lambda item: self.context.open(item.record, item.kind) if item.kind else None)
        self.adding.chosen.connect(self._add)
        self.summary.gone_to.connect(lambda goal: reveal(self.area, goal))
        self.bind_keys(
            {
                "Alt+Up": lambda: self._press(lambda name: self._move(name, -1)),
                "Alt+Down": lambda: self._press(lambda name: self._move(name, 1)),
                "Ctrl+H": lambda: self._press(self._ask),
            }
        )

    # The draft

    @property
    def draft(self) -> Draft:
        """The draft with the present items and words."""
        fields = {**self._draft.fields, "items": items_body(self._items)}
        return replace(self._draft, fields={**fields, "quiet": self.quiet.toPlainText()})

    def cares(self, changes: ChangeSet) -> bool:
        """Whether a change may belong to the night: any record or sync state."""
        return bool(changes.records) or changes.sync

    def refresh(self) -> None:
        """Update the list: add new records of the night, and show every item as its record is now."""
        handovers, views = self.services.handovers, self.services.handover_views
        handover = HANDOVER.read(self.draft.fields)
        since, until = handover.since, handover.until
        if since is None or until is None:
            return
        night, held = Night(handover.shift, since, until), tuple(self._items)

        def read() -> tuple[list[Item], list[ItemView]]:
            more = handovers.not_yet_in(held, night)
            parts = views.draft(msgspec.structs.replace(handover, items=[*held, *more]))
            return more, [item for _, rows in parts for item in rows]

        self.context.runner.read(read, lambda both: self._show(*both), context=self)

    def _show(self, more: list[Item], views: list[ItemView]) -> None:
        listed_ids = {item.id for item in self._items}
        added = [item for item in more if item.id not in listed_ids]
        self._items += added
        if added and self._draft.saved:
            self.autosave.note()
        self._views |= {view.id: view for view in views}
        begins = not self.items.rows
        self._show_items()
        now = self.window().focusWidget()
        stays = now is None or self.isAncestorOf(now)
        if begins and self.items.rows and stays and not self.quiet.toPlainText():
            self.items.go()

    def _show_items(self) -> None:
        """Show the items in their present order."""
        views = [_for_whom(self._views[item.id], item) for item in self._items if item.id in self._views]
        parts = in_parts(views)
        self.items.show_parts(parts)
        self.items.setVisible(bool(parts))
        self.quiet_field.setVisible(not parts or bool(self.quiet.toPlainText()))
        in_order([self.quiet, *self.items.stops(), *self.adding.buttons])

    # The order of items, and whom each is for

    def _buttons(self, name: str) -> list[Button]:
        whom, up, down = Button("For", size=28), Button("Up", size=28), Button("Down", size=28)
        whom.clicked.connect(partial(self._ask, name))
        up.clicked.connect(partial(self._move, name, -1))
        down.clicked.connect(partial(self._move, name, 1))
        return [whom, up, down]

    def _press(self, does: Callable[[str], None]) -> None:
        """Call the function of a key for the current item."""
        item = self.items.current()
        if item is not None:
            does(item.id)

    def _move(self, name: str, by: int) -> None:
        """Swap an item with the previous (-1) or next (1) item of its part."""
        item = next(item for item in self._items if item.id == name)
        part = [other for other in self._items if other.part == item.part]
        place = part.index(item) + by
        if not 0 <= place < len(part):
            announce(self, "It is the first already" if by < 0 else "It is the last already")
            return
        old_place, new_place = self._items.index(item), self._items.index(part[place])
        self._items[old_place], self._items[new_place] = self._items[new_place], self._items[old_place]
        self.autosave.note()
        focused = self.window().focusWidget()
        self._show_items()
        if focused is not None and focused is not self.window().focusWidget():
            focused.setFocus(Qt.FocusReason.OtherFocusReason)
        reveal(self.area, self.items.rows[name])
        announce(self, f"Moved {'up' if by < 0 else 'down'}, {place + 1} of {len(part)}")

    def _ask(self, name: str) -> None:
        """Open the question whom an item is for, below its row."""
        if self.question is not None and self._asked_item != name:
            self._take_typed()
        place = self.items.rows[name]
        if self.question is None:
            question = self.question = WhoQuestion(self.context, f"For: {place.item.title}", "For")
            self._asked_item = name
            question.person.setText(place.item.who)
            question.given.connect(self._give)
            question.closed.connect(lambda: self._close(back=True))
            place.below.addWidget(question)
            question.show()
            in_order([*place.buttons, *stops(question)])
        self.items.choose(name)
        self.question.go()
        reveal(self.area, self.question)

    def _give(self, name: str, colleague: str) -> None:
        known = colleague or self.services.actions.person_named(name)
        self._items = [
            msgspec.structs.replace(item, name=name, colleague=known) if item.id == self._asked_item else item
            for item in self._items
        ]
        self.autosave.note()
        self._close(back=True)
        self._show_items()

    def _take_typed(self) -> None:
        """Use the text of the open question as its answer, so that it is not lost, and close the question."""
        question = self.question
        if question is not None and question.person.text().strip():
            question.answer()
        self._close(back=False)

    def _close(self, *, back: bool) -> None:
        question, self.question = self.question, None
        if question is not None:
            self.items.rows[self._asked_item].below.removeWidget(question)
            question.hide()
            question.deleteLater()
            if back:
                self.items.go(self._asked_item)

    # Adding items

    def _add(self, kind: str, record: str) -> None:
        item = item_of(ADDED[kind], **{kind: record})
        if all(present.id != item.id for present in self._items):
            self._items.append(item)
            self.autosave.note()
        self.items.choose(item.id)
        self.refresh()
        announce(self, "Added to the handover")

    # The methods of every draft page

    def may_leave(self) -> bool:
        """Save what was typed; see ``DraftPage.may_leave``."""
        self._take_typed()
        return super().may_leave()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show why the handover cannot be published."""
        quiet = next((problem.message for problem in problems if problem.field == "quiet"), "")
        self.quiet_field.set_error(quiet)
        self.quiet_field.setVisible(bool(quiet) or self.quiet_field.isVisible())
        others = [(problem.message, self.items) for problem in problems if problem.field != "quiet"]
        self.summary.show_errors([*([(quiet, self.quiet_field)] if quiet else []), *others])
        self.area.ensureVisible(0, 0)

    def show_failure(self, error: HipssError) -> None:
        """Show why publishing failed."""
        self.summary.show_errors([(str(error), self.items)])
        self.area.ensureVisible(0, 0)

    def show_saved(self, saved_draft: Draft) -> None:
        """Show that the typed words are saved to the disk."""
        self._draft = replace(self._draft, saved=saved_draft.saved)
        super().show_saved(saved_draft)

    def go_on(self) -> None:
        """Open the published handover."""
        self.context.open(self._draft.record, HANDOVER.name)

    def go_back(self) -> None:
        """Open the on-call screen."""
        self.context.go("on_call")

    def text_fields(self) -> Mapping[str, TextField]:
        """The field for what was done in a quiet night."""
        return {"quiet": self.quiet}

    def begins_at(self) -> QWidget | None:
        """The current item; in a quiet night the question what was done."""
        return self.items.current_row() or self.quiet

    def rests_at(self) -> QWidget:
        """The current item, from which arrows move; in a quiet night the question."""
        return self.items.current_row() or self.quiet


def _for_whom(view: ItemView, item: Item) -> ItemView:
    """Return an item with the person it is for, also for a screen reader: as chosen here, else as its record says."""
    who, part = item.name or view.who, view.spoken.partition(", for ")[0]
    return replace(view, who=who, spoken=f"{part}, for {who}" if who else part)
