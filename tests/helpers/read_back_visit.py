"""A finished visit to the household of Jo and Martin Preece, with three paragraphs that are to be read back to them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from db.store import LaptopStore
from hipss_desktop import times
from hipss_desktop.kinds.carer import CARER, household_name
from hipss_desktop.kinds.visit import VISIT
from hipss_desktop.records.strokes import Point, written
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import SetClock, sign_in_as

AFTERNOON = datetime(2017, 3, 16, 11, 30, tzinfo=UTC)
"""Thursday 16 March 2017, 11:30 UTC: the visit is written and is read back."""
SEEN_ALONE = "Kai was seen alone in the garage for 20 minutes."
NIGHTS = (
    "You rang us 9 times last week. On Monday night Kai was out until 02:05 and Jo stayed up for him. You are both worn "
    "out. Martin feels he is kept out of it when Kai comes home."
)
RESPITE = "Respite in April is not booked yet. Jo asked for a weekend."
NOT_READ = "Zerubbabel next door says he heard shouting."
"""A paragraph from a third person: it was chosen by mistake, and is still never read back."""
KEPT = "Quillfeather is to ring the school first."
"""A paragraph that was not chosen to be read back."""
DRAWN = written(
    (
        tuple(Point(1200 + 180 * step, 1900 + (260 if step % 2 else -240), 16 * step) for step in range(30)),
        tuple(Point(2000 + 60 * step, 900 + 4 * step * step, 900 + 16 * step) for step in range(18)),
    )
)
"""A signature in two strokes."""


def as_worker(services: Services, clock: SetClock) -> Services:
    """Sign the laptop in as D. Marsh, supervising social worker, at the time of ``AFTERNOON``."""
    clock.now = AFTERNOON
    assert isinstance(services.store, LaptopStore)
    marsh = next(
        person.record for person in services.people.of_kind("practitioner") if person.fields["name"] == "D. Marsh"
    )
    sign_in_as(services.store, role="supervising", name="D. Marsh", person=marsh)
    return Services(services.store, clock)


def household(services: Services, name: str = "Jo & Martin Preece") -> str:
    """Return the record of a household by its name."""
    return next(
        record.record for record in services.people.of_kind(CARER.name) if household_name(CARER.of(record)) == name
    )


def member(services: Services, given_name: str, of: str = "Jo & Martin Preece") -> str:
    """Return the row of a member of a household by first name."""
    record = services.people.record(household(services, of))
    assert record is not None
    members = CARER.of(record).members
    return next(row.id for row in members if given_name in (row.given_name, row.known_as))


def note(services: Services) -> list[dict[str, Any]]:
    """Return the paragraphs of the visit."""
    kai = child_named(services, "Kai")
    rows = (
        ("p1", "5", "noticed", kai, "fact", SEEN_ALONE, True),
        ("p2", "5", "going", "", "fact", NIGHTS, True),
        ("p3", "6", "going", "", "third_party", NOT_READ, True),
        ("p4", "7", "going", "", "fact", KEPT, False),
        ("p5", "5", "support", "", "said", RESPITE, True),
    )
    names = ("id", "place", "section", "child", "mark", "text", "read_back")
    return [{name: value for name, value in zip(names, row, strict=True) if value} for row in rows]


def visit_fields(services: Services) -> dict[str, Any]:
    """Return the answers of the visit."""
    return {
        "carer": household(services),
        "type": "planned",
        "began": times.stamp(AFTERNOON - timedelta(minutes=80)),
        "ended": times.stamp(AFTERNOON),
        "people": [
            {
                "id": "j",
                "who": "household",
                "member": member(services, "Jo"),
                "name": "Jo Preece",
                "was": ["took_part"],
            },
        ],
        "children": [{"id": "k", "child": child_named(services, "Kai"), "seen": True, "seen_alone": True}],
        "note": note(services),
    }


def finished_visit(services: Services) -> str:
    """Finish the visit, and return its record."""
    draft = services.records.new_draft(VISIT.name, visit_fields(services))
    services.records.finish(draft)
    return draft.record


def read_and_signed(worker: Services) -> str:
    """Finish the visit, let Jo answer and sign it and Martin refuse to sign, and return its record."""
    visit, reading, jo = finished_visit(worker), worker.reading_back, member(worker, "Jo")
    back = reading.answer(reading.read(visit), jo, "p1", "agree", "")
    back = reading.answer(back, jo, "p2", "disagree", "He is not kept out.")
    back = reading.answer(back, jo, "p5", "agree", "")
    reading.sign(back, jo, "drawn", strokes=DRAWN)
    reading.sign(back, member(worker, "Martin"), "refused", reason="He wants to think.")
    return visit


def amend_paragraph(services: Services, visit: str, paragraph: str, words: str) -> None:
    """Amend the words of a paragraph."""
    draft = services.records.amendment(visit)
    rows = [{**row, "text": words} if row["id"] == paragraph else row for row in draft.fields["note"]]
    services.records.finish(replace(draft, fields={**draft.fields, "note": rows}, why="Said otherwise at the table"))


def answers_of(services: Services, visit: str) -> Mapping[tuple[str, str], str]:
    """Return the present answers to the visit, by paragraph and member, as codes."""
    return {place: answer.answer for place, answer in services.reading_back.read(visit).answers.items()}
