"""The header of a vault: the database key, encrypted once in each slot, that is for each way to open the store.

There are three slots: for a passphrase (Argon2id, combined by HKDF with a secret in the account's keyring), for a printed
recovery key, and for a second recovery key deposited with the council. Each contains the same 32 random bytes. A passphrase
slot encrypts them with AES-256-GCM. A recovery slot encrypts them (HPKE, RFC 9180) for a public key that is derived from the
recovery key, so that a new database key can be put in without typing the recovery key. The header's fixed part and the slot's
own parameters are associated data, so that a slot with other parameters, or in another vault's header, does not open. A slot
gives only the database key; the person's signing keys are in the store. The header's checksum tells damage from a wrong
passphrase. It does not protect against a forger; the associated data does. Must not touch a file or the keyring. Imports its
cryptographic primitives only when they are used.
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from hipss_desktop import typed_keys
from hipss_desktop.decoding import NotReadable, decoded, readable
from hipss_desktop.errors import Tampered, Unavailable, UserError
from hipss_desktop.identity import CROCKFORD

if TYPE_CHECKING:
    from cryptography.hazmat.primitives import hpke
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

KEY_BYTES = 32
FLOOR_KIB = 64 * 1024
CEILING_KIB = 256 * 1024

Bytes12 = Annotated[bytes, msgspec.Meta(min_length=12, max_length=12)]
Bytes16 = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
Bytes32 = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
Wrapped = Annotated[bytes, msgspec.Meta(min_length=KEY_BYTES + 16, max_length=KEY_BYTES + 16)]
Sealed = Annotated[bytes, msgspec.Meta(min_length=KEY_BYTES + 48, max_length=KEY_BYTES + 48)]
Holder = Literal["person", "council"]


class HeaderDamaged(Tampered):
    """The header is missing, changed or has a value out of range; the passphrase does not matter."""

    def __init__(self) -> None:
        super().__init__(
            "The key file of this store is damaged. Your passphrase is not the cause. Nothing was changed. "
            "Ring your manager before you try anything else. The council has everything that was sent."
        )


class RecoveryKeyMistyped(UserError):
    """The typed text cannot be a recovery key.

    Attributes:
        group: the first wrong group (from 1); None if the number of characters is wrong.
    """

    def __init__(self, sentence: str, group: int | None = None) -> None:
        self.group = group
        super().__init__(sentence)


class Cost(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The cost of one guess at a passphrase (Argon2id, RFC 9106): memory in KiB, passes over it, lanes."""

    memory_kib: Annotated[int, msgspec.Meta(ge=FLOOR_KIB, le=1024 * 1024)]
    passes: Annotated[int, msgspec.Meta(ge=1, le=64)] = 1
    lanes: Annotated[int, msgspec.Meta(ge=1, le=16)] = 4


class PassphraseSlot(msgspec.Struct, frozen=True, tag_field="slot", tag="passphrase", forbid_unknown_fields=True):
    """The slot that the passphrase opens, together with the keyring's secret if ``keyring`` is true.

    Attributes:
        entry: the number of the keyring's entry; it counts passphrase changes from 1.
    """

    cost: Cost
    salt: Bytes16
    keyring: bool
    entry: Annotated[int, msgspec.Meta(ge=1)]
    nonce: Bytes12
    wrapped: Wrapped


class WrappedSlot(msgspec.Struct, frozen=True, tag_field="slot", tag="recovery", forbid_unknown_fields=True):
    """The slot that a recovery key opens in an older vault; it is only read.

    A new database key cannot be put in without that recovery key.
    """

    holder: Holder
    salt: Bytes16
    nonce: Bytes12
    wrapped: Wrapped


class SealedSlot(msgspec.Struct, frozen=True, tag_field="slot", tag="sealed", forbid_unknown_fields=True):
    """The slot that a recovery key opens: the printed one, or the one deposited with the council.

    Attributes:
        salt: used to derive the private key; ``salt`` and ``public`` change only when the recovery key changes.
        public: the X25519 public key that belongs to the recovery key.
        voucher: a code over the fields above, made with the database key. Without the database key nobody can put a public key
            of their own here to get the next database key.
        sealed: the encrypted database key.
    """

    holder: Holder
    salt: Bytes16
    public: Bytes32
    voucher: Bytes32
    sealed: Sealed


KeySlot = WrappedSlot | SealedSlot
Slot = PassphraseSlot | KeySlot


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All slots of one vault.

    Attributes:
        key_check: derived from the database key without revealing it; shows whether a key is this vault's.
    """

    vault: str
    key_check: Bytes16
    slots: tuple[Slot, ...]
    version: Literal[1] = 1

    @property
    def passphrase(self) -> PassphraseSlot:
        """The slot that a passphrase opens; there is exactly one."""
        return next(slot for slot in self.slots if isinstance(slot, PassphraseSlot))

    @property
    def keys(self) -> list[KeySlot]:
        """The slots that open with recovery keys."""
        return [slot for slot in self.slots if isinstance(slot, KeySlot)]

    def held_by(self, holder: Holder) -> KeySlot | None:
        """Return the slot of one holder's recovery key, or None if there is no such slot."""
        return next((slot for slot in self.keys if slot.holder == holder), None)


