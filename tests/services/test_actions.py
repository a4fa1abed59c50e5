"""What is done with an action: closed, opened again, handed over and taken back, on one laptop and on several."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from hipss_desktop import identity, times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.action import ACTION, Action, HandOver, Owner, in_turn, is_open, offered, owned_by
from hipss_desktop.records.fold import body_of
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.actions import Actions
from hipss_desktop.services.records import Unfinished
from hipss_desktop.views.services import Desk
from tests.helpers.several_laptops import exchange
from tests.helpers.stations import contact
from tests.helpers.store_fixtures import NIGHT, SetClock

RING_JO = "Ring Jo Preece back"


def the(desk: Desk, what: str = RING_JO) -> str:
    """The open action of these words."""
    return next(record.record for record in desk.store.records_due("action") if record.fields.get("what") == what)


def action(desk: Desk, record: str) -> Action:
    found = desk.store.get(record)
    assert found is not None
    return ACTION.of(found)


def waiting_for(desk: Desk, record: str) -> str:
    """Whom an action was handed to who has not accepted it yet."""
    waiting = offered(action(desk, record))
    return waiting.name if waiting is not None else ""


def why(desk: Desk, revision: Revision) -> str:
    kept = desk.store.revision(revision.digest)
    body = body_of(kept, ACTION) if kept is not None else None
    assert body is not None
    return body.why


def test_an_action_is_owned_by_whom_it_was_handed_to_last_and_by_its_owner_before_that() -> None:
    early, late = NIGHT, NIGHT + timedelta(minutes=5)
    rows = [
        HandOver("b", name="D. Marsh", at=early),
        HandOver("a", name="S. Lloyd", at=late),
        HandOver("c", name="K. Adeyemi", at=late),
        HandOver("e", name="Day team"),
    ]
    assert owned_by(Action(owner="A. Bevan")).name == "A. Bevan"
    assert {owned_by(Action(owner="A. Bevan", handed_over=list(order))).name for order in permutations(rows)} == {
        "K. Adeyemi"
    }
    given_back = [*rows, HandOver("d", name=" ", at=late + timedelta(hours=1))]
    assert owned_by(Action(owner="A. Bevan", handed_over=given_back)).name == ""


def test_done_says_whom_one_spoke_to_and_when_with_what_came_of_it_as_its_reason(desk: Desk, clock: SetClock) -> None:
    record = the(desk)
    at = times.stamp(NIGHT - timedelta(minutes=2))
    revision = desk.actions.done(record, {"spoke_to": "Jo", "closed_at": at, "closing_note": "Kai is asleep."})
    closed = action(desk, record)
    assert (closed.state, closed.spoke_to, closed.closing_note) == ("done", "Jo", "Kai is asleep.")
    assert closed.closed_at == NIGHT - timedelta(minutes=2)
    assert why(desk, revision) == "Kai is asleep."


def test_done_without_a_word_is_closed_now(desk: Desk) -> None:
    record = the(desk)
    revision = desk.actions.done(record)
    assert (action(desk, record).closed_at, why(desk, revision)) == (NIGHT, "Done")


def test_an_action_is_not_closed_in_the_future(desk: Desk) -> None:
    record = the(desk)
    with pytest.raises(Unfinished) as refused:
        desk.actions.done(record, {"closed_at": times.stamp(NIGHT + timedelta(hours=3))})
    assert [(problem.field, problem.message) for problem in refused.value.problems] == [
        ("closed_at", "Enter a time that is not in the future")
    ]
    assert is_open(action(desk, record))


def test_not_needed_and_reopen_take_their_answer_as_the_reason(desk: Desk) -> None:
    record = the(desk)
    for press in (desk.actions.not_needed, desk.actions.reopen):
        with pytest.raises(UserError, match="Enter the reason"):
            press(record, " ")
        revision = press(record, "She rang first")
        assert why(desk, revision) == "She rang first"
    assert is_open(action(desk, record))
    assert action(desk, record).closed_at is None


def test_reopening_leaves_nothing_of_the_closing_behind(desk: Desk) -> None:
    record = the(desk)
    desk.actions.done(record, {"spoke_to": "Jo", "closing_note": "Asleep"})
    desk.actions.reopen(record, "It was the wrong one")
    again = action(desk, record)
    assert (again.state, again.spoke_to, again.closing_note, again.closed_at) == ("open", "", "", None)


def test_what_is_so_already_is_refused(desk: Desk) -> None:
    record = the(desk)
    with pytest.raises(UserError, match="This is open already"):
        desk.actions.reopen(record, "By mistake")
    desk.actions.done(record)
    with pytest.raises(UserError, match="This is done already"):
        desk.actions.done(record)


def test_a_press_stands_beside_an_open_draft_and_finishes_nothing_of_it(desk: Desk) -> None:
    record = the(desk)
    draft = desk.records.amendment(record)
    desk.records.save(replace(draft, fields={**draft.fields, "what": "Half typ"}, why="Half"))
    desk.actions.done(record)
    assert action(desk, record).what == RING_JO
    kept = desk.store.draft(record)
    assert kept is not None
    desk.records.finish(replace(kept, fields={**kept.fields, "what": "Ring Jo Preece at home"}, why="Her words"))
    both = action(desk, record)
    assert (both.what, both.state) == ("Ring Jo Preece at home", "done")


def test_an_undo_is_a_revision_that_puts_back_what_was(desk: Desk) -> None:
    record = the(desk)
    revision = desk.actions.done(record, {"spoke_to": "Jo"})
    undone = desk.actions.undo(revision)
    assert why(desk, undone) == "Undone"
    assert is_open(action(desk, record))
    assert action(desk, record).spoke_to == ""
    assert len(desk.store.revisions(record)) == 3
    with pytest.raises(UserError, match="changed since"):
        desk.actions.undo(revision)


def test_an_undo_of_a_reopening_closes_as_it_was_closed(desk: Desk, clock: SetClock) -> None:
    record = the(desk)
    desk.actions.done(record, {"spoke_to": "Jo"})
    clock.pass_time(minutes=5)
    desk.actions.undo(desk.actions.reopen(record, "By mistake"))
    again = action(desk, record)
    assert (again.state, again.spoke_to, again.closed_at) == ("done", "Jo", NIGHT)


POLICE = "Ask police for news, log 0612"
"""An action that tells the police."""
NOT_SAID = [("spoke_to", "Enter who you spoke to, or the log number")]


def test_what_tells_somebody_is_not_done_before_it_is_said_who_took_it(desk: Desk) -> None:
    record = the(desk, POLICE)
    for answers in ({}, {"closing_note": "Left a message"}, {"spoke_to": " ", "log_number": " "}):
        with pytest.raises(Unfinished) as refused:
            desk.actions.done(record, answers)
        assert [(problem.field, problem.message) for problem in refused.value.problems] == NOT_SAID
    assert is_open(action(desk, record))
    desk.actions.not_needed(record, "He is back")
    desk.actions.reopen(record, "He went again")
    desk.actions.done(record, {"log_number": "0612"})
    assert action(desk, record).state == "done"


def test_a_new_action_or_an_amendment_says_as_little_as_a_press(desk: Desk) -> None:
    fields = {"what": "Tell EDT", "tells": "edt", "due": "2017-03-14T03:00:00+00:00"}
    closed = {"state": "done", "closed_at": times.stamp(NIGHT)}
    with pytest.raises(Unfinished) as refused:
        desk.records.finish(replace(desk.records.new_draft("action"), fields={**fields, **closed}))
    assert [(problem.field, problem.message) for problem in refused.value.problems] == NOT_SAID
    draft = desk.records.amendment(the(desk, POLICE))
    with pytest.raises(Unfinished):
        desk.records.finish(replace(draft, fields={**draft.fields, **closed}, why="Told"))


def closed_by_an_older_program(desk: Desk) -> str:
    """An action that told EDT and says neither whom nor a number."""
    record = identity.record_id()
    fields = {"what": "Tell EDT", "tells": "edt", "due": "2017-03-14T01:00:00+00:00", "state": "done"}
    fields |= {"closed_at": "2017-03-14T01:30:00+00:00"}
    with desk.store.write() as unit:
        unit.append(record=record, kind="action", action="finish", fields=fields, changed=sorted(fields), parents=())
    return record


def test_what_an_older_program_closed_without_a_word_is_read_amended_and_closed_again_by_undo(desk: Desk) -> None:
    record = closed_by_an_older_program(desk)
    view = desk.action_views.view(record)
    assert view is not None
    assert view.state is not None
    assert (view.open, view.state.words) == (False, "Done")
    draft = desk.records.amendment(record)
    desk.records.finish(replace(draft, fields={**draft.fields, "what": "Tell EDT that Kai is back"}, why="Her words"))
    draft = desk.records.amendment(record)
    desk.records.finish(replace(draft, fields={**draft.fields, "closing_note": "They knew"}, why="Left out"))
    assert (action(desk, record).what, action(desk, record).state) == ("Tell EDT that Kai is back", "done")
    desk.actions.undo(desk.actions.reopen(record, "By mistake"))
    assert (action(desk, record).state, action(desk, record).spoke_to) == ("done", "")


def test_the_log_of_an_older_program_is_read_from_a_sheet_as_it_was(desk: Desk) -> None:
    old = next(
        action
        for action in desk.store.records_of("action")
        if action.fields.get("what", "").startswith("Tell EDT that")
    )
    assert (ACTION.of(old).state, ACTION.of(old).tells, ACTION.of(old).spoke_to) == ("done", "edt", "")


def test_a_contact_closes_what_it_says_was_told_with_the_name_and_number_it_gives(desk: Desk) -> None:
    told = [
        {"id": "a", "who": "police", "name": "Sgt Holloway", "reference": "0612", "at": "2017-03-14T02:10:00+00:00"}
    ]
    draft = desk.records.new_draft("contact", contact("Back at home.", caller_role="carer", told_others=told))
    call = desk.records.finish(draft).envelope.record
    ring, police = the(desk), the(desk, POLICE)
    desk.actions.closed_by([ring, police], call)
    assert (action(desk, police).spoke_to, action(desk, police).log_number) == ("Sgt Holloway", "0612")
    assert (action(desk, ring).spoke_to, action(desk, ring).state) == ("Jo Preece", "done")


def test_an_action_stays_with_its_owner_until_it_is_accepted(mine: Desk, theirs: Desk) -> None:
    record, me, them = the(mine), mine.store.seat, theirs.store.seat
    mine.actions.accept(record)
    with pytest.raises(UserError, match="yours already"):
        mine.actions.accept(record)
    with pytest.raises(UserError, match=r"already\. Nothing was changed"):
        mine.actions.hand_over(record, me.name.lower())
    with pytest.raises(UserError, match="Enter who takes it over"):
        mine.actions.hand_over(record, " ")
    mine.actions.hand_over(record, them.name, to=them.person)
    exchange(mine, theirs)
    for desk in (mine, theirs):
        assert (owned_by(action(desk, record)), waiting_for(desk, record)) == (Owner(me.name, me.person), them.name)
    theirs.actions.give_back(record)
    assert (owned_by(action(theirs, record)).name, waiting_for(theirs, record)) == (me.name, "")
    theirs.actions.accept(record)
    exchange(mine, theirs)
    assert owned_by(action(mine, record)) == Owner(them.name, them.person)
    with pytest.raises(UserError, match="Nobody handed this to you"):
        mine.actions.give_back(record)
    theirs.actions.give_back(record)
    assert (owned_by(action(theirs, record)).name, waiting_for(theirs, record)) == (them.name, me.name)


def test_an_undo_takes_one_step_of_a_hand_over_back_unless_another_followed(desk: Desk) -> None:
    record = the(desk)
    desk.actions.hand_over(record, "D. Marsh")
    revision = desk.actions.hand_over(record, " Day  team")
    assert waiting_for(desk, record) == "Day team"
    assert desk.actions.person_named("Day team") == ""
    desk.actions.undo(revision)
    assert waiting_for(desk, record) == "D. Marsh"
    accepted = desk.actions.accept(record)
    desk.actions.hand_over(record, "Day team")
    with pytest.raises(UserError, match="handed over again since"):
        desk.actions.undo(accepted)


def test_two_laptops_that_accept_one_action_give_it_one_owner_in_any_order() -> None:
    rows = [
        HandOver("a", name="Day team", at=NIGHT, step="offered"),
        HandOver("b", name="D. Marsh", at=NIGHT + timedelta(minutes=5), step="accepted", answers="a"),
        HandOver("c", name="S. Lloyd", at=NIGHT + timedelta(minutes=6), step="accepted", answers="a"),
        HandOver("d", at=NIGHT + timedelta(minutes=7), step="given_back", answers="a"),
    ]
    actions = [Action(owner="A. Bevan", handed_over=list(order)) for order in permutations(rows)]
    assert [(owned_by(one).name, offered(one)) for one in actions] == [("S. Lloyd", None)] * len(actions)
    before = Action(owner="A. Bevan", handed_over=rows[:1])
    assert (owned_by(before).name, offered(before)) == ("A. Bevan", rows[0])


def test_a_clock_that_is_slow_loses_no_step_of_a_hand_over(mine: Desk, theirs: Desk) -> None:
    """What was accepted may be dated before it was handed over, and still comes after it."""
    record, me, them = the(mine), mine.store.seat, theirs.store.seat
    mine.actions.accept(record)
    mine.actions.hand_over(record, them.name, to=them.person)
    exchange(mine, theirs)
    slow = Actions(theirs.records, SetClock(NIGHT - timedelta(hours=1)))
    accepted = slow.accept(record)
    exchange(mine, theirs)
    for desk in (mine, theirs):
        assert (owned_by(action(desk, record)).person, waiting_for(desk, record)) == (them.person, "")
    slow.undo(accepted)
    assert (owned_by(action(theirs, record)).person, waiting_for(theirs, record)) == (me.person, them.name)
    slow.give_back(record)
    slow.hand_over(record, them.name, to=them.person)
    assert owned_by(action(theirs, record)).person == them.person


def test_the_page_of_an_action_says_its_steps_and_no_identifier(desk: Desk) -> None:
    record = the(desk)
    desk.actions.hand_over(record, "Day team")
    desk.actions.accept(record)
    assert action(desk, record).handed_over[1].answers == action(desk, record).handed_over[0].id
    view = desk.record_views.view(record)
    assert view is not None
    table = next(line.table for line in view.lines if line.unit == "handed_over")
    assert table is not None
    assert table.headings == ("Colleague", "To", "Time", "Step")


def test_steps_that_answer_one_another_in_a_circle_or_ten_thousand_in_a_row_are_in_turn() -> None:
    circle = [HandOver("a", name="A", at=NIGHT, answers="b"), HandOver("b", name="B", at=NIGHT, answers="a")]
    assert {row.id for row in in_turn(circle)} == {"a", "b"}
    rows = [HandOver(f"{row:05}", name=str(row), at=NIGHT, answers=f"{row - 1:05}") for row in range(10_000)]
    assert in_turn(reversed(rows)) == rows


def test_nobody_gives_back_what_was_handed_to_somebody_else(mine: Desk, theirs: Desk, third: Desk) -> None:
    record, them = the(mine), theirs.store.seat
    mine.actions.accept(record)
    mine.actions.hand_over(record, them.name, to=them.person)
    exchange(mine, theirs, third)
    with pytest.raises(UserError, match="Nobody handed this to you"):
        third.actions.give_back(record)
    view = third.action_views.view(record)
    assert view is not None
    assert "given_back" not in [verb.code for verb in view.verbs]
    assert waiting_for(third, record) == them.name


def test_what_is_closed_changes_hands_no_more(mine: Desk, theirs: Desk) -> None:
    record, them = the(mine), theirs.store.seat
    mine.actions.hand_over(record, them.name, to=them.person)
    mine.actions.done(record)
    exchange(mine, theirs)
    for press in (theirs.actions.accept, theirs.actions.give_back):
        with pytest.raises(UserError, match=r"This is done already\. Reopen it"):
            press(record)
    with pytest.raises(UserError, match=r"This is done already\. Reopen it"):
        mine.actions.hand_over(record, "Day team")


def test_an_undo_of_a_closing_leaves_the_hand_over_before_it(desk: Desk) -> None:
    record = the(desk)
    desk.actions.hand_over(record, "D. Marsh")
    desk.actions.undo(desk.actions.done(record))
    assert is_open(action(desk, record))
    assert waiting_for(desk, record) == "D. Marsh"
    assert len(action(desk, record).handed_over) == 1


def test_an_undo_of_the_first_hand_over_leaves_the_action_with_nobody(desk: Desk) -> None:
    record = the(desk)
    assert owned_by(action(desk, record)).name == ""
    desk.actions.undo(desk.actions.hand_over(record, "D. Marsh"))
    assert (owned_by(action(desk, record)).name, waiting_for(desk, record)) == ("", "")


def test_a_press_needs_a_role_that_may_and_an_action(desk: Desk) -> None:
    record = the(desk)
    contact = desk.store.records_of("contact", limit=1)[0].record
    with pytest.raises(UserError, match="This is not an action"):
        desk.actions.done(contact)
    with desk.store.write() as unit:
        unit.set("role", "administrator")
    with pytest.raises(UserError, match=r"^Only .* can write .*\. Ask your manager"):
        desk.actions.done(record)
    with pytest.raises(UserError, match=r"^Only .* can write .*\. Ask your manager"):
        desk.actions.hand_over(record, "Day team")


def test_a_withdrawn_action_is_not_closed(desk: Desk) -> None:
    record = the(desk)
    desk.records.withdraw(record, "Written twice")
    with pytest.raises(UserError, match="withdrawn"):
        desk.actions.done(record)


def test_done_on_one_laptop_and_handed_over_on_another_both_stand(mine: Desk, theirs: Desk) -> None:
    record = the(mine)
    mine.actions.done(record, {"spoke_to": "Jo"})
    theirs.actions.hand_over(record, "D. Marsh")
    exchange(mine, theirs)
    for desk in (mine, theirs):
        both = action(desk, record)
        assert (both.state, both.spoke_to, waiting_for(desk, record)) == ("done", "Jo", "D. Marsh")
        found = desk.store.get(record)
        assert found is not None
        assert not found.needs_decision


def test_of_two_hand_overs_the_newest_wins_on_both_laptops(mine: Desk, theirs: Desk, clock: SetClock) -> None:
    record = the(mine)
    theirs.actions.hand_over(record, "S. Lloyd")
    clock.now = datetime(2017, 3, 14, 2, 20, tzinfo=UTC)
    mine.actions.hand_over(record, "D. Marsh")
    exchange(mine, theirs)
    assert {waiting_for(desk, record) for desk in (mine, theirs)} == {"D. Marsh"}
    assert [len(action(desk, record).handed_over) for desk in (mine, theirs)] == [2, 2]


def test_two_hand_overs_in_one_second_have_one_winner_on_both_laptops(mine: Desk, theirs: Desk) -> None:
    record = the(mine)
    theirs.actions.hand_over(record, "S. Lloyd")
    mine.actions.hand_over(record, "D. Marsh")
    exchange(mine, theirs)
    assert len({waiting_for(desk, record) for desk in (mine, theirs)}) == 1


def test_who_hands_an_action_over_is_not_asked_to_accept_it_for_the_other(mine: Desk, theirs: Desk) -> None:
    me, them = mine.store.seat, theirs.store.seat
    draft = mine.records.new_draft("action", {"what": "Book respite", "owner": "Jo", "due": times.stamp(NIGHT)})
    record = mine.records.finish(draft).envelope.record
    mine.actions.hand_over(record, them.name, to=them.person)
    exchange(mine, theirs)
    offered_to = {desk.store.seat.name: labels(desk, record) for desk in (mine, theirs)}
    assert "Accept" in offered_to[them.name]
    assert "Give back" in offered_to[them.name]
    assert "Accept" not in offered_to[me.name]
    assert "Give back" not in offered_to[me.name]


def labels(desk: Desk, record: str) -> list[str]:
    """What may be pressed on an action."""
    view = desk.action_views.view(record)
    assert view is not None
    return [verb.label for verb in view.verbs]
