"""Describes a story of the demonstration: its people, what their stores contain when it begins, and its sittings.

Must not know any one story.
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
        name: unique among the sittings of a story.
        begins: what the clock shows when the sitting begins.
        play: presses the keys of the sitting.
        online: whether the council answers when the sitting begins.
    """

    name: str
    person: Person
    begins: datetime
    theme: theme.Name
    play: Callable[[Player], None]
    online: bool = False


@dataclass(frozen=True)
class Opening:
    """The window that ``--open`` leaves to the user, without a network: whose window it is, and at what moment it opens."""

    person: Person
    begins: datetime
    theme: theme.Name
    prepare: Callable[[DemoPrograms], None]


@dataclass(frozen=True)
class Story:
    """One story of the demonstration.

    Attributes:
        begins: what the clock shows while the programs are prepared.
        people: everybody with a store. The person of the last sitting receives everything that the others sent.
        prepare: makes the council and the stores for the first sitting; the council may answer afterwards or not.
    """

    name: str
    begins: datetime
    people: tuple[Person, ...]
    prepare: Callable[[DemoPrograms], None]
    sittings: tuple[Sitting, ...]
    opening: Opening
