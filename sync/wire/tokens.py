"""Signed statements that are not revisions: receipts, letters, client assertions and access tokens.

Each has its own ``typ``, so nobody can use one in place of another. All are compact JWS with ``alg`` "Ed25519".
"""

import hashlib
from typing import Any, TypeVar

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from hipss_desktop.decoding import readable
from hipss_desktop.errors import Tampered
from hipss_desktop.records.revision import ALGORITHM

Payload = TypeVar("Payload")

PROOF_TYPE = "hipss-enrolment"
VOUCHER_TYPE = "hipss-voucher"
NEW_KEY_TYPE = "hipss-new-key"


class Voucher(msgspec.Struct, frozen=True):
    """A seat's statement for the new seat that continues it: the new seat's name and its two public keys."""

    seat: str
    key: str
    wire_key: str


class NewKeyProof(msgspec.Struct, frozen=True):
    """The statement of the council's next key about the order that names it: the council's seat, the order's number in its
    chain, and the former key."""

    seat: str
    number: int
    former: str


def public_key(x: str) -> OKPKey:
    """Return the Ed25519 public key with that base64url ``x``; raises Tampered if ``x`` is not a key."""
    try:
        return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": x})
    except (JoseError, ValueError) as wrong:
        raise Tampered("A key is not an Ed25519 key.") from wrong


def public_x(key: OKPKey) -> str:
    """Return the base64url ``x`` of a key, the form in which a public key is sent."""
    return str(key.as_dict(private=False)["x"])


def statement(payload: Any, typ: str, key: OKPKey) -> str:
    """Sign a payload as a statement of this type, and return the compact JWS."""
    return jws.serialize_compact(
        {"alg": ALGORITHM, "typ": typ}, msgspec.json.encode(payload), key, algorithms=[ALGORITHM]
    )


def read_statement(compact: str, typ: str, key: OKPKey, payload: type[Payload]) -> Payload:
    """Verify a statement of this type with this key, and return its payload; raises Tampered."""
    try:
        verified = jws.deserialize_compact(compact, key, algorithms=[ALGORITHM])
        if verified.headers().get("typ") != typ:
            raise Tampered("A signed statement is of another kind.")
        return msgspec.json.decode(verified.payload, type=readable(payload))
    except (JoseError, ValueError, RecursionError, msgspec.DecodeError) as wrong:
        raise Tampered("A signed statement does not verify.") from wrong


def enrolment_proof(code: str, key: OKPKey) -> str:
    """Return a proof that the laptop has the seat's signing key: a statement over the SHA-256 of the code's secret part."""
    return statement(hashlib.sha256(code.encode("utf-8")).hexdigest(), PROOF_TYPE, key)


def check_enrolment_proof(proof: str, code: str, key: OKPKey) -> None:
    """Check ``enrolment_proof``; raises Tampered."""
    if read_statement(proof, PROOF_TYPE, key, str) != hashlib.sha256(code.encode("utf-8")).hexdigest():
        raise Tampered("The proof is for another code.")


def voucher(seat: str, key: OKPKey, wire_key: OKPKey, former: OKPKey) -> str:
    """Return a statement with which a new seat can continue a certified seat without a code.

    The former seat's signing key signs it.
    """
    return statement(Voucher(seat, public_x(key), public_x(wire_key)), VOUCHER_TYPE, former)
