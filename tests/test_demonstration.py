"""The demonstration: it locks in the theme that it shows, and its nights begin where the story does."""

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtWidgets import QApplication

from db.home import Home
from hipss_desktop.demonstration.stories import STORIES
from hipss_desktop.demonstration.window import dress
from hipss_desktop.unlock import LaptopUnlocker, LeftOpen
from resources import demo
from ui import theme


def test_what_is_locked_in_the_night_demonstration_shows_the_night_too(qapp: QApplication, tmp_path: Path) -> None:
    home = Home(tmp_path)
    names: tuple[theme.Name, ...] = ("night", "day", "night")
    for name in names:
        dress(qapp, home, name)
        assert theme.current().name == name
        unlocker = LaptopUnlocker(home, lambda: datetime(2017, 3, 14, 2, 16, tzinfo=UTC), LeftOpen())
        assert unlocker.lock_screen_info().theme == name
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


def test_in_the_afternoon_nothing_of_the_night_was_told_done_or_checked() -> None:
    for file in ("contacts.csv", "actions.csv"):
        lines = demo.before_the_night(file).splitlines()
        assert not [line for line in lines if "13/03/2017 18" in line or "13/03/2017 2" in line or "14/03/2017" in line]
        assert 1 < len(lines) < len(demo.sheet(file).splitlines())
    tonight = [
        line for line in demo.before_the_night("shifts.csv").splitlines() if "13/03/2017 17:30,14/03/2017" in line
    ]
    assert tonight == ["A. Bevan,S. Lloyd,13/03/2017 17:30,14/03/2017 08:30,,,,,"]


def test_each_story_goes_forward_in_time_and_only_its_people_sit_in_it() -> None:
    assert list(STORIES) == ["night", "visit", "consultation"]
    for story in STORIES.values():
        begins = [story.begins, *(sitting.begins for sitting in story.sittings)]
        assert begins == sorted(begins)
        assert {sitting.person for sitting in story.sittings} <= set(story.people)
        assert len({sitting.name for sitting in story.sittings}) == len(story.sittings)
