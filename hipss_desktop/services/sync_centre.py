"""What the sync centre shows: what waits, what was sent, what the council holds back, what a person has to decide.

Also the pill in the top bar. Everything in words; must not send anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from hipss_desktop import times
from hipss_desktop.records.catalogue import KINDS
from hipss_desktop.records.changes import unit_label
from hipss_desktop.records.fold import ABSENT, Side
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.ports import Current, Store, SyncState
from hipss_desktop.services.records import Records
from hipss_desktop.services.timeline import KIND_ICONS, Timelines

Connection = Literal["never", "offline", "online", "sending"]


@dataclass(frozen=True)
class Status:
    """How the connection stands, as the sync loop last found it.

    ``since`` is when it began to be so; ``next_try`` when it will be tried again; ``problem`` the last one in words;
    ``tries`` how often in a row it was tried without an answer; ``done``/``total`` of a long exchange under way.
    """

    connection: Connection = "never"
    since: datetime | None = None
    last_sent: datetime | None = None
    next_try: datetime | None = None
    problem: str = ""
    tries: int = 0
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class Pill:
    """The pill's words, icon and whether somebody has to decide."""

    words: str
    icon: str
    decide: bool


@dataclass(frozen=True)
class WaitingRow:
    """A record that waits or is being sent."""

    record: str
    icon: str
    title: str
    about: str
    state: SyncState


@dataclass(frozen=True)
class ProblemRow:
    """Something that needs a person: a title, what to do, and the record it is about ('' when none)."""

    title: str
    words: str
    time: str
    tone: Literal["risk", "amber"]
    record: str = ""


@dataclass(frozen=True)
class SentRow:
    """A record that is with the council, and when the council said so."""

    record: str
    title: str
    time: str


@dataclass(frozen=True)
class SideView:
    """One version of a part: its words, who wrote it and where, and what it adds to what both had before."""

    value: Any
    words: str
    author: str
    mine: bool


@dataclass(frozen=True)
class PartView:
    """A part of a record that two laptops changed. ``additive`` when both can be kept one after the other."""

    unit: str
    label: str
    sides: tuple[SideView, ...]
    before: str
    additive: bool


@dataclass(frozen=True)
class ConflictView:
    """A record that waits for a decision."""

    record: str
    title: str
    parts: tuple[PartView, ...]
    already_in: tuple[str, ...]
    withdrawn_against: bool = False


@dataclass(frozen=True)
class Centre:
    """The sync centre."""

    laptop: str
    status: Status
    waiting: tuple[WaitingRow, ...] = ()
    waiting_count: int = 0
    sent: tuple[SentRow, ...] = ()
    sent_count: int = 0
    problems: tuple[ProblemRow, ...] = ()
    conflicts: tuple[ConflictView, ...] = field(default=())


def pill(status: Status, waiting: int, to_decide: int, now: datetime) -> Pill:
    """The pill in the top bar. "All sent" is said only when nothing waits."""
    decide = f"{to_decide} to decide" if to_decide else ""
    if status.connection == "sending":
        parts = [f"Sending, {waiting} waiting" if waiting else "Fetching", decide]
        icon = "sync"
    elif status.connection == "online":
        at = times.since(status.last_sent, now) if status.last_sent else ""
        parts = [f"{waiting} waiting" if waiting else f"All sent {at}".strip(), decide]
        icon = "cloud" if not waiting else "laptop"
    elif status.connection == "offline":
        since = f"Offline since {times.since(status.since, now)}" if status.since else "Offline"
        parts = [since, f"{waiting} waiting" if waiting else "", decide]
        icon = "cloudoff"
    else:
        parts = [
            "Not enrolled" if status.connection == "never" else "",
            f"{waiting} waiting" if waiting else "",
            decide,
        ]
        icon = "laptop"
    return Pill(" · ".join(part for part in parts if part), icon, bool(to_decide))


