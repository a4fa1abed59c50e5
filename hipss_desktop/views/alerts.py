"""The alerts in force now: what may happen to a child tonight, what was agreed, who wrote it and when.

One read of the store finds the alerts of all children. Must not write.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from hipss_desktop import times
from hipss_desktop.kinds.alert import ALERT, stands
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import Record, Store
from hipss_desktop.services.records import Records
from hipss_desktop.views.undecided import readings

FOR_TONIGHT = "For tonight:"
"""The words before an alert."""


@dataclass(frozen=True)
class AlertNow:
    """An alert in force now; if laptops changed it differently, each version is a separate object.

    Attributes:
        record: the alert.
        child: the child it is about.
        began: when it came into force.
        words: what may happen and what was agreed.
        wrote: who wrote it and when, "K. Adeyemi, 16:20".
    """

    record: str
    child: str
    began: datetime
    words: str
    wrote: str


class Alerts:
    """Reads the alerts of one open store."""

    def __init__(self, store: Store, records: Records, people: People, clock: times.Clock) -> None:
        self._store = store
        self._records = records
        self._people = people
        self._clock = clock

    def standing(self) -> dict[str, tuple[AlertNow, ...]]:
        """The alerts in force now, by child, in the order in which they end."""
        now = self._clock()
        by_child: dict[str, tuple[AlertNow, ...]] = {}
        for record in self._store.records_due(ALERT.name, since=times.ms(now)):
            for alert in self._versions(record, now):
                by_child[alert.child] = (*by_child.get(alert.child, ()), alert)
        return by_child

    def _versions(self, record: Record, now: datetime) -> Iterator[AlertNow]:
        author = self._people.name(record.author) or self._records.name_of(record.author)
        wrote = f"{author}, {times.written_since(record.clock, now)}"
        versions: dict[tuple[str, str], AlertNow] = {}
        for body in readings(record):
            alert = ALERT.read(body)
            if stands(alert, now):
                words = f"{_sentence(alert.expected)} Agreed: {_sentence(alert.agreed)}"
                began = alert.starts or times.of_ms(record.at)
                versions.setdefault((alert.child, words), AlertNow(record.record, alert.child, began, words, wrote))
        yield from versions.values()


def _sentence(words: str) -> str:
    """Words as a sentence, on one line."""
    line = " ".join(words.split())
    return line if line.endswith((".", "!", "?")) else f"{line}."
