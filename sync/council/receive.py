"""Taking revisions in: a batch of one seat's chain is kept whole or not at all, and the answer can be lost safely.

Every digest is recomputed, every signature verified under the seat's certificate, every link checked. What is authentic
goes on the chain; if its author's role may not write it, or not move its record to that stage, also in quarantine. What is
not, and a second digest at a number already held, is kept as evidence and refused. The unique digest is all the idempotency
there is: the same push again changes nothing and gets the same receipt. Must not edit a revision, nor judge how well a
record is filled in.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import sqlalchemy as sa
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode
from sqlalchemy.engine import Connection

from hipss_desktop.errors import Tampered
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.agreement import as_seen, disagreements
from hipss_desktop.records.chain import Link, Unverified, follows, link_of, verify_many
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fields import Fields
from hipss_desktop.records.fold import body_of
from hipss_desktop.records.growth import is_growth
from hipss_desktop.records.kind import Kind
from hipss_desktop.records.revision import Body, Envelope, Revision
from sync.council import tables as t
from sync.council.chain import (
    Council,
    HeldAtCouncil,
    Seat,
    keep,
    keep_bodies,
    last_link,
    plain_name,
    project,
    seat_named,
)
from sync.council.refusals import Refused
from sync.wire.messages import LARGEST_BATCH, RECEIPT_TYPE, Fate, Push, PushAnswer, Receipt, Travelling, arrived
from sync.wire.tokens import statement

MOST_EVIDENCE = 1000
"""Pieces of evidence that are kept from one laptop; a laptop gone wild must not fill the store."""

_verifying = ThreadPoolExecutor(max(2, os.cpu_count() or 2), thread_name_prefix="verify")


class NotTaken(Exception):
    """A revision of the batch that stops it: which one, and the refusal's code."""

    def __init__(self, place: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.place, self.code, self.detail = place, code, detail


def push(council: Council, caller: Seat, batch: Push) -> PushAnswer:
    """Keep a batch.

    Raises:
        Refused: bad_request, too_large, unknown_seat, gap, forked or not_authentic; nothing of the batch was kept.
        Unavailable: the store failed; nothing of the batch was kept.
    """
    if not batch.revisions:
        raise Refused("bad_request", "A batch holds at least one revision.")
    if len(batch.revisions) > LARGEST_BATCH:
        raise Refused("too_large", f"A batch holds at most {LARGEST_BATCH} revisions.")
    with council.store.reading() as connection:
        named = plain_name(batch.seat) and seat_named(council, connection, batch.seat)
        author = named or _unknown()
        have = last_link(connection, batch.seat)
    try:
        revisions = [_read(place, each, author) for place, each in enumerate(batch.revisions)]
        _contiguous(revisions, have)
        with council.store.reading() as connection:
            known = _digests(connection, revisions)
        fresh = [each for each in revisions if known.get(each.envelope.number) != each.digest]
        _verify(revisions, fresh, author)
        return _keep(council, caller, author, revisions)
    except NotTaken as stopped:
        _keep_evidence(council, caller, batch, stopped)
        raise Refused(stopped.code, stopped.detail, have=have, place=stopped.place) from stopped


def _unknown() -> Seat:
    raise Refused("unknown_seat", "The council has no certificate for this seat. Push the council's own chain first.")


def _read(place: int, each: Travelling, author: Seat) -> Revision:
    """A revision off the wire that says it is the author's, in the one way to write it."""
    try:
        revision = arrived(each)
        signature = each.jws.rpartition(".")[2]
        canonical = urlsafe_b64encode(urlsafe_b64decode(signature.encode("ascii"))).decode("ascii")
    except (Tampered, ValueError, RecursionError) as wrong:
        raise NotTaken(place, "not_authentic", "A revision is not what was signed.") from wrong
    link = revision.envelope
    if (link.seat, link.author, link.device) != (author.seat, author.person, author.device):
        raise NotTaken(place, "not_authentic", "A revision names another author than its seat's certificate.")
    if signature != canonical or not 1 <= link.number < 2**53:
        raise NotTaken(place, "not_authentic", "A revision is not written as it was signed.")
    return revision


def _contiguous(revisions: Sequence[Revision], have: Link) -> None:
    first = revisions[0].envelope.number
    if first > have.number + 1:
        raise Refused("gap", f"The council has this seat up to number {have.number}. Start there.", have=have)
    for place, (before, after) in enumerate(pairwise(revisions), start=1):
        if after.envelope.number != before.envelope.number + 1:
            raise Refused("bad_request", "The revisions of a batch stand in chain order.", have=have)
        if not follows(after, link_of(before)):
            raise NotTaken(place, "forked", "A revision does not go on from the one before it.")


def _digests(connection: Connection, revisions: Sequence[Revision]) -> dict[int, str]:
    """What is held already at the numbers of the batch."""
    first, last = revisions[0].envelope, revisions[-1].envelope
    query = sa.select(t.envelope.c.number, t.envelope.c.digest).where(
        t.envelope.c.seat == first.seat, t.envelope.c.number.between(first.number, last.number)
    )
    return dict(connection.execute(query).all())


def _verify(revisions: Sequence[Revision], fresh: Sequence[Revision], author: Seat) -> None:
    """Verify those that are not held yet."""
    try:
        verify_many(fresh, author.verifying, _verifying)
    except Unverified as wrong:
        place = next(at for at, each in enumerate(revisions) if each is wrong.revision)
        raise NotTaken(place, "not_authentic", str(wrong)) from wrong


def _keep(council: Council, caller: Seat, author: Seat, revisions: Sequence[Revision]) -> PushAnswer:
    """The part under the chain's lock: what is new goes on, what is known stays, and the receipt says so."""
    now = council.now()
    with council.store.writing() as connection:
        have = last_link(connection, author.seat, lock=True)
        _contiguous(revisions, have)
        known = _digests(connection, revisions)
        for place, each in enumerate(revisions):
            at = each.envelope.number
            if known.get(at, each.digest) != each.digest or (at == have.number + 1 and not follows(each, have)):
                raise NotTaken(place, "forked", f"The council holds another revision {at if at in known else at - 1}.")
        fresh = [each for each in revisions if each.envelope.number not in known]
        current = seat_named(council, connection, author.seat) or author
        bodied = _without_erased(connection, caller, current, revisions, fresh)
        if fresh:
            keep(connection, [bodied[each.digest] for each in fresh], now)
        late = _fill_in(connection, [each for each in bodied.values() if each not in fresh])
        _hold(connection, current, [bodied[each.digest] for each in fresh], late, now)
        if author.seat == council.seat:
            for each in fresh:
                project(connection, each)
        held = _held(connection, revisions)
        new = {each.digest for each in fresh}
        taken = connection.scalar(sa.select(t.envelope.c.at).where(t.envelope.c.digest == revisions[-1].digest))
    digests = [each.digest for each in revisions]
    receipt = Receipt(author.seat, revisions[-1].envelope.number, digests[-1], digests, str(taken))
    return PushAnswer(
        [
            Fate(each, "held", held[each]) if each in held else Fate(each, "stored" if each in new else "known")
            for each in digests
        ],
        statement(receipt, RECEIPT_TYPE, council.home.key),
    )


def _without_erased(
    connection: Connection,
    caller: Seat,
    author: Seat,
    revisions: Sequence[Revision],
    fresh: Sequence[Revision],
) -> dict[str, Revision]:
    """The batch by digest, without the bodies that an order has erased; those that are missing are noted.

    A seat's own laptop has the text of what it wrote; anyone else's, after a restore, may have the envelope alone.
    """
    query = sa.select(t.erased.c.digest).where(t.erased.c.digest.in_([each.digest for each in revisions]))
    gone = set(connection.scalars(query))
    missing = [each.digest for each in fresh if each.body is None and each.digest not in gone]
    if missing and caller.seat == author.seat:
        raise Refused("bad_request", "A revision came without its text.")
    if missing:
        connection.execute(sa.insert(t.missing_bodies), [{"digest": each} for each in missing])
    return {each.digest: _bare(each) if each.digest in gone else each for each in revisions}


def _bare(revision: Revision) -> Revision:
    return Revision(revision.digest, revision.jws, revision.envelope, None, None)


def _fill_in(connection: Connection, known: Sequence[Revision]) -> list[Revision]:
    """Keep the text of what was held without it; returns those whose text it is."""
    brought = {each.digest: each for each in known if each.body is not None}
    wanted = set(
        connection.scalars(sa.select(t.missing_bodies.c.digest).where(t.missing_bodies.c.digest.in_(list(brought))))
    )
    late = [brought[digest] for digest in sorted(wanted)]
    if late:
        keep_bodies(connection, late)
        connection.execute(sa.delete(t.missing_bodies).where(t.missing_bodies.c.digest.in_(wanted)))
    return late


def _hold(connection: Connection, author: Seat, fresh: Sequence[Revision], late: Sequence[Revision], now: str) -> None:
    """Put in quarantine what the author's role may not write, unless it has been released.

    Of what was held without its text the text is judged when it comes.
    """
    reasons = _other_kind(connection, fresh)
    reasons |= {each.digest: why for each in (*fresh, *late) if (why := why_held(author, each))}
    judged = [each for each in (*fresh, *late) if each.digest not in reasons]
    reasons |= {each.digest: why for each in judged if (why := _says_otherwise(connection, each))}
    let_through = {
        digest
        for table in (t.released, t.held)
        for digest in connection.scalars(sa.select(table.c.digest).where(table.c.digest.in_(list(reasons))))
    }
    rows = [
        {"digest": digest, "reason": why, "at": now} for digest, why in reasons.items() if digest not in let_through
    ]
    if rows:
        connection.execute(sa.insert(t.held), rows)


def _other_kind(connection: Connection, fresh: Sequence[Revision]) -> dict[str, str]:
    """Those that would change a record under the name of another kind, which other roles may write."""
    columns = t.envelope.c.record, t.envelope.c.kind, t.envelope.c.digest
    records = sorted({plain_name(each.envelope.record) for each in fresh} - {""})
    query = (
        sa.select(*columns)
        .outerjoin(t.held, t.held.c.digest == t.envelope.c.digest)
        .where(t.envelope.c.kind.in_(list(KINDS)), t.envelope.c.record.in_(records), t.held.c.digest.is_(None))
    )
    ours = {each.digest for each in fresh}
    kinds = {record: kind for record, kind, digest in connection.execute(query) if digest not in ours}
    found = {}
    for each in fresh:
        link = each.envelope
        if kinds.setdefault(link.record, link.kind) != link.kind:
            found[each.digest] = "This is written as another kind of record than it is."
    return found


def _says_otherwise(connection: Connection, revision: Revision) -> str:
    """Why a revision is held back that says of another record what is not so; '' where it is so, or what it names is not here."""
    kind = KINDS.get(revision.envelope.kind)
    if kind is None or not kind.agrees or revision.envelope.action == "countersign":
        return ""
    try:
        body = body_of(revision, kind)
    except (Tampered, RecursionError):
        return ""
    if body is None or not body.changed:  # a withdrawal says nothing new, and may be somebody else's
        return ""
    others = HeldAtCouncil(connection)
    fields = _with_the_rest(body, revision, kind, others)
    found = disagreements(kind, fields, others, revision.envelope.author)
    return next((wrong.message for wrong in found if not wrong.missing), "")


def _with_the_rest(body: Body, revision: Revision, kind: Kind, others: HeldAtCouncil) -> Fields:
    """What a record says with a revision: one that adds rows holds those rows alone."""
    before = as_seen(revision.envelope.record, revision.envelope.parents, others, kind)
    return {**before, **body.fields}


def why_held(author: Seat, revision: Revision) -> str:
    """Why an authentic revision is held back, in words its author understands; '' when it is not."""
    link = revision.envelope
    if author.revoked_after is not None and link.number > author.revoked_after:
        return "This laptop was no longer allowed to sync when this was written."
    if plain_name(link.record) != link.record or plain_name(link.kind) != link.kind:
        return "This is no record that the council can name."
    kind = KINDS.get(link.kind)
    if kind is None:
        return ""
    if author.role not in kind.writers:
        return f"{_writer(author)} may not write {_plural(kind)}. Ask a manager to release it."
    try:
        body = body_of(revision, kind)
    except (Tampered, RecursionError):
        return "The text of this record cannot be read."
    if not kind.amendable and body is not None and _amends(kind, link, body):
        return f"Nobody may amend {_plural(kind)}: each stands as it was given."
    # A countersignature changes nothing. Whatever else names the stage as changed sets it, a withdrawal too.
    stage = kind.moved_to(body.fields, body.changed) if body and link.action != "countersign" else None
    if stage is not None and author.role not in stage.movers:
        name, label = kind.by_name[kind.stage].label.rstrip("?").lower(), kind.stage_label(stage.code)
        return f"{_writer(author)} may not set the {name} of {_plural(kind)} to '{label}'. Ask a manager to release it."
    return ""


def _amends(kind: Kind, link: Envelope, body: Body) -> bool:
    """Whether a revision changes what its record said before, more than by adding rows."""
    changes = link.parents and body.changed and link.action != "countersign"
    return bool(changes) and not is_growth(kind, link, body, lambda _: False)


def _writer(author: Seat) -> str:
    return _a(code_list("role").label(author.role))


def _a(role: str) -> str:
    return f"{'An' if role[:1].lower() in 'aeio' else 'A'} {role[:1].lower()}{role[1:]}"


def _plural(kind: Kind) -> str:
    return kind.plural[:1].lower() + kind.plural[1:]


def _held(connection: Connection, revisions: Sequence[Revision]) -> Mapping[str, str]:
    query = sa.select(t.held.c.digest, t.held.c.reason).where(t.held.c.digest.in_([each.digest for each in revisions]))
    return dict(connection.execute(query).all())


def _keep_evidence(council: Council, caller: Seat, batch: Push, stopped: NotTaken) -> None:
    """Keep what came; of a fork, the other one is on the chain already."""
    came = batch.revisions[stopped.place]
    jws, salt, body = (None if part is None else part.encode("utf-8") for part in (came.jws, came.salt, came.body))
    mark = hashlib.sha256(b"\0".join(_parts(jws, salt, body))).hexdigest()
    with council.store.writing() as connection:
        mine = sa.select(sa.func.count()).select_from(t.evidence).where(t.evidence.c.pushed_by == caller.seat)
        there = connection.scalar(sa.select(t.evidence.c.id).where(t.evidence.c.id == mark))
        if there is not None or (connection.scalar(mine) or 0) >= MOST_EVIDENCE:
            return
        row = {
            "id": mark,
            "seat": batch.seat,
            "number": _number(came),
            "jws": jws,
            "salt": salt,
            "body": body,
            "reason": f"{stopped.code}: {stopped.detail}",
            "pushed_by": caller.seat,
            "at": council.now(),
        }
        connection.execute(sa.insert(t.evidence).values(row))


def _parts(*parts: bytes | None) -> Iterator[bytes]:
    for part in parts:
        yield b"-" if part is None else part


def _number(came: Travelling) -> int:
    """The number that evidence claims, 0 where it cannot be read."""
    try:
        number = arrived(Travelling(came.jws)).envelope.number
    except (Tampered, ValueError, RecursionError):
        return 0
    return number if 0 <= number < 2**53 else 0
