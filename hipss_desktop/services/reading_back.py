"""Reading a finished visit back to the household and having it signed: what is shown, what was said, who signed.

What is read and signed is one exact version. Each answer becomes a row of a reading, each signature a record, at the press that
gives it; what is typed or drawn before that is the draft of a question of the visit, one for each answer and each signature
(``services.questions``), so that it is on the disk a second later. Must not show anything of another household.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from hipss_desktop import identity, times
from hipss_desktop.errors import UserError
from hipss_desktop.kinds.carer import CARER, carers, member_name
from hipss_desktop.kinds.catalogue import may_write, who_may
from hipss_desktop.kinds.child import CHILD
from hipss_desktop.kinds.reading import ANSWERS, READING, Answer, digest_of_words
from hipss_desktop.kinds.signature import AS_CARER, AS_WORKER, SIGNATURE, Signature, is_whole, signer
from hipss_desktop.kinds.visit import SECTIONS, VISIT, NoteParagraph, Visit, as_read, is_read_back
from hipss_desktop.records.agreement import first_author
from hipss_desktop.records.codes import code_list
from hipss_desktop.records.fold import behind
from hipss_desktop.records.paragraphs import Paragraph
from hipss_desktop.rules.signatures import Given, answers_now, outdating
from hipss_desktop.services.ports import Draft, Record, Store
from hipss_desktop.services.questions import Questions
from hipss_desktop.services.records import Records

READ_BACK, SIGN = "read_back", "sign"
"""What the questions of a visit do that are asked while it is read back."""


@dataclass(frozen=True)
class Adult:
    """A carer of the household: the row that names them, their name, and what they are called."""

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
    """A signature that is for the version that stands, and who captured it."""

    record: str
    signature: Signature
    captured_by: str


@dataclass(frozen=True)
class ReadBack:
    """A visit as it is read back to a household.

    Attributes:
        of: the version that is read: the digests of the revisions that are its heads.
        began: when this reading began; ``reading`` is its record, '' before the first answer.
        worker: who reads it back and captures the signatures: their identifier and name.
        answers: what was said to the words that stand, by paragraph and member.
        signed: the signatures for this version, by member, or by the colleague's identifier.
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
        """How many of the parts somebody has answered."""
        return sum((part.paragraph, member) in self.answers for part in self.parts)

    def is_answered(self, member: str) -> bool:
        """Whether somebody has answered every part."""
        return self.answered(member) == len(self.parts)

    def first_open(self, member: str, after: int = -1) -> int | None:
        """The place of the first part that somebody has not answered, from ``after`` on and then from the beginning."""
        places = [*range(after + 1, len(self.parts)), *range(after + 1)]
        return next((place for place in places if (self.parts[place].paragraph, member) not in self.answers), None)


def answer_question(member: str, paragraph: str) -> str:
    """The question of what somebody says to a paragraph."""
    return f"{READ_BACK}:{member}:{paragraph}"


def sign_question(who: str) -> str:
    """The question of somebody's signature."""
    return f"{SIGN}:{who}"


