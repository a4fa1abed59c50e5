"""What ten years of nights leave behind beside the contacts: incidents and their clocks, restraints, episodes, handovers.

Of all incidents but some seventy everybody was told. Those leave two hundred clocks open, while alerts stand and children are
away. Must not be read by the program.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count, islice
from typing import Any

from hipss_desktop import identity, times
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.changes import changed_units
from hipss_desktop.records.fields import Fields
from hipss_desktop.records.paragraphs import one_paragraph
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import Store
from hipss_desktop.services.record_clocks import RecordClock
from hipss_desktop.views.services import Services

NOW = datetime(2016, 12, 31, 23, 30, tzinfo=UTC)
RUNNING, OPEN_CLOCKS = 70, 200
"""Incidents whose clocks run, and how many of them are open at least."""
HOLDS, HOLDS_RUNNING = 40, 3
EPISODES, AWAY = 200, 3
ALERTS, ENDED_ALERTS = 20, 300
NIGHTS = 365
"""Handovers and night pack checks, one for each of the last nights."""
TYPES = (
    ("self_harm", "police_called"),
    ("aggression", "damage_fire"),
    ("illness_accident", "hospital"),
    ("exploitation",),
    ("serious_offence", "police_called"),
)


def clock() -> datetime:
    """Late in the evening of the last night."""
    return NOW


def append(store: Store, kind: str, bodies: Iterable[dict[str, Any]]) -> list[str]:
    """Finish records of a kind in one commit; their names."""
    records = []
    with store.write() as unit:
        for fields in bodies:
            records.append(identity.record_id())
            unit.append(
                record=records[-1],
                kind=kind,
                action="finish",
                fields=fields,
                changed=changed_units(KINDS[kind], {}, fields),
                parents=(),
            )
    return records


def load_nights(store: Store, *, settled: int) -> None:
    """Everything of the nights but their contacts, which are there already; ``settled`` incidents of which all were told."""
    children = [record.record for record in People(store).of_kind("child")]
    placed = [placement.child for placement in People(store).placements(times.tonight(NOW))]
    _settings(store)
    _incidents(store, children, placed, settled)
    _holds(store, placed)
    append(store, "missing_episode", islice(_episodes(placed), EPISODES))
    append(store, "alert", islice(_alerts(placed), ALERTS + ENDED_ALERTS))
    append(store, "handover", _handovers(store))
    append(store, "night_check", _night_checks())
    running = len(Services(store, clock).clocks.open())
    assert running >= OPEN_CLOCKS, running


def _before(**span: float) -> str:
    return times.stamp(NOW - timedelta(**span))


def _settings(store: Store) -> None:
    append(store, "closing_day", ({"day": f"2016-12-{28 + place}", "why": "Closed"} for place in range(3)))
    append(store, "value", [{"name": "council_name", "value": "Wye County Council", "starts": "2006-01-01"}])
    nurse = {
        "name": "Designated nurse",
        "number": "01632 960222",
        "events": ["S7-03", "serious_harm"],
        "unit": "working_days",
        "within": 1,
        "starts": "2007-01-01",
    }
    append(store, "recipient", [nurse])


def _incidents(store: Store, children: list[str], placed: list[str], settled_count: int) -> None:
    """Incidents over ten years, then those of the last days: of every third one all is left to decide, the others are late."""
    contacts = store.records_of("contact", limit=settled_count)

    def settled() -> Iterator[dict[str, Any]]:
        for place in range(settled_count):
            at = _before(hours=96 + place * 40)
            yield {
                "types": list(TYPES[place % len(TYPES)]),
                "children": [children[place % len(children)]],
                "happened": at,
                "aware": at,
                "happening": one_paragraph("Went out of the back door after the call and was angry."),
                "police_serious": "yes",
                "abuse_suspected": "no",
                "mental_health": "no",
                "from_contact": contacts[place].record if place % 2 and place < len(contacts) else "",
            }

    def running() -> Iterator[dict[str, Any]]:
        for place in range(RUNNING):
            at = _before(hours=place)
            yield {
                "types": ["self_harm", "police_called"],
                "children": [placed[place % len(placed)]],
                "happened": at,
                "aware": at,
                "happening": one_paragraph("Locked in the bathroom and would not come out."),
                "from_contact": contacts[place].record if place % 2 and place < len(contacts) else "",
                **({"police_serious": "yes", "mental_health": "yes"} if place % 3 else {}),
            }

    done = append(store, "incident", settled())
    tell_all(store, done)
    signed = ({"incident": record, "recipient": "ofsted", "at": _before(hours=1)} for record in done[:300])
    append(store, "sign_off", signed)
    append(store, "incident", running())


def tell_all(store: Store, records: Iterable[str]) -> None:
    """Add to each incident a row for each clock that is open, by a press of its own as in the night."""
    services = Services(store, clock)
    rows = [
        (record, _notified_row(of, place))
        for record in records
        for place, of in enumerate(of for of in services.clocks.of(record) if of.clock.is_open)
    ]
    with store.write() as unit:
        heads: dict[str, tuple[str, ...]] = {}
        for record, row in rows:
            known = store.get(record)
            assert known is not None
            revision = unit.append(
                record=record,
                kind="incident",
                action="amend",
                fields={"notified": [row]},
                changed=[f"notified/{row['id']}"],
                parents=heads.get(record, known.heads),
            )
            heads[record] = (revision.digest,)


def _notified_row(of: RecordClock, place: int) -> Fields:
    counts_from = of.clock.counts_from or NOW
    row = {
        "id": identity.row_id(),
        "recipient": of.clock.recipients[0],
        "own_recipient": of.clock.own_recipient,
        "spoke_to": "P. Shaw",
        "at": times.stamp(counts_from + timedelta(minutes=20 + 5 * place)),
        "how": "phone",
    }
    return {name: value for name, value in row.items() if value}


def _holds(store: Store, placed: list[str]) -> None:
    def bodies() -> Iterator[dict[str, Any]]:
        for place in range(HOLDS):
            ended = NOW - timedelta(hours=1 + place * 24)
            body: dict[str, Any] = {
                "child": placed[place % len(placed)],
                "began": times.stamp(ended - timedelta(minutes=4)),
                "ended": times.stamp(ended),
                "held_by": "Carol",
                "where": "Kitchen",
                "led_to_it": one_paragraph("A glass was thrown."),
                "tried_first": one_paragraph("A quiet voice."),
                "hold_words": one_paragraph("By the arm."),
                "why_needed": one_paragraph("The glass."),
            }
            if place >= HOLDS_RUNNING:
                body["written"] = times.stamp(ended + timedelta(minutes=30))
                body["spoke_to"] = [
                    {"id": f"0{at}", "who": who, "spoken_by": "A. Bevan", "at": times.stamp(ended + timedelta(hours=1))}
                    for at, who in enumerate(("carer", "child"))
                ]
            yield body

    records = append(store, "restraint", bodies())
    signed = (
        {"restraint": record, "recipient": "carer_spoken_to", "at": _before(minutes=5)}
        for record in records[HOLDS_RUNNING:]
    )
    append(store, "sign_off", signed)


def _episodes(placed: list[str]) -> Iterator[dict[str, Any]]:
    """Episodes, newest first: of those who are away now the police were told, the others came back in the night."""
    for place in count():
        gone = NOW - timedelta(hours=2 + place * 30)
        body: dict[str, Any] = {
            "child": placed[place % len(placed)],
            "type": "M",
            "last_seen": times.stamp(gone),
            "reported": times.stamp(gone),
            "steps": [
                {
                    "id": "01",
                    "step": "police",
                    "at": times.stamp(gone + timedelta(minutes=10)),
                    "by": "A. Bevan",
                    "log_number": f"0{place:03}",
                    "grade": "medium",
                }
            ],
        }
        if place >= AWAY:
            back = times.stamp(gone + timedelta(hours=3))
            body["returned"] = [{"id": "01", "at": back, "how": "came_back", "seen_by": "Carol"}]
        yield body


def _alerts(placed: list[str]) -> Iterator[dict[str, Any]]:
    for place in count():
        starts = NOW - timedelta(hours=6, minutes=place)
        if place >= ALERTS:
            starts -= timedelta(days=1 + place)
        yield {
            "child": placed[place % len(placed)],
            "expected": "May go out after the call.",
            "agreed": "Text that the back door is open.",
            "starts": times.stamp(starts),
            "ends": times.stamp(starts + timedelta(hours=15)),
        }


def _handovers(store: Store) -> Iterator[dict[str, Any]]:
    contacts = [record.record for record in store.records_of("contact", limit=NIGHTS * 4)]
    for place in range(NIGHTS):
        morning = NOW.replace(hour=8) - timedelta(days=place)
        named = contacts[place * 4 : place * 4 + 4]
        items = [
            {"id": f"0{at}", "part": "contacts", "contact": record, "place": at} for at, record in enumerate(named)
        ]
        yield {
            "worker_name": "A. Bevan",
            "since": times.stamp(morning - timedelta(hours=15)),
            "until": times.stamp(morning),
            "published": times.stamp(morning),
            "items": items,
            "accepted": [
                {"id": f"1{item['id']}", "item": item["id"], "at": times.stamp(morning)} for item in items[:2]
            ],
        }


def _night_checks() -> Iterator[dict[str, Any]]:
    last: date = times.local_day(NOW)
    for place in range(NIGHTS):
        yield {
            "night": (last - timedelta(days=place)).isoformat(),
            "checked_at": _before(hours=6 + 24 * place),
            "laptop": "HIPSS-LT-04",
            "lines": [
                {"id": "01", "item": "battery", "state": "amber", "figure": "41 %", "agreed": "Charged in the car"}
            ],
        }
