"""What is due for invented households is what an oracle says that was written apart, from the decisions and not from the program.

Domain notes h, 11 to 18. The oracle knows days, months and lists; it asks nothing of the rules that it is compared with.
"""

import calendar
import random
from collections.abc import Callable, Iterable
from datetime import date, timedelta

import pytest

from hipss_desktop.kinds.carer import Approval, Carer, Frequency, Hold, Member
from hipss_desktop.kinds.value import Value
from hipss_desktop.rules.due import CheckMade, History, VisitMade
from hipss_desktop.rules.due_rules import Settings, shipped
from hipss_desktop.rules.visits import due_dates

Due = tuple[date | None, date]
"""The day of the newest that counted, and the due day."""
AWKWARD = [date(2016, 2, 29), date(2016, 2, 28), date(2015, 3, 31), date(2015, 1, 31), date(2016, 12, 31)]
VALUES = {
    "children_out": ["for nothing", "as a supervision visit", "as an unannounced visit"],
    "count_as_visits": ["virtual", "telephone", "virtual and telephone"],
    "supervision_every": ["2 weeks", "1 month"],
    "unannounced_visits": ["1", "2", "3"],
}


def months_on(day: date, months: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))


def later(day: date, number: int, unit: str) -> date:
    return day + timedelta(weeks=number) if unit.startswith("week") else months_on(day, number)


class Oracle:
    """One household on one day."""

    def __init__(self, history: History, values: list[Value], day: date) -> None:
        self.history, self.values, self.day = history, values, day
        self.begins, self.over_by = self.approval()

    def approval(self) -> tuple[date | None, date]:
        """The first day of the approval that holds, None for none, and the last day of the one before."""
        household = self.history.household
        spans = [(row.starts, row.ends or date.max) for row in household.approvals if row.starts]
        if household.approved_on:
            spans.append((household.approved_on, household.approved_until or date.max))
        joined: list[tuple[date, date]] = []
        for starts, ends in sorted(spans):
            if joined and starts <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
            else:
                joined.append((starts, ends))
        for place, (starts, ends) in enumerate(joined):
            goes_on_and_may_not = ends == date.max and household.status in ("ended", "assessment")
            if starts <= self.day <= ends and not goes_on_and_may_not:
                return starts, joined[place - 1][1] if place else date.min
        return None, date.min

    def value(self, name: str) -> tuple[str, date]:
        """What the council set and since when; of two from one day the later one given."""
        newest_value = ("", date.min)
        for value in self.values:
            if value.name == name and value.starts is not None and newest_value[1] <= value.starts <= self.day:
                newest_value = (value.value, value.starts)
        return newest_value

    def supervises(self, visit: VisitMade) -> bool:
        if visit.nobody_in:
            return False
        if visit.type == "unannounced":
            return not visit.children_out or self.value("children_out")[0].startswith("as ")
        return visit.type == "planned" or visit.type in self.value("count_as_visits")[0]

    def surprises(self, visit: VisitMade) -> bool:
        out = visit.children_out and self.value("children_out")[0] != "as an unannounced visit"
        return visit.type == "unannounced" and not visit.nobody_in and not out

    def visited(self, counts: Callable[[VisitMade], bool]) -> list[date]:
        """The days of the visits that count, the newest first."""
        begins = self.begins or date.max
        return sorted(row.day for row in self.history.visits if begins <= row.day <= self.day and counts(row))[::-1]

    def often(self) -> tuple[int, str, date]:
        """How often the household is visited, and since when."""
        rows = [row for row in self.history.household.frequencies if row.starts and row.starts <= self.day]
        if rows:
            row = max(rows, key=lambda row: (row.starts or date.min, row.id))
            return row.every or 0, row.unit, row.starts or date.min
        words, since = self.value("supervision_every")
        number, unit = (words or "4 weeks").split()
        return int(number), unit, since

    def checked(self, check_type: str, after: date) -> Due:
        """A yearly check, sooner where that was agreed."""
        assert self.begins is not None
        checks = [row for row in self.history.checks if row.type == check_type and after <= row.day <= self.day]
        newest = max(checks, key=lambda row: (row.day, row.record), default=None)
        due = months_on(newest.day if newest else self.begins, 12)
        sooner = newest.next_on if newest and newest.next_on else due
        return (newest.day if newest else None), min(due, sooner)

    def due(self) -> dict[str, Due]:
        """All that is due of visits, reviews and checks of the household; nothing where no approval holds."""
        if self.begins is None:
            return {}
        due_by_code: dict[str, Due] = {}
        number, unit, since = self.often()
        held = self.visited(self.supervises)
        due_by_code["supervision_visit"] = _newest(held), max(later((held or [self.begins])[0], number, unit), since)
        words, since = self.value("unannounced_visits")
        number = int(words or "1")
        held = self.visited(self.surprises)
        counted_from = held[number - 1] if len(held) >= number else self.begins
        due_by_code["unannounced_visit"] = _newest(held), max(months_on(counted_from, 12), since)
        held = self.visited(lambda visit: self.surprises(visit) and visit.rooms_seen)
        due_by_code["home_look"] = _newest(held), months_on((held or [self.begins])[0], 12)
        due_by_code["annual_review"] = self.checked("annual_review", self.begins)
        reviews = [row for row in self.history.checks if row.type == "annual_review"]
        reviews = [row for row in reviews if self.begins <= row.day <= self.day]
        if reviews and not any(row.at_panel for row in reviews):
            due_by_code["review_at_panel"] = None, months_on(self.begins, 12)
        after = self.over_by + timedelta(days=1)
        return due_by_code | {check_type: self.checked(check_type, after) for check_type in ("home_safety", "bedroom")}


