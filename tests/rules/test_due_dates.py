"""What is due for a household on a day: a table worked by hand, and what holds whatever is recorded.

The table is ``due_dates.csv``. Its days were counted in the calendar and not by the program.
"""

import csv
import re
from datetime import UTC, date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipss_desktop import times
from hipss_desktop.kinds.carer import Approval, Carer, Frequency, Hold, Member
from hipss_desktop.kinds.value import Value
from hipss_desktop.records.codes import code_list
from hipss_desktop.rules.due import CheckMade, Due, History, VisitMade
from hipss_desktop.rules.due_rules import Settings, read_table, shipped
from hipss_desktop.rules.visits import due_dates
from hipss_desktop.views.due_dates import COLUMNS

CASES = list(csv.DictReader((Path(__file__).parent / "due_dates.csv").read_text(encoding="utf-8").splitlines()))
DAY = r"\d{1,2} [A-Z][a-z]+ \d{4}"
CHECKS = {
    "review": "annual_review",
    "dbs": "dbs",
    "standards": "tsds",
    "home safety": "home_safety",
    "bedrooms": "bedroom",
}


class Recorded:
    """What a row of the table says is recorded."""

    def __init__(self, words: str) -> None:
        self.household = Carer(members=[Member("jo", "Jo", "Preece", relation="carer")], status="approved")
        self.visits: list[VisitMade] = []
        self.checks: list[CheckMade] = []
        self.values: list[Value] = []
        for place, phrase in enumerate(part.strip() for part in words.split(";")):
            self.take(phrase, f"r{place}")

    def take(self, phrase: str, name: str) -> None:
        days = [times.typed_day(day) for day in re.findall(DAY, phrase)]
        word, household = phrase.split(maxsplit=1)[0], self.household
        if phrase.startswith("approved"):
            ends = days[1] if len(days) > 1 else None
            if household.approved_on is None:
                household.approved_on, household.approved_until = days[0], ends
            else:
                household.approvals.append(Approval(name, days[0], ends))
        elif word == "status":
            household.status = phrase.split()[1]
        elif phrase.startswith("on hold"):
            household.holds.append(Hold(name, days[0]))
        elif word == "every":
            household.frequencies.append(Frequency(name, days[0], int(phrase.split()[1]), phrase.split()[2]))
        elif word == "council":
            setting_name, value = re.findall(r"council sets (\w+) to (.+) from", phrase)[0]
            self.values.append(Value(setting_name, value, days[0]))
        elif phrase == "family and friends":
            household.categories.append("FANDF")
        elif phrase == "specialist":
            household.categories.append("SPEC")
        elif word == "Pat":
            kind = "family_friends" if "family" in phrase else "foster"
            household.members.append(
                Member("pat", "Pat", "Preece", relation="second_carer", approved_on=days[0], approved_as=kind)
            )
        elif word.strip(",") in ("planned", "unannounced", "telephone", "virtual"):
            self.visits.append(
                VisitMade(
                    name,
                    local_day(phrase, days[0]),
                    word.strip(","),
                    nobody_in="nobody in" in phrase,
                    children_out="children out" in phrase,
                    rooms_seen="rooms seen" in phrase,
                )
            )
        else:
            kind = next(code for start, code in CHECKS.items() if phrase.startswith(start))
            member = "jo" if kind in ("dbs", "tsds") else ""
            met = re.findall(r"(\d) of 7", phrase)
            self.checks.append(
                CheckMade(
                    name,
                    days[0],
                    kind,
                    member=member,
                    at_panel="at panel" in phrase,
                    standards=int(met[0]) if met else None,
                    next_on=days[1] if len(days) > 1 else None,
                )
            )

    def due(self, on: date) -> list[Due]:
        history = History("h", self.household, tuple(self.visits), tuple(self.checks))
        return due_dates(history, Settings(shipped(), tuple(self.values)), on)


def local_day(phrase: str, day: date) -> date:
    """The local day of a visit that is written with its time, as the service gets it from the moment."""
    timed = re.findall(r"(\d\d:\d\d) (GMT|BST)", phrase)
    if not timed:
        return day
    clock, zone = timed[0]
    moment = times.at_local(day, times.typed_time(clock), "BST" if zone == "BST" else "GMT")
    assert times.zone(moment) == zone
    return times.local_day(moment.astimezone(UTC))


def asked_for(row_label: str, rows: list[Due]) -> list[Due]:
    short, _, person = row_label.partition(", ")
    code = next(listed.code for listed in code_list("due_what").codes if listed.more["short"] == short)
    return [row for row in rows if row.due_type == code and row.name.startswith(person)]


