"""What a check of one record may ask of the others (``Kind.agrees``, ``records.agreement``).

Must not know what holds them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from hipss_desktop.records.revision import Revision


class Others(Protocol):
    """The other records, as far as they are held here."""

    def revisions(self, record: str) -> Sequence[Revision]:
        """All revisions of a record that are here, those too that take no part in it."""
        ...

    def without_effect(self, record: str) -> Collection[str]:
        """The digests of those that take no part in a record, as they are held back."""
        ...

    def record_of(self, digest: str) -> str:
        """The record that a revision is of, '' where it is not held."""
        ...


@dataclass(frozen=True)
class Disagreement:
    """Something that is not as a record says.

    Attributes:
        field: the field's path.
        message: a sentence for the person who writes it.
        missing: nothing is wrong as far as can be seen, but what is named is not here.
    """

    field: str
    message: str
    missing: bool = False