class ReadingBack:
    """Reads visits back, for one open store."""

    def __init__(self, store: Store, records: Records, questions: Questions, clock: times.Clock) -> None:
        self._store, self._records, self._questions, self._clock = store, records, questions, clock

    def read(self, visit: str) -> ReadBack:
        """What is read back of a visit, for the person who reads it back.

        Raises:
            UserError: as ``as_it_stands`` does, or this person's role may not write a reading.
        """
        if not may_write(self._store.seat.role, READING.name):
            raise UserError(f"{who_may(READING, writing=True)} Ask your manager if you need it.")
        return self.as_it_stands(visit)

    def as_it_stands(self, visit: str) -> ReadBack:
        """What is to be read back of a visit, with what was said to it and who signed it.

        Raises:
            UserError: it is not finished, not here, withdrawn or waits for a decision, nothing was chosen to be read back, or
                the household is not here or has no carer.
        """
        record = self._finished(visit)
        read: Visit = VISIT.of(record)
        household = self._store.get(read.carer)
        if household is None or household.kind != CARER.name:
            raise UserError("The household of this visit is not on this laptop. Sync, then read it back.")
        adults = tuple(
            Adult(member.id, member_name(member), member.known_as or member.given_name)
            for member in carers(CARER.of(household))
        )
        if not adults:
            raise UserError("The record of this household names no carer. Add who cares there, then read it back.")
        chosen = [paragraph for paragraph in as_read(read) if is_read_back(paragraph)]
        if not chosen:
            raise UserError("Nothing was chosen to be read back. Amend the visit, and tick ‘Read back’ at a paragraph.")
        parts = tuple(self._part(number, paragraph) for number, paragraph in enumerate(chosen, start=1))
        seat, revisions = self._store.seat, self._store.revisions(visit)
        mine = self._mine(visit, record.heads)
        began = READING.of(mine).began if mine is not None else None
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
        return self._as_kept(back)

    def _as_kept(self, back: ReadBack) -> ReadBack:
        """The same version with all that was said to its words and signed for it until now."""
        mine = self._mine(back.visit, back.of)
        words = [Paragraph(part.paragraph, text=part.text) for part in back.parts]
        stand = answers_now(words, self.given(back.visit))
        return replace(
            back,
            reading=mine.record if mine is not None else "",
            answers={place: stands.now.answer for place, stands in stand.items() if stands.now is not None},
            signed=dict(self._signed(back)),
        )

    def refusal(self, visit: str) -> str:
        """Why ``read`` would not give it, '' where it would."""
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
                "Two versions of this visit stand. Decide in the sync centre which holds, then read it back."
            )
        if record.incomplete:
            raise UserError("A part of this visit is not on this laptop yet. Sync, then read it back.")
        return record

    def _part(self, number: int, paragraph: NoteParagraph) -> Part:
        return Part(paragraph.id, number, self.title(paragraph), paragraph.text, digest_of_words(paragraph.text))

    def title(self, paragraph: NoteParagraph) -> str:
        """What a paragraph stands under: its section, with the child's name where it is about one."""
        child = self._store.get(paragraph.child) if paragraph.child else None
        known = CHILD.of(child) if child is not None and child.kind == CHILD.name else None
        called = known.given_name if known is not None else "the child"
        listed = code_list(SECTIONS).get(paragraph.section)
        title = listed.label.replace("{child}", called) if listed is not None else ""
        about = bool(known) and called not in title
        return f"{called}. {title}" if about and title else title

    def _readings(self, visit: str) -> list[Record]:
        found = self._store.records_about(visit, role="visit", kind=READING.name)
        return [reading for reading in found if not reading.withdrawn]

    def _mine(self, visit: str, of: Sequence[str]) -> Record | None:
        """The reading of a version that was begun on this laptop."""
        return next(
            (
                reading
                for reading in self._readings(visit)
                if reading.own_number and not reading.needs_decision and sorted(READING.of(reading).of) == sorted(of)
            ),
            None,
        )

    def given(self, visit: str) -> list[Given]:
        """All answers that were ever given to a visit, in whatever reading."""
        return [
            Given(answer, reading.record, tuple(READING.of(reading).of))
            for reading in self._readings(visit)
            for answer in READING.of(reading).answers
        ]

    def _signed(self, back: ReadBack) -> Iterable[tuple[str, Signed]]:
        """The signatures for a version, or for one that nothing has changed since, by whose they are; of several the newest."""
        known = {revision.digest: revision for revision in self._store.all_revisions(back.visit)}
        held = self._store.without_effect(back.visit)
        read = [known[digest] for digest in behind(known, back.of)]
        for record in reversed(self._store.records_about(back.visit, role="visit", kind=SIGNATURE.name)):
            signature: Signature = SIGNATURE.of(record)
            if not record.withdrawn and is_whole(signature) and not outdating(read, VISIT, signature.of, held):
                yield signer(signature), Signed(record.record, signature, self._records.name_of(record.author))

    # What is typed or drawn, before it is given

    def typed(self, back: ReadBack, question: str) -> Draft:
        """What was typed into one of the questions and not given yet."""
        return self._questions.draft(back.visit, VISIT.name, question)

    # What is given

    def answer(self, back: ReadBack, member: str, paragraph: str, answer: str, words: str) -> ReadBack:
        """Keep what somebody says to a part: the first answer makes the reading, others add a row to it.

        The same answer again is kept once. Raises Unfinished where own words are missing.
        """
        part = next(part for part in back.parts if part.paragraph == paragraph)
        adult = next(adult for adult in back.adults if adult.member == member)
        said = back.answers.get((paragraph, member))
        if said is None or (said.answer, said.words) != (answer, words.strip()):
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
            mine = self._mine(back.visit, back.of)
            if mine is not None:
                self._records.add_row(mine.record, ANSWERS, row)
            else:
                fields = {**_named(back), "began": times.stamp(back.began), ANSWERS: [_filled(row)]}
                self._records.finish(self._records.new_draft(READING.name, fields))
        self._questions.discard(self.typed(back, answer_question(member, paragraph)))
        return self._as_kept(back)

    def sign(self, back: ReadBack, who: str, how: str, **said: str) -> ReadBack:
        """Keep the signature of a member, or of the worker, or why there is none: for what was read, whatever was amended since.

        Args:
            back: what is signed.
            who: the member's row, or the worker's identifier.
            how: a code of ``signature_how``.
            said: what goes with it: ``strokes``, ``typed``, ``reason`` or ``copy_by``.

        Raises Unfinished where what goes with it is missing.
        """
        fields: dict[str, Any] = {**_named(back), "how": how, "at": times.stamp(self._clock()), **said}
        if who == back.worker[0]:
            fields |= {"practitioner": who, "name": back.worker[1], "capacity": AS_WORKER}
        else:
            adult = next(adult for adult in back.adults if adult.member == who)
            fields |= {"member": who, "name": adult.name, "capacity": AS_CARER}
        self._records.finish(self._records.new_draft(SIGNATURE.name, _filled(fields)))
        self._questions.discard(self.typed(back, sign_question(who)))
        return self._as_kept(back)


def _named(back: ReadBack) -> dict[str, Any]:
    return {"visit": back.visit, "of": list(back.of), "carer": back.carer}


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}
