"""Spellings of one name that people and programs write: other marks, composed or not, any case, invisible marks, plain letters."""

import unicodedata

from hypothesis import strategies as st

NAMES = (
    "Zoë O\u2019Hara", "Łukasz Wójcik-Zając", "Søren Strauß", "Siân Pryce", "Anne-Marie D'Souza", "José García Márquez",
    "Nguyễn Thị Ánh", "Şerife Çağlar", "Ahmed", "Þóra Ægisdóttir",
)  # fmt: skip  # a table, read line by line
MARKS = {
    "'": "'\u2018\u2019\u02bc\u2032\uff07`\u00b4\u201b",
    "-": "-\u2010\u2011\u2012\u2013\u2014\u2212\uff0d",
    " ": (" ", "\u00a0", "  ", "\u2009", " \u200b"),
    "ł": "łl", "Ł": "ŁL", "ø": "øo", "ß": ("ß", "ss", "ẞ"), "Þ": ("Þ", "Th", "þ"), "Æ": ("Æ", "Ae", "æ"),
}  # fmt: skip  # a table, read line by line
UNSEEN = ("", "", "", "\u200b", "\u200e", "\ufeff", "\u00ad", "\u2060")
FORMS = ("NFC", "NFD", "NFKC", "NFKD")


@st.composite
def spellings(draw: st.DrawFn, names: st.SearchStrategy[str]) -> tuple[str, str]:
    """A name and one spelling of it."""
    name = draw(names)
    signs = []
    for sign in name.replace("\u2019", "'"):
        written = draw(st.sampled_from(tuple(MARKS.get(sign, sign))))
        plain = unicodedata.normalize("NFD", written)[:1] if draw(st.booleans()) and sign not in MARKS else written
        cased = draw(st.sampled_from((plain, plain.upper(), plain.lower())))
        signs.append(cased + draw(st.sampled_from(UNSEEN)))
    return name, unicodedata.normalize(draw(st.sampled_from(FORMS)), "".join(signs))
