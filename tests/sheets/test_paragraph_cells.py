"""A text by paragraph in one cell: a line for each paragraph, its mark in square brackets, and whatever is written reads back."""

from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipss_desktop.errors import UserError
from hipss_desktop.records.fields import Field, described, field
from hipss_desktop.records.paragraphs import Paragraph
from hipss_desktop.sheets import cells


class Seen(Paragraph):
    """A paragraph that asks more."""

    section: Annotated[str, field("Section", choices="concern")] = ""
    child: Annotated[str, field("Child", refers_to="child")] = ""
    aloud: Annotated[bool, field("Read back")] = False


class Note(msgspec.Struct):
    plain: Annotated[list[Paragraph], field("What happened", lines=4)] = []
    more: Annotated[list[Seen], field("Note", lines=4)] = []


PLAIN, MORE = described(Note)
TEXT = st.text(st.sampled_from("ab []|\\\n;'=-\té"), max_size=12)
MARK = st.sampled_from(["", "fact", "third_party", "rumour", "[x]", "a|b"])
ROWS = st.lists(
    st.fixed_dictionaries(
        {"text": TEXT, "place": st.sampled_from(["", "1", "5", "x"])},
        optional={
            "mark": MARK,
            "unknown": st.just(1),
            "section": st.sampled_from(["school", "odd"]),
            "child": st.just("Kai M."),
            "aloud": st.booleans(),
        },
    ),
    max_size=4,
).map(lambda rows: [{"id": f"r{number}", **row} for number, row in enumerate(rows)])


def as_it_stands(kind: str, text: str) -> str:
    return text


def marks_and_texts(rows: Any) -> list[tuple[str, str]]:
    return [(row.get("mark", ""), row["text"]) for row in rows]


@given(ROWS, st.sampled_from([PLAIN, MORE]))
def test_whatever_is_written_reads_back(rows: list[dict[str, Any]], field: Field) -> None:
    cell = cells.write(field, rows)
    assert cells.alike(field, cells.read(field, cell, as_it_stands) if cell.strip() else [], rows)


def test_a_cell_is_written_as_people_would_write_it() -> None:
    rows = [
        {"id": "b", "place": "7", "mark": "opinion", "text": "He was probably with the older boys again."},
        {"id": "a", "place": "3", "mark": "fact", "text": "Came in at 02:05.\nCut on left palm."},
        {"id": "c", "place": "9", "text": "No questions tonight."},
    ]
    cell = cells.write(PLAIN, rows)
    assert cell == (
        "[Fact] Came in at 02:05.\\\nCut on left palm.\n[Opinion] He was probably with the older boys again.\n"
        "No questions tonight."
    )
    read_rows = cells.read(PLAIN, cell, as_it_stands)
    assert marks_and_texts(read_rows) == [(row.get("mark", ""), row["text"]) for row in (rows[1], rows[0], rows[2])]
    assert [row["place"] for row in read_rows] == sorted({row["place"] for row in read_rows})


def test_what_a_kind_asks_beside_the_mark_is_in_the_brackets_too() -> None:
    row = {
        "id": "a",
        "place": "5",
        "mark": "said",
        "text": "I like it.",
        "section": "school",
        "child": "Kai M.",
        "aloud": True,
    }
    cell = cells.write(MORE, [row])
    assert cell == "[Said | School | Kai M. | Yes] I like it.".replace(" | ", "|")
    assert cells.read(MORE, "[Said | School | Kai M. | Yes] I like it.", as_it_stands) == [{**row, "id": "01"}]
    with pytest.raises(UserError, match="Entry 1"):
        cells.read(MORE, "[rumour | School] I like it.", as_it_stands)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("One\n\nTwo", [("", "One"), ("", "Two")]),
        ("[decision]  Rest.", [("decision", "Rest.")]),
        ("[sic] he sayed", [("", "[sic] he sayed")]),
        ("[Fact]", [("fact", "")]),
        ("one; two", [("", "one; two")]),
    ],
)
def test_what_people_write_is_read(cell: str, read: list[tuple[str, str]]) -> None:
    assert marks_and_texts(cells.read(PLAIN, cell, as_it_stands)) == read


def test_a_text_says_the_same_wherever_its_paragraphs_stand_and_another_in_another_order() -> None:
    rows = [{"id": "a", "place": "1", "text": "x"}, {"id": "b", "place": "2", "text": "y"}]
    other = [{"id": "q", "place": "8", "text": "y"}, {"id": "p", "place": "7", "text": "x "}, {"id": "z", "text": " "}]
    assert cells.alike(PLAIN, rows, other)
    assert not cells.alike(PLAIN, rows, [{**rows[0], "place": "3"}, rows[1]])
    assert not cells.alike(PLAIN, rows, [{**rows[0], "mark": "fact"}, rows[1]])
