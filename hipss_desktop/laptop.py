"""Opening one person's store on this laptop and connecting it to its council, for the window and the commands.

It puts together the vault, the store and the connection to the council. Must not draw or print anything.
"""

import hmac
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC
from functools import partial

from joserfc.jwk import OKPKey

from db import keyrings, rekey, vault
from db.anchor import AnchorDamaged
from db.home import DutyNumber, Held, Home, VaultFiles, sync_directory, sync_file
from db.reseat import bring_orders, copy_to_new_store
from db.slots import Cost, calibrate
from db.store import ChainBehindAnchor, LaptopStore
from hipss_desktop import identity, memory, times
from hipss_desktop.errors import DiskRefused, HipssError, Tampered, Unavailable, UserError
from hipss_desktop.records.chain import NO_LINK, Link
from hipss_desktop.records.codes import code_list
from hipss_desktop.services import enrolment as joining
from hipss_desktop.services.night_check import note_exchange
from hipss_desktop.services.store_settings import StoreSetting
from hipss_desktop.services.sync_cycle import ChainStopped, Exchanged, Progress, SyncCycle
from hipss_desktop.views.numbers import shown_locked
from hipss_desktop.views.services import Services
from sync.client.https import HttpsCouncil
from sync.wire.tokens import public_key

NO_RECOVERY_KEY = (
    "This laptop has a recovery key that was never shown, and the one before it opens nothing. "
    "Run ‘hipss recovery-key’ for a new one."
)
KEYS_UNCERTAIN = (
    "The store could not be opened again after its keys were changed. Nothing that was saved is lost. Lock this laptop, "
    "then unlock it with the new passphrase; if that does not match, with the one before."
)
NOT_CHANGED = (
    "The store on this laptop is damaged, so its passphrase was not changed. Sync what waits, then ring your manager. "
    "Until then your recovery key opens it."
)
COPY_NOT_OPENED = (
    "A copy of records that this laptop kept aside cannot be opened, so what was erased since may still stand in it. "
    "Ring your manager."
)
ADDRESS_STAYS = "The council’s address was not changed. Check what you typed, then try again."


KeyChange = Callable[[Home, str, bytes], vault.NewKeys]
"""A function that gives a closed store new keys; its arguments are the home, the vault's identifier and the database key."""


@dataclass(frozen=True)
class NewVault:
    """A vault that was just made: the open store, and the recovery keys to be written down."""

    opened: "OpenStore"
    recovery_key: str
    council_recovery_key: str
    keyring_used: bool


@dataclass(frozen=True)
class Rekeyed:
    """A vault whose keys were just changed: the open store, and what the person must be told.

    Attributes:
        recovery_key: a new key to be written down, then ``recovery_key_seen`` is called; '' if the earlier key still works.
        keyring_used: whether the passphrase alone, without this account's keyring, opens nothing.
    """

    opened: "OpenStore"
    recovery_key: str
    keyring_used: bool


