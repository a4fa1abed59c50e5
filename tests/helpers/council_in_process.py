"""A council in the same process as the laptop, so that both know a kind that a test defines.

Everything is real on both sides except the HTTP between them.
"""

from dataclasses import dataclass, field

from db.store import LaptopStore
from hipss_desktop.records.chain import NO_LINK, Link
from hipss_desktop.services.enrolment import accept, certify, look
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.services.sync_cycle import Exchanged, SyncCycle
from hipss_desktop.views.services import Services
from sync.council import deposits, enrolment, receive, send, unfinished
from sync.council.chain import Council, Seat, seat_named
from sync.council.showing import shown
from sync.wire.messages import (
    Deposit,
    Deposited,
    Enrol,
    HaveAnswer,
    Look,
    Pull,
    PullAnswer,
    Push,
    PushAnswer,
    UnfinishedAnswer,
    UnfinishedHere,
    WireRevision,
)


@dataclass
class CouncilInProcess:
    """Implements ``services.enrolment.Council`` for one laptop by calling the functions behind the council's routes."""

    council: Council
    services: Services = field(repr=False)

    def look(self, secret: str) -> str:
        """Return the council's offer for a one-time code."""
        return enrolment.look(self.council, Look(secret)).jws

    def enrol(self, request: Enrol) -> WireRevision:
        """Certify the seat, and return its certificate."""
        return enrolment.enrol(self.council, request).certificate

    def have(self, seen: Link = NO_LINK) -> HaveAnswer:
        """Return what the council has of every chain."""
        shown(self.council, self._caller(), seen)
        return send.have(self.council, self._caller())

    def push(self, batch: Push) -> PushAnswer:
        """Send one batch of one seat's chain."""
        return receive.push(self.council, self._caller(), batch)

    def pull(self, request: Pull) -> PullAnswer:
        """Return the revisions that the laptop lacks."""
        return send.pull(self.council, self._caller(), request)

    def unfinished(self, report: UnfinishedHere) -> UnfinishedAnswer:
        """Report this laptop's drafts, and return the reports of the others."""
        return unfinished.report(self.council, self._caller(), report)

    def deposit(self, key: Deposit) -> Deposited:
        """Store a recovery key at the council."""
        deposits.replace(self.council, self._caller(), key.recovery)
        return Deposited(self._caller().seat)

    def _caller(self) -> Seat:
        with self.council.store.reading() as connection:
            seat = seat_named(self.council, connection, self.services.store.seat.seat)
        assert seat is not None
        return seat

    def join(self, role: str) -> None:
        """Enrol the laptop in a role."""
        store = self.services.store
        assert isinstance(store, LaptopStore)
        invitation = enrolment.invite(self.council, store.seat.name, role, person=store.seat.person)
        accept(store, look(self, "in-process", invitation.code), laptop=store.seat.laptop)
        certify(store, self, store.signing_key, store.key_named(StoreSetting.WIRE_KEY))

    def exchange(self) -> Exchanged:
        """Run one exchange with the council."""
        return SyncCycle(self.services.store, self, self.services.clock).run()
