"""The invented year is one that a service could have had, and every line of it can be imported."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hipss_desktop import times
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.sheets.import_plan import plan
from hipss_desktop.sheets.names import Names
from resources import demo
from resources.demo import history

NOW = datetime(2018, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def year() -> history.Caseload:
    return history.year_log(1)


@pytest.fixture(scope="module")
def records(year: history.Caseload) -> dict[str, list[dict[str, Any]]]:
    """Every record of the year by kind."""
    names, read = Names(), {}
    for kind, text in [*year.sheets.items(), ("contact", year.log)]:
        sheet = plan(KINDS[kind], text, names=names, held=(), now=NOW)
        assert sheet.problems == []
        for row in sheet.new:
            names.add(KINDS[kind], row.record, row.fields)
        read[kind] = [row.fields for row in sheet.new]
    return read


def test_the_year_has_the_people_and_contacts_asked_for(records: dict[str, list[dict[str, Any]]]) -> None:
    assert {kind: len(records[kind]) for kind in ("child", "carer", "contact")} == {
        "child": 12,
        "carer": 9,
        "contact": 2000,
    }
    assert all(int(contact["told"][:4]) == 2016 for contact in records["contact"])
    assert [contact["told"] for contact in records["contact"]] == sorted(
        (contact["told"] for contact in records["contact"]), key=times.epoch_ms
    )


def test_there_are_calls_on_both_sides_of_both_clock_changes(year: history.Caseload) -> None:
    text = year.log
    assert "27/03/2016 00:40" in text
    assert "27/03/2016 02:10" in text
    assert "27/03/2016 01:" not in text
    assert "30/10/2016 01:20 BST" in text
    assert "30/10/2016 01:25 GMT" in text


def test_calls_come_all_night_and_most_in_the_evening(records: dict[str, list[dict[str, Any]]]) -> None:
    hours = Counter(times.local(times.instant(contact["told"])).hour for contact in records["contact"])
    assert set(hours) == set(range(24))
    assert set(dict(hours.most_common(3))) <= {18, 19, 20, 21, 22}
    nights = Counter(
        night for contact in records["contact"] if (night := times.night_of(times.instant(contact["told"])))
    )
    assert len(nights) > 330
    assert nights.most_common(1)[0][1] < 25


def test_missing_children_are_reported_and_come_back(records: dict[str, list[dict[str, Any]]]) -> None:
    gone: dict[str, str] = {}
    stories = 0
    for contact in records["contact"]:
        if contact.get("missing"):
            child = contact["children"][0]
            assert gone.setdefault(child, contact["missing_since"]) == contact["missing_since"]
            if contact["missing"] == "back":
                assert times.epoch_ms(contact["missing_since"]) < times.epoch_ms(contact["back_at"])
                del gone[child]
                stories += 1
    assert stories > 50
    assert len(gone) <= 1


def test_the_year_holds_every_type_outcome_and_risk_a_night_brings(records: dict[str, list[dict[str, Any]]]) -> None:
    contacts = records["contact"]
    assert {contact["type"] for contact in contacts} == {"call", "information", "wrong_number", "abandoned"}
    assert {contact.get("risk") for contact in contacts} == {"low", "medium", "high", None}
    assert {contact.get("outcome") for contact in contacts} == {"advice_given", "follow_up", "escalated", None}
    assert {code for contact in contacts for code in contact.get("concerns", [])} >= {"missing", "self_harm", "school"}
    assert any(contact.get("follow_ups") for contact in contacts)
    assert any(contact.get("caller_not_known") for contact in contacts)
    assert len({contact.get("happening") for contact in contacts}) > 1000
    assert not any("{" in str(contact.get(name)) for contact in contacts for name in ("happening", "advice", "tried"))


def test_calls_come_from_where_the_child_slept_that_night(records: dict[str, list[dict[str, Any]]]) -> None:
    stays = records["placement"]
    assert {stay["type"] for stay in stays} == {"main", "respite"}
    for call in records["contact"]:
        if "caller" in call:
            day = times.local_day(times.instant(call["told"])).isoformat()
            assert any(
                stay["child"] == call["children"][0]
                and stay["carer"] == call["caller"]
                and stay["start"] <= day < stay.get("end", "9999")
                for stay in stays
            )


def test_the_rota_covers_every_night_and_marks_the_quiet_ones(records: dict[str, list[dict[str, Any]]]) -> None:
    starts = {shift["planned_start"][:16] for shift in records["shift"]}
    days = [date(2016, 1, 1) + timedelta(days=number) for number in range(366)]
    assert {f"{day}T17:30" for day in days} <= starts
    told_times = [times.epoch_ms(contact["told"]) for contact in records["contact"]]
    for shift in records["shift"]:
        first, last = times.epoch_ms(shift["planned_start"]), times.epoch_ms(shift["planned_end"])
        assert shift.get("quiet", False) is not any(first <= at < last for at in told_times)


def test_the_same_seed_gives_the_same_texts_and_another_seed_others() -> None:
    first, repeated_log, other = (history.year_log(seed, contacts=60) for seed in (7, 7, 8))
    assert (first.sheets, first.log, first.log) == (repeated_log.sheets, repeated_log.log, first.log)
    assert first.log != other.log


@pytest.mark.parametrize(("contacts", "children", "households"), [(0, 1, 1), (3, 1, 1), (200, 40, 30)])
def test_any_size_can_be_made_and_read(contacts: int, children: int, households: int) -> None:
    small = history.year_log(3, contacts=contacts, children=children, households=households, start=date(2015, 3, 1))
    names = Names()
    for kind, text in [*small.sheets.items(), ("contact", small.log)]:
        sheet = plan(KINDS[kind], text, names=names, held=(), now=NOW)
        assert sheet.problems == []
        for row in sheet.new:
            names.add(KINDS[kind], row.record, row.fields)
    assert len(sheet.new) == contacts


def test_a_large_log_is_a_stream() -> None:
    lines = history.year_log(1, contacts=20_000).lines()
    assert next(lines).startswith("Kind of contact,")
    assert "2016/00001" in next(lines)


def test_the_command_writes_every_sheet(tmp_path: Path) -> None:
    history.main(["--seed", "1", "--contacts", "20", "--out", str(tmp_path / "year")])
    written = {path.name for path in (tmp_path / "year").iterdir()}
    of_one_night = {"action", "missing_pack", "missing_episode", "alert"}
    assert written == {file for kind, file in demo.order() if kind not in of_one_night}
    assert (tmp_path / "year" / "contacts.csv").read_text(encoding="utf-8") == history.year_log(1, contacts=20).log
