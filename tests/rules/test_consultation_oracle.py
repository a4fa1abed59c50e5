"""Waiting and what is due of a consultation, against an oracle of its own on histories made at random.

The oracle reads the body as it was signed, counts days one by one, knows when the clocks change by the rule of the law and the
bank holidays from a list written by hand (gov.uk, bank holidays in England and Wales). It shares no code with the rules.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from hipss_desktop.kinds.consultation import CONSULTATION, may_owe
from hipss_desktop.kinds.value import CONSULTATION_PAGE_DAYS, Value
from hipss_desktop.rules.consultations import Setting, days_waited, due

HISTORIES = 1_500
"""For each of the seeds."""
HOLIDAYS = frozenset(
    date(year, month, day)
    for year, days in {
        2015: ((12, 25), (12, 28)),
        2016: ((1, 1), (3, 25), (3, 28), (5, 2), (5, 30), (8, 29), (12, 26), (12, 27)),
        2017: ((1, 2), (4, 14), (4, 17), (5, 1), (5, 29), (8, 28), (12, 25), (12, 26)),
        2018: ((1, 1), (3, 30)),
    }.items()
    for month, day in days
)
FIRST, LAST = date(2016, 1, 4), date(2017, 12, 1)
ODD_DAYS = (
    date(2016, 2, 29),  # there is one
    date(2016, 3, 27),  # the clocks go forward
    date(2016, 10, 30),  # the clocks go back
    date(2017, 3, 26),
    date(2017, 10, 29),
    date(2016, 3, 24),  # before Easter
    date(2016, 12, 23),
    date(2017, 4, 13),
)
UNREADABLE = ("soon", "2017-02-30", 7, ["2017-03-08"], "2017-03-08T25:00:00+00:00")
MINUTES = (-61, -60, -1, 0, 1, 720, 1379, 1380, 1439)
"""Around midnight, by the clock of summer and of winter."""


# --- histories ---


def a_day(rng: random.Random) -> date:
    """A day, as often as not near one on which a rule could slip."""
    if rng.random() < 0.5:
        return rng.choice(ODD_DAYS) + timedelta(days=rng.randint(-2, 2))
    return FIRST + timedelta(days=rng.randrange((LAST - FIRST).days))


def a_moment(rng: random.Random, day: date) -> str:
    """A moment around a day, often near its midnight, written with some offset."""
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=rng.choice(MINUTES))
    return at.astimezone(timezone(timedelta(hours=rng.choice((0, 1, -5, 11))))).isoformat()


def near(rng: random.Random, day: date) -> date:
    """A day within three weeks of another."""
    return day + timedelta(days=rng.randint(-3, 21))


def history(rng: random.Random) -> tuple[dict[str, Any], date]:
    """The answers of a consultation after whatever happened to it, and the day on which somebody looks at it."""
    asked_on = a_day(rng)
    planned = near(rng, asked_on)
    held = near(rng, planned)
    body: dict[str, Any] = {"about": "theme", "theme": "Endings", "team": "edge_of_care"}
    body["stage"] = rng.choice(
        ("asked", "planned", "held", "held", "held", "cancelled", "nobody_came", "", "postponed")
    )
    if rng.random() < 0.8:
        body["asked_on"] = asked_on.isoformat()
    if rng.random() < 0.8:
        body["planned_for"] = a_moment(rng, planned)
    if rng.random() < 0.8:
        body["held_on"] = held.isoformat()
    if rng.random() < 0.2:  # it was cancelled, and planned anew
        body |= {"cancelled_by": "F. Doyle", "cancelled_why": "Ill"}
    if rng.random() < 0.5:
        body["safeguarding"] = rng.choice(("to_tell", "nothing_new"))
    if rng.random() < 0.3:
        body["told"] = [{"id": "t", "to": "EDT", "at": a_moment(rng, held)}]
    if rng.random() < 0.3:
        body["sent"] = [{"id": "s", "to": "F. Doyle", "how": "hand", "at": a_moment(rng, near(rng, held))}]
    if rng.random() < 0.1:
        body["from_sheet"] = True
    body["plan"] = [plan_row(rng, f"r{number}", held) for number in range(rng.randint(0, 3))]
    body["plan_answers"] = [answer(rng, f"a{number}", held) for number in range(rng.randint(0, 4))]
    for name in ("asked_on", "planned_for", "held_on", "plan", "told"):
        if rng.random() < 0.05:
            body[name] = rng.choice(UNREADABLE)
    return body, near(rng, rng.choice((asked_on, planned, held)))


def plan_row(rng: random.Random, name: str, day: date) -> dict[str, Any]:
    """A row of a plan, a few of them without a day."""
    row: dict[str, Any] = {"id": name, "what": "Countdown card", "owner": "J. Tranter"}
    return {**row, "by": near(rng, day).isoformat()} if rng.random() < 0.9 else row


def answer(rng: random.Random, name: str, day: date) -> dict[str, Any]:
    """What came of a row: two laptops may have asked on one day, or somebody written down later what was asked before."""
    row = f"r{rng.randint(0, 3)}"
    asked_on = day + timedelta(days=rng.randint(0, 2))
    return {
        "id": name,
        "plan": row,
        "asked_on": asked_on.isoformat(),
        "answer": rng.choice(("done", "not_done", "not_needed")),
    }


def setting(rng: random.Random) -> tuple[Setting, Mapping[date, int], frozenset[date]]:
    """What the council set, and the same for the oracle: since when how many days, and when it is closed."""
    since = {a_day(rng): rng.randint(1, 9) for _ in range(rng.choice((0, 0, 1, 2)))}
    closed = frozenset(a_day(rng) for _ in range(rng.randint(0, 5)))
    values = [Value(CONSULTATION_PAGE_DAYS, str(days), starts) for starts, days in since.items()]
    values.append(Value("another_value", "30", FIRST))
    return Setting(tuple(values), closed), since, closed


# --- the oracle ---


def read_day(text: Any) -> date | None:
    """A day as it stands in a body, None where it cannot be read."""
    try:
        return date(*map(int, text.split("-"))) if isinstance(text, str) else None
    except (ValueError, TypeError):
        return None


def last_sunday(year: int, month: int) -> datetime:
    """One o'clock in the morning (UTC) of the last Sunday of a month of 31 days, when the clocks change."""
    return max(
        datetime(year, month, day, 1, tzinfo=UTC) for day in range(25, 32) if date(year, month, day).weekday() == 6
    )


