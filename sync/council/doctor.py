"""Check the whole store for damage, for signatures that do not verify, and for tables that differ from the council's chain.

Reads everything and changes nothing. A finding names places, never their content.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hipss_desktop.errors import Tampered, Unavailable
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.kinds.council import CERTIFICATE, ERASURE, HOLD, MENDING, ORDERS, RELEASE, REVOCATION
from hipss_desktop.records.agreement import amended_words, amending, disagreeing, first_author
from hipss_desktop.records.chain import NO_LINK, Link, follows
from hipss_desktop.records.doubts import doubts_of
from hipss_desktop.records.fields import Fields
from hipss_desktop.records.held import HeldRecord, held_record
from hipss_desktop.records.kind import Kind
from hipss_desktop.records.revision import Revision, verify
from hipss_desktop.records.unreadable import UnreadableRecord, unreadable_record
from sync.council import bodies, deposits
from sync.council import tables as t
from sync.council.chain import (
    Council,
    HeldAtCouncil,
    OwnChain,
    Seat,
    folded,
    is_behind,
    key_at,
    last_link,
    plain_name,
    seat_named,
    states,
)
from sync.council.holding import kept_out
from sync.council.mending import OTHER_WAY, other_ways
from sync.council.send import chains
from sync.council.store import keys_of

_PUT_BACK = "Stop the server, put the last good backup of the store back, and let every laptop sync."
_PUT_KEYS_BACK = "Stop the server and put keys.json back from the backup that was made with this store."
_SYNC = "Let a laptop sync: it brings the order back."
_ERASED = "This text was erased, and the store is older than the order."
_CALL = "Keep the store as it is and have it looked into; it may have been tampered with."


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that is wrong, and what to do about it."""

    what: str
    do: str
    seat: str = ""
    number: int = 0
    digest: str = ""


class Examined(msgspec.Struct, frozen=True):
    """The last link of every chain, and the findings; the list of findings is empty if the store is sound.

    ``unreadable`` lists records with answers that cannot be read. ``held`` lists records whose newest revisions are held back.
    ``doubts`` say which records contradict each other. None of them means that something is wrong with the store.
    """

    seats: dict[str, tuple[int, str]]
    findings: list[Finding]
    unreadable: list[UnreadableRecord]
    held: list[HeldRecord]
    doubts: list[str]


def examine(council: Council) -> Examined:
    """Check cipher and database, triggers, links, digests, bodies, signatures, projections and the anchor."""
    findings = [Finding("The store's file is damaged.", _PUT_BACK) for _ in council.store.damage()[:1]]
    expected_triggers = t.TRIGGERS if council.store.embedded else t.TRIGGERS | t.TRUNCATE_TRIGGERS
    missing = sorted(expected_triggers - council.store.triggers())
    findings += [
        Finding(f"The trigger {name} is missing, so what is kept for ever is not safe.", _CALL) for name in missing
    ]
    with council.store.reading() as connection:
        links = chains(connection)
        findings += _keys(council, connection)
        findings += _chains(council, connection, links)
        findings += _projections(council, connection)
        findings += _bodies(connection)
        if len(keys_of(connection).read().texts) > 1:
            do = "Run hipss-council rotate texts again."
            findings.append(Finding("The keys of the texts were not rotated to the end.", do))
        findings += _evidence(council, connection)
        if is_behind(council, connection):
            do = "Let a laptop sync: it brings back what is missing."
            findings.append(Finding("The store is older than its folder: it was restored from a backup.", do))
        findings += _mixed(connection)
        findings += _disagreeing(connection)
        unreadable, held = list(_unreadable(connection)), list(_held(connection))
        doubts = [doubt.words for kind in KINDS.values() for doubt in doubts_of(kind, _live(connection, kind))]
    seats = {seat: (link.number, link.digest) for seat, link in links.items()}
    return Examined(seats, findings, unreadable, held, doubts)


