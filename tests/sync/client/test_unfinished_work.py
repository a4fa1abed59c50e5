"""What lies unfinished on one laptop is known on the others, and not a word of it leaves the laptop."""

from datetime import timedelta

import msgspec
import pytest

from hipss_desktop import identity, times
from hipss_desktop.services.enrolment import Refused
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.services.unfinished import work_here
from hipss_desktop.views.unfinished import USUAL_HOURS, UnfinishedViews
from sync.wire.messages import MOST_UNFINISHED, UnfinishedHere, UnfinishedWork
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.stations import Station, contact
from tests.helpers.store_fixtures import SetClock
from tests.sync.client.conftest import MakeStation

MARKER = "Marmalade zebra"


@pytest.fixture
def child() -> str:
    """A child of one test alone: they share a council."""
    return identity.record_id()


def begin_a_contact(station: Station, child: str) -> None:
    """Leave a contact about a child unfinished."""
    records = station.opened.services.records
    records.save(records.new_draft("contact", contact(MARKER, children=[child], caller_name=MARKER)))


def test_a_draft_is_known_elsewhere_by_kind_person_and_time_and_by_no_word(
    council: CouncilServer, station: MakeStation, child: str
) -> None:
    writer, reader = station("A. Bevan").join(council), station("K. Adeyemi").join(council)
    begin_a_contact(writer, child)
    writer.sync()
    reader.sync()
    [line] = reader.opened.services.unfinished.about(child)
    began = times.since(line.began, reader.opened.services.clock())
    assert line.words == f"Contact, A. Bevan, begun {began}, not finished"
    assert MARKER not in reader.opened.store.setting(StoreSetting.UNFINISHED)
    assert MARKER not in repr(work_here(writer.opened.store))
    draft = writer.opened.store.drafts()[0]
    writer.opened.services.records.discard(draft.record)
    writer.sync()
    reader.sync()
    assert reader.opened.services.unfinished.about(child) == []


def test_a_role_that_reads_no_contacts_is_told_of_none(
    council: CouncilServer, station: MakeStation, child: str
) -> None:
    writer = station("A. Bevan").join(council)
    reader = station("M. Osei").join(council, role="commissioner")
    begin_a_contact(writer, child)
    writer.sync()
    reader.sync()
    reports = [
        report for report in reader.opened.store.setting(StoreSetting.UNFINISHED).split("{") if "contact" in report
    ]
    assert reports == []


@pytest.mark.parametrize(("role", "named"), [("manager", True), ("on_call", False)])
def test_what_is_unfinished_too_long_is_named_to_managers(
    council: CouncilServer, station: MakeStation, child: str, role: str, named: bool
) -> None:
    writer = station(f"B. Writer {role}").join(council)
    reader = station(f"C. Reader {role}").join(council, role=role)
    begin_a_contact(writer, child)
    writer.sync()
    reader.sync()
    services = reader.opened.services
    later = UnfinishedViews(services.store, services.people, lambda: services.clock() + timedelta(hours=25))
    lines = {
        views: [(line.old, bool(line.seen)) for line in views.elsewhere() if f"B. Writer {role}" in line.words]
        for views in (services.unfinished, later)
    }
    assert lines == {services.unfinished: [], later: [(True, True)] if named else []}


def test_ones_own_draft_on_another_laptop_is_named_at_once(
    council: CouncilServer, station: MakeStation, child: str
) -> None:
    first = station("D. Two").join(council, person="person-of-two-laptops")
    second = station("D. Two").join(council, person="person-of-two-laptops")
    begin_a_contact(first, child)
    first.sync()
    second.sync()
    assert [line.old for line in second.opened.services.unfinished.elsewhere()] == [False]


@pytest.mark.parametrize(
    "report",
    [
        UnfinishedHere([UnfinishedWork("contact", "", "")] * (MOST_UNFINISHED + 1)),
        UnfinishedHere([UnfinishedWork(MARKER * 9, "", "")]),
    ],
)
def test_a_report_that_could_contain_words_or_is_endless_is_refused_and_the_last_one_stays(
    council: CouncilServer, station: MakeStation, child: str, report: UnfinishedHere
) -> None:
    writer, reader = station("E. Long").join(council), station("F. Reader").join(council)
    begin_a_contact(writer, child)
    writer.sync()
    connection = writer.opened.council()
    with pytest.raises(Refused, match="cannot be read"):
        connection.unfinished(report)
    reader.sync()
    lines = reader.opened.services.unfinished.about(child)
    assert sum("E. Long" in line.words for line in lines) == 1


@pytest.mark.parametrize("when", ["", "yesterday", "2017-03-14T02:14:00", "0001-01-01T00:00:00+14:00"])
@pytest.mark.parametrize("field", ["began", "touched"])
def test_a_report_whose_times_cannot_be_read_hides_no_other_draft(
    council: CouncilServer, station: MakeStation, child: str, field: str, when: str
) -> None:
    liar, writer = station("E. Long").join(council), station("G. Hart").join(council)
    reader = station("S. Lloyd").join(council, role="manager")
    liar.sync()
    good = UnfinishedWork("contact", "2017-03-14T02:14:00+00:00", "2017-03-14T02:14:00+00:00", [child])
    report = UnfinishedHere([msgspec.structs.replace(good, **{field: when}), good])
    liar.opened.council().unfinished(report)
    begin_a_contact(writer, child)
    writer.sync()
    reader.sync()
    views = reader.opened.services.unfinished
    assert sorted(line.words.split(", ")[1] for line in views.about(child)) == ["E. Long", "G. Hart"]
    assert views.too_old() == sum(line.old for line in views.elsewhere())


def test_a_number_of_hours_that_is_none_names_what_is_older_than_a_day(
    council: CouncilServer, station: MakeStation
) -> None:
    manager = station("S. Lloyd").join(council, role="manager")
    records = manager.opened.services.records
    for hours in ("9" * 20, "a week"):
        fields = {"name": "unfinished_hours", "value": hours, "starts": "2017-01-01"}
        records.finish(records.new_draft("value", fields))
        records.save(records.new_draft("contact", contact(MARKER)))
        later = times.system_clock() + timedelta(hours=USUAL_HOURS, minutes=1)
        views = UnfinishedViews(manager.opened.store, manager.opened.services.people, SetClock(later))
        assert views.old_here()
