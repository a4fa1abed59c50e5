"""An invented year of an on-call log: a caseload and its calls, as sheets that a service might have.

The same seed always gives the same texts, on any machine. Calls peak in the evening, and some are around midnight and both clock
changes. While a child is missing, calls about it repeat; some calls are a wrong number. The log is a stream, so that a hundred
thousand calls take no more memory than a few. ``python -m resources.demo.history --seed 1 --out DIR`` writes the files. All
people, numbers and stories are invented. Must not be read by anything but the demo, tests and benchmarks.
"""

import argparse
import random
import tomllib
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from hipss_desktop import times
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.sheets.import_plan import plan
from hipss_desktop.sheets.names import Names
from hipss_desktop.sheets.writing import write_lines, write_sheet
from resources import demo

HOURS = (34, 26, 20, 14, 10, 8, 10, 16, 22, 12, 10, 10, 12, 10, 12, 18, 30, 52, 70, 86, 98, 100, 82, 56)
"""The distribution of a day's calls over its hours, by our own guess: children come home, eat, ring their family, go to bed."""

CONTACT_COLUMNS = (
    "type", "caller", "caller_name", "caller_role", "caller_not_known", "call_back", "children", "channel", "concerns",
    "missing", "missing_since", "back_at", "happening", "advice", "no_advice", "risk", "needs_to_know", "follow_ups",
    "outcome", "handover", "childs_words", "tried", "told_others", "happened", "told", "ended", "late_entry", "log_line",
)  # fmt: skip
SHIFT_STARTS, SHIFT_ENDS, PACK = time(17, 30), time(8, 30), time(16, 30)


@dataclass(frozen=True)
class Caseload:
    """The sheets of a service: one text for each kind, and the on-call log as a stream of lines.

    Attributes:
        sheets: by kind, in the order of import, all but the log.
        lines: returns a new iterator over the log, its header first.
    """

    sheets: Mapping[str, str]
    lines: Callable[[], Iterator[str]]

    @property
    def log(self) -> str:
        """Return the whole on-call log as one text."""
        return "".join(self.lines())

    def write(self, folder: Path) -> None:
        """Write each sheet as a file with the demo's file name, and create the folder if it is missing."""
        folder.mkdir(parents=True, exist_ok=True)
        names = dict(demo.order())
        for kind, text in self.sheets.items():
            (folder / names[kind]).write_text(text, encoding="utf-8", newline="")
        with (folder / names["contact"]).open("w", encoding="utf-8", newline="") as file:
            file.writelines(self.lines())


@dataclass(frozen=True)
class _Child:
    number: str
    fields: Mapping[str, Any]
    words: Mapping[str, str]
    weight: float


@dataclass(frozen=True)
class _Household:
    name: str
    fields: Mapping[str, Any]
    people: tuple[tuple[str, str], ...]
    phone: str


@dataclass(frozen=True)
class _Stay:
    child: int
    household: int
    first: date
    last: date
    respite: bool = False
    instead_of: int = -1


@dataclass(frozen=True)
class _Service:
    """All people in the year, and the times of the calls."""

    children: Sequence[_Child]
    households: Sequence[_Household]
    stays: Sequence[_Stay]
    practitioners: Sequence[str]
    moments: Sequence[datetime]
    start: date
    ends: date

    @cached_property
    def beds(self) -> Mapping[date, Mapping[int, int]]:
        """The household in which each child sleeps, by day; respite takes precedence over the main placement."""
        days = [self.start + timedelta(days=number) for number in range((self.ends - self.start).days + 1)]
        main_first = sorted(self.stays, key=lambda stay: stay.respite)
        return {
            day: {stay.child: stay.household for stay in main_first if stay.first <= day < stay.last} for day in days
        }


@dataclass
class _Missing:
    child: int
    since: datetime
    rang: datetime


@cache
def _stories() -> dict[str, Any]:
    return tomllib.loads(files("resources").joinpath("demo", "stories.toml").read_text(encoding="utf-8"))


def year_log(
    seed: int, *, contacts: int = 2000, children: int = 12, households: int = 9, start: date = date(2016, 1, 1)
) -> Caseload:
    """Return the sheets of an invented year.

    Args:
        seed: the same seed gives the same texts.
        contacts: how many lines the log has.
        children, households: how many of each there are; at most 400 and 500.
        start: the first day; the year ends the day before its anniversary.
    """
    service = _service(random.Random(seed), contacts, children, households, start)
    texts = {
        "practitioner": demo.sheet("practitioners.csv"),
        "directory": demo.sheet("directory.csv"),
        "child": write_sheet(KINDS["child"], [child.fields for child in service.children]),
        "carer": write_sheet(KINDS["carer"], [household.fields for household in service.households]),
        "placement": write_sheet(KINDS["placement"], _placements(service)),
        "shift": write_sheet(KINDS["shift"], _shifts(service)),
    }

    def lines() -> Iterator[str]:
        calls = _Calls(random.Random(f"{seed} calls"), service)
        return write_lines(KINDS["contact"], calls.rows(), CONTACT_COLUMNS)

    return Caseload(texts, lines)


