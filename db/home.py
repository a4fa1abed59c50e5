"""The files of the program on a laptop: their paths, how they are written, and how they are locked.

    home/laptop.json               name, theme, text size, duty numbers, place of the window: in the clear
    home/window.lock               locked by the one process that shows a window
    home/people/<vault id>/        one person; nobody else's key opens it
        person.json                name, role, on call until: shown before unlock, in the clear
        header.json                the database key, encrypted in slots (db.slots)
        store.db                   the encrypted store
        .store.db.<key check>      its copy with a new key: replaces it once the header has that check (db.rekey)
        anchor                     the seat's newest number and digest (db.anchor)
        tries                      the count of wrong passphrases (db.unlock_throttle)
        reserve                    reserved room on the disk, freed when the disk is full (db.reserve)
        lock                       locked by the one process that has the store open
    home/people/.<vault id>/       a vault that is being made, or its remains after a crash

Directories have mode 0700 and files 0600, also those that existed before. A file is replaced completely and fsynced, or it is
unchanged. The locked screen imports this module before it is first painted, so the module imports only what starts fast. Must
not hold a key, and must never put anything about a child into these files.
"""

import json
import os
import re
import secrets
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self

from hipss_desktop.errors import Unavailable, UserError
from hipss_desktop.times import instant

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

Theme = Literal["day", "night"]

TEXT_SCALES = (100, 115, 130, 150)
NAME_NOT_READABLE = "Name not readable"

NOT_AS_WRITTEN = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""The errors of reading a file here that is damaged. ``decoding`` is too slow to import before the locked screen."""
_VAULT_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class DutyNumber:
    """One telephone number shown while the laptop is locked: who answers, and the number to dial."""

    label: str
    number: str


@dataclass(frozen=True)
class Laptop:
    """The settings that are shown before anyone unlocks. They contain nothing about a child.

    Attributes:
        name: the service's name for this laptop, such as "HIPSS-LT-04"; empty until it is enrolled.
        theme: day or night.
        text_scale: text size in per cent, one of ``TEXT_SCALES``.
        duty_numbers: in the order in which they are shown; empty until somebody enters them.
        device: the laptop's own identifier, which its seats' certificates name; made with the first vault.
        sync_words: how many records waited to be sent when the last store was closed, such as "3 waiting".
        window: left, top, width and height of the window while it is not maximised; None until it is first closed.
        maximised: whether the window fills the screen.
    """

    name: str = ""
    theme: Theme = "day"
    text_scale: int = 100
    duty_numbers: tuple[DutyNumber, ...] = ()
    device: str = ""
    sync_words: str = ""
    window: tuple[int, int, int, int] | None = None
    maximised: bool = True


@dataclass(frozen=True)
class PersonOnLaptop:
    """Someone who has a store on this laptop, as the locked screen shows them.

    Attributes:
        vault_id: the name of their directory, 32 hexadecimal digits.
        on_call_until: the end of their present shift (with its offset), None if they are not on call.
    """

    vault_id: str
    name: str
    role: str
    on_call_until: datetime | None = None


@dataclass(frozen=True)
class VaultFiles:
    """The paths of one person's files."""

    folder: Path

    @property
    def person(self) -> Path:
        """The file with name, role and end of the on-call shift, in the clear."""
        return self.folder / "person.json"

    @property
    def header(self) -> Path:
        """The file with the encrypted database key."""
        return self.folder / "header.json"

    @property
    def store(self) -> Path:
        """The encrypted store."""
        return self.folder / "store.db"

    def stores(self) -> list[Path]:
        """Return every file encrypted with the database key: the store, and former stores set aside as evidence."""
        asides = sorted(self.folder.glob("store-aside-*.db"))
        return [self.store, *asides] if self.store.exists() else asides

    def copy_of(self, store: Path, key_check: bytes) -> Path:
        """Return the path of a store's copy with another key, which replaces the store once the header has that key's check."""
        return store.with_name(f".{store.name}.{key_check.hex()}")

    def has_store(self) -> bool:
        """Return whether there is a store that is not empty; after a crash all its content may be in the write-ahead log."""
        parts = (self.store, self.store.with_name("store.db-wal"))
        return self.store.exists() and any(part.exists() and part.stat().st_size for part in parts)

    @property
    def anchor(self) -> Path:
        """The file with the newest saved number and digest."""
        return self.folder / "anchor"

    @property
    def tries(self) -> Path:
        """The file that counts wrong passphrases."""
        return self.folder / "tries"

    @property
    def reserve(self) -> Path:
        """The file that reserves room on the disk, for when the disk is full."""
        return self.folder / "reserve"

    @property
    def lock(self) -> Path:
        """The file that is locked while the store is open."""
        return self.folder / "lock"


