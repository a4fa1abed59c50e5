"""Who has accepted each item of a morning handover, and how an item that nobody has accepted is escalated.

The times are proposals of the service's own (ux notes, picture 23): 30 minutes, 60 minutes, 120 minutes after publishing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from hipss_desktop.kinds.handover import HANDOVER, Handover, named
from hipss_desktop.records.fold import body_of
from hipss_desktop.records.revision import Revision

TOLD_AGAIN, MANAGER_TOLD, MANAGER_RINGS = timedelta(minutes=30), timedelta(minutes=60), timedelta(minutes=120)
_EARLIEST = datetime.min.replace(tzinfo=UTC)


class Loudness(IntEnum):
    """How an unaccepted item is escalated: the person named sees it, is told again, the manager is told, the manager rings."""

    SHOWN = 0
    TOLD_AGAIN = 1
    MANAGER_TOLD = 2
    MANAGER_RINGS = 3


@dataclass(frozen=True)
class Acceptance:
    """The acceptance of an item: the author's identifier, when, and in which revision."""

    author: str
    at: datetime | None
    revision: str = ""


@dataclass(frozen=True)
class HandedOn:
    """The handing on of an item: to whom, by name and identifier ('' for a team), and when."""

    name: str
    colleague: str
    at: datetime | None


def loudness(since: datetime, now: datetime) -> Loudness:
    """The escalation of an item that has waited since a moment, in elapsed time, also across a clock change."""
    waited = now - since
    steps = (TOLD_AGAIN, MANAGER_TOLD, MANAGER_RINGS)
    return Loudness(sum(waited >= step for step in steps))


def added_by(revisions: Iterable[Revision], name: str) -> Mapping[str, Revision]:
    """The revision that added each row of a list of a handover, by the row's identifier."""
    added: dict[str, Revision] = {}
    for revision in revisions:
        body = body_of(revision, HANDOVER)
        for unit in body.changed if body is not None else ():
            changed, _, row = unit.partition("/")
            if changed == name and row:
                added.setdefault(row, revision)
    return added


def acceptances(handover: Handover, revisions: Iterable[Revision]) -> Mapping[str, Acceptance]:
    """The first acceptance of each item; its author is that of the revision that added the row.

    Args:
        handover: the handover as it is now.
        revisions: the revisions of its record.
    """
    added = added_by(revisions, "accepted")
    latest_first = sorted(handover.accepted, key=lambda row: (row.at or _EARLIEST, row.id), reverse=True)
    return {
        row.item: Acceptance(revision.envelope.author, row.at, revision.digest)
        if (revision := added.get(row.id)) is not None
        else Acceptance("", row.at)
        for row in latest_first
    }


def handed_on(handover: Handover) -> Mapping[str, HandedOn]:
    """The last handing on of each item; items that were never handed on are left out."""
    newest_last = sorted(handover.handed_to, key=lambda row: (row.at or _EARLIEST, row.id))
    return {row.item: HandedOn(row.name, row.colleague, row.at) for row in newest_last}


def accepted_records(handovers: Iterable[Handover]) -> frozenset[str]:
    """The records that the accepted items of these handovers refer to."""
    return frozenset(
        named(item)
        for handover in handovers
        for item in handover.items
        if item.id in {row.item for row in handover.accepted}
    )
