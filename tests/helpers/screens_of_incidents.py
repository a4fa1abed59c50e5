"""The incident of the night and the hold of the evening before: their pages, their clocks, and how they are amended."""

from datetime import UTC, datetime

from PySide6.QtWidgets import QWidget

from hipss_desktop.records.paragraphs import one_paragraph
from tests.helpers.demo_laptop import DemoLaptop, at, settle
from tests.helpers.several_laptops import child_named
from ui.children.clocks_tab import WHO
from ui.parts import reveal_inside
from ui.records.form import RecordForm
from ui.records.timeline_pane import Place


def weighed(*paragraphs: tuple[str, str]) -> list[dict[str, str]]:
    """Return a text by paragraph, from marks and words."""
    return [
        {"id": f"p{place}", "place": str(place), "mark": mark, "text": words}
        for place, (mark, words) in enumerate(paragraphs, start=1)
    ]


HAPPENED = weighed(
    ("fact", "Reported missing 21:40, log 0612. Came in by the back door at 02:05."),
    ("fact", "Cut on left palm, 2 cm, washed by Jo. Not bleeding at 02:45."),
    ("said", "Jo: “He smelled of cider and would not look at me.”"),
    ("third_party", "Police: a neighbour saw a grey car at the Moor Street flats at 23:15."),
    ("opinion", "He was probably with the older boys again."),
    ("decision", "No questions tonight. R. Pugh to be told at 09:00. S. Lloyd decides about Ofsted."),
)
"""What happened to Kai, paragraph by paragraph."""


def child_clocks(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build Kai's page at the list of who must be told, with the incident of the night."""
    _incident_of_kai(demo)
    return at("child", record=child_named(demo.services, "Kai"), place=Place(WHO))(demo, size)


def incident(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the page of the incident of the night: Kai is back, and the police and the interviewer must be told."""
    return at("incident", record=_incident_of_kai(demo))(demo, size)


def _incident_of_kai(demo: DemoLaptop) -> str:
    """Return the record of the incident of the night about Kai, at 02:24."""
    services, kai = demo.services, child_named(demo.services, "Kai")
    records = demo.store.records_about(kai, kind="incident")
    if not records:
        contact = demo.store.records_about(kai, kind="contact", limit=1)[0]
        fields = services.incidents.from_contact(contact)
        fields |= {
            "types": ["missing"],
            "happening": HAPPENED,
            "aware": "2017-03-13T21:40:00+00:00",
        }
        fields |= {"happened": "2017-03-13T20:15:00+00:00"}
        draft = services.records.new_draft("incident", fields)
        services.records.finish(draft)
        notified_row = {
            "recipient": "police",
            "at": "2017-03-13T21:40:00+00:00",
            "told_by": "Jo Preece",
            "reference": "0612",
            "how": "phone",
        }
        services.records.add_row(draft.record, "notified", notified_row)
        services.records.add_row(
            draft.record,
            "returned",
            {"child": kai, "at": "2017-03-14T02:05:00+00:00", "injuries": "Cut on left palm, washed"},
        )
        records = demo.store.records_about(kai, kind="incident")
    demo.clock.now = datetime(2017, 3, 14, 2, 24, tzinfo=UTC)
    return records[0].record


def incident_record(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the whole record of the incident, with what happened paragraph by paragraph."""
    return at("record", record=_incident_of_kai(demo))(demo, size)


def amend_incident(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the form that amends what happened, paragraph by paragraph."""
    page = at("amend", record=_incident_of_kai(demo))(demo, size)
    form = page.findChild(RecordForm)
    assert form is not None
    control = form.controls["happening"]
    control.go()
    settle()
    reveal_inside(control)
    settle()
    return page


def restraint(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the page of Tyler's restraint of the evening before, as a manager reads it; nobody spoke to Carol yet."""
    services, tyler = demo.services, child_named(demo.services, "Tyler")
    demo.clock.now = datetime(2017, 3, 14, 9, 20, tzinfo=UTC)
    records = demo.store.records_about(tyler, kind="restraint")
    if not records:
        carol = next(carer for carer in services.people.of_kind("carer") if "Yeo" in services.people.name(carer.record))
        fields = {
            "child": tyler,
            "carer": carol.record,
            "began": "2017-03-13T18:40:00+00:00",
            "ended": "2017-03-13T18:40:00+00:00",
            "how_long": "About 20 seconds",
            "held_by": "Carol Yeo",
            "where": "Tyler’s bedroom",
            "led_to_it": weighed(
                ("fact", "Wifi went off at 18:30. He shouted, then climbed on to the sill of the open window."),
                ("opinion", "He was frightened more than angry."),
            ),
            "tried_first": weighed(
                ("said", "Carol asked him to come in, stepped back, offered the house phone. He leaned further out.")
            ),
            "hold_words": one_paragraph("Held by the right forearm, then let go"),
            "why_needed": one_paragraph("To stop him falling"),
            "written": "2017-03-13T21:05:00+00:00",
        }
        draft = services.records.new_draft("restraint", fields)
        services.records.finish(draft)
        seen = {"seen_by": "Carol Yeo", "side": "front", "origin": "hold", "at": "2017-03-13T18:50:00+00:00"}
        mark = {"place": "right_forearm", "words": "Red mark", "size": 3, "across": 23, "down": 44, **seen}
        services.records.add_row(draft.record, "marks", mark)
        mark = {"place": "left_thigh", "words": "Graze", "size": 2, **seen, "side": "back", "origin": "other"}
        services.records.add_row(draft.record, "marks", mark)
        account = {
            "given": "given",
            "words": "She grabbed me cos I was half out. I weren’t going to jump.",
            "to": "R. Penn",
        }
        services.records.add_row(draft.record, "accounts", {**account, "at": "2017-03-13T19:40:00+00:00"})
        records = demo.store.records_about(tyler, kind="restraint")
    return at("restraint", record=records[0].record)(demo, size)
