"""Who there is: children, carers, colleagues and numbers, held in memory and found by two letters, a nickname, a
misspelling or four digits of a number; and who sleeps where tonight.

Read afresh from the store when one of these kinds changes; may be asked from any thread. Must not write.
"""

import heapq
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.kinds.child import CHILD, Child, age_words, short_name
from hipss_desktop.kinds.directory import DIRECTORY, DirectoryEntry, place_in_list
from hipss_desktop.kinds.former_names import formerly, shortened
from hipss_desktop.kinds.placement import MAIN, PLACEMENT, Placement, goes_on
from hipss_desktop.kinds.practitioner import PRACTITIONER
from hipss_desktop.records import telephone
from hipss_desktop.records.folding import folded
from hipss_desktop.services.locked_numbers import locked_entries
from hipss_desktop.services.ports import ChangeSet, Record, Store
from hipss_desktop.services.records import with_units

FINDABLE_ORDER = (CARER.name, CHILD.name, PRACTITIONER.name, DIRECTORY.name)
"""The kinds in the order in which they are most likely meant; other findable kinds come after these."""


def findable_kinds() -> tuple[str, ...]:
    """The kinds whose records are found by letters or digits, the most likely first."""
    names = [name for name, kind in KINDS.items() if kind.findable is not None]
    return tuple(sorted(names, key=lambda name: (*FINDABLE_ORDER, name).index(name)))


def found_unasked() -> tuple[str, ...]:
    """The kinds that are searched unless others are asked for: people who may ring or whom calls are about."""
    return tuple(name for name in findable_kinds() if not KINDS[name].found_apart)


def cares_about_people(changes: ChangeSet) -> bool:
    """Whether a commit may have changed which people there are or who sleeps where."""
    return bool(changes.kinds & {*findable_kinds(), PLACEMENT.name})


GOOD_ENOUGH = 72.0
"""The similarity, of 100, from which a misspelling is taken for a name (measured on the names of a caseload)."""
WHOLE, BEGUN = 200.0, 180.0
"""Scores of a name that begins as typed, and of one in which every typed word begins a word; similarity scores up to 100."""
WHOLE_WORDS = 10.0
"""Added if every typed word is a whole word of the name: "jo" is Jo before Josh."""
PLACED = 25.0
"""Added for a child who is placed now and for their household: they ring most, and most calls are about them."""


@dataclass(frozen=True)
class Person:
    """Somebody who can be found.

    Attributes:
        kind: the kind of the record; for a household, this is one of its members.
        record: the record's identifier (for a household member, the household's).
        name: as screens show it; ``description`` says in a word or two who it is: "carer", "HIPSS-017", "Service manager".
        number: the number to ring as it was typed, '' if there is none.
        found_by: the names that find this person, folded; ``digits`` are the numbers as they are dialled.
        formerly: the part of the matching former name that the present name lacks, '' if no former name is matched.
    """

    kind: str
    record: str
    name: str
    description: str
    number: str
    found_by: tuple[str, ...]
    digits: tuple[str, ...]
    formerly: str = ""

    @property
    def called(self) -> str:
        """The name, "Kai H.", or "Kai H., formerly Moss" if a former name matched."""
        return f"{self.name}, {self.formerly_words}" if self.formerly else self.name

    @property
    def beside(self) -> str:
        """The words shown beside the name: who it is, and the former name that matched."""
        return ", ".join(filter(None, (self.description, self.formerly_words)))

    @property
    def formerly_words(self) -> str:
        """The words "formerly Moss", '' if no former name matched."""
        return f"formerly {self.formerly}" if self.formerly else ""


@dataclass(frozen=True)
class PlacementNow:
    """Where a child sleeps on a day; ``until`` is the day on which the placement ends or is planned to end."""

    child: str
    carer: str
    type: str
    start: date
    until: date | None
    instead_of: str


