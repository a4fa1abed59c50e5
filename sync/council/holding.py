"""What the council holds back, and the orders in its own chain by which laptops know it.

An authentic revision is held back for what its envelope, its body and its author's certificate say: never for an answer
that does not fit its field. A countersignature is judged by who wrote what it names, again whenever more of that record
comes. Every revision that is held back is named by a hold order of the same transaction; while the council's own chain
cannot be written on nothing can be ordered, and what waits for its order is given to nobody (``send``). A laptop that
the folder keeps out gets its order here too. Must not end a hold: a release does (``administration``).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hipss_desktop import times
from hipss_desktop.errors import Tampered, UserError
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.kinds.council import HOLD, REVOCATION
from hipss_desktop.records.agreement import amending, disagreements
from hipss_desktop.records.bounds import beyond_bounds
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fold import body_of, fold, signed_by_their_authors
from hipss_desktop.records.kind import Kind
from hipss_desktop.records.revision import Revision, as_far_as_read
from sync.council import bodies
from sync.council import tables as t
from sync.council.chain import (
    Council,
    HeldAtCouncil,
    OwnChain,
    Seat,
    acting_kinds,
    last_link,
    own_chain_on,
    plain_name,
    seats,
)
from sync.council.home import KeptOut
from sync.wire.messages import LARGEST_BATCH


class Reason(NamedTuple):
    """Why a revision is held back: by its code (``hold_reason``), and in words that its author understands."""

    code: str
    words: str


_OTHER_KIND = Reason("other_kind", "This is written as another kind of record than it is.")
_REVOKED = Reason("revoked", "This laptop was no longer allowed to sync when this was written.")


_WAITING = sa.select(t.held.c.digest, t.held.c.code).where(t.held.c.ordered_by.is_(None)).order_by(t.held.c.digest)
"""What no order names yet."""


def hold(
    council: Council,
    connection: Connection,
    author: Seat,
    fresh: Sequence[Revision],
    late: Sequence[Revision],
    now: str,
) -> OwnChain | None:
    """Put in quarantine what may not be, with its order; returns the council's own chain where it was written on.

    Args:
        council: whose quarantine it is.
        connection: the transaction that has kept the revisions.
        author: whose they are, by the newest certificate.
        fresh: those that came now.
        late: those held before without their text, which came now: their text is judged when it comes.
        now: the council's time.
    """
    if author.seat == council.seat:
        _keep(connection, _after_revocation(connection, [*fresh, *late]), now)
        # Only where the anchor says how long the chain was: an order too early would stand where one that comes back belongs.
        behind = bool(fresh) and fresh[0].envelope.number <= council.home.anchor().number
        return order(council, connection) if behind else None
    undecided = _undecided(connection, [*fresh, *late])
    reasons = {
        revision.digest: why
        for revision in (*fresh, *late)
        if revision.digest in undecided and (why := why_held(author, revision)) is not None
    }
    _keep(connection, reasons, now)
    _keep(connection, _other_kind_than_amended(connection, fresh), now)
    acting = [revision for revision in fresh if revision.digest in _undecided(connection, fresh)]
    _keep(connection, _other_kind(connection, acting), now)
    _keep(connection, _not_as_given(council, connection, [*fresh, *late], fresh), now)
    _keep(connection, _own_work(council, connection, [*fresh, *late]), now)
    return order(council, connection)


def order(council: Council, connection: Connection) -> OwnChain | None:
    """Write the orders that are wanting, of holds and revocations; None where there are none, or none can be written now."""
    if not _wanting(council, connection):
        return None
    chain = own_chain_on(council, connection)
    if chain is not None:
        _write_holds(chain)
        revoke(chain, kept_out(council, connection))
    return chain


def revoke(chain: OwnChain, seats_kept_out: Mapping[str, KeptOut]) -> dict[str, Revision]:
    """Revoke seats by orders, with what they say is held back; gives the order of each seat."""
    orders: dict[str, Revision] = {}
    for seat, kept in seats_kept_out.items():
        since = times.instant_or_none(kept.since)
        fields = {"seat": seat, "after": received_before(chain.connection, seat, since), "why": kept.why}
        orders[seat] = chain.append(REVOCATION, fields | ({"since": kept.since} if since else {}))
    _keep(chain.connection, _after_revocation(chain.connection, orders.values()), chain.council.now())
    _write_holds(chain)
    return orders


def received_before(connection: Connection, seat: str, since: datetime | None) -> int:
    """The last number that the council had received of a seat before a moment; all that it has for None."""
    if since is not None:
        query = sa.select(t.envelope.c.number, t.envelope.c.at).where(t.envelope.c.seat == seat)
        for number, at in connection.execute(query.order_by(t.envelope.c.number)):
            if times.instant(at) >= since:
                return int(number) - 1
    return last_link(connection, seat).number


def _write_holds(chain: OwnChain) -> None:
    rows = [{"id": digest, "reason": code} for digest, code in chain.connection.execute(_WAITING)]
    for start in range(0, len(rows), LARGEST_BATCH):
        chain.append(HOLD, {"revisions": rows[start : start + LARGEST_BATCH]})


def kept_out(council: Council, connection: Connection) -> dict[str, KeptOut]:
    """The certified seats that the folder keeps out and the council's own chain does not yet, each with what was said of it."""
    listed = council.home.revoked()
    if not listed:
        return {}
    certified = seats(connection, t.seat.c.seat.in_(list(listed)), t.revocation.c.seat.is_(None))
    return {seat.seat: listed[seat.seat] for seat in certified}


