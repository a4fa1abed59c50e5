"""One-time codes and fingerprints: what a person types to join a laptop to a council.

A code is six groups of four characters: ten characters of secret (50 bits), eleven that name the council's public key, so
that the laptop knows the council before it trusts a word of it, and three check characters. The check is a Reed-Solomon
code: any one wrong character shows where it is, and no two wrong characters pass for one.
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
"""Rounds of PBKDF2 that one guess at a key with the same fingerprint costs: they stand for 17 bits more of it."""


def new_secret() -> str:
    """The secret part of a new code (50 bits)."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(SECRET_LENGTH))


@lru_cache(maxsize=8)
def fingerprint(public_key: str) -> str:
    """The part that names the council: 55 bits made from the base64url ``x`` of its Ed25519 key."""
    stretched = hashlib.pbkdf2_hmac("sha256", public_key.encode("ascii"), b"hipss council", FINGERPRINT_ROUNDS)
    number = int.from_bytes(stretched) >> (256 - 5 * FINGERPRINT_LENGTH)
    return "".join(CROCKFORD[(number >> (5 * place)) & 31] for place in reversed(range(FINGERPRINT_LENGTH)))


def written(secret: str, public_key: str) -> str:
    """A code as it is shown: "7KQ4-0M2X-91TD-5F8G-…"."""
    values = typed_keys.values(secret + fingerprint(public_key))
    whole = "".join(CROCKFORD[value] for value in [*values, *_checks(values)])
    return "-".join(whole[place : place + GROUP_LENGTH] for place in range(0, LENGTH, GROUP_LENGTH))


def read(code: str) -> tuple[str, str]:
    """The secret and the fingerprint in a typed or pasted code.

    Raises:
        UserError: names the group to look at, or says how many characters there are. Its field is "code".
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
    """What could have been meant: one other character at a place, or two neighbours the other way round."""
    for place, value in product(range(LENGTH), range(len(CROCKFORD))):
        yield place, [*values[:place], value, *values[place + 1 :]]
    for place in range(LENGTH - 1):
        yield place, [*values[:place], values[place + 1], values[place], *values[place + 2 :]]


def _is_whole(values: list[int]) -> bool:
    """Whether the code, as a polynomial over GF(32), is zero at 1, 2 and 4."""
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
    """The three characters that make a code whole; the sum of all characters is zero, which gives the third."""
    total = 0
    for value in values:
        total ^= value

    def checks(first: int, second: int) -> list[int]:
        return [first, second, total ^ first ^ second]

    candidates = starmap(checks, product(range(len(CROCKFORD)), repeat=2))
    return next(candidate for candidate in candidates if _is_whole([*values, *candidate]))
