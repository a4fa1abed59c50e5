"""The caller card over the window: real keys from anywhere to a contact that is begun, and back to where one was."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from hipss_desktop import times
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.views.services import Services
from tests.helpers import walk
from tests.helpers.several_laptops import amend, child_named, exchange
from tests.helpers.store_fixtures import SetClock
from tests.ui.shell.windows import Opens, press, rest, shown
from tests.views.test_caller_card import finish, household
from ui.contacts.log_contact import LogContactPage
from ui.on_call.caller_card import NOTHING, CallerCardLayer
from ui.parts import Banner, Chip, Tag, TextArea
from ui.parts.headings import Heading
from ui.shell.window import MainWindow

Key, Modifier = Qt.Key, Qt.KeyboardModifier


def opened(window: MainWindow, typed: str, qtbot: QtBot) -> CallerCardLayer:
    """The card that Ctrl+K, what is typed, and Enter open."""
    press(window, Key.Key_K, Modifier.ControlModifier)
    rest(qtbot, window)
    QTest.keyClicks(window.focusWidget(), typed)
    press(window, Key.Key_Return)
    rest(qtbot, window)
    card = window.layers.top
    assert isinstance(card, CallerCardLayer)
    return card


def words_of(card: CallerCardLayer) -> list[str]:
    """All words on the card."""
    return [widget.text() for widget in card.findChildren(QLabel) if widget.isVisible()]


def headings(card: CallerCardLayer) -> list[str]:
    """The headings, as a screen reader comes to them."""
    QAccessible.setActive(True)
    tree = walk.accessible_tree(QAccessible.queryAccessibleInterface(card))
    names = [(interface.object(), interface.text(QAccessible.Text.Name)) for interface in tree]
    return [name for widget, name in names if isinstance(widget, Heading) and widget.isVisible()]


@pytest.mark.parametrize("typed", ["pre", "jo p", "preese", "0174", "0560"])
def test_letters_a_misheard_name_or_last_digits_then_enter_open_the_card_and_enter_logs_the_contact(
    window: MainWindow, qtbot: QtBot, typed: str
) -> None:
    card = opened(window, typed, qtbot)
    assert card.accessibleName() == "Caller card, Jo & Martin Preece"
    assert window.focusWidget() is card.button
    assert card.button.text() == "Log a contact from Jo Preece"
    press(window, Key.Key_Return)
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, LogContactPage)
    assert window.layers.top is None
    fields = page.draft.fields
    assert (fields["caller_name"], fields["call_back"]) == ("Jo Preece", "01632 960174")
    assert fields["children"] == [child_named(window.session.services, "Kai")]


def test_a_placement_under_strain_is_shown_for_the_child_who_sleeps_there_and_for_no_other(
    window: MainWindow, qtbot: QtBot
) -> None:
    words = "Placement under strain: 6 contacts in 7 days, usual 0 to 2"
    card = opened(window, "pre", qtbot)
    assert [text for text in words_of(card) if "strain" in text] == [words]
    press(window, Key.Key_Escape)
    rest(qtbot, window)
    assert not [text for text in words_of(opened(window, "yeo", qtbot)) if "strain" in text]


def test_letters_of_a_child_lead_to_the_card_of_where_they_sleep_and_enter_logs_the_contact(
    window: MainWindow, qtbot: QtBot
) -> None:
    press(window, Key.Key_K, Modifier.ControlModifier)
    rest(qtbot, window)
    QTest.keyClicks(window.focusWidget(), "kai")
    qtbot.wait(250)
    rest(qtbot, window)
    press(window, Key.Key_Down)
    press(window, Key.Key_Return)
    rest(qtbot, window)
    card = window.layers.top
    assert isinstance(card, CallerCardLayer)
    assert card.accessibleName() == "Caller card, Jo & Martin Preece"
    press(window, Key.Key_Return)
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, LogContactPage)
    assert page.draft.fields["children"] == [child_named(window.session.services, "Kai")]


def test_a_second_enter_at_once_logs_the_contact_before_the_card_is_read(window: MainWindow, qtbot: QtBot) -> None:
    press(window, Key.Key_K, Modifier.ControlModifier)
    rest(qtbot, window)
    QTest.keyClicks(window.focusWidget(), "pre")
    rest(qtbot, window)
    press(window, Key.Key_Return)
    press(window, Key.Key_Return)
    rest(qtbot, window)
    assert isinstance(window.page, LogContactPage)
    assert window.page.draft.fields["caller_name"] == "Jo Preece"


def test_ctrl_n_and_a_name_stays_as_quick_as_it_was(window: MainWindow, qtbot: QtBot) -> None:
    press(window, Key.Key_N, Modifier.ControlModifier)
    rest(qtbot, window)
    QTest.keyClicks(window.focusWidget(), "jo")
    rest(qtbot, window)
    press(window, Key.Key_Return)
    rest(qtbot, window)
    assert isinstance(window.page, LogContactPage)
    assert window.layers.top is None


def test_ctrl_c_copies_the_home_number_and_esc_goes_back_to_what_was_being_typed(
    window: MainWindow, qtbot: QtBot
) -> None:
    press(window, Key.Key_N, Modifier.ControlModifier)
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, LogContactPage)
    area: TextArea = next(area for area in page.findChildren(TextArea) if area.isVisible())
    area.setFocus()
    QTest.keyClicks(area, "He is")
    opened(window, "pre", qtbot)
    press(window, Key.Key_C, Modifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "01632 960174"
    press(window, Key.Key_Escape)
    walk.settle()
    assert window.layers.top is None
    assert QApplication.focusWidget() is area
    QTest.keyClicks(area, " back")
    assert area.toPlainText() == "He is back"


def test_it_reads_title_alert_then_headings_in_order(window: MainWindow, clock: SetClock, qtbot: QtBot) -> None:
    services = window.session.services
    finish(
        services,
        "alert",
        child=child_named(services, "Kai"),
        expected="May go out",
        agreed="Text him",
        ends=times.stamp(clock() + timedelta(hours=5)),
    )
    card = opened(window, "pre", qtbot)
    banners = {banner.accessibleName(): banner for banner in card.findChildren(Banner)}
    banner = banners["For tonight: May go out. Agreed: Text him."]
    assert banner.tone == "amber"
    assert "A. Bevan, 02:14" in words_of(card)
    assert headings(card) == [
        "Jo & Martin Preece",
        "Who sleeps here tonight",
        "Jo and Martin may decide",
        "What calms",
        "What inflames",
        "Do not",
        "Last three calls",
    ]
    spoken = [interface.object() for interface in walk.accessible_tree(QAccessible.queryAccessibleInterface(card))]
    titles = [widget for widget in spoken if isinstance(widget, Heading)]
    assert spoken.index(titles[0]) < spoken.index(banner) < spoken.index(titles[1])


def test_empty_parts_stay_and_say_so(window: MainWindow, qtbot: QtBot) -> None:
    card = opened(window, "griff", qtbot)
    assert {"What calms", "What inflames", "Do not"} <= set(headings(card))
    assert words_of(card).count(NOTHING) == 4
    assert "Anything else tonight: ring EDT." in words_of(card)


def _places(services: Services, *given_names: str) -> None:
    """Place children with the Preeces tonight as well."""
    home = household(services, "Preece")
    for given_name in given_names:
        finish(
            services,
            "placement",
            child=child_named(services, given_name),
            carer=home,
            type="respite",
            start="2017-03-12",
        )


def test_two_children_have_a_column_each_with_their_names_on_top(mine: Services, opens: Opens, qtbot: QtBot) -> None:
    _places(mine, "Tyler")
    card = opened(opens(), "pre", qtbot)
    names = headings(card)
    assert names[names.index("Kai M.") + 1 :][:3] == ["What calms", "What inflames", "Do not"]
    assert names[names.index("Tyler B.") + 1 :][:3] == ["What calms", "What inflames", "Do not"]
    plans = [heading for heading in card.findChildren(Heading) if heading.text() == "What calms"]
    left, right = (heading.mapTo(card, heading.rect().topLeft()).x() for heading in plans)
    assert right > left + 100


def test_of_more_than_two_children_a_chip_chooses_whose_plan_shows(mine: Services, opens: Opens, qtbot: QtBot) -> None:
    _places(mine, "Tyler", "Ellie")
    window = opens()
    card = opened(window, "pre", qtbot)
    chips = card.findChildren(Chip)
    assert sorted(chip.text() for chip in chips) == ["Ellie R.", "Kai M.", "Tyler B."]
    assert headings(card).count("What calms") == 1
    while window.focusWidget() not in chips:
        press(window, Key.Key_Tab)
    press(window, Key.Key_Right)
    press(window, Key.Key_Space)
    walk.settle()
    chosen = next(chip for chip in chips if chip.isChecked())
    assert chosen is not chips[0]
    assert chosen.text() in headings(card)
    assert headings(card).count("What calms") == 1


def test_both_versions_of_an_undecided_answer_are_shown(
    mine: Services, theirs: Services, opens: Opens, qtbot: QtBot
) -> None:
    kai = child_named(mine, "Kai")
    amend(mine, kai, {"helps": ["Toast works at night"]})
    amend(theirs, kai, {"helps": ["Text his brother first"]})
    exchange(mine, theirs)
    card = opened(opens(), "pre", qtbot)
    text = "\n".join([*words_of(card), *(widget.accessibleName() for widget in card.findChildren(QLabel))])
    assert "Toast works at night" in text
    assert "Text his brother first" in text


def test_a_card_of_a_day_ago_says_so_in_amber(window: MainWindow, clock: SetClock, qtbot: QtBot) -> None:
    with window.session.services.store.write() as unit:
        unit.set(StoreSetting.EXCHANGED, times.stamp(clock() - timedelta(hours=33)))
    card = opened(window, "pre", qtbot)
    old = [tag.spec for tag in card.findChildren(Tag) if tag.spec.words.startswith("As at")]
    assert [(spec.words, spec.tone) for spec in old] == [("As at 17:14 Sunday 12 March 2017, 33 h old", "amber")]


def test_a_call_that_is_logged_meanwhile_joins_the_card(window: MainWindow, qtbot: QtBot) -> None:
    card = opened(window, "pre", qtbot)
    services = window.session.services
    finish(
        services,
        "contact",
        type="call",
        caller=household(services, "Preece"),
        caller_name="Jo Preece",
        concerns=["school"],
        happening="He is asleep",
        no_advice=True,
        risk="low",
        needs_to_know=["nobody"],
    )
    rest(qtbot, window)
    assert "He is asleep" in words_of(card)


def test_who_logs_no_calls_opens_the_household_from_the_card(mine: Services, opens: Opens, qtbot: QtBot) -> None:
    with mine.store.write() as unit:
        unit.set(StoreSetting.ROLE, "supervising")
    window = opens()
    window.go("caller_card", record=household(mine, "Preece"))
    rest(qtbot, window)
    card = window.layers.top
    assert isinstance(card, CallerCardLayer)
    assert card.button.text() == "Open the household’s page"
    press(window, Key.Key_Return)
    rest(qtbot, window)
    assert shown(window) == "CarerPage"
