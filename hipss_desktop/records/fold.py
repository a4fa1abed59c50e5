"""What a record is now: a pure reading of all its revisions, the same whatever order they came in.

A field's value comes from the latest revisions that changed it, by ancestry and never by clock: one distinct value, or a
conflict that waits for a person. Rows of a list are units of their own. Withdraw against amend always waits; a row that was
added to a list which grows (``records.growth``) decides nothing but stands against a withdrawal that did not see it. Any
permutation, partition or repetition of a set of revisions gives the same state, in a time that grows with the rows and not
with their square. Must not look at a clock or a store.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec

from hipss_desktop.records.growth import is_growth
from hipss_desktop.records.kind import Kind
from hipss_desktop.records.revision import Body, Envelope, Revision

ABSENT = "\x00absent"
"""Stands for a row that a revision took away, where values are compared."""


@dataclass(frozen=True)
class Side:
    """One of the values that a conflict is between, and the revisions that say so (digests, sorted)."""

    value: Any
    digests: tuple[str, ...]


@dataclass(frozen=True)
class State:
    """A record as all its revisions make it.

    Attributes:
        fields: every field's value; of a conflict, the value of the lowest digest, so that all laptops show the same.
        conflicts: unit to sides, in order of digest, where two or more distinct values stand.
        heads: the digests a next revision names as parents.
        growths: the digests of the revisions that only added rows.
        latest: the latest of the other revisions, which decide what becomes of the record.
        withdrawn: all of those withdraw it; ``disputed``: one withdraws while another amends, or a row was added by
            somebody who did not know of the withdrawal.
        countersigned: the digests that a countersignature names and that are still the whole record, but for added rows.
        incomplete: a body is not held here (erased, held back, not yet fetched).
    """

    record: str
    kind: str
    fields: Mapping[str, Any]
    conflicts: Mapping[str, tuple[Side, ...]] = field(default_factory=dict)
    heads: tuple[str, ...] = ()
    growths: frozenset[str] = frozenset()
    latest: tuple[str, ...] = ()
    withdrawn: bool = False
    disputed: bool = False
    countersigned: tuple[str, ...] = ()
    incomplete: bool = False

    @property
    def needs_decision(self) -> bool:
        """Whether a person has to decide something before the record is whole."""
        return bool(self.conflicts) or self.disputed


class Units:
    """Reads the units of a body: fields, and the rows of its lists, each list gone through once."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = fields
        self._rows: dict[str, dict[str, Mapping[str, Any]]] = {}

    def value(self, unit: str) -> Any:
        """A unit's value: a field's, or a row's by its id (``ABSENT`` when the row is not there)."""
        name, _, row = unit.partition("/")
        if not row:
            return self._fields.get(name)
        if name not in self._rows:
            self._rows[name] = rows_by_id(self._fields.get(name))
        return self._rows[name].get(row, ABSENT)


@dataclass(frozen=True)
class _Change:
    """What one revision says."""

    digest: str
    envelope: Envelope
    body: Body
    units: Units


@dataclass(frozen=True)
class _Ancestry:
    """Which revisions come after which, as sets of bits: a record may be amended, and grow, many times.

    Attributes:
        bit: each revision's own bit.
        older: the bits of all that a revision comes after.
    """

    bit: Mapping[str, int]
    older: Mapping[str, int]

    def bits(self, digests: Iterable[str]) -> int:
        """The bits of these revisions."""
        found = 0
        for each in digests:
            found |= self.bit[each]
        return found

    def behind(self, digests: Iterable[str]) -> int:
        """The bits of all that one of these comes after."""
        found = 0
        for each in digests:
            found |= self.older[each]
        return found

    def latest(self, digests: Collection[str]) -> tuple[str, ...]:
        """Those of these that no other of them comes after, sorted."""
        behind = self.behind(digests)
        return tuple(each for each in sorted(digests) if not self.bit[each] & behind)


def fold(revisions: Iterable[Revision], kind: Kind | None) -> State:
    """The state of one record from its revisions, of which there is at least one; ``kind`` None when unknown here."""
    known = {each.digest: each for each in sorted(revisions, key=lambda each: each.digest)}
    ancestry = _ancestry(known)
    said = [each for each in known.values() if each.envelope.action != "countersign"]
    changes = [change for each in said if (change := _change(each, kind)) is not None]
    by_unit: dict[str, list[_Change]] = {}
    for change in changes:
        for unit in dict.fromkeys(change.body.changed):
            by_unit.setdefault(unit, []).append(change)
    growths = _growths(changes, by_unit, ancestry, kind)
    values: dict[str, Any] = {}
    conflicts: dict[str, tuple[Side, ...]] = {}
    for unit in sorted(by_unit):
        if len(by_unit[unit]) == 1:  # as of nearly every answer
            values[unit] = by_unit[unit][0].units.value(unit)
            continue
        sides = _sides(unit, by_unit[unit], ancestry)
        values[unit] = sides[0].value
        if len(sides) > 1:
            conflicts[unit] = sides
    deciding = [each.digest for each in said if each.digest not in growths]
    latest = ancestry.latest(deciding)
    withdrawals = [each for each in latest if known[each].envelope.action == "withdraw"]
    opposed = len(withdrawals) < len(latest) or _beside(growths, withdrawals, ancestry)
    return State(
        record=next(iter(known.values())).envelope.record,
        kind=kind_of(known.values()),
        fields=_assembled(values),
        conflicts=conflicts,
        heads=ancestry.latest([each.digest for each in said]),
        growths=growths,
        latest=latest,
        withdrawn=bool(withdrawals) and not opposed,
        disputed=bool(withdrawals) and opposed,
        countersigned=_countersigned(known, ancestry, deciding),
        incomplete=len(changes) < len(said),
    )


