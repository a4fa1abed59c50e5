"""Compares this laptop's copy of the council's own chain with what the council says now and with what others have seen.

The chain has two versions ("ways") if the council was restored and then written to, or tells two laptops different things. The
laptop takes the council's version if mending orders name every revision that it would drop, and write these revisions again.
Otherwise it saves both versions as evidence, sends its own to the council, and tells the person. Must not decide which version
counts: the council's staff do.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import pairwise

from hipss_desktop.errors import Tampered
from hipss_desktop.kinds.council import ERASURE, MENDING
from hipss_desktop.records.chain import NO_LINK, Link, follows, last_alike, link_of, verify_many
from hipss_desktop.records.kind import Kind, R
from hipss_desktop.records.revision import Revision, as_far_as_read
from hipss_desktop.rules.council_keys import by_key
from hipss_desktop.services.enrolment import Council, Refused, council_keys
from hipss_desktop.services.ports import Store
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.services.sync_status import TWO_STORIES
from sync.wire.messages import LARGEST_BATCH, LARGEST_REQUEST, HaveAnswer, Pull, Push, from_wire, to_wire
from sync.wire.tokens import public_key

NOT_SHOWN = "The council says that it has other orders than this laptop, and does not show them. Nothing was changed."
SEEN_MORE = "Another laptop has seen more orders of the council than the council shows here."
_verifying = ThreadPoolExecutor(2, thread_name_prefix="verify")


def batch_of(store: Store, seat: str, after: int, most: int) -> list[Revision]:
    """The next revisions of a chain that fit into one request, none at the end of the chain."""
    size, batch = 0, list[Revision]()
    for revision in store.chain(seat, after=after, limit=most):
        size += len(revision.jws) + 2 * len(revision.body or b"") + 200
        if batch and size > LARGEST_REQUEST // 2:
            break
        batch.append(revision)
    return batch


def stand_again(dropped_revisions: Sequence[Revision], branch: Sequence[Revision]) -> bool:
    """Whether mending orders in ``branch`` name all dropped revisions, and each is in it again with the same content or was erased.

    So a mending order never takes an order of the council back. A revision that was written again may itself have been dropped.
    """
    became = {row.id: row.became for order in _orders(MENDING, branch) for row in order.revisions}
    erased = {digest for order in _orders(ERASURE, branch) for digest in order.digests}
    envelopes = {revision.digest: revision.envelope for revision in branch}

    def stands(revision: Revision) -> bool:
        digest, names = revision.digest, dict(became)
        while digest in names:
            digest = names.pop(digest)
        if not digest and revision.digest in became:
            return revision.digest in erased
        present, former = envelopes.get(digest), revision.envelope
        return present is not None and (present.kind, present.record, present.body) == (
            former.kind,
            former.record,
            former.body,
        )

    return all(stands(revision) for revision in dropped_revisions)


def _orders(kind: Kind[R], revisions: Sequence[Revision]) -> list[R]:
    contents = [revision.content() for revision in revisions if revision.envelope.kind == kind.name]
    return [kind.read(content.fields) for content in contents if content is not None]


class CouncilChain:
    """Compares the two copies of the council's chain, for one exchange."""

    def __init__(self, store: Store, council: Council) -> None:
        self._store = store
        self._council = council
        self._seat = store.setting(StoreSetting.COUNCIL_SEAT)

    def held(self) -> Link:
        """The last link of the council's own chain on this laptop."""
        return self._store.have().get(self._seat, NO_LINK)

    def agrees(self, answer: HaveAnswer) -> bool:
        """Whether council and laptop have the same revision at the last number that both have.

        If the council has more than this laptop, it is asked for that revision.

        Raises:
            Tampered: the council does not show what it says that it has.
        """
        through = min(answer.have.get(self._seat, NO_LINK).number, self.held().number)
        return not through or not self._differs(through, answer)

    def go_over(self, answer: HaveAnswer) -> bool:
        """Take the council's version of its chain, if the two do not agree.

        Return False if the council has not mended the chain. Both versions are then evidence, and the person is told.

        Raises:
            Tampered: the council does not show what it says that it has.
        """
        theirs, ours = answer.have[self._seat], self.held()
        through = min(theirs.number, ours.number)
        alike = last_alike(through - 1, lambda number: self._differs(number, answer))
        dropped_revisions = self._store.chain(self._seat, after=alike, limit=ours.number - alike)
        branch = self._councils_branch(answer, alike)
        if stand_again(dropped_revisions, branch):
            with self._store.write() as unit:
                unit.take_way(dropped_revisions, branch)
            return True
        both = dropped_revisions[-1].jws, branch[0].jws
        # Send this laptop's version again when either version has changed since the evidence was saved.
        if not set(both).issubset(self._store.evidence_of(TWO_STORIES)):
            self._bring(alike)
        self._note_two_stories(*both)
        return False

    def _differs(self, number: int, answer: HaveAnswer) -> bool:
        last = answer.have[self._seat]
        theirs = last.digest if number == last.number else self._shown(answer, number - 1, most=1)[0].digest
        return theirs != self._digest(number)

    def _digest(self, number: int) -> str:
        """The digest of this laptop's revision at a number, or '' if there is none."""
        link = self._store.chain(self._seat, after=number - 1, limit=1) if number else []
        return link[0].digest if link else ""

    def _shown(self, answer: HaveAnswer, after: int, most: int = LARGEST_BATCH) -> list[Revision]:
        """Ask the council for its next revisions after a number. Raises Tampered if it shows none, or others."""
        request = Pull({**answer.have, self._seat: Link(after, "")}, [], most)
        revisions = [from_wire(wire_revision) for wire_revision in self._council.pull(request).revisions]
        own = [revision for revision in revisions if revision.envelope.seat == self._seat]
        if not own or any(revision.envelope.number != after + place for place, revision in enumerate(own, start=1)):
            raise Tampered(NOT_SHOWN)
        return own

    def _councils_branch(self, answer: HaveAnswer, alike: int) -> list[Revision]:
        """The council's version of its chain after the last number at which both agree, verified."""
        branch, through = list[Revision](), answer.have[self._seat].number
        while alike + len(branch) < through:
            shown = self._shown(answer, alike + len(branch))
            for key, run in by_key(council_keys(self._store), shown):
                verify_many(run, public_key(key), _verifying)
            branch += shown
        whole = follows(branch[0], Link(alike, self._digest(alike)))
        if not whole or not all(follows(after, link_of(before)) for before, after in pairwise(branch)):
            raise Tampered(NOT_SHOWN)
        return branch

    def _bring(self, alike: int) -> None:
        """Send this laptop's version to the council, so that the council's staff learn of it and can mend the chain."""
        after = alike
        while batch := batch_of(self._store, self._seat, after, LARGEST_BATCH):
            with suppress(Refused):  # the council refuses it as forked, and saves it as evidence
                self._council.push(Push(self._seat, [to_wire(revision) for revision in batch]))
            after = batch[-1].envelope.number

    def compare(self, heard: Sequence[Revision]) -> list[str]:
        """Compare the chain with what the authors of these revisions had seen of it. Return the problems in words."""
        problems = dict[str, None]()
        for revision in heard:
            link = _seen(revision)
            if not link.number or self._stands(link):
                continue
            ours = self._store.chain(self._seat, after=link.number - 1, limit=1)
            if ours:
                self._note_two_stories(revision.jws, ours[0].jws)
            problems[TWO_STORIES if ours else SEEN_MORE] = None
        return list(problems)

    def close_the_case(self) -> None:
        """Stop warning of two versions once all evidence of them is in the chain or named by a mending order."""
        if not self._store.setting(StoreSetting.COUNCIL_SPLIT):
            return
        evidence = [as_far_as_read(jws, None, None) for jws in self._store.evidence_of(TWO_STORIES)]
        links = [
            link_of(revision) if revision.envelope.seat == self._seat else _seen(revision)
            for revision in evidence
            if revision is not None
        ]
        if all(self._stands(link) for link in links):
            with self._store.write() as unit:
                unit.set(StoreSetting.COUNCIL_SPLIT, "")

    def _stands(self, link: Link) -> bool:
        return self._digest(link.number) == link.digest or link.digest in self._store.mended()

    def _note_two_stories(self, *both: str) -> None:
        """Save both revisions as evidence, and set the warning for the person."""
        with self._store.write() as unit:
            for jws in both:
                unit.keep_evidence(TWO_STORIES, jws, None)
            unit.set(StoreSetting.COUNCIL_SPLIT, TWO_STORIES)


def _seen(revision: Revision) -> Link:
    """The last link of the council's own chain that the author of a revision had."""
    return Link(revision.envelope.council_number, revision.envelope.council_digest)