@dataclass(frozen=True)
class _Held:
    """Everybody as last read. ``names`` and ``words`` are searched; ``name_of`` and ``word_of`` are the indexes in ``people``.

    ``words_in`` and ``text_of`` have the words of each name, apart and as one text.

    ``renamed`` has the indexes of people with former names, who are in ``people`` several times, the present name first.
    """

    people: tuple[Person, ...] = ()
    records: Mapping[str, Record] = field(default_factory=dict)
    by_kind: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)
    placements: tuple[Placement, ...] = ()
    placed: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    name_of: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    word_of: tuple[int, ...] = ()
    words_in: tuple[tuple[str, ...], ...] = ()
    text_of: tuple[str, ...] = ()
    renamed: tuple[tuple[int, ...], ...] = ()


class People:
    """Finds the people whom the service knows, for one open store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._cached_people = _Held()
        self._cached_at = -1
        self._changes = 0
        self._reading = threading.Lock()
        self._night: tuple[_Held, date, tuple[PlacementNow, ...]] = (self._cached_people, date.min, ())
        self._locked: tuple[_Held, list[DirectoryEntry]] = (self._cached_people, [])
        store.subscribe(self._note)

    def _note(self, changes: ChangeSet) -> None:
        if cares_about_people(changes):
            self._changes += 1

    def _held(self) -> _Held:
        if self._cached_at == self._changes:
            return self._cached_people
        with self._reading:
            changes = self._changes
            if self._cached_at != changes:
                self._cached_people = self._read()
                self._cached_at = changes  # of before the reading: what is committed meanwhile is read the next time
            return self._cached_people

    def _read(self) -> _Held:
        kinds = findable_kinds()
        records = {
            record.record: record for kind in kinds for record in self._store.records_of(kind) if not record.withdrawn
        }
        placements = sorted(
            (PLACEMENT.of(record) for record in self._store.records_of(PLACEMENT.name) if not record.withdrawn),
            key=lambda placement: placement.start or date.max,
        )
        now = [placement for placement in placements if placement.end is None]
        everybody = tuple(person for record in records.values() for person in _people(record))
        names = [(name, place) for place, person in enumerate(everybody) for name in person.found_by]
        words_in = tuple(name_words(name) for name, _ in names)
        words = [(word, place) for (_, place), within in zip(names, words_in, strict=True) for word in within]
        return _Held(
            people=everybody,
            records=records,
            by_kind={kind: tuple(_by_title(kind, records.values())) for kind in kinds},
            placements=tuple(placements),
            placed=frozenset(who for placement in now for who in (placement.child, placement.carer)),
            names=tuple(name for name, _ in names),
            name_of=tuple(place for _, place in names),
            words=tuple(word for word, _ in words),
            word_of=tuple(place for _, place in words),
            words_in=words_in,
            text_of=tuple(map(" ".join, words_in)),
            renamed=_renamed(everybody),
        )

    def record(self, record: str) -> Record | None:
        """The record of a child, household, colleague or number, None if it is not here."""
        return self._held().records.get(record)

    def of_kind(self, kind: str) -> list[Record]:
        """All records of one of these kinds, by title."""
        return list(self._held().by_kind.get(kind, ()))

    def directory(self) -> list[Record]:
        """The phone directory, in its own order."""
        return sorted(self.of_kind(DIRECTORY.name), key=lambda entry: place_in_list(DIRECTORY.of(entry)))

    def shown_locked(self) -> list[DirectoryEntry]:
        """The entries of the phone directory that are shown while the laptop is locked, as managers confirmed them."""
        held = self._held()
        if self._locked[0] is not held:
            self._locked = held, locked_entries(self._store)
        return list(self._locked[1])

    def name(self, record: str) -> str:
        """The name that screens show for a child, household, colleague or number; '' if the record is not here."""
        person_record = self.record(record)
        if person_record is None:
            return ""
        kind = KINDS[person_record.kind]
        return kind.title_from(kind.of(person_record))

    def find(self, typed: str, *, kinds: Iterable[str] = (), limit: int = 8) -> list[Person]:
        """The people whom the typed letters or digits most likely mean, best first; by default of the kinds ``found_unasked``."""
        held = self._held()
        plain = folded(typed)
        if not plain:
            return []
        scores = _by_digits(telephone.dialled(typed), held) if telephone.is_number(typed) else {}
        scores = scores or _by_letters(plain, held)
        for places in held.renamed:
            best = max(places, key=lambda place: scores.get(place, 0.0))
            for place in places:
                if place != best:
                    scores.pop(place, None)
        wanted_kinds = set(kinds) or set(found_unasked())
        order = {kind: rank for rank, kind in enumerate(findable_kinds())}
        first: dict[
            str, int
        ] = {}  # of each household its first member: the others of equal score follow in their order
        for place in sorted(scores):
            first.setdefault(held.people[place].record, place)
        ranking = [
            (
                -score - (PLACED if person.record in held.placed else 0),
                order[person.kind],
                held.people[first[person.record]].name,
                place,
            )
            for place, score in scores.items()
            if (person := held.people[place]).kind in wanted_kinds
        ]
        return [held.people[place] for *_, place in heapq.nsmallest(limit, ranking)]

    def placements(self, on: date) -> list[PlacementNow]:
        """Where every child sleeps on the night of a day; respite takes precedence over the main placement."""
        held = self._held()
        read, when, night = self._night
        if read is not held or when != on:
            night = _night(held, on)
            self._night = held, on, night
        return list(night)

    def placements_with(self, person: str) -> list[Placement]:
        """All placements of a child, or with a household, earliest first."""
        return [placement for placement in self._held().placements if person in (placement.child, placement.carer)]

    def placement_of(self, child: str, on: date) -> PlacementNow | None:
        """Where a child sleeps on the night of a day."""
        return next((placement for placement in self.placements(on) if placement.child == child), None)

    def children_with(self, carer: str, on: date) -> list[PlacementNow]:
        """The children who sleep at a household on the night of a day."""
        return [placement for placement in self.placements(on) if placement.carer == carer]

    def away_from(self, carer: str, on: date) -> list[PlacementNow]:
        """Where the children who are placed at a household but away on respite sleep on the night of a day."""
        placed = {
            placement.child
            for placement in self._held().placements
            if placement.carer == carer and goes_on(placement, on)
        }
        return [
            placement
            for placement in self.placements(on)
            if placement.carer != carer and (placement.child in placed or placement.instead_of == carer)
        ]


def _night(held: _Held, on: date) -> tuple[PlacementNow, ...]:
    """Where every child sleeps on the night of a day."""
    placements_by_child: dict[str, PlacementNow] = {}
    for placement in held.placements:
        if placement.start is None or not goes_on(placement, on):
            continue
        now = PlacementNow(
            child=placement.child,
            carer=placement.carer,
            type=placement.type or MAIN,
            start=placement.start,
            until=placement.end or placement.planned_end,
            instead_of=placement.instead_of,
        )
        before = placements_by_child.get(now.child)
        if before is None or now.type != MAIN or before.type == MAIN:
            placements_by_child[now.child] = now
    return tuple(placements_by_child.values())


def _people(record: Record) -> Iterator[Person]:
    """The people whom a record lets a search find: by all undecided versions, and by former names."""
    kind = KINDS[record.kind]
    if kind.findable is None:
        return
    undecided = [
        list(kind.findable(kind.read(with_units(record.fields, {unit: side.value}))))
        for unit, sides in record.conflicts.items()
        for side in sides[1:]
    ]
    for place, findable in enumerate(kind.findable(kind.of(record))):
        versions = [findable, *(version[place] for version in undecided if place < len(version))]
        found_by = dict.fromkeys(folded(name) for version in versions for name in version.found_by)
        digits = dict.fromkeys(_digits(number) for version in versions for number in version.numbers)
        person = Person(
            record.kind,
            record.record,
            findable.name,
            findable.description,
            findable.number,
            found_by=tuple(filter(None, found_by)),
            digits=tuple(filter(None, digits)),
        )
        yield person
        for former in findable.former:
            if words := formerly(former, *findable.found_by):
                names = dict.fromkeys((folded(former), folded(shortened(former))))
                yield replace(person, found_by=tuple(names), digits=(), formerly=words)


def _digits(number: str) -> str:
    """A number as it is dialled; the digits of a service number, or of two numbers in one field."""
    return telephone.dialled(number) or "".join(sign for sign in number if sign.isdigit())


def _renamed(everybody: Iterable[Person]) -> tuple[tuple[int, ...], ...]:
    """The indexes of the entries of each person who has a former name."""
    places: list[list[int]] = []
    for place, person in enumerate(everybody):
        if person.formerly:
            places[-1].append(place)
        else:
            places.append([place])
    return tuple(tuple(run) for run in places if len(run) > 1)


def _by_title(kind: str, records: Iterable[Record]) -> list[Record]:
    of_kind = [record for record in records if record.kind == kind]
    return sorted(of_kind, key=lambda person: KINDS[kind].title(person.fields).casefold())


def _by_digits(digits: str, held: _Held) -> dict[int, float]:
    """Scores of people whose number contains the digits; last digits score higher, as people remember them."""
    scores = {}
    for place, person in enumerate(held.people):
        if any(digits in number for number in person.digits):
            if digits in person.digits:
                scores[place] = WHOLE + WHOLE_WORDS
            else:
                scores[place] = WHOLE if any(number.endswith(digits) for number in person.digits) else BEGUN - PLACED
    return scores


def _by_letters(typed: str, held: _Held) -> dict[int, float]:
    """Scores of how well typed letters match each person: the beginning of a name beats similarity; others have no score."""
    scores: dict[int, float] = {}

    def score(place: int, value: float) -> None:
        if value > scores.get(place, 0.0):
            scores[place] = value

    if len(typed) >= 3:
        _by_likeness(typed, held, score)
    parts = tuple(typed.replace("-", " ").split())
    if not parts:
        return scores
    for name, words, every_word, place in zip(held.names, held.words_in, held.text_of, held.name_of, strict=True):
        if parts[0] not in every_word:  # most names, at a fraction of the time
            continue
        whole = WHOLE_WORDS if all(part in words for part in parts) else 0.0
        if name.startswith(typed):
            score(place, WHOLE + whole - len(name) / 100)
        elif all(any(word.startswith(part) for word in words) for part in parts):
            score(place, BEGUN + whole - len(name) / 100)
    return scores


def name_words(name: str) -> tuple[str, ...]:
    """The words of a folded name by each of which it is found: "wojcik-zajac" by both parts, "o'hara" also as "ohara"."""
    words = name.replace("-", " ").split()
    further = [form for word in words if "'" in word for form in (word.replace("'", ""), word.rpartition("'")[2])]
    return tuple(dict.fromkeys((*words, *filter(None, further))))


def _by_likeness(typed: str, held: _Held, score: Callable[[int, float], None]) -> None:
    from rapidfuzz import fuzz, process

    begun = [name[: len(typed)] for name in held.names] if len(typed) >= 4 else []
    for among, places in ((held.names, held.name_of), (held.words, held.word_of), (begun, held.name_of)):
        for _, likeness, at in process.extract(
            typed, among, scorer=fuzz.ratio, processor=None, score_cutoff=GOOD_ENOUGH, limit=None
        ):
            score(places[at], likeness)


def with_age(child: Child, on: date) -> str:
    """A child with their age as far as it is known, "Kai M. · 14"."""
    return " · ".join(filter(None, (short_name(child), age_words(child, on))))