def _wanting(council: Council, connection: Connection) -> bool:
    return connection.scalar(_WAITING.limit(1)) is not None or bool(kept_out(council, connection))


def catch_up(council: Council) -> None:
    """Write the orders that are wanting: they waited until the council was certain of its own chain."""
    with council.store.reading() as connection:
        if not _wanting(council, connection):
            return
    with council.store.writing() as connection:
        chain = order(council, connection)
    if chain is not None:
        council.home.write_anchor(chain.link)


def _keep(connection: Connection, reasons: dict[str, Reason], now: str) -> None:
    rows = [{"digest": digest, "reason": why.words, "code": why.code, "at": now} for digest, why in reasons.items()]
    if rows:
        connection.execute(sa.insert(t.held), rows)


def _after_revocation(connection: Connection, orders: Iterable[Revision]) -> dict[str, Reason]:
    """What came of a seat before its revocation came back, and was written after it."""
    contents = [found.content() for found in orders if found.envelope.kind == REVOCATION.name]
    revoked = [REVOCATION.read(content.fields) for content in contents if content is not None]
    query = sa.select(t.envelope.c.digest)
    late = {
        digest
        for seat in revoked
        for digest in connection.scalars(
            query.where(t.envelope.c.seat == seat.seat, t.envelope.c.number > (seat.after or 0))
        )
    }
    decided = {digest for table in (t.held, t.released) for digest in connection.scalars(sa.select(table.c.digest))}
    return dict.fromkeys(late - decided, _REVOKED)


def _undecided(connection: Connection, revisions: Iterable[Revision]) -> set[str]:
    """The digests of those that are neither held back nor released."""
    digests = {revision.digest for revision in revisions}
    return digests - {
        digest
        for table in (t.released, t.held)
        for digest in connection.scalars(sa.select(table.c.digest).where(table.c.digest.in_(digests)))
    }


