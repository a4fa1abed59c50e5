"""A record's rows as tables, what cannot be read, and rows added to a list that grows: by keys, over a real store."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from db.store import LaptopStore
from hipss_desktop.services.store_settings import StoreSetting
from tests.helpers.kinds_known import also_known
from tests.helpers.meetings import MEETING
from tests.helpers.open_page import SIZE, open_page, read
from tests.helpers.walk import (
    announcements,
    clipped_labels,
    described,
    focused,
    settle,
    small_targets,
    unnamed_focusables,
)
from ui import theme
from ui.base.page import Context
from ui.parts import Banner, Button, LineEdit, LinkButton, Tag
from ui.records.record_lines import RecordLines
from ui.records.record_page import RecordPage
from ui.records.row_table import SHOWN, AnswerTable

NOT_HERE = "0199c0de-ffff-7000-8000-0000000000ff"
CTRL = Qt.KeyboardModifier.ControlModifier
Open = Callable[..., RecordPage]


@pytest.fixture(autouse=True)
def meetings() -> Iterator[None]:
    """The program knows meetings."""
    with also_known(MEETING):
        yield


@pytest.fixture
def open_record(app: QApplication, qtbot: QtBot, context: Context) -> Open:
    """Opens a record's page as the window does."""

    def opened(record: str, size: tuple[int, int] = SIZE) -> RecordPage:
        page = RecordPage(context, record=record)
        open_page(qtbot, context, page, size)
        return page

    return opened


def kai(context: Context) -> str:
    """The record of Kai."""
    return context.services.people.find("kai", kinds=("child",))[0].record


def colleague(context: Context) -> str:
    """The record of a colleague."""
    return context.services.people.of_kind("practitioner")[0].record


def answers(context: Context, **more: Any) -> dict[str, Any]:
    """A meeting that can be finished."""
    return {
        "held_on": "2017-03-10",
        "question": "How do we keep mornings calm?",
        "child": kai(context),
        "present": [
            {"id": "a", "colleague": colleague(context), "part": "What worked before: breakfast at the same time."},
            {"id": "b", "name": "Jo Preece", "part": "Short nights", "about": [kai(context), NOT_HERE]},
            {"id": "c", "colleague": NOT_HERE, "name": "T. Hale"},
        ],
        "told": [{"id": "d", "who": "edt", "at": "2017-03-10T16:20:00+00:00", "note": "Log 4471"}],
        **more,
    }


def meeting(context: Context, **more: Any) -> str:
    """A finished meeting."""
    records = context.services.records
    draft = records.new_draft("meeting")
    records.finish(replace(draft, fields=answers(context, **more)))
    return draft.record


def signed(context: Context, store: LaptopStore, **more: Any) -> str:
    """A meeting that a newer or faulty program signed, whatever its answers are."""
    record, fields = context.services.records.new_draft("meeting").record, answers(context, **more)
    with store.write() as unit:
        unit.append(record=record, kind="meeting", action="finish", fields=fields, changed=sorted(fields), parents=())
    return record


def amend(context: Context, record: str, **changes: Any) -> None:
    """Amend a meeting."""
    draft = context.services.records.amendment(record)
    context.services.records.finish(replace(draft, fields={**draft.fields, **changes}, why="to put it right"))


def fields_of(store: LaptopStore, record: str) -> Mapping[str, Any]:
    """A record's fields as the store holds them."""
    saved_record = store.get(record)
    assert saved_record is not None
    return saved_record.fields


