"""Unlocking over the real vault, with real keys: who, the passphrase, what is said when it is not let in."""

import csv
import io
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from db import vault
from db.home import Home, Laptop
from db.unlock_throttle import ALLOWED, UnlockThrottle
from hipss_desktop.views.services import Services
from tests.helpers.laptop_at_home import NUMBERS, OTHER, OWN, WRONG, UnlockerAtHome, floor, focused, press, typed
from tests.helpers.store_fixtures import SetClock
from tests.helpers.walk import clipped_labels, settle, small_targets, tab_round, unnamed_focusables
from tests.ui.shell.windows import rest, windows
from ui import theme
from ui.base import announce
from ui.entry.unlock import UnlockWindow

Role = QAccessible.Role
Opened = list[Services]
Show = Callable[[], UnlockWindow]
HEAVY = ("sqlalchemy", "sqlcipher3", "cryptography", "keyring", "joserfc", "zxcvbn", "httpx2")


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A laptop shared by K. Adeyemi, A. Bevan (on call until 08:30) and S. Lloyd; no keyring."""
    laptop_home = Home(tmp_path_factory.mktemp("pattern") / "home")
    laptop_home.save_laptop(Laptop("HIPSS-LT-04", duty_numbers=NUMBERS))
    for name, role, passphrase in (
        ("K. Adeyemi", "Practitioner", OTHER),
        ("A. Bevan", "Senior practitioner", OWN),
        ("S. Lloyd", "Service manager", OTHER),
    ):
        vault.create(laptop_home, name=name, role=role, passphrase=passphrase, keyring=False, calibrate=floor)
    bevan = next(person for person in laptop_home.people() if person.name == "A. Bevan")
    laptop_home.save_person(replace(bevan, on_call_until=datetime(2017, 3, 14, 8, 30, tzinfo=UTC)))
    return laptop_home.path


@pytest.fixture
def home(tmp_path: Path, pattern: Path) -> Home:
    """The test's own copy of that laptop."""
    shutil.copytree(pattern, tmp_path / "home")
    return Home(tmp_path / "home")


def vault_of(home: Home, name: str) -> str:
    return next(person.vault_id for person in home.people() if person.name == name)


@pytest.fixture
def unlocker(home: Home, clock: SetClock) -> Iterator[UnlockerAtHome]:
    unlocker_at_home = UnlockerAtHome(home, clock, backup=vault_of(home, "S. Lloyd"))
    yield unlocker_at_home
    unlocker_at_home.close()


@pytest.fixture
def opened() -> Opened:
    """The use cases of everybody who got in."""
    return []


@pytest.fixture
def show(app: QApplication, qtbot: QtBot, unlocker: UnlockerAtHome, opened: Opened, clock: SetClock) -> Iterator[Show]:
    """Makes and shows the window, once what the test wants to be different is different."""
    with windows(
        lambda: UnlockWindow(unlocker, opened.append, lambda: unlocker.asked_new.append(1), clock=clock), qtbot
    ) as show:
        yield show


def type_passphrase(qtbot: QtBot, window: UnlockWindow, words: str) -> None:
    typed(words)
    press(Qt.Key.Key_Return)
    rest(qtbot, window)


def heard_by() -> tuple[list[tuple[str, bool]], object]:
    """What is announced from now on, and whether it interrupts; keep the second to stay connected."""
    heard: list[tuple[str, bool]] = []
    return heard, announce.signals.announced.connect(lambda _, words, now: heard.append((words, now)))


def shown_words(window: QWidget) -> str:
    """Everything a person can read or hear on the window."""
    texts = [window.windowTitle()]
    for widget in window.findChildren(QWidget):
        texts += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
        if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
            texts.append(widget.text())
    return "\n".join(texts)


def role(widget: QWidget) -> Role:
    return QAccessible.queryAccessibleInterface(widget).role()


# getting in


def test_whoever_is_on_call_is_chosen_and_types_at_once(show: Show, opened: Opened, qtbot: QtBot) -> None:
    window = show()
    assert window.people.person().name == "A. Bevan"
    assert focused() is window.form.edit
    type_passphrase(qtbot, window, OWN)
    assert len(opened) == 1
    assert opened[0].store.drafts() == []
    assert window.form.edit.text() == ""


