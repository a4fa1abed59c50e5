"""Turn the words that people type to search for records into a full-text query. Must not read the store."""

import re
from functools import cache

from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records import telephone
from hipss_desktop.records.folding import folded

READ_OUT = 3
"""The fewest digits of a number that somebody may read out together with its label."""


@cache
def label_words() -> frozenset[str]:
    """Return the words of all fields' labels in lower case; people often type a label to say which answer they mean."""
    fields = [field for kind in KINDS.values() for field in kind.fields]
    labels = (field.label for whole in fields for field in (whole, *whole.rows))
    return frozenset(word.casefold() for label in labels for word in re.findall(r"\w+", label))


def search_query(words: str) -> str:
    """Return the full-text query for typed words: each word must occur, of the last its first two letters are enough.

    A telephone number is searched as it was typed and in every form that the index has of it.
    """
    if not telephone.is_number(words):
        return _every_word(words)
    forms = dict.fromkeys(map(_every_word, (words, *telephone.searched_forms(words))))
    return " OR ".join(f"({form})" for form in forms)


def _every_word(words: str) -> str:
    # Split like the index: folded, and at every character that is neither a letter nor a digit.
    cut = "".join(character if character.isalnum() else " " for character in folded(words)).split()
    # One letter is the beginning of a word in nearly every record. So it is ignored after other words, and alone it is
    # searched as a whole word.
    begun = [f'"{cut.pop()}" *'] if cut and len(cut[-1]) > 1 else []
    whole = cut[:-1] if len(cut) > 1 and not begun else cut
    return " ".join([*(f'"{word}"' for word in whole), *begun])
