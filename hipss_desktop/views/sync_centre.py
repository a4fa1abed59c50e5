"""The sync centre in words: what waits, what was sent, what the council holds back, and what must be decided.

It also words the pill in the top bar. Must not send anything.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from msgspec import structs

from hipss_desktop import times
from hipss_desktop.kinds.catalogue import KINDS, may_write
from hipss_desktop.records.changes import unit_label
from hipss_desktop.records.fields import is_nothing
from hipss_desktop.records.fold import ABSENT, Units, body_of, fold, unit_value
from hipss_desktop.records.kind import Kind
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.imported_twice import records_twice, words_for
from hipss_desktop.services.ports import Draft, Record, Store, SyncState
from hipss_desktop.services.questions import DECIDE
from hipss_desktop.services.records import Records, seen_from, with_units
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.services.sync_status import Status
from hipss_desktop.views import names
from hipss_desktop.views.clock_apart import WHAT_TO_DO, apart_words, clock_words
from hipss_desktop.views.names import Names
from hipss_desktop.views.undecided import who_wrote

GOING_ON = "We will keep trying."


@dataclass(frozen=True)
class Pill:
    """The pill's words, icon and whether a decision is needed; ``short`` are the words for little room."""

    words: str
    icon: str
    decide: bool
    short: str


@dataclass(frozen=True)
class WaitingRow:
    """A record that waits or is being sent."""

    record: str
    kind: str
    title: str
    about: str
    state: SyncState


@dataclass(frozen=True)
class ProblemRow:
    """Something that needs a person: a title, what to do, and the record it is about ('' if none).

    ``notice`` is the setting of a notice that is shown until the person has read it (``SyncCentre.have_read``).
    """

    title: str
    words: str
    time: str
    tone: Literal["risk", "amber"]
    record: str = ""
    notice: str = ""


@dataclass(frozen=True)
class SentRow:
    """A record that the council has, and when the council confirmed it."""

    record: str
    title: str
    time: str


@dataclass(frozen=True)
class SideView:
    """One version of a part: its values and words, who wrote it, when and on which laptop.

    ``values`` gives each unit of the part its value.
    """

    values: Mapping[str, Any]
    words: str
    author: str
    mine: bool


@dataclass(frozen=True)
class PartView:
    """A part of a record that laptops changed differently, with all its versions, this laptop's own first.

    Attributes:
        unit: the field or row that identifies it; ``units`` are all units that are decided together with it.
        before: the common earlier value, in words.
        additive: whether all versions only add, so that they can be joined (``SyncCentre.joined``).
        rewrite: the differing fields if a person can write them again; of rows only paragraphs.
    """

    unit: str
    units: tuple[str, ...]
    label: str
    sides: tuple[SideView, ...]
    before: str
    additive: bool
    rewrite: tuple[str, ...]


@dataclass(frozen=True)
class ConflictView:
    """A record for which somebody must decide between versions.

    Attributes:
        already_in: labels of what was changed on one laptop only, so that it has effect already.
        withdrawn_against: whether one person withdrew the record while another amended it; ``withdrawn_by`` and
            ``withdrawn_why`` say who and why, ``amended_by`` who amended.
        others: the names of the others who wrote a version.
        laptops: the number of laptops on which versions were written.
        may_decide: whether this person's role may write the kind.
        heads: the newest revisions among these versions, which become the parents of a decision.
        decided_by: who has decided meanwhile, when and where, '' if nobody has; what was typed is still shown.
        decided_here: whether this seat made that decision.
    """

    record: str
    kind: str
    title: str
    parts: tuple[PartView, ...]
    already_in: tuple[str, ...]
    withdrawn_against: bool = False
    withdrawn_by: str = ""
    withdrawn_why: str = ""
    amended_by: str = ""
    others: tuple[str, ...] = ()
    laptops: int = 2
    may_decide: bool = True
    heads: tuple[str, ...] = field(default=(), compare=False)
    decided_by: str = ""
    decided_here: bool = False


@dataclass(frozen=True)
class Centre:
    """The sync centre.

    ``decided`` are records that somebody decided while this person was deciding; ``address`` is the council's, '' before the
    laptop has joined.
    """

    laptop: str
    status: Status
    waiting: tuple[WaitingRow, ...] = ()
    waiting_count: int = 0
    sent: tuple[SentRow, ...] = ()
    sent_count: int = 0
    problems: tuple[ProblemRow, ...] = ()
    conflicts: tuple[ConflictView, ...] = field(default=())
    decided: tuple[ConflictView, ...] = ()
    address: str = ""


