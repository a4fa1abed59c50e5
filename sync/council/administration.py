"""What the council's own people do: revoke a laptop, let a revision through, order an erasure, look one up.

Each is a revision of the council's own chain, so that laptops learn it by syncing and nobody can do it quietly. Must not
be reached over the network.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hipss_desktop.errors import UserError
from hipss_desktop.kinds.council import ERASURE, ORDERS, RELEASE, REVOCATION
from hipss_desktop.records.revision import Revision
from sync.council import bodies
from sync.council import tables as t
from sync.council.chain import Council, Seat, last_link, own_chain, seat_named, seats


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


def revoke(council: Council, seat: str, why: str) -> Revision:
    """End a seat's right to sync, and that of every seat of the same person on the same laptop; what they pushed stays.

    A laptop that was put back to an older state has gone on under another seat, and whoever has the one has the other.

    Raises:
        UserError: no such seat, no reason, or it is revoked already.
    """
    _reason(why)
    with own_chain(council) as chain:
        known = seat_named(council, chain.connection, seat)
        if known is None or known.role == "council":
            raise UserError("There is no such seat. hipss-council device list names them.")
        if known.revoked_after is not None:
            raise UserError("This seat is revoked already.")
        same = (t.seat.c.person == known.person, t.seat.c.device == known.device)
        good = [each.seat for each in seats(chain.connection, *same) if each.revoked_after is None]
        council.home.note_revoked(good)  # before the commit: a kill between the two keeps out rather than lets in
        orders = {}
        for each in sorted(good, key=lambda one: one != seat):
            after = last_link(chain.connection, each).number
            orders[each] = chain.append(REVOCATION, {"seat": each, "after": after, "why": why})
        return orders[seat]


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


def release(council: Council, digest: str, why: str) -> Revision:
    """Let a revision that is held back through; raises UserError when it is not held, or without a reason."""
    _reason(why)
    with own_chain(council) as chain:
        if chain.connection.scalar(sa.select(t.held.c.digest).where(t.held.c.digest == digest)) is None:
            raise UserError("This revision is not held back.")
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
            raise UserError("Not all of these revisions are held here. Nothing was erased.")
        if {each.name for each in ORDERS} & set(kinds.values()):
            raise UserError("Certificates and orders of the council cannot be erased. Nothing was erased.")
        order = chain.append(ERASURE, {"digests": sorted(set(digests)), "basis": basis})
    bodies.destroy_erased(council.store)
    council.store.scrub()
    return order


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
            raise UserError("There is no such revision here.")
        return bodies.revision(connection, *row)


def seat_key(council: Council, seat: str) -> dict[str, Any]:
    """The key that a seat's revisions verify under, as a JWK; raises UserError when there is no such seat.

    Of the council's own seat also the keys that it signed with before: ``former``, each ``through`` a number of its chain.
    """
    with council.store.reading() as connection:
        known = seat_named(council, connection, seat)
    if known is None:
        raise UserError("There is no such seat. hipss-council device list names them.")
    former = council.home.signing_keys.former if seat == council.seat else []
    more = {"former": [{"x": key.key, "through": key.through} for key in former]} if former else {}
    return {"kty": "OKP", "crv": "Ed25519", "x": known.key, "kid": seat, **more}


def _reason(why: str) -> None:
    if not why.strip():
        raise UserError("Say why with --why.")