class OpenStore:
    """One person's open store, which only this process may use."""

    def __init__(
        self, home: Home, vault_id: str, held: Held, key: bytes, clock: times.Clock, *, mend: bool = True
    ) -> None:
        """Open the store. With ``mend``, a store that lost something continues under a new seat; else it is opened unchanged."""
        self.home = home
        self.vault_id = vault_id
        self.key = key
        self._clock = clock
        self._held = held
        self._mend = mend
        self._council: HttpsCouncil | None = None
        self._former_councils: list[HttpsCouncil] = []
        """The connections to former addresses, closed with the store: an exchange may still use one of them."""
        try:
            self._open()
        except BaseException:
            held.release()
            raise

    def _open(self) -> None:
        self.store = self._whole_store()
        self.services = Services(self.store, self._clock)
        self.is_open = True
        """Whether the store can be read and written; it cannot while its keys are changed, or after that change failed."""

    def _shut(self) -> None:
        """Close the store and the connection to the council that reads it; other processes stay locked out."""
        for council in (*self._former_councils, *([self._council] if self._council is not None else [])):
            council.close()
        self._council, self._former_councils = None, []
        self.is_open = False
        self.store.close()

    def _whole_store(self) -> LaptopStore:
        """Open the store ready for writing, under a new seat if something was lost or its chain forked."""
        files = self.home.files(self.vault_id)
        vault.settle(self.home, self.vault_id)
        if not files.has_store():
            raise vault.StoreMissing
        self.home.close_to_others()
        self.home.clear_unfinished()
        store = LaptopStore(files.store, self.key, anchor=files.anchor, clock=self._clock)
        if store.read_only or not self._mend:
            return store
        before = store.seat.seat
        try:
            self._check_anchor(store)
            if store.setting(StoreSetting.LAST_ALIKE):
                store = self._reseated(store, int(store.setting(StoreSetting.LAST_ALIKE)))
            if store.seat.seat != before:
                self._copy_anchor(store)
        except BaseException:
            store.close()
            raise
        return store

    def _check_anchor(self, store: LaptopStore) -> None:
        copy = None
        if vault.uses_keyring(self.home, self.vault_id):
            # An unreachable keyring must not stop a person from opening their records.
            with suppress(Unavailable, ValueError):
                copy = keyrings.read_anchor(self.vault_id)
        try:
            store.check_anchor(copy)
        except (ChainBehindAnchor, AnchorDamaged) as lost:
            # A record that was reported as saved is missing, or may be. New records go under a new seat: the council can
            # then send back the whole old chain, and no number is used twice.
            if isinstance(lost, ChainBehindAnchor):
                store.note_lost(lost)
            with store.write() as unit:
                unit.set(StoreSetting.NOTICE, str(lost))
                if not store.seat.enrolled:
                    # The council will never know this seat, so all that this seat wrote moves to the new one.
                    unit.set(StoreSetting.LAST_ALIKE, "0")
            if store.seat.enrolled:
                store.begin_new_seat()

    def _copy_anchor(self, store: LaptopStore) -> None:
        anchor = store.anchor()
        if anchor is not None and vault.uses_keyring(self.home, self.vault_id):
            # If the keyring cannot be written, the file beside the store still has the anchor.
            with suppress(Unavailable):
                keyrings.keep_anchor(self.vault_id, anchor)

    def _reseated(self, store: LaptopStore, after: int) -> LaptopStore:
        """Continue a forked chain from number ``after`` under a new seat, in a new file; the old file is kept."""
        if after >= store.have().get(store.seat.seat, NO_LINK).number:
            store.begin_new_seat()
            with store.write() as unit:
                unit.set(StoreSetting.LAST_ALIKE, "")
            return store
        files = self.home.files(self.vault_id)
        fresh, anchor = files.store.with_name(".store.db.new"), files.anchor.with_name(".anchor.new")
        new = LaptopStore(fresh, self.key, anchor=anchor, clock=self._clock)
        try:
            copy_to_new_store(store, new, after)
        finally:
            new.close()
        store.close()
        stamp = self._clock().astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        aside = files.store.with_name(f"store-aside-{stamp}.db")
        # The replacement of the store file decides from here on: before it, the old store opens and all of this is
        # repeated.
        shutil.copy2(files.store, aside)
        with aside.open("rb+") as copied:
            sync_file(copied)
        fresh.replace(files.store)
        sync_directory(files.folder)
        for earlier in files.folder.glob("store-aside-*.db"):
            if earlier != aside:  # all of it is in this one
                earlier.unlink()
        anchor.replace(files.anchor)
        sync_directory(files.folder)
        return LaptopStore(files.store, self.key, anchor=files.anchor, clock=self._clock)

    def note_stopped(self, stopped: ChainStopped) -> None:
        """Note that this seat's chain cannot continue; the store begins under a new seat when it is next opened."""
        with suppress(DiskRefused), self.store.write() as unit:  # else it is met again when the disk takes something
            unit.set(StoreSetting.LAST_ALIKE, str(stopped.after))
            unit.set(StoreSetting.NOTICE, str(stopped))

    def begin_afresh(self) -> None:
        """Reopen the store under a new seat at once, after ``note_stopped``; the old store file is kept as evidence."""
        self._shut()
        self._open()

    def change_keys(self, passphrase: str, change: KeyChange) -> vault.NewKeys:
        """Give the store new keys, after checking its person's passphrase, without letting another process use it.

        Nothing else may read or write the store meanwhile. The store is open again afterwards, whether or not the change
        succeeded; ``store`` and ``services`` are then new objects.

        Raises:
            HipssError: what ``check`` and ``change`` raise. Nothing was changed.
            Unavailable: ``is_open`` is false, and the passphrase is the new one or the one before.
        """
        self.check(passphrase)
        self._shut()
        try:
            keys = change(self.home, self.vault_id, self.key)
            self.key = keys.database_key
        finally:
            try:
                self._open()
            except HipssError:
                raise Unavailable(KEYS_UNCERTAIN) from None
        return keys

    @property
    def enrolled(self) -> bool:
        """Whether the laptop has a council: it has a certificate, or an invitation that was not used yet."""
        return bool(self.store.setting(StoreSetting.SERVER))

    def join(self, invited: joining.Invited, *, laptop: str) -> None:
        """Save an invitation in an existing store; begin a new seat if the same person comes with a new role.

        Records written before are then judged by the role in which they were written. Raises UserError as ``accept`` does.
        """
        offer, seat = invited.offer, self.store.seat
        keys = joining.council_keys(self.store).followed(offer.seat, offer.successions)
        same = offer.key == keys.key and offer.person == seat.person
        if seat.enrolled and same and offer.role != seat.role:
            self.store.begin_new_seat()
        joining.accept(self.store, invited, laptop=laptop)

    def council(self) -> HttpsCouncil:
        """The connection to the council, made once; raises UserError if the laptop has not joined a council."""
        if not self.enrolled:
            raise UserError("This laptop has not joined a council yet.")
        if self._council is None:
            self._council = self._council_at(self.store.setting(StoreSetting.SERVER))
        return self._council

    def _council_at(self, address: str, **limits: float) -> HttpsCouncil:
        return HttpsCouncil(
            address,
            clock=self._clock,
            seat=self.store.seat.seat,
            wire_key=self.store.key_named(StoreSetting.WIRE_KEY),
            certificate=lambda: self.store.setting(StoreSetting.CERTIFICATE),
            council_key=public_key(self.store.setting(StoreSetting.COUNCIL_KEY)),
            follow=lambda header: joining.follow(self.store, header),
            signs=bool(self.store.setting(StoreSetting.COUNCIL_SIGNS)),
            **limits,
        )

    def use_address(self, typed: str) -> str:
        """Use another address of the council, once it has proved there by its key that it is this council; return the address.

        What waits is sent there from the next exchange on. An exchange that is under way ends at the former address.

        Raises:
            UserError: the address has a slip, or no proof came from it; nothing was changed. Its field is "server".
        """
        if not self.enrolled:
            raise UserError("This laptop has not joined a council yet.")
        asking = self._council_at(typed, timeout=8, patience=12)  # a person waits for the answer
        try:
            asking.prove()
        except joining.Unreachable as away:
            raise UserError(f"{away} {ADDRESS_STAYS}", "server") from away
        finally:
            asking.close()
        with self.store.write() as unit:
            unit.set(StoreSetting.SERVER, asking.server)
        if self._council is not None:
            self._former_councils.append(self._council)
            self._council = None
        return asking.server

    def exchange(self, progress: Progress = lambda done, total: None) -> Exchanged:
        """Exchange records with the council once; a seat without a certificate is certified first."""
        council = self.council()
        if not self.store.seat.enrolled:
            wire_key = self.store.key_named(StoreSetting.WIRE_KEY)
            joining.certify(self.store, council, self.store.signing_key, wire_key, self._former_key())
        ordered = self._orders()
        try:
            done = SyncCycle(self.store, council, self._clock).run(progress)
        finally:
            ahead = council.clock_difference()
            if ahead is not None:  # whether or not the exchange succeeded
                with suppress(DiskRefused), self.store.write() as unit:
                    self.services.records.council_time.note(unit, ahead)
            if self._orders() != ordered:
                self._bring_orders_aside()
        joining.deposit(self.store, council)
        with suppress(DiskRefused), self.store.write() as unit:
            note_exchange(unit, self._clock())
            if council.signs:
                unit.set(StoreSetting.COUNCIL_SIGNS, "yes")
            if not done.problems and self.store.setting(StoreSetting.NOTICE) == ChainStopped.WORDS:
                unit.set(StoreSetting.NOTICE, "")  # the new seat has told the council all of it
        return done

    def _orders(self) -> Link:
        return self.store.have().get(self.store.setting(StoreSetting.COUNCIL_SEAT), NO_LINK)

    def _bring_orders_aside(self) -> None:
        for aside in self.home.files(self.vault_id).folder.glob("store-aside-*.db"):
            try:
                bring_orders(self.store, aside, self.key, self._clock)
            except HipssError:
                with self.store.write() as unit:
                    unit.set(StoreSetting.NOTICE, COPY_NOT_OPENED)

    def _former_key(self) -> OKPKey | None:
        return (
            self.store.key_named(StoreSetting.FORMER_SIGNING_KEY)
            if self.store.setting(StoreSetting.FORMER_SEAT)
            else None
        )

    @property
    def recovery_key_waits(self) -> bool:
        """Whether this laptop has a recovery key that its person has not yet confirmed to have written down."""
        return bool(self.store.setting(StoreSetting.RECOVERY_NOT_SEEN))

    @property
    def notice(self) -> str:
        """The notice that commands print for this person beside their own output, '' if there is none."""
        return self.store.setting(StoreSetting.NOTICE) or (NO_RECOVERY_KEY if self.recovery_key_waits else "")

    def recovery_key_seen(self) -> None:
        """Note that the person has their recovery key."""
        with self.store.write() as unit:
            unit.set(StoreSetting.RECOVERY_NOT_SEEN, "")

    def check(self, passphrase: str) -> None:
        """Check this person's passphrase, with the same count of wrong tries and the same errors as unlocking.

        Raises what ``vault.unlock`` raises, and Tampered if the vault on the disk is not the one that was opened.
        """
        key = vault.unlock(self.home, self.vault_id, passphrase, clock=self._clock)
        if not hmac.compare_digest(key, self.key):
            raise Tampered("The vault on this laptop was exchanged while it was open. Lock it, and ring your manager.")

    def keep_outside(self) -> None:
        """Save what the lock screen shows of this person and the service, and nothing about a child."""
        board_shift = self.services.on_call.shift(self._clock())
        until = board_shift.end if board_shift and board_shift.on_call == self.store.seat.name else None
        person = self.home.person(self.vault_id)
        role = code_list("role").label(self.store.seat.role)
        self.home.save_person(replace(person, name=self.store.seat.name, role=role, on_call_until=until))
        numbers = [DutyNumber(phone.label, phone.number) for phone in shown_locked(self.services.people)]
        if board_shift is not None and board_shift.backup_number not in ("", *(number.number for number in numbers)):
            numbers.append(DutyNumber(f"Backup manager, {board_shift.backup}", board_shift.backup_number))
        laptop = self.home.laptop()
        waiting = self.store.waiting().waiting
        self.home.save_laptop(
            replace(
                laptop,
                name=self.store.seat.laptop,
                duty_numbers=tuple(numbers) or laptop.duty_numbers,
                sync_words=f"{waiting} waiting" if waiting else "All sent" if self.enrolled else "",
            )
        )

    def close(self) -> None:
        """Close the store, copy the anchor to the keyring, and let another process have the store."""
        try:
            if self.is_open:
                # A lock screen without these details is better than none.
                with suppress(HipssError):
                    self.keep_outside()
                self._copy_anchor(self.store)
        finally:
            self._shut()
            self._held.release()


