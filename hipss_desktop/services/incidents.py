"""Use cases of incidents besides adding rows: beginning one from a contact, and signing a clock off as a manager.

The incident links the contact and copies whom it is about and its times, but no text. Must not know how a clock is
computed.
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
        """The fields that a new incident takes from a contact, finished or not: types, children, carers, times, and the contact.

        Raises:
            UserError: the record is not a contact.
        """
        if contact.kind != CONTACT.name:
            raise UserError("An incident is made from a contact. This is none.")
        answers = CONTACT.read(contact.fields)
        fields = from_contact(answers, contact.record)
        if answers.told is None:
            fields["aware"] = times.stamp(self._began(contact))
        return {name: value for name, value in fields.items() if value}

    def _began(self, contact: Record | Draft) -> datetime:
        """When a contact that does not say when it was told began."""
        if isinstance(contact, Record):
            return times.of_ms(contact.at)
        began = times.instant_or_none(contact.call.get("started")) or times.instant_or_none(contact.began)
        return began or self._clock()

    def sign_off(self, record: str, kind: str, rows: Iterable[Mapping[str, Any]]) -> Revision | None:
        """Sign clocks off as this person, one for each row; a row says which clock it is. Returns the last revision.

        Args:
            record: the incident or restraint.
            kind: its kind, which is also the name of the field for its identifier.
            rows: the recipient, and the child if the clock is about one of several.

        Raises:
            UserError: this person is not a manager.
        """
        revision = None
        for row in rows:
            fields = {**row, kind: record, "at": times.stamp(self._clock())}
            revision = self._records.finish(self._records.new_draft(SIGN_OFF.name, fields))
        return revision
