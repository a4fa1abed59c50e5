"""Two laptops write up one consultation: both records are there, somebody says that they are one, and it counts once."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from hipss_desktop.errors import UserError
from hipss_desktop.figures.periods import between
from hipss_desktop.views.services import Services
from tests.helpers import tiss
from tests.helpers.several_laptops import amend, child_named, close, exchange, joined
from tests.helpers.store_fixtures import SetClock, sign_in_as

MARCH = between(date(2017, 3, 1), date(2017, 3, 31))


@pytest.fixture
def lead(services: Services) -> Services:
    """The laptop of a lead practitioner."""
    sign_in_as(services.store, role="lead")
    return services


@pytest.fixture
def manager(lead: Services, clock: SetClock, tmp_path: Path) -> Iterator[Services]:
    """A manager's laptop that holds what the lead's holds."""
    manager_services = joined(tmp_path / "theirs", clock, lead, name="S. Lloyd", laptop="HIPSS-LT-01", role="manager")
    yield manager_services
    close([manager_services])


def offered(services: Services, record: str) -> list[str]:
    """The other records that the program offers as the same consultation."""
    stored_record = services.store.get(record)
    assert stored_record is not None
    return [twin.record for twin in services.twice_written.may_be(stored_record)]


def counted(services: Services) -> tuple[int, list[str]]:
    """How many consultations of March count, and those that stand in the list."""
    return services.consultation_tables.of(MARCH).total, [
        record.record for record in services.consultation_tables.standing()
    ]


def written_twice(lead: Services, manager: Services, **about: str) -> tuple[str, str]:
    """One consultation as both laptops wrote it up before they exchanged; the one begun first, then the other."""
    first, second = tiss.consultation(lead, **about), tiss.consultation(manager, **about)
    exchange(lead, manager)
    return first, second


@pytest.mark.parametrize("subject", ["child", "case", "theme"])
def test_both_are_there_each_is_offered_beside_the_other_and_once_said_it_counts_once(
    lead: Services, manager: Services, subject: str
) -> None:
    about = {subject: {"child": child_named(lead, "Kai"), "case": tiss.case(lead), "theme": "Endings"}[subject]}
    exchange(lead, manager)
    first, second = written_twice(lead, manager, **about)
    for services in (lead, manager):
        assert (offered(services, first), offered(services, second)) == ([second], [first])
        assert counted(services)[0] == 2
    lead.twice_written.same(first, second)
    exchange(lead, manager)
    for services in (lead, manager):
        assert (offered(services, first), offered(services, second)) == ([], [])
        assert counted(services) == (1, [first])
        assert services.store.get(second) is not None


def test_two_laptops_that_say_it_of_each_other_at_once_leave_one_that_counts(lead: Services, manager: Services) -> None:
    first, second = written_twice(lead, manager, theme="Endings")
    lead.records.add_row(first, "same_as", {"consultation": second})  # as an older or another program might
    manager.records.add_row(second, "same_as", {"consultation": first})
    exchange(lead, manager)
    assert counted(lead) == counted(manager) == (1, [first])


def test_the_other_counts_again_once_the_one_that_went_on_is_withdrawn(lead: Services, manager: Services) -> None:
    first, second = written_twice(lead, manager, theme="Endings")
    manager.twice_written.same(first, second)
    manager.records.withdraw(first, "Written by mistake")
    exchange(lead, manager)
    assert counted(lead) == counted(manager) == (1, [second])


def test_what_only_looks_alike_is_not_offered(lead: Services) -> None:
    kai, ellie = child_named(lead, "Kai"), child_named(lead, "Ellie")
    first = tiss.consultation(lead, child=kai)
    tiss.consultation(lead, child=ellie)
    tiss.consultation(lead, child=kai, held_on="2017-03-08")
    tiss.consultation(lead, child=kai, team="fieldwork")
    tiss.consultation(lead, theme="Kai")
    withdrawn = tiss.consultation(lead, child=kai)
    lead.records.withdraw(withdrawn, "Entered twice")
    assert offered(lead, first) == []


def test_rows_of_a_sheet_that_are_alike_are_as_many_consultations(lead: Services) -> None:
    from hipss_desktop.services.importing import import_sheet

    text = "Date,Recipient team,Subject,Theme\n" + '09/03/2017,16+,"A theme, without a child",Endings\n' * 2
    import_sheet(lead.store, "consultation", text, clock=lead.clock)
    assert counted(lead)[0] == 2
    assert [offered(lead, record.record) for record in lead.store.records_of("consultation")] == [[], []]


def test_a_record_is_not_the_same_as_itself_or_as_one_that_is_passed_over(lead: Services, manager: Services) -> None:
    first, second = written_twice(lead, manager, theme="Endings")
    with pytest.raises(UserError):
        lead.twice_written.same(first, first)
    lead.twice_written.same(second, first)
    with pytest.raises(UserError):
        lead.twice_written.same(first, second)
    amend(lead, first, {"mode": "phone"})
    assert counted(lead) == (1, [first])


@pytest.mark.parametrize("theme", ["???", "C-7K3M9QX", "log 0147", "\u05e1\u05d5\u05e3", "endings"])
def test_a_theme_is_found_whatever_it_is_written_with_and_however_often_its_words_occur(
    lead: Services, theme: str
) -> None:
    first, second = tiss.consultation(lead, theme=theme), tiss.consultation(lead, theme=f" {theme.upper()}")
    for number in range(5):
        tiss.consultation(lead, theme=f"{theme} {number}", held_on="2017-03-10", hopes=theme)
    assert (offered(lead, first), offered(lead, second)) == ([second], [first])
