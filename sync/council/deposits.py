"""Stores the recovery keys that laptops deposit, encrypted so that neither the database alone nor the folder alone reveals them.

A recovery key opens a laptop's records. Once there is an officer, each key is sealed to the officer's public key (``officer``). A
passphrase opens the private half, and the council stores that passphrase nowhere. Without an officer, each key is encrypted under
a key from the folder. Must not decide who may ask: those who run the council's command decide it.
"""

import hashlib
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode
from sqlalchemy.engine import Connection

from hipss_desktop.errors import Tampered, Unavailable, UserError
from sync.council import bodies
from sync.council import officer as officers
from sync.council import tables as t
from sync.council.chain import LONGEST_TEXT, Council, Seat, former_seats, is_one_line
from sync.council.officer import FILE, NONCE_BYTES, SUITE, KeyPair, Officer
from sync.council.refusals import Refused

FOLDER, OFFICER = "folder:", "officer:"
"""How a deposit begins: encrypted under a key from the folder, or sealed to the officer. The name of that key follows, and a
colon. An older program, in which an officer's key pair was never replaced, wrote deposits without that name."""
OTHER_TIME = f"The officer's key ({FILE}) is of another time than the store"
_PUT_BACK = f"Put the newest {FILE} back."


def make_officer(council: Council, passphrase: str, *, lost: bool = False) -> int:
    """Make the officer's key pair and seal every deposit to it. Return how many deposits were sealed.

    Args:
        council: the council of the officer.
        passphrase: opens the private half of the new pair.
        lost: a former pair is in no backup. Delete the deposits that are sealed to it, because nobody can open them.

    Raises:
        UserError: there is an officer already, the passphrase is short, or recovery keys are sealed to a pair that is gone.
    """
    fresh = officers.fresh_pair(passphrase)
    with council.store.alone() as connection:
        if _sealed_elsewhere(council, connection) and not lost:
            raise UserError(
                f"Recovery keys are sealed to an officer's key that is not in the folder. {_PUT_BACK} "
                "Where it is in no backup, run this again with --lost: those recovery keys are deleted."
            )
        officers.begin(council.home, fresh)
        connection.execute(sa.delete(t.deposit).where(t.deposit.c.recovery.like(f"{OFFICER}%")))
    return seal_all(council)


def replace_officer(council: Council, passphrases: Sequence[str], fresh: KeyPair) -> int:
    """Seal every deposit to another key pair, in one transaction, and destroy the former pair. Return how many were sealed.

    Both pairs are in the folder until every deposit is sealed to the new pair. After a kill, each deposit therefore opens by
    one of the two passphrases. A second run takes another new pair.

    Args:
        council: the council of the officer.
        passphrases: the officer's until now, and that of ``fresh``, which opens deposits that came after a run was killed.
        fresh: the new pair.

    Raises:
        UserError: there is no officer, or the passphrase is not right.
        Unavailable: the folder's key pairs are older or newer than the store.
        Tampered: a deposit was altered; nothing was changed.
    """
    privates = open_officer(council, *passphrases)
    with council.store.alone() as connection:
        known = _officer(council)
        lacking = sealed_to(connection, known) - privates.keys()
        if lacking - known.names:
            raise Unavailable(f"{OTHER_TIME}. {_PUT_BACK} Nothing was changed.")
        if lacking:
            raise UserError(
                "A new key of the officer was made before, and not to the end. Some recovery keys open by its passphrase alone. "
                "Give that one. Nothing was changed."
            )
        rows = connection.execute(sa.select(t.deposit)).all()
        recoveries = {seat: _opened(council, seat, deposit, known, privates) for seat, deposit in rows}
        officers.replace(council.home, (*known.pairs, fresh))
        _keep_again(connection, council, recoveries)
    forget_former(council)
    council.store.scrub()
    return len(recoveries)


def open_officer(council: Council, *passphrases: str) -> dict[str, X25519PrivateKey]:
    """The private halves that these passphrases open, by the names of their pairs. Raises UserError if they open none."""
    known = officers.officer(council.home)
    if known is None:
        raise UserError("There is no officer yet. Make one with hipss-council officer.")
    privates = known.opened(*passphrases)
    if not privates:
        raise UserError("The officer's passphrase is not right.")
    return privates


def forget_former(council: Council) -> None:
    """Destroy the former key pairs of the officer to which no deposit is sealed any more."""
    known = officers.officer(council.home)
    if known is None or len(known.pairs) == 1:
        return
    with council.store.alone() as connection:
        known = _officer(council)
        needed = sealed_to(connection, known)
        officers.replace(council.home, (*(pair for pair in known.pairs[:-1] if pair.name in needed), known.newest))


