"""Derive projections from the stored revisions: current records, links to people, and search words. All can be rebuilt.

``project`` folds one record's revisions and writes its projections again; ``rebuild`` does so for all records. The statements
are compiled once from the Core tables, because every save runs them. Must not write evidence.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Delete, Insert, Select, bindparam, delete, insert, select
from sqlalchemy.dialects import sqlite

from db.tables import (
    SEARCH,
    body,
    chain,
    current,
    ddl,
    envelope,
    link,
    missing_bodies,
    projection_description,
    projection_tables,
    without_effect,
)
from hipss_desktop import identity, times
from hipss_desktop.kinds.catalogue import KINDS, may_read
from hipss_desktop.kinds.council import HOLD, RELEASE
from hipss_desktop.records import telephone
from hipss_desktop.records.countersigning import AWAITS, COUNTERSIGNATURE, COUNTERSIGNED_BY, awaits, signers
from hipss_desktop.records.fields import Field, Fields, as_text
from hipss_desktop.records.fold import Side, State, fold, kind_of
from hipss_desktop.records.folding import folded
from hipss_desktop.records.kind import Kind
from hipss_desktop.records.references import references
from hipss_desktop.records.revision import Revision, as_far_as_read

PROJECTION_VERSION = 11
"""Increase this number if a function here derives something different; a kind's own functions have their own number."""

DIALECT = sqlite.dialect(paramstyle="qmark")


