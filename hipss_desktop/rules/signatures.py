"""What signatures and answers are worth now: a signature is for one version, an answer for the words that were read.

Whatever decides something of a record after the version that was signed outdates its signatures; rows that were only added
outdate nothing, as they change nothing that was signed. An answer holds as long as its paragraph says what it said to the
letter; once it says something else the paragraph is not answered again, and the answer stays with the words that were seen
(domain notes, and architecture 14 and 23). Nothing of this is stored. Must not read a store.
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
    """The revisions by which a signature (or a reading as a whole) no longer is for what stands, oldest by clock first.

    Args:
        revisions: all of the record that was signed.
        kind: its kind.
        of: the version that was signed: the digests of the revisions that were its heads.
        held: what takes no part in the record, as it is held back: it outdates nothing, and what was signed of it does not stand.
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
class Given:
    """An answer, in which reading (its identifier) of which version it was given."""

    answer: Answer
    reading: str
    of: tuple[str, ...]

    @property
    def order(self) -> tuple[datetime, str]:
        """By when it was given; two of one moment stand in the order of their rows on every laptop."""
        return self.answer.at or _EARLIEST, self.answer.id


@dataclass(frozen=True)
class Stands:
    """What somebody said to a paragraph.

    Attributes:
        now: the latest answer to the words that stand now; None: not answered.
        before: what they answered to other words of the same paragraph, oldest first.
    """

    now: Given | None = None
    before: tuple[Given, ...] = ()


def answers_now(paragraphs: Iterable[Paragraph], given: Sequence[Given]) -> Mapping[tuple[str, str], Stands]:
    """What stands of each paragraph and member that anything was said of: (paragraph, member) to what they said."""
    words = {paragraph.id: digest_of_words(paragraph.text) for paragraph in paragraphs}
    found: dict[tuple[str, str], Stands] = {}
    for said in sorted(given, key=lambda said: said.order):
        place = said.answer.paragraph, said.answer.member
        stands = found.get(place, Stands())
        if words.get(said.answer.paragraph) == said.answer.seen:
            found[place] = Stands(said, stands.before)
        else:
            found[place] = Stands(stands.now, (*stands.before, said))
    return found
