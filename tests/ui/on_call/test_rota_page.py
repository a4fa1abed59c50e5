"""The rota in the real window: by keyboard from day to day, gaps first, and a swap answered only as oneself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.store import LaptopStore
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.views.services import Services
from tests.helpers import walk
from tests.helpers.several_laptops import close, exchange, joined
from tests.helpers.store_fixtures import RecordingSession, SetClock
from tests.ui.shell.windows import press, rest, shown, windows
from ui.on_call.rota_page import RotaPage
from ui.records.draft_page import DraftPage
from ui.shell.window import MainWindow

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
MONDAY_NIGHT = "2017-03-13T17:30:00+00:00"


@pytest.fixture
def window(app: QApplication, session: RecordingSession, store: LaptopStore, qtbot: QtBot) -> Iterator[MainWindow]:
    """The window of A. Bevan, who is on call; it is 02:14 on 14 March 2017."""
    with store.write() as unit:
        unit.set(StoreSetting.PERSON, person(session.services, "A. Bevan"))
    with windows(lambda: MainWindow(session), qtbot) as make:
        yield make()


def person(services: Services, name: str) -> str:
    return next(record.record for record in services.people.of_kind("practitioner") if record.fields["name"] == name)


def shift(services: Services, start: str) -> str:
    return next(
        record.record for record in services.store.records_of("shift") if record.fields["planned_start"] == start
    )


def rota(window: MainWindow, qtbot: QtBot) -> RotaPage:
    window.go("rota")
    rest(qtbot, window)
    page = window.page
    assert isinstance(page, RotaPage)
    return page


def focused_name() -> str:
    return walk.focused().accessibleName()


def test_the_focus_begins_on_the_first_gap_and_enter_begins_the_shift_that_it_lacks(
    window: MainWindow, qtbot: QtBot
) -> None:
    rota(window, qtbot)
    assert focused_name() == "Thursday 23 March 2017, night, nobody. Gap."
    press(window, Key.Key_Return)
    rest(qtbot, window)
    form = window.page
    assert isinstance(form, DraftPage)
    assert (form.draft.fields["planned_start"], form.draft.fields["planned_end"]) == (
        "2017-03-23T17:30:00+00:00",
        "2017-03-24T08:30:00+00:00",
    )


def test_arrows_go_from_cell_to_cell_and_into_the_other_week(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    rota(window, qtbot)
    press(window, Key.Key_Up)
    assert focused_name() == "Thursday 16 March 2017, night, A. Bevan"
    for _ in range(3):
        press(window, Key.Key_Left)
    assert focused_name() == "Monday 13 March 2017, night, A. Bevan, On now"
    press(window, Key.Key_Right)
    assert focused_name() == "Tuesday 14 March 2017, night, K. Adeyemi"
    for _ in range(4):
        press(window, Key.Key_Right)
    assert focused_name() == "Saturday 18 March 2017, night, K. Adeyemi"
    press(window, Key.Key_Up)
    assert focused_name() == "Saturday 18 March 2017, day, K. Adeyemi"
    press(window, Key.Key_Left)
    assert focused_name() == "Saturday 18 March 2017, day, K. Adeyemi"
    press(window, Key.Key_Return)
    rest(qtbot, window)
    assert shown(window) == "RecordPage"


def test_ctrl_enter_does_the_first_thing_to_sort_out(window: MainWindow, qtbot: QtBot) -> None:
    page = rota(window, qtbot)
    assert page.buttons[0].accessibleName() == "Put in a name, Nobody, night of Thu 23"
    press(window, Key.Key_Return, CTRL)
    rest(qtbot, window)
    assert isinstance(window.page, DraftPage)


def test_another_fortnight_is_shown_and_the_focus_stays_on_the_button(window: MainWindow, qtbot: QtBot) -> None:
    page = rota(window, qtbot)
    page.before.setFocus()
    press(window, Key.Key_Return)
    rest(qtbot, window)
    assert page.words.text() == "Monday 27 February to Sunday 12 March 2017"
    assert walk.focused() is page.before
    assert not page.gaps.isVisible()


def test_a_swap_is_answered_here_only_by_those_who_may(
    window: MainWindow, services: Services, store: LaptopStore, clock: SetClock, qtbot: QtBot
) -> None:
    monday = shift(services, MONDAY_NIGHT)
    services.rota.step(monday, "asked")
    page = rota(window, qtbot)
    assert page.swaps.text() == "1 swap to agree"
    names = [button.accessibleName() for button in page.buttons if "Swap" in button.accessibleName()]
    assert names == ["Say no, Swap, night of Mon 13"]
    page.buttons[-1].setFocus()
    press(window, Key.Key_Return)
    rest(qtbot, window)
    record = store.get(monday)
    assert record is not None
    assert [row["step"] for row in record.fields["swaps"]] == ["asked", "refused"]
    assert not page.swaps.isVisible()
    assert window.feedback.toast.words.text() == "Swap refused"


def test_a_swap_is_asked_for_from_ones_own_shifts_and_taken_back(
    window: MainWindow, services: Services, store: LaptopStore, qtbot: QtBot
) -> None:
    page = rota(window, qtbot)
    assert not page.own.isVisible()
    everybody, mine = page.whose.chips()
    everybody.setFocus()
    press(window, Key.Key_Right)
    press(window, Key.Key_Space)
    rest(qtbot, window)
    assert walk.focused() is mine
    names = {cell.accessibleName().split(", ")[2] for cell in page.weeks.cells.values()}
    assert (names, len(page.weeks.cells)) == ({"A. Bevan"}, 5)
    assert not page.to_sort_out.isVisible()
    assert [button.accessibleName() for button in page.asks] == [
        "Ask for a swap, night of Thu 16",
        "Ask for a swap, night of Mon 20",
        "Ask for a swap, day of Sat 25",
        "Ask for a swap, night of Sat 25",
    ]
    page.asks[1].setFocus()
    press(window, Key.Key_Return)
    rest(qtbot, window)
    assert window.feedback.toast.words.text() == "Swap asked for"
    assert page.isAncestorOf(walk.focused())
    monday = store.get(shift(services, "2017-03-20T17:30:00+00:00"))
    assert monday is not None
    assert [row["step"] for row in monday.fields["swaps"]] == ["asked"]
    assert "Ask for a swap, night of Mon 20" not in [button.accessibleName() for button in page.asks]
    assert [button.accessibleName() for button in page.buttons] == ["Say no, Swap, night of Mon 20"]
    page.buttons[0].setFocus()
    press(window, Key.Key_Return)
    rest(qtbot, window)
    assert "Ask for a swap, night of Mon 20" in [button.accessibleName() for button in page.asks]
    assert not page.to_sort_out.isVisible()


def test_a_swap_is_taken_by_a_colleague_and_agreed_by_a_manager_by_presses_of_their_own(
    services: Services,
    store: LaptopStore,
    session: RecordingSession,
    clock: SetClock,
    tmp_path: Path,
    app: QApplication,
    qtbot: QtBot,
) -> None:
    with store.write() as unit:
        unit.set(StoreSetting.PERSON, person(services, "A. Bevan"))
    penn = joined(tmp_path / "penn", clock, services, name="R. Penn", laptop="HIPSS-LT-02")
    lloyd = joined(tmp_path / "lloyd", clock, services, name="S. Lloyd", laptop="HIPSS-LT-01", role="manager")
    services.rota.step(shift(services, "2017-03-20T17:30:00+00:00"), "asked")
    exchange(services, penn, lloyd)
    for someone, name in ((penn, "Take it, Swap, night of Mon 20"), (lloyd, "Agree, Swap, night of Mon 20")):
        with windows(lambda someone=someone: MainWindow(RecordingSession(someone)), qtbot) as make:  # type: ignore[misc]  # the person of this turn
            window = make()
            page = rota(window, qtbot)
            button = next(button for button in page.buttons if button.accessibleName() == name)
            button.setFocus()
            press(window, Key.Key_Return)
            rest(qtbot, window)
        exchange(services, penn, lloyd)
    monday = next(line for line in services.rota_views.fortnight().shifts if line.start.day == 20)
    assert (monday.on_call, monday.is_own, monday.may_ask) == ("R. Penn", False, False)
    assert monday.swap is not None
    assert monday.swap.words == "A. Bevan asked, R. Penn said yes, S. Lloyd agreed"
    close([penn, lloyd])
