"""Compares and formats telephone numbers, however they are written: with +44, 0044, (0), tel:, spaces or dashes.

A number is stored as people typed it. ``dialled`` gives the digits by which numbers are compared, ``e164`` the international
form that is in the search index alone, ``grouped`` the form that is shown. ``mended`` undoes what a spreadsheet did to a number.
The library is loaded for the first number that is not written as dialled in this country. Must not know any record.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import phonenumbers

HERE, HERE_CODE = "GB", 44
LEAST_DIGITS, MOST_DIGITS, LONGEST = 3, 18, 64
"""A number has at least three digits, 999, and at most those of "00", a country's code, "(0)" and its own. Longer text is none."""
_BETWEEN = r"\d\s().\-/\[\]"
_WRITTEN = re.compile(rf"[\s(\[]*\+*[{_BETWEEN}]*\d[{_BETWEEN}]*")
"""A number or the beginning of one, after invisible characters, "tel:" and an extension were removed."""
_EXTENSION = re.compile(r"[\s,]*(?:(?:extension|extn|ext|xtn|xt|x|int)[.:]?|#)\s*\d{1,9}#?\Z", re.IGNORECASE)
_PARAMETERS = re.compile(r"(?P<number>[^;]+)(?:;(?:phone-context=(?P<context>\+[^;]*)|[a-z-]+=[^;]*))+", re.IGNORECASE)
"""The parameters of a "tel:" address (RFC 3966): an extension, or the country of a number that does not name it."""
_AS_DIALLED = re.compile(r"0(?:[1-9]|$)")
_WHOLE_HERE = re.compile(r"0[1-9]\d{8,9}")
"""A whole number of this country by its digits, as ``dialled`` gives them."""
_USUAL = re.compile(r"0\d{4} \d{6}")
"""How most numbers of this country are grouped. Such a number is shown unchanged."""
_IN_A_TEXT = re.compile(r"(?<![\w+-])(?:0\d{4} \d{6}|[+(]?\d[\d ()]{5,20}\d)(?!\w)")
"""Finds what may be a telephone number in a text. The first form is the usual grouping, because most numbers have it."""
_SEARCHED_IN_A_TEXT = re.compile(r"(?<![\w+-])(?:[+(]+\d|0)[\d\s().\-\u2010-\u2015]{7,22}\d(?!\w)")
"""Finds a telephone number in a text that search should find, however it is written there."""
_LEAST_WHOLE, _SHORTEST_WHOLE = 10, 7
"""The fewest digits of a number typed without 0 or + ("7700 900301"); of any whole number, but for 999 and its like."""
_PLAIN_MARKS = {
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc~\u2053\u223c"), "-"),
    **dict.fromkeys(map(ord, "\u00b7\u2022\u30fb"), "."),
}


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
    if len(digits) > MOST_DIGITS:
        return ""
    abroad = plain.lstrip("([ ").startswith("+") or digits.startswith("00")
    if _AS_DIALLED.match(digits) or (len(digits) < _LEAST_WHOLE and not abroad):
        return digits
    number = _read(plain)
    if number is None or not (abroad or _is_whole(number)):
        return digits
    import phonenumbers

    national = phonenumbers.national_significant_number(number)
    return f"0{national}" if number.country_code == HERE_CODE else f"{number.country_code}{national}"


def e164(text: str) -> str:
    """A whole number in the international form, "+447700900301"; '' if the text is not a whole number."""
    digits = dialled(text)
    if _WHOLE_HERE.fullmatch(digits):
        return f"+{HERE_CODE}{digits[1:]}"
    return f"+{digits}" if not digits.startswith("0") and is_whole(text) else ""


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
    """The forms in which search finds a number: as it was typed, as it is grouped, its digits, and its international form."""
    return " ".join(dict.fromkeys(form for form in (text, *searched_forms(text)) if form))


