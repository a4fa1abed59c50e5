"""A carer's training: a table worked by hand, hours in a period, and what counts as having come.

The table is ``training_due.csv``. Its days were counted in the calendar and not by the program.
"""

import csv
import itertools
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from hipss_desktop import times
from hipss_desktop.kinds.carer import Approval, Carer, Hold, Member
from hipss_desktop.kinds.training import Participant, Training
from hipss_desktop.records.codes import code_list
from hipss_desktop.rules.due import AsOf, Attended, Due, History
from hipss_desktop.rules.due_rules import Settings
from hipss_desktop.rules.due_rules import shipped as shipped_due_rules
from hipss_desktop.rules.training import attended, hours, hours_words, of_member, training_due
from hipss_desktop.rules.training_rules import UNREADABLE_TABLE, read_table, shipped
from hipss_desktop.rules.visits import due_dates

CASES = list(csv.DictReader((Path(__file__).parent / "training_due.csv").read_text(encoding="utf-8").splitlines()))
DAY = r"\d{1,2} [A-Z][a-z]+ \d{4}"
LENGTH = timedelta(hours=2, minutes=30)
JO, MARTIN = (
    Member("jo", "Jo", "Preece", relation="carer"),
    Member("martin", "Martin", "Preece", relation="second_carer"),
)


def household_of(words: str) -> Carer:
    household = Carer(
        members=[
            Member("jo", "Jo", "Preece", relation="carer"),
            Member("martin", "Martin", "Preece", relation="second_carer"),
        ],
        status="approved",
    )
    for place, phrase in enumerate(part.strip() for part in words.split(";")):
        days = [times.typed_day(day) for day in re.findall(DAY, phrase)]
        if phrase.startswith("approved"):
            ends = days[1] if len(days) > 1 else None
            household.approvals.append(Approval(f"a{place}", days[0], ends))
        elif phrase.startswith("Martin"):
            household.members[1].approved_on = days[0]
        elif phrase.startswith("on hold"):
            household.holds.append(Hold(f"h{place}", days[0]))
        else:
            household.status = phrase.split()[1]
    return household


def session_of(phrase: str) -> Training:
    """A session as a row of the table says it, half past nine where no time stands there."""
    head, _, who = phrase.partition(":  ") if ":  " in phrase else phrase.rpartition(": ")
    stage, topic = head.split()[0], head.split()[-1]
    day = times.typed_day(re.findall(DAY, head)[0])
    timed = re.findall(r"(\d\d:\d\d) (GMT|BST)", head)
    clock, zone = (
        timed[0]
        if timed
        else ("09:30", "BST" if times.zone(times.at_local(day, times.typed_time("09:30"))) == "BST" else "GMT")
    )
    began = times.at_local(day, times.typed_time(clock), "BST" if zone == "BST" else "GMT").astimezone(UTC)
    words = who.split()
    minutes = int(words[-2]) if words[-1] == "minutes" else None
    came = next((word for word in words if word in ("came", "apologies", "did_not_come")), "")
    named = " ".join(words[1 : words.index(came)]) if words[0] == "name" else ""
    row = Participant(
        "p", named, "Foster carer", was=came, minutes=minutes, carer="h", member="" if named else words[0].lower()
    )
    return Training(stage=stage, name="A session", topic=topic, began=began, ended=began + LENGTH, people=[row])


def attended_in(words: str) -> tuple[Attended, ...]:
    sessions = [session_of(phrase.strip()) for phrase in words.split(";") if phrase.strip()]
    rows = [pair for place, session in enumerate(sessions) for pair in attended(f"s{place}", session)]
    assert {household for household, _ in rows} <= {"h"}
    return tuple(row for _, row in rows)


def due_of(case: dict[str, str]) -> list[Due]:
    history = History("h", household_of(case["household"]), attended=attended_in(case["sessions"]))
    rows = due_dates(history, Settings(shipped_due_rules()), times.typed_day(case["asked on"]))
    return [row for row in rows if row.due_type == "training" and row.topic in ("", "first_aid")]


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_training_is_due_when_the_table_says(case: dict[str, str]) -> None:
    [row] = [row for row in due_of(case) if row.name.startswith(case["member"])]
    row_days = tuple(times.long_day(day) if day else "" for day in (row.last, row.due))
    stands = code_list("due_state").label(row.state)
    assert (*row_days, stands) == (case["last counted"], case["due"], case["state"]), case["worked out by hand"]


def test_the_table_is_long_enough_and_every_row_is_another_case() -> None:
    assert len(CASES) >= 30
    assert len({case["case"] for case in CASES}) == len(CASES)
    assert not shipped().problems


def test_each_day_says_its_rule_where_it_comes_from_and_that_somebody_left_early() -> None:
    [early] = [case for case in CASES if case["case"] == "Somebody who left early came"]
    row = next(row for row in due_of(early) if row.name.startswith("Jo"))
    assert row.rule == "First aid every 3 years, local policy"
    assert row.arithmetic == "Last counted 15 March 2017 and 3 years: 15 March 2020."
    assert row.notes == ("15 March 2017: there for 1 hour of 2.5 hours. It counts.",)
    assert "To be confirmed by this council" in row.source
    assert row.record == "s0"