def pill(
    status: Status,
    waiting: int,
    to_decide: int,
    now: datetime,
    last_receipt: datetime | None = None,
    ahead: timedelta | None = None,
) -> Pill:
    """The pill in the top bar. "All sent" is shown only if nothing waits; before the first answer, what is known.

    ``ahead`` is by how much the council's clock is ahead of this laptop's, None if that is not known.
    """
    still = f"{waiting} waiting" if waiting else ""
    since, icon = "", "laptop"
    if status.connection == "checking":
        known = f"all sent {times.since(last_receipt, now)}" if last_receipt is not None else ""
        parts, icon = ["Checking", still or known], "sync"
    elif status.connection == "sending":
        parts, icon = [f"Sending, {waiting} waiting" if waiting else "Fetching"], "sync"
    elif status.connection == "online":
        at = times.since(status.last_sent, now) if status.last_sent else ""
        parts = [still or f"All sent {at}".strip()]
        icon = "cloud" if not waiting else "laptop"
    elif status.connection == "offline":
        since = f" since {times.since(status.since, now)}" if status.since else ""
        parts, icon = ["Offline", still], "cloudoff"
    else:
        parts = ["Not enrolled", still]
    apart = apart_words(ahead)
    rest = [part for part in (*parts[1:], f"{to_decide} to decide" if to_decide else "") if part]
    words = [parts[0] + since, *rest, *([f"Clock {apart}"] if apart else [])]
    short = [parts[0], *rest, *(["Clock wrong"] if apart else [])]
    return Pill(" · ".join(words), icon, bool(to_decide), " · ".join(short))