def open_store(home: Home, vault_id: str, passphrase: str, clock: times.Clock, *, mend: bool = True) -> OpenStore:
    """Open a store by its passphrase; raises StoreMissing and what ``vault.unlock`` and ``LaptopStore`` raise."""
    return _opened(home, vault_id, clock, lambda: vault.unlock(home, vault_id, passphrase, clock=clock), mend=mend)


def open_by_recovery(
    home: Home,
    vault_id: str,
    recovery_key: str,
    new_passphrase: str,
    clock: times.Clock,
    *,
    cost: Callable[[], Cost] = calibrate,
    keyring: bool = True,
) -> Rekeyed:
    """Open a store by a recovery key with new keys and a new passphrase; raises what the two ``vault`` functions raise."""
    unlock = partial(vault.unlock_with_recovery, home, vault_id, recovery_key)
    change = to_passphrase(new_passphrase, recovery_key=recovery_key, cost=cost, keyring=keyring)
    return _rekeyed(home, vault_id, clock, unlock, change)


def open_damaged(home: Home, vault_id: str, recovery_key: str, clock: times.Clock) -> OpenStore:
    """Open a damaged store by a recovery key, with its keys and passphrase unchanged: a damaged page prevents the change.

    Raises what ``vault.unlock_with_recovery`` and ``LaptopStore`` raise.
    """
    opened = _opened(home, vault_id, clock, lambda: vault.unlock_with_recovery(home, vault_id, recovery_key))
    with suppress(DiskRefused), opened.store.write() as unit:
        unit.set(StoreSetting.NOTICE, NOT_CHANGED)
    return opened


