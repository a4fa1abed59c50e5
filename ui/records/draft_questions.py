"""The questions of one draft as a page lays them out: what is typed, how problems are shown, where the page leads.

Every page that writes a draft says this of itself; what is done with a draft is the same for all (``ui.records.draft_page``).
Must not save anything.
"""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QWidget

from hipss_desktop.errors import HipssError
from hipss_desktop.records.fields import Problem
from hipss_desktop.services.ports import Draft
from ui.base.page import Page
from ui.records.caret import TextField


class DraftQuestions(Page):
    """What a page says of itself in the methods that raise NotImplementedError."""

    @property
    def draft(self) -> Draft:
        """The draft as it is typed now."""
        raise NotImplementedError  # each page has its own; Qt's metaclass allows no abstract class

    def text_fields(self) -> Mapping[str, TextField]:
        """The fields that words are typed into, by names that stay the same when the draft is opened again."""
        raise NotImplementedError  # each page has its own; Qt's metaclass allows no abstract class

    def text_field(self, name: str) -> TextField | None:
        """A field that words are typed into; a page may unfold what it stands in."""
        return self.text_fields().get(name)

    def begins_at(self) -> QWidget | None:
        """Where a new draft begins."""
        raise NotImplementedError  # each page has its own; Qt's metaclass allows no abstract class

    def rests_at(self) -> QWidget:
        """Where no key changes an answer; words typed there go nowhere."""
        raise NotImplementedError  # each page has its own; Qt's metaclass allows no abstract class

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show what keeps the draft from being finished: the summary, and the same words beside each answer."""
        raise NotImplementedError  # each page has its own; Qt's metaclass allows no abstract class

    def show_failure(self, error: HipssError) -> None:
        """Say why the finish failed, where the answers are not the reason."""
        raise NotImplementedError  # each page has its own; Qt's metaclass allows no abstract class

    def go_on(self) -> None:
        """Go where a finished record leads."""
        raise NotImplementedError  # each page has its own; Qt's metaclass allows no abstract class

    def go_back(self) -> None:
        """Go where the page came from, with the draft kept or discarded."""
        raise NotImplementedError  # each page has its own; Qt's metaclass allows no abstract class

    def when_answered(self, then: Callable[[], None]) -> None:
        """Call ``then`` once no answer is being read any more that another one brings along."""
        then()

    def has_unreadable(self) -> bool:
        """Whether something is typed that cannot be read, though the record would pass without it."""
        return False
