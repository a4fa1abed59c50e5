"""Ctrl+I in the real window: from a call that is being typed, and from a contact that was finished."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.incident import INCIDENT
from hipss_desktop.records.paragraphs import one_paragraph
from hipss_desktop.views.services import Services
from tests.helpers import walk
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import RecordingSession
from tests.helpers.walk import focused
from tests.ui.shell.windows import press, rest, shown, windows
from ui.incidents.incident_page import IncidentPage
from ui.parts.chips import ChipGroup
from ui.records.form_page import RecordFormPage
from ui.shell.window import MainWindow

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
HEARD = "Shouting in the background"


@pytest.fixture
def window(app: QApplication, session: RecordingSession, qtbot: QtBot) -> Iterator[MainWindow]:
    with windows(lambda: MainWindow(session), qtbot) as opens:
        yield opens()


def call_from(qtbot: QtBot, window: MainWindow, caller: str) -> None:
    """Ctrl+N, and the caller by a few letters."""
    press(window, Key.Key_N, CTRL)
    rest(qtbot, window)
    QTest.keyClicks(focused(), caller)
    qtbot.waitUntil(lambda: window.runner.idle)
    rest(qtbot, window)
    press(window, Key.Key_Return)
    rest(qtbot, window)


def call_from_jo(qtbot: QtBot, window: MainWindow) -> None:
    """Jo Preece rings about Kai, and something is written down."""
    call_from(qtbot, window, "jo")
    press(window, Key.Key_3, Qt.KeyboardModifier.AltModifier)
    QTest.keyClicks(focused(), HEARD)


def test_ctrl_i_in_a_call_keeps_it_and_carries_over_whom_it_is_about_and_no_word(
    window: MainWindow, qtbot: QtBot, services: Services
) -> None:
    call_from_jo(qtbot, window)
    press(window, Key.Key_I, CTRL)
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, RecordFormPage)
    (contact,) = [draft for draft in services.store.drafts() if draft.kind == "contact"]
    assert contact.fields["happening"] == HEARD
    fields = page.draft.fields
    assert (fields["children"], fields["from_contact"]) == ([child_named(services, "Kai")], contact.record)
    assert fields["aware"] == contact.call["started"]
    assert HEARD not in repr(fields)
    assert services.names.name(contact.record) == "On-call contact: Jo Preece rang, not finished yet"


def test_the_incident_of_an_unfinished_call_is_finished_by_keys_and_leads_back_to_the_call(
    window: MainWindow, qtbot: QtBot, services: Services
) -> None:
    call_from_jo(qtbot, window)
    press(window, Key.Key_I, CTRL)
    rest(qtbot, window)
    QTest.keyClicks(focused(), "po")  # ‘Police called’
    press(window, Key.Key_Space)
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, RecordFormPage)
    assert page.draft.fields["types"] == ["police_called"]
    press(window, Key.Key_Return, CTRL)
    rest(qtbot, window)
    assert page.form.questions["police_serious"].error() == "Choose Yes, No or To decide"
    page.form.go("police_serious")
    QTest.keyClicks(focused(), "Yes")
    press(window, Key.Key_Return, CTRL)
    rest(qtbot, window)
    incident_page = window.page
    assert isinstance(incident_page, IncidentPage)
    assert {line.row.who for line in incident_page.lines.lines} >= {"Ofsted"}
    assert focused() is incident_page.lines.lines[0].first()
    source = incident_page.view.source if incident_page.view else None
    assert source is not None
    assert source.kind == "contact"
    link = next(link for link in walk.stops(incident_page) if getattr(link, "text", str)().startswith("From "))
    link.setFocus()
    press(window, Key.Key_Return)
    rest(qtbot, window)
    assert shown(window) == "LogContactPage"


def test_ctrl_i_on_the_page_of_a_finished_contact_begins_one_with_its_link(
    window: MainWindow, qtbot: QtBot, services: Services
) -> None:
    kai = child_named(services, "Kai")
    contact = services.store.records_about(kai, kind="contact", limit=1)[0]
    window.go("record", record=contact.record)
    rest(qtbot, window)
    press(window, Key.Key_I, CTRL)
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, RecordFormPage)
    assert page.draft.kind == INCIDENT.name
    assert (page.draft.fields["from_contact"], page.draft.fields["children"]) == (
        contact.record,
        contact.fields["children"],
    )


def test_f1_on_a_row_explains_it_and_pressed_again_opens_help_as_everywhere(
    window: MainWindow, qtbot: QtBot, services: Services
) -> None:
    fields = {"types": ["missing"], "children": [child_named(services, "Kai")], "aware": "2017-03-14T01:00:00+00:00"}
    draft = services.records.new_draft("incident", {**fields, "happening": one_paragraph("Gone")})
    services.records.finish(draft)
    window.go("incident", record=draft.record)
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, IncidentPage)
    assert focused() is page.lines.lines[0].first()
    press(window, Key.Key_F1)
    assert page.lines.lines[0].explanation.isVisible()
    assert window.layers.top is None
    press(window, Key.Key_F1)
    assert window.layers.top is not None


def test_the_rail_says_how_many_are_due_now(window: MainWindow, qtbot: QtBot, services: Services) -> None:
    fields = {"types": ["missing"], "children": [child_named(services, "Kai")], "aware": "2017-03-14T01:00:00+00:00"}
    services.records.finish(services.records.new_draft("incident", {**fields, "happening": one_paragraph("Gone")}))
    rest(qtbot, window)
    assert window.rail.items["incidents"].accessibleName() == "Incidents, 1 due now"


def test_ctrl_i_in_a_call_shows_every_type_of_incident(window: MainWindow, qtbot: QtBot) -> None:
    call_from(qtbot, window, "yeo")
    press(window, Key.Key_2, Qt.KeyboardModifier.AltModifier)
    QTest.keyClicks(focused(), "s")  # ‘Self-harm’
    press(window, Key.Key_Space)
    press(window, Key.Key_I, CTRL)
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, RecordFormPage)
    assert page.draft.fields["types"] == ["self_harm"]
    group = page.form.questions["types"].findChild(ChipGroup)
    assert group is not None
    cut = [chip.text() for chip in group.chips() if not group.rect().contains(chip.geometry())]
    assert cut == []


def test_a_time_alone_is_the_last_one_of_what_has_happened_also_where_the_shortcut_finishes(
    window: MainWindow, qtbot: QtBot
) -> None:
    call_from_jo(qtbot, window)
    press(window, Key.Key_I, CTRL)
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, RecordFormPage)
    page.form.controls["happened"].go()
    press(window, Key.Key_Tab)  # from the day to the time
    QTest.keyClicks(focused(), "2130")
    press(window, Key.Key_Return, CTRL)
    rest(qtbot, window)
    assert page.form.questions["happened"].error() == ""
    assert page.draft.fields["happened"] == "2017-03-13T21:30:00+00:00"
