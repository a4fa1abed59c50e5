"""The command line says how a placement stands, as the document gives its shape, by any name of a child or household."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.helpers.command_line import Hipss
from tests.whole.test_commands import assert_like, examples

ENDS = date(2017, 3, 19)
"""A Sunday."""
WEEKS = (2, 3, 2, 4, 2, 3, 2, 3, 4, 4, 6, 9)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Hipss:
    """The home of a manager, with a child placed for twelve weeks and calls of six and nine in the last two."""
    hipss = Hipss(Path(tmp_path_factory.mktemp("home")))
    assert hipss.say("init", "--name", "S. Lloyd", "--role", "manager").code == 0
    child = hipss.add(
        {"given_name": "Kai", "family_name": "Merrick", "local_id": "HIPSS-017", "born": "2003-02-01"}, "child"
    )
    members = [{"given_name": "Jo", "family_name": "Preece", "relation": "carer"}]
    carer = hipss.add({"members": members, "phones": [], "places": 2}, "carer")
    start = (ENDS - timedelta(weeks=len(WEEKS), days=-1)).isoformat()
    hipss.add({"child": child["record"], "carer": carer["record"], "type": "main", "start": start}, "placement")
    lines = [
        "Log line,Told,Caller's name,Children,What is it about?,What is happening?,What did you advise?,Risk now,Who needs to know"
    ]
    for week, count in enumerate(WEEKS):
        for number in range(count):
            day = ENDS - timedelta(weeks=len(WEEKS) - week, days=-1 - number % 7)
            told_at = f"{day.isoformat()} {19 + number // 7}:15"
            lines.append(f"{week}-{number},{told_at},Jo Preece,HIPSS-017,Other,Shouting,Stay calm,Low,Nobody")
    sheet = hipss.home / "calls.csv"
    sheet.write_text("\n".join(lines), encoding="utf-8")
    done = hipss.say("import", "contact", str(sheet))
    assert done.code == 0, done
    return hipss


def test_the_answer_is_of_the_shape_in_the_document(home: Hipss) -> None:
    rows = home.json("strain", "Kai Merrick", "--on", ENDS.isoformat())
    assert_like(rows, examples("hipss strain")[0], "strain")
    (row,) = rows
    assert (row["state"], row["sentence"]) == ("strain", "9 contacts in 7 days, usual 2 to 4")
    assert [week["contacts"] for week in row["weeks"]] == list(WEEKS)
    assert [week["from"] for week in row["weeks"] if week["above"]] == ["2017-03-06", "2017-03-13"]


def test_child_and_household_are_found_by_number_name_and_identifier(home: Hipss) -> None:
    by_number = home.json("strain", "HIPSS-017", "--on", ENDS.isoformat())
    assert home.json("strain", by_number[0]["person"], "--on", "19/03/2017") == by_number
    (household,) = home.json("strain", "Jo Preece", "--on", ENDS.isoformat())
    assert (household["kind"], household["state"], household["contacts"]) == ("carer", "strain", 9)
    unknown = home.say("strain", "Nobody Known")
    assert (unknown.code, unknown.out) == (1, "")


def test_without_a_name_every_placement_is_said(home: Hipss) -> None:
    rows = home.json("strain", "--on", ENDS.isoformat())
    assert [(row["kind"], row["state"]) for row in rows] == [("child", "strain"), ("carer", "strain")]


def test_a_past_day_and_one_before_the_placement_say_what_was_so_then(home: Hipss) -> None:
    early = home.json("strain", "HIPSS-017", "--on", (ENDS - timedelta(weeks=9)).isoformat())[0]
    assert (early["state"], early["usual"], early["weeks_before"]) == ("too_early", None, 2)
    steady = home.json("strain", "HIPSS-017", "--on", (ENDS - timedelta(weeks=2)).isoformat())[0]
    assert (steady["state"], steady["sentence"]) == ("usual", "4 contacts in 7 days, usual 2 to 4")
    before = home.json("strain", "HIPSS-017", "--on", "2016-01-01")[0]
    assert (before["state"], before["weeks"]) == ("not_placed", [])
    assert home.say("strain", "HIPSS-017", "--on", "2999-01-01").code == 1


def test_words_say_the_sentence_and_the_weeks(home: Hipss) -> None:
    output = home.say("strain", "HIPSS-017", "--on", ENDS.isoformat()).out
    assert "Kai M.: Placement under strain: 9 contacts in 7 days, usual 2 to 4." in output
    assert "2, 3, 2, 4, 2, 3, 2, 3, 4, 4, 6, then 9. Above usual for 2 weeks." in output


def test_what_was_offered_is_said_with_what_came_of_it(home: Hipss) -> None:
    child = home.json("strain", "HIPSS-017", "--on", ENDS.isoformat())[0]["person"]
    offer = home.add(
        {"child": child, "what": "visit", "offered_on": "2017-03-18", "seen_on": "2017-03-16"}, "support_offer"
    )
    rows = home.json("strain", "HIPSS-017", "--on", ENDS.isoformat())
    assert_like(rows, examples("hipss strain")[0], "strain")
    assert rows[0]["offers"] == [{"record": offer["record"], "title": "Support visit offered", "on": "2017-03-18"}]
    row = {"answer": "declined", "at": "2017-03-18T12:00:00+00:00", "by": "Jo Preece", "why": "No reason given"}
    assert home.say("record", "add-row", offer["record"], "answers", "-", stdin=json.dumps(row)).code == 0
    titles = [
        listed_offer["title"]
        for listed_offer in home.json("strain", "HIPSS-017", "--on", ENDS.isoformat())[0]["offers"]
    ]
    assert titles == ["Support visit offered, declined"]
    assert home.json("strain", "HIPSS-017", "--on", "2017-03-17")[0]["offers"] == []
