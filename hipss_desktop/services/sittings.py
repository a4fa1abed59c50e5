"""When this person last used the window on this laptop, and how far each chain had been received then.

A sitting continues over a lock, over a few hours away, and over the whole of the person's own shift. It is saved in the
person's store with the end of each chain, so that what arrived later by sync counts as new, whenever it was written.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from hipss_desktop import times
from hipss_desktop.decoding import NotReadable, decoded
from hipss_desktop.services.ports import Store, Unit
from hipss_desktop.services.store_settings import StoreSetting

AWAY = timedelta(hours=6)
"""The time away after which a new sitting begins."""
MOST_REVISIONS = 2000
"""Revisions of one chain: more than these at once are an import or a first sync, not news."""


@dataclass(frozen=True)
class Moment:
    """A moment at which the window was open, and the last number of each seat's chain on the laptop then."""

    at: str = ""
    held: Mapping[str, int] = field(default_factory=dict)

    @property
    def time(self) -> datetime | None:
        """The moment, None if it is the one before the first sitting."""
        return times.instant_or_none(self.at)


@dataclass(frozen=True)
class Sitting:
    """The end of the sitting before (``before``), and the latest known moment of this sitting (``last``)."""

    before: Moment = Moment()
    last: Moment = Moment()


def goes_on(last: datetime | None, now: datetime, shift_began: datetime | None) -> bool:
    """Whether somebody who was here at ``last`` is still on the same sitting; ``shift_began`` is the start of their own shift."""
    if last is None:
        return False
    return now - last < AWAY or (shift_began is not None and last >= shift_began)


class Sittings:
    """The sittings of one open store; ``own_shift_began`` gives the start of this person's running shift, None without one."""

    def __init__(
        self, store: Store, clock: times.Clock, own_shift_began: Callable[[datetime], datetime | None]
    ) -> None:
        self._store = store
        self._clock = clock
        self._own_shift_began = own_shift_began

    def goes_on(self) -> bool:
        """Whether the sitting that was last noted continues."""
        now = self._clock()
        return goes_on(self._saved_sitting().last.time, now, self._own_shift_began(now))

    def before(self) -> Moment:
        """The end of the sitting before this one; a moment without a time on the first sitting."""
        saved_sitting = self._saved_sitting()
        return saved_sitting.before if self.goes_on() else saved_sitting.last

    def note(self, unit: Unit) -> None:
        """Save that the window is open now."""
        moment = Moment(times.stamp(self._clock()), {seat: link.number for seat, link in self._store.have().items()})
        unit.set(StoreSetting.SINCE, msgspec.json.encode(Sitting(self.before(), moment)).decode())

    def came_since(self, moment: Moment, kind: str) -> set[str]:
        """The records of a kind that have a revision, from any laptop, that this laptop did not have at that moment."""
        records = set[str]()
        for seat, link in self._store.have().items() if moment.at else ():
            known = moment.held.get(seat, 0)
            if known < link.number <= known + MOST_REVISIONS:
                news = self._store.chain(seat, after=known, limit=MOST_REVISIONS)
                records |= {revision.envelope.record for revision in news if revision.envelope.kind == kind}
        return records

    def _saved_sitting(self) -> Sitting:
        try:
            return decoded(self._store.setting(StoreSetting.SINCE) or "{}", Sitting)
        except NotReadable:
            return Sitting()