def words_of(day: date | None) -> str:
    return times.long_day(day) if day else ""


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_it_is_due_when_the_table_says(case: dict[str, str]) -> None:
    rows = asked_for(case["what"], Recorded(case["recorded"]).due(times.typed_day(case["asked on"])))
    if case["state"] == "No row":
        assert rows == []
        return
    [row] = rows
    row_words = (words_of(row.last), words_of(row.due), code_list("due_state").label(row.state))
    assert row_words == (case["last counted"], case["due"], case["state"]), case["worked out by hand"]


def test_the_table_is_long_enough_and_every_row_is_another_case() -> None:
    assert len(CASES) >= 60
    assert len({case["case"] for case in CASES}) == len(CASES)
    assert not shipped().problems


def test_everything_in_the_table_of_rules_is_worked_out_for_a_household_and_has_a_column() -> None:
    day = date(2017, 3, 16)
    rows = Recorded("approved 6 October 2015; review 20 September 2016").due(day)
    assert {row.due_type for row in rows} == {code.code for code in code_list("due_what").codes}
    assert {code.more["column"] for code in code_list("due_what").codes} == set(COLUMNS)


DAYS = st.dates(date(2012, 1, 1), date(2030, 12, 31))
VISITS = st.builds(
    VisitMade,
    st.uuids().map(str),
    DAYS,
    st.sampled_from(["planned", "unannounced", "telephone", "virtual", ""]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
FREQUENCIES = st.builds(
    Frequency,
    st.uuids().map(str),
    DAYS,
    st.integers(1, 12),
    st.sampled_from(["weeks", "months"]),
)
VALUES = st.lists(
    st.one_of(
        st.builds(Value, st.just("unannounced_visits"), st.sampled_from(["1", "2", "3"]), DAYS),
        st.builds(Value, st.just("children_out"), st.sampled_from(["for nothing", "as an unannounced visit"]), DAYS),
        st.builds(Value, st.just("count_as_visits"), st.sampled_from(["virtual", "virtual and telephone"]), DAYS),
    ),
    max_size=3,
)


def history(visits: list[VisitMade], frequencies: list[Frequency], approved: date, ended: date | None) -> History:
    members = [Member("jo", "Jo", "Preece", relation="carer")]
    household = Carer(members=members, approved_on=approved, approved_until=ended, frequencies=frequencies)
    return History("h", household, tuple(visits))


@given(
    st.lists(VISITS, max_size=6),
    VISITS,
    st.lists(FREQUENCIES, max_size=3),
    VALUES,
    st.dates(date(2011, 4, 1), date(2015, 1, 1)),
    DAYS,
)
def test_a_later_visit_never_makes_anything_due_sooner(
    visits: list[VisitMade],
    another: VisitMade,
    frequencies: list[Frequency],
    values: list[Value],
    approved: date,
    on: date,
) -> None:
    settings = Settings(shipped(), tuple(values))
    before = {row.due_type: row for row in due_dates(history(visits, frequencies, approved, None), settings, on)}
    after = {
        row.due_type: row for row in due_dates(history([*visits, another], frequencies, approved, None), settings, on)
    }
    assert before.keys() == after.keys()
    for due_code, row in before.items():
        due, later = row.due, after[due_code].due
        assert (due is None and later is None) or (due is not None and later is not None and due <= later)
        assert (row.last or date.min) <= (after[due_code].last or date.min)


@given(st.lists(VISITS, max_size=6), st.lists(FREQUENCIES, max_size=3), DAYS, st.integers(1, 5000))
def test_nothing_is_due_after_an_approval_ended_and_something_is_on_its_last_day(
    visits: list[VisitMade], frequencies: list[Frequency], ended: date, later: int
) -> None:
    of = history(visits, frequencies, date(2011, 4, 1), ended)
    after = due_dates(of, Settings(shipped()), ended + timedelta(days=later))
    assert after
    assert {(row.state, row.due) for row in after} == {("nothing_due", None)}
    assert all("Approval ended on" in row.arithmetic for row in after)
    assert any(row.due is not None for row in due_dates(of, Settings(shipped()), ended))


@given(st.lists(VISITS, max_size=6), st.lists(FREQUENCIES, max_size=3), VALUES, DAYS)
def test_the_same_records_in_any_order_say_the_same_and_later_ones_nothing(
    visits: list[VisitMade], frequencies: list[Frequency], values: list[Value], on: date
) -> None:
    settings = Settings(shipped(), tuple(values))
    rows = due_dates(history(visits, frequencies, date(2011, 4, 1), None), settings, on)
    assert rows == due_dates(history(visits[::-1], frequencies[::-1], date(2011, 4, 1), None), settings, on)
    known = [visit for visit in visits if visit.day <= on]
    assert rows == due_dates(
        history(known, [row for row in frequencies if row.starts and row.starts <= on], date(2011, 4, 1), None),
        settings,
        on,
    )
    for row in rows:
        assert (row.state == "overdue") == (row.due is not None and row.due < on)


def test_an_approval_that_only_the_status_ended_did_not_end_with_the_one_before_it() -> None:
    case = Recorded("status ended; approved 1 January 2017; approved 1 January 2014 to 31 December 2015")
    words = {day: {row.arithmetic for row in case.due(day)} for day in (date(2016, 6, 1), date(2017, 3, 16))}
    assert words == {
        date(2016, 6, 1): {"Approval ended on 31 December 2015: nothing is due."},
        date(2017, 3, 16): {"Approval ended, its last day is not recorded: nothing is due."},
    }


def test_each_row_says_how_its_day_was_worked_out() -> None:
    recorded = Recorded(
        "approved 6 October 2014; every 4 weeks from 6 October 2014; every 2 weeks from 15 March 2017; planned 23 February 2017; "
        "unannounced 2 March 2016; unannounced, nobody in 1 March 2017; on hold 1 January 2017"
    )
    rows = {row.due_type: row for row in recorded.due(date(2017, 3, 16))}
    visit, unannounced = rows["supervision_visit"], rows["unannounced_visit"]
    assert visit.rule == "Every 2 weeks, set for this household"
    assert visit.arithmetic == (
        "Last counted 23 February 2017 and 2 weeks: 9 March 2017; it was changed on 15 March 2017, "
        "and nothing is due before that day."
    )
    assert unannounced.rule == "At least 1 in 12 months, standard 21.8"
    assert unannounced.arithmetic == "Last counted 2 March 2016 and 12 months: 2 March 2017."
    assert unannounced.notes == (
        "1 March 2017: nobody was in, so it does not count.",
        "On hold since 1 January 2017. Visits, reviews and checks go on.",
    )
    assert all(row.rule and row.source and row.basis and row.arithmetic for row in rows.values())


def test_a_frequency_that_cannot_be_used_and_an_end_before_its_beginning_make_nothing_vanish() -> None:
    recorded = Recorded("approved 6 October 2015; planned 23 February 2017")
    recorded.household.frequencies = [Frequency("a", date(2016, 1, 1), None, "weeks"), Frequency("b", None, 2, "weeks")]
    recorded.household.approved_until = date(2015, 1, 1)  # the end of an approval before this one
    [visit] = asked_for("Visit", recorded.due(date(2017, 3, 16)))
    assert (visit.due, visit.state) == (date(2017, 3, 23), "ok")


def test_a_check_that_names_a_person_counts_for_that_one_alone() -> None:
    recorded = Recorded("approved 1 March 2016; Pat approved 1 March 2016 as foster carer")
    recorded.checks = [CheckMade("by name", date(2017, 1, 3), "dbs", name="pat preece")]
    rows = {row.name: row for row in asked_for("DBS", recorded.due(date(2017, 3, 16)))}
    assert rows["Pat Preece"].last == date(2017, 1, 3)
    assert rows["Jo Preece"].state == "overdue"


def test_an_own_child_has_a_dbs_check_from_eighteen_on() -> None:
    recorded = Recorded("approved 1 March 2010")
    recorded.household.members.append(Member("kim", "Kim", "Preece", relation="own_child", born=date(1999, 3, 16)))
    assert not asked_for("DBS, Kim", recorded.due(date(2017, 3, 15)))
    [due] = asked_for("DBS, Kim", recorded.due(date(2017, 3, 16)))
    assert (due.due, due.state) == (date(2017, 3, 16), "never_recorded")


def test_a_row_of_the_table_that_cannot_be_used_is_named_and_the_others_are_used() -> None:
    text = (Path(__file__).parents[2] / "resources" / "codes" / "due_rules.csv").read_text(encoding="utf-8")
    table = read_table(text.replace("home.10-5,home_look,,12", "home.10-5,home_look,,twelve"))
    assert len(table.rules) == len(shipped().rules) - 1
    assert table.problems == ("Line 4 of the table of what is due cannot be used. What it says is not shown.",)
    assert read_table("").problems


def test_nothing_is_asked_by_standards_that_were_not_in_force() -> None:
    recorded = Recorded("approved 6 October 2009; planned 23 February 2010")
    assert recorded.due(date(2011, 3, 31)) == []
    assert recorded.due(date(2011, 4, 1))


def test_days_at_the_end_of_the_calendar_are_no_fault() -> None:
    recorded = Recorded("approved 6 October 2015")
    recorded.visits = [VisitMade("v", date(9999, 12, 31), "planned")]
    recorded.household.frequencies = [Frequency("f", date(9999, 12, 30), 99, "months")]
    assert recorded.due(date(9999, 12, 31))
