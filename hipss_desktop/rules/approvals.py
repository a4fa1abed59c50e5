"""The approval of a household on a day: approved, on hold, in assessment or ended; and from which day its dates count.

Decisions: domain notes h, 11, 16 and 18. A household is still approved on the day on which its approval ends. New terms do
not restart any dates; an approval that begins after another one ended restarts all. On hold, all duties continue, but no
child may come. The undated status applies to every day for which no dated row says otherwise. Must not read a clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from hipss_desktop import times
from hipss_desktop.kinds.carer import ENDED, IN_ASSESSMENT, ON_HOLD, Carer, Hold

Stands = Literal["approved", "assessment", "ended", "not_yet"]


@dataclass(frozen=True)
class Period:
    """An approval, with all its terms, from its first day (None: not recorded) to its last day (None: it is not ended).

    ``before`` is the last day of the approval before it, None for the first. What was done up to that day does not count.
    """

    starts: date | None = None
    ends: date | None = None
    before: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day, including its first and last day."""
        return (self.starts is None or self.starts <= day) and (self.ends is None or day <= self.ends)


@dataclass(frozen=True)
class Standing:
    """The approval of a household on a day.

    Attributes:
        stands: "approved" where something may be due.
        period: the approval in force, None if there is none.
        reason: why nothing is due, '' if it is approved.
        hold: the words that it is on hold, and since when; '' if it is not.
    """

    stands: Stands
    period: Period | None = None
    reason: str = ""
    hold: str = ""


def periods(household: Carer) -> list[Period]:
    """All approvals in order; two that touch or overlap are one approval with new terms."""
    dated = [
        Period(row.starts, row.ends)
        for row in household.approvals
        if row.starts is not None and (row.ends is None or row.starts <= row.ends)
    ]
    starts, ends = household.approved_on, household.approved_until
    if starts is not None and ends is not None and ends < starts:
        dated += [Period(None, ends), Period(starts, None)]  # the end belongs to an earlier approval
    elif starts is not None or ends is not None:
        dated.append(Period(starts, ends))
    return _joined(sorted(dated, key=lambda period: (period.starts or date.min, period.ends or date.max)))


def _joined(dated: Iterable[Period]) -> list[Period]:
    joined: list[Period] = []
    for period in dated:
        last = joined[-1] if joined else None
        if last is None:
            joined.append(period)
        elif last.ends is None or (period.starts or date.min) <= last.ends:
            ends = None if None in (last.ends, period.ends) else max(last.ends or date.min, period.ends or date.min)
            joined[-1] = Period(last.starts, ends, last.before)
        else:
            joined.append(Period(period.starts, period.ends, last.ends))
    return joined


def standing(household: Carer, day: date) -> Standing:
    """The approval of a household on a day, from what is recorded now."""
    known = periods(household)
    if household.status in (ENDED, IN_ASSESSMENT):
        # A status has no day. An approval without an end date has ended or not begun according to the status.
        dated = [period for period in known if period.ends is not None]
    else:
        dated = known or [Period()]
    now = next((period for period in dated if period.holds(day)), None)
    if now is not None:
        return Standing("approved", now, hold=_hold(household, day))
    if household.status == IN_ASSESSMENT:
        return Standing("assessment", reason="In assessment: nothing is due before approval.")
    over = [period.ends for period in dated if period.ends is not None and period.ends < day]
    begun = [period for period in known if (period.starts or date.min) <= day]
    if over and begun[-1].ends is not None:  # otherwise the status ended an approval whose last day is not recorded
        return Standing("ended", reason=f"Approval ended on {times.long_day(max(over))}: nothing is due.")
    starts = [period.starts for period in known if period.starts is not None and period.starts > day]
    if starts:
        return Standing("not_yet", reason=f"Approved from {times.long_day(min(starts))}: nothing is due before it.")
    return Standing("ended", reason="Approval ended, its last day is not recorded: nothing is due.")


def _hold(household: Carer, day: date) -> str:
    """The words that the household is on hold on a day, and since when; '' if it is not."""
    since = [row.starts for row in household.holds if row.starts is not None and _covers(row, day)]
    if since:
        return f"On hold since {times.long_day(min(since))}. Visits, reviews and checks go on."
    undated = household.status == ON_HOLD and not any(
        row.starts is not None and row.starts > day for row in household.holds
    )
    return "On hold. Visits, reviews and checks go on." if undated else ""


def _covers(row: Hold, day: date) -> bool:
    return row.starts is not None and row.starts <= day and (row.ends is None or day <= row.ends)


@dataclass(frozen=True)
class Spaces:
    """How many more children a household may take on a night; ``of`` is how many it is approved for, None: not recorded.

    ``reason`` says why there is no space, if the reason is not that all places are taken.
    """

    free: int
    of: int | None
    reason: str = ""


def spaces(household: Carer, day: date, sleeping: int) -> Spaces:
    """The approved places minus the children who sleep there; no spaces if the household is not approved or is on hold."""
    stands = standing(household, day)
    if stands.stands != "approved":
        return Spaces(0, household.places, stands.reason.partition(":")[0].rstrip("."))
    if stands.hold:
        return Spaces(0, household.places, stands.hold.partition(".")[0])
    if household.places is None:
        return Spaces(0, None, "the number of places is not recorded")
    return Spaces(max(household.places - sleeping, 0), household.places)
