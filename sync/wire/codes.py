"""One-time codes and fingerprints: what a person types to join a laptop to a council.

A code is six groups of four characters without look-alikes: ten characters of secret, fourteen of the SHA-256 of the
council's public key (70 bits), so the laptop knows the council before it trusts a word of it. Spaces, dashes and lower
case do not matter; O, I and L are read as 0, 1 and 1 (Crockford's base 32).
"""

import hashlib
import secrets

from hipss_desktop.errors import UserError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SECRET_LENGTH = 10
FINGERPRINT_LENGTH = 14
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_secret() -> str:
    """The secret half of a new code (50 bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(SECRET_LENGTH))


def fingerprint(public_key: str) -> str:
    """The half that names the council: of the base64url ``x`` of its Ed25519 key."""
    number = int.from_bytes(hashlib.sha256(public_key.encode("ascii")).digest(), "big") >> (
        256 - 5 * FINGERPRINT_LENGTH
    )
    return "".join(ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(FINGERPRINT_LENGTH)))


def written(secret: str, public_key: str) -> str:
    """A code as it is shown: "7KQ4-0M2X-91TD-5F8G-…"."""
    whole = secret + fingerprint(public_key)
    return "-".join(whole[place : place + 4] for place in range(0, len(whole), 4))


def read(code: str) -> tuple[str, str]:
    """The secret and the fingerprint in a typed code.

    Raises:
        UserError: it is too short, too long, or has a character no code has.
    """
    plain = "".join(code.upper().split()).replace("-", "").translate(_READ_AS)
    if len(plain) != SECRET_LENGTH + FINGERPRINT_LENGTH or any(each not in ALPHABET for each in plain):
        raise UserError("Enter the whole one-time code: six groups of four letters and numbers")
    return plain[:SECRET_LENGTH], plain[SECRET_LENGTH:]
