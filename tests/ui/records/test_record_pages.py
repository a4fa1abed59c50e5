"""Writing, amending and reading one record: by keys, over a real store."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from db.store import LaptopStore
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.fields import Problem
from hipss_desktop.services.ports import Draft
from hipss_desktop.services.store_settings import StoreSetting
from tests.helpers.store_fixtures import SetClock
from tests.helpers.walk import clipped_labels, focused, half_hidden, settle, small_targets, unnamed_focusables
from ui import theme
from ui.base.page import Context, Page
from ui.parts import LinkButton
from ui.records.autosave import DELAY
from ui.records.controls import RowsPart
from ui.records.form_page import RecordFormPage
from ui.records.record_page import RecordPage

CTRL = Qt.KeyboardModifier.ControlModifier
Open = Callable[[Draft], RecordFormPage]
Stand = Callable[[Page], None]


def read(qtbot: QtBot, context: Context) -> None:
    """Wait until everything asked for has come back."""
    qtbot.waitUntil(lambda: context.runner.idle)
    settle()


@pytest.fixture
def framed(app: QApplication, qtbot: QtBot) -> Stand:
    """Puts a page with its action bar into a window that lasts as long as the test."""
    windows: list[QWidget] = []

    def stand(page: Page) -> None:
        window = QWidget()
        windows.append(window)
        box = QVBoxLayout(window)
        box.addWidget(page, 1)
        bar = page.footer()
        if bar is not None:
            box.addWidget(bar)
        qtbot.addWidget(window)
        window.resize(1182, 712)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()

    return stand


@pytest.fixture
def open_form(framed: Stand, context: Context) -> Open:
    """Opens a draft as the window does."""

    def opened(draft: Draft) -> RecordFormPage:
        page = RecordFormPage(context, draft=draft)
        framed(page)
        first = page.first_focus()
        assert first is not None
        first.setFocus()
        settle()
        return page

    return opened


def key(*keys: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press keys in whatever has the focus."""
    for pressed in keys:
        QTest.keyClick(focused(), pressed, held)


def write(words: str) -> None:
    """Type words into whatever has the focus."""
    QTest.keyClicks(focused(), words)


def fields_of(store: LaptopStore, record: str) -> Mapping[str, Any]:
    """A record's fields as the store holds them."""
    current = store.get(record)
    assert current is not None
    return current.fields


def kai(context: Context) -> str:
    """The record of Kai."""
    return context.services.people.find("kai", kinds=("child",))[0].record


def test_an_action_is_written_and_finished_by_keys_alone(
    open_form: Open, qtbot: QtBot, context: Any, store: LaptopStore
) -> None:
    draft = context.services.records.new_draft("action")
    open_form(draft)
    write("Ring school")
    key(Qt.Key.Key_Tab)
    write("kai")
    key(Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Tab, Qt.Key.Key_Tab, Qt.Key.Key_Tab)
    write("14/3/2017")
    key(Qt.Key.Key_Tab)
    write("0830")
    key(Qt.Key.Key_Return, held=CTRL)
    read(qtbot, context)
    fields = fields_of(store, draft.record)
    assert {name: fields[name] for name in ("what", "child", "due", "state")} == {
        "what": "Ring school",
        "child": kai(context),
        "due": "2017-03-14T08:30:00+00:00",
        "state": "open",
    }
    assert context.went == [("action", {"record": draft.record})]
    assert context.said == ["Action, Ring school, finished 02:14"]
    assert store.drafts() == []


def test_an_amendment_by_keys_says_why_and_both_versions_are_kept(
    open_form: Open, qtbot: QtBot, context: Any, store: LaptopStore
) -> None:
    record = kai(context)
    page = open_form(context.services.records.amendment(record))
    assert QApplication.focusWidget() is page.why
    write("New mobile")
    page.form.go("phone")
    key(Qt.Key.Key_A, held=CTRL)
    write("07700 900999")
    key(Qt.Key.Key_Return, held=CTRL)
    read(qtbot, context)
    newest = context.services.record_views.history(record)[0]
    assert newest.why == "New mobile"
    assert [(difference.label, difference.was, difference.now) for difference in newest.differences] == [
        ("Child’s own phone", "07700 900633", "07700 900999")
    ]
    assert context.went == [("child", {"record": record})]


