"""A child whose record two laptops changed differently: both versions are read, and a tag opens the decision."""

from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from hipss_desktop.views.services import Services
from tests.helpers.open_page import open_page
from tests.helpers.several_laptops import amend, child_named, exchange
from tests.helpers.store_fixtures import RecordingSession, SetClock, sign_in_as
from tests.helpers.walk import clipped_labels, focused, settle, small_targets, unnamed_focusables
from tests.ui.shell.windows import rest, windows
from ui import theme
from ui.base.page import Page
from ui.children.child_card import ChildCardView
from ui.children.child_page import ChildPage
from ui.records.form_page import RecordFormPage
from ui.records.record_page import RecordPage
from ui.records.undecided import DecideTag
from ui.shell.window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def kai(mine: Services, theirs: Services, clock: SetClock) -> str:
    """Kai, whose plan and numbers have two versions each."""
    kai = child_named(mine, "Kai")
    fields = mine.store.get(kai).fields  # type: ignore[union-attr]  # it is there
    first, *others = fields["who_to_call"]
    clock.now = datetime(2017, 3, 14, 2, 40, tzinfo=UTC)
    rung = [{**first, "number": "01632 960175"}, *others]
    changes = {"who_to_call": rung, "plan_review_due": "2017-04-01", "allergies": ["Penicillin", "Latex"]}
    amend(mine, kai, {"helps": [*fields["helps"], "Toast works at night"], **changes})
    clock.now = datetime(2017, 3, 14, 2, 55, tzinfo=UTC)
    rung = [{**first, "number": "01632 960176"}, *others]
    changes = {"who_to_call": rung, "plan_review_due": "2017-05-01", "allergies": ["Penicillin", "Wasp stings"]}
    amend(theirs, kai, {"helps": [*fields["helps"], "Text his brother first"], **changes})
    exchange(mine, theirs)
    return kai


def texts(page: Page) -> str:
    """Everything that the labels of a page say where it is seen, line by line."""
    seen = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    return "\n".join(QTextDocumentFragment.fromHtml(words).toPlainText() for words in seen)


def tab_to_decision() -> DecideTag:
    """Press Tab until the focus is on a tag that opens the decision."""
    for _ in range(60):
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        now = focused()
        if isinstance(now, DecideTag):
            return now
    raise AssertionError("no tag that opens the decision is reached by Tab")


@pytest.mark.parametrize(
    ("size", "scale", "night"), [((1182, 712), 1.0, True), ((840, 584), 1.5, False), ((1736, 1024), 1.0, False)]
)
def test_the_safety_plan_shows_both_versions_with_who_and_when(
    app: QApplication, qtbot: QtBot, context: Any, kai: str, size: tuple[int, int], scale: float, night: bool
) -> None:
    theme.apply(app, theme.Theme("night" if night else "day", scale))
    page = ChildPage(context, record=kai)
    open_page(qtbot, context, page, size)
    QTest.keyClick(focused(), Qt.Key.Key_Tab, CTRL)
    settle()
    words = texts(page)
    for phrase in (
        "Your version, A. Bevan, 02:40, HIPSS-LT-04",
        "Other version, K. Adeyemi, 02:55, HIPSS-LT-02",
        "Toast works at night",
        "Text his brother first",
        "01632 960175",
        "01632 960176",
        "1 April 2017",
        "1 May 2017",
        "Latex",
        "Wasp stings",
    ):
        assert phrase in words, phrase
    assert clipped_labels(page) == []
    assert unnamed_focusables(page) == []
    assert small_targets(page) == []


def test_the_tags_say_for_what_and_open_the_decision(app: QApplication, qtbot: QtBot, context: Any, kai: str) -> None:
    page = ChildPage(context, record=kai)
    open_page(qtbot, context, page)
    QTest.keyClick(focused(), Qt.Key.Key_Tab, CTRL)
    settle()
    tag_names = set[str]()
    for _ in range(2):
        tag = tab_to_decision()
        tag_names.add(tag.accessibleName())
        QTest.keyClick(tag, Qt.Key.Key_Return)
        assert context.went[-1] == ("sync", {"record": kai})
    assert len(tag_names) == 2
    assert all(words.startswith("You need to decide: ") and "What helps" in words for words in tag_names)


