"""What a story of the demonstration is: its people, how their laptops stand when it begins, and its sittings.

Must not tell a story.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hipss_desktop.demonstration.player import Player
from hipss_desktop.demonstration.programs import DemoPrograms, Person
from ui import theme


@dataclass(frozen=True)
class Sitting:
    """One person at one laptop, from the unlock screen until the window closes or loses power.

    Attributes:
        name: tells it from the others of its story.
        begins: the clock at its beginning.
        online: whether the council answers then.
    """

    name: str
    person: Person
    begins: datetime
    theme: theme.Name
    play: Callable[[Player], None]
    online: bool = False


@dataclass(frozen=True)
class Opening:
    """The window that is left to the person who started the demonstration: whose it is, and when it opens, without a network."""

    person: Person
    begins: datetime
    theme: theme.Name
    prepare: Callable[[DemoPrograms], None]


@dataclass(frozen=True)
class Story:
    """One story.

    Attributes:
        begins: the clock when the programs are prepared.
        people: everybody with a store; the person who sits last has received all that the others sent.
        prepare: makes the council and the stores as they stand before the first sitting; leaves the council answering or not.
    """

    name: str
    begins: datetime
    people: tuple[Person, ...]
    prepare: Callable[[DemoPrograms], None]
    sittings: tuple[Sitting, ...]
    opening: Opening
