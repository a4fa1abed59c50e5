"""Lists, timelines and saves with many consultations, beside the yardsticks of reading and of saving."""

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from db.store import LaptopStore
from hipss_desktop import identity, times
from hipss_desktop.figures.periods import quarter
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.kinds.consultation import CONSULTATION
from hipss_desktop.views.services import Services
from tests.bench.night import clock
from tests.bench.rounds import Line, Rounds, in_turns, middle_of, number, percentile
from tests.db.store.measure_save import contact, save
from tests.helpers import tiss
from tests.helpers.store_fixtures import make_store, sign_in_as
from ui.records.listing import made_from
from ui.records.timeline_pane import TimelineFilters, read_timeline

CASES = 400
AIM, SAVE_AIM = 16, 1.3
"""Milliseconds of a list at the 95th percentile; a save beside a finished contact's."""
WORDS = (
    "The team asks how to begin again after a placement that ended in a night, and what the school can do by Friday. "
    "What sets it off is being told late. What protects is the walk with the dog, and one adult who says the same each time. "
)


def filled(folder: Path, rows: int) -> tuple[LaptopStore, Services, str]:
    """A lead's store with the consultations of many years, and a child who is one of the cases."""
    store = make_store(folder, clock, role="lead")
    sign_in_as(store, role="lead")
    services = Services(store, clock)
    child, cases = identity.record_id(), [identity.record_id() for _ in range(CASES)]
    with store.write() as unit:
        _append(unit, child, "child", {"given_name": "Kai", "family_name": "Moss", "local_id": "HIPSS-017"})
        for place, case in enumerate(cases):
            same = {"same_as": [tiss.row(child=child)]} if place == 0 else {}
            fields = {"name": "S.", "number": f"EOC-{place}", "team": "edge_of_care", **same}
            _append(unit, case, "case", fields)
    for start in range(0, rows, 1000):
        with store.write() as unit:
            for place in range(start, start + 1000):
                _append(unit, identity.record_id(), CONSULTATION.name, consultation(place, cases[place % CASES]))
    return store, services, child


def consultation(place: int, case: str) -> dict[str, Any]:
    """The answers of one of many."""
    held = times.local_day(clock()) - timedelta(days=1 + place % 3000)
    text = tiss.question(WORDS * 4)
    return tiss.held(about="case", case=case, held_on=held.isoformat(), text=text, asked_on=held.isoformat())


def _append(unit: Any, record: str, kind: str, fields: dict[str, Any]) -> None:
    unit.append(record=record, kind=kind, action="finish", fields=fields, changed=sorted(fields), parents=())


def _of_the_processor(asks: int, work: Callable[[], Any]) -> tuple[float, float]:
    """The middle and the 95th percentile of many readings, in milliseconds of the processor."""
    spent = []
    for _ in range(asks):
        began = time.process_time()
        work()
        spent.append((time.process_time() - began) * 1000)
    return percentile(spent, 0.5), percentile(spent, 0.95)


def read(services: Services, child: str, asks: int) -> list[Line]:
    """The lists and the timeline, each beside a record by its key."""
    listing = made_from(KINDS[CONSULTATION.name])
    newest = services.store.records_of(CONSULTATION.name, limit=1)[0]
    questions = (
        ("The list of consultations, newest first", lambda: listing.fetch(services, "", "", None)),
        ("The list of consultations in a stage", lambda: listing.fetch(services, "", "held", None)),
        ("Consultations by two words", lambda: services.timelines.search("school friday", kind=CONSULTATION.name)),
        ("The timeline of a child with a case", lambda: read_timeline(services, child, TimelineFilters(days=None), 60)),
        ("Its worst state", lambda: services.timelines.worst_state(child)),
        ("A consultation with its history", lambda: services.record_views.view(newest.record)),
        ("May it be the same as another", lambda: services.twice_written.may_be(newest)),
    )
    by_key, _ = _of_the_processor(asks, lambda: services.store.get(newest.record))
    lines = []
    for label, work in questions:
        work()
        middle, late = _of_the_processor(asks, work)
        yardstick = f"a record by its key {number(by_key)} ms"
        ratio = number(middle / by_key)
        lines.append(
            Line(
                label,
                f"p50 {number(middle)} ms, p95 {number(late)} ms of the processor",
                yardstick,
                ratio,
                f"p95 at most {AIM} ms",
                late <= AIM,
            )
        )
    counted, _ = _of_the_processor(3, lambda: services.consultation_tables.of(quarter("2016/17-4")))
    lines.append(
        Line(
            "The table of a quarter, over all",
            f"{number(counted)} ms of the processor",
            "a record by its key",
            number(counted / by_key),
        )
    )
    return lines


def saved(services: Services, store: LaptopStore, rounds: int, saves: int) -> list[Line]:
    """A consultation, finished in the window's way, beside a contact in the same store."""
    case = store.records_of("case", limit=1)[0].record

    def finish(place: int) -> None:
        draft = services.records.new_draft(CONSULTATION.name)
        services.records.finish(replace(draft, fields=consultation(place, case)))

    def by_unit(place: int) -> None:
        save(store, consultation(place, case), CONSULTATION.name)

    whole, unit, beside = in_turns(
        rounds,
        lambda: middle_of(saves, finish),
        lambda: middle_of(saves, by_unit),
        lambda: middle_of(saves, lambda place: save(store, contact(place))),
    )
    return [_line("A consultation, saved", unit, beside), _line("A consultation, checked and saved", whole, beside)]


def _line(label: str, ours: Rounds, beside: Rounds) -> Line:
    ratio = ours.median / beside.median
    yardstick = f"a finished contact in the same store {beside.words()}"
    return Line(label, ours.words(), yardstick, ours.over(beside), f"at most {SAVE_AIM}×", ratio <= SAVE_AIM)


def measured(rounds: int, asks: int, rows: int) -> list[Line]:
    """All of it, with so many consultations."""
    with tempfile.TemporaryDirectory() as folder:
        store, services, child = filled(Path(folder), rows)
        lines = [*read(services, child, asks), *saved(services, store, rounds, asks)]
        store.close()
    return lines
