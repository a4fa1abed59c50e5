"""Hold back revisions that may not take effect, and write the orders that tell laptops so.

An authentic revision is held back because of its envelope, its body or its author's certificate, never for an answer that does
not fit its field. A countersignature is judged by who wrote the countersigned revisions, again whenever more of the record
arrives. A hold order in the same transaction names every revision that is held back. While the council cannot add to its own
chain, it can order nothing, and ``send`` gives revisions that wait for their order to nobody. This module also writes the
revocation of a laptop that only the folder's list refuses. Must not end a hold: a release does (``administration``).
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
    """Why a revision is held back: a code (``hold_reason``), and words that its author understands."""

    code: str
    words: str


_OTHER_KIND = Reason("other_kind", "This is written as another kind of record than it is.")
_REVOKED = Reason("revoked", "This laptop was no longer allowed to sync when this was written.")


_WAITING = sa.select(t.held.c.digest, t.held.c.code).where(t.held.c.ordered_by.is_(None)).order_by(t.held.c.digest)
"""Revisions that are held back and that no order names yet."""


def hold(
    council: Council,
    connection: Connection,
    author: Seat,
    fresh: Sequence[Revision],
    late: Sequence[Revision],
    now: str,
) -> OwnChain | None:
    """Hold back the revisions that may not take effect, with an order; return the council's own chain if it was extended.

    Args:
        council: the council that judges the revisions.
        connection: the transaction that has stored the revisions.
        author: the author's seat, by the newest certificate.
        fresh: revisions that arrived now.
        late: revisions that were stored without their text, which arrived now and is judged now.
        now: the council's time.
    """
    if author.seat == council.seat:
        _keep(connection, _after_revocation(connection, [*fresh, *late]), now)
        # Only if the anchor proves how long the chain was: an order too early would get the number of one still to come back.
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
    """Write the missing orders of holds and revocations; None if none is missing, or none can be written now."""
    if not _wanting(council, connection):
        return None
    chain = own_chain_on(council, connection)
    if chain is not None:
        _write_holds(chain)
        revoke(chain, kept_out(council, connection))
    return chain


def revoke(chain: OwnChain, seats_kept_out: Mapping[str, KeptOut]) -> dict[str, Revision]:
    """Revoke seats by orders, hold back what they wrote too late, and return the order of each seat."""
    orders: dict[str, Revision] = {}
    for seat, exclusion in seats_kept_out.items():
        since = times.instant_or_none(exclusion.since)
        fields = {"seat": seat, "after": received_before(chain.connection, seat, since), "why": exclusion.why}
        orders[seat] = chain.append(REVOCATION, fields | ({"since": exclusion.since} if since else {}))
    _keep(chain.connection, _after_revocation(chain.connection, orders.values()), chain.council.now())
    _write_holds(chain)
    return orders


def received_before(connection: Connection, seat: str, since: datetime | None) -> int:
    """Return the last number that the council received of a seat before a moment; None means until now."""
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
    """Return the certified seats that the folder's list refuses and the council's own chain does not revoke yet.

    Each seat has the reason and the time that were given for it.
    """
    listed = council.home.revoked()
    if not listed:
        return {}
    certified = seats(connection, t.seat.c.seat.in_(list(listed)), t.revocation.c.seat.is_(None))
    return {seat.seat: listed[seat.seat] for seat in certified}


def _wanting(council: Council, connection: Connection) -> bool:
    return connection.scalar(_WAITING.limit(1)) is not None or bool(kept_out(council, connection))


def catch_up(council: Council) -> None:
    """Write the missing orders, which waited until the council was certain of its own chain."""
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
    """Find revisions that a seat wrote after its revocation, and that arrived before the revocation order came back."""
    contents = [revision.content() for revision in orders if revision.envelope.kind == REVOCATION.name]
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
    """Return the digests of the revisions that are neither held back nor released."""
    digests = {revision.digest for revision in revisions}
    return digests - {
        digest
        for table in (t.released, t.held)
        for digest in connection.scalars(sa.select(table.c.digest).where(table.c.digest.in_(digests)))
    }


def _other_kind_than_amended(connection: Connection, fresh: Sequence[Revision]) -> dict[str, Reason]:
    """Find revisions that amend only revisions of other kinds, in the records of the new revisions.

    An amended revision shows the record's kind even if it is held back itself, for example because its laptop was revoked. A
    released revision does not: an older program also released revisions of the wrong kind.
    """
    named = sa.select(t.envelope.c.record).where(
        t.envelope.c.record.in_({plain_name(revision.envelope.record) for revision in fresh} - {""})
    )
    records = connection.scalars(
        named.group_by(t.envelope.c.record).having(sa.func.count(t.envelope.c.kind.distinct()) > 1)
    )
    reasons: dict[str, Reason] = {}
    for record in sorted(records):
        rows = connection.execute(
            sa.select(t.envelope.c.digest, t.envelope.c.kind).where(t.envelope.c.record == record)
        )
        kinds = dict(rows.tuples().all())
        acting, released = _acting(connection, record)
        for revision in acting:
            amended = {kinds[parent] for parent in revision.envelope.parents if parent in kinds.keys() - released}
            if amended and revision.envelope.kind not in amended and revision.digest not in released:
                reasons[revision.digest] = _OTHER_KIND
    return reasons


def _other_kind(connection: Connection, came: Sequence[Revision]) -> dict[str, Reason]:
    """Find revisions that would change a record as another kind, which other roles may write.

    The first revision that begins a record decides its kind. The whole record is judged whenever more of it arrives, because
    after a restore an amendment may come back before the revision that began the record. A kind that people decided against
    stays wrong (``hold_others``). Of two revisions that begin a record, a released one decides last: an older program also
    released revisions of the wrong kind.
    """
    kinds = acting_kinds(connection, {plain_name(revision.envelope.record) for revision in came} - {""})
    for revision in came:
        kinds.setdefault(revision.envelope.record, set()).add(revision.envelope.kind)
    reasons: dict[str, Reason] = {}
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
        reasons |= {
            revision.digest: _OTHER_KIND
            for revision in acting
            if revision.envelope.kind != first.envelope.kind and revision.digest not in released
        }
    return reasons


def _decided_against(
    connection: Connection, record: str, acting: Sequence[Revision], released: Collection[str]
) -> set[str]:
    """Return the kinds that people decided against for a record.

    A revision of such a kind is held back for its kind, and people released a revision of another kind that begins the record.
    The hold alone decides nothing: an amendment that arrives before its record's first revision may be held back as well.
    """
    query = sa.select(t.envelope.c.kind).join(t.held, t.held.c.digest == t.envelope.c.digest).distinct()
    held = connection.scalars(query.where(t.envelope.c.record == record, t.held.c.code == _OTHER_KIND.code))
    against = set(held)
    begun = {
        revision.envelope.kind for revision in acting if revision.digest in released and not revision.envelope.parents
    }
    return against if begun - against else set()


def hold_others(chain: OwnChain, record: str, kind: str) -> list[str]:
    """Decide a record's kind: hold back its revisions of other kinds that are in effect.

    Returns:
        The digests of revisions of that kind that were held back because of the others; they may be released now.

    Raises:
        UserError: a revision of another kind was released; a release is final.
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
    """Return a record's revisions in effect, without texts, in order of arrival, and the digests of the released ones."""
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
    """Return why an authentic revision is held back, judged without other revisions; None if it is not."""
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
    # A revision that lists the stage as changed sets the stage, even if it is a withdrawal.
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
    """Find revisions that amend a record that nobody may amend, or that contradict another record.

    The whole record is judged whenever more of it arrives: a row may arrive before the record that it was added to.
    """
    kinds = {name: kind for name, kind in KINDS.items() if kind.agrees or not kind.amendable}
    records = {(link.kind, link.record) for revision in came if (link := revision.envelope).kind in kinds}
    if not records:
        return {}
    _see_each_other(council, connection)
    others, new = HeldAtCouncil(connection), {revision.digest for revision in fresh}
    reasons: dict[str, Reason] = {}
    for name, record in sorted(records):
        kind = kinds[name]
        revisions, held = _whole(connection, name, record)
        part = [revision for revision in revisions if revision.digest not in held]
        part.sort(key=lambda revision: revision.digest in new)  # earlier revisions have precedence, in order of arrival
        amends = amending(part, kind) if not kind.amendable else frozenset()
        stand = [revision for revision in part if revision.digest not in amends]
        undecided = _undecided(connection, part)
        words = f"Nobody may amend {_plural(kind)}: each stands as it was given."
        reasons |= {digest: Reason("may_not_amend", words) for digest in amends & undecided}
        reasons |= {
            revision.digest: Reason("disagrees", why)
            for revision in stand
            if revision.digest in undecided and (why := _says_otherwise(kind, revision, stand, others))
        }
    return reasons


