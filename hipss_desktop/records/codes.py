"""Code lists: the values that a coded field may have, read from ``resources/codes``.

A code that is not in its list (a retired one, or a newer laptop's) is kept and shown unchanged. Must not write.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

from hipss_desktop.records.folding import folded


@dataclass(frozen=True)
class Code:
    """One code, its label, and the further columns of its list (``hint``, ``tone``, ``family`` and so on)."""

    code: str
    label: str
    more: Mapping[str, str]


@dataclass(frozen=True)
class CodeList:
    """A code list in its order."""

    name: str
    codes: tuple[Code, ...]

    @cached_property
    def _by_code(self) -> Mapping[str, Code]:
        return {code.code: code for code in reversed(self.codes)}

    def label(self, code: str) -> str:
        """The label of a code; the code itself when the list does not know it."""
        listed = self.get(code)
        return code if listed is None else listed.label

    def get(self, code: str) -> Code | None:
        """The entry of a code, or None."""
        return self._by_code.get(code)

    @cached_property
    def _by_words(self) -> Mapping[str, str]:
        """The code by each of its possible names; if two codes share a name, the first."""
        called = ((folded(words), code.code) for code in self.codes for words in (code.code, code.label))
        return dict(reversed([*called]))

    def read(self, text: str) -> str | None:
        """The code that a typed or imported text means, by code or by label in any case; None if there is none."""
        return self._by_words.get(folded(text))


def within(words: str) -> str:
    """A label for use inside a sentence: with a small first letter, unless it starts an abbreviation ("TISS consultations")."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


@cache
def code_list(name: str) -> CodeList:
    """The list ``resources/codes/<name>.csv``; raises FileNotFoundError if it does not exist."""
    text = files("resources").joinpath("codes", f"{name}.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return CodeList(name, tuple(Code(row.pop("code"), row.pop("label"), row) for row in rows))
