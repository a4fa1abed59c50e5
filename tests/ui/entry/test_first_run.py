"""Setting up a laptop over the real vault, by keys alone: the code, the passphrase, the key written down."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtPrintSupport import QPrinterInfo
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from db import vault
from db.home import Home
from hipss_desktop.documents.tree import Document, Table
from hipss_desktop.views.services import Services
from tests.helpers.laptop_at_home import OWN, FirstRunAtHome, UnlockerAtHome, focused, press, typed
from tests.helpers.store_fixtures import SetClock
from tests.helpers.walk import clipped_labels, settle, small_targets, tab_round, unnamed_focusables
from tests.ui.shell.windows import rest, windows
from ui import theme
from ui.base import announce
from ui.entry.first_run import FirstRunWindow
from ui.parts import Field, LineEdit

TYPED_CODE = "7kq4 - 0m2x 91td"


@pytest.fixture
def run(tmp_path: Path, clock: SetClock) -> Iterator[FirstRunAtHome]:
    """A laptop that nobody is set up on, and the council's answers."""
    first_run = FirstRunAtHome(Home(tmp_path / "home"), clock)
    yield first_run
    first_run.close()


@pytest.fixture
def opened() -> list[Services]:
    """The use cases that setting up ended with."""
    return []


@pytest.fixture
def window(
    app: QApplication, qtbot: QtBot, run: FirstRunAtHome, opened: list[Services], clock: SetClock
) -> Iterator[FirstRunWindow]:
    back, unlocker = lambda: run.went.append("back"), UnlockerAtHome(run.home, clock)
    with windows(
        lambda: FirstRunWindow(run, opened.append, unlocker=unlocker, on_back=back, clock=clock), qtbot
    ) as show:
        yield show()


def enrol(qtbot: QtBot, window: FirstRunWindow, code: str = TYPED_CODE) -> None:
    """Step 1, by keys from its first field."""
    window.enrol.server.go()
    for words in (" hipss.council.example", code, "HIPSS-LT-04"):
        typed(words)
        press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Return)
    rest(qtbot, window)


def choose(qtbot: QtBot, window: FirstRunWindow, words: str = OWN, repetition: str = OWN) -> None:
    """Step 2, by keys from its first field."""
    window.passphrase.field.go()
    typed(words)
    press(Qt.Key.Key_Tab, 2)
    typed(repetition)
    press(Qt.Key.Key_Return)
    rest(qtbot, window)


def write_down() -> None:
    """Step 3 as far as the two groups: Show, then the tick, by keys."""
    press(Qt.Key.Key_Space)
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Space)
    settle()


def answer(field: Field) -> LineEdit:
    """The input of a field."""
    assert isinstance(field.control, LineEdit)
    return field.control


def heading(window: FirstRunWindow, place: int) -> str:
    interface = QAccessible.queryAccessibleInterface(window.steps[place].head)
    return interface.text(QAccessible.Text.Name)


def test_a_laptop_is_set_up_by_keys_alone(
    window: FirstRunWindow, run: FirstRunAtHome, opened: list[Services], qtbot: QtBot
) -> None:
    assert focused() is window.enrol.server.control
    enrol(qtbot, window)
    assert run.shown == [("hipss.council.example", TYPED_CODE, "HIPSS-LT-04")]
    assert "Code accepted. HIPSS-LT-04, for A. Bevan" in window.enrol.notice.words.accessibleName()
    assert focused() is window.passphrase.edit
    choose(qtbot, window)
    assert run.council.certified == ["A. Bevan"]
    assert "Laptop set up. HIPSS-LT-04, for A. Bevan. 02:14 GMT" in window.enrol.notice.words.accessibleName()
    assert focused() is window.key.show_button
    press(Qt.Key.Key_Space)
    groups = [label.text() for label in window.key.paper._labels]
    assert "-".join(groups) == run.key
    press(Qt.Key.Key_Tab)
    assert focused() is window.key.print_button
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Space)
    settle()
    for number in window.key.group_fields:
        typed(groups[number - 1].lower())
        press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Return)
    rest(qtbot, window)
    assert len(opened) == 1
    assert opened[0].store.seat.name == "A. Bevan"
    assert vault.unlock(run.home, run.vault_id, OWN)
    assert window.key.paper.groups == []
    assert [label.text() for label in window.key.paper._labels] == ["•••••"] * 8


