"""Countersigning: a second person approves a record or returns it with comments; readers confirm that they have read it.

Each of these is for one version of the record: an amended record waits again. Nobody signs what they wrote or amended, on
any laptop. A record can be acted on while it waits to be signed. Must not draw anything.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hipss_desktop import identity, times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.acknowledgement import ACKNOWLEDGEMENT
from hipss_desktop.kinds.catalogue import KINDS, who_may
from hipss_desktop.kinds.comments import COMMENTS
from hipss_desktop.kinds.readers import READERS
from hipss_desktop.records.countersigning import AWAITS, COUNTERSIGNATURE, COUNTERSIGNED_BY, writers
from hipss_desktop.records.fold import fold
from hipss_desktop.records.kind import Kind
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.ports import Draft, Record, Store
from hipss_desktop.services.records import Records

MOST_SIGNED, MOST_COMMENTS = 500, 20
CHANGED = "This was changed since you read it. Read it again, then sign."
OWN_WORK = "You wrote or amended this, so somebody else signs it."


@dataclass(frozen=True)
class Signed:
    """A countersignature: who signed (the person's record), when (their laptop's clock), which version, and if it still counts."""

    person: str
    at: str
    digest: str
    stands: bool


@dataclass(frozen=True)
class ReadBy:
    """A person who must read a record: since when, and when they read its present version ('' if they have not)."""

    person: str
    since: str
    read_at: str


@dataclass(frozen=True)
class Waiting:
    """A record that waits for a countersignature.

    Attributes:
        digest: the version to sign or return: its latest revisions, several if two laptops amended it at the same time,
            separated by spaces; '' while two versions wait for a decision.
        since: when it was written (its author's clock).
        writers: the persons who wrote or amended it.
        returned: the comments on the present version, oldest first.
    """

    record: Record
    kind: Kind
    digest: str
    since: str
    writers: frozenset[str]
    returned: tuple[Record, ...]


@dataclass(frozen=True)
class Standing(Waiting):
    """The state of a record's countersignatures, comments and readers.

    Attributes:
        signed: all countersignatures, the oldest first.
        answered: the comments on earlier versions.
        readers: who must read it.
    """

    signed: tuple[Signed, ...]
    answered: tuple[Record, ...]
    readers: tuple[ReadBy, ...]

    @property
    def waits(self) -> bool:
        """Whether it still waits for a countersignature."""
        return (
            bool(self.kind.countersigned_by)
            and not self.record.withdrawn
            and not any(signature.stands for signature in self.signed)
        )


@dataclass(frozen=True)
class _Version:
    """The present version of a record ('' if undecided), since when, its writers, and the revisions that have effect."""

    digest: str
    since: str
    writers: frozenset[str]
    revisions: Sequence[Revision]
    countersignatures: Collection[str]


class Countersigning:
    """The use cases of countersigning and reading, for one open store."""

    def __init__(self, records: Records, clock: times.Clock) -> None:
        self._records = records
        self._clock = clock
        self._written: dict[str, tuple[Record, str, str, frozenset[str]]] = {}

    @property
    def _store(self) -> Store:
        return self._records.store

    def waiting(self) -> list[Waiting]:
        """The records that wait for a countersignature, longest wait first.

        The writers of a record are cached until it changes, so that reading a long list again is quick.
        """
        records = self._store.records_about(COUNTERSIGNATURE, role=AWAITS)
        comments = self._comments_on(records)
        waiting = []
        for record in records:
            digest, since, wrote = self._written_by(record)
            returned = tuple(
                comment for comment in comments.get(record.record, ()) if COMMENTS.of(comment).of == digest
            )
            waiting.append(Waiting(record, KINDS[record.kind], digest, since, wrote, returned))
        return sorted(waiting, key=lambda waiting_record: waiting_record.since)

    def _comments_on(self, records: Sequence[Record]) -> dict[str, list[Record]]:
        """The comments on each of many records, oldest first."""
        comments_by_record: dict[str, list[Record]] = {}
        for kind in dict.fromkeys(record.kind for record in records):
            named = [record.record for record in records if record.kind == kind]
            newest = self._store.newest_about(named, role=kind, kind=COMMENTS.name, most=MOST_COMMENTS)
            comments_by_record |= {record: list(reversed(comments)) for record, comments in newest.items()}
        return comments_by_record

    def _written_by(self, record: Record) -> tuple[str, str, frozenset[str]]:
        """The present version ('' if undecided), since when it is so, and the persons who wrote it."""
        known = self._written.get(record.record)
        if known is None or known[0] is not record:
            written = self._version(record)
            known = self._written[record.record] = (record, written.digest, written.since, written.writers)
        return known[1:]

    def standing(self, record: str) -> Standing:
        """The state of a record's countersignatures and readers; raises UserError if the record is not here."""
        return self._standing(self._current(record))

    def may_sign(self, standing: Waiting) -> bool:
        """Whether this person may approve or return the record."""
        return not self.refusal(standing)

    def refusal(self, standing: Waiting) -> str:
        """The reason why this person may not approve or return a record, '' if they may."""
        seat = self._store.seat
        if seat.person in standing.writers:
            return OWN_WORK
        if seat.role not in standing.kind.countersigned_by:
            return f"{who_may(standing.kind, countersigning=True)} Ask your manager if you need it."
        if standing.record.withdrawn:
            return "This record was withdrawn. Nothing waits to be signed."
        if not standing.digest:
            return "This record has two versions. Decide which is right, then sign."
        return ""

    def approve(self, record: str, digest: str) -> Revision:
        """Countersign a version of a record.

        Args:
            record: the record.
            digest: the version that was read.

        Raises:
            UserError: the record was changed since, this person signed or wrote it, or their role may not sign it.
        """
        with self._store.write() as unit:
            standing = self._open(record, digest)
            if any(signature.stands and signature.person == self._store.seat.person for signature in standing.signed):
                raise UserError("You have signed this already. Nothing was changed.")
            return unit.append(
                record=record,
                kind=standing.kind.name,
                action="countersign",
                fields={},
                changed=(),
                parents=digest.split(),
            )

    def comments_draft(self, standing: Standing) -> Draft:
        """The draft of this person's comments on a version: an existing one, else an empty one that is not saved yet."""
        for draft in self._store.drafts():
            of_this = draft.fields.get(standing.kind.name) == standing.record.record
            if draft.kind == COMMENTS.name and of_this and draft.fields.get("of") == standing.digest:
                return draft
        named = {standing.kind.name: standing.record.record, "of": standing.digest}
        return self._records.new_draft(COMMENTS.name, named)

    def give_back(self, draft: Draft) -> Revision:
        """Return a version of a record to its author, with the comments of a draft (``with_comments``).

        Raises:
            UserError: as for ``approve``, and if there are no comments.
        """
        comments = COMMENTS.read(draft.fields)
        if not any(row.words.strip() for row in comments.comments):
            raise UserError("Enter a comment that says what to change")
        self._open(comments.about, comments.of)
        return self._records.finish(replace(draft, fields={**draft.fields, "at": times.stamp(self._clock())}))

    def say_read(self, record: str) -> Revision:
        """Record that this person has read a record in its present version.

        Raises:
            UserError: nobody asked this person to, they have said so already, or the record has two versions.
        """
        standing = self.standing(record)
        own = next((row for row in standing.readers if row.person == self._store.seat.person), None)
        if own is None:
            raise UserError("Nobody asked you to read this. You may read it all the same.")
        if own.read_at:
            raise UserError("You said already that you have read this. Nothing was changed.")
        if not standing.digest:
            raise UserError(
                "This record has two versions. When somebody has decided which is right, say that you have read it."
            )
        named = {standing.kind.name: record, "of": standing.digest, "at": times.stamp(self._clock())}
        return self._records.finish(self._records.new_draft(ACKNOWLEDGEMENT.name, named))

    def ask_to_read(self, record: str, colleague: str) -> Revision:
        """Ask a colleague to read a record; raises UserError if they were asked already."""
        standing = self.standing(record)
        if any(row.person == colleague for row in standing.readers):
            raise UserError("They were asked to read this already. Nothing was changed.")
        return self._records.add_row(record, READERS, {"colleague": colleague, "at": times.stamp(self._clock())})

    def signed_since(self, moment: datetime) -> list[Record]:
        """Records since a moment that this person countersigned and that were not amended afterwards."""
        records_by_person = self._store.newest_about(
            [self._store.seat.person], role=COUNTERSIGNED_BY, most=MOST_SIGNED, since=times.ms(moment)
        )
        return records_by_person[self._store.seat.person]

    def to_read(self) -> list[Standing]:
        """The records that this person must read and whose present version they have not read, oldest first."""
        me = self._store.seat.person
        named = self._store.records_about(me, role=f"{READERS}/colleague")
        standings = [self._standing(record) for record in named if not record.withdrawn]
        unread = [state for state in standings if any(row.person == me and not row.read_at for row in state.readers)]
        return sorted(unread, key=lambda standing: standing.since)

    def _open(self, record: str, digest: str) -> Standing:
        standing = self.standing(record)
        if refusal := self.refusal(standing):
            raise UserError(refusal)
        if standing.digest != digest:
            raise UserError(CHANGED)
        return standing

    def _current(self, record: str) -> Record:
        current = self._store.get(record)
        if current is None:
            raise UserError("This record is not on this laptop.")
        if current.kind not in KINDS or not KINDS[current.kind].countersigned_by:
            raise UserError("Records of this kind are not countersigned.")
        return current

    def _standing(self, record: Record) -> Standing:
        kind, version = KINDS[record.kind], self._version(record)
        digest = version.digest
        signatures = (revision for revision in version.revisions if revision.envelope.action == "countersign")
        comments = [comment for comment in self._about(COMMENTS, record) if not comment.withdrawn]
        return Standing(
            record=record,
            kind=kind,
            digest=digest,
            since=version.since,
            writers=version.writers,
            signed=tuple(
                Signed(
                    person=signature.envelope.author,
                    at=signature.envelope.clock,
                    digest=" ".join(signature.envelope.parents),
                    stands=signature.digest in version.countersignatures,
                )
                for signature in signatures
                if signature.envelope.parents
            ),
            returned=tuple(comment for comment in comments if COMMENTS.of(comment).of == digest),
            answered=tuple(comment for comment in comments if COMMENTS.of(comment).of != digest),
            readers=tuple(self._readers(record, kind, digest)),
        )

    def _version(self, record: Record) -> _Version:
        """The present version of a record, computed from its revisions alone."""
        everything = self._store.all_revisions(record.record)
        state = fold(everything, KINDS[record.kind], self._store.without_effect(record.record))
        revisions = [revision for revision in everything if revision.digest not in state.without_effect]
        digest = "" if state.needs_decision else " ".join(state.latest)
        clocks = {revision.digest: revision.envelope.clock for revision in revisions}
        return _Version(
            digest,
            max((clocks[latest] for latest in digest.split()), default=record.clock),
            writers(revisions, state),
            revisions,
            state.countersignatures,
        )

    def _readers(self, record: Record, kind: Kind, digest: str) -> Iterable[ReadBy]:
        """The people who must read a record, each once, with when they read its present version."""
        rows = getattr(kind.of(record), READERS, [])
        read = {
            acknowledgement.author: ACKNOWLEDGEMENT.of(acknowledgement).at
            for acknowledgement in self._about(ACKNOWLEDGEMENT, record)
            if digest and not acknowledgement.withdrawn and ACKNOWLEDGEMENT.of(acknowledgement).of == digest
        }
        for person in dict.fromkeys(row.colleague for row in rows if row.colleague):
            since = min((row.at for row in rows if row.colleague == person and row.at is not None), default=None)
            at = read.get(person)
            yield ReadBy(person, times.stamp(since) if since else "", times.stamp(at) if at is not None else "")

    def _about(self, kind: Kind, record: Record) -> list[Record]:
        """The records of a kind about another record, oldest first."""
        return list(reversed(self._store.records_about(record.record, role=record.kind, kind=kind.name)))


def with_comments(draft: Draft, comments: Mapping[str, str]) -> Draft:
    """Return a draft with these comments, each by the unit of its paragraph ('' for the whole record), without blank ones."""
    rows = {row.unit: row.id for row in COMMENTS.read(draft.fields).comments}
    written = [
        {"id": rows.get(unit) or identity.row_id(), "unit": unit, "words": words}
        for unit, words in comments.items()
        if words.strip()
    ]
    return replace(draft, fields={**draft.fields, "comments": written})
