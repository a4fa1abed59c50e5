"""The list that is made from a kind: its columns, its order, its filter, its stages, and what it says when there is nothing."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from db.store import LaptopStore
from hipss_desktop import identity
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.changes import changed_units
from tests.helpers.open_page import show
from tests.helpers.store_fixtures import SetClock
from tests.helpers.team_consultation import TEAM_CONSULTATION, held, team_consultations_known
from tests.helpers.walk import clipped_labels, focused, settle, small_targets, unnamed_focusables
from ui import theme
from ui.base.page import Context
from ui.parts import EmptyState
from ui.records.list_page import ListPage
from ui.records.listing import PAGE

Open = Callable[[str], ListPage]


def read(qtbot: QtBot, context: Context) -> None:
    """Wait until everything asked for has come back."""
    qtbot.waitUntil(lambda: context.runner.idle)
    settle()


@pytest.fixture(autouse=True)
def _known() -> Iterator[None]:
    with team_consultations_known():
        yield


@pytest.fixture
def open_list(app: QApplication, qtbot: QtBot, context: Context) -> Open:
    """Opens the list of a kind as the window does."""

    def opened(kind: str = TEAM_CONSULTATION.name) -> ListPage:
        page = ListPage(context, kind=kind)
        qtbot.addWidget(page)
        page.resize(1182, 712)
        with qtbot.waitActive(page):
            page.show()
            page.activateWindow()
        read(qtbot, context)
        page.filter.setFocus()
        return page

    return opened


def words(page: ListPage, row: int) -> dict[str, str]:
    """A row as it is read aloud, by heading."""
    return {heading: page.model.cell(row, at).phrase() for at, heading in enumerate(page.model.headings)}


def column(page: ListPage, heading: str) -> list[str]:
    """A column as it is read aloud."""
    return [words(page, row)[heading] for row in range(page.model.rowCount())]


def kai(context: Context) -> str:
    """Kai's record."""
    return context.services.people.find("kai", kinds=("child",))[0].record


def many(store: LaptopStore, count: int, status: str, *, first: int = 0, question: str = "The move") -> None:
    """Write many consultations at once, one a day, the first numbers the oldest."""
    with store.write() as unit:
        for number in range(first, first + count):
            day = f"{2005 + number // 336}-{1 + number // 28 % 12:02d}-{1 + number % 28:02d}"
            fields = {"held_on": day, "team": f"Team {number}", "question": question, "status": status}
            unit.append(
                record=identity.record_id(), kind=TEAM_CONSULTATION.name, action="finish", fields=fields,
                changed=changed_units(TEAM_CONSULTATION, {}, fields), parents=(),
            )  # fmt: skip


def test_the_columns_are_those_of_the_kind_and_records_are_shown_by_their_names(
    open_list: Open, context: Context
) -> None:
    rows = [{"id": "a", "name": "The school nurse"}, {"id": "b", "name": "His form tutor"}]
    held(context.services, 12, child=kai(context), attendees=rows, status="done")
    assert words(open_list(TEAM_CONSULTATION.name), 0) == {
        "Date": "13 January 2017",
        "Team": "Leeds north-east team",
        "Child": "Kai M.",
        "Who came": "2 who came",
        "Question brought": "How to speak with him of the move",
        "Status": "Done",
        "Sent": "Waiting",
    }


def test_the_newest_is_first(open_list: Open, context: Context) -> None:
    for number in (3, 9, 6):
        held(context.services, number)
    assert column(open_list(TEAM_CONSULTATION.name), "Date") == ["10 January 2017", "7 January 2017", "4 January 2017"]


