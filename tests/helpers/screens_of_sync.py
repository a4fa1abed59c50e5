"""The sync centre: a day like others, and what it names when somebody tampers."""

from datetime import UTC, datetime

from PySide6.QtWidgets import QWidget

from hipss_desktop.services.sync_status import JOINED, SPLIT, TWO_STORIES, Status
from tests.helpers.demo_laptop import Stage, settle, shown
from tests.helpers.several_laptops import amend, child_named, exchange


def sync_centre(stage: Stage, size: tuple[int, int]) -> QWidget:
    """What waits, what the council has, and what two laptops changed at once of Kai."""
    kai = child_named(stage.services, "Kai")
    with stage.store.write() as unit:
        unit.set("role", "manager")
    if not stage.store.undecided():
        other = stage.other()
        exchange(stage.services, other)
        helps = list(stage.store.get(kai).fields["helps"])  # type: ignore[union-attr]  # it is there
        amend(stage.services, kai, {"helps": [*helps, "Toast works at night"]})
        amend(other, kai, {"helps": [*helps, "Text his brother first"], "triggers": ["Missed calls from mum"]})
        exchange(stage.services, other)
    return _centre(stage, size)


def joined(stage: Stage, size: tuple[int, int]) -> QWidget:
    """A laptop joined in this person's name, and they have not read it yet."""
    with stage.store.write() as unit:
        unit.set(JOINED, "HIPSS-LT-07")
    return _centre(stage, size)


def two_stories(stage: Stage, size: tuple[int, int]) -> QWidget:
    """The council told another laptop something else than this one."""
    with stage.store.write() as unit:
        unit.set(SPLIT, TWO_STORIES)
    return _centre(stage, size)


def _centre(stage: Stage, size: tuple[int, int]) -> QWidget:
    back = Status(
        "online", datetime(2017, 3, 14, 8, 31, tzinfo=UTC), last_sent=datetime(2017, 3, 14, 8, 31, tzinfo=UTC)
    )
    stage.clock.now = datetime(2017, 3, 14, 8, 33, tzinfo=UTC)
    window = stage.window(back)
    shown(stage, window, size)
    window.go("sync")
    settle(window)
    return window
