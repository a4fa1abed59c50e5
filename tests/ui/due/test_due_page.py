"""Supervision by keys in the real window: the worst first, why below, what each cell opens, and what carers never see."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from db.store import LaptopStore
from hipss_desktop.documents.carer import carer_page
from hipss_desktop.documents.due import due_page
from hipss_desktop.documents.tree import texts
from hipss_desktop.views.services import Services
from tests.helpers.screens_of_due import household, supervised
from tests.helpers.store_fixtures import RecordingSession, SetClock, sign_in_as
from tests.helpers.walk import settle
from tests.ui.shell.windows import press, rest, windows
from ui.carers.carer_page import CarerPage
from ui.documents.preview_page import PreviewPage
from ui.due.due_page import EXPLAINS_AFTER, DuePage
from ui.due.explained_page import ExplainedPage
from ui.shell.help import HelpLayer
from ui.shell.window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(
    app: QApplication, qtbot: QtBot, services: Services, clock: SetClock, store: LaptopStore
) -> Iterator[MainWindow]:
    """D. Marsh's window on 16 March 2017, at Supervision."""
    supervised(services, clock, store)
    with windows(lambda: MainWindow(RecordingSession(services)), qtbot) as make:
        opened = make()
        opened.go("supervision")
        rest(qtbot, opened)
        yield opened


def page(window: MainWindow) -> DuePage:
    assert isinstance(window.page, DuePage)
    return window.page


def names(window: MainWindow) -> list[str]:
    return [row.name for row in page(window).due.model.rows]


def spoken(window: MainWindow) -> str:
    """What a screen reader says for the current cell."""
    return str(page(window).due.grid.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole))


def why(window: MainWindow) -> str:
    """What is explained once the keys rest."""
    QTest.qWait(2 * EXPLAINS_AFTER)
    settle()
    card = page(window).due.why
    return " ".join(shown.text() for shown in card.findChildren(QLabel) if shown.isVisible())


def test_the_worst_is_first_and_the_row_in_focus_explains_itself(window: MainWindow, qtbot: QtBot) -> None:
    assert names(window)[:3] == ["Ann Colley", "Sunita & Dev Rao", "Carol Yeo"]
    assert page(window).due.grid.hasFocus()
    assert "Within 12 months of approval, standard 20.3." in why(window)
    press(window, Qt.Key.Key_Down)
    press(window, Qt.Key.Key_Right)
    press(window, Qt.Key.Key_Right)
    assert spoken(window) == "Sunita & Dev Rao, unannounced, 2 March, 14 days overdue"
    words = why(window)
    assert "Why, for Sunita & Dev Rao" in words
    assert "At least 1 in 12 months, standard 21.8. Last counted 2 March 2016 and 12 months: 2 March 2017." in words
    assert "1 March 2017: nobody was in, so it does not count." in words
    assert "Not shown to the carers" in words
    interfaces = [QAccessible.queryAccessibleInterface(button) for button in page(window).due.why.buttons]
    heard = [interface.text(QAccessible.Text.Name) for interface in interfaces if interface is not None]
    assert heard[0] == "Start it unannounced, Unannounced visit, Sunita & Dev Rao"
    rest(qtbot, window)


def test_the_explanation_stays_in_sight_when_the_text_changes_its_size_and_back(
    window: MainWindow, qtbot: QtBot
) -> None:
    due = page(window).due
    window.resize(1366, 696)
    rest(qtbot, window)
    assert due.area.verticalScrollBar().maximum() == 0
    press(window, Qt.Key.Key_Plus, CTRL)
    rest(qtbot, window)
    press(window, Qt.Key.Key_0, CTRL)
    rest(qtbot, window)
    assert due.area.verticalScrollBar().maximum() == 0
    assert due.grid.verticalScrollBar().maximum() > 0, "the table is what scrolls"
    assert due.why.visibleRegion().boundingRect() == due.why.rect()


def test_enter_opens_the_record_behind_a_date_and_the_household_behind_its_name(
    window: MainWindow, qtbot: QtBot, services: Services
) -> None:
    press(window, Qt.Key.Key_Right)
    press(window, Qt.Key.Key_Return)
    rest(qtbot, window)
    opened = services.store.get(str(getattr(window.page, "record", "")))
    assert opened is not None
    assert (opened.kind, opened.fields["began"][:10]) == ("visit", "2017-03-01")
    window.go("back")
    rest(qtbot, window)
    assert spoken(window).startswith("Ann Colley, visit"), "the way back leads to the same cell"
    press(window, Qt.Key.Key_Left)
    press(window, Qt.Key.Key_Return)
    rest(qtbot, window)
    assert isinstance(window.page, CarerPage)


