"""A restraint's page: its clocks and what is pressed on them, marks with and without the drawing, the child's account."""

from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.restraint import RESTRAINT, Restraint
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.paragraphs import one_paragraph
from hipss_desktop.views.services import Services
from tests.helpers.open_page import open_page, read
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import SetClock, sign_in_as
from tests.helpers.walk import clipped_labels, focused
from tests.ui.incidents.page_with_clocks import go_to, press, words
from ui.incidents.body_map import PLACES, MarkDot
from ui.incidents.mark_question import MarkQuestion
from ui.incidents.restraint_page import RestraintPage
from ui.parts import ComboBox

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
ENDED = "2017-03-13T18:40:00+00:00"


@pytest.fixture
def record(services: Services, clock: SetClock) -> str:
    """Carol Yeo held Tyler at 18:40; it is 09:20 on the next morning."""
    clock.now = datetime(2017, 3, 14, 9, 20, tzinfo=UTC)
    carol = next(
        carer.record for carer in services.people.of_kind("carer") if "Yeo" in services.people.name(carer.record)
    )
    fields = {
        "child": child_named(services, "Tyler"),
        "carer": carol,
        "began": ENDED,
        "ended": ENDED,
        "held_by": "Carol Yeo",
        "where": "His room",
        "led_to_it": one_paragraph("He climbed on to the sill"),
        "tried_first": one_paragraph("She asked him to come in"),
        "hold_words": one_paragraph("Held by the right forearm"),
        "why_needed": one_paragraph("To stop him falling"),
        "written": "2017-03-13T21:05:00+00:00",
    }
    draft = services.records.new_draft("restraint", fields)
    services.records.finish(draft)
    return draft.record


@pytest.fixture
def page(app: QApplication, context: Any, qtbot: QtBot, record: str) -> RestraintPage:
    restraint_page = RestraintPage(context, record)
    open_page(qtbot, context, restraint_page)
    return restraint_page


def restraint(page: RestraintPage) -> Restraint:
    current = page.services.store.get(page.record)
    assert current is not None
    return RESTRAINT.of(current)


def choose(box: QWidget, label: str) -> None:
    """Press Down in a list until it shows a choice."""
    assert isinstance(box, ComboBox)
    for _ in range(box.count()):
        if box.currentText() == label:
            return
        QTest.keyClick(box, Key.Key_Down)
    raise AssertionError(label)


def test_three_clocks_count_from_the_end_of_the_hold(page: RestraintPage) -> None:
    assert [(line.row.clock.recipients[0], line.row.due, line.row.time_left) for line in page.lines.lines] == [
        ("written", "18:40 Tue 14 March", ""),
        ("carer_spoken_to", "18:40 Wed 15 March", "33 h 20 min left"),
        ("child_spoken_to", "18:40 Sat 18 March", "4 d 9 h left"),
    ]


def test_a_talk_with_the_carer_is_recorded_and_the_manager_signs_it(
    page: RestraintPage, qtbot: QtBot, services: Services
) -> None:
    go_to(qtbot, page, "Record talk: Manager speaks")
    press(qtbot, page, Key.Key_Return)
    press(qtbot, page, Key.Key_Return, held=CTRL)
    assert [(row.who, row.at) for row in restraint(page).spoke_to] == [
        ("carer", datetime(2017, 3, 14, 9, 20, tzinfo=UTC))
    ]
    assert "Spoken to, and not signed off yet." in words(page)
    sign_in_as(services.store, role="manager")
    page.refresh()
    read(qtbot, page.context)
    go_to(qtbot, page, "Sign off: Manager speaks")
    press(qtbot, page, Key.Key_Return)
    carer = next(line.row.clock for line in page.lines.lines if "carer_spoken_to" in line.row.clock.recipients)
    assert carer.state == "told"


def test_an_allegation_turns_the_second_clock_to_the_lado_and_leaves_it_running(
    page: RestraintPage, qtbot: QtBot
) -> None:
    go_to(qtbot, page, "An allegation is made about the hold")
    press(qtbot, page, Key.Key_Return)
    choose(focused(), code_list("alleged_against").label("carer"))
    press(qtbot, page, Key.Key_Return, held=CTRL)
    assert [row.against for row in restraint(page).alleged] == ["carer"]
    assert "Ask the LADO before you speak to Carol Yeo." in words(page)
    carer = next(line.row for line in page.lines.lines if "carer_spoken_to" in line.row.clock.recipients)
    assert (carer.due, carer.time_left) == ("18:40 Wed 15 March", "33 h 20 min left")
    incidents = page.services.store.records_of("incident")
    assert [incident.fields["types"] for incident in incidents] == [["allegation"]]


def test_a_mark_is_written_without_the_drawing_by_the_list_of_places(page: RestraintPage, qtbot: QtBot) -> None:
    go_to(qtbot, page, "Add a mark")
    press(qtbot, page, Key.Key_Return)
    choose(focused(), "Right forearm")
    go_to(qtbot, page, "In words")
    QTest.keyClicks(focused(), "Red mark")
    press(qtbot, page, Key.Key_Return)
    (mark,) = restraint(page).marks
    assert (mark.place, mark.side, mark.across, mark.down) == ("right_forearm", "front", *PLACES["right_forearm"])
    (dot,) = page.map.dots
    assert dot.accessibleName() == "Mark 1, right forearm, front, red mark"