# --- the people ---


def _service(rng: random.Random, contacts: int, children: int, households: int, start: date) -> _Service:
    ends = start.replace(year=start.year + 1, day=min(start.day, 28) if start.month == 2 else start.day)
    homes = _households(rng, households)
    return _Service(
        children=_children(rng, children, start),
        households=homes,
        stays=_stays(rng, children, households, start, ends),
        practitioners=_on_call_names(),
        moments=_moments(rng, contacts, start, ends),
        start=start,
        ends=ends,
    )


def _on_call_names() -> list[str]:
    now = datetime(2018, 1, 1, tzinfo=UTC)
    text = demo.sheet("practitioners.csv")
    import_plan = plan(KINDS["practitioner"], text, names=Names(), held=(), now=now)
    return [row.fields["name"] for row in import_plan.new if row.fields["role"] in ("on_call", "manager")]


def _children(rng: random.Random, number: int, start: date) -> list[_Child]:
    people, plan = _stories()["people"], _stories()["plan"]
    families = _spread(rng, people["families"], number)
    girls, boys = _spread(rng, people["girls"], number), _spread(rng, people["boys"], number)
    children = []
    for place in range(number):
        girl = rng.random() < 0.45
        given_name = (girls if girl else boys)[place]
        he = ("she", "her", "her") if girl else ("he", "him", "his")
        words = dict(zip(("he", "him", "his"), he, strict=True))
        words |= {"child": given_name, "He": words["he"].capitalize(), "His": words["his"].capitalize()}
        born = start - timedelta(days=rng.randrange(8 * 365, 17 * 365))
        lists = {
            name: [sentence.format_map(words) for sentence in rng.sample(plan[name], rng.randint(2, 4))]
            for name in ("risks", "triggers", "helps", "do_not")
        }
        reviewed = start - timedelta(days=rng.randrange(5, 80))
        fields = {
            "given_name": given_name,
            "family_name": families[place],
            "local_id": f"HIPSS-{101 + place}",
            "born": born.isoformat(),
            "sex": "F" if girl else "M",
            "legal_status": rng.choice(["C1", "C2", "C2", "V2"]),
            **lists,
            "plan_reviewed": reviewed.isoformat(),
            "plan_reviewer": rng.choice(_on_call_names()),
            "plan_review_due": (reviewed + timedelta(days=91)).isoformat(),
            "placing_authority": "Herefordshire Council",
        }
        children.append(_Child(f"HIPSS-{101 + place}", fields, words, rng.uniform(0.4, 2.4)))
    return children


def _spread(rng: random.Random, names: Sequence[str], number: int) -> list[str]:
    """Draw that many names; every name is used once before any is used twice."""
    drawn: list[str] = []
    while len(drawn) < number:
        drawn += rng.sample(names, len(names))
    return drawn[:number]


def _households(rng: random.Random, number: int) -> list[_Household]:
    people = _stories()["people"]
    families = rng.sample(people["households"], len(people["households"]))
    carers = iter(_spread(rng, people["carers"], 2 * number))
    households = []
    for place in range(number):
        round_number, at = divmod(place, len(families))
        family = families[at] if not round_number else f"{families[at]}-{families[(at + round_number) % len(families)]}"
        first_names = [next(carers) for _ in range(1 + (rng.random() < 0.6))]
        phone = f"01632 960{400 + place % 500:03}"
        members = [
            {
                "id": f"{row:02}",
                "given_name": name,
                "family_name": family,
                "relation": "carer" if row == 1 else "second_carer",
                "phone": f"07700 900{(place * 2 + row) % 1000:03}",
            }
            for row, name in enumerate(first_names, 1)
        ]
        fields = {
            "members": members,
            "phones": [{"id": "01", "label": "Home", "number": phone}],
            "address": f"{rng.randint(1, 90)} {rng.choice(people['streets'])}",
            "approved_on": date(rng.randint(2009, 2015), rng.randint(1, 12), rng.randint(1, 28)).isoformat(),
            "categories": ["SPEC"] if rng.random() < 0.7 else ["SPEC", "RESPITE"],
            "places": rng.choice([1, 1, 2]),
            "supervisor": "D. Marsh",
        }
        name = f"{' & '.join(first_names)} {family}"
        households.append(
            _Household(name, fields, tuple((first_name, f"{first_name} {family}") for first_name in first_names), phone)
        )
    return households


