"""Everything a screen reads, over a store of a hundred thousand contacts, beside one row read by its primary key.

Each query is the use case or page function that a screen calls, whole: SQL, decoding, and the words it makes of it.
"""

import functools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from db.store import LaptopStore
from hipss_desktop import times
from hipss_desktop.services.clocks import Clocks
from hipss_desktop.services.countersigning import Countersigning
from hipss_desktop.services.due_dates import DueDates
from hipss_desktop.services.records import Records
from hipss_desktop.services.strain import Strains
from hipss_desktop.services.sync_status import Status
from hipss_desktop.services.training import Trainings
from hipss_desktop.views.drafts import read_drafts
from hipss_desktop.views.services import Services
from tests.bench.caseload import BenchStore
from tests.bench.night import clock
from tests.bench.rounds import Line, Rounds, number, percentile, taken
from ui.children.child_page import read_child
from ui.on_call.on_call_page import read_board, read_due
from ui.records.listings_by_hand import action_rows, carer_rows, child_rows, contact_rows
from ui.records.timeline_pane import TimelineFilters, read_page, read_timeline
from ui.shell.window import read_frame_state

AIM = 16
"""Milliseconds at the 95th percentile."""

Ask = Callable[[int], Any]
"""Asks once; told how often it was asked before, so that it does not ask for the same thing again and again."""


@dataclass(frozen=True)
class Query:
    """What a screen asks for, in words, and how."""

    words: str
    ask: Ask
    once: bool = False
    """Whether it is asked once after unlocking, so that no aim is set for it."""


class _Session:
    """Just what the window's frame reads of a session."""

    def __init__(self, services: Services) -> None:
        self.services = services

    def status(self) -> Status:
        """Offline."""
        return Status("offline", clock() - timedelta(hours=1))

    def recovery_key_waits(self) -> bool:
        """Nobody has it yet, so that whether to ask for it by day is read too."""
        return True


