"""What the window asks of the program around it: who may unlock, what lock does, how sync stands.

``hipss_desktop.unlock`` implements these over the vault and the sync loop. Must import neither a use case nor what opens a
store: the locked screen imports this before its first paint.
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
    """Somebody with a store on this laptop, as the unlock screen shows them; nothing here is about a child."""

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
    """The vault that was locked while open; '' when the program was started anew."""


class Unlocker(Protocol):
    """Unlocking, as the window before unlock needs it. All but ``lock_screen_info`` may take seconds: call them off its thread."""

    def lock_screen_info(self) -> LockScreenInfo:
        """What may be shown now; small files only, read before the first paint."""
        ...

    def warm(self) -> None:
        """Import what unlocking will need, while the passphrase is typed."""
        ...

    def unlock(self, vault: str, passphrase: str) -> "Services":
        """Open a store. Raises UserError, Unavailable or Tampered with a sentence to show.

        An error that is a wait says when it ends as ``until`` (a datetime).
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
    """What the council says to a laptop that shows a good code."""

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
    """The three steps of setting up a laptop; each call may take seconds."""

    def online(self) -> bool:
        """Whether this laptop is on a network; nothing is sent."""
        ...

    def look(self, server: str, code: str, laptop: str) -> Invitation:
        """Step 1: show the code to the council, both as typed; nothing is used up.

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
        """Step 3: which of the groups of the recovery key that were typed back, by number from 1, are not as shown."""
        ...

    def finish(self) -> "Services":
        """Open the new store."""
        ...


KeyAct = Literal["passphrase", "recovery_key"]
"""What the keys of a laptop are changed for: another passphrase, or another recovery key."""


class KeyChanges(Protocol):
    """A change of the open store's keys, while no window shows the store; what copies it may take minutes."""

    @property
    def laptop(self) -> str:
        """What the laptop is called."""
        ...

    @property
    def version(self) -> str:
        """The program's."""
        ...

    @property
    def numbers(self) -> Sequence[DutyNumber]:
        """Whom to ring meanwhile."""
        ...

    @property
    def is_open(self) -> bool:
        """Whether the store is open, and the window may show it again; where not, only ``lock`` is left."""
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
        """Put a new passphrase in place of the one of now; a new recovery key, '' where the one before goes on working.

        Raises UserError for a wrong passphrase, with when the wait ends as ``until`` where it is one; Unavailable; Tampered.
        """
        ...

    def new_recovery_key(self, passphrase: str) -> str:
        """Put a new recovery key, which is returned, in place of the one before. Raises what ``change_passphrase`` raises."""
        ...

    def wrong_recovery_groups(self, typed: Mapping[int, str]) -> Sequence[int]:
        """Which of the groups of the new recovery key that were typed back, by number from 1, are not as shown."""
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
    """What the open window asks of the program around it."""

    @property
    def services(self) -> "Services":
        """The use cases."""
        ...

    def lock(self) -> None:
        """End the process that holds the keys and show a fresh lock screen; what was typed is in drafts."""
        ...

    def status(self) -> "Status":
        """How the connection stands."""
        ...

    def machine(self) -> "Machine":
        """What the system tells of this machine now; may take a moment: call it off the window's thread."""
        ...

    def on_status(self, changed: Callable[[], None]) -> None:
        """Be told, on any thread, when the connection changes."""
        ...

    def sync_now(self) -> None:
        """Try at once, in the background."""
        ...

    def cancel_sync(self) -> None:
        """Stop a long exchange after the batch under way; what came is kept."""
        ...

    def keep_look(self, *, theme: str, scale: float) -> None:
        """Keep theme and text size for the next start."""
        ...

    def turn(self, back: "ReadBack") -> None:
        """Take the open window away, and show a household alone what is read back to it."""
        ...

    def change_keys(self, act: KeyAct) -> None:
        """Take the open window away, and have the person change the keys of their store."""
        ...

    def recovery_key_waits(self) -> bool:
        """Whether nobody has this laptop's recovery key, and that was not put off since the laptop was unlocked."""
        ...

    def put_off_recovery_key(self) -> None:
        """Say no more of the recovery key until the laptop is unlocked again."""
        ...

    def check(self, passphrase: str) -> None:
        """Compare a passphrase with that of the person who is signed in, counted like a try at unlocking; takes seconds.

        Raises UserError for a wrong one, and where there are no tries left until a time.
        """
        ...
