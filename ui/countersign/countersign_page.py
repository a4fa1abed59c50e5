"""The page of records that wait to be signed or read, oldest first, with the chosen record beside the list.

Ctrl+Enter presses the filled button: without a comment it approves, with one it returns. Ctrl+M comments on a paragraph,
Ctrl+Page Down opens the next record. Must not decide who may sign, nor block any other work.
"""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from hipss_desktop.errors import HipssError
from hipss_desktop.kinds.action import ACTION
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.ports import ChangeSet, Draft
from hipss_desktop.views.countersigning import FOR_ME, GROUPS, TO_READ, ReadingView, WaitingRow
from ui.base.focus import focus
from ui.base.kind_style import style_of
from ui.base.page import Context, Page
from ui.base.shortcuts import bind
from ui.countersign.reading_card import ReadingCard
from ui.parts import (
    Button,
    Card,
    Cell,
    ChipGroup,
    EmptyState,
    Heading,
    IconLabel,
    ListTable,
    PrimaryButton,
    Rows,
    SideBySide,
    TagSpec,
    TitleLine,
    column,
    label,
)
from ui.records.record_page import flow

BESIDE = 860
"""The width in pixels (at 100 % text size) from which list and record are side by side."""
APPROVE, I_HAVE_READ_IT = "Approve and sign", "I have read it"
SHORT = {FOR_ME: "For me", TO_READ: "To read"}
NOTHING = {FOR_ME: "Nothing waits for you to sign", TO_READ: "Nothing waits for you to read"}


