"""What the council's own people do: revoke a laptop, let a revision through, order an erasure, look one up.

Each is a revision of the council's own chain, so that laptops learn it by syncing and nobody can do it quietly. Must not
be reached over the network.
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
"""Characters: what is kept for the chain must go into an order of it."""


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
    """All certified seats."""
    with council.store.reading() as connection:
        return seats(connection)


def waiting_revocations(council: Council) -> frozenset[str]:
    """The seats that are kept out already, and whose revocation is not written in the council's own chain yet."""
    with council.store.reading() as connection:
        return frozenset(holding.kept_out(council, connection))


def revoke(council: Council, seat: str, why: str, since: datetime | None = None) -> str:
    """End a seat's right to sync, and that of every seat of the same person on the same laptop.

    A laptop that was put back to an older state has gone on under another seat: who has the one has the other. They are
    kept out at once, by the folder's list. Returns the order's digest, '' where it waits until the council's own chain can be
    written on.

    Args:
        council: whose laptop it is.
        seat: the seat.
        why: the reason.
        since: from when on the laptop was in other hands. What the council received of it from then on is held back, whenever
            the laptop says that it was written; a person may release it. None: since now, so all that was received stays.

    Raises:
        UserError: no such seat, no reason, a time that lies ahead, or it is revoked already and nothing earlier is named.
    """
    _reason(why)
    if since is not None and since > council.clock():
        raise UserError("This time has not come yet. Say since when the laptop was in other hands.")
    with council.store.writing() as connection:
        unsure = why_not_written(council, connection)
        if unsure and since is None:  # what somebody else brings of it until the order is written counts as later
            since = council.clock()
        kept = KeptOut(why, "" if since is None else times.stamp(since, precise=True))
        known = seat_named(council, connection, seat)
        # A store that was put back may not know the seat yet.
        if (known is None and not (plain_name(seat) and unsure)) or seat == council.seat:
            raise UserError("The council knows no such laptop. hipss-council device list names them.")
        ended = [seat] if known is None else _taken_too_far(connection, known, since)
        if seat not in ended:
            raise UserError("This laptop is revoked already.")
        if unsure and known is not None and known.revoked_after is not None:
            raise Unavailable(unsure)
        council.home.note_revoked(ended, kept.why, kept.since)  # before the commit: a kill between keeps out
        chain = own_chain_on(council, connection)
        orders = holding.revoke(chain, dict.fromkeys(ended, kept)) if chain is not None else {}
    if chain is not None:
        council.home.write_anchor(chain.link)
    return orders[seat].digest if seat in orders else ""


def _taken_too_far(connection: Connection, known: Seat, since: datetime | None) -> list[str]:
    """The seats of the same person on the same laptop of which more is taken than was received before a moment, this one first."""
    same = (t.seat.c.person == known.person, t.seat.c.device == known.device)
    further = [
        one.seat
        for one in seats(connection, *same)
        if holding.received_before(connection, one.seat, since) < _last_taken(one)
    ]
    return sorted(further, key=lambda one: one != known.seat)


def _last_taken(seat: Seat) -> float:
    """The last number that is taken of a seat; no end while it is good."""
    return inf if seat.revoked_after is None else seat.revoked_after


def quarantine(council: Council) -> list[Held]:
    """What is held back, oldest first."""
    columns = (t.envelope.c.digest, t.envelope.c.seat, t.envelope.c.number, t.envelope.c.kind, t.envelope.c.record)
    query = (
        sa.select(*columns, t.held.c.reason, t.held.c.at)
        .join(t.envelope, t.envelope.c.digest == t.held.c.digest)
        .order_by(t.held.c.at, t.envelope.c.number)
    )
    with council.store.reading() as connection:
        return [Held(*row) for row in connection.execute(query)]


def release(council: Council, digest: str, why: str, *, instead: bool = False) -> Revision:
    """Let a revision that is held back through.

    Args:
        council: whose quarantine it is.
        digest: the revision.
        why: the reason.
        instead: the record is of this revision's kind: hold back what acts under its identifier as another one, and let through
            all of it that was held back for being of this kind. After a restore another kind may have come first.

    Raises:
        UserError: it is not held here, or is of another kind than its record, or there is no reason; with ``instead``, something
            of another kind was released before.
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
        if is_of_another_kind(chain.connection, *row):  # two kinds of one record may hide it
            raise UserError(
                "This is written as another kind than its record, so it stays held back. Nothing of it is lost: "
                "ask its author to write it again as a record of its own. Where the record is what this says, and something "
                "else was written under its identifier, release it with --instead."
            )
        return chain.append(RELEASE, {"digest": digest, "why": why})


def erase(council: Council, digests: Sequence[str], basis: str) -> Revision:
    """Order the erasure of these revisions' texts, erase them here, and destroy their keys.

    Raises:
        UserError: one of them is held here neither on a chain nor as evidence, or is an order of the council itself, or
            there is no lawful basis.
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
    """One revision as it is kept; raises UserError when it is not here."""
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
    """The key that a seat's revisions verify under, as a JWK; raises UserError when there is no such seat.

    Of the council's own seat also the keys that it signed with before: ``former``, each ``through`` a number of its chain.
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
