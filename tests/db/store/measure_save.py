"""Measures what a save costs beside the same rows written by hand-written SQL, and how fast others' records are taken in.

Not a test: ``python tests/db/store/measure_save.py``. Rounds are taken in turns, the ratio is of medians. Both sides sign, because
a revision that is not signed is not the same row.
"""

import argparse
import cProfile
import json
import pstats
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hipss_desktop.records.paragraphs import one_paragraph

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import msgspec
import sqlcipher3.dbapi2 as driver

from db import projections
from db.store import LaptopStore
from hipss_desktop import identity, times
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.folding import folded
from hipss_desktop.records.revision import Envelope, Revision, body_bytes, body_digest, new_salt, signed
from tests.helpers.store_fixtures import make_store

CONTACT = KINDS["contact"]
DATED_BY = {"contact": "told", "incident": "aware"}
"""The field that dates a record of a kind."""


def words_of_a_contact(fields: dict[str, Any]) -> str:
    """What search finds of a contact, folded, with the labels of today."""
    caller, about, happening, advice, why = (
        fields[name] for name in ("caller_name", "concerns", "happening", "advice", "risk_why")
    )
    return "\n".join(map(folded, [f"{caller} rang", caller, *about, happening, advice, why, "Nobody"]))


def words_of_an_incident(fields: dict[str, Any]) -> str:
    """What search finds of an incident, folded."""
    labels = "Self-harm or overdose", "Police called"
    title = f"{labels[0]}, {labels[1].lower()}"
    texts = (fields[name][0]["text"] for name in ("happening", "injuries"))
    return "\n".join(map(folded, [title, ", ".join(labels), *texts]))


SEARCHED = {"contact": words_of_a_contact, "incident": words_of_an_incident}


def contact(number: int) -> dict[str, Any]:
    """The fields of an invented contact."""
    return {
        "type": "call",
        "caller_name": f"Jo Preece {number}",
        "channel": "phone",
        "children": [f"0199c0de-0000-7000-8000-00000000{number % 12:04x}"],
        "concerns": ["conflict"],
        "happening": "Shouting since midnight over a phone, now in the bedroom with the door shut. " * 4,
        "advice": "Keep to the plan: space, a drink, ten minutes, then sit on the landing. Ring again at three. " * 2,
        "risk": "medium",
        "risk_why": "Has left the house before when it went on past two.",
        "needs_to_know": ["nobody"],
        "told": times.stamp(times.system_clock()),
    }


def incident(number: int) -> dict[str, Any]:
    """The fields of an invented incident."""
    now = times.stamp(times.system_clock())
    return {
        "types": ["self_harm", "police_called"],
        "children": [f"0199c0de-0000-7000-8000-00000000{number % 12:04x}"],
        "happened": now,
        "aware": now,
        "happening": one_paragraph("Locked in the bathroom since half past one and would not come out. " * 6),
        "injuries": one_paragraph("A scratch on the left arm, looked at and cleaned."),
        "police_serious": "yes",
        "mental_health": "no",
        "abuse_suspected": "no",
    }


class ByHand:
    """The same rows as a save leaves, by plain SQL on the driver in a store of its own."""

    def __init__(self, store: LaptopStore, path: Path, key: bytes) -> None:
        self.store = store
        self.number, self.previous = 0, ""
        self.connection = driver.connect(str(path), isolation_level=None)
        self.connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "wal_autocheckpoint = 2000"):
            self.connection.execute(f"PRAGMA {pragma}")
        with store.storage.reading() as source:
            for (sql,) in source.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall():
                if "'search_" not in sql and "sqlite_sequence" not in sql:
                    self.connection.execute(sql)
        self.connection.execute("INSERT INTO search(search, rank) VALUES ('secure-delete', 1)")
        for name, fields in (("contact", contact(0)), ("incident", incident(0))):
            described = KINDS[name]
            written = projections.search_words(described, described.read(fields), fields)
            assert SEARCHED[name](fields) == written, f"the words of a {name} by hand are not those of a save"

    def save(self, fields: dict[str, Any], kind: str = "contact") -> None:
        """One save of a contact or an incident."""
        seat, record, salt = self.store.seat, identity.record_id(), new_salt()
        content = body_bytes(fields, sorted(fields))
        clock = times.stamp(times.system_clock(), precise=True)
        revision = signed(
            Envelope(record, kind, 1, [], seat.person, seat.device, seat.seat, self.number + 1, self.previous or None, clock,
                     "finish", body_digest(salt, content)),
            self.store.signing_key, salt, content,
        )  # fmt: skip
        row = projections.order_key(times.epoch_ms(fields[DATED_BY[kind]]), record)
        text = msgspec.json.encode(fields, order="deterministic").decode()
        words = SEARCHED[kind](fields)
        run = self.connection.execute
        run("BEGIN IMMEDIATE")
        run(
            "INSERT INTO envelope(digest, seat, number, record, kind, jws) VALUES (?, ?, ?, ?, ?, ?)",
            (revision.digest, seat.seat, self.number + 1, record, kind, revision.jws),
        )
        run("INSERT INTO body VALUES (?, ?, ?)", (revision.digest, salt, content))
        run("INSERT OR REPLACE INTO chain VALUES (?, ?, ?)", (seat.seat, self.number + 1, revision.digest))
        run("INSERT INTO current VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (row, record, kind, text, json.dumps([revision.digest]), "{}", 0, 0, 0, self.number + 1, 1, seat.person,
             clock, None, "", identity.reference_characters(record)))  # fmt: skip
        run("INSERT INTO link VALUES (?, ?, ?, ?, ?, NULL)", (fields["children"][0], "children", row, kind, 1))
        if kind == "incident":
            run("INSERT INTO link VALUES ('countersignature', 'awaits', ?, ?, 0, NULL)", (row, kind))
        run("INSERT INTO search(rowid, words) VALUES (?, ?)", (row, words))
        run("DELETE FROM draft WHERE record = ?", (record,))
        run("COMMIT")
        self.number, self.previous = self.number + 1, revision.digest


