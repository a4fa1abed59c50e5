"""A reading: which paragraphs of one revision of a visit were read back to the household, and what each adult said to each.

It is a separate record, so that answers do not outdate anything and remain after an amendment. A paragraph that is amended
counts as not answered (``rules.signatures``), and its answers stay with the words that were seen. An answer is an added
row; a person who changes their mind answers again, and the latest answer counts. Nobody amends a reading.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from hipss_desktop.kinds.signature import LONGEST_NAME, household_field, member_agrees, of_its_visit
from hipss_desktop.kinds.visit import VISIT
from hipss_desktop.records.access import EVERYONE_IN_SERVICE, FOSTERING
from hipss_desktop.records.agreement import as_seen
from hipss_desktop.records.fields import Problem, field
from hipss_desktop.records.kind import Kind
from hipss_desktop.records.others import Disagreement, Others

AGREE, DISAGREE, OWN_WORDS = "agree", "disagree", "own_words"
ANSWERS = "answers"
"""The list to which an answer adds a row."""
A_MINUTE = timedelta(minutes=1)
LONGEST_WORDS = 10_000
"""The most characters of one answer."""


def has_words(answer: "Answer") -> bool:
    """Whether the answer may have words of the person's own."""
    return answer.answer in (OWN_WORDS, DISAGREE)


class Answer(msgspec.Struct):
    """What one adult said to one paragraph."""

    id: str
    paragraph: Annotated[str, field("Paragraph", required="Enter which paragraph was answered", searchable=False)] = ""
    seen: Annotated[
        str,
        field(
            "The words that were read",
            "Their SHA-256, by which an amended paragraph is not answered again",
            required="Enter which words were read",
            searchable=False,
        ),
    ] = ""
    member: Annotated[str, field("Member of the household", required="Enter who answered", searchable=False)] = ""
    name: Annotated[str, field("Who", names="carer", required="Enter who answered")] = ""
    answer: Annotated[str, field("Answer", choices="reading_answer", required="Choose an answer")] = ""
    words: Annotated[str, field("In their words", names="carer", lines=3, shown_if=has_words)] = ""
    at: Annotated[datetime | None, field("Time", required="Enter when it was answered")] = None


class Reading(msgspec.Struct):
    """A reading of one revision."""

    visit: Annotated[str, field("What was read", refers_to="visit", required="Choose the visit that was read back")] = (
        ""
    )
    of: Annotated[
        list[str],
        field(
            "Which version",
            "More than one where two laptops amended it side by side",
            required="Enter which version was read",
            searchable=False,
        ),
    ] = []
    carer: Annotated[str, household_field()] = ""
    began: Annotated[datetime | None, field("Read from", required="Enter when the reading began", past=True)] = None
    answers: Annotated[list[Answer], field("Answers", grows=True, row_name="an answer")] = []


def answers_are_whole(reading: Reading, now: datetime) -> Iterable[Problem]:
    """Check that an answer in own words has words, of a printable length, and that no answer is in the future."""
    for row in reading.answers:
        place = f"{ANSWERS}/{row.id}"
        if row.answer == OWN_WORDS and not row.words.strip():
            yield Problem(f"{place}/words", "Enter it in your own words, or choose another answer")
        if len(row.words) > LONGEST_WORDS:
            yield Problem(f"{place}/words", f"Enter at most {LONGEST_WORDS} characters")
        if len(row.name) > LONGEST_NAME:
            yield Problem(f"{place}/name", f"Enter a name of at most {LONGEST_NAME} characters")
        if row.at is not None and row.at > now + A_MINUTE:
            yield Problem(f"{place}/at", "Enter a time that is not in the future")


def answers_agree(reading: Reading, others: Others, author: str) -> Iterator[Disagreement]:
    """Check that each answer is by a member of the household, to a paragraph of the version that was read."""
    body = as_seen(reading.visit, reading.of, others, VISIT)
    words = {paragraph.id: digest_of_words(paragraph.text) for paragraph in VISIT.read(body).note}
    for row in reading.answers:
        place = f"{ANSWERS}/{row.id}"
        if body and words.get(row.paragraph) != row.seen:
            message = "The version that was read does not say this. Open the visit and read it back from there."
            yield Disagreement(f"{place}/seen", message)
        yield from member_agrees(f"{place}/member", row.member, reading.carer, others)


def digest_of_words(text: str) -> str:
    """The SHA-256 of a paragraph's exact words, hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def title(reading: Reading) -> str:
    """The title, with the people to whom it was read back: "Read back to Jo Preece and Martin Preece"."""
    names = list(dict.fromkeys(row.name.strip() for row in reading.answers if row.name.strip()))
    return f"Read back to {' and '.join(names)}" if names else "Read back"


READING = Kind(
    name="reading",
    label="Reading back",
    plural="Readings back",
    reference_prefix="RB",
    record=Reading,
    writers=FOSTERING,
    readers=EVERYONE_IN_SERVICE,
    title_from=title,
    amendable=False,
    dated_by="began",
    checks=(answers_are_whole,),
    agrees=(of_its_visit, answers_agree),
)