def troubles(council: Council, connection: Connection) -> list[tuple[str, str]]:
    """Each fault in the keys of the deposits, and what to do about it."""
    faults: list[tuple[str, str]] = []
    if _sealed_elsewhere(council, connection):
        faults.append((f"{OTHER_TIME}, or gone.", f"{_PUT_BACK} Until then no recovery key is taken from laptops."))
    known = officers.officer(council.home)
    if known is not None and len(known.pairs) > 1:
        faults.append(("The officer's key was not replaced to the end.", "Run hipss-council rotate officer again."))
    names = {_name(key) for key in council.home.keys_for("deposits")}
    query = sa.select(t.deposit).where(t.deposit.c.recovery.like(f"{FOLDER}%:%"))
    closed = sum(deposit.split(":")[1] not in names for _, deposit in connection.execute(query))
    if closed and not bodies.keys_are_older(connection):
        advice = "Put its keys.json back, or let those people make another with hipss recovery-key and sync."
        faults.append((f"The key of {closed} deposited recovery keys is not in the council's folder.", advice))
    return faults


def _sealed_elsewhere(council: Council, connection: Connection) -> bool:
    """Whether a deposit is sealed to a key pair of the officer that is not in the folder."""
    known = officers.officer(council.home)
    if known is None:
        return (
            connection.scalar(sa.select(t.deposit.c.seat).where(t.deposit.c.recovery.like(f"{OFFICER}%"))) is not None
        )
    return bool(sealed_to(connection, known) - known.names)


def sealed_to(connection: Connection, known: Officer) -> set[str]:
    """The names of the key pairs that the deposits are sealed to, also of those that are not in the folder."""
    query = sa.select(t.deposit.c.recovery).where(t.deposit.c.recovery.like(f"{OFFICER}%"))
    return {_parts(deposit, known)[0] for deposit in connection.scalars(query)}


def seal_all(council: Council) -> int:
    """Encrypt every deposit under the best key: the officer's, else one from the folder. Return how many were changed."""
    begins = OFFICER if has_officer(council) else FOLDER
    return _seal(council, t.deposit.c.recovery.not_like(f"{begins}%"), t.deposit.c.recovery.not_like(f"{OFFICER}%"))


def seal_anew(council: Council) -> int:
    """Encrypt the deposits that a key from the folder opens under the newest key. Return how many were changed."""
    return _seal(council, t.deposit.c.recovery.like(f"{FOLDER}%"))


def _seal(council: Council, *where: sa.ColumnElement[bool]) -> int:
    with council.store.alone() as connection:  # deposits under the former keys are stored by now
        recoveries: dict[str, str] = {}
        if bodies.keys_are_older(connection):
            return 0
        for seat, deposit in connection.execute(sa.select(t.deposit).where(*where)).all():
            with suppress(Tampered, Unavailable):  # such a deposit stays, and the others go on
                recoveries[seat] = _opened(council, seat, deposit, None, {})
        _keep_again(connection, council, recoveries)
    return len(recoveries)


def _keep_again(connection: Connection, council: Council, recoveries: Mapping[str, str]) -> None:
    """Encrypt these recovery keys, given by seat, under the newest key and store them."""
    for seat, recovery in recoveries.items():
        change = sa.update(t.deposit).where(t.deposit.c.seat == seat)
        connection.execute(change.values(recovery=_sealed(council, seat, recovery)))


def keep(council: Council, connection: Connection, seat: str, recovery: str) -> None:
    """Store the recovery key that a laptop deposited. Raises Unavailable if the newest key to seal it is not in the folder."""
    _check_keys(council, connection)
    connection.execute(sa.insert(t.deposit).values(seat=seat, recovery=_sealed(council, seat, recovery)))


def _check_keys(council: Council, connection: Connection) -> None:
    bodies.keys_to_seal(connection)
    if _sealed_elsewhere(council, connection):
        raise Unavailable(f"{OTHER_TIME}. {_PUT_BACK} Nothing was kept.")


def replace(council: Council, seat: Seat, recovery: str) -> None:
    """Store the recovery key that a laptop deposits, in place of those of its seat and of the seats it continues.

    Raises:
        Refused: the text cannot be a recovery key.
        Unavailable: the store failed, or the newest key is not in the folder. The earlier recovery keys stay.
    """
    if not is_one_line(recovery):
        raise Refused("bad_request", f"A recovery key has {LONGEST_TEXT} characters at most.")
    with council.store.writing() as connection:
        _check_keys(council, connection)  # locks the keys before any row that a change of keys may wait for
        seats = [seat.seat, *former_seats(connection, seat.seat)]
        connection.execute(sa.delete(t.deposit).where(t.deposit.c.seat.in_(seats)))
        keep(council, connection, seat.seat, recovery)


