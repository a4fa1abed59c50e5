"""Encrypt and decrypt the texts in the store, each with its own key; the keys are outside the store.

AES-256-GCM with the revision's digest as associated data. The digest also selects the key in the council's folder (``keys``).
Salt and body are encrypted together, because an erasure deletes both. An erasure destroys the key. After that no copy of the
database or of its log can be used to read the text, however old the copy is. Must not decide whose texts they are.
"""

import os
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.engine import Connection

from hipss_desktop.errors import Tampered, Unavailable
from hipss_desktop.records import revision as revisions
from hipss_desktop.records.revision import Revision
from sync.council import tables as t
from sync.council.keys import FolderKeys
from sync.council.store import Store, insert_into, keys_of, share_keys

NUMBER_BYTES, NONCE_BYTES = 4, 12
"""A stored text consists of its key tree's number, a nonce, and salt and body (MessagePack) encrypted with AES-GCM."""
BATCH = 200
"""Number of texts that are encrypted in one transaction; a text has at most 256 KiB."""


OLDER = (
    "The council's keys (keys.json) are older than its store. Put the newest keys.json back. "
    "Until then nothing can be saved, and later texts cannot be read."
)


class Text(NamedTuple):
    """Salt and body of a revision, or of evidence that claims to be a revision; both are None if the text is not here."""

    salt: bytes | None
    body: bytes | None


NO_TEXT = Text(None, None)


def keys_are_older(connection: Connection) -> bool:
    """Return whether the store has texts that are newer than the keys in the folder."""
    newest = connection.scalar(sa.select(sa.func.max(t.tree.c.number))) or 0
    return int(newest) > keys_of(connection).read().texts[-1].number


def keys_to_seal(connection: Connection) -> FolderKeys:
    """Return the keys for a transaction that encrypts with the newest tree; nobody can replace them until it ends.

    Raises:
        Unavailable: the keys are older than the store. A text encrypted with them could not be read with the newest keys.
    """
    share_keys(connection)
    keys = keys_of(connection).read()
    if keys_are_older(connection):
        raise Unavailable(OLDER)
    number = keys.texts[-1].number
    if connection.scalar(sa.select(t.tree.c.number).where(t.tree.c.number == number)) is None:
        connection.execute(insert_into(connection, t.tree).values(number=number).on_conflict_do_nothing())
    return keys


def keep(connection: Connection, came: Iterable[Revision]) -> None:
    """Store the bodies of these revisions, except those whose key was destroyed."""
    keys = keys_to_seal(connection)
    rows = [
        {"digest": revision.digest, "sealed": sealed}
        for revision in came
        if revision.body is not None
        and (sealed := _seal(keys, revision.digest, Text(revision.salt, revision.body))) is not None
    ]
    if rows:
        connection.execute(sa.insert(t.body), rows)


def bring_back(connection: Connection, came: Sequence[Revision]) -> None:
    """Store bodies that were missing here, or that no key in the folder could decrypt (``note_lacking``)."""
    digests = [revision.digest for revision in came]
    there = set(connection.scalars(sa.select(t.body.c.digest).where(t.body.c.digest.in_(digests))))
    keep(connection, [revision for revision in came if revision.digest not in there])
    keys = keys_to_seal(connection)
    for revision in came:
        sealed = _seal(keys, revision.digest, Text(revision.salt, revision.body))
        if revision.digest in there and sealed is not None:
            change = sa.update(t.body).where(t.body.c.digest == revision.digest)
            connection.execute(change.values(sealed=sealed))


def note_lacking(store: Store) -> None:
    """Note the texts that no key can decrypt, so that laptops send them again.

    Such texts exist if the store was restored to a time before a key rotation, because the rotation destroyed their keys.
    """
    with store.writing() as connection:
        first = keys_of(connection).read().texts[0].number
        if first == 1:
            return
        closed = sa.func.substr(t.body.c.sealed, 1, NUMBER_BYTES) < first.to_bytes(NUMBER_BYTES)
        known = sa.exists().where(t.missing_bodies.c.digest == t.body.c.digest)
        query = sa.select(t.body.c.digest).where(closed, ~known)
        connection.execute(sa.insert(t.missing_bodies).from_select(["digest"], query))


def sealed_evidence(connection: Connection, digest: str, text: Text) -> bytes | None:
    """Encrypt the text of a piece of evidence for the store; return None if it is empty or its key was destroyed."""
    return _seal(keys_to_seal(connection), digest, text)


def text_of(connection: Connection, digest: str, sealed: bytes | None) -> Text:
    """Decrypt a stored text; return NO_TEXT if there is no stored text or its key is not here (``lacks_key``).

    Raises:
        Tampered: the text was changed after it was stored.
    """
    if sealed is None:
        return NO_TEXT
    tree = keys_of(connection).read().tree(_number(sealed))
    key = None if tree is None else tree.key_of(digest)
    if key is None:
        return NO_TEXT
    nonce, content = sealed[NUMBER_BYTES : NUMBER_BYTES + NONCE_BYTES], sealed[NUMBER_BYTES + NONCE_BYTES :]
    try:
        plain = AESGCM(key).decrypt(nonce, content, _bound(sealed[:NUMBER_BYTES], digest))
        return Text(*msgspec.msgpack.decode(plain, type=tuple[bytes | None, bytes | None]))
    except (InvalidTag, ValueError, msgspec.DecodeError) as wrong:
        raise Tampered("A text is not the one that was stored.") from wrong


