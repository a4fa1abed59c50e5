"""A session's form completes people by keys: members of households, colleagues and former participants."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.carer import CARER, member_name
from hipss_desktop.views.desk import Desk
from tests.helpers.screens_of_due import household
from tests.helpers.screens_of_training import trained
from tests.helpers.store_fixtures import RecordingSession, SetClock
from tests.helpers.walk import focused
from tests.ui.shell.windows import rest, windows
from ui.records.named_rows import FIND, NamedRowsPart
from ui.shell.window import MainWindow
from ui.training.form_page import SessionFormPage


@pytest.fixture
def window(app: QApplication, qtbot: QtBot, desk: Desk, clock: SetClock) -> Iterator[MainWindow]:
    """L. Whitcombe's window, at a new session."""
    trained(desk, clock)
    with windows(lambda: MainWindow(RecordingSession(desk)), qtbot) as make:
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


def put(window: MainWindow, qtbot: QtBot, typed: str) -> None:
    """Type a name and take the first that is offered."""
    QTest.keyClicks(focused(window), typed)
    rest(qtbot, window)
    QTest.keyClick(focused(window), Qt.Key.Key_Return)
    rest(qtbot, window)


def test_people_are_put_in_by_name_with_role_and_organisation(window: MainWindow, qtbot: QtBot, desk: Desk) -> None:
    for _ in range(80):
        if focused(window).accessibleName() == FIND:
            break
        QTest.keyClick(focused(window), Qt.Key.Key_Tab)
    assert focused(window) is people(window).known
    put(window, qtbot, "jo pree")
    assert focused(window) is people(window).known, "the next one is typed at once"
    put(window, qtbot, "doyle")
    rows = page(window).draft.fields["people"]
    jo = household(desk, "Preece")
    members = desk.people.record(jo)
    assert members is not None
    first = next(one.id for one in CARER.of(members).members if member_name(one) == "Jo Preece")
    known = [{name: words for name, words in row.items() if name != "id"} for row in rows]
    assert known == [
        {"name": "Jo Preece", "role": "Foster carer", "organisation": "HIPSS carers", "carer": jo, "member": first},
        {"name": "F. Doyle", "role": "Social worker", "organisation": "The council, looked-after children"},
    ]
    put(window, qtbot, "adeyemi")
    last = page(window).draft.fields["people"][-1]
    assert last["name"] == "K. Adeyemi"
    assert desk.people.name(last["colleague"]) == "K. Adeyemi"
    assert len({row["id"] for row in page(window).draft.fields["people"]}) == 3


def test_a_name_that_nobody_has_begins_a_row(window: MainWindow, qtbot: QtBot) -> None:
    people(window).known.setFocus()
    put(window, qtbot, "Zebrawood")
    rows = page(window).draft.fields["people"]
    assert [{name: words for name, words in row.items() if name != "id"} for row in rows] == [{"name": "Zebrawood"}]
    assert focused(window).accessibleName() == "Role, Person 1"
