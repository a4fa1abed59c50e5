"""What takes no part in a record, and what its author is shown of it.

The orders in the council's own chain say what is held back (``db.projections``); the council tells this store's own seats
the reason in words besides. Must not write.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from db import projections
from db.connection import Storage
from db.projections import ask
from db.rows import CurrentRow, as_json, record_of
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fold import fold, kind_of
from hipss_desktop.records.revision import Revision, opened
from hipss_desktop.services.ports import Record, Seat

REVISION = "envelope.jws, body.salt, body.content FROM envelope LEFT JOIN body USING (digest)"
WAITS = "It changes only what the council holds back."


class HeldReads(ABC):
    """What is held back, of every record and of this store's own."""

    _storage: Storage
    _seat: Seat
    _former: tuple[str, ...] = ()

    @abstractmethod
    def records_named(self, records: Collection[str]) -> list[Record]:
        """Those of many records that are here, newest first."""

    def own_seats(self) -> tuple[str, ...]:
        """This store's seats, oldest first: those it was before a loss, and the one it is."""
        return (*self._former, self._seat.seat)

    def digests_held(self, connection: Connection) -> set[str]:
        """What of this store's own the council said that it holds back, and what takes no part."""
        own = self.own_seats()
        query = f"SELECT digest FROM held UNION ALL SELECT digest FROM without_effect WHERE seat IN {_places(own)}"
        return {row[0] for row in ask(connection, query, own)}

    def records_held(self, connection: Connection) -> set[str]:
        """The records of which something of this store's own is held back."""
        own = self.own_seats()  # asked whenever records are read: as little as there is
        query = (
            "SELECT record FROM held JOIN envelope USING (digest) "
            f"UNION ALL SELECT record FROM without_effect WHERE seat IN {_places(own)}"
        )
        return {row[0] for row in ask(connection, query, own)}

    def all_revisions(self, record: str) -> list[Revision]:
        """All revisions of a record, those too that take no part in it, by their clocks."""
        with self._storage.reading() as connection:
            return projections.revisions_of(connection, record)

    def without_effect(self, record: str) -> dict[str, str]:
        """The revisions (digests) that take no part in a record, each with the reason in words."""
        with self._storage.reading() as connection:
            rows = ask(
                connection, "SELECT digest FROM without_effect WHERE record = ? ORDER BY digest", (record,)
            ).fetchall()
            return self._reasons(connection, [row[0] for row in rows]) if rows else {}

    def _reasons(self, connection: Connection, digests: Collection[str]) -> dict[str, str]:
        rows = ask(
            connection,
            "SELECT named.value, held.why, hold.reason FROM json_each(?) AS named LEFT JOIN held ON held.digest = named.value "
            "LEFT JOIN hold ON hold.digest = named.value AND NOT hold.released",
            (as_json(digests),),
        )
        return {digest: why or _words(code) for digest, why, code in rows}

    def held_back(self) -> list[tuple[Revision, Record | None, str]]:
        """This store's own revisions that take no part, or that the council says it holds back, with the reason."""
        with self._storage.reading() as connection:
            digests = self.digests_held(connection)
            if not digests:
                return []
            rows = ask(
                connection,
                f"SELECT {REVISION} WHERE envelope.digest IN (SELECT value FROM json_each(?)) "
                "ORDER BY envelope.number, envelope.id",
                (as_json(digests),),
            ).fetchall()
            why = self._reasons(connection, digests)
        return [(revision, record, why[revision.digest]) for revision, record in self._with_records(rows)]

    def held_record(self, record: str) -> Record | None:
        """What this store's own seats wrote of a record in which none of it takes part; None where they wrote nothing."""
        own = [revision for revision in self.all_revisions(record) if revision.envelope.seat in self.own_seats()]
        written = [revision for revision in own if revision.envelope.action != "countersign"]
        if not written or not self.without_effect(record):
            return None
        kind = KINDS.get(kind_of(written))
        state = fold(written, kind)
        answers = kind.read(state.fields) if kind is not None else None
        row = projections.row_of(state, kind, answers, written, self._seat.seat)
        return record_of(CurrentRow(**{name: row[name] for name in CurrentRow._fields}), "needs_you")

    def _with_records(self, rows: Sequence[Any]) -> list[tuple[Revision, Record | None]]:
        revisions = [opened(*row[:3]) for row in rows]
        records: Mapping[str, Record] = {
            record.record: record for record in self.records_named({revision.envelope.record for revision in revisions})
        }
        return [(revision, records.get(revision.envelope.record)) for revision in revisions]


def _places(values: Collection[str]) -> str:
    return f"({', '.join('?' * len(values))})"


def _words(code: str | None) -> str:
    """A reason that an order gives, in words; without an order what waits is what changes nothing else."""
    if code is None:
        return WAITS
    return f"{code_list('hold_reason').label(code)}." if code else "The council holds this back."
