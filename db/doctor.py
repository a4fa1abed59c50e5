"""Checks everything in a laptop's store and says what to do about each finding. Changes the store only with ``rebuild``.

It checks the integrity of cipher and SQLite, every chain link, digest and signature, bodies against envelopes, the anchor and the
triggers. It compares the projections and the search index with what the revisions add up to.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import get_args

import msgspec
from joserfc.jwk import OKPKey
from sqlalchemy import Connection

from db import guards, projections
from db.connection import DRIVER_ERRORS
from db.reads import read_draft
from db.store import ChainBehindAnchor, LaptopStore
from db.tables import evidence_tables
from db.vault import StoreDamaged
from hipss_desktop.errors import Tampered
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.agreement import amended_words, amending, disagreeing, first_author
from hipss_desktop.records.chain import NO_LINK, Link, follows, link_of
from hipss_desktop.records.doubts import doubts_of
from hipss_desktop.records.fold import fold, kind_of
from hipss_desktop.records.held import HeldRecord, held_record
from hipss_desktop.records.kind import Kind, Role
from hipss_desktop.records.revision import Revision, opened, verify
from hipss_desktop.records.unreadable import UnreadableRecord, unreadable_record
from hipss_desktop.services.enrolment import council_keys
from hipss_desktop.services.held_here import HeldHere
from hipss_desktop.services.ports import Record
from hipss_desktop.services.store_settings import StoreSetting
from sync.wire.tokens import public_key

FETCH_AGAIN = "What was sent comes back from the council: ring your manager, then set this laptop up again."
REPORT = "Do not go on with this store. Report it: somebody or something changed it."
LOOK_THROUGH = "Sync, then look through the last records that you wrote."
NO_ROLE = "This store does not say which role its person has, so it shows and takes no record."
NO_ROOM = "This laptop's disk takes nothing, so the store was opened for reading alone."
BATCH = 1000


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be, and what to do."""

    problem: str
    do: str


@dataclass
class Examined:
    """The result: each seat's last link, how many revisions were checked, and the findings.

    ``unreadable`` are records with answers that cannot be read. ``held`` are records whose newest revisions the council holds
    back. ``doubts`` say which records contradict each other. None of them means that the store is damaged.
    """

    seats: dict[str, Link] = field(default_factory=dict)
    checked: int = 0
    findings: list[Finding] = field(default_factory=list)
    unreadable: list[UnreadableRecord] = field(default_factory=list)
    held: list[HeldRecord] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def examine(store: LaptopStore, *, rebuild: bool = False) -> Examined:
    """Check everything and return the result. ``rebuild`` saves the projections that the check derives again."""
    examined = Examined()
    if store.read_only:
        examined.findings.append(Finding(NO_ROOM, "Free some space, then run 'hipss doctor' again."))
    # Use the writing connection: a connection that once read the search index reports later writes as damage.
    with store.storage.reading() if store.read_only else store.storage.writing() as connection:
        examined.findings += _integrity(connection)
    try:
        examined.seats = store.have()
        with store.storage.reading() as connection:
            examined.findings += _schema(connection)
        if store.seat.role not in get_args(Role):
            examined.findings.append(Finding(NO_ROLE, REPORT))
        examined.findings += _anchor(store)
        if split := store.setting(StoreSetting.COUNCIL_SPLIT):
            examined.findings.append(Finding(split, "Sync again once the council was mended."))
        for seat in sorted(examined.seats):
            _chain(store, seat, examined)
        if not store.read_only:
            examined.findings += _projections(store, keep=rebuild)
        examined.findings += _mixed(store)
        examined.findings += _drafts(store)
        examined.findings += _disagreeing(store)
        examined.unreadable += _unreadable(store)
        examined.held += _held(store)
        for kind in (kind for kind in KINDS.values() if kind.doubts is not None):
            live = [(record.record, record.fields) for record in store.records_of(kind.name) if not record.withdrawn]
            examined.doubts += [doubt.words for doubt in doubts_of(kind, live)]
    except StoreDamaged:
        # A damaged page is reported once. The records on it cannot be checked.
        if not examined.findings:
            examined.findings.append(Finding("The store's own structure is damaged.", FETCH_AGAIN))
    return examined


