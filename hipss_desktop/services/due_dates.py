"""Works out what is due for every carer household, and remembers it from one reading to the next.

Households, visits and checks are read once, and again if a commit changes them. Of each household, only the visits from which its
due days follow are read. ``services.training`` remembers training. A past day is worked out from all records. The memory ends with
the process, and no due day is stored. Any thread may call this module. Must not write.
"""

import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from hipss_desktop import times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.carer_check import CARER_CHECK, CarerCheck
from hipss_desktop.kinds.council import ERASURE
from hipss_desktop.kinds.value import VALUE
from hipss_desktop.kinds.visit import VISIT
from hipss_desktop.rules.due import Attended, CheckMade, Due, History, VisitMade
from hipss_desktop.rules.due_rules import Settings, shipped
from hipss_desktop.rules.training_rules import shipped as shipped_training_rules
from hipss_desktop.rules.visits import due_dates
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import ChangeSet, Record, Store
from hipss_desktop.services.training import Trainings

CHANGE_DUE_DATES = frozenset({CARER.name, VISIT.name, CARER_CHECK.name, VALUE.name, ERASURE.name})
"""The kinds from which due days may follow, without training, which is remembered elsewhere."""
AT_FIRST, THEN = 16, 64
"""How many of the newest visits of a household are read: first about a year of them, then more if its days need them."""
CHECKS_READ = 60
"""How many of the newest checks of a household are read. If it has that many, all of them are read."""
MANY = 100
"""After more changed records than this, everything is read again."""
NOT_HERE = "This household is not on this laptop."


@dataclass(frozen=True)
class _Read:
    """The visits of a household that were read, newest first. ``whole`` says that it has no others."""

    visits: tuple[VisitMade, ...]
    whole: bool


def visit_made(record: Record) -> VisitMade | None:
    """A visit in the form that the rules read, or None if its day is not recorded."""
    visit = VISIT.of(record)
    if visit.began is None:
        return None
    return VisitMade(
        record.record,
        times.local_day(visit.began),
        visit.type,
        bool(visit.nobody_in),
        bool(visit.children_out),
        bool(visit.rooms_seen),
    )


def check_made(record: Record) -> CheckMade | None:
    """A check in the form that the rules read, or None if its day is not recorded."""
    check = CARER_CHECK.of(record)
    if check.on is None:
        return None
    return CheckMade(
        record.record,
        check.on,
        check.type,
        check.member,
        check.name,
        bool(check.at_panel),
        check.standards,
        check.next_on,
        check.from_visit,
    )