def test_an_amendment_without_its_reason_is_not_finished_and_loses_nothing(
    open_form: Open, qtbot: QtBot, context: Any, store: LaptopStore
) -> None:
    record = kai(context)
    page = open_form(context.services.records.amendment(record))
    page.form.go("local_id")
    key(Qt.Key.Key_A, held=CTRL)
    key(Qt.Key.Key_Delete)
    key(Qt.Key.Key_Return, held=CTRL)
    read(qtbot, context)
    assert page.summary.hasFocus()
    assert page.summary.accessibleName() == "There is a problem. 2 errors."
    assert [link.text() for link in page.summary.links()] == [
        "Enter why you are changing this",
        "Enter the service number",
    ]
    assert page.why_field.error() == "Enter why you are changing this"
    key(Qt.Key.Key_F8)
    assert QApplication.focusWidget() is page.why
    key(Qt.Key.Key_F8)
    assert QApplication.focusWidget() is page.form.questions["local_id"].focus_target()
    assert len(context.services.record_views.history(record)) == 1
    assert page.draft.fields["family_name"] == "Merrick"


def test_after_a_finish_that_failed_what_is_typed_is_saved_as_before(
    open_form: Open, qtbot: QtBot, context: Any, store: LaptopStore
) -> None:
    draft = context.services.records.new_draft("action")
    page = open_form(draft)
    key(Qt.Key.Key_Return, held=CTRL)
    read(qtbot, context)
    assert page.summary.hasFocus()
    page.form.go("due")
    write("14/3/2017")
    key(Qt.Key.Key_Tab)
    write("0830")
    page.form.go("what")
    write("Ring school")
    qtbot.waitUntil(lambda: store.draft(draft.record) is not None)
    key(Qt.Key.Key_Return, held=CTRL)
    read(qtbot, context)
    assert fields_of(store, draft.record)["what"] == "Ring school"


def test_an_amendment_that_changes_nothing_says_so(open_form: Open, qtbot: QtBot, context: Any) -> None:
    page = open_form(context.services.records.amendment(kai(context)))
    write("No reason")
    key(Qt.Key.Key_Return, held=CTRL)
    read(qtbot, context)
    assert [link.text() for link in page.summary.links()] == [
        "Nothing was changed. Change something, or close without amending."
    ]


def test_what_is_typed_is_in_the_store_within_a_second_and_only_then_said_to_be(
    open_form: Open, qtbot: QtBot, context: Any, store: LaptopStore, clock: SetClock
) -> None:
    assert DELAY < 1000  # milliseconds; how long the machine takes beside other work is not asked
    draft = context.services.records.new_draft("action")
    page = open_form(draft)
    assert page.bar.saved_text() == ""
    clock.pass_time(seconds=161)
    write("Ring sch")
    assert store.draft(draft.record) is None
    qtbot.waitUntil(lambda: store.draft(draft.record) is not None)
    qtbot.waitUntil(lambda: page.bar.saved_text() == "Saved on this laptop 02:16:41")
    saved_draft = store.draft(draft.record)
    assert saved_draft is not None
    assert saved_draft.fields["what"] == "Ring sch"


def test_a_draft_comes_back_as_it_was_typed_valid_or_not(
    open_form: Open, qtbot: QtBot, context: Any, store: LaptopStore
) -> None:
    draft = context.services.records.new_draft("placement", {"child": kai(context)})
    page = open_form(draft)
    page.form.go("start")
    write("the fourte")
    key(Qt.Key.Key_S, held=CTRL)
    read(qtbot, context)
    assert context.went == [("child", {"record": kai(context)})]
    saved_draft = store.draft(draft.record)
    assert saved_draft is not None
    reopened_page = open_form(saved_draft)
    assert reopened_page.draft.fields == page.draft.fields
    assert reopened_page.draft.fields["start"] == "the fourte"
    assert reopened_page.bar.saved_text().startswith("Saved on this laptop 02:14")


