"""Read and extend the chains of revisions that the council stores, and sign its own certificates and orders.

Certificates, revocations, holds, releases and erasure orders are revisions of the council's own chain. ``project`` enters them
in the tables that requests read. It does so for revisions written here and for those that a laptop sent back after a restore.
Must not decide what a laptop may do: ``receive`` and ``send`` do.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa
from joserfc.jwk import OKPKey
from sqlalchemy.engine import Connection

from hipss_desktop import times
from hipss_desktop.errors import Tampered, Unavailable, UserError
from hipss_desktop.identity import record_id
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.kinds.council import CERTIFICATE, ERASURE, HOLD, MENDING, NEW_KEY, RELEASE, REVOCATION, Certificate
from hipss_desktop.records.bounds import beyond_bounds
from hipss_desktop.records.chain import NO_LINK, Link, Signer, follows, link_of, next_revision
from hipss_desktop.records.changes import changed_units
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fields import Fields
from hipss_desktop.records.fold import State, fold
from hipss_desktop.records.kind import Kind
from hipss_desktop.records.revision import (
    Action,
    Revision,
    body_bytes,
)
from hipss_desktop.rules.council_keys import CouncilKeys
from sync.council import bodies
from sync.council import tables as t
from sync.council.home import Home
from sync.council.running import Running, is_confirmed
from sync.council.store import Store, insert_into
from sync.wire.messages import Succession, from_wire, to_wire
from sync.wire.tokens import public_key

BEHIND = (
    "The council's store is older than its folder: it was restored from a backup. "
    "Let a laptop sync first; it brings back what is missing. Nothing was changed."
)
UNCERTAIN = (
    "Since the council was started no laptop has shown that it holds no later orders of the council. Nothing was changed. "
    "Let a laptop that was in use sync, then try again. If the council was not put back from a backup, "
    "run hipss-council chain confirm."
)

OTHER_TIME = (
    "The council's signing key (signing.key) is of another time than its store. Put the newest one back. "
    "Nothing was changed."
)


@dataclass(frozen=True)
class Council:
    """The council's folder, store and clock; ``running`` is set if this process serves requests."""

    home: Home
    store: Store
    clock: times.Clock
    running: Running | None = None

    @property
    def seat(self) -> str:
        """The council's own seat."""
        return self.home.settings.seat

    def now(self) -> str:
        """Return the council's time as text, in the form in which it is stored."""
        return times.stamp(self.clock(), precise=True)

    def close(self) -> None:
        """Close the store, and stop serving."""
        self.store.close()
        if self.running is not None:
            self.running.leave()


class Seat(msgspec.Struct, frozen=True):
    """A seat as its certificate describes it.

    ``revoked_after`` is the last accepted number of a revoked seat's chain; None while the seat is not revoked.
    """

    seat: str
    person: str
    name: str
    role: str
    device: str
    laptop: str
    key: str
    wire_key: str
    continues: str
    certificate: str
    number: int
    revoked_after: int | None = None

    @property
    def verifying(self) -> OKPKey:
        """The key that verifies the seat's revisions; raises Tampered if the certificate has no valid key."""
        return public_key(self.key)


def seat_named(council: Council, connection: Connection, seat: str) -> Seat | None:
    """Return the seat of that name, which may be the council's own; None if the seat has no certificate here."""
    if seat == council.seat:
        return Seat(seat, seat, council.home.settings.name, "council", seat, "", council.home.public, "", "", "", 0)
    return next(iter(seats(connection, t.seat.c.seat == seat)), None)


def former_seats(connection: Connection, seat: str) -> list[str]:
    """Return the earlier seats that a seat continues, the newest first."""
    continues = dict(connection.execute(sa.select(t.seat.c.seat, t.seat.c.continues)).all())
    former: list[str] = []
    seat = continues.get(seat, "")
    while seat and seat not in former:
        former.append(seat)
        seat = continues.get(seat, "")
    return former


def is_revoked(council: Council, seat: Seat) -> bool:
    """Return whether a seat may no longer sync.

    The store says so, or the folder's list does: a store that was restored from a backup may not know the revocation yet.
    """
    return seat.revoked_after is not None or seat.seat in council.home.revoked()


