"""A seat's chain: its links, building the next one, and verifying links that were received.

A *seat* is one person's store on one laptop; the council is a seat too. Its revisions are numbered 1, 2, 3 … and each
contains the digest of the one before it. Only this module builds, joins and verifies chains, for laptop and council. Must
not know where a chain is stored, nor decide what happens to a revision that does not verify.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Annotated

import msgspec
from joserfc.jwk import OKPKey

from hipss_desktop.errors import Tampered, UserError
from hipss_desktop.records.revision import (
    LARGEST_BODY,
    LARGEST_NUMBER,
    Action,
    Envelope,
    Revision,
    body_digest,
    new_salt,
    signed,
    verify,
)

FEW = 8
"""The number of revisions from which verifying on threads is faster."""


class Link(msgspec.Struct, frozen=True):
    """The last link of a seat's chain that somebody has.

    Number 0 is the place before the first link; its digest is "", or the last digest of the former seat that this one
    continues.
    """

    number: Annotated[int, msgspec.Meta(ge=0, lt=LARGEST_NUMBER)]
    digest: str


NO_LINK = Link(0, "")
"""The beginning of a chain, and the link of a chain of which nothing is here."""

Have = dict[str, Link]
"""The last link that somebody has, by seat."""


@dataclass(frozen=True)
class Signer:
    """The person who signs (the council signs as itself), their laptop, their seat, and the seat's private key."""

    person: str
    device: str
    seat: str
    key: OKPKey


class Unverified(Tampered):
    """The signature of ``revision`` does not verify."""

    def __init__(self, revision: Revision) -> None:
        super().__init__("A record’s signature does not match.")
        self.revision = revision


def link_of(revision: Revision) -> Link:
    """The link (number and digest) of a revision."""
    return Link(revision.envelope.number, revision.digest)


def follows(revision: Revision, last: Link) -> bool:
    """Whether the revision is the next link after ``last`` in its seat's chain.

    The first link of a seat that continues a former seat has that seat's last digest, so any previous digest is allowed.
    """
    envelope = revision.envelope
    return envelope.number == last.number + 1 and (last.number == 0 or envelope.previous == last.digest)


def last_alike(through: int, differs: Callable[[int], bool]) -> int:
    """The last number up to ``through`` at which two copies of a chain are equal; after a first difference all links differ."""
    return bisect_left(range(1, through + 1), 1, key=lambda number: int(differs(number)))


def next_revision(
    last: Link,
    signer: Signer,
    *,
    record: str,
    kind: str,
    schema: int,
    parents: Iterable[str],
    clock: str,
    action: Action,
    body: bytes,
    salt: bytes | None = None,
    council: Link = NO_LINK,
    council_ahead: int | None = None,
) -> Revision:
    """Build and sign the revision that follows ``last``; ``Envelope`` explains the arguments.

    Args:
        body: the bytes of the body (see ``body_bytes``).
        council, council_ahead: the last link of the council's own chain that the signer has, and what it knows of its clock.
        salt: the salt of a body that was signed before; a new one if None.

    Raises:
        UserError: the body is larger than can be sent.
    """
    if len(body) > LARGEST_BODY:
        raise UserError("This record is too long to send. Shorten it, or put part of it in a second record.")
    salt = salt or new_salt()
    envelope = Envelope(
        record=record,
        kind=kind,
        schema=schema,
        parents=sorted(parents),
        author=signer.person,
        device=signer.device,
        seat=signer.seat,
        number=last.number + 1,
        previous=last.digest or None,
        clock=clock,
        action=action,
        body=body_digest(salt, body),
        council_number=council.number,
        council_digest=council.digest,
        council_ahead=council_ahead,
    )
    return signed(envelope, signer.key, salt, body)


def verify_many(revisions: Sequence[Revision], key: OKPKey, threads: Executor) -> None:
    """Verify every signature, many of them on threads: the verification itself releases the interpreter's lock.

    Raises:
        Unverified: has the first revision whose signature does not verify.
    """

    def verifies(revision: Revision) -> bool:
        try:
            verify(revision, key)
        except Tampered:
            return False
        return True

    results = map(verifies, revisions) if len(revisions) < FEW else threads.map(verifies, revisions)
    for revision, good in zip(revisions, results, strict=True):
        if not good:
            raise Unverified(revision)