def _integrity(connection: Connection) -> Iterator[Finding]:
    pages = [str(words) for (words,) in connection.exec_driver_sql("PRAGMA cipher_integrity_check").fetchall()]
    if pages:
        named = ", ".join(sorted({number for words in pages for number in re.findall(r"page (\d+)", words)}, key=int))
        yield Finding(f"Damaged pages of the store: {named or len(pages)}.", FETCH_AGAIN)
        return
    try:
        words = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check").fetchall()]
    except DRIVER_ERRORS:
        words = []
    if words != ["ok"]:
        yield Finding("The store's own structure is damaged.", FETCH_AGAIN)


def _schema(connection: Connection) -> Iterator[Finding]:
    tables = {row[0] for row in connection.exec_driver_sql("SELECT name FROM sqlite_master").fetchall()}
    seen_gone = connection.exec_driver_sql("SELECT 1 FROM evidence WHERE what = ?", (guards.MISSING,)).fetchone()
    if seen_gone or not guards.whole(connection) or set(evidence_tables.tables) - tables:
        yield Finding(guards.MISSING, REPORT)


def _anchor(store: LaptopStore) -> Iterator[Finding]:
    for lost in store.still_lost():
        yield Finding(str(lost), LOOK_THROUGH)
    try:
        store.check_anchor()
    except ChainBehindAnchor as behind:
        yield Finding(str(behind), LOOK_THROUGH)
    except Tampered as error:
        yield Finding(str(error), REPORT)


def _chain(store: LaptopStore, seat: str, examined: Examined) -> None:
    try:
        key = _key(store, seat)
    except Tampered as error:
        key = None
        examined.findings.append(Finding(str(error), REPORT))
    else:
        if key is None:
            examined.findings.append(Finding("Records are here without the certificate of their laptop.", "Sync."))
    last = NO_LINK
    while links := _links(store, seat, last.number, examined):
        for revision in links:
            if not follows(revision, last):
                examined.findings.append(Finding("A series of records has a gap or was joined wrongly.", REPORT))
            last = link_of(revision)
            examined.checked += 1
            if key is not None:
                try:
                    verify(revision, key(revision.envelope.number))
                except Tampered as error:
                    examined.findings.append(Finding(str(error), REPORT))
    if last != examined.seats[seat]:
        examined.findings.append(
            Finding("The end of a series of records is not where it was noted.", "Run 'hipss doctor --rebuild'.")
        )


def _links(store: LaptopStore, seat: str, after: int, examined: Examined) -> list[Revision]:
    with store.storage.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT envelope.jws, body.salt, body.content, envelope.digest, envelope.record, envelope.kind FROM envelope "
            "LEFT JOIN body USING (digest) WHERE seat = ? AND number > ? ORDER BY number LIMIT ?",
            (seat, after, BATCH),
        ).fetchall()
    links = []
    for jws, salt, content, digest, record, kind in rows:
        try:
            revision = opened(jws, salt, content)
        except Tampered as error:
            examined.findings.append(Finding(str(error), REPORT))
            try:
                revision = opened(jws, None, None)
            except Tampered:
                continue
        if (revision.digest, revision.envelope.record, revision.envelope.kind) != (digest, record, kind):
            examined.findings.append(Finding("A record is filed under a name that is not its own.", REPORT))
        links.append(revision)
    return links


def _key(store: LaptopStore, seat: str) -> Callable[[int], OKPKey] | None:
    """Return a function that gives the key for each number of a seat's chain, or None if the seat has no certificate."""
    if seat == store.seat.seat:
        return _always(store.signing_key)
    if seat == store.setting(StoreSetting.COUNCIL_SEAT):
        keys = council_keys(store)
        return lambda number: public_key(keys.of_number(number))
    certificate = store.certificates().get(seat)
    if certificate is not None:
        return _always(public_key(certificate.key))
    if seat == store.setting(StoreSetting.FORMER_SEAT) and store.setting(StoreSetting.FORMER_SIGNING_KEY):
        return _always(store.key_named(StoreSetting.FORMER_SIGNING_KEY))
    return None


def _always(key: OKPKey) -> Callable[[int], OKPKey]:
    return lambda _: key


SNAPSHOT = (
    "SELECT record, kind, fields, heads, conflicts, withdrawn, disputed, incomplete, own_number, versions, author, clock, "
    "due, stage, reference FROM current ORDER BY record",
    "SELECT person, role, link.kind, subject, says, current.record FROM link JOIN current USING (id) ORDER BY 1, 2, 6",
    "SELECT seat, number, digest FROM chain ORDER BY seat",
    "SELECT id, digest, kind FROM lacking ORDER BY id",
    "SELECT digest, reason, released FROM hold ORDER BY digest",
    "SELECT digest, record, seat FROM without_effect ORDER BY digest",
    "SELECT current.record, words FROM search JOIN current ON current.id = search.rowid ORDER BY 1",
)


