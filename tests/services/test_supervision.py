"""A supervision visit: what comes into it by name, what the last one agreed, and what is needed to finish it."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hipss_desktop import times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.action import ACTION, Action, carried_at, is_open
from hipss_desktop.kinds.visit import VISIT, as_read, is_read_back, named, was_held
from hipss_desktop.services.ports import Draft
from hipss_desktop.services.records import Unfinished
from hipss_desktop.views.services import Services
from tests.helpers.read_back_visit import household
from tests.helpers.several_laptops import child_named, close, exchange, joined
from tests.helpers.store_fixtures import SetClock, sign_in_as

FEBRUARY = datetime(2017, 2, 16, 10, 30, tzinfo=UTC)
MARCH = datetime(2017, 3, 16, 10, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> SetClock:
    """The morning of a visit, 16 March 2017, 10:30."""
    return SetClock(MARCH)


@pytest.fixture
def worker(services: Services) -> Services:
    """The laptop of D. Marsh, who supervises the household."""
    sign_in_as(services.store, role="supervising", name="D. Marsh")
    return services


def held(services: Services, began: datetime, **answers: Any) -> str:
    """A visit that was held and finished."""
    draft = with_answers(services.supervision.start(household(services)), began=times.stamp(began), **answers)
    return services.records.finish(draft).envelope.record


def with_answers(draft: Draft, **answers: Any) -> Draft:
    """A draft in which Jo took part and each child was seen, and what else is said."""
    fewest_answers = {
        "type": "planned",
        "people": [{"id": "p1", "who": "household", "name": "Jo Preece", "was": ["took_part", "caring"]}],
        "children": [{**row, "seen": True} for row in draft.fields.get("children", [])],
    }
    return replace(draft, fields={**draft.fields, **fewest_answers, **answers})


def test_a_visit_begins_with_the_child_placed_there_and_what_happened_since_by_name(worker: Services) -> None:
    held(worker, FEBRUARY)
    visit = VISIT.read(worker.supervision.start(household(worker)).fields)
    assert [row.child for row in visit.children] == [child_named(worker, "Kai")]
    records = [worker.store.get(named(row)) for row in visit.since]
    assert {record.kind for record in records if record} >= {"contact", "alert"}
    moments = [times.of_ms(record.at) for record in records if record]
    assert moments == sorted(moments)
    assert moments[0] >= FEBRUARY
    assert not any(row.came_later for row in visit.since)


def test_what_happened_before_a_child_came_is_of_the_placement_before(worker: Services) -> None:
    carer = household(worker)
    visit = VISIT.read(worker.supervision.start(carer).fields)
    placed = worker.people.children_with(carer, times.local_day(MARCH))
    starts = min(placement.start for placement in placed)
    assert visit.since
    for row in visit.since:
        record = worker.store.get(named(row))
        assert record is not None
        assert times.local_day(times.of_ms(record.at)) >= starts


def test_a_visit_that_was_begun_is_gone_on_with_and_says_what_came_since(worker: Services, clock: SetClock) -> None:
    carer = household(worker)
    begun = worker.records.save(worker.supervision.start(carer))
    contact = worker.records.new_draft(
        "contact",
        {
            "type": "call",
            "caller": carer,
            "caller_name": "Jo Preece",
            "children": [child_named(worker, "Kai")],
            "concerns": ["school"],
            "happening": "He did not go in today.",
            "advice": "Ring the school.",
            "risk": "low",
            "needs_to_know": ["nobody"],
            "told": times.stamp(clock.now),
        },
    )
    clock.pass_time(minutes=5)
    sign_in_as(worker.store, role="on_call")
    record = worker.records.finish(contact).envelope.record
    sign_in_as(worker.store, role="supervising")
    resumed_draft = worker.supervision.start(carer)
    assert resumed_draft.record == begun.record
    late = [row for row in VISIT.read(resumed_draft.fields).since if row.came_later]
    assert [row.contact for row in late] == [record]
    assert len(resumed_draft.fields["since"]) == len(begun.fields["since"]) + 1


def test_what_arrives_by_sync_is_added_to_the_draft(worker: Services, clock: SetClock, tmp_path: Any) -> None:
    carer = household(worker)
    begun = worker.records.save(worker.supervision.start(carer))
    other = joined(tmp_path / "other", clock, worker, name="S. Lloyd", laptop="HIPSS-LT-01", role="manager")
    clock.pass_time(minutes=1)
    fields = {
        "types": ["complaint"],
        "complaint_serious": "no",
        "carers": [carer],
        "aware": times.stamp(clock.now),
        "happening": [{"id": "h1", "place": "5", "text": "A neighbour rang."}],
    }
    written = other.records.finish(other.records.new_draft("incident", fields)).envelope.record
    exchange(worker, other)
    more = worker.supervision.more(VISIT.read(begun.fields), later=True)
    assert [row["incident"] for row in more["since"]] == [written]
    assert more["since"][0]["came_later"] is True
    other.store.close()  # type: ignore[attr-defined]  # the store of a laptop that joined


def test_what_is_agreed_becomes_an_action_that_the_next_visit_asks_about(worker: Services, clock: SetClock) -> None:
    rows = [{"id": "a1", "what": "Fit lock to tool cupboard", "owner": "Martin", "due": "2017-02-24"}]
    clock.now = FEBRUARY
    first = held(worker, FEBRUARY, new_actions=rows)
    clock.now = MARCH
    draft = worker.supervision.start(household(worker))
    agreed = worker.supervision.agreed(VISIT.read(draft.fields), draft.record)
    action = ACTION.of(agreed[0])
    assert (action.what, action.owner, action.from_visit) == ("Fit lock to tool cupboard", "Martin", first)
    assert action.due == datetime(2017, 2, 24, 23, 59, tzinfo=UTC)
    assert VISIT.read(draft.fields).previous == first

    worker.supervision.carry(agreed[0].record, draft.record)
    carried = action_now(worker, agreed[0].record)
    assert carried_at(carried, draft.record)
    assert is_open(carried)
    with pytest.raises(UserError, match="carried forward already"):
        worker.supervision.carry(agreed[0].record, draft.record)
    worker.actions.done(agreed[0].record)
    still = worker.supervision.agreed(VISIT.read(draft.fields), draft.record)
    assert [row.record for row in still] == [agreed[0].record], "what is done today is still shown"
    with pytest.raises(UserError, match="This action is closed"):
        worker.supervision.carry(agreed[0].record, "another")


def action_now(services: Services, record: str) -> Action:
    current = services.store.get(record)
    assert current is not None
    return ACTION.of(current)


def agreed_action(worker: Services, clock: SetClock) -> tuple[str, str]:
    """An action that February's visit agreed, and the draft of March's visit."""
    rows = [{"id": "a1", "what": "Fit lock to tool cupboard", "owner": "Martin", "due": "2017-02-24"}]
    clock.now = FEBRUARY
    held(worker, FEBRUARY, new_actions=rows)
    clock.now = MARCH
    draft = worker.supervision.start(household(worker))
    return worker.supervision.agreed(VISIT.read(draft.fields), draft.record)[0].record, draft.record


def test_a_carrying_forward_is_taken_back_and_can_be_said_again(worker: Services, clock: SetClock) -> None:
    action, visit = agreed_action(worker, clock)
    with pytest.raises(UserError, match="not carried forward at this visit"):
        worker.supervision.take_back(action, visit)
    worker.supervision.carry(action, "an earlier one")
    worker.supervision.carry(action, visit)
    worker.supervision.take_back(action, visit)
    taken_back = action_now(worker, action)
    assert (len(carried_at(taken_back, visit)), len(carried_at(taken_back, "an earlier one"))) == (0, 1)
    with pytest.raises(UserError, match="not carried forward at this visit"):
        worker.supervision.take_back(action, visit)
    worker.supervision.carry(action, visit)
    assert len(carried_at(action_now(worker, action), visit)) == 1, "what was taken back before does not take this back"


def test_what_two_laptops_carried_forward_is_taken_back_by_one_press_and_no_more_than_that(
    worker: Services, clock: SetClock, tmp_path: Path
) -> None:
    action, visit = agreed_action(worker, clock)
    other = joined(tmp_path / "other", clock, worker, name="S. Lloyd", laptop="HIPSS-LT-01", role="supervising")
    exchange(worker, other)
    for services in (worker, other):
        services.supervision.carry(action, visit)
    exchange(worker, other)
    worker.supervision.take_back(action, visit)
    assert carried_at(action_now(worker, action), visit) == []
    other.supervision.take_back(action, visit)
    other.supervision.carry(action, visit)
    exchange(worker, other)
    for services in (worker, other):
        assert len(carried_at(action_now(services, action), visit)) == 1, (
            "the other laptop carried it forward once more"
        )
    close([other])


def test_an_unannounced_call_with_nobody_in_finishes_with_very_little_and_was_no_visit(worker: Services) -> None:
    carer = household(worker)
    fields = {"carer": carer, "type": "unannounced", "began": times.stamp(FEBRUARY), "nobody_in": True}
    call = worker.records.finish(worker.records.new_draft("visit", fields)).envelope.record
    record = worker.store.get(call)
    assert record is not None
    assert not was_held(VISIT.of(record))
    assert VISIT.title(record.fields) == "Unannounced visit, nobody in"
    assert worker.supervision.previous(carer) is None
    assert "previous" not in worker.supervision.start(carer).fields


def test_who_is_named_was_there_whatever_was_chosen_of_nobody_being_in() -> None:
    people = [{"id": "p", "who": "household", "name": "Jo Preece", "was": ["took_part"]}]
    both = {"type": "unannounced", "nobody_in": True, "people": people}
    assert was_held(VISIT.read(both))
    assert "nobody_in" not in VISIT.without_hidden(both)
    only_the_worker = [{"id": "p", "who": "colleague", "name": "D. Marsh", "was": ["took_part"]}]
    assert not was_held(VISIT.read({**both, "people": only_the_worker}))
    by_telephone = {"type": "telephone", "nobody_in": True}
    assert was_held(VISIT.read(by_telephone)), "by telephone it is not asked whether anybody was in"


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"type": ""}, "Choose the kind of visit"),
        ({"began": ""}, "Enter when the visit began"),
        ({"ended": "2017-03-16T09:30:00+00:00"}, "The visit began at 10:30. Enter a later time for when it ended."),
        ({"began": "2017-03-16T11:30:00+00:00"}, "Enter a time that is not in the future"),
        ({"people": [], "children": []}, "Enter who took part, or choose that nobody was in"),
        ({"type": "telephone", "people": [], "children": []}, "Enter who took part"),
        ({"children": [{"id": "c", "child": "k"}]}, "Choose whether the child was seen"),
        ({"children": [{"id": "c", "child": "k", "seen": False}]}, "Enter why the child was not seen"),
        (
            {"children": [{"id": "c", "child": "k", "seen": True, "seen_alone": False}]},
            "Enter why the child was not seen alone",
        ),
        ({"since": [{"id": "s", "contact": "c", "raised": False}]}, "Enter why it was not raised"),
        (
            {"logs_from": "2017-03-10", "logs_to": "2017-03-01"},
            "Enter a day that is not before the first day of the logs",
        ),
        ({"new_actions": [{"id": "n", "what": "Book respite"}]}, "Enter who does it"),
    ],
)
def test_what_keeps_a_visit_from_being_finished(worker: Services, answers: dict[str, Any], sentence: str) -> None:
    all_answers = {"began": times.stamp(MARCH), **answers}
    draft = with_answers(worker.supervision.start(household(worker)), **all_answers)
    with pytest.raises(Unfinished) as unfinished:
        worker.records.finish(draft)
    assert sentence in [problem.message for problem in unfinished.value.problems]


def test_a_visit_is_finished_with_the_least_and_the_rest_is_left_for_later(worker: Services) -> None:
    record = held(worker, MARCH, left=["training", "home"])
    current = worker.store.get(record)
    assert current is not None
    assert VISIT.of(current).left == ["training", "home"]


def test_paragraphs_are_read_child_by_child_and_the_rest_by_section() -> None:
    def paragraph(name: str, section: str, child: str = "", **more: Any) -> dict[str, Any]:
        return {"id": name, "place": "5", "text": name, "section": section, "child": child, **more}

    note = [
        paragraph("a", "wellbeing"),
        paragraph("b", "health", "kai"),
        paragraph("c", "words", "amara"),
        paragraph("d", "words", "kai"),
        paragraph("e", "a new section"),
    ]
    children = [{"id": "1", "child": "amara"}, {"id": "2", "child": "kai"}]
    visit = VISIT.read({"note": note, "children": children})
    assert [row.id for row in as_read(visit)] == ["c", "d", "b", "a", "e"]


def test_what_is_about_somebody_else_is_never_read_back() -> None:
    note = [
        {"id": "a", "text": "Jo is tired.", "mark": "opinion", "read_back": True},
        {"id": "b", "text": "The school says he was out.", "mark": "third_party", "read_back": True},
        {"id": "c", "text": "Left out.", "mark": "fact"},
        {"id": "d", "text": " ", "read_back": True},
    ]
    assert [row.id for row in VISIT.read({"note": note}).note if is_read_back(row)] == ["a"]


def test_a_visit_is_written_by_those_who_supervise_alone(services: Services) -> None:
    with pytest.raises(UserError, match="Only supervising social workers and"):
        services.supervision.start(household(services))
