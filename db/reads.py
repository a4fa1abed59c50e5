"""Read a laptop's store: records, links, search and drafts, and the chains and receipts that sync needs.

Every method uses its own connection from the pool, so any thread may call it. Must not write.
"""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection

from db import projections
from db.held import REVISION, HeldReads
from db.projections import ask
from db.rows import COLUMNS, CURRENT, UNDECIDED, CurrentRow, as_json, record_of, state_of
from db.typed_words import READ_OUT, label_words, search_query
from db.unit import DraftContent
from hipss_desktop import identity
from hipss_desktop.decoding import NotReadable, decoded, readable
from hipss_desktop.errors import Tampered
from hipss_desktop.kinds.catalogue import KINDS, may_read
from hipss_desktop.kinds.council import CERTIFICATE, MENDING, Certificate
from hipss_desktop.records.chain import Link
from hipss_desktop.records.kind import Kind, R
from hipss_desktop.records.revision import Revision, opened
from hipss_desktop.services.ports import AnyStruct, Draft, Record, SyncState, Waiting, unique
from hipss_desktop.services.store_settings import StoreSetting

EVERY_ROW = 1 << 62
ABOUT = "SELECT link.id FROM link WHERE link.person IN (SELECT value FROM json_each(?)) AND link.subject"


