"""A text by paragraph from a first draft to a decision, on two laptops and with what an older program left."""

from dataclasses import replace
from typing import Any

import pytest

from db.store import LaptopStore
from hipss_desktop.documents.record import record_page
from hipss_desktop.documents.tree import Heading, Pair, Paragraph, texts
from hipss_desktop.kinds.incident import INCIDENT
from hipss_desktop.records.paragraphs import WHOLE, one_paragraph
from hipss_desktop.services.ports import Record
from hipss_desktop.services.records import Unfinished
from hipss_desktop.views.services import Services
from tests.db.store.seats import OtherSeat, absorb
from tests.helpers.several_laptops import amend, exchange

LABEL = "What happened, in words"
FACT = {"id": "p1", "place": "3", "mark": "fact", "text": "He came in at two."}
SAID = {"id": "p2", "place": "5", "mark": "said", "text": "Jo: “He was upset.”"}
OPINION = {"id": "p3", "place": "7", "mark": "opinion", "text": "He was with the older boys."}


def incident(services: Services, *rows: dict[str, Any], **more: Any) -> str:
    fields = {"types": ["police_called"], "aware": "2017-03-14T02:10:00+00:00", "police_serious": "no", **more}
    draft = services.records.new_draft("incident", {**fields, "happening": list(rows)} if rows else fields)
    return services.records.finish(draft).envelope.record


def record_of(services: Services, record: str) -> Record:
    stored_record = services.store.get(record)
    assert stored_record is not None
    return stored_record


def words(services: Services, record: str) -> list[str]:
    stored_record = record_of(services, record)
    return INCIDENT.by_name["happening"].words(stored_record.fields.get("happening")).split("\n")


def put(services: Services, record: str, *rows: dict[str, Any]) -> None:
    amend(services, record, {"happening": list(rows)})


def test_two_laptops_amend_two_paragraphs_and_both_survive(mine: Services, theirs: Services) -> None:
    record = incident(mine, FACT, SAID, OPINION)
    exchange(mine, theirs)
    put(mine, record, {**FACT, "text": "He came in at five past two."}, SAID, OPINION)
    put(theirs, record, FACT, SAID, {**OPINION, "mark": "third_party"})
    exchange(mine, theirs)
    for services in (mine, theirs):
        assert words(services, record) == [
            "Fact: He came in at five past two.",
            "Said: Jo: “He was upset.”",
            "Third party: He was with the older boys.",
        ]
        assert not record_of(services, record).needs_decision


def test_the_same_paragraph_waits_with_both_versions_and_is_written_again_under_its_mark(
    mine: Services, theirs: Services
) -> None:
    record = incident(mine, FACT, OPINION)
    exchange(mine, theirs)
    put(mine, record, FACT, {**OPINION, "text": "He may have been with them."})
    put(theirs, record, FACT, {**OPINION, "text": "Nobody knows with whom he was."})
    exchange(mine, theirs)
    waiting = mine.sync_centre.conflict(record_of(mine, record))
    assert waiting is not None
    [part] = waiting.parts
    assert (part.label, part.rewrite) == (f"{LABEL}, paragraph 2", ("happening/p3",))
    assert [side.words for side in part.sides] == [
        "Opinion: He may have been with them.",
        "Opinion: Nobody knows with whom he was.",
    ]
    view = mine.record_views.view(record)
    assert view is not None
    [line] = [line for line in view.lines if line.unit == "happening"]
    assert [answer.label for answer in line.undecided] == [f"{LABEL}, paragraph 2"]
    mine.records.decide(record, {"happening/p3": {**OPINION, "text": "With whom he was is not known."}}, "Asked Jo")
    assert words(mine, record) == ["Fact: He came in at two.", "Opinion: With whom he was is not known."]


def test_splitting_joining_moving_and_taking_out_are_changes_of_rows(mine: Services) -> None:
    record = incident(mine, FACT, SAID, OPINION)
    put(mine, record, {**SAID, "place": "1"}, {**FACT, "text": "He came in at two. Wet."}, {**OPINION, "place": "8"})
    put(mine, record, {**SAID, "place": "1"}, {**FACT, "text": "He came in at two. Wet."})
    view = mine.record_views.view(record)
    assert view is not None
    taken, moved = view.versions[:2]
    assert [(change.label, change.was, change.now) for change in taken.differences] == [
        (f"{LABEL}, paragraph 3", "Opinion: He was with the older boys.", "")
    ]
    assert [(change.label, change.now) for change in moved.differences] == [
        (f"{LABEL}, paragraph 1", "Fact: He came in at two. Wet."),
        (f"{LABEL}, paragraph 2", "Said: Jo: “He was upset.” (moved to paragraph 1)"),
    ]


