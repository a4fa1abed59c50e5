"""Sends a laptop the revisions that it lacks: the council's own chain first, each seat in chain order.

Every laptop gets the envelope of every revision, so that it can verify the chains. It gets the text of its own revisions,
and of others if its role may read the kind and they are not held back. Nobody gets an erased text. Until an order says that a
revision is held back, nobody gets that revision or a later one of its chain. Must not write.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa
from joserfc.util import urlsafe_b64encode
from sqlalchemy.engine import Connection

from hipss_desktop.errors import Tampered
from hipss_desktop.kinds.catalogue import KINDS, may_read
from hipss_desktop.kinds.council import ORDERS
from hipss_desktop.records.chain import Have, Link
from sync.council import bodies
from sync.council import tables as t
from sync.council.chain import Council, Seat, is_behind
from sync.wire.messages import LARGEST_BATCH, LARGEST_REQUEST, HaveAnswer, Pull, PullAnswer, WireRevision

_REVISIONS = t.envelope.outerjoin(t.body, t.body.c.digest == t.envelope.c.digest).outerjoin(
    t.held, t.held.c.digest == t.envelope.c.digest
)
_COLUMNS = (
    t.envelope.c.digest,
    t.envelope.c.seat,
    t.envelope.c.kind,
    t.envelope.c.jws,
    t.body.c.sealed,
    t.held.c.reason,
)


ORDER_NAMES = frozenset(kind.name for kind in ORDERS)


class Reader(NamedTuple):
    """Who asks for revisions, and whether the council knows enough to send their texts.

    Attributes:
        role, mine: the asking seat's role; this seat and the earlier ones of the same person on the same laptop.
        behind: the council's store is older than its folder. The store does not know which texts were erased, held back
            or taken from a person since then. Only the texts of the council's own orders are sent.
    """

    role: str
    mine: frozenset[str]
    behind: bool


def _reader(council: Council, connection: Connection, caller: Seat) -> Reader:
    return Reader(caller.role, seats_of(connection, caller), is_behind(council, connection))


def have(council: Council, caller: Seat) -> HaveAnswer:
    """The last link of each chain, the caller's revisions that are held back, and the revisions whose text the council lacks."""
    with council.store.reading() as connection:
        mine = seats_of(connection, caller)
        links = _sendable(connection) | {seat: link for seat, link in chains(connection).items() if seat in mine}
        held = (
            sa.select(t.held.c.digest, t.held.c.reason)
            .join(t.envelope, t.envelope.c.digest == t.held.c.digest)
            .where(t.envelope.c.seat.in_(mine))
        )
        lacking = (
            sa.select(t.missing_bodies.c.digest)
            .join(t.envelope, t.envelope.c.digest == t.missing_bodies.c.digest)
            .where(sa.or_(t.envelope.c.seat.in_(mine), t.envelope.c.kind.in_(_readable(caller))))
            .order_by(t.envelope.c.seat, t.envelope.c.number)
            .limit(LARGEST_BATCH)
        )
        reasons = dict(connection.execute(held).all())
        return HaveAnswer(links, reasons, lacking=list(connection.scalars(lacking)))


def seats_of(connection: Connection, caller: Seat) -> frozenset[str]:
    """The caller's seat and all other seats of the same person on the same laptop."""
    same = sa.select(t.seat.c.seat).where(t.seat.c.person == caller.person, t.seat.c.device == caller.device)
    return frozenset(connection.scalars(same)) | {caller.seat}


def chains(connection: Connection) -> Have:
    """The last link of each seat's chain, by seat. A seat that wrote nothing is left out."""
    query = sa.select(*t.chain.c).where(t.chain.c.number > 0).order_by(t.chain.c.seat)
    return {seat: Link(number, digest) for seat, number, digest in connection.execute(query)}


