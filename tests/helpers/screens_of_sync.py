"""The screens of the sync centre: on a normal day, and when it names possible tampering."""

from datetime import UTC, datetime

from PySide6.QtWidgets import QWidget

from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.services.sync_status import TWO_STORIES, Status
from tests.helpers.demo_laptop import DemoLaptop, settle, shown
from tests.helpers.several_laptops import amend, child_named, exchange


def sync_centre(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the sync centre: what waits, what the council has, and a conflict of two laptops about Kai."""
    kai = child_named(demo.services, "Kai")
    with demo.store.write() as unit:
        unit.set(StoreSetting.ROLE, "manager")
    if not demo.store.undecided():
        other = demo.other()
        exchange(demo.services, other)
        helps = list(demo.store.get(kai).fields["helps"])  # type: ignore[union-attr]  # it is there
        amend(demo.services, kai, {"helps": [*helps, "Toast works at night"]})
        amend(other, kai, {"helps": [*helps, "Text his brother first"], "triggers": ["Missed calls from mum"]})
        exchange(demo.services, other)
    return _centre(demo, size)


def joined(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the sync centre after a laptop joined in this person's name, before they have read of it."""
    with demo.store.write() as unit:
        unit.set(StoreSetting.JOINED, "HIPSS-LT-07")
    return _centre(demo, size)


def two_stories(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the sync centre after the council told another laptop something different."""
    with demo.store.write() as unit:
        unit.set(StoreSetting.COUNCIL_SPLIT, TWO_STORIES)
    return _centre(demo, size)


def _centre(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    back = Status(
        "online", datetime(2017, 3, 14, 8, 31, tzinfo=UTC), last_sent=datetime(2017, 3, 14, 8, 31, tzinfo=UTC)
    )
    demo.clock.now = datetime(2017, 3, 14, 8, 33, tzinfo=UTC)
    window = demo.window(back)
    shown(demo, window, size)
    window.go("sync")
    settle(window)
    return window
