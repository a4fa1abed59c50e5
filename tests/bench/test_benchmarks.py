"""The benchmark runs, and tells of everything it is there to tell of. No time is asserted: that is what its document is for."""

import re
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from db.projections import driver_of, order_key
from hipss_desktop import times
from tests.bench.benchmarks import QUICK, READINGS, ROOT, Part, document, table
from tests.bench.rounds import Line, Rounds
from tests.db.store.measure_save import ByHand, contact, incident, save
from tests.helpers.store_fixtures import make_store

HEADINGS = ("Starting", "Unlocking", "Saving", "Reading", "Consultations", "Exchanging", "Many at once")
SAID = (
    "Process start to unlock window painted, offscreen",
    "Process start to unlock window painted, Xvfb",
    "Key to letters in a new contact's first field",
    "A finished contact, saved",
    "A draft, saved",
    "On call: the board",
    "Contacts: first page",
    "A child: timeline, first page",
    "A child: header with the worst state",
    "A contact with its history",
    "Search: two words",
    "Search: three letters",
    "Palette: as typed",
    "A caller: a misspelling",
    "Open actions",
    "Sync centre",
    "On call: drafts",
    "On call: all that the page reads",
    "Clocks: all that are open",
    "Clocks: all that are open, the first time",
    "The tray: how much is due",
    "A child who is away: the guide",
    "An incident: its clocks",
    "A handover",
    "An incident, saved",
    "A row of an incident, saved",
    "The list of consultations, newest first",
    "The timeline of a child with a case",
    "A consultation, saved",
    "Push, SQLite",
    "Push, PostgreSQL",
    "Pull, SQLite",
    "Pull, PostgreSQL",
    "One amended record to the council, SQLite",
    "One amended record to the council, PostgreSQL",
    "Importing",
    "The doctor over",
)


def test_a_quick_run_reports_every_figure_beside_its_yardstick(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.bench.benchmarks", "--quick", "--store", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    rows = [line for line in done.stdout.splitlines() if line.startswith("| ")]
    assert [line.removeprefix("## ") for line in done.stdout.splitlines() if line.startswith("## ")] == list(HEADINGS)
    for figure_label in SAID:
        assert any(figure_label in row for row in rows), figure_label
    for row in rows:
        label, ours, yardstick, ratio, _ = (cell.strip() for cell in row.strip("|").split("|"))
        if label != "What":
            assert ours, label
            assert yardstick, label
            assert re.match(r"[\d.,]+( \[[\d.,]+–[\d.,]+\])?$", ratio), row


def test_a_ratio_is_of_medians_and_names_the_least_and_the_most_of_the_rounds() -> None:
    assert Rounds((2.0, 4.0, 9.0)).over(Rounds((1.0, 4.0, 3.0))) == "1.33 [1.00–3.00]"


def test_a_document_counts_the_aims_and_says_something_of_every_table() -> None:
    line = Line("Something", "3.00 ms", "another 2.00 ms", "1.50", "at most 1.3×", met=False)
    parts = [Part(heading, (line,)) for heading in HEADINGS]
    written = document(parts, QUICK, ("0.1", "0.2"))
    assert f"0 of {len(HEADINGS)} aims were reached" in written
    assert written.count(table(parts[0]).splitlines()[-1]) == len(HEADINGS)
    for piece in READINGS.read_text(encoding="utf-8").split("\n## "):
        assert piece.partition("\n")[2].strip(), piece


@pytest.mark.parametrize(("kind", "make_fields"), [("contact", contact), ("incident", incident)])
def test_hand_written_sql_makes_the_rows_that_a_save_makes(
    tmp_path: Path, kind: str, make_fields: Callable[[int], dict[str, Any]]
) -> None:
    saving, beside = (make_store(tmp_path / name, times.system_clock) for name in ("saving", "beside"))
    hand = ByHand(beside, tmp_path / "hand.db", secrets.token_bytes(32))
    fields = make_fields(1)
    save(saving, fields, kind)
    hand.save(fields, kind)
    with saving.storage.reading() as connection:
        saved = rows_of(driver_of(connection))
    written = rows_of(hand.connection)
    hand.connection.close()
    saving.close()
    beside.close()
    assert written == saved


def rows_of(connection: Any) -> dict[str, list[tuple[Any, ...]]]:
    """What a save leaves in every table, without what differs from record to record; of identifiers, whether they agree."""
    (record,) = connection.execute("SELECT record FROM current").fetchone()
    (row, fields) = connection.execute("SELECT id, fields FROM current").fetchone()
    answers = msgspec.json.decode(fields)
    dated = times.epoch_ms(answers.get("told") or answers["aware"])
    assert row == order_key(dated, record)
    counted = {
        table: connection.execute(f"SELECT count(*) FROM {table}").fetchall()
        for table in ("envelope", "body", "chain", "draft", "hold", "lacking", "without_effect")
    }
    current = "kind, fields, conflicts, withdrawn, disputed, incomplete, own_number, versions, due, stage"
    return counted | {
        "current": connection.execute(f"SELECT {current} FROM current").fetchall(),
        "link": connection.execute("SELECT person, role, kind, subject, says FROM link ORDER BY role").fetchall(),
        "linked": connection.execute("SELECT count(*) FROM link WHERE id = (SELECT id FROM current)").fetchall(),
        "search": connection.execute("SELECT sz FROM search_docsize").fetchall(),
    }
