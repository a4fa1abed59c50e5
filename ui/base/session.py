"""The interfaces that the window needs from the program: who may unlock, what lock does, the state of the sync.

``hipss_desktop.unlock`` implements these over the vault and the sync loop. Must import neither services nor what opens a
store, because the lock screen imports this before it appears.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from hipss_desktop.machine import Machine
    from hipss_desktop.services.reading_back import ReadBack
    from hipss_desktop.services.sync_status import Status
    from hipss_desktop.views.services import Services


@dataclass(frozen=True)
class LaptopUser:
    """A person with a store on this laptop, as the unlock screen shows them; it contains nothing about a child."""

    vault: str
    name: str
    role: str
    on_call_until: datetime | None = None
    backup: bool = False


@dataclass(frozen=True)
class DutyNumber:
    """A number that is shown while the laptop is locked."""

    label: str
    number: str


@dataclass(frozen=True)
class LockScreenInfo:
    """All that the unlock and lock screens may show."""

    users: Sequence[LaptopUser]
    numbers: Sequence[DutyNumber]
    laptop: str
    sync_words: str
    theme: str
    scale: float
    version: str
    call_started: datetime | None = None
    notes_saved: datetime | None = None
    locked_user: str = ""
    """The vault that was open when the laptop was locked; '' after a fresh start of the program."""


class Unlocker(Protocol):
    """Unlocking, for the window before unlock. All but ``lock_screen_info`` may take seconds: call them off its thread."""

    def lock_screen_info(self) -> LockScreenInfo:
        """What may be shown now; it reads only small files, before the window appears."""
        ...

    def warm(self) -> None:
        """Import the modules for unlocking while the passphrase is typed."""
        ...

    def unlock(self, vault: str, passphrase: str) -> "Services":
        """Open a store. Raises UserError, Unavailable or Tampered with a sentence to show.

        If the user must wait, the error has the end of the wait as ``until`` (a datetime).
        """
        ...

    def unlock_with_recovery(self, vault: str, recovery_key: str, new_passphrase: str) -> "Services":
        """Open a store by a recovery key and give it a new passphrase."""
        ...

    def keyring_words(self) -> str:
        """What is weaker for a new passphrase without an open OS keyring, '' when there is one."""
        ...

    def keep_look(self, *, theme: str, scale: float) -> None:
        """Keep theme and text size for the next start."""
        ...


@dataclass(frozen=True)
class Invitation:
    """The council's answer to a laptop with a valid code."""

    name: str
    role: str
    role_words: str
    laptop: str


@dataclass(frozen=True)
class Strength:
    """How strong a passphrase is: 0 to 4, a word, and what is wrong with it ('' when it may be used)."""

    score: int
    word: str
    problem: str


class FirstRun(Protocol):
    """The three steps of setting up a laptop; each method may take seconds."""

    def online(self) -> bool:
        """Whether this laptop is on a network; nothing is sent."""
        ...

    def look(self, server: str, code: str, laptop: str) -> Invitation:
        """Step 1: ask the council about the code, which is not used up; address and code are as typed.

        Raises UserError, whose field is "server", "code" or ''; Unavailable; or Tampered for another council's answer.
        """
        ...

    def strength(self, passphrase: str) -> Strength:
        """How strong a passphrase is."""
        ...

    def keyring_words(self) -> str:
        """What is weaker for a new passphrase without an open OS keyring, '' when there is one."""
        ...

    def make_vault(self, passphrase: str) -> str:
        """Step 2: make the vault and ask the council for the seat's certificate; returns the recovery key's groups."""
        ...

    def wrong_recovery_groups(self, typed: Mapping[int, str]) -> Sequence[int]:
        """Step 3: the numbers (from 1) of the groups of the recovery key that were mistyped."""
        ...

    def finish(self) -> "Services":
        """Open the new store."""
        ...


KeyAct = Literal["passphrase", "recovery_key"]
"""The purpose of a change of keys: another passphrase, or another recovery key."""


class KeyChanges(Protocol):
    """A change of the open store's keys while no window shows the store; methods that copy the store may take minutes."""

    @property
    def laptop(self) -> str:
        """The name of the laptop."""
        ...

    @property
    def version(self) -> str:
        """The version of the program."""
        ...

    @property
    def numbers(self) -> Sequence[DutyNumber]:
        """Whom to ring meanwhile."""
        ...

    @property
    def is_open(self) -> bool:
        """Whether the store is open, so that the window may show it again; if not, only ``lock`` is possible."""
        ...

    @property
    def recovery_key_waits(self) -> bool:
        """Whether nobody has confirmed that they have this laptop's recovery key."""
        ...

    def strength(self, passphrase: str) -> Strength:
        """How strong a passphrase is."""
        ...

    def keyring_words(self) -> str:
        """What is weaker for a new passphrase without an open OS keyring, '' when there is one."""
        ...

    def change_passphrase(self, passphrase: str, new: str) -> str:
        """Replace the present passphrase; return a new recovery key, '' if the earlier one remains valid.

        Raises UserError for a wrong passphrase, with ``until`` if the user must wait; Unavailable; Tampered.
        """
        ...

    def new_recovery_key(self, passphrase: str) -> str:
        """Replace the recovery key and return the new one. Raises the same errors as ``change_passphrase``."""
        ...

    def wrong_recovery_groups(self, typed: Mapping[int, str]) -> Sequence[int]:
        """Return the numbers (from 1) of the groups of the new recovery key that were mistyped."""
        ...

    def recovery_key_seen(self) -> None:
        """Note that the person has the new recovery key."""
        ...

    def lock(self) -> None:
        """End the process that holds the keys and show a fresh lock screen."""
        ...

    def keep_look(self, *, theme: str, scale: float) -> None:
        """Keep theme and text size for the next start."""
        ...


class Session(Protocol):
    """What the open window needs from the program."""

    @property
    def services(self) -> "Services":
        """The use cases."""
        ...

    def lock(self) -> None:
        """End the process that holds the keys and show a fresh lock screen; what was typed is in drafts."""
        ...

    def status(self) -> "Status":
        """The state of the connection."""
        ...

    def machine(self) -> "Machine":
        """What the system reports about this machine now; it may be slow, so call it off the window's thread."""
        ...

    def on_status(self, changed: Callable[[], None]) -> None:
        """Have ``changed`` called, on any thread, when the connection changes."""
        ...

    def sync_now(self) -> None:
        """Start a sync at once, in the background."""
        ...

    def cancel_sync(self) -> None:
        """Stop a long sync after the present batch; what was received stays saved."""
        ...

    def use_address(self, typed: str) -> str:
        """Use another address of the council, which must prove there that it is this council; return the address.

        It may take seconds. Raises UserError, whose field is "server", if nothing was changed.
        """
        ...

    def keep_look(self, *, theme: str, scale: float) -> None:
        """Keep theme and text size for the next start."""
        ...

    def turn(self, back: "ReadBack") -> None:
        """Close the open window, and show only what is read back to a household."""
        ...

    def change_keys(self, act: KeyAct) -> None:
        """Close the open window, and let the person change the keys of their store."""
        ...

    def recovery_key_waits(self) -> bool:
        """Whether nobody has this laptop's recovery key, and the notice was not put off since the last unlock."""
        ...

    def put_off_recovery_key(self) -> None:
        """Hide the notice about the recovery key until the laptop is unlocked again."""
        ...

    def check(self, passphrase: str) -> None:
        """Compare a passphrase with that of the signed-in person; counts as an attempt to unlock and takes seconds.

        Raises UserError for a wrong passphrase, and if no attempts are left until a later time.
        """
        ...