class RecordReads(HeldReads):
    """Queries for current records, for the screens."""

    _sending = 0

    def _current(self, connection: Connection, rows: Any) -> list[Record]:
        return self._currents(connection, rows.fetchall())

    def _currents(self, connection: Connection, rows: Sequence[Any]) -> list[Record]:
        if not rows:
            return []
        sent = self._sent_through(connection, self._seat.seat)
        behind = self._behind(connection)
        held = self.records_held(connection)
        current = [CurrentRow._make(row[:COLUMNS]) for row in rows]
        return [record_of(row, state_of(row, sent, self._sending, held, behind)) for row in current]

    def _behind(self, connection: Connection) -> set[str]:
        """Return the records with a revision by a former seat of this store that the council gave no receipt for."""
        return {
            row[0]
            for seat in self._former
            for row in ask(
                connection,
                "SELECT record FROM envelope WHERE seat = ? AND number > ?",
                (seat, self._sent_through(connection, seat)),
            )
        }

    def _sent_through(self, connection: Connection, seat: str) -> int:
        """Return the last number of an own seat that has a signed receipt and that the council still says it has."""
        row = ask(
            connection,
            "SELECT max(receipt.number) FROM receipt JOIN council ON council.seat = receipt.seat "
            "WHERE receipt.seat = ? AND receipt.number <= council.number",
            (seat,),
        ).fetchone()
        return int(row[0] or 0) if row else 0

    def get(self, record: str) -> Record | None:
        """Return a record as it is now, or None if it is not here."""
        with self._storage.reading() as connection:
            records = self._current(
                connection, ask(connection, f"SELECT {CURRENT} FROM current WHERE record = ?", (record,))
            )
        return records[0] if records else None

    def records_named(self, records: Collection[str]) -> list[Record]:
        """Return the records of these names that are here, newest first."""
        if not records:
            return []
        query = f"SELECT {CURRENT} FROM current WHERE record IN (SELECT value FROM json_each(?)) ORDER BY id DESC"
        with self._storage.reading() as connection:
            return self._current(connection, ask(connection, query, (as_json(records),)))

    def revisions(self, record: str) -> list[Revision]:
        """Return the revisions that have an effect on a record, sorted by time."""
        with self._storage.reading() as connection:
            return projections.revisions_of(connection, record, taking_part=True)

    def revision(self, digest: str) -> Revision | None:
        """Return the revision with that digest, or None if it is not here."""
        with self._storage.reading() as connection:
            row = ask(connection, f"SELECT {REVISION} WHERE envelope.digest = ?", (digest,)).fetchone()
        return opened(*row) if row else None

    def records_of(
        self,
        kind: str,
        *,
        stage: str = "",
        before: int | None = None,
        since: int | None = None,
        limit: int | None = None,
    ) -> list[Record]:
        """Return records of a kind, newest first."""
        # Without INDEXED BY, SQLite reads all records of the kind to find those in the stage.
        index, staged = ("INDEXED BY current_stage", "AND stage = ? ") if stage else ("", "")
        with self._storage.reading() as connection:
            return self._current(
                connection,
                ask(
                    connection,
                    f"SELECT {CURRENT} FROM current {index} WHERE kind = ? {staged}AND id < ? AND id >= ? "
                    "ORDER BY id DESC LIMIT ?",
                    (
                        kind,
                        *([stage] if stage else []),
                        before if before is not None else EVERY_ROW,
                        projections.first_row_of(since) if since is not None else 0,
                        limit if limit is not None else -1,
                    ),
                ),
            )

    def count(self, kind: str, *, stage: str = "") -> int:
        """Return how many records of a kind there are, without the withdrawn ones."""
        staged = "AND stage = ? " if stage else ""
        with self._storage.reading() as connection:
            row = ask(
                connection,
                f"SELECT count(*) FROM current WHERE kind = ? {staged}AND NOT withdrawn",
                (kind, *([stage] if stage else [])),
            ).fetchone()
        return int(row[0]) if row else 0

    def records_about(
        self,
        person: str,
        *,
        also: Collection[str] = (),
        role: str = "",
        kind: str = "",
        before: int | None = None,
        until: int | None = None,
        limit: int | None = None,
    ) -> list[Record]:
        """Return the records about a person or another record or one of ``also``, or those naming it in a role, newest first."""
        end = min(before if before is not None else EVERY_ROW, _first_row(until))
        conditions, values = _naming(role, kind)
        who = (person, *also)
        with self._storage.reading() as connection:
            return self._current(
                connection,
                ask(
                    connection,
                    f"SELECT {CURRENT} FROM current WHERE id IN (SELECT DISTINCT id FROM link WHERE person {_among(who)} "
                    f"AND id < ? {conditions} ORDER BY id DESC LIMIT ?) ORDER BY id DESC",
                    (*who, end, *values, limit if limit is not None else -1),
                ),
            )

    def newest_about(
        self, people: Sequence[str], *, role: str = "", kind: str = "", most: int = 1, since: int = 0
    ) -> dict[str, list[Record]]:
        """Return, for each person, the newest records that name them and are not withdrawn, from ``since`` (ms) on."""
        conditions, values = _naming(role, kind)
        records_by_person: dict[str, list[Record]] = {person: [] for person in people}
        with self._storage.reading() as connection:
            rows = ask(
                connection,
                f"SELECT {CURRENT}, who.value FROM json_each(?) AS who JOIN current ON current.id IN (SELECT DISTINCT link.id FROM "
                "link JOIN current AS it ON it.id = link.id WHERE link.person = who.value AND link.id >= ? "
                f"{conditions} AND NOT it.withdrawn ORDER BY link.id DESC LIMIT ?) ORDER BY current.id DESC",
                (as_json(list(records_by_person)), projections.first_row_of(since), *values, most),
            ).fetchall()
            for row, record in zip(rows, self._currents(connection, rows), strict=True):
                records_by_person[row[-1]].append(record)
        return records_by_person

    def said_about(self, person: str, term: str, *, of: type[AnyStruct]) -> list[AnyStruct]:
        """Return what records that are not withdrawn say about a person under an index term, oldest first.

        The records themselves are not read.
        """
        with self._storage.reading() as connection:
            rows = ask(
                connection,
                "SELECT says FROM link WHERE person = ? AND role = ? AND says IS NOT NULL ORDER BY id",
                (person, term),
            ).fetchall()
        decode = msgspec.json.Decoder(readable(of)).decode
        return [decode(row[0]) for row in rows]

    def worst_about(self, people: Sequence[str], *, newest: int) -> dict[str, SyncState]:
        """Return, for each person, the worst sync state of their own record and the newest records that name them."""
        who = as_json(list(people))
        with self._storage.reading() as connection:
            sent = self._sent_through(connection, self._seat.seat)
            needs = self.records_held(connection)
            needs |= {row[0] for row in ask(connection, f"SELECT record FROM current WHERE {UNDECIDED}")}
            states: list[tuple[SyncState, set[str]]] = [("needs_you", _named_by(connection, who, needs))]
            last = ask(connection, "SELECT number FROM chain WHERE seat = ?", (self._seat.seat,)).fetchone()
            waiting = _named_by(connection, who, self._behind(connection))
            if last is not None and last[0] > sent:
                waiting |= _above(connection, who, max(sent, self._sending), newest)
                states += [("waiting", waiting), ("sending", _above(connection, who, sent, newest))]
            else:
                states.append(("waiting", waiting))
        return {
            person: next((state for state, people_in_state in states if person in people_in_state), "sent")
            for person in dict.fromkeys(people)
        }

    def count_about(self, person: str, *, also: Collection[str] = (), since: int = 0, until: int | None = None) -> int:
        """Return how many records are about a person or one of ``also``, dated from ``since`` on and before ``until`` (ms)."""
        who = (person, *also)
        with self._storage.reading() as connection:
            row = ask(
                connection,
                f"SELECT count(DISTINCT id) FROM link WHERE person {_among(who)} AND subject AND id >= ? AND id < ?",
                (*who, projections.first_row_of(since), _first_row(until)),
            ).fetchone()
        return int(row[0]) if row else 0

    def kinds_about(self, person: str, *, also: Collection[str] = ()) -> dict[str, int]:
        """Return how many records of each kind are about a person or one of ``also``, the most frequent kind first."""
        who = (person, *also)
        with self._storage.reading() as connection:
            rows = ask(
                connection,
                f"SELECT kind, count(DISTINCT id) FROM link WHERE person {_among(who)} AND subject GROUP BY kind "
                "ORDER BY 2 DESC, kind",
                who,
            ).fetchall()
        return {kind: int(count) for kind, count in rows}

    def records_due(
        self,
        kind: str,
        *,
        named: tuple[str, Collection[str]] | None = None,
        others: bool = False,
        since: int | None = None,
        until: int | None = None,
        after: int | None = None,
        limit: int | None = None,
    ) -> list[Record]:
        """Return records of a kind with a due time, the earliest first; with ``others`` then the rest, the newest first."""
        role, people = named or ("", ())
        marks = ", ".join("?" * len(people))
        only = (
            f"AND EXISTS (SELECT 1 FROM link WHERE role = ? AND person IN ({marks}) AND link.id = current.id) "
            if named
            else ""
        )
        who, most = (role, *people) if named else (), limit if limit is not None else EVERY_ROW
        first = since if since is not None else -EVERY_ROW
        last_due = until if until is not None else EVERY_ROW
        rows: list[Any] = []
        with self._storage.reading() as connection:
            last = ask(connection, "SELECT due FROM current WHERE id = ?", (after,)).fetchone()
            due = last[0] if last else None
            if after is None or due is not None:
                rows += ask(
                    connection,
                    f"SELECT {CURRENT} FROM current WHERE kind = ? AND due IS NOT NULL AND (due, id) > (?, ?) AND due <= ? "
                    f"{only}ORDER BY due, id LIMIT ?",
                    (kind, *((due, after) if due is not None else (first, EVERY_ROW)), last_due, *who, most),
                ).fetchall()
            if others and len(rows) < most:
                rows += ask(
                    connection,
                    f"SELECT {CURRENT} FROM current INDEXED BY current_kind WHERE kind = ? AND due IS NULL AND id < ? {only}"
                    "ORDER BY id DESC LIMIT ?",
                    (kind, after if after is not None and due is None else EVERY_ROW, *who, most - len(rows)),
                ).fetchall()
            return self._currents(connection, rows)

    def undecided(self) -> list[Record]:
        """Return the records that wait for a person to decide between two versions."""
        with self._storage.reading() as connection:
            return self._current(
                connection,
                ask(connection, f"SELECT {CURRENT} FROM current WHERE {UNDECIDED} ORDER BY id DESC"),
            )

    def search(
        self,
        words: str,
        *,
        kind: str = "",
        stage: str = "",
        about: str = "",
        also: Collection[str] = (),
        since: int = 0,
        until: int | None = None,
        limit: int = 50,
    ) -> list[Record]:
        """Return records (of a kind, in a stage, about a person) that contain every word, newest first.

        The last word may be the beginning of one. Records are dated from ``since`` on and before ``until`` (ms). If none is
        found, words of labels beside a number are ignored: "log 0147" finds the number that somebody reads out.
        """
        people = as_json([about, *also]) if about else ""
        rows = projections.first_row_of(since), _first_row(until)
        records = self._search(words, kind, stage, people, rows, limit)
        rest = " ".join(word for word in words.split() if word.casefold() not in label_words())
        read_out = rest != " ".join(words.split()) and sum(map(str.isdecimal, rest)) >= READ_OUT
        return self._search(rest, kind, stage, people, rows, limit) if not records and read_out else records

    def _search(self, words: str, kind: str, stage: str, about: str, rows: tuple[int, int], limit: int) -> list[Record]:
        query = search_query(words)
        conditions = (
            (" AND it.kind = ?", kind),
            (" AND it.stage = ?", stage),
            (f" AND search.rowid IN ({ABOUT})", about),
        )
        only = "".join(condition for condition, value in conditions if value)
        joined = "JOIN current AS it ON it.id = search.rowid" if kind or stage else ""
        with self._storage.reading() as connection:
            records = [
                record
                for record in self._by_reference(connection, words, about)
                if kind in ("", record.kind) and stage in ("", _stage(record)) and rows[0] <= record.id < rows[1]
            ]
            if query:
                records += self._current(
                    connection,
                    ask(
                        connection,
                        f"SELECT {CURRENT} FROM current WHERE id IN (SELECT search.rowid FROM search {joined} "
                        f"WHERE search MATCH ?{only} AND search.rowid >= ? AND search.rowid < ? "
                        "ORDER BY search.rowid DESC LIMIT ?) ORDER BY id DESC",
                        (query, *(value for _, value in conditions if value), *rows, limit),
                    ),
                )
        return unique(records)[:limit]

    def _by_reference(self, connection: Connection, words: str, about: str) -> list[Record]:
        """Return the records (about a person) with a typed reference; there may be two with the same characters."""
        prefix, characters = identity.typed_reference(words)
        if not characters:
            return []
        only = f"AND id IN ({ABOUT})" if about else ""
        query = f"SELECT {CURRENT} FROM current WHERE reference = ? {only} ORDER BY id DESC"
        rows = ask(connection, query, (characters, about) if about else (characters,))
        records = self._current(connection, rows)
        prefixed = [
            record for record in records if record.kind in KINDS and KINDS[record.kind].reference_prefix == prefix
        ]
        return prefixed if prefix else records

    def drafts(self) -> list[Draft]:
        """Return all drafts that can be read, newest first; ``doctor`` names a draft that cannot be read."""
        with self._storage.reading() as connection:
            rows = ask(
                connection,
                "SELECT record, kind, schema, content, saved, question FROM draft ORDER BY saved DESC, record, question",
            ).fetchall()
        return [draft for draft in map(read_draft, rows) if draft is not None]

    def draft(self, record: str, question: str = "") -> Draft | None:
        """Return the draft of a record, or of one of its questions; None if there is no draft.

        Raises:
            Tampered: the draft cannot be read; it is left unchanged.
        """
        with self._storage.reading() as connection:
            row = ask(
                connection,
                "SELECT record, kind, schema, content, saved, question FROM draft WHERE record = ? AND question = ?",
                (record, question),
            ).fetchone()
        draft = read_draft(row) if row else None
        if row and draft is None:
            raise Tampered("What was begun of this record cannot be read. It is kept as it is. Report it.")
        return draft

    def setting(self, name: str) -> str:
        """Return a setting of this person's store, or '' if it was never set."""
        with self._storage.reading() as connection:
            return read_setting(connection, name)


