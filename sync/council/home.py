"""The council's folder: its signing key, the key of its embedded store, its settings, its anchor and its refused laptops.

Only their owner can read the files. The anchor is the newest link of the council's own chain that was committed from this
folder. A store that is behind it was restored from a backup. The council must not extend its own chain until laptops have
sent the rest back, because two different revisions with one number would stop the chain for ever. Must not know the store.
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

from hipss_desktop.decoding import NotReadable, decoded, readable
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
"""The purposes that have a secret in the folder, besides the encryption of texts."""


class KeptOut(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a seat may not sync, and since when somebody else had its laptop (ISO 8601 with offset); each '' if not given."""

    why: str = ""
    since: str = ""


Revoked: Any = dict[str, KeptOut] | list[str]
HOME_VARIABLE = "HIPSS_COUNCIL_HOME"
DATABASE_VARIABLE = "HIPSS_COUNCIL_DATABASE_URL"


class Rates(msgspec.Struct, frozen=True):
    """Allowed requests a minute, counted in all processes together.

    Attributes:
        enrol, token: requests of one address with a wrong code or a wrong proof; requests with a valid one are not counted.
        token_of_seat, seat: requests of one proven seat, for tokens and for everything else.
        slow_headers: headers of one address that are not complete in time; after that it gets a tenth of the time.
    """

    enrol: int = 60
    token: int = 600
    token_of_seat: int = 60
    seat: int = 1200
    slow_headers: int = 60


class Patience(msgspec.Struct, frozen=True):
    """Seconds that a client has to send a whole header, to send a body, and to receive the next part of an answer.

    A body gets more time for the bytes received (``guard``).
    """

    header: float = 10
    body: float = 60
    answer: float = 120


class Connections(msgspec.Struct, frozen=True):
    """Open connections that one process allows: in all, and for one address (without a limit for a trusted proxy)."""

    most: int = 800
    of_address: int = 200


class Daily(msgspec.Struct, frozen=True):
    """What one person's laptops may do in a day.

    Attributes:
        megabytes: of new records that are stored. After a restore laptops may send years of records, so set it higher then.
        vouchers: new seats that continue a former one without a code.
    """

    megabytes: int = 512
    vouchers: int = 5


StoreKind = Literal["embedded", "postgresql"]


