"""What the council writes into its own chain: certificates of seats, revocations, releases and erasure orders.

These are records like any other, signed with the council's key that enrolment pinned; a laptop looks a seat's key up in
its certificate and never takes one from a message.
"""

from typing import Annotated

import msgspec

from hipss_desktop.records.access import COUNCIL, EVERYONE
from hipss_desktop.records.kind import Fields, Kind, says


class Certificate(msgspec.Struct):
    """That a seat is one person's store on one laptop, with this key, in this role."""

    seat: Annotated[str, says("Seat", searched=False, needed="Name the seat")] = ""
    person: Annotated[str, says("Person", refers="practitioner", searched=False, needed="Name the person")] = ""
    name: Annotated[str, says("Name")] = ""
    role: Annotated[str, says("Role", choices="role", needed="Name the role")] = ""
    device: Annotated[str, says("Device", searched=False)] = ""
    laptop: Annotated[str, says("Laptop")] = ""
    key: Annotated[str, says("Signing key (Ed25519, base64url)", searched=False, needed="Give the key")] = ""
    wire_key: Annotated[str, says("Wire key (Ed25519, base64url)", searched=False)] = ""
    continues: Annotated[str, says("Goes on from seat", searched=False)] = ""


class Revocation(msgspec.Struct):
    """That a seat may no longer sync; what it signed before stays."""

    seat: Annotated[str, says("Seat", searched=False, needed="Name the seat")] = ""
    after: Annotated[int, says("Last number taken", searched=False)] = 0
    why: Annotated[str, says("Why")] = ""


class Release(msgspec.Struct):
    """That a revision held back is let through."""

    digest: Annotated[str, says("Revision", searched=False, needed="Name the revision")] = ""
    why: Annotated[str, says("Why")] = ""


class Erasure(msgspec.Struct):
    """A lawful order that the bodies of these revisions are erased; their envelopes stay and still verify."""

    digests: Annotated[list[str], says("Revisions", searched=False, needed="Name the revisions")] = []
    basis: Annotated[str, says("Lawful basis", needed="Give the lawful basis")] = ""


def _kind(name: str, label: str, plural: str, struct: type[msgspec.Struct]) -> Kind:
    def title(fields: Fields) -> str:
        return label

    return Kind(name=name, label=label, plural=plural, struct=struct, title=title, write=COUNCIL, read=EVERYONE)


CERTIFICATE = _kind("certificate", "Seat certificate", "Seat certificates", Certificate)
REVOCATION = _kind("revocation", "Revocation", "Revocations", Revocation)
RELEASE = _kind("release", "Release", "Releases", Release)
ERASURE = _kind("erasure", "Erasure order", "Erasure orders", Erasure)

ORDERS = (CERTIFICATE, REVOCATION, RELEASE, ERASURE)
"""All that the council writes in its own name."""
