"""An incident's page: who must be told, in which order and words, and what a key on a row writes."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.action import ACTION
from hipss_desktop.kinds.incident import INCIDENT, Incident
from hipss_desktop.kinds.missing_episode import return_task
from hipss_desktop.records.paragraphs import one_paragraph
from hipss_desktop.services.record_clocks import StoreReads, incident_of
from hipss_desktop.views.services import Services
from tests.helpers import walk
from tests.helpers.open_page import open_page, read
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import SetClock, sign_in_as
from tests.helpers.walk import focused
from tests.ui.incidents.page_with_clocks import go_to, press, words
from ui.incidents.incident_page import IncidentPage
from ui.parts import PrimaryButton, Tag

Key = Qt.Key
AWARE = "2017-03-13T21:40:00+00:00"
BACK = "2017-03-14T02:05:00+00:00"


@pytest.fixture
def record(services: Services, clock: SetClock) -> str:
    """Kai is back at 02:05, and it is 02:24; the police were told at 21:40 that he was missing."""
    clock.now = datetime(2017, 3, 14, 2, 24, tzinfo=UTC)
    fields = {
        "types": ["missing"],
        "children": [child_named(services, "Kai")],
        "aware": AWARE,
        "happening": one_paragraph("Not home at 21:30"),
    }
    draft = services.records.new_draft("incident", fields)
    services.records.finish(draft)
    notified_row = {"recipient": "police", "at": AWARE, "told_by": "Jo Preece", "reference": "0612"}
    services.records.add_row(draft.record, "notified", notified_row)
    services.records.add_row(draft.record, "returned", {"at": BACK, "child": child_named(services, "Kai")})
    return draft.record


@pytest.fixture
def page(app: QApplication, context: Any, qtbot: QtBot, record: str) -> IncidentPage:
    incident_page = IncidentPage(context, record)
    open_page(qtbot, context, incident_page)
    return incident_page


def incident(page: IncidentPage) -> Incident:
    current = page.services.store.get(page.record)
    assert current is not None
    return INCIDENT.of(current)


def rows(page: IncidentPage) -> list[tuple[str, str, str]]:
    return [(line.row.who, line.row.due, line.row.time_left) for line in page.lines.lines]


def test_what_is_due_now_is_first_then_what_is_to_do_then_what_was_told(page: IncidentPage) -> None:
    assert rows(page) == [
        ("Police", "Due now", "19 min since 02:05"),
        ("Responsible authority, Herefordshire Council", "21:40 Tue 14 March", "19 h 16 min left"),
        ("Return home interview", "02:05 Fri 17 March", "71 h 41 min left"),
        ("Police", "At once", ""),
    ]
    assert page.counts.text() == "1 told · 1 due now · 2 to do"
    assert {"101", "01632 960118", "R. Pugh", "1 thing due now", "Rules last checked 27 November 2026"} <= words(page)
    assert [line.row.told_lines for line in page.lines.lines if line.row.told_lines] == [
        ("Told yesterday 21:40, by Jo Preece, reference 0612",)
    ]


def test_the_first_thing_due_has_the_focus_and_the_only_filled_button(page: IncidentPage) -> None:
    filled = [button for button in page.findChildren(PrimaryButton) if button.isVisible()]
    assert filled == [focused()]
    assert focused().accessibleName() == (
        "Record call: Police, Child is back after being missing. Due now, 19 min since 02:05. Ring 101, Police, not urgent."
    )


def test_two_enters_record_a_call_with_the_time_of_now_and_the_row_moves_to_told(
    page: IncidentPage, context: Any, qtbot: QtBot
) -> None:
    press(qtbot, page, Key.Key_Return)
    QTest.keyClicks(focused(), "PC Ahmed")
    press(qtbot, page, Key.Key_Return)
    row = incident(page).notified[-1]
    assert (row.recipient, row.spoke_to, row.at) == ("police", "PC Ahmed", datetime(2017, 3, 14, 2, 24, tzinfo=UTC))
    assert page.counts.text() == "2 told · 2 to do"
    assert context.said == ["Call recorded: Police"]
    assert page.services.store.drafts() == []
    assert focused().accessibleName().startswith("Record call: Responsible authority"), "the next call to make"


def test_a_question_closed_unanswered_or_beside_the_clocks_keeps_the_focus_where_it_was(
    page: IncidentPage, qtbot: QtBot
) -> None:
    press(qtbot, page, Key.Key_Down, Key.Key_Return, Key.Key_Escape)
    assert focused() is page.lines.lines[1].first()
    go_to(qtbot, page, "Something more became known")
    press(qtbot, page, Key.Key_Return)
    QTest.keyClicks(focused(), "Hospital")
    press(qtbot, page, Key.Key_Return)
    press(qtbot, page, Key.Key_Return, held=Qt.KeyboardModifier.ControlModifier)
    assert [row.type for row in incident(page).became_known] == ["hospital"]
    assert focused() is page.more[0]


def test_enter_pressed_again_and_again_tells_nobody(page: IncidentPage, qtbot: QtBot) -> None:
    before = len(incident(page).notified)
    press(qtbot, page, Key.Key_Return, Key.Key_Return, Key.Key_Return)
    assert len(incident(page).notified) == before
    assert page.questions.question is not None
    assert page.questions.question.row.questions["spoke_to"].error() == "Enter who you spoke to, or the reference"


def test_a_reference_typed_by_keyboard_alone_is_shown_in_the_row(page: IncidentPage, qtbot: QtBot) -> None:
    press(qtbot, page, Key.Key_Return)
    go_to(qtbot, page, "Reference or log number")
    QTest.keyClicks(focused(), "0613")
    press(qtbot, page, Key.Key_Return)
    assert incident(page).notified[-1].reference == "0613"
    assert any("reference 0613" in line for shown in page.lines.lines for line in shown.row.told_lines)


def test_arrows_move_between_the_rows_and_f1_says_how_a_time_is_worked_out(page: IncidentPage, qtbot: QtBot) -> None:
    press(qtbot, page, Key.Key_Down)
    assert focused() is page.lines.lines[1].first()
    press(qtbot, page, Key.Key_F1)
    assert page.lines.lines[1].explanation.isVisible()
    assert (
        page.lines.lines[1]
        .explanation.text()
        .startswith(
            "Counts from 21:40 GMT, Monday 13 March 2017: when the service became aware. Within 24 hours. "
            "This council’s policy, based on regulation 36: Fostering Services (England) Regulations 2011"
        )
    )
    press(qtbot, page, Key.Key_Up)
    assert focused() is page.lines.lines[0].first()


def test_what_does_not_apply_asks_why_and_stays_with_its_reason(page: IncidentPage, qtbot: QtBot) -> None:
    go_to(qtbot, page, "Does not apply: Police")
    press(qtbot, page, Key.Key_Return)
    press(qtbot, page, Key.Key_Return, held=Qt.KeyboardModifier.ControlModifier)
    assert incident(page).not_applying == []
    assert "Enter why it does not apply" in {shown.text() for shown in page.findChildren(QLabel) if shown.isVisible()}
    go_to(qtbot, page, "Why, ")
    QTest.keyClicks(focused(), "They brought him home")
    press(qtbot, page, Key.Key_Return, held=Qt.KeyboardModifier.ControlModifier)
    assert [row.why for row in incident(page).not_applying] == ["They brought him home"]
    line = next(line for line in page.lines.lines if line.row.clock.state == "does_not_apply")
    assert "Does not apply: They brought him home" in {shown.text() for shown in line.findChildren(QLabel)}


def test_what_is_typed_and_left_is_there_when_the_same_is_asked_again_and_not_for_another(
    page: IncidentPage, qtbot: QtBot
) -> None:
    press(qtbot, page, Key.Key_Return)
    QTest.keyClicks(focused(), "PC Ahmed")
    press(qtbot, page, Key.Key_Escape)
    assert focused() is page.lines.lines[0].first()
    assert incident(page).notified[-1].spoke_to == ""
    press(qtbot, page, Key.Key_Down, Key.Key_Return)
    assert page.questions.question is not None
    assert page.questions.question.row.value().get("spoke_to") is None
    press(qtbot, page, Key.Key_Escape, Key.Key_Up, Key.Key_Return)
    assert page.questions.question.row.value()["spoke_to"] == "PC Ahmed"


def test_opening_a_question_and_closing_it_leaves_no_draft(page: IncidentPage, qtbot: QtBot) -> None:
    press(qtbot, page, Key.Key_Return, Key.Key_Escape)
    assert page.services.store.drafts() == []


def test_a_manager_signs_off_apart_from_who_told(page: IncidentPage, qtbot: QtBot, services: Services) -> None:
    assert not [button for button in walk.stops(page) if button.accessibleName().startswith("Sign off")]
    sign_in_as(services.store, role="manager")
    page.refresh()
    read(qtbot, page.context)
    go_to(qtbot, page, "Sign off: Police")
    press(qtbot, page, Key.Key_Return)
    assert [line.row.told_lines for line in page.lines.lines if line.row.told_lines] == [
        ("Told yesterday 21:40, by Jo Preece, reference 0612", "Signed off 02:24, by A. Bevan")
    ]


def test_who_may_not_write_sees_all_rows_and_nothing_to_press(
    page: IncidentPage, qtbot: QtBot, services: Services
) -> None:
    sign_in_as(services.store, role="commissioner")
    page.refresh()
    read(qtbot, page.context)
    assert len(page.lines.lines) == 4
    assert [line.buttons for line in page.lines.lines] == [[], [], [], []]
    assert page.more == []


def test_an_hour_after_it_is_overdue_and_red_only_where_statute_or_its_guidance_asks(
    page: IncidentPage, qtbot: QtBot, clock: SetClock
) -> None:
    clock.now = datetime(2017, 3, 17, 3, 5, tzinfo=UTC)
    page.refresh()
    read(qtbot, page.context)
    tones = {line.row.who: (line.row.tone, line.row.due) for line in page.lines.lines if line.row.clock.is_open}
    assert tones["Police"] == ("amber", "Overdue 3 days")
    assert tones["Return home interview"] == ("risk", "Overdue 1 h")
    assert all(tag.spec.icon for tag in page.findChildren(Tag) if tag.isVisible())


def test_the_minute_goes_by_without_a_word_and_the_question_stays(
    page: IncidentPage, qtbot: QtBot, clock: SetClock
) -> None:
    press(qtbot, page, Key.Key_Return)
    QTest.keyClicks(focused(), "PC")
    clock.pass_time(minutes=1)
    page.refresh()
    read(qtbot, page.context)
    assert rows(page)[0][2] == "20 min since 02:05"
    QTest.keyClicks(focused(), " Ahmed")
    assert page.questions.question is not None
    assert page.questions.question.row.value()["spoke_to"] == "PC Ahmed"


def test_a_question_left_to_decide_has_its_owner_and_is_decided_on_its_row(
    app: QApplication, context: Any, qtbot: QtBot, services: Services
) -> None:
    fields = {
        "types": ["police_called"],
        "children": [child_named(services, "Kai")],
        "aware": AWARE,
        "happening": one_paragraph("Shouting"),
        "police_serious": "to_decide",
        "decides": "S. Lloyd",
    }
    draft = services.records.new_draft("incident", fields)
    services.records.finish(draft)
    page = IncidentPage(context, draft.record)
    open_page(qtbot, context, page)
    assert {shown[1:] for shown in rows(page)} == {("To decide", "by S. Lloyd")}
    press(qtbot, page, Key.Key_Return)
    QTest.keyClicks(focused(), "Yes")
    go_to(qtbot, page, "Why, ")
    QTest.keyClicks(focused(), "Two cars came")
    press(qtbot, page, Key.Key_Return, held=Qt.KeyboardModifier.ControlModifier)
    assert [(row.question, row.answer) for row in incident(page).decided] == [("police_serious", True)]
    assert "to decide" not in page.counts.text()


def test_what_became_known_later_brings_its_clocks(page: IncidentPage, qtbot: QtBot) -> None:
    go_to(qtbot, page, "Something more became known")
    press(qtbot, page, Key.Key_Return)
    QTest.keyClicks(focused(), "exploi")
    press(qtbot, page, Key.Key_Return, held=Qt.KeyboardModifier.ControlModifier)
    assert [row.type for row in incident(page).became_known] == ["exploitation"]
    assert ("Ofsted", "02:24 Wed 15 March", "24 h left") in rows(page)


def test_a_sign_off_that_was_written_before_somebody_was_told_is_not_of_what_was_told(
    page: IncidentPage, context: Any, qtbot: QtBot, services: Services
) -> None:
    sign_in_as(services.store, role="manager")
    services.incidents.sign_off(page.record, "incident", [{"recipient": "responsible_authority"}])
    page.services.clock.pass_time(minutes=5)  # type: ignore[attr-defined]  # the test's own clock
    row = {"recipient": "responsible_authority", "at": "2017-03-14T02:28:00+00:00"}
    services.records.add_row(page.record, "notified", row)
    read(qtbot, context)
    tellings = next(line.row.told_lines for line in page.lines.lines if line.row.who.startswith("Responsible"))
    assert [line.split(" ")[0] for line in tellings] == ["Told"]


def test_a_recorded_call_closes_the_task_to_tell_of_the_return(app: QApplication, context: Any, qtbot: QtBot) -> None:
    services: Services = context.services
    draft = services.missing.draft(child_named(services, "Ellie"))
    steps = [{"id": "p", "step": "police", "at": "2017-03-13T23:20:00+00:00", "log_number": "0612"}]
    fields = {**draft.fields, "last_seen": "2017-03-13T23:10:00+00:00", "steps": steps}
    episode = services.missing.begin(replace(draft, fields=fields)).envelope.record
    back = {"at": "2017-03-14T02:05:00+00:00", "seen_by": "Sunita Rao", "injuries": "None seen"}
    services.missing.returned(episode, back)
    incident_record = incident_of(episode, StoreReads(services.store, services.records))
    assert incident_record is not None
    incident_page = IncidentPage(context, incident_record.record)
    open_page(qtbot, context, incident_page)
    go_to(qtbot, incident_page, "Record call: Police, Child is back")
    press(qtbot, incident_page, Key.Key_Return)
    QTest.keyClicks(focused(), "Control room")
    press(qtbot, incident_page, Key.Key_Return)
    task = services.store.get(return_task(episode, "police"))
    assert task is not None
    closed = ACTION.of(task)
    assert (closed.state, closed.spoke_to, closed.closed_at) == ("done", "Control room", services.clock())
