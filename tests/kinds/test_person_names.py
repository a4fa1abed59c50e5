"""A person may have one name, no known family name, or several: they are shown and found by what is known."""

import pytest

from db.store import LaptopStore
from hipss_desktop.kinds.carer import CARER, household_name
from hipss_desktop.kinds.child import CHILD, first_name, full_name, short_name
from hipss_desktop.kinds.person_names import known, with_one_family_name
from hipss_desktop.services.importing import import_sheet
from hipss_desktop.services.people import People
from hipss_desktop.services.records import Records, Unfinished
from hipss_desktop.sheets.names import Names, names_of
from tests.helpers.store_fixtures import SetClock, sign_in_as

ONE_NAME = (
    "First name,Family name,Known as,Service number,Date of birth\n"
    "Ahmed,,,TST-20,01/01/2009\n"
    ",Karimi,,TST-21,01/01/2009\n"
    "Yonas,-,,TST-22,01/01/2009\n"
)


@pytest.mark.parametrize(
    ("given", "family", "short", "full", "first"),
    [
        ("Kai", "Merrick", "Kai M.", "Kai Merrick", "Kai"), ("Ahmed", "", "Ahmed", "Ahmed", "Ahmed"),
        ("", "Karimi", "Karimi", "Karimi", "Karimi"), ("Yonas", "-", "Yonas", "Yonas", "Yonas"),
        ("Yonas", "\u2013", "Yonas", "Yonas", "Yonas"), ("Yonas", "Not known", "Yonas", "Yonas", "Yonas"),
        ("N/K", "Karimi", "Karimi", "Karimi", "Karimi"), ("?", ".", "Child with no name yet", "", ""),
    ],
)  # fmt: skip  # a table, read line by line
def test_a_child_is_shown_by_the_names_that_are_known(
    given: str, family: str, short: str, full: str, first: str
) -> None:
    child = CHILD.read({"given_name": given, "family_name": family})
    assert (short_name(child), full_name(child), first_name(child)) == (short, full, first)


@pytest.mark.parametrize("name", ["Ng", "Ó", "Null", "None", "Nunn", "X", "李"])
def test_a_short_or_unusual_name_is_a_name(name: str) -> None:
    assert known(name) == name


def test_a_household_is_called_by_the_names_that_are_known() -> None:
    def household(*names: tuple[str, str]) -> str:
        members = [
            {"id": f"{place:02}", "given_name": given, "family_name": family}
            for place, (given, family) in enumerate(names, 1)
        ]
        return household_name(CARER.read({"members": members}))

    assert household(("Ahmed", ""), ("Leila", "-")) == "Ahmed & Leila"
    assert household(("Jo", "Preece"), ("Ahmed", "")) == "Jo Preece & Ahmed"
    assert household(("Jo", "Preece"), ("Martin", "Preece")) == "Jo & Martin Preece"


def test_children_with_one_name_are_imported_stored_as_written_and_found_by_it(
    store: LaptopStore, clock: SetClock
) -> None:
    done = import_sheet(store, "child", ONE_NAME, clock=clock)
    assert (done.added, done.problems) == (3, [])
    people = People(store)
    for typed, name in (("Ahmed", "Ahmed"), ("Karimi", "Karimi"), ("Yonas", "Yonas")):
        assert [person.name for person in people.find(typed)] == [name]
    names = names_of(["child"], store.records_of)
    for record in store.records_of("child"):
        assert names.find("child", names.text("child", record.record)) == record.record
        assert names.find("child", short_name(CHILD.of(record))) == record.record
    assert {record.fields.get("family_name") for record in store.records_of("child")} == {None, "Karimi", "-"}


@pytest.mark.parametrize("names", [{}, {"given_name": "?"}, {"family_name": " - "}])
def test_a_child_without_any_name_is_not_finished(store: LaptopStore, clock: SetClock, names: dict[str, str]) -> None:
    records = Records(store, clock)
    draft = records.new_draft("child", {**names, "local_id": "HIPSS-090", "born": "2009-01-01"})
    with pytest.raises(Unfinished) as refused:
        records.finish(draft)
    assert [problem.message for problem in refused.value.problems] == ["Enter the child’s first name, or the only name"]


def test_a_member_of_a_household_may_have_one_name_and_must_have_one(store: LaptopStore, clock: SetClock) -> None:
    sign_in_as(store, role="supervising")
    done = import_sheet(store, "carer", "Household\nAhmed\n||Leila\n", clock=clock)
    assert done.added == 1
    assert [(problem.line, problem.column, problem.message) for problem in done.problems] == [
        (3, "Household", "Enter a first name, or the only name (entry 1)")
    ]
    assert [person.name for person in People(store).find("ahmed")] == ["Ahmed"]


def test_each_of_several_family_names_names_the_person_in_a_sheet() -> None:
    assert list(with_one_family_name("José", "García Márquez")) == ["José García", "José Márquez"]
    assert list(with_one_family_name("Łukasz", "Wójcik-Zając")) == ["Łukasz Wójcik", "Łukasz Zając"]
    assert list(with_one_family_name("Kai", "Merrick")) == []
    names = Names()
    names.add(CHILD, "both", {"given_name": "José", "family_name": "García Márquez", "local_id": "1"})
    assert names.find("child", "jose marquez") == names.find("child", "José García") == "both"
    names.add(CHILD, "one", {"given_name": "José", "family_name": "García", "local_id": "2"})
    assert (names.find("child", "José García"), names.find("child", "José Márquez")) == ("one", "both")
