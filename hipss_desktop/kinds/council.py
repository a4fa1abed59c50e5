"""What the council writes into its own chain: certificates, revocations, holds, releases, erasures, mendings and its next key.

Besides the orders it writes what its people did that no order says (``Act``), which managers alone read.

These are records like any other, signed with the council's key that enrolment pinned; a laptop looks a seat's key up in
its certificate and never takes one from a message.
"""

from datetime import datetime
from typing import Annotated

import msgspec

from hipss_desktop.records.access import COUNCIL, EVERYONE, MANAGERS
from hipss_desktop.records.fields import field
from hipss_desktop.records.kind import Kind, R, Role


class Certificate(msgspec.Struct):
    """That a seat is one person's store on one laptop, with this key, in this role."""

    seat: Annotated[str, field("Store", searchable=False, required="Name the store")] = ""
    person: Annotated[str, field("Person", refers_to="practitioner", searchable=False, required="Name the person")] = ""
    name: Annotated[str, field("Name")] = ""
    role: Annotated[str, field("Role", choices="role", required="Name the role")] = ""
    device: Annotated[str, field("Device", searchable=False)] = ""
    laptop: Annotated[str, field("Laptop")] = ""
    key: Annotated[str, field("Signing key (Ed25519, base64url)", searchable=False, required="Give the key")] = ""
    wire_key: Annotated[str, field("Wire key (Ed25519, base64url)", searchable=False)] = ""
    continues: Annotated[str, field("Goes on from store", searchable=False)] = ""


class Revocation(msgspec.Struct):
    """That a seat may no longer sync; what the council took of it through the last number named stays.

    ``since``: from when on the laptop was in other hands, where somebody said so; the last number is what the council had
    received before then. Programs that do not know of it go by the number.
    """

    seat: Annotated[str, field("Store", searchable=False, required="Name the store")] = ""
    after: Annotated[int | None, field("Last number taken", searchable=False)] = None
    why: Annotated[str, field("Why")] = ""
    since: Annotated[datetime | None, field("In other hands since", searchable=False)] = None


class HeldBack(msgspec.Struct):
    """A revision that is held back, by its digest, and why."""

    id: str
    reason: Annotated[str, field("Reason", choices="hold_reason", searchable=False)] = ""


class Hold(msgspec.Struct):
    """That these revisions act nowhere until a release names them, whether they came already or will."""

    revisions: Annotated[
        list[HeldBack], field("Versions", searchable=False, required="Name the versions", one="a version")
    ] = []


class Release(msgspec.Struct):
    """That a revision held back is let through, for good: no later hold counts against it."""

    digest: Annotated[str, field("Version", searchable=False, required="Name the version")] = ""
    why: Annotated[str, field("Why")] = ""


class Erasure(msgspec.Struct):
    """A lawful order that the bodies of these revisions are erased; their envelopes stay and still verify."""

    digests: Annotated[list[str], field("Versions", searchable=False, required="Name the versions")] = []
    basis: Annotated[str, field("Lawful basis", required="Give the lawful basis")] = ""


class NewKey(msgspec.Struct):
    """That the council signs with another key from its next number on; this order is the last that the former key signs."""

    key: Annotated[str, field("Signing key (Ed25519, base64url)", searchable=False, required="Give the key")] = ""
    proof: Annotated[str, field("What the new key says of it", searchable=False, required="Give the proof")] = ""


class WrittenAgain(msgspec.Struct):
    """A revision of the council's own chain that stands there no more, and the one that says the same in its place."""

    id: str
    became: Annotated[str, field("Written again as", searchable=False)] = ""
    """Empty where its text had been erased."""


class Mending(msgspec.Struct):
    """That the council's own chain had gone two ways, and these revisions of the way that was left stand nowhere any more."""

    revisions: Annotated[
        list[WrittenAgain], field("Versions", searchable=False, required="Name the versions", one="a version")
    ] = []


class Act(msgspec.Struct):
    """What somebody did with the council's command that no order says; identifiers alone, and never a code or a key."""

    what: Annotated[str, field("What", choices="council_act", required="Say what was done")] = ""
    by: Annotated[str, field("By whom", refers_to="practitioner", searchable=False)] = ""
    """Empty where the council knew nobody yet."""
    person: Annotated[str, field("For whom", refers_to="practitioner", searchable=False)] = ""
    """Of an invitation; empty where it is for somebody new."""
    role: Annotated[str, field("Role", choices="role")] = ""
    seat: Annotated[str, field("Store", searchable=False)] = ""
    """Of a recovery key: the one that deposited it."""


def _order(
    name: str,
    label: str,
    plural: str,
    prefix: str,
    record: type[R],
    readers: frozenset[Role] = EVERYONE,
    derivation: int = 1,
) -> Kind[R]:
    return Kind(
        name=name,
        label=label,
        plural=plural,
        reference_prefix=prefix,
        record=record,
        writers=COUNCIL,
        readers=readers,
        title_from=lambda _: label,
        derivation=derivation,
    )


CERTIFICATE = _order("certificate", "Laptop certificate", "Laptop certificates", "SC", Certificate, derivation=2)
REVOCATION = _order("revocation", "Revocation", "Revocations", "RV", Revocation)
HOLD = _order("hold", "Quarantine order", "Quarantine orders", "QO", Hold)
RELEASE = _order("release", "Release", "Releases", "RL", Release)
ERASURE = _order("erasure", "Erasure order", "Erasure orders", "ER", Erasure)
NEW_KEY = _order("new_key", "New key of the council", "New keys of the council", "NK", NewKey)

MENDING = _order("mending", "Mending order", "Mending orders", "MO", Mending)
ACT = _order("council_act", "Act at the council", "Acts at the council", "CA", Act, MANAGERS)

ORDERS: tuple[Kind, ...] = (CERTIFICATE, REVOCATION, HOLD, RELEASE, ERASURE, NEW_KEY, MENDING, ACT)
"""All that the council writes in its own name."""
