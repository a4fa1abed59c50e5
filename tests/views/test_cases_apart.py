"""A case of another team stands nowhere that the night looks, also on the laptop of the lead who wrote it.

The case has the initials of somebody who rings and of a child who is placed, and its number the last digits of a telephone.
"""

from typing import Any

import pytest

from hipss_desktop.documents.paper_sheet import paper_sheet
from hipss_desktop.views.services import Services
from tests.helpers import tiss
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import MACHINE, sign_in_as

INITIALS = ("Jo", "Kai", "K.", "J.P.")


@pytest.fixture
def lead(services: Services) -> Services:
    """The laptop of a lead practitioner, who is on call too."""
    sign_in_as(services.store, role="lead")
    return services


def what_the_night_sees(services: Services) -> dict[str, Any]:
    """Every place that is looked at or asked at night, by its name."""
    now, kai = services.clock(), child_named(services, "Kai")
    household = next(
        record.record for record in services.people.of_kind("carer") if "Preece" in services.people.name(record.record)
    )
    children = [record.record for record in services.people.of_kind("child")]
    typed_words = (*INITIALS, "0174", "960174", tiss.CASE_NUMBER, "edge of care")
    return {
        "board": services.on_call.board(),
        "children tonight": services.on_call.children(now),
        "caller card": services.caller_cards.card(household),
        "child cards": services.child_cards.cards(children),
        "night check": [line for line in services.night_checks.check(MACHINE) if line.child],
        "missing pack": services.missing_guides.pack(kai, None, now),
        "paper sheet": paper_sheet(services),
        "who rings": {typed: services.calls.callers(typed) for typed in typed_words},
        "which child": {typed: services.calls.children(typed) for typed in typed_words},
        "somebody": {typed: services.people.find(typed) for typed in typed_words},
        "since": services.since.page(),
        "due": services.due_counts.now(),
    }


@pytest.mark.parametrize("same", [False, True])
def test_the_night_sees_the_same_whether_there_are_cases_or_not(lead: Services, same: bool) -> None:
    before = what_the_night_sees(lead)
    kai = child_named(lead, "Kai")
    for place, name in enumerate(INITIALS):
        case = tiss.case(lead, name=name, number=f"{tiss.CASE_NUMBER} 960174 {place}", same_as=kai if same else "")
        tiss.consultation(lead, case=case)
        tiss.direct_work(lead, case=case)
    after = what_the_night_sees(lead)
    assert {place for place in before if before[place] != after[place]} == set()


def test_many_cases_leave_the_palette_its_people(lead: Services) -> None:
    before = lead.palette.find("Jo").results
    for number in range(12):
        tiss.case(lead, name="Jo", number=f"EOC-{number}")
    people = [result for result in lead.palette.find("Jo").results if result.group != "Records"]
    assert people == [result for result in before if result.group != "Records"]


def test_the_lead_finds_a_case_by_its_number_among_records_and_where_a_case_is_asked_for(lead: Services) -> None:
    case = tiss.case(lead)
    [case_result] = [result for result in lead.palette.find(tiss.CASE_NUMBER).results if result.target == case]
    assert (case_result.group, case_result.does) == ("Records", "open")
    assert [person.record for person in lead.people.find("EOC-2231", kinds=("case",))] == [case]
    assert [person.record for person in lead.people.find("2231", kinds=("case",))] == [case]


def test_a_consultation_says_whom_it_is_about_also_once_that_record_was_withdrawn(services: Services) -> None:
    sign_in_as(services.store, role="lead")
    case, kai = tiss.case(services), child_named(services, "Kai")
    records = tiss.consultation(services, case=case), tiss.consultation(services, child=kai)
    missing = tiss.consultation(services, child="0199c0de-0000-7000-8000-00000000dead")
    for record in (case, kai):
        services.records.withdraw(record, "Entered twice")
    heads = [view.head for record in records if (view := services.consultation_views.view(record)) is not None]
    assert [head.partition(" · ")[2] for head in heads] == ["About S., EOC-2231", "About Kai M."]
    [line] = services.consultation_views.found_lines([record for record in [services.store.get(missing)] if record])
    assert line.about == "About a child who is not on this laptop"
