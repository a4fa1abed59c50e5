"""Who there is: children, carers, colleagues and numbers, held in memory and found by two letters, a nickname, a
misspelling or four digits of a number; and who sleeps where tonight.

Read afresh from the store when one of these kinds changes; may be asked from any thread. Must not write.
"""

import heapq
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hipss_desktop import times
from hipss_desktop.kinds import carer as carers
from hipss_desktop.kinds import child as children
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.services.ports import ChangeSet, Record, Store

KINDS_OF_PEOPLE = frozenset({"child", "carer", "placement", "practitioner", "directory"})
GOOD_ENOUGH = 72.0
"""Of 100: how alike two names must be before a misspelling is taken for the name (measured on the names of a caseload)."""
WHOLE, BEGUN = 200.0, 180.0
"""What a name that begins as typed scores, and one in which every typed word begins a word; a likeness scores at most 100."""
WHOLE_WORDS = 10.0
"""Added where every typed word is a word of the name: "jo" is Jo before Josh."""
PLACED = 25.0
"""Added for a household with a child now and for that child: they are the ones who ring, and whom a call is about."""


@dataclass(frozen=True)
class Person:
    """Somebody who can be found.

    Attributes:
        kind: "child", "carer" (one member of a household), "practitioner" or "directory".
        record: the record's identifier (of a household member, the household's).
        name: as screens show it; ``what`` in a word or two: "carer", "HIPSS-017", "Service manager".
        number: the number to ring, '' where none is held.
        found_by: the lower-case names it is found by; ``digits`` the numbers.
    """

    kind: str
    record: str
    name: str
    what: str
    number: str
    found_by: tuple[str, ...]
    digits: tuple[str, ...]


@dataclass(frozen=True)
class PlacementNow:
    """Where a child sleeps on a day."""

    child: str
    carer: str
    type: str
    start: str
    until: str
    instead_of: str


@dataclass(frozen=True)
class _Held:
    """Everybody as last read: ``names`` and ``words`` are what they are found by, ``of`` their places in ``people``."""

    people: tuple[Person, ...] = ()
    records: Mapping[str, Record] = field(default_factory=dict)
    by_kind: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)
    placements: tuple[Record, ...] = ()
    placed: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    name_of: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    word_of: tuple[int, ...] = ()