def save(store: LaptopStore, fields: dict[str, Any], kind: str = "contact") -> Revision:
    """One save as a finish makes it, without the anchor, which hand-written SQL has none of."""
    with store.write() as unit:
        record = identity.record_id()
        revision = unit.append(
            record=record, kind=kind, action="finish", fields=fields, changed=sorted(fields), parents=()
        )
        unit.drop_draft(record)
    return revision


def timed(work: Any, times_over: int, *, clock: Callable[[], float] = time.perf_counter) -> list[float]:
    """Milliseconds of each call."""
    taken = []
    for number in range(times_over):
        fields = contact(number)
        began = clock()
        work(fields)
        taken.append((clock() - began) * 1000)
    return taken


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--saves", type=int, default=60)
    options.add_argument("--profile", action="store_true")
    arguments = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = make_store(Path(folder) / "ours", times.system_clock)
        bare = make_store(Path(folder) / "bare", times.system_clock)
        bare._anchor_said = lambda last: None  # type: ignore[method-assign]  # as without an anchor
        hand = ByHand(store, Path(folder) / "hand.db", secrets.token_bytes(32))
        if arguments.profile:
            profile = cProfile.Profile()
            profile.runcall(timed, lambda fields: save(store, fields), 400)
            pstats.Stats(profile).sort_stats("tottime").print_stats(25)
            return
        ours: list[float] = []
        without: list[float] = []
        theirs: list[float] = []
        for _ in range(arguments.rounds):
            ours += timed(lambda fields: save(store, fields), arguments.saves)
            without += timed(lambda fields: save(bare, fields), arguments.saves)
            theirs += timed(hand.save, arguments.saves)
        middle, plain, base = statistics.median(ours), statistics.median(without), statistics.median(theirs)
        print(f"a save {middle:.2f} ms, without its anchor {plain:.2f} ms, by hand {base:.2f} ms: "  # noqa: T201  a script
              f"{middle / base:.2f}x, {plain / base:.2f}x")  # fmt: skip
        busy = [
            statistics.median(timed(work, 300, clock=time.process_time))
            for work in (lambda fields: save(bare, fields), hand.save)
        ]
        print(f"of which the processor: {busy[0]:.2f} ms, by hand {busy[1]:.2f} ms")  # noqa: T201  a script
        revisions = store.chain(store.seat.seat, after=0, limit=100_000)
        taker = make_store(Path(folder) / "taker", times.system_clock, name="C. Okafor")
        began = time.perf_counter()
        for start in range(0, len(revisions), 500):
            with taker.write() as unit:
                unit.absorb(revisions[start : start + 500])
        rate = len(revisions) / (time.perf_counter() - began)
        began = time.perf_counter()
        with store.write() as unit:
            for number in range(500):
                unit.append(
                    record=identity.record_id(),
                    kind="contact",
                    action="finish",
                    fields=(fields := contact(number)),
                    changed=sorted(fields),
                    parents=(),
                )
        wrote = 500 / (time.perf_counter() - began)
        print(f"taken in {rate:,.0f} records a second, written in one unit {wrote:,.0f} a second")  # noqa: T201  a script
        for laptop_store in (store, bare, taker):
            laptop_store.close()


if __name__ == "__main__":
    main()
