"""The window round the pages: its keys, its parts, what lies on top, what it keeps, and when it locks."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from hipss_desktop import times
from hipss_desktop.services.sync_status import Status
from hipss_desktop.views.services import Services
from tests.helpers import walk
from tests.helpers.store_fixtures import RecordingSession, SetClock, sign_in_as
from tests.ui.shell.windows import Opens, press, rest, shown, windows
from ui import theme
from ui.base.focus import stops
from ui.base.idle import IN_A_CALL, QUIET, WARNING
from ui.on_call.on_call_page import OnCallPage
from ui.parts import CallTimer, Keycap, TextArea
from ui.records.draft_page import DraftPage
from ui.shell import screens
from ui.shell.help import HelpLayer
from ui.shell.window import MainWindow

Key, Modifier = Qt.Key, Qt.KeyboardModifier


class Seconds:
    """A clock in seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def wall() -> Seconds:
    return Seconds()


@pytest.fixture
def opens(
    app: QApplication, session: RecordingSession, qtbot: QtBot, seconds: Seconds, wall: Seconds
) -> Iterator[Opens]:
    with windows(lambda: MainWindow(session, idle_clock=seconds, wall=wall), qtbot) as opened:
        yield opened


@pytest.fixture
def window(opens: Opens) -> MainWindow:
    return opens()


def test_the_window_opens_on_call_with_the_focus_on_log_a_contact(window: MainWindow) -> None:
    assert isinstance(window.page, OnCallPage)
    assert window.focusWidget() is window.page.header.button
    assert window.rail.items["on_call"].isChecked()


def test_the_title_names_nobody(window: MainWindow) -> None:
    assert window.windowTitle() == "HIPSS Desktop"


def test_ctrl_n_opens_the_form_in_the_same_turn_of_the_event_loop(window: MainWindow) -> None:
    press(window, Key.Key_N, Modifier.ControlModifier)
    assert shown(window) == "LogContactPage"


def test_ctrl_n_works_from_the_rail_the_top_bar_and_a_layer(window: MainWindow, qtbot: QtBot) -> None:
    for begin in (window.rail.items["carers"], window.top.lock, None):
        window.go("on_call")
        rest(qtbot, window)
        if begin is None:
            press(window, Key.Key_F1)
        else:
            begin.setFocus()
        press(window, Key.Key_N, Modifier.ControlModifier)
        assert shown(window) == "LogContactPage"
        assert window.layers.top is None


def test_control_and_a_number_open_the_places_of_the_rail_in_order(window: MainWindow, qtbot: QtBot) -> None:
    for number, place in reversed(list(enumerate(window.rail.items, start=1))):
        press(window, Key(int(Key.Key_0) + number), Modifier.ControlModifier)
        rest(qtbot, window)
        assert window.location.route == place
        assert [name for name, item in window.rail.items.items() if item.isChecked()] == [place]
    assert window.focusWidget() is not None


def test_ctrl_j_opens_the_sync_centre_and_the_pill_says_the_state_of_sync(window: MainWindow, qtbot: QtBot) -> None:
    assert window.top.pill.text().startswith("Offline since 22:10 · ")
    press(window, Key.Key_J, Modifier.ControlModifier)
    rest(qtbot, window)
    assert shown(window) == "SyncCentrePage"


def test_a_change_of_the_connection_shows_on_the_pill_and_is_announced_politely(
    window: MainWindow, session: RecordingSession, qtbot: QtBot
) -> None:
    heard, _kept = walk.announcements()
    session.now = Status("sending")
    session.listener()
    rest(qtbot, window)
    assert window.top.pill.text().startswith("Sending")
    assert any(words.startswith("Sending") for words in heard)


def test_the_rail_says_how_many_actions_are_overdue_and_until_when_one_is_on_call(window: MainWindow) -> None:
    assert window.rail.items["actions"].accessibleName() == "Actions, 1 overdue"
    assert window.rail.role.text() == "On call until 08:30"


def test_f1_lists_every_shortcut_and_the_numbers_and_esc_gives_the_focus_back(window: MainWindow) -> None:
    before = window.focusWidget()
    press(window, Key.Key_F1)
    layer = window.layers.top
    assert isinstance(layer, HelpLayer)
    words = [
        widget.text() for widget in layer.findChildren(QWidget) if hasattr(widget, "text") and callable(widget.text)
    ]
    for key in (*screens.everywhere("on_call"), *screens.screens()["on_call"].keys):
        assert key.words in words
    assert {"999", "101", "01632 960145"} <= set(words)
    press(window, Key.Key_Escape)
    assert window.layers.top is None
    assert window.focusWidget() is before


