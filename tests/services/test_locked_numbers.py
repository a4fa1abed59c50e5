"""Nobody but a manager says what number is dialled from the locked screen."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hipss_desktop.errors import UserError
from hipss_desktop.views.record import RecordView
from tests.helpers.council_fixtures import CouncilServer, serving
from tests.helpers.stations import Station

EDT = {"label": "Emergency duty team", "number": "01632 960145", "shown_locked": True, "order": 1}


@pytest.fixture
def council(tmp_path: Path) -> Iterator[CouncilServer]:
    with serving(tmp_path / "council") as server:
        yield server


@pytest.fixture
def manager(tmp_path: Path, council: CouncilServer) -> Iterator[Station]:
    """A manager's laptop, on which the number of the emergency duty team was written."""
    station = Station(tmp_path / "manager", name="S. Lloyd").join(council, role="manager")
    records = station.opened.services.records
    records.finish(replace(records.new_draft("directory"), fields=EDT))
    station.sync()
    yield station
    station.close()


@pytest.fixture
def on_call(tmp_path: Path, council: CouncilServer, manager: Station) -> Iterator[Station]:
    station = Station(tmp_path / "on-call").join(council)
    yield station
    station.close()


def shown(station: Station) -> list[tuple[str, str]]:
    """What this laptop shows once it is locked."""
    station.sync()
    station.close()
    return [(number.label, number.number) for number in station.home.laptop().duty_numbers]


def entry(station: Station) -> str:
    [record] = station.opened.store.records_of("directory", limit=1)
    return record.record


def test_a_number_that_a_manager_wrote_is_shown_on_every_laptop(manager: Station, on_call: Station) -> None:
    assert shown(on_call) == shown(manager) == [("Emergency duty team", "01632 960145")]


def test_a_new_number_of_somebody_on_call_is_shown_on_no_locked_screen(manager: Station, on_call: Station) -> None:
    records = on_call.opened.services.records
    records.finish(
        replace(records.new_draft("directory"), fields={**EDT, "label": "Duty manager", "number": "07700 900666"})
    )
    on_call.sync()
    for station in (manager, on_call):
        assert shown(station) == [("Emergency duty team", "01632 960145")]


def test_a_changed_number_is_shown_once_a_manager_has_confirmed_it(manager: Station, on_call: Station) -> None:
    record = entry(on_call)
    on_call.amend(record, number="07700 900666")
    on_call.sync()
    for station in (manager, on_call):
        assert shown(station) == [("Emergency duty team", "01632 960145")]
        assert station.get(record).fields["number"] == "07700 900666"
    manager.amend(record, hours="At night")
    manager.sync()
    for station in (manager, on_call):
        assert shown(station) == [("Emergency duty team", "07700 900666")]


def test_a_number_that_somebody_on_call_withdraws_stays_on_the_locked_screen(
    manager: Station, on_call: Station
) -> None:
    record = entry(on_call)
    records = on_call.opened.services.records
    records.withdraw(record, "No longer needed")
    on_call.sync()
    assert shown(on_call) == shown(manager) == [("Emergency duty team", "01632 960145")]


def test_an_entry_says_what_locked_screens_show_instead_and_who_changed_it(manager: Station, on_call: Station) -> None:
    record = entry(on_call)
    assert words(manager, record) == words(on_call, record) == ""
    on_call.amend(record, number="07700900666")
    on_call.sync()
    manager.sync()
    changed_by = on_call.opened.store.seat.name
    for station in (manager, on_call):
        notice = words(station, record)
        assert notice.startswith("The locked screen still shows Emergency duty team, 01632 960145. ")
        assert f"{changed_by} changed this on " in notice
        assert notice.endswith("Locked screens follow once a manager has amended the entry.")
    manager.amend(record, hours="At night")
    assert words(manager, record) == ""


def test_a_manager_withdraws_what_somebody_on_call_withdrew(manager: Station, on_call: Station) -> None:
    record = entry(on_call)
    on_call.opened.services.records.withdraw(record, "No longer needed")
    on_call.sync()
    manager.sync()
    assert "withdrawn it too" in words(manager, record)
    assert not view(on_call, record).may_withdraw
    with pytest.raises(UserError, match="withdrawn already"):
        on_call.opened.services.records.withdraw(record, "Again")
    assert view(manager, record).may_withdraw
    manager.opened.services.records.withdraw(record, "The team has another number")
    assert not view(manager, record).may_withdraw
    with pytest.raises(UserError, match="withdrawn already"):
        manager.opened.services.records.withdraw(record, "Again")
    manager.sync()
    for station in (manager, on_call):
        assert shown(station) == []


def view(station: Station, record: str) -> RecordView:
    record_view = station.opened.services.record_views.view(record)
    assert record_view is not None
    return record_view


def words(station: Station, record: str) -> str:
    return view(station, record).unconfirmed
