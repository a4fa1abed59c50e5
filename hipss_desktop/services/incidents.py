"""What is done about an incident beside its rows: it is begun from a contact, and a manager signs a clock off.

What a contact says is linked and not copied: the incident takes over whom it is about and its times, no words. Must not know
how a clock is worked out.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from hipss_desktop import identity, times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.incident import MISSING
from hipss_desktop.kinds.sign_off import SIGN_OFF
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import Draft, Record
from hipss_desktop.services.records import Records


class Incidents:
    """The use cases of incidents, for one open store."""

    def __init__(self, records: Records, people: People, clock: times.Clock) -> None:
        self._records = records
        self._people = people
        self._clock = clock

    def from_contact(self, contact: Record | Draft) -> dict[str, Any]:
        """What a new incident knows from a contact, finished or not: types, children, carers, times, and the contact.

        Raises:
            UserError: the record is no contact.
        """
        if contact.kind != CONTACT.name:
            raise UserError("An incident is made from a contact. This is none.")
        answers = CONTACT.read(contact.fields)
        listed = (code_list("concern").get(concern) for concern in answers.concerns)
        types = list(
            dict.fromkeys(code.more["incident"] for code in listed if code is not None and code.more["incident"])
        )
        caller = self._people.record(answers.caller) if answers.caller else None
        carers = (
            [answers.caller, *answers.carers] if caller is not None and caller.kind == CARER.name else answers.carers
        )
        told = answers.told or self._began(contact)
        happened = answers.happened or (answers.missing_since if MISSING in types else None)
        fields: dict[str, Any] = {
            "types": types,
            "children": list(answers.children),
            "carers": list(dict.fromkeys(carers)),
            "happened": times.stamp(happened) if happened is not None and happened <= told else "",
            "aware": times.stamp(told),
            "from_contact": contact.record,
        }
        if answers.missing == "back" and answers.back_at is not None and len(answers.children) == 1:
            back = {"id": identity.row_id(), "child": answers.children[0], "at": times.stamp(answers.back_at)}
            fields["returned"] = [back]
        return {name: value for name, value in fields.items() if value}

    def _began(self, contact: Record | Draft) -> Any:
        if isinstance(contact, Record):
            return times.of_ms(contact.at)
        return (
            times.instant_or_none(contact.call.get("started")) or times.instant_or_none(contact.began) or self._clock()
        )

    def sign_off(self, record: str, kind: str, rows: Iterable[Mapping[str, Any]]) -> Revision | None:
        """Sign a clock off as this person, once for each row that says which clock it is.

        Args:
            record: the incident or restraint.
            kind: its kind, which is the field that names it.
            rows: recipient, and the child where the clock is about one of several.

        Raises:
            UserError: this person is no manager.
        """
        revision = None
        for row in rows:
            fields = {**row, kind: record, "at": times.stamp(self._clock())}
            revision = self._records.finish(self._records.new_draft(SIGN_OFF.name, fields))
        return revision
