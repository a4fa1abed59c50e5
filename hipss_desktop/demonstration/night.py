"""The night of 13 to 14 March 2017, described once: who sits at which laptop from when, with or without a network.

``python3 dev.py demo`` plays it, ``tests/whole/test_night.py`` plays it and reads the stores, and the pictures of
``docs/screens.md`` are drawn by it. What a sitting does stands in ``evening``, ``missing`` and ``morning``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hipss_desktop.demonstration import evening, missing, morning
from hipss_desktop.demonstration.player import Player, march
from hipss_desktop.demonstration.programs import BACKUP, BY_DAY, ON_CALL, Person
from ui import theme

AFTERNOON = march(13, 16, 28)
"""When the demonstration begins."""


@dataclass(frozen=True)
class Sitting:
    """One person at one laptop, from the unlock screen until the window closes or loses power.

    Attributes:
        name: tells it from the others.
        begins: the clock at its beginning.
        online: whether the council answers then.
    """

    name: str
    person: Person
    begins: datetime
    theme: theme.Name
    play: Callable[[Player], None]
    online: bool = False


NIGHT = (
    Sitting("check", ON_CALL, march(13, 16, 30), "day", evening.check_the_pack, online=True),
    Sitting("evening", ON_CALL, march(13, 18, 52), "night", evening.evening),
    Sitting("backup", BACKUP, march(13, 22, 31), "night", missing.backup, online=True),
    Sitting("call", ON_CALL, march(14, 2, 14), "night", missing.call_that_is_cut),
    Sitting("again", ON_CALL, march(14, 2, 17), "night", missing.he_is_back),
    Sitting("hand-over", ON_CALL, march(14, 6, 48), "night", morning.second_child),
    Sitting("day", BY_DAY, march(14, 8, 40), "day", morning.accepted, online=True),
    Sitting("manager", BACKUP, march(14, 9, 4), "day", morning.manager, online=True),
    Sitting("home", ON_CALL, march(14, 9, 16), "day", morning.off_shift, online=True),
)