def test_a_stage_is_chosen_by_keys_and_its_pages_are_full(
    open_list: Open, qtbot: QtBot, context: Context, store: LaptopStore
) -> None:
    many(store, 2 * PAGE + 5, "done")
    many(store, 3 * PAGE, "open", first=1000)
    page = open_list(TEAM_CONSULTATION.name)
    assert [chip.text() for chip in page.choices.chips()] == ["All", "Open", "Done", "No longer needed"]
    assert page.count.text() == str(5 * PAGE + 5)
    page.choices.chips()[0].setFocus()
    QTest.keyClick(focused(), Qt.Key.Key_D)
    QTest.keyClick(focused(), Qt.Key.Key_Space)
    read(qtbot, context)
    assert set(column(page, "Status")) == {"Done"}
    assert page.model.rowCount() == PAGE, "a page that was filtered after it was fetched would be short"
    assert page.count.text() == str(2 * PAGE + 5)
    page.table.setFocus()
    for _ in range(4):
        QTest.keyClick(page.table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
        read(qtbot, context)
    assert page.model.rowCount() == 2 * PAGE + 5
    assert len({row.record for row in page.model.rows}) == page.model.rowCount()


def test_a_record_without_a_stage_is_in_the_one_that_this_means(
    open_list: Open, qtbot: QtBot, context: Context
) -> None:
    held(context.services, 1)
    page = open_list(TEAM_CONSULTATION.name)
    assert column(page, "Status") == ["Open"]
    page.choices.chips()[1].click()
    read(qtbot, context)
    assert page.model.rowCount() == 1


def test_words_find_records_of_the_kind_though_others_with_the_word_are_newer_and_many(
    open_list: Open, qtbot: QtBot, context: Context, store: LaptopStore
) -> None:
    many(store, 1, "done", question="The greenhouse")
    many(store, 130, "open", first=100, question="The greenhouse")
    page = open_list(TEAM_CONSULTATION.name)
    page.choices.chips()[2].click()
    QTest.keyClicks(page.filter, "greenhouse")
    read(qtbot, context)
    assert column(page, "Team") == ["Team 0"]
    kind = KINDS["contact"]
    with store.write() as unit:
        for number in range(130):
            fields = {
                "type": "information",
                "happening": "The greenhouse",
                "told": f"2018-01-01T10:00:{number % 60:02d}Z",
            }
            unit.append(
                record=identity.record_id(), kind="contact", action="finish", fields=fields,
                changed=changed_units(kind, {}, fields), parents=(),
            )  # fmt: skip
    read(qtbot, context)
    page.refresh()
    read(qtbot, context)
    assert column(page, "Team") == ["Team 0"]


def test_a_childs_name_finds_what_is_about_the_child(open_list: Open, qtbot: QtBot, context: Context) -> None:
    held(context.services, 1, child=kai(context))
    held(context.services, 2)
    page = open_list(TEAM_CONSULTATION.name)
    QTest.keyClicks(page.filter, "kai")
    read(qtbot, context)
    assert column(page, "Child") == ["Kai M."]


def test_a_withdrawn_record_says_so_where_it_is_always_seen(open_list: Open, context: Context) -> None:
    context.services.records.withdraw(held(context.services, 1), "Held with another team")
    page = open_list(TEAM_CONSULTATION.name)
    assert words(page, 0)["Question brought"] == "Withdrawn. How to speak with him of the move"
    page.resize(560, 600)
    settle()
    assert not page.table.isColumnHidden(page.model.headings.index("Question brought"))
    assert page.table.isColumnHidden(page.model.headings.index("Sent"))


def test_an_answer_that_cannot_be_read_is_shown_unchanged(
    open_list: Open, context: Context, store: LaptopStore
) -> None:
    fields = {"held_on": 7.5, "team": ["a", "b"], "child": {}, "attendees": "nobody", "question": 3, "status": []}
    with store.write() as unit:
        unit.append(
            record=identity.record_id(), kind=TEAM_CONSULTATION.name, action="finish", fields=fields,
            changed=sorted(fields), parents=(),
        )  # fmt: skip
    row = words(open_list(TEAM_CONSULTATION.name), 0)
    assert (row["Date"], row["Who came"], row["Question brought"], row["Status"]) == ("7.5", "nobody", "3", "Open")


def test_an_empty_list_says_so_and_an_empty_stage_something_else(
    open_list: Open, qtbot: QtBot, context: Context
) -> None:
    page = open_list(TEAM_CONSULTATION.name)
    assert page.empty.isVisible()
    words = [label.text() for label in page.empty.findChildren(QLabel)]
    assert "No team consultations yet" in words
    assert "Those that you or your colleagues write are listed here." in words
    held(context.services, 1)
    read(qtbot, context)
    page.choices.chips()[2].click()
    read(qtbot, context)
    assert [empty_state for empty_state in page.findChildren(EmptyState) if empty_state.isVisible()] == [
        page.none_chosen
    ]


@pytest.mark.parametrize("kind", [TEAM_CONSULTATION.name, "action"])
def test_what_an_empty_list_says_begins_where_its_rows_would(
    open_list: Open, qtbot: QtBot, context: Context, kind: str
) -> None:
    page = open_list(kind)
    page.filter.setText("zzz")
    read(qtbot, context)
    assert page.no_match.isVisible()
    assert page.no_match.y() - page.filter.geometry().bottom() < 20


def test_the_focus_of_an_empty_list_is_on_what_begins_a_new_one_and_of_a_full_one_on_the_filter(
    app: QApplication, qtbot: QtBot, context: Context
) -> None:
    for full in (False, True):
        if full:
            held(context.services, 1)
        page = ListPage(context, kind=TEAM_CONSULTATION.name)
        page.filter.setFocus()  # where it begins before anything was read
        show(qtbot, page)
        read(qtbot, context)
        assert focused() is (page.filter if full else page.new)
        page.hide()


def test_the_focus_of_an_empty_list_is_right_though_another_window_was_in_front_when_it_was_read(
    app: QApplication, qtbot: QtBot, context: Context
) -> None:
    page = ListPage(context, kind=TEAM_CONSULTATION.name)
    page.filter.setFocus()
    with qtbot.waitExposed(page):
        qtbot.addWidget(page)
        page.show()
    show(qtbot, QLabel("In front"))
    read(qtbot, context)
    with qtbot.waitActive(page):
        page.activateWindow()
    assert focused() is page.new


def test_enter_opens_the_record_and_new_begins_one_where_the_role_may(open_list: Open, context: Context) -> None:
    record = held(context.services, 1)
    page = open_list(TEAM_CONSULTATION.name)
    QTest.keyClick(focused(), Qt.Key.Key_Down)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    page.new.click()
    assert context.went == [  # type: ignore[attr-defined]  # the context of the tests notes where it went
        ("record", {"record": record}),
        ("new_record", {"kind": TEAM_CONSULTATION.name}),
    ]
    assert not open_list("practitioner").new.isVisible(), "the on-call role may not write colleagues"


def test_people_are_listed_by_name_and_found_by_a_misspelling(open_list: Open, qtbot: QtBot, context: Context) -> None:
    page = open_list("practitioner")
    names = column(page, "Name")
    assert len(names) > 2
    assert names == [context.services.people.name(row.record) for row in page.model.rows]
    QTest.keyClicks(page.filter, "adeyeni")
    read(qtbot, context)
    assert column(page, "Name") == ["K. Adeyemi"]


@pytest.mark.parametrize("kind", ["team_consultation", "placement", "practitioner", "shift", "directory"])
@pytest.mark.parametrize(("size", "scale"), [((700, 584), 1.5), ((840, 584), 1.0), ((1736, 1024), 1.0)])
def test_nothing_is_cut_or_nameless_at_any_size(
    open_list: Open, context: Context, kind: str, size: tuple[int, int], scale: float
) -> None:
    held(context.services, 1, child=kai(context))
    page = open_list(kind)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, theme.Theme("night", scale))
    page.resize(*size)
    settle()
    assert clipped_labels(page) == []
    assert unnamed_focusables(page) == []
    assert small_targets(page) == []
    seen = [at for at in range(page.model.columnCount()) if not page.table.isColumnHidden(at)]
    assert sum(page.table.columnWidth(at) for at in seen) <= page.table.viewport().width() + 1
    assert len(seen) >= 2


def test_a_record_finished_elsewhere_shows_with_its_new_stage(
    open_list: Open, qtbot: QtBot, context: Context, clock: SetClock
) -> None:
    record = held(context.services, 1)
    page = open_list(TEAM_CONSULTATION.name)
    clock.pass_time(minutes=1)
    draft = context.services.records.amendment(record)
    changed = replace(draft, fields={**draft.fields, "status": "done"}, why="We met")
    context.services.records.finish(changed)
    read(qtbot, context)
    assert column(page, "Status") == ["Done"]
