"""Acts on laptops that a test kills. Each line asks for one: JSON of the act, the home and the recovery key.

A process of its own does it, whose number is said, so that it can be traced. It begins with the next line, and says "done" when
it was; "ended" is said when it has ended in any way.
"""

import json
import os
import sys
from pathlib import Path

import msgspec

from db.home import Home
from db.slots import FLOOR_KIB, Cost
from hipss_desktop.laptop import Rekeyed, change_passphrase, new_recovery_key, open_by_recovery, open_store
from hipss_desktop.times import system_clock
from sync.wire.messages import Travelling, arrived
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
    say("done")


def say(words: str) -> None:
    """One line, at once."""
    os.write(1, f"{words}\n".encode())


def main() -> None:
    """Do what each line asks for in a process that has read the program already."""
    while line := sys.stdin.readline():
        waits, begins = os.pipe()
        child = os.fork()
        if child == 0:
            os.read(waits, 1)
            do(*json.loads(line))
            os._exit(0)
        say(str(child))
        sys.stdin.readline()
        os.write(begins, b"1")
        os.waitpid(child, 0)
        os.close(waits)
        os.close(begins)
        say("ended")


if __name__ == "__main__":
    main()
