"""Computes the state of a record from all its revisions, whatever the order in which they arrived.

A field's value comes from the latest revisions that changed it. Ancestry says which are the latest, never the clock. If these
give different values, the field has a conflict, which a person must decide. Each row of a list is a unit: its value is computed
like that of a field. A change of a whole list, which an older program may make, is a change of each of its rows.

A withdrawal beside an amendment always waits for a person. A row that was added to a growing list (``records.growth``) does not
count as an amendment, but it opposes a withdrawal by somebody who did not have it. A revision that the council holds back takes
no part, nor does one that amends only such revisions. Of a revision after both held-back and other revisions, only its own
changes count.

Any permutation, partition or repetition of a set of revisions gives the same state. The time grows with the number of rows, not
with its square. Must not look at a clock or a store, nor decide which revisions are held back.
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
"""The value of a row that a revision removed, when values are compared."""


@dataclass(frozen=True)
class Side:
    """One of the values in a conflict, and the sorted digests of the revisions that give it."""

    value: Any
    digests: tuple[str, ...]


@dataclass(frozen=True)
class State:
    """The state of a record, from all its revisions.

    Attributes:
        fields: every field's value; for a conflict, the side with the lowest digest, so that all laptops show the same.
        conflicts: the sides of each unit that has two or more distinct values, in order of digest.
        heads: the digests that a next revision names as parents.
        growths: the digests of the revisions that only added rows.
        latest: the digests of the latest revisions besides ``growths``, which decide whether the record is withdrawn.
        withdrawn: whether all of ``latest`` withdraw the record. ``disputed``: whether one withdraws while another amends,
            or a row was added by somebody who did not know of the withdrawal.
        countersigned: the digests of the revisions that valid countersignatures name; since then only rows were added.
        countersignatures: the digests of the valid countersignatures; none is by a person who wrote or amended the record.
        incomplete: whether a body is not here (erased, not for this role, not yet fetched).
        without_effect: the digests of the revisions that take no part: held back by the council, or amending only those. A
            record in which no revision takes part has no heads and is in no list.
        newest_held: the digests of ``without_effect`` that no revision comes after, sorted.
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
    """Reads the units of a body: its fields, and the rows of its lists. It goes through each list once."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = fields
        self._rows: dict[str, dict[str, Mapping[str, Any]]] = {}

    def value(self, unit: str) -> Any:
        """The value of a unit: of a field, or of the row with an id (``ABSENT`` if there is no such row)."""
        name, _, row = unit.partition("/")
        return self.rows(name).get(row, ABSENT) if row else self._fields.get(name)

    def rows(self, name: str) -> Mapping[str, Mapping[str, Any]]:
        """The rows of a list by their ids."""
        if name not in self._rows:
            self._rows[name] = rows_by_id(self._fields.get(name))
        return self._rows[name]


@dataclass(frozen=True)
class _Change:
    """A revision that is not a countersignature, with its body in the present fields of its kind."""

    digest: str
    envelope: Envelope
    body: Body
    units: Units


@dataclass(frozen=True)
class _Ancestry:
    """Which revisions come after which, as sets of bits, because a record may be amended and grow many times.

    Attributes:
        bit: each revision's own bit.
        older: the bits of all that a revision comes after.
    """

    bit: Mapping[str, int]
    older: Mapping[str, int]

    def bits(self, digests: Iterable[str]) -> int:
        """The bits of these revisions."""
        bits = 0
        for digest in digests:
            bits |= self.bit[digest]
        return bits

    def behind(self, digests: Iterable[str]) -> int:
        """The bits of all revisions before at least one of these."""
        bits = 0
        for digest in digests:
            bits |= self.older[digest]
        return bits

    def through(self, digests: Iterable[str]) -> int:
        """The bits of these revisions and of all revisions before them."""
        bits = 0
        for digest in digests:
            bits |= self.bit[digest] | self.older[digest]
        return bits

    def latest(self, digests: Collection[str]) -> tuple[str, ...]:
        """The latest of these revisions, after which none of the others comes; sorted by digest."""
        behind = self.behind(digests)
        return tuple(digest for digest in sorted(digests) if not self.bit[digest] & behind)


def fold(revisions: Iterable[Revision], kind: Kind | None, held: Collection[str] = ()) -> State:
    """The state of one record.

    Args:
        revisions: all its revisions, of which there is at least one.
        kind: its kind, or None if the kind is unknown here.
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
    writing = [revision for revision in taking_part if revision.envelope.action != "countersign"]
    changes = [change for revision in writing if (change := _change(revision, kind)) is not None]
    by_unit: dict[str, list[_Change]] = {}
    for change in changes:
        for unit in dict.fromkeys(change.body.changed):
            by_unit.setdefault(unit, []).append(change)
    growths = _growths(changes, by_unit, ancestry, kind)
    values: dict[str, Any] = {}
    conflicts: dict[str, tuple[Side, ...]] = {}
    for unit, changed in sorted(_by_row(by_unit, kind, ancestry).items()):
        if len(changed) == 1:  # true of nearly every answer
            values[unit] = changed[0].units.value(unit)
            continue
        is_split = "/" not in unit and _is_list(kind, unit)
        sides = _sides(unit, changed, ancestry, _without_rows if is_split else None)
        values[unit] = sides[0].value
        if len(sides) > 1:
            conflicts[unit] = sides
    deciding = [revision.digest for revision in writing if revision.digest not in growths]
    latest = ancestry.latest(deciding)
    withdrawals = [revision for revision in latest if known[revision].envelope.action == "withdraw"]
    opposed = len(withdrawals) < len(latest) or _beside(growths, withdrawals, ancestry)
    signatures = _counting(
        [revision for revision in taking_part if revision.envelope.action == "countersign"], writing, growths, ancestry
    )
    return State(
        record=next(iter(known.values())).envelope.record,
        kind=kind_of(taking_part or known.values()),
        fields=_assembled(values),
        conflicts=conflicts,
        heads=ancestry.latest([revision.digest for revision in writing]),
        growths=growths,
        latest=latest,
        withdrawn=bool(withdrawals) and not opposed,
        disputed=bool(withdrawals) and opposed,
        countersigned=tuple(sorted({parent for revision in signatures for parent in revision.envelope.parents})),
        countersignatures=tuple(revision.digest for revision in signatures),
        incomplete=len(changes) < len(writing),
        without_effect=idle,
        newest_held=_newest_held(idle, writing, ancestry) if idle else (),
    )


