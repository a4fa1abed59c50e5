"""Telephone numbers: one number however it is written, typed or shown by a telephone: +44, 0044, (0), tel:, spaces, dashes.

What people typed is stored as they typed it. ``dialled`` is what numbers are compared and indexed by, ``grouped`` what is
shown. The library is loaded when a number is first written otherwise than as one dials it here. Must not know any record.
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
"""A number, or what was typed of it so far, once unseen marks, "tel:" and an extension are taken away."""
_EXTENSION = re.compile(r"\s*(?:ext\.?|extension|x)\s*\d{1,6}", re.IGNORECASE)
_AS_DIALLED = re.compile(r"0(?:[1-9]|$)")
_USUAL = re.compile(r"0\d{4} \d{6}")
"""How most numbers of this country are grouped; these are shown as they stand."""
_IN_A_TEXT = re.compile(r"(?<![\w+-])(?:0\d{4} \d{6}|[+(]?\d[\d ()]{5,20}\d)(?!\w)")
"""What may be a telephone number in a text; most are grouped as usual."""
_LEAST_WHOLE, _SHORTEST_WHOLE = 10, 7
"""A number without a 0 or + before it has as many digits, "7700 900301"; none has fewer than seven, but 999 and its like."""
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")


def dialled(text: str) -> str:
    """The digits by which a number, or the part of it that was typed, is compared; '' of what is not a number.

    A number of this country is as one dials it in it, "07700900301"; another has its country's code before it.
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
    """Whether a text is a telephone number or part of one, and no name."""
    return len(dialled(text)) >= LEAST_DIGITS


def is_whole(text: str) -> bool:
    """Whether a text is a telephone number with all its digits, and nothing else."""
    return _whole(text) is not None


@lru_cache(maxsize=2000)  # a list shows the numbers of a directory once for each of its rows
def grouped(text: str) -> str:
    """A number as it is usually written, "07700 900301"; anything else as it stands."""
    number = None if _USUAL.fullmatch(text) else _whole(text)
    if number is None:
        return text
    from phonenumbers import PhoneNumberFormat, format_number

    home = number.country_code == HERE_CODE
    shown = format_number(number, PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL)
    return shown if dialled(shown) == dialled(text) else text


def on_one_line(text: str) -> str:
    """A text in which no telephone number is broken at the end of a line: the spaces in it do not break."""
    return _IN_A_TEXT.sub(_unbroken, text)


def _unbroken(found: re.Match[str]) -> str:
    number = found.group()
    return number.replace(" ", "\u00a0") if _USUAL.fullmatch(number) or is_whole(number) else number


def searched(text: str) -> str:
    """The forms in which search finds a number: as it was typed, as it is grouped, and its digits."""
    return " ".join(dict.fromkeys(form for form in (text, grouped(text), dialled(text)) if form))


def _plain(text: str) -> str:
    """The text without marks that are not seen and without "tel:", in plain digits and dashes."""
    shown = (sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) not in ("Cf", "Mn"))
    plain = "".join(shown).translate(_DASHES).strip()
    return plain[4:].lstrip() if plain[:4].casefold() == "tel:" else plain


def _whole(text: str) -> "phonenumbers.PhoneNumber | None":
    """The number that a text is, None where it is not one with all its digits."""
    number = _read(_plain(text)) if len(dialled(text)) >= _SHORTEST_WHOLE else None
    return number if number is not None and _is_whole(number) else None


def _read(plain: str) -> "phonenumbers.PhoneNumber | None":
    """The number that the library reads, None where it reads none."""
    import phonenumbers

    try:
        return phonenumbers.parse(plain, HERE)
    except phonenumbers.NumberParseException:
        return None


def _is_whole(number: "phonenumbers.PhoneNumber") -> bool:
    """Whether it has as many digits as its country's numbers have; which of them are given out is not asked."""
    import phonenumbers

    return phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
