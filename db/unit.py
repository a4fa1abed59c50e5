"""One unit of work on a laptop's store: envelope, body, projections and draft removal in one commit.

The next link of the seat's chain is numbered, linked and signed inside the transaction, so two windows can never sign the
same number. Must not commit: the store commits, and writes the anchor after that.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, delete, insert, select

from db import projections
from db.projections import ADD_CHAIN, ADD_MISSING, ANOTHER, DROP_MISSING, Statement
from db.tables import (
    STANDS_AGAIN,
    body,
    chain,
    draft,
    envelope,
    erased,
    evidence,
    held,
    missing_bodies,
    receipt,
    setting,
)
from db.tables import council as council_table
from hipss_desktop import times
from hipss_desktop.decoding import readable
from hipss_desktop.errors import Tampered, UserError
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.kinds.council import ERASURE, MENDING
from hipss_desktop.records.bounds import beyond_bounds
from hipss_desktop.records.chain import NO_LINK, Link, Signer, follows, link_of, next_revision
from hipss_desktop.records.revision import Action, Revision, body_bytes, body_digest, digest_of
from hipss_desktop.services.council_time import CouncilTime
from hipss_desktop.services.ports import Caret, ChangeSet, Draft, Seat
from hipss_desktop.services.store_settings import StoreSetting

ADD_ENVELOPE = Statement(
    insert(envelope).values({name: bindparam(name) for name in ("digest", "seat", "number", "record", "kind", "jws")})
)
ADD_BODY = Statement(insert(body))
LAST_LINK = Statement(select(chain.c.number, chain.c.digest).where(chain.c.seat == bindparam("seat")))
LAST_LINKS = "SELECT seat, number, digest FROM chain WHERE seat IN (?, ?)"
ERASED = Statement(select(erased.c.digest).where(erased.c.digest == bindparam("digest")))
LACKS = Statement(select(missing_bodies.c.id).where(missing_bodies.c.digest == bindparam("digest")))
RECORD_OF = Statement(select(envelope.c.record).where(envelope.c.digest == bindparam("digest")))
HELD_AT = Statement(
    select(envelope.c.digest).where(envelope.c.seat == bindparam("seat"), envelope.c.number == bindparam("number"))
)
PUT_DRAFT = Statement(insert(draft).prefix_with("OR REPLACE"))
DROP_DRAFT = Statement(
    delete(draft).where(draft.c.record == bindparam("record"), draft.c.question == bindparam("question"))
)
PUT_SETTING = Statement(insert(setting).prefix_with("OR REPLACE"))
PUT_RECEIPT = Statement(insert(receipt).prefix_with("OR REPLACE"))
PUT_COUNCIL = Statement(insert(council_table).prefix_with("OR REPLACE"))
PUT_HELD = Statement(insert(held).prefix_with("OR REPLACE"))
ADD_EVIDENCE = Statement(insert(evidence).values({name: bindparam(name) for name in ("what", "jws", "content", "at")}))


LEFT = "This way of the council's own record of orders was left."
"""The label of the evidence for revisions that a mending order replaced."""


class DraftContent(msgspec.Struct):
    """A draft's body as it is stored."""

    fields: dict[str, Any]
    parents: list[str] = []
    why: str = ""
    began: str = ""
    call: dict[str, str] = {}
    caret: Caret = Caret()
    unseen: list[str] = []


