"""The parts of a restraint's page besides its clocks: the marks, who looked, the child's accounts, and the pattern.

Must not write, nor draw.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hipss_desktop import times
from hipss_desktop.kinds.restraint import RESTRAINT, Mark, Restraint
from hipss_desktop.records.codes import code_list, within
from hipss_desktop.services.ports import Store

MONTHS = 6
"""The months that the pattern covers."""
NOBODY_LOOKED = "Nobody has written down yet that they looked for marks."
NOT_ASKED = "Not asked yet."


@dataclass(frozen=True)
class MarkSeen:
    """A mark: its description for a screen reader, when and by whom it was seen, and where it is."""

    words: str
    seen: str
    mark: Mark


@dataclass(frozen=True)
class HoldParts:
    """The parts of a restraint's page; if nothing was recorded, ``looks`` or ``marks`` and ``tellings`` say so."""

    marks: tuple[MarkSeen, ...]
    looks: tuple[str, ...]
    tellings: tuple[str, ...]
    pattern: str


def mark_words(number: int, row: Mapping[str, Any]) -> str:
    """A mark for a screen reader: "Mark 1, right forearm, front, red mark, 3 centimetres, from the hold"."""
    size = row.get("size")
    unit = "centimetre" if size == 1 else "centimetres"
    parts = (
        within(code_list("body_place").label(str(row.get("place") or ""))),
        within(code_list("body_side").label(str(row.get("side") or ""))),
        within(str(row.get("words") or "")),
        f"{size} {unit}" if isinstance(size, int) else "",
        within(code_list("mark_from").label(str(row.get("origin") or ""))),
    )
    return ", ".join((f"Mark {number}", *filter(None, parts)))


class HoldViews:
    """Reads restraints for the window, for one open store."""

    def __init__(self, store: Store, clock: times.Clock) -> None:
        self._store = store
        self._clock = clock

    def parts(self, record: str) -> HoldParts | None:
        """The parts of a restraint's page, None if it is not here."""
        current = self._store.get(record)
        if current is None or current.kind != RESTRAINT.name:
            return None
        restraint, now = RESTRAINT.of(current), self._clock()
        return HoldParts(
            tuple(_marks(restraint, now)),
            tuple(_looks(restraint, now)),
            tuple(_tellings(restraint, now)) or (NOT_ASKED,),
            self._pattern(restraint, now),
        )

    def _pattern(self, restraint: Restraint, now: datetime) -> str:
        """The numbers of holds in six months up to this one, of this child and by this household."""
        until = restraint.ended or now
        words = []
        if restraint.child:
            number = self._holds(restraint.child, "child", until)
            first = f"First hold of this child in {MONTHS} months."
            words.append(first if number == 1 else f"{number} holds of this child in {MONTHS} months.")
        if restraint.carer:
            number = self._holds(restraint.carer, "carer", until)
            words.append(f"Holds by this household in {MONTHS} months: {number}.")
        return " ".join(words)

    def _holds(self, subject: str, role: str, until: datetime) -> int:
        since = times.months_later(times.local_day(until), -MONTHS)
        records = self._store.records_about(subject, role=role, kind=RESTRAINT.name)
        ends = (RESTRAINT.of(hold).ended for hold in records if not hold.withdrawn)
        return sum(end is not None and end <= until and times.local_day(end) >= since for end in ends)


def _marks(restraint: Restraint, now: datetime) -> Iterator[MarkSeen]:
    for number, mark in enumerate(restraint.marks, start=1):
        answers = {name: getattr(mark, name) for name in ("place", "side", "words", "size", "origin")}
        at = times.on_its_day(mark.at, now) if mark.at else ""
        yield MarkSeen(mark_words(number, answers), ", ".join(filter(None, (at, mark.seen_by))), mark)


def _looks(restraint: Restraint, now: datetime) -> Iterator[str]:
    """Who looked for marks, when, and whether any were seen."""
    for look in restraint.looked:
        at = f", looked at {times.on_its_day(look.at, now)}" if look.at else ", looked"
        yield f"{'Marks seen' if look.marks_seen else 'No marks seen'}{at} by {look.looked_by}."
    if not restraint.looked and not restraint.marks:
        yield NOBODY_LOOKED


def _tellings(restraint: Restraint, now: datetime) -> Iterator[str]:
    """Each account of the child in the child's words, or that the child was asked and did not want to give one."""
    for account in restraint.accounts:
        words = account.words.strip()
        account_words = f"“{words}”" if words else f"{code_list('account_given').label(account.given)}."
        parts = (
            f"to {account.to}" if account.to else "",
            times.on_its_day(account.at, now) if account.at else "",
            f"{account.others_there} was there too" if account.others_there else "",
        )
        beside = ", ".join(filter(None, parts))
        yield f"{account_words} {beside[:1].upper()}{beside[1:]}." if beside else account_words
