"""What was offered to a placement that may be under strain, and what came of the offer.

The record shows later whether support came in time. The day on which the strain was seen (``seen_on``) leads to its numbers, which
``rules.strain`` works out and nothing copies. An answer is a row of a list that grows: a yes may follow "not yet".
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import msgspec

from hipss_desktop import times
from hipss_desktop.records.access import EVERYONE_IN_SERVICE, PRACTITIONERS
from hipss_desktop.records.codes import code_list, within
from hipss_desktop.records.fields import Fields, Problem, field
from hipss_desktop.records.kind import Finish, Kind, SheetOptions

VISIT, OTHER = "visit", "other"
TAKEN_UP, DECLINED, NOT_YET = "taken_up", "declined", "not_yet"
_EARLIEST = datetime.min.replace(tzinfo=UTC)


def was_declined(answer: "Answer") -> bool:
    """Whether the support was declined."""
    return answer.answer == DECLINED


class Answer(msgspec.Struct):
    """What the household said to the offer. The author of the row wrote it down."""

    id: str
    answer: Annotated[str, field("Answer", choices="support_answer", required="Choose what the answer was")] = ""
    at: Annotated[datetime | None, field("Time", required="Enter when it was answered")] = None
    by: Annotated[str, field("Who answered", names="carer", required="Enter who answered")] = ""
    why: Annotated[
        str,
        field(
            "Why it was declined",
            "‘No reason given’ where none was",
            lines=2,
            shown_if=was_declined,
            required="Enter why it was declined, or ‘No reason given’",
        ),
    ] = ""
    note: Annotated[str, field("What was agreed", lines=2)] = ""


class SupportOffer(msgspec.Struct):
    """An offer: who was offered what, and when."""

    child: Annotated[str, field("Child", refers_to="child", subject=True, names="child")] = ""
    carer: Annotated[str, field("Carer household", refers_to="carer", subject=True, names="carer")] = ""
    what: Annotated[
        str, field("What is offered", choices="support_kind", initial=VISIT, required="Choose what is offered")
    ] = ""
    words: Annotated[str, field("In words", lines=2)] = ""
    offered_on: Annotated[date | None, field("Offered on", "Today where nothing is entered", past=True)] = None
    planned_for: Annotated[datetime | None, field("Planned for")] = None
    who: Annotated[str, field("Who does it", names="third")] = ""
    seen_on: Annotated[date | None, field("Because of the weeks up to", "The day on which it was seen", past=True)] = (
        None
    )
    answers: Annotated[list[Answer], field("What came of it", grows=True, row_name="an answer")] = []


def newest_answer(offer: SupportOffer) -> Answer | None:
    """The last answer by its time, or None before the first."""
    return max(offer.answers, key=lambda row: (row.at or _EARLIEST, row.id), default=None)


def somebody_is_named(offer: SupportOffer, now: datetime) -> Iterable[Problem]:
    """Check that an offer names a child or a household."""
    if not (offer.child or offer.carer):
        yield Problem("carer", "Choose the household, or the child")


def other_is_said(offer: SupportOffer, now: datetime) -> Iterable[Problem]:
    """Check that an offer of something else says in words what it is."""
    if offer.what == OTHER and not offer.words.strip():
        yield Problem("words", "Enter what is offered")


def answers_are_past(offer: SupportOffer, now: datetime) -> Iterable[Problem]:
    """Check that no answer is in the future."""
    for row in offer.answers:
        if row.at is not None and row.at > now + timedelta(minutes=1):
            at = times.on_its_day(row.at, now)
            yield Problem(
                f"answers/{row.id}/at",
                f"{at[:1].upper()}{at[1:]} is in the future. Enter a time that is not in the future",
            )


def fills_in(offer: SupportOffer, finish: Finish) -> Fields:
    """Fill in today as the day of the offer, if none was entered."""
    return {} if offer.offered_on is not None else {"offered_on": times.local_day(finish.now).isoformat()}


def title(offer: SupportOffer) -> str:
    """What was offered and the last answer: "Support visit offered, taken up"."""
    support = code_list("support_kind").label(offer.what) if offer.what else "Support"
    answer = newest_answer(offer)
    answer_words = within(code_list("support_answer").label(answer.answer)) if answer and answer.answer else ""
    return f"{support} offered{f', {answer_words}' if answer_words else ''}"


SUPPORT_OFFER = Kind(
    name="support_offer",
    label="Offer of support",
    plural="Offers of support",
    reference_prefix="SU",
    record=SupportOffer,
    writers=PRACTITIONERS,
    readers=EVERYONE_IN_SERVICE,
    title_from=title,
    dated_by="offered_on",
    summary=("words", "planned_for", "who"),
    lead=("words",),
    told_by_title=("what",),
    columns=("offered_on", "what", "child", "carer", "planned_for"),
    checks=(somebody_is_named, other_is_said, answers_are_past),
    fills_in=fills_in,
    sheet=SheetOptions(key=("child", "carer", "offered_on", "what")),
)
