"""Deposited recovery keys: what opens a laptop's records, kept so that no database opens it, nor the folder alone.

Once there is an officer, each is sealed (HPKE, RFC 9180) to the officer's public key; its private half lies in the folder under
the officer's passphrase (Argon2id), which nothing of the council holds. Before that each is encrypted under a key from the
folder. Must not decide who may ask: those who run the council's command do.
"""

import os
from contextlib import suppress
from pathlib import Path

import msgspec
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode
from sqlalchemy.engine import Connection

from hipss_desktop.errors import Tampered, UserError
from sync.council import tables as t
from sync.council.chain import LONGEST_TEXT, Council, Seat, former_seats, is_one_line
from sync.council.refusals import Refused
from sync.council.secret_files import write_secret
from sync.council.store import share_keys

FOLDER, OFFICER = "folder:", "officer:"
NONCE_BYTES = 12
SHORTEST_PASSPHRASE = 12
PASSES, LANES, MEMORY_KIB = 3, 4, 64 * 1024
"""The cost of Argon2id: what a laptop's vault asks at least."""
SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


class Officer(msgspec.Struct, frozen=True):
    """The officer's key pair as it lies in the folder: the private half is sealed under the passphrase."""

    public: bytes
    salt: bytes
    nonce: bytes
    sealed: bytes