def test_tab_stays_inside_a_layer(window: MainWindow) -> None:
    press(window, Key.Key_F1)
    layer = window.layers.top
    assert layer is not None
    for _ in range(4):
        press(window, Key.Key_Tab)
        assert layer.isAncestorOf(window.focusWidget() or window)


def test_esc_closes_only_the_layer_and_then_does_nothing_to_the_page(window: MainWindow) -> None:
    press(window, Key.Key_N, Modifier.ControlModifier)
    page = window.page
    press(window, Key.Key_F1)
    press(window, Key.Key_Escape)
    press(window, Key.Key_Escape)
    assert window.page is page


def test_ctrl_k_opens_the_palette_even_while_a_text_is_being_typed(window: MainWindow, qtbot: QtBot) -> None:
    press(window, Key.Key_N, Modifier.ControlModifier)
    rest(qtbot, window)
    assert window.page is not None
    area = next(area for area in window.page.findChildren(TextArea) if area.isVisible())
    area.setFocus()
    QTest.keyClicks(area, "no news")
    press(window, Key.Key_K, Modifier.ControlModifier)
    assert type(window.layers.top).__name__ == "PaletteLayer"
    assert area.toPlainText() == "no news"
    rest(qtbot, window)
    press(window, Key.Key_Escape)
    assert window.focusWidget() is area


def test_every_key_of_the_window_is_in_the_help_and_none_is_a_lone_letter(window: MainWindow) -> None:
    help_keys = {
        QKeySequence(sequence) for key in screens.everywhere("on_call") for sequence in key.all_sequences() if key.does
    }
    direct = [shortcut for shortcut in window.findChildren(QShortcut) if shortcut.parent() is window]
    assert {shortcut.key() for shortcut in direct} == help_keys
    assert_no_lone_letters(direct)


def assert_no_lone_letters(shortcuts: list[QShortcut]) -> None:
    for shortcut in shortcuts:
        words = shortcut.key().toString()
        assert "+" in words or re.fullmatch(r"F\d+|PgUp|PgDown", words), words
        assert not any(part in words for part in ("Ins", "CapsLock", "Ctrl+Alt")), words


