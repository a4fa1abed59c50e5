"""An acknowledgement: a named reader confirms that they have read one version of a record; an amendment asks them again."""

from datetime import datetime
from typing import Annotated

from hipss_desktop.kinds.of_a_record import OfARecord, names_one_record
from hipss_desktop.records.access import EVERYONE_IN_SERVICE
from hipss_desktop.records.fields import field
from hipss_desktop.records.kind import Kind


class Acknowledgement(OfARecord):
    """Which record was read, in which version, and when; the reader is the author."""

    of: Annotated[str, field("Version", searchable=False, required="Say which version was read")] = ""
    at: Annotated[datetime | None, field("Read at", required="Enter when it was read", past=True)] = None


ACKNOWLEDGEMENT = Kind(
    name="acknowledgement",
    label="Read by a colleague",
    plural="Read by colleagues",
    reference_prefix="AK",
    record=Acknowledgement,
    writers=EVERYONE_IN_SERVICE,
    readers=EVERYONE_IN_SERVICE,
    amendable=False,
    title_from=lambda _: "Read by a colleague",
    dated_by="at",
    checks=(names_one_record("Choose the record that was read"),),
)
