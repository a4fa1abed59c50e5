"""Giving revisions out: what a laptop lacks, the council's own chain first, each seat in chain order.

The envelope of every revision goes to every laptop, so that chains verify; its text only where the reader's role may
read the kind, it is not held back (but from its own author), and it was not erased. What is held back and has no order yet
that says so goes to nobody, nor what follows it in its chain. Must not write.
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
    """Whose answer it is.

    Attributes:
        role, mine: the asking seat's role, and the seats that it is and was.
        behind: the council's store is older than its folder. Which texts were erased, held back or somebody's no longer,
            it does not know yet: only the council's own orders are told.
    """

    role: str
    mine: frozenset[str]
    behind: bool


def _reader(council: Council, connection: Connection, caller: Seat) -> Reader:
    return Reader(caller.role, seats_of(connection, caller), is_behind(council, connection))


def have(council: Council, caller: Seat) -> HaveAnswer:
    """What the council holds, what it holds back of the caller's, and whose text it lacks."""
    with council.store.reading() as connection:
        mine = seats_of(connection, caller)
        links = _given(connection) | {seat: link for seat, link in chains(connection).items() if seat in mine}
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
    """The caller's seat, and those it was before: all of the same person on the same laptop."""
    same = sa.select(t.seat.c.seat).where(t.seat.c.person == caller.person, t.seat.c.device == caller.device)
    return frozenset(connection.scalars(same)) | {caller.seat}


def chains(connection: Connection) -> Have:
    """The last link of every seat that has one, by seat."""
    query = sa.select(*t.chain.c).where(t.chain.c.number > 0).order_by(t.chain.c.seat)
    return {seat: Link(number, digest) for seat, number, digest in connection.execute(query)}


def pull(council: Council, caller: Seat, asked: Pull) -> PullAnswer:
    """What the caller lacks, up to what it asks for and one request's size, and the bodies it asks for by name."""
    most = min(max(asked.most, 1), LARGEST_BATCH)
    revisions: list[WireRevision] = []
    size = 0
    with council.store.reading() as connection:
        links = _given(connection)
        behind = {
            seat: _from(asked.have, seat) for seat, link in links.items() if link.number > _from(asked.have, seat)
        }
        reader = _reader(council, connection, caller)
        for row in _lacked(connection, council.seat, behind, links, most):
            wired = _to_wire(connection, reader, row)
            size += _size(wired)
            if size > LARGEST_REQUEST and revisions:
                break
            revisions.append(wired)
        asked_for = _bodies(connection, reader, asked.bodies, LARGEST_REQUEST - size)
    lacked = sum(links[seat].number - number for seat, number in behind.items())
    return PullAnswer(revisions, asked_for, lacked - len(revisions))


def _given(connection: Connection) -> Have:
    """The last link of every seat that may be given out: what waits for its hold order would act on laptops."""
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
    """The rows that are lacked up to these links, so many at most, fetched in pieces so that few large bodies are in memory."""
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
    """Those of the named revisions whose text the caller may read now, as far as there is room."""
    named = [
        digest for digest in digests[:LARGEST_BATCH] if len(digest) == 64 and digest.isalnum() and digest.isascii()
    ]
    found: dict[str, WireRevision] = {}
    if not named or room <= 0:
        return found
    query = sa.select(*_COLUMNS).select_from(_REVISIONS).where(t.envelope.c.digest.in_(named))
    with connection.execution_options(stream_results=True, yield_per=50).execute(query) as rows:
        for row in rows:
            wired = _to_wire(connection, reader, row)
            room -= _size(wired)
            if wired.body is None:
                continue
            if room < 0 and found:
                break
            found[row.digest] = wired
    return found


def _to_wire(connection: Connection, reader: Reader, row: Any) -> WireRevision:
    """A row as it travels, with its text where the reader may have it and it is as it was stored (the doctor names it else)."""
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


def _size(to_wire: WireRevision) -> int:
    return len(to_wire.jws) + len(to_wire.body or "") + 120


def _readable(caller: Seat) -> list[str]:
    return [name for name in KINDS if may_read(caller.role, name)]
