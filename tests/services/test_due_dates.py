"""What is due for all households, remembered: after every commit the same as read anew, in few readings."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hipss_desktop import identity, times
from hipss_desktop.rules.due import Due
from hipss_desktop.services.due_dates import AT_FIRST, THEN, DueDates
from hipss_desktop.services.training import Trainings
from hipss_desktop.views.services import Services
from tests.helpers.read_back_visit import household
from tests.helpers.store_fixtures import SetClock, sign_in_as

MARCH = datetime(2017, 3, 16, 10, 30, tzinfo=UTC)
TOOK_PART = [{"id": "p1", "who": "household", "name": "Jo Preece", "was": ["took_part"]}]


@pytest.fixture
def clock() -> SetClock:
    """The morning of 16 March 2017."""
    return SetClock(MARCH)


@pytest.fixture
def worker(services: Services) -> Services:
    """The laptop of S. Lloyd, who manages the service."""
    sign_in_as(services.store, role="manager", name="S. Lloyd")
    return services


def finished(services: Services, kind: str, **answers: Any) -> str:
    return services.records.finish(services.records.new_draft(kind, answers)).envelope.record


def visited(services: Services, carer: str, began: str, **answers: Any) -> str:
    fields = {"type": "planned", "people": TOOK_PART, "children": [], **answers}
    return finished(services, "visit", carer=carer, began=began, **fields)


def amended(services: Services, record: str, **answers: Any) -> None:
    draft = services.records.amendment(record)
    services.records.finish(replace(draft, fields={**draft.fields, **answers}, why="Told on the telephone"))


def remembered(services: Services) -> dict[str, tuple[Due, ...]]:
    """What is remembered, seen to be what a new reading gives."""
    rows = services.due_dates.all()
    assert rows == {record: tuple(services.due_dates.of(record)) for record in rows}
    return rows


def row(services: Services, carer: str, duty: str = "supervision_visit") -> Due:
    return next(due for due in remembered(services)[carer] if due.due_type == duty)


def test_every_commit_that_changes_something_due_is_seen_and_only_that_household_is_read(worker: Services) -> None:
    jo, carol = household(worker), household(worker, "Carol Yeo")
    assert row(worker, jo).last is None
    visit = visited(worker, jo, "2017-02-23T10:00:00+00:00")
    assert row(worker, jo).due == date(2017, 3, 23)
    amended(worker, visit, began="2017-03-01T10:00:00+00:00")
    assert row(worker, jo).due == date(2017, 3, 29)
    amended(worker, visit, carer=carol)
    assert (row(worker, jo).last, row(worker, carol).last) == (None, date(2017, 3, 1))
    worker.records.withdraw(visit, "Written of the wrong household")
    assert row(worker, carol).last is None
    check = finished(worker, "carer_check", carer=jo, type="home_safety", on="2016-05-01", outcome="All well")
    assert row(worker, jo, "home_safety").due == date(2017, 5, 1)
    worker.records.withdraw(check, "It was another house")
    assert row(worker, jo, "home_safety").last is None
    amended(worker, jo, frequencies=[{"id": "f1", "starts": "2015-10-06", "every": 2, "unit": "weeks"}])
    visited(worker, jo, "2017-03-08T10:00:00+00:00")
    assert row(worker, jo).due == date(2017, 3, 22)
    finished(worker, "value", name="home_safety_every", value="2 years", starts="2015-01-01")
    assert row(worker, carol, "home_safety").rule == "Home safety every 2 years, this council’s rule"


def test_a_check_made_at_a_visit_counts_unless_the_visit_is_withdrawn_or_to_another_household(
    worker: Services,
) -> None:
    jo, carol = household(worker), household(worker, "Carol Yeo")
    check = {"id": "c1", "type": "home_safety", "on": "2017-03-01", "outcome": "All well"}
    visit = visited(worker, jo, "2017-03-01T10:00:00+00:00", checks=[check])
    second_visit = visited(worker, jo, "2017-03-02T10:00:00+00:00", checks=[{**check, "id": "c2", "on": "2017-03-02"}])
    assert row(worker, jo, "home_safety").last == date(2017, 3, 2)
    worker.records.withdraw(second_visit, "It was another day")
    assert row(worker, jo, "home_safety").last == date(2017, 3, 1)
    for back in range(AT_FIRST):  # so many that the visit itself is not among those that are read
        began = times.stamp(MARCH - timedelta(days=1, minutes=back))
        visited(worker, jo, began, type="unannounced", rooms_seen=True)
    assert row(worker, jo, "home_safety").last == date(2017, 3, 1)
    amended(worker, visit, carer=carol)
    assert row(worker, jo, "home_safety").last is None
    assert row(worker, carol, "home_safety").last is None
    amended(worker, visit, carer=jo)
    assert row(worker, jo, "home_safety").last == date(2017, 3, 1)


def test_the_next_day_is_worked_out_anew(worker: Services, clock: SetClock) -> None:
    jo = household(worker)
    visited(worker, jo, "2017-02-16T10:00:00+00:00")
    assert (row(worker, jo).due, row(worker, jo).state) == (date(2017, 3, 16), "due_soon")
    clock.pass_time(days=1)
    assert row(worker, jo).state == "overdue"


def test_visits_that_count_are_found_behind_many_that_do_not(worker: Services) -> None:
    jo = household(worker)
    visited(worker, jo, "2016-01-04T10:00:00+00:00", type="unannounced", rooms_seen=True)
    day = MARCH - timedelta(days=1)
    for back in range(AT_FIRST + THEN + 2):
        began = times.stamp(day - timedelta(days=back))
        visited(worker, jo, began, type="telephone" if back % 2 else "planned")
    assert row(worker, jo).last == date(2017, 3, 15)
    assert row(worker, jo, "unannounced_visit").last == date(2016, 1, 4)
    assert row(worker, jo, "home_look").due == date(2017, 1, 4)


def test_a_past_day_uses_what_is_recorded_now_dated_up_to_it(worker: Services) -> None:
    jo = household(worker)
    visited(worker, jo, "2017-02-23T10:00:00+00:00")
    visited(worker, jo, "2017-03-15T10:00:00+00:00")
    past = next(due for due in worker.due_dates.all(date(2017, 3, 1))[jo] if due.due_type == "supervision_visit")
    assert (past.last, past.due) == (date(2017, 2, 23), date(2017, 3, 23))
    assert worker.due_dates.of(jo, date(2017, 3, 1))[0] == past


def test_nothing_is_read_again_while_nothing_changed(worker: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    due_dates = DueDates(worker.store, worker.people, Trainings(worker.store), worker.clock)
    rows = due_dates.all()

    def refuse(*arguments: Any, **more: Any) -> None:
        raise AssertionError("It was read again.")

    for reading in ("records_of", "newest_about", "records_about", "records_named"):
        monkeypatch.setattr(worker.store, reading, refuse)
    rows_after = due_dates.all()
    assert all(rows_after[record] is rows[record] for record in rows)


SESSION = {"stage": "held", "name": "First aid for carers", "topic": "first_aid"}


def trained(services: Services, *people: dict[str, Any], day: str = "2017-03-15", **answers: Any) -> str:
    times_of_day = {"began": f"{day}T09:30:00+00:00", "ended": f"{day}T12:00:00+00:00"}
    return finished(services, "training", **{**SESSION, **times_of_day, "people": list(people), **answers})


def came(services: Services, carer: str, name: str = "Jo Preece", **answers: Any) -> dict[str, Any]:
    return {"id": f"{carer} {name}", "name": name, "role": "Foster carer", "was": "came", "carer": carer, **answers}


def first_aid(services: Services, carer: str, name: str = "Jo Preece") -> Due:
    return next(due for due in remembered(services)[carer] if due.topic == "first_aid" and due.name == name)


def test_training_is_read_from_the_session_and_follows_it_through_every_change(worker: Services) -> None:
    jo, ann = household(worker), household(worker, "Ann Colley")
    before = {record: rows for record, rows in remembered(worker).items() if record != jo}
    session = trained(worker, came(worker, jo))
    assert first_aid(worker, jo).last == date(2017, 3, 15)
    after = worker.due_dates.all()
    assert all(after[record] is rows for record, rows in before.items()), (
        "a household that did not come is not worked out again"
    )
    amended(worker, session, people=[came(worker, jo) | {"was": "apologies"}, came(worker, ann, "Ann Colley")])
    assert first_aid(worker, jo).last is None
    assert first_aid(worker, ann, "Ann Colley").last == date(2017, 3, 15)
    amended(
        worker, session, stage="cancelled", cancelled_why="The trainer is ill", people=[came(worker, ann, "Ann Colley")]
    )
    assert first_aid(worker, ann, "Ann Colley").last is None
    amended(worker, session, stage="held")
    assert first_aid(worker, ann, "Ann Colley").last == date(2017, 3, 15)
    worker.records.withdraw(session, "Written twice")
    assert first_aid(worker, ann, "Ann Colley").last is None


def test_no_session_is_copied_into_a_household(worker: Services) -> None:
    jo = household(worker)
    held = worker.people.record(jo)
    trained(worker, came(worker, jo))
    first_aid(worker, jo)
    assert worker.people.record(jo) == held


@pytest.mark.parametrize("people", ["nonsense", [1, "x", None], [{"id": "p1", "carer": 7, "was": []}], {"id": "p1"}])
def test_a_session_whose_people_cannot_be_read_stops_nothing(worker: Services, people: Any) -> None:
    jo = household(worker)
    trained(worker, came(worker, jo))
    fields = {**SESSION, "began": "2017-03-14T09:30:00+00:00", "ended": 7, "handouts": 3, "people": people}
    with worker.store.write() as unit:
        revision = unit.append(
            record=identity.record_id(), kind="training", action="finish", fields=fields, changed=["people"], parents=()
        )
    assert first_aid(worker, jo).last == date(2017, 3, 15)
    assert worker.training.sessions.view(revision.envelope.record) is not None
    assert [known.name for known in worker.training.participants.former("training")] == ["Jo Preece"]
