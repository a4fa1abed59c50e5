"""What a save costs on the disk, beside the same rows by hand-written SQL and beside one bare flush, taken in turns.

Both sides sign, both write the anchor after the commit, because what is not signed or anchored is not the same save.
"""

import os
import secrets
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec

from db.anchor import AnchorFile
from hipss_desktop import times
from hipss_desktop.services.records import Records
from tests.bench.rounds import Line, Rounds, in_turns, middle_of
from tests.db.store.measure_save import ByHand, contact, incident, save
from tests.helpers.store_fixtures import make_store

AIM = 1.3
TURNS = 6
"""How often the works take turns within a round. Each turn is short: a processor slows and quickens within seconds."""
ROWS = 5
"""Rows that are added to an incident in a round."""
PUT = "INSERT OR REPLACE INTO draft(record, kind, schema, content, saved, question) VALUES (?, ?, ?, ?, ?, ?)"


def measured(rounds: int, calls: int) -> list[Line]:
    """Finishing a contact and keeping a draft."""
    with tempfile.TemporaryDirectory() as folder_name:
        folder = Path(folder_name)
        ours, theirs = (
            make_store(folder / "ours", times.system_clock),
            make_store(folder / "theirs", times.system_clock),
        )
        hand = ByHand(theirs, folder / "hand.db", secrets.token_bytes(32))
        anchor = AnchorFile(folder / "hand-anchor")
        bare = os.open(folder / "bare", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        records = Records(ours, times.system_clock)
        draft = records.new_draft("contact", contact(0), call=True)
        grown = save(ours, incident(0), "incident").envelope.record

        def by_hand(number: int) -> None:
            hand.save(contact(number))
            anchor.write(theirs.seat.seat, hand.number, bytes.fromhex(hand.previous))

        def incident_by_hand(number: int) -> None:
            hand.save(incident(number), "incident")
            anchor.write(theirs.seat.seat, hand.number, bytes.fromhex(hand.previous))

        def add_row(number: int) -> None:
            row = {"recipient": "police", "at": times.stamp(times.system_clock()), "spoke_to": "PC 2231"}
            records.add_row(grown, "notified", row)

        def flush(number: int) -> None:
            os.write(bare, bytes(4096))
            getattr(os, "fdatasync", os.fsync)(bare)

        typed = [{**draft.fields, "advice": f"Space and a drink, {number}"} for number in range(max(calls, 5))]
        drafts = [replace(draft, fields=fields) for fields in typed]

        def keep(number: int) -> None:
            records.save(drafts[number])

        def keep_by_hand(number: int) -> None:
            content = {"fields": typed[number], "parents": [], "why": "", "began": draft.began, "call": draft.call}
            now = times.stamp(times.system_clock(), precise=True)
            run = hand.connection.execute
            run("BEGIN IMMEDIATE")
            run(PUT, (draft.record, "contact", 1, msgspec.json.encode(content), now, ""))
            run("COMMIT")

        def middle(work: Callable[[int], object]) -> Callable[[], float]:
            return lambda: middle_of(calls, work)

        def finish_incident(number: int) -> None:
            save(ours, incident(number), "incident")

        def finish_contact(number: int) -> None:
            save(ours, contact(number))

        for work in (finish_contact, by_hand, finish_incident, incident_by_hand, keep, keep_by_hand):
            middle_of(5, work)
        finish, finish_hand, incident_finish, incident_hand, draft_saves, draft_hand, flushed = in_turns(
            rounds * TURNS, middle(finish_contact), middle(by_hand), middle(finish_incident), middle(incident_by_hand),
            middle(keep), middle(keep_by_hand), middle(flush),
        )  # fmt: skip
        row, beside = in_turns(
            rounds, lambda: middle_of(ROWS, add_row), lambda: middle_of(ROWS, finish_contact)
        )  # the record grows from round to round, to at most a night's rows
        os.close(bare)
        anchor.close()
        hand.connection.close()
        ours.close()
        theirs.close()
    lines = []
    for label, mine, by in (
        ("A finished contact, saved", finish, finish_hand),
        ("An incident, saved", incident_finish, incident_hand),
        ("A draft, saved", draft_saves, draft_hand),
    ):
        yardstick = f"the same rows by hand-written SQL {by.words()}"
        reached = mine.median / by.median <= AIM
        lines.append(Line(label, mine.words(), yardstick, mine.over(by), f"at most {AIM}×", reached))
        bare_words = f"4 KiB appended and flushed {flushed.words()}"
        lines.append(Line(f"– {label[0].lower()}{label[1:]}", mine.words(), bare_words, mine.over(flushed)))
    label = f"A row of an incident, saved beside up to {ROWS * rounds} others"
    lines.append(Line(label, row.words(), f"a finished contact, saved {beside.words()}", row.over(beside)))
    return lines


def inserted_a_second(rows: int) -> float:
    """Rows of a kilobyte that the driver inserts in a second, in one commit, into an encrypted table of its own."""
    import sqlcipher3.dbapi2 as driver

    with tempfile.TemporaryDirectory() as folder:
        connection = driver.connect(str(Path(folder) / "raw.db"), isolation_level=None)
        connection.execute(f"PRAGMA key = \"x'{secrets.token_hex(32)}'\"")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, name TEXT UNIQUE, content BLOB)")
        values = [(secrets.token_hex(32), os.urandom(1024)) for _ in range(rows)]
        began = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO row(name, content) VALUES (?, ?)", values)
        connection.execute("COMMIT")
        took = time.perf_counter() - began
        connection.close()
    return rows / took


def rate(rows: int, work: Callable[[], object]) -> float:
    """Rows a second of work that does so many."""
    began = time.perf_counter()
    work()
    return rows / (time.perf_counter() - began)


def rates(seconds: list[float]) -> Rounds:
    """Rates as rounds."""
    return Rounds(tuple(seconds))
