"""A signature that was drawn goes into text and comes back as it was drawn, and nothing else is read as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hipss_desktop.kinds.signature import SIGNATURE
from hipss_desktop.records.strokes import LAST, LONGEST, MOST_STROKES, WIDE, Point, read, words, written

PLACES = some.integers(0, WIDE)
STROKES = some.lists(
    some.lists(some.tuples(PLACES, PLACES, some.integers(0, 400)), min_size=1, max_size=20), min_size=1, max_size=8
)


@given(STROKES)
def test_strokes_come_back_as_they_were_drawn(drawn: list[list[tuple[int, int, int]]]) -> None:
    time, strokes = 0, []
    for stroke in drawn:
        points = []
        for across, down, passed in stroke:
            time += passed
            points.append(Point(across, down, time))
        strokes.append(tuple(points))
    assert read(written(tuple(strokes))) == tuple(strokes)


def test_a_stroke_beyond_the_edge_is_moved_to_the_edge() -> None:
    assert written(((Point(-5, WIDE + 9, -3), Point(7, 8, LAST + 1)),)) == f"0,{WIDE},0 7,8,{LAST}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "signed",
        "1,2",
        "1,2,3 ",
        "1,2,3;",
        ";1,2,3",
        "1,2,3  4,5,6",
        "01,2,3",
        "-1,2,3",
        "1.5,2,3",
        "1,2,3\n",
        f"{WIDE + 1},2,3",
        f"1,{WIDE + 1},3",
        f"1,2,{LAST + 1}",
        "1,2,30 1,2,29",
        "1,2,30;1,2,29",
        ";".join(["1,2,3"] * (MOST_STROKES + 1)),
        " ".join(["1000,2000,3000"] * (LONGEST // 15 + 1)),
        "١,2,3",
    ],
)
def test_nothing_else_is_read_as_strokes(text: str) -> None:
    assert read(text) is None
    assert SIGNATURE.read({"how": "drawn", "strokes": text}).strokes == ""


def test_a_drawing_is_said_in_words() -> None:
    assert words(read("1,2,0 3,4,400") or ()) == "Drawn by hand in 1 stroke, within 1 second"
    assert words(read("1,2,0 3,4,400;9,9,2600") or ()) == "Drawn by hand in 2 strokes, within 3 seconds"
    assert SIGNATURE.by_name["strokes"].words("1,2,0") == "Drawn by hand in 1 stroke, within 1 second"
