"""A change of name keeps the former one: people who remember it still find the child, the carer or the colleague."""

from collections.abc import Mapping
from typing import Any

import pytest

from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.fold import rows_by_id
from hipss_desktop.services.people import Person
from hipss_desktop.services.ports import Record
from hipss_desktop.sheets.import_plan import plan
from hipss_desktop.sheets.names import Names, names_for
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import amend, child_named, exchange
from tests.helpers.sheet_kinds import HeldRecord
from tests.helpers.store_fixtures import NIGHT


def only(services: Services, typed: str, *kinds: str) -> Person:
    [person] = services.people.find(typed, kinds=kinds)
    return person


def former(services: Services, record: str) -> list[str]:
    held = services.store.get(record)
    assert held is not None
    return sorted(str(row["name"]) for row in held.fields.get("former_names") or [])


def held_as(services: Services, record: str) -> Record:
    held = services.store.get(record)
    assert held is not None
    return held


def member_renamed(fields: Mapping[str, Any], given_name: str, family: str) -> dict[str, Any]:
    members = [
        {**member, "family_name": family} if given_name in (member["given_name"], member.get("known_as")) else member
        for member in fields["members"]
    ]
    return {"members": members}


@pytest.mark.parametrize("typed", ["Merrick", "kai merrick", "Kai M", "merri"])
def test_a_child_who_was_renamed_is_found_by_the_name_before(mine: Services, typed: str) -> None:
    kai = child_named(mine, "Kai")
    amend(mine, kai, {"family_name": "Hartley"})
    person = next(person for person in mine.people.find(typed) if person.record == kai)
    assert (person.name, person.called) == ("Kai H.", "Kai H., formerly Merrick")
    [row] = held_as(mine, kai).fields["former_names"]
    assert (row["name"], row["until"]) == ("Kai Merrick", "2017-03-14")


def test_the_child_page_says_the_former_name_but_not_another_spelling(mine: Services) -> None:
    kai = child_named(mine, "Kai")
    for name in ("Hartley", "HARTLEY"):
        amend(mine, kai, {"family_name": name})
    header = mine.timelines.header(kai)
    assert header is not None
    assert [tag.words for tag in header.tags if tag.words.startswith("Formerly")] == ["Formerly Kai Merrick"]


def test_by_the_present_name_nothing_is_said_of_the_former_one(mine: Services) -> None:
    kai = child_named(mine, "Kai")
    amend(mine, kai, {"family_name": "Hartley"})
    for typed in ("hartley", "kai hartley", "HIPSS-017"):
        matches = [person for person in mine.people.find(typed) if person.record == kai]
        assert [person.called for person in matches] == ["Kai H."]


def test_a_carer_and_a_colleague_who_were_renamed_are_found_and_others_of_the_household_are_not(mine: Services) -> None:
    household = only(mine, "martin preece").record
    amend(mine, household, member_renamed(held_as(mine, household).fields, "Martin", "Moss"))
    amend(mine, household, member_renamed(held_as(mine, household).fields, "Martin", "Hart"))
    assert only(mine, "moss").called == "Martin Hart, formerly Moss"
    assert {person.called for person in mine.people.find("preece")} == {"Jo Preece", "Martin Hart, formerly Preece"}
    colleague = only(mine, "S. Lloyd", "practitioner").record
    amend(mine, colleague, {"name": "S. Penn"})
    assert only(mine, "lloyd", "practitioner").called == "S. Penn, formerly Lloyd"


@pytest.mark.parametrize("change", [{"family_name": "MERRICK"}, {"given_name": "K\u00e1i"}, {"known_as": ["K"]}])
def test_another_spelling_or_a_nickname_does_not_count_as_a_change_of_name(
    mine: Services, change: dict[str, Any]
) -> None:
    kai = child_named(mine, "Kai")
    amend(mine, kai, change)
    assert former(mine, kai) == []


def test_a_name_that_was_changed_back_is_said_once(mine: Services) -> None:
    kai = child_named(mine, "Kai")
    amend(mine, kai, {"family_name": "Hartley"})
    amend(mine, kai, {"family_name": "Merrick"})
    assert former(mine, kai) == ["Kai Hartley", "Kai Merrick"]
    assert [person.called for person in mine.people.find("kai merrick", limit=1)] == ["Kai M."]
    assert only(mine, "hartley").called == "Kai M., formerly Hartley"


