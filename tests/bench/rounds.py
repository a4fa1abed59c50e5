"""How a figure is taken: in rounds, what is measured and its yardstick in turns, and told as a ratio of medians."""

import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any


@dataclass(frozen=True)
class Line:
    """One line of a table: what was measured, beside what, and the aim; ``met`` is None where there is none."""

    measurement: str
    ours: str
    yardstick: str
    ratio: str
    aim: str = ""
    met: bool | None = None

    @property
    def verdict(self) -> str:
        """The aim and whether it was reached."""
        if self.met is None:
            return self.aim or "–"
        return f"{self.aim}: {'reached' if self.met else '**missed**'}"


@dataclass(frozen=True)
class Rounds:
    """What some rounds gave: milliseconds, or anything else."""

    of_each: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle of the rounds."""
        return statistics.median(self.of_each)

    def words(self, unit: str = "ms") -> str:
        """The middle with the least and the most."""
        return f"{number(self.median)} {unit} [{number(min(self.of_each))}–{number(max(self.of_each))}]"

    def over(self, yardstick: "Rounds") -> str:
        """The ratio of the medians, with the least and the most of the rounds' own."""
        own = [ours / theirs for ours, theirs in zip(self.of_each, yardstick.of_each, strict=True)]
        return f"{number(self.median / yardstick.median)} [{number(min(own))}–{number(max(own))}]"


def number(value: float) -> str:
    """Three figures that say something."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def taken(work: Callable[[], Any]) -> float:
    """Milliseconds that one call takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def in_turns(rounds: int, *works: Callable[[], float]) -> list[Rounds]:
    """Each work's number of every round; within a round they are taken one after the other."""
    figures: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for place, work in enumerate(works):
            figures[place].append(work())
    return [Rounds(tuple(seconds)) for seconds in figures]


def middle_of(times: int, work: Callable[[int], Any]) -> float:
    """The median milliseconds of some calls, each told its number."""
    return statistics.median(taken(partial(work, at)) for at in range(times))


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]