def test_discard_asks_first_and_then_the_record_stays_as_it_was(
    open_form: Open, qtbot: QtBot, context: Any, store: LaptopStore
) -> None:
    record = kai(context)
    page = open_form(context.services.records.amendment(record))
    page.form.go("school")
    write("x")
    page.autosave.flush()
    read(qtbot, context)
    page.bar.discard_button.setFocus()
    key(Qt.Key.Key_Return)
    assert page.bar.keep_button.hasFocus()
    assert store.draft(record) is not None
    key(Qt.Key.Key_Escape)
    assert store.draft(record) is not None
    key(Qt.Key.Key_Return)
    page.bar.sure_button.setFocus()
    key(Qt.Key.Key_Return)
    read(qtbot, context)
    assert store.draft(record) is None
    assert len(context.services.record_views.history(record)) == 1


def test_a_row_that_is_added_can_be_seen_with_all_its_questions(open_form: Open, context: Any) -> None:
    page = open_form(context.services.records.new_draft("child"))
    for name in ("flags", "who_to_call"):
        rows = page.form.controls[name].part
        assert isinstance(rows, RowsPart)
        for _ in range(3):
            page.form.go(name)
            page.area.ensureWidgetVisible(rows.add, 0, 0)
            settle()
            key(Qt.Key.Key_Space)
            settle()
            row = rows.rows()[-1]
            assert row.isAncestorOf(focused())
            assert not half_hidden(focused())
            assert not half_hidden(row)


def test_the_hint_of_an_answer_that_is_gone_to_can_be_seen(open_form: Open, context: Any) -> None:
    page = open_form(context.services.records.new_draft("child"))
    hinted = [name for name in page.form.questions if KINDS["child"].by_name[name].hint]
    page.show_problems([Problem(name, "Enter it again") for name in hinted])
    for name in hinted:
        key(Qt.Key.Key_F8)
        settle()
        assert page.form.questions[name].isAncestorOf(focused())
        assert not half_hidden(page.form.questions[name])


def test_leaving_keeps_what_was_typed(open_form: Open, qtbot: QtBot, context: Any, store: LaptopStore) -> None:
    draft = context.services.records.new_draft("action")
    page = open_form(draft)
    write("Ring")
    assert page.may_leave()
    read(qtbot, context)
    saved_draft = store.draft(draft.record)
    assert saved_draft is not None
    assert saved_draft.fields["what"] == "Ring"


@pytest.mark.parametrize("kind", ["child", "carer", "placement", "practitioner", "shift", "directory", "action"])
def test_a_new_record_of_every_kind_says_what_is_missing_in_the_order_of_its_form(
    open_form: Open, qtbot: QtBot, context: Any, store: LaptopStore, kind: str
) -> None:
    with store.write() as unit:
        unit.set(StoreSetting.ROLE, "manager")
    page = open_form(context.services.records.new_draft(kind))
    page.finish()
    read(qtbot, context)
    expected = [problem.message for problem in KINDS[kind].problems(page.draft.fields, context.services.clock())]
    assert [link.text() for link in page.summary.links()] == expected
    assert expected


def test_a_record_page_shows_any_kind_with_links_to_whom_it_is_about(
    framed: Stand, qtbot: QtBot, context: Any, store: LaptopStore
) -> None:
    action = next(record for record in store.records_of("action") if record.fields.get("child"))
    page = RecordPage(context, record=action.record)
    framed(page)
    read(qtbot, context)
    links = {link.text(): link for link in page.findChildren(LinkButton) if link.isVisible()}
    child = action.fields["child"]
    links[context.services.people.name(child)].setFocus()
    key(Qt.Key.Key_Return)
    assert context.went[-1] == ("child", {"record": child})
    key(Qt.Key.Key_E, held=CTRL)
    back = {"route": "record", "record": action.record}
    assert context.went[-1] == ("amend", {"record": action.record, "back": back})


