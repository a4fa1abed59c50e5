"""The council's folder: its signing key, the key of its embedded store, its settings and its anchor.

All files are readable by their owner alone. The anchor is the newest link of the council's own chain that was committed
from this folder: a store that is behind it was restored from a backup, and the council must not write its own chain on
until laptops have brought it back (two different revisions of one number would stop the chain for ever). Must not know
the store.
"""

import os
import secrets
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec
import platformdirs
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from hipss_desktop.errors import Tampered, Unavailable, UserError
from hipss_desktop.identity import record_id
from hipss_desktop.records.chain import NO_LINK, Link
from sync.wire.tokens import public_x

HOME_VARIABLE = "HIPSS_COUNCIL_HOME"
DATABASE_VARIABLE = "HIPSS_COUNCIL_DATABASE_URL"


class Rates(msgspec.Struct, frozen=True):
    """Requests a minute that one process answers: per address for enrolment and tokens, per seat for the rest."""

    enrol: int = 60
    token: int = 600
    token_of_seat: int = 60
    seat: int = 1200


class Patience(msgspec.Struct, frozen=True):
    """Seconds that a client has for a whole header, for a body besides what its size earns, and to take an answer on."""

    header: float = 10
    body: float = 60
    answer: float = 120


class Settings(msgspec.Struct, frozen=True):
    """What the council calls itself (people read it), its seat, and its limits."""

    name: str
    seat: str
    rates: Rates = Rates()
    patience: Patience = Patience()


@dataclass(frozen=True)
class Home:
    """A council's folder that was made by ``create``."""

    folder: Path

    @cached_property
    def settings(self) -> Settings:
        """The settings; raises UserError when the folder is no council's, Tampered when they cannot be read."""
        file = self.folder / "council.json"
        if not file.is_file():
            raise UserError("There is no council in this folder yet. Run hipss-council init first.")
        try:
            return msgspec.json.decode(file.read_bytes(), type=Settings)
        except msgspec.DecodeError as wrong:
            raise Tampered("The council's settings (council.json) cannot be read.") from wrong

    @cached_property
    def key(self) -> OKPKey:
        """The council's signing key; raises Tampered when its file is gone or damaged."""
        try:
            return OKPKey.import_key(msgspec.json.decode((self.folder / "signing.key").read_bytes()))
        except (OSError, ValueError, JoseError) as wrong:
            raise Tampered("The council's signing key (signing.key) is missing or damaged. Put it back.") from wrong

    @property
    def public(self) -> str:
        """The public half of the signing key, base64url ``x``."""
        return public_x(self.key)

    @property
    def store_file(self) -> Path:
        """Where the embedded store lies."""
        return self.folder / "council.db"

    def store_key(self) -> str:
        """The embedded store's key, 64 hexadecimal digits; raises Tampered when its file is gone or damaged."""
        file = self.folder / "store.key"
        if not file.exists() and not self.store_file.exists():
            write_secret(file, secrets.token_hex(32).encode("ascii"))
        try:
            key = file.read_text(encoding="ascii").strip()
            if len(bytes.fromhex(key)) == 32:
                return key
        except (OSError, ValueError) as wrong:
            raise Tampered("The store's key (store.key) is missing or damaged. Put it back.") from wrong
        raise Tampered("The store's key (store.key) is damaged. Put it back.")

    def anchor(self) -> Link:
        """The newest link of the council's own chain known to be committed; number 0 before the first."""
        try:
            return msgspec.json.decode((self.folder / "anchor.json").read_bytes(), type=Link)
        except FileNotFoundError:
            return NO_LINK
        except msgspec.DecodeError as wrong:
            raise Tampered("The council's anchor (anchor.json) cannot be read.") from wrong

    def write_anchor(self, link: Link) -> None:
        """Note a link after its commit."""
        if link.number > self.anchor().number:
            fresh = self.folder / f"anchor.{os.getpid()}.new"
            fresh.unlink(missing_ok=True)
            write_secret(fresh, msgspec.json.encode(link))
            fresh.replace(self.folder / "anchor.json")


def write_secret(file: Path, content: bytes) -> None:
    """Write a new file that only its owner may read, and see it to the disk; raises Unavailable."""
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
    except FileExistsError as there:
        raise UserError(f"{file.name} is there already. Nothing was changed.") from there
    except OSError as failed:
        raise Unavailable(f"{file.name} cannot be written: {failed.strerror}.") from failed


def default_folder() -> Path:
    """The folder that is used when none is named."""
    named = os.environ.get(HOME_VARIABLE)
    return Path(named) if named else Path(platformdirs.user_data_dir("hipss-council", appauthor=False))


def create(folder: Path, name: str) -> Home:
    """Make a council's folder with a fresh signing key; raises UserError when there is one already."""
    if (folder / "council.json").exists() or (folder / "signing.key").exists():
        raise UserError("There is a council in this folder already. Nothing was changed.")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as failed:
        raise Unavailable(f"The council's folder cannot be made: {failed.strerror}.") from failed
    key = OKPKey.generate_key("Ed25519")
    write_secret(folder / "signing.key", msgspec.json.encode(key.as_dict(private=True)))
    write_secret(folder / "council.json", msgspec.json.format(msgspec.json.encode(Settings(name, record_id()))))
    return Home(folder)
