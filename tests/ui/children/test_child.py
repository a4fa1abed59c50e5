"""A child's page: what stands first, moving in the timeline, the record beside it, the other tabs."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

import msgspec
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from db.store import LaptopStore
from hipss_desktop.records.access import PRACTITIONERS
from hipss_desktop.records.fields import field
from hipss_desktop.records.kind import Kind
from hipss_desktop.views.timeline import Entry
from tests.helpers.kinds_known import also_known
from tests.helpers.open_page import open_page, read
from tests.helpers.store_fixtures import SetClock
from tests.helpers.walk import (
    clipped_labels,
    cut_cells,
    cut_choices,
    focused,
    settle,
    small_targets,
    unnamed_focusables,
)
from ui import theme
from ui.base.focus import following
from ui.base.page import Context
from ui.children.child_page import ChildPage
from ui.parts import DangerButton, EmptyState, LineEdit, PassphraseEdit, Tag, TextButton
from ui.records.card_questions import WithdrawQuestion
from ui.records.fold import Fold
from ui.records.timeline import spoken
from ui.records.versions import VersionWords

Open = Callable[..., ChildPage]


@pytest.fixture
def open_child(app: QApplication, qtbot: QtBot, context: Context) -> Open:
    """Opens a child's page as the window does."""

    def opened(name: str = "kai", size: tuple[int, int] = (1182, 712)) -> ChildPage:
        record = context.services.people.find(name, kinds=("child",))[0].record
        page = ChildPage(context, record=record)
        open_page(qtbot, context, page, size)
        return page

    return opened


def entries(page: ChildPage) -> list[Entry]:
    """The rows of the timeline that are records."""
    return [entry for entry in page.timeline.list.entries.items if isinstance(entry, Entry)]


def withdraw(page: ChildPage) -> TextButton:
    """The button that asks why the open record is withdrawn."""
    buttons = page.view_card.findChildren(TextButton)
    return next(button for button in buttons if button.text() == "Withdraw this record" and button.isVisible())


