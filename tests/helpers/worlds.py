"""Random tests of the whole exchange: people on laptops write and sync at random, over connections that break."""

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from hipss_desktop.errors import UserError
from hipss_desktop.services.enrolment import Unreachable
from hipss_desktop.services.ports import Record
from sync.wire.messages import Push, to_wire
from tests.helpers.council_fixtures import CouncilServer
from tests.helpers.cut_proxy import CutProxy, Direction, Fault
from tests.helpers.stations import Station, council_seats, told_true

NAMES = ("A. Bevan", "C. Powell", "D. Hughes")
FIELDS = ("advice", "outcome", "happening", "where_now", "risk", "risk_why", "follow_ups", "concerns")


class World:
    """Three people, a council, and random choices that are the same for the same seed.

    Attributes:
        people: the people's laptops; each connects to the council through the proxy with the same index.
        written: the contacts that were written.
        cut: how many exchanges were cut.
    """

    def __init__(
        self,
        seed: int,
        council: CouncilServer,
        station: Callable[..., Station],
        roles: Sequence[str] = ("on_call", "on_call", "on_call"),
    ) -> None:
        self.chance = random.Random(seed)
        self.council = council
        self.proxies: list[CutProxy] = []
        self.people: list[Station] = []
        for name, role in zip(NAMES, roles, strict=True):
            self.proxies.append(CutProxy(council.url))
            self.people.append(station(name, folder=f"{seed}-{name}").join(council, self.proxies[-1].url, role))
        self.written: list[str] = []
        self.cut = 0

    def close(self) -> None:
        for proxy in self.proxies:
            proxy.close()

    def step(self) -> None:
        place = self.chance.randrange(len(self.people))
        person, proxy = self.people[place], self.proxies[place]
        acts = (
            (self.write, 4), (self.amend, 8), (self.withdraw, 1), (self.decide, 3), (self.exchange, 5),
            (self.cut_exchange, 6), (self.send_again, 1), (self.lock, 1),
        )  # fmt: skip
        act = self.chance.choices([act for act, _ in acts], [weight for _, weight in acts])[0]
        act(person, proxy)

    def write(self, person: Station, proxy: CutProxy) -> None:
        self.written.append(person.write(f"Rang, number {self.chance.random()}.").envelope.record)

    def some(self, person: Station) -> Record | None:
        """Return a random contact of this run that the person has and that is not withdrawn, or None."""
        candidates = [
            known for record in self.written if (known := person.opened.store.get(record)) and not known.withdrawn
        ]
        return self.chance.choice(candidates) if candidates else None

    def value(self, field: str) -> Any:
        if field == "risk":
            return self.chance.choice(["low", "medium", "high"])
        if field == "outcome":
            return self.chance.choice(["advice", "follow_up", "escalated"])
        if field == "concerns":
            return self.chance.sample(["school", "injury", "violence", "other"], 2)
        if field == "follow_ups":
            rows = self.chance.sample(["01", "02", "03"], self.chance.randrange(1, 4))
            due = "2017-03-15T09:00+00:00"
            return [{"id": row, "what": f"Do {self.chance.randrange(9)}", "due": due} for row in sorted(rows)]
        return f"Words {self.chance.randrange(1000)}."

    def amend(self, person: Station, proxy: CutProxy) -> None:
        contact = self.some(person)
        if contact is None or contact.needs_decision:
            return
        changed = {field: self.value(field) for field in self.chance.sample(FIELDS, self.chance.randrange(1, 3))}
        with suppress(UserError):  # the random value may be the same as before
            person.amend(contact.record, **changed)

    def withdraw(self, person: Station, proxy: CutProxy) -> None:
        contact = self.some(person)
        if contact is not None and not contact.disputed:
            person.opened.services.records.withdraw(contact.record, "Written twice.")

    def decide(self, person: Station, proxy: CutProxy) -> None:
        for contact in person.opened.store.undecided():
            if contact.record in self.written:
                chosen = {unit: self.chance.choice(sides).value for unit, sides in contact.conflicts.items()}
                keep = self.chance.random() < 0.5 if contact.disputed else None
                person.opened.services.records.decide(contact.record, chosen, "Asked both.", keep=keep)
                return

    def exchange(self, person: Station, proxy: CutProxy) -> None:
        person.sync()

    def cut_exchange(self, person: Station, proxy: CutProxy) -> None:
        ways: tuple[Direction, ...] = ("request", "answer")
        direction = self.chance.choice(ways)
        most = 10 ** self.chance.uniform(1, 4.7)
        proxy.arm(Fault("cut", direction, at=self.chance.randrange(int(most))))
        try:
            person.sync()
        except Unreachable:
            self.cut += 1
        proxy.heal()
        told_true(person, self.council)

    def send_again(self, person: Station, proxy: CutProxy) -> None:
        store = person.opened.store
        known = council_seats(self.council).get(store.seat.seat, (0, ""))[0]
        if known:
            after = self.chance.randrange(known)
            links = store.chain(store.seat.seat, after=after, limit=known - after)
            answer = person.opened.council().push(Push(store.seat.seat, [to_wire(link) for link in links]))
            assert all(result.outcome != "stored" for result in answer.results)

    def lock(self, person: Station, proxy: CutProxy) -> None:
        person.close()

    def restart(self) -> None:
        self.council.stop()
        self.council.start()
        self.find_council()

    def find_council(self) -> None:
        """Point the proxies to the council's present address."""
        for proxy in self.proxies:
            proxy.target = self.council.url
            proxy.hang_up()

    def settle(self) -> None:
        for _ in range(2):
            for person in self.people:
                person.sync()
