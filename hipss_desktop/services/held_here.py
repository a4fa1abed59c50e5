"""The records of this laptop, for the statements that one record makes about others (``records.agreement``)."""

from collections.abc import Collection, Sequence

from hipss_desktop.records.revision import Revision
from hipss_desktop.services.ports import Store


class HeldHere:
    """The other records, as they are on this laptop (``records.agreement.Others``)."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def revisions(self, record: str) -> Sequence[Revision]:
        """All revisions of a record that are here."""
        return self._store.all_revisions(record)

    def without_effect(self, record: str) -> Collection[str]:
        """The digests of the record's revisions that have no effect on it."""
        return self._store.without_effect(record)

    def record_of(self, digest: str) -> str:
        """The record that a revision belongs to, '' if the revision is not here."""
        revision = self._store.revision(digest)
        return revision.envelope.record if revision is not None else ""
