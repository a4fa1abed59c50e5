"""Words as people type them to search for records: which are part of what is looked for, and the full-text query that they make.

Must not ask the store.
"""

import re
import unicodedata
from functools import cache

from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records import telephone

READ_OUT = 3
"""Figures that a number has at least which is read out under its label."""


@cache
def label_words() -> frozenset[str]:
    """The words of the labels of all fields, small; what is typed to say which answer is meant is often one of them."""
    fields = [field for kind in KINDS.values() for field in kind.fields]
    labels = (field.label for whole in fields for field in (whole, *whole.rows))
    return frozenset(word.casefold() for label in labels for word in re.findall(r"\w+", label))


def search_query(words: str) -> str:
    """The full-text query for typed words: each must occur, the last may be only begun (by two letters).

    A telephone number is looked for as it was typed, as it is usually grouped, and by its digits.
    """
    if not telephone.is_number(words):
        return _every_word(words)
    forms = dict.fromkeys(map(_every_word, (words, telephone.grouped(words), telephone.dialled(words))))
    return " OR ".join(f"({form})" for form in forms)


def _every_word(words: str) -> str:
    # Cut as the index cuts: at whatever is no letter and no digit. An accent typed as a character of its own belongs to the
    # letter before it.
    plain = unicodedata.normalize("NFC", words)
    cut = "".join(c if c.isalnum() else "" if unicodedata.combining(c) else " " for c in plain).split()
    # One letter begins nearly every record there is: after other words it waits for the next one, alone it is a word.
    begun = [f'"{cut.pop()}" *'] if cut and len(cut[-1]) > 1 else []
    whole = cut[:-1] if len(cut) > 1 and not begun else cut
    return " ".join([*(f'"{word}"' for word in whole), *begun])
