"""A visit is written at a kitchen table: by keys or fingers, part by part, and nothing that was typed is lost."""

import json
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.action import ACTION
from hipss_desktop.kinds.visit import VISIT, named
from hipss_desktop.views.services import Services
from tests.helpers.screens_of_the_visit import preeces
from tests.helpers.several_laptops import child_named, exchange, joined
from tests.helpers.store_fixtures import RecordingSession, SetClock
from tests.helpers.walk import clipped_labels, focused, unnamed_focusables
from tests.ui.records.test_typing_after_unlock import lock_and_unlock
from tests.ui.shell.windows import Opens, rest
from ui.shell.window import MainWindow
from ui.supervision.visit_record_page import VisitRecordPage
from ui.visits.begin_page import BeginVisitPage
from ui.visits.last_actions import LastActionsPart
from ui.visits.visit_page import VisitPage
from ui.visits.visit_parts import ChildrenPart, SincePart, VisitPart

Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
ALT, NONE = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier
WORDS = "Zebrawood"


def press(window: MainWindow, qtbot: QtBot, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(focused(window), key, held)
    rest(qtbot, window)


def write(words: str) -> None:
    QTest.keyClicks(focused(), words)


def opened(window: MainWindow, qtbot: QtBot, **arguments: Any) -> VisitPage:
    window.go("visit_form", **(arguments or {"carer": preeces(window.session.services)}))
    rest(qtbot, window)
    QTest.qWait(300)
    rest(qtbot, window)
    assert isinstance(window.page, VisitPage)
    return window.page


def draft_fields(services: Services, page: VisitPage) -> dict[str, Any]:
    draft = services.store.draft(page.draft.record)
    assert draft is not None
    return dict(draft.fields)


def actions_part(page: VisitPage) -> LastActionsPart:
    part = page.body.cards["last_actions"]
    assert isinstance(part, LastActionsPart)
    return part


def since_part(page: VisitPage) -> SincePart:
    part = page.body.cards["since"]
    assert isinstance(part, SincePart)
    return part


def test_a_visit_is_begun_from_the_household_and_written_by_keys_alone(
    opens: Opens, worker: Services, qtbot: QtBot
) -> None:
    window, carer = opens(), preeces(worker)
    window.go("carer", record=carer)
    rest(qtbot, window)
    begin = next(button for button in window.page.findChildren(QAbstractButton) if button.text() == "Start a visit")  # type: ignore[union-attr]  # a page shows
    begin.setFocus()
    press(window, qtbot, Key.Key_Return)
    page = window.page
    assert isinstance(page, VisitPage)
    name = page.draft.record
    press(window, qtbot, Key.Key_Space)
    press(window, qtbot, Key.Key_Tab)
    press(window, qtbot, Key.Key_Tab)
    write("10:30")
    while focused().accessibleName() != "Took part" and getattr(focused(), "text", str)() != "Took part":
        press(window, qtbot, Key.Key_Tab)
    press(window, qtbot, Key.Key_Space)
    press(window, qtbot, Key.Key_PageDown, CTRL)
    press(window, qtbot, Key.Key_PageDown, CTRL)
    press(window, qtbot, Key.Key_Space)
    while not isinstance(focused(), QTextEdit):
        press(window, qtbot, Key.Key_Tab)
    write("I only went because she did not ring.")
    press(window, qtbot, Key.Key_Return)
    write("Jo stayed up for me.")
    press(window, qtbot, Key.Key_Return, CTRL)
    assert isinstance(window.page, VisitRecordPage)
    record = worker.store.get(name)
    assert record is not None
    visit = VISIT.of(record)
    assert (visit.type, [row.name for row in visit.people], [row.seen for row in visit.children]) == (
        "planned",
        ["Jo Preece"],
        [True],
    )
    kai = child_named(worker, "Kai")
    assert [(row.section, row.child, row.mark, row.read_back) for row in visit.note] == [
        ("words", kai, "said", False),
        ("words", kai, "", False),
    ]


def test_a_draft_that_is_opened_and_left_is_as_it_was(opens: Opens, worker: Services, qtbot: QtBot) -> None:
    draft = worker.supervision.start(preeces(worker))
    odd = {
        "type": "by pigeon",
        "unknown": {"deep": [1]},
        "people": [{"id": "p", "who": "other", "name": "R. Pugh", "was": ["took_part", "sat in"]}, "odd"],
        "note": [
            {"id": "n1", "place": "5", "section": "weather", "text": "It rained."},
            {"id": "n2", "place": "5", "section": "health", "child": "somebody", "text": "Well.", "extra": 1},
            {"id": "n3", "place": "5", "section": "training", "text": "Has done the course."},
            7,
        ],
        "left": ["home", "garden"],
        "children": [*draft.fields["children"], {"id": "c", "child": "not here", "seen": "perhaps"}],
    }
    draft = worker.records.save(replace(draft, fields={**draft.fields, **odd}))
    window = opens()
    page = opened(window, qtbot, draft=draft)
    assert json.loads(json.dumps(page.draft.fields)) == json.loads(json.dumps(dict(draft.fields)))
    later = page.body.cards["training"].later
    assert later is not None
    later.click()
    assert page.draft.fields["left"] == ["home", "garden", "training"]
    assert page.draft.fields["note"] == odd["note"]


def test_what_is_typed_is_on_the_disk_and_is_there_after_an_unlock(
    opens: Opens, worker: Services, qtbot: QtBot
) -> None:
    window = opens()
    page = opened(window, qtbot)
    page.body.go_to("needs")
    write(WORDS)
    unlocked_window = lock_and_unlock(window, opens, qtbot)
    assert isinstance(unlocked_window.page, VisitPage)
    assert draft_fields(worker, unlocked_window.page)["note"][0]["text"] == WORDS
    QTest.qWait(200)
    write(" table")
    assert unlocked_window.page.draft.fields["note"][0]["text"] == f"{WORDS} table"


def test_each_action_of_the_last_visit_is_pressed_in_its_own_row(opens: Opens, worker: Services, qtbot: QtBot) -> None:
    window = opens()
    page = opened(window, qtbot)
    part = actions_part(page)
    assert [row.line.task for row in part.rows.values()] == [
        "Fit lock to tool cupboard",
        "Ask school for a key adult",
        "Book respite for April",
    ]
    page.body.go_to("last_actions")
    press(window, qtbot, Key.Key_Return)
    assert focused().accessibleName() == "Done: Ask school for a key adult", "the next one that is still open"
    press(window, qtbot, Key.Key_Tab)
    press(window, qtbot, Key.Key_Return)
    assert focused().accessibleName() == "Done: Book respite for April"
    press(window, qtbot, Key.Key_Tab)
    press(window, qtbot, Key.Key_Tab)
    press(window, qtbot, Key.Key_Return)
    assert part.asking is not None
    write("They have family coming")
    press(window, qtbot, Key.Key_Return)
    states = [
        ACTION.of(record) for record in worker.supervision.agreed(VISIT.read(page.draft.fields), page.draft.record)
    ]
    assert [action.state for action in states] == ["done", "open", "not_needed"]
    assert [row.visit for row in states[1].carried] == [page.draft.record]
    assert [row.line.words for row in part.rows.values()] == ["Done", "Carried forward", "No longer needed"]
    assert "last_actions" in [part.code for part in _done(page)]


def stand(page: VisitPage) -> list[str]:
    return [row.line.words for row in actions_part(page).rows.values()]


def test_a_carrying_forward_is_taken_back_where_it_stands(opens: Opens, worker: Services, qtbot: QtBot) -> None:
    window = opens()
    page = opened(window, qtbot)
    page.body.go_to("last_actions")
    press(window, qtbot, Key.Key_Tab)
    press(window, qtbot, Key.Key_Return)
    assert stand(page) == ["Carried forward", "", ""]
    assert focused().accessibleName() == "Done: Ask school for a key adult", "the next one that is still open"
    press(window, qtbot, Key.Key_Backtab)  # past the name of that action
    press(window, qtbot, Key.Key_Backtab)
    assert focused().accessibleName() == "Take back: Fit lock to tool cupboard"
    press(window, qtbot, Key.Key_Return)
    assert stand(page) == ["", "", ""]
    assert focused().accessibleName() == "Done: Fit lock to tool cupboard", "it is answered anew"
    press(window, qtbot, Key.Key_Return)
    assert stand(page) == ["Done", "", ""]


@pytest.mark.parametrize(("tabs", "why"), [(0, ""), (1, ""), (2, "They have family coming")])
def test_each_press_on_an_action_can_be_undone_at_once(
    opens: Opens, worker: Services, qtbot: QtBot, tabs: int, why: str
) -> None:
    window = opens()
    page = opened(window, qtbot)
    page.body.go_to("last_actions")
    for _ in range(tabs):
        press(window, qtbot, Key.Key_Tab)
    press(window, qtbot, Key.Key_Return)
    if why:
        write(why)
        press(window, qtbot, Key.Key_Return)
    assert stand(page)[0] == ["Done", "Carried forward", "No longer needed"][tabs]
    undo = window.feedback.toast.undo_link
    assert undo.isVisible()
    undo.click()
    rest(qtbot, window)
    assert stand(page) == ["", "", ""]


def _done(page: VisitPage) -> list[Any]:
    return [item.part for item in page.body.list.items.values() if item.part.done]


def test_what_arrives_by_sync_while_it_is_written_is_added_and_said(
    opens: Opens, worker: Services, clock: SetClock, qtbot: QtBot, tmp_path: Any
) -> None:
    window = opens()
    page = opened(window, qtbot)
    page.body.go_to("needs")
    write(WORDS)
    before = len(since_part(page).blocks)
    other = joined(tmp_path / "other", clock, worker, name="S. Lloyd", laptop="HIPSS-LT-01", role="manager")
    clock.pass_time(minutes=5)
    fields = {
        "types": ["complaint"],
        "complaint_serious": "no",
        "carers": [preeces(worker)],
        "aware": clock.now.isoformat(),
        "happening": [{"id": "h", "place": "5", "text": "A neighbour rang."}],
    }
    written = other.records.finish(other.records.new_draft("incident", fields)).envelope.record
    exchange(worker, other)
    other.store.close()  # type: ignore[attr-defined]  # the store of a laptop that joined
    rest(qtbot, window)
    part = since_part(page)
    qtbot.waitUntil(lambda: written in {named(row) for row in VISIT.read(draft_fields(worker, page)).since})
    assert (len(part.blocks), part.late.text(), part.late.isVisibleTo(part)) == (
        before + 1,
        "1 added since you began",
        True,
    )
    assert focused() is page.body.cards["needs"].sections[0].box, "the person who writes goes on writing"
    assert draft_fields(worker, page)["note"][0]["text"] == WORDS


def test_tab_goes_from_no_to_its_reason_however_fast_it_is_pressed(
    opens: Opens, worker: Services, qtbot: QtBot
) -> None:
    window = opens()
    part = since_part(opened(window, qtbot))
    block = next(iter(part.blocks.values()))
    block.questions.stops()[0].setFocus()
    for key in (Key.Key_Right, Key.Key_Space, Key.Key_Tab):
        QTest.keyClick(focused(window), key)
    assert focused(window).accessibleName().startswith("Not raised, because")


def test_a_call_that_found_nobody_in_asks_for_little_and_says_that_it_does_not_count(
    opens: Opens, worker: Services, qtbot: QtBot
) -> None:
    window = opens()
    page = opened(window, qtbot)
    name = page.draft.record
    part = page.body.cards["visit"]
    assert isinstance(part, VisitPart)
    assert part.form is not None
    part.form.controls["type"].answer("unannounced")
    part.form.controls["began"].answer("2017-03-16T10:05:00+00:00")
    part.form.controls["nobody_in"].answer(value=True)
    QTest.qWait(400)
    assert part.nobody.isVisible()
    assert [code for code, card in page.body.cards.items() if card.isVisible()] == ["visit", "new_actions"]
    assert "it does not count" in page.body.panel.stands.text()
    assert not page.body.panel.button.isVisible()
    press(window, qtbot, Key.Key_Return, CTRL)
    assert isinstance(window.page, VisitRecordPage)
    record = worker.store.get(name)
    assert record is not None
    assert VISIT.title(record.fields) == "Unannounced visit, nobody in"
    visit = VISIT.of(record)
    assert not any(row.seen for row in visit.children)


def test_what_is_missing_is_said_before_finishing_and_each_sentence_leads_to_its_question(
    opens: Opens, worker: Services, qtbot: QtBot
) -> None:
    window = opens()
    page = opened(window, qtbot)
    words = [link.text() for link in page.body.panel.links]
    assert words == [
        "Choose the kind of visit",
        "Enter when the visit began",
        "Enter who took part, or choose that nobody was in",
        "Choose whether the child was seen",
    ]
    page.body.panel.links[3].click()
    children = page.body.cards["children"]
    assert isinstance(children, ChildrenPart)
    assert children.blocks[0].isAncestorOf(focused())
    press(window, qtbot, Key.Key_Return, CTRL)
    assert page.summary.isVisible()
    assert [link.text() for link in page.summary.links()] == words


def test_third_party_words_offer_no_tick_and_a_tick_is_kept_with_its_paragraph(
    opens: Opens, worker: Services, qtbot: QtBot
) -> None:
    window = opens()
    page = opened(window, qtbot)
    section = page.body.cards["needs"].sections[0]
    section.box.setFocus()
    write("Jo is tired.")
    press(window, qtbot, Key.Key_Return)
    write("Her sister worries.")
    section.box.mark("third_party")
    rest(qtbot, window)
    assert [box.text() for box in section.stops()[1:] if isinstance(box, QAbstractButton)] == ["Read back 1"]
    box = section.stops()[1]
    assert isinstance(box, QAbstractButton)
    assert box.isChecked()
    box.click()
    rows = section.rows()
    assert [(row["text"], row["read_back"], row.get("mark", "")) for row in rows] == [
        ("Jo is tired.", False, ""),
        ("Her sister worries.", True, "third_party"),
    ]


def test_the_parts_are_stepped_through_and_everything_is_high_enough_for_a_finger(
    opens: Opens, worker: Services, qtbot: QtBot
) -> None:
    window = opens()
    page = opened(window, qtbot)
    steps = []
    for _ in page.body.list.items:
        press(window, qtbot, Key.Key_PageDown, CTRL)
        steps.append(page.body.now)
    assert steps == [*list(page.body.list.items)[1:], "visit"]
    press(window, qtbot, Key.Key_G, ALT)
    assert focused() is page.body.panel.button
    low = [
        (type(widget).__name__, widget.accessibleName(), widget.height())
        for widget in (*page.findChildren(QWidget), *page.bar.findChildren(QWidget))
        if isinstance(widget, QAbstractButton | QLineEdit | QTextEdit | QComboBox)
        and widget.isVisible()
        and widget.height() < 44
    ]
    assert low == []
    assert clipped_labels(page) == []


@pytest.mark.parametrize("width", [760, 1182])
def test_nothing_is_cut_or_without_a_name(opens: Opens, worker: Services, qtbot: QtBot, width: int) -> None:
    window = opens()
    page = opened(window, qtbot)
    window.resize(width + 184, 640)
    rest(qtbot, window)
    QTest.qWait(50)
    assert page.body.list.isVisible() is (width > 1000)
    assert page.body.last.isVisibleTo(page) is (width < 1000)
    assert clipped_labels(page) == []
    assert unnamed_focusables(page) == []


def test_a_visit_that_is_begun_without_a_household_asks_for_it_first(
    opens: Opens, worker: Services, qtbot: QtBot
) -> None:
    window = opens()
    window.go("visit_form")
    rest(qtbot, window)
    begins = window.page
    assert isinstance(begins, BeginVisitPage)
    press(window, qtbot, Key.Key_Return, CTRL)
    assert window.page is begins
    write("preece")
    QTest.qWait(300)
    press(window, qtbot, Key.Key_Return)
    assert opens_visit_of(window) == "Jo & Martin Preece"


def opens_visit_of(window: MainWindow) -> str:
    page = window.page
    assert isinstance(page, VisitPage)
    return page.household.text()


class WindowsShown(QObject):
    """The widgets that showed as windows of their own since it was made."""

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self.names: list[str] = []
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.names.append(type(watched).__name__)
        return False


def test_an_amendment_goes_through_the_same_page_and_says_why(
    app: QApplication, opens: Opens, worker: Services, qtbot: QtBot
) -> None:
    record = worker.supervision.previous(preeces(worker))
    assert record is not None
    window = opens()
    shown = WindowsShown(app)
    window.go("amend", record=record.record)
    rest(qtbot, window)
    assert shown.names == [], "nothing shows for a moment as a window of its own, which would take the focus with it"
    page = window.page
    assert isinstance(page, VisitPage)
    assert focused() is page.why
    write("Jo told me on the telephone")
    page.body.go_to("training")
    write("They go to the course in May.")
    press(window, qtbot, Key.Key_Return, CTRL)
    now = worker.store.get(record.record)
    assert now is not None
    assert (now.versions, [row.text for row in VISIT.of(now).note]) == (2, ["They go to the course in May."])
    assert len(VISIT.of(now).since) == len(VISIT.of(record).since), "what was finished names what it named"


def test_an_amendment_goes_back_to_the_page_of_the_visit_with_its_signatures(
    opens: Opens, worker: Services, qtbot: QtBot
) -> None:
    record = worker.supervision.previous(preeces(worker))
    assert record is not None
    window = opens()
    window.go("visit", record=record.record)
    rest(qtbot, window)
    press(window, qtbot, Key.Key_E, CTRL)
    form = window.page
    assert isinstance(form, VisitPage)
    write("Told on the telephone")
    form.body.go_to("training")
    write("They go to the course in May.")
    press(window, qtbot, Key.Key_Return, CTRL)
    assert isinstance(window.page, VisitRecordPage)


def test_reading_back_finishes_the_visit_first_and_then_turns_the_screen(
    opens: Opens, worker: Services, qtbot: QtBot
) -> None:
    window = opens()
    page = opened(window, qtbot)
    name = page.draft.record
    press(window, qtbot, Key.Key_G, ALT)
    press(window, qtbot, Key.Key_Return)
    assert page.summary.isVisible(), "a visit that lacks its kind is not finished, and nothing is turned"
    assert worker.store.get(name) is None
    form = page.body.cards["visit"].form
    assert form is not None
    form.controls["type"].answer("planned")
    form.controls["began"].answer("2017-03-16T10:00:00+00:00")
    children = page.body.cards["children"]
    assert isinstance(children, ChildrenPart)
    children.blocks[0].questions.controls["seen"].answer(value=True)
    page.body.cards["needs"].sections[0].box.setFocus()
    write("Jo is tired.")
    press(window, qtbot, Key.Key_G, ALT)
    press(window, qtbot, Key.Key_Return)
    assert worker.store.get(name) is not None
    session = window.session
    assert isinstance(session, RecordingSession)
    assert f"turn {name}" in session.asked
    assert isinstance(window.page, VisitRecordPage), (
        "once the worker has unlocked, the visit is there, not the first screen"
    )
    assert window.page.record == name


def test_a_finished_visit_offers_the_carers_copy_and_the_turned_screen(
    opens: Opens, worker: Services, qtbot: QtBot
) -> None:
    record = worker.supervision.previous(preeces(worker))
    assert record is not None
    window = opens()
    window.go("visit", record=record.record)
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, VisitRecordPage)
    assert (page.signed.turn.isVisible(), page.why.isVisible(), page.signed.copy_button.isVisible()) == (
        False,
        True,
        True,
    )
    worker.records.finish(
        replace(
            worker.records.amendment(record.record),
            fields={**record.fields, "note": [{"id": "n", "section": "needs", "text": "Tired.", "read_back": True}]},
            why="Told",
        )
    )
    rest(qtbot, window)
    assert (page.signed.turn.isVisible(), page.why.isVisible()) == (True, False)
    page.signed.copy_button.click()
    rest(qtbot, window)
    assert window.page is not page