def test_every_row_of_the_shipped_table_has_its_source_and_says_that_the_council_confirms_local_policy() -> None:
    for row in shipped().rules:
        assert row.rule.last_checked is not None
        assert ("To be confirmed by this council" in row.rule.source) == (row.rule.basis == "local_policy")


def test_a_support_carer_is_asked_for_first_aid_and_not_for_what_approved_carers_learn() -> None:
    household = household_of("approved 6 October 2014")
    household.members.append(Member("pat", "Pat", "Preece", relation="support_carer"))
    household.members.append(Member("kit", "Kit", "Preece", relation="own_child"))
    rows = due_dates(History("h", household), Settings(shipped_due_rules()), date(2017, 3, 16))
    asked_topics = {(row.name.split()[0], row.topic) for row in rows if row.due_type == "training"}
    assert ("Pat", "first_aid") in asked_topics
    assert ("Jo", "behaviour") in asked_topics
    assert ("Pat", "behaviour") not in asked_topics
    assert "Kit" not in {name for name, _ in asked_topics}


def test_hours_are_those_of_the_days_asked_for_and_a_time_that_is_not_known_is_counted_as_such() -> None:
    rows = attended_in(
        "held 31 December 2016 sleep: Jo came; held 1 January 2017 sleep: Jo came; held 15 March 2017 trauma: Jo came 60 minutes; "
        "held 31 December 2017 sleep: Jo came; held 1 January 2018 sleep: Jo came; held 2 May 2017 sleep: Jo apologies"
    )
    whole_year = date(2017, 1, 1), date(2017, 12, 31)
    assert hours(rows, *whole_year) == (timedelta(hours=6), 0)
    no_end = Training(
        "held",
        "A",
        "sleep",
        began=datetime(2017, 5, 5, 9, 30, tzinfo=UTC),
        people=[Participant("p", was="came", carer="h", member="jo")],
    )
    assert hours([*rows, *(row for _, row in attended("s9", no_end))], *whole_year) == (timedelta(hours=6), 1)


def test_a_session_over_the_change_of_the_clocks_is_as_long_as_it_was() -> None:
    began = times.at_local(date(2017, 3, 26), times.typed_time("00:30"), "GMT")
    ended = times.at_local(date(2017, 3, 26), times.typed_time("03:30"), "BST")
    people = [Participant("p", was="came", carer="h", member="jo")]
    session = Training("held", "A night", "sleep", began=began, ended=ended, people=people)
    [(_, row)] = attended("s", session)
    assert row.time == timedelta(hours=2)
    assert hours_words(row.time) == "2 hours"


def test_somebody_who_is_listed_twice_in_one_session_came_once() -> None:
    rows = attended_in("held 15 March 2017 first_aid: Jo came")
    assert of_member([*rows, *rows], JO) == list(rows)
    assert of_member(rows, MARTIN) == []


def test_of_two_rows_of_one_session_that_of_the_longer_time_counts_in_whatever_order() -> None:
    """Two laptops may each have added the same carer."""
    [whole] = attended_in("held 15 March 2017 first_aid: Jo came")
    [less] = attended_in("held 15 March 2017 first_aid: Jo came 30 minutes")
    not_known = replace(whole, time=None, whole=None)
    for rows in itertools.permutations((whole, less, not_known)):
        assert of_member(rows, JO) == [whole]
    assert of_member([not_known, not_known], JO) == [not_known]


def test_a_row_that_cannot_be_used_is_named_by_its_line_and_the_others_are_used() -> None:
    text = (Path(__file__).parents[2] / "resources" / "codes" / "training_rules.csv").read_text(encoding="utf-8")
    head, first, second, third = text.splitlines()
    for wrong in (
        first.replace(",36,", ",0,"),
        first.replace(",36,", ",often,"),
        first.replace("first_aid,caring", "first_aid,everybody"),
        first.replace(",first_aid,", ",flying,"),
        first.replace("2011-04-01", "1 April"),
    ):
        table = read_table("\n".join((head, wrong, second, third)))
        assert [row.topic for row in table.rules] == ["safeguarding", "behaviour"]
        assert table.problems == (
            "Line 2 of the table of how long training counts cannot be used. What it says is not shown.",
        )
    assert read_table("").problems == (UNREADABLE_TABLE,)


def test_a_rule_holds_from_its_day_to_its_day() -> None:
    text = (Path(__file__).parents[2] / "resources" / "codes" / "training_rules.csv").read_text(encoding="utf-8")
    head, first, *_ = text.splitlines()
    table = read_table("\n".join((head, first.replace("2011-04-01,,", "2017-01-01,2017-12-31,"))))
    household = household_of("approved 6 October 2014")
    for day, count in ((date(2016, 12, 31), 0), (date(2017, 1, 1), 2), (date(2017, 12, 31), 2), (date(2018, 1, 1), 0)):
        as_of = AsOf.on(History("h", household), Settings(shipped_due_rules()), day)
        assert len(list(training_due(as_of, table))) == count
