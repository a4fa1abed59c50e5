"""What is known of a birth is said as it is known, and no age is more certain than that."""

from datetime import date
from typing import Any

import pytest

from db.store import LaptopStore
from hipss_desktop.kinds.child import CHILD, age_words, birth
from hipss_desktop.services.importing import import_sheet
from hipss_desktop.services.people import with_age
from hipss_desktop.services.records import Records
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import amend, child_named
from tests.helpers.store_fixtures import SetClock

PI_DAY = date(2017, 3, 14)
JULY = date(2017, 7, 1)


@pytest.mark.parametrize(
    ("answers", "on", "words", "age"),
    [
        ({"born": "2002-06-03"}, PI_DAY, "3 June 2002", "14"), ({"born": "2002-06-03"}, JULY, "3 June 2002", "15"),
        ({"born": "2002-01-01", "born_estimated": True}, PI_DAY, "1 January 2002, estimated", "about 15"),
        ({"born_year": 2002}, PI_DAY, "2002", "about 14"), ({"born_year": 2002}, JULY, "2002", "about 15"),
        ({"born_year": 2002, "born_estimated": True}, PI_DAY, "2002, estimated", "about 14"),
        ({"born_year": 2002, "born_month": 6}, PI_DAY, "June 2002", "14"),
        ({"born_year": 2002, "born_month": 3}, PI_DAY, "March 2002", "about 15"),
        ({"born_year": 2002, "born_month": 6, "born_estimated": True}, JULY, "June 2002, estimated", "about 15"),
        ({"born_year": 2002, "born_month": 13}, PI_DAY, "2002", "14"),
        ({"born_month": 6}, PI_DAY, "", ""), ({"born_not_known": True}, PI_DAY, "not known", "age not known"),
        ({}, PI_DAY, "", ""), ({"born_year": 2018}, PI_DAY, "2018", ""),
        ({"born": "2002-06-03", "born_year": 1999, "born_not_known": True}, PI_DAY, "3 June 2002", "14"),
    ],
)  # fmt: skip  # a table, read line by line
def test_a_birth_and_an_age_are_said_as_far_as_they_are_known(
    answers: dict[str, Any], on: date, words: str, age: str
) -> None:
    child = CHILD.read(answers)
    assert (birth(child).words, age_words(child, on)) == (words, age)


@pytest.mark.parametrize(
    ("answers", "problems"),
    [
        ({}, {"born": "Enter the date of birth, or its year, or that it is not known"}),
        ({"born_estimated": True}, {"born": "Enter the date of birth, or its year, or that it is not known"}),
        ({"born_year": 2002, "born_month": 6}, {}), ({"born_not_known": True}, {}), ({"born": "2002-06-03"}, {}),
        ({"born_not_known": True, "born_month": 6}, {"born_year": "Enter the year of birth too"}),
        ({"born_year": 2018}, {"born_year": "Enter a year that is not in the future"}),
        ({"born_year": 2002, "born_month": 13}, {"born_month": "Enter a number from 1 to 12"}),
    ],
)  # fmt: skip  # a table, read line by line
def test_a_child_is_finished_with_what_is_known_of_the_birth_or_that_nothing_is(
    store: LaptopStore, clock: SetClock, answers: dict[str, Any], problems: dict[str, str]
) -> None:
    draft = Records(store, clock).new_draft("child", {"given_name": "Ahmed", "local_id": "HIPSS-090", **answers})
    found_problems = {problem.field: problem.message for problem in Records(store, clock).problems(draft)}
    assert found_problems == problems


def test_a_part_of_a_birth_is_imported_and_read_back_and_the_whole_day_stays_empty(
    store: LaptopStore, clock: SetClock
) -> None:
    sheet = (
        "First name,Service number,Date of birth,Year of birth,Month of birth,The date of birth is estimated,"
        "The date of birth is not known\n"
        "Ahmed,TST-20,,2002,6,Yes,\nYonas,TST-21,,,,,Yes\nLeila,TST-22,,2003.0,,,\n"
    )
    done = import_sheet(store, "child", sheet, clock=clock)
    assert (done.added, done.problems) == (3, [])
    ages = {
        str(record.fields["given_name"]): with_age(CHILD.of(record), PI_DAY) for record in store.records_of("child")
    }
    assert ages == {"Ahmed": "Ahmed · about 14", "Yonas": "Yonas · age not known", "Leila": "Leila · about 13"}
    assert all("born" not in record.fields for record in store.records_of("child"))
    assert import_sheet(store, "child", sheet, clock=clock).known == 3


def test_an_age_that_is_not_certain_is_said_so_on_every_page(services: Services) -> None:
    kai = child_named(services, "Kai")
    amend(services, kai, {"born": None, "born_year": 2002})
    [placed] = [child for child in services.on_call.children(services.clock()) if child.record == kai]
    card, header = services.child_cards.card(kai), services.timelines.header(kai)
    assert card is not None
    assert header is not None
    assert placed.age == card.age == "about 14"
    assert header.name == "Kai M. · about 14"
    assert services.calls.child_words(kai)[0] == "Kai M. · about 14"
