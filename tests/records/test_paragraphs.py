"""Paragraphs stand in one order on every laptop, and there is always room between two of them."""

from hypothesis import given
from hypothesis import strategies as st

from hipss_desktop.records.paragraphs import Paragraph, in_order, place_between


@given(st.lists(st.integers(0, 30), max_size=60))
def test_a_paragraph_put_anywhere_stands_there(steps: list[int]) -> None:
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


def test_paragraphs_of_one_place_stand_in_one_order() -> None:
    first, second = Paragraph(id="a", place="5"), Paragraph(id="b", place="5")
    assert in_order([second, first]) == in_order([first, second]) == [first, second]