def _other_kind_than_amended(connection: Connection, fresh: Sequence[Revision]) -> dict[str, Reason]:
    """What amends revisions of other kinds alone, in the records of which something came.

    What it amends may be held back itself, of a revoked laptop say: it says all the same what the record is. What was released
    does not: an older program released what was of another kind.
    """
    named = sa.select(t.envelope.c.record).where(
        t.envelope.c.record.in_({plain_name(revision.envelope.record) for revision in fresh} - {""})
    )
    records = connection.scalars(
        named.group_by(t.envelope.c.record).having(sa.func.count(t.envelope.c.kind.distinct()) > 1)
    )
    found: dict[str, Reason] = {}
    for record in sorted(records):
        rows = connection.execute(
            sa.select(t.envelope.c.digest, t.envelope.c.kind).where(t.envelope.c.record == record)
        )
        kinds = dict(rows.tuples().all())
        acting, released = _acting(connection, record)
        for revision in acting:
            amended = {kinds[parent] for parent in revision.envelope.parents if parent in kinds.keys() - released}
            if amended and revision.envelope.kind not in amended and revision.digest not in released:
                found[revision.digest] = _OTHER_KIND
    return found


def _other_kind(connection: Connection, came: Sequence[Revision]) -> dict[str, Reason]:
    """What would change a record under the name of another kind, which other roles may write.

    The first revision that begins a record says its kind, and each record is judged as a whole when more of it comes: after a
    restore what amends it may come back before what began it. A kind that was decided against stays so (``hold_others``). Of two
    beginnings one that was released decides last, as an older program released what was of another kind.
    """
    kinds = acting_kinds(connection, {plain_name(revision.envelope.record) for revision in came} - {""})
    for revision in came:
        kinds.setdefault(revision.envelope.record, set()).add(revision.envelope.kind)
    found: dict[str, Reason] = {}
    for record in sorted(record for record, named in kinds.items() if len(named) > 1):
        acting, released = _acting(connection, record)
        acting += [
            revision
            for revision in came
            if (revision.envelope.record, revision.envelope.kind in KINDS) == (record, False)
        ]
        against = _decided_against(connection, record, acting, released)
        first = min(
            acting,
            key=lambda revision: (
                revision.envelope.kind in against,
                bool(revision.envelope.parents),
                revision.digest in released,
            ),
        )
        found |= {
            revision.digest: _OTHER_KIND
            for revision in acting
            if revision.envelope.kind != first.envelope.kind and revision.digest not in released
        }
    return found


def _decided_against(
    connection: Connection, record: str, acting: Sequence[Revision], released: Collection[str]
) -> set[str]:
    """The kinds that people decided a record is not of: something of them is held for it, and a beginning of another was released.

    The hold alone decides nothing: what amends a child may come before the child, and is held while something else acts.
    """
    query = sa.select(t.envelope.c.kind).join(t.held, t.held.c.digest == t.envelope.c.digest).distinct()
    held = connection.scalars(query.where(t.envelope.c.record == record, t.held.c.code == _OTHER_KIND.code))
    against = set(held)
    begun = {
        revision.envelope.kind for revision in acting if revision.digest in released and not revision.envelope.parents
    }
    return against if begun - against else set()


def hold_others(chain: OwnChain, record: str, kind: str) -> list[str]:
    """Decide that a record is of a kind: hold back what acts in it as another one.

    Returns:
        The digests of what was held back of that kind because of the others, which may be released now.

    Raises:
        UserError: something of another kind was released, which is for good.
    """
    connection = chain.connection
    acting, released = _acting(connection, record)
    others = {revision.digest for revision in acting if revision.envelope.kind != kind}
    if others & released:
        raise UserError("Something of another kind was released under this identifier, and a release is for good.")
    _keep(connection, dict.fromkeys(sorted(others), _OTHER_KIND), chain.council.now())
    _write_holds(chain)
    query = (
        sa.select(t.held.c.digest)
        .join(t.envelope, t.envelope.c.digest == t.held.c.digest)
        .where(t.envelope.c.record == record, t.envelope.c.kind == kind, t.held.c.code == _OTHER_KIND.code)
        .order_by(t.envelope.c.seat, t.envelope.c.number)
    )
    return list(connection.scalars(query))


