"""How the connection to the council stands: what the sync loop says of itself, and the window puts into words.

Must not know how an exchange is made, nor any words.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

EXCHANGED = "exchanged"
"""The setting of a store that says when its last whole exchange with the council was over, '' before the first one."""

JOINED = "joined_in_my_name"
"""The setting that names the laptops that joined in this person's name since they last read of any; '' when none did."""

NO_TEXT = "no_text"
"""The setting that holds the revisions (digests) of which the council gave no text, once the person was told; '' when none."""

SPLIT = "council_split"
"""The setting that holds ``TWO_STORIES`` once the council was seen to tell two laptops different things; '' else."""

TWO_STORIES = (
    "The council has given another laptop other orders than this one, under the same number. Both are kept. "
    "Ring your manager: the council was put back to an older state, or somebody has changed it."
)

Connection = Literal["never", "checking", "offline", "online", "sending"]
"""``never``: there is no council to speak to; ``checking``: the first attempt since the program began is not over."""


@dataclass(frozen=True)
class Status:
    """How the connection stands, as the sync loop last found it.

    ``since`` is when it began to be so, None where that was before the program began; ``next_try`` when it will be tried
    again; ``problem`` the last one in words; ``tries`` how often in a row it was tried without an answer; ``done``/``total``
    of a long exchange under way. ``offline_from`` is when the network had gone, where it came back at ``since``.
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
