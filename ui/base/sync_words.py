"""Where a record stands with the council, as every screen says it: words, icon and tone, in one table.

A row of a list says it shortest; the tag of one record and the tag over all records of a person say it in full. Must not
decide how a record stands: the store does.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hipss_desktop.services.ports import SyncState


@dataclass(frozen=True)
class SyncWords:
    """One state in words.

    Attributes:
        row, row_icon: in a row, and the icon before it.
        record: on the page of one record.
        all_records: over all that is written about a person.
        icon, tone: of the tags.
    """

    row: str
    row_icon: str
    record: str
    all_records: str
    icon: str
    tone: str = "neutral"


SYNC_WORDS: Mapping[SyncState, SyncWords] = {
    "waiting": SyncWords("Waiting", "laptop", "Waiting on this laptop", "Waiting", "laptop"),
    "sending": SyncWords("Sending", "sync", "Sending", "Sending", "sync"),
    "sent": SyncWords("Sent", "check", "With the council", "All with the council", "cloud"),
    "needs_you": SyncWords("Needs you", "alert", "Needs you", "Needs you", "alert", "amber"),
}
