"""The screens of consultations on L. Whitcombe's laptop on 14 March 2017, with the consultation about S. of 8 March."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from hipss_desktop.kinds.case import CASE
from hipss_desktop.kinds.consultation import CANCELLED, CONSULTATION
from hipss_desktop.services.ports import Draft
from hipss_desktop.services.questions import move_to
from hipss_desktop.views.services import Services
from tests.helpers.demo_laptop import DemoLaptop, at, settle
from tests.helpers.store_fixtures import SetClock, sign_in_as
from ui.consultations.list_page import ConsultationsPage

NOW = datetime(2017, 3, 14, 14, 2, tzinfo=UTC)
CAME = (
    ("F. Doyle", "Social worker", "Edge of Care"),
    ("M. Iqbal", "Family support", "Edge of Care"),
    ("J. Tranter", "SENCO", "Lugg Bridge School"),
)
TEXT = (
    ("question", "said", "How do we keep S. in school, and what do we say when she asks who leaves next?", ""),
    ("tried", "", "A reward chart for two weeks. A seat by the door, which helped.", ""),
    ("see", "fact", "Runs from class most days. Hits mum when asked to stop gaming. Sleeps 4 hours.", ""),
    ("before", "", "Dad left without goodbye at 7. Three house moves. Early neglect.", ""),
    ("sets_off", "", "Sudden endings. Adults leaving the room. Mondays.", ""),
    ("keeps_going", "opinion", "School sends her home, so leaving works. Mum avoids saying no.", ""),
    ("protects", "", "Close to gran. Loves drawing. Mum wants help.", ""),
    (
        "guess",
        "opinion",
        "Leaving first feels safer to S. than being left.",
        "She stays when an ending is told a week before, and runs when it is not.",
    ),
    ("strengths", "", "The school knows her well. Mum rings when it gets too much.", ""),
)
PLAN = (
    ("Countdown card for every ending at school", "J. Tranter", "2017-03-10"),
    ("Ask gran about a weekly drawing evening", "F. Doyle", "2017-03-24"),
    ("Bedtime plan with mum, two home visits", "M. Iqbal", "2017-03-31"),
)
OTHERS: tuple[Mapping[str, Any], ...] = (
    {"about": "theme", "theme": "Endings", "team": "sixteen_plus", "held_on": "2017-03-13"},
    {"about": "case", "case": ("T.", "CIN-0874"), "team": "fieldwork", "held_on": "2017-03-02"},
    {
        "about": "case",
        "case": ("R.", "LAC-0412"),
        "team": "looked_after",
        "held_on": "2017-02-28",
        "late": "2017-03-11",
    },
    {"about": "theme", "theme": "School refusal", "team": "edge_of_care", "held_on": "2017-02-22"},
    {"about": "case", "case": ("L.", "LAC-0398"), "team": "virtual_school", "held_on": "2017-02-09"},
)


def attendees() -> list[dict[str, str]]:
    """Return the rows of the three who came, and of one who sent apologies."""
    rows = [
        {"id": f"a{place}", "name": name, "role": role, "organisation": organisation, "was": "came"}
        for place, (name, role, organisation) in enumerate(CAME)
    ]
    return [*rows, {"id": "a9", "name": "P. Hale", "role": "Educational psychologist", "was": "apologies"}]


def text() -> list[dict[str, str]]:
    """Return the paragraphs about S."""
    return [
        {"id": f"t{place}", "place": "5", "section": section, "mark": mark, "text": words, "wrong_if": wrong_if}
        for place, (section, mark, words, wrong_if) in enumerate(TEXT)
    ]


def plan() -> list[dict[str, str]]:
    """Return the rows of the plan about S."""
    return [{"id": f"p{place}", "what": action, "owner": who, "by": by} for place, (action, who, by) in enumerate(PLAN)]


def case_of(services: Services, name: str, number: str) -> str:
    """Return a case of another team, and create it if it does not exist."""
    known = next((record for record in services.people.of_kind(CASE.name) if CASE.of(record).number == number), None)
    if known is not None:
        return known.record
    fields = {"name": name, "number": number, "born_month": 3, "born_year": 2005, "team": "edge_of_care"}
    return services.records.finish(services.records.new_draft(CASE.name, fields)).envelope.record


def about_s(services: Services) -> dict[str, Any]:
    """Return the answers of the consultation of 8 March about S."""
    return {
        "stage": "held",
        "about": "case",
        "case": case_of(services, "S.", "EOC-2231"),
        "team": "edge_of_care",
        "asked_on": "2017-02-20",
        "asked_by": "F. Doyle",
        "held_on": "2017-03-08",
        "began": "2017-03-08T13:30:00+00:00",
        "ended": "2017-03-08T15:00:00+00:00",
        "form": "one_off",
        "mode": "in_person",
        "attendees": attendees(),
        "status": "edge_of_care",
        "child_knows": "yes",
        "parents_know": "yes",
        "text": text(),
        "plan": plan(),
        "safeguarding": "nothing_new",
    }


def other(services: Services, answers: Mapping[str, Any]) -> None:
    """Finish a short consultation; all of its plan is done except the ``late`` row."""
    fields: dict[str, Any] = {name: value for name, value in answers.items() if name != "late"}
    if "case" in fields:
        fields["case"] = case_of(services, *fields["case"])
    late = answers.get("late")
    rows = [{"id": "r", "what": "Letter to the school", "owner": "M. Iqbal", "by": late}] if late else []
    written: dict[str, Any] = {
        "form": "one_off",
        "attendees": attendees()[:2],
        "text": text()[:1],
        "safeguarding": "nothing_new",
        "plan": rows,
    }
    record = services.records.finish(services.consultations.begin(**written, **fields)).envelope.record
    services.consultations.give_page(record, "F. Doyle", "email")


def loaded(services: Services, clock: SetClock) -> None:
    """Finish all consultations in the pictures, on a laptop whose person may write them."""
    for answers in OTHERS:
        other(services, answers)
    record = services.records.finish(services.records.new_draft(CONSULTATION.name, about_s(services))).envelope.record
    services.consultations.give_page(record, "F. Doyle", "hand", at="2017-03-09T09:20:00+00:00")
    services.consultations.agree(record, "F. Doyle")
    services.consultations.answer(record, "p1", "done")
    planned = {"about": "theme", "theme": "Sleep", "team": "hipss_carers", "asked_on": "2017-03-01"}
    clock.now = NOW - timedelta(days=4)
    for stage_code, at_day in (("planned", "2017-03-13T10:00:00+00:00"), ("asked", "")):
        fields = {**planned, "asked_by": "D. Marsh", **({"planned_for": at_day} if at_day else {"team": "fostering"})}
        services.records.finish(services.consultations.begin(stage_code, **fields))
    clock.now = NOW


def signed_in(demo: DemoLaptop) -> Services:
    """Sign the laptop in as L. Whitcombe, with all consultations, and return its services."""
    sign_in_as(demo.store, role="lead", name="L. Whitcombe")
    demo.clock.now = NOW
    if not demo.store.count(CONSULTATION.name):
        loaded(demo.services, demo.clock)
    return demo.services


def record_about_s(services: Services) -> str:
    """Return the record of the consultation about S."""
    team_consultations = services.consultations.listed(team="edge_of_care")
    return next(record.record for record in team_consultations if CONSULTATION.of(record).about == "case")


def consultations(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the list, with the consultation about S. selected."""
    services = signed_in(demo)
    window = at("consultation_list")(demo, size)
    record = record_about_s(services)
    page = window.findChild(ConsultationsPage)
    assert page is not None, "the list was opened"
    QTest.qWait(300)
    place = next(at for at, line in enumerate(page.model.lines) if line.record == record)
    page.table.selectRow(place)
    settle(window)
    QTest.qWait(300)
    return window