def test_steps_open_in_order_and_say_their_number_and_state(window: FirstRunWindow, qtbot: QtBot) -> None:
    assert [heading(window, place) for place in range(3)] == [
        "Step 1 of 3, Enrol this laptop, current",
        "Step 2 of 3, Choose your passphrase, not yet",
        "Step 3 of 3, Write down your recovery key, not yet",
    ]
    assert not window.passphrase.edit.isEnabled()
    assert not window.key.show_button.isEnabled()
    enrol(qtbot, window)
    assert heading(window, 0) == "Step 1 of 3, Enrol this laptop, done"
    assert heading(window, 1) == "Step 2 of 3, Choose your passphrase, current"
    assert window.passphrase.edit.isEnabled()
    code = answer(window.enrol.code)
    assert code.isReadOnly()
    assert code.text() == TYPED_CODE


def test_tab_goes_in_reading_order_and_comes_back(window: FirstRunWindow) -> None:
    step = window.enrol
    expected = [step.server.control, step.code.control, step.laptop.control, step.button, window.back]
    assert tab_round(window)[:5] == expected


def test_what_is_missing_in_step_1_is_said_beside_each_field(window: FirstRunWindow, run: FirstRunAtHome) -> None:
    press(Qt.Key.Key_Return)
    assert window.enrol.server.error() == "Enter the server address"
    assert window.enrol.code.error() == "Enter the one-time code"
    assert window.enrol.laptop.error() == "Enter the name of this laptop"
    assert focused() is window.enrol.server.control
    assert run.shown == []


def test_a_council_that_does_not_answer_is_said_plainly_and_nothing_typed_is_lost(
    window: FirstRunWindow, run: FirstRunAtHome, qtbot: QtBot
) -> None:
    run.council.reached = False
    heard: list[tuple[str, bool]] = []
    connection = announce.signals.announced.connect(lambda _, words, now: heard.append((words, now)))
    enrol(qtbot, window)
    words = "No answer from hipss.council.example. Check the address and your network."
    assert window.enrol.server.error() == words
    assert (words, True) in heard
    assert answer(window.enrol.code).text() == TYPED_CODE
    run.council.reached = True
    press(Qt.Key.Key_Return)
    rest(qtbot, window)
    assert focused() is window.passphrase.edit
    assert connection is not None


def test_a_code_the_council_does_not_know_is_said_beside_the_code(window: FirstRunWindow, qtbot: QtBot) -> None:
    enrol(qtbot, window, "0000 0000 0000")
    assert window.enrol.code.error().startswith("That code is not known")
    assert focused() is window.enrol.code.control


def test_the_strength_of_a_passphrase_is_shown_in_bars_and_words(window: FirstRunWindow, qtbot: QtBot) -> None:
    enrol(qtbot, window)
    typed("kettle")
    rest(qtbot, window)
    assert window.passphrase.bars.word.text() == "Weak"
    assert window.passphrase.bars.count.text() == "1 word, 6 characters"
    typed(" marble otter Thursday")
    rest(qtbot, window)
    bars = window.passphrase.bars
    assert (bars.word.text(), bars._score) == ("Strong", 4)
    assert bars.count.text() == "4 words, 28 characters"


@pytest.mark.parametrize(
    ("words", "repetition", "where", "message"),
    [
        ("", "", "field", "Enter a passphrase"),
        ("short", "short", "field", "Use 12 characters or more"),
        ("password1234", "password1234", "field", "That is easy to guess."),
        (OWN, OWN.lower(), "again", "This is not the same"),
    ],
)
def test_a_passphrase_that_is_not_taken_makes_nothing(
    window: FirstRunWindow, run: FirstRunAtHome, qtbot: QtBot, words: str, repetition: str, where: str, message: str
) -> None:
    enrol(qtbot, window)
    choose(qtbot, window, words, repetition)
    field = getattr(window.passphrase, where)
    assert field.error().startswith(message)
    assert focused() is field.control
    assert run.home.people() == []


