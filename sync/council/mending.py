"""Mend the council's own chain after it was split into two branches, by putting the laptops' branch before the council's.

A restored backup may lack the newest revisions of the chain, which laptops still have. If the council writes before a laptop has
shown them, the chain has two branches with the same numbers. Revisions of the laptops' branch are stored whole as evidence.
Mending moves the council's own branch to the evidence (envelopes only), and stores the longest branch that laptops sent. It then
signs the council's own revisions again after that branch. A mending order lists the replaced revisions, so laptops on either
branch know where to continue. Must not lose a text: the database deletes a text only if the same text is stored again.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from joserfc.util import urlsafe_b64encode
from sqlalchemy.engine import Connection

from hipss_desktop.errors import Tampered, Unavailable, UserError
from hipss_desktop.kinds.council import ACT, CERTIFICATE, ERASURE, MENDING, NEW_KEY, REVOCATION
from hipss_desktop.records.revision import Revision, verify
from sync.council import bodies
from sync.council import tables as t
from sync.council.chain import Council, OwnChain, Seat, keep, last_link, project, revoked_by, seat_named, seats
from sync.council.holding import hold
from sync.wire.messages import LARGEST_BATCH, WireRevision, from_wire
from sync.wire.tokens import public_key

OTHER_WAY = "The council's own record of orders went another way: it was put back to an older state and written on."
LEFT = "mended: This way of the council's own record of orders was left."
KEY_CHANGED = (
    "The council's signing key was changed on one of the two ways of its orders, so they cannot be brought together. "
    "Nothing was changed."
)
REVOKED = "The laptop that it goes on from was revoked."


@dataclass(frozen=True)
class Mended:
    """What mending did.

    Attributes:
        alike: the last number that both branches share.
        taken: the number of revisions stored from the laptops' branch.
        again: the number of the council's own revisions signed again.
    """

    alike: int
    taken: int
    again: int


def mark_of(*parts: bytes | None) -> str:
    """Return the identifier of a piece of evidence: the SHA-256 of the bytes that arrived."""
    return hashlib.sha256(b"\0".join(b"-" if part is None else part for part in parts)).hexdigest()


def keep_other_way(council: Council, caller: Seat, revisions: Iterable[Revision]) -> None:
    """Store as evidence the revisions that the council signed but does not have, with their texts, as a laptop sent them.

    There is no limit: a laptop can send no more than the council signed.
    """
    with council.store.writing() as connection:
        for revision in revisions:
            try:
                _verify(council, revision)
            except Tampered:
                return
            if not _is_known(connection, revision.digest):
                _keep_aside(council, connection, revision, f"forked: {OTHER_WAY}", caller.seat)


def _verify(council: Council, revision: Revision) -> None:
    """Check that the council signed a revision, with its key of that time; raises Tampered."""
    verify(revision, public_key(council.home.signing_keys.of_number(revision.envelope.number)))


def _is_known(connection: Connection, digest: str) -> bool:
    """Return whether a revision is on a chain, or an earlier mending replaced it."""
    return any(
        connection.scalar(sa.select(table.c.digest).where(table.c.digest == digest)) is not None
        for table in (t.envelope, t.mended)
    )


def _keep_aside(council: Council, connection: Connection, revision: Revision, reason: str, by: str) -> None:
    jws, text = revision.jws.encode("ascii"), bodies.NO_TEXT
    erased = connection.scalar(sa.select(t.erased.c.digest).where(t.erased.c.digest == revision.digest))
    if revision.salt is not None and erased is None:
        text = bodies.Text(urlsafe_b64encode(revision.salt), revision.body)
    mark = mark_of(jws, *text)
    if connection.scalar(sa.select(t.evidence.c.id).where(t.evidence.c.id == mark)) is not None:
        return
    row = {"id": mark, "seat": revision.envelope.seat, "number": revision.envelope.number, "jws": jws}
    row |= {"reason": reason, "pushed_by": by, "at": council.now(), "digest": revision.digest}
    sealed = bodies.sealed_evidence(connection, revision.digest, text)
    connection.execute(sa.insert(t.evidence).values(**row, sealed=sealed))


def other_ways(council: Council, connection: Connection) -> dict[str, Revision]:
    """Return, by digest, revisions of the council's own chain that laptops sent and that are not in it.

    Revisions that an earlier mending replaced are left out.
    """
    query = sa.select(t.evidence.c.digest, t.evidence.c.jws, t.evidence.c.sealed).where(
        t.evidence.c.seat == council.seat,
        t.evidence.c.digest.not_in(sa.select(t.envelope.c.digest).where(t.envelope.c.seat == council.seat)),
        t.evidence.c.digest.not_in(sa.select(t.mended.c.digest)),
    )
    brought: dict[str, Revision] = {}
    for digest, signed, sealed in connection.execute(query).all():
        try:
            parts = (signed, *bodies.text_of(connection, digest, sealed))
            jws, salt, body = (None if part is None else bytes(part).decode("utf-8") for part in parts)
            revision = from_wire(WireRevision(jws or "", body, salt))
            _verify(council, revision)
        except Tampered:  # somebody else's revision under this seat's name
            continue
        if revision.body is not None or revision.digest not in brought:
            brought[revision.digest] = revision
    return brought


def erased_on_other_ways(council: Council, connection: Connection) -> set[str]:
    """Return the digests erased by orders that the council lost and laptops sent back."""
    orders = [
        revision for revision in other_ways(council, connection).values() if revision.envelope.kind == ERASURE.name
    ]
    contents = [order.content() for order in orders]
    return {digest for content in contents if content is not None for digest in ERASURE.read(content.fields).digests}


def longest_way(council: Council, connection: Connection) -> list[Revision]:
    """Return the longest branch that laptops sent, from its first revision; empty if no branch begins at the council's chain."""
    brought = other_ways(council, connection)
    next_of: dict[str, list[Revision]] = {}
    for revision in brought.values():
        next_of.setdefault(revision.envelope.previous or "", []).append(revision)
    rest: dict[str, int] = {}  # the number of revisions that follow each, filled from the last one

    def longest(followers: Iterable[Revision]) -> Revision | None:
        return max(followers, key=lambda follower: (rest[follower.digest], follower.digest), default=None)

    for revision in sorted(brought.values(), key=lambda order: -order.envelope.number):
        follower = longest(next_of.get(revision.digest, []))
        rest[revision.digest] = 1 + rest[follower.digest] if follower else 0
    branch = []
    step = longest(order for order in brought.values() if _leaves(council, connection, order))
    while step is not None:
        branch.append(step)
        step = longest(next_of.get(step.digest, []))
    return branch


