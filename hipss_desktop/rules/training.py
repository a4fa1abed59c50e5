"""A carer's training, from the sessions that they attended: the topics, the hours, and the day on which each topic is due.

Nothing is copied into the household's record. A carer who left early attended for the time entered; one who sent apologies
did not attend. Planned and cancelled sessions do not count. A session is valid for the months in the table, from its own
day. Sessions up to the end of an earlier approval do not count. Must not read a clock or a store.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from hipss_desktop import times
from hipss_desktop.kinds.carer import Member, carers, member_name
from hipss_desktop.kinds.training import CAME, Training, length, time_of, topic_words, was_held
from hipss_desktop.records.codes import code_list
from hipss_desktop.rules.carer_checks import approved_from, trained
from hipss_desktop.rules.due import TRAINING_DUE, AsOf, Attended, Counted, Due, noted, worked_out
from hipss_desktop.rules.training_rules import APPROVED, TrainingRule, TrainingTable, shipped

NEVER = "Never recorded. Approved"


def attended(record: str, session: Training) -> Iterator[tuple[str, Attended]]:
    """For each carer who came, their household and their attendance; nothing if the session was not held or has no day."""
    if not was_held(session) or session.began is None:
        return
    for row in session.people:
        if row.was == CAME and row.carer:
            yield (
                row.carer,
                Attended(
                    record=record,
                    day=times.local_day(session.began),
                    title=session.name.strip() or topic_words(session),
                    topic=session.topic,
                    member=row.member,
                    name=row.name,
                    time=time_of(session, row),
                    whole=length(session),
                    standards=tuple(session.standards),
                ),
            )


def of_member(rows: Iterable[Attended], member: Member) -> list[Attended]:
    """The sessions that a member attended, each once.

    Two laptops may have added the same carer to a session. The row with the longer time then counts.
    """
    longest: dict[str, Attended] = {}
    for row in rows:
        if row.is_of(member):
            before = longest.setdefault(row.record, row)
            longest[row.record] = max(
                before, row, key=lambda attendance: (attendance.time is not None, attendance.time, attendance.name)
            )
    return list(longest.values())


def hours(rows: Iterable[Attended], first: date, last: date) -> tuple[timedelta, int]:
    """The total time of the sessions from ``first`` to ``last``, and the number of those sessions whose time is not known."""
    within = [row for row in rows if first <= row.day <= last]
    known = [row.time for row in within if row.time is not None]
    return sum(known, timedelta()), len(within) - len(known)


def hours_words(time: timedelta) -> str:
    """A time in hours: "2.5 hours", "1 hour"; at most two decimals."""
    count = f"{round(time.total_seconds() / 3600, 2):g}"
    return f"{count} {'hour' if count == '1' else 'hours'}"


def training_due(as_of: AsOf, table: TrainingTable | None = None) -> Iterator[Due]:
    """The training due for each carer of an approved household; ``table`` is by default the one that comes with the program."""
    for row in (table or shipped()).on(as_of.day):
        members = trained(as_of.household) if row.for_whom == APPROVED else _caring(as_of)
        for member in members:
            yield _of_topic(as_of, row, member)


def _caring(as_of: AsOf) -> list[Member]:
    approved = trained(as_of.household)
    return [*approved, *(member for member in carers(as_of.household) if member not in approved)]


def _of_topic(as_of: AsOf, row: TrainingRule, member: Member) -> Due:
    """What is due for one carer in one topic."""
    topic = code_list("training_topic").label(row.topic)
    start, _ = approved_from(as_of, member)
    if start is not None and start > as_of.day:
        words = f"Approved from {times.long_day(start)}: nothing is due before it."
        return Due(
            as_of.record, TRAINING_DUE, "nothing_due", member.id, member_name(member), arithmetic=words, topic=row.topic
        )
    of_topic = (session for session in as_of.attended if session.topic == row.topic and session.day > as_of.over_by)
    came = of_member(of_topic, member)
    newest = came[0] if came else None
    counted = Counted(newest.day if newest else None, newest.record if newest else "", start, NEVER)
    words = f"{topic} every {row.rule.interval.words}, {row.rule.basis_words.lower()}"
    due = replace(worked_out(as_of, row.rule, TRAINING_DUE, words, counted, member=member), topic=row.topic)
    return noted(due, [_early(newest)]) if newest is not None and newest.left_early else due


def _early(row: Attended) -> str:
    """The note that somebody left early, and that the session still counts."""
    assert row.time is not None
    assert row.whole is not None, "who left early was there for a part of a known time"
    there, whole = hours_words(row.time), hours_words(row.whole)
    return f"{times.long_day(row.day)}: there for {there} of {whole}. It counts."
