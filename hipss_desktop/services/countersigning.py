"""Countersigning: a second person reads a record and approves it, or returns it with comments; and readers say they have read it.

All of it is for one version of the record: an amendment waits anew. Nobody signs what they wrote or amended, on any laptop.
Nothing waits to be acted on because it waits to be signed. Must not draw anything.
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
    """A countersignature: by whom (the person's record), when (their laptop's clock), and of which version."""

    person: str
    at: str
    digest: str
    stands: bool


@dataclass(frozen=True)
class ReadBy:
    """One who must read a record: since when, and when they read what stands now ('' while they have not)."""

    person: str
    since: str
    read_at: str


@dataclass(frozen=True)
class Waiting:
    """A record that waits for a countersignature.

    Attributes:
        digest: the version that is signed or returned: its latest revisions, more than one where two laptops amended it side by
            side, with a space between them; '' while two versions wait for a decision.
        since: when it was written (its author's clock).
        writers: the persons who wrote or amended it.
        returned: the comments on the version that stands now, the oldest first.
    """

    record: Record
    kind: Kind
    digest: str
    since: str
    writers: frozenset[str]
    returned: tuple[Record, ...]


@dataclass(frozen=True)
class Standing(Waiting):
    """How a record stands with those who sign and read it.

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
            and not any(one.stands for one in self.signed)
        )