def lacks_key(connection: Connection, digest: str, sealed: bytes | None) -> bool:
    """Return whether the text is stored but its key is not in the folder.

    The key was destroyed, or the folder has the keys of another time.
    """
    if sealed is None:
        return False
    tree = keys_of(connection).read().tree(_number(sealed))
    return tree is None or not tree.holds(digest)


def revision(connection: Connection, digest: str, jws: str, sealed: bytes | None) -> Revision:
    """Return a revision from its row; raises Tampered if the envelope or the text is not what was signed."""
    return revisions.opened(jws, *text_of(connection, digest, sealed))


def as_far_as_read(connection: Connection, digest: str, jws: str, sealed: bytes | None) -> Revision | None:
    """Return a revision from its row, without its text if the text cannot be read; None if the envelope cannot be read.

    Callers that read many revisions together use it, so that one unreadable revision does not stop them.
    """
    try:
        text = text_of(connection, digest, sealed)
    except Tampered:
        text = NO_TEXT
    return revisions.as_far_as_read(jws, *text)


def destroyed(connection: Connection, digests: Iterable[str]) -> set[str]:
    """Return the digests whose key was destroyed.

    An order erased these texts, even if the store was restored from a backup and does not contain the order yet.
    """
    keys = keys_of(connection).read()
    return {digest for digest in digests if not keys.holds(digest)}


def destroy_erased(store: Store) -> None:
    """Destroy the keys of all erased texts; after a kill, the next call destroys the rest."""
    with store.reading() as connection:
        if not _standing(connection):
            return
    with store.alone() as connection:
        file = keys_of(connection)
        file.replace(file.read().without(_standing(connection)))


def _standing(connection: Connection) -> list[str]:
    """Return the digests of erased texts whose keys still exist."""
    keys = keys_of(connection).read()
    return [digest for digest in connection.scalars(sa.select(t.erased.c.digest)) if keys.holds(digest)]


def _seal(keys: FolderKeys, digest: str, text: Text) -> bytes | None:
    tree = keys.texts[-1]
    key = None if text == NO_TEXT else tree.key_of(digest)
    if key is None:
        return None
    number, nonce = tree.number.to_bytes(NUMBER_BYTES), os.urandom(NONCE_BYTES)
    return number + nonce + AESGCM(key).encrypt(nonce, msgspec.msgpack.encode(text), _bound(number, digest))


def _bound(number: bytes, digest: str) -> bytes:
    """Return the associated data of a stored text, so that it cannot be decrypted as another revision's text."""
    return b"hipss-text " + number + digest.encode("ascii", "replace")


def _number(sealed: bytes) -> int:
    return int.from_bytes(sealed[:NUMBER_BYTES])


def seal_plain(store: Store) -> None:
    """Encrypt the plain texts of an older store, in batches; after a kill, the next call continues from there."""
    for plain, table in ((t.plain_body, t.body), (t.plain_evidence, t.evidence)):
        key = next(iter(table.primary_key))
        with store.reading() as connection:
            last = connection.scalar(sa.select(sa.func.max(key))) or ""  # nobody else writes before this is done
        while last is not None:
            with store.alone() as connection:
                last = _seal_batch(connection, plain, table, last)


def _seal_batch(connection: Connection, plain: sa.Table, table: sa.Table, last: str) -> str | None:
    """Encrypt the next batch after the row ``last``; return the key of the batch's last row, or None if no row is left."""
    name = next(iter(table.primary_key)).name
    query = sa.select(plain).where(plain.c[name] > last).order_by(plain.c[name]).limit(BATCH)
    rows = connection.execute(query).mappings().all()
    if not rows:
        return None
    there = set(connection.scalars(sa.select(table.c[name]).where(table.c[name].in_([row[name] for row in rows]))))
    keys = keys_of(connection).read()
    sealed: list[dict[str, Any]] = [
        {column.name: row[column.name] for column in table.c if column.name in row}
        | {"sealed": _seal(keys, row["digest"], Text(*(_bytes(row[part]) for part in ("salt", "body"))))}
        for row in rows
        if row[name] not in there  # another process has encrypted the rest
    ]
    if table is t.body:
        sealed = [row for row in sealed if row["sealed"] is not None]
    if sealed:
        connection.execute(sa.insert(table), sealed)
    return str(rows[-1][name])


def _bytes(value: Any) -> bytes | None:
    return None if value is None else bytes(value)


def seal_anew(store: Store) -> int:
    """Encrypt every text again with the newest tree, in batches; return how many were changed. Others may work meanwhile."""
    return sum(_seal_anew(store, table) for table in (t.body, t.evidence))


def _seal_anew(store: Store, table: sa.Table) -> int:
    key = next(iter(table.primary_key))
    count, last = 0, ""
    while True:
        with store.writing() as connection:
            keys = keys_to_seal(connection)
            newest = keys.texts[-1].number.to_bytes(NUMBER_BYTES)
            query = (
                sa.select(key, table.c.digest, table.c.sealed)
                .where(key > last, table.c.sealed < newest)
                .order_by(key)
                .limit(BATCH)
            )
            rows = connection.execute(query).all()
            anew = [
                {"name": name, "anew": _seal(keys, digest, text_of(connection, digest, sealed))}
                for name, digest, sealed in rows
            ]
            changes = [change for change in anew if change["anew"] is not None]
            if changes:
                update = sa.update(table).where(key == sa.bindparam("name")).values(sealed=sa.bindparam("anew"))
                connection.execute(update, changes)
        count += len(changes)
        if not rows:
            return count
        last = rows[-1][0]
