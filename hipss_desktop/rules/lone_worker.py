"""Whether somebody who left for a visit in the night is back: a running time, amber once they are due, red half an hour later.

A visit runs from the contact that says when its worker left, until a row says that they are safe home; older programs
wrote that into a field of the contact, which counts. Hours are real ones: a clock change moves no alarm. Pure functions
of a contact and a time. Source: the service's lone-working rule (domain notes, section e).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from hipss_desktop import times
from hipss_desktop.kinds.contact import Contact, about_someone
from hipss_desktop.records.access import MANAGERS

RED_AFTER = timedelta(minutes=30)
"""So long after they are due somebody who is not home is red."""
NO_TIME_SAID = timedelta(hours=1)
"""So long after leaving somebody is due who did not say when."""
RUNS = timedelta(hours=24)
"""A contact that says nothing more for so long is an old one in which it was never written down."""

Level = Literal["out", "amber", "red"]


@dataclass(frozen=True)
class Visit:
    """A visit that runs: since when, when its worker is due back, and whether they said so."""

    left: datetime
    due: datetime
    is_said: bool
    level: Level


def is_home(contact: Contact) -> bool:
    """Whether the worker is known to be safe home: by a row, or by the field that older programs filled in."""
    return contact.visit_back is not None or any(row.at is not None for row in contact.safe_home)


def visit(contact: Contact, now: datetime) -> Visit | None:
    """The visit of a contact that runs now, None where there is none or its worker is home."""
    left = contact.visit_out
    if left is None or not about_someone(contact) or is_home(contact) or not timedelta() <= _real(left, now) < RUNS:
        return None
    due = contact.back_by or times.of_ms(times.ms(left) + _ms(NO_TIME_SAID))
    late = _real(due, now)
    level: Level = "red" if late >= RED_AFTER else "amber" if late >= timedelta() else "out"
    return Visit(left, due, contact.back_by is not None, level)


def is_shown(*, is_own: bool, is_backup: bool, has_backup: bool, role: str) -> bool:
    """Whether a visit is somebody's to watch: their own, as tonight's backup manager, or as a manager.

    Where the rota names no backup manager it is everybody's: a visit that nobody watches would be worse than one too many.
    """
    return is_own or is_backup or role in MANAGERS or not has_backup


def _real(start: datetime, end: datetime) -> timedelta:
    return timedelta(milliseconds=times.ms(end) - times.ms(start))


def _ms(span: timedelta) -> int:
    return int(span / timedelta(milliseconds=1))
