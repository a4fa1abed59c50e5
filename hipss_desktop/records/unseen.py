"""Invisible marks: taken off names, numbers and keys on the way in, because nobody can see or type them.

They come with text that is copied from a page, a telephone or a spreadsheet, as tabs and ends of lines do. In free text
they are left: there they join emoji and letters. The joiners between letters of other scripts are part of a name too. Must
not know any kind.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from hipss_desktop.records.fields import Field, Fields

JOINERS = "\u200c\u200d"
_FIRST_JOINED = 0x0590
"""The first sign of a script whose letters or pictures are joined; Latin, Greek and Cyrillic letters are not."""
_TAGS = range(0xE0000, 0xE0080)
"""The tags of flags, which are invisible and part of a picture."""


def without_unseen(text: str) -> str:
    """The text without marks that nobody sees, but for joiners of letters and pictures."""
    if text.isascii():
        return text
    return "".join(sign for place, sign in enumerate(text) if not _is_unseen(text, place, sign))


_BREAKS = re.compile("[\t\n\v\f\r\x85\u2028\u2029]+")
"""Tabs and ends of lines."""


def on_one_line(text: str) -> str:
    """The text without marks that nobody sees, and with a space for each tab or end of a line."""
    seen = without_unseen(text)
    if _BREAKS.search(seen) is None:
        return seen
    return " ".join(filter(None, map(str.strip, _BREAKS.split(seen))))


def _is_unseen(text: str, place: int, sign: str) -> bool:
    if unicodedata.category(sign) != "Cf" or ord(sign) in _TAGS:
        return False
    beside = text[place - 1 : place] + text[place + 1 : place + 2]
    return sign not in JOINERS or len(beside) < 2 or any(ord(other) < _FIRST_JOINED for other in beside)


def tidied(fields: tuple[Field, ...], body: Fields, before: Fields) -> dict[str, Any]:
    """A body whose changed names, numbers and keys are on one line, without invisible marks; what stood before stays."""
    described = {field.name: field for field in fields}
    return {
        name: _tidied(described[name], value, before.get(name))
        if name in described and value != before.get(name)
        else value
        for name, value in body.items()
    }


def _tidied(field: Field, value: Any, before: Any) -> Any:
    if field.is_exact and isinstance(value, str):
        return on_one_line(value)
    if not isinstance(value, list):
        return value
    if field.is_exact:
        return [on_one_line(entry) if isinstance(entry, str) else entry for entry in value]
    stood = before if isinstance(before, list) else []
    return [
        tidied(field.rows, row, {}) if field.rows and isinstance(row, Mapping) and row not in stood else row
        for row in value
    ]
