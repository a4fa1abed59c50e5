"""Open and read one person's encrypted store on this laptop, and write units of work to it.

Implements ``hipss_desktop.services.ports.Store``. A commit writes the anchor before subscribers hear of it. So "saved" is shown
only for records whose later loss would be noticed. Must not know windows or the network.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import msgspec
import sqlite_utils
from joserfc.jwk import OKPKey
from sqlalchemy import Connection

from db import guards, projections
from db.anchor import Anchor, AnchorDamaged, AnchorFile
from db.connection import Storage
from db.migrations import MIGRATIONS, migration_names
from db.reads import ChainReads, read_setting
from db.unit import StoreUnit
from hipss_desktop import identity, times
from hipss_desktop.errors import DiskRefused, HipssError, Tampered, Unavailable
from hipss_desktop.records.chain import NO_LINK, Link, Signer
from hipss_desktop.records.kind import Role
from hipss_desktop.services.ports import ChangeSet, Disk, Seat
from hipss_desktop.services.store_settings import FORMER_NAMES, StoreSetting


class ChainBehindAnchor(Tampered):
    """The store is older than the anchor: saved records were lost, or an old copy was put back."""

    def __init__(self, lost: int, anchor: Anchor) -> None:
        self.lost = lost
        self.anchor = anchor
        super().__init__(
            f"This store is {lost} {'record' if lost == 1 else 'records'} behind what was saved on this laptop. An old "
            "copy may have been put back. What was sent comes back from the council with the next sync."
        )


class LaptopStore(ChainReads):
    """One person's store; a process opens it once."""

    def __init__(self, path: Path, key: bytes, *, anchor: Path, clock: times.Clock = times.system_clock) -> None:
        """Open the store, update its tables, and rebuild its projections if their description changed.

        If the disk cannot be written, the store is opened for reading only (``read_only``).

        Raises:
            StoreDamaged, Unavailable: see ``db.connection``.
            Unavailable: a newer version of the program wrote the store, or an older one did and the disk cannot be written.
        """
        self._clock = clock
        self._order = threading.RLock()
        self._changed: list[Callable[[ChangeSet], None]] = []
        self._anchor = AnchorFile(anchor)
        try:
            self._open(path, key)
        except DiskRefused as refused:
            try:
                self._open(path, key, read_only=True)
            except DiskRefused:
                raise refused from None

    def _open(self, path: Path, key: bytes, *, read_only: bool = False) -> None:
        self._storage = Storage(path, key, read_only=read_only)
        try:
            if read_only:
                self._refuse_other_version()
            else:
                self._bring_up_to_date()
            self._load_seat()
        except BaseException:
            self._storage.close()
            raise
        self._storage.reserve.lay_in()

    def _refuse_other_version(self) -> None:
        with self._storage.reading() as connection:
            names = set(connection.exec_driver_sql("SELECT name FROM _sqlite_migrations").scalars())
            described = read_setting(connection, StoreSetting.PROJECTIONS)
        if names != migration_names() or described != projections.description():
            raise Unavailable(
                "This store must be brought up to date before it can be read, and this laptop's disk takes nothing. "
                "Free some space, then try again."
            )

    def _bring_up_to_date(self) -> None:
        self._storage.reserve.make_room()
        with self._storage.writing() as connection:
            database = sqlite_utils.Database(self._storage.raw)
            if {migration.name for migration in MIGRATIONS.applied(database)} - migration_names():
                raise Unavailable(
                    "A newer version of this program wrote this store. Update the program on this laptop."
                )
            if MIGRATIONS.pending(database):
                MIGRATIONS.apply(database)
            if not guards.restore(connection, read_setting(connection, StoreSetting.GUARDS)):
                _set(
                    connection,
                    StoreSetting.NOTICE,
                    f"{guards.MISSING} Report it: somebody or something changed this store.",
                )
                connection.exec_driver_sql(
                    "INSERT INTO evidence(what, jws, at) VALUES (?, '', ?)",
                    (guards.MISSING, times.stamp(self._clock())),
                )
            if read_setting(connection, StoreSetting.GUARDS) != guards.mark():
                _set(connection, StoreSetting.GUARDS, guards.mark())
            if read_setting(connection, StoreSetting.SEAT) == "":
                _begin_seat(connection, previous=None)
            if read_setting(connection, StoreSetting.PROJECTIONS) != projections.description():
                projections.rebuild(connection, read_setting(connection, StoreSetting.SEAT))
                _set(connection, StoreSetting.PROJECTIONS, projections.description())

    def _load_seat(self) -> None:
        with self._storage.reading() as connection:
            rows = connection.exec_driver_sql("SELECT name, value FROM setting")
            settings: dict[str, str] = {str(name): str(value) for name, value in rows}
        self._seat = Seat(
            seat=settings[StoreSetting.SEAT],
            person=settings.get(StoreSetting.PERSON, ""),
            name=settings.get(StoreSetting.NAME, ""),
            role=cast(Role, settings.get(StoreSetting.ROLE, "")),  # a new store has no role, so nobody may write in it
            device=settings.get(StoreSetting.DEVICE, ""),
            laptop=settings.get(StoreSetting.LAPTOP, ""),
            enrolled=bool(settings.get(StoreSetting.CERTIFICATE)),
        )
        key = OKPKey.import_key(msgspec.json.decode(settings[StoreSetting.SIGNING_KEY], type=dict[str, Any]))
        self._signer = Signer(self._seat.person, self._seat.device, self._seat.seat, key)
        self._council_seat = settings.get("council_seat", "")
        self._former = tuple(settings.get(StoreSetting.FORMER_SEATS, "").split())

    @property
    def seat(self) -> Seat:
        """The seat of this store, with its person."""
        return self._seat

    @property
    def signing_key(self) -> OKPKey:
        """The seat's private signing key; it never leaves the process."""
        return self._signer.key

    @property
    def read_only(self) -> bool:
        """Whether the store can only be read, because the disk could not be written when it was opened."""
        return self._storage.read_only

    @property
    def disk(self) -> Disk:
        """Whether the disk can store all, little or nothing."""
        if self.read_only:
            return "nothing"
        return "little" if self._storage.reserve.is_given_up() else "all"

    @property
    def storage(self) -> Storage:
        """The connections, for ``doctor``."""
        return self._storage

    def key_named(self, name: StoreSetting) -> OKPKey:
        """Return the private key that is saved in that setting."""
        return OKPKey.import_key(msgspec.json.decode(self.setting(name), type=dict[str, Any]))

    def subscribe(self, changed: Callable[[ChangeSet], None]) -> None:
        """Call ``changed`` after every commit, on the thread that made it."""
        self._changed.append(changed)

    @contextmanager
    def write(self) -> Iterator[StoreUnit]:
        """Open a unit of work; when the block ends without an error, the work is on the disk and in the anchor."""
        with self._order:
            with self._storage.writing() as connection:
                unit = StoreUnit(connection, self._seat, self._signer, self._clock, self._council_seat)
                yield unit
            failed = self._anchor_said(unit.last)
        if unit.settings_changed:
            self._load_seat()
        for changed in self._changed:
            changed(unit.changes())
        if failed is not None:
            raise failed

    def _anchor_said(self, last: Link | None) -> HipssError | None:
        """Write the anchor for a committed unit; return the error if it could not be written, else None."""
        if last is None:
            return None
        try:
            self._anchor.write(self._seat.seat, last.number, bytes.fromhex(last.digest))
        except Tampered as damaged:
            return damaged
        except (OSError, Unavailable):
            return Unavailable(
                "The record is kept, but this laptop's disk did not take the mark that it was. Look for the record before "
                "you write it again."
            )
        return None

    def check_anchor(self, copy: Anchor | None = None) -> None:
        """Compare the store with the anchor file beside it, and with a copy of the anchor from elsewhere.

        Raises:
            ChainBehindAnchor: a saved revision is missing.
            AnchorDamaged: the anchor file is damaged or missing.
            Tampered: the store has another revision than the saved one.
        """
        beside = self._anchor.read()
        if beside is None and self.have().get(self._seat.seat, NO_LINK) != NO_LINK:
            raise AnchorDamaged
        for anchor in (copy, beside):
            if anchor is not None and anchor.seat not in self._former:
                self._compare(anchor)

    def _compare(self, anchor: Anchor) -> None:
        if anchor.seat != self._seat.seat:
            # The store was restored to a time before it got the seat that the anchor names.
            raise ChainBehindAnchor(max(anchor.number, 1), anchor)
        if anchor.number == 0:
            return
        held = self.have().get(self._seat.seat, NO_LINK)
        if held.number < anchor.number:
            raise ChainBehindAnchor(anchor.number - held.number, anchor)
        with self._storage.reading() as connection:
            at = connection.exec_driver_sql(
                "SELECT digest FROM envelope WHERE seat = ? AND number = ?", (anchor.seat, anchor.number)
            ).fetchone()
        if at is None or at[0] != anchor.digest.hex():
            raise Tampered("What this store holds is not what was saved on this laptop.")

    def begin_anchor(self) -> None:
        """Create the anchor file of a new store at once, so that later writes need no room on the disk."""
        self._anchor.start_again(self._seat.seat, 0, bytes(32))

    def note_lost(self, lost: ChainBehindAnchor) -> None:
        """Save what is missing from this store, for ``doctor``, until the council sends it back."""
        with self.write() as unit:
            unit.set(
                StoreSetting.LOST,
                "\n".join([*self.setting(StoreSetting.LOST).splitlines(), f"{lost.lost} {lost.anchor.text()}"]),
            )

    def still_lost(self) -> list[ChainBehindAnchor]:
        """Return the losses that ``note_lost`` saved and that the council has not sent back."""
        held, lost = self.have(), []
        for line in self.setting(StoreSetting.LOST).splitlines():
            count, _, anchor_text = line.partition(" ")
            anchor = Anchor.of_text(anchor_text)
            behind = min(int(count), anchor.number - held.get(anchor.seat, NO_LINK).number)
            if behind > 0:
                lost.append(ChainBehindAnchor(behind, anchor))
        return lost

    def anchor(self) -> Anchor | None:
        """Return the newest anchor, or None if none was written."""
        return self._anchor.read()

    def begin_new_seat(self) -> None:
        """Continue with a new seat whose first link names the old seat's last (after recovery elsewhere, or a rollback).

        ``former_seat`` and its keys are those of the last seat that the council certified: that seat vouches for the new one.
        """
        with self._storage.writing() as connection:
            seat = read_setting(connection, StoreSetting.SEAT)
            last = connection.exec_driver_sql("SELECT digest FROM chain WHERE seat = ?", (seat,)).fetchone()
            if read_setting(connection, StoreSetting.CERTIFICATE):
                _set(connection, StoreSetting.FORMER_SEAT, seat)
                for name, former in FORMER_NAMES.items():
                    _set(connection, former, read_setting(connection, name))
            _set(connection, StoreSetting.FORMER_SEATS, " ".join([*self._former, seat]))
            _begin_seat(connection, previous=last[0] if last else None)
            _set(connection, StoreSetting.CERTIFICATE, "")
            projections.rebuild(connection, read_setting(connection, StoreSetting.SEAT))
        self._load_seat()
        self.begin_anchor()

    def close(self) -> None:
        """Close the file and the anchor."""
        self._storage.close()
        self._anchor.close()


def _set(connection: Connection, name: str, value: str) -> None:
    connection.exec_driver_sql("INSERT OR REPLACE INTO setting(name, value) VALUES (?, ?)", (name, value))


def _begin_seat(connection: Connection, *, previous: str | None) -> None:
    _set(connection, StoreSetting.SEAT, identity.record_id())
    _set(connection, StoreSetting.GOES_ON_FROM, previous or "")
    for name in FORMER_NAMES:
        key = OKPKey.generate_key("Ed25519")
        _set(connection, name, msgspec.json.encode(key.as_dict(private=True)).decode())