def test_a_former_name_that_was_a_slip_can_be_taken_out(mine: Services) -> None:
    kai = child_named(mine, "Kai")
    amend(mine, kai, {"family_name": "Mrerick"})
    amend(mine, kai, {"family_name": "Merrick"})
    rows = [row for row in held_as(mine, kai).fields["former_names"] if row["name"] != "Kai Mrerick"]
    amend(mine, kai, {"former_names": rows}, why="Typed wrongly")
    assert former(mine, kai) == ["Kai Merrick"]


def test_two_laptops_that_rename_at_once_keep_both_former_names(mine: Services, theirs: Services) -> None:
    household = only(mine, "martin preece").record
    amend(mine, household, member_renamed(held_as(mine, household).fields, "Martin", "Moss"))
    amend(theirs, household, member_renamed(held_as(theirs, household).fields, "Jo", "Penn"))
    exchange(mine, theirs)
    for services in (mine, theirs):
        assert former(services, household) == ["Joanna Preece", "Martin Preece"]
        assert not held_as(services, household).needs_decision
        assert {person.called for person in services.people.find("preece")} == {
            "Jo Penn, formerly Preece", "Martin Moss, formerly Preece",
        }  # fmt: skip


def test_the_same_change_on_two_laptops_is_one_row_and_no_conflict(mine: Services, theirs: Services) -> None:
    kai = child_named(mine, "Kai")
    amend(mine, kai, {"family_name": "Hartley"})
    amend(theirs, kai, {"family_name": "Hartley"})
    exchange(mine, theirs)
    for services in (mine, theirs):
        assert former(services, kai) == ["Kai Merrick"]
        assert not held_as(services, kai).needs_decision


def test_two_new_names_wait_for_a_person_and_the_former_one_finds_the_child_meanwhile(
    mine: Services, theirs: Services
) -> None:
    kai = child_named(mine, "Kai")
    amend(mine, kai, {"family_name": "Hartley"})
    amend(theirs, kai, {"family_name": "Moss"})
    exchange(mine, theirs)
    held = held_as(mine, kai)
    assert list(held.conflicts) == ["family_name"]
    assert len(rows_by_id(held.fields["former_names"])) == 2
    for services, typed in (
        (mine, "hartley"),
        (mine, "moss"),
        (theirs, "hartley"),
        (theirs, "moss"),
        (mine, "merrick"),
    ):
        assert only(services, typed).record == kai


def test_an_import_that_renames_keeps_the_former_name_too() -> None:
    child = KINDS["child"]
    held = {"given_name": "Zo\u00eb", "family_name": "Brennan", "local_id": "TST-04", "born": "2013-08-07"}
    sheet = "First name,Family name,Service number,Date of birth\nZo\u00eb,Hartley,TST-04,07/08/2013\n"
    [changed] = plan(child, sheet, names=Names(), held=(HeldRecord("zoe", held),), now=NIGHT).changed
    assert [row["name"] for row in changed.fields["former_names"]] == ["Zo\u00eb Brennan"]
    second_plan = plan(child, sheet, names=Names(), held=(HeldRecord("zoe", changed.fields),), now=NIGHT)
    assert (second_plan.known, second_plan.changed) == (1, [])


@pytest.mark.parametrize("text", ["Kai Merrick", "kai m.", "Kai Hartley", "Kai H.", "HIPSS-017"])
def test_an_old_log_that_names_the_former_name_is_linked(mine: Services, text: str) -> None:
    kai = child_named(mine, "Kai")
    amend(mine, kai, {"family_name": "Hartley"})
    names = names_for(KINDS["contact"], mine.store.records_of)
    assert names.find("child", text) == kai
    assert names.text("child", kai) == "HIPSS-017"


def test_the_palette_says_by_which_former_name_it_found_somebody(mine: Services) -> None:
    kai = child_named(mine, "Kai")
    amend(mine, kai, {"family_name": "Hartley"})
    results = mine.palette.find("merrick").results
    first, child = results[0], next(result for result in results if result.group == "Children")
    assert (first.title, first.more) == ("Log a contact about Kai H.", "HIPSS-017   formerly Merrick")
    assert child.more == "HIPSS-017   formerly Merrick   placed with Jo & Martin Preece"
    household = only(mine, "martin preece").record
    amend(mine, household, member_renamed(held_as(mine, household).fields, "Martin", "Moss"))
    carer = next(result for result in mine.palette.find("martin preece").results if result.group == "Carers")
    assert carer.more == "Martin Moss, formerly Preece   1 child placed, 0 spaces"
