"""Countersigning in words: what waits for whom, what was returned, and one record for the person who signs it.

A record waits too long after two working days; a closing day of the council is not a working day. Must not write.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from hipss_desktop import identity, times
from hipss_desktop.kinds.comments import COMMENTS
from hipss_desktop.records.codes import within
from hipss_desktop.records.fields import Field
from hipss_desktop.rules.clocks import Council
from hipss_desktop.services.clocks import Clocks
from hipss_desktop.services.countersigning import Countersigning, ReadBy, Signed, Standing, Waiting
from hipss_desktop.services.ports import Record, Store
from hipss_desktop.services.records import Records
from hipss_desktop.views.names import Names, title
from hipss_desktop.views.paragraphs import ParagraphView, counted, paragraph_views

FOR_ME, FOR_OTHERS, RETURNED, TO_READ, SIGNED = "for_me", "for_others", "returned", "to_read", "signed"
GROUPS = {
    FOR_ME: "For you, oldest first",
    TO_READ: "For you to read",
    FOR_OTHERS: "Yours, for someone else to sign",
    RETURNED: "Returned, with the author",
    SIGNED: "You signed this month",
}
"""The groups of the list, in their order."""
SIGNED_ALREADY = "You have signed this. An amendment asks for it again."
LATE_AFTER = 2
"""Working days after which a record has waited too long (ux, 28)."""


@dataclass(frozen=True)
class WaitingRow:
    """One record in the list.

    Attributes:
        group: its group in the list.
        name: its name: "Incident, missing from care".
        words: whom it is about, its reference, who wrote it and when.
        waits: how long it has waited, '' if it does not wait for this person.
        late: whether it has waited too long.
    """

    record: str
    kind: str
    group: str
    name: str
    words: str
    waits: str = ""
    late: bool = False


@dataclass(frozen=True)
class CommentView:
    """One comment that was returned: the unit of its paragraph, its words, its author and time."""

    unit: str
    words: str
    by: str
    at: str


@dataclass(frozen=True)
class SectionView:
    """One text of the record with its paragraphs; ``field`` is its name in the units of comments."""

    field: str
    label: str
    paragraphs: tuple[ParagraphView, ...]


@dataclass(frozen=True)
class ReadingView:
    """A record as it is shown to the person who signs it.

    Attributes:
        digest: the version that is shown, '' while two versions are undecided.
        written: its authors, and when they wrote it.
        marks: the number of paragraphs with each mark.
        refusal: why this person may not approve or return it, '' if they may.
        own: whether it is this person's own work.
        reads: whether this person was asked to read it and has not confirmed it yet.
        stands: who signed it, and who must read it, one sentence each.
        returned: the comments on the present version; ``earlier`` are those on earlier versions.
        author: the authors, who will see a comment.
    """

    record: str
    kind: str
    digest: str
    name: str
    reference: str
    about: str
    written: str
    author: str
    marks: str
    sections: tuple[SectionView, ...]
    refusal: str
    own: bool
    reads: bool
    stands: tuple[str, ...]
    returned: tuple[CommentView, ...]
    earlier: tuple[CommentView, ...]


class CountersigningViews:
    """Reads what waits to be signed or read, for one open store."""

    def __init__(
        self,
        store: Store,
        records: Records,
        countersigning: Countersigning,
        clocks: Clocks,
        names: Names,
        clock: times.Clock,
    ) -> None:
        self._store = store
        self._records = records
        self._countersigning = countersigning
        self._clocks = clocks
        self._names = names
        self._clock = clock

    def rows(self) -> list[WaitingRow]:
        """Everything that waits, by group, oldest first; at the end what this person signed this month."""
        now, me = self._clock(), self._store.seat.person
        waiting, council = self._countersigning.waiting(), self._clocks.council()
        rows_by_group: dict[str, list[WaitingRow]] = {group: [] for group in GROUPS}
        for standing in waiting:
            if standing.returned:
                if me in standing.writers or self._may_countersign(standing):
                    rows_by_group[RETURNED].append(self._row(standing, RETURNED, council, now))
            elif me in standing.writers:
                rows_by_group[FOR_OTHERS].append(self._row(standing, FOR_OTHERS, council, now))
            elif self._may_countersign(standing):
                rows_by_group[FOR_ME].append(self._row(standing, FOR_ME, council, now))
        rows_by_group[TO_READ] = [
            self._row(standing, TO_READ, council, now) for standing in self._countersigning.to_read()
        ]
        first = times.local(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        for record in self._countersigning.signed_since(first):
            rows_by_group[SIGNED].append(self._row(self._countersigning.standing(record.record), SIGNED, council, now))
        return [row for rows in rows_by_group.values() for row in rows]

    def waiting_count(self) -> int:
        """The number of records that wait for this person to sign or read."""
        return sum(row.group in (FOR_ME, TO_READ) for row in self.rows())

    def view(self, record: str) -> ReadingView | None:
        """One record, None if it is not here."""
        if self._store.get(record) is None:
            return None
        standing = self._countersigning.standing(record)
        refusal, me = self._countersigning.refusal(standing), self._store.seat.person
        if any(signed.stands and signed.person == me for signed in standing.signed):
            refusal = refusal or SIGNED_ALREADY
        sections = tuple(self._sections(standing))
        every = [paragraph for section in sections for paragraph in section.paragraphs]
        now = self._clock()
        return ReadingView(
            record=record,
            kind=standing.kind.name,
            digest=standing.digest,
            name=self._name(standing),
            reference=identity.reference(standing.kind.reference_prefix, record),
            about=self._names.about(standing.kind, standing.record.fields),
            written=f"written by {self._writers(standing)}, {times.written_since(standing.since, now)}",
            author=self._writers(standing),
            marks=_marks(every),
            sections=sections,
            refusal=refusal,
            own=me in standing.writers,
            reads=any(row.person == me and not row.read_at for row in standing.readers),
            stands=tuple(self._stands(standing, now)),
            returned=tuple(self._comments(standing.returned, now)),
            earlier=tuple(self._comments(standing.answered, now)),
        )

    def _may_countersign(self, standing: Waiting) -> bool:
        return self._store.seat.role in standing.kind.countersigned_by

    def _row(self, standing: Waiting, group: str, council: Council, now: datetime) -> WaitingRow:
        since = times.instant_or_none(standing.since)
        about = self._names.about(standing.kind, standing.record.fields)
        reference = identity.reference(standing.kind.reference_prefix, standing.record.record)
        who = f"{self._writers(standing)}, {times.written_since(standing.since, now)}"
        late = since is not None and group == FOR_ME and now > council.own_working_time(since).due(since, LATE_AFTER)
        return WaitingRow(
            record=standing.record.record,
            kind=standing.kind.name,
            group=group,
            name=self._name(standing),
            words=" · ".join(part for part in (about, reference, who) if part),
            waits=_waited(now - since) if since is not None and group in (FOR_ME, TO_READ) else "",
            late=late,
        )

    def _name(self, standing: Waiting) -> str:
        kind, label = standing.kind, title(standing.record)
        short = kind.short_label or kind.label
        name = label if label.casefold().startswith(short.casefold()) else f"{short}, {within(label)}"
        return f"{name}, amended" if standing.record.versions > 1 else name

    def _writers(self, standing: Waiting) -> str:
        return " and ".join(sorted(self._records.name_of(person) for person in standing.writers))

    def _sections(self, standing: Standing) -> Iterator[SectionView]:
        for field in standing.kind.fields:
            if field.by_paragraph and field.shown(standing.kind.of(standing.record)):
                yield from self._section(standing, field)

    def _section(self, standing: Standing, field: Field) -> Iterator[SectionView]:
        """A text in the order of the record’s own page, with the headings of its paragraphs."""
        kind, fields = standing.kind, standing.record.fields
        over = kind.over(kind.read(fields), self._names.name) if kind.over is not None else None
        paragraphs = paragraph_views(field, fields.get(field.name), self._names.name, over=over)
        if paragraphs:
            yield SectionView(field.name, field.label, paragraphs)

    def _stands(self, standing: Standing, now: datetime) -> Iterator[str]:
        """Who signed it, and who must read it."""
        for signed in standing.signed:
            yield self._signed(signed, now)
        for reader in standing.readers:
            yield self._reader(reader, now)

    def _signed(self, signed: Signed, now: datetime) -> str:
        when = times.written_since(signed.at, now)
        words = f"Countersigned by {self._records.name_of(signed.person)}, {when}"
        return words if signed.stands else f"{words}, before it was amended"

    def _reader(self, reader: ReadBy, now: datetime) -> str:
        name = self._records.name_of(reader.person)
        if reader.read_at:
            return f"{name} has read it, {times.since(times.instant(reader.read_at), now)}"
        return f"{name} has not read it yet"

    def _comments(self, records: tuple[Record, ...], now: datetime) -> Iterator[CommentView]:
        for record in records:
            comments = COMMENTS.of(record)
            at = times.since(comments.at, now) if comments.at is not None else ""
            for row in comments.comments:
                yield CommentView(row.unit, row.words, self._records.name_of(record.author), at)


def _marks(paragraphs: list[ParagraphView]) -> str:
    """The number of paragraphs with each mark, and whether all have one."""
    if not paragraphs:
        return ""
    if all(paragraph.mark for paragraph in paragraphs):
        return f"{counted(paragraphs)}. All {len(paragraphs)} marked" if len(paragraphs) > 1 else counted(paragraphs)
    return counted(paragraphs)


def _waited(waited: timedelta) -> str:
    """A waiting time in the largest whole unit: "2 days", "3 h", "10 min"."""
    days, hours = waited.days, int(waited.total_seconds() // 3600)
    if days:
        return f"{days} {'day' if days == 1 else 'days'}"
    return f"{hours} h" if hours else f"{max(0, int(waited.total_seconds() // 60))} min"