def _leaves(council: Council, connection: Connection, revision: Revision) -> bool:
    """Return whether a revision that is not in the council's own chain follows one that is, so that a branch begins with it."""
    number, previous = revision.envelope.number, revision.envelope.previous
    if number == 1:
        return previous is None
    query = sa.select(t.envelope.c.digest).where(t.envelope.c.seat == council.seat, t.envelope.c.number == number - 1)
    return connection.scalar(query) == previous


def mend(council: Council, by: str) -> Mended:
    """Store the laptops' branch of the council's own chain, and sign the council's own revisions again after it.

    The same transaction records who did it, so that a kill never leaves a mended chain without that record.

    Args:
        council: the council of the chain.
        by: the practitioner who mends it, '' if the council has no practitioners.

    Raises:
        UserError: no laptop has sent another branch.
        Unavailable: a text of the council's own is missing, or its signing key was changed on one of the branches; nothing was
            changed.
    """
    with council.store.writing() as connection:
        last_link(connection, council.seat, lock=True)
        laptops_branch = longest_way(council, connection)
        if not laptops_branch:
            raise UserError(
                "No laptop has brought later orders of the council. Let those sync that say that the council "
                "tells laptops different things, then try again. Nothing was changed."
            )
        alike = laptops_branch[0].envelope.number - 1
        own_branch = list(_own_after(council, connection, alike))
        # The proof of a new key fits one branch only.
        if any(order.envelope.kind == NEW_KEY.name for order in (*own_branch, *laptops_branch)):
            raise Unavailable(KEY_CHANGED)
        _set_aside(council, connection, own_branch, alike)
        _take(council, connection, laptops_branch)
        chain = OwnChain(council, connection, last_link(connection, council.seat))
        before = chain.link.number
        became = _write_again(chain, own_branch)
        signed_count = chain.link.number - before
        rows = [{"id": revision.digest, "became": became.get(revision.digest, "")} for revision in own_branch]
        for start in range(0, len(rows), LARGEST_BATCH):
            chain.append(MENDING, {"revisions": rows[start : start + LARGEST_BATCH]})
        connection.execute(sa.delete(t.body).where(t.body.c.digest.in_(list(became))))
        successors = _keep_out(chain, own_branch, laptops_branch)
        if successors:
            _judge(council, connection, successors)
        chain = OwnChain(council, connection, last_link(connection, council.seat))
        chain.append(ACT, {"what": "mended", "by": by})
    council.home.write_anchor(chain.link)
    bodies.destroy_erased(council.store)  # erasure orders on the laptops' branch may name more texts
    return Mended(alike, len(laptops_branch), signed_count)


