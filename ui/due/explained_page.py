"""The page that explains each date: the rules in force today, their sources, and what counts. Must not work anything out."""

from hipss_desktop.documents.due import explained
from hipss_desktop.documents.tree import Document
from hipss_desktop.services.ports import ChangeSet
from ui.base.page import Context, Page
from ui.documents.page_text import PageText
from ui.due.due_page import ROUTE
from ui.parts import Card, Heading, TitleLine, column
from ui.records.record_page import Scroller


class ExplainedPage(Page):
    """The page; Esc returns to the table."""

    rail = ROUTE

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._shown: Document | None = None
        self.words = Scroller("How each date is worked out")
        card = Card()
        card.add_flush(self.words, 1)
        box = column(TitleLine(Heading("How each date is worked out", 1)), card, gap=12, margins=(20, 16, 20, 16))
        box.setStretch(1, 1)
        self.setLayout(box)

    def cares(self, changes: ChangeSet) -> bool:
        return bool(changes.records)

    def refresh(self) -> None:
        """Read the rules in force today."""
        services = self.services
        self.context.runner.read(lambda: explained(services), self._show, context=self)

    def first_focus(self) -> Scroller:
        """The scrolled words."""
        return self.words

    def _show(self, document: Document) -> None:
        if document != self._shown:
            self._shown = document
            self.words.setWidget(PageText(document))
