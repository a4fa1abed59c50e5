"""The readers of a record: rows of a growing list, each a colleague who must read it; an ``acknowledgement`` confirms it."""

from datetime import datetime
from typing import Annotated

import msgspec

from hipss_desktop.records.fields import field

READERS = "readers"
"""The list to which naming a reader adds a row, in every kind that has it."""


class Reader(msgspec.Struct):
    """A colleague who must read the record; the person who named them is the author of the row."""

    id: str
    colleague: Annotated[
        str, field("Colleague", refers_to="practitioner", required="Choose the colleague who must read it")
    ] = ""
    at: Annotated[datetime | None, field("Time", required="Enter when you named them")] = None


def readers_field() -> msgspec.Meta:
    """The field of the list of readers."""
    return field("Who must read it", grows=True, row_name="somebody who must read it")
