"""Who came is marked with one press each, on several laptops at once, beside a draft, and never before the session begins."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hipss_desktop.errors import UserError
from hipss_desktop.kinds.training import TRAINING, Training
from hipss_desktop.views.services import Desk
from tests.helpers.screens_of_training import session, trained
from tests.helpers.several_laptops import exchange
from tests.helpers.store_fixtures import SetClock, sign_in_as


def read(desk: Desk, record: str) -> Training:
    found = desk.store.get(record)
    assert found is not None
    kept: Training = TRAINING.of(found)
    return kept


def was(desk: Desk, record: str, row: str) -> str:
    return next(one.was for one in read(desk, record).people if one.id == row)


def test_a_press_says_that_somebody_came_or_did_not_and_changes_nothing_else(desk: Desk, clock: SetClock) -> None:
    record = trained(desk, clock)
    before = desk.store.get(record)
    assert before is not None
    revision = desk.training.attendance.mark(record, "p05", came=True)
    assert revision.envelope.action == "amend"
    after = desk.store.get(record)
    assert after is not None
    changed = {
        row["id"]: (row.get("was"), then.get("was"))
        for row, then in zip(before.fields["people"], after.fields["people"], strict=True)
        if row != then
    }
    assert changed == {"p05": ("apologies", "came")}
    desk.training.attendance.mark(record, "p05", came=False)
    assert was(desk, record, "p05") == "did_not_come"


def test_somebody_who_did_not_come_after_all_has_no_minutes(desk: Desk, clock: SetClock) -> None:
    trained(desk, clock)
    row = {"id": "p1", "name": "F. Doyle", "role": "Social worker", "was": "came", "minutes": 60}
    record = session(desk, name="Another one", people=[row])
    desk.training.attendance.mark(record, "p1", came=False)
    assert read(desk, record).people[0].minutes is None


def test_two_laptops_mark_two_people_and_both_came(mine: Desk, theirs: Desk, clock: SetClock) -> None:
    record = trained(mine, clock)
    sign_in_as(theirs.store, role="lead")
    exchange(mine, theirs)
    mine.training.attendance.mark(record, "p05", came=True)
    theirs.training.attendance.mark(record, "p08", came=True)
    exchange(mine, theirs)
    for desk in (mine, theirs):
        found = desk.store.get(record)
        assert found is not None
        assert not found.needs_decision
        assert (was(desk, record, "p05"), was(desk, record, "p08")) == ("came", "came")


def test_one_person_marked_differently_on_two_laptops_waits_for_a_decision(
    mine: Desk, theirs: Desk, clock: SetClock
) -> None:
    record = trained(mine, clock)
    sign_in_as(theirs.store, role="lead")
    exchange(mine, theirs)
    mine.training.attendance.mark(record, "p05", came=True)
    theirs.training.attendance.mark(record, "p05", came=False)
    exchange(mine, theirs)
    for desk in (mine, theirs):
        found = desk.store.get(record)
        assert found is not None
        assert found.needs_decision
        with pytest.raises(UserError, match="two versions"):
            desk.training.attendance.mark(record, "p05", came=True)


def test_a_press_leaves_what_is_being_written_of_the_session(desk: Desk, clock: SetClock) -> None:
    record = trained(desk, clock)
    draft = desk.records.amendment(record)
    with desk.store.write() as unit:
        unit.put_draft(replace(draft, fields={**draft.fields, "covered": "What was written meanwhile"}))
    desk.training.attendance.mark(record, "p05", came=True)
    kept = desk.store.draft(record)
    assert kept is not None
    assert kept.fields["covered"] == "What was written meanwhile"
    desk.records.finish(replace(kept, why="Written up"))
    assert (was(desk, record, "p05"), read(desk, record).covered) == ("came", "What was written meanwhile")


def test_nobody_is_marked_before_it_begins_where_it_was_cancelled_or_by_those_who_may_not(
    desk: Desk, clock: SetClock
) -> None:
    held = trained(desk, clock)
    planned = next(one.record for one in desk.store.records_of("training") if one.fields["name"] == "Sleep and trauma")
    with pytest.raises(UserError, match="has not begun"):
        desk.training.attendance.mark(planned, "p00", came=True)
    with pytest.raises(UserError, match="row is not in the record"):
        desk.training.attendance.mark(held, "nobody", came=True)
    desk.records.move(planned, "cancelled", {"cancelled_why": "The trainer is ill"}, "Rung")
    clock.now = datetime(2017, 4, 4, 12, 0, tzinfo=UTC)
    with pytest.raises(UserError, match="cancelled"):
        desk.training.attendance.mark(planned, "p00", came=True)
    sign_in_as(desk.store, role="on_call", name="A. Bevan")
    with pytest.raises(UserError):
        desk.training.attendance.mark(held, "p05", came=True)
    assert was(desk, held, "p05") == "apologies"


def test_a_planned_session_is_said_to_have_been_held_once_it_began(desk: Desk, clock: SetClock) -> None:
    trained(desk, clock)
    planned = next(one.record for one in desk.store.records_of("training") if one.fields["name"] == "Sleep and trauma")
    view = desk.training.sessions.view(planned)
    assert view is not None
    assert (view.may_hold, view.may_mark, view.came_words) == (False, False, "18 invited")
    clock.now = datetime(2017, 4, 4, 12, 0, tzinfo=UTC)
    view = desk.training.sessions.view(planned)
    assert view is not None
    assert (view.may_hold, view.may_mark) == (True, True)
    desk.training.attendance.hold(planned)
    desk.training.attendance.mark(planned, "p00", came=True)
    view = desk.training.sessions.view(planned)
    assert view is not None
    assert (view.may_hold, view.came_words, view.total.hours) == (False, "1 of 18 came", "2.5")
