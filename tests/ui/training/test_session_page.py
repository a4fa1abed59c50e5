"""The page of a training session by keys: who came by role, each person, ticks that write at once, certificate and sheet."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.training import TRAINING
from hipss_desktop.views.services import Services
from tests.helpers.screens_of_due import household
from tests.helpers.screens_of_training import session, trained
from tests.helpers.store_fixtures import RecordingSession, SetClock, sign_in_as
from tests.helpers.walk import clipped_labels, focused, unnamed_focusables
from tests.ui.shell.windows import rest, windows
from ui.documents.preview_page import PreviewPage
from ui.records.form_page import RecordFormPage
from ui.records.listings_by_hand import series_rows
from ui.shell.window import MainWindow
from ui.training.series_page import SeriesPage
from ui.training.session_page import SessionPage


@pytest.fixture
def window(app: QApplication, qtbot: QtBot, services: Services, clock: SetClock) -> Iterator[MainWindow]:
    """L. Whitcombe's window on 16 March 2017, at the session of the picture."""
    record = trained(services, clock)
    with windows(lambda: MainWindow(RecordingSession(services)), qtbot) as make:
        opened = make()
        opened.go("training_session", record=record)
        rest(qtbot, opened)
        yield opened


def page(window: MainWindow) -> SessionPage:
    assert isinstance(window.page, SessionPage)
    return window.page


def shown_words(window: MainWindow) -> list[str]:
    return [shown.text() for shown in page(window).who.findChildren(QLabel) if shown.isVisible()]


def to(window: MainWindow, qtbot: QtBot, name: str) -> None:
    """Press Tab until the focus has this name."""
    for _ in range(60):
        if focused(window).accessibleName() == name or getattr(focused(window), "text", str)() == name:
            return
        QTest.keyClick(focused(window), Qt.Key.Key_Tab)
        rest(qtbot, window)
    raise AssertionError(f"Tab does not come to {name}")


def attendance_of(services: Services, row: str) -> str:
    session_record = next(
        record for record in services.store.records_of("training") if record.fields["name"] == "Why children run"
    )
    return next(str(person.was) for person in TRAINING.of(session_record).people if person.id == row)


def test_it_shows_who_came_by_role_and_then_each_person(window: MainWindow, qtbot: QtBot) -> None:
    shown = shown_words(window)
    assert "14 of 18 came" in shown
    assert {"Foster carer", "12.5", "35", "SENCO", "Lugg Bridge; St Owen’s"} <= set(shown)
    assert "F. Doyle" not in shown
    to(window, qtbot, "Show each person")
    QTest.keyClick(focused(window), Qt.Key.Key_Space)
    rest(qtbot, window)
    assert "F. Doyle" in shown_words(window)
    assert {"Came", "Did not come", "Sent apologies"} <= set(shown_words(window))
    assert not clipped_labels(page(window).who)
    assert not unnamed_focusables(page(window))


def test_a_tick_by_space_writes_who_came_and_the_household_has_it_at_once(
    window: MainWindow, qtbot: QtBot, services: Services
) -> None:
    beth = household(services, "Nash")
    assert services.training.households.of(beth).sessions == ()
    to(window, qtbot, "Beth Nash came, sent apologies")
    QTest.keyClick(focused(window), Qt.Key.Key_Space)
    rest(qtbot, window)
    assert attendance_of(services, "p05") == "came"
    assert "15 of 18 came" in shown_words(window)
    assert focused(window).accessibleName() == "Beth Nash came", "the focus stays where it was"
    assert [line.title for line in services.training.households.of(beth).sessions] == ["Why children run"]
    QTest.keyClick(focused(window), Qt.Key.Key_Space)
    rest(qtbot, window)
    assert attendance_of(services, "p05") == "did_not_come"
    assert services.training.households.of(beth).sessions == ()


def test_people_who_are_not_carers_are_ticked_as_well(window: MainWindow, qtbot: QtBot, services: Services) -> None:
    view = services.training.sessions.view(page(window).record)
    assert view is not None
    listed = [person for person in view.people if not person.carer]
    absent = next(person for person in listed if not person.came)
    assert {"Others who came", "Carers who came"} <= set(shown_words(window))
    assert len(page(window).who.ticks) == 18
    page(window).who.ticks[absent.row].setFocus()
    QTest.keyClick(focused(window), Qt.Key.Key_Space)
    rest(qtbot, window)
    assert attendance_of(services, absent.row) == "came"
    assert focused(window) is page(window).who.ticks[absent.row]


