"""Reading a laptop's store: records, links, search, drafts; and the chains and receipts that sync goes by.

Every method takes a connection of its own from the pool, so any thread may call it. Must not write.
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
from hipss_desktop.decoding import NotReadable, decoded
from hipss_desktop.errors import Tampered
from hipss_desktop.kinds.catalogue import KINDS, may_read
from hipss_desktop.kinds.council import CERTIFICATE, MENDING, Certificate
from hipss_desktop.records.chain import Link
from hipss_desktop.records.kind import Kind, R
from hipss_desktop.records.revision import Revision, opened
from hipss_desktop.services.ports import Draft, Record, Said, SyncState, Waiting, unique
from hipss_desktop.services.store_settings import StoreSetting

EVERY_ROW = 1 << 62
ABOUT = "SELECT link.id FROM link WHERE link.person IN (SELECT value FROM json_each(?)) AND link.subject"


class RecordReads(HeldReads):
    """Records as they are now, by every way a screen asks for them."""

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
        """The records of which a former seat of this store wrote something that the council has no receipt for."""
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
        """The last number of an own seat under a signed receipt that the council still says it has."""
        row = ask(
            connection,
            "SELECT max(receipt.number) FROM receipt JOIN council ON council.seat = receipt.seat "
            "WHERE receipt.seat = ? AND receipt.number <= council.number",
            (seat,),
        ).fetchone()
        return int(row[0] or 0) if row else 0

    def get(self, record: str) -> Record | None:
        """A record as it is now, None when it is not here."""
        with self._storage.reading() as connection:
            found = self._current(
                connection, ask(connection, f"SELECT {CURRENT} FROM current WHERE record = ?", (record,))
            )
        return found[0] if found else None

    def records_named(self, records: Collection[str]) -> list[Record]:
        """Those of many records that are here, newest first."""
        if not records:
            return []
        query = f"SELECT {CURRENT} FROM current WHERE record IN (SELECT value FROM json_each(?)) ORDER BY id DESC"
        with self._storage.reading() as connection:
            return self._current(connection, ask(connection, query, (as_json(records),)))

    def revisions(self, record: str) -> list[Revision]:
        """The revisions that a record is made of, by their clocks."""
        with self._storage.reading() as connection:
            return projections.revisions_of(connection, record, taking_part=True)

    def revision(self, digest: str) -> Revision | None:
        """One revision by name."""
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
        """Records of a kind, newest first."""
        # Left to itself, SQLite walks all records of the kind for one that is in the stage.
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
        """How many records of a kind there are, the withdrawn ones left out."""
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
        """Records about a person (or another record, or one of ``also``), or those that name it in a role, newest first."""
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
        """For each of many people the newest records that name them and were not withdrawn, from ``since`` (ms) on."""
        conditions, values = _naming(role, kind)
        found: dict[str, list[Record]] = {person: [] for person in people}
        with self._storage.reading() as connection:
            rows = ask(
                connection,
                f"SELECT {CURRENT}, who.value FROM json_each(?) AS who JOIN current ON current.id IN (SELECT DISTINCT link.id FROM "
                "link JOIN current AS it ON it.id = link.id WHERE link.person = who.value AND link.id >= ? "
                f"{conditions} AND NOT it.withdrawn ORDER BY link.id DESC LIMIT ?) ORDER BY current.id DESC",
                (as_json(list(found)), projections.first_row_of(since), *values, most),
            ).fetchall()
            for row, record in zip(rows, self._currents(connection, rows), strict=True):
                found[row[-1]].append(record)
        return found

    def said_about(self, person: str, term: str, *, of: type[Said]) -> list[Said]:
        """What the records that stand say about a person under an index term, oldest first; none of them is read."""
        with self._storage.reading() as connection:
            rows = ask(
                connection,
                "SELECT says FROM link WHERE person = ? AND role = ? AND says IS NOT NULL ORDER BY id",
                (person, term),
            ).fetchall()
        decode = msgspec.json.Decoder(of).decode
        return [decode(row[0]) for row in rows]

    def worst_about(self, people: Sequence[str], *, newest: int) -> dict[str, SyncState]:
        """For each of many people the worst state of their own record and the newest that name them."""
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
            person: next((state for state, those in states if person in those), "sent")
            for person in dict.fromkeys(people)
        }

    def count_about(self, person: str, *, also: Collection[str] = (), since: int = 0, until: int | None = None) -> int:
        """How many records name a person or one of ``also``, those from ``since`` on and before ``until`` (ms)."""
        who = (person, *also)
        with self._storage.reading() as connection:
            row = ask(
                connection,
                f"SELECT count(DISTINCT id) FROM link WHERE person {_among(who)} AND subject AND id >= ? AND id < ?",
                (*who, projections.first_row_of(since), _first_row(until)),
            ).fetchone()
        return int(row[0]) if row else 0

    def kinds_about(self, person: str, *, also: Collection[str] = ()) -> dict[str, int]:
        """How many records of each kind are about a person or one of ``also``, the most frequent kind first."""
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
        """Records of a kind that are open and due at a time, the earliest first; then ``others``, the newest first."""
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
        """Records that wait for a person to decide between two versions."""
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
        """Records (of a kind, in a stage, about a person) in which every word occurs (the last as a beginning), newest first.

        Those dated from ``since`` on and before ``until`` (ms).

        Where there are none, the words of labels beside a number do not count: "log 0147" finds the number that is read out.
        """
        people = as_json([about, *also]) if about else ""
        rows = projections.first_row_of(since), _first_row(until)
        found = self._search(words, kind, stage, people, rows, limit)
        rest = " ".join(word for word in words.split() if word.casefold() not in label_words())
        read_out = rest != " ".join(words.split()) and sum(map(str.isdecimal, rest)) >= READ_OUT
        return self._search(rest, kind, stage, people, rows, limit) if not found and read_out else found

    def _search(self, words: str, kind: str, stage: str, about: str, rows: tuple[int, int], limit: int) -> list[Record]:
        query = search_query(words)
        asked = ((" AND it.kind = ?", kind), (" AND it.stage = ?", stage), (f" AND search.rowid IN ({ABOUT})", about))
        only = "".join(condition for condition, value in asked if value)
        joined = "JOIN current AS it ON it.id = search.rowid" if kind or stage else ""
        with self._storage.reading() as connection:
            found = [
                record
                for record in self._by_reference(connection, words, about)
                if kind in ("", record.kind) and stage in ("", _stage(record)) and rows[0] <= record.id < rows[1]
            ]
            if query:
                found += self._current(
                    connection,
                    ask(
                        connection,
                        f"SELECT {CURRENT} FROM current WHERE id IN (SELECT search.rowid FROM search {joined} "
                        f"WHERE search MATCH ?{only} AND search.rowid >= ? AND search.rowid < ? "
                        "ORDER BY search.rowid DESC LIMIT ?) ORDER BY id DESC",
                        (query, *(value for _, value in asked if value), *rows, limit),
                    ),
                )
        return unique(found)[:limit]

    def _by_reference(self, connection: Connection, words: str, about: str) -> list[Record]:
        """The records (about a person) that a typed reference means: both, where two are alike."""
        prefix, characters = identity.typed_reference(words)
        if not characters:
            return []
        only = f"AND id IN ({ABOUT})" if about else ""
        query = f"SELECT {CURRENT} FROM current WHERE reference = ? {only} ORDER BY id DESC"
        rows = ask(connection, query, (characters, about) if about else (characters,))
        found = self._current(connection, rows)
        prefixed = [
            record for record in found if record.kind in KINDS and KINDS[record.kind].reference_prefix == prefix
        ]
        return prefixed if prefix else found

    def drafts(self) -> list[Draft]:
        """All drafts that can be read, newest first: one that cannot keeps nobody from the others (``doctor`` names it)."""
        with self._storage.reading() as connection:
            rows = ask(
                connection,
                "SELECT record, kind, schema, content, saved, question FROM draft ORDER BY saved DESC, record, question",
            ).fetchall()
        return [draft for draft in map(read_draft, rows) if draft is not None]

    def draft(self, record: str, question: str = "") -> Draft | None:
        """The draft of a record, or of one of its questions; None where there is none.

        Raises:
            Tampered: it is here and cannot be read; it stays as it is.
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
        """A setting of this person's store, '' when never set."""
        with self._storage.reading() as connection:
            return read_setting(connection, name)