class Home:
    """The directory with all files of HIPSS Desktop on one laptop (or in one account of it)."""

    def __init__(self, path: Path | None = None) -> None:
        """Use ``path`` as the home, or the account's own folder for programs; nothing is created yet."""
        self.path = path if path is not None else default_path()

    @property
    def _people(self) -> Path:
        return self.path / "people"

    def laptop(self) -> Laptop:
        """Return the settings shown before unlock, or the defaults if the file is missing or cannot be read.

        A damaged file of colours and numbers must not prevent a person from reading their records at night.
        """
        try:
            fields = json.loads((self.path / "laptop.json").read_bytes())
            numbers = tuple(DutyNumber(str(n["label"]), str(n["number"])) for n in fields.get("duty_numbers", ()))
            theme: Theme = "night" if fields.get("theme") == "night" else "day"
            scale = fields.get("text_scale")
            return Laptop(
                str(fields.get("name", "")),
                theme,
                scale if scale in TEXT_SCALES else 100,
                numbers,
                str(fields.get("device", "")),
                str(fields.get("sync_words", "")),
                _place(fields.get("window")),
                fields.get("maximised") is not False,
            )
        except (OSError, *NOT_AS_WRITTEN):
            return Laptop()

    def save_laptop(self, laptop: Laptop) -> None:
        """Save the settings shown before unlock. Raises Unavailable if the disk refuses."""
        make_private(self.path)
        write_json(self.path / "laptop.json", asdict(laptop))

    def close_to_others(self) -> None:
        """Remove everybody's access to the home's files except the owner's, as far as the disk supports it."""
        for path in (self.path, *self.path.glob("*.json"), self._people, *self._people.rglob("*")):
            with suppress(OSError):
                mode = path.lstat().st_mode
                if stat.S_IMODE(mode) & 0o077 and not stat.S_ISLNK(mode):
                    path.chmod(0o700 if stat.S_ISDIR(mode) else 0o600)

    def settle(self, vault_id: str, key_check: bytes) -> None:
        """Finish a change of keys that the header already has, and delete files that a crash left.

        Only a caller that has locked this store may call it.

        Args:
            vault_id: the person's vault.
            key_check: the header's check. A copy of the store with that key replaces the store. Every other copy, and every
                other file that was to replace one, is deleted.

        Raises:
            Unavailable: the disk refused to finish a change of keys; the next call tries again.
        """
        folder = self.files(vault_id).folder
        ending = f".{key_check.hex()}"
        copies = [part for part in folder.glob(".*") if part.name.endswith(ending)]
        try:
            if copies:
                sync_directory(folder)  # the new header must be on the disk before the old store is deleted
            for copy in copies:
                store = folder / copy.name.removeprefix(".").removesuffix(ending)
                for log in ("-wal", "-shm"):  # they have the old key, and the copy has all their content
                    store.with_name(store.name + log).unlink(missing_ok=True)
                copy.replace(store)
            if copies:
                sync_directory(folder)
        except OSError as error:
            raise Unavailable(
                "A change of this store's keys is not finished, and this laptop's disk does not take it. "
                "Free some space, then try again."
            ) from error
        for pattern in (".*", "store-new.db*", "anchor-new"):  # older programs gave a new store the last two names
            for part in folder.glob(pattern):
                with suppress(OSError):
                    part.unlink()

    def hold_window(self) -> "Held":
        """Lock the right to show a window for this home. Raises Unavailable if another process has it."""
        make_private(self.path)
        return Held(self.path / "window.lock")

    def people(self) -> list[PersonOnLaptop]:
        """Return everyone with a vault on this laptop, sorted by name."""
        try:
            folder_names = [entry.name for entry in self._people.iterdir() if entry.is_dir()]
        except OSError:
            return []
        people = [self.person(name) for name in folder_names if _VAULT_ID.fullmatch(name)]
        return sorted(people, key=lambda person: (person.name.casefold(), person.vault_id))

    def person(self, vault_id: str) -> PersonOnLaptop:
        """Return one person as shown before unlock; without their name if the file cannot be read.

        Raises:
            UserError: there is no such vault on this laptop.
        """
        files = self.files(vault_id)
        try:
            fields = json.loads(files.person.read_bytes())
            until = _moment(fields.get("on_call_until"))
            return PersonOnLaptop(vault_id, str(fields["name"]), str(fields["role"]), until)
        except (OSError, *NOT_AS_WRITTEN):
            return PersonOnLaptop(vault_id, NAME_NOT_READABLE, "")

    def save_person(self, person: PersonOnLaptop) -> None:
        """Save what the locked screen shows of a person, such as the end of their on-call shift."""
        write_json(self.files(person.vault_id).person, _in_the_clear(person))

    def files(self, vault_id: str) -> VaultFiles:
        """Return the paths of one person's files.

        Raises:
            UserError: there is no such vault on this laptop, or ``vault_id`` could name a path outside the home.
        """
        if not _VAULT_ID.fullmatch(vault_id) or not (self._people / vault_id).is_dir():
            raise UserError("There is no such person on this laptop.")
        return VaultFiles(self._people / vault_id)

    @contextmanager
    def new_person(self, name: str, role: str) -> Iterator[tuple[str, VaultFiles]]:
        """Create a vault that is filled inside the ``with``, and appears when the ``with`` ends without an error.

        A crash in between leaves a directory that is not shown, never half a person on the unlock screen. The next opening or
        setting up deletes that directory.
        """
        self.clear_unfinished()
        vault_id = secrets.token_hex(16)
        making = VaultFiles(self._people / f".{vault_id}")
        make_private(making.folder)
        try:
            with Held(making.lock):
                write_json(making.person, _in_the_clear(PersonOnLaptop(vault_id, name, role)))
                yield vault_id, making
                making.folder.rename(self._people / vault_id)
                sync_directory(self._people)
        except BaseException:
            shutil.rmtree(making.folder, ignore_errors=True)
            raise

    def clear_unfinished(self) -> None:
        """Delete the remains of unfinished vaults after a crash; a vault that another process is making is locked."""
        for folder in self._people.glob(".*"):
            if _VAULT_ID.fullmatch(folder.name[1:]):
                with suppress(Unavailable, OSError), Held(folder / "lock"):
                    shutil.rmtree(folder)

    def hold(self, vault_id: str) -> "Held":
        """Lock the right to open this store, until ``release``, the end of the ``with`` or the end of the process.

        Raises:
            Unavailable: another window or program has the lock.
        """
        return Held(self.files(vault_id).lock)


