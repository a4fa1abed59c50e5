"""The screens in the pictures of what is due: the table of all households, one household's page, how days are computed."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from PySide6.QtWidgets import QWidget

from db.store import LaptopStore
from hipss_desktop.views.services import Services
from tests.helpers.demo_laptop import DemoLaptop, at
from tests.helpers.store_fixtures import SetClock, sign_in_as

MARCH_16 = datetime(2017, 3, 16, 14, 2, tzinfo=UTC)
FREQUENCIES = {"Rao": 4, "Colley": 4, "Yeo": 4, "Nash": 4, "Griffin": 2, "Preece": 4}
VISITS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("Rao", "unannounced", "2016-03-02", {"rooms_seen": True}),
    ("Rao", "planned", "2017-02-23", {}),
    ("Rao", "unannounced", "2017-03-01", {"nobody_in": True}),
    ("Colley", "unannounced", "2016-11-17", {"rooms_seen": True}),
    ("Colley", "planned", "2017-03-01", {}),
    ("Yeo", "unannounced", "2016-03-28", {"rooms_seen": True}),
    ("Yeo", "planned", "2017-02-09", {}),
    ("Nash", "unannounced", "2016-06-14", {"rooms_seen": True}),
    ("Nash", "planned", "2017-02-22", {}),
    ("Griffin", "planned", "2017-03-08", {}),
    ("Preece", "unannounced", "2016-10-04", {"rooms_seen": True}),
    ("Preece", "planned", "2017-03-16", {}),
)
CHECKS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("Rao", "annual_review", "2017-02-09", {"at_panel": True}),
    ("Rao", "home_safety", "2016-04-06", {"outcome": "Stair gate to be looked at"}),
    ("Colley", "annual_review", "2017-02-08", {"at_panel": True}),
    ("Colley", "home_safety", "2016-12-01", {}),
    ("Colley", "tsds", "2017-03-01", {"name": "Ann Colley", "standards": 5}),
    ("Yeo", "annual_review", "2016-11-30", {"at_panel": True}),
    ("Yeo", "home_safety", "2016-08-22", {}),
    ("Yeo", "tsds", "2015-11-20", {"name": "Carol Yeo", "standards": 7}),
    ("Nash", "annual_review", "2016-06-08", {"at_panel": True}),
    ("Nash", "home_safety", "2016-03-30", {}),
    ("Nash", "tsds", "2016-05-18", {"name": "Beth Nash", "standards": 7}),
    ("Griffin", "home_safety", "2016-10-24", {}),
    ("Griffin", "tsds", "2017-03-01", {"name": "Pauline Griffin", "standards": 2}),
    ("Griffin", "tsds", "2017-03-01", {"name": "Tom Griffin", "standards": 2}),
    ("Preece", "annual_review", "2016-10-05", {"at_panel": True}),
    ("Preece", "home_safety", "2017-01-12", {}),
    ("Preece", "tsds", "2016-09-12", {"name": "Jo Preece", "standards": 7}),
    ("Preece", "tsds", "2016-09-12", {"name": "Martin Preece", "standards": 7}),
    ("Rao", "tsds", "2016-01-20", {"name": "Sunita Rao", "standards": 7}),
    ("Rao", "tsds", "2016-01-20", {"name": "Dev Rao", "standards": 7}),
)


def household(services: Services, family: str) -> str:
    """Return the household of a family in the demonstration."""
    return next(row.record for row in services.people.of_kind("carer") if family in services.people.name(row.record))


def supervised(services: Services, clock: SetClock, store: LaptopStore) -> None:
    """Sign the laptop in as D. Marsh on 16 March 2017, and load the visits and checks of two years once."""
    sign_in_as(store, role="supervising", name="D. Marsh")
    clock.now = MARCH_16
    if store.records_of("visit", limit=1):
        return
    households = {family: household(services, family) for family in FREQUENCIES}
    for family, weeks in FREQUENCIES.items():
        draft = services.records.amendment(households[family])
        rows = [{"id": "f1", "starts": "2015-01-01", "every": weeks, "unit": "weeks"}]
        services.records.finish(replace(draft, fields={**draft.fields, "frequencies": rows}, why="Set by the team"))
    for family, type_, day, more in VISITS:
        people = (
            [] if more.get("nobody_in") else [{"id": "p", "who": "household", "name": family, "was": ["took_part"]}]
        )
        answers: dict[str, Any] = {"carer": households[family], "type": type_, "people": people}
        answers["began"] = f"{day}T10:30:00+00:00"
        services.records.finish(services.records.new_draft("visit", {**answers, **more}))
    for family, type_, day, more in CHECKS:
        for kind in (type_, "bedroom") if type_ == "home_safety" else (type_,):
            check: dict[str, Any] = {"carer": households[family], "type": kind, "on": day, **more}
            services.records.finish(services.records.new_draft("carer_check", check))


def due(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the table of what is due, with everything in the picture."""
    supervised(demo.services, demo.clock, demo.store)
    return at("supervision")(demo, size)


def due_explained(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    supervised(demo.services, demo.clock, demo.store)
    return at("due_explained")(demo, size)


def due_on_paper(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    supervised(demo.services, demo.clock, demo.store)
    return at("due_page")(demo, size)


def carer_due(demo: DemoLaptop, size: tuple[int, int]) -> QWidget:
    """Build the page of a household with what is due."""
    supervised(demo.services, demo.clock, demo.store)
    return at("carer", record=household(demo.services, "Colley"))(demo, size)