class SyncCentre:
    """Reads the centre for one open store."""

    def __init__(self, store: Store, records: Records, timelines: Timelines, clock: times.Clock) -> None:
        self._store = store
        self._records = records
        self._timelines = timelines
        self._clock = clock

    def pill(self, status: Status) -> Pill:
        """The pill as it stands now."""
        waiting = self._store.waiting()
        return pill(status, waiting.waiting, waiting.conflicts + waiting.held, self._clock())

    def centre(self, status: Status, *, sent: int = 9, waiting: int = 50) -> Centre:
        """Everything the centre shows."""
        stand = self._store.waiting()
        return Centre(
            laptop=self._store.seat.laptop,
            status=status,
            waiting=tuple(self._waiting(*each) for each in self._store.unsent(limit=waiting)),
            waiting_count=stand.waiting,
            sent=tuple(self._sent(*each) for each in self._store.sent(limit=sent)),
            sent_count=stand.council,
            problems=(*self._held(), *self._trouble(status)),
            conflicts=tuple(self.conflict(each) for each in self._store.undecided()),
        )

    def _title(self, revision: Revision, record: Current | None) -> str:
        kind = KINDS.get(revision.envelope.kind)
        label = kind.label if kind else revision.envelope.kind
        if record is None or kind is None:
            return label
        short = {"contact": "Contact"}.get(kind.name, label)
        if kind.name == "contact":
            moment = datetime.fromtimestamp(record.at / 1000, self._clock().tzinfo)
            child = self._timelines.words("contact", "children", record.fields.get("children") or [])
            return ", ".join(part for part in (f"{short} {times.clock_time(moment)}", child) if part)
        return f"{short}, {kind.title(record.fields)}"

    def _waiting(self, revision: Revision, record: Current | None) -> WaitingRow:
        saved = times.since(times.instant(revision.envelope.clock), self._clock())
        what = {"amend": "amended", "withdraw": "withdrawn", "countersign": "countersigned"}
        return WaitingRow(
            record=revision.envelope.record,
            icon=KIND_ICONS.get(revision.envelope.kind, "file"),
            title=self._title(revision, record),
            about=f"{what.get(revision.envelope.action, 'saved')} {saved}",
            state=record.state if record and record.state == "sending" else "waiting",
        )

    def _sent(self, revision: Revision, record: Current | None, at: str) -> SentRow:
        time = times.since(times.instant(at), self._clock()) if at else ""
        return SentRow(revision.envelope.record, self._title(revision, record), time)

    def _held(self) -> list[ProblemRow]:
        return [
            ProblemRow(
                f"The council holds this back: {self._title(revision, record)}",
                f"{why} It is kept on this laptop and at the council. Ask your manager.",
                times.since(times.instant(revision.envelope.clock), self._clock()),
                "risk",
                revision.envelope.record,
            )
            for revision, record, why in self._store.held()
        ]

    def _trouble(self, status: Status) -> list[ProblemRow]:
        if not status.problem:
            return []
        at = times.clock_time(status.since) if status.since else ""
        return [ProblemRow("The council cannot be reached", status.problem, at, "amber")]

    def conflict(self, record: Current) -> ConflictView:
        """A record that waits, part by part, side by side."""
        kind = KINDS.get(record.kind)
        revisions = {each.digest: each for each in self._store.revisions(record.record)}
        parts = [self._part(record, unit, sides, revisions) for unit, sides in record.conflicts.items()]
        order = {each.name: place for place, each in enumerate(kind.fields)} if kind else {}
        parts.sort(key=lambda each: order.get(each.unit.partition("/")[0], len(order)))
        heads = [revisions[each] for each in record.heads if each in revisions]
        changed = {unit for each in heads if (body := each.content()) for unit in body.changed}
        already = sorted({unit_label(kind, unit) for unit in changed - set(record.conflicts)})
        title = f"{kind.label}, {kind.title(record.fields)}" if kind else record.kind
        return ConflictView(record.record, title, tuple(parts), tuple(already), record.disputed)

    def _part(self, record: Current, unit: str, sides: Sequence[Side], revisions: dict[str, Revision]) -> PartView:
        from hipss_desktop.records.fold import unit_value
        from hipss_desktop.services.records import seen_from

        shown = []
        for side in sides:
            newest = revisions[max(side.digests, key=lambda digest: times.epoch_ms(revisions[digest].envelope.clock))]
            link = newest.envelope
            at = times.since(times.instant(link.clock), self._clock())
            laptop = self._records.laptop_of(link.seat)
            shown.append(
                SideView(
                    side.value,
                    "Taken out" if side.value == ABSENT else self._timelines.words(record.kind, unit, side.value),
                    ", ".join(part for part in (self._records.name_of(link.author), at, laptop) if part),
                    link.seat == self._store.seat.seat,
                )
            )
        parents = [parent for side in sides for digest in side.digests for parent in revisions[digest].envelope.parents]
        before = unit_value(seen_from(revisions, parents), unit)
        shown.sort(key=lambda each: not each.mine)
        return PartView(
            unit,
            unit_label(KINDS.get(record.kind), unit),
            tuple(shown),
            "" if before in (None, ABSENT) else self._timelines.words(record.kind, unit, before),
            all(isinstance(each.value, str | list) and each.value != ABSENT for each in shown)
            and _can_join(record, unit),
        )

    def joined(self, part: PartView) -> Any:
        """Both versions of a part kept: lines of both, or one text after the other."""
        values = [each.value for each in part.sides]
        if all(isinstance(each, list) for each in values):
            return list(dict.fromkeys(one for each in values for one in each))
        return " ".join(dict.fromkeys(str(each).strip() for each in values))


def _can_join(record: Current, unit: str) -> bool:
    kind = KINDS.get(record.kind)
    field = kind.by_name.get(unit) if kind else None
    return field is not None and field.shape in ("text", "lines", "codes", "refs")
