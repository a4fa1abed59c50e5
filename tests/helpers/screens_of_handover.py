"""The screens in the pictures of the morning: the handover for both sides, and what happened since last time."""

from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtWidgets import QWidget

from tests.helpers.demo_laptop import DemoLaptop, at, shown
from tests.helpers.several_laptops import child_named, exchange
from tests.helpers.store_fixtures import sign_in_as


def since(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the screen that a supervising social worker sees first in the morning after Kai came back."""
    store, services = demo.store, demo.services
    demo.clock.now = datetime(2017, 3, 14, 2, 15, tzinfo=UTC)
    kai = child_named(services, "Kai")
    if not store.newest_about([kai], kind="contact")[kai][0].fields.get("back_at"):
        answers = {
            "type": "call",
            "caller_name": "Jo Preece",
            "caller_role": "carer",
            "children": [kai],
            "concerns": ["missing"],
            "missing": "back",
            "back_at": "2017-03-14T02:05:00+00:00",
            "happening": "Kai came in by the back door. Cut palm.",
            "advice": "Toast, low voice, no questions tonight.",
            "risk": "medium",
            "needs_to_know": ["police", "edt"],
            "handover": True,
        }
        services.records.finish(replace(services.records.new_draft("contact"), fields=answers))
    _handed_over(demo)
    demo.clock.now = datetime(2017, 3, 14, 9, 5, tzinfo=UTC)
    _as_the_day(demo)
    return shown(demo, demo.window(), size)


def _as_the_day(demo: DemoLaptop) -> None:
    """Sign in as D. Marsh, who supervises households by day."""
    sign_in_as(demo.store, person=demo.services.actions.person_named("D. Marsh"), name="D. Marsh", role="supervising")


def _handed_over(demo: DemoLaptop) -> str:
    """Return the record of the night's handover by A. Bevan at 08:12; K. Adeyemi has accepted some of it."""
    services, other = demo.services, demo.other()
    published = [record.record for record in services.handovers.recent()]
    if not published:
        demo.clock.now = datetime(2017, 3, 14, 8, 12, tzinfo=UTC)
        published = [services.handovers.publish(services.handovers.draft(services.handovers.night())).envelope.record]
        exchange(services, other)
        demo.clock.now = datetime(2017, 3, 14, 8, 51, tzinfo=UTC)
        view = other.handover_views.view(published[0])
        assert view is not None
        for item in view.all_items:
            if item.title.startswith(("Kai", "Josh", "Ellie")) or item.words.startswith("Kai"):
                other.handovers.accept(published[0], item.id)
        other.handovers.message(published[0], "Jo says thank you. Kai went to school.")
        exchange(services, other)
    demo.clock.now = datetime(2017, 3, 14, 9, 4, tzinfo=UTC)
    return published[0]


def handover(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the page of a handover for a day worker."""
    record = _handed_over(demo)
    _as_the_day(demo)
    return at("handover", record=record)(demo, size)


def handover_on_paper(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the print preview of a handover."""
    return at("print", record=_handed_over(demo))(demo, size)


def own_handover(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the page of a handover for the practitioner who was on call."""
    return at("handover", record=_handed_over(demo))(demo, size)


def hand_over(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the draft of a handover."""
    demo.clock.now = datetime(2017, 3, 14, 8, 5, tzinfo=UTC)
    return at("new_record", kind="handover")(demo, size)