def test_arrows_move_the_dot_of_a_new_mark_by_one_per_cent_and_it_is_signed_where_it_lies(
    page: RestraintPage, qtbot: QtBot
) -> None:
    go_to(qtbot, page, "Add a mark")
    press(qtbot, page, Key.Key_Return)
    QTest.keyClicks(focused(), "Chest")
    go_to(qtbot, page, "In words")
    QTest.keyClicks(focused(), "Scratch")
    question = page.questions.question
    assert isinstance(question, MarkQuestion)
    go_to(qtbot, page, "Mark 1, chest")
    press(qtbot, page, Key.Key_Right, Key.Key_Right, Key.Key_Down)
    assert isinstance(focused(), MarkDot)
    press(qtbot, page, Key.Key_Return, held=CTRL)
    across, down = PLACES["chest"]
    assert [(mark.across, mark.down) for mark in restraint(page).marks] == [(across + 2, down + 1)]


def test_every_place_of_the_list_lies_on_the_drawing() -> None:
    assert {listed.code for listed in code_list("body_place").codes} == set(PLACES)
    assert len(PLACES) == 34
    for left_place in (place for place in PLACES if place.startswith("left_")):
        across, down = PLACES[left_place]
        assert PLACES[left_place.replace("left_", "right_")] == (100 - across, down)
        assert across > 50, "the child’s left is at the right of who looks at the front"


def test_the_outlines_are_drawn(page: RestraintPage) -> None:
    image: QImage = page.map.grab().toImage()
    middle, beside = image.pixelColor(image.width() // 4, image.height() // 3), image.pixelColor(2, 2)
    assert middle != beside


def test_no_marks_is_said_with_who_looked_and_is_never_blank(
    page: RestraintPage, qtbot: QtBot, services: Services
) -> None:
    assert {"Nobody has written down yet that they looked for marks.", "Not asked yet."} <= words(page)
    look = {"at": "2017-03-13T18:50:00+00:00", "looked_by": "Carol Yeo", "marks_seen": False}
    services.records.add_row(page.record, "looked", look)
    read(qtbot, page.context)
    assert "No marks seen, looked at yesterday 18:50 by Carol Yeo." in words(page)


def test_each_telling_of_the_child_stays(page: RestraintPage, qtbot: QtBot, services: Services) -> None:
    for at, childs_words in (
        ("2017-03-13T19:40:00+00:00", "She grabbed me"),
        ("2017-03-14T09:00:00+00:00", "It did not hurt"),
    ):
        services.records.add_row(
            page.record, "accounts", {"given": "given", "words": childs_words, "to": "R. Penn", "at": at}
        )
    read(qtbot, page.context)
    assert {"“She grabbed me” To R. Penn, yesterday 19:40.", "“It did not hurt” To R. Penn, 09:00."} <= words(page)


def test_the_pattern_counts_six_months_of_this_child_and_this_household(
    page: RestraintPage, context: Any, qtbot: QtBot, services: Services
) -> None:
    assert page.pattern.text() == "First hold of this child in 6 months. Holds by this household in 6 months: 1."
    current = services.store.get(page.record)
    assert current is not None
    for ended in ("2017-01-02T20:00:00+00:00", "2016-08-01T20:00:00+00:00"):
        draft = services.records.new_draft("restraint", {**current.fields, "began": ended, "ended": ended})
        services.records.finish(draft)
    read(qtbot, context)
    assert page.pattern.text() == "2 holds of this child in 6 months. Holds by this household in 6 months: 2."


def test_the_clocks_stay_at_the_top_of_a_wide_window_and_scroll_with_the_marks_in_a_narrow_one(
    page: RestraintPage, qtbot: QtBot
) -> None:
    go_to(qtbot, page, "Record talk: Manager speaks")
    tops = [line.mapTo(page, line.rect().topLeft()) for line in page.lines.lines]
    assert len({top.y() for top in tops}) == 1
    assert tops[0].y() < page.facts.mapTo(page, page.facts.rect().topLeft()).y()
    page.resize(700, 560)
    read(qtbot, page.context)
    assert page.area.isAncestorOf(page.lines)
    assert [line.x() for line in page.lines.lines] == [0, 0, 0]
    assert focused().accessibleName().startswith("Record talk: Manager speaks")
    page.resize(1182, 712)
    read(qtbot, page.context)
    assert not page.area.isAncestorOf(page.lines)
    assert focused().accessibleName().startswith("Record talk: Manager speaks")


def test_a_band_is_as_high_as_its_clocks_after_the_window_was_narrow(page: RestraintPage, qtbot: QtBot) -> None:
    line = page.lines.lines[1]
    page.resize(700, 560)
    read(qtbot, page.context)
    page.resize(1182, 712)
    read(qtbot, page.context)
    assert page.band is not None
    before = page.band.height()
    line.explain()
    read(qtbot, page.context)
    assert page.band.height() > before
    assert line.explanation.height() >= line.explanation.heightForWidth(line.explanation.width())
    line.explain()
    read(qtbot, page.context)
    assert page.band.height() == before


def test_how_a_time_is_worked_out_is_seen_whole_in_a_low_window(page: RestraintPage, qtbot: QtBot) -> None:
    page.resize(1180, 640)
    read(qtbot, page.context)
    for line in page.lines.lines:
        line.explain()
        qtbot.waitUntil(lambda: clipped_labels(page) == [])
        line.explain()
