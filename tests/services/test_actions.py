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
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import exchange
from tests.helpers.stations import contact
from tests.helpers.store_fixtures import NIGHT, SetClock

RING_JO = "Ring Jo Preece back"


def the(services: Services, words: str = RING_JO) -> str:
    """The open action of these words."""
    return next(record.record for record in services.store.records_due("action") if record.fields.get("what") == words)


def action(services: Services, record: str) -> Action:
    stored_record = services.store.get(record)
    assert stored_record is not None
    return ACTION.of(stored_record)


def waiting_for(services: Services, record: str) -> str:
    """Whom an action was handed to who has not accepted it yet."""
    waiting = offered(action(services, record))
    return waiting.name if waiting is not None else ""


def why(services: Services, revision: Revision) -> str:
    stored_revision = services.store.revision(revision.digest)
    body = body_of(stored_revision, ACTION) if stored_revision is not None else None
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


def test_done_says_whom_one_spoke_to_and_when_with_what_came_of_it_as_its_reason(
    services: Services, clock: SetClock
) -> None:
    record = the(services)
    at = times.stamp(NIGHT - timedelta(minutes=2))
    revision = services.actions.done(record, {"spoke_to": "Jo", "closed_at": at, "closing_note": "Kai is asleep."})
    closed = action(services, record)
    assert (closed.state, closed.spoke_to, closed.closing_note) == ("done", "Jo", "Kai is asleep.")
    assert closed.closed_at == NIGHT - timedelta(minutes=2)
    assert why(services, revision) == "Kai is asleep."


def test_done_without_a_word_is_closed_now(services: Services) -> None:
    record = the(services)
    revision = services.actions.done(record)
    assert (action(services, record).closed_at, why(services, revision)) == (NIGHT, "Done")


def test_an_action_is_not_closed_in_the_future(services: Services) -> None:
    record = the(services)
    with pytest.raises(Unfinished) as refused:
        services.actions.done(record, {"closed_at": times.stamp(NIGHT + timedelta(hours=3))})
    assert [(problem.field, problem.message) for problem in refused.value.problems] == [
        ("closed_at", "Enter a time that is not in the future")
    ]
    assert is_open(action(services, record))


def test_not_needed_and_reopen_take_their_answer_as_the_reason(services: Services) -> None:
    record = the(services)
    for press in (services.actions.not_needed, services.actions.reopen):
        with pytest.raises(UserError, match="Enter the reason"):
            press(record, " ")
        revision = press(record, "She rang first")
        assert why(services, revision) == "She rang first"
    assert is_open(action(services, record))
    assert action(services, record).closed_at is None


def test_reopening_leaves_nothing_of_the_closing_behind(services: Services) -> None:
    record = the(services)
    services.actions.done(record, {"spoke_to": "Jo", "closing_note": "Asleep"})
    services.actions.reopen(record, "It was the wrong one")
    reopened_action = action(services, record)
    assert (
        reopened_action.state,
        reopened_action.spoke_to,
        reopened_action.closing_note,
        reopened_action.closed_at,
    ) == ("open", "", "", None)


def test_what_is_so_already_is_refused(services: Services) -> None:
    record = the(services)
    with pytest.raises(UserError, match="This is open already"):
        services.actions.reopen(record, "By mistake")
    services.actions.done(record)
    with pytest.raises(UserError, match="This is done already"):
        services.actions.done(record)


def test_a_press_is_saved_beside_an_open_draft_and_finishes_nothing_of_it(services: Services) -> None:
    record = the(services)
    draft = services.records.amendment(record)
    services.records.save(replace(draft, fields={**draft.fields, "what": "Half typ"}, why="Half"))
    services.actions.done(record)
    assert action(services, record).what == RING_JO
    saved_draft = services.store.draft(record)
    assert saved_draft is not None
    services.records.finish(
        replace(saved_draft, fields={**saved_draft.fields, "what": "Ring Jo Preece at home"}, why="Her words")
    )
    both = action(services, record)
    assert (both.what, both.state) == ("Ring Jo Preece at home", "done")


def test_an_undo_is_a_revision_that_puts_back_what_was(services: Services) -> None:
    record = the(services)
    revision = services.actions.done(record, {"spoke_to": "Jo"})
    undone = services.actions.undo(revision)
    assert why(services, undone) == "Undone"
    assert is_open(action(services, record))
    assert action(services, record).spoke_to == ""
    assert len(services.store.revisions(record)) == 3
    with pytest.raises(UserError, match="changed since"):
        services.actions.undo(revision)


