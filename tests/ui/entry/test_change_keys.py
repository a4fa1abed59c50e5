"""Another passphrase and another recovery key in the program's window, over a real vault and store, by keys alone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinterInfo
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from db import vault
from db.connection import Storage
from db.home import Home
from db.vault import WrongPassphrase, WrongRecoveryKey
from hipss_desktop import laptop, times
from hipss_desktop.app import Program
from hipss_desktop.errors import DiskRefused
from hipss_desktop.laptop import OpenStore, make_vault, open_store
from hipss_desktop.unlock import LaptopSession, LeftOpen
from tests.helpers.disks import small_disk
from tests.helpers.laptop_at_home import OTHER, OWN, WRONG, floor, focused, press, typed
from tests.helpers.several_laptops import amend
from tests.helpers.store_fixtures import SetClock, load_demo
from tests.helpers.walk import clipped_labels, settle, small_targets, unnamed_focusables
from tests.ui.shell.windows import rest
from ui import theme
from ui.entry.change_keys import KeysWindow
from ui.entry.steps import KeyStep, edit_of
from ui.parts import Field, LineEdit
from ui.shell.window import CALL_RUNS, NO_ROOM, MainWindow

DAY = datetime(2017, 3, 14, 11, 5, tzinfo=UTC)
NIGHT = datetime(2017, 3, 14, 2, 14, tzinfo=UTC)
CTRL = Qt.KeyboardModifier.ControlModifier


@dataclass
class AtTheDesk:
    """The program with its window open, on somebody's laptop."""

    app: QApplication
    qtbot: QtBot
    home: Home
    clock: SetClock
    vault_id: str
    recovery_key: str
    program: Program
    locked: list[list[str]] = field(default_factory=list)

    def unlock(self, passphrase: str = OWN) -> MainWindow:
        """Open the store and the window."""
        self.program.enter(open_store(self.home, self.vault_id, passphrase, self.clock))
        return self.main

    @property
    def main(self) -> MainWindow:
        """The window that shows the store."""
        window = self._at_rest()
        assert isinstance(window, MainWindow)
        return window

    @property
    def keys(self) -> KeysWindow:
        """The window that stands in its place."""
        window = self._at_rest()
        assert isinstance(window, KeysWindow)
        return window

    def _at_rest(self) -> MainWindow | KeysWindow:
        def is_idle() -> bool:
            window = self.program.window
            assert isinstance(window, MainWindow | KeysWindow)
            return window.runner.idle

        for _ in range(3):  # one window may have given way to another
            settle()
            self.qtbot.waitUntil(is_idle)
        window = self.program.window
        assert isinstance(window, MainWindow | KeysWindow)
        rest(self.qtbot, window)
        return window

    @property
    def opened(self) -> OpenStore:
        """The store that the program has open."""
        assert self.program._opened is not None
        return self.program._opened

    def command(self, words: str) -> KeysWindow:
        """Give a command through the palette."""
        self.give(words)
        return self.keys

    def give(self, words: str) -> None:
        """Type a command into the palette and choose the first one."""
        QTest.keyClick(focused(), Qt.Key.Key_K, CTRL)
        settle()
        typed(words)
        rest(self.qtbot, self.main)
        press(Qt.Key.Key_Return)
        settle()

    def answer(self, own: str, new: str, repetition: str) -> KeysWindow:
        """Type the passphrase of now and a new one twice, from the first field, and press Enter."""
        window = self.keys
        assert focused() is window.first.own.control
        for words in (own, new):
            typed(words)
            press(Qt.Key.Key_Tab, 2)
        typed(repetition)
        press(Qt.Key.Key_Return)
        return self.keys

    def end(self) -> None:
        """Close whatever is open."""
        window = self.program.window
        if window is not None and shiboken6.isValid(window):
            window.close()
            window.deleteLater()
        self.program._close_store()
        settle()


def a_desk(app: QApplication, qtbot: QtBot, folder: Path, clock: SetClock, *, seen: bool) -> AtTheDesk:
    """A laptop with the demonstration's caseload, whose recovery key was ``seen``, or was not."""
    home = Home(folder)
    new_vault = make_vault(
        home,
        name="A. Bevan",
        role="on_call",
        passphrase=OWN,
        laptop="HIPSS-LT-04",
        clock=clock,
        keyring=False,
        cost=floor,
    )
    load_demo(new_vault.opened.store, clock)
    if seen:
        new_vault.opened.recovery_key_seen()
    new_vault.opened.close()
    locked: list[list[str]] = []
    program = Program(app, home, LeftOpen(), end=locked.append)
    return AtTheDesk(app, qtbot, home, clock, new_vault.opened.vault_id, new_vault.recovery_key, program, locked)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """The program's clock: 14 March 2017, 11:05, until a test sets it."""
    set_clock = SetClock(DAY)
    monkeypatch.setattr(times, "program_clock", lambda home: set_clock)
    return set_clock


