"""One exchange with the council: each side says what it has, and each sends what the other lacks.

There is no cursor and no feed: the rest of each chain is what waits to be sent, so an exchange that breaks off anywhere can
simply be repeated. Only a signed receipt proves that a revision is with the council. Other seats' revisions that the
council lacks are sent too, which repairs a council restored from a backup. Must not hold a transaction while it waits for
an answer.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import msgspec
from joserfc.jwk import OKPKey

from hipss_desktop import identity, times
from hipss_desktop.decoding import readable
from hipss_desktop.errors import DiskRefused, HipssError, Tampered
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.kinds.council import CERTIFICATE
from hipss_desktop.records.chain import NO_LINK, Have, Link, link_of, verify_many
from hipss_desktop.records.revision import Revision, verify
from hipss_desktop.rules.council_keys import by_key
from hipss_desktop.services.council_chain import CouncilChain, batch_of
from hipss_desktop.services.enrolment import Council, Refused, Unreachable, council_keys
from hipss_desktop.services.imported_twice import kinds_imported_twice
from hipss_desktop.services.ports import Store
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.services.sync_status import TWO_STORIES
from hipss_desktop.services.unfinished import stored_report, work_here
from sync.wire.messages import (
    LARGEST_BATCH,
    RECEIPT_TYPE,
    HaveAnswer,
    Pull,
    Push,
    PushAnswer,
    Receipt,
    WireRevision,
    from_wire,
    to_wire,
)
from sync.wire.tokens import public_key, read_statement

NAMED = 5
"""The most records named whose texts were not received; the others are counted."""
SMALLEST_BATCH = 20
"""The smallest number of revisions in a batch, tried last on a line that breaks."""
Progress = Callable[[int, int], None]
_verifying = ThreadPoolExecutor(2, thread_name_prefix="verify")  # no more: the window needs the rest of the laptop


class Cancelled(HipssError):
    """The person stopped a long exchange; what was received is kept."""

    def __init__(self) -> None:
        super().__init__("Stopped. What came is kept, and the rest follows with the next try.")


class ChainStopped(Tampered):
    """The council's chain of this seat differs from this laptop's: one of the two was restored to an older state.

    Attributes:
        after: the last number of this seat at which both are equal.
    """

    WORDS = (
        "This laptop and the council hold different records under the same number. Both are kept. "
        "Lock, then unlock: the laptop joins the council anew."
    )

    def __init__(self, after: int) -> None:
        self.after = after
        super().__init__(self.WORDS)


@dataclass
class Exchanged:
    """What an exchange did: the numbers of revisions sent and fetched, and problems in words."""

    sent: int = 0
    fetched: int = 0
    bodies: int = 0
    problems: list[str] = field(default_factory=list)


class SyncCycle:
    """One laptop's side of the exchange."""

    def __init__(self, store: Store, council: Council, clock: times.Clock) -> None:
        self._store = store
        self._council = council
        self._clock = clock
        self._council_seat = store.setting(StoreSetting.COUNCIL_SEAT)
        self._council_chain = CouncilChain(store, council)
        self._own = store.own_seats()
        self._stopped: dict[str, Link] = {}
        self._heard: list[Revision] = []
        self._most = LARGEST_BATCH

    def run(self, progress: Progress = lambda done, total: None) -> Exchanged:
        """Exchange until neither side lacks anything.

        Raises:
            Unreachable: no answer came; everything done so far is kept.
            Refused: the council refuses this laptop.
            ChainStopped: the council's chain of this seat differs from this laptop's.
            Cancelled: raised by ``progress``.
        """
        done = Exchanged()
        known = {certificate.device for certificate in self._store.certificates().values()}
        answer = self._council.have(self._council_chain.held())
        try:
            self._note(answer)
        except DiskRefused as refused:
            return self._only_send(answer, refused, done)
        self._check_own(answer)
        longer = answer.have.get(self._council_seat, NO_LINK).number > self._council_chain.held().number
        if not longer or self._waits_without_text(answer):
            self._went_another_way(answer, done)  # else found when the rest is fetched; what waits here is sent first
        self._push(answer, self._store.have(), done, progress)
        self._give_back(answer.lacking, done)
        not_given = self._pull(answer, done, progress)
        self._say_what_is_missing(answer, done)
        _say_which_texts_did_not_come(self._store, not_given, done)
        self._compare_stories(done)
        self._say_who_joined_in_my_name(known)
        _say_what_was_imported_twice(self._store, self._heard)
        # Revisions of a former seat may have come back from the council just now; their receipt is asked for too.
        held = self._store.have()
        self._push(answer, {seat: held[seat] for seat in self._own[:-1] if seat in held}, done, progress)
        self._say_what_is_unfinished()
        if not done.problems:
            with self._store.write() as unit:
                unit.set(StoreSetting.EXCHANGED, times.stamp(self._clock()))
        return done

    def _only_send(self, answer: HaveAnswer, refused: DiskRefused, done: Exchanged) -> Exchanged:
        """Send what waits although this laptop's disk is full; no receipt is saved, so it is still shown as waiting."""
        self._check_own(answer)
        for seat in self._own:
            after = answer.have.get(seat, NO_LINK).number
            while batch := self._batch(seat, after):
                self._pushed(seat, batch)
                after = batch[-1].envelope.number
                done.sent += len(batch)
        done.problems.append(str(refused))
        return done

    def _say_what_is_unfinished(self) -> None:
        """Report this laptop's drafts, without their text; an older council does not know the request."""
        try:
            answer = self._council.unfinished(work_here(self._store))
        except Refused as refused:
            if refused.refusal.code != "not_found":
                raise
            return
        text = stored_report(answer)
        if text != self._store.setting(StoreSetting.UNFINISHED):
            with self._store.write() as unit:
                unit.set(StoreSetting.UNFINISHED, text)

    def _note(self, answer: HaveAnswer) -> None:
        with self._store.write() as unit:
            for seat in self._own:
                link = answer.have.get(seat, NO_LINK)
                unit.council_has(seat, link.number, link.digest)
            unit.council_holds_back(answer.held)

    def _check_own(self, answer: HaveAnswer) -> None:
        own = self._store.seat.seat
        theirs = answer.have.get(own)
        if theirs is None or theirs.number == 0:
            return
        ours = self._store.chain(own, after=theirs.number - 1, limit=1)
        if not ours or ours[0].digest != theirs.digest:
            alike = self._alike(answer)
            if alike is None:
                raise Tampered(
                    "The council says that it holds other records of this laptop, and does not show them. Nothing was changed."
                )
            raise ChainStopped(alike)

    def _alike(self, answer: HaveAnswer) -> int | None:
        """The last number of this seat at which the council and this laptop are equal; the search begins at the last receipt.

        Returns None if the council shows no revision signed by this seat that is not here: only this seat's own signature
        proves that the chains differ.
        """
        own, number = self._store.seat.seat, self._store.sent_through(self._store.seat.seat)
        while True:
            link = self._store.chain(own, after=number - 1, limit=1) if number else []
            known = {**answer.have, own: Link(number, link[0].digest if link else "")}
            theirs = [from_wire(revision) for revision in self._council.pull(Pull(known)).revisions]
            if not theirs:
                return None
            ours = self._store.chain(own, after=number, limit=len(theirs))
            for place, other in enumerate(theirs):
                if (other.envelope.seat, other.envelope.number) != (own, number + 1):
                    raise Tampered("The council did not answer as it should.")
                verify(other, self._own_key())
                if place >= len(ours) or ours[place].digest != other.digest:
                    return number
                number += 1

    def _own_key(self) -> OKPKey:
        """The key that verifies this seat's revisions, from its certificate."""
        certificate = from_wire(
            msgspec.json.decode(self._store.setting(StoreSetting.CERTIFICATE), type=readable(WireRevision))
        )
        content = certificate.content()
        return public_key(CERTIFICATE.read(content.fields if content else {}).key)

    def _waits_without_text(self, answer: HaveAnswer) -> bool:
        """Whether a revision without its text waits: the council may have lost the erasure order, and needs that first."""
        held = self._store.have()
        for seat in self._own:
            after = answer.have.get(seat, NO_LINK).number
            most = held.get(seat, NO_LINK).number - after
            if most > 0 and any(revision.body is None for revision in self._store.chain(seat, after=after, limit=most)):
                return True
        return False

    def _total(self, answer: HaveAnswer) -> int:
        held = self._store.have()
        return sum(max(0, link.number - held.get(seat, NO_LINK).number) for seat, link in answer.have.items())

    def _push(self, answer: HaveAnswer, held: Have, done: Exchanged, progress: Progress) -> None:
        own = self._store.seat.seat
        # The council's own chain is sent first: it has the certificates that verify the other chains.
        order = sorted(
            held.keys() - self._stopped.keys(), key=lambda seat: (seat != self._council_seat, seat != own, seat)
        )
        starts = {seat: answer.have[seat].number if seat in answer.have else 0 for seat in order}
        starts |= {seat: min(starts.get(seat, 0), self._store.sent_through(seat)) for seat in self._own}
        total = sum(max(0, held[seat].number - starts[seat]) for seat in order)
        for seat in order:
            try:
                after = starts[seat]
                while batch := self._batch(seat, after):
                    try:
                        self._send(seat, batch, done)
                    except Unreachable:
                        if not self._smaller():
                            raise
                        continue
                    after = batch[-1].envelope.number
                    progress(done.sent, total)
            except Refused as refused:
                if seat == own and refused.refusal.code == "forked":
                    alike = self._alike(answer)
                    if alike is not None:
                        raise ChainStopped(alike) from refused
                enough_today = refused.refusal.code == "too_much"  # what others wrote is fetched all the same
                if (seat == own and not enough_today) or refused.refusal.code in ("unauthorised", "revoked"):
                    raise
                done.problems.append(refused.refusal.detail)
            finally:
                if seat == own:
                    self._store.sending_through(0)

    def _batch(self, seat: str, after: int) -> list[Revision]:
        """The next revisions of a chain that fit into one request; empty at the end of the chain."""
        return batch_of(self._store, seat, after, self._most)

    def _smaller(self) -> bool:
        """Make batches smaller from now on; return False if they are as small as possible.

        Without this, a line that breaks before a batch is through would break at the same place for ever.
        """
        if self._most <= SMALLEST_BATCH:
            return False
        self._most = max(SMALLEST_BATCH, self._most // 5)
        return True

    def _send(self, seat: str, batch: list[Revision], done: Exchanged) -> None:
        own = seat == self._store.seat.seat
        if own:
            self._store.sending_through(batch[-1].envelope.number)
        answer, receipt = self._pushed(seat, batch)
        last = batch[-1]
        with self._store.write() as unit:
            if seat in self._own:
                unit.keep_receipt(seat, last.envelope.number, last.digest, answer.receipt, receipt.at)
            unit.council_has(seat, receipt.number, receipt.digest)
            held = {result.digest: result.why for result in answer.results if result.outcome == "held"}
            if held:
                earlier = {revision.digest: why for revision, _, why in self._store.held_back()}
                unit.council_holds_back({**earlier, **held})
        done.sent += len(batch)

    def _pushed(self, seat: str, batch: list[Revision]) -> tuple[PushAnswer, Receipt]:
        """Push a batch; return the answer and its receipt, after checking that the council signed it for this batch."""
        answer = self._council.push(Push(seat, [to_wire(revision) for revision in batch]))
        key = public_key(council_keys(self._store).key)
        receipt = read_statement(answer.receipt, RECEIPT_TYPE, key, Receipt)
        names = [revision.digest for revision in batch]
        receipt_contents = (
            receipt.seat,
            receipt.number,
            receipt.digest,
            receipt.digests,
            [result.digest for result in answer.results],
        )
        if receipt_contents != (seat, batch[-1].envelope.number, names[-1], names, names):
            raise Tampered("The council’s receipt is for something else than what was sent.")
        return answer, receipt

    def _give_back(self, lacking: Sequence[str], done: Exchanged) -> None:
        """Send again the texts of revisions that a restored council lacks."""
        for digest in lacking:
            revision = self._store.revision(digest)
            if revision is not None and revision.body is not None:
                self._council.push(Push(revision.envelope.seat, [to_wire(revision)]))
                done.bodies += 1

    def _pull(self, answer: HaveAnswer, done: Exchanged, progress: Progress) -> set[str]:
        """Fetch the revisions and texts that are not here; return the digests of texts that were asked for and not sent."""
        total, requested_texts, received_texts = self._total(answer), set[str](), set[str]()
        while True:
            # Nothing more is asked for of a chain that was stopped; the other chains continue.
            have = {**self._store.have(), **self._stopped}
            lacking = self._store.missing_bodies()[: self._most]
            try:
                came = self._council.pull(Pull(have, lacking, self._most))
            except Unreachable:
                if not self._smaller():
                    raise
                continue
            requested_texts.update(lacking)
            received_texts.update(came.bodies)
            if not came.revisions and not came.bodies:
                return requested_texts - received_texts
            before = done.fetched + done.bodies + len(self._stopped)
            # Texts are saved first: one may be the certificate of a seat whose chain comes in the same answer.
            self._fill({digest: came.bodies[digest] for digest in lacking if digest in came.bodies}, done)
            for group in _by_seat([self._arrived(revision, done) for revision in came.revisions]):
                self._absorb(group, answer, done)
            total = max(total, done.fetched + came.more)
            progress(done.fetched, total)
            # A release received just now can make it useful to ask for a text.
            whole = not came.more and requested_texts.issuperset(self._store.missing_bodies()[: self._most])
            if whole or done.fetched + done.bodies + len(self._stopped) == before:
                return requested_texts - received_texts

    def _say_what_is_missing(self, answer: HaveAnswer, done: Exchanged) -> None:
        """Report how many revisions the council has and did not send; a stopped chain was reported already."""
        have = {**self._store.have(), **self._stopped}
        missing = sum(max(0, link.number - have.get(seat, NO_LINK).number) for seat, link in answer.have.items())
        if missing:
            records = "1 record is" if missing == 1 else f"{missing} records are"
            done.problems.append(f"{records} still missing: the council has more than it gave.")

    def _say_who_joined_in_my_name(self, known: Collection[str]) -> None:
        """Report the laptops certified for this person since the last complete exchange; ``known`` are earlier devices."""
        if not self._store.setting(StoreSetting.EXCHANGED):
            return
        me = self._store.seat
        laptops = [
            certificate.laptop or "A laptop without a name"
            for certificate in self._store.certificates().values()
            if certificate.person == me.person and certificate.device not in {*known, me.device}
        ]
        if laptops:
            reported_laptops = [name for name in self._store.setting(StoreSetting.JOINED).split(", ") if name]
            with self._store.write() as unit:
                unit.set(StoreSetting.JOINED, ", ".join(dict.fromkeys([*reported_laptops, *laptops])))

    def _went_another_way(self, answer: HaveAnswer, done: Exchanged) -> bool:
        """Whether the council's own chain differs from the one here; the laptop then adopts it, or stops the chain."""
        try:
            if self._council_chain.agrees(answer):
                return False
            if self._council_chain.go_over(answer):
                return True
            done.problems.append(TWO_STORIES)
        except Tampered as tampered:
            done.problems.append(str(tampered))
        self._stopped[self._council_seat] = answer.have[self._council_seat]
        return True

    def _compare_stories(self, done: Exchanged) -> None:
        done.problems += [
            problem for problem in self._council_chain.compare(self._heard) if problem not in done.problems
        ]
        if self._council_seat not in self._stopped:
            self._council_chain.close_the_case()

    def _absorb(self, group: Sequence[Revision], answer: HaveAnswer, done: Exchanged) -> None:
        """Verify and save the next revisions of one seat; stop a chain that does not verify, and keep it as evidence."""
        seat = group[0].envelope.seat
        if seat in self._stopped:
            return
        before = self._store.have().get(seat, NO_LINK).number
        try:
            self._verify(group)
            with self._store.write() as unit:
                unit.absorb(group)
        except Tampered as tampered:
            if seat == self._council_seat and self._went_another_way(answer, done):
                done.fetched += max(0, self._council_chain.held().number - before)
                return
            with self._store.write() as unit:
                for revision in group:
                    unit.keep_evidence(str(tampered), revision.jws, revision.body)
            self._stopped[seat] = answer.have.get(seat, link_of(group[-1]))
            done.problems.append(str(tampered))
            return
        self._heard += group
        done.fetched += self._store.have().get(seat, NO_LINK).number - before  # revisions known already do not count

    def _fill(self, bodies: Mapping[str, WireRevision], done: Exchanged) -> None:
        if not bodies:
            return
        came = [self._arrived(body, done) for body in bodies.values()]
        with self._store.write() as unit:
            unit.fill_bodies(came)
        done.bodies += sum(revision.body is not None for revision in came)

    def _arrived(self, pulled: WireRevision, done: Exchanged) -> Revision:
        """Read a revision; if its text was altered, keep that as evidence, drop the text, and ask for it again."""
        try:
            return from_wire(pulled)
        except Tampered as tampered:
            bare = from_wire(WireRevision(pulled.jws))
            with self._store.write() as unit:
                is_new = unit.keep_evidence(str(tampered), pulled.jws, (pulled.body or "").encode())
            if is_new:  # Reported once, with the record; the record itself continues to show that a text is missing.
                done.problems.append(f"{_named(bare)}: {tampered}")
            return bare

    def _verify(self, group: Sequence[Revision]) -> None:
        """Check the next revisions of one seat against its certificate alone; raises Tampered."""
        seat = group[0].envelope.seat
        if seat == self._council_seat:
            keys = council_keys(self._store)
            runs, author = list(by_key(keys, group)), (seat, seat)
        else:
            certificate = self._store.certificates().get(seat)
            if certificate is None:
                raise Tampered("Records came without the certificate of their laptop.")
            runs, author = [(certificate.key, list(group))], (certificate.person, certificate.device)
        if any((revision.envelope.author, revision.envelope.device) != author for revision in group):
            raise Tampered("A record names another author than its laptop’s certificate.")
        for key, run in runs:
            verify_many(run, public_key(key), _verifying)


def _named(revision: Revision) -> str:
    """The record of a revision as screens name it, "On-call contact C-7K3M9QX"."""
    link = revision.envelope
    kind = KINDS.get(link.kind)
    return f"{kind.label} {identity.reference(kind.reference_prefix, link.record)}" if kind else link.record


def _by_seat(revisions: Sequence[Revision]) -> Iterator[list[Revision]]:
    """The revisions grouped into runs of one seat, in their order."""
    run: list[Revision] = []
    for revision in revisions:
        if run and revision.envelope.seat != run[0].envelope.seat:
            yield run
            run = []
        run.append(revision)
    if run:
        yield run


def _say_which_texts_did_not_come(store: Store, not_given: Collection[str], done: Exchanged) -> None:
    """Report, once each, the records whose text this person may read and the council did not send."""
    without = [digest for digest in store.missing_bodies() if digest in not_given]
    reported_digests = store.setting(StoreSetting.NO_TEXT).split()
    if {*without} == {*reported_digests}:
        return
    revisions = [store.revision(digest) for digest in without if digest not in reported_digests]
    records = list(dict.fromkeys(_named(revision) for revision in revisions if revision is not None))
    if records:
        more = f" and {len(records) - NAMED} more" if len(records) > NAMED else ""
        named = ", ".join(records[:NAMED])
        done.problems.append(f"The council gave no text of these: {named}{more}. Ask those who run the council.")
    with store.write() as unit:
        unit.set(StoreSetting.NO_TEXT, " ".join(without))


def _say_what_was_imported_twice(store: Store, heard: Sequence[Revision]) -> None:
    """Note the kinds for which rows were received that this laptop imported too, under other identifiers."""
    if kinds := kinds_imported_twice(store, heard):
        with store.write() as unit:
            unit.set(
                StoreSetting.IMPORTED_TWICE,
                " ".join(sorted({*store.setting(StoreSetting.IMPORTED_TWICE).split(), *kinds})),
            )
