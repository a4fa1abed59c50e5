"""Whether a child is missing now, from the contacts that say so.

Missing from care: not where expected, whereabouts not known; it ends when the child is found or returned (DfE statutory
guidance on children who run away or go missing, January 2014).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hipss_desktop.kinds.contact import CONTACT, about_missing
from hipss_desktop.records.kind import HasBody

CONTACTS_OF_AN_EPISODE = 20
"""How many of the newest contacts that speak of missing are read to find when an episode was first reported."""


class Withdrawable(HasBody, Protocol):
    """A record that may have been withdrawn."""

    @property
    def withdrawn(self) -> bool:
        """Whether it was withdrawn."""
        ...


@dataclass(frozen=True)
class Episode:
    """A child is missing now.

    Attributes:
        last_seen: when the child was last seen, None where no contact says so. It is never the time of a call.
        reported: when the first contact of the episode was told, None where no contact says so.
    """

    last_seen: datetime | None
    reported: datetime | None


def episode(newest_first: Iterable[Withdrawable]) -> Episode | None:
    """The episode that the newest contacts tell of, None where the newest that speaks of it says the child is back."""
    is_missing = False
    last_seen: datetime | None = None
    reported: datetime | None = None
    for record in newest_first:
        contact = CONTACT.of(record)
        if record.withdrawn or not about_missing(contact) or contact.missing not in ("still", "back"):
            continue
        if contact.missing == "back":
            break
        is_missing = True
        reported = contact.told or reported
        if contact.missing_since is None and last_seen is not None and last_seen == contact.told:
            last_seen = None  # an older program copied the time of the first call into the contacts after it
        last_seen = last_seen or contact.missing_since
    return Episode(last_seen, reported) if is_missing else None
