"""Create a person's vault, open it, and change its keys; opening returns only the database key.

A failed try changes no file except the count of tries. A change of keys always makes a new database key, so that an older
header cannot open today's store. The change takes effect when one file, the header, is replaced. Before that, the old passphrase
works with the old store. After that, the new passphrase works with the store's copy, whose name contains the check of the new
key. Until then the keyring has the secrets of both. Passphrases are normalised only here. Must not open the store (other modules
of db do), show anything, or keep a key. Heavy modules are imported only when used, because the locked screen imports this one.
"""

import secrets
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from db import keyrings, slots
from db.home import Home, VaultFiles, write_whole
from db.keyrings import KeyringAbsent, KeyringEntryMissing, KeyringLocked
from db.slots import Cost, Header, HeaderDamaged, RecoveryKeyMistyped, SealedSlot
from db.unlock_throttle import TooManyTries, UnlockThrottle
from hipss_desktop.errors import Tampered, Unavailable, UserError
from hipss_desktop.rules import passphrases
from hipss_desktop.times import Clock, system_clock

__all__ = [
    "Created",
    "HeaderDamaged",
    "KeyringAbsent",
    "KeyringEntryMissing",
    "KeyringLocked",
    "NewKeys",
    "PassphraseRefused",
    "RecoveryKeyMistyped",
    "StoreDamaged",
    "StoreMissing",
    "TooManyTries",
    "WrongPassphrase",
    "WrongRecoveryKey",
    "change_passphrase",
    "create",
    "new_recovery_key",
    "settle",
    "unlock",
    "unlock_with_recovery",
    "uses_keyring",
]


class PassphraseRefused(UserError):
    """A new passphrase is too short or commonly used."""


class WrongPassphrase(UserError):
    """The passphrase does not open the vault.

    Attributes:
        tries_left: how many tries are left before the wait.
    """

    def __init__(self, tries_left: int) -> None:
        self.tries_left = tries_left
        tries = "1 try" if tries_left == 1 else f"{tries_left} tries"
        super().__init__(f"That passphrase does not match. {tries} left.")


class WrongRecoveryKey(UserError):
    """The recovery key is typed correctly but belongs to another vault."""

    def __init__(self) -> None:
        super().__init__("That recovery key belongs to another person or laptop. Check the name on the sheet.")


class StoreDamaged(Tampered):
    """The key is right, but the store cannot be read with it (raised by the module that opens the store)."""

    def __init__(self) -> None:
        super().__init__(
            "The store on this laptop is damaged. Your passphrase is right. Nothing was changed. "
            "The council has everything that was sent. Ring your manager before you go on."
        )


class StoreMissing(Tampered):
    """The vault exists, but its store is missing or empty (raised by the module that opens the store)."""

    def __init__(self) -> None:
        super().__init__(
            "The store of this person is gone from this laptop, or is empty. Your passphrase is right. Nothing was "
            "changed. The council has everything that was sent. Ring your manager for a new code, then set this laptop "
            "up again."
        )


@dataclass(frozen=True)
class Created:
    """A new vault.

    Attributes:
        database_key: 32 bytes, the raw key of the store.
        recovery_key: to be printed or written down; it is not saved on the laptop.
        council_recovery_key: to be deposited with the council at enrolment; it is not saved on the laptop.
        keyring_used: whether the passphrase opens the vault only together with this account's keyring.
    """

    vault_id: str
    keyring_used: bool
    database_key: bytes = field(repr=False)
    recovery_key: str = field(repr=False)
    council_recovery_key: str = field(repr=False)


@dataclass(frozen=True)
class NewKeys:
    """The keys of a vault after a change.

    Attributes:
        database_key: 32 bytes, the raw key of the store's copy.
        key_check: the new header's check, which is part of the copy's name.
        keyring_used: whether the passphrase opens the vault only together with this account's keyring.
        recovery_key: a new recovery key to print and show; '' if the former one still works.
        council_recovery_key: to be deposited with the council, because the former one opens nothing any more.
    """

    database_key: bytes = field(repr=False)
    key_check: bytes
    keyring_used: bool
    recovery_key: str = field(repr=False)
    council_recovery_key: str = field(repr=False)


Copy = Callable[[VaultFiles, NewKeys], None]
"""Copies every file of ``VaultFiles.stores`` with the new keys to its ``VaultFiles.copy_of``, and syncs it to the disk."""


