"""The form of a training session suggests household members, colleagues and former participants; all works by keyboard."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.carer import CARER, member_name
from hipss_desktop.views.services import Services
from tests.helpers.screens_of_due import household
from tests.helpers.screens_of_training import trained
from tests.helpers.store_fixtures import RecordingSession, SetClock
from tests.helpers.walk import focused
from tests.ui.shell.windows import rest, windows
from ui.records.named_rows import FIND, NamedRowsPart
from ui.shell.window import MainWindow
from ui.training.form_page import SessionFormPage


@pytest.fixture
def window(app: QApplication, qtbot: QtBot, services: Services, clock: SetClock) -> Iterator[MainWindow]:
    """L. Whitcombe's window, at a new session."""
    trained(services, clock)
    with windows(lambda: MainWindow(RecordingSession(services)), qtbot) as make:
        opened = make()
        opened.context.new("training")
        rest(qtbot, opened)
        yield opened


def page(window: MainWindow) -> SessionFormPage:
    assert isinstance(window.page, SessionFormPage)
    return window.page


def people(window: MainWindow) -> NamedRowsPart:
    part = page(window).form.controls["people"].part
    assert isinstance(part, NamedRowsPart)
    return part


def choose_first(window: MainWindow, qtbot: QtBot, typed: str) -> None:
    """Type a name and choose the first suggestion."""
    QTest.keyClicks(focused(window), typed)
    rest(qtbot, window)
    QTest.keyClick(focused(window), Qt.Key.Key_Return)
    rest(qtbot, window)


def test_people_are_put_in_by_name_with_role_and_organisation(
    window: MainWindow, qtbot: QtBot, services: Services
) -> None:
    for _ in range(80):
        if focused(window).accessibleName() == FIND:
            break
        QTest.keyClick(focused(window), Qt.Key.Key_Tab)
    assert focused(window) is people(window).known
    choose_first(window, qtbot, "jo pree")
    assert focused(window) is people(window).known, "the next name can be typed at once"
    choose_first(window, qtbot, "doyle")
    rows = page(window).draft.fields["people"]
    jo = household(services, "Preece")
    members = services.people.record(jo)
    assert members is not None
    first = next(member.id for member in CARER.of(members).members if member_name(member) == "Jo Preece")
    known = [{name: words for name, words in row.items() if name != "id"} for row in rows]
    assert known == [
        {"name": "Jo Preece", "role": "Foster carer", "organisation": "HIPSS carers", "carer": jo, "member": first},
        {"name": "F. Doyle", "role": "Social worker", "organisation": "The council, looked-after children"},
    ]
    choose_first(window, qtbot, "adeyemi")
    last = page(window).draft.fields["people"][-1]
    assert last["name"] == "K. Adeyemi"
    assert services.people.name(last["colleague"]) == "K. Adeyemi"
    assert len({row["id"] for row in page(window).draft.fields["people"]}) == 3


def test_a_name_that_nobody_has_begins_a_row(window: MainWindow, qtbot: QtBot) -> None:
    people(window).known.setFocus()
    choose_first(window, qtbot, "Zebrawood")
    rows = page(window).draft.fields["people"]
    assert [{name: words for name, words in row.items() if name != "id"} for row in rows] == [{"name": "Zebrawood"}]
    assert focused(window).accessibleName() == "Role, Person 1"


def tab_to(window: MainWindow, name: str) -> None:
    """Press Tab until the widget of this name has the focus."""
    for _ in range(60):
        if focused(window).accessibleName() == name:
            return
        QTest.keyClick(focused(window), Qt.Key.Key_Tab)
    raise AssertionError(name)


def test_a_session_that_was_held_is_written_by_keys_and_ends_on_the_day_it_began(
    window: MainWindow, qtbot: QtBot, services: Services
) -> None:
    assert page(window).stages.chosen() == "planned"
    QTest.keyClick(focused(window), Qt.Key.Key_Right)
    tab_to(window, "Title")
    QTest.keyClicks(focused(window), "Sleep")
    tab_to(window, "Topic")
    QTest.keyClick(focused(window), Qt.Key.Key_Down)
    for name, typed in (("Start, date", "14 March 2017"), ("Start, time", "09:30"), ("End, time", "12:00")):
        tab_to(window, name)
        QTest.keyClicks(focused(window), typed)
    QTest.keyClick(focused(window), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    record = page(window).draft.record
    rest(qtbot, window)
    saved_record = services.store.get(record)
    assert saved_record is not None
    assert saved_record.fields["stage"] == "held"
    view = services.training.sessions.view(record)
    assert view is not None
    assert view.when == "14 March 2017, 09:30 to 12:00 · 2.5 hours"


@pytest.mark.parametrize(
    ("typed", "ends"), [("22:15", "2017-03-14T22:15:00+00:00"), ("00:30", "2017-03-15T00:30:00+00:00")]
)
def test_an_end_earlier_than_the_start_is_on_the_next_day(
    window: MainWindow, qtbot: QtBot, typed: str, ends: str
) -> None:
    for name, words in (("Start, date", "14 March 2017"), ("Start, time", "21:30"), ("End, time", typed)):
        tab_to(window, name)
        QTest.keyClicks(focused(window), words)
    tab_to(window, "Place")
    rest(qtbot, window)
    assert page(window).draft.fields["ended"] == ends


def test_a_typed_name_without_a_role_gets_a_row_with_an_error_beside_it(window: MainWindow, qtbot: QtBot) -> None:
    people(window).known.setFocus()
    QTest.keyClicks(focused(window), "Zebrawood")
    QTest.keyClick(focused(window), Qt.Key.Key_Escape)
    QTest.keyClick(focused(window), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    rest(qtbot, window)
    [frame] = people(window).rows()
    assert frame.row.questions["role"].error() == "Enter the role, such as foster carer"
