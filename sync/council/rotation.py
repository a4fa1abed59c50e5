"""New keys in place of those that somebody may have seen: of what the store holds, and of what laptops show to be let in.

Somebody who copied the folder before opens nothing that is written or given out after, nor a copy of the store from after. A
rotation that was cut short goes on when it is asked for again. Must not change what was signed before.
"""

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

OF_THE_STORE = ("codes", "deposits")
OF_TOKENS = ("challenge", "tokens")


def rotate_texts(council: Council) -> tuple[int, int, int]:
    """Encrypt all that the store holds under fresh keys and destroy the former ones. Laptops may sync meanwhile.

    Returns:
        How many texts and deposits were encrypted anew, and how many one-time codes, which are looked up by a key, ended.

    Raises:
        Tampered: something in the store is not what was stored; the former keys are still there.
        Unavailable: the folder's keys are older than the store; nothing was changed.
    """
    store, file = council.store, council.home.keys
    with (
        store.alone() as connection
    ):  # all who encrypted under the last keys have committed; the others read the file anew
        keys = bodies.keys_to_seal(connection)
        if len(keys.texts) == 1:
            fresh = {purpose: [*keys.purposes[purpose], fresh_secret()] for purpose in OF_THE_STORE}
            tree = fresh_tree(keys.texts[0].number + 1)
            file.replace(FolderKeys([*keys.texts, tree], keys.purposes | fresh))
    texts, recoveries = bodies.seal_anew(store), deposits.seal_anew(council)
    with store.alone() as connection:
        keys = file.read()
        newest = {purpose: secrets[-1:] for purpose, secrets in keys.purposes.items()}
        file.replace(FolderKeys(keys.texts[-1:], newest))
        codes = end_codes(council, connection)
    store.scrub()
    return texts, recoveries, codes


def rotate_tokens(council: Council) -> None:
    """End every access token and challenge that was given out; laptops prove themselves again and go on."""
    with council.store.alone():
        keys = council.home.keys.read()
        fresh = {purpose: [fresh_secret()] for purpose in OF_TOKENS}
        council.home.keys.replace(FolderKeys(keys.texts, keys.purposes | fresh))


def rotate_signing(council: Council) -> str:
    """Sign with a fresh key from now on, named by an order in the council's chain; gives its public half.

    The order is the last that the former key signs. It lies in the folder beside the new key before it is in the store, so a kill
    between the two leaves a council that puts it there when it next writes.

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
    """Put an order that names the present key into the chain where a kill came between the two; for a council that starts.

    Raises:
        Unavailable: the folder's signing key is of another time than the store.
    """
    with council.store.writing() as connection:
        chain = own_chain_on(council, connection)
    if chain is not None:
        council.home.write_anchor(chain.link)


def end_codes(council: Council, connection: Connection) -> int:
    """End the one-time codes that nobody has used: they are looked up by a former key, or name it; gives how many."""
    unused = (t.invite.c.used_by.is_(None), t.invite.c.expires > int(council.clock().timestamp()))
    return connection.execute(sa.delete(t.invite).where(*unused)).rowcount
