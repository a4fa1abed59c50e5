"""A case of another team: a child or family whom HIPSS has not placed, about whom that team brings a question.

Most TISS consultations are about such a child (June 2017 paper, 16 to 18). It is never a ``child``: it is on no board, card
or night pack, and only people who read consultations receive it. If the child is placed later, a row says which ``child``
it is. The consultations are then found through the case, because a record's links come from its own revisions alone.
"""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

import msgspec

from hipss_desktop.records.access import TISS
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fields import field
from hipss_desktop.records.kind import Findable, Kind, Section, SheetOptions

OTHER_TEAM = "other"
"""The code of a team (``tiss_team``) that is not in the list and is named in words."""
MONTHS_OF_A_YEAR = 12
FIRST_YEAR_OF_BIRTH, LAST_YEAR_OF_BIRTH = 1980, 2100
SAME_AS = "same_as"
"""The list of a case that says which child of the service it is."""
MOST_CASES = 50
"""The most cases of one child that are read, newest first; a child was the case of a few teams at most."""


def has_another_team(case: "Case") -> bool:
    """Whether the team is not in the list and is named in words."""
    return case.team == OTHER_TEAM


class CaseMember(msgspec.Struct):
    """A member of the child's family or network, as the team names them."""

    id: str
    name: Annotated[str, field("Name", names="third", required="Enter the name, or initials")] = ""
    relation: Annotated[str, field("Who it is", "Mother, brother, teacher")] = ""


class SameAs(msgspec.Struct):
    """The child was placed with the service later."""

    id: str
    child: Annotated[
        str, field("Child", refers_to="child", subject=True, names="child", required="Choose the child")
    ] = ""
    since: Annotated[date | None, field("Known since", past=True)] = None


class Case(msgspec.Struct):
    """Who the child is, with as few facts as identify them, and whose case it is."""

    name: Annotated[
        str,
        field("Initials or first name", names="child", required="Enter the initials or first name"),
    ] = ""
    number: Annotated[str, field("The team’s case number", required="Enter the team’s case number", exact=True)] = ""
    born_month: Annotated[int | None, field("Month of birth", "1 to 12", least=1, most=MONTHS_OF_A_YEAR)] = None
    born_year: Annotated[int | None, field("Year of birth", least=FIRST_YEAR_OF_BIRTH, most=LAST_YEAR_OF_BIRTH)] = None
    team: Annotated[str, field("Team", choices="tiss_team", required="Choose the team")] = ""
    team_name: Annotated[str, field("The team’s name", shown_if=has_another_team, required="Enter the team’s name")] = (
        ""
    )
    members: Annotated[list[CaseMember], field("Family and network", row_name="a person")] = []
    same_as: Annotated[list[SameAs], field("Is the same as", grows=True, row_name="the child it is")] = []


def age(case: Case, on: date) -> int | None:
    """Full years on a day, counted from the end of the month of birth; None if the year is not known or in the future.

    Without a month the age is counted from the end of the year of birth, so that it is never too high.
    """
    if case.born_year is None:
        return None
    month = case.born_month if case.born_month is not None else MONTHS_OF_A_YEAR
    years = on.year - case.born_year - (on.month <= month)
    return years if years >= 0 else None


def team_words(team: str, team_name: str) -> str:
    """A team in words: its label, or its own name if it is not in the list; '' if none is chosen."""
    if team == OTHER_TEAM and team_name.strip():
        return team_name.strip()
    return code_list("tiss_team").label(team) if team else ""


def title(case: Case) -> str:
    """The child's initials and case number: "S., EOC-2231"."""
    return ", ".join(filter(None, (case.name.strip(), case.number.strip()))) or "Case with no name yet"


def findable(case: Case) -> Iterator[Findable]:
    """The search names of a case: its initials and its number; cases are found only among cases."""
    yield Findable(title(case), team_words(case.team, case.team_name), "", (title(case), case.name), (case.number,))


CASE = Kind(
    name="case",
    label="Case of another team",
    plural="Cases of other teams",
    short_label="Case",
    reference_prefix="CS",
    record=Case,
    writers=TISS,
    readers=TISS,
    title_from=title,
    summary=("team", "team_name"),
    columns=("name", "number", "team", "born_year"),
    sections=(
        Section("Child or family", ("name", "number", "born_month", "born_year")),
        Section("Team", ("team", "team_name", "members")),
        Section("Since then", (SAME_AS,)),
    ),
    findable=findable,
    found_apart=True,
    sheet=SheetOptions(
        key=("number",),
        names=lambda case: filter(None, (title(case), case.number.strip())),
        headers={"case number": "number", "initials": "name"},
        files=("cases",),
    ),
)
