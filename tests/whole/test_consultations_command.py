"""``hipss consultations`` lists and counts consultations, for those who may read them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from resources import demo
from tests.helpers.command_line import Hipss

HELD = {
    "stage": "held",
    "about": "theme",
    "theme": "Endings",
    "team": "sixteen_plus",
    "held_on": "2017-03-09",
    "form": "one_off",
    "attendees": [{"id": "a", "name": "F. Doyle", "was": "came"}],
    "safeguarding": "nothing_new",
    "text": [{"id": "t", "place": "5", "section": "question", "text": "How do we say goodbye?"}],
}  # fmt: skip  the answers of one consultation
ASKED = {"stage": "asked", "about": "theme", "theme": "Sleep", "team": "fieldwork", "asked_by": "R. Penn"}


@pytest.fixture(scope="module")
def lead(tmp_path_factory: pytest.TempPathFactory) -> Hipss:
    """A lead's laptop with the sheet of 2016, two records of one consultation, and two that are waited for."""
    folder = tmp_path_factory.mktemp("lead")
    hipss = Hipss(folder / "home")
    assert hipss.say("init", "--name", "L. Whitcombe", "--role", "lead").code == 0
    sheet = folder / "consultations.csv"
    sheet.write_text(demo.sheet("consultations.csv"), encoding="utf-8")
    assert hipss.say("import", "consultation", str(sheet)).code == 0
    for _ in range(2):
        hipss.add(HELD, "consultation")
    hipss.add({**ASKED, "asked_on": "2017-03-02"}, "consultation")
    hipss.add({**ASKED, "asked_on": "2017-02-02", "team": "senco"}, "consultation")
    return hipss


def test_a_table_of_2016_says_what_the_paper_says(lead: Hipss) -> None:
    table = lead.json("consultations", "--table", "--from", "2016-01-01", "--to", "31/12/2016")
    cells: dict[str, dict[str, int]] = table["held"]
    assert (table["total"], sum(cells["case"].values()), cells["theme"]) == (
        110,
        74,
        {"edge_of_care": 35, "sixteen_plus": 1},
    )
    assert table["form_not_recorded"] == 106
    table_lines = lead.say("consultations", "--table", "--from", "2016-01-01", "--to", "2016-12-31").out.splitlines()
    assert table_lines[0] == "Consultations held, 1 January 2016 to 31 December 2016"
    assert " ".join(table_lines[1].split()) == (
        "About Edge of Care 16+ Looked after children Fieldwork Fostering SENCOs Virtual school Total"
    )
    assert [line.split()[-1] for line in table_lines[2:5]] == ["74", "36", "110"]
    assert table_lines[-1] == "Contains small numbers, not for publication."


def test_a_quarter_has_the_direct_work_and_what_is_not_held_beside_it(lead: Hipss) -> None:
    table = lead.json("consultations", "--table", "--quarter", "2016/17-4")
    assert (table["period"], table["total"]) == ("January to March 2017 (fourth quarter of 2016/17)", 2)
    assert table["not_held"] == {"asked": 2, "planned": 0, "cancelled": 0, "nobody_came": 0}


def test_the_list_is_newest_first_and_can_be_of_a_team_a_quarter_or_what_is_waited_for(lead: Hipss) -> None:
    everything: list[dict[str, Any]] = lead.json("consultations")
    days = [consultation["day"] for consultation in everything]
    assert (len(days), days) == (114, sorted(days, reverse=True))
    team = lead.json("consultations", "--team", "16+")
    assert {consultation["team"] for consultation in team} == {"sixteen_plus"}
    assert len(team) == 3
    assert len(lead.json("consultations", "--quarter", "2016/17-4")) == 4
    waiting = lead.json("consultations", "--asked")
    assert [consultation["asked_on"] for consultation in waiting] == ["2017-02-02", "2017-03-02"]
    since = (datetime.now(UTC).date() - datetime(2017, 2, 2, tzinfo=UTC).date()).days
    assert waiting[0]["days_waiting"] - since in (-1, 0, 1)
    assert "asked for" in lead.say("consultations", "--asked").out


def test_two_records_of_one_consultation_name_each_other_and_rows_of_the_sheet_do_not(lead: Hipss) -> None:
    both = [consultation for consultation in lead.json("consultations") if consultation["may_be_same_as"]]
    assert len(both) == 2
    assert [consultation["may_be_same_as"] for consultation in both] == [[both[1]["record"]], [both[0]["record"]]]
    assert lead.say("consultations", "--team", "16+").out.count("may be the same as another") == 2
    assert sum(consultation["from_sheet"] for consultation in lead.json("consultations")) == 106


@pytest.mark.parametrize(
    "options",
    [
        ("--table",),
        ("--quarter", "2017"),
        ("--team", "choir"),
        ("--from", "2016-01-01"),
        ("--table", "--quarter", "2016/17-1", "--asked"),
        ("--quarter", "2016/17-1", "--from", "2016-01-01", "--to", "2016-02-01"),
        ("--from", "2016-02-01", "--to", "2016-01-01"),
    ],
)  # fmt: skip  a list
def test_a_wrong_call_says_what_to_write(lead: Hipss, options: tuple[str, ...]) -> None:
    reply = lead.say("consultations", *options)
    assert reply.code != 0
    assert reply.out == ""
    assert reply.err


def test_who_may_not_read_consultations_is_told_so(home: Hipss) -> None:
    reply = home.say("consultations")
    assert (reply.code, reply.out) == (1, "")
    assert reply.err.startswith("Your role may not read this.")