class SyncCentre:
    """Reads the sync centre for one open store."""

    def __init__(self, store: Store, records: Records, named: Names, clock: times.Clock) -> None:
        self._store = store
        self._records = records
        self._names = named
        self._clock = clock

    def have_read(self, notice: str) -> None:
        """Delete a notice that the person has read, by its setting; the notice is about this laptop, not about a record."""
        with self._store.write() as unit:
            unit.set(notice, "")

    def pill(self, status: Status) -> Pill:
        """The pill as it is now."""
        waiting = self._store.waiting()
        newest = next((at for _, _, at in self._store.sent(limit=1) if at), "")
        to_decide = waiting.conflicts + waiting.held
        receipt, ahead = times.instant(newest) if newest else None, self._records.council_time.ahead()
        return pill(status, waiting.waiting, to_decide, self._clock(), receipt, ahead)

    def centre(self, status: Status, *, sent: int = 9, waiting: int = 50) -> Centre:
        """Everything that the sync centre shows."""
        stand, undecided = self._store.waiting(), self._store.undecided()
        begun = [draft for draft in self._store.drafts() if draft.question == DECIDE]
        waiting_records = {record.record for record in undecided}
        return Centre(
            laptop=self._store.seat.laptop,
            status=status,
            waiting=tuple(self._waiting(*row) for row in self._store.unsent(limit=waiting)),
            waiting_count=stand.waiting,
            sent=tuple(self._sent(*row) for row in self._store.sent(limit=sent)),
            sent_count=stand.council,
            address=self._store.setting(StoreSetting.SERVER),
            problems=(*self._held(), *self._trouble(status)),
            conflicts=tuple(self.conflict(record) for record in undecided),
            decided=tuple(
                conflict
                for draft in begun
                if draft.record not in waiting_records and (conflict := self._decided(draft)) is not None
            ),
        )

    def as_seen(self, draft: Draft) -> ConflictView | None:
        """The versions as a person saw them who began to decide between them; None if they are no longer here."""
        record = self._store.get(draft.record)
        known = {revision.digest: revision for revision in self._store.all_revisions(draft.record)}
        if record is None or not known.keys() >= set(draft.parents):
            return None
        seen = {digest: known[digest] for head in draft.parents for digest in (head, *_ancestry(known, head))}
        state = fold(seen.values(), KINDS.get(draft.kind))
        before = structs.replace(
            record,
            fields=state.fields,
            heads=draft.parents,
            conflicts=state.conflicts,
            withdrawn=state.withdrawn,
            disputed=state.disputed,
        )
        return self._conflict(before, seen)

    def _decided(self, draft: Draft) -> ConflictView | None:
        """A decision that a person began, as they saw it, and who decided meanwhile."""
        seen = self.as_seen(draft)
        if seen is None:
            return None
        known = {revision.digest: revision for revision in self._store.all_revisions(draft.record)}
        behind = {digest: set(_ancestry(known, digest)) for digest in known}
        after = [digest for digest in known if behind[digest] >= set(draft.parents)]
        first = min(after, key=lambda digest: (len(behind[digest]), digest), default="")
        decision = [known[first]] if first else []
        decided_here = any(revision.envelope.seat == self._store.seat.seat for revision in decision)
        return replace(seen, decided_by=self._who(decision) or "Somebody", decided_here=decided_here)

    def _title(self, revision: Revision, record: Record | None) -> str:
        kind = KINDS.get(revision.envelope.kind)
        record = record or self._store.held_record(revision.envelope.record)
        if record is None or kind is None:
            return kind.label if kind else revision.envelope.kind
        when = names.moment(record)
        if kind.short_label and not when.day_only:
            about = self._names.about(kind, record.fields)
            return ", ".join(part for part in (f"{kind.short_label} {times.clock_time(when.at)}", about) if part)
        title = kind.title(record.fields)
        return title if title == kind.label else f"{kind.label}, {title}"

    def _waiting(self, revision: Revision, record: Record | None) -> WaitingRow:
        saved = times.written_since(revision.envelope.clock, self._clock())
        action_words = {"amend": "amended", "withdraw": "withdrawn", "countersign": "countersigned"}
        return WaitingRow(
            record=revision.envelope.record,
            kind=revision.envelope.kind,
            title=self._title(revision, record),
            about=f"{action_words.get(revision.envelope.action, 'saved')} {saved}",
            state=record.state if record and record.state == "sending" else "waiting",
        )

    def _sent(self, revision: Revision, record: Record | None, at: str) -> SentRow:
        time = times.since(times.instant(at), self._clock()) if at else ""
        return SentRow(revision.envelope.record, self._title(revision, record), time)

    def _held(self) -> list[ProblemRow]:
        return [
            ProblemRow(
                f"The council holds this back: {self._title(revision, record)}",
                f"{why} It counts nowhere until it is released. It is kept on this laptop and at the council. Ask your manager.",
                times.written_since(revision.envelope.clock, self._clock()),
                "risk",
                revision.envelope.record,
            )
            for revision, record, why in self._store.held_back()
        ]

    def _trouble(self, status: Status) -> list[ProblemRow]:
        notice = self._store.setting(StoreSetting.NOTICE)
        problem_rows = (
            [ProblemRow("Records may have been lost on this laptop", notice, "", "risk", notice="notice")]
            if notice
            else []
        )
        if laptops := self._store.setting(StoreSetting.JOINED):
            words = f"{laptops}. If you did not set it up, ring your manager at once: somebody writes in your name."
            problem_rows.append(
                ProblemRow("Another laptop has joined in your name", words, "", "risk", notice=StoreSetting.JOINED)
            )
        if split := self._store.setting(StoreSetting.COUNCIL_SPLIT):
            problem_rows.append(ProblemRow("The council tells laptops different things", split, "", "risk"))
        if clock := clock_words(self._records.council_time.ahead()):
            problem_rows.append(ProblemRow(clock, WHAT_TO_DO, "", "amber"))
        problem_rows += self._imported_twice()
        if not status.problem:
            return problem_rows
        title = "The council cannot be reached"
        if status.connection == "online":
            title = (
                "The council refused the exchange" if status.tries else "Something is missing from the last exchange"
            )
        lost = "Nothing is lost."
        retry_words = f"We will try again at {times.clock_time(status.next_try)}." if status.next_try else GOING_ON
        tries = f"We tried {status.tries} times." if status.tries > 1 else ""
        happened = [
            sentence for sentence in _sentences(status.problem) if sentence not in (f"{title}.", lost, GOING_ON)
        ]
        words = " ".join(part for part in (*happened, tries, lost, retry_words) if part)
        at = times.since(status.since, self._clock()) if status.since else ""
        return [*problem_rows, ProblemRow(title, words, at, "amber")]

    def _imported_twice(self) -> Iterator[ProblemRow]:
        for kind in (KINDS[name] for name in self._store.setting(StoreSetting.IMPORTED_TWICE).split() if name in KINDS):
            if twice := records_twice(self._store, kind.name):
                title = f"Here twice: {len(twice)} {(kind.label if len(twice) == 1 else kind.plural).lower()}"
                words, record = words_for(kind, twice), twice[0][0].record
                yield ProblemRow(title, words, "", "amber", record=record, notice=StoreSetting.IMPORTED_TWICE)

    def conflict(self, record: Record) -> ConflictView:
        """A conflict of a record, part by part, with the versions side by side."""
        return self._conflict(
            record, {revision.digest: revision for revision in self._store.all_revisions(record.record)}
        )

    def _conflict(self, record: Record, known: "Known") -> ConflictView:
        kind = KINDS.get(record.kind)
        parts: dict[tuple[str, ...], PartView] = {}
        for unit in record.conflicts:
            units = kind.group_of(unit) if kind else (unit,)
            if units not in parts:
                parts[units] = self._part(record, kind, units, known)
        order = {ordered.name: place for place, ordered in enumerate(kind.fields)} if kind else {}
        shown = sorted(parts.values(), key=lambda part: (order.get(part.unit.partition("/")[0], len(order)), part.unit))
        decided_on = {unit for part_view in shown for unit in part_view.units}
        heads = [known[head] for head in record.heads if head in known]
        changed = {
            unit for revision in _apart(known, record.heads) if (body := revision.content()) for unit in body.changed
        }
        held = self._store.without_effect(record.record)
        latest = [known[revision] for revision in fold(known.values(), kind, held).latest] if record.disputed else []
        withdrawals = [revision for revision in latest if revision.envelope.action == "withdraw"]
        amended = [revision for revision in (*latest, *heads) if revision not in withdrawals]
        content = withdrawals[0].content() if withdrawals else None
        own = self._store.seat.person
        return ConflictView(
            record=record.record,
            kind=record.kind,
            title=f"{kind.label}, {kind.title(record.fields)}" if kind else record.kind,
            parts=tuple(shown),
            already_in=tuple(dict.fromkeys(unit_label(kind, unit) for unit in sorted(changed - decided_on))),
            withdrawn_against=record.disputed,
            withdrawn_by=self._who(withdrawals[:1]),
            withdrawn_why=content.why if content else "",
            amended_by=self._who(amended) if record.disputed else "",
            others=tuple(
                dict.fromkeys(
                    self._records.name_of(head.envelope.author) for head in heads if head.envelope.author != own
                )
            ),
            laptops=len({head.envelope.seat for head in heads}),
            may_decide=may_write(self._store.seat.role, record.kind),
            heads=tuple(record.heads),
        )

    def _part(self, record: Record, kind: Kind | None, units: tuple[str, ...], known: "Known") -> PartView:
        digests = {digest for unit in units for side in record.conflicts.get(unit, ()) for digest in side.digests}
        versions: list[tuple[dict[str, Any], list[Revision]]] = []
        for digest in sorted(
            digests, key=lambda candidate: (times.epoch_ms(known[candidate].envelope.clock), candidate)
        ):
            values = _values(known[digest], kind, units)
            alike = next((wrote for held, wrote in versions if held == values), None)
            if alike is None:
                versions.append((values, [known[digest]]))
            else:
                alike.append(known[digest])
        seen = seen_from(known, sorted(set.intersection(*({*_ancestry(known, digest)} for digest in digests))))
        sides = [
            SideView(
                values,
                self._words(record.kind, values),
                self._who(wrote),
                any(revision.envelope.seat == self._store.seat.seat for revision in wrote),
            )
            for values, wrote in versions
        ]
        sides.sort(key=lambda side: not side.mine)
        before = {unit: unit_value(seen, unit) for unit in units}
        telling = _telling(kind, units, sides)
        unit = telling or next(unit for unit in units if unit in record.conflicts)
        return PartView(
            unit=unit,
            units=units,
            label=unit_label(kind, unit, record.fields, seen),
            sides=tuple(sides),
            before=self._words(record.kind, before),
            additive=bool(telling) and _adding(kind, telling, before.get(telling), sides),
            rewrite=_differing(kind, units, sides)
            or tuple(candidate for candidate in units if _is_paragraph(kind, candidate)),
        )

    def _words(self, kind: str, values: Mapping[str, Any]) -> str:
        lines = [
            "Taken out" if value == ABSENT else self._names.words(kind, unit, value)
            for unit, value in values.items()
            if not is_nothing(value) or value is False
        ]
        return "\n".join(line for line in lines if line)

    def _who(self, wrote: Iterable[Revision]) -> str:
        """Who wrote a version, when and where; the newest author if several wrote the same."""
        return who_wrote(self._records, wrote, self._clock)

    def joined(self, part: PartView) -> dict[str, Any]:
        """All versions of a part that only add, joined: every line, or every sentence, once and in order."""
        values = [revision.values[part.unit] for revision in part.sides]
        if isinstance(values[0], list):
            return {
                **part.sides[0].values,
                part.unit: list(dict.fromkeys(line for lines in values for line in lines)),
            }
        sentences = dict.fromkeys(sentence for text in values for sentence in _sentences(text))
        return {**part.sides[0].values, part.unit: " ".join(sentences)}

    def problem(self, conflict: ConflictView, values: Mapping[str, Any]) -> str:
        """Why a part cannot be written again with these values, in a sentence; '' if it can."""
        current, kind = self._store.get(conflict.record), KINDS.get(conflict.kind)
        if current is None or kind is None:
            return "This record is not on this laptop."
        now = self._records.council_time.latest()
        problems = kind.problems(with_units(current.fields, values), now)
        names = {unit.partition("/")[0] for unit in values}
        return next((problem.message for problem in problems if problem.field.partition("/")[0] in names), "")


