"""The lists: filter, rows fetched as they are looked at, and opening by keys."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from db.store import LaptopStore
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.changes import changed_units
from hipss_desktop.views.services import Services
from tests.helpers.open_page import open_page, read
from tests.helpers.store_fixtures import SetClock, sign_in_as
from tests.helpers.walk import announcements, clipped_labels, focused, settle, small_targets, unnamed_focusables
from ui import theme
from ui.base.focus import focus
from ui.base.page import Context
from ui.parts import Button, PrimaryButton
from ui.parts.tables import cell_is_cut
from ui.records.list_page import ListPage

Open = Callable[[str], ListPage]
COLUMNS = {
    "child": ["Name", "Age", "Number", "Placed with", "Now", "Phone", "Last contact", "Sent"],
    "carer": ["Household", "Phone", "Children placed", "Places", "Status", "Sent"],
    "action": ["What", "About", "Owner", "Due", "State", "Sent"],
    "contact": ["Time", "From", "Child", "About", "Outcome", "Sent"],
}


@pytest.fixture
def open_list(app: QApplication, qtbot: QtBot, context: Context) -> Open:
    """Opens a list as the window does."""

    def opened(kind: str) -> ListPage:
        page = ListPage(context, kind=kind)
        open_page(qtbot, context, page)
        return page

    return opened


def words(page: ListPage, row: int) -> dict[str, str]:
    """A row as it is read aloud, by heading."""
    return {heading: page.model.cell(row, at).phrase() for at, heading in enumerate(page.model.headings)}


def by_first(page: ListPage) -> dict[str, dict[str, str]]:
    """All rows by their first cell."""
    return {words(page, row)[page.model.headings[0]]: words(page, row) for row in range(page.model.rowCount())}


def test_children_are_listed_with_where_they_are_and_who_to_ring(open_list: Open) -> None:
    page = open_list("child")
    assert list(page.model.headings) == COLUMNS["child"]
    kai = by_first(page)["Kai M."]
    assert kai["Age"] == "14"
    assert kai["Number"] == "HIPSS-017"
    assert kai["Placed with"] == "Jo & Martin Preece"
    assert kai["Phone"] == "01632 960174"
    assert kai["Now"] == "Missing since 21:40"
    assert kai["Last contact"] == "23:32"
    assert kai["Sent"] == "Waiting"


def test_households_are_listed_with_who_sleeps_there_and_how_many_places(open_list: Open) -> None:
    page = open_list("carer")
    preece = by_first(page)["Jo & Martin Preece"]
    assert preece["Children placed"] == "Kai M."
    assert preece["Places"] == "1 of 1 places taken"
    assert preece["Phone"] == "01632 960174"


def test_an_action_past_its_time_says_so_in_words(open_list: Open) -> None:
    page = open_list("action")
    assert by_first(page)["Ring Jo Preece back"]["State"] == "Open, Overdue 14 min"
    assert "Tell EDT that Kai is missing" not in by_first(page), "done actions are not among the open ones"


def test_all_actions_show_when_asked_for_by_keys(open_list: Open, qtbot: QtBot, context: Context) -> None:
    page = open_list("action")
    page.choices.chips()[0].setFocus()
    QTest.keyClick(focused(), Qt.Key.Key_Left)  # round to the last
    QTest.keyClick(focused(), Qt.Key.Key_Space)
    read(qtbot, context)
    assert by_first(page)["Tell EDT that Kai is missing"]["State"] == "Done"


def test_contacts_are_newest_first_with_outcome_and_sync(open_list: Open) -> None:
    page = open_list("contact")
    assert words(page, 0)["Time"] == "14 March 2017, 00:41"
    assert words(page, 2)["Outcome"] == "Escalated"
    assert words(page, 2)["Child"] == "Kai M."


@pytest.mark.parametrize(
    ("kind", "typed", "first"),
    [("child", "kaiser", "Kai M."), ("child", "hipss-014", "Tyler B."), ("carer", "prece", "Jo & Martin Preece")],
)
def test_typing_finds_people_by_nickname_number_or_a_misspelling(
    open_list: Open, qtbot: QtBot, context: Context, kind: str, typed: str, first: str
) -> None:  # fmt: skip
    page = open_list(kind)
    QTest.keyClicks(focused(), typed)
    read(qtbot, context)
    assert words(page, 0)[page.model.headings[0]] == first


def test_a_word_or_a_childs_name_finds_contacts(open_list: Open, qtbot: QtBot, context: Context) -> None:
    page = open_list("contact")
    QTest.keyClicks(focused(), "wardrobe")
    read(qtbot, context)
    assert 0 < page.model.rowCount() < 5
    assert {words(page, row)["Child"] for row in range(page.model.rowCount())} == {"Ellie R."}
    page.filter.setText("ellie")
    read(qtbot, context)
    assert page.model.rowCount() > 1
    assert {words(page, row)["Child"] for row in range(page.model.rowCount())} == {"Ellie R."}


def test_nothing_found_is_said_in_words_and_aloud(open_list: Open, qtbot: QtBot, context: Context) -> None:
    page = open_list("child")
    heard, connection = announcements()
    QTest.keyClicks(focused(), "zzz")
    read(qtbot, context)
    assert page.no_match.isVisible()
    assert not page.frame.isVisible()
    assert "No match" in heard
    assert connection


def test_arrows_go_from_the_filter_to_a_row_and_enter_opens_it(open_list: Open, context: Any) -> None:
    page = open_list("child")
    QTest.keyClick(focused(), Qt.Key.Key_Down)
    assert page.table.hasFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert context.went == [("child", {"record": page.model.rows[1].record})]


@pytest.mark.parametrize(
    ("kind", "went"),
    [
        ("child", ("new_record", {"kind": "child"})),
        ("action", ("new_record", {"kind": "action"})),
        ("contact", ("new_record", {"kind": "contact"})),
    ],
)
def test_new_begins_one_of_the_kind(open_list: Open, context: Any, kind: str, went: tuple[str, dict[str, str]]) -> None:
    page = open_list(kind)
    page.new.setFocus()
    QTest.keyClick(page.new, Qt.Key.Key_Return)
    assert context.went == [went]


def test_new_is_not_offered_to_a_role_that_may_not_write(open_list: Open) -> None:
    assert not open_list("carer").new.isVisible()


def test_a_record_that_is_finished_shows_without_being_asked_for(
    open_list: Open, qtbot: QtBot, context: Context
) -> None:
    page = open_list("action")
    draft = context.services.records.new_draft(
        "action", {"what": "Post the letter", "due": "2017-03-15T09:00:00+00:00"}
    )
    context.services.records.finish(draft)
    read(qtbot, context)
    assert "Post the letter" in by_first(page)


def test_a_long_list_fetches_only_what_is_looked_at(
    app: QApplication, qtbot: QtBot, context: Context, store: LaptopStore, clock: SetClock
) -> None:
    kind = KINDS["contact"]
    with store.write() as unit:
        for number in range(400):
            fields = {"type": "information", "told": f"2015-01-01T10:{number // 60:02d}:{number % 60:02d}+00:00"}
            unit.append(
                record=f"0199c0de-0000-7000-8000-{number:012d}", kind="contact", action="finish", fields=fields,
                changed=changed_units(kind, {}, fields), parents=(),
            )  # fmt: skip
    page = ListPage(context, kind="contact")
    qtbot.addWidget(page)
    page.resize(1182, 712)
    page.show()
    read(qtbot, context)
    assert page.model.rowCount() == 60
    assert page.count.text() == "453"
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    read(qtbot, context)
    assert page.model.rowCount() == 120
    for _ in range(8):
        QTest.keyClick(page.table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
        read(qtbot, context)
    assert page.model.rowCount() == 453
    assert len({row.record for row in page.model.rows}) == 453


def test_an_empty_list_says_what_to_do(app: QApplication, qtbot: QtBot, context: Context, store: LaptopStore) -> None:
    for record in store.records_of("action"):
        context.services.records.withdraw(record.record, "tidying up")
    page = ListPage(context, kind="action")
    qtbot.addWidget(page)
    page.show()
    read(qtbot, context)
    assert page.empty.isVisible()


@pytest.mark.parametrize("kind", list(COLUMNS))
@pytest.mark.parametrize(
    ("size", "scale"), [((840, 584), 1.5), ((1182, 712), 1.5), ((840, 584), 1.0), ((1736, 1024), 1.0)]
)
def test_nothing_is_cut_or_nameless_at_any_size(
    open_list: Open, qtbot: QtBot, context: Context, kind: str, size: tuple[int, int], scale: float
) -> None:  # fmt: skip
    page = open_list(kind)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, theme.Theme("night", scale))
    page.resize(*size)
    settle()
    assert clipped_labels(page) == []
    assert unnamed_focusables(page) == []
    assert small_targets(page) == []
    shown = [at for at in range(page.model.columnCount()) if not page.table.isColumnHidden(at)]
    wide = sum(page.table.columnWidth(at) for at in shown)
    assert wide <= page.table.viewport().width() + 1
    if kind == "child":
        assert {"Name", "Now", "Phone"} <= {page.model.headings[at] for at in shown}


def test_a_list_that_is_come_back_to_has_its_filter_selected_so_that_typing_replaces_it(
    open_list: Open, qtbot: QtBot, context: Context
) -> None:
    page = open_list("child")
    QTest.keyClicks(page.filter, "kai")
    read(qtbot, context)
    page.table.setFocus()
    focus(page.first_focus())
    QTest.keyClicks(focused(), "ellie")
    read(qtbot, context)
    assert page.filter.text() == "ellie"
    assert page.count.text() == "1 of 5"


def test_esc_and_the_cross_clear_the_filter(open_list: Open, qtbot: QtBot, context: Context) -> None:
    page = open_list("child")
    assert not page.filter.clear_button.isVisible()
    QTest.keyClicks(page.filter, "kaikai")
    read(qtbot, context)
    assert page.count.text() == "0 of 5"
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    read(qtbot, context)
    assert (page.filter.text(), page.count.text()) == ("", "5")
    QTest.keyClicks(page.filter, "kai")
    assert small_targets(page) == []
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    assert focused() is page.filter.clear_button
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    read(qtbot, context)
    assert (page.filter.text(), page.count.text()) == ("", "5")
    assert focused() is page.filter


@pytest.mark.parametrize(
    ("role", "kind", "button"),
    [
        ("on_call", "contact", PrimaryButton),
        ("on_call", "child", Button),
        ("on_call", "action", Button),
        ("on_call", "carer", None),
        ("supervising", "contact", None),
        ("supervising", "carer", Button),
        ("administrator", "child", None),
    ],
)
def test_only_a_list_that_is_used_for_new_ones_has_a_filled_button_and_none_for_who_may_not_write(
    open_list: Open, services: Services, role: str, kind: str, button: type | None
) -> None:
    sign_in_as(services.store, role=role)
    page = open_list(kind)
    assert page.new.isVisible() == (button is not None)
    assert [type(primary) for primary in page.findChildren(PrimaryButton) if primary.isVisible()] == (
        [PrimaryButton] if button is PrimaryButton else []
    )


@pytest.mark.parametrize(("size", "scale"), [((1182, 712), 1.0), ((840, 584), 1.5), ((900, 640), 1.0)])
def test_columns_give_up_the_room_that_their_words_do_not_need(
    app: QApplication, open_list: Open, size: tuple[int, int], scale: float
) -> None:
    theme.apply(app, theme.Theme("day", scale))
    page = open_list("action")
    page.resize(*size)
    settle()
    cut = [
        words(page, row)["What"]
        for row in range(page.model.rowCount())
        if cell_is_cut(page.table, page.model.index(row, 0))
    ]
    assert page.model.rowCount() > 3
    assert cut == []


def test_the_mouse_is_told_what_a_cut_cell_says_and_nothing_of_one_that_is_seen_whole(
    app: QApplication, open_list: Open, qtbot: QtBot
) -> None:
    page = open_list("contact")
    tooltips = {}
    for row in range(page.model.rowCount()):
        index = page.model.index(row, list(page.model.headings).index("About"))
        place = page.table.visualRect(index).center()
        if not page.table.viewport().rect().contains(place):
            continue
        QToolTip.hideText()
        qtbot.waitUntil(lambda: not QToolTip.isVisible())
        QApplication.sendEvent(
            page.table.viewport(), QHelpEvent(QEvent.Type.ToolTip, place, page.table.viewport().mapToGlobal(place))
        )
        tooltips[row] = (cell_is_cut(page.table, index), QToolTip.text() if QToolTip.isVisible() else "")
    whole = {row: page.model.cell(row, list(page.model.headings).index("About")).words for row in tooltips}
    assert {cut for cut, _ in tooltips.values()} == {True, False}
    assert {row: words for row, (cut, words) in tooltips.items() if cut} == {
        row: whole[row] for row in tooltips if tooltips[row][0]
    }
    assert [words for cut, words in tooltips.values() if not cut and words] == []