def texts(widget: QWidget) -> list[str]:
    """What the visible labels say to eye or ear, in the order they were made."""
    return [label.accessibleName() or label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


def table(page: RecordPage, name: str) -> AnswerTable:
    """The table of a list of rows."""
    return next(
        answer_table
        for answer_table in page.findChildren(AnswerTable)
        if answer_table.accessibleName().startswith(f"{name}, ")
    )


def button(page: RecordPage, words: str) -> Button:
    """A visible button by its words."""
    return next(
        shown_button
        for shown_button in page.findChildren(Button)
        if shown_button.text() == words and shown_button.isVisible()
    )


def has_button(page: RecordPage, words: str) -> bool:
    """Whether a button can be seen."""
    return any(shown_button.text() == words and shown_button.isVisible() for shown_button in page.findChildren(Button))


def press(*keys: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press keys in whatever has the focus."""
    for key in keys:
        QTest.keyClick(focused(), key, held)


def tab_to(widget: QWidget) -> None:
    """Press Tab until a widget has the focus."""
    for _ in range(60):
        if widget.hasFocus():
            return
        press(Qt.Key.Key_Tab)
    raise AssertionError(described(widget))


# --- tables ---


def test_rows_read_as_a_table_whose_cells_are_heard_with_their_heading(
    open_record: Open, context: Context, qtbot: QtBot
) -> None:
    page = open_record(meeting(context))
    came = table(page, "Who came")
    assert came.accessibleName() == "Who came, 3 rows"
    assert texts(came)[:4] == ["Colleague", "Name", "What they brought", "Spoke about"]
    assert set(texts(came)[4:]) == {
        "What they brought: What worked before: breakfast at the same time.",
        "Name: Jo Preece",
        "What they brought: Short nights",
        "Spoke about: Not on this laptop",
        "Colleague: Not on this laptop",
        "Name: T. Hale",
    }
    name = context.services.people.name(colleague(context))
    links = [(link.text(), link.accessibleName()) for link in came.findChildren(LinkButton)]
    assert links == [(name, f"Colleague: {name}"), ("Kai M.", "Spoke about: Kai M.")]
    assert table(page, "Who was told").accessibleName() == "Who was told, 1 row"


def test_a_link_in_a_row_is_reached_by_tab_and_leads_to_the_record(open_record: Open, context: Any) -> None:
    page = open_record(meeting(context))
    first, second = table(page, "Who came").findChildren(LinkButton)
    tab_to(first)
    press(Qt.Key.Key_Tab)
    assert second.hasFocus()
    press(Qt.Key.Key_Return)
    assert context.went[-1] == ("child", {"record": kai(context)})


def test_a_narrow_card_stacks_the_cells_of_a_row_beside_their_headings(open_record: Open, context: Context) -> None:
    page = open_record(meeting(context), (360, 712))
    came = table(page, "Who came")
    words = {label.accessibleName() or label.text(): label for label in came.findChildren(QLabel) if label.isVisible()}
    brought, name = words["What they brought: Short nights"], words["Name: Jo Preece"]
    place = {label: label.mapTo(came, label.rect().topLeft()) for label in (brought, name)}
    assert place[brought].x() == place[name].x()
    assert place[brought].y() > place[name].y()
    assert texts(came).count("Name") == 2
    page.resize(1182, 712)
    settle()
    place = {label: label.mapTo(came, label.rect().topLeft()) for label in (brought, name)}
    assert place[brought].x() > place[name].x()
    assert place[brought].y() == place[name].y()
    assert texts(came).count("Name") == 1


@pytest.mark.parametrize("night", [True, False])
@pytest.mark.parametrize(
    ("size", "scale"),
    [((1182, 712), 1.0), ((840, 584), 1.5), ((375, 584), 1.0), ((560, 584), 1.5), ((1736, 1024), 1.3)],
)
def test_nothing_is_cut_or_nameless_at_any_size(
    open_record: Open,
    qtbot: QtBot,
    context: Context,
    store: LaptopStore,
    size: tuple[int, int],
    scale: float,
    night: bool,
) -> None:
    record = signed(
        context, store, review="some day", told=[{"id": "d", "who": "edt", "at": "after tea", "ward": "7b"}]
    )
    page = open_record(record)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, theme.Theme("night" if night else "day", scale))
    page.resize(*size)
    read(qtbot, context)
    opener = button(page, "Add to ‘Who was told’")
    opener.setFocus()
    press(Qt.Key.Key_Return)
    read(qtbot, context)
    assert clipped_labels(page) == []
    assert unnamed_focusables(page) == []
    assert small_targets(page) == []


def test_of_very_many_rows_the_newest_are_shown_and_the_others_when_asked_for(
    open_record: Open, context: Context, store: LaptopStore
) -> None:
    rows = [{"id": f"{number:06}", "name": f"Guest {number}"} for number in range(1900)]
    page = open_record(signed(context, store, present=rows))
    came = table(page, "Who came")
    assert came.accessibleName() == "Who came, 1900 rows"
    assert [text for text in texts(came) if "Guest" in text] == [
        f"Name: Guest {number}" for number in range(1840, 1900)
    ]
    tab_to(came.earlier)
    assert came.earlier.text() == f"Show {SHOWN} earlier of 1900"
    press(Qt.Key.Key_Return)
    settle()
    assert next(text for text in texts(came) if "Guest" in text) == "Name: Guest 1780"
    assert came.earlier.hasFocus()


def test_what_the_newest_amendment_changed_in_a_row_is_marked_and_nothing_else(
    open_record: Open, context: Context
) -> None:
    record = meeting(context)
    told_rows = answers(context)["told"]
    amend(
        context,
        record,
        told=[{**told_rows[0], "note": "Log 4472"}, {"id": "e", "who": "camhs", "at": told_rows[0]["at"]}],
    )
    page = open_record(record)
    assert texts(table(page, "Who was told"))[3:] == [
        "Who: EDT",
        "Time: 16:20 GMT, 10 March 2017",
        "What they said: Log 4472, added.",
        "Who: CAMHS crisis team, added.",
        "Time: 16:20 GMT, 10 March 2017, added.",
    ]
    assert [text for text in texts(table(page, "Who came")) if "added" in text] == []


# --- what cannot be read ---


def test_what_cannot_be_read_is_shown_unchanged_with_a_notice_until_it_is_put_right(
    open_record: Open, context: Context, store: LaptopStore, qtbot: QtBot
) -> None:
    record = signed(
        context,
        store,
        held_on="soon",
        agreed="perhaps",
        child=[kai(context)],
        told=[{"id": "d", "who": "edt", "at": "after tea"}],
        notes=1.5,
    )
    page = open_record(record)
    banner = next(banner for banner in page.findChildren(Banner) if banner.isVisible())
    assert banner.accessibleName() == "5 answers cannot be read"
    shown = texts(page)
    assert "They are shown as they stand. Amend the record to put them right." in shown
    for words in ("soon", "perhaps", "1.5", "Time: after tea"):
        assert words in shown
    assert any("Kai M." in words for words in shown)
    tags = [tag.spec for tag in page.findChildren(Tag) if tag.isVisible() and tag.text() == "Cannot be read"]
    assert [(tag.icon, tag.tone) for tag in tags] == [("alert", "amber")] * 5
    told_rows = [{"id": "d", "who": "edt", "at": "2017-03-10T16:20:00+00:00"}]
    amend(context, record, held_on="2017-03-10", agreed=None, child=kai(context), told=told_rows, notes="")
    read(qtbot, context)
    assert not [shown_banner for shown_banner in page.findChildren(Banner) if shown_banner.isVisible()]
    assert "Cannot be read" not in texts(page)


def test_a_value_that_is_not_a_row_is_shown_unchanged_with_the_other_rows(
    open_record: Open, context: Context, store: LaptopStore
) -> None:
    page = open_record(signed(context, store, told=["by word of mouth", {"id": "d", "who": "edt"}]))
    assert [banner.accessibleName() for banner in page.findChildren(Banner) if banner.isVisible()] == [
        "1 answer cannot be read"
    ]
    assert "by word of mouth EDT" in texts(page)


def test_a_record_that_is_not_here_is_said_beside_the_links_to_those_that_are(
    open_record: Open, context: Context, store: LaptopStore
) -> None:
    record = next(record for record in store.records_of("contact") if record.fields.get("children"))
    draft = context.services.records.amendment(record.record)
    children = [*draft.fields["children"], NOT_HERE]
    context.services.records.finish(replace(draft, fields={**draft.fields, "children": children}, why="a second child"))
    amended = context.services.records.amendment(record.record)
    context.services.records.finish(
        replace(amended, fields={**amended.fields, "advice": "Ring at eight"}, why="advice")
    )
    page = open_record(record.record)
    lines = page.findChild(RecordLines)
    assert isinstance(lines, RecordLines)
    name = context.services.people.name(children[0])
    assert "Not on this laptop" in texts(lines)
    assert name in [link.text() for link in lines.findChildren(LinkButton)]


# --- rows that are added ---


def ask(page: RecordPage) -> None:
    """Open the question of one more row with the keyboard."""
    tab_to(button(page, "Add to ‘Who was told’"))
    press(Qt.Key.Key_Return)
    settle()


def tell_police(at: str = "0205") -> None:
    """Answer by keys that police were told, from the first question on; ends at the time."""
    press(Qt.Key.Key_P)
    press(Qt.Key.Key_Tab, Qt.Key.Key_Tab)
    QTest.keyClicks(focused(), at)


def test_a_row_is_added_by_keys_alone_with_one_press(
    open_record: Open, context: Any, store: LaptopStore, qtbot: QtBot
) -> None:
    record = meeting(context)
    page = open_record(record)
    ask(page)
    assert focused().accessibleName() == "Who, new row of Who was told"
    tell_police()
    press(Qt.Key.Key_Tab)
    QTest.keyClicks(focused(), context.services.people.name(colleague(context))[:5])
    press(Qt.Key.Key_Return, Qt.Key.Key_Tab)
    QTest.keyClicks(focused(), "Log 0612")
    tab_to(button(page, "Add"))
    press(Qt.Key.Key_Return)
    read(qtbot, context)
    added = next(row for row in fields_of(store, record)["told"] if row["id"] != "d")
    assert {name: value for name, value in added.items() if name != "id"} == {
        "who": "police",
        "at": "2017-03-14T02:05:00+00:00",
        "by": colleague(context),
        "note": "Log 0612",
    }
    assert context.said == ["Added to ‘Who was told’"]
    assert store.drafts() == []
    assert button(page, "Add to ‘Who was told’").hasFocus()
    assert not has_button(page, "Add")
    assert "What they said: Log 0612, added." in texts(table(page, "Who was told"))
    newest = store.revisions(record)[-1].content()
    assert newest is not None
    assert (newest.changed, newest.why) == ([f"told/{added['id']}"], "")


def test_the_time_of_a_row_begins_with_now(open_record: Open, context: Any, store: LaptopStore, qtbot: QtBot) -> None:
    record = meeting(context)
    page = open_record(record)
    ask(page)
    press(Qt.Key.Key_P)
    press(Qt.Key.Key_Return, held=CTRL)
    read(qtbot, context)
    added = next(row for row in fields_of(store, record)["told"] if row["id"] != "d")
    assert (added["who"], added["at"]) == ("police", "2017-03-14T02:14:00+00:00")


def test_what_is_missing_in_a_row_is_shown_beside_its_questions_and_nothing_is_added_or_lost(
    open_record: Open, context: Any, store: LaptopStore, qtbot: QtBot
) -> None:
    record = meeting(context)
    page = open_record(record)
    ask(page)
    press(Qt.Key.Key_S)
    assert focused().currentText() == "Someone else"  # type: ignore[attr-defined]  # it is a combo box
    heard, connection = announcements()
    press(Qt.Key.Key_Return, held=CTRL)
    read(qtbot, context)
    assert connection
    assert "There is a problem. 1 error. Enter who was told" in heard
    assert focused().accessibleName() == "Who exactly, new row of Who was told"
    assert focused().accessibleDescription() == "Error: Enter who was told. Required"
    assert len(fields_of(store, record)["told"]) == 1
    QTest.keyClicks(focused(), "The neighbour")
    press(Qt.Key.Key_Tab, Qt.Key.Key_Tab)
    QTest.keyClicks(focused(), "late")
    press(Qt.Key.Key_Return, held=CTRL)
    read(qtbot, context)
    assert "Enter who was told" not in texts(page)
    assert len(fields_of(store, record)["told"]) == 1
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_A, held=CTRL)
    QTest.keyClicks(focused(), "0205")
    press(Qt.Key.Key_Return, held=CTRL)
    read(qtbot, context)
    assert {row.get("which") for row in fields_of(store, record)["told"]} == {None, "The neighbour"}


def test_keys_pressed_while_a_row_is_being_added_neither_add_it_twice_nor_are_shown_and_lost(
    open_record: Open, context: Any, store: LaptopStore, qtbot: QtBot
) -> None:
    record = meeting(context)
    page = open_record(record)
    ask(page)
    tell_police()
    press(Qt.Key.Key_Tab, Qt.Key.Key_Tab)
    note = focused()
    assert isinstance(note, LineEdit)
    heard, connection = announcements()
    press(Qt.Key.Key_Return, held=CTRL)
    QTest.keyClicks(note, "Log 0612")
    press(Qt.Key.Key_Return, held=CTRL)
    assert note.text() == ""
    read(qtbot, context)
    assert connection
    assert set(heard) <= {"Saved on this laptop 02:14"}  # what was typed was a draft until then
    assert len(fields_of(store, record)["told"]) == 2
    assert context.said == ["Added to ‘Who was told’"]


def test_an_empty_row_is_refused_with_a_message(
    open_record: Open, context: Any, store: LaptopStore, qtbot: QtBot
) -> None:
    record = meeting(context)
    page = open_record(record, (1182, 340))
    ask(page)
    press(Qt.Key.Key_Return, held=CTRL)
    read(qtbot, context)
    assert "This row is empty. Fill it in first." in texts(page)
    settle()
    assert focused().text() == "Add"  # type: ignore[attr-defined]  # it is a button
    assert focused().visibleRegion().boundingRect() == focused().rect(), "what has the focus is seen whole"
    assert len(fields_of(store, record)["told"]) == 1
    assert context.said == []


def test_escape_closes_the_question_and_the_focus_goes_back(
    open_record: Open, context: Context, store: LaptopStore
) -> None:
    record = meeting(context)
    page = open_record(record)
    ask(page)
    press(Qt.Key.Key_P)
    press(Qt.Key.Key_Escape)
    settle()
    assert button(page, "Add to ‘Who was told’").hasFocus()
    assert not has_button(page, "Add")
    assert len(fields_of(store, record)["told"]) == 1


def test_what_is_being_typed_stays_when_the_record_is_changed_meanwhile(
    open_record: Open, context: Context, store: LaptopStore, qtbot: QtBot
) -> None:
    record = meeting(context)
    page = open_record(record)
    ask(page)
    press(Qt.Key.Key_P)
    press(*[Qt.Key.Key_Tab] * 4)
    QTest.keyClicks(focused(), "Log 06")
    amend(context, record, review="2017-04-10")
    read(qtbot, context)
    assert "10 April 2017, added." in texts(page)
    QTest.keyClicks(focused(), "12")
    press(*[Qt.Key.Key_Backtab] * 2)
    QTest.keyClicks(focused(), "0205")
    press(Qt.Key.Key_Return, held=CTRL)
    read(qtbot, context)
    assert {row.get("note") for row in fields_of(store, record)["told"]} == {"Log 4471", "Log 0612"}


def test_a_question_about_one_record_is_gone_when_another_is_shown(
    open_record: Open, context: Context, qtbot: QtBot
) -> None:
    first, second = meeting(context), meeting(context)
    page = open_record(first)
    ask(page)
    page.view_card.show_view(context.services.record_views.view(second))
    settle()
    assert not has_button(page, "Add")
    assert page.view_card.area.hasFocus()
    ask(page)
    tell_police()
    press(Qt.Key.Key_Return, held=CTRL)
    read(qtbot, context)
    assert len(fields_of(context.services.store, second)["told"]) == 2  # type: ignore[arg-type]  # the real store
    assert len(fields_of(context.services.store, first)["told"]) == 1  # type: ignore[arg-type]  # the real store


def test_a_row_can_be_added_to_an_empty_list(open_record: Open, context: Context) -> None:
    page = open_record(meeting(context, told=[]))
    assert "Who was told" in texts(page)
    assert has_button(page, "Add to ‘Who was told’")
    assert not has_button(page, "Add to 'Who came'")


def test_nobody_is_offered_to_add_where_they_may_not(
    open_record: Open, context: Context, store: LaptopStore, qtbot: QtBot
) -> None:
    record = meeting(context)
    page = open_record(record)
    assert has_button(page, "Add to ‘Who was told’")
    heads = store.get(record).heads  # type: ignore[union-attr]  # it is there
    for question in ("Both ways?", "Or so?"):
        with store.write() as unit:
            fields = {**fields_of(store, record), "question": question}
            unit.append(
                record=record,
                kind="meeting",
                action="amend",
                fields=fields,
                changed=["question"],
                parents=heads,
                why="x",
            )
    read(qtbot, context)
    assert has_button(page, "Add to ‘Who was told’"), "what was done may be said while a conflict waits"
    with store.write() as unit:
        unit.set(StoreSetting.ROLE, "commissioner")
    page.refresh()
    read(qtbot, context)
    assert not has_button(page, "Add to ‘Who was told’")
    with store.write() as unit:
        unit.set(StoreSetting.ROLE, "on_call")
    context.services.records.withdraw(record, "Written twice")
    read(qtbot, context)
    assert not has_button(page, "Add to ‘Who was told’")


class WiderOnceShown(QObject):
    """Gives a table another width while one of its parts is being shown, as a window does that lays itself out then."""

    def __init__(self, table: AnswerTable, width: int) -> None:
        super().__init__(table)
        self.table, self.width = table, width

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and self.table.width() != self.width:
            self.table.resize(self.width, self.table.height())
        return False


def test_a_table_that_gets_another_width_while_it_is_arranged_is_arranged_for_that_width(
    open_record: Open, context: Context, store: LaptopStore
) -> None:
    page = open_record(meeting(context))
    told_table = table(page, "Who was told")
    wide = told_table.width()
    heading, beside = (part for part in told_table.findChildren(QLabel) if part.text() == "Who")
    assert (heading.isVisible(), beside.isVisible()) == (True, False)
    beside.installEventFilter(WiderOnceShown(told_table, wide))
    told_table.resize(120, told_table.height())
    settle()
    assert told_table.width() == wide
    assert (heading.isVisible(), beside.isVisible()) == (True, False)