def test_ctrl_enter_starts_a_visit_to_the_household_in_focus(
    window: MainWindow, qtbot: QtBot, services: Services
) -> None:
    press(window, Qt.Key.Key_Down)
    press(window, Qt.Key.Key_Return, CTRL)
    rest(qtbot, window)
    draft = getattr(window.page, "draft", None)
    assert draft is not None
    assert (draft.kind, draft.fields["carer"]) == ("visit", household(services, "Rao"))


def test_a_check_is_begun_with_what_is_known_of_it(window: MainWindow, qtbot: QtBot, services: Services) -> None:
    page(window).due.why.buttons[0].click()
    rest(qtbot, window)
    draft = getattr(window.page, "draft", None)
    assert draft is not None
    known = {name: draft.fields[name] for name in ("carer", "type", "name")}
    assert known == {"carer": household(services, "Colley"), "type": "tsds", "name": "Ann Colley"}


def test_f1_on_a_date_says_how_it_is_worked_out_and_on_a_name_opens_help(window: MainWindow, qtbot: QtBot) -> None:
    press(window, Qt.Key.Key_F1)
    assert isinstance(window.layers.top, HelpLayer)
    press(window, Qt.Key.Key_Escape)
    press(window, Qt.Key.Key_Right)
    press(window, Qt.Key.Key_F1)
    rest(qtbot, window)
    assert isinstance(window.page, ExplainedPage)
    words = " ".join(shown.text() for shown in window.page.findChildren(QLabel))
    for part in (
        "29 February falls on 28 February",
        "regulation 28",
        "Unannounced visits in 12 months: 1, as nothing is set.",
    ):
        assert part in words


def test_it_is_narrowed_to_one_thing_and_says_where_nothing_is_left(window: MainWindow, qtbot: QtBot) -> None:
    due = page(window).due
    texts_of = {chip.key: chip.text() for chip in due.parts.chips()}
    assert (texts_of["all"], texts_of["overdue"], texts_of["soon"]) == ("All 6", "Overdue 3", "Due in 30 days 6")
    due.parts.choose(["training"])
    assert "Ann Colley" in names(window), "her standards are overdue"
    due.parts.choose(["annual_review"])
    assert names(window) == ["Pauline & Tom Griffin"]
    due.parts.choose(["dbs"])
    assert names(window) == []
    assert not due.none.isHidden()
    due.parts.choose(["all"])
    assert len(names(window)) == 6


def test_a_finished_visit_is_seen_at_once(window: MainWindow, qtbot: QtBot, services: Services) -> None:
    people = [{"id": "p", "who": "household", "name": "Carol Yeo", "was": ["took_part"]}]
    carol = household(services, "Yeo")
    answers = {"carer": carol, "type": "planned", "began": "2017-03-16T09:00:00+00:00", "people": people}
    services.records.finish(services.records.new_draft("visit", answers))
    rest(qtbot, window)
    row = next(row for row in page(window).due.model.rows if row.record == carol)
    assert (row.cells[0].day, row.cells[0].note) == ("13 April", "seen today")


def test_a_manager_sees_all_workers_and_narrows_to_one(
    app: QApplication, qtbot: QtBot, services: Services, clock: SetClock, store: LaptopStore
) -> None:
    supervised(services, clock, store)
    draft = services.records.amendment(household(services, "Yeo"))
    services.records.finish(replace(draft, fields={**draft.fields, "supervisor": "P. Shaw"}, why="Handed over"))
    with windows(lambda: MainWindow(RecordingSession(services)), qtbot) as make:
        window = make()
        window.go("supervision")
        rest(qtbot, window)
        assert page(window).due.parts.chosen() == ["mine"], "a worker's own households stand first"
        assert len(names(window)) == 5
    sign_in_as(store, role="manager", name="S. Lloyd")
    with windows(lambda: MainWindow(RecordingSession(services)), qtbot) as make:
        window = make()
        window.go("supervision")
        rest(qtbot, window)
        due = page(window).due
        assert len(names(window)) == 6
        assert due.model.cell(0, 0).second.endswith("D. Marsh")
        due.worker.choose("worker P. Shaw")
        due.worker.picked.emit("worker P. Shaw")
        assert names(window) == ["Carol Yeo"]


def test_the_list_is_printed_for_the_worker_and_says_that_carers_must_not_see_it(
    window: MainWindow, qtbot: QtBot, services: Services
) -> None:
    press(window, Qt.Key.Key_P, CTRL)
    rest(qtbot, window)
    assert isinstance(window.page, PreviewPage)
    words = list(texts(due_page(services)))
    assert "carers must not see it" in " ".join(words)
    assert "2 March, 14 days overdue" in words


