"""Keys and codes that a person copies by hand: one reading of what was typed or pasted, one arithmetic of their checks.

Must not know how many characters a key has.
"""

import unicodedata

from hipss_desktop.identity import CROCKFORD

_READ_AS = str.maketrans("OIL", "011")


def plain(typed: str) -> str:
    """The letters and figures that were meant: capitals, 0 for O, 1 for I and L, and no dash, space or invisible mark."""
    upper = unicodedata.normalize("NFKC", typed).upper()
    return "".join(character for character in upper if character.isalnum()).translate(_READ_AS)


def values(typed: str) -> list[int]:
    """The value of each letter and figure that was typed, -1 for one that is not in the alphabet."""
    return [CROCKFORD.find(character) for character in plain(typed)]


def doubled(value: int) -> int:
    """Twice a value in the field of 32 elements (modulo x^5 + x^2 + 1), which check characters are made in."""
    return value << 1 ^ (0b100101 if value & 16 else 0)
