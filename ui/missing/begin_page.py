"""Beginning the guide: what is known of the child who is not home, finished at once so that others see it.

A child who is chosen in the form brings along what calls said, as one whose card was opened does; what somebody typed stays.
Saving, finishing and leaving are those of every form. Must not decide whether a guide goes on: ``services.missing`` does.
"""

from collections.abc import Callable

from hipss_desktop.errors import HipssError
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE
from hipss_desktop.records.fields import Fields, is_nothing
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
        super().__init__(context, draft or context.services.missing.draft(child, contact=contact), at)
        self.rail = BeginPage.rail
        self._known = self._chosen()
        """The child of whom what is known stands in the form."""
        self._then: Callable[[], None] | None = None
        if not self.is_amendment:
            self.bar.finish_button.setText("Begin the guide")
            self.form.controls["child"].changed.connect(self._carry_over)

    def _title(self) -> str:
        return super()._title() if self.is_amendment else MISSING_EPISODE.title(self._draft.fields)

    def _chosen(self) -> str:
        return str(self.form.fields().get("child") or "")

    def _carry_over(self) -> None:
        """Read what is known of the child who was chosen, and show it in place of what was known of another."""
        before, child, missing = self._known, self._chosen(), self.services.missing

        def read() -> tuple[str, Fields, Fields]:
            old, new = (missing.carried_over(one) if one else {} for one in (before, child))
            return child, old, new

        if child != before:
            self.context.runner.read(read, self._show_known, context=self, failed=self._cannot_know)

    def _show_known(self, known: tuple[str, Fields, Fields]) -> None:
        child, old, new = known
        if child == self._chosen():
            self._known = child
            self.form.carry_over({name: new.get(name) for name in old.keys() | new.keys() if self._stands(name, old)})
            self.autosave.note()
        self._go_on()

    def _cannot_know(self, error: HipssError) -> None:
        """What calls said cannot be read: nothing is carried over, and the guide can be begun all the same."""
        self._known = self._chosen()
        self.context.say(str(error))
        self._go_on()

    def _go_on(self) -> None:
        if not self._reads() and self._then is not None:
            then, self._then = self._then, None
            then()

    def _stands(self, name: str, old: Fields) -> bool:
        """Whether nobody has answered a question, which holds nothing, or what was known of the child before."""
        control, now = self.form.controls.get(name), self.form.fields().get(name)
        return (control is None or not control.problem()) and (is_nothing(now) or now == old.get(name))

    def _reads(self) -> bool:
        return self._chosen() != self._known

    def when_answered(self, then: Callable[[], None]) -> None:
        """Call ``then`` once what a chosen child brings along has come."""
        if self._reads():
            self._then = then
        else:
            then()

    def finish_draft(self, draft: Draft) -> Revision:
        """Begin the guide, with those of the children who have gone too; or amend what was known when it was begun."""
        return super().finish_draft(draft) if self.is_amendment else self.services.missing.begin(draft)
