"""Benchmarks of work on many records at once: importing a sheet, and checking the whole store with the doctor."""

import functools
import tempfile
import time
from datetime import date
from pathlib import Path

from db.doctor import examine
from hipss_desktop.records.revision import verify
from hipss_desktop.services.importing import import_sheet
from resources.demo.history import year_log
from tests.bench.caseload import BenchStore, load_people
from tests.bench.night import clock
from tests.bench.rounds import Line, Rounds, number
from tests.bench.saves import inserted_a_second, rate
from tests.helpers.store_fixtures import make_store


def import_sheets(rounds: int, rows: int) -> list[Line]:
    """Import a year's contacts from a sheet, another year in each round, and compare with rows that the driver inserts."""
    import_rates, insert_rates = list[float](), list[float]()
    with tempfile.TemporaryDirectory() as folder:
        store = make_store(Path(folder), clock)
        years = [
            year_log(3, contacts=rows, children=12, households=9, start=date(2016 - number, 1, 1))
            for number in range(rounds)
        ]
        load_people(store, years[0])
        for year in years:
            log = year.log
            import_rates.append(rate(rows, functools.partial(import_sheet, store, "contact", log, clock=clock)))
            insert_rates.append(inserted_a_second(rows))
        stored_contacts = store.count("contact")
        store.close()
    assert stored_contacts == rounds * rows, "rows are missing"
    imports, inserts = Rounds(tuple(import_rates)), Rounds(tuple(insert_rates))
    yardstick = f"rows inserted by the driver {inserts.words('/s')}"
    return [Line(f"Importing {rows:,} contacts as CSV", imports.words("rows/s"), yardstick, imports.over(inserts))]


def run_doctor(bench_store: BenchStore) -> list[Line]:
    """Run the doctor once on the whole store, and compare with verifying the signatures of as many revisions."""
    with bench_store.opened() as opened:
        seat = opened.store.seat.seat
        sample = opened.store.chain(seat, after=0, limit=2000)

        def check() -> None:
            for revision in sample:
                verify(revision, opened.store.signing_key)

        before = rate(len(sample), check)
        began = time.perf_counter()
        examination = examine(opened.store)
        took = time.perf_counter() - began
        after = rate(len(sample), check)
    assert not examination.findings, "the doctor found something"
    a_second = (before + after) / 2
    yardstick = f"checking as many signatures on one thread {number(examination.checked / a_second)} s"
    ratio = number(took * a_second / examination.checked)
    return [Line(f"The doctor over {examination.checked:,} revisions, once", f"{number(took)} s", yardstick, ratio)]
