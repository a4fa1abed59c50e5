"""What a laptop knows of the council's time: how far the council's clock was ahead of its own, by the last signed answer.

A laptop's clock may be wrong by minutes or years. Records keep its reading, and beside it the difference that was known. Must
not set a clock, nor believe an answer: ``sync.client`` does that.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from hipss_desktop import times
from hipss_desktop.machine import BootClock, since_boot
from hipss_desktop.services.ports import Unit
from hipss_desktop.services.store_settings import StoreSetting

FARTHEST = timedelta(days=366 * 1000)
"""A larger difference is none that two clocks have."""


class CouncilTime:
    """The council's time as one laptop knows it.

    On Linux it notices that somebody has set the laptop's clock since the last exchange, by the machine's own clock.
    """

    def __init__(self, setting: Callable[[str], str], clock: times.Clock, boot_clock: BootClock | None = None) -> None:
        """Read the settings of a store with ``setting``, once: a form asks for the time at each key.

        ``boot_clock`` is a clock that nobody can set. A demonstration's clock, which is not the system's, has none.
        """
        self._setting, self._clock = setting, clock
        self._compared: tuple[str, str] | None = None
        self._boot_clock = boot_clock or (since_boot if clock is times.system_clock else lambda: None)

    def note(self, unit: Unit, ahead: timedelta) -> None:
        """Save by how much the council's clock is ahead now."""
        boot, ran = self._boot_clock() or (b"", timedelta())
        at = f"{boot.hex()} {ran.total_seconds()} {self._clock().timestamp()}" if boot else ""
        self._compared = str(ahead.total_seconds()), at
        unit.set(StoreSetting.CLOCK_AHEAD, self._compared[0])
        unit.set(StoreSetting.CLOCK_COMPARED, at)

    def ahead(self) -> timedelta | None:
        """By how much the council's clock is ahead of this laptop's, negative if it is behind; None if that is not known."""
        if self._compared is None:
            self._compared = self._setting(StoreSetting.CLOCK_AHEAD), self._setting(StoreSetting.CLOCK_COMPARED)
        known, at = self._compared
        if not known:
            return None
        ahead = timedelta(seconds=float(known)) - self._set_since(at)
        return ahead if abs(ahead) <= FARTHEST else None

    def _set_since(self, compared: str) -> timedelta:
        """By how much somebody has set the laptop's clock forward since the exchange, as far as that can be known."""
        boot, ran = self._boot_clock() or (b"", timedelta())
        with suppress(ValueError):
            compared_boot, compared_ran, compared_at = compared.split()
            if boot.hex() == compared_boot:
                passed = ran - timedelta(seconds=float(compared_ran))
                return self._clock() - datetime.fromtimestamp(float(compared_at), UTC) - passed
        return timedelta()

    def latest(self) -> datetime:
        """The present by the clock that is ahead: this laptop's, or the council's as it is known here.

        What has happened by either clock is not refused as a time in the future.
        """
        now = self._clock()
        return now + max(self.ahead() or timedelta(), timedelta())
