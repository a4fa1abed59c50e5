"""If another team's case is about a child of the service, the child's timeline includes the records about the case."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hipss_desktop.kinds.case import SAME_AS
from hipss_desktop.views.consultations import COUNTED_ONCE
from hipss_desktop.views.services import Services
from tests.helpers import tiss
from tests.helpers.several_laptops import amend, child_named, close, exchange, joined
from tests.helpers.store_fixtures import SetClock, sign_in_as
from ui.records.timeline_pane import TimelineFilters, read_page, read_timeline

ALL_TIME = TimelineFilters(days=None)


@pytest.fixture
def lead(services: Services) -> Services:
    """The laptop of a lead practitioner."""
    sign_in_as(services.store, role="lead")
    return services


@pytest.fixture
def kai(lead: Services) -> str:
    """A child of the service."""
    return child_named(lead, "Kai")


def records(services: Services, person: str, kind: str = "") -> list[str]:
    """The records of a timeline, newest first."""
    return [entry.record for entry in services.timelines.entries(person, kind=kind, limit=1000)]


def test_records_about_the_case_are_in_the_childs_timeline(lead: Services, kai: str) -> None:
    before = records(lead, kai)
    case = tiss.case(lead, same_as=kai)
    about = {tiss.consultation(lead, case=case), tiss.direct_work(lead, case=case)}
    elsewhere = tiss.consultation(lead, case=tiss.case(lead, number="EOC-9"))
    shown = records(lead, kai)
    assert set(shown) - set(before) == {case, *about}
    assert len(shown) == len(set(shown))
    assert elsewhere not in shown
    entries = lead.timelines.entries(kai, limit=1000)
    assert [entry.id for entry in entries] == sorted((entry.id for entry in entries), reverse=True)


def test_count_kinds_and_search_agree_with_the_rows(lead: Services, kai: str) -> None:
    case = tiss.case(lead, same_as=kai)
    consultation = tiss.consultation(lead, case=case, text=tiss.question("The kingfisher at the weir"))
    shown = records(lead, kai)
    assert lead.timelines.count(kai) == len(shown)
    assert {"consultation", "case"} <= set(lead.timelines.kinds(kai))
    assert records(lead, kai, kind="consultation") == [consultation]
    assert [entry.record for entry in lead.timelines.search("kingfisher", about=kai)] == [consultation]
    assert [entry.record for entry in lead.timelines.search("kingfisher", about=kai, kind="consultation")] == [
        consultation
    ]
    assert lead.timelines.search("kingfisher", about=kai, kind="contact") == []
    assert lead.timelines.search("kingfisher", about=child_named(lead, "Ellie")) == []
    read = read_timeline(lead, kai, ALL_TIME, 1000)
    assert (read.count, len(read.entries)) == (len(shown), len(shown))
    words = read_timeline(lead, kai, replace(ALL_TIME, words="kingfisher"), 1000)
    assert (words.count, [entry.record for entry in words.entries]) == (1, [consultation])


def test_the_childs_worst_state_is_waiting_while_a_consultation_about_the_case_waits(lead: Services, kai: str) -> None:
    case = tiss.case(lead, same_as=kai)
    last = lead.store.chain(lead.store.seat.seat, after=0, limit=100_000)[-1]
    with lead.store.write() as unit:
        unit.keep_receipt(lead.store.seat.seat, last.envelope.number, last.digest, "receipt", "2017-03-14T02:14:00Z")
        unit.council_has(lead.store.seat.seat, last.envelope.number, last.digest)
    assert lead.timelines.worst_state(kai) == "sent"
    tiss.consultation(lead, case=case)
    ellie = child_named(lead, "Ellie")
    assert lead.timelines.worst_states([ellie, kai]) == {ellie: "sent", kai: "waiting"}
    states = {entry.state for entry in lead.timelines.entries(kai, limit=200)}
    assert states == {"sent", "waiting"}


def test_pages_of_the_merged_timeline_have_each_record_once_and_none_is_left_out(lead: Services, kai: str) -> None:
    cases = [tiss.case(lead, same_as=kai), tiss.case(lead, same_as=kai, number="EOC-3000")]
    for day in range(1, 9):
        tiss.consultation(lead, case=cases[day % 2], held_on=f"2017-02-{day:02}")
        tiss.consultation(lead, child=kai, held_on=f"2017-02-{day + 10}")
    both = tiss.direct_work(lead, child=kai)
    whole, paged, before = records(lead, kai), list[str](), None
    while True:
        entries, ended = read_page(lead, kai, ALL_TIME, before, 3)
        paged += [entry.record for entry in entries]
        if ended:
            break
        before = entries[-1].id
    assert paged == whole
    assert both in whole
    assert len(whole) == lead.timelines.count(kai)


def test_a_case_that_is_withdrawn_or_of_another_child_adds_nothing_to_the_timeline(lead: Services, kai: str) -> None:
    case = tiss.case(lead, same_as=kai)
    about = tiss.consultation(lead, case=case)
    other = tiss.case(lead, same_as=kai, number="EOC-3000")
    about_other = tiss.consultation(lead, case=other)
    assert {about, about_other} <= set(records(lead, kai))
    lead.records.withdraw(case, "Another child")
    amend(lead, other, {SAME_AS: []}, "Another child")
    assert not {about, about_other} & set(records(lead, kai))
    assert about not in [entry.record for entry in lead.timelines.search("bedtime", about=kai)]
    assert lead.timelines.count(kai) == len(records(lead, kai))
    assert "consultation" not in lead.timelines.kinds(kai)
    assert about in records(lead, case)


def test_a_case_that_is_linked_to_the_child_later_adds_its_earlier_records(lead: Services, kai: str) -> None:
    case = tiss.case(lead)
    about = tiss.consultation(lead, case=case)
    assert about not in records(lead, kai)
    lead.records.add_row(case, SAME_AS, {"child": kai})
    assert about in records(lead, kai)


@pytest.fixture
def on_call(lead: Services, clock: SetClock, tmp_path: Path) -> Iterator[Services]:
    """The laptop of a person who may not read cases, with all records of the lead's laptop."""
    on_call_services = joined(tmp_path / "theirs", clock, lead, name="K. Adeyemi", laptop="HIPSS-LT-02", role="on_call")
    yield on_call_services
    close([on_call_services])


def test_a_person_who_may_not_read_cases_sees_no_record_through_a_case(
    lead: Services, on_call: Services, kai: str
) -> None:
    case = tiss.case(lead, same_as=kai)
    about = tiss.consultation(lead, case=case)
    exchange(lead, on_call)
    assert (
        on_call.store.get(about) is not None
    )  # the hardest situation: the record is on this laptop, as after a change of role
    assert about in records(lead, kai)
    assert about not in records(on_call, kai)
    assert on_call.timelines.cases_of([kai]) == {}
    assert on_call.timelines.search("bedtime", about=kai) == []


def test_a_consultation_that_was_written_twice_counts_once_and_says_so(lead: Services, kai: str) -> None:
    before = lead.timelines.count(kai)
    first, second = tiss.consultation(lead, child=kai), tiss.consultation(lead, child=kai)
    assert lead.timelines.count(kai) == before + 2
    lead.twice_written.same(first, second)
    assert lead.timelines.count(kai) == before + 1
    tags = {entry.record: [tag.words for tag in entry.tags] for entry in lead.timelines.entries(kai, limit=1000)}
    assert COUNTED_ONCE in tags[second]
    assert COUNTED_ONCE not in tags[first]
