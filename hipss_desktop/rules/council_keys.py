"""Which key the council signs with, and which signed what of its chain: it names its next key by an order in that chain.

The order is the last that the former key signs, and the next key proves in it that it is there. So a laptop that trusts the one may
trust the other, and what the former key signs under a later number counts nowhere. Must not decide which key is trusted first: the
one-time code does.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec

from hipss_desktop.errors import Tampered
from hipss_desktop.kinds.council import NEW_KEY
from hipss_desktop.records.revision import Revision, verify
from sync.wire.messages import Succession, from_wire
from sync.wire.tokens import NEW_KEY_TYPE, NewKeyProof, public_key, read_statement


class FormerKey(msgspec.Struct, frozen=True):
    """A key that the council signed with, and the number of its chain that it signed last."""

    key: str
    through: int


class CouncilKeys(msgspec.Struct, frozen=True):
    """The key that the council signs with now, and those before it, the oldest first."""

    key: str
    former: list[FormerKey] = []

    @property
    def since(self) -> int:
        """The number of the council's chain that names its present key, 0 where that is the first."""
        return self.former[-1].through if self.former else 0

    def of_number(self, number: int) -> str:
        """The key that signed that number of the council's chain."""
        return next((former.key for former in self.former if number <= former.through), self.key)

    def followed(self, seat: str, successions: Sequence[Succession]) -> "CouncilKeys":
        """These keys and those that the newest of them named, one after the other; what does not go on from it is left.

        Args:
            seat: the council's.
            successions: as the council gives them, the oldest first.

        Raises:
            Tampered: one that says that it goes on does not: it is not signed by the key that is trusted, or the next key
                has not proved itself.
        """
        keys = self
        for succession in successions:
            if succession.former == keys.key:
                keys = keys._next(seat, from_wire(succession.order))
        return keys

    def _next(self, seat: str, order: Revision) -> "CouncilKeys":
        verify(order, public_key(self.key))
        link, content = order.envelope, order.content()
        if (link.seat, link.kind) != (seat, NEW_KEY.name) or content is None:
            raise Tampered("The order that came does not name a new key of the council.")
        named = NEW_KEY.read(content.fields)
        proof = read_statement(named.proof, NEW_KEY_TYPE, public_key(named.key), NewKeyProof)
        if proof != NewKeyProof(seat, link.number, self.key) or link.number <= self.since:
            raise Tampered("The council’s new key has not proved itself.")
        return CouncilKeys(named.key, [*self.former, FormerKey(self.key, link.number)])


def keys_in(letter_key: str, seat: str, successions: Sequence[Succession]) -> CouncilKeys:
    """The keys of a council that is met for the first time, whose newest is trusted; raises Tampered where they lead elsewhere."""
    first = successions[0].former if successions else letter_key
    keys = CouncilKeys(first).followed(seat, successions)
    if keys.key != letter_key:
        raise Tampered("The council’s former keys do not lead to the one that it shows.")
    return keys


def by_key(keys: CouncilKeys, revisions: Sequence[Revision]) -> Iterator[tuple[str, list[Revision]]]:
    """Links of the council's chain in runs that one key signed, each with that key."""
    for key, run in groupby(revisions, key=lambda revision: keys.of_number(revision.envelope.number)):
        yield key, list(run)
