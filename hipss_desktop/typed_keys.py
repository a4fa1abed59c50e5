"""Reads keys and codes that a person copies by hand, and does the arithmetic of their check characters.

Must not know how many characters a key has.
"""

import unicodedata

from hipss_desktop.identity import CROCKFORD

_READ_AS = str.maketrans("OIL", "011")


def plain(typed: str) -> str:
    """The letters and figures that were meant: capitals, 0 for O, 1 for I and L, no dashes, spaces or invisible characters."""
    upper = unicodedata.normalize("NFKC", typed).upper()
    return "".join(character for character in upper if character.isalnum()).translate(_READ_AS)


def values(typed: str) -> list[int]:
    """The value of each letter and figure that was typed, -1 if it is not in the alphabet."""
    return [CROCKFORD.find(character) for character in plain(typed)]


def doubled(value: int) -> int:
    """Twice a value in the field of 32 elements (modulo x^5 + x^2 + 1). Check characters are computed in this field."""
    return value << 1 ^ (0b100101 if value & 16 else 0)