class ChainReads(RecordReads):
    """Queries for chains, receipts and the council's answers, for sync and the sync centre."""

    def have(self) -> dict[str, Link]:
        """Return the last stored link of every seat's chain."""
        with self._storage.reading() as connection:
            rows = ask(connection, "SELECT seat, number, digest FROM chain ORDER BY seat").fetchall()
        return {seat: Link(number, digest) for seat, number, digest in rows}

    def chain(self, seat: str, *, after: int, limit: int) -> list[Revision]:
        """Return the revisions of a seat's chain in order, from number ``after`` + 1 on."""
        with self._storage.reading() as connection:
            rows = ask(
                connection,
                f"SELECT {REVISION} WHERE seat = ? AND number > ? ORDER BY number LIMIT ?",
                (seat, after, limit),
            ).fetchall()
        return [opened(*row) for row in rows]

    def missing_bodies(self, *, limit: int = 500) -> list[str]:
        """Return digests whose body was never received although this role may read the kind, newest first.

        Revisions that the council holds back are left out, except this person's own: it sends their texts only to the author.
        """
        readable = [name for name in KINDS if may_read(self._seat.role, name)]
        with self._storage.reading() as connection:
            rows = ask(
                connection,
                f"SELECT digest FROM lacking WHERE kind IN ({', '.join('?' * len(readable))}) AND (NOT EXISTS (SELECT 1 FROM "
                "hold WHERE hold.digest = lacking.digest AND NOT released) OR EXISTS (SELECT 1 FROM envelope WHERE "
                "envelope.id = lacking.id AND seat IN (SELECT value FROM json_each(?)))) ORDER BY id DESC LIMIT ?",
                (*readable, as_json(self.own_seats()), limit),
            ).fetchall()
        return [row[0] for row in rows]

    def certificates(self) -> dict[str, Certificate]:
        """Return the certificates by seat, from the council's own chain only."""
        return {certificate.seat: certificate for certificate in self._orders(CERTIFICATE)}

    def mended(self) -> frozenset[str]:
        """Return the digests that mending orders name: revisions that are no longer in the council's own chain."""
        return frozenset(row.id for order in self._orders(MENDING) for row in order.revisions)

    def evidence_of(self, label: str) -> list[str]:
        """Return the evidence that was stored under that label (JWS)."""
        with self._storage.reading() as connection:
            rows = connection.exec_driver_sql(
                "SELECT jws FROM evidence WHERE what = ? ORDER BY id", (label,)
            ).fetchall()
        return [str(row[0]) for row in rows]

    def _orders(self, kind: Kind[R]) -> list[R]:
        """Return the contents of one kind of order in the council's own chain, the oldest first."""
        with self._storage.reading() as connection:
            rows = ask(
                connection,
                f"SELECT {REVISION} WHERE seat = ? AND kind = ? ORDER BY number",
                (read_setting(connection, StoreSetting.COUNCIL_SEAT), kind.name),
            ).fetchall()
        return [kind.read(content.fields) for row in rows if (content := opened(*row).content()) is not None]

    def sending_through(self, number: int) -> None:
        """Note the last own number of a push that is running; 0 if no push is running."""
        self._sending = number

    def sent_through(self, seat: str) -> int:
        """Return the last number of an own seat that the council gave a receipt for and still says it has."""
        with self._storage.reading() as connection:
            return self._sent_through(connection, seat)

    def waiting(self) -> Waiting:
        """Return the counts of own revisions, of those the council has, of those held back, and of records in conflict."""
        with self._storage.reading() as connection:
            own = [
                ask(connection, "SELECT number FROM chain WHERE seat = ?", (seat,)).fetchone()
                for seat in self.own_seats()
            ]
            conflicts = ask(connection, f"SELECT count(*) FROM current WHERE {UNDECIDED}").fetchone()
            return Waiting(
                own=sum(row[0] for row in own if row),
                council=sum(self._sent_through(connection, seat) for seat in self.own_seats()),
                held=len(self.digests_held(connection)),
                conflicts=conflicts[0] if conflicts else 0,
            )

    def unsent(self, *, limit: int) -> list[tuple[Revision, Record | None]]:
        """Return own revisions without a receipt, oldest first, each with its record."""
        rows: list[Any] = []
        with self._storage.reading() as connection:
            for seat in self.own_seats():
                rows += ask(
                    connection,
                    f"SELECT {REVISION} WHERE seat = ? AND number > ? ORDER BY number LIMIT ?",
                    (seat, self._sent_through(connection, seat), limit - len(rows)),
                ).fetchall()
        return self._with_records(rows)

    def sent(self, *, limit: int) -> list[tuple[Revision, Record | None, str]]:
        """Return the newest own revisions that the council has, newest first, with the receipt's time."""
        rows: list[Any] = []
        with self._storage.reading() as connection:
            for seat in reversed(self.own_seats()):
                rows += ask(
                    connection,
                    "SELECT envelope.jws, body.salt, body.content, (SELECT receipt.at FROM receipt WHERE receipt.seat = "
                    "envelope.seat AND receipt.number >= envelope.number ORDER BY receipt.number LIMIT 1) FROM envelope "
                    "LEFT JOIN body USING (digest) WHERE seat = ? AND number <= ? ORDER BY number DESC LIMIT ?",
                    (seat, self._sent_through(connection, seat), limit - len(rows)),
                ).fetchall()
        pairs = self._with_records(rows)
        return [(revision, record, str(row[3] or "")) for (revision, record), row in zip(pairs, rows, strict=True)]

    def receipt(self, digest: str) -> str:
        """Return the council's valid receipt (JWS) for a revision, or '' if there is none."""
        with self._storage.reading() as connection:
            row = ask(
                connection,
                "SELECT receipt.jws FROM envelope JOIN receipt ON receipt.seat = envelope.seat "
                "AND receipt.number >= envelope.number JOIN council ON council.seat = envelope.seat "
                "WHERE envelope.digest = ? AND receipt.number <= council.number ORDER BY receipt.number LIMIT 1",
                (digest,),
            ).fetchone()
        return str(row[0]) if row else ""


