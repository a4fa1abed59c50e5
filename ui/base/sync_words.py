"""The words, icon and tone for each sync state of a record, the same for every screen.

A row of a list has the shortest words; the tag of one record and the tag over all records of a person have full words. Must
not decide the state of a record: the store does.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hipss_desktop.services.ports import SyncState


@dataclass(frozen=True)
class SyncWords:
    """One state in words.

    Attributes:
        row, row_icon: the words in a row, and the icon before them.
        record: the words on the page of one record.
        all_records: the words over all records about a person.
        icon, tone: the icon and tone of the tags.
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
