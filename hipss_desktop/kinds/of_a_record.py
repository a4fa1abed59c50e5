"""A record about one version of a record that is countersigned: an incident, a restraint or a visit."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated

import msgspec

from hipss_desktop.records.fields import Problem, field


class OfARecord(msgspec.Struct):
    """A reference to the record that it is about, in a field for each kind."""

    incident: Annotated[str, field("Incident", refers_to="incident")] = ""
    restraint: Annotated[str, field("Restraint", refers_to="restraint")] = ""
    visit: Annotated[str, field("Supervision visit", refers_to="visit")] = ""

    @property
    def about(self) -> str:
        """The record that it is about, '' for none."""
        return self.incident or self.restraint or self.visit


def names_one_record(words: str) -> Callable[[OfARecord, datetime], Iterable[Problem]]:
    """Return a check that the record says which record it is about; ``words`` is the message if it does not."""

    def names(record: OfARecord, now: datetime) -> Iterable[Problem]:
        if not record.about:
            yield Problem("incident", words)

    return names
