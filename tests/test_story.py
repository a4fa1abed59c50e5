"""The demonstration: it locks in the theme that it shows, and its night begins without a network."""

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtWidgets import QApplication

from db.home import Home
from hipss_desktop.doors import LaptopDoor, LeftOpen
from hipss_desktop.story import dress
from resources import demo
from ui import theme


def test_what_is_locked_in_the_night_demonstration_shows_the_night_too(qapp: QApplication, tmp_path: Path) -> None:
    home = Home(tmp_path)
    for part, name in (("open", "night"), ("morning", "day"), ("again", "night")):
        dress(qapp, home, part)
        assert theme.current().name == name
        door = LaptopDoor(home, lambda: datetime(2017, 3, 14, 2, 16, tzinfo=UTC), LeftOpen())
        assert door.outside().theme == name
    theme.apply(qapp, theme.Theme("day"))


def test_what_was_written_after_the_network_went_is_apart_with_what_follows_from_it() -> None:
    early, late = demo.before_and_after("contacts.csv")
    assert [line.split(",")[1] for line in late.splitlines()[1:]] == ["Jo Preece", "Ann Colley"]
    assert len(early.splitlines()) + len(late.splitlines()) == len(demo.sheet("contacts.csv").splitlines()) + 1
    _, late_actions = demo.before_and_after("actions.csv")
    assert [line.split(",")[0] for line in late_actions.splitlines()[1:]] == [
        "Ring Jo Preece back",
        "Text Ann Colley about school run",
    ]