def change_passphrase(
    home: Home,
    vault_id: str,
    passphrase: str,
    new: str,
    clock: times.Clock,
    *,
    cost: Callable[[], Cost] = calibrate,
    keyring: bool = True,
) -> Rekeyed:
    """Give a store new keys and a new passphrase, and open it; raises what the two ``vault`` functions raise."""
    unlock = partial(vault.unlock, home, vault_id, passphrase, clock=clock)
    return _rekeyed(home, vault_id, clock, unlock, to_passphrase(new, cost=cost, keyring=keyring))


def new_recovery_key(
    home: Home,
    vault_id: str,
    passphrase: str,
    clock: times.Clock,
    *,
    cost: Callable[[], Cost] = calibrate,
    keyring: bool = True,
) -> Rekeyed:
    """Give a store new keys and a new recovery key, and open it; raises what the two ``vault`` functions raise."""
    unlock = partial(vault.unlock, home, vault_id, passphrase, clock=clock)
    return _rekeyed(home, vault_id, clock, unlock, to_recovery_key(passphrase, cost=cost, keyring=keyring))


def to_passphrase(
    new: str, *, recovery_key: str = "", cost: Callable[[], Cost] = calibrate, keyring: bool = True
) -> KeyChange:
    """Return the change of keys that ``vault.change_passphrase`` makes."""

    def change(home: Home, vault_id: str, key: bytes) -> vault.NewKeys:
        copy = _copying(key)
        return vault.change_passphrase(
            home, vault_id, key, new, copy=copy, recovery_key=recovery_key, keyring=keyring, calibrate=cost
        )

    return change


