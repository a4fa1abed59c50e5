"""How long a team waited for a consultation, and what is due for it.

A team waits from the day it asked until the consultation is held. Four things may be due: recording whether it was held,
telling somebody what is new for the child's safety, giving the written page, and each open row of the plan. Pure functions of a
consultation, the council's values and closing days, and a day. Must not read a clock or a store.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from hipss_desktop import times
from hipss_desktop.kinds.consultation import (
    ASKED,
    HELD,
    PLANNED,
    TO_TELL,
    Consultation,
    is_open,
    was_held,
)
from hipss_desktop.kinds.value import CONSULTATION_PAGE_DAYS, Value, in_force, number_in
from hipss_desktop.rules.working_time import CLOSES, WorkingTime

PAGE_DAYS = 2
"""Working days within which those who came get the written page, if the council set no other number."""
SAY_WHETHER_HELD, TELL, GIVE_PAGE, DO_PLAN = "say_whether_held", "tell", "give_page", "do_plan"
"""The four things that may be due for a consultation."""


@dataclass(frozen=True)
class Due:
    """Something that is due for a consultation.

    Attributes:
        due_type: which of the four things.
        by: the last day that is in time.
        row: the row of the plan, '' for the other three.
    """

    due_type: str
    by: date
    row: str = ""

    def days_over(self, today: date) -> int:
        """How many days it is overdue, 0 if it is still in time."""
        return max((today - self.by).days, 0)


@dataclass(frozen=True)
class Setting:
    """The council's own settings: its values, oldest first, and the days on which it is closed."""

    values: Sequence[Value] = ()
    closed: frozenset[date] = frozenset()

    def page_by(self, held_on: date) -> date:
        """The last day that is in time for giving the page of a consultation."""
        days = number_in(in_force(self.values, CONSULTATION_PAGE_DAYS, held_on)) or PAGE_DAYS
        return times.local_day(WorkingTime(self.closed).due(times.at_local(held_on, CLOSES), days))


def days_waited(consultation: Consultation, today: date) -> int | None:
    """How many days a consultation was waited for: from the asking to the day it was held, or until today.

    None if it was cancelled, if nobody came, or if one of the days is not known. A consultation that was cancelled and
    planned again is waited for since the day it was first asked for.
    """
    asked_on = consultation.asked_on
    if asked_on is None or consultation.stage not in (ASKED, PLANNED, HELD, ""):
        return None
    until = consultation.held_on if was_held(consultation) else today
    return (until - asked_on).days if until is not None and until >= asked_on else None


def due(consultation: Consultation, setting: Setting, today: date) -> list[Due]:
    """Everything that is due for a consultation on a day, earliest first; nothing if it was imported from a sheet.

    Recording whether it was held, and a row of the plan, are due once their day is past. Telling about safety and giving
    the page are due from the day it was held.
    """
    return sorted(_due(consultation, setting, today), key=lambda duty: (duty.by, duty.due_type, duty.row))


def _due(consultation: Consultation, setting: Setting, today: date) -> Iterator[Due]:
    if consultation.from_sheet:
        return
    planned, held = consultation.planned_for, consultation.held_on
    if consultation.stage == PLANNED and planned is not None and times.local_day(planned) < today:
        yield Due(SAY_WHETHER_HELD, times.local_day(planned))
    if not was_held(consultation) or held is None:
        return
    if consultation.safeguarding == TO_TELL and not consultation.told:
        yield Due(TELL, held)
    if not consultation.sent:
        yield Due(GIVE_PAGE, setting.page_by(held))
    for row in consultation.plan:
        if row.by is not None and row.by < today and is_open(consultation, row.id):
            yield Due(DO_PLAN, row.by, row.id)
