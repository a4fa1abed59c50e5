"""What happens to a council, and what its people do, in a run of ``test_whatever_happens``."""

import shutil
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

import pytest

from hipss_desktop.errors import HipssError, UserError
from hipss_desktop.records.revision import Revision
from hipss_desktop.services.enrolment import Refused
from sync.council.acts import mend
from sync.council.administration import devices, erase, quarantine, release, revoke
from sync.council.chain import is_behind, why_not_written
from sync.council.mending import other_ways
from sync.council.rotation import rotate_signing, rotate_texts, rotate_tokens
from sync.council.showing import accept_statement
from sync.wire.messages import Push, to_wire
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.cut_proxy import CutProxy
from tests.helpers.stations import Station, council_seats, told_true
from tests.helpers.worlds import World
from tests.sync.client.conftest import MakeStation

MOST = 100_000
"""Links of a chain: all of them."""


class CouncilLife(World):
    """Two people on call, a manager and their council.

    Attributes:
        saved: each seat's revisions in order, as they were when they were saved.
        revoked: the laptop that was revoked, and the last of its numbers that the council had then.
        doubtful: laptops that have not heard from the council since it was put back.
        knows: the laptop that holds orders of the council that itself has lost, folder and store, until it holds them again.
        reached: what happened that few runs come to.
    """

    def __init__(self, seed: int, council: CouncilServer, station: MakeStation, folder: Path) -> None:
        super().__init__(seed, council, station, roles=("on_call", "on_call", "manager"))
        self.seed = seed
        self.station, self.folder = station, folder
        self.saved: dict[str, list[Revision]] = defaultdict(list)
        self.released: set[str] = set()
        self.erased: set[str] = set()
        self.revoked: tuple[Station, int] | None = None
        self.doubtful: set[str] = set()
        self.copies: list[Path] = []
        self.knows: Station | None = None
        self.was_put_back = False
        self.reached: set[str] = set()

    # Who and what there is

    @property
    def good(self) -> list[Station]:
        """The laptops that may sync."""
        return [person for person in self.people if not self.is_revoked(person)]

    def is_revoked(self, person: Station) -> bool:
        """Whether the council lets a laptop in no more."""
        return self.revoked is not None and self.revoked[0] is person

    def all_saved(self) -> dict[str, Revision]:
        """Everything that anybody saved, by digest."""
        return {link.digest: link for links in self.saved.values() for link in links}

    @property
    def behind(self) -> bool:
        """Whether the council's store is older than its folder, so that it can order nothing."""
        with self.council.admin.store.reading() as connection:
            return is_behind(self.council.admin, connection)

    @property
    def writes(self) -> bool:
        """Whether the council can write its own chain on."""
        with self.council.admin.store.reading() as connection:
            return why_not_written(self.council.admin, connection) == ""

    @property
    def lost_orders(self) -> bool:
        """Whether a laptop may hold orders of the council that itself has lost."""
        if self.knows is not None:
            own = self.council.admin.seat
            with self.council.admin.store.reading() as connection:
                split = bool(other_ways(self.council.admin, connection))
            links = self.knows.opened.store.chain(own, after=0, limit=MOST)
            number = council_seats(self.council).get(own, (0, ""))[0]
            if not split and links and links[-1].envelope.number <= number and links[-1].digest in self.own_chain():
                self.knows = None
        return self.knows is not None

    def own_chain(self) -> set[str]:
        """What stands on the council's own chain, or was mended."""
        council = self.council.admin
        with council.store.reading() as connection:
            query = "SELECT digest FROM envelope WHERE seat = :seat UNION SELECT digest FROM mended"
            return set(connection.exec_driver_sql(query, {"seat": council.seat}).scalars())

    def waits(self, person: Station) -> bool:
        """Whether a laptop has to wait until the council holds again what it has lost: it does not know of it, or of its end."""
        known = {seat.seat for seat in devices(self.council.admin)}
        return self.lost_orders and (self.is_revoked(person) or person.opened.store.seat.seat not in known)

    def exchange(self, person: Station, proxy: CutProxy) -> None:
        """One exchange; a laptop that was revoked is told so."""
        if self.waits(person):
            return
        if self.is_revoked(person):
            with pytest.raises(HipssError, match="may no longer sync"):
                person.sync()
            return
        unsettled = (
            self.lost_orders
        )  # what comes back in an exchange may hold back what it was told of at its beginning
        problems = person.sync().problems
        if self.was_put_back:  # the laptop that has it may not have brought it back yet
            problems = [words for words in problems if not words.startswith("The council gave no text of these")]
        assert problems == [] or unsettled or self.behind, problems
        self.doubtful.discard(person.opened.store.seat.seat)
        told_true(person, self.council)

    # What happens to it

    def kill_council(self, person: Station, proxy: CutProxy) -> None:
        """Kill or stop the council's process, and start it again; its people confirm that it was not put back."""
        if self.chance.random() < 0.5 and self.council.process is not None:
            self.council.process.kill()
        self.council.stop()
        self.start()

    def start_uncertain(self, person: Station, proxy: CutProxy) -> None:
        """Restart the council; its people do not confirm that it was not put back."""
        self.council.stop()
        self.start(confirmed=False)
        assert not self.writes
        self.reached.add("uncertain")

    def start(self, *, confirmed: bool = True) -> None:
        """Start the council; ``confirmed``: its people say that it was not put back."""
        self.council.start(confirmed=confirmed)
        self.find_council()

    def copy_council(self, person: Station, proxy: CutProxy) -> None:
        """Make a backup of the council."""
        self.council.stop()
        self.copies.append(self.folder / f"copy-{len(self.copies)}")
        self.council.copy(self.copies[-1])
        self.start(confirmed=not self.lost_orders)

    def knowing(self) -> Station:
        """A laptop that has seen all of the council's own chain: one syncs where there is none."""
        own = self.council.admin.seat
        newest = council_seats(self.council)[own]
        for person in self.good:
            if person.seats().get(own) == newest:
                return person
        person = self.chance.choice(self.good)
        self.exchange(person, self.proxies[0])
        return person

    def put_back_store(self, person: Station, proxy: CutProxy) -> None:
        """Put the council's store back as it was in a backup; its folder is today's, with the anchor ahead of it."""
        if self.copies and not self.behind and not self.lost_orders:
            knowing = self.knowing()
            self.put_back("council.db*", self.chance.choice(self.copies))
            self.start()
            self.note_way(knowing)

    def put_back_all(self, person: Station, proxy: CutProxy) -> None:
        """Put folder and store back together, but for a signing key that is newer; a laptop that knows all syncs first."""
        if self.copies and not self.behind and not self.lost_orders:
            knowing = self.knowing()
            newest = (self.council.folder / "signing.key").read_bytes()
            self.put_back("*", self.chance.choice(self.copies))
            (self.council.folder / "signing.key").write_bytes(newest)
            self.start(confirmed=self.chance.random() < 0.5)
            self.note_way(knowing)
            self.exchange(knowing, proxy)

    def note_way(self, knowing: Station) -> None:
        """Remember that a backup was made while the council's own chain went another way than the one that counts now."""
        own = self.council.admin.seat
        counts = {link.digest for link in knowing.opened.store.chain(own, after=0, limit=MOST)}
        if council_seats(self.council)[own][1] not in counts:
            self.knows = knowing
            self.reached.add("split backup")

    def put_back_and_go_on(self, person: Station, proxy: CutProxy) -> None:
        """Put folder and store back together; any laptop may come first, or its people say that it was not put back."""
        newest = (self.council.folder / "signing.key").read_bytes()
        copies = [copy for copy in self.copies if (copy / "signing.key").read_bytes() == newest]
        if copies and self.writes and not self.lost_orders:
            self.erase(person, proxy)  # an order that the copy does not have
            self.knows = self.knowing()
            self.put_back("*", copies[0])
            confirmed = self.chance.random() < 0.5
            self.start(confirmed=confirmed)
            if confirmed:
                self.erase(person, proxy)  # on a way of its own

    def put_back(self, pattern: str, copy: Path) -> None:
        """Replace what matches in the council's folder by what matches in one of its backups."""
        self.council.stop()
        for file in self.council.folder.glob(pattern):
            file.unlink()
        for file in copy.glob(pattern):
            shutil.copy2(file, self.council.folder)
        self.was_put_back = True
        self.doubtful = {person.opened.store.seat.seat for person in self.people}

    # What its people do

    def confirm(self, person: Station, proxy: CutProxy) -> None:
        """Say, truly, that the council was not put back."""
        if not self.lost_orders and not self.behind:
            accept_statement(self.council.admin)
            assert self.writes

    def mend(self, person: Station, proxy: CutProxy) -> None:
        """Mend the council's own chain, if a laptop has brought another way of it."""
        council = self.council.admin
        with council.store.reading() as connection:
            split = bool(other_ways(council, connection))
        if split:
            mend(council, self.people[2].opened.store.seat.person)
            self.reached.add("mended")

    def rotate(self, person: Station, proxy: CutProxy) -> None:
        """New keys of the texts, the tokens or the council's signature."""
        rotated = self.chance.choice(["texts", "tokens", "signing"])
        if rotated == "texts":
            rotate_texts(self.council.admin)
        elif rotated == "tokens":
            rotate_tokens(self.council.admin)
        elif self.writes and not self.lost_orders:
            rotate_signing(self.council.admin)
        else:
            return
        self.reached.add(rotated)

    def revoke(self, person: Station, proxy: CutProxy) -> None:
        """Revoke a laptop, one in a run; its person goes on writing."""
        if self.revoked is None and not self.behind and not self.lost_orders and len(self.good) > 2:
            seat = person.opened.store.seat.seat
            revoke(self.council.admin, seat, "Lost.")
            self.revoked = person, council_seats(self.council).get(seat, (0, ""))[0]

    def carry(self, person: Station, proxy: CutProxy) -> None:
        """Push the whole chain of the laptop that was revoked, from another one."""
        if self.revoked is None or self.is_revoked(person) or self.waits(person):
            return
        store = self.revoked[0].opened.store
        links = store.chain(store.seat.seat, after=0, limit=MOST)
        with suppress(Refused):  # a council that was put back may not know the seat yet
            if links:
                person.opened.council().push(Push(store.seat.seat, [to_wire(link) for link in links]))

    def release(self, person: Station, proxy: CutProxy) -> None:
        """The council lets something through that is held back, but for what is written as another kind than its record."""
        held = [revision.digest for revision in quarantine(self.council.admin) if revision.digest in self.all_saved()]
        if not held or not self.writes:
            return
        digest = self.chance.choice(sorted(held))
        try:
            release(self.council.admin, digest, "Looked at.")
        except UserError:
            saved = self.all_saved()
            record, kind = saved[digest].envelope.record, saved[digest].envelope.kind
            assert {link.envelope.kind for link in saved.values() if link.envelope.record == record} > {kind}
        else:
            self.released.add(digest)

    def erase(self, person: Station, proxy: CutProxy) -> None:
        """The council erases the text of a contact's revision."""
        council_chains = council_seats(self.council)
        erasable_digests = [
            link.digest
            for seat, links in self.saved.items()
            for link in links[: council_chains.get(seat, (0, ""))[0]]
            if link.envelope.record in self.written
        ]
        if erasable_digests and self.writes:
            digest = self.chance.choice(erasable_digests)
            erase(self.council.admin, [digest], "Article 17(1)(d)")
            self.erased.add(digest)

    def take_another_role(self, person: Station, proxy: CutProxy) -> None:
        """A person joins with a second laptop as a manager, once in a run."""
        if len(self.people) > 3 or not self.writes or self.is_revoked(person):
            return
        seat = person.opened.store.seat
        self.proxies.append(CutProxy(self.council.url))
        second = self.station(seat.name, folder=f"{self.seed}-second")
        self.people.append(second.join(self.council, self.proxies[-1].url, role="manager", person=seat.person))
