"""What the use cases ask of a store, and the plain shapes that pass between them.

``db`` implements these protocols. Reading methods may be called from any thread; a ``Unit`` belongs to the one thread
that opened it and is committed or rolled back as a whole. Must not import anything above the ground floor.
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
"""Of a record: on this laptop, sending, with the council, needs you."""
Said = TypeVar("Said", bound=msgspec.Struct)


@dataclass(frozen=True)
class Seat:
    """Whose store this is: one person's on one laptop. ``enrolled`` is whether the council has certified it."""

    seat: str
    person: str
    name: str
    role: Role
    device: str
    laptop: str
    enrolled: bool


class Record(msgspec.Struct, frozen=True, dict=True):
    """A record as it is now, read from its projection. Lists make dozens at once, which a struct is made for.

    Attributes:
        at: what dates it in lists, milliseconds since 1970 UTC: the field its kind names, else its first revision.
        own_number: the newest number of this seat's own chain among its revisions, 0 when it has none.
        versions: how many revisions change it, those that only add rows to lists that grow left out.
        author: who wrote the newest one, which a countersignature is not; ``clock`` what their laptop's clock said.
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
    """What was typed and not yet finished.

    Attributes:
        record: the record it will finish or amend.
        parents: the heads its author saw; empty for a new record.
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
        """The same draft as it was written to disk at a moment; without ``replace``, as this is done while somebody types."""
        draft = object.__new__(Draft)
        vars(draft).update(vars(self), saved=moment)
        return draft


@dataclass(frozen=True)
class ChangeSet:
    """What a commit changed, for pages to decide whether they care."""

    kinds: frozenset[str] = frozenset()
    records: frozenset[str] = frozenset()
    drafts: bool = False
    sync: bool = False


@dataclass(frozen=True)
class Waiting:
    """How a store's own chains stand with the council: their length, how much of it has a receipt, what needs you."""

    own: int
    council: int
    held: int
    conflicts: int

    @property
    def waiting(self) -> int:
        """Revisions that the council has given no receipt for."""
        return max(0, self.own - self.council)


class Unit(Protocol):
    """One unit of work: everything in it is kept together, or nothing is."""

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
        """Sign the seat's next revision and keep it with its projections; returns it."""
        ...

    def put_draft(self, draft: Draft) -> None:
        """Keep a draft, over an earlier one of the same record and question."""
        ...

    def drop_draft(self, record: str, question: str = "") -> None:
        """Forget the draft of a record, or of one of its questions."""
        ...

    def absorb(self, revisions: Sequence[Revision]) -> None:
        """Keep verified revisions of other seats (or of this seat, come back), with their projections.

        Raises Tampered when one does not follow on the link held, or is a second digest at a number already held.
        """
        ...

    def take_way(self, left: Sequence[Revision], way: Sequence[Revision]) -> None:
        """Go over to another way of the council's own chain.

        Args:
            left: the links held so far after the last one that both ways have; they become evidence.
            way: verified, from that link on; one of them is a mending order that names all of ``left``.
        """
        ...

    def fill_bodies(self, revisions: Sequence[Revision]) -> None:
        """Keep bodies that were held back before, for envelopes already held."""
        ...

    def keep_receipt(self, seat: str, number: int, digest: str, jws: str, at: str) -> None:
        """Keep the council's signed receipt."""
        ...

    def council_has(self, seat: str, number: int, digest: str) -> None:
        """Note what the council says it has of a seat's chain; it may fall."""
        ...

    def council_holds_back(self, reasons: Mapping[str, str]) -> None:
        """Note which of this seat's revisions the council holds back, and why."""
        ...

    def keep_evidence(self, what: str, jws: str, body: bytes | None) -> bool:
        """Keep something that did not verify, as evidence."""
        ...

    def set(self, name: str, value: str) -> None:
        """Keep a setting of this person's store."""
        ...


