"""Play a story of the demonstration to its end in real windows, and check that all stores have the same records."""

import contextlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from db.home import Home
from hipss_desktop.demonstration import __main__ as demonstration
from hipss_desktop.demonstration import programs as programs_of_demonstration
from hipss_desktop.demonstration.__main__ import play
from hipss_desktop.demonstration.programs import PASSPHRASE, ROOT, DemoPrograms
from hipss_desktop.demonstration.story import Story
from hipss_desktop.laptop import OpenStore, open_store
from tests.helpers import forked

DOCS = ROOT / "docs"


@dataclass(frozen=True)
class Played:
    """The results of a story: its programs with their folder, the terminal's text, the pictures, the council's last links."""

    story: Story
    programs: DemoPrograms
    terminal: str
    pictures: tuple[str, ...]
    council: dict[str, list[object]]


def play_story(story: Story, folder: Path) -> Iterator[Played]:
    """Play a story once and yield its results; the server stops at the end of the fixture that uses this generator."""
    programs, terminal = DemoPrograms(folder, story.begins), io.StringIO()
    pictures = folder / "pictures"
    try:
        try:
            with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(terminal):
                for module in (programs_of_demonstration, demonstration):
                    patch.setattr(module, "subprocess", forked)
                story.prepare(programs)
                council = play(story, programs, pictures, {"QT_QPA_PLATFORM": "offscreen"}, pace=0)
        except SystemExit as ended:  # pytest would take it for its own end
            pytest.fail(f"{ended}\n{terminal.getvalue()}")
        assert council["findings"] == []
        drawn = tuple(sorted(file.stem for file in pictures.iterdir()))
        yield Played(story, programs, terminal.getvalue(), drawn, council["seats"])
    finally:
        programs.stop_serving()


def opened_stores(played: Played, at: datetime) -> Iterator[dict[str, OpenStore]]:
    """Yield the stores by the names of their people, opened at a moment after the story."""
    opened = {}
    for person in played.story.people:
        home = Home(played.programs.home(person.laptop))
        vault = next(laptop_user.vault_id for laptop_user in home.people() if laptop_user.name == person.name)
        opened[person.name] = open_store(home, vault, PASSPHRASE, lambda: at)
    yield opened
    for store in opened.values():
        store.close()


def assert_all_hold_the_same(played: Played, stores: dict[str, OpenStore]) -> None:
    """Check that every store has the council's last links, and that nothing waits to be sent or decided."""
    assert len(stores) == len(played.story.people)
    for opened in stores.values():
        heads = {seat: [link.number, link.digest] for seat, link in opened.store.have().items()}
        assert heads == played.council
        assert (opened.store.waiting().waiting, opened.store.undecided()) == (0, [])
    assert played.terminal.count("the same last links") == len(stores)


def assert_pictures_stand_beside_their_designs(played: Played) -> None:
    """Check that ``docs/screens.md`` shows the story's pictures in their order, and that the designs it names exist."""
    text = (DOCS / "screens.md").read_text(encoding="utf-8")
    shown = re.findall(rf"screens/{played.story.name}/([\w-]+)\.png", text)
    assert shown == list(played.pictures)
    assert sorted(file.stem for file in (DOCS / "screens" / played.story.name).glob("*.png")) == shown
    designs = re.findall(r"!\[Step \d+, design\]\((mockups/[\w-]+\.png)\)", text)
    assert designs
    assert all((DOCS / design).exists() for design in designs)
