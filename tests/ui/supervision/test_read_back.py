"""Reading back as the household does it: with keys alone, with a pen, a finger or the mouse, and each adult apart."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hipss_desktop.kinds.action import ACTION
from hipss_desktop.kinds.reading import READING
from hipss_desktop.kinds.signature import SIGNATURE
from hipss_desktop.records.strokes import read
from tests.helpers.demo_laptop import key, settle, write
from tests.helpers.screens_turned import draw
from tests.ui.supervision.conftest import AtTheTable
from ui.supervision.sign_panel import SignPanel
from ui.supervision.turned_window import TurnedWindow

CTRL, NO = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def turned(table: AtTheTable) -> TurnedWindow:
    table.clock.pass_time(minutes=1)
    return table.turn()


def next_part(turned: TurnedWindow) -> None:
    key(turned, Qt.Key.Key_Return, CTRL)
    settle(turned)


def answers(table: AtTheTable) -> list[tuple[str, str, str]]:
    rows = [row for record in table.opened.store.records_of(READING.name) for row in READING.of(record).answers]
    return [(row.name, row.paragraph, row.answer) for row in rows]


def panel(turned: TurnedWindow, first: str) -> SignPanel:
    return next(panel for panel in turned.reading.signing.panels if panel.first == first)


def test_everything_is_read_and_answered_with_keys_alone(table: AtTheTable, turned: TurnedWindow) -> None:
    assert turned.reading.part.spoken(3).startswith("Part 1 of 3, ")
    assert turned.reading.part.spoken(3).endswith(", Jo is answering")
    key(turned, Qt.Key.Key_Right)
    next_part(turned)
    for _ in range(2):
        key(turned, Qt.Key.Key_Right)
    next_part(turned)
    assert "own words" in turned.reading.part.own._problem.text(), "own words are asked for before going on"
    write(turned, "It was agreed.")
    next_part(turned)
    key(turned, Qt.Key.Key_Space)
    next_part(turned)
    household_answers = answers(table)
    assert [(name, paragraph) for name, paragraph, _ in household_answers] == [
        ("Jo Preece", "p1"),
        ("Jo Preece", "p2"),
        ("Jo Preece", "p5"),
    ]
    assert turned.reading.part.adult.first == "Martin", "then it is the other one’s turn"
    for _ in range(3):
        key(turned, Qt.Key.Key_Space)
        next_part(turned)
    assert len(answers(table)) == 6
    jo = panel(turned, "Jo")
    assert QApplication.focusWidget() is jo.turn, "once all is answered the signatures come"
    QTest.keyClick(jo.turn, Qt.Key.Key_Space)
    write(turned, "Jo Preece")
    jo.sign.setFocus()
    QTest.keyClick(jo.sign, Qt.Key.Key_Space)
    settle(turned)
    (signature,) = table.opened.store.records_of(SIGNATURE.name)
    assert (signature.fields["how"], signature.fields["typed"]) == ("typed", "Jo Preece")
    assert jo.note.text().startswith("Name typed by Jo. Captured by D. Marsh, ")


def test_nobody_signs_before_they_have_answered_every_part(turned: TurnedWindow) -> None:
    jo, worker = panel(turned, "Jo"), panel(turned, "D. Marsh")
    draw(jo.box)
    assert jo.box.strokes == ()
    assert not jo.sign.isEnabled()
    draw(worker.box)
    assert len(worker.box.strokes) == 1, "the worker signs what they wrote"


def answered_by_jo(table: AtTheTable) -> TurnedWindow:
    """The turned screen once Jo has answered everything."""
    back, reading = table.services.reading_back.read(table.visit), table.services.reading_back
    for part in back.parts:
        back = reading.answer(back, back.adults[0].member, part.paragraph, "agree", "")
    return table.turn()


def test_what_the_mouse_drew_is_kept_as_it_was_drawn(table: AtTheTable) -> None:
    turned = answered_by_jo(table)
    jo = panel(turned, "Jo")
    draw(jo.box)
    drawn = jo.box.text()
    QTest.qWait(900)
    settle(turned)
    draft_fields = [draft.fields for draft in table.opened.store.drafts() if draft.question.startswith("sign")]
    assert draft_fields == [{"strokes": drawn, "how": "drawn"}], "a drawing is on the disk a second later"
    QTest.mouseClick(jo.sign, Qt.MouseButton.LeftButton)
    settle(turned)
    (signature,) = table.opened.store.records_of(SIGNATURE.name)
    assert signature.fields["strokes"] == drawn
    assert [draft for draft in table.opened.store.drafts() if draft.question.startswith("sign")] == []
    strokes = read(drawn)
    assert strokes is not None
    assert len(strokes[0]) == 20
    turned.resize(1024, 640)
    settle(turned)
    assert jo.box.text() == drawn, "another size changes nothing that was drawn"


def test_a_pen_and_a_finger_draw_and_clear_takes_it_out(table: AtTheTable) -> None:
    turned = answered_by_jo(table)
    box = panel(turned, "Jo").box
    pen = QPointingDevice.primaryPointingDevice()
    for kind, x in ((QEvent.Type.TabletPress, 20), (QEvent.Type.TabletMove, 60), (QEvent.Type.TabletRelease, 60)):
        place = QPointF(x, 40)
        event = QTabletEvent(
            kind,
            pen,
            place,
            QPointF(box.mapToGlobal(place)),
            0.5,
            0,
            0,
            0,
            0,
            0,
            NO,
            Qt.MouseButton.LeftButton,
            Qt.MouseButton.LeftButton,
        )
        QApplication.sendEvent(box, event)
    screen = QTest.createTouchDevice()
    QTest.touchEvent(box, screen).press(0, QPoint(80, 30), box)
    QTest.touchEvent(box, screen).move(0, QPoint(120, 50), box)
    QTest.touchEvent(box, screen).release(0, QPoint(120, 50), box)
    assert [len(stroke) for stroke in box.strokes] == [2, 2]
    times = [point.time for stroke in box.strokes for point in stroke]
    assert times == sorted(times)
    QTest.mouseClick(panel(turned, "Jo").clear, Qt.MouseButton.LeftButton)
    assert box.strokes == ()


def test_who_is_away_gets_the_copy_and_who_refuses_says_why(table: AtTheTable, turned: TurnedWindow) -> None:
    martin, jo = panel(turned, "Martin"), panel(turned, "Jo")
    QTest.mouseClick(martin.not_here, Qt.MouseButton.LeftButton)
    QTest.mouseClick(martin.sign, Qt.MouseButton.LeftButton)
    assert "Choose how Martin gets the copy" in martin.copy_field._problem.text()
    martin.copy_by.choose("post")
    QTest.mouseClick(martin.sign, Qt.MouseButton.LeftButton)
    settle(turned)
    QTest.mouseClick(jo.refuses, Qt.MouseButton.LeftButton)
    QTest.keyClicks(jo.reason, "She wants to sleep on it.")
    QTest.mouseClick(jo.sign, Qt.MouseButton.LeftButton)
    settle(turned)
    assert {record.fields["how"] for record in table.opened.store.records_of(SIGNATURE.name)} == {"absent", "refused"}
    assert any(
        "Post Martin Preece the copy" in record.fields["what"] for record in table.opened.store.records_of(ACTION.name)
    )
    assert martin.note.text().startswith("Martin was not here. The copy: sent by post. Captured by D. Marsh")


def test_an_answer_is_changed_and_the_words_are_larger_on_demand(table: AtTheTable, turned: TurnedWindow) -> None:
    turned.reading.part.choice.choose("agree")
    next_part(turned)
    QTest.mouseClick(turned.reading.before, Qt.MouseButton.LeftButton)
    settle(turned)
    assert turned.reading.part.answer == "agree"
    turned.reading.part.choice.choose("disagree")
    next_part(turned)
    assert [answer for _, _, answer in answers(table)] == ["agree", "disagree"]
    before = turned.reading.part.words.font().pixelSize()
    assert before == 24
    QTest.keyClick(turned, Qt.Key.Key_Plus, CTRL)
    assert turned.reading.part.words.font().pixelSize() == round(24 * 1.3)
