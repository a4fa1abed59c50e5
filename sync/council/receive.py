"""Receive revisions: store a batch of one seat's chain completely or not at all.

Every digest is computed again, every signature is verified with the key in the seat's certificate, and every link is checked.
Authentic revisions extend the chain. If they may not take effect (``holding``), they are also held back, with an order in the
council's own chain. A revision that is not authentic is refused and stored as evidence, and so is a second digest at a number
already stored. If an answer is lost, the laptop can push again: the digests are unique, so the same push changes nothing and
gets the same receipt. Must not edit a revision, nor judge how well a record is filled in.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from itertools import pairwise

import sqlalchemy as sa
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode
from sqlalchemy.engine import Connection

from hipss_desktop.errors import Tampered
from hipss_desktop.kinds.council import ERASURE
from hipss_desktop.records.chain import Link, Unverified, follows, link_of, verify_many
from hipss_desktop.records.revision import Revision, digest_of
from hipss_desktop.rules.council_keys import by_key
from sync.council import bodies, mending
from sync.council import tables as t
from sync.council.chain import Council, Seat, keep, key_at, last_link, plain_name, project, revoked_by, seat_named
from sync.council.holding import hold
from sync.council.refusals import Refused
from sync.council.store import insert_into
from sync.wire.messages import (
    LARGEST_BATCH,
    RECEIPT_TYPE,
    Push,
    PushAnswer,
    PushResult,
    Receipt,
    WireRevision,
    from_wire,
)
from sync.wire.tokens import statement

MOST_EVIDENCE = 1000
LARGEST_EVIDENCE = 16 * 1024 * 1024
"""The largest number of pieces of evidence, and of their bytes, stored for one person's laptops.

