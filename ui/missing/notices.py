"""Notices above a guide's steps: that the child is said to be back, or that another guide for the child is open."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractButton, QWidget

from hipss_desktop.kinds.missing_episode import MISSING_EPISODE
from hipss_desktop.records.revision import Revision
from hipss_desktop.views.missing_guide import GuideView
from ui.base.page import Context
from ui.parts import Banner, Button, LinkButton, column, emptied, grows


class GuideNotices(QWidget):
    """The notices, each with its buttons. Signal: ``back()`` when the user wants to enter the return."""

    back = Signal()

    def __init__(self, context: Context, *, may_write: bool) -> None:
        super().__init__()
        self._context, self._may_write = context, may_write
        self._box = column(gap=8)
        self.setLayout(self._box)
        grows(self)
        self.hide()

    def show_view(self, view: GuideView) -> None:
        """Show the notices of a guide."""
        emptied(self._box)
        if view.said_back and self._may_write:
            enter = Button("Enter the return", size=28)
            enter.clicked.connect(self.back)
            self._box.addWidget(
                Banner(f"Is {view.name} back?", f"{view.said_back}.", tone="amber", icon="home", actions=(enter,))
            )
        for other, words in view.same:
            unite, shows = Button("They are one", size=28), LinkButton("Open the other")
            unite.clicked.connect(partial(self._same, other, view.record))
            shows.clicked.connect(partial(self._context.open, other, MISSING_EPISODE.name))
            actions = (shows, unite) if self._may_write else (shows,)
            title = f"Another guide for {view.name} goes on."
            self._box.addWidget(Banner(title, f"{words}.", tone="amber", icon="merge", actions=actions))
        self.setVisible(self._box.count() > 0)

    def _same(self, other: str, record: str) -> None:
        missing, context = self._context.services.missing, self._context

        def are_one(passed_over: Revision) -> None:
            goes_on = "This one" if passed_over.envelope.record == other else "The one begun first"
            context.done(f"The two guides are one now. {goes_on} goes on.")
            if passed_over.envelope.record == record:
                context.open(other, MISSING_EPISODE.name)

        context.runner.write(
            lambda: missing.same(other, record),
            are_one,
            context=self,
            failed=lambda error: context.say(str(error)),
        )

    def buttons(self) -> list[QAbstractButton]:
        """The buttons at which Tab stops."""
        return [button for notice in self.findChildren(Banner) for button in notice.findChildren(QAbstractButton)]