def wall_day(text: Any) -> date | None:
    """The day that a clock on the wall shows at a moment, None where it cannot be read."""
    try:
        at = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, TypeError):
        return None
    is_summer = last_sunday(at.year, 3) <= at < last_sunday(at.year, 10)
    return (at + timedelta(hours=is_summer)).date()


def rows(body: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    return [row for row in body.get(name) or () if isinstance(row, dict)] if isinstance(body.get(name), list) else []


def oracle_waits(body: Mapping[str, Any], today: date) -> int | None:
    """Days from the asking, counted one by one, to the day it was held; to today while somebody waits."""
    asked_on = read_day(body.get("asked_on"))
    until = {"asked": today, "planned": today, "held": read_day(body.get("held_on")), "": read_day(body.get("held_on"))}
    last = until.get(body["stage"])
    if asked_on is None or last is None or asked_on > last:
        return None
    count = 0
    while asked_on + timedelta(days=count) != last:
        count += 1
    return count


def oracle_due(
    body: Mapping[str, Any], since: Mapping[date, int], closed: frozenset[date], today: date
) -> Iterator[tuple[str, date, str]]:
    """What is due, its day, and of which row."""
    if body.get("from_sheet") is True:
        return
    planned, held = wall_day(body.get("planned_for")), read_day(body.get("held_on"))
    if body["stage"] == "planned" and planned is not None and planned < today:
        yield "say_whether_held", planned, ""
    if body["stage"] not in ("held", "") or held is None:
        return
    if body.get("safeguarding") == "to_tell" and not rows(body, "told"):
        yield "tell", held, ""
    if not rows(body, "sent"):
        began = max((start for start in since if start <= held), default=None)
        days_left, by = since[began] if began is not None else 2, held
        while days_left:
            by += timedelta(days=1)
            if by.weekday() not in (5, 6) and by not in HOLIDAYS and by not in closed:
                days_left -= 1
        yield "give_page", by, ""
    for row in rows(body, "plan"):
        answers = [plan_answer for plan_answer in rows(body, "plan_answers") if plan_answer["plan"] == row["id"]]
        last = sorted(answers, key=lambda plan_answer: (plan_answer["asked_on"], plan_answer["id"]))[-1:]
        closes = [plan_answer for plan_answer in last if plan_answer["answer"] in ("done", "not_needed")]
        by_day = read_day(row.get("by"))
        if by_day is not None and by_day < today and not closes:
            yield "do_plan", by_day, row["id"]


@pytest.mark.parametrize("seed", range(4))
def test_waiting_and_what_is_due_agree_with_the_oracle_on_random_histories(seed: int) -> None:
    rng = random.Random(seed)
    seen = Counter[str]()
    for _ in range(HISTORIES):
        body, today = history(rng)
        council, since, closed = setting(rng)
        read = CONSULTATION.read(body)
        waits = oracle_waits(body, today)
        assert days_waited(read, today) == waits, (body, today)
        expected = sorted(
            oracle_due(body, since, closed, today), key=lambda due_row: (due_row[1], due_row[0], due_row[2])
        )
        assert [(due_row.due_type, due_row.by, due_row.row) for due_row in due(read, council, today)] == expected, (
            body,
            today,
        )
        assert may_owe(read) or not expected, (body, today)
        seen.update(due_row[0] for due_row in expected)
        seen["waits"] += waits is not None
    assert min(seen[name] for name in ("say_whether_held", "tell", "give_page", "do_plan", "waits")) > 50, seen
