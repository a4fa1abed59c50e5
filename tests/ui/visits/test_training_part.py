"""The training part of a visit: lines read from the sessions above what is written, and nothing of them in the visit."""

from typing import Any

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from hipss_desktop.views.services import Services
from tests.helpers.screens_of_the_visit import preeces
from tests.helpers.screens_of_training import session
from tests.helpers.store_fixtures import sign_in_as
from tests.ui.shell.windows import Opens, rest
from tests.ui.visits.test_visit_page import opened
from ui.visits.training_part import TrainingPart


def lines(part: TrainingPart) -> list[str]:
    return [shown.text() for shown in part.lines.findChildren(QLabel)]


def test_it_shows_sessions_hours_and_what_is_due_and_copies_nothing(
    opens: Opens, worker: Services, qtbot: QtBot
) -> None:
    window, services = opens(), worker
    carer = preeces(services)
    seat = services.store.seat
    sign_in_as(services.store, role="lead", name="L. Whitcombe")
    came: dict[str, Any] = {"id": "p1", "name": "Jo Preece", "role": "Foster carer", "was": "came", "carer": carer}
    span = {"began": "2017-02-15T09:30:00+00:00", "ended": "2017-02-15T12:00:00+00:00"}
    session(services, people=[came], **span)
    sign_in_as(services.store, role=seat.role, name=seat.name)
    page = opened(window, qtbot)
    part = page.body.cards["training"]
    assert isinstance(part, TrainingPart)
    shown = lines(part)
    assert "Jo Preece: 2.5 hours in 2017" in shown
    assert "Why children run · 15 February 2017 · Jo Preece, 2.5 hours" in shown
    assert "First aid training, Jo Preece" in shown
    assert part.lines.geometry().top() < part.sections[0].geometry().top(), "above what is written"
    assert not any(stop in part.lines.findChildren(type(stop)) for stop in part.stops()), "nothing to press"
    assert "Why children run" not in str(page.draft.fields)
    sign_in_as(services.store, role="lead", name="L. Whitcombe")
    session(services, name="Sleep and trauma", people=[came], **span)
    sign_in_as(services.store, role=seat.role, name=seat.name)
    page.refresh()
    rest(qtbot, window)
    assert any(line.startswith("Sleep and trauma") for line in lines(part))
