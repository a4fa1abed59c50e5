"""Placements that never were, to see how often the rule of strain speaks for nothing and how soon it speaks for something.

``python -m tests.rules.simulated_placements docs/strain.md`` puts the tables into the document; a test draws the same ones again.
Everything follows from the seed. The rule itself is asked (``rules.strain``), on weeks and on the days of a running week.
"""

import math
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from hipss_desktop.rules import strain

SEED = 20170314
RATES = (0.3, 0.7, 1.5, 3.0, 6.0)
"""Contacts and incidents a week."""
YEAR, STEADY, AFTER = 52, 26, 26
"""Weeks: a steady year; how long a placement is steady before its calls change, and how long it is watched then."""
STEADY_PLACEMENTS, CHANGED_PLACEMENTS = 200, 100
"""Of each rate."""
RISKS = (1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3)
"""What twenty calls weigh: 17 at low or medium risk, two at high risk, one emergency."""
MADE = "## What the simulation shows\n"
Rule = Callable[[Sequence[int]], int]


@dataclass(frozen=True)
class World:
    """How calls come.

    Attributes:
        bad: how many weeks in ten are bad ones, and how many good ones.
        swing: by which part a bad week has more calls than an ordinary one, and a good one fewer.
        again: how many calls in a hundred are followed by another one the same day.
    """

    name: str
    bad: int = 2
    swing: float = 0.5
    again: int = 20


ORDINARY = World("Good and bad weeks, as above")
EVEN = World("Every week alike, no call followed by another", bad=0, again=0)
ROUGH = World(
    "Rougher: three bad weeks in ten with three quarters more calls, 35 of 100 calls followed by another", 3, 0.75, 35
)


def poisson(mean: float, draw: random.Random) -> int:
    """A number of calls that come independently of each other."""
    limit, product, number = math.exp(-mean), draw.random(), 0
    while product > limit:
        product *= draw.random()
        number += 1
    return number


def days_of(
    rate: float, weeks: int, world: World, draw: random.Random, *, change: float = 1.0, at: int = 0
) -> list[int]:
    """What the calls of each day weigh; from the day ``at`` on there are ``change`` times as many."""
    weights = []
    repeat_share = world.again / 100
    for week in range(weeks):
        luck = draw.random() * 10
        mood = 1 + world.swing if luck < world.bad else 1 - world.swing if luck < 2 * world.bad else 1.0
        for day in range(week * 7, week * 7 + 7):
            calls = poisson(rate * (1 - repeat_share) * mood * (change if day >= at else 1.0) / 7, draw)
            weight = 0
            while calls:
                weight += RISKS[int(draw.random() * len(RISKS))]
                calls -= draw.random() >= repeat_share
            weights.append(weight)
    return weights


def weeks_of(days: Sequence[int]) -> list[int]:
    """What each week weighs."""
    return [sum(days[start : start + 7]) for start in range(0, len(days), 7)]


def alarms(weeks: Sequence[int], rule: Rule) -> int:
    """How many times the rule begins to speak; a running week speaks at its end if it spoke before."""
    spoke = [bool(rule(weeks[: week + 1])) for week in range(len(weeks))]
    return sum(now and not before for before, now in zip([False, *spoke], spoke, strict=False))


