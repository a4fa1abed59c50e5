"""Whether a child is missing now, from the contacts that say so.

Missing from care: not where expected, whereabouts not known; it ends when the child is found or returned (DfE statutory
guidance on children who run away or go missing, January 2014).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from hipss_desktop.kinds.contact import CONTACT
from hipss_desktop.records.kind import HasBody


class Withdrawable(HasBody, Protocol):
    """A record that may have been withdrawn."""

    @property
    def withdrawn(self) -> bool:
        """Whether it was withdrawn."""
        ...


def episode(newest_first: Iterable[Withdrawable]) -> datetime | None:
    """Since when the child is missing, None where the newest contact that speaks of it says back."""
    for each in newest_first:
        contact = CONTACT.of(each)
        if each.withdrawn or contact.missing not in ("still", "back"):
            continue
        return None if contact.missing == "back" else contact.missing_since or contact.told
    return None