def create(
    home: Home,
    *,
    name: str,
    role: str,
    passphrase: str,
    keyring: bool = True,
    calibrate: Callable[[], Cost] = slots.calibrate,
    fill: Callable[[VaultFiles, "Created"], None] = lambda files, created: None,
) -> Created:
    """Create a vault with a new database key and its three slots.

    Args:
        home: created if it does not exist.
        name: shown on the locked screen, in the clear, as is ``role``.
        role: see ``name``.
        passphrase: the person's own.
        keyring: combine the passphrase with a secret in this account's keyring, if there is one and it is open.
        calibrate: returns the cost of one guess on this laptop.
        fill: creates the store, given the new vault's files and keys. Afterwards the vault appears for everyone in one step.

    Raises:
        PassphraseRefused: the passphrase is too short or commonly used.
        Unavailable: there was not enough disk or memory; nothing is left behind.
    """
    _check_new(passphrase, name)
    cost = calibrate()
    key = secrets.token_bytes(slots.KEY_BYTES)
    with home.new_person(name, role) as (vault_id, files):
        secret = _new_secret(vault_id, 1) if keyring else None
        try:
            by_passphrase = slots.passphrase_slot(
                vault_id, key, _normalised(passphrase), cost, entry=1, keyring_secret=secret
            )
            own, recovery_key = slots.recovery_slot(vault_id, key, "person")
            councils, council_recovery_key = slots.recovery_slot(vault_id, key, "council")
            header = Header(vault_id, slots.key_check(vault_id, key), (by_passphrase, own, councils))
            write_whole(files.header, slots.encode_header(header))
            UnlockThrottle(files.tries).clear()
            created = Created(vault_id, secret is not None, key, recovery_key, council_recovery_key)
            fill(files, created)
        except BaseException:
            _forget(vault_id, 1)
            raise
    return created


def unlock(home: Home, vault_id: str, passphrase: str, *, clock: Clock = system_clock) -> bytes:
    """Return the database key for a passphrase. Takes about half a second.

    Raises:
        TooManyTries: ten passphrases were wrong and the wait is not over.
        HeaderDamaged, KeyringAbsent, KeyringLocked, KeyringEntryMissing: the passphrase is not the cause, and no try is
            counted.
        WrongPassphrase: the passphrase is wrong, and one try was used.
    """
    files = home.files(vault_id)
    tries = UnlockThrottle(files.tries, clock)
    tries.check()
    slot = _header(home, vault_id).passphrase
    secret = keyrings.read_secret(vault_id, slot.entry) if slot.keyring else None
    opening = slots.stretch(slot, _normalised(passphrase), secret)
    tries_left = tries.spend()
    key = slots.open_slot(vault_id, slot, opening)
    if key is None:
        if tries_left == 0:
            tries.check()
        raise WrongPassphrase(tries_left)
    tries.clear()
    return key


def unlock_with_recovery(home: Home, vault_id: str, key_text: str) -> bytes:
    """Return the database key for the printed recovery key or the council's.

    It works offline, without the keyring, and during the wait after wrong passphrases, because a recovery key cannot be guessed.

    Raises:
        RecoveryKeyMistyped: the key is mistyped; the message names the group to check.
        WrongRecoveryKey: the key is typed correctly but belongs to another vault.
        HeaderDamaged: no key can open the vault.
    """
    recovery = slots.read_key(key_text)
    for slot in _header(home, vault_id).keys:
        key = slots.open_by_recovery(vault_id, slot, recovery)
        if key is not None:
            UnlockThrottle(home.files(vault_id).tries).clear()
            return key
    raise WrongRecoveryKey


def change_passphrase(
    home: Home,
    vault_id: str,
    database_key: bytes,
    new: str,
    *,
    copy: Copy,
    recovery_key: str = "",
    keyring: bool = True,
    calibrate: Callable[[], Cost] = slots.calibrate,
) -> NewKeys:
    """Replace the passphrase, its cost, the keyring secret and the database key with new ones.

    After a crash at any moment, either the old passphrase or the new one works, each with its store. The printed recovery key
    still works. The council's recovery key does not, because somebody at the council may have read it out to somebody.

    Args:
        home: the home in which the caller has locked the store of ``vault_id``.
        vault_id: the person's vault.
        database_key: from ``unlock`` or ``unlock_with_recovery``.
        new: the new passphrase.
        copy: makes the store's copy. If it raises, nothing is changed.
        recovery_key: the recovery key that was typed, if any. If it is the printed one, it still works in an older vault too.
        keyring: combine the passphrase with a secret in this account's keyring, if there is one and it is open.
        calibrate: returns the cost of one guess on this laptop.

    Raises:
        PassphraseRefused: the new passphrase is too short or commonly used.
        HeaderDamaged, Unavailable: nothing was changed.
        ValueError: ``database_key`` is not this vault's.
    """
    header = _header_of(home, vault_id, database_key)
    _check_new(new, home.person(vault_id).name)
    own = header.held_by("person")
    typed = slots.read_key(recovery_key) if recovery_key else b""

    def printed(key: bytes) -> tuple[SealedSlot, str]:
        sealed_slot = slots.sealed_again(vault_id, own, database_key, key)
        if sealed_slot is None and own and typed and slots.open_by_recovery(vault_id, own, typed):
            sealed_slot, _ = slots.recovery_slot(vault_id, key, "person", typed)
        return (sealed_slot, "") if sealed_slot else slots.recovery_slot(vault_id, key, "person")

    return _change_keys(home, header, new, printed, copy, keyring, calibrate)