def days_until(days: Sequence[int], at: int, rule: Rule) -> int | None:
    """On which day after a change the rule speaks, the first of them being 1; None where it never does."""
    weeks = weeks_of(days)
    for week in range(at // 7, len(weeks)):
        if rule(weeks[: week + 1]):
            heavy = (
                day
                for day in range(max(at, week * 7), week * 7 + 7)
                if rule([*weeks[:week], sum(days[week * 7 : day + 1])])
            )
            return next(heavy) - at + 1
    return None


def two_weeks_alone(weeks: Sequence[int]) -> int:
    """The rule without its second half: two weeks in a row above the 90th percentile of the twelve before."""
    before = weeks[-14:-2]
    return 2 if len(before) >= strain.FEWEST and min(weeks[-2:]) > strain.percentile(before, strain.HIGH) else 0


def steady(rate: float, world: World, rule: Rule, seed: int) -> list[int]:
    """The alarms of each steady placement in a year."""
    draw = random.Random(f"{seed} {rate} {world.name}")
    return [alarms(weeks_of(days_of(rate, YEAR, world, draw)), rule) for _ in range(STEADY_PLACEMENTS)]


def changed(rate: float, change: float, seed: int) -> list[int | None]:
    """After how many days the rule speaks of each placement in which calls change; one that spoke before is drawn again."""
    draw, delays = random.Random(f"{seed} {rate} {change}"), list[int | None]()
    while len(delays) < CHANGED_PLACEMENTS:
        at = STEADY * 7 + len(delays) % 7
        days = days_of(rate, STEADY + AFTER, ORDINARY, draw, change=change, at=at)
        weeks = weeks_of(days[:at])
        if not strain.span_above(weeks[:STEADY]) and not strain.span_above(weeks):
            delays.append(days_until(days, at, strain.span_above))
    return delays


def _false_alarms(world: World, rule: Rule, seed: int) -> tuple[list[list[int]], list[int]]:
    by_rate = [steady(rate, world, rule, seed) for rate in RATES]
    return by_rate, [number for numbers in by_rate for number in numbers]


def _share(numbers: Sequence[int], most: int) -> str:
    return f"{100 * sum(number <= most for number in numbers) / len(numbers):.1f} %"


def _within(delays: Sequence[int | None], weeks: int) -> int:
    return sum(days is not None and days <= weeks * 7 for days in delays)


def _median(delays: Sequence[int | None]) -> str:
    middle = median([days if days is not None else 10_000 for days in delays])
    return f"{middle:.0f}" if middle <= AFTER * 7 else f"more than {AFTER * 7}"


def lines(seed: int = SEED) -> Iterator[str]:
    """The tables of the document."""
    by_rate, together = _false_alarms(ORDINARY, strain.span_above, seed)
    yield f"Steady placements, a year each, {STEADY_PLACEMENTS} of each rate:"
    yield ""
    yield "| a week | no false alarm | at most one | false alarms in 100 placement years |"
    yield "| --- | --- | --- | --- |"
    for name, numbers in [
        *((f"{rate:g}", alarms) for rate, alarms in zip(RATES, by_rate, strict=True)),
        ("all", together),
    ]:
        yield f"| {name} | {_share(numbers, 0)} | {_share(numbers, 1)} | {100 * sum(numbers) / len(numbers):.1f} |"
    yield ""
    yield "The same in other worlds, and by the first half of the rule alone:"
    yield ""
    yield "| | no false alarm | at most one | false alarms in 100 placement years |"
    yield "| --- | --- | --- | --- |"
    for name, world, rule in (
        (EVEN.name, EVEN, strain.span_above),
        (ROUGH.name, ROUGH, strain.span_above),
        ("As above, by two weeks above the 90th percentile of twelve alone", ORDINARY, two_weeks_alone),
    ):
        numbers = _false_alarms(world, rule, seed)[1]
        yield f"| {name} | {_share(numbers, 0)} | {_share(numbers, 1)} | {100 * sum(numbers) / len(numbers):.1f} |"
    yield ""
    yield f"Calls that double or treble after {STEADY} steady weeks, {CHANGED_PLACEMENTS} placements of each rate:"
    yield ""
    yield "| a week | calls | median days until it speaks | spoke within 4 weeks | 13 weeks | 26 weeks |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for change, words in ((2.0, "double"), (3.0, "treble")):
        for rate in RATES:
            delays = changed(rate, change, seed)
            spoke = " | ".join(f"{_within(delays, weeks)} of {len(delays)}" for weeks in (4, 13, AFTER))
            yield f"| {rate:g} | {words} | {_median(delays)} | {spoke} |"


def document(text: str) -> str:
    """The document with its tables made again."""
    return text[: text.index(MADE)] + MADE + "\n" + "\n".join(lines()) + "\n"


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(document(file.read_text(encoding="utf-8")), encoding="utf-8")