class ChainReads(RecordReads):
    """Chains, receipts and what the council said: what sync goes by and the sync centre shows."""

    def have(self) -> dict[str, Link]:
        """The last link held of every seat's chain."""
        with self._storage.reading() as connection:
            rows = ask(connection, "SELECT seat, number, digest FROM chain ORDER BY seat").fetchall()
        return {seat: Link(number, digest) for seat, number, digest in rows}

    def chain(self, seat: str, *, after: int, limit: int) -> list[Revision]:
        """Links of a seat's chain in order, from number ``after`` + 1 on."""
        with self._storage.reading() as connection:
            rows = ask(
                connection,
                f"SELECT {REVISION} WHERE seat = ? AND number > ? ORDER BY number LIMIT ?",
                (seat, after, limit),
            ).fetchall()
        return [opened(*row) for row in rows]

    def missing_bodies(self, *, limit: int = 500) -> list[str]:
        """Digests whose body was never received though this role may read the kind; newest first.

        Of what the council holds back it gives a text to its author alone.
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
        """Seat to certificate, from the council's own chain and nowhere else."""
        return {certificate.seat: certificate for certificate in self._orders(CERTIFICATE)}

    def mended(self) -> frozenset[str]:
        """The digests that mending orders in the council's own chain name: what stands there no more."""
        return frozenset(row.id for order in self._orders(MENDING) for row in order.revisions)

    def evidence_of(self, what: str) -> list[str]:
        """What was kept as evidence under that name (JWS)."""
        with self._storage.reading() as connection:
            rows = connection.exec_driver_sql("SELECT jws FROM evidence WHERE what = ? ORDER BY id", (what,)).fetchall()
        return [str(row[0]) for row in rows]

    def _orders(self, kind: Kind[R]) -> list[R]:
        """What the council's own chain says in one kind of order, the oldest first."""
        with self._storage.reading() as connection:
            rows = ask(
                connection,
                f"SELECT {REVISION} WHERE seat = ? AND kind = ? ORDER BY number",
                (read_setting(connection, StoreSetting.COUNCIL_SEAT), kind.name),
            ).fetchall()
        return [kind.read(content.fields) for row in rows if (content := opened(*row).content()) is not None]

    def sending_through(self, number: int) -> None:
        """Note up to which of its own numbers a push is under way; 0 when none is."""
        self._sending = number

    def sent_through(self, seat: str) -> int:
        """The last number of an own seat that the council has given a receipt for and still says it has."""
        with self._storage.reading() as connection:
            return self._sent_through(connection, seat)

    def waiting(self) -> Waiting:
        """How this store's own chains stand with the council."""
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
        """Own revisions without a receipt, oldest first, each with its record."""
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
        """Own newest revisions that are with the council, newest first, with the receipt's time."""
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
        found = self._with_records(rows)
        return [(revision, record, str(row[3] or "")) for (revision, record), row in zip(found, rows, strict=True)]

    def receipt(self, digest: str) -> str:
        """The council's receipt (JWS) that covers a revision, '' while there is none in force."""
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
    """Who of many is one of these records, or named by one."""
    if not records:
        return set()
    these = as_json(records)
    found = ask(
        connection,
        "SELECT value FROM json_each(?1) WHERE value IN (SELECT value FROM json_each(?2)) OR value IN (SELECT person "
        "FROM json_each(?2) AS one JOIN current ON current.record = one.value JOIN link ON link.id = current.id "
        "WHERE link.subject)",
        (who, these),
    )
    return {row[0] for row in found}


