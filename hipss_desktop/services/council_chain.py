"""The council's own chain as this laptop holds it, compared with what the council says now and with what others have seen.

A council that was put back and written on, or that tells two laptops different things, has two ways of its chain. Where
mending orders of the council name all that is left here, and the same stands there again, the laptop goes over to the
council's way. Else both are kept, the council gets this laptop's way, and the person is told. Must not decide which way
counts: the council's people do.
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
    """The next links of a chain that go into one request; none where the chain ends."""
    size, batch = 0, list[Revision]()
    for revision in store.chain(seat, after=after, limit=most):
        size += len(revision.jws) + 2 * len(revision.body or b"") + 200
        if batch and size > LARGEST_REQUEST // 2:
            break
        batch.append(revision)
    return batch


def stand_again(left: Sequence[Revision], way: Sequence[Revision]) -> bool:
    """Whether mending orders in ``way`` name all of ``left``, and each says the same there again or had been erased.

    So no order of the council is ever taken back by a mending one. What was written again may have been left in its turn.
    """
    became = {row.id: row.became for order in _orders(MENDING, way) for row in order.revisions}
    erased = {digest for order in _orders(ERASURE, way) for digest in order.digests}
    there = {revision.digest: revision.envelope for revision in way}

    def stands(revision: Revision) -> bool:
        digest, names = revision.digest, dict(became)
        while digest in names:
            digest = names.pop(digest)
        if not digest and revision.digest in became:
            return revision.digest in erased
        again, was = there.get(digest), revision.envelope
        return again is not None and (again.kind, again.record, again.body) == (was.kind, was.record, was.body)

    return all(stands(revision) for revision in left)


def _orders(kind: Kind[R], revisions: Sequence[Revision]) -> list[R]:
    contents = [revision.content() for revision in revisions if revision.envelope.kind == kind.name]
    return [kind.read(content.fields) for content in contents if content is not None]


class CouncilChain:
    """The comparison, for one exchange."""

    def __init__(self, store: Store, council: Council) -> None:
        self._store = store
        self._council = council
        self._seat = store.setting(StoreSetting.COUNCIL_SEAT)

    def held(self) -> Link:
        """How far this laptop holds it."""
        return self._store.have().get(self._seat, NO_LINK)

    def agrees(self, answer: HaveAnswer) -> bool:
        """Whether council and laptop hold the same at the last number that both have; asked for where the council has more.

        Raises:
            Tampered: the council does not show what it says that it has.
        """
        through = min(answer.have.get(self._seat, NO_LINK).number, self.held().number)
        return not through or not self._differs(through, answer)

    def go_over(self, answer: HaveAnswer) -> bool:
        """Go over to the council's way, where the two do not agree; False where it was not mended, which is kept and told.

        Raises:
            Tampered: the council does not show what it says that it has.
        """
        told, here = answer.have[self._seat], self.held()
        through = min(told.number, here.number)
        alike = last_alike(through - 1, lambda number: self._differs(number, answer))
        left = self._store.chain(self._seat, after=alike, limit=here.number - alike)
        way = self._way(answer, alike)
        if stand_again(left, way):
            with self._store.write() as unit:
                unit.take_way(left, way)
            return True
        both = left[-1].jws, way[0].jws
        if not set(both).issubset(
            self._store.evidence_of(TWO_STORIES)
        ):  # once for all that is held of each of the two ways
            self._bring(alike)
        self._note_two_stories(*both)
        return False

    def _differs(self, number: int, answer: HaveAnswer) -> bool:
        told = answer.have[self._seat]
        theirs = told.digest if number == told.number else self._shown(answer, number - 1, most=1)[0].digest
        return theirs != self._digest(number)

    def _digest(self, number: int) -> str:
        """The digest under which this laptop holds that number, '' where it holds none."""
        link = self._store.chain(self._seat, after=number - 1, limit=1) if number else []
        return link[0].digest if link else ""

    def _shown(self, answer: HaveAnswer, after: int, most: int = LARGEST_BATCH) -> list[Revision]:
        """The council's next revisions after that number, of which there is at least one."""
        asked = Pull({**answer.have, self._seat: Link(after, "")}, [], most)
        came = [from_wire(one) for one in self._council.pull(asked).revisions]
        own = [one for one in came if one.envelope.seat == self._seat]
        if not own or any(one.envelope.number != after + place for place, one in enumerate(own, start=1)):
            raise Tampered(NOT_SHOWN)
        return own

    def _way(self, answer: HaveAnswer, alike: int) -> list[Revision]:
        """The council's way after a number that both hold alike, verified."""
        way, through = list[Revision](), answer.have[self._seat].number
        while alike + len(way) < through:
            shown = self._shown(answer, alike + len(way))
            for key, run in by_key(council_keys(self._store), shown):
                verify_many(run, public_key(key), _verifying)
            way += shown
        whole = follows(way[0], Link(alike, self._digest(alike)))
        if not whole or not all(follows(after, link_of(before)) for before, after in pairwise(way)):
            raise Tampered(NOT_SHOWN)
        return way

    def _bring(self, alike: int) -> None:
        """Let the council have the way that it does not show, so that its own people learn of it and can mend it."""
        after = alike
        while batch := batch_of(self._store, self._seat, after, LARGEST_BATCH):
            with suppress(Refused):  # as forked: it is kept there as evidence
                self._council.push(Push(self._seat, [to_wire(revision) for revision in batch]))
            after = batch[-1].envelope.number

    def compare(self, heard: Sequence[Revision]) -> list[str]:
        """Compare the chain with what the authors of these revisions had seen of it; the problems, in words."""
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
        """Say no more of two stories once all that was kept of them stands in the chain, or was named by a mending order."""
        if not self._store.setting(StoreSetting.COUNCIL_SPLIT):
            return
        evidence = [as_far_as_read(jws, None, None) for jws in self._store.evidence_of(TWO_STORIES)]
        links = [link_of(one) if one.envelope.seat == self._seat else _seen(one) for one in evidence if one is not None]
        if all(self._stands(link) for link in links):
            with self._store.write() as unit:
                unit.set(StoreSetting.COUNCIL_SPLIT, "")

    def _stands(self, link: Link) -> bool:
        return self._digest(link.number) == link.digest or link.digest in self._store.mended()

    def _note_two_stories(self, *both: str) -> None:
        """Keep both sides, and tell the person."""
        with self._store.write() as unit:
            for jws in both:
                unit.keep_evidence(TWO_STORIES, jws, None)
            unit.set(StoreSetting.COUNCIL_SPLIT, TWO_STORIES)


def _seen(revision: Revision) -> Link:
    """The last link of the council's own chain that the author of a revision held."""
    return Link(revision.envelope.council_number, revision.envelope.council_digest)
