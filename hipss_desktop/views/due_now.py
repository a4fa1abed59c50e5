"""How much is due now and overdue, as numbers alone: what may stand outside the window. Must not name anybody."""

from dataclasses import dataclass
from datetime import timedelta

from hipss_desktop import times
from hipss_desktop.kinds.action import ACTION
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE, due
from hipss_desktop.rules.missing import goes_on
from hipss_desktop.services.clocks import Clocks
from hipss_desktop.services.ports import Store
from hipss_desktop.views.incidents import is_due_now, is_overdue
from hipss_desktop.views.lone_worker import LoneWorkers

SOON = timedelta(minutes=5)
"""So long before its time something is due now."""
LATE = timedelta(minutes=1)
"""So long after its time it is overdue."""


@dataclass(frozen=True)
class DueNow:
    """How many are due now and how many overdue; ``clocks`` are those among them that are clocks of records."""

    due: int = 0
    overdue: int = 0
    clocks: int = 0

    @property
    def words(self) -> str:
        """The numbers: "2 due now, 1 overdue"."""
        parts = [f"{self.due} due now"] if self.due else []
        parts += [f"{self.overdue} overdue"] if self.overdue else []
        return ", ".join(parts) or "Nothing is due"


class DueCounts:
    """Counts open actions, agreed calls about children who are not home, visits and clocks, for one open store."""

    def __init__(self, store: Store, lone_workers: LoneWorkers, clocks: Clocks, clock: times.Clock) -> None:
        self._store = store
        self._lone_workers = lone_workers
        self._clocks = clocks
        self._clock = clock

    def now(self) -> DueNow:
        """What is due at this moment."""
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
        return DueNow(near + len(tones) - red + len(clocks) - late, overdue + red + late, len(clocks))
