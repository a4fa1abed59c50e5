"""How often one address or one seat may ask: so many in each minute, counted in this process alone.

Several processes on one store each count for themselves; the limit is there to slow guessing and runaway laptops, not to
account. Threads may ask.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from sync.council.refusals import Refused


@dataclass
class Limit:
    """At most ``a_minute`` requests in each minute for each of those who ask."""

    a_minute: int
    now: Callable[[], float] = monotonic
    _minute: int = 0
    _asked: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def ask(self, who: str) -> None:
        """Count one request; raises Refused when it is one too many."""
        minute = int(self.now() // 60)
        with self._lock:
            if minute != self._minute:
                self._minute, self._asked = minute, Counter()
            self._asked[who] += 1
            asked = self._asked[who]
        if asked > self.a_minute:
            raise Refused("too_fast", "Too many requests. Wait a minute, then try again.", seconds=60)
