"""The questions that a check of one record may ask about other records (``Kind.agrees``, ``records.agreement``).

Must not know where the other records are stored.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from hipss_desktop.records.revision import Revision


class Others(Protocol):
    """The other records, as far as they are here."""

    def revisions(self, record: str) -> Sequence[Revision]:
        """All revisions of a record that are here, with those that take no part in it."""
        ...

    def without_effect(self, record: str) -> Collection[str]:
        """The digests of the revisions that take no part in a record because they are held back."""
        ...

    def record_of(self, digest: str) -> str:
        """The record of a revision, or '' if the revision is not here."""
        ...


@dataclass(frozen=True)
class Disagreement:
    """A statement of a record about another record that is not true.

    Attributes:
        field: the field's path.
        message: a sentence for the person who writes it.
        missing: whether the statement cannot be checked, because the record that it names is not here.
    """

    field: str
    message: str
    missing: bool = False
