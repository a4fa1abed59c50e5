"""A person's vault: making it, opening it, changing its keys. What comes out is the database key alone.

A failed try alters no file but the count of tries. A change of keys always brings a new database key, so that no header
of before opens today's store. It is one replaced file: before it the old passphrase works, with the store as it is; after
it the new one, with the store's copy, whose name holds the check of the new key; and the keyring holds what each needs
until then. Passphrases are normalised here and nowhere else. Must not open the store (db has that elsewhere), show
anything, or keep a key; nothing heavy is imported before it is used, because the locked screen imports this while it waits.
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
        left: how many tries are left before the wait.
    """

    def __init__(self, left: int) -> None:
        self.left = left
        tries = "1 try" if left == 1 else f"{left} tries"
        super().__init__(f"That passphrase does not match. {tries} left.")


class WrongRecoveryKey(UserError):
    """A recovery key that is typed right, and is not this vault's."""

    def __init__(self) -> None:
        super().__init__("That recovery key belongs to another person or laptop. Check the name on the sheet.")


class StoreDamaged(Tampered):
    """The key is right and the store cannot be read with it (raised by what opens the store)."""

    def __init__(self) -> None:
        super().__init__(
            "The store on this laptop is damaged. Your passphrase is right. Nothing was changed. "
            "What was sent is with the council. Ring your manager before you go on."
        )


class StoreMissing(Tampered):
    """The vault is there and its store is not, or is empty (raised by what opens the store)."""

    def __init__(self) -> None:
        super().__init__(
            "The store of this person is gone from this laptop, or is empty. Your passphrase is right. Nothing was "
            "changed. What was sent is with the council: ring your manager for a new code, then set this laptop up again."
        )


@dataclass(frozen=True)
class Created:
    """A new vault.

    Attributes:
        database_key: 32 bytes, the raw key of the store.
        recovery_key: to be printed or written down, and not kept on the laptop.
        council_recovery_key: to be deposited with the council at enrolment, and not kept on the laptop.
        keyring_used: whether the passphrase alone, without this account's keyring, opens nothing.
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
        key_check: the new header's, which the name of the copy holds.
        keyring_used: whether the passphrase alone, without this account's keyring, opens nothing.
        recovery_key: a new printed one, to be shown; '' where the one before goes on working.
        council_recovery_key: the one before opens nothing any more, so this is to be deposited.
    """

    database_key: bytes = field(repr=False)
    key_check: bytes
    keyring_used: bool
    recovery_key: str = field(repr=False)
    council_recovery_key: str = field(repr=False)


Copy = Callable[[VaultFiles, NewKeys], None]
"""Copies every file of ``VaultFiles.stores`` under the new keys to its ``VaultFiles.copy_of``, and has the disk take it."""


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
    """Make a vault with a new database key and its three slots.

    Args:
        home: made when it is not there.
        name: shown on the locked screen, in the clear, as is ``role``.
        role: see ``name``.
        passphrase: the person's own.
        keyring: join a secret in this account's keyring to the passphrase, where there is one and it is open.
        calibrate: gives what one guess shall cost on this laptop.
        fill: makes the store, given the new vault's files and keys. After it the vault is there for everyone, in one
            step.

    Raises:
        PassphraseRefused: too short or commonly used.
        Unavailable: the disk or the memory did not suffice. Nothing is left behind.
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
    """The database key, by passphrase. Takes about half a second.

    Raises:
        TooManyTries: ten were wrong and the wait is not over.
        HeaderDamaged, KeyringAbsent, KeyringLocked, KeyringEntryMissing: not about the passphrase; no try is
            counted.
        WrongPassphrase: and one try less.
    """
    files = home.files(vault_id)
    tries = UnlockThrottle(files.tries, clock)
    tries.check()
    slot = _header(home, vault_id).passphrase
    secret = keyrings.read_secret(vault_id, slot.entry) if slot.keyring else None
    opening = slots.stretch(slot, _normalised(passphrase), secret)
    left = tries.spend()
    key = slots.open_slot(vault_id, slot, opening)
    if key is None:
        if left == 0:
            tries.check()
        raise WrongPassphrase(left)
    tries.clear()
    return key


def unlock_with_recovery(home: Home, vault_id: str, key_text: str) -> bytes:
    """The database key, by the printed recovery key or the council's; works offline, without the keyring and
    while a wait for the passphrase runs (it cannot be guessed).

    Raises:
        RecoveryKeyMistyped: names the group to look at.
        WrongRecoveryKey: typed right, of another vault.
        HeaderDamaged: no key can open it.
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
    """Put a new passphrase, a new cost, a new keyring secret and a new database key in place of the old ones.

    A crash at any moment leaves the old passphrase working or the new one, each with its store. The printed recovery key
    goes on working. The council's does not: its holder may have read it out to somebody.

    Args:
        home: the caller holds the store of ``vault_id`` in it.
        vault_id: whose.
        database_key: from ``unlock`` or ``unlock_with_recovery``.
        new: the passphrase.
        copy: makes the store's copy. What it raises ends the change, and nothing was changed.
        recovery_key: the one that was typed, where one was: if it is the printed one, it goes on working also in a vault
            of before.
        keyring: join a secret in this account's keyring to the passphrase, where there is one and it is open.
        calibrate: gives what one guess shall cost on this laptop.

    Raises:
        PassphraseRefused: too short or commonly used.
        HeaderDamaged, Unavailable: nothing was changed.
        ValueError: ``database_key`` is not this vault's.
    """
    header = _header_of(home, vault_id, database_key)
    _check_new(new, home.person(vault_id).name)
    own = header.held_by("person")
    typed = slots.read_key(recovery_key) if recovery_key else b""

    def printed(key: bytes) -> tuple[SealedSlot, str]:
        again = slots.sealed_again(vault_id, own, database_key, key)
        if again is None and own and typed and slots.open_by_recovery(vault_id, own, typed):
            again, _ = slots.recovery_slot(vault_id, key, "person", typed)
        return (again, "") if again else slots.recovery_slot(vault_id, key, "person")

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
    """Put a new printed recovery key in place of the one before, and a new database key, as ``change_passphrase`` does.

    Args:
        passphrase: the person's own, which stays.

    The other arguments, and what is raised, are those of ``change_passphrase``.
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
    with suppress(Unavailable):  # the change is made; who opens the store finishes it
        settle(home, vault_id)
    _forget(vault_id, entry - 1)
    UnlockThrottle(files.tries).clear()
    return keys


def settle(home: Home, vault_id: str) -> None:
    """Finish a change of keys that a crash cut off, and clear what it left; for who holds this store.

    Raises:
        HeaderDamaged, Unavailable: see ``Home.settle``.
    """
    home.settle(vault_id, _header(home, vault_id).key_check)


def uses_keyring(home: Home, vault_id: str) -> bool:
    """Whether the passphrase opens this vault only together with the keyring. Raises HeaderDamaged."""
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
    """One form for what looks the same: keyboards and password managers differ in how they type accents."""
    return unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")


def _new_secret(vault_id: str, entry: int) -> bytes | None:
    """A new secret in the keyring, or None where there is no keyring or it is locked: then the passphrase stands alone.

    A locked keyring must not stop anybody who has the recovery key, or who never used a keyring.
    """
    with suppress(KeyringAbsent, KeyringLocked):
        return keyrings.new_secret(vault_id, entry)
    return None


def _forget(vault_id: str, last: int) -> None:
    with suppress(KeyringAbsent, KeyringLocked):  # what stays opens nothing without the header it belonged to
        keyrings.forget_secrets(vault_id, last)
