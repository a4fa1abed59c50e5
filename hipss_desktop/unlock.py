"""What the window uses before a store is open, while one is first set up, while keys change, and while it is unlocked.

Only light modules are imported at the top, because the first paint waits for them; the vault, the store and the wire are
imported when the passphrase is being typed. Must not draw anything.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from db.home import Home
from hipss_desktop import __version__, times
from hipss_desktop.errors import DiskRefused, Unavailable, UserError
from ui.base.session import DutyNumber, Invitation, KeyAct, LaptopUser, LockScreenInfo, Strength

if TYPE_CHECKING:
    from hipss_desktop.laptop import OpenStore
    from hipss_desktop.machine import Machine
    from hipss_desktop.services.enrolment import Invited
    from hipss_desktop.services.reading_back import ReadBack
    from hipss_desktop.services.sync_status import Status
    from hipss_desktop.views.services import Services

NO_KEYRING = (
    "This laptop has no keyring, so the passphrase alone protects your records. "
    "Somebody who copies the disk could try passphrases elsewhere. Use a longer one."
)
LOCKED_KEYRING = "This laptop’s keyring is locked. Unlock it first, or the passphrase alone protects your records."


@dataclass(frozen=True)
class LeftOpen:
    """What a lock screen may show of a call that continues while the laptop is locked."""

    vault: str = ""
    call_started: datetime | None = None
    notes_saved: datetime | None = None


class LaptopUnlocker:
    """Unlocks the vaults of one home."""

    def __init__(self, home: Home, clock: times.Clock, left_open: LeftOpen) -> None:
        self._home = home
        self._clock = clock
        self._left_open = left_open
        self.opened: OpenStore | None = None

    def lock_screen_info(self) -> LockScreenInfo:
        """What the lock screen may show now."""
        laptop = self._home.laptop()
        now = self._clock()
        manager = next(
            (
                duty_number.label.partition(", ")[2]
                for duty_number in laptop.duty_numbers
                if "anager" in duty_number.label
            ),
            "",
        )
        people = [
            LaptopUser(
                person.vault_id, person.name, person.role, _still(person.on_call_until, now), person.name == manager
            )
            for person in self._home.people()
        ]
        people.sort(key=lambda person: (person.on_call_until is None, person.name.casefold()))
        return LockScreenInfo(
            users=people,
            numbers=duty_numbers(self._home),
            laptop=laptop.name,
            sync_words=laptop.sync_words,
            theme=laptop.theme,
            scale=laptop.text_scale / 100,
            version=__version__,
            call_started=self._left_open.call_started,
            notes_saved=self._left_open.notes_saved,
            locked_user=self._left_open.vault,
        )

    def warm(self) -> None:
        """Import what unlocking will need while the passphrase is typed."""
        import ui.on_call.on_call_page
        import ui.shell.screens
        import ui.shell.window

        ui.shell.screens.warm()

    def unlock(self, vault: str, passphrase: str) -> "Services":
        """Open a store, and note in it when it was unlocked without a network."""
        from hipss_desktop.laptop import open_store
        from hipss_desktop.services.night_check import note_unlock_offline
        from sync.client.network import is_online

        self.opened = open_store(self._home, vault, passphrase, self._clock)
        if not is_online():
            with suppress(DiskRefused), self.opened.store.write() as unit:
                note_unlock_offline(unit, self._clock())
        return self.opened.services

    def unlock_with_recovery(self, vault: str, recovery_key: str, new_passphrase: str) -> "Services":
        """Open a store by a recovery key and set a new passphrase; a damaged store is opened unchanged, with a notice."""
        from db.vault import StoreDamaged
        from hipss_desktop.laptop import open_by_recovery, open_damaged

        try:
            self.opened = open_by_recovery(self._home, vault, recovery_key, new_passphrase, self._clock).opened
        except StoreDamaged:
            self.opened = open_damaged(self._home, vault, recovery_key, self._clock)
        return self.opened.services

    def keyring_words(self) -> str:
        """The warning that this laptop has no open keyring, '' if it has one."""
        return keyring_words()

    def keep_look(self, *, theme: str, scale: float) -> None:
        """Save theme and text size for the next start."""
        keep_look(self._home, theme=theme, scale=scale)


def duty_numbers(home: Home) -> list[DutyNumber]:
    """Numbers to ring that a screen shows while no store is open, except 999 and 101, which every such screen shows."""
    return [
        DutyNumber(line.label, line.number) for line in home.laptop().duty_numbers if line.number not in ("999", "101")
    ]


def _still(until: datetime | None, now: datetime) -> datetime | None:
    return until if until is not None and until > now else None


def keyring_words() -> str:
    """The warning for a new passphrase that this account has no open keyring, '' if it has one."""
    from db import keyrings

    condition = keyrings.condition()
    if condition is keyrings.Condition.ABSENT:
        return NO_KEYRING
    return LOCKED_KEYRING if condition is keyrings.Condition.LOCKED else ""


def keep_look(home: Home, *, theme: str, scale: float) -> None:
    """Save theme and text size for the next start."""
    laptop = home.laptop()
    look = replace(laptop, theme="night" if theme == "night" else "day", text_scale=round(scale * 100))
    if look != laptop:
        home.save_laptop(look)


def strength_of(passphrase: str, known: Sequence[str]) -> Strength:
    """The strength of a passphrase against somebody who knows the words ``known``."""
    from hipss_desktop.rules import passphrases

    strength = passphrases.strength(passphrase, known)
    return Strength(strength.score, strength.word, passphrases.problem(passphrase, known) or "")


def wrong_groups(recovery_key: str, typed: Mapping[int, str]) -> Sequence[int]:
    """The numbers, from 1, of the groups of a recovery key that were typed back wrongly."""
    from hipss_desktop.typed_keys import plain

    groups = recovery_key.split("-")
    return [number for number, text in typed.items() if plain(text) != groups[number - 1]]


class LaptopFirstRun:
    """The three steps in which a person sets up a laptop."""

    def __init__(self, home: Home, clock: times.Clock) -> None:
        self._home = home
        self._clock = clock
        self._invited: Invited | None = None
        self._laptop = ""
        self._recovery_key = ""
        self.opened: OpenStore | None = None

    def online(self) -> bool:
        """Whether this laptop is on a network."""
        from sync.client.network import is_online

        return is_online()

    def look(self, server: str, code: str, laptop: str) -> Invitation:
        """Step 1: check the code with the council; the code is not used up."""
        from hipss_desktop.records.codes import code_list
        from hipss_desktop.services import enrolment as council
        from sync.client.https import HttpsCouncil

        asking = HttpsCouncil(server, clock=self._clock)
        try:
            self._invited = council.look(asking, asking.server, code, then="Continue")
        finally:
            asking.close()
        self._laptop = laptop.strip() or self._home.laptop().name
        offer = self._invited.offer
        return Invitation(offer.name, offer.role, code_list("role").label(offer.role), self._laptop)

    def strength(self, passphrase: str) -> Strength:
        """The strength of a passphrase."""
        return strength_of(passphrase, [self._invited.offer.name] if self._invited else [])

    def keyring_words(self) -> str:
        """The warning that this laptop has no open keyring, '' if it has one."""
        return keyring_words()

    def make_vault(self, passphrase: str) -> str:
        """Step 2: make the vault, then use up the code; if the council does not answer, the first sync uses it up."""
        from hipss_desktop.laptop import make_vault

        if self._invited is None:
            raise UserError("Enter the one-time code first.")
        if self.opened is None:
            offer = self._invited.offer
            new_vault = make_vault(
                self._home,
                name=offer.name,
                role=offer.role,
                passphrase=passphrase,
                laptop=self._laptop,
                person=offer.person,
                clock=self._clock,
                invited=self._invited,
            )
            self.opened, self._recovery_key = new_vault.opened, new_vault.recovery_key
        try:
            self.opened.exchange()
        except Unavailable:
            # The network may have gone since step 1. The saved invitation is used up by the first sync.
            return self._recovery_key
        return self._recovery_key

    def wrong_recovery_groups(self, typed: Mapping[int, str]) -> Sequence[int]:
        """Step 3: the numbers, from 1, of the recovery key's groups that were typed back wrongly."""
        return wrong_groups(self._recovery_key, typed)

    def finish(self) -> "Services":
        """Note that the recovery key was seen, and return the services of the new store."""
        if self.opened is None:
            raise UserError("Choose a passphrase first.")
        self.opened.recovery_key_seen()
        return self.opened.services


