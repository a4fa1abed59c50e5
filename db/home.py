"""Where everything on a laptop lies, and the only ways files there are written and held.

    home/laptop.json               name, theme, text size, duty numbers, place of the window: in the clear
    home/window.lock               held by the one process whose window shows
    home/people/<vault id>/        one person; nobody else's key opens it
        person.json                name, role, on call until: shown before unlock, in the clear
        header.json                the database key, wrapped by slots (db.slots)
        store.db                   the encrypted store
        .store.db.<key check>      its copy under a new key: takes its place once the header has that check (db.rekey)
        anchor                     the seat's newest number and digest (db.anchor)
        tries                      wrong passphrases counted (db.unlock_throttle)
        reserve                    room on the disk that is given up when there is no other (db.reserve)
        lock                       held by the one process that has the store open
    home/people/.<vault id>/       a vault in the making, or what a crash left of one

Directories are 0700 and files 0600, also those that were there before. A file is replaced whole and fsynced, or it stays
as it was. This module is what the locked screen needs before its first paint, so it imports only what starts fast. Must
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
"""What reading a file here raises that is not as it was written. ``decoding`` is too slow to import before the locked screen."""
_VAULT_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class DutyNumber:
    """One number shown while the laptop is locked: who answers, and what to dial."""

    label: str
    number: str


@dataclass(frozen=True)
class Laptop:
    """What is shown before anyone unlocks. Holds nothing about a child.

    Attributes:
        name: what the service calls this laptop, such as "HIPSS-LT-04"; empty until it is enrolled.
        theme: day or night.
        text_scale: text size in per cent, one of ``TEXT_SCALES``.
        duty_numbers: in the order they are shown; none until somebody enters them.
        device: the laptop's own identifier, which its seats' certificates name; made with the first vault.
        sync_words: how much waited when the last store was closed, such as "3 waiting".
        window: left, top, width and height of the window while it is not maximised, None before it was first closed.
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
        on_call_until: when the shift they are working ends (with its offset), None when not on call.
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
        """Name and role, in the clear."""
        return self.folder / "person.json"

    @property
    def header(self) -> Path:
        """The wrapped database key."""
        return self.folder / "header.json"

    @property
    def store(self) -> Path:
        """The encrypted store."""
        return self.folder / "store.db"

    def stores(self) -> list[Path]:
        """Every file under the database key: the store, and what was kept aside of it as evidence."""
        asides = sorted(self.folder.glob("store-aside-*.db"))
        return [self.store, *asides] if self.store.exists() else asides

    def copy_of(self, store: Path, key_check: bytes) -> Path:
        """The copy of a store under another key, which takes its place once the header has that key's check."""
        return store.with_name(f".{store.name}.{key_check.hex()}")

    def has_store(self) -> bool:
        """Whether there is a store with something in it; after a crash all of it may be in its write-ahead log."""
        parts = (self.store, self.store.with_name("store.db-wal"))
        return self.store.exists() and any(part.exists() and part.stat().st_size for part in parts)

    @property
    def anchor(self) -> Path:
        """The newest number and digest that were said to be saved."""
        return self.folder / "anchor"

    @property
    def tries(self) -> Path:
        """Wrong passphrases counted."""
        return self.folder / "tries"

    @property
    def reserve(self) -> Path:
        """Room on the disk for a day without any."""
        return self.folder / "reserve"

    @property
    def lock(self) -> Path:
        """Held while the store is open."""
        return self.folder / "lock"


