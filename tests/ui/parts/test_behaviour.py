"""Parts under the hands: keys, typing, errors, people, dates and the timer."""

from datetime import date, time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from tests.helpers.spoken import Reader
from tests.helpers.walk import cut_choices
from tests.ui.parts.specimen import Page, people, show
from ui.base import announce
from ui.parts import (
    Button,
    CallTimer,
    Card,
    ChipGroup,
    ComboBox,
    DateField,
    DateTimeField,
    FlowLayout,
    LinkButton,
    PassphraseEdit,
    PersonField,
    Suggestion,
    Tag,
    TextArea,
    TimeField,
    column,
    label,
    read_date,
    read_time,
    row,
)
from ui.parts.choices import OptionList
from ui.parts.timer import in_words
from ui.theme import ring

TODAY = date(2017, 3, 14)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0205", time(2, 5)),
        ("2:05", time(2, 5)),
        ("205", time(2, 5)),
        ("02.05", time(2, 5)),
        (" 23 59 ", time(23, 59)),
        ("9", time(9)),
        ("24:00", None),
        ("12:60", None),
        ("12345", None),
        ("soon", None),
        ("", None),
    ],
)
def test_times_are_read_as_people_type_them(typed: str, meant: time | None) -> None:
    assert read_time(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("14 March 2017", date(2017, 3, 14)),
        ("tuesday 14 march 2017", date(2017, 3, 14)),
        ("14/3/17", date(2017, 3, 14)),
        ("14.03.2017", date(2017, 3, 14)),
        ("14 mar", date(2017, 3, 14)),
        ("20 february", date(2017, 2, 20)),
        ("20 december", None),  # three months ago, or in nine: nobody said which
        ("20 december 2016", date(2016, 12, 20)),
        ("1/4", date(2017, 4, 1)),
        ("15/4", None),
        ("yesterday", date(2017, 3, 13)),
        ("31 February 2017", None),
        ("14 ma", None),
        ("14/13/2017", None),
        ("", None),
    ],
)
def test_dates_are_read_day_first(typed: str, meant: date | None) -> None:
    assert read_date(typed, TODAY) == meant


def test_a_time_is_written_out_on_leaving_and_words_that_are_no_time_stay(app: QApplication, qtbot: QtBot) -> None:
    window = QWidget()
    clock, other = TimeField(), Button("Other")
    window.setLayout(column(clock, other))
    qtbot.addWidget(window)
    show(qtbot, window)
    clock.setFocus()
    QTest.keyClicks(clock, "205")
    other.setFocus()
    assert clock.text() == "02:05"
    clock.setFocus()
    clock.selectAll()
    QTest.keyClicks(clock, "later")
    other.setFocus()
    assert (clock.text(), clock.value()) == ("later", None)


def test_the_hour_that_comes_twice_asks_which_one(app: QApplication, qtbot: QtBot) -> None:
    field = DateTimeField(lambda day, clock: (day, clock.hour) == (date(2017, 10, 29), 1), today=lambda: TODAY)
    qtbot.addWidget(field)
    show(qtbot, field)
    field.set_value(date(2017, 10, 29), time(0, 30))
    assert (field.zone.isVisible(), field.value()[2]) == (False, 0)
    field.clock.set_value(time(1, 30))
    assert (field.zone.isVisible(), field.value()[2]) == (True, None)
    assert field.note.text() == "The clocks went back, so 01:30 came twice. Choose one."
    field.zone.choose("gmt")
    assert field.value() == (date(2017, 10, 29), time(1, 30), 1)


def test_arrows_change_the_day(app: QApplication, qtbot: QtBot) -> None:
    field = DateField(date(2017, 2, 28), today=lambda: TODAY)
    qtbot.addWidget(field)
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert field.text() == "1 March 2017"


def test_typing_a_name_and_enter_picks_the_first_and_typing_on_undoes_it(page: Page, qtbot: QtBot) -> None:
    field = page.person
    field.setFocus()
    announcements: list[str] = []
    announce.signals.announced.connect(lambda _w, text, _a: announcements.append(text))
    QTest.keyClicks(field, "jo")
    assert field.list_is_open()
    assert announcements[-1] == "2 results. Jo Preece, carer"
    with qtbot.waitSignal(field.picked):
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert (field.value(), field.text(), field.list_is_open()) == (people("jo")[0], "Jo Preece", False)
    assert field.accessibleDescription() == "carer"
    with qtbot.waitSignal(field.cleared):
        QTest.keyClick(field, Qt.Key.Key_End)
        QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert field.value() is None


