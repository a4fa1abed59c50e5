"""The page of what waits to be signed, by keyboard alone: approve, comment and return, and what is typed is not lost."""

from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.comments import COMMENTS
from hipss_desktop.services.countersigning import with_comments
from hipss_desktop.views.services import Services
from tests.helpers import walk
from tests.helpers.open_page import open_page, read
from tests.helpers.read_back_visit import as_worker, finished_visit
from tests.helpers.screens_of_signing import marked_incident
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import SetClock, sign_in_as
from tests.helpers.walk import focused
from ui import theme
from ui.countersign.countersign_page import APPROVE, CountersignPage
from ui.records.autosave import DELAY

Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
COMMENT = "What makes you think so?"


@pytest.fixture
def incident(services: Services, clock: SetClock) -> str:
    """An incident that somebody else wrote, read by a manager two days later."""
    record = marked_incident(services, clock, child_named(services, "Kai"), datetime(2017, 3, 14, 2, 58, tzinfo=UTC))
    lloyd = next(
        practitioner.record
        for practitioner in services.people.of_kind("practitioner")
        if practitioner.fields.get("name") == "S. Lloyd"
    )
    sign_in_as(services.store, role="manager", person=lloyd, name="S. Lloyd")
    clock.now = datetime(2017, 3, 16, 15, 20, tzinfo=UTC)
    return record


def opened(qtbot: QtBot, context: Any, size: tuple[int, int] = (1182, 712)) -> CountersignPage:
    page = CountersignPage(context)
    open_page(qtbot, context, page, size)
    bar = page.footer()
    assert bar is not None
    layout = page.layout()
    assert layout is not None
    layout.addWidget(bar)
    read(qtbot, context)
    return page