def test_arrows_choose_another_person_who_then_unlocks(
    show: Show, opened: Opened, home: Home, unlocker: UnlockerAtHome, qtbot: QtBot
) -> None:
    window = show()
    press(Qt.Key.Key_Backtab, shift=True)
    assert focused() is window.people.rows[0]
    press(Qt.Key.Key_Down)
    assert window.people.person().name == "K. Adeyemi"
    press(Qt.Key.Key_Tab)
    assert focused() is window.form.edit
    type_passphrase(qtbot, window, OTHER)
    assert len(opened) == 1
    assert home.files(vault_of(home, "K. Adeyemi")).store.exists()
    assert not home.files(vault_of(home, "A. Bevan")).store.exists()


def test_a_passphrase_can_be_pasted(show: Show, opened: Opened, qtbot: QtBot) -> None:
    window = show()
    QGuiApplication.clipboard().setText(OWN)
    QTest.keySequence(window.form.edit, QKeySequence("Ctrl+V"))
    press(Qt.Key.Key_Return)
    rest(qtbot, window)
    assert len(opened) == 1


def test_the_passphrase_is_shown_and_hidden_by_button_and_by_key(show: Show) -> None:
    window = show()
    edit = window.form.edit
    assert edit.echoMode() == QLineEdit.EchoMode.Password
    QTest.mouseClick(edit.toggle, Qt.MouseButton.LeftButton)
    assert edit.echoMode() == QLineEdit.EchoMode.Normal
    assert edit.toggle.text() == "Hide"
    QTest.keySequence(window, QKeySequence("Ctrl+Shift+S"))
    assert edit.echoMode() == QLineEdit.EchoMode.Password


