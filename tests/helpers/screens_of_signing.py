"""The screen in the pictures of what waits to be signed: a manager reads an incident of the night."""

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from hipss_desktop import times
from hipss_desktop.views.services import Services
from tests.helpers.demo_laptop import CTRL, DemoLaptop, at, key, settle, write
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import SetClock, sign_in_as

PARAGRAPHS = (
    ("fact", "Reported missing 21:40, log 0612. Came in by the back door at 02:05."),
    ("fact", "Cut on left palm, 2 cm, washed by Jo. Not bleeding at 02:45."),
    ("said", "Jo: “He smelled of cider and would not look at me.”"),
    ("third_party", "Police: a neighbour saw a grey car at the Moor Street flats at 23:15."),
    ("opinion", "He was probably with the older boys again."),
    ("decision", "No questions tonight. R. Pugh to be told at 09:00. S. Lloyd decides about Ofsted."),
)


def marked_incident(services: Services, clock: SetClock, child: str, at: datetime) -> str:
    """Finish an incident with marked paragraphs, and return its record."""
    clock.now = at
    rows = [
        {"id": f"p{place}", "place": str(place), "mark": mark, "text": text}
        for place, (mark, text) in enumerate(PARAGRAPHS, start=1)
    ]
    aware = times.stamp(at - timedelta(minutes=34))
    fields = {"types": ["missing"], "children": [child], "happened": aware, "aware": aware, "happening": rows}
    return services.records.finish(services.records.new_draft("incident", fields)).envelope.record


def _colleague(services: Services, name: str) -> str:
    """Return the record of a colleague by name."""
    return next(
        record.record for record in services.people.of_kind("practitioner") if record.fields.get("name") == name
    )


def countersign(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the screen two days later: a manager reads the incident and writes a comment."""
    services, clock = demo.services, demo.clock
    sign_in_as(demo.store, person=_colleague(services, "A. Bevan"))
    marked_incident(services, clock, child_named(services, "Kai"), datetime(2017, 3, 14, 2, 58, tzinfo=UTC))
    marked_incident(services, clock, child_named(services, "Tyler"), datetime(2017, 3, 16, 12, 20, tzinfo=UTC))
    clock.now = datetime(2017, 3, 16, 15, 20, tzinfo=UTC)
    sign_in_as(demo.store, role="manager", person=_colleague(services, "S. Lloyd"), name="S. Lloyd")
    window = at("countersign")(demo, size)
    QTest.qWait(300)
    settle(window)
    key(window, Qt.Key.Key_Return)
    for _ in range(5):
        key(window, Qt.Key.Key_Down)
        settle(window)
    key(window, Qt.Key.Key_M, CTRL)
    settle(window)
    write(window, "What makes you think so? Add it, or take the line out. The rest is clear and fair.")
    QTest.qWait(300)
    settle(window)
    return window
