"""The screens of a supervision visit: written at the Preeces' kitchen table on the morning of 16 March 2017 by D. Marsh."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from hipss_desktop import times
from hipss_desktop.kinds.action import ACTION, carried_at
from hipss_desktop.kinds.visit import VISIT
from hipss_desktop.services.ports import Draft
from hipss_desktop.views.services import Services
from tests.helpers.demo_laptop import CTRL, DemoLaptop, at, key, settle, shown
from tests.helpers.several_laptops import child_named
from tests.helpers.store_fixtures import SetClock, sign_in_as

FEBRUARY = datetime(2017, 2, 16, 10, 30, tzinfo=UTC)
MARCH = datetime(2017, 3, 16, 10, 30, tzinfo=UTC)
AGREED = (
    ("Fit lock to tool cupboard", "Martin", "2017-02-24"),
    ("Ask school for a key adult", "D. Marsh", "2017-03-10"),
    ("Book respite for April", "Jo", "2017-03-31"),
)
PRESENT = ("took_part", "at_home", "caring")


def preeces(services: Services) -> str:
    """Return the Preeces' household."""
    people = services.people
    return next(row.record for row in people.of_kind("carer") if "Preece" in people.name(row.record))


def visited(services: Services, draft: Draft, began: datetime, **answers: Any) -> Draft:
    """Return a draft with the fewest answers that a visit needs."""
    members = services.supervision.members(preeces(services))
    people = [
        {"id": f"household-{member.row}", "who": "household", "member": member.row, "name": member.name}
        for member in members
    ]
    fields = {
        **draft.fields,
        "type": "planned",
        "began": times.stamp(began),
        "people": [{**person, "was": list(PRESENT)} for person in people],
        "children": [{**row, "seen": True, "seen_alone": True} for row in draft.fields.get("children", [])],
    }
    return replace(draft, fields={**fields, **answers})


def agreed_in_february(services: Services, clock: SetClock) -> None:
    """Finish the visit of 16 February, in which three actions were agreed."""
    carer, now = preeces(services), clock.now
    if services.supervision.previous(carer) is not None:
        return
    clock.now = datetime(2017, 2, 16, 12, 10, tzinfo=UTC)
    rows = [
        {"id": f"a{place}", "what": action, "owner": who, "due": due} for place, (action, who, due) in enumerate(AGREED)
    ]
    services.records.finish(visited(services, services.supervision.start(carer), FEBRUARY, new_actions=rows, since=[]))
    clock.now = now


def begun(demo: DemoLaptop) -> Draft:
    """Return the half-written draft of the visit, after finishing the visit of February."""
    services, carer = demo.services, preeces(demo.services)
    sign_in_as(demo.store, role="supervising", name="D. Marsh", person=services.actions.person_named("D. Marsh"))
    agreed_in_february(services, demo.clock)
    demo.clock.now = MARCH
    draft = services.supervision.start(carer)
    if draft.saved:
        return draft
    kai = child_named(services, "Kai")
    words = "“I only went because she didn’t ring. Jo stayed up for me. I’m not bothered about the interview.”"
    seen = "Tired, dressing on left hand clean. Joked with Martin. Would not talk about Moor Street."
    tired = "Jo is tired after the two nights. They would like respite in April, and somebody to ring at tea time."
    note = [
        {"id": "n1", "place": "5", "mark": "said", "section": "words", "child": kai, "text": words, "read_back": True},
        {"id": "n2", "place": "5", "mark": "fact", "section": "noticed", "child": kai, "text": seen, "read_back": True},
        {"id": "n3", "place": "5", "section": "wellbeing", "text": tired, "read_back": True},
        {
            "id": "n4",
            "place": "7",
            "mark": "third_party",
            "section": "wellbeing",
            "text": "Jo’s sister told her that she worries about them.",
        },
    ]
    since = [{**row, "raised": True} if place < 3 else row for place, row in enumerate(draft.fields["since"])]
    children = [
        {**row, "seen": True, "seen_alone": True, "where": "Garage", "minutes": 20} for row in draft.fields["children"]
    ]
    draft = visited(services, draft, MARCH, note=note, since=since, children=children)
    return services.records.save(draft)


def visit_page(steps: int = 0) -> Callable[[DemoLaptop, tuple[int, int]], QWidget]:
    """Return a function that builds the page of the visit, ``steps`` parts after the first."""

    def build(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
        draft = begun(demo)
        window = demo.window()
        shown(demo, window, size)
        window.go("visit_form", draft=draft)
        settle(window)
        QTest.qWait(400)
        for _ in range(steps):
            key(window, Qt.Key.Key_PageDown, CTRL)
        settle(window)
        QTest.qWait(300)
        return window

    return build


def visit_actions(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the part with the last visit's actions, one of which is carried forward."""
    draft = begun(demo)
    actions = demo.services.supervision.agreed(VISIT.read(draft.fields), draft.record)
    if not any(carried_at(ACTION.of(action), draft.record) for action in actions):
        demo.services.supervision.carry(actions[1].record, draft.record)
    return visit_page(1)(demo, size)


def visit_begins(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the page that begins a visit without a household."""
    sign_in_as(demo.store, role="supervising", name="D. Marsh")
    demo.clock.now = MARCH
    return at("visit_form")(demo, size)


def finished(demo: DemoLaptop) -> str:
    """Finish the visit of March, and return its record."""
    draft = begun(demo)
    if demo.store.get(draft.record) is None:
        demo.clock.now = datetime(2017, 3, 16, 11, 50, tzinfo=UTC)
        rows = [{"id": "b1", "what": "Ring the school about tea time", "owner": "D. Marsh", "due": "2017-03-24"}]
        fields = {**draft.fields, "ended": times.stamp(demo.clock.now), "new_actions": rows, "left": ["training"]}
        demo.services.records.finish(replace(draft, fields={**fields, "next_on": "2017-04-13"}))
    return draft.record


def visit_record(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the page of the finished visit."""
    return at("visit", record=finished(demo))(demo, size)


def carer_copy(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the print preview of the carers' copy."""
    return at("carer_copy", record=finished(demo))(demo, size)
