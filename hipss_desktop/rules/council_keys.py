"""The keys with which the council signed its chain: an order in that chain names the council's next key.

The order is the last that the former key signs, and contains a proof by the next key. So a laptop that trusts the former
key can trust the next one; what the former key signs under a later number does not count. Must not decide which key is
trusted first: the one-time code does.
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
    """A former key of the council, and the number of the last revision of its chain that it signed."""

    key: str
    through: int


class CouncilKeys(msgspec.Struct, frozen=True):
    """The key that the council signs with now, and its former keys, oldest first."""

    key: str
    former: list[FormerKey] = []

    @property
    def since(self) -> int:
        """The number of the revision that names the present key in the council's chain, 0 if the present key is the first."""
        return self.former[-1].through if self.former else 0

    def of_number(self, number: int) -> str:
        """The key that signed that number of the council's chain."""
        return next((former.key for former in self.former if number <= former.through), self.key)

    def followed(self, seat: str, successions: Sequence[Succession]) -> "CouncilKeys":
        """These keys with the newer ones that each newest key names in turn; successions of other keys are ignored.

        Args:
            seat: the council's seat.
            successions: as the council sends them, oldest first.

        Raises:
            Tampered: a succession of the trusted key is false: that key did not sign it, or the next key
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
    """The keys of a council that is met for the first time; raises Tampered if they do not lead to the trusted ``letter_key``."""
    first = successions[0].former if successions else letter_key
    keys = CouncilKeys(first).followed(seat, successions)
    if keys.key != letter_key:
        raise Tampered("The council’s former keys do not lead to the one that it shows.")
    return keys


def by_key(keys: CouncilKeys, revisions: Sequence[Revision]) -> Iterator[tuple[str, list[Revision]]]:
    """The revisions of the council's chain in runs signed by one key, each with that key."""
    for key, run in groupby(revisions, key=lambda revision: keys.of_number(revision.envelope.number)):
        yield key, list(run)
