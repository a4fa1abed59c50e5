"""Signed statements that are not revisions: receipts, letters, client assertions and access tokens.

Each has its own ``typ``, so one can never stand for another. All are compact JWS with ``alg`` "Ed25519".
"""

import hashlib
from typing import Any, TypeVar

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from hipss_desktop.errors import Tampered
from hipss_desktop.records.revision import ALGORITHM

Payload = TypeVar("Payload")

PROOF_TYPE = "hipss-enrolment"
VOUCHER_TYPE = "hipss-voucher"
NEW_KEY_TYPE = "hipss-new-key"


class Voucher(msgspec.Struct, frozen=True):
    """What a seat says for the one that goes on in its place: its name and its two public keys."""

    seat: str
    key: str
    wire_key: str


class NewKeyProof(msgspec.Struct, frozen=True):
    """What the council's next key says of the order that names it: whose it is, which number, and the key before it."""

    seat: str
    number: int
    former: str


def public_key(x: str) -> OKPKey:
    """The Ed25519 public key of that base64url ``x``; raises Tampered when it is none."""
    try:
        return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": x})
    except (JoseError, ValueError) as wrong:
        raise Tampered("A key is not an Ed25519 key.") from wrong


def public_x(key: OKPKey) -> str:
    """The base64url ``x`` by which a key travels."""
    return str(key.as_dict(private=False)["x"])


def statement(payload: Any, typ: str, key: OKPKey) -> str:
    """Sign a payload as a statement of this type."""
    return jws.serialize_compact(
        {"alg": ALGORITHM, "typ": typ}, msgspec.json.encode(payload), key, algorithms=[ALGORITHM]
    )


def read_statement(compact: str, typ: str, key: OKPKey, payload: type[Payload]) -> Payload:
    """Verify a statement of this type under this key and read it; raises Tampered."""
    try:
        verified = jws.deserialize_compact(compact, key, algorithms=[ALGORITHM])
        if verified.headers().get("typ") != typ:
            raise Tampered("A signed statement is of another kind.")
        return msgspec.json.decode(verified.payload, type=payload)
    except (JoseError, ValueError, RecursionError, msgspec.DecodeError) as wrong:
        raise Tampered("A signed statement does not verify.") from wrong


def enrolment_proof(code: str, key: OKPKey) -> str:
    """What shows that a seat's signing key is the laptop's: a statement over the SHA-256 of the code's secret half."""
    return statement(hashlib.sha256(code.encode("utf-8")).hexdigest(), PROOF_TYPE, key)


def check_enrolment_proof(proof: str, code: str, key: OKPKey) -> None:
    """Check ``enrolment_proof``; raises Tampered."""
    if read_statement(proof, PROOF_TYPE, key, str) != hashlib.sha256(code.encode("utf-8")).hexdigest():
        raise Tampered("The proof is for another code.")


def voucher(seat: str, key: OKPKey, wire_key: OKPKey, former: OKPKey) -> str:
    """What lets a seat go on in a certified one's place without a code: signed with the former seat's signing key."""
    return statement(Voucher(seat, public_x(key), public_x(wire_key)), VOUCHER_TYPE, former)
