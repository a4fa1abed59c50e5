"""The demo caseload holds the people and the night that the screens show."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from hipss_desktop import times
from hipss_desktop.kinds.alert import ALERT, stands
from hipss_desktop.kinds.carer import CARER, household_name, main_phone
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.kinds.child import CHILD, age_words, short_name
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE, back, began, is_open
from hipss_desktop.kinds.missing_pack import MISSING_PACK, is_to_check, not_answered
from hipss_desktop.sheets.import_plan import plan
from hipss_desktop.sheets.names import Names
from resources import demo

NOW = datetime(2017, 3, 14, 2, 14, tzinfo=UTC)
Caseload = Mapping[str, Mapping[str, dict[str, Any]]]


@pytest.fixture(scope="module")
def caseload() -> Caseload:
    """Every record of the demo by kind and identifier, read at 02:14."""
    names, records = Names(), {}
    for kind, file in demo.order():
        read = plan(KINDS[kind], demo.sheet(file), names=names, held=(), now=NOW)
        assert read.problems == []
        records[kind] = {row.record: row.fields for row in read.new}
        for record, fields in records[kind].items():
            names.add(KINDS[kind], record, fields)
    return records


def test_the_five_children_are_those_of_the_picture_with_their_ages(caseload: Caseload) -> None:
    seen = {
        (short_name(child), age_words(child, date(2017, 3, 14)), child.local_id)
        for child in map(CHILD.read, caseload["child"].values())
    }
    assert seen == {
        ("Kai M.", "14", "HIPSS-017"),
        ("Tyler B.", "15", "HIPSS-014"),
        ("Josh W.", "16", "HIPSS-011"),
        ("Amara O.", "10", "HIPSS-021"),
        ("Ellie R.", "12", "HIPSS-019"),
    }


def test_the_households_are_those_of_the_picture_with_their_numbers(caseload: Caseload) -> None:
    assert {household_name(carer): main_phone(carer) for carer in map(CARER.read, caseload["carer"].values())} == {
        "Jo & Martin Preece": "01632 960174",
        "Carol Yeo": "01632 960231",
        "Ann Colley": "07700 900427",
        "Beth Nash": "01632 960207",
        "Pauline & Tom Griffin": "01632 960388",
        "Sunita & Dev Rao": "01632 960052",
    }


def test_each_child_sleeps_tonight_where_the_picture_says(caseload: Caseload) -> None:
    tonight = "2017-03-14"
    beds: dict[str, list[tuple[str, str, str]]] = {}
    for placement in caseload["placement"].values():
        if placement["start"] <= tonight < placement.get("end", "9999"):
            child = CHILD.title(caseload["child"][placement["child"]])
            beds.setdefault(child, []).append(
                (placement["type"], CARER.title(caseload["carer"][placement["carer"]]), placement["start"])
            )
    assert beds == {
        "Kai M.": [("main", "Jo & Martin Preece", "2016-11-14")],
        "Tyler B.": [("main", "Carol Yeo", "2016-09-12")],
        "Josh W.": [("main", "Beth Nash", "2016-06-06"), ("respite", "Ann Colley", "2017-03-10")],
        "Amara O.": [("main", "Pauline & Tom Griffin", "2017-03-05")],
        "Ellie R.": [("main", "Sunita & Dev Rao", "2016-02-22")],
    }


def test_only_the_newest_placement_has_no_safety_plan(caseload: Caseload) -> None:
    without = [CHILD.title(child) for child in caseload["child"].values() if not child.get("plan_reviewed")]
    assert without == ["Amara O."]


def test_the_contacts_of_the_shift_are_those_of_the_picture(caseload: Caseload) -> None:
    tonight = [contact for contact in caseload["contact"].values() if contact["told"] >= "2017-03-13T17:30"]
    assert [
        (times.clock_time(times.instant(contact["told"])), contact["caller_name"], contact["outcome"])
        for contact in tonight
    ] == [
        ("18:05", "Carol Yeo", "follow_up"),
        ("20:10", "Sunita Rao", "advice_given"),
        ("21:52", "Jo Preece", "escalated"),
        ("23:32", "Jo Preece", "follow_up"),
        ("00:41", "Ann Colley", "advice_given"),
    ]
    kai = [contact for contact in tonight if contact.get("missing")]
    assert {(contact["missing"], contact["missing_since"]) for contact in kai} == {
        ("still", "2017-03-13T21:40:00+00:00")
    }
    assert all("caller" in contact for contact in tonight)


def test_five_follow_ups_are_open_and_three_were_done_this_shift(caseload: Caseload) -> None:
    actions = caseload["action"].values()
    assert sorted(action["due"][11:16] for action in actions if action["state"] == "open") == [
        "02:00", "02:30", "07:00", "09:00", "17:00",
    ]  # fmt: skip
    assert len([action for action in actions if action.get("closed_at", "") >= "2017-03-13T17:30"]) == 3


def test_the_shift_and_the_numbers_shown_while_locked_are_those_of_the_picture(caseload: Caseload) -> None:
    people = {record: practitioner["name"] for record, practitioner in caseload["practitioner"].items()}
    shift = next(shift for shift in caseload["shift"].values() if shift["planned_start"].startswith("2017-03-13T17:30"))
    assert (people[shift["on_call"]], people[shift["backup"]]) == ("A. Bevan", "S. Lloyd")
    assert (shift["planned_end"], shift["pack_checked"]) == ("2017-03-14T08:30:00+00:00", "2017-03-13T16:30:00+00:00")
    locked = [directory["number"] for directory in caseload["directory"].values() if directory.get("shown_locked")]
    assert locked == ["999", "101", "01632 960145", "07700 900312"]


def test_every_child_but_the_newest_has_a_pack_and_kais_says_what_the_picture_says(caseload: Caseload) -> None:
    names = {record: CHILD.title(fields) for record, fields in caseload["child"].items()}
    packs = {names[fields["child"]]: MISSING_PACK.read(fields) for fields in caseload["missing_pack"].values()}
    assert set(packs) == {"Kai M.", "Tyler B.", "Josh W.", "Ellie R."}
    assert {name: not_answered(pack) for name, pack in packs.items() if not_answered(pack)} == {"Tyler B.": ("online",)}
    assert not any(is_to_check(pack, NOW.date()) for pack in packs.values())
    kai = packs["Kai M."]
    assert kai.looks == "5 ft 7, slim. Short brown hair, shaved at the sides. Scar through left eyebrow."
    assert kai.places == ["Moor Street flats", "Bus station", "Mum's old road", "Shop on Orchard Rise"]
    assert (kai.friends[0].name, kai.friends[0].number) == ("Hollis family", "07700 900711")
    assert (kai.checked, kai.checked_by) == (date(2017, 3, 2), "K. Adeyemi")


def test_kai_was_missing_twice_this_year_as_the_picture_says(caseload: Caseload) -> None:
    episodes = [MISSING_EPISODE.read(fields) for fields in caseload["missing_episode"].values()]
    spans = [(began(episode), returned.at, returned.how) for episode in episodes if (returned := back(episode))]
    assert sorted(spans) == [
        (datetime(2017, 1, 28, 21, 30, tzinfo=UTC), datetime(2017, 1, 28, 22, 45, tzinfo=UTC), "came_back"),
        (datetime(2017, 2, 6, 21, 0, tzinfo=UTC), datetime(2017, 2, 7, 0, 55, tzinfo=UTC), "police"),
    ]
    assert {CHILD.title(caseload["child"][episode.child]) for episode in episodes} == {"Kai M."}
    assert not any(is_open(episode) for episode in episodes)


def test_an_alert_for_kai_is_valid_this_night(caseload: Caseload) -> None:
    [alert] = map(ALERT.read, caseload["alert"].values())
    assert alert.expected == "Mum missed Friday's call and may miss today's. Kai may go out after it."
    assert alert.agreed == "Text him that the back door is open, ring 101 if not in by 21:30."
    assert stands(alert, NOW)


def test_every_telephone_number_is_one_that_nobody_has(caseload: Caseload) -> None:
    real = {"999", "101", "111", "0800 1111"}
    numbers = {
        value
        for records in caseload.values()
        for fields in records.values()
        for row in [fields, *(row for rows in fields.values() if isinstance(rows, list) for row in rows)]
        if isinstance(row, dict)
        for name, value in row.items()
        if (name in ("phone", "number", "call_back") or name.endswith("_phone")) and any(map(str.isdigit, value))
    }
    assert {number for number in numbers if not number.startswith(("01632 960", "07700 900"))} <= real