class DueDates:
    """What is due for the households of one open store."""

    def __init__(self, store: Store, people: People, trainings: Trainings, clock: times.Clock) -> None:
        self._store = store
        self._people = people
        self.trainings = trainings
        self._clock = clock
        self._visits: dict[str, _Read] = {}
        self._checks: dict[str, tuple[CheckMade, ...]] = {}
        self._rows: dict[str, tuple[Record, tuple[Attended, ...], tuple[Due, ...]]] = {}
        self._settings = Settings(shipped())
        self._day = date.min
        self._changed: ChangeSet | None = None
        self._noting, self._reading = threading.Lock(), threading.Lock()
        store.subscribe(self._note)

    def _note(self, changes: ChangeSet) -> None:
        if changes.kinds & CHANGE_DUE_DATES:
            with self._noting:
                if self._changed is not None:
                    noted = self._changed
                    self._changed = ChangeSet(noted.kinds | changes.kinds, noted.records | changes.records)

    def problems(self) -> tuple[str, ...]:
        """A sentence for each row of the table of rules that cannot be used."""
        return (*shipped().problems, *shipped_training_rules().problems)

    def today(self) -> date:
        """The local day."""
        return times.local_day(self._clock())

    def all(self, on: date | None = None) -> dict[str, tuple[Due, ...]]:
        """What is due on a day (today without one), by household, those by title."""
        if on is not None and on != self.today():
            settings = self.settings()
            return {
                household.record: tuple(self._whole(household, settings, on))
                for household in self._people.of_kind(CARER.name)
            }
        with self._reading:
            self._forget_what_changed()
            self._remember()
            households = self._people.of_kind(CARER.name)
            return {household.record: self._rows[household.record][2] for household in households}

    def of(self, record: str, on: date | None = None) -> list[Due]:
        """What is due for a household on a day (today without one), in the order of ``due_what``.

        Raises:
            UserError: the household is not on this laptop.
        """
        household = self._people.record(record)
        if household is None or household.kind != CARER.name:
            raise UserError(NOT_HERE)
        return self._whole(household, self.settings(), on or self.today())

    def _whole(self, household: Record, settings: Settings, on: date) -> list[Due]:
        """What is due on a day, from all visits and checks of a household."""
        visits = self._store.records_about(household.record, role="carer", kind=VISIT.name)
        checks = self._store.records_about(household.record, role="carer", kind=CARER_CHECK.name)
        attended = self.trainings.attended(household.record)
        history = History(
            household.record, CARER.of(household), _visits_of(visits), _checks_of(self._standing(checks)), attended
        )
        return due_dates(history, settings, on)

    def settings(self) -> Settings:
        """The rules, and what the council set for itself."""
        values = (VALUE.of(record) for record in reversed(self._store.records_of(VALUE.name)) if not record.withdrawn)
        return Settings(shipped(), tuple(values))

    def _forget_what_changed(self) -> None:
        """Forget what may have changed."""
        with self._noting:
            changes, self._changed = self._changed, ChangeSet()
        everything = changes is None or changes.kinds & {VALUE.name, ERASURE.name} or len(changes.records) > MANY
        if changes is None or everything:
            self._visits, self._checks, self._rows = {}, {}, {}
            self._settings = self.settings()
        else:
            for household in self._named_by(changes.records):
                for remembered in (self._visits, self._checks, self._rows):
                    remembered.pop(household, None)
        if self._day != self.today():
            self._day, self._rows = self.today(), {}

    def _named_by(self, changed: Collection[str]) -> set[str]:
        """The households among the changed records, and those that these records name now or named when they were read."""
        if not changed:
            return set()
        named = {str(record.fields.get("carer") or "") for record in self._store.records_named(changed)}
        before = {
            household
            for household, read in self._visits.items()
            if any(visit.record in changed for visit in read.visits)
        }
        before |= {
            household
            for household, checks in self._checks.items()
            if any(check.record in changed or check.visit in changed for check in checks)
        }
        return named | before | set(changed)

    def _remember(self) -> None:
        """Read and work out what is not remembered."""
        households = self._people.of_kind(CARER.name)
        unknown = [record.record for record in households if record.record not in self._visits]
        if unknown:
            self._visits |= self._read_visits(unknown, AT_FIRST)
            self._checks |= self._read_checks(unknown)
        stale = [
            household
            for household in households
            if household.record not in self._rows
            or self._rows[household.record][0] is not household
            or self._rows[household.record][1] is not self.trainings.attended(household.record)
        ]
        self._work_out(stale)
        for most in (THEN, 0):
            shallow = [
                household
                for household in stale
                if not self._visits[household.record].whole and not self._is_enough(household)
            ]
            if not shallow:
                return
            self._visits |= self._read_visits([household.record for household in shallow], most)
            self._work_out(shallow)

    def _work_out(self, households: Iterable[Record]) -> None:
        for household in households:
            record = household.record
            attended = self.trainings.attended(record)
            history = History(record, CARER.of(household), self._visits[record].visits, self._checks[record], attended)
            self._rows[record] = household, attended, tuple(due_dates(history, self._settings, self._day))

    def _is_enough(self, household: Record) -> bool:
        """Whether the visits that were read decide the days of a household, so that older visits change nothing."""
        return all(
            row.state == "nothing_due" or (row.last is not None and row.settled)
            for row in self._rows[household.record][2]
            if row.of_visits
        )

    def _read_visits(self, households: list[str], most: int) -> dict[str, _Read]:
        """The newest visits of households: ``most`` of each, or all if ``most`` is 0."""
        if not most:
            return {
                household: _Read(
                    _visits_of(self._store.records_about(household, role="carer", kind=VISIT.name)), whole=True
                )
                for household in households
            }
        read = self._store.newest_about(households, role="carer", kind=VISIT.name, most=most)
        return {household: _Read(_visits_of(records), len(records) < most) for household, records in read.items()}

    def _read_checks(self, households: list[str]) -> Mapping[str, tuple[CheckMade, ...]]:
        read = self._store.newest_about(households, role="carer", kind=CARER_CHECK.name, most=CHECKS_READ)
        for household, records in read.items():
            if len(records) == CHECKS_READ:
                read[household] = self._store.records_about(household, role="carer", kind=CARER_CHECK.name)
        standing = {record.record for record in self._standing([check for checks in read.values() for check in checks])}
        return {
            household: _checks_of(record for record in records if record.record in standing)
            for household, records in read.items()
        }

    def _standing(self, checks: Iterable[Record]) -> list[Record]:
        """The checks that count. A withdrawn check does not, nor one made at a visit that was withdrawn or to another household."""
        current_checks = [check for check in checks if not check.withdrawn]
        named = {check.record: CARER_CHECK.of(check) for check in current_checks}
        visits = {
            visit.record: visit
            for visit in self._store.records_named({check.from_visit for check in named.values()} - {""})
            if visit.kind == VISIT.name
        }
        return [
            check
            for check in current_checks
            if _stands(named[check.record], visits.get(named[check.record].from_visit))
        ]


def _visits_of(records: Iterable[Record]) -> tuple[VisitMade, ...]:
    visits = (visit_made(record) for record in records if not record.withdrawn)
    return tuple(visit for visit in visits if visit is not None)


def _checks_of(checks: Iterable[Record]) -> tuple[CheckMade, ...]:
    checks_made = (check_made(record) for record in checks)
    return tuple(check for check in checks_made if check is not None)


def _stands(check: CarerCheck, visit: Record | None) -> bool:
    """Whether a check counts, by the visit at which it was made; ``visit`` is None if that is not on this laptop."""
    return visit is None or (not visit.withdrawn and VISIT.of(visit).carer == check.carer)