def is_behind(council: Council, connection: Connection) -> bool:
    """Return whether the store is older than its folder: it was restored from a backup and lacks the orders since then.

    The folder may have been restored with the store, except for a newer signing key. That key signs only revisions after the
    order that names it, so it also shows that the store is older.
    """
    number, home = last_link(connection, council.seat).number, council.home
    return number < home.anchor().number or number + 1 < home.signing_keys.since


def why_not_written(council: Council, connection: Connection) -> str:
    """Return why the council cannot add to its own chain now, or '' if it can.

    Two different revisions with one number would split the chain. If the council never certified a seat, no laptop can have
    another revision.
    """
    if bodies.keys_are_older(connection):
        return bodies.OLDER
    if is_behind(council, connection):
        return BEHIND
    serving = council.running is not None
    if has_certified(connection) and not is_confirmed(council.home, council.clock(), serving=serving):
        return UNCERTAIN
    return ""


def has_certified(connection: Connection) -> bool:
    """Return whether a seat was ever certified."""
    return connection.scalar(sa.select(t.seat.c.seat).limit(1)) is not None


def seats(connection: Connection, *where: sa.ColumnElement[bool]) -> list[Seat]:
    """Return all certified seats that match, ordered by the person's name."""
    joined = t.seat.outerjoin(t.revocation, t.revocation.c.seat == t.seat.c.seat)
    query = sa.select(*t.seat.c, t.revocation.c.after).select_from(joined).where(*where)
    return [Seat(*row) for row in connection.execute(query.order_by(t.seat.c.name, t.seat.c.seat))]


def last_link(connection: Connection, seat: str, *, lock: bool = False) -> Link:
    """Return the last stored link of a seat's chain; with ``lock``, nobody else extends it until the transaction ends."""
    query = sa.select(t.chain.c.number, t.chain.c.digest).where(t.chain.c.seat == seat)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None and lock:
        row_of = insert_into(connection, t.chain).values(seat=seat, number=0, digest="")
        connection.execute(row_of.on_conflict_do_nothing())
        row = connection.execute(query.with_for_update()).one()
    return NO_LINK if row is None else Link(row.number, row.digest)


def keep(connection: Connection, revisions: Sequence[Revision], at: str) -> None:
    """Store revisions that extend a locked chain, and update the chain's last link."""
    connection.execute(
        sa.insert(t.envelope),
        [
            {
                "digest": revision.digest,
                "seat": revision.envelope.seat,
                "number": revision.envelope.number,
                "record": plain_name(revision.envelope.record),
                "kind": plain_name(revision.envelope.kind),
                "jws": revision.jws,
                "at": at,
            }
            for revision in revisions
        ],
    )
    bodies.keep(connection, revisions)
    last = revisions[-1]
    connection.execute(
        sa.update(t.chain)
        .where(t.chain.c.seat == last.envelope.seat)
        .values(number=last.envelope.number, digest=last.digest)
    )


def plain_name(text: str) -> str:
    """Return a record's or kind's name for its column, or '' if this program gives no such names."""
    fit = len(text) <= 64 and text.isascii() and text.replace("-", "").replace("_", "").isalnum()
    return text if fit else ""


LONGEST_TEXT = 200
"""Characters of a name, or of any other single line of text that a laptop sends about itself."""


def is_one_line(text: str) -> bool:
    """Return whether a laptop's text may be stored: it is short enough and has no unprintable characters."""
    return len(text) <= LONGEST_TEXT and (text.isprintable() or not text)