Known = Mapping[str, Revision]


def _ancestry(known: Known, digest: str) -> Iterable[str]:
    """All ancestors of a revision."""
    seen, waiting = set[str](), list(known[digest].envelope.parents)
    while waiting:
        digest = waiting.pop()
        if digest in known and digest not in seen:
            seen.add(digest)
            waiting += known[digest].envelope.parents
    return seen


def _apart(known: Known, heads: Iterable[str]) -> list[Revision]:
    """The revisions written since the last common ancestors of all heads."""
    behind = [{head, *_ancestry(known, head)} for head in heads if head in known]
    together = set.intersection(*behind) if behind else set()
    return [known[digest] for digest in sorted(set[str]().union(*behind) - together)]


def _values(revision: Revision, kind: Kind | None, units: Iterable[str]) -> dict[str, Any]:
    body = body_of(revision, kind)
    units_of = Units(body.fields if body else {})
    return {unit: units_of.value(unit) for unit in units}


def _differing(kind: Kind | None, units: Iterable[str], sides: Iterable[SideView]) -> tuple[str, ...]:
    """The fields in which the versions differ; () if one of them is a row, or is not known here."""
    values = [side.values for side in sides]
    differ = [unit for unit in units if any(answers[unit] != values[0][unit] for answers in values)]
    known = all(unit in kind.by_name for unit in differ) if kind else False
    return tuple(differ) if known else ()


