"""A programme of consultations or training sessions: "16+ team, every six weeks, until March 2018".

The number held is counted from the sessions that refer to it, never typed.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated

import msgspec

from hipss_desktop.kinds.case import OTHER_TEAM, team_words
from hipss_desktop.records.access import EVERYONE_IN_SERVICE, TISS
from hipss_desktop.records.fields import Problem, field
from hipss_desktop.records.kind import Kind, Section, SheetOptions

MOST_SESSIONS = 200


class Series(msgspec.Struct):
    """The team, the interval and the end of a programme."""

    name: Annotated[str, field("Name", "What it is about", required="Enter the name")] = ""
    team: Annotated[str, field("Team", choices="tiss_team", required="Choose the team")] = ""
    team_name: Annotated[
        str,
        field("The team’s name", shown_if=lambda series: series.team == OTHER_TEAM, required="Enter the team’s name"),
    ] = ""
    every: Annotated[int | None, field("One session every how many weeks", least=1, most=MOST_SESSIONS)] = None
    starts: Annotated[date | None, field("From", group="span", required="Enter the first day")] = None
    ends: Annotated[date | None, field("Until", group="span")] = None
    sessions: Annotated[int | None, field("Sessions planned", least=1, most=MOST_SESSIONS)] = None
    note: Annotated[str, field("What it is for", lines=2)] = ""


def series_runs_forward(series: Series, now: datetime) -> Iterable[Problem]:
    """Check that a programme ends after it began."""
    if series.starts and series.ends and series.ends < series.starts:
        yield Problem("ends", "Enter a day that is not before the first day")


def title(series: Series) -> str:
    """The title of a programme: its name and its team."""
    team = team_words(series.team, series.team_name)
    return ", ".join(filter(None, (series.name.strip(), team))) or "Series with no name yet"


SERIES = Kind(
    name="series",
    label="Series of sessions",
    plural="Series of sessions",
    reference_prefix="SER",
    record=Series,
    writers=TISS,
    readers=EVERYONE_IN_SERVICE,
    title_from=title,
    dated_by="starts",
    ends_at="ends",
    summary=("every", "sessions", "note"),
    columns=("starts", "name", "team", "every", "ends", "sessions"),
    sections=(
        Section("Series", ("name", "team", "team_name", "note")),
        Section("When", ("every", "starts", "ends", "sessions")),
    ),
    checks=(series_runs_forward,),
    sheet=SheetOptions(key=("name", "starts")),
)
