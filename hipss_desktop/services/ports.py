"""The protocols by which use cases read and write a store, and the plain types that pass between them.

``db`` implements these protocols. Any thread may call the reading methods. A ``Unit`` belongs to the thread that opened it, and is
committed or rolled back as a whole. Must not import another module of ``services``.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeVar

import msgspec

from hipss_desktop.kinds.council import Certificate
from hipss_desktop.records.chain import Link
from hipss_desktop.records.fold import Side
from hipss_desktop.records.kind import Role
from hipss_desktop.records.revision import Action, Revision

SyncState = Literal["waiting", "sending", "sent", "needs_you"]
"""The sync state of a record: only on this laptop, being sent, with the council, or waiting for a person."""
AnyStruct = TypeVar("AnyStruct", bound=msgspec.Struct)


@dataclass(frozen=True)
class Seat:
    """The seat of a store: one person on one laptop. ``enrolled`` says whether the council has certified it."""

    seat: str
    person: str
    name: str
    role: Role
    device: str
    laptop: str
    enrolled: bool


class Record(msgspec.Struct, frozen=True, dict=True):
    """A record as it is now, read from its projection. It is a struct because lists make dozens at once.

    Attributes:
        at: its time in lists, milliseconds since 1970 UTC: of the field that its kind names, else of its first revision.
        own_number: the newest number of this seat's own chain among its revisions, 0 if it has none.
        versions: how many revisions change it, those that only add rows to lists that grow left out.
        author: who wrote the newest revision, countersignatures left out; ``clock`` is the time by their laptop's clock.
    """

    id: int
    record: str
    kind: str
    fields: Mapping[str, Any]
    at: int
    heads: tuple[str, ...]
    conflicts: Mapping[str, tuple[Side, ...]]
    withdrawn: bool
    disputed: bool
    incomplete: bool
    own_number: int
    versions: int
    author: str
    clock: str
    state: SyncState = "waiting"

    @property
    def needs_decision(self) -> bool:
        """Whether a person has to decide between two versions."""
        return bool(self.conflicts) or self.disputed


@dataclass(frozen=True)
class Caret:
    """Where somebody was typing: the field, by the name that the form gives it ('' for none), and the place in its text."""

    field: str = ""
    at: int = 0


@dataclass(frozen=True)
class Draft:
    """A draft: what was typed and is not finished yet.

    Attributes:
        record: the record it will finish or amend.
        parents: the heads that its author saw; empty for a new record.
        began, saved: ISO 8601 with offset; ``saved`` is when it was last written to disk.
        call: what is known of a call beside its answers: the timer's "started" and, once ended, "ended" (ISO 8601 with
            offset), and whom its caller brought along (``services.calls``); empty without a call.
        caret: where its author was typing when it was last saved; a form that is opened again goes on there.
        question: the one question of the record that it answers (``services.questions``), '' for the record's own form.
        unseen: revisions (digests) that were held back when it was begun, so that its author did not see what they say.
    """

    record: str
    kind: str
    schema: int
    fields: Mapping[str, Any]
    parents: tuple[str, ...] = ()
    why: str = ""
    began: str = ""
    saved: str = ""
    call: Mapping[str, str] = field(default_factory=dict)
    caret: Caret = Caret()
    question: str = ""
    unseen: tuple[str, ...] = ()

    def saved_at(self, moment: str) -> "Draft":
        """The same draft with the moment of its saving. It does not use ``replace``, because this runs while somebody types."""
        draft = object.__new__(Draft)
        vars(draft).update(vars(self), saved=moment)
        return draft


@dataclass(frozen=True)
class ChangeSet:
    """What a commit changed, so that a page can decide whether to read again."""

    kinds: frozenset[str] = frozenset()
    records: frozenset[str] = frozenset()
    drafts: bool = False
    sync: bool = False


@dataclass(frozen=True)
class Waiting:
    """The sync state of a store's own chains: their length, how much of it has a receipt, and what waits for a person."""

    own: int
    council: int
    held: int
    conflicts: int

    @property
    def waiting(self) -> int:
        """Revisions that the council has given no receipt for."""
        return max(0, self.own - self.council)


