"""Whatever happens to laptops and council, and in whatever order, nobody's save is lost and nothing false is shown.

Each run is a seed. People write, amend, withdraw, decide and add rows; exchanges are whole, cut, or answered by a council that
lies; laptops are locked, or killed in the middle of a save; the council is stopped, killed, and put back from a copy, its store
alone or with its folder; its people say falsely that it was not, or a laptop that is behind makes it certain of a way of its
chain that others know to be longer, and it is mended; it is started and nobody says anything; its keys are rotated; somebody
writes what their role may not; a laptop is revoked and goes on writing, and another one carries that to the council; the council
releases and erases; a person joins with a second laptop in another role.

Everything that was saved is remembered beside the stores. In the end all meet, and each laptop and the council are compared with
that memory. A failure names the seed and the steps. The same seed takes the same acts in the same order; names and keys are new
each time, so which record an act meets may differ.

Not among the acts: a council put back, its folder too, when no laptop has seen the newest order of its chain: nobody can bring
that order back. Nor its signing key changed on one of two ways of its chain, which cannot be mended.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hipss_desktop.errors import HipssError, UserError
from hipss_desktop.kinds.catalogue import KINDS
from hipss_desktop.records.chain import NO_LINK, Link
from hipss_desktop.records.fold import State, fold
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.sync_cycle import SyncCycle
from sync.council.administration import quarantine, revision
from sync.council.chain import seat_named
from sync.council.doctor import examine
from sync.wire.messages import HaveAnswer, PullAnswer, PushAnswer, PushResult, WireRevision
from tests.helpers import forked
from tests.helpers.between import Between
from tests.helpers.council_fixtures import ROOT, CouncilServer, serving
from tests.helpers.cut_proxy import CutProxy
from tests.helpers.stations import Station, council_seats, told_true, write_anyway
from tests.sync.client.conftest import MakeStation
from tests.sync.client.council_lives import MOST, CouncilLife

BY_ROLE = {"write_person": "manager", "do_mischief": "on_call"}
"""The acts that only people of one role do."""


class Life(CouncilLife):
    """The people of that council, and what all of them hold in the end.

    Attributes:
        steps: what happened, for the person who reads a failure.
        mischief: digests that the author's role may not write.
    """

    def __init__(self, seed: int, council: CouncilServer, station: MakeStation, folder: Path) -> None:
        super().__init__(seed, council, station, folder)
        self.steps: list[str] = []
        self.mischief: set[str] = set()
        self.people_written: list[str] = []
        self.lies = self.killed = 0

    # What people do

    def live(self, steps: int) -> None:
        """So many acts of one person each, every act once at least, and in the end all meet."""
        acts = (
            (self.write, 5), (self.amend, 14), (self.withdraw, 1), (self.decide, 2), (self.add_row, 4),
            (self.write_person, 3), (self.do_mischief, 4), (self.exchange, 6), (self.cut_exchange, 4), (self.hear_lies, 3),
            (self.send_again, 1), (self.lock, 1), (self.kill, 0.4), (self.kill_council, 0.7), (self.copy_council, 0.7),
            (self.put_back_store, 0.7), (self.put_back_all, 0.7), (self.put_back_and_go_on, 1.5),
            (self.start_uncertain, 1.5), (self.confirm, 0.7),
            (self.mend, 1.5), (self.rotate, 1.5), (self.revoke, 0.5), (self.carry, 2), (self.release, 2),
            (self.erase, 1), (self.take_another_role, 0.5),
        )  # fmt: skip
        once, weights = [act for act, _ in acts], [weight for _, weight in acts]
        chosen = [*once, *self.chance.choices(once, weights, k=steps - len(once))]
        self.chance.shuffle(chosen)
        for act in chosen:
            role = BY_ROLE.get(act.__name__)
            fit = [at for at, person in enumerate(self.people) if role in (None, person.opened.store.seat.role)]
            place = self.chance.choice(fit)
            self.steps.append(f"{act.__name__} {place}")
            act(self.people[place], self.proxies[place])
            self.remember(self.people[place])
        self.steps.append("meet")
        self.meet()
        self.check()
        assert self.lies > 0
        assert self.killed > 0

    def remember(self, person: Station) -> None:
        """Compare a laptop's own chain with what was remembered of it, and remember what is new."""
        store = person.opened.store
        remembered = self.saved[store.seat.seat]
        links = store.chain(store.seat.seat, after=0, limit=MOST)
        assert [link.digest for link in links[: len(remembered)]] == [link.digest for link in remembered]
        remembered += links[len(remembered) :]

    def add_row(self, person: Station, proxy: CutProxy) -> None:
        """Say of an action that it was handed over or is carried forward."""
        actions = [action for action in person.opened.store.records_of("action") if self.is_ours(action.fields)]
        actions = [action for action in actions if not action.withdrawn and not action.disputed]
        if actions:
            at = "2017-03-14T09:00+00:00"
            name, row = self.chance.choice([("carried", {"at": at}), ("handed_over", {"at": at, "name": "Team North"})])
            record = self.chance.choice(actions).record
            with suppress(UserError):  # by chance the action is closed
                person.opened.services.records.add_row(record, name, row)

    def is_ours(self, fields: Any) -> bool:
        """Whether an action came of a contact of this run: other runs share the council."""
        return fields.get("from_contact") in self.written

    def write_person(self, person: Station, proxy: CutProxy) -> None:
        """A manager writes, amends or withdraws a child or a carer."""
        known = [record for record in self.people_written if person.opened.store.get(record)]
        if not known or self.chance.random() < 0.5:
            kind = self.chance.choice(["child", "carer"])
            fields = {"child": {"given_name": "Kai"}, "carer": {"given_name": "Ann", "address": "1 Mill Lane"}}[kind]
            fields = {**fields, "family_name": f"Marsh {self.chance.randrange(1000)}"}
            self.people_written.append(write_anyway(person, kind, fields).envelope.record)
            return
        record = person.get(self.chance.choice(known))
        if self.chance.random() < 0.15 and not record.withdrawn and not record.disputed:
            person.opened.services.records.withdraw(record.record, "Entered twice.")
        else:
            write_anyway(
                person, record.kind, {"phone": f"01632 960{self.chance.randrange(1000):03}"}, record=record.record,
                action="amend",
            )  # fmt: skip

    def do_mischief(self, person: Station, proxy: CutProxy) -> None:
        """Somebody on call withdraws or amends a carer, writes a new one, or a contact under a child's or carer's name."""
        store = person.opened.store
        known = [person.get(record) for record in self.people_written if store.get(record)]
        carers = [record for record in known if record.kind == "carer"]
        mischief = self.chance.choice(["withdraw", "amend", "new", "other kind"])
        if mischief == "new":
            written = write_anyway(person, "carer", {"address": "Nowhere"})
        elif mischief == "other kind" and known:
            written = write_anyway(
                person, "contact", {"happening": "Hidden."}, record=self.chance.choice(known).record, action="amend"
            )
        elif mischief in ("withdraw", "amend") and carers:
            action, fields = ("withdraw", {}) if mischief == "withdraw" else ("amend", {"address": "Nowhere"})
            written = write_anyway(person, "carer", fields, record=self.chance.choice(carers).record, action=action)  # type: ignore[arg-type]  # one of the actions
        else:
            return
        self.mischief.add(written.digest)

    # What happens on the way

    def cut_exchange(self, person: Station, proxy: CutProxy) -> None:
        """An exchange that is cut somewhere; what is shown is true as far as the laptop has heard."""
        if self.is_revoked(person) or self.lost_orders or person.opened.store.seat.seat in self.doubtful:
            self.exchange(person, proxy)
        else:
            super().cut_exchange(person, proxy)

    def send_again(self, person: Station, proxy: CutProxy) -> None:
        """Push again what the council has."""
        if not self.is_revoked(person) and not self.waits(person):
            super().send_again(person, proxy)

    def hear_lies(self, person: Station, proxy: CutProxy) -> None:
        """An exchange with a council that says what is not so; the next one with the true one goes on."""
        if self.waits(person):
            return
        opened = person.opened
        between: Any = Between(
            opened.council(), self.pull_lie(), self.have_lie(opened.store.seat.seat), self.push_lie()
        )
        with suppress(HipssError):
            SyncCycle(opened.store, between, person.clock).run()
        self.lies += 1
        self.exchange(person, proxy)

    def pull_lie(self) -> Callable[[PullAnswer], PullAnswer]:
        """How the answer to a pull is altered."""
        chance = self.chance

        def spoilt(came: WireRevision) -> WireRevision:
            return msgspec.structs.replace(came, body=came.body.replace("a", "e") if came.body else None)

        def alter(answer: PullAnswer) -> PullAnswer:
            revisions, lie = list(answer.revisions), chance.randrange(6)
            if lie == 0:
                bodies = {digest: spoilt(came) for digest, came in answer.bodies.items()}
                return msgspec.structs.replace(answer, revisions=[spoilt(came) for came in revisions], bodies=bodies)
            if lie == 1:
                revisions = [came for came in revisions if chance.random() < 0.6]
            elif lie == 2:
                revisions = revisions * 2
            elif lie == 3:
                chance.shuffle(revisions)
            elif lie == 4 and len(revisions) > 1:
                signature = revisions[0].jws.rpartition(".")[2]
                forged = revisions[-1].jws.rpartition(".")[0] + "." + signature
                revisions[-1] = msgspec.structs.replace(revisions[-1], jws=forged)
            return msgspec.structs.replace(answer, revisions=revisions)

        return alter

    def have_lie(self, seat: str) -> Callable[[HaveAnswer], HaveAnswer]:
        """How the answer to what the council has is altered."""
        chance = self.chance

        def alter(answer: HaveAnswer) -> HaveAnswer:
            link, lie = answer.have.get(seat, NO_LINK), chance.randrange(6)
            other = chance.choice(sorted(answer.have))
            lies = {
                0: {**answer.have, seat: Link(link.number + 5, "f" * 64)},
                1: {**answer.have, seat: Link(link.number, "f" * 64)},
                2: {**answer.have, seat: Link(max(0, link.number - 1), "f" * 64)},
                3: {name: link for name, link in answer.have.items() if name != other},
            }
            return msgspec.structs.replace(answer, have=lies.get(lie, answer.have))

        return alter

    def push_lie(self) -> Callable[[PushAnswer], PushAnswer]:
        """How the answer to a push is altered: all is said to be held back, or all to be stored."""
        outcome: Any = self.chance.choice(["held", "stored"])

        def alter(answer: PushAnswer) -> PushAnswer:
            results = [
                PushResult(result.digest, outcome, "So it is." if outcome == "held" else "")
                for result in answer.results
            ]
            return msgspec.structs.replace(answer, results=results)

        return alter

    def kill(self, person: Station, proxy: CutProxy) -> None:
        """Kill a laptop's process while it saves; each contact that it said was saved is there afterwards."""
        person.close()
        process = forked.Popen(
            [sys.executable, "-m", "tests.helpers.saves", str(person.home.path)],
            stdout=forked.PIPE,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        with process:
            assert process.stdout is not None
            output_lines = [process.stdout.readline() for _ in range(self.chance.randrange(1, 4))]
            process.send_signal(signal.SIGKILL)
            output_lines += process.stdout.readlines()
        promised = [line.decode().strip() for line in output_lines if line.endswith(b"\n")]
        assert promised
        store = person.opened.store
        number = len(self.saved[store.seat.seat])
        links = store.chain(store.seat.seat, after=number, limit=MOST)
        assert [link.digest for link in links][: len(promised)] == promised
        assert len(links) <= len(promised) + 1
        self.written += [link.envelope.record for link in links]
        self.killed += 1

    # What must hold in the end

    def late(self) -> set[str]:
        """What the revoked laptop wrote that the council did not have when it was revoked.

        A council that was put back meanwhile takes what comes back to it as late too, until its people release it.
        """
        if self.revoked is None:
            return set()
        person, after = self.revoked
        seat = person.opened.store.seat.seat
        with self.council.admin.store.reading() as connection:
            ordered = seat_named(self.council.admin, connection, seat)
        if self.was_put_back and ordered is not None and ordered.revoked_after is not None:
            after = min(after, ordered.revoked_after)
        return {link.digest for link in self.saved[seat][after:]}

    def led_astray(self) -> set[str]:
        """What amends a child or carer as what was written of it as another kind left it, before that was held back.

        The council holds it back too, until its people release it (``docs/security.md``, "What is not held").
        """
        saved = self.all_saved()
        return {
            digest
            for digest, link in saved.items()
            if any(
                parent in self.mischief and saved[parent].envelope.kind != link.envelope.kind
                for parent in link.envelope.parents
            )
        }

    def held(self) -> set[str]:
        """What acts nowhere."""
        return (self.mischief | self.late() | self.led_astray()) - self.released

    def without_text(self) -> set[str]:
        """What is nowhere to be read but on its author's laptop, or on none.

        What the council erased; and where a council was put back, or its keys are newer than its store, those of the revoked
        laptop's revisions that no other laptop ever had the text of: the later ones, and what was held back.
        """
        without_text = {
            finding.digest
            for finding in examine(self.council.admin).findings
            if finding.what.startswith(("A version came back without its text", "The key of a text is not"))
        }
        return self.erased | (without_text & (self.late() | self.mischief_of_the_revoked()))

    def mischief_of_the_revoked(self) -> set[str]:
        """What the revoked laptop wrote that its role may not."""
        if self.revoked is None:
            return set()
        return self.mischief & {link.digest for link in self.saved[self.revoked[0].opened.store.seat.seat]}

    def truth(self) -> dict[str, State]:
        """Each record as all that the council has of it makes it, by what was remembered alone."""
        council_chains, without_text = council_seats(self.council), self.without_text()
        records = dict[str, list[Revision]]()
        for seat, links in self.saved.items():
            for link in links[: council_chains.get(seat, (0, ""))[0]]:
                bare = msgspec.structs.replace(link, body=None, salt=None) if link.digest in without_text else link
                records.setdefault(link.envelope.record, []).append(bare)
        return {
            record: fold(revisions, KINDS[_kind(revisions, self.held())], self.held())
            for record, revisions in records.items()
        }

    def meet(self) -> None:
        """All good laptops exchange until nothing is missing anywhere, and the council's people mend its chain."""
        for _ in range(4):
            for person, proxy in zip(self.people, self.proxies, strict=True):
                if not self.is_revoked(person):
                    self.exchange(person, proxy)
            self.mend(self.people[2], self.proxies[2])
            if not self.lost_orders and not self.writes:
                self.confirm(self.people[2], self.proxies[2])
        assert not self.lost_orders

    def check(self) -> None:
        """Compare every laptop and the council with what was remembered."""
        council_chains, truth = council_seats(self.council), self.truth()
        allowed = self.without_text()
        # A council that was put back may release what it cannot know to be of another kind; it names the record then.
        released = {self.all_saved()[digest].envelope.record for digest in self.released}
        named = {f"The record {record} is written as more than one kind." for record in released if self.was_put_back}
        findings = [finding.what for finding in examine(self.council.admin).findings if finding.digest not in allowed]
        findings = [sentence for sentence in findings if sentence not in named]
        if (
            self.was_put_back and "texts" in self.reached
        ):  # its store may hold deposits under a key that a rotation destroyed
            findings = [
                sentence
                for sentence in findings
                if "deposited recovery keys is not in the council's folder" not in sentence
            ]
        assert [sentence for sentence in findings if not sentence.startswith("Something came that was not taken")] == []
        assert self.writes
        ours = {
            entry.digest: entry.reason for entry in quarantine(self.council.admin) if entry.digest in self.all_saved()
        }
        reached = {
            link.digest for seat, links in self.saved.items() for link in links[: council_chains.get(seat, (0, ""))[0]]
        }
        assert {digest: why for digest, why in ours.items() if digest not in self.held()} == {}
        acts = self.held() & reached - ours.keys()
        assert {digest: self.all_saved()[digest].envelope for digest in acts} == {}, self.late() & acts
        for digest in self.erased:
            assert revision(self.council.admin, digest).body is None
        for person in self.people:
            self.remember(person)
            self.check_chains(person, council_chains)
        for person in self.good:
            assert person.seats() == council_chains
            assert person.opened.store.waiting().waiting == 0
            assert person.findings() == []
            told_true(person, self.council)
            for record, state in truth.items():
                self.check_record(person, record, state)
            self.check_mischief(person, truth)

    def check_mischief(self, person: Station, truth: dict[str, State]) -> None:
        """No child or carer is hidden, withdrawn or altered by somebody who may not, told without folding anything."""
        saved, store = self.all_saved(), person.opened.store
        let_through = {saved[digest].envelope.record for digest in self.released}
        withdrawn = {
            link.envelope.record
            for digest, link in saved.items()
            if link.envelope.action == "withdraw" and digest not in self.mischief
        }
        assert {hit.record for hit in store.search("Nowhere")} <= let_through
        for record in set(self.people_written) & truth.keys() - let_through:
            if not truth[record].heads:  # only a revoked laptop wrote it, and that is held back
                continue
            assert person.get(record).kind in ("child", "carer")
            assert not person.get(record).withdrawn or record in withdrawn

    def check_chains(self, person: Station, council_chains: dict[str, tuple[int, str]]) -> None:
        """Every link that the council has, and all of one's own, are here as they were saved; nothing else is."""
        store, held, without_text = person.opened.store, self.held(), self.without_text()
        own = store.seat.seat
        for seat, links in self.saved.items():
            if seat != own and self.is_revoked(person):
                continue
            expected = links if seat == own else links[: council_chains.get(seat, (0, ""))[0]]
            chain = store.chain(seat, after=0, limit=MOST)
            assert [link.jws for link in chain] == [link.jws for link in expected]
            for link, before in zip(chain, expected, strict=True):
                if self.is_revoked(person):  # which may have heard of an erasure before
                    assert link.body == before.body or (link.body is None and link.digest in self.erased)
                elif link.digest not in held or seat == own:
                    assert link.body == (None if link.digest in without_text else before.body), link.envelope
                elif link.body is not None:
                    # A council that was put back had given the text, and revoked the laptop from an earlier number on.
                    assert self.was_put_back, link.envelope
                    assert link.digest in self.late(), link.envelope
                    assert link.body == before.body

    def check_record(self, person: Station, record: str, state: State) -> None:
        """A record is shown as everything that counts makes it, its conflicts too; one of which nothing counts is not."""
        shown = person.opened.store.get(record)
        if not state.heads:
            assert shown is None
            return
        assert shown is not None, f"{state.kind} is hidden"
        assert (shown.kind, shown.heads, shown.withdrawn, shown.disputed) == (
            state.kind,
            state.heads,
            state.withdrawn,
            state.disputed,
        )
        assert shown.fields == state.fields
        assert shown.conflicts == state.conflicts


def _kind(revisions: list[Revision], held: set[str]) -> str:
    """A record's kind: that of the revision it began with, which what is written under another kind's name never is here."""
    begun = [written for written in revisions if not written.envelope.parents]
    return next((written for written in begun if written.digest not in held), begun[0]).envelope.kind


@pytest.fixture
def own_council(tmp_path: Path) -> Iterator[CouncilServer]:
    """A council for one run, on its embedded store."""
    with serving(tmp_path / "council") as server:
        yield server


@pytest.fixture
def lives() -> Iterator[list[Life]]:
    """Those that were begun are ended."""
    begun: list[Life] = []
    yield begun
    for life in begun:
        life.close()


def live(life: Life, steps: int) -> None:
    """One run; a failure says how it came to it."""
    try:
        life.live(steps)
    except BaseException as failure:
        failure.add_note(f"Seed {life.seed}: {', '.join(life.steps)}")
        raise


@pytest.mark.parametrize("seed", [8, 11])
def test_nothing_is_lost_and_nothing_false_is_shown_whatever_happens(
    own_council: CouncilServer, station: MakeStation, tmp_path: Path, lives: list[Life], seed: int
) -> None:
    lives.append(Life(seed, own_council, station, tmp_path))
    live(lives[0], 140)
    assert {"uncertain", "mended", "texts"} <= lives[0].reached


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 130))
def test_nothing_is_lost_and_nothing_false_is_shown_whatever_happens_for_a_long_time(
    own_council: CouncilServer, station: MakeStation, tmp_path: Path, lives: list[Life], seed: int
) -> None:
    lives.append(Life(seed, own_council, station, tmp_path))
    live(lives[0], 300)
