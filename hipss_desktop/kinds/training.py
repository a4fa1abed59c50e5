"""A training session: what it covered, who was invited, who came and for how long.

A carer’s training is computed from here and never copied (``rules.training``). Sources: May 2017 paper, 11; national
minimum standard 20 (learning and development of carers); domain notes e.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec

from hipss_desktop import times
from hipss_desktop.records.access import EVERYONE_IN_SERVICE, TISS
from hipss_desktop.records.codes import code_list, within
from hipss_desktop.records.fields import Problem, field
from hipss_desktop.records.folding import folded
from hipss_desktop.records.kind import Kind, Section, SheetOptions, Stage

PLANNED, HELD, CANCELLED = "planned", "held", "cancelled"
"""The stages (``training_stage``)."""
CAME, APOLOGIES, DID_NOT_COME = "came", "apologies", "did_not_come"
"""Whether a person who was invited came (``attendance``)."""
OTHER_TOPIC = "other"
MOST_PLACES = 1000
LONGEST_DAYS = 14
"""The most days of a session; a longer programme is a series."""


def was_held(training: "Training") -> bool:
    """Whether it took place; a row of a sheet without a stage did."""
    return training.stage in (HELD, "")


def was_cancelled(training: "Training") -> bool:
    """Whether it was cancelled."""
    return training.stage == CANCELLED


def never(row: object) -> bool:
    """Return False: used as ``shown_if`` of fields that nobody types."""
    return False


class Trainer(msgspec.Struct):
    """A person who led the session."""

    id: str
    name: Annotated[str, field("Name", names="third", required="Enter the name")] = ""
    colleague: Annotated[str, field("Colleague who led it", refers_to="practitioner")] = ""


class Participant(msgspec.Struct):
    """A person who was invited or came; the row has no name if only the role is known."""

    id: str
    name: Annotated[str, field("Name", "Empty where it is not known", names="third")] = ""
    role: Annotated[str, field("Role", required="Enter the role, such as foster carer")] = ""
    organisation: Annotated[str, field("Organisation")] = ""
    was: Annotated[str, field("Came", choices="attendance")] = ""
    minutes: Annotated[
        int | None,
        field("Minutes, where not the whole session", shown_if=lambda row: row.was == CAME, least=1),
    ] = None
    carer: Annotated[str, field("Carer household", refers_to="carer", subject=True, names="carer")] = ""
    member: Annotated[str, field("Row in the household", searchable=False, shown_if=never)] = ""
    colleague: Annotated[str, field("Colleague of the service", refers_to="practitioner")] = ""


class Training(msgspec.Struct):
    """One session."""

    stage: Annotated[str, field("Stage", choices="training_stage", initial=PLANNED)] = ""
    name: Annotated[str, field("Title", required="Enter the title")] = ""
    topic: Annotated[str, field("Topic", choices="training_topic", required="Choose the topic")] = ""
    topic_words: Annotated[
        str,
        field("Which topic", shown_if=lambda training: training.topic == OTHER_TOPIC, required="Enter the topic"),
    ] = ""
    audience: Annotated[str, field("For whom")] = ""
    standards: Annotated[
        list[str], field("Training, support and development standards covered", choices="tsds_standard")
    ] = []
    series: Annotated[str, field("Series", refers_to="series")] = ""
    trainers: Annotated[list[Trainer], field("Led by", row_name="a trainer")] = []
    place: Annotated[str, field("Place")] = ""
    began: Annotated[datetime | None, field("Start", group="span", required="Enter when it starts")] = None
    ended: Annotated[datetime | None, field("End", group="span", required="Enter when it ends")] = None
    capacity: Annotated[int | None, field("Places", least=1, most=MOST_PLACES)] = None
    people: Annotated[list[Participant], field("Invited and came", row_name="a person")] = []
    covered: Annotated[str, field("What was covered", lines=3, shown_if=was_held)] = ""
    handouts: Annotated[list[str], field("Handouts", "One a line, by name")] = []
    cancelled_why: Annotated[
        str, field("Why it was cancelled", shown_if=was_cancelled, required="Enter why it was cancelled")
    ] = ""


def length(training: Training) -> timedelta | None:
    """How long the session lasts, None if its start or end is not known or its end is not after its start."""
    if training.began is None or training.ended is None:
        return None
    lasted = training.ended.astimezone(UTC) - training.began.astimezone(
        UTC
    )  # in local time the clocks may change between
    return lasted if lasted > timedelta() else None


def time_of(training: Training, row: Participant) -> timedelta | None:
    """How long somebody was there: the whole session, or as entered; zero if they did not come, None if not known."""
    if not was_held(training) or row.was != CAME:
        return timedelta()
    return timedelta(minutes=row.minutes) if row.minutes is not None else length(training)


def topic_words(training: Training) -> str:
    """The topic in words, '' if none is chosen."""
    if training.topic == OTHER_TOPIC and training.topic_words.strip():
        return training.topic_words.strip()
    return code_list("training_topic").label(training.topic) if training.topic else ""


def is_of(training: Training, topic: str = "", quarter: str = "") -> bool:
    """Whether a session has a topic and began in a calendar quarter ("2017-1"); '' for any."""
    began = times.local_day(training.began) if training.began is not None else None
    of_quarter = not quarter or (began is not None and times.quarter_of(began) == quarter)
    return of_quarter and topic in ("", training.topic)


def session_runs_forward(training: Training, now: datetime) -> Iterable[Problem]:
    """Check that a session ends after it began and within two weeks, and that a held one is not in the future."""
    if training.began and training.ended:
        if training.ended <= training.began:
            at = times.on_its_day(training.began, now)
            yield Problem("ended", f"It begins at {at}. Enter a later time for when it ends.")
        elif training.ended - training.began > timedelta(days=LONGEST_DAYS):
            yield Problem(
                "ended", f"A session lasts at most {LONGEST_DAYS} days. Write a series for a longer programme."
            )
    if was_held(training) and training.began and training.began > now:
        yield Problem("began", "This is in the future. Enter when it was held, or choose that it is planned.")


def planned_day_is_to_come(training: Training, now: datetime) -> Iterable[Problem]:
    """Check that a planned day is not past; applies when it is planned, not if it was planned before."""
    if training.began and times.local_day(training.began) < times.local_day(now):
        yield Problem("began", "This day is past. Enter a day to come, or choose that it was held.")


def _known_as(row: Participant) -> Iterator[tuple[str, ...]]:
    """What identifies a person beyond a name: the row in the household, the colleague of the service."""
    if row.carer and row.member:
        yield "member", row.carer, row.member
    if row.colleague:
        yield "colleague", row.colleague


def attendance_can_be(training: Training, now: datetime) -> Iterable[Problem]:
    """Check that nobody comes before the session, is listed twice, both came and did not, or stays longer than it lasts."""
    listed: dict[tuple[str, ...], Participant] = {}
    whole = length(training)
    for row in training.people:
        named = (folded(row.name), folded(row.organisation), row.carer) if row.name.strip() else (row.id,)
        others = [listed.setdefault(person_key, row) for person_key in (named, *_known_as(row))]
        if any(other.was != row.was for other in others):
            yield Problem(
                f"people/{row.id}/name",
                "This person is listed as having come and as not. Take one of the two rows out.",
            )
        elif any(other is not row for other in others[1:]):
            yield Problem(f"people/{row.id}/name", "This person is listed twice. Take one of the two rows out.")
        if row.was == CAME and training.began is not None and training.began > now:
            yield Problem(f"people/{row.id}/was", "The session has not begun. Nobody has come to it yet.")
        if row.minutes is not None and whole is not None and timedelta(minutes=row.minutes) > whole:
            most = round(whole.total_seconds() / 60)
            yield Problem(f"people/{row.id}/minutes", f"The session lasted {most} minutes. Enter no more than that.")


def title(training: Training) -> str:
    """The title of the session; with its stage if it was not held."""
    name = training.name.strip() or "Training with no title yet"
    if not was_held(training):
        return f"{name}, {within(code_list('training_stage').label(training.stage))}"
    return name


TRAINING = Kind(
    name="training",
    label="Training session",
    plural="Training sessions",
    reference_prefix="TR",
    record=Training,
    writers=TISS,
    readers=EVERYONE_IN_SERVICE,
    title_from=title,
    dated_by="began",
    ends_at="ended",
    summary=("topic", "audience", "place"),
    lead=("covered",),
    told_by_title=("name",),
    finished_as="entered",
    columns=("began", "name", "topic", "audience", "place", "stage"),
    sections=(
        Section("Session", ("stage", "name", "topic", "topic_words", "audience", "standards", "series")),
        Section("When and where", ("began", "ended", "place", "trainers", "capacity", "cancelled_why")),
        Section("Who was there", ("people",)),
        Section("What was covered", ("covered", "handouts")),
    ),
    stage="stage",
    stages=(
        Stage(PLANNED, TISS, verb="Plan it anew", asks=("began", "ended"), checks=(planned_day_is_to_come,)),
        Stage(HELD, TISS),
        Stage(CANCELLED, TISS, verb="Cancel it", asks=("cancelled_why",)),
    ),
    unstaged=HELD,
    checks=(session_runs_forward, attendance_can_be),
    sheet=SheetOptions(key=("began", "name")),
)