class _Checked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    header: Header
    sha256: str


def key_check(vault: str, key: bytes) -> bytes:
    """Return the 16 bytes by which the header recognises its database key; they reveal nothing about it."""
    return _expand(key, vault.encode(), b"hipss vault key check 1")[:16]


def encode_header(header: Header) -> bytes:
    """Return the content of the header file: canonical JSON with a SHA-256 over it."""
    return _canonical(_Checked(header, hashlib.sha256(_canonical(header)).hexdigest()))


def decode_header(content: bytes) -> Header:
    """Read a header file, and check every range, so that no parameter below its minimum is ever used.

    Raises:
        HeaderDamaged: a byte differs from what ``encode_header`` wrote.
    """
    try:
        header = decoded(content, _Checked).header
    except NotReadable as error:  # also a number out of its range
        raise HeaderDamaged from error
    one_passphrase = len(header.slots) - len(header.keys) == 1
    if not one_passphrase or encode_header(header) != content:
        raise HeaderDamaged
    return header


def passphrase_slot(
    vault: str, key: bytes, passphrase: bytes, cost: Cost, *, entry: int, keyring_secret: bytes | None
) -> PassphraseSlot:
    """Encrypt the database key with a passphrase and, if there is one, the keyring's secret."""
    cost = msgspec.convert(
        msgspec.to_builtins(cost), readable(Cost)
    )  # checks the ranges, which the constructor does not
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    slot = PassphraseSlot(cost, salt, keyring_secret is not None, entry, nonce, b"")
    return msgspec.structs.replace(slot, wrapped=_wrap(vault, slot, stretch(slot, passphrase, keyring_secret), key))


def stretch(slot: PassphraseSlot, passphrase: bytes, keyring_secret: bytes | None) -> bytes:
    """Return the key that opens a passphrase slot if the passphrase is right; takes about half a second on purpose.

    Raises:
        Unavailable: the laptop has too little free memory now.
    """
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    cost = slot.cost
    try:
        stretched = Argon2id(
            salt=slot.salt,
            length=KEY_BYTES,
            iterations=cost.passes,
            lanes=cost.lanes,
            memory_cost=cost.memory_kib,
        ).derive(passphrase)
    except MemoryError as error:
        raise Unavailable("This laptop has too little free memory. Close other programs, then try again.") from error
    return _expand(stretched + (keyring_secret or b""), slot.salt)


def open_slot(vault: str, slot: PassphraseSlot | WrappedSlot, opening: bytes) -> bytes | None:
    """Return the database key, or None if ``opening`` is not the key of this slot.

    Args:
        vault: the vault of the slot.
        slot: the slot to open.
        opening: the key to try; ``stretch`` returns the key of a passphrase slot.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(opening).decrypt(slot.nonce, slot.wrapped, _associated(vault, slot))
    except InvalidTag:
        return None


def open_by_recovery(vault: str, slot: KeySlot, recovery: bytes) -> bytes | None:
    """Return the database key, or None if ``recovery`` is another slot's key; 160 random bits need no stretching."""
    from cryptography.exceptions import InvalidTag

    if isinstance(slot, WrappedSlot):
        return open_slot(vault, slot, _expand(recovery, slot.salt))
    private = _private(recovery, slot.salt)
    if private.public_key().public_bytes_raw() != slot.public:
        return None
    try:
        return _suite().decrypt(slot.sealed, private, _associated(vault, slot))
    except (InvalidTag, ValueError):  # ValueError: the sealed key contains an invalid point of the curve
        return None


def recovery_slot(vault: str, key: bytes, holder: Holder, recovery: bytes = b"") -> tuple[SealedSlot, str]:
    """Return a slot for a recovery key, and that key as it is printed; without a given key, make a new one."""
    recovery = recovery or secrets.token_bytes(RECOVERY_BYTES)
    salt = secrets.token_bytes(16)
    slot = SealedSlot(holder, salt, _private(recovery, salt).public_key().public_bytes_raw(), b"", b"")
    return _seal(vault, slot, key), print_key(recovery)


def sealed_again(vault: str, slot: KeySlot | None, old: bytes, new: bytes) -> SealedSlot | None:
    """Return the slot with the new database key, or None if that is not possible.

    It is not possible if there is no slot, if it is an older vault's, or if its maker did not have the ``old`` key.
    """
    if not isinstance(slot, SealedSlot) or not hmac.compare_digest(slot.voucher, _voucher(vault, slot, old)):
        return None
    return _seal(vault, slot, new)


