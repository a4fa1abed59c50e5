"""Writing a training session: the form of its description, with a line that puts in people who are known already.

A household's member, a colleague or a former participant is picked by name and stands in a row with role and organisation.
"""

from hipss_desktop import identity
from hipss_desktop.services.ports import Draft
from hipss_desktop.views.participants import Known
from ui.base.page import Context
from ui.parts import PersonField, Suggestion, spoken_label
from ui.records.controls import RowsPart
from ui.records.form_page import RecordFormPage

FIND = "Add somebody by name"


class SessionFormPage(RecordFormPage):
    """The form of one draft of a session."""

    def __init__(self, context: Context, draft: Draft, at: str = "") -> None:
        self._former: tuple[Known, ...] = ()
        super().__init__(context, draft, at)
        self.known = PersonField(self._found, name=FIND, icon="users", placeholder=FIND)
        self.known.picked.connect(self._put)
        spoken_label(FIND, self.known)
        part = self.form.controls["people"].part
        assert isinstance(part, RowsPart), "people are rows"
        self.people = part
        part.offer(self.known)
        context.runner.read(self.desk.training.participants.former, self._keep, context=self)

    def _keep(self, former: tuple[Known, ...]) -> None:
        self._former = former

    def _found(self, typed: str) -> list[Suggestion]:
        known = self.desk.training.participants.found(typed, self._former)
        return [Suggestion(_Key(one), one.name, one.beside, "user") for one in known]

    def _put(self, picked: object) -> None:
        if isinstance(picked, Suggestion) and isinstance(picked.key, _Key):
            self.known.set_value(None)
            self.people.put({"id": identity.row_id(), **picked.key.known.answers})


class _Key:
    """What a suggestion stands for; two are never alike."""

    def __init__(self, known: Known) -> None:
        self.known = known