def _finished_once(revision: Revision, kind: Kind | None, held: Collection[str]) -> State | None:
    """The state of a record with a single revision, which finished it; computed faster than in ``fold``.

    None if the revision did not finish the record, has parents or is held back, its text is not here, or it names single rows.
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
    """The digests of countersignatures by people who wrote a revision that they name, or one before it; see ``fold``."""
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
    """The digests of the known revisions that are among these heads or before them."""
    waiting, digests = [digest for digest in heads if digest in known], set[str]()
    while waiting:
        digest = waiting.pop()
        if digest not in digests:
            digests.add(digest)
            waiting += [parent for parent in known[digest].envelope.parents if parent in known]
    return digests


def seen(
    known: Mapping[str, Revision], heads: Iterable[str], kind: Kind | None, held: Collection[str] = ()
) -> Mapping[str, Any]:
    """A record's fields as they were for a person who had only these heads and the revisions before them.

    Empty if no head is known.
    Revisions that were ``held`` back from that person take no part.
    """
    digests = behind(known, heads)
    return fold([known[digest] for digest in digests], kind, held).fields if digests else {}


def body_of(revision: Revision, kind: Kind | None) -> Body | None:
    """A revision's body in the present fields of the kind, or None if the body is not here."""
    content = revision.content()
    if content is None or kind is None:
        return content
    fields, changed = kind.upgraded(revision.envelope.schema, content.fields, content.changed)
    return Body(dict(fields), changed, content.why)


def _change(revision: Revision, kind: Kind | None) -> _Change | None:
    body = body_of(revision, kind)
    return None if body is None else _Change(revision.digest, revision.envelope, body, Units(body.fields))


def kind_of(revisions: Iterable[Revision]) -> str:
    """The kind of a record, as the first of these revisions names it.

    A revision whose text is not here decides only if there is no other. It may name another kind than the record's, and the
    order that holds it back may not have arrived.
    """
    return min(
        revisions, key=lambda revision: (revision.body is None, bool(revision.envelope.parents), revision.digest)
    ).envelope.kind


def _without_effect(known: Mapping[str, Revision], ancestry: _Ancestry, held: Collection[str]) -> frozenset[str]:
    """The digests of the revisions that are held back, and of those that come after held back ones only.

    The latter amend a record that is not there. A revision whose parents are not here counts, as nothing is known of them.
    """
    held_here = {revision for revision in known if revision in held} if held else set[str]()
    if not held_here:
        return frozenset()
    begun = ancestry.bits(
        digest
        for digest, revision in known.items()
        if digest not in held_here and not any(parent in known for parent in revision.envelope.parents)
    )
    return frozenset(
        revision
        for revision in known
        if revision in held_here or not (ancestry.bit[revision] | ancestry.older[revision]) & begun
    )


def _ancestry(known: Mapping[str, Revision]) -> _Ancestry:
    """Find which revisions come after which, in a loop: a record has more amendments than a recursion may have levels."""
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
    """Whether a row was added independently of the withdrawals: neither revision comes after the other."""
    withdrawn, before = ancestry.bits(withdrawals), ancestry.behind(withdrawals)
    return any(not (ancestry.older[growth] & withdrawn or ancestry.bit[growth] & before) for growth in growths)


