"""Compares and formats telephone numbers, however they are written: with +44, 0044, (0), tel:, spaces or dashes.

A number is stored as people typed it. ``dialled`` gives the digits by which numbers are compared and indexed, ``grouped`` the form
that is shown. The library is loaded for the first number that is not written as dialled in this country. Must not know any record.
"""

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import phonenumbers

HERE, HERE_CODE = "GB", 44
LEAST_DIGITS, LONGEST = 3, 64
"""A telephone number has at least three digits: 999, 111. A longer text is not one."""
_WRITTEN = re.compile(r"[+(]?[\d\s().\-]*\d[\d\s().\-]*")
"""A number or the beginning of one, after invisible characters, "tel:" and an extension were removed."""
_EXTENSION = re.compile(r"\s*(?:ext\.?|extension|x)\s*\d{1,6}", re.IGNORECASE)
_AS_DIALLED = re.compile(r"0(?:[1-9]|$)")
_USUAL = re.compile(r"0\d{4} \d{6}")
"""How most numbers of this country are grouped. Such a number is shown unchanged."""
_IN_A_TEXT = re.compile(r"(?<![\w+-])(?:0\d{4} \d{6}|[+(]?\d[\d ()]{5,20}\d)(?!\w)")
"""Finds what may be a telephone number in a text. The first form is the usual grouping, because most numbers have it."""
_LEAST_WHOLE, _SHORTEST_WHOLE = 10, 7
"""The fewest digits of a number typed without 0 or + ("7700 900301"); of any whole number, but for 999 and its like."""
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")


def dialled(text: str) -> str:
    """The digits by which a number, or its typed beginning, is compared; '' if the text is not a number.

    A number of this country is written as dialled within it, "07700900301". A foreign number begins with its country's code.
    """
    if len(text) > LONGEST or not any(sign.isdigit() for sign in text):
        return ""
    plain = _EXTENSION.sub("", _plain(text))
    if not _WRITTEN.fullmatch(plain):
        return ""
    digits = "".join(sign for sign in plain if sign.isdigit())
    abroad = plain.startswith(("+", "00"))
    if _AS_DIALLED.match(digits) or (len(digits) < _LEAST_WHOLE and not abroad):
        return digits
    number = _read(plain)
    if number is None or not (abroad or _is_whole(number)):
        return digits
    import phonenumbers

    national = phonenumbers.national_significant_number(number)
    return f"0{national}" if number.country_code == HERE_CODE else f"{number.country_code}{national}"


def is_number(text: str) -> bool:
    """Whether a text is a telephone number or part of one, not a name."""
    return len(dialled(text)) >= LEAST_DIGITS


def is_whole(text: str) -> bool:
    """Whether a text is a telephone number with all its digits, and nothing else."""
    return _whole(text) is not None


@lru_cache(maxsize=2000)  # a list asks for the same numbers again for each of its rows
def grouped(text: str) -> str:
    """A number as it is usually written, "07700 900301". Other text is returned unchanged."""
    number = None if _USUAL.fullmatch(text) else _whole(text)
    if number is None:
        return text
    from phonenumbers import PhoneNumberFormat, format_number

    home = number.country_code == HERE_CODE
    shown = format_number(number, PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL)
    return shown if dialled(shown) == dialled(text) else text


def on_one_line(text: str) -> str:
    """The text with no-break spaces in its telephone numbers, so that no number is split at the end of a line."""
    return _IN_A_TEXT.sub(_unbroken, text)


def _unbroken(match: re.Match[str]) -> str:
    number = match.group()
    return number.replace(" ", "\u00a0") if _USUAL.fullmatch(number) or is_whole(number) else number


def searched(text: str) -> str:
    """The forms in which search finds a number: as it was typed, as it is grouped, and its digits."""
    return " ".join(dict.fromkeys(form for form in (text, grouped(text), dialled(text)) if form))


def _plain(text: str) -> str:
    """The text without invisible characters and "tel:", with plain digits and dashes."""
    shown = (sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) not in ("Cf", "Mn"))
    plain = "".join(shown).translate(_DASHES).strip()
    return plain[4:].lstrip() if plain[:4].casefold() == "tel:" else plain


def _whole(text: str) -> "phonenumbers.PhoneNumber | None":
    """The number that the text is, or None if the text is not a number with all its digits."""
    number = _read(_plain(text)) if len(dialled(text)) >= _SHORTEST_WHOLE else None
    return number if number is not None and _is_whole(number) else None


def _read(plain: str) -> "phonenumbers.PhoneNumber | None":
    """The number that the library reads in the text, or None."""
    import phonenumbers

    try:
        return phonenumbers.parse(plain, HERE)
    except phonenumbers.NumberParseException:
        return None


def _is_whole(number: "phonenumbers.PhoneNumber") -> bool:
    """Whether the number has as many digits as its country's numbers. Whether anybody has that number is not checked."""
    import phonenumbers

    return phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
