"""Acts on laptops that a test kills. Each line asks for one: JSON of the act, the home and the recovery key."""

from pathlib import Path

import msgspec

from db.home import Home
from db.slots import FLOOR_KIB, Cost
from hipss_desktop.laptop import Rekeyed, change_passphrase, new_recovery_key, open_by_recovery, open_store
from hipss_desktop.times import system_clock
from sync.wire.messages import Travelling, arrived
from tests.faults.killed_program import serve
from tests.helpers.stations import PASSPHRASE

NEW = "nine red kites over the hill"
ORDER = "order.json"
"""The file beside the home that holds the order to erase."""


def floor() -> Cost:
    """The least that a guess may cost, to be quick."""
    return Cost(FLOOR_KIB)


def rekey(act: str, home: Home, vault_id: str, recovery_key: str) -> Rekeyed:
    """Change the keys in one of the three ways there are."""
    if act == "passphrase":
        return change_passphrase(home, vault_id, PASSPHRASE, NEW, system_clock, cost=floor, keyring=False)
    if act == "recovery":
        return open_by_recovery(home, vault_id, recovery_key, NEW, system_clock, cost=floor, keyring=False)
    return new_recovery_key(home, vault_id, PASSPHRASE, system_clock, cost=floor, keyring=False)


def do(act: str, folder: str, recovery_key: str) -> None:
    """One act, to its end."""
    home = Home(Path(folder))
    vault_id = home.people()[0].vault_id
    if act in ("passphrase", "recovery", "recovery key"):
        opened = rekey(act, home, vault_id, recovery_key).opened
    else:  # a migration, a rebuild and a new seat come with the opening
        opened = open_store(home, vault_id, PASSPHRASE, system_clock)
    if act == "erasure":
        order = msgspec.json.decode(home.path.with_name(ORDER).read_bytes(), type=Travelling)
        with opened.store.write() as unit:
            unit.absorb([arrived(order)])
    opened.close()


if __name__ == "__main__":
    serve(do)
