"""Which characters the fonts of a page have; any other character is drawn as a box with its code point, with a notice.

A page with a character that no font has would not be PDF/UA (ISO 14289-1, 7.21.8), and typst refuses it. The available
characters are listed in ``resources/fonts/characters.txt``, because reading the fonts themselves would need a library. Must
not change a text.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

DRAWN_AS_NOTHING = frozenset(
    [
        0x00AD,
        0x034F,
        0x061C,
        *range(0x200B, 0x2010),
        0x2028,
        0x2029,
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2065),
        *range(0x2066, 0x206A),
        *range(0xFE00, 0xFE10),
        0xFEFF,
        *range(0xE0020, 0xE0080),
        *range(0xE0100, 0xE01F0),
    ]
)
"""Invisible characters (default ignorable code points of Unicode 15), which no font needs to have."""
LINES = "\n\t"
MOST_NAMED = 12
"""The most characters drawn as boxes that are named on the page."""


class Box(str):
    """The code point of a character that no font has, "U+1F600"."""

    __slots__ = ()


@cache
def _drawn() -> frozenset[int]:
    """The code points that the fonts have."""
    lines = (files("resources") / "fonts" / "characters.txt").read_text(encoding="ascii").splitlines()
    ranges = (line.split("-") for line in lines if line and not line.startswith("#"))
    return frozenset(point for first, last in ranges for point in range(int(first, 16), int(last, 16) + 1))


def has_sign(character: str) -> bool:
    """Whether a page can show a character as it is."""
    point = ord(character)
    return character in LINES or point in _drawn() or point in DRAWN_AS_NOTHING


def code_point(character: str) -> Box:
    """A character's code point as it is written, "U+1F600"."""
    return Box(f"U+{ord(character):04X}")


def runs(text: str) -> list[str]:
    """A text split into pieces that can be drawn and a ``Box`` for each character that cannot."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return [text]
    pieces: list[str] = []
    drawn: list[str] = []
    for character in text:
        if has_sign(character):
            drawn.append(character)
            continue
        if drawn:
            pieces.append("".join(drawn))
            drawn.clear()
        pieces.append(code_point(character))
    return [*pieces, "".join(drawn)] if drawn or not pieces else pieces


def notice(texts: Iterable[str]) -> str:
    """The notice about characters that a page shows as boxes, with their names in Unicode; '' if there are none."""
    points = sorted(
        {character for text in texts for character in text if character != "\r" and not has_sign(character)}
    )
    if not points:
        return ""
    named = [
        f"{code_point(character)} ({unicodedata.name(character, 'no name').lower()})"
        for character in points[:MOST_NAMED]
    ]
    more = f" and {len(points) - MOST_NAMED} more" if len(points) > MOST_NAMED else ""
    is_single = len(points) == 1
    return (
        f"{'One character' if is_single else f'{len(points)} characters'} cannot be drawn in the letters of this page. "
        f"{'It stands' if is_single else 'Each stands'} in a box as its number: {', '.join(named)}{more}. "
        "The record itself holds what was written."
    )
