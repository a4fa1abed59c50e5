"""Describes records in words: their names instead of identifiers, their tags, and the moment that each one is about.

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
"""The tone of a code that warns of a risk."""


@dataclass(frozen=True)
class Moment:
    """The time that a record is about: the moment by which lists sort it, and whether only its day is known."""

    at: datetime
    day_only: bool


class Names:
    """Names for one open store."""

    def __init__(self, store: Store, people: People) -> None:
        self._store = store
        self._people = people

    def name(self, record: str) -> str:
        """The name of a record that another record refers to. It says so if that record is unfinished or not on this laptop."""
        named = self._people.name(record)
        if named:
            return named
        current = self._store.get(record)
        if current is not None:
            return title(current)
        draft = self._store.draft(record)
        return f"{draft_name(draft.kind, draft.fields)}, not finished yet" if draft is not None else NOT_HERE

    def dated(self, record: str, refers_to: str = "") -> str:
        """The name of a record, with its moment if it has one. The name alone does not tell twelve calls of one carer apart."""
        name, at = self.linked(refers_to, record), self.moment_of(record)
        return f"{name}, {times.brief_day(times.local_day(at))}, {times.clock_time(at)}" if at is not None else name

    def moment_of(self, record: str) -> datetime | None:
        """The moment that a record is about; None if it has none, only its day is known, or it is not on this laptop."""
        current = self._store.get(record)
        kind = KINDS.get(current.kind) if current is not None else None
        if current is None or kind is None or not kind.dated_by or self._people.name(record):
            return None
        when = moment(current)
        return None if when.day_only else when.at

    def linked(self, refers_to: str, record: str) -> str:
        """The words of a link to a record. If this person may not read its kind, they say who may."""
        name, role = self.name(record), self._store.seat.role
        closed = name == NOT_HERE and refers_to in KINDS and not may_read(role, refers_to)
        return who_may(KINDS[refers_to]) if closed else name

    def words(self, kind_name: str, unit: str, value: Any) -> str:
        """A unit's value in words, with the names of those it refers to instead of identifiers."""
        return unit_words(KINDS.get(kind_name), unit, value, self.name)

    def answers(self, kind: Kind, body: Fields, names: Iterable[str]) -> str:
        """Some fields of a record in one line. A stage that was never recorded reads as the kind's ``unstaged``."""
        answers = []
        for name in names:
            value = body.get(name)
            if name == kind.stage and is_nothing(value):
                value = kind.unstaged
            answers.append(" ".join(kind.by_name[name].words(value, self.name).split()))
        return " · ".join(words for words in answers if words)

    def about(self, kind: Kind, body: Fields) -> str:
        """The names of those whom a record is about: the children if it names any. Those not on this laptop are left out.

        The people in its rows count only if the record itself names nobody. A visit, for one, is about the household that it
        names, not about the children in its rows.
        """
        subjects = [named for named in kind.references(body) if named.field.options.subject]
        subjects = [named for named in subjects if "/" not in named.path] or subjects
        children = [named for named in subjects if named.field.options.names == CHILD.name]
        names = (self._people.name(child.record) for child in children or subjects)
        return ", ".join(dict.fromkeys(name for name in names if name))


def title(record: Record) -> str:
    """The title of a record. A record of an unknown kind has its kind's name."""
    kind = KINDS.get(record.kind)
    return kind.title_from(kind.of(record)) if kind else record.kind


def reference(record: Record) -> str:
    """The reference that people read out; '' for an unknown kind, whose prefix is not known here."""
    kind = KINDS.get(record.kind)
    return identity.reference(kind.reference_prefix, record.record) if kind else ""


def draft_name(kind_name: str, body: Fields) -> str:
    """The name of a draft in lists."""
    kind = KINDS.get(kind_name)
    if kind is None:
        return kind_name
    if all(field.is_empty(body.get(field.name)) for field in kind.fields):
        return f"New {kind.label.lower()}"
    words = kind.title(body)
    return words if words.casefold().startswith(kind.label.casefold()) else f"{kind.label}: {words}"


def moment(record: Record) -> Moment:
    """The moment that a record is about."""
    kind = KINDS.get(record.kind)
    dated = getattr(kind.of(record), kind.dated_by) if kind and kind.dated_by else None
    return Moment(times.of_ms(record.at), dated is not None and not isinstance(dated, datetime))


def when_words(names: Names, record: Record) -> str:
    """When a record is about, in full: its day, its time and end if it has them, and the fields of its subtitle."""
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
    """The tags of coded fields. An unknown code is shown as it is. ``risk_only`` leaves out codes without the tone of a risk."""
    coded = []
    for name in names:
        value = getattr(kind.of(record), name)
        for code in value if isinstance(value, list) else [value] if value else []:
            listed = kind.by_name[name].choices.get(code)
            if not risk_only or (listed is not None and listed.more.get("tone") == RISK):
                coded.append(coded_tag(listed) if listed else Tag(code, "neutral", ""))
    return coded


def standing(record: Record) -> list[Tag]:
    """The tags for the state of a record: withdrawn, amended, undecided."""
    states = []
    if record.withdrawn:
        states.append(Tag("Withdrawn", "neutral", "xc"))
    elif record.versions > 1:
        states.append(Tag(f"Amended, version {record.versions}", "neutral", "history"))
    if record.needs_decision:
        states.append(Tag("You need to decide", "amber", "merge"))
    return states
