"""The sync centre: what waits to be sent, what the council has, what went wrong, and what the user must decide.

An unfinished decision that somebody else made meanwhile stays in the list until its draft is discarded. Everything shown
comes from the store on this laptop and the state of the connection, so deciding works offline. Must not send anything itself:
"Try again now" asks the session.
"""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from hipss_desktop.services.ports import ChangeSet
from hipss_desktop.services.sync_status import Status
from hipss_desktop.views import sync_centre
from ui.base.focus import holds_focus, tab_in_reading_order
from ui.base.kind_style import style_of
from ui.base.page import Context, Page
from ui.base.shortcuts import bind
from ui.base.sync_words import SYNC_WORDS
from ui.parts import (
    Button,
    Card,
    Cell,
    ChipGroup,
    EmptyState,
    Heading,
    LinkButton,
    ListTable,
    Progress,
    Rows,
    Rule,
    TitleLine,
    column,
    grows,
    label,
    row,
)
from ui.parts.tables import RowHeight
from ui.sync.conflict import ConflictView
from ui.sync.council_address import CouncilAddress
from ui.theme import icons, theme_of

LEFT, WIDE, SCROLL = 344, 880, 16
"""Pixels at 100 % text size: the left column's width, the width from which both columns are side by side, and the
room beside the cards for their scroll bar (that at every text size)."""
FEW, MANY = 9, 500
"""How many sent records are shown at first, and after "Show all"."""
SHOWN_WAITING = 50
NAME_LINES = 4
"""The most lines for the name of a record, enough to show all of it."""
LARGE = 50
"""The number of records in a sync from which a progress bar and Cancel are shown."""
SENTENCE = "Everything here is saved on this laptop until the server says it has it."


class _Icon(QWidget):
    """The icon beside a problem, for decoration only."""

    def __init__(self, name: str, tone: str) -> None:
        super().__init__()
        self._name, self._tone = name, tone
        self.setFixedWidth(theme_of(self).size("icon") + 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        painter = QPainter(self)
        icons.paint(painter, QPointF(0, 3), self._name, theme.color(self._tone), theme.size("icon"))
        painter.end()


class _Problem(QWidget):
    """One problem: what happened, what to do, and the record it is about."""

    def __init__(self, problem: sync_centre.ProblemRow, context: Context) -> None:
        super().__init__()
        title = label(problem.title, "body_strong", wrap=True)
        time = label(problem.time, "small", "muted")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(title, 1)
        head.addWidget(time, 0, Qt.AlignmentFlag.AlignTop)
        text_column = column(head, label(problem.words, "small", wrap=True), gap=2)
        if problem.record:
            open_record = LinkButton("Open record", style="small")
            open_record.setAccessibleName(f"Open record, {problem.title}")
            open_record.clicked.connect(lambda: context.go("record", record=problem.record))
            text_column.addSpacing(4)
            text_column.addWidget(open_record)
        if problem.notice:
            read = LinkButton("I have read this", style="small")
            read.clicked.connect(lambda: self._take_down(context, problem.notice))
            text_column.addSpacing(4)
            text_column.addWidget(read)
        icon = _Icon("xc" if problem.tone == "risk" else "alert", problem.tone)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 10, 14, 10)
        line.setSpacing(0)
        line.addWidget(icon)
        line.addLayout(text_column, 1)
        grows(self)

    def _take_down(self, context: Context, notice: str) -> None:
        def done(_: None) -> None:
            context.bus.changed.emit(ChangeSet(sync=True))

        context.runner.write(lambda: context.services.sync_centre.have_read(notice), done, context=self)