def test_an_older_programs_record_is_read_as_one_paragraph_amended_here_and_the_whole_of_it_there(
    mine: Services, store: LaptopStore
) -> None:
    seat = OtherSeat()
    fields = {"types": ["police_called"], "aware": "2017-03-14T02:10:00+00:00", "happening": "He came in."}
    first = seat.sign(fields, kind="incident")
    record = first.envelope.record
    absorb(store, first)
    assert words(mine, record) == ["He came in."]
    before = record_of(mine, record).fields["happening"]
    put(mine, record, {**before[0], "mark": "fact"}, OPINION)
    assert words(mine, record) == ["Fact: He came in.", "Opinion: He was with the older boys."]
    heads = record_of(mine, record).heads
    whole = {**fields, "happening": "He came in, and went again."}
    absorb(
        store, seat.sign(whole, kind="incident", record=record, action="amend", parents=heads, changed=["happening"])
    )
    assert words(mine, record) == ["He came in, and went again."]
    view = mine.record_views.view(record)
    assert view is not None
    [change] = view.versions[0].differences
    assert (change.was, change.now) == (
        "Fact: He came in.\nOpinion: He was with the older boys.",
        "He came in, and went again.",
    )


def test_an_older_draft_is_finished_as_one_paragraph_and_an_older_amendment_changes_that_one(mine: Services) -> None:
    fields = {"types": ["police_called"], "aware": "2017-03-14T02:10:00+00:00", "police_serious": "no"}
    new = mine.records.new_draft("incident", {**fields, "happening": "Typed before\nthe update."})
    mine.records.save(replace(new, schema=1))
    draft = mine.store.draft(new.record)
    assert draft is not None
    assert (draft.schema, draft.fields["happening"]) == (2, one_paragraph("Typed before\nthe update."))
    mine.records.finish(draft)
    amended = mine.records.amendment(new.record)
    mine.records.save(replace(amended, schema=1, fields={**amended.fields, "happening": "Typed again."}, why="Asked"))
    saved_draft = mine.store.draft(new.record)
    assert saved_draft is not None
    body = mine.records.finish(saved_draft).content()
    assert body is not None
    assert body.changed == [f"happening/{WHOLE}"]
    assert words(mine, new.record) == ["Typed again."]


def test_a_needed_text_without_words_keeps_a_record_from_being_finished_whatever_marks_it_has(mine: Services) -> None:
    with pytest.raises(Unfinished) as refused:
        incident(mine, {"id": "p1", "place": "5", "mark": "fact", "text": " "})
    assert [(problem.field, problem.message) for problem in refused.value.problems] == [
        ("happening", "Enter what happened")
    ]


def test_search_finds_the_words_and_the_marks_and_a_page_has_them_as_paragraphs(mine: Services) -> None:
    record = incident(mine, OPINION, FACT, {"id": "p9", "place": "9", "mark": "rumour", "text": "By the canal."})
    for typed in ("older boys", "opinion", "canal"):
        assert record in [match.record for match in mine.store.search(typed)]
    page = record_page(mine, record)
    paragraphs = [block.words for block in page.blocks if isinstance(block, Paragraph)]
    after = paragraphs.index("Fact: He came in at two.")
    assert paragraphs[after : after + 3] == [
        "Fact: He came in at two.",
        "Opinion: He was with the older boys.",
        "rumour: By the canal.",
    ]
    assert LABEL in [block.words for block in page.blocks if isinstance(block, Heading)]
    plain = incident(mine, {"id": "p1", "place": "5", "text": "He came in."})
    blocks = record_page(mine, plain).blocks
    assert Pair(LABEL, "He came in.") in [pair for block in blocks for pair in getattr(block, "pairs", ())]
    assert all(text.isprintable() or "\n" in text for text in texts(page))


def test_the_line_of_a_record_tells_its_marks(mine: Services) -> None:
    record = incident(mine, OPINION)
    entry = next(entry for entry in mine.timelines.of_kind("incident") if entry.record == record)
    assert entry.summary == "Opinion: He was with the older boys."