def to_recovery_key(passphrase: str, *, cost: Callable[[], Cost] = calibrate, keyring: bool = True) -> KeyChange:
    """Return the change of keys that ``vault.new_recovery_key`` makes."""

    def change(home: Home, vault_id: str, key: bytes) -> vault.NewKeys:
        copy = _copying(key)
        return vault.new_recovery_key(home, vault_id, key, passphrase, copy=copy, keyring=keyring, calibrate=cost)

    return change


def _copying(key: bytes) -> vault.Copy:
    """Return a function that copies a store under new keys, and saves in it what the council and the person must be told."""

    def copy(files: VaultFiles, keys: vault.NewKeys) -> None:
        if not files.has_store():
            raise vault.StoreMissing
        settings: dict[str, str] = {StoreSetting.DEPOSIT: keys.council_recovery_key}
        if keys.recovery_key:
            settings[StoreSetting.RECOVERY_NOT_SEEN] = "1"
        rekey.copy_stores(files, key, keys, settings)

    return copy


def _rekeyed(home: Home, vault_id: str, clock: times.Clock, unlock: Callable[[], bytes], change: KeyChange) -> Rekeyed:
    changed: list[vault.NewKeys] = []

    def key() -> bytes:
        changed.append(change(home, vault_id, unlock()))
        return changed[0].database_key

    opened = _opened(home, vault_id, clock, key)
    return Rekeyed(opened, changed[0].recovery_key, changed[0].keyring_used)


