"""The shift of the person at this laptop: which one is theirs, and ending it.

What was planned stays as it is; what was worked is a row of the shift. Must not word anything.
"""

from datetime import datetime, timedelta

from hipss_desktop import times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.shift import SHIFT, Shift, began, ended
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.ports import Record
from hipss_desktop.services.records import Records

REACHES_BACK = timedelta(days=3)
ENDED_LATELY = timedelta(hours=4)
"""Who was on call hands over within this time after the shift."""


class Shifts:
    """The use cases of shifts, for one open store."""

    def __init__(self, records: Records, clock: times.Clock) -> None:
        self._records = records
        self._store = records.store
        self._clock = clock

    def own(self) -> Record | None:
        """The shift of this person that runs now or ended lately; without one, whoever's shift that is."""
        now, own = self._clock(), self._store.seat.person
        current: list[Record] = []
        for record in self._store.records_of(SHIFT.name, since=times.ms(now - REACHES_BACK)):
            start, end = began(SHIFT.of(record)), ended(SHIFT.of(record))
            if not record.withdrawn and start and end and start <= now < end + ENDED_LATELY:
                current.append(record)
        return next((record for record in current if SHIFT.of(record).on_call == own), next(iter(current), None))

    def end(self, record: str) -> Revision:
        """End this person's work in a shift: what was worked is known from now, and nothing is asked.

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
            "colleague": "" if shift.on_call == own else own,
            "start": times.stamp(began(shift) or self._clock()),
            "end": times.stamp(self._clock()),
        }
        return self._records.add_row(record, "worked", row)


def worked_until(shift: Shift, person: str) -> datetime | None:
    """When somebody ended their work in a shift, None while they have not."""
    ends = [row.end for row in shift.worked if (row.colleague or shift.on_call) == person and row.end]
    return max(ends, default=shift.worked_end if shift.on_call == person else None)
