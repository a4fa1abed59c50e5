"""The way back through a window: the pages before the one of now, each as it was left.

A page that shows records stays as it is, with its row, filter and scroll, until it is gone back to or too many have come
after it. A page that writes is opened again from its draft. Must not open pages.
"""

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from hipss_desktop.services.ports import Draft
from ui.base.page import Page
from ui.parts import Heading
from ui.shell import screens
from ui.shell.screens import Location

MOST = 20


@dataclass(frozen=True)
class Visit:
    """A page as it was left.

    Attributes:
        location: what opened it.
        name: what it is called ("Contacts").
        page: the page itself, None for one that writes.
        draft: the record that a page wrote, '' for any other page.
        focus: what had the focus.
    """

    location: Location
    name: str
    page: Page | None = None
    draft: str = ""
    focus: QWidget | None = None


class WayBack:
    """The visits before the page of now, the newest last."""

    def __init__(self) -> None:
        self._visits: list[Visit] = []

    def leave(self, location: Location, page: Page, had_focus: QWidget | None) -> None:
        """Note a page that another one takes the place of; one that has done its work is not gone back to."""
        if page.ended:
            return
        name, inside = name_of(location, page), had_focus is not None and page.isAncestorOf(had_focus)
        draft = getattr(page, "draft", None) if screens.screens()[location.route].opens == "draft" else None
        if isinstance(draft, Draft):
            self._visits.append(Visit(location, name, draft=draft.record))
        else:
            self._visits.append(Visit(location, name, page, focus=had_focus if inside else None))
        del self._visits[:-MOST]

    @property
    def last(self) -> Visit | None:
        """The page that one goes back to."""
        return self._visits[-1] if self._visits else None

    def back(self) -> Visit | None:
        """Take the last visit off, to go back to it."""
        return self._visits.pop() if self._visits else None

    def keeps(self, page: Page) -> bool:
        """Whether a page is still to be gone back to."""
        return any(visit.page is page for visit in self._visits)

    def pages(self) -> set[Page]:
        """The pages that are still to be gone back to."""
        return {visit.page for visit in self._visits if visit.page is not None}


def name_of(location: Location, page: Page) -> str:
    """What a page is called on the button that leads back to it."""
    title = screens.screens()[location.route].title
    heading = next((heading.text() for heading in page.findChildren(Heading) if heading.level == 1), "")
    return title or heading
