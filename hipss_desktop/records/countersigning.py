"""Which records wait for a countersignature, and who wrote them. Must not know any kind, nor who may countersign."""

from collections.abc import Iterable

from hipss_desktop.records.fold import State
from hipss_desktop.records.kind import Kind
from hipss_desktop.records.revision import Revision

AWAITS, COUNTERSIGNATURE = "awaits", "countersignature"
"""The index term under which a record is found that waits: the term's name, and what the record waits for."""
COUNTERSIGNED_BY = "countersigned_by"
"""The index term under which a record is found by each person whose countersignature stands."""


def awaits(kind: Kind, state: State) -> bool:
    """Whether a record waits for a countersignature: its kind asks for one, and what stands now has none."""
    return bool(kind.countersigned_by) and not state.withdrawn and not state.countersigned


def signers(revisions: Iterable[Revision], state: State) -> frozenset[str]:
    """The persons whose countersignatures stand."""
    return frozenset(revision.envelope.author for revision in revisions if revision.digest in state.countersignatures)


def writers(revisions: Iterable[Revision], state: State) -> frozenset[str]:
    """The persons who wrote or amended a record; somebody who only added a row to a list that grows wrote none of it."""
    return frozenset(
        revision.envelope.author
        for revision in revisions
        if revision.envelope.action != "countersign" and revision.digest not in state.growths
    )
