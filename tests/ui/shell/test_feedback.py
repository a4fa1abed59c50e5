"""What the window says of what was done: it names the thing, moves nothing, and goes with its page or the next edit."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.views.services import Services
from tests.helpers import walk
from tests.helpers.store_fixtures import SetClock
from tests.ui.shell.windows import press, rest
from ui import theme
from ui.base.focus import stops
from ui.on_call.on_call_page import OnCallPage
from ui.parts import TextArea
from ui.records.draft_page import DraftPage
from ui.shell.window import MainWindow

Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


def begin_a_call(window: MainWindow, services: Services, qtbot: QtBot) -> DraftPage:
    """Open a contact that lacks nothing, as it is opened again from the list of drafts."""
    draft = services.calls.begin()
    fields = {**draft.fields, "caller_name": "Jo Preece", "type": "wrong_number"}
    window.go("draft", draft=type(draft)(**{**vars(draft), "fields": fields}))
    rest(qtbot, window)
    assert isinstance(window.page, DraftPage)
    return window.page


def words(window: MainWindow) -> str:
    return window.feedback.toast.words.text() if window.feedback.toast.isVisible() else ""


def test_a_finish_is_confirmed_by_name_on_the_page_one_lands_on_and_goes_with_that_page(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    begin_a_call(window, services, qtbot)
    press(window, Key.Key_Return, CTRL)
    rest(qtbot, window)
    assert isinstance(window.page, OnCallPage)
    assert words(window) == "Contact from Jo Preece finished 02:14"
    press(window, Key.Key_2, CTRL)
    assert words(window) == ""


def test_a_finish_that_finds_something_missing_takes_away_what_was_confirmed_before(
    window: MainWindow, qtbot: QtBot
) -> None:
    press(window, Key.Key_N, CTRL)
    rest(qtbot, window)
    window.context.done("Number of Jo Preece copied")
    press(window, Key.Key_Return, CTRL)
    rest(qtbot, window)
    assert isinstance(window.page, DraftPage)
    assert window.page.summary.isVisible()
    assert words(window) == ""


def test_no_tick_is_shown_while_there_is_a_problem(window: MainWindow, qtbot: QtBot) -> None:
    press(window, Key.Key_N, CTRL)
    press(window, Key.Key_Return, CTRL)
    rest(qtbot, window)
    window.context.done("Number of Jo Preece copied")
    assert window.feedback.toast.icon_name == "info"


def test_words_go_at_the_next_edit_but_not_while_one_only_moves(window: MainWindow, qtbot: QtBot) -> None:
    press(window, Key.Key_N, CTRL)
    rest(qtbot, window)
    assert window.page is not None
    window.context.say("Nothing was typed, so nothing was kept")
    press(window, Key.Key_Tab)
    press(window, Key.Key_Shift)
    assert words(window) != ""
    area = next(area for area in window.page.findChildren(TextArea) if area.isVisible())
    area.setFocus()
    QTest.keyClick(area, Key.Key_K)
    assert words(window) == ""
    assert area.toPlainText() == "k"


def test_a_choice_by_the_arrow_keys_is_an_edit_too(window: MainWindow, qtbot: QtBot) -> None:
    press(window, Key.Key_N, CTRL)
    rest(qtbot, window)
    window.context.say("Nothing was typed, so nothing was kept")
    press(window, Key.Key_5, Qt.KeyboardModifier.AltModifier)
    press(window, Key.Key_Right)
    assert isinstance(window.page, DraftPage)
    page = window.page
    qtbot.waitUntil(lambda: page.saved_text() != "")
    assert words(window) == ""


def test_undo_is_offered_for_ten_seconds_and_then_only_its_link_goes(
    window: MainWindow, clock: SetClock, qtbot: QtBot
) -> None:
    undone: list[str] = []
    toast = window.feedback.toast
    window.context.done("‘Tell EDT’ done 02:14", undo=lambda: undone.append("Tell EDT"))
    clock.pass_time(seconds=9)
    toast.undo_link.setFocus()
    press(window, Key.Key_Return)
    assert undone == ["Tell EDT"]
    assert words(window) == ""
    window.context.done("‘Tell EDT’ done 02:14", undo=lambda: undone.append("again"))
    toast.undo_link.setFocus()
    clock.pass_time(seconds=10)
    qtbot.waitUntil(lambda: not toast.undo_link.isVisible())
    assert words(window) == "‘Tell EDT’ done 02:14"
    assert window.page is not None
    assert window.page.isAncestorOf(walk.focused())
    assert undone == ["Tell EDT"]


def test_the_keys_reach_undo_and_esc_takes_the_words_away(window: MainWindow) -> None:
    before = window.focusWidget()
    window.context.done("‘Tell EDT’ done 02:14", undo=lambda: None)
    press(window, Key.Key_F6)
    assert window.focusWidget() is window.feedback.toast.undo_link
    press(window, Key.Key_Escape)
    assert words(window) == ""
    assert window.focusWidget() is before


def test_nothing_moves_when_words_appear_and_they_are_whole_at_the_largest_text(
    app: QApplication, window: MainWindow, qtbot: QtBot
) -> None:
    theme.apply(app, theme.Theme("night", 1.5))
    window.resize(1024, 640)
    rest(qtbot, window)
    before = window.stack.geometry()
    window.context.done("Decision on Safety plan, Kai M. saved on this laptop. All versions are kept in the history.")
    rest(qtbot, window)
    toast = window.feedback.toast
    assert window.stack.geometry() == before
    assert walk.clipped_labels(toast) == []
    assert before.contains(toast.geometry())


def test_words_cover_nothing_that_is_pressed_or_typed_into(window: MainWindow, qtbot: QtBot) -> None:
    """Below a list of actions stand its buttons, and then the question of the one that is pressed."""

    def covered() -> list[str]:
        assert window.page is not None
        toast = window.feedback.toast
        rects = [
            (widget.accessibleName(), QRect(widget.mapTo(window, QPoint()), widget.size()))
            for widget in stops(window.page)
            if not isinstance(widget, QAbstractItemView)
        ]
        return [name for name, rect in rects if rect.intersects(toast.geometry())]

    press(window, Key.Key_7, CTRL)
    rest(qtbot, window)
    for key in (Key.Key_Down, Key.Key_Space):
        press(window, key)
        rest(qtbot, window)
    assert words(window) == "Ring Jo Preece back: done 02:14"
    assert covered() == []
    press(window, Key.Key_Tab)
    press(window, Key.Key_Return)
    rest(qtbot, window)
    assert walk.focused().accessibleName() == "Why is it to be done after all?"
    assert words(window) == "Ring Jo Preece back: done 02:14"
    assert covered() == []
    QTest.keyClicks(walk.focused(), "He rang")
    press(window, Key.Key_Return)
    rest(qtbot, window)
    assert words(window) == "Ring Jo Preece back: open again"
    assert covered() == []


def test_where_no_place_is_free_what_has_the_focus_stays_uncovered(
    app: QApplication, window: MainWindow, qtbot: QtBot
) -> None:
    theme.apply(app, theme.Theme("day", 1.5))
    window.resize(1024, 640)
    press(window, Key.Key_N, CTRL)
    rest(qtbot, window)
    window.context.done("01632 960174 copied")
    for _ in range(12):
        press(window, Key.Key_Tab)
        rest(qtbot, window)
        focused = walk.focused()
        rect = QRect(focused.mapTo(window, QPoint()), focused.size())
        assert not rect.intersects(window.feedback.toast.geometry()), focused.accessibleName()