def test_a_number_that_no_manager_confirmed_says_what_locked_screens_show(
    framed: Stand, qtbot: QtBot, context: Any, store: LaptopStore
) -> None:
    records = context.services.records
    fields = {"label": "Emergency duty team", "number": "01632 960145", "shown_locked": True}
    entry = records.finish(replace(records.new_draft("directory"), fields=fields)).envelope.record
    page = RecordPage(context, record=entry)
    framed(page)
    read(qtbot, context)
    assert not any("locked screen" in text for text in texts(page))
    with store.write() as unit:
        unit.set(StoreSetting.CERTIFICATE, "yes")  # from now on managers speak for locked screens, and none has
    page = RecordPage(context, record=entry)
    framed(page)
    read(qtbot, context)
    [words] = [text for text in texts(page) if text.startswith("The locked screen does not show this number.")]
    assert words.endswith("Locked screens follow once a manager has amended the entry.")
    assert clipped_labels(page) == []


def texts(page: QWidget) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.isVisible()]


def test_a_kind_and_fields_that_the_program_does_not_know_are_shown_unchanged(
    framed: Stand, qtbot: QtBot, context: Any, store: LaptopStore
) -> None:
    record = "0199c0de-0000-7000-8000-0000000000aa"
    with store.write() as unit:
        unit.append(
            record=record, kind="horoscope", action="finish", fields={"sign": "Leo", "lucky_days": [3, 9]},
            changed=["lucky_days", "sign"], parents=(),
        )  # fmt: skip
    page = RecordPage(context, record=record)
    framed(page)
    read(qtbot, context)
    shown = [label.accessibleName() or label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    assert "Lucky days" in shown
    assert any(words.startswith("Leo") for words in shown)
    assert not page.view_card.amend.isVisible(), "nobody amends what the program does not know"


def test_two_versions_of_one_field_are_said_with_the_way_to_decide(
    framed: Stand, qtbot: QtBot, context: Any, store: LaptopStore
) -> None:
    record = store.records_of("contact")[0].record
    heads = store.get(record).heads  # type: ignore[union-attr]  # it is there
    for advice in ("Wait", "Go now"):
        with store.write() as unit:
            fields = {**fields_of(store, record), "advice": advice}
            unit.append(
                record=record,
                kind="contact",
                action="amend",
                fields=fields,
                changed=["advice"],
                parents=heads,
                why="both",
            )
    page = RecordPage(context, record=record)
    framed(page)
    read(qtbot, context)
    banners = [widget.accessibleName() for widget in page.findChildren(QWidget) if widget.isVisible()]
    assert "Two laptops changed the same record" in banners
    button = next(
        widget for widget in page.findChildren(QWidget) if getattr(widget, "text", lambda: "")() == "You need to decide"
    )
    button.setFocus()
    key(Qt.Key.Key_Return)
    assert context.went[-1] == ("sync", {"record": record})


def test_a_record_that_changes_while_it_is_open_shows_the_change(
    framed: Stand, qtbot: QtBot, context: Any, store: LaptopStore
) -> None:
    record = store.records_of("action")[0].record
    page = RecordPage(context, record=record)
    framed(page)
    read(qtbot, context)
    draft = context.services.records.amendment(record)
    context.services.records.finish(replace(draft, fields={**draft.fields, "owner": "R. Penn"}, why="handed over"))
    read(qtbot, context)
    assert page.view_card.view is not None
    assert page.view_card.view.versions[0].why == "handed over"


@pytest.mark.parametrize("night", [True, False])
@pytest.mark.parametrize(
    ("size", "scale"), [((1182, 712), 1.0), ((840, 584), 1.5), ((840, 584), 1.0), ((1736, 1024), 1.3)]
)
def test_nothing_is_cut_or_nameless_at_any_size(
    open_form: Open, framed: Stand, qtbot: QtBot, context: Any, store: LaptopStore, size: tuple[int, int], scale: float, night: bool
) -> None:  # fmt: skip
    form = open_form(context.services.records.amendment(kai(context)))
    form.finish()
    record = RecordPage(context, record=store.records_of("contact")[0].record)
    framed(record)
    read(qtbot, context)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, theme.Theme("night" if night else "day", scale))
    for page in (form, record):
        window = page.window()
        window.resize(*size)
        settle()
        assert clipped_labels(window) == []
        assert unnamed_focusables(window) == []
        assert small_targets(window) == []
    assert form.bar.finish_button.isVisible()
