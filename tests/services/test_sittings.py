"""When somebody was last here: what goes on over a lock and a night on call, and what is news after a night away."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.store import LaptopStore
from hipss_desktop.services.sittings import Moment, goes_on
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import close, exchange, joined
from tests.helpers.store_fixtures import SetClock


def march(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in March 2017, before the clocks went forward."""
    return datetime(2017, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("last", "now", "shift_began", "same"),
    [
        (None, march(14, 9), None, False),  # never here
        (march(14, 8, 55), march(14, 9, 5), None, True),  # a lock in the office
        (march(14, 9), march(14, 14, 59), None, True),  # a long meeting
        (march(14, 9), march(14, 15), None, False),
        (march(13, 17, 40), march(14, 9, 5), None, False),  # a night away
        (march(13, 22), march(14, 6, 30), march(13, 17, 30), True),  # asleep in one's own shift
        (march(14, 8, 25), march(14, 17, 35), march(14, 17, 30), False),  # the day between two own shifts
        (march(14, 9, 10), march(14, 9, 5), None, True),  # the clock was put right
    ],
)
def test_a_sitting_goes_on_over_a_lock_and_an_own_shift_and_ends_with_a_night_away(
    last: datetime | None, now: datetime, shift_began: datetime | None, same: bool
) -> None:
    assert goes_on(last, now, shift_began) == same


def note(services: Services) -> None:
    """The window is open now."""
    with services.store.write() as unit:
        services.sittings.note(unit)


def test_what_is_new_stays_new_for_the_whole_sitting(services: Services, clock: SetClock) -> None:
    clock.now = march(20, 17, 40)
    note(services)
    assert services.sittings.before() == Moment()
    clock.now = march(21, 9, 5)
    assert services.sittings.before().time == march(20, 17, 40)
    for minute in (5, 20, 50):
        clock.now = march(21, 9, minute)
        note(services)
        assert services.sittings.goes_on()
        assert services.sittings.before().time == march(20, 17, 40)
    clock.now = march(22, 9)
    assert services.sittings.before().time == march(21, 9, 50)


def test_a_contact_that_came_by_sync_is_new_however_early_it_was_written(
    services: Services, clock: SetClock, tmp_path: Path
) -> None:
    other = joined(tmp_path / "other", clock, services, name="K. Adeyemi", laptop="HIPSS-LT-02", role="on_call")
    clock.now = march(20, 1)
    answers = {"type": "wrong_number", "channel": "phone"}
    record = other.records.finish(replace(other.records.new_draft("contact"), fields=answers)).envelope.record
    clock.now = march(20, 6)
    note(services)
    clock.now = march(20, 12, 30)
    before = services.sittings.before()
    assert services.sittings.came_since(before, "contact") == set()
    exchange(services, other)
    assert services.sittings.came_since(before, "contact") == {record}
    assert [row.record for row in services.since.page().contacts] == [record]
    close([other])


@pytest.mark.parametrize("stored_setting", ["", "{", "[]", '{"before": 3}', json.dumps({"last": {"at": "yesterday"}})])
def test_a_setting_that_cannot_be_read_is_the_first_sitting(
    services: Services, store: LaptopStore, clock: SetClock, stored_setting: str
) -> None:
    with store.write() as unit:
        unit.set(StoreSetting.SINCE, stored_setting)
    assert not services.sittings.goes_on()
    assert services.sittings.before().time is None
    note(services)
    assert services.sittings.goes_on()