def _live(connection: Connection, kind: Kind) -> Iterator[tuple[str, Fields]]:
    """The records of a kind that count, with their bodies."""
    for record, state in states(connection, kind.name).items() if kind.doubts is not None else ():
        if not state.withdrawn:
            yield record, state.fields


def _keys(council: Council, connection: Connection) -> Iterator[Finding]:
    """Find keys in the folder that are older or newer than the store."""
    if bodies.keys_are_older(connection):
        yield Finding("The council's keys (keys.json) are older than its store.", _PUT_KEYS_BACK)
    else:
        try:
            OwnChain(council, connection, last_link(connection, council.seat)).check_key()
        except Unavailable as other_time:
            yield Finding(str(other_time), "Nothing was tampered with if that ends the other findings.", council.seat)
    for fault, do in deposits.troubles(council, connection):
        yield Finding(fault, do)


def _chains(council: Council, connection: Connection, links: Mapping[str, Link]) -> Iterator[Finding]:
    query = (
        sa.select(t.envelope, t.body.c.sealed)
        .outerjoin(t.body, t.body.c.digest == t.envelope.c.digest)
        .order_by(t.envelope.c.seat, t.envelope.c.number)
    )
    rows = connection.execution_options(stream_results=True, yield_per=500).execute(query)
    seen: set[str] = set()
    for seat, links_of in groupby(rows, key=lambda row: row.seat):
        seen.add(seat)
        known = seat_named(council, connection, seat)
        at = NO_LINK
        if known is None:
            do = "Let a laptop sync: it brings back the council's own record of orders."
            yield Finding("There is no certificate for this laptop.", do, seat)
        for row in links_of:
            fault, revision = _link(council, connection, row, at, known)
            if fault:
                yield Finding(fault, _CALL, seat, row.number, row.digest)
            yield from _key(connection, seat, row.number, row.digest, row.sealed)
            at = Link(row.number, revision.digest if revision else row.digest)
        if links.get(seat) != at:
            yield Finding("A series of records ends elsewhere than the store says.", _CALL, seat, at.number)
    for seat in links.keys() - seen:
        yield Finding("A whole series of records is gone.", _PUT_BACK, seat, links[seat].number)


def _link(
    council: Council, connection: Connection, row: sa.Row[tuple[object, ...]], at: Link, seat: Seat | None
) -> tuple[str, Revision | None]:
    """Return what is wrong with one link ('' if nothing is), and its revision (None if it cannot be read)."""
    try:
        revision = bodies.revision(connection, row.digest, row.jws, row.sealed)
    except Tampered:
        return "A version or its text is not what was signed.", None
    link = revision.envelope
    if revision.digest != row.digest or (link.seat, link.number) != (row.seat, row.number):
        return "A version stands under another name than its own.", revision
    if (plain_name(link.record), plain_name(link.kind)) != (row.record, row.kind):
        return "A version is filed under another record than its own.", revision
    if not follows(revision, at):
        return "A version does not go on from the one before it.", revision
    try:
        if seat is not None:
            verify(revision, key_at(council, seat, row.number))
    except Tampered:
        return "A version's signature does not match.", revision
    return "", revision