class Unit(Protocol):
    """One unit of work: everything in it is saved together, or nothing is."""

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
        """Sign the seat's next revision, save it with its projections, and return it."""
        ...

    def put_draft(self, draft: Draft) -> None:
        """Save a draft in place of an earlier one of the same record and question."""
        ...

    def drop_draft(self, record: str, question: str = "") -> None:
        """Delete the draft of a record, or of one of its questions."""
        ...

    def absorb(self, revisions: Sequence[Revision]) -> None:
        """Save verified revisions of other seats (or of this seat, sent back), with their projections.

        Raises Tampered if one does not follow the last link here, or has a number at which another revision is here.
        """
        ...

    def take_way(self, dropped_revisions: Sequence[Revision], branch: Sequence[Revision]) -> None:
        """Replace the end of the council's own chain by another version of it.

        Args:
            dropped_revisions: the links here after the last one that both versions have; they become evidence.
            branch: the verified links of the other version after that one. One is a mending order that names all of
                ``dropped_revisions``.
        """
        ...

    def fill_bodies(self, revisions: Sequence[Revision]) -> None:
        """Save bodies that were missing until now, for envelopes that are here already."""
        ...

    def keep_receipt(self, seat: str, number: int, digest: str, jws: str, at: str) -> None:
        """Save the council's signed receipt."""
        ...

    def council_has(self, seat: str, number: int, digest: str) -> None:
        """Save the last link that the council says it has of a seat's chain. The number may be lower than before."""
        ...

    def council_holds_back(self, reasons: Mapping[str, str]) -> None:
        """Save which of this store's revisions the council holds back, and why."""
        ...

    def keep_evidence(self, label: str, jws: str, body: bytes | None) -> bool:
        """Save something that did not verify as evidence. Return whether it was new."""
        ...

    def set(self, name: str, value: str) -> None:
        """Save a setting of this person's store."""
        ...


class RecordReads(Protocol):
    """Reads records as they are now, by every way in which a screen asks for them."""

    def get(self, record: str) -> Record | None:
        """A record as it is now, or None if it is not here."""
        ...

    def records_named(self, records: Collection[str]) -> list[Record]:
        """Those of these records that are here, newest first."""
        ...

    def revisions(self, record: str) -> list[Revision]:
        """The revisions of a record without those held back, oldest first by their clocks."""
        ...

    def all_revisions(self, record: str) -> list[Revision]:
        """All revisions of a record, with those that take no part in it (``without_effect``)."""
        ...

    def without_effect(self, record: str) -> Mapping[str, str]:
        """The digests of the revisions that take no part in a record as the council holds them back, with the reason in words."""
        ...

    def held_record(self, record: str) -> Record | None:
        """A record as this person wrote it on this laptop, if ``get`` does not give it because all of it is held back."""
        ...

    def revision(self, digest: str) -> Revision | None:
        """The revision with this digest, or None."""
        ...

    def records_of(
        self,
        kind: str,
        *,
        stage: str = "",
        before: int | None = None,
        since: int | None = None,
        limit: int | None = None,
    ) -> list[Record]:
        """Records of a kind, newest first: in a stage, with ``at`` from ``since`` (ms) on, before the id ``before``."""
        ...

    def count(self, kind: str, *, stage: str = "") -> int:
        """How many records of a kind (in a stage) there are, the withdrawn ones left out."""
        ...

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
        """Records about a person (or another record), or one of ``also``, newest first, each once.

        Those after the row ``before``, dated before ``until`` (ms).

        With ``role`` those in which that field ("attendees/colleague" inside a row) or index term names it.
        """
        ...

    def newest_about(
        self, people: Sequence[str], *, role: str = "", kind: str = "", most: int = 1, since: int = 0
    ) -> dict[str, list[Record]]:
        """For each of many people the newest records that name them and were not withdrawn, in one reading.

        Those with ``at`` from ``since`` (ms) on.
        """
        ...

    def said_about(self, person: str, term: str, *, of: type[AnyStruct]) -> list[AnyStruct]:
        """What records that were not withdrawn say about a person under an index term, as this struct, oldest first."""
        ...

    def worst_about(self, people: Sequence[str], *, newest: int) -> dict[str, SyncState]:
        """For each of many people (or other records) the worst state of their own record and the newest that name them."""
        ...

    def count_about(self, person: str, *, also: Collection[str] = (), since: int = 0, until: int | None = None) -> int:
        """How many records name a person (or another record), or one of ``also``.

        Those with ``at`` from ``since`` on and before ``until`` (ms).
        """
        ...

    def kinds_about(self, person: str, *, also: Collection[str] = ()) -> dict[str, int]:
        """How many records of each kind are about a person (or another record), or one of ``also``, the most frequent first."""
        ...

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
        """Records of a kind that are open and due at a time, the earliest first.

        Args:
            kind: the kind.
            named: (role, people): only those in which that field or index term names one of them.
            others: whether those follow that are not due at a time, the newest first.
            since: only those due after this moment (ms).
            until: only those due at this moment (ms) or before.
            after: only those after the record with this id.
            limit: at most this many.
        """
        ...

    def undecided(self) -> list[Record]:
        """Records that wait for a person to decide between two versions."""
        ...

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

        With ``about`` those too that are about one of ``also``; those dated from ``since`` on and before ``until`` (ms). Those of
        a typed reference come before all.
        """
        ...

    def drafts(self) -> list[Draft]:
        """All drafts, those of questions too, newest first."""
        ...

    def draft(self, record: str, question: str = "") -> Draft | None:
        """The draft of a record, or of one of its questions, or None."""
        ...

    def setting(self, name: str) -> str:
        """A setting of this person's store, or '' if it was never set."""
        ...


