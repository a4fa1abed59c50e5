"""The clocks of the records on this laptop, computed from the store by the rules of notification.

No due time is stored: each answer is computed when it is asked for. Must not write, nor know how a clock is shown.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime

from hipss_desktop import times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.closing_day import CLOSING_DAY
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE
from hipss_desktop.kinds.recipient import RECIPIENT
from hipss_desktop.kinds.value import VALUE
from hipss_desktop.rules.clocks import Council
from hipss_desktop.rules.notification_rules import shipped
from hipss_desktop.rules.working_time import WorkingTime
from hipss_desktop.services.open_clocks import OpenClocks
from hipss_desktop.services.ports import Draft, Record, Store
from hipss_desktop.services.record_clocks import (
    KINDS_WITH_CLOCKS,
    RecordClock,
    StoreReads,
    going_on,
    incident_of,
    is_over,
    worked_out,
)
from hipss_desktop.services.records import Records
from hipss_desktop.services.store_settings import StoreSetting


class Clocks:
    """The clocks of one open store."""

    def __init__(self, store: Store, records: Records, clock: times.Clock) -> None:
        self._store = store
        self._reads = StoreReads(store, records)
        self._clock = clock
        self._open = OpenClocks(store, records, self.council)

    def problems(self) -> tuple[str, ...]:
        """A sentence for each row of the table of rules that cannot be used."""
        return shipped().problems

    def council(self) -> Council:
        """What the council has set: its recipients, closing days and values."""
        return Council(
            table=shipped().with_own(
                (record.record, RECIPIENT.of(record)) for record in self._standing(RECIPIENT.name)
            ),
            closed=self._closed(),
            values=tuple(VALUE.of(record) for record in reversed(list(self._standing(VALUE.name)))),
            name=self._store.setting(StoreSetting.COUNCIL_NAME),
        )

    def is_office_day(self) -> Callable[[date], bool]:
        """Return a function that says whether the office opens on a day: no weekend, bank holiday or closing day of the council."""
        return WorkingTime(self._closed()).is_working_day

    def of(self, record: str, at: datetime | None = None) -> list[RecordClock]:
        """The clocks of a record, or of its draft if it is not finished, as they are at a time (default: now).

        An episode that is the same as another has the clocks of the other one. The clocks of a withdrawn record are no
        longer required, because it was withdrawn; what was told remains visible.

        Raises:
            UserError: the record is not on this laptop, or its kind has no clocks.
        """
        known = self._store.get(record) or self._store.draft(record)
        if known is None:
            raise UserError("This record is not on this laptop.")
        if known.kind not in KINDS_WITH_CLOCKS:
            raise UserError(
                "Nobody has to be told of this record by a time. Name an incident, a restraint or a missing episode."
            )
        moment = at or self._clock()
        if isinstance(known, Record) and known.withdrawn:
            return self._of_withdrawn(known, moment)
        if known.kind == MISSING_EPISODE.name:
            known = going_on(known, self._reads)
            known = incident_of(known.record, self._reads) or known
        return self._clocks(known, self.council(), moment)

    def about(self, child: str, at: datetime | None = None) -> list[RecordClock]:
        """The clocks of all records about a child, newest record first."""
        council, moment = self.council(), at or self._clock()
        records = (record for kind in KINDS_WITH_CLOCKS for record in self._store.records_about(child, kind=kind))
        standing = (record for record in records if not record.withdrawn and not is_over(record))
        return [clock for record in standing for clock in self._clocks(record, council, moment)]

    def open(self, at: datetime | None = None) -> list[RecordClock]:
        """The clocks of all records that still need something done, those due first before the others."""
        return self._open.at(at or self._clock())

    def _clocks(self, known: Record | Draft, council: Council, at: datetime) -> list[RecordClock]:
        clocks = worked_out(known, council, at, self._reads).clocks
        return [RecordClock(known.record, known.kind, clock, isinstance(known, Draft)) for clock in clocks]

    def _of_withdrawn(self, record: Record, at: datetime) -> list[RecordClock]:
        """The clocks of a withdrawn record, all no longer required, with the reason for the withdrawal."""
        contents = (
            revision.content()
            for revision in reversed(self._store.revisions(record.record))
            if revision.envelope.action == "withdraw"
        )
        why = next((content.why for content in contents if content is not None), "")
        reason = ". ".join(filter(None, ("the record was withdrawn", why)))
        return [
            replace(of, clock=replace(of.clock, state="no_longer_required", reason=reason))
            for of in self._clocks(record, self.council(), at)
        ]

    def _closed(self) -> frozenset[date]:
        """The council's own closing days."""
        days = (CLOSING_DAY.of(record).day for record in self._standing(CLOSING_DAY.name))
        return frozenset(day for day in days if day is not None)

    def _standing(self, kind: str) -> Iterator[Record]:
        """The records of a kind that are not withdrawn, newest first."""
        return (record for record in self._store.records_of(kind) if not record.withdrawn)