def test_a_council_lost_in_step_2_is_said_over_the_button_and_can_be_tried_again(
    window: FirstRunWindow, run: FirstRunAtHome, qtbot: QtBot
) -> None:
    enrol(qtbot, window)
    run.council.reached = False
    choose(qtbot, window)
    assert window.passphrase.trouble.isVisible()
    assert window.passphrase.trouble.text().startswith("The council's server did not answer.")
    run.council.reached = True
    press(Qt.Key.Key_Return)
    rest(qtbot, window)
    assert focused() is window.key.show_button


@pytest.mark.parametrize("words", ["", "This laptop has no keyring. A copy of its disk needs your passphrase alone."])
def test_a_laptop_without_a_keyring_says_what_is_weaker(
    window: FirstRunWindow, run: FirstRunAtHome, qtbot: QtBot, words: str
) -> None:
    run.keyring = words
    enrol(qtbot, window)
    assert window.passphrase.keyring.isVisible() is bool(words)
    assert words in window.passphrase.keyring.words.accessibleName()


def test_the_key_is_hidden_until_asked_for_and_once_it_is_written_down(window: FirstRunWindow, qtbot: QtBot) -> None:
    enrol(qtbot, window)
    choose(qtbot, window)
    hidden = ["•••••"] * 8
    paper = window.key.paper
    assert [label.text() for label in paper._labels] == hidden
    assert not window.key.written.isEnabled()
    press(Qt.Key.Key_Space)
    assert hidden[0] not in [label.text() for label in paper._labels]
    assert paper._labels[0].accessibleName() == f"Group 1: {' '.join(paper.groups[0])}"
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Space)
    assert [label.text() for label in paper._labels] == hidden
    assert focused() is next(iter(window.key.group_fields.values())).control


def test_the_groups_of_the_key_are_numbered_where_they_are_shown(window: FirstRunWindow, qtbot: QtBot) -> None:
    enrol(qtbot, window)
    choose(qtbot, window)
    assert window.key.show_button.text() == "Show the key"
    press(Qt.Key.Key_Space)
    settle()
    shown = {label.text(): label for label in window.key.paper.findChildren(QLabel)}
    for number, group in enumerate(window.key.paper.groups, 1):
        above, below = shown[str(number)], shown[group]
        assert above.geometry().bottom() < below.geometry().top() + 1
        assert above.x() == below.x()


@pytest.mark.parametrize("wrong", [(0,), (1,), (0, 1)])
def test_only_the_group_that_is_not_as_shown_is_marked(
    window: FirstRunWindow, run: FirstRunAtHome, opened: list[Services], qtbot: QtBot, wrong: tuple[int, ...]
) -> None:
    enrol(qtbot, window)
    choose(qtbot, window)
    write_down()
    fields = list(window.key.group_fields.items())
    for place, (number, _) in enumerate(fields):
        right = run.key.split("-")[number - 1]
        typed("00000" if place in wrong and right != "00000" else right)
        press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Return)
    rest(qtbot, window)
    for place, (number, field) in enumerate(fields):
        words = f"Group {number} is mistyped"
        assert field.error() == (words if place in wrong else "")
    assert focused() is fields[wrong[0]][1].control
    first, second = (answer(field) for _, field in fields)
    assert abs(first.width() - second.width()) <= 20  # an error's bar and its indent
    assert first.mapTo(window, QPoint()).y() == second.mapTo(window, QPoint()).y()
    assert not window.key.trouble.isVisible()
    assert opened == []
    for place in wrong:
        answer(fields[place][1]).clear()
        fields[place][1].go()
        typed(run.key.split("-")[fields[place][0] - 1])
    press(Qt.Key.Key_Return)
    rest(qtbot, window)
    assert len(opened) == 1


def test_a_group_left_empty_is_asked_for_by_its_number(window: FirstRunWindow, qtbot: QtBot) -> None:
    enrol(qtbot, window)
    choose(qtbot, window)
    write_down()
    press(Qt.Key.Key_Return)
    assert [field.error() for field in window.key.group_fields.values()] == [
        f"Enter group {number}" for number in window.key.group_fields
    ]