def _seal(vault: str, slot: SealedSlot, key: bytes) -> SealedSlot:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    slot = msgspec.structs.replace(slot, voucher=_voucher(vault, slot, key))
    public = X25519PublicKey.from_public_bytes(slot.public)
    return msgspec.structs.replace(slot, sealed=_suite().encrypt(key, public, _associated(vault, slot)))


def _voucher(vault: str, slot: SealedSlot, key: bytes) -> bytes:
    covered = _associated(vault, msgspec.structs.replace(slot, voucher=b""))
    return hmac.digest(_expand(key, vault.encode(), b"hipss vault voucher 1"), covered, "sha256")


def _private(recovery: bytes, salt: bytes) -> "X25519PrivateKey":
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    return X25519PrivateKey.from_private_bytes(_expand(recovery, salt, b"hipss vault recovery 1"))


def _suite() -> "hpke.Suite":
    from cryptography.hazmat.primitives import hpke

    return hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


def _wrap(vault: str, slot: PassphraseSlot, opening: bytes, key: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(opening).encrypt(slot.nonce, key, _associated(vault, slot))


def _associated(vault: str, slot: Slot) -> bytes:
    """Return a slot's associated data: the vault, and all of the slot except the key in it."""
    bare = {"sealed": b""} if isinstance(slot, SealedSlot) else {"wrapped": b""}
    own = msgspec.to_builtins(msgspec.structs.replace(slot, **bare))
    return _canonical({"version": 1, "vault": vault, "slot": own})


def _expand(secret: bytes, salt: bytes, purpose: bytes = b"hipss vault slot 1") -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=purpose).derive(secret)


def _canonical(value: object) -> bytes:
    return msgspec.json.encode(value, order="sorted")


# --- the cost of guessing a passphrase


def time_once(cost: Cost) -> float:
    """Return the seconds that one ``stretch`` at this cost takes on this laptop."""
    slot = PassphraseSlot(cost, bytes(16), keyring=False, entry=1, nonce=bytes(12), wrapped=b"")
    began = time.perf_counter()
    stretch(slot, b"calibration", None)
    return time.perf_counter() - began


def calibrate(target_seconds: float = 0.5, measure: Callable[[Cost], float] = time_once) -> Cost:
    """Return the cost nearest to the target time on this laptop: first more memory, up to 256 MiB, then more passes.

    A slow laptop gets the minimum of 64 MiB and takes longer; the cost is never below the minimum.
    """
    cost = Cost(FLOOR_KIB)
    taken = measure(cost)
    while cost.memory_kib < CEILING_KIB and 2 * taken <= target_seconds:
        larger = Cost(cost.memory_kib * 2)
        try:
            taken = measure(larger)
        except Unavailable:  # this laptop has too little free memory
            break
        cost = larger
    return Cost(cost.memory_kib, passes=min(64, max(1, round(target_seconds / taken))))


# --- recovery keys on paper

RECOVERY_BYTES = 20
GROUPS = 8
GROUP_LENGTH = 5


def print_key(recovery: bytes) -> str:
    """Return 160 bits as eight groups of five characters; the fifth of each checks the other four and the group's place."""
    bits = int.from_bytes(recovery)
    groups = []
    for place in range(GROUPS):
        values = [bits >> 20 * (GROUPS - 1 - place) + shift & 31 for shift in (15, 10, 5, 0)]
        groups.append("".join(CROCKFORD[value] for value in [*values, _check(place, values)]))
    return "-".join(groups)


def read_key(typed: str) -> bytes:
    """Return the recovery key that was typed, as ``typed_keys`` reads it.

    Raises:
        RecoveryKeyMistyped: the key is mistyped. The message names the first wrong group, or the number of characters.
    """
    typed_values = typed_keys.values(typed)
    bits = 0
    for place in range(-(-len(typed_values) // GROUP_LENGTH)):
        values = typed_values[place * GROUP_LENGTH :][:GROUP_LENGTH]
        if place >= GROUPS or len(values) < GROUP_LENGTH:
            break
        if -1 in values or _check(place, values[:-1]) != values[-1]:
            raise RecoveryKeyMistyped(f"Group {place + 1} is mistyped. Check its five characters.", place + 1)
        for value in values[:-1]:
            bits = bits << 5 | value
    if len(typed_values) != GROUPS * GROUP_LENGTH:
        raise RecoveryKeyMistyped(
            f"A recovery key is {GROUPS} groups of {GROUP_LENGTH} characters, "
            f"{GROUPS * GROUP_LENGTH} in all. This is {len(typed_values)}."
        )
    return bits.to_bytes(RECOVERY_BYTES)


def _check(place: int, values: list[int]) -> int:
    """Return a check over GF(32) that reveals one wrong character, two exchanged neighbours, or a group in a wrong place."""
    total = place + 1
    for value in values:
        total = typed_keys.doubled(total) ^ value
    return typed_keys.doubled(total)