def texts(page: ChildPage) -> list[str]:
    """Everything that the labels of the page say."""
    return [label.accessibleName() or label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def key(*keys: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press keys in whatever has the focus."""
    for pressed in keys:
        QTest.keyClick(focused(), pressed, held)


def test_a_child_who_came_back_is_shown_as_on_the_board(open_child: Open, context: Context) -> None:
    """Ellie was missing and is back: the page, the card beside the form and the household's page say what the board says."""
    services = context.services
    ellie = services.people.find("ellie", kinds=("child",))[0].record
    fields = {
        "type": "call",
        "children": [ellie],
        "concerns": ["missing"],
        "missing": "back",
        "risk": "medium",
        "missing_since": "2017-03-13T23:10:00+00:00",
        "back_at": "2017-03-14T02:05:00+00:00",
        "needs_to_know": ["nobody"],
        "caller_name": "Sunita Rao",
        "happening": "In the shed",
        "advice": "Quiet box",
    }
    services.records.finish(replace(services.records.new_draft("contact"), fields=fields))
    board = next(child for child in services.on_call.board().children if child.record == ellie)
    assert board.status.words == "Back 02:05, medium risk"
    card = services.child_cards.card(ellie)
    assert card is not None
    assert card.status == board.status
    assert card.missing is None
    page = open_child("ellie")
    assert board.status.words in [tag.spec.words for tag in page.head.findChildren(Tag)]


def amended(context: Context, clock: SetClock, store: LaptopStore, **fields: Any) -> str:
    """Amend Kai's newest contact from this laptop, 40 minutes on; returns the record."""
    kai = context.services.people.find("kai", kinds=("child",))[0].record
    record = store.records_about(kai, kind="contact")[0].record
    draft = context.services.records.amendment(record)
    clock.pass_time(minutes=40)
    context.services.records.finish(replace(draft, fields={**draft.fields, **fields}, why="rang Jo back"))
    return record


def test_the_page_opens_with_what_matters_now_and_the_warnings(open_child: Open) -> None:
    page = open_child()
    tags = [tag.spec for tag in page.head.findChildren(Tag)]
    assert [tag.words for tag in tags] == [
        "Missing since 21:40",
        "Exploitation, medium",
        "Allergy: penicillin",
        "Full care order",
        "Waiting",
    ]
    assert [tag.tone for tag in tags][:2] == ["risk", "risk"]
    assert page.head.title.text() == "Kai M. · 14"
    assert "Placed with Jo & Martin Preece, 120 days" in texts(page)


def test_the_timeline_is_grouped_by_day_newest_first_and_says_each_rows_sync_state(open_child: Open) -> None:
    page = open_child()
    items = page.timeline.list.entries.items
    assert items[0] == "Tuesday 14 March 2017"
    assert isinstance(items[1], Entry)
    index = page.timeline.list.entries.index(4)
    words = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert words == "Monday 13 March 2017" or words.endswith("Waiting.")
    at = [entry.at for entry in entries(page)]
    assert at == sorted(at, reverse=True)


def test_arrows_pass_over_days_and_show_the_record_and_enter_moves_to_it(
    open_child: Open, qtbot: QtBot, context: Context
) -> None:
    page = open_child()
    seen = []
    for _ in range(4):
        current_entry = page.timeline.list.entry()
        assert current_entry is not None
        seen.append(current_entry.record)
        read(qtbot, context)
        assert page.view_card.view is not None
        assert page.view_card.view.record == current_entry.record
        key(Qt.Key.Key_Down)
    assert seen == [entry.record for entry in entries(page)[:4]]
    key(Qt.Key.Key_Return)
    assert page.view_card.area.hasFocus()
    assert page.view_card.area.accessibleName().startswith("On-call contact, ")
    key(Qt.Key.Key_Escape)
    assert page.timeline.list.hasFocus()


def test_filters_and_periods_change_what_is_listed(open_child: Open, qtbot: QtBot, context: Context) -> None:
    page = open_child()
    before = len(entries(page))
    page.timeline.chips.chips()[0].setFocus()
    key(Qt.Key.Key_Right, Qt.Key.Key_Space)
    read(qtbot, context)
    assert {entry.kind for entry in entries(page)} == {"contact"}
    page.timeline.others.choose("placement")
    page.timeline.period.choose("all")
    page.refresh()
    read(qtbot, context)
    assert len(entries(page)) == 2
    page.timeline.others.choose("")
    page.timeline.chips.choose(["all"])
    page.refresh()
    read(qtbot, context)
    assert len(entries(page)) > before
    assert page.timeline.chips.chips()[0].text() == f"All {len(entries(page))}"


def test_the_chips_are_the_kinds_of_record_about_the_child_the_most_frequent_first(
    open_child: Open, store: LaptopStore
) -> None:
    page = open_child()
    kinds = store.kinds_about(page.record)
    assert list(kinds.values()) == sorted(kinds.values(), reverse=True)
    assert [chip.text() for chip in page.timeline.chips.chips()[1:]] == [
        "Contacts",
        "Actions",
        "Missing episodes",
    ]
    assert list(kinds)[:4] == ["contact", "action", "missing_episode", "placement"]
    others = page.timeline.others
    assert sorted(others.itemText(at) for at in range(others.count())) == [
        "Alerts",
        "Missing-person packs",
        "Placements",
    ]


def about_kai(name: str, *, about: bool = True) -> Kind:
    """A kind whose records are about a child, or name one only."""

    class Note(msgspec.Struct):
        child: Annotated[str, field("Child", refers_to="child", subject=about)] = ""

    return Kind(
        name=name, label=name.capitalize(), plural=f"{name.capitalize()}s", reference_prefix=name[:4].upper(),
        record=Note, writers=PRACTITIONERS, readers=PRACTITIONERS, title_from=lambda note: name.capitalize(),
    )  # fmt: skip


def test_the_seldom_kinds_are_in_a_list_and_a_kind_that_only_mentions_the_child_is_not(
    open_child: Open, qtbot: QtBot, context: Context
) -> None:
    kinds = (about_kai("visit"), about_kai("meeting"), about_kai("mention", about=False))
    kai = context.services.people.find("kai", kinds=("child",))[0].record
    with also_known(*kinds):
        for kind in (*kinds, kinds[1], kinds[1]):  # meetings are not seldom
            context.services.records.finish(context.services.records.new_draft(kind.name, {"child": kai}))
        page = open_child()
        others = page.timeline.others
        assert [chip.key for chip in page.timeline.chips.chips()] == [
            "all",
            "contact",
            "action",
            "meeting",
        ]
        seldom = [others.itemText(at) for at in range(others.count())]
        assert set(seldom) == {"Alerts", "Missing-person packs", "Missing episodes", "Placements", "Visits"}
        stop = following(page.timeline.chips.chips()[-1])
        while not stop.focusPolicy() & Qt.FocusPolicy.TabFocus:
            stop = following(stop)
        assert stop is page.timeline.search, "new chips stand before what follows them"
        others.setFocus()
        for _ in range(seldom.index("Visits") + 1):
            key(Qt.Key.Key_Down)
        read(qtbot, context)
        assert {entry.kind for entry in entries(page)} == {"visit"}
        assert page.timeline.chips.chosen() == []
        page.timeline.chips.chips()[0].click()
        read(qtbot, context)
        assert len({entry.kind for entry in entries(page)}) > 3


def test_a_long_timeline_is_fetched_as_it_is_read(
    open_child: Open, qtbot: QtBot, context: Context, store: LaptopStore
) -> None:
    kai = context.services.people.find("kai", kinds=("child",))[0].record
    with store.write() as unit:
        for number in range(150):
            fields = {
                "type": "call",
                "children": [kai],
                "told": f"2017-03-01T10:{number // 60:02d}:{number % 60:02d}+00:00",
            }
            unit.append(
                record=f"0199c0de-0000-7000-8000-{number:012d}", kind="contact", action="finish", fields=fields,
                changed=sorted(fields), parents=(),
            )  # fmt: skip
    page = open_child()
    assert len(entries(page)) == 60
    for _ in range(4):
        key(Qt.Key.Key_End)
        read(qtbot, context)
    assert len(entries(page)) == int(page.timeline.chips.chips()[0].text().removeprefix("All "))
    assert len({entry.record for entry in entries(page)}) == len(entries(page))


def test_what_was_changed_last_is_marked_and_the_history_says_was_and_now(
    open_child: Open, qtbot: QtBot, context: Context, clock: SetClock, store: LaptopStore
) -> None:
    record = amended(context, clock, store, where_now="In the garage with Martin", happening="No news. Phone off.")
    page = open_child()
    while (current_entry := page.timeline.list.entry()) is not None and current_entry.record != record:
        key(Qt.Key.Key_Down)
    read(qtbot, context)
    assert "Why: rang Jo back" not in texts(page)
    fold = page.view_card.findChild(Fold)
    assert fold is not None
    assert fold.button.accessibleName() == "About this record, 2 versions"
    while focused() is not fold.button:
        key(Qt.Key.Key_Tab)
    key(Qt.Key.Key_Return)
    settle()
    shown_texts = texts(page)
    assert "Why: rang Jo back" in shown_texts
    assert "Nothing is ever deleted" in shown_texts
    assert (
        "What is happening?, was No news. Phone off. Martin out looking in the car., now No news. Phone off."
        in shown_texts
    )
    assert "Where the child is now, and who with, now In the garage with Martin" in shown_texts
    assert "Laptop HIPSS-LT-04, waiting on this laptop" in shown_texts
    shown = [version_words.text() for version_words in page.findChildren(VersionWords)]
    assert any("line-through" in words and "Martin out looking" in words for words in shown)
    assert any("underline" in words and "In the garage with Martin" in words for words in shown)
    row = page.timeline.list.entry()
    assert row is not None
    assert "Amended, version 2" in [tag.words for tag in row.tags]


def asked_to_amend(context: Any) -> str:
    """The record that the page asked to amend last, with where to come back to."""
    route, arguments = context.went[-1]
    assert route == "amend"
    assert arguments["back"]["route"] == "child"
    return str(arguments["record"])


def test_ctrl_e_amends_the_open_record_and_on_another_tab_the_child(
    open_child: Open, context: Any, qtbot: QtBot
) -> None:
    page = open_child()
    key(Qt.Key.Key_Down)
    read(qtbot, context)
    current_entry = page.timeline.list.entry()
    assert current_entry is not None
    key(Qt.Key.Key_E, held=Qt.KeyboardModifier.ControlModifier)
    assert asked_to_amend(context) == current_entry.record
    key(Qt.Key.Key_Tab, held=Qt.KeyboardModifier.ControlModifier)
    assert page.tabs.tabs.currentIndex() == 1
    key(Qt.Key.Key_E, held=Qt.KeyboardModifier.ControlModifier)
    assert asked_to_amend(context) == page.record


def test_withdrawing_asks_why_and_the_record_stays_with_its_reason(
    open_child: Open, qtbot: QtBot, context: Any, store: LaptopStore
) -> None:
    page = open_child()
    current_entry = page.timeline.list.entry()
    assert current_entry is not None
    withdraw(page).setFocus()
    key(Qt.Key.Key_Return)
    assert focused().accessibleName() == "Why are you withdrawing this?"
    confirm = next(
        danger_button
        for danger_button in page.view_card.findChildren(DangerButton)
        if danger_button.text() == "Withdraw"
    )
    confirm.click()
    assert store.get(current_entry.record).withdrawn is False  # type: ignore[union-attr]  # it is there
    assert "Enter why this is withdrawn" in texts(page)
    QTest.keyClicks(focused(), "Written twice")
    confirm.click()
    read(qtbot, context)
    current = store.get(current_entry.record)
    assert current is not None
    assert current.withdrawn
    assert "Withdrawn. Why: Written twice" in texts(page)
    assert not page.view_card.amend.isVisible()


@pytest.mark.parametrize(("size", "scale"), [((1182, 712), 1.0), ((1182, 712), 1.5), ((840, 584), 1.0)])
def test_a_question_in_the_pane_is_wholly_in_sight_also_when_the_record_grows_meanwhile(
    open_child: Open, qtbot: QtBot, context: Context, clock: SetClock, store: LaptopStore, size: tuple[int, int],
    scale: float,
) -> None:  # fmt: skip
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, theme.Theme("day", scale))
    page = open_child(size=size)
    while page.timeline.list.entry().kind != "contact":  # type: ignore[union-attr]  # the list holds one
        key(Qt.Key.Key_Down)
    key(Qt.Key.Key_Return)
    read(qtbot, context)
    while focused() is not withdraw(page):
        key(Qt.Key.Key_Tab)
    key(Qt.Key.Key_Return)
    settle()
    assert wholly_seen(question(page))
    current_entry = page.timeline.list.entry()
    assert current_entry is not None
    draft = context.services.records.amendment(current_entry.record)
    happening = "Kai rang Jo himself from a box by the bus station and would not say with whom he was. " * 4
    context.services.records.finish(replace(draft, fields={**draft.fields, "happening": happening}, why="police rang"))
    read(qtbot, context)
    assert focused().accessibleName() == "Why are you withdrawing this?"
    assert wholly_seen(question(page))


def question(page: ChildPage) -> WithdrawQuestion:
    """The question that is open in the pane."""
    open_question = page.view_card.findChild(WithdrawQuestion)
    assert open_question is not None
    return open_question


def wholly_seen(widget: QWidget) -> bool:
    """Whether all of a widget is in sight."""
    return widget.visibleRegion().boundingRect() == widget.rect()


def test_escape_takes_the_question_away_and_withdraws_nothing(
    open_child: Open, context: Any, store: LaptopStore
) -> None:
    page = open_child()
    withdraw(page).setFocus()
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_Escape)
    current_entry = page.timeline.list.entry()
    assert current_entry is not None
    assert withdraw(page).hasFocus()
    assert store.get(current_entry.record).withdrawn is False  # type: ignore[union-attr]  # it is there


