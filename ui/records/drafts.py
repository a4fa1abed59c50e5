"""The page of drafts: what each is, what it still needs, when it was saved; then drafts on other laptops.

Enter opens a draft. Discard asks first and says that it cannot be undone. Must not finish anything itself.
"""

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from hipss_desktop.services.ports import ChangeSet
from hipss_desktop.views.drafts import DraftWords, read_drafts
from hipss_desktop.views.unfinished import UnfinishedLine
from ui.base.focus import focus
from ui.base.kind_style import style_of
from ui.base.page import Context, Page
from ui.parts import (
    Banner,
    Button,
    Card,
    Cell,
    DangerButton,
    EmptyState,
    Heading,
    ListTable,
    PrimaryButton,
    Rows,
    TitleLine,
    row,
)

MOST_ELSEWHERE = 5
"""The rows shown of the list of other laptops before it scrolls."""
SAVED_WIDTH, ABOUT_WIDTH = 150, 280


class DraftsPage(Page):
    """The list of drafts, newest first, with an action bar."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._drafts: tuple[DraftWords, ...] = ()
        self._rows = Rows(("Draft", "Saved"))
        self.table = ListTable("Drafts", self._rows)
        self.table.widths(0, SAVED_WIDTH)
        self.table.opened.connect(self._open)
        self.table.row_changed.connect(self._ask_no_more_of)
        self.empty = EmptyState("There are no drafts", "What you type is kept here until you finish it.", icon="pen")
        self.panel = Card("Not finished", count=0)
        self.panel.add_flush(self.table, 1)
        self.panel.add_flush(self.empty, 1)
        self._really = DangerButton("Discard for good")
        self._really.clicked.connect(self._discard)
        self._keep = Button("Keep it")
        self._keep.clicked.connect(self._ask_no_more)
        self._elsewhere_rows = Rows(("Draft", "About"))
        self.elsewhere = ListTable("On other laptops", self._elsewhere_rows)
        self.elsewhere.widths(0, ABOUT_WIDTH)
        self.elsewhere_panel = Card("On other laptops", count=0)
        self.elsewhere_panel.add_flush(self.elsewhere, 1)
        self.elsewhere_panel.hide()
        self.question = Banner("Discard this draft?", tone="risk", actions=(self._really, self._keep))
        self.question.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 16, 20, 16)
        box.setSpacing(16)
        box.addWidget(TitleLine(Heading("Drafts", 1)))
        box.addWidget(self.question)
        box.addWidget(self.panel, 1)
        box.addWidget(self.elsewhere_panel)
        self.carry_on = PrimaryButton("Carry on")
        self.carry_on.clicked.connect(lambda: self._open(self._current()))
        self.discard = Button("Discard", tone="risk")
        self.discard.clicked.connect(self._ask)
        self._bar = QWidget()
        self._bar.setLayout(row(self.carry_on, None, self.discard))

    def footer(self) -> QWidget | None:
        return self._bar

    def first_focus(self) -> QWidget | None:
        return self.table

    def cares(self, changes: ChangeSet) -> bool:
        return changes.drafts or changes.sync

    def refresh(self) -> None:
        services = self.services

        def read() -> tuple[tuple[DraftWords, ...], set[str], list[UnfinishedLine]]:
            return read_drafts(services), services.unfinished.old_here(), services.unfinished.elsewhere()

        self.context.runner.read(read, self._show, context=self)

    def _show(self, read: tuple[tuple[DraftWords, ...], set[str], list[UnfinishedLine]]) -> None:
        drafts, old, elsewhere = read
        before = self._current()
        self._show_elsewhere(elsewhere)
        self._drafts = drafts
        self.panel.set_count(len(drafts))
        self._rows.set_rows(
            [
                [
                    Cell(draft.name, draft.missing, strong=True, icon=style_of(draft.draft.kind).icon),
                    Cell(
                        draft.saved,
                        "saved",
                        right=True,
                        spoken=f"saved {draft.saved}{', begun long ago' if draft.draft.record in old else ''}",
                        tone="amber_ink" if draft.draft.record in old else "ink",
                    ),
                ]
                for draft in drafts
            ]
        )
        self.table.setVisible(bool(drafts))
        self.empty.setVisible(not drafts)
        for button in (self.carry_on, self.discard):
            button.setEnabled(bool(drafts))
        if drafts:
            self.table.selectRow(min(max(before, 0), len(drafts) - 1))
            if self.focusWidget() is None:
                focus(self.table)

    def _show_elsewhere(self, lines: list[UnfinishedLine]) -> None:
        """Show the unfinished drafts of others, or of this person on another laptop; they cannot be opened here."""
        self._elsewhere_rows.set_rows(
            [
                [
                    Cell(line.words, line.seen or line.laptop, tone="amber_ink" if line.old else "ink", icon="laptop"),
                    Cell(line.about),
                ]
                for line in lines
            ]
        )
        self.elsewhere_panel.set_count(len(lines))
        self.elsewhere_panel.setVisible(bool(lines))
        self.elsewhere.setFixedHeight(self.elsewhere.height_for_rows(min(len(lines), MOST_ELSEWHERE)))

    def _current(self) -> int:
        return self.table.currentIndex().row()

    def _open(self, place: int) -> None:
        if 0 <= place < len(self._drafts):
            self.context.go("draft", draft=self._drafts[place].draft)

    def _ask(self) -> None:
        place = self._current()
        if 0 <= place < len(self._drafts):
            words = f"{self._drafts[place].name}. What was typed is gone then, and cannot be brought back."
            self.question.set_words("Discard this draft?", words)
            self.question.show()
            focus(self._keep)

    def _ask_no_more(self) -> None:
        self.question.hide()
        focus(self.table)

    def _ask_no_more_of(self, _row: int) -> None:
        self.question.hide()

    def _discard(self) -> None:
        words = self._drafts[self._current()]
        draft, services = words.draft, self.services
        self.question.hide()
        focus(self.table)
        self.context.runner.write(
            partial(services.questions.discard, draft)
            if draft.question
            else partial(services.records.discard, draft.record),
            lambda _: self.context.done(f"Draft discarded: {words.name}"),
            context=self,
            failed=lambda error: self.context.say(str(error)),
        )
