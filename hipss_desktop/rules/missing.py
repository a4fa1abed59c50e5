"""Whether a child is missing now, from missing episodes, and from the contacts that no episode covers.

Missing from care: not where expected, whereabouts not known; it ends when the child is found or returned (DfE statutory
guidance on children who run away or go missing, January 2014).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from hipss_desktop.kinds.contact import CONTACT, Contact, about_missing
from hipss_desktop.kinds.missing_episode import MISSING_EPISODE, MissingEpisode, back, is_open, next_call
from hipss_desktop.records.kind import HasBody

CONTACTS_OF_AN_EPISODE = 20
"""How many of the newest records that speak of missing are read to find when an episode was first reported."""
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


@dataclass(frozen=True)
class Episode:
    """A child is missing now.

    Attributes:
        last_seen: when the child was last seen, None where nothing says so. It is never the time of a call.
        reported: when it was first told, None where nothing says so.
        record: the missing episode, '' where only contacts tell of it.
        said_back: when a contact says that the child came back although the episode goes on, None where none does.
        next_call: when the carer is to be rung next, None where nothing was agreed.
    """

    last_seen: datetime | None
    reported: datetime | None
    record: str = ""
    said_back: datetime | None = None
    next_call: datetime | None = None


def episode(newest_first: Iterable[Withdrawable]) -> Episode | None:
    """The episode that goes on, None where the newest record that speaks of missing says the child is back.

    Args:
        newest_first: the missing episodes of the child and the contacts that say the child is missing or came back.
    """
    records = [record for record in newest_first if not record.withdrawn]
    episodes = [
        (record.record, MISSING_EPISODE.of(record)) for record in records if record.kind == MISSING_EPISODE.name
    ]
    contacts = [CONTACT.of(record) for record in records if record.kind == CONTACT.name]
    going_on = [(record, one) for record, one in episodes if is_open(one)]
    if going_on:
        record, newest = max(going_on, key=lambda pair: (pair[1].reported or _EARLIEST, pair[0]))
        said_back = _said_back(contacts, newest)
        return Episode(newest.last_seen, newest.reported, record, said_back, next_call(newest))
    ends = [row.at for _, one in episodes if (row := back(one)) is not None and row.at is not None]
    return _told_by_contacts(contacts, max(ends, default=None))


def _said_back(contacts: Sequence[Contact], going_on: MissingEpisode) -> datetime | None:
    """When the newest contact of an episode says that the child came back, None where it says something else."""
    since = going_on.reported or _EARLIEST
    speaking = [one for one in contacts if about_missing(one) and one.missing and (one.told or _EARLIEST) >= since]
    newest = next(iter(speaking), None)
    return newest.back_at if newest is not None and newest.missing == "back" else None


def _told_by_contacts(newest_first: Sequence[Contact], covered_until: datetime | None) -> Episode | None:
    """The episode that contacts tell of; those told up to ``covered_until`` are covered by a missing episode that ended then."""
    is_missing = False
    last_seen: datetime | None = None
    reported: datetime | None = None
    for contact in newest_first:
        if not about_missing(contact) or contact.missing not in ("still", "back"):
            continue
        covered = covered_until is not None and (contact.told or covered_until) <= covered_until
        if contact.missing == "back" or covered:
            break
        is_missing = True
        reported = contact.told or reported
        if contact.missing_since is None and last_seen is not None and last_seen == contact.told:
            last_seen = None  # an older program copied the time of the first call into the contacts after it
        last_seen = last_seen or contact.missing_since
    return Episode(last_seen, reported) if is_missing else None
