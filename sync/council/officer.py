"""The officer's key pairs: recovery keys are sealed (HPKE, RFC 9180) to the newest; a passphrase alone opens the private half.

They lie in the file ``officer.json`` of the council's folder, the private halves encrypted under the passphrase (Argon2id). There
is more than one pair only while a new one takes the place of another. Must not know the store.
"""

import hashlib
import os
from dataclasses import dataclass
from functools import cached_property

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from hipss_desktop.decoding import NotReadable, decoded
from hipss_desktop.errors import Tampered, UserError
from sync.council.home import Home
from sync.council.secret_files import replace_secret, write_secret

FILE = "officer.json"
NONCE_BYTES = 12
SHORTEST_PASSPHRASE = 12
PASSES, LANES, MEMORY_KIB = 3, 4, 64 * 1024
"""The cost of Argon2id: what a laptop's vault asks at least."""
SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


class KeyPair(msgspec.Struct, frozen=True, omit_defaults=True):
    """A key pair as it lies in the folder: the private half is encrypted under the passphrase.

    ``former``: in the newest pair, those that it takes the place of, the oldest first.
    """

    public: bytes
    salt: bytes
    nonce: bytes
    sealed: bytes
    former: list["KeyPair"] = []

    @property
    def name(self) -> str:
        """The name that what is sealed to it bears."""
        return hashlib.sha256(self.public).hexdigest()[:16]

    def seal(self, text: str, bound: bytes) -> bytes:
        """Seal a text that opens only together with what it is bound to."""
        return SUITE.encrypt(text.encode(), X25519PublicKey.from_public_bytes(self.public), bound)

    def opened(self, passphrase: str) -> X25519PrivateKey | None:
        """The private half, None where the passphrase is another one."""
        try:
            private = AESGCM(_stretched(passphrase, self.salt)).decrypt(self.nonce, self.sealed, None)
        except InvalidTag:
            return None
        return X25519PrivateKey.from_private_bytes(private)


@dataclass(frozen=True)
class Officer:
    """The pairs at one moment, the oldest first."""

    pairs: tuple[KeyPair, ...]

    @property
    def newest(self) -> KeyPair:
        """The pair to whose public half everything is sealed."""
        return self.pairs[-1]

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the pairs."""
        return frozenset(pair.name for pair in self.pairs)

    def opened(self, *passphrases: str) -> dict[str, X25519PrivateKey]:
        """The private halves that one of the passphrases opens, by the name of their pair."""
        return {
            pair.name: private
            for pair in self.pairs
            for passphrase in passphrases
            if (private := pair.opened(passphrase)) is not None
        }


def fresh_pair(passphrase: str) -> KeyPair:
    """A new pair under a passphrase; raises UserError where that is short."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise UserError(
            f"Choose a passphrase of {SHORTEST_PASSPHRASE} characters or more. Three or four words are good."
        )
    private = X25519PrivateKey.generate()
    salt, nonce = os.urandom(16), os.urandom(NONCE_BYTES)
    sealed = AESGCM(_stretched(passphrase, salt)).encrypt(nonce, private.private_bytes_raw(), None)
    return KeyPair(private.public_key().public_bytes_raw(), salt, nonce, sealed)


def officer(home: Home) -> Officer | None:
    """The officer as the folder has it now, None where there is none; raises Tampered where the file cannot be read."""
    try:
        newest = decoded((home.folder / FILE).read_bytes(), KeyPair)
    except FileNotFoundError:
        return None
    except (OSError, NotReadable) as wrong:
        raise Tampered(f"The officer's key ({FILE}) cannot be read. Put it back.") from wrong
    return Officer((*newest.former, newest))


def begin(home: Home, pair: KeyPair) -> None:
    """Keep the first pair; raises UserError where there is an officer already."""
    if officer(home) is not None:
        raise UserError("There is an officer's key already. Nothing was changed.")
    write_secret(home.folder / FILE, msgspec.json.encode(pair))


def replace(home: Home, pairs: tuple[KeyPair, ...]) -> None:
    """Keep these pairs, the oldest first, and overwrite what the file held; one process at once (``Store.alone``)."""
    *former, newest = pairs
    bare = [msgspec.structs.replace(pair, former=[]) for pair in former]
    replace_secret(home.folder / FILE, msgspec.json.encode(msgspec.structs.replace(newest, former=bare)), scrub=True)


def _stretched(passphrase: str, salt: bytes) -> bytes:
    stretch = Argon2id(salt=salt, length=32, iterations=PASSES, lanes=LANES, memory_cost=MEMORY_KIB)
    return stretch.derive(passphrase.strip().encode("utf-8"))