def project(connection: Connection, revision: Revision) -> None:
    """Enter one revision of the council's own chain in the tables; a revision that is not an order changes nothing."""
    content = revision.content()
    if content is None:
        return
    fields, by = content.fields, revision.digest
    match revision.envelope.kind:
        case CERTIFICATE.name:
            certify(connection, CERTIFICATE.read(fields), by, revision.envelope.number)
        case REVOCATION.name:
            revoked = REVOCATION.read(fields)
            _replace(connection, t.revocation, {"seat": revoked.seat, "after": revoked.after or 0, "ordered_by": by})
        case HOLD.name:
            for row in HOLD.read(fields).revisions:
                _hold(connection, row.id, row.reason, revision)
        case RELEASE.name:
            digest = RELEASE.read(fields).digest
            _replace(connection, t.released, {"digest": digest, "ordered_by": by})
            connection.execute(sa.delete(t.held).where(t.held.c.digest == digest))
        case MENDING.name:
            for mended in MENDING.read(fields).revisions:
                _replace(connection, t.mended, {"digest": mended.id, "became": mended.became, "ordered_by": by})
        case ERASURE.name:
            digests = ERASURE.read(fields).digests
            there = set(connection.scalars(sa.select(t.erased.c.digest).where(t.erased.c.digest.in_(digests))))
            for digest in sorted(set(digests) - there):
                connection.execute(sa.insert(t.erased).values(digest=digest, ordered_by=by))
            connection.execute(sa.delete(t.missing_bodies).where(t.missing_bodies.c.digest.in_(digests)))


def revoked_by(orders: Iterable[Revision]) -> set[str]:
    """Return the seats that these orders of the council revoke."""
    contents = [order.content() for order in orders if order.envelope.kind == REVOCATION.name]
    return {REVOCATION.read(content.fields).seat for content in contents if content is not None}


def _hold(connection: Connection, digest: str, code: str, order: Revision) -> None:
    """Note that an order holds a revision back, unless the revision was released: a release is final."""
    if connection.scalar(sa.select(t.released.c.digest).where(t.released.c.digest == digest)) is not None:
        return
    there = sa.update(t.held).where(t.held.c.digest == digest).values(code=code, ordered_by=order.digest)
    if not connection.execute(there).rowcount:
        reason = f"{code_list('hold_reason').label(code)}." if code else "The council holds this back."
        row = {"digest": digest, "reason": reason, "at": order.envelope.clock, "code": code}
        connection.execute(sa.insert(t.held).values(row | {"ordered_by": order.digest}))


def certify(connection: Connection, certified: Certificate, certificate: str, number: int) -> None:
    """Store a seat as its certificate describes it, unless a newer certificate is known.

    Args:
        connection: the transaction.
        certified: the content of the certificate.
        certificate: the certificate's digest.
        number: the certificate's number in the council's own chain.
    """
    row = {name: getattr(certified, name) for name in certified.__struct_fields__}
    row |= {"certificate": certificate, "number": number}
    known = connection.scalar(sa.select(t.seat.c.number).where(t.seat.c.seat == certified.seat))
    if known is None or known < number:
        _replace(connection, t.seat, row)


def _replace(connection: Connection, table: sa.Table, row: dict[str, Any]) -> None:
    key = next(iter(table.primary_key))
    connection.execute(sa.delete(table).where(key == row[key.name]))
    connection.execute(sa.insert(table).values(row))


