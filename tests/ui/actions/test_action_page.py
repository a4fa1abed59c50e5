"""An action's own page: what it says, what may be pressed on it, and what it offers to whom."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.action import ACTION, Action
from hipss_desktop.views.services import Services
from tests.helpers import walk
from tests.helpers.open_page import open_page, read
from tests.helpers.several_laptops import amend, child_named, exchange
from tests.helpers.store_fixtures import sign_in_as
from tests.helpers.walk import focused
from ui import theme
from ui.actions.action_page import ActionPage
from ui.actions.question import MoveQuestion
from ui.parts import LinkButton, Tag
from ui.records.form_page import RecordFormPage
from ui.records.listings_by_hand import action_rows

Key = Qt.Key
MENDED = "Ask for the door to be mended"


def opened(qtbot: QtBot, context: Any, task: str, size: tuple[int, int] = (1182, 712)) -> ActionPage:
    record = next(
        record.record for record in context.services.store.records_of("action") if record.fields.get("what") == task
    )
    page = ActionPage(context, record=record)
    open_page(qtbot, context, page, size)
    return page


def offered(page: ActionPage) -> list[str]:
    return [stop.text() for stop in walk.stops(page) if isinstance(stop, QAbstractButton)]


def words(page: ActionPage) -> set[str]:
    return {label.text() for label in page.findChildren(QLabel) if label.isVisible()}


def action(page: ActionPage) -> Action:
    action_record = page.services.store.get(page.record)
    assert action_record is not None
    return ACTION.of(action_record)


def go_to(qtbot: QtBot, context: Any, name: str) -> None:
    """Press Tab until something of this name has the focus."""
    for _ in range(20):
        now = focused()
        if name in (now.accessibleName(), now.text() if isinstance(now, QAbstractButton) else ""):
            return
        QTest.keyClick(focused(), Key.Key_Tab)
        read(qtbot, context)
    raise AssertionError(name)


def test_an_open_action_says_what_about_whom_by_when_and_whom_to_ring(
    app: QApplication, context: Any, qtbot: QtBot
) -> None:
    page = opened(qtbot, context, "Ask for the door to be mended")
    assert page.title.text() == "Ask for the door to be mended"
    assert {"Open", "Owner", "D. Marsh", "Due", "01632 960231", "Carol Yeo"} <= words(page)
    assert [link.text() for link in page.findChildren(LinkButton) if link.isVisible()] == ["Tyler B.", "Carol Yeo rang"]
    assert offered(page) == [
        "Done",
        "Hand over",
        "Take on",
        "Not needed",
        "Log this call",
        "Amend",
        "Print",
        "Tyler B.",
        "Carol Yeo rang",
        "Show history",
    ]
    assert page.rail == "actions"


@pytest.mark.parametrize(
    ("code", "who", "number"),
    [
        ("police", "Police", "101"),
        ("edt", "EDT", "01632 960145"),
        ("manager", "S. Lloyd", "07700 900312"),
        ("ambulance", "Ambulance", "999"),
    ],
)
def test_an_action_that_is_to_tell_a_service_shows_its_number(
    services: Services, code: str, who: str, number: str
) -> None:
    fields = {"what": "Tell them", "tells": code, "due": "2017-03-14T03:00:00+00:00"}
    action = services.records.finish(replace(services.records.new_draft("action"), fields=fields)).envelope.record
    record = services.store.get(action)
    assert record is not None
    ring = services.action_views.ring(record)
    assert ring is not None
    assert (ring.who, ring.number) == (who, number)


def ring_of(services: Services, **fields: str) -> tuple[str, str] | None:
    """Who answers for an action about Kai, and the number."""
    kai = child_named(services, "Kai")
    body = {"what": "Tell them", "child": kai, "due": "2017-03-14T03:00:00+00:00", **fields}
    action = services.records.finish(replace(services.records.new_draft("action"), fields=body)).envelope.record
    record = services.store.get(action)
    assert record is not None
    ring = services.action_views.ring(record)
    return (ring.who, ring.number) if ring is not None else None


@pytest.mark.parametrize(
    ("fields", "who", "number"),
    [
        ({"what": "Tell placing social worker"}, "R. Pugh, placing social worker", "01632 960118"),
        ({"what": "Tell the social worker about the call"}, "R. Pugh, placing social worker", "01632 960118"),
        ({"what": "Tell R. Pugh that mum rang"}, "R. Pugh, placing social worker", "01632 960118"),
        ({"tells": "social_worker"}, "R. Pugh, placing social worker", "01632 960118"),
        ({"what": "Ring school at nine"}, "Lugg Bridge School, school", "01632 960271"),
        ({"what": "Ask police for the log number"}, "Police", "101"),
    ],
)
def test_an_action_shows_the_number_of_whom_it_is_to_tell_and_never_that_of_the_household(
    services: Services, fields: dict[str, str], who: str, number: str
) -> None:
    assert ring_of(services, **fields) == (who, number)


def test_an_action_to_tell_the_supervising_social_worker_shows_their_own_number(services: Services) -> None:
    name_and_number = ring_of(services, what="Tell supervising social worker")
    assert name_and_number is not None
    colleague = next(
        practitioner.fields
        for practitioner in services.people.of_kind("practitioner")
        if practitioner.fields["name"] == name_and_number[0].split(",")[0]
    )
    assert name_and_number == (f"{colleague['name']}, supervising social worker", colleague["phone"])


def test_no_other_number_is_shown_if_the_number_of_the_person_to_tell_is_not_known(
    mine: Services, theirs: Services
) -> None:
    kai = child_named(mine, "Kai")
    amend(mine, kai, {"social_worker_phone": "01632 960130"})
    amend(theirs, kai, {"social_worker_phone": "01632 960131"})
    exchange(mine, theirs)
    assert ring_of(mine, what="Tell placing social worker") is None
    chosen = {unit: sides[0].value for unit, sides in mine.people.record(kai).conflicts.items()}  # type: ignore[union-attr]  # here
    mine.records.decide(kai, chosen, "Rang both")
    assert ring_of(mine, what="Tell placing social worker") is not None
    amend(mine, kai, {"social_worker_phone": ""})
    assert ring_of(mine, what="Tell placing social worker") is None
    assert ring_of(mine, what="Ring Jo Preece back") is not None


def test_done_asks_once_enter_finishes_it_and_the_closed_action_offers_to_reopen(
    app: QApplication, context: Any, qtbot: QtBot
) -> None:
    page = opened(qtbot, context, "Ask for the door to be mended")
    go_to(qtbot, context, "Done: Ask for the door to be mended")
    QTest.keyClick(focused(), Key.Key_Return)
    QTest.keyClicks(focused(), "Repairs desk")
    QTest.keyClick(focused(), Key.Key_Return)
    read(qtbot, context)
    assert (action(page).state, action(page).spoke_to) == ("done", "Repairs desk")
    assert {"Done", "Spoke to", "Repairs desk", "Closed"} <= words(page)
    assert offered(page)[0] == "Reopen"
    assert context.said == ["Ask for the door to be mended: done 02:14"]


def test_done_of_what_tells_somebody_needs_whom_one_spoke_to_or_the_log_number(
    app: QApplication, context: Any, qtbot: QtBot
) -> None:
    task = "Ask police for news, log 0612"
    page = opened(qtbot, context, task)
    go_to(qtbot, context, f"Done: {task}")
    QTest.keyClick(focused(), Key.Key_Return)
    QTest.keyClick(focused(), Key.Key_Return)
    read(qtbot, context)
    question = page.verbs.question
    assert isinstance(question, MoveQuestion)
    assert question.form is not None
    assert question.form.questions["spoke_to"].error() == "Enter who you spoke to, or the log number"
    assert question.form.questions["spoke_to"].isAncestorOf(focused())
    assert action(page).state == "open"
    question.form.go("log_number")
    QTest.keyClicks(focused(), "0612")
    QTest.keyClick(focused(), Key.Key_Return)
    read(qtbot, context)
    assert (action(page).state, action(page).spoke_to, action(page).log_number) == ("done", "", "0612")


def test_a_withdrawn_action_says_that_alone_and_offers_nothing_to_press(
    app: QApplication, context: Any, qtbot: QtBot
) -> None:
    record = next(action for action in context.services.store.records_of("action") if action.fields["what"] == MENDED)
    context.services.records.withdraw(record.record, "Written twice")
    page = opened(qtbot, context, MENDED)
    assert [tag.text() for tag in page.body.findChildren(Tag) if tag.isVisible()] == ["Withdrawn"]
    assert offered(page)[:2] == ["Print", "Tyler B."]
    [row] = [row for row in action_rows(context.services, "", "all", None) if row.record == record.record]
    assert [(cell.words, [tag.words for tag in cell.tags], cell.spoken) for cell in row.cells[5:6]] == [
        ("", ["Withdrawn"], "Withdrawn")
    ]
    [entry] = [
        timeline_entry
        for timeline_entry in context.services.timelines.of_kind("action")
        if timeline_entry.record == record.record
    ]
    assert "Open" not in entry.summary


def test_esc_closes_the_question_with_nothing_changed(app: QApplication, context: Any, qtbot: QtBot) -> None:
    page = opened(qtbot, context, "Ask for the door to be mended")
    go_to(qtbot, context, "Not needed: Ask for the door to be mended")
    QTest.keyClick(focused(), Key.Key_Return)
    QTest.keyClicks(focused(), "The landlord came")
    QTest.keyClick(focused(), Key.Key_Escape)
    read(qtbot, context)
    assert page.verbs.question is None
    assert len(page.services.store.revisions(page.record)) == 1
    assert focused().accessibleName() == "Not needed: Ask for the door to be mended"


def test_what_was_typed_before_esc_is_there_when_the_same_is_asked_again(
    app: QApplication, context: Any, qtbot: QtBot
) -> None:
    page = opened(qtbot, context, "Ask for the door to be mended")
    go_to(qtbot, context, "Not needed: Ask for the door to be mended")
    QTest.keyClick(focused(), Key.Key_Return)
    QTest.keyClicks(focused(), "The landlord came")
    QTest.keyClick(focused(), Key.Key_Escape)
    QTest.keyClick(focused(), Key.Key_Return)
    QTest.keyClicks(focused(), " at noon")
    QTest.keyClick(focused(), Key.Key_Return)
    read(qtbot, context)
    assert page.services.store.revisions(page.record)[-1].content().why == "The landlord came at noon"  # type: ignore[union-attr]  # its author holds it


def test_a_key_that_is_held_opens_the_question_and_does_not_answer_it(
    app: QApplication, context: Any, qtbot: QtBot
) -> None:
    page = opened(qtbot, context, "Ask for the door to be mended")
    go_to(qtbot, context, "Done: Ask for the door to be mended")
    QTest.keyPress(focused(), Key.Key_Return)
    for _ in range(5):
        held = QKeyEvent(QEvent.Type.KeyPress, Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", autorep=True)
        QApplication.sendEvent(focused(), held)
        read(qtbot, context)
    assert page.verbs.question is not None
    assert action(page).state == "open"


def test_a_call_is_logged_from_it_with_the_caller_the_child_and_what_it_may_close(
    app: QApplication, context: Any, qtbot: QtBot
) -> None:
    page = opened(qtbot, context, "Ask for the door to be mended")
    go_to(qtbot, context, "Log this call: Ask for the door to be mended")
    QTest.keyClick(focused(), Key.Key_Return)
    [(route, more)] = context.went
    assert (route, more["closes"], more["child"]) == ("log_contact", page.record, action(page).child)
    assert (more["caller"].name, more["caller"].number) == ("Carol Yeo", "01632 960231")


def test_the_history_is_folded_and_shown_when_asked_for(app: QApplication, context: Any, qtbot: QtBot) -> None:
    page = opened(qtbot, context, "Ask for the door to be mended")
    assert not page.history.isVisible()
    go_to(qtbot, context, "Show history")
    QTest.keyClick(focused(), Key.Key_Space)
    read(qtbot, context)
    assert page.history.isVisible()
    assert "Version history" in words(page)
    assert not page.history.amend.isVisible()


def test_who_may_not_write_actions_is_offered_none_of_it(
    app: QApplication, context: Any, services: Services, qtbot: QtBot
) -> None:
    sign_in_as(services.store, role="administrator")
    page = opened(qtbot, context, "Ask for the door to be mended")
    assert offered(page) == ["Print", "Tyler B.", "Carol Yeo rang", "Show history"]
    assert "01632 960231" in words(page)
    QTest.keyClick(focused(), Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert context.went == [("amend", {"record": page.record})]  # where the window says who may


def test_a_supervising_social_worker_may_close_it_and_logs_no_calls(
    app: QApplication, context: Any, services: Services, qtbot: QtBot
) -> None:
    sign_in_as(services.store, role="supervising")
    page = opened(qtbot, context, "Ask for the door to be mended")
    assert offered(page)[:5] == ["Done", "Hand over", "Take on", "Not needed", "Amend"]


@pytest.mark.parametrize("look", ["day", "night"])
@pytest.mark.parametrize(("size", "scale"), [((1182, 712), 1.0), ((840, 584), 1.5)])
def test_nothing_is_cut_unnamed_or_small_with_a_question_open(
    app: QApplication, context: Any, qtbot: QtBot, look: str, size: tuple[int, int], scale: float
) -> None:
    theme.apply(app, theme.Theme(look, scale))  # type: ignore[arg-type]  # one of the two looks
    page = opened(qtbot, context, "Ask police for news, log 0612", size)
    for name in ("Done", "Hand over", "Not needed"):
        page.area.setFocus()
        go_to(qtbot, context, f"{name}: Ask police for news, log 0612")
        QTest.keyClick(focused(), Key.Key_Return)
        read(qtbot, context)
        assert walk.clipped_labels(page) == []
        assert walk.unnamed_focusables(page) == []
        assert walk.small_targets(page) == []
        assert not walk.half_hidden(focused())
        places = [
            stop.mapTo(page, QPoint(0, 0)).y() + stop.height() // 2
            for stop in walk.stops(page)
            if stop is not page.area
        ]
        assert places == sorted(places) or scale > 1, "Tab goes down the page"
        QTest.keyClick(focused(), Key.Key_Escape)
        read(qtbot, context)
    assert page.area in walk.tab_round(page)


@pytest.mark.parametrize("amends", [True, False])
def test_the_form_of_an_action_asks_for_nothing_that_a_press_says(
    app: QApplication, context: Any, services: Services, qtbot: QtBot, amends: bool
) -> None:
    record = services.store.records_due("action")[0].record
    page = RecordFormPage(
        context, services.records.amendment(record) if amends else services.records.new_draft("action")
    )
    open_page(qtbot, context, page)
    assert list(page.form.controls) == [
        "what",
        "child",
        "carer",
        "owner_person",
        "owner",
        "due",
        "tells",
        "from_contact",
        "from_visit",
    ]
    assert page.draft.fields["state"] == "open"


def test_the_facts_of_an_action_say_why_it_is_not_needed_or_was_opened_again(
    app: QApplication, context: Any, qtbot: QtBot
) -> None:
    services = context.services
    record = next(
        action.record for action in services.store.records_of("action") if action.fields.get("what") == MENDED
    )
    services.actions.not_needed(record, "The landlord has sent somebody")
    page = opened(qtbot, context, MENDED)
    assert {"Why is it not needed?", "The landlord has sent somebody"} <= words(page)
    reopening = services.actions.reopen(record, "Nobody came")
    read(qtbot, context)
    assert {"Why is it to be done after all?", "Nobody came"} <= words(page)
    services.actions.undo(reopening)
    read(qtbot, context)
    assert {"Why is it not needed?", "The landlord has sent somebody"} <= words(page)
    assert "Undone" not in words(page)


def test_a_question_names_the_child_that_its_action_is_about(app: QApplication, context: Any, qtbot: QtBot) -> None:
    page = opened(qtbot, context, MENDED)
    page.verbs.press("not_needed")
    assert page.verbs.question is not None
    assert page.verbs.question.title.text() == f"Not needed: {MENDED}, Tyler B."
