"""The council's folder: its signing key, the key of its embedded store, its settings, its anchor and whom it keeps out.

All files are readable by their owner alone. The anchor is the newest link of the council's own chain that was committed
from this folder: a store that is behind it was restored from a backup, and the council must not write its own chain on
until laptops have brought it back (two different revisions of one number would stop the chain for ever). Must not know
the store.
"""

import os
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec
import platformdirs
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

from hipss_desktop.decoding import NotReadable, decoded
from hipss_desktop.errors import Tampered, Unavailable, UserError
from hipss_desktop.identity import record_id
from hipss_desktop.records.chain import NO_LINK, Link
from hipss_desktop.rules.council_keys import CouncilKeys, keys_in
from sync.council.keys import KEY_BYTES, KeyFile
from sync.council.secret_files import SecretFile, replace_secret, write_secret
from sync.wire.messages import Succession, from_wire
from sync.wire.tokens import public_x

REVOKED = "revoked.json"
PURPOSES = ("codes", "deposits", "challenge", "tokens", "imported")
"""What the folder has a secret for, besides the texts."""


class KeptOut(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a seat is kept out, and since when its laptop was in other hands (ISO 8601 with offset), '' where nobody said."""

    why: str = ""
    since: str = ""


Revoked: Any = dict[str, KeptOut] | list[str]
HOME_VARIABLE = "HIPSS_COUNCIL_HOME"
DATABASE_VARIABLE = "HIPSS_COUNCIL_DATABASE_URL"


class Rates(msgspec.Struct, frozen=True):
    """Requests a minute, in all processes together.

    Attributes:
        enrol, token: of one address that prove nothing, with a wrong code or a wrong proof; good ones are not counted.
            token_of_seat, seat: of one proven seat, for tokens and for the rest.
        slow_headers: of one address that are not whole in time, before it has a tenth of the time.
    """

    enrol: int = 60
    token: int = 600
    token_of_seat: int = 60
    seat: int = 1200
    slow_headers: int = 60


class Patience(msgspec.Struct, frozen=True):
    """Seconds that a client has for a whole header, for a body besides what its size earns, and to take an answer on."""

    header: float = 10
    body: float = 60
    answer: float = 120


class Connections(msgspec.Struct, frozen=True):
    """Connections that one process keeps open at once: in all, and for one address (a trusted proxy has no such limit)."""

    most: int = 800
    of_address: int = 200


class Daily(msgspec.Struct, frozen=True):
    """What one person's laptops may do in a day.

    Attributes:
        megabytes: of their writing that is stored; a restored council may be sent years of it, and is given more room then.
        vouchers: seats that go on in the place of a former one without a code.
    """

    megabytes: int = 512
    vouchers: int = 5


StoreKind = Literal["embedded", "postgresql"]


class Settings(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the council calls itself (people read it), its seat, and how it is run.

    Attributes:
        store: which store is meant; '' before the first was opened.
        proxies: addresses or networks ("192.0.2.0/24") whose word is taken for where a request came from.
    """

    name: str
    seat: str
    store: Literal["", "embedded", "postgresql"] = ""
    rates: Rates = Rates()
    patience: Patience = Patience()
    connections: Connections = Connections()
    a_day: Daily = Daily()
    proxies: list[str] = []


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
            return decoded(file.read_bytes(), Settings)
        except NotReadable as wrong:
            raise Tampered("The council's settings (council.json) cannot be read.") from wrong

    def use_store(self, store: StoreKind) -> None:
        """Note which store holds the records, the first time.

        Raises:
            UserError: another one does; a second, empty one beside it would be taken for a council that lost everything.
        """
        meant = self.settings.store or ("embedded" if self.store_file.exists() else store)
        if meant != store and meant == "postgresql":
            raise UserError(
                f"This council's records are in PostgreSQL. Set {DATABASE_VARIABLE} to the database's address."
            )
        if meant != store:
            raise UserError(f"This council's records are in its own folder. Remove {DATABASE_VARIABLE}.")
        if not self.settings.store:
            self._write_settings(msgspec.structs.replace(self.settings, store=store))

    def _write_settings(self, settings: Settings) -> None:
        self._replace_file("council.json", msgspec.json.format(msgspec.json.encode(settings)))
        self.__dict__["settings"] = settings

    @cached_property
    def _signing_file(self) -> "SecretFile[Signing]":
        return SecretFile(self.folder / "signing.key", _signing_in)

    @property
    def _signing(self) -> "Signing":
        try:
            return self._signing_file.read()
        except (OSError, ValueError, KeyError, JoseError, msgspec.ValidationError) as wrong:
            # A curve of another name is a KeyError.
            raise Tampered("The council's signing key (signing.key) is missing or damaged. Put it back.") from wrong

    @property
    def key(self) -> OKPKey:
        """The council's signing key, as it is now; raises Tampered when its file is gone or damaged."""
        return self._signing.key

    @property
    def successions(self) -> list[Succession]:
        """How the council came from its first signing key to this one."""
        return self._signing.successions

    @property
    def signing_keys(self) -> CouncilKeys:
        """The signing key and the former ones, public halves; raises Tampered where they do not lead to it."""
        return self._signing.keys

    def replace_key(self, key: OKPKey, successions: list[Succession]) -> None:
        """Sign with another key from now on; the former one is overwritten."""
        replace_secret(self._signing_file.file, _signing_file_of(key, successions), scrub=True)

    @cached_property
    def keys(self) -> KeyFile:
        """The secrets that no database holds."""
        return KeyFile(self.folder / "keys.json")

    def begin_keys(self) -> None:
        """Make those secrets where there are none yet; in a folder of before they came from the signing key, and stay those."""
        if not self.keys.exists:
            private = urlsafe_b64decode(str(self.key.as_dict(private=True)["d"]).encode("ascii"))
            self.keys.begin(
                {
                    purpose: HKDF(SHA256(), KEY_BYTES, None, f"hipss-{purpose}".encode("ascii")).derive(private)
                    for purpose in PURPOSES
                }
            )

    def keys_for(self, purpose: str) -> list[bytes]:
        """The secrets of one purpose, the newest first; more than one only while they are rotated."""
        return self.keys.read().purposes[purpose][::-1]

    def key_for(self, purpose: str) -> bytes:
        """The newest secret of one purpose, the same in all processes of this council."""
        return self.keys_for(purpose)[0]

    @property
    def token_key(self) -> OKPKey:
        """The key that access tokens are signed with; laptops never read them, and nothing else is signed with it."""
        return _key_of_seed(self.key_for("tokens"))

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
            return decoded((self.folder / "anchor.json").read_bytes(), Link)
        except FileNotFoundError:
            return NO_LINK
        except NotReadable as wrong:
            raise Tampered("The council's anchor (anchor.json) cannot be read.") from wrong

    def revoked(self) -> Mapping[str, KeptOut]:
        """The seats that are kept out from this folder, whose store may not know of it yet, each with what was said of it."""
        try:
            listed = decoded((self.folder / REVOKED).read_bytes(), Revoked)
        except FileNotFoundError:
            return {}
        except (OSError, NotReadable) as wrong:
            raise Tampered(f"The council's list of revoked laptops ({REVOKED}) cannot be read.") from wrong
        return listed if isinstance(listed, dict) else dict.fromkeys(listed, KeptOut())  # a list before it had reasons

    def note_revoked(self, seats: Collection[str], why: str = "", since: str = "") -> None:
        """Keep seats out from now on, whatever store stands beside this folder; raises Unavailable."""
        known = self.revoked()
        if set(seats) - known.keys():
            listed = {**dict.fromkeys(seats, KeptOut(why, since)), **known}
            self._replace_file(REVOKED, msgspec.json.encode(listed, order="sorted"))

    def _replace_file(self, name: str, content: bytes) -> None:
        """Write a file whole or not at all."""
        replace_secret(self.folder / name, content)

    def write_anchor(self, link: Link) -> None:
        """Note a link after its commit."""
        if link.number > self.anchor().number:
            self._replace_file("anchor.json", msgspec.json.encode(link))


class Signing(NamedTuple):
    """What ``signing.key`` holds: the key, how the council came to it, and the public halves of all."""

    key: OKPKey
    successions: list[Succession]
    keys: CouncilKeys


def _signing_in(content: bytes) -> Signing:
    parts = decoded(content, dict[str, Any])
    successions = msgspec.convert(parts.pop("successions", []), list[Succession])
    key = OKPKey.import_key(parts)
    first = from_wire(successions[0].order).envelope.seat if successions else ""
    return Signing(key, successions, keys_in(public_x(key), first, successions))


def _signing_file_of(key: OKPKey, successions: list[Succession]) -> bytes:
    return msgspec.json.encode({**key.as_dict(private=True), "successions": successions})


@lru_cache(maxsize=2)
def _key_of_seed(seed: bytes) -> OKPKey:
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    parts = {name: urlsafe_b64encode(part).decode("ascii") for name, part in (("x", public), ("d", seed))}
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", **parts})


def default_folder() -> Path:
    """The folder that is used when none is named."""
    named = os.environ.get(HOME_VARIABLE)
    return Path(named) if named else Path(platformdirs.user_data_dir("hipss-council", appauthor=False))


def create(folder: Path, name: str) -> Home:
    """Make a council's folder with fresh keys; raises UserError when there is one already."""
    if (folder / "council.json").exists() or (folder / "signing.key").exists():
        raise UserError("There is a council in this folder already. Nothing was changed.")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as failed:
        raise Unavailable(f"The council's folder cannot be made: {failed.strerror}.") from failed
    key = OKPKey.generate_key("Ed25519")
    write_secret(folder / "signing.key", msgspec.json.encode(key.as_dict(private=True)))
    home = Home(folder)
    home.begin_keys()
    write_secret(folder / "council.json", msgspec.json.format(msgspec.json.encode(Settings(name, record_id()))))
    return home