@dataclass(frozen=True)
class _Version:
    """The version of a record that stands ('' for two), since when and by whom, and the revisions that take part in it."""

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
        """The records that wait for a countersignature, the one that waits longest first.

        Who wrote a record is remembered as long as it reads the same, so that a long list is read again at little cost.
        """
        found = self._store.records_about(COUNTERSIGNATURE, role=AWAITS)
        comments = self._comments_on(found)
        waiting = []
        for record in found:
            digest, since, wrote = self._written_by(record)
            returned = tuple(one for one in comments.get(record.record, ()) if COMMENTS.of(one).of == digest)
            waiting.append(Waiting(record, KINDS[record.kind], digest, since, wrote, returned))
        return sorted(waiting, key=lambda one: one.since)

    def _comments_on(self, records: Sequence[Record]) -> dict[str, list[Record]]:
        """The comments on many records, the oldest first."""
        found: dict[str, list[Record]] = {}
        for kind in dict.fromkeys(record.kind for record in records):
            named = [record.record for record in records if record.kind == kind]
            newest = self._store.newest_about(named, role=kind, kind=COMMENTS.name, most=MOST_COMMENTS)
            found |= {record: list(reversed(comments)) for record, comments in newest.items()}
        return found

    def _written_by(self, record: Record) -> tuple[str, str, frozenset[str]]:
        """The version that stands ('' for two), since when, and the persons who wrote it."""
        known = self._written.get(record.record)
        if known is None or known[0] is not record:
            written = self._version(record)
            known = self._written[record.record] = (record, written.digest, written.since, written.writers)
        return known[1:]

    def standing(self, record: str) -> Standing:
        """How a record stands with those who sign and read it; raises UserError for one that is not here."""
        return self._standing(self._current(record))

    def may_sign(self, standing: Waiting) -> bool:
        """Whether this person may approve or return it."""
        return not self.refusal(standing)

    def refusal(self, standing: Waiting) -> str:
        """Why this person may neither approve nor return a record, '' where they may."""
        seat = self._store.seat
        if seat.person in standing.writers:
            return OWN_WORK
        if seat.role not in standing.kind.countersigned_by:
            return f"{who_may(standing.kind, countersigning=True)} Ask your manager if you need it."
        if standing.record.withdrawn:
            return "This record was withdrawn. Nothing waits to be signed."
        if not standing.digest:
            return "Two versions of this record stand. Decide between them first, then sign."
        return ""

    def approve(self, record: str, digest: str) -> Revision:
        """Countersign a version of a record.

        Args:
            record: the record.
            digest: the version that was read.

        Raises:
            UserError: it was changed since, it is signed already, it is one's own work, or this person's role may not sign it.
        """
        with self._store.write() as unit:
            standing = self._open(record, digest)
            if any(one.stands and one.person == self._store.seat.person for one in standing.signed):
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
        """The draft of this person's comments on a version: what they wrote before, else an empty one that is not kept yet."""
        for draft in self._store.drafts():
            of_this = draft.fields.get(standing.kind.name) == standing.record.record
            if draft.kind == COMMENTS.name and of_this and draft.fields.get("of") == standing.digest:
                return draft
        named = {standing.kind.name: standing.record.record, "of": standing.digest}
        return self._records.new_draft(COMMENTS.name, named)

    def give_back(self, draft: Draft) -> Revision:
        """Return a version of a record to its author, with the comments of a draft (``with_comments``).

        Raises:
            UserError: as ``approve`` does, and where there are no words.
        """
        comments = COMMENTS.read(draft.fields)
        if not any(row.words.strip() for row in comments.comments):
            raise UserError("Enter a comment that says what to change")
        self._open(comments.about, comments.of)
        return self._records.finish(replace(draft, fields={**draft.fields, "at": times.stamp(self._clock())}))

    def say_read(self, record: str) -> Revision:
        """Say that one has read a record as it stands now.

        Raises:
            UserError: nobody asked this person to, they have said so already, or two versions stand.
        """
        standing = self.standing(record)
        own = next((row for row in standing.readers if row.person == self._store.seat.person), None)
        if own is None:
            raise UserError("Nobody asked you to read this. You may read it all the same.")
        if own.read_at:
            raise UserError("You said already that you have read this. Nothing was changed.")
        if not standing.digest:
            raise UserError("Two versions of this record stand. It can be said once they are decided.")
        named = {standing.kind.name: record, "of": standing.digest, "at": times.stamp(self._clock())}
        return self._records.finish(self._records.new_draft(ACKNOWLEDGEMENT.name, named))

    def ask_to_read(self, record: str, colleague: str) -> Revision:
        """Name a colleague who must read a record; raises UserError where they are named already."""
        standing = self.standing(record)
        if any(row.person == colleague for row in standing.readers):
            raise UserError("They were asked to read this already. Nothing was changed.")
        return self._records.add_row(record, READERS, {"colleague": colleague, "at": times.stamp(self._clock())})

    def signed_since(self, moment: datetime) -> list[Record]:
        """The records that this person countersigned and that were not amended since, those dated from a moment on."""
        found = self._store.newest_about(
            [self._store.seat.person], role=COUNTERSIGNED_BY, most=MOST_SIGNED, since=times.ms(moment)
        )
        return found[self._store.seat.person]

    def to_read(self) -> list[Standing]:
        """The records that this person must read and has not read as they stand now, the oldest first."""
        me = self._store.seat.person
        named = self._store.records_about(me, role=f"{READERS}/colleague")
        standings = [self._standing(record) for record in named if not record.withdrawn]
        waiting = [one for one in standings if any(row.person == me and not row.read_at for row in one.readers)]
        return sorted(waiting, key=lambda standing: standing.since)

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
        comments = [one for one in self._about(COMMENTS, record) if not one.withdrawn]
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
            returned=tuple(one for one in comments if COMMENTS.of(one).of == digest),
            answered=tuple(one for one in comments if COMMENTS.of(one).of != digest),
            readers=tuple(self._readers(record, kind, digest)),
        )

    def _version(self, record: Record) -> _Version:
        """The version of a record that stands: its revisions are read, and nothing about it."""
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
        """Who must read a record, each once, with when they read what stands now."""
        rows = getattr(kind.of(record), READERS, [])
        read = {
            one.author: ACKNOWLEDGEMENT.of(one).at
            for one in self._about(ACKNOWLEDGEMENT, record)
            if digest and not one.withdrawn and ACKNOWLEDGEMENT.of(one).of == digest
        }
        for person in dict.fromkeys(row.colleague for row in rows if row.colleague):
            since = min((row.at for row in rows if row.colleague == person and row.at is not None), default=None)
            at = read.get(person)
            yield ReadBy(person, times.stamp(since) if since else "", times.stamp(at) if at is not None else "")

    def _about(self, kind: Kind, record: Record) -> list[Record]:
        """The records of a kind about another one, the oldest first."""
        return list(reversed(self._store.records_about(record.record, role=record.kind, kind=kind.name)))


def with_comments(draft: Draft, comments: Mapping[str, str]) -> Draft:
    """A draft with these comments, each by the unit of its paragraph ('' for the whole record); blank ones are left out."""
    rows = {row.unit: row.id for row in COMMENTS.read(draft.fields).comments}
    written = [
        {"id": rows.get(unit) or identity.row_id(), "unit": unit, "words": words}
        for unit, words in comments.items()
        if words.strip()
    ]
    return replace(draft, fields={**draft.fields, "comments": written})
