"""Whether a placement is under strain: its contacts and incidents a week, weighted by risk, compared with its weeks before.

It is a prompt to talk to the carers, never a score of a child, and is not part of any figure about one child.
``docs/strain.md`` explains the rule, why it was chosen and how often it gives a false prompt; source: ux notes, picture 09
(two weeks in a row above the usual range). Must not read a store or a clock; the words are in ``views/strain.py``.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil, sqrt
from typing import Literal

from hipss_desktop import times
from hipss_desktop.kinds.contact import CONTACT, Contact, about_someone
from hipss_desktop.kinds.incident import AWAY, INCIDENT, MISSING, RESTRAINT, Incident, types_of
from hipss_desktop.kinds.missing_episode import AWAY as AWAY_EPISODE
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE, MissingEpisode
from hipss_desktop.kinds.placement import RESPITE, Placement
from hipss_desktop.kinds.restraint import RESTRAINT as HOLD
from hipss_desktop.records.codes import code_list
from hipss_desktop.rules.concern import Dated

State = Literal["too_early", "usual", "strain"]

FEWEST, MOST = 4, 26
"""The fewest and the most whole weeks for a placement's usual range: with fewer it is too early; older ones do not count."""
SHOWN = 12
"""The number of weeks shown, including the present one; ``speaks_since`` is not searched further back."""
SPANS = {2: 0.9, 8: 0.5}
"""The lengths in weeks that the rule looks at, for sudden and for lasting strain, each with a percentile (as a share).

Each of the last two weeks must be above that percentile of the weeks before: the end of the usual range, or the middle.
"""
READ = timedelta(weeks=MOST + max(SPANS) + SHOWN + 1)
"""How far back records are read for one day's answer."""
LEAST = 6
"""The lowest total weight of a span that can be strain: fewer calls need no prompt."""
LIMIT = 2.5
"""The number of the placement's own standard deviations by which a span must be above the weeks before."""
SPREAD, SPREAD_COUNTS_AS = 2.5, 4
"""The assumed ratio of variance to mean while a placement has few weeks; it counts as much as four of its own weeks."""
LOW, HIGH = 0.1, 0.9
"""The usual range is from the 10th to the 90th percentile of the weeks before."""

COUNTED = (CONTACT.name, INCIDENT.name, HOLD.name, MISSING_EPISODE.name)
"""The kinds of record that count."""


@dataclass(frozen=True)
class Happening:
    """Something that counts on a day, once, however many records report it.

    Attributes:
        weight: a contact 1, at high risk 2, in an emergency 3 (``strain`` in ``risk.csv``); an incident by its gravest type
            (``strain`` in ``incident_type.csv``).
    """

    day: date
    is_contact: bool
    weight: int


@dataclass(frozen=True)
class Week:
    """A week from Monday to Sunday, or to the day asked about.

    ``is_above`` is whether it is in the span in which the rule finds strain, with a weight above the usual range.
    ``is_whole`` is False for the present week and for the week in which the placement began.
    """

    first: date
    contacts: int
    incidents: int
    weight: int
    is_whole: bool
    is_above: bool = False

    @property
    def count(self) -> int:
        """Contacts and incidents together."""
        return self.contacts + self.incidents


@dataclass(frozen=True)
class Strain:
    """The strain of a placement on a day.

    Attributes:
        on: the day, which is included.
        start: the first day of the placement.
        contacts, incidents: the numbers of the seven days to ``on``.
        usual: the usual range of contacts and incidents a week, None while it is too early.
        weeks_before: the number of whole weeks in the usual range (while it is too early, of whole weeks so far).
        weeks: the last ``SHOWN`` weeks, the present one last.
        span: the number of weeks in which the rule finds strain, 0 if it finds none.
        in_span: the number of contacts and incidents in those weeks, and the number usual in as many weeks.
        speaks_since: the day from which the rule has found strain, None if it finds none.
    """

    state: State
    on: date
    start: date
    contacts: int
    incidents: int
    usual: tuple[int, int] | None
    weeks_before: int
    weeks: tuple[Week, ...]
    span: int = 0
    in_span: tuple[int, int] = (0, 0)
    speaks_since: date | None = None


def span_above(weights: Sequence[int]) -> int:
    """The number of last weeks in which the rule finds strain, 0 if it finds none.

    Args:
        weights: the weight of each week, oldest first; the last week may be unfinished.
    """
    for span, share in SPANS.items():
        before = weights[-span - MOST : -span]
        if len(before) >= FEWEST and _is_above(before, weights[-span:], share):
            return span
    return 0


