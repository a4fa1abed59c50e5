"""Who has each item of a morning handover now, and how loud an item is that nobody has accepted.

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
    """What happens about an item that waits: the person named sees it, is told again, the manager is told, the manager rings."""

    SHOWN = 0
    TOLD_AGAIN = 1
    MANAGER_TOLD = 2
    MANAGER_RINGS = 3


@dataclass(frozen=True)
class Acceptance:
    """An item was accepted: by whose identifier, when, and in which revision."""

    author: str
    at: datetime | None
    revision: str = ""


@dataclass(frozen=True)
class HandedOn:
    """An item was handed on: to whom by name and identifier ('' for a team), and when."""

    name: str
    colleague: str
    at: datetime | None


def loudness(since: datetime, now: datetime) -> Loudness:
    """How loud an item is that has waited since a moment; real time, through a clock change too."""
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
    """The first acceptance of each item; its author is that of the revision which added the row.

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
    """To whom each item was handed last; an item that was never handed on is not named."""
    newest_last = sorted(handover.handed_to, key=lambda row: (row.at or _EARLIEST, row.id))
    return {row.item: HandedOn(row.name, row.colleague, row.at) for row in newest_last}


def accepted_records(handovers: Iterable[Handover]) -> frozenset[str]:
    """The records that accepted items of these handovers name."""
    return frozenset(
        named(item)
        for handover in handovers
        for item in handover.items
        if item.id in {row.item for row in handover.accepted}
    )