def _stays(rng: random.Random, children: int, households: int, start: date, ends: date) -> list[_Stay]:
    """Return where each child lives: most came before the year, some come or move in it, and some have respite stays."""
    stays = []
    far = date(9999, 1, 1)
    for child in range(children):
        late = child > 0 and rng.random() < 0.2
        first = start + timedelta(days=rng.randrange(20, 240) if late else -rng.randrange(20, 500))
        home = child % households
        moves = households > 1 and rng.random() < 0.3
        moved = max(first, start) + timedelta(days=rng.randrange(30, 120)) if moves else far
        stays.append(_Stay(child, home, first, moved))
        if moves:
            stays.append(_Stay(child, (home + 1) % households, moved, far))
        for _ in range(rng.randint(0, 3) if households > 2 else 0):
            begins = start + timedelta(days=rng.randrange(0, 360))
            until = begins + timedelta(days=rng.randint(2, 6))
            clear = all(
                until < stay.first or stay.last < begins for stay in stays if stay.child == child and stay.respite
            )
            usual = next(
                (stay.household for stay in stays if stay.child == child and stay.first < begins and until < stay.last),
                None,
            )
            if clear and usual is not None and until < ends:
                stays.append(_Stay(child, (usual + 2) % households, begins, until, respite=True, instead_of=usual))
    return stays


def _placements(service: _Service) -> Iterator[dict[str, Any]]:
    for stay in service.stays:
        ended = stay.last < service.ends
        yield {
            "child": service.children[stay.child].number,
            "carer": service.households[stay.household].name,
            "type": "respite" if stay.respite else "main",
            "start": stay.first.isoformat(),
            "end": stay.last.isoformat() if ended else "",
            "instead_of": service.households[stay.instead_of].name if stay.respite else "",
            "place": "U6",
            "provider": "PR1",
            "planned_ending": ended and stay.respite,
            "reason_ended": "CARPL" if ended else "",
        }


# --- the clock ---


