"""How many things are due now, and how many are overdue. The numbers may be shown outside the window. Must not name anybody."""

from dataclasses import dataclass
from datetime import timedelta

from hipss_desktop import times
from hipss_desktop.kinds.action import ACTION
from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.catalogue import may_write
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE, due
from hipss_desktop.kinds.visit import VISIT
from hipss_desktop.records.access import MANAGERS
from hipss_desktop.records.folding import folded
from hipss_desktop.rules.missing import goes_on
from hipss_desktop.services.clocks import Clocks
from hipss_desktop.services.due_dates import DueDates
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import Store
from hipss_desktop.views.incidents import is_due_now, is_overdue
from hipss_desktop.views.lone_worker import LoneWorkers

SOON = timedelta(minutes=5)
"""From this long before its time, something counts as due now."""
LATE = timedelta(minutes=1)
"""From this long after its time, something counts as overdue."""


@dataclass(frozen=True)
class DueNow:
    """The numbers of things due now and overdue; ``clocks`` is how many of both are the clocks of records.

    ``supervision_soon`` and ``supervision_overdue`` are numbers of households with something due soon or overdue. A manager's
    numbers include all households. A worker's include the households that they supervise.
    """

    due: int = 0
    overdue: int = 0
    clocks: int = 0
    supervision_soon: int = 0
    supervision_overdue: int = 0

    @property
    def words(self) -> str:
        """The numbers in words: "2 due now, 1 overdue. Supervision: 3 households overdue"."""
        parts = [f"{self.due} due now"] if self.due else []
        parts += [f"{self.overdue} overdue"] if self.overdue else []
        later = [_households(self.supervision_overdue, "overdue")] if self.supervision_overdue else []
        later += [_households(self.supervision_soon, "due soon")] if self.supervision_soon else []
        sentences = [", ".join(parts)] if parts else []
        sentences += [f"Supervision: {', '.join(later)}"] if later else []
        return ". ".join(sentences) or "Nothing is due"


def _households(count: int, stands: str) -> str:
    return f"{count} household{'' if count == 1 else 's'} {stands}"


class DueCounts:
    """Counts what is due, for one open store: actions, calls about missing children, late lone workers, clocks and supervision."""

    def __init__(
        self,
        store: Store,
        lone_workers: LoneWorkers,
        clocks: Clocks,
        people: People,
        due_dates: DueDates,
        clock: times.Clock,
    ) -> None:
        self._store = store
        self._people = people
        self._due_dates = due_dates
        self._lone_workers = lone_workers
        self._clocks = clocks
        self._clock = clock

    def now(self) -> DueNow:
        """The numbers at this moment."""
        now = self._clock()
        actions = (ACTION.of(record).due for record in self._store.records_due(ACTION.name))
        away = (record for record in self._store.records_due(MISSING_EPISODE.name) if goes_on(record, self._store.get))
        calls = (due(MISSING_EPISODE.of(record)) for record in away)
        moments = [moment for moment in (*actions, *calls) if moment is not None]
        overdue = sum(now - moment >= LATE for moment in moments)
        near = sum(now - moment >= -SOON for moment in moments) - overdue
        tones = [visit.tone for visit in self._lone_workers.out() if visit.is_late]
        red = tones.count("risk")
        clocks = [of.clock for of in self._clocks.open(now) if is_due_now(of.clock, now)]
        late = sum(is_overdue(clock, now) for clock in clocks)
        soon, past = self._supervision()
        return DueNow(near + len(tones) - red + len(clocks) - late, overdue + red + late, len(clocks), soon, past)

    def _supervision(self) -> tuple[int, int]:
        """The numbers of households with something due soon, and with something overdue; a household counts only once.

        Both are 0 if this person may not record visits.
        """
        role, own = self._store.seat.role, folded(self._store.seat.name)
        if not may_write(role, VISIT.name):
            return 0, 0
        households = [
            {due.state for due in dues}
            for record, dues in self._due_dates.all().items()
            if role in MANAGERS or self._supervisor(record) == own
        ]
        overdue = sum("overdue" in states for states in households)
        return sum("due_soon" in states and "overdue" not in states for states in households), overdue

    def _supervisor(self, record: str) -> str:
        household = self._people.record(record)
        return folded(CARER.of(household).supervisor) if household is not None else ""