def queries(services: Services) -> list[Query]:
    """All of them."""
    store, timelines, people = services.store, services.timelines, services.people
    named = [record.record for record in people.of_kind("child")]
    busy = sorted(named, key=timelines.count)[-60:]
    placed = [child.record for child in services.on_call.board().children]
    contacts = store.records_of("contact", limit=2000)
    records = [contact.record for contact in contacts]
    actions = [record.record for record in store.records_of("action", limit=100)]
    carers = [record.record for record in people.of_kind("carer")]
    away = [episode.record for episode in store.records_due("missing_episode")]
    incidents = [incident.record for incident in store.records_of("incident", limit=200)]
    handovers = [handover.record for handover in store.records_of("handover", limit=30)]
    families = sorted({str(record.fields.get("family_name")) for record in people.of_kind("child")})
    words = _words(store)
    quarter = TimelineFilters()
    everything = TimelineFilters(days=None)

    def of(values: Sequence[Any], ask: Callable[[Any], Any]) -> Ask:
        return lambda at: ask(values[at * 7 % len(values)])

    def pages(at: int) -> Any:
        return contact_rows(services, "", "", contacts[at * 60 % len(contacts)].id)

    def next_page(child: str) -> Any:
        return read_page(services, child, everything, contacts[-1].id, 60)

    window: Any = _Session(services)
    typed = ["pr", "kai", "mor", "HIPSS-1", "0900", "lo", "back", "priest", "school", "s"]
    return [
        Query("On call: the board", lambda at: services.on_call.board()),
        Query(
            "On call: all that the page reads, its board and what is due",
            lambda at: (read_board(services), read_due(services)),
        ),
        Query("On call: which placements are under strain", lambda at: services.strain_views.sentences(placed)),
        Query(
            "On call: which placements are under strain, the first time after unlocking",
            lambda at: Strains(store, people).of_children(placed, times.local_day(clock())),
            once=True,
        ),
        Query("On call: drafts", lambda at: read_drafts(services)),
        Query("Clocks: all that are open", lambda at: services.clocks.open()),
        Query(
            "Clocks: all that are open, the first time after unlocking",
            lambda at: Clocks(store, services.records, clock).open(),
            once=True,
        ),
        Query("The tray: how much is due", lambda at: services.due_counts.now()),
        Query("The frame: pill, shift, overdue, numbers", lambda at: read_frame_state(window)),
        Query("Contacts: first page", lambda at: contact_rows(services, "", "", None)),
        Query("Contacts: a later page", pages),
        Query("Contacts: how many", lambda at: store.count("contact")),
        Query("Contacts: filter by a word", of(words.usual, lambda word: contact_rows(services, word, "", None))),
        Query("Contacts: filter by a name", of(families, lambda name: contact_rows(services, name, "", None))),
        Query("Children: first page", lambda at: child_rows(services, "", "", None)),
        Query("Children: filter by a name", of(families, lambda name: child_rows(services, name, "", None))),
        Query("Carers: first page", lambda at: carer_rows(services, "", "", None)),
        Query("Actions: open", lambda at: action_rows(services, "", "open", None)),
        Query("Actions: all, first page", lambda at: action_rows(services, "", "all", None)),
        Query(
            "A child: the whole page",
            of(busy, lambda child: read_child(services, child, lambda read: read_timeline(read, child, quarter, 60))),
        ),
        Query("A child: header with the worst state", of(busy, timelines.header)),
        Query(
            "A child: timeline, first page", of(busy, lambda child: read_page(services, child, everything, None, 60))
        ),
        Query("A child: timeline, a later page", of(busy, next_page)),
        Query("A child: how many records", of(busy, timelines.count)),
        Query("A child: the card beside a call", of(busy, services.child_cards.card)),
        Query("A caller: the card of a household", of(carers, services.caller_cards.card)),
        Query("A child who is away: the guide", of(away, services.missing_guides.view)),
        Query("An incident: its clocks", of(incidents, services.incident_views.view)),
        Query("A handover", of(handovers, services.handover_views.view)),
        Query("Due: what is due for 500 households", lambda at: services.due_dates.all()),
        Query(
            "Due: what is due for 500 households, the first time after unlocking",
            lambda at: DueDates(store, people, Trainings(store), clock).all(),
            once=True,
        ),
        Query("Countersign: what waits", lambda at: services.countersigning_views.rows()),
        Query(
            "Countersign: what waits, the first time after unlocking",
            lambda at: Countersigning(services.records, clock).waiting(),
            once=True,
        ),
        Query("The rota: a fortnight", lambda at: services.rota_views.fortnight()),
        Query("The day: what came since", lambda at: services.since.page()),
        Query("A contact with its history", of(records, services.record_views.view)),
        Query("An action with its history", of(actions, services.record_views.view)),
        Query("A household with its history", of(carers, services.record_views.view)),
        Query("Search: a rare word", of(words.rare, timelines.search)),
        Query("Search: a usual word", of(words.usual, timelines.search)),
        Query("Search: the commonest words", of(words.common, timelines.search)),
        Query("Search: two words", of(words.pairs, timelines.search)),
        Query("Search: two letters", of(words.begun(2), timelines.search)),
        Query("Search: three letters", of(words.begun(3), timelines.search)),
        Query("Search: four letters", of(words.begun(4), timelines.search)),
        Query("Search: a word and three letters", of(words.and_begun, timelines.search)),
        Query("Search: a word that is nowhere", of(["zyxgold", "qqvark", "wobblet"], timelines.search)),
        Query("Palette: as typed", of(typed, services.palette.find)),
        Query("Palette: a family name", of(families, services.palette.find)),
        Query("Palette: words of a call", of(words.pairs, services.palette.find)),
        Query("A caller: two letters", of([name[:2] for name in families], services.calls.callers)),
        Query("A caller: a misspelling", of([_misspelt(name) for name in families], people.find)),
        Query("A caller: four digits", of(["0123", "0456", "0900", "9603", "0077"], people.find)),
        Query("A call about a child begins", of(busy, lambda child: services.calls.begin(child=child))),
        Query("Open actions", lambda at: store.records_due("action", limit=200)),
        Query("Sync centre", lambda at: services.sync_centre.centre(window.status())),
        Query("Sync pill", lambda at: services.sync_centre.pill(window.status())),
        Query("Undecided records", lambda at: store.undecided()),
    ]


def _misspelt(name: str) -> str:
    return name[:1] + name[2:3] + name[1:2] + name[3:]