class StoreUnit:
    """Implements ``hipss_desktop.services.ports.Unit`` over one open transaction."""

    def __init__(
        self, connection: Connection, seat: Seat, signer: Signer, clock: times.Clock, council_seat: str
    ) -> None:
        self._connection = connection
        self._seat = seat
        self._signer = signer
        self._clock = clock
        self._council_seat = council_seat
        self._kinds: set[str] = set()
        self._records: set[str] = set()
        self._drafts = False
        self._sync = False
        self.settings_changed = False
        self.last: Link | None = None
        """The newest link of the store's own seat, if this unit wrote one. The anchor must name it."""

    def changes(self) -> ChangeSet:
        """What this unit changed."""
        return ChangeSet(frozenset(self._kinds), frozenset(self._records), self._drafts, self._sync)

    def append(
        self,
        *,
        record: str,
        kind: str,
        action: Action,
        fields: Mapping[str, Any],
        changed: Sequence[str],
        parents: Sequence[str],
        why: str = "",
    ) -> Revision:
        """Sign and save the seat's next revision. Raises UserError if it is larger than a revision may be."""
        if words := beyond_bounds(fields, changed, parents):
            raise UserError(words)
        described = KINDS.get(kind)
        last = _last_links(
            self._connection, self._seat.seat, self._council_seat
        )  # one query for both, as every save runs it
        revision = next_revision(
            last.get(self._seat.seat) or self._last(self._seat.seat),
            self._signer,
            record=record,
            kind=kind,
            schema=described.version if described else 1,
            parents=parents,
            clock=times.stamp(self._clock(), precise=True),
            action=action,
            body=body_bytes(fields, list(changed), why),
            council=last.get(self._council_seat, NO_LINK),
            council_ahead=_whole_seconds(CouncilTime(self._setting, self._clock).ahead()),
        )
        self._keep_own(revision)
        return revision

    def append_again(self, revision: Revision, parents: Sequence[str]) -> Revision:
        """Sign a former seat's revision again under the present seat: same text, same clock, these parents."""
        if revision.body is None or revision.salt is None:
            raise UserError("A record without its text cannot be written again.")
        former = revision.envelope
        new_revision = next_revision(
            self._last(self._seat.seat),
            self._signer,
            record=former.record,
            kind=former.kind,
            schema=former.schema,
            parents=parents,
            clock=former.clock,
            action=former.action,
            body=revision.body,
            salt=revision.salt,
            council=self._last(self._council_seat),
            council_ahead=former.council_ahead,
        )
        self._keep_own(new_revision)
        return new_revision

    def _keep_own(self, revision: Revision) -> None:
        """Save the seat's next revision, and project its record again."""
        record = revision.envelope.record
        self._keep(revision, own=True)  # no order can name a digest that did not exist before
        self.last = link_of(revision)
        ADD_CHAIN.run(self._connection, seat=self._seat.seat, number=self.last.number, digest=self.last.digest)
        # A first revision is the only one of its record, unless an earlier attempt succeeded after all.
        fresh = (
            not revision.envelope.parents
            and ANOTHER.run(self._connection, record=record, digest=revision.digest).fetchone() is None
        )
        revisions = [revision] if fresh else projections.revisions_of(self._connection, record)
        held = () if fresh else None
        projections.project(self._connection, record, revisions, self._seat.seat, fresh=fresh, held=held)
        self._note(revision)
        self._sync = True

    def _last(self, seat: str) -> Link:
        row = LAST_LINK.run(self._connection, seat=seat).fetchone()
        if row is None:
            return Link(0, self._setting(StoreSetting.GOES_ON_FROM) if seat == self._seat.seat else "")
        return Link(row[0], row[1])

    def _setting(self, name: str) -> str:
        row = self._connection.exec_driver_sql("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def _keep(self, revision: Revision, *, own: bool = False) -> None:
        link = revision.envelope
        added = ADD_ENVELOPE.run(
            self._connection,
            digest=revision.digest,
            seat=link.seat,
            number=link.number,
            record=link.record,
            kind=link.kind,
            jws=revision.jws,
        )
        if revision.body is not None and (own or not self._erased(revision.digest)):
            self._keep_body(revision)
        elif revision.body is None and not self._erased(revision.digest):
            ADD_MISSING.run(self._connection, id=added.lastrowid, digest=revision.digest, kind=link.kind)

    def _keep_body(self, revision: Revision) -> None:
        if (
            revision.salt is None
            or revision.body is None
            or body_digest(revision.salt, revision.body) != revision.envelope.body
        ):
            raise Tampered("A record's text is not the one that was signed.")
        ADD_BODY.run(self._connection, digest=revision.digest, salt=revision.salt, content=revision.body)

    def _erased(self, digest: str) -> bool:
        return ERASED.run(self._connection, digest=digest).fetchone() is not None

    def _note(self, revision: Revision) -> None:
        self._kinds.add(revision.envelope.kind)
        self._records.add(revision.envelope.record)

    def put_draft(self, draft: Draft) -> None:
        """Save a draft in place of an earlier one of the same record and question."""
        content = DraftContent(
            dict(draft.fields),
            list(draft.parents),
            draft.why,
            draft.began,
            dict(draft.call),
            draft.caret,
            list(draft.unseen),
        )
        PUT_DRAFT.run(
            self._connection,
            record=draft.record,
            question=draft.question,
            kind=draft.kind,
            schema=draft.schema,
            content=msgspec.json.encode(content),
            saved=draft.saved,
        )
        self._drafts = True

    def drop_draft(self, record: str, question: str = "") -> None:
        """Delete a draft."""
        DROP_DRAFT.run(self._connection, record=record, question=question)
        self._drafts = True

    def absorb(self, revisions: Sequence[Revision]) -> None:
        """Save verified revisions in chain order. At a gap or a fork it raises Tampered, and none of them is saved."""
        touched: dict[str, None] = {}
        ends: dict[str, Link] = {}
        for revision in revisions:
            link = revision.envelope
            last = ends.get(link.seat) or self._last(link.seat)
            if link.number <= last.number:
                row = HELD_AT.run(self._connection, seat=link.seat, number=link.number).fetchone()
                if row is None or row[0] != revision.digest:
                    raise Forked(revision)
                continue
            if not follows(revision, last):
                raise Tampered("A series of records has a gap.")
            self._keep(revision)
            self._note(revision)
            ends[link.seat] = link_of(revision)
            touched |= dict.fromkeys([link.record, *self._obey(revision)])
        for seat, last in ends.items():
            ADD_CHAIN.run(self._connection, seat=seat, number=last.number, digest=last.digest)
        self._project(touched)
        if touched:
            self._sync = True

    def take_way(self, dropped_revisions: Sequence[Revision], branch: Sequence[Revision]) -> None:
        """Replace the end of the council's own chain by ``branch``. The dropped revisions become evidence; their texts are kept."""
        for revision in dropped_revisions:
            self.keep_evidence(LEFT, revision.jws, None)
            DROP_MISSING.run(self._connection, digest=revision.digest)
            self._connection.exec_driver_sql("DELETE FROM envelope WHERE digest = ?", (revision.digest,))
        seat, alike = dropped_revisions[0].envelope.seat, dropped_revisions[0].envelope.number - 1
        row = HELD_AT.run(self._connection, seat=seat, number=alike).fetchone()
        ADD_CHAIN.run(self._connection, seat=seat, number=alike, digest=row[0] if row else "")
        self.absorb(_with_texts(dropped_revisions, branch))
        for revision in dropped_revisions:
            self._connection.exec_driver_sql(
                f"DELETE FROM body WHERE digest = ? AND {STANDS_AGAIN}", (revision.digest,)
            )
        self._project(dict.fromkeys(revision.envelope.record for revision in dropped_revisions))

    def _project(self, records: Iterable[str]) -> None:
        for record in records:
            known = projections.revisions_of(self._connection, record)
            projections.project(self._connection, record, known, self._seat.seat)
            self._records.add(record)
            self._kinds |= {
                revision.envelope.kind for revision in known
            }  # an order has another kind than the revisions that it names

    def _obey(self, order: Revision) -> list[str]:
        """Apply an order of the council's own chain to revisions that may already be here. Return the records that it touches.

        A revision that the order holds back takes no part in its record from now on. One that it releases takes part again.
        An erased text is deleted, with the drafts that were made from it.
        """
        if order.envelope.seat != self._council_seat:
            return []
        named = projections.note_order(self._connection, order)
        touched = [row[0] for digest in named if (row := RECORD_OF.run(self._connection, digest=digest).fetchone())]
        return [*touched, *self._erase(order)]

    def _erase(self, order: Revision) -> list[str]:
        content = order.content() if order.envelope.kind == ERASURE.name else None
        touched = []
        for digest in ERASURE.read(content.fields).digests if content else ():
            self._connection.exec_driver_sql(
                "INSERT OR REPLACE INTO erased(digest, by_order) VALUES (?, ?)", (digest, order.digest)
            )
            DROP_MISSING.run(self._connection, digest=digest)
            self._connection.exec_driver_sql("DELETE FROM body WHERE digest = ?", (digest,))
            _erase_evidence(self._connection, digest)
            row = RECORD_OF.run(self._connection, digest=digest).fetchone()
            if row is not None:
                touched.append(row[0])
                self._drop_drafts_of(row[0])
        return touched

    def _drop_drafts_of(self, record: str) -> None:
        # The draft of an amendment contains the erased text; the draft of a decision contains the versions to choose from.
        rows = self._connection.exec_driver_sql("SELECT question, content FROM draft WHERE record = ?", (record,))
        for question, content in rows.fetchall():
            if msgspec.json.decode(content, type=readable(DraftContent)).parents:
                self.drop_draft(record, question)

    def fill_bodies(self, revisions: Sequence[Revision]) -> None:
        """Save bodies that were missing until now, for envelopes that are here already."""
        for revision in revisions:
            lacks = LACKS.run(self._connection, digest=revision.digest).fetchone()
            if lacks is None or revision.body is None:
                continue
            self._keep_body(revision)
            DROP_MISSING.run(self._connection, digest=revision.digest)
            self._note(revision)
            self._project(dict.fromkeys([revision.envelope.record, *self._obey(revision)]))

    def keep_receipt(self, seat: str, number: int, digest: str, jws: str, at: str) -> None:
        """Save the council's signed receipt."""
        PUT_RECEIPT.run(self._connection, seat=seat, number=number, digest=digest, jws=jws, at=at)
        self._sync = True

    def council_has(self, seat: str, number: int, digest: str) -> None:
        """Save the last link that the council says it has of a seat's chain. The number may be lower than before."""
        PUT_COUNCIL.run(self._connection, seat=seat, number=number, digest=digest)
        self._sync = True

    def council_holds_back(self, reasons: Mapping[str, str]) -> None:
        """Save which of this store's revisions the council holds back, and why."""
        self._connection.exec_driver_sql("DELETE FROM held")
        PUT_HELD.run_many(self._connection, [{"digest": digest, "why": why} for digest, why in reasons.items()])
        self._sync = True

    def keep_evidence(self, label: str, jws: str, body: bytes | None) -> bool:
        """Save something that did not verify as evidence, the same thing once. Return whether it was new."""
        if self._connection.exec_driver_sql("SELECT 1 FROM evidence WHERE jws = ? LIMIT 1", (jws,)).fetchone():
            return False
        content = None if self._erased(digest_of(jws)) else body
        ADD_EVIDENCE.run(self._connection, what=label, jws=jws, content=content, at=times.stamp(self._clock()))
        return True

    def set(self, name: str, value: str) -> None:
        """Save a setting of this person's store. With another role, other records without their texts are listed."""
        PUT_SETTING.run(self._connection, name=name, value=value)
        self.settings_changed = True
        if name == StoreSetting.ROLE:
            rows = self._connection.exec_driver_sql("SELECT DISTINCT record FROM lacking JOIN envelope USING (digest)")
            self._project([row[0] for row in rows.fetchall()])


class Forked(Tampered):
    """Another revision has the same number as one in the store. That chain stops, and both are saved as evidence."""

    def __init__(self, revision: Revision) -> None:
        super().__init__("Two different records carry the same number in one series. Nothing was changed.")
        self.revision = revision


def _whole_seconds(span: timedelta | None) -> int | None:
    return None if span is None else round(span.total_seconds())


def _erase_evidence(connection: Connection, digest: str) -> None:
    rows = connection.exec_driver_sql("SELECT id, jws FROM evidence WHERE content IS NOT NULL").fetchall()
    for row, jws in rows:
        if digest_of(jws) == digest:
            connection.exec_driver_sql("UPDATE evidence SET content = NULL WHERE id = ?", (row,))


def _with_texts(dropped_revisions: Sequence[Revision], branch: Sequence[Revision]) -> list[Revision]:
    """The revisions of ``branch``. One that came without its text gets the text from ``dropped_revisions``."""
    texts = {revision.digest: revision for revision in dropped_revisions if revision.body is not None}
    contents = [order.content() for order in branch if order.envelope.kind == MENDING.name]
    rows = [row for content in contents if content for row in MENDING.read(content.fields).revisions]
    text_sources = {row.became: texts[row.id] for row in rows if row.id in texts}
    return [
        msgspec.structs.replace(
            revision, salt=text_sources[revision.digest].salt, body=text_sources[revision.digest].body
        )
        if revision.body is None and revision.digest in text_sources
        else revision
        for revision in branch
    ]


def _last_links(connection: Connection, *seats: str) -> dict[str, Link]:
    """The last links of two chains, by seat. A chain that is not here is left out."""
    rows = projections.driver_of(connection).execute(LAST_LINKS, seats).fetchall()
    return {seat: Link(number, digest) for seat, number, digest in rows}