def test_the_page_of_a_record_shows_both_versions_of_every_answer_and_row(
    app: QApplication, qtbot: QtBot, context: Any, kai: str
) -> None:
    page = RecordPage(context, record=kai)
    open_page(qtbot, context, page)
    words = texts(page)
    for phrase in ("Toast works at night", "Text his brother first", "01632 960175", "01632 960176", "1 May 2017"):
        assert phrase in words, phrase
    assert words.count("Other version, K. Adeyemi, 02:55, HIPSS-LT-02") == 4
    QTest.keyClick(tab_to_decision(), Qt.Key.Key_Return)
    assert context.went[-1] == ("sync", {"record": kai})
    assert clipped_labels(page) == []


@pytest.mark.parametrize(("width", "scale"), [(446, 1.0), (840, 1.5)])
def test_the_card_beside_a_call_shows_both_versions_of_the_plan_and_of_a_number(
    app: QApplication, qtbot: QtBot, mine: Services, kai: str, width: int, scale: float
) -> None:
    theme.apply(app, theme.Theme("night", scale))
    view = ChildCardView()
    qtbot.addWidget(view)
    view.resize(width, 640)
    card = mine.child_cards.card(kai)
    assert card is not None
    view.show_card(card)
    view.show()
    settle()
    seen = "\n".join(
        QTextDocumentFragment.fromHtml(label.text()).toPlainText()
        for label in view.findChildren(QLabel)
        if label.isVisible()
    )
    for words in ("Two versions", "Toast works at night", "Text his brother first", "K. Adeyemi, 02:55"):
        assert words in seen
    names = [widget.accessibleName() for widget in view.findChildren(QWidget)]
    assert any("01632 960175" in name and "02:40" in name for name in names)
    assert any("01632 960176" in name and "K. Adeyemi, 02:55" in name for name in names)
    assert clipped_labels(view) == []


HELPS = "What helps has two versions. Decide between them first, then amend."


def test_an_amendment_in_the_window_shows_both_versions_and_decides_nothing(
    app: QApplication, qtbot: QtBot, mine: Services, kai: str
) -> None:
    sign_in_as(mine.store, role="manager")
    with windows(lambda: MainWindow(RecordingSession(mine)), qtbot) as make:
        window = make()
        window.go("child", record=kai)
        rest(qtbot, window)
        for key in (Qt.Key.Key_Tab, Qt.Key.Key_E):
            QTest.keyClick(focused(window), key, CTRL)
            rest(qtbot, window)
        form = window.page
        assert isinstance(form, RecordFormPage)
        words = texts(form)
        for phrase in (HELPS, "Toast works at night", "Text his brother first", "01632 960176", "1 May 2017"):
            assert phrase in words, phrase
        assert clipped_labels(form) == []
        assert form.summary.isHidden()
        form.form.go("helps")
        QTest.keyClick(focused(), Qt.Key.Key_End, CTRL)
        QTest.keyClick(focused(), Qt.Key.Key_Return)
        QTest.keyClicks(focused(), "Quiet lamp")
        form.why.setFocus()
        QTest.keyClicks(focused(), "Jo told me")
        QTest.keyClick(focused(), Qt.Key.Key_Return, CTRL)
        rest(qtbot, window)
        assert window.page is form
        assert [link.text() for link in form.summary.links()] == [HELPS]
        assert form.form.questions["helps"].error() == HELPS
        QTest.keyClick(focused(), Qt.Key.Key_F8)
        assert form.form.questions["helps"].isAncestorOf(focused())
        record = mine.store.get(kai)
        assert record is not None
        lines = [line for side in record.conflicts["helps"] for line in side.value]
        assert {"Toast works at night", "Text his brother first"} <= set(lines)
        assert "Quiet lamp" not in lines
        draft = mine.store.draft(kai)
        assert draft is not None
        assert "Quiet lamp" in draft.fields["helps"]


def test_the_form_that_amends_an_undecided_record_opens_the_decision_and_keeps_what_was_typed(
    app: QApplication, qtbot: QtBot, mine: Services, kai: str
) -> None:
    sign_in_as(mine.store, role="manager")
    with windows(lambda: MainWindow(RecordingSession(mine)), qtbot) as make:
        window = make()
        window.go("amend", record=kai)
        rest(qtbot, window)
        form = window.page
        assert isinstance(form, RecordFormPage)
        QTest.keyClicks(focused(), "Jo told me")
        form.form.go("helps")
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        tag = focused()
        assert isinstance(tag, DecideTag)
        assert tag.accessibleName() == "You need to decide: What helps"
        assert small_targets(form) == []
        QTest.keyClick(tag, Qt.Key.Key_Space)
        rest(qtbot, window)
        assert (window.location.route, window.location.more) == ("sync", {"record": kai})
        draft = mine.store.draft(kai)
        assert draft is not None
        assert draft.why == "Jo told me"
