"""The registry of screens: what follows for the window from a kind that nothing but its description knows."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.views.services import Services
from tests.helpers.store_fixtures import RecordingSession, sign_in_as
from tests.helpers.team_consultation import TEAM_CONSULTATION, held, team_consultations_known
from tests.ui.shell.windows import Opens, rest, windows
from ui.base.kind_style import ACTIONS, KindStyle, style_of
from ui.records.drafts import DraftsPage
from ui.records.form_page import RecordFormPage
from ui.records.list_page import ListPage
from ui.records.record_page import RecordPage
from ui.shell import screens
from ui.shell.help import HelpLayer
from ui.shell.palette import PaletteLayer
from ui.shell.window import MainWindow

Key, Modifier = Qt.Key, Qt.KeyboardModifier
P = TypeVar("P", bound=QWidget)
LIST = "team_consultation_list"


@pytest.fixture
def opens(app: QApplication, session: RecordingSession, qtbot: QtBot) -> Iterator[Opens]:
    with windows(lambda: MainWindow(session), qtbot) as opened:
        yield opened


def press(window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = Modifier.NoModifier) -> None:
    """Press a key wherever the focus is."""
    QTest.keyClick(window.focusWidget() or window, key, modifiers)


def command(window: MainWindow, qtbot: QtBot, typed: str) -> None:
    """Type into the palette and press Enter."""
    press(window, Key.Key_K, Modifier.ControlModifier)
    layer = window.layers.top
    assert isinstance(layer, PaletteLayer)
    QTest.keyClicks(layer.edit, typed)
    rest(qtbot, window)
    press(window, Key.Key_Return)
    rest(qtbot, window)


def shown(window: MainWindow, page: type[P]) -> P:
    """The page that shows, which is of this type."""
    assert isinstance(window.page, page)
    return window.page


def lit(window: MainWindow) -> list[str]:
    """The rail's items that are lit."""
    return [route for route, item in window.rail.items.items() if item.isChecked()]


def test_a_kind_that_is_described_has_its_list_its_commands_and_its_pages(
    opens: Opens, services: Services, qtbot: QtBot
) -> None:
    with team_consultations_known():
        record = held(services, 1)
        window = opens()
        command(window, qtbot, "go to team")
        page = shown(window, ListPage)
        assert page.title.text() == "Team consultations"
        assert page.new.text() == "New team consultation"
        press(window, Key.Key_Down)
        press(window, Key.Key_Return)
        rest(qtbot, window)
        assert shown(window, RecordPage).record == record
        command(window, qtbot, "new team")
        draft = shown(window, RecordFormPage).draft
        assert draft.kind == TEAM_CONSULTATION.name
        assert draft.fields["status"] == "open"


def test_a_kind_with_a_place_in_the_rail_has_its_item_its_number_and_its_light(
    opens: Opens, services: Services, qtbot: QtBot
) -> None:
    with team_consultations_known(KindStyle(icon="users", rail=8)):
        record = held(services, 1)
        window = opens()
        assert list(window.rail.items) == [
            "on_call",
            "children",
            "carers",
            "supervision",
            "training_list",
            "incidents",
            "actions",
            LIST,
            "since",
        ]
        assert window.rail.items[LIST].text() == "Team consultations"
        press(window, Key.Key_8, Modifier.ControlModifier)
        rest(qtbot, window)
        assert window.location.route == LIST
        assert lit(window) == [LIST]
        window.go("on_call")
        window.context.open(record, TEAM_CONSULTATION.name)
        rest(qtbot, window)
        assert lit(window) == [LIST]
        window.context.new(TEAM_CONSULTATION.name)
        rest(qtbot, window)
        assert lit(window) == [LIST]
        press(window, Key.Key_F1)
        layer = window.layers.top
        assert isinstance(layer, HelpLayer)
        texts = [label.text() for label in layer.findChildren(type(window.rail.role))]
        assert "Go to Team consultations" in texts


def test_kinds_of_one_place_share_an_item_and_all_of_them_light_it(
    opens: Opens, services: Services, qtbot: QtBot
) -> None:
    with team_consultations_known(KindStyle(rail=ACTIONS)):
        record = held(services, 1)
        window = opens()
        assert list(window.rail.items) == [
            "on_call",
            "children",
            "carers",
            "supervision",
            "training_list",
            "incidents",
            "actions",
            "since",
        ]
        window.go(LIST)
        rest(qtbot, window)
        assert lit(window) == ["actions"]
        window.go("sync")
        window.context.open(record, TEAM_CONSULTATION.name)
        rest(qtbot, window)
        assert lit(window) == ["actions"]