def test_a_page_that_a_carer_may_be_given_has_no_unannounced_day(window: MainWindow, services: Services) -> None:
    rao = household(services, "Rao")
    words = " ".join(texts(carer_page(services, rao)))
    assert "Supervision visit" in words
    assert "Unannounced" not in words
    assert "nannounced look" not in words
    assert any("Unannounced" in line.title for line in services.due_views.card(rao).lines)
    assert not any("nannounced" in line.title for line in services.due_views.card(rao, carers_see=True).lines)


def test_a_household_that_is_not_approved_says_why_nothing_is_due(
    window: MainWindow, qtbot: QtBot, services: Services
) -> None:
    carol = household(services, "Yeo")
    draft = services.records.amendment(carol)
    services.records.finish(replace(draft, fields={**draft.fields, "approved_until": "2017-03-15"}, why="Resigned"))
    rest(qtbot, window)
    row = next(row for row in page(window).due.model.rows if row.record == carol)
    assert [cell.day for cell in row.cells] == ["–"] * 6
    assert page(window).due.model.rows[-1] is row
    assert services.due_views.card(carol).nothing == "Approval ended on 15 March 2017: nothing is due."
    household_row = services.households.household(carol)
    assert household_row is not None
    assert household_row.places == "0 spaces of 1: approval ended on 15 March 2017"


def test_on_hold_there_is_no_space_and_everything_goes_on(window: MainWindow, services: Services) -> None:
    ann = household(services, "Colley")
    before = services.households.household(ann)
    draft = services.records.amendment(ann)
    hold = [{"id": "h1", "starts": (date(2017, 3, 16) - timedelta(days=2)).isoformat(), "note": "Moving house"}]
    services.records.finish(replace(draft, fields={**draft.fields, "holds": hold}, why="Moving house"))
    household_row = services.households.household(ann)
    assert before is not None
    assert household_row is not None
    assert (before.places, household_row.places) == ("1 space of 2", "0 spaces of 2: on hold since 14 March 2017")
    lines = services.due_dates.of(ann)
    assert all(line.state != "nothing_due" for line in lines)
    assert lines[0].notes[-1] == "On hold since 14 March 2017. Visits, reviews and checks go on."


def test_the_tray_counts_supervision_in_numbers(window: MainWindow, services: Services, store: LaptopStore) -> None:
    counted = services.due_counts.now()
    assert (counted.supervision_overdue, counted.supervision_soon) == (3, 1)
    assert counted.words.endswith("Supervision: 3 households overdue, 1 household due soon")
    sign_in_as(store, role="on_call")
    assert services.due_counts.now().supervision_overdue == 0


def test_the_tabs_show_visits_and_what_was_begun(window: MainWindow, qtbot: QtBot, services: Services) -> None:
    services.records.save(services.records.new_draft("visit", {"carer": household(services, "Rao"), "type": "planned"}))
    rest(qtbot, window)
    tabs = page(window).tabs.tabs
    assert [tabs.tabText(at) for at in range(3)] == ["Due", "Visits", "Drafts 1"]
    press(window, Qt.Key.Key_Tab, CTRL)
    rest(qtbot, window)
    assert len(page(window).visits.model.rows) == 12
    press(window, Qt.Key.Key_Tab, CTRL)
    page(window).drafts.table.setFocus()
    press(window, Qt.Key.Key_Return)
    rest(qtbot, window)
    draft = getattr(window.page, "draft", None)
    assert draft is not None
    assert draft.kind == "visit"


def test_a_visit_that_is_begun_unannounced_is_of_that_kind(
    window: MainWindow, qtbot: QtBot, services: Services
) -> None:
    press(window, Qt.Key.Key_Down)
    for _ in range(2):
        press(window, Qt.Key.Key_Right)
    assert "standard 21.8" in why(window)
    first = page(window).due.why.buttons[0]
    assert first.text() == "Start it unannounced"
    first.click()
    rest(qtbot, window)
    draft = getattr(window.page, "draft", None)
    assert draft is not None
    assert (draft.kind, draft.fields["carer"], draft.fields["type"]) == (
        "visit",
        household(services, "Rao"),
        "unannounced",
    )


def test_all_columns_fit_in_a_window_of_1366_pixels_also_where_a_carer_is_late_with_the_standards(
    window: MainWindow,
) -> None:
    model, grid = page(window).due.model, page(window).due.grid
    late = [
        replace(cell, day="10 Feb 2016", note=note, tone="amber", icon="clock")
        for cell, note in zip(
            model.rows[0].cells,
            ("14 days overdue", "14 days overdue", "", "", "Sunita: 400 days overdue", "400 days overdue"),
            strict=True,
        )
    ]
    late = [cell if cell.note else replace(cell, day="30 Nov 2017", tone="", icon="") for cell in late]
    model.show([replace(row, cells=tuple(late)) for row in model.rows], with_workers=False)
    assert grid.horizontalHeader().length() <= grid.viewport().width()
