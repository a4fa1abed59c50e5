"""Who signed a visit and what was said to its paragraphs, in words: for which version, and what made it outdated.

Must not decide what outdates a signature: ``rules.signatures`` does.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from hipss_desktop import times
from hipss_desktop.kinds.reading import AGREE, DISAGREE, OWN_WORDS
from hipss_desktop.kinds.signature import ABSENT, DRAWN, REFUSED, SIGNATURE, TYPED, Signature, is_whole
from hipss_desktop.kinds.visit import VISIT, NoteParagraph
from hipss_desktop.records.codes import code_list, within
from hipss_desktop.records.fold import seen
from hipss_desktop.records.revision import Revision
from hipss_desktop.records.strokes import Stroke, read
from hipss_desktop.records.strokes import words as strokes_words
from hipss_desktop.rules.signatures import GivenAnswer, Stands, answers_now, outdating
from hipss_desktop.services.ports import Record, Store
from hipss_desktop.services.reading_back import ReadingBack
from hipss_desktop.services.records import Records

SAYS = {AGREE: "agrees", DISAGREE: "does not agree", OWN_WORDS: "says it in own words"}
NOTE = "note"
"""The field of a visit with its paragraphs."""
STANDS, OUTDATED, REPLACED = "stands", "outdated", "replaced"
"""The state of a signature or an answer: for the present version, for an earlier one, or replaced by a later answer."""


@dataclass(frozen=True)
class Outdating:
    """A revision that made a signature or an answer outdated: what it did, by whom and when."""

    digest: str
    does: str
    by: str
    at: str

    @property
    def words(self) -> str:
        """The revision in a sentence: "Outdated by the amendment of 16 March 2017, 11:50, D. Marsh"."""
        return f"Outdated by the {self.does} of {times.written_at(self.at)}, {self.by}"


@dataclass(frozen=True)
class SignatureLine:
    """One signature in words.

    Attributes:
        record: its record.
        name, capacity: who signed, and in which capacity.
        how: how it was given, who captured it and when.
        strokes: what was drawn; () if nothing was. ``drawn`` describes it in words.
        typed: the name that was typed.
        version: the version that it is for, in words.
        outdated_by: the revisions that made it outdated, oldest first; () if it is not outdated.
        signature: the signature as recorded; ``captured_by`` is who recorded it.
    """

    record: str
    name: str
    capacity: str
    how: str
    strokes: tuple[Stroke, ...]
    drawn: str
    typed: str
    version: str
    outdated_by: tuple[Outdating, ...]
    signature: Signature
    captured_by: str

    @property
    def outdated(self) -> str:
        """The sentence that it is outdated, '' if it is not."""
        return self.outdated_by[0].words if self.outdated_by else ""

    @property
    def state(self) -> str:
        """Whether it is for the present version."""
        return OUTDATED if self.outdated_by else STANDS

    @property
    def spoken(self) -> str:
        """All of it in one line."""
        parts = (f"{self.name}, {within(self.capacity)}", self.how, self.drawn, self.version, self.outdated)
        return ". ".join(part.rstrip(".") for part in parts if part) + "."


@dataclass(frozen=True)
class AnswerLine:
    """What one adult said to a paragraph: "Jo Preece does not agree, 16 March 2017, 11:35".

    ``seen`` are the words that the adult answered, '' if they are the present words.
    """

    says: str
    words: str
    seen: str
    disagrees: bool


@dataclass(frozen=True)
class GivenLine:
    """One of all answers ever given.

    Attributes:
        title: the heading of its paragraph; ``words_read`` are the words that were read.
        answer: what was said, by whom and when.
        state: whether it is for the present words.
        outdated_by: the revisions that changed the paragraph since, oldest first.
    """

    given_answer: GivenAnswer
    title: str
    words_read: str
    answer: AnswerLine
    state: str
    outdated_by: tuple[Outdating, ...]


@dataclass(frozen=True)
class SignedView:
    """The signatures of a visit, valid ones first, and the answers by paragraph.

    ``may_turn`` is whether the person who is signed in can have this version read back.
    """

    signatures: tuple[SignatureLine, ...] = ()
    answers: Mapping[str, tuple[AnswerLine, ...]] = field(default_factory=dict)
    may_turn: bool = False


class SignedViews:
    """Reads signatures and answers for one open store."""

    def __init__(self, store: Store, records: Records, reading_back: ReadingBack) -> None:
        self._store, self._records, self._reading_back = store, records, reading_back

    def view(self, visit: str) -> SignedView:
        """The signatures and answers of a visit; empty if the visit is not here."""
        current = self._store.get(visit)
        if current is None or current.kind != VISIT.name:
            return SignedView()
        revisions, held = self._store.all_revisions(visit), self._store.without_effect(visit)
        known = {revision.digest: revision for revision in revisions}
        signatures = self._store.records_about(visit, role="visit", kind=SIGNATURE.name)
        lines = [self._line(record, known, held) for record in signatures if not record.withdrawn]
        return SignedView(
            tuple(sorted(lines, key=lambda line: bool(line.outdated))),
            self._answers(current, known),
            not self._reading_back.refusal(visit),
        )

    def given_lines(self, visit: str) -> list[GivenLine]:
        """Every answer ever given to a visit, in the order in which they were given."""
        current = self._store.get(visit)
        if current is None or current.kind != VISIT.name:
            return []
        revisions, held = self._store.all_revisions(visit), self._store.without_effect(visit)
        given_answers = sorted(self._reading_back.given_answers(visit), key=lambda given_answer: given_answer.order)
        stand = answers_now(VISIT.of(current).note, given_answers)
        return [
            self._given_line(
                given_answer, stand[given_answer.answer.paragraph, given_answer.answer.member], revisions, held
            )
            for given_answer in given_answers
        ]

    def _given_line(
        self, given_answer: GivenAnswer, stands: Stands, revisions: Sequence[Revision], held: Collection[str]
    ) -> GivenLine:
        read = _paragraph_read(given_answer, {revision.digest: revision for revision in revisions})
        words = read.text if read is not None else ""
        is_before = given_answer in stands.before
        later = outdating(revisions, VISIT, given_answer.of, held) if is_before else ()
        return GivenLine(
            given_answer=given_answer,
            title=self._reading_back.title(read) if read is not None else "",
            words_read=words,
            answer=self._answer(given_answer, words if is_before else ""),
            state=STANDS if given_answer == stands.now else OUTDATED if is_before else REPLACED,
            outdated_by=tuple(
                map(
                    self._outdating,
                    (
                        later_revision
                        for later_revision in later
                        if _changes(later_revision, given_answer.answer.paragraph)
                    ),
                )
            ),
        )

    def _line(self, record: Record, known: Mapping[str, Revision], held: Collection[str]) -> SignatureLine:
        signature: Signature = SIGNATURE.of(record)
        drawn = read(signature.strokes) or ()
        captured_by = self._records.name_of(record.author)
        return SignatureLine(
            record=record.record,
            name=signature.name,
            capacity=code_list("signature_capacity").label(signature.capacity),
            how=self._how(signature, captured_by),
            strokes=drawn,
            drawn=strokes_words(drawn) if drawn else "",
            typed=signature.typed if signature.how == TYPED else "",
            version=self._version([known[digest] for digest in signature.of if digest in known]),
            outdated_by=tuple(map(self._outdating, outdating(known.values(), VISIT, signature.of, held))),
            signature=signature,
            captured_by=captured_by,
        )

    @staticmethod
    def _how(signature: Signature, captured_by: str) -> str:
        at = times.written_at(times.stamp(signature.at)) if signature.at else ""
        how_words = {
            DRAWN: "Signed by hand",
            TYPED: "Name typed",
            REFUSED: f"Does not want to sign: {signature.reason}",
            ABSENT: f"Was not here. The copy: {within(code_list('copy_by').label(signature.copy_by))}",
        }.get(signature.how, signature.how)
        if not is_whole(signature):
            how_words += ", but nothing that can be read was kept"
        return f"{how_words}. Captured by {captured_by}, {at}".rstrip(", ")

    def _version(self, signed: Sequence[Revision]) -> str:
        if not signed:
            return "For a version that is not on this laptop"
        wrote = " and ".join(self._wrote(revision) for revision in signed)
        return f"For the version of {wrote}"

    def _outdating(self, later: Revision) -> Outdating:
        does = "withdrawal" if later.envelope.action == "withdraw" else "amendment"
        return Outdating(later.digest, does, self._records.name_of(later.envelope.author), later.envelope.clock)

    def _wrote(self, revision: Revision) -> str:
        return f"{times.written_at(revision.envelope.clock)}, {self._records.name_of(revision.envelope.author)}"

    def _answers(self, current: Record, known: Mapping[str, Revision]) -> dict[str, tuple[AnswerLine, ...]]:
        given_answers = self._reading_back.given_answers(current.record)
        lines_by_paragraph: dict[str, list[AnswerLine]] = {}
        for (paragraph, _), stands in answers_now(VISIT.of(current).note, given_answers).items():
            lines = [self._answer(given_answer, _words_seen(given_answer, known)) for given_answer in stands.before]
            if stands.now is not None:
                lines.append(self._answer(stands.now, ""))
            lines_by_paragraph.setdefault(paragraph, []).extend(lines)
        return {paragraph: tuple(lines) for paragraph, lines in lines_by_paragraph.items()}

    @staticmethod
    def _answer(given_answer: GivenAnswer, words: str) -> AnswerLine:
        answer = given_answer.answer
        does = SAYS.get(answer.answer, code_list("reading_answer").label(answer.answer))
        at = f", {times.written_at(times.stamp(answer.at))}" if answer.at else ""
        return AnswerLine(f"{answer.name} {does}{at}", answer.words, words, answer.answer == DISAGREE)


def _words_seen(given_answer: GivenAnswer, known: Mapping[str, Revision]) -> str:
    """The words of a paragraph as they were read, '' if that version is not here."""
    read = _paragraph_read(given_answer, known)
    return read.text if read is not None else ""


def _paragraph_read(given_answer: GivenAnswer, known: Mapping[str, Revision]) -> NoteParagraph | None:
    """A paragraph as it was read, from the version that was read; None if that is not here."""
    body = seen(known, given_answer.of, VISIT)
    return next((row for row in VISIT.read(body).note if row.id == given_answer.answer.paragraph), None)


def _changes(revision: Revision, paragraph: str) -> bool:
    """Whether a revision changes a paragraph of the visit, alone or with the whole text."""
    content = revision.content()
    return content is not None and not {NOTE, f"{NOTE}/{paragraph}"}.isdisjoint(content.changed)
