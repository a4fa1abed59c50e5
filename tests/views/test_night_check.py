"""The night pack check on the board: the newest one of this night, or that it is to be made, and nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from db.store import LaptopStore
from hipss_desktop.kinds.night_check import READY, RED
from hipss_desktop.machine import Machine
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.views.services import Services
from tests.helpers.store_fixtures import MACHINE, SetClock

AFTERNOON = datetime(2017, 3, 13, 16, 34, tzinfo=UTC)
PLUGGED_IN = Machine(free=41 * 10**9, encrypted=True, percent=62, plugged_in=True)


@pytest.fixture
def clock() -> SetClock:
    """16:34 on Monday 13 March 2017; A. Bevan is on call tonight."""
    return SetClock(AFTERNOON)


@pytest.fixture
def finish(services: Services) -> Callable[[Machine], str]:
    """Checks and finishes; gives the record."""

    def finish(machine: Machine = MACHINE) -> str:
        lines = services.night_checks.check(machine)
        agreed = {(line.item, line.child): "S. Lloyd knows" for line in lines if line.state != READY}
        return services.night_checks.finish(lines, agreed).envelope.record

    return finish


def words(services: Services) -> str:
    """What the board says of the check, '' for nothing."""
    check = services.on_call.board().night_check
    return check.words if check is not None else ""


@pytest.mark.parametrize(
    ("at", "says"),
    [
        ("2017-03-13T16:29:00+00:00", ""),
        ("2017-03-13T16:30:00+00:00", "Check the night pack"),
        ("2017-03-13T17:29:00+00:00", "Check the night pack"),
        ("2017-03-13T17:30:00+00:00", "The night pack was not checked on this laptop"),
        ("2017-03-14T02:14:00+00:00", "The night pack was not checked on this laptop"),
        ("2017-03-14T08:29:00+00:00", "The night pack was not checked on this laptop"),
        ("2017-03-14T08:30:00+00:00", ""),
        ("2017-03-14T16:45:00+00:00", ""),  # K. Adeyemi is on call tonight
    ],
)
def test_the_person_on_call_tonight_is_told_to_check_and_in_the_night_that_nobody_did(
    services: Services, clock: SetClock, at: str, says: str
) -> None:
    clock.now = datetime.fromisoformat(at)
    assert words(services) == says


def test_the_newest_check_of_this_night_is_said_with_how_many_lines_are_left(
    services: Services, clock: SetClock, finish: Callable[..., str]
) -> None:
    def checked(at: str, machine: Machine) -> str:
        states = [line.state for line in services.night_checks.check(machine)]
        assert states.count(RED) > 0, "the demonstration has a child without a plan"
        return f"Night pack checked {at}, {len(states) - states.count(READY)} left, {states.count(RED)} red"

    finish()
    assert words(services) == checked("16:34", MACHINE)
    clock.pass_time(minutes=6)
    newest = finish(PLUGGED_IN)
    assert words(services) == checked("16:40", PLUGGED_IN)
    check = services.on_call.board().night_check
    assert check is not None
    assert (check.record, check.is_left) == (newest, True)
    clock.now = datetime(2017, 3, 14, 2, 14, tzinfo=UTC)
    assert words(services) == checked("yesterday 16:40", PLUGGED_IN)
    finish()
    assert words(services) == checked("02:14", MACHINE)
    clock.now = datetime(2017, 3, 14, 8, 31, tzinfo=UTC)
    assert words(services) == ""


def test_a_check_that_was_withdrawn_or_made_on_another_laptop_does_not_count_for_this_one(
    services: Services, store: LaptopStore, finish: Callable[..., str]
) -> None:
    services.records.withdraw(finish(), "Wrong laptop")
    assert words(services) == "Check the night pack"
    with store.write() as unit:
        unit.set(StoreSetting.LAPTOP, "HIPSS-LT-09")
    finish()
    assert words(services).startswith("Night pack checked 16:34")
    with store.write() as unit:
        unit.set(StoreSetting.LAPTOP, "HIPSS-LT-04")
    assert words(services) == "Check the night pack"


@pytest.mark.parametrize(("person", "is_told"), [("S. Lloyd", True), ("A. Bevan", False)])
def test_what_failed_in_red_is_said_to_the_backup_manager_once_the_night_has_begun(
    services: Services, store: LaptopStore, clock: SetClock, finish: Callable[..., str], person: str, *, is_told: bool
) -> None:
    finish()
    with store.write() as unit:
        unit.set(StoreSetting.NAME, person)
    store._load_seat()  # the name comes with a certificate otherwise
    check = services.on_call.board().night_check
    assert check is not None
    assert (check.is_red, check.red) == (True, "")
    clock.now = datetime(2017, 3, 13, 17, 30, tzinfo=UTC)
    check = services.on_call.board().night_check
    assert check is not None
    assert check.red.startswith("You are the backup manager. Red: ") == is_told
    reds = [line for line in services.night_checks.check(MACHINE) if line.state == RED]
    assert ("Safety plan, " in check.red) == (is_told and any(line.item == "plan" for line in reds))