def _projections(store: LaptopStore, *, keep: bool) -> Iterator[Finding]:
    """Derive all projections again in a transaction and compare. Roll the transaction back unless ``keep`` is set."""
    try:
        with store.storage.writing() as connection:
            before = _snapshot(connection)
            projections.rebuild(connection, store.seat.seat)
            differs = before != _snapshot(connection)
            if not keep:
                raise _NotKept
    except _NotKept:
        pass
    if differs:
        advice = "It was put right." if keep else "Run 'hipss doctor --rebuild'. No record is lost."
        yield Finding("What the screens show is not what the records add up to.", advice)


def _mixed(store: LaptopStore) -> Iterator[Finding]:
    """Find records whose revisions do not name the same kind, held back revisions left out: a kind never changes."""
    with store.storage.reading() as connection:
        records = connection.exec_driver_sql(
            "SELECT record FROM envelope WHERE digest NOT IN (SELECT digest FROM without_effect) "
            "GROUP BY record HAVING count(DISTINCT kind) > 1 ORDER BY record"
        ).scalars()
        for record in records:
            yield Finding(f"The record {record} is written as more than one kind.", "Sync. If this stays, report it.")


def _drafts(store: LaptopStore) -> Iterator[Finding]:
    with store.storage.reading() as connection:
        rows = connection.exec_driver_sql("SELECT record, kind, schema, content, saved, question FROM draft").fetchall()
    unreadable = sum(read_draft(row) is None for row in rows)
    if unreadable:
        drafts = "1 draft" if unreadable == 1 else f"{unreadable} drafts"
        yield Finding(f"{drafts} on this laptop cannot be read.", "Nothing else is lost. Report it.")


def _disagreeing(store: LaptopStore) -> Iterator[Finding]:
    """Find records that do not agree with the record they are for, and amended records of a kind that nobody may amend.

    A record that cannot be read is reported with its chain and is not compared.
    """
    for kind in KINDS.values():
        for record in store.records_of(kind.name) if kind.agrees or not kind.amendable else ():
            with suppress(Tampered):
                yield from _compared(store, kind, record)


def _compared(store: LaptopStore, kind: Kind, record: Record) -> Iterator[Finding]:
    revisions = store.revisions(record.record)
    if not revisions:
        return
    author = first_author(revisions)
    if not record.withdrawn and (words := disagreeing(kind, record.record, record.fields, author, HeldHere(store))):
        yield Finding(words, "Sync. If this stays, report it, and do not go by that record.")
    if not kind.amendable and amending(revisions, kind):
        yield Finding(amended_words(kind, record.record), REPORT)


def _unreadable(store: LaptopStore) -> Iterator[UnreadableRecord]:
    """The records of known kinds with answers that cannot be read. Withdrawn records are left out."""
    with store.storage.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT kind, record, fields FROM current WHERE NOT withdrawn ORDER BY kind, id DESC"
        )
        for name, record, fields in rows:
            kind = KINDS.get(name)
            unreadable = unreadable_record(kind, record, msgspec.json.decode(fields)) if kind else None
            if unreadable is not None:
                yield unreadable


def _held(store: LaptopStore) -> Iterator[HeldRecord]:
    """The records whose newest revisions are held back."""
    with store.storage.reading() as connection:
        records = (
            connection.exec_driver_sql("SELECT DISTINCT record FROM without_effect ORDER BY record").scalars().all()
        )
    for record in records:
        revisions, held = store.all_revisions(record), store.without_effect(record)
        kind = KINDS.get(kind_of([revision for revision in revisions if revision.digest not in held] or revisions))
        if (held_back := held_record(kind, fold(revisions, kind, held))) is not None:
            yield held_back


def _snapshot(connection: Connection) -> list[list[tuple[object, ...]]] | None:
    """All projections, or None if one is missing or unreadable, or the search index does not agree with its rows."""
    try:
        connection.exec_driver_sql("INSERT INTO search(search) VALUES ('integrity-check')")
        return [[tuple(row) for row in connection.exec_driver_sql(query)] for query in SNAPSHOT]
    except DRIVER_ERRORS:
        return None


class _NotKept(Exception):
    """Rolls the comparison back."""
