"""Undecided answers in words: all versions of every answer that laptops changed differently, and who wrote each.

Until somebody decides, every reader of the record must see all versions. Must not decide.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hipss_desktop import times
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.changes import unit_label
from hipss_desktop.records.fields import Fields
from hipss_desktop.records.fold import Side
from hipss_desktop.records.kind import Kind
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.ports import Record, Store
from hipss_desktop.services.records import Records, with_units
from hipss_desktop.views.names import Names


@dataclass(frozen=True)
class AnswerVersion:
    """One version of an answer.

    Attributes:
        value: the value in the body; ``words`` is the value in words, "Taken out" for nothing.
        author: who wrote it, when and on which laptop: "A. Bevan, 02:40, HIPSS-LT-04".
        written: the same with the full date, which is still clear on a later day.
        mine: whether it was written on this laptop.
    """

    value: Any
    words: str
    author: str
    written: str
    mine: bool


@dataclass(frozen=True)
class Undecided:
    """An answer, or a row of a list (``unit`` "<field>/<row id>"), with two or more versions; this laptop's own first."""

    unit: str
    label: str
    versions: tuple[AnswerVersion, ...]

    @property
    def field(self) -> str:
        """The field of the answer, or of the list with the row."""
        return self.unit.partition("/")[0]


class UndecidedAnswers:
    """Reads undecided answers for one open store."""

    def __init__(self, store: Store, records: Records, named: Names, clock: times.Clock) -> None:
        self._store = store
        self._records = records
        self._names = named
        self._clock = clock

    def of(self, record: Record) -> tuple[Undecided, ...]:
        """The undecided answers of a record, in the order of its fields."""
        kind = KINDS.get(record.kind)
        order = {field.name: place for place, field in enumerate(kind.fields)} if kind else {}
        units = sorted(record.conflicts, key=lambda unit: (order.get(unit.partition("/")[0], len(order)), unit))
        return tuple(
            Undecided(unit, unit_label(kind, unit, record.fields), self._versions(record, unit, record.conflicts[unit]))
            for unit in units
        )

    def rows(self, record: Record, name: str) -> list[tuple[Any, str]]:
        """The rows of a list as read, each with ''; of an undecided row all versions, each with its author."""
        kind = KINDS[record.kind]
        undecided = {
            undecided.unit: undecided.versions for undecided in self.of(record) if undecided.unit.startswith(f"{name}/")
        }
        rows: list[tuple[Any, str]] = []
        for row in getattr(kind.of(record), name):
            unit = f"{name}/{row.id}"
            rows += self._rows(kind, unit, undecided.pop(unit)) if unit in undecided else [(row, "")]
        for unit, versions in undecided.items():
            rows += self._rows(kind, unit, versions)
        return rows

    def _rows(self, kind: Kind, unit: str, versions: Iterable[AnswerVersion]) -> list[tuple[Any, str]]:
        """The versions of a row as read, without a version that removed it."""
        name = unit.partition("/")[0]
        read = [(kind.read(with_units({}, {unit: version.value})), version.author) for version in versions]
        return [(row, author) for struct, author in read for row in getattr(struct, name)]

    def _versions(self, record: Record, unit: str, sides: Iterable[Side]) -> tuple[AnswerVersion, ...]:
        versions = [self._version(record, unit, side) for side in sides]
        return tuple(sorted(versions, key=lambda version: not version.mine))

    def _version(self, record: Record, unit: str, side: Side) -> AnswerVersion:
        wrote = [revision for digest in side.digests if (revision := self._store.revision(digest)) is not None]
        return AnswerVersion(
            value=side.value,
            words=self._names.words(record.kind, unit, side.value) or "Taken out",
            author=who_wrote(self._records, wrote, self._clock),
            written=who_wrote(self._records, wrote),
            mine=any(writer.envelope.seat == self._store.seat.seat for writer in wrote),
        )


def who_wrote(records: Records, wrote: Iterable[Revision], clock: times.Clock | None = None) -> str:
    """Who wrote a version, when and where; the newest author if several wrote the same.

    Without a clock the date is given in full, with one in the fewest unambiguous words.
    """
    newest = max(
        (revision.envelope for revision in wrote), key=lambda envelope: times.epoch_ms(envelope.clock), default=None
    )
    if newest is None:
        return ""
    at = times.written_since(newest.clock, clock()) if clock is not None else times.written_at(newest.clock)
    parts = (records.name_of(newest.author), at, records.laptop_of(newest.seat))
    return ", ".join(part for part in parts if part)


def readings(record: Record) -> list[Fields]:
    """The body of a record as shown, and once more for each further version of an undecided answer."""
    bodies: list[Fields] = [record.fields]
    for unit, sides in record.conflicts.items():
        bodies += [with_units(record.fields, {unit: side.value}) for side in sides[1:]]
    return bodies
