"""What a record is now: a pure reading of all its revisions, the same whatever order they came in.

A field's value comes from the latest revisions that changed it, by ancestry and never by clock: one distinct value, or a
conflict that waits for a person. Rows of a list are units of their own; a change of a list as a whole, as an older program makes it
of what was a plain text, is a change of each of its rows. Withdraw against amend always waits; a row that was added to a list
which grows (``records.growth``) decides nothing but stands against a withdrawal that did not see it. What the council holds
back takes no part, nor does what amends nothing else; what comes after one held back counts for what it changed itself. Any
permutation, partition or repetition of a set of revisions gives the same state, in a time that grows with the rows and not
with their square. Must not look at a clock or a store, nor judge what is to be held back.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
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
        countersignatures: the digests of those countersignatures; none is by a person who wrote the record or amended it.
        incomplete: a body is not held here (erased, not for this role, not yet fetched).
        without_effect: the digests that take no part: what the council holds back, and what amends nothing else. A record
            of which no revision takes part has no heads and is nowhere listed.
        newest_held: those of them that nothing comes after, sorted.
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
    countersignatures: tuple[str, ...] = ()
    incomplete: bool = False
    without_effect: frozenset[str] = frozenset()
    newest_held: tuple[str, ...] = ()

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
        return self.rows(name).get(row, ABSENT) if row else self._fields.get(name)

    def rows(self, name: str) -> Mapping[str, Mapping[str, Any]]:
        """The rows of a list by their ids."""
        if name not in self._rows:
            self._rows[name] = rows_by_id(self._fields.get(name))
        return self._rows[name]


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
        for digest in digests:
            found |= self.bit[digest]
        return found

    def behind(self, digests: Iterable[str]) -> int:
        """The bits of all that one of these comes after."""
        found = 0
        for digest in digests:
            found |= self.older[digest]
        return found

    def through(self, digests: Iterable[str]) -> int:
        """The bits of these and of all that they come after."""
        found = 0
        for digest in digests:
            found |= self.bit[digest] | self.older[digest]
        return found

    def latest(self, digests: Collection[str]) -> tuple[str, ...]:
        """Those of these that no other of them comes after, sorted."""
        behind = self.behind(digests)
        return tuple(digest for digest in sorted(digests) if not self.bit[digest] & behind)


def fold(revisions: Iterable[Revision], kind: Kind | None, held: Collection[str] = ()) -> State:
    """The state of one record.

    Args:
        revisions: all its revisions, of which there is at least one.
        kind: its kind, None when unknown here.
        held: the digests that the council holds back, of this record or of others.
    """
    known = {revision.digest: revision for revision in sorted(revisions, key=lambda revision: revision.digest)}
    if len(known) == 1 and (state := _finished_once(next(iter(known.values())), kind, held)):
        return state
    ancestry = _ancestry(known)
    idle = _without_effect(known, ancestry, held)
    taking_part = (
        [revision for revision in known.values() if revision.digest not in idle] if idle else list(known.values())
    )
    said = [revision for revision in taking_part if revision.envelope.action != "countersign"]
    changes = [change for revision in said if (change := _change(revision, kind)) is not None]
    by_unit: dict[str, list[_Change]] = {}
    for change in changes:
        for unit in dict.fromkeys(change.body.changed):
            by_unit.setdefault(unit, []).append(change)
    growths = _growths(changes, by_unit, ancestry, kind)
    values: dict[str, Any] = {}
    conflicts: dict[str, tuple[Side, ...]] = {}
    for unit, changed in sorted(_by_row(by_unit, kind, ancestry).items()):
        if len(changed) == 1:  # as of nearly every answer
            values[unit] = changed[0].units.value(unit)
            continue
        is_split = "/" not in unit and _is_list(kind, unit)
        sides = _sides(unit, changed, ancestry, _without_rows if is_split else None)
        values[unit] = sides[0].value
        if len(sides) > 1:
            conflicts[unit] = sides
    deciding = [revision.digest for revision in said if revision.digest not in growths]
    latest = ancestry.latest(deciding)
    withdrawals = [revision for revision in latest if known[revision].envelope.action == "withdraw"]
    opposed = len(withdrawals) < len(latest) or _beside(growths, withdrawals, ancestry)
    signatures = _counting(
        [revision for revision in taking_part if revision.envelope.action == "countersign"], said, growths, ancestry
    )
    return State(
        record=next(iter(known.values())).envelope.record,
        kind=kind_of(taking_part or known.values()),
        fields=_assembled(values),
        conflicts=conflicts,
        heads=ancestry.latest([revision.digest for revision in said]),
        growths=growths,
        latest=latest,
        withdrawn=bool(withdrawals) and not opposed,
        disputed=bool(withdrawals) and opposed,
        countersigned=tuple(sorted({parent for revision in signatures for parent in revision.envelope.parents})),
        countersignatures=tuple(revision.digest for revision in signatures),
        incomplete=len(changes) < len(said),
        without_effect=idle,
        newest_held=_newest_held(idle, said, ancestry) if idle else (),
    )


def _finished_once(revision: Revision, kind: Kind | None, held: Collection[str]) -> State | None:
    """The state of a record that was finished and never changed, as every record is when it is saved: there is nothing to weigh.

    None where there is: the revision comes after others or is held back, its text is not here, or it names single rows.
    """
    envelope = revision.envelope
    if envelope.action != "finish" or envelope.parents or revision.digest in held:
        return None
    body = body_of(revision, kind)
    if body is None or any("/" in unit for unit in body.changed):
        return None
    values = {name: body.fields.get(name) for name in sorted(body.changed)}
    fields = {name: value for name, value in values.items() if value is not None}
    alone = (revision.digest,)
    return State(record=envelope.record, kind=envelope.kind, fields=fields, heads=alone, latest=alone)


def signed_by_their_authors(
    revisions: Iterable[Revision], kind: Kind | None, held: Collection[str] = ()
) -> frozenset[str]:
    """The countersignatures (digests) by somebody who wrote what they name, or what went before it; see ``fold``."""
    known = {revision.digest: revision for revision in revisions}
    state, ancestry = fold(known.values(), kind, held), _ancestry(known)
    wrote = [
        revision
        for revision in known.values()
        if revision.envelope.action != "countersign" and revision.digest not in state.without_effect | state.growths
    ]
    return frozenset(
        revision.digest
        for revision in known.values()
        if revision.envelope.action == "countersign" and _is_own_work(revision, wrote, ancestry)
    )


def behind(known: Mapping[str, Revision], heads: Iterable[str]) -> set[str]:
    """Of the revisions that are known, these heads and all that they come after."""
    waiting, found = [digest for digest in heads if digest in known], set[str]()
    while waiting:
        digest = waiting.pop()
        if digest not in found:
            found.add(digest)
            waiting += [parent for parent in known[digest].envelope.parents if parent in known]
    return found


def seen(
    known: Mapping[str, Revision], heads: Iterable[str], kind: Kind | None, held: Collection[str] = ()
) -> Mapping[str, Any]:
    """A record's fields as somebody saw them who had these heads and all that they come after; none without a head.

    What was ``held`` back for them took no part.
    """
    digests = behind(known, heads)
    return fold([known[digest] for digest in digests], kind, held).fields if digests else {}


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
    """The kind that a record is of: what the first of these revisions says.

    One whose text is not here decides only where there is no other: it may be written as another kind than the record's, and
    the order that holds it back not have come.
    """
    return min(
        revisions, key=lambda revision: (revision.body is None, bool(revision.envelope.parents), revision.digest)
    ).envelope.kind


def _without_effect(known: Mapping[str, Revision], ancestry: _Ancestry, held: Collection[str]) -> frozenset[str]:
    """What is held back, and what comes after nothing but that: an amendment of a record that is not there.

    Of what is amended here and was begun elsewhere nothing is known, so it counts.
    """
    found = {revision for revision in known if revision in held} if held else set[str]()
    if not found:
        return frozenset()
    begun = ancestry.bits(
        digest
        for digest, revision in known.items()
        if digest not in found and not any(parent in known for parent in revision.envelope.parents)
    )
    return frozenset(
        revision
        for revision in known
        if revision in found or not (ancestry.bit[revision] | ancestry.older[revision]) & begun
    )


def _ancestry(known: Mapping[str, Revision]) -> _Ancestry:
    """Written as a loop: a record may be amended more often than functions may call each other."""
    bit: dict[str, int] = {}
    older: dict[str, int] = {}
    waiting = list(known)
    while waiting:
        digest = waiting[-1]
        parents = [revision for revision in known[digest].envelope.parents if revision in known]
        missing = [digest for digest in parents if digest not in older]
        if missing and digest not in older:
            waiting += missing
            continue
        waiting.pop()
        if digest in older:
            continue
        behind = 0
        for parent in parents:
            behind |= older[parent] | bit[parent]
        older[digest], bit[digest] = behind, 1 << len(bit)
    return _Ancestry(bit, older)


def _growths(
    changes: list[_Change], by_unit: Mapping[str, list[_Change]], ancestry: _Ancestry, kind: Kind | None
) -> frozenset[str]:
    """The revisions that only add rows."""
    changed_by: dict[str, int] = {}

    def changed_among(revisions: int, unit: str) -> bool:
        if unit not in changed_by:
            changed_by[unit] = ancestry.bits(change.digest for change in by_unit[unit])
        return bool(changed_by[unit] & revisions)

    return frozenset(
        change.digest
        for change in changes
        if is_growth(kind, change.envelope, change.body, partial(changed_among, ancestry.older[change.digest]))
    )


def _beside(growths: Iterable[str], withdrawals: Collection[str], ancestry: _Ancestry) -> bool:
    """Whether a row was added side by side with the withdrawals: neither knew of the other."""
    withdrawn, before = ancestry.bits(withdrawals), ancestry.behind(withdrawals)
    return any(not (ancestry.older[growth] & withdrawn or ancestry.bit[growth] & before) for growth in growths)


def _newest_held(idle: frozenset[str], said: Iterable[Revision], ancestry: _Ancestry) -> tuple[str, ...]:
    newest = ancestry.latest({*idle, *(revision.digest for revision in said)})
    return tuple(digest for digest in newest if digest in idle)


def _counting(
    signatures: Sequence[Revision], said: Sequence[Revision], growths: Collection[str], ancestry: _Ancestry
) -> list[Revision]:
    """The countersignatures that count.

    What one names is here and still stands: no other revision than those, and those they come after, decides anything. It
    is not by a person who wrote any of it, on whichever laptop; who only added rows to a list that grows wrote none.
    """
    if not signatures:
        return []
    wrote = [revision for revision in said if revision.digest not in growths]
    whole, there = ancestry.bits(revision.digest for revision in wrote), {revision.digest for revision in said}
    return [
        revision
        for revision in signatures
        if revision.envelope.parents
        and there.issuperset(revision.envelope.parents)
        and not whole & ~ancestry.through(revision.envelope.parents)
        and not _is_own_work(revision, wrote, ancestry)
    ]


def _is_own_work(signature: Revision, wrote: Iterable[Revision], ancestry: _Ancestry) -> bool:
    """Whether the person who countersigns wrote what is named, or what went before it."""
    named = ancestry.through(digest for digest in signature.envelope.parents if digest in ancestry.bit)
    return any(
        revision.envelope.author == signature.envelope.author and bool(ancestry.bit[revision.digest] & named)
        for revision in wrote
    )


def _sides(
    unit: str, changes: list[_Change], ancestry: _Ancestry, alike: Callable[[Any], Any] | None = None
) -> tuple[Side, ...]:
    """The distinct values of a unit, by digest; ``alike`` gives of a value what it is told apart by."""
    by_digest = {change.digest: change for change in changes}
    grouped: dict[bytes, tuple[Any, list[str]]] = {}
    for digest in ancestry.latest(by_digest):
        value = by_digest[digest].units.value(unit)
        told = value if alike is None else alike(value)
        grouped.setdefault(msgspec.json.encode(told, order="deterministic"), (value, []))[1].append(digest)
    return tuple(Side(value, tuple(digests)) for value, digests in grouped.values())


def _is_list(kind: Kind | None, name: str) -> bool:
    described = kind.by_name.get(name) if kind is not None else None
    return described is not None and described.type == "rows"


def _without_rows(value: Any) -> Any:
    """What a list holds that is no row with an id; of anything but a list all of it."""
    return [entry for entry in value if not row_id(entry)] or None if isinstance(value, list) else value


def _by_row(by_unit: Mapping[str, list[_Change]], kind: Kind | None, ancestry: _Ancestry) -> dict[str, list[_Change]]:
    """The changes of each unit, those of a list as a whole among those of each of its rows.

    A list that was only ever changed as a whole, and last in one way, is left as it stands.
    """
    found = {unit: list(changes) for unit, changes in by_unit.items()}
    rows: dict[str, list[str]] = {}
    for unit in by_unit:
        name, slash, _ = unit.partition("/")
        if slash and name in by_unit:
            rows.setdefault(name, []).append(unit)
    for name, wholes in by_unit.items():
        if "/" in name:
            continue
        units = dict.fromkeys(rows.get(name, ()))
        if (len(wholes) > 1 or units) and _is_list(kind, name):
            last = set(ancestry.latest([change.digest for change in wholes]))
            if len(last) > 1 or units:
                held = (change.units.rows(name) for change in wholes if change.digest in last)
                units |= dict.fromkeys(f"{name}/{row}" for ids in held for row in ids)
        for unit in units:
            found[unit] = [*found.get(unit, ()), *wholes]
    return found


def row_id(row: Any) -> str:
    """A row's id, '' of anything that is not a row with an id."""
    found = row.get("id") if isinstance(row, Mapping) else ""
    return found if isinstance(found, str) else ""


def rows_by_id(value: Any) -> dict[str, Mapping[str, Any]]:
    """The rows of a list by their ids, of two with one id the first; what is not a row with an id is left out."""
    found: dict[str, Mapping[str, Any]] = {}
    for row in value if isinstance(value, list) else ():
        if name := row_id(row):
            found.setdefault(name, row)
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
        whole = fields.get(name)
        found = with_rows(whole, values_of)
        if found or whole is None or isinstance(whole, list):  # else a later change of the whole took all rows out
            fields[name] = found
    return fields


def with_rows(value: Any, rows: Mapping[str, Any]) -> list[Any]:
    """A list with these rows in place of those of their ids, at its end; a row that is ``ABSENT`` is taken out."""
    held = value if isinstance(value, list) else []
    others = [row for row in held if row_id(row) not in rows]
    return [*others, *(row for row in rows.values() if row != ABSENT)]
