"""Logging a contact by real keys over a real store: what is typed is kept, what is missing is said, what is finished is
there."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from hipss_desktop.errors import Unavailable
from hipss_desktop.views.services import Services
from tests.helpers.log_contact_page import ALT, CTRL, SHIFT, Opened
from tests.helpers.store_fixtures import SetClock
from ui.base.announce import signals
from ui.contacts.log_contact import draft_digest

TEXT_3 = "Kai came in by the back door at 02:05. Cut on left palm, not bleeding now. Smells of drink."
TEXT_4 = "Martin to leave the room. Toast, no questions tonight. Ring"


@pytest.fixture
def opened(qtbot: QtBot, context: Any) -> Opened:
    return Opened(qtbot, context)


@pytest.fixture
def heard(qapp: QApplication) -> Any:
    """What a screen reader was told: (words, whether at once)."""
    announcements: list[tuple[str, bool]] = []

    def note(widget: QWidget, words: str, assertive: bool) -> None:
        announcements.append((words, assertive))

    signals.announced.connect(note)
    yield announcements
    signals.announced.disconnect(note)


def contacts(services: Services) -> list[Any]:
    return services.store.records_of("contact", limit=5)


def test_a_call_is_logged_in_at_most_175_presses_with_150_characters_of_text(
    opened: Opened, services: Services
) -> None:
    assert len(TEXT_3) + len(TEXT_4) == 150
    opened.presses = 1  # Ctrl+N opened the page
    opened.type("jo")
    opened.press(Qt.Key.Key_Return)
    opened.settle()
    opened.press(Qt.Key.Key_2, ALT)
    opened.press(Qt.Key.Key_Space)
    opened.press(Qt.Key.Key_D)
    opened.press(Qt.Key.Key_Space)
    opened.press(Qt.Key.Key_2, ALT)
    opened.press(Qt.Key.Key_Right)
    opened.type("0205")
    opened.press(Qt.Key.Key_3, ALT)
    opened.type(TEXT_3)
    opened.press(Qt.Key.Key_4, ALT)
    opened.type(TEXT_4)
    opened.press(Qt.Key.Key_P, ALT)
    opened.press(Qt.Key.Key_Return)
    opened.press(Qt.Key.Key_5, ALT)
    opened.press(Qt.Key.Key_Right)
    opened.press(Qt.Key.Key_6, ALT)
    opened.press(Qt.Key.Key_Space)
    opened.press(Qt.Key.Key_Right)
    opened.press(Qt.Key.Key_Space)
    opened.press(Qt.Key.Key_Return, CTRL)
    opened.settle()
    assert opened.presses <= 175
    newest = contacts(services)[0].fields
    assert newest["caller_name"] == "Jo Preece"
    assert [services.people.name(child) for child in newest["children"]] == ["Kai M."]
    assert newest["concerns"] == ["missing", "drink_drugs"]
    assert (newest["missing"], newest["back_at"]) == ("back", "2017-03-14T02:05:00+00:00")
    assert newest["happening"] == TEXT_3
    assert newest["advice"].startswith(TEXT_4)
    assert newest["advice"] == f"{TEXT_4} One adult, low voice, food (from the plan)."
    assert newest["risk"] == "medium"
    assert newest["needs_to_know"] == ["police", "edt"]
    assert opened.context.went == [("on_call", {})]
    assert opened.context.said == ["Contact from Jo Preece finished 02:14"]
    assert {
        record.fields["what"]
        for record in services.store.records_due(
            "action",
        )
    } >= {"Tell the police", "Tell EDT"}
    assert services.store.drafts() == []


def test_what_is_typed_is_on_the_disk_within_a_second_of_the_first_key_while_keys_keep_coming(
    opened: Opened, services: Services
) -> None:
    opened.press(Qt.Key.Key_3, ALT)
    for _ in range(10):
        opened.type("k")
        QTest.qWait(100)
    drafts = services.store.drafts()
    assert len(drafts) == 1
    assert str(drafts[0].fields["happening"]).startswith("kkkkk")


def test_the_digest_beside_saved_is_that_of_the_draft_in_the_store(
    opened: Opened, services: Services, heard: Any
) -> None:
    assert opened.page.saved_text() == ""
    opened.press(Qt.Key.Key_3, ALT)
    opened.type("First")
    opened.qtbot.waitUntil(lambda: opened.page.saved_text() != "")
    assert opened.page.saved_text() == "Saved on this laptop 02:14:00"
    saved_draft = services.store.draft(opened.page.draft.record)
    assert saved_draft is not None
    assert opened.page.property("saved_digest") == draft_digest(saved_draft)
    opened.type(" and second")
    opened.press(Qt.Key.Key_4, ALT)
    opened.settle()
    saved_draft = services.store.draft(opened.page.draft.record)
    assert saved_draft is not None
    assert saved_draft.fields["happening"] == "First and second"
    assert opened.page.property("saved_digest") == draft_digest(saved_draft)
    assert [words for words in heard if "Saved" in words[0]] == [("Saved on this laptop 02:14", False)]


def test_leaving_a_field_saves_at_once(opened: Opened, services: Services) -> None:
    opened.press(Qt.Key.Key_3, ALT)
    opened.type("Short")
    opened.press(Qt.Key.Key_Tab)
    opened.settle()
    assert services.store.drafts()[0].fields["happening"] == "Short"


def test_a_save_that_did_not_happen_is_said_at_once_and_tried_again_until_it_works(
    opened: Opened, services: Services, monkeypatch: pytest.MonkeyPatch, heard: Any
) -> None:
    save = services.records.save
    tries: list[str] = []

    def full(draft: Any) -> Any:
        tries.append(draft.record)
        if len(tries) < 2:
            raise Unavailable("This laptop's disk is full.")
        return save(draft)

    monkeypatch.setattr(services.records, "save", full)
    opened.press(Qt.Key.Key_3, ALT)
    opened.type("x")
    opened.qtbot.waitUntil(lambda: "Not saved" in opened.page.saved_text())
    assert opened.page.saved_text() == "Not saved: This laptop's disk is full."
    assert (opened.page.saved_text(), True) in heard
    opened.qtbot.waitUntil(lambda: "Saved on" in opened.page.saved_text())
    assert services.store.drafts()[0].fields["happening"] == "x"


def test_the_caller_brings_the_child_placed_there_tonight_and_the_card_fills(opened: Opened) -> None:
    opened.type("jo")
    opened.press(Qt.Key.Key_Return)
    opened.settle()
    assert opened.page.form.caller.child.text() == "Kai M. · 14"
    assert opened.page.form.caller.note.whole() == "Child picked from placement since 14 Nov 2016"
    assert opened.page.form.caller.number.text() == "01632 960174"
    card = opened.page.card()
    assert card is not None
    assert "Kai M." in card.accessibleDescription()
    assert "Missing since 21:40" in card.accessibleDescription()


def test_another_child_takes_away_since_when_the_first_was_missing(opened: Opened) -> None:
    opened.type("jo")
    opened.press(Qt.Key.Key_Return)
    opened.settle()
    opened.press(Qt.Key.Key_2, ALT)
    opened.press(Qt.Key.Key_Space)
    assert opened.page.answers.text("missing_since")
    opened.page.form.caller.child.setFocus()
    opened.page.form.caller.child.selectAll()
    opened.type("ty")
    opened.press(Qt.Key.Key_Return)
    opened.settle()
    assert opened.page.form.caller.child.text() == "Tyler B. · 15"
    assert len(opened.page.answers.listed("children")) == 1
    assert not opened.page.answers.text("missing_since")


def test_missing_or_back_opens_its_row_and_a_time_alone_means_the_last_one(opened: Opened, clock: SetClock) -> None:
    opened.type("jo")
    opened.press(Qt.Key.Key_Return)
    opened.settle()
    row = opened.page.form.missing
    assert not row.isVisible()
    opened.press(Qt.Key.Key_2, ALT)
    opened.press(Qt.Key.Key_Space)
    assert row.isVisible()
    row.back_at.box.setFocus()
    opened.type("0205")
    assert opened.page.answers.get("missing") == "back"
    assert opened.page.answers.get("back_at") == "2017-03-14T02:05:00+00:00"
    opened.page.form.missing.back_at.box.clear()
    opened.type("2330")
    assert opened.page.answers.get("back_at") == "2017-03-13T23:30:00+00:00"


def test_in_the_hour_that_came_twice_bst_or_gmt_is_asked_for(opened: Opened, clock: SetClock) -> None:
    clock.now = datetime(2017, 10, 29, 2, 10, tzinfo=UTC)
    time_field = opened.page.form.follow_ups.rows[0]
    back = opened.page.form.missing.back_at
    opened.page.answers.put(concerns=["missing"], missing_since="2017-10-28T21:00:00+01:00")
    back.box.setFocus()
    opened.type("0130")
    assert back.which.isVisible()
    assert opened.page.answers.get("back_at") == "0130"
    assert "The clocks went back, so 01:30 came twice. Choose one." in (back.problem(),)
    opened.press(Qt.Key.Key_Return, CTRL)
    opened.settle()
    assert "The clocks went back, so 01:30 came twice. Choose one." in opened.errors()
    back.which.choose("GMT")
    back.which.picked.emit("GMT")
    assert opened.page.answers.get("back_at") == "2017-10-29T01:30:00+00:00"
    assert time_field.value() == {}


def test_a_time_the_clocks_jumped_over_is_said_so(opened: Opened, clock: SetClock) -> None:
    clock.now = datetime(2017, 3, 26, 2, 0, tzinfo=UTC)
    opened.page.answers.put(concerns=["missing"], missing="back", missing_since="2017-03-25T21:00:00+00:00")
    opened.page.form.missing.back_at.box.setFocus()
    opened.type("0130")
    opened.press(Qt.Key.Key_Return, CTRL)
    opened.settle()
    assert "01:30 did not happen on 26 March 2017. The clocks went forward." in opened.errors()


def test_finish_with_answers_missing_names_them_in_the_order_of_the_form_and_loses_nothing(
    opened: Opened, services: Services, heard: Any
) -> None:
    opened.type("jo")
    opened.press(Qt.Key.Key_Return)
    opened.settle()
    opened.press(Qt.Key.Key_2, ALT)
    opened.press(Qt.Key.Key_Space)
    opened.page.form.missing.back_at.box.setFocus()
    opened.type("2005")
    opened.press(Qt.Key.Key_3, ALT)
    opened.type("Back by the door.")
    opened.press(Qt.Key.Key_6, ALT)
    opened.press(Qt.Key.Key_Space)
    opened.press(Qt.Key.Key_Return, CTRL)
    opened.settle()
    words = [
        "Kai was missing from 21:40. Enter a later time for when he came back.",
        "Enter what you advised, or choose ‘No advice given’",
        "Choose a risk level",
    ]
    form = opened.page.form
    assert opened.errors() == words
    assert form.summary.hasFocus()
    assert form.summary.accessibleName() == "There is a problem. 3 errors."
    assert [form.missing.error(), form.fields["advice"].error(), form.fields["risk"].error()] == words
    assert form.advice.accessibleDescription().startswith("Error: ")
    assert form.missing.back_at.box.accessibleDescription().startswith("Error: ")
    assert form.happening.toPlainText() == "Back by the door."
    saved_draft = services.store.draft(opened.page.draft.record)
    assert saved_draft is not None
    assert saved_draft.fields["happening"] == "Back by the door."
    opened.press(Qt.Key.Key_F8)
    assert form.missing.back_at.box.hasFocus()
    opened.press(Qt.Key.Key_F8)
    assert form.advice.hasFocus()
    opened.press(Qt.Key.Key_F8, SHIFT)
    assert form.missing.back_at.box.hasFocus()


def test_enter_on_the_first_error_moves_to_its_answer_and_the_next_finish_goes_through(
    opened: Opened, services: Services
) -> None:
    before = services.store.count("contact")
    opened.press(Qt.Key.Key_Return, CTRL)
    opened.settle()
    assert opened.errors()[0] == "Enter who is calling, or choose ‘Not known’"
    opened.press(Qt.Key.Key_Return)
    assert opened.page.form.caller.caller.hasFocus()
    opened.answer_all()
    opened.press(Qt.Key.Key_Return, CTRL)
    opened.settle()
    assert services.store.count("contact") == before + 1


def test_a_wrong_number_needs_only_its_type(opened: Opened, services: Services) -> None:
    kind = opened.page.form.caller.kind
    kind.choose("wrong_number")
    kind.picked.emit("wrong_number")
    assert not opened.page.form.fields["risk"].isVisible()
    opened.press(Qt.Key.Key_Return, CTRL)
    opened.settle()
    assert contacts(services)[0].fields["type"] == "wrong_number"


def test_a_caller_who_is_not_known_is_an_answer(opened: Opened, services: Services) -> None:
    opened.page.form.caller.not_known.setFocus()
    opened.press(Qt.Key.Key_Space)
    opened.press(Qt.Key.Key_Return, CTRL)
    opened.settle()
    assert opened.errors()[0] == "Choose what it is about"


def test_no_advice_given_and_words_of_advice_exclude_each_other(opened: Opened) -> None:
    form = opened.page.form
    form.no_advice.setFocus()
    opened.press(Qt.Key.Key_Space)
    assert opened.page.answers.get("no_advice") is True
    opened.press(Qt.Key.Key_4, ALT)
    opened.type("Rest")
    assert not opened.page.answers.get("no_advice")
    assert not form.no_advice.isChecked()


def test_nobody_and_somebody_exclude_each_other(opened: Opened) -> None:
    police, *_, nobody = opened.page.form.know
    police.click()
    nobody.click()
    assert opened.page.answers.listed("needs_to_know") == ["nobody"]
    police.click()
    assert opened.page.answers.listed("needs_to_know") == ["police"]


def test_several_follow_ups_become_actions_with_the_next_such_time(opened: Opened, services: Services) -> None:
    opened.answer_all()
    opened.press(Qt.Key.Key_7, ALT)
    opened.press(Qt.Key.Key_Tab)
    opened.type("0300")
    assert opened.page.form.follow_ups.rows[0].what.text() == "Ring Jo back"
    opened.press(Qt.Key.Key_Tab)
    opened.press(Qt.Key.Key_Space)
    QTest.qWait(5)
    opened.type("Text school")
    opened.press(Qt.Key.Key_Tab)
    opened.type("0100")
    opened.press(Qt.Key.Key_Return, CTRL)
    opened.settle()
    due = {
        record.fields["what"]: record.fields["due"]
        for record in services.store.records_due(
            "action",
        )
    }
    assert due["Ring Jo back"] == "2017-03-14T03:00:00+00:00"
    assert due["Text school"] == "2017-03-15T01:00:00+00:00"


def test_a_follow_up_without_a_time_is_named_and_kept(opened: Opened) -> None:
    opened.answer_all()
    opened.press(Qt.Key.Key_7, ALT)
    opened.type("Ring school")
    opened.press(Qt.Key.Key_Return, CTRL)
    opened.settle()
    assert opened.errors() == ["Enter when it is due"]
    opened.press(Qt.Key.Key_Return)
    assert opened.page.form.follow_ups.rows[0].due.box.hasFocus()


def test_escape_loses_nothing_and_closing_keeps_the_draft(opened: Opened, services: Services) -> None:
    opened.press(Qt.Key.Key_3, ALT)
    opened.type("Here")
    opened.press(Qt.Key.Key_Escape)
    assert opened.page.form.happening.toPlainText() == "Here"
    assert opened.page.may_leave()
    opened.settle()
    assert services.store.drafts()[0].fields["happening"] == "Here"


def test_save_and_close_goes_only_once_it_is_on_the_disk(opened: Opened, services: Services) -> None:
    opened.press(Qt.Key.Key_3, ALT)
    opened.type("Later")
    opened.press(Qt.Key.Key_S, CTRL)
    opened.settle()
    assert opened.context.went == [("on_call", {})]
    assert opened.context.said == ["Saved on this laptop 02:14:00"]
    assert services.store.drafts()[0].fields["happening"] == "Later"


def test_discard_asks_first_and_escape_keeps_it(opened: Opened, services: Services) -> None:
    opened.press(Qt.Key.Key_3, ALT)
    opened.type("Slip")
    opened.press(Qt.Key.Key_Tab)
    opened.settle()
    bar = opened.page.bar
    bar.discard_button.setFocus()
    opened.press(Qt.Key.Key_Return)
    assert bar.is_asking()
    assert bar.keep_button.hasFocus()
    opened.press(Qt.Key.Key_Escape)
    assert not bar.is_asking()
    assert len(services.store.drafts()) == 1
    opened.press(Qt.Key.Key_Return)
    opened.press(Qt.Key.Key_Tab)
    opened.press(Qt.Key.Key_Return)
    opened.settle()
    assert services.store.drafts() == []
    assert opened.context.went == [("on_call", {})]


def test_a_draft_opened_again_is_as_it_was_with_its_timer_running(
    qtbot: QtBot, context: Any, services: Services, clock: SetClock
) -> None:
    first = Opened(qtbot, context)
    first.type("jo")
    first.press(Qt.Key.Key_Return)
    first.settle()
    first.press(Qt.Key.Key_3, ALT)
    first.type("Half a sent")
    first.page.answers.put(tried="Toast", follow_ups=[{"id": "a", "what": "Ring"}])
    first.page.may_leave()
    first.settle()
    first.close()
    clock.pass_time(minutes=3)
    opened_again = Opened(qtbot, context, draft=services.store.drafts()[0])
    page = opened_again.page
    assert page.answers.fields() == first.page.answers.fields()
    assert page.form.caller.caller.text() == "Jo Preece"
    assert page.form.caller.child.text() == "Kai M. · 14"
    assert page.form.happening.toPlainText() == "Half a sent"
    assert page.form.follow_ups.rows[0].what.text() == "Ring"
    assert page.header.timer.is_running()
    assert 180 <= page.header.timer.seconds() <= 182
    assert "1 answered" in page.form.more.button.text()
    assert opened_again.focused() is page.form.happening
    assert page.form.happening.textCursor().atEnd()


def test_ending_the_call_stops_the_timer_and_is_kept(opened: Opened, services: Services, clock: SetClock) -> None:
    clock.pass_time(minutes=6, seconds=12)
    opened.page.header.end.setFocus()
    opened.press(Qt.Key.Key_Return)
    opened.page.may_leave()
    opened.settle()
    assert opened.page.header.tag.text() == "Call ended 02:20"
    assert not opened.page.header.timer.is_running()
    assert opened.page.header.timer.seconds() == 372
    assert services.store.drafts()[0].call["ended"] == "2017-03-14T02:20:12+00:00"


def test_amending_asks_why_and_shows_no_timer(qtbot: QtBot, context: Any, services: Services) -> None:
    record = next(contact for contact in contacts(services) if contact.fields.get("type", "call") == "call").record
    opened = Opened(qtbot, context, draft=services.records.amendment(record))
    assert opened.page.form.why_field.isVisible()
    assert not opened.page.header.timer.isVisible()
    opened.press(Qt.Key.Key_4, ALT)
    opened.type(" Rest.")
    opened.press(Qt.Key.Key_Return, CTRL)
    opened.settle()
    assert opened.errors() == ["Enter why you are changing this"]
    opened.press(Qt.Key.Key_Return)
    opened.type("Left out")
    opened.press(Qt.Key.Key_Return, CTRL)
    opened.settle()
    now = services.store.get(record)
    assert now is not None
    assert " Rest." in now.fields["advice"]
    assert services.record_views.history(record)[0].why == "Left out"


def test_more_about_this_call_is_one_key_away_and_asks_every_other_field(opened: Opened, services: Services) -> None:
    from hipss_desktop.kinds.catalogue import KINDS
    from ui.contacts.more import ASKED_ABOVE

    opened.press(Qt.Key.Key_8, ALT)
    more = opened.page.form.more
    assert more.is_open()
    asked_fields = set(more._controls)
    by_row = {field.name for field in KINDS["contact"].fields if field.options.grows}
    assert asked_fields == {field.name for field in KINDS["contact"].fields} - ASKED_ABOVE - by_row - {"log_line"}
    more.go("childs_words")
    opened.type("I was cold")
    assert opened.page.answers.get("childs_words") == "I was cold"
    opened.press(Qt.Key.Key_8, ALT)
    assert opened.focused() is more.button


def test_a_problem_in_the_group_opens_it_and_is_shown_there(opened: Opened) -> None:
    opened.answer_all()
    opened.page.answers.put(told_others=[{"id": "t1", "name": "Control room", "at_not_known": True}])
    opened.press(Qt.Key.Key_Return, CTRL)
    opened.settle()
    assert opened.errors() == ["Choose who was told"]
    assert opened.page.form.more.is_open()


def test_a_page_begun_for_a_child_or_a_caller_is_filled_in(qtbot: QtBot, context: Any, services: Services) -> None:
    caller = services.calls.callers("ann colley")[0]
    opened = Opened(qtbot, context, caller=caller)
    opened.settle()
    assert opened.page.form.caller.caller.text() == "Ann Colley"
    assert opened.page.form.caller.child.text() == "Josh W. · 16"
    child = services.people.find("amara", kinds=("child",))[0].record
    other = Opened(qtbot, context, child=child)
    other.settle()
    assert other.page.form.caller.child.text() == "Amara O. · 10"


def test_several_children_can_be_named_and_their_cards_are_tabs(opened: Opened, services: Services) -> None:
    opened.type("jo")
    opened.press(Qt.Key.Key_Return)
    opened.settle()
    opened.page.form.caller.add_child.setFocus()
    opened.press(Qt.Key.Key_Space)
    opened.type("ell")
    opened.press(Qt.Key.Key_Return)
    opened.settle()
    names = [services.people.name(child) for child in opened.page.answers.listed("children")]
    assert names == ["Kai M.", "Ellie R."]
    assert opened.page.body.child_card.tabs.isVisible()
    opened.page.body.child_card.tabs.setCurrentIndex(1)
    opened.settle()
    assert "Ellie R." in opened.page.body.child_card.accessibleDescription()


def test_a_draft_reads_back_with_what_no_description_knows(qtbot: QtBot, context: Any, services: Services) -> None:
    draft = services.calls.begin()
    draft = replace(draft, fields={**draft.fields, "later_field": "kept", "concerns": ["school", "newer_code"]})
    opened = Opened(qtbot, context, draft=draft)
    opened.press(Qt.Key.Key_3, ALT)
    opened.type("x")
    assert opened.page.draft.fields["later_field"] == "kept"
    assert opened.page.draft.fields["concerns"] == ["school", "newer_code"]


def test_nothing_is_asked_twice_and_the_number_is_asked_beside_the_caller(opened: Opened, services: Services) -> None:
    opened.type("jo")
    opened.press(Qt.Key.Key_Return)
    opened.settle()
    opened.press(Qt.Key.Key_8, ALT)
    labels = [words.text() for words in opened.page.form.findChildren(QLabel) if words.isVisible()]
    assert [labels.count(words) for words in ("Follow-ups", "Call back", "Caller is")] == [1, 1, 0]
    opened.page.form.caller.add_number.setFocus()
    opened.press(Qt.Key.Key_Space)
    opened.press(Qt.Key.Key_A, CTRL)
    opened.type("07700 900561")
    assert opened.page.answers.get("call_back") == "07700 900561"
    assert not opened.page.form.caller.add_number.isHidden()


def test_the_head_of_an_amendment_says_when_the_call_was_and_which_version_is_amended(
    qtbot: QtBot, context: Any, services: Services, clock: SetClock
) -> None:
    draft = services.calls.begin()
    clock.pass_time(minutes=2)
    finished = services.records.finish(replace(draft, fields={**draft.fields, "type": "wrong_number"}))
    record = finished.envelope.record
    clock.pass_time(hours=5)
    opened = Opened(qtbot, context, draft=services.records.amendment(record))
    assert opened.page.header.started.text() == "Call 02:14 to 02:16, 14 March 2017 · version 1"
    assert not opened.page.header.timer.isVisible()
    assert not opened.page.header.end.isVisible()


def test_an_error_marks_what_is_missing_and_names_the_box_by_its_own_words(opened: Opened) -> None:
    opened.press(Qt.Key.Key_Return, CTRL)
    opened.settle()
    question = opened.page.form.caller
    assert opened.errors()[0] == f"Enter who is calling, or choose ‘{question.not_known.text()}’"
    marked = [part for part in (question.caller, question.not_known) if part.property("problem")]
    assert marked == [question.caller]
    others = (question.child, question.channel, question.kind, question.add_number)
    assert not any(part.property("problem") for part in others)
