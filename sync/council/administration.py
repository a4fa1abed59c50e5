"""Commands of the council's own staff: revoke a laptop, release a revision, order an erasure, show a revision.

Each order is a revision of the council's own chain, so laptops receive it when they sync and nobody can give one in secret.
Must not be reached over the network.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hipss_desktop import times
from hipss_desktop.errors import Unavailable, UserError
from hipss_desktop.kinds.council import ERASURE, ORDERS, RELEASE
from hipss_desktop.records.revision import Revision
from sync.council import bodies, holding
from sync.council import tables as t
from sync.council.chain import (
    Council,
    Seat,
    is_of_another_kind,
    own_chain,
    own_chain_on,
    plain_name,
    seat_named,
    seats,
    why_not_written,
)
from sync.council.home import KeptOut

LONGEST_REASON = 2000
"""Characters of a reason: a reason must fit into one revision of the council's own chain."""


@dataclass(frozen=True)
class Held:
    """A revision in quarantine, without its text."""

    digest: str
    seat: str
    number: int
    kind: str
    record: str
    reason: str
    at: str


def devices(council: Council) -> list[Seat]:
    """Return all certified seats."""
    with council.store.reading() as connection:
        return seats(connection)


def waiting_revocations(council: Council) -> frozenset[str]:
    """Return the seats that may no longer sync, but whose revocation is not yet in the council's own chain."""
    with council.store.reading() as connection:
        return frozenset(holding.kept_out(council, connection))


def revoke(council: Council, seat: str, why: str, since: datetime | None = None) -> str:
    """End a seat's right to sync, and that of every seat of the same person on the same laptop.

    A laptop that was restored to an older state continues under a new seat, so a person may have several seats on one laptop.
    The list in the council's folder refuses them from now on. Returns the order's digest, or '' if the order must wait until
    the council can add to its own chain.

    Args:
        council: the council that the laptop belongs to.
        seat: the seat.
        why: the reason.
        since: from when somebody else had the laptop. The council holds back everything that it received from the laptop
            since then, whatever date the laptop gives it; a person may release it. None means from now: everything received
            until now remains in effect.

    Raises:
        UserError: the seat is unknown, the reason is missing, ``since`` is in the future, or the seat is revoked already and
            no earlier time is given.
        Unavailable: the seat is revoked already, an earlier time is given, and the council cannot add to its own chain now.
    """
    _reason(why)
    if since is not None and since > council.clock():
        raise UserError("This time has not come yet. Say since when the laptop was in other hands.")
    with council.store.writing() as connection:
        unsure = why_not_written(council, connection)
        if unsure and since is None:  # hold back what arrives from this laptop before the order is written
            since = council.clock()
        exclusion = KeptOut(why, "" if since is None else times.stamp(since, precise=True))
        known = seat_named(council, connection, seat)
        # A store that was restored from a backup may not know the seat yet.
        if (known is None and not (plain_name(seat) and unsure)) or seat == council.seat:
            raise UserError("The council knows no such laptop. hipss-council device list names them.")
        ended = [seat] if known is None else _taken_too_far(connection, known, since)
        if seat not in ended:
            raise UserError("This laptop is revoked already.")
        if unsure and known is not None and known.revoked_after is not None:
            raise Unavailable(unsure)
        # Before the commit: a kill between leaves the laptop refused.
        council.home.note_revoked(ended, exclusion.why, exclusion.since)
        chain = own_chain_on(council, connection)
        orders = holding.revoke(chain, dict.fromkeys(ended, exclusion)) if chain is not None else {}
    if chain is not None:
        council.home.write_anchor(chain.link)
    return orders[seat].digest if seat in orders else ""


def _taken_too_far(connection: Connection, known: Seat, since: datetime | None) -> list[str]:
    """Return the seats of the same person on the same laptop that still need a revocation, the known seat first.

    A seat needs one if revisions received since that moment are still accepted.
    """
    same = (t.seat.c.person == known.person, t.seat.c.device == known.device)
    further = [
        seat.seat
        for seat in seats(connection, *same)
        if holding.received_before(connection, seat.seat, since) < _last_taken(seat)
    ]
    return sorted(further, key=lambda seat: seat != known.seat)


def _last_taken(seat: Seat) -> float:
    """Return the last number of a seat's chain that is accepted; infinity while the seat is not revoked."""
    return inf if seat.revoked_after is None else seat.revoked_after