def test_an_undo_of_a_reopening_closes_as_it_was_closed(services: Services, clock: SetClock) -> None:
    record = the(services)
    services.actions.done(record, {"spoke_to": "Jo"})
    clock.pass_time(minutes=5)
    services.actions.undo(services.actions.reopen(record, "By mistake"))
    closed_action = action(services, record)
    assert (closed_action.state, closed_action.spoke_to, closed_action.closed_at) == ("done", "Jo", NIGHT)


POLICE = "Ask police for news, log 0612"
"""An action that tells the police."""
NOT_SAID = [("spoke_to", "Enter who you spoke to, or the log number")]


def test_what_tells_somebody_is_not_done_before_it_is_said_who_took_it(services: Services) -> None:
    record = the(services, POLICE)
    for answers in ({}, {"closing_note": "Left a message"}, {"spoke_to": " ", "log_number": " "}):
        with pytest.raises(Unfinished) as refused:
            services.actions.done(record, answers)
        assert [(problem.field, problem.message) for problem in refused.value.problems] == NOT_SAID
    assert is_open(action(services, record))
    services.actions.not_needed(record, "He is back")
    services.actions.reopen(record, "He went again")
    services.actions.done(record, {"log_number": "0612"})
    assert action(services, record).state == "done"


def test_a_new_action_or_an_amendment_says_as_little_as_a_press(services: Services) -> None:
    fields = {"what": "Tell EDT", "tells": "edt", "due": "2017-03-14T03:00:00+00:00"}
    closed = {"state": "done", "closed_at": times.stamp(NIGHT)}
    with pytest.raises(Unfinished) as refused:
        services.records.finish(replace(services.records.new_draft("action"), fields={**fields, **closed}))
    assert [(problem.field, problem.message) for problem in refused.value.problems] == NOT_SAID
    draft = services.records.amendment(the(services, POLICE))
    with pytest.raises(Unfinished):
        services.records.finish(replace(draft, fields={**draft.fields, **closed}, why="Told"))


def closed_by_an_older_program(services: Services) -> str:
    """An action that told EDT and says neither whom nor a number."""
    record = identity.record_id()
    fields = {"what": "Tell EDT", "tells": "edt", "due": "2017-03-14T01:00:00+00:00", "state": "done"}
    fields |= {"closed_at": "2017-03-14T01:30:00+00:00"}
    with services.store.write() as unit:
        unit.append(record=record, kind="action", action="finish", fields=fields, changed=sorted(fields), parents=())
    return record


def test_what_an_older_program_closed_without_a_word_is_read_amended_and_closed_again_by_undo(
    services: Services,
) -> None:
    record = closed_by_an_older_program(services)
    view = services.action_views.view(record)
    assert view is not None
    assert view.state is not None
    assert (view.open, view.state.words) == (False, "Done")
    draft = services.records.amendment(record)
    services.records.finish(
        replace(draft, fields={**draft.fields, "what": "Tell EDT that Kai is back"}, why="Her words")
    )
    draft = services.records.amendment(record)
    services.records.finish(replace(draft, fields={**draft.fields, "closing_note": "They knew"}, why="Left out"))
    assert (action(services, record).what, action(services, record).state) == ("Tell EDT that Kai is back", "done")
    services.actions.undo(services.actions.reopen(record, "By mistake"))
    assert (action(services, record).state, action(services, record).spoke_to) == ("done", "")


def test_the_log_of_an_older_program_is_read_from_a_sheet_as_it_was(services: Services) -> None:
    old = next(
        action
        for action in services.store.records_of("action")
        if action.fields.get("what", "").startswith("Tell EDT that")
    )
    assert (ACTION.of(old).state, ACTION.of(old).tells, ACTION.of(old).spoke_to) == ("done", "edt", "")


def test_a_contact_closes_what_it_says_was_told_with_the_name_and_number_it_gives(services: Services) -> None:
    told_rows = [
        {"id": "a", "who": "police", "name": "Sgt Holloway", "reference": "0612", "at": "2017-03-14T02:10:00+00:00"}
    ]
    draft = services.records.new_draft("contact", contact("Back at home.", caller_role="carer", told_others=told_rows))
    call = services.records.finish(draft).envelope.record
    ring, police = the(services), the(services, POLICE)
    services.actions.closed_by([ring, police], call)
    assert (action(services, police).spoke_to, action(services, police).log_number) == ("Sgt Holloway", "0612")
    assert (action(services, ring).spoke_to, action(services, ring).state) == ("Jo Preece", "done")