class People:
    """Everybody the service knows, for one open store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept = _Held()
        self._kept_at = -1
        self._changes = 0
        self._reading = threading.Lock()
        self._night: tuple[_Held, str, tuple[PlacementNow, ...]] = (self._kept, "", ())
        store.subscribe(self._note)

    def _note(self, changes: ChangeSet) -> None:
        if changes.kinds & KINDS_OF_PEOPLE:
            self._changes += 1

    def _held(self) -> _Held:
        if self._kept_at == self._changes:
            return self._kept
        with self._reading:
            changes = self._changes
            if self._kept_at != changes:
                self._kept = self._read()
                self._kept_at = changes  # of before the reading: what is committed meanwhile is read the next time
            return self._kept

    def _read(self) -> _Held:
        records = {
            each.record: each
            for kind in ("child", "carer", "practitioner", "directory")
            for each in self._store.records_of(kind)
            if not each.withdrawn
        }
        placements = sorted(
            (each for each in self._store.records_of("placement") if not each.withdrawn),
            key=lambda each: str(each.fields.get("start") or ""),
        )
        now = [each for each in placements if not each.fields.get("end")]
        everybody = tuple(person for each in records.values() for person in _people(each))
        names = [(name, place) for place, person in enumerate(everybody) for name in person.found_by]
        words = [(word, place) for name, place in names for word in name.split()]
        return _Held(
            people=everybody,
            records=records,
            by_kind={kind: tuple(_by_title(kind, records.values())) for kind in ORDER},
            placements=tuple(placements),
            placed=frozenset(str(each.fields.get(role) or "") for each in now for role in ("child", "carer")),
            names=tuple(name for name, _ in names),
            name_of=tuple(place for _, place in names),
            words=tuple(word for word, _ in words),
            word_of=tuple(place for _, place in words),
        )

    def record(self, record: str) -> Record | None:
        """A child, household, colleague or number by its identifier."""
        return self._held().records.get(record)

    def of_kind(self, kind: str) -> list[Record]:
        """All records of one of these kinds, by title."""
        return list(self._held().by_kind.get(kind, ()))

    def directory(self) -> list[Record]:
        """The phone directory, in the order it is given."""
        return sorted(self.of_kind("directory"), key=lambda each: int(each.fields.get("order") or 100))

    def name(self, record: str) -> str:
        """What screens call a child, household, colleague or number; '' where it is not here."""
        found = self.record(record)
        return KINDS[found.kind].title(found.fields) if found else ""

    def find(self, typed: str, *, kinds: Iterable[str] = (), limit: int = 8) -> list[Person]:
        """The people whom the typed letters or digits most likely mean, best first."""
        held = self._held()
        plain = " ".join(typed.casefold().split())
        if not plain:
            return []
        digits = "".join(c for c in plain if c.isdigit())
        scores: dict[int, float] = {}
        if len(digits) >= 3 and not any(c.isalpha() for c in plain):
            scores = _by_digits(digits, held)
        scores = scores or _by_letters(plain, held)
        wanted = set(kinds)
        found = [
            (-score - (PLACED if person.record in held.placed else 0), ORDER[person.kind], person.name, place)
            for place, score in scores.items()
            if (person := held.people[place]).kind in wanted or not wanted
        ]
        return [held.people[place] for *_, place in heapq.nsmallest(limit, found)]

    def placements(self, on: date) -> list[PlacementNow]:
        """Where every child sleeps on the night of a day; respite stands before the main placement."""
        held, day = self._held(), on.isoformat()
        read, when, night = self._night
        if read is not held or when != day:
            night = _night(held, day)
            self._night = held, day, night
        return list(night)

    def placement_of(self, child: str, on: date) -> PlacementNow | None:
        """Where a child sleeps on the night of a day."""
        return next((each for each in self.placements(on) if each.child == child), None)

    def children_with(self, carer: str, on: date) -> list[PlacementNow]:
        """Who sleeps at a household on the night of a day."""
        return [each for each in self.placements(on) if each.carer == carer]


def _night(held: _Held, day: str) -> tuple[PlacementNow, ...]:
    """Where every child sleeps on the night of a day (ISO 8601)."""
    found: dict[str, PlacementNow] = {}
    for each in held.placements:
        fields = each.fields
        start, end = str(fields.get("start") or ""), str(fields.get("end") or "")
        if not start or start > day or (end and end <= day):
            continue
        now = PlacementNow(
            child=str(fields.get("child") or ""),
            carer=str(fields.get("carer") or ""),
            type=str(fields.get("type") or "main"),
            start=start,
            until=end or str(fields.get("planned_end") or ""),
            instead_of=str(fields.get("instead_of") or ""),
        )
        before = found.get(now.child)
        if before is None or now.type != "main" or before.type == "main":
            found[now.child] = now
    return tuple(found.values())


def _digits(*numbers: Any) -> tuple[str, ...]:
    return tuple("".join(c for c in str(each) if c.isdigit()) for each in numbers if each)


def _people(each: Record) -> Iterable[Person]:
    fields = each.fields
    if each.kind == "child":
        name = children.short_name(fields)
        given, family = str(fields.get("given_name") or ""), str(fields.get("family_name") or "")
        also = [str(one).casefold() for one in fields.get("known_as") or []]
        found = tuple(dict.fromkeys([f"{given} {family}".casefold(), name.casefold(), *also]))
        local = str(fields.get("local_id") or "")
        number = str(fields.get("phone") or "")
        digits = (*_digits(number), *_digits(local))
        yield Person("child", each.record, name, local, number, (*found, local.casefold()), digits)
    elif each.kind == "carer":
        phones = [one.get("number") for one in fields.get("phones") or []]
        for member in carers.carers(fields):
            name = carers.member_name(member)
            legal = f"{member.get('given_name') or ''} {member.get('family_name') or ''}"
            number = carers.main_phone(fields)
            found = tuple(dict.fromkeys([name.casefold(), legal.strip().casefold()]))
            yield Person("carer", each.record, name, "carer", number, found, _digits(member.get("phone"), *phones))
    elif each.kind == "practitioner":
        title = str(fields.get("job_title") or "") or KINDS["practitioner"].by_name["role"].words(fields.get("role"))
        number = str(fields.get("phone") or "")
        name = str(fields.get("name") or "")
        yield Person("practitioner", each.record, name, title, number, (name.casefold(),), _digits(number))
    elif each.kind == "directory":
        number, name = str(fields.get("number") or ""), str(fields.get("label") or "")
        found = tuple(one.casefold() for one in (name, str(fields.get("short_label") or "")) if one)
        yield Person("directory", each.record, name, str(fields.get("hours") or ""), number, found, _digits(number))


ORDER = {"carer": 0, "child": 1, "practitioner": 2, "directory": 3}


def _by_title(kind: str, records: Iterable[Record]) -> list[Record]:
    of_kind = [each for each in records if each.kind == kind]
    return sorted(of_kind, key=lambda each: KINDS[kind].title(each.fields).casefold())


def _by_digits(digits: str, held: _Held) -> dict[int, float]:
    """Whose number holds the digits; the last digits are what people remember of a number."""
    found = {}
    for place, person in enumerate(held.people):
        if any(digits in number for number in person.digits):
            found[place] = WHOLE if any(number.endswith(digits) for number in person.digits) else BEGUN - PLACED
    return found


def _by_letters(typed: str, held: _Held) -> dict[int, float]:
    """How well typed letters fit each person: a beginning of a name beats a likeness; nobody who fits neither."""
    found: dict[int, float] = {}

    def score(place: int, value: float) -> None:
        if value > found.get(place, 0.0):
            found[place] = value

    if len(typed) >= 3:
        _by_likeness(typed, held, score)
    parts = tuple(typed.split())
    for name, place in zip(held.names, held.name_of, strict=True):
        if parts[0] not in name:
            continue
        words = name.split()
        whole = WHOLE_WORDS if all(part in words for part in parts) else 0.0
        if name.startswith(typed):
            score(place, WHOLE + whole - len(name) / 100)
        elif all(any(word.startswith(part) for word in words) for part in parts):
            score(place, BEGUN + whole - len(name) / 100)
    return found


def _by_likeness(typed: str, held: _Held, score: Callable[[int, float], None]) -> None:
    from rapidfuzz import fuzz, process

    begun = [name[: len(typed)] for name in held.names] if len(typed) >= 4 else []
    for among, places in ((held.names, held.name_of), (held.words, held.word_of), (begun, held.name_of)):
        for _, likeness, at in process.extract(
            typed, among, scorer=fuzz.ratio, processor=None, score_cutoff=GOOD_ENOUGH, limit=None
        ):
            score(places[at], likeness)


def age_words(fields: Mapping[str, Any], on: date) -> str:
    """A child with their age, "Kai M. · 14"."""
    age = children.age(fields, on)
    name = children.short_name(fields)
    return f"{name} · {age}" if age is not None else name


def since_words(start: str) -> str:
    """The day a placement began, "14 Nov 2016"; '' where it cannot be read."""
    try:
        day = times.day(start)
    except ValueError:
        return ""
    return f"{day.day} {times.MONTHS[day.month - 1][:3]} {day.year}"
