"""Paragraphs stand in one order on every laptop, and there is always room between two of them."""

from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipss_desktop.records.fields import described, field
from hipss_desktop.records.paragraphs import Paragraph, in_order, is_place, place_between, placed, text_of, written


@given(st.lists(st.integers(0, 30), max_size=60))
def test_a_paragraph_is_at_the_place_where_it_was_inserted(steps: list[int]) -> None:
    texts: list[str] = []
    paragraphs: list[Paragraph] = []
    for number, step in enumerate(steps):
        at = step % (len(paragraphs) + 1)
        above = paragraphs[at - 1].place if at else ""
        below = paragraphs[at].place if at < len(paragraphs) else ""
        paragraphs.insert(at, Paragraph(id=f"p{number}", place=place_between(above, below), text=str(number)))
        texts.insert(at, str(number))
    assert [paragraph.text for paragraph in in_order(reversed(paragraphs))] == texts


def test_a_place_after_one_that_is_not_a_fraction_follows_it() -> None:
    assert place_between("x", "") > "x"
    assert place_between("7", "3") > "7"
    assert place_between("5", "5") > "5"


def test_paragraphs_inserted_at_one_place_have_the_same_order_everywhere() -> None:
    first, second = Paragraph(id="a", place="5"), Paragraph(id="b", place="5")
    assert in_order([second, first]) == in_order([first, second]) == [first, second]


@given(st.lists(st.sampled_from(["", "1", "5", "55", "6", "9", "x", "50"]), max_size=30))
def test_places_rise_and_only_what_stood_out_of_order_gets_another(places: list[str]) -> None:
    new_places = placed(places)
    assert new_places == sorted(set(new_places))
    if places == sorted(set(places)) and all(place and is_place(place) for place in places):
        assert new_places == places


def test_a_long_text_that_is_written_at_once_has_short_places() -> None:
    assert max(map(len, placed([""] * 200))) <= 8


def test_a_moved_paragraph_alone_changes_its_place() -> None:
    assert placed(["2", "6", "4", "8"]) in (["2", "3", "4", "8"], ["2", "6", "7", "8"])
    assert placed(["8", "2", "4", "6"])[1:] == ["2", "4", "6"]


def test_a_text_in_words_has_its_marks_and_nothing_of_what_is_blank() -> None:
    rows = [
        Paragraph("b", "7", "third_party", "A car."),
        Paragraph("a", "3", "", "He came in. "),
        Paragraph("c", "9", "fact", " "),
        Paragraph("d", "99", "rumour", "By the canal."),
    ]
    assert text_of(rows) == "He came in.\nThird party: A car.\nrumour: By the canal."
    assert text_of([]) == text_of(rows[2:3]) == ""


class Held(msgspec.Struct):
    happening: Annotated[list[Paragraph], field("What happened")] = []


(TEXT,) = described(Held)


@pytest.mark.parametrize(
    ("value", "empty"),
    [
        ([], True), ("", True), (None, True),
        ([{"id": "a", "place": "5", "mark": "fact", "text": " \n"}], True),
        ([{"id": "a"}], True),
        ([{"id": "a", "text": "x"}], False), ([{"id": "a"}, {"id": "b", "text": "x"}], False),
        ([{"id": "a", "unknown": 1}], False), ([{"text": ""}], False), ([{"id": "a", "mark": 5}], False),
        (["words"], False), ("words", False),
    ],
)  # fmt: skip  # short cases, several to a line
def test_a_text_is_empty_where_no_paragraph_says_anything(value: Any, empty: bool) -> None:
    assert TEXT.is_empty(value) is empty
    assert not (empty and TEXT.words(value))


def test_what_a_person_writes_in_one_go_becomes_paragraphs_and_keeps_those_that_say_the_same() -> None:
    before = [
        {"id": "b", "place": "7", "mark": "opinion", "text": "He was upset."},
        {"id": "a", "place": "3", "text": "Came in."},
    ]
    rows = written("Rang first.\n\n Came in.\nHe was upset.", before)
    assert rows[1:] == [before[1], before[0]]
    assert (rows[0]["text"], rows[0]["place"] < "3") == ("Rang first.", True)
    marked_rows = written([{"text": "one"}, {"text": "two", "mark": "said"}])
    assert [row["text"] for row in sorted(marked_rows, key=lambda row: row["place"])] == ["one", "two"]
    assert written(before) == before
    assert (written(5), written(["x"]), written([{}])) == (5, ["x"], [{}])
