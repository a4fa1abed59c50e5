"""Secrets in the keyring of the account on this laptop (Secret Service, macOS keychain, Windows credentials).

Three conditions are told apart, because a person does something else about each: there is no keyring on this
machine, the keyring is locked, the entry is not in it. A write is read back, so a keyring that only pretends
to keep is found when a vault is made and not when it is opened. Entries stay on this machine: on Windows they
would roam with the profile by default. Must not know what the secrets open.
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
    """What this account's keyring can do just now."""

    READY = "ready"
    LOCKED = "locked"
    ABSENT = "absent"


class KeyringAbsent(Unavailable):
    """This machine or session has no keyring that keeps anything."""

    def __init__(self) -> None:
        super().__init__(
            "This account’s keyring cannot be reached, and it holds a part of your key. "
            "Sign in to the laptop’s desktop and try again, or use your recovery key."
        )


class KeyringLocked(Unavailable):
    """There is a keyring, and it is locked or refused."""

    def __init__(self) -> None:
        super().__init__(
            "This account’s keyring is locked, and it holds a part of your key. "
            "Unlock the keyring and try again, or use your recovery key."
        )


class KeyringEntryMissing(Unavailable):
    """The keyring is open and the vault's entry is not in it."""

    def __init__(self) -> None:
        super().__init__(
            "The part of your key in this account’s keyring is missing. This is not about your passphrase. "
            "Use your recovery key, then choose a new passphrase."
        )


def condition() -> Condition:
    """Look whether the keyring would keep a secret. May show the desktop's own prompt to unlock it."""
    try:
        with _answering() as backend:
            backend.get_password(SERVICE, "condition")
    except KeyringAbsent:
        return Condition.ABSENT
    except KeyringLocked:
        return Condition.LOCKED
    return Condition.READY


def new_secret(vault: str, entry: int) -> bytes:
    """Make a secret of 32 bytes and keep it as the vault's numbered entry.

    Raises:
        KeyringAbsent, KeyringLocked: nothing was kept.
    """
    secret = secrets.token_bytes(32)
    with _answering() as backend:
        backend.set_password(SERVICE, _name(vault, entry), secret.hex())
    try:
        kept = read_secret(vault, entry)
    except KeyringEntryMissing:
        raise KeyringAbsent from None
    if kept != secret:
        raise KeyringAbsent
    return secret


def read_secret(vault: str, entry: int) -> bytes:
    """The secret that ``new_secret`` kept.

    Raises:
        KeyringAbsent, KeyringLocked, KeyringEntryMissing: told apart.
    """
    with _answering() as backend:
        kept = backend.get_password(SERVICE, _name(vault, entry))
    try:
        secret = bytes.fromhex(kept or "")
    except ValueError:
        secret = b""
    if len(secret) != 32:  # an entry of another shape is not ours
        raise KeyringEntryMissing
    return secret


def forget_secrets(vault: str, last: int) -> None:
    """Remove entry ``last`` and those just before it that a crash left behind; one not there is passed over.

    They are removed from the oldest on, so that after a crash here too the rest lies in one run and is found
    the next time.

    Raises:
        KeyringAbsent, KeyringLocked: some may still be there; they open nothing any more.
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
    """Keep a copy of the anchor, as is done at each lock (some 20 ms). Raises KeyringAbsent, KeyringLocked."""
    with _answering() as backend:
        backend.set_password(SERVICE, _name(vault, "anchor"), anchor.text())


def read_anchor(vault: str) -> Anchor | None:
    """The copy of the anchor, None when there is none. Raises KeyringAbsent, KeyringLocked."""
    with _answering() as backend:
        kept = backend.get_password(SERVICE, _name(vault, "anchor"))
    try:
        return Anchor.of_text(kept) if kept else None
    except ValueError:
        return None


def _name(vault: str, entry: int | str) -> str:
    return f"{vault}.{entry}"


@contextmanager
def _answering() -> Iterator["KeyringBackend"]:
    """The account's keyring, with whatever its backend raises turned into the conditions above."""
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
    if backend.priority < 1:  # keyring's own line for "recommended": below it nothing is kept, or in the clear
        raise NoKeyringError
    for part in getattr(backend, "backends", (backend,)):
        if isinstance(part, WinVaultKeyring):
            part.persist = "local machine"
    return backend


def _backend_errors() -> tuple[tuple[type[Exception], ...], tuple[type[Exception], ...]]:
    """What backends raise for an absent and for a locked keyring; not all of it is keyring's own."""
    from keyring.errors import KeyringError

    # ImportError, RuntimeError: a backend that was configured and is not there, or a bus that went away
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
