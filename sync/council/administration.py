"""What the council's own people do: revoke a laptop, let a revision through, order an erasure, look one up.

Each is a revision of the council's own chain, so that laptops learn it by syncing and nobody can do it quietly. Must not
be reached over the network.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hipss_desktop import times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.council import ERASURE, ORDERS, RELEASE, REVOCATION
from hipss_desktop.records.revision import Revision, opened
from sync.council import tables as t
from sync.council.chain import Council, Seat, is_of_another_kind, last_link, own_chain, seat_named, seats
from sync.council.holding import hold_after_revocation


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


def revoke(council: Council, seat: str, why: str, since: datetime | None = None) -> Revision:
    """End a seat's right to sync, and that of every seat of the same person on the same laptop.

    A laptop that was put back to an older state has gone on under another seat, and whoever has the one has the other.

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
    with own_chain(council) as chain:
        known = seat_named(council, chain.connection, seat)
        if known is None or known.role == "council":
            raise UserError("There is no such seat. hipss-council device list names them.")
        same = (t.seat.c.person == known.person, t.seat.c.device == known.device)
        last = {
            one.seat: after
            for one in seats(chain.connection, *same)
            if (after := _received_before(chain.connection, one.seat, since)) < _last_taken(one)
        }
        if seat not in last:
            raise UserError("This seat is revoked already.")
        council.home.note_revoked(last)  # before the commit: a kill between the two keeps out rather than lets in
        said = {} if since is None else {"since": times.stamp(since, precise=True)}
        orders = {
            one: chain.append(REVOCATION, {"seat": one, "after": last[one], "why": why, **said})
            for one in sorted(last, key=lambda one: one != seat)
        }
        hold_after_revocation(chain, list(orders.values()))
        return orders[seat]


def _last_taken(seat: Seat) -> float:
    """The last number that is taken of a seat; no end while it is good."""
    return inf if seat.revoked_after is None else seat.revoked_after


def _received_before(connection: Connection, seat: str, since: datetime | None) -> int:
    """The last number that the council had received of a seat before a moment; all that it has for None."""
    if since is not None:
        query = sa.select(t.envelope.c.number, t.envelope.c.at).where(t.envelope.c.seat == seat)
        for number, at in connection.execute(query.order_by(t.envelope.c.number)):
            if times.instant(at) >= since:
                return int(number) - 1
    return last_link(connection, seat).number


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
    """Let a revision that is held back through.

    Raises:
        UserError: it is not held here, or is of another kind than its record, or there is no reason.
    """
    _reason(why)
    with own_chain(council) as chain:
        columns = t.envelope.c.kind, t.envelope.c.record
        query = sa.select(*columns).join(t.held, t.held.c.digest == t.envelope.c.digest)
        row = chain.connection.execute(query.where(t.held.c.digest == digest)).one_or_none()
        if row is None:
            raise UserError("This revision is not held back.")
        if is_of_another_kind(chain.connection, *row):  # two kinds of one record may hide it
            raise UserError(
                "This is written as another kind than its record, so it stays held back. Nothing of it is lost: "
                "ask its author to write it again as a record of its own."
            )
        return chain.append(RELEASE, {"digest": digest, "why": why})


def erase(council: Council, digests: Sequence[str], basis: str) -> Revision:
    """Order the erasure of these revisions' texts, and erase them here.

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
    council.store.scrub()
    return order


def revision(council: Council, digest: str) -> Revision:
    """One revision as it is kept; raises UserError when it is not here."""
    query = (
        sa.select(t.envelope.c.jws, t.body.c.salt, t.body.c.body)
        .outerjoin(t.body, t.body.c.digest == t.envelope.c.digest)
        .where(t.envelope.c.digest == digest)
    )
    with council.store.reading() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise UserError("There is no such revision here.")
    return opened(*row)


def seat_key(council: Council, seat: str) -> dict[str, str]:
    """The key that a seat's revisions verify under, as a JWK; raises UserError when there is no such seat."""
    with council.store.reading() as connection:
        known = seat_named(council, connection, seat)
    if known is None:
        raise UserError("There is no such seat. hipss-council device list names them.")
    return {"kty": "OKP", "crv": "Ed25519", "x": known.key, "kid": seat}


def _reason(why: str) -> None:
    if not why.strip():
        raise UserError("Say why with --why.")