def test_who_else_holds_a_key_is_said(window: FirstRunWindow) -> None:
    words = " ".join(label.text() for label in window.key.findChildren(QLabel))
    assert "The council keeps another key for this laptop" in words
    assert "only way back" not in words


def test_back_to_unlock_is_there_until_a_vault_is_made(
    window: FirstRunWindow, run: FirstRunAtHome, qtbot: QtBot
) -> None:
    QTest.mouseClick(window.back, Qt.MouseButton.LeftButton)
    assert run.went == ["back"]
    enrol(qtbot, window)
    choose(qtbot, window)
    assert not window.back.isVisible()


def test_theme_and_text_size_are_kept_from_here_too(window: FirstRunWindow, run: FirstRunAtHome, qtbot: QtBot) -> None:
    links = {button.text(): button for button in window.findChildren(QAbstractButton)}
    QTest.mouseClick(links["Large text"], Qt.MouseButton.LeftButton)
    QTest.mouseClick(links["Day theme"], Qt.MouseButton.LeftButton)
    rest(qtbot, window)
    assert (run.home.laptop().theme, run.home.laptop().text_scale) == ("day", 130)


@pytest.mark.parametrize(
    ("width", "height", "scale"),
    [(1366, 768, 1.0), (1024, 640, 1.0), (1366, 696, 1.3), (1024, 640, 1.5), (1920, 1080, 1.0)],
)
def test_no_words_are_cut_and_everything_has_a_name_at_every_step(
    window: FirstRunWindow, run: FirstRunAtHome, qtbot: QtBot, width: int, height: int, scale: float
) -> None:
    run.keyring = "This laptop has no keyring. A copy of its disk needs your passphrase alone."
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply(application, theme.Theme("day", scale))
    window.resize(width, height)

    def check() -> None:
        settle()
        assert clipped_labels(window) == []
        assert unnamed_focusables(window) == []
        assert small_targets(window) == []
        assert focused().visibleRegion().boundingRect() == focused().rect()

    press(Qt.Key.Key_Return)
    check()
    enrol(qtbot, window)
    press(Qt.Key.Key_Return)
    check()
    choose(qtbot, window)
    check()
    write_down()
    press(Qt.Key.Key_Return)
    check()


def test_the_foot_says_whether_the_laptop_is_online(window: FirstRunWindow, run: FirstRunAtHome, qtbot: QtBot) -> None:
    rest(qtbot, window)
    assert (window.network.text(), window.network.icon_name) == ("Online", "cloud")
    run.on_network = run.council.reached = False
    enrol(qtbot, window)
    assert (window.network.text(), window.network.icon_name) == ("Offline", "cloudoff")
    run.on_network = True
    qtbot.waitUntil(lambda: window.network.text() == "Online")


def test_the_key_is_printed_without_a_file_and_the_queue_is_named_before(
    window: FirstRunWindow, run: FirstRunAtHome, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui.documents import printing

    documents: list[Document] = []
    monkeypatch.setattr(printing.Printing, "_ask", lambda _, document: documents.append(document))
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", lambda: ["Office"])
    assert not window.key.queue.isVisible()
    enrol(qtbot, window)
    choose(qtbot, window)
    assert "print queue may keep a copy" in window.key.queue.text()
    assert window.key.queue.isVisible()
    window.key.print_button.click()
    rest(qtbot, window)
    (document,) = documents
    table = next(block for block in document.blocks if isinstance(block, Table))
    assert "-".join(group for _, group in table.rows) == run.key
    assert [label.text() for label in window.key.paper._labels] == ["•••••"] * 8, "printing shows it to nobody"
    assert not window.key.written.isEnabled(), "until it was sent"
    window.key.printed("Sent to the printer: 1 page.")
    assert window.key.written.isEnabled()


def test_without_a_printer_the_step_says_so_and_the_key_can_be_written_down(
    window: FirstRunWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui.documents import printing

    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", lambda: [])
    enrol(qtbot, window)
    choose(qtbot, window)
    window.key.print_button.click()
    rest(qtbot, window)
    assert window.key.trouble.text() == printing.NO_PRINTER
    window.key.show_button.click()
    assert window.key.written.isEnabled()
