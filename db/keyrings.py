"""Save and read secrets in the account's keyring on this laptop (Secret Service, macOS keychain, Windows credentials).

Three conditions have errors of their own, because a person must act differently in each: this machine has no keyring, the
keyring is locked, or the entry is not in it. Every new secret is read back after writing. So a keyring that does not really
save is found when a vault is made, not when it is opened. Entries are saved on this machine only: on Windows they would roam
with the profile by default. Must not know what the secrets open.
"""

import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from typing import TYPE_CHECKING

from db.anchor import Anchor
from hipss_desktop.errors import Unavailable

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "HIPSS Desktop"


class Condition(Enum):
    """The present condition of this account's keyring."""

    READY = "ready"
    LOCKED = "locked"
    ABSENT = "absent"


class KeyringAbsent(Unavailable):
    """This machine or session has no keyring that saves secrets."""

    def __init__(self) -> None:
        super().__init__(
            "This account’s keyring cannot be reached, and it holds a part of your key. "
            "Sign in to the laptop’s desktop and try again, or use your recovery key."
        )


class KeyringLocked(Unavailable):
    """There is a keyring, and it is locked or refused access."""

    def __init__(self) -> None:
        super().__init__(
            "This account’s keyring is locked, and it holds a part of your key. "
            "Unlock the keyring and try again, or use your recovery key."
        )


class KeyringEntryMissing(Unavailable):
    """The keyring is open and the vault's entry is not in it."""

    def __init__(self) -> None:
        super().__init__(
            "The part of your key in this account’s keyring is missing. Your passphrase is not the cause. "
            "Use your recovery key, then choose a new passphrase."
        )


def condition() -> Condition:
    """Return whether the keyring can be used. May show the desktop's own prompt to unlock it."""
    try:
        with _answering() as backend:
            backend.get_password(SERVICE, "condition")
    except KeyringAbsent:
        return Condition.ABSENT
    except KeyringLocked:
        return Condition.LOCKED
    return Condition.READY


def new_secret(vault: str, entry: int) -> bytes:
    """Create a secret of 32 bytes, save it as the vault's entry of that number, and return it.

    Raises:
        KeyringAbsent, KeyringLocked: nothing was saved.
    """
    secret = secrets.token_bytes(32)
    with _answering() as backend:
        backend.set_password(SERVICE, _name(vault, entry), secret.hex())
    try:
        saved_secret = read_secret(vault, entry)
    except KeyringEntryMissing:
        raise KeyringAbsent from None
    if saved_secret != secret:
        raise KeyringAbsent
    return secret


def read_secret(vault: str, entry: int) -> bytes:
    """Return the secret that ``new_secret`` saved.

    Raises:
        KeyringAbsent: there is no keyring.
        KeyringLocked: the keyring is locked or refused access.
        KeyringEntryMissing: the keyring has no valid entry.
    """
    with _answering() as backend:
        entry_text = backend.get_password(SERVICE, _name(vault, entry))
    try:
        secret = bytes.fromhex(entry_text or "")
    except ValueError:
        secret = b""
    if len(secret) != 32:  # this program did not write such an entry
        raise KeyringEntryMissing
    return secret


def forget_secrets(vault: str, last: int) -> None:
    """Delete entry ``last`` and the entries just before it that a crash left; missing entries are skipped.

    The oldest entry is deleted first. So after a crash here the rest are still consecutive, and the next call finds them.

    Raises:
        KeyringAbsent, KeyringLocked: some entries may still exist; they open nothing any more.
    """
    from keyring.errors import PasswordDeleteError

    with _answering() as backend:
        first = last
        while first > 1 and backend.get_password(SERVICE, _name(vault, first - 1)) is not None:
            first -= 1
        for entry in range(first, last + 1):
            with suppress(PasswordDeleteError):
                backend.delete_password(SERVICE, _name(vault, entry))


def keep_anchor(vault: str, anchor: Anchor) -> None:
    """Save a copy of the anchor, which happens at each lock (some 20 ms). Raises KeyringAbsent, KeyringLocked."""
    with _answering() as backend:
        backend.set_password(SERVICE, _name(vault, "anchor"), anchor.text())


def read_anchor(vault: str) -> Anchor | None:
    """Return the saved copy of the anchor, or None if there is no readable copy. Raises KeyringAbsent, KeyringLocked."""
    with _answering() as backend:
        entry_text = backend.get_password(SERVICE, _name(vault, "anchor"))
    try:
        return Anchor.of_text(entry_text) if entry_text else None
    except ValueError:
        return None


def _name(vault: str, entry: int | str) -> str:
    return f"{vault}.{entry}"


@contextmanager
def _answering() -> Iterator["KeyringBackend"]:
    """Yield the account's keyring, and translate its backend's errors into the errors above."""
    from keyring.errors import NoKeyringError

    absent, locked = _backend_errors()
    try:
        yield _backend()
    except NoKeyringError as error:
        raise KeyringAbsent from error
    except locked as error:
        raise KeyringLocked from error
    except absent as error:
        raise KeyringAbsent from error


def _backend() -> "KeyringBackend":
    import keyring
    from keyring.backends.Windows import WinVaultKeyring
    from keyring.errors import NoKeyringError

    backend = keyring.get_keyring()
    if backend.priority < 1:  # below 1 the keyring library does not recommend it: it saves nothing, or in the clear
        raise NoKeyringError
    for part in getattr(backend, "backends", (backend,)):
        if isinstance(part, WinVaultKeyring):
            part.persist = "local machine"
    return backend


def _backend_errors() -> tuple[tuple[type[Exception], ...], tuple[type[Exception], ...]]:
    """Return the errors that backends raise for an absent keyring, and those for a locked one; some are other libraries'."""
    from keyring.errors import KeyringError

    # ImportError, RuntimeError: a configured backend is not installed, or the bus was disconnected
    absent: tuple[type[Exception], ...] = (OSError, EOFError, ImportError, RuntimeError)
    if sys.platform == "win32":
        from win32ctypes.pywin32.pywintypes import error

        return (*absent, error), (KeyringError,)
    if sys.platform == "darwin":
        return absent, (KeyringError,)
    from jeepney import DBusErrorResponse  # type: ignore[import-untyped]  # comes without types
    from secretstorage.exceptions import LockedException, PromptDismissedException, SecretStorageException

    locked = (KeyringError, LockedException, PromptDismissedException)
    return (*absent, SecretStorageException, DBusErrorResponse), locked
