"""Replace keys that somebody may have seen: the keys of the store, of access tokens and challenges, and the signing key.

Somebody with an older copy of the folder can decrypt nothing that is written or issued after a rotation, nor a later copy of
the store. A rotation that was interrupted continues when it is started again. Must not change what was signed before.
"""

from datetime import datetime

import sqlalchemy as sa
from joserfc.jwk import OKPKey
from sqlalchemy.engine import Connection

from hipss_desktop.identity import record_id
from hipss_desktop.kinds.council import NEW_KEY
from hipss_desktop.records.changes import changed_units
from sync.council import bodies, deposits
from sync.council import tables as t
from sync.council.chain import Council, own_chain, own_chain_on
from sync.council.keys import FolderKeys, fresh_secret, fresh_tree
from sync.wire.messages import Succession, to_wire
from sync.wire.tokens import NEW_KEY_TYPE, NewKeyProof, public_x, statement

LAST_BY_TIME = 2**32 - 2**16
"""The last number that comes from the time: numbers have four bytes, and rotations after it count on (year 2106)."""
OF_THE_STORE = ("codes", "deposits")
OF_TOKENS = ("challenge", "tokens")


def rotate_texts(council: Council) -> tuple[int, int, int]:
    """Encrypt all texts and deposits in the store with new keys, and destroy the former keys. Laptops may sync meanwhile.

    Returns:
        How many texts and how many deposits were encrypted again, and how many one-time codes were ended. The codes are found
        by a key, so unused ones end with the former key.

    Raises:
        Tampered: something in the store was changed after it was stored; the former keys still exist.
        Unavailable: the folder's keys are older than the store; nothing was changed.
    """
    store, file = council.store, council.home.keys
    with (
        store.alone() as connection
    ):  # transactions that used the former keys have committed; later ones read the file again
        keys = bodies.keys_to_seal(connection)
        if len(keys.texts) == 1:
            fresh = {purpose: [*keys.purposes[purpose], fresh_secret()] for purpose in OF_THE_STORE}
            tree = fresh_tree(_next_number(keys.texts[0].number, council.clock()))
            file.replace(FolderKeys([*keys.texts, tree], keys.purposes | fresh))
    texts, recoveries = bodies.seal_anew(store), deposits.seal_anew(council)
    with store.alone() as connection:
        keys = file.read()
        newest = {purpose: secrets[-1:] for purpose, secrets in keys.purposes.items()}
        file.replace(FolderKeys(keys.texts[-1:], newest))
        codes = end_codes(council, connection)
    store.scrub()
    return texts, recoveries, codes


def _next_number(number: int, now: datetime) -> int:
    """The number of the tree that follows ``number``: the seconds since 1970, if they are larger.

    Two restored backups of a council may each rotate their keys. With a count they would give two trees the same number, and a
    store of one beside the keys of the other would neither be read nor be filled again by the laptops.
    """
    return max(number + 1, min(int(now.timestamp()), LAST_BY_TIME))


def rotate_tokens(council: Council) -> None:
    """End every access token and challenge that was issued; laptops prove their identity again and continue."""
    with council.store.alone():
        keys = council.home.keys.read()
        fresh = {purpose: [fresh_secret()] for purpose in OF_TOKENS}
        council.home.keys.replace(FolderKeys(keys.texts, keys.purposes | fresh))


def rotate_signing(council: Council) -> str:
    """Replace the signing key with a new one, which an order in the council's chain names; return its public half.

    The order is the last revision that the former key signs. It is saved in the folder with the new key before it is stored. So
    after a kill between the two, the council stores the order when it next extends its chain.

    Raises:
        Unavailable: the store is older than its folder, or the folder cannot be written.
    """
    key = OKPKey.generate_key("Ed25519")
    with own_chain(council) as chain:
        home = council.home
        proof = statement(NewKeyProof(council.seat, chain.link.number + 1, home.public), NEW_KEY_TYPE, key)
        fields = {"key": public_x(key), "proof": proof}
        order = chain.sign(NEW_KEY, fields, record_id(), (), "finish", changed_units(NEW_KEY, {}, fields))
        home.replace_key(key, [*home.successions, Succession(home.public, to_wire(order))])
        chain.take(order)
        end_codes(council, chain.connection)
    return public_x(key)


def catch_up(council: Council) -> None:
    """Store the order that names the present signing key, if a kill prevented that; called when a council starts.

    Raises:
        Unavailable: the folder's signing key is of another time than the store.
    """
    with council.store.writing() as connection:
        chain = own_chain_on(council, connection)
    if chain is not None:
        council.home.write_anchor(chain.link)


def end_codes(council: Council, connection: Connection) -> int:
    """End the one-time codes that nobody has used, and return how many: they are found by a former key, or name it."""
    unused = (t.invite.c.used_by.is_(None), t.invite.c.expires > int(council.clock().timestamp()))
    return connection.execute(sa.delete(t.invite).where(*unused)).rowcount
