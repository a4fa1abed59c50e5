"""The sync centre and the conflict view, over real stores that wrote of the same records, decided by keyboard."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from db.store import LaptopStore
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.services.sync_status import Status
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import amend, exchange
from tests.helpers.store_fixtures import RecordingSession
from tests.helpers.walk import (
    announcements,
    clipped_labels,
    settle,
    small_targets,
    stops,
    tab_round,
    unnamed_focusables,
)
from ui import theme
from ui.parts import LinkButton
from ui.parts.tables import cell_is_cut
from ui.records.versions import VersionWords, pieces, spoken
from ui.sync.conflict import AGAIN, BOTH
from ui.sync.sync_centre import SyncCentrePage

RAIL, TOP_BAR = 184, 56
Opened = Callable[..., SyncCentrePage]


@pytest.fixture
def opened(app: QApplication, qtbot: QtBot, context: Any) -> Iterator[Opened]:
    """Opens the page at a size of the window and waits until it shows what is there."""
    windows: list[QWidget] = []

    def open_page(width: int = 1366, height: int = 768, record: str = "") -> SyncCentrePage:
        window = QWidget()
        windows.append(window)  # Python's hold on it is what keeps it alive
        theme.set_state(window, "surface", "canvas")
        window.resize(width, height)
        page = SyncCentrePage(context, record=record)
        box = QHBoxLayout(window)
        box.setContentsMargins(RAIL, TOP_BAR, 0, 0)
        box.addWidget(page)
        window.show()
        window.activateWindow()
        _wait(qtbot, context)
        return page

    yield open_page
    for window in windows:
        shiboken6.delete(window)


def _wait(qtbot: QtBot, context: Any) -> None:
    settle()
    qtbot.waitUntil(lambda: context.runner.idle)
    settle()


def _press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, modifier)


def _type(words: str) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClicks(focused, words)


def test_a_reading_that_is_overtaken_by_a_later_one_is_not_shown(
    opened: Opened,
    mine: Services,
    session: RecordingSession,
    context: Any,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """ "Sending now" stood for minutes beside "All sent": the reading begun while it was sent came back last."""
    page = opened()
    let_go, read = threading.Event(), mine.sync_centre.centre

    def held(status: Status, **arguments: Any) -> Any:
        if status.connection == "sending":
            assert let_go.wait(10)
        return read(status, **arguments)

    monkeypatch.setattr(mine.sync_centre, "centre", held)
    session.now = Status("sending")
    page.refresh()
    session.now = Status("online", datetime(2017, 3, 14, 2, 10, tzinfo=UTC))
    page.refresh()
    qtbot.waitUntil(lambda: page.stands.text().endswith("online since 02:10"))
    let_go.set()
    _wait(qtbot, context)
    assert page.stands.text() == "This laptop HIPSS-LT-04 · online since 02:10"


def test_it_says_what_waits_what_was_sent_and_the_state_of_the_connection(
    opened: Opened, mine: Services, store: LaptopStore, session: RecordingSession
) -> None:
    total = store.have()[store.seat.seat].number
    link = store.chain(store.seat.seat, after=total - 3, limit=1)[0]
    with store.write() as unit:
        unit.keep_receipt(store.seat.seat, total - 2, link.digest, "receipt", "2017-03-14T01:31:00+00:00")
        unit.council_has(store.seat.seat, total - 2, link.digest)
    page = opened()
    assert page.stands.text() == "This laptop HIPSS-LT-04 · offline since 22:10, for 4 h 4 min"
    assert [chip.text() for chip in page.filters.chips()] == [
        "All", "Waiting 2", f"Sent {total - 2}", "To decide 0", "Problems 0",
    ]  # fmt: skip
    assert page.waiting.model.rowCount() == 2
    assert page.sent.model.cell(0, 1).words == "01:31"
    assert page.nothing.isVisible()
    page.show_all.click()
    QApplication.processEvents()


def test_show_all_lists_everything_that_was_sent(
    opened: Opened, mine: Services, store: LaptopStore, qtbot: QtBot, context: Any
) -> None:
    total = store.have()[store.seat.seat].number
    link = store.chain(store.seat.seat, after=total - 1, limit=1)[0]
    with store.write() as unit:
        unit.keep_receipt(store.seat.seat, total, link.digest, "receipt", "2017-03-14T01:31:00+00:00")
        unit.council_has(store.seat.seat, total, link.digest)
    page = opened()
    assert page.sent.model.rowCount() == 9
    page.show_all.setFocus()
    _press(Qt.Key.Key_Return)
    _wait(qtbot, context)
    assert page.sent.model.rowCount() == total
    assert not page.show_all.isVisible()
    page.sent.table.setFocus()
    page.sent.table.selectRow(2)
    _press(Qt.Key.Key_Return)
    assert context.went[-1][0] == "record"
    assert store.get(context.went[-1][1]["record"]) is not None


def test_try_again_and_cancel_ask_the_session(
    opened: Opened, mine: Services, session: RecordingSession, qtbot: QtBot, context: Any
) -> None:
    page = opened()
    assert not page.progress_card.isVisible()
    assert page.first_focus() is page.try_button
    page.try_button.setFocus()
    _press(Qt.Key.Key_Return)
    session.now = Status("sending", done=200, total=4000)
    context.bus.status_changed.emit()
    _wait(qtbot, context)
    assert page.progress_card.isVisible()
    page.cancel.setFocus()
    _press(Qt.Key.Key_Space)
    assert session.asked == ["sync", "cancel"]


def test_a_problem_says_what_to_do_and_opens_its_record(
    opened: Opened, mine: Services, store: LaptopStore, context: Any
) -> None:
    held = store.chain(store.seat.seat, after=20, limit=1)[0]
    with store.write() as unit:
        unit.council_holds_back({held.digest: "Your role may not write this."})
    page = opened()
    (link,) = [stop for stop in stops(page.problems) if stop.isVisible()]
    assert link.accessibleName().startswith("Open record, The council holds this back")
    link.setFocus()
    _press(Qt.Key.Key_Return)
    assert context.went == [("record", {"record": held.envelope.record})]


def test_the_filters_show_one_kind_of_thing(opened: Opened, mine: Services) -> None:
    page = opened()
    page.filters.choose(["sent"])
    settle()
    assert (page.sent.isVisible(), page.waiting.isVisible()) == (True, False)
    page.filters.choose(["waiting"])
    settle()
    assert (page.sent.isVisible(), page.waiting.isVisible()) == (False, True)


def test_a_conflict_is_decided_by_keyboard_and_is_gone(
    opened: Opened, mine: Services, theirs: Services, conflict: str, qtbot: QtBot, context: Any
) -> None:
    page = opened(record=conflict)
    view = page.conflict
    assert view is not None
    first, second = view.parts
    assert QApplication.focusWidget() is first.dots()[0]
    _press(Qt.Key.Key_Right)
    _press(Qt.Key.Key_Down)
    assert (first.chosen(), view.count.text()) == (BOTH, "1 of 2 parts decided")
    _press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is second.dots()[0]
    _press(Qt.Key.Key_Up)
    assert second.chosen() == AGAIN
    _press(Qt.Key.Key_Tab)
    _press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    _type("01632 960275")
    assert view.count.text() == "2 of 2 parts decided"
    _press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is view.why
    _type("Both are right")
    _press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    _wait(qtbot, context)
    qtbot.waitUntil(lambda: page.conflict is None)
    assert mine.store.undecided() == []
    fields = mine.store.get(conflict).fields  # type: ignore[union-attr]  # it is there
    assert fields["helps"][-2:] == ["Toast works at night", "Text his brother first"]
    assert (fields["school_phone"], fields["gp"]) == ("01632 960275", "Dr Hale")
    assert page.nothing.isVisible()
    assert context.said == ["Decision on Child, Kai M. saved on this laptop. All versions are kept in the history."]
    exchange(mine, theirs)
    assert theirs.store.undecided() == []
    assert theirs.record_views.history(conflict)[0].why == "Both are right"


def test_a_version_is_chosen_by_pressing_anywhere_on_it(opened: Opened, conflict: str) -> None:
    view = opened(record=conflict).conflict
    assert view is not None
    words = view.parts[0].findChildren(VersionWords)[1]
    QTest.mouseClick(words, Qt.MouseButton.LeftButton)
    assert view.parts[0].chosen() == "1"


def test_saving_too_early_says_what_is_missing_and_goes_there(opened: Opened, conflict: str, mine: Services) -> None:
    view = opened(record=conflict).conflict
    assert view is not None
    heard, keep = announcements()
    _press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert heard == ["There is a problem. 3 errors. Choose a version."]
    assert QApplication.focusWidget() is view.parts[0].dots()[0]
    assert view.parts[0].dots()[0].accessibleDescription().startswith("Error: Choose a version")
    assert view.why_field.error() == "Enter why you chose this"
    for part in view.parts:
        part.choose("0")
    _press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is view.why
    assert len(mine.store.undecided()) == 1
    del keep


def test_what_cannot_be_read_when_written_again_is_not_saved(
    opened: Opened, conflict: str, mine: Services, qtbot: QtBot, context: Any
) -> None:
    view = opened(record=conflict).conflict
    assert view is not None
    view.parts[0].choose("0")
    view.parts[1].choose(AGAIN)
    view.parts[1].controls["school_phone"].go()
    _press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    _type("x")
    view.why.setPlainText("A reason")
    view.save_button.click()
    _wait(qtbot, context)
    assert view.error.isVisible()
    assert "telephone number" in view.error.accessibleName()
    assert len(mine.store.undecided()) == 1
    view.parts[1].choose("1")
    view.save_button.click()
    _wait(qtbot, context)
    assert mine.store.undecided() == []


def test_what_was_chosen_and_typed_outlives_a_third_version_of_another_part(
    opened: Opened, mine: Services, theirs: Services, third: Services, conflict: str, qtbot: QtBot, context: Any
) -> None:
    page = opened(record=conflict)
    assert page.conflict is not None
    page.conflict.parts[0].choose(BOTH)
    page.conflict.why.setPlainText("Both are")
    amend(third, conflict, {"school_phone": "01632 960278"})
    exchange(mine, theirs, third)
    _wait(qtbot, context)
    view = page.conflict
    assert view is not None
    assert len(view.parts[1].part.sides) == 3
    assert view.parts[0].chosen() == BOTH
    assert view.parts[1].chosen() == ""
    assert view.why.toPlainText() == "Both are"


def test_three_versions_are_side_by_side_and_one_is_chosen(
    opened: Opened, mine: Services, theirs: Services, third: Services, qtbot: QtBot, context: Any
) -> None:
    contact = mine.store.records_of("contact", limit=1)[0].record
    for services, words in ((mine, "Leave it."), (theirs, "Ring at nine."), (third, "Ring now.\nThen wait.")):
        amend(services, contact, {"advice": words})
    exchange(mine, theirs, third)
    page = opened(record=contact)
    assert page.conflict is not None
    assert page.conflict.heading.text() == "Three laptops changed the same record"
    (part,) = page.conflict.parts
    assert len(part.dots()) == 4
    names = [dot.accessibleName() for dot in part.dots()]
    assert len(set(names)) == 4
    assert all(QAccessible.queryAccessibleInterface(dot).role() == QAccessible.Role.RadioButton for dot in part.dots())
    assert not any("\n" in name for name in names)
    assert names[0].startswith("What did you advise?, part 1 of 1. Your version, A. Bevan, 02:14, HIPSS-LT-04. ")
    assert names[0].endswith(" taken out. Leave it, added.")
    _press(Qt.Key.Key_Right)
    _press(Qt.Key.Key_Right)
    chosen_words = part.part.sides[2].words
    page.conflict.why.setFocus()
    _type("It was said last")
    _press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    _wait(qtbot, context)
    assert mine.store.get(contact).fields["advice"] == chosen_words  # type: ignore[union-attr]  # it is there
    assert mine.store.undecided() == []


@pytest.mark.parametrize(("presses", "withdrawn"), [(0, False), (1, True)])
def test_withdrawn_or_kept_is_one_choice_of_two(
    opened: Opened, mine: Services, theirs: Services, qtbot: QtBot, context: Any, presses: int, withdrawn: bool
) -> None:
    contact = mine.store.records_of("contact", limit=1)[0].record
    mine.records.withdraw(contact, "Entered twice")
    amend(theirs, contact, {"advice": "Ring the police."})
    exchange(mine, theirs)
    page = opened(record=contact)
    view = page.conflict
    assert view is not None
    assert view.keep is not None
    keep, leave = view.keep.dots()
    assert "Keep it, Amended by K. Adeyemi" in keep.accessibleName()
    assert "Reason: Entered twice" in leave.accessibleName()
    _press(Qt.Key.Key_Space)
    for _ in range(presses):
        _press(Qt.Key.Key_Down)
    _press(Qt.Key.Key_Tab)
    _type("It is the only record")
    _press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    _wait(qtbot, context)
    held = mine.store.get(contact)
    assert held is not None
    assert (held.withdrawn, held.needs_decision) == (withdrawn, False)


def test_decide_later_goes_on_to_the_next_and_keeps_what_was_chosen(
    opened: Opened, mine: Services, theirs: Services, conflict: str, qtbot: QtBot, context: Any
) -> None:
    contact = mine.store.records_of("contact", limit=1)[0].record
    amend(mine, contact, {"advice": "Leave it."})
    amend(theirs, contact, {"advice": "Ring at nine."})
    exchange(mine, theirs)
    page = opened(record=contact)
    order = [listed.record for listed in page._centre.conflicts]  # type: ignore[union-attr]  # it has been read
    assert page.to_decide.model.rowCount() == 2
    page.to_decide.table.opened.emit(0)
    settle()
    assert page.conflict is not None
    assert page.conflict.conflict.record == order[0]
    page.conflict.parts[0].choose("1")
    page.conflict.later_button.click()
    settle()
    assert page.conflict.conflict.record == order[1]
    page.to_decide.table.opened.emit(0)
    settle()
    assert page.conflict.parts[0].chosen() == "1"
    assert len(mine.store.undecided()) == 2


def test_somebody_whose_role_may_not_decide_is_told_so(
    opened: Opened, mine: Services, conflict: str, store: LaptopStore
) -> None:
    with store.write() as unit:
        unit.set(StoreSetting.ROLE, "commissioner")
    view = opened(record=conflict).conflict
    assert view is not None
    assert not view.save_button.isVisible()
    assert not view.parts[0].dots()[0].isEnabled()
    assert view.first_focus() is view.later_button


def test_a_version_is_cut_into_what_was_there_what_came_and_what_went() -> None:
    assert pieces("One adult", "", "One adult\nToast works") == [("One adult", ""), ("\nToast works", "added")]
    assert pieces("Ring at nine", "", "Ring at ten") == [("Ring at", ""), (" nine", "taken"), (" ten", "added")]
    assert pieces("", "Ring at nine", "Ring at ten") == [("Ring at", ""), (" ten", "added")]
    assert spoken(pieces("Ring at nine", "", "Ring at ten.")) == "Ring at nine, taken out. ten, added."


SIZES = [(1366, 768, 1.0), (1366, 696, 1.0), (1024, 640, 1.0), (1920, 1080, 1.0), (1366, 768, 1.5), (1024, 640, 1.5)]


@pytest.mark.parametrize(("width", "height", "scale"), SIZES)
@pytest.mark.parametrize("look", ["day", "night"])
def test_nothing_is_cut_or_unnamed_or_too_small(
    app: QApplication, opened: Opened, conflict: str, width: int, height: int, scale: float, look: theme.Name
) -> None:
    theme.apply(app, theme.Theme(look, scale))
    page = opened(width, height)
    assert clipped_labels(page) == []
    page.filters.choose(["decide"])
    assert page.conflict is not None
    page.conflict.parts[0].choose(BOTH)
    page.conflict.parts[1].choose(AGAIN)
    settle()
    assert page.conflict.save_button.isVisible()
    assert clipped_labels(page) == []
    assert unnamed_focusables(page) == []
    assert small_targets(page) == []
    area = page.conflict.area
    assert page.rect().contains(area.mapTo(page, area.rect().bottomRight()))


def test_tab_goes_in_reading_order_and_comes_round(opened: Opened, conflict: str) -> None:
    page = opened(record=conflict)
    page.filters.choose(["all"])
    settle()
    view = page.conflict
    assert view is not None
    order = stops(page)
    expected_order = [
        page.try_button, page.filters.chips()[0], page.waiting.table, view.parts[0].dots()[0], view.parts[1].dots()[0],
        view.why, view.save_button, view.later_button,
    ]  # fmt: skip
    assert [widget for widget in order if widget in expected_order] == expected_order
    page.try_button.setFocus()
    assert set(order) <= set(tab_round(page.window()))


def test_the_title_is_the_only_first_heading(opened: Opened, conflict: str) -> None:
    page = opened()
    assert page.title.level == 1
    interface = QAccessible.queryAccessibleInterface(page.title)
    assert interface.role() == QAccessible.Role.Heading


def test_no_shortcut_is_a_lone_letter(opened: Opened, mine: Services) -> None:
    (save,) = opened().findChildren(QShortcut)
    assert save.key().toString() == "Ctrl+Return"


def test_a_notice_is_shown_until_it_was_read(context: Any, qtbot: QtBot, store: LaptopStore) -> None:
    with store.write() as unit:
        unit.set(StoreSetting.NOTICE, "This store is 2 records behind what was saved on this laptop.")
    page = SyncCentrePage(context)
    qtbot.addWidget(page)
    page.resize(1180, 700)
    page.show()
    qtbot.waitUntil(lambda: any(link.text() == "I have read this" for link in page.findChildren(LinkButton)))
    read = next(link for link in page.findChildren(LinkButton) if link.text() == "I have read this")
    read.setFocus()
    QTest.keyClick(read, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: context.runner.idle and store.setting(StoreSetting.NOTICE) == "")
    qtbot.waitUntil(
        lambda: (
            not any(link.text() == "I have read this" and link.isVisible() for link in page.findChildren(LinkButton))
        )
    )


@pytest.mark.parametrize(("size", "scale"), [((1366, 768), 1.0), ((1920, 1080), 1.0), ((1024, 640), 1.5)])
def test_no_name_in_the_lists_is_cut(
    app: QApplication, opened: Opened, conflict: str, size: tuple[int, int], scale: float
) -> None:
    theme.apply(app, theme.Theme("day", scale))
    page = opened(*size)
    cut = []
    for listed in (page.waiting, page.sent, page.to_decide):
        table = listed.table
        for line in range(listed.model.rowCount()):
            index = listed.model.index(line, 0)
            if table.isVisible() and cell_is_cut(table, index):
                cut.append(listed.model.cell(line, 0).words)
    assert page.waiting.model.rowCount() > 2
    assert cut == []
