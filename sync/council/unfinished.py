"""Exchange reports of unfinished work: each laptop reports its drafts when it syncs, and gets the other laptops' reports.

A draft itself is never sent. The council gets each draft's kind, the people it is about, and two times. It stores the newest
report of each seat, and sends every role the drafts of the kinds that it may read. Must not report a draft of a restricted
kind, nor store anything for ever.
"""

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hipss_desktop import times
from hipss_desktop.decoding import readable
from hipss_desktop.kinds.catalogue import KINDS, may_read
from sync.council import tables as t
from sync.council.chain import Council, Seat, former_seats
from sync.wire.messages import UnfinishedAnswer, UnfinishedHere, UnfinishedReport, UnfinishedWork


def report(council: Council, caller: Seat, unfinished: UnfinishedHere) -> UnfinishedAnswer:
    """Store a seat's report in place of its last one, and return the reports of the other seats.

    Raises:
        Unavailable: the store failed; nothing was stored.
    """
    text = msgspec.json.encode(unfinished).decode()
    at = times.stamp(council.clock())
    with council.store.writing() as connection:
        # The drafts of the former seats that this seat continues are in its own store now.
        connection.execute(
            sa.delete(t.unfinished).where(
                t.unfinished.c.seat.in_([caller.seat, *former_seats(connection, caller.seat)])
            )
        )
        connection.execute(sa.insert(t.unfinished).values(seat=caller.seat, report=text, at=at))
        return UnfinishedAnswer(list(_others(connection, caller)))


def _others(connection: Connection, caller: Seat) -> list[UnfinishedReport]:
    """Return the reports of the other seats that are not revoked, by name, with the drafts that the caller's role may read."""
    revoked = sa.select(t.revocation.c.seat)
    query = (
        sa.select(
            t.seat.c.seat, t.seat.c.person, t.seat.c.name, t.seat.c.laptop, t.unfinished.c.at, t.unfinished.c.report
        )
        .join(t.seat, t.seat.c.seat == t.unfinished.c.seat)
        .where(t.unfinished.c.seat != caller.seat, t.unfinished.c.seat.not_in(revoked))
        .order_by(t.seat.c.name, t.seat.c.seat)
    )
    reports = []
    for row in connection.execute(query):
        drafts = msgspec.json.decode(row.report, type=readable(UnfinishedHere)).drafts
        readable_drafts = [draft for draft in drafts if _may_know(caller.role, draft)]
        reports.append(UnfinishedReport(row.seat, row.person, row.name, row.laptop, row.at, readable_drafts))
    return reports


def _may_know(role: str, draft: UnfinishedWork) -> bool:
    return draft.kind in KINDS and not KINDS[draft.kind].restricted and may_read(role, draft.kind)