def test_an_action_stays_with_its_owner_until_it_is_accepted(mine: Services, theirs: Services) -> None:
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
    for services in (mine, theirs):
        assert (owned_by(action(services, record)), waiting_for(services, record)) == (
            Owner(me.name, me.person),
            them.name,
        )
    theirs.actions.give_back(record)
    assert (owned_by(action(theirs, record)).name, waiting_for(theirs, record)) == (me.name, "")
    theirs.actions.accept(record)
    exchange(mine, theirs)
    assert owned_by(action(mine, record)) == Owner(them.name, them.person)
    with pytest.raises(UserError, match="Nobody handed this to you"):
        mine.actions.give_back(record)
    theirs.actions.give_back(record)
    assert (owned_by(action(theirs, record)).name, waiting_for(theirs, record)) == (them.name, me.name)


def test_an_undo_takes_one_step_of_a_hand_over_back_unless_another_followed(services: Services) -> None:
    record = the(services)
    services.actions.hand_over(record, "D. Marsh")
    revision = services.actions.hand_over(record, " Day  team")
    assert waiting_for(services, record) == "Day team"
    assert services.actions.person_named("Day team") == ""
    services.actions.undo(revision)
    assert waiting_for(services, record) == "D. Marsh"
    accepted = services.actions.accept(record)
    services.actions.hand_over(record, "Day team")
    with pytest.raises(UserError, match="handed over again since"):
        services.actions.undo(accepted)


def test_two_laptops_that_accept_one_action_give_it_one_owner_in_any_order() -> None:
    rows = [
        HandOver("a", name="Day team", at=NIGHT, step="offered"),
        HandOver("b", name="D. Marsh", at=NIGHT + timedelta(minutes=5), step="accepted", answers="a"),
        HandOver("c", name="S. Lloyd", at=NIGHT + timedelta(minutes=6), step="accepted", answers="a"),
        HandOver("d", at=NIGHT + timedelta(minutes=7), step="given_back", answers="a"),
    ]
    actions = [Action(owner="A. Bevan", handed_over=list(order)) for order in permutations(rows)]
    assert [(owned_by(laptop_action).name, offered(laptop_action)) for laptop_action in actions] == [
        ("S. Lloyd", None)
    ] * len(actions)
    before = Action(owner="A. Bevan", handed_over=rows[:1])
    assert (owned_by(before).name, offered(before)) == ("A. Bevan", rows[0])


def test_a_clock_that_is_slow_loses_no_step_of_a_hand_over(mine: Services, theirs: Services) -> None:
    """What was accepted may be dated before it was handed over, and still comes after it."""
    record, me, them = the(mine), mine.store.seat, theirs.store.seat
    mine.actions.accept(record)
    mine.actions.hand_over(record, them.name, to=them.person)
    exchange(mine, theirs)
    slow = Actions(theirs.records, SetClock(NIGHT - timedelta(hours=1)))
    accepted = slow.accept(record)
    exchange(mine, theirs)
    for services in (mine, theirs):
        assert (owned_by(action(services, record)).person, waiting_for(services, record)) == (them.person, "")
    slow.undo(accepted)
    assert (owned_by(action(theirs, record)).person, waiting_for(theirs, record)) == (me.person, them.name)
    slow.give_back(record)
    slow.hand_over(record, them.name, to=them.person)
    assert owned_by(action(theirs, record)).person == them.person


def test_the_page_of_an_action_says_its_steps_and_no_identifier(services: Services) -> None:
    record = the(services)
    services.actions.hand_over(record, "Day team")
    services.actions.accept(record)
    assert action(services, record).handed_over[1].answers == action(services, record).handed_over[0].id
    view = services.record_views.view(record)
    assert view is not None
    table = next(line.table for line in view.lines if line.unit == "handed_over")
    assert table is not None
    assert table.headings == ("Colleague", "To", "Time", "Step")


def test_steps_that_answer_one_another_in_a_circle_or_ten_thousand_in_a_row_are_in_turn() -> None:
    circle = [HandOver("a", name="A", at=NIGHT, answers="b"), HandOver("b", name="B", at=NIGHT, answers="a")]
    assert {row.id for row in in_turn(circle)} == {"a", "b"}
    rows = [HandOver(f"{row:05}", name=str(row), at=NIGHT, answers=f"{row - 1:05}") for row in range(10_000)]
    assert in_turn(reversed(rows)) == rows


def test_nobody_gives_back_what_was_handed_to_somebody_else(mine: Services, theirs: Services, third: Services) -> None:
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