def test_the_safety_plan_is_read_whole_and_an_empty_one_says_so(
    open_child: Open, qtbot: QtBot, context: Any, store: LaptopStore
) -> None:
    page = open_child()
    page.tabs.tabs.setCurrentIndex(1)
    settle()
    shown_texts = texts(page)
    for words in ("Known risks", "Triggers", "What helps", "Do not", "Delegated authority", "Health and allergies"):
        assert words in shown_texts
    assert "What helps: One adult, low voice, food" in shown_texts
    assert "Preece home, 01632 960174" in shown_texts
    assert "Reviewed 2 March 2017, K. Adeyemi. Next review 2 June 2017" in shown_texts
    draft = context.services.records.amendment(page.record)
    without = {
        name: answer for name, answer in draft.fields.items() if name not in ("risks", "triggers", "helps", "do_not")
    }
    context.services.records.finish(replace(draft, fields=without, why="a new plan is being written"))
    read(qtbot, context)
    assert "No safety plan for Kai M." in texts(page)
    empty = next(empty_state for empty_state in page.plan.findChildren(EmptyState) if empty_state.isVisible())
    assert empty.button is not None
    empty.button.setFocus()
    key(Qt.Key.Key_Return)
    assert asked_to_amend(context) == page.record


def test_numbers_are_copied_by_ctrl_c_and_placements_open_by_enter(open_child: Open, context: Any) -> None:
    page = open_child()
    page.tabs.tabs.setCurrentIndex(3)
    page.people.setFocus()
    key(Qt.Key.Key_C, held=Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "01632 960174"
    page.tabs.tabs.setCurrentIndex(2)
    page.placements.table.setFocus()
    key(Qt.Key.Key_Return)
    place, arguments = context.went[-1]
    assert place == "record"
    assert context.services.store.get(arguments["record"]).kind == "placement"
    page.placements.new.click()
    assert context.went[-1] == ("new_record", {"kind": "placement", "fields": {"child": page.record}})


def test_where_there_is_no_room_the_record_takes_the_timelines_place(
    open_child: Open, qtbot: QtBot, context: Context
) -> None:
    page = open_child(size=(700, 560))
    assert not page.view_card.isVisible()
    key(Qt.Key.Key_Return)
    read(qtbot, context)
    assert page.view_card.isVisible()
    assert not page.timeline.isVisible()
    page.pane.back.setFocus()
    key(Qt.Key.Key_Return)
    assert page.timeline.list.hasFocus()
    assert not page.view_card.isVisible()


def test_a_child_that_is_not_here_is_said_in_words(app: QApplication, qtbot: QtBot, context: Context) -> None:
    page = ChildPage(context, record="0199c0de-0000-7000-8000-00000000dead")
    qtbot.addWidget(page)
    page.show()
    read(qtbot, context)
    assert page.gone.isVisible()


@pytest.mark.parametrize("night", [True, False])
@pytest.mark.parametrize(
    ("size", "scale"),
    [((1182, 712), 1.0), ((840, 584), 1.0), ((1182, 640), 1.5), ((840, 584), 1.5), ((1736, 1024), 1.0)],
)
def test_nothing_is_cut_or_nameless_at_any_size_on_any_tab(
    open_child: Open, size: tuple[int, int], scale: float, night: bool
) -> None:  # fmt: skip
    page = open_child()
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, theme.Theme("night" if night else "day", scale))
    page.resize(*size)
    for tab in range(5):
        page.tabs.tabs.setCurrentIndex(tab)
        settle()
        assert clipped_labels(page) == []
        assert cut_cells(page) == []
        assert cut_choices(page) == []
        assert unnamed_focusables(page) == []
        assert small_targets(page) == []


