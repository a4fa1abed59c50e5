"""Which records wait for a countersignature, and who wrote them. Must not know any kind, nor who may countersign."""

from collections.abc import Iterable

from hipss_desktop.records.fold import State
from hipss_desktop.records.kind import Kind
from hipss_desktop.records.revision import Revision

AWAITS, COUNTERSIGNATURE = "awaits", "countersignature"
"""The index term that finds records waiting for a countersignature: its name and its value."""
COUNTERSIGNED_BY = "countersigned_by"
"""The index term that finds a record by each person whose countersignature is valid."""


def awaits(kind: Kind, state: State) -> bool:
    """Whether a record waits for a countersignature: its kind asks for one, and its present version has none."""
    return bool(kind.countersigned_by) and not state.withdrawn and not state.countersigned


def signers(revisions: Iterable[Revision], state: State) -> frozenset[str]:
    """The persons whose countersignatures are valid."""
    return frozenset(revision.envelope.author for revision in revisions if revision.digest in state.countersignatures)


def writers(revisions: Iterable[Revision], state: State) -> frozenset[str]:
    """The persons who wrote or amended a record, without those who only added rows to growing lists."""
    return frozenset(
        revision.envelope.author
        for revision in revisions
        if revision.envelope.action != "countersign" and revision.digest not in state.growths
    )