class _Listed(Card):
    """A card with a list of records; Enter opens one."""

    def __init__(
        self,
        title: str,
        empty: str,
        *,
        aside: Sequence[QWidget] = (),
        most: int = 6,
        height: RowHeight = "row_two_line",
    ) -> None:
        super().__init__(title, aside=aside, pad=0)
        self._most = most
        self.model = Rows(("Record", "State"))
        self.table = ListTable(title, self.model, height=height)
        self.table.by_content(1)
        self.table.horizontalHeader().sectionResized.connect(self.fit)
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nothing = label(empty, "small", "muted", wrap=True)
        self.nothing.setContentsMargins(16, 10, 16, 10)
        self.more = label("", "small", "muted", wrap=True)
        self.more.setContentsMargins(16, 6, 16, 8)
        self.more.hide()
        self.add_flush(self.table)
        self.add_flush(self.nothing)
        self.add_flush(self.more)

    def show_rows(self, rows: Sequence[Sequence[Cell]], count: int, more: str = "") -> None:
        """Show the rows, and their total number beside the title."""
        selected_row = self.table.currentIndex().row()
        self.model.set_rows(rows)
        if holds_focus(self.table) and rows:
            self.table.selectRow(min(max(selected_row, 0), len(rows) - 1))
        self.set_count(count)
        self.table.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        self.more.setText(more)
        self.more.setVisible(bool(more))
        self.fit()

    def fit(self) -> None:
        """Set the height of the rows for the present width and text size, because a long name takes two lines."""
        more = self.model.rowCount() > self._most
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOn if more else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.table.setVerticalScrollBarPolicy(policy)  # a bar that appears and disappears would change the width
        self.table.fit_rows()
        rows = range(min(self.model.rowCount(), self._most))
        self.table.setFixedHeight(self.table.height_for_rows(0) + sum(self.table.rowHeight(at) for at in rows))


