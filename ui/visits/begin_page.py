"""Begins a visit from outside a household's page by asking for the household first. Must not write."""

from PySide6.QtWidgets import QWidget

from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.visit import VISIT
from hipss_desktop.services.ports import ChangeSet
from ui.base.fingers import ForFingers
from ui.base.kind_style import style_of
from ui.base.page import Context, Page
from ui.base.shortcuts import bind
from ui.parts import Field, Heading, PrimaryButton, Suggestion, TitleLine, column, label, row
from ui.records.find import finder
from ui.theme import theme_of

BEGINS = "Begin the visit"
WIDEST = 640


class BeginVisitPage(Page):
    """One question: which household."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.rail = style_of(VISIT.name).list
        self.title = Heading("Supervision visit", 1)
        self.household = finder(CARER.name, context, VISIT.by_name["carer"].label)
        self.field = Field(VISIT.by_name["carer"].label, self.household)
        self.begin = PrimaryButton(BEGINS, keycap="Ctrl+Enter")
        self.begin.clicked.connect(self._begin)
        self.household.picked.connect(lambda _: self._begin())
        words = label("A visit that you have begun there opens again.", "small", "muted", wrap=True)
        inside = QWidget()
        inside.setMaximumWidth(theme_of(self).px(WIDEST))
        inside.setLayout(column(self.field, words, row(self.begin, None), None, gap=12))
        self.setLayout(column(TitleLine(self.title), inside, None, gap=12, margins=(20, 16, 20, 16)))
        bind(self, "Ctrl+Return", self._begin)
        bind(self, "Ctrl+Enter", self._begin)
        self._fingers = ForFingers(self)

    def cares(self, changes: ChangeSet) -> bool:
        """Return False: no change in the store changes this question."""
        return False

    def first_focus(self) -> QWidget | None:
        """The box for the household."""
        return self.household

    def _begin(self) -> None:
        picked = self.household.value()
        if not isinstance(picked, Suggestion):
            self.field.set_error("Choose the household from the list that opens as you type")
            self.field.go()
            return
        self.context.go(style_of(VISIT.name).form, carer=str(picked.key))