def _newest(days: list[date]) -> date | None:
    return days[0] if days else None


class Invented:
    """A household with what is recorded of it, by chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        chance, day = self.chance, self.a_day
        statuses = [*["approved"] * 6, "on_hold", "ended", "assessment"]
        home = Carer(members=[Member("jo", "Jo", "Preece", relation="carer")], status=chance.choice(statuses))
        home.approved_on = day(700)
        home.approved_until = home.approved_on + timedelta(chance.randrange(900)) if chance.random() < 0.3 else None
        for place in self.some([0, 0, 0, 1, 2]):
            starts = day()
            ends = starts + timedelta(chance.randrange(400)) if chance.random() < 0.8 else None
            home.approvals.append(Approval(f"a{place}", starts, ends))
        for place in self.some([0, 0, 1, 2, 3]):
            unit = chance.choice(["weeks", "months"])
            home.frequencies.append(Frequency(f"f{place}", day(), chance.choice([1, 2, 3, 6]), unit))
        home.holds = [Hold("h", day(), day())] if chance.random() < 0.2 else []
        types = ["planned", "unannounced", "telephone", "virtual"]
        visits = [
            VisitMade(f"v{place}", day(), chance.choice(types), self.rarely(), self.rarely(), chance.random() < 0.4)
            for place in self.some(range(7))
        ]
        self.values = []
        for _ in self.some([0, 0, 1, 2, 3]):
            name = chance.choice(list(VALUES))
            self.values.append(Value(name, chance.choice(VALUES[name]), day()))
        self.history = History("h", home, tuple(visits), tuple(self.checks()))
        self.asked = day(1700, date(2014, 6, 1))

    def checks(self) -> Iterable[CheckMade]:
        for place in self.some(range(5)):
            on, check_type = self.a_day(), self.chance.choice(["annual_review", "home_safety", "bedroom"])
            sooner = on + timedelta(days=self.chance.randrange(1, 500)) if self.rarely() else None
            yield CheckMade(f"c{place}", on, check_type, at_panel=self.rarely(), next_on=sooner)

    def a_day(self, span: int = 1500, first: date = date(2014, 1, 1)) -> date:
        return self.chance.choice(AWKWARD) if self.rarely() else first + timedelta(days=self.chance.randrange(span))

    def rarely(self) -> bool:
        return self.chance.random() < 0.2

    def some(self, numbers: Iterable[int]) -> range:
        return range(self.chance.choice(list(numbers)))


@pytest.mark.parametrize("hundred", range(20))
def test_the_days_of_invented_households_are_as_the_oracle_says(hundred: int) -> None:
    for seed in range(100 * hundred, 100 * hundred + 100):
        case = Invented(seed)
        rows = due_dates(case.history, Settings(shipped(), tuple(case.values)), case.asked)
        days = {row.due_type: (row.last, row.due) for row in rows if not row.person and row.state != "nothing_due"}
        assert days == Oracle(case.history, case.values, case.asked).due(), (seed, case.asked)


def test_the_invented_households_cover_every_state() -> None:
    codes = set()
    for seed in range(2000):
        case = Invented(seed)
        rows = due_dates(case.history, Settings(shipped(), tuple(case.values)), case.asked)
        codes |= {row.state for row in rows} | {row.due_type for row in rows if row.due is not None}
    assert codes >= {"overdue", "ok", "due_soon", "never_recorded", "nothing_due", "review_at_panel", "home_look"}
