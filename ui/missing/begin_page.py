"""Beginning the guide: what is known of the child who is not home, finished at once so that others see it.

Saving, finishing and leaving are those of every form. Must not decide whether a guide goes on: ``desk.missing`` does.
"""

from hipss_desktop.kinds.missing_episode import MISSING_EPISODE
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.ports import Draft
from ui.base.page import Context
from ui.records.form_page import RecordFormPage


class BeginPage(RecordFormPage):
    """The form of an episode: a new one of a ``child``, with what calls said already, or the one of a draft."""

    rail = "on_call"

    def __init__(
        self, context: Context, draft: Draft | None = None, child: str = "", contact: str = "", at: str = ""
    ) -> None:
        super().__init__(context, draft or context.desk.missing.draft(child, contact=contact), at)
        self.rail = BeginPage.rail
        if not self.is_amendment:
            self.bar.finish_button.setText("Begin the guide")

    def _title(self) -> str:
        return super()._title() if self.is_amendment else MISSING_EPISODE.title(self._draft.fields)

    def finish_draft(self, draft: Draft) -> Revision:
        """Begin the guide, with those of the children who have gone too; or amend what was known when it was begun."""
        return super().finish_draft(draft) if self.is_amendment else self.desk.missing.begin(draft)