def body_of(revision: Revision, kind: Kind | None) -> Body | None:
    """What a revision says as today's description names it; None where its body is not held."""
    content = revision.content()
    if content is None or kind is None:
        return content
    fields, changed = kind.upgraded(revision.envelope.schema, content.fields, content.changed)
    return Body(dict(fields), changed, content.why)


def _change(revision: Revision, kind: Kind | None) -> _Change | None:
    body = body_of(revision, kind)
    return None if body is None else _Change(revision.digest, revision.envelope, body, Units(body.fields))


def kind_of(revisions: Iterable[Revision]) -> str:
    """The kind that a record is of: what its first revision says.

    A revision whose text is not here may be one that the council holds back, and decides only where there is no other.
    """
    return min(revisions, key=lambda each: (each.body is None, bool(each.envelope.parents), each.digest)).envelope.kind


def _ancestry(known: Mapping[str, Revision]) -> _Ancestry:
    """Written as a loop: a record may be amended more often than functions may call each other."""
    bit: dict[str, int] = {}
    older: dict[str, int] = {}
    waiting = list(known)
    while waiting:
        digest = waiting[-1]
        parents = [each for each in known[digest].envelope.parents if each in known]
        missing = [each for each in parents if each not in older]
        if missing and digest not in older:
            waiting += missing
            continue
        waiting.pop()
        if digest in older:
            continue
        behind = 0
        for each in parents:
            behind |= older[each] | bit[each]
        older[digest], bit[digest] = behind, 1 << len(bit)
    return _Ancestry(bit, older)


def _growths(
    changes: list[_Change], by_unit: Mapping[str, list[_Change]], ancestry: _Ancestry, kind: Kind | None
) -> frozenset[str]:
    """The revisions that only add rows."""
    changed_by: dict[str, int] = {}

    def changed_among(revisions: int, unit: str) -> bool:
        if unit not in changed_by:
            changed_by[unit] = ancestry.bits(each.digest for each in by_unit[unit])
        return bool(changed_by[unit] & revisions)

    return frozenset(
        each.digest
        for each in changes
        if is_growth(kind, each.envelope, each.body, partial(changed_among, ancestry.older[each.digest]))
    )


def _beside(growths: Iterable[str], withdrawals: Collection[str], ancestry: _Ancestry) -> bool:
    """Whether a row was added side by side with the withdrawals: neither knew of the other."""
    withdrawn, before = ancestry.bits(withdrawals), ancestry.behind(withdrawals)
    return any(not (ancestry.older[each] & withdrawn or ancestry.bit[each] & before) for each in growths)


def _countersigned(known: Mapping[str, Revision], ancestry: _Ancestry, deciding: Collection[str]) -> tuple[str, ...]:
    """What is countersigned and still stands: no other revision than it, and those it comes after, decides anything."""
    whole = ancestry.bits(deciding)
    return tuple(
        parent
        for each in known.values()
        if each.envelope.action == "countersign"
        for parent in each.envelope.parents
        if parent in known
        and known[parent].envelope.action != "countersign"
        and not whole & ~(ancestry.bit[parent] | ancestry.older[parent])
    )


def _sides(unit: str, changes: list[_Change], ancestry: _Ancestry) -> tuple[Side, ...]:
    by_digest = {each.digest: each for each in changes}
    grouped: dict[bytes, tuple[Any, list[str]]] = {}
    for digest in ancestry.latest(by_digest):
        value = by_digest[digest].units.value(unit)
        grouped.setdefault(msgspec.json.encode(value, order="deterministic"), (value, []))[1].append(digest)
    return tuple(Side(value, tuple(digests)) for value, digests in grouped.values())


def row_id(row: Any) -> str:
    """A row's id, '' of anything that is not a row with an id."""
    found = row.get("id") if isinstance(row, Mapping) else ""
    return found if isinstance(found, str) else ""


def rows_by_id(value: Any) -> dict[str, Mapping[str, Any]]:
    """The rows of a list by their ids, of two with one id the first; what is not a row with an id is left out."""
    found: dict[str, Mapping[str, Any]] = {}
    for each in value if isinstance(value, list) else ():
        if name := row_id(each):
            found.setdefault(name, each)
    return found


def unit_value(fields: Mapping[str, Any], unit: str) -> Any:
    """One unit's value, as ``Units`` gives those of many."""
    return Units(fields).value(unit)


def _assembled(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields from their units, which come sorted: a list as a whole stands before its rows, and those by their ids."""
    fields: dict[str, Any] = {}
    rows: dict[str, dict[str, Any]] = {}
    for unit, value in values.items():
        name, _, row = unit.partition("/")
        if row:
            rows.setdefault(name, {})[row] = value
        elif value is not None:
            fields[name] = value
    for name, values_of in rows.items():
        fields[name] = with_rows(fields.get(name), values_of)
    return fields


def with_rows(value: Any, rows: Mapping[str, Any]) -> list[Any]:
    """A list with these rows in place of those of their ids, at its end; a row that is ``ABSENT`` is taken out."""
    held = value if isinstance(value, list) else []
    others = [each for each in held if row_id(each) not in rows]
    return [*others, *(each for each in rows.values() if each != ABSENT)]
