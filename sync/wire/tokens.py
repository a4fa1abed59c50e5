"""Signed statements that are not revisions: receipts, letters, client assertions and access tokens.

Each has its own ``typ``, so one can never stand for another. All are compact JWS with ``alg`` "Ed25519".
"""

from typing import Any, TypeVar

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from hipss_desktop.errors import Tampered
from hipss_desktop.records.revision import ALGORITHM

Payload = TypeVar("Payload")


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
    except (JoseError, ValueError, msgspec.DecodeError) as wrong:
        raise Tampered("A signed statement does not verify.") from wrong
