"""Opens the pages of a window by their route, one at a time, and goes back to earlier pages.

Every page gets the ``Context``. A page stays as it was left if its screen says ``keep`` or the way back leads to it. Every
other page is deleted. Must not know what any page does, nor what the window shows around it.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QWidget

from hipss_desktop.kinds.catalogue import KINDS, may_write
from hipss_desktop.services.ports import ChangeSet, Draft
from ui.base.focus import focus, stops
from ui.base.page import Context, Page
from ui.base.session import DutyNumber
from ui.shell import screens
from ui.shell.frame import ActionBar
from ui.shell.refusal import refusal
from ui.shell.screens import Location, Screen
from ui.shell.way_back import LeftPage, WayBack


class Pages(QObject):
    """The present page, its location, and the way back from it.

    Signals:
        replaced(): another page is about to replace the present page.
        shown(): a page is visible and is about to get the focus.
        rail_known(): the present page has found out which rail item to light.
    """

    replaced = Signal()
    shown = Signal()
    rail_known = Signal()

    def __init__(self, context: Context, stack: QStackedWidget, bar: ActionBar) -> None:
        super().__init__(stack)
        self._context, self._stack, self._bar = context, stack, bar
        self.page: Page | None = None
        self.location = Location("")
        self.way = WayBack()
        self.numbers: tuple[DutyNumber, ...] = ()
        """The numbers that a refusal names, if a role may not open a page."""
        self._lasting: dict[str, Page] = {}
        self._bars: dict[Page, QWidget | None] = {}
        self._restored = False
        self._remembered = ""
        context.bus.changed.connect(self._draft_saved)

    @property
    def _role(self) -> str:
        return self._context.services.store.seat.role

    @property
    def home(self) -> Location:
        """The first page of the role, at which the way back ends."""
        return Location(screens.home(self._role))

    def go(self, route: str, more: Mapping[str, Any]) -> None:
        """Open a screen (see ``ui.shell.screens``) with the values that it needs.

        Beside the routes: "amend" (record, and ``at`` and ``back`` of ``screens.draft_location``), "new_record" (kind, fields),
        "draft" (draft, and ``back`` and ``answers`` of ``screens.draft_location``), and "back".
        """
        services = self._context.services
        if route == "back":
            self.back()
        elif route == "amend":
            self._context.runner.read(
                lambda: services.records.amendment(more["record"]),
                lambda draft: self.open(screens.draft_location(draft, at=more.get("at") or "", back=more.get("back"))),
                context=self,
                failed=lambda error: self._context.say(str(error)),
            )
        elif route == "draft":
            draft = more["draft"]
            if draft.kind in KINDS:
                self.open(screens.draft_location(draft, back=more.get("back"), answers=more.get("answers")))
            else:
                self._context.say(
                    "This program does not know this kind of record. Update the program to go on with the draft."
                )
        elif route == "new_record":
            if may_write(self._role, more["kind"]):
                self.open(screens.begun(services, more["kind"], more.get("fields") or {}))
            else:
                self._refuse(more["kind"], writing=True)
        else:
            self.open(Location(route, {name: value for name, value in more.items() if value}))

    def open(self, location: Location) -> None:
        """Open a page, unless the present page refuses to close. If the role may not open it, say who may."""
        before, screen = self.page, screens.screens()[location.route]
        if location.route not in screens.open_to(self._role) and "draft" not in location.more:
            self._refuse(screen.kind, writing=screen.opens == "draft")
            return
        if before is not None and location == self.location and not _begins_another(screen, location):
            self.focus()
            return
        if before is not None and not before.may_leave():
            return
        last = self.way.last
        if (
            before is not None
            and before.ended
            and last is not None
            and last.location == location
            and last.page is not None
        ):
            self.way.back()
            self._show(location, last.page, last.focus)
            return
        if before is not None:
            self.way.leave(self.location, before, self._stack.window().focusWidget())
        self._show(location, self._page_of(location))

    def open_draft(self, draft: Draft) -> None:
        """Open a draft after everything typed into it was saved; do nothing if it was finished meanwhile."""
        store = self._context.services.store

        def opened(saved: Draft | None) -> None:
            if saved is not None:
                self.open(screens.draft_location(saved))

        self._context.runner.write(lambda: store.draft(draft.record), opened, context=self)

    def _refuse(self, kind: str, *, writing: bool) -> None:
        """Say who may write or read a kind of record, and whom to ask."""
        self._context.say(refusal(KINDS[kind], self.numbers, writing=writing))

    def _page_of(self, location: Location) -> Page:
        screen = screens.screens()[location.route]
        page = self._lasting.get(location.route) or screen.make(self._context, location.more)
        if screen.keep:
            self._lasting[location.route] = page
        return page

    @Slot()
    def back(self) -> None:
        """Go back to the previous page, as it was left, or to the first screen if there is no previous page."""
        if self.page is not None and self.page.may_leave():
            self._back_to(self.way.back())

    def _back_to(self, left: LeftPage | None) -> None:
        if left is None:
            self._show(self.home, self._page_of(self.home))
        elif left.page is not None:
            self._show(left.location, left.page, left.focus)
        else:
            store, record = self._context.services.store, left.draft
            # The writer saves the last typed words before it answers. A finished draft is skipped.
            self._context.runner.write(lambda: store.draft(record), self._back_to_draft, context=self)

    def _back_to_draft(self, draft: Draft | None) -> None:
        if draft is None or draft.kind not in KINDS:
            self._back_to(self.way.back())
        else:
            self._show(screens.draft_location(draft), self._page_of(screens.draft_location(draft)))

    def _show(self, location: Location, page: Page, had_focus: QWidget | None = None) -> None:
        """Replace the present page; focus the widget that last had the focus on the new page, else its first widget."""
        if page is not self.page:
            self.replaced.emit()
        self._stack.addWidget(page)
        self.page, self.location = page, location
        leaving = self._stack.window().focusWidget()
        if leaving is not None:
            leaving.clearFocus()  # otherwise Qt moves it twice and a screen reader says both
        self._stack.setCurrentWidget(page)
        if page not in self._bars:
            self._bars[page] = page.footer()
            page.rail_known.connect(self.rail_known)
        self._bar.set_bar(self._bars[page])
        self.shown.emit()
        if not focus(had_focus):
            self.focus()
        self._drop()
        self.remember()

    @Slot()
    def focus(self) -> None:
        """Give the focus to the first widget of the present page."""
        if self.page is not None:
            focus(self.page.first_focus() or next(iter(stops(self.page)), None))

    def _drop(self) -> None:
        """Delete the pages that are neither kept nor on the way back."""
        lasting = {self.page, *self._lasting.values(), *self.way.pages()}
        for page in [page for page in self._bars if page not in lasting]:
            self._stack.removeWidget(page)
            bar = self._bars.pop(page)
            for gone in (bar, page):
                if gone is not None:
                    gone.deleteLater()

    def remember(self, *, at_the_end: bool = False) -> None:
        """Save the present location after ``reopen``; with ``at_the_end`` save it again, to record the time of closing."""
        if self.page is None or not self._restored:
            return
        words = screens.remembered(self.location, self.page)
        if words != self._remembered or at_the_end:
            self._remembered = words
            keep = partial(screens.keep_open_page, self._context.services, words)
            # No message if this fails: the user did not ask to save it, and the window warns of a full disk.
            self._context.runner.write(keep, lambda _: None, context=self, failed=lambda _: None)

    @Slot(object)
    def _draft_saved(self, changes: ChangeSet) -> None:
        """Save which question is being answered on the page, so that it opens again after a crash."""
        if changes.drafts:
            self.remember()

    def reopen(self, location: Location, *, covered: bool) -> None:
        """Open the earlier location, unless another page was opened meanwhile or something covers the page."""
        self._restored = True
        if self.location == self.home and not covered and location != self.location:
            self.open(location)
        self.remember()


def _begins_another(screen: Screen, location: Location) -> bool:
    """Whether opening a location begins a new record each time."""
    return screen.opens == "draft" and "draft" not in location.more