def _opened(home: Home, vault_id: str, clock: times.Clock, key: Callable[[], bytes], *, mend: bool = True) -> OpenStore:
    memory.keep_to_itself()
    held = home.hold(vault_id)
    try:
        database_key = key()
    except BaseException:
        held.release()
        raise
    return OpenStore(home, vault_id, held, database_key, clock, mend=mend)


def make_vault(
    home: Home,
    *,
    name: str,
    role: str,
    passphrase: str,
    laptop: str = "",
    person: str = "",
    clock: times.Clock,
    keyring: bool = True,
    cost: Callable[[], Cost] = calibrate,
    invited: joining.Invited | None = None,
) -> NewVault:
    """Make a vault for somebody on this laptop, and open it.

    The vault is shown to nobody until it is complete: with its store, and with the invitation that the first exchange uses.

    Args:
        name, role: as screens show them; ``role`` is a code of ``resources/codes/role.csv``.
        passphrase: twelve characters or more.
        laptop: what the laptop is called.
        person: the identifier the council knows the person by; a new one where it is ''.
        clock: the program's clock.
        keyring: whether to use the OS keyring where there is one.
        cost: how the passphrase is made slow to guess.
        invited: the invitation to a council, kept in the new store.
    """
    memory.keep_to_itself()
    this_laptop = home.laptop()
    if not this_laptop.device or laptop:
        this_laptop = replace(
            this_laptop, device=this_laptop.device or identity.record_id(), name=laptop or this_laptop.name
        )
        home.save_laptop(this_laptop)

    def fill(files: VaultFiles, created: vault.Created) -> None:
        store = LaptopStore(files.store, created.database_key, anchor=files.anchor, clock=clock)
        try:
            store.begin_anchor()
            with store.write() as unit:
                for setting, value in (
                    (StoreSetting.PERSON, person or identity.record_id()),
                    (StoreSetting.NAME, name),
                    (StoreSetting.ROLE, role),
                    (StoreSetting.DEVICE, this_laptop.device),
                    (StoreSetting.LAPTOP, this_laptop.name),
                    (StoreSetting.RECOVERY_NOT_SEEN, "1"),
                    (StoreSetting.DEPOSIT, created.council_recovery_key),
                ):
                    unit.set(setting, value)
            if invited is not None:
                joining.accept(store, invited, laptop=this_laptop.name)
        finally:
            store.close()

    created = vault.create(
        home,
        name=name,
        role=code_list("role").label(role),
        passphrase=passphrase,
        keyring=keyring,
        calibrate=cost,
        fill=fill,
    )
    opened = OpenStore(home, created.vault_id, home.hold(created.vault_id), created.database_key, clock)
    return NewVault(opened, created.recovery_key, created.council_recovery_key, created.keyring_used)
