"""On a disk that takes nothing a window says so, and what is typed stays on the screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from db.store import LaptopStore
from hipss_desktop.views.services import Services
from tests.helpers.disks import SmallDisk, small_disk
from tests.helpers.store_fixtures import RecordingSession, SetClock, make_store
from tests.helpers.walk import focused
from tests.ui.shell.windows import press, rest, windows
from ui.base.announce import signals
from ui.shell.window import MainWindow

KEY = bytes(range(32))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk") as small:
        yield small


@pytest.fixture
def spoken() -> Iterator[list[tuple[str, bool]]]:
    heard: list[tuple[str, bool]] = []

    def hear(_: QWidget, words: str, assertive: bool) -> None:
        heard.append((words, assertive))

    signals.announced.connect(hear)
    yield heard
    signals.announced.disconnect(hear)


def opened(disk: SmallDisk, clock: SetClock) -> LaptopStore:
    return LaptopStore(disk.home / "store.db", KEY, anchor=disk.home / "anchor", clock=clock)


def type_a_call(window: MainWindow, qtbot: QtBot) -> None:
    """Begin a contact, type what happened, and wait for what the program says of it."""
    press(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    rest(qtbot, window)
    press(window, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    for letter in "Kai is home":
        QTest.keyClicks(focused(), letter)
    qtbot.waitUntil(lambda: window.page.autosave.words() != "")  # type: ignore[union-attr]  # the page of a draft is open
    rest(qtbot, window)


def typed(window: MainWindow) -> str:
    return str(window.page.draft.fields["happening"])  # type: ignore[union-attr]  # the page of a draft is open


def test_a_window_over_a_full_disk_says_so_and_keeps_the_words_on_the_screen(
    app: QApplication, disk: SmallDisk, clock: SetClock, qtbot: QtBot, spoken: list[tuple[str, bool]]
) -> None:
    first_store = make_store(disk.home, clock, key=KEY)
    first_store.storage.reserve.give_up()
    first_store.close()
    disk.fill()
    store = opened(disk, clock)
    with windows(lambda: MainWindow(RecordingSession(Services(store, clock))), qtbot) as opens:
        window = opens()
        assert window.disk_notice.isVisible()
        assert "Nothing can be saved on this laptop now" in window.disk_notice.accessibleName()
        assert spoken == [(window.disk_notice.accessibleName(), True)]
        type_a_call(window, qtbot)
        assert window.page.autosave.words().startswith("Not saved: This laptop's disk takes nothing now.")  # type: ignore[union-attr]  # as above
        assert typed(window) == "Kai is home"
    store.close()


def test_a_disk_that_fills_under_a_window_is_said_and_the_draft_goes_into_the_reserve(
    app: QApplication, disk: SmallDisk, clock: SetClock, qtbot: QtBot
) -> None:
    store = make_store(disk.home, clock, key=KEY)
    with windows(lambda: MainWindow(RecordingSession(Services(store, clock))), qtbot) as opens:
        window = opens()
        assert not window.disk_notice.isVisible()
        disk.fill()
        type_a_call(window, qtbot)
        assert window.page.autosave.words().startswith("Saved on this laptop")  # type: ignore[union-attr]  # as above
        qtbot.waitUntil(window.disk_notice.isVisible)
        assert "last room that was kept for it" in window.disk_notice.accessibleName()
    assert [draft.fields["happening"] for draft in store.drafts()] == ["Kai is home"]
    store.close()
