"""The screens in the pictures of training: a morning with 18 invited, its certificate and sign-in sheet, and the list."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from PySide6.QtWidgets import QWidget

from hipss_desktop.views.services import Services
from tests.helpers.demo_laptop import DemoLaptop, at, settle
from tests.helpers.screens_of_due import household, supervised
from tests.helpers.store_fixtures import SetClock, sign_in_as
from ui.training.session_page import SessionPage

MARCH_16 = datetime(2017, 3, 16, 14, 2, tzinfo=UTC)
CARERS = (
    ("Jo Preece", "Preece", "came"),
    ("Ann Colley", "Colley", "came"),
    ("Carol Yeo", "Yeo", "came"),
    ("Sunita Rao", "Rao", "came"),
    ("Pauline Griffin", "Griffin", "came"),
    ("Beth Nash", "Nash", "apologies"),
)
OTHERS = (
    ("Social worker", "The council, looked-after children", ("F. Doyle", "", ""), ("came", "came", "did_not_come")),
    ("Social worker", "The council, 16+", ("", ""), ("came", "came")),
    ("Family support worker", "The council, Edge of Care", ("M. Iqbal", "", ""), ("came", "came", "came")),
    ("Reviewing officer", "The council", ("", ""), ("came", "did_not_come")),
    ("SENCO", "Lugg Bridge", ("J. Tranter",), ("came",)),
    ("SENCO", "St Owen’s", ("",), ("did_not_come",)),
)


def invited(services: Services, *, marked: bool = True) -> list[dict[str, Any]]:
    """Return the rows of the eighteen invited; ``marked`` adds who came."""
    rows: list[dict[str, Any]] = []
    for name, family, attendance in CARERS:
        carer = {
            "name": name,
            "role": "Foster carer",
            "organisation": "HIPSS carers",
            "carer": household(services, family),
        }
        rows.append({"id": f"p{len(rows):02}", **carer, **({"was": attendance} if marked else {})})
    for role, organisation, names, came in OTHERS:
        for name, attendance in zip(names, came, strict=True):
            row = {"id": f"p{len(rows):02}", "role": role, "organisation": organisation}
            rows.append({**row, **({"name": name} if name else {}), **({"was": attendance} if marked else {})})
    return rows


def session(services: Services, **answers: Any) -> str:
    """Finish the training morning in the picture, and return its record."""
    content: Mapping[str, Any] = {
        "stage": "held",
        "name": "Why children run",
        "topic": "going_missing",
        "audience": "Carers and their teams",
        "standards": ["3", "6"],
        "trainers": [{"id": "t1", "name": "K. Adeyemi"}, {"id": "t2", "name": "L. Whitcombe"}],
        "place": "Friars Hall, Hereford",
        "began": "2017-03-15T09:30:00+00:00",
        "ended": "2017-03-15T12:00:00+00:00",
        "capacity": 20,
        "people": invited(services),
        "covered": "Three true nights, changed so nobody is known. What to do in the first hour. What to say at the door, "
        "practised in pairs.",
        "handouts": ["Handout, 4 pages", "Slides"],
        **answers,
    }
    return services.records.finish(services.records.new_draft("training", content)).envelope.record


def trained(services: Services, clock: SetClock) -> str:
    """Sign the laptop in as the lead on 16 March 2017, finish the sessions in the picture once, and return the morning's record."""
    sign_in_as(services.store, role="lead", name="L. Whitcombe")
    clock.now = MARCH_16
    morning_record = next(
        (
            record.record
            for record in services.store.records_of("training")
            if record.fields["name"] == "Why children run"
        ),
        "",
    )
    if morning_record:
        return morning_record
    series = {
        "name": "Trauma and attachment",
        "team": "sixteen_plus",
        "every": 6,
        "starts": "2017-01-18",
        "ends": "2018-03-31",
    }
    programme = services.records.finish(services.records.new_draft("series", {**series, "sessions": 8})).envelope.record
    for title, topic, day, count in (
        ("Self-harm, first steps", "self_harm", "2017-01-18", 16),
        ("Attachment in class", "attachment", "2017-02-01", 19),
        ("Talking after a row", "behaviour", "2017-02-22", 12),
    ):
        came = [{"id": f"r{at_row}", "role": "Teacher", "was": "came"} for at_row in range(count)]
        times_of_day = {"began": f"{day}T13:00:00+00:00", "ended": f"{day}T15:00:00+00:00"}
        session(services, name=title, topic=topic, people=came, series=programme, **times_of_day)
    planned = {"began": "2017-04-04T09:30:00+01:00", "ended": "2017-04-04T12:00:00+01:00", "covered": ""}
    session(
        services,
        stage="planned",
        name="Sleep and trauma",
        topic="sleep",
        people=invited(services, marked=False),
        **planned,
    )
    return session(services, series=programme)


def training_list(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    trained(demo.services, demo.clock)
    return at("training_list")(demo, size)


def training_session(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    return at("training_session", record=trained(demo.services, demo.clock))(demo, size)


def training_each_person(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    window = training_session(demo, size)
    page = window.findChild(SessionPage)
    assert page is not None, "the page of the session is open"
    page.who.turn_over.click()
    settle(window)
    return window


def certificate(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    return at("certificate", record=trained(demo.services, demo.clock), row="p00")(demo, size)


def sign_in_sheet(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    return at("sign_in_sheet", record=trained(demo.services, demo.clock))(demo, size)


def carer_trained(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the page of a household with its training."""
    trained(demo.services, demo.clock)
    supervised(demo.services, demo.clock, demo.store)
    return at("carer", record=household(demo.services, "Preece"))(demo, size)


def series(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    trained(demo.services, demo.clock)
    return at("series", record=demo.store.records_of("series", limit=1)[0].record)(demo, size)


def session_form(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    return at("amend", record=trained(demo.services, demo.clock))(demo, size)
