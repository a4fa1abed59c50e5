"""The screens in the pictures of the night: the check before it, the rota, a caller's card, and a child who is not home."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from hipss_desktop.services.night_check import note_exchange, note_unlock_offline
from hipss_desktop.services.store_settings import StoreSetting
from tests.helpers.demo_laptop import CTRL, DemoLaptop, at, key, settle, shown, write
from tests.helpers.guide_for_kai import guide_for_kai
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import sign_in_as


def night_check(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the night check at 16:30, an hour before the night, two minutes after an exchange."""
    demo.clock.now = datetime(2017, 3, 13, 16, 30, tzinfo=UTC)
    with demo.store.write() as unit:
        note_exchange(unit, datetime(2017, 3, 13, 16, 28, tzinfo=UTC))
        unit.set(StoreSetting.CLOCK_AHEAD, "1.0")
        note_unlock_offline(unit, datetime(2017, 3, 13, 16, 29, tzinfo=UTC))
    return at("night_check")(demo, size)


def rota(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the rota for a manager, with one night to fill."""
    demo.clock.now = datetime(2017, 3, 16, 18, 5, tzinfo=UTC)
    with demo.store.write() as unit:
        unit.set(StoreSetting.ROLE, "manager")
    return at("rota")(demo, size)


def palette(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    window = demo.window()
    shown(demo, window, size)
    key(window, Qt.Key.Key_K, CTRL)
    settle(window)
    write(window, "pree")
    QTest.qWait(400)
    settle(window)
    return window


def with_guide(place: str) -> Callable[[DemoLaptop, tuple[int, int]], QWidget]:
    """Return a function that builds a screen of the guide for Kai."""
    return lambda demo, size: at(place, record=guide_for_kai(demo.services, demo.clock))(demo, size)


def read_it_out(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    window = with_guide("read_it_out")(demo, size)
    for _ in range(3):
        key(window, Qt.Key.Key_Down)
    settle(window)
    return window


def _alert(demo: DemoLaptop) -> None:
    """Finish the day's alert about Kai, once."""
    if demo.store.records_of("alert", limit=1):
        return
    now, demo.clock.now = demo.clock.now, datetime(2017, 3, 13, 16, 20, tzinfo=UTC)
    answers = {
        "child": child_named(demo.services, "Kai"),
        "expected": "Mum missed Friday’s call and may miss today’s. Kai may go out after it.",
        "agreed": "Text him that the back door is open, ring 101 if not in by 21:30.",
        "ends": "2017-03-14T09:00:00+00:00",
    }
    demo.services.records.finish(replace(demo.services.records.new_draft("alert"), fields=answers))
    demo.clock.now = now


def caller_card(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    _alert(demo)
    window = palette(demo, size)
    key(window, Qt.Key.Key_Return)
    settle(window)
    return window


def begin_guide(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    return at("child_not_home", child=child_named(demo.services, "Ellie"))(demo, size)


def alert_and_visit(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the board with the day's alert, and a worker who is half an hour late."""
    _alert(demo)
    if not any(contact.fields.get("visit_out") for contact in demo.store.records_of("contact", limit=5)):
        answers = {
            "type": "call",
            "caller_name": "Carol Yeo",
            "caller_role": "carer",
            "concerns": ["carer_support"],
            "children": [child_named(demo.services, "Tyler")],
            "happening": "Carol asks for somebody to sit with her.",
            "no_advice": True,
            "risk": "low",
            "needs_to_know": ["nobody"],
            "told": "2017-03-14T00:50:00+00:00",
            "visit_out": "2017-03-14T01:00:00+00:00",
            "back_by": "2017-03-14T02:00:00+00:00",
        }
        demo.services.records.finish(replace(demo.services.records.new_draft("contact"), fields=answers))
    return shown(demo, demo.window(), size)


def child_with_alert(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    _alert(demo)
    return at("child", record=child_named(demo.services, "Kai"))(demo, size)


def two_on_a_card(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the card of a household where a second child sleeps tonight, on a laptop without an exchange for 33 hours."""
    preece = demo.services.people.find("preece")[0].record
    amara = child_named(demo.services, "Amara")
    if not any(
        placement.fields.get("carer") == preece for placement in demo.store.records_about(amara, kind="placement")
    ):
        sign_in_as(demo.store, exchanged="2017-03-12T17:42:00+00:00", role="manager")
        answers = {
            "child": amara,
            "carer": preece,
            "type": "respite",
            "start": "2017-03-13",
            "planned_end": "2017-03-15",
        }
        demo.services.records.finish(replace(demo.services.records.new_draft("placement"), fields=answers))
        sign_in_as(demo.store, role="on_call")
    return caller_card(demo, size)


def disk_takes_nothing(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build a call on a laptop whose disk cannot be written now."""
    demo.store.storage.read_only = True  # the same as after opening on such a disk
    window = at("log_contact")(demo, size)
    key(window, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    write(window, "Kai came in by the back door at 02:05.")
    settle(window)
    return window
