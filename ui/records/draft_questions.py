"""The methods that each page with a draft defines: what is typed, how problems are shown, where the page goes next.

``ui.records.draft_page`` does what is the same for every draft.
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
    """The base class; each page overrides the methods that raise NotImplementedError."""

    @property
    def draft(self) -> Draft:
        """The draft with everything typed so far."""
        raise NotImplementedError  # each page has its own; Qt's metaclass allows no abstract class

    def text_fields(self) -> Mapping[str, TextField]:
        """The text fields, by names that stay the same when the draft is opened again."""
        raise NotImplementedError  # each page has its own; Qt's metaclass allows no abstract class

    def text_field(self, name: str) -> TextField | None:
        """A text field by its name, None if there is none; a page may unfold the part that contains it."""
        return self.text_fields().get(name)

    def begins_at(self) -> QWidget | None:
        """The first widget to focus in a new draft."""
        raise NotImplementedError  # each page has its own; Qt's metaclass allows no abstract class

    def rests_at(self) -> QWidget:
        """A widget to focus in which no key changes an answer and typed words are ignored."""
        raise NotImplementedError  # each page has its own; Qt's metaclass allows no abstract class

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show why the draft cannot be finished: a summary, and the same words beside each answer."""
        raise NotImplementedError  # each page has its own; Qt's metaclass allows no abstract class

    def show_failure(self, error: HipssError) -> None:
        """Show why finishing failed for a reason other than the answers."""
        raise NotImplementedError  # each page has its own; Qt's metaclass allows no abstract class

    def go_on(self) -> None:
        """Open the page that follows a finished record."""
        raise NotImplementedError  # each page has its own; Qt's metaclass allows no abstract class

    def go_back(self) -> None:
        """Open the page that follows a saved or discarded draft."""
        raise NotImplementedError  # each page has its own; Qt's metaclass allows no abstract class

    def when_answered(self, then: Callable[[], None]) -> None:
        """Call ``then`` once all answers that follow from other answers have been read."""
        then()

    def has_unreadable(self) -> bool:
        """Whether a typed text cannot be read, although the record would be valid without it."""
        return False
