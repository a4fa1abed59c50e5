"""One-time codes, which a person types to join a laptop to a council, and fingerprints of a council's key.

A code has six groups of four characters: ten characters of secret (50 bits), eleven characters of fingerprint, and three check
characters. The fingerprint identifies the council's public key, so the laptop can check the council before it trusts anything
from it. The check is a Reed-Solomon code: it finds the place of any one wrong character, and two wrong characters never look
like one.
"""

import hashlib
import secrets
from collections.abc import Iterator
from functools import lru_cache
from itertools import product, starmap

from hipss_desktop import typed_keys
from hipss_desktop.errors import UserError
from hipss_desktop.identity import CROCKFORD

GROUPS = 6
GROUP_LENGTH = 4
LENGTH = GROUPS * GROUP_LENGTH
SECRET_LENGTH = 10
CHECK_LENGTH = 3
FINGERPRINT_LENGTH = LENGTH - SECRET_LENGTH - CHECK_LENGTH

FINGERPRINT_ROUNDS = 1 << 17
"""Rounds of PBKDF2 for one guess at a key with the same fingerprint: they make it as hard as 17 more bits would."""


def new_secret() -> str:
    """Return the secret part of a new code (50 bits)."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(SECRET_LENGTH))


@lru_cache(maxsize=8)
def fingerprint(public_key: str) -> str:
    """Return the part of a code that identifies the council: 55 bits from the base64url ``x`` of its Ed25519 key."""
    stretched = hashlib.pbkdf2_hmac("sha256", public_key.encode("ascii"), b"hipss council", FINGERPRINT_ROUNDS)
    number = int.from_bytes(stretched) >> (256 - 5 * FINGERPRINT_LENGTH)
    return "".join(CROCKFORD[(number >> (5 * place)) & 31] for place in reversed(range(FINGERPRINT_LENGTH)))


def written(secret: str, public_key: str) -> str:
    """Return a code as it is shown: "7KQ4-0M2X-91TD-5F8G-…"."""
    values = typed_keys.values(secret + fingerprint(public_key))
    whole = "".join(CROCKFORD[value] for value in [*values, *_checks(values)])
    return "-".join(whole[place : place + GROUP_LENGTH] for place in range(0, LENGTH, GROUP_LENGTH))


def read(code: str) -> tuple[str, str]:
    """Return the secret and the fingerprint in a typed or pasted code.

    Raises:
        UserError: the code is wrong. The message names the group to check, or the number of characters; the field is "code".
    """
    plain, values = typed_keys.plain(code), typed_keys.values(code)
    if not plain:
        raise UserError("Enter the one-time code", "code")
    if len(values) != LENGTH:
        raise UserError(
            f"A one-time code is {GROUPS} groups of {GROUP_LENGTH} characters, {LENGTH} in all. This is {len(values)}.",
            "code",
        )
    if -1 in values:
        raise _wrong_group(values.index(-1))
    if not _is_whole(values):
        place = next((place for place, slip in _slips(values) if _is_whole(slip)), None)
        if place is None:
            raise UserError("More than one character is not right. Check all six groups.", "code")
        raise _wrong_group(place)
    return plain[:SECRET_LENGTH], plain[SECRET_LENGTH:-CHECK_LENGTH]


def _wrong_group(place: int) -> UserError:
    return UserError(f"Group {place // GROUP_LENGTH + 1} is not right. Check its four characters.", "code")


def _slips(values: list[int]) -> Iterator[tuple[int, list[int]]]:
    """Yield every code with one other character, or with two neighbours exchanged, and the place of that slip."""
    for place, value in product(range(LENGTH), range(len(CROCKFORD))):
        yield place, [*values[:place], value, *values[place + 1 :]]
    for place in range(LENGTH - 1):
        yield place, [*values[:place], values[place + 1], values[place], *values[place + 2 :]]


def _is_whole(values: list[int]) -> bool:
    """Return whether a code is valid: as a polynomial over GF(32), it is zero at 1, 2 and 4."""
    for doublings in range(CHECK_LENGTH):
        total = 0
        for value in values:
            for _ in range(doublings):
                total = typed_keys.doubled(total)
            total ^= value
        if total:
            return False
    return True


def _checks(values: list[int]) -> list[int]:
    """Return the three check characters of a code; the sum of all characters is zero, which gives the third."""
    total = 0
    for value in values:
        total ^= value

    def checks(first: int, second: int) -> list[int]:
        return [first, second, total ^ first ^ second]

    candidates = starmap(checks, product(range(len(CROCKFORD)), repeat=2))
    return next(candidate for candidate in candidates if _is_whole([*values, *candidate]))