class LaptopKeys:
    """Changes the keys of the open store while no window shows it and nothing syncs."""

    version = __version__

    def __init__(self, opened: "OpenStore", lock: Callable[[], None]) -> None:
        self._opened, self._lock = opened, lock
        self._recovery_key = ""

    @property
    def laptop(self) -> str:
        """What the laptop is called."""
        return self._opened.home.laptop().name

    @property
    def numbers(self) -> Sequence[DutyNumber]:
        """Numbers to ring while the window is not shown."""
        return duty_numbers(self._opened.home)

    @property
    def is_open(self) -> bool:
        """Whether the window may show the store again."""
        return self._opened.is_open

    @property
    def recovery_key_waits(self) -> bool:
        """Whether nobody has confirmed that they have this laptop's recovery key."""
        return self._opened.recovery_key_waits

    def strength(self, passphrase: str) -> Strength:
        """The strength of a passphrase."""
        return strength_of(passphrase, [self._opened.home.person(self._opened.vault_id).name])

    def keyring_words(self) -> str:
        """The warning that this laptop has no open keyring, '' if it has one."""
        return keyring_words()

    def change_passphrase(self, passphrase: str, new: str) -> str:
        """Copy the store under new keys and a new passphrase; return a new recovery key, '' if the earlier one still works."""
        from hipss_desktop.laptop import to_passphrase

        self._recovery_key = self._opened.change_keys(passphrase, to_passphrase(new)).recovery_key
        return self._recovery_key

    def new_recovery_key(self, passphrase: str) -> str:
        """Copy the store under new keys and return the new recovery key."""
        from hipss_desktop.laptop import to_recovery_key

        self._recovery_key = self._opened.change_keys(passphrase, to_recovery_key(passphrase)).recovery_key
        return self._recovery_key

    def wrong_recovery_groups(self, typed: Mapping[int, str]) -> Sequence[int]:
        """The numbers, from 1, of the recovery key's groups that were typed back wrongly."""
        return wrong_groups(self._recovery_key, typed)

    def recovery_key_seen(self) -> None:
        """Note that the person has the new recovery key."""
        self._opened.recovery_key_seen()

    def lock(self) -> None:
        """End the process that holds the keys and show a fresh lock screen."""
        self._lock()

    def keep_look(self, *, theme: str, scale: float) -> None:
        """Save theme and text size for the next start."""
        keep_look(self._opened.home, theme=theme, scale=scale)


