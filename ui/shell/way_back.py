"""The history behind the Back button of a window: the pages before the present one, each as it was left.

A page that shows records keeps its row, filter and scroll position until the user goes back to it or has opened ``MOST``
later pages. A page that writes is opened again from its draft. Must not open pages.
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
class LeftPage:
    """A page as it was left.

    Attributes:
        location: the route and values that opened the page.
        name: the name of the page ("Contacts").
        page: the page itself, None for a page that writes.
        draft: the record that a page was writing, '' for any other page.
        focus: the widget that had the focus, None for a page that writes.
    """

    location: Location
    name: str
    page: Page | None = None
    draft: str = ""
    focus: QWidget | None = None


class WayBack:
    """The pages before the present one, the newest last."""

    def __init__(self) -> None:
        self._pages: list[LeftPage] = []

    def leave(self, location: Location, page: Page, had_focus: QWidget | None) -> None:
        """Add a page that is being replaced, unless its work is finished (``ended``)."""
        if page.ended:
            return
        name, inside = name_of(location, page), had_focus is not None and page.isAncestorOf(had_focus)
        draft = getattr(page, "draft", None) if screens.screens()[location.route].opens == "draft" else None
        if isinstance(draft, Draft):
            self._pages.append(LeftPage(location, name, draft=draft.record))
        else:
            self._pages.append(LeftPage(location, name, page, focus=had_focus if inside else None))
        del self._pages[:-MOST]

    @property
    def last(self) -> LeftPage | None:
        """The page that Back would open, None if there is none."""
        return self._pages[-1] if self._pages else None

    def back(self) -> LeftPage | None:
        """Remove and return the last page, None if there is none."""
        return self._pages.pop() if self._pages else None

    def keeps(self, page: Page) -> bool:
        """Whether the way back still contains a page."""
        return any(left.page is page for left in self._pages)

    def pages(self) -> set[Page]:
        """The pages that the way back still contains."""
        return {left.page for left in self._pages if left.page is not None}


def name_of(location: Location, page: Page) -> str:
    """The name of a page on the button that goes back to it."""
    title = screens.screens()[location.route].title
    heading = next((heading.text() for heading in page.findChildren(Heading) if heading.level == 1), "")
    return title or heading
