"""A shift: what an older program wrote is read, and what one wrote newer is read by it."""

from datetime import UTC, datetime
from typing import Annotated

import msgspec

from hipss_desktop.kinds.shift import SHIFT, Shift, began, ended
from hipss_desktop.records.access import EVERYONE_IN_SERVICE
from hipss_desktop.records.fields import field
from hipss_desktop.records.kind import Kind

NOW = datetime(2017, 3, 17, 10, tzinfo=UTC)
PLANNED = {"on_call": "p", "planned_start": "2017-03-16T17:30:00+00:00", "planned_end": "2017-03-17T08:30:00+00:00"}


class OlderShift(msgspec.Struct):
    """A shift as it was described before rows were added to it."""

    on_call: Annotated[str, field("On call", refers_to="practitioner")] = ""
    planned_start: Annotated[datetime | None, field("Planned start")] = None
    worked_end: Annotated[datetime | None, field("Ended")] = None


OLDER = Kind(
    name="shift",
    label="Shift",
    plural="Shifts",
    reference_prefix="S",
    record=OlderShift,
    writers=EVERYONE_IN_SERVICE,
    readers=EVERYONE_IN_SERVICE,
    title_from=lambda shift: "Shift",
)


def test_older_and_newer_programs_read_each_other_without_a_step_between() -> None:
    assert SHIFT.version == OLDER.version
    old = {**PLANNED, "worked_start": "2017-03-16T17:30:00+00:00", "worked_end": "2017-03-17T09:05:00+00:00"}
    assert SHIFT.unreadable(old) == []
    assert ended(SHIFT.read(old)) == datetime(2017, 3, 17, 9, 5, tzinfo=UTC)
    new = {**PLANNED, "worked": [{"id": "a", "start": "2017-03-16T17:40:00+00:00"}], "swaps": []}
    assert OLDER.unreadable(new) == []
    assert OLDER.read(new).planned_start == SHIFT.read(new).planned_start


def test_what_was_worked_is_beside_what_was_planned() -> None:
    rows = [
        {"id": "a", "start": "2017-03-16T17:40:00+00:00", "end": "2017-03-16T23:10:00+00:00"},
        {"id": "b", "colleague": "q", "start": "2017-03-16T23:10:00+00:00", "end": "2017-03-17T09:05:00+00:00"},
    ]
    shift = SHIFT.read({**PLANNED, "worked": rows})
    assert (began(shift), ended(shift)) == (
        datetime(2017, 3, 16, 17, 30, tzinfo=UTC),
        datetime(2017, 3, 17, 9, 5, tzinfo=UTC),
    )
    assert shift.planned_start == datetime(2017, 3, 16, 17, 30, tzinfo=UTC)
    going_on = SHIFT.read({**PLANNED, "worked": [{"id": "a", "start": "2017-03-16T17:40:00+00:00"}]})
    assert ended(going_on) == going_on.planned_end


def test_work_ends_after_it_begins() -> None:
    backwards = {"id": "a", "start": "2017-03-17T08:30:00+00:00", "end": "2017-03-16T17:30:00+00:00"}
    problems = SHIFT.problems({**PLANNED, "worked": [backwards]}, NOW)
    assert [(problem.field, problem.message) for problem in problems] == [
        ("worked/a/end", "Enter an end after the start")
    ]
    assert Shift().worked == []