def _says_otherwise(kind: Kind, revision: Revision, record: Sequence[Revision], others: HeldAtCouncil) -> str:
    """Return how a revision contradicts another record, or '' if it does not or the other record is not here."""
    try:
        body = body_of(revision, kind) if revision.envelope.action != "countersign" else None
    except (Tampered, RecursionError):
        return ""
    if body is None or not body.changed:  # a withdrawal states nothing new, and somebody else may have written it
        return ""
    # A revision that adds rows contains only those rows: the record's other answers are in its first revision.
    first_version = fold([first for first in record if not first.envelope.parents] or [revision], kind)
    untrue_statements = disagreements(kind, {**first_version.fields, **body.fields}, others, revision.envelope.author)
    return next((statement.message for statement in untrue_statements if not statement.missing), "")


def _may_not_countersign(author: Seat, kind: Kind) -> Reason | None:
    """Return why a seat may not countersign a kind, or None; the body does not matter, as only the envelope has effect."""
    if not kind.countersigned_by:
        return Reason("may_not_countersign", f"{kind.plural} wait for no countersignature.")
    if author.role not in kind.countersigned_by:
        return Reason("may_not_countersign", f"{_writer(author)} may not countersign {_plural(kind)}.")
    return None


def _own_work(council: Council, connection: Connection, came: Sequence[Revision]) -> dict[str, Reason]:
    """Find countersignatures by the authors of what they countersign, in the records of the new revisions.

    The countersigned revisions and earlier ones may arrive later than the countersignature: it is judged again then.
    """
    records = {revision.envelope.record for revision in came if _waits_for_one(revision.envelope.kind)}
    if not records:
        return {}
    _see_each_other(council, connection)
    reasons: dict[str, Reason] = {}
    for kind, revisions, held in _countersigned(connection, records):
        for digest in signed_by_their_authors(revisions, kind, held) & _undecided(connection, revisions):
            reasons[digest] = Reason("own_work", "This was countersigned by somebody who wrote or amended it.")
    return reasons


