"""Reads a finished visit back to the household, and saves the household's answers and everybody's signatures.

The household reads and signs one exact version. A press of a button saves an answer as a row of a reading, or a signature as a
record. Until then the words and strokes are a draft (``services.questions``). Each answer and each signature has its own
question, whose draft is saved to the disk within a second. Must not show anything of another household.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from hipss_desktop import identity, times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.carer import CARER, carers, first_name, member_name
from hipss_desktop.kinds.catalogue import may_write, who_may
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.child import first_name as child_first_name
from hipss_desktop.kinds.reading import ANSWERS, READING, Answer, digest_of_words
from hipss_desktop.kinds.signature import AS_CARER, AS_WORKER, SIGNATURE, Signature, is_whole, signer
from hipss_desktop.kinds.visit import SECTIONS, VISIT, NoteParagraph, Visit, as_read, is_read_back
from hipss_desktop.records.agreement import first_author
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fold import behind
from hipss_desktop.records.paragraphs import Paragraph
from hipss_desktop.rules.signatures import GivenAnswer, answers_now, outdating
from hipss_desktop.services.ports import Draft, Record, Store
from hipss_desktop.services.questions import Questions
from hipss_desktop.services.records import Records

READ_BACK, SIGN = "read_back", "sign"
"""The two types of question while a visit is read back: one asks for an answer, the other for a signature."""


@dataclass(frozen=True)
class Adult:
    """A carer of the household: the row that names them, their full name, and the first name to call them by."""

    member: str
    name: str
    first: str


@dataclass(frozen=True)
class Part:
    """One paragraph that is read back, in the order of reading; ``seen`` is the digest of its words."""

    paragraph: str
    number: int
    title: str
    text: str
    seen: str


@dataclass(frozen=True)
class Signed:
    """A signature for the current version of a visit, and who captured it."""

    record: str
    signature: Signature
    captured_by: str


@dataclass(frozen=True)
class ReadBack:
    """A visit as it is read back to a household.

    Attributes:
        of: the version that is read: the digests of the revisions that are its heads.
        began: when this reading began; ``reading`` is its record, '' before the first answer.
        worker: the identifier and name of the worker who reads the visit back and captures the signatures.
        answers: the answers to the current words, by paragraph and member.
        signed: the signatures for this version, by member or by the worker's identifier.
    """

    visit: str
    of: tuple[str, ...]
    carer: str
    held_at: datetime | None
    written_by: str
    worker: tuple[str, str]
    adults: tuple[Adult, ...]
    parts: tuple[Part, ...]
    began: datetime
    reading: str = ""
    answers: Mapping[tuple[str, str], Answer] = field(default_factory=dict)
    signed: Mapping[str, Signed] = field(default_factory=dict)

    def answered(self, member: str) -> int:
        """How many of the parts this member has answered."""
        return sum((part.paragraph, member) in self.answers for part in self.parts)

    def is_answered(self, member: str) -> bool:
        """Whether this member has answered every part."""
        return self.answered(member) == len(self.parts)

    def first_open(self, member: str, after: int = -1) -> int | None:
        """The index of the next part that this member has not answered, or None.

        It looks at the parts after ``after`` first, then at those before them.
        """
        places = [*range(after + 1, len(self.parts)), *range(after + 1)]
        return next((place for place in places if (self.parts[place].paragraph, member) not in self.answers), None)


def answer_question(member: str, paragraph: str) -> str:
    """The name of the question that takes a member's answer to a paragraph."""
    return f"{READ_BACK}:{member}:{paragraph}"


def sign_question(who: str) -> str:
    """The name of the question that takes the signature of a member or the worker."""
    return f"{SIGN}:{who}"