A faulty laptop must not fill the store. Beyond the limit of bytes, only the digest of a piece is stored.
"""

MEGABYTE = 1024 * 1024

_verifying = ThreadPoolExecutor(max(2, os.cpu_count() or 2), thread_name_prefix="verify")


class NotTaken(Exception):
    """A revision of the batch that stops the push: its place in the batch, and the refusal's code and words."""

    def __init__(self, place: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.place, self.code, self.detail = place, code, detail


def push(council: Council, caller: Seat, batch: Push) -> PushAnswer:
    """Store a batch, and return the outcome of each revision with a signed receipt.

    Raises:
        Refused: bad_request, too_large, too_much, unknown_seat, gap, forked or not_authentic; nothing of the batch was stored.
        Unavailable: the store failed; nothing of the batch was stored.
    """
    if not batch.revisions:
        raise Refused("bad_request", "A batch holds at least one record.")
    if len(batch.revisions) > LARGEST_BATCH:
        raise Refused("too_large", f"A batch holds at most {LARGEST_BATCH} records.")
    with council.store.reading() as connection:
        named = plain_name(batch.seat) and seat_named(council, connection, batch.seat)
        author = named or _unknown()
        have = last_link(connection, batch.seat)
    try:
        revisions = [_read(place, revision, author) for place, revision in enumerate(batch.revisions)]
        first = revisions[0].envelope.number
        goes_on = author.seat == council.seat and first > have.number + 1  # rest of a branch that came before
        _contiguous(revisions, Link(first - 1, "") if goes_on else have)
        with council.store.reading() as connection:
            known = _digests(connection, revisions)
        fresh = [revision for revision in revisions if known.get(revision.envelope.number) != revision.digest]
        _verify(council, revisions, fresh, author)
        if goes_on:
            raise NotTaken(0, "forked", mending.OTHER_WAY)
        return _keep(council, caller, author, revisions)
    except NotTaken as stopped:
        if author.seat == council.seat and stopped.code == "forked":
            mending.keep_other_way(
                council, caller, [from_wire(wire_revision) for wire_revision in batch.revisions[stopped.place :]]
            )
        else:
            _keep_evidence(council, caller, batch, stopped)
        raise Refused(stopped.code, stopped.detail, have=have, place=stopped.place) from stopped


def _unknown() -> Seat:
    raise Refused(
        "unknown_seat", "The council has no certificate for this laptop. Push the council's own orders first."
    )


def _read(place: int, to_wire: WireRevision, author: Seat) -> Revision:
    """Read a revision of the batch; raises NotTaken if it names another author or is not in canonical form."""
    try:
        revision = from_wire(to_wire)
        signature = to_wire.jws.rpartition(".")[2]
        canonical = urlsafe_b64encode(urlsafe_b64decode(signature.encode("ascii"))).decode("ascii")
    except (Tampered, ValueError, RecursionError) as wrong:
        raise NotTaken(place, "not_authentic", "A record is not what was signed.") from wrong
    link = revision.envelope
    if (link.seat, link.author, link.device) != (author.seat, author.person, author.device):
        raise NotTaken(place, "not_authentic", "A record names another author than its laptop's certificate.")
    if signature != canonical:
        raise NotTaken(place, "not_authentic", "A record is not written as it was signed.")
    return revision


def _contiguous(revisions: Sequence[Revision], have: Link) -> None:
    first = revisions[0].envelope.number
    if first > have.number + 1:
        raise Refused(
            "gap", f"The council has this laptop's records up to number {have.number}. Start there.", have=have
        )
    for place, (before, after) in enumerate(pairwise(revisions), start=1):
        if after.envelope.number != before.envelope.number + 1:
            raise Refused("bad_request", "The records of a batch stand in the order of their numbers.", have=have)
        if not follows(after, link_of(before)):
            raise NotTaken(place, "forked", "A record does not go on from the one before it.")


def _digests(connection: Connection, revisions: Sequence[Revision]) -> dict[int, str]:
    """Return the digests already stored at the numbers of the batch."""
    first, last = revisions[0].envelope, revisions[-1].envelope
    query = sa.select(t.envelope.c.number, t.envelope.c.digest).where(
        t.envelope.c.seat == first.seat, t.envelope.c.number.between(first.number, last.number)
    )
    return dict(connection.execute(query).all())


def _verify(council: Council, revisions: Sequence[Revision], fresh: Sequence[Revision], author: Seat) -> None:
    """Verify the signatures of the revisions that are not stored yet."""
    try:
        for run in _runs(council, author, fresh):
            verify_many(run, key_at(council, author, run[0].envelope.number), _verifying)
    except Unverified as wrong:
        place = next(at for at, revision in enumerate(revisions) if revision is wrong.revision)
        raise NotTaken(place, "not_authentic", str(wrong)) from wrong


def _runs(council: Council, author: Seat, fresh: Sequence[Revision]) -> Iterator[list[Revision]]:
    """Divide the new revisions into runs that were signed with the same key."""
    if author.seat != council.seat:
        yield from filter(None, [list(fresh)])
        return
    for _, run in by_key(council.home.signing_keys, fresh):
        yield run


def _keep(council: Council, caller: Seat, author: Seat, revisions: Sequence[Revision]) -> PushAnswer:
    """Store the new revisions of the batch under the chain's lock, and return the answer with its receipt."""
    now = council.now()
    with council.store.writing() as connection:
        have = last_link(connection, author.seat, lock=True)
        _contiguous(revisions, have)
        known = _digests(connection, revisions)
        for place, sent in enumerate(revisions):
            at = sent.envelope.number
            if known.get(at, sent.digest) != sent.digest or (at == have.number + 1 and not follows(sent, have)):
                raise NotTaken(place, "forked", f"The council holds another record {at if at in known else at - 1}.")
        fresh = [sent for sent in revisions if sent.envelope.number not in known]
        _count_bytes(council, connection, author, fresh)
        current = seat_named(council, connection, author.seat) or author
        bodied = _without_erased(council, connection, caller, current, revisions, fresh)
        if fresh:
            keep(connection, [bodied[sent.digest] for sent in fresh], now)
        late = _fill_in(connection, [sent for sent in bodied.values() if sent not in fresh])
        orders: list[Revision] = []
        if author.seat == council.seat:
            orders = [*(bodied[revision.digest] for revision in fresh), *late]
            council.home.note_revoked(revoked_by(orders))  # before the commit: a kill between leaves them refused
            for revision in orders:
                project(connection, revision)
        ordered = hold(council, connection, current, [bodied[revision.digest] for revision in fresh], late, now)
        held = _held(connection, revisions)
        new = {sent.digest for sent in fresh}
        taken = connection.scalar(sa.select(t.envelope.c.at).where(t.envelope.c.digest == revisions[-1].digest))
    if any(order.envelope.kind == ERASURE.name for order in orders):
        bodies.destroy_erased(council.store)
    if ordered is not None:
        council.home.write_anchor(ordered.link)
    elif author.seat == council.seat:  # the anchor shows it if these revisions are lost again
        council.home.write_anchor(link_of(revisions[-1]))
    digests = [sent.digest for sent in revisions]
    receipt = Receipt(author.seat, revisions[-1].envelope.number, digests[-1], digests, str(taken))
    return PushAnswer(
        [
            PushResult(digest, "held", held[digest])
            if digest in held
            else PushResult(digest, "stored" if digest in new else "known")
            for digest in digests
        ],
        statement(receipt, RECEIPT_TYPE, council.home.key),
    )


def _count_bytes(council: Council, connection: Connection, author: Seat, fresh: Sequence[Revision]) -> None:
    """Count the bytes stored for a person in a day; raises Refused if they exceed the limit in the settings.

    The council's own chain is not counted: laptops send it back after a restore, and only the council can sign it.
    """
    if author.seat == council.seat or not fresh:
        return
    allowed, day = council.home.settings.a_day.megabytes, council.clock().astimezone(UTC).date().isoformat()
    connection.execute(sa.delete(t.stored).where(t.stored.c.day < day))
    size = sum(len(revision.jws) + len(revision.body or b"") for revision in fresh)
    row = insert_into(connection, t.stored).values(person=author.person, day=day, bytes=size)
    added = {"bytes": t.stored.c.bytes + row.excluded.bytes}
    upsert = row.on_conflict_do_update(index_elements=[t.stored.c.person, t.stored.c.day], set_=added)
    if connection.execute(upsert.returning(t.stored.c.bytes)).scalar_one() > allowed * MEGABYTE:
        raise Refused(
            "too_much",
            f"The council stores at most {allowed} MB of one person's records in a day. "
            "What waits stays on this laptop and is sent tomorrow.",
            seconds=3600,
        )


def _without_erased(
    council: Council,
    connection: Connection,
    caller: Seat,
    author: Seat,
    revisions: Sequence[Revision],
    fresh: Sequence[Revision],
) -> dict[str, Revision]:
    """Return the batch by digest, without the bodies that an order has erased; note the bodies that are missing.

    A seat's own laptop has the texts of its revisions, unless an order erased them that this council has lost. After a restore,
    another laptop that sends them may have only the envelopes.
    """
    came = [revision.digest for revision in revisions]
    query = sa.select(t.erased.c.digest).where(t.erased.c.digest.in_(came))
    gone = set(connection.scalars(query)) | bodies.destroyed(connection, came)
    missing = [revision.digest for revision in fresh if revision.body is None and revision.digest not in gone]
    own = missing and caller.seat == author.seat
    if own and set(missing) - mending.erased_on_other_ways(council, connection):
        raise Refused("bad_request", "A record came without its text.")
    if missing:
        connection.execute(sa.insert(t.missing_bodies), [{"digest": digest} for digest in missing])
    return {revision.digest: _bare(revision) if revision.digest in gone else revision for revision in revisions}


def _bare(revision: Revision) -> Revision:
    return Revision(revision.digest, revision.jws, revision.envelope, None, None)


def _fill_in(connection: Connection, known: Sequence[Revision]) -> list[Revision]:
    """Store texts that were missing here; return the revisions that now have their text."""
    brought = {revision.digest: revision for revision in known if revision.body is not None}
    missing_digests = set(
        connection.scalars(sa.select(t.missing_bodies.c.digest).where(t.missing_bodies.c.digest.in_(list(brought))))
    )
    late = [brought[digest] for digest in sorted(missing_digests)]
    if late:
        bodies.bring_back(connection, late)
        connection.execute(sa.delete(t.missing_bodies).where(t.missing_bodies.c.digest.in_(missing_digests)))
    return late


def _held(connection: Connection, revisions: Sequence[Revision]) -> Mapping[str, str]:
    query = sa.select(t.held.c.digest, t.held.c.reason).where(
        t.held.c.digest.in_([revision.digest for revision in revisions])
    )
    return dict(connection.execute(query).all())


def _keep_evidence(council: Council, caller: Seat, batch: Push, stopped: NotTaken) -> None:
    """Store the refused revision as evidence; if the chain forked, the other revision is on the chain already."""
    came = batch.revisions[stopped.place]
    jws, salt, body = (None if part is None else part.encode("utf-8") for part in (came.jws, came.salt, came.body))
    mark = mending.mark_of(jws, salt, body)
    with council.store.writing() as connection:
        there = connection.scalar(sa.select(t.evidence.c.id).where(t.evidence.c.id == mark))
        digest = digest_of(jws.decode("utf-8")) if jws else ""
        if connection.scalar(sa.select(t.erased.c.digest).where(t.erased.c.digest == digest)) is not None:
            salt, body = None, None
        sealed = bodies.sealed_evidence(connection, digest, bodies.Text(salt, body))
        pieces, size = _evidence_of(connection, caller)
        if there is not None or pieces >= MOST_EVIDENCE:
            return
        if size + len(jws or b"") + len(sealed or b"") > LARGEST_EVIDENCE:
            jws, sealed = b"", None
        row = {
            "id": mark,
            "seat": batch.seat,
            "number": _number(came),
            "jws": jws,
            "sealed": sealed,
            "reason": f"{stopped.code}: {stopped.detail}",
            "pushed_by": caller.seat,
            "at": council.now(),
            "digest": digest,
        }
        connection.execute(sa.insert(t.evidence).values(row))


def _evidence_of(connection: Connection, caller: Seat) -> tuple[int, int]:
    """Return the number of pieces of evidence from a person's laptops, and their size in bytes."""
    theirs = sa.select(t.seat.c.seat).where(t.seat.c.person == caller.person)
    parts = (t.evidence.c.jws, t.evidence.c.sealed)
    sizes = (sa.func.coalesce(sa.func.sum(sa.func.length(part)), 0) for part in parts)
    pieces, *size = connection.execute(
        sa.select(sa.func.count(), *sizes).where(t.evidence.c.pushed_by.in_(theirs))
    ).one()
    return int(pieces), sum(int(part) for part in size)


def _number(came: WireRevision) -> int:
    """Return the number that evidence claims to have, or 0 if it cannot be read."""
    try:
        return from_wire(WireRevision(came.jws)).envelope.number
    except (Tampered, ValueError, RecursionError):
        return 0