class SyncCentrePage(Page):
    """The sync centre; ``record`` is the first conflict to show, ``resumes`` says that its decision is being continued."""

    rail = ""

    def __init__(
        self, context: Context, record: str = "", parent: QWidget | None = None, *, resumes: bool = False
    ) -> None:
        super().__init__(context, parent)
        self._resumes = resumes
        self._centre: sync_centre.Centre | None = None
        self._wanted_record = record
        self._sent_shown = FEW
        self._opened = False
        self.conflict: ConflictView | None = None
        self.title = Heading("Sync centre", 1)
        self.stands = label("", "body", "muted", wrap=True)
        self.stands.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.try_button = Button("Try again now", icon="sync")
        self.try_button.clicked.connect(self._try_now)
        self.filters = ChipGroup(
            "Show",
            [
                ("all", "All"),
                ("waiting", "Waiting"),
                ("sent", "Sent"),
                ("decide", "To decide"),
                ("problems", "Problems"),
            ],
            chosen=["decide" if record else "all"],
            exclusive=True,
        )
        self.filters.changed.connect(self._arrange)
        self._make_cards()
        self._lay_out()
        within = Qt.ShortcutContext.WidgetWithChildrenShortcut
        bind(self, "Ctrl+Return", lambda: self.conflict.save() if self.conflict else None, within)
        context.bus.status_changed.connect(self._status_changed)

    def _make_cards(self) -> None:
        self.next_try = label("", "small", "muted")
        self.waiting = _Listed("Waiting", "Nothing waits. All that was saved here is sent.", aside=[self.next_try])
        self.waiting.table.opened.connect(
            lambda at: self._open(self._centre.waiting[at].record if self._centre else "")
        )
        self.show_all = LinkButton("Show all", style="small")
        self.show_all.setAccessibleName("Show all sent and accepted")
        self.show_all.clicked.connect(self._show_all)
        self.sent = _Listed(
            "Sent and accepted",
            "Nothing has been sent from this laptop yet.",
            aside=[self.show_all],
            most=FEW,
            height="row",
        )
        self.sent.table.opened.connect(lambda at: self._open(self._centre.sent[at].record if self._centre else ""))
        self.problems = Card("Problems", pad=0)
        self._problem_box = QVBoxLayout()
        self._problem_box.setContentsMargins(0, 0, 0, 0)
        self._problem_box.setSpacing(0)
        self.problems.box.addLayout(self._problem_box)
        self.address = CouncilAddress(self.context)
        self.to_decide = _Listed("To decide", "Nothing to decide.")
        self.to_decide.table.opened.connect(self._choose_conflict)
        self.progress = Progress("Fetching from the council", 0, 1)
        self.cancel = Button("Cancel", size=28)
        self.cancel.setAccessibleName("Cancel fetching")
        self.cancel.clicked.connect(self.context.session.cancel_sync)
        self.progress_card = Card("Progress")
        self.progress_card.add(self.progress)
        self.progress_card.body.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignLeft)

    def _lay_out(self) -> None:
        foot = label(SENTENCE, "small", "muted", wrap=True)
        foot.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.foot = foot
        inside = QWidget()
        cards: list[QWidget] = [
            self.progress_card, self.to_decide, self.waiting, self.problems, self.address, self.sent,
        ]  # fmt: skip
        inside.setLayout(column(*cards, None, gap=12, margins=(0, 0, 4, 0)))
        self.left = QScrollArea()
        self.left.setWidgetResizable(True)
        self.left.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.left.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # as in ``_Listed.fit``
        self.left.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.left.setWidget(inside)
        # later, when the card has its new height
        self.address.grown.connect(
            lambda: QTimer.singleShot(0, self, lambda: self.left.ensureWidgetVisible(self.address, 0, 12))
        )
        self.right = QWidget()
        self._right_box = column()
        self.right.setLayout(self._right_box)
        self.nothing = Card(pad=0)
        self.nothing.add_flush(
            EmptyState(
                "Nothing to decide",
                "When two laptops change the same part of a record, both versions wait here.",
                icon="checkc",
            ),
            1,
        )
        self._right_box.addWidget(self.nothing)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(TitleLine(self.title), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.stands, 1)
        head.addWidget(self.try_button, 0, Qt.AlignmentFlag.AlignTop)
        both = row(self.left, gap=16)
        both.addWidget(self.right, 1)
        under = QHBoxLayout()
        under.setSpacing(16)
        under.addWidget(self.filters, 3)
        under.addWidget(self.foot, 2)
        self.foot.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        whole = column(head, under, both, gap=8, margins=(20, 16, 20, 16))
        whole.setStretch(2, 1)
        self.setLayout(whole)

    def cares(self, changes: ChangeSet) -> bool:
        """Whether any record or sync state changed."""
        return changes.sync or bool(changes.records)

    def first_focus(self) -> QWidget | None:
        """The first part to decide if the page was opened for a decision, else "Try again now", which no letter presses."""
        if self._wanted_record and self.conflict is not None and not self._resumes:
            return self.conflict.first_focus()
        return self.try_button

    def esc_leaves(self) -> bool:
        """Whether Esc leaves the page: not while a decision is begun."""
        return self.conflict is None or not self.conflict.is_begun()

    def refresh(self) -> None:
        """Read the sync centre again."""
        status, sent, services = self.context.session.status(), self._sent_shown, self.services
        self.context.runner.read(
            lambda: services.sync_centre.centre(status, sent=sent, waiting=SHOWN_WAITING), self._show, context=self
        )

    def _status_changed(self) -> None:
        if self.isVisible():
            self.refresh()
        else:
            self._stale = True

    def _show(self, centre: sync_centre.Centre) -> None:
        self._centre = centre
        now = self.services.clock()
        self.stands.setText(f"This laptop {centre.laptop} · {sync_centre.connection_words(centre.status, now)}")
        self._name_filters(centre)
        self.address.show_address(centre.address)
        self._show_lists(centre)
        self._show_problems(centre)
        status = centre.status
        self.progress.set_progress(f"{status.done} of {status.total} records", status.done, max(status.total, 1))
        focus = self._show_conflict(centre)
        self._arrange()
        if focus and not (self.conflict is not None and self.conflict.keeper.type_on()):
            begins = self.conflict.first_focus() if self.conflict is not None and not self._resumes else self.try_button
            begins.setFocus(Qt.FocusReason.OtherFocusReason)
        self._resumes = False

    def _name_filters(self, centre: sync_centre.Centre) -> None:
        words = {
            "waiting": f"Waiting {centre.waiting_count}",
            "sent": f"Sent {centre.sent_count}",
            "decide": f"To decide {len(centre.conflicts) + len(centre.decided)}",
            "problems": f"Problems {len(centre.problems)}",
        }
        for chip in self.filters.chips():
            chip.setText(words.get(chip.key, "All"))
            chip.updateGeometry()

    def _show_lists(self, centre: sync_centre.Centre) -> None:
        rest = centre.waiting_count - len(centre.waiting)
        self.next_try.setText(sync_centre.next_try_words(centre.status, self.services.clock()))
        self.waiting.show_rows(
            [
                (
                    Cell(row.title, row.about, icon=style_of(row.kind).icon, wrap=True, lines=NAME_LINES),
                    Cell(SYNC_WORDS[row.state].row, icon=SYNC_WORDS[row.state].row_icon, tone="muted"),
                )
                for row in centre.waiting
            ],
            centre.waiting_count,
            f"And {rest} more, sent in the same order." if rest > 0 else "",
        )
        self.sent.show_rows(
            [
                (Cell(row.title, icon="check", wrap=True, lines=NAME_LINES), Cell(row.time, tone="muted", right=True))
                for row in centre.sent
            ],
            centre.sent_count,
            f"The newest {len(centre.sent)} are shown." if MANY == len(centre.sent) < centre.sent_count else "",
        )
        self.show_all.setVisible(len(centre.sent) < min(centre.sent_count, MANY))
        self.to_decide.show_rows(
            [
                (
                    Cell(conflict.title, _parts(conflict), icon="merge", wrap=True, lines=NAME_LINES),
                    Cell("Decide", icon="pen", tone="accent"),
                )
                for conflict in centre.conflicts
            ]
            + [
                (Cell(conflict.title, "decided while you were writing", icon="merge"), Cell("Read", icon="file"))
                for conflict in centre.decided
            ],
            len(centre.conflicts) + len(centre.decided),
        )

    def _show_problems(self, centre: sync_centre.Centre) -> None:
        shown = self._problem_box.property("shown")
        if shown == centre.problems:
            return
        self._problem_box.setProperty("shown", centre.problems)
        while (item := self._problem_box.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        for at, problem in enumerate(centre.problems):
            if at:
                self._problem_box.addWidget(Rule())
            self._problem_box.addWidget(_Problem(problem, self.context))
        self.problems.set_count(len(centre.problems))
        tab_in_reading_order(self)  # their links were made last but come first

    def _show_conflict(self, centre: sync_centre.Centre) -> bool:
        """Show the requested conflict, or the first that waits; return whether the focus must be set again."""
        listed = _decisions(centre)
        shown_record = self.conflict.conflict.record if self.conflict is not None and not self.conflict.saved else ""
        if self.conflict is not None and shown_record:
            if self.conflict.saving:
                return False
            if shown_record not in (conflict.record for conflict in listed) and self.conflict.is_begun():
                if not self.conflict.gone:
                    self.conflict.gone = True
                    self.conflict.keeper.note()
                    self.conflict.keeper.flush(self.refresh)  # then it is listed among the conflicts decided meanwhile
                return False
        next_conflict = next(
            (
                conflict
                for name in (self._wanted_record, shown_record)
                for conflict in listed
                if conflict.record == name
            ),
            None,
        )
        if next_conflict is None and listed:
            next_conflict = listed[0]
        if self.conflict is not None and next_conflict == self.conflict.conflict:
            return False
        focused = self.conflict is not None and self.conflict.isAncestorOf(self.focusWidget() or self)
        if self.conflict is not None:
            self.conflict.keeper.may_leave()
            self._right_box.removeWidget(self.conflict)
            self.conflict.setParent(None)
            self.conflict.deleteLater()
            self.conflict = None
        self.nothing.setVisible(next_conflict is None)
        if next_conflict is not None:
            self.conflict = ConflictView(next_conflict, self.context)
            self.conflict.decided.connect(self._decided)
            self.conflict.put_off.connect(self._put_off)
            self._right_box.addWidget(self.conflict)
            self.conflict.show()  # now, because a hidden widget takes no focus
        first, self._opened = not self._opened, True
        return focused or (first and bool(self._wanted_record))

    def _choose_conflict(self, at: int) -> None:
        if self._centre is None:
            return
        self._wanted_record = _decisions(self._centre)[at].record
        self._show_conflict(self._centre)
        self.filters.choose(["decide"])
        self._arrange()
        if self.conflict is not None:
            self.conflict.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _decided(self, record: str) -> None:
        self._wanted_record = ""
        decided = self._title_of(record)
        self.context.done(f"Decision on {decided} saved on this laptop. All versions are kept in the history.")
        self.refresh()

    def _put_off(self, record: str) -> None:
        """Show the next conflict that waits; after the last one show the lists."""
        conflicts = _decisions(self._centre) if self._centre else ()
        names = [conflict.record for conflict in conflicts]
        at = names.index(record) + 1 if record in names else 0
        self.context.say(f"{self._title_of(record)} is kept for later. Nothing is lost.")
        if at < len(names):
            self._choose_conflict(at)
            return
        self.filters.choose(["all"])
        self._arrange()
        self.try_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _title_of(self, record: str) -> str:
        """The title of a record that waits for a decision."""
        conflicts = self._centre.conflicts if self._centre else ()
        return next((conflict.title for conflict in conflicts if conflict.record == record), "this record")

    def _open(self, record: str) -> None:
        if record:
            self.context.go("record", record=record)

    def _show_all(self) -> None:
        self._sent_shown = MANY
        self.refresh()

    def _try_now(self) -> None:
        self.context.session.sync_now()
        self.context.say("Trying now")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Show both columns side by side, or only the one that the filter chooses if there is no room."""
        theme, centre = theme_of(self), self._centre
        shows = (self.filters.chosen() or ["all"])[0]
        wide = self.width() >= theme.px(WIDE)
        status = centre.status if centre else Status()
        conflicts = len(_decisions(centre)) if centre else 0
        self.progress_card.setVisible(status.total >= LARGE)
        self.waiting.setVisible(shows in ("all", "waiting"))
        self.sent.setVisible(shows in ("all", "sent"))
        self.problems.setVisible(shows == "problems" or (shows == "all" and bool(centre and centre.problems)))
        self.address.setVisible(shows in ("all", "problems") and bool(centre and centre.address))
        listed = conflicts > 1 or (not wide and shows == "all" and conflicts > 0)
        self.to_decide.setVisible(listed and shows in ("all", "decide"))
        self.left.setVisible(shows != "decide" or (wide and conflicts > 1))
        self.right.setVisible(wide or shows == "decide")
        if wide:
            self.left.setFixedWidth(theme.px(LEFT) + SCROLL)
        else:
            self.left.setMinimumWidth(0)
            self.left.setMaximumWidth(16_777_215)
        for card in (self.waiting, self.sent, self.to_decide):
            card.fit()


def _decisions(centre: sync_centre.Centre) -> tuple[sync_centre.ConflictView, ...]:
    """The conflicts to decide, then those that somebody else decided meanwhile."""
    return (*centre.conflicts, *centre.decided)


def _parts(conflict: sync_centre.ConflictView) -> str:
    count = len(conflict.parts)
    words = [f"{count} {'part' if count == 1 else 'parts'}"] if count else []
    return ", ".join([*words, *(["withdrawn or kept"] if conflict.withdrawn_against else [])])