@dataclass
class OwnChain:
    """The council's own chain, locked, with its last link."""

    council: Council
    connection: Connection
    link: Link

    def append(
        self,
        kind: Kind,
        fields: Fields,
        *,
        record: str = "",
        before: State | None = None,
        action: Action | None = None,
        why: str = "",
    ) -> Revision:
        """Sign and store one revision.

        Args:
            kind, fields: the content of the revision.
            record: the record's name; a new one if empty.
            before: the record as it was read, for an amendment.
            action: what the revision does to the record; None means finish for a new record and amend for a known one.
            why: the reason for an amendment.

        Raises:
            UserError: the revision is too large, or the record has another kind.
        """
        changed = changed_units(kind, before.fields if before else {}, fields)
        parents = before.heads if before else ()
        if words := beyond_bounds(fields, changed, parents):
            raise UserError(words)
        if record and is_of_another_kind(self.connection, kind.name, record):
            raise UserError(f"There is another record under this identifier, which is no {kind.label.lower()}.")
        return self.take(
            self.sign(kind, fields, record, parents, action or ("amend" if before else "finish"), changed, why)
        )

    def sign(
        self,
        kind: Kind,
        fields: Fields,
        record: str,
        parents: Sequence[str],
        action: Action,
        changed: list[str],
        why: str = "",
    ) -> Revision:
        """Sign the next revision and return it without storing it."""
        seat = self.council.seat
        return next_revision(
            self.link,
            Signer(seat, seat, seat, self.council.home.key),
            record=record or record_id(),
            kind=kind.name,
            schema=kind.version,
            parents=parents,
            clock=self.council.now(),
            action=action,
            body=body_bytes(fields, changed, why),
        )

    def append_again(self, revision: Revision, parents: Iterable[str]) -> Revision:
        """Sign and store a former revision of this chain again: the same text and time, with a new number."""
        if revision.body is None:
            raise Unavailable("A text of the council's own is missing. Let a laptop sync: it brings it back.")
        seat, former = self.council.seat, revision.envelope
        new_revision = next_revision(
            self.link,
            Signer(seat, seat, seat, self.council.home.key),
            record=former.record,
            kind=former.kind,
            schema=former.schema,
            parents=parents,
            clock=former.clock,
            action=former.action,
            body=revision.body,
            salt=revision.salt,
        )
        return self.take(new_revision)

    def take(self, revision: Revision) -> Revision:
        """Store a revision that was signed as the chain's next one."""
        keep(self.connection, [revision], self.council.now())
        project(self.connection, revision)
        self.link = link_of(revision)
        return revision

    def end_succession(self) -> None:
        """Store the order that names the present signing key, if a kill saved the key but not the order."""
        successions = self.council.home.successions
        order = from_wire(successions[-1].order) if successions else None
        if order is not None and follows(order, self.link):
            self.take(order)

    def check_key(self) -> None:
        """Raise Unavailable if this chain names a newer signing key than the folder has, or does not name that key yet."""
        keys, seat = self.council.home.signing_keys, self.council.seat
        if self.link.number < keys.since:
            raise Unavailable(OTHER_TIME)
        query = (
            sa.select(t.envelope.c.digest, t.envelope.c.jws, t.body.c.sealed)
            .join(t.body, t.body.c.digest == t.envelope.c.digest)
            .where(t.envelope.c.seat == seat, t.envelope.c.kind == NEW_KEY.name)
        )
        for row in self.connection.execute(query).all():
            order = bodies.as_far_as_read(self.connection, *row)
            if order is not None and _goes_on(keys, seat, order):
                raise Unavailable(OTHER_TIME)


def _goes_on(keys: CouncilKeys, seat: str, order: Revision) -> bool:
    """Return whether an order names the next signing key after these."""
    try:
        return keys.followed(seat, [Succession(keys.key, to_wire(order))]) != keys
    except Tampered:
        return False


def key_at(council: Council, seat: Seat, number: int) -> OKPKey:
    """Return the key that verifies the revision at a number of a seat's chain: the council's own key may have changed."""
    if seat.seat == council.seat:
        return public_key(council.home.signing_keys.of_number(number))
    return seat.verifying


@contextmanager
def own_chain(council: Council) -> Iterator[OwnChain]:
    """Yield the council's own chain, locked for writing, in one transaction; the commit is followed by a new anchor.

    Raises:
        Unavailable: see ``why_not_written``.
    """
    with council.store.writing() as connection:
        chain = own_chain_on(council, connection)
        if chain is None:
            raise Unavailable(why_not_written(council, connection))
        yield chain
    council.home.write_anchor(chain.link)


def own_chain_on(council: Council, connection: Connection) -> OwnChain | None:
    """Return the council's own chain, locked for writing in this transaction; None if it cannot be extended now.

    The caller writes the anchor after the commit. Raises Unavailable if the folder's signing key does not match the chain.
    """
    if bodies.keys_are_older(connection):  # the order that names the present signing key cannot be read
        return None
    chain = OwnChain(council, connection, last_link(connection, council.seat, lock=True))
    chain.end_succession()
    if is_behind(council, connection):
        return None
    chain.check_key()
    return None if why_not_written(council, connection) else chain


