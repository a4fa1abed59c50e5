"""The state of the connection to the council, which the sync loop sets and the window puts into words.

Must not know how an exchange is made, nor word anything.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

EXCHANGED = "exchanged"
"""The setting for when the last complete exchange with the council ended, '' before the first one."""

JOINED = "joined_in_my_name"
"""The setting for the laptops that joined in this person's name and of which they have not read yet; '' if there are none."""

NO_TEXT = "no_text"
"""The setting for the revisions (digests) whose text the council did not send, once the person was told; '' if none."""

SPLIT = "council_split"
"""The setting that is ``TWO_STORIES`` once the council was found to have told two laptops different things; else ''."""

TWO_STORIES = (
    "The council has given another laptop other orders than this one, under the same number. Both are kept. "
    "Ring your manager: the council was put back to an older state, or somebody has changed it."
)

Connection = Literal["never", "checking", "offline", "online", "sending"]
"""``never``: the laptop has no council; ``checking``: the first attempt since the program started is not over."""


@dataclass(frozen=True)
class Status:
    """The state of the connection, as the sync loop last found it.

    ``since`` is when this state began, None if that was before the program started. ``next_try`` is when the next attempt
    is made, ``problem`` the last problem in words, and ``tries`` the number of attempts in a row without an answer.
    ``done`` and ``total`` count the revisions of a long exchange. ``offline_from`` is when the network was lost, if it came
    back at ``since``.
    """

    connection: Connection = "never"
    since: datetime | None = None
    last_sent: datetime | None = None
    next_try: datetime | None = None
    problem: str = ""
    tries: int = 0
    done: int = 0
    total: int = 0
    offline_from: datetime | None = None