def _projections(council: Council, connection: Connection) -> Iterator[Finding]:
    """Compare the tables that requests read with the council's own chain."""
    expected_rows: dict[str, set[tuple[object, ...]]] = {
        "seat": set(),
        "revocation": set(),
        "held": set(),
        "released": set(),
        "erased": set(),
        "mended": set(),
    }
    certificates: dict[str, tuple[object, ...]] = {}
    revocations: dict[str, int] = {}
    query = (
        sa.select(t.envelope.c.digest, t.envelope.c.jws, t.body.c.sealed)
        .join(t.body, t.body.c.digest == t.envelope.c.digest)
        .where(t.envelope.c.seat == council.seat, t.envelope.c.kind.in_([kind.name for kind in ORDERS]))
        .order_by(t.envelope.c.number)
    )
    for row in connection.execute(query):
        try:
            revision = bodies.revision(connection, *row)
            content = revision.content()
        except Tampered:
            continue
        if content is None:
            continue
        fields, by = content.fields, revision.digest
        match revision.envelope.kind:
            case CERTIFICATE.name:
                certificate = CERTIFICATE.read(fields)
                certificates[certificate.seat] = (
                    certificate.seat,
                    certificate.person,
                    certificate.role,
                    certificate.key,
                    by,
                )
            case REVOCATION.name:
                revoked = REVOCATION.read(fields)
                revocations[revoked.seat] = revoked.after or 0
            case HOLD.name:
                expected_rows["held"] |= {(row.id,) for row in HOLD.read(fields).revisions}
            case RELEASE.name:
                expected_rows["released"].add((RELEASE.read(fields).digest,))
            case MENDING.name:
                expected_rows["mended"] |= {(row.id,) for row in MENDING.read(fields).revisions}
            case ERASURE.name:
                expected_rows["erased"] |= {(digest,) for digest in ERASURE.read(fields).digests}
    expected_rows["seat"] = set(certificates.values())
    expected_rows["revocation"] = set(revocations.items())
    expected_rows["held"] -= expected_rows["released"]
    queries = {
        "seat": sa.select(t.seat.c.seat, t.seat.c.person, t.seat.c.role, t.seat.c.key, t.seat.c.certificate),
        "revocation": sa.select(t.revocation.c.seat, t.revocation.c.after),
        "held": sa.select(t.held.c.digest).where(t.held.c.ordered_by.is_not(None)),
        "released": sa.select(t.released.c.digest),
        "erased": sa.select(t.erased.c.digest),
        "mended": sa.select(t.mended.c.digest),
    }
    for name, select in queries.items():
        if {tuple(row) for row in connection.execute(select)} != expected_rows[name]:
            do = "Let a laptop sync; if it stays, have it looked into."
            yield Finding(f"The table {name} says otherwise than the council's own record of orders.", do, council.seat)
    waits = sa.select(t.held.c.digest).where(t.held.c.ordered_by.is_(None)).limit(1)
    do = "Start the council and let a laptop sync, or run hipss-council chain confirm: it is written then."
    if connection.scalar(waits) is not None:
        yield Finding("What is held back has no order yet that says so to the laptops.", do, council.seat)
    for seat in kept_out(council, connection):
        yield Finding("A laptop that is kept out has no order yet that says so to the others.", do, seat)


def _bodies(connection: Connection) -> Iterator[Finding]:
    has_body = sa.exists().where(t.body.c.digest == t.envelope.c.digest)
    accounted = sa.or_(
        sa.exists().where(t.erased.c.digest == t.envelope.c.digest),
        sa.exists().where(t.missing_bodies.c.digest == t.envelope.c.digest),
    )
    gone = sa.select(t.envelope.c.seat, t.envelope.c.number, t.envelope.c.digest).where(~has_body, ~accounted)
    for seat, number, digest in connection.execute(gone):
        if bodies.destroyed(connection, [digest]):
            yield Finding(_ERASED, _SYNC, seat, number, digest)
        else:
            yield Finding("A version's text is gone without an order.", _PUT_BACK, seat, number, digest)
    waiting = sa.select(t.envelope.c.seat, t.envelope.c.number, t.envelope.c.digest).join(
        t.missing_bodies, t.missing_bodies.c.digest == t.envelope.c.digest
    )
    for seat, number, digest in connection.execute(waiting):
        do = "Let the laptops sync: the one that has it brings it back."
        yield Finding("A version came back without its text.", do, seat, number, digest)