def new_recovery_key(
    home: Home,
    vault_id: str,
    database_key: bytes,
    passphrase: str,
    *,
    copy: Copy,
    keyring: bool = True,
    calibrate: Callable[[], Cost] = slots.calibrate,
) -> NewKeys:
    """Replace the printed recovery key and the database key with new ones, as ``change_passphrase`` does.

    Args:
        passphrase: the person's own passphrase, which does not change.

    The other arguments and the errors are those of ``change_passphrase``.
    """
    header = _header_of(home, vault_id, database_key)

    def printed(key: bytes) -> tuple[SealedSlot, str]:
        return slots.recovery_slot(vault_id, key, "person")

    return _change_keys(home, header, passphrase, printed, copy, keyring, calibrate)


def _change_keys(
    home: Home,
    header: Header,
    passphrase: str,
    printed: Callable[[bytes], tuple[SealedSlot, str]],
    copy: Copy,
    keyring: bool,
    calibrate: Callable[[], Cost],
) -> NewKeys:
    vault_id, entry = header.vault, header.passphrase.entry + 1
    files = home.files(vault_id)
    home.settle(vault_id, header.key_check)
    cost = calibrate()
    secret = _new_secret(vault_id, entry) if keyring else None
    key = secrets.token_bytes(slots.KEY_BYTES)
    by_passphrase = slots.passphrase_slot(
        vault_id, key, _normalised(passphrase), cost, entry=entry, keyring_secret=secret
    )
    own, recovery_key = printed(key)
    councils, council_recovery_key = slots.recovery_slot(vault_id, key, "council")
    keys = NewKeys(key, slots.key_check(vault_id, key), secret is not None, recovery_key, council_recovery_key)
    try:
        copy(files, keys)
        if files.store.exists() and not files.copy_of(files.store, keys.key_check).exists():
            raise RuntimeError("the store was not copied under its new key")
        write_whole(files.header, slots.encode_header(Header(vault_id, keys.key_check, (by_passphrase, own, councils))))
    except Exception:
        settle(home, vault_id)
        raise
    with suppress(Unavailable):  # the change is made; the next opening of the store finishes it
        settle(home, vault_id)
    _forget(vault_id, entry - 1)
    UnlockThrottle(files.tries).clear()
    return keys


def settle(home: Home, vault_id: str) -> None:
    """Finish a change of keys that a crash interrupted, and delete files that it left; the caller has locked this store.

    Raises:
        HeaderDamaged, Unavailable: see ``Home.settle``.
    """
    home.settle(vault_id, _header(home, vault_id).key_check)


def uses_keyring(home: Home, vault_id: str) -> bool:
    """Return whether the passphrase opens this vault only together with the keyring. Raises HeaderDamaged."""
    return _header(home, vault_id).passphrase.keyring


def _header_of(home: Home, vault_id: str, database_key: bytes) -> Header:
    header = _header(home, vault_id)
    if slots.key_check(vault_id, database_key) != header.key_check:
        raise ValueError("not this vault's key")
    return header


def _header(home: Home, vault_id: str) -> Header:
    try:
        header = slots.decode_header(home.files(vault_id).header.read_bytes())
    except FileNotFoundError:
        raise HeaderDamaged from None
    if header.vault != vault_id:  # another person's header was put here
        raise HeaderDamaged
    return header


def _check_new(passphrase: str, name: str) -> None:
    sentence = passphrases.problem(unicodedata.normalize("NFC", passphrase), (name,))
    if sentence:
        raise PassphraseRefused(sentence)


def _normalised(passphrase: str) -> bytes:
    """Return a passphrase in one Unicode form: keyboards and password managers differ in how they type accents."""
    return unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")


def _new_secret(vault_id: str, entry: int) -> bytes | None:
    """Create a new secret in the keyring; return None if there is no keyring or it is locked.

    Then the passphrase alone opens the vault. A locked keyring must not stop anybody who has the recovery key, or who never
    used a keyring.
    """
    with suppress(KeyringAbsent, KeyringLocked):
        return keyrings.new_secret(vault_id, entry)
    return None


def _forget(vault_id: str, last: int) -> None:
    with suppress(KeyringAbsent, KeyringLocked):  # remaining secrets open nothing without their former header
        keyrings.forget_secrets(vault_id, last)
