"""Save contacts one after another until the process is killed: ``python -m tests.helpers.saves HOME``.

It prints each contact's digest once it is saved, so that the killing process knows which contacts must still be there.
"""

import os
import sys
from pathlib import Path

from tests.helpers.quick_guesses import quick_guesses
from tests.helpers.stations import Station


def main() -> None:
    """Save contacts until the process is killed."""
    laptop = Station(Path(sys.argv[1]))
    number = 0
    while True:
        number += 1
        os.write(1, laptop.write(f"Rang before the battery was empty, call {number}.").digest.encode() + b"\n")


if __name__ == "__main__":
    with quick_guesses():
        main()