def test_what_is_closed_changes_hands_no_more(mine: Services, theirs: Services) -> None:
    record, them = the(mine), theirs.store.seat
    mine.actions.hand_over(record, them.name, to=them.person)
    mine.actions.done(record)
    exchange(mine, theirs)
    for press in (theirs.actions.accept, theirs.actions.give_back):
        with pytest.raises(UserError, match=r"This is done already\. Reopen it"):
            press(record)
    with pytest.raises(UserError, match=r"This is done already\. Reopen it"):
        mine.actions.hand_over(record, "Day team")


def test_an_undo_of_a_closing_leaves_the_hand_over_before_it(services: Services) -> None:
    record = the(services)
    services.actions.hand_over(record, "D. Marsh")
    services.actions.undo(services.actions.done(record))
    assert is_open(action(services, record))
    assert waiting_for(services, record) == "D. Marsh"
    assert len(action(services, record).handed_over) == 1


def test_an_undo_of_the_first_hand_over_leaves_the_action_with_nobody(services: Services) -> None:
    record = the(services)
    assert owned_by(action(services, record)).name == ""
    services.actions.undo(services.actions.hand_over(record, "D. Marsh"))
    assert (owned_by(action(services, record)).name, waiting_for(services, record)) == ("", "")


def test_a_press_needs_a_role_that_may_and_an_action(services: Services) -> None:
    record = the(services)
    contact = services.store.records_of("contact", limit=1)[0].record
    with pytest.raises(UserError, match="This is not an action"):
        services.actions.done(contact)
    with services.store.write() as unit:
        unit.set(StoreSetting.ROLE, "administrator")
    with pytest.raises(UserError, match=r"^Only .* can write .*\. Ask your manager"):
        services.actions.done(record)
    with pytest.raises(UserError, match=r"^Only .* can write .*\. Ask your manager"):
        services.actions.hand_over(record, "Day team")


def test_a_withdrawn_action_is_not_closed(services: Services) -> None:
    record = the(services)
    services.records.withdraw(record, "Written twice")
    with pytest.raises(UserError, match="withdrawn"):
        services.actions.done(record)


def test_done_on_one_laptop_and_handed_over_on_another_are_both_kept(mine: Services, theirs: Services) -> None:
    record = the(mine)
    mine.actions.done(record, {"spoke_to": "Jo"})
    theirs.actions.hand_over(record, "D. Marsh")
    exchange(mine, theirs)
    for services in (mine, theirs):
        both = action(services, record)
        assert (both.state, both.spoke_to, waiting_for(services, record)) == ("done", "Jo", "D. Marsh")
        stored_record = services.store.get(record)
        assert stored_record is not None
        assert not stored_record.needs_decision


def test_of_two_hand_overs_the_newest_wins_on_both_laptops(mine: Services, theirs: Services, clock: SetClock) -> None:
    record = the(mine)
    theirs.actions.hand_over(record, "S. Lloyd")
    clock.now = datetime(2017, 3, 14, 2, 20, tzinfo=UTC)
    mine.actions.hand_over(record, "D. Marsh")
    exchange(mine, theirs)
    assert {waiting_for(services, record) for services in (mine, theirs)} == {"D. Marsh"}
    assert [len(action(services, record).handed_over) for services in (mine, theirs)] == [2, 2]


def test_two_hand_overs_in_one_second_have_one_winner_on_both_laptops(mine: Services, theirs: Services) -> None:
    record = the(mine)
    theirs.actions.hand_over(record, "S. Lloyd")
    mine.actions.hand_over(record, "D. Marsh")
    exchange(mine, theirs)
    assert len({waiting_for(services, record) for services in (mine, theirs)}) == 1


def test_who_hands_an_action_over_is_not_asked_to_accept_it_for_the_other(mine: Services, theirs: Services) -> None:
    me, them = mine.store.seat, theirs.store.seat
    draft = mine.records.new_draft("action", {"what": "Book respite", "owner": "Jo", "due": times.stamp(NIGHT)})
    record = mine.records.finish(draft).envelope.record
    mine.actions.hand_over(record, them.name, to=them.person)
    exchange(mine, theirs)
    offered_to = {services.store.seat.name: labels(services, record) for services in (mine, theirs)}
    assert "Accept" in offered_to[them.name]
    assert "Give back" in offered_to[them.name]
    assert "Accept" not in offered_to[me.name]
    assert "Give back" not in offered_to[me.name]


def labels(services: Services, record: str) -> list[str]:
    """What may be pressed on an action."""
    view = services.action_views.view(record)
    assert view is not None
    return [verb.label for verb in view.verbs]
