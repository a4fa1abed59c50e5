"""Comments with which a record is returned to its author: each is about one paragraph, or about the record as a whole.

They are for the version that was read. The author answers by an amendment. Comments do not change the record itself
(national minimum standard 26.2: the quality of records is monitored).
"""

from datetime import datetime
from typing import Annotated

import msgspec

from hipss_desktop.kinds.of_a_record import OfARecord, names_one_record
from hipss_desktop.records.access import EVERYONE_IN_SERVICE, MANAGERS
from hipss_desktop.records.fields import field
from hipss_desktop.records.kind import Kind


class Comment(msgspec.Struct):
    """A comment on one paragraph, or without ``unit`` on the whole record."""

    id: str
    unit: Annotated[str, field("About which paragraph", searchable=False)] = ""
    words: Annotated[str, field("Comment", lines=2, required="Enter the comment")] = ""


class Comments(OfARecord):
    """Which record was returned, in which version, and why. The author of this record returned it."""

    of: Annotated[str, field("Version", searchable=False, required="Say which version was returned")] = ""
    comments: Annotated[
        list[Comment], field("Comments", row_name="a comment", required="Enter at least one comment")
    ] = []
    at: Annotated[datetime | None, field("Returned at", required="Enter when it was returned", past=True)] = None


COMMENTS = Kind(
    name="comments",
    label="Returned with comments",
    plural="Returned with comments",
    reference_prefix="CM",
    record=Comments,
    writers=MANAGERS,
    readers=EVERYONE_IN_SERVICE,
    amendable=False,
    title_from=lambda _: "Returned with comments",
    dated_by="at",
    summary=("comments",),
    checks=(names_one_record("Choose the record that is returned"),),
)
