"""A signature that was drawn by hand, as text: its strokes, each of points with place and time.

Points are "across,down,time": ten-thousandths of the width of the signature box, in both directions, and milliseconds since
the pen, finger or mouse first touched it. Points are separated by a space, strokes by a semicolon. Unlike a picture it is
sharp at any size, and shows how it was written. Must not draw.
"""

import itertools
import re
from dataclasses import dataclass

WIDE = 10_000
"""The width of the box in units."""
LONGEST = 48_000
"""The most characters of one signature, some 4,000 points: a minute of a pen that reports 60 places a second."""
MOST_STROKES = 400
LAST = 60 * 60 * 1000
"""The most milliseconds: nobody signs for longer than an hour."""
_NUMBER = r"(?:0|[1-9][0-9]{0,6})"
_POINT = rf"{_NUMBER},{_NUMBER},{_NUMBER}"
_FORM = re.compile(rf"{_POINT}(?:[ ;]{_POINT})*")


@dataclass(frozen=True)
class Point:
    """One point of a stroke."""

    across: int
    down: int
    time: int


Stroke = tuple[Point, ...]
"""The points from where the pen touched to where it was lifted; a dot is one point."""


def written(strokes: tuple[Stroke, ...]) -> str:
    """Strokes as text; points outside the box are moved to its edge."""
    return ";".join(
        " ".join(f"{_within(point.across)},{_within(point.down)},{min(max(point.time, 0), LAST)}" for point in stroke)
        for stroke in strokes
        if stroke
    )


def _within(place: int) -> int:
    return min(max(place, 0), WIDE)


def read(text: str) -> tuple[Stroke, ...] | None:
    """The strokes of a text, None if it is not of this form, too long, or goes back in time."""
    if len(text) > LONGEST or not _FORM.fullmatch(text):
        return None
    strokes = tuple(tuple(_point(point) for point in stroke.split(" ")) for stroke in text.split(";"))
    points = [point for stroke in strokes for point in stroke]
    fits = all(point.across <= WIDE and point.down <= WIDE and point.time <= LAST for point in points)
    forward = all(before.time <= after.time for before, after in itertools.pairwise(points))
    return strokes if fits and forward and len(strokes) <= MOST_STROKES else None


def _point(text: str) -> Point:
    across, down, time = text.split(",")
    return Point(int(across), int(down), int(time))


def words(strokes: tuple[Stroke, ...]) -> str:
    """The description of a drawing where it cannot be shown."""
    count = len(strokes)
    seconds = max(1, round((strokes[-1][-1].time - strokes[0][0].time) / 1000)) if strokes else 0
    return (
        f"Drawn by hand in {'1 stroke' if count == 1 else f'{count} strokes'}, "
        f"within {'1 second' if seconds == 1 else f'{seconds} seconds'}"
    )