class RecordReads(Protocol):
    """Records as they are now, by every way a screen asks for them."""

    def get(self, record: str) -> Record | None:
        """A record as it is now, None when it is not here."""
        ...

    def records_named(self, records: Collection[str]) -> list[Record]:
        """Those of many records that are here, newest first."""
        ...

    def revisions(self, record: str) -> list[Revision]:
        """The revisions that a record is made of, oldest first by their clocks; what is held back is none of them."""
        ...

    def all_revisions(self, record: str) -> list[Revision]:
        """All revisions of a record, those too that take no part in it (``without_effect``)."""
        ...

    def without_effect(self, record: str) -> Mapping[str, str]:
        """The revisions (digests) that take no part in a record, as the council holds them back, with the reason in words."""
        ...

    def held_record(self, record: str) -> Record | None:
        """What this person wrote on this laptop of a record that ``get`` does not give, as all of it is held back."""
        ...

    def revision(self, digest: str) -> Revision | None:
        """One revision by name."""
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

    def said_about(self, person: str, term: str, *, of: type[Said]) -> list[Said]:
        """What the records that stand say about a person under an index term, as this struct, oldest first."""
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
            after: the id of the record after which the next ones are asked for.
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
        """The draft of a record, or of one of its questions; None where there is none."""
        ...

    def setting(self, name: str) -> str:
        """A setting of this person's store, '' when never set."""
        ...


class ChainReads(Protocol):
    """Chains, receipts and what the council said: what sync goes by and the sync centre shows."""

    def have(self) -> dict[str, Link]:
        """The last link held of every seat's chain."""
        ...

    def chain(self, seat: str, *, after: int, limit: int) -> list[Revision]:
        """Links of a seat's chain in order, from number ``after`` + 1 on."""
        ...

    def missing_bodies(self, *, limit: int = 500) -> list[str]:
        """Digests whose body was never received though this role may read the kind, erased ones left out."""
        ...

    def certificates(self) -> dict[str, Certificate]:
        """Seat to certificate, from the council's own chain and nowhere else."""
        ...

    def mended(self) -> frozenset[str]:
        """The digests that mending orders in the council's own chain name: what stands there no more."""
        ...

    def evidence_of(self, what: str) -> list[str]:
        """What was kept as evidence under that name (JWS)."""
        ...

    def own_seats(self) -> tuple[str, ...]:
        """This store's seats, oldest first: those it was before a loss, and the one it is."""
        ...

    def sent_through(self, seat: str) -> int:
        """The last number of an own seat that the council has given a receipt for and still says it has."""
        ...

    def sending_through(self, number: int) -> None:
        """Note up to which of its own numbers a push is under way; 0 when none is."""
        ...

    def waiting(self) -> Waiting:
        """How this store's own chains stand with the council."""
        ...

    def unsent(self, *, limit: int) -> list[tuple[Revision, Record | None]]:
        """Own revisions without a receipt, oldest first, each with its record."""
        ...

    def sent(self, *, limit: int) -> list[tuple[Revision, Record | None, str]]:
        """Own newest revisions that are with the council, newest first, with the receipt's time."""
        ...

    def held_back(self) -> list[tuple[Revision, Record | None, str]]:
        """This store's own revisions that the council holds back, or that change only such, with the reason."""
        ...

    def receipt(self, digest: str) -> str:
        """The council's receipt (JWS) that covers a revision, '' while there is none in force."""
        ...


Disk = Literal["all", "little", "nothing"]
"""What a laptop's disk still takes; where it is nothing, the store is open for reading alone."""


class Store(RecordReads, ChainReads, Protocol):
    """One person's encrypted store on this laptop."""

    @property
    def seat(self) -> Seat:
        """Whose store this is."""
        ...

    @property
    def disk(self) -> Disk:
        """How much the disk still takes."""
        ...

    def write(self) -> AbstractContextManager[Unit]:
        """Open a unit of work; it commits when the block ends well, and "saved" may be said after that."""
        ...

    def subscribe(self, changed: Callable[[ChangeSet], None]) -> None:
        """Be told of every commit, on the thread that made it."""
        ...


def unique(records: Iterable[Record]) -> list[Record]:
    """The records in their order, each once."""
    return list({record.record: record for record in records}.values())
