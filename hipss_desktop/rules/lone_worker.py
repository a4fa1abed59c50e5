"""Whether somebody who left for a visit in the night is back: a running time, amber once they are due, red half an hour later.

A visit begins when the worker left, as its contact says. It ends when a row of the contact says that the worker is safe home.
A field of the contact in which older programs wrote the return counts too. Spans are elapsed time, so a clock change
moves no alarm. Pure functions of a contact and a time. Source: the service's lone-working rule (domain notes, section e).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from hipss_desktop import times
from hipss_desktop.kinds.contact import Contact, about_someone
from hipss_desktop.records.access import MANAGERS

RED_AFTER = timedelta(minutes=30)
"""A visit is red when its worker is this late."""
NO_TIME_SAID = timedelta(hours=1)
"""A worker who did not say when they would be back is due this long after leaving."""
RUNS = timedelta(hours=24)
"""A visit runs no longer than this. After it, the return is taken as never written down."""

Level = Literal["out", "amber", "red"]


@dataclass(frozen=True)
class Visit:
    """A running visit: when its worker left, when they are due back, and whether they named that time (``is_said``)."""

    left_at: datetime
    due: datetime
    is_said: bool
    level: Level


def is_home(contact: Contact) -> bool:
    """Whether the worker is known to be safe home: by a row, or by the field that older programs filled in."""
    return contact.visit_back is not None or any(row.at is not None for row in contact.safe_home)


def visit(contact: Contact, now: datetime) -> Visit | None:
    """The visit of a contact, or None if no visit runs now."""
    left_at = contact.visit_out
    if (
        left_at is None
        or not about_someone(contact)
        or is_home(contact)
        or not timedelta() <= _real(left_at, now) < RUNS
    ):
        return None
    due = contact.back_by or times.of_ms(times.ms(left_at) + _ms(NO_TIME_SAID))
    late = _real(due, now)
    level: Level = "red" if late >= RED_AFTER else "amber" if late >= timedelta() else "out"
    return Visit(left_at, due, contact.back_by is not None, level)


def is_shown(*, is_own: bool, is_backup: bool, has_backup: bool, role: str) -> bool:
    """Whether a person sees a running visit: their own, or any visit if they are tonight's backup manager or a manager.

    If the rota names no backup manager, everybody sees the visit. Otherwise nobody might watch it.
    """
    return is_own or is_backup or role in MANAGERS or not has_backup


def _real(start: datetime, end: datetime) -> timedelta:
    return timedelta(milliseconds=times.ms(end) - times.ms(start))


def _ms(span: timedelta) -> int:
    return int(span / timedelta(milliseconds=1))