def _acting(connection: Connection, record: str) -> tuple[list[Revision], set[str]]:
    """What acts of a record, without its texts, in the order in which it came, and the digests of what was released."""
    query = (
        sa.select(t.envelope.c.jws, t.released.c.digest)
        .outerjoin(t.held, t.held.c.digest == t.envelope.c.digest)
        .outerjoin(t.released, t.released.c.digest == t.envelope.c.digest)
        .where(t.envelope.c.kind.in_(list(KINDS)), t.envelope.c.record == record, t.held.c.digest.is_(None))
        .order_by(t.envelope.c.at, t.envelope.c.seat, t.envelope.c.number)
    )
    rows = connection.execute(query).all()
    revisions = [revision for jws, _ in rows if (revision := as_far_as_read(jws, None, None)) is not None]
    return revisions, {digest for _, digest in rows if digest is not None}


def why_held(author: Seat, revision: Revision) -> Reason | None:
    """Why an authentic revision is held back for itself; None when it is not."""
    link = revision.envelope
    if author.revoked_after is not None and link.number > author.revoked_after:
        return _REVOKED
    if plain_name(link.record) != link.record or plain_name(link.kind) != link.kind:
        return Reason("no_record", "The council cannot read the name of this record.")
    kind = KINDS.get(link.kind)
    if kind is None:
        return None
    if link.action == "countersign":
        return _may_not_countersign(author, kind)
    if author.role not in kind.writers:
        words = f"{_writer(author)} may not write {_plural(kind)}. Ask a manager to release it."
        return Reason("may_not_write", words)
    try:
        body = body_of(revision, kind)
    except (Tampered, RecursionError):
        return Reason("no_text", "The text of this record cannot be read.")
    if words := beyond_bounds(body.fields, body.changed, link.parents) if body else "":
        return Reason("too_much", words)
    # Whatever names the stage as changed sets it, a withdrawal too.
    stage = kind.moved_to(body.fields, body.changed) if body else None
    if stage is not None and author.role not in stage.movers:
        name, label = kind.by_name[kind.stage].label.rstrip("?").lower(), kind.stage_label(stage.code)
        words = (
            f"{_writer(author)} may not set the {name} of {_plural(kind)} to '{label}'. Ask a manager to release it."
        )
        return Reason("may_not_move", words)
    return None


def _not_as_given(
    council: Council, connection: Connection, came: Sequence[Revision], fresh: Sequence[Revision]
) -> dict[str, Reason]:
    """What amends a record that nobody may amend, or says of another record what is not so.

    Each record is judged as a whole whenever more of it comes: a row may come before the record that it was added to.
    """
    kinds = {name: kind for name, kind in KINDS.items() if kind.agrees or not kind.amendable}
    records = {(link.kind, link.record) for revision in came if (link := revision.envelope).kind in kinds}
    if not records:
        return {}
    _see_each_other(council, connection)
    others, new = HeldAtCouncil(connection), {revision.digest for revision in fresh}
    found: dict[str, Reason] = {}
    for name, record in sorted(records):
        kind = kinds[name]
        revisions, held = _whole(connection, name, record)
        part = [revision for revision in revisions if revision.digest not in held]
        part.sort(key=lambda revision: revision.digest in new)  # what was here first stands, in the order it came in
        amends = amending(part, kind) if not kind.amendable else frozenset()
        stand = [revision for revision in part if revision.digest not in amends]
        undecided = _undecided(connection, part)
        words = f"Nobody may amend {_plural(kind)}: each stands as it was given."
        found |= {digest: Reason("may_not_amend", words) for digest in amends & undecided}
        found |= {
            revision.digest: Reason("disagrees", why)
            for revision in stand
            if revision.digest in undecided and (why := _says_otherwise(kind, revision, stand, others))
        }
    return found