def _see_each_other(council: Council, connection: Connection) -> None:
    """Lock the council's own chain, so that two laptops that push to one record at once see each other's revisions."""
    own_chain_on(council, connection)


def _waits_for_one(kind: str) -> bool:
    return kind in KINDS and bool(KINDS[kind].countersigned_by)


def _countersigned(connection: Connection, records: set[str]) -> Iterator[tuple[Kind, list[Revision], frozenset[str]]]:
    """Yield each countersigned record of these: its kind, its revisions, and the digests of those held back."""
    for name, kind in KINDS.items():
        if not kind.countersigned_by:
            continue
        query = sa.select(t.envelope.c.jws).where(t.envelope.c.kind == name, t.envelope.c.record.in_(sorted(records)))
        envelopes = [revision for jws in connection.scalars(query) if (revision := as_far_as_read(jws, None, None))]
        for record in sorted(
            {revision.envelope.record for revision in envelopes if revision.envelope.action == "countersign"}
        ):
            revisions, held = _whole(connection, name, record)
            yield kind, revisions, held


def _whole(connection: Connection, kind: str, record: str) -> tuple[list[Revision], frozenset[str]]:
    """Return all revisions of a record in order of arrival, and the digests of those held back."""
    query = (
        sa.select(t.held.c.digest, t.envelope.c.digest, t.envelope.c.jws, t.body.c.sealed)
        .select_from(t.envelope)
        .outerjoin(t.body, t.body.c.digest == t.envelope.c.digest)
        .outerjoin(t.held, t.held.c.digest == t.envelope.c.digest)
        .where(t.envelope.c.kind == kind, t.envelope.c.record == record)
        .order_by(t.envelope.c.at, t.envelope.c.seat, t.envelope.c.number)
    )
    rows = connection.execute(query).all()
    revisions = [revision for _, *parts in rows if (revision := bodies.as_far_as_read(connection, *parts)) is not None]
    return revisions, frozenset(digest for digest, *_ in rows if digest is not None)


def _writer(author: Seat) -> str:
    return _a(code_list("role").label(author.role))


def _a(role: str) -> str:
    return f"{'An' if role[:1].lower() in 'aeio' else 'A'} {role[:1].lower()}{role[1:]}"


def _plural(kind: Kind) -> str:
    return kind.plural[:1].lower() + kind.plural[1:]
