"""A child's or household's page: who they are, every record that names them, and one record with its history.

Must not write; amending goes through ``records``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hipss_desktop import identity, times
from hipss_desktop.kinds.catalogue import KINDS, may_write
from hipss_desktop.records.changes import unit_label, unit_words
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.kind import empty
from hipss_desktop.services.calls import Tag, first_words, tags
from hipss_desktop.services.people import People, age_words
from hipss_desktop.services.ports import Record, Store, SyncState
from hipss_desktop.services.records import Records, Version

KIND_ICONS = {
    "contact": "phone", "action": "checkc", "placement": "home", "child": "child", "carer": "home",
    "practitioner": "user", "shift": "moon", "directory": "phonecall",
}  # fmt: skip
PREFIXES = {"contact": "C", "action": "A", "placement": "P"}


@dataclass(frozen=True)
class Header:
    """What stands at the top of a child's page: the warnings first, and the worst sync state of its records."""

    record: str
    name: str
    local_id: str
    tags: tuple[Tag, ...]
    placed: str
    state: SyncState


@dataclass(frozen=True)
class Entry:
    """One row of a timeline. ``day`` groups rows ("Tuesday 14 March 2017"), ``id`` pages on, ``at`` is in ms."""

    id: int
    at: int
    record: str
    kind: str
    icon: str
    day: str
    time: str
    title: str
    summary: str
    author: str
    tags: tuple[Tag, ...]
    state: SyncState
    withdrawn: bool


@dataclass(frozen=True)
class Line:
    """One field of a record as it reads: its label and words; ``conflict`` when two versions stand."""

    unit: str
    label: str
    words: str
    conflict: bool = False


@dataclass(frozen=True)
class Reference:
    """A record that another one names: the field that does, and what it is called; ``kind`` is '' when not here."""

    unit: str
    label: str
    record: str
    kind: str
    name: str


@dataclass(frozen=True)
class RecordView:
    """One record with its history; ``about`` is whom and what it names, to be gone to."""

    record: str
    kind: str
    label: str
    reference: str
    when: str
    title: str
    tags: tuple[Tag, ...]
    about: tuple[Reference, ...]
    lines: tuple[Line, ...]
    versions: tuple[Version, ...]
    state: SyncState
    withdrawn: bool
    needs_decision: bool
    may_amend: bool


