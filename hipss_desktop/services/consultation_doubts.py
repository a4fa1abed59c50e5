"""Doubts about a consultation or a case while it is written, for warnings: nothing is refused.

A theme is about no child, so names in it are looked for. Two cases with one number may be one child. Must not word
anything.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hipss_desktop.kinds.case import CASE, Case
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.consultation import THEME, Consultation
from hipss_desktop.kinds.person_names import known
from hipss_desktop.records.folding import folded
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import Record

SHORTEST_NAME = 3
"""The fewest letters of a name that is looked for in a theme: a shorter name is often another word or an initial."""


@dataclass(frozen=True)
class NamedInTheme:
    """A child or case whose name or number appears in a theme; ``words`` is how it was typed."""

    record: str
    kind: str
    words: str


class ConsultationDoubts:
    """Finds doubts by comparing with the people in one open store."""

    def __init__(self, people: People) -> None:
        self._people = people

    def named_in_theme(self, consultation: Consultation) -> list[NamedInTheme]:
        """The children and cases whose name or number appears in the words of a theme, each once."""
        if consultation.about != THEME:
            return []
        words = _words(consultation.theme)
        named_subjects: dict[str, NamedInTheme] = {}
        for kind, record, name in self._names():
            if record not in named_subjects and (typed := _typed(name, words)):
                named_subjects[record] = NamedInTheme(record, kind, typed)
        return list(named_subjects.values())

    def same_number(self, case: Case, record: str = "") -> Record | None:
        """Another case with the same case number, ignoring spacing; ``record`` is the case that is being written."""
        number = _plain(case.number)
        return next(
            (
                other_case
                for other_case in self._people.of_kind(CASE.name)
                if number
                and other_case.record != record
                and not other_case.withdrawn
                and _plain(CASE.of(other_case).number) == number
            ),
            None,
        )

    def _names(self) -> Iterator[tuple[str, str, str]]:
        for record in self._people.of_kind(CHILD.name):
            child = CHILD.of(record)
            for name in (known(child.given_name), known(child.family_name), *child.known_as, child.local_id):
                yield CHILD.name, record.record, name
        for record in self._people.of_kind(CASE.name):
            case = CASE.of(record)
            for name in (case.name, case.number):
                yield CASE.name, record.record, name


def _plain(number: str) -> str:
    """A case number in the form compared: "EOC-2231", "eoc 2231" and "EOC2231" are equal, "EOC-1" and "EOC-11" are not."""
    return "".join(sign for sign in folded(number) if sign.isalnum())


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:[-'’][^\W_]+)*", text)


def _typed(name: str, words: Sequence[str]) -> str:
    """The words of a text that match a name, as they were typed; '' if none match or the name is too short."""
    name_words = [folded(word) for word in _words(name)]
    if sum(map(len, name_words)) < SHORTEST_NAME:
        return ""
    typed = [_possessed(folded(word)) for word in words]
    for at in range(len(words) - len(name_words) + 1):
        if typed[at : at + len(name_words)] == name_words:
            return " ".join(words[at : at + len(name_words)])
    return ""


def _possessed(word: str) -> str:
    """A word without the ending of a possessive: "kai's" says Kai."""
    return word.removesuffix("'s")
