"""The guide as its tests begin it, find its parts and press its keys."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.missing_episode import MISSING_EPISODE, MissingEpisode
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import child_named
from tests.ui.shell.windows import press, rest
from ui.missing.guide_page import GuidePage
from ui.missing.reading_page import ReadingPage
from ui.on_call.on_call_page import OnCallPage
from ui.shell.window import MainWindow

Key, Modifier = Qt.Key, Qt.KeyboardModifier
CTRL = Modifier.ControlModifier
SEEN = "2017-03-13T23:10:00+00:00"


def begun(services: Services, given_name: str = "Ellie", **more: Any) -> str:
    """A guide that was begun for a child; its record."""
    draft = services.missing.draft(child_named(services, given_name))
    return services.missing.begin(replace(draft, fields={**draft.fields, "last_seen": SEEN, **more})).envelope.record


def episode(services: Services, record: str) -> MissingEpisode:
    """What a record says."""
    current = services.store.get(record)
    assert current is not None
    return MISSING_EPISODE.of(current)


def open_guide(window: MainWindow, qtbot: QtBot, record: str) -> GuidePage:
    """Open the guide of an episode."""
    window.go("missing_guide", record=record)
    return guide(window, qtbot)


def guide(window: MainWindow, qtbot: QtBot) -> GuidePage:
    """The guide that shows, once it is read."""
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, GuidePage)
    return page


def reading(window: MainWindow, qtbot: QtBot) -> ReadingPage:
    """The pack that is read out, once it is read."""
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, ReadingPage)
    return page


def to_card(window: MainWindow, qtbot: QtBot, name: str) -> None:
    """Move the focus to a child's card on the on-call screen."""
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, OnCallPage)
    card = next(card for card in page.children_board.cards() if card.child.name == name)
    card.setFocus()


def keys(window: MainWindow, qtbot: QtBot, *pressed: Qt.Key | str | tuple[Qt.Key, Qt.KeyboardModifier]) -> None:
    """Press keys, or type words, one after another where the focus is."""
    for key in pressed:
        if isinstance(key, str):
            QTest.keyClicks(QApplication.focusWidget() or window, key)
        elif isinstance(key, tuple):
            press(window, *key)
        else:
            press(window, key)
        rest(qtbot, window)


def name_of_focus() -> str:
    """What has the focus, as a screen reader calls it."""
    focused = QApplication.focusWidget()
    return focused.accessibleName() if focused is not None else ""