class LaptopSession:
    """The connection between the open window and the program: lock, read back, keys, sync, theme and text size."""

    def __init__(
        self,
        opened: "OpenStore",
        clock: times.Clock,
        lock: Callable[[], None],
        turn: "Callable[[ReadBack], None]",
        change_keys: Callable[[KeyAct], None],
    ) -> None:
        from hipss_desktop.services.sync_loop import SyncLoop

        self._opened, self._clock, self._turn = opened, clock, turn
        self._enrolled = opened.enrolled
        self._lock, self._change_keys = lock, change_keys
        self._asks_for_recovery_key = True
        self._loop = SyncLoop(opened.exchange, clock, on_stopped_chain=opened.note_stopped)
        opened.store.subscribe(self._loop.note)

    def start(self) -> None:
        """Start the background sync if the laptop has joined a council."""
        if self._enrolled:
            self._loop.start()

    def stop(self) -> None:
        """End the background sync."""
        self._loop.stop()

    @property
    def services(self) -> "Services":
        """The use cases."""
        return self._opened.services

    def lock(self) -> None:
        """End the process that holds the keys and show a fresh lock screen."""
        self._lock()

    def turn(self, back: "ReadBack") -> None:
        """Close the open window, and show a household what is read back to it on a screen of its own."""
        self._turn(back)

    def change_keys(self, act: KeyAct) -> None:
        """Close the open window, and let the person change the keys of their store."""
        self._change_keys(act)

    def recovery_key_waits(self) -> bool:
        """Whether to ask for the recovery key: nobody confirmed having it, and the question was not put off since unlocking."""
        return self._asks_for_recovery_key and self._opened.recovery_key_waits

    def put_off_recovery_key(self) -> None:
        """Stop asking about the recovery key until the laptop is unlocked again."""
        self._asks_for_recovery_key = False

    def check(self, passphrase: str) -> None:
        """Check the passphrase of the person who is signed in; a wrong one counts as a wrong try at unlocking."""
        self._opened.check(passphrase)

    def status(self) -> "Status":
        """The state of the connection to the council."""
        from hipss_desktop.services.sync_status import Status

        return self._loop.status() if self._enrolled else Status()

    def machine(self) -> "Machine":
        """Facts that the system reports about the machine on which the store is."""
        from hipss_desktop.machine import measure

        return measure(self._opened.home.path)

    def on_status(self, changed: Callable[[], None]) -> None:
        """Call ``changed``, on any thread, when the state of the connection changes."""
        self._loop.listen(changed)

    def sync_now(self) -> None:
        """Sync at once, in the background."""
        self._loop.now()

    def use_address(self, typed: str) -> str:
        """Use another address of the council, and sync there at once."""
        address = self._opened.use_address(typed)
        self._loop.now()
        return address

    def cancel_sync(self) -> None:
        """Stop a long exchange after the present batch; everything received so far is kept."""
        self._loop.cancel()

    def keep_look(self, *, theme: str, scale: float) -> None:
        """Save theme and text size for the next start."""
        keep_look(self._opened.home, theme=theme, scale=scale)
