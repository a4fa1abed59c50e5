"""A kind of record for tests, which the program itself does not have: a team brings a question about a child or its work."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, cast

import msgspec

from hipss_desktop.records.access import EVERYONE_IN_SERVICE, PRACTITIONERS
from hipss_desktop.records.fields import field
from hipss_desktop.records.kind import Kind, Stage
from hipss_desktop.views.services import Services
from tests.helpers.kinds_known import also_known
from ui.base import kind_style
from ui.base.kind_style import KindStyle


class Attendee(msgspec.Struct):
    """Somebody who came."""

    id: str
    colleague: Annotated[str, field("Colleague", refers_to="practitioner")] = ""
    name: Annotated[str, field("Name", names="third")] = ""


class Consultation(msgspec.Struct):
    """A consultation: who came, the question, and its status."""

    held_on: Annotated[date | None, field("Date", required="Enter the date")] = None
    child: Annotated[str, field("Child", refers_to="child", subject=True)] = ""
    team: Annotated[str, field("Team", required="Enter the team")] = ""
    attendees: Annotated[list[Attendee], field("Who came")] = []
    question: Annotated[str, field("Question brought", lines=3, required="Enter the question")] = ""
    status: Annotated[str, field("Status", choices="action_state", initial="open")] = ""


TEAM_CONSULTATION = Kind(
    name="team_consultation",
    label="Team consultation",
    plural="Team consultations",
    reference_prefix="TEAM",
    record=Consultation,
    writers=PRACTITIONERS,
    readers=EVERYONE_IN_SERVICE,
    title_from=lambda consultation: consultation.team or "Consultation with no team yet",
    dated_by="held_on",
    summary=("child", "question"),
    columns=("held_on", "team", "child", "attendees", "question", "status"),
    stage="status",
    stages=(
        Stage("open", PRACTITIONERS),
        Stage("done", PRACTITIONERS),
        Stage("not_needed", PRACTITIONERS),
    ),
    unstaged="open",
)


@contextmanager
def team_consultations_known(style: KindStyle | None = None) -> Iterator[None]:
    """Make the program know team consultations during the block, with their own style if one is given."""
    styles = cast(dict[str, KindStyle], kind_style.STYLES)
    with also_known(TEAM_CONSULTATION):
        if style is not None:
            styles[TEAM_CONSULTATION.name] = style
        try:
            yield
        finally:
            styles.pop(TEAM_CONSULTATION.name, None)


def held(services: Services, number: int, **fields: Any) -> str:
    """Finish a consultation, and return its record; a higher number gives a later day, up to 28."""
    draft = services.records.new_draft(TEAM_CONSULTATION.name)
    filled = {
        "held_on": date(2017, 1, 1 + number % 28).isoformat(),
        "team": "Leeds north-east team",
        "question": "How to speak with him of the move",
        **fields,
    }
    services.records.finish(replace(draft, fields=filled))
    return draft.record
