"""An unlocker and a first run with the real vault and store of a home, for tests of the windows before unlock.

Only the council in the first run is an object of the test's own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from db import vault
from db.home import DutyNumber as KeptNumber
from db.home import Home, Theme, VaultFiles
from db.rekey import copy_stores
from db.slots import FLOOR_KIB, Cost
from db.store import LaptopStore
from hipss_desktop.errors import Unavailable, UserError
from hipss_desktop.rules import passphrases
from hipss_desktop.typed_keys import plain
from hipss_desktop.views.services import Services
from ui.base.session import DutyNumber, Invitation, LaptopUser, LockScreenInfo, Strength

OWN = "kettle marble otter Thursday"
OTHER = "walnut trumpet seventeen gravel"
WRONG = "something else entirely now"
NUMBERS = (KeptNumber("Emergency duty team", "01632 960145"), KeptNumber("Backup manager, S. Lloyd", "07700 900312"))
Clock = Callable[[], datetime]


def floor() -> Cost:
    """Return the lowest allowed cost of a guess, so that tests are quick."""
    return Cost(FLOOR_KIB, passes=1, lanes=4)


def focused() -> QWidget:
    """Return the widget with the keyboard focus."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def typed(words: str) -> None:
    """Type into the widget with the keyboard focus."""
    QTest.keyClicks(focused(), words)


def press(key: Qt.Key, times: int = 1, *, shift: bool = False) -> None:
    """Press a key one or more times in the widget with the keyboard focus."""
    for _ in range(times):
        modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(focused(), key, modifier)


def open_store(files: VaultFiles, key: bytes, clock: Clock) -> LaptopStore:
    """Open the store of a vault."""
    return LaptopStore(files.store, key, anchor=files.anchor, clock=clock)


@dataclass
class UnlockerAtHome:
    """The unlocker of a laptop with a real home."""

    home: Home
    clock: Clock
    locked: str = ""
    call_started: datetime | None = None
    notes_saved: datetime | None = None
    backup: str = ""
    keyring: str = ""
    warmed: bool = False
    asked_new: list[int] = field(default_factory=list)
    opened: list[LaptopStore] = field(default_factory=list)

    def lock_screen_info(self) -> LockScreenInfo:
        laptop = self.home.laptop()
        return LockScreenInfo(
            [
                LaptopUser(
                    person.vault_id, person.name, person.role, person.on_call_until, person.vault_id == self.backup
                )
                for person in self.home.people()
            ],
            [DutyNumber(duty_number.label, duty_number.number) for duty_number in laptop.duty_numbers],
            laptop.name,
            "Offline since 22:10 · 3 waiting",
            laptop.theme,
            laptop.text_scale / 100,
            "0.1.0",
            self.call_started,
            self.notes_saved,
            self.locked,
        )

    def warm(self) -> None:
        self.warmed = True

    def unlock(self, vault_id: str, passphrase: str) -> Services:
        return self._open(vault_id, vault.unlock(self.home, vault_id, passphrase, clock=self.clock))

    def unlock_with_recovery(self, vault_id: str, recovery_key: str, new_passphrase: str) -> Services:
        key = vault.unlock_with_recovery(self.home, vault_id, recovery_key)

        def copy(files: VaultFiles, keys: vault.NewKeys) -> None:
            copy_stores(files, key, keys, {})

        keys = vault.change_passphrase(
            self.home, vault_id, key, new_passphrase, copy=copy, keyring=False, calibrate=floor
        )
        return self._open(vault_id, keys.database_key)

    def keyring_words(self) -> str:
        return self.keyring

    def keep_look(self, *, theme: str, scale: float) -> None:
        name: Theme = "night" if theme == "night" else "day"
        self.home.save_laptop(replace(self.home.laptop(), theme=name, text_scale=round(scale * 100)))

    def _open(self, vault_id: str, key: bytes) -> Services:
        self.opened.append(open_store(self.home.files(vault_id), key, self.clock))
        return Services(self.opened[-1], self.clock)

    def close(self) -> None:
        """Close every store that was opened."""
        for store in self.opened:
            store.close()


@dataclass
class Council:
    """The council's answers to a laptop that joins."""

    code: str = "7KQ40M2X91TD"
    reached: bool = True
    certified: list[str] = field(default_factory=list)

    def look(self, code: str, laptop: str) -> Invitation:
        if not self.reached:
            raise UserError("No answer from hipss.council.example. Check the address and your network.", "server")
        if plain(code) != self.code:
            raise UserError("That code is not known, or has run out. Ask your manager for a new one.", "code")
        return Invitation("A. Bevan", "on_call", "Senior practitioner", laptop)

    def certify(self, name: str) -> None:
        if not self.reached:
            raise Unavailable("The council's server did not answer. Check that you are online, then try again.")
        self.certified.append(name)


@dataclass
class FirstRunAtHome:
    """The set-up of a laptop with a real home, and a council of the test's own."""

    home: Home
    clock: Clock
    council: Council = field(default_factory=Council)
    keyring: str = ""
    on_network: bool = True
    shown: list[tuple[str, str, str]] = field(default_factory=list)
    key: str = ""
    went: list[str] = field(default_factory=list)
    vault_id: str = ""
    opened: list[LaptopStore] = field(default_factory=list)
    invited: Invitation | None = None

    def online(self) -> bool:
        return self.on_network

    def look(self, server: str, code: str, laptop: str) -> Invitation:
        self.shown.append((server, code, laptop))
        self.invited = self.council.look(code, laptop)
        return self.invited

    def strength(self, passphrase: str) -> Strength:
        estimate = passphrases.strength(passphrase, ("A. Bevan",))
        return Strength(estimate.score, estimate.word, passphrases.problem(passphrase, ("A. Bevan",)) or "")

    def keyring_words(self) -> str:
        return self.keyring

    def make_vault(self, passphrase: str) -> str:
        assert self.invited is not None
        self.council.certify(self.invited.name)
        new_vault = vault.create(
            self.home,
            name=self.invited.name,
            role=self.invited.role_words,
            passphrase=passphrase,
            keyring=False,
            calibrate=floor,
        )
        self.key, self.vault_id = new_vault.recovery_key, new_vault.vault_id
        store = open_store(self.home.files(new_vault.vault_id), new_vault.database_key, self.clock)
        self.opened.append(store)
        with store.write() as unit:
            for name, value in (("name", self.invited.name), ("role", self.invited.role), ("laptop", "HIPSS-LT-04")):
                unit.set(name, value)
        return new_vault.recovery_key

    def wrong_recovery_groups(self, typed: Mapping[int, str]) -> Sequence[int]:
        groups = self.key.split("-")
        return [number for number, text in typed.items() if plain(text) != groups[number - 1]]

    def finish(self) -> Services:
        return Services(self.opened[-1], self.clock)

    def close(self) -> None:
        """Close every store that was opened."""
        for store in self.opened:
            store.close()