def test_a_certificate_and_the_sheet_are_printed_from_here(window: MainWindow, qtbot: QtBot) -> None:
    record = page(window).record
    to(window, qtbot, "Show each person")
    QTest.keyClick(focused(window), Qt.Key.Key_Space)
    rest(qtbot, window)
    names = [button.accessibleName() for button in page(window).who.findChildren(QAbstractButton) if button.isVisible()]
    assert "Certificate of attendance for Jo Preece" in names
    assert not any("Beth Nash" in name and "Certificate" in name for name in names)
    to(window, qtbot, "Certificate of attendance for Jo Preece")
    QTest.keyClick(focused(window), Qt.Key.Key_Space)
    rest(qtbot, window)
    assert isinstance(window.page, PreviewPage)
    assert window.page.title.text() == "Certificate of attendance"
    window.go("training_session", record=record)
    rest(qtbot, window)
    to(window, qtbot, "Sign-in sheet")
    QTest.keyClick(focused(window), Qt.Key.Key_Space)
    rest(qtbot, window)
    assert isinstance(window.page, PreviewPage)
    assert window.page.title.text() == "Sign-in sheet"


def test_a_planned_session_is_held_with_one_press_once_it_has_begun(
    window: MainWindow, qtbot: QtBot, services: Services, clock: SetClock
) -> None:
    planned = next(
        record.record for record in services.store.records_of("training") if record.fields["name"] == "Sleep and trauma"
    )
    window.go("training_session", record=planned)
    rest(qtbot, window)
    assert page(window).who.hold.isHidden()
    assert not any(tick.isEnabled() for tick in page(window).who.ticks.values())
    assert {"Who is invited", "Carers who are invited", "Invited"} <= set(shown_words(window))
    assert not {"Who came", "Carers who came", "Came", "Hours"} & set(shown_words(window)), "nobody can have come yet"
    window.go("sign_in_sheet", record=planned)
    rest(qtbot, window)
    clock.now = datetime(2017, 4, 4, 12, 0, tzinfo=UTC)
    QTest.keyClick(focused(window), Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    rest(qtbot, window)
    assert {"Who came", "Carers who came", "Came", "Hours"} <= set(shown_words(window)), "it has begun meanwhile"
    to(window, qtbot, "It was held")
    QTest.keyClick(focused(window), Qt.Key.Key_Space)
    rest(qtbot, window)
    assert page(window).who.hold.isHidden()
    assert "18 invited, nobody is marked yet" in shown_words(window)
    assert all(tick.isEnabled() for tick in page(window).who.ticks.values())


def test_who_may_not_write_sessions_reads_them(window: MainWindow, qtbot: QtBot, services: Services) -> None:
    sign_in_as(services.store, role="on_call", name="A. Bevan")
    page(window).refresh()
    rest(qtbot, window)
    assert not any(tick.isEnabled() for tick in page(window).who.ticks.values())
    assert "14 of 18 came" in shown_words(window)


def test_a_tick_that_cannot_be_written_goes_back_and_says_why(
    window: MainWindow, qtbot: QtBot, services: Services
) -> None:
    record = page(window).record
    tick = page(window).who.ticks["p05"]
    services.records.withdraw(record, "Written twice")  # the page has not been read again yet
    tick.click()
    rest(qtbot, window)
    assert was_in(services, record, "p05") == "apologies"
    assert not page(window).who.ticks["p05"].isChecked()


def was_in(services: Services, record: str, row: str) -> str:
    session_record = services.store.get(record)
    assert session_record is not None
    return next(str(person.was) for person in TRAINING.of(session_record).people if person.id == row)


def test_ctrl_e_amends_it(window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(focused(window), Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    rest(qtbot, window)
    assert isinstance(window.page, RecordFormPage)


def test_the_page_of_a_series_says_how_far_it_is_and_follows_what_is_held(
    window: MainWindow, qtbot: QtBot, services: Services
) -> None:
    programme = services.store.records_of("series", limit=1)[0].record
    window.go("series", record=programme)
    rest(qtbot, window)
    assert isinstance(window.page, SeriesPage)
    assert window.page.far.text() == "16+, every six weeks, until March 2018, 4 of 8 held"
    session(services, name="The fifth", series=programme)
    rest(qtbot, window)
    assert window.page.far.text().endswith("5 of 8 held")
    assert [row.cells[1].words for row in series_rows(services, "", "", None)] == [window.page.far.text()]