def recovery_key(council: Council, seat: str, passphrase: str) -> str:
    """The recovery key that a laptop deposited.

    Args:
        council: the council that stores it.
        seat: the laptop's seat.
        passphrase: the officer's passphrase; not used if there is no officer.

    Raises:
        UserError: the seat has no deposit, or the passphrase is not right.
        Unavailable: the keys in the folder are older or newer than the store.
        Tampered: the deposit was altered, or the officer's key is gone.
    """
    with council.store.reading() as connection:
        deposit = connection.scalar(sa.select(t.deposit.c.recovery).where(t.deposit.c.seat == seat))
        if (deposit or "").startswith(FOLDER) and bodies.keys_are_older(connection):
            raise Unavailable(bodies.OLDER)
    if deposit is None:
        raise UserError("No recovery key was deposited for this laptop.")
    if not deposit.startswith(OFFICER):
        return _opened(council, seat, deposit, None, {})
    known = _officer(council)
    return _opened(council, seat, deposit, known, known.opened(passphrase))


def has_officer(council: Council) -> bool:
    """Whether there is an officer, so that deposits open by a passphrase and not by the folder alone."""
    return officers.officer(council.home) is not None


def _officer(council: Council) -> Officer:
    known = officers.officer(council.home)
    if known is None:
        raise Tampered(f"The officer's key ({FILE}) is gone. Put it back.")
    return known


def _sealed(council: Council, seat: str, recovery: str) -> str:
    known = officers.officer(council.home)
    if known is not None:
        sealed = known.newest.seal(recovery, _bound(seat))
        return f"{OFFICER}{known.newest.name}:{urlsafe_b64encode(sealed).decode('ascii')}"
    nonce = os.urandom(NONCE_BYTES)
    key = council.home.key_for("deposits")
    hidden = AESGCM(key).encrypt(nonce, recovery.encode(), _bound(seat))
    return f"{FOLDER}{_name(key)}:{urlsafe_b64encode(nonce + hidden).decode('ascii')}"


def _opened(
    council: Council, seat: str, deposit: str, known: Officer | None, privates: Mapping[str, X25519PrivateKey]
) -> str:
    """Decrypt a deposit by the key that it is encrypted under."""
    if deposit.startswith(OFFICER):
        return _opened_by_officer(seat, deposit, known or _officer(council), privates)
    return _opened_by_folder(council, seat, deposit) if deposit.startswith(FOLDER) else deposit


def _opened_by_folder(council: Council, seat: str, deposit: str) -> str:
    name, _, sealed = deposit.removeprefix(FOLDER).rpartition(":")
    content = urlsafe_b64decode(sealed.encode("ascii"))
    keys = [key for key in council.home.keys_for("deposits") if name in ("", _name(key))]
    if not keys:
        raise Unavailable(
            "The key of this recovery key is not in the council's folder: keys.json is of another time. "
            "Put its keys.json back, or let its person make another with hipss recovery-key and sync."
        )
    for key in keys:
        with suppress(InvalidTag):
            return AESGCM(key).decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], _bound(seat)).decode()
    raise Tampered(_not_kept(seat))


def _opened_by_officer(seat: str, deposit: str, known: Officer, privates: Mapping[str, X25519PrivateKey]) -> str:
    pair, content = _parts(deposit, known)
    if pair not in known.names:
        raise Unavailable(f"{OTHER_TIME}. {_PUT_BACK}")
    if pair not in privates:
        raise UserError("The officer's passphrase is not right.")
    try:
        return SUITE.decrypt(urlsafe_b64decode(content.encode("ascii")), privates[pair], _bound(seat)).decode()
    except InvalidTag as error:
        raise Tampered(_not_kept(seat)) from error


def _not_kept(seat: str) -> str:
    return (
        f"The recovery key of laptop {seat} is not the one that was kept. "
        "Let its person make another with hipss recovery-key and sync."
    )


def _parts(deposit: str, known: Officer) -> tuple[str, str]:
    """The name of the key pair that a deposit is sealed to, and the sealed content."""
    name, _, content = deposit.removeprefix(OFFICER).rpartition(":")
    return name or known.pairs[0].name, content


def _name(key: bytes) -> str:
    """The name of a key from the folder. The deposits under this key begin with it."""
    return hashlib.sha256(b"hipss-deposits " + key).hexdigest()[:16]


def _bound(seat: str) -> bytes:
    """The bytes that bind a deposit to its seat, so that it does not open as another seat's."""
    return f"hipss-deposit {seat}".encode()