def _own_after(council: Council, connection: Connection, number: int) -> Iterator[Revision]:
    query = (
        sa.select(t.envelope.c.digest, t.envelope.c.jws, t.body.c.sealed)
        .outerjoin(t.body, t.body.c.digest == t.envelope.c.digest)
        .where(t.envelope.c.seat == council.seat, t.envelope.c.number > number)
        .order_by(t.envelope.c.number)
    )
    for row in connection.execute(query).all():
        yield bodies.revision(connection, *row)


def _set_aside(council: Council, connection: Connection, own_branch: Sequence[Revision], alike: int) -> None:
    """Move the council's own branch to the evidence; its texts stay in the store until they are signed again."""
    for revision in own_branch:
        bare = Revision(revision.digest, revision.jws, revision.envelope, None, None)
        _keep_aside(council, connection, bare, LEFT, council.seat)
    of_own = t.envelope.c.seat == council.seat, t.envelope.c.number > alike
    connection.execute(sa.delete(t.envelope).where(*of_own))


def _take(council: Council, connection: Connection, laptops_branch: Sequence[Revision]) -> None:
    """Store the laptops' branch, and carry out its orders."""
    # Before the commit: a kill between the two leaves the seats refused.
    council.home.note_revoked(revoked_by(laptops_branch))
    digests = [revision.digest for revision in laptops_branch]
    gone = set(connection.scalars(sa.select(t.erased.c.digest).where(t.erased.c.digest.in_(digests))))
    missing = [{"digest": order.digest} for order in laptops_branch if order.body is None and order.digest not in gone]
    if missing:
        connection.execute(sa.insert(t.missing_bodies), missing)
    keep(connection, laptops_branch, council.now())
    for revision in laptops_branch:
        project(connection, revision)
    _judge(council, connection, laptops_branch)


def _judge(council: Council, connection: Connection, orders: Sequence[Revision]) -> None:
    """Hold back revisions that seats wrote after these orders revoked them."""
    own = seat_named(council, connection, council.seat)
    if own is not None:
        hold(council, connection, own, orders, [], council.now())


def _stand_again(connection: Connection, digests: Sequence[str]) -> dict[str, str]:
    """Return, by former digest, the present digest of revisions that an earlier mending signed again.

    The council had lost that mending order. It came back with the laptops' branch.
    """
    became: dict[str, str] = {row.digest: row.became for row in connection.execute(sa.select(t.mended)).all()}
    stands: dict[str, str] = {}
    for digest in digests:
        step = digest
        while step in became:
            step = became[step]
        if step and step != digest:
            stands[digest] = step
    return stands


def _write_again(chain: OwnChain, own_branch: Sequence[Revision]) -> dict[str, str]:
    """Sign the replaced revisions again, except those that were erased or signed again already.

    Returns the new digest of each by its former digest.
    """
    digests = [revision.digest for revision in own_branch]
    gone = set(chain.connection.scalars(sa.select(t.erased.c.digest).where(t.erased.c.digest.in_(digests))))
    became = _stand_again(chain.connection, digests)
    for revision in own_branch:
        if revision.digest not in gone | became.keys():
            parents = [became.get(parent, parent) for parent in revision.envelope.parents]
            became[revision.digest] = chain.append_again(revision, parents).digest
    return became


def _keep_out(chain: OwnChain, own_branch: Sequence[Revision], laptops_branch: Sequence[Revision]) -> list[Revision]:
    """Revoke seats that the council certified for laptops revoked on the laptops' branch; return the orders.

    Such a seat wrote everything after the revocation, so nothing of it is accepted. A seat that joined with a new code keeps
    its certificate, because the council's people invited it.
    """
    revoked = seats(chain.connection, t.seat.c.seat.in_(list(revoked_by(laptops_branch))))
    laptops = {(seat.person, seat.device) for seat in revoked}
    with_code = set(chain.connection.scalars(sa.select(t.invite.c.used_by).where(t.invite.c.used_by.is_not(None))))
    contents = [order.content() for order in own_branch if order.envelope.kind == CERTIFICATE.name]
    certified = [CERTIFICATE.read(content.fields) for content in contents if content is not None]
    successors = [
        seat.seat for seat in certified if (seat.person, seat.device) in laptops and seat.seat not in with_code
    ]
    chain.council.home.note_revoked(successors, REVOKED)
    return [chain.append(REVOCATION, {"seat": seat, "after": 0, "why": REVOKED}) for seat in successors]
