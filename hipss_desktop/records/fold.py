"""What a record is now: a pure reading of all its revisions, the same whatever order they came in.

A field's value comes from the latest revisions that changed it, by ancestry and never by clock: one distinct value, or a
conflict that waits for a person. Rows of a list are units of their own. Withdraw against amend always waits. Any
permutation, partition or repetition of a set of revisions gives the same state. Must not look at a clock or a store.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from hipss_desktop.records.kind import Kind
from hipss_desktop.records.revision import Revision

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
        withdrawn: every latest revision withdraws it; ``disputed``: one withdraws while another amends.
        countersigned: the digests that a countersignature names and that are still the whole record.
        incomplete: a body is not held here (erased, held back, not yet fetched).
    """

    record: str
    kind: str
    fields: Mapping[str, Any]
    conflicts: Mapping[str, tuple[Side, ...]] = field(default_factory=dict)
    heads: tuple[str, ...] = ()
    withdrawn: bool = False
    disputed: bool = False
    countersigned: tuple[str, ...] = ()
    incomplete: bool = False

    @property
    def needs_decision(self) -> bool:
        """Whether a person has to decide something before the record is whole."""
        return bool(self.conflicts) or self.disputed


@dataclass(frozen=True)
class _Change:
    digest: str
    fields: Mapping[str, Any]
    changed: frozenset[str]


def fold(revisions: Iterable[Revision], kind: Kind | None) -> State:
    """The state of one record from its revisions, of which there is at least one; ``kind`` None when unknown here."""
    known = {each.digest: each for each in sorted(revisions, key=lambda each: each.digest)}
    older = _ancestry(known)
    said = [each for each in known.values() if each.envelope.action != "countersign"]
    heads = _latest([each.digest for each in said], older)
    changes = [change for each in said if (change := _change(each, kind)) is not None]
    by_unit: dict[str, list[_Change]] = {}
    for change in changes:
        for unit in change.changed:
            by_unit.setdefault(unit, []).append(change)
    values: dict[str, Any] = {}
    conflicts: dict[str, tuple[Side, ...]] = {}
    for unit in sorted(by_unit):
        sides = _sides(unit, by_unit[unit], older)
        values[unit] = sides[0].value
        if len(sides) > 1:
            conflicts[unit] = sides
    acts = {known[head].envelope.action == "withdraw" for head in heads}
    countersigned = tuple(
        parent
        for each in known.values()
        if each.envelope.action == "countersign"
        for parent in each.envelope.parents
        if heads == (parent,)
    )
    return State(
        record=next(iter(known.values())).envelope.record,
        kind=kind_of(known.values()),
        fields=_assembled(values),
        conflicts=conflicts,
        heads=heads,
        withdrawn=acts == {True},
        disputed=acts == {True, False},
        countersigned=countersigned,
        incomplete=len(changes) < len(said),
    )


def kind_of(revisions: Iterable[Revision]) -> str:
    """The kind that a record is of: what its first revision says.

    A revision whose text is not here may be one that the council holds back, and decides only where there is no other.
    """
    return min(revisions, key=lambda each: (each.body is None, bool(each.envelope.parents), each.digest)).envelope.kind


def _ancestry(known: Mapping[str, Revision]) -> dict[str, frozenset[str]]:
    """For each revision, all that it comes after. Written as a loop: a record may be amended many times."""
    older: dict[str, frozenset[str]] = {}
    waiting = list(known)
    while waiting:
        digest = waiting[-1]
        parents = [each for each in known[digest].envelope.parents if each in known]
        missing = [each for each in parents if each not in older]
        if missing and digest not in older:
            waiting += missing
            continue
        waiting.pop()
        older[digest] = frozenset(parents).union(*(older[each] for each in parents))
    return older


def _latest(digests: list[str], older: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    behind = frozenset[str]().union(*(older[each] for each in digests))
    return tuple(each for each in sorted(digests) if each not in behind)


def _change(revision: Revision, kind: Kind | None) -> _Change | None:
    content = revision.content()
    if content is None:
        return None
    if kind is None:
        return _Change(revision.digest, content.fields, frozenset(content.changed))
    fields, changed = kind.upgraded(revision.envelope.schema, content.fields, content.changed)
    return _Change(revision.digest, fields, frozenset(changed))


def _sides(unit: str, changes: list[_Change], older: Mapping[str, frozenset[str]]) -> tuple[Side, ...]:
    if len(changes) == 1:
        return (Side(unit_value(changes[0].fields, unit), (changes[0].digest,)),)
    by_digest = {each.digest: each for each in changes}
    grouped: dict[bytes, tuple[Any, list[str]]] = {}
    for digest in _latest(list(by_digest), older):
        value = unit_value(by_digest[digest].fields, unit)
        grouped.setdefault(msgspec.json.encode(value, order="deterministic"), (value, []))[1].append(digest)
    return tuple(Side(value, tuple(digests)) for value, digests in grouped.values())


def unit_value(fields: Mapping[str, Any], unit: str) -> Any:
    """A unit's value: a field's, or a row's by its id (``ABSENT`` when the row is not there)."""
    name, _, row = unit.partition("/")
    value = fields.get(name)
    if not row:
        return value
    rows = value if isinstance(value, list) else []
    return next((each for each in rows if isinstance(each, Mapping) and each.get("id") == row), ABSENT)


def _assembled(values: Mapping[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for unit, value in values.items():
        name, _, row = unit.partition("/")
        if not row:
            if value is not None:
                fields[name] = value
            continue
        held = fields.get(name)
        rows = [each for each in held if unit_value({name: [each]}, unit) == ABSENT] if isinstance(held, list) else []
        fields[name] = rows if value == ABSENT else [*rows, value]
    return fields
