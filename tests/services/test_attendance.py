"""Who came is marked with one press each, on several laptops at once, beside a draft, and never before the session begins."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hipss_desktop.errors import UserError
from hipss_desktop.kinds.training import TRAINING, Training
from hipss_desktop.views.services import Services
from tests.helpers.screens_of_training import session, trained
from tests.helpers.several_laptops import exchange
from tests.helpers.store_fixtures import SetClock, sign_in_as


def read(services: Services, record: str) -> Training:
    stored_record = services.store.get(record)
    assert stored_record is not None
    training: Training = TRAINING.of(stored_record)
    return training


def attendance_of(services: Services, record: str, row: str) -> str:
    return next(person.was for person in read(services, record).people if person.id == row)


def test_a_press_says_that_somebody_came_or_did_not_and_changes_nothing_else(
    services: Services, clock: SetClock
) -> None:
    record = trained(services, clock)
    before = services.store.get(record)
    assert before is not None
    revision = services.training.attendance.mark(record, "p05", came=True)
    assert revision.envelope.action == "amend"
    after = services.store.get(record)
    assert after is not None
    changed = {
        row["id"]: (row.get("was"), then.get("was"))
        for row, then in zip(before.fields["people"], after.fields["people"], strict=True)
        if row != then
    }
    assert changed == {"p05": ("apologies", "came")}
    services.training.attendance.mark(record, "p05", came=False)
    assert attendance_of(services, record, "p05") == "did_not_come"


def test_somebody_who_did_not_come_after_all_has_no_minutes(services: Services, clock: SetClock) -> None:
    trained(services, clock)
    row = {"id": "p1", "name": "F. Doyle", "role": "Social worker", "was": "came", "minutes": 60}
    record = session(services, name="Another one", people=[row])
    services.training.attendance.mark(record, "p1", came=False)
    assert read(services, record).people[0].minutes is None


def test_two_laptops_mark_two_people_and_both_came(mine: Services, theirs: Services, clock: SetClock) -> None:
    record = trained(mine, clock)
    sign_in_as(theirs.store, role="lead")
    exchange(mine, theirs)
    mine.training.attendance.mark(record, "p05", came=True)
    theirs.training.attendance.mark(record, "p08", came=True)
    exchange(mine, theirs)
    for services in (mine, theirs):
        training = services.store.get(record)
        assert training is not None
        assert not training.needs_decision
        assert (attendance_of(services, record, "p05"), attendance_of(services, record, "p08")) == ("came", "came")


def test_one_person_marked_differently_on_two_laptops_waits_for_a_decision(
    mine: Services, theirs: Services, clock: SetClock
) -> None:
    record = trained(mine, clock)
    sign_in_as(theirs.store, role="lead")
    exchange(mine, theirs)
    mine.training.attendance.mark(record, "p05", came=True)
    theirs.training.attendance.mark(record, "p05", came=False)
    exchange(mine, theirs)
    for services in (mine, theirs):
        training = services.store.get(record)
        assert training is not None
        assert training.needs_decision
        with pytest.raises(UserError, match="two versions"):
            services.training.attendance.mark(record, "p05", came=True)


def test_a_press_leaves_what_is_being_written_of_the_session(services: Services, clock: SetClock) -> None:
    record = trained(services, clock)
    draft = services.records.amendment(record)
    with services.store.write() as unit:
        unit.put_draft(replace(draft, fields={**draft.fields, "covered": "What was written meanwhile"}))
    services.training.attendance.mark(record, "p05", came=True)
    saved_draft = services.store.draft(record)
    assert saved_draft is not None
    assert saved_draft.fields["covered"] == "What was written meanwhile"
    services.records.finish(replace(saved_draft, why="Written up"))
    assert (attendance_of(services, record, "p05"), read(services, record).covered) == (
        "came",
        "What was written meanwhile",
    )


def test_nobody_is_marked_before_it_begins_where_it_was_cancelled_or_by_those_who_may_not(
    services: Services, clock: SetClock
) -> None:
    held = trained(services, clock)
    planned = next(
        record.record for record in services.store.records_of("training") if record.fields["name"] == "Sleep and trauma"
    )
    with pytest.raises(UserError, match="has not begun"):
        services.training.attendance.mark(planned, "p00", came=True)
    with pytest.raises(UserError, match="row is not in the record"):
        services.training.attendance.mark(held, "nobody", came=True)
    services.records.move(planned, "cancelled", {"cancelled_why": "The trainer is ill"}, "Rung")
    clock.now = datetime(2017, 4, 4, 12, 0, tzinfo=UTC)
    with pytest.raises(UserError, match="cancelled"):
        services.training.attendance.mark(planned, "p00", came=True)
    sign_in_as(services.store, role="on_call", name="A. Bevan")
    with pytest.raises(UserError):
        services.training.attendance.mark(held, "p05", came=True)
    assert attendance_of(services, held, "p05") == "apologies"


def test_a_planned_session_is_said_to_have_been_held_once_it_began(services: Services, clock: SetClock) -> None:
    trained(services, clock)
    planned = next(
        record.record for record in services.store.records_of("training") if record.fields["name"] == "Sleep and trauma"
    )
    view = services.training.sessions.view(planned)
    assert view is not None
    assert (view.may_hold, view.may_mark, view.came_words) == (False, False, "18 invited")
    clock.now = datetime(2017, 4, 4, 12, 0, tzinfo=UTC)
    view = services.training.sessions.view(planned)
    assert view is not None
    assert (view.may_hold, view.may_mark) == (True, True)
    services.training.attendance.hold(planned)
    services.training.attendance.mark(planned, "p00", came=True)
    view = services.training.sessions.view(planned)
    assert view is not None
    assert (view.may_hold, view.came_words, view.total.hours) == (False, "1 of 18 came", "2.5")
