"""Limit the requests of one address or one seat in a minute, counted in all processes of the council together.

The limits themselves are ``Rates`` (``sync.council.home``).

Each process counts for itself. At most once a second it adds the counts of frequent callers to the store, and reads the other
processes' counts back. So each process exceeds a limit by a few requests at most, and an infrequent caller costs no write. A
process continues counting if the store cannot be written to. Threads may call it at once.
"""

import time
from collections import Counter
from collections.abc import Callable
from threading import Lock

import sqlalchemy as sa

from hipss_desktop.errors import Unavailable
from sync.council import tables as t
from sync.council.refusals import Refused
from sync.council.store import Store, insert_into

MINUTE = 60
TELL_EVERY = 1.0
"""Seconds between two exchanges of counts with the store."""
TELL_FROM = 5
"""Requests since the last exchange from which a caller's count is added to the store."""
MOST_TOLD = 1000
"""Callers in one exchange, the most frequent first: an attack from many addresses must not fill the store."""


class Limits:
    """The counts of this minute: this process's own, and those of all processes from the last exchange."""

    def __init__(self, store: Store, now: Callable[[], float] = time.time) -> None:
        self._store = store
        self._now = now
        self._lock = Lock()
        self._minute = 0
        self._own_counts: Counter[str] = Counter()
        self._shared_counts: Counter[str] = Counter()
        self._next_telling = 0.0

    def count(self, who: str) -> int:
        """Count one request in this process only, and return the count of this minute; never waits for the store."""
        minute = int(self._now() // MINUTE)
        with self._lock:
            if minute != self._minute:
                self._minute, self._own_counts, self._shared_counts = minute, Counter(), Counter()
            self._own_counts[who] += 1
            return self._own_counts[who] + self._shared_counts[who]

    def count_now(self, who: str) -> int:
        """Return the count of this minute, without counting a request."""
        with self._lock:
            return self._own_counts[who] + self._shared_counts[who] if int(self._now() // MINUTE) == self._minute else 0

    def ask(self, who: str, a_minute: int) -> None:
        """Count one request; raises Refused if the limit is exceeded."""
        count = self.count(who)
        self._tell()
        if count > a_minute:
            raise Refused("too_fast", "Too many requests. Wait a minute, then try again.", seconds=MINUTE)

    def _tell(self) -> None:
        with self._lock:
            now = self._now()
            much = {who: count for who, count in self._own_counts.most_common(MOST_TOLD) if count >= TELL_FROM}
            if not much or now < self._next_telling:
                return
            self._next_telling, minute = now + TELL_EVERY, self._minute
            self._own_counts -= Counter(much)
        try:
            counts = self._exchange(minute, much)
        except Unavailable:
            return  # the disk is full: the counts of this exchange are dropped
        with self._lock:
            if minute == self._minute:
                self._shared_counts |= Counter(counts)

    def _exchange(self, minute: int, much: dict[str, int]) -> dict[str, int]:
        with self._store.writing() as connection:
            connection.execute(sa.delete(t.asked).where(t.asked.c.minute < minute))
            row = insert_into(connection, t.asked)
            added = {"count": t.asked.c.count + row.excluded.count}
            upsert = row.on_conflict_do_update(index_elements=[t.asked.c.who, t.asked.c.minute], set_=added)
            rows = [{"who": who, "minute": minute, "count": count} for who, count in sorted(much.items())]
            connection.execute(upsert, rows)
            query = sa.select(t.asked.c.who, t.asked.c.count).where(t.asked.c.minute == minute)
            return dict(connection.execute(query.where(t.asked.c.who.in_(list(much)))).all())
