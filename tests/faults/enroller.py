"""Set up a laptop: arguments ``HOME SERVER CODE PASSPHRASE``; prints "shown" when the recovery key has been shown."""

import sys
from pathlib import Path

from db.home import Home
from db.slots import FLOOR_KIB, Cost
from hipss_desktop.laptop import make_vault
from hipss_desktop.services import enrolment as joining
from hipss_desktop.times import system_clock
from sync.client.https import HttpsCouncil


def main() -> None:
    """Do the same as ``hipss enrol``, with keys that are quick to make and without a keyring."""
    folder, server, code, passphrase = sys.argv[1:]
    asking = HttpsCouncil(server, clock=system_clock)
    invited = joining.look(asking, server, code)
    asking.close()
    new_vault = make_vault(
        Home(Path(folder)),
        name=invited.offer.name,
        role=invited.offer.role,
        passphrase=passphrase,
        laptop="LT-1",
        person=invited.offer.person,
        clock=system_clock,
        keyring=False,
        cost=lambda: Cost(FLOOR_KIB),
        invited=invited,
    )
    new_vault.opened.exchange()
    sys.stdout.write("shown\n")
    sys.stdout.flush()
    new_vault.opened.recovery_key_seen()
    new_vault.opened.close()


if __name__ == "__main__":
    main()
