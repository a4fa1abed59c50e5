"""What records are called, and what is said of them in words: names instead of identifiers, tags, the moment they are of.

Every line of a timeline, page, list and draft is worded here from the kind's description. Must not write.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hipss_desktop import identity, times
from hipss_desktop.kinds.catalogue import KINDS, may_read, who_may
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.records.changes import unit_words
from hipss_desktop.records.fields import Fields, is_nothing
from hipss_desktop.records.kind import Kind
from hipss_desktop.services.people import People
from hipss_desktop.services.ports import Record, Store
from hipss_desktop.views.tags import Tag, coded_tag

NOT_HERE = "Not on this laptop"
RISK = "risk"
"""The tone of a code that warns."""


@dataclass(frozen=True)
class Moment:
    """When a record is of: the moment by which lists sort it, and whether its day alone is known."""

    at: datetime
    day_only: bool


class Names:
    """Names for one open store."""

    def __init__(self, store: Store, people: People) -> None:
        self._store = store
        self._people = people

    def name(self, record: str) -> str:
        """What a record that another one refers to is called; says so where it is not finished yet, or not here."""
        named = self._people.name(record)
        if named:
            return named
        found = self._store.get(record)
        if found is not None:
            return title(found)
        draft = self._store.draft(record)
        return f"{draft_name(draft.kind, draft.fields)}, not finished yet" if draft is not None else NOT_HERE

    def dated(self, record: str, refers_to: str = "") -> str:
        """The same with the moment it is of, where it is of one: among twelve calls of one carer the name alone tells nothing."""
        name, at = self.linked(refers_to, record), self.moment_of(record)
        return f"{name}, {times.brief_day(times.local_day(at))}, {times.clock_time(at)}" if at is not None else name

    def moment_of(self, record: str) -> datetime | None:
        """The moment that a record is of; None where its day alone is known, or it is not here."""
        found = self._store.get(record)
        kind = KINDS.get(found.kind) if found is not None else None
        if found is None or kind is None or not kind.dated_by or self._people.name(record):
            return None
        of = moment(found)
        return None if of.day_only else of.at

    def linked(self, refers_to: str, record: str) -> str:
        """What a link calls a record of a kind: who may read the kind, where it is not here as this person may not."""
        name, role = self.name(record), self._store.seat.role
        closed = name == NOT_HERE and refers_to in KINDS and not may_read(role, refers_to)
        return who_may(KINDS[refers_to]) if closed else name

    def words(self, kind_name: str, unit: str, value: Any) -> str:
        """A unit's value in words, with the names of those it refers to instead of identifiers."""
        return unit_words(KINDS.get(kind_name), unit, value, self.name)

    def answers(self, kind: Kind, body: Fields, names: Iterable[str]) -> str:
        """Some fields of a record in one line; a stage that was never recorded reads as what that means."""
        found = []
        for name in names:
            value = body.get(name)
            if name == kind.stage and is_nothing(value):
                value = kind.unstaged
            found.append(" ".join(kind.by_name[name].words(value, self.name).split()))
        return " · ".join(words for words in found if words)

    def about(self, kind: Kind, body: Fields) -> str:
        """Whom a record is about, by name: the children where it names any; who is not on this laptop is left out.

        Whom its rows are about counts only where it names nobody itself: a visit is to a household, whose children it sees.
        """
        subjects = [named for named in kind.references(body) if named.field.options.subject]
        subjects = [named for named in subjects if "/" not in named.path] or subjects
        children = [named for named in subjects if named.field.options.names == CHILD.name]
        names = (self._people.name(child.record) for child in children or subjects)
        return ", ".join(dict.fromkeys(name for name in names if name))


def title(record: Record) -> str:
    """What a record is called; one of an unknown kind by its kind's name."""
    kind = KINDS.get(record.kind)
    return kind.title_from(kind.of(record)) if kind else record.kind


def reference(record: Record) -> str:
    """The reference that people read out; '' for an unknown kind, whose prefix is not known here."""
    kind = KINDS.get(record.kind)
    return identity.reference(kind.reference_prefix, record.record) if kind else ""


def draft_name(kind_name: str, body: Fields) -> str:
    """The name a draft goes by in lists."""
    kind = KINDS.get(kind_name)
    if kind is None:
        return kind_name
    if all(field.is_empty(body.get(field.name)) for field in kind.fields):
        return f"New {kind.label.lower()}"
    words = kind.title(body)
    return words if words.casefold().startswith(kind.label.casefold()) else f"{kind.label}: {words}"


def moment(record: Record) -> Moment:
    """When a record is of."""
    kind = KINDS.get(record.kind)
    dated = getattr(kind.of(record), kind.dated_by) if kind and kind.dated_by else None
    return Moment(times.of_ms(record.at), dated is not None and not isinstance(dated, datetime))


def when_words(names: Names, record: Record) -> str:
    """When a record is of in full: day, time where there is one, its end, and what stands beside the date."""
    kind, when = KINDS.get(record.kind), moment(record)
    ended: date | None = getattr(kind.of(record), kind.ends_at) if kind and kind.ends_at else None
    words = times.full_day(times.local_day(when.at))
    if not when.day_only:
        span = times.clock_time(when.at)
        if isinstance(ended, datetime):
            span, ended = f"{span} to {times.clock_time(ended)}", None
        words += f", {span} {times.zone(when.at)}"
    last = times.local_day(ended) if isinstance(ended, datetime) else ended
    if last is not None and last != times.local_day(when.at):
        words += f" to {times.full_day(last)}"
    beside = names.answers(kind, record.fields, kind.subtitle) if kind else ""
    return f"{words} · {beside}" if beside else words


def tags(kind: Kind, record: Record, names: Iterable[str], *, risk_only: bool = False) -> list[Tag]:
    """The tags of coded fields; an unknown code stands for itself. ``risk_only`` leaves out those not toned as a risk."""
    found = []
    for name in names:
        held = getattr(kind.of(record), name)
        for code in held if isinstance(held, list) else [held] if held else []:
            listed = kind.by_name[name].choices.get(code)
            if not risk_only or (listed is not None and listed.more.get("tone") == RISK):
                found.append(coded_tag(listed) if listed else Tag(code, "neutral", ""))
    return found


def standing(record: Record) -> list[Tag]:
    """How a record itself stands: withdrawn, amended, undecided."""
    found = []
    if record.withdrawn:
        found.append(Tag("Withdrawn", "neutral", "xc"))
    elif record.versions > 1:
        found.append(Tag(f"Amended, version {record.versions}", "neutral", "history"))
    if record.needs_decision:
        found.append(Tag("You need to decide", "amber", "merge"))
    return found