class ChainReads(Protocol):
    """Reads chains, receipts and what the council said, for sync and for the sync centre."""

    def have(self) -> dict[str, Link]:
        """The last link of every seat's chain here."""
        ...

    def chain(self, seat: str, *, after: int, limit: int) -> list[Revision]:
        """Links of a seat's chain in order, from number ``after`` + 1 on."""
        ...

    def missing_bodies(self, *, limit: int = 500) -> list[str]:
        """The digests of revisions whose body never arrived though this role may read the kind, erased ones left out."""
        ...

    def certificates(self) -> dict[str, Certificate]:
        """Seat to certificate, from the council's own chain and nowhere else."""
        ...

    def mended(self) -> frozenset[str]:
        """The digests that mending orders in the council's own chain name. They are no longer in that chain."""
        ...

    def evidence_of(self, label: str) -> list[str]:
        """What was saved as evidence under that label (JWS)."""
        ...

    def own_seats(self) -> tuple[str, ...]:
        """This store's seats, oldest first: its seats before a loss, then its present seat."""
        ...

    def sent_through(self, seat: str) -> int:
        """The last number of an own seat that the council has given a receipt for and still says it has."""
        ...

    def sending_through(self, number: int) -> None:
        """Note the last of this seat's own numbers in a push that is under way, or 0 after it."""
        ...

    def waiting(self) -> Waiting:
        """The sync state of this store's own chains."""
        ...

    def unsent(self, *, limit: int) -> list[tuple[Revision, Record | None]]:
        """This store's own revisions without a receipt, oldest first, each with its record."""
        ...

    def sent(self, *, limit: int) -> list[tuple[Revision, Record | None, str]]:
        """The newest of this store's own revisions that are with the council, newest first, with the receipt's time."""
        ...

    def held_back(self) -> list[tuple[Revision, Record | None, str]]:
        """This store's own revisions that the council holds back, or that change only such, with the reason."""
        ...

    def receipt(self, digest: str) -> str:
        """The council's receipt (JWS) that covers a revision, or '' if no receipt in force does."""
        ...


Disk = Literal["all", "little", "nothing"]
"""How much a laptop's disk can still store. With "nothing", the store is open for reading only."""


class Store(RecordReads, ChainReads, Protocol):
    """One person's encrypted store on this laptop."""

    @property
    def seat(self) -> Seat:
        """Whose store this is."""
        ...

    @property
    def disk(self) -> Disk:
        """How much the disk can still store."""
        ...

    def write(self) -> AbstractContextManager[Unit]:
        """Open a unit of work. It commits when the block ends without an error. Only after that may a screen say "saved"."""
        ...

    def subscribe(self, changed: Callable[[ChangeSet], None]) -> None:
        """Call ``changed`` after every commit, on the thread that made it."""
        ...


def unique(records: Iterable[Record]) -> list[Record]:
    """The records in their order, each once."""
    return list({record.record: record for record in records}.values())
