"""The records of the council's own chain: certificates, revocations, holds, releases, erasures, mendings and new keys.

The council also records acts of its staff that no order shows (``Act``); only managers may read these.

Orders and acts are ordinary records. They are signed with the council's key that the laptop saved at enrolment, or with one that a
later order names (``NewKey``). A laptop reads a seat's key from its certificate, and never uses a key from a message.
"""

from datetime import datetime
from typing import Annotated

import msgspec

from hipss_desktop.records.access import COUNCIL, EVERYONE, MANAGERS
from hipss_desktop.records.fields import field
from hipss_desktop.records.kind import Kind, R, Role


class Certificate(msgspec.Struct):
    """The order that a seat is one person's store on one laptop, with this key and in this role."""

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
    """The order that a seat may no longer sync. Its revisions up to the number ``after`` are kept.

    Later ones are refused or held back. ``since`` is when the laptop came into other hands, if somebody said so. ``after`` is
    then the last number that the council had received before. Programs that do not know ``since`` use ``after``.
    """

    seat: Annotated[str, field("Store", searchable=False, required="Name the store")] = ""
    after: Annotated[int | None, field("Last number taken", searchable=False)] = None
    why: Annotated[str, field("Why")] = ""
    since: Annotated[datetime | None, field("In other hands since", searchable=False)] = None


class HeldBack(msgspec.Struct):
    """A revision that is held back, by its digest, and the reason."""

    id: str
    reason: Annotated[str, field("Reason", choices="hold_reason", searchable=False)] = ""


class Hold(msgspec.Struct):
    """The order that these revisions have no effect until a release names them, whether or not they were received yet."""

    revisions: Annotated[
        list[HeldBack], field("Versions", searchable=False, required="Name the versions", row_name="a version")
    ] = []


class Release(msgspec.Struct):
    """The order that a revision held back gets its effect for good: later holds of it do not count."""

    digest: Annotated[str, field("Version", searchable=False, required="Name the version")] = ""
    why: Annotated[str, field("Why")] = ""


class Erasure(msgspec.Struct):
    """A lawful order to erase the bodies of these revisions; their envelopes are kept and can still be verified."""

    digests: Annotated[list[str], field("Versions", searchable=False, required="Name the versions")] = []
    basis: Annotated[str, field("Lawful basis", required="Give the lawful basis")] = ""


class NewKey(msgspec.Struct):
    """The order that the council signs with another key from its next number on; the former key signs this order last."""

    key: Annotated[str, field("Signing key (Ed25519, base64url)", searchable=False, required="Give the key")] = ""
    proof: Annotated[str, field("What the new key says of it", searchable=False, required="Give the proof")] = ""


class WrittenAgain(msgspec.Struct):
    """A revision that is no longer in the council's own chain, and the one with the same content that replaces it."""

    id: str
    became: Annotated[str, field("Written again as", searchable=False)] = ""
    """Empty if its text had been erased."""


class Mending(msgspec.Struct):
    """The statement that the council's own chain had two branches; these revisions of the abandoned one no longer count."""

    revisions: Annotated[
        list[WrittenAgain], field("Versions", searchable=False, required="Name the versions", row_name="a version")
    ] = []


class Act(msgspec.Struct):
    """An act of the council's staff that no order shows. It has only identifiers, never a code or a key."""

    what: Annotated[str, field("What", choices="council_act", required="Say what was done")] = ""
    by: Annotated[str, field("By whom", refers_to="practitioner", searchable=False)] = ""
    """Empty if the council knew nobody yet."""
    person: Annotated[str, field("For whom", refers_to="practitioner", searchable=False)] = ""
    """The person of an invitation; empty if it is for somebody new."""
    role: Annotated[str, field("Role", choices="role")] = ""
    seat: Annotated[str, field("Store", searchable=False)] = ""
    """The seat that deposited a recovery key."""


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
"""All kinds that the council writes in its own name."""