def _named_by(connection: Connection, who: str, records: Collection[str]) -> set[str]:
    """Return the people who are among these records, or whom these records are about."""
    if not records:
        return set()
    these = as_json(records)
    rows = ask(
        connection,
        "SELECT value FROM json_each(?1) WHERE value IN (SELECT value FROM json_each(?2)) OR value IN (SELECT person "
        "FROM json_each(?2) AS one JOIN current ON current.record = one.value JOIN link ON link.id = current.id "
        "WHERE link.subject)",
        (who, these),
    )
    return {row[0] for row in rows}


def _above(connection: Connection, who: str, number: int, newest: int) -> set[str]:
    """Return the people whose own record, or one of the ``newest`` about them, has an own number above ``number``."""
    rows = ask(
        connection,
        "SELECT who.value FROM json_each(?1) AS who WHERE EXISTS (SELECT 1 FROM current WHERE record = who.value AND "
        "own_number > ?2) OR EXISTS (SELECT 1 FROM (SELECT id FROM link WHERE person = who.value AND subject "
        "ORDER BY id DESC "
        "LIMIT ?3) AS late JOIN current ON current.id = late.id WHERE current.own_number > ?2)",
        (who, number, newest),
    )
    return {row[0] for row in rows}


def _among(people: Sequence[str]) -> str:
    """Return the condition that a column names one of these; for a single person, "=" lets the index give the order."""
    return "= ?" if len(people) == 1 else f"IN ({', '.join('?' * len(people))})"


