"""What is done about an incident beside its rows: it is begun from a contact, and a manager signs a clock off.

What a contact says is linked and not copied: the incident takes over whom it is about and its times, no words. Must not know
how a clock is worked out.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from hipss_desktop import times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.kinds.incident import from_contact
from hipss_desktop.kinds.sign_off import SIGN_OFF
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.ports import Draft, Record
from hipss_desktop.services.records import Records


class Incidents:
    """The use cases of incidents, for one open store."""

    def __init__(self, records: Records, clock: times.Clock) -> None:
        self._records = records
        self._clock = clock

    def from_contact(self, contact: Record | Draft) -> dict[str, Any]:
        """What a new incident knows from a contact, finished or not: types, children, carers, times, and the contact.

        Raises:
            UserError: the record is no contact.
        """
        if contact.kind != CONTACT.name:
            raise UserError("An incident is made from a contact. This is none.")
        answers = CONTACT.read(contact.fields)
        fields = from_contact(answers, contact.record)
        if answers.told is None:
            fields["aware"] = times.stamp(self._began(contact))
        return {name: value for name, value in fields.items() if value}

    def _began(self, contact: Record | Draft) -> datetime:
        """When a contact began that does not say it."""
        if isinstance(contact, Record):
            return times.of_ms(contact.at)
        began = times.instant_or_none(contact.call.get("started")) or times.instant_or_none(contact.began)
        return began or self._clock()

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