@pytest.fixture
def services(app: QApplication, qtbot: QtBot, tmp_path: Path, clock: SetClock) -> Iterator[AtTheDesk]:
    """A laptop whose person has their recovery key."""
    at_the_desk = a_desk(app, qtbot, tmp_path / "home", clock, seen=True)
    yield at_the_desk
    app.aboutToQuit.disconnect(at_the_desk.program.close)
    at_the_desk.end()


@pytest.fixture
def unseen(app: QApplication, qtbot: QtBot, tmp_path: Path, clock: SetClock) -> Iterator[AtTheDesk]:
    """A laptop whose recovery key nobody has."""
    at_the_desk = a_desk(app, qtbot, tmp_path / "home", clock, seen=False)
    yield at_the_desk
    app.aboutToQuit.disconnect(at_the_desk.program.close)
    at_the_desk.end()


def opens(services: AtTheDesk, passphrase: str) -> bool:
    """Whether a passphrase opens the vault."""
    try:
        vault.unlock(services.home, services.vault_id, passphrase, clock=services.clock)
    except WrongPassphrase:
        return False
    return True


# another passphrase


def test_a_passphrase_is_changed_by_keys_alone_and_the_form_that_was_open_comes_back(services: AtTheDesk) -> None:
    main = services.unlock()
    main.go("new_record", kind="action")
    rest(services.qtbot, main)
    typed("Ring the school about Kai")
    window = services.command("change your pass")
    assert not shiboken6.isValid(main), "nothing of the store shows while it is copied"
    window = services.answer(OWN, OTHER, OTHER)
    assert window.step.title == "Your passphrase was changed"
    assert "goes on working" in " ".join(label.text() for label in window.step.findChildren(QLabel))
    assert {edit_of(field).text() for field in window.first.findChildren(Field)} == {""}
    assert focused() is window.step.button
    press(Qt.Key.Key_Space)
    main = services.main
    written = focused()
    assert isinstance(written, LineEdit)
    assert written.text() == "Ring the school about Kai"
    assert (opens(services, OTHER), opens(services, OWN)) == (True, False)
    assert vault.unlock_with_recovery(services.home, services.vault_id, services.recovery_key)
    assert not main.key_notice.isVisible()


def test_what_is_saved_after_a_change_is_there_after_the_next_unlock(services: AtTheDesk) -> None:
    services.unlock()
    services.command("change your pass")
    services.answer(OWN, OTHER, OTHER)
    press(Qt.Key.Key_Space)
    contact = services.main.session.services.store.records_of("contact", limit=1)[0]
    amend(services.main.session.services, contact.record, {"advice": "Ring the school at nine."})
    services.main.lock()
    reopened = open_store(services.home, services.vault_id, OTHER, services.clock)
    assert len(reopened.store.search("ring the school at nine")) == 1
    reopened.close()


def test_going_back_changes_nothing_and_the_window_is_where_it_was(services: AtTheDesk) -> None:
    services.unlock().go("children")
    rest(services.qtbot, services.main)
    window = services.command("change your pass")
    typed(OWN)
    window.back.setFocus()
    press(Qt.Key.Key_Space)
    assert services.main.location.route == "children"
    assert opens(services, OWN)


