"""Who signed a visit and what was said to its paragraphs, in words: for which version, and what has outdated it since.

Must not decide what outdates a signature: ``rules.signatures`` does.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from hipss_desktop import times
from hipss_desktop.kinds.reading import AGREE, DISAGREE, OWN_WORDS
from hipss_desktop.kinds.signature import ABSENT, DRAWN, REFUSED, SIGNATURE, TYPED, Signature, is_whole
from hipss_desktop.kinds.visit import VISIT
from hipss_desktop.records.codes import code_list, within
from hipss_desktop.records.fold import seen
from hipss_desktop.records.revision import Revision
from hipss_desktop.records.strokes import Stroke, read
from hipss_desktop.records.strokes import words as strokes_words
from hipss_desktop.rules.signatures import Given, answers_now, outdating
from hipss_desktop.services.ports import Record, Store
from hipss_desktop.services.reading_back import ReadingBack
from hipss_desktop.services.records import Records

SAYS = {AGREE: "agrees", DISAGREE: "does not agree", OWN_WORDS: "says it in own words"}


@dataclass(frozen=True)
class SignatureLine:
    """One signature as it reads.

    Attributes:
        record: its record.
        name, capacity: whose it is, and as what they signed.
        how: how it was given, by whom it was captured and when.
        strokes: what was drawn; () where nothing was. ``drawn`` says it in words.
        typed: the name that was typed.
        version: for which version it is.
        outdated: by what it no longer is for what stands, '' where it is.
    """

    record: str
    name: str
    capacity: str
    how: str
    strokes: tuple[Stroke, ...]
    drawn: str
    typed: str
    version: str
    outdated: str

    @property
    def spoken(self) -> str:
        """All of it in one line."""
        parts = (f"{self.name}, {within(self.capacity)}", self.how, self.drawn, self.version, self.outdated)
        return ". ".join(part.rstrip(".") for part in parts if part) + "."


@dataclass(frozen=True)
class AnswerLine:
    """What one adult said to a paragraph: "Jo Preece does not agree, 16 March 2017, 11:35".

    ``seen`` are the words that it was said to, '' for those that stand now.
    """

    says: str
    words: str
    seen: str
    disagrees: bool


@dataclass(frozen=True)
class SignedView:
    """The signatures of a visit, newest first of each person, and the answers by paragraph.

    ``may_turn`` is whether this version can be read back by whoever is signed in.
    """

    signatures: tuple[SignatureLine, ...] = ()
    answers: Mapping[str, tuple[AnswerLine, ...]] = field(default_factory=dict)
    may_turn: bool = False


class SignedViews:
    """Reads them for one open store."""

    def __init__(self, store: Store, records: Records, reading_back: ReadingBack) -> None:
        self._store, self._records, self._reading_back = store, records, reading_back

    def view(self, visit: str) -> SignedView:
        """What was signed and said of a visit; nothing where it is not here."""
        current = self._store.get(visit)
        if current is None or current.kind != VISIT.name:
            return SignedView()
        revisions, held = self._store.all_revisions(visit), self._store.without_effect(visit)
        known = {revision.digest: revision for revision in revisions}
        found = self._store.records_about(visit, role="visit", kind=SIGNATURE.name)
        lines = [self._line(record, known, held) for record in found if not record.withdrawn]
        return SignedView(
            tuple(sorted(lines, key=lambda line: bool(line.outdated))),
            self._answers(current, known),
            self._reading_back.may_read(visit),
        )

    def _line(self, record: Record, known: Mapping[str, Revision], held: Collection[str]) -> SignatureLine:
        signature: Signature = SIGNATURE.of(record)
        drawn = read(signature.strokes) or ()
        return SignatureLine(
            record=record.record,
            name=signature.name,
            capacity=code_list("signature_capacity").label(signature.capacity),
            how=self._how(signature, self._records.name_of(record.author)),
            strokes=drawn,
            drawn=strokes_words(drawn) if drawn else "",
            typed=signature.typed if signature.how == TYPED else "",
            version=self._version([known[digest] for digest in signature.of if digest in known]),
            outdated=self._outdated(outdating(known.values(), VISIT, signature.of, held)),
        )

    @staticmethod
    def _how(signature: Signature, captured_by: str) -> str:
        at = times.written_at(times.stamp(signature.at)) if signature.at else ""
        said = {
            DRAWN: "Signed by hand",
            TYPED: "Name typed",
            REFUSED: f"Does not want to sign: {signature.reason}",
            ABSENT: f"Was not here. The copy: {within(code_list('copy_by').label(signature.copy_by))}",
        }.get(signature.how, signature.how)
        if not is_whole(signature):
            said += ", but nothing that can be read was kept"
        return f"{said}. Captured by {captured_by}, {at}".rstrip(", ")

    def _version(self, signed: Sequence[Revision]) -> str:
        if not signed:
            return "For a version that is not on this laptop"
        wrote = " and ".join(self._wrote(revision) for revision in signed)
        return f"For the version of {wrote}"

    def _outdated(self, later: Sequence[Revision]) -> str:
        if not later:
            return ""
        does = "withdrawal" if later[0].envelope.action == "withdraw" else "amendment"
        return f"Outdated by the {does} of {self._wrote(later[0])}"

    def _wrote(self, revision: Revision) -> str:
        return f"{times.written_at(revision.envelope.clock)}, {self._records.name_of(revision.envelope.author)}"

    def _answers(self, current: Record, known: Mapping[str, Revision]) -> dict[str, tuple[AnswerLine, ...]]:
        given = self._reading_back.given(current.record)
        found: dict[str, list[AnswerLine]] = {}
        for (paragraph, _), stands in answers_now(VISIT.of(current).note, given).items():
            lines = [self._answer(said, _words_seen(said, known)) for said in stands.before]
            if stands.now is not None:
                lines.append(self._answer(stands.now, ""))
            found.setdefault(paragraph, []).extend(lines)
        return {paragraph: tuple(lines) for paragraph, lines in found.items()}

    @staticmethod
    def _answer(said: Given, words: str) -> AnswerLine:
        answer = said.answer
        does = SAYS.get(answer.answer, code_list("reading_answer").label(answer.answer))
        at = f", {times.written_at(times.stamp(answer.at))}" if answer.at else ""
        return AnswerLine(f"{answer.name} {does}{at}", answer.words, words, answer.answer == DISAGREE)


def _words_seen(said: Given, known: Mapping[str, Revision]) -> str:
    """The words of a paragraph as they were read, found in the version that was read."""
    body = seen(known, said.of, VISIT)
    return next((row.text for row in VISIT.read(body).note if row.id == said.answer.paragraph), "")