def _is_above(before: Sequence[int], last: Sequence[int], share: float) -> bool:
    """Whether each of the last two weeks is above the weeks before, and all last weeks are so by more than chance explains.

    Calls come in clusters. The variation is estimated from the placement's own weeks, and is never less than that of chance
    alone. The difference of square roots has the same spread for few calls as for many.
    """
    if sum(last) < LEAST or min(last[-2:]) <= percentile(before, share):
        return False
    n, span, mean = len(before), len(last), sum(before) / len(before)
    own = sum((weight - mean) ** 2 for weight in before) / mean if mean else 0.0
    spread = max(1.0, (SPREAD_COUNTS_AS * SPREAD + own) / (SPREAD_COUNTS_AS + n - 1))
    now, usual = sqrt(sum(last) / span + 0.375 * spread / span), sqrt(mean + 0.375 * spread / n)
    return 2 * (now - usual) >= LIMIT * sqrt(spread * (1 / span + 1 / n))


def percentile(values: Sequence[int], share: float) -> int:
    """The smallest value that at least this share of the values does not exceed."""
    return sorted(values)[max(ceil(share * len(values)) - 1, 0)]


def strain(happenings: Iterable[Happening], start: date, on: date) -> Strain:
    """The strain of a placement on a day.

    Args:
        happenings: what counts, in any order; what is before ``start`` or after ``on`` is left out.
        start: the first day of the placement, which begins its own weeks.
        on: the day, by the clock in the United Kingdom.
    """
    days = [happening for happening in happenings if start <= happening.day <= on]
    weeks = _weeks(days, start, on)
    own = [week for week in weeks if week.first >= start]
    end, span = _spoken_of([week.weight for week in own], last_is_whole=bool(own) and own[-1].is_whole)
    before = own[max(0, end - span - MOST) : end - span]
    early = len(before) < FEWEST
    limit = percentile([week.weight for week in before], HIGH) if span else 0
    above = {week.first for week in own[end - span : end] if span and week.weight > limit}
    seven = [happening for happening in days if happening.day > on - timedelta(days=7)]
    counts = [week.count for week in before]
    return Strain(
        state="too_early" if early else "strain" if span else "usual",
        on=on,
        start=start,
        contacts=sum(happening.is_contact for happening in seven),
        incidents=sum(not happening.is_contact for happening in seven),
        usual=None if early else (percentile(counts, LOW), percentile(counts, HIGH)),
        weeks_before=len(before),
        weeks=tuple(replace(week, is_above=week.first in above) for week in weeks[-SHOWN:]),
        span=span,
        in_span=(sum(week.count for week in own[end - span : end]), round(span * sum(counts) / len(counts)))
        if span
        else (0, 0),
        speaks_since=_since(days, start, on) if span else None,
    )


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _weeks(days: Sequence[Happening], start: date, on: date) -> list[Week]:
    """The weeks of a placement up to a day, oldest first."""
    first = monday(start)
    happenings_by_week: list[list[Happening]] = [[] for _ in range((on - first).days // 7 + 1)]
    for happening in days:
        happenings_by_week[(happening.day - first).days // 7].append(happening)
    mondays = (first + timedelta(weeks=number) for number in range(len(happenings_by_week)))
    return [
        Week(
            first=begins,
            contacts=sum(happening.is_contact for happening in week),
            incidents=sum(not happening.is_contact for happening in week),
            weight=sum(happening.weight for happening in week),
            is_whole=begins >= start and begins + timedelta(days=6) <= on,
        )
        for begins, week in zip(mondays, happenings_by_week, strict=True)
    ]


def _spoken_of(weights: Sequence[int], *, last_is_whole: bool) -> tuple[int, int]:
    """The end (as an index of these weeks) and the length of the span in which the rule finds strain.

    If it finds none, the length is 0 and the index is where the weeks before the last ones end. The present week counts as
    soon as it is heavy enough; until it is over, strain found at the last whole week remains.
    """
    whole = len(weights) - (0 if last_is_whole else 1)
    for end in dict.fromkeys((len(weights), whole)):
        if span := span_above(weights[: max(end, 0)]):
            return end, span
    # If no strain is found, the last two weeks are still left out of the usual range, unless there are too few others.
    return max(len(weights) - (2 if len(weights) >= FEWEST + 2 else 1), 0), 0


def _since(days: Sequence[Happening], start: date, on: date) -> date:
    """The day from which the rule has found strain without a break until a day, searched as far back as weeks are shown."""
    by_day: Counter[date] = Counter()
    for happening in days:
        by_day[happening.day] += happening.weight
    weights = [week.weight for week in _weeks(days, start, on) if week.first >= start]
    since, last = on, monday(on)
    while since > max(start, on - timedelta(weeks=SHOWN)):
        earlier = since - timedelta(days=1)
        first = monday(earlier)
        passed = len(weights) - (last - first).days // 7 - 1
        running = sum(by_day[first + timedelta(days=number)] for number in range(earlier.weekday() + 1))
        until = [*weights[: max(passed, 0)], *([running] if passed >= 0 else [])]
        if not _spoken_of(until, last_is_whole=earlier.weekday() == 6)[1]:
            break
        since = earlier
    return since


@dataclass(frozen=True)
class Stay:
    """The time in which a child lives with a household; ``end`` is None if it has not ended. Respite does not end it."""

    child: str
    carer: str
    start: date
    end: date | None


def stays(placements: Iterable[Placement]) -> list[Stay]:
    """The stays that placements make, without respite; a change of placement type in one household begins no new stay."""
    dated = [
        (placement.start, placement)
        for placement in placements
        if placement.start is not None and placement.type != RESPITE
    ]
    merged_stays: list[Stay] = []
    for start, placement in sorted(dated, key=lambda pair: (pair[1].child, pair[1].carer, pair[0])):
        last = merged_stays[-1] if merged_stays else None
        if (
            last
            and (last.child, last.carer) == (placement.child, placement.carer)
            and (last.end is None or start <= last.end)
        ):
            end = None if last.end is None or placement.end is None else max(last.end, placement.end)
            merged_stays[-1] = replace(last, end=end)
        else:
            merged_stays.append(Stay(placement.child, placement.carer, start, placement.end))
    return merged_stays


def lives_there(stay: Stay, on: date) -> bool:
    """Whether the child lives there on a day."""
    return stay.start <= on and (stay.end is None or stay.end > on)


def changed_on(stays_there: Iterable[Stay], on: date) -> date | None:
    """The last day on which the children living with a household changed, None if none ever lived there."""
    days = (day for stay in stays_there for day in (stay.start, stay.end) if day is not None and day <= on)
    return max(days, default=None)


def happenings(records: Iterable[Dated]) -> list[Happening]:
    """The events among some records that count, each once, on the local day that dates it.

    Information, wrong numbers, abandoned calls and withdrawn records do not count. An incident, a hold or a missing episode
    that comes from a contact, or from one another, is one event with it. The event has the weight of the gravest record.
    """
    known = {record.record: record for record in records if not record.withdrawn and record.kind in COUNTED}
    weights = {identifier: _weight(record) for identifier, record in known.items()}
    counting = {record for record, weight in weights.items() if weight}
    groups: dict[str, set[str]] = {record: {record} for record in counting}
    for record in counting:
        for other in _comes_from(known[record]):
            if other in counting and groups[other] is not groups[record]:
                groups[record] |= groups[other]
                for member in groups[other]:
                    groups[member] = groups[record]
    counted_happenings = []
    for group in {id(group): group for group in groups.values()}.values():
        inside = sorted((known[record] for record in group), key=lambda dated: (dated.at, dated.record))
        contacts = [dated for dated in inside if dated.kind == CONTACT.name]
        gravest = max(weights[dated.record] for dated in inside)
        for number, dated in enumerate(contacts or inside[:1]):
            weight = weights[dated.record] if number else gravest
            counted_happenings.append(Happening(times.local_day(times.of_ms(dated.at)), bool(contacts), weight))
    return counted_happenings


def _weight(record: Dated) -> int:
    """The weight of a record; 0 if it does not count."""
    return _WEIGHTS[record.kind](record)


def _of_contact(contact: Contact) -> int:
    if not about_someone(contact):
        return 0
    return max(_listed("risk", contact.risk), _listed("risk", contact.risk_after))


def _of_incident(incident: Incident) -> int:
    return max((_listed("incident_type", code) for code in types_of(incident)), default=1)


def _of_episode(episode: MissingEpisode) -> int:
    return _listed("incident_type", AWAY if episode.type == AWAY_EPISODE else MISSING)


_WEIGHTS: Mapping[str, Callable[[Dated], int]] = {
    CONTACT.name: lambda record: _of_contact(CONTACT.of(record)),
    INCIDENT.name: lambda record: _of_incident(INCIDENT.of(record)),
    HOLD.name: lambda record: _listed("incident_type", RESTRAINT),
    MISSING_EPISODE.name: lambda record: _of_episode(MISSING_EPISODE.of(record)),
}


def _listed(name: str, code: str) -> int:
    """The weight of a code from its list; an empty or unknown code has the lowest weight, 1."""
    listed = code_list(name).get(code)
    return int(listed.more["strain"]) if listed else 1


def _comes_from(record: Dated) -> Iterator[str]:
    """The records from which a record was made or to which it belongs."""
    if record.kind == INCIDENT.name:
        incident = INCIDENT.of(record)
        yield from (incident.from_contact, incident.about_hold, incident.from_episode)
    elif record.kind == HOLD.name:
        restraint = HOLD.of(record)
        yield from (restraint.from_contact, restraint.incident)
    elif record.kind == MISSING_EPISODE.name:
        episode = MISSING_EPISODE.of(record)
        yield from (episode.from_contact, *(row.episode for row in episode.same_as))