class Home:
    """The directory that holds everything of HIPSS Desktop on one laptop (or in one account of it)."""

    def __init__(self, path: Path | None = None) -> None:
        """Take ``path`` as the home, or the account's own folder for programs; nothing is made yet."""
        self.path = path if path is not None else default_path()

    @property
    def _people(self) -> Path:
        return self.path / "people"

    def laptop(self) -> Laptop:
        """What is shown before unlock; the defaults where the file is absent or cannot be read.

        A damaged file of colours and numbers must not stand between a person and their records at night.
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
        """Keep what is shown before unlock. Raises Unavailable when the disk refuses."""
        make_private(self.path)
        write_json(self.path / "laptop.json", asdict(laptop))

    def close_to_others(self) -> None:
        """Close the home and all that the program keeps in it to everybody but its owner, as far as the disk allows it."""
        for path in (self.path, *self.path.glob("*.json"), self._people, *self._people.rglob("*")):
            with suppress(OSError):
                mode = path.lstat().st_mode
                if stat.S_IMODE(mode) & 0o077 and not stat.S_ISLNK(mode):
                    path.chmod(0o700 if stat.S_ISDIR(mode) else 0o600)

    def settle(self, vault_id: str, key_check: bytes) -> None:
        """Finish the change of keys that the header stands for, and clear what a crash left; for who holds this store.

        Args:
            vault_id: whose.
            key_check: the header's. A copy of the store under that key takes its place; every other copy, and all else
                that was to replace a file, counts for nothing.

        Raises:
            Unavailable: the disk refused to finish a change of keys; it is taken up again the next time.
        """
        folder = self.files(vault_id).folder
        ending = f".{key_check.hex()}"
        copies = [part for part in folder.glob(".*") if part.name.endswith(ending)]
        try:
            if copies:
                sync_directory(folder)  # the header is on the disk before the store of the old one goes
            for copy in copies:
                store = folder / copy.name.removeprefix(".").removesuffix(ending)
                for log in ("-wal", "-shm"):  # of the old key, and all in the copy
                    store.with_name(store.name + log).unlink(missing_ok=True)
                copy.replace(store)
            if copies:
                sync_directory(folder)
        except OSError as error:
            raise Unavailable(
                "A change of this store's keys is not finished, and this laptop's disk does not take it. "
                "Free some space, then try again."
            ) from error
        for pattern in (".*", "store-new.db*", "anchor-new"):  # the last two were once the names of a store begun anew
            for part in folder.glob(pattern):
                with suppress(OSError):
                    part.unlink()

    def hold_window(self) -> "Held":
        """Take the one right to show a window over this home. Raises Unavailable when another process has it."""
        make_private(self.path)
        return Held(self.path / "window.lock")

    def people(self) -> list[PersonOnLaptop]:
        """Everyone with a vault on this laptop, by name."""
        try:
            found = [entry.name for entry in self._people.iterdir() if entry.is_dir()]
        except OSError:
            return []
        people = [self.person(name) for name in found if _VAULT_ID.fullmatch(name)]
        return sorted(people, key=lambda person: (person.name.casefold(), person.vault_id))

    def person(self, vault_id: str) -> PersonOnLaptop:
        """One person as shown before unlock; without their name where the file cannot be read.

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
        """Keep what the locked screen shows of someone, such as until when they are on call."""
        write_json(self.files(person.vault_id).person, _in_the_clear(person))

    def files(self, vault_id: str) -> VaultFiles:
        """The paths of one person's files.

        Raises:
            UserError: there is no such vault on this laptop (also for a name that could lead out of the
            home).
        """
        if not _VAULT_ID.fullmatch(vault_id) or not (self._people / vault_id).is_dir():
            raise UserError("There is no such person on this laptop.")
        return VaultFiles(self._people / vault_id)

    @contextmanager
    def new_person(self, name: str, role: str) -> Iterator[tuple[str, VaultFiles]]:
        """A vault in the making: filled inside the ``with``, there for everyone when that ends without an
        error.

        A crash on the way leaves a directory that nobody is shown and the next opening or setting up clears away, never
        half a person on the unlock screen.
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
        """Clear what a crash left of vaults in the making; one that another process is making is held by it."""
        for folder in self._people.glob(".*"):
            if _VAULT_ID.fullmatch(folder.name[1:]):
                with suppress(Unavailable, OSError), Held(folder / "lock"):
                    shutil.rmtree(folder)

    def hold(self, vault_id: str) -> "Held":
        """Take the one right to open this store; given back by ``release``, ``with`` or the process's end.

        Raises:
            Unavailable: another window or program has it.
        """
        return Held(self.files(vault_id).lock)


class Held:
    """The right to open a store, which one handle on the laptop has at a time.

    The operating system keeps it for the open file and takes it back when the process ends in whatever way,
    so there is no lock file to clear away after a crash.
    """

    def __init__(self, path: Path) -> None:
        self._fd: int | None = _opened_to_hold(path)
        try:
            if sys.platform == "win32":
                msvcrt.locking(self._fd, msvcrt.LK_NBLCK, 1)
            else:
                # flock and not lockf: it belongs to the open file, so a second window of this process is
                # told too
                fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.release()
            raise Unavailable("This store is already open in another window or program on this laptop.") from None

    def release(self) -> None:
        """Give the right back; a second call does nothing."""
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
    """The file that is locked; on a disk that takes nothing the folder it is in, which can be locked there."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        if sys.platform == "win32":
            raise
        return os.open(path.parent, os.O_RDONLY)


def _place(kept: object) -> tuple[int, int, int, int] | None:
    """The place of a window as it was kept, None where it cannot be read."""
    if not isinstance(kept, list) or len(kept) != 4 or not all(type(number) is int for number in kept):
        return None
    left, top, width, height = kept
    return left, top, width, height


def default_path() -> Path:
    """The account's own folder for this program, on this machine only (never in a roaming profile)."""
    import platformdirs

    return platformdirs.user_data_path("HIPSS Desktop", appauthor=False, roaming=False)


def make_private(folder: Path) -> None:
    """Make a directory and its missing parents, each open to its owner alone.

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
    """Replace a file by these fields as JSON, whole or not at all (see ``write_whole``)."""
    write_whole(path, json.dumps(fields, ensure_ascii=False, indent=1, sort_keys=True).encode())


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file so that after a crash at any moment it holds the old content or the new, never a part.

    Raises:
        Unavailable: the disk refused; the old content stands.
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
    """Wait until what was written to the file is on the disk."""
    file.flush()
    os.fsync(file.fileno())


def sync_directory(folder: Path) -> None:
    """Wait until a name made, replaced or moved in the directory is on the disk (Windows does it itself)."""
    if sys.platform == "win32":
        return
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _moment(text: object) -> datetime | None:
    """The moment that was kept, None where there is none that can be read: the shift is a hint, the name is not."""
    with suppress(ValueError):
        return instant(text) if isinstance(text, str) else None
    return None


def _in_the_clear(person: PersonOnLaptop) -> dict[str, Any]:
    until = person.on_call_until.isoformat() if person.on_call_until else None
    return {"name": person.name, "role": person.role, "on_call_until": until}
