"""Which characters a page can draw: those that ``resources/fonts/characters.txt`` names, which says what the fonts have.

``python -m tests.documents.test_characters`` writes the file anew after a font was changed.
"""

import unicodedata
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from hipss_desktop.documents.characters import Box, has_sign, notice, runs
from hipss_desktop.documents.drawing import pdf
from hipss_desktop.documents.tree import Document, Paragraph

FONTS = Path(__file__).parents[2] / "resources" / "fonts"
FILE = FONTS / "characters.txt"
HEAD = "# The characters that the fonts of a page have: code points, first to last. Made by tests/documents/test_characters.py\n"


def ranges() -> list[str]:
    """What the fonts have: characters of all faces of Inter, and those of the fonts beside it."""
    inter = [set(TTFont(file).getBestCmap()) for file in sorted(FONTS.glob("Inter-*.otf"))]
    others = [set(TTFont(file).getBestCmap()) for file in sorted(FONTS.glob("*.ttf"))]
    spans: list[list[int]] = []
    for point in sorted(set.intersection(*inter).union(*others) - set(range(0x20))):
        if spans and spans[-1][1] == point - 1:
            spans[-1][1] = point
        else:
            spans.append([point, point])
    return [f"{first:04X}-{last:04X}" for first, last in spans]


def test_the_file_says_what_the_fonts_have() -> None:
    assert FILE.read_text(encoding="ascii") == HEAD + "\n".join(ranges()) + "\n"


def test_every_character_without_a_sign_is_a_box_with_its_code_point_and_the_others_stay_as_they_are() -> None:
    assert runs("Zoë Ağaoğlu, Nguyễn, Łukasz, Ελένη, Борис, سلام") == [
        "Zoë Ağaoğlu, Nguyễn, Łukasz, Ελένη, Борис, سلام"
    ]
    assert runs("a\U0001f600b\x00") == ["a", Box("U+1F600"), "b", Box("U+0000")]
    assert [type(run) for run in runs("\U0001f600")] == [Box]
    assert runs("") == [""]
    assert runs("one\r\ntwo\rthree") == ["one\ntwo\nthree"]


def test_the_page_says_which_characters_are_shown_as_boxes() -> None:
    assert notice(["Kai", "smiled\r\n\U0001f600 \U0001f600"]) == (
        "One character cannot be drawn in the letters of this page. It stands in a box as its number: "
        "U+1F600 (grinning face). The record itself holds what was written."
    )
    assert "U+12A4 (ethiopic syllable glottal ee), U+1F600 (grinning face)" in notice(["\U0001f600ኤ"])
    assert "and 3 more" in notice(["".join(chr(0x4E00 + at) for at in range(15))])
    assert notice(["Kai, سلام"]) == ""


def test_a_page_is_made_of_every_character_that_counts_as_drawn_alone_and_beside_others() -> None:
    drawn = [chr(point) for point in range(0x110000) if not 0xD800 <= point < 0xE000 and has_sign(chr(point))]
    marks = [character for character in drawn if unicodedata.category(character) in ("Mn", "Me", "Cf")]
    blocks = [Paragraph(" ".join(drawn)), *(Paragraph(" ".join(base + mark for mark in marks)) for base in "aاяω1")]
    assert len(drawn) > 3_700
    assert pdf(Document("Characters", tuple(blocks))).startswith(b"%PDF")


@pytest.mark.parametrize("control", ["\x00", "\x1b", "\x7f", "\x85", "\ud800", "\ufffe", "\U000f0000"])
def test_a_character_that_no_text_should_hold_is_a_box_too(control: str) -> None:
    assert runs(f"a{control}b") == ["a", Box(f"U+{ord(control):04X}"), "b"]
    assert pdf(Document(f"T {control}", (Paragraph(f"a{control}b"),))).startswith(b"%PDF")


if __name__ == "__main__":
    FILE.write_text(HEAD + "\n".join(ranges()) + "\n", encoding="ascii")