@dataclass(frozen=True)
class Words:
    """Words of the contacts: in thousands of them, in hundreds, in few; and two that stand together."""

    common: Sequence[str]
    usual: Sequence[str]
    rare: Sequence[str]
    pairs: Sequence[str]

    def begun(self, letters: int) -> list[str]:
        """The first letters of words."""
        return sorted({word[:letters] for word in (*self.common, *self.usual, *self.rare) if len(word) > letters})

    @functools.cached_property
    def and_begun(self) -> list[str]:
        """A word, and the beginning of another of the same contact."""
        return [f"{first} {second[:3]}" for first, second in (pair.split() for pair in self.pairs)]


def _words(store: LaptopStore | Any) -> Words:
    counts: dict[str, int] = {}
    pairs: list[str] = []
    for record in store.records_of("contact", limit=3000):
        long_words = [word.strip(".,:;?!").casefold() for word in str(record.fields.get("happening") or "").split()]
        long_words = [word for word in long_words if word.isalpha() and len(word) > 3]
        for word in set(long_words):
            counts[word] = counts.get(word, 0) + 1
        if len(long_words) > 4:
            pairs.append(f"{long_words[1]} {long_words[4]}")
    order = sorted(counts, key=lambda word: (-counts[word], word))
    third = max(1, len(order) // 3)
    return Words(order[:12], order[12:third], order[-third:], pairs[::25])


def prepared(services: Services) -> None:
    """Some drafts, as there would be; once for each store."""
    if services.store.drafts():
        return
    records = Records(services.store, clock)
    for words in (
        "Shouting on the landing, door slammed",
        "Home from school and will not eat",
        "Wants to ring his mum",
    ):
        draft = records.new_draft(
            "contact", {"type": "call", "caller_name": "Jo Preece", "happening": words}, call=True
        )
        records.save(services.calls.end_call(draft))


def _taken(ask: Ask, at: int) -> tuple[float, float]:
    """Milliseconds of one asking, and how many of them this thread had the processor."""
    began, worked = time.perf_counter(), time.thread_time()
    ask(at)
    return (time.perf_counter() - began) * 1000, (time.thread_time() - worked) * 1000


def measured(bench_store: BenchStore, rounds: int, repeats: int) -> list[Line]:
    """Every query ``repeats`` times in every round, in turns with a read by primary key."""
    with bench_store.opened() as opened:
        services = opened.services
        prepared(services)
        measured_queries = queries(services)
        ids = [contact.id for contact in services.store.records_of("contact", limit=2000)]
        storage = opened.store.storage

        def by_key(at: int) -> None:
            with storage.reading() as connection:
                connection.exec_driver_sql(
                    "SELECT fields FROM current WHERE id = ?", (ids[at * 13 % len(ids)],)
                ).fetchone()

        for query in measured_queries:
            query.ask(0)
        wall_times: list[list[float]] = [[] for _ in measured_queries]
        middles: list[list[float]] = [[] for _ in measured_queries]
        keys: list[list[float]] = [[] for _ in measured_queries]
        processor_times: list[list[float]] = [[] for _ in measured_queries]
        for turn in range(rounds):
            for place, query in enumerate(measured_queries):
                row = [taken(functools.partial(by_key, turn * repeats + at)) for at in range(repeats)]
                both = [_taken(query.ask, turn * repeats + at) for at in range(1 if query.once else repeats)]
                ours = [wall for wall, _ in both]
                wall_times[place] += ours
                processor_times[place] += [processor for _, processor in both]
                middles[place].append(percentile(ours, 0.5))
                keys[place].append(percentile(row, 0.5))
    lines = []
    for place, query in enumerate(measured_queries):
        p50, p95 = percentile(wall_times[place], 0.5), percentile(wall_times[place], 0.95)
        row_read = Rounds(tuple(keys[place]))
        lines.append(
            Line(
                query.words,
                f"p50 {number(p50)} ms, p95 {number(p95)} ms; of the processor p95 "
                f"{number(percentile(processor_times[place], 0.95))} ms",
                f"a row by its key {number(row_read.median)} ms",
                Rounds(tuple(middles[place])).over(row_read),
                "" if query.once else f"p95 at most {AIM} ms",
                None if query.once else p95 <= AIM,
            )
        )
    return lines