def state_of(connection: Connection, kind: str, record: str) -> State | None:
    """Return a record as its stored revisions describe it, without those held back; None if no revision is left."""
    return next(iter(states(connection, kind, t.envelope.c.record == record).values()), None)


def acting_kinds(connection: Connection, records: Iterable[str]) -> dict[str, set[str]]:
    """Return, for each record, the known kinds that its revisions in effect give it.

    A revision is in effect unless it is held back. After ``holding`` has judged a record, it has one kind at most.
    """
    record, kind = t.envelope.c.record, t.envelope.c.kind
    query = (
        sa.select(record, kind)
        .outerjoin(t.held, t.held.c.digest == t.envelope.c.digest)
        .where(kind.in_(list(KINDS)), record.in_(sorted(set(records))), t.held.c.digest.is_(None))
        .distinct()
    )
    kinds_by_record: dict[str, set[str]] = {}
    for name, its_kind in connection.execute(query):
        kinds_by_record.setdefault(name, set()).add(its_kind)
    return kinds_by_record


def is_of_another_kind(connection: Connection, kind: str, record: str) -> bool:
    """Return whether a revision in effect gives this record another kind: a record's kind never changes."""
    return bool(acting_kinds(connection, [record]).get(record, set()) - {kind})


def states(connection: Connection, kind: str, *where: sa.ColumnElement[bool]) -> dict[str, State]:
    """Return all records of a kind by name, as ``state_of`` reads them; an unreadable text does not stop the others."""
    return {record: state for record, state in folded(connection, kind, *where).items() if state.heads}


def folded(connection: Connection, kind: str, *where: sa.ColumnElement[bool]) -> dict[str, State]:
    """Return all records of a kind by name, also those with every revision held back: their states have no heads."""
    query = (
        sa.select(t.envelope.c.record, t.held.c.digest, t.envelope.c.digest, t.envelope.c.jws, t.body.c.sealed)
        .select_from(
            t.envelope.outerjoin(t.body, t.body.c.digest == t.envelope.c.digest).outerjoin(
                t.held, t.held.c.digest == t.envelope.c.digest
            )
        )
        .where(t.envelope.c.kind == kind, *where)
    )
    revisions_by_record: dict[str, list[Revision]] = {}
    held: set[str] = set()
    for record, held_back, *parts in connection.execute(query):
        if (revision := bodies.as_far_as_read(connection, *parts)) is not None:
            revisions_by_record.setdefault(record, []).append(revision)
            held |= {held_back} - {None}
    return {record: fold(revisions, KINDS.get(kind), held) for record, revisions in revisions_by_record.items()}


class HeldAtCouncil:
    """The records in the council's store, for comparison with another record (``records.agreement.Others``)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def revisions(self, record: str) -> list[Revision]:
        """Return all stored revisions of a record; a revision whose text cannot be read has no text."""
        query = (
            sa.select(t.envelope.c.digest, t.envelope.c.jws, t.body.c.sealed)
            .select_from(t.envelope.outerjoin(t.body, t.body.c.digest == t.envelope.c.digest))
            .where(t.envelope.c.kind.in_(list(KINDS)), t.envelope.c.record == record)
        )
        rows = self._connection.execute(query).all()
        revisions = (bodies.as_far_as_read(self._connection, *row) for row in rows)
        return [revision for revision in revisions if revision is not None]

    def without_effect(self, record: str) -> frozenset[str]:
        """Return the digests of a record's revisions that are held back."""
        query = (
            sa.select(t.held.c.digest)
            .join(t.envelope, t.envelope.c.digest == t.held.c.digest)
            .where(t.envelope.c.kind.in_(list(KINDS)), t.envelope.c.record == record)
        )
        return frozenset(self._connection.scalars(query))

    def record_of(self, digest: str) -> str:
        """Return the record of a revision, or '' if the revision is not stored."""
        query = sa.select(t.envelope.c.record).where(t.envelope.c.digest == digest)
        return self._connection.scalar(query) or ""
