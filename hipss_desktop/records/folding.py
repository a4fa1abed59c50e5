"""Folding: reducing names to one form for comparison, however they were typed.

Spellings that look alike are equal: any case, composed or decomposed accents or none, curly apostrophes, long dashes,
spaces and invisible marks. Must not be used for permanent identifiers of a record (``sheets.keys``).
"""

import unicodedata

_LOOK_ALIKE: dict[int, int | str | None] = {
    **dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u02b9\u00b4\u2032"), "'"),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-"),
    **str.maketrans("łŁøØđĐ", "lLoOdD"),
}


def folded(text: str) -> str:
    """The form of a name that is compared: "ZOË O’Hara" is "zoe o'hara"."""
    return " ".join((text if text.isascii() else _plain(text)).casefold().split())


def _plain(text: str) -> str:
    """The text in base letters."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LOOK_ALIKE)).casefold()
    return "".join(
        sign for sign in decomposed if not unicodedata.combining(sign) and unicodedata.category(sign) != "Cf"
    )