def test_down_moves_and_escape_closes_the_list_only(page: Page) -> None:
    field = page.person
    field.setFocus()
    QTest.keyClicks(field, "jo")
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.value() == people("joan")[0]
    field.set_value(None)
    QTest.keyClicks(field, "jo")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert (field.list_is_open(), field.text(), page.isVisible()) == (False, "jo", True)


def test_escape_closes_the_list_even_where_the_window_has_a_shortcut_on_it(page: Page) -> None:
    closed: list[bool] = []
    shortcut = QShortcut(QKeySequence("Esc"), page)
    shortcut.activated.connect(lambda: closed.append(True))
    page.person.setFocus()
    QTest.keyClicks(page.person, "jo")
    QTest.keyClick(page.person, Qt.Key.Key_Escape)
    assert (page.person.list_is_open(), closed) == (False, [])
    QTest.keyClick(page.person, Qt.Key.Key_Escape)
    assert closed == [True]


def test_an_error_is_beside_the_field_in_the_border_and_first_in_the_description(page: Page) -> None:
    page.advice.set_error("Enter what you advised, or choose 'No advice given'")
    control = page.advice.control
    assert control.accessibleDescription().startswith("Error: Enter what you advised")
    assert control.property("problem") == "true"
    page.risk_field.set_error("Choose a risk level")
    assert page.risk_field.focus_target().accessibleDescription().startswith("Error: Choose a risk level.")
    page.risk_field.set_error("")
    assert page.risk.cards()[0].accessibleDescription() == "Advice is enough"
    page.advice.set_error("")
    assert control.accessibleDescription() == ""


def test_the_summary_is_said_once_by_the_focus_or_at_once_without_it(page: Page) -> None:
    announcements: list[tuple[str, bool]] = []
    announce.signals.announced.connect(lambda _w, text, urgent: announcements.append((text, urgent)))
    errors = [("Enter what you advised", page.advice), ("Choose a risk level", page.risk_field)]
    page.summary.show_errors(errors)
    assert Reader().says() == ("There is a problem. 2 errors. panel. Enter what you advised. Choose a risk level.")
    assert announcements == []
    page.person.setFocus()
    page.summary.show_errors(errors, take_focus=False)
    assert announcements == [("There is a problem. 2 errors.", True)]


def test_the_summary_takes_the_focus_and_leads_to_the_answers(page: Page, app: QApplication) -> None:
    page.summary.show_errors([("Enter what you advised", page.advice), ("Choose a risk level", page.risk_field)])
    assert page.summary.hasFocus()
    assert [link.text() for link in page.summary.links()] == ["Enter what you advised", "Choose a risk level"]
    QTest.keyClick(page.summary, Qt.Key.Key_Tab)
    assert app.focusWidget() is page.summary.links()[0]
    QTest.keyClick(page.summary.links()[0], Qt.Key.Key_Return)
    assert app.focusWidget() is page.advice.control
    page.summary.step()
    assert app.focusWidget() is page.risk.cards()[0]
    page.summary.step(-1)
    assert app.focusWidget() is page.advice.control


def test_chips_move_by_arrow_and_letter_and_choose_by_space(page: Page, app: QApplication, qtbot: QtBot) -> None:
    chips = page.chips.chips()
    chips[0].setFocus()
    QTest.keyClick(chips[0], Qt.Key.Key_F)
    assert app.focusWidget() is chips[2]
    with qtbot.waitSignal(page.chips.changed):
        QTest.keyClick(chips[2], Qt.Key.Key_Space)
    QTest.keyClick(chips[2], Qt.Key.Key_Left)
    assert app.focusWidget() is chips[1]
    assert page.chips.chosen() == ["f"]