class Held:
    """A lock, such as the right to open a store, that one open file on the laptop has at a time.

    The operating system ties the lock to the open file and releases it when the process ends, even after a crash. So there is
    no lock to clean up.
    """

    def __init__(self, path: Path) -> None:
        self._fd: int | None = _opened_to_hold(path)
        try:
            if sys.platform == "win32":
                msvcrt.locking(self._fd, msvcrt.LK_NBLCK, 1)
            else:
                # flock and not lockf: the lock belongs to the open file, so a second window of this process is
                # refused too
                fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.release()
            raise Unavailable("This store is already open in another window or program on this laptop.") from None

    def release(self) -> None:
        """Release the lock; a second call does nothing."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _opened_to_hold(path: Path) -> int:
    """Open the file to lock; on a disk that cannot be written, open its folder, which can be locked instead."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        if sys.platform == "win32":
            raise
        return os.open(path.parent, os.O_RDONLY)


def _place(saved_place: object) -> tuple[int, int, int, int] | None:
    """Return the saved place of a window, or None if it cannot be read."""
    if (
        not isinstance(saved_place, list)
        or len(saved_place) != 4
        or not all(type(number) is int for number in saved_place)
    ):
        return None
    left, top, width, height = saved_place
    return left, top, width, height


def default_path() -> Path:
    """Return the account's own folder for this program, on this machine only (never in a roaming profile)."""
    import platformdirs

    return platformdirs.user_data_path("HIPSS Desktop", appauthor=False, roaming=False)


def make_private(folder: Path) -> None:
    """Create a directory and its missing parents, each accessible to its owner only.

    Raises:
        Unavailable: the disk refused.
    """
    if folder.is_dir():
        return
    make_private(folder.parent)
    try:
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        sync_directory(folder.parent)
    except OSError as error:
        raise Unavailable("This laptop's disk did not take the change. Nothing was altered.") from error


def write_json(path: Path, fields: dict[str, Any]) -> None:
    """Replace a file with these fields as JSON, completely or not at all (see ``write_whole``)."""
    write_whole(path, json.dumps(fields, ensure_ascii=False, indent=1, sort_keys=True).encode())


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file so that after a crash at any moment it has the old content or the new, never a part.

    Raises:
        Unavailable: the disk refused; the file has its old content.
    """
    try:
        fd, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # made 0600
        part = Path(name)
        try:
            with os.fdopen(fd, "wb") as file:
                file.write(content)
                sync_file(file)
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        sync_directory(path.parent)
    except OSError as error:
        raise Unavailable("This laptop's disk did not take the change. Nothing was altered.") from error


def sync_file(file: IO[bytes]) -> None:
    """Wait until the written content of the file is on the disk."""
    file.flush()
    os.fsync(file.fileno())


def sync_directory(folder: Path) -> None:
    """Wait until new, replaced or moved names in the directory are on the disk (Windows does so itself)."""
    if sys.platform == "win32":
        return
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _moment(text: object) -> datetime | None:
    """Return the saved moment, or None if it cannot be read: an unreadable shift must not hide the person's name."""
    with suppress(ValueError):
        return instant(text) if isinstance(text, str) else None
    return None


def _in_the_clear(person: PersonOnLaptop) -> dict[str, Any]:
    until = person.on_call_until.isoformat() if person.on_call_until else None
    return {"name": person.name, "role": person.role, "on_call_until": until}