def test_every_key_of_a_page_is_in_its_help_and_none_is_also_the_windows(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    everywhere = {QKeySequence(sequence) for key in screens.everywhere("on_call") for sequence in key.all_sequences()}
    child, carer, action = (services.store.records_of(kind)[0].record for kind in ("child", "carer", "action"))
    window.go("record", record=action)
    places: list[tuple[str, dict[str, object]]] = [
        (route, {}) for route, screen in screens.screens().items() if not screen.opens
    ]
    places += [("log_contact", {})]
    places += [("child", {"record": child}), ("carer", {"record": carer}), ("record", {"record": action})]
    places += [("print", {"record": action}), ("action", {"record": action})]
    places += [("new_record", {"kind": "action"})]
    for place, arguments in places:
        window.go(place, **arguments)
        rest(qtbot, window)
        assert window.page is not None
        help_keys = {
            QKeySequence(sequence)
            for key in screens.screens()[window.location.route].keys
            for sequence in key.all_sequences()
        }
        shortcuts = [
            shortcut for shortcut in window.page.findChildren(QShortcut) if "Num" not in shortcut.key().toString()
        ]
        assert [shortcut.key().toString() for shortcut in shortcuts if shortcut.key() not in help_keys] == [], place
        assert_no_lone_letters(shortcuts)
        assert not everywhere & {shortcut.key() for shortcut in shortcuts}, (
            f"two shortcuts on one key do nothing: {place}"
        )


class Strays(QObject):
    """Notes every widget that shows itself as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(walk.described(watched))
        return False


def test_no_page_shows_a_window_of_its_own_which_would_take_the_keyboard(
    app: QApplication, window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    child, action = (services.store.records_of(kind)[0].record for kind in ("child", "action"))
    strays = Strays()
    app.installEventFilter(strays)
    places: list[tuple[str, dict[str, object]]] = [("drafts", {}), ("sync", {}), ("log_contact", {}), ("actions", {})]
    places += [("child", {"record": child}), ("record", {"record": action}), ("new_record", {"kind": "action"})]
    for place, arguments in places:
        window.go(place, **arguments)
        rest(qtbot, window)
    app.removeEventFilter(strays)
    assert strays.seen == []


def test_the_action_bar_does_not_move_when_what_was_typed_is_saved(window: MainWindow, qtbot: QtBot) -> None:
    window.go("new_record", kind="action")
    rest(qtbot, window)
    before = window.bar.geometry()
    assert isinstance(window.page, DraftPage)
    QTest.keyClicks(walk.focused(), "Ring school")
    page = window.page
    qtbot.waitUntil(lambda: page.saved_text() != "")
    rest(qtbot, window)
    assert window.bar.geometry() == before
    assert before.height() == 60


def test_f6_goes_round_rail_top_bar_and_page_and_comes_back_to_where_one_was(window: MainWindow) -> None:
    assert isinstance(window.page, OnCallPage)
    card = window.page.children_board.cards()[1]
    card.setFocus()
    press(window, Key.Key_F6)
    assert window.rail.isAncestorOf(window.focusWidget() or window)
    press(window, Key.Key_F6)
    assert window.top.isAncestorOf(window.focusWidget() or window)
    press(window, Key.Key_F6)
    assert window.focusWidget() is card
    press(window, Key.Key_F6, Modifier.ShiftModifier)
    assert window.top.isAncestorOf(window.focusWidget() or window)


def test_tab_reaches_everything_and_comes_back_to_where_it_began(window: MainWindow) -> None:
    expected_stops = stops(window.rail) + stops(window.top) + stops(window.page or window)
    came = walk.tab_round(window)
    assert set(came) >= {widget for widget in expected_stops if widget.focusPolicy() & Qt.FocusPolicy.TabFocus}
    assert len(came) < 60


def test_the_theme_changes_live_and_is_kept(window: MainWindow, session: RecordingSession, qtbot: QtBot) -> None:
    assert theme.current().name == "night"
    press(window, Key.Key_T, Modifier.ControlModifier | Modifier.ShiftModifier)
    rest(qtbot, window)
    assert theme.current().name == "day"
    assert window.rail.theme_button.text() == "Day theme"
    assert "look day 1.0" in session.asked


def test_the_text_grows_shrinks_and_comes_back(window: MainWindow, qtbot: QtBot) -> None:
    seen = []
    for key in (Key.Key_Plus, Key.Key_Equal, Key.Key_Plus, Key.Key_Plus, Key.Key_Minus, Key.Key_0):
        press(window, key, Modifier.ControlModifier)
        seen.append(theme.current().scale)
    rest(qtbot, window)
    assert seen == [1.15, 1.3, 1.5, 1.5, 1.3, 1.0]


SIZES = ((1366, 768, 1.0), (1366, 696, 1.0), (1024, 640, 1.0), (1920, 1080, 1.0), (1366, 768, 1.5), (1024, 640, 1.5))


@pytest.mark.parametrize("name", ["day", "night"])
def test_nothing_of_the_first_screen_is_cut_at_any_size(
    app: QApplication, window: MainWindow, qtbot: QtBot, name: theme.Name
) -> None:
    for wide, high, scale in SIZES:
        theme.apply(app, theme.Theme(name, scale))
        window.resize(wide, high)
        rest(qtbot, window)
        assert window.size().toTuple() == (wide, high)
        assert walk.clipped_labels(window) == [], (wide, high, scale)
        assert walk.unnamed_focusables(window) == []
        assert walk.small_targets(window) == [], (wide, high, scale)


def test_nothing_of_the_help_is_cut_at_any_text_size(app: QApplication, window: MainWindow, qtbot: QtBot) -> None:
    for scale in (1.0, 1.5):
        theme.apply(app, theme.Theme("day", scale))
        window.resize(1024, 640)
        press(window, Key.Key_F1)
        rest(qtbot, window)
        assert window.layers.top is not None
        assert walk.clipped_labels(window.layers.top) == []
        assert walk.unnamed_focusables(window.layers.top) == []
        press(window, Key.Key_Escape)


def test_ctrl_l_covers_everything_at_once_and_locks(window: MainWindow, session: RecordingSession) -> None:
    press(window, Key.Key_L, Modifier.ControlModifier)
    assert session.asked[-1] == "lock"
    middle = window.childAt(window.rect().center())
    assert middle is not None
    assert not isinstance(window.page, QWidget) or not window.page.isAncestorOf(middle)


def test_no_open_list_is_above_the_cover(window: MainWindow, session: RecordingSession, qtbot: QtBot) -> None:
    window.go("new_record", kind="action")
    rest(qtbot, window)
    assert window.page is not None
    menu = QMenu(window.page)
    menu.addAction("Kai M.")
    menu.popup(window.mapToGlobal(window.rect().center()))
    press(window, Key.Key_L, Modifier.ControlModifier)
    window.lock()
    assert session.asked[-1] == "lock"
    assert not menu.isVisible()


def test_five_idle_minutes_lock_after_a_warning_of_thirty_seconds(
    window: MainWindow, session: RecordingSession, seconds: Seconds
) -> None:
    heard, _kept = walk.announcements()
    seconds.now += QUIET - WARNING - 1
    window.idle.tick()
    assert not window.warning.isVisible()
    seconds.now += 1
    before = window.stack.geometry()
    window.idle.tick()
    assert window.warning.isVisible()
    walk.settle()
    assert window.stack.geometry() == before
    assert any("locks in 30 seconds" in words for words in heard)
    seconds.now += WARNING
    window.idle.tick()
    assert session.asked[-1] == "lock"


def test_any_key_answers_the_warning(window: MainWindow, session: RecordingSession, seconds: Seconds) -> None:
    seconds.now += QUIET - 1
    window.idle.tick()
    press(window, Key.Key_Shift)
    assert not window.warning.isVisible()
    seconds.now += QUIET - WARNING - 1
    window.idle.tick()
    assert "lock" not in session.asked


def test_while_a_call_timer_runs_the_laptop_waits_fifteen_minutes(
    window: MainWindow, session: RecordingSession, seconds: Seconds
) -> None:
    timer = CallTimer(parent=window)
    timer.start()
    seconds.now += QUIET + 60
    window.idle.tick()
    assert "lock" not in session.asked
    seconds.now += IN_A_CALL
    window.idle.tick()
    assert session.asked[-1] == "lock"
    timer.stop()


def test_a_laptop_that_slept_is_locked(window: MainWindow, session: RecordingSession, wall: Seconds) -> None:
    wall.now += 30
    window.idle.tick()
    assert "lock" not in session.asked
    wall.now += 61
    window.idle.tick()
    assert session.asked[-1] == "lock"


def test_the_system_saying_that_it_sleeps_locks(window: MainWindow, session: RecordingSession) -> None:
    window.idle.prepareForSleep(True)  # noqa: FBT003  as logind calls it
    assert session.asked[-1] == "lock"


def test_a_page_that_was_open_is_open_again_after_a_lock(opens: Opens, services: Services, qtbot: QtBot) -> None:
    first = opens()
    action = services.store.records_of("action")[0].record
    first.go("record", record=action)
    rest(qtbot, first)
    first.lock()
    first.hide()
    unlocked_window = opens()
    assert (unlocked_window.location.route, unlocked_window.location.more) == ("record", {"record": action})


def test_a_call_that_was_cut_off_is_open_again_at_once(opens: Opens, services: Services) -> None:
    draft = services.calls.begin()
    services.records.save(draft)
    assert shown(opens()) == "LogContactPage"


def test_a_lock_beside_a_running_call_leads_back_to_where_the_person_was_and_not_into_the_call(
    opens: Opens, services: Services, qtbot: QtBot
) -> None:
    """What is typed on after the unlock never goes into the record of the call: it may be about another child."""
    draft = services.calls.begin()
    services.records.save(draft)
    first = opens()
    action = services.store.records_of("action")[0].record
    first.go("record", record=action)
    rest(qtbot, first)
    first.lock()
    first.hide()
    unlocked_window = opens()
    assert (unlocked_window.location.route, unlocked_window.location.more) == ("record", {"record": action})
    assert unlocked_window.top.call.isVisible(), "the call stands in the top bar"
    press(unlocked_window, Qt.Key.Key_Z)
    rest(qtbot, unlocked_window)
    call = services.store.draft(draft.record)
    assert call is not None
    assert call.fields == draft.fields


def test_a_draft_without_a_running_call_waits_on_the_on_call_screen(
    opens: Opens, services: Services, qtbot: QtBot
) -> None:
    services.records.save(services.calls.end_call(services.calls.begin()))
    window = opens()
    assert isinstance(window.page, OnCallPage)
    link = next(stop for stop in stops(window.page) if getattr(stop, "text", str)() == "Carry on")
    QTest.keyClick(link, Key.Key_Return)
    rest(qtbot, window)
    assert shown(window) == "LogContactPage"


def test_a_commit_refreshes_the_page_that_shows_and_marks_the_one_that_does_not(
    window: MainWindow, services: Services, clock: SetClock, qtbot: QtBot
) -> None:
    page = window.page
    assert isinstance(page, OnCallPage)
    before = len(page.contacts.records)
    log_wrong_number(services)
    rest(qtbot, window)
    assert len(page.contacts.records) == before + 1
    window.go("drafts")
    rest(qtbot, window)
    log_wrong_number(services)
    rest(qtbot, window)
    assert len(page.contacts.records) == before + 1
    window.go("on_call")
    rest(qtbot, window)
    assert len(page.contacts.records) == before + 2


def log_wrong_number(services: Services) -> None:
    draft = services.calls.begin()
    fields = {**draft.fields, "type": "wrong_number"}
    services.records.finish(type(draft)(**{**vars(draft), "fields": fields}))


def test_who_may_not_log_contacts_is_told_so(
    opens: Opens, session: RecordingSession, services: Services, qtbot: QtBot
) -> None:
    sign_in_as(services.store, role="administrator")
    window = opens()
    before = window.page
    press(window, Key.Key_N, Modifier.ControlModifier)
    assert window.page is before
    assert window.feedback.toast.icon_name == "info"
    assert window.feedback.toast.words.text() == (
        "Only on-call practitioners, lead practitioners and service managers can write contacts. "
        "If you need it, ask S. Lloyd, 07700 900312."
    )
    press(window, Key.Key_1, Modifier.ControlModifier)
    assert isinstance(window.page, OnCallPage)
    assert not window.page.header.button.isVisible()
    press(window, Key.Key_F1)
    layer = window.layers.top
    assert layer is not None
    help_keycaps = {cap.text() for cap in layer.findChildren(Keycap)}
    assert "Ctrl+N" not in help_keycaps
    assert "Space" not in help_keycaps
    assert "Ctrl+K" in help_keycaps


def test_who_may_not_amend_a_record_is_told_who_may(
    opens: Opens, session: RecordingSession, services: Services, qtbot: QtBot
) -> None:
    sign_in_as(services.store, role="administrator")
    window = opens()
    for route, kind, words in (
        (
            "record",
            "contact",
            "Only on-call practitioners, lead practitioners and service managers can write contacts.",
        ),
        ("action", "action", "can write actions."),
        ("child", "child", "can write children."),
        ("carer", "carer", "can write carers."),
    ):
        window.go(route, record=services.store.records_of(kind)[0].record)
        rest(qtbot, window)
        page = window.page
        if kind == "child":
            press(window, Key.Key_Tab, Modifier.ControlModifier)  # from what happened to the child
        press(window, Key.Key_E, Modifier.ControlModifier)
        rest(qtbot, window)
        assert window.page is page, route
        assert window.feedback.toast.isVisible(), route
        assert window.feedback.toast.icon_name == "info", route
        assert words in window.feedback.toast.words.text(), route


def test_a_bug_in_background_work_is_said_once_and_the_window_goes_on(window: MainWindow, qtbot: QtBot) -> None:
    def breaks() -> None:
        raise ZeroDivisionError

    window.runner.read(breaks, lambda _: None, context=window)
    rest(qtbot, window)
    assert "Something went wrong" in window.feedback.toast.words.text()


def test_the_clock_of_the_frame_follows_the_hour(window: MainWindow, clock: SetClock, qtbot: QtBot) -> None:
    clock.now += timedelta(hours=1)
    assert isinstance(window.page, OnCallPage)
    window.page._look_at_the_clock()
    rest(qtbot, window)
    assert window.page.header.clock.text() == times.clock_time(clock.now) == "03:14"