def consultation(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the page of the consultation about S."""
    return at("consultation", record=record_about_s(signed_in(demo)))(demo, size)


def draft_about_s(services: Services) -> Draft:
    """Return a half-written draft of the next consultation about S., which begins with the plan of 8 March."""
    known = {"about": "case", "case": case_of(services, "S.", "EOC-2231"), "team": "edge_of_care"}
    draft = services.consultations.begin(**known)
    guess = [paragraph for paragraph in text() if paragraph["section"] in ("question", "see", "guess")]
    return replace(draft, fields={**draft.fields, "attendees": attendees()[:1], "text": guess})


def consultation_form(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the form of the next consultation about S."""
    window = at("consultation_form", draft=draft_about_s(signed_in(demo)))(demo, size)
    QTest.qWait(900)
    settle(window)
    return window


def consultation_text(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the form at the sections of its text."""
    draft = draft_about_s(signed_in(demo))
    window = at("consultation_form", draft=draft, at="text")(demo, size)
    QTest.qWait(900)
    settle(window)
    return window


def consultation_page(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the print preview of the page for those who came."""
    return at("consultation_page", record=record_about_s(signed_in(demo)))(demo, size)


def consultation_planned(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the page of a planned consultation whose day is past, with the question who cancelled it."""
    services = signed_in(demo)
    [planned] = services.consultations.listed(team="hipss_carers")
    return at("consultation", record=planned.record, question=move_to(CANCELLED))(demo, size)


def case(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the page of the case of S., with the records about her."""
    return at("case", record=case_of(signed_in(demo), "S.", "EOC-2231"))(demo, size)


def case_form(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the form of a case whose number another case has already."""
    draft = signed_in(demo).records.new_draft(CASE.name, {"name": "Sam", "number": "EOC-2231"})
    window = at("case_form", draft=draft)(demo, size)
    QTest.qWait(300)
    settle(window)
    return window


def as_lead(services: Services, clock: SetClock) -> Services:
    """Sign a laptop in as L. Whitcombe, with the consultations in the pictures."""
    sign_in_as(services.store, role="lead", name="L. Whitcombe")
    loaded(services, clock)
    return services