def _stage(record: Record) -> str:
    """Return the stage of a record, or '' if its kind has no stages or is unknown."""
    kind = KINDS.get(record.kind)
    return kind.stage_of(kind.of(record)) if kind is not None else ""


def _naming(role: str, kind: str) -> tuple[str, list[str]]:
    """Return the conditions on a link: the kind, and the role; without a role, that the record is about the person."""
    conditions = [(column, value) for column, value in (("link.role", role), ("link.kind", kind)) if value]
    about = "" if role else " AND link.subject"
    return about + "".join(f" AND {column} = ?" for column, _ in conditions), [value for _, value in conditions]


def read_draft(row: Any) -> Draft | None:
    """Return a draft upgraded to today's description of its kind; None if it cannot be read.

    A draft of an unknown kind, or of a newer program, is returned unchanged.
    """
    record, kind_name, schema, encoded, saved, question = row
    try:
        content = decoded(encoded, DraftContent)
    except NotReadable:
        return None
    kind = KINDS.get(kind_name)
    fields = kind.upgraded(schema, content.fields, [])[0] if kind is not None else content.fields
    return Draft(
        record=record,
        kind=kind_name,
        schema=max(schema, kind.version) if kind is not None else schema,
        fields=fields,
        parents=tuple(content.parents),
        why=content.why,
        began=content.began,
        saved=saved,
        call=content.call,
        caret=content.caret,
        question=question,
        unseen=tuple(content.unseen),
    )


def read_setting(connection: Connection, name: str) -> str:
    """Return a setting, or '' if it was never set."""
    row = ask(connection, "SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else ""


def _first_row(until: int | None) -> int:
    """Return the first row number that is too late for records dated before a time (ms); None sets no limit."""
    return projections.first_row_of(until) if until is not None else EVERY_ROW
