"""Whatever is pressed, touched, dropped, pasted, asked for or arrives while the screen is turned: no word of others comes.

After each act the words of every widget that lives and of every accessible object are read (``tests.helpers.words_in_reach``).
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QClipboard,
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QMouseEvent,
    QPointingDevice,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from hipss_desktop.kinds.carer import CARER
from hipss_desktop.kinds.contact import CONTACT
from tests.helpers.demo_laptop import settle
from tests.helpers.read_back_visit import NIGHTS, RESPITE, SEEN_ALONE
from tests.helpers.several_laptops import close, exchange, joined
from tests.helpers.store_fixtures import sign_in_as
from tests.helpers.words_in_reach import OWN, interfaces, others_found, words_of_others
from tests.ui.supervision.conftest import AtTheTable
from ui.shell import screens

MARKER = "Xanthippe Mordecai, 01632 960987"
"""Copied, dropped or written somewhere else: two names that nobody at the table may read."""
NO, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CTRL, ALT, META = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.MetaModifier,
)
MODIFIERS = [
    NO | first | second | third | fourth
    for first, second, third, fourth in itertools.product((NO, SHIFT), (NO, CTRL), (NO, ALT), (NO, META))
]
KEYS = [
    *(Qt.Key(code) for code in range(Qt.Key.Key_A.value, Qt.Key.Key_Z.value + 1)),
    *(Qt.Key(code) for code in range(Qt.Key.Key_0.value, Qt.Key.Key_9.value + 1)),
    *(Qt.Key(code) for code in range(Qt.Key.Key_F1.value, Qt.Key.Key_F12.value + 1)),
    *(
        getattr(Qt.Key, f"Key_{name}")
        for name in (
            *(
                "Escape",
                "Tab",
                "Backtab",
                "Backspace",
                "Return",
                "Enter",
                "Insert",
                "Delete",
                "Pause",
                "Print",
                "SysReq",
            ),
            *(
                "Home",
                "End",
                "Left",
                "Up",
                "Right",
                "Down",
                "PageUp",
                "PageDown",
                "Menu",
                "Help",
                "Space",
                "Plus",
                "Minus",
            ),
            *(
                "Equal",
                "Comma",
                "Period",
                "Slash",
                "Back",
                "Forward",
                "Refresh",
                "Search",
                "Copy",
                "Cut",
                "Paste",
                "Find",
            ),
            *("Open", "Close", "New", "Save", "Undo", "Redo", "HomePage", "Favorites", "LaunchMail", "Explorer"),
        )
    ),
]
"""Every key of a keyboard, and those that some have besides."""


@pytest.fixture
def others(table: AtTheTable) -> frozenset[str]:
    return words_of_others(table.services, " ".join((SEEN_ALONE, NIGHTS, RESPITE, OWN))) | {
        "Xanthippe",
        "Mordecai",
        "960987",
    }


@pytest.fixture
def turned(table: AtTheTable, others: frozenset[str]) -> QWidget:
    QGuiApplication.clipboard().setText(MARKER)
    return table.turn()


def beside(table: AtTheTable) -> list[str]:
    """What other windows there are, and what lives outside of the turned one."""
    windows = [type(window).__name__ for window in QApplication.topLevelWidgets() if window is not table.turned]
    outside = [type(widget).__name__ for widget in QApplication.allWidgets() if widget.window() is not table.turned]
    return [*windows, *outside]


def test_every_key_with_every_modifier(table: AtTheTable, turned: QWidget, others: frozenset[str]) -> None:
    for modifiers, key in itertools.product(MODIFIERS, KEYS):
        if key == Qt.Key.Key_F4 and modifiers == ALT:
            continue  # leads to the lock screen, see test_turned_leaving
        QTest.keyClick(QApplication.focusWidget() or turned, key, modifiers)
        assert beside(table) == [], (key, modifiers)
        if key in (Qt.Key.Key_Z, Qt.Key.Key_F12, Qt.Key.Key_Space, Qt.Key.Key_Explorer):
            settle(turned)
            assert others_found(others) == [], (key, modifiers)
    assert table.lock_commands == []


def test_every_key_into_each_box_that_is_typed_into(table: AtTheTable, turned: QWidget, others: frozenset[str]) -> None:
    table.turned.reading.part.choice.choose("own_words")
    table.turned.reading.signing.panels[0].choose("refused")
    settle(turned)
    boxes = [box for box in turned.findChildren(QPlainTextEdit) if box.isVisible()]
    boxes += [table.turned.leave.edit]  # type: ignore[list-item]  # another box to type into
    for box, modifiers in itertools.product(boxes, MODIFIERS):
        for key in (Qt.Key.Key_V, Qt.Key.Key_Insert, Qt.Key.Key_Paste, Qt.Key.Key_Y, Qt.Key.Key_F10, Qt.Key.Key_Menu):
            QTest.keyClick(box, key, modifiers)
        assert others_found(others) == [], (type(box), modifiers)


def test_every_registered_shortcut(table: AtTheTable, turned: QWidget, others: frozenset[str]) -> None:
    registered = {
        sequence for screen in screens.screens().values() for key in screen.keys for sequence in key.all_sequences()
    } | {sequence for key in screens.everywhere("manager") for sequence in key.all_sequences()}
    registered |= {"Ctrl+Shift+S", "Ctrl+M", "Ctrl+Page Down", "F9", "Ctrl+Q", "Ctrl+W", "Ctrl+O", "Ctrl+Shift+P"}
    for sequence in sorted(registered - {"Alt+F4"}):
        QTest.keySequence(QApplication.focusWidget() or turned, QKeySequence(sequence))
        settle()
        assert beside(table) == [], sequence
        assert others_found(others) == [], sequence
    assert table.lock_commands == []


def places(turned: QWidget) -> Iterator[tuple[QWidget, QPoint]]:
    """Places all over the window, each with what lies there."""
    for y in range(12, turned.height(), 44):
        for x in range(12, turned.width(), 44):
            hit = turned.childAt(x, y) or turned
            yield hit, hit.mapFrom(turned, QPoint(x, y))


@pytest.mark.parametrize("button", ["LeftButton", "RightButton", "MiddleButton", "double"])
def test_the_mouse_all_over(table: AtTheTable, turned: QWidget, others: frozenset[str], button: str) -> None:
    QGuiApplication.clipboard().setText(MARKER, QClipboard.Mode.Selection)
    for hit, place in list(places(turned)):
        if not shiboken6.isValid(hit) or not hit.isVisible():
            continue
        if button == "double":
            QTest.mouseDClick(hit, Qt.MouseButton.LeftButton, NO, place)
        else:
            QTest.mouseClick(hit, getattr(Qt.MouseButton, button), NO, place)
            if button == "RightButton":
                menu = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, hit.mapToGlobal(place))
                QApplication.sendEvent(hit, menu)
        assert beside(table) == [], (type(hit), place)
    settle(turned)
    assert QApplication.activePopupWidget() is None
    assert others_found(others) == []


def test_a_finger_all_over(table: AtTheTable, turned: QWidget, others: frozenset[str]) -> None:
    screen: QPointingDevice = QTest.createTouchDevice()
    for hit, place in list(places(turned)):
        for act in ("press", "move", "release"):
            if shiboken6.isValid(hit) and hit.isVisible():  # what was touched may be gone by its own press
                getattr(QTest.touchEvent(hit, screen), act)(0, place + QPoint(30 if act != "press" else 0, 0), hit)
        assert beside(table) == [], (type(hit), place)
    settle(turned)
    assert others_found(others) == []


def test_each_action_of_each_accessible_object(table: AtTheTable, turned: QWidget, others: frozenset[str]) -> None:
    done = 0
    for place in range(len(list(interfaces()))):
        interface = next(itertools.islice(interfaces(), place, None), None)
        actions = interface.actionInterface() if interface is not None else None
        for name in actions.actionNames() if actions is not None else ():
            current_interface = next(itertools.islice(interfaces(), place, None), None)
            inside = current_interface.actionInterface() if current_interface is not None else None
            if inside is not None:
                inside.doAction(name)
                done += 1
                settle(turned)
                assert beside(table) == [], name
                assert others_found(others) == [], name
    assert done > 20
    assert table.lock_commands == []


def test_what_was_copied_before_is_never_pasted(table: AtTheTable, turned: QWidget, others: frozenset[str]) -> None:
    card = table.turned.reading.part
    card.choice.choose("own_words")
    card.text.setFocus()
    card.text.paste()
    card.text.insertFromMimeData(marked())
    QTest.keyClick(card.text, Qt.Key.Key_V, CTRL)
    assert card.text.toPlainText() == ""
    QTest.keyClicks(card.text, "told")
    QTest.keyClick(card.text, Qt.Key.Key_A, CTRL)
    QTest.keyClick(card.text, Qt.Key.Key_C, CTRL)
    QTest.keyClick(card.text, Qt.Key.Key_End)
    QTest.keyClick(card.text, Qt.Key.Key_V, CTRL)
    assert card.text.toPlainText() == "toldtold", "what was copied inside is pasted inside"
    assert QGuiApplication.clipboard().text() == MARKER, "and goes no further"
    QTest.keyClick(table.turned.leave.edit, Qt.Key.Key_V, CTRL)
    QTest.keyClick(table.turned.leave.edit, Qt.Key.Key_Insert, SHIFT)
    assert others_found(others) == []


def marked() -> QMimeData:
    data = QMimeData()
    data.setText(MARKER)
    data.setHtml(f"<b>{MARKER}</b>")
    return data


def test_nothing_is_dropped_in_and_no_menu_opens(table: AtTheTable, turned: QWidget, others: frozenset[str]) -> None:
    table.turned.reading.part.choice.choose("own_words")
    copy, left_button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    for widget in [turned, *turned.findChildren(QWidget)]:
        data = marked()
        enter = QDragEnterEvent(QPoint(4, 4), copy, data, left_button, NO)
        QApplication.sendEvent(widget, enter)
        assert not enter.isAccepted(), type(widget)
        QApplication.sendEvent(widget, QDropEvent(QPointF(4, 4), copy, data, left_button, NO))
        for reason in (QContextMenuEvent.Reason.Keyboard, QContextMenuEvent.Reason.Mouse):
            QApplication.sendEvent(widget, QContextMenuEvent(reason, QPoint(4, 4), widget.mapToGlobal(QPoint(4, 4))))
        assert QApplication.activePopupWidget() is None, type(widget)
    assert beside(table) == []
    assert others_found(others) == []


def write_of_others(table: AtTheTable) -> None:
    """A contact and a household of two names that nobody at the table may read."""
    services = table.services
    person = services.store.seat.person
    sign_in_as(services.store, role="manager")
    carers = {"members": [{"id": "x", "given_name": "Xanthippe", "family_name": "Mordecai", "relation": "carer"}]}
    services.records.finish(services.records.new_draft(CARER.name, carers))
    call = {"type": "information", "caller_name": "Xanthippe Mordecai", "happening": MARKER, "risk": "low"}
    draft = services.records.new_draft(CONTACT.name, call)
    services.records.save(replace(draft))
    sign_in_as(services.store, role="supervising", person=person)


def stands_differently(table: AtTheTable) -> None:
    """The connection changes, as the sync loop tells of it."""
    session = table.program._session
    assert session is not None
    for listener in session._loop._listeners:
        listener()


def comes_by_sync(table: AtTheTable) -> None:
    """What another laptop wrote of another household arrives while the screen is turned."""
    lloyd = joined(
        table.opened.home.path / "other", table.clock, table.services, name="S. Lloyd", laptop="L1", role="manager"
    )
    carers = {"members": [{"id": "x", "given_name": "Xanthippe", "family_name": "Mordecai", "relation": "carer"}]}
    lloyd.records.finish(lloyd.records.new_draft(CARER.name, carers))
    exchange(lloyd, table.services)
    close([lloyd])


ARRIVALS: dict[str, Callable[[AtTheTable], None]] = {
    "another start of the program": lambda table: table.program._come_forward(),
    "the connection changes": stands_differently,
    "a commit of another household": write_of_others,
    "a sync with another household": comes_by_sync,
}


@pytest.mark.parametrize("arrival", ARRIVALS)
def test_what_arrives_says_nothing(table: AtTheTable, turned: QWidget, others: frozenset[str], arrival: str) -> None:
    ARRIVALS[arrival](table)
    settle(turned)
    QTest.qWait(200)
    assert beside(table) == []
    assert others_found(others) == []


def test_a_mouse_that_is_held_and_dragged_takes_no_words_out(table: AtTheTable, turned: QWidget) -> None:
    card = table.turned.reading.part
    card.choice.choose("own_words")
    QTest.keyClicks(card.text, "He wants to be told why")
    card.text.selectAll()
    assert card.text.createMimeDataFromSelection().text() == ""
    release = QMouseEvent(
        QEvent.Type.MouseButtonRelease,
        QPointF(5, 5),
        QPointF(5, 5),
        Qt.MouseButton.LeftButton,
        Qt.MouseButton.NoButton,
        NO,
    )
    QApplication.sendEvent(card.text.viewport(), release)
    assert "told why" not in QGuiApplication.clipboard().text()