def _moments(rng: random.Random, contacts: int, start: date, ends: date) -> list[datetime]:
    """Return the times of the calls, in order: more at weekends and in bad weeks, and some around each clock change."""
    days = [start + timedelta(days=number) for number in range((ends - start).days)]
    moments = [at for day in days if _changes(day) for at in _about_change(day)][:contacts]
    bad = [rng.uniform(0.7, 1.5) for _ in range(len(days) // 7 + 1)]
    weights = [bad[place // 7] * (1.25 if day.weekday() >= 4 else 1.0) for place, day in enumerate(days)]
    midnights = [_midnight(day) for day in days]
    for midnight in rng.choices(midnights, weights, k=contacts - len(moments)):
        hour = rng.choices(range(24), HOURS)[0]
        moments.append(midnight + timedelta(hours=hour, minutes=rng.randrange(60)))
    return sorted(moments)


def _midnight(day: date) -> datetime:
    return times.at_local(day, time(0, 0)).astimezone(UTC)


def _changes(day: date) -> bool:
    return _midnight(day + timedelta(days=1)) - _midnight(day) != timedelta(days=1)


def _about_change(day: date) -> list[datetime]:
    """Return calls in the three hours around a clock change at 01:00 UTC, in autumn on both sides of the repeated hour."""
    change = datetime.combine(day, time(1, 0), UTC)
    return [change + timedelta(minutes=minutes) for minutes in (-75, -40, -20, 10, 25, 70)]


def _shifts(service: _Service) -> Iterator[dict[str, Any]]:
    """Return the rota as planned and worked: every night, and the days of the weekend."""
    backup = service.practitioners[-1]
    day, turn = service.start, 0
    while day < service.ends:
        spans = [(SHIFT_STARTS, SHIFT_ENDS, day + timedelta(days=1))]
        if day.weekday() >= 5:
            spans.insert(0, (SHIFT_ENDS, SHIFT_STARTS, day))
        for begins, finishes, until in spans:
            first, last = times.at_local(day, begins), times.at_local(until, finishes)
            calls = bisect_left(service.moments, last) - bisect_left(service.moments, first)
            yield {
                "on_call": service.practitioners[turn % (len(service.practitioners) - 1)],
                "backup": backup,
                "planned_start": times.stamp(first),
                "planned_end": times.stamp(last),
                "worked_start": times.stamp(first),
                "worked_end": times.stamp(last),
                "pack_checked": times.stamp(times.at_local(day, PACK)) if begins == SHIFT_STARTS else "",
                "quiet": calls == 0,
            }
            turn += 1
        day += timedelta(days=1)


# --- the calls ---


@dataclass
class _Calls:
    """Writes the log, call by call; its only state is who is missing."""

    rng: random.Random
    service: _Service
    missing: _Missing | None = None
    stories: Mapping[str, Any] = field(default_factory=_stories)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield every call of the year, as the fields of a contact."""
        for number, told_at in enumerate(self.service.moments, 1):
            row = self._call(told_at)
            row["told"] = times.stamp(told_at)
            row["ended"] = times.stamp(told_at + timedelta(minutes=min(48, 2 + int(self.rng.expovariate(1 / 9)))))
            row["log_line"] = f"{self.service.start.year}/{number:05}"
            yield row

    def _call(self, told_at: datetime) -> dict[str, Any]:
        if self.missing is not None and told_at - self.missing.rang > timedelta(minutes=25):
            return self._missing_call(told_at, self.missing)
        chance = self.rng.random()
        if chance < 0.015:
            return {"type": "wrong_number", "channel": "phone"}
        if chance < 0.035:
            return {"type": "abandoned", "channel": "phone"}
        if chance < 0.07:
            caller, role, words = self.rng.choice(self.stories["information"]["calls"])
            return {"type": "information", "caller_name": caller, "caller_role": role, "happening": words}
        child = self._child(told_at)
        if child is None:
            return {"type": "abandoned", "channel": "phone"}
        if chance < 0.11:
            return self._other_caller(told_at, child)
        if chance < 0.19 and self.missing is None and times.local(told_at).hour not in range(4, 12):
            since = told_at - timedelta(minutes=self.rng.randrange(5, 90))
            self.missing = _Missing(child, since, told_at)
            return self._missing_call(told_at, self.missing)
        return self._usual(told_at, child)

    def _child(self, told_at: datetime) -> int | None:
        """Draw the child of a call: any child placed that day, some more often than others; None if there is none."""
        placed = list(self.service.beds[times.local_day(told_at)])
        weights = [self.service.children[child].weight for child in placed]
        return self.rng.choices(placed, weights)[0] if placed else None

    def _from_home(self, told_at: datetime, child: int) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the fields of a call from the child's household, and the words that the story may use."""
        home = self.service.households[self.service.beds[times.local_day(told_at)][child]]
        first_name, name = self.rng.choice(home.people)
        other = next((person for person, _ in home.people if person != first_name), "a neighbour")
        words = {**self.service.children[child].words, "carer": first_name, "other": other}
        row: dict[str, Any] = {"type": "call", "children": [self.service.children[child].number]}
        row["channel"] = self.rng.choices(["phone", "text", "video"], [94, 5, 1])[0]
        row["happened"] = times.stamp(told_at - timedelta(minutes=self.rng.choice([0, 0, 0, 5, 10, 20])))
        if self.rng.random() < 0.01:
            row["caller_not_known"] = True
        else:
            row["caller"] = name
        if self.rng.random() < 0.3:
            row["call_back"] = home.phone
        if self.rng.random() < 0.03:
            row["late_entry"] = True
        return row, words

    def _usual(self, told_at: datetime, child: int) -> dict[str, Any]:
        story = self.rng.choices(self.stories["story"], [choice["weight"] for choice in self.stories["story"]])[0]
        row, words = self._from_home(told_at, child)
        happening = [self.rng.choice(story["happening"])]
        if self.rng.random() < 0.75:
            happening.append(self.rng.choice(story["then"]))
        row |= {
            "concerns": list(story["concerns"]),
            "happening": self._fill_in(" ".join(happening), words),
            "risk": self.rng.choice(story["risks"]),
        }
        if self.rng.random() < 0.25 and story["concerns"] != ["carer_support"]:
            row["concerns"].append("carer_support")
        if self.rng.random() < 0.35:
            row["tried"] = self._fill_in(self.rng.choice(story["tried"]), words)
        if self.rng.random() < 0.12:
            row["childs_words"] = self.rng.choice(self.stories["words_of_children"]["said"])
        if self.rng.random() < 0.03:
            row["no_advice"] = True
        else:
            row["advice"] = self._fill_in(self.rng.choice(story["advice"]), words)
        return self._ended(row, told_at, words, story["follow_ups"])

    def _missing_call(self, told_at: datetime, missing: _Missing) -> dict[str, Any]:
        """Return one call of a missing child's story: reported, no news (once, twice), back."""
        story = self.stories["missing"]
        row, words = self._from_home(told_at, missing.child)
        part = "report"
        if told_at != missing.rang:
            back = told_at - missing.since > timedelta(hours=14) or self.rng.random() < 0.6
            part, missing.rang = "back" if back else "news", told_at
        row |= {
            "concerns": ["missing"],
            "missing": "back" if part == "back" else "still",
            "missing_since": times.stamp(missing.since),
            "happening": self._fill_in(self.rng.choice(story[part]), words),
            "advice": self._fill_in(self.rng.choice(story[f"{part}_advice"]), words),
            "risk": "medium" if part == "back" else self.rng.choice(["medium", "high", "high"]),
            "handover": True,
        }
        if part == "back":
            row["back_at"] = times.stamp(told_at - timedelta(minutes=self.rng.randrange(2, 20)))
            self.missing = None
        return self._ended(row, told_at, words, story["follow_ups"])

    def _other_caller(self, told_at: datetime, child: int) -> dict[str, Any]:
        story = self.stories["others"]
        row, words = self._from_home(told_at, child)
        row.pop("caller", None)
        row["caller_name"], row["caller_role"] = self.rng.choice(story["callers"])
        row |= {
            "caller_not_known": False,
            "concerns": ["other"],
            "happening": self._fill_in(self.rng.choice(story["happening"]), words),
            "advice": self._fill_in(self.rng.choice(story["advice"]), words),
            "risk": "low",
        }
        return self._ended(row, told_at, words, [])

    def _ended(
        self, row: dict[str, Any], told_at: datetime, words: Mapping[str, str], next_steps: list[str]
    ) -> dict[str, Any]:
        """Set who needs to know, who was told, the outcome and the follow-ups, according to the risk."""
        high = row["risk"] == "high"
        row["needs_to_know"] = ["police", "edt"] if high else self.rng.choice([["nobody"], ["nobody"], ["edt"]])
        if high and self.rng.random() < 0.4:
            row["needs_to_know"] = ["police", "edt", "manager"]
        if row["risk"] == "low":
            row["needs_to_know"] = ["nobody"]
        follow = bool(next_steps) and self.rng.random() < {"low": 0.2, "medium": 0.6, "high": 0.9}[row["risk"]]
        row["outcome"] = "escalated" if high else "follow_up" if follow else "advice_given"
        if follow:
            step = self._fill_in(self.rng.choice(next_steps), words)
            row["follow_ups"] = [{"id": "01", "what": step, "owner": self._owner(), "due": self._due(step, told_at)}]
        if high:
            row["handover"] = True
            row["told_others"] = [
                {
                    "id": f"{place:02}",
                    "who": who,
                    "at": times.stamp(told_at + timedelta(minutes=4 * place)),
                    "reference": f"{self.rng.randrange(1, 999):04}" if who == "police" else "",
                }
                for place, who in enumerate(row["needs_to_know"], 1)
            ]
        return row

    def _owner(self) -> str:
        return str(self.rng.choice([*self.service.practitioners, "Day team", "D. Marsh"]))

    def _due(self, step: str, told_at: datetime) -> str:
        """Return when a follow-up is due: a ring back within the shift, anything else the next morning."""
        if step.startswith("Ring") and "08:30" not in step and "morning" not in step:
            return times.stamp(told_at + timedelta(minutes=self.rng.choice([30, 45, 60])))
        return times.stamp(times.at_local(times.local_day(told_at) + timedelta(days=1), time(9, 0)))

    def _fill_in(self, text: str, words: Mapping[str, str]) -> str:
        """Return a text with its words drawn and filled in, and capital letters at the beginning of sentences."""
        drawn = {
            name: self.rng.choice(choices) for name, choices in self.stories["words"].items() if f"{{{name}}}" in text
        }
        filled_text = text.format_map({**words, **drawn}).format_map(words)
        return ". ".join(part[:1].upper() + part[1:] for part in filled_text.split(". "))


def main(arguments: Sequence[str] | None = None) -> None:
    """Write a year's sheets into a folder."""
    parser = argparse.ArgumentParser(prog="python -m resources.demo.history", description="Write an invented year.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--contacts", type=int, default=2000)
    parser.add_argument("--children", type=int, default=12)
    parser.add_argument("--households", type=int, default=9)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    year = year_log(options.seed, contacts=options.contacts, children=options.children, households=options.households)
    year.write(options.out)


if __name__ == "__main__":
    main()
