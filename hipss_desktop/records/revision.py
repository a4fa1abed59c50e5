"""A revision: who did what to which record, signed, and the bytes that were signed.

A revision is an envelope and a body. The envelope is the payload of a JWS in compact form (RFC 7515) signed with the
seat's Ed25519 key (``alg`` "Ed25519", RFC 9864; ``typ`` "hipss-revision"); it contains no free text, only the SHA-256 of a
random salt and the body. A revision's name is the SHA-256 of the JWS signing input. The exact bytes are kept, so an
unknown field is not lost on an old laptop. Must not decide anything: ``fold`` reads, ``services`` write.
"""

import hashlib
import re
import secrets
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.util import urlsafe_b64decode

from hipss_desktop.decoding import NotReadable, decoded
from hipss_desktop.errors import Tampered

Action = Literal["finish", "amend", "countersign", "withdraw", "order"]
ALGORITHM = "Ed25519"
TYPE = "hipss-revision"
SALT_BYTES = 32
LARGEST_BODY = 256 * 1024
"""The most bytes of a body that can be sent; finish refuses more."""
LARGEST_NUMBER = 2**53
"""The limit below which a revision's number must be, so that every JSON reader and database represents it exactly."""
DEEPEST = 64
"""The deepest nesting of brackets. Text that is nested deeper is readable for one JSON reader and breaks another."""


class Envelope(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was done, by whom, when, and at which place in the seat's chain.

    Attributes:
        record: the record's identifier (UUIDv7).
        kind, schema: the kind's name and the schema version the body was written with.
        parents: digests of the record's heads that the author saw, sorted; empty for the first revision.
        author: the person's identifier; ``device``: the laptop's; ``seat``: that person's store on that laptop.
        number: 1, 2, 3 … within the seat.
        previous: digest of the seat's previous revision; for number 1, of the last one of its former seat.
        clock: the time of the laptop's clock, ISO 8601 with offset, milliseconds.
        action: what was done.
        body: SHA-256 of salt and body, hexadecimal.
        council_number, council_digest: the last link of the council's own chain that the laptop had; 0 and "" if it had
            none, or an older program wrote it. Laptops compare them to find a council that tells them different things.
        council_ahead: by how many seconds the council's clock was ahead of this one (negative if it was behind), as the
            laptop knew it when it signed. None if it did not know, or an older program wrote it.
    """

    record: str
    kind: str
    schema: int
    parents: list[str]
    author: str
    device: str
    seat: str
    number: Annotated[int, msgspec.Meta(ge=1, lt=LARGEST_NUMBER)]
    previous: str | None
    clock: str
    action: Action
    body: str
    council_number: Annotated[int, msgspec.Meta(ge=0, lt=LARGEST_NUMBER)] = 0
    council_digest: str = ""
    council_ahead: Annotated[int, msgspec.Meta(gt=-LARGEST_NUMBER, lt=LARGEST_NUMBER)] | None = None


class Body(msgspec.Struct, frozen=True):
    """The content of a revision: the fields as the author left them, which of them were changed, and why.

    ``changed`` names units: a field ("advice") or one row of a list field ("follow_ups/<row id>").
    """

    fields: dict[str, Any]
    changed: list[str]
    why: str = ""


class Revision(msgspec.Struct, frozen=True):
    """One revision as it is stored and sent; ``body`` and ``salt`` are None if they are not here."""

    digest: str
    jws: str
    envelope: Envelope
    salt: bytes | None
    body: bytes | None

    def content(self) -> Body | None:
        """The body, or None if it is not here; raises Tampered if it cannot be read as a body."""
        if self.body is None:
            return None
        if _too_deep(self.body):
            raise Tampered("A record’s text is nested deeper than any form.")
        try:
            return decoded(self.body, Body)
        except NotReadable as wrong:
            raise Tampered("A record’s text cannot be read as it was signed.") from wrong


def body_bytes(fields: Mapping[str, Any], changed: list[str], why: str = "") -> bytes:
    """The bytes of a body: JSON, keys sorted, UTF-8."""
    return msgspec.json.encode({"fields": fields, "changed": changed, "why": why}, order="deterministic")


def new_salt() -> bytes:
    """A new salt; without it a short body could be guessed from its digest in the envelope."""
    return secrets.token_bytes(SALT_BYTES)


def body_digest(salt: bytes, body: bytes) -> str:
    """The digest of a body that its envelope contains."""
    return hashlib.sha256(salt + body).hexdigest()


def signed(envelope: Envelope, key: OKPKey, salt: bytes, body: bytes) -> Revision:
    """Sign an envelope with the seat's key."""
    header = {"alg": ALGORITHM, "kid": envelope.seat, "typ": TYPE}
    compact = jws.serialize_compact(header, msgspec.json.encode(envelope), key, algorithms=[ALGORITHM])
    return Revision(digest_of(compact), compact, envelope, salt, body)


def digest_of(compact: str) -> str:
    """A revision's name: the SHA-256 of its JWS signing input, hexadecimal."""
    return hashlib.sha256(compact.rpartition(".")[0].encode("utf-8")).hexdigest()


def opened(compact: str, salt: bytes | None, body: bytes | None) -> Revision:
    """Read a revision that was received, without verifying its signature.

    Raises:
        Tampered: it is not such a JWS, or salt and body do not match the envelope.
    """
    try:
        head, payload, _ = (urlsafe_b64decode(part) for part in compact.encode("ascii").split(b"."))
        if _too_deep(head) or _too_deep(payload):
            raise Tampered("A record cannot be read.")
        header = decoded(head, dict[str, Any])
        envelope = decoded(payload, Envelope)
    except ValueError as wrong:
        raise Tampered("A record cannot be read.") from wrong
    if header != {"alg": ALGORITHM, "kid": envelope.seat, "typ": TYPE}:
        raise Tampered("A record’s header is not ours.")
    if (salt is None) != (body is None):
        raise Tampered("A record came with half of its text.")
    if salt is not None and body is not None and body_digest(salt, body) != envelope.body:
        raise Tampered("A record’s text is not the one that was signed.")
    return Revision(digest_of(compact), compact, envelope, salt, body)


def as_far_as_read(compact: str, salt: bytes | None, body: bytes | None) -> Revision | None:
    """Read one of many revisions: without its body if the body cannot be read, None if the envelope cannot be read."""
    try:
        revision = opened(compact, salt, body)
        revision.content()
    except (Tampered, RecursionError):
        return as_far_as_read(compact, None, None) if body is not None else None
    return revision


_BRACKET_OR_TEXT = re.compile(rb'[\[{]|[\]}]|"(?:[^"\\]++|\\.)*+"?', re.DOTALL)


def _too_deep(content: bytes) -> bool:
    if content.count(b"[") + content.count(b"{") <= DEEPEST:
        return False
    depth = 0
    for token in _BRACKET_OR_TEXT.finditer(content):
        depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(token[0], 0)
        if depth > DEEPEST:
            return True
    return False


def verify(revision: Revision, key: OKPKey) -> None:
    """Check the signature over the exact bytes with the key the seat's certificate names; raises Tampered."""
    try:
        jws.deserialize_compact(revision.jws, key, algorithms=[ALGORITHM])
    except (JoseError, ValueError) as wrong:
        raise Tampered("A record’s signature does not match.") from wrong