def _above(connection: Connection, who: str, number: int, newest: int) -> set[str]:
    """Who of many has, or is named by, a record whose own number is above ``number``."""
    found = ask(
        connection,
        "SELECT who.value FROM json_each(?1) AS who WHERE EXISTS (SELECT 1 FROM current WHERE record = who.value AND "
        "own_number > ?2) OR EXISTS (SELECT 1 FROM (SELECT id FROM link WHERE person = who.value AND subject "
        "ORDER BY id DESC "
        "LIMIT ?3) AS late JOIN current ON current.id = late.id WHERE current.own_number > ?2)",
        (who, number, newest),
    )
    return {row[0] for row in found}


def _among(people: Sequence[str]) -> str:
    """The condition that a column names one of these; of one alone the index gives the order."""
    return "= ?" if len(people) == 1 else f"IN ({', '.join('?' * len(people))})"


def _stage(record: Record) -> str:
    """The stage that a record is in, '' where its kind has none or is not known."""
    kind = KINDS.get(record.kind)
    return kind.stage_of(kind.of(record)) if kind is not None else ""


def _naming(role: str, kind: str) -> tuple[str, list[str]]:
    """The conditions on a link: the role that is asked for or, without one, that the record is about the person; the kind."""
    asked = [(column, value) for column, value in (("link.role", role), ("link.kind", kind)) if value]
    about = "" if role else " AND link.subject"
    return about + "".join(f" AND {column} = ?" for column, _ in asked), [value for _, value in asked]


def read_draft(row: Any) -> Draft | None:
    """A draft as today's description names its answers; one of an unknown kind, or of a newer program, as it stands.

    None where it cannot be read.
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
    """A setting, '' when never set."""
    row = ask(connection, "SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else ""


def _first_row(until: int | None) -> int:
    """The first row that is too late, for the records dated before a time (ms); None for no time."""
    return projections.first_row_of(until) if until is not None else EVERY_ROW
