"""Comments with which a record is returned to its author: each hangs on one paragraph, or on the record as a whole.

They are for the version that was read; the author answers by an amendment. The record itself is not changed by them
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
    """What is said of one paragraph; without one, of the whole record."""

    id: str
    unit: Annotated[str, field("About which paragraph", searchable=False)] = ""
    words: Annotated[str, field("Comment", lines=2, required="Enter the comment")] = ""


class Comments(OfARecord):
    """What was returned, in which version, and why; who returned it is the author."""

    of: Annotated[str, field("Version", searchable=False, required="Say which version was returned")] = ""
    comments: Annotated[list[Comment], field("Comments", one="a comment", required="Enter at least one comment")] = []
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