def press(qtbot: QtBot, context: Any, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(focused(), key, held)
    read(qtbot, context)


def test_ctrl_enter_approves_what_was_read(
    app: QApplication, incident: str, services: Services, context: Any, qtbot: QtBot
) -> None:
    page = opened(qtbot, context)
    assert page.count.text() == "1 waits for you"
    assert page.main.text() == APPROVE
    press(qtbot, context, Key.Key_Return, CTRL)
    assert [signed.stands for signed in services.countersigning.standing(incident).signed] == [True]
    assert context.said == ["Signed: Incident, missing from care"]
    assert page.count.text() == ""
    assert page.empty.isVisible()


def test_where_nothing_waits_no_key_leads_to_a_record(
    app: QApplication, services: Services, context: Any, qtbot: QtBot
) -> None:
    page = opened(qtbot, context)
    assert page.empty.isVisible()
    assert not page.card_shown.whole.isVisible()


def test_a_visit_is_read_in_the_order_of_its_own_page_with_the_headings_of_its_paragraphs(
    app: QApplication, services: Services, clock: SetClock, context: Any, qtbot: QtBot
) -> None:
    visit = finished_visit(as_worker(services, clock))
    lloyd = next(
        practitioner.record
        for practitioner in services.people.of_kind("practitioner")
        if practitioner.fields.get("name") == "S. Lloyd"
    )
    sign_in_as(services.store, role="manager", person=lloyd, name="S. Lloyd")
    view = services.countersigning_views.view(visit)
    assert view is not None
    (note,) = view.sections
    assert [(paragraph.over, paragraph.id) for paragraph in note.paragraphs] == [
        ("Kai M.: What was noticed", "p1"),
        ("How it is going", "p2"),
        ("", "p3"),
        ("", "p4"),
        ("Support asked for", "p5"),
    ]


def test_a_comment_hangs_on_its_paragraph_and_the_filled_button_returns_it(
    app: QApplication, incident: str, services: Services, context: Any, qtbot: QtBot
) -> None:
    page = opened(qtbot, context)
    press(qtbot, context, Key.Key_Return)
    for _ in range(5):
        press(qtbot, context, Key.Key_Down)
    assert page.comment.text() == "Comment on paragraph 5"
    press(qtbot, context, Key.Key_M, CTRL)
    assert focused().accessibleName() == "Your comment on paragraph 5"
    QTest.keyClicks(focused(), COMMENT)
    assert page.main.text() == "Return with 1 comment"
    QTest.qWait(DELAY + 200)
    read(qtbot, context)
    assert [COMMENTS.read(draft.fields).comments[0].words for draft in services.store.drafts()] == [COMMENT]
    press(qtbot, context, Key.Key_Return, CTRL)
    assert services.store.drafts() == []
    [returned] = services.countersigning.standing(incident).returned
    assert [(row.unit, row.words) for row in COMMENTS.of(returned).comments] == [("happening/p5", COMMENT)]


def test_what_was_typed_is_there_again(
    app: QApplication, incident: str, services: Services, context: Any, qtbot: QtBot
) -> None:
    page = opened(qtbot, context)
    press(qtbot, context, Key.Key_M, CTRL)
    QTest.keyClicks(focused(), COMMENT)
    assert page.may_leave()
    read(qtbot, context)
    page.close()
    reopened_page = opened(qtbot, context)
    assert reopened_page.card_shown.comments() == {"": COMMENT}


def test_ones_own_work_has_no_buttons(
    app: QApplication, services: Services, clock: SetClock, context: Any, qtbot: QtBot
) -> None:
    sign_in_as(services.store, role="manager")
    marked_incident(services, clock, child_named(services, "Kai"), datetime(2017, 3, 14, 2, 58, tzinfo=UTC))
    page = opened(qtbot, context)
    page.chips.choose(["for_others"])
    read(qtbot, context)
    assert page.main.isHidden()
    assert page.comment.isHidden()
    assert page.why.text().startswith("You wrote or amended this")


@pytest.mark.parametrize("look", ["day", "night"])
@pytest.mark.parametrize(("size", "scale"), [((1182, 712), 1.0), ((840, 584), 1.5)])
def test_nothing_is_cut_unnamed_or_small(
    app: QApplication, incident: str, context: Any, qtbot: QtBot, look: str, size: tuple[int, int], scale: float
) -> None:
    theme.apply(app, theme.Theme(look, scale))  # type: ignore[arg-type]  # one of the two looks
    page = opened(qtbot, context, size)
    press(qtbot, context, Key.Key_M, CTRL)
    assert walk.clipped_labels(page) == []
    assert walk.unnamed_focusables(page) == []
    assert walk.small_targets(page) == []


@pytest.mark.parametrize("comments", [False, True])
def test_after_the_last_one_is_signed_or_returned_a_widget_that_is_shown_has_the_focus(
    app: QApplication, incident: str, services: Services, context: Any, qtbot: QtBot, comments: bool
) -> None:
    page = opened(qtbot, context)
    assert not page.next.isVisible()
    if comments:
        press(qtbot, context, Key.Key_M, CTRL)
        QTest.keyClicks(focused(), COMMENT)
    press(qtbot, context, Key.Key_Return, CTRL)
    assert page.empty.isVisible()
    assert focused() is page.chips.chips()[0]


def test_who_wrote_what_was_returned_amends_it_from_here(
    app: QApplication, incident: str, services: Services, context: Any, qtbot: QtBot
) -> None:
    author = next(iter(services.countersigning.standing(incident).writers))
    draft = with_comments(
        services.countersigning.comments_draft(services.countersigning.standing(incident)), {"": COMMENT}
    )
    services.countersigning.give_back(draft)
    page = opened(qtbot, context)
    page.chips.choose(["returned"])
    read(qtbot, context)
    assert not page.amend.isVisible()
    page.close()
    sign_in_as(services.store, role="on_call", person=author)
    page = opened(qtbot, context)
    page.chips.choose(["returned"])
    read(qtbot, context)
    assert page.why.text() == "You wrote or amended this, so somebody else signs it."
    press(qtbot, context, Key.Key_E, CTRL)
    assert context.went == [("amend", {"record": incident})]
