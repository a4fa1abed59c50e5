"""The shift of the person at this laptop: finding it, and ending it.

The planned times do not change; the hours worked are a row of the shift. Must not word anything.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hipss_desktop import times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.shift import SHIFT, Shift, began, ended
from hipss_desktop.records.revision import Revision
from hipss_desktop.rules.rota import Duty, holders
from hipss_desktop.services.records import Records
from hipss_desktop.services.rota import Rota

REACHES_BACK = timedelta(days=3)
ENDED_LATELY = timedelta(hours=4)
"""The time after a shift within which the person who was on call hands over."""


@dataclass(frozen=True)
class OwnShift:
    """A shift that is running or has just ended; ``own`` says whether it is this person's, as planned or by an agreed swap."""

    duty: Duty
    own: bool


class Shifts:
    """The use cases of shifts, for one open store."""

    def __init__(self, records: Records, rota: Rota, clock: times.Clock) -> None:
        self._records = records
        self._store = records.store
        self._rota = rota
        self._clock = clock

    def latest(self) -> OwnShift | None:
        """The shift of this person that is running or has just ended; else anybody's."""
        now, person = self._clock(), self._store.seat.person
        duties = self._rota.duties(now - REACHES_BACK, now)
        on_call = holders(duties)
        current = [
            OwnShift(duty, on_call[duty.record] == person)
            for duty in reversed(duties)
            if _runs_or_ended(duty.shift, now)
        ]
        return next((shift for shift in current if shift.own), next(iter(current), None))

    def end(self, record: str) -> Revision:
        """End this person's work in a shift: save the hours worked until now, without asking anything.

        Raises:
            UserError: the shift is not here, or this person has ended it already.
        """
        current = self._store.get(record)
        if current is None or current.kind != SHIFT.name:
            raise UserError("This shift is not on this laptop.")
        shift, own = SHIFT.of(current), self._store.seat.person
        if worked_until(shift, own) is not None:
            raise UserError("This shift was ended already. Nothing was changed.")
        row = {
            "colleague": own,
            "start": times.stamp(began(shift) or self._clock()),
            "end": times.stamp(self._clock()),
        }
        return self._records.add_row(record, "worked", row)


def _runs_or_ended(shift: Shift, now: datetime) -> bool:
    start, end = began(shift), ended(shift)
    return start is not None and end is not None and start <= now < end + ENDED_LATELY


def worked_until(shift: Shift, person: str) -> datetime | None:
    """When somebody ended their work in a shift, None if they have not."""
    ends = [row.end for row in shift.worked if (row.colleague or shift.on_call) == person and row.end]
    return max(ends, default=shift.worked_end if shift.on_call == person else None)