def test_an_actions_page_lights_the_rail_and_a_contacts_page_the_on_call_screen(
    opens: Opens, services: Services, qtbot: QtBot
) -> None:
    window = opens()
    for kind, item in (("action", "actions"), ("contact", "on_call"), ("carer", "carers"), ("child", "children")):
        window.go("sync")
        window.context.open(services.store.records_of(kind)[0].record, kind)
        rest(qtbot, window)
        assert lit(window) == [item], kind
    window.context.open(services.store.records_of("placement")[0].record, "placement")
    rest(qtbot, window)
    assert lit(window) == []


def test_the_list_of_a_kind_is_open_again_after_unlock(opens: Opens, qtbot: QtBot) -> None:
    with team_consultations_known():
        first = opens()
        first.go(LIST)
        rest(qtbot, first)
        first.lock()
        first.hide()
        assert opens().location.route == LIST


def test_a_list_that_is_not_there_any_more_gives_way_to_the_on_call_screen(opens: Opens, qtbot: QtBot) -> None:
    with team_consultations_known():
        first = opens()
        first.go(LIST)
        rest(qtbot, first)
        first.lock()
        first.hide()
    assert opens().location.route == "on_call"


def test_a_list_in_the_rail_keeps_what_was_typed_and_another_begins_anew(opens: Opens, qtbot: QtBot) -> None:
    with team_consultations_known():
        window = opens()
        pages = {}
        for route in ("actions", LIST):
            window.go(route)
            rest(qtbot, window)
            pages[route] = window.page
            window.go("on_call")
            rest(qtbot, window)
        window.go("actions")
        assert window.page is pages["actions"]
        window.go(LIST)
        assert window.page is not pages[LIST]


def test_the_commands_are_those_of_the_role() -> None:
    with team_consultations_known():
        for role in ("on_call", "supervising", "manager", "administrator", "commissioner"):
            words = [listed.words for listed in screens.commands(role)]
            assert len(words) == len(set(words))
            for kind in KINDS.values():
                style = style_of(kind.name)
                if screens.screens()[style.form].title:
                    continue  # one goes to the screen on which it is written
                assert (style.new_label in words) == bool(style.list and role in kind.writers), (role, kind.name)
            lists = {screen.kind for screen in screens.open_to(role).values() if screen.opens != "draft"} - {""}
            assert lists == {kind.name for kind in KINDS.values() if kind.columns and role in kind.readers}


def test_the_commissioner_has_no_children_in_the_rail_and_is_told_so_when_asking_for_them(
    opens: Opens, services: Services, qtbot: QtBot
) -> None:
    sign_in_as(services.store, role="commissioner")
    window = opens()
    assert list(window.rail.items) == ["on_call"]
    before = window.page
    window.go("children")
    assert window.page is before
    assert window.feedback.toast.words.text() == (
        "Only on-call practitioners, supervising social workers, lead practitioners, service managers and administrators "
        "can read children. If you need it, ask S. Lloyd, 07700 900312."
    )


def test_no_two_screens_have_one_route_and_every_key_of_the_rail_is_one_of_the_windows(opens: Opens) -> None:
    with team_consultations_known(KindStyle(rail=ACTIONS)):
        routes = [screen.route for screen in screens.BY_HAND] + [style_of(kind).list for kind in KINDS]
        named = [route for route in routes if route]
        assert len(named) == len(set(named))
        window = opens()
        direct = {shortcut.key() for shortcut in window.findChildren(QShortcut) if shortcut.parent() is window}
        assert {QKeySequence(f"Ctrl+{number}") for number in range(1, 9)} <= direct
        assert QKeySequence("Ctrl+9") not in direct


def test_the_look_of_a_kind_follows_from_its_words() -> None:
    with team_consultations_known():
        style = style_of(TEAM_CONSULTATION.name)
        assert style.new_label == "New team consultation"
        assert style.filter_label == "Find words in team consultations"
        assert style.empty[0] == "No team consultations yet"
    assert style_of("practitioner").filter_label == "Filter practitioners by name or number"
    assert style_of("shift").new_label == "New on-call shift"
    assert style_of("certificate").list == ""
    assert style_of("not a kind") == KindStyle()


@pytest.mark.parametrize("call", [{}, {"started": "2017-03-14T02:00:00+00:00"}])
def test_a_draft_of_a_kind_that_is_not_known_is_listed_and_says_why_it_does_not_open(
    opens: Opens, services: Services, qtbot: QtBot, call: dict[str, str]
) -> None:
    draft = replace(services.records.new_draft("contact"), kind="future", fields={"a": "typed"}, call=call)
    saved_draft = services.records.save(draft)
    with services.store.write() as unit:
        unit.set(StoreSetting.OPEN_PAGE, json.dumps({"place": "record_form", "record": draft.record}))
    window = opens()
    assert window.location.route == screens.ON_CALL_NOW
    window.go("drafts")
    rest(qtbot, window)
    page = shown(window, DraftsPage)
    page.carry_on.click()
    rest(qtbot, window)
    assert window.page is page
    assert "Update the program" in window.feedback.toast.words.text()
    assert services.store.draft(draft.record) == saved_draft