def test_while_it_unlocks_the_window_answers_and_a_second_enter_asks_nothing(
    show: Show, opened: Opened, unlocker: UnlockerAtHome, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    gate, real, vault_ids = threading.Event(), unlocker.unlock, []

    def slow(vault_id: str, passphrase: str) -> Services:
        vault_ids.append(vault_id)
        gate.wait(10)
        return real(vault_id, passphrase)

    monkeypatch.setattr(unlocker, "unlock", slow)
    window = show()
    QTest.keyClicks(window.form.edit, OWN)
    press(Qt.Key.Key_Return, 2)
    assert window.form.button.text() == "Unlocking"
    assert not window.people.isEnabled()
    QTest.keySequence(window, QKeySequence("Ctrl+Shift+S"))
    assert window.form.edit.toggle.text() == "Hide"
    gate.set()
    rest(qtbot, window)
    assert len(vault_ids) == len(opened) == 1
    assert window.form.button.text() == "Unlock"


def test_what_unlocking_needs_is_fetched_once_the_window_is_painted(show: Show, unlocker: UnlockerAtHome) -> None:
    show()
    assert unlocker.warmed


def test_setting_up_another_person_is_asked_for_from_here(show: Show, unlocker: UnlockerAtHome) -> None:
    window = show()
    link = next(button for button in window.findChildren(QAbstractButton) if button.text() == "Set up another person")
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    assert unlocker.asked_new == [1]


def test_a_laptop_nobody_is_set_up_on_offers_setting_up(
    app: QApplication, tmp_path: Path, clock: SetClock, qtbot: QtBot
) -> None:
    calls: list[str] = []
    window = UnlockWindow(
        UnlockerAtHome(Home(tmp_path / "empty"), clock), lambda _: None, lambda: calls.append("new"), clock=clock
    )
    qtbot.addWidget(window)
    window.show()
    start = next(button for button in window.findChildren(QAbstractButton) if button.text() == "Set up this laptop")
    QTest.mouseClick(start, Qt.MouseButton.LeftButton)
    assert calls == ["new"]
    assert "999" in shown_words(window)
    rest(qtbot, window)


# not let in


def test_a_wrong_passphrase_says_how_many_tries_are_left_and_can_be_typed_over(
    show: Show, opened: Opened, qtbot: QtBot
) -> None:
    window = show()
    heard, connection = heard_by()
    type_passphrase(qtbot, window, WRONG)
    assert window.form.field.error() == "That passphrase does not match. 9 tries left."
    assert ("That passphrase does not match. 9 tries left.", True) in heard
    assert window.form.edit.accessibleDescription().startswith("Error: That passphrase does not match.")
    assert focused() is window.form.edit
    assert window.form.edit.selectedText() != ""
    assert opened == []
    type_passphrase(qtbot, window, OWN)
    assert len(opened) == 1
    assert connection is not None


def test_after_ten_wrong_ones_the_wait_is_a_clock_time_with_the_managers_number(
    show: Show, opened: Opened, clock: SetClock, qtbot: QtBot
) -> None:
    clock.now = datetime(2017, 3, 14, 2, 20, 40, tzinfo=UTC)
    window = show()
    for _ in range(10):
        type_passphrase(qtbot, window, WRONG)
    wait = "You can try again at 02:36. For help now, ring S. Lloyd, 07700 900312."
    assert window.form.field.error() == wait
    type_passphrase(qtbot, window, OWN)
    assert window.form.field.error() == wait
    assert opened == []
    clock.pass_time(minutes=16)
    type_passphrase(qtbot, window, OWN)
    assert len(opened) == 1


def test_an_empty_passphrase_does_not_count_as_a_try(show: Show, home: Home, clock: SetClock, qtbot: QtBot) -> None:
    window = show()
    press(Qt.Key.Key_Return)
    rest(qtbot, window)
    assert window.form.field.error() == "Enter your passphrase"
    assert UnlockThrottle(home.files(vault_of(home, "A. Bevan")).tries, clock).check() == ALLOWED


def test_a_damaged_header_is_named_as_such(show: Show, home: Home, qtbot: QtBot) -> None:
    header = home.files(vault_of(home, "A. Bevan")).header
    header.write_bytes(header.read_bytes()[:-9] + b"x")
    window = show()
    type_passphrase(qtbot, window, OWN)
    assert window.form.field.error() == str(vault.HeaderDamaged())


def test_choosing_somebody_else_takes_the_error_and_the_words_away(show: Show, qtbot: QtBot) -> None:
    window = show()
    type_passphrase(qtbot, window, WRONG)
    press(Qt.Key.Key_Backtab, shift=True)
    press(Qt.Key.Key_Down)
    assert window.form.field.error() == ""
    assert window.form.edit.text() == ""


def test_a_bug_of_ours_gives_the_window_back(
    show: Show, unlocker: UnlockerAtHome, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    def broken(vault_id: str, passphrase: str) -> Services:
        raise ZeroDivisionError

    monkeypatch.setattr(unlocker, "unlock", broken)
    window = show()
    type_passphrase(qtbot, window, OWN)
    assert window.form.field.error().startswith("Something went wrong inside the program.")
    assert window.people.isEnabled()


# without the passphrase


def recovery_key(home: Home) -> str:
    """The recovery key of a new fourth person, first in the list."""
    new_vault = vault.create(home, name="A. Aroyo", role="Practitioner", passphrase=OWN, keyring=False, calibrate=floor)
    home.save_person(replace(home.person(new_vault.vault_id), on_call_until=datetime(2017, 3, 14, 9, 0, tzinfo=UTC)))
    return new_vault.recovery_key


def forget(window: UnlockWindow) -> None:
    press(Qt.Key.Key_Tab, 3)
    press(Qt.Key.Key_Return)
    settle()
    assert window.recovery.isVisible()


def test_a_recovery_key_opens_the_store_and_sets_a_new_passphrase(
    show: Show, opened: Opened, home: Home, qtbot: QtBot
) -> None:
    key = recovery_key(home)
    window = show()
    forget(window)
    typed(key.lower().replace("-", " "))
    press(Qt.Key.Key_Tab)
    typed(OTHER)
    press(Qt.Key.Key_Tab, 2)
    typed(OTHER)
    press(Qt.Key.Key_Return)
    rest(qtbot, window)
    assert len(opened) == 1
    assert vault.unlock(home, vault_of(home, "A. Aroyo"), OTHER)


@pytest.mark.parametrize(
    ("change", "new", "repetition", "where", "message"),
    [
        (lambda key: "", OTHER, OTHER, "key", "Enter your recovery key"),
        (lambda key: key[:-1] + "U", OTHER, OTHER, "key", "Group 8 is mistyped"),
        (lambda key: key, "short", "short", "new", "Use 12 characters or more"),
        (lambda key: key, OTHER, OWN, "again", "This is not the same"),
    ],
)
def test_an_error_in_a_recovery_is_shown_beside_its_field(
    show: Show,
    home: Home,
    qtbot: QtBot,
    change: Callable[[str], str],
    new: str,
    repetition: str,
    where: str,
    message: str,
) -> None:
    key = recovery_key(home)
    window = show()
    forget(window)
    typed(change(key))
    press(Qt.Key.Key_Tab)
    typed(new)
    press(Qt.Key.Key_Tab, 2)
    typed(repetition)
    press(Qt.Key.Key_Return)
    rest(qtbot, window)
    errors = {name: getattr(window.recovery, name).error() for name in ("key", "new", "again")}
    assert errors.pop(where).startswith(message)
    assert set(errors.values()) == {""}
    assert focused() is getattr(window.recovery, where).control


def test_back_from_recovery_is_the_passphrase_again(show: Show) -> None:
    window = show()
    forget(window)
    back = next(button for button in window.recovery.findChildren(QAbstractButton) if button.text() == "Back")
    QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    assert focused() is window.form.edit


# locked


@pytest.fixture
def locked(unlocker: UnlockerAtHome, home: Home, clock: SetClock) -> UnlockerAtHome:
    """A. Bevan's laptop, locked in a call that began at 02:14:00."""
    unlocker.locked = vault_of(home, "A. Bevan")
    unlocker.call_started = datetime(2017, 3, 14, 2, 14, tzinfo=UTC)
    unlocker.notes_saved = datetime(2017, 3, 14, 2, 19, 2, tzinfo=UTC)
    clock.now = unlocker.call_started + timedelta(minutes=5, seconds=2)
    return unlocker


def test_a_locked_laptop_says_that_the_call_and_the_notes_are_safe(locked: UnlockerAtHome, show: Show) -> None:
    heard, connection = heard_by()
    window = show()
    assert window.lock is not None
    words = shown_words(window.lock)
    assert "Call in progress, 05:02" in words
    assert "Your notes are saved on this laptop, 02:19:02." in words
    assert "on call until 08:30" in words
    assert "999" in words
    assert ("Locked. A. Bevan. Call in progress, your notes are saved.", False) in heard
    assert focused() is window.lock.form.edit
    assert not window.people.isVisible()
    assert connection is not None


def test_the_seconds_of_the_call_go_by_in_silence(locked: UnlockerAtHome, show: Show, clock: SetClock) -> None:
    window = show()
    assert window.lock is not None
    name = window.lock.notice.words.accessibleName()
    heard, connection = heard_by()
    clock.pass_time(seconds=1)
    window.ticked.emit()
    assert window.lock.notice.words.text() == "Call in progress, 05:03"
    assert window.lock.notice.words.accessibleName() == name
    assert heard == []
    assert connection is not None


def test_a_locked_person_unlocks_and_a_wrong_try_is_said_there(
    locked: UnlockerAtHome, show: Show, opened: Opened, qtbot: QtBot
) -> None:
    window = show()
    assert window.lock is not None
    type_passphrase(qtbot, window, WRONG)
    assert window.lock.form.field.error() == "That passphrase does not match. 9 tries left."
    type_passphrase(qtbot, window, OWN)
    assert len(opened) == 1


def test_somebody_else_goes_from_the_lock_to_the_list_of_people(locked: UnlockerAtHome, show: Show) -> None:
    window = show()
    assert window.lock is not None
    link = next(button for button in window.lock.findChildren(QAbstractButton) if button.text() == "I am not A. Bevan")
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    assert not window.lock.isVisible()
    assert window.people.isVisible()
    assert focused() is window.form.edit


# what is seen and heard


def test_parts_have_their_roles_and_names(show: Show) -> None:
    window = show()
    assert [role(row) for row in window.people.rows] == [Role.RadioButton] * 3
    names = [QAccessible.queryAccessibleInterface(row).text(QAccessible.Text.Name) for row in window.people.rows]
    assert names == [
        "A. Bevan, senior practitioner, on call until 08:30",
        "K. Adeyemi, practitioner",
        "S. Lloyd, service manager, backup manager",
    ]
    passphrase = QAccessible.queryAccessibleInterface(window.form.edit)
    assert passphrase.text(QAccessible.Text.Name) == "Passphrase"
    assert passphrase.state().passwordEdit
    headings = [
        label.text() for label in window.findChildren(QLabel) if label.isVisible() and label.property("heading")
    ]
    assert headings == ["Unlock this laptop", "What is protected", "If you forget it", "Need help now?"]
    assert unnamed_focusables(window) == []
    assert small_targets(window) == []


def test_tab_goes_in_reading_order_and_comes_back(show: Show) -> None:
    window = show()
    names = [button.text() for button in tab_round(window) if isinstance(button, QAbstractButton)]
    assert names == [
        "Show",
        "Unlock",
        "I have forgotten my passphrase",
        "Set up another person",
        "Day theme",
        "Large text",
        "A. Bevan",
    ]


def test_the_numbers_of_help_are_always_there(show: Show) -> None:
    words = shown_words(show())
    for number in ("999", "101", "01632 960145", "07700 900312"):
        assert number in words


def test_no_name_of_a_child_is_on_any_view(locked: UnlockerAtHome, show: Show) -> None:
    sheet = files("resources").joinpath("demo", "children.csv").read_text(encoding="utf-8")
    children = list(csv.DictReader(io.StringIO(sheet)))
    assert children
    window = show()
    window._show_recovery()
    words = shown_words(window)
    for child in children:
        assert child["Family name"] not in words
        assert child["Service number"] not in words


SIZES = [
    (1366, 768, 1.0),
    (1366, 696, 1.0),
    (1024, 640, 1.0),
    (1920, 1080, 1.0),
    (1024, 640, 1.15),
    (1366, 696, 1.3),
    (1024, 640, 1.5),
    (1366, 768, 1.5),
]


@pytest.mark.parametrize("view", ["people", "wrong", "recovery", "lock"])
@pytest.mark.parametrize(("width", "height", "scale"), SIZES)
def test_no_words_are_cut(
    locked: UnlockerAtHome, show: Show, app: QApplication, view: str, width: int, height: int, scale: float
) -> None:
    if view != "lock":
        locked.locked = ""
    theme.apply(app, theme.Theme("day", scale))
    window = show()
    window.resize(width, height)
    if view == "wrong":
        window.form.refuse("You can try again at 02:36. For help now, ring S. Lloyd, 07700 900312.")
    elif view == "recovery":
        window._show_recovery()
    settle()
    assert clipped_labels(window) == []
    bar = window._area.verticalScrollBar()
    if (width, height, scale) in SIZES[:4] and view in ("people", "lock"):
        assert bar.maximum() == 0, f"{bar.maximum()} pixels are below the window"
    assert focused().visibleRegion().boundingRect() == focused().rect()


def test_theme_and_text_size_change_at_once_and_are_kept(show: Show, home: Home, qtbot: QtBot) -> None:
    window = show()
    links = {button.text(): button for button in window.findChildren(QAbstractButton)}
    assert theme.current().name == "night"
    QTest.mouseClick(links["Day theme"], Qt.MouseButton.LeftButton)
    QTest.mouseClick(links["Large text"], Qt.MouseButton.LeftButton)
    rest(qtbot, window)
    assert (theme.current().name, theme.current().scale) == ("day", 1.3)
    assert (home.laptop().theme, home.laptop().text_scale) == ("day", 130)
    assert links["Day theme"].text() == "Night theme"
    QTest.keySequence(window, QKeySequence("Ctrl+0"))
    QTest.keySequence(window, QKeySequence("Ctrl+Shift+T"))
    rest(qtbot, window)
    assert (home.laptop().theme, home.laptop().text_scale) == ("night", 100)


@pytest.mark.parametrize("module", ["ui.entry.unlock", "ui.entry.first_run"])
def test_the_first_paint_waits_for_nothing_that_opens_a_store(module: str) -> None:
    program = f"import sys, {module}; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
