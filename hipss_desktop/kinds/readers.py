"""Who must read a record: rows that grow, each naming a colleague. To have read it is their own act (``acknowledgement``)."""

from datetime import datetime
from typing import Annotated

import msgspec

from hipss_desktop.records.fields import field

READERS = "readers"
"""The list that naming a reader adds a row to, in every kind that offers it."""


class Reader(msgspec.Struct):
    """A colleague who must read the record; who named them is the author of the row."""

    id: str
    colleague: Annotated[
        str, field("Colleague", refers_to="practitioner", required="Choose the colleague who must read it")
    ] = ""
    at: Annotated[datetime | None, field("Time", required="Enter when you named them")] = None


def readers_field() -> msgspec.Meta:
    """The field of the list."""
    return field("Who must read it", grows=True, one="somebody who must read it")
