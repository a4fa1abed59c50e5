"""The page that begins the guide: what is known of the child who is not home, finished at once so that others see it.

Choosing a child in the form fills in what earlier calls said, and keeps what the user typed. The base class saves, finishes
and leaves. Must not decide whether a guide is still open: ``services.missing`` does.
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
    """The form of an episode: a new one for ``child``, with what earlier calls said, or that of a draft."""

    rail = "on_call"

    def __init__(
        self, context: Context, draft: Draft | None = None, child: str = "", contact: str = "", at: str = ""
    ) -> None:
        super().__init__(context, draft or context.services.missing.draft(child, contact=contact), at)
        self.rail = BeginPage.rail
        self._known = self._chosen()
        """The child whose known facts are filled in."""
        self._then: Callable[[], None] | None = None
        if not self.is_amendment:
            self.bar.finish_button.setText("Begin the guide")
            self.form.controls["child"].changed.connect(self._carry_over)

    def _title(self) -> str:
        return super()._title() if self.is_amendment else MISSING_EPISODE.title(self._draft.fields)

    def _chosen(self) -> str:
        return str(self.form.fields().get("child") or "")

    def _carry_over(self) -> None:
        """Read what is known of the chosen child, and replace what was filled in for another child."""
        before, child, missing = self._known, self._chosen(), self.services.missing

        def read() -> tuple[str, Fields, Fields]:
            old, new = (missing.carried_over(name) if name else {} for name in (before, child))
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
        """Say that earlier calls cannot be read, and continue without their facts."""
        self._known = self._chosen()
        self.context.say(str(error))
        self._go_on()

    def _go_on(self) -> None:
        if not self._reads() and self._then is not None:
            then, self._then = self._then, None
            then()

    def _stands(self, name: str, old: Fields) -> bool:
        """Whether the user left a question alone: it is empty, or has what was filled in for the earlier child."""
        control, now = self.form.controls.get(name), self.form.fields().get(name)
        return (control is None or not control.problem()) and (is_nothing(now) or now == old.get(name))

    def _reads(self) -> bool:
        return self._chosen() != self._known

    def when_answered(self, then: Callable[[], None]) -> None:
        """Call ``then`` once the facts of a chosen child are filled in."""
        if self._reads():
            self._then = then
        else:
            then()

    def finish_draft(self, draft: Draft) -> Revision:
        """Begin the guide, and guides for the other children who are gone; or amend an existing guide."""
        return super().finish_draft(draft) if self.is_amendment else self.services.missing.begin(draft)