def _says_otherwise(kind: Kind, revision: Revision, record: Sequence[Revision], others: HeldAtCouncil) -> str:
    """Why a revision of a record says of another record what is not so; '' where it is so, or that is not here."""
    try:
        body = body_of(revision, kind) if revision.envelope.action != "countersign" else None
    except (Tampered, RecursionError):
        return ""
    if body is None or not body.changed:  # a withdrawal says nothing new, and may be somebody else's
        return ""
    # A revision that adds rows holds those rows alone: what they belong to stands in the record as it was given.
    given = fold([first for first in record if not first.envelope.parents] or [revision], kind)
    found = disagreements(kind, {**given.fields, **body.fields}, others, revision.envelope.author)
    return next((one.message for one in found if not one.missing), "")


def _may_not_countersign(author: Seat, kind: Kind) -> Reason | None:
    """What a countersignature says is not asked: it acts by its envelope alone."""
    if not kind.countersigned_by:
        return Reason("may_not_countersign", f"{kind.plural} wait for no countersignature.")
    if author.role not in kind.countersigned_by:
        return Reason("may_not_countersign", f"{_writer(author)} may not countersign {_plural(kind)}.")
    return None


def _own_work(council: Council, connection: Connection, came: Sequence[Revision]) -> dict[str, Reason]:
    """The countersignatures by somebody who wrote what they name, of the records of which something came.

    What one names, and what went before that, may come after it: it is judged again then.
    """
    records = {revision.envelope.record for revision in came if _waits_for_one(revision.envelope.kind)}
    if not records:
        return {}
    _see_each_other(council, connection)
    found: dict[str, Reason] = {}
    for kind, revisions, held in _countersigned(connection, records):
        for digest in signed_by_their_authors(revisions, kind, held) & _undecided(connection, revisions):
            found[digest] = Reason("own_work", "This was countersigned by somebody who wrote or amended it.")
    return found


def _see_each_other(council: Council, connection: Connection) -> None:
    """Two laptops that push to one record at once must see each other's: the council's own chain is the lock for it."""
    own_chain_on(council, connection)


def _waits_for_one(kind: str) -> bool:
    return kind in KINDS and bool(KINDS[kind].countersigned_by)


def _countersigned(connection: Connection, records: set[str]) -> Iterator[tuple[Kind, list[Revision], frozenset[str]]]:
    """Those of these records that somebody countersigned, each with its kind, its revisions and those held back."""
    for name, kind in KINDS.items():
        if not kind.countersigned_by:
            continue
        query = sa.select(t.envelope.c.jws).where(t.envelope.c.kind == name, t.envelope.c.record.in_(sorted(records)))
        envelopes = [found for jws in connection.scalars(query) if (found := as_far_as_read(jws, None, None))]
        for record in sorted(
            {revision.envelope.record for revision in envelopes if revision.envelope.action == "countersign"}
        ):
            revisions, held = _whole(connection, name, record)
            yield kind, revisions, held


def _whole(connection: Connection, kind: str, record: str) -> tuple[list[Revision], frozenset[str]]:
    """All revisions of a record in the order in which they came, and those held back."""
    query = (
        sa.select(t.held.c.digest, t.envelope.c.digest, t.envelope.c.jws, t.body.c.sealed)
        .select_from(t.envelope)
        .outerjoin(t.body, t.body.c.digest == t.envelope.c.digest)
        .outerjoin(t.held, t.held.c.digest == t.envelope.c.digest)
        .where(t.envelope.c.kind == kind, t.envelope.c.record == record)
        .order_by(t.envelope.c.at, t.envelope.c.seat, t.envelope.c.number)
    )
    rows = connection.execute(query).all()
    revisions = [found for _, *parts in rows if (found := bodies.as_far_as_read(connection, *parts)) is not None]
    return revisions, frozenset(digest for digest, *_ in rows if digest is not None)


def _writer(author: Seat) -> str:
    return _a(code_list("role").label(author.role))


def _a(role: str) -> str:
    return f"{'An' if role[:1].lower() in 'aeio' else 'A'} {role[:1].lower()}{role[1:]}"


def _plural(kind: Kind) -> str:
    return kind.plural[:1].lower() + kind.plural[1:]
