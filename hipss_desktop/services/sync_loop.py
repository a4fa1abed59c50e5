"""Syncing in the background: soon after a save, every minute while the council answers, and less often while it does not.

It runs in its own thread, never blocks the window, and retries without waiting for a new save. Must not know Qt.
"""

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from hipss_desktop import times
from hipss_desktop.errors import HipssError
from hipss_desktop.services.enrolment import Refused
from hipss_desktop.services.ports import ChangeSet
from hipss_desktop.services.sync_cycle import Cancelled, ChainStopped, Exchanged, Progress
from hipss_desktop.services.sync_status import Status

log = logging.getLogger(__name__)

AFTER_A_SAVE = 1.0
"""Seconds between a save and the attempt to send it, so that a burst of saves is one batch."""

WHILE_ONLINE = 60.0
FIRST_WAIT = 5.0
LONGEST_WAIT = 300.0
"""Seconds between attempts that fail: doubled after each, up to the longest. A random part makes each up to a half longer."""

WHILE_STOPPING = 3.0
"""Seconds that locking waits for a running attempt. A longer attempt is abandoned; the next one repeats what it did not do."""

PROGRESS_FROM = 200
"""An exchange shows its progress if it has at least this many revisions."""


class SyncLoop:
    """Runs exchanges for one open store until it is stopped."""

    def __init__(
        self,
        exchange: Callable[[Progress], Exchanged],
        clock: times.Clock,
        *,
        on_stopped_chain: Callable[[ChainStopped], None] = lambda stopped: None,
        spread: Callable[[], float] = random.random,
    ) -> None:
        """Prepare the loop.

        Args:
            exchange: one exchange; raises what ``SyncCycle.run`` raises.
            clock: the clock for the times in the status.
            on_stopped_chain: called when this seat's chain cannot continue; the loop then stops.
            spread: a number from 0 to 1 that lengthens each wait, so that laptops do not all retry at once.
        """
        self._exchange = exchange
        self._clock = clock
        self._on_stopped_chain = on_stopped_chain
        self._spread = spread
        self._status = Status("checking")
        self._listeners: list[Callable[[], None]] = []
        self._wake = threading.Event()
        self._stop = False
        self._cancel = False
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)

    def start(self) -> None:
        """Start the loop, with a first attempt at once."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the loop after the present batch. Revisions that were sent have receipts; the others wait for the next start."""
        self._stop = self._cancel = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=WHILE_STOPPING)

    def status(self) -> Status:
        """The state of the connection."""
        return self._status

    def listen(self, changed: Callable[[], None]) -> None:
        """Call ``changed``, on the loop's thread, when the status changes."""
        self._listeners.append(changed)

    def now(self) -> None:
        """Try at once."""
        self._wake.set()

    def cancel(self) -> None:
        """Stop a long exchange after the batch under way."""
        self._cancel = True

    def note(self, changes: ChangeSet) -> None:
        """Make an attempt soon after a commit that changed records."""
        if (
            changes.records
            and not self._stop
            and self._status.connection in ("online", "checking")
            and threading.current_thread() is not self._thread
        ):
            threading.Timer(AFTER_A_SAVE, self._wake.set).start()

    def _say(self, **new_fields: object) -> None:
        self._status = replace(self._status, **new_fields)  # type: ignore[arg-type]  # the fields of Status, named by us
        for changed in self._listeners:
            changed()

    def _run(self) -> None:
        while not self._stop:
            self._wake.wait(self.attempt())
            self._wake.clear()

    def attempt(self) -> float:
        """Make one attempt; return the seconds to wait before the next."""
        self._cancel = False
        before, since_before = self._status.connection, self._status.since
        started = self._clock()
        try:
            done = self._exchange(self._progress)
        except ChainStopped as stopped:
            self._stop = True
            self._say(connection="offline", since=started, problem=str(stopped), done=0, total=0)
            self._on_stopped_chain(stopped)
            return LONGEST_WAIT
        except Cancelled:
            self._say(connection="online", done=0, total=0)
            return WHILE_ONLINE
        except HipssError as failure:
            # a refusal is the council's answer; after any other failure the council counts as not reached
            return self._failed(str(failure), before, answered=isinstance(failure, Refused))
        except Exception as bug:  # noqa: BLE001  see below
            # A bug must not silently end the sync for good. Its message may quote a record, so only its type is logged.
            log.error("sync failed: %s", type(bug).__name__)
            return self._failed("The program met a fault while it sent and fetched.", before, answered=False)
        now = self._clock()
        stayed = before == "online" and since_before is not None
        sent = now if done.sent or self._status.last_sent is None else self._status.last_sent
        self._say(
            connection="online",
            since=since_before if stayed else now,
            offline_from=self._status.offline_from if stayed else since_before if before == "offline" else None,
            last_sent=sent,
            problem=" ".join(dict.fromkeys(done.problems)),
            tries=0,
            done=0,
            total=0,
            next_try=now + timedelta(seconds=WHILE_ONLINE),
        )
        return WHILE_ONLINE

    def _failed(self, problem: str, before: str, *, answered: bool) -> float:
        tries = self._status.tries + 1
        wait = min(LONGEST_WAIT, FIRST_WAIT * float(2 ** (tries - 1))) * (1 + self._spread() / 2)
        now = self._clock()
        connection = "online" if answered else "offline"
        since = self._status.since if before == connection else now
        if before == "checking" and not answered:
            since = None  # the network may have been gone for hours before the program began
        self._say(
            connection=connection,
            since=since,
            problem=problem,
            tries=tries,
            done=0,
            total=0,
            next_try=now + timedelta(seconds=wait),
        )
        return wait

    def _progress(self, done: int, total: int) -> None:
        if self._cancel:
            raise Cancelled
        if total >= PROGRESS_FROM:
            self._say(connection="sending", done=done, total=total)
        elif total and self._status.connection != "sending":
            self._say(connection="sending", done=0, total=0)