def pull(council: Council, caller: Seat, request: Pull) -> PullAnswer:
    """The revisions that the caller lacks, and the bodies that it asks for by digest.

    The answer has at most ``asked.most`` revisions and about the size of one request.
    """
    most = min(max(request.most, 1), LARGEST_BATCH)
    revisions: list[WireRevision] = []
    size = 0
    with council.store.reading() as connection:
        links = _sendable(connection)
        behind = {
            seat: _from(request.have, seat) for seat, link in links.items() if link.number > _from(request.have, seat)
        }
        reader = _reader(council, connection, caller)
        for row in _lacked(connection, council.seat, behind, links, most):
            wire_revision = _to_wire(connection, reader, row)
            size += _size(wire_revision)
            if size > LARGEST_REQUEST and revisions:
                break
            revisions.append(wire_revision)
        asked_for = _bodies(connection, reader, request.bodies, LARGEST_REQUEST - size)
    lacked = sum(links[seat].number - number for seat, number in behind.items())
    return PullAnswer(revisions, asked_for, lacked - len(revisions))


def _sendable(connection: Connection) -> Have:
    """The last link of each seat that may be sent.

    A revision that waits for its hold order may not be sent: it would take effect on laptops.
    """
    query = (
        sa.select(t.envelope.c.seat, sa.func.min(t.envelope.c.number))
        .join(t.held, t.held.c.digest == t.envelope.c.digest)
        .where(t.held.c.ordered_by.is_(None))
        .group_by(t.envelope.c.seat)
    )
    return chains(connection) | {seat: Link(number - 1, "") for seat, number in connection.execute(query)}


def _from(have: Have, seat: str) -> int:
    return max(0, have[seat].number) if seat in have else 0


def _lacked(connection: Connection, own: str, behind: dict[str, int], links: Have, most: int) -> Iterator[Any]:
    """Yield at most ``most`` rows that the caller lacks, up to these links.

    The rows are fetched in pieces, so that few large bodies are in memory at once.
    """
    streaming = connection.execution_options(stream_results=True, yield_per=50)
    for seat in sorted(behind, key=lambda candidate: (candidate != own, candidate)):
        query = (
            sa.select(*_COLUMNS)
            .select_from(_REVISIONS)
            .where(
                t.envelope.c.seat == seat,
                t.envelope.c.number > behind[seat],
                t.envelope.c.number <= links[seat].number,
            )
            .order_by(t.envelope.c.number)
            .limit(most)
        )
        with streaming.execute(query) as rows:
            for row in rows:
                yield row
                most -= 1
        if most <= 0:
            return


def _bodies(connection: Connection, reader: Reader, digests: list[str], room: int) -> dict[str, WireRevision]:
    """The named revisions whose text the reader may read now, by digest, until ``room`` is used up."""
    named = [
        digest for digest in digests[:LARGEST_BATCH] if len(digest) == 64 and digest.isalnum() and digest.isascii()
    ]
    readable: dict[str, WireRevision] = {}
    if not named or room <= 0:
        return readable
    query = sa.select(*_COLUMNS).select_from(_REVISIONS).where(t.envelope.c.digest.in_(named))
    with connection.execution_options(stream_results=True, yield_per=50).execute(query) as rows:
        for row in rows:
            wire_revision = _to_wire(connection, reader, row)
            room -= _size(wire_revision)
            if wire_revision.body is None:
                continue
            if room < 0 and readable:
                break
            readable[row.digest] = wire_revision
    return readable


def _to_wire(connection: Connection, reader: Reader, row: Any) -> WireRevision:
    """A row in its form on the wire, with its text if the reader may read it.

    A text that is not as it was stored is left out. The doctor reports it.
    """
    if reader.behind:
        may = row.kind in ORDER_NAMES and may_read(reader.role, row.kind)
    else:
        may = row.seat in reader.mine or (row.reason is None and may_read(reader.role, row.kind))
    if not may:
        return WireRevision(row.jws)
    try:
        salt, body = bodies.text_of(connection, row.digest, row.sealed)
    except Tampered:
        return WireRevision(row.jws)
    if salt is None or body is None:
        return WireRevision(row.jws)
    return WireRevision(row.jws, body.decode("utf-8"), urlsafe_b64encode(salt).decode("ascii"))


def _size(wire_revision: WireRevision) -> int:
    return len(wire_revision.jws) + len(wire_revision.body or "") + 120


def _readable(caller: Seat) -> list[str]:
    return [name for name in KINDS if may_read(caller.role, name)]