class ReadingBack:
    """Reads visits back, for one open store."""

    def __init__(self, store: Store, records: Records, questions: Questions, clock: times.Clock) -> None:
        self._store, self._records, self._questions, self._clock = store, records, questions, clock

    def read(self, visit: str) -> ReadBack:
        """Return a visit for this person to read back.

        Raises:
            UserError: as ``for_any_role`` does, or if this person's role may not write a reading.
        """
        if not may_write(self._store.seat.role, READING.name):
            raise UserError(f"{who_may(READING, writing=True)} Ask your manager if you need it.")
        return self.for_any_role(visit)

    def for_any_role(self, visit: str) -> ReadBack:
        """Return a visit as it is read back, with its answers and signatures so far, whatever this person's role.

        Raises:
            UserError: the visit is not finished, not whole on this laptop, withdrawn or waits for a decision. Or no paragraph
                was chosen to be read back. Or the household is not on this laptop or has no carer.
        """
        record = self._finished(visit)
        read: Visit = VISIT.of(record)
        household = self._store.get(read.carer)
        if household is None or household.kind != CARER.name:
            raise UserError("The household of this visit is not on this laptop. Sync, then read the visit back.")
        adults = tuple(
            Adult(member.id, member_name(member), first_name(member)) for member in carers(CARER.of(household))
        )
        if not adults:
            raise UserError("The record of this household names no carer. Add a carer, then read the visit back.")
        chosen = [paragraph for paragraph in as_read(read) if is_read_back(paragraph)]
        if not chosen:
            raise UserError("Nothing was chosen to be read back. Amend the visit, and tick ‘Read back’ at a paragraph.")
        parts = tuple(self._part(number, paragraph) for number, paragraph in enumerate(chosen, start=1))
        seat, revisions = self._store.seat, self._store.revisions(visit)
        own_reading = self._own_reading(visit, record.heads)
        began = READING.of(own_reading).began if own_reading is not None else None
        back = ReadBack(
            visit=visit,
            of=record.heads,
            carer=read.carer,
            held_at=read.began,
            written_by=self._records.name_of(first_author(revisions)),
            worker=(seat.person, seat.name),
            adults=adults,
            parts=parts,
            began=began or self._clock(),
        )
        return self._with_saved_answers(back)

    def _with_saved_answers(self, back: ReadBack) -> ReadBack:
        """Return ``back`` with the answers and signatures that are saved by now."""
        own_reading = self._own_reading(back.visit, back.of)
        words = [Paragraph(part.paragraph, text=part.text) for part in back.parts]
        by_place = answers_now(words, self.given_answers(back.visit))
        return replace(
            back,
            reading=own_reading.record if own_reading is not None else "",
            answers={place: answers.now.answer for place, answers in by_place.items() if answers.now is not None},
            signed=dict(self._signed(back)),
        )

    def refusal(self, visit: str) -> str:
        """Why ``read`` would refuse this visit, or ''."""
        try:
            self.read(visit)
        except UserError as refused:
            return str(refused)
        return ""

    def _finished(self, visit: str) -> Record:
        record = self._store.get(visit)
        if record is None or record.kind != VISIT.name:
            raise UserError("This visit is not finished. A signature is for a finished record: finish it first.")
        if record.withdrawn:
            raise UserError("This visit was withdrawn. It can no longer be read back.")
        if record.needs_decision:
            raise UserError(
                "This visit has two versions. Decide in the sync centre which is right, then read the visit back."
            )
        if record.incomplete:
            raise UserError("A part of this visit is not on this laptop yet. Sync, then read the visit back.")
        return record

    def _part(self, number: int, paragraph: NoteParagraph) -> Part:
        return Part(paragraph.id, number, self.title(paragraph), paragraph.text, digest_of_words(paragraph.text))

    def title(self, paragraph: NoteParagraph) -> str:
        """The heading of a paragraph: its section, with the child's name if it is about a child."""
        record = self._store.get(paragraph.child) if paragraph.child else None
        child = CHILD.of(record) if record is not None and record.kind == CHILD.name else None
        name = (child_first_name(child) if child is not None else "") or "the child"
        section = code_list(SECTIONS).get(paragraph.section)
        title = section.label.replace("{child}", name) if section is not None else ""
        lacks_name = child is not None and name not in title
        return f"{name}. {title}" if lacks_name and title else title

    def _readings(self, visit: str) -> list[Record]:
        readings = self._store.records_about(visit, role="visit", kind=READING.name)
        return [reading for reading in readings if not reading.withdrawn]

    def _own_reading(self, visit: str, of: Sequence[str]) -> Record | None:
        """The reading of this version that was begun on this laptop, or None."""
        return next(
            (
                reading
                for reading in self._readings(visit)
                if reading.own_number and not reading.needs_decision and sorted(READING.of(reading).of) == sorted(of)
            ),
            None,
        )

    def given_answers(self, visit: str) -> list[GivenAnswer]:
        """All answers to a visit, from every reading that is not withdrawn."""
        return [
            GivenAnswer(answer, reading.record, tuple(READING.of(reading).of))
            for reading in self._readings(visit)
            for answer in READING.of(reading).answers
        ]

    def _signed(self, back: ReadBack) -> Iterable[tuple[str, Signed]]:
        """Yield the signers of this version with their signatures, the newest signature last.

        A signature for an earlier version counts if nothing has changed since.
        """
        known = {revision.digest: revision for revision in self._store.all_revisions(back.visit)}
        without_effect = self._store.without_effect(back.visit)
        read = [known[digest] for digest in behind(known, back.of)]
        for record in reversed(self._store.records_about(back.visit, role="visit", kind=SIGNATURE.name)):
            signature: Signature = SIGNATURE.of(record)
            if (
                not record.withdrawn
                and is_whole(signature)
                and not outdating(read, VISIT, signature.of, without_effect)
            ):
                yield signer(signature), Signed(record.record, signature, self._records.name_of(record.author))

    # Drafts of answers and signatures

    def typed(self, back: ReadBack, question: str) -> Draft:
        """The draft of a question: what was typed or drawn and is not saved as an answer yet."""
        return self._questions.draft(back.visit, VISIT.name, question)

    # Answers and signatures

    def answer(self, back: ReadBack, member: str, paragraph: str, answer: str, words: str) -> ReadBack:
        """Save a member's answer to a paragraph. The first answer creates the reading, a later one adds a row to it.

        The same answer again is not saved twice. Raises Unfinished if the answer needs the member's words and they are missing.
        """
        part = next(part for part in back.parts if part.paragraph == paragraph)
        adult = next(adult for adult in back.adults if adult.member == member)
        saved = back.answers.get((paragraph, member))
        if saved is None or (saved.answer, saved.words) != (answer, words.strip()):
            row = {
                "id": identity.row_id(),
                "paragraph": paragraph,
                "seen": part.seen,
                "member": member,
                "name": adult.name,
                "answer": answer,
                "words": words.strip(),
                "at": times.stamp(self._clock()),
            }
            own_reading = self._own_reading(back.visit, back.of)
            if own_reading is not None:
                self._records.add_row(own_reading.record, ANSWERS, row)
            else:
                fields = {**_named(back), "began": times.stamp(back.began), ANSWERS: [_filled(row)]}
                self._records.finish(self._records.new_draft(READING.name, fields))
        self._questions.discard(self.typed(back, answer_question(member, paragraph)))
        return self._with_saved_answers(back)

    def sign(self, back: ReadBack, who: str, how: str, **details: str) -> ReadBack:
        """Save the signature of a member or the worker, or the reason why there is none.

        The signature is for the version that was read, even if the visit was amended since.

        Args:
            back: the version that is signed.
            who: the member's row, or the worker's identifier.
            how: a code of ``signature_how``.
            details: what this way of signing needs: ``strokes``, ``typed``, ``reason`` or ``copy_by``.

        Raises Unfinished if one of the needed details is missing.
        """
        fields: dict[str, Any] = {**_named(back), "how": how, "at": times.stamp(self._clock()), **details}
        if who == back.worker[0]:
            fields |= {"practitioner": who, "name": back.worker[1], "capacity": AS_WORKER}
        else:
            adult = next(adult for adult in back.adults if adult.member == who)
            fields |= {"member": who, "name": adult.name, "capacity": AS_CARER}
        self._records.finish(self._records.new_draft(SIGNATURE.name, _filled(fields)))
        self._questions.discard(self.typed(back, sign_question(who)))
        return self._with_saved_answers(back)


def _named(back: ReadBack) -> dict[str, Any]:
    return {"visit": back.visit, "of": list(back.of), "carer": back.carer}


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}
