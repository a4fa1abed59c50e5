"""The guide for a child who is not home, by keys in the real window: begun, each step written down, the return."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.action import ACTION
from hipss_desktop.kinds.missing_episode import POLICE, step_done
from hipss_desktop.views.services import Services
from tests.helpers.several_laptops import child_named, exchange
from tests.helpers.store_fixtures import SetClock
from tests.ui.missing.guide_screen import CTRL, Key, begun, episode, guide, keys, name_of_focus, open_guide, to_card
from tests.ui.shell.windows import Opens, rest, shown
from ui.base.announce import signals
from ui.base.focus import focus
from ui.contacts.log_contact import LogContactPage
from ui.missing.begin_page import BeginPage
from ui.missing.guide_page import GuidePage
from ui.on_call.on_call_page import OnCallPage
from ui.parts import Banner, Button, ElidedLabel, IconLabel
from ui.records.answer_parts import InstantPart
from ui.shell.window import MainWindow


def test_ctrl_g_on_a_childs_card_asks_what_is_known_and_begins_the_guide(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    to_card(window, qtbot, "Ellie R.")
    keys(window, qtbot, (Key.Key_G, CTRL))
    page = window.page
    assert isinstance(page, BeginPage)
    assert page.title.text() == "Child not home"
    assert page.draft.fields["child"] == child_named(services, "Ellie")
    assert not {"steps", "returned"} & page.form.questions.keys()
    keys(window, qtbot, (Key.Key_Return, CTRL))
    assert page.summary.links(), "when the child was last seen is asked"
    page.form.go("last_seen_not_known")
    keys(window, qtbot, Key.Key_Space, (Key.Key_Return, CTRL))
    opened = guide(window, qtbot)
    known = services.missing.known(child_named(services, "Ellie"))
    assert known is not None
    assert opened.record == known.record
    assert name_of_focus().startswith("What was done")
    assert opened.questions.question is not None
    assert opened.questions.question.step == "danger"


def test_a_child_chosen_in_the_form_brings_along_what_the_calls_said_and_what_was_typed_stays(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    """The call of Kai's carer says reported 21:40, police, log 0612, and EDT; no call says that Ellie is missing."""
    keys(window, qtbot, (Key.Key_G, CTRL))
    page = window.page
    assert isinstance(page, BeginPage)
    page.form.go("last_seen_by")
    keys(window, qtbot, "Carol Yeo")
    kai, ellie = child_named(services, "Kai"), child_named(services, "Ellie")
    page.form.go("child")
    keys(window, qtbot, "Kai", Key.Key_Return)
    known = services.missing.draft(kai).fields
    assert [row["step"] for row in known["steps"]] == ["police", "edt"]
    assert known["carer"]
    assert page.draft.fields == {**known, "last_seen_by": "Carol Yeo"}
    page.form.go("child")
    keys(window, qtbot, (Key.Key_A, CTRL), "Ellie", Key.Key_Return)
    assert page.draft.fields == {**services.missing.draft(ellie).fields, "last_seen_by": "Carol Yeo"}
    assert not {"steps", "reported"} & page.draft.fields.keys(), "nothing of Kai's calls is left"
    keys(window, qtbot, (Key.Key_A, CTRL), "Kai", Key.Key_Return, (Key.Key_Return, CTRL))
    guide(window, qtbot)
    episode_of_kai = services.missing.known(kai)
    assert episode_of_kai is not None
    assert [step_done(episode(services, episode_of_kai.record), step) is not None for step in (POLICE, "edt")] == [
        True,
        True,
    ]


