"""Code lists: what a coded field may be chosen from, read from ``resources/codes``.

A code that is not in its list (a retired one, or a newer laptop's) is kept and shown as it stands. Must not write.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

from hipss_desktop.records.folding import folded


@dataclass(frozen=True)
class Code:
    """One code, its label, and whatever else its list says of it (``hint``, ``tone``, ``family`` and so on)."""

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
        """Each code by what it may be called, of two that are called alike the first."""
        called = ((folded(words), code.code) for code in self.codes for words in (code.code, code.label))
        return dict(reversed([*called]))

    def read(self, text: str) -> str | None:
        """The code that typed or imported text names, by code or by label in any case; None when it names none."""
        return self._by_words.get(folded(text))


def within(words: str) -> str:
    """A label inside a sentence: without its capital, unless that is part of an abbreviation ("TISS consultations")."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


@cache
def code_list(name: str) -> CodeList:
    """The list ``resources/codes/<name>.csv``; raises FileNotFoundError when there is none."""
    text = files("resources").joinpath("codes", f"{name}.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return CodeList(name, tuple(Code(row.pop("code"), row.pop("label"), row) for row in rows))
