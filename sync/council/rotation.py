"""New keys in place of those that somebody may have seen: of what the store holds, and of what laptops show to be let in.

Whoever copied the folder before opens nothing that is written or given out after, and no copy of the store from after. A rotation
that was cut short goes on when it is asked for again. Must not change what is signed, or by whom.
"""

from datetime import datetime

import sqlalchemy as sa

from sync.council import bodies, deposits
from sync.council import tables as t
from sync.council.chain import Council
from sync.council.keys import FolderKeys, fresh_secret, fresh_tree

OF_THE_STORE = ("codes", "deposits")
OF_TOKENS = ("challenge", "tokens")


def rotate_texts(council: Council) -> tuple[int, int, int]:
    """Encrypt all that the store holds under fresh keys and destroy the former ones. Laptops may sync meanwhile.

    Returns:
        How many texts and deposits were encrypted anew, and how many one-time codes, which are looked up by a key, ended.

    Raises:
        Tampered: something in the store is not what was stored; the former keys are still there.
    """
    store, file = council.store, council.home.keys
    with store.alone():  # whoever encrypted under the last keys has committed; the others read the file anew
        keys = file.read()
        if len(keys.texts) == 1:
            fresh = {purpose: [*keys.purposes[purpose], fresh_secret()] for purpose in OF_THE_STORE}
            tree = fresh_tree(keys.texts[0].number + 1)
            file.replace(FolderKeys([*keys.texts, tree], keys.purposes | fresh))
    texts, recoveries = bodies.seal_anew(store), deposits.seal_anew(council)
    with store.alone() as connection:
        keys = file.read()
        newest = {purpose: secrets[-1:] for purpose, secrets in keys.purposes.items()}
        file.replace(FolderKeys(keys.texts[-1:], newest))
        codes = connection.execute(
            sa.delete(t.invite).where(t.invite.c.used_by.is_(None), t.invite.c.expires > _now(council))
        ).rowcount
    store.scrub()
    return texts, recoveries, codes


def rotate_tokens(council: Council) -> None:
    """End every access token and challenge that was given out; laptops prove themselves again and go on."""
    with council.store.alone():
        keys = council.home.keys.read()
        fresh = {purpose: [fresh_secret()] for purpose in OF_TOKENS}
        council.home.keys.replace(FolderKeys(keys.texts, keys.purposes | fresh))


def _now(council: Council) -> int:
    moment: datetime = council.clock()
    return int(moment.timestamp())
