"""Folding: reducing names to one form for comparison, however they were typed.

Spellings that look alike are equal: any case, composed or decomposed accents or none, letters such as ł, ø and ß, apostrophes
and hyphens of any kind, spaces and invisible marks. Must not be used for permanent identifiers of a record (``sheets.keys``).
"""

import unicodedata

_APOSTROPHES = (
    "`\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb\u055a\u05f3\u2018\u2019\u201a\u201b\u2032\u2035\ua78c"
    "\uff07\uff40"
)
_HYPHENS = "\u058a\u05be\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2e3a\u2e3b\u30a0\ufe58\ufe63\uff0d"
_LOOK_ALIKE: dict[int, int | str] = {
    **{ord(mark): "'" for mark in _APOSTROPHES},
    **{ord(mark): "-" for mark in _HYPHENS},
    **dict(zip(map(ord, "łŁøØđĐðÐħĦŧŦı"), "lLoOdDdDhHtTi", strict=True)),
    **{ord(letter): letters for letter, letters in zip("æÆœŒþÞ", ("ae", "AE", "oe", "OE", "th", "TH"), strict=True)},
}
"""Letters and marks that NFKD does not take apart, and what they are compared as."""


def folded(text: str) -> str:
    """The form of a name that is compared: "ZOË O’Hara" is "zoe o'hara"."""
    plain = text.replace("`", "'") if text.isascii() else _plain(text)
    return " ".join(plain.casefold().split())


def _plain(text: str) -> str:
    """The text in base letters."""
    marked = text.replace(" \u0301", "'").translate(_LOOK_ALIKE)  # NFKC writes an acute accent for itself as these two
    decomposed = unicodedata.normalize("NFKD", marked).casefold().translate(_LOOK_ALIKE)
    return "".join(
        sign
        for sign in unicodedata.normalize("NFKD", decomposed)
        if not unicodedata.combining(sign) and unicodedata.category(sign) != "Cf"
    )
