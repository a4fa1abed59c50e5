"""The officer's key pairs: recovery keys are encrypted (HPKE, RFC 9180) for the newest pair's public half.

The pairs are in the file ``officer.json`` of the council's folder. Only a passphrase decrypts a private half (Argon2id). There
are several pairs only while a new one replaces another. Must not know the store.
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
"""The cost of Argon2id, the same as the minimum of a laptop's vault."""
SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


class KeyPair(msgspec.Struct, frozen=True, omit_defaults=True):
    """A key pair as it is stored in the folder: the private half is encrypted with the passphrase.

    ``former``: in the newest pair, the pairs that it replaces, the oldest first.
    """

    public: bytes
    salt: bytes
    nonce: bytes
    sealed: bytes
    former: list["KeyPair"] = []

    @property
    def name(self) -> str:
        """The name by which an encrypted text refers to this pair."""
        return hashlib.sha256(self.public).hexdigest()[:16]

    def seal(self, text: str, bound: bytes) -> bytes:
        """Encrypt a text; only the same bytes ``bound`` decrypt it again."""
        return SUITE.encrypt(text.encode(), X25519PublicKey.from_public_bytes(self.public), bound)

    def opened(self, passphrase: str) -> X25519PrivateKey | None:
        """Decrypt the private half; return None if the passphrase is wrong."""
        try:
            private = AESGCM(_stretched(passphrase, self.salt)).decrypt(self.nonce, self.sealed, None)
        except InvalidTag:
            return None
        return X25519PrivateKey.from_private_bytes(private)


@dataclass(frozen=True)
class Officer:
    """The officer's key pairs at one moment, the oldest first."""

    pairs: tuple[KeyPair, ...]

    @property
    def newest(self) -> KeyPair:
        """The pair for which everything is encrypted."""
        return self.pairs[-1]

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the pairs."""
        return frozenset(pair.name for pair in self.pairs)

    def opened(self, *passphrases: str) -> dict[str, X25519PrivateKey]:
        """Return the private halves that one of the passphrases decrypts, by the name of their pair."""
        return {
            pair.name: private
            for pair in self.pairs
            for passphrase in passphrases
            if (private := pair.opened(passphrase)) is not None
        }


def fresh_pair(passphrase: str) -> KeyPair:
    """Create a pair encrypted with a passphrase; raises UserError if the passphrase is too short."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise UserError(
            f"Choose a passphrase of {SHORTEST_PASSPHRASE} characters or more. Three or four words are good."
        )
    private = X25519PrivateKey.generate()
    salt, nonce = os.urandom(16), os.urandom(NONCE_BYTES)
    sealed = AESGCM(_stretched(passphrase, salt)).encrypt(nonce, private.private_bytes_raw(), None)
    return KeyPair(private.public_key().public_bytes_raw(), salt, nonce, sealed)


def officer(home: Home) -> Officer | None:
    """Read the officer's pairs from the folder; None if there is no officer. Raises Tampered if the file cannot be read."""
    try:
        newest = decoded((home.folder / FILE).read_bytes(), KeyPair)
    except FileNotFoundError:
        return None
    except (OSError, NotReadable) as wrong:
        raise Tampered(f"The officer's key ({FILE}) cannot be read. Put it back.") from wrong
    return Officer((*newest.former, newest))


def begin(home: Home, pair: KeyPair) -> None:
    """Save the first pair; raises UserError if there is an officer already."""
    if officer(home) is not None:
        raise UserError("There is an officer's key already. Nothing was changed.")
    write_secret(home.folder / FILE, msgspec.json.encode(pair))


def replace(home: Home, pairs: tuple[KeyPair, ...]) -> None:
    """Save these pairs, the oldest first, and overwrite the file's old content; one process at once (``Store.alone``)."""
    *former, newest = pairs
    bare = [msgspec.structs.replace(pair, former=[]) for pair in former]
    replace_secret(home.folder / FILE, msgspec.json.encode(msgspec.structs.replace(newest, former=bare)), scrub=True)


def _stretched(passphrase: str, salt: bytes) -> bytes:
    stretch = Argon2id(salt=salt, length=32, iterations=PASSES, lanes=LANES, memory_cost=MEMORY_KIB)
    return stretch.derive(passphrase.strip().encode("utf-8"))
