"""The page of a published handover: people of the day accept items or hand them on; who was on call sees who has each.

``views.handovers`` makes the words. The page writes only when the user presses something. Must not announce the clock.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from hipss_desktop import times
from hipss_desktop.errors import HipssError
from hipss_desktop.kinds.handover import HANDOVER
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.ports import ChangeSet
from hipss_desktop.services.questions import parted
from hipss_desktop.views.handovers import HandoverView, ItemView
from ui.actions.verbs import in_order
from ui.base.focus import focus, stops
from ui.base.kind_style import style_of
from ui.base.page import Context, Page
from ui.base.shortcuts import bind
from ui.handover.cards import Notices, SideCards
from ui.handover.item_list import ItemList, Parts
from ui.handover.item_row import MainButton
from ui.handover.questions import HANDED_TO, MESSAGES, HandToQuestion, TellCard, asked_item
from ui.parts import (
    Button,
    ChipGroup,
    EmptyState,
    Heading,
    IconLabel,
    SideBySide,
    Tag,
    TagSpec,
    TitleLine,
    column,
    label,
    reveal,
    row,
)
from ui.records.record_page import flow

ALL, MINE, WAITING = "all", "mine", "waiting"
MEANS = "Accept (Ctrl+Enter) means: I have read it and it is mine now. Enter opens the row."
SIDE_BY_SIDE = 860
"""From this width on (pixels at 100 % text size) the cards are beside the items."""


class HandoverPage(Page):
    """The page of one handover. It opens at the item ``at``; ``question`` names the question being answered, '' for none."""

    rail = style_of(HANDOVER.name).list
    changes_by_itself = True

    def __init__(self, context: Context, record: str, at: str = "", question: str = "") -> None:
        super().__init__(context)
        self.record, self._at, self._asks = record, at, question
        self.view: HandoverView | None = None
        self.question: HandToQuestion | None = None
        self.title = Heading("Morning handover", 1)
        self.title.setWordWrap(True)
        self.tag = Tag("check", "Published")
        self.night = IconLabel("moon", "", "body", "muted")
        self.night.setWordWrap(True)
        self.clock = label("", "body_strong")
        self.printing = Button("Print", icon="printer", keycap="Ctrl+P")
        self.printing.clicked.connect(lambda: self.context.go("print", record=self.record))
        self.chips = ChipGroup(
            "Items shown", ((ALL, "All"), (MINE, "Mine"), (WAITING, "Not accepted")), chosen=(ALL,), exclusive=True
        )
        self.means = IconLabel("info", MEANS, "small", "muted")
        self.means.setWordWrap(True)
        self.items = ItemList("Items", self._buttons, self._may_press)
        self.none = EmptyState("Nothing here waits", icon="checkc", framed=True)
        self.gone = EmptyState(
            "This handover is not on this laptop", "It may come with the next sync.", icon="inbox", framed=True
        )
        self.cards = SideCards()
        self.notices = Notices(self._end, lambda record: self.context.open(record, HANDOVER.name))
        self.tell: TellCard | None = None
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        heads = flow([TitleLine(self.title), self.tag, self.night])
        head = row(gap=12)
        head.addWidget(heads, 1)
        head.addWidget(self.clock)
        head.addWidget(self.printing)
        self._filter = QWidget()
        chosen = row(gap=12)
        chosen.addWidget(self.chips, 1)
        chosen.addWidget(self.means)
        self._filter.setLayout(chosen)
        left = QWidget()
        left.setLayout(column(self.gone, self.none, self.items, None, gap=0))
        self.area = SideBySide(left, self.cards, shares=(822, 296), room=SIDE_BY_SIDE, above=self.notices)
        self.setLayout(
            column(
                column(head, self._filter, gap=8, margins=(20, 12, 20, 0)),
                self.area,
                gap=12,
            )
        )
        self.none.hide()
        self.gone.hide()

    def _connect(self) -> None:
        self.chips.changed.connect(self._show_items)
        self.items.opened.connect(self._open)
        self.cards.whole.clicked.connect(lambda: self.context.go("record", record=self.record))
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            bind(self, keys, lambda: self._press(self._accept))
        bind(self, "Ctrl+H", lambda: self._press(self._ask))
        bind(self, "Ctrl+P", self.printing.click)

    def cares(self, changes: ChangeSet) -> bool:
        """Whether anything changed: items may refer to any record, and the page shows the sync state."""
        return changes != ChangeSet()

    def refresh(self) -> None:
        """Read the handover again."""
        views, record = self.services.handover_views, self.record
        self.context.runner.read(lambda: views.view(record), self._show, context=self)

    def first_focus(self) -> QWidget | None:
        """The current item, or for the person who was on call the button that ends the shift."""
        if self.view is not None and self.view.own and self.notices.end.isVisible():
            return self.notices.end
        return self.items.current_row() or self.cards.whole

    # Showing

    def _show(self, view: HandoverView | None) -> None:
        first, self.view = self.view is None, view
        self.gone.setVisible(view is None)
        for part in (self.tag, self.night, self._filter, self.items, self.cards):
            part.setVisible(view is not None)
        if view is None:
            return
        now = self.services.clock()
        self.clock.setText(times.with_zone(now))
        self.title.setText("Your handover" if view.own else "Morning handover")
        self.tag.set_spec(TagSpec("check", "All accepted" if not view.waiting else view.published, "neutral"))
        self.night.setText(view.night if view.own else f"{view.night}, {view.worker}")
        self._filter.setVisible(not view.own)
        self.cards.show_view(view)
        self.notices.show_view(view)
        if self.tell is None and not view.own and view.may_accept:
            self.tell = TellCard(self.context, self.record, view.worker)
            self.tell.given.connect(self._send)
            self.cards.tell.addWidget(self.tell)
        self._show_items()
        if first:
            self._begin(view)

    def _show_items(self) -> None:
        view = self.view
        if view is None:
            return
        everything = view.all_items
        counts = {ALL: len(everything), MINE: sum(item.mine for item in everything), WAITING: view.waiting}
        words = ((ALL, "All"), (MINE, "Mine"), (WAITING, "Not accepted"))
        self.chips.set_options([(key, f"{name} {counts[key]}") for key, name in words])
        parts = self._parts(view)
        self.items.show_parts(parts)
        self.items.setVisible(bool(parts))
        self.none.setVisible(not parts)
        self._order()

    def _parts(self, view: HandoverView) -> Parts:
        """The items to show, in parts; for the person who was on call first those not accepted, then the accepted ones."""
        if view.own:
            waiting = [item for item in view.all_items if not item.accepted]
            accepted = [item for item in view.all_items if item.accepted]
            return [(name, rows) for name, rows in (("Not accepted", waiting), ("Accepted", accepted)) if rows]
        chosen = next(iter(self.chips.chosen()), ALL)
        open_item = self.question.item.id if self.question is not None else ""

        def shown(item: ItemView) -> bool:
            return item.id == open_item or chosen == ALL or (item.mine if chosen == MINE else not item.accepted)

        added = (f"Added since, {view.added[0].at}", view.added) if view.added else ("", ())
        parts = [(name, [item for item in rows if shown(item)]) for name, rows in (*view.parts, added)]
        return [(name, rows) for name, rows in parts if rows]

    def _begin(self, view: HandoverView) -> None:
        """Begin at the requested item, else at the most urgent item that waits, this person's own first."""
        waiting = [item for item in view.all_items if not item.accepted]
        loudest = max(waiting, key=lambda item: (item.mine, item.loud), default=None)
        self.items.choose(self._at or (loudest.id if loudest is not None else ""))
        asks, self._asks = self._asks, ""
        now = self.window().focusWidget()
        elsewhere = now is not None and not self.isAncestorOf(now)
        if asks == HANDED_TO and (item := asked_item(self.context, self.record)):
            self._ask(item)
            if self.question is not None and self.question.keeper.type_on():
                return
        elif (asks == MESSAGES and self.tell is not None and self.tell.keeper.type_on()) or parted(asks)[0]:
            return
        if not elsewhere:
            focus(self.first_focus())

    def _order(self) -> None:
        """Set the Tab order to the reading order, including widgets made later."""
        tell = [self.tell.line, self.tell.send] if self.tell is not None else []
        in_order(
            [self.printing, *self.chips.chips(), *self.notices.stops(), *self.items.stops(), *tell, self.cards.whole]
        )

    # Actions

    def _buttons(self, name: str) -> list[Button]:
        accept, hand = MainButton("Accept"), Button("Hand to")
        accept.clicked.connect(partial(self._accept, name))
        hand.clicked.connect(partial(self._ask, name))
        for button, keys in ((accept, "Ctrl+Enter"), (hand, "Ctrl+H")):
            button.setToolTip(keys)
            button.setAccessibleDescription(f"Shortcut {keys}")
        return [accept, hand]

    def _may_press(self, item: ItemView) -> bool:
        view = self.view
        return view is not None and view.may_accept and not view.own and not item.accepted

    def _item(self, name: str) -> ItemView | None:
        items = self.view.all_items if self.view is not None else ()
        return next((item for item in items if item.id == name), None)

    def _open(self, item: ItemView) -> None:
        if item.record and item.kind:
            self.context.open(item.record, item.kind)

    def _press(self, does: Callable[[str], None]) -> None:
        """Call the function of a key for the current item, if the item allows it."""
        item = self.items.current()
        if item is not None and self._may_press(item):
            does(item.id)

    def _accept(self, name: str) -> None:
        item = self._item(name)
        if item is not None:
            handovers, record = self.services.handovers, self.record
            self._write(lambda: handovers.accept(record, name), f"Accepted: {item.title}")

    def _write(
        self,
        work: Callable[[], Revision],
        words: str,
        then: Callable[[], None] | None = None,
        failed: Callable[[HipssError], None] | None = None,
    ) -> None:
        def written(_: Revision) -> None:
            if then is not None:
                then()
            self.context.done(words)

        say = self.context.say
        self.context.runner.write(work, written, context=self, failed=failed or (lambda error: say(str(error))))

    def _ask(self, name: str) -> None:
        """Open the question to whom an item is handed, below its row."""
        item, place = self._item(name), self.items.rows.get(name)
        if item is None or place is None:
            return
        if self.question is not None and self.question.item.id != name:
            self._close_question()
        if self.question is None:
            question = self.question = HandToQuestion(self.context, self.record, item)
            question.given.connect(self._hand)
            question.closed.connect(lambda: self._close_question(back=True))
            place.below.addWidget(question)
            question.show()
            in_order([*place.buttons, *stops(question)])
        self.items.choose(name)
        self.question.go()
        reveal(self.area, self.question)

    def _hand(self, name: str, colleague: str) -> None:
        question = self.question
        if question is None:
            return
        item, handovers, record = question.item, self.services.handovers, self.record
        question.keeper.hand_in()
        question.setEnabled(False)

        def failed(error: HipssError) -> None:
            question.keeper.start()
            question.fail(str(error))

        self._write(
            lambda: handovers.hand_to(record, item.id, name, to=colleague, question=HANDED_TO),
            f"Handed to {name}: {item.title}",
            then=lambda: self._close_question(back=True, answered=True),
            failed=failed,
        )

    def _close_question(self, *, back: bool = False, answered: bool = False) -> None:
        question, self.question = self.question, None
        if question is None:
            return
        if not answered:
            question.keeper.may_leave()  # saves what was typed, which is shown when the question opens again
        place = self.items.rows.get(question.item.id)
        if place is not None:
            place.below.removeWidget(question)
        question.hide()
        question.deleteLater()
        if back:
            self.items.go(question.item.id)

    def _send(self, words: str) -> None:
        tell, view = self.tell, self.view
        if tell is not None and view is not None:
            handovers, record = self.services.handovers, self.record
            self._write(
                lambda: handovers.message(record, words, question=MESSAGES),
                f"Told {view.worker}",
                then=tell.written,
                failed=tell.fail,
            )

    def _end(self) -> None:
        view = self.view
        if view is not None and view.worked.shift:
            shifts, shift = self.services.shifts, view.worked.shift
            at = times.clock_time(self.services.clock())
            self._write(lambda: shifts.end(shift), f"Shift ended {at}")
            self.items.go()

    # The clock
