"""Whether a child is missing now, from missing episodes, and from the contacts that no episode covers.

Missing from care: not where expected, whereabouts not known; it ends when the child is found or returned (DfE statutory
guidance on children who run away or go missing, January 2014).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from hipss_desktop.kinds.contact import CONTACT, CallAboutMissing, Contact, about_missing, is_back
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE, MissingEpisode, back, is_open, next_call
from hipss_desktop.records.kind import HasBody
from hipss_desktop.rules import same

CONTACTS_OF_AN_EPISODE = 20
"""The most records about missing that are read, newest first, to find when an episode was first reported."""
_EARLIEST = datetime.min.replace(tzinfo=UTC)


class Withdrawable(HasBody, Protocol):
    """A record that may have been withdrawn."""

    @property
    def record(self) -> str:
        """The record's identifier."""
        ...

    @property
    def withdrawn(self) -> bool:
        """Whether it was withdrawn."""
        ...


Find = Callable[[str], Withdrawable | None]
"""A function that returns a record by its identifier, None if it is not here."""


@dataclass(frozen=True)
class Episode:
    """An episode in which a child is missing now.

    Attributes:
        last_seen: when the child was last seen, None if nothing says it. It is never the time of a call.
        reported: when it was first reported, None if nothing says it.
        record: the missing episode, '' if only contacts report it.
        said_back: when the child came back according to a contact although the episode is open; None otherwise.
        next_call: when the carer is to be rung next, None if nothing was agreed.
    """

    last_seen: datetime | None
    reported: datetime | None
    record: str = ""
    said_back: datetime | None = None
    next_call: datetime | None = None


def goes_on_as(episode: Withdrawable, find: Find) -> str:
    """The record that counts for a missing episode: itself, or the one that it is recorded to be the same as.

    Of records that refer to each other, however many, the one begun first (the lowest identifier) counts. So exactly one
    record of an episode is shown, the same one on every laptop with the same records. A reference to a record that is not
    here, was withdrawn or is about another child has no effect: withdrawing the record that counts makes the other one
    count again.
    """
    return same.goes_on_as(
        episode.record, lambda record: _others(episode if record == episode.record else find(record), find)
    )


def is_passed_over(episode: Withdrawable, find: Find) -> bool:
    """Whether another record of the same episode counts instead of this one."""
    return goes_on_as(episode, find) != episode.record


def goes_on(record: Withdrawable, find: Find) -> bool:
    """Whether a record is an open missing episode: not withdrawn, the child not back, and not replaced by another record."""
    is_episode = record.kind == MISSING_EPISODE.name and not record.withdrawn
    return is_episode and is_open(MISSING_EPISODE.of(record)) and not is_passed_over(record, find)


def _others(episode: Withdrawable | None, find: Find) -> list[str]:
    """The records, here and not withdrawn, that an episode is recorded to be the same as, about the same child."""
    if episode is None:
        return []
    read = MISSING_EPISODE.of(episode)
    others = (find(row.episode) for row in read.same_as)
    return [
        other.record
        for other in others
        if other is not None
        and other.kind == MISSING_EPISODE.name
        and not other.withdrawn
        and MISSING_EPISODE.of(other).child == read.child
    ]


def episode(newest_first: Iterable[Withdrawable], find: Find) -> Episode | None:
    """The open episode, None if the newest record about missing says the child is back.

    Args:
        newest_first: the missing episodes of the child and the contacts that say the child is missing or came back.
        find: returns the other record of an episode that was begun twice, which may be older than all of these.
    """
    records = [record for record in newest_first if not record.withdrawn]
    contacts = [CONTACT.of(record) for record in records if record.kind == CONTACT.name]
    going_on = [(record.record, MISSING_EPISODE.of(record)) for record in records if goes_on(record, find)]
    if going_on:
        record, newest = max(going_on, key=lambda pair: (pair[1].reported or _EARLIEST, pair[0]))
        said_back = _said_back(contacts, newest)
        return Episode(newest.last_seen, newest.reported, record, said_back, next_call(newest))
    return _told_by_contacts(calls_of_it(records))


def _said_back(contacts: Sequence[Contact], going_on: MissingEpisode) -> datetime | None:
    """When the child came back according to the newest contact of an episode, None if it says something else."""
    since = going_on.reported or _EARLIEST
    speaking = [
        contact
        for contact in contacts
        if about_missing(contact) and contact.missing and (contact.told or _EARLIEST) >= since
    ]
    newest = next(iter(speaking), None)
    return newest.back_at if newest is not None and newest.missing == "back" else None


def _told_by_contacts(calls: Sequence[Contact]) -> Episode | None:
    """The episode as its calls report it."""
    last_seen: datetime | None = None
    reported: datetime | None = None
    for contact in calls:
        reported = contact.told or reported
        if contact.missing_since is None and last_seen is not None and last_seen == contact.told:
            last_seen = None  # an older program copied the time of the first call into the contacts after it
        last_seen = last_seen or contact.missing_since
    return Episode(last_seen, reported) if calls else None


def calls_of_it(newest_first: Iterable[Withdrawable]) -> list[Contact]:
    """The contacts of an open episode without a guide, newest first; none if the child is not missing.

    Contacts up to the end of the last missing episode belong to that episode.
    """
    records = [record for record in newest_first if not record.withdrawn]
    episodes = [MISSING_EPISODE.of(record) for record in records if record.kind == MISSING_EPISODE.name]
    ends = [row.at for missing_episode in episodes if (row := back(missing_episode)) is not None and row.at is not None]
    covered_until, calls = max(ends, default=None), []
    for contact in [CONTACT.of(record) for record in records if record.kind == CONTACT.name]:
        if not about_missing(contact) or contact.missing not in ("still", "back"):
            continue
        covered = covered_until is not None and (contact.told or covered_until) <= covered_until
        if contact.missing == "back" or covered:
            break
        calls.append(contact)
    return calls


def first_return(newest_first: Iterable[Withdrawable], since: datetime) -> tuple[str, datetime] | None:
    """The first contact since a moment that says that the child came back, and when; None if there is none."""
    records = [record for record in newest_first if not record.withdrawn and record.kind == CONTACT.name]
    for record in reversed(records):
        contact = CONTACT.of(record)
        if is_back(contact) and contact.back_at is not None and (contact.told or contact.back_at) >= since:
            return record.record, contact.back_at
    return None


def ended_by_calls(oldest_first: Iterable[CallAboutMissing]) -> Iterator[tuple[datetime, datetime]]:
    """The periods in which a child was missing according to calls alone, oldest first; only those that have ended."""
    since: datetime | None = None
    for call in oldest_first:
        since = call.missing_since or since or call.told
        if call.is_back:
            until = call.back_at or call.told
            if since is not None and until is not None and since < until:
                yield since, until
            since = None