@pytest.mark.parametrize(
    ("own", "new", "repetition", "where", "words"),
    [
        ("", OTHER, OTHER, "own", "Enter your passphrase"),
        (OWN, "", "", "field", "Enter a passphrase"),
        (OWN, OTHER, OWN, "again", "This is not the same as the passphrase above"),
        (OWN, "short", "short", "field", "Use 12 characters or more"),
        (OWN, "password1234", "password1234", "field", "That is easy to guess."),
        (WRONG, OTHER, OTHER, "own", "That passphrase does not match. 9 tries left."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_the_store_stays_open(
    services: AtTheDesk, own: str, new: str, repetition: str, where: str, words: str
) -> None:
    services.unlock()
    services.command("change your pass")
    window = services.answer(own, new, repetition)
    wrong = getattr(window.first, where)
    assert isinstance(wrong, Field)
    assert wrong.error().startswith(words)
    assert focused() is wrong.control
    assert window.back.isVisible()
    assert services.opened.is_open
    window.leave()
    assert services.main.isVisible()
    assert opens(services, OWN)


def test_a_full_disk_is_said_over_the_button_and_the_old_passphrase_stays(
    app: QApplication, qtbot: QtBot, tmp_path: Path, clock: SetClock
) -> None:
    with small_disk(tmp_path / "disk", 192) as disk:
        services = a_desk(app, qtbot, disk.home, clock, seen=True)
        services.unlock()
        window = services.command("change your pass")
        services.home.files(services.vault_id).reserve.unlink()
        disk.fill()
        services.answer(OWN, OTHER, OTHER)
        assert window.first.trouble.isVisible()
        assert "Nothing was changed" in window.first.trouble.text()
        assert services.opened.is_open
        window.leave()
        assert services.main.isVisible()
        disk.empty()
        assert opens(services, OWN)
        app.aboutToQuit.disconnect(services.program.close)
        services.end()


def test_no_keys_are_changed_while_a_call_runs(services: AtTheDesk) -> None:
    main = services.unlock()
    QTest.keyClick(focused(), Qt.Key.Key_N, CTRL)
    rest(services.qtbot, main)
    services.give("change your pass")
    assert services.main is main
    assert main.feedback.toast.words.text() == CALL_RUNS


def test_without_room_on_the_disk_the_window_stays_and_says_what_to_do(
    app: QApplication, qtbot: QtBot, tmp_path: Path, clock: SetClock
) -> None:
    with small_disk(tmp_path / "disk", 192) as disk:
        services = a_desk(app, qtbot, disk.home, clock, seen=True)
        main = services.unlock()
        main.go("new_record", kind="action")
        rest(qtbot, main)
        disk.fill()
        typed("Ring the school about Kai")
        qtbot.waitUntil(lambda: services.opened.store.disk == "little")
        services.give("change your pass")
        assert services.main is main
        assert main.feedback.toast.words.text() == NO_ROOM
        app.aboutToQuit.disconnect(services.program.close)
        services.end()
        disk.empty()


def test_words_that_could_not_be_saved_keep_the_window_open(services: AtTheDesk) -> None:
    main = services.unlock()
    main.go("new_record", kind="action")
    rest(services.qtbot, main)
    other = Storage(services.home.files(services.vault_id).store, services.opened.key)
    other.raw.execute("BEGIN IMMEDIATE")  # as a disk that is stuck, no save comes to an end
    typed("Ring the school about Kai")
    services.give("change your pass")
    services.qtbot.waitUntil(lambda: main.runner.idle, timeout=60_000)
    assert services.main is main
    written = focused()
    assert isinstance(written, LineEdit)
    assert written.text() == "Ring the school about Kai"
    other.raw.execute("ROLLBACK")
    other.close()


def test_a_disk_that_fails_once_the_change_counts_leaves_the_lock_alone_and_says_which_passphrase_to_try(
    services: AtTheDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def to_passphrase(new: str) -> laptop.KeyChange:
        change = to_passphrase_itself(new)

        def fails_late(home: Home, vault_id: str, key: bytes) -> vault.NewKeys:
            change(home, vault_id, key)
            raise DiskRefused

        return fails_late

    to_passphrase_itself = laptop.to_passphrase
    monkeypatch.setattr(laptop, "to_passphrase", to_passphrase)
    services.unlock()
    services.command("change your pass")
    window = services.answer(OWN, OTHER, OTHER)
    assert window.step.title == "Lock this laptop"
    assert laptop.KEYS_UNCERTAIN in window.step.spoken()
    assert not window.back.isVisible()
    assert focused() is window.step.button
    press(Qt.Key.Key_Space)
    assert len(services.locked) == 1
    open_store(services.home, services.vault_id, OTHER, services.clock).close()


def test_nothing_syncs_while_the_keys_are_changed(services: AtTheDesk) -> None:
    session = services.unlock().session
    assert isinstance(session, LaptopSession)
    services.command("change your pass")
    assert session._loop._stop
    assert services.program._session is None
    window = services.answer(OWN, OTHER, OTHER)
    window.leave()
    assert services.main.session is not session


def test_locking_from_here_leads_to_the_lock_screen_and_keeps_the_passphrase(services: AtTheDesk) -> None:
    services.unlock()
    window = services.command("change your pass")
    typed(OWN)
    QTest.keyClick(focused(), Qt.Key.Key_L, CTRL)
    settle()
    assert window.has_left
    (arguments,) = services.locked
    assert arguments[arguments.index("--locked") + 1] == services.vault_id
    open_store(services.home, services.vault_id, OWN, services.clock).close()


# a recovery key that nobody has


def write_down(window: KeysWindow) -> dict[int, str]:
    """Show the key, read it, and tick that it is on paper, by keys; the groups by their numbers."""
    step = window.step
    assert isinstance(step, KeyStep)
    assert focused() is step.show_button
    assert {shown.text() for shown in step.paper._labels} == {"•••••"}
    press(Qt.Key.Key_Space)
    groups = {number: shown.text() for number, shown in enumerate(step.paper._labels, start=1)}
    press(Qt.Key.Key_Tab, 2)
    press(Qt.Key.Key_Space)
    settle()
    return groups


def test_by_day_a_line_says_that_nobody_has_the_key_and_leads_to_a_new_one(unseen: AtTheDesk) -> None:
    main = unseen.unlock()
    assert main.location.route == "since"
    assert main.key_notice.isVisible()
    assert main.key_notice.accessibleName().startswith("Nobody has this laptop’s recovery key.")
    main.top.lock.setFocus()
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Space)
    window = unseen.keys
    typed(OWN)
    press(Qt.Key.Key_Return)
    window = unseen.keys
    groups = write_down(window)
    step = window.step
    assert isinstance(step, KeyStep)
    for number in step.group_fields:
        typed(groups[number].lower())
        press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Return)
    assert not unseen.main.key_notice.isVisible()
    assert not unseen.opened.recovery_key_waits
    assert step.paper.groups == []
    unseen.main.lock()
    assert vault.unlock_with_recovery(unseen.home, unseen.vault_id, "-".join(groups.values()))
    with pytest.raises(WrongRecoveryKey):
        vault.unlock_with_recovery(unseen.home, unseen.vault_id, unseen.recovery_key)
    assert opens(unseen, OWN)


def test_a_wrong_group_is_marked_and_the_key_counts_as_not_seen(unseen: AtTheDesk) -> None:
    unseen.unlock()
    window = unseen.command("make a new rec")
    typed(OWN)
    press(Qt.Key.Key_Return)
    window = unseen.keys
    write_down(window)
    step = window.step
    assert isinstance(step, KeyStep)
    for _ in step.group_fields:
        typed("0000I")
        press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Return)
    window = unseen.keys
    assert [group_field.error() for group_field in step.group_fields.values()] == [
        f"Group {number} is mistyped" for number in step.group_fields
    ]
    assert unseen.opened.recovery_key_waits
    assert window.back.text() == "Not now"
    window.back.setFocus()
    press(Qt.Key.Key_Space)
    assert unseen.main.key_notice.isVisible()


def test_at_night_and_on_a_form_and_over_the_board_of_calls_nothing_is_said(unseen: AtTheDesk) -> None:
    main = unseen.unlock()
    shows = {}
    for route, more in (("on_call", {}), ("children", {}), ("new_record", {"kind": "action"}), ("log_contact", {})):
        main.go(route, **more)
        rest(unseen.qtbot, main)
        shows[route] = main.key_notice.isVisible()
    assert shows == {"on_call": False, "children": True, "new_record": False, "log_contact": False}
    main.go("children")
    unseen.clock.now = NIGHT
    main._read_frame_state()
    rest(unseen.qtbot, main)
    assert not main.key_notice.isVisible()


def test_not_now_holds_until_the_laptop_is_unlocked_again(unseen: AtTheDesk) -> None:
    main = unseen.unlock()
    main.top.lock.setFocus()
    press(Qt.Key.Key_Tab, 2)
    press(Qt.Key.Key_Space)
    rest(unseen.qtbot, main)
    assert not main.key_notice.isVisible()
    assert main.page is not None
    assert main.page.isAncestorOf(focused())
    main.bus.status_changed.emit()
    main.go("children")
    rest(unseen.qtbot, main)
    assert not main.key_notice.isVisible()
    unseen.end()
    assert unseen.unlock().key_notice.isVisible()


def test_a_passphrase_changed_before_anybody_saw_the_key_promises_nothing_of_it(unseen: AtTheDesk) -> None:
    unseen.unlock()
    unseen.command("change your pass")
    window = unseen.answer(OWN, OTHER, OTHER)
    assert "recovery key" not in " ".join(label.text() for label in window.step.findChildren(QLabel))
    press(Qt.Key.Key_Space)
    assert unseen.main.key_notice.isVisible()


def test_a_new_key_is_offered_to_a_printer_as_the_first_one_is(
    unseen: AtTheDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui.documents import printing

    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", lambda: [])
    unseen.unlock()
    unseen.command("make a new rec")
    typed(OWN)
    press(Qt.Key.Key_Return)
    step = unseen.keys.step
    assert isinstance(step, KeyStep)
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Space)
    assert unseen.keys.step is step
    assert step.trouble.text() == printing.NO_PRINTER
    assert len(step.paper.groups) == 8


@pytest.mark.parametrize(("width", "height", "scale"), [(1366, 768, 1.0), (1024, 640, 1.5)])
def test_nothing_is_cut_at_any_step(services: AtTheDesk, width: int, height: int, scale: float) -> None:
    theme.apply(services.app, theme.Theme("day", scale))
    services.unlock()
    window = services.command("make a new rec")
    window.resize(width, height)

    def check() -> None:
        settle()
        assert clipped_labels(window) == []
        assert unnamed_focusables(window) == []
        assert small_targets(window) == []
        assert focused().visibleRegion().boundingRect() == focused().rect()

    check()
    press(Qt.Key.Key_Return)
    check()
    typed(OWN)
    press(Qt.Key.Key_Return)
    assert services.keys is window
    check()
    write_down(window)
    check()