def make_officer(council: Council, passphrase: str) -> int:
    """Make the officer's key pair, and seal every deposit to it; gives how many there were.

    Raises:
        UserError: there is an officer already, or the passphrase is short.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise UserError(
            f"Choose a passphrase of {SHORTEST_PASSPHRASE} characters or more. Three or four words are good."
        )
    if _officer(council) is not None:
        raise UserError("There is an officer's key already. Nothing was changed.")
    private = X25519PrivateKey.generate()
    salt, nonce = os.urandom(16), os.urandom(NONCE_BYTES)
    sealed = AESGCM(_stretched(passphrase, salt)).encrypt(nonce, private.private_bytes_raw(), None)
    officer = Officer(private.public_key().public_bytes_raw(), salt, nonce, sealed)
    write_secret(_file(council), msgspec.json.encode(officer))
    return seal_all(council)


def seal_all(council: Council) -> int:
    """Bring every deposit under the best key that there is; gives how many were changed."""
    best = FOLDER if _officer(council) is None else OFFICER
    query = sa.select(t.deposit).where(
        t.deposit.c.recovery.not_like(f"{best}%"), t.deposit.c.recovery.not_like(f"{OFFICER}%")
    )
    with council.store.writing() as connection:
        rows = connection.execute(query).all()
        for seat, kept in rows:
            recovery = _opened_by_folder(council, seat, kept) if kept.startswith(FOLDER) else kept
            change = sa.update(t.deposit).where(t.deposit.c.seat == seat)
            connection.execute(change.values(recovery=_sealed(council, seat, recovery)))
    return len(rows)


def seal_anew(council: Council) -> int:
    """Bring the deposits that a key from the folder opens under the newest one; gives how many were changed."""
    query = sa.select(t.deposit).where(t.deposit.c.recovery.like(f"{FOLDER}%"))
    with council.store.writing() as connection:
        rows = connection.execute(query).all()
        for seat, sealed in rows:
            change = sa.update(t.deposit).where(t.deposit.c.seat == seat)
            recovery = _opened_by_folder(council, seat, sealed)
            connection.execute(change.values(recovery=_sealed(council, seat, recovery)))
    return len(rows)


def keep(council: Council, connection: Connection, seat: str, recovery: str) -> None:
    """Keep what a laptop deposited."""
    share_keys(connection)
    connection.execute(sa.insert(t.deposit).values(seat=seat, recovery=_sealed(council, seat, recovery)))


def replace(council: Council, seat: Seat, recovery: str) -> None:
    """Keep what a laptop deposits in place of what was kept for its seat, and for those that the seat goes on from.

    Raises:
        Refused: this is no recovery key.
        Unavailable: the store failed; what was kept is kept.
    """
    if not is_one_line(recovery):
        raise Refused("bad_request", f"A recovery key has {LONGEST_TEXT} characters at most.")
    with council.store.writing() as connection:
        seats = [seat.seat, *former_seats(connection, seat.seat)]
        connection.execute(sa.delete(t.deposit).where(t.deposit.c.seat.in_(seats)))
        keep(council, connection, seat.seat, recovery)


def recovery_key(council: Council, seat: str, passphrase: str) -> str:
    """The recovery key that a laptop deposited when it enrolled.

    Args:
        passphrase: the officer's; not asked for where there is no officer.

    Raises:
        UserError: there is none, or the passphrase is not right.
    """
    with council.store.reading() as connection:
        kept = connection.scalar(sa.select(t.deposit.c.recovery).where(t.deposit.c.seat == seat))
    if kept is None:
        raise UserError("No recovery key was deposited for this seat.")
    if kept.startswith(OFFICER):
        return _opened_by_officer(council, seat, kept, passphrase)
    return _opened_by_folder(council, seat, kept) if kept.startswith(FOLDER) else kept


def has_officer(council: Council) -> bool:
    """Whether a passphrase opens the deposits, and not the folder alone."""
    return _officer(council) is not None


def _sealed(council: Council, seat: str, recovery: str) -> str:
    officer = _officer(council)
    if officer is not None:
        public = X25519PublicKey.from_public_bytes(officer.public)
        return OFFICER + urlsafe_b64encode(SUITE.encrypt(recovery.encode(), public, _bound(seat))).decode("ascii")
    nonce = os.urandom(NONCE_BYTES)
    hidden = AESGCM(council.home.key_for("deposits")).encrypt(nonce, recovery.encode(), _bound(seat))
    return FOLDER + urlsafe_b64encode(nonce + hidden).decode("ascii")


def _opened_by_folder(council: Council, seat: str, kept: str) -> str:
    content = urlsafe_b64decode(kept.removeprefix(FOLDER).encode("ascii"))
    for key in council.home.keys_for("deposits"):
        with suppress(InvalidTag):
            return AESGCM(key).decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], _bound(seat)).decode()
    raise Tampered("A deposited recovery key is not the one that was kept.")


def _opened_by_officer(council: Council, seat: str, kept: str, passphrase: str) -> str:
    officer = _officer(council)
    if officer is None:
        raise Tampered("The officer's key (officer.json) is gone. Put it back.")
    try:
        private = AESGCM(_stretched(passphrase, officer.salt)).decrypt(officer.nonce, officer.sealed, None)
    except InvalidTag as wrong:
        raise UserError("The officer's passphrase is not right.") from wrong
    content = urlsafe_b64decode(kept.removeprefix(OFFICER).encode("ascii"))
    try:
        return SUITE.decrypt(content, X25519PrivateKey.from_private_bytes(private), _bound(seat)).decode()
    except InvalidTag as wrong:
        raise Tampered("A deposited recovery key is not the one that was kept.") from wrong


def _officer(council: Council) -> Officer | None:
    try:
        return msgspec.json.decode(_file(council).read_bytes(), type=Officer)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, msgspec.DecodeError) as wrong:
        raise Tampered("The officer's key (officer.json) cannot be read. Put it back.") from wrong


def _file(council: Council) -> Path:
    return council.home.folder / "officer.json"


def _stretched(passphrase: str, salt: bytes) -> bytes:
    stretch = Argon2id(salt=salt, length=32, iterations=PASSES, lanes=LANES, memory_cost=MEMORY_KIB)
    return stretch.derive(passphrase.strip().encode("utf-8"))


def _bound(seat: str) -> bytes:
    """What a deposit is bound to: it opens as no other seat's."""
    return f"hipss-deposit {seat}".encode()