class CountersignPage(Page):
    """The page; ``record`` is the first record to show, '' for the one that waits longest."""

    rail = style_of(ACTION.name).list
    changes_by_itself = True

    def __init__(self, context: Context, record: str = "") -> None:
        super().__init__(context)
        self._wanted_record, self._read_number = record, 0
        self._rows: list[WaitingRow] = []
        self.title = Heading("Countersign", 1)
        self.count = label("", "body", "muted")
        self.rule = label("You cannot sign what you wrote or amended.", "small", "muted")
        self.chips = ChipGroup("Show", [(group, _short(group)) for group in GROUPS], chosen=[FOR_ME], exclusive=True)
        self.chips.changed.connect(self._chosen)
        self.model = Rows(("Record", "Waits"))
        self.table = ListTable("Waits to be signed", self.model)
        self.table.horizontalHeader().setStretchLastSection(False)
        self.table.by_content(1)
        self.table.row_changed.connect(self._row_changed)
        self.empty = EmptyState("Nothing waits for you", icon="checkc", framed=True)
        self.foot = IconLabel("info", "Nothing waits for a signature before it is acted on.", "small", "muted")
        self.foot.setWordWrap(True)
        self.panel = Card()
        self.panel.add_flush(self.table, 1)
        left = QWidget()
        left.setLayout(column(self.panel, self.empty, self.foot, gap=8))
        self.card_shown = ReadingCard(context)
        self.table.opened.connect(lambda _: self.card_shown.area.setFocus(Qt.FocusReason.OtherFocusReason))
        self.card_shown.commented.connect(self._show_verbs)
        self.card_shown.asked_for.connect(context.open)
        self.together = SideBySide(left, self.card_shown, shares=(2, 5), room=BESIDE)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 16, 0, 0)
        box.setSpacing(10)
        over = column(TitleLine(flow([self.title, self.count, self.rule])), self.chips, gap=8, margins=(20, 0, 20, 0))
        box.addLayout(over)
        box.addWidget(self.together, 1)
        self.main = PrimaryButton(APPROVE, keycap="Ctrl+Enter")
        self.approve = Button(APPROVE, icon="pen")
        self.comment = Button("Comment", icon="pen", keycap="Ctrl+M")
        self.amend = Button("Amend", icon="pen", keycap="Ctrl+E")
        self.next = Button("Next", keycap="Ctrl+Page Down")
        self.why = label("", "small", "muted", wrap=True)
        for button, does in (
            (self.main, self._main),
            (self.approve, self._approve),
            (self.comment, self.card_shown.comment),
            (self.amend, self._amend),
            (self.next, self._next),
        ):
            button.clicked.connect(does)
        self._bar = flow([self.main, self.approve, self.comment, self.amend, self.next, self.why])
        for keys, does in (
            ("Ctrl+Return", self._main),
            ("Ctrl+Enter", self._main),
            ("Ctrl+M", self.card_shown.comment),
            ("Ctrl+E", self._amend),
            ("Ctrl+PgDown", self._next),
        ):
            bind(self, keys, does)
        self._show_verbs()

    def footer(self) -> QWidget | None:
        """The action bar with approve, return, comment, amend and next."""
        return self._bar

    def first_focus(self) -> QWidget | None:
        """The list of waiting records."""
        return self.table

    def card(self) -> QWidget | None:
        """The record beside the list."""
        return self.card_shown.area

    def refresh(self) -> None:
        """Read the list, then the chosen record."""
        self.context.runner.read(self.services.countersigning_views.rows, self._show, context=self)

    def _show(self, rows: list[WaitingRow]) -> None:
        self._rows = rows
        counts = {group: sum(waiting.group == group for waiting in rows) for group in GROUPS}
        self.chips.set_options([(group, f"{_short(group)} {counts[group]}") for group in GROUPS])
        mine = [waiting for waiting in rows if waiting.group == FOR_ME]
        self.count.setText(f"{len(mine)} {'waits' if len(mine) == 1 else 'wait'} for you" if mine else "")
        if self._wanted_record and (
            group := next((waiting_row.group for waiting_row in rows if waiting_row.record == self._wanted_record), "")
        ):
            self.chips.choose([group])
        self._list()

    def _shown(self) -> list[WaitingRow]:
        group = next(iter(self.chips.chosen()), FOR_ME)
        return [waiting for waiting in self._rows if waiting.group == group]

    def _list(self) -> None:
        group, shown = next(iter(self.chips.chosen()), FOR_ME), self._shown()
        current = self._wanted_record or self._current()
        self._wanted_record = ""
        leaves = not shown and self._is_read()
        self.table.setAccessibleName(GROUPS[group])
        self.model.set_rows([_cells(waiting) for waiting in shown])
        self.table.fit_rows()
        self.panel.setVisible(bool(shown))
        self.empty.setVisible(not shown)
        self.empty.set_fact(NOTHING.get(group, "Nothing here"))
        records = [waiting.record for waiting in shown]
        if leaves:
            focus(next((chip for chip in self.chips.chips() if chip.key == group), None))
        if shown:
            self.table.selectRow(records.index(current) if current in records else 0)
        self._follow(self._current())

    def _is_read(self) -> bool:
        """Whether the focus is in the list, the record, or the buttons below."""
        now = QApplication.focusWidget()
        return now is not None and any(
            part is now or part.isAncestorOf(now) for part in (self.table, self.card_shown, self._bar)
        )

    def _current(self) -> str:
        shown, at = self._shown(), self.table.currentIndex().row()
        return shown[at].record if 0 <= at < len(shown) else ""

    def _chosen(self) -> None:
        self._list()

    def _row_changed(self, _row: int) -> None:
        self._follow(self._current())

    def _follow(self, record: str) -> None:
        """Show a record with the unfinished comments on it."""
        self._read_number += 1
        read_number, services = self._read_number, self.services
        if not record:
            self._show_record((None, None))
            return

        def read() -> tuple[ReadingView | None, Draft | None]:
            view = services.countersigning_views.view(record)
            offered = view is not None and not view.refusal
            return view, services.countersigning.comments_draft(
                services.countersigning.standing(record)
            ) if offered else None

        def show(read: tuple[ReadingView | None, Draft | None]) -> None:
            if read_number == self._read_number:
                self._show_record(read)

        self.context.runner.read(read, show, context=self)

    def _show_record(self, read: tuple[ReadingView | None, Draft | None]) -> None:
        self.card_shown.show_view(*read)
        self._show_verbs()

    def _show_verbs(self) -> None:
        view, comments = self.card_shown.view, len(self.card_shown.comments())
        offered = view is not None and not view.refusal
        reads = view is not None and view.reads
        self.main.setVisible(offered or reads)
        returned = f"Return with {comments} {'comment' if comments == 1 else 'comments'}"
        self.main.setText(returned if comments else APPROVE if offered else I_HAVE_READ_IT)
        self.approve.setVisible(offered and bool(comments))
        self.comment.setVisible(offered)
        self.amend.setVisible(view is not None and view.own and bool(view.returned))
        self.next.setVisible(len(self._shown()) > 1)
        self.why.setText(view.refusal if view is not None and not reads else "")
        self.comment.setText(f"Comment on {self.card_shown.pointed_out()}")

    def _main(self) -> None:
        """Do what the filled button says: return the record if it has a comment, else approve it; or note that it was read."""
        view = self.card_shown.view
        if view is None or self.main.isHidden():
            return
        if view.refusal:
            self._read()
        else:
            (self._return if self.card_shown.comments() else self._approve)()

    def _approve(self) -> None:
        view = self.card_shown.view
        if view is not None:
            work = partial(self.services.countersigning.approve, view.record, view.digest)
            self._press(work, f"Signed: {view.name}")

    def _return(self) -> None:
        view, draft = self.card_shown.view, self.card_shown.typed_draft()
        if view is not None and draft is not None and self.card_shown.keeper is not None:
            self.card_shown.keeper.stop()
            self._press(partial(self.services.countersigning.give_back, draft), f"Returned with comments: {view.name}")

    def _read(self) -> None:
        view = self.card_shown.view
        if view is not None:
            self._press(partial(self.services.countersigning.say_read, view.record), f"Read: {view.name}")

    def _amend(self) -> None:
        """Amend one's own record in answer to comments; the amendment then waits to be signed."""
        if self.card_shown.view is not None and not self.amend.isHidden():
            self.context.go("amend", record=self.card_shown.view.record)

    def _press(self, work: Callable[[], Revision], words: str) -> None:
        def failed(error: HipssError) -> None:
            if self.card_shown.keeper is not None:
                self.card_shown.keeper.start()
            self.context.say(str(error))
            self.refresh()

        self.context.runner.write(work, lambda _: self.context.done(words), context=self, failed=failed)

    def _next(self) -> None:
        count = len(self._shown())
        if count:
            self.table.selectRow((self.table.currentIndex().row() + 1) % count)

    def cares(self, changes: ChangeSet) -> bool:
        """Whether any record or sync state changed; drafts do not matter."""
        return bool(changes.records) or changes.sync


def _short(group: str) -> str:
    return SHORT.get(group) or GROUPS[group].partition(",")[0]


def _cells(waiting: WaitingRow) -> Sequence[Cell]:
    late = (TagSpec("clock", waiting.waits, "amber"),) if waiting.late else ()
    return (
        Cell(
            waiting.name,
            waiting.words,
            strong=True,
            wrap=True,
            second_wraps=True,
        ),
        Cell(
            "" if late else waiting.waits,
            tags=late,
            right=True,
            spoken=f"waits {waiting.waits}" if waiting.waits else "",
        ),
    )
