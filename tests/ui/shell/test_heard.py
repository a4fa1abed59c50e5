"""What a screen reader is told of the window, step by step: one focus at a time, and nothing that is not shown."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.helpers import walk
from tests.helpers.spoken import Reader
from tests.helpers.store_fixtures import RecordingSession
from tests.ui.shell.windows import Opens, rest, windows
from ui.parts.tabs import Bar
from ui.shell.window import MainWindow

Key = Qt.Key
Role, Name = QAccessible.Role, QAccessible.Text.Name
CTRL, ALT, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def opens(app: QApplication, session: RecordingSession, qtbot: QtBot) -> Iterator[Opens]:
    with windows(lambda: MainWindow(session), qtbot) as opened:
        yield opened


class Listener:
    """Presses keys in the window and says what is heard after each: announcements, then what has the focus."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self._qtbot, self._reader = window, qtbot, Reader()
        self._announced, self._connection = walk.announcements()
        self.moves: list[QWidget] = []
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._moved)
        self._reader.says()

    def _moved(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None:
            self.moves.append(now)

    def press(self, key: Key, held: Qt.KeyboardModifier = NONE) -> str:
        self.moves.clear()
        self._announced.clear()
        QTest.keyClick(walk.focused(self.window), key, held)
        rest(self._qtbot, self.window)
        return self._reader.says()

    def type(self, words: str) -> None:
        QTest.keyClicks(walk.focused(self.window), words)
        rest(self._qtbot, self.window)

    def announced(self) -> list[str]:
        return list(self._announced)


@pytest.fixture
def listener(opens: Opens, qtbot: QtBot) -> Listener:
    return Listener(opens(), qtbot)


def tree(widget: QWidget) -> list[QAccessibleInterface]:
    return list(walk.accessible_tree(QAccessible.queryAccessibleInterface(widget)))


def test_a_call_is_heard_step_by_step(listener: Listener) -> None:
    assert listener.press(Key.Key_N, CTRL) == "Who is calling text. Type a name"
    listener.type("jo")
    assert listener.press(Key.Key_Return) == "Who is calling text Jo Preece. carer"
    assert "Jo Preece, carer. Kai M. picked from the placement. 01632 960174" in listener.announced()
    assert listener.press(Key.Key_2, ALT) == (
        "What is it about? panel. Missing or back check box not checked. Choose all that apply. Required"
    )
    assert listener.press(Key.Key_Right) == "Drink or drugs check box not checked"
    assert listener.press(Key.Key_5, ALT) == "Risk now panel. Low radio button not selected. Required. Advice is enough"
    assert listener.press(Key.Key_Right) == "Medium radio button selected. Follow up by day"
    spoken_words = listener.press(Key.Key_Return, CTRL)
    assert spoken_words.startswith(
        "There is a problem. 4 errors. panel. Choose what it is about. Enter what is happening."
    )
    spoken_words = listener.press(Key.Key_Return)
    assert spoken_words.startswith(
        "What is it about? panel. Drink or drugs check box not checked. Error: Choose what it is"
    )
    assert listener.press(Key.Key_0, ALT).startswith("Child’s card section. Kai M., 14, HIPSS-017, Missing since 21:40")


@pytest.mark.parametrize("key", [Key.Key_N, Key.Key_2, Key.Key_3, Key.Key_4, Key.Key_J])
def test_the_focus_is_set_once_when_a_page_opens_and_once_on_the_way_back(listener: Listener, key: Key) -> None:
    listener.press(key, CTRL)
    assert len(listener.moves) == 1, [walk.described(move) for move in listener.moves]
    listener.press(Key.Key_1, CTRL)
    assert len(listener.moves) == 1, [walk.described(move) for move in listener.moves]


def test_tabs_are_found_only_while_they_are_shown(listener: Listener) -> None:
    listener.press(Key.Key_N, CTRL)
    assert [node.text(Name) for node in tree(listener.window) if node.role() == Role.PageTab] == []
    listener.window.resize(1024, 640)
    walk.settle()
    assert [node.text(Name) for node in tree(listener.window) if node.role() == Role.PageTab] == [
        "The call",
        "Child’s card",
    ]
    listener.window.resize(1366, 768)
    walk.settle()
    assert [node.text(Name) for node in tree(listener.window) if node.role() == Role.PageTab] == []


def test_only_the_page_that_shows_is_found(listener: Listener) -> None:
    listener.press(Key.Key_2, CTRL)
    nodes = tree(listener.window)
    assert [node for node in nodes if node.role() == Role.LayeredPane] == []
    titles = [node.text(Name) for node in nodes if node.role() == Role.Heading]
    assert "Children" in titles
    assert "This shift’s contacts" not in titles
    listener.press(Key.Key_1, CTRL)
    assert "This shift’s contacts" in [node.text(Name) for node in tree(listener.window)]


def test_the_bar_of_the_shift_has_no_value_to_be_said(listener: Listener) -> None:
    bar = listener.window.findChildren(Bar)[0]
    assert bar.isVisible()
    interface = QAccessible.queryAccessibleInterface(bar)
    assert interface.valueInterface() is None
    assert (interface.role(), interface.text(QAccessible.Text.Value)) == (Role.Graphic, "")


@pytest.mark.parametrize(
    ("key", "held", "name"), [(Key.Key_K, CTRL, "Search and commands"), (Key.Key_F1, NONE, "Help")]
)
def test_what_lies_over_the_window_is_a_dialog_that_keeps_the_focus(
    listener: Listener, key: Key, held: Qt.KeyboardModifier, name: str
) -> None:
    before = walk.focused()
    assert listener.press(key, held).startswith(f"{name} dialog. ")
    layer = listener.window.layers.top
    assert layer is not None
    interface = QAccessible.queryAccessibleInterface(layer)
    assert interface.role() == Role.Dialog
    assert interface.state().modal
    # Orca reads every loose label of a dialog on the way in: what help says is in lists
    loose = [node.text(Name) for node in tree(layer) if node.role() == Role.StaticText]
    assert not any("Ctrl+N" in words or "Ring" in words for words in loose)
    listener.press(Key.Key_Escape)
    assert walk.focused() is before


def test_each_key_of_help_is_said_with_what_it_does(listener: Listener) -> None:
    listener.press(Key.Key_F1)
    layer = listener.window.layers.top
    assert layer is not None
    lines = [node.text(Name) for node in tree(layer) if node.role() == Role.ListItem]
    assert "Ctrl+N: Log a contact" in lines
    assert "Police, not urgent, 101" in lines


def test_a_follow_up_is_said_once(listener: Listener) -> None:
    page = listener.window.page
    assert page is not None
    table = next(node for node in tree(page) if node.text(Name) == "Open follow-ups" and node.role() == Role.Table)
    cells = [node.text(Name) for node in walk.accessible_tree(table) if node.role() == Role.Cell]
    assert sum("Ring Jo Preece back" in cell for cell in cells) == 1