def _key(connection: Connection, seat: str, number: int, digest: str, sealed: bytes | None) -> Iterator[Finding]:
    """Find a text that no key in the folder can decrypt.

    Nobody has changed such a text, but the folder and the store are of different times.
    """
    if not bodies.lacks_key(connection, digest, sealed):
        return
    if bodies.destroyed(connection, [digest]):
        yield Finding(_ERASED, _SYNC, seat, number, digest)
    else:
        yield Finding("The key of a text is not in the council's folder.", _PUT_KEYS_BACK, seat, number, digest)


def _mixed(connection: Connection) -> Iterator[Finding]:
    """Find records with more than one kind among the revisions that are not held back."""
    record = t.envelope.c.record
    query = (
        sa.select(record)
        .outerjoin(t.held, t.held.c.digest == t.envelope.c.digest)
        .where(t.held.c.digest.is_(None), record != "", t.envelope.c.kind != "")
        .group_by(record)
        .having(sa.func.count(t.envelope.c.kind.distinct()) > 1)
        .order_by(record)
    )
    for name in connection.scalars(query):
        yield Finding(f"The record {name} is written as more than one kind.", _CALL)


def _disagreeing(connection: Connection) -> Iterator[Finding]:
    """Find records that contradict another record, and amended records of kinds that nobody may amend."""
    others = HeldAtCouncil(connection)
    for kind in KINDS.values():
        for record, state in states(connection, kind.name).items() if kind.agrees or not kind.amendable else ():
            revisions = [
                revision for revision in others.revisions(record) if revision.digest not in state.without_effect
            ]
            author = first_author(revisions)
            if not state.withdrawn and (sentence := disagreeing(kind, record, state.fields, author, others)):
                yield Finding(sentence, "Let the laptops sync. If this stays, have it looked into.")
            if not kind.amendable and amending(revisions, kind):
                yield Finding(amended_words(kind, record), _CALL)


def _unreadable(connection: Connection) -> Iterator[UnreadableRecord]:
    """Find records of known kinds with answers that cannot be read, except withdrawn records and those held back."""
    for kind in KINDS.values():
        for record, state in states(connection, kind.name).items():
            finding = unreadable_record(kind, record, state.fields)
            if finding is not None and not state.withdrawn:
                yield finding


def _held(connection: Connection) -> Iterator[HeldRecord]:
    """Find the records whose newest revisions are held back."""
    query = (
        sa.select(t.envelope.c.kind, t.envelope.c.record)
        .join(t.held, t.held.c.digest == t.envelope.c.digest)
        .distinct()
        .order_by(t.envelope.c.record, t.envelope.c.kind)
    )
    for kind, record in connection.execute(query).all():
        for state in folded(connection, kind, t.envelope.c.record == record).values():
            if (finding := held_record(KINDS.get(kind), state)) is not None:
                yield finding


def _evidence(council: Council, connection: Connection) -> Iterator[Finding]:
    """Find revisions that were received but not accepted.

    Revisions that the council itself signed give one finding together, while its chain contains them nowhere.
    """
    other_way = other_ways(council, connection)
    if other_way:
        number = min(revision.envelope.number for revision in other_way.values())
        do = "Let those laptops sync that say so, then run hipss-council chain mend."
        yield Finding(OTHER_WAY, do, council.seat, number)
    settled = set(other_way) | set(connection.scalars(sa.select(t.mended.c.digest)))
    own = sa.select(t.envelope.c.digest).where(t.envelope.c.seat == council.seat)
    columns = (t.evidence.c.seat, t.evidence.c.number, t.evidence.c.digest, t.evidence.c.reason, t.evidence.c.sealed)
    query = sa.select(*columns).where(t.evidence.c.digest.not_in(own)).order_by(t.evidence.c.at)
    for seat, number, digest, reason, sealed in connection.execute(query):
        if digest in settled:
            continue
        do = "Look at the laptop that sent it; it joins the council anew."
        yield Finding(f"Something came that was not taken. {reason.partition(': ')[2]}", do, seat, number, digest)
        yield from _key(connection, seat, number, digest, sealed)