def _is_paragraph(kind: Kind | None, unit: str) -> bool:
    name, slash, _ = unit.partition("/")
    return bool(slash) and kind is not None and name in kind.by_name and kind.by_name[name].by_paragraph


def _telling(kind: Kind | None, units: Iterable[str], sides: Iterable[SideView]) -> str:
    """The single text or list unit in which the versions differ; '' if anything else differs."""
    sides = tuple(sides)
    differ = _differing(kind, units, sides)
    if kind is None or len(differ) != 1:
        return ""
    value_type = {"text": str, "lines": list, "codes": list, "references": list}.get(kind.by_name[differ[0]].type)
    readable = value_type is not None and all(isinstance(side.values[differ[0]], value_type) for side in sides)
    return differ[0] if readable else ""


def _adding(kind: Kind | None, unit: str, before: Any, sides: Iterable[SideView]) -> bool:
    """Whether all versions contain everything that was there before, in a field that can be added to."""
    described = kind.by_name.get(unit) if kind else None
    if described is None or (described.type == "text" and described.options.lines < 2):
        return False
    held = _items(before)
    return all(held <= _items(side.values[unit]) for side in sides)


def _items(value: Any) -> set[str]:
    return {str(item) for item in value} if isinstance(value, list) else set(_sentences(str(value or "")))


def _sentences(text: str) -> list[str]:
    return [sentence.strip() for sentence in re.split(r"(?<=[.!?])\s+|\n+", text.strip()) if sentence.strip()]


def connection_words(status: Status, now: datetime) -> str:
    """The state of the connection, in words: "back online at 08:31, offline for 10 h 21 min"."""
    at = times.since(status.since, now) if status.since else ""
    if status.connection == "never":
        return "not enrolled with the council yet"
    if status.connection == "checking":
        return "checking the connection"
    if status.connection == "sending":
        return "sending now"
    if status.connection == "offline":
        span = f", for {times.duration(now - status.since)}" if status.since else ""
        return f"offline since {at}{span}" if at else "offline"
    if status.since and status.offline_from:
        return f"back online at {at}, offline for {times.duration(status.since - status.offline_from)}"
    return f"online since {at}" if at else "online"


def next_try_words(status: Status, now: datetime) -> str:
    """The time of the next attempt, "next try 08:38"; '' if it is not known or sending is under way."""
    if status.next_try is None or status.connection == "sending":
        return ""
    return f"next try {times.clock_time(max(status.next_try, now))}"
