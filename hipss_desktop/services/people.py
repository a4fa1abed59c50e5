"""Who there is: children, carers, colleagues and numbers, held in memory and found by two letters, a nickname, a
misspelling or four digits of a number; and who sleeps where tonight.

Read afresh from the store when one of these kinds changes. Must not write.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hipss_desktop import times
from hipss_desktop.records import carer as carers
from hipss_desktop.records import child as children
from hipss_desktop.records.catalogue import KINDS
from hipss_desktop.services.ports import ChangeSet, Current, Store

KINDS_OF_PEOPLE = frozenset({"child", "carer", "placement", "practitioner", "directory"})
GOOD_ENOUGH = 72.0
"""Of 100: how alike two names must be before a misspelling is taken for the name (measured on the names of a caseload)."""


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


class People:
    """Everybody the service knows, for one open store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._stale = True
        self._all: tuple[Person, ...] = ()
        self._records: dict[str, Current] = {}
        self._placements: tuple[Current, ...] = ()
        store.subscribe(self._note)

    def _note(self, changes: ChangeSet) -> None:
        if changes.kinds & KINDS_OF_PEOPLE:
            self._stale = True

    def _fresh(self) -> None:
        if not self._stale:
            return
        self._stale = False
        records = {
            each.record: each
            for kind in ("child", "carer", "practitioner", "directory")
            for each in self._store.listed(kind)
            if not each.withdrawn
        }
        self._records = records
        self._placements = tuple(each for each in self._store.listed("placement") if not each.withdrawn)
        self._all = tuple(person for each in records.values() for person in _people(each))

    def record(self, record: str) -> Current | None:
        """A child, household, colleague or number by its identifier."""
        self._fresh()
        return self._records.get(record)

    def of_kind(self, kind: str) -> list[Current]:
        """All records of one of these kinds, by title."""
        self._fresh()
        found = [each for each in self._records.values() if each.kind == kind]
        return sorted(found, key=lambda each: KINDS[kind].title(each.fields).casefold())

    def name(self, record: str) -> str:
        """What screens call a child, household, colleague or number; '' where it is not here."""
        found = self.record(record)
        return KINDS[found.kind].title(found.fields) if found else ""

    def find(self, typed: str, *, kinds: Iterable[str] = (), limit: int = 8) -> list[Person]:
        """The people whom the typed letters or digits most likely mean, best first."""
        self._fresh()
        wanted = set(kinds)
        among = [each for each in self._all if not wanted or each.kind in wanted]
        plain = " ".join(typed.casefold().split())
        if not plain:
            return []
        digits = "".join(c for c in plain if c.isdigit())
        if len(digits) >= 3 and not any(c.isalpha() for c in plain):
            matching = [each for each in among if any(digits in number for number in each.digits)]
            return (matching or _by_likeness(plain, among))[:limit]
        return _by_likeness(plain, among)[:limit]

    def placements(self, on: date) -> list[PlacementNow]:
        """Where every child sleeps on the night of a day; respite stands before the main placement."""
        self._fresh()
        day = on.isoformat()
        found: dict[str, PlacementNow] = {}
        for each in sorted(self._placements, key=lambda each: str(each.fields.get("start") or "")):
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
            held = found.get(now.child)
            if held is None or now.type != "main" or held.type == "main":
                found[now.child] = now
        return list(found.values())

    def placement_of(self, child: str, on: date) -> PlacementNow | None:
        """Where a child sleeps on the night of a day."""
        return next((each for each in self.placements(on) if each.child == child), None)

    def children_with(self, carer: str, on: date) -> list[PlacementNow]:
        """Who sleeps at a household on the night of a day."""
        return [each for each in self.placements(on) if each.carer == carer]


def _digits(*numbers: Any) -> tuple[str, ...]:
    return tuple("".join(c for c in str(each) if c.isdigit()) for each in numbers if each)


def _people(each: Current) -> Iterable[Person]:
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


def _by_likeness(typed: str, among: list[Person]) -> list[Person]:
    scored = [(_likeness(typed, each), ORDER[each.kind], each.name, each) for each in among]
    good = sorted((one for one in scored if one[0] > 0), key=lambda one: (-one[0], one[1], one[2]))
    return [each for *_, each in good]


def _likeness(typed: str, person: Person) -> float:
    """How well typed letters fit: a beginning of a name beats a likeness; 0 where neither is good enough."""
    from rapidfuzz import fuzz

    best = 0.0
    for name in person.found_by:
        words = name.split()
        parts = typed.split()
        if name.startswith(typed):
            best = max(best, 200.0 - len(name) / 100)
        elif all(any(word.startswith(part) for word in words) for part in parts):
            best = max(best, 180.0 - len(name) / 100)
        elif len(typed) >= 3:
            likeness = max([fuzz.ratio(typed, name), *(fuzz.ratio(typed, word) for word in words)])
            if len(typed) >= 4:
                likeness = max(likeness, fuzz.ratio(typed, name[: len(typed)]))
            if likeness >= GOOD_ENOUGH:
                best = max(best, likeness)
    return best


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