def test_a_record_dated_by_a_day_shows_no_time_of_day(
    open_child: Open, qtbot: QtBot, context: Any, store: LaptopStore
) -> None:
    page = open_child()
    placement = store.records_about(page.record, kind="placement")[0]
    page.timeline.period.choose("all")
    page.refresh()
    read(qtbot, context)
    entry = next(entry for entry in entries(page) if entry.record == placement.record)
    assert entry.time == ""
    assert "00:00" not in spoken(entry)
    page.timeline.list.setCurrentIndex(
        page.timeline.list.entries.index(page.timeline.list.entries.row_of(entry.record))
    )
    read(qtbot, context)
    assert page.view_card.view is not None
    assert page.view_card.view.when == entry.day
    assert not [words for words in texts(page) if "00:00" in words]


def asked_for(qtbot: QtBot, widget: QWidget, place: QPoint) -> str:
    """What the tooltip says where the mouse rests, '' for none."""
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())
    QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, place, widget.mapToGlobal(place)))
    return QToolTip.text() if QToolTip.isVisible() else ""


def test_a_row_of_the_timeline_that_is_cut_says_all_of_it_and_one_that_is_whole_says_nothing(
    open_child: Open, qtbot: QtBot
) -> None:
    page = open_child(size=(820, 712))
    timeline = page.timeline.list
    cut: list[Entry] = []
    whole: list[Entry] = []
    for row, entry in enumerate(timeline.entries.items):
        place = timeline.visualRect(timeline.entries.index(row)).center()
        if isinstance(entry, Entry) and timeline.viewport().rect().contains(place):
            words = asked_for(qtbot, timeline.viewport(), place)
            (cut if words else whole).append(entry)
            assert words in ("", "\n".join(filter(None, (entry.title, entry.summary))))
    assert cut
    assert whole


def test_a_line_that_is_cut_says_all_of_it_but_a_secret(app: QApplication, qtbot: QtBot) -> None:
    for line, words in ((LineEdit("Ellie Rose Ravenscroft-Whittaker"), True), (LineEdit("Ellie"), False)):
        qtbot.addWidget(line)
        line.resize(120, 36)
        line.show()
        assert bool(asked_for(qtbot, line, QPoint(10, 10))) == words
    secret = PassphraseEdit()
    qtbot.addWidget(secret)
    secret.resize(120, 36)
    secret.setText("correct horse battery staple, and more of it")
    secret.show()
    assert "horse" not in asked_for(qtbot, secret, QPoint(10, 10))
