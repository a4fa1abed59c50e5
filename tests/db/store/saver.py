"""A process that saves contacts into a store and says what was saved, for tests that end it badly.

Prints ``ACK number digest`` after each save, ``REFUSED words`` where the store said no, ``END`` at the end.
"""

import sys
from pathlib import Path

from db.store import LaptopStore
from hipss_desktop.errors import HipssError
from tests.db.store.seats import contact, finished


def say(*words: object) -> None:
    """One line on standard output, at once."""
    sys.stdout.write(" ".join(str(word) for word in words) + "\n")
    sys.stdout.flush()


def main(file: str, key: str, anchor: str, saves: str) -> None:
    """Open, save, close."""
    try:
        store = LaptopStore(Path(file), bytes.fromhex(key), anchor=Path(anchor))
    except HipssError as refused:
        say("REFUSED", refused)
        return
    say("OPEN")
    for number in range(int(saves)):
        try:
            revision = finished(store, contact(f"saved as {number} " * 20))
            say("ACK", revision.envelope.number, revision.digest)
        except HipssError as refused:
            say("REFUSED", refused)
    store.close()
    say("END")


if __name__ == "__main__":
    main(*sys.argv[1:])