def test_an_exclusive_group_of_chips_keeps_exactly_one(app: QApplication, qtbot: QtBot) -> None:
    group = ChipGroup("Show", [("all", "All"), ("sent", "Sent")], chosen=["all"], exclusive=True)
    qtbot.addWidget(group)
    group.chips()[1].click()
    assert group.chosen() == ["sent"]
    group.chips()[1].click()
    assert group.chosen() == ["sent"]


def test_arrows_choose_among_risk_cards_and_any_place_on_a_card_is_the_target(page: Page, qtbot: QtBot) -> None:
    cards = page.risk.cards()
    QTest.mouseClick(
        cards[0], Qt.MouseButton.LeftButton, pos=cards[0].rect().bottomRight() - cards[0].rect().center() / 20
    )
    assert page.risk.chosen() == "low"
    cards[0].setFocus()
    with qtbot.waitSignal(page.risk.changed):
        QTest.keyClick(cards[0], Qt.Key.Key_Right)
    assert page.risk.chosen() == "medium"


def test_enter_presses_a_button_with_the_focus_but_ctrl_enter_does_not(page: Page, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.link.clicked):
        QTest.keyClick(page.link, Qt.Key.Key_Return)
    with qtbot.assertNotEmitted(page.link.clicked):
        QTest.keyClick(page.link, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_a_text_area_grows_with_its_words_to_a_limit_and_tab_leaves_it(page: Page, qtbot: QtBot) -> None:
    area = page.advice.control
    assert isinstance(area, TextArea)
    before = area.height()
    area.setPlainText("one\ntwo\nthree\nfour")
    qtbot.waitUntil(lambda: area.height() > before)
    grown = area.height()
    area.setPlainText("\n".join("many lines" for _ in range(40)))
    qtbot.waitUntil(lambda: area.height() > grown)
    assert area.height() < 9 * 24
    area.setFocus()
    QTest.keyClick(area, Qt.Key.Key_Tab)
    assert not area.hasFocus()


def test_a_passphrase_is_shown_and_hidden_by_its_button(app: QApplication, qtbot: QtBot) -> None:
    field = PassphraseEdit()
    qtbot.addWidget(field)
    field.toggle.click()
    assert (field.echoMode(), field.toggle.text()) == (QLineEdit.EchoMode.Normal, "Hide")
    field.hide_words()
    assert field.echoMode() == QLineEdit.EchoMode.Password


def test_a_drop_down_knows_its_choice_by_key(app: QApplication, qtbot: QtBot) -> None:
    box = ComboBox([("edge", "Edge of Care"), ("16", "16+ team")], name="Team")
    qtbot.addWidget(box)
    assert box.chosen() == ""
    box.choose("16")
    box.set_options([("16", "16+ team"), ("north", "Fieldwork, north")])
    assert (box.chosen(), box.currentText()) == ("16", "16+ team")


def test_a_table_opens_a_row_by_enter_and_by_arrows_moves(page: Page, qtbot: QtBot) -> None:
    page.table.setFocus()
    assert page.table.currentIndex().row() == 0
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    with qtbot.waitSignal(page.table.opened) as opened:
        QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert opened.args == [1]


def test_a_flow_is_as_high_as_its_lines(app: QApplication, qtbot: QtBot) -> None:
    box = QWidget()
    flow = FlowLayout(box)
    tags = [Tag("check", f"Tag number {n}") for n in range(6)]
    for tag in tags:
        flow.addWidget(tag)
    qtbot.addWidget(box)
    one_line = flow.heightForWidth(2000)
    assert one_line == tags[0].sizeHint().height()
    assert flow.heightForWidth(tags[0].sizeHint().width() + 1) == 6 * one_line + 5 * 8
    box.resize(250, flow.heightForWidth(250))
    box.show()
    assert all(box.rect().contains(tag.geometry()) for tag in tags)


@pytest.mark.parametrize("pad", [12, 16])
def test_the_content_of_a_card_begins_at_the_left_edge_of_its_heading(
    app: QApplication, qtbot: QtBot, pad: int
) -> None:
    card, words = Card("Numbers", pad=pad), label("Home")
    card.add(words)
    qtbot.addWidget(card)
    show(qtbot, card)
    assert card.heading is not None
    assert words.mapTo(card, QPoint(0, 0)).x() == card.heading.mapTo(card, QPoint(0, 0)).x()


def test_the_ring_is_clipped_to_the_scroll_area_and_follows_scrolling(app: QApplication, qtbot: QtBot) -> None:
    area = QScrollArea()
    inside = QWidget()
    buttons = [Button(f"Number {n}") for n in range(20)]
    inside.setLayout(column(*buttons, margins=(20, 20, 20, 20)))
    area.setWidget(inside)
    area.resize(200, 150)
    qtbot.addWidget(area)
    show(qtbot, area)
    buttons[0].setFocus()
    overlay = ring.overlay_of(area)
    place = overlay.geometry()
    area.verticalScrollBar().setValue(30)
    assert overlay.geometry().top() < place.top() or overlay.geometry().height() < place.height()
    area.verticalScrollBar().setValue(400)
    assert not overlay.isVisible()


def test_the_toast_offers_only_what_can_be_done_and_closes(page: Page, qtbot: QtBot) -> None:
    page.toast.say("Draft deleted", can_undo=True)
    assert page.toast.undo_link.isVisible()
    with qtbot.waitSignal(page.toast.closed):
        page.toast.close_button.click()
    assert not page.toast.isVisible()


def test_the_call_timer_counts_on_from_where_it_was_and_holds(app: QApplication, qtbot: QtBot) -> None:
    timer = CallTimer()
    qtbot.addWidget(timer)
    timer.start(161)
    assert (timer.is_running(), timer.seconds()) == (True, 161)
    timer.stop()
    assert (timer.is_running(), in_words(timer.seconds()), in_words(3661)) == (False, "02:41", "1:01:01")


def test_a_card_shows_its_count_and_a_link_in_its_heading_row(app: QApplication, qtbot: QtBot) -> None:
    card = Card("Open follow-ups", count=5, aside=[LinkButton("All actions")])
    qtbot.addWidget(card)
    card.set_count(4)
    assert card.heading is not None
    assert card.heading.text() == "Open follow-ups"


def test_a_person_field_says_when_nobody_matches(app: QApplication, qtbot: QtBot) -> None:
    field = PersonField(people, name="Who is calling")
    qtbot.addWidget(field)
    show(qtbot, field)
    with qtbot.waitSignal(announce.signals.announced) as heard:
        QTest.keyClicks(field, "x")
    assert heard.args[1] == "No match"


@pytest.mark.qt_log_ignore(
    "does not support (propagateSizeHints|raise|grabbing)"
)  # offscreen has no pop-ups of its own
def test_the_list_of_a_narrow_box_is_as_wide_as_its_longest_choice(app: QApplication, qtbot: QtBot) -> None:
    choices = [("phone", "Phone"), ("text", "Text message or messaging app"), ("visit", "Visit")]
    window = QWidget()
    qtbot.addWidget(window)
    box = ComboBox(choices, name="How")
    box.setFixedWidth(90)
    window.setLayout(column(row(box, None)))
    window.resize(600, 300)
    window.show()
    assert cut_choices(window) == []


def test_the_list_is_as_wide_as_its_words_and_stays_in_the_window(app: QApplication, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.resize(700, 300)
    long = Suggestion(1, "Kai Hartley", "formerly Merrick, HIPSS-017 and more words than fit into the field")
    field = PersonField(lambda typed: [long], name="Child", parent=holder)
    field.setGeometry(440, 20, 240, 36)
    holder.show()
    field.setFocus()
    QTest.keyClicks(field, "k")
    [options] = [option_list for option_list in holder.findChildren(OptionList) if option_list.isVisible()]
    popup = options.parentWidget()
    assert popup is not None
    assert options.viewport().width() >= options.sizeHintForColumn(0)
    assert popup.geometry().right() <= holder.width()


def test_down_in_a_drop_down_with_nothing_chosen_skips_the_empty_choice(app: QApplication, qtbot: QtBot) -> None:
    box = ComboBox([("", "Not answered"), ("yes", "Yes"), ("no", "No")], name="Agrees")
    qtbot.addWidget(box)
    box.show()
    picked: list[str] = []
    box.picked.connect(picked.append)
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert (box.chosen(), picked) == ("yes", ["yes"])
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert (box.chosen(), picked) == ("", ["yes", ""])