def _newest_held(idle: frozenset[str], writing: Iterable[Revision], ancestry: _Ancestry) -> tuple[str, ...]:
    newest = ancestry.latest({*idle, *(revision.digest for revision in writing)})
    return tuple(digest for digest in newest if digest in idle)


def _counting(
    signatures: Sequence[Revision], writing: Sequence[Revision], growths: Collection[str], ancestry: _Ancestry
) -> list[Revision]:
    """The valid countersignatures.

    The revisions that a valid one names are here, and every revision that did more than add rows is among them or before them.
    Its author wrote none of those, on any laptop. A person who only added rows to a growing list did not write.
    """
    if not signatures:
        return []
    wrote = [revision for revision in writing if revision.digest not in growths]
    whole, digests = ancestry.bits(revision.digest for revision in wrote), {revision.digest for revision in writing}
    return [
        revision
        for revision in signatures
        if revision.envelope.parents
        and digests.issuperset(revision.envelope.parents)
        and not whole & ~ancestry.through(revision.envelope.parents)
        and not _is_own_work(revision, wrote, ancestry)
    ]


def _is_own_work(signature: Revision, wrote: Iterable[Revision], ancestry: _Ancestry) -> bool:
    """Whether the author of a countersignature wrote a revision that it names, or one before that."""
    named = ancestry.through(digest for digest in signature.envelope.parents if digest in ancestry.bit)
    return any(
        revision.envelope.author == signature.envelope.author and bool(ancestry.bit[revision.digest] & named)
        for revision in wrote
    )


def _sides(
    unit: str, changes: list[_Change], ancestry: _Ancestry, alike: Callable[[Any], Any] | None = None
) -> tuple[Side, ...]:
    """The distinct values of a unit, in order of digest. ``alike`` returns the part of a value that is compared."""
    by_digest = {change.digest: change for change in changes}
    grouped: dict[bytes, tuple[Any, list[str]]] = {}
    for digest in ancestry.latest(by_digest):
        value = by_digest[digest].units.value(unit)
        compared = value if alike is None else alike(value)
        grouped.setdefault(msgspec.json.encode(compared, order="deterministic"), (value, []))[1].append(digest)
    return tuple(Side(value, tuple(digests)) for value, digests in grouped.values())


def _is_list(kind: Kind | None, name: str) -> bool:
    described = kind.by_name.get(name) if kind is not None else None
    return described is not None and described.type == "rows"


def _without_rows(value: Any) -> Any:
    """The entries of a list that are not rows with an id, None if there are no such. Other values are returned unchanged."""
    return [entry for entry in value if not row_id(entry)] or None if isinstance(value, list) else value


def _by_row(by_unit: Mapping[str, list[_Change]], kind: Kind | None, ancestry: _Ancestry) -> dict[str, list[_Change]]:
    """The changes of each unit. A change of a whole list is also among the changes of each of its rows.

    A list that was only changed as a whole, with one latest change, stays one unit.
    """
    changes_of = {unit: list(changes) for unit, changes in by_unit.items()}
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
                rows_of = (change.units.rows(name) for change in wholes if change.digest in last)
                units |= dict.fromkeys(f"{name}/{row}" for ids in rows_of for row in ids)
        for unit in units:
            changes_of[unit] = [*changes_of.get(unit, ()), *wholes]
    return changes_of


def row_id(row: Any) -> str:
    """A row's id, or '' if ``row`` is not a row with an id."""
    identifier = row.get("id") if isinstance(row, Mapping) else ""
    return identifier if isinstance(identifier, str) else ""


def rows_by_id(value: Any) -> dict[str, Mapping[str, Any]]:
    """The rows of a list by their ids. Of two rows with one id the first counts. Entries without an id are left out."""
    rows: dict[str, Mapping[str, Any]] = {}
    for row in value if isinstance(value, list) else ():
        if name := row_id(row):
            rows.setdefault(name, row)
    return rows


def unit_value(fields: Mapping[str, Any], unit: str) -> Any:
    """The value of one unit. ``Units`` reads many units of the same body."""
    return Units(fields).value(unit)


def _assembled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Build the fields from their units. The units are sorted: a whole list comes before its rows, the rows by their ids."""
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
        entries = with_rows(whole, values_of)
        if (
            entries or whole is None or isinstance(whole, list)
        ):  # otherwise a later change of the whole list removed all rows
            fields[name] = entries
    return fields


def with_rows(value: Any, rows: Mapping[str, Any]) -> list[Any]:
    """A list with these rows at its end, in place of its rows with the same ids. A row that is ``ABSENT`` is removed."""
    entries = value if isinstance(value, list) else []
    others = [row for row in entries if row_id(row) not in rows]
    return [*others, *(row for row in rows.values() if row != ABSENT)]
