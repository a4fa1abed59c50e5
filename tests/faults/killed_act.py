"""Acts on laptops that a test kills. Each input line requests one act: JSON of the act, the home and the recovery key."""

from pathlib import Path

import msgspec

from db.home import Home
from db.slots import FLOOR_KIB, Cost
from hipss_desktop.laptop import (
    OpenStore,
    change_passphrase,
    new_recovery_key,
    open_by_recovery,
    open_store,
    to_passphrase,
)
from hipss_desktop.times import system_clock
from sync.wire.messages import WireRevision, from_wire
from tests.faults.killed_program import serve
from tests.helpers.quick_guesses import quick_guesses
from tests.helpers.stations import PASSPHRASE

NEW = "nine red kites over the hill"
REKEYING = ("passphrase", "passphrase of an open store", "recovery", "recovery key")
ORDER = "order.json"
"""The file beside the home with the erasure order."""


def floor() -> Cost:
    """Return the lowest allowed cost of a guess, so that tests are quick."""
    return Cost(FLOOR_KIB)


def opened_by(act: str, home: Home, vault_id: str, recovery_key: str) -> OpenStore:
    """Open the store by an act that opens it, or for the act that follows."""
    if act == "passphrase":
        return change_passphrase(home, vault_id, PASSPHRASE, NEW, system_clock, cost=floor, keyring=False).opened
    if act == "recovery":
        return open_by_recovery(home, vault_id, recovery_key, NEW, system_clock, cost=floor, keyring=False).opened
    if act == "recovery key":
        return new_recovery_key(home, vault_id, PASSPHRASE, system_clock, cost=floor, keyring=False).opened
    opened = open_store(home, vault_id, PASSPHRASE, system_clock)  # opening migrates, rebuilds and begins a new seat
    if act == "passphrase of an open store":
        opened.change_keys(PASSPHRASE, to_passphrase(NEW, cost=floor, keyring=False))
    return opened


def do(act: str, folder: str, recovery_key: str) -> None:
    """Do one act completely."""
    home = Home(Path(folder))
    vault_id = home.people()[0].vault_id
    opened = opened_by(act, home, vault_id, recovery_key)
    if act == "erasure":
        order = msgspec.json.decode(home.path.with_name(ORDER).read_bytes(), type=WireRevision)
        with opened.store.write() as unit:
            unit.absorb([from_wire(order)])
    opened.close()


if __name__ == "__main__":
    with quick_guesses():
        serve(do)
