"""Push and pull against a real council process, on its embedded store and on PostgreSQL, and one record's round trip.

Each round a laptop writes a share of the contacts, pushes them, and another laptop pulls them; both stores take turns, and
so do the yardsticks: signatures checked in a second on one thread, and rows inserted in a second by the driver.
"""

import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from joserfc.jwk import OKPKey

from hipss_desktop.records.revision import Revision, verify
from tests.bench.rounds import Line, Rounds, number
from tests.bench.saves import inserted_a_second, rate
from tests.helpers.council_fixtures import CouncilServer, postgresql_cluster
from tests.helpers.stations import Station, contact

PEERS = {"push": 1821, "pull": 2848, "one": 32}
"""PouchDB with CouchDB, batches of 500, durable on neither side: records a second, and milliseconds of one changed record.

Measured on a machine of the same kind on another day, so beside our figures and not under them.
"""


class Pair:
    """A council on one of its stores, and two laptops that have joined it."""

    def __init__(self, name: str, folder: Path, database: str, stack: ExitStack) -> None:
        self.name = name
        self.council = CouncilServer(folder / "council", database)
        self.council.init()
        self.council.start()
        stack.callback(self.council.stop)
        self.writer = Station(folder / "writer").join(self.council)
        self.reader = Station(folder / "reader", name="C. Okafor").join(self.council)
        self.writer.sync()
        for station in (self.writer, self.reader):
            stack.callback(station.close)
        self.pushed: list[float] = []
        self.pulled: list[float] = []
        self.amended: list[float] = []
        self.taken: list[float] = []

    def write(self, rows: int) -> list[Revision]:
        """Contacts of about a kilobyte, in one commit."""
        store = self.writer.opened.store
        fields = contact("Shouting since midnight over a phone, now in the bedroom with the door shut. " * 6)
        fields["advice"] = "Keep to the plan: space, a drink, ten minutes, then sit on the landing. " * 3
        from hipss_desktop import identity

        with store.write() as unit:
            return [
                unit.append(
                    record=identity.record_id(), kind="contact", action="finish", fields=fields,
                    changed=sorted(fields), parents=(),
                )
                for _ in range(rows)
            ]  # fmt: skip

    def turn(self, rows: int) -> list[Revision]:
        """One round: write, push, pull, then one amended record there and back."""
        written = self.write(rows)
        self.pushed.append(rate(rows, self.writer.sync))
        self.pulled.append(rate(rows, self.reader.sync))
        self.writer.amend(written[0].envelope.record, happening=f"Asleep now. {time.monotonic_ns()}")
        began = time.perf_counter()
        self.writer.sync()
        middle = time.perf_counter()
        self.reader.sync()
        self.amended.append((middle - began) * 1000)
        self.taken.append((time.perf_counter() - middle) * 1000)
        return written


def _verified_a_second(revisions: list[Revision], key: OKPKey) -> float:
    def check() -> None:
        for revision in revisions:
            verify(revision, key)

    return rate(len(revisions), check)


def _beside(ours: Rounds, peer: float) -> str:
    return f"PouchDB {peer:,.0f}/s, {number(ours.median / peer)}×"


def measured(rounds: int, rows: int) -> list[Line]:
    """``rows`` contacts in every round, on either store."""
    verified: list[float] = []
    inserted: list[float] = []
    fresh: dict[str, float] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(postgresql_cluster())
        pairs = [Pair("SQLite", folder / "sqlite", "", stack), Pair("PostgreSQL", folder / "postgresql", server, stack)]
        for _ in range(rounds):
            for pair in pairs:
                written = pair.turn(rows)
            verified.append(_verified_a_second(written, pairs[-1].writer.opened.store.signing_key))
            inserted.append(inserted_a_second(rows))
        for pair in pairs:
            newcomer = Station(folder / f"{pair.name}-newcomer", name="D. Marsh")
            stack.callback(newcomer.close)
            began = time.perf_counter()
            newcomer.join(pair.council)
            fresh[pair.name] = rounds * rows / (time.perf_counter() - began)
            assert newcomer.opened.store.count("contact") == rounds * rows, "a newcomer lacks records"
    checks, inserts = Rounds(tuple(verified)), Rounds(tuple(inserted))
    lines = []
    for pair in pairs:
        pushed, pulled = Rounds(tuple(pair.pushed)), Rounds(tuple(pair.pulled))
        amended, taken = Rounds(tuple(pair.amended)), Rounds(tuple(pair.taken))
        checked = f"signatures checked on one thread {checks.words('/s')}"
        lines += [
            Line(f"Push, {pair.name}", pushed.words("/s"), checked, pushed.over(checks), _beside(pushed, PEERS["push"])),
            Line(
                f"Pull, {pair.name}", pulled.words("/s"), f"rows inserted by the driver {inserts.words('/s')}",
                pulled.over(inserts), _beside(pulled, PEERS["pull"]),
            ),
            Line(
                f"Joining and pulling all {rounds * rows:,} to a fresh laptop, {pair.name}, once",
                f"{number(fresh[pair.name])} /s", f"signatures checked on one thread {number(checks.median)} /s",
                number(fresh[pair.name] / checks.median), _beside(Rounds((fresh[pair.name],)), PEERS["pull"]),
            ),
            Line(
                f"One amended record to the council, {pair.name}", amended.words(),
                f"one signature checked {number(1000 / checks.median)} ms",
                amended.over(Rounds(tuple(1000 / milliseconds for milliseconds in verified))), f"PouchDB {PEERS['one']} ms",
            ),
            Line(
                f"– and on to the other laptop, {pair.name}", taken.words(), "the same",
                taken.over(Rounds(tuple(1000 / milliseconds for milliseconds in verified))),
            ),
        ]  # fmt: skip
    return lines
