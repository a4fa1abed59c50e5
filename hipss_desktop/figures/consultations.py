"""The number of consultations held in a period by subject and team, and those that are not counted.

Definition (domain notes g 9 and i 26, 27): a consultation counts on the day it was held, once, under its subject and its team;
what is not recorded is a row and a column. Cancelled ones, planned ones and those to which nobody came are not in the table.
Consultations before a HIPSS referral are HIPSS's own and stand apart; direct work is no consultation. A row of a sheet without a
form is TISS, form not recorded. The figures of 2016, "74 individual children, 35 Edge of Care, 1 for 16+" (May 2017 paper, 11), are
read from two fields: 74 are about a child or a case, whichever team asked; 35 are about a theme, for Edge of Care; 1 is about a
theme, for 16+.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from hipss_desktop import times
from hipss_desktop.figures.periods import Period
from hipss_desktop.kinds.consultation import (
    ASKED,
    BEFORE_REFERRAL,
    CANCELLED,
    NOBODY_CAME,
    PLANNED,
    Consultation,
    was_held,
)
from hipss_desktop.kinds.direct_work import DirectWork

NOT_RECORDED = ""
"""The subject or team of a consultation without one."""


@dataclass(frozen=True)
class Consultations:
    """The consultations of a period.

    Attributes:
        period: the first and the last day counted.
        cells: those held that are TISS, by subject (``consultation_about``) and team (``tiss_team``), '' if not recorded.
        form_not_recorded: the number of them without a form.
        before_referral: those held before a HIPSS referral, in no cell.
        not_held: those planned, cancelled, asked for, and to which nobody came, by stage.
        direct_work: sessions of direct work.
        undated: consultations without a recorded day; they are in no period.
    """

    period: Period
    cells: Mapping[tuple[str, str], int]
    form_not_recorded: int
    before_referral: int
    not_held: Mapping[str, int]
    direct_work: int
    undated: int

    @property
    def total(self) -> int:
        """The number of TISS consultations held."""
        return sum(self.cells.values())

    @property
    def both(self) -> int:
        """The number of TISS consultations and those before a referral together."""
        return self.total + self.before_referral

    def of_subject(self, subject: str) -> int:
        """The number about a subject."""
        return sum(count for (about, _), count in self.cells.items() if about == subject)

    def of_team(self, team: str) -> int:
        """The number for a team."""
        return sum(count for (_, whose), count in self.cells.items() if whose == team)


def day_of(consultation: Consultation) -> date | None:
    """The day that puts a consultation into a period: held, else planned for, else asked for; None if none is known."""
    if was_held(consultation):
        return consultation.held_on
    if consultation.stage != ASKED and consultation.planned_for is not None:
        return times.local_day(consultation.planned_for)
    return consultation.asked_on


def consultations_of(
    consultations: Iterable[Consultation], direct_work: Iterable[DirectWork], period: Period
) -> Consultations:
    """Count a period; the caller leaves out withdrawn records and the second record of one consultation."""
    cells, stages = Counter[tuple[str, str]](), Counter[str]()
    formless = before = undated = 0
    for consultation in consultations:
        day = day_of(consultation)
        undated += day is None
        if day not in period:
            continue
        if not was_held(consultation):
            stages[consultation.stage] += 1
        elif consultation.form == BEFORE_REFERRAL:
            before += 1
        else:
            cells[consultation.about, consultation.team] += 1
            formless += not consultation.form
    not_held = {stage: stages.pop(stage, 0) for stage in (ASKED, PLANNED, CANCELLED, NOBODY_CAME)}
    sessions = sum(work.on in period for work in direct_work)
    return Consultations(period, dict(cells), formless, before, {**not_held, **stages}, sessions, undated)
