"""What the council writes into its own chain: certificates of seats, revocations, holds, releases, erasures and its next key.

These are records like any other, signed with the council's key that enrolment pinned; a laptop looks a seat's key up in
its certificate and never takes one from a message.
"""

from typing import Annotated

import msgspec

from hipss_desktop.records.access import COUNCIL, EVERYONE
from hipss_desktop.records.fields import field
from hipss_desktop.records.kind import Kind, R


class Certificate(msgspec.Struct):
    """That a seat is one person's store on one laptop, with this key, in this role."""

    seat: Annotated[str, field("Seat", searchable=False, required="Name the seat")] = ""
    person: Annotated[str, field("Person", refers_to="practitioner", searchable=False, required="Name the person")] = ""
    name: Annotated[str, field("Name")] = ""
    role: Annotated[str, field("Role", choices="role", required="Name the role")] = ""
    device: Annotated[str, field("Device", searchable=False)] = ""
    laptop: Annotated[str, field("Laptop")] = ""
    key: Annotated[str, field("Signing key (Ed25519, base64url)", searchable=False, required="Give the key")] = ""
    wire_key: Annotated[str, field("Wire key (Ed25519, base64url)", searchable=False)] = ""
    continues: Annotated[str, field("Goes on from seat", searchable=False)] = ""


class Revocation(msgspec.Struct):
    """That a seat may no longer sync; what it signed before stays."""

    seat: Annotated[str, field("Seat", searchable=False, required="Name the seat")] = ""
    after: Annotated[int | None, field("Last number taken", searchable=False)] = None
    why: Annotated[str, field("Why")] = ""


class HeldBack(msgspec.Struct):
    """A revision that is held back, by its digest, and why."""

    id: str
    reason: Annotated[str, field("Reason", choices="hold_reason", searchable=False)] = ""


class Hold(msgspec.Struct):
    """That these revisions act nowhere until a release names them, whether they came already or will."""

    revisions: Annotated[
        list[HeldBack], field("Revisions", searchable=False, required="Name the revisions", one="a revision")
    ] = []


class Release(msgspec.Struct):
    """That a revision held back is let through, for good: no later hold counts against it."""

    digest: Annotated[str, field("Revision", searchable=False, required="Name the revision")] = ""
    why: Annotated[str, field("Why")] = ""


class Erasure(msgspec.Struct):
    """A lawful order that the bodies of these revisions are erased; their envelopes stay and still verify."""

    digests: Annotated[list[str], field("Revisions", searchable=False, required="Name the revisions")] = []
    basis: Annotated[str, field("Lawful basis", required="Give the lawful basis")] = ""


class NewKey(msgspec.Struct):
    """That the council signs with another key from its next number on; this order is the last that the former key signs."""

    key: Annotated[str, field("Signing key (Ed25519, base64url)", searchable=False, required="Give the key")] = ""
    proof: Annotated[str, field("What the new key says of it", searchable=False, required="Give the proof")] = ""


def _order(name: str, label: str, plural: str, prefix: str, record: type[R]) -> Kind[R]:
    return Kind(
        name=name,
        label=label,
        plural=plural,
        reference_prefix=prefix,
        record=record,
        writers=COUNCIL,
        readers=EVERYONE,
        title_from=lambda _: label,
    )


CERTIFICATE = _order("certificate", "Seat certificate", "Seat certificates", "SC", Certificate)
REVOCATION = _order("revocation", "Revocation", "Revocations", "RV", Revocation)
HOLD = _order("hold", "Quarantine order", "Quarantine orders", "QO", Hold)
RELEASE = _order("release", "Release", "Releases", "RL", Release)
ERASURE = _order("erasure", "Erasure order", "Erasure orders", "ER", Erasure)
NEW_KEY = _order("new_key", "New key of the council", "New keys of the council", "NK", NewKey)

ORDERS: tuple[Kind, ...] = (CERTIFICATE, REVOCATION, HOLD, RELEASE, ERASURE, NEW_KEY)
"""All that the council writes in its own name."""