def test_children_who_have_gone_together_get_a_guide_each_and_a_step_is_written_into_both(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    record = begun(services, "Ellie", gone_with=[child_named(services, "Amara")])
    page = open_guide(window, qtbot, record)
    (other,) = services.missing.together(record)
    assert page.questions.question is not None
    (also,) = page.questions.question.also.values()
    assert also.text() == "Also for Amara O."
    page.questions.question.row.controls["words"].go()
    keys(window, qtbot, "Not that we know", Key.Key_Tab)
    assert also.hasFocus()
    keys(window, qtbot, Key.Key_Space, (Key.Key_Return, CTRL))
    assert [row.step for row in episode(services, record).steps] == ["danger"]
    assert [row.step for row in episode(services, other.record).steps] == ["danger"]


def test_where_a_guide_goes_on_ctrl_g_opens_it_from_the_card_and_from_the_childs_page(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    record = begun(services)
    to_card(window, qtbot, "Ellie R.")
    keys(window, qtbot, (Key.Key_G, CTRL))
    assert guide(window, qtbot).record == record
    keys(window, qtbot, Key.Key_Escape)
    assert shown(window) == "OnCallPage"
    assert name_of_focus().startswith("Ellie R.")
    keys(window, qtbot, Key.Key_Return)
    assert shown(window) == "ChildPage"
    keys(window, qtbot, (Key.Key_G, CTRL))
    assert guide(window, qtbot).record == record


def test_the_palette_begins_a_guide_of_any_child(window: MainWindow, qtbot: QtBot) -> None:
    keys(window, qtbot, (Key.Key_K, CTRL), "child not home")
    qtbot.waitUntil(lambda: window.layers.top is not None)
    qtbot.wait(300)
    keys(window, qtbot, Key.Key_Return)
    assert shown(window) == "BeginPage"


def test_enter_pressed_again_and_again_writes_nothing_that_nobody_said(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    record = begun(services)
    page = open_guide(window, qtbot, record)
    for step, field, words in (
        ("danger", "words", "Enter what was done"),
        ("police", "spoke_to", "Enter who you spoke to, or the log number"),
        ("edt", "spoke_to", "Enter who you spoke to"),
        ("pack", "spoke_to", "Enter who took it"),
        ("in_touch", "next_call", "Enter when the next call is"),
    ):
        page.open_step(step)
        keys(window, qtbot, (Key.Key_Return, CTRL), (Key.Key_Return, CTRL))
        assert page.questions.question is not None
        assert page.questions.question.step == step
        assert page.questions.question.row.questions[field].error() == words
    assert episode(services, record).steps == []


def test_who_was_told_in_a_call_is_told_in_the_guide_as_well(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    """The call of Kai's carer says police, log 0612, and EDT: the guide never says that police were not told yet."""
    record = begun(services, "Kai")
    page = open_guide(window, qtbot, record)
    names = [cell.accessibleName() for cell in page.times.cells]
    assert any(name.startswith("Reported to police 21:40") and "Log 0612" in name for name in names)
    assert page.steps.rows["edt"].accessibleName().startswith("Step 4 of 9, Tell EDT, done 22:07")


def test_the_step_to_do_is_written_down_with_the_time_of_now_and_who(
    window: MainWindow, services: Services, clock: SetClock, qtbot: QtBot
) -> None:
    record = begun(services)
    page = open_guide(window, qtbot, record)
    clock.now += timedelta(minutes=25)  # the question stood open all the while
    keys(window, qtbot, "Not that we know", (Key.Key_Return, CTRL))  # at once: a button would lose the words
    (row,) = episode(services, record).steps
    assert (row.step, row.at, row.by, row.words) == ("danger", clock.now, "A. Bevan", "Not that we know")
    assert page.questions.question is not None
    assert page.questions.question.step == "ring_round", "the next one is open"
    assert page.steps.rows["danger"].accessibleName().startswith("Step 1 of 9, Is the child in danger now?, done 02:39")
    keys(window, qtbot, "Dev looked in the garden", (Key.Key_Return, CTRL))
    assert [row.words for row in episode(services, record).steps] == ["Not that we know", "Dev looked in the garden"]


def test_a_time_that_was_cleared_is_asked_for_or_said_not_to_be_known(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    record = begun(services)
    page = open_guide(window, qtbot, record)
    question = page.questions.question
    assert question is not None
    time, not_known = (question.row.controls[name] for name in ("at", "at_not_known"))
    assert not not_known.isVisible(), "only a time that is not there may be unknown"
    keys(window, qtbot, "Dev looked in the garden")
    assert isinstance(time.part, InstantPart)
    focus(time.part.box.clock)
    keys(window, qtbot, (Key.Key_A, CTRL), Key.Key_Backspace, (Key.Key_Return, CTRL))
    assert episode(services, record).steps == []
    assert not_known.isVisible()
    focus(not_known.focus_target())
    keys(window, qtbot, Key.Key_Space, (Key.Key_Return, CTRL))
    (row,) = episode(services, record).steps
    assert (row.at, row.at_not_known, row.words) == (None, True, "Dev looked in the garden")
    assert page.steps.rows["danger"].accessibleName().startswith("Step 1 of 9, Is the child in danger now?, done time")


def test_steps_are_opened_in_any_order_by_the_arrows_and_enter(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    record = begun(services)
    page = open_guide(window, qtbot, record)
    page.steps.rows["danger"].setFocus()
    keys(window, qtbot, Key.Key_Down, Key.Key_Down)
    assert name_of_focus().startswith("Step 3 of 9, Report to police on 101, not done")
    keys(window, qtbot, Key.Key_Return)
    assert page.questions.question is not None
    page.questions.question.row.controls["log_number"].go()
    keys(window, qtbot, "0612", (Key.Key_Return, CTRL))
    police = step_done(episode(services, record), POLICE)
    assert police is not None
    assert police.log_number == "0612"
    assert page.questions.question is not None
    assert page.questions.question.step == "danger", "the first that is not done"


def test_what_is_typed_into_a_step_is_kept_and_opens_again_after_a_lock(
    opens: Opens, services: Services, qtbot: QtBot
) -> None:
    window = opens()
    record = begun(services)
    page = open_guide(window, qtbot, record)
    page.open_step("edt")
    assert page.questions.question is not None
    page.questions.question.row.controls["spoke_to"].go()
    keys(window, qtbot, "P. Shaw")
    page.open_step("police")
    assert page.questions.question is not None
    page.questions.question.row.controls["log_number"].go()
    keys(window, qtbot, "0612")
    window.close()
    reopened_window = opens()
    page = guide(reopened_window, qtbot)
    assert page.questions.question is not None
    assert page.questions.question.step == POLICE
    keys(reopened_window, qtbot, "9")
    assert page.questions.question.row.value()["log_number"] == "06129"
    page.open_step("edt")
    assert page.questions.question is not None
    assert page.questions.question.row.value()["spoke_to"] == "P. Shaw"
    assert episode(services, record).steps == []


def test_a_step_that_was_only_looked_at_leaves_no_draft(window: MainWindow, services: Services, qtbot: QtBot) -> None:
    page = open_guide(window, qtbot, begun(services))
    for step in ("edt", "police", "looking"):
        page.open_step(step)
    keys(window, qtbot, Key.Key_Escape)
    rest(qtbot, window)
    assert list(services.store.drafts()) == []


def test_the_running_times_go_on_by_the_minute_and_are_never_announced(
    window: MainWindow, services: Services, clock: SetClock, qtbot: QtBot
) -> None:
    page = open_guide(window, qtbot, begun(services))
    announcements: list[str] = []
    signals.announced.connect(lambda _widget, words, _assertive: announcements.append(words))
    assert page.times.cells[0].accessibleName().startswith("Last seen 23:10, 3 h 4 min ago")
    clock.now += timedelta(minutes=1)
    page._minute.timeout.emit()
    rest(qtbot, window)
    assert page.times.cells[0].accessibleName().startswith("Last seen 23:10, 3 h 5 min ago")
    assert announcements == []


def test_ctrl_b_asks_time_who_saw_the_child_and_injuries_and_ends_the_guide(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    record = begun(services)
    services.missing.step(record, {"step": "police", "log_number": "0612"})
    page = open_guide(window, qtbot, record)
    keys(window, qtbot, (Key.Key_B, CTRL))
    assert page.questions.question is not None
    assert page.questions.question.row.value().get("at") is None, "a return has its own time, never that of the press"
    page.questions.question.row.controls["seen_by"].go()
    keys(window, qtbot, "Sunita Rao", (Key.Key_Return, CTRL))
    questions = page.questions.question.row.questions
    assert {name: question.error() for name, question in questions.items() if question.error()} == {
        "at": "Enter when the child came back",
        "injuries": "Enter injuries, or ‘None seen’",
    }
    page.questions.question.row.controls["injuries"].go()
    keys(window, qtbot, "None seen")
    type_time(window, qtbot, page, "13/03/2017", "23:00")
    assert questions["at"].error() == "The child was last seen at 23:10. Enter a later time for coming back."
    assert page.questions.question.row.value()["seen_by"] == "Sunita Rao"
    type_time(window, qtbot, page, "14/03/2017", "02:05")
    assert services.missing.known(child_named(services, "Ellie")) is None
    words = [ACTION.of(record).what for record in services.store.records_due(ACTION.name)]
    assert "Tell the police that the child is back" in words
    assert "Return home interview" in words
    assert page.back_button.isHidden()
    assert page.questions.question is not None
    assert page.questions.question.step == "interview"


def type_time(window: MainWindow, qtbot: QtBot, page: GuidePage, day: str, clock: str) -> None:
    """Type when the child came back, and give the answer."""
    assert page.questions.question is not None
    for field, words in zip(
        page.questions.question.row.controls["at"].findChildren(QLineEdit), (day, clock), strict=True
    ):
        field.setFocus()
        field.selectAll()
        keys(window, qtbot, words)
    keys(window, qtbot, (Key.Key_Return, CTRL))


def said_to_be_back(services: Services) -> str:
    """A guide of a child who is back as a call says; its record."""
    record = begun(services)
    fields = {
        "type": "call",
        "caller_name": "Sunita Rao",
        "children": [child_named(services, "Ellie")],
        "concerns": ["missing"],
        "missing": "back",
        "back_at": "2017-03-14T02:05:00+00:00",
        "happening": "She came in.",
        "no_advice": True,
        "risk": "low",
        "needs_to_know": ["nobody"],
    }
    services.records.finish(services.records.new_draft("contact", fields))
    return record


def test_a_call_that_says_the_child_is_back_offers_the_return_and_enters_nothing(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    record = said_to_be_back(services)
    page = open_guide(window, qtbot, record)
    assert episode(services, record).returned == []
    banner = next(banner for banner in page.findChildren(Banner) if banner.isVisible())
    assert banner.accessibleName() == "Is Ellie R. back? A call says that Ellie R. came back at 02:05."
    banner.findChildren(Button)[0].setFocus()
    keys(window, qtbot, Key.Key_Return)
    assert page.questions.question is not None
    assert page.questions.question.row.value()["at"] == "2017-03-14T02:05:00+00:00"


def test_one_episode_of_two_laptops_is_made_one_by_one_press(
    opens: Opens, mine: Services, theirs: Services, qtbot: QtBot
) -> None:
    first, second = begun(mine), begun(theirs)
    exchange(mine, theirs)
    window = opens()
    page = open_guide(window, qtbot, first)
    banner = next(banner for banner in page.findChildren(Banner) if banner.isVisible())
    assert banner.accessibleName().startswith("Another guide for Ellie R. goes on.")
    next(button for button in banner.findChildren(Button) if button.text() == "They are one").setFocus()
    keys(window, qtbot, Key.Key_Return)
    assert [row.episode for row in episode(mine, second).same_as] == [first]
    assert [banner for banner in page.findChildren(Banner) if banner.isVisible()] == []


def test_on_the_guide_that_was_begun_later_the_press_leads_to_the_one_that_goes_on(
    opens: Opens, mine: Services, theirs: Services, qtbot: QtBot
) -> None:
    first, second = begun(mine), begun(theirs)
    exchange(mine, theirs)
    window = opens()
    page = open_guide(window, qtbot, second)
    banner = next(banner for banner in page.findChildren(Banner) if banner.isVisible())
    next(button for button in banner.findChildren(Button) if button.text() == "They are one").setFocus()
    keys(window, qtbot, Key.Key_Return)
    qtbot.waitUntil(lambda: getattr(window.page, "record", "") == first)
    assert [row.episode for row in episode(mine, second).same_as] == [first]
    assert episode(mine, first).same_as == []


def test_ctrl_n_logs_a_contact_with_caller_and_child_filled_in(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    open_guide(window, qtbot, begun(services, "Kai"))
    keys(window, qtbot, (Key.Key_N, CTRL))
    assert shown(window) == "LogContactPage"
    fields = window.page.draft.fields  # type: ignore[union-attr]  # it is that page
    assert fields["children"] == [child_named(services, "Kai")]
    assert fields["caller_name"]


def test_who_is_in_the_house_is_written_down(window: MainWindow, services: Services, qtbot: QtBot) -> None:
    record = begun(services)
    page = open_guide(window, qtbot, record)
    page.house.add_button.setFocus()
    keys(window, qtbot, Key.Key_Return, "Leah, 6", Key.Key_Tab)
    keys(window, qtbot, Key.Key_Y, (Key.Key_Return, CTRL))
    (row,) = episode(services, record).in_the_house
    assert (row.name, row.safe) == ("Leah, 6", True)


def test_the_pack_that_is_not_there_is_said_and_written_from_the_guide(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    record = begun(services, "Amara")
    page = open_guide(window, qtbot, record)
    assert page.pack.write.text() == "Write the pack"
    page.pack.write.setFocus()
    keys(window, qtbot, Key.Key_Return)
    assert shown(window) == "RecordFormPage"
    form = window.page.form  # type: ignore[union-attr]  # it is that page
    form.go("looks")
    keys(window, qtbot, "5 ft 2, long black hair", (Key.Key_Return, CTRL))
    back = guide(window, qtbot)
    assert back.record == record
    assert back.pack.write.text() == "Amend the pack"
    lines = {line.label: line.words for line in back.view.pack.lines} if back.view is not None else {}
    assert "5 ft 2, long black hair" in lines["Looks like"]


def test_the_board_says_when_the_next_call_is_overdue(window: MainWindow, services: Services, qtbot: QtBot) -> None:
    record = begun(services)
    services.missing.step(record, {"step": "in_touch", "next_call": "2017-03-14T02:00:00+00:00"})
    to_card(window, qtbot, "Ellie R.")
    assert "Next call overdue 14 min" in name_of_focus()
    board = window.page
    assert isinstance(board, OnCallPage)
    card = next(card for card in board.children_board.cards() if card.child.name == "Ellie R.")
    (late,) = (label for label in card.findChildren(ElidedLabel) if label.isVisible() and "overdue" in label.whole())
    assert (late.whole(), late.property("tone")) == ("Next call overdue 14 min", "amber")
    assert any(icon.icon_name == "clock" for icon in card.findChildren(IconLabel) if icon.isVisible())
    page = open_guide(window, qtbot, record)
    assert page.questions.question is not None
    assert page.questions.question.step == "in_touch"


def test_the_contact_form_offers_the_guide_and_loses_nothing_of_the_call(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    record = begun(services, "Kai")
    window.go("log_contact", child=child_named(services, "Kai"))
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, LogContactPage)
    page.answers.put(concerns=["missing"], happening="No news.")
    rest(qtbot, window)
    assert page.form.missing.guide.text() == "Open the guide"
    page.answers.put(missing="back", back_at="2017-03-14T02:05:00+00:00")
    rest(qtbot, window)
    assert page.form.missing.guide.text() == "Enter the return in the guide"
    page.form.missing.guide.setFocus()
    keys(window, qtbot, Key.Key_Return)
    assert guide(window, qtbot).record == record
    assert episode(services, record).returned == []
    keys(window, qtbot, Key.Key_Escape)
    call_page = window.page
    assert isinstance(call_page, LogContactPage)
    assert call_page.draft.fields["happening"] == "No news."


def test_the_contact_form_begins_a_guide_that_names_the_call(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    window.go("log_contact", child=child_named(services, "Ellie"))
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, LogContactPage)
    page.answers.put(concerns=["missing"], missing="still")
    rest(qtbot, window)
    assert page.form.missing.guide.text() == "Begin the guide"
    contact = page.draft.record
    page.form.missing.guide.setFocus()
    keys(window, qtbot, Key.Key_Return)
    form = window.page
    assert isinstance(form, BeginPage)
    assert form.draft.fields["from_contact"] == contact


@pytest.mark.parametrize("question", ["withdraw", "add:steps", "add:steps:of_a_newer_program"])
def test_a_question_that_is_none_of_the_guide_is_carried_on_with_on_the_whole_record(
    window: MainWindow, services: Services, qtbot: QtBot, question: str
) -> None:
    record = begun(services)
    before = services.questions.draft(record, "missing_episode", question)
    answers = {"steps": [{"id": "a", "words": "Rang the school"}]} if question != "withdraw" else {}
    services.questions.save(replace(before, fields=answers, why="Another child" if question == "withdraw" else ""))
    window.go("draft", draft=services.questions.draft(record, "missing_episode", question))
    rest(qtbot, window)
    assert shown(window) == "RecordPage"
    assert window.page.view_card.asks()  # type: ignore[union-attr]  # it is that page


def test_a_notice_keeps_the_focus_while_the_minutes_pass(
    window: MainWindow, services: Services, clock: SetClock, qtbot: QtBot
) -> None:
    page = open_guide(window, qtbot, said_to_be_back(services))
    banner = next(banner for banner in page.findChildren(Banner) if banner.isVisible())
    button = banner.findChildren(Button)[0]
    button.setFocus()
    clock.now += timedelta(minutes=1)
    page.refresh()
    rest(qtbot, window)
    assert QApplication.focusWidget() is button


def test_the_next_call_after_midnight_is_tomorrows(
    window: MainWindow, services: Services, clock: SetClock, qtbot: QtBot
) -> None:
    record = begun(services)
    clock.now = datetime(2017, 3, 14, 23, 40, tzinfo=UTC)
    page = open_guide(window, qtbot, record)
    page.open_step("in_touch")
    assert page.questions.question is not None
    _, time_field = page.questions.question.row.controls["next_call"].findChildren(QLineEdit)
    time_field.setFocus()
    keys(window, qtbot, "0030", Key.Key_Tab)
    assert page.questions.question.row.value()["next_call"] == "2017-03-15T00:30:00+00:00"