class Settings(msgspec.Struct, frozen=True, omit_defaults=True):
    """The council's name (shown to people), its seat, and how it is run.

    Attributes:
        store: the store in use; '' before a store was opened for the first time.
        proxies: addresses or networks ("192.0.2.0/24") of proxies that are trusted to name a request's address.
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
    """A council's folder; ``create`` makes one."""

    folder: Path

    @cached_property
    def settings(self) -> Settings:
        """The settings; raises UserError if the folder has no council, Tampered if the settings cannot be read."""
        file = self.folder / "council.json"
        if not file.is_file():
            raise UserError("There is no council in this folder yet. Run hipss-council init first.")
        try:
            return decoded(file.read_bytes(), Settings)
        except NotReadable as wrong:
            raise Tampered("The council's settings (council.json) cannot be read.") from wrong

    def use_store(self, store: StoreKind) -> None:
        """Note which store contains the records, the first time.

        Raises:
            UserError: the records are in another store. A second, empty store would look like a council that lost everything.
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
            # A key with an unknown curve raises KeyError.
            raise Tampered("The council's signing key (signing.key) is missing or damaged. Put it back.") from wrong

    @property
    def key(self) -> OKPKey:
        """The council's present signing key; raises Tampered if its file is missing or damaged."""
        return self._signing.key

    @property
    def successions(self) -> list[Succession]:
        """The orders that replaced the council's signing keys, from the first key to the present one."""
        return self._signing.successions

    @property
    def signing_keys(self) -> CouncilKeys:
        """The public halves of the present and former signing keys; raises Tampered if the former do not lead to the present."""
        return self._signing.keys

    def replace_key(self, key: OKPKey, successions: list[Succession]) -> None:
        """Save a new signing key, and overwrite the former one."""
        replace_secret(self._signing_file.file, _signing_file_of(key, successions), scrub=True)

    @cached_property
    def keys(self) -> KeyFile:
        """The file of secrets that are in no database."""
        return KeyFile(self.folder / "keys.json")

    def begin_keys(self) -> None:
        """Create the secrets if there are none yet.

        They are derived from the signing key, because older folders derived them so and must not get other secrets.
        """
        if not self.keys.exists:
            private = urlsafe_b64decode(str(self.key.as_dict(private=True)["d"]).encode("ascii"))
            self.keys.begin(
                {
                    purpose: HKDF(SHA256(), KEY_BYTES, None, f"hipss-{purpose}".encode("ascii")).derive(private)
                    for purpose in PURPOSES
                }
            )

    def keys_for(self, purpose: str) -> list[bytes]:
        """Return the secrets of one purpose, the newest first; there are several only during a rotation."""
        return self.keys.read().purposes[purpose][::-1]

    def key_for(self, purpose: str) -> bytes:
        """Return the newest secret of one purpose, which is the same in all processes of this council."""
        return self.keys_for(purpose)[0]

    @property
    def token_key(self) -> OKPKey:
        """The key that signs access tokens and nothing else; laptops never read the tokens."""
        return _key_of_seed(self.key_for("tokens"))

    @property
    def public(self) -> str:
        """The public half of the signing key, base64url ``x``."""
        return public_x(self.key)

    @property
    def store_file(self) -> Path:
        """The file of the embedded store."""
        return self.folder / "council.db"

    def store_key(self) -> str:
        """Return the embedded store's key, 64 hexadecimal digits; raises Tampered if its file is missing or damaged."""
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
        """Return the newest link of the council's own chain that is known to be committed; number 0 before the first."""
        try:
            return decoded((self.folder / "anchor.json").read_bytes(), Link)
        except FileNotFoundError:
            return NO_LINK
        except NotReadable as wrong:
            raise Tampered("The council's anchor (anchor.json) cannot be read.") from wrong

    def revoked(self) -> Mapping[str, KeptOut]:
        """Return the seats that this folder's list refuses, each with the reason and time given for it.

        The store may not have the orders for them yet.
        """
        try:
            listed = decoded((self.folder / REVOKED).read_bytes(), Revoked)
        except FileNotFoundError:
            return {}
        except (OSError, NotReadable) as wrong:
            raise Tampered(f"The council's list of revoked laptops ({REVOKED}) cannot be read.") from wrong
        return listed if isinstance(listed, dict) else dict.fromkeys(listed, KeptOut())  # a list before it had reasons

    def note_revoked(self, seats: Collection[str], why: str = "", since: str = "") -> None:
        """Refuse seats from now on, whatever store is used with this folder; raises Unavailable."""
        known = self.revoked()
        if set(seats) - known.keys():
            listed = {**dict.fromkeys(seats, KeptOut(why, since)), **known}
            self._replace_file(REVOKED, msgspec.json.encode(listed, order="sorted"))

    def _replace_file(self, name: str, content: bytes) -> None:
        """Replace a file completely or not at all."""
        replace_secret(self.folder / name, content)

    def write_anchor(self, link: Link) -> None:
        """Save a link of the council's own chain as the anchor, after its commit."""
        if link.number > self.anchor().number:
            self._replace_file("anchor.json", msgspec.json.encode(link))


class Signing(NamedTuple):
    """The content of ``signing.key``: the key, the orders that led to it, and the public halves of all signing keys."""

    key: OKPKey
    successions: list[Succession]
    keys: CouncilKeys


def _signing_in(content: bytes) -> Signing:
    parts = decoded(content, dict[str, Any])
    successions = msgspec.convert(parts.pop("successions", []), readable(list[Succession]))
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
    """Return the folder that is used if a command names no other."""
    named = os.environ.get(HOME_VARIABLE)
    return Path(named) if named else Path(platformdirs.user_data_dir("hipss-council", appauthor=False))


def create(folder: Path, name: str) -> Home:
    """Create a council's folder with new keys; raises UserError if the folder has a council already."""
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
