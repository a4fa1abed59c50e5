"""A carer's training in words: the last sessions, hours this year, and what is due; read from the sessions, not copied.

Must not decide what is due (``rules.training`` does), nor write.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hipss_desktop import times
from hipss_desktop.kinds.carer import CARER, Carer, member_name
from hipss_desktop.rules.due import TRAINING_DUE, Attended, in_household
from hipss_desktop.rules.training import hours, hours_words, of_member
from hipss_desktop.services.attendance import Attendance
from hipss_desktop.services.due_dates import DueDates
from hipss_desktop.services.people import People
from hipss_desktop.services.records import Records
from hipss_desktop.views.due_dates import DueLine, DueViews
from hipss_desktop.views.participants import Participants
from hipss_desktop.views.series import SeriesViews
from hipss_desktop.views.session import SessionViews

MOST_SESSIONS = 5
"""The most sessions of a household that are shown, newest first."""
NOBODY_CAME = "No training is recorded."


@dataclass(frozen=True)
class SessionLine:
    """A session that a household attended: its title, its day, and who was there for how long."""

    record: str
    title: str
    words: str


@dataclass(frozen=True)
class HouseholdTraining:
    """The training of a household.

    Attributes:
        hours: a line for each carer who came this year: "Jo Preece: 5 hours in 2017".
        sessions: the last sessions, newest first.
        due: the training due for each carer, worst first.
    """

    hours: tuple[str, ...] = ()
    sessions: tuple[SessionLine, ...] = ()
    due: tuple[DueLine, ...] = ()


class HouseholdTrainings:
    """Puts the training of households into words, for one open store."""

    def __init__(self, people: People, due_dates: DueDates, due_views: DueViews) -> None:
        self._people = people
        self._due_dates = due_dates
        self._due_views = due_views

    def of(self, household: str) -> HouseholdTraining:
        """The training of a household as of today; empty if the household is not on this laptop."""
        household_record, today = self._people.record(household), self._due_dates.today()
        if household_record is None or household_record.kind != CARER.name:
            return HouseholdTraining()
        known = in_household(CARER.of(household_record), self._due_dates.trainings.attended(household))
        attended = [row for row in known if row.day <= today]
        due = self._due_views.card(household).lines
        return HouseholdTraining(
            hours=tuple(_hours(CARER.of(household_record), attended, today)),
            sessions=tuple(_sessions(attended)),
            due=tuple(line for line in due if line.due_type == TRAINING_DUE),
        )


class TrainingViews:
    """Everything about training for one open store: households, sessions and series, whom to invite, who came."""

    def __init__(
        self, records: Records, people: People, due_dates: DueDates, due_views: DueViews, clock: times.Clock
    ) -> None:
        self.households = HouseholdTrainings(people, due_dates, due_views)
        self.series = SeriesViews(records.store)
        self.sessions = SessionViews(records.store, people, self.series, clock)
        self.attendance = Attendance(records, clock)
        self.participants = Participants(records.store, people)


def _hours(household: Carer, attended: Sequence[Attended], today: date) -> list[str]:
    """How long each member was in sessions this year."""
    lines = []
    for member in household.members:
        mine = of_member(attended, member)
        time, unknown = hours(mine, date(today.year, 1, 1), today)
        not_known = f", and {unknown} of which the time is not known" if unknown else ""
        if time or unknown:
            lines.append(f"{member_name(member)}: {hours_words(time)} in {today.year}{not_known}")
    return lines


def _sessions(attended: Sequence[Attended]) -> list[SessionLine]:
    """The newest sessions, each once with everybody who came."""
    came: dict[str, list[Attended]] = {}
    for row in sorted(attended, key=lambda row: (row.day, row.record, row.name.casefold()), reverse=True):
        came.setdefault(row.record, []).append(row)
    return [_session(record, rows) for record, rows in list(came.items())[:MOST_SESSIONS]]


def _session(record: str, rows: Sequence[Attended]) -> SessionLine:
    who = ", ".join(_who(row) for row in reversed(rows))
    return SessionLine(record, rows[0].title, " · ".join((times.long_day(rows[0].day), who)))


def _who(row: Attended) -> str:
    name = row.name.strip() or "Somebody of the household"
    if row.time is None:
        return name
    early = f" of {hours_words(row.whole)}" if row.left_early and row.whole is not None else ""
    return f"{name}, {hours_words(row.time)}{early}"
