"""Whether signatures and answers are still valid: a signature is for one version, an answer for the words that were read.

A later revision that decides something of a record makes signatures of earlier versions outdated. Added rows do not, as
they change nothing that was signed. An answer is valid as long as the words of its paragraph are exactly the same.
Otherwise the paragraph counts as not answered, and the answer remains with the words that were seen (domain notes, and
architecture 14 and 23). None of this is stored. Must not read a store.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from hipss_desktop.kinds.reading import Answer, digest_of_words
from hipss_desktop.records.fold import behind, fold
from hipss_desktop.records.kind import Kind
from hipss_desktop.records.paragraphs import Paragraph
from hipss_desktop.records.revision import Revision

_EARLIEST = datetime.min.replace(tzinfo=UTC)


def outdating(
    revisions: Iterable[Revision], kind: Kind | None, of: Collection[str], held: Collection[str] = ()
) -> tuple[Revision, ...]:
    """The revisions that make a signature (or a reading as a whole) outdated, oldest by clock first.

    Args:
        revisions: all revisions of the record that was signed.
        kind: its kind.
        of: the version that was signed: the digests of the revisions that were its heads.
        held: revisions without effect, as they are held back: they outdate nothing, and a signature of one is not valid.
    """
    known = {revision.digest: revision for revision in revisions}
    if not known:
        return ()
    signed, state = behind(known, of), fold(known.values(), kind, held)
    later = [
        revision
        for digest, revision in known.items()
        if (digest in of if digest in state.without_effect else digest not in signed | state.growths)
        and revision.envelope.action != "countersign"
    ]
    return tuple(sorted(later, key=lambda revision: (revision.envelope.clock, revision.digest)))


@dataclass(frozen=True)
class GivenAnswer:
    """An answer, with the reading (its identifier) and the version for which it was given."""

    answer: Answer
    reading: str
    of: tuple[str, ...]

    @property
    def order(self) -> tuple[datetime, str]:
        """The sort key: when it was given, then the row's identifier, so that all laptops agree."""
        return self.answer.at or _EARLIEST, self.answer.id


@dataclass(frozen=True)
class Stands:
    """A member's answers to a paragraph.

    Attributes:
        now: the latest answer to the present words; None: not answered.
        before: answers to other words of the same paragraph, oldest first.
    """

    now: GivenAnswer | None = None
    before: tuple[GivenAnswer, ...] = ()


def answers_now(
    paragraphs: Iterable[Paragraph], given_answers: Sequence[GivenAnswer]
) -> Mapping[tuple[str, str], Stands]:
    """The answers to each paragraph by each member who gave one: (paragraph, member) to answers."""
    words = {paragraph.id: digest_of_words(paragraph.text) for paragraph in paragraphs}
    answers: dict[tuple[str, str], Stands] = {}
    for given_answer in sorted(given_answers, key=lambda given_answer: given_answer.order):
        place = given_answer.answer.paragraph, given_answer.answer.member
        stands = answers.get(place, Stands())
        if words.get(given_answer.answer.paragraph) == given_answer.answer.seen:
            answers[place] = Stands(given_answer, stands.before)
        else:
            answers[place] = Stands(stands.now, (*stands.before, given_answer))
    return answers
