"""A form asks for a case or a series that is not there yet: it is begun on the way, and the form is gone on with."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.case import CASE
from hipss_desktop.kinds.consultation import CONSULTATION
from hipss_desktop.views.services import Services
from tests.helpers.store_fixtures import RecordingSession
from tests.helpers.walk import focused
from tests.ui.shell.windows import rest, windows
from ui.consultations.form_page import CaseFormPage, ConsultationFormPage
from ui.records.form_page import RecordFormPage
from ui.shell.window import MainWindow

Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(app: QApplication, qtbot: QtBot, lead: Services) -> Iterator[MainWindow]:
    """L. Whitcombe's window, at a new consultation about a child of another team."""
    with windows(lambda: MainWindow(RecordingSession(lead)), qtbot) as make:
        opened = make()
        opened.context.new(CONSULTATION.name, about="case", team="fostering")
        rest(qtbot, opened)
        yield opened


def form(window: MainWindow) -> ConsultationFormPage:
    assert isinstance(window.page, ConsultationFormPage)
    return window.page


def begin(window: MainWindow, qtbot: QtBot, typed: str) -> None:
    """Type a case that is not there, and take what is offered for a new one."""
    form(window).form.go("case")
    QTest.keyClicks(focused(window), typed)
    rest(qtbot, window)
    QTest.keyClick(focused(window), Key.Key_Return)
    rest(qtbot, window)
    assert isinstance(window.page, CaseFormPage)


def test_a_case_is_begun_with_what_was_typed_and_is_in_the_consultation_once_it_is_finished(
    window: MainWindow, qtbot: QtBot, lead: Services
) -> None:
    consultation = form(window).draft.record
    begin(window, qtbot, "Zed")
    assert focused(window).accessibleName() == "Initials or first name"
    QTest.keyClick(focused(window), Key.Key_Tab)
    QTest.keyClicks(focused(window), "FOS-310")
    QTest.keyClick(focused(window), Key.Key_Return, CTRL)
    rest(qtbot, window)
    assert form(window).draft.record == consultation
    case = lead.people.record(form(window).draft.fields["case"])
    assert case is not None
    assert (CASE.of(case).name, CASE.of(case).number, CASE.of(case).team) == ("Zed", "FOS-310", "fostering")
    assert focused(window) is form(window).form.controls["case"].focus_target()
    assert form(window).reader.text() == "Write what Zed could read"


def test_a_number_is_begun_as_the_number(window: MainWindow, qtbot: QtBot) -> None:
    begin(window, qtbot, "FOS-310")
    assert isinstance(window.page, RecordFormPage)
    assert window.page.draft.fields == {"number": "FOS-310", "team": "fostering"}


@pytest.mark.parametrize("leaves", ["Ctrl+S", "Alt+Left"])
def test_leaving_the_case_leads_back_to_the_consultation_as_it_was(
    window: MainWindow, qtbot: QtBot, leaves: str
) -> None:
    consultation = form(window).draft.record
    begin(window, qtbot, "Zed")
    QTest.keySequence(focused(window), leaves)
    rest(qtbot, window)
    assert form(window).draft.record == consultation
    assert not form(window).draft.fields.get("case")


def test_a_case_that_is_there_is_offered_before_a_new_one(window: MainWindow, qtbot: QtBot, lead: Services) -> None:
    form(window).form.go("case")
    QTest.keyClicks(focused(window), "EOC-2231")
    rest(qtbot, window)
    QTest.keyClick(focused(window), Key.Key_Return)
    rest(qtbot, window)
    assert lead.people.name(form(window).draft.fields["case"]) == "S., EOC-2231"