def searched_forms(text: str) -> tuple[str, ...]:
    """The forms by which one number is found, whatever the form in which it was written."""
    return tuple(filter(None, (grouped(text), dialled(text), e164(text))))


def searched_in(text: str) -> str:
    """The forms in which search finds the whole numbers that are written inside a text."""
    forms = (form for number in _numbers_in(text) for form in searched_forms(number))
    return " ".join(dict.fromkeys(forms))


def _numbers_in(text: str) -> Iterator[str]:
    """The whole telephone numbers in a text, as they are written there."""
    for match in _SEARCHED_IN_A_TEXT.finditer(text):
        if e164(match.group()):
            yield match.group()


def _plain(text: str) -> str:
    """The text without invisible characters, "tel:" and its parameters, with plain digits and dashes."""
    shown = (sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) not in ("Cf", "Mn"))
    plain = "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in shown)
    plain = plain.translate(_PLAIN_MARKS).strip()
    plain = plain[4:].lstrip() if plain[:4].casefold() == "tel:" else plain
    parts = _PARAMETERS.fullmatch(plain)
    return (parts["context"] or "") + parts["number"] if parts is not None else plain


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


# --- what a spreadsheet does to a number ---

_SHORTENED = re.compile(r"\+?(?P<whole>\d+)(?:[.,](?P<fraction>\d+))?E\+?(?P<exponent>\d{1,2})", re.IGNORECASE)
"""A number as a spreadsheet shortens a long one: 7.7E+09."""
_COUNTED = re.compile(r"(?P<number>\+?\d{7,15}|\d{1,3}(?:,\d{3}){2,4})(?:\.0{1,2})?")
"""A number as a spreadsheet writes a quantity: 7700900123.0, or with a comma after each thousand."""
_TEXT_MARK = re.compile(r"['\u2018\u2019](?=[\d+(])")
"""The apostrophe by which people tell a spreadsheet that a number is a text."""
_WITHOUT_NOUGHT = re.compile(r"[1235789]\d{9}")
"""A number of this country whose first nought a spreadsheet removed; none begins with 04 or 06."""
_LETTERS_FOR_FIGURES = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1"})
"""Letters that people type for figures that look alike."""
_WITH_LETTERS = re.compile(r"[+0-9OolI][0-9OolI \-]+")
_TOO_NARROW = re.compile(r"#{3,}")
"""What a spreadsheet shows of a number that is wider than its column."""


def mended(text: str) -> str:
    """A number as it was before a spreadsheet changed it, if that is certain; else the text unchanged."""
    plain = _TEXT_MARK.sub("", text.strip(), count=1) if _TEXT_MARK.match(text.strip()) else text.strip()
    shortened, counted = _SHORTENED.fullmatch(plain), _COUNTED.fullmatch(plain)
    if shortened is not None and not _lost_digits(shortened):
        plain = shortened["whole"] + (shortened["fraction"] or "")
    elif counted is not None:
        plain = counted["number"].replace(",", "")
    elif _WITH_LETTERS.fullmatch(plain) and _WHOLE_HERE.fullmatch(_figures(plain)):
        plain = plain.translate(_LETTERS_FOR_FIGURES)
    return f"0{plain}" if _WITHOUT_NOUGHT.fullmatch(plain) else plain


def _figures(text: str) -> str:
    """The digits of a number in which letters may stand for figures, as ``dialled`` gives them."""
    return dialled(text.translate(_LETTERS_FOR_FIGURES))


def has_lost_digits(text: str) -> bool:
    """Whether a spreadsheet replaced digits of a number, so that nobody can tell what they were."""
    shortened = _SHORTENED.fullmatch(text.strip())
    return _TOO_NARROW.fullmatch(text.strip()) is not None or (shortened is not None and _lost_digits(shortened))


def _lost_digits(shortened: re.Match[str]) -> bool:
    """Whether a shortened number has fewer digits than its exponent says."""
    return len(shortened["fraction"] or "") != int(shortened["exponent"])