def quarantine(council: Council) -> list[Held]:
    """Return the revisions that are held back, oldest first."""
    columns = (t.envelope.c.digest, t.envelope.c.seat, t.envelope.c.number, t.envelope.c.kind, t.envelope.c.record)
    query = (
        sa.select(*columns, t.held.c.reason, t.held.c.at)
        .join(t.envelope, t.envelope.c.digest == t.held.c.digest)
        .order_by(t.held.c.at, t.envelope.c.number)
    )
    with council.store.reading() as connection:
        return [Held(*row) for row in connection.execute(query)]


def release(council: Council, digest: str, why: str, *, instead: bool = False) -> Revision:
    """Release a revision that is held back; return the order.

    Args:
        council: the council that holds the revision back.
        digest: the revision.
        why: the reason.
        instead: this revision has the right kind for its record. Hold back the record's revisions of another kind that are in
            effect now. Release every revision that was held back for being of this kind. After a restore from a backup, a
            revision of the wrong kind may have arrived first.

    Raises:
        UserError: the revision is not held back here, its kind is not its record's kind, or the reason is missing; with
            ``instead``, a revision of another kind was released before.
    """
    _reason(why)
    with own_chain(council) as chain:
        columns = t.envelope.c.kind, t.envelope.c.record
        query = sa.select(*columns).join(t.held, t.held.c.digest == t.envelope.c.digest)
        row = chain.connection.execute(query.where(t.held.c.digest == digest)).one_or_none()
        if row is None:
            raise UserError("This version is not held back.")
        if instead:
            held_for_kind = holding.hold_others(chain, row.record, row.kind)
            others = [held for held in held_for_kind if held != digest]
            for other in others:
                chain.append(RELEASE, {"digest": other, "why": why})
        if is_of_another_kind(chain.connection, *row):  # a record with two kinds might not be found by either
            raise UserError(
                "This is written as another kind than its record, so it stays held back. Nothing of it is lost: "
                "ask its author to write it again as a record of its own. Where the record is what this says, and something "
                "else was written under its identifier, release it with --instead."
            )
        return chain.append(RELEASE, {"digest": digest, "why": why})


def erase(council: Council, digests: Sequence[str], basis: str) -> Revision:
    """Order the erasure of these revisions' texts, erase them here, and destroy their keys; return the order.

    Raises:
        UserError: a revision is neither on a chain here nor among the evidence, a revision is an order of the council itself,
            or the lawful basis is missing.
    """
    if not basis.strip():
        raise UserError("Give the lawful basis of the erasure.")
    with own_chain(council) as chain:
        query = sa.select(t.envelope.c.digest, t.envelope.c.kind).where(t.envelope.c.digest.in_(digests))
        kinds = dict(chain.connection.execute(query).all())
        sides = sa.select(t.evidence.c.digest).where(t.evidence.c.digest.in_(digests))
        if not digests or set(digests) - set(kinds) - set(chain.connection.scalars(sides)):
            raise UserError("Not all of these versions are held here. Nothing was erased.")
        if {kind.name for kind in ORDERS} & set(kinds.values()):
            raise UserError("Certificates and orders of the council cannot be erased. Nothing was erased.")
        erasure = chain.append(ERASURE, {"digests": sorted(set(digests)), "basis": basis})
    bodies.destroy_erased(council.store)
    council.store.scrub()
    return erasure


def revision(council: Council, digest: str) -> Revision:
    """Return one revision as it is stored; raises UserError if it is not here."""
    query = (
        sa.select(t.envelope.c.digest, t.envelope.c.jws, t.body.c.sealed)
        .outerjoin(t.body, t.body.c.digest == t.envelope.c.digest)
        .where(t.envelope.c.digest == digest)
    )
    with council.store.reading() as connection:
        row = connection.execute(query).one_or_none()
        if row is None:
            raise UserError("There is no such version here.")
        return bodies.revision(connection, *row)


def seat_key(council: Council, seat: str) -> dict[str, Any]:
    """Return the public key that verifies a seat's revisions, as a JWK; raises UserError if the seat is unknown.

    For the council's own seat, ``former`` lists its earlier keys. Each signed revisions up to the number ``through``.
    """
    with council.store.reading() as connection:
        known = seat_named(council, connection, seat)
    if known is None:
        raise UserError("The council knows no such laptop. hipss-council device list names them.")
    former = council.home.signing_keys.former if seat == council.seat else []
    more = {"former": [{"x": key.key, "through": key.through} for key in former]} if former else {}
    return {"kty": "OKP", "crv": "Ed25519", "x": known.key, "kid": seat, **more}


def _reason(why: str) -> None:
    if not why.strip():
        raise UserError("Say why with --why.")
    if len(why) > LONGEST_REASON:
        raise UserError(f"Say why in {LONGEST_REASON} characters at most.")