class Timelines:
    """Reads pages for one open store."""

    def __init__(self, store: Store, records: Records, people: People, clock: times.Clock) -> None:
        self._store = store
        self._records = records
        self._people = people
        self._clock = clock

    def header(self, record: str) -> Header | None:
        """The top of a child's page, None when the child is not here."""
        child = self._store.get(record)
        if child is None or child.kind != "child":
            return None
        placed = self._people.placement_of(record, times.tonight(self._clock()))
        words = "Not placed with a carer of the service"
        if placed is not None:
            days = (times.local_day(self._clock()) - times.day(placed.start)).days
            words = f"Placed with {self._people.name(placed.carer)}, {days} {'day' if days == 1 else 'days'}"
        return Header(
            record=record,
            name=age_words(child.fields, times.local_day(self._clock())),
            local_id=str(child.fields.get("local_id") or ""),
            tags=tags(child.fields),
            placed=words,
            state=self.worst_state(record),
        )

    def worst_state(self, record: str) -> SyncState:
        """The worst sync state of a child's own record and its newest 200: needs you, waiting, sending, sent."""
        return self.worst_states([record])[record]

    def worst_states(self, records: Sequence[str]) -> dict[str, SyncState]:
        """The same for many at once."""
        return self._store.worst_about(records, newest=200)

    def entries(self, record: str, *, kind: str = "", before: int | None = None, limit: int = 60) -> list[Entry]:
        """The records that name somebody, newest first, a page at a time."""
        return self._entries(self._store.records_about(record, kind=kind, before=before, limit=limit))

    def count(self, record: str, *, since: datetime | None = None) -> int:
        """How many records name somebody, those dated from ``since`` on."""
        return self._store.count_about(record, since=times.ms(since) if since else 0)

    def of_kind(self, kind: str, *, before: int | None = None, limit: int = 100) -> list[Entry]:
        """All records of a kind, newest first, a page at a time."""
        return self._entries(self._store.records_of(kind, before=before, limit=limit))

    def found(self, words: str, *, limit: int = 50) -> list[Entry]:
        """The records in which the words occur, newest first."""
        return self._entries(self._store.search(words, limit=limit))

    def _entries(self, found: Sequence[Record]) -> list[Entry]:
        names = {author: self._records.name_of(author) for author in {each.author for each in found}}
        return [self._entry(each, names[each.author]) for each in found]

    def _entry(self, each: Record, author: str) -> Entry:
        moment = times.of_ms(each.at)
        kind = KINDS.get(each.kind)
        title = kind.title(each.fields) if kind else each.kind
        found = []
        if each.withdrawn:
            found.append(Tag("Withdrawn", "neutral", "xc"))
        elif each.versions > 1:
            found.append(Tag(f"Amended, version {each.versions}", "neutral", "history"))
        if each.needs_decision:
            found.append(Tag("You need to decide", "amber", "merge"))
        if each.kind == "contact" and each.fields.get("outcome") == "escalated":
            found.append(Tag("Escalated", "risk", "octagon"))
        return Entry(
            id=each.id,
            at=each.at,
            record=each.record,
            kind=each.kind,
            icon=KIND_ICONS.get(each.kind, "file"),
            day=times.full_day(times.local_day(moment)),
            time=times.clock_time(moment) if each.kind != "placement" else "",
            title=f"Contact: {title}" if each.kind == "contact" else title,
            summary=self._summary(each),
            author=author,
            tags=tuple(found),
            state=each.state,
            withdrawn=each.withdrawn,
        )

    def _summary(self, each: Record) -> str:
        if each.kind == "contact":
            return first_words(each.fields)
        if each.kind == "placement":
            return self._people.name(str(each.fields.get("carer") or ""))
        if each.kind == "action":
            state = code_list("action_state").label(str(each.fields.get("state") or "open"))
            return " · ".join(part for part in (state, str(each.fields.get("owner") or "")) if part)
        return ""

    def record_view(self, record: str) -> RecordView | None:
        """One record with its history, None when it is not here."""
        current = self._store.get(record)
        if current is None:
            return None
        kind = KINDS.get(current.kind)
        moment = times.of_ms(current.at)
        prefix = PREFIXES.get(current.kind, "R")
        found = []
        if current.withdrawn:
            found.append(Tag("Withdrawn", "neutral", "xc"))
        risk = code_list("risk").get(str(current.fields.get("risk") or "")) if current.kind == "contact" else None
        if risk is not None:
            found.append(Tag(f"{risk.label} risk", risk.more.get("tone", "neutral"), "alert"))
        if current.kind == "contact":
            labels = code_list("concern")
            found += [Tag(labels.label(str(each)), "neutral", "check") for each in current.fields.get("concerns") or []]
        return RecordView(
            record=record,
            kind=current.kind,
            label=kind.label if kind else current.kind,
            reference=identity.reference(prefix, record, times.local_day(moment).year),
            when=self._when(current, moment),
            title=kind.title(current.fields) if kind else current.kind,
            tags=tuple(found),
            about=tuple(self._about(current)),
            lines=tuple(self._lines(current)),
            versions=tuple(self._named(current.kind, each) for each in self._records.history(record)),
            state=current.state,
            withdrawn=current.withdrawn,
            needs_decision=current.needs_decision,
            may_amend=may_write(self._store.seat.role, current.kind) and not current.withdrawn,
        )

    def _when(self, current: Record, moment: datetime) -> str:
        words = f"{times.full_day(times.local_day(moment))}, {times.clock_time(moment)}"
        ended = str(current.fields.get("ended") or "")
        if current.kind == "contact" and ended:
            words += f" to {times.clock_time(times.instant(ended))}"
        words += f" {times.zone(moment)}"
        if current.kind == "contact":
            words += f" · {code_list('channel').label(str(current.fields.get('channel') or 'phone'))}"
        return words

    def _lines(self, current: Record) -> list[Line]:
        kind = KINDS.get(current.kind)
        order = {each.name: place for place, each in enumerate(kind.fields)} if kind else {}
        names = sorted(current.fields, key=lambda name: (order.get(name, len(order)), name))
        undecided = {unit.partition("/")[0] for unit in current.conflicts}
        return [
            Line(name, unit_label(kind, name), self.words(current.kind, name, current.fields[name]), name in undecided)
            for name in names
            if not empty(current.fields[name]) or name in undecided
        ]

    def _about(self, current: Record) -> Iterator[Reference]:
        kind = KINDS.get(current.kind)
        for each in kind.fields if kind else ():
            value = current.fields.get(each.name)
            if each.type in ("ref", "refs") and not empty(value):
                for record in value if isinstance(value, list) else [value]:
                    found = self._store.get(str(record))
                    here = found.kind if found else ""
                    yield Reference(each.name, each.label, str(record), here, self.name(str(record)))

    def name(self, record: str) -> str:
        """What a record that another one refers to is called; says so where it is not here."""
        named = self._people.name(record)
        if named:
            return named
        found = self._store.get(record)
        kind = KINDS.get(found.kind) if found else None
        return kind.title(found.fields) if found and kind else "Not on this laptop"

    def words(self, kind_name: str, unit: str, value: Any) -> str:
        """A unit's value in words, with the names of those it refers to instead of identifiers."""
        kind = KINDS.get(kind_name)
        described = kind.by_name.get(unit.partition("/")[0]) if kind else None
        if described is not None and described.type == "ref" and not empty(value):
            return self.name(str(value))
        if described is not None and described.type == "refs" and isinstance(value, list):
            return ", ".join(self.name(str(each)) for each in value)
        return unit_words(kind, unit, value)

    def _named(self, kind_name: str, version: Version) -> Version:
        """A version whose differences say names where records are referred to by identifier."""
        kind = KINDS.get(kind_name)
        refer = {each.name for each in kind.fields if each.type in ("ref", "refs")} if kind else set()

        def names(words: str) -> str:
            return ", ".join(self.name(each) for each in words.splitlines())

        return replace(
            version,
            differences=tuple(
                replace(each, was=names(each.was), now=names(each.now)) if each.unit in refer else each
                for each in version.differences
            ),
        )


def computed_name(kind_name: str, fields: Mapping[str, Any]) -> str:
    """The name a draft goes by in lists."""
    kind = KINDS[kind_name]
    return (
        f"{kind.label}: {kind.title(fields)}"
        if any(not empty(each) for each in fields.values())
        else f"New {kind.label.lower()}"
    )