class Statement:
    """A Core statement compiled once: its text, and its parameters in order."""

    def __init__(self, clause: Insert | Select[Any] | Delete) -> None:
        compiled = clause.compile(dialect=DIALECT)
        self.text = str(compiled)
        self.order = tuple(compiled.positiontup or ())

    def run(self, connection: Connection, **values: Any) -> Any:
        """Run the statement with these values, on the driver's own cursor because every save runs a dozen statements."""
        return driver_of(connection).execute(self.text, [values[name] for name in self.order])

    def run_many(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run the statement for each of these rows."""
        if rows:
            driver_of(connection).executemany(self.text, [[row[name] for name in self.order] for row in rows])


def driver_of(connection: Connection) -> Any:
    """Return the driver's connection under SQLAlchemy's."""
    return connection.connection.dbapi_connection


def ask(connection: Connection, query: str, values: Sequence[Any] = ()) -> Any:
    """Run a query and return the driver's own cursor: SQLAlchemy takes longer to wrap an answer than SQLite to find it."""
    return driver_of(connection).execute(query, values)


ADD_CURRENT = Statement(sqlite.insert(current).on_conflict_do_nothing(index_elements=[current.c.id]))
ADD_LINK = Statement(insert(link))
ADD_CHAIN = Statement(insert(chain).prefix_with("OR REPLACE"))
FIND_ID = Statement(select(current.c.id).where(current.c.record == bindparam("record")))
ANOTHER = Statement(
    select(envelope.c.id).where(envelope.c.record == bindparam("record"), envelope.c.digest != bindparam("digest"))
)
ADD_MISSING = Statement(insert(missing_bodies).prefix_with("OR IGNORE"))
DROP_MISSING = Statement(delete(missing_bodies).where(missing_bodies.c.digest == bindparam("digest")))
DROP_CURRENT = Statement(delete(current).where(current.c.id == bindparam("id")))
DROP_LINKS = Statement(delete(link).where(link.c.id == bindparam("id")))
REVISIONS = Statement(
    select(envelope.c.jws, body.c.salt, body.c.content)
    .select_from(envelope.outerjoin(body, envelope.c.digest == body.c.digest))
    .where(envelope.c.record == bindparam("record"))
)
TAKING_PART = Statement(
    select(envelope.c.jws, body.c.salt, body.c.content)
    .select_from(envelope.outerjoin(body, envelope.c.digest == body.c.digest))
    .where(
        envelope.c.record == bindparam("record"),
        envelope.c.digest.not_in(select(without_effect.c.digest).where(without_effect.c.record == bindparam("record"))),
    )
)
HELD_IN = (
    "SELECT envelope.digest FROM envelope CROSS JOIN hold ON hold.digest = envelope.digest AND NOT hold.released "
    "WHERE envelope.record = ?"
)
"""The held-back digests of one record: the search starts from its few revisions, however many are held back elsewhere."""
HOLDS = (
    "INSERT INTO hold(digest, reason, released) VALUES (?, ?, 0) ON CONFLICT (digest) DO UPDATE SET "
    "reason = CASE WHEN reason = '' THEN excluded.reason ELSE min(reason, excluded.reason) END"
)
"""Notes a hold. A hold order's text may arrive after a release or another hold; of several reasons the smallest is stored.

So the result does not depend on the order of arrival.
"""
RELEASES = (
    "INSERT INTO hold(digest, reason, released) VALUES (?, '', 1) ON CONFLICT (digest) DO UPDATE SET released = 1"
)
ADD_WITHOUT_EFFECT = Statement(insert(without_effect))
DROP_WITHOUT_EFFECT = Statement(delete(without_effect).where(without_effect.c.record == bindparam("record")))
ADD_WORDS = "INSERT INTO search(rowid, words) VALUES (?, ?)"
DROP_WORDS = "DELETE FROM search WHERE rowid = ?"


def description() -> str:
    """Return a hash of all that the projections depend on: their tables, and the relevant parts of each kind.

    Labels and hints are left out, except the labels of code lists that search finds.
    """
    kinds = [_derived(kind) for kind in KINDS.values()]
    return projection_description(msgspec.json.encode([PROJECTION_VERSION, kinds], order="deterministic").decode())


def _derived(kind: Kind) -> list[Any]:
    """Return the parts of a kind's description that its projections depend on."""
    fields = [_derived_field(field, inside=False) for field in kind.fields]
    signed = bool(kind.countersigned_by)
    return [kind.name, kind.version, kind.dated_by, kind.stage, kind.unstaged, kind.derivation, signed, fields]


def _derived_field(field: Field, *, inside: bool) -> list[Any]:
    options, searched = field.options, field.is_searched(inside=inside)
    labels = [[code.code, code.label] for code in field.choices.codes] if searched and options.choices else []
    rows = [_derived_field(inner, inside=True) for inner in field.rows]
    return [field.name, field.type, options.refers_to, options.subject, options.grows, searched, labels, rows]


def revisions_of(connection: Connection, record: str, *, taking_part: bool = False) -> list[Revision]:
    """Return all revisions of a record, sorted by time, number and digest (an order to show, never to decide by).

    Bodies and envelopes that cannot be read are left out, so that the rest can be shown; doctor names them. With
    ``taking_part``, revisions without effect on the record are left out too.
    """
    rows = (TAKING_PART if taking_part else REVISIONS).run(connection, record=record)
    revisions = [revision for row in rows if (revision := as_far_as_read(*row)) is not None]
    return sorted(
        revisions,
        key=lambda revision: (times.epoch_ms(revision.envelope.clock), revision.envelope.number, revision.digest),
    )


def note_order(connection: Connection, order: Revision) -> list[str]:
    """Note what an order in the council's own chain holds back or releases; return the digests that it names.

    Any other revision gives an empty list.
    """
    kind, content = order.envelope.kind, order.content()
    if content is None or kind not in (HOLD.name, RELEASE.name):
        return []
    if kind == HOLD.name:
        rows = HOLD.read(content.fields).revisions
        driver_of(connection).executemany(HOLDS, [(row.id, row.reason) for row in rows])
        return [row.id for row in rows]
    digest = RELEASE.read(content.fields).digest
    driver_of(connection).execute(RELEASES, (digest,))
    return [digest]


def project(
    connection: Connection,
    record: str,
    revisions: Sequence[Revision],
    seat: str,
    *,
    fresh: bool = False,
    held: Collection[str] | None = None,
) -> None:
    """Write a record's projections from all its revisions.

    ``fresh``: the record has no projections yet. ``held``: the digests that are held back, of this or other records; None looks
    them up.
    """
    if not fresh:
        _drop(connection, record)
    if held is None:
        held = frozenset(row[0] for row in driver_of(connection).execute(HELD_IN, (record,)))
    if not revisions:
        return
    kind = KINDS.get(kind_of([revision for revision in revisions if revision.digest not in held] or revisions))
    state = fold(revisions, kind, held)
    ADD_WITHOUT_EFFECT.run_many(
        connection,
        [
            {"digest": revision.digest, "record": record, "seat": revision.envelope.seat}
            for revision in revisions
            if revision.digest in state.without_effect
        ],
    )
    if not state.heads or _is_for_others(connection, revisions, state.kind):
        return
    answers = kind.read(state.fields) if kind is not None else None
    row = row_of(state, kind, answers, revisions, seat)
    while ADD_CURRENT.run(connection, **row).rowcount == 0:
        row["id"] += 1  # another record with the same time has this number
    if kind is None:
        return
    ADD_LINK.run_many(
        connection,
        [{"id": row["id"], "kind": kind.name, **revision} for revision in _links(kind, answers, state, revisions)],
    )
    words = search_words(kind, answers, state.fields) if not state.withdrawn else ""
    if words:
        driver_of(connection).execute(ADD_WORDS, (row["id"], words))


def _is_for_others(connection: Connection, revisions: Sequence[Revision], kind: str) -> bool:
    """Return whether a record has no text here and this store's person may not read its kind.

    Such a record is neither listed nor counted. Its envelopes are stored, because every laptop has every chain complete.
    """
    if any(revision.body is not None for revision in revisions):
        return False
    role = driver_of(connection).execute("SELECT value FROM setting WHERE name = 'role'").fetchone()
    return role is None or not may_read(role[0], kind)


def _drop(connection: Connection, record: str) -> None:
    DROP_WITHOUT_EFFECT.run(connection, record=record)
    row = FIND_ID.run(connection, record=record).fetchone()
    if row is not None:
        DROP_CURRENT.run(connection, id=row[0])
        DROP_LINKS.run(connection, id=row[0])
        driver_of(connection).execute(DROP_WORDS, (row[0],))


def row_of(state: State, kind: Kind | None, answers: Any, revisions: Sequence[Revision], seat: str) -> dict[str, Any]:
    """Return the row of a current record whose state has a head.

    Revisions that are held back do not count for its time, author and number of versions.
    """
    part = (
        [revision for revision in revisions if revision.digest not in state.without_effect]
        if state.without_effect
        else revisions
    )
    clocks = {revision.digest: (times.epoch_ms(revision.envelope.clock), revision.digest) for revision in part}
    written = [revision for revision in part if revision.envelope.action != "countersign"]
    newest = max(written or part, key=lambda revision: clocks[revision.digest])
    dated = getattr(answers, kind.dated_by) if kind and kind.dated_by else None
    at = times.ms(times.begins(dated)) if dated is not None else min(clocks.values())[0]
    due = kind.due(answers) if kind and kind.due and not state.withdrawn else None
    return {
        "id": order_key(at, state.record),
        "record": state.record,
        "kind": state.kind,
        "fields": msgspec.json.encode(state.fields, order="deterministic").decode(),
        "heads": msgspec.json.encode(state.heads).decode(),
        "conflicts": msgspec.json.encode(
            {unit: [[side.value, side.digests] for side in sides] for unit, sides in state.conflicts.items()}
        ).decode(),
        "withdrawn": int(state.withdrawn),
        "disputed": int(state.disputed),
        "incomplete": int(state.incomplete),
        "own_number": max(
            (revision.envelope.number for revision in revisions if revision.envelope.seat == seat), default=0
        ),
        "versions": sum(revision.digest not in state.growths for revision in written),
        "author": newest.envelope.author,
        "clock": newest.envelope.clock,
        "due": times.ms(due) if due is not None else None,
        "stage": kind.stage_of(answers) if kind else "",
        "reference": identity.reference_characters(state.record),
    }


LATEST = (1 << 42) - 1
"""The last millisecond that a row number can represent, in the year 2109."""


def order_key(at: int, record: str) -> int:
    """Return a row number from the time and the record's name, so that descending row numbers give the newest first."""
    within = min(max(at, 0), LATEST)  # a mistyped year must not prevent saving a record
    return (within << 20) | (int.from_bytes(hashlib.sha256(record.encode()).digest()[:3], "big") & 0xFFFFF)


def row_at(row_id: int) -> int:
    """Return the time (milliseconds since 1970 UTC) in a row number."""
    return row_id >> 20


def first_row_of(at: int) -> int:
    """Return the lowest row number that a record at this time can have."""
    return min(max(at, 0), LATEST) << 20  # a mistyped year must not prevent reading a list


def _links(kind: Kind, answers: Any, state: State, revisions: Iterable[Revision]) -> list[dict[str, Any]]:
    """Return the people whom a record names, by the naming field ("field/inner" inside a row), and its index terms.

    A withdrawn record is found by its index terms, but its terms have no content.
    """
    links = {(field.role, field.record): field.field.options.subject for field in references(kind.fields, answers)}
    term_contents: dict[tuple[str, str], str] = {}
    for term in kind.index_terms(answers) if kind.index_terms else ():
        links.setdefault((term.name, term.person), False)
        if term.says is not None and not state.withdrawn:
            term_contents[term.name, term.person] = msgspec.json.encode(term.says).decode()
    if awaits(kind, state):
        links[AWAITS, COUNTERSIGNATURE] = False
    links |= {(COUNTERSIGNED_BY, person): False for person in signers(revisions, state)}
    return [
        {"person": person, "role": role, "subject": int(subject), "says": term_contents.get((role, person))}
        for (role, person), subject in sorted(links.items())
    ]


@cache
def _searched_fields(kind: Kind) -> tuple[Field, ...]:
    """Return the fields of a kind whose words search finds; cached, because every save needs them."""
    return tuple(field for field in kind.fields if field.is_searched(inside=False))


def search_words(kind: Kind, answers: Any, body: Fields) -> str:
    """Return the words by which search finds a record, folded: its title and the text of searched fields, no identifiers."""
    return "\n".join(filter(None, map(folded, [kind.title_from(answers), *_words(_searched_fields(kind), body)])))


def _words(fields: Iterable[Field], body: Fields) -> Iterator[str]:
    for field in fields:
        value = body.get(field.name)
        if value is None or field.is_empty(value):
            continue
        if field.type == "phone" and isinstance(value, str):
            yield telephone.searched(value)
        elif field.type != "rows" or not isinstance(value, list):
            words = field.words(value)
            yield words
            yield telephone.searched_in(words)
        else:
            for row in value:
                parts = _words(field.searched_rows, row) if isinstance(row, Mapping) else [as_text(row)]
                yield ", ".join(filter(None, parts))


def sides(text: str) -> dict[str, tuple[Side, ...]]:
    """Read the conflicts of a record from its projection."""
    held: dict[str, list[tuple[Any, list[str]]]] = msgspec.json.decode(text)
    return {unit: tuple(Side(value, tuple(digests)) for value, digests in sides) for unit, sides in held.items()}


def make(connection: Connection) -> None:
    """Create empty projection tables in place of the existing ones."""
    for table in (*projection_tables.tables, "search"):
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
    for statement in (*ddl(projection_tables), *SEARCH):
        connection.exec_driver_sql(statement)


def rebuild(connection: Connection, seat: str) -> None:
    """Delete every projection and derive it again from the stored revisions."""
    make(connection)
    driver = driver_of(connection)
    # SQLite takes the other columns from the row with the greatest number.
    driver.execute(
        "INSERT INTO chain(seat, number, digest) SELECT seat, max(number), digest FROM envelope GROUP BY seat"
    )
    driver.execute(
        "INSERT INTO lacking(id, digest, kind) SELECT id, digest, kind FROM envelope WHERE digest NOT IN "
        "(SELECT digest FROM body) AND digest NOT IN (SELECT digest FROM erased)"
    )
    orders = driver.execute(
        "SELECT jws, salt, content FROM envelope JOIN body USING (digest) WHERE seat = (SELECT value FROM setting WHERE "
        "name = 'council_seat') AND kind IN (?, ?) ORDER BY number",
        (HOLD.name, RELEASE.name),
    ).fetchall()
    for row in orders:
        if (order := as_far_as_read(*row)) is not None:
            note_order(connection, order)
    held = frozenset(row[0] for row in driver.execute("SELECT digest FROM hold WHERE NOT released"))
    for (record,) in driver.execute("SELECT record FROM envelope GROUP BY record ORDER BY min(id)").fetchall():
        project(connection, record, revisions_of(connection, record), seat, fresh=True, held=held)
